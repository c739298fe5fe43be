//! A driver model -> what is kept for it: its answers as items of the read, and their products in one joint state.

use super::arena::Leafed;
use super::{Ask, Crossed, Estimator, Measure, Planner, Unit, Window, add};
use crate::calendar::Grain;
use crate::model::{ColumnRef, Comparison, DimensionId, DriversId, Method, Model, Reasons, RowExpr, Scale, SourceId};
use crate::value::Num;

/// A driver model that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct DriverAsk {
    pub drivers: DriversId,
    pub cut: Vec<DimensionId>,
    /// The grain of its periods, or of the buckets that one window is made of.
    pub grain: Grain,
    /// Whether all that lies within the wanted periods is one model.
    pub pooled: bool,
}

impl DriverAsk {
    /// The table of the outcome, cut as the model is: over all periods where the model is of all that are wanted. `None`
    /// where the outcome is not known.
    pub fn outcome(&self, model: &Model) -> Option<Ask> {
        let outcome = model.drivers[self.drivers.index()].outcome.as_ref()?;
        let grain = if self.pooled { Grain::All } else { self.grain };
        Some(Ask { kpi: outcome.kpi, part: outcome.part.clone(), cut: self.cut.clone(), grain })
    }
}

/// What is said of how well an item does: the same of all items of a model, so that they can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Performance {
    /// The share that gives one of the two best of five answers.
    TopTwo,
    /// The mean, from 0 at the bad end of the scale to 100 at the good one.
    Index,
}

/// A part of the respondents, by their outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bucket {
    All,
    Promoters,
    Passives,
    Detractors,
    /// Of a net: what counts for it, against it, neither.
    Good,
    Between,
    Bad,
    /// Of a share: those who are in it, and those who are not.
    Counted,
    NotCounted,
}

impl Bucket {
    /// The word of machine output.
    pub fn name(self) -> &'static str {
        match self {
            Bucket::All => "all",
            Bucket::Promoters => "promoters",
            Bucket::Passives => "passives",
            Bucket::Detractors => "detractors",
            Bucket::Good => "good",
            Bucket::Between => "between",
            Bucket::Bad => "bad",
            Bucket::Counted => "counted",
            Bucket::NotCounted => "not counted",
        }
    }
}

/// A driver model that was asked for, and where its states are.
#[derive(Clone, Debug)]
pub struct PlannedDrivers {
    pub ask: DriverAsk,
    pub source: SourceId,
    pub read: usize,
    pub grouping: usize,
    /// The place of the outcome among the leaves of the read.
    pub outcome: usize,
    pub items: Vec<PlannedItem>,
    pub performance: Performance,
    /// The joint state, by its place in the read; none for stated reasons.
    pub crossed: Option<usize>,
    /// For stated reasons, the leaves that name them.
    pub reasons: Vec<(Bucket, usize)>,
    /// The leaf that holds, by reason, what answers count in the outcome; none where the outcome is no mean, share or net.
    pub scores: Option<NamedScores>,
    /// The dimension that the reasons are, where they are one.
    pub by: Option<DimensionId>,
    /// Who is at risk: the leaf that tells how many, and the one that tells it by reason.
    pub risk: Option<(usize, usize)>,
    pub weighted: bool,
    /// What rows are dealt by.
    pub unit: Unit,
    /// Whether the rows are all there is: then nothing is uncertain (R15).
    pub complete: bool,
    /// Whether the good end of the outcome is the high one.
    pub best_high: bool,
}

/// What answers count in an outcome, by reason: a mean of scores, times a factor, plus an offset.
#[derive(Clone, Copy, Debug)]
pub struct NamedScores {
    pub leaf: usize,
    pub estimator: Estimator,
}

/// An item, by the places of its leaves.
#[derive(Clone, Debug)]
pub struct PlannedItem {
    pub column: usize,
    pub scale: Scale,
    /// Its answers.
    pub answers: usize,
    /// Whether an answer is among the two best, where that is what is said of it.
    pub top: Option<usize>,
    /// Whether it is low, and whether it is high, where the method asks for that.
    pub ends: Option<(usize, usize)>,
}

impl Planner<'_> {
    pub(super) fn drivers(&mut self, ask: &DriverAsk) {
        let model = &self.checked.model;
        let drivers = &model.drivers[ask.drivers.index()];
        let (Some(outcome), Ok(answer)) = (&drivers.outcome, drivers.answer) else { return };
        let Some(root) = self.plan.arena.figure(self.checked, outcome.kpi, outcome.part.as_ref()) else { return };
        let [at] = self.plan.arena.leaves_of(root)[..] else { return };
        let figure = self.plan.arena.leaf(at).clone();
        let Ok(keys) = self.keys(&ask.cut, answer.source) else { return };
        let source = &model.sources[answer.source.index()];
        let Some(scale) = source.columns[answer.column].scale else { return };
        let read = self.read(answer.source);
        let column = |it: usize| RowExpr::Column(ColumnRef { source: answer.source, through: None, column: it as u32 });
        let leafed = |measure: Measure, filter: Option<RowExpr>, estimator: Estimator| Leafed {
            measure,
            filter: RowExpr::both(figure.filter.clone(), filter),
            estimator,
            window: Window::default(),
            ..figure.clone()
        };
        let score = |of: RowExpr| leafed(Measure::Score(of), None, Estimator::Share);
        let grain = if figure.time.is_none() { Grain::All } else { ask.grain };
        let grouping = self.grouping(read, (figure.time, grain), &keys, None, None);
        let keep = |planner: &mut Self, leafed: &Leafed| {
            let leaf = planner.leaf(read, leafed);
            add(&mut planner.plan.reads[read].groupings[grouping].leaves, leaf);
            leaf
        };
        let persons = source.customer.filter(|_| !source.no_persons);
        let unit = match (figure.cluster, persons) {
            (Some(cluster), _) => Unit::Cluster(cluster),
            (None, Some(person)) => Unit::Person(person),
            (None, None) => Unit::Row,
        };
        let mut planned = PlannedDrivers {
            ask: ask.clone(),
            source: answer.source,
            read,
            grouping,
            outcome: keep(self, &score(column(answer.column))),
            items: Vec::new(),
            performance: Performance::Index,
            crossed: None,
            reasons: Vec::new(),
            scores: None,
            by: None,
            risk: None,
            weighted: figure.weight.is_some(),
            unit,
            complete: source.complete,
            best_high: scale.best_high,
        };
        if let Some(reasons) = &drivers.reasons {
            let Some(texts) = reasons.value.expr(model, answer.source) else { return };
            let named = |of: RowExpr| Measure::Named { texts: texts.clone(), of };
            for (bucket, filter) in buckets(&figure, &column(answer.column), scale) {
                planned.reasons.push((bucket, keep(self, &leafed(named(column(answer.column)), filter, Estimator::Share))));
            }
            let is_mean = matches!(figure.estimator, Estimator::Mean { .. } | Estimator::Share | Estimator::Net);
            if let (Measure::Score(of), true) = (&figure.measure, is_mean) {
                let leaf = keep(self, &leafed(named(of.clone()), None, Estimator::Share));
                planned.scores = Some(NamedScores { leaf, estimator: figure.estimator });
            }
            let rule = drivers.churn_risk.as_ref().and_then(|it| it.value.on(model, answer.source).ok());
            planned.risk = rule.map(|it| (keep(self, &score(it.clone())), keep(self, &leafed(named(it), None, Estimator::Share))));
            if let Reasons::Dimension(id) = reasons.value {
                planned.by = Some(id);
            }
            self.plan.drivers.push(planned);
            return;
        }
        let scales: Option<Vec<Scale>> = drivers.items.iter().map(|it| source.columns[it.column].scale).collect();
        let Some(scales) = scales else { return };
        let five = |it: &Scale| it.high - it.low == 4.0;
        planned.performance = if scales.iter().all(five) { Performance::TopTwo } else { Performance::Index };
        for (item, scale) in drivers.items.iter().zip(scales) {
            let answers = keep(self, &score(column(item.column)));
            let top = (planned.performance == Performance::TopTwo).then(|| keep(self, &score(best_two(column(item.column), scale))));
            let ends = (drivers.method == Method::PenaltyReward).then(|| {
                let (low, high) = low_and_high(column(item.column), scale);
                (keep(self, &score(low)), keep(self, &score(high)))
            });
            planned.items.push(PlannedItem { column: item.column, scale, answers, top, ends });
        }
        let crossed = Crossed {
            outcome: planned.outcome,
            items: planned.items.iter().map(|it| it.answers).collect(),
            indicators: planned.items.iter().filter_map(|it| it.ends).flat_map(|it| [it.0, it.1]).collect(),
            means: planned.items.iter().map(|it| it.top.unwrap_or(it.answers)).collect(),
            unit,
            persons: self.plan.reads[read].leaves[planned.outcome].persons.map(|it| it.1),
        };
        let of_read = &mut self.plan.reads[read];
        let place = of_read.crossed.iter().position(|it| *it == crossed).unwrap_or_else(|| {
            of_read.crossed.push(crossed);
            of_read.crossed.len() - 1
        });
        add(&mut of_read.groupings[grouping].crossed, place);
        planned.crossed = Some(place);
        self.plan.drivers.push(planned);
    }
}

/// A number as it would be written: 2, or 3.5.
fn number(value: f64) -> Num {
    Num::parse(&value.to_string()).unwrap_or(Num::Float(value))
}

fn at_least(of: RowExpr, value: f64) -> RowExpr {
    RowExpr::compare(Comparison::GreaterEqual, of, number(value))
}

fn at_most(of: RowExpr, value: f64) -> RowExpr {
    RowExpr::compare(Comparison::LessEqual, of, number(value))
}

/// Whether an answer is one of the two best of a scale.
fn best_two(of: RowExpr, scale: Scale) -> RowExpr {
    if scale.best_high { at_least(of, scale.high - 1.0) } else { at_most(of, scale.low + 1.0) }
}

/// Whether an answer is low, and whether it is high: up to a quarter up the scale from its bad end, and beyond three
/// quarters. Of 1..5 that is 1 and 2, and 5.
fn low_and_high(of: RowExpr, scale: Scale) -> (RowExpr, RowExpr) {
    let quarter = (scale.high - scale.low) / 4.0;
    let beyond = |comparison: Comparison, value: f64| RowExpr::compare(comparison, of.clone(), number(value));
    if scale.best_high {
        (beyond(Comparison::LessEqual, scale.low + quarter), beyond(Comparison::Greater, scale.high - quarter))
    } else {
        (beyond(Comparison::GreaterEqual, scale.high - quarter), beyond(Comparison::Less, scale.low + quarter))
    }
}

/// Returns the whole codes, first and last, that a score of a scale counts as good, between or bad; none for other buckets.
pub fn codes_of(bucket: Bucket, scale: Scale) -> Option<(f64, f64)> {
    let quarter = (scale.high - scale.low) / 4.0;
    // What lies at a quarter from the bad end is bad, and at a quarter from the good one not good.
    let (bad, good) = match scale.best_high {
        true => ((scale.low + quarter).floor(), (scale.high - quarter).floor() + 1.0),
        false => ((scale.high - quarter).ceil(), (scale.low + quarter).ceil() - 1.0),
    };
    Some(match (bucket, scale.best_high) {
        (Bucket::Bad, true) => (scale.low, bad),
        (Bucket::Between, true) => (bad + 1.0, good - 1.0),
        (Bucket::Good, true) => (good, scale.high),
        (Bucket::Bad, false) => (bad, scale.high),
        (Bucket::Between, false) => (good + 1.0, bad - 1.0),
        (Bucket::Good, false) => (scale.low, good),
        _ => return None,
    })
}

/// All respondents, and parts of them by what the outcome counts them as.
fn buckets(figure: &Leafed, answer: &RowExpr, scale: Scale) -> Vec<(Bucket, Option<RowExpr>)> {
    let not = |it: &RowExpr| RowExpr::Not(Box::new(it.clone()));
    let neither = |a: &RowExpr, b: &RowExpr| RowExpr::And(Box::new(not(a)), Box::new(not(b)));
    let mut all = vec![(Bucket::All, None)];
    match &figure.measure {
        Measure::Score(RowExpr::Net(good, bad)) => {
            let is_nps = (scale.low, scale.high) == (0.0, 10.0)
                && matches!(&**good, RowExpr::Compare(Comparison::GreaterEqual, ..))
                && matches!(&**bad, RowExpr::Compare(Comparison::LessEqual, ..));
            let [first, second, third] = if is_nps {
                [Bucket::Promoters, Bucket::Passives, Bucket::Detractors]
            } else {
                [Bucket::Good, Bucket::Between, Bucket::Bad]
            };
            all.push((first, Some((**good).clone())));
            all.push((second, Some(neither(good, bad))));
            all.push((third, Some((**bad).clone())));
        }
        Measure::Score(of) if figure.estimator == Estimator::Share => {
            all.push((Bucket::Counted, Some(of.clone())));
            all.push((Bucket::NotCounted, Some(not(of))));
        }
        _ => {
            let (low, high) = low_and_high(answer.clone(), scale);
            all.push((Bucket::Good, Some(high.clone())));
            all.push((Bucket::Between, Some(neither(&high, &low))));
            all.push((Bucket::Bad, Some(low)));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_buckets_are_those_of_their_conditions() {
        let of = |low: f64, high: f64, best_high: bool| {
            let scale = Scale { low, high, best_high, best_said: true };
            [Bucket::Bad, Bucket::Between, Bucket::Good].map(|it| codes_of(it, scale))
        };
        let codes = |all: [(f64, f64); 3]| all.map(Some);
        assert_eq!(of(1.0, 7.0, true), codes([(1.0, 2.0), (3.0, 5.0), (6.0, 7.0)]));
        assert_eq!(of(1.0, 5.0, true), codes([(1.0, 2.0), (3.0, 4.0), (5.0, 5.0)]));
        assert_eq!(of(1.0, 5.0, false), codes([(4.0, 5.0), (2.0, 3.0), (1.0, 1.0)]));
        assert_eq!(of(1.0, 10.0, true), codes([(1.0, 3.0), (4.0, 7.0), (8.0, 10.0)]));
    }
}
