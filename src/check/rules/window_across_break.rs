//! A window over a KPI whose definition changed: for a while it counts answers of both definitions.

use super::{Subject, about};
use crate::model::KpiKind;
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    for kpi in model.kpis.iter().filter(|it| !it.pattern && !it.broken) {
        let Some(formula) = &kpi.formula else { continue };
        let mut found = false;
        formula.walk(&mut |it| {
            let of = match &it.kind {
                KpiKind::Rolling { of, .. } | KpiKind::Change { of, .. } | KpiKind::Hold { of, .. } | KpiKind::Previous(of) => of,
                _ => return,
            };
            of.walk(&mut |inner| {
                let KpiKind::Kpi { kpi: named, .. } = &inner.kind else { return };
                let named = &model.kpis[named.index()];
                let Some(changed) = named.changed.as_ref().filter(|it| !it.comparable) else { return };
                // Who says the change here as well knows of it.
                let knows = kpi.changed.as_ref().is_some_and(|it| it.on >= changed.on);
                if !knows && !found {
                    found = true;
                    let fact = about(Code::WindowAcrossBreak, "kpi", &kpi.name, it.span).with("on", changed.on).with("of", &named.name);
                    out.push(fact.label(named.span, "changed"));
                }
            });
        });
    }
}
