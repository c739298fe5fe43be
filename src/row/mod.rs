//! What does this row say? The reference interpreter of row expressions: one row in, one value out.

use crate::calendar::Date;
use crate::model::{Arithmetic, ColumnRef, Comparison, RowExpr, RowFunction};
use crate::value::Num;
use std::cmp::Ordering;
use std::sync::Arc;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Missing {
    /// No answer was given.
    Blank,
    /// The question did not apply.
    NotApplicable,
    /// There is an answer that the declaration does not know.
    OutOfScale,
}

/// The value of an expression for one row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Missing(Missing),
    Number(Num),
    Text(Arc<str>),
    Date(Date),
    Bool(bool),
    /// Several answers.
    Texts(Arc<[Arc<str>]>),
}

impl Value {
    /// The number, if it is one.
    pub fn number(&self) -> Option<Num> {
        match self {
            Value::Number(it) => Some(*it),
            Value::Bool(it) => Some(Num::int(i64::from(*it))),
            _ => None,
        }
    }

    /// Why it is missing, if it is.
    pub fn missing(&self) -> Option<Missing> {
        match self {
            Value::Missing(it) => Some(*it),
            _ => None,
        }
    }
}

/// Where the values of a row's columns come from.
pub trait Row {
    /// The value of a column.
    fn column(&self, column: ColumnRef) -> Value;
}

/// Evaluates an expression for a row.
///
/// Comparisons with what is missing are missing; `and` and `or` are decided where one side decides (Kleene's logic).
pub fn evaluate(expr: &RowExpr, row: &dyn Row) -> Value {
    match expr {
        RowExpr::Number(value) => Value::Number(value.0),
        RowExpr::Text(text) => Value::Text(Arc::from(text.as_str())),
        RowExpr::Date(date) => Value::Date(*date),
        RowExpr::Bool(value) => Value::Bool(*value),
        RowExpr::Column(column) => row.column(*column),
        // Dimensions were replaced when the plan was made.
        RowExpr::Dimension(_) => Value::Missing(Missing::Blank),
        RowExpr::Not(of) => match evaluate(of, row) {
            Value::Bool(it) => Value::Bool(!it),
            other => other,
        },
        RowExpr::Negate(of) => match evaluate(of, row) {
            Value::Number(it) => Value::Number(Num::int(0).minus(it)),
            other => other,
        },
        RowExpr::Arithmetic(operator, a, b) => arithmetic(*operator, &evaluate(a, row), &evaluate(b, row)),
        RowExpr::Compare(comparison, a, b) => compare(*comparison, &evaluate(a, row), &evaluate(b, row)),
        RowExpr::And(a, b) => match (evaluate(a, row), evaluate(b, row)) {
            (Value::Bool(false), _) | (_, Value::Bool(false)) => Value::Bool(false),
            (Value::Bool(true), Value::Bool(true)) => Value::Bool(true),
            (Value::Missing(it), _) | (_, Value::Missing(it)) => Value::Missing(it),
            _ => Value::Missing(Missing::Blank),
        },
        RowExpr::Or(a, b) => match (evaluate(a, row), evaluate(b, row)) {
            (Value::Bool(true), _) | (_, Value::Bool(true)) => Value::Bool(true),
            (Value::Bool(false), Value::Bool(false)) => Value::Bool(false),
            (Value::Missing(it), _) | (_, Value::Missing(it)) => Value::Missing(it),
            _ => Value::Missing(Missing::Blank),
        },
        RowExpr::In(of, list) => {
            let value = evaluate(of, row);
            if value.missing().is_some() {
                return value;
            }
            let mut unknown = None;
            for it in list {
                match compare(Comparison::Equal, &value, &evaluate(it, row)) {
                    Value::Bool(true) => return Value::Bool(true),
                    Value::Missing(it) => unknown = Some(it),
                    _ => {}
                }
            }
            // A blank in the list may have been the value.
            unknown.map_or(Value::Bool(false), Value::Missing)
        }
        RowExpr::Between(of, low, high) => {
            let value = evaluate(of, row);
            let above = compare(Comparison::GreaterEqual, &value, &evaluate(low, row));
            let below = compare(Comparison::LessEqual, &value, &evaluate(high, row));
            match (above, below) {
                (Value::Bool(a), Value::Bool(b)) => Value::Bool(a && b),
                (Value::Missing(it), _) | (_, Value::Missing(it)) => Value::Missing(it),
                _ => Value::Missing(Missing::Blank),
            }
        }
        RowExpr::IsMissing { of, blank, negated } => {
            let wanted = if *blank { Missing::Blank } else { Missing::NotApplicable };
            let is = evaluate(of, row).missing() == Some(wanted);
            Value::Bool(is != *negated)
        }
        RowExpr::If(test, yes, no) => match evaluate(test, row) {
            Value::Bool(true) => evaluate(yes, row),
            Value::Bool(false) => evaluate(no, row),
            other => other,
        },
        RowExpr::Coalesce(list) => {
            let mut last = Value::Missing(Missing::Blank);
            for it in list {
                last = evaluate(it, row);
                if last.missing().is_none() {
                    break;
                }
            }
            last
        }
        RowExpr::Function(function, list) => {
            let values: Vec<Value> = list.iter().map(|it| evaluate(it, row)).collect();
            if let Some(missing) = values.iter().find_map(Value::missing) {
                return Value::Missing(missing);
            }
            call(*function, &values)
        }
        RowExpr::Net(good, bad) => match (evaluate(good, row), evaluate(bad, row)) {
            (Value::Bool(good), Value::Bool(bad)) => Value::Number(Num::int(i64::from(good) - i64::from(bad))),
            (Value::Missing(it), _) | (_, Value::Missing(it)) => Value::Missing(it),
            _ => Value::Missing(Missing::Blank),
        },
    }
}

fn arithmetic(operator: Arithmetic, a: &Value, b: &Value) -> Value {
    if let Some(missing) = a.missing().or(b.missing()) {
        return Value::Missing(missing);
    }
    let (Some(a), Some(b)) = (a.number(), b.number()) else { return Value::Missing(Missing::Blank) };
    match operator {
        Arithmetic::Add => Value::Number(a.plus(b)),
        Arithmetic::Subtract => Value::Number(a.minus(b)),
        Arithmetic::Multiply => Value::Number(a.times(b)),
        // A row without a divisor has no quotient.
        Arithmetic::Divide => a.over(b).map_or(Value::Missing(Missing::Blank), Value::Number),
    }
}

fn compare(comparison: Comparison, a: &Value, b: &Value) -> Value {
    let order = match (a, b) {
        (Value::Missing(it), _) | (_, Value::Missing(it)) => return Value::Missing(*it),
        (Value::Number(a), Value::Number(b)) => a.compare(*b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        // Several answers: one of them decides.
        (Value::Texts(list), Value::Text(text)) | (Value::Text(text), Value::Texts(list)) => {
            let among = list.iter().any(|it| it == text);
            return Value::Bool(among == (comparison == Comparison::Equal));
        }
        _ => return Value::Missing(Missing::OutOfScale),
    };
    Value::Bool(comparison.holds(&order, &Ordering::Equal))
}

fn call(function: RowFunction, values: &[Value]) -> Value {
    let int = |it: i64| Value::Number(Num::int(it));
    match (function, values) {
        (RowFunction::Year, [Value::Date(date)]) => int(i64::from(date.year())),
        (RowFunction::Month, [Value::Date(date)]) => int(i64::from(date.month())),
        (RowFunction::Weekday, [Value::Date(date)]) => int(i64::from(date.weekday())),
        (RowFunction::DaysBetween, [Value::Date(a), Value::Date(b)]) => int(i64::from(b.days()) - i64::from(a.days())),
        (RowFunction::Lower, [Value::Text(text)]) => Value::Text(Arc::from(text.to_lowercase())),
        (RowFunction::Length, [Value::Text(text)]) => int(text.chars().count() as i64),
        (RowFunction::Contains, [Value::Text(text), Value::Text(part)]) => Value::Bool(text.contains(part.as_ref())),
        (RowFunction::StartsWith, [Value::Text(text), Value::Text(part)]) => Value::Bool(text.starts_with(part.as_ref())),
        (RowFunction::EndsWith, [Value::Text(text), Value::Text(part)]) => Value::Bool(text.ends_with(part.as_ref())),
        (RowFunction::Abs, [Value::Number(number)]) => {
            let negative = number.compare(Num::int(0)) == Ordering::Less;
            Value::Number(if negative { Num::int(0).minus(*number) } else { *number })
        }
        _ => Value::Missing(Missing::OutOfScale),
    }
}
