//! The figures of a report as tables: CSV and JSON, with the columns that `peil eval` has.

use serde_json::{Map, Value, json};

use super::Shown;
use crate::report::Assembly;
use crate::report::view::ReportView;
use crate::tidy::{self, Format};

/// Writes the figures as CSV, one a row. What a spreadsheet would take for a formula begins with an apostrophe.
pub fn csv(from: &Assembly<'_>, shown: &Shown) -> String {
    tidy::figures(from.checked, &shown.results, Format::Csv, false)
}

/// Writes the figures as one JSON document, with what other sections show, the goals, and what the head of the page says.
pub fn json(from: &Assembly<'_>, view: &ReportView, shown: &Shown) -> String {
    let rows = |text: &str, name: &str| -> Value {
        let whole: Value = serde_json::from_str(text).unwrap_or_default();
        whole.get(name).cloned().unwrap_or_else(|| json!([]))
    };
    let kpis = shown.kpis.iter().map(|it| {
        let kpi = &from.checked.model.kpis[it.id.index()];
        json!({"kpi": kpi.name, "title": it.title, "owner": it.owner, "unit": kpi.unit.as_ref().map(crate::value::Unit::name)})
    });
    let mut whole = Map::new();
    let mut add = |key: &str, value: Value| drop(whole.insert(key.to_owned(), value));
    add("peil", json!(env!("CARGO_PKG_VERSION")));
    add("report", json!(from.report.name));
    add("organisation", json!(view.organisation));
    add("title", json!(view.title));
    add("language", json!(view.lang));
    add("period", json!(shown.period.to_string()));
    add("notice", json!(view.notice));
    add("facts", view.facts.iter().map(|it| json!({"label": it.label, "text": it.text})).collect());
    add("kpis", kpis.collect());
    add("figures", rows(&tidy::figures(from.checked, &shown.results, Format::Json, false), "figures"));
    shown.beside.iter().for_each(|it| add(&it.name, it.table.objects.clone().into()));
    add("goals", rows(&tidy::goals(from.checked, &shown.results, Format::Json), "goals"));
    format!("{:#}\n", Value::Object(whole))
}
