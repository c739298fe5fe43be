//! How far chance can move a figure: its error and interval, by what its leaves are and what they have in common.

use super::value::rescaled;
use super::{Asked, Evaluator, LeafFigure, Linear, Point, number_of};
use crate::calendar::{Grain, Period};
use crate::engine::KeyValue;
use crate::eval::variance::{self, Part};
use crate::eval::window::{self, Range};
use crate::eval::{Figure, Note};
use crate::model::Arithmetic;
use crate::plan::{Estimator, Placed, PlacedJoint, Planned, Step, StepId};
use crate::state::{Cell, Joint, Moments, State};
use crate::stats;
use crate::stats::difference::Variance;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// How sure a mean, share or net is, in its unit.
struct Sure {
    se: f64,
    ends: Option<(f64, f64)>,
}

impl Evaluator<'_> {
    pub(super) fn uncertainty(&self, asked: &Asked<'_>, leaves: &[LeafFigure<'_>], linear: &Linear, point: Point, figure: &mut Figure) {
        if asked.without_error {
            figure.notes.push(Note::NoInterval);
            return;
        }
        let planned = asked.planned;
        // What is held between its ends has the interval of what it is not held, held as it is.
        let inner = |of: &StepId| self.steps(asked, &self.plan.arena.computed(*of), &figure.key, leaves, point, &mut Vec::new());
        let unheld = match self.plan.arena.step(planned.root) {
            Step::Clamp { of, .. } => inner(of),
            Step::Rescale { of, low, high } => inner(of).map(|it| rescaled(it, *low, *high)),
            _ => None,
        };
        self.interval(asked, leaves, unheld.as_ref().unwrap_or(linear), point, figure);
        if linear.is_held() {
            // Its error is what chance brings back of it: none, where all of its interval lies beyond the end.
            let inside = unheld.as_ref().map_or(1.0, |it| linear.part_of(it));
            let is_fixed = figure.low.is_some() && figure.low == figure.high;
            figure.se = figure.se.map(|it| if is_fixed { 0.0 } else { it * inside });
        }
    }

    fn interval(&self, asked: &Asked<'_>, leaves: &[LeafFigure<'_>], linear: &Linear, point: Point, figure: &mut Figure) {
        let planned = asked.planned;
        let sampled: Vec<(usize, f64)> =
            linear.gradient.iter().copied().filter(|(at, _)| !self.plan.arena.leaf(planned.leaves[*at].at).complete).collect();
        if sampled.is_empty() {
            // Complete data have no sampling error (R15).
            return;
        }
        if let [(at, slope)] = sampled.as_slice() {
            self.single(asked, (*at, *slope), leaves, linear, point, figure);
            return;
        }
        if linear.is_held() && sampled.iter().all(|it| it.1 == 0.0) {
            // Chance brings no part back inside its ends.
            figure.se = Some(0.0);
            self.set_interval(planned, linear.value, linear.value, figure);
            return;
        }
        match self.variances(planned, leaves, &sampled) {
            Ok(parts) => {
                let (se, critical) = self.error(&parts);
                figure.se = Some(se);
                if let Some(critical) = critical {
                    let (least, most) = self.bounds(asked, leaves);
                    let end = |it: f64| it.max(least).min(most);
                    self.set_interval(planned, end(linear.value - critical * se), end(linear.value + critical * se), figure);
                }
            }
            Err(note) => figure.notes.push(note),
        }
    }

    fn set_interval(&self, planned: &Planned, low: f64, high: f64, figure: &mut Figure) {
        let (low, high) = if low <= high { (low, high) } else { (high, low) };
        let range = self.checked.model.kpis[planned.ask.kpi.index()].unit.as_ref().and_then(crate::value::Unit::range);
        let (least, most) = range.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        let (least, most) = match self.plan.arena.step(planned.root) {
            Step::Clamp { low, high, .. } => (least.max(*low), most.min(*high)),
            _ => (least, most),
        };
        figure.low = Some(low.clamp(least, most));
        figure.high = Some(high.clamp(least, most));
    }

    /// A figure of one sampled leaf: the leaf's own interval, carried over.
    fn single(
        &self,
        asked: &Asked<'_>,
        (at, slope): (usize, f64),
        leaves: &[LeafFigure<'_>],
        linear: &Linear,
        point: Point,
        figure: &mut Figure,
    ) {
        let (planned, leaf) = (asked.planned, &leaves[at]);
        let confidence = self.checked.model.project.confidence;
        let instance = self.plan.arena.leaf(planned.leaves[at].at);
        let (Some(cell), Some(value)) = (&leaf.cell, leaf.value) else { return };
        let (total, alone) = (linear.value, linear.gradient.len() == 1);
        let (se, interval) = match (&cell.state, instance.estimator) {
            (State::Moments(moments), Estimator::Mean { .. } | Estimator::Share | Estimator::Net) => {
                figure.n_effective = Some(match &moments.weighted {
                    Some(_) => stats::kish(moments.total_weight(), moments.total_weight2()).unwrap_or(0.0),
                    None => moments.n as f64,
                })
                .filter(|_| alone);
                match self.moments_interval(planned, at, leaf, cell, confidence) {
                    Ok(found) => (Some(found.se), found.ends),
                    Err(note) => {
                        figure.notes.push(note);
                        return;
                    }
                }
            }
            (State::Frequencies { table, .. }, Estimator::Percentile(percentile)) => {
                let weighted = instance.weight.is_some();
                let pairs: Vec<(f64, u64)> = table.iter().filter_map(|(it, (n, _))| number_of(it).map(|it| (it, *n))).collect();
                let interval = if weighted { None } else { stats::order_statistics(&pairs, percentile / 100.0, confidence) };
                if interval.is_none() {
                    figure.notes.push(Note::IntervalUnknown);
                }
                (None, interval.map(|it| (it.low, it.high)))
            }
            // What a model says is certain only as far as the model is: that is noted.
            (_, Estimator::Forecast { .. }) => return,
            _ => {
                figure.notes.push(Note::NoInterval);
                return;
            }
        };
        figure.se = se.map(|it| it * slope.abs());
        if se.is_none() && interval.is_none() {
            figure.notes.push(Note::IntervalUnknown);
        }
        if let Some((low, high)) = interval {
            if let Some((low, high)) = self.bent(asked, (leaves, at), [value, low, high], point, &figure.key) {
                self.set_interval(planned, low, high, figure);
                return;
            }
            // A figure that is linear in its leaf has the leaf's interval, on its own scale.
            let carried = |it: f64| if slope == 1.0 && alone { it + (total - value) } else { total + slope * (it - value) };
            let exact = slope == 1.0 && alone && total == value;
            let (low, high) = if exact { (low, high) } else { (carried(low), carried(high)) };
            self.set_interval(planned, low, high, figure);
        }
    }

    /// The least and most that a figure is where a leaf has these values, if something in it is held at an end there.
    fn bent(
        &self,
        asked: &Asked<'_>,
        (leaves, at): (&[LeafFigure<'_>], usize),
        values: [f64; 3],
        point: Point,
        key: &[KeyValue],
    ) -> Option<(f64, f64)> {
        if !asked.order.iter().any(|it| matches!(self.plan.arena.step(*it), Step::Clamp { .. } | Step::Rescale { .. })) {
            return None;
        }
        let (mut leaves, mut notes) = (leaves.to_vec(), Vec::new());
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values {
            leaves[at].value = Some(value);
            let found = self.steps(asked, &asked.order, key, &leaves, point, &mut notes)?.value;
            (low, high) = (low.min(found), high.max(found));
        }
        notes.contains(&Note::HeldInside).then_some((low, high))
    }

    /// How far chance may move a figure either way; none where that is unknown, or where there is no chance in it.
    pub(super) fn reach(&self, asked: &Asked<'_>, leaves: &[LeafFigure<'_>], linear: &Linear) -> Option<f64> {
        let is_sampled = |at: usize| !self.plan.arena.leaf(asked.planned.leaves[at].at).complete;
        let sampled: Vec<(usize, f64)> = linear.gradient.iter().copied().filter(|it| is_sampled(it.0)).collect();
        let parts = self.variances(asked.planned, leaves, &sampled).ok().filter(|it| !it.is_empty())?;
        let (se, critical) = self.error(&parts);
        Some(critical? * se)
    }

    /// The standard error of what is made of independent parts, and by how many of it an interval reaches either way.
    fn error(&self, parts: &[Variance]) -> (f64, Option<f64>) {
        let confidence = self.checked.model.project.confidence;
        let critical = match parts.iter().filter_map(|it| it.df).reduce(f64::min) {
            Some(df) => stats::t_critical(confidence, df),
            None => stats::normal_critical(confidence),
        };
        (parts.iter().map(|it| it.of).sum::<f64>().sqrt(), critical)
    }

    /// The least and most that a figure can be, by the ends that its parts are held between.
    fn bounds(&self, asked: &Asked<'_>, leaves: &[LeafFigure<'_>]) -> (f64, f64) {
        let free = (f64::NEG_INFINITY, f64::INFINITY);
        let times = |(low, high): (f64, f64), factor: f64| match factor {
            0.0 => (0.0, 0.0),
            _ if factor < 0.0 => (high * factor, low * factor),
            _ => (low * factor, high * factor),
        };
        let mut found: Vec<(f64, f64)> = Vec::with_capacity(asked.order.len());
        for id in &asked.order {
            let of = |it: &StepId| asked.order.binary_search(it).ok().and_then(|it| found.get(it)).copied().unwrap_or(free);
            let bounds = match self.plan.arena.step(*id) {
                Step::Number(value) => (*value, *value),
                Step::Leaf(at) => {
                    let place = asked.planned.leaves.iter().position(|it| it.at == *at);
                    let value = place.filter(|_| self.plan.arena.leaf(*at).complete).and_then(|it| leaves.get(it)?.value);
                    value.map_or(free, |it| (it, it))
                }
                Step::Clamp { low, high, .. } => (*low, *high),
                Step::Rescale { .. } => (0.0, 100.0),
                Step::Hold { of: it, .. } => of(it),
                Step::Negate(it) => times(of(it), -1.0),
                Step::Scaled { of: it, factor } => times(of(it), *factor),
                Step::Binary { operator: Arithmetic::Add, left, right } => (of(left).0 + of(right).0, of(left).1 + of(right).1),
                Step::Binary { operator: Arithmetic::Subtract, left, right } => (of(left).0 - of(right).1, of(left).1 - of(right).0),
                // An index may be without some of its parts.
                Step::Index { parts, least: Some(_) } => {
                    parts.iter().map(|it| of(&it.0)).fold((f64::INFINITY, f64::NEG_INFINITY), |a, b| (a.0.min(b.0), a.1.max(b.1)))
                }
                Step::Index { parts, least: None } => {
                    let total: f64 = parts.iter().map(|it| it.1).sum();
                    let part = |it: &(StepId, f64)| times(of(&it.0), it.1 / total);
                    parts.iter().map(part).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1))
                }
                _ => free,
            };
            found.push(bounds);
        }
        found.pop().unwrap_or(free)
    }

    /// Standard error and interval of a mean, share or net, in the leaf's unit; or why they cannot be told.
    fn moments_interval(&self, planned: &Planned, at: usize, leaf: &LeafFigure<'_>, cell: &Cell, confidence: f64) -> Result<Sure, Note> {
        let placed = &planned.leaves[at];
        let instance = self.plan.arena.leaf(placed.at);
        let State::Moments(moments) = &cell.state else { return Err(Note::IntervalUnknown) };
        let value = leaf.value.ok_or(Note::IntervalUnknown)?;
        let factor = match instance.estimator {
            Estimator::Mean { factor, .. } => factor,
            _ => 100.0,
        };
        let part = Part { gradient: 1.0, moments: moments.clone(), total: false };
        if instance.cluster.is_some() {
            let clusters = self.clusters(planned, &[(at, leaf)]);
            let parts = [part];
            let (variance, count) = variance::clustered(&parts, &clusters).ok_or(Note::IntervalUnknown)?;
            if variance::is_none(variance, &parts) {
                let size = self.alike(instance.estimator, &parts[0], Some(&clusters), 0)?;
                return Ok(Sure { se: 0.0, ends: alike_interval(instance.estimator, value, size, confidence) });
            }
            let se = variance.sqrt() * factor.abs();
            let interval = stats::t_critical(confidence, count as f64 - 1.0).map(|it| (value - it * se, value + it * se));
            return Ok(Sure { se, ends: interval });
        }
        let weighted = moments.weighted.is_some();
        let is_mean = matches!(instance.estimator, Estimator::Mean { .. });
        let made = self.made_variance(placed, leaf);
        let variance = made.or_else(|| variance::single(&part, !weighted && !is_mean)).ok_or(Note::IntervalUnknown)?;
        let se = variance.sqrt() * factor.abs();
        let n = moments.n as f64;
        let interval = match (instance.estimator, weighted) {
            // One answer says nothing of others, nor how far chance moves it.
            (Estimator::Net, _) if moments.n < 2 => return Err(Note::IntervalUnknown),
            // The imagined answers of this interval are a spread where all real ones are alike.
            (Estimator::Net, false) => {
                let net = moments.s.to_f64();
                let either = moments.s2.to_f64();
                let (good, bad) = ((either + net) / 2.0, (either - net) / 2.0);
                stats::adjusted_wald_net(good as u64, bad as u64, moments.n, confidence).map(|it| (it.low, it.high))
            }
            (Estimator::Net, true) if part.is_constant() => {
                alike_interval(instance.estimator, value, self.alike(instance.estimator, &part, None, 0)?, confidence)
            }
            (Estimator::Net | Estimator::Mean { .. }, _) if variance::is_none(variance, std::slice::from_ref(&part)) => {
                return Err(Note::NoSpread);
            }
            (Estimator::Share, _) => {
                let p = (value / 100.0).clamp(0.0, 1.0);
                let size = if weighted {
                    stats::kish(moments.total_weight(), moments.total_weight2()).and_then(|kish| stats::share_size(p, variance, kish))
                } else {
                    Some(n)
                };
                size.and_then(|it| stats::wilson(p, it, confidence)).map(|it| (it.low * 100.0, it.high * 100.0))
            }
            (Estimator::Mean { .. }, false) => stats::t_mean(value, se, n - 1.0, confidence).map(|it| (it.low, it.high)),
            _ => stats::wald(value, se, confidence).map(|it| (it.low, it.high)),
        };
        Ok(Sure { se, ends: interval })
    }

    /// What the answers of a share or net are worth where all are alike, of rows or of clusters; else nothing tells how far
    /// chance may move a leaf without spread. `place` is that of the leaf in the clusters.
    fn alike(&self, estimator: Estimator, part: &Part, clusters: Option<&[Vec<Cow<'_, Cell>>]>, place: usize) -> Result<f64, Note> {
        if !(matches!(estimator, Estimator::Share | Estimator::Net) && part.is_constant()) {
            return Err(Note::NoSpread);
        }
        let size = match clusters {
            Some(clusters) => {
                let weights = clusters.iter().filter_map(|it| match &it[place].state {
                    State::Moments(moments) if moments.n > 0 => Some(moments.total_weight()),
                    _ => None,
                });
                let (sum, squares, count) = weights.fold((0.0, 0.0, 0), |it, weight| (it.0 + weight, it.1 + weight * weight, it.2 + 1));
                stats::clusters_size(sum, squares, count, self.checked.model.project.confidence)
            }
            None if part.moments.weighted.is_some() => stats::kish(part.moments.total_weight(), part.moments.total_weight2()),
            None => Some(part.moments.n as f64),
        };
        size.ok_or(Note::IntervalUnknown)
    }

    /// What parts of which all answers are alike add to the variance of what is made of them; a mean of such says nothing.
    fn alike_variance(
        &self,
        planned: &Planned,
        group: &[(usize, f64)],
        parts: &[Part],
        clusters: Option<&[Vec<Cow<'_, Cell>>]>,
    ) -> Result<f64, Note> {
        let mut sum = 0.0;
        for (place, ((at, _), part)) in group.iter().zip(parts).enumerate().filter(|it| it.1.1.gradient != 0.0 && it.1.1.is_constant()) {
            let estimator = self.plan.arena.leaf(planned.leaves[*at].at).estimator;
            let size = self.alike(estimator, part, clusters, place)?;
            let of = match estimator {
                Estimator::Share => stats::adjusted_share_variance(size),
                _ => stats::adjusted_net(size, 0.0, size).map(|it| it.1),
            };
            sum += part.gradient * part.gradient * of.ok_or(Note::IntervalUnknown)?;
        }
        Ok(sum)
    }

    /// For each cluster the cells of some leaves of one grouping. A cluster is one, however many buckets of the window
    /// and segments of the rest it stands in.
    fn clusters<'t>(&self, planned: &Planned, members: &[(usize, &LeafFigure<'t>)]) -> Vec<Vec<Cow<'t, Cell>>> {
        let mut clusters: BTreeMap<&str, Vec<Option<Cow<'t, Cell>>>> = BTreeMap::new();
        for (place, (at, leaf)) in members.iter().enumerate() {
            let placed = &planned.leaves[*at];
            let position = self.position(placed);
            let limit = self.plan.reads[placed.read].leaves[placed.leaf].persons.map_or(0, |it| it.1);
            for group in leaf.groups.iter().copied() {
                let Some(cluster) = &group.cluster else { continue };
                let cells = clusters.entry(cluster).or_insert_with(|| vec![None; members.len()]);
                let cell = group.cells.get(position);
                match &mut cells[place] {
                    Some(known) => known.to_mut().merge(&cell, limit),
                    unknown => *unknown = Some(cell),
                }
            }
        }
        let empty = || Cow::Owned(Cell::new(State::Moments(Moments::default())));
        clusters.into_values().map(|cells| cells.into_iter().map(|it| it.unwrap_or_else(empty)).collect()).collect()
    }

    /// The variance of what is linear in several leaves, in parts that are independent, with the degrees of freedom that
    /// clusters give.
    pub(in crate::eval) fn variances(
        &self,
        planned: &Planned,
        leaves: &[LeafFigure<'_>],
        sampled: &[(usize, f64)],
    ) -> Result<Vec<Variance>, Note> {
        let mut rest = self.merged(planned, leaves, sampled);
        let mut parts = Vec::new();
        let mut ranges: Vec<(crate::model::SourceId, Range)> = Vec::new();
        let moves = sampled.iter().any(|it| it.1 != 0.0);
        while let Some((first, _)) = rest.first().copied() {
            let instance = self.plan.arena.leaf(planned.leaves[first].at);
            // A cluster that is a customer is the same one at another time; any other cluster is another draw.
            let is_panel = instance.cluster.is_some() && instance.cluster == self.checked.model.sources[instance.source.index()].customer;
            let same = |at: usize| {
                let other = self.plan.arena.leaf(planned.leaves[at].at);
                let together = leaves[at].range == leaves[first].range && planned.leaves[at].grouping == planned.leaves[first].grouping;
                other.source == instance.source && (together || (is_panel && other.cluster == instance.cluster))
            };
            let (group, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(|(at, _)| same(*at));
            rest = others;
            // What is held far beyond an end moves nothing.
            if moves && group.iter().all(|it| it.1 == 0.0) {
                continue;
            }
            let range = leaves[first].range.ok_or(Note::NoEarlier)?;
            // Rows that stand in two windows of one source are not independent; their joint state is not kept.
            if ranges.iter().any(|(source, it)| *source == instance.source && it.overlaps(range)) {
                return Err(Note::IntervalUnknown);
            }
            ranges.push((instance.source, range));
            if instance.cluster.is_some() {
                // A cluster may stand in the segment and in the rest.
                parts.push(self.group_variance(planned, leaves, &group)?);
                continue;
            }
            // Rows of the segment and of the rest are different ones.
            let is_rest = |at: usize| self.plan.arena.leaf(planned.leaves[at].at).window.rest;
            let (of_rest, own): (Vec<_>, Vec<_>) = group.into_iter().partition(|(at, _)| is_rest(*at));
            for group in [own, of_rest].iter().filter(|it| !it.is_empty()) {
                parts.push(self.group_variance(planned, leaves, group)?);
            }
        }
        Ok(parts)
    }

    /// The slopes of leaves, those of the same rows taken together: what is held is also the figure of its own period.
    fn merged(&self, planned: &Planned, leaves: &[LeafFigure<'_>], sampled: &[(usize, f64)]) -> Vec<(usize, f64)> {
        let is_held = |at: usize| self.plan.arena.leaf(planned.leaves[at].at).window.held.is_some();
        let same = |a: usize, b: usize| {
            let (first, second) = (&planned.leaves[a], &planned.leaves[b]);
            let (x, y) = (self.plan.arena.leaf(first.at), self.plan.arena.leaf(second.at));
            (first.read, first.leaf, first.grouping) == (second.read, second.leaf, second.grouping)
                && (x.estimator, x.window.rest, x.window.over) == (y.estimator, y.window.rest, y.window.over)
                && leaves[a].range == leaves[b].range
        };
        let mut merged: Vec<(usize, f64)> = Vec::with_capacity(sampled.len());
        for (at, slope) in sampled {
            match merged.iter_mut().find(|it| (is_held(it.0) || is_held(*at)) && same(it.0, *at)) {
                Some(known) => known.1 += slope,
                None => merged.push((*at, *slope)),
            }
        }
        // What enters and leaves by as much is not there.
        let size = sampled.iter().map(|it| it.1.abs()).fold(0.0, f64::max);
        merged.retain(|(at, slope)| slope.abs() > 1e-12 * size || sampled.contains(&(*at, *slope)));
        merged
    }

    /// The variance that the leaves of one source and window add.
    fn group_variance(&self, planned: &Planned, leaves: &[LeafFigure<'_>], group: &[(usize, f64)]) -> Result<Variance, Note> {
        let mut parts = Vec::new();
        for (at, slope) in group {
            let instance = self.plan.arena.leaf(planned.leaves[*at].at);
            let Some(Cell { state: State::Moments(moments), .. }) = leaves[*at].cell.as_deref() else { return Err(Note::IntervalUnknown) };
            let factor = match instance.estimator {
                Estimator::Mean { factor, .. } => factor,
                Estimator::Share | Estimator::Net => 100.0,
                Estimator::Total => 1.0,
                _ => return Err(Note::IntervalUnknown),
            };
            let total = instance.estimator == Estimator::Total;
            parts.push(Part { gradient: slope * factor, moments: moments.clone(), total });
        }
        if !variance::is_centred(&parts) {
            return Err(Note::NoInterval);
        }
        let (first, _) = group[0];
        if self.plan.arena.leaf(planned.leaves[first].at).cluster.is_some() {
            let members: Vec<(usize, &LeafFigure<'_>)> = group.iter().map(|it| (it.0, &leaves[it.0])).collect();
            let clusters = self.clusters(planned, &members);
            let (variance, count) = variance::clustered(&parts, &clusters).ok_or(Note::IntervalUnknown)?;
            let of = spread(variance, &parts, self.alike_variance(planned, group, &parts, Some(&clusters))?)?;
            return Ok(Variance { of, df: Some(count as f64 - 1.0) });
        }
        let alike = self.alike_variance(planned, group, &parts, None)?;
        let linearised = |of: Option<f64>| {
            let of = spread(of.ok_or(Note::IntervalUnknown)?, &parts, alike)?;
            Ok(Variance { of, df: None })
        };
        if let [part] = parts.as_slice() {
            let made = (!part.total).then(|| self.made_variance(&planned.leaves[first], &leaves[first])).flatten();
            return linearised(made.map(|it| it * part.gradient * part.gradient).or_else(|| variance::single(part, false)));
        }
        let places: Vec<usize> = group.iter().map(|it| it.0).collect();
        let (placed, joint) = self.joint(planned, leaves, &places).ok_or(Note::IntervalUnknown)?;
        // The joint holds all members, in its order; one that the figure is not made of here adds nothing.
        let mut ordered = Vec::new();
        for member in &placed.members {
            match group.iter().position(|(at, _)| at == member) {
                Some(at) => ordered.push(parts[at].clone()),
                None => {
                    // It is held from elsewhere, or is no part of an index here: rows that it has all the same were counted
                    // among those with any part.
                    let position = self.position(&planned.leaves[*member]);
                    if window::cell(&leaves[first].groups, position, 0).is_some_and(|it| it.n() > 0) {
                        return Err(Note::IntervalUnknown);
                    }
                    ordered.push(Part { gradient: 0.0, moments: Moments::default(), total: true });
                }
            }
        }
        linearised(variance::joint(&ordered, &joint))
    }

    /// The variance of a leaf's mean where its weights were made to meet margins: what the margins explain is certain.
    fn made_variance(&self, placed: &Placed, leaf: &LeafFigure<'_>) -> Option<f64> {
        let instance = self.plan.arena.leaf(placed.at);
        let weighting = self.checked.model.sources[instance.source.index()].weighting.as_ref()?;
        if instance.cluster.is_some() || instance.weight != Some(weighting.weight) {
            return None;
        }
        let range = leaf.range?;
        let calendar = &self.checked.model.project.calendar;
        let weighed = self.table.weighed.iter().find(|it| it.source == instance.source)?;
        let within = |it: &Period| {
            it.grain() == Grain::All || range.overlaps(Range { from: it.start(calendar), until: it.end(calendar), all: false })
        };
        let cells: Vec<_> = weighed.waves.iter().filter(|it| within(&it.period)).flat_map(|it| &it.cells).collect();
        let position = self.position(placed);
        let mut sums: Vec<stats::raking::CellSums> = cells.iter().map(|it| it.sums).collect();
        let places: HashMap<&str, usize> = cells.iter().enumerate().map(|(at, it)| (it.name.as_str(), at)).collect();
        for group in leaf.groups.iter() {
            let Some(cell) = group.cluster.as_deref().and_then(|it| places.get(it)) else { continue };
            let held = group.cells.get(position);
            let State::Moments(moments) = &held.state else { return None };
            let (w2s, w2s2) = moments.second();
            let it = &mut sums[*cell];
            it.n += moments.n as f64;
            it.s += moments.s.to_f64();
            it.w += moments.total_weight();
            it.ws += moments.total();
            it.w2 += moments.total_weight2();
            it.w2s += w2s;
            it.w2s2 += w2s2;
        }
        let margins = cells.first().map_or(0, |it| it.levels.len());
        let levels: Vec<Vec<usize>> = (0..margins).map(|margin| cells.iter().map(|it| it.levels[margin]).collect()).collect();
        stats::raking::calibrated_variance(&sums, &levels)
    }

    /// What is kept of leaves together, where it is.
    fn joint<'p>(&self, planned: &'p Planned, leaves: &[LeafFigure<'_>], places: &[usize]) -> Option<(&'p PlacedJoint, Joint)> {
        let placed = planned.joints.iter().find(|joint| places.iter().all(|at| joint.members.contains(at)))?;
        let grouping = &self.plan.reads[placed.read].groupings[placed.grouping];
        let position = grouping.joints.iter().position(|it| *it == placed.joint)?;
        Some((placed, window::joint(&leaves[places[0]].groups, position)?))
    }

    /// Whether no row is in both of two leaves.
    pub(in crate::eval) fn are_apart(&self, planned: &Planned, leaves: &[LeafFigure<'_>], a: usize, b: usize) -> bool {
        let (first, second) = (self.plan.arena.leaf(planned.leaves[a].at), self.plan.arena.leaf(planned.leaves[b].at));
        if first.source != second.source || first.window.rest != second.window.rest {
            return true;
        }
        if leaves[a].range != leaves[b].range || !first.window.is_same_time(&second.window) {
            return leaves[a].range.zip(leaves[b].range).is_some_and(|(a, b)| !a.overlaps(b));
        }
        let Some((placed, joint)) = self.joint(planned, leaves, &[a, b]) else { return false };
        let place = |of: usize| placed.members.iter().position(|it| *it == of);
        let (Some(i), Some(j)) = (place(a), place(b)) else { return false };
        joint.pairs[Joint::pair(placed.members.len(), i.min(j), i.max(j))][0].to_f64() == 0.0
    }
}

/// The interval of a share or net of answers that are all alike, in percent or points, by what they are worth.
fn alike_interval(estimator: Estimator, value: f64, size: f64, confidence: f64) -> Option<(f64, f64)> {
    let found = match estimator {
        Estimator::Share => stats::wilson((value / 100.0).clamp(0.0, 1.0), size, confidence).map(|it| it.times(100.0)),
        _ => stats::adjusted_wald_alike(value / 100.0, size, confidence),
    };
    found.map(|it| (it.low, it.high))
}

/// A variance with what parts that are all alike add to it. Where there is none, nothing tells how far chance may move the
/// figure, but for means that make up a whole together: their sum is certain.
fn spread(variance: f64, parts: &[Part], alike: f64) -> Result<f64, Note> {
    let is_certain = parts.len() > 1 && parts.iter().all(|it| !it.total);
    if alike == 0.0 && !is_certain && variance::is_none(variance, parts) {
        return Err(Note::NoSpread);
    }
    Ok(variance + alike)
}
