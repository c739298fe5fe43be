//! Documents -> [`Model`]: every name becomes an id, every formula a typed tree; what cannot be resolved is reported.

mod build;
pub mod canonical;
mod formula;
mod names;
mod norms;
mod row;
mod rows;
mod types;

pub use build::build;
pub use formula::print as print_formula;
pub use row::{ColumnRef, Comparison, HashNum, RowExpr, RowFunction, column_text, print as print_row};
pub use types::*;

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

/// A KPI, or a part of one, from a text that a user typed: `ces[channel = "Web"]`.
///
/// # Errors
/// What is wrong with it, in a sentence.
pub fn reference(model: &Model, text: &str) -> Result<(KpiId, Option<RowExpr>), String> {
    build::reference(model, text)
}
