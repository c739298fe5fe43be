//! What an incentive pays: straight lines between its pay points, weights, conditions (R24).

use super::{Note, Status, reporting_grain};
use crate::check::Checked;
use crate::model::{Comparison, Incentive, KpiRef, PayOn, Requirement};
use crate::plan::{Ask, Request};

/// A figure that may be paid for, as it may be shown.
#[derive(Clone, Debug, Default)]
pub struct Payable {
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub status: Status,
    pub notes: Vec<Note>,
    /// It has no figures over a period of this length.
    pub other_length: bool,
}

/// Why nothing is paid for a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// Below the minimum base.
    Hidden,
    /// Below the indicative base.
    TooFew,
    /// There is no figure.
    NoData,
    /// Its figures are over longer periods.
    OtherLength,
    /// The low end is paid, and a sampled figure has none.
    NoLowEnd,
}

impl Withheld {
    /// The words of machine output.
    pub fn name(self) -> &'static str {
        match self {
            Withheld::Hidden => "hidden by the minimum base",
            Withheld::TooFew => "below the indicative base",
            Withheld::NoData => "no data",
            Withheld::OtherLength => "no figures over such a period",
            Withheld::NoLowEnd => "no interval, and the low end is paid",
        }
    }
}

/// What a part pays.
#[derive(Clone, Copy, Debug)]
pub struct PartPay {
    /// The value that stands between the pay points.
    pub paid_on: Option<f64>,
    /// In percent of the part.
    pub payout: f64,
    /// In percent of all parts.
    pub weight: f64,
    pub withheld: Option<Withheld>,
}

impl PartPay {
    /// What it adds to the total.
    pub fn weighted(&self) -> f64 {
        self.payout * self.weight / 100.0
    }
}

/// Whether a condition holds.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// `None` where that is unknown.
    pub met: Option<bool>,
    pub withheld: Option<Withheld>,
}

/// What an incentive pays over a period.
#[derive(Clone, Debug)]
pub struct Pay {
    /// In the order of its parts.
    pub parts: Vec<PartPay>,
    /// In the order of its conditions.
    pub conditions: Vec<Held>,
    /// Whether all conditions hold; `None` where none fails and one is unknown.
    pub met: Option<bool>,
    /// In percent.
    pub total: f64,
}

/// What must be asked for to pay incentives: their parts and conditions, over periods of their length.
pub fn incentive_request(checked: &Checked, incentives: &[usize]) -> Request {
    let mut request = Request::new();
    for incentive in incentives.iter().map(|it| &checked.model.incentives[*it]) {
        let Some(period) = incentive.period else { continue };
        for of in incentive.kpis() {
            let grain = reporting_grain(checked, of.kpi, Some(period.grain()));
            request.add(Ask { kpi: of.kpi, part: of.part.clone(), cut: Vec::new(), grain });
        }
    }
    request
}

/// What an incentive pays for figures. What is not known to be earned is not paid: a figure that is withheld pays
/// nothing, and neither does an incentive of which a condition is unknown.
pub fn pay(incentive: &Incentive, figure: &dyn Fn(&KpiRef) -> Payable) -> Pay {
    let whole: f64 = incentive.parts.iter().map(|it| it.of.weight).sum();
    let parts: Vec<PartPay> = incentive
        .parts
        .iter()
        .map(|part| {
            let weight = if whole > 0.0 { 100.0 * (part.of.weight / whole) } else { 0.0 };
            let on_low_end = incentive.pay_on == Some(PayOn::LowEnd);
            let points: Vec<Point> = part.pays.iter().map(|it| (it.pay, it.at.value)).collect();
            match paid_on(&figure(&part.of), &points, on_low_end) {
                Ok(value) => PartPay { paid_on: Some(value), payout: on_lines(&points, value), weight, withheld: None },
                Err(withheld) => PartPay { paid_on: None, payout: 0.0, weight, withheld: Some(withheld) },
            }
        })
        .collect();
    let conditions: Vec<Held> = incentive.conditions.iter().map(|it| held(it, &figure(&it.of))).collect();
    let met = if conditions.iter().any(|it| it.met == Some(false)) {
        Some(false)
    } else {
        conditions.iter().all(|it| it.met == Some(true)).then_some(true)
    };
    let total = if met == Some(true) { parts.iter().map(PartPay::weighted).sum() } else { 0.0 };
    Pay { parts, conditions, met, total }
}

/// What is paid, and the value that it is paid at.
type Point = (f64, f64);

/// The value of a figure, where enough stands behind it.
fn known(figure: &Payable) -> Result<f64, Withheld> {
    match figure.status {
        Status::Hidden => Err(Withheld::Hidden),
        Status::TooFew => Err(Withheld::TooFew),
        _ if figure.other_length => Err(Withheld::OtherLength),
        _ => figure.value.ok_or(Withheld::NoData),
    }
}

/// The value that is paid on: the figure, or the end of its interval that pays least. Complete data have no interval,
/// and no chance in them: there the figure is its own low end.
fn paid_on(figure: &Payable, pays: &[Point], on_low_end: bool) -> Result<f64, Withheld> {
    let value = known(figure)?;
    if !on_low_end {
        return Ok(value);
    }
    let unsure = figure.notes.iter().any(|it| it.is_unsure());
    match if rises(pays) { figure.low } else { figure.high } {
        _ if unsure => Err(Withheld::NoLowEnd),
        Some(end) => Ok(end),
        None => Ok(value),
    }
}

/// Whether higher values are paid more.
fn rises(pays: &[Point]) -> bool {
    pays.first().zip(pays.last()).is_none_or(|(first, last)| last.1 > first.1)
}

/// What is paid at a value: straight lines between the points, flat outside them.
fn on_lines(pays: &[Point], value: f64) -> f64 {
    let (Some(first), Some(last)) = (pays.first(), pays.last()) else { return 0.0 };
    let sign = if rises(pays) { 1.0 } else { -1.0 };
    let at = |it: &Point| sign * it.1;
    let value = sign * value;
    if value <= at(first) {
        return first.0;
    }
    let Some(pair) = pays.windows(2).find(|it| value <= at(&it[1])) else { return last.0 };
    // In halves, since the way between two huge values may be too long for a number.
    let way = (value / 2.0 - at(&pair[0]) / 2.0) / (at(&pair[1]) / 2.0 - at(&pair[0]) / 2.0);
    pair[0].0 + (pair[1].0 - pair[0].0) * way
}

fn held(of: &Requirement, figure: &Payable) -> Held {
    match known(figure) {
        Ok(value) => Held { met: Some(holds(of.comparison, value, of.value.value)), withheld: None },
        Err(withheld) => Held { met: None, withheld: Some(withheld) },
    }
}

/// Whether a value stands where it is asked to, both in the unit of the figure; values that differ in the tenth digit are the same, since 7 of 100 is
/// a hair more than 7 % to a computer.
pub fn holds(comparison: Comparison, value: f64, asked: f64) -> bool {
    let same = (value - asked).abs() <= 1e-9 * asked.abs().max(1.0);
    comparison.holds(if same { &asked } else { &value }, &asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_straight_between_points_and_flat_outside() {
        let up = [(0.0, 42.0), (100.0, 45.0), (150.0, 50.0)];
        let paid: Vec<f64> = [-100.0, 42.0, 43.5, 45.0, 47.5, 50.0, 90.0].iter().map(|it| on_lines(&up, *it)).collect();
        assert_eq!(paid, [0.0, 0.0, 50.0, 100.0, 125.0, 150.0, 150.0]);
        let down = [(20.0, 60.0), (100.0, 40.0)];
        let paid: Vec<f64> = [70.0, 60.0, 45.0, 40.0, 0.0].iter().map(|it| on_lines(&down, *it)).collect();
        assert_eq!(paid, [20.0, 20.0, 80.0, 100.0, 100.0]);
        let huge = [(0.0, -f64::MAX), (100.0, f64::MAX)];
        assert_eq!(on_lines(&huge, 0.0), 50.0);
    }

    #[test]
    fn a_sampled_figure_without_an_interval_has_no_low_end() {
        let (up, down) = ([(0.0, 1.0), (100.0, 9.0)], [(0.0, 9.0), (100.0, 1.0)]);
        let sampled = Payable { value: Some(5.0), low: Some(4.0), high: Some(6.0), ..Payable::default() };
        assert_eq!((paid_on(&sampled, &up, true), paid_on(&sampled, &down, true)), (Ok(4.0), Ok(6.0)));
        let complete = Payable { value: Some(5.0), ..Payable::default() };
        assert_eq!(paid_on(&complete, &up, true), Ok(5.0));
        let unknown = Payable { notes: vec![Note::IntervalUnknown], ..complete };
        assert_eq!((paid_on(&unknown, &up, true), paid_on(&unknown, &up, false)), (Err(Withheld::NoLowEnd), Ok(5.0)));
    }

    #[test]
    fn a_condition_does_not_fail_on_the_last_digit() {
        let seven = 0.07 * 100.0;
        assert!(seven > 7.0 && holds(Comparison::LessEqual, seven, 7.0) && !holds(Comparison::Greater, seven, 7.0));
        assert!(!holds(Comparison::LessEqual, 7.000_001, 7.0));
    }
}
