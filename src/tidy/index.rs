//! What an index is worth, a row for each part, each other weighting, each ranked unit and each internal figure.

use super::{Field, Format, Sheet, Table, key_field, number_field, owned, said, table, write};
use crate::check::Checked;
use crate::model::DimensionId;
use crate::publish::{IndexResult, Scenario, ScenarioKind};
use serde_json::{Map, json};

const COLUMNS: [&str; 19] = [
    "index",
    "period",
    "kind",
    "name",
    "weight",
    "value",
    "change",
    "satisfaction",
    "status",
    "rank",
    "best_rank",
    "worst_rank",
    "lag",
    "r",
    "n",
    "n_effective",
    "p",
    "p_adjusted",
    "note",
];

/// What an index is worth; `cut` is by what it is ranked, empty where by period.
pub fn index(checked: &Checked, cut: &[DimensionId], found: &IndexResult, format: Format) -> String {
    write(&sheet(checked, cut, found), "index", format)
}

/// The same in every form that goes beside a report.
pub fn index_table(checked: &Checked, cut: &[DimensionId], found: &IndexResult) -> Table {
    table(&sheet(checked, cut, found))
}

fn sheet(checked: &Checked, cut: &[DimensionId], found: &IndexResult) -> Sheet<'static> {
    let mut sheet = Sheet::new(COLUMNS);
    let model = &checked.model;
    let name = &model.kpis[found.kpi.index()].name;
    let mut push = |kind: &'static str, named: String, fields: Vec<(&str, Field<'_>)>, more: Map<String, serde_json::Value>| {
        let mut row = vec![Field::Empty; COLUMNS.len()];
        row[0] = owned(name.clone());
        row[1] = owned(found.period.to_string());
        row[2] = said(kind);
        row[3] = owned(named);
        for (column, field) in fields {
            if let Some(at) = COLUMNS.iter().position(|it| *it == column) {
                row[at] = field.into_owned();
            }
        }
        sheet.rows.push(row);
        sheet.more.push(more);
    };
    let mut whole = vec![("value", number_field(found.value)), ("status", said(found.status.name()))];
    let lacking = found.lacking();
    let mut notes = Vec::new();
    if !lacking.is_empty() {
        notes.push(format!("no other weights: no value of {}", lacking.join(", ")));
    }
    if found.other_definition > 0 {
        notes.push(format!("{} of another definition without a rank", found.other_definition));
    }
    if !notes.is_empty() {
        whole.push(("note", owned(notes.join("; "))));
    }
    push("index", name.clone(), whole, Map::new());
    for it in &found.parts {
        push("part", it.name.clone(), vec![("weight", Field::Number(it.weight)), ("value", number_field(it.value))], Map::new());
    }
    for it in &found.scenarios {
        let fields = vec![
            ("value", Field::Number(it.value)),
            ("change", Field::Number(it.change)),
            ("satisfaction", number_field(it.satisfaction)),
            ("status", said(it.status.name())),
            ("note", owned(format!("{} of {} ranks move, by {} at most", it.moved, found.units.len(), it.furthest))),
        ];
        let mut more = Map::new();
        more.insert("weights".to_owned(), json!(it.weights.iter().map(|it| super::number(*it)).collect::<Vec<_>>()));
        push("weights", called(found, it), fields, more);
    }
    for it in &found.units {
        let named = if cut.is_empty() {
            it.period.to_string()
        } else {
            let values = cut.iter().zip(it.key.iter()).map(|(id, value)| super::text(&key_field(checked, *id, value)));
            values.collect::<Vec<_>>().join(", ")
        };
        let rank = |it: usize| Field::Count(it as u64);
        let fields =
            vec![("value", Field::Number(it.value)), ("rank", rank(it.rank)), ("best_rank", rank(it.best)), ("worst_rank", rank(it.worst))];
        push("unit", named, fields, Map::new());
    }
    for it in &found.relations {
        let fields = vec![
            ("lag", Field::Count(it.lag as u64)),
            ("r", Field::Number(it.r)),
            ("n", Field::Count(it.n as u64)),
            ("n_effective", Field::Number(it.n_effective)),
            ("p", Field::Probability(it.p)),
            ("p_adjusted", Field::Probability(it.adjusted)),
            ("note", said(if it.signal { "signal" } else { "noise" })),
        ];
        push("relation", model.kpis[it.kpi.index()].name.clone(), fields, Map::new());
    }
    for (kpi, shared) in &found.untested {
        let fields = vec![("n", Field::Count(*shared as u64)), ("note", said("too few periods, or no variation"))];
        push("relation", model.kpis[kpi.index()].name.clone(), fields, Map::new());
    }
    sheet
}

fn called(found: &IndexResult, it: &Scenario) -> String {
    let part = |at: usize| &found.parts[at].name;
    match it.kind {
        ScenarioKind::Equal => "equal".to_owned(),
        ScenarioKind::More(at) => format!("{} +10", part(at)),
        ScenarioKind::Less(at) => format!("{} -10", part(at)),
        ScenarioKind::Without(at) => format!("without {}", part(at)),
    }
}
