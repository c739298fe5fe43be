//! Documents -> [`Model`]: every name becomes an id, every formula a typed tree; what cannot be resolved is reported.

mod action;
mod assumption;
mod benchmark;
mod body;
mod build;
pub mod canonical;
mod changes;
mod column;
mod composed;
mod customers;
mod dimension;
mod drivers;
mod enabler;
mod event;
mod evidence;
mod finding;
mod formula;
mod goal;
mod incentive;
mod journey;
mod kept;
mod kpi;
mod lint;
mod names;
mod norms;
mod project;
mod reasons;
mod report;
mod row;
mod rows;
mod source;
mod subject;
mod test;
mod types;
mod units_of_rows;
mod weighting;

pub use action::{Action, Control, Expected};
pub use assumption::{Assumption, Estimate, fixed_value};
pub use benchmark::{Benchmark, COLUMNS as BENCHMARK_COLUMNS, DatedFigure};
pub use build::build;
pub use changes::{break_between, breaks};
pub use composed::{Composed, Rate, of_grain};
pub use customers::{CustomerMeasure, Customers, Forecast, Forecasted, Stretch, Walk};
pub use drivers::{Answer, DriverItem, Drivers, Method, NoAnswer, answer_of, asked_at};
pub use evidence::{Claim, Lead};
pub use finding::{CitedFigure, Condition, ConditionKind, Finding, Passage, Piece, Words, plain_number};
pub use formula::print as print_formula;
pub use incentive::{Incentive, PaidPart, PayOn, PayPoint, Requirement};
pub use kept::{Kept, Stamps};
pub use kpi::{is_unit, per_many, seconds_in};
pub use reasons::Reasons;
pub use row::{ColumnRef, Comparison, HashNum, RowExpr, RowFunction, column_text, print as print_row};
pub use subject::{Subject, Support};
pub use test::{Expectation, Test, TestRows, Wanted};
pub use types::*;
pub use weighting::{Level, MADE_WEIGHT, Margin, Weighting};

use crate::source::Span;
use crate::value::{Code, Fact};

/// What a dimension is over the rows of a source: the source's own expression, or one that a reference leads to (R6).
pub fn dimension_on(model: &Model, dimension: DimensionId, source: SourceId) -> Option<RowExpr> {
    let from = &model.dimensions[dimension.index()].from;
    if let Some((_, expr)) = from.iter().find(|(it, _)| *it == source) {
        return Some(expr.clone());
    }
    for (at, reference) in model.sources[source.index()].references.iter().enumerate() {
        let owner = from.iter().find(|(it, _)| *it == reference.to);
        if let Some((_, RowExpr::Column(column))) = owner
            && column.through.is_none()
        {
            return Some(RowExpr::Column(ColumnRef { source, through: Some(at as u32), column: column.column }));
        }
    }
    None
}

/// Whether one row of a source may be of several values of a dimension: a column of several answers tells it. Segments by it
/// overlap, so nothing is cut by it; what a row answers can be asked one by one.
pub fn overlaps_on(model: &Model, dimension: DimensionId, source: SourceId) -> bool {
    let Some(RowExpr::Column(at)) = dimension_on(model, dimension, source) else { return false };
    model.declared(at).several.is_some()
}

/// Whether a source lacks a dimension because one of them is broken, which was reported.
pub fn lacks_by_fault(model: &Model, dimension: DimensionId, source: SourceId) -> bool {
    model.dimensions[dimension.index()].broken || model.sources[source.index()].broken
}

/// The references that lead a source to a dimension, where there are several and the source has no expression of its
/// own: it does not say which it means.
pub fn ambiguous_on(model: &Model, dimension: DimensionId, source: SourceId) -> Option<Vec<&Reference>> {
    let from = &model.dimensions[dimension.index()].from;
    if from.iter().any(|(it, _)| *it == source) {
        return None;
    }
    let leading = model.sources[source.index()].references.iter().filter(|it| from.iter().any(|from| from.0 == it.to));
    let leading: Vec<&Reference> = leading.collect();
    (leading.len() > 1).then_some(leading)
}

/// The error for it.
pub fn ambiguous_fact(model: &Model, dimension: DimensionId, source: SourceId, leading: &[&Reference], span: Span) -> Fact {
    let own = &model.dimensions[dimension.index()];
    let source = &model.sources[source.index()];
    let meanings: Vec<String> = leading.iter().map(|it| format!("`{}.{}`", source.name, it.name)).collect();
    let path = leading.first().and_then(|it| {
        let (_, RowExpr::Column(column)) = own.from.iter().find(|from| from.0 == it.to)? else { return None };
        let column = &model.sources[it.to.index()].columns[column.column as usize];
        Some(format!("{}.{}.{}", source.name, it.name, column.name))
    });
    let fact = Fact::at(Code::AmbiguousName, span).with("name", &own.name).with("meanings", meanings.join(", "));
    fact.with("dimension", path.unwrap_or_else(|| source.name.clone()))
}

/// A KPI, or a part of one, from a text that a user typed: `ces[channel = "Web"]`.
///
/// # Errors
/// What is wrong with it, in a sentence.
pub fn reference(model: &Model, text: &str) -> Result<(KpiId, Option<RowExpr>), String> {
    build::reference(model, text)
}

/// The rings among things of which each leads to at most one other, each told from the one that comes first.
fn rings(next: &[Option<usize>]) -> Vec<Vec<usize>> {
    // Each walk ends at what an earlier one has seen, so that a long chain is walked once.
    let mut seen: Vec<Option<usize>> = vec![None; next.len()];
    let mut rings = Vec::new();
    for start in 0..next.len() {
        let mut path = Vec::new();
        let mut at = Some(start);
        while let Some(it) = at.filter(|it| seen[*it].is_none()) {
            seen[it] = Some(start);
            path.push(it);
            at = next[it];
        }
        let entry = at.filter(|it| seen[*it] == Some(start)).and_then(|it| path.iter().position(|on| *on == it));
        let Some(entry) = entry else { continue };
        let mut ring = path.split_off(entry);
        let first = ring.iter().enumerate().min_by_key(|it| it.1).map_or(0, |it| it.0);
        ring.rotate_left(first);
        rings.push(ring);
    }
    rings
}
