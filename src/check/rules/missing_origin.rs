//! A figure that no data give says who gave it, and when.

use super::{Subject, about};
use crate::model::{Assumption, Text};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for it in subject.model.assumptions.iter().filter(|it| !it.broken) {
        if let Some(missing) = of_assumption(subject, it) {
            let fact = about(Code::MissingOrigin, "assumption", &it.name, it.span);
            out.push(fact.with("word", "assumption").with("missing", missing));
        }
    }
}

fn of_assumption(subject: Subject<'_>, of: &Assumption) -> Option<&'static str> {
    match (is_said(subject, &of.source), of.date.is_some()) {
        (true, true) => None,
        (false, true) => Some("source"),
        (true, false) => Some("date"),
        (false, false) => Some("source and date"),
    }
}

fn is_said(subject: Subject<'_>, text: &Text) -> bool {
    text.get(subject.model.project.language).is_some_and(|it| !it.trim().is_empty())
}
