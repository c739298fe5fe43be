//! Which part of a formula moved the figure? Each part's own change times what the rest makes of it: exact, whatever
//! the formula is made of.
//!
//! A sum passes a change on as it is; a product passes it on times the mean of the other factor, (a₁b₁ − a₀b₀) =
//! Δa·b̄ + Δb·ā; a quotient likewise, Δ(1/b) being −Δb/(b₀b₁). So the contributions of the parts add up to the change.

use crate::eval::estimate;
use crate::model::{Arithmetic, Model};
use crate::plan::{Arena, LeafAt, Step, StepId};
use crate::state::Cell;

/// A part of a formula between two periods.
#[derive(Clone, Debug)]
pub struct Part {
    /// How deep it stands: 0 for what the formula itself names.
    pub level: usize,
    pub step: StepId,
    pub before: f64,
    pub after: f64,
    /// Its smallest base in each period.
    pub n: [u64; 2],
    /// What it adds to the change of the whole, in the unit of the whole.
    pub contribution: f64,
    /// The leaves that it is a straight line of, each with the slope from that leaf to the whole; none where it is no line.
    pub line: Option<Vec<(usize, f64)>>,
}

/// The values of all steps of a figure, by their places in `order`.
pub(super) fn values(model: &Model, arena: &Arena, order: &[StepId], leaves: &[LeafAt], cells: &[Option<Cell>]) -> Vec<Option<f64>> {
    let mut values: Vec<Option<f64>> = Vec::with_capacity(order.len());
    for id in order {
        let of = |it: &StepId| order.binary_search(it).ok().and_then(|it| values.get(it).copied().flatten());
        let value = match arena.step(*id) {
            Step::Number(value) => Some(*value),
            // What a total adds up is not told apart here.
            Step::Planned | Step::Total { .. } => None,
            Step::Assumption { assumption, value } => model.assumptions[assumption.index()].estimate(value.as_deref()).map(|it| it.base),
            Step::Leaf(at) => {
                let place = leaves.iter().position(|it| it == at);
                place.and_then(|it| cells[it].as_ref()).and_then(|it| estimate(it, arena.leaf(*at).estimator))
            }
            Step::Negate(it) => of(it).map(|it| -it),
            Step::Scaled { of: it, factor } => of(it).map(|it| it * factor),
            Step::Positive(it) => of(it).filter(|it| *it > 0.0),
            Step::Rescale { of: it, low, high } => of(it).map(|it| ((it - low) * 100.0 / (high - low)).clamp(0.0, 100.0)),
            Step::Clamp { of: it, low, high } => of(it).map(|it| it.clamp(*low, *high)),
            Step::Binary { operator, left, right } => of(left).zip(of(right)).and_then(|(a, b)| match operator {
                Arithmetic::Add => Some(a + b),
                Arithmetic::Subtract => Some(a - b),
                Arithmetic::Multiply => Some(a * b),
                Arithmetic::Divide => (b != 0.0).then(|| a / b),
            }),
            Step::Hold { of: it, .. } => of(it),
            Step::Index { parts, least } => {
                let valued: Vec<(f64, f64)> = parts.iter().filter_map(|(it, weight)| Some((of(it)?, *weight))).collect();
                let total: f64 = valued.iter().map(|it| it.1).sum();
                let enough = valued.len() >= least.as_ref().map_or(parts.len(), |it| it.0);
                (enough && total > 0.0).then(|| valued.iter().map(|(value, weight)| value * weight / total).sum())
            }
        };
        values.push(value.filter(|it| it.is_finite()));
    }
    values
}

/// What one unit of change of each step makes of the change of the whole, and whether that is so whatever the values.
pub(super) struct Slopes {
    pub slopes: Vec<f64>,
    pub constant: Vec<bool>,
    /// Whether the whole is made of it.
    pub reached: Vec<bool>,
}

/// The slopes between two periods; `atom` tells which steps are not entered. `None` where a step that matters has no
/// value.
pub(super) fn slopes(
    arena: &Arena,
    order: &[StepId],
    before: &[Option<f64>],
    after: &[Option<f64>],
    atom: &dyn Fn(StepId) -> bool,
) -> Option<Slopes> {
    let mut slopes = vec![0.0; order.len()];
    let mut constant = vec![true; order.len()];
    let mut reached = vec![false; order.len()];
    *slopes.last_mut()? = 1.0;
    *reached.last_mut()? = true;
    let place = |it: &StepId| order.binary_search(it).ok();
    for at in (0..order.len()).rev() {
        if !reached[at] || atom(order[at]) {
            continue;
        }
        let (slope, fixed) = (slopes[at], constant[at]);
        let ends = |it: &StepId| place(it).and_then(|it| before[it].zip(after[it]));
        let mut passed: Vec<(StepId, f64, bool)> = Vec::new();
        match arena.step(order[at]) {
            Step::Number(_) | Step::Planned | Step::Assumption { .. } | Step::Leaf(_) | Step::Total { .. } => {}
            Step::Negate(of) => passed.push((*of, -1.0, true)),
            Step::Positive(of) => passed.push((*of, 1.0, true)),
            Step::Scaled { of, factor } => passed.push((*of, *factor, true)),
            Step::Hold { of, .. } => passed.push((*of, 1.0, true)),
            Step::Index { parts, .. } => {
                // Parts that have no value in both periods are no parts of it; one that has it in one of them alone changes
                // the weights, and then no part has a change of its own.
                let there = |values: &[Option<f64>], it: &StepId| place(it).is_some_and(|it| values[it].is_some());
                if parts.iter().any(|it| there(before, &it.0) != there(after, &it.0)) {
                    return None;
                }
                let valued = parts.iter().filter(|it| there(before, &it.0));
                let total: f64 = valued.clone().map(|it| it.1).sum();
                passed.extend(valued.map(|(it, weight)| (*it, weight / total, true)));
            }
            Step::Rescale { of, low, high } => {
                let (x, y) = ends(of)?;
                let (u, v) = before[at].zip(after[at])?;
                let line = 100.0 / (high - low);
                let straight = ((y - x) * line - (v - u)).abs() <= 1e-9 * (1.0 + (v - u).abs());
                // Held inside its ends, less of the change comes through.
                passed.push((*of, if straight || x == y { line } else { (v - u) / (y - x) }, straight));
            }
            Step::Clamp { of, .. } => {
                let (x, y) = ends(of)?;
                let (u, v) = before[at].zip(after[at])?;
                // Held inside its ends, less of the change comes through.
                let straight = x == u && y == v;
                passed.push((*of, if straight || x == y { 1.0 } else { (v - u) / (y - x) }, straight));
            }
            Step::Binary { operator, left, right } => {
                let ((a0, a1), (b0, b1)) = (ends(left)?, ends(right)?);
                let still = |it: &StepId| matches!(arena.step(*it), Step::Number(_) | Step::Assumption { .. });
                match operator {
                    Arithmetic::Add => passed.extend([(*left, 1.0, true), (*right, 1.0, true)]),
                    Arithmetic::Subtract => passed.extend([(*left, 1.0, true), (*right, -1.0, true)]),
                    Arithmetic::Multiply => {
                        passed.push((*left, f64::midpoint(b0, b1), still(right)));
                        passed.push((*right, f64::midpoint(a0, a1), still(left)));
                    }
                    Arithmetic::Divide => {
                        passed.push((*left, f64::midpoint(1.0 / b0, 1.0 / b1), still(right)));
                        passed.push((*right, -f64::midpoint(a0, a1) / (b0 * b1), false));
                    }
                }
            }
        }
        for (to, by, fixed_here) in passed {
            let to = place(&to)?;
            slopes[to] += slope * by;
            constant[to] &= fixed && fixed_here;
            reached[to] = true;
        }
    }
    slopes.iter().all(|it| it.is_finite()).then_some(Slopes { slopes, constant, reached })
}

/// Everything that the parts of a figure are made from.
pub(super) struct Sides<'a> {
    pub arena: &'a Arena,
    pub order: &'a [StepId],
    pub leaves: &'a [LeafAt],
    pub values: [&'a [Option<f64>]; 2],
    pub cells: [&'a [Option<Cell>]; 2],
}

/// The parts of a figure, each before those that it is made of itself. A figure of one leaf has none.
pub(super) fn parts(sides: &Sides<'_>) -> Vec<Part> {
    let mut parts = Vec::new();
    if let Some(root) = sides.order.last() {
        below(sides, *root, 1.0, true, 0, &mut parts);
    }
    parts
}

impl Sides<'_> {
    fn place(&self, id: StepId) -> Option<usize> {
        self.order.binary_search(&id).ok()
    }

    /// The slopes of the steps below one, from it down to those that are not entered.
    fn slopes(&self, own: &[StepId], atom: &dyn Fn(StepId) -> bool) -> Option<Slopes> {
        let [before, after] = self.values.map(|all| own.iter().map(|it| self.place(*it).and_then(|it| all[it])).collect::<Vec<_>>());
        slopes(self.arena, own, &before, &after, atom)
    }

    /// The smallest base of a step in a period.
    fn base(&self, leaves: &[LeafAt], cells: &[Option<Cell>]) -> u64 {
        let of = |it: &LeafAt| self.leaves.iter().position(|at| at == it).and_then(|it| cells[it].as_ref()).map_or(0, Cell::n);
        leaves.iter().map(of).min().unwrap_or(0)
    }

    /// The leaves that a step is a straight line of, and their slopes.
    fn line(&self, id: StepId, leaves: &[LeafAt]) -> Option<Vec<(usize, f64)>> {
        let own = self.arena.reached(id);
        let slopes = self.slopes(&own, &|_| false)?;
        let slope = |leaf: &LeafAt| {
            let at = own.iter().position(|it| matches!(self.arena.step(*it), Step::Leaf(at) if at == leaf))?;
            slopes.constant[at].then_some((self.leaves.iter().position(|it| it == leaf)?, slopes.slopes[at]))
        };
        leaves.iter().map(slope).collect()
    }
}

/// Adds the parts of a step, which `slope` leads from to the whole.
fn below(sides: &Sides<'_>, of: StepId, slope: f64, constant: bool, level: usize, out: &mut Vec<Part>) {
    // Far below, a formula of formulas is read at its own KPI.
    if level > 8 {
        return;
    }
    let own = sides.arena.reached(of);
    let is_part = |it: StepId| it != of && (sides.arena.named(it).is_some() || matches!(sides.arena.step(it), Step::Leaf(_)));
    let Some(inner) = sides.slopes(&own, &is_part) else { return };
    for (at, id) in own.iter().enumerate().filter(|(at, id)| inner.reached[*at] && is_part(**id)) {
        let [before, after] = sides.values.map(|all| sides.place(*id).and_then(|it| all[it]));
        let Some((before, after)) = before.zip(after) else { continue };
        let slope = slope * inner.slopes[at];
        let constant = constant && inner.constant[at];
        let leaves = sides.arena.leaves_of(*id);
        let line = sides.line(*id, &leaves).filter(|_| constant);
        let line = line.map(|it| it.into_iter().map(|(leaf, own)| (leaf, own * slope)).collect());
        let n = sides.cells.map(|it| sides.base(&leaves, it));
        out.push(Part { level, step: *id, before, after, n, contribution: slope * (after - before), line });
        below(sides, *id, slope, constant, level + 1, out);
    }
}
