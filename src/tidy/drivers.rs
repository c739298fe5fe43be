//! Driver models -> a row an item or stated reason for machines; for a terminal, a text that can be read.

use super::{
    Field, Format, Sheet, Table, Value, aligned, cuts_of, key_field, label_of, notes_field, number_field, owned, said, short_number, table,
    write,
};
use crate::check::Checked;
use crate::eval::drivers::{DriverFigure, DriverNote, DriverTable, Estimate, ItemFigure, TeamShare, least_rows};
use crate::model::{Drivers, Method, asked_at};
use crate::plan::{Bucket, Performance};
use crate::publish::Results;
use crate::words::Lang;
use serde_json::{Map, json};
use std::fmt::Write;

/// The driver models of a run.
pub fn drivers(checked: &Checked, results: &Results, format: Format, lang: Lang) -> String {
    if format == Format::Table {
        return human(checked, results, lang);
    }
    write(&sheet(checked, results, format == Format::Json || format == Format::Ndjson), "drivers", format)
}

/// The same in every form that goes beside a report.
pub fn drivers_table(checked: &Checked, results: &Results) -> Table {
    table(&sheet(checked, results, true))
}

fn sheet<'r>(checked: &'r Checked, results: &'r Results, with_more: bool) -> Sheet<'r> {
    let cuts = cuts_of(results.drivers.iter().map(|it| it.table().ask.cut.as_slice()));
    let mut columns: Vec<String> = ["drivers", "outcome", "period"].map(str::to_owned).to_vec();
    columns.extend(cuts.iter().map(|it| checked.model.dimensions[it.index()].name.clone()));
    let estimates = ["importance", "share", "coefficient", "beta", "correlation", "penalty", "reward", "difference", "performance"];
    columns.extend(["method", "item", "owner", "bucket"].map(str::to_owned));
    columns.extend(estimates.iter().flat_map(|it| [(*it).to_owned(), format!("{it}_low"), format!("{it}_high")]));
    let rest = ["performance_in_model", "quadrant", "proven", "vif", "n", "n_effective", "answered", "r2", "r2_low", "r2_high", "note"];
    columns.extend(rest.map(str::to_owned));
    let mut sheet = Sheet::new(columns);
    for table in results.drivers.iter().map(|it| it.table()) {
        for model in &table.models {
            let head = Head::new(checked, table, model);
            let mut add = |line: &Line<'r>| {
                let mut row = vec![said(&head.drivers.name), owned(head.outcome.clone())];
                row.push(owned(period(model)));
                for id in &cuts {
                    let place = table.ask.cut.iter().position(|it| it == id);
                    row.push(place.and_then(|it| model.key.get(it)).map_or(Field::Empty, |it| key_field(checked, *id, it)));
                }
                line.fields(&head, &mut row);
                sheet.rows.push(row);
                sheet.more.push(if with_more { more(checked, table, model, line) } else { Map::new() });
            };
            if head.drivers.method == Method::Stated {
                for bucket in &model.reasons {
                    for reason in &bucket.reasons {
                        let line = Line { item: Some(&reason.reason), bucket: Some(bucket.bucket), n: Some(bucket.n), ..Line::default() };
                        add(&Line { importance: reason.share, difference: reason.difference, ..line });
                    }
                }
                if model.reasons.iter().all(|it| it.reasons.is_empty()) {
                    add(&Line::default());
                }
            }
            for item in &model.items {
                let name = &checked.model.sources[head.source()].columns[item.column].name;
                let line = Line { item: Some(name), of: Some(item), importance: item.importance, ..Line::default() };
                add(&Line { n: (!model.is_hidden()).then_some(model.n), ..line });
            }
        }
    }
    sheet
}

/// What all rows of a model say alike.
struct Head<'r> {
    checked: &'r Checked,
    model: &'r DriverFigure,
    drivers: &'r Drivers,
    outcome: String,
}

/// What one row says.
#[derive(Clone, Copy, Default)]
struct Line<'r> {
    item: Option<&'r str>,
    of: Option<&'r ItemFigure>,
    bucket: Option<Bucket>,
    importance: Estimate,
    difference: Estimate,
    n: Option<u64>,
}

impl<'r> Head<'r> {
    fn new(checked: &'r Checked, table: &'r DriverTable, model: &'r DriverFigure) -> Head<'r> {
        let drivers = &checked.model.drivers[table.ask.drivers.index()];
        Head { checked, model, drivers, outcome: outcome(checked, drivers) }
    }

    fn source(&self) -> usize {
        self.drivers.answer.map_or(0, |it| it.source.index())
    }
}

impl<'r> Line<'r> {
    fn fields(&self, head: &Head<'r>, row: &mut Vec<Field<'r>>) {
        let model = head.model;
        row.push(said(head.drivers.method.name()));
        row.push(self.item.map_or(Field::Empty, said));
        let owner = self.of.map(|it| owners(head.checked, head.drivers, it.column)).filter(|it| !it.is_empty());
        row.push(owner.map_or(Field::Empty, owned));
        row.push(self.bucket.map_or(Field::Empty, |it| said(it.name())));
        let of = |take: &dyn Fn(&ItemFigure) -> Estimate| self.of.map(take).unwrap_or_default();
        let estimates = [
            self.importance,
            of(&|it| it.share),
            of(&|it| it.coefficient),
            of(&|it| it.beta),
            of(&|it| it.correlation),
            of(&|it| it.penalty.unwrap_or_default()),
            of(&|it| it.reward.unwrap_or_default()),
            self.difference,
            of(&|it| it.performance),
        ];
        row.extend(estimates.iter().flat_map(|it| [number_field(it.value), number_field(it.low), number_field(it.high)]));
        row.push(number_field(self.of.and_then(|it| it.performance_in_model)));
        let quadrant = self.of.and_then(|it| it.quadrant);
        row.push(quadrant.map_or(Field::Empty, |it| said(it.name())));
        row.push(self.of.filter(|_| quadrant.is_some()).map_or(Field::Empty, |it| Field::Bool(it.proven)));
        row.push(number_field(self.of.and_then(|it| it.inflation)));
        row.push(self.n.map_or(Field::Empty, Field::Count));
        row.push(number_field(model.n_effective));
        row.push(if model.is_hidden() { Field::Empty } else { Field::Count(model.answered) });
        row.extend([model.r2.value, model.r2.low, model.r2.high].map(number_field));
        let singular = self.of.and_then(|it| it.singular).map(singular_word);
        row.push(notes_field(model.notes.iter().map(|it| it.name()).chain(singular)));
    }
}

fn singular_word(it: crate::eval::drivers::Singular) -> &'static str {
    match it {
        crate::eval::drivers::Singular::Constant => "left out: the same in all rows",
        crate::eval::drivers::Singular::Combination => "left out: made up by items before it",
    }
}

fn tidy(it: Option<f64>) -> Value {
    it.map_or(Value::Null, super::number)
}

/// What JSON says besides: errors, how R² is shared out, and what rows lack.
fn more(checked: &Checked, table: &DriverTable, model: &DriverFigure, line: &Line<'_>) -> Map<String, Value> {
    let mut more = Map::new();
    let mut errors = Map::new();
    let mut error = |name: &str, it: Option<Estimate>| {
        if let Some(it) = it.filter(|it| it.value.is_some()) {
            errors.insert(name.to_owned(), tidy(it.se));
        }
    };
    error("importance", Some(line.importance));
    error("share", line.of.map(|it| it.share));
    error("coefficient", line.of.map(|it| it.coefficient));
    error("correlation", line.of.map(|it| it.correlation));
    error("performance", line.of.map(|it| it.performance));
    error("r2", Some(model.r2));
    error("constant", model.constant);
    more.insert("se".to_owned(), Value::Object(errors));
    if line.of.is_some() {
        more.insert("shared_by".to_owned(), json!(table.shared_by.name()));
        more.insert("performance_is".to_owned(), json!(performance_name(table.performance)));
        more.insert("item_answered".to_owned(), if model.is_hidden() { Value::Null } else { json!(line.of.map(|it| it.answered)) });
        let lacking: Vec<Value> = model
            .loss
            .iter()
            .map(|it| json!({"lack": if it.items.is_empty() { json!("more than three") } else { json!(names(checked, table, &it.items)) }, "rows": it.rows}))
            .collect();
        let team = |it: &TeamShare| {
            let name = &checked.model.project.teams[it.team.index()].name;
            json!({"team": name, "share": tidy(it.share.value), "low": tidy(it.share.low), "high": tidy(it.share.high)})
        };
        if let Some(constant) = model.constant {
            more.insert("constant".to_owned(), tidy(constant.value));
        }
        more.insert("teams".to_owned(), model.teams.iter().map(team).collect());
        more.insert("lost".to_owned(), Value::Array(lacking));
    }
    more
}

fn names<'r>(checked: &'r Checked, table: &DriverTable, items: &[usize]) -> Vec<&'r str> {
    let drivers = &checked.model.drivers[table.ask.drivers.index()];
    let columns = drivers.answer.map(|it| &checked.model.sources[it.source.index()].columns);
    let name = |at: &usize| Some(columns.ok()?[drivers.items.get(*at)?.column].name.as_str());
    items.iter().filter_map(name).collect()
}

fn performance_name(it: Performance) -> &'static str {
    match it {
        Performance::TopTwo => "top 2",
        Performance::Index => "index",
    }
}

pub(super) fn outcome(checked: &Checked, drivers: &Drivers) -> String {
    drivers.outcome.as_ref().map_or_else(String::new, |it| checked.model.kpi_text(it.kpi, it.part.as_ref()))
}

/// The teams whose touchpoints ask an item.
fn owners(checked: &Checked, drivers: &Drivers, column: usize) -> String {
    let model = &checked.model;
    let Ok(answer) = drivers.answer else { return String::new() };
    let mut teams: Vec<&str> = Vec::new();
    for it in asked_at(model, answer.source, column) {
        let team = model.touchpoints[it.index()].owner.map(|it| model.project.teams[it.index()].name.as_str());
        teams.extend(team.filter(|it| !teams.contains(it)));
    }
    teams.join(", ")
}

/// The period, or the first and last of several.
fn period(model: &DriverFigure) -> String {
    let (first, last) = model.periods;
    if first == last { first.to_string() } else { format!("{first}..{last}") }
}

// -- for a terminal --------------------------------------------------------------------------------------------------

fn human(checked: &Checked, results: &Results, lang: Lang) -> String {
    let mut out = String::new();
    for table in results.drivers.iter().map(|it| it.table()) {
        for model in &table.models {
            if !out.is_empty() {
                out.push('\n');
            }
            one(checked, table, model, lang, &mut out);
        }
    }
    out
}

fn one(checked: &Checked, table: &DriverTable, model: &DriverFigure, lang: Lang, out: &mut String) {
    let drivers = &checked.model.drivers[table.ask.drivers.index()];
    let title = drivers.title.get(lang).unwrap_or(&drivers.name);
    let mut where_: Vec<String> = vec![outcome(checked, drivers), period(model)];
    for (id, value) in table.ask.cut.iter().zip(model.key.iter()) {
        where_.push(format!("{} {}", checked.model.dimensions[id.index()].name, label_of(checked, *id, value, lang)));
    }
    let _ = writeln!(out, "{}: {}", crate::diagnostic::harmless(title), crate::diagnostic::harmless(&where_.join(", ")));
    if model.is_hidden() {
        let _ = writeln!(out, "  {}", DriverNote::Hidden.name());
        return;
    }
    let stated = drivers.method == Method::Stated;
    let mut facts: Vec<String> = Vec::new();
    facts.push(if stated {
        format!("{} of {} who answered name a reason", model.n, model.answered)
    } else {
        format!("{} of {} who answered it answered all items", model.n, model.answered)
    });
    if let Some(r2) = model.r2.value {
        facts.push(format!("R2 {}{}", short_number(r2), between(&model.r2, 1.0)));
    }
    facts.push(format!("method {}", drivers.method.name()));
    if table.weighted {
        facts.push("weighted".to_owned());
    }
    let _ = writeln!(out, "  {}", facts.join("; "));
    let sheet = if stated { reasons_sheet(model) } else { items_sheet(checked, table, model) };
    if !sheet.rows.is_empty() {
        for line in aligned(&sheet).lines() {
            let _ = writeln!(out, "  {line}");
        }
    }
    if !model.teams.is_empty() {
        let name = |it: &TeamShare| checked.model.project.teams[it.team.index()].name.as_str();
        let teams =
            model.teams.iter().map(|it| format!("{} {}{}", name(it), rounded(it.share.value.unwrap_or(0.0)), between(&it.share, 1.0)));
        let _ = writeln!(out, "  % of R2 by team: {}", teams.collect::<Vec<_>>().join("; "));
    }
    for loss in model.loss.iter().take(5) {
        let lack = if loss.items.is_empty() { "more than three items".to_owned() } else { names(checked, table, &loss.items).join(", ") };
        let _ = writeln!(out, "  {} left out: no answer to {lack}", loss.rows);
    }
    if model.loss.len() > 5 {
        let rest: u64 = model.loss[5..].iter().map(|it| it.rows).sum();
        let _ = writeln!(out, "  {rest} left out: no answer to other items");
    }
    for note in &model.notes {
        let more = if *note == DriverNote::FewRows { format!(" ({} here)", least_rows(model.items.len())) } else { String::new() };
        let _ = writeln!(out, "  note: {}{more}", note.name());
    }
    if !stated && model.r2.value.is_some() {
        let _ = writeln!(out, "  ? within its interval; association, not proof of cause");
    }
}

fn between(it: &Estimate, factor: f64) -> String {
    match (it.low, it.high) {
        (Some(low), Some(high)) => format!(" ({} to {})", rounded(low * factor), rounded(high * factor)),
        _ => String::new(),
    }
}

/// A figure for a terminal: two digits behind the point where it is small, one elsewhere.
pub(super) fn rounded(value: f64) -> String {
    let text = if value.abs() < 2.0 { format!("{value:.2}") } else { format!("{value:.1}") };
    if text.trim_start_matches('-').bytes().all(|it| it == b'0' || it == b'.') { text.trim_start_matches('-').to_owned() } else { text }
}

/// A figure with its ends, where it has them.
pub(super) fn with_ends(it: &Estimate) -> String {
    it.value.map(|value| format!("{}{}", rounded(value), between(it, 1.0))).unwrap_or_default()
}

fn with_interval(it: &Estimate) -> Field<'static> {
    if it.value.is_some() { owned(with_ends(it)) } else { Field::Empty }
}

fn items_sheet<'r>(checked: &'r Checked, table: &'r DriverTable, model: &'r DriverFigure) -> Sheet<'r> {
    let drivers = &checked.model.drivers[table.ask.drivers.index()];
    let own = match drivers.method {
        Method::Correlation | Method::Lmg | Method::Johnson | Method::Stated => None,
        Method::Ols => Some("beta"),
        Method::PenaltyReward => Some("penalty, reward"),
    };
    let mut columns = vec!["item".to_owned(), "owner".to_owned(), "% of R2".to_owned()];
    columns.extend(own.map(str::to_owned));
    columns.extend(["coefficient", "r", performance_name(table.performance), "quadrant", "VIF"].map(str::to_owned));
    let mut sheet = Sheet::new(columns);
    let source = drivers.answer.map_or(0, |it| it.source.index());
    let mut items: Vec<&ItemFigure> = model.items.iter().collect();
    items.sort_by(|a, b| b.share.value.unwrap_or(-1.0).total_cmp(&a.share.value.unwrap_or(-1.0)));
    for item in items {
        let name = &checked.model.sources[source].columns[item.column].name;
        let mut row = vec![said(name), owned(owners(checked, drivers, item.column)), with_interval(&item.share)];
        match drivers.method {
            Method::Ols => row.push(with_interval(&item.beta)),
            Method::PenaltyReward => {
                let text = |it: Option<Estimate>| it.and_then(|it| it.value).map_or("none".to_owned(), rounded);
                row.push(owned(format!("{}, {}", text(item.penalty), text(item.reward))));
            }
            _ => {}
        }
        row.push(with_interval(&item.coefficient));
        row.push(item.correlation.value.map_or(Field::Empty, |it| owned(rounded(it))));
        row.push(with_interval(&item.performance));
        row.push(match (item.singular, item.quadrant) {
            (Some(it), _) => said(singular_word(it)),
            (None, Some(it)) => owned(if item.proven { it.name().to_owned() } else { format!("{}?", it.name()) }),
            _ => Field::Empty,
        });
        row.push(item.inflation.map_or(Field::Empty, |it| owned(format!("{it:.1}"))));
        sheet.rows.push(row);
    }
    sheet
}

fn reasons_sheet(model: &DriverFigure) -> Sheet<'_> {
    let mut columns = vec!["reason".to_owned()];
    columns.extend(model.reasons.iter().map(|it| format!("% of {} (n {})", it.bucket.name(), it.n)));
    columns.push("difference".to_owned());
    let mut sheet = Sheet::new(columns);
    let Some(all) = model.reasons.iter().find(|it| it.bucket == Bucket::All) else { return sheet };
    for reason in &all.reasons {
        let mut row = vec![said(&reason.reason)];
        for bucket in &model.reasons {
            let own = bucket.reasons.iter().find(|it| it.reason == reason.reason);
            row.push(match own {
                Some(it) if bucket.bucket == Bucket::All => with_interval(&it.share),
                Some(it) => it.share.value.map_or(Field::Empty, |it| owned(rounded(it))),
                None if bucket.n > 0 => said("0"),
                None => Field::Empty,
            });
        }
        row.push(with_interval(&reason.difference));
        sheet.rows.push(row);
    }
    sheet
}
