//! Do incentives pay more for what is better, in units and over periods that their KPIs have? (R24)

use super::Traits;
use super::norms::fit;
use crate::model::{Comparison, Incentive, Kpi, KpiRef, Model, NormValue, PaidPart, Requirement};
use crate::source::Span;
use crate::value::{Code, Diagnostics, Direction, Fact, Unit};

/// Checks all incentives, and puts their values into the units of their KPIs.
pub(super) fn check(model: &mut Model, traits: &[Traits], out: &mut Diagnostics) {
    let mut incentives = std::mem::take(&mut model.incentives);
    for it in &mut incentives {
        let before = out.len();
        values(model, it, out);
        // Values that do not fit their unit stand in no order.
        if out.len() == before {
            it.parts.iter().for_each(|it| order(model, it, out));
            it.conditions.iter().for_each(|it| side(model, it, out));
        }
        periods(model, traits, it, out);
        it.broken |= out.len() > before;
    }
    model.incentives = incentives;
}

fn kpi_of<'m>(model: &'m Model, of: &KpiRef) -> &'m Kpi {
    &model.kpis[of.kpi.index()]
}

/// Puts what is written into the unit of its KPI, as norms are.
fn values(model: &Model, incentive: &mut Incentive, out: &mut Diagnostics) {
    let mut put = |of: &KpiRef, value: &mut NormValue| {
        let kpi = kpi_of(model, of);
        let Some(unit) = &kpi.unit else { return };
        let written = kpi.written_unit.as_ref().and_then(|it| crate::model::seconds_in(&it.value));
        fit(value, unit, written.filter(|_| *unit == Unit::Duration), "amount", out);
    };
    for part in &mut incentive.parts {
        let of = part.of.clone();
        part.pays.iter_mut().for_each(|it| put(&of, &mut it.at));
    }
    for it in &mut incentive.conditions {
        let of = it.of.clone();
        put(&of, &mut it.value);
    }
}

/// The better the figure, the more is paid; points stand from the lowest pay to the highest.
fn order(model: &Model, part: &PaidPart, out: &mut Diagnostics) {
    let kpi = kpi_of(model, &part.of);
    let pairs: Vec<_> = part.pays.windows(2).collect();
    let Some(first) = pairs.first() else { return };
    let up = first[1].at.value > first[0].at.value;
    let points: Vec<String> = part.pays.iter().map(|it| it.text.clone()).collect();
    let report = |span: Span, reason: &str, out: &mut Diagnostics| {
        let fact = Fact::at(Code::PayOrder, span).with("reason", reason).with("kpi", &kpi.name).with("points", points.join(", "));
        let direction = kpi.direction.map(|it| if it == Direction::Up { "up" } else { "down" });
        out.push(fact.with_some("direction", direction).label(kpi.span, "kpi"));
    };
    let astray = |it: &&&[crate::model::PayPoint]| it[0].at.value == it[1].at.value || (it[1].at.value > it[0].at.value) != up;
    if let Some(pair) = pairs.iter().find(astray) {
        report(pair[1].at.span, "order", out);
    } else if let Some(pair) = pairs.iter().find(|it| it[1].pay < it[0].pay) {
        report(pair[1].at.span, "falls", out);
    } else if part.pays.iter().all(|it| it.pay == part.pays[0].pay) {
        report(part.of.span, "flat", out);
    } else if kpi.direction.is_some_and(|it| (it == Direction::Up) != up) {
        report(part.of.span, "direction", out);
    }
}

/// A condition asks for the good side.
fn side(model: &Model, of: &Requirement, out: &mut Diagnostics) {
    let kpi = kpi_of(model, &of.of);
    let wanted = match of.comparison {
        Comparison::GreaterEqual | Comparison::Greater => Direction::Up,
        Comparison::LessEqual | Comparison::Less => Direction::Down,
        _ => return,
    };
    if let Some(direction) = kpi.direction.filter(|it| *it != wanted) {
        let fact = Fact::at(Code::PayOrder, of.of.span).with("reason", "condition").with("kpi", &kpi.name);
        out.push(fact.with("direction", if direction == Direction::Up { "up" } else { "down" }).label(kpi.span, "kpi"));
    }
}

/// What is paid over a period must have figures of that period.
fn periods(model: &Model, traits: &[Traits], incentive: &Incentive, out: &mut Diagnostics) {
    let Some(grain) = incentive.period.map(crate::calendar::Period::grain) else { return };
    for of in incentive.kpis() {
        let (kpi, own) = (kpi_of(model, of), &traits[of.kpi.index()]);
        if let Some(source) = own.timeless {
            let source = &model.sources[source.index()];
            if source.broken {
                continue;
            }
            let fact = Fact::at(Code::NeedsTime, of.span).with("function", "incentive").with("name", &source.name);
            out.push(fact.label(source.span, "source"));
            continue;
        }
        for source in own.sources.iter().map(|it| &model.sources[it.index()]) {
            if let Some(finest) = source.constant_grain().filter(|it| it.is_coarser_than(grain)) {
                let fact = Fact::at(Code::FinerGrain, of.span).with("grain", grain).with("own", finest);
                out.push(fact.with("source", &source.name).with("kpi", &kpi.name).label(source.span, "source"));
                break;
            }
        }
    }
}
