//! How does a figure stand to another one: how far apart are they, and may that be chance?
//!
//! Both are linear in their leaves near their values, so that the change is too: its variance counts leaves that both
//! have once, rows that both have by their joint state, and clusters that both have as one.

use super::figure::{Asked, Evaluator, LeafFigure, Linear, Point, add};
use super::variance::{self, Part};
use super::window::Range;
use super::{Figure, Note};
use crate::calendar::{Date, Grain, Period};
use crate::check::{MadeOtherwise, made_otherwise};
use crate::model::{KpiId, break_between};
use crate::plan::{Against, Estimator, Leafed, Measure, Planned};
use crate::state::State;
use crate::stats::difference::{self, Difference, Net, Variance};
use crate::stats::{self, Interval};
use crate::value::Unit;
use std::sync::Arc;

/// A figure held against another.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// The period of the other figure, where it is an earlier one.
    pub period: Option<Period>,
    /// The other figure.
    pub previous: Option<f64>,
    /// The figure less the other.
    pub change: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Of the test by itself.
    pub p: Option<f64>,
    /// The smallest change that the test finds in most cases: see [`Difference::detectable`].
    pub detectable: Option<f64>,
    /// The series that says whether it is a signal, where no test does.
    pub series: Option<UpTo>,
    /// What the minimum base is held against, of the other figure. None outside protection.
    pub protected_base: Option<u64>,
    pub refused: Option<Refused>,
    pub notes: Vec<Note>,
}

/// Why a figure is not held against another one.
#[derive(Clone, Debug, PartialEq)]
pub enum Refused {
    /// A definition changed in between: that of another KPI that this one is made of, or its own; when, and why.
    Changed { of: Option<KpiId>, on: Date, reason: String },
    /// The outside figure was made otherwise.
    MadeOtherwise(Vec<MadeOtherwise>),
    /// The outside figure is of a period too far from ours.
    Period { theirs: Period, own: Period },
}

/// Days between two periods beyond which an outside figure says nothing of ours: two years.
const MOST_APART: i32 = 731;

/// The values of a series by period, without gaps in the periods: none where there is no value, where it is of a period
/// that is not whole, or where too few answered for it to be shown.
pub type Points = Vec<(Period, Option<f64>)>;

/// A series up to one of its points.
#[derive(Clone, Debug, PartialEq)]
pub struct UpTo {
    /// Of all its periods.
    pub points: Arc<Points>,
    /// The place of the point.
    pub place: usize,
}

impl Evaluator<'_> {
    /// Holds a figure against what its ask names.
    pub(super) fn compare(
        &self,
        asked: &Asked<'_>,
        against: &Against,
        place: usize,
        leaves: &[LeafFigure<'_>],
        linear: Option<&Linear>,
        figure: &Figure,
    ) -> Compared {
        let mut compared = Compared::default();
        match against {
            Against::Previous | Against::Year | Against::Earlier(_) => {
                compared.period = self.earlier(asked, against, figure.period);
                compared.refused = self.broken(asked, compared.period, figure.period);
                if compared.refused.is_some() {
                    return compared;
                }
                self.two(asked, place, leaves, linear, figure, &mut compared);
            }
            Against::Rest | Against::Group { .. } => self.two(asked, place, leaves, linear, figure, &mut compared),
            Against::Norm => self.norm(asked, leaves, linear, figure, &mut compared),
            Against::Benchmark(at) => self.benchmark(asked, *at, leaves, linear, figure, &mut compared),
        }
        compared
    }

    /// The period of the earlier figure: that of the first leaf that is taken over it.
    fn earlier(&self, asked: &Asked<'_>, against: &Against, period: Period) -> Option<Period> {
        let calendar = &self.checked.model.project.calendar;
        match against {
            Against::Year => period.year_before(calendar),
            Against::Earlier(length) => period.shift(-i32::try_from(length.periods_of(period.grain())?).ok()?),
            _ => {
                let source = self.plan.arena.leaf(asked.planned.leaves.first()?.at).source;
                if self.checked.model.sources[source.index()].cadence.is_some() {
                    return asked.known.iter().rev().copied().find(|it| *it < period);
                }
                period.previous()
            }
        }
    }

    /// Why figures of two periods are not comparable, if they are not: what is measured changed between them, or within
    /// one of them.
    fn broken(&self, asked: &Asked<'_>, earlier: Option<Period>, period: Period) -> Option<Refused> {
        let calendar = &self.checked.model.project.calendar;
        let model = &self.checked.model;
        if period.grain() == Grain::All {
            return None;
        }
        let (kpi, on, reason) = break_between(model, asked.planned.ask.kpi, earlier?.start(calendar), period.end(calendar))?;
        Some(Refused::Changed { of: Some(kpi).filter(|it| *it != asked.planned.ask.kpi), on, reason: reason.to_owned() })
    }

    /// Holds a figure against another one that is computed from the same data.
    fn two(
        &self,
        asked: &Asked<'_>,
        place: usize,
        leaves: &[LeafFigure<'_>],
        linear: Option<&Linear>,
        figure: &Figure,
        compared: &mut Compared,
    ) {
        let planned = asked.planned;
        let (key, _) = &asked.keys[place];
        let mut notes = Vec::new();
        let other = self.steps(asked, &asked.other_order, key, leaves, Point::Base, &mut notes);
        let others = match &other {
            Some(it) if asked.is_tolerant => it.gradient.iter().map(|it| it.0).collect(),
            _ => planned.others.clone(),
        };
        compared.protected_base = self.protected_base(planned, leaves, others);
        let indicative = u64::from(self.checked.model.project.indicative_base);
        if compared.protected_base.is_some_and(|it| it > 0 && it < indicative) {
            compared.notes.push(Note::FewBeside);
        }
        let Some(other) = other else {
            // What is missing of the other figure is not missing of this one.
            let none =
                |it: &Note| matches!(it, Note::EmptyBase | Note::NothingWeighs | Note::OneRow | Note::EmptyPart | Note::DividedByZero);
            notes.iter_mut().filter(|it| none(it)).for_each(|it| *it = Note::NothingToCompare);
            notes.retain(|it| *it != Note::HeldInside);
            if notes.contains(&Note::NoEarlier) {
                notes = vec![Note::NoEarlier];
            }
            notes.sort();
            notes.dedup();
            compared.notes = notes;
            return;
        };
        compared.previous = Some(other.value);
        let Some(linear) = linear else { return };
        compared.change = Some(linear.value - other.value);
        // Of what is held at an end the data say what it is not held: what chance does to the change they do not say.
        if linear.is_held() || other.is_held() {
            compared.notes.push(Note::NoTest);
            return;
        }
        match self.difference(asked, leaves, linear, &other) {
            Ok(Some(found)) => self.set(asked, &found, compared),
            Ok(None) => self.by_series(asked, place, figure, compared),
            Err(Note::NoInterval) => {
                compared.notes.push(Note::NoInterval);
                self.by_series(asked, place, figure, compared);
            }
            Err(note) => compared.notes.push(note),
        }
    }

    fn set(&self, asked: &Asked<'_>, found: &Difference, compared: &mut Compared) {
        let unit = self.checked.model.kpis[asked.planned.ask.kpi.index()].unit.as_ref();
        let width = unit.and_then(Unit::range).map_or(f64::INFINITY, |(least, most)| most - least);
        let ends = found.interval.within(-width, width);
        compared.low = Some(ends.low);
        compared.high = Some(ends.high);
        compared.p = Some(found.p);
        compared.detectable = found.detectable;
    }

    /// The test of a difference; `None` where all data are complete, so that chance has no part in it (R15).
    fn difference(&self, asked: &Asked<'_>, leaves: &[LeafFigure<'_>], a: &Linear, b: &Linear) -> Result<Option<Difference>, Note> {
        if asked.without_error {
            return Err(Note::NoInterval);
        }
        let confidence = self.checked.model.project.confidence;
        let planned = asked.planned;
        let sampled = |it: &Linear| -> Vec<(usize, f64)> {
            it.gradient.iter().copied().filter(|(at, _)| !self.plan.arena.leaf(planned.leaves[*at].at).complete).collect()
        };
        let (mine, others) = (sampled(a), sampled(b));
        if mine.is_empty() && others.is_empty() {
            return Ok(None);
        }
        // Tested as if they were others, the rows and customers that both have would count twice.
        if mine.iter().any(|a| others.iter().any(|b| self.share_time(planned, leaves, a.0, b.0))) {
            return Err(Note::Overlapping);
        }
        if let ([(i, slope)], [(j, other)]) = (mine.as_slice(), others.as_slice())
            && slope == other
            && i != j
            && let Some(found) = self.plain(asked, leaves, *i, *j, *slope)
        {
            let shift = (a.value - b.value) - found.change;
            // Constants and complete parts move the change, and not what chance does to it.
            let interval = Interval { low: found.interval.low + shift, high: found.interval.high + shift };
            if shift.abs() <= 1e-9 * found.change.abs().max(1.0) {
                return Ok(Some(found));
            }
            let p = stats::distribution::normal_two_sided((a.value - b.value) / found.se).ok_or(Note::NoTest)?;
            return Ok(Some(Difference { change: a.value - b.value, interval, p, ..found }));
        }
        let change = add(a, 1.0, b, -1.0);
        let is_single =
            |it: &Estimator| matches!(it, Estimator::Extreme | Estimator::Distinct | Estimator::Stddev | Estimator::Forecast { .. });
        if mine.iter().chain(&others).any(|(at, _)| is_single(&self.plan.arena.leaf(planned.leaves[*at].at).estimator)) {
            return Err(Note::NoInterval);
        }
        // Where all answer alike, what chance does is not known from them: a spread of nothing would prove anything.
        let is_constant = |side: &[(usize, f64)]| !side.is_empty() && side.iter().all(|(at, _)| self.is_constant(planned, leaves, *at));
        if is_constant(&mine) || is_constant(&others) {
            return Err(Note::NoTest);
        }
        let parts = self.variances(planned, leaves, &sampled(&change)).map_err(|it| match it {
            Note::IntervalUnknown | Note::NoSpread => Note::NoTest,
            other => other,
        })?;
        difference::independent(a.value - b.value, &parts, confidence).map(Some).ok_or(Note::NoTest)
    }

    /// Whether two leaves of one source are taken over different times that share days: windows of a rolling figure, or of
    /// customers who are followed for longer than a period.
    fn share_time(&self, planned: &Planned, leaves: &[LeafFigure<'_>], a: usize, b: usize) -> bool {
        let (first, second) = (self.plan.arena.leaf(planned.leaves[a].at), self.plan.arena.leaf(planned.leaves[b].at));
        if first.source != second.source || first.window.is_same_time(&second.window) {
            return false;
        }
        let reach = |of: &Leafed, range: Option<Range>| {
            let range = range?;
            Some(match &of.measure {
                Measure::Customer { walk, .. } => Range { from: walk.reaches_from(range.from, range.until), ..range },
                _ => range,
            })
        };
        reach(first, leaves[a].range).zip(reach(second, leaves[b].range)).is_some_and(|(a, b)| a.overlaps(b))
    }

    /// Whether a leaf is a share, net or mean of answers that are all alike.
    fn is_constant(&self, planned: &Planned, leaves: &[LeafFigure<'_>], at: usize) -> bool {
        let estimator = &self.plan.arena.leaf(planned.leaves[at].at).estimator;
        if !matches!(estimator, Estimator::Share | Estimator::Net | Estimator::Mean { .. }) {
            return false;
        }
        let Some(State::Moments(moments)) = leaves[at].cell.as_ref().map(|it| &it.state) else { return false };
        Part { gradient: 1.0, moments: moments.clone(), total: false }.is_constant()
    }

    /// The difference of two leaves of different rows that are not clustered, on the scale of the figure.
    fn plain(&self, asked: &Asked<'_>, leaves: &[LeafFigure<'_>], a: usize, b: usize, slope: f64) -> Option<Difference> {
        let confidence = self.checked.model.project.confidence;
        let planned = asked.planned;
        let (first, second) = (self.plan.arena.leaf(planned.leaves[a].at), self.plan.arena.leaf(planned.leaves[b].at));
        if first.cluster.is_some()
            || second.cluster.is_some()
            || first.estimator != second.estimator
            || !self.are_apart(planned, leaves, a, b)
        {
            return None;
        }
        let (State::Moments(x), State::Moments(y)) = (&leaves[a].cell.as_ref()?.state, &leaves[b].cell.as_ref()?.state) else {
            return None;
        };
        match first.estimator {
            Estimator::Net if x.weighted.is_none() => {
                let net = |it: &crate::state::Moments| {
                    let (sum, either) = (it.s.to_f64(), it.s2.to_f64());
                    Net { good: ((either + sum) / 2.0) as u64, bad: ((either - sum) / 2.0) as u64, n: it.n }
                };
                difference::nets(net(x), net(y), confidence).map(|it| it.times(slope))
            }
            Estimator::Share => {
                let share = |it: &crate::state::Moments| {
                    let p = (it.total() / it.total_weight()).clamp(0.0, 1.0);
                    if it.weighted.is_none() {
                        return Some((p, it.n as f64));
                    }
                    let variance = variance::single(&Part { gradient: 1.0, moments: it.clone(), total: false }, false)?;
                    let kish = stats::kish(it.total_weight(), it.total_weight2())?;
                    Some((p, stats::share_size(p, variance, kish)?))
                };
                let ((p, n), (q, m)) = (share(x)?, share(y)?);
                difference::shares(p, n, q, m, confidence).map(|it| it.times(100.0 * slope))
            }
            Estimator::Mean { factor, .. } if x.weighted.is_none() => {
                let part = |it: &crate::state::Moments| {
                    let part = Part { gradient: factor * slope, moments: it.clone(), total: false };
                    let of = variance::single(&part, false).filter(|_| !part.is_constant())?;
                    Some(Variance { of, df: Some(it.n as f64 - 1.0) })
                };
                difference::independent(slope * (leaves[a].value? - leaves[b].value?), &[part(x)?, part(y)?], confidence)
            }
            _ => None,
        }
    }

    // -- against a fixed figure --------------------------------------------------------------------------------------

    fn norm(&self, asked: &Asked<'_>, leaves: &[LeafFigure<'_>], linear: Option<&Linear>, figure: &Figure, compared: &mut Compared) {
        let Some(target) = figure.judged.target else {
            compared.notes.push(Note::NothingToCompare);
            return;
        };
        // At another grain a norm is a line, not a judgement (R17).
        if !asked.is_judged {
            compared.notes.push(Note::OtherGrain);
            return;
        }
        self.fixed(asked, target, leaves, linear, figure, compared);
    }

    fn benchmark(
        &self,
        asked: &Asked<'_>,
        at: usize,
        leaves: &[LeafFigure<'_>],
        linear: Option<&Linear>,
        figure: &Figure,
        compared: &mut Compared,
    ) {
        let benchmark = &self.checked.model.benchmarks[at];
        let otherwise = made_otherwise(&self.checked.model, benchmark);
        if !otherwise.is_empty() {
            compared.refused = Some(Refused::MadeOtherwise(otherwise));
            return;
        }
        let calendar = &self.checked.model.project.calendar;
        let Some((value, of, base)) = benchmark.at(figure.period, calendar) else {
            compared.notes.push(Note::NothingToCompare);
            return;
        };
        let value = value.value;
        if let Some(of) = of.filter(|it| it.grain() != Grain::All && figure.period.grain() != Grain::All) {
            let (from, until) = (figure.period.start(calendar), figure.period.end(calendar));
            let apart = (from.days() - of.end(calendar).days()).max(of.start(calendar).days() - until.days());
            if apart > MOST_APART {
                compared.refused = Some(Refused::Period { theirs: of, own: figure.period });
                return;
            }
            if apart >= 0 {
                compared.notes.push(Note::OfAnotherPeriod);
            }
        }
        let few = f64::from(self.checked.model.project.indicative_base);
        if base.is_some_and(|it| it < few) {
            compared.notes.push(Note::FewBeside);
        }
        let Some(n) = base.filter(|_| (0.0..=100.0).contains(&value)) else {
            compared.notes.push(Note::TakenAsExact);
            self.fixed(asked, value, leaves, linear, figure, compared);
            return;
        };
        // A share with its base has an error of its own.
        let own = linear.filter(|it| it.moves && it.gradient.len() == 1).and_then(|it| {
            let (at, slope) = it.gradient[0];
            let leaf = self.plan.arena.leaf(asked.planned.leaves[at].at);
            let State::Moments(moments) = &leaves[at].cell.as_ref()?.state else { return None };
            let is_plain = leaf.estimator == Estimator::Share && leaf.cluster.is_none() && !leaf.complete && slope == 1.0;
            let p = (figure.value? / 100.0).clamp(0.0, 1.0);
            let size = match figure.se {
                Some(se) if moments.weighted.is_some() => {
                    stats::share_size(p, (se / 100.0) * (se / 100.0), stats::kish(moments.total_weight(), moments.total_weight2())?)?
                }
                _ => moments.n as f64,
            };
            is_plain.then_some((p, size))
        });
        let found = own.and_then(|(p, size)| difference::shares(p, size, value / 100.0, n, self.checked.model.project.confidence));
        match found {
            Some(found) => {
                compared.previous = Some(value);
                compared.change = figure.value.map(|it| it - value);
                compared.low = Some(found.interval.low * 100.0);
                compared.high = Some(found.interval.high * 100.0);
                compared.p = Some(found.p);
                compared.detectable = found.detectable.map(|it| it * 100.0);
            }
            None => {
                compared.notes.push(Note::TakenAsExact);
                self.fixed(asked, value, leaves, linear, figure, compared);
            }
        }
    }

    /// Holds a figure against one without an error of its own: by the figure's own interval.
    fn fixed(
        &self,
        asked: &Asked<'_>,
        with: f64,
        leaves: &[LeafFigure<'_>],
        linear: Option<&Linear>,
        figure: &Figure,
        compared: &mut Compared,
    ) {
        compared.previous = Some(with);
        let Some(linear) = linear else { return };
        let change = linear.value - with;
        compared.change = Some(change);
        // The ends of assumptions say nothing of chance.
        let own = figure.assumed.as_ref().map_or(figure.low.zip(figure.high), |it| it.interval);
        compared.low = own.map(|it| it.0 - with);
        compared.high = own.map(|it| it.1 - with);
        let tested = self.against_fixed(asked, change, leaves, linear, figure);
        compared.p = tested.map(|it| it.0);
        compared.detectable = tested.and_then(|it| it.1);
        let sampled = |at: usize| !self.plan.arena.leaf(asked.planned.leaves[at].at).complete;
        if compared.p.is_none() && linear.gradient.iter().any(|it| sampled(it.0)) {
            compared.notes.push(Note::NoTest);
        }
    }

    /// The p of a test against a figure without an error, and the smallest change that it finds in most cases.
    fn against_fixed(
        &self,
        asked: &Asked<'_>,
        change: f64,
        leaves: &[LeafFigure<'_>],
        linear: &Linear,
        figure: &Figure,
    ) -> Option<(f64, Option<f64>)> {
        if linear.is_held() {
            return None;
        }
        let planned = asked.planned;
        let confidence = self.checked.model.project.confidence;
        let least = |se: f64, df: Option<f64>| stats::smallest_detectable(se, df, confidence, stats::POWER);
        let se = figure.se.filter(|it| *it > 0.0);
        if let [(at, slope)] = linear.gradient.as_slice()
            && let State::Moments(moments) = &leaves[*at].cell.as_ref()?.state
        {
            let leaf = self.plan.arena.leaf(planned.leaves[*at].at);
            if leaf.complete {
                return None;
            }
            if leaf.cluster.is_none() {
                match leaf.estimator {
                    Estimator::Share => {
                        let p = (leaves[*at].value? / 100.0).clamp(0.0, 1.0);
                        let fixed = p - change / slope / 100.0;
                        let size = if moments.weighted.is_some() {
                            let kish = stats::kish(moments.total_weight(), moments.total_weight2())?;
                            let variance = figure.se.map_or(0.0, |it| (it / slope / 100.0) * (it / slope / 100.0));
                            stats::share_size(p, variance, kish)?
                        } else {
                            moments.n as f64
                        };
                        let p = difference::share_against(p, size, fixed)?;
                        return Some((p, least((fixed * (1.0 - fixed) / size).sqrt() * 100.0 * slope.abs(), None)));
                    }
                    Estimator::Mean { .. } if moments.weighted.is_none() => {
                        let df = moments.n as f64 - 1.0;
                        return Some((stats::distribution::t_two_sided(change / se?, df)?, least(se?, Some(df))));
                    }
                    Estimator::Net | Estimator::Mean { .. } => {
                        return Some((stats::distribution::normal_two_sided(change / se?)?, least(se?, None)));
                    }
                    _ => return None,
                }
            }
        }
        let sampled: Vec<(usize, f64)> =
            linear.gradient.iter().copied().filter(|(at, _)| !self.plan.arena.leaf(planned.leaves[*at].at).complete).collect();
        let parts = self.variances(planned, leaves, &sampled).ok()?;
        difference::independent(change, &parts, confidence).map(|it| (it.p, it.detectable))
    }

    // -- by the series -----------------------------------------------------------------------------------------------

    /// Gives a figure without an error of its own the series that says whether it is a signal (R15).
    fn by_series(&self, asked: &Asked<'_>, place: usize, figure: &Figure, compared: &mut Compared) {
        let is_earlier = asked.planned.against.as_ref().is_some_and(Against::is_earlier);
        if !is_earlier || figure.notes.contains(&Note::Unfinished) {
            return;
        }
        if self.checked.is_windowed(asked.planned.ask.kpi) {
            compared.notes.push(Note::Overlapping);
            return;
        }
        let points = self.points(asked, place);
        let place = points.iter().position(|it| it.0 == figure.period);
        compared.series = place.map(|place| UpTo { points, place });
    }
}
