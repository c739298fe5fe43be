//! What follows at once from cells that are told: the months of a part are its quarter, and a whole less its parts is what
//! they leave.

use super::pattern::Cell;
use super::spans::{Days, kind};
use std::collections::{BTreeMap, BTreeSet};

/// What parts hold together: how many answers, how many persons, and the sums of their scores.
#[derive(Clone, Default)]
struct Held {
    n: u64,
    protected: u64,
    sums: Option<Vec<f64>>,
}

impl Held {
    fn add(&mut self, cell: &Cell) {
        self.n += cell.n;
        self.protected += cell.protected;
        let sums = self.sums.get_or_insert_with(|| vec![0.0; cell.sums.len()]);
        sums.iter_mut().zip(&cell.sums).for_each(|(own, it)| *own += it);
    }
}

/// What the parts of each whole hold.
type Sums = BTreeMap<Vec<(u32, u32)>, Held>;

/// The cells, and behind them those that follow from parts of them that are told alone.
pub(super) fn with_derived(cells: &[Cell]) -> Vec<Cell> {
    if cells.iter().all(|it| is_of_whole(it) || it.kept.is_empty()) { cells.to_vec() } else { with_rests(&with_sums(cells)) }
}

/// The value that stands for all that are not there.
pub(super) const REST: u32 = u32::MAX;

/// Whether a whole table tells a cell.
fn is_of_whole(cell: &Cell) -> bool {
    cell.kept.iter().any(Vec::is_empty)
}

/// The cells, and behind them what parts hold that are told over shorter stretches than a whole they are in: who knows the
/// months of a part, and the quarter of its whole, knows the quarter of the part too.
fn with_sums(cells: &[Cell]) -> Vec<Cell> {
    let cut = |it: &Cell| -> Vec<u32> { it.at.iter().map(|it| it.0).collect() };
    let wholes: BTreeSet<(Vec<u32>, Days)> = cells.iter().filter(|it| !it.kept.is_empty()).map(|it| (cut(it), it.days)).collect();
    // By cut, by what a table is kept to and by the kind of its stretches.
    let mut parts: BTreeMap<_, Vec<&Cell>> = BTreeMap::new();
    for cell in cells.iter().filter(|it| !is_of_whole(it) && !it.kept.is_empty()) {
        parts.entry((cut(cell), &cell.kept, kind(cell.days))).or_default().push(cell);
    }
    let mut all = cells.to_vec();
    let mut known = BTreeSet::new();
    for ((cut, kept, _), parts) in &parts {
        // A whole is cut by all but one of what the part is cut by, and that is what the part is kept to.
        let is_whole = |of: &[u32]| {
            let left: Vec<u32> = cut.iter().copied().filter(|it| !of.contains(it)).collect();
            of.len() + 1 == cut.len() && matches!(left[..], [it] if kept.iter().any(|kept| kept.contains(&it)))
        };
        let over: BTreeSet<Days> = wholes.iter().filter(|it| is_whole(&it.0)).map(|it| it.1).collect();
        for days in over.into_iter().filter(|it| !wholes.contains(&(cut.clone(), *it))) {
            let is_in = |it: &Cell| days.0 <= it.days.0 && it.days.1 <= days.1;
            let stretches: BTreeSet<Days> = parts.iter().filter(|it| is_in(it)).map(|it| it.days).collect();
            let apart = stretches.iter().zip(stretches.iter().skip(1)).all(|(a, b)| a.1 <= b.0);
            let within = parts.iter().all(|it| is_in(it) || it.days.1 <= days.0 || days.1 <= it.days.0);
            if stretches.is_empty() || !apart || !within || !known.insert((cut, *kept, days)) {
                continue;
            }
            let mut sums: BTreeMap<&[(u32, u32)], Held> = BTreeMap::new();
            for cell in parts.iter().filter(|it| is_in(it)) {
                sums.entry(&cell.at).or_default().add(cell);
            }
            let sum = |(at, Held { n, protected, sums }): (&[(u32, u32)], Held)| Cell {
                at: at.to_vec(),
                days,
                n,
                protected,
                sums: sums.unwrap_or_default(),
                kept: (*kept).clone(),
            };
            all.extend(sums.into_iter().map(sum));
        }
    }
    all
}

/// The cells, and behind them what is left of a whole beside parts of it that are there alone: who knows the whole and
/// these parts knows that too.
fn with_rests(cells: &[Cell]) -> Vec<Cell> {
    // By the cut of the whole, the dimension that parts are kept to, and the days: what the parts of each whole hold.
    let mut parted: BTreeMap<(Vec<u32>, u32, Days), Sums> = BTreeMap::new();
    let mut told: BTreeSet<(Vec<u32>, u32, Days)> = BTreeSet::new();
    for cell in cells.iter().filter(|it| !it.kept.is_empty()) {
        for (place, (dimension, _)) in cell.at.iter().enumerate() {
            let others = [&cell.at[..place], &cell.at[place + 1..]].concat();
            let cut = (others.iter().map(|it| it.0).collect(), *dimension, cell.days);
            if cell.kept.iter().any(|it| !it.contains(dimension)) {
                told.insert(cut.clone());
            }
            parted.entry(cut).or_default().entry(others).or_default().add(cell);
        }
    }
    let mut wholes: BTreeMap<(Vec<u32>, Days), Vec<&Cell>> = BTreeMap::new();
    for cell in cells.iter().filter(|it| !it.kept.is_empty()) {
        wholes.entry((cell.at.iter().map(|it| it.0).collect(), cell.days)).or_default().push(cell);
    }
    let mut all = cells.to_vec();
    for ((cut, dimension, days), parts) in parted.into_iter().filter(|it| !told.contains(&it.0)) {
        for whole in wholes.get(&(cut, days)).into_iter().flatten() {
            let parts = parts.get(&whole.at).cloned().unwrap_or_default();
            // Where nothing is left, everyone can see that too. How many persons are in it is not known: they are counted as far as
            // the minimum base alone.
            let n = whole.n.saturating_sub(parts.n);
            let mut at = whole.at.clone();
            at.insert(at.partition_point(|it| it.0 < dimension), (dimension, REST));
            let of = |at: usize| parts.sums.as_ref().map_or(0.0, |it| it[at]);
            let sums = whole.sums.iter().enumerate().map(|(at, it)| it - of(at)).collect();
            all.push(Cell { at, days, n, protected: n, sums, kept: whole.kept.clone() });
        }
    }
    all
}
