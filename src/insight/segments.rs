//! Which segments moved the figure, and was it their figures or their shares?
//!
//! A figure is cut into the additive pieces that it is made of: means over their weights, quotients of two totals over
//! their denominator, totals. Each piece is split by segment, and what a segment adds to the pieces is added up with
//! the slopes from pieces to the whole.

use super::parts::{slopes, values};
use crate::engine::KeyValue;
use crate::model::{Arithmetic, Model};
use crate::plan::{Arena, Estimator, LeafAt, Step, StepId};
use crate::state::{Cell, Moments, State};
use crate::stats::mix::{self, Effect, Method, Segment, Side, Sums};
use std::sync::Arc;

/// A segment with its states in both periods, one for each leaf of the figure.
#[derive(Clone, Debug)]
pub struct Stratum {
    pub key: Arc<[KeyValue]>,
    pub before: Vec<Option<Cell>>,
    pub after: Vec<Option<Cell>>,
}

/// Segments that are told together: one, or those too small to be told alone.
#[derive(Clone, Debug)]
pub struct Group {
    pub keys: Vec<Arc<[KeyValue]>>,
    pub before: Vec<Option<Cell>>,
    pub after: Vec<Option<Cell>>,
}

impl Group {
    /// Segments put together; `limits` says up to how many persons of each leaf are told apart.
    pub fn of(strata: &[&Stratum], limits: &[usize]) -> Group {
        let merge = |pick: &dyn Fn(&Stratum) -> &Vec<Option<Cell>>| -> Vec<Option<Cell>> {
            let leaf = |at: usize| {
                let mut cells = strata.iter().filter_map(|it| pick(it)[at].as_ref());
                let mut merged = cells.next()?.clone();
                cells.for_each(|it| merged.merge(it, limits[at]));
                Some(merged)
            };
            (0..limits.len()).map(leaf).collect()
        };
        Group { keys: strata.iter().map(|it| it.key.clone()).collect(), before: merge(&|it| &it.before), after: merge(&|it| &it.after) }
    }
}

/// An additive piece of a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Piece {
    /// A mean, share or net, with what it is multiplied by.
    Mean {
        leaf: usize,
        factor: f64,
    },
    /// A total over another.
    Ratio {
        above: usize,
        under: usize,
    },
    Total {
        leaf: usize,
    },
}

/// The additive pieces of a figure, each with its slope.
#[derive(Clone, Debug)]
pub struct Atoms {
    pieces: Vec<(Piece, f64)>,
    /// Whether errors can be told: one sampled piece, along a straight line, in periods that do not overlap.
    sampled: bool,
    order: Vec<StepId>,
    leaves: Vec<LeafAt>,
}

/// The figures that atoms are found for.
pub(super) struct Whole<'a> {
    pub arena: &'a Arena,
    pub order: &'a [StepId],
    pub leaves: &'a [LeafAt],
    pub values: [&'a [Option<f64>]; 2],
    pub windowed: bool,
}

impl Atoms {
    /// The pieces of a figure between two periods; `None` where one of them is not additive: a median, a number of
    /// different values.
    pub(super) fn of(whole: &Whole<'_>) -> Option<Atoms> {
        let arena = whole.arena;
        let leaf = |id: &StepId| match arena.step(*id) {
            Step::Leaf(at) => Some(*at),
            _ => None,
        };
        let total = |id: &StepId| leaf(id).filter(|it| arena.leaf(*it).estimator == Estimator::Total);
        let ratio = |id: StepId| match arena.step(id) {
            Step::Binary { operator: Arithmetic::Divide, left, right } => total(left).zip(total(right)),
            _ => None,
        };
        let found = slopes(arena, whole.order, whole.values[0], whole.values[1], &|id| ratio(id).is_some())?;
        let place = |at: LeafAt| whole.leaves.iter().position(|it| *it == at);
        let mut pieces = Vec::new();
        let mut constant = true;
        for (at, id) in whole.order.iter().enumerate().filter(|it| found.reached[it.0]) {
            let piece = match (ratio(*id), leaf(id)) {
                (Some((above, under)), _) => Piece::Ratio { above: place(above)?, under: place(under)? },
                (None, Some(of)) => match arena.leaf(of).estimator {
                    Estimator::Mean { factor, .. } => Piece::Mean { leaf: place(of)?, factor },
                    Estimator::Share | Estimator::Net => Piece::Mean { leaf: place(of)?, factor: 100.0 },
                    Estimator::Total => Piece::Total { leaf: place(of)? },
                    _ => return None,
                },
                (None, None) => continue,
            };
            constant &= found.constant[at];
            pieces.push((piece, found.slopes[at]));
        }
        let sampled = match pieces.as_slice() {
            [(Piece::Mean { leaf, .. }, _)] => {
                let leaf = arena.leaf(whole.leaves[*leaf]);
                constant && !whole.windowed && !leaf.complete && leaf.cluster.is_none()
            }
            _ => false,
        };
        (!pieces.is_empty()).then(|| Atoms { pieces, sampled, order: whole.order.to_vec(), leaves: whole.leaves.to_vec() })
    }

    /// Whether the figure is one rate over one weight, so that segments have a share of it.
    pub fn is_rate(&self) -> bool {
        matches!(self.pieces.as_slice(), [(Piece::Mean { .. } | Piece::Ratio { .. }, _)])
    }

    /// Whether the figure is made of totals alone: segments add up, and there is no mix.
    pub fn is_total(&self) -> bool {
        self.pieces.iter().all(|it| matches!(it.0, Piece::Total { .. }))
    }

    /// Whether errors can be told.
    pub fn is_sampled(&self) -> bool {
        self.sampled
    }
}

/// An amount with its standard error, where there is one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub se: Option<f64>,
}

/// What a group of segments shows in a period.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Share {
    pub value: Option<f64>,
    pub n: u64,
    /// Its share of the weight, in percent, where the figure is one rate.
    pub share: Option<f64>,
}

/// What a group adds to the change of the whole.
#[derive(Clone, Debug)]
pub struct Own {
    pub before: Share,
    pub after: Share,
    pub mix: Option<Estimate>,
    pub rate: Estimate,
    pub interaction: f64,
    pub whole: Estimate,
}

/// A change, split over groups of segments.
#[derive(Clone, Debug)]
pub struct Moved {
    /// One for each group.
    pub groups: Vec<Own>,
    pub mix: Option<Estimate>,
    pub rate: Estimate,
    pub interaction: f64,
    /// How much of the change goes by this cut, beyond what chance gives: what the mix made, and what segments moved
    /// otherwise than together.
    pub explains: f64,
    /// The chance of segments moving so differently where all moved alike.
    pub p: Option<f64>,
}

fn moments(cell: Option<&Cell>) -> Option<&Moments> {
    match &cell?.state {
        State::Moments(it) => Some(it),
        _ => None,
    }
}

fn side(piece: Piece, cells: &[Option<Cell>]) -> Side {
    let total = |leaf: usize| moments(cells[leaf].as_ref()).map_or(0.0, Moments::total);
    match piece {
        Piece::Mean { leaf, factor } => {
            Side { weight: moments(cells[leaf].as_ref()).map_or(0.0, Moments::total_weight), total: total(leaf) * factor }
        }
        Piece::Ratio { above, under } => Side { weight: total(under), total: total(above) },
        Piece::Total { leaf } => Side { weight: 1.0, total: total(leaf) },
    }
}

fn sums(leaf: usize, factor: f64, cells: &[Option<Cell>]) -> Sums {
    let Some(it) = moments(cells[leaf].as_ref()) else { return Sums::default() };
    let (w2s, w2s2) = it.second();
    Sums {
        n: it.n as f64,
        w: it.total_weight(),
        ws: it.total() * factor,
        w2: it.total_weight2(),
        w2s: w2s * factor,
        w2s2: w2s2 * factor * factor,
    }
}

/// Splits a change over groups of segments. `None` where a rate is not defined in one of them.
pub fn moved(model: &Model, arena: &Arena, atoms: &Atoms, groups: &[Group], method: Method) -> Option<Moved> {
    let (effects, shares) = effects(atoms, groups, method)?;
    let errors = atoms.sampled.then(|| errors(atoms, groups, method)).flatten();
    let has_mix = !atoms.is_total();
    let estimate = |value: f64, se: Option<f64>| Estimate { value, se };
    let own: Vec<Own> = groups
        .iter()
        .enumerate()
        .map(|(at, group)| {
            let error = errors.as_ref().map(|it| it.0[at]);
            let show = |cells: &[Option<Cell>], share: f64| Share {
                value: values(model, arena, &atoms.order, &atoms.leaves, cells).last().copied().flatten(),
                n: cells.iter().map(|it| it.as_ref().map_or(0, Cell::n)).min().unwrap_or(0),
                share: (atoms.is_rate() && share.is_finite()).then_some(share * 100.0),
            };
            Own {
                before: show(&group.before, shares[at].0),
                after: show(&group.after, shares[at].1),
                mix: has_mix.then(|| estimate(effects[at].mix, error.map(|it| it.mix))),
                rate: estimate(effects[at].rate, error.map(|it| it.rate)),
                interaction: effects[at].interaction,
                whole: estimate(effects[at].whole(), error.map(|it| it.whole)),
            }
        })
        .collect();
    let sum = |pick: &dyn Fn(&Effect) -> f64| effects.iter().map(pick).sum::<f64>();
    let interaction = sum(&|it| it.interaction);
    let whole = errors.as_ref().map(|it| it.1);
    let mix = has_mix.then(|| estimate(sum(&|it| it.mix), whole.map(|it| it.mix)));
    let rate = estimate(sum(&|it| it.rate), whole.map(|it| it.rate));
    // Whether segments moved differently is one question, however their changes are told.
    let middle = if method == Method::Midpoint { effects } else { self::effects(atoms, groups, Method::Midpoint)?.0 };
    let (uneven, p) = uneven(atoms, groups, &middle, &shares);
    // What chance alone would make of a mix is not told as one.
    let beyond = |it: Estimate| match it.se {
        Some(se) if it.value != 0.0 => it.value.abs() * (1.0 - (se / it.value) * (se / it.value)).max(0.0),
        _ => it.value.abs(),
    };
    let explains = mix.map_or(0.0, beyond) + uneven;
    Some(Moved { groups: own, mix, rate, interaction, explains, p })
}

/// What each group adds by its mix and its rate, and its shares in both periods.
type Effects = (Vec<Effect>, Vec<(f64, f64)>);

fn effects(atoms: &Atoms, groups: &[Group], method: Method) -> Option<Effects> {
    let mut effects = vec![Effect::default(); groups.len()];
    let mut shares = vec![(0.0, 0.0); groups.len()];
    for (piece, slope) in &atoms.pieces {
        let segments: Vec<Segment> =
            groups.iter().map(|it| Segment { before: side(*piece, &it.before), after: side(*piece, &it.after) }).collect();
        let found: Vec<Effect> = match piece {
            // A total is the sum of its segments.
            Piece::Total { .. } => {
                segments.iter().map(|it| Effect { rate: it.after.total - it.before.total, ..Effect::default() }).collect()
            }
            _ => mix::split(&segments, method)?.effects,
        };
        for (sum, it) in effects.iter_mut().zip(&found) {
            *sum = Effect {
                mix: sum.mix + it.mix * slope,
                rate: sum.rate + it.rate * slope,
                interaction: sum.interaction + it.interaction * slope,
            };
        }
        let weight = |pick: &dyn Fn(&Segment) -> f64| segments.iter().map(pick).sum::<f64>();
        let (w0, w1) = match piece {
            Piece::Total { .. } => (weight(&|it| it.before.total), weight(&|it| it.after.total)),
            _ => (weight(&|it| it.before.weight), weight(&|it| it.after.weight)),
        };
        for (share, it) in shares.iter_mut().zip(&segments) {
            *share = match piece {
                Piece::Total { .. } => (it.before.total / w0, it.after.total / w1),
                _ => (it.before.weight / w0, it.after.weight / w1),
            };
        }
    }
    Some((effects, shares))
}

fn errors(atoms: &Atoms, groups: &[Group], method: Method) -> Option<(Vec<mix::Errors>, mix::Errors)> {
    let [(Piece::Mean { leaf, factor }, slope)] = atoms.pieces.as_slice() else { return None };
    if method != Method::Midpoint {
        return None;
    }
    let sums =
        |pick: &dyn Fn(&Group) -> &Vec<Option<Cell>>| -> Vec<Sums> { groups.iter().map(|it| sums(*leaf, *factor, pick(it))).collect() };
    let (each, whole) = mix::errors(&sums(&|it| &it.before), &sums(&|it| &it.after))?;
    let times = |it: mix::Errors| mix::Errors { mix: it.mix * slope.abs(), rate: it.rate * slope.abs(), whole: it.whole * slope.abs() };
    Some((each.into_iter().map(times).collect(), times(whole)))
}

/// How much of the change came by segments moving otherwise than together, beyond chance; and that chance. `effects` are
/// those of the midpoint, whose rate over the mean share is a segment's own change.
fn uneven(atoms: &Atoms, groups: &[Group], effects: &[Effect], shares: &[(f64, f64)]) -> (f64, Option<f64>) {
    let share = |at: usize| f64::midpoint(shares[at].0, shares[at].1);
    let there = |at: &usize| {
        let any = |cells: &[Option<Cell>]| cells.iter().any(|it| it.as_ref().is_some_and(|it| it.n() > 0));
        any(&groups[*at].before) && any(&groups[*at].after) && share(*at) > 0.0
    };
    let moves: Vec<(f64, f64)> = (0..groups.len()).filter(there).map(|it| (share(it), effects[it].rate / share(it))).collect();
    let plain = mix::spread(moves.iter().copied()).unwrap_or(0.0);
    let [(Piece::Mean { leaf, factor }, slope)] = atoms.pieces.as_slice() else { return (plain, None) };
    if !atoms.sampled {
        return (plain, None);
    }
    let variance = |at: usize| -> Option<f64> {
        let [a, b] = [&groups[at].before, &groups[at].after].map(|it| sums(*leaf, *factor, it));
        let (_, whole) = mix::errors(&[a], &[b])?;
        Some(whole.rate * whole.rate * slope * slope)
    };
    let known: Vec<(f64, f64, f64)> =
        (0..groups.len()).filter(there).zip(&moves).map(|(at, it)| (it.0, it.1, variance(at).unwrap_or(0.0))).collect();
    match mix::uneven(&known) {
        Some(it) => (it.size * it.beyond_chance, Some(it.p)),
        None => (0.0, None),
    }
}

/// The error of the change of a leaf that is a mean, where its rows are samples.
pub fn change_error(arena: &Arena, at: LeafAt, before: Option<&Cell>, after: Option<&Cell>) -> Option<f64> {
    let leaf = arena.leaf(at);
    if leaf.complete || leaf.cluster.is_some() {
        return None;
    }
    let factor = match leaf.estimator {
        Estimator::Mean { factor, .. } => factor,
        Estimator::Share | Estimator::Net => 100.0,
        _ => return None,
    };
    let of = |it: Option<&Cell>| sums(0, factor, &[it.cloned()]);
    Some(mix::errors(&[of(before)], &[of(after)])?.1.rate)
}
