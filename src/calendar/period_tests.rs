//! What periods promise: known dates, and properties over every day.

use super::*;
use crate::calendar::{DatePattern, Zone};
use proptest::prelude::*;

fn day(text: &str) -> Date {
    Date::parse(text, DatePattern::YearMonthDay).expect("a date of the test")
}

fn period(text: &str) -> Period {
    Period::parse(text).expect("a period of the test")
}

fn fiscal(month: u8) -> Calendar {
    Calendar::new(month, Zone::default()).expect("a month of the test")
}

fn bounds_of(text: &str, calendar: &Calendar) -> String {
    let period = period(text);
    format!("{}..{}", period.start(calendar), period.end(calendar))
}

#[test]
fn texts_are_read_and_written() {
    for text in ["2017", "2025-Q3", "2025-09", "2025-W38", "2025-09-30", "FY2026", "FY2026-Q1", "all"] {
        assert_eq!(period(text).to_string(), text);
    }
    for bad in [
        "",
        "17",
        "2025-Q5",
        "2025-Q0",
        "2025-13",
        "2025-00",
        "2025-W00",
        "2025-W54",
        "2025-02-29",
        "2025-9",
        "2025-W7",
        "FY26",
        "FY2026-Q5",
        "FY2026-01",
        "2025-09-30-1",
        "0000",
        "2025-q3",
        "2025-09-30T12:00",
        " 2025",
        "FY2026-Q1-1",
        "12345",
        "+202",
        "2025-",
        "All",
        "FY0000",
        "20é5",
    ] {
        assert_eq!(Period::parse(bad), None, "{bad}");
    }
}

#[test]
fn only_long_years_have_a_week_53() {
    let calendar = Calendar::default();
    assert_eq!(bounds_of("2020-W53", &calendar), "2020-12-28..2021-01-04");
    assert_eq!(bounds_of("2021-W01", &calendar), "2021-01-04..2021-01-11");
    assert_eq!(Period::parse("2021-W53"), None);
    // The years of 53 weeks from 2000 to 2040, as published with ISO 8601.
    let long: Vec<i32> = (2000..=2040).filter(|year| Period::parse(&format!("{year}-W53")).is_some()).collect();
    assert_eq!(long, [2004, 2009, 2015, 2020, 2026, 2032, 2037]);
}

#[test]
fn a_day_lies_in_one_period_of_each_grain() {
    let calendar = fiscal(4);
    for (date, texts) in [
        ("2021-01-03", ["2021-01-03", "2020-W53", "2021-01", "2021-Q1", "2021", "FY2021-Q4", "FY2021", "all"]),
        ("2024-02-29", ["2024-02-29", "2024-W09", "2024-02", "2024-Q1", "2024", "FY2024-Q4", "FY2024", "all"]),
        ("2025-04-01", ["2025-04-01", "2025-W14", "2025-04", "2025-Q2", "2025", "FY2026-Q1", "FY2026", "all"]),
        ("2025-03-31", ["2025-03-31", "2025-W14", "2025-03", "2025-Q1", "2025", "FY2025-Q4", "FY2025", "all"]),
    ] {
        for text in texts {
            let found = Period::containing(day(date), period(text).grain(), &calendar);
            assert_eq!(found.to_string(), text, "{date}");
        }
    }
}

#[test]
fn a_fiscal_year_is_named_by_the_year_in_which_it_ends() {
    assert_eq!(bounds_of("FY2026", &fiscal(4)), "2025-04-01..2026-04-01");
    assert_eq!(bounds_of("FY2026-Q1", &fiscal(4)), "2025-04-01..2025-07-01");
    assert_eq!(bounds_of("FY2026-Q4", &fiscal(4)), "2026-01-01..2026-04-01");
    assert_eq!(bounds_of("FY2026", &fiscal(1)), "2026-01-01..2027-01-01");
    assert_eq!(bounds_of("FY2026", &fiscal(12)), "2025-12-01..2026-12-01");
    assert_eq!(bounds_of("FY2026-Q2", &fiscal(2)), "2025-05-01..2025-08-01");
}

#[test]
fn a_year_before_keeps_the_number() {
    let calendar = fiscal(4);
    for (text, before) in [
        ("2025-09-30", "2024-09-30"),
        ("2024-02-29", "2023-02-28"),
        ("2021-W38", "2020-W38"),
        ("2020-W53", "2019-W52"),
        ("2021-W01", "2020-W01"),
        ("2025-01", "2024-01"),
        ("2025-Q3", "2024-Q3"),
        ("2025", "2024"),
        ("FY2026-Q1", "FY2025-Q1"),
        ("FY2026", "FY2025"),
    ] {
        assert_eq!(period(text).year_before(&calendar), Some(period(before)), "{text}");
    }
    assert_eq!(Period::ALL.year_before(&calendar), None);
    assert_eq!(period("0001").year_before(&calendar), None);
    assert_eq!(period("0001-W05").year_before(&calendar), None);
}

#[test]
fn shifts_cross_years_and_stop_at_the_edge() {
    assert_eq!(period("2025-Q1").previous(), Some(period("2024-Q4")));
    assert_eq!(period("2020-W53").next(), Some(period("2021-W01")));
    assert_eq!(period("2025-01").shift(-13), Some(period("2023-12")));
    assert_eq!(period("2024-02-28").next(), Some(period("2024-02-29")));
    assert_eq!(Period::ALL.previous(), None);
    for grain in Grain::ALL {
        let calendar = fiscal(7);
        for edge in [Date::MIN, Date::MAX] {
            let period = Period::containing(edge, grain, &calendar);
            assert!(period.contains(edge, &calendar), "{period}");
            assert!(period.start(&calendar) <= edge && edge < period.end(&calendar));
            assert_eq!(Period::parse(&period.to_string()), Some(period));
            assert_eq!(period.shift(i32::MAX), None);
            assert_eq!(period.shift(i32::MIN), None);
        }
    }
}

#[test]
fn ranges_are_in_order_and_complete() {
    let texts = |periods: Vec<Period>| periods.iter().map(Period::to_string).collect::<Vec<_>>();
    let calendar = fiscal(4);
    let quarters = period("2024-Q3").up_to(period("2025-Q2")).collect();
    assert_eq!(texts(quarters), ["2024-Q3", "2024-Q4", "2025-Q1", "2025-Q2"]);
    assert_eq!(period("2025").up_to(period("2024")).count(), 0);
    assert_eq!(period("2025").up_to(period("2025-Q1")).count(), 0);
    let over = |from, until, grain| texts(Period::over(day(from), day(until), grain, &calendar).collect());
    assert_eq!(over("2020-12-28", "2021-01-11", Grain::Week), ["2020-W53", "2021-W01"]);
    assert_eq!(over("2025-01-31", "2025-02-01", Grain::Month), ["2025-01"]);
    assert_eq!(over("2025-03-31", "2025-04-02", Grain::FiscalYear), ["FY2025", "FY2026"]);
    assert_eq!(over("2025-01-05", "2025-01-05", Grain::Month), [""; 0]);
    assert_eq!(over("2025-01-05", "2025-01-01", Grain::Day), [""; 0]);
}

#[test]
fn a_period_is_unfinished_until_its_last_day_is_over() {
    let calendar = Calendar::default();
    let quarter = period("2025-Q3");
    assert!(quarter.is_unfinished(day("2025-09-30"), &calendar));
    assert!(!quarter.is_unfinished(day("2025-10-01"), &calendar));
    assert!(quarter.is_incomplete(day("2025-09-29"), &calendar));
    assert!(!quarter.is_incomplete(day("2025-09-30"), &calendar));
    assert!(!Period::ALL.is_unfinished(Date::MIN, &calendar));
    assert!(!Period::ALL.is_incomplete(Date::MIN, &calendar));
}

#[test]
fn parts_know_their_whole() {
    let calendar = fiscal(4);
    assert!(period("2025").contains_period(period("2025-Q3"), &calendar));
    assert!(period("FY2026").contains_period(period("2025-12"), &calendar));
    assert!(!period("2025").contains_period(period("2025-W01"), &calendar));
    assert!(!period("2025-Q3").contains_period(period("2025"), &calendar));
    assert!(Period::ALL.contains_period(period("2025-W01"), &calendar));
    assert!(!period("2025").contains_period(Period::ALL, &calendar));
}

fn any_day() -> impl Strategy<Value = Date> {
    (Date::MIN.days()..=Date::MAX.days()).prop_map(|days| Date::from_days(days).expect("within range"))
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    (1u8..=12).prop_map(fiscal)
}

fn any_grain() -> impl Strategy<Value = Grain> {
    proptest::sample::select(Grain::ALL.to_vec())
}

proptest! {
    #[test]
    fn every_day_lies_in_exactly_one_period(day in any_day(), grain in any_grain(), calendar in any_calendar()) {
        let period = Period::containing(day, grain, &calendar);
        prop_assert!(period.start(&calendar) <= day && day < period.end(&calendar));
        prop_assert!(period.contains(day, &calendar));
        for other in [period.previous(), period.next()].into_iter().flatten() {
            prop_assert!(!other.contains(day, &calendar));
            prop_assert!(day < other.start(&calendar) || other.end(&calendar) <= day);
        }
    }

    #[test]
    fn periods_tile_without_gap(day in any_day(), grain in any_grain(), calendar in any_calendar()) {
        let period = Period::containing(day, grain, &calendar);
        if let Some(next) = period.next() {
            prop_assert_eq!(period.end(&calendar), next.start(&calendar));
            prop_assert!(period < next);
        }
    }

    #[test]
    fn texts_come_back_the_same(day in any_day(), grain in any_grain(), calendar in any_calendar()) {
        let period = Period::containing(day, grain, &calendar);
        prop_assert_eq!(Period::parse(&period.to_string()), Some(period));
        let (year, month, number) = day.ymd();
        prop_assert_eq!(Date::from_ymd(year, month, number), Some(day));
        prop_assert_eq!(Date::parse(&day.to_string(), DatePattern::YearMonthDay), Some(day));
    }

    #[test]
    fn no_text_is_too_strange(text in "\\PC{0,14}", pattern in proptest::sample::select(DatePattern::ALL.to_vec())) {
        let _ = Period::parse(&text);
        let _ = Zone::default().micros_of(&text, pattern);
    }
}
