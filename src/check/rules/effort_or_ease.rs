//! A CES that counts effort over a question that asks for ease, or the other way round: the sign is turned.

use super::measure::{column_of, measure};
use super::name_words::{holds, texts};
use super::{Subject, about};
use crate::model::{KpiId, Model};
use crate::value::{Code, Diagnostics, Fact};

const EASE: [&str; 9] =
    ["easy", "ease", "easily", "effortless", "gemak", "gemakkelijk", "makkelijk", "eenvoudig", "moeiteloos"];
const EFFORT: [&str; 6] = ["effort", "moeite", "inspanning", "difficult", "moeilijk", "lastig"];

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    subject.each_kpi(out, |model, id, out| out.push_some(turned(model, id)));
}

fn turned(model: &Model, id: KpiId) -> Option<Fact> {
    let kpi = &model.kpis[id.index()];
    if kpi.pattern || kpi.broken {
        return None;
    }
    let measure = measure(model, id).filter(|it| it.family == "ces")?;
    let (_, column) = column_of(model, measure.question()?);
    let asks = |known: &[&str]| texts(&column.title).chain(column.headers.iter().map(String::as_str)).any(|it| holds(it, known));
    let high_is_good = column.scale.is_some_and(|it| it.best_high);
    let turned = match measure.variant {
        "ces.effort" => asks(&EASE) && !asks(&EFFORT),
        // Turned round by `best`, a question for effort gives ease.
        _ => high_is_good && asks(&EFFORT) && !asks(&EASE),
    };
    let fact = about(Code::EffortOrEase, "kpi", &kpi.name, measure.aggregate.span).with("variant", measure.variant);
    let asked = if measure.variant == "ces.effort" { "ease" } else { "effort" };
    turned.then(|| fact.with("asked", asked).label(column.span, "question"))
}
