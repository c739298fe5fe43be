//! From all rows of a source to the base of a figure: what was left out on the way, and how those that stayed answered.

use crate::check::Checked;
use crate::eval::Stated;
use crate::graph::{Edge, Node};
use crate::model::{Aggregate, Arithmetic, Function, KpiExpr, KpiId, KpiKind, RowExpr};
use crate::plan::{Estimator, Measure, Plan};
use crate::state::{Left, Seen, State};
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

/// The column of answers that an aggregate is of.
fn answers(checked: &Checked, aggregate: &Aggregate) -> Option<RowExpr> {
    let columns = match &aggregate.function {
        Function::Share(it) | Function::Median(it) | Function::Percentile(it, _) | Function::Mean { of: it, .. } => it.columns(),
        Function::Net(good, bad) => good.columns().into_iter().chain(bad.columns()).collect(),
        _ => return None,
    };
    let (first, others) = columns.split_first()?;
    let column = &checked.model.sources[first.source.index()].columns;
    let scaled = first.through.is_none() && column[first.column as usize].scale.is_some();
    (scaled && others.iter().all(|it| it == first)).then_some(RowExpr::Column(*first))
}

/// Reads a ladder from the states of a watching figure.
pub fn ladder(plan: &Plan, ask: usize, found: &Stated) -> Ladder {
    let mut ladder = Ladder { not_kept: found.figure.left_out.filtered, duplicate: found.figure.left_out.duplicate, ..Ladder::default() };
    let mut own = None;
    for (placed, cell) in plan.asks[ask].leaves.iter().zip(&found.cells) {
        let leaf = plan.arena.leaf(placed.at);
        let Some(cell) = cell else { continue };
        match (&leaf.measure, leaf.estimator, &cell.state) {
            (_, Estimator::Distinct, State::Frequencies { table, .. }) => {
                ladder.answers = table.iter().map(|(seen, (count, _))| (seen.clone(), *count)).collect();
            }
            (Measure::Rows, ..) if leaf.weight.is_none() && ladder.rows == 0 => {
                ladder.rows = cell.n();
                own = own.or(Some(cell));
            }
            _ => own = Some(cell),
        }
    }
    if let Some(own) = own {
        ladder.left = own.left;
        ladder.base = own.n();
        let Left { blank, not_applicable, out_of_scale, no_weight, no_cluster, unobserved, unfit: _ } = own.left;
        ladder.outside =
            ladder.rows.saturating_sub(ladder.base + blank + not_applicable + out_of_scale + no_weight + no_cluster + unobserved);
    }
    ladder.rows += ladder.not_kept + ladder.duplicate;
    ladder
}
