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

/// A table of our own CSV as plain cells: what is written as a number is one.
pub fn grid_of(csv: &str) -> Grid {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut row: Vec<Cell> = Vec::new();
    let mut text = String::new();
    let (mut quoted, mut was_quoted) = (false, false);
    let mut letters = csv.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '"' if quoted && letters.peek() == Some(&'"') => {
                text.push('"');
                letters.next();
            }
            '"' => {
                quoted = !quoted;
                was_quoted = true;
            }
            ',' if !quoted => row.push(read(&std::mem::take(&mut text), std::mem::take(&mut was_quoted))),
            '\n' if !quoted => {
                row.push(read(&std::mem::take(&mut text), std::mem::take(&mut was_quoted)));
                rows.push(std::mem::take(&mut row));
            }
            c => text.push(c),
        }
    }
    let mut rows = rows.into_iter();
    let head = |it: Cell| if let Cell::Text(text) = it { text } else { String::new() };
    let columns = rows.next().unwrap_or_default().into_iter().map(head).collect();
    Grid { columns, rows: rows.collect() }
}

fn read(text: &str, quoted: bool) -> Cell {
    match text {
        "" => Cell::Empty,
        "true" if !quoted => Cell::Bool(true),
        "false" if !quoted => Cell::Bool(false),
        // A text that a spreadsheet would run got a quote before it.
        _ if text.starts_with("'") && text[1..].starts_with(['=', '+', '-', '@', '\t', '\r']) => Cell::Text(text[1..].to_owned()),
        _ => match text
            .parse::<f64>()
            .ok()
            .filter(|it| it.is_finite() && !quoted && text.starts_with(|it: char| it == '-' || it.is_ascii_digit()))
        {
            Some(number) => Cell::Number(number),
            None => Cell::Text(text.to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, grid_of};

    #[test]
    fn our_own_lines_are_read_as_they_were_meant() {
        let grid = grid_of("name,value,ok,note\n\"a, \"\"b\"\"\",-1.5,true,\n'=x,2025-Q3,,12\n");
        assert_eq!(grid.columns, ["name", "value", "ok", "note"]);
        let text = |it: &str| Cell::Text(it.to_owned());
        assert_eq!(grid.rows[0], [text("a, \"b\""), Cell::Number(-1.5), Cell::Bool(true), Cell::Empty]);
        assert_eq!(grid.rows[1], [text("=x"), text("2025-Q3"), Cell::Empty, Cell::Number(12.0)]);
    }
}
