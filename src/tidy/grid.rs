//! Results -> tables of plain cells, for whoever writes them in a form of its own: a workbook.

use super::{Field, Head, Sheet, figure_sheet, goal_sheet};
use crate::check::Checked;
use crate::publish::Results;
use crate::words::tidy_number;

/// A table of plain cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Text(String),
    /// A number, with the digits that the other formats have.
    Number(f64),
    Count(u64),
    Bool(bool),
    Empty,
}

/// The figures of a run, one a row, with the columns of every other format.
pub fn figure_grid(checked: &Checked, results: &Results) -> Grid {
    let heads: Vec<Head> = results.tables.iter().map(|it| Head::new(checked, it.kpi, it.part.as_ref(), &it.cut)).collect();
    grid(&figure_sheet(checked, results, &heads, false))
}

/// The goals of a run, one a row.
pub fn goal_grid(checked: &Checked, results: &Results) -> Grid {
    grid(&goal_sheet(checked, results))
}

fn grid(sheet: &Sheet<'_>) -> Grid {
    let rows = sheet.rows.iter().map(|it| it.iter().map(cell).collect());
    Grid { columns: sheet.columns.clone(), rows: rows.collect() }
}

fn cell(field: &Field<'_>) -> Cell {
    match field {
        Field::Text(text) => Cell::Text(text.to_string()),
        Field::Number(value) | Field::Probability(value) => tidy_number(*value).parse().map_or(Cell::Empty, Cell::Number),
        Field::Count(value) => Cell::Count(*value),
        Field::Bool(value) => Cell::Bool(*value),
        Field::Empty => Cell::Empty,
    }
}
