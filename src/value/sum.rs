//! What is the sum, whatever the order? Exact for decimals; compensated for doubles, in the order that the caller fixes.

use super::num::{Num, POWERS, decimal_to_f64};

/// A sum that can be merged with another.
///
/// Decimals are added as integers: their sum is exact and equal in any order. Doubles are added with
/// Knuth's TwoSum; their sum depends on the order of adding, which engines fix by chunks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum {
    mantissa: i128,
    scale: u8,
    high: f64,
    low: f64,
}

impl Sum {
    /// The sum `mantissa / 10^scale`.
    pub fn exact(mantissa: i128, scale: u8) -> Sum {
        Sum { mantissa, scale, ..Sum::default() }
    }

    /// Adds a number.
    pub fn add(&mut self, value: Num) {
        match value {
            Num::Decimal { mantissa, scale } => self.add_exact(i128::from(mantissa), scale),
            Num::Float(value) => self.add_float(value),
        }
    }

    /// Adds `mantissa / 10^scale`.
    pub fn add_exact(&mut self, mut mantissa: i128, mut scale: u8) {
        // No sum below needs more places; a product of two weights and two scores may have them.
        if scale > self.scale {
            let spare = scale - self.scale;
            let (shorter, places) = without_zeros(mantissa, spare);
            (mantissa, scale) = (shorter, self.scale + places);
        }
        if scale == self.scale
            && let Some(total) = self.mantissa.checked_add(mantissa)
        {
            self.mantissa = total;
            return;
        }
        let common = scale.max(self.scale);
        let widened = (self.mantissa.checked_mul(power(common - self.scale)), mantissa.checked_mul(power(common - scale)));
        if let (Some(mine), Some(theirs)) = widened
            && let Some(total) = mine.checked_add(theirs)
        {
            self.mantissa = total;
            self.scale = common;
        } else {
            self.add_float(decimal_to_f64(mantissa, scale));
        }
    }

    /// Adds a double, compensated.
    pub fn add_float(&mut self, value: f64) {
        let total = self.high + value;
        let virtual_part = total - self.high;
        self.low += (self.high - (total - virtual_part)) + (value - virtual_part);
        self.high = total;
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Sum) {
        self.add_exact(other.mantissa, other.scale);
        if other.high != 0.0 || other.low != 0.0 {
            self.add_float(other.high);
            self.low += other.low;
        }
    }

    /// The sum as a double.
    pub fn to_f64(&self) -> f64 {
        // The same value has one form, however it was reached: bits must not depend on the order.
        let (mantissa, scale) = self.normal();
        let exact = decimal_to_f64(mantissa, scale);
        if self.high == 0.0 && self.low == 0.0 { exact } else { exact + (self.high + self.low) }
    }

    /// The squares of `n` numbers about their mean, by their sum and that of their squares: nothing where these are not exact,
    /// or too large to be held together. Of doubles the square of a large mean would take all digits that tell the spread.
    pub fn about_mean(n: u64, sum: &Sum, squares: &Sum) -> Option<f64> {
        let exact = |it: &Sum| (it.high == 0.0 && it.low == 0.0).then(|| it.normal());
        let ((sum, places), (squares, of_squares)) = (exact(sum)?, exact(squares)?);
        let common = of_squares.max(2 * places);
        let widened = |it: i128, from: u8| it.checked_mul(*POWERS.get(usize::from(common - from))?);
        let whole = widened(squares.checked_mul(i128::from(n))?, of_squares)?;
        let of_mean = widened(sum.checked_mul(sum)?, 2 * places)?;
        (n > 0).then(|| decimal_to_f64(whole - of_mean, common) / n as f64)
    }

    /// The exact part without trailing zeros.
    fn normal(&self) -> (i128, u8) {
        without_zeros(self.mantissa, self.scale)
    }

    /// Whether nothing but zero was added.
    pub fn is_zero(&self) -> bool {
        self.mantissa == 0 && self.high == 0.0 && self.low == 0.0
    }
}

/// Sums are equal where all that follows from them has the same bits.
impl PartialEq for Sum {
    fn eq(&self, other: &Sum) -> bool {
        self.normal() == other.normal() && self.high.to_bits() == other.high.to_bits() && self.low.to_bits() == other.low.to_bits()
    }
}

/// A mantissa without zeros at its end, at most so many; and the places that remain of those.
fn without_zeros(mantissa: i128, places: u8) -> (i128, u8) {
    fn stripped<T: Copy + PartialEq + From<i8> + std::ops::Rem<Output = T> + std::ops::Div<Output = T>>(it: T, places: u8) -> (T, u8) {
        let (mut it, mut places) = (it, places);
        while places > 0 && it % T::from(10) == T::from(0) {
            it = it / T::from(10);
            places -= 1;
        }
        (it, places)
    }
    // Division of 128 bits is slow, and most sums need no more than 64.
    match i64::try_from(mantissa) {
        Ok(small) => {
            let (mantissa, places) = stripped(small, places);
            (i128::from(mantissa), places)
        }
        Err(_) => stripped(mantissa, places),
    }
}

fn power(places: u8) -> i128 {
    POWERS.get(usize::from(places)).copied().unwrap_or(i128::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_add_up_exactly_in_any_order() {
        let values = ["0.1", "0.25", "-7", "0.0000000001", "123456.789"];
        let numbers: Vec<Num> = values.iter().filter_map(|it| Num::parse(it)).collect();
        let mut forward = Sum::default();
        numbers.iter().for_each(|it| forward.add(*it));
        let mut backward = Sum::default();
        numbers.iter().rev().for_each(|it| backward.add(*it));
        assert_eq!(forward.to_f64().to_bits(), backward.to_f64().to_bits());
        assert_eq!(forward.to_f64(), 123_450.139_000_000_1);
    }

    #[test]
    fn doubles_keep_what_plain_addition_loses() {
        let mut sum = Sum::default();
        for value in [1e16, 1.0, -1e16] {
            sum.add_float(value);
        }
        assert_eq!(sum.to_f64(), 1.0);
    }
}
