//! The items of a driver model: importance, coefficient, correlation and performance, each with its error.
//!
//! Errors come from the jackknife over the groups that rows were dealt to: one method for all figures, whatever the
//! answers are distributed like, with weights and with clusters or persons dealt as wholes.

use super::{DriverFigure, DriverNote, Estimate, Rows, TeamShare, least_rows};
use crate::eval::window;
use crate::model::{Method, TeamId};
use crate::plan::PlannedItem;
use crate::state::{Crossed, Dealt};
use crate::stats::drivers::{Contrast, Crosses, Singular, contrast, delete_a_group, fit, johnson, lmg};
use crate::stats::{kish, t_critical};

/// A VIF beyond this says that items overlap.
const OVERLAP: f64 = 5.0;
/// An R² below this explains little.
const LITTLE: f64 = 0.1;
/// A share of those who answered the outcome, beyond which the complete ones may differ from the rest.
const MANY_LOST: f64 = 0.2;

/// An item of a driver model.
#[derive(Clone, Debug, Default)]
pub struct ItemFigure {
    pub column: usize,
    /// Why it is left out of the model.
    pub singular: Option<Singular>,
    /// By the method: r, standardised coefficient, part of R², or the distance from penalty to reward.
    pub importance: Estimate,
    /// Its part of R², in percent.
    pub share: Estimate,
    /// Points of the outcome a point of the item, both told towards their good ends.
    pub coefficient: Estimate,
    pub beta: Estimate,
    pub correlation: Estimate,
    pub inflation: Option<f64>,
    /// What a low answer costs and a high one brings, where the method asks for that.
    pub penalty: Option<Estimate>,
    pub reward: Option<Estimate>,
    /// Among all who answered the item.
    pub performance: Estimate,
    /// Among the rows of the model.
    pub performance_in_model: Option<f64>,
    /// Those who answered the item.
    pub answered: u64,
    pub quadrant: Option<Quadrant>,
    /// Whether both intervals lie on its side of the cross.
    pub proven: bool,
}

/// Where an item stands between importance and performance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quadrant {
    FixFirst,
    Keep,
    LowPriority,
    PossibleOverkill,
}

impl Quadrant {
    /// The word of machine output.
    pub fn name(self) -> &'static str {
        match self {
            Quadrant::FixFirst => "fix first",
            Quadrant::Keep => "keep",
            Quadrant::LowPriority => "low priority",
            Quadrant::PossibleOverkill => "possible overkill",
        }
    }
}

/// Rows that have the outcome and lack items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The items that they lack, by their places; none where they lack more than are told apart.
    pub items: Vec<usize>,
    pub rows: u64,
}

/// The figures of a model over some rows, in one row of numbers so that each can be jackknifed alike.
#[derive(Clone, Debug)]
struct Numbers {
    r2: f64,
    /// The outcome of those who answer between on all items, where the method asks for that.
    constant: Option<f64>,
    /// For each item that is in the model.
    items: Vec<ItemNumbers>,
}

#[derive(Clone, Copy, Debug)]
struct ItemNumbers {
    importance: Option<f64>,
    share: Option<f64>,
    coefficient: f64,
    beta: f64,
    correlation: f64,
    penalty: Option<f64>,
    reward: Option<f64>,
    inflation: f64,
}

impl Rows<'_> {
    /// The model over the groups.
    pub(super) fn model(&self) -> DriverFigure {
        let mut figure = self.empty();
        let Some(crossed) = self.crossed() else {
            figure.notes.push(DriverNote::Empty);
            return figure;
        };
        let all = crossed.without(None);
        let cell = |leaf: usize| window::cell(self.groups, self.position(leaf), 0);
        let source = &self.checked.model.sources[self.planned.source.index()];
        figure.n = all.n;
        figure.answered = cell(self.planned.outcome).map_or(0, |it| it.n()).saturating_sub(crossed.no_cluster);
        let persons = self.planned.crossed.and_then(|it| self.plan.reads[self.planned.read].crossed[it].persons);
        let base = if persons.is_some() { crossed.persons.count().min(all.n) } else { all.n };
        figure.protected_base = (!source.no_persons).then_some(base);
        figure.loss = losses(&crossed);
        figure.items = self.planned.items.iter().map(|it| ItemFigure { column: it.column, ..ItemFigure::default() }).collect();
        if all.n == 0 {
            figure.notes.push(DriverNote::Empty);
            return figure;
        }
        if self.planned.weighted {
            figure.n_effective = all.sums.first().and_then(|it| kish(it.to_f64(), all.w2.to_f64()));
        }
        self.performances(&crossed, &all, &mut figure);
        self.numbers_of(&crossed, &all, &mut figure);
        self.judge(&mut figure);
        figure
    }

    /// How well each item does, with its error.
    fn performances(&self, crossed: &Crossed, all: &Dealt, figure: &mut DriverFigure) {
        let without: Vec<Dealt> = if self.planned.complete {
            Vec::new()
        } else {
            let dealt = (0..crossed.groups.len()).filter(|it| crossed.groups[*it].own.iter().any(|it| it.n > 0));
            dealt.map(|it| crossed.without(Some(it))).collect()
        };
        for (at, (item, planned)) in figure.items.iter_mut().zip(&self.planned.items).enumerate() {
            let of = |dealt: &Dealt| {
                let own = dealt.own.get(at).filter(|it| it.n > 0)?;
                Some(self.performance(own.ws.to_f64() / own.w.to_f64(), planned)).filter(|it| it.is_finite())
            };
            item.answered = all.own.get(at).map_or(0, |it| it.n);
            let weight = all.sums.first().map_or(0.0, |it| it.to_f64());
            let in_model = all.also.get(at).map(|it| self.performance(it.to_f64() / weight, planned));
            item.performance_in_model = in_model.filter(|it| it.is_finite());
            let Some(value) = of(all) else { continue };
            let figures: Option<Vec<f64>> = without.iter().map(of).collect();
            item.performance = estimate(value, figures.as_deref(), (0.0, 100.0), self.confidence());
        }
    }

    fn crossed(&self) -> Option<Crossed> {
        let place = self.planned.crossed?;
        let read = &self.plan.reads[self.planned.read];
        let at = read.groupings[self.planned.grouping].crossed.iter().position(|it| *it == place)?;
        let limit = read.crossed[place].persons.unwrap_or(0);
        let (first, others) = self.groups.split_first()?;
        let mut merged = first.crossed[at].clone();
        others.iter().for_each(|it| merged.merge(&it.crossed[at], limit));
        Some(merged)
    }

    fn numbers_of(&self, crossed: &Crossed, all: &Dealt, figure: &mut DriverFigure) {
        let places: Vec<usize> = (1..=self.planned.items.len()).collect();
        let Some(singular) = self.crosses(all).map(|it| it.singular(&places)) else {
            figure.notes.push(DriverNote::NoModel);
            return;
        };
        figure.items.iter_mut().zip(&singular).for_each(|(item, it)| item.singular = *it);
        if singular.iter().any(Option::is_some) {
            figure.notes.push(DriverNote::Singular);
        }
        let used: Vec<usize> = (0..places.len()).filter(|it| singular[*it].is_none()).collect();
        let Some(numbers) = self.numbers(all, &used).filter(|_| !used.is_empty()) else {
            figure.notes.push(DriverNote::NoModel);
            return;
        };
        let without: Vec<Option<Numbers>> = if self.planned.complete {
            Vec::new()
        } else {
            let dealt = (0..crossed.groups.len()).filter(|it| crossed.groups[*it].n > 0);
            dealt.map(|it| self.numbers(&crossed.without(Some(it)), &used)).collect()
        };
        let known: Option<Vec<&Numbers>> = without.iter().map(Option::as_ref).collect();
        let jackknife = Jackknife { without: known.filter(|it| it.len() > 1), confidence: self.confidence() };
        if jackknife.without.is_none() && !self.planned.complete {
            figure.notes.push(DriverNote::IntervalUnknown);
        }
        figure.r2 = jackknife.estimate(numbers.r2, (0.0, 1.0), |it| Some(it.r2));
        let free = (f64::NEG_INFINITY, f64::INFINITY);
        figure.constant = numbers.constant.map(|it| jackknife.estimate(it, free, |it| it.constant));
        let bounded = match self.method {
            Method::Correlation => (-1.0, 1.0),
            Method::Lmg | Method::Johnson => (0.0, 1.0),
            _ => free,
        };
        for (at, place) in used.iter().enumerate() {
            let own = &numbers.items[at];
            let item = &mut figure.items[*place];
            let of = |value: Option<f64>, range: (f64, f64), take: &dyn Fn(&ItemNumbers) -> Option<f64>| match value {
                Some(value) => jackknife.estimate(value, range, |it| take(&it.items[at])),
                None => Estimate::default(),
            };
            item.importance = of(own.importance, bounded, &|it| it.importance);
            item.share = of(own.share, (0.0, 100.0), &|it| it.share);
            item.coefficient = of(Some(own.coefficient), free, &|it| Some(it.coefficient));
            item.beta = of(Some(own.beta), free, &|it| Some(it.beta));
            item.correlation = of(Some(own.correlation), (-1.0, 1.0), &|it| Some(it.correlation));
            item.penalty = own.penalty.map(|value| of(Some(value), free, &|it| it.penalty));
            item.reward = own.reward.map(|value| of(Some(value), free, &|it| it.reward));
            item.inflation = Some(own.inflation);
        }
        figure.teams = self.team_shares(&used, &numbers, &jackknife);
    }

    /// What the items of each team hold together, with its error: their parts are not independent.
    fn team_shares(&self, used: &[usize], numbers: &Numbers, jackknife: &Jackknife<'_>) -> Vec<TeamShare> {
        let of_item: Vec<Vec<TeamId>> = self.planned.items.iter().map(|it| self.teams_of(it.column)).collect();
        let mut teams: Vec<TeamId> = of_item.iter().flatten().copied().collect();
        teams.sort();
        teams.dedup();
        let held = |team: TeamId, numbers: &Numbers| -> Option<f64> {
            let own = used.iter().zip(&numbers.items).filter(|it| of_item[*it.0].contains(&team));
            own.map(|it| it.1.share).sum()
        };
        let share = |team: TeamId| {
            let value = held(team, numbers)?;
            Some(TeamShare { team, share: jackknife.estimate(value, (0.0, 100.0), |it| held(team, it)) })
        };
        teams.into_iter().filter_map(share).collect()
    }

    fn crosses(&self, dealt: &Dealt) -> Option<Crosses> {
        let variables = 1 + self.planned.items.len() + 2 * self.planned.items.iter().filter(|it| it.ends.is_some()).count();
        let sums: Vec<f64> = dealt.sums.iter().map(|it| it.to_f64()).collect();
        Crosses::new(dealt.n, variables, &sums)
    }

    /// All figures of the items in use over some rows; `None` where there is no model of them.
    fn numbers(&self, dealt: &Dealt, used: &[usize]) -> Option<Numbers> {
        let crosses = self.crosses(dealt)?;
        let items: Vec<usize> = used.iter().map(|it| it + 1).collect();
        let fit = fit(&crosses, 0, &items)?;
        let parts = if self.shared_by == Method::Johnson { johnson(&crosses, 0, &items) } else { lmg(&crosses, 0, &items) };
        let ends = self.ends(&crosses, used);
        let numbers = used.iter().enumerate().map(|(at, place)| {
            let planned = &self.planned.items[*place];
            // Towards the good ends of both.
            let sign = if planned.scale.best_high == self.planned.best_high { 1.0 } else { -1.0 };
            let towards = if self.planned.best_high { 1.0 } else { -1.0 };
            let part = parts.as_ref().map(|it| it[at]);
            let (penalty, reward) = ends.as_ref().map_or((None, None), |it| it.items[at]);
            let (penalty, reward) = (penalty.map(|it| it * towards), reward.map(|it| it * towards));
            ItemNumbers {
                importance: match self.method {
                    Method::Correlation => Some(fit.correlations[at] * sign),
                    Method::Ols => Some(fit.betas[at] * sign),
                    Method::PenaltyReward => penalty.zip(reward).map(|(penalty, reward)| reward - penalty),
                    _ => part,
                },
                share: part.map(|it| if fit.r2 > 0.0 { 100.0 * it / fit.r2 } else { 0.0 }),
                coefficient: fit.coefficients[at] * sign,
                beta: fit.betas[at] * sign,
                correlation: fit.correlations[at] * sign,
                penalty,
                reward,
                inflation: fit.inflations[at],
            }
        });
        Some(Numbers { r2: fit.r2, constant: ends.as_ref().map(|it| it.constant), items: numbers.collect() })
    }

    /// For each item in use what a low and a high answer add, where the method asks for that.
    fn ends(&self, crosses: &Crosses, used: &[usize]) -> Option<Contrast> {
        let first = 1 + self.planned.items.len();
        self.planned.items.first()?.ends?;
        let pairs: Vec<(usize, usize)> = used.iter().map(|it| (first + 2 * it, first + 2 * it + 1)).collect();
        contrast(crosses, 0, &pairs)
    }

    /// A mean of answers, or a share of good ones, as performance.
    fn performance(&self, mean: f64, item: &PlannedItem) -> f64 {
        if item.top.is_some() {
            return 100.0 * mean;
        }
        let up = 100.0 * (mean - item.scale.low) / (item.scale.high - item.scale.low);
        if item.scale.best_high { up } else { 100.0 - up }
    }

    /// Quadrants, and what is to be noted of the model.
    fn judge(&self, figure: &mut DriverFigure) {
        let in_model: Vec<&ItemFigure> = figure.items.iter().filter(|it| it.singular.is_none() && it.share.value.is_some()).collect();
        if !in_model.is_empty() {
            let mean =
                |of: &dyn Fn(&ItemFigure) -> Option<f64>| in_model.iter().filter_map(|it| of(it)).sum::<f64>() / in_model.len() as f64;
            let cross = (mean(&|it| it.share.value), mean(&|it| it.performance.value));
            figure.cross = Some(cross);
            if in_model.len() > 1 {
                figure.items.iter_mut().for_each(|it| quadrant(it, cross));
            }
        }
        if figure.n < least_rows(self.planned.items.len()) {
            figure.notes.push(DriverNote::FewRows);
        }
        if (figure.answered - figure.n.min(figure.answered)) as f64 > MANY_LOST * figure.answered as f64 {
            figure.notes.push(DriverNote::ManyLost);
        }
        if figure.items.iter().any(|it| it.inflation.is_some_and(|it| it > OVERLAP)) {
            figure.notes.push(DriverNote::Overlap);
        }
        if figure.r2.value.is_some_and(|it| it < LITTLE) {
            figure.notes.push(DriverNote::LittleExplained);
        }
    }
}

fn quadrant(item: &mut ItemFigure, (share, performance): (f64, f64)) {
    let (Some(own_share), Some(own_performance)) = (item.share.value, item.performance.value) else { return };
    item.quadrant = Some(match (own_share >= share, own_performance >= performance) {
        (true, false) => Quadrant::FixFirst,
        (true, true) => Quadrant::Keep,
        (false, false) => Quadrant::LowPriority,
        (false, true) => Quadrant::PossibleOverkill,
    });
    let beside = |it: &Estimate, line: f64| it.low.is_some_and(|it| it > line) || it.high.is_some_and(|it| it < line);
    item.proven = beside(&item.share, share) && beside(&item.performance, performance);
}

struct Jackknife<'n> {
    without: Option<Vec<&'n Numbers>>,
    confidence: f64,
}

impl Jackknife<'_> {
    /// A figure with its interval by t, held within what it can be.
    fn estimate(&self, value: f64, (least, most): (f64, f64), take: impl Fn(&Numbers) -> Option<f64>) -> Estimate {
        let figures: Option<Vec<f64>> = self.without.iter().flatten().map(|it| take(it)).collect();
        estimate(value, figures.as_deref(), (least, most), self.confidence)
    }
}

/// A figure with its interval by t, from what it is without each group, held within what it can be.
fn estimate(value: f64, without: Option<&[f64]>, (least, most): (f64, f64), confidence: f64) -> Estimate {
    let mut estimate = Estimate { value: Some(value).filter(|it| it.is_finite()), ..Estimate::default() };
    let Some(without) = without else { return estimate };
    let Some(se) = delete_a_group(value, without) else { return estimate };
    let df = without.len() as f64 - 1.0;
    estimate.se = Some(se);
    estimate.df = Some(df);
    if let Some(critical) = t_critical(confidence, df) {
        estimate.low = Some((value - critical * se).clamp(least, most));
        estimate.high = Some((value + critical * se).clamp(least, most));
    }
    estimate
}

/// What rows lack, most first; those that lack many at the end.
fn losses(crossed: &Crossed) -> Vec<Loss> {
    let items = |bits: u128| (0..127).filter(move |it| bits != Crossed::MORE && bits & (1 << it) != 0).collect();
    let mut losses: Vec<Loss> = crossed.lacking.iter().map(|(bits, rows)| Loss { items: items(*bits), rows: *rows }).collect();
    losses.sort_by_key(|it| (it.items.is_empty(), std::cmp::Reverse(it.rows), it.items.clone()));
    losses
}
