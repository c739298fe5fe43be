//! Results -> tables for machines and terminals: one row a figure (R26), the same columns in every format.

mod actions;
mod chain;
mod compare;
mod distribution;
mod drivers;
mod findings;
mod goal_why;
mod grid;
mod incentives;
mod index;
mod influence;
mod lifecycle;
mod reasons;
mod sheet;
mod whatif;
mod why;

pub use actions::{actions, actions_table};
pub use chain::{chain, chain_table};
pub use compare::made_otherwise;
pub use distribution::{answers_across, distributions, distributions_table};
pub use drivers::{drivers, drivers_table};
pub use findings::{findings, findings_table};
pub use goal_why::goal_why;
pub use grid::{Cell, Grid, Table, figure_grid, goal_grid, table_of};
pub use incentives::{incentives, incentives_table};
pub use index::{index, index_table};
pub use influence::influence;
pub use lifecycle::{lifecycle, lifecycle_table};
pub use reasons::{reasons, reasons_table};
pub use sheet::{Format, short_number};
pub use whatif::{GOAL_UNKNOWN, MEANING, whatif, whatif_note, whatif_table};
pub use why::{why, why_table};

use crate::calendar::Period;
use crate::check::Checked;
use crate::engine::{KeyValue, OTHER};
use crate::eval::ForecastModel;
use crate::model::{DimensionId, GoalKind, KpiId, RowExpr};
use crate::publish::{ResultRow, Results};
use crate::words::Lang;
use compare::refused;
use grid::table;
use serde_json::{Map, Value, json};
use sheet::{
    Field, Sheet, aligned, count_field, csv, csv_field, csv_line, csv_text, notes_field, number, number_field, owned, probability_field,
    said, text, write,
};
use std::borrow::Cow;
use std::sync::Arc;

/// The figures of a run. What a comparison can find at least stands in what machines read, and where it is asked for in
/// what people do.
pub fn figures(checked: &Checked, results: &Results, format: Format, detectable: bool) -> String {
    let tables = results.tables.iter().map(|it| (it.kpi, it.part.as_ref(), it.cut.as_slice()));
    let compares = results.tables.iter().any(|it| it.against.is_some());
    if format == Format::Csv && !compares {
        let mut lines = Lines::new(checked, tables);
        for (at, table) in results.tables.iter().enumerate() {
            table.rows.iter().for_each(|it| lines.add(at, it));
        }
        return lines.finish().concat();
    }
    let heads: Vec<Head> = tables.map(|(kpi, part, cut)| Head::new(checked, kpi, part, cut)).collect();
    let mut sheet = figure_sheet(checked, results, &heads, format == Format::Json || format == Format::Ndjson);
    if !detectable && matches!(format, Format::Table | Format::Markdown) {
        sheet.leave_out(compare::DETECTABLE);
    }
    write(&sheet, "figures", format)
}

/// The figures of a run in every form that goes beside a report.
pub fn figures_table(checked: &Checked, results: &Results) -> Table {
    let heads: Vec<Head> = results.tables.iter().map(|it| Head::new(checked, it.kpi, it.part.as_ref(), &it.cut)).collect();
    table(&figure_sheet(checked, results, &heads, true))
}

/// The figures of a run as a table, each table of them with its head; `whole` with the further fields of JSON.
fn figure_sheet<'r>(checked: &'r Checked, results: &'r Results, heads: &'r [Head], whole: bool) -> Sheet<'r> {
    let compares = results.tables.iter().any(|it| it.against.is_some());
    let cuts = cuts(heads);
    let mut sheet = Sheet::new(figure_columns(checked, &cuts));
    if compares {
        sheet.columns.extend(compare::COLUMNS.map(str::to_owned));
    }
    for (table, head) in results.tables.iter().zip(heads) {
        for row in &table.rows {
            let mut fields = Vec::with_capacity(sheet.columns.len());
            let period = owned(row.period.to_string());
            fields.push(said(&head.name));
            fields.push(period);
            key_fields(checked, head, &row.key, &cuts, &mut |it| fields.push(it));
            figure_fields(head, row, &mut |it| fields.push(it));
            let mut more = if whole { more(head, row) } else { Map::new() };
            if compares {
                compare::add(checked, table, row, &mut fields, &mut more);
            }
            sheet.rows.push(fields);
            sheet.more.push(more);
        }
    }
    sheet
}

/// Figures as CSV, while they are computed: there may be more of them than is kept at a time.
pub struct Lines<'c> {
    checked: &'c Checked,
    heads: Vec<Head>,
    cuts: Vec<DimensionId>,
    /// The lines of each table.
    texts: Vec<String>,
    /// The period of the last row: rows of one period come one after the other.
    period: (Period, String),
    /// The key of the last row, how it is cut, and its text: so do rows of one key.
    key: Option<(Arc<[KeyValue]>, Vec<DimensionId>, String)>,
}

impl<'c> Lines<'c> {
    /// No lines yet of these tables, each a KPI, perhaps a part of one, and what it is cut by.
    pub fn new<'t>(checked: &'c Checked, tables: impl Iterator<Item = (KpiId, Option<&'t RowExpr>, &'t [DimensionId])>) -> Lines<'c> {
        let heads: Vec<Head> = tables.map(|(kpi, part, cut)| Head::new(checked, kpi, part, cut)).collect();
        let period = (Period::ALL, Period::ALL.to_string());
        Lines { checked, cuts: cuts(&heads), texts: heads.iter().map(|_| String::new()).collect(), heads, period, key: None }
    }

    /// Adds the next row of a table.
    pub fn add(&mut self, table: usize, row: &ResultRow) {
        if self.period.0 != row.period {
            self.period = (row.period, row.period.to_string());
        }
        let head = &self.heads[table];
        if !self.key.as_ref().is_some_and(|(key, cut, _)| Arc::ptr_eq(key, &row.key) && *cut == head.cut) {
            let mut text = String::new();
            key_fields(self.checked, head, &row.key, &self.cuts, &mut |it| {
                csv_field(&it, &mut text);
                text.push(',');
            });
            self.key = Some((row.key.clone(), head.cut.clone(), text));
        }
        let out = &mut self.texts[table];
        csv_text(&head.name, out);
        out.push(',');
        out.push_str(&self.period.1);
        out.push(',');
        out.push_str(self.key.as_ref().map_or("", |it| &it.2));
        let mut comma = false;
        figure_fields(head, row, &mut |it| {
            if comma {
                out.push(',');
            }
            comma = true;
            csv_field(&it, out);
        });
        out.push('\n');
    }

    /// The whole text, in pieces.
    pub fn finish(self) -> Vec<String> {
        let columns: Vec<Field<'_>> = figure_columns(self.checked, &self.cuts).into_iter().map(owned).collect();
        let mut pieces = vec![String::new()];
        csv_line(&columns, &mut pieces[0]);
        pieces.extend(self.texts);
        pieces
    }
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

fn key_field<'r>(checked: &'r Checked, dimension: DimensionId, value: &'r KeyValue) -> Field<'r> {
    let dimension = &checked.model.dimensions[dimension.index()];
    said(match value {
        KeyValue::Blank => "(blank)",
        KeyValue::Value(text) if **text == *OTHER => {
            let lang = checked.model.project.language;
            dimension.other.as_ref().and_then(|it| it.get(lang)).unwrap_or("other")
        }
        KeyValue::Value(text) => text,
    })
}

/// The dimensions that any table is cut by, in the order in which they come.
fn cuts(heads: &[Head]) -> Vec<DimensionId> {
    cuts_of(heads.iter().map(|it| it.cut.as_slice()))
}

fn cuts_of<'t>(tables: impl Iterator<Item = &'t [DimensionId]>) -> Vec<DimensionId> {
    let mut cuts: Vec<DimensionId> = Vec::new();
    for id in tables.flatten() {
        if !cuts.contains(id) {
            cuts.push(*id);
        }
    }
    cuts
}

fn figure_columns(checked: &Checked, cuts: &[DimensionId]) -> Vec<String> {
    let mut columns: Vec<String> = vec!["kpi".to_owned(), "period".to_owned()];
    columns.extend(cuts.iter().map(|it| checked.model.dimensions[it.index()].name.clone()));
    let rest = ["value", "unit", "n", "n_effective", "se", "low", "high", "target", "satisfaction", "status", "proven", "note"];
    columns.extend(rest.map(str::to_owned));
    columns
}

/// What all rows of a table say alike.
struct Head {
    name: String,
    unit: String,
    cut: Vec<DimensionId>,
    /// The names of the assumptions that it rests on.
    assumptions: Vec<String>,
}

impl Head {
    fn new(checked: &Checked, kpi: KpiId, part: Option<&RowExpr>, cut: &[DimensionId]) -> Head {
        let assumptions = checked.assumptions_of(kpi).iter().map(|it| checked.model.assumptions[it.index()].name.clone()).collect();
        let name = checked.model.kpi_text(kpi, part);
        let kpi = &checked.model.kpis[kpi.index()];
        Head { name, unit: kpi.unit.as_ref().map(crate::value::Unit::name).unwrap_or_default(), cut: cut.to_vec(), assumptions }
    }
}

/// The fields of a row's key, one for each dimension that any table is cut by.
fn key_fields<'r>(checked: &'r Checked, head: &Head, key: &'r [KeyValue], cuts: &[DimensionId], each: &mut impl FnMut(Field<'r>)) {
    for id in cuts {
        let place = head.cut.iter().position(|it| it == id);
        each(place.and_then(|it| key.get(it)).map_or(Field::Empty, |it| key_field(checked, *id, it)));
    }
}

/// The fields of a row behind its key, one after the other.
fn figure_fields<'r>(head: &'r Head, row: &'r ResultRow, each: &mut impl FnMut(Field<'r>)) {
    each(number_field(row.value));
    each(said(&head.unit));
    each(row.n.map_or(Field::Empty, Field::Count));
    each(number_field(row.n_effective));
    each(number_field(row.se));
    each(number_field(row.low));
    each(number_field(row.high));
    each(number_field(row.judged.target));
    each(number_field(row.judged.satisfaction));
    each(said(row.judged.status.name()));
    each(row.judged.proven.map_or(Field::Empty, Field::Bool));
    each(match row.notes.as_slice() {
        _ if !head.assumptions.is_empty() && row.value.is_some() => {
            let assumes = Cow::Owned(format!("assumes {}", head.assumptions.join(", ")));
            notes_field(row.said_notes().chain([assumes]))
        }
        _ if row.instead.is_some() => notes_field(row.said_notes()),
        // Millions of rows may have one.
        [one] => said(one.name()),
        several => notes_field(several.iter().map(|it| it.name())),
    });
}

fn more(head: &Head, row: &ResultRow) -> Map<String, Value> {
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
            "unobserved": it.unobserved,
        })
    });
    more.insert("left_out".to_owned(), left.unwrap_or(Value::Null));
    if row.bases.len() > 1 {
        more.insert("bases".to_owned(), json!(row.bases));
    }
    if let Some(instead) = &row.instead {
        let held = instead.held.iter().map(|(of, from)| json!({"of": of, "from": from.to_string()}));
        more.insert("held".to_owned(), held.collect());
        more.insert("without".to_owned(), json!(instead.without));
    }
    if !head.assumptions.is_empty() {
        let ends = |it: (f64, f64)| json!({"low": number(it.0), "high": number(it.1)});
        more.insert("assumptions".to_owned(), json!(head.assumptions));
        more.insert("range".to_owned(), row.assumed.as_ref().map_or(Value::Null, |it| ends(it.range)));
        more.insert("interval".to_owned(), row.assumed.as_ref().and_then(|it| it.interval).map_or(Value::Null, ends));
    }
    if let Some(model) = &row.model {
        more.insert("model".to_owned(), model_fields(model));
    }
    more
}

/// The models of a forecast: their parameters, times in days.
fn model_fields(model: &ForecastModel) -> Value {
    let mut fields = json!({
        "customers": model.customers,
        "came_again": model.again,
        "r": number(model.buying.r),
        "alpha": number(model.buying.alpha),
        "a": number(model.buying.a),
        "b": number(model.buying.b),
        "log_likelihood": number(model.buying.log_likelihood),
    });
    if let (Some((spending, correlation)), Some(map)) = (&model.spending, fields.as_object_mut()) {
        map.insert("p".to_owned(), number(spending.p));
        map.insert("q".to_owned(), number(spending.q));
        map.insert("gamma".to_owned(), number(spending.gamma));
        map.insert("log_likelihood_of_amounts".to_owned(), number(spending.log_likelihood));
        map.insert("correlation".to_owned(), number(*correlation));
    }
    fields
}

fn goal_sheet<'r>(checked: &'r Checked, results: &Results) -> Sheet<'r> {
    let columns = ["goal", "kind", "period", "satisfaction", "low", "high", "coverage", "own", "below", "status", "proven", "note"];
    let mut sheet = Sheet::new(columns);
    for period in &results.goals {
        for it in &period.figures {
            let goal = &checked.model.goals[it.goal.index()];
            let kind = if goal.kind == GoalKind::Business { "business" } else { "customer" };
            let note = if it.coverage < 100.0 { said("not all parts are known") } else { Field::Empty };
            sheet.rows.push(vec![
                said(&goal.name),
                said(kind),
                owned(it.period.to_string()),
                number_field(it.satisfaction),
                Field::Number(it.low),
                Field::Number(it.high),
                Field::Number(it.coverage),
                number_field(it.own),
                number_field(it.below),
                said(it.status.name()),
                it.proven.map_or(Field::Empty, Field::Bool),
                note,
            ]);
            sheet.more.push(Map::new());
        }
    }
    sheet
}
