//! Do norms fit their KPI? Their unit, their range, their order on every day, and the direction that the order tells.

use super::Traits;
use super::kept::Keeper;
use crate::calendar::Date;
use crate::model::{CustomerMeasure, Function, KpiExpr, KpiKind, Model, NormValue, Norms, seconds_in};
use crate::value::{Code, Diagnostics, Direction, Fact, Unit};
use crate::words::tidy_number;
use std::sync::Arc;

/// Checks all norms, and puts their values into the unit of their KPI.
pub(super) fn check(model: &mut Model, traits: &[Traits], keeper: &Keeper, out: &mut Diagnostics) {
    for (at, own) in traits.iter().enumerate() {
        if keeper.known(at).is_some() {
            continue;
        }
        let before = out.len();
        let mut norms = std::mem::take(&mut Arc::make_mut(&mut model.kpis[at]).norms);
        let kpi = &model.kpis[at];
        let Some(unit) = kpi.unit.clone() else {
            // Their order needs no unit; a formula that is broken does not hide it.
            for it in &norms {
                let _ = order(it, &kpi.name, out);
            }
            Arc::make_mut(&mut model.kpis[at]).norms = norms;
            continue;
        };
        let plain = kpi.written_unit.as_ref().and_then(|it| seconds_in(it.value.trim())).filter(|_| unit == Unit::Duration);
        let mut directions: Vec<Direction> = Vec::new();
        let mut misfits = Diagnostics::default();
        for it in &mut norms {
            let mut found = Diagnostics::default();
            let values = [&mut it.worst, &mut it.threshold, &mut it.target];
            for value in values.into_iter().flatten() {
                fit(value, &unit, plain, "norm", &mut found);
            }
            // The order of values that do not fit says nothing: they are not what was meant.
            if found.is_empty() {
                directions.extend(order(it, &kpi.name, out));
            }
            misfits.append(found);
        }
        alike(misfits, out);
        let total = own.total;
        let by_norms = directions.first().copied();
        if directions.iter().any(|it| Some(*it) != by_norms) {
            let fact = Fact::at(Code::DirectionConflict, norms[0].span).with("by", "norms");
            out.push(fact.with("said", name(directions[0])).with("found", "other").with("kpi", &kpi.name));
        }
        let by_variant = kpi.formula.as_ref().and_then(direction_of);
        let by_best = if by_variant.is_none() { kpi.formula.as_ref().and_then(|it| best_of(model, it)) } else { None };
        for (by, said) in [("direction", kpi.direction), ("variant", by_variant), ("best", by_best)] {
            if let (Some(said), Some(found)) = (said, by_norms)
                && said != found
            {
                let fact = Fact::at(Code::DirectionConflict, norms[0].span).with("by", by).with("kpi", &kpi.name);
                out.push(fact.with("said", name(said)).with("found", name(found)).label(kpi.span, "kpi"));
                break;
            }
        }
        if let (Some(said), Some(variant), None) = (kpi.direction, by_variant, by_norms)
            && said != variant
        {
            let fact = Fact::at(Code::DirectionConflict, kpi.span).with("by", "variant").with("kpi", &kpi.name);
            out.push(fact.with("said", name(variant)).with("found", name(said)));
        }
        ties(&norms, &kpi.name, out);
        if total
            && let Some(value) = norms.iter().flat_map(|it| [&it.worst, &it.threshold, &it.target]).flatten().find(|it| it.per.is_none())
        {
            let fact = Fact::at(Code::MissingKey, value.span).with("key", "per").with("word", "norm of a total");
            out.push(fact.with("name", &kpi.name));
        }
        periods(&norms, total, kpi, out);
        let kpi = Arc::make_mut(&mut model.kpis[at]);
        kpi.direction = kpi.direction.or(by_norms).or(by_variant).or(by_best);
        kpi.norms = norms;
        if out.len() > before {
            keeper.speaks(at);
        }
    }
}

/// Adds what is wrong with the norms of a KPI; what is wrong with several in one way is one mistake.
fn alike(found: Diagnostics, out: &mut Diagnostics) {
    let kind = |it: &Fact| (it.code, it.arg("proposal").is_some(), it.fix.is_some());
    let mut folded: Vec<Fact> = Vec::new();
    for fact in found.sorted() {
        let Some(first) = folded.iter_mut().find(|it| kind(it) == kind(&fact)) else {
            folded.push(fact);
            continue;
        };
        let mut joined = first.clone();
        let value = fact.arg("value").map(|it| ("value", it.to_owned()));
        joined = fact.span.into_iter().fold(joined, |joined, span| joined.label_with(span, "also", value.clone().into_iter().collect()));
        for edit in fact.fix.iter().flat_map(|it| &it.edits) {
            joined = joined.mend(edit.span, &edit.text);
        }
        *first = joined;
    }
    folded.into_iter().for_each(|it| out.push(it));
}

fn name(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "up",
        Direction::Down => "down",
    }
}

/// Puts a norm, or another value beside a KPI, into the unit of the KPI; `what` says which for the message.
pub(super) fn fit(value: &mut NormValue, unit: &Unit, plain: Option<f64>, what: &'static str, out: &mut Diagnostics) {
    let written = value.unit.as_deref();
    let conflict = |out: &mut Diagnostics, value: &NormValue| {
        let fact = Fact::at(Code::UnitConflict, value.span).with(what, "yes").with("found", unit.name());
        let fact = fact.with("written", value.unit.as_deref().unwrap_or("a number"));
        // A percentage of a score from -100 to 100 can only be meant as points, and points of a percentage as percent.
        let instead = match (unit, value.unit.as_deref()) {
            (Unit::Points, Some("%" | "percentage points")) => Some(tidy_number(value.value)),
            (Unit::Percent | Unit::PercentOfStart, Some("points" | "percentage points")) => Some(format!("{} %", tidy_number(value.value))),
            _ => None,
        };
        out.push(match instead.filter(|_| value.line.is_none() && value.by.is_none() && value.per.is_none()) {
            Some(instead) => fact.mend(value.span, instead),
            None => fact,
        });
    };
    match (unit, written) {
        (Unit::Percent | Unit::PercentOfStart, Some("%")) | (Unit::PercentagePoints, Some("%" | "points" | "percentage points")) => {}
        (Unit::Percent | Unit::PercentOfStart, None) => {
            let share = value.value != 0.0 && value.value.abs() <= 1.0;
            if share {
                let fact =
                    Fact::at(Code::NormOutOfRange, value.span).with(what, "yes").with("value", tidy_number(value.value)).with("unit", "%");
                let proposal = format!("{} %", tidy_number(value.value * 100.0));
                let fact = fact.with("proposal", &proposal).with("low", 0).with("high", 100);
                out.push(if value.is_plain() { fact.mend(value.span, proposal) } else { fact });
                return;
            }
        }
        (Unit::Duration, Some(unit)) if seconds_in(unit).is_some() => scale(value, seconds_in(unit).unwrap_or(1.0)),
        (Unit::Duration, None) => scale(value, plain.unwrap_or(1.0)),
        (Unit::Money(currency), Some(written)) if currency == written => {}
        (Unit::Points | Unit::Difference(_), Some("points")) => {}
        (_, None) => {}
        _ => {
            conflict(out, value);
            return;
        }
    }
    if let Some((low, high)) = unit.range() {
        let outside = |it: f64| it < low || it > high;
        let end = value.line.map(|it| it.1);
        if outside(value.value) || end.is_some_and(outside) {
            let fact = Fact::at(Code::NormOutOfRange, value.span).with("value", tidy_number(value.value)).with("unit", unit.name());
            out.push(fact.with("low", low).with("high", high));
        }
    }
}

fn scale(value: &mut NormValue, factor: f64) {
    value.value *= factor;
    if let Some(line) = &mut value.line {
        line.1 *= factor;
    }
}

/// The direction that the order tells; an order that breaks on any day is an error.
///
/// Norms are straight lines between their days, so an order that holds on all these days holds between them.
fn order(norms: &Norms, kpi: &str, out: &mut Diagnostics) -> Option<Direction> {
    let given: Vec<(&str, &NormValue)> = [("worst", &norms.worst), ("threshold", &norms.threshold), ("target", &norms.target)]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_ref()?)))
        .collect();
    let (first, last) = (given.first()?.1, given.last()?.1);
    if given.len() < 2 {
        return None;
    }
    let mut days: Vec<Date> = given.iter().filter_map(|it| it.1.line).flat_map(|it| [it.0, it.2]).collect();
    days.extend(norms.from);
    days.extend(norms.until.and_then(|it| it.plus_days(-1)));
    days.retain(|it| norms.from.is_none_or(|from| *it >= from) && norms.until.is_none_or(|until| *it < until));
    let dated = !days.is_empty();
    if days.is_empty() {
        days.push(Date::MIN);
    }
    days.sort();
    let mut direction = None;
    for day in days {
        let values: Vec<f64> = given.iter().map(|it| it.1.at(day)).collect();
        let up = values.windows(2).all(|it| it[0] <= it[1]) && first.at(day) < last.at(day);
        let down = values.windows(2).all(|it| it[0] >= it[1]) && first.at(day) > last.at(day);
        let found = if up {
            Some(Direction::Up)
        } else if down {
            Some(Direction::Down)
        } else {
            None
        };
        if found.is_none() || (direction.is_some() && direction != found) {
            let text: Vec<String> = given.iter().zip(&values).map(|(it, value)| format!("{} {}", it.0, tidy_number(*value))).collect();
            let fact = Fact::at(Code::NormOrder, norms.span).with("kpi", kpi).with("order", text.join(", "));
            out.push(swapped(fact.with_some("day", dated.then_some(day)), &given));
            return None;
        }
        direction = found;
    }
    direction
}

/// Only a total grows with its period, and it is judged for one length of it (R17).
fn periods(norms: &[Norms], total: bool, kpi: &crate::model::Kpi, out: &mut Diagnostics) {
    let mut said = norms.iter().flat_map(|it| [&it.worst, &it.threshold, &it.target]).flatten().filter(|it| it.per.is_some());
    let Some(first) = said.next() else { return };
    let fact = |it: &NormValue| Fact::at(Code::NormPeriod, it.span).with("kpi", &kpi.name).with_some("per", it.per);
    if !total {
        out.push(fact(first).with_some("unit", kpi.unit.as_ref().map(Unit::name)));
    } else if let Some(other) = said.find(|it| it.per != first.per) {
        out.push(fact(other).with_some("first", first.per).label(first.span, "first"));
    }
}

/// The finding with the threshold and the norm that it changed places with, where three plain norms differ: there is
/// one such exchange that puts them in order.
fn swapped(fact: Fact, given: &[(&str, &NormValue)]) -> Fact {
    let [(_, worst), (_, threshold), (_, target)] = given else { return fact };
    let plain = [worst, threshold, target].into_iter().all(|it| it.line.is_none() && it.by.is_none());
    let different = worst.value != threshold.value && threshold.value != target.value && worst.value != target.value;
    if !plain || !different {
        return fact;
    }
    let beyond_target = (threshold.value > target.value) == (target.value > worst.value);
    let other = if beyond_target { target } else { worst };
    fact.with("swapped", "yes").mend(threshold.span, &other.written).mend(other.span, &threshold.written)
}

/// Two norms for the same rows from the same day: neither wins (R16).
fn ties(norms: &[Norms], kpi: &str, out: &mut Diagnostics) {
    for (at, it) in norms.iter().enumerate() {
        if let Some(other) =
            norms[..at].iter().find(|other| !it.broken && !other.broken && other.filter == it.filter && other.from == it.from)
        {
            let fact = Fact::at(Code::NormTie, it.span).with("kpi", kpi);
            out.push(fact.label(other.span, "other"));
        }
    }
}

/// The direction that `best` of the answer column gives to a mean of it.
fn best_of(model: &Model, formula: &KpiExpr) -> Option<Direction> {
    match &formula.kind {
        KpiKind::Aggregate(it) => {
            let (Function::Mean { of, .. } | Function::Median(of)) = &it.function else { return None };
            let crate::model::RowExpr::Column(column) = of else { return None };
            let scale = model.declared(*column).scale.filter(|it| it.best_said)?;
            Some(if scale.best_high { Direction::Up } else { Direction::Down })
        }
        KpiKind::Rolling { of, .. } | KpiKind::Hold { of, .. } | KpiKind::Clamp { of, .. } | KpiKind::Previous(of) => best_of(model, of),
        _ => None,
    }
}

/// The direction that a variant has by itself.
fn direction_of(formula: &KpiExpr) -> Option<Direction> {
    match &formula.kind {
        KpiKind::Aggregate(it) => {
            let name = it.text.split('(').next().unwrap_or("");
            match name {
                "ces.effort" => Some(Direction::Down),
                "bottom_box" | "abandonment.all" | "abandonment.net" => Some(Direction::Down),
                "fcr.answer" => Some(Direction::Up),
                _ if name.starts_with("response_rate.") || name.starts_with("service_level.") => Some(Direction::Up),
                _ if let Function::Customers(it) = &it.function => Some(match it.measure {
                    CustomerMeasure::Lost | CustomerMeasure::GrossLoss | CustomerMeasure::NetLoss => Direction::Down,
                    _ => Direction::Up,
                }),
                "share" | "net" => None,
                _ if matches!(it.function, Function::Net(..)) => Some(Direction::Up),
                "csat.top2" | "csat.top_box" | "csat.index" | "top_box" | "ces.agree" | "ces.top2" => Some(Direction::Up),
                _ => None,
            }
        }
        KpiKind::Rescale { .. } | KpiKind::Composed { .. } => Some(Direction::Up),
        KpiKind::Rolling { of, .. } | KpiKind::Hold { of, .. } | KpiKind::Total { of, .. } | KpiKind::Previous(of) => direction_of(of),
        _ => None,
    }
}
