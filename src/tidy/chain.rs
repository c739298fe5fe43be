//! A chain from what is measured to what it is worth -> a row a step and value.

use super::{
    Field, Format, Sheet, Table, aligned, cuts_of, key_field, label_of, notes_field, number_field, owned, said, short_number, table, write,
};
use crate::check::Checked;
use crate::insight::{ChainKind, Chained};
use crate::publish::{Chain, ChainRow, ChainStep};
use crate::words::Lang;
use serde_json::Map;
use std::fmt::Write;

/// A chain.
pub fn chain(chained: &Chained, chain: &Chain, format: Format, lang: Lang) -> String {
    if format == Format::Table {
        return human(chained, chain, lang);
    }
    write(&sheet(&chained.checked, chain), "chain", format)
}

/// The same in every form that goes beside a report.
pub fn chain_table(chained: &Chained, chain: &Chain) -> Table {
    table(&sheet(&chained.checked, chain))
}

fn sheet<'r>(checked: &'r Checked, chain: &'r Chain) -> Sheet<'r> {
    let cuts = cuts_of(chain.steps.iter().map(|it| it.link.cut.as_slice()));
    let mut columns: Vec<String> = ["chain", "period", "step", "kind"].map(str::to_owned).to_vec();
    columns.extend(cuts.iter().map(|it| checked.model.dimensions[it.index()].name.clone()));
    let rest = ["value", "unit", "low", "high", "range_low", "range_high", "n", "formula", "source", "date", "note"];
    columns.extend(rest.map(str::to_owned));
    let mut sheet = Sheet::new(columns);
    let name = &checked.model.kpis[chain.kpi.index()].name;
    for step in &chain.steps {
        let empty = [ChainRow::default()];
        let rows = if step.rows.is_empty() { &empty[..] } else { &step.rows[..] };
        for row in rows {
            let mut fields = vec![said(name), owned(chain.period.to_string()), said(&step.link.name), said(kind(step))];
            for id in &cuts {
                let place = step.link.cut.iter().position(|it| it == id);
                let value = place.and_then(|it| row.key.get(it));
                fields.push(value.map_or(Field::Empty, |it| key_field(checked, *id, it).into_owned()));
            }
            fields.push(number_field(row.value));
            fields.push(step.link.unit.as_ref().map_or(Field::Empty, |it| owned(it.name())));
            fields.extend([
                number_field(row.low),
                number_field(row.high),
                number_field(row.range.map(|it| it.0)),
                number_field(row.range.map(|it| it.1)),
            ]);
            fields.push(row.n.map_or(Field::Empty, Field::Count));
            fields.push(step.link.formula.as_deref().map_or(Field::Empty, said));
            let (source, date) = origin(checked, step, checked.model.project.language);
            fields.push(source.map_or(Field::Empty, owned));
            fields.push(date.map_or(Field::Empty, owned));
            let none = (step.rows.is_empty() && row.notes.is_empty()).then_some("no figure in this period");
            fields.push(notes_field(row.notes.iter().map(|it| it.name()).chain(none)));
            sheet.rows.push(fields);
            sheet.more.push(Map::new());
        }
    }
    sheet
}

fn kind(step: &ChainStep) -> &'static str {
    match step.link.kind {
        ChainKind::Kpi(..) => "kpi",
        ChainKind::Rows(_) => "rows",
        ChainKind::Assumption(..) => "assumption",
        ChainKind::Total(_) => "total",
    }
}

/// Where an assumption comes from, and when it was made.
fn origin(checked: &Checked, step: &ChainStep, lang: Lang) -> (Option<String>, Option<String>) {
    let ChainKind::Assumption(id, _) = step.link.kind else { return (None, None) };
    let own = &checked.model.assumptions[id.index()];
    (own.source.get(lang).map(str::to_owned), own.date.map(|it| it.to_string()))
}

// -- for a terminal --------------------------------------------------------------------------------------------------

fn human(chained: &Chained, chain: &Chain, lang: Lang) -> String {
    let checked = &chained.checked;
    let own = &checked.model.kpis[chain.kpi.index()];
    let mut out = String::new();
    let title = own.title.get(lang).unwrap_or(&own.name);
    let _ = writeln!(out, "{}: {}", crate::diagnostic::harmless(title), chain.period);
    let columns = ["", "step", "by", "figure", "from", "to", "unit", "what it is"].map(str::to_owned).to_vec();
    let mut sheet = Sheet::new(columns);
    for step in &chain.steps {
        let shown = |it: Option<f64>| it.map_or(Field::Empty, |it| owned(short_number(it)));
        for (at, row) in step.rows.iter().enumerate() {
            let first = |it: String| if at == 0 { owned(it) } else { Field::Empty };
            let by: Vec<String> = step.link.cut.iter().zip(&row.key).map(|(id, it)| label_of(checked, *id, it, lang)).collect();
            let hidden = row.value.is_none().then(|| row.notes.iter().map(|it| it.name()).collect::<Vec<_>>().join("; "));
            sheet.rows.push(vec![
                first(kind(step).to_owned()),
                first(step.link.name.clone()),
                owned(by.join(", ")),
                shown(row.value),
                shown(row.low),
                shown(row.high),
                first(step.link.unit.as_ref().map(crate::value::Unit::name).unwrap_or_default()),
                hidden.map_or_else(|| first(meant(checked, step, lang)), owned),
            ]);
        }
        if step.rows.is_empty() {
            let none = said("no figure in this period");
            let name = owned(step.link.name.clone());
            sheet.rows.push(vec![said(kind(step)), name, Field::Empty, Field::Empty, Field::Empty, Field::Empty, Field::Empty, none]);
        }
    }
    for line in aligned(&sheet).lines() {
        let _ = writeln!(out, "  {line}");
    }
    let _ = writeln!(out, "  from, to: chance, and the ends of what is assumed; arithmetic by the definitions, not a forecast");
    out
}

/// How a figure is computed, or where an assumption comes from.
fn meant(checked: &Checked, step: &ChainStep, lang: Lang) -> String {
    let (source, date) = origin(checked, step, lang);
    match (&step.link.formula, source, date) {
        (Some(formula), ..) => format!("= {formula}"),
        (None, Some(source), Some(date)) => format!("{source}, {date}"),
        (None, source, date) => source.or(date).unwrap_or_default(),
    }
}
