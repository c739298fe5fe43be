//! A touchpoint where nothing is measured.

use super::{Subject, about};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for touchpoint in subject.model.touchpoints.iter().filter(|it| !it.broken) {
        if touchpoint.kpis.all().next().is_none() {
            out.push(about(Code::TouchpointWithoutKpi, "touchpoint", &touchpoint.name, touchpoint.span));
        }
    }
}
