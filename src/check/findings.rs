//! Can a finding be read? Its figures, and the condition under which it holds (R25).

use super::Traits;
use super::types::figure;
use crate::calendar::Grain;
use crate::model::{CitedFigure, Condition, ConditionKind, KpiExpr, Model, Piece, plain_number};
use crate::source::Span;
use crate::value::{Code, Diagnostics, Fact, Unit};
use crate::words::tidy_number;

/// Settles the units of the figures in findings, and reports what does not fit.
pub(super) fn check(model: &mut Model, traits: &[Traits], out: &mut Diagnostics) {
    let mut findings = std::mem::take(&mut model.findings);
    for finding in &mut findings {
        for piece in finding.text.iter_mut().flat_map(|it| &mut it.pieces) {
            if let Piece::Figure(cited) = piece {
                self::cited(model, traits, cited, out);
            }
        }
        if let Some(condition) = &mut finding.holds_while {
            self::condition(model, traits, condition, out);
        }
    }
    model.findings = findings;
}

/// A figure of a period needs a source that has such periods.
fn cited(model: &Model, traits: &[Traits], cited: &mut CitedFigure, out: &mut Diagnostics) {
    let (unit, own) = figure(model, traits, &mut cited.formula, out);
    let (Some(_), Some(period)) = (unit, &cited.period) else { return };
    let grain = period.value.grain();
    if grain == Grain::All {
        return;
    }
    if let Some(source) = own.timeless {
        let source = &model.sources[source.index()];
        if source.broken {
            return;
        }
        let fact = Fact::at(Code::NeedsTime, period.span).with("function", period.value).with("name", &source.name);
        out.push(fact.label(source.span, "source"));
        return;
    }
    for source in own.sources.iter().map(|it| &model.sources[it.index()]) {
        if let Some(finest) = source.constant_grain().filter(|it| it.is_coarser_than(grain)) {
            let fact = Fact::at(Code::FinerGrain, period.span).with("grain", grain).with("own", finest);
            out.push(fact.with("source", &source.name).with("figure", "yes").label(source.span, "source"));
            return;
        }
    }
}

fn condition(model: &Model, traits: &[Traits], condition: &mut Condition, out: &mut Diagnostics) {
    match &mut condition.kind {
        ConditionKind::And(left, right) | ConditionKind::Or(left, right) => {
            self::condition(model, traits, left, out);
            self::condition(model, traits, right, out);
        }
        ConditionKind::Not(of) => self::condition(model, traits, of, out),
        ConditionKind::Compare { left, right, .. } => {
            let (a, b) = (figure(model, traits, left, out).0, figure(model, traits, right, out).0);
            if let (Some(a), Some(b)) = (a, b) {
                compared(condition.span, (left, &a), (right, &b), out);
            }
        }
        ConditionKind::Between { of, low, high } => {
            let unit = figure(model, traits, of, out).0;
            for end in [low, high] {
                if let (Some(a), Some(b)) = (&unit, figure(model, traits, end, out).0) {
                    compared(condition.span, (of, a), (end, &b), out);
                }
            }
        }
    }
}

/// Two sides of a comparison have one unit; a number is in that of the figure beside it.
fn compared(whole: Span, left: (&KpiExpr, &Unit), right: (&KpiExpr, &Unit), out: &mut Diagnostics) {
    match (plain_number(left.0), plain_number(right.0)) {
        (None, Some((value, unit))) => beside(right.0.span, value, unit, left.1, out),
        (Some((value, unit)), None) => beside(left.0.span, value, unit, right.1, out),
        _ if left.1 != right.1 => {
            let fact = Fact::at(Code::MixedUnits, whole).with("operator", "compare");
            let fact = fact.with("left", left.1.name()).with("right", right.1.name());
            let unit = |it: &Unit| vec![("unit", it.name())];
            out.push(fact.label_with(left.0.span, "left", unit(left.1)).label_with(right.0.span, "right", unit(right.1)));
        }
        _ => {}
    }
}

/// A number beside a figure is in the figure's unit, and where the figure can be.
fn beside(span: Span, value: f64, written: &Unit, unit: &Unit, out: &mut Diagnostics) {
    let fits = match (unit, written) {
        (Unit::Duration, Unit::Number) => false,
        (Unit::PercentagePoints | Unit::PercentOfStart, Unit::Percent) | (_, Unit::Number) => true,
        (unit, written) => unit == written,
    };
    if !fits {
        let fact = Fact::at(Code::UnitConflict, span).with("condition", "yes").with("found", unit.name());
        out.push(fact.with("beside", written.name()));
        return;
    }
    let out_of_range = |fact: Fact| fact.with("condition", "yes").with("value", tidy_number(value)).with("unit", unit.name());
    if *unit == Unit::Percent && *written == Unit::Number && value != 0.0 && value.abs() <= 1.0 {
        let fact = out_of_range(Fact::at(Code::NormOutOfRange, span)).with("low", 0).with("high", 100);
        out.push(fact.with("proposal", format!("{} %", tidy_number(value * 100.0))));
        return;
    }
    if let Some((low, high)) = unit.range().filter(|it| value < it.0 || value > it.1) {
        out.push(out_of_range(Fact::at(Code::NormOutOfRange, span)).with("low", tidy_number(low)).with("high", tidy_number(high)));
    }
}
