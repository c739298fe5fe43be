//! An outside figure that was made in another way: by another formula, on another scale, in another kind of survey.
//!
//! One in another unit is found where units are settled.

use super::{Subject, about};
use crate::model::{Aggregate, Benchmark, Function, KpiExpr, KpiKind, Model, SurveyKind};
use crate::source::Span;
use crate::value::{Code, Diagnostics, Unit};

/// One way in which an outside figure was made otherwise.
struct Differs {
    span: Span,
    what: &'static str,
    theirs: String,
    own: String,
}

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for it in subject.model.benchmarks.iter().filter(|it| !it.broken) {
        let Some(of) = &it.of else { continue };
        let kpi = &subject.model.kpis[of.kpi.index()];
        for found in differences(subject.model, it) {
            let fact = about(Code::BenchmarkNotComparable, "benchmark", &it.name, found.span).with("differs", found.what);
            let fact = fact.with("kpi", &kpi.name).with("theirs", found.theirs).with("own", found.own);
            out.push(fact.label(kpi.span, "kpi"));
        }
    }
}

/// Why an outside figure cannot be held beside its KPI, in words; `None` where it can.
pub(in crate::check) fn reason(model: &Model, benchmark: &Benchmark) -> Option<String> {
    let found = differences(model, benchmark);
    let said = found.iter().map(|it| format!("{} {}, here {}", it.what, it.theirs, it.own));
    (!found.is_empty()).then(|| said.collect::<Vec<_>>().join("; "))
}

fn differences(model: &Model, benchmark: &Benchmark) -> Vec<Differs> {
    let mut found = Vec::new();
    let Some(of) = &benchmark.of else { return found };
    let kpi = &model.kpis[of.kpi.index()];
    let mut differs = |span: Span, what, theirs: &str, own: &str| {
        found.push(Differs { span, what, theirs: theirs.to_owned(), own: own.to_owned() });
    };
    if let (Some(theirs), Some(own)) = (&benchmark.country, &model.project.country)
        && !theirs.eq_ignore_ascii_case(own)
    {
        differs(benchmark.span, "country", theirs, own);
    }
    let Some(own) = kpi.formula.as_ref().and_then(|it| single(model, it)) else { return found };
    if let Some(theirs) = &benchmark.variant {
        let variant = own.text.split('(').next().unwrap_or_default();
        // A formula without a name may say the same as one with a name, in the same unit.
        let same = if is_score(variant) { theirs.value == variant } else { kpi.unit.as_ref().is_none_or(|it| gives(&theirs.value, it)) };
        if !same {
            differs(theirs.span, "variant", &theirs.value, variant);
        }
    }
    let text = |it: (f64, f64)| format!("{}..{}", it.0, it.1);
    if let (Some(theirs), Some(scale)) = (&benchmark.scale, scale_of(model, own))
        && theirs.value != scale
    {
        differs(theirs.span, "scale", &text(theirs.value), &text(scale));
    }
    if let (Some(theirs), Some(kind)) = (&benchmark.survey, model.sources[own.source.index()].survey)
        && theirs.value != kind
    {
        differs(theirs.span, "survey", name(theirs.value), name(kind));
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
            KpiKind::Scaled { of, .. } | KpiKind::Rolling { of, .. } | KpiKind::Previous(of) => of,
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
    let column = columns.first()?;
    let source = match column.through {
        None => column.source,
        Some(at) => model.sources[column.source.index()].references[at as usize].to,
    };
    let scale = model.sources[source.index()].columns[column.column as usize].scale?;
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

fn name(kind: SurveyKind) -> &'static str {
    match kind {
        SurveyKind::Relational => "relational",
        SurveyKind::Transactional => "transactional",
        SurveyKind::InTheMoment => "in the moment",
    }
}
