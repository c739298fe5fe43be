//! A figure that no data give says who gave it, and when.

use super::{Subject, about};
use super::benchmark_not_comparable::single;
use crate::model::{Assumption, Benchmark, Model, Text};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for it in subject.model.assumptions.iter().filter(|it| !it.broken) {
        if let Some(missing) = of_assumption(subject, it) {
            let fact = about(Code::MissingOrigin, "assumption", &it.name, it.span);
            out.push(fact.with("word", "assumption").with("missing", missing));
        }
    }
    // What stands in a file is looked at when it is read.
    for it in subject.model.benchmarks.iter().filter(|it| !it.broken && it.file.is_none()) {
        if let Some((missing, variant)) = of_benchmark(subject.model, it) {
            let fact = about(Code::MissingOrigin, "benchmark", &it.name, it.span);
            out.push(fact.with("word", "benchmark").with("missing", missing).with_some("variant", variant));
        }
    }
}

/// Also by which formula, where the field has several under the name of the KPI's.
pub(in crate::check) fn of_benchmark(model: &Model, of: &Benchmark) -> Option<(&'static str, Option<String>)> {
    let formula = of.of.as_ref().and_then(|it| model.kpis[it.kpi.index()].formula.as_ref());
    let variant = formula.and_then(|it| single(model, it)).and_then(|it| it.text.split('(').next());
    let variant = variant.filter(|it| it.starts_with("ces.") || it.starts_with("csat."));
    match (is_said(model, &of.source), of.period.is_some()) {
        (false, false) => Some(("source and period", None)),
        (false, true) => Some(("source", None)),
        (true, false) => Some(("period", None)),
        (true, true) if of.variant.is_none() => variant.map(|it| ("variant", Some(it.to_owned()))),
        (true, true) => None,
    }
}

fn of_assumption(subject: Subject<'_>, of: &Assumption) -> Option<&'static str> {
    match (is_said(subject.model, &of.source), of.date.is_some()) {
        (true, true) => None,
        (false, true) => Some("source"),
        (true, false) => Some("date"),
        (false, false) => Some("source and date"),
    }
}

fn is_said(model: &Model, text: &Text) -> bool {
    text.get(model.project.language).is_some_and(|it| !it.trim().is_empty())
}
