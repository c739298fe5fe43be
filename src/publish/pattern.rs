//! Which cells are hidden so that none that is too small can be worked out from those that are shown (R22)?
//!
//! What is shown about one base is a set of cells: how many answered, by values of some dimensions, over some days.
//! Cells add up to one another: the values of a dimension to their total, months to their quarter. So a cell that is
//! hidden alone is its total less the rest.
//!
//! A small cell is safe when what is shown leaves open how many are in it, within a range at least as wide as the minimum
//! base. A *move* puts answers into the small cell, or takes them from it, and does the reverse elsewhere, so that every
//! cell that is shown stays as it is: the corners of a box over some of the dimensions, and perhaps over two moments,
//! gain and lose by turns, and whatever holds as many gaining corners as losing ones does not change. The cells that do
//! change are hidden too. Hiding more never spoils a move that was found, so one pass over the small cells is enough; of
//! the moves that would do, the one that hides the fewest answers is taken.
//!
//! SOURCE: the corners of a box are D. Repsilber's hypercube method, *Preservation of confidentiality in aggregated
//! data*, Second International Seminar on Statistical Confidentiality, Luxembourg 1994; why hidden cells need a feasible
//! interval, and not only company, A. Hundepool et al., *Statistical Disclosure Control*, Wiley 2012, chapter 4.

use super::cone::Answers;
use super::derived::with_derived;
use super::moves::MOST_PLACES;
use super::room::{Carried, Changes};
use super::shape::{Looked, Shape};
use foldhash::{HashSet, HashSetExt};
use std::collections::BTreeSet;

/// How many answers a cell of a base holds.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// The values that it is cut by: a dimension with one of its values, by ascending dimension.
    pub at: Vec<(u32, u32)>,
    /// The days that it is over, half-open.
    pub days: (i32, i32),
    /// How many answers.
    pub n: u64,
    /// What the minimum base is held against: persons, else answers.
    pub protected: u64,
    /// The sums of what scores take of its answers; not a number where that is not told.
    pub sums: Vec<f64>,
    /// For each table that tells it, the dimensions of which that table is kept to this value. One that is kept to none has
    /// all cells of its cut, so that a cell that is missing has no answers. Where nobody is told it, there is no table.
    pub kept: Vec<Vec<u32>>,
}

impl Cell {
    /// Whether anybody is told it.
    pub fn is_told(&self) -> bool {
        !self.kept.is_empty()
    }
}

/// What is known of the dimensions of some cells.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// Which lies within which other.
    pub within: Vec<(u32, u32)>,
    /// Those that are conditions: where a cut tells only where one holds, it says nothing of where it does not.
    pub conditions: BTreeSet<u32>,
}

/// Returns which cells of a base to hide: those with less than `least`, and what would give them away.
///
/// `questions` are what their sums are of.
pub(super) fn hidden(cells: &[Cell], known: &Known, questions: Vec<Answers>, least: u64) -> Vec<bool> {
    let all = with_derived(cells);
    let small: Vec<bool> = all.iter().map(|it| it.is_told() && it.protected > 0 && it.protected < least).collect();
    let hidden = all.iter().zip(&small).map(|(cell, small)| *small || !cell.is_told()).collect();
    let mut hidden = protected(&all, known, questions, least, hidden, &small);
    hidden.truncate(cells.len());
    hidden
}

/// Returns which cells to hide of which everyone knows how many answered, but not what: those that are hidden already, and
/// those without which it would follow what was answered in the targets among them.
pub(super) fn hidden_answers(cells: &[Cell], known: &Known, hidden: Vec<bool>, targets: &[bool]) -> Vec<bool> {
    // However few they are, what they answered may be more here and less there.
    let free: Vec<Cell> = cells.iter().map(|it| Cell { protected: u64::from(u32::MAX), sums: Vec::new(), ..it.clone() }).collect();
    protected(&free, known, Vec::new(), 1, hidden, targets)
}

/// Hides what it takes for each target to be safe.
fn protected(cells: &[Cell], known: &Known, questions: Vec<Answers>, least: u64, mut hidden: Vec<bool>, targets: &[bool]) -> Vec<bool> {
    if targets.contains(&true) {
        let shape = Shape::new(cells, known, questions);
        let mut looked = Looked::new(&shape);
        (0..cells.len()).filter(|it| targets[*it]).for_each(|it| shape.protect(it, least, &mut looked, &mut hidden));
    }
    hidden
}

impl Shape<'_> {
    /// Hides what it takes for a small cell to be safe.
    fn protect<'s>(&'s self, target: usize, least: u64, looked: &mut Looked<'s>, hidden: &mut [bool]) {
        let mut moves: Vec<Changes> = Vec::new();
        let mut known: HashSet<Changes> = HashSet::new();
        let own = self.stand_ins(target);
        let places = own.iter().flat_map(|it| self.places(it, MOST_PLACES, MOST_PLACES * MOST_PLACES));
        for (at, place) in places.enumerate() {
            self.moves(target, &place, looked, &mut known, &mut moves);
            // Often what is hidden already is company enough.
            if at == 0 && self.is_safe(&moves, least, hidden) {
                return;
            }
        }
        moves.push(self.alone(target, &own, looked));
        let mut carried = Carried::new(self.cells, &self.questions);
        let mut width = 0;
        while width < least {
            let need = least - width;
            let cost = |it: &Changes, hidden: &[bool]| -> u64 { it.iter().filter(|it| !hidden[it.0]).map(|it| self.cells[it.0].n).sum() };
            let rated = moves.iter().map(|it| (it, carried.room(it).min(need), cost(it, hidden))).filter(|it| it.1 > 0);
            // What is free comes first; then what suffices at the least cost; then what brings the most for its cost. The
            // last move hides totals, which readers miss most: it is taken where no other helps.
            let alone = moves.last().map(std::ptr::from_ref);
            let best = rated.min_by(|a, b| {
                let rank =
                    |it: &(&Changes, u64, u64)| (it.2 > 0, it.2 > 0 && alone == Some(std::ptr::from_ref(it.0)), it.1 < need && it.2 > 0);
                let by_cost = || (u128::from(a.2) * u128::from(b.1)).cmp(&(u128::from(b.2) * u128::from(a.1)));
                rank(a).cmp(&rank(b)).then_with(by_cost).then(b.1.cmp(&a.1))
            });
            // The last move of all takes from nowhere, so there always is one.
            let Some((chosen, room, _)) = best else { return };
            chosen.iter().for_each(|it| hidden[it.0] = true);
            carried.carry(chosen);
            width += room;
        }
    }

    /// Whether moves that change nothing that is shown leave enough open.
    fn is_safe(&self, moves: &[Changes], least: u64, hidden: &[bool]) -> bool {
        let mut carried = Carried::new(self.cells, &self.questions);
        let mut width: u64 = 0;
        for free in moves.iter().filter(|it| it.iter().all(|it| hidden[it.0])) {
            width = width.saturating_add(carried.room(free));
            if width >= least {
                return true;
            }
            carried.carry(free);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cell by one dimension, over a month.
    fn cell(at: &[(u32, u32)], days: (i32, i32), n: u64) -> Cell {
        Cell { at: at.to_vec(), days, n, protected: n, sums: Vec::new(), kept: vec![Vec::new()] }
    }

    fn shown(cells: &[Cell], least: u64) -> Vec<bool> {
        hidden(cells, &Known::default(), Vec::new(), least).into_iter().map(|it| !it).collect()
    }

    #[test]
    fn nothing_small_hides_nothing() {
        let cells = [cell(&[], (0, 30), 30), cell(&[(0, 0)], (0, 30), 12), cell(&[(0, 1)], (0, 30), 18)];
        assert_eq!(shown(&cells, 10), [true, true, true]);
    }

    #[test]
    fn a_small_part_takes_the_next_smallest_with_it() {
        let parts = [(0, 3), (1, 40), (2, 17)];
        let mut cells = vec![cell(&[], (0, 30), 60)];
        cells.extend(parts.map(|(value, n)| cell(&[(0, value)], (0, 30), n)));
        assert_eq!(shown(&cells, 10), [true, false, true, false]);
    }

    #[test]
    fn small_parts_that_are_enough_together_keep_company() {
        let parts = [(0, 6), (1, 7), (2, 8), (3, 40)];
        let mut cells = vec![cell(&[], (0, 30), 61)];
        cells.extend(parts.map(|(value, n)| cell(&[(0, value)], (0, 30), n)));
        assert_eq!(shown(&cells, 10), [true, false, false, false, true]);
    }

    #[test]
    fn two_small_parts_that_are_too_few_together_take_a_third() {
        let parts = [(0, 2), (1, 3), (2, 20), (3, 40)];
        let mut cells = vec![cell(&[], (0, 30), 65)];
        cells.extend(parts.map(|(value, n)| cell(&[(0, value)], (0, 30), n)));
        assert_eq!(shown(&cells, 10), [true, false, false, false, true]);
    }

    #[test]
    fn a_small_month_takes_another_month_of_its_quarter() {
        let cells = [cell(&[], (0, 90), 64), cell(&[], (0, 30), 4), cell(&[], (30, 60), 40), cell(&[], (60, 90), 20)];
        assert_eq!(shown(&cells, 10), [true, false, true, false]);
    }

    #[test]
    fn windows_that_overlap_do_not_hide_a_whole_period() {
        // Five quarters of three branches, and windows of four quarters: over the last quarters lie fewer of them.
        let quarters = [(0, 90), (90, 181), (181, 273), (273, 365), (365, 455)];
        let mut cells = Vec::new();
        for days in quarters {
            cells.push(cell(&[], days, 63));
            cells.extend([(0, 3), (1, 40), (2, 20)].map(|(value, n)| cell(&[(0, value)], days, n)));
        }
        cells.extend([(0, 365), (90, 455)].map(|days| cell(&[], days, 252)));
        let shown = shown(&cells, 10);
        for quarter in 0..quarters.len() {
            assert_eq!(shown[4 * quarter..][..4], [true, false, true, false], "quarter {quarter}");
        }
        assert_eq!(shown[4 * quarters.len()..], [true, true]);
    }

    #[test]
    fn without_a_sum_nothing_more_is_hidden() {
        let cells = [cell(&[(0, 0)], (0, 30), 3), cell(&[(0, 1)], (0, 30), 18)];
        assert_eq!(shown(&cells, 10), [false, true]);
    }

    #[test]
    fn parts_that_leave_a_small_rest_are_not_all_shown() {
        let part = |value, n| Cell { kept: vec![vec![0]], ..cell(&[(0, value)], (0, 30), n) };
        let cells = [cell(&[], (0, 30), 23), part(0, 11), part(1, 11)];
        assert_eq!(shown(&cells, 10).iter().filter(|it| !**it).count(), 1);
        assert_eq!(shown(&[cell(&[], (0, 30), 40), part(0, 11), part(1, 11)], 10), [true, true, true]);
    }

    #[test]
    fn one_value_by_quarter_says_nothing_of_the_others_by_month() {
        // Of two channels by three months, one is told over the quarter too: that the other is not hides nothing more.
        let quarter = (0, 90);
        let months = [(0, 30), (30, 60), (60, 90)];
        let mut cells = vec![Cell { kept: vec![vec![0]], ..cell(&[(0, 0)], quarter, 63) }];
        for (days, small) in months.into_iter().zip([20, 4, 20]) {
            cells.push(cell(&[], days, 21 + small + 30));
            cells.extend([cell(&[(0, 0)], days, 21), cell(&[(0, 1)], days, small), cell(&[(0, 2)], days, 30)]);
        }
        let hidden: Vec<usize> = (0..).zip(shown(&cells, 10)).filter(|it| !it.1).map(|it| it.0).collect();
        // The small one, and the other of its month that is not told by quarter.
        assert_eq!(hidden, [7, 8]);
    }

    #[test]
    fn what_parts_leave_of_each_region_is_protected() {
        // A whole by region, and one channel by region; the other channels of region 1 are 4 answers.
        let part = |region, n| Cell { kept: vec![vec![0]], ..cell(&[(0, 0), (1, region)], (0, 30), n) };
        let mut cells = vec![cell(&[], (0, 30), 134)];
        cells.extend([(0, 60), (1, 24), (2, 50)].map(|(region, n)| cell(&[(1, region)], (0, 30), n)));
        cells.extend([part(0, 30), part(1, 20), part(2, 30)]);
        // No table tells the channel over all regions, so its region 1 is enough.
        assert_eq!(shown(&cells, 10), [true, true, true, true, true, false, true]);
    }

    #[test]
    fn a_part_of_one_takes_its_total() {
        let cells = [cell(&[], (0, 30), 4), cell(&[(0, 0)], (0, 30), 4)];
        assert_eq!(shown(&cells, 10), [false, false]);
    }

    #[test]
    fn a_small_part_takes_another_of_what_it_lies_in() {
        // Branches of two regions: 0 and 1 lie in region 0, the others in region 1.
        let branches = [(0, 4, 0), (1, 40, 0), (2, 12, 1), (3, 60, 1)];
        let mut cells = vec![cell(&[], (0, 30), 116), cell(&[(0, 0)], (0, 30), 44), cell(&[(0, 1)], (0, 30), 72)];
        cells.extend(branches.map(|(branch, n, _)| cell(&[(1, branch)], (0, 30), n)));
        cells.extend(branches.map(|(branch, n, region)| cell(&[(0, region), (1, branch)], (0, 30), n)));
        let found: Vec<bool> =
            hidden(&cells, &Known { within: vec![(1, 0)], ..Known::default() }, Vec::new(), 10).into_iter().map(|it| !it).collect();
        // Region 0 is shown, so that both its branches are hidden, though another branch is smaller.
        assert_eq!(found[..7], [true, true, true, false, false, true, true]);
    }

    #[test]
    fn a_part_that_is_all_of_what_it_lies_in_takes_that_too() {
        let branches = [(0, 4, 0), (1, 12, 1), (2, 60, 1)];
        let mut cells = vec![cell(&[], (0, 30), 76), cell(&[(0, 0)], (0, 30), 4), cell(&[(0, 1)], (0, 30), 72)];
        cells.extend(branches.map(|(branch, n, _)| cell(&[(1, branch)], (0, 30), n)));
        cells.extend(branches.map(|(branch, n, region)| cell(&[(0, region), (1, branch)], (0, 30), n)));
        let found: Vec<bool> =
            hidden(&cells, &Known { within: vec![(1, 0)], ..Known::default() }, Vec::new(), 10).into_iter().map(|it| !it).collect();
        // The total stays; the other region is hidden, and one branch in it.
        assert_eq!(found[..4], [true, false, false, false]);
        assert_ne!(found[4], found[5]);
    }

    #[test]
    fn a_part_by_two_dimensions_takes_a_box() {
        let mut cells = vec![cell(&[], (0, 30), 103)];
        let table = [[3, 20, 20], [20, 20, 20]];
        cells.extend((0..2).map(|row| cell(&[(0, row)], (0, 30), table[row as usize].iter().sum())));
        cells.extend((0..3).map(|column| cell(&[(1, column)], (0, 30), table.iter().map(|it| it[column as usize]).sum())));
        for row in 0..2 {
            cells.extend((0..3).map(|column| cell(&[(0, row), (1, column)], (0, 30), table[row as usize][column as usize])));
        }
        let shown = shown(&cells, 10);
        assert!(shown[..6].iter().all(|it| *it), "no margin is hidden");
        assert_eq!(shown[6..].iter().filter(|it| !**it).count(), 4);
        assert!(!shown[6]);
    }
}
