//! What is assumed may be off: by how much, its ends say.

use super::{Subject, about};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for it in subject.model.assumptions.iter().filter(|it| !it.broken) {
        // Of several values some may be known better than others.
        if it.estimates().all(|it| it.ends.is_none()) {
            out.push(about(Code::AssumptionWithoutRange, "assumption", &it.name, it.span));
        }
    }
}
