//! Shares of one question that are added, or set off against each other, while some answers are in both.

use super::over_answers::{OverAnswers, over_answers};
use super::{Subject, about};
use crate::model::{Aggregate, Arithmetic, Function, KpiExpr, KpiId, KpiKind, Model};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    subject.each_kpi(out, overlapping);
}

fn overlapping(model: &Model, id: KpiId, out: &mut Diagnostics) {
    let kpi = &model.kpis[id.index()];
    let Some(formula) = kpi.formula.as_ref().filter(|_| !kpi.pattern && !kpi.broken) else { return };
    formula.walk(&mut |it| {
        let both = match &it.kind {
            KpiKind::Aggregate(aggregate) => match &aggregate.function {
                Function::Net(good, bad) => over_answers(model, good).zip(over_answers(model, bad)),
                _ => None,
            },
            KpiKind::Binary { operator: Arithmetic::Add, left, right } => share(model, left).zip(share(model, right)),
            _ => None,
        };
        if let Some(twice) = both.and_then(|(a, b)| twice(&a, &b)) {
            out.push(about(Code::OverlappingShares, "kpi", &kpi.name, it.span).with("answers", twice));
        }
    });
}

fn share(model: &Model, figure: &KpiExpr) -> Option<OverAnswers> {
    let mut figure = figure;
    for _ in 0..=model.kpis.len() {
        match &figure.kind {
            KpiKind::Aggregate(aggregate) => {
                let Aggregate { function: Function::Share(of), .. } = aggregate.as_ref() else { return None };
                return over_answers(model, of);
            }
            KpiKind::Kpi { kpi, part: None } => figure = model.kpis[kpi.index()].formula.as_ref()?,
            _ => return None,
        }
    }
    None
}

/// The answers that are in both, where there are some.
fn twice(a: &OverAnswers, b: &OverAnswers) -> Option<String> {
    if a.column != b.column {
        return None;
    }
    let both: Vec<String> = a.holds.iter().zip(&b.holds).filter(|(a, b)| a.1 && b.1).map(|(a, _)| a.0.to_string()).collect();
    (!both.is_empty()).then(|| both.join(", "))
}
