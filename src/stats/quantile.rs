//! Answers: below which value do so many of these answers lie?
//!
//! In go frequency tables (values in ascending order, each with its count or weight) and a
//! proportion such as 0.9; out come percentiles in the unit of the values. Tables are exact:
//! percentiles need no rows.

use super::sum::Compensated;

/// Returns the percentile of a frequency table by linear interpolation between ranks, R's type 7:
/// with h = (n - 1)p, the value at rank ⌊h⌋ (from 0) and a part h - ⌊h⌋ of the step to the next.
///
/// Nothing for an empty table, or p outside 0 to 1. The caller holds: values ascend.
///
/// SOURCE: R. J. Hyndman & Y. Fan, *Sample quantiles in statistical packages*, The American
/// Statistician 50 (1996) 361-365, definition 7.
pub fn percentile(table: &[(f64, u64)], p: f64) -> Option<f64> {
    let n = total(table)?;
    if n == 0 || !(0.0..=1.0).contains(&p) {
        return None;
    }
    let position = (n - 1) as f64 * p;
    let whole = position.floor();
    // A rank this large is exact: a double of 2^63 or less turns into the same integer.
    let rank = (whole as u64).min(n - 1);
    let low = value_at(table, rank)?;
    let part = position - whole;
    if part <= 0.0 {
        return Some(low);
    }
    let high = value_at(table, (rank + 1).min(n - 1))?;
    // Rounding must not lead out of the step.
    finite(((1.0 - part) * low + part * high).max(low).min(high))
}

/// Returns the weighted percentile: the smallest value up to which at least the proportion p of all
/// weight lies, the inverse of the distribution function.
///
/// Sums of weights carry rounding errors, so that a millionth of a millionth of all weight counts
/// as reached: the ninth of ten equal weights of 0.1 holds 90 %. Nothing without weight, for a
/// negative weight, or for p outside 0 to 1. The caller holds: values ascend.
///
/// SOURCE: Hyndman & Fan 1996, definition 1, with weights for counts; as in R's `survey`
/// (`svyquantile`, rule `math`).
pub fn weighted_percentile(table: &[(f64, f64)], p: f64) -> Option<f64> {
    let weighable = table.iter().all(|&(_, weight)| weight >= 0.0);
    if !weighable || !(0.0..=1.0).contains(&p) {
        return None;
    }
    let all = table.iter().map(|&(_, weight)| weight).collect::<Compensated>().value();
    if !(all > 0.0 && all.is_finite()) {
        return None;
    }
    let goal = all * p - all * 1e-12;
    let mut sum = Compensated::default();
    let mut last = None;
    for &(value, weight) in table.iter().filter(|&&(_, weight)| weight > 0.0) {
        sum.add(weight);
        last = Some(value);
        if sum.value() >= goal {
            break;
        }
    }
    finite(last?)
}

/// Returns the number of answers in a table, or nothing where that is no number.
pub(super) fn total(table: &[(f64, u64)]) -> Option<u64> {
    table.iter().try_fold(0u64, |sum, &(_, count)| sum.checked_add(count))
}

/// Returns the value at a rank, counted from 0.
pub(super) fn value_at(table: &[(f64, u64)], rank: u64) -> Option<f64> {
    let mut below = 0;
    for &(value, count) in table {
        below += count;
        if rank < below {
            return finite(value);
        }
    }
    None
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testing::assert_close;
    use proptest::prelude::*;

    /// Worked by hand from the definition in Hyndman & Fan 1996: (n - 1)p = 8.1 for p = 0.9 lies a
    /// tenth of the way from 17 to 20.
    #[test]
    fn type_seven() {
        let table = [(2.0, 1), (4.0, 2), (5.0, 1), (7.0, 1), (9.0, 1), (11.0, 1), (12.0, 1), (17.0, 1), (20.0, 1)];
        for (p, expected) in [(0.0, 2.0), (0.1, 3.8), (0.25, 4.25), (0.5, 8.0), (0.75, 11.75), (0.9, 17.3), (1.0, 20.0)] {
            assert_close(percentile(&table, p).expect("a percentile"), expected, 1e-14);
        }
    }

    #[test]
    fn counts_stand_for_rows() {
        assert_eq!(percentile(&[(1.0, 1_000_000), (2.0, 1_000_000)], 0.5), Some(1.5));
        assert_eq!(percentile(&[(3.0, 1)], 0.9), Some(3.0));
        assert_eq!(percentile(&[(1.0, 0), (3.0, 2), (4.0, 0)], 1.0), Some(3.0));
    }

    /// By hand, from the definition: the cumulative weights are 0.2, 0.5, 0.9 and 1.
    #[test]
    fn weighted() {
        let table = [(10.0, 2.0), (20.0, 3.0), (30.0, 4.0), (40.0, 1.0)];
        for (p, expected) in [(0.0, 10.0), (0.2, 10.0), (0.21, 20.0), (0.5, 20.0), (0.51, 30.0), (0.9, 30.0), (1.0, 40.0)] {
            assert_eq!(weighted_percentile(&table, p), Some(expected), "{p}");
        }
        let tenths: Vec<(f64, f64)> = (1..=10).map(|value| (f64::from(value), 0.1)).collect();
        for tenth in 1..=10 {
            let p = f64::from(tenth) / 10.0;
            assert_eq!(weighted_percentile(&tenths, p), Some(f64::from(tenth)));
        }
        assert_eq!(weighted_percentile(&[(1.0, 0.0), (2.0, 1.0), (3.0, 0.0)], 0.0), Some(2.0));
        assert_eq!(weighted_percentile(&[(1.0, 0.0), (2.0, 1.0), (3.0, 0.0)], 1.0), Some(2.0));
    }

    #[test]
    fn nothing_has_no_percentile() {
        assert_eq!(percentile(&[], 0.5), None);
        assert_eq!(percentile(&[(1.0, 0)], 0.5), None);
        assert_eq!(percentile(&[(1.0, 1)], 1.5), None);
        assert_eq!(percentile(&[(1.0, 1)], f64::NAN), None);
        assert_eq!(percentile(&[(f64::NAN, 1)], 0.5), None);
        assert_eq!(percentile(&[(1.0, u64::MAX), (2.0, 1)], 0.5), None);
        assert_eq!(weighted_percentile(&[], 0.5), None);
        assert_eq!(weighted_percentile(&[(1.0, 0.0)], 0.5), None);
        assert_eq!(weighted_percentile(&[(1.0, -1.0), (2.0, 3.0)], 0.5), None);
        assert_eq!(weighted_percentile(&[(1.0, f64::NAN)], 0.5), None);
    }

    #[test]
    fn equal_answers_are_their_percentile() {
        assert_eq!(percentile(&[(3.0, 10)], 0.012_495_930_043_498_308), Some(3.0));
    }

    proptest! {
        #[test]
        fn percentiles_lie_within_the_table(counts in prop::collection::vec(0u64..5, 1..8), p in 0.0..=1.0f64) {
            let table: Vec<(f64, u64)> = (0..).map(f64::from).zip(counts.iter().copied()).collect();
            let weights: Vec<(f64, f64)> = table.iter().map(|&(value, count)| (value, count as f64)).collect();
            if total(&table) == Some(0) {
                prop_assert_eq!(percentile(&table, p), None);
            } else {
                let found = percentile(&table, p).expect("not empty");
                let low = percentile(&table, 0.0).expect("not empty");
                let high = percentile(&table, 1.0).expect("not empty");
                prop_assert!(low <= found && found <= high);
                prop_assert!(weighted_percentile(&weights, p).is_some());
            }
        }
    }
}
