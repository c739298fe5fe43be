//! Tables of reasons -> a row a reason and bucket for machines; for a terminal, one table a model.

use super::{
    Field, Format, Sheet, Table, aligned, count_field, cuts_of, key_field, label_of, notes_field, number_field, owned, said, table, write,
};
use crate::calendar::Period;
use crate::check::Checked;
use crate::engine::{KeyValue, OTHER};
use crate::eval::drivers::Estimate;
use crate::plan::Bucket;
use crate::publish::{AtRisk, ReasonRow, ReasonTable, Saving};
use crate::words::Lang;
use serde_json::Map;
use std::fmt::Write;

/// Tables of reasons.
pub fn reasons(checked: &Checked, tables: &[ReasonTable], format: Format, lang: Lang) -> String {
    if format == Format::Table {
        let told: Vec<String> = tables.iter().map(|it| human(checked, it, lang)).collect();
        return told.join("\n");
    }
    write(&sheet(checked, tables), "reasons", format)
}

/// The same in every form that goes beside a report.
pub fn reasons_table(checked: &Checked, tables: &[ReasonTable]) -> Table {
    table(&sheet(checked, tables))
}

/// The estimates of a row, each with its ends.
const ESTIMATES: [&str; 7] = ["share", "of_reason", "score", "others", "contribution", "impact", "at_risk"];

fn sheet<'r>(checked: &'r Checked, tables: &'r [ReasonTable]) -> Sheet<'r> {
    let cuts = cuts_of(tables.iter().map(|it| it.cut.as_slice()));
    let mut columns: Vec<String> = ["drivers", "outcome", "period"].map(str::to_owned).to_vec();
    columns.extend(cuts.iter().map(|it| checked.model.dimensions[it.index()].name.clone()));
    columns.extend(["reason", "bucket", "named", "n"].map(str::to_owned));
    columns.extend(ESTIMATES.iter().flat_map(|it| [(*it).to_owned(), format!("{it}_low"), format!("{it}_high")]));
    columns.extend(
        ["unit", "at_risk_named", "saving", "saving_low", "saving_high", "saving_unit", "saving_period", "note"].map(str::to_owned),
    );
    let mut sheet = Sheet::new(columns);
    for table in tables {
        let drivers = &checked.model.drivers[table.drivers.index()];
        let mut add = |line: &Line<'r>| {
            let mut row = vec![said(&drivers.name), owned(super::drivers::outcome(checked, drivers))];
            row.push(owned(period(table)));
            for id in &cuts {
                let place = table.cut.iter().position(|it| it == id);
                row.push(place.and_then(|it| table.key.get(it)).map_or(Field::Empty, |it| key_field(checked, *id, it)));
            }
            line.fields(checked, table, &mut row);
            sheet.rows.push(row);
            sheet.more.push(Map::new());
        };
        let whole = Line { n: (!table.is_hidden()).then_some(table.n), bucket: Some(Bucket::All), ..Line::default() };
        add(&Line { score: table.score, risk: table.risk, saving: table.saving, ..whole });
        for reason in &table.reasons {
            add(&Line {
                reason: Some(&reason.reason),
                named: Some(reason.named),
                share: reason.share,
                score: reason.score,
                others: reason.others,
                contribution: reason.contribution,
                impact: reason.impact,
                risk: reason.risk,
                saving: reason.saving,
                ..whole
            });
            for cell in &reason.cells {
                let n = table.buckets.iter().find(|it| it.bucket == cell.bucket).map(|it| it.n);
                let line = Line { reason: Some(&reason.reason), bucket: Some(cell.bucket), named: Some(cell.named), n, ..Line::default() };
                add(&Line { share: cell.of_bucket, of_reason: cell.of_reason, ..line });
            }
        }
    }
    sheet
}

/// What one row says.
#[derive(Clone, Copy, Default)]
struct Line<'r> {
    /// None of all who name a reason.
    reason: Option<&'r str>,
    bucket: Option<Bucket>,
    named: Option<u64>,
    n: Option<u64>,
    share: Estimate,
    of_reason: Estimate,
    score: Estimate,
    others: Estimate,
    contribution: Estimate,
    impact: Estimate,
    risk: Option<AtRisk>,
    saving: Option<Saving>,
}

impl<'r> Line<'r> {
    fn fields(&self, checked: &'r Checked, table: &'r ReasonTable, row: &mut Vec<Field<'r>>) {
        row.push(self.reason.map_or(Field::Empty, |it| name(checked, table, it)));
        row.push(self.bucket.map_or(Field::Empty, |it| said(it.name())));
        row.push(count_field(self.named));
        row.push(count_field(self.n));
        let risk = self.risk.map(|it| it.share).unwrap_or_default();
        let estimates = [self.share, self.of_reason, self.score, self.others, self.contribution, self.impact, risk];
        row.extend(estimates.iter().flat_map(|it| [number_field(it.value), number_field(it.low), number_field(it.high)]));
        row.push(table.unit.as_ref().map_or(Field::Empty, |it| owned(it.name())));
        row.push(count_field(self.risk.map(|it| it.count)));
        row.push(number_field(self.saving.map(|it| it.value)));
        row.push(number_field(self.saving.and_then(|it| it.low)));
        row.push(number_field(self.saving.and_then(|it| it.high)));
        row.push(self.saving.and_then(|_| saving_unit(checked, table)).map_or(Field::Empty, owned));
        row.push(self.saving.and_then(|_| saved_over(table)).map_or(Field::Empty, owned));
        row.push(notes_field(table.notes.iter().map(|it| it.name())));
    }
}

/// A reason for machines: as it stands in the data.
fn name<'r>(checked: &Checked, table: &ReasonTable, reason: &'r str) -> Field<'r> {
    match table.dimension {
        Some(id) if reason == OTHER => {
            let lang = checked.model.project.language;
            let other = checked.model.dimensions[id.index()].other.as_ref().and_then(|it| it.get(lang)).unwrap_or("other");
            owned(other.to_owned())
        }
        _ if reason.is_empty() => said("(blank)"),
        _ => said(reason),
    }
}

/// A reason for people: its label, where a dimension has one.
fn label(checked: &Checked, table: &ReasonTable, reason: &ReasonRow, lang: Lang) -> String {
    let value = if reason.reason.is_empty() { KeyValue::Blank } else { KeyValue::Value(reason.reason.clone()) };
    table.dimension.map_or_else(|| reason.reason.to_string(), |it| label_of(checked, it, &value, lang))
}

fn saving_unit(checked: &Checked, table: &ReasonTable) -> Option<String> {
    let savings = checked.model.drivers[table.drivers.index()].savings.as_ref()?;
    checked.model.kpis[savings.value.index()].unit.as_ref().map(crate::value::Unit::name)
}

fn period(table: &ReasonTable) -> String {
    text_of(table.periods)
}

/// The periods of what could be saved.
fn saved_over(table: &ReasonTable) -> Option<String> {
    table.saved_over.map(text_of)
}

fn text_of((first, last): (Period, Period)) -> String {
    if first == last { first.to_string() } else { format!("{first}..{last}") }
}

// -- for a terminal --------------------------------------------------------------------------------------------------

fn human(checked: &Checked, table: &ReasonTable, lang: Lang) -> String {
    let drivers = &checked.model.drivers[table.drivers.index()];
    let mut out = String::new();
    let title = drivers.title.get(lang).unwrap_or(&drivers.name);
    let mut where_: Vec<String> = vec![super::drivers::outcome(checked, drivers), period(table)];
    for (id, value) in table.cut.iter().zip(table.key.iter()) {
        where_.push(format!("{} {}", checked.model.dimensions[id.index()].name, label_of(checked, *id, value, lang)));
    }
    let _ = writeln!(out, "{}: {}", crate::diagnostic::harmless(title), crate::diagnostic::harmless(&where_.join(", ")));
    if table.is_hidden() {
        let _ = writeln!(out, "  hidden by the minimum base");
        return out;
    }
    let mut facts = vec![format!("{} of {} who answered name a reason", table.n, table.answered)];
    if table.score.value.is_some() {
        let unit = table.unit.as_ref().map(|it| format!(" {}", it.name())).unwrap_or_default();
        facts.push(format!("score {}{unit}", super::drivers::with_ends(&table.score)));
    }
    if let Some(risk) = &table.risk {
        facts.push(format!("{} at risk, {} %", risk.count, super::drivers::with_ends(&risk.share)));
    }
    if let Some(saving) = &table.saving {
        // Without a window both are over all there is, which is not the same days.
        let over = saved_over(table).filter(|it| *it != period(table)).map(|it| format!(" over {it}")).unwrap_or_default();
        facts.push(format!("at most {} {} to save{over}", amount(saving), saving_unit(checked, table).unwrap_or_default()));
    }
    if table.weighted {
        facts.push("weighted".to_owned());
    }
    let _ = writeln!(out, "  {}", facts.join("; "));
    for line in aligned(&people(checked, table, lang)).lines() {
        let _ = writeln!(out, "  {line}");
    }
    for note in &table.notes {
        let _ = writeln!(out, "  note: {}", note.name());
    }
    if table.score.value.is_some() {
        let _ = writeln!(out, "  contribution: share × (score of who names it − score of all); what goes together, not proof of cause");
    }
    out
}

fn amount(it: &Saving) -> String {
    let whole = |it: f64| format!("{it:.0}");
    match (it.low, it.high) {
        (Some(low), Some(high)) => format!("{} ({} to {})", whole(it.value), whole(low), whole(high)),
        _ => whole(it.value),
    }
}

fn people<'r>(checked: &'r Checked, table: &'r ReasonTable, lang: Lang) -> Sheet<'r> {
    let mut columns: Vec<String> = ["reason", "named", "% of all", "score", "others", "contribution"].map(str::to_owned).to_vec();
    columns.extend(table.buckets.iter().map(|it| format!("% of {} (n {})", it.bucket.name(), it.n)));
    columns.extend(["% at risk", "to save"].map(str::to_owned));
    let mut sheet = Sheet::new(columns);
    let told = |it: &Estimate| {
        if it.value.is_some() { owned(super::drivers::with_ends(it)) } else { Field::Empty }
    };
    let short = |it: &Estimate| it.value.map_or(Field::Empty, |it| owned(super::drivers::rounded(it)));
    for reason in &table.reasons {
        let mut row = vec![owned(label(checked, table, reason, lang)), Field::Count(reason.named)];
        row.extend([told(&reason.share), short(&reason.score), short(&reason.others), told(&reason.contribution)]);
        for bucket in &table.buckets {
            let cell = reason.cells.iter().find(|it| it.bucket == bucket.bucket);
            row.push(cell.map_or(Field::Empty, |it| short(&it.of_bucket)));
        }
        row.push(reason.risk.map_or(Field::Empty, |it| short(&it.share)));
        row.push(reason.saving.map_or(Field::Empty, |it| owned(amount(&it))));
        sheet.rows.push(row);
    }
    sheet
}
