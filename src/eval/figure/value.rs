//! The value of a figure from those of its leaves, step by step, with its gradient; totals, and the ends that assumptions give.

use super::{Asked, Evaluator, LeafFigure, Linear, Point};
use crate::engine::KeyValue;
use crate::eval::{Assumed, Figure, Note};
use crate::model::Arithmetic;
use crate::plan::{Estimator, Step, StepId};
use std::borrow::Cow;
use std::sync::Arc;

impl Evaluator<'_> {
    /// What the steps of an order come to.
    pub(in crate::eval) fn steps(
        &self,
        asked: &Asked<'_>,
        order: &[StepId],
        key: &[KeyValue],
        leaves: &[LeafFigure<'_>],
        point: Point,
        notes: &mut Vec<Note>,
    ) -> Option<Linear> {
        let cut = asked.planned.ask.cut.as_slice();
        self.steps_at(asked, order, (cut, key), leaves, point, notes)
    }

    /// The same for a key of a cut, which of what is added up is that of one value.
    fn steps_at(
        &self,
        asked: &Asked<'_>,
        order: &[StepId],
        (cut, key): (&[crate::model::DimensionId], &[KeyValue]),
        leaves: &[LeafFigure<'_>],
        point: Point,
        notes: &mut Vec<Note>,
    ) -> Option<Linear> {
        let planned = asked.planned;
        if let ([id], [leaf]) = (order, leaves)
            && let Step::Leaf(_) = self.plan.arena.step(*id)
            && let Some(value) = leaf.value
        {
            // Most figures are no more than that.
            return value.is_finite().then(|| Linear { value, gradient: vec![(0, 1.0)], moves: true });
        }
        let mut values: Vec<Option<Linear>> = Vec::with_capacity(order.len());
        for id in order {
            // Steps come after those that they need, by ascending number.
            let of = |it: &StepId| order.binary_search(it).ok().and_then(|it| values.get(it)).cloned().flatten();
            let value = match self.plan.arena.step(*id) {
                Step::Planned => {
                    notes.push(Note::Planned);
                    None
                }
                Step::Number(value) => Some(Linear::fixed(*value)),
                Step::Assumption { assumption, value } => {
                    let place = asked.assumptions.iter().position(|it| it == assumption);
                    let high = match (point, place) {
                        (Point::Corner(bits), Some(place)) => Some(bits & (1 << place) != 0),
                        _ => None,
                    };
                    let found = crate::eval::assumed::value(self.checked, cut, key, *assumption, value.as_deref(), high);
                    found.map_err(|it| notes.push(it)).ok().map(Linear::fixed)
                }
                Step::Leaf(at) => {
                    let place = planned.leaves.iter().position(|it| it.at == *at)?;
                    let leaf = &leaves[place];
                    if leaf.value.is_none() {
                        let instance = self.plan.arena.leaf(*at);
                        let shifted = !instance.window.shifts.is_empty();
                        let n = leaf.cell.as_ref().map_or(0, |it| it.n());
                        notes.push(match () {
                            () if shifted && leaf.groups.is_empty() => Note::NoEarlier,
                            () if n == 1 && instance.estimator == Estimator::Stddev => Note::OneRow,
                            () if n > 0 && instance.weight.is_some() => Note::NothingWeighs,
                            () => Note::EmptyBase,
                        });
                    }
                    leaf.value.map(|value| Linear { value, gradient: vec![(place, 1.0)], moves: true })
                }
                Step::Total { of: it, over } => self.total(asked, (*it, *over), (cut, key), leaves, point, notes),
                Step::Negate(it) => of(it).map(|it| scale(it, -1.0)),
                Step::Scaled { of: it, factor } => of(it).map(|it| scale(it, *factor)),
                Step::Positive(it) => of(it).filter(|it| {
                    let ends = it.value > 0.0;
                    notes.extend((!ends).then_some(Note::NoEnd));
                    ends
                }),
                Step::Rescale { of: it, low, high } => {
                    of(it).map(|it| self.held(asked, leaves, rescaled(it, *low, *high), (0.0, 100.0), notes))
                }
                Step::Clamp { of: it, low, high } => of(it).map(|it| self.held(asked, leaves, it, (*low, *high), notes)),
                Step::Binary { operator, left, right } => match (of(left), of(right)) {
                    (Some(a), Some(b)) => binary(*operator, &a, &b, notes),
                    _ => None,
                },
                Step::Hold { of: it, .. } => of(it),
                Step::Index { parts, least } => {
                    let valued: Vec<(Linear, f64)> = parts.iter().filter_map(|(it, weight)| Some((of(it)?, *weight))).collect();
                    let total: f64 = valued.iter().map(|it| it.1).sum();
                    let enough = valued.len() >= least.as_ref().map_or(parts.len(), |it| it.0) && total > 0.0;
                    // Why a part is empty is said once.
                    if !enough && !notes.contains(&Note::Planned) {
                        notes.push(Note::EmptyPart);
                    }
                    let none = Linear::fixed(0.0);
                    enough.then(|| valued.iter().fold(none, |sum, (part, weight)| add(&sum, 1.0, part, weight / total)))
                }
            };
            values.push(value);
        }
        // The root is the last of its steps.
        values.pop().flatten().filter(|it| it.value.is_finite())
    }

    /// A figure held between two ends. Beyond one of them it moves by no more than chance may bring it back inside.
    fn held(
        &self,
        asked: &Asked<'_>,
        leaves: &[LeafFigure<'_>],
        mut linear: Linear,
        (low, high): (f64, f64),
        notes: &mut Vec<Note>,
    ) -> Linear {
        let held = linear.value.clamp(low, high);
        if held == linear.value {
            return linear;
        }
        notes.push(Note::HeldInside);
        let beyond = (held - linear.value).abs();
        let inside = self.reach(asked, leaves, &linear).map_or(1.0, |reach| if reach > beyond { 1.0 - beyond / reach } else { 0.0 });
        linear = scale(linear, inside);
        Linear { value: held, moves: false, ..linear }
    }

    /// A step added up over the values of a dimension that occur; where one of them has no value, the whole has none.
    fn total(
        &self,
        asked: &Asked<'_>,
        (of, over): (StepId, crate::model::DimensionId),
        (cut, key): (&[crate::model::DimensionId], &[KeyValue]),
        leaves: &[LeafFigure<'_>],
        point: Point,
        notes: &mut Vec<Note>,
    ) -> Option<Linear> {
        let order = self.plan.arena.computed(of);
        if cut.contains(&over) {
            // Of one value the total is that value's figure.
            return self.steps_at(asked, &order, (cut, key), leaves, point, notes);
        }
        let needed = self.plan.arena.leaves_of(of);
        let places: Vec<usize> = (0..leaves.len()).filter(|it| needed.contains(&asked.planned.leaves[*it].at)).collect();
        let mut values: Vec<&KeyValue> = places.iter().flat_map(|it| leaves[*it].by.iter().map(|it| it.0)).collect();
        values.sort();
        values.dedup();
        if values.is_empty() {
            notes.push(Note::EmptyBase);
            return None;
        }
        let cut: Vec<crate::model::DimensionId> = cut.iter().copied().chain([over]).collect();
        let mut sum = Linear::fixed(0.0);
        let mut complete = true;
        for value in values {
            let key: Vec<KeyValue> = key.iter().cloned().chain([value.clone()]).collect();
            let at_value = |(place, it): (usize, &LeafFigure<'_>)| {
                let found = it.by.iter().find(|it| it.0 == value);
                // Where nothing happened, there is nothing to count.
                let estimator = self.plan.arena.leaf(asked.planned.leaves[place].at).estimator;
                let nothing = (places.contains(&place) && estimator == Estimator::Total).then_some(0.0);
                let of_leaf = found.map_or(nothing, |it| it.1);
                LeafFigure {
                    cell: None,
                    range: it.range,
                    span: it.span,
                    held: None,
                    groups: Cow::Borrowed(&[]),
                    value: of_leaf,
                    by: Vec::new(),
                }
            };
            let own: Vec<LeafFigure<'_>> = leaves.iter().enumerate().map(at_value).collect();
            match self.steps_at(asked, &order, (&cut, &key), &own, point, notes) {
                Some(part) => sum = add(&sum, 1.0, &part, 1.0),
                None => complete = false,
            }
        }
        complete.then_some(sum)
    }

    /// The figure at all ends of its assumptions: `low` and `high` then hold what it may be, whichever of them are true.
    pub(super) fn range(&self, asked: &Asked<'_>, key: &Arc<[KeyValue]>, leaves: &[LeafFigure<'_>], figure: &mut Figure) {
        let own = figure.low.zip(figure.high);
        let mut values: Option<(f64, f64)> = None;
        let mut ends = own;
        for bits in 0..1u32 << asked.assumptions.len() {
            let linear = self.steps(asked, &asked.order, key, leaves, Point::Corner(bits), &mut Vec::new());
            let Some(linear) = linear else {
                figure.notes.push(Note::RangeUnknown);
                return;
            };
            let mut corner = Figure { value: Some(linear.value), low: None, high: None, notes: Vec::new(), ..figure.clone() };
            self.uncertainty(asked, leaves, &linear, Point::Corner(bits), &mut corner);
            let wider =
                |known: Option<(f64, f64)>, low: f64, high: f64| Some(known.map_or((low, high), |it| (it.0.min(low), it.1.max(high))));
            values = wider(values, linear.value, linear.value);
            let (low, high) = corner.low.zip(corner.high).unwrap_or((linear.value, linear.value));
            ends = wider(ends, low, high);
        }
        figure.low = ends.map(|it| it.0);
        figure.high = ends.map(|it| it.1);
        figure.assumed = values.map(|range| Box::new(Assumed { range, interval: own }));
    }
}

impl Linear {
    /// A number that is made of no leaf.
    fn fixed(value: f64) -> Linear {
        Linear { value, gradient: Vec::new(), moves: false }
    }

    /// Whether all that it is made of is held at an end: the data do not say how far beyond.
    pub(in crate::eval) fn is_held(&self) -> bool {
        !self.moves && !self.gradient.is_empty()
    }

    /// How much of the slopes of another figure it has, of the same leaves.
    pub(super) fn part_of(&self, other: &Linear) -> f64 {
        let slope = |of: &Linear| of.gradient.iter().map(|it| it.1.abs()).fold(0.0, f64::max);
        if slope(other) > 0.0 { slope(self) / slope(other) } else { 1.0 }
    }
}

/// A figure on 0 to 100, not yet held there.
pub(super) fn rescaled(linear: Linear, low: f64, high: f64) -> Linear {
    let factor = 100.0 / (high - low);
    let value = (linear.value - low) * factor;
    Linear { value, ..scale(linear, factor) }
}

fn scale(mut linear: Linear, factor: f64) -> Linear {
    linear.value *= factor;
    linear.gradient.iter_mut().for_each(|it| it.1 *= factor);
    linear
}

pub(in crate::eval) fn add(a: &Linear, a_factor: f64, b: &Linear, b_factor: f64) -> Linear {
    let mut gradient: Vec<(usize, f64)> = a.gradient.iter().map(|(at, slope)| (*at, slope * a_factor)).collect();
    for (at, slope) in &b.gradient {
        match gradient.iter_mut().find(|it| it.0 == *at) {
            Some(known) => known.1 += slope * b_factor,
            None => gradient.push((*at, slope * b_factor)),
        }
    }
    Linear { value: a.value * a_factor + b.value * b_factor, gradient, moves: a.moves || b.moves }
}

fn binary(operator: Arithmetic, a: &Linear, b: &Linear, notes: &mut Vec<Note>) -> Option<Linear> {
    Some(match operator {
        Arithmetic::Add => add(a, 1.0, b, 1.0),
        Arithmetic::Subtract => add(a, 1.0, b, -1.0),
        Arithmetic::Multiply => {
            let mut product = add(a, b.value, b, a.value);
            product.value = a.value * b.value;
            product
        }
        Arithmetic::Divide => {
            if b.value == 0.0 {
                notes.push(Note::DividedByZero);
                return None;
            }
            let mut quotient = add(a, 1.0 / b.value, b, -a.value / (b.value * b.value));
            quotient.value = a.value / b.value;
            quotient
        }
    })
}
