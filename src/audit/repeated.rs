//! Do the same customers answer a survey again and again? Their answers are alike, and count for less than as many others.

use crate::check::Checked;
use crate::engine::ReadTable;
use crate::model::{ColumnRef, RowExpr, SourceId};
use crate::plan::{Leaf, Measure, Read};
use crate::state::State;
use crate::value::{Code, Diagnostics, Fact};

/// The share of answers that are repeated beyond which it is said: a few change no interval.
const MOST: f64 = 0.05;

/// What a read keeps to tell it: how often each customer answers a survey that says nothing of clusters.
pub(super) fn add(checked: &Checked, read: &mut Read) -> Option<usize> {
    let source = &checked.model.sources[read.source.index()];
    let customer = source.customer.filter(|_| source.survey.is_some() && source.cluster.is_none())?;
    let of = RowExpr::Column(ColumnRef { source: read.source, through: None, column: customer as u32 });
    Some(super::keep(read, Leaf { measure: Measure::Frequency(of), filter: None, weight: None, persons: None, squares: false }))
}

/// Reports a survey of which many answers are by the same customers.
pub(super) fn report(checked: &Checked, source: SourceId, place: usize, table: &ReadTable, out: &mut Diagnostics) {
    let source = &checked.model.sources[source.index()];
    let Some(cell) = table.groupings[0].groups.first().map(|it| it.cells.get(place)) else { return };
    let State::Frequencies { n, table } = &cell.state else { return };
    let customers = table.len() as u64;
    if n.saturating_sub(customers) as f64 > MOST * *n as f64 {
        let column = &source.columns[source.customer.unwrap_or_default()];
        let fact = Fact::at(Code::RepeatedCustomers, column.span).with("source", &source.name).with("column", &column.name);
        out.push(fact.with("rows", n).with("customers", customers).about(format!("source:{}", source.name)));
    }
}
