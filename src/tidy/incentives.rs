//! What incentives pay -> a row a part, condition and total for machines; for a terminal, a sheet that can be read.

use super::{Field, Format, Sheet, Table, aligned, notes_field, number_field, owned, said, short_number, table, write};
use crate::check::Checked;
use crate::eval::{Note, Withheld};
use crate::model::{Incentive, KpiRef, Model, PayOn, Requirement};
use crate::publish::{Changed, IncentiveResult, PaidPeriod, ResultRow};
use crate::value::Unit;
use crate::words::Lang;
use serde_json::Map;
use std::borrow::Cow;
use std::fmt::Write;

const COLUMNS: [&str; 18] = [
    "incentive",
    "team",
    "period",
    "earlier",
    "kind",
    "kpi",
    "value",
    "unit",
    "n",
    "low",
    "high",
    "paid_on",
    "payout",
    "weight",
    "weighted",
    "condition",
    "met",
    "note",
];

/// What incentives pay, and would have paid in earlier periods.
pub fn incentives(checked: &Checked, results: &[IncentiveResult], format: Format, lang: Lang) -> String {
    if format == Format::Table {
        let sheets: Vec<String> = results.iter().map(|it| human(checked, it, lang)).collect();
        return sheets.join("\n");
    }
    write(&sheet(checked, results), "incentives", format)
}

/// The same in every form that goes beside a report.
pub fn incentives_table(checked: &Checked, results: &[IncentiveResult]) -> Table {
    table(&sheet(checked, results))
}

fn sheet<'r>(checked: &'r Checked, results: &'r [IncentiveResult]) -> Sheet<'r> {
    let mut sheet = Sheet::new(COLUMNS);
    for result in results {
        let incentive = &checked.model.incentives[result.incentive];
        rows(checked, incentive, &result.own, When::Own(result.changed.as_ref()), &mut sheet);
        result.earlier.iter().for_each(|it| rows(checked, incentive, it, When::Earlier, &mut sheet));
    }
    sheet
}

/// Whether a period is that of the incentive, with why earlier ones are left out, or an earlier one.
#[derive(Clone, Copy)]
enum When<'r> {
    Own(Option<&'r Changed>),
    Earlier,
}

fn rows<'r>(checked: &'r Checked, incentive: &'r Incentive, paid: &'r PaidPeriod, when: When<'_>, sheet: &mut Sheet<'r>) {
    let model = &checked.model;
    let team = incentive.team.map_or("", |it| model.project.teams[it.index()].name.as_str());
    let mut add = |kind: &'static str, rest: Vec<Field<'r>>| {
        let period = owned(paid.period.to_string());
        let earlier = Field::Bool(matches!(when, When::Earlier));
        let mut row = vec![said(&incentive.name), said(team), period, earlier, said(kind)];
        row.extend(rest);
        sheet.rows.push(row);
        sheet.more.push(Map::new());
    };
    for ((part, pay), row) in incentive.parts.iter().zip(&paid.pay.parts).zip(&paid.parts) {
        let mut fields = figure(model, &part.of, row.as_ref());
        fields.extend([number_field(pay.paid_on), Field::Number(pay.payout), Field::Number(pay.weight), Field::Number(pay.weighted())]);
        fields.extend([Field::Empty, Field::Empty, note(pay.withheld, row.as_ref())]);
        add("part", fields);
    }
    for ((condition, held), row) in incentive.conditions.iter().zip(&paid.pay.conditions).zip(&paid.conditions) {
        let mut fields = figure(model, &condition.of, row.as_ref());
        fields.extend([Field::Empty, Field::Empty, Field::Empty, Field::Empty, owned(asked(condition))]);
        fields.extend([met(held.met), note(held.withheld, row.as_ref())]);
        add("condition", fields);
    }
    let mut fields = vec![Field::Empty; 7];
    fields.extend([Field::Number(paid.pay.total), Field::Empty, Field::Empty, Field::Empty]);
    let conditional = !incentive.conditions.is_empty();
    let mut remarks = remarks(model, incentive, paid);
    if let When::Own(Some(changed)) = when {
        remarks.push(format!("earlier periods are left out: {}", left_out(model, changed)));
    }
    fields.extend([if conditional { met(paid.pay.met) } else { Field::Empty }, notes_field(remarks)]);
    add("total", fields);
}

/// The figure that a part or a condition is about.
fn figure<'r>(model: &Model, of: &KpiRef, row: Option<&ResultRow>) -> Vec<Field<'r>> {
    let unit = model.kpis[of.kpi.index()].unit.as_ref().map(Unit::name).unwrap_or_default();
    let take = |it: &dyn Fn(&ResultRow) -> Option<f64>| number_field(row.and_then(it));
    vec![
        owned(model.kpi_text(of.kpi, of.part.as_ref())),
        take(&|it| it.value),
        owned(unit),
        row.and_then(|it| it.n).map_or(Field::Empty, Field::Count),
        take(&|it| it.low),
        take(&|it| it.high),
    ]
}

fn met<'r>(it: Option<bool>) -> Field<'r> {
    said(match it {
        Some(true) => "met",
        Some(false) => "not met",
        None => "unknown",
    })
}

/// Why a figure pays nothing, and what else is to be known of it.
fn note<'r>(withheld: Option<Withheld>, row: Option<&ResultRow>) -> Field<'r> {
    let notes = row.into_iter().filter(|it| !it.notes.contains(&Note::Hidden)).flat_map(ResultRow::said_notes);
    notes_field(withheld.map(|it| Cow::Borrowed(it.name())).into_iter().chain(notes))
}

/// What is to be known of a total.
fn remarks(model: &Model, incentive: &Incentive, paid: &PaidPeriod) -> Vec<String> {
    let mut list = Vec::new();
    let of = |wanted: Option<bool>| {
        let conditions = incentive.conditions.iter().zip(&paid.pay.conditions).filter(move |it| it.1.met == wanted);
        conditions
            .map(|it| format!("{} {}", model.kpi_text(it.0.of.kpi, it.0.of.part.as_ref()), asked(it.0)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    match paid.pay.met {
        Some(true) => {}
        Some(false) => list.push(format!("nothing is paid: not met: {}", of(Some(false)))),
        None => list.push(format!("nothing is paid: unknown whether {}", of(None))),
    }
    if paid.provisional {
        list.push("provisional: the period is not over, or not all of it observed".to_owned());
    }
    if let Some(day) = paid.data_from {
        list.push(format!("data from {day} on"));
    }
    list
}

/// Why earlier periods are left out.
fn left_out(model: &Model, changed: &Changed) -> String {
    format!("the definition of {} changed on {}", model.kpis[changed.kpi.index()].name, changed.on)
}

/// What a condition asks, as it was written.
fn asked(of: &Requirement) -> String {
    format!("{} {}", of.comparison.symbol(), of.value.written)
}

/// One incentive for a terminal: the sheet of its period, and a line for each earlier one.
fn human(checked: &Checked, result: &IncentiveResult, lang: Lang) -> String {
    let incentive = &checked.model.incentives[result.incentive];
    let mut out = String::new();
    let team = incentive.team.map_or("", |it| checked.model.project.teams[it.index()].name.as_str());
    let title = incentive.title.get(lang).map_or_else(|| incentive.name.clone(), |it| format!("{it} ({})", incentive.name));
    let on = if incentive.pay_on == Some(PayOn::LowEnd) { "the low end" } else { "the value" };
    let head = format!("{title}: {team}, {}, paid on {on}", result.own.period);
    let _ = writeln!(out, "{}", crate::diagnostic::harmless(&head));
    let mut whole = Sheet::new(COLUMNS);
    rows(checked, incentive, &result.own, When::Own(None), &mut whole);
    // What the head says is not said again; the total has a line of its own.
    whole.columns.drain(..5);
    whole.rows.pop();
    whole.rows.iter_mut().for_each(|it| drop(it.drain(..5)));
    indented(&whole, &mut out);
    let paid = |it: &PaidPeriod| format!("{} %", short_number(it.pay.total));
    let remarks = remarks(&checked.model, incentive, &result.own);
    let more: String = remarks.iter().map(|it| format!("; {it}")).collect();
    let _ = writeln!(out, "  total: {}{}", paid(&result.own), crate::diagnostic::harmless(&more));
    let earlier = &result.earlier;
    if !earlier.is_empty() {
        let _ = writeln!(out, "  the same terms over earlier periods:");
        indented(&past(checked, incentive, earlier), &mut out);
    }
    if let Some(changed) = &result.changed {
        let why = left_out(&checked.model, changed);
        let _ = match changed.periods {
            1 => writeln!(out, "  one earlier period is left out: {why}"),
            many => writeln!(out, "  {many} earlier periods are left out: {why}"),
        };
    }
    if earlier.len() > 1 {
        let totals = earlier.iter().map(|it| it.pay.total);
        let (low, high) = totals.clone().fold((f64::INFINITY, f64::NEG_INFINITY), |it, total| (it.0.min(total), it.1.max(total)));
        let [low, high, mean] = [low, high, totals.sum::<f64>() / earlier.len() as f64].map(short_number);
        let _ = writeln!(out, "  {} earlier periods: {low} % to {high} %, on average {mean} %", earlier.len());
    }
    out
}

/// A line for each earlier period: what each part would have paid, and the total.
fn past<'r>(checked: &'r Checked, incentive: &'r Incentive, earlier: &'r [PaidPeriod]) -> Sheet<'r> {
    let model = &checked.model;
    let mut columns = vec!["period".to_owned()];
    columns.extend(incentive.parts.iter().map(|it| model.kpi_text(it.of.kpi, it.of.part.as_ref())));
    columns.extend(["total", "note"].map(str::to_owned));
    let row = |paid: &PaidPeriod| {
        let mut row = vec![owned(paid.period.to_string())];
        row.extend(paid.pay.parts.iter().map(|it| Field::Number(it.payout)));
        let withheld = incentive.parts.iter().zip(&paid.pay.parts);
        let withheld = withheld
            .filter_map(|(part, it)| Some(format!("{}: {}", model.kpi_text(part.of.kpi, part.of.part.as_ref()), it.withheld?.name())));
        row.extend([Field::Number(paid.pay.total), notes_field(remarks(model, incentive, paid).into_iter().chain(withheld))]);
        row
    };
    Sheet { columns, rows: earlier.iter().map(row).collect(), more: Vec::new() }
}

fn indented(sheet: &Sheet<'_>, out: &mut String) {
    for line in aligned(sheet).lines() {
        let _ = writeln!(out, "  {line}");
    }
}
