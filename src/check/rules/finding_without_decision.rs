//! A finding that asks for no decision, and that no action follows from.

use super::{Subject, about};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for (at, finding) in subject.model.findings.iter().enumerate().filter(|it| !it.1.broken) {
        let asked = &finding.decision;
        let decided = asked.plain.is_some() || asked.nl.is_some() || asked.en.is_some();
        let acted_on = || subject.model.actions.iter().any(|it| it.findings.iter().any(|it| it.index() == at));
        if !decided && !acted_on() {
            out.push(about(Code::FindingWithoutDecision, "finding", &finding.name, finding.span));
        }
    }
}
