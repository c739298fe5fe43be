//! Is an action's effect in the unit of its figure, and are its rows rows of the figure?

use super::Traits;
use super::cuts::check_part;
use crate::model::{Control, Expected, Model, RowExpr, seconds_in};
use crate::value::{Code, Diagnostics, Fact, Unit};
use crate::words::tidy_number;

/// Puts expected changes into the unit of their figure, and reports what cannot be measured.
pub(super) fn check(model: &mut Model, traits: &[Traits], out: &mut Diagnostics) {
    let mut actions = std::mem::take(&mut model.actions);
    for action in &mut actions {
        for expected in &mut action.expects {
            fit(model, expected, out);
            parts(model, traits, &action.part, action.control.as_ref().map(|it| &it.value), expected, out);
        }
    }
    model.actions = actions;
}

/// The rows of the action and of its control are rows of the figure.
fn parts(model: &Model, traits: &[Traits], part: &Option<RowExpr>, control: Option<&Control>, expected: &Expected, out: &mut Diagnostics) {
    let before = out.len();
    let control = match control {
        Some(Control::Part(it)) => Some(it),
        Some(Control::Rest) | None => None,
    };
    for it in part.iter().chain(control) {
        // One dimension that the figure lacks is one mistake, said once.
        if out.len() == before {
            check_part(model, traits, expected.kpi.kpi, it, expected.kpi.span, out);
        }
    }
}

/// Puts a change into the unit of its figure.
fn fit(model: &Model, expected: &mut Expected, out: &mut Diagnostics) {
    let kpi = &model.kpis[expected.kpi.kpi.index()];
    let Some(unit) = &kpi.unit else { return };
    let written = expected.unit.as_deref();
    let plain = kpi.written_unit.as_ref().and_then(|it| seconds_in(it.value.trim()));
    match (unit, written) {
        (Unit::Percent | Unit::PercentOfStart | Unit::PercentagePoints | Unit::Points | Unit::Difference(_), None | Some("points")) => {}
        (Unit::Percent | Unit::PercentOfStart | Unit::PercentagePoints, Some("percentage points")) => {}
        (Unit::Duration, None) => expected.change *= plain.unwrap_or(1.0),
        (Unit::Duration, Some(written)) if seconds_in(written).is_some() => expected.change *= seconds_in(written).unwrap_or(1.0),
        (Unit::Money(currency), Some(written)) if currency == written => {}
        (unit, None) if *unit != Unit::Percent => {}
        _ => {
            let fact = Fact::at(Code::UnitConflict, expected.span).with("effect", "yes").with("found", unit.name());
            out.push(fact.with("written", written.unwrap_or("a number")).label(kpi.span, "kpi"));
            return;
        }
    }
    if let Some((low, high)) = unit.range().filter(|it| expected.change.abs() > it.1 - it.0) {
        let fact = Fact::at(Code::NormOutOfRange, expected.span).with("value", tidy_number(expected.change)).with("effect", "yes");
        let width = high - low;
        out.push(fact.with("unit", unit.name()).with("low", tidy_number(-width)).with("high", tidy_number(width)));
    }
}
