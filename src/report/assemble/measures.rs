//! On which questions does a figure rest? Several KPIs over one question are one thing that moved, not several.

use crate::check::Checked;
use crate::model::{ColumnRef, Function, KpiExpr, KpiId, KpiKind};
use crate::report::view::Movement;

use super::Context;
use super::reading::Reading;
use super::series::walk;

/// What figures are measured by: the columns that an aggregate reads, or the rows that it counts.
type Measure = (u32, Vec<ColumnRef>, String);

/// How many measurements moved for worse, for better, and just moved. KPIs over the same answers that moved the same
/// way count once; one that is composed counts where none of its parts does.
pub(super) fn moved(context: &Context<'_>) -> (usize, usize, usize) {
    let count = |movement: Movement| {
        let moved = context.readings.iter().filter(|it| it.movement == movement);
        let mut moved: Vec<Vec<Measure>> = moved.map(|it| of(context.checked(), it)).collect();
        moved.sort_by_key(Vec::len);
        let mut seen: Vec<Measure> = Vec::new();
        let mut count = 0;
        for measures in moved {
            let new = measures.iter().all(|it| !seen.contains(it));
            count += usize::from(new);
            seen.extend(measures);
        }
        count
    };
    (count(Movement::Worse), count(Movement::Better), count(Movement::Changed))
}

/// Whether two figures rest on some of the same answers.
pub(super) fn share(checked: &Checked, a: &Reading<'_>, b: &Reading<'_>) -> bool {
    let others = of(checked, b);
    of(checked, a).iter().any(|it| others.contains(it))
}

fn of(checked: &Checked, reading: &Reading<'_>) -> Vec<Measure> {
    let mut measures = Vec::new();
    let mut done: Vec<KpiId> = vec![reading.id];
    let mut at = 0;
    while at < done.len() {
        if let Some(formula) = checked.model.kpis[done[at].index()].formula.as_ref() {
            gather(formula, &mut measures, &mut done);
        }
        at += 1;
    }
    measures
}

fn gather(formula: &KpiExpr, measures: &mut Vec<Measure>, named: &mut Vec<KpiId>) {
    walk(formula, &mut |it| match &it.kind {
        KpiKind::Aggregate(of) => {
            let columns = columns(&of.function);
            // What only counts rows is told apart by which rows these are.
            let rows = if columns.is_empty() { of.text.clone() } else { String::new() };
            let measure = (of.source.index() as u32, columns, rows);
            if !measures.contains(&measure) {
                measures.push(measure);
            }
        }
        KpiKind::Kpi { kpi, .. } if !named.contains(kpi) => named.push(*kpi),
        _ => {}
    });
}

/// The columns that a function is computed over, each once.
pub(super) fn columns(function: &Function) -> Vec<ColumnRef> {
    match function {
        Function::Count | Function::Customers(_) => Vec::new(),
        Function::CountOf(a)
        | Function::Distinct(a)
        | Function::Sum(a)
        | Function::Min(a)
        | Function::Max(a)
        | Function::Median(a)
        | Function::Percentile(a, _)
        | Function::Stddev(a)
        | Function::Share(a)
        | Function::Mean { of: a, .. } => a.columns(),
        Function::Net(a, b) => {
            let mut all = a.columns();
            all.extend(b.columns().into_iter().filter(|it| !a.columns().contains(it)));
            all
        }
    }
}
