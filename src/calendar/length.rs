//! Answers: how many periods is `3 months`, and which day lies that long before this one?

use super::{Date, Grain};
use std::fmt;

/// A length of time as a formula writes it: `3 months`, `1 year`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Length {
    /// So many civil days.
    Days(u32),
    /// So many times seven days.
    Weeks(u32),
    /// So many calendar months.
    Months(u32),
    /// So many times three months.
    Quarters(u32),
    /// So many times twelve months.
    Years(u32),
}

impl Length {
    /// Returns the length of a number and an English word, singular or plural; nothing for another
    /// word, or for none of it (`0 months` is no length).
    pub fn new(number: u32, word: &str) -> Option<Length> {
        if number == 0 {
            return None;
        }
        match word {
            "day" | "days" => Some(Length::Days(number)),
            "week" | "weeks" => Some(Length::Weeks(number)),
            "month" | "months" => Some(Length::Months(number)),
            "quarter" | "quarters" => Some(Length::Quarters(number)),
            "year" | "years" => Some(Length::Years(number)),
            _ => None,
        }
    }

    /// Returns the number as it was written.
    pub fn number(self) -> u32 {
        match self {
            Length::Days(number) | Length::Weeks(number) | Length::Months(number) | Length::Quarters(number) | Length::Years(number) => {
                number
            }
        }
    }

    /// Returns how many periods of a grain this is, or nothing where they do not divide it: a
    /// month is no whole number of weeks, and `4 months` no whole number of quarters.
    ///
    /// A year is no whole number of weeks either; the week to compare with is
    /// [`Period::year_before`](super::Period::year_before).
    pub fn periods_of(self, grain: Grain) -> Option<u32> {
        let (count, per_period) = match grain {
            Grain::Day => (self.as_days()?, 1),
            Grain::Week => (self.as_days()?, 7),
            Grain::Month => (self.as_months()?, 1),
            Grain::Quarter | Grain::FiscalQuarter => (self.as_months()?, 3),
            Grain::Year | Grain::FiscalYear => (self.as_months()?, 12),
            Grain::All => return None,
        };
        (count % per_period == 0).then_some(count / per_period)
    }

    /// Returns the day that lies this long before another, the last of its month where that is
    /// shorter. For the end of a period (the day after it) that is the start of the window that
    /// ends with it.
    pub fn before(self, date: Date) -> Option<Date> {
        self.moved(date, -1)
    }

    /// Returns the day that lies this long after another, the last of its month where that is
    /// shorter.
    pub fn after(self, date: Date) -> Option<Date> {
        self.moved(date, 1)
    }

    fn moved(self, date: Date, sign: i32) -> Option<Date> {
        match (self.as_days(), self.as_months()) {
            (Some(days), _) => date.plus_days(sign * i32::try_from(days).ok()?),
            (None, months) => date.plus_months(sign * i32::try_from(months?).ok()?),
        }
    }

    fn as_days(self) -> Option<u32> {
        match self {
            Length::Days(days) => Some(days),
            Length::Weeks(weeks) => weeks.checked_mul(7),
            Length::Months(_) | Length::Quarters(_) | Length::Years(_) => None,
        }
    }

    fn as_months(self) -> Option<u32> {
        match self {
            Length::Months(months) => Some(months),
            Length::Quarters(quarters) => quarters.checked_mul(3),
            Length::Years(years) => years.checked_mul(12),
            Length::Days(_) | Length::Weeks(_) => None,
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            Length::Days(_) => "day",
            Length::Weeks(_) => "week",
            Length::Months(_) => "month",
            Length::Quarters(_) => "quarter",
            Length::Years(_) => "year",
        };
        let plural = if self.number() == 1 { "" } else { "s" };
        write!(f, "{} {word}{plural}", self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_back() {
        for text in ["1 day", "2 weeks", "3 months", "1 quarter", "5 years"] {
            let (number, word) = text.split_once(' ').expect("a number and a word");
            let length = Length::new(number.parse().expect("a number"), word).expect("a length");
            assert_eq!(length.to_string(), text);
        }
        assert_eq!(Length::new(1, "months"), Some(Length::Months(1)));
        assert_eq!(Length::new(3, "maanden"), None);
        assert_eq!(Length::new(0, "months"), None);
    }

    #[test]
    fn periods_divide_a_length_or_they_do_not() {
        for (length, grain, periods) in [
            (Length::Months(3), Grain::Month, Some(3)),
            (Length::Months(3), Grain::Quarter, Some(1)),
            (Length::Months(4), Grain::Quarter, None),
            (Length::Years(1), Grain::FiscalQuarter, Some(4)),
            (Length::Quarters(8), Grain::FiscalYear, Some(2)),
            (Length::Quarters(1), Grain::Week, None),
            (Length::Weeks(2), Grain::Day, Some(14)),
            (Length::Days(14), Grain::Week, Some(2)),
            (Length::Days(30), Grain::Week, None),
            (Length::Days(30), Grain::Month, None),
            (Length::Years(1), Grain::All, None),
            (Length::Years(u32::MAX), Grain::Month, None),
        ] {
            assert_eq!(length.periods_of(grain), periods, "{length} in {grain}");
        }
    }

    #[test]
    fn a_window_begins_that_long_before_its_end() {
        let end = Date::from_ymd(2025, 10, 1).expect("a real day");
        assert_eq!(Length::Months(12).before(end), Date::from_ymd(2024, 10, 1));
        assert_eq!(Length::Weeks(1).before(end), Date::from_ymd(2025, 9, 24));
        assert_eq!(Length::Quarters(1).after(end), Date::from_ymd(2026, 1, 1));
        assert_eq!(Length::Years(u32::MAX).before(end), None);
        assert_eq!(Length::Days(u32::MAX).after(end), None);
    }
}
