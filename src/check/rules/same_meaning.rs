//! Two KPIs with one formula: one figure under two names.

use super::{Subject, about};
use crate::model::{KpiExpr, KpiId, KpiKind, Model, print_formula};
use crate::value::{Code, Diagnostics};
use std::collections::HashMap;

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    let mut first: HashMap<String, usize> = HashMap::with_capacity(model.kpis.len());
    for (at, kpi) in model.kpis.iter().enumerate().filter(|it| !it.1.pattern && !it.1.broken) {
        let Some(meaning) = meaning(model, KpiId(at as u32)) else { continue };
        let known = *first.entry(meaning).or_insert(at);
        if known != at {
            let other = &model.kpis[known];
            let fact = about(Code::SameMeaning, "kpi", &kpi.name, kpi.span).with("other", &other.name);
            out.push(fact.label(other.span, "other"));
        }
    }
}

/// What a KPI means, without its name: its formula in canonical form, and all that changes the figure beside it.
pub(super) fn meaning(model: &Model, kpi: KpiId) -> Option<String> {
    let mut kpi = &model.kpis[kpi.index()];
    let mut formula: &KpiExpr = kpi.formula.as_ref()?;
    // A KPI that only names another one means what that one means.
    for _ in 0..=model.kpis.len() {
        let KpiKind::Kpi { kpi: named, part: None } = &formula.kind else { break };
        kpi = &model.kpis[named.index()];
        formula = kpi.formula.as_ref()?;
    }
    // Which rows count stands in the formula; how they are weighted, clustered and dated does not.
    let mut text = print_formula(model, formula);
    text.push(' ');
    text.push_str(&kpi.unit.as_ref()?.name());
    formula.walk(&mut |it| {
        if let KpiKind::Aggregate(of) = &it.kind {
            for column in [of.weight, of.cluster, of.time] {
                text.push(' ');
                if let Some(at) = column {
                    text.push_str(&at.to_string());
                }
            }
        }
    });
    Some(text)
}
