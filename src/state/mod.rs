//! What is kept of rows? Small records that merge: counts, exact sums, frequencies; every figure comes from them alone.

mod crossed;

pub use crossed::{Crossed, DEALT, Dealt, Own, dealt_by_place, dealt_by_unit};

use crate::row::{Missing, Value};
use crate::value::{Num, Sum};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is kept of one item in one group.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub state: State,
    pub left: Left,
    pub persons: Persons,
}

/// The states of the kinds of measures.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// Rows, scores and their squares: means, shares, nets, counts, sums, deviations, and their variances.
    Moments(Moments),
    /// The smallest or largest number.
    Extreme { n: u64, value: Option<Num>, max: bool },
    /// How often each value was seen: medians, percentiles, distinct counts.
    Frequencies { n: u64, table: BTreeMap<Seen, (u64, Sum)> },
    /// For each text among several answers, a score of the rows that give it; and of all rows that give any.
    Named { all: Moments, table: BTreeMap<Arc<str>, Told> },
}

/// What is kept of the rows that give one text: their scores, and how many persons they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    pub moments: Moments,
    pub persons: Persons,
}

/// Sums over the rows that answered. Unweighted rows weigh 1. Squares are zero where none are kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moments {
    pub n: u64,
    /// Σ s and Σ s².
    pub s: Sum,
    pub s2: Sum,
    /// What weights add, where there are any.
    pub weighted: Option<Box<Weighted>>,
}

/// Σw, Σw², Σws, Σw²s, Σw²s².
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weighted {
    pub w: Sum,
    pub w2: Sum,
    pub ws: Sum,
    pub w2s: Sum,
    pub w2s2: Sum,
}

/// A value in a table of frequencies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seen {
    Number(Num),
    Date(crate::calendar::Date),
    Text(Arc<str>),
}

/// Rows that are not in the base, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Left {
    pub blank: u64,
    pub not_applicable: u64,
    pub out_of_scale: u64,
    pub no_weight: u64,
    pub no_cluster: u64,
    /// What is to be told of them is not over.
    pub unobserved: u64,
    /// Why a model says nothing of them.
    pub unfit: Option<Unfit>,
}

/// Why a model gives no figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unfit {
    /// Too few customers, or too few who came again.
    TooFew,
    /// The model of purchases has no best parameters.
    Purchases,
    /// That of amounts has none, or has no mean; or too many amounts are not above 0.
    Amounts,
}

impl Left {
    /// Counts a row without an answer.
    pub fn add(&mut self, missing: Missing) {
        match missing {
            Missing::Blank => self.blank += 1,
            Missing::NotApplicable => self.not_applicable += 1,
            Missing::OutOfScale => self.out_of_scale += 1,
        }
    }

    /// Adds the counts of other rows.
    pub fn merge(&mut self, other: &Left) {
        self.blank += other.blank;
        self.not_applicable += other.not_applicable;
        self.out_of_scale += other.out_of_scale;
        self.no_weight += other.no_weight;
        self.no_cluster += other.no_cluster;
        self.unobserved += other.unobserved;
        self.unfit = self.unfit.max(other.unfit);
    }
}

/// How many different persons are in a base, as far as the minimum base asks.
///
/// Persons are told apart only until there are enough of them: what is kept stays small, and merges exactly.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Persons {
    /// Those seen, in order; never more than the limit.
    seen: Vec<Arc<str>>,
}

impl Persons {
    /// Adds a person, unless there are `limit` already.
    pub fn add(&mut self, person: &Arc<str>, limit: usize) {
        if self.seen.len() < limit
            && let Err(at) = self.seen.binary_search(person)
        {
            self.seen.insert(at, person.clone());
        }
    }

    /// Adds the persons of another group.
    pub fn merge(&mut self, other: &Persons, limit: usize) {
        other.seen.iter().for_each(|it| self.add(it, limit));
    }

    /// How many there are, or the limit if there are more.
    pub fn count(&self) -> u64 {
        self.seen.len() as u64
    }
}

impl Moments {
    /// Moments that also hold weights.
    pub fn weighted() -> Moments {
        Moments { weighted: Some(Box::default()), ..Moments::default() }
    }

    /// Nothing yet, of the same kind.
    pub fn none(&self) -> Moments {
        if self.weighted.is_some() { Moments::weighted() } else { Moments::default() }
    }

    /// Nothing told yet, of the same kind.
    pub fn told(&self) -> Told {
        Told { moments: self.none(), persons: Persons::default() }
    }

    /// Adds a row with a score, and its squares if they are kept; `weight` must be there where the moments are weighted.
    pub fn add(&mut self, score: Num, weight: Num, squares: bool) {
        self.n += 1;
        self.s.add(score);
        if squares {
            add_product(&mut self.s2, &[score, score]);
        }
        if let Some(sums) = &mut self.weighted {
            sums.w.add(weight);
            add_product(&mut sums.ws, &[weight, score]);
            if squares {
                add_product(&mut sums.w2, &[weight, weight]);
                add_product(&mut sums.w2s, &[weight, weight, score]);
                add_product(&mut sums.w2s2, &[weight, weight, score, score]);
            }
        }
    }

    /// Adds the moments of other rows.
    pub fn merge(&mut self, other: &Moments) {
        self.n += other.n;
        self.s.merge(&other.s);
        self.s2.merge(&other.s2);
        if let (Some(mine), Some(theirs)) = (&mut self.weighted, &other.weighted) {
            mine.w.merge(&theirs.w);
            mine.w2.merge(&theirs.w2);
            mine.ws.merge(&theirs.ws);
            mine.w2s.merge(&theirs.w2s);
            mine.w2s2.merge(&theirs.w2s2);
        }
    }

    /// Σw; n where nothing weighs.
    pub fn total_weight(&self) -> f64 {
        self.weighted.as_ref().map_or(self.n as f64, |it| it.w.to_f64())
    }

    /// Σw²; n where nothing weighs.
    pub fn total_weight2(&self) -> f64 {
        self.weighted.as_ref().map_or(self.n as f64, |it| it.w2.to_f64())
    }

    /// Σws.
    pub fn total(&self) -> f64 {
        self.weighted.as_ref().map_or_else(|| self.s.to_f64(), |it| it.ws.to_f64())
    }

    /// Σ(s − s̄)², exact, where nothing weighs and the sums are exact.
    pub fn about_mean(&self) -> Option<f64> {
        if self.weighted.is_some() { None } else { Sum::about_mean(self.n, &self.s, &self.s2) }
    }

    /// Σw²s and Σw²s².
    pub fn second(&self) -> (f64, f64) {
        match &self.weighted {
            Some(it) => (it.w2s.to_f64(), it.w2s2.to_f64()),
            None => (self.s.to_f64(), self.s2.to_f64()),
        }
    }
}

impl Told {
    /// Adds what other rows tell.
    pub fn merge(&mut self, other: &Told, limit: usize) {
        self.moments.merge(&other.moments);
        self.persons.merge(&other.persons, limit);
    }
}

/// Adds a product of numbers to a sum: exact where all are decimals and it fits.
pub fn add_product(sum: &mut Sum, factors: &[Num]) {
    let mut mantissa: i128 = 1;
    let mut scale: u8 = 0;
    for factor in factors {
        let Num::Decimal { mantissa: m, scale: s } = factor else {
            return sum.add_float(factors.iter().map(|it| it.to_f64()).product());
        };
        match mantissa.checked_mul(i128::from(*m)) {
            Some(product) if scale + s <= 36 => {
                mantissa = product;
                scale += s;
            }
            _ => return sum.add_float(factors.iter().map(|it| it.to_f64()).product()),
        }
    }
    sum.add_exact(mantissa, scale);
}

impl Cell {
    /// An empty cell with a state.
    pub fn new(state: State) -> Cell {
        Cell { state, left: Left::default(), persons: Persons::default() }
    }

    /// Adds what another cell of the same item holds.
    pub fn merge(&mut self, other: &Cell, limit: usize) {
        self.left.merge(&other.left);
        self.persons.merge(&other.persons, limit);
        match (&mut self.state, &other.state) {
            (State::Moments(mine), State::Moments(theirs)) => mine.merge(theirs),
            (State::Extreme { n, value, max }, State::Extreme { n: more, value: other, .. }) => {
                *n += more;
                *value = match (*value, *other) {
                    (Some(a), Some(b)) => Some(if *max { a.max(b) } else { a.min(b) }),
                    (a, b) => a.or(b),
                };
            }
            (State::Frequencies { n, table }, State::Frequencies { n: more, table: other }) => {
                *n += more;
                for (seen, (count, weight)) in other {
                    let entry = table.entry(seen.clone()).or_default();
                    entry.0 += count;
                    entry.1.merge(weight);
                }
            }
            (State::Named { all, table }, State::Named { all: more, table: other }) => {
                all.merge(more);
                for (text, told) in other {
                    table.entry(text.clone()).or_insert_with(|| told.moments.told()).merge(told, limit);
                }
            }
            // Cells of one item have states of one kind: the plan says which.
            _ => debug_assert!(false, "cells of different items"),
        }
    }

    /// The rows in the base.
    pub fn n(&self) -> u64 {
        match &self.state {
            State::Moments(it) | State::Named { all: it, .. } => it.n,
            State::Extreme { n, .. } | State::Frequencies { n, .. } => *n,
        }
    }
}

/// What is kept of several items together, for the variance of a figure that is made of them (R13).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Joint {
    /// Rows that answered any of the items.
    pub any: u64,
    /// For each pair `i < j`, in order, over the rows that answered both: Σw², Σw²sᵢ, Σw²sⱼ, Σw²sᵢsⱼ.
    pub pairs: Vec<[Sum; 4]>,
}

impl Joint {
    /// The joint state of so many items.
    pub fn of(items: usize) -> Joint {
        Joint { any: 0, pairs: vec![[Sum::default(); 4]; items * items.saturating_sub(1) / 2] }
    }

    /// The place of a pair `i < j` among `items`.
    pub fn pair(items: usize, i: usize, j: usize) -> usize {
        i * items - i * (i + 1) / 2 + (j - i - 1)
    }

    /// Adds a row: the score of each item, where it has one.
    pub fn add(&mut self, scores: &[Option<Num>], weight: Num) {
        if scores.iter().all(Option::is_none) {
            return;
        }
        self.any += 1;
        let mut at = 0;
        for i in 0..scores.len() {
            for j in i + 1..scores.len() {
                if let (Some(a), Some(b)) = (scores[i], scores[j]) {
                    let sums = &mut self.pairs[at];
                    add_product(&mut sums[0], &[weight, weight]);
                    add_product(&mut sums[1], &[weight, weight, a]);
                    add_product(&mut sums[2], &[weight, weight, b]);
                    add_product(&mut sums[3], &[weight, weight, a, b]);
                }
                at += 1;
            }
        }
    }

    /// Adds the joint state of other rows.
    pub fn merge(&mut self, other: &Joint) {
        self.any += other.any;
        for (mine, theirs) in self.pairs.iter_mut().zip(&other.pairs) {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                mine.merge(theirs);
            }
        }
    }
}

/// The value as it is counted in a table of frequencies.
pub fn seen(value: &Value) -> Option<Seen> {
    match value {
        Value::Number(it) => Some(Seen::Number(it.normal())),
        Value::Bool(it) => Some(Seen::Number(Num::int(i64::from(*it)))),
        Value::Date(it) => Some(Seen::Date(*it)),
        Value::Text(it) => Some(Seen::Text(it.clone())),
        Value::Missing(_) | Value::Texts(_) => None,
    }
}
