//! How is a figure of this KPI written? Its decimals, its unit, and the unit of time that fits it.

use crate::model::{Arithmetic, Kpi, KpiKind};
use crate::value::{Direction as Good, Unit};
use crate::words::Lang;
use crate::words::format::{MINUS, NARROW_GAP, TimeUnit};

use super::charts::scale::AxisFormat;
use super::view::{Direction, Figure};

/// The writing of one KPI's figures. Charts draw the values of [`Numbers::shown`], so that an axis
/// in days has round days.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Numbers {
    lang: Lang,
    /// What figures are divided by before they are shown: 86,400 for days.
    divisor: f64,
    decimals: u8,
    prefix: String,
    suffix: Suffix,
    difference: String,
    range: Option<(f64, f64)>,
    /// Whether its figures are differences, which have a sign also where they are above zero.
    signed: bool,
}

/// What stands behind a figure.
#[derive(Debug, Clone, PartialEq)]
enum Suffix {
    Sign(String),
    /// A word with its singular, and its short form for narrow places.
    Word {
        one: &'static str,
        more: &'static str,
        short: &'static str,
    },
}

impl Numbers {
    /// Returns how the figures of a KPI are written; `seen` are figures and norms that will be shown.
    pub(super) fn new(lang: Lang, kpi: &Kpi, seen: &[f64]) -> Numbers {
        let largest = seen.iter().map(|it| it.abs()).fold(0.0, f64::max);
        let unit = kpi.unit.clone().unwrap_or(Unit::Number);
        let written = kpi.written_unit.as_ref().map(|it| it.value.as_str());
        let mut numbers = Numbers::of_unit(lang, &unit, written, largest);
        if let Some(decimals) = kpi.decimals {
            numbers.decimals = decimals;
        }
        numbers.signed = is_difference(kpi);
        let positive = seen.iter().all(|it| *it >= 0.0);
        numbers.range = match &unit {
            Unit::Count | Unit::Duration | Unit::Ratio | Unit::Per { .. } | Unit::Number if positive => Some((0.0, f64::INFINITY)),
            unit => unit.range(),
        };
        numbers
    }

    /// Returns the numbers of what is assumed.
    pub(super) fn of_assumption(lang: Lang, unit: &Unit, seen: &[f64]) -> Numbers {
        let largest = seen.iter().map(|it| it.abs()).fold(0.0, f64::max);
        let numbers = Numbers::of_unit(lang, unit, None, largest);
        // What was written is not rounded away: 0.05 beside 0.3.
        let written = |it: f64| (0..2).find(|at| (it * 10_f64.powi(*at)).fract().abs() < 1e-9).unwrap_or(2) as u8;
        let needed = seen.iter().map(|it| written(numbers.shown(*it))).max().unwrap_or(0);
        if numbers.prefix.is_empty() { Numbers { decimals: numbers.decimals.max(needed), ..numbers } } else { numbers }
    }

    fn of_unit(lang: Lang, unit: &Unit, written: Option<&str>, largest: f64) -> Numbers {
        let plain = |decimals: u8| Numbers {
            lang,
            divisor: 1.0,
            decimals,
            prefix: String::new(),
            suffix: Suffix::Sign(String::new()),
            difference: String::new(),
            range: None,
            signed: false,
        };
        let by_size = if largest < 10.0 {
            2
        } else if largest < 100.0 {
            1
        } else {
            0
        };
        match unit {
            Unit::Count => plain(0),
            Unit::Percent | Unit::PercentOfStart => {
                Numbers { suffix: Suffix::Sign("%".to_owned()), difference: format!("{NARROW_GAP}pp"), ..plain(1) }
            }
            Unit::PercentagePoints => {
                let pp = format!("{NARROW_GAP}pp");
                Numbers { suffix: Suffix::Sign(pp.clone()), difference: pp, ..plain(1) }
            }
            Unit::Points => plain(1),
            Unit::Score { low, high } => plain(if high - low > 20.0 { 1 } else { 2 }),
            Unit::Index { low, high } => plain(if high - low > 20.0 { 1 } else { 2 }),
            Unit::Money(code) => {
                let sign = match code.as_str() {
                    "EUR" => "€",
                    "USD" => "$",
                    "GBP" => "£",
                    "JPY" => "¥",
                    other => other,
                };
                let gap = if lang == Lang::Nl || sign == code { "\u{202f}" } else { "" };
                Numbers { prefix: format!("{sign}{gap}"), ..plain(if largest < 100.0 { 2 } else { 0 }) }
            }
            Unit::Duration => Numbers::of_time(lang, time_unit(written, largest), largest, plain(1)),
            Unit::Ratio => plain(2),
            Unit::Per { .. } => plain(1),
            Unit::Number => plain(by_size),
            // What it is for one of stands in its title.
            Unit::Rate { of, .. } => Numbers { range: None, ..Numbers::of_unit(lang, of, None, largest) },
            Unit::Difference(of) => {
                let inner = Numbers::of_unit(lang, of, written, largest);
                Numbers { range: None, ..inner }
            }
        }
    }

    fn of_time(lang: Lang, unit: TimeUnit, largest: f64, plain: Numbers) -> Numbers {
        let divisor = unit.seconds();
        let sign = |text: &str| Suffix::Sign(format!("{NARROW_GAP}{text}"));
        let (suffix, short) = match (unit, lang) {
            (TimeUnit::Second, _) => (sign("s"), "s"),
            (TimeUnit::Minute, _) => (sign("min"), "min"),
            (TimeUnit::Hour, Lang::Nl) => (sign("uur"), "u"),
            (TimeUnit::Hour, Lang::En) => (sign("h"), "h"),
            (TimeUnit::Day, Lang::Nl) => (Suffix::Word { one: "dag", more: "dagen", short: "d" }, "d"),
            (TimeUnit::Day, Lang::En) => (Suffix::Word { one: "day", more: "days", short: "d" }, "d"),
        };
        let decimals = if unit == TimeUnit::Second && largest >= 10.0 { 0 } else { 1 };
        Numbers { divisor, decimals, suffix, difference: format!("{NARROW_GAP}{short}"), ..plain }
    }

    /// Returns the language that is written.
    pub(super) fn lang(&self) -> Lang {
        self.lang
    }

    /// Returns a figure in the unit that is shown.
    pub(super) fn shown(&self, value: f64) -> f64 {
        value / self.divisor
    }

    /// Returns a figure with its unit: `45,3`, `80,2%`, `2,8 dagen`, `€ 430`.
    pub(super) fn text(&self, value: f64) -> String {
        self.joined(&self.number(value))
    }

    /// Returns a norm with its unit, without zeros that nobody wrote: `5,6`, `45`, `€ 420`.
    pub(super) fn norm(&self, value: f64) -> String {
        let shown = self.shown(value);
        // Cents are written in full: € 6,40.
        let cents = !self.prefix.is_empty() && shown.fract() != 0.0;
        let number = if cents { self.lang.number(shown, 2) } else { self.lang.number_up_to(shown, self.decimals.max(2)) };
        let plus = if self.signed && shown > 0.0 { "+" } else { "" };
        self.joined(&format!("{plus}{number}"))
    }

    fn number(&self, value: f64) -> String {
        let shown = self.shown(value);
        if self.signed { self.lang.signed(shown, self.decimals) } else { self.lang.number(shown, self.decimals) }
    }

    /// Returns a difference: `−0,33`, `+0,8 pp`, `+63 s`.
    pub(super) fn change(&self, difference: f64) -> String {
        let number = self.lang.signed(self.shown(difference), self.decimals);
        let number = self.prefixed(&number);
        format!("{number}{}", self.difference)
    }

    /// Returns the two ends of a range, the unit once: `43–49`, `75,8–83,1%`; a currency at both where one is negative.
    pub(super) fn between(&self, low: f64, high: f64) -> String {
        if !self.prefix.is_empty() && low < 0.0 {
            return crate::report::words::Say(self.lang).low_to_high(&self.text(low), &self.text(high));
        }
        let (low, high) = (self.shown(low), self.shown(high));
        let range = self.lang.interval(low, high, self.decimals);
        format!("{}{range}{}", self.prefix, self.suffix("0"))
    }

    /// Returns how far an interval reaches: `± 0,12` where it is even to both sides as printed, else its ends.
    pub(super) fn interval(&self, value: f64, low: f64, high: f64) -> String {
        let below = self.lang.number(self.shown(value - low), self.decimals);
        let above = self.lang.number(self.shown(high - value), self.decimals);
        if below == above {
            return format!("± {below}");
        }
        self.ends(low, high)
    }

    /// Returns two ends without their unit: `430–520`.
    pub(super) fn ends(&self, low: f64, high: f64) -> String {
        self.lang.interval(self.shown(low), self.shown(high), self.decimals)
    }

    /// Returns the figure in the parts that a page sets apart; without interval.
    pub(super) fn figure(&self, value: f64) -> Figure {
        let number = self.number(value);
        let digits = number.trim_start_matches([MINUS, '+']);
        // A sign stands before the currency.
        let (sign, digits) = if self.prefix.is_empty() { ("", number.as_str()) } else { (&number[..number.len() - digits.len()], digits) };
        Figure {
            suffix: self.suffix(&number),
            prefix: format!("{sign}{}", self.prefix),
            value: Some(digits.to_owned()),
            number: Some(self.shown(value)),
            ..Figure::default()
        }
    }

    /// Returns how an axis writes values, which are those of [`Numbers::shown`].
    pub(super) fn axis(&self) -> AxisFormat {
        let suffix = match &self.suffix {
            Suffix::Sign(sign) => sign.clone(),
            Suffix::Word { short, .. } => format!("{NARROW_GAP}{short}"),
        };
        AxisFormat { lang: self.lang, prefix: self.prefix.clone(), suffix, range: self.range }
    }

    fn suffix(&self, number: &str) -> String {
        match &self.suffix {
            Suffix::Sign(sign) => sign.clone(),
            Suffix::Word { one, .. } if number.trim_start_matches([MINUS, '+']) == "1" => format!("\u{a0}{one}"),
            Suffix::Word { more, .. } => format!("\u{a0}{more}"),
        }
    }

    fn prefixed(&self, number: &str) -> String {
        AxisFormat { suffix: String::new(), ..self.axis() }.with_unit(number)
    }

    fn joined(&self, number: &str) -> String {
        format!("{}{}", self.prefixed(number), self.suffix(number))
    }
}

/// Whether a KPI tells how far two figures lie apart.
fn is_difference(kpi: &Kpi) -> bool {
    let subtracts = kpi
        .formula
        .as_ref()
        .is_some_and(|it| matches!(it.kind, KpiKind::Change { .. } | KpiKind::Binary { operator: Arithmetic::Subtract, .. }));
    subtracts || matches!(kpi.unit, Some(Unit::Difference(_)))
}

/// The unit of time that was written, else the one that fits the largest figure.
fn time_unit(written: Option<&str>, largest: f64) -> TimeUnit {
    match written {
        Some("s" | "second" | "seconds") => TimeUnit::Second,
        Some("min" | "minute" | "minutes") => TimeUnit::Minute,
        Some("h" | "hour" | "hours") => TimeUnit::Hour,
        Some("day" | "days" | "week" | "weeks") => TimeUnit::Day,
        _ => TimeUnit::for_seconds(largest),
    }
}

/// Which way is good for a KPI: as declared, else as its norms run, else as its kind has it.
pub(super) fn direction(kpi: &Kpi) -> Direction {
    let of_norms = kpi.norms.iter().find_map(|it| {
        let (worst, target) = (it.worst.as_ref()?, it.target.as_ref()?);
        Some(if target.value < worst.value { Direction::Down } else { Direction::Up })
    });
    let declared = kpi.direction.map(|it| match it {
        Good::Up => Direction::Up,
        Good::Down => Direction::Down,
    });
    let of_kind = match kpi.unit {
        Some(Unit::Score { .. }) => Some(Direction::Up),
        _ => None,
    };
    of_norms.or(declared).or(of_kind).unwrap_or(Direction::Neutral)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lang: Lang, unit: &Unit, written: Option<&str>, largest: f64) -> Numbers {
        Numbers::of_unit(lang, unit, written, largest)
    }

    #[test]
    fn a_figure_has_the_unit_that_fits() {
        let days = of(Lang::Nl, &Unit::Duration, Some("days"), 432_000.0);
        assert_eq!(days.text(239_215.7), "2,8\u{a0}dagen");
        assert_eq!(days.norm(216_000.0), "2,5\u{a0}dagen");
        assert_eq!(days.change(43_200.0), "+0,5\u{202f}d");
        let wait = of(Lang::En, &Unit::Duration, Some("s"), 600.0);
        assert_eq!(wait.text(346.4), "346\u{202f}s");
        let money = of(Lang::Nl, &Unit::Money("EUR".into()), None, 520.0);
        assert_eq!((money.text(430.05), money.change(-9.2)), ("€\u{202f}430".into(), "−€\u{202f}9".into()));
        let money = of(Lang::En, &Unit::Money("EUR".into()), None, 7.0);
        assert_eq!((money.text(6.587), money.change(-0.3)), ("€6.59".into(), "−€0.30".into()));
        let share = of(Lang::Nl, &Unit::Percent, None, 80.0);
        assert_eq!((share.text(80.16), share.change(0.84)), ("80,2%".into(), "+0,8\u{202f}pp".into()));
    }

    #[test]
    fn an_interval_is_even_or_has_two_ends() {
        let score = of(Lang::Nl, &Unit::Score { low: 1.0, high: 7.0 }, None, 5.6);
        assert_eq!(score.interval(5.115, 4.998, 5.232), "± 0,12");
        let share = of(Lang::Nl, &Unit::Percent, None, 80.0);
        assert_eq!(share.interval(79.7, 75.8, 83.1), "75,8–83,1");
    }
}
