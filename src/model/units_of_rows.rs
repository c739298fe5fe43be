//! In which unit is an expression over a row, and does it join what has one unit?

use super::row::{ColumnRef, RowExpr};
use super::types::{Arithmetic, Column, Model};
use crate::source::Span;
use crate::value::{Code, Fact, Unit};

/// Factors that turn seconds into minutes or hours, or back.
const LENGTHS: [f64; 2] = [60.0, 3_600.0];

/// The unit of an expression over rows.
pub(super) fn unit_of(model: &Model, expr: &RowExpr) -> Unit {
    let of = |it: &RowExpr| unit_of(model, it);
    match expr {
        RowExpr::Column(column) => model.declared(*column).unit.clone().unwrap_or(Unit::Number),
        RowExpr::Arithmetic(Arithmetic::Add | Arithmetic::Subtract, a, b) => match (of(a), of(b)) {
            (a, b) if a == b => a,
            // `amount + 5` is five of the amount's unit.
            (unit, Unit::Number) | (Unit::Number, unit) => unit,
            _ => Unit::Number,
        },
        RowExpr::Arithmetic(Arithmetic::Multiply, a, b) => match (of(a), of(b)) {
            (unit, Unit::Number) | (Unit::Number, unit) => unit,
            _ => Unit::Number,
        },
        RowExpr::Arithmetic(Arithmetic::Divide, a, b) => match (of(a), of(b)) {
            (unit, Unit::Number) => unit,
            _ => Unit::Number,
        },
        RowExpr::Negate(a) => of(a),
        RowExpr::If(_, a, b) => match (of(a), of(b)) {
            (Unit::Number, unit) | (unit, _) => unit,
        },
        RowExpr::Coalesce(list) => list.iter().map(of).find(|it| *it != Unit::Number).unwrap_or(Unit::Number),
        _ => Unit::Number,
    }
}

/// The columns whose values go into the value of an expression; those of its conditions do not.
pub(super) fn values(expr: &RowExpr) -> Vec<ColumnRef> {
    match expr {
        RowExpr::Column(column) => vec![*column],
        RowExpr::Arithmetic(_, a, b) => [values(a), values(b)].concat(),
        RowExpr::Negate(a) => values(a),
        RowExpr::If(_, a, b) => [values(a), values(b)].concat(),
        RowExpr::Coalesce(list) => list.iter().flat_map(values).collect(),
        _ => Vec::new(),
    }
}

/// The first place where a row expression joins what does not join: amounts and times, answers on different scales,
/// seconds divided by hand.
pub(super) fn mixed(model: &Model, expr: &RowExpr, span: Span) -> Option<Fact> {
    let mut found = None;
    expr.walk(&mut |it| found = found.take().or_else(|| mixed_here(model, it, span)));
    found
}

fn mixed_here(model: &Model, expr: &RowExpr, span: Span) -> Option<Fact> {
    let differ = |operator: &str, a: &RowExpr, b: &RowExpr| {
        let (left, right) = (unit_of(model, a), unit_of(model, b));
        (left != right && left != Unit::Number && right != Unit::Number).then(|| {
            let fact = Fact::at(Code::MixedUnits, span).with("operator", operator).with("left", left.name()).with("right", right.name());
            label(label(fact, model, a, "left"), model, b, "right")
        })
    };
    match expr {
        RowExpr::Arithmetic(operator @ (Arithmetic::Add | Arithmetic::Subtract), a, b) => {
            let sign = if *operator == Arithmetic::Add { "+" } else { "-" };
            differ(sign, a, b).or_else(|| scales(model, a, b, span))
        }
        RowExpr::Arithmetic(operator, a, b) => {
            let sign = if *operator == Arithmetic::Multiply { "*" } else { "/" };
            by_hand(model, a, b, span).or_else(|| {
                // Time by time is a quotient; an amount squared is nothing.
                let squared =
                    *operator == Arithmetic::Multiply && unit_of(model, a) == unit_of(model, b) && unit_of(model, a) != Unit::Number;
                if squared {
                    let unit = unit_of(model, a).name();
                    return Some(Fact::at(Code::MixedUnits, span).with("operator", sign).with("left", &unit).with("right", unit));
                }
                differ(sign, a, b)
            })
        }
        RowExpr::Compare(_, a, b) => differ("compare", a, b),
        RowExpr::Between(of, low, high) => differ("compare", of, low).or_else(|| differ("compare", of, high)),
        RowExpr::If(_, a, b) => differ("or", a, b),
        RowExpr::Coalesce(list) => list.iter().skip(1).find_map(|it| differ("or", &list[0], it)),
        _ => None,
    }
}

/// Two answers on different scales, added.
fn scales(model: &Model, a: &RowExpr, b: &RowExpr, span: Span) -> Option<Fact> {
    let columns: Vec<&Column> = values(a).into_iter().chain(values(b)).map(|it| model.declared(it)).collect();
    let ends = |it: &Column| it.scale.map(|it| (it.low, it.high));
    let first = columns.iter().find(|it| it.scale.is_some())?;
    let second = columns.iter().find(|it| it.scale.is_some() && ends(it) != ends(first))?;
    let unit = |it: &Column| it.scale.map_or_else(String::new, |it| Unit::Score { low: it.low, high: it.high }.name());
    let fact = Fact::at(Code::MixedScales, span).with("first", unit(first)).with("second", unit(second)).with("answers", "yes");
    Some(fact.label_with(first.span, "first", vec![("unit", unit(first))]).label_with(second.span, "first", vec![("unit", unit(second))]))
}

/// A time multiplied or divided by 60 or 3600.
fn by_hand(model: &Model, a: &RowExpr, b: &RowExpr, span: Span) -> Option<Fact> {
    let number = |it: &RowExpr| if let RowExpr::Number(it) = it { Some(it.0.to_f64()) } else { None };
    let (time, factor) = match (number(a), number(b)) {
        (None, Some(factor)) => (a, factor),
        (Some(factor), None) => (b, factor),
        _ => return None,
    };
    if unit_of(model, time) != Unit::Duration || !LENGTHS.contains(&factor) {
        return None;
    }
    let fact = Fact::at(Code::HandMadeUnit, span).with("factor", factor).with("unit", Unit::Duration.name());
    Some(label(fact, model, time, "column"))
}

/// Points at the column that brings the unit, where one does.
fn label(fact: Fact, model: &Model, expr: &RowExpr, role: &'static str) -> Fact {
    let column = values(expr).into_iter().map(|it| model.declared(it)).find(|it| it.unit.is_some());
    match column {
        Some(column) => fact.label_with(column.span, role, vec![("of", column.name.clone())]),
        None => fact,
    }
}
