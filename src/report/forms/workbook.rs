//! The figures of a report as a workbook: what it is about and what each column holds, figures, goals, definitions.
//!
//! A text is a text, never a formula, and is marked so that it stays one when the workbook is saved as something else.
//! The file tells no time: the same figures give the same bytes.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::Shown;
use super::columns::meaning;
use super::names::SheetNames;
use crate::report::Assembly;
use crate::report::view::{Definitions, ReportView, Section};
use crate::report::words::Say;
use crate::tidy::{Cell, Grid, figure_grid, goal_grid};

/// As many characters as a cell may hold.
const MOST: usize = 32_767;

/// Writes the workbook.
///
/// # Errors
/// Why it cannot be written, in a sentence: a table is longer than a sheet may be.
pub fn workbook(from: &Assembly<'_>, view: &ReportView, shown: &Shown) -> Result<Vec<u8>, String> {
    write(from, view, shown).map_err(|it| it.to_string())
}

/// A table with the sheet that it goes to.
struct Tabled {
    /// What it is called among the forms: `drivers`.
    name: String,
    sheet: String,
    grid: Grid,
}

fn write(from: &Assembly<'_>, view: &ReportView, shown: &Shown) -> Result<Vec<u8>, XlsxError> {
    let say = Say(view.lang);
    let mut names = SheetNames::default();
    // The sheets that every workbook has are called what they are; what has a name of the project makes way.
    let (first, last) = (names.give(say.about_sheet()), names.give(say.definitions_page()));
    let mut tabled = |name: &str, grid: Grid| Tabled { name: name.to_owned(), sheet: names.give(&sheet_name(name, say)), grid };
    let mut figures = figure_grid(from.checked, &shown.results);
    title(&mut figures, shown);
    let mut tables = vec![tabled("figures", figures)];
    let others = [("goals", goal_grid(from.checked, &shown.results))];
    let others = others.into_iter().chain(shown.beside.iter().map(|it| (it.name.as_str(), it.table.grid.clone())));
    tables.extend(others.filter(|it| !it.1.rows.is_empty()).map(|(name, grid)| tabled(name, grid)));
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_title(&view.title).set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let styles = Styles::new();
    about(book.add_worksheet().set_name(first)?, &styles, view, &tables)?;
    for it in &tables {
        table(book.add_worksheet().set_name(&it.sheet)?, &styles, &it.grid)?;
    }
    for section in &view.sections {
        if let Section::Definitions(definitions) = section {
            define(book.add_worksheet().set_name(&last)?, &styles, definitions)?;
        }
    }
    book.save_to_buffer()
}

/// What the sheet of a table is called: `index.kei` is that of an index.
fn sheet_name(name: &str, say: Say) -> String {
    let (kind, of) = name.split_once('.').map_or((name, None), |(kind, of)| (kind, Some(of)));
    let kind = say.sheet(kind).unwrap_or(kind);
    of.map_or_else(|| kind.to_owned(), |of| format!("{kind} {of}"))
}

/// Puts the title of its KPI before each row.
fn title(grid: &mut Grid, shown: &Shown) {
    let tables = shown.results.tables.iter();
    let titles = tables.flat_map(|it| {
        let title = shown.kpis.iter().find(|kpi| kpi.id == it.kpi).map_or("", |it| &it.title);
        it.rows.iter().map(move |_| title)
    });
    for (row, title) in grid.rows.iter_mut().zip(titles) {
        row.insert(0, Cell::Text(title.to_owned()));
    }
    grid.columns.insert(0, "title".to_owned());
}

/// How cells look.
struct Styles {
    head: Format,
    text: Format,
    /// A text that begins like a formula.
    quoted: Format,
    wrapped: Format,
    number: Format,
    count: Format,
}

impl Styles {
    fn new() -> Styles {
        let top = || Format::new().set_align(FormatAlign::Top);
        Styles {
            head: Format::new().set_bold().set_background_color(0x00EF_ECE5).set_align(FormatAlign::Top),
            text: top(),
            quoted: top().set_quote_prefix(),
            wrapped: top().set_text_wrap(),
            number: top().set_num_format("#,##0.00"),
            count: top().set_num_format("#,##0"),
        }
    }
}

/// What the workbook is about, and what each column of its tables holds.
fn about(sheet: &mut Worksheet, styles: &Styles, view: &ReportView, tables: &[Tabled]) -> Result<(), XlsxError> {
    sheet.set_column_width(0, 26)?.set_column_width(1, 90)?;
    let say = Say(view.lang);
    let line = |label: &str, text: &str| (label.to_owned(), text.to_owned(), false);
    let mut lines = vec![(view.organisation.clone(), view.kicker.clone(), true), line("", &view.title), line("", &view.lead)];
    lines.extend(view.notice.iter().map(|it| line(say.note_heading(), it)));
    lines.extend(view.facts.iter().map(|it| line(&it.label, &it.text)));
    for it in tables.iter().filter(|it| !it.grid.rows.is_empty()) {
        lines.push(line("", ""));
        lines.push((it.sheet.clone(), say.columns_heading().to_owned(), true));
        lines.extend(it.grid.columns.iter().map(|column| (column.clone(), meaning(&it.name, column, view.lang), false)));
    }
    for (at, (label, text, head)) in (0..).zip(&lines) {
        write_text(sheet, at, 0, label, styles, Some(&styles.head).filter(|_| *head))?;
        write_text(sheet, at, 1, text, styles, Some(if *head { &styles.head } else { &styles.wrapped }))?;
    }
    Ok(())
}

/// A table with a head that stays in sight and can be filtered by.
fn table(sheet: &mut Worksheet, styles: &Styles, grid: &Grid) -> Result<(), XlsxError> {
    for (at, column) in (0..).zip(&grid.columns) {
        write_text(sheet, 0, at, column, styles, Some(&styles.head))?;
        let width = match column.as_str() {
            "title" => 34,
            "kpi" | "goal" | "note" => 24,
            _ => 13,
        };
        sheet.set_column_width(at, width)?;
    }
    for (line, row) in (1..).zip(&grid.rows) {
        for (at, cell) in (0..).zip(row) {
            match cell {
                Cell::Text(text) => write_text(sheet, line, at, text, styles, None)?,
                Cell::Number(value) => {
                    sheet.write_number_with_format(line, at, *value, &styles.number)?;
                }
                Cell::Count(value) => {
                    sheet.write_number_with_format(line, at, *value as f64, &styles.count)?;
                }
                Cell::Bool(value) => {
                    sheet.write_boolean_with_format(line, at, *value, &styles.text)?;
                }
                Cell::Empty => {}
            }
        }
    }
    sheet.set_freeze_panes(1, 1)?;
    let (rows, columns) = (u32::try_from(grid.rows.len()).unwrap_or(u32::MAX), u16::try_from(grid.columns.len()).unwrap_or(u16::MAX));
    sheet.autofilter(0, 0, rows, columns.saturating_sub(1))?;
    Ok(())
}

/// The definitions, a fact a row.
fn define(sheet: &mut Worksheet, styles: &Styles, definitions: &Definitions) -> Result<(), XlsxError> {
    sheet.set_column_width(0, 34)?.set_column_width(1, 22)?.set_column_width(2, 90)?;
    let mut line = 0;
    for it in &definitions.definitions {
        write_text(sheet, line, 0, &it.title, styles, Some(&styles.head))?;
        write_text(sheet, line, 1, "", styles, Some(&styles.head))?;
        write_text(sheet, line, 2, &it.summary, styles, Some(&styles.head))?;
        line += 1;
        for fact in &it.facts {
            write_text(sheet, line, 1, &fact.label, styles, None)?;
            write_text(sheet, line, 2, &fact.text, styles, Some(&styles.wrapped))?;
            line += 1;
        }
    }
    Ok(())
}

/// Writes a text as a text, whatever it begins with.
fn write_text(sheet: &mut Worksheet, line: u32, at: u16, text: &str, styles: &Styles, format: Option<&Format>) -> Result<(), XlsxError> {
    let text: String = text.chars().take(MOST).collect();
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let format = match format {
        Some(it) if formula => &it.clone().set_quote_prefix(),
        Some(it) => it,
        None if formula => &styles.quoted,
        None => &styles.text,
    };
    sheet.write_string_with_format(line, at, text, format)?;
    Ok(())
}
