//! Since when is a figure something else? Declared changes of definition, its own and those of what it is made of.

use super::{Kpi, KpiId, KpiKind, Model};
use crate::calendar::Date;

/// The changes of definition that a KPI's figures cannot be compared across, by date: its own, and those of the KPIs
/// that it is made of, each with what was said of it.
pub fn breaks(model: &Model, kpi: KpiId) -> Vec<(KpiId, Date, &str)> {
    let mut seen = Vec::new();
    let mut found = Vec::new();
    let mut waiting = vec![kpi];
    while let Some(kpi) = waiting.pop() {
        if seen.contains(&kpi) {
            continue;
        }
        seen.push(kpi);
        let of: &Kpi = &model.kpis[kpi.index()];
        if let Some(changed) = of.changed.as_ref().filter(|it| !it.comparable) {
            found.push((kpi, changed.on, changed.reason.as_str()));
        }
        if let Some(formula) = &of.formula {
            formula.walk(&mut |it| {
                if let KpiKind::Kpi { kpi, .. } = &it.kind {
                    waiting.push(*kpi);
                }
            });
        }
    }
    found.sort_by_key(|it| (it.1, it.0));
    found
}

/// The last of these changes that lies between two days, neither of them included: figures of what begins on the first
/// and ends on the second are not comparable, or are a mixture of two definitions.
pub fn break_between(model: &Model, kpi: KpiId, from: Date, until: Date) -> Option<(KpiId, Date, &str)> {
    breaks(model, kpi).into_iter().rev().find(|it| it.1 > from && it.1 < until)
}
