//! Sums of numbers and of their squares: in records while they are added, in totals when those are full.

use crate::engine::embedded::kernels::{Fused, NARROW, Narrow, Record, Single, Wide};
use crate::value::{Num, POWERS};

/// Sums of numbers and of their squares.
#[derive(Default)]
pub(super) struct Sums {
    pub(super) records: Records,
    pub(super) totals: Vec<(i128, i128)>,
}

/// Records of counts and sums together, by what they sum and how many classes they count.
pub(super) enum Together {
    Apart,
    Single4(Vec<Fused<Single, 4>>),
    Single8(Vec<Fused<Single, 8>>),
    Squares4(Vec<Fused<Narrow, 4>>),
    Squares8(Vec<Fused<Narrow, 8>>),
}

/// The same for records of each kind.
macro_rules! together {
    ($fused:expr, $records:ident => $do:expr) => {
        match $fused {
            Together::Apart => {}
            Together::Single4($records) => $do,
            Together::Single8($records) => $do,
            Together::Squares4($records) => $do,
            Together::Squares8($records) => $do,
        }
    };
}
pub(super) use together;

pub(super) enum Records {
    Single(Vec<Single>),
    Narrow(Vec<Narrow>),
    Wide(Vec<Wide>),
}

impl Default for Records {
    fn default() -> Records {
        Records::Single(Vec::new())
    }
}

/// A score that is a multiple of the row's number.
#[derive(Default)]
pub(super) struct Product {
    /// For each combination of codes the factor.
    pub(super) factors: Vec<Num>,
    /// The decimals of factors.
    pub(super) scale: u8,
    /// Whether squares are kept.
    pub(super) squares: bool,
    pub(super) sums: Sums,
}

pub(super) fn spread<T: Copy + Default>(totals: &[T], old: u32, new: u32) -> Vec<T> {
    let mut wide = vec![T::default(); (totals.len() >> old) << new];
    for (to, from) in wide.chunks_exact_mut(1 << new).zip(totals.chunks_exact(1 << old)) {
        to[..from.len()].copy_from_slice(from);
    }
    wide
}

/// Adds what records held. The limits of numbers leave room for it.
pub(super) fn add_sums(totals: &mut (i128, i128), sums: (i128, i128)) {
    *totals = (totals.0.wrapping_add(sums.0), totals.1.wrapping_add(sums.1));
}

pub(super) fn add(mine: &mut (i128, i128), theirs: Option<&(i128, i128)>) -> Option<()> {
    if let Some(theirs) = theirs {
        *mine = (mine.0.checked_add(theirs.0)?, mine.1.checked_add(theirs.1)?);
    }
    Some(())
}

impl Product {
    /// The factor of a combination, with the decimals of all.
    pub(super) fn factor(&self, place: usize) -> Option<i64> {
        match self.factors[place] {
            Num::Decimal { mantissa, scale } => {
                let wide = i128::from(mantissa).checked_mul(POWERS[usize::from(self.scale - scale)])?;
                i64::try_from(wide).ok()
            }
            Num::Float(_) => None,
        }
    }

    pub(super) fn rescale(&mut self, scale: u8) -> Option<()> {
        if scale > self.scale {
            self.sums.empty();
            self.sums.rescale(scale - self.scale)?;
            self.scale = scale;
        }
        Some(())
    }
}

impl Sums {
    /// Makes room for slots, in records that are wide enough for numbers up to a size.
    pub(super) fn reserve(&mut self, length: usize, most: u64, squares: bool) {
        let wide_enough = match &self.records {
            Records::Single(_) => !squares,
            Records::Narrow(_) => most <= NARROW,
            Records::Wide(_) => true,
        };
        if !wide_enough {
            self.empty();
            self.records = if most <= NARROW { Records::Narrow(Vec::new()) } else { Records::Wide(Vec::new()) };
        }
        match &mut self.records {
            Records::Single(it) => it.resize(length, Single::default()),
            Records::Narrow(it) => it.resize(length, Narrow::default()),
            Records::Wide(it) => it.resize(length, Wide::default()),
        }
    }

    pub(super) fn empty(&mut self) {
        fn all<R: Record>(records: &mut [R], totals: &mut Vec<(i128, i128)>) {
            totals.resize(totals.len().max(records.len()), (0, 0));
            for (total, record) in totals.iter_mut().zip(records) {
                add_sums(total, std::mem::take(record).sums());
            }
        }
        match &mut self.records {
            Records::Single(it) => all(it, &mut self.totals),
            Records::Narrow(it) => all(it, &mut self.totals),
            Records::Wide(it) => all(it, &mut self.totals),
        }
    }

    /// Gives the totals so many more decimals.
    pub(super) fn rescale(&mut self, places: u8) -> Option<()> {
        let (once, twice) = (POWERS[usize::from(places)], *POWERS.get(2 * usize::from(places))?);
        for it in &mut self.totals {
            *it = (it.0.checked_mul(once)?, it.1.checked_mul(twice)?);
        }
        Some(())
    }
}
