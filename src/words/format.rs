//! Answers: how is this number written for a Dutch or an English reader, and how for a machine?
//!
//! In go unrounded numbers and the decimals to show; out come texts. People get local signs
//! (`1.412`, `5,10`, `−0,33`), machines [`tidy_number`]. What is no number is written `–`.

mod decimal;
mod time;

use decimal::Decimal;
use std::fmt::{self, Write};

/// The narrow no-break space between a number and a sign such as `€` or `s`.
pub const NARROW_GAP: char = '\u{202f}';
/// The no-break space between a number and a word such as `punten`.
pub const GAP: char = '\u{a0}';
/// The minus sign: as wide as the plus, unlike the hyphen.
pub const MINUS: char = '\u{2212}';
/// What stands where there is no number.
pub const NO_NUMBER: &str = "–";

/// A language that Peil writes for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Dutch.
    Nl,
    /// English, with British dates.
    En,
}

/// The unit in which a duration is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeUnit {
    /// `s`
    Second,
    /// `min`
    Minute,
    /// `uur`, `h`
    Hour,
    /// `dagen`, `days`
    Day,
}

impl TimeUnit {
    /// Returns the unit in which so many seconds are best read: seconds below five minutes, minutes
    /// below two hours, hours below two days, then days. So `184 s` keeps the unit that a norm of
    /// `90 s` has. Figures that stand side by side should share one unit: that of the largest.
    pub fn for_seconds(seconds: f64) -> TimeUnit {
        let size = seconds.abs();
        if size < 300.0 {
            TimeUnit::Second
        } else if size < 7_200.0 {
            TimeUnit::Minute
        } else if size < 172_800.0 {
            TimeUnit::Hour
        } else {
            TimeUnit::Day
        }
    }

    /// Returns how many seconds one of this unit lasts.
    pub fn seconds(self) -> f64 {
        match self {
            TimeUnit::Second => 1.0,
            TimeUnit::Minute => 60.0,
            TimeUnit::Hour => 3_600.0,
            TimeUnit::Day => 86_400.0,
        }
    }
}

#[derive(Clone, Copy)]
enum Sign {
    IfNegative,
    Always,
}

impl Lang {
    /// Both languages.
    pub const ALL: [Lang; 2] = [Lang::Nl, Lang::En];

    /// Returns the code that projects, `--lang` and HTML use: `nl`, `en`.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Nl => "nl",
            Lang::En => "en",
        }
    }

    /// Returns the language of a code.
    pub fn named(code: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// Returns a number with so many decimals: nl `1.412`, `5,10`, `−0,33`; en `1,412`, `5.10`.
    ///
    /// Rounded half away from zero on the decimal number that machines get, of 12 digits: so what a
    /// report shows is the rounding of what the tables hold, and an error in the last bit of a
    /// double does not turn 2.5 into 2. Zero has no sign, also where rounding made it.
    pub fn number(self, value: f64, decimals: u8) -> String {
        self.rounded(value, decimals, Sign::IfNegative, false)
    }

    /// Returns a number with at most so many decimals, zeros at the end left out: `45`, `5,6`.
    pub fn number_up_to(self, value: f64, most_decimals: u8) -> String {
        self.rounded(value, most_decimals, Sign::IfNegative, true)
    }

    /// Returns a difference: `+1,4`, `−0,33`, and `0,0` without a sign.
    pub fn signed(self, value: f64, decimals: u8) -> String {
        self.rounded(value, decimals, Sign::Always, false)
    }

    /// Returns a count: `1.412`, every digit of it.
    pub fn count(self, count: u64) -> String {
        self.grouped(&count.to_string())
    }

    /// Returns a percentage, stored as 0 to 100: `88,1%`, `88.1%`.
    pub fn percent(self, value: f64, decimals: u8) -> String {
        with_unit(self.number(value, decimals), "%")
    }

    /// Returns a difference of percentages: `+0,8 procentpunt`, `+0.8 percentage points`.
    pub fn percentage_points(self, difference: f64, decimals: u8) -> String {
        self.with_word(self.signed(difference, decimals), ["procentpunt", "procentpunt"], ["percentage point", "percentage points"])
    }

    /// Returns a difference of percentages where there is little room: `+0,8 pp`.
    pub fn percentage_points_short(self, difference: f64, decimals: u8) -> String {
        with_unit(self.signed(difference, decimals), "\u{202f}pp")
    }

    /// Returns a score of -100 to 100: `46 punten`, `46 points`.
    pub fn points(self, value: f64, decimals: u8) -> String {
        self.with_word(self.number(value, decimals), ["punt", "punten"], ["point", "points"])
    }

    /// Returns a difference of such scores: `−8,9 punten`, `−8.9 points`.
    pub fn signed_points(self, difference: f64, decimals: u8) -> String {
        self.with_word(self.signed(difference, decimals), ["punt", "punten"], ["point", "points"])
    }

    /// Returns an amount in a currency by its ISO 4217 code: nl `€ 412`, `−€ 412`, en `€412`,
    /// `−€412`; a currency without a sign of its own by its code, `CHF 412`.
    pub fn money(self, amount: f64, currency: &str, decimals: u8) -> String {
        self.priced(self.number(amount, decimals), currency)
    }

    /// Returns a difference of amounts: nl `+€ 9`, en `+€9`.
    pub fn signed_money(self, difference: f64, currency: &str, decimals: u8) -> String {
        self.priced(self.signed(difference, decimals), currency)
    }

    /// Returns a duration in the unit in which it is best read: `184 s`, `12,5 min`, `3,5 uur`,
    /// `2,1 dagen`; under ten seconds with a decimal.
    pub fn duration(self, seconds: f64) -> String {
        let (unit, decimals) = unit_and_decimals(seconds);
        self.duration_in(seconds, unit, decimals)
    }

    /// Returns a difference of durations, likewise: `+63 s`, `−2 min`.
    pub fn signed_duration(self, seconds: f64) -> String {
        let (unit, decimals) = unit_and_decimals(seconds);
        self.timed(seconds, unit, decimals, Sign::Always)
    }

    /// Returns a duration in a given unit with at most so many decimals, zeros at the end left out.
    pub fn duration_in(self, seconds: f64, unit: TimeUnit, most_decimals: u8) -> String {
        self.timed(seconds, unit, most_decimals, Sign::IfNegative)
    }

    /// Returns the two ends of an interval: `43–49`, and in words where a minus would stand beside
    /// the dash: `−9 tot 49`, `−9 to 49`.
    pub fn interval(self, low: f64, high: f64, decimals: u8) -> String {
        let (low, high) = (self.number(low, decimals), self.number(high, decimals));
        let between = match self {
            _ if !low.starts_with(MINUS) && !high.starts_with(MINUS) => "–",
            Lang::Nl => " tot ",
            Lang::En => " to ",
        };
        format!("{low}{between}{high}")
    }

    fn timed(self, seconds: f64, unit: TimeUnit, most_decimals: u8, sign: Sign) -> String {
        let number = self.rounded(seconds / unit.seconds(), most_decimals, sign, true);
        match (unit, self) {
            (TimeUnit::Second, _) => with_unit(number, "\u{202f}s"),
            (TimeUnit::Minute, _) => with_unit(number, "\u{202f}min"),
            (TimeUnit::Hour, Lang::Nl) => with_unit(number, "\u{a0}uur"),
            (TimeUnit::Hour, Lang::En) => with_unit(number, "\u{202f}h"),
            (TimeUnit::Day, _) => self.with_word(number, ["dag", "dagen"], ["day", "days"]),
        }
    }

    fn priced(self, number: String, currency: &str) -> String {
        if number == NO_NUMBER {
            return number;
        }
        let sign = match currency {
            "EUR" => "€",
            "USD" => "$",
            "GBP" => "£",
            "JPY" => "¥",
            code => code,
        };
        let digits = number.trim_start_matches([MINUS, '+']);
        let plus_or_minus = &number[..number.len() - digits.len()];
        let gap = if self == Lang::Nl || sign == currency { "\u{202f}" } else { "" };
        format!("{plus_or_minus}{sign}{gap}{digits}")
    }

    /// Adds the singular word to one, the plural to everything else, 1,0 included.
    fn with_word(self, number: String, nl: [&str; 2], en: [&str; 2]) -> String {
        if number == NO_NUMBER {
            return number;
        }
        let plural = usize::from(number.trim_start_matches([MINUS, '+']) != "1");
        let word = match self {
            Lang::Nl => nl[plural],
            Lang::En => en[plural],
        };
        format!("{number}{GAP}{word}")
    }

    fn rounded(self, value: f64, decimals: u8, sign: Sign, drop_zeros: bool) -> String {
        let Some(decimal) = Decimal::for_people(value, decimals) else {
            return NO_NUMBER.to_owned();
        };
        let (whole, fraction) = decimal.rounded(decimals);
        let zero = whole == "0" && fraction.bytes().all(|digit| digit == b'0');
        let mut text = String::new();
        match sign {
            _ if zero => {}
            _ if decimal.negative => text.push(MINUS),
            Sign::Always => text.push('+'),
            Sign::IfNegative => {}
        }
        text.push_str(&self.grouped(&whole));
        let fraction = if drop_zeros { fraction.trim_end_matches('0') } else { &fraction };
        if !fraction.is_empty() {
            text.push(match self {
                Lang::Nl => ',',
                Lang::En => '.',
            });
            text.push_str(fraction);
        }
        text
    }

    fn grouped(self, digits: &str) -> String {
        let separator = match self {
            Lang::Nl => '.',
            Lang::En => ',',
        };
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (position, digit) in digits.chars().enumerate() {
            if position > 0 && (digits.len() - position).is_multiple_of(3) {
                text.push(separator);
            }
            text.push(digit);
        }
        text
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Returns a number as tables for machines hold it: 12 significant digits, the shortest form,
/// without an exponent where 1e-6 <= |x| < 1e15, and `0` for a negative zero.
///
/// The last digits of a double differ with the order of a sum; twelve keep 1e-9 with room, and
/// are the same on every machine. What is no number gives an empty text, as no value does.
pub fn tidy_number(value: f64) -> String {
    let mut text = String::new();
    tidy_number_to(value, &mut text);
    text
}

/// Writes a number as [`tidy_number`] does, after what is there already.
pub fn tidy_number_to(value: f64, out: &mut String) {
    let size = value.abs();
    // A whole number of at most twelve digits is what it is.
    let whole = size as u64;
    if size < 1e12 && whole as f64 == size {
        if value < 0.0 {
            out.push('-');
        }
        return whole_number_to(whole, out);
    }
    // So is a decimal of few places: if it is read back as this double, it is the double's rounding to twelve digits.
    if (1e-4..1e8).contains(&size) {
        let shifted = (size * 1e4 + 0.5) as u64;
        if shifted as f64 / 1e4 == size {
            if value < 0.0 {
                out.push('-');
            }
            return decimal_to(shifted, out);
        }
    }
    // The shortest text that is read back as this double is its rounding to twelve digits, if it has no more.
    let start = out.len();
    if (1e-6..1e15).contains(&size) {
        let _ = write!(out, "{value}");
        let digits = out[start..].bytes().filter(u8::is_ascii_digit).skip_while(|it| *it == b'0').count();
        if digits <= 12 {
            return;
        }
        out.truncate(start);
    }
    out.push_str(&Decimal::for_machines(value).map(|decimal| decimal.shortest()).unwrap_or_default());
}

/// Writes a whole number, after what is there already.
pub fn whole_number_to(value: u64, out: &mut String) {
    let mut digits = [0u8; 20];
    let mut start = digits.len();
    let mut rest = value;
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.push_str(std::str::from_utf8(&digits[start..]).unwrap_or_default());
}

/// Writes so many ten thousandths, without zeros at the end; there is a fraction.
fn decimal_to(value: u64, out: &mut String) {
    whole_number_to(value / 10_000, out);
    out.push('.');
    let (mut fraction, mut place) = (value % 10_000, 1_000);
    while fraction > 0 {
        out.push(char::from(b'0' + (fraction / place) as u8));
        fraction %= place;
        place /= 10;
    }
}

fn unit_and_decimals(seconds: f64) -> (TimeUnit, u8) {
    match TimeUnit::for_seconds(seconds) {
        TimeUnit::Second if seconds.abs() >= 10.0 => (TimeUnit::Second, 0),
        unit => (unit, 1),
    }
}

fn with_unit(number: String, unit: &str) -> String {
    if number == NO_NUMBER { number } else { number + unit }
}

#[cfg(test)]
#[path = "format/tests.rs"]
mod tests;
