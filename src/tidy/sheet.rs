//! A table ready for any format: its fields, and how each format writes them.

use crate::words::{tidy_number, tidy_number_to, whole_number_to};
use serde_json::{Map, Number, Value, json};
use std::borrow::Cow;
use std::fmt::Write;

/// A format of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Table,
    Csv,
    Json,
    Ndjson,
    Markdown,
}

/// A table ready for any format.
pub(super) struct Sheet<'r> {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Field<'r>>>,
    /// Further fields of JSON, one object a row.
    pub more: Vec<Map<String, Value>>,
}

#[derive(Clone, Debug)]
pub(super) enum Field<'r> {
    Text(Cow<'r, str>),
    Number(f64),
    /// A p-value: for people, one that is very small is no more than that.
    Probability(f64),
    Count(u64),
    Bool(bool),
    Empty,
}

impl Sheet<'_> {
    pub fn new(columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Sheet { columns: columns.into_iter().map(Into::into).collect(), rows: Vec::new(), more: Vec::new() }
    }

    /// Takes a column away.
    pub fn leave_out(&mut self, column: &str) {
        let Some(at) = self.columns.iter().position(|it| it == column) else { return };
        self.columns.remove(at);
        self.rows.iter_mut().for_each(|it| drop(it.remove(at)));
    }
}

impl Field<'_> {
    /// The same, apart from what its text was borrowed of.
    pub fn into_owned(self) -> Field<'static> {
        match self {
            Field::Text(it) => owned(it.into_owned()),
            Field::Number(it) => Field::Number(it),
            Field::Probability(it) => Field::Probability(it),
            Field::Count(it) => Field::Count(it),
            Field::Bool(it) => Field::Bool(it),
            Field::Empty => Field::Empty,
        }
    }
}

/// A text that something has.
pub(super) fn said(text: &str) -> Field<'_> {
    Field::Text(Cow::Borrowed(text))
}

/// A text that is made.
pub(super) fn owned<'r>(text: String) -> Field<'r> {
    Field::Text(Cow::Owned(text))
}

pub(super) fn number_field<'r>(it: Option<f64>) -> Field<'r> {
    it.map_or(Field::Empty, Field::Number)
}

pub(super) fn probability_field<'r>(it: Option<f64>) -> Field<'r> {
    it.map_or(Field::Empty, Field::Probability)
}

pub(super) fn count_field<'r>(it: Option<u64>) -> Field<'r> {
    it.map_or(Field::Empty, Field::Count)
}

/// Notes behind each other; empty where there are none.
pub(super) fn notes_field<'r>(notes: impl IntoIterator<Item = impl AsRef<str>>) -> Field<'r> {
    let mut text = String::new();
    for note in notes {
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(note.as_ref());
    }
    if text.is_empty() { Field::Empty } else { owned(text) }
}

pub(super) fn write(sheet: &Sheet<'_>, name: &str, format: Format) -> String {
    match format {
        Format::Csv => csv(sheet),
        Format::Json => {
            let mut whole = Map::new();
            whole.insert("peil".to_owned(), Value::String(env!("CARGO_PKG_VERSION").to_owned()));
            whole.insert(name.to_owned(), Value::Array(objects(sheet)));
            format!("{:#}\n", Value::Object(whole))
        }
        Format::Ndjson => (0..sheet.rows.len()).map(|it| format!("{}\n", object(sheet, it))).collect(),
        Format::Table => aligned(sheet),
        Format::Markdown => markdown(sheet),
    }
}

pub(super) fn objects(sheet: &Sheet<'_>) -> Vec<Value> {
    (0..sheet.rows.len()).map(|it| object(sheet, it)).collect()
}

fn object(sheet: &Sheet<'_>, row: usize) -> Value {
    let mut object = Map::new();
    for (column, field) in sheet.columns.iter().zip(&sheet.rows[row]) {
        let value = match field {
            Field::Text(text) => Value::String(text.to_string()),
            Field::Number(value) | Field::Probability(value) => number(*value),
            Field::Count(value) => json!(value),
            Field::Bool(value) => Value::Bool(*value),
            Field::Empty => Value::Null,
        };
        object.insert(column.clone(), value);
    }
    object.extend(sheet.more[row].clone());
    Value::Object(object)
}

/// A number of JSON, with the digits of the other formats.
pub(super) fn number(value: f64) -> Value {
    tidy_number(value).parse::<f64>().ok().and_then(Number::from_f64).map_or(Value::Null, Value::Number)
}

pub(super) fn text(field: &Field<'_>) -> String {
    match field {
        Field::Text(text) => text.to_string(),
        Field::Number(value) | Field::Probability(value) => tidy_number(*value),
        Field::Count(value) => value.to_string(),
        Field::Bool(value) => value.to_string(),
        Field::Empty => String::new(),
    }
}

pub(super) fn csv(sheet: &Sheet<'_>) -> String {
    let mut out = String::new();
    csv_line(&sheet.columns.iter().map(|it| said(it)).collect::<Vec<_>>(), &mut out);
    sheet.rows.iter().for_each(|it| csv_line(it, &mut out));
    out
}

pub(super) fn csv_line(fields: &[Field<'_>], out: &mut String) {
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        csv_field(field, out);
    }
    out.push('\n');
}

pub(super) fn csv_field(field: &Field<'_>, out: &mut String) {
    match field {
        Field::Text(text) => csv_text(text, out),
        Field::Number(value) | Field::Probability(value) => tidy_number_to(*value, out),
        Field::Count(value) => whole_number_to(*value, out),
        Field::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Field::Empty => {}
    }
}

/// A text of CSV. What a spreadsheet would run as a formula gets a quote before it.
pub(super) fn csv_text(text: &str, out: &mut String) {
    if matches!(text.as_bytes().first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r')) {
        return csv_text(&format!("'{text}"), out);
    }
    if text.bytes().any(|it| matches!(it, b',' | b'"' | b'\n' | b'\r')) {
        let _ = write!(out, "\"{}\"", text.replace('"', "\"\""));
    } else {
        out.push_str(text);
    }
}

/// A table for a terminal: short numbers, aligned; the exact ones are in the other formats.
pub(super) fn aligned(sheet: &Sheet<'_>) -> String {
    if sheet.rows.is_empty() {
        return String::new();
    }
    let shown = |field: &Field<'_>| match field {
        Field::Probability(value) if *value < 0.001 => "<0.001".to_owned(),
        Field::Number(value) | Field::Probability(value) => short_number(*value),
        other => crate::diagnostic::harmless(&text(other)).replace(['\n', '\t'], " "),
    };
    let rows: Vec<Vec<String>> = sheet.rows.iter().map(|row| row.iter().map(shown).collect()).collect();
    // Columns that say nothing take no room.
    let used: Vec<usize> = (0..sheet.columns.len()).filter(|it| rows.iter().any(|row| !row[*it].is_empty())).collect();
    let width = |it: usize| rows.iter().map(|row| row[it].chars().count()).max().unwrap_or(0).max(sheet.columns[it].chars().count());
    let widths: Vec<usize> = used.iter().map(|it| width(*it)).collect();
    let right: Vec<bool> = used
        .iter()
        .map(|it| sheet.rows.iter().any(|row| matches!(row[*it], Field::Number(_) | Field::Probability(_) | Field::Count(_))))
        .collect();
    let mut out = String::new();
    let mut line = |cells: Vec<&str>| {
        let mut text = String::new();
        for ((cell, width), right) in cells.iter().zip(&widths).zip(&right) {
            let pad = " ".repeat(width.saturating_sub(cell.chars().count()));
            if *right {
                text.push_str(&pad);
                text.push_str(cell);
            } else {
                text.push_str(cell);
                text.push_str(&pad);
            }
            text.push_str("  ");
        }
        out.push_str(text.trim_end());
        out.push('\n');
    };
    line(used.iter().map(|it| sheet.columns[*it].as_str()).collect());
    for row in &rows {
        line(used.iter().map(|it| row[*it].as_str()).collect());
    }
    out
}

/// A number for a terminal, at most three decimals.
pub fn short_number(value: f64) -> String {
    let decimals = if value.abs() >= 1000.0 { 1 } else { 3 };
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn markdown(sheet: &Sheet<'_>) -> String {
    let escape = |it: &str| it.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;").replace('\n', " ");
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = line(sheet.columns.iter().map(|it| escape(it)).collect());
    out.push_str(&line(sheet.columns.iter().map(|_| "---".to_owned()).collect()));
    for row in &sheet.rows {
        out.push_str(&line(row.iter().map(|it| escape(&text(it))).collect()));
    }
    out
}
