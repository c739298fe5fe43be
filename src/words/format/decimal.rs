//! Answers: which decimal digits does a double have, and which remain when it is rounded?
//!
//! In goes a double; out come its digits as text, before any language has a say. The digits come
//! from the standard library's exact conversion, which gives the same on every platform.

/// Digits that machines get; see [`tidy_number`](super::tidy_number).
const TIDY_DIGITS: i32 = 12;
/// No double has more digits of its own.
const MOST_DIGITS: i32 = 17;

/// A finite number in decimal: `0.DIGITS` times ten to the power `point`.
pub(super) struct Decimal {
    pub(super) negative: bool,
    /// ASCII digits, without zeros at either end; none for zero.
    digits: Vec<u8>,
    point: i32,
}

impl Decimal {
    /// Returns the number to 12 digits, or to as many as the places to be shown need.
    pub(super) fn for_people(value: f64, decimals: u8) -> Option<Decimal> {
        let tidy = Decimal::for_machines(value)?;
        let shown = tidy.point.saturating_add(i32::from(decimals)).min(MOST_DIGITS);
        if shown > TIDY_DIGITS { Decimal::with_digits(value, shown) } else { Some(tidy) }
    }

    /// Returns the number to 12 digits.
    pub(super) fn for_machines(value: f64) -> Option<Decimal> {
        Decimal::with_digits(value, TIDY_DIGITS)
    }

    fn with_digits(value: f64, significant: i32) -> Option<Decimal> {
        if !value.is_finite() {
            return None;
        }
        let precision = usize::try_from(significant - 1).ok()?;
        let text = format!("{:.precision$e}", value.abs());
        let (mantissa, exponent) = text.split_once('e')?;
        let mut digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        let point = if digits.is_empty() { 0 } else { exponent.parse::<i32>().ok()? + 1 };
        Some(Decimal { negative: value < 0.0 && !digits.is_empty(), digits, point })
    }

    /// Returns the digits before and after the point, rounded half away from zero to so many
    /// decimals. The whole part has at least one digit, the fraction exactly `decimals`.
    pub(super) fn rounded(&self, decimals: u8) -> (String, String) {
        let decimals = usize::from(decimals);
        // Digits that stand before the place of rounding; negative when all of them stand after.
        let kept = i64::from(self.point) + decimals as i64;
        let mut digits = Vec::new();
        let mut up = false;
        if let Ok(kept) = usize::try_from(kept) {
            digits = self.digits.clone();
            up = digits.get(kept).is_some_and(|&digit| digit >= b'5');
            digits.resize(kept, b'0');
        }
        for digit in digits.iter_mut().rev() {
            if !up {
                break;
            }
            up = *digit == b'9';
            *digit = if up { b'0' } else { *digit + 1 };
        }
        if up {
            digits.insert(0, b'1');
        }
        while digits.len() <= decimals {
            digits.insert(0, b'0');
        }
        let text: String = digits.into_iter().map(char::from).collect();
        let (whole, fraction) = text.split_at(text.len() - decimals);
        let whole = whole.trim_start_matches('0');
        (if whole.is_empty() { "0" } else { whole }.to_owned(), fraction.to_owned())
    }

    /// Returns all digits in the shortest form, with an exponent below 1e-6 and from 1e15 on.
    pub(super) fn shortest(&self) -> String {
        if self.digits.is_empty() {
            return "0".to_owned();
        }
        let digits: String = self.digits.iter().copied().map(char::from).collect();
        let sign = if self.negative { "-" } else { "" };
        let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or_default());
        let length = i32::try_from(digits.len()).unwrap_or(MOST_DIGITS);
        let body = match self.point {
            -5..=0 => format!("0.{}{digits}", zeros(-self.point)),
            1..=15 if self.point >= length => format!("{digits}{}", zeros(self.point - length)),
            1..=15 => {
                let (whole, fraction) = digits.split_at(usize::try_from(self.point).unwrap_or(1));
                format!("{whole}.{fraction}")
            }
            _ => {
                let (first, rest) = digits.split_at(1);
                let point = if rest.is_empty() { "" } else { "." };
                format!("{first}{point}{rest}e{}", self.point - 1)
            }
        };
        format!("{sign}{body}")
    }
}
