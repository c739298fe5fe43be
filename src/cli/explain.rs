//! `peil explain`: what a code means, or what a KPI is made of, down to columns, with figures where a period is named.

mod claims;
mod figures;
mod items;

use super::output::Output;
use super::verbs::{open, options, ready};
use super::{EngineArgs, FINE, ProjectArgs, UNABLE, requests};
use crate::check::Checked;
use crate::eval::judged_grain;
use crate::graph::{Edge, Node, name_of};
use crate::insight::Context;
use crate::insight::evidence::{Claimed, Verdict};
use crate::library::STANDARD;
use crate::model::{Assumption, Claim, Estimate, Evidence, KpiId, Model, NormValue, RowExpr, Support, Text, print_formula, print_row};
use crate::session::{self, Explained};
use crate::source::{Sources, Span};
use crate::value::{Code, Diagnostics, Unit, nearest};
use crate::words::{Lang, prose, tidy_number};
use std::fmt::Write;

/// `peil explain WHAT`.
pub fn explain(what: &str, project: &ProjectArgs, engine: &EngineArgs, output: &mut Output) -> u8 {
    if let Some(code) = Code::from_name(what) {
        output.data(prose(code));
        return FINE;
    }
    if let Some(text) = standard(what) {
        output.data(&text);
        return FINE;
    }
    let (name, period, cut) = spoken(what);
    let opened = match open(project, output) {
        Ok(opened) => opened,
        Err(code) => {
            let patterns = STANDARD.iter().flat_map(|it| it.names().map(move |name| format!("{}.{name}", it.name)));
            if let Some(similar) = nearest(what, patterns) {
                output.say(&format!("help: a pattern with a similar name exists: `{similar}`"));
            } else if let Some(similar) = nearest(what, Code::ALL.iter().map(|it| it.name())) {
                output.say(&format!("help: a code with a similar name exists: `{similar}`"));
            }
            return code;
        }
    };
    let checked = match ready(&opened, output) {
        Ok(checked) => checked,
        Err(code) => return code,
    };
    if let Some(at) = checked.model.kpis.iter().position(|it| it.pattern && it.name == name.strip_prefix("kpi:").unwrap_or(name)) {
        output.data(&pattern(&opened.session.sources, &checked.model, KpiId(at as u32), output.lang));
        return FINE;
    }
    // What cannot be read of the data is told where figures are asked for; a claim is then not tested.
    let claimed = |about: &str| {
        session::claims(checked, about, &opened.world, options(engine), opened.today, &mut Diagnostics::default()).unwrap_or_default()
    };
    if !checked.model.kpis.iter().any(|it| it.name == name) {
        let found = items::find(&checked.model, name);
        if let (Some(period), Some((word, _))) = (period, found.first()) {
            return output.wrong(&format!("`{name}@{period}`: `{name}` is no KPI (`{word}`), and has no figures by period"));
        }
        if !found.is_empty() {
            let enabler = found.iter().find(|it| it.0 == "enabler").map(|it| &checked.model.enablers[it.1].name);
            let claims = enabler.map(|it| claimed(&format!("enabler:{it}"))).unwrap_or_default();
            let sources = &opened.session.sources;
            let explainer = Explainer { checked, sources, explained: None, claims: &claims, lang: output.lang };
            let mut unread = Diagnostics::default();
            let text = items::explain(&explainer, &found, &opened.world, &mut unread);
            if unread.has_errors() {
                super::verbs::data_findings(&opened, &unread, output);
                return UNABLE;
            }
            output.data(&text);
            return FINE;
        }
    }
    let kpi = match requests::part(checked, name).and_then(|it| narrowed(checked, it, cut)) {
        Ok(it) => it,
        Err(reason) => {
            output.error(&reason);
            if let Some(similar) = items::similar(&checked.model, name) {
                output.say(&format!("help: an item with a similar name exists: `{similar}`"));
            }
            return UNABLE;
        }
    };
    let mut explained = None;
    if period.is_some() || cut.is_some() {
        let periods = match requests::period(checked, period) {
            Ok(it) => it,
            Err(reason) => {
                output.error(&reason);
                return UNABLE;
            }
        };
        let grain = period.and_then(crate::calendar::Period::parse).map(|it| it.grain());
        let read = super::verbs::reading(&opened, output, |found| {
            session::explain(checked, &kpi, grain, &opened.world, options(engine), periods, opened.today, found)
        });
        match read {
            Ok(read) => explained = Some(read),
            Err(code) => return code,
        }
    }
    let mut text = String::new();
    let claims = claimed(&format!("kpi:{}", checked.model.kpis[kpi.0.index()].name));
    let sources = &opened.session.sources;
    let at = Context { part: kpi.1, ..Context::default() };
    Explainer { checked, sources, explained: explained.as_ref(), claims: &claims, lang: output.lang }.kpi(kpi.0, &at, &mut text);
    output.data(&text);
    FINE
}

/// The name, the period and the cut of `nps@2018/area=A`.
fn spoken(what: &str) -> (&str, Option<&str>, Option<&str>) {
    let (name, rest) = match what.split_once('@') {
        Some((name, rest)) => (name, Some(rest)),
        None => (what, None),
    };
    match rest {
        Some(rest) => match rest.split_once('/') {
            Some((period, cut)) => (name.trim(), Some(period.trim()), Some(cut.trim())),
            None => (name.trim(), Some(rest.trim()), None),
        },
        None => match name.split_once('/').filter(|it| !it.0.contains('[')) {
            Some((name, cut)) => (name.trim(), None, Some(cut.trim())),
            None => (name.trim(), None, None),
        },
    }
}

/// A KPI, or a part of one, narrowed to values of dimensions: `area=A,channel=Web`. A dimension may be called by its
/// column where it is one.
fn narrowed(checked: &Checked, of: (KpiId, Option<RowExpr>), cut: Option<&str>) -> Result<(KpiId, Option<RowExpr>), String> {
    let Some(cut) = cut else { return Ok(of) };
    let model = &checked.model;
    let mut part = of.1;
    for one in cut.split(',') {
        let (name, value) = one.split_once('=').ok_or_else(|| format!("`{one}` is no cut: write dimension=value"))?;
        let name = name.trim();
        let by_column = || {
            model.dimensions.iter().find(|it| {
                it.from.iter().any(|(source, expr)| match expr {
                    RowExpr::Column(at) if at.through.is_none() => model.sources[source.index()].columns[at.column as usize].name == name,
                    _ => false,
                })
            })
        };
        let found = model.dimensions.iter().find(|it| it.name == name).or_else(by_column);
        let dimension = match found {
            Some(it) => it.name.as_str(),
            None => return Err(requests::unknown("dimension", name, model.dimensions.iter().map(|it| it.name.as_str()))),
        };
        let value = value.trim().replace('\\', "\\\\").replace('"', "\\\"");
        let text = format!("{}[{dimension} = \"{value}\"]", model.kpis[of.0.index()].name);
        part = RowExpr::both(part, crate::model::reference(model, &text)?.1);
    }
    Ok((of.0, part))
}

/// The text of a library of the program, or of one of its patterns: it needs no project.
fn standard(what: &str) -> Option<String> {
    for library in STANDARD {
        if what == library.name {
            return Some(library.text.to_owned());
        }
        if let Some(text) = what.strip_prefix(library.name).and_then(|it| it.strip_prefix('.')).and_then(|it| library.item(it)) {
            return Some(text.to_owned());
        }
    }
    None
}

/// A pattern has no figure: what it says is its text, with the comment above it.
fn pattern(sources: &Sources, model: &Model, id: KpiId, lang: Lang) -> String {
    let kpi = &model.kpis[id.index()];
    let mut text = format!("kpi {}  {}\n  {}\n\n", kpi.name, kpi.title.get(lang).unwrap_or(""), place(sources, kpi.span));
    let document = crate::syntax::read(sources, kpi.span.file, &mut Diagnostics::default());
    let Some(item) = document.items.iter().find(|it| it.name.span == kpi.span) else { return text };
    let file = &sources.file(kpi.span.file).text;
    let mut start = file[..kpi.span.start as usize].rfind('\n').map_or(0, |it| it + 1);
    while let Some(line) = file[..start].strip_suffix('\n').map(|it| it.rfind('\n').map_or(0, |at| at + 1)) {
        if !file[line..start].trim_start().starts_with('#') {
            break;
        }
        start = line;
    }
    text.push_str(file[start..(item.body.span.end as usize).max(start)].trim_end());
    text.push('\n');
    text
}

/// Where something stands: `kpis.peil:12`.
fn place(sources: &Sources, span: Span) -> String {
    format!("{}:{}", sources.file(span.file).path, sources.line_column(span.file, span.start).0)
}

struct Explainer<'a> {
    checked: &'a Checked,
    sources: &'a Sources,
    /// The figures, where a period or a cut is named.
    explained: Option<&'a Explained>,
    /// The claims of what is explained, with what the data say of them.
    claims: &'a [(Claimed, Option<Verdict>)],
    lang: Lang,
}

impl Explainer<'_> {
    fn text<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.lang).unwrap_or("")
    }

    fn kpi(&self, id: KpiId, at: &Context, out: &mut String) {
        let model = &self.checked.model;
        let kpi = &model.kpis[id.index()];
        let _ = writeln!(out, "kpi {}  {}", kpi.name, self.text(&kpi.title));
        for text in [&kpi.description, &kpi.purpose] {
            if !self.text(text).is_empty() {
                let _ = writeln!(out, "  {}", self.text(text));
            }
        }
        let mut line = |label: &str, value: String| {
            if !value.is_empty() {
                let _ = writeln!(out, "  {label:<12}{value}");
            }
        };
        line("formula", kpi.formula.as_ref().map(|it| print_formula(model, it)).unwrap_or_default());
        line("unit", kpi.unit.as_ref().map(Unit::name).unwrap_or_default());
        line("like", kpi.like.map(|it| model.kpis[it.index()].name.clone()).unwrap_or_default());
        let mut from: Vec<KpiId> = kpi.taken.iter().map(|it| it.1).collect();
        from.dedup();
        for id in from {
            let keys: Vec<&str> = kpi.taken.iter().filter(|it| it.1 == id).map(|it| it.0.as_str()).collect();
            let said = &model.kpis[id.index()];
            line("taken over", format!("{}, from {} ({})", keys.join(", "), said.name, place(self.sources, said.span)));
        }
        line("owner", kpi.owner.map(|it| model.project.teams[it.index()].name.clone()).unwrap_or_default());
        line("judged per", judged_grain(self.checked, id).to_string());
        for norms in &kpi.norms {
            line("norms", norms_text(model, norms));
        }
        line("used by", self.users(Node::Kpi(id.0)).join(", "));
        for lead in &kpi.leads {
            let after = lead.after.map(|it| format!(" after {it}")).unwrap_or_default();
            line("leads", format!("{}{after}, {}", model.kpis[lead.kpi.index()].name, evidence_text(model, &lead.evidence)));
            if lead.evidence.counts_as() != Evidence::Experiment {
                line("", self.tested(lead.span));
            }
        }
        line("defined", place(self.sources, kpi.span));
        if self.explained.is_none() && !kpi.pattern && kpi.formula.is_some() {
            line("figures", format!("`peil explain {}@2025-Q3`, with the period that you mean", kpi.name));
        }
        let _ = writeln!(out);
        let mut shown = Vec::new();
        self.tree(id, at, 0, &mut shown, out);
    }

    /// What uses an item: each once, also what names it in several places.
    fn users(&self, of: Node) -> Vec<String> {
        let mut users: Vec<String> = Vec::new();
        for (node, edge) in self.checked.graph.needed_by(of).into_iter().filter(|it| it.1 != Edge::LedBy) {
            let user = format!("{} {}", word_of(node, edge), name_of(&self.checked.model, node));
            if !users.contains(&user) {
                users.push(user);
            }
        }
        users
    }

    /// An assumption, and what rests on it.
    fn assumed(&self, at: usize, out: &mut String) {
        let model = &self.checked.model;
        let assumption = &model.assumptions[at];
        let _ = writeln!(out, "{}", format!("assumption {}  {}", assumption.name, self.text(&assumption.title)).trim_end());
        if !self.text(&assumption.description).is_empty() {
            let _ = writeln!(out, "  {}", self.text(&assumption.description));
        }
        if let Some(until) = assumption.until {
            let _ = writeln!(out, "  {:<12}{until}", "until");
        }
        let users = self.checked.graph.needed_by(Node::Assumption(at as u32));
        let users: Vec<&str> = users.into_iter().map(|it| name_of(model, it.0)).collect();
        if !users.is_empty() {
            let _ = writeln!(out, "  {:<12}{}", "used by", users.join(", "));
        }
        let _ = writeln!(out);
        self.assumption(assumption, None, 0, out);
    }

    /// What is assumed, of one value where the formula names one, and who says so.
    fn assumption(&self, of: &Assumption, value: Option<&str>, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        let amount = |it: f64| format!("{} {}", tidy_number(it), of.unit.name());
        let estimate = |it: &Estimate| match it.ends {
            Some((low, high)) => format!("{} [{}, {}]", amount(it.base), tidy_number(low), tidy_number(high)),
            None => amount(it.base),
        };
        let said = [of.source.get(self.lang).map(str::to_owned), of.date.map(|it| it.to_string())];
        let said: Vec<String> = said.into_iter().flatten().collect();
        let whole = of.value.as_ref().filter(|_| of.by.is_none()).map(|it| format!("  {}", estimate(it)));
        let _ = writeln!(out, "{indent}{}  assumed{}  {}", of.name, whole.unwrap_or_default(), said.join(", "));
        if let Some((_, values)) = &of.by {
            for (code, it) in values.iter().filter(|it| value.is_none_or(|value| value == it.0)) {
                let _ = writeln!(out, "{indent}  {code}  {}", estimate(it));
            }
            if let Some(rest) = &of.value {
                let _ = writeln!(out, "{indent}  else  {}", estimate(rest));
            }
        }
    }
}

fn word_of(node: Node, edge: Edge) -> &'static str {
    match (node, edge) {
        (Node::Goal(_), _) => "goal",
        (Node::Kpi(_), _) => "kpi",
        (Node::Enabler(_), _) => "enabler",
        (Node::Touchpoint(_), _) => "touchpoint",
        (Node::Journey(_), _) => "journey",
        (Node::Source(_), _) => "source",
        (Node::Assumption(_), _) => "assumption",
        (Node::Incentive(_), _) => "incentive",
        (Node::Benchmark(_), _) => "benchmark",
        (Node::Drivers(_), _) => "drivers",
        (Node::Finding(_), _) => "finding",
        (Node::Action(_), _) => "action",
    }
}

/// What a claim counts as, and what it rests on.
fn evidence_text(model: &Model, claim: &Claim) -> String {
    let word = claim.counts_as().name();
    match claim.support {
        Some(Support::Drivers(it)) => format!("{word} drivers {}", model.drivers[it.index()].name),
        Some(Support::Kpi(it)) => format!("{word} kpi {}", model.kpis[it.index()].name),
        Some(Support::Action(it)) => format!("{word} action {}", model.actions[it.index()].name),
        Some(Support::Finding(it)) => format!("{word} finding {}", model.findings[it.index()].name),
        None => word.to_owned(),
    }
}

fn norms_text(model: &Model, norms: &crate::model::Norms) -> String {
    let value = |name: &str, it: &Option<NormValue>| it.as_ref().map(|it| format!("{name} {}", norm_text(it)));
    let mut parts: Vec<String> = [value("worst", &norms.worst), value("threshold", &norms.threshold), value("target", &norms.target)]
        .into_iter()
        .flatten()
        .collect();
    parts.extend(norms.from.map(|it| format!("from {it}")));
    parts.extend(norms.until.map(|it| format!("before {it}")));
    parts.extend(norms.filter.as_ref().map(|it| format!("where {}", print_row(model, it))));
    parts.join(", ")
}

fn norm_text(norm: &NormValue) -> String {
    let mut text = tidy_number(norm.value);
    if let Some((from, value, to)) = norm.line {
        let _ = write!(text, " on {from} to {} on {to}", tidy_number(value));
    }
    if let Some(by) = norm.by {
        let _ = write!(text, " by {by}");
    }
    if let Some(per) = norm.per {
        let _ = write!(text, " per {per}");
    }
    text
}
