//! On which questions does a figure rest? Several KPIs over one question are one thing that moved, not several.

use crate::check::Checked;
use crate::model::{ColumnRef, Function, KpiExpr, KpiId, KpiKind};
use crate::report::needs::rescaled;
use crate::report::view::Movement;

use super::Context;
use super::reading::Reading;
use super::series::walk;

/// What figures are measured by: the columns that an aggregate reads, or the rows that it counts.
type Measure = (u32, Vec<ColumnRef>, String);

/// The measurements that moved one way, each by a KPI that tells it, worst first. KPIs over the same answers count once;
/// one that is composed counts where that tells something of its own.
pub(super) fn moved<'r, 'a>(context: &'r Context<'a>, movement: Movement) -> Vec<&'r Reading<'a>> {
    let moved = context.ranked().into_iter().filter(|it| it.movement == movement);
    let mut moved: Vec<(&Reading<'a>, Vec<Measure>)> = moved.map(|it| (it, of(context.checked(), it))).collect();
    // Another scale of a figure is not what moved.
    moved.sort_by_key(|it| (it.1.len(), rescaled(it.0.kpi).is_some()));
    let mut seen: Vec<Measure> = Vec::new();
    let mut told = Vec::new();
    for (reading, measures) in moved {
        if !is_told(&measures, &seen) {
            told.push(reading);
        }
        seen.extend(measures);
    }
    told
}

/// Whether half of what a figure rests on, or more, is told by others: an index of which one part is told tells more.
pub(super) fn told_by(checked: &Checked, others: &[&Reading<'_>], reading: &Reading<'_>) -> bool {
    let told: Vec<Measure> = others.iter().flat_map(|it| of(checked, it)).collect();
    is_told(&of(checked, reading), &told)
}

/// On how many questions, or kinds of rows, a figure rests.
pub(super) fn count(checked: &Checked, reading: &Reading<'_>) -> usize {
    of(checked, reading).len()
}

fn is_told(measures: &[Measure], told: &[Measure]) -> bool {
    !measures.is_empty() && 2 * measures.iter().filter(|it| told.contains(it)).count() >= measures.len()
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
