//! Answers: which period is this, where does it begin and end, and which come before and after?
//!
//! In go dates, and texts such as `2025-Q3`; out come [`Period`]s, whose bounds are half-open.

use super::{Calendar, Date, Grain, date};
use std::fmt;

/// One period of one grain.
///
/// The index counts periods of the grain: days since 1970-01-01, weeks since the one of that day,
/// months, quarters and years since the year 0. Which days a fiscal period holds depends on the
/// [`Calendar`], so asking for bounds needs one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    grain: Grain,
    index: i32,
}

impl Period {
    /// The one period that holds everything.
    pub const ALL: Period = Period { grain: Grain::All, index: 0 };

    /// Returns the period of a grain in which a day lies.
    pub fn containing(day: Date, grain: Grain, calendar: &Calendar) -> Period {
        let month = || {
            let (year, month, _) = day.ymd();
            year * 12 + i32::from(month) - 1
        };
        let fiscal_month = || month() - calendar.fiscal_shift();
        let index = match grain {
            Grain::Day => day.days(),
            Grain::Week => week_index(day.days()),
            Grain::Month => month(),
            Grain::Quarter => month().div_euclid(3),
            Grain::Year => month().div_euclid(12),
            Grain::FiscalQuarter => fiscal_month().div_euclid(3),
            Grain::FiscalYear => fiscal_month().div_euclid(12),
            Grain::All => 0,
        };
        Period { grain, index }
    }

    /// Returns the grain of this period.
    pub fn grain(self) -> Grain {
        self.grain
    }

    /// Returns the year that names this period: the ISO week-numbering year of a week, the fiscal
    /// year of a fiscal period; nothing for `all`.
    pub fn year(self) -> Option<i32> {
        match self.grain {
            Grain::Day => Some(Date::bound(self.index).year()),
            Grain::Week => Some(self.monday().iso_week().0),
            Grain::Month => Some(self.index.div_euclid(12)),
            Grain::Quarter | Grain::FiscalQuarter => Some(self.index.div_euclid(4)),
            Grain::Year | Grain::FiscalYear => Some(self.index),
            Grain::All => None,
        }
    }

    /// Returns the number of this period within its year: quarter 1 to 4, month 1 to 12, week 1 to
    /// 53; nothing for days, years and `all`.
    pub fn number(self) -> Option<u8> {
        let number = match self.grain {
            Grain::Week => return Some(self.monday().iso_week().1),
            Grain::Month => self.index.rem_euclid(12) + 1,
            Grain::Quarter | Grain::FiscalQuarter => self.index.rem_euclid(4) + 1,
            Grain::Day | Grain::Year | Grain::FiscalYear | Grain::All => return None,
        };
        u8::try_from(number).ok()
    }

    /// Returns the first day of this period; that of `all` is 0001-01-01.
    pub fn start(self, calendar: &Calendar) -> Date {
        let month = |index: i32| {
            let month = u8::try_from(index.rem_euclid(12) + 1).expect("a remainder of twelve fits");
            Date::bound(date::days_from_civil(index.div_euclid(12), month, 1))
        };
        match self.grain {
            Grain::Day => Date::bound(self.index),
            Grain::Week => self.monday(),
            Grain::Month => month(self.index),
            Grain::Quarter => month(self.index * 3),
            Grain::Year => month(self.index * 12),
            Grain::FiscalQuarter => month(self.index * 3 + calendar.fiscal_shift()),
            Grain::FiscalYear => month(self.index * 12 + calendar.fiscal_shift()),
            Grain::All => Date::MIN,
        }
    }

    /// Returns the day after the last of this period: periods are half-open.
    pub fn end(self, calendar: &Calendar) -> Date {
        match self.grain {
            Grain::All => Date::bound(Date::MAX.days() + 1),
            _ => Period { index: self.index + 1, ..self }.start(calendar),
        }
    }

    /// Returns the period so many later (earlier where negative); nothing for `all`, and nothing
    /// outside the years 1 to 9999.
    pub fn shift(self, by: i32) -> Option<Period> {
        let (first, last) = bounds(self.grain)?;
        let index = self.index.checked_add(by)?;
        (first..=last).contains(&index).then_some(Period { index, ..self })
    }

    /// Returns the period before this one; nothing for `all`.
    pub fn previous(self) -> Option<Period> {
        self.shift(-1)
    }

    /// Returns the period after this one; nothing for `all`.
    pub fn next(self) -> Option<Period> {
        self.shift(1)
    }

    /// Returns the period to compare with a year ago; nothing for `all`.
    ///
    /// For a week that is the one with the same ISO number in the year before, and for week 53 of
    /// a year after one of 52 the last week of that year. Not 52 weeks back: after a year of 53
    /// weeks every number would be off by one, and "week 38" would be compared with week 39. For
    /// 29 February it is the 28th.
    pub fn year_before(self, calendar: &Calendar) -> Option<Period> {
        match self.grain {
            Grain::Day => {
                let day = self.start(calendar).plus_months(-12)?;
                Some(Period::containing(day, Grain::Day, calendar))
            }
            Grain::Week => {
                let (year, week) = (self.year()? - 1, self.number()?);
                Period::iso_week(year, week).or_else(|| Period::iso_week(year, week - 1))
            }
            Grain::Month => self.shift(-12),
            Grain::Quarter | Grain::FiscalQuarter => self.shift(-4),
            Grain::Year | Grain::FiscalYear => self.shift(-1),
            Grain::All => None,
        }
    }

    /// Returns whether a day lies in this period.
    pub fn contains(self, day: Date, calendar: &Calendar) -> bool {
        self == Period::containing(day, self.grain, calendar)
    }

    /// Returns whether another period lies wholly in this one.
    pub fn contains_period(self, other: Period, calendar: &Calendar) -> bool {
        self.grain == Grain::All || (self.start(calendar) <= other.start(calendar) && other.end(calendar) <= self.end(calendar))
    }

    /// Returns whether this period has days that are not over on `today`. The last day of a period
    /// is not over while it is today. `all` is never unfinished.
    pub fn is_unfinished(self, today: Date, calendar: &Calendar) -> bool {
        self.grain != Grain::All && today < self.end(calendar)
    }

    /// Returns whether this period has days after `data_through`, the last day that the data
    /// cover. `all` is what there is.
    pub fn is_incomplete(self, data_through: Date, calendar: &Calendar) -> bool {
        self.grain != Grain::All && data_through.days() + 1 < self.end(calendar).days()
    }

    /// Returns this period and those after it up to and with `last`, in order; none where `last`
    /// comes earlier or has another grain.
    pub fn up_to(self, last: Period) -> impl DoubleEndedIterator<Item = Period> + Clone {
        let until = if self.grain == last.grain { last.index } else { i32::MIN };
        (self.index..=until).map(move |index| Period { index, ..self })
    }

    /// Returns the periods of a grain that hold any of the days `from` up to (not with) `until`,
    /// in order.
    pub fn over(from: Date, until: Date, grain: Grain, calendar: &Calendar) -> impl DoubleEndedIterator<Item = Period> + Clone {
        let first = Period::containing(from, grain, calendar);
        let last = Period::containing(Date::bound(until.days() - 1), grain, calendar);
        let some = usize::from(from < until);
        // A range of days that is empty may still begin and end in one period.
        (0..some).flat_map(move |_| first.up_to(last))
    }

    /// Returns the period of a text: `2017`, `2025-Q3`, `2025-09`, `2025-W38`, `2025-09-30`,
    /// `FY2026`, `FY2026-Q1`, `all`. Nothing for any other text, nor for a week or day that the
    /// calendar does not have.
    pub fn parse(text: &str) -> Option<Period> {
        if text == "all" {
            return Some(Period::ALL);
        }
        let (fiscal, rest) = match text.strip_prefix("FY") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut parts = rest.split('-');
        // A fiscal year may end in the year after the last that a date can have.
        let year = parts.next()?;
        let year = digits(year, 4).or_else(|| (fiscal && year == "10000").then_some(10_000))?;
        let (second, third) = (parts.next(), parts.next());
        if parts.next().is_some() || year == 0 {
            return None;
        }
        let quarter = |text: &str| digits(text.strip_prefix('Q')?, 1).filter(|q| (1..=4).contains(q));
        match (fiscal, second, third) {
            (true, None, None) => Some(Period { grain: Grain::FiscalYear, index: year }),
            (true, Some(second), None) => {
                let index = year * 4 + quarter(second)? - 1;
                Some(Period { grain: Grain::FiscalQuarter, index })
            }
            (true, _, Some(_)) | (false, None, Some(_)) => None,
            (false, None, None) => Some(Period { grain: Grain::Year, index: year }),
            (false, Some(second), None) => {
                if let Some(week) = second.strip_prefix('W') {
                    return Period::iso_week(year, u8::try_from(digits(week, 2)?).ok()?);
                }
                if let Some(quarter) = quarter(second) {
                    return Some(Period { grain: Grain::Quarter, index: year * 4 + quarter - 1 });
                }
                let month = digits(second, 2).filter(|month| (1..=12).contains(month))?;
                Some(Period { grain: Grain::Month, index: year * 12 + month - 1 })
            }
            (false, Some(_), Some(_)) => {
                let day = Date::parse(text, super::DatePattern::YearMonthDay)?;
                // `Date::parse` also takes a time and spaces, a period's text does not.
                (text.len() == 10).then_some(Period { grain: Grain::Day, index: day.days() })
            }
        }
    }

    fn iso_week(year: i32, week: u8) -> Option<Period> {
        // 4 January always lies in the first week.
        let first = week_index(date::days_from_civil(year, 1, 4));
        let index = first + i32::from(week) - 1;
        let period = Period { grain: Grain::Week, index };
        let real = week >= 1 && (1..=9999).contains(&year) && period.monday().iso_week() == (year, week);
        real.then_some(period)
    }

    fn monday(self) -> Date {
        Date::bound(self.index * 7 - 3)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.year().unwrap_or_default();
        let number = self.number().unwrap_or_default();
        match self.grain {
            Grain::Day => write!(f, "{}", Date::bound(self.index)),
            Grain::Week => write!(f, "{year:04}-W{number:02}"),
            Grain::Month => write!(f, "{year:04}-{number:02}"),
            Grain::Quarter => write!(f, "{year:04}-Q{number}"),
            Grain::Year => write!(f, "{year:04}"),
            Grain::FiscalQuarter => write!(f, "FY{year:04}-Q{number}"),
            Grain::FiscalYear => write!(f, "FY{year:04}"),
            Grain::All => f.write_str("all"),
        }
    }
}

/// Returns the week that holds a day, counted from the week of 1970-01-01, whose Monday was
/// 1969-12-29.
fn week_index(days: i32) -> i32 {
    (days + 3).div_euclid(7)
}

/// Returns the first and the last index of a grain in the years 1 to 9999; a fiscal year may be
/// named after the year that follows.
fn bounds(grain: Grain) -> Option<(i32, i32)> {
    Some(match grain {
        Grain::Day => (Date::MIN.days(), Date::MAX.days()),
        Grain::Week => (week_index(Date::MIN.days()), week_index(Date::MAX.days())),
        Grain::Month => (12, 9999 * 12 + 11),
        Grain::Quarter => (4, 9999 * 4 + 3),
        Grain::Year => (1, 9999),
        Grain::FiscalQuarter => (4, 10_000 * 4 + 3),
        Grain::FiscalYear => (1, 10_000),
        Grain::All => return None,
    })
}

fn digits(text: &str, count: usize) -> Option<i32> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
#[path = "period_tests.rs"]
mod tests;
