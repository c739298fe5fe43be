//! What readers and machines see; forms as the report standard prints them.

use super::*;
use crate::calendar::{Date, Period};
use proptest::prelude::*;

/// Shows the spaces that cannot be seen: `~` for the narrow one, `_` for the wide one.
fn visible(text: &str) -> String {
    text.replace(NARROW_GAP, "~").replace(GAP, "_")
}

#[test]
fn numbers_have_local_signs() {
    for (value, decimals, nl, en) in [
        (1412.0, 0, "1.412", "1,412"),
        (5.1, 2, "5,10", "5.10"),
        (-0.326, 2, "−0,33", "−0.33"),
        (1_234_567.891, 1, "1.234.567,9", "1,234,567.9"),
        (999.95, 1, "1.000,0", "1,000.0"),
        (0.0, 1, "0,0", "0.0"),
        (-0.04, 1, "0,0", "0.0"),
        (-0.0, 0, "0", "0"),
        (0.05, 1, "0,1", "0.1"),
        (0.04999, 1, "0,0", "0.0"),
        (1e-300, 3, "0,000", "0.000"),
        (123.0, 3, "123,000", "123.000"),
        (9_007_199_254_740_991.0, 0, "9.007.199.254.740.991", "9,007,199,254,740,991"),
        (1_234_567_890_123.45, 2, "1.234.567.890.123,45", "1,234,567,890,123.45"),
    ] {
        assert_eq!(Lang::Nl.number(value, decimals), nl);
        assert_eq!(Lang::En.number(value, decimals), en);
    }
    for none in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(Lang::Nl.number(none, 2), "–");
        assert_eq!(Lang::Nl.percent(none, 2), "–");
        assert_eq!(Lang::En.money(none, "EUR", 0), "–");
        assert_eq!(Lang::En.duration(none), "–");
        assert_eq!(Lang::En.points(none, 0), "–");
    }
}

#[test]
fn halves_are_rounded_away_from_zero_as_the_decimal_is_written() {
    // As doubles 1.005 and 2.675 lie below the half; who reads them in a table sees the half.
    for (value, decimals, text) in [
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-2.5, 0, "−3"),
        (1.005, 2, "1.01"),
        (2.675, 2, "2.68"),
        (-1.005, 2, "−1.01"),
        // One bit below the half: an error of summing, not a figure.
        (2.4999999999999996, 0, "3"),
        (2.4999, 0, "2"),
        (0.49, 0, "0"),
    ] {
        assert_eq!(Lang::En.number(value, decimals), text, "{value}");
    }
}

#[test]
fn differences_always_have_a_sign_but_for_nothing() {
    assert_eq!(Lang::Nl.signed(1.4, 1), "+1,4");
    assert_eq!(Lang::Nl.signed(-0.33, 2), "−0,33");
    assert_eq!(Lang::Nl.signed(0.0, 1), "0,0");
    assert_eq!(Lang::Nl.signed(-0.001, 1), "0,0");
    assert_eq!(Lang::Nl.number_up_to(45.0, 2), "45");
    assert_eq!(Lang::Nl.number_up_to(5.6, 2), "5,6");
    assert_eq!(Lang::Nl.number_up_to(-0.001, 2), "0");
}

#[test]
fn units_follow_their_number() {
    let nl = Lang::Nl;
    let en = Lang::En;
    for (text, expected) in [
        (nl.count(1_412), "1.412"),
        (en.count(u64::MAX), "18,446,744,073,709,551,615"),
        (nl.percent(88.06, 1), "88,1%"),
        (en.percent(88.06, 1), "88.1%"),
        (nl.percentage_points(0.8, 1), "+0,8_procentpunt"),
        (en.percentage_points(-0.8, 1), "−0.8_percentage points"),
        (en.percentage_points(1.0, 0), "+1_percentage point"),
        (en.percentage_points(1.0, 1), "+1.0_percentage points"),
        (nl.percentage_points_short(0.8, 1), "+0,8~pp"),
        (nl.points(46.0, 0), "46_punten"),
        (nl.points(-1.0, 0), "−1_punt"),
        (en.signed_points(-8.86, 1), "−8.9_points"),
        (nl.money(412.0, "EUR", 0), "€~412"),
        (nl.money(-38_000.0, "EUR", 0), "−€~38.000"),
        (en.money(412.0, "EUR", 0), "€412"),
        (en.money(-38_000.5, "EUR", 2), "−€38,000.50"),
        (en.money(9.0, "CHF", 0), "CHF~9"),
        (en.money(-9.0, "CHF", 0), "−CHF~9"),
        (nl.signed_money(9.0, "EUR", 0), "+€~9"),
        (en.signed_money(9.0, "GBP", 0), "+£9"),
        (nl.interval(43.2, 48.9, 0), "43–49"),
        (nl.interval(-9.4, 49.0, 0), "−9 tot 49"),
        (en.interval(-9.4, -0.6, 0), "−9 to −1"),
        (en.interval(-0.4, 3.0, 0), "0–3"),
    ] {
        assert_eq!(visible(&text), expected);
    }
}

#[test]
fn durations_take_the_unit_in_which_they_are_read() {
    for (seconds, nl, en) in [
        (0.0, "0~s", "0~s"),
        (0.42, "0,4~s", "0.4~s"),
        (9.96, "10~s", "10~s"),
        (184.4, "184~s", "184~s"),
        (299.9, "300~s", "300~s"),
        (750.0, "12,5~min", "12.5~min"),
        (3600.0, "60~min", "60~min"),
        (12_600.0, "3,5_uur", "3.5~h"),
        (172_800.0, "2_dagen", "2_days"),
        (181_440.0, "2,1_dagen", "2.1_days"),
        (-12_600.0, "−3,5_uur", "−3.5~h"),
    ] {
        assert_eq!(visible(&Lang::Nl.duration(seconds)), nl);
        assert_eq!(visible(&Lang::En.duration(seconds)), en);
    }
    assert_eq!(visible(&Lang::Nl.signed_duration(63.0)), "+63~s");
    assert_eq!(visible(&Lang::Nl.duration_in(86_400.0, TimeUnit::Day, 1)), "1_dag");
    assert_eq!(visible(&Lang::En.duration_in(90.0, TimeUnit::Minute, 2)), "1.5~min");
}

#[test]
fn days_and_periods_in_words() {
    let day = Date::from_ymd(2025, 9, 30).expect("a real day");
    assert_eq!(Lang::Nl.date(day), "30 september 2025");
    assert_eq!(Lang::En.date(day), "30 September 2025");
    assert_eq!(Lang::Nl.date_short(day), "30 sep 2025");
    assert_eq!(Lang::En.date_short(day), "30 Sep 2025");
    // For each period: in a sentence, as a head, on an axis, there with its year; nl, then en.
    for (text, nl, en) in [
        (
            "2025-09-30",
            ["30 september 2025", "30 sep 2025", "30 sep", "30 sep ’25"],
            ["30 September 2025", "30 Sep 2025", "30 Sep", "30 Sep ’25"],
        ),
        ("2025-W38", ["week 38 van 2025", "wk 38 2025", "wk 38", "wk 38 ’25"], ["week 38, 2025", "wk 38 2025", "wk 38", "wk 38 ’25"]),
        ("2025-03", ["maart 2025", "mrt 2025", "mrt", "mrt ’25"], ["March 2025", "Mar 2025", "Mar", "Mar ’25"]),
        ("2025-Q3", ["3e kwartaal 2025", "Q3 2025", "Q3", "Q3 ’25"], ["Q3 2025", "Q3 2025", "Q3", "Q3 ’25"]),
        ("2025", ["2025"; 4], ["2025"; 4]),
        (
            "FY2026-Q1",
            ["1e kwartaal van boekjaar 2026", "Q1 bj 2026", "Q1", "Q1 ’26"],
            ["Q1 of fiscal year 2026", "Q1 FY2026", "Q1", "Q1 ’26"],
        ),
        ("FY2026", ["boekjaar 2026", "bj 2026", "bj 2026", "bj 2026"], ["fiscal year 2026", "FY2026", "FY2026", "FY2026"]),
        ("all", ["hele periode", "alles", "alles", "alles"], ["whole period", "all", "all", "all"]),
    ] {
        let period = Period::parse(text).expect("a period of the test");
        for (lang, expected) in [(Lang::Nl, nl), (Lang::En, en)] {
            let said = [lang.period(period), lang.period_short(period), lang.axis_label(period), lang.axis_label_with_year(period)];
            assert_eq!(said, expected);
        }
    }
}

#[test]
fn machines_get_twelve_digits_in_the_shortest_form() {
    for (value, text) in [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-2.5, "-2.5"),
        (39.839766933721776, "39.8397669337"),
        (0.1 + 0.2, "0.3"),
        (1.0 / 3.0, "0.333333333333"),
        (2.0 / 3.0, "0.666666666667"),
        (100.0, "100"),
        (0.000001, "0.000001"),
        (0.00000123456789, "0.00000123456789"),
        (0.000000999999, "9.99999e-7"),
        (1e-7, "1e-7"),
        (999_999_999_999_999.0, "1e15"),
        (999_999_999_999_000.0, "999999999999000"),
        (1e14, "100000000000000"),
        (1e15, "1e15"),
        (-1.25e20, "-1.25e20"),
        (5e-324, "4.94065645841e-324"),
        (f64::MAX, "1.79769313486e308"),
        (f64::NAN, ""),
        (f64::INFINITY, ""),
    ] {
        assert_eq!(tidy_number(value), text);
    }
}

proptest! {
    #[test]
    fn tidy_numbers_come_back(value in proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL | proptest::num::f64::ZERO) {
        let text = tidy_number(value);
        let back: f64 = text.parse().expect("a tidy number is a number");
        // f64::MAX to twelve digits lies below it, so nothing overflows.
        prop_assert!((back - value).abs() <= value.abs() * 5.1e-12 + f64::MIN_POSITIVE * 1e-15);
        prop_assert_eq!(tidy_number(back), text);
    }

    #[test]
    fn short_ways_to_a_tidy_number_lead_to_the_same(mantissa in -9_999_999_999_999_999i64..10_000_000_000_000_000, places in 0i32..24) {
        let value = mantissa as f64 / 10f64.powi(places);
        let long = Decimal::for_machines(value).map(|it| it.shortest()).unwrap_or_default();
        prop_assert_eq!(tidy_number(value), long);
    }

    #[test]
    fn people_get_what_rounding_gives(value in -1e9..1e9f64, decimals in 0u8..4) {
        let text = Lang::En.number(value, decimals).replace(',', "").replace(MINUS, "-");
        let back: f64 = text.parse().expect("a number with its signs taken away");
        let half = [0.5, 0.05, 0.005, 0.0005][usize::from(decimals)];
        prop_assert!((back - value).abs() <= half * 1.000001 + value.abs() * 1e-11);
        prop_assert!(text != "-0" && !text.starts_with("-0.000"));
    }

    #[test]
    fn no_number_is_too_strange(value in proptest::num::f64::ANY, decimals in 0u8..=255) {
        for lang in Lang::ALL {
            let _ = (lang.number(value, decimals), lang.duration(value), lang.money(value, "X", decimals));
            let _ = (lang.signed(value, decimals), lang.number_up_to(value, decimals));
        }
    }
}
