//! Results -> tables for machines and terminals: one row a figure (R26), the same columns in every format.

use crate::check::Checked;
use crate::engine::{KeyValue, OTHER};
use crate::model::{DimensionId, GoalKind};
use crate::publish::{ResultRow, ResultTable, Results};
use crate::words::{Lang, tidy_number};
use serde_json::{Map, Number, Value, json};

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
struct Sheet {
    columns: Vec<String>,
    rows: Vec<Vec<Field>>,
    /// Further fields of JSON, one object a row.
    more: Vec<Map<String, Value>>,
}

#[derive(Clone, Debug)]
enum Field {
    Text(String),
    Number(f64),
    Count(u64),
    Bool(bool),
    Empty,
}

/// The figures of a run.
pub fn figures(checked: &Checked, results: &Results, format: Format) -> String {
    write(&figure_sheet(checked, results), "figures", format)
}

/// The goals of a run.
pub fn goals(checked: &Checked, results: &Results, format: Format) -> String {
    write(&goal_sheet(checked, results), "goals", format)
}

/// The label of a value of a dimension, for people.
pub fn label_of(checked: &Checked, dimension: DimensionId, value: &KeyValue, lang: Lang) -> String {
    let dimension = &checked.model.dimensions[dimension.index()];
    match value {
        KeyValue::Blank => if lang == Lang::Nl { "(geen antwoord)" } else { "(no answer)" }.to_owned(),
        KeyValue::Value(text) if **text == *OTHER => dimension.other.as_ref().and_then(|it| it.get(lang)).unwrap_or("other").to_owned(),
        KeyValue::Value(text) => {
            let declared = dimension.values.iter().find(|it| it.0 == **text).and_then(|it| it.1.get(lang));
            declared.unwrap_or(text).to_owned()
        }
    }
}

fn key_field(checked: &Checked, dimension: DimensionId, value: &KeyValue) -> Field {
    let dimension = &checked.model.dimensions[dimension.index()];
    match value {
        KeyValue::Blank => Field::Text("(blank)".to_owned()),
        KeyValue::Value(text) if **text == *OTHER => {
            let lang = checked.model.project.language;
            Field::Text(dimension.other.as_ref().and_then(|it| it.get(lang)).unwrap_or("other").to_owned())
        }
        KeyValue::Value(text) => Field::Text(text.to_string()),
    }
}

fn figure_sheet(checked: &Checked, results: &Results) -> Sheet {
    let mut cuts: Vec<DimensionId> = Vec::new();
    for id in results.tables.iter().flat_map(|it| &it.cut) {
        if !cuts.contains(id) {
            cuts.push(*id);
        }
    }
    let mut columns: Vec<String> = vec!["kpi".to_owned(), "period".to_owned()];
    columns.extend(cuts.iter().map(|it| checked.model.dimensions[it.index()].name.clone()));
    let rest = ["value", "unit", "n", "n_effective", "se", "low", "high", "target", "satisfaction", "status", "proven", "note"];
    columns.extend(rest.map(str::to_owned));
    let mut sheet = Sheet { columns, rows: Vec::new(), more: Vec::new() };
    for table in &results.tables {
        for row in &table.rows {
            sheet.rows.push(figure_row(checked, table, row, &cuts));
            sheet.more.push(more(row));
        }
    }
    sheet
}

fn figure_row(checked: &Checked, table: &ResultTable, row: &ResultRow, cuts: &[DimensionId]) -> Vec<Field> {
    let kpi = &checked.model.kpis[table.kpi.index()];
    let name = match &table.part {
        Some(part) => format!("{}[{}]", kpi.name, crate::model::print_row(&checked.model, part)),
        None => kpi.name.clone(),
    };
    let number = |it: Option<f64>| it.map_or(Field::Empty, Field::Number);
    let mut fields = vec![Field::Text(name), Field::Text(row.period.to_string())];
    for id in cuts {
        let place = table.cut.iter().position(|it| it == id);
        fields.push(place.and_then(|it| row.key.get(it)).map_or(Field::Empty, |it| key_field(checked, *id, it)));
    }
    let notes: Vec<&str> = row.notes.iter().map(|it| it.name()).collect();
    fields.extend([
        number(row.value),
        Field::Text(kpi.unit.as_ref().map(crate::value::Unit::name).unwrap_or_default()),
        row.n.map_or(Field::Empty, Field::Count),
        number(row.n_effective),
        number(row.se),
        number(row.low),
        number(row.high),
        number(row.judged.target),
        number(row.judged.satisfaction),
        Field::Text(row.judged.status.name().to_owned()),
        row.judged.proven.map_or(Field::Empty, Field::Bool),
        if notes.is_empty() { Field::Empty } else { Field::Text(notes.join("; ")) },
    ]);
    fields
}

fn more(row: &ResultRow) -> Map<String, Value> {
    let mut more = Map::new();
    let left = row.left_out.map(|it| {
        json!({
            "blank": it.blank,
            "not_applicable": it.not_applicable,
            "out_of_scale": it.out_of_scale,
            "filtered": it.filtered,
            "duplicate": it.duplicate,
            "no_weight": it.no_weight,
            "no_cluster": it.no_cluster,
        })
    });
    more.insert("left_out".to_owned(), left.unwrap_or(Value::Null));
    if row.bases.len() > 1 {
        more.insert("bases".to_owned(), json!(row.bases));
    }
    more
}

fn goal_sheet(checked: &Checked, results: &Results) -> Sheet {
    let columns = ["goal", "kind", "period", "satisfaction", "low", "high", "coverage", "own", "below", "status", "proven", "note"];
    let mut sheet = Sheet { columns: columns.map(str::to_owned).to_vec(), rows: Vec::new(), more: Vec::new() };
    for period in &results.goals {
        for it in &period.figures {
            let goal = &checked.model.goals[it.goal.index()];
            let number = |it: Option<f64>| it.map_or(Field::Empty, Field::Number);
            let kind = if goal.kind == GoalKind::Business { "business" } else { "customer" };
            let note = if it.coverage < 100.0 { Field::Text("not all parts are known".to_owned()) } else { Field::Empty };
            sheet.rows.push(vec![
                Field::Text(goal.name.clone()),
                Field::Text(kind.to_owned()),
                Field::Text(it.period.to_string()),
                number(it.satisfaction),
                Field::Number(it.low),
                Field::Number(it.high),
                Field::Number(it.coverage),
                number(it.own),
                number(it.below),
                Field::Text(it.status.name().to_owned()),
                it.proven.map_or(Field::Empty, Field::Bool),
                note,
            ]);
            sheet.more.push(Map::new());
        }
    }
    sheet
}

fn write(sheet: &Sheet, name: &str, format: Format) -> String {
    match format {
        Format::Csv => csv(sheet),
        Format::Json => {
            let objects: Vec<Value> = (0..sheet.rows.len()).map(|it| object(sheet, it)).collect();
            let mut whole = Map::new();
            whole.insert("peil".to_owned(), Value::String(env!("CARGO_PKG_VERSION").to_owned()));
            whole.insert(name.to_owned(), Value::Array(objects));
            format!("{:#}\n", Value::Object(whole))
        }
        Format::Ndjson => (0..sheet.rows.len()).map(|it| format!("{}\n", object(sheet, it))).collect(),
        Format::Table => aligned(sheet),
        Format::Markdown => markdown(sheet),
    }
}

fn object(sheet: &Sheet, row: usize) -> Value {
    let mut object = Map::new();
    for (column, field) in sheet.columns.iter().zip(&sheet.rows[row]) {
        let value = match field {
            Field::Text(text) => Value::String(text.clone()),
            Field::Number(value) => tidy_number(*value).parse::<f64>().ok().and_then(Number::from_f64).map_or(Value::Null, Value::Number),
            Field::Count(value) => json!(value),
            Field::Bool(value) => Value::Bool(*value),
            Field::Empty => Value::Null,
        };
        object.insert(column.clone(), value);
    }
    object.extend(sheet.more[row].clone());
    Value::Object(object)
}

fn text(field: &Field) -> String {
    match field {
        Field::Text(text) => text.clone(),
        Field::Number(value) => tidy_number(*value),
        Field::Count(value) => value.to_string(),
        Field::Bool(value) => value.to_string(),
        Field::Empty => String::new(),
    }
}

fn csv(sheet: &Sheet) -> String {
    let mut out = String::new();
    let mut line = |fields: &mut dyn Iterator<Item = String>| {
        out.push_str(&fields.collect::<Vec<_>>().join(","));
        out.push('\n');
    };
    line(&mut sheet.columns.iter().map(|it| quoted(it, true)));
    for row in &sheet.rows {
        line(&mut row.iter().map(|it| quoted(&text(it), matches!(it, Field::Text(_)))));
    }
    out
}

/// A field of CSV. Text that a spreadsheet would run as a formula gets a quote before it.
fn quoted(text: &str, from_user: bool) -> String {
    let text = if from_user && text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// A table for a terminal: short numbers, aligned; the exact ones are in the other formats.
fn aligned(sheet: &Sheet) -> String {
    let shown = |field: &Field| match field {
        Field::Number(value) => short_number(*value),
        other => crate::diagnostic::harmless(&text(other)).replace(['\n', '\t'], " "),
    };
    let rows: Vec<Vec<String>> = sheet.rows.iter().map(|row| row.iter().map(shown).collect()).collect();
    // Columns that say nothing take no room.
    let used: Vec<usize> = (0..sheet.columns.len()).filter(|it| rows.iter().any(|row| !row[*it].is_empty())).collect();
    let width = |it: usize| rows.iter().map(|row| row[it].chars().count()).max().unwrap_or(0).max(sheet.columns[it].chars().count());
    let widths: Vec<usize> = used.iter().map(|it| width(*it)).collect();
    let right: Vec<bool> =
        used.iter().map(|it| sheet.rows.iter().any(|row| matches!(row[*it], Field::Number(_) | Field::Count(_)))).collect();
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

fn short_number(value: f64) -> String {
    let decimals = if value.abs() >= 1000.0 { 1 } else { 3 };
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn markdown(sheet: &Sheet) -> String {
    let escape = |it: &str| it.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;").replace('\n', " ");
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = line(sheet.columns.iter().map(|it| escape(it)).collect());
    out.push_str(&line(sheet.columns.iter().map(|_| "---".to_owned()).collect()));
    for row in &sheet.rows {
        out.push_str(&line(row.iter().map(|it| escape(&text(it))).collect()));
    }
    out
}
