//! Lifecycles -> a row a phase, flow and KPI for machines; for a terminal, a table a period.

use super::{
    Field, Format, Sheet, Table, aligned, count_field, label_of, notes_field, number_field, owned, said, short_number, table, write,
};
use crate::check::Checked;
use crate::engine::KeyValue;
use crate::publish::{Lifecycle, LifecyclePeriod, Phase, PhaseKpi};
use crate::words::Lang;
use serde_json::Map;
use std::fmt::Write;

const COLUMNS: [&str; 13] = ["lifecycle", "period", "kind", "phase", "to", "kpi", "value", "unit", "n", "share", "low", "high", "note"];

/// Lifecycles.
pub fn lifecycle(checked: &Checked, tables: &[Lifecycle], format: Format, lang: Lang) -> String {
    if format == Format::Table {
        return tables.iter().map(|it| human(checked, it, lang)).collect::<Vec<_>>().join("\n");
    }
    write(&sheet(checked, tables), "lifecycle", format)
}

/// The same in every form that goes beside a report.
pub fn lifecycle_table(checked: &Checked, tables: &[Lifecycle]) -> Table {
    table(&sheet(checked, tables))
}

fn sheet<'r>(checked: &'r Checked, tables: &'r [Lifecycle]) -> Sheet<'r> {
    let mut sheet = Sheet::new(COLUMNS);
    for table in tables {
        for period in &table.periods {
            rows(checked, table, period, &mut sheet);
        }
    }
    sheet
}

fn rows<'r>(checked: &'r Checked, table: &'r Lifecycle, period: &'r LifecyclePeriod, sheet: &mut Sheet<'r>) {
    let name = &checked.model.dimensions[table.dimension.index()].name;
    let key = |it: &'r KeyValue| super::key_field(checked, table.dimension, it);
    let note = if period.unfinished { "unfinished period" } else { "" };
    let hidden = |it: bool| if it { "hidden by the minimum base" } else { note };
    let text = |it: &'static str| if it.is_empty() { Field::Empty } else { said(it) };
    let mut add = |kind: &'static str, rest: Vec<Field<'r>>| {
        let mut row = vec![said(name), owned(period.period.to_string()), said(kind)];
        row.extend(rest);
        sheet.rows.push(row);
        sheet.more.push(Map::new());
    };
    for phase in &period.phases {
        let of = |value: Option<u64>, share: Option<f64>, hidden: &'static str| {
            let head = vec![key(&phase.value), Field::Empty, Field::Empty, count_field(value), said("count"), Field::Empty];
            head.into_iter().chain([number_field(share), Field::Empty, Field::Empty, text(hidden)]).collect()
        };
        add("customers", of(phase.customers, phase.share, hidden(phase.customers.is_none())));
        if !period.flows.is_empty() {
            add("came", of(phase.came, None, note));
            add("left", of(phase.left, None, note));
        }
    }
    for flow in &period.flows {
        let to = flow.to.as_ref().map_or(Field::Empty, &key);
        let head = vec![key(&flow.from), to, Field::Empty, count_field(flow.customers), said("count"), count_field(flow.of)];
        let rest = [number_field(flow.share), number_field(flow.low), number_field(flow.high), text(hidden(flow.hidden))];
        add("flow", head.into_iter().chain(rest).collect());
    }
    for phase in &period.phases {
        for PhaseKpi { kpi, row } in &phase.kpis {
            let Some(row) = row else { continue };
            let own = &checked.model.kpis[kpi.index()];
            let unit = own.unit.as_ref().map_or(Field::Empty, |it| owned(it.name()));
            let notes = notes_field(row.notes.iter().map(|it| it.name()));
            let head = vec![key(&phase.value), Field::Empty, said(&own.name), number_field(row.value), unit, count_field(row.n)];
            add("kpi", head.into_iter().chain([Field::Empty, number_field(row.low), number_field(row.high), notes]).collect());
        }
    }
}

// -- for a terminal --------------------------------------------------------------------------------------------------

fn human(checked: &Checked, table: &Lifecycle, lang: Lang) -> String {
    let dimension = &checked.model.dimensions[table.dimension.index()];
    let title = crate::diagnostic::harmless(dimension.title.get(lang).unwrap_or(&dimension.name));
    let mut out = String::new();
    for period in &table.periods {
        if !out.is_empty() {
            out.push('\n');
        }
        let _ = writeln!(out, "{title}: {}{}", period.period, if period.unfinished { ", unfinished" } else { "" });
        let sheet = people(checked, table, period, lang);
        for line in aligned(&sheet).lines() {
            let _ = writeln!(out, "  {line}");
        }
    }
    if table.periods.is_empty() {
        let _ = writeln!(out, "{title}: no customers in this window");
    }
    out
}

/// A row a phase: who came, who was there by where they are now, who left, and its KPIs.
fn people<'r>(checked: &'r Checked, table: &'r Lifecycle, period: &'r LifecyclePeriod, lang: Lang) -> Sheet<'r> {
    let label = |it: &KeyValue| label_of(checked, table.dimension, it, lang);
    let declared: Vec<&Phase> = period.phases.iter().collect();
    let targets: Vec<&KeyValue> =
        declared.iter().map(|it| &it.value).filter(|it| period.flows.iter().any(|flow| flow.to.as_ref() == Some(it))).collect();
    let mut columns: Vec<String> = ["phase", "customers", "%", "came"].map(str::to_owned).to_vec();
    columns.extend(targets.iter().map(|it| format!("to {}", label(it))));
    columns.push("left".to_owned());
    let kpis: Vec<_> = period.phases.first().map(|it| it.kpis.iter().map(|it| it.kpi).collect()).unwrap_or_default();
    columns.extend(kpis.iter().map(|it| checked.model.kpis[it.index()].name.clone()));
    let mut sheet = Sheet::new(columns);
    for phase in &period.phases {
        let mut row = vec![owned(label(&phase.value)), count_field(phase.customers)];
        row.push(phase.share.map_or(Field::Empty, |it| owned(format!("{it:.1}"))));
        row.push(count_field(phase.came));
        for to in &targets {
            let flow = period.flows.iter().find(|it| it.from == phase.value && it.to.as_ref() == Some(to));
            row.push(count_field(flow.and_then(|it| it.customers)));
        }
        row.push(count_field(phase.left));
        for it in &phase.kpis {
            let value = it.row.as_ref().and_then(|it| it.value);
            row.push(value.map_or(Field::Empty, |it| owned(short_number(it))));
        }
        sheet.rows.push(row);
    }
    sheet
}
