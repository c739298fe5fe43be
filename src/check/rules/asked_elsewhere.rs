//! A touchpoint is judged by a question that is asked at another team's touchpoint: what is asked after the repair
//! follows the repair, not the phone call before it.

use super::measure::measure;
use super::{Subject, about};
use crate::model::KpiKind;
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    for (at, touchpoint) in model.touchpoints.iter().enumerate().filter(|it| !it.1.broken) {
        for placed in &touchpoint.kpis.primary {
            // A part may be the answers of those who came this way.
            let is_part = placed.part.is_some()
                || matches!(model.kpis[placed.kpi.index()].formula.as_ref().map(|it| &it.kind), Some(KpiKind::Kpi { part: Some(_), .. }));
            let Some(measure) = measure(model, placed.kpi).filter(|it| !is_part && it.aggregate.filter.is_none()) else { continue };
            let Some(column) = measure.question().filter(|it| it.through.is_none()) else { continue };
            let asks = |it: &&crate::model::Asked| it.source == column.source && it.column == column.column as usize;
            let asked: Vec<usize> = (0..model.touchpoints.len()).filter(|it| model.touchpoints[*it].asks.iter().any(|it| asks(&it))).collect();
            let Some(first) = asked.first().filter(|_| !asked.contains(&at)) else { continue };
            let other = &model.touchpoints[*first];
            let owners = (touchpoint.owner, other.owner);
            if let (Some(own), Some(asking)) = owners
                && asked.iter().all(|it| model.touchpoints[*it].owner.is_some_and(|it| it != own))
            {
                let fact = about(Code::AskedElsewhere, "touchpoint", &touchpoint.name, placed.span);
                let fact = fact.with("kpi", &model.kpis[placed.kpi.index()].name).with("other", &other.name);
                let fact = fact.with("team", &model.project.teams[own.index()].name);
                out.push(fact.with("asking", &model.project.teams[asking.index()].name).label(other.span, "other"));
            }
        }
    }
}
