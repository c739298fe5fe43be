//! Of which rows does an item speak? Items with one base are protected together (R22).

use super::{Leafed, Measure};
use crate::check::Checked;
use crate::model::{ColumnRef, Comparison, DimensionId, RowExpr, SourceId, dimension_on, print_row};

/// The rows that an item is of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Base {
    pub source: SourceId,
    /// The column that tells when.
    time: Option<usize>,
    /// The columns that are answered; where it is not those alone that tell, the expression itself.
    columns: Vec<ColumnRef>,
    expression: Option<String>,
    /// The conditions, but for those that pick one value of a dimension.
    conditions: Vec<String>,
}

/// The base of an item, and the values of dimensions that it is kept to: `ces[channel = "phone"]` is a cell of `ces` by
/// channel.
pub fn base(checked: &Checked, leaf: &Leafed) -> (Base, Vec<(DimensionId, String)>) {
    let model = &checked.model;
    let expr = leaf.measure.expr();
    // A test for what is missing knows every row, and so may others that look at it.
    let mut decides = false;
    if let Some(expr) = expr {
        expr.walk(&mut |it| {
            decides |=
                matches!(it, RowExpr::IsMissing { .. } | RowExpr::If(..) | RowExpr::Coalesce(_) | RowExpr::And(..) | RowExpr::Or(..));
        });
    }
    let mut columns = expr.map(RowExpr::columns).unwrap_or_default();
    columns.sort_unstable();
    let mut conditions = Vec::new();
    let mut fixed: Vec<(DimensionId, String)> = Vec::new();
    let mut waiting: Vec<&RowExpr> = leaf.filter.iter().collect();
    while let Some(it) = waiting.pop() {
        match it {
            RowExpr::And(a, b) => waiting.extend([&**a, &**b]),
            RowExpr::Compare(Comparison::Equal, of, with) if let RowExpr::Text(value) = &**with => {
                let ids = (0..model.dimensions.len() as u32).map(DimensionId);
                match ids.into_iter().find(|id| dimension_on(model, *id, leaf.source).as_ref() == Some(&**of)) {
                    Some(id) if !fixed.iter().any(|it| it.0 == id) => fixed.push((id, value.clone())),
                    _ => conditions.push(print_row(model, it)),
                }
            }
            other => conditions.push(print_row(model, other)),
        }
    }
    conditions.sort_unstable();
    conditions.dedup();
    fixed.sort_unstable();
    let expression = match &leaf.measure {
        // Who is there at the start of a stretch is a base of its own.
        Measure::Customer { walk, .. } => Some(format!("{walk:?}")),
        _ => expr.filter(|_| decides).map(|it| print_row(model, it)),
    };
    (Base { source: leaf.source, time: leaf.time, columns, expression, conditions }, fixed)
}
