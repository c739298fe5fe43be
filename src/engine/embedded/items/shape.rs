//! Which leaves can be added by kernels, and how a score follows from a number once the codes are known.

use crate::engine::embedded::columns::{Own, Reached};
use crate::engine::embedded::reach::Context;
use crate::model::{Arithmetic, ColumnType, RowExpr};
use crate::plan::{Leaf, Measure};
use crate::row::{Missing, Value, evaluate};
use crate::value::Num;

/// A scale with more codes than this is a number, not an answer.
const MOST_ANSWERS: f64 = 64.0;

/// What a leaf depends on.
pub(super) struct Shape {
    pub(super) columns: Vec<usize>,
    /// The column of numbers that a row weighs, or that its score is a multiple of.
    pub(super) number: Option<usize>,
    pub(super) product: bool,
}

/// Whether a leaf can be added by kernels, as far as its declaration tells.
pub fn fits(context: &Context<'_>, leaf: usize) -> bool {
    shape(context, &context.read.leaves[leaf]).is_some()
}

pub(super) fn shape(context: &Context<'_>, leaf: &Leaf) -> Option<Shape> {
    // Persons are told apart one by one, and so are several answers of a row.
    if leaf.persons.is_some() || matches!(leaf.measure, Measure::Named { .. }) {
        return None;
    }
    let column = |it: usize| &context.source.columns[it];
    let is_number = |it: &usize| {
        let column = column(*it);
        let answers = column.scale.is_some_and(|it| it.high - it.low <= MOST_ANSWERS && column.decimals.is_none());
        column.of == Some(ColumnType::Number) && !answers && column.computed.is_none()
    };
    let filter = leaf.filter.as_ref().map(|it| context.depends(it)).unwrap_or_default();
    let of = match &leaf.measure {
        Measure::Rows | Measure::Customer { .. } | Measure::Named { .. } => Vec::new(),
        Measure::Score(of) | Measure::Answered(of) | Measure::Frequency(of) | Measure::Extreme { of, .. } => context.depends(of),
    };
    let numbers: Vec<usize> = of.iter().copied().filter(is_number).collect();
    let mut columns = filter.clone();
    columns.extend(of.iter().filter(|it| !numbers.contains(it) && !filter.contains(it)));
    if let Measure::Frequency(_) = &leaf.measure {
        // Tables of few values are counts of classes; others are kept as they come.
        let few = |it: &usize| column(*it).scale.is_some() || !column(*it).labels.is_empty();
        if !of.iter().all(few) {
            return None;
        }
    }
    match (leaf.weight, numbers.as_slice()) {
        (Some(weight), []) => {
            let is_plain = column(weight).computed.is_none() && !columns.contains(&weight);
            is_plain.then_some(Shape { columns, number: Some(weight), product: false })
        }
        (None, []) => Some(Shape { columns, number: None, product: false }),
        (None, [number]) => {
            let (Measure::Score(of) | Measure::Answered(of)) = &leaf.measure else { return None };
            let is_linear = !filter.contains(number) && may_be_linear(context, of, *number);
            is_linear.then_some(Shape { columns, number: Some(*number), product: true })
        }
        _ => None,
    }
}

/// Whether an expression may be a multiple of a column, once the others are known.
fn may_be_linear(context: &Context<'_>, expr: &RowExpr, number: usize) -> bool {
    if !context.depends(expr).contains(&number) {
        return true;
    }
    let linear = |it: &RowExpr| may_be_linear(context, it, number);
    match expr {
        RowExpr::Column(column) => match &context.source.columns[column.column as usize].computed {
            _ if column.through.is_some() => false,
            Some(of) => linear(of),
            None => true,
        },
        RowExpr::Negate(of) => linear(of),
        RowExpr::Arithmetic(Arithmetic::Multiply, a, b) => linear(a) && linear(b),
        RowExpr::If(test, yes, no) => !context.depends(test).contains(&number) && linear(yes) && linear(no),
        RowExpr::Coalesce(list) => list.iter().all(linear),
        _ => false,
    }
}

/// An expression when all but one column are known, and that one is there.
pub(super) enum Linear {
    Known(Value),
    /// So many times the column.
    Times(Num),
}

pub(super) fn linear<O: Own>(context: &Context<'_>, expr: &RowExpr, number: usize, row: &Reached<'_, O>) -> Option<Linear> {
    if !context.depends(expr).contains(&number) {
        return Some(Linear::Known(evaluate(expr, row)));
    }
    let again = |it: &RowExpr| linear(context, it, number, row);
    match expr {
        RowExpr::Column(column) => match &context.source.columns[column.column as usize].computed {
            Some(of) => again(of),
            None => Some(Linear::Times(Num::int(1))),
        },
        RowExpr::Negate(of) => match again(of)? {
            Linear::Times(it) => Some(Linear::Times(Num::int(0).minus(it))),
            Linear::Known(_) => None,
        },
        RowExpr::Arithmetic(Arithmetic::Multiply, a, b) => match (again(a)?, again(b)?) {
            (Linear::Known(Value::Missing(it)), _) | (_, Linear::Known(Value::Missing(it))) => Some(Linear::Known(Value::Missing(it))),
            (Linear::Known(it), Linear::Times(times)) | (Linear::Times(times), Linear::Known(it)) => {
                Some(Linear::Times(times.times(it.number()?)))
            }
            _ => None,
        },
        RowExpr::If(test, yes, no) => match evaluate(test, row) {
            Value::Bool(true) => again(yes),
            Value::Bool(false) => again(no),
            other => Some(Linear::Known(other)),
        },
        RowExpr::Coalesce(list) => {
            let mut last = Linear::Known(Value::Missing(Missing::Blank));
            for it in list {
                last = again(it)?;
                if !matches!(last, Linear::Known(Value::Missing(_))) {
                    break;
                }
            }
            Some(last)
        }
        _ => None,
    }
}
