//! Does what a survey names as its response tell which share of those invited answered?

use crate::model::Model;
use crate::value::{Code, Diagnostics, Fact, Unit};

/// Reports sources that name a response and ask nobody anything, and responses that are no share.
pub(super) fn check(model: &Model, out: &mut Diagnostics) {
    for source in &model.sources {
        let Some(invited) = &source.invited else { continue };
        let kpi = &model.kpis[invited.kpi.index()];
        let wrong = |expected: &str| {
            let fact = Fact::at(Code::WrongValue, invited.span).with("key", "invited").with("expected", expected);
            fact.with("found", format!("`{}`", kpi.name))
        };
        if source.survey.is_none() {
            // A survey of a kind that was misspelt is one, and was reported.
            if !source.broken {
                out.push(wrong("response of a survey").label(source.span, "survey"));
            }
        } else if !kpi.broken && kpi.unit.as_ref().is_some_and(|it| *it != Unit::Percent) {
            out.push(wrong("share of those invited").label(kpi.span, "kpi"));
        }
    }
}
