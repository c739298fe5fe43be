//! A team is paid for what it can change.

use super::{Subject, about};
use crate::graph::{Edge, Node};
use crate::model::{Indicator, KpiId, TeamId};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    for incentive in model.incentives.iter().filter(|it| !it.broken) {
        let Some(team) = incentive.team else { continue };
        for part in &incentive.parts {
            let kpi = &model.kpis[part.of.kpi.index()];
            let reason = if kpi.influenceable == Some(false) {
                "said"
            } else if kpi.indicator == Indicator::Context {
                "context"
            } else if kpi.owner.is_some_and(|it| it != team) && !touches(subject, team, part.of.kpi) {
                "owner"
            } else {
                continue;
            };
            let name = |it: TeamId| model.project.teams[it.index()].name.clone();
            let fact = about(Code::IncentiveWithoutInfluence, "incentive", &incentive.name, part.of.span);
            let fact = fact.with("kpi", &kpi.name).with("team", name(team)).with("reason", reason);
            out.push(fact.with_some("owner", kpi.owner.map(name)).label(kpi.span, "kpi"));
        }
    }
}

/// Whether a team owns something that the KPI measures or stands at, or a KPI that it is made of.
fn touches(subject: Subject<'_>, team: TeamId, kpi: KpiId) -> bool {
    let model = subject.model;
    let goals = model.goals.iter().filter(|it| it.owner == Some(team)).flat_map(|it| &it.measured_by);
    let enablers = model.enablers.iter().filter(|it| it.owner == Some(team)).flat_map(|it| &it.measured_by);
    let touchpoints = model.touchpoints.iter().filter(|it| it.owner == Some(team)).flat_map(|it| it.kpis.all());
    if goals.chain(enablers).chain(touchpoints).any(|it| it.kpi == kpi) {
        return true;
    }
    let made_of = subject.graph.reach(Node::Kpi(kpi.0), |it| it == Edge::Uses);
    made_of.into_iter().any(|it| matches!(it, Node::Kpi(at) if model.kpis[at as usize].owner == Some(team)))
}
