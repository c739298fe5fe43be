//! Of which rows does an item speak? Items with one base are protected together (R22).

use super::{Leafed, Measure};
use crate::check::Checked;
use crate::model::{ColumnRef, Comparison, DimensionId, Model, RowExpr, SourceId, dimension_on, print_row};

/// The rows that an item is of, but for its conditions.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Base {
    pub source: SourceId,
    /// The column that tells when.
    time: Option<usize>,
    /// The columns that are answered; where it is not those alone that tell, the expression itself.
    columns: Vec<ColumnRef>,
    expression: Option<String>,
}

/// A condition that rows meet, or do not.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// As it is written where it holds: `not (a or b)` is `not a` and `not b`, `a < 3` is `not a >= 3`.
    pub text: String,
    pub holds: bool,
    expr: RowExpr,
}

impl Condition {
    /// The condition as a text of its own.
    pub fn said(&self) -> String {
        if self.holds { self.text.clone() } else { format!("not {}", self.text) }
    }

    /// Whether it is met by every row of a value of a dimension, or by none; `None` where that cannot be told from here.
    pub fn met_by(&self, model: &Model, source: SourceId, dimension: DimensionId, value: &str) -> Option<bool> {
        let declared = &model.dimensions[dimension.index()];
        let of = dimension_on(model, dimension, source)?;
        // What nobody declared may be called by another name.
        let renamed = declared.other.is_some() && !declared.values.iter().any(|it| it.0 == value);
        if renamed { None } else { decided(&self.expr, &of, value).map(|it| it == self.holds) }
    }
}

/// Whether a condition holds where an expression has a value.
fn decided(condition: &RowExpr, of: &RowExpr, value: &str) -> Option<bool> {
    let is = |it: &RowExpr| if let RowExpr::Text(text) = it { Some(text == value) } else { None };
    match condition {
        RowExpr::Not(it) => decided(it, of, value).map(|it| !it),
        RowExpr::And(a, b) => match (decided(a, of, value), decided(b, of, value)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (a, b) => Some(a? && b?),
        },
        RowExpr::Or(a, b) => match (decided(a, of, value), decided(b, of, value)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (a, b) => Some(a? || b?),
        },
        RowExpr::Compare(comparison @ (Comparison::Equal | Comparison::NotEqual), a, b) if **a == *of => {
            is(b).map(|it| it == (*comparison == Comparison::Equal))
        }
        RowExpr::In(a, list) if **a == *of => list.iter().map(is).try_fold(false, |any, it| Some(any | it?)),
        _ => None,
    }
}

/// The base of an item, and what picks rows of it.
#[derive(Clone, Debug)]
pub struct Based {
    pub base: Base,
    /// The values of dimensions that it is kept to: `ces[channel = "phone"]` is a cell of `ces` by channel.
    pub fixed: Vec<(DimensionId, String)>,
    /// What else rows must meet, in the order of their texts.
    pub conditions: Vec<Condition>,
}

/// The base of an item, and what picks rows of it.
pub fn base(checked: &Checked, leaf: &Leafed) -> Based {
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
    let mut conditions: Vec<Condition> = Vec::new();
    let mut fixed: Vec<(DimensionId, String)> = Vec::new();
    let mut waiting: Vec<(&RowExpr, bool)> = leaf.filter.iter().map(|it| (it, true)).collect();
    while let Some((it, holds)) = waiting.pop() {
        match it {
            RowExpr::And(a, b) if holds => waiting.extend([(&**a, true), (&**b, true)]),
            RowExpr::Or(a, b) if !holds => waiting.extend([(&**a, false), (&**b, false)]),
            RowExpr::Not(it) => waiting.push((it, !holds)),
            RowExpr::Compare(Comparison::Equal, of, with)
                if holds
                    && let RowExpr::Text(value) = &**with
                    && let Some(id) = dimension_of(model, leaf.source, of)
                    && !fixed.iter().any(|it| it.0 == id) =>
            {
                fixed.push((id, value.clone()));
            }
            _ => conditions.push(condition(model, it, holds)),
        }
    }
    conditions.sort_by(|a, b| (&a.text, a.holds).cmp(&(&b.text, b.holds)));
    conditions.dedup();
    fixed.sort_unstable();
    let expression = match &leaf.measure {
        // Who is there at the start of a stretch is a base of its own.
        Measure::Customer { walk, .. } => Some(format!("{walk:?}")),
        _ => expr.filter(|_| decides).map(|it| print_row(model, it)),
    };
    Based { base: Base { source: leaf.source, time: leaf.time, columns, expression }, fixed, conditions }
}

/// The dimension that an expression is.
fn dimension_of(model: &Model, source: SourceId, of: &RowExpr) -> Option<DimensionId> {
    let mut ids = (0..model.dimensions.len() as u32).map(DimensionId);
    ids.find(|id| dimension_on(model, *id, source).as_ref() == Some(of))
}

/// A condition in the one form that it and its reverse share.
fn condition(model: &Model, it: &RowExpr, holds: bool) -> Condition {
    let (expr, turned) = match it {
        RowExpr::Compare(comparison, a, b) => {
            let (comparison, turned) = match comparison {
                Comparison::NotEqual => (Comparison::Equal, true),
                Comparison::Less => (Comparison::GreaterEqual, true),
                Comparison::LessEqual => (Comparison::Greater, true),
                other => (*other, false),
            };
            (RowExpr::Compare(comparison, a.clone(), b.clone()), turned)
        }
        RowExpr::IsMissing { of, blank, negated: true } => (RowExpr::IsMissing { of: of.clone(), blank: *blank, negated: false }, true),
        other => (other.clone(), false),
    };
    Condition { text: print_row(model, &expr), holds: holds != turned, expr }
}
