//! A report that shows two variants of one measure which a reader takes for one: in one unit, in opposite directions,
//! or under one name.

use super::measure::measure;
use super::name_words::{holds, texts};
use super::{Subject, about};
use crate::model::{Kpi, KpiId};
use crate::value::{Code, Diagnostics};
use std::mem::discriminant;

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    for report in &model.reports {
        for family in ["nps", "csat", "ces"] {
            let shown: Vec<(KpiId, &str)> = report
                .kpis
                .iter()
                .filter_map(|it| Some((*it, measure(model, *it).filter(|it| it.family == family)?.variant)))
                .collect();
            let pairs = shown.iter().enumerate().flat_map(|(at, a)| shown[at + 1..].iter().map(move |b| (a, b)));
            let confused = pairs.filter(|(a, b)| a.1 != b.1).find(|(a, b)| {
                let (a, b) = (&model.kpis[a.0.index()], &model.kpis[b.0.index()]);
                is_alike(a, b) || (named(a, family) && named(b, family))
            });
            if let Some((a, b)) = confused {
                let fact = about(Code::VariantsSideBySide, "report", &report.name, report.span).with("first", a.1).with("second", b.1);
                let (a, b) = (&model.kpis[a.0.index()], &model.kpis[b.0.index()]);
                let fact = fact.label_with(a.span, "variant", vec![("variant", fact_variant(&shown, a, model))]);
                out.push(fact.label_with(b.span, "variant", vec![("variant", fact_variant(&shown, b, model))]));
            }
        }
    }
}

fn fact_variant(shown: &[(KpiId, &str)], kpi: &Kpi, model: &crate::model::Model) -> String {
    shown.iter().find(|it| model.kpis[it.0.index()].name == kpi.name).map_or_else(String::new, |it| it.1.to_owned())
}

/// Whether two figures look alike, or run against each other.
fn is_alike(a: &Kpi, b: &Kpi) -> bool {
    let one_unit = matches!((&a.unit, &b.unit), (Some(a), Some(b)) if discriminant(a) == discriminant(b));
    one_unit || matches!((a.direction, b.direction), (Some(a), Some(b)) if a != b)
}

fn named(kpi: &Kpi, family: &str) -> bool {
    texts(&kpi.title).any(|it| holds(it, &[family]))
}
