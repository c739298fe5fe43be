//! A KPI that no goal is measured by, no other KPI is made of, and no survey names as its response.

use super::{Subject, about};
use crate::graph::{Edge, Node};
use crate::model::Indicator;
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    // What is broken, or was lost, may be what it is for.
    let model = subject.model;
    if !model.knows_goals() || model.kpis.iter().any(|it| it.broken) || model.incentives.iter().any(|it| it.broken) {
        return;
    }
    for (at, kpi) in subject.model.kpis.iter().enumerate().filter(|it| !it.1.pattern && !it.1.broken) {
        let needed = subject.graph.needed_by(Node::Kpi(at as u32));
        let serves = needed.iter().any(|it| matches!(it.1, Edge::MeasuredBy | Edge::Uses | Edge::Requires | Edge::Invited));
        if !serves && kpi.indicator != Indicator::Context {
            out.push(about(Code::KpiWithoutGoal, "kpi", &kpi.name, kpi.span));
        }
    }
}
