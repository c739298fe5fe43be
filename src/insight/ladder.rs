//! From all rows of a source to the base of a figure: what was left out on the way, and how those that stayed answered.

use super::distribution::counts_missing;
use crate::calendar::{Calendar, Length, Period};
use crate::check::Checked;
use crate::eval::{Stated, estimate};
use crate::model::{Aggregate, Arithmetic, Function, KpiExpr, KpiId, KpiKind, RowExpr, Stretch};
use crate::plan::{CustomerScore, Estimator, Measure, Plan, Shift, Step, StepId};
use crate::state::{Cell, Left, Seen, State};
use crate::value::Unit;

/// Where in a formula something stands: over which part, which periods, and how many of them together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    pub part: Option<RowExpr>,
    /// How its period follows from that of the figure.
    pub shifts: Vec<Shift>,
    pub rolling: Option<Length>,
}

impl Context {
    /// Of a part of what stands here.
    pub fn of_part(&self, part: Option<&RowExpr>) -> Context {
        Context { part: RowExpr::both(part.cloned(), self.part.clone()), ..self.clone() }
    }

    /// Over a window that ends with the period.
    pub fn over(&self, length: Length) -> Context {
        Context { rolling: Some(length), ..self.clone() }
    }

    /// So long before; of the period before without a length.
    pub fn before(&self, length: Option<Length>) -> Context {
        let mut earlier = self.clone();
        earlier.shifts.push(length.map_or(Shift::Previous, Shift::Back));
        earlier
    }

    /// The period that is looked at for one of the figure; `waves` are those of a survey, in order: before one is the last
    /// that there is (R7).
    pub fn period(&self, of: Period, waves: Option<&Vec<Period>>, calendar: &Calendar) -> Option<Period> {
        self.shifts.iter().try_fold(of, |at, shift| shift.from(at, waves.map(Vec::as_slice), calendar))
    }
}

/// A project in which each aggregate of a figure has a figure of its own beside it, that counts its rows and answers; and
/// each KPI that stands in a window has one over that window.
pub struct Watched {
    pub checked: Checked,
    /// Each KPI of the formula where it stands, with the figure that it is there.
    pub kpis: Vec<(Context, KpiId, KpiId)>,
    /// Each aggregate likewise, with the figure that watches it.
    pub aggregates: Vec<(Context, Aggregate, KpiId)>,
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
    /// Of what follows rows: those that are not of the kind that begins.
    pub apart: u64,
    pub base: u64,
    /// How often each answer was given, in rows and in what they weigh; empty where the aggregate is not of one column of
    /// answers.
    pub answers: Vec<(Seen, u64, f64)>,
    /// Of a measure of customers what is taken of them, summed.
    pub taken: Vec<(CustomerScore, f64)>,
}

/// Watches the aggregates of a KPI, or a part of one, and of all KPIs that its formula names.
pub fn watched(checked: &Checked, kpi: KpiId, part: Option<&RowExpr>) -> Watched {
    let mut found = Found { checked, kpis: Vec::new(), aggregates: Vec::new() };
    found.kpi(kpi, &Context { part: part.cloned(), ..Context::default() });
    let Found { kpis, aggregates, .. } = found;
    let rolled: Vec<(KpiId, KpiExpr)> = kpis
        .iter()
        .filter_map(|(at, id)| {
            let own = &checked.model.kpis[id.index()];
            let of = KpiExpr { span: own.span, unit: own.unit.clone()?, kind: KpiKind::Kpi { kpi: *id, part: None } };
            Some((*id, over(of, at.rolling?)))
        })
        .collect();
    let watching = aggregates.iter().map(|(at, aggregate, own)| {
        let of = formula(checked, aggregate);
        (*own, at.rolling.map_or(of.clone(), |it| over(of, it)))
    });
    let (wider, watching) = checked.with_figures(watching.collect());
    let (wider, rolled) = wider.with_figures_like(rolled);
    let mut rolled = rolled.into_iter();
    let mut stands = |it: (Context, KpiId)| {
        let of = it.0.rolling.and_then(|_| rolled.next()).unwrap_or(it.1);
        (it.0, it.1, of)
    };
    let kpis = kpis.into_iter().map(&mut stands).collect();
    let aggregates = aggregates.into_iter().zip(watching).map(|(it, id)| (it.0, it.1, id)).collect();
    Watched { checked: wider, kpis, aggregates }
}

fn over(of: KpiExpr, length: Length) -> KpiExpr {
    KpiExpr { span: of.span, unit: of.unit.clone(), kind: KpiKind::Rolling { of: Box::new(of), length } }
}

/// What was found in a formula, each where it stands, once.
struct Found<'a> {
    checked: &'a Checked,
    kpis: Vec<(Context, KpiId)>,
    aggregates: Vec<(Context, Aggregate, KpiId)>,
}

impl Found<'_> {
    fn kpi(&mut self, id: KpiId, at: &Context) {
        if self.kpis.iter().any(|it| it.1 == id && it.0 == *at) {
            return;
        }
        self.kpis.push((at.clone(), id));
        if let Some(formula) = &self.checked.model.kpis[id.index()].formula {
            self.formula(formula, id, at);
        }
    }

    fn formula(&mut self, formula: &KpiExpr, own: KpiId, at: &Context) {
        match &formula.kind {
            KpiKind::Aggregate(it) => {
                if !self.aggregates.iter().any(|known| known.1.text == it.text && known.2 == own && known.0 == *at) {
                    self.aggregates.push((at.clone(), it.as_ref().clone(), own));
                }
            }
            KpiKind::Kpi { kpi, part } => self.kpi(*kpi, &at.of_part(part.as_ref())),
            KpiKind::Rolling { of, length } => self.formula(of, own, &at.over(*length)),
            KpiKind::Previous(of) => self.formula(of, own, &at.before(None)),
            KpiKind::Change { of, length } => {
                self.formula(of, own, at);
                self.formula(of, own, &at.before(*length));
            }
            _ => formula.parts().into_iter().for_each(|it| self.formula(it, own, at)),
        }
    }
}

/// The rows, those that meet its conditions, the aggregate, and its answers, in one formula: its value means nothing, its
/// states are what is asked for.
fn formula(checked: &Checked, aggregate: &Aggregate) -> KpiExpr {
    let leaf = |aggregate: Aggregate| KpiExpr { span: aggregate.span, unit: Unit::Number, kind: KpiKind::Aggregate(aggregate.into()) };
    let counted =
        |filter: Option<RowExpr>| Aggregate { function: Function::Count, filter, weight: None, cluster: None, ..aggregate.clone() };
    let add = |left: KpiExpr, right: KpiExpr| KpiExpr {
        span: left.span,
        unit: Unit::Number,
        kind: KpiKind::Binary { operator: Arithmetic::Add, left: Box::new(left), right: Box::new(right) },
    };
    // Where each row is followed, what its conditions leave is told apart from what follows nothing.
    let within = if follows_rows(aggregate) { aggregate.filter.clone() } else { None };
    let rows = add(leaf(counted(None)), leaf(counted(within)));
    let whole = add(rows, leaf(aggregate.clone()));
    match answers(checked, aggregate) {
        // A median keeps how often each answer was seen, and what that weighs.
        Some(of) => add(whole, leaf(Aggregate { function: Function::Median(of), ..aggregate.clone() })),
        None => whole,
    }
}

/// Whether it is a measure of what follows each row.
fn follows_rows(of: &Aggregate) -> bool {
    matches!(&of.function, Function::Customers(it) if matches!(it.walk.window, Stretch::After { .. }))
}

/// The steps of a watching figure: its rows, those that meet its conditions, the aggregate and, where it has one of answers,
/// those.
fn watching(plan: &Plan, root: StepId) -> Option<([StepId; 3], Option<StepId>)> {
    let sum = |of: StepId| match plan.arena.step(of) {
        Step::Binary { left, right, .. } => Some((*left, *right)),
        _ => None,
    };
    let (left, last) = sum(root)?;
    let (first, second) = sum(left)?;
    match sum(first) {
        // The sum of rows stands innermost.
        Some((rows, within)) if sum(rows).is_none() => Some(([rows, within, second], Some(last))),
        Some(_) => None,
        None => Some(([first, second, last], None)),
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
    let Some(([rows, within, own], answers)) = watching(plan, ask.root) else { return ladder };
    let cells = |step: StepId| {
        let leaves = plan.arena.leaves_of(step).into_iter();
        leaves.filter_map(|leaf| {
            let at = ask.leaves.iter().position(|it| it.at == leaf)?;
            Some((plan.arena.leaf(leaf), found.cells.get(at)?.as_ref()?))
        })
    };
    let cell = |step: StepId| cells(step).next().map(|it| it.1);
    ladder.rows = cell(rows).map_or(0, Cell::n);
    if let Some(own) = cell(own) {
        ladder.left = own.left;
        ladder.base = own.n();
    }
    for (leaf, cell) in cells(own) {
        if let Measure::Customer { take, .. } = leaf.measure
            && !matches!(take, CustomerScore::Forecast(_))
        {
            ladder.taken.extend(estimate(cell, Estimator::Total).map(|it| (take, it)));
        }
    }
    let Left { blank, not_applicable, out_of_scale, no_weight, no_cluster, unobserved, unfit: _ } = ladder.left;
    let told = ladder.base + blank + not_applicable + out_of_scale + no_weight + no_cluster + unobserved;
    if ladder.taken.is_empty() {
        ladder.outside = ladder.rows.saturating_sub(told);
    } else {
        let within = cell(within).map_or(0, Cell::n);
        ladder.outside = ladder.rows.saturating_sub(within);
        ladder.apart = within.saturating_sub(told);
    }
    if let Some(Cell { state: State::Frequencies { table, .. }, .. }) = answers.and_then(cell) {
        ladder.answers = table.iter().map(|(seen, (count, weight))| (seen.clone(), *count, weight.to_f64())).collect();
    }
    ladder.rows += ladder.not_kept + ladder.duplicate;
    ladder
}
