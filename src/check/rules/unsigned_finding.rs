//! A finding that nobody signed, or that has no day.

use super::{Subject, about};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for finding in &subject.model.findings {
        let missing = match (finding.by_said, finding.on_said) {
            (false, false) => "both",
            (false, true) => "by",
            (true, false) => "on",
            (true, true) => continue,
        };
        out.push(about(Code::UnsignedFinding, "finding", &finding.name, finding.span).with("missing", missing));
    }
}
