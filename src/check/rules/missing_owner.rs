//! A KPI that nobody owns is steered by nobody, and an action that nobody owns is not done.

use super::{Subject, about};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for kpi in subject.model.kpis.iter().filter(|it| !it.pattern && !it.broken) {
        if kpi.owner.is_none() && !kpi.owner_said {
            out.push(about(Code::MissingOwner, "kpi", &kpi.name, kpi.span));
        }
    }
    for action in subject.model.actions.iter().filter(|it| !it.owner_said) {
        out.push(about(Code::MissingOwner, "action", &action.name, action.span).with("word", "action"));
    }
}
