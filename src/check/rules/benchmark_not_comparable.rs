//! An outside figure that was made in another way: by another formula, on another scale, in another kind of survey.
//!
//! One in another unit is found where units are settled.

use super::{Subject, about};
use crate::check::benchmarks::MadeOtherwise;
use crate::model::{Aggregate, Benchmark, Function, KpiExpr, KpiKind, Model};
use crate::source::Span;
use crate::value::{Code, Diagnostics, Unit};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for it in subject.model.benchmarks.iter().filter(|it| !it.broken) {
        let Some(of) = &it.of else { continue };
        let kpi = &subject.model.kpis[of.kpi.index()];
        for (span, found) in differences(subject.model, it) {
            let (theirs, own) = found.ends();
            let fact = about(Code::BenchmarkNotComparable, "benchmark", &it.name, span).with("differs", found.name());
            let fact = fact.with("kpi", &kpi.name).with("theirs", theirs).with("own", own);
            out.push(fact.label(kpi.span, "kpi"));
        }
    }
}

/// In what an outside figure was made otherwise, each with where the outside figure says so.
pub(in crate::check) fn differences(model: &Model, benchmark: &Benchmark) -> Vec<(Span, MadeOtherwise)> {
    let mut found = Vec::new();
    let Some(of) = &benchmark.of else { return found };
    let kpi = &model.kpis[of.kpi.index()];
    if let (Some(theirs), Some(own)) = (&benchmark.country, &model.project.country)
        && !theirs.eq_ignore_ascii_case(own)
    {
        found.push((benchmark.span, MadeOtherwise::Country { theirs: theirs.clone(), own: own.clone() }));
    }
    let Some(own) = kpi.formula.as_ref().and_then(|it| single(model, it)) else { return found };
    if let Some(theirs) = &benchmark.variant {
        let variant = own.text.split('(').next().unwrap_or_default();
        // A formula without a name may say the same as one with a name, in the same unit.
        let same = if is_score(variant) { theirs.value == variant } else { kpi.unit.as_ref().is_none_or(|it| gives(&theirs.value, it)) };
        if !same {
            found.push((theirs.span, MadeOtherwise::Variant { theirs: theirs.value.clone(), own: variant.to_owned() }));
        }
    }
    if let (Some(theirs), Some(scale)) = (&benchmark.scale, scale_of(model, own))
        && theirs.value != scale
    {
        found.push((theirs.span, MadeOtherwise::Scale { theirs: theirs.value, own: scale }));
    }
    if let (Some(theirs), Some(kind)) = (&benchmark.survey, model.sources[own.source.index()].survey)
        && theirs.value != kind
    {
        found.push((theirs.span, MadeOtherwise::Survey { theirs: theirs.value, own: kind }));
    }
    found
}

/// The one aggregate that a formula is a part, a window or another scale of.
pub(super) fn single<'m>(model: &'m Model, formula: &'m KpiExpr) -> Option<&'m Aggregate> {
    let mut at = formula;
    // Formulas are nested no deeper than there are KPIs, and brackets in each.
    for _ in 0..=model.kpis.len() + 64 {
        at = match &at.kind {
            KpiKind::Aggregate(it) => return Some(it),
            KpiKind::Kpi { kpi, .. } => model.kpis[kpi.index()].formula.as_ref()?,
            KpiKind::Scaled { of, .. } | KpiKind::Rolling { of, .. } | KpiKind::Hold { of, .. } | KpiKind::Previous(of) => of,
            _ => return None,
        };
    }
    None
}

/// The ends of the scale of the answers that an aggregate reads.
fn scale_of(model: &Model, of: &Aggregate) -> Option<(f64, f64)> {
    let columns = match &of.function {
        Function::Share(it) | Function::Net(it, _) | Function::Mean { of: it, .. } => it.columns(),
        _ => return None,
    };
    let scale = model.declared(*columns.first()?).scale?;
    Some((scale.low, scale.high))
}

fn is_score(variant: &str) -> bool {
    ["nps.", "csat.", "ces."].iter().any(|it| variant.starts_with(it))
}

/// Whether a named formula gives figures of a unit.
fn gives(variant: &str, unit: &Unit) -> bool {
    match variant {
        "csat.top2" | "csat.top_box" | "ces.agree" | "ces.top2" => *unit == Unit::Percent,
        "csat.index" => matches!(unit, Unit::Index { .. }),
        "csat.mean" | "ces.mean" | "ces.effort" => matches!(unit, Unit::Score { .. }),
        _ => *unit == Unit::Points,
    }
}
