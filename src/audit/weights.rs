//! Can weights be weights, and what do they cost? A row cannot stand for fewer than none, and answers that weigh very
//! differently are worth fewer equal ones.

use crate::check::Checked;
use crate::engine::ReadTable;
use crate::model::{ColumnRef, Comparison, RowExpr, SourceId};
use crate::plan::{Leaf, Measure, Read};
use crate::state::State;
use crate::value::{Code, Diagnostics, Fact, Num};

/// The design effect beyond which weights are said to cost much (Kish: n Σw² / (Σw)²).
const MOST: f64 = 2.0;
/// Fewer weighted answers say nothing of the weights.
const LEAST: u64 = 30;

/// The places among the leaves of a read that tell of its weights.
pub(super) struct Places {
    all: usize,
    negative: usize,
}

/// What a read keeps to tell it: all rows that are weighted, and those with a weight below 0.
pub(super) fn add(checked: &Checked, read: &mut Read) -> Option<Places> {
    let weight = checked.model.sources[read.source.index()].weight?;
    let rows = Leaf { measure: Measure::Rows, filter: None, weight: Some(weight), persons: None, squares: true };
    let all = super::keep(read, rows.clone());
    let column = RowExpr::Column(ColumnRef { source: read.source, through: None, column: weight as u32 });
    let below = RowExpr::Compare(Comparison::Less, Box::new(column), Box::new(RowExpr::number(Num::int(0))));
    let negative = super::keep(read, Leaf { filter: Some(below), weight: None, squares: false, ..rows });
    Some(Places { all, negative })
}

/// Reports weights below 0, whose rows are left out, and weights that cost more than half of the answers.
pub(super) fn report(checked: &Checked, source: SourceId, places: &Places, table: &ReadTable, out: &mut Diagnostics) {
    let source = &checked.model.sources[source.index()];
    let Some(group) = table.groupings[0].groups.first() else { return };
    let column = &source.columns[source.weight.unwrap_or_default()];
    let negative = group.cells.get(places.negative).n();
    if negative > 0 {
        let fact = Fact::at(Code::NegativeWeight, column.span).with("source", &source.name).with("column", &column.name);
        out.push(fact.with("rows", negative).about(format!("source:{}", source.name)));
    }
    let cell = group.cells.get(places.all);
    let State::Moments(moments) = &cell.state else { return };
    let (n, w, w2) = (moments.n, moments.total_weight(), moments.total_weight2());
    let effect = n as f64 * w2 / (w * w);
    if n >= LEAST && effect.is_finite() && effect > MOST {
        let fact = Fact::at(Code::DesignEffect, column.span).with("source", &source.name).with("n", n);
        let fact = fact.with("worth", (n as f64 / effect).round()).with("effect", format!("{effect:.1}"));
        out.push(fact.about(format!("source:{}", source.name)));
    }
}
