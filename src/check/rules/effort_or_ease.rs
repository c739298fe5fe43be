//! A CES that counts effort over a question that asks for ease, or the other way round: the sign is turned.

use super::measure::{column_of, measure};
use super::name_words::{holds, texts};
use super::{Subject, about};
use crate::model::KpiId;
use crate::value::{Code, Diagnostics};
use std::collections::HashSet;

const EASE: [&str; 9] =
    ["easy", "ease", "easily", "effortless", "gemak", "gemakkelijk", "makkelijk", "eenvoudig", "moeiteloos"];
const EFFORT: [&str; 6] = ["effort", "moeite", "inspanning", "difficult", "moeilijk", "lastig"];

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    let mut said = HashSet::new();
    for (at, kpi) in model.kpis.iter().enumerate().filter(|it| !it.1.pattern && !it.1.broken) {
        let Some(measure) = measure(model, KpiId(at as u32)).filter(|it| it.family == "ces") else { continue };
        let Some((_, column)) = measure.question().map(|it| column_of(model, it)) else { continue };
        let asks = |known: &[&str]| texts(&column.title).chain(column.headers.iter().map(String::as_str)).any(|it| holds(it, known));
        let high_is_good = column.scale.is_some_and(|it| it.best_high);
        let turned = match measure.variant {
            "ces.effort" => asks(&EASE) && !asks(&EFFORT),
            // Turned round by `best`, a question for effort gives ease.
            _ => high_is_good && asks(&EFFORT) && !asks(&EASE),
        };
        if turned && said.insert(measure.aggregate.span) {
            let fact = about(Code::EffortOrEase, "kpi", &kpi.name, measure.aggregate.span).with("variant", measure.variant);
            let asked = if measure.variant == "ces.effort" { "ease" } else { "effort" };
            out.push(fact.with("asked", asked).label(column.span, "question"));
        }
    }
}
