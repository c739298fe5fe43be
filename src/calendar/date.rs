//! Answers: which day is written here?
//!
//! In go texts and year, month, day; out come [`Date`]s, in the Gregorian calendar carried back.

use std::fmt;

pub(super) const MICROS_PER_DAY: i64 = 86_400_000_000;

/// A day, without a time or a zone: the number of days since 1970-01-01.
///
/// Days lie in the years 1 to 9999, so that each has one text of ten characters; the end of the
/// last period, 10000-01-01, is the one exception, and only a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    days: i32,
}

impl Date {
    /// 0001-01-01.
    pub const MIN: Date = Date { days: -719_162 };
    /// 9999-12-31.
    pub const MAX: Date = Date { days: 2_932_896 };

    /// Returns the day, or nothing where the calendar has no such day in the years 1 to 9999.
    pub fn from_ymd(year: i32, month: u8, day: u8) -> Option<Date> {
        let real = (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
        real.then(|| Date { days: days_from_civil(year, month, day) })
    }

    /// Returns the day that lies so many days after 1970-01-01, or nothing outside the years 1 to
    /// 9999.
    pub fn from_days(days: i32) -> Option<Date> {
        (Date::MIN.days..=Date::MAX.days).contains(&days).then_some(Date { days })
    }

    /// Returns a bound of a period, which may lie a little outside the days that data can have.
    pub(super) fn bound(days: i32) -> Date {
        Date { days }
    }

    /// Returns the date of a text, as it is written: a time after it must be a real time, and is
    /// then put aside, its offset too. Where the offset matters, see
    /// [`Zone::date_of`](super::Zone::date_of).
    pub fn parse(text: &str, pattern: DatePattern) -> Option<Date> {
        pattern.stamp(text).map(|stamp| stamp.date)
    }

    /// Returns the days since 1970-01-01.
    pub fn days(self) -> i32 {
        self.days
    }

    /// Returns year, month (1 to 12) and day (1 to 31).
    pub fn ymd(self) -> (i32, u8, u8) {
        civil_from_days(self.days)
    }

    /// Returns the year.
    pub fn year(self) -> i32 {
        self.ymd().0
    }

    /// Returns the month, 1 to 12.
    pub fn month(self) -> u8 {
        self.ymd().1
    }

    /// Returns the day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.ymd().2
    }

    /// Returns the day of the week as ISO 8601 counts: Monday 1, Sunday 7.
    pub fn weekday(self) -> u8 {
        // 1970-01-01 was a Thursday.
        u8::try_from((self.days + 3).rem_euclid(7) + 1).expect("a remainder of seven fits")
    }

    /// Returns the ISO 8601 week-numbering year and the week, 1 to 53. The first days of January
    /// may belong to the year before, the last of December to the year after.
    pub fn iso_week(self) -> (i32, u8) {
        // A week belongs to the year of its Thursday.
        let thursday = Date { days: self.days + 4 - i32::from(self.weekday()) };
        let year = thursday.year();
        let week = (thursday.days - days_from_civil(year, 1, 1)) / 7 + 1;
        (year, u8::try_from(week).expect("a year has at most 53 Thursdays"))
    }

    /// Returns the day so many days later (earlier where negative), within the years 1 to 9999.
    pub fn plus_days(self, days: i32) -> Option<Date> {
        Date::from_days(self.days.checked_add(days)?)
    }

    /// Returns the same day of the month so many months later (earlier where negative), or the
    /// last day of that month where it is shorter.
    pub fn plus_months(self, months: i32) -> Option<Date> {
        let (year, month, day) = self.ymd();
        let index = (year * 12 + i32::from(month) - 1).checked_add(months)?;
        let (year, month) = (index.div_euclid(12), index.rem_euclid(12) + 1);
        let month = u8::try_from(month).expect("a remainder of twelve fits");
        Date::from_ymd(year, month, day.min(days_in_month(year, month)))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// The order in which a text writes year, month and day, and what stands between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DatePattern {
    /// `yyyy-mm-dd`, the default.
    #[default]
    YearMonthDay,
    /// `dd-mm-yyyy`, both with two digits.
    DayMonthYear,
    /// `d-m-yyyy`, each with one or two digits.
    DayMonthYearShort,
    /// `dd/mm/yyyy`.
    DayMonthYearSlash,
    /// `mm/dd/yyyy`.
    MonthDayYearSlash,
}

impl DatePattern {
    /// All patterns, in the order in which a message lists them.
    pub const ALL: [DatePattern; 5] = [
        DatePattern::YearMonthDay,
        DatePattern::DayMonthYear,
        DatePattern::DayMonthYearShort,
        DatePattern::DayMonthYearSlash,
        DatePattern::MonthDayYearSlash,
    ];

    /// Returns the pattern as a project writes it.
    pub fn name(self) -> &'static str {
        match self {
            DatePattern::YearMonthDay => "yyyy-mm-dd",
            DatePattern::DayMonthYear => "dd-mm-yyyy",
            DatePattern::DayMonthYearShort => "d-m-yyyy",
            DatePattern::DayMonthYearSlash => "dd/mm/yyyy",
            DatePattern::MonthDayYearSlash => "mm/dd/yyyy",
        }
    }

    /// Returns the pattern that a project names.
    pub fn named(name: &str) -> Option<DatePattern> {
        DatePattern::ALL.into_iter().find(|pattern| pattern.name() == name)
    }

    /// Reads the whole text: a date, perhaps a time of day, perhaps an offset.
    pub(super) fn stamp(self, text: &str) -> Option<Stamp> {
        let mut rest = text.trim().as_bytes();
        let date = self.date(&mut rest)?;
        let mut stamp = Stamp { date, micros_of_day: 0, offset_seconds: None };
        if rest.is_empty() {
            return Some(stamp);
        }
        if !eat(&mut rest, b"Tt ") {
            return None;
        }
        stamp.micros_of_day = time(&mut rest)?;
        eat(&mut rest, b" ");
        if !rest.is_empty() {
            stamp.offset_seconds = Some(offset(&mut rest)?);
        }
        rest.is_empty().then_some(stamp)
    }

    fn date(self, rest: &mut &[u8]) -> Option<Date> {
        let (year, month, day);
        match self {
            DatePattern::YearMonthDay => {
                year = number(rest, 4, 4)?;
                month = after(rest, b"-", 2)?;
                day = after(rest, b"-", 2)?;
            }
            DatePattern::DayMonthYear => {
                day = number(rest, 2, 2)?;
                month = after(rest, b"-", 2)?;
                year = after(rest, b"-", 4)?;
            }
            DatePattern::DayMonthYearShort => {
                day = number(rest, 1, 2)?;
                month = eat(rest, b"-").then(|| number(rest, 1, 2))??;
                year = after(rest, b"-", 4)?;
            }
            DatePattern::DayMonthYearSlash => {
                day = number(rest, 2, 2)?;
                month = after(rest, b"/", 2)?;
                year = after(rest, b"/", 4)?;
            }
            DatePattern::MonthDayYearSlash => {
                month = number(rest, 2, 2)?;
                day = after(rest, b"/", 2)?;
                year = after(rest, b"/", 4)?;
            }
        }
        Date::from_ymd(i32::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }
}

/// What a text says of a moment: the day and time written, and the offset if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) date: Date,
    pub(super) micros_of_day: i64,
    pub(super) offset_seconds: Option<i32>,
}

/// Reads `12`, `12:30`, `12:30:00` or `12:30:00.25`, and gives microseconds since midnight. What
/// is finer than a microsecond is cut off; the second 60 of a leap second is read as 59.
fn time(rest: &mut &[u8]) -> Option<i64> {
    let hour = number(rest, 2, 2)?;
    let minute = after(rest, b":", 2)?;
    let (mut second, mut micros) = (0, 0);
    if eat(rest, b":") {
        second = number(rest, 2, 2)?;
        if eat(rest, b".,") {
            let mut place = 100_000;
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                return None;
            }
            for byte in &rest[..digits] {
                micros += place * i64::from(byte - b'0');
                place /= 10;
            }
            *rest = &rest[digits..];
        }
    }
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Some((i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second.min(59))) * 1_000_000 + micros)
}

/// Reads `Z`, `+02:00`, `+0200` or `+02`, and gives seconds east of Greenwich.
fn offset(rest: &mut &[u8]) -> Option<i32> {
    if eat(rest, b"Zz") {
        return Some(0);
    }
    let sign = match rest.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    *rest = &rest[1..];
    let hours = number(rest, 2, 2)?;
    eat(rest, b":");
    let minutes = if rest.is_empty() { 0 } else { number(rest, 2, 2)? };
    if hours > 25 || minutes > 59 {
        return None;
    }
    Some(sign * i32::try_from(hours * 3600 + minutes * 60).ok()?)
}

fn after(rest: &mut &[u8], separator: &[u8], digits: usize) -> Option<u32> {
    if eat(rest, separator) { number(rest, digits, digits) } else { None }
}

fn eat(rest: &mut &[u8], any_of: &[u8]) -> bool {
    let found = rest.first().is_some_and(|byte| any_of.contains(byte));
    if found {
        *rest = &rest[1..];
    }
    found
}

fn number(rest: &mut &[u8], least: usize, most: usize) -> Option<u32> {
    let digits = rest.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
    if digits < least {
        return None;
    }
    let value = rest[..digits].iter().fold(0, |value, byte| value * 10 + u32::from(byte - b'0'));
    *rest = &rest[digits..];
    Some(value)
}

fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Returns the days from 1970-01-01 to a day of any year. The years are counted from March, so
/// that the leap day comes last (H. Hinnant, "chrono-compatible low-level date algorithms").
pub(super) fn days_from_civil(year: i32, month: u8, day: u8) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (i32::from(month) + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + i32::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i32) -> (i32, u8, u8) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    let narrow = |part: i32| u8::try_from(part).expect("a month or a day of the month fits");
    (year, narrow(month), narrow(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(Date::from_ymd(1970, 1, 1).map(Date::days), Some(0));
        assert_eq!(Date::from_ymd(2000, 3, 1).map(Date::days), Some(11_017));
        assert_eq!(Date::from_ymd(1, 1, 1), Some(Date::MIN));
        assert_eq!(Date::from_ymd(9999, 12, 31), Some(Date::MAX));
        assert_eq!(Date::from_days(i32::MAX), None);
        assert_eq!(Date::from_days(i32::MIN), None);
    }

    #[test]
    fn leap_years_follow_the_gregorian_rule() {
        assert!(Date::from_ymd(2024, 2, 29).is_some());
        assert!(Date::from_ymd(2000, 2, 29).is_some());
        assert!(Date::from_ymd(1900, 2, 29).is_none());
        assert!(Date::from_ymd(2025, 2, 29).is_none());
        assert!(Date::from_ymd(2025, 4, 31).is_none());
        assert!(Date::from_ymd(2025, 13, 1).is_none());
        assert!(Date::from_ymd(0, 1, 1).is_none());
    }

    #[test]
    fn iso_weeks_of_known_days() {
        // ISO 8601 and the tables of years with 53 weeks: 2015, 2020, 2026.
        for (year, month, day, week) in [
            (2020, 12, 31, (2020, 53)),
            (2021, 1, 3, (2020, 53)),
            (2021, 1, 4, (2021, 1)),
            (2018, 12, 31, (2019, 1)),
            (2016, 1, 3, (2015, 53)),
            (2027, 1, 3, (2026, 53)),
            (2025, 9, 30, (2025, 40)),
        ] {
            assert_eq!(Date::from_ymd(year, month, day).map(Date::iso_week), Some(week));
        }
        assert_eq!(Date::from_ymd(2021, 1, 3).map(Date::weekday), Some(7));
        assert_eq!(Date::from_ymd(2025, 6, 10).map(Date::weekday), Some(2));
    }

    #[test]
    fn texts_are_read_by_their_pattern_and_by_no_other() {
        let day = Date::from_ymd(2025, 6, 9);
        for (pattern, good, bad) in [
            ("yyyy-mm-dd", "2025-06-09", "2025-6-9"),
            ("dd-mm-yyyy", "09-06-2025", "9-6-2025"),
            ("d-m-yyyy", "9-6-2025", "9/6/2025"),
            ("d-m-yyyy", "09-06-2025", "9-6-25"),
            ("dd/mm/yyyy", "09/06/2025", "2025/06/09"),
            ("mm/dd/yyyy", "06/09/2025", "13/09/2025"),
        ] {
            let pattern = DatePattern::named(pattern).expect("a pattern of the list");
            assert_eq!(Date::parse(good, pattern), day, "{good}");
            assert_eq!(Date::parse(bad, pattern), None, "{bad}");
            assert_eq!(Date::parse(&format!("{good} 12:30"), pattern), day);
        }
        assert_eq!(DatePattern::named("yy-mm-dd"), None);
    }

    #[test]
    fn a_time_after_the_date_must_be_a_real_time() {
        let parse = |text| Date::parse(text, DatePattern::YearMonthDay);
        for good in [
            "2025-06-10T12:30:00Z",
            "2025-06-10 12:30",
            "2025-06-10T12:30:00.123456789+02:00",
            "2025-06-10 23:59:60",
            "2025-06-10 12:30:00 +0200",
            " 2025-06-10 ",
        ] {
            assert_eq!(parse(good), Date::from_ymd(2025, 6, 10), "{good}");
        }
        for bad in [
            "2025-06-10T",
            "2025-06-10T24:00",
            "2025-06-10 12:60",
            "2025-06-10 12:30:",
            "2025-06-10 12:30:00.",
            "2025-06-10 noon",
            "2025-06-10T12:30+",
            "2025-06-10T12:30Zulu",
            "2025-06-100",
            "",
            "é",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn months_later_is_the_last_day_of_a_shorter_month() {
        let day = Date::from_ymd(2024, 1, 31).expect("a real day");
        assert_eq!(day.plus_months(1), Date::from_ymd(2024, 2, 29));
        assert_eq!(day.plus_months(-2), Date::from_ymd(2023, 11, 30));
        assert_eq!(day.plus_months(i32::MAX), None);
        assert_eq!(Date::MAX.plus_days(1), None);
    }
}
