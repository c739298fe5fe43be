//! Of which rows does an item speak? Items with one base are protected together (R22).

use super::{Estimator, Leafed, Measure};
use crate::check::Checked;
use crate::model::{ColumnRef, Comparison, DimensionId, Model, RowExpr, SourceId, dimension_on, overlaps_on, print_row};
use std::collections::BTreeSet;

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
    pub conditions: BTreeSet<Condition>,
}

impl Base {
    /// The same rows, less what these conditions take away.
    pub fn with(&self, conditions: BTreeSet<Condition>) -> Base {
        Base { conditions, ..self.clone() }
    }

    /// Whether it is all rows, or those in which columns are answered, told by the same time as another such base.
    pub fn is_beside(&self, other: &Base) -> bool {
        let same = (self.source, self.time) == (other.source, other.time);
        same && self.expression.is_none() && other.expression.is_none()
    }

    /// The same said as what is left of more rows by a condition: that a column is not blank.
    pub fn as_conditions<'b>(&'b self, model: &'b Model) -> impl Iterator<Item = (Base, Condition)> + 'b {
        let answered = self.columns.iter().enumerate().filter(|it| self.expression.is_none() && says_all(model, *it.1));
        answered.map(move |(at, column)| {
            let is_blank = |negated| RowExpr::IsMissing { of: Box::new(RowExpr::Column(*column)), blank: true, negated };
            let contrary = BTreeSet::from([text(model, &is_blank(false))]);
            let condition = Condition { text: text(model, &is_blank(true)), contrary, picks: None };
            let mut base = self.clone();
            base.columns.remove(at);
            base.conditions.insert(condition.clone());
            (base, condition)
        })
    }
}

/// A condition, in one form for all ways of saying it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Condition {
    pub text: String,
    /// What holds where it does not, and nothing is missing: conditions that hold together.
    pub contrary: BTreeSet<String>,
    pub picks: Option<Picks>,
}

/// The values of a dimension that a condition picks, or those that it leaves out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Picks {
    pub dimension: DimensionId,
    pub values: BTreeSet<String>,
    pub left_out: bool,
}

/// The base of an item, and the values of dimensions that it is kept to: `ces[channel = "phone"]` is a cell of `ces` by
/// channel.
pub fn base(checked: &Checked, leaf: &Leafed) -> (Base, Vec<(DimensionId, String)>) {
    let model = &checked.model;
    // Of all rows it is known what is missing in them.
    let expr = leaf.measure.expr().filter(|it| !asks_what_is_missing(it));
    // A test for what is missing knows every row, and so may others that look at it.
    let mut decides = false;
    if let Some(expr) = expr {
        expr.walk(&mut |it| {
            decides |=
                matches!(it, RowExpr::IsMissing { .. } | RowExpr::If(..) | RowExpr::Coalesce(_) | RowExpr::And(..) | RowExpr::Or(..));
        });
    }
    let mut columns = expr.map(RowExpr::columns).unwrap_or_default();
    let mut conditions = BTreeSet::new();
    let mut fixed: Vec<(DimensionId, String)> = Vec::new();
    for it in leaf.filter.iter().flat_map(|it| normal(model, it, false).conjuncts()) {
        if let Some(answered) = not_blank(&it).filter(|it| says_all(model, *it)) {
            columns.push(answered);
            continue;
        }
        match picks(model, &it, leaf.source) {
            Some(Picks { dimension, values, left_out: false }) if values.len() == 1 && !fixed.iter().any(|it| it.0 == dimension) => {
                fixed.extend(values.into_iter().map(|it| (dimension, it)));
            }
            picks => {
                let contrary = normal(model, &it, true).conjuncts().iter().map(|it| text(model, it)).collect();
                conditions.insert(Condition { text: text(model, &it), contrary, picks });
            }
        }
    }
    fixed.sort_unstable();
    columns.sort_unstable();
    columns.dedup();
    let expression = match &leaf.measure {
        // Who is there at the start of a stretch is a base of its own.
        Measure::Customer { walk, .. } => Some(format!("{walk:?}")),
        _ => expr.filter(|_| decides).map(|it| print_row(model, it)),
    };
    (Base { source: leaf.source, time: leaf.time, columns, expression, conditions }, fixed)
}

/// The base of those who answered, where a share over an item's base tells how many they are; and whether the share is that
/// of the others.
pub fn answered(checked: &Checked, leaf: &Leafed) -> Option<(Base, bool)> {
    let (Measure::Score(of), Estimator::Share) = (&leaf.measure, leaf.estimator) else { return None };
    let model = &checked.model;
    let answered = |negated: bool| -> Option<Vec<ColumnRef>> {
        let missing = |it: &RowExpr| if let RowExpr::IsMissing { of, negated: true, .. } = it { column(of) } else { None };
        normal(model, of, negated).conjuncts().iter().map(missing).collect()
    };
    let (columns, others) = answered(false).map(|it| (it, false)).or_else(|| Some((answered(true)?, true)))?;
    let mut base = base(checked, leaf).0;
    base.columns.extend(columns);
    base.columns.sort_unstable();
    base.columns.dedup();
    Some((base, others))
}

/// Whether an expression asks for nothing but what is missing.
fn asks_what_is_missing(of: &RowExpr) -> bool {
    match of {
        RowExpr::IsMissing { of, .. } => column(of).is_some(),
        RowExpr::Not(it) => asks_what_is_missing(it),
        RowExpr::And(a, b) | RowExpr::Or(a, b) => asks_what_is_missing(a) && asks_what_is_missing(b),
        _ => false,
    }
}

/// The column that a condition wants to be not blank.
fn not_blank(of: &RowExpr) -> Option<ColumnRef> {
    if let RowExpr::IsMissing { of, blank: true, negated: true } = of { column(of) } else { None }
}

fn column(of: &RowExpr) -> Option<ColumnRef> {
    if let RowExpr::Column(it) = of { Some(*it) } else { None }
}

/// Whether a column that is not blank is answered: no code says that the question did not apply.
fn says_all(model: &Model, column: ColumnRef) -> bool {
    let of = &model.sources[column.source.index()].columns;
    column.through.is_none() && of.get(column.column as usize).is_some_and(|it| it.not_applicable.is_empty() && it.computed.is_none())
}

/// A condition, or what holds where it does not, with `not` before nothing that can say it otherwise.
fn normal(model: &Model, of: &RowExpr, negated: bool) -> RowExpr {
    let both = |a: &RowExpr, b: &RowExpr| (Box::new(normal(model, a, negated)), Box::new(normal(model, b, negated)));
    match of {
        RowExpr::Not(it) => normal(model, it, !negated),
        RowExpr::And(a, b) | RowExpr::Or(a, b) => {
            let (first, second) = both(a, b);
            if matches!(of, RowExpr::And(..)) == negated { RowExpr::Or(first, second) } else { RowExpr::And(first, second) }
        }
        RowExpr::Compare(how, a, b) if negated => RowExpr::Compare(how.contrary(), a.clone(), b.clone()),
        RowExpr::In(it, list) if list.len() == 1 => {
            let how = if negated { Comparison::NotEqual } else { Comparison::Equal };
            RowExpr::Compare(how, it.clone(), Box::new(list[0].clone()))
        }
        RowExpr::In(it, list) => {
            let mut list = list.clone();
            list.sort_by_cached_key(|it| print_row(model, it));
            let sorted = RowExpr::In(it.clone(), list);
            if negated { RowExpr::Not(Box::new(sorted)) } else { sorted }
        }
        RowExpr::IsMissing { of, blank, negated: not } => RowExpr::IsMissing { of: of.clone(), blank: *blank, negated: *not != negated },
        RowExpr::Bool(it) => RowExpr::Bool(*it != negated),
        other if negated => RowExpr::Not(Box::new(other.clone())),
        other => other.clone(),
    }
}

/// A condition in words that do not go by the order of its parts.
fn text(model: &Model, of: &RowExpr) -> String {
    fn alternatives<'e>(of: &'e RowExpr, into: &mut Vec<&'e RowExpr>) {
        match of {
            RowExpr::Or(a, b) => [a, b].into_iter().for_each(|it| alternatives(it, into)),
            other => into.push(other),
        }
    }
    let joined = |mut parts: Vec<String>, word: &str| {
        parts.sort_unstable();
        parts.dedup();
        format!("({})", parts.join(word))
    };
    match of {
        RowExpr::Or(..) => {
            let mut parts = Vec::new();
            alternatives(of, &mut parts);
            joined(parts.into_iter().map(|it| text(model, it)).collect(), " or ")
        }
        RowExpr::And(..) => joined(of.clone().conjuncts().iter().map(|it| text(model, it)).collect(), " and "),
        other => print_row(model, other),
    }
}

/// The values of a dimension that a condition picks or leaves out, where that is all it says.
fn picks(model: &Model, of: &RowExpr, source: SourceId) -> Option<Picks> {
    let (on, values, left_out): (_, Vec<&RowExpr>, _) = match of {
        RowExpr::Compare(Comparison::Equal, on, with) => (on, vec![with], false),
        RowExpr::Compare(Comparison::NotEqual, on, with) => (on, vec![with], true),
        RowExpr::In(on, list) => (on, list.iter().collect(), false),
        RowExpr::Not(it) if let RowExpr::In(on, list) = &**it => (on, list.iter().collect(), true),
        _ => return None,
    };
    let value = |it: &&RowExpr| if let RowExpr::Text(value) = it { Some(value.clone()) } else { None };
    let values: BTreeSet<String> = values.iter().map(value).collect::<Option<_>>()?;
    let mut dimensions = (0..model.dimensions.len() as u32).map(DimensionId);
    let dimension = dimensions.find(|it| dimension_on(model, *it, source).as_ref() == Some(&**on))?;
    // Rows of one of several answers are no cell of a table: some are of another, too.
    if overlaps_on(model, dimension, source) {
        return None;
    }
    Some(Picks { dimension, values, left_out })
}
