//! A survey about one contact is asked after something; without saying what, nobody knows which contact it is about.

use super::{Subject, about};
use crate::model::SurveyKind;
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    for touchpoint in model.touchpoints.iter().filter(|it| !it.broken) {
        let open = touchpoint.asks.iter().find(|it| {
            let survey = model.sources[it.source.index()].survey;
            it.after.is_none() && matches!(survey, Some(SurveyKind::Transactional | SurveyKind::InTheMoment))
        });
        if let Some(asked) = open {
            let source = &model.sources[asked.source.index()];
            let fact = about(Code::SurveyWithoutTrigger, "touchpoint", &touchpoint.name, touchpoint.span);
            out.push(fact.with("question", format!("{}.{}", source.name, source.columns[asked.column].name)).label(source.span, "source"));
        }
    }
}
