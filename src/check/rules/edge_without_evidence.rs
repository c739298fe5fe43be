//! An edge of an enabler that says nothing of its evidence, where others do.

use super::{Subject, about};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    let edges = || model.enablers.iter().flat_map(|of| of.serves.iter().chain(&of.lifts).map(move |edge| (of, edge)));
    // Where no edge is supported, none is told from another by saying nothing.
    if !edges().any(|it| it.1.claim.support.is_some()) {
        return;
    }
    for (enabler, edge) in edges().filter(|it| it.1.claim.said.is_none() && !it.1.claim.broken) {
        let fact = about(Code::EdgeWithoutEvidence, "enabler", &enabler.name, edge.span);
        out.push(fact.with("to", &model.goals[edge.goal.index()].name));
    }
}
