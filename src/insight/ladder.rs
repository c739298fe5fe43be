//! From all rows of a source to the base of a figure: what was left out on the way, and how those that stayed answered.

use super::distribution::counts_missing;
use crate::check::Checked;
use crate::eval::Stated;
use crate::graph::{Edge, Node};
use crate::model::{Aggregate, Arithmetic, Function, KpiExpr, KpiId, KpiKind, RowExpr};
use crate::plan::{Plan, Step, StepId};
use crate::state::{Cell, Left, Seen, State};
use crate::value::Unit;

/// A project in which each aggregate of a figure has a figure of its own beside it, that counts its rows and answers.
pub struct Watched {
    pub checked: Checked,
    /// Each aggregate with that figure.
    pub aggregates: Vec<(Aggregate, KpiId)>,
}

/// Rows from all to base.
#[derive(Clone, Debug, Default)]
pub struct Ladder {
    /// Rows in the period and part.
    pub rows: u64,
    /// Left out by `keep where`, as doubles, by a `where`.
    pub not_kept: u64,
    pub duplicate: u64,
    pub outside: u64,
    pub left: Left,
    pub base: u64,
    /// How often each answer was given; empty where the aggregate is not of one column of answers.
    pub answers: Vec<(Seen, u64)>,
}

/// Watches the aggregates of a KPI and of all KPIs that its formula names.
pub fn watched(checked: &Checked, kpi: KpiId) -> Watched {
    let reached = checked.graph.reach(Node::Kpi(kpi.0), |it| it == Edge::Uses);
    let mut found: Vec<(Aggregate, KpiId)> = Vec::new();
    for node in reached {
        let Node::Kpi(at) = node else { continue };
        if let Some(formula) = &checked.model.kpis[at as usize].formula {
            formula.walk(&mut |it| {
                if let KpiKind::Aggregate(aggregate) = &it.kind
                    && !found.iter().any(|it| it.0.text == aggregate.text && it.1 == KpiId(at))
                {
                    found.push((aggregate.as_ref().clone(), KpiId(at)));
                }
            });
        }
    }
    let formulas = found.iter().map(|(aggregate, own)| (*own, formula(checked, aggregate))).collect();
    let (checked, ids) = checked.with_figures(formulas);
    Watched { checked, aggregates: found.into_iter().map(|it| it.0).zip(ids).collect() }
}

/// The rows, the aggregate, and its answers, in one formula: its value means nothing, its states are what is asked for.
fn formula(checked: &Checked, aggregate: &Aggregate) -> KpiExpr {
    let leaf = |aggregate: Aggregate| KpiExpr { span: aggregate.span, unit: Unit::Number, kind: KpiKind::Aggregate(aggregate.into()) };
    let rows = Aggregate { function: Function::Count, filter: None, weight: None, cluster: None, ..aggregate.clone() };
    let add = |left: KpiExpr, right: KpiExpr| KpiExpr {
        span: left.span,
        unit: Unit::Number,
        kind: KpiKind::Binary { operator: Arithmetic::Add, left: Box::new(left), right: Box::new(right) },
    };
    let whole = add(leaf(rows), leaf(aggregate.clone()));
    match answers(checked, aggregate) {
        Some(of) => add(whole, leaf(Aggregate { function: Function::Distinct(of), weight: None, cluster: None, ..aggregate.clone() })),
        None => whole,
    }
}

/// The steps of a watching figure: its rows, the aggregate and, where it has one of answers, those.
fn watching(plan: &Plan, root: StepId) -> Option<(StepId, StepId, Option<StepId>)> {
    let Step::Binary { left, right, .. } = plan.arena.step(root) else { return None };
    match plan.arena.step(*left) {
        Step::Binary { left: rows, right: own, .. } => Some((*rows, *own, Some(*right))),
        _ => Some((*left, *right, None)),
    }
}

/// The column of answers that an aggregate is of: one with a scale. What tells rows or persons apart is no answer, whatever
/// is written of it, and where a missing answer counts the answers are not the base.
fn answers(checked: &Checked, aggregate: &Aggregate) -> Option<RowExpr> {
    let columns = match &aggregate.function {
        Function::Share(it) | Function::Median(it) | Function::Percentile(it, _) | Function::Mean { of: it, .. } => it.columns(),
        Function::Net(good, bad) => good.columns().into_iter().chain(bad.columns()).collect(),
        _ => return None,
    };
    let (first, others) = columns.split_first()?;
    let source = &checked.model.sources[first.source.index()];
    let at = first.column as usize;
    let tells_apart = source.key.contains(&at) || [source.customer, aggregate.cluster].contains(&Some(at));
    let scaled = first.through.is_none() && source.columns[at].scale.is_some() && !tells_apart;
    let fits = scaled && others.iter().all(|it| it == first) && !counts_missing(&aggregate.function);
    fits.then_some(RowExpr::Column(*first))
}

/// Reads a ladder from the states of a watching figure. Which leaf is what follows from its place in the formula: a
/// figure may itself count rows, or how many different values there are.
pub fn ladder(plan: &Plan, ask: usize, found: &Stated) -> Ladder {
    let mut ladder = Ladder { not_kept: found.figure.left_out.filtered, duplicate: found.figure.left_out.duplicate, ..Ladder::default() };
    let ask = &plan.asks[ask];
    let Some((rows, own, answers)) = watching(plan, ask.root) else { return ladder };
    let cell = |step: StepId| {
        let leaf = plan.arena.leaves_of(step).into_iter().next()?;
        let at = ask.leaves.iter().position(|it| it.at == leaf)?;
        found.cells.get(at)?.as_ref()
    };
    ladder.rows = cell(rows).map_or(0, Cell::n);
    if let Some(own) = cell(own) {
        ladder.left = own.left;
        ladder.base = own.n();
    }
    let Left { blank, not_applicable, out_of_scale, no_weight, no_cluster, unobserved, unfit: _ } = ladder.left;
    ladder.outside = ladder.rows.saturating_sub(ladder.base + blank + not_applicable + out_of_scale + no_weight + no_cluster + unobserved);
    if let Some(Cell { state: State::Frequencies { table, .. }, .. }) = answers.and_then(cell) {
        ladder.answers = table.iter().map(|(seen, (count, _))| (seen.clone(), *count)).collect();
    }
    ladder.rows += ladder.not_kept + ladder.duplicate;
    ladder
}
