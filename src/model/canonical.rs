//! Which text says what a definition means, whatever its spelling? Resolved names, one form, no titles (R28).
//!
//! Two projects that compute and judge the same have the same text, and so the same hash of definitions.

use super::*;
use crate::value::{Direction, Unit};
use crate::words::tidy_number;
use std::fmt::Write;

/// Which definitions are used.
#[derive(Clone, Debug, Default)]
pub struct Used {
    /// The KPIs whose figures are shown; those that they are made of follow.
    pub kpis: Vec<KpiId>,
    /// Whether goals and enablers are shown.
    pub goals: bool,
    /// Whether touchpoints and journeys are shown.
    pub journeys: bool,
}

/// All definitions that are used, each in its canonical form, ordered by name: which file they stand in says nothing.
pub fn definitions(model: &Model, used: &Used) -> String {
    let kpis = with_parts(model, &used.kpis);
    let sources = sources(model, &kpis);
    let mut items: Vec<(u8, String, String)> = Vec::new();
    let mut item = |kind: u8, name: &str, text: String| items.push((kind, name.to_owned(), text));
    for id in &sources {
        item(1, &model.sources[id.index()].name, source(model, *id));
    }
    for it in model.dimensions.iter().filter(|it| it.from.iter().any(|from| sources.contains(&from.0))) {
        item(2, &it.name, dimension(model, it));
    }
    for id in &kpis {
        item(3, &model.kpis[id.index()].name, kpi(model, *id));
    }
    for it in assumptions(model, &kpis) {
        item(8, &it.name, assumption(model, it));
    }
    if used.goals {
        for it in &model.goals {
            item(4, &it.name, goal(model, it));
        }
        for it in &model.enablers {
            item(5, &it.name, enabler(model, it));
        }
    }
    if used.journeys {
        for it in &model.touchpoints {
            item(6, &it.name, touchpoint(model, it));
        }
        for it in &model.journeys {
            item(7, &it.name, journey(model, it));
        }
    }
    items.sort();
    let mut text = project(model);
    for (_, _, it) in items {
        text.push_str(&it);
    }
    text
}

/// KPIs with all that they are made of, each once.
fn with_parts(model: &Model, kpis: &[KpiId]) -> Vec<KpiId> {
    let mut all: Vec<KpiId> = Vec::new();
    let mut open: Vec<KpiId> = kpis.iter().rev().copied().collect();
    while let Some(id) = open.pop() {
        if all.contains(&id) {
            continue;
        }
        all.push(id);
        each(model, id, &mut |it| {
            if let KpiKind::Kpi { kpi, .. } = &it.kind {
                open.push(*kpi);
            }
        });
    }
    all
}

/// The sources that KPIs read, with those that they refer to.
fn sources(model: &Model, kpis: &[KpiId]) -> Vec<SourceId> {
    let mut all: Vec<SourceId> = Vec::new();
    for id in kpis {
        each(model, *id, &mut |it| {
            if let KpiKind::Aggregate(aggregate) = &it.kind
                && !all.contains(&aggregate.source)
            {
                all.push(aggregate.source);
            }
        });
    }
    let mut at = 0;
    while let Some(id) = all.get(at).copied() {
        for it in &model.sources[id.index()].references {
            if !all.contains(&it.to) {
                all.push(it.to);
            }
        }
        at += 1;
    }
    all
}

/// The assumptions that KPIs rest on.
fn assumptions<'m>(model: &'m Model, kpis: &[KpiId]) -> Vec<&'m Assumption> {
    let mut all: Vec<AssumptionId> = Vec::new();
    for id in kpis {
        each(model, *id, &mut |it| {
            if let KpiKind::Assumption { assumption, .. } = &it.kind
                && !all.contains(assumption)
            {
                all.push(*assumption);
            }
        });
    }
    all.into_iter().map(|it| &model.assumptions[it.index()]).collect()
}

/// Calls `visit` with the formula of a KPI and every formula in it.
fn each(model: &Model, id: KpiId, visit: &mut impl FnMut(&KpiExpr)) {
    let mut open: Vec<&KpiExpr> = model.kpis[id.index()].formula.iter().collect();
    while let Some(it) = open.pop() {
        visit(it);
        open.extend(it.parts().into_iter().rev());
    }
}

/// A definition that is being written: a head, and a line for everything that is said.
struct Body {
    text: String,
}

impl Body {
    fn new(head: &str) -> Body {
        Body { text: format!("{head} {{\n") }
    }

    fn line(&mut self, key: &str, value: &str) {
        let _ = writeln!(self.text, "  {key}{}{value}", if value.is_empty() { "" } else { " " });
    }

    fn lines(&mut self, key: &str, value: Option<String>) {
        if let Some(value) = value {
            self.line(key, &value);
        }
    }

    /// Lines whose order says nothing.
    fn sorted(&mut self, key: &str, values: impl Iterator<Item = String>) {
        let mut values: Vec<String> = values.collect();
        values.sort();
        for it in values {
            self.line(key, &it);
        }
    }

    fn end(mut self) -> String {
        self.text.push_str("}\n");
        self.text
    }
}

fn project(model: &Model) -> String {
    let of = &model.project;
    let mut body = Body::new("project");
    body.line("confidence", &tidy_number(of.confidence));
    body.line("minimum base", &of.minimum_base.to_string());
    body.line("indicative base", &of.indicative_base.to_string());
    body.lines("grain", of.grain.map(|it| it.to_string()));
    body.line("fiscal start", &of.calendar.fiscal_start_month().to_string());
    body.line("zone", of.calendar.zone().name());
    body.end()
}

/// A KPI, as reports print it.
pub fn kpi(model: &Model, id: KpiId) -> String {
    let of = &model.kpis[id.index()];
    let mut body = Body::new(&format!("kpi {}", of.name));
    body.lines("formula", of.formula.as_ref().map(|it| print_formula(model, it)));
    body.lines("planned", of.planned.then(String::new));
    for key in ["weight", "cluster", "time"] {
        let mut columns: Vec<String> = Vec::new();
        each(model, id, &mut |it| {
            if let KpiKind::Aggregate(it) = &it.kind
                && let Some(column) = (match key {
                    "weight" => it.weight,
                    "cluster" => it.cluster,
                    _ => it.time.filter(|time| Some(*time) != model.sources[it.source.index()].time),
                })
            {
                let source = &model.sources[it.source.index()];
                let name = format!("{}.{}", source.name, source.columns[column].name);
                if !columns.contains(&name) {
                    columns.push(name);
                }
            }
        });
        if !columns.is_empty() {
            body.line(key, &columns.join(", "));
        }
    }
    body.lines("unit", of.unit.as_ref().map(Unit::name));
    body.lines("direction", of.direction.map(|it| if it == Direction::Up { "up" } else { "down" }.to_owned()));
    body.lines(
        "indicator",
        match of.indicator {
            Indicator::Direct => None,
            Indicator::Cause => Some("cause".to_owned()),
            Indicator::Effect => Some("effect".to_owned()),
            Indicator::Context => Some("context".to_owned()),
        },
    );
    body.lines("owner", of.owner.map(|it| model.project.teams[it.index()].name.clone()));
    for it in &of.norms {
        body.line("norms", &norms(model, it, of.unit.as_ref()));
    }
    body.lines("judged per", of.judged_per.map(|it| it.to_string()));
    body.lines("minimum base", of.minimum_base.map(|it| it.to_string()));
    if let Some(changed) = &of.changed {
        body.line("changed", &format!("{} comparable {}", changed.on, if changed.comparable { "yes" } else { "no" }));
    }
    body.end()
}

fn norms(model: &Model, of: &Norms, unit: Option<&Unit>) -> String {
    let named = [("worst", &of.worst), ("threshold", &of.threshold), ("target", &of.target)];
    let values: Vec<String> =
        named.into_iter().filter_map(|(name, it)| it.as_ref().map(|it| format!("{name} {}", norm(it, unit)))).collect();
    let mut text = values.join(", ");
    if let Some(from) = of.from {
        let _ = write!(text, " from {from}");
    }
    // What is kept is the day after; what is written is the last.
    if let Some(last) = of.until.and_then(|it| it.plus_days(-1)) {
        let _ = write!(text, " until {last}");
    }
    if let Some(filter) = &of.filter {
        let _ = write!(text, " where {}", print_row(model, filter));
    }
    text
}

fn norm(of: &NormValue, unit: Option<&Unit>) -> String {
    let amount = |value: f64| amount(value, unit.unwrap_or(&Unit::Number));
    let mut text = match of.line {
        Some((from, value, to)) => {
            format!("{} at {} to {} at {}", amount(of.value), from, amount(value), to)
        }
        None => amount(of.value),
    };
    if let Some(by) = of.by {
        let _ = write!(text, " by {by}");
    }
    if let Some(per) = of.per {
        let _ = write!(text, " per {per}");
    }
    text
}

/// A value with its unit, as it may be written: `60 %`, `5 pp`, `420 EUR`, `90 s`, `5 days`.
pub(super) fn amount(value: f64, unit: &Unit) -> String {
    match unit {
        Unit::Percent | Unit::PercentOfStart => format!("{} %", tidy_number(value)),
        Unit::PercentagePoints => format!("{} pp", tidy_number(value)),
        Unit::Money(currency) => format!("{} {currency}", tidy_number(value)),
        Unit::Duration if value != 0.0 && value % 86_400.0 == 0.0 => format!("{} days", tidy_number(value / 86_400.0)),
        Unit::Duration => format!("{} s", tidy_number(value)),
        _ => tidy_number(value),
    }
}

fn source(model: &Model, id: SourceId) -> String {
    let of = &model.sources[id.index()];
    let name = |at: usize| of.columns[at].name.clone();
    let mut body = Body::new(&format!("source {}", of.name));
    for it in &of.files {
        let constants: Vec<String> = it.constants.iter().map(|(name, value)| format!("{name} = {value:?}")).collect();
        body.line("files", &format!("{:?} {}", it.pattern, constants.join(", ")));
    }
    let (rows, time) = match of.rows {
        Rows::Events => ("events", "time"),
        Rows::Snapshot => ("snapshot", "time"),
        Rows::Spans => ("spans", "starts"),
    };
    body.line("rows", rows);
    body.lines(time, of.time.map(name));
    body.lines("ends", of.ends.map(name));
    body.lines("covers from", of.covers.0.map(|it| it.to_string()));
    body.lines("covers until", of.covers.1.map(|it| it.to_string()));
    body.lines("customer", of.customer.map(name));
    body.lines("weight", of.weighting.as_ref().map_or(of.weight, |it| it.base).map(name));
    if let Some(it) = &of.weighting {
        let level =
            |it: &super::Level, percent: bool| format!("{:?} {}{}", it.name, tidy_number(it.total), if percent { " %" } else { "" });
        for margin in &it.margins {
            let levels: Vec<String> = margin.levels.iter().map(|it| level(it, margin.percent)).collect();
            body.line("margin", &format!("{} {}", name(margin.column), levels.join(", ")));
        }
        body.lines("trim", it.trim.map(|it| format!("{}..{}", tidy_number(it.0), tidy_number(it.1))));
    }
    body.lines("cluster", of.cluster.map(name));
    body.line("key", &of.key.iter().map(|it| name(*it)).collect::<Vec<_>>().join(", "));
    body.lines("keep where", of.keep_where.as_ref().map(|it| print_row(model, it)));
    body.lines("on duplicate", of.on_duplicate.map(|it| format!("{it:?}").to_lowercase()));
    body.lines("cadence", of.cadence.map(|it| it.to_string()));
    body.lines("freshness", of.freshness.map(|it| it.to_string()));
    body.lines("invited", of.invited.as_ref().map(|it| reference_text(model, it)));
    for (flag, name) in [(of.complete, "complete"), (of.no_persons, "no persons"), (of.fictional, "fictional"), (of.planned, "planned")] {
        if flag {
            body.line(name, "");
        }
    }
    body.sorted("column", of.columns.iter().map(|it| column(model, it)));
    let reference = |it: &Reference| format!("{} to {} by {}", it.name, model.sources[it.to.index()].name, name(it.by));
    body.sorted("reference", of.references.iter().map(reference));
    body.end()
}

fn column(model: &Model, of: &Column) -> String {
    let mut text = of.name.clone();
    let mut say = |key: &str, value: String| {
        let _ = write!(text, " {key} {value}");
    };
    let list = |values: &[String]| values.iter().map(|it| format!("{it:?}")).collect::<Vec<_>>().join(", ");
    say("from", list(&of.headers));
    if let Some(it) = of.scale {
        say("scale", format!("{}..{} best {}", tidy_number(it.low), tidy_number(it.high), if it.best_high { "high" } else { "low" }));
    }
    if !of.labels.is_empty() {
        say("labels", list(&of.labels.iter().map(|it| it.0.clone()).collect::<Vec<_>>()));
    }
    if !of.blank.is_empty() {
        say("blank", list(&of.blank));
    }
    if !of.not_applicable.is_empty() {
        say("not applicable", list(&of.not_applicable));
    }
    if let Some(it) = &of.several {
        say("several", format!("{it:?}"));
    }
    for (file, codes) in &of.recode {
        say("recode", format!("{file:?} {codes:?}"));
    }
    if let Some(it) = &of.computed {
        say("=", print_row(model, it));
    }
    if let Some(it) = &of.unit {
        say("unit", it.name());
    }
    if let Some(it) = &of.factor {
        say("times", it.to_string());
    }
    text
}

fn dimension(model: &Model, of: &Dimension) -> String {
    let mut body = Body::new(&format!("dimension {}", of.name));
    let from = of.from.iter().map(|(source, expr)| format!("{}: {}", model.sources[source.index()].name, print_row(model, expr)));
    body.sorted("from", from);
    if !of.values.is_empty() {
        let values: Vec<String> = of.values.iter().map(|it| format!("{:?}", it.0)).collect();
        body.line("values", &values.join(", "));
    }
    if of.other.is_some() {
        body.line("other", "");
    }
    body.lines("within", of.within.map(|it| model.dimensions[it.index()].name.clone()));
    body.end()
}

/// An assumption, with what is assumed of each value.
pub fn assumption(model: &Model, of: &Assumption) -> String {
    let mut body = Body::new(&format!("assumption {}", of.name));
    let amount = |value: f64| amount(value, &of.unit);
    let estimate = |it: &Estimate| match it.ends {
        Some((low, high)) => format!("low {}, base {}, high {}", amount(low), amount(it.base), amount(high)),
        None => format!("base {}", amount(it.base)),
    };
    if of.estimates().next().is_some() {
        body.line("unit", &of.unit.name());
    }
    if let Some(it) = &of.value {
        body.line("value", &estimate(it));
    }
    if let Some((dimension, values)) = &of.by {
        let dimension = &model.dimensions[dimension.index()].name;
        body.sorted("by", values.iter().map(|(value, it)| format!("{dimension} {value:?} {}", estimate(it))));
    }
    body.end()
}

fn goal(model: &Model, of: &Goal) -> String {
    let kind = if of.kind == GoalKind::Business { "business" } else { "customer" };
    let mut body = Body::new(&format!("{kind} goal {}", of.name));
    body.lines("level", of.level.clone());
    body.lines("owner", of.owner.map(|it| model.project.teams[it.index()].name.clone()));
    for (parent, weight) in &of.part_of {
        body.line("part of", &format!("{} weight {}", model.goals[parent.value.index()].name, tidy_number(*weight)));
    }
    for it in &of.measured_by {
        body.line("measured by", &format!("{} weight {}", reference_text(model, it), tidy_number(it.weight)));
    }
    body.line("roll up", &format!("{:?}", of.roll_up).to_lowercase());
    body.end()
}

fn enabler(model: &Model, of: &Enabler) -> String {
    let mut body = Body::new(&format!("enabler {}", of.name));
    for (key, edges) in [("serves", &of.serves), ("lifts", &of.lifts)] {
        for it in edges {
            let evidence = format!("{:?}", it.evidence).to_lowercase();
            let goal = &model.goals[it.goal.index()].name;
            body.line(key, &format!("{goal} strength {} evidence {evidence}", tidy_number(it.strength)));
        }
    }
    for it in &of.measured_by {
        body.line("measured by", &reference_text(model, it));
    }
    body.lines("status", of.status.as_ref().map(|it| it.0.clone()));
    body.end()
}

fn touchpoint(model: &Model, of: &Touchpoint) -> String {
    let mut body = Body::new(&format!("touchpoint {}", of.name));
    body.lines("owner", of.owner.map(|it| model.project.teams[it.index()].name.clone()));
    if of.moment_of_truth {
        body.line("moment of truth", "");
    }
    placed(model, &of.kpis, &mut body);
    body.end()
}

fn journey(model: &Model, of: &Journey) -> String {
    let mut body = Body::new(&format!("journey {}", of.name));
    placed(model, &of.kpis, &mut body);
    for stage in &of.stages {
        let touchpoints: Vec<&str> = stage.touchpoints.iter().map(|it| model.touchpoints[it.index()].name.as_str()).collect();
        body.line("stage", &format!("{} touchpoints {}", stage.name, touchpoints.join(", ")));
        placed(model, &stage.kpis, &mut body);
    }
    body.end()
}

fn placed(model: &Model, of: &Placed, body: &mut Body) {
    for (key, list) in [("primary", &of.primary), ("secondary", &of.secondary), ("diagnostic", &of.diagnostic)] {
        if !list.is_empty() {
            body.line(key, &list.iter().map(|it| reference_text(model, it)).collect::<Vec<_>>().join(", "));
        }
    }
}

fn reference_text(model: &Model, of: &KpiRef) -> String {
    model.kpi_text(of.kpi, of.part.as_ref())
}

impl Model {
    /// A KPI, or a part of it, as it is written: `ces[channel = "Web"]`.
    pub fn kpi_text(&self, kpi: KpiId, part: Option<&RowExpr>) -> String {
        let name = &self.kpis[kpi.index()].name;
        part.map_or_else(|| name.clone(), |part| format!("{name}[{}]", print_row(self, part)))
    }
}
