//! A title that names a measure of the field over a formula that is another one: the mean of 0..10 is no NPS.

use super::measure::measure;
use super::name_words::{texts, words_and_pairs};
use super::{Subject, about};
use crate::model::KpiId;
use crate::value::{Code, Diagnostics};

/// The measures that a title may name, and the words that name them.
const NAMED: [(&str, &[&str]); 3] = [
    ("nps", &["nps", "promoterscore"]),
    ("ces", &["ces", "effortscore"]),
    ("csat", &["csat"]),
];

/// Functions that are a measure of their own, and so cannot be one that the title names.
const OTHERS: [&str; 9] = ["nps", "ces", "csat", "mean", "median", "percentile", "stddev", "top_box", "bottom_box"];

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    for (at, kpi) in model.kpis.iter().enumerate().filter(|it| !it.1.pattern && !it.1.broken) {
        let Some(measure) = measure(model, KpiId(at as u32)).filter(|it| OTHERS.contains(&it.family)) else { continue };
        let said: Vec<String> = texts(&kpi.title).flat_map(words_and_pairs).collect();
        let names = |family: &str| {
            let known = NAMED.iter().find(|it| it.0 == family).map_or(&[][..], |it| it.1);
            said.iter().any(|it| known.contains(&it.as_str()))
        };
        let Some((named, _)) = NAMED.iter().find(|it| names(it.0)) else { continue };
        // "NPS in words of CSAT" names both.
        if *named == measure.family || names(measure.family) {
            continue;
        }
        let fact = about(Code::MisnamedMeasure, "kpi", &kpi.name, kpi.span).with("named", named.to_uppercase());
        out.push(fact.with("is", measure.variant).label(measure.aggregate.span, "formula"));
    }
}
