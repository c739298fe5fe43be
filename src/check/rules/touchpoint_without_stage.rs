//! A touchpoint that no journey passes, where there are journeys.

use super::{Subject, about};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    let stages = || model.journeys.iter().flat_map(|it| &it.stages);
    // A name that was mistyped may have been this one.
    if stages().next().is_none() || model.lost || model.journeys.iter().any(|it| it.broken) || stages().any(|it| it.broken) {
        return;
    }
    for (at, touchpoint) in model.touchpoints.iter().enumerate().filter(|it| !it.1.broken) {
        if !stages().any(|it| it.touchpoints.iter().any(|it| it.index() == at)) {
            out.push(about(Code::TouchpointWithoutStage, "touchpoint", &touchpoint.name, touchpoint.span));
        }
    }
}
