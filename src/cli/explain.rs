//! `peil explain`: what a code means, or what a KPI is made of, down to columns, with figures where a period is named.

mod claims;
mod items;

use super::output::Output;
use super::verbs::{open, options, ready};
use super::{EngineArgs, FINE, ProjectArgs, UNABLE, requests};
use crate::check::Checked;
use crate::eval::judged_grain;
use crate::graph::{Edge, Node, name_of};
use crate::insight::Ladder;
use crate::insight::evidence::{Claimed, Verdict};
use crate::library::STANDARD;
use crate::model::{
    Aggregate, Assumption, Claim, ColumnRef, CustomerMeasure, Estimate, Evidence, Function, KpiExpr, KpiId, KpiKind, Model, NormValue,
    RowExpr, Stretch, Support, Text, column_text, print_formula, print_row,
};
use crate::publish::Results;
use crate::session;
use crate::source::{Sources, Span};
use crate::state::Seen;
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
            let explainer = Explainer { checked, sources, results: None, ladders: &[], claims: &claims, lang: output.lang };
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
    let mut results = None;
    let mut ladders = Vec::new();
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
            Ok(read) => (results, ladders) = (Some(read.0), read.1),
            Err(code) => return code,
        }
    }
    let mut text = String::new();
    let claims = claimed(&format!("kpi:{}", checked.model.kpis[kpi.0.index()].name));
    let sources = &opened.session.sources;
    Explainer { checked, sources, results: results.as_ref(), ladders: &ladders, claims: &claims, lang: output.lang }.kpi(kpi.0, &mut text);
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
    results: Option<&'a Results>,
    /// What is known of each aggregate's rows; none of those that are hidden.
    ladders: &'a [(String, Ladder)],
    /// The claims of what is explained, with what the data say of them.
    claims: &'a [(Claimed, Option<Verdict>)],
    lang: Lang,
}

impl Explainer<'_> {
    fn text<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.lang).unwrap_or("")
    }

    fn kpi(&self, id: KpiId, out: &mut String) {
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
        let above: Vec<String> = self
            .checked
            .graph
            .needed_by(Node::Kpi(id.0))
            .into_iter()
            .filter(|it| it.1 != Edge::LedBy)
            .map(|(node, edge)| format!("{} {}", word_of(node, edge), name_of(model, node)))
            .collect();
        line("used by", above.join(", "));
        for lead in &kpi.leads {
            let after = lead.after.map(|it| format!(" after {it}")).unwrap_or_default();
            line("leads", format!("{}{after}, {}", model.kpis[lead.kpi.index()].name, evidence_text(model, &lead.evidence)));
            if lead.evidence.counts_as() != Evidence::Experiment {
                line("", self.tested(lead.span));
            }
        }
        line("defined", place(self.sources, kpi.span));
        if self.results.is_none() && !kpi.pattern && kpi.formula.is_some() {
            line("figures", format!("`peil explain {}@2025-Q3`, with the period that you mean", kpi.name));
        }
        let _ = writeln!(out);
        let mut shown = Vec::new();
        self.tree(id, 0, &mut shown, out);
    }

    fn figure(&self, id: KpiId) -> String {
        let Some(results) = self.results else { return String::new() };
        let Some(table) = results.tables.iter().find(|it| it.kpi == id) else { return String::new() };
        let Some(row) = table.last_over() else { return "  no data in this period".to_owned() };
        let mut text = match row.value {
            Some(value) => format!(
                "  {} {}",
                tidy_number(value),
                self.checked.model.kpis[id.index()].unit.as_ref().map(Unit::name).unwrap_or_default()
            ),
            None => "  –".to_owned(),
        };
        if let (Some(low), Some(high)) = (row.low, row.high) {
            let _ = write!(text, " [{}, {}]", tidy_number(low), tidy_number(high));
        }
        if let Some(n) = row.n {
            let _ = write!(text, "  n {n}");
        }
        if let Some(effective) = row.n_effective.filter(|it| row.n.is_some_and(|n| n as f64 != *it)) {
            let _ = write!(text, ", effective {}", tidy_number(effective));
        }
        let _ = write!(text, "  {}  {}", row.period, row.judged.status.name());
        if let (Some(worst), Some(threshold), Some(target)) = (row.judged.worst, row.judged.threshold, row.judged.target) {
            let [worst, threshold, target] = [worst, threshold, target].map(tidy_number);
            let _ = write!(text, " (worst {worst}, threshold {threshold}, target {target})");
        }
        for note in row.said_notes() {
            let _ = write!(text, "  ({note})");
        }
        if let Some(model) = &row.model {
            let [r, alpha, a, b] = [model.buying.r, model.buying.alpha, model.buying.a, model.buying.b].map(tidy_number);
            let _ = write!(text, "  BG/NBD r {r}, alpha {alpha} days, a {a}, b {b}, of {} customers", model.customers);
            if let Some((spending, correlation)) = &model.spending {
                let [p, q, gamma, correlation] = [spending.p, spending.q, spending.gamma, *correlation].map(tidy_number);
                let _ =
                    write!(text, "; gamma-gamma p {p}, q {q}, gamma {gamma}, correlation {correlation}, of {} who came again", model.again);
            }
        }
        text
    }

    /// The KPI and what it is made of, one a line, indented.
    fn tree(&self, id: KpiId, depth: usize, shown: &mut Vec<KpiId>, out: &mut String) {
        let model = &self.checked.model;
        let kpi = &model.kpis[id.index()];
        let indent = "  ".repeat(depth);
        let again = shown.contains(&id);
        let _ = writeln!(out, "{indent}{}{}{}", kpi.name, if again { "  (above)" } else { "" }, self.figure(id));
        if again {
            return;
        }
        shown.push(id);
        if let Some(formula) = &kpi.formula {
            self.formula(formula, depth + 1, shown, out);
        }
    }

    fn formula(&self, formula: &KpiExpr, depth: usize, shown: &mut Vec<KpiId>, out: &mut String) {
        match &formula.kind {
            KpiKind::Number(_) => {}
            KpiKind::Assumption { assumption, value } => {
                self.assumption(&self.checked.model.assumptions[assumption.index()], value.as_deref(), depth, out);
            }
            KpiKind::Aggregate(it) => self.aggregate(it, depth, out),
            KpiKind::Kpi { kpi, part } => {
                if let Some(part) = part {
                    let _ = writeln!(out, "{}where {}", "  ".repeat(depth), print_row(&self.checked.model, part));
                }
                self.tree(*kpi, depth, shown, out);
            }
            KpiKind::Negate(of)
            | KpiKind::Rescale { of, .. }
            | KpiKind::Rolling { of, .. }
            | KpiKind::Previous(of)
            | KpiKind::Change { of, .. }
            | KpiKind::Hold { of, .. }
            | KpiKind::Total { of, .. }
            | KpiKind::Scaled { of, .. } => self.formula(of, depth, shown, out),
            KpiKind::Binary { left, right, .. } => {
                self.formula(left, depth, shown, out);
                self.formula(right, depth, shown, out);
            }
            KpiKind::Composed { parts, .. } => parts.iter().for_each(|it| self.formula(it, depth, shown, out)),
            KpiKind::Index { parts, least } => {
                if let Some(least) = least {
                    let _ = writeln!(out, "{}of {} parts, at least {least} with a value", "  ".repeat(depth), parts.len());
                }
                let total: f64 = parts.iter().map(|it| it.1).sum();
                for (part, weight) in parts {
                    let _ = writeln!(out, "{}weight {} %", "  ".repeat(depth), tidy_number(weight / total * 100.0));
                    self.formula(part, depth, shown, out);
                }
            }
        }
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

    fn aggregate(&self, aggregate: &Aggregate, depth: usize, out: &mut String) {
        let model = &self.checked.model;
        let source = &model.sources[aggregate.source.index()];
        let indent = "  ".repeat(depth);
        let _ = writeln!(out, "{indent}{}", aggregate.text);
        let files: Vec<&str> = source.files.iter().map(|it| it.pattern.as_str()).collect();
        let column = |at: Option<usize>| at.map_or("none", |it| source.columns[it].name.as_str());
        let _ = writeln!(
            out,
            "{indent}  source {} ({}), time {}, weight {}, cluster {}",
            source.name,
            files.join(", "),
            column(aggregate.time),
            column(aggregate.weight),
            column(aggregate.cluster)
        );
        let read = columns_of(aggregate).into_iter().map(|it| {
            let column = &model.sources[it.source.index()];
            let owner = it.through.map_or(column, |at| &model.sources[column.references[at as usize].to.index()]);
            let declared = &owner.columns[it.column as usize];
            format!("{} ({})", column_text(model, it), place(self.sources, declared.span))
        });
        let read: Vec<String> = read.collect();
        if !read.is_empty() && self.results.is_some() {
            let _ = writeln!(out, "{indent}  reads {}", read.join(", "));
        }
        if self.results.is_some() {
            let _ = writeln!(out, "{indent}  interval {}", interval_method(aggregate, source.complete));
        }
        if let Some((_, ladder)) = self.ladders.iter().find(|it| it.0 == aggregate.text) {
            self.ladder(ladder, aggregate, &indent, out);
        }
    }

    /// From all rows to the base, and the answers that were given.
    fn ladder(&self, ladder: &Ladder, aggregate: &Aggregate, indent: &str, out: &mut String) {
        // Its rows are walked: what is left of them is customers, or what follows a row, once a window.
        if let Function::Customers(of) = &aggregate.function {
            let _ = writeln!(out, "{indent}  {:>9} rows in the period", ladder.rows);
            if ladder.left.unobserved > 0 {
                let _ = writeln!(out, "{indent}  {:>9} not yet observed", ladder.left.unobserved);
            }
            let counted = if matches!(of.walk.window, Stretch::After { .. }) { "rows" } else { "customers, each once a window," };
            let _ = writeln!(out, "{indent}  {:>9} {counted} in the base", ladder.base);
            return;
        }
        let steps = [
            ("dropped by `keep where`", ladder.not_kept),
            ("doubles", ladder.duplicate),
            ("outside its `where`", ladder.outside),
            ("blank", ladder.left.blank),
            ("not applicable", ladder.left.not_applicable),
            ("out of scale", ladder.left.out_of_scale),
            ("no weight", ladder.left.no_weight),
            ("no cluster", ladder.left.no_cluster),
            ("not yet observed", ladder.left.unobserved),
        ];
        let _ = writeln!(out, "{indent}  {:>9} rows", ladder.rows);
        for (reason, count) in steps.iter().filter(|it| it.1 > 0) {
            let _ = writeln!(out, "{indent}  {:>9} {reason}", format!("-{count}"));
        }
        let _ = writeln!(out, "{indent}  {:>9} in the base", ladder.base);
        let of_scale =
            columns_of(aggregate).first().and_then(|it| self.checked.model.sources[it.source.index()].columns[it.column as usize].scale);
        let total: u64 = ladder.answers.iter().map(|it| it.1).sum();
        if total == 0 || ladder.answers.len() > 30 {
            return;
        }
        let _ = writeln!(
            out,
            "{indent}  answers{}, each counted as one",
            of_scale.map_or_else(String::new, |it| format!(" on {}..{}", it.low, it.high))
        );
        for (answer, count) in &ladder.answers {
            let answer = match answer {
                Seen::Number(it) => it.to_string(),
                Seen::Text(it) => crate::diagnostic::harmless(it),
                Seen::Date(it) => it.to_string(),
            };
            let percent = *count as f64 / total as f64 * 100.0;
            let _ = writeln!(out, "{indent}  {answer:>9} {count:>7} {percent:>6.1} %");
        }
    }
}

/// The columns that an aggregate reads for its value.
fn columns_of(aggregate: &Aggregate) -> Vec<ColumnRef> {
    let mut columns = match &aggregate.function {
        Function::Count | Function::Customers(_) => Vec::new(),
        Function::Net(good, bad) => good.columns().into_iter().chain(bad.columns()).collect(),
        Function::CountOf(it)
        | Function::Distinct(it)
        | Function::Sum(it)
        | Function::Mean { of: it, .. }
        | Function::Min(it)
        | Function::Max(it)
        | Function::Median(it)
        | Function::Percentile(it, _)
        | Function::Stddev(it)
        | Function::Share(it) => it.columns(),
    };
    columns.dedup();
    columns
}

/// How the interval of an aggregate by itself is made (R14, R15).
fn interval_method(aggregate: &Aggregate, complete: bool) -> &'static str {
    match (&aggregate.function, complete) {
        (_, true) => "none: the data are complete",
        (Function::Share(_) | Function::Net(..) | Function::Mean { .. }, _) if aggregate.cluster.is_some() => {
            "between clusters, Student's t"
        }
        (Function::Share(_), _) if aggregate.weight.is_some() => "Wilson, with the size that the linearised variance is worth",
        (Function::Share(_), _) => "Wilson",
        (Function::Net(..) | Function::Mean { .. }, _) if aggregate.weight.is_some() => "linearised",
        (Function::Net(..), _) => "adjusted Wald",
        (Function::Customers(of), _) => customer_interval(of.measure),
        (Function::Mean { .. }, _) => "Student's t",
        (Function::Median(_) | Function::Percentile(..), _) if aggregate.weight.is_none() => "binomial order statistics",
        _ => "none",
    }
}

/// The same of a measure of customers, each of whom counts once a window.
fn customer_interval(of: CustomerMeasure) -> &'static str {
    use CustomerMeasure::{Brought, Converted, Forecast, GrossLoss, GrossRevenue, Lost, Moved, NetLoss, NetRevenue, NotRepeated};
    use CustomerMeasure::{Repeated, Retained};
    match of {
        Retained | Lost | Moved | Repeated | NotRepeated | Converted => "Wilson",
        NetRevenue | GrossRevenue | GrossLoss | NetLoss => "linearised, of a quotient of two sums",
        Brought => "Student's t",
        Forecast(_) => "none: what a model says",
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
