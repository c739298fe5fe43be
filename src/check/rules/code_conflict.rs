//! A code that is two things: an answer on the scale and no answer, a label of nothing, one label for two answers.

use super::Subject;
use crate::model::{Column, Text};
use crate::value::{Code, Diagnostics, Fact};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let lang = subject.model.project.language;
    for source in &subject.model.sources {
        for column in &source.columns {
            if let Some((what, code)) = conflict(column, |it| it.get(lang).map(str::to_owned)) {
                let fact = Fact::at(Code::CodeConflict, column.span).with("column", &column.name).with("what", what).with("code", code);
                out.push(fact.with_some("scale", column.scale.map(|it| format!("{}..{}", it.low, it.high))));
            }
        }
    }
}

fn conflict(column: &Column, label: impl Fn(&Text) -> Option<String>) -> Option<(&'static str, String)> {
    let missing = || column.blank.iter().chain(&column.not_applicable);
    if let Some(twice) = column.blank.iter().find(|it| column.not_applicable.contains(it)) {
        return Some(("missing twice", twice.clone()));
    }
    let scale = column.scale?;
    let on_scale = |it: &str| it.trim().parse::<f64>().ok().map(|it| it >= scale.low && it <= scale.high);
    if let Some(both) = missing().find(|it| on_scale(it) == Some(true)) {
        return Some(("answer and missing", both.clone()));
    }
    let labels = || column.labels.iter();
    if let Some((off, _)) = labels().find(|it| on_scale(&it.0) == Some(false) && !missing().any(|code| *code == it.0)) {
        return Some(("off scale", off.clone()));
    }
    // A label stands for the answer in formulas: it must name one.
    let twice = labels().enumerate().find(|(at, it)| column.labels[..*at].iter().any(|other| label(&other.1) == label(&it.1)));
    twice.and_then(|(_, it)| Some(("label twice", label(&it.1)?)))
}
