//! What is kept for a driver model: cross-products of an outcome and its items over the rows that have all of them,
//! and which items the other rows lack (R21).

use super::{Persons, add_product};
use crate::value::{Num, Sum};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows are dealt to so many groups: what a figure is without each of them tells its error.
pub const DEALT: usize = 32;
/// Rows that lack more items than this are counted together: tables of what is lacking stay small.
const TOLD_APART: u32 = 3;

/// The joint state of a driver model.
#[derive(Clone, Debug, PartialEq)]
pub struct Crossed {
    /// The rows that have all variables, by the group that they are dealt to.
    pub groups: Vec<Dealt>,
    /// Rows that have the outcome and lack items, by the items that they lack: a bit each; all bits: more than three.
    pub lacking: BTreeMap<u128, u64>,
    /// Rows without the cluster by which errors are told.
    pub no_cluster: u64,
    /// The persons among the complete rows.
    pub persons: Persons,
}

/// The rows of one group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dealt {
    pub n: u64,
    /// Σw².
    pub w2: Sum,
    /// Σw times the products of (1, x₁ … x_k): the upper triangle, row by row; empty where there are no rows.
    pub sums: Vec<Sum>,
    /// For each score of performance, Σw times it over these rows.
    pub also: Vec<Sum>,
    /// The same over all rows that have the score, whatever else they lack.
    pub own: Vec<Own>,
}

/// A score over all rows of a group that have it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Own {
    pub n: u64,
    pub w: Sum,
    pub ws: Sum,
}

impl Default for Crossed {
    fn default() -> Crossed {
        Crossed::new()
    }
}

impl Crossed {
    /// Rows that lack more items than are told apart.
    pub const MORE: u128 = u128::MAX;

    /// No rows yet.
    pub fn new() -> Crossed {
        let groups = vec![Dealt::default(); DEALT];
        Crossed { groups, lacking: BTreeMap::new(), no_cluster: 0, persons: Persons::default() }
    }

    /// Counts a row that lacks these items: a bit each.
    pub fn lacks(&mut self, items: u128) {
        let key = if items.count_ones() > TOLD_APART { Crossed::MORE } else { items };
        *self.lacking.entry(key).or_default() += 1;
    }

    /// Adds a row that has all variables, to a group.
    pub fn add(&mut self, variables: &[Num], also: &[Num], weight: Num, group: usize) {
        self.groups[group].add(variables, also, weight);
    }

    /// Adds the scores of performance that a row has, with its weight.
    pub fn own(&mut self, scores: &[Option<(Num, Num)>], group: usize) {
        let own = &mut self.groups[group].own;
        own.resize(scores.len(), Own::default());
        for (own, score) in own.iter_mut().zip(scores) {
            if let Some((score, weight)) = score {
                own.n += 1;
                own.w.add(*weight);
                add_product(&mut own.ws, &[*weight, *score]);
            }
        }
    }

    /// Adds the person of a row that has all variables.
    pub fn person(&mut self, person: &Arc<str>, limit: usize) {
        self.persons.add(person, limit);
    }

    /// Adds what is kept of other rows.
    pub fn merge(&mut self, other: &Crossed, limit: usize) {
        self.groups.iter_mut().zip(&other.groups).for_each(|(mine, theirs)| mine.merge(theirs));
        other.lacking.iter().for_each(|(items, rows)| *self.lacking.entry(*items).or_default() += rows);
        self.no_cluster += other.no_cluster;
        self.persons.merge(&other.persons, limit);
    }

    /// All rows that have all variables; without those of a group, where one is named.
    pub fn without(&self, left: Option<usize>) -> Dealt {
        let mut all = Dealt::default();
        self.groups.iter().enumerate().filter(|it| Some(it.0) != left).for_each(|it| all.merge(it.1));
        all
    }
}

impl Dealt {
    fn add(&mut self, variables: &[Num], also: &[Num], weight: Num) {
        let one = Num::int(1);
        let at = |it: usize| if it == 0 { one } else { variables[it - 1] };
        let k = variables.len();
        self.sums.resize((k + 1) * (k + 2) / 2, Sum::default());
        self.n += 1;
        add_product(&mut self.w2, &[weight, weight]);
        self.also.resize(also.len(), Sum::default());
        self.also.iter_mut().zip(also).for_each(|(sum, it)| add_product(sum, &[weight, *it]));
        let mut sums = self.sums.iter_mut();
        for a in 0..=k {
            for b in a..=k {
                let Some(sum) = sums.next() else { return };
                match (at(a), at(b)) {
                    // Most indicators are 0.
                    (Num::Decimal { mantissa: 0, .. }, _) | (_, Num::Decimal { mantissa: 0, .. }) => {}
                    (a, b) => add_product(sum, &[weight, a, b]),
                }
            }
        }
    }

    fn merge(&mut self, other: &Dealt) {
        if self.own.len() < other.own.len() {
            self.own.resize(other.own.len(), Own::default());
        }
        for (mine, theirs) in self.own.iter_mut().zip(&other.own) {
            mine.n += theirs.n;
            mine.w.merge(&theirs.w);
            mine.ws.merge(&theirs.ws);
        }
        if other.n == 0 {
            return;
        }
        self.n += other.n;
        self.w2.merge(&other.w2);
        self.sums.resize(other.sums.len(), Sum::default());
        self.sums.iter_mut().zip(&other.sums).for_each(|(mine, theirs)| mine.merge(theirs));
        self.also.resize(other.also.len(), Sum::default());
        self.also.iter_mut().zip(&other.also).for_each(|(mine, theirs)| mine.merge(theirs));
    }
}

/// The group of a row by its place in its file: neighbours go apart.
pub fn dealt_by_place(place: u64) -> usize {
    (place % DEALT as u64) as usize
}

/// The group of a row by the unit that it belongs to: all rows of one go together.
pub fn dealt_by_unit(unit: &str) -> usize {
    // FNV-1a, then the last step of SplitMix64, without which short names would fall together.
    let hash = unit.bytes().fold(0xcbf2_9ce4_8422_2325u64, |hash, it| (hash ^ u64::from(it)).wrapping_mul(0x0100_0000_01b3));
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((hash ^ (hash >> 31)) % DEALT as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_apart_and_merged_is_what_is_added_at_once() {
        let rows: Vec<[i64; 3]> = (0..200).map(|it| [it % 11, it % 5 + 1, it % 7]).collect();
        let row = |it: &[i64; 3]| it.map(Num::int);
        let mut whole = Crossed::new();
        let mut parts = [Crossed::new(), Crossed::new()];
        for (place, it) in rows.iter().enumerate() {
            let group = dealt_by_place(place as u64);
            let weight = Num::Decimal { mantissa: 9 + place as i64 % 3, scale: 1 };
            let part = &mut parts[usize::from(place > 77)];
            if place % 13 == 0 {
                whole.lacks(5);
                part.lacks(5);
            } else {
                whole.add(&row(it), &[Num::int(1)], weight, group);
                part.add(&row(it), &[Num::int(1)], weight, group);
            }
        }
        let [mut first, second] = parts;
        first.merge(&second, 10);
        assert_eq!(first, whole);
        assert_eq!(whole.lacking[&5], 16);
        let all = whole.without(None);
        assert_eq!(all.n, 184);
        assert_eq!(whole.without(Some(3)).n, 184 - whole.groups[3].n);
        // Σw, and Σw·x₁ from the rows.
        let expected: f64 = (0..200).filter(|it| it % 13 != 0).map(|it| (9 + it % 3) as f64 / 10.0).sum();
        assert!((all.sums[0].to_f64() - expected).abs() < 1e-12);
    }

    #[test]
    fn rows_that_lack_many_items_are_counted_together() {
        let mut crossed = Crossed::new();
        crossed.lacks(0b111);
        crossed.lacks(0b1111);
        crossed.lacks(0b11111);
        assert_eq!(crossed.lacking.into_iter().collect::<Vec<_>>(), [(0b111, 1), (Crossed::MORE, 2)]);
    }

    #[test]
    fn units_are_dealt_evenly_and_always_alike() {
        for prefix in ["", "customer-"] {
            let mut counts = [0; DEALT];
            (100..3300).for_each(|it| counts[dealt_by_unit(&format!("{prefix}{it}"))] += 1);
            assert!(counts.iter().all(|it| (60..140).contains(it)), "{counts:?}");
        }
    }
}
