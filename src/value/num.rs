//! What number is this, exactly? Decimal text stays a decimal, so that sums of it do not depend on the order of adding.

use std::cmp::Ordering;

/// A number as data hold it: an exact decimal `mantissa / 10^scale`, or a double where only that is to be had.
#[derive(Clone, Copy, Debug)]
pub enum Num {
    /// `mantissa / 10^scale`, exact.
    Decimal { mantissa: i64, scale: u8 },
    /// A binary double: from a file that stores doubles, or the result of a division.
    Float(f64),
}

/// Decimals beyond this many places are kept as doubles.
pub const MAX_SCALE: u8 = 15;

impl Num {
    /// An integer.
    pub const fn int(value: i64) -> Num {
        Num::Decimal { mantissa: value, scale: 0 }
    }

    /// Reads a number written with `.` as the decimal mark: digits, sign, fraction, exponent.
    ///
    /// Returns `None` for anything else, and for infinities and NaN.
    pub fn parse(text: &str) -> Option<Num> {
        let bytes = text.as_bytes();
        let (negative, digits) = match bytes.first()? {
            b'-' => (true, &bytes[1..]),
            b'+' => (false, &bytes[1..]),
            _ => (false, bytes),
        };
        let mut mantissa: i64 = 0;
        let mut scale: u8 = 0;
        let mut seen_digit = false;
        let mut seen_point = false;
        for &byte in digits {
            match byte {
                b'0'..=b'9' => {
                    seen_digit = true;
                    let next = mantissa.checked_mul(10).and_then(|it| it.checked_add(i64::from(byte - b'0')));
                    match next {
                        Some(next) if !seen_point || scale < MAX_SCALE => {
                            mantissa = next;
                            if seen_point {
                                scale += 1;
                            }
                        }
                        _ => return Num::parse_float(text),
                    }
                }
                b'.' if !seen_point => seen_point = true,
                _ => return Num::parse_float(text),
            }
        }
        if !seen_digit {
            return None;
        }
        Some(Num::Decimal { mantissa: if negative { -mantissa } else { mantissa }, scale })
    }

    fn parse_float(text: &str) -> Option<Num> {
        // `inf`, `nan` and hexadecimal forms are words in survey data, not numbers.
        if !text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E')) {
            return None;
        }
        text.parse::<f64>().ok().filter(|it| it.is_finite()).map(Num::Float)
    }

    /// The nearest double.
    pub fn to_f64(self) -> f64 {
        match self {
            Num::Decimal { mantissa, scale } => decimal_to_f64(i128::from(mantissa), scale),
            Num::Float(value) => value,
        }
    }

    /// The integer that this number is, if it is one.
    pub fn to_int(self) -> Option<i64> {
        match self.normal() {
            Num::Decimal { mantissa, scale: 0 } => Some(mantissa),
            Num::Decimal { .. } => None,
            Num::Float(value) if value.trunc() == value && value.abs() < 9.0e15 => Some(value as i64),
            Num::Float(_) => None,
        }
    }

    /// The same number without trailing zeros.
    pub fn normal(self) -> Num {
        match self {
            Num::Decimal { mut mantissa, mut scale } => {
                while scale > 0 && mantissa % 10 == 0 {
                    mantissa /= 10;
                    scale -= 1;
                }
                Num::Decimal { mantissa, scale }
            }
            float => float,
        }
    }

    fn combine(self, other: Num, exact: impl Fn(i128, i128) -> Option<i128>, float: impl Fn(f64, f64) -> f64) -> Num {
        if let (Num::Decimal { mantissa: a, scale: p }, Num::Decimal { mantissa: b, scale: q }) = (self, other) {
            let scale = p.max(q);
            let left = i128::from(a) * POWERS[usize::from(scale - p)];
            let right = i128::from(b) * POWERS[usize::from(scale - q)];
            if let Some(mantissa) = exact(left, right).and_then(|it| i64::try_from(it).ok()) {
                return Num::Decimal { mantissa, scale };
            }
        }
        Num::Float(float(self.to_f64(), other.to_f64()))
    }

    /// `self + other`, exact where both are decimals and the result fits.
    pub fn plus(self, other: Num) -> Num {
        self.combine(other, |a, b| a.checked_add(b), |a, b| a + b)
    }

    /// `self - other`, exact where both are decimals and the result fits.
    pub fn minus(self, other: Num) -> Num {
        self.combine(other, |a, b| a.checked_sub(b), |a, b| a - b)
    }

    /// `self * other`, exact where both are decimals and the result fits.
    pub fn times(self, other: Num) -> Num {
        if let (Num::Decimal { mantissa: a, scale: p }, Num::Decimal { mantissa: b, scale: q }) = (self.normal(), other.normal())
            && p + q <= MAX_SCALE
            && let Ok(mantissa) = i64::try_from(i128::from(a) * i128::from(b))
        {
            return Num::Decimal { mantissa, scale: p + q };
        }
        Num::Float(self.to_f64() * other.to_f64())
    }

    /// `self / other`; `None` when `other` is zero.
    pub fn over(self, other: Num) -> Option<Num> {
        let divisor = other.to_f64();
        (divisor != 0.0).then(|| Num::Float(self.to_f64() / divisor))
    }

    /// Compares by value: `1.0` equals `1`.
    pub fn compare(self, other: Num) -> Ordering {
        if let (Num::Decimal { mantissa: a, scale: p }, Num::Decimal { mantissa: b, scale: q }) = (self, other) {
            let scale = p.max(q);
            let left = i128::from(a) * POWERS[usize::from(scale - p)];
            let right = i128::from(b) * POWERS[usize::from(scale - q)];
            return left.cmp(&right);
        }
        self.to_f64().total_cmp(&other.to_f64())
    }
}

impl PartialEq for Num {
    fn eq(&self, other: &Num) -> bool {
        self.compare(*other) == Ordering::Equal
    }
}

impl Eq for Num {}

impl PartialOrd for Num {
    fn partial_cmp(&self, other: &Num) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Num {
    fn cmp(&self, other: &Num) -> Ordering {
        self.compare(*other)
    }
}

impl std::fmt::Display for Num {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.normal() {
            Num::Decimal { mantissa, scale: 0 } => write!(f, "{mantissa}"),
            Num::Decimal { mantissa, scale } => {
                let sign = if mantissa < 0 { "-" } else { "" };
                let digits = format!("{:0>width$}", mantissa.unsigned_abs(), width = usize::from(scale) + 1);
                let (whole, fraction) = digits.split_at(digits.len() - usize::from(scale));
                write!(f, "{sign}{whole}.{fraction}")
            }
            Num::Float(value) => write!(f, "{value}"),
        }
    }
}

/// Powers of ten that fit an `i128`.
pub const POWERS: [i128; 39] = {
    let mut powers = [1i128; 39];
    let mut at = 1;
    while at < 39 {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// `mantissa / 10^scale` as a double, rounded once where both parts are exact doubles.
pub fn decimal_to_f64(mantissa: i128, scale: u8) -> f64 {
    const EXACT: i64 = 1 << 53;
    if scale <= 18
        && let Ok(small) = i64::try_from(mantissa)
        && (-EXACT..=EXACT).contains(&small)
    {
        return small as f64 / POWERS[usize::from(scale)] as i64 as f64;
    }
    if scale <= 22 && mantissa.abs() <= i128::from(EXACT) {
        return mantissa as f64 / POWERS[usize::from(scale)] as f64;
    }
    // Split off the whole part, so that large sums keep their fraction.
    let power = POWERS[usize::from(scale.min(38))];
    let whole = mantissa / power;
    let rest = mantissa % power;
    whole as f64 + rest as f64 / power as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly() {
        assert_eq!(Num::parse("0.2847177143").map(|it| it.to_string()).as_deref(), Some("0.2847177143"));
        assert_eq!(Num::parse("-12.50"), Some(Num::Decimal { mantissa: -125, scale: 1 }));
        assert_eq!(Num::parse("1e3").and_then(Num::to_int), Some(1000));
        for word in ["", "-", ".", "nan", "inf", "1,5", "0x10", "twelve", "1-2"] {
            assert_eq!(Num::parse(word), None, "{word}");
        }
    }

    #[test]
    fn arithmetic_is_exact_until_it_cannot_be() {
        let tenth = Num::parse("0.1").expect("a number");
        let fifth = Num::parse("0.2").expect("a number");
        assert_eq!(tenth.plus(fifth).to_string(), "0.3");
        assert_eq!(tenth.times(fifth).to_string(), "0.02");
        assert!(matches!(Num::int(i64::MAX).plus(Num::int(1)), Num::Float(_)));
        assert_eq!(Num::int(1).over(Num::int(0)), None);
    }
}
