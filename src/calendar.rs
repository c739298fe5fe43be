//! Answers: which day and which period does this moment fall in, and where does that period begin
//! and end?
//!
//! In go dates, instants and period texts; out come [`Date`], [`Period`] and the half-open bounds
//! of periods. This is the only room that names the time crate, and its zones are the bundled
//! ones: no output may depend on the zone table of the machine.

mod date;
mod grain;
mod length;
mod period;

pub use date::{Date, DatePattern};
pub use grain::Grain;
pub use length::Length;
pub use period::Period;

use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, civil};
use std::fmt;

/// What a project says about time: where its fiscal year begins, and in which zone its days run.
///
/// The fiscal year is named by the calendar year in which it *ends*: with a start in April,
/// FY2026 runs from 2025-04-01 up to 2026-04-01. With a start in January it is the calendar year.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Calendar {
    /// 1 to 12; private, since every fiscal bound is computed from it.
    fiscal_start_month: u8,
    zone: Zone,
}

impl Default for Calendar {
    /// Returns the calendar of a project that says nothing: fiscal year from January, days in UTC.
    fn default() -> Self {
        Calendar { fiscal_start_month: 1, zone: Zone::default() }
    }
}

impl Calendar {
    /// Returns the calendar, or nothing where the month is not 1 to 12.
    pub fn new(fiscal_start_month: u8, zone: Zone) -> Option<Calendar> {
        (1..=12).contains(&fiscal_start_month).then_some(Calendar { fiscal_start_month, zone })
    }

    /// Returns the month, 1 to 12, in which the fiscal year begins.
    pub fn fiscal_start_month(&self) -> u8 {
        self.fiscal_start_month
    }

    /// Returns the zone in which this project's days run.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Returns whether fiscal quarters begin where calendar quarters do.
    pub fn quarters_align(&self) -> bool {
        self.fiscal_start_month % 3 == 1
    }

    /// Returns how many months after January of the year that names it a fiscal year begins; -11 to
    /// 0, since it begins in that January or in the year before.
    fn fiscal_shift(&self) -> i32 {
        match self.fiscal_start_month {
            1 => 0,
            month => i32::from(month) - 13,
        }
    }
}

/// A time zone of the bundled table. Two zones are equal when their names are.
#[derive(Clone)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

/// A zone name that the bundled table does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownZone {
    /// The name as it was written.
    pub name: String,
}

impl fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a time zone", self.name)
    }
}

impl std::error::Error for UnknownZone {}

impl Default for Zone {
    fn default() -> Self {
        Zone { name: "UTC".to_owned(), rules: TimeZone::UTC }
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Zone").field(&self.name).finish()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl std::hash::Hash for Zone {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl Zone {
    /// Returns the zone of an IANA name such as `Europe/Amsterdam`; case does not count, and the
    /// name is kept as the table spells it.
    ///
    /// # Errors
    /// A name that the bundled table does not have.
    pub fn named(name: &str) -> Result<Zone, UnknownZone> {
        if name.eq_ignore_ascii_case("UTC") {
            return Ok(Zone::default());
        }
        let unknown = || UnknownZone { name: name.to_owned() };
        let rules = TimeZoneDatabase::bundled().get(name).map_err(|_| unknown())?;
        let name = rules.iana_name().ok_or_else(unknown)?.to_owned();
        Ok(Zone { name, rules })
    }

    /// Returns the name of the zone, as the table spells it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the day on which an instant (microseconds since 1970-01-01T00:00Z) falls here, or
    /// nothing for an instant outside the years 1 to 9999.
    pub fn date_at(&self, micros: i64) -> Option<Date> {
        let instant = Timestamp::from_microsecond(micros).ok()?;
        let day = self.rules.to_datetime(instant).date();
        Date::from_ymd(day.year().into(), day.month().unsigned_abs(), day.day().unsigned_abs())
    }

    /// Returns the first instant of a day here, in microseconds since 1970-01-01T00:00Z; nothing
    /// for a day outside the years 1 to 9999, such as the end of `all`.
    ///
    /// That is midnight, except where the clock jumps over midnight: then the moment of the jump.
    /// A day is so the half-open range from its own first instant to that of the next day, 23 or
    /// 25 hours where the clock changes.
    pub fn start_of(&self, date: Date) -> Option<i64> {
        self.instant(date, 0)
    }

    /// Returns the day of a text that holds a date, and perhaps a time of day.
    ///
    /// A time with an offset (`Z`, `+02:00`) is an instant, and the day is the one it falls on
    /// here; without an offset it is local already, and the day is the one written.
    pub fn date_of(&self, text: &str, pattern: DatePattern) -> Option<Date> {
        let stamp = pattern.stamp(text)?;
        if stamp.offset_seconds.is_none() {
            return Some(stamp.date);
        }
        self.date_at(self.micros_of_stamp(&stamp)?)
    }

    /// Returns the instant of such a text, in microseconds since 1970-01-01T00:00Z.
    ///
    /// A date without a time is its first instant here. A local time that the clock skips is read
    /// as if the clock had not been changed yet; one that occurs twice is the first of the two.
    pub fn micros_of(&self, text: &str, pattern: DatePattern) -> Option<i64> {
        self.micros_of_stamp(&pattern.stamp(text)?)
    }

    fn micros_of_stamp(&self, stamp: &date::Stamp) -> Option<i64> {
        match stamp.offset_seconds {
            Some(offset) => {
                let days = i64::from(stamp.date.days()) * date::MICROS_PER_DAY;
                Some(days + stamp.micros_of_day - i64::from(offset) * 1_000_000)
            }
            None => self.instant(stamp.date, stamp.micros_of_day),
        }
    }

    fn instant(&self, date: Date, micros_of_day: i64) -> Option<i64> {
        let (year, month, day) = date.ymd();
        let date = civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        if micros_of_day == 0 {
            let start = date.to_zoned(self.rules.clone()).ok()?.start_of_day().ok()?;
            return Some(start.timestamp().as_microsecond());
        }
        let time = civil::Time::midnight().checked_add(jiff::SignedDuration::from_micros(micros_of_day)).ok()?;
        let instant = self.rules.to_ambiguous_timestamp(date.to_datetime(time)).compatible().ok()?;
        Some(instant.as_microsecond())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text, DatePattern::YearMonthDay).expect("a date of the test")
    }

    #[test]
    fn zones_are_found_by_name_and_spelled_as_the_table_does() {
        assert_eq!(Zone::named("europe/amsterdam").expect("in the table").name(), "Europe/Amsterdam");
        assert_eq!(Zone::named("utc"), Ok(Zone::default()));
        let unknown = Zone::named("Europe/Utrecht").expect_err("not in the table");
        assert_eq!(unknown.to_string(), "`Europe/Utrecht` is not a time zone");
    }

    #[test]
    fn a_day_in_amsterdam_has_23_24_or_25_hours() {
        let zone = Zone::named("Europe/Amsterdam").expect("in the table");
        let hours = |text: &str| {
            let day = date(text);
            let next = day.plus_days(1).expect("within range");
            let start = zone.start_of(day).expect("within range");
            (zone.start_of(next).expect("within range") - start) / 3_600_000_000
        };
        // The clock went forward on 30 March and back on 26 October 2025 (Directive 2000/84/EC:
        // the last Sundays of March and October).
        assert_eq!(hours("2025-03-30"), 23);
        assert_eq!(hours("2025-10-26"), 25);
        assert_eq!(hours("2025-06-10"), 24);
    }

    #[test]
    fn a_day_whose_midnight_is_skipped_begins_at_the_jump() {
        // Brazil began summer time at midnight: 2018-11-04 had no 00:00.
        let zone = Zone::named("America/Sao_Paulo").expect("in the table");
        let start = zone.start_of(date("2018-11-04")).expect("within range");
        assert_eq!(zone.date_at(start), Some(date("2018-11-04")));
        assert_eq!(zone.date_at(start - 1), Some(date("2018-11-03")));
    }

    #[test]
    fn an_instant_falls_on_the_local_day() {
        let zone = Zone::named("Europe/Amsterdam").expect("in the table");
        let on = |text| zone.date_of(text, DatePattern::YearMonthDay);
        assert_eq!(on("2025-06-10T21:59:59Z"), Some(date("2025-06-10")));
        assert_eq!(on("2025-06-10T22:00:00Z"), Some(date("2025-06-11")));
        assert_eq!(on("2025-01-10T22:30:00Z"), Some(date("2025-01-10")));
        assert_eq!(on("2025-06-10T23:30:00+02:00"), Some(date("2025-06-10")));
        assert_eq!(on("2025-06-10 23:30"), Some(date("2025-06-10")));
        // Around the change of the clock: 01:00Z is the moment itself.
        assert_eq!(on("2025-03-29T23:00:00Z"), Some(date("2025-03-30")));
        assert_eq!(on("2025-03-30T21:59:59Z"), Some(date("2025-03-30")));
        assert_eq!(on("2025-03-30T22:00:00Z"), Some(date("2025-03-31")));
        assert_eq!(on("2025-10-26T22:59:59Z"), Some(date("2025-10-26")));
    }

    #[test]
    fn texts_with_a_time_become_instants() {
        let zone = Zone::named("Europe/Amsterdam").expect("in the table");
        let at = |text| zone.micros_of(text, DatePattern::YearMonthDay);
        assert_eq!(at("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(at("1970-01-01 01:00"), Some(0));
        assert_eq!(at("2025-06-10T12:30:00.25+02:00"), Some(1_749_551_400_250_000));
        assert_eq!(at("2025-06-10T12:30:00.25"), at("2025-06-10T10:30:00.25Z"));
        // 02:30 on the day the clock goes forward does not exist; on the day it goes back it is
        // there twice.
        assert_eq!(at("2025-03-30 02:30"), at("2025-03-30T01:30:00Z"));
        assert_eq!(at("2025-10-26 02:30"), at("2025-10-26T00:30:00Z"));
    }

    #[test]
    fn instants_out_of_range_have_no_day() {
        assert_eq!(Zone::default().date_at(i64::MAX), None);
        assert_eq!(Zone::default().date_at(i64::MIN), None);
        assert_eq!(Zone::default().date_at(-1), Some(date("1969-12-31")));
    }

    #[test]
    fn a_calendar_has_a_real_month() {
        assert!(Calendar::new(0, Zone::default()).is_none());
        assert!(Calendar::new(13, Zone::default()).is_none());
        assert!(Calendar::new(4, Zone::default()).expect("a month").quarters_align());
        assert!(!Calendar::new(2, Zone::default()).expect("a month").quarters_align());
    }

    proptest::proptest! {
        #[test]
        fn dates_agree_with_the_time_crate(days in Date::MIN.days()..=Date::MAX.days()) {
            let day = Date::from_days(days).expect("within range");
            let (year, month, number) = day.ymd();
            let other = civil::date(
                i16::try_from(year).expect("fits"),
                i8::try_from(month).expect("fits"),
                i8::try_from(number).expect("fits"),
            );
            let week = other.iso_week_date();
            proptest::prop_assert_eq!(i32::from(week.year()), day.iso_week().0);
            proptest::prop_assert_eq!(week.week().unsigned_abs(), day.iso_week().1);
            proptest::prop_assert_eq!(other.weekday().to_monday_one_offset().unsigned_abs(), day.weekday());
            proptest::prop_assert_eq!(Zone::default().date_at(i64::from(day.days()) * 86_400_000_000), Some(day));
        }
    }
}
