//! Where does a value stand, and which values stand on an axis? Linear scales with round ticks,
//! written in the report's language.

use serde::Serialize;

use crate::words::Lang;
use crate::words::format::MINUS;

/// How values are written on an axis, and how far it may run.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct AxisFormat {
    /// The language: decimal comma or point.
    #[schemars(with = "String")]
    pub lang: Lang,
    /// What stands before a value: "€ ", else empty.
    pub prefix: String,
    /// What stands after it: "%", " s", else empty.
    pub suffix: String,
    /// The ends of the KPI's own range (1 and 7, 0 and 100); an axis never runs past them. A range
    /// that starts at 0 is open upward with `f64::INFINITY`.
    #[serde(skip)]
    pub range: Option<(f64, f64)>,
}

impl AxisFormat {
    /// Makes a format without unit or range.
    pub fn plain(lang: Lang) -> Self {
        Self { lang, prefix: String::new(), suffix: String::new(), range: None }
    }

    /// Returns the value with so many decimals, a true minus sign, and its unit.
    pub fn write(&self, value: f64, decimals: usize) -> String {
        let number = self.lang.number(value, u8::try_from(decimals).unwrap_or(u8::MAX));
        self.with_unit(&number)
    }

    /// Puts the unit around a number that was written. A sign stands before the currency: `−€412`, `−€ 412`.
    pub fn with_unit(&self, number: &str) -> String {
        let digits = number.trim_start_matches([MINUS, '+']);
        let sign = &number[..number.len() - digits.len()];
        format!("{sign}{}{digits}{}", self.prefix, self.suffix)
    }
}

/// A linear map from values to places. Values beyond its ends are put at the ends, so that no mark
/// ever leaves the drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    from: (f64, f64),
    to: (f64, f64),
}

impl Scale {
    /// Makes the scale that maps `from` on `to`; either may run downward.
    pub fn new(from: (f64, f64), to: (f64, f64)) -> Self {
        Self { from, to }
    }

    /// Returns how places of another scale become places of this one: the share to take of them, and the way to go.
    pub fn fit(&self, other: &Self) -> (f64, f64) {
        let step = |it: &Self| (it.to.1 - it.to.0) / (it.from.1 - it.from.0);
        let share = step(self) / step(other);
        let share = if share.is_finite() { share } else { 1.0 };
        // Where the other has its first end, this one may have none.
        let first = self.to.0 + (other.from.0 - self.from.0) * step(self);
        (share, if first.is_finite() { first } else { self.to.0 } - share * other.to.0)
    }

    /// Returns the place of a value.
    pub fn at(&self, value: f64) -> f64 {
        let span = self.from.1 - self.from.0;
        if span == 0.0 || !span.is_finite() || !value.is_finite() {
            return (self.to.0 + self.to.1) / 2.0;
        }
        let share = ((value - self.from.0) / span).clamp(0.0, 1.0);
        self.to.0 + share * (self.to.1 - self.to.0)
    }
}

/// Round values on an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticks {
    /// The values, lowest first; the outer two are the ends of the axis.
    pub values: Vec<f64>,
    /// How many decimals they need.
    pub decimals: usize,
}

impl Ticks {
    /// Returns the ends of the axis.
    pub fn ends(&self) -> (f64, f64) {
        match (self.values.first(), self.values.last()) {
            (Some(low), Some(high)) => (*low, *high),
            _ => (0.0, 1.0),
        }
    }
}

/// Returns some `count` round values that enclose `low` and `high`, within `range` where it has
/// finite ends.
pub fn ticks(low: f64, high: f64, count: usize, range: Option<(f64, f64)>) -> Ticks {
    let (low, high) = sane(low, high);
    let steps = f64::from(u32::try_from(count.clamp(2, 20)).unwrap_or(5));
    let rough = (high - low) / steps;
    let mut unit = 1.0_f64;
    let mut exponent = 0_i32;
    while unit > rough && exponent > -12 {
        unit /= 10.0;
        exponent -= 1;
    }
    while unit * 10.0 <= rough && exponent < 15 {
        unit *= 10.0;
        exponent += 1;
    }
    // A quarter more ticks than asked for is better than half as many.
    let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|f| f * unit >= rough * 0.8).unwrap_or(10.0);
    let decimals = usize::try_from(-exponent).unwrap_or(0);
    let decimals = if factor == 10.0 { decimals.saturating_sub(1) } else { decimals };
    let step = factor * unit;
    let mut first = (low / step).floor();
    let mut last = (high / step).ceil();
    if let Some((bottom, top)) = range {
        if bottom.is_finite() && bottom <= low {
            first = first.max((bottom / step).ceil());
        }
        if top.is_finite() && top >= high {
            last = last.min((top / step).floor());
        }
    }
    let mut values = Vec::new();
    let mut number = first;
    while number <= last && values.len() < 40 {
        values.push(round_to(number * step, decimals));
        number += 1.0;
    }
    // A range whose end is not a round value would cut the axis short of the data.
    if values.first().is_none_or(|v| *v > low) {
        values.insert(0, low);
    }
    if values.last().is_none_or(|v| *v < high) {
        values.push(high);
    }
    Ticks { values, decimals }
}

/// Returns the lowest and highest of the finite values.
pub fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().filter(|v| v.is_finite()).fold(None, |ends, v| match ends {
        None => Some((v, v)),
        Some((low, high)) => Some((low.min(v), high.max(v))),
    })
}

/// Two ends that differ and are finite.
fn sane(low: f64, high: f64) -> (f64, f64) {
    // Beyond this, neighbours on an axis would no longer differ.
    let (low, high) = if low.is_finite() && high.is_finite() { (low, high) } else { (0.0, 1.0) };
    let (low, high) = (low.clamp(-1e14, 1e14), high.clamp(-1e14, 1e14));
    let (low, high) = if low <= high { (low, high) } else { (high, low) };
    let least = (low.abs().max(high.abs()) * 1e-6).max(1e-9);
    if high - low > least {
        return (low, high);
    }
    let margin = (low.abs() * 0.05).max(0.5);
    (low - margin, high + margin)
}

fn round_to(value: f64, decimals: usize) -> f64 {
    let power = (0..decimals).fold(1.0, |power, _| power * 10.0);
    (value * power).round() / power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_enclose() {
        let ces = ticks(4.89, 5.9, 6, Some((1.0, 7.0)));
        assert_eq!(ces.values, [4.8, 5.0, 5.2, 5.4, 5.6, 5.8, 6.0]);
        assert_eq!(ces.decimals, 1);
        assert_eq!(ticks(31.0, 58.0, 4, None).values, [30.0, 40.0, 50.0, 60.0]);
        assert_eq!(ticks(97.2, 99.9, 4, Some((0.0, 100.0))).ends().1, 100.0);
    }

    #[test]
    fn ticks_survive_anything() {
        for (low, high) in [
            (0.0, 0.0),
            (5.0, 5.0),
            (-1e-9, 1e-9),
            (f64::NAN, 3.0),
            (1e12, 3e12),
            (7.0, -7.0),
            (f64::NEG_INFINITY, f64::INFINITY),
            (1e300, 1e301),
        ] {
            let ticks = ticks(low, high, 5, Some((0.0, 10.0)));
            assert!(ticks.values.len() >= 2 && ticks.values.len() <= 45, "{low} {high}");
            assert!(ticks.values.windows(2).all(|w| w[0] < w[1]), "{low} {high} {ticks:?}");
        }
    }

    #[test]
    fn values_are_written_in_the_language() {
        let mut format = AxisFormat::plain(Lang::Nl);
        assert_eq!(format.write(-1234.5, 1), "−1.234,5");
        assert_eq!(format.write(-0.001, 1), "0,0");
        format.prefix = "€ ".into();
        assert_eq!(format.write(1_000_000.0, 0), "€ 1.000.000");
        format.lang = Lang::En;
        assert_eq!(format.write(412.25, 2), "€ 412.25");
    }

    #[test]
    fn a_scale_never_leaves_its_ends() {
        let scale = Scale::new((0.0, 10.0), (100.0, 0.0));
        assert_eq!(scale.at(2.5), 75.0);
        assert_eq!(scale.at(99.0), 0.0);
        assert_eq!(scale.at(f64::NAN), 50.0);
        assert_eq!(Scale::new((1.0, 1.0), (0.0, 8.0)).at(1.0), 4.0);
    }
}
