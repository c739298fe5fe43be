//! Over which stretches a table has cells, and where one is missing between others.

use std::collections::BTreeMap;

/// Half-open, as numbers of days.
pub(super) type Days = (i32, i32);

/// The stretches of one length that a cut has cells over: months, quarters, or windows that overlap one another.
pub(super) struct Span {
    length: i32,
    /// How far apart they begin where none is missing.
    step: i32,
    /// The days of each, in order.
    days: Vec<(i32, i32)>,
}

impl Span {
    /// Whether a moment lies in a stretch, and in none that is missing between two others.
    pub fn holds(&self, moment: i32) -> bool {
        // Months and quarters are not all equally long.
        let half = self.step / 2;
        let missing = |it: &[(i32, i32)]| {
            let (before, after) = (it[0].0, it[1].0);
            after - before > self.step + half && before + half <= moment && moment < after - half + self.length
        };
        let is_in = self.days.iter().any(|it| it.0 <= moment && moment < it.1);
        let overlap = self.days.windows(2).any(|it| it[1].0 < it[0].1);
        is_in && !(overlap && self.days.windows(2).any(missing))
    }
}

/// The stretches of a cut, by their lengths; those of as many months are one kind.
pub(super) fn spans(days: &[(i32, i32)]) -> Vec<Span> {
    let mut kinds: BTreeMap<(i32, i32), Vec<(i32, i32)>> = BTreeMap::new();
    for it in days {
        kinds.entry(kind(*it)).or_default().push(*it);
    }
    let span = |of: Vec<(i32, i32)>| {
        let length = of.iter().map(|it| it.1 - it.0).max().unwrap_or(0);
        let step = of.windows(2).map(|it| it[1].0 - it[0].0).min().unwrap_or(length);
        Span { length, step, days: of }
    };
    kinds.into_values().map(span).collect()
}

/// Of what kind a stretch is: by its months, or by its days where it is shorter.
pub(super) fn kind(days: Days) -> (i32, i32) {
    let length = days.1 - days.0;
    ((length * 12 + 182) / 365, if length < 28 { length } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_that_is_missing_is_no_place_to_move_to() {
        let months = spans(&[(0, 31), (0, 90), (59, 90), (90, 120), (90, 181)]);
        let holds = |moment: i32| months.iter().all(|it| it.holds(moment));
        // Nobody was there in the second month.
        assert_eq!([0, 31, 59, 90, 120].map(holds), [true, false, true, true, false]);
        // Quarters do not overlap: that one before them is missing says nothing of them, though February is short.
        let quarters = spans(&[(91, 182), (366, 456), (456, 547)]);
        assert_eq!([91, 182, 366, 456].map(|it| quarters[0].holds(it)), [true, false, true, true]);
        // Windows of a year by quarters, of which the third is missing: who came in its quarters would be seen in it.
        let windows = spans(&[(0, 365), (90, 455), (273, 638)]);
        assert_eq!([0, 90, 181, 455, 600].map(|it| windows[0].holds(it)), [true, true, false, false, true]);
    }
}
