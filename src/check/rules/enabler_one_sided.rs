//! An enabler that does not serve a customer goal, or lifts no business goal.

use super::{Subject, about};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for enabler in subject.model.enablers.iter().filter(|it| !it.broken) {
        let missing = match (enabler.serves.is_empty(), enabler.lifts.is_empty()) {
            (true, true) => "both",
            (true, false) => "serves",
            (false, true) => "lifts",
            (false, false) => continue,
        };
        out.push(about(Code::EnablerOneSided, "enabler", &enabler.name, enabler.span).with("missing", missing));
    }
}
