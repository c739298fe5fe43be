//! A share whose condition holds for every answer of the scale, or for none: always 100 %, or always 0.

use super::over_answers::over_answers;
use super::{Subject, about};
use crate::model::{Function, KpiId, KpiKind, Model, RowExpr};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    subject.each_kpi(out, constant);
}

fn constant(model: &Model, id: KpiId, out: &mut Diagnostics) {
    let kpi = &model.kpis[id.index()];
    let Some(formula) = kpi.formula.as_ref().filter(|_| !kpi.pattern) else { return };
    formula.walk(&mut |it| {
        let KpiKind::Aggregate(aggregate) = &it.kind else { return };
        let conditions: Vec<&RowExpr> = match &aggregate.function {
            Function::Share(of) => vec![of],
            Function::Net(good, bad) => vec![good, bad],
            _ => return,
        };
        for condition in conditions {
            let Some(over) = over_answers(model, condition) else { continue };
            let all = over.holds.iter().all(|it| it.1);
            if all || over.holds.iter().all(|it| !it.1) {
                let (low, high) = (over.holds[0].0, over.holds[over.holds.len() - 1].0);
                let (_, column) = super::measure::column_of(model, over.column);
                let fact = about(Code::ConstantCondition, "kpi", &kpi.name, aggregate.span).with("scale", format!("{low}..{high}"));
                let fact = fact.with("column", &column.name).with("holds", if all { "all" } else { "none" });
                out.push(fact.label(column.span, "column"));
            }
        }
    });
}
