//! Results -> tables in all forms that go beside a report, one of them plain cells, for whoever writes a form of its own: a
//! workbook.

use super::sheet::objects;
use super::{Field, Head, Sheet, csv, figure_sheet, goal_sheet, owned};
use crate::check::Checked;
use crate::publish::Results;
use crate::words::tidy_number;
use serde_json::{Map, Value};

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

/// Rows in each form that goes beside a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// One row a line, the columns in the first.
    pub csv: String,
    /// The same as objects, with what only nested data tell.
    pub objects: Vec<Value>,
    /// The same as plain cells.
    pub grid: Grid,
}

pub(super) fn table(sheet: &Sheet<'_>) -> Table {
    Table { csv: csv(sheet), objects: objects(sheet), grid: grid(sheet) }
}

/// Plain cells in each form.
pub fn table_of(columns: &[&str], rows: Vec<Vec<Cell>>) -> Table {
    let field = |it: Cell| match it {
        Cell::Text(text) => owned(text),
        Cell::Number(value) => Field::Number(value),
        Cell::Count(value) => Field::Count(value),
        Cell::Bool(value) => Field::Bool(value),
        Cell::Empty => Field::Empty,
    };
    let mut sheet = Sheet::new(columns.iter().copied());
    for row in rows {
        sheet.rows.push(row.into_iter().map(field).collect());
        sheet.more.push(Map::new());
    }
    table(&sheet)
}

#[cfg(test)]
mod tests {
    use super::{Cell, table_of};
    use serde_json::json;

    #[test]
    fn a_text_is_a_text_in_every_form_whatever_it_looks_like() {
        let text = |it: &str| Cell::Text(it.to_owned());
        let rows = vec![vec![text("007"), Cell::Number(-1.5), Cell::Bool(true)], vec![text("=x"), Cell::Empty, Cell::Count(2)]];
        let table = table_of(&["code", "value", "more"], rows.clone());
        assert_eq!(table.csv, "code,value,more\n007,-1.5,true\n'=x,,2\n");
        assert_eq!(table.objects, [json!({"code": "007", "value": -1.5, "more": true}), json!({"code": "=x", "value": null, "more": 2})]);
        assert_eq!((table.grid.columns, table.grid.rows), (["code", "value", "more"].map(str::to_owned).to_vec(), rows));
    }
}
