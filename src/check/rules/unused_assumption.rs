//! An assumption that no figure rests on.

use super::{Subject, about};
use crate::graph::Node;
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    // A KPI that is broken, or a pattern, may use it.
    if subject.model.lost || subject.model.kpis.iter().any(|it| it.broken || it.pattern) {
        return;
    }
    for (at, it) in subject.model.assumptions.iter().enumerate() {
        if subject.graph.needed_by(Node::Assumption(at as u32)).is_empty() {
            out.push(about(Code::UnusedAssumption, "assumption", &it.name, it.span));
        }
    }
}
