//! Answers: what is the sum of these doubles, without losing the small ones?
//!
//! In go doubles, one by one or as the sums of parts; out comes their sum. The result depends on
//! the order of adding and merging and on nothing else, so the caller fixes that order.

/// A running sum with the part that rounding cut off.
///
/// A sum of some length has an error of about one bit, where a plain one loses a bit more with
/// every doubling of its length.
///
/// SOURCE: the exact TwoSum of D. E. Knuth, *The art of computer programming* 2, section 4.2.2;
/// summed as in A. Neumaier, ZAMM 54 (1974) 39-51.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Compensated {
    /// The sum as doubles add it.
    pub hi: f64,
    /// What was cut off on the way.
    pub lo: f64,
}

impl Compensated {
    /// Adds one number.
    pub fn add(&mut self, value: f64) {
        let (sum, error) = two_sum(self.hi, value);
        self.hi = sum;
        self.lo += error;
    }

    /// Adds the sum of another part.
    pub fn merge(&mut self, other: Compensated) {
        self.add(other.hi);
        self.lo += other.lo;
    }

    /// Returns the sum.
    pub fn value(self) -> f64 {
        self.hi + self.lo
    }
}

impl FromIterator<f64> for Compensated {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut sum = Compensated::default();
        values.into_iter().for_each(|value| sum.add(value));
        sum
    }
}

/// Returns a + b as a double, and exactly what that misses.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    if !sum.is_finite() {
        // The error of an infinity is no number, and would hide the infinity.
        return (sum, 0.0);
    }
    let b_in_sum = sum - a;
    let a_in_sum = sum - b_in_sum;
    (sum, (a - a_in_sum) + (b - b_in_sum))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn small_numbers_are_not_lost() {
        // Neumaier's example, whose plain sum is 0.
        let sum: Compensated = [1.0, 1e100, 1.0, -1e100].into_iter().collect();
        assert_eq!(sum.value(), 2.0);
        let tenths: Compensated = std::iter::repeat_n(0.1, 10).collect();
        assert_eq!(tenths.value(), 1.0);
        assert_eq!(Compensated::default().value(), 0.0);
    }

    #[test]
    fn infinity_stays_infinity() {
        let sum: Compensated = [f64::MAX, f64::MAX, 1.0].into_iter().collect();
        assert_eq!(sum.value(), f64::INFINITY);
        let none: Compensated = [f64::NAN, 1.0].into_iter().collect();
        assert!(none.value().is_nan());
    }

    proptest! {
        /// Integers below 2^53 add exactly, whatever the order and the parts.
        #[test]
        fn whole_numbers_are_exact(values in prop::collection::vec(-1_000_000_000_000i64..1_000_000_000_000, 0..50), cut in 0usize..50) {
            let exact: i64 = values.iter().sum();
            let doubles: Vec<f64> = values.iter().map(|&value| value as f64).collect();
            let (left, right) = doubles.split_at(cut.min(doubles.len()));
            let mut sum: Compensated = left.iter().copied().collect();
            sum.merge(right.iter().copied().collect());
            prop_assert_eq!(sum.value(), exact as f64);
        }

        /// Merging in parts costs no more than the last bit.
        #[test]
        fn parts_agree_to_the_last_bits(values in prop::collection::vec(-1e6..1e6f64, 1..200), cut in 0usize..200) {
            let whole: Compensated = values.iter().copied().collect();
            let (left, right) = values.split_at(cut.min(values.len()));
            let mut parts: Compensated = left.iter().copied().collect();
            parts.merge(right.iter().copied().collect());
            let size: f64 = values.iter().map(|value| value.abs()).sum();
            prop_assert!((whole.value() - parts.value()).abs() <= 4.0 * f64::EPSILON * whole.value().abs() + 1e-28 * size);
        }
    }
}
