//! A title that names a measure of the field over a formula that is another one: the mean of 0..10 is no NPS.

use super::measure::measure;
use super::name_words::{texts, words_and_pairs};
use super::{Subject, about};
use crate::model::{KpiId, Model};
use crate::value::{Code, Diagnostics, Fact};

/// The measures that a title may name, and the words that name them.
const NAMED: [(&str, &[&str]); 3] = [
    ("nps", &["nps", "promoterscore"]),
    ("ces", &["ces", "effortscore"]),
    ("csat", &["csat"]),
];

/// Functions that are a measure of their own, and so cannot be one that the title names.
const OTHERS: [&str; 9] = ["nps", "ces", "csat", "mean", "median", "percentile", "stddev", "top_box", "bottom_box"];

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    subject.each_kpi(out, |model, id, out| out.push_some(misnamed(model, id)));
}

fn misnamed(model: &Model, id: KpiId) -> Option<Fact> {
    let kpi = &model.kpis[id.index()];
    if kpi.pattern || kpi.broken {
        return None;
    }
    let measure = measure(model, id).filter(|it| OTHERS.contains(&it.family))?;
    let said: Vec<String> = texts(&kpi.title).flat_map(words_and_pairs).collect();
    let names = |family: &str| {
        let known = NAMED.iter().find(|it| it.0 == family).map_or(&[][..], |it| it.1);
        said.iter().any(|it| known.contains(&it.as_str()))
    };
    let (named, _) = NAMED.iter().find(|it| names(it.0))?;
    // "NPS in words of CSAT" names both.
    if *named == measure.family || names(measure.family) {
        return None;
    }
    let fact = about(Code::MisnamedMeasure, "kpi", &kpi.name, kpi.span).with("named", named.to_uppercase());
    Some(fact.with("is", measure.variant).label(measure.aggregate.span, "formula"))
}
