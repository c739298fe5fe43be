//! What do weights cost? Answers that weigh very differently are worth fewer equal ones.

use crate::check::Checked;
use crate::engine::ReadTable;
use crate::model::SourceId;
use crate::plan::{Leaf, Measure, Read};
use crate::state::State;
use crate::value::{Code, Diagnostics, Fact};

/// The design effect beyond which weights are said to cost much (Kish: n Σw² / (Σw)²).
const MOST: f64 = 2.0;
/// Fewer weighted answers say nothing of the weights.
const LEAST: u64 = 30;

/// What a read keeps to tell it; gives its place among the leaves.
pub(super) fn add(checked: &Checked, read: &mut Read) -> Option<usize> {
    let weight = checked.model.sources[read.source.index()].weight?;
    Some(super::keep(read, Leaf { measure: Measure::Rows, filter: None, weight: Some(weight), persons: None, squares: true }))
}

/// Reports weights that cost more than half of the answers.
pub(super) fn report(checked: &Checked, source: SourceId, place: usize, table: &ReadTable, out: &mut Diagnostics) {
    let source = &checked.model.sources[source.index()];
    let Some(cell) = table.groupings[0].groups.first().map(|it| it.cells.get(place)) else { return };
    let State::Moments(moments) = &cell.state else { return };
    let (n, w, w2) = (moments.n, moments.total_weight(), moments.total_weight2());
    let effect = n as f64 * w2 / (w * w);
    if n >= LEAST && effect.is_finite() && effect > MOST {
        let column = &source.columns[source.weight.unwrap_or_default()];
        let fact = Fact::at(Code::DesignEffect, column.span).with("source", &source.name).with("n", n);
        let fact = fact.with("worth", (n as f64 / effect).round()).with("effect", format!("{effect:.1}"));
        out.push(fact.about(format!("source:{}", source.name)));
    }
}
