//! How the answers of a cell lie over what a score takes of them: those that count for it, those that count against it, and
//! the others.
//!
//! Who knows how many answered, and their score, knows how many of them count for it. Where those of one region all do, and
//! those of another do not, the scores by channel tell how many of each channel are of which region. So answers are moved
//! from where some are of a kind to where others are of that kind too.

use crate::check::Checked;
use crate::eval::Base;
use crate::model::RowExpr;
use crate::plan::{Estimator, Leafed, Measure};
use std::collections::BTreeMap;

/// For each score that is told of a cell, by its number, how many answers are of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted(BTreeMap<u32, Vec<u64>>);

/// What is not told, in [`flat`].
pub(super) const UNTOLD: u64 = u64::MAX;

impl Counted {
    /// What a score tells.
    pub fn by(score: u32, kinds: Vec<u64>) -> Counted {
        Counted(BTreeMap::from([(score, kinds)]))
    }

    /// Takes in what another table tells of the same cell: of what both tell, the smallest counts.
    pub fn also(&mut self, other: Counted) {
        for (score, kinds) in other.0 {
            let own = self.0.entry(score).or_insert_with(|| kinds.clone());
            own.iter_mut().zip(kinds).for_each(|(own, it)| *own = (*own).min(it));
        }
    }

    /// Adds what a part holds.
    pub fn plus(&mut self, part: &Counted) {
        for (score, kinds) in &part.0 {
            let own = self.0.entry(*score).or_insert_with(|| vec![0; kinds.len()]);
            own.iter_mut().zip(kinds).for_each(|(own, it)| *own += it);
        }
    }

    /// What parts leave of it.
    pub fn less(&self, parts: &Counted) -> Counted {
        let left = |(score, kinds): (&u32, &Vec<u64>)| {
            let of = parts.0.get(score);
            let left = kinds.iter().enumerate().map(|(at, it)| it.saturating_sub(of.and_then(|it| it.get(at)).copied().unwrap_or(0)));
            (*score, left.collect())
        };
        Counted(self.0.iter().map(left).collect())
    }

    /// How many kinds each score has.
    pub fn kinds(&self) -> impl Iterator<Item = (u32, usize)> {
        self.0.iter().map(|it| (*it.0, it.1.len()))
    }

    /// One number for each kind of these scores.
    pub fn flat(&self, scores: &BTreeMap<u32, usize>) -> Vec<u64> {
        let of = |(score, kinds): (&u32, &usize)| self.0.get(score).cloned().unwrap_or_else(|| vec![UNTOLD; *kinds]);
        scores.iter().flat_map(of).collect()
    }
}

/// How many answers of a cell are of each kind, by what a leaf takes of them; `None` where that is not a share of kinds.
pub(super) fn kinds(checked: &Checked, leaf: &Leafed, of: &Base) -> Option<Vec<u64>> {
    let (sum, squares) = of.sums?;
    let n = of.n as f64;
    let (low, high) = match (&leaf.measure, leaf.estimator) {
        (Measure::Score(_), Estimator::Share) => (0.0, 1.0),
        (Measure::Score(_), Estimator::Net) => {
            // Where no squares are kept, as few count for or against it as may be.
            let squares = squares.max(sum.abs());
            return Some([squares + sum, 2.0 * (n - squares), squares - sum].map(|it| (it / 2.0) as u64).to_vec());
        }
        (Measure::Score(RowExpr::Column(column)), Estimator::Mean { .. }) => {
            let scale = checked.model.sources[column.source.index()].columns[column.column as usize].scale?;
            (scale.low, scale.high)
        }
        _ => return None,
    };
    // A mean is one of so many answers at the one end of its scale and so many at the other.
    let width = high - low;
    (width > 0.0).then(|| [(sum - low * n) / width, (high * n - sum) / width].map(|it| it.max(0.0) as u64).to_vec())
}
