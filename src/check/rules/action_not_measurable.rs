//! An action that says not what it is to change, or not since when.

use super::{Subject, about};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for action in &subject.model.actions {
        let begun = action.status.as_ref().is_none_or(|it| it.0 != "idea");
        let missing = match (action.expects_said, action.start_said || !begun) {
            (false, false) => "both",
            (false, true) => "expects",
            (true, false) => "start",
            (true, true) => continue,
        };
        out.push(about(Code::ActionNotMeasurable, "action", &action.name, action.span).with("missing", missing));
    }
}
