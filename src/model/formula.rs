//! KPI formulas: functions over rows become aggregates, names become KPIs; patterns get their columns (R9, R11).

mod customers;

use super::build::{Builder, range, strip_word};
use super::names::Named;
use super::row::{ColumnRef, Comparison, RowExpr, print as print_row};
use super::rows::{self, RowType, Scope};
use super::types::*;
use super::units_of_rows;
use crate::calendar::{Date, DatePattern, Length};
use crate::source::{Span, Spanned};
use crate::syntax::expr::{self, Argument, Expr, ExprKind, Operator, Path};
use crate::syntax::{Kind, Node, Word};
use crate::value::{Code, Fact, Num, Unit};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// Functions over rows.
const AGGREGATES: [&str; 16] = [
    "count",
    "distinct",
    "sum",
    "mean",
    "min",
    "max",
    "median",
    "percentile",
    "stddev",
    "share",
    "net",
    "nps",
    "csat",
    "ces",
    "top_box",
    "bottom_box",
];
/// Functions over figures.
const FIGURES: [&str; 5] = ["index", "rescale", "rolling", "previous", "change"];
/// In the language, not in this version (R30).
const NOT_YET: [&str; 7] = ["year_to_date", "clamp", "hold", "total", "correlation", "first", "last"];
/// Functions whose variant must be named (R11), with the variants.
const VARIANTS: [(&str, &str); 9] = [
    ("ces", "ces.effort, ces.agree, ces.mean, ces.top2, ces.net"),
    ("csat", "csat.top2, csat.mean, csat.index, csat.top_box"),
    ("churn", "churn.customers, churn.revenue_gross, churn.revenue_net"),
    ("churn.revenue", "churn.revenue_gross, churn.revenue_net"),
    ("retention", "retention.rolling, retention.cohort"),
    ("service_level", "service_level.f4"),
    ("fcr", "fcr.no_repeat, fcr.answer"),
    ("clv", "clv.historic, clv.simple, clv.discounted, clv.bgnbd"),
    ("response_rate", "response_rate.rr1 … response_rate.rr5"),
];

/// Whether a name is that of a function over rows or figures.
pub(super) fn is_function(name: &str) -> bool {
    let family = name.split('.').next().unwrap_or(name);
    AGGREGATES.contains(&family) || FIGURES.contains(&name) || customers::is_customers(name)
}

/// KPIs that may be like one another in a chain.
const MAX_LIKES: usize = 100;

/// Everything that a KPI says, itself or through `like`, nearest first.
struct Chain<'n> {
    bodies: Vec<&'n Node>,
    kpis: Vec<KpiId>,
}

impl Chain<'_> {
    /// A body with what the chain says under these keys, to be read as if it had been written in one place; and what of it
    /// is taken over from which KPI.
    fn merged(&self) -> (Cow<'_, Node>, Vec<(String, KpiId)>) {
        let own = self.bodies[0];
        if self.bodies.len() == 1 {
            return (Cow::Borrowed(own), Vec::new());
        }
        let mut entries = own.entries().to_vec();
        let mut taken = Vec::new();
        for (body, kpi) in self.bodies.iter().zip(&self.kpis).skip(1) {
            for entry in body.entries() {
                let key = entry.key.value.as_str();
                let inherited = !matches!(key, "title" | "changed" | "like" | "with" | "takes" | "lint");
                if inherited && !entries.iter().any(|it| it.key.value == key) {
                    entries.push(entry.clone());
                    taken.push((key.replace('_', " "), *kpi));
                }
            }
        }
        (Cow::Owned(Node { span: own.span, kind: Kind::Map(entries) }), taken)
    }
}

/// Resolves all KPIs.
pub(super) fn kpis(builder: &mut Builder<'_>) {
    let named = builder.names.of(Word::Kpi).to_vec();
    let parents = parents(builder, &named);
    for (at, it) in named.iter().enumerate() {
        let mut bodies = vec![it.body];
        let mut kpis = vec![KpiId(at as u32)];
        let mut next = parents[at];
        while let Some(parent) = next {
            bodies.push(named[parent].body);
            kpis.push(KpiId(parent as u32));
            next = parents[parent];
        }
        let chain = Chain { bodies, kpis };
        let kpi = kpi(builder, *it, &chain, parents[at].map(|it| KpiId(it as u32)));
        builder.model.kpis.push(kpi);
        builder.kpi_lints(*it);
    }
}

/// The KPI that each is like; cycles are reported and cut.
fn parents(builder: &mut Builder<'_>, named: &[Named<'_>]) -> Vec<Option<usize>> {
    let mut parents: Vec<Option<usize>> = Vec::new();
    for it in named {
        let like = it.body.get("like").and_then(Node::spanned);
        let found = like.and_then(|like| builder.names.resolve(Word::Kpi, strip_word(&like.value, "kpi"), like.span, builder.out));
        parents.push(found);
    }
    for ring in super::rings(&parents) {
        let first = ring[0];
        let names: Vec<&str> = ring.iter().chain([&first]).map(|it| named[*it].name.value.as_str()).collect();
        let span = named[first].body.get("like").map_or(named[first].name.span, |it| it.span);
        builder.out.push(Fact::at(Code::Cycle, span).with("what", "like").with("path", names.join(" -> ")));
        ring.iter().for_each(|it| parents[*it] = None);
    }
    limit_chains(builder, named, &mut parents);
    parents
}

/// Reports chains of `like` that are too long to be meant, and cuts them. There are no rings any more.
fn limit_chains(builder: &mut Builder<'_>, named: &[Named<'_>], parents: &mut [Option<usize>]) {
    let place = |at: usize| named[at].body.get("like").map_or(named[at].name.span, |it| it.span);
    // How many KPIs stand above each, as far as it is known.
    let mut above: Vec<Option<usize>> = vec![None; parents.len()];
    let mut reported = false;
    for start in 0..parents.len() {
        let mut path = Vec::new();
        let mut next = Some(start);
        while let Some(at) = next.filter(|it| above[*it].is_none()) {
            path.push(at);
            next = parents[at];
        }
        let mut height = next.and_then(|it| above[it]).map_or(0, |it| it + 1);
        for it in path.into_iter().rev() {
            if height > MAX_LIKES {
                // A chain is one mistake: below the cut it begins anew.
                if !reported {
                    let fact = Fact::at(Code::LimitExceeded, place(it)).with("what", "KPIs below one another").with("limit", MAX_LIKES);
                    builder.out.push(fact);
                }
                reported = true;
                parents[it] = None;
                height = 0;
            }
            above[it] = Some(height);
            height += 1;
        }
    }
}

fn kpi(builder: &mut Builder<'_>, named: Named<'_>, chain: &Chain<'_>, like: Option<KpiId>) -> Kpi {
    let (merged, taken) = chain.merged();
    let body = &*merged;
    let pattern = named.body.get("takes").is_some();
    let mut kpi = Kpi {
        name: named.name.value.clone(),
        span: named.name.span,
        title: builder.text(body, "title"),
        description: builder.text(body, "description"),
        purpose: builder.text(body, "purpose"),
        formula: None,
        broken: super::build::is_broken(named.body),
        pattern,
        like,
        taken,
        unit: None,
        written_unit: body.get("unit").and_then(Node::spanned),
        direction: builder.direction(body),
        indicator: match builder.word(body, "indicator") {
            Some("cause") => Indicator::Cause,
            Some("effect") => Indicator::Effect,
            Some("context") => Indicator::Context,
            _ => Indicator::Direct,
        },
        owner: None,
        owner_said: body.get("owner").is_some(),
        theme: None,
        norms: Vec::new(),
        judged_per: builder.grain(body, "judged_per"),
        influenceable: body.get("influenceable").map(|_| builder.flag(body, "influenceable")),
        minimum_base: None,
        cuts: Vec::new(),
        tags: builder.names_of(body, "tags").into_iter().map(|it| it.value).collect(),
        changed: None,
        leads: Vec::new(),
        decimals: builder.word(body, "decimals").and_then(|it| it.parse().ok()),
    };
    // What is inherited was reported where it was written.
    let before = builder.out.len();
    kpi.minimum_base = minimum_base(builder, body);
    kpi.owner = builder.team(body, "owner");
    kpi.theme = builder.theme(body);
    kpi.cuts = builder.cuts(body);
    if !pattern {
        kpi.norms = super::norms::read(builder, body);
    }
    kpi.changed = changed(builder, body);
    kpi.leads = super::evidence::leads(builder, body);
    if !pattern {
        kpi.formula = formula(builder, named, chain, body, &mut kpi.broken);
    }
    kpi.broken |= builder.out.len() > before && kpi.formula.is_none();
    drop_inherited(builder, before, named.body.span, like.is_some());
    kpi
}

/// The minimum base that a KPI sets, no lower than the floor (R22).
fn minimum_base(builder: &mut Builder<'_>, body: &Node) -> Option<u32> {
    let node = body.get("minimum_base")?;
    match node.text().and_then(|it| it.trim().parse::<u32>().ok()) {
        Some(value) if value >= 5 => Some(value),
        Some(value) => {
            builder.out.push(Fact::at(Code::MinimumBaseTooLow, node.span).with("found", value));
            None
        }
        // What is no number at all was reported where it was read.
        None => {
            if !node.is_refused() {
                builder.wrong("minimum_base", "whole number", node);
            }
            None
        }
    }
}

/// A mistake in what several KPIs take over is one mistake: it is reported at the first KPI that has it.
fn drop_inherited(builder: &mut Builder<'_>, before: usize, own: Span, inherits: bool) {
    if !inherits {
        return;
    }
    let known: Vec<Fact> = builder.out.iter().take(before).cloned().collect();
    let mut at = 0;
    builder.out.retain(|fact| {
        at += 1;
        let outside = fact.span.is_some_and(|it| it.file != own.file || it.start < own.start || it.end > own.end);
        at <= before || !(outside && known.iter().any(|it| it.code == fact.code && it.span == fact.span))
    });
}

fn changed(builder: &mut Builder<'_>, body: &Node) -> Option<Changed> {
    let node = body.get("changed")?;
    let on = node.get("on")?;
    let Some(date) = on.text().and_then(|it| Date::parse(it.trim(), DatePattern::YearMonthDay)) else {
        builder.wrong("changed", "date", on);
        return None;
    };
    let comparable = match node.get("comparable").map(|it| it.text().unwrap_or("true").to_owned()).as_deref() {
        Some("no" | "false") | None => false,
        Some("yes" | "true") => true,
        Some(_) => {
            if let Some(node) = node.get("comparable") {
                builder.wrong("comparable", "yes or no", node);
            }
            false
        }
    };
    let reason = node.get("reason").and_then(Node::text).unwrap_or_default().to_owned();
    Some(Changed { on: date, reason, comparable })
}

fn formula(builder: &mut Builder<'_>, named: Named<'_>, chain: &Chain<'_>, body: &Node, broken: &mut bool) -> Option<KpiExpr> {
    let Some(node) = body.get("formula") else {
        // A parent that is broken may have had one.
        let last = chain.bodies[chain.bodies.len() - 1];
        let like_broken = last.get("like").is_some();
        if !super::build::is_broken(named.body) && !like_broken {
            let fact = Fact::at(Code::MissingKey, named.name.span).with("key", "formula").with("word", "kpi");
            builder.out.push(fact.with("name", &named.name.value));
        }
        *broken = true;
        return None;
    };
    let bound = bindings(builder, named, chain)?;
    let from = match body.get("from").and_then(Node::spanned) {
        None => None,
        Some(name) => {
            let found = builder.names.resolve(Word::Source, strip_word(&name.value, "source"), name.span, builder.out);
            let Some(found) = found else {
                *broken = true;
                return None;
            };
            Some(SourceId(found as u32))
        }
    };
    let parsed = builder.expression(node);
    let filter_node = body.get("where");
    let filter = match filter_node {
        None => None,
        Some(node) => match builder.expression(node) {
            Some(it) => Some(it),
            None => {
                *broken = true;
                return None;
            }
        },
    };
    let Some(parsed) = parsed else {
        *broken = true;
        return None;
    };
    let plain = |key: &str| body.get(key).and_then(Node::spanned);
    let context =
        Context { from, bound, filter, weight: plain("weight"), cluster: plain("cluster"), time: plain("time"), only_kpis: false };
    let mut resolver = Resolver { builder, context };
    let resolved = resolver.figure(&parsed);
    *broken |= resolved.is_none();
    resolved
}

/// The columns that a pattern's parameters stand for.
fn bindings(builder: &mut Builder<'_>, named: Named<'_>, chain: &Chain<'_>) -> Option<HashMap<String, RowExpr>> {
    let mut bound = HashMap::new();
    let takes: Vec<_> = chain.bodies.iter().filter_map(|it| it.get("takes")).flat_map(Node::entries).collect();
    let with: Vec<_> = chain.bodies.iter().filter_map(|it| it.get("with")).flat_map(Node::entries).collect();
    let mut complete = true;
    for parameter in &takes {
        let name = &parameter.key.value;
        let Some(value) = with.iter().find(|it| it.key.value == *name) else {
            let place = named.body.get("like").map_or(named.name.span, |it| it.span);
            let fact = Fact::at(Code::WrongArguments, place).with("function", &named.name.value).with("parameter", name);
            builder.out.push(fact.label(parameter.key.span, "parameter"));
            complete = false;
            continue;
        };
        let Kind::Scalar(scalar) = &value.value.kind else { continue };
        let Some(parsed) = expr::parse(value.value.span.file, scalar, builder.out) else {
            complete = false;
            continue;
        };
        let Some((resolved, _)) = rows::any(builder, &parsed, Scope::Anywhere) else {
            complete = false;
            continue;
        };
        if let Some(wanted) = parameter.value.text().and_then(|it| range(it.trim().strip_prefix("scale")?)) {
            let scale = scale_of(&builder.model, &resolved);
            if scale.is_none_or(|it| (it.low, it.high) != wanted) {
                let fact = Fact::at(Code::ScaleMismatch, value.value.span).with("function", &named.name.value);
                let fact = fact.with("wanted", format!("{}..{}", wanted.0, wanted.1)).with("found", scale_text(scale));
                builder.out.push(label_column(fact, &builder.model, &resolved));
                complete = false;
            }
        }
        bound.insert(name.clone(), resolved);
    }
    for value in &with {
        if !takes.iter().any(|it| it.key.value == value.key.value) {
            let fact = Fact::at(Code::WrongArguments, value.key.span).with("function", &named.name.value);
            let known: Vec<&str> = takes.iter().map(|it| it.key.value.as_str()).collect();
            let fact = fact.with("unknown", &value.key.value);
            builder.out.push(fact.did_you_mean(&value.key.value, value.key.span, known));
            complete = false;
        }
    }
    complete.then_some(bound)
}

fn scale_of(model: &Model, expr: &RowExpr) -> Option<Scale> {
    let RowExpr::Column(column) = expr else { return None };
    model.sources[rows::owner_of(model, *column).index()].columns[column.column as usize].scale
}

fn scale_text(scale: Option<Scale>) -> String {
    scale.map_or_else(String::new, |it| format!("{}..{}", it.low, it.high))
}

fn label_column(fact: Fact, model: &Model, expr: &RowExpr) -> Fact {
    let RowExpr::Column(column) = expr else { return fact };
    let owner = &model.sources[rows::owner_of(model, *column).index()];
    fact.label(owner.columns[column.column as usize].span, "column")
}

/// A KPI, or a part of one, in a list: `nps`, `ces[channel = "Web"]`.
pub(super) fn kpi_reference(builder: &mut Builder<'_>, parsed: &Expr) -> Option<KpiRef> {
    let context = Context { from: None, bound: HashMap::new(), filter: None, weight: None, cluster: None, time: None, only_kpis: true };
    let figure = match &parsed.kind {
        ExprKind::Path(_) | ExprKind::Part { .. } => Resolver { builder, context }.figure(parsed)?,
        _ => {
            builder.out.push(Fact::at(Code::WrongValue, parsed.span).with("key", "kpi").with("expected", "kpi").with("found", "a formula"));
            return None;
        }
    };
    match figure.kind {
        KpiKind::Kpi { kpi, part } => Some(KpiRef { span: parsed.span, kpi, part, weight: 1.0 }),
        _ => None,
    }
}

/// A figure over KPIs that stands outside a KPI: in the text of a finding, in its condition.
pub(super) fn figure(builder: &mut Builder<'_>, parsed: &Expr) -> Option<KpiExpr> {
    let context = Context { from: None, bound: HashMap::new(), filter: None, weight: None, cluster: None, time: None, only_kpis: false };
    let figure = Resolver { builder, context }.figure(parsed)?;
    let mut rows = None;
    figure.walk(&mut |it| {
        if let KpiKind::Aggregate(it) = &it.kind {
            rows = rows.or(Some(it.span));
        }
    });
    if let Some(rows) = rows {
        builder.out.push(Fact::at(Code::FormulaError, rows).with("reason", "rows-outside-kpi"));
        return None;
    }
    Some(figure)
}

/// What a KPI says beside its formula.
struct Context {
    from: Option<SourceId>,
    bound: HashMap<String, RowExpr>,
    filter: Option<Arc<Expr>>,
    weight: Option<Spanned<String>>,
    cluster: Option<Spanned<String>>,
    time: Option<Spanned<String>>,
    /// Whether names are KPIs alone, as in goals, and never assumptions.
    only_kpis: bool,
}

struct Resolver<'b, 'd> {
    builder: &'b mut Builder<'d>,
    context: Context,
}

impl Resolver<'_, '_> {
    fn push(&mut self, fact: Fact) {
        self.builder.out.push(fact);
    }

    // -- figures -----------------------------------------------------------------------------------------------------

    fn figure(&mut self, parsed: &Expr) -> Option<KpiExpr> {
        let of = |kind, unit| Some(KpiExpr { span: parsed.span, unit, kind });
        match &parsed.kind {
            ExprKind::Number { value, unit } => {
                let number = value.to_f64();
                match unit.as_deref() {
                    None => of(KpiKind::Number(number), Unit::Number),
                    Some("%") => of(KpiKind::Number(number), Unit::Percent),
                    Some(unit) => match rows::seconds(unit) {
                        Some(factor) => of(KpiKind::Number(number * factor as f64), Unit::Duration),
                        None => {
                            self.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "length"));
                            None
                        }
                    },
                }
            }
            // Bare `count` counts the rows of `from` (R4).
            ExprKind::Path(path) if path.text() == "count" && self.builder.names.find(Word::Kpi, "count", parsed.span.file).is_none() => {
                self.call(parsed, path, &[], None)
            }
            ExprKind::Path(path) => {
                if self.is_ambiguous(path) {
                    return None;
                }
                if let Some((assumption, unit)) = self.assumption(path) {
                    return of(KpiKind::Assumption { assumption, value: None }, unit);
                }
                let kpi = self.kpi(path)?;
                of(KpiKind::Kpi { kpi, part: None }, Unit::Number)
            }
            ExprKind::Part { of: inner, conditions } => {
                let ExprKind::Path(path) = &inner.kind else {
                    self.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "part-of-kpi"));
                    return None;
                };
                if self.is_ambiguous(path) {
                    return None;
                }
                if let Some((assumption, unit)) = self.assumption(path) {
                    let value = self.assumed_value(assumption, conditions, parsed.span)?;
                    return of(KpiKind::Assumption { assumption, value: Some(value) }, unit);
                }
                let kpi = self.kpi(path)?;
                let mut part = None;
                for condition in conditions {
                    let resolved = rows::condition(self.builder, condition, Scope::Dimensions(self.context.from))?;
                    part = RowExpr::both(part, Some(resolved));
                }
                of(KpiKind::Kpi { kpi, part }, Unit::Number)
            }
            ExprKind::Prefix { not: false, of: inner } => {
                let inner = self.figure(inner)?;
                of(KpiKind::Negate(Box::new(inner)), Unit::Number)
            }
            ExprKind::Binary { operator, at, left, right } => {
                let operator = match operator {
                    Operator::Add => Arithmetic::Add,
                    Operator::Subtract => Arithmetic::Subtract,
                    Operator::Multiply => Arithmetic::Multiply,
                    Operator::Divide => Arithmetic::Divide,
                    other => {
                        let fact = Fact::at(Code::TypeMismatch, *at).with("what", "condition as figure").with("found", other.text());
                        self.push(fact);
                        return None;
                    }
                };
                let (left, right) = (self.figure(left), self.figure(right));
                of(KpiKind::Binary { operator, left: Box::new(left?), right: Box::new(right?) }, Unit::Number)
            }
            ExprKind::Call { function, arguments, filter } => self.call(parsed, function, arguments, filter.as_deref()),
            ExprKind::Prefix { .. }
            | ExprKind::Between { .. }
            | ExprKind::In { .. }
            | ExprKind::Test { .. }
            | ExprKind::Text(_)
            | ExprKind::Date(_) => {
                self.push(Fact::at(Code::TypeMismatch, parsed.span).with("what", "condition as figure").with("found", "condition"));
                None
            }
            ExprKind::List(_) => {
                self.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "not-a-value"));
                None
            }
        }
    }

    /// Reports a name that a KPI and an assumption have, where both could stand (R3).
    fn is_ambiguous(&mut self, path: &Path) -> bool {
        let (false, None, [name]) = (self.context.only_kpis, &path.word, path.names.as_slice()) else { return false };
        let place =
            |word: Word| self.builder.names.find(word, &name.value, name.span.file).map(|it| self.builder.names.of(word)[it].name.span);
        let (Some(first), Some(second)) = (place(Word::Kpi), place(Word::Assumption)) else { return false };
        let fact = Fact::at(Code::AmbiguousName, name.span).with("name", &name.value).with("assumption", "yes");
        let fact = fact.with("meanings", format!("`kpi:{0}`, `assumption:{0}`", name.value));
        self.push(fact.label(first, "first").label(second, "second"));
        true
    }

    /// The assumption that a name stands for (R4).
    fn assumption(&mut self, path: &Path) -> Option<(AssumptionId, Unit)> {
        if self.context.only_kpis {
            return None;
        }
        let file = path.names.first()?.span.file;
        let text = path.text();
        let name = strip_word(&text, "assumption");
        let at = self.builder.names.find(Word::Assumption, name, file)?;
        let meant = match path.word.as_deref() {
            Some(word) => word == "assumption",
            None => self.builder.names.find(Word::Kpi, name, file).is_none(),
        };
        meant.then(|| (AssumptionId(at as u32), self.builder.model.assumptions[at].unit.clone()))
    }

    /// The value of its dimension that `avoidable[reason = "Status"]` takes.
    fn assumed_value(&mut self, id: AssumptionId, conditions: &[Expr], span: Span) -> Option<String> {
        let mut part = None;
        for condition in conditions {
            part = RowExpr::both(part, Some(rows::condition(self.builder, condition, Scope::Dimensions(None))?));
        }
        let assumption = &self.builder.model.assumptions[id.index()];
        let value = assumption.by.as_ref().zip(part.as_ref()).and_then(|((by, _), part)| super::fixed_value(part, *by));
        let value = value.filter(|it| assumption.estimate(Some(it)).is_some());
        if value.is_none() && !assumption.broken {
            let dimension = assumption.by.as_ref().map(|it| self.builder.model.dimensions[it.0.index()].name.clone());
            let fact = Fact::at(Code::FormulaError, span).with("reason", "part-of-assumption").with("name", &assumption.name);
            let fact = fact.with_some("dimension", dimension).label(assumption.span, "assumption");
            self.builder.out.push(fact);
            return None;
        }
        value.map(str::to_owned)
    }

    fn kpi(&mut self, path: &Path) -> Option<KpiId> {
        let span = path.names.first()?.span.to(path.names.last()?.span);
        let name = &path.names[0].value;
        let wanted = path.text();
        let wanted = strip_word(&wanted, "kpi");
        let is_kpi = path.word.as_deref().is_none_or(|it| it == "kpi");
        if is_kpi && let Some(at) = self.builder.names.find(Word::Kpi, wanted, span.file) {
            if self.builder.names.of(Word::Kpi)[at].body.get("takes").is_some() {
                let fact = Fact::at(Code::PatternFigure, span).with("name", wanted);
                let place = self.builder.names.of(Word::Kpi)[at].name.span;
                self.push(fact.label(place, "pattern"));
                return None;
            }
            return Some(KpiId(at as u32));
        }
        if self.builder.names.is_broken(name) || self.builder.names.is_broken(wanted) {
            return None;
        }
        let is_column = self.builder.names.find_source(&path.names).is_some_and(|it| it.1 < path.names.len() || path.names.len() == 1)
            || self.context.bound.contains_key(name)
            || self.context.from.is_some_and(|it| self.builder.model.sources[it.index()].column(name).is_some());
        let fact = if is_column {
            Fact::at(Code::ColumnOutsideAggregate, span).with("name", path.text())
        } else {
            self.builder.names.unknown(Word::Kpi, wanted, span)
        };
        self.push(fact);
        None
    }

    fn call(&mut self, whole: &Expr, function: &Path, arguments: &[Argument], filter: Option<&Expr>) -> Option<KpiExpr> {
        let name = function.text();
        let place = function.names.first().map_or(whole.span, |it| it.span.to(function.names.last().map_or(it.span, |it| it.span)));
        let family = name.split('.').next().unwrap_or(&name).to_owned();
        if FIGURES.contains(&name.as_str()) {
            if let Some(filter) = filter {
                self.push(Fact::at(Code::FormulaError, filter.span).with("reason", "where-on-kpi"));
                return None;
            }
            return self.figure_call(whole, &name, arguments);
        }
        if customers::is_customers(&name) {
            return self.customers(whole, &name, place, arguments, filter);
        }
        let whole_name = VARIANTS.iter().find(|(it, _)| *it == name);
        if let Some((_, variants)) = whole_name.or_else(|| VARIANTS.iter().find(|(it, _)| *it == family))
            && !matches!(family.as_str(), "ces" | "csat")
        {
            let code = if whole_name.is_some() { Code::VariantNeeded } else { Code::NotYet };
            let fact = Fact::at(code, place).with("name", &name).with("what", &name).with("variants", variants);
            self.push(fact);
            return None;
        }
        if NOT_YET.contains(&name.as_str()) || NOT_YET.contains(&family.as_str()) {
            self.push(Fact::at(Code::NotYet, place).with("what", &name));
            return None;
        }
        if !AGGREGATES.contains(&family.as_str()) {
            let known = AGGREGATES.iter().chain(&FIGURES);
            let fact = Fact::at(Code::UnknownFunction, place).with("name", &name).did_you_mean(&name, place, known);
            self.push(fact);
            return None;
        }
        let (aggregate, unit) = self.aggregate(whole, &name, place, arguments, filter)?;
        Some(KpiExpr { span: whole.span, unit, kind: KpiKind::Aggregate(Box::new(aggregate)) })
    }

    fn wrong_arguments(&mut self, span: Span, function: &str, expected: &str, found: usize) {
        let fact = Fact::at(Code::WrongArguments, span).with("function", function).with("expected", expected);
        self.push(fact.with("found", found));
    }

    fn figure_call(&mut self, whole: &Expr, name: &str, arguments: &[Argument]) -> Option<KpiExpr> {
        let of = |kind| Some(KpiExpr { span: whole.span, unit: Unit::Number, kind });
        let values: Vec<&Expr> = arguments.iter().map(|it| &it.value).collect();
        match (name, values.as_slice()) {
            ("index", []) => {
                self.wrong_arguments(whole.span, name, "1 or more", 0);
                None
            }
            ("index", _) => self.index(whole, arguments),
            ("rescale", [figure, ends]) => {
                let inner = self.figure(figure)?;
                let ExprKind::Binary { operator: Operator::Range, left, right, .. } = &ends.kind else {
                    self.push(Fact::at(Code::FormulaError, ends.span).with("reason", "range-expected"));
                    return None;
                };
                let (low, high) = (self.literal(left)?, self.literal(right)?);
                let written = written_unit(left).or_else(|| written_unit(right));
                if low == high {
                    self.push(Fact::at(Code::FormulaError, ends.span).with("reason", "empty-range"));
                    return None;
                }
                of(KpiKind::Rescale { of: Box::new(inner), low, high, written })
            }
            ("rolling", [figure, length]) => {
                let inner = self.figure(figure);
                let length = self.length(length)?;
                of(KpiKind::Rolling { of: Box::new(inner?), length })
            }
            ("previous", [figure]) => {
                let inner = self.figure(figure)?;
                of(KpiKind::Previous(Box::new(inner)))
            }
            ("change", [figure]) => {
                let inner = self.figure(figure)?;
                of(KpiKind::Change { of: Box::new(inner), length: None })
            }
            ("change", [figure, length]) => {
                let inner = self.figure(figure);
                let length = self.length(length)?;
                of(KpiKind::Change { of: Box::new(inner?), length: Some(length) })
            }
            _ => {
                let expected = match name {
                    "previous" => "1",
                    "change" => "1 or 2",
                    _ => "2",
                };
                self.wrong_arguments(whole.span, name, expected, arguments.len());
                None
            }
        }
    }

    /// A number as it stands, in its unit: the ends of `rescale`.
    fn literal(&mut self, parsed: &Expr) -> Option<f64> {
        match &parsed.kind {
            ExprKind::Number { value, unit } => {
                let factor = unit.as_deref().and_then(rows::seconds).unwrap_or(1);
                Some(value.to_f64() * factor as f64)
            }
            ExprKind::Prefix { not: false, of } => self.literal(of).map(|it| -it),
            _ => {
                self.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "number-expected"));
                None
            }
        }
    }

    fn length(&mut self, parsed: &Expr) -> Option<Length> {
        if let ExprKind::Number { value, unit: Some(unit) } = &parsed.kind
            && let Some(number) = value.to_int().and_then(|it| u32::try_from(it).ok())
            && let Some(length) = Length::new(number, unit)
        {
            return Some(length);
        }
        self.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "length-expected"));
        None
    }

    fn index(&mut self, whole: &Expr, arguments: &[Argument]) -> Option<KpiExpr> {
        let mut parts = Vec::new();
        let mut weights: Vec<(f64, bool, Span)> = Vec::new();
        let mut complete = true;
        for argument in arguments {
            let Some(label) = &argument.name else {
                match self.figure(&argument.value) {
                    Some(it) => parts.push((it, 1.0)),
                    None => complete = false,
                }
                weights.push((1.0, false, argument.value.span));
                continue;
            };
            let (weight, in_percent) = match &argument.value.kind {
                ExprKind::Number { value, unit: None } => (value.to_f64(), false),
                ExprKind::Number { value, unit: Some(unit) } if unit == "%" => (value.to_f64(), true),
                _ => {
                    self.push(Fact::at(Code::FormulaError, argument.value.span).with("reason", "weight-expected"));
                    complete = false;
                    continue;
                }
            };
            weights.push((weight, in_percent, argument.value.span));
            let earlier = arguments.iter().filter_map(|it| it.name.as_ref()).find(|it| it.value == label.value);
            if let Some(first) = earlier.filter(|it| it.span != label.span) {
                let fact = Fact::at(Code::WrongArguments, label.span).with("function", "index").with("twice", &label.value);
                self.push(fact.label(first.span, "first"));
                complete = false;
                continue;
            }
            let path = Path { word: None, names: vec![label.clone()] };
            match self.kpi(&path) {
                Some(kpi) => {
                    let part = KpiExpr { span: label.span, unit: Unit::Number, kind: KpiKind::Kpi { kpi, part: None } };
                    parts.push((part, weight));
                }
                None => complete = false,
            }
        }
        let percents = weights.iter().filter(|it| it.1).count();
        let total: f64 = weights.iter().filter(|it| it.1).map(|it| it.0).sum();
        if percents > 0 && (percents < weights.len() || (total - 100.0).abs() > 1e-9) {
            let span = weights[0].2.to(weights[weights.len() - 1].2);
            let fact = Fact::at(Code::WeightsNot100, span).with("total", crate::words::tidy_number(total));
            self.push(fact.with_some("mixed", (percents < weights.len()).then_some("yes")));
            complete = false;
        }
        if weights.iter().all(|it| it.0 == 0.0) && complete {
            self.push(Fact::at(Code::WeightsNot100, whole.span).with("total", "0"));
            complete = false;
        }
        complete.then_some(KpiExpr { span: whole.span, unit: Unit::Number, kind: KpiKind::Index(parts) })
    }

    // -- aggregates --------------------------------------------------------------------------------------------------

    /// The source that an aggregate reads: the one that its names name, else `from`.
    fn source_of(&mut self, whole: &Expr, name: &str, arguments: &[Argument], filter: Option<&Expr>) -> Option<SourceId> {
        let mut found: Option<SourceId> = None;
        let mut bare: Option<Spanned<String>> = None;
        let mut waiting: Vec<&Expr> = arguments.iter().map(|it| &it.value).chain(filter).collect();
        waiting.reverse();
        while let Some(it) = waiting.pop() {
            match &it.kind {
                ExprKind::Path(path) => {
                    let first = &path.names[0];
                    let source = match self.context.bound.get(&first.value) {
                        Some(expr) => expr.columns().first().map(|it| it.source),
                        None => {
                            let known = self.builder.names.find_source(&path.names).map(|it| SourceId(it.0 as u32));
                            known.filter(|_| path.names.len() >= 2 || self.context.from.is_none())
                        }
                    };
                    match source {
                        Some(source) => {
                            found = found.or(Some(source));
                        }
                        // A dimension of a library: what is read is told by the rest.
                        None if self.builder.names.leading(&path.names) + 1 == path.names.len()
                            && self.builder.names.find(Word::Dimension, &path.text(), first.span.file).is_some() => {}
                        None if self.builder.names.is_broken(&first.value) => return None,
                        None if path.names.len() >= 2 && self.context.from.is_none() => {
                            let fact = self.builder.names.unknown_source(&path.names);
                            self.push(fact);
                            return None;
                        }
                        None => bare = bare.or(Some(first.clone())),
                    }
                }
                ExprKind::Prefix { of, .. } | ExprKind::Test { of, .. } => waiting.push(of),
                ExprKind::Binary { left, right, .. } => waiting.extend([right.as_ref(), left.as_ref()]),
                ExprKind::Between { of, low, high } => waiting.extend([high.as_ref(), low.as_ref(), of.as_ref()]),
                ExprKind::In { of, list } => {
                    waiting.extend(list.iter().rev());
                    waiting.push(of);
                }
                ExprKind::Call { arguments, filter, .. } => {
                    waiting.extend(filter.as_deref());
                    waiting.extend(arguments.iter().rev().map(|it| &it.value));
                }
                ExprKind::List(list) => waiting.extend(list.iter().rev()),
                ExprKind::Part { of, .. } => waiting.push(of),
                ExprKind::Number { .. } | ExprKind::Text(_) | ExprKind::Date(_) => {}
            }
        }
        if let Some(source) = found.or(self.context.from) {
            return Some(source);
        }
        let fact = match bare {
            Some(name) if self.builder.names.find(Word::Kpi, &name.value, name.span.file).is_some() => {
                Fact::at(Code::KpiInAggregate, name.span).with("name", &name.value)
            }
            Some(name) if let Some(at) = self.builder.names.find(Word::Assumption, &name.value, name.span.file) => {
                rows::assumption_in_rows(&name.value, name.span, self.builder.names.of(Word::Assumption)[at].name.span)
            }
            Some(name) => {
                let fact = Fact::at(Code::UnknownColumn, name.span).with("name", &name.value).with("bare", "yes");
                fact.did_you_mean(&name.value, name.span, self.builder.names.seen_from(Word::Source, name.span.file))
            }
            None if name == "count" => Fact::at(Code::WrongArguments, whole.span).with("function", name).with("from", "yes"),
            None => Fact::at(Code::WrongArguments, whole.span).with("function", name).with("nothing", "yes"),
        };
        self.push(fact);
        None
    }

    fn aggregate(
        &mut self,
        whole: &Expr,
        name: &str,
        place: Span,
        arguments: &[Argument],
        filter: Option<&Expr>,
    ) -> Option<(Aggregate, Unit)> {
        let source = self.source_of(whole, name, arguments, filter)?;
        if let Some(named) = arguments.iter().find_map(|it| it.name.as_ref()) {
            self.push(Fact::at(Code::WrongArguments, named.span).with("function", name).with("unknown", &named.value));
            return None;
        }
        let values: Vec<&Expr> = arguments.iter().map(|it| &it.value).collect();
        for value in &values {
            if let Some(kpi) = self.kpi_in(value, source) {
                self.push(kpi);
                return None;
            }
        }
        let function = self.function(whole, name, place, &values, source);
        let own_filter = filter.map(|it| self.rows_condition(it, source));
        let kpi_filter = self.context.filter.clone().map(|it| self.rows_condition(&it, source));
        let (function, unit) = function?;
        let own = match own_filter {
            Some(it) => Some(it?),
            None => None,
        };
        let outer = match kpi_filter {
            Some(it) => Some(it?),
            None => None,
        };
        let filter = RowExpr::both(own, outer);
        let data = &self.builder.model.sources[source.index()];
        let (weight, cluster, time) = (data.weight, data.cluster, data.time);
        let weight = self.chosen(self.context.weight.clone(), weight, source, Some(ColumnType::Number))?;
        let cluster = self.chosen(self.context.cluster.clone(), cluster, source, None)?;
        let time = self.chosen(self.context.time.clone(), time, source, Some(ColumnType::Date))?;
        if weight.is_some() && matches!(function, Function::Stddev(_)) {
            // Its squares are not weighed, so the figure would not be the one that is asked for.
            self.push(Fact::at(Code::NotYet, place).with("what", "stddev").with("weighted", "yes"));
            return None;
        }
        let text = self.print(name, &values, &function, filter.as_ref(), source);
        Some((Aggregate { span: whole.span, source, function, filter, weight, cluster, time, text }, unit))
    }

    fn rows_condition(&mut self, parsed: &Expr, source: SourceId) -> Option<RowExpr> {
        let bound = std::mem::take(&mut self.context.bound);
        let condition = rows::condition(self.builder, parsed, Scope::Aggregate { source, bound: &bound });
        self.context.bound = bound;
        let condition = condition?;
        if let Some(fact) = units_of_rows::mixed(&self.builder.model, &condition, parsed.span) {
            self.push(fact);
            return None;
        }
        self.on_source(condition, source, parsed.span)
    }

    /// Dimensions in a condition become what they are over the source that is read.
    fn on_source(&mut self, expr: RowExpr, source: SourceId, span: Span) -> Option<RowExpr> {
        for dimension in expr.dimensions() {
            if let Some(leading) = super::ambiguous_on(&self.builder.model, dimension, source) {
                let fact = super::ambiguous_fact(&self.builder.model, dimension, source, &leading, span);
                self.push(fact);
                return None;
            }
        }
        match expr.on(&self.builder.model, source) {
            Ok(expr) => Some(expr),
            Err(dimension) => {
                let model = &self.builder.model;
                let fact = Fact::at(Code::CutNotShared, span).with("dimension", &model.dimensions[dimension.index()].name);
                let fact = fact.with("source", &model.sources[source.index()].name);
                self.push(fact);
                None
            }
        }
    }

    /// `weight none`, `weight other`, or what the source says.
    #[expect(clippy::option_option, reason = "outer: could be resolved; inner: a column, or none")]
    fn chosen(
        &mut self,
        said: Option<Spanned<String>>,
        default: Option<usize>,
        source: SourceId,
        of: Option<ColumnType>,
    ) -> Option<Option<usize>> {
        let Some(said) = said else { return Some(default) };
        let name = said.value.trim();
        if name == "none" {
            return Some(None);
        }
        let model = &mut self.builder.model;
        // `survey.w` as well as `w`; of a library `group.survey.w` is the same.
        let whole = self.builder.names.whole(name, said.span.file).into_owned();
        let name = whole.strip_prefix(&format!("{}.", model.sources[source.index()].name)).unwrap_or(name);
        match model.sources[source.index()].column(name) {
            Some(at) => {
                let column = &mut model.sources[source.index()].columns[at];
                if column.of.is_none() {
                    column.of = of;
                    column.settled = said.span;
                }
                Some(Some(at))
            }
            None => {
                let fact = rows::unknown_column(model, source, name, said.span);
                self.push(fact);
                None
            }
        }
    }

    /// The error for a KPI where a column is due.
    fn kpi_in(&self, parsed: &Expr, source: SourceId) -> Option<Fact> {
        let ExprKind::Path(path) = &parsed.kind else { return None };
        let [name] = path.names.as_slice() else { return None };
        let data = &self.builder.model.sources[source.index()];
        let is_column = data.column(&name.value).is_some() || self.context.bound.contains_key(&name.value);
        let is_kpi = self.builder.names.find(Word::Kpi, &name.value, name.span.file).is_some();
        // A KPI may have the name of its source: each word has names of its own (R3).
        let is_source = self.builder.names.find(Word::Source, &name.value, name.span.file).is_some();
        (is_kpi && !is_column && !is_source).then(|| Fact::at(Code::KpiInAggregate, name.span).with("name", &name.value))
    }

    fn number(&mut self, parsed: &Expr, source: SourceId) -> Option<RowExpr> {
        let bound = std::mem::take(&mut self.context.bound);
        let expr = rows::number(self.builder, parsed, Scope::Aggregate { source, bound: &bound });
        self.context.bound = bound;
        let expr = expr?;
        if let Some(fact) = units_of_rows::mixed(&self.builder.model, &expr, parsed.span) {
            self.push(fact);
            return None;
        }
        Some(expr)
    }

    /// Whether every answer in it is a score: alone, or with numbers beside it.
    fn is_score(&self, expr: &RowExpr) -> bool {
        let columns = units_of_rows::values(expr);
        !columns.is_empty() && columns.iter().all(|it| scale_of(&self.builder.model, &RowExpr::Column(*it)).is_some())
    }

    fn any(&mut self, parsed: &Expr, source: SourceId) -> Option<(RowExpr, RowType)> {
        let bound = std::mem::take(&mut self.context.bound);
        let expr = rows::any(self.builder, parsed, Scope::Aggregate { source, bound: &bound });
        self.context.bound = bound;
        expr
    }

    /// The unit of a mean: a score on the column's scale, or the unit of its values.
    fn mean_unit(&self, expr: &RowExpr) -> Unit {
        match scale_of(&self.builder.model, expr) {
            Some(scale) => Unit::Score { low: scale.low, high: scale.high },
            None => units_of_rows::unit_of(&self.builder.model, expr),
        }
    }

    fn function(&mut self, whole: &Expr, name: &str, place: Span, values: &[&Expr], source: SourceId) -> Option<(Function, Unit)> {
        let family = name.split('.').next().unwrap_or(name);
        match (name, values) {
            ("count", []) => Some((Function::Count, Unit::Count)),
            ("count", [value]) => {
                if let ExprKind::Path(path) = &value.kind
                    && self.builder.names.find_source(&path.names) == Some((source.index(), path.names.len()))
                    && self.builder.model.sources[source.index()].column(&path.names[0].value).is_none()
                {
                    return Some((Function::Count, Unit::Count));
                }
                let (expr, of) = self.any(value, source)?;
                if of == RowType::Bool {
                    // `count(x > 3)` counts the rows where the answer is known: hardly what is meant.
                    self.push(Fact::at(Code::WrongArguments, value.span).with("function", name).with("condition", "yes"));
                    return None;
                }
                Some((Function::CountOf(expr), Unit::Count))
            }
            ("distinct", [value]) => {
                let (expr, of) = self.any(value, source)?;
                if of == RowType::Bool {
                    self.push(Fact::at(Code::WrongArguments, value.span).with("function", name).with("condition", "yes"));
                    return None;
                }
                Some((Function::Distinct(expr), Unit::Count))
            }
            ("sum", [value]) => {
                let expr = self.number(value, source)?;
                if self.is_score(&expr) {
                    let fact = Fact::at(Code::AverageOfAverages, value.span).with("what", "sum of scores");
                    let fact = label_column(fact, &self.builder.model, &expr);
                    self.push(fact);
                    return None;
                }
                let unit = units_of_rows::unit_of(&self.builder.model, &expr);
                Some((Function::Sum(expr), unit))
            }
            ("mean" | "min" | "max" | "median" | "stddev", [value]) => {
                let expr = self.number(value, source)?;
                let unit = self.mean_unit(&expr);
                Some(match name {
                    "mean" => (Function::Mean { of: expr, factor: 1.0, offset: 0.0 }, unit),
                    "min" => (Function::Min(expr), unit),
                    "max" => (Function::Max(expr), unit),
                    "median" => (Function::Median(expr), unit),
                    _ => (Function::Stddev(expr), unit.difference()),
                })
            }
            ("percentile", [value, percentile]) => {
                let expr = self.number(value, source)?;
                let number = match &percentile.kind {
                    ExprKind::Number { value, unit } if unit.as_deref().is_none_or(|it| it == "%") => value.to_f64(),
                    _ => f64::NAN,
                };
                // Between 0 and 1 a fraction is meant.
                if !(0.0..=100.0).contains(&number) || (number > 0.0 && number < 1.0) {
                    let reason = if number > 0.0 && number < 1.0 { "percentile-fraction" } else { "percentile-expected" };
                    let fact = Fact::at(Code::FormulaError, percentile.span).with("reason", reason);
                    self.push(fact.with("proposal", crate::words::tidy_number(number * 100.0)));
                    return None;
                }
                let unit = self.mean_unit(&expr);
                Some((Function::Percentile(expr, number), unit))
            }
            ("share", [condition]) => {
                let condition = self.rows_condition(condition, source)?;
                Some((Function::Share(condition), Unit::Percent))
            }
            ("net", [good, bad]) => {
                let (good, bad) = (self.rows_condition(good, source), self.rows_condition(bad, source));
                Some((Function::Net(good?, bad?), Unit::Points))
            }
            ("top_box" | "bottom_box", [value] | [value, _]) => {
                let boxes = match values.get(1).map(|it| &it.kind) {
                    None => 1,
                    Some(ExprKind::Number { value, unit: None }) => value.to_int().unwrap_or(0),
                    Some(_) => 0,
                };
                let (expr, scale) = self.scaled(name, value, source, None)?;
                if boxes < 1 || boxes as f64 > scale.high - scale.low {
                    let span = values.get(1).map_or(whole.span, |it| it.span);
                    self.push(Fact::at(Code::FormulaError, span).with("reason", "boxes"));
                    return None;
                }
                let top = (name == "top_box") == scale.best_high;
                Some((Function::Share(end_of(expr, scale, top, boxes)), Unit::Percent))
            }
            ("nps" | "nps.standard" | "nps.eu", [value]) => {
                let (expr, _) = self.scaled(name, value, source, Some((0.0, 10.0)))?;
                let (high, low) = if name == "nps.eu" { (8, 5) } else { (9, 6) };
                let good = RowExpr::compare(Comparison::GreaterEqual, expr.clone(), Num::int(high));
                let bad = RowExpr::compare(Comparison::LessEqual, expr, Num::int(low));
                Some((Function::Net(good, bad), Unit::Points))
            }
            ("csat" | "csat.top2" | "csat.mean" | "csat.index" | "csat.top_box", [value]) => {
                let (expr, scale) = self.scaled(name, value, source, None)?;
                match name {
                    "csat" if (scale.low, scale.high) != (1.0, 5.0) => {
                        self.variant_needed(name, place);
                        None
                    }
                    "csat" | "csat.top2" => Some((Function::Share(end_of(expr, scale, scale.best_high, 2)), Unit::Percent)),
                    "csat.top_box" => Some((Function::Share(end_of(expr, scale, scale.best_high, 1)), Unit::Percent)),
                    "csat.index" => {
                        let width = scale.high - scale.low;
                        let (factor, offset) = if scale.best_high {
                            (100.0 / width, -scale.low / width * 100.0)
                        } else {
                            (-100.0 / width, scale.high / width * 100.0)
                        };
                        Some((Function::Mean { of: expr, factor, offset }, Unit::Index { low: 0.0, high: 100.0 }))
                    }
                    _ => {
                        let unit = Unit::Score { low: scale.low, high: scale.high };
                        Some((Function::Mean { of: expr, factor: 1.0, offset: 0.0 }, unit))
                    }
                }
            }
            ("ces", _) => {
                self.variant_needed(name, place);
                None
            }
            ("ces.effort" | "ces.agree" | "ces.mean" | "ces.top2" | "ces.net", [value]) => {
                let wanted = match name {
                    "ces.effort" => Some((1.0, 5.0)),
                    "ces.agree" => Some((1.0, 7.0)),
                    _ => None,
                };
                let (expr, scale) = self.scaled(name, value, source, wanted)?;
                let mean = Unit::Score { low: scale.low, high: scale.high };
                Some(match name {
                    "ces.effort" | "ces.mean" => (Function::Mean { of: expr, factor: 1.0, offset: 0.0 }, mean),
                    "ces.agree" => (Function::Share(end_of(expr, scale, scale.best_high, 3)), Unit::Percent),
                    "ces.top2" => (Function::Share(end_of(expr, scale, scale.best_high, 2)), Unit::Percent),
                    _ => {
                        // The easy half less the hard half; the middle of an odd scale is neither.
                        let half = ((scale.high - scale.low + 1.0) / 2.0).floor() as i64;
                        let easy = end_of(expr.clone(), scale, scale.best_high, half);
                        let hard = end_of(expr, scale, !scale.best_high, half);
                        (Function::Net(easy, hard), Unit::Points)
                    }
                })
            }
            _ if matches!(family, "nps" | "csat" | "ces") && name != family && !is_variant(name) => {
                let variants = VARIANTS.iter().find(|it| it.0 == family).map_or("nps.standard, nps.eu", |it| it.1);
                let fact = Fact::at(Code::UnknownFunction, place).with("name", name).with("variants", variants);
                self.push(fact.did_you_mean(name, place, variants.split(", ")));
                None
            }
            _ if !AGGREGATES.contains(&name) && !is_variant(name) => {
                self.push(Fact::at(Code::UnknownFunction, place).with("name", name));
                None
            }
            _ => {
                let expected = match name {
                    "net" | "percentile" => "2",
                    "top_box" | "bottom_box" => "1 or 2",
                    "count" => "0 or 1",
                    _ => "1",
                };
                self.wrong_arguments(whole.span, name, expected, values.len());
                None
            }
        }
    }

    fn variant_needed(&mut self, name: &str, place: Span) {
        let variants = VARIANTS.iter().find(|it| it.0 == name).map_or("", |it| it.1);
        self.push(Fact::at(Code::VariantNeeded, place).with("name", name).with("variants", variants));
    }

    /// An answer on a declared scale, of these ends where the function demands them.
    fn scaled(&mut self, name: &str, value: &Expr, source: SourceId, wanted: Option<(f64, f64)>) -> Option<(RowExpr, Scale)> {
        let expr = self.number(value, source)?;
        let scale = scale_of(&self.builder.model, &expr);
        let fits = scale.is_some_and(|it| wanted.is_none_or(|wanted| (it.low, it.high) == wanted));
        let whole = scale.is_none_or(|it| it.low.fract() == 0.0 && it.high.fract() == 0.0);
        match scale {
            Some(scale) if fits && whole => Some((expr, scale)),
            _ => {
                let wanted = wanted.map(|it| format!("{}..{}", it.0, it.1));
                let fact = Fact::at(Code::ScaleMismatch, value.span).with("function", name).with_some("wanted", wanted);
                let fact = match scale {
                    Some(_) => fact.with("found", scale_text(scale)),
                    None => fact.with("undeclared", "yes"),
                };
                let fact = label_column(fact, &self.builder.model, &expr);
                self.push(fact);
                None
            }
        }
    }

    /// The definition as it is printed.
    fn print(&self, name: &str, values: &[&Expr], function: &Function, filter: Option<&RowExpr>, source: SourceId) -> String {
        let model = &self.builder.model;
        let row = |it: &RowExpr| print_row(model, it);
        let subject = |it: &RowExpr| it.columns().first().map_or_else(String::new, |it| super::row::column_text(model, *it));
        let named = match name {
            "nps" => "nps.standard",
            "csat" => "csat.top2",
            other => other,
        };
        let inner = match function {
            Function::Count => model.sources[source.index()].name.clone(),
            Function::CountOf(a)
            | Function::Distinct(a)
            | Function::Sum(a)
            | Function::Min(a)
            | Function::Max(a)
            | Function::Median(a)
            | Function::Stddev(a) => row(a),
            Function::Mean { of, .. } => row(of),
            Function::Percentile(a, p) => format!("{}, {p}", row(a)),
            Function::Share(p) if name == "share" => row(p),
            Function::Net(p, q) if name == "net" => format!("{}, {}", row(p), row(q)),
            // Measures of customers are printed with their named arguments.
            Function::Customers(_) => String::new(),
            Function::Share(p) | Function::Net(p, _) => match values.get(1).map(|it| &it.kind) {
                Some(ExprKind::Number { value, .. }) => format!("{}, {value}", subject(p)),
                _ => subject(p),
            },
        };
        match filter {
            Some(filter) => format!("{named}({inner} where {})", row(filter)),
            None => format!("{named}({inner})"),
        }
    }
}

/// The unit behind a number, or behind one with a sign.
fn written_unit(parsed: &Expr) -> Option<String> {
    match &parsed.kind {
        ExprKind::Number { unit, .. } => unit.clone(),
        ExprKind::Prefix { of, .. } => written_unit(of),
        _ => None,
    }
}

/// The scores of which the field has several formulas, by the names of these (R11).
pub(super) const SCORES: [&str; 11] = [
    "nps.standard",
    "nps.eu",
    "csat.top2",
    "csat.mean",
    "csat.index",
    "csat.top_box",
    "ces.effort",
    "ces.agree",
    "ces.mean",
    "ces.top2",
    "ces.net",
];

/// Whether a name is that of a score with several formulas.
pub(super) fn is_variant(name: &str) -> bool {
    SCORES.contains(&name)
}

/// The answers in the outermost `boxes` codes of an end of a scale.
fn end_of(expr: RowExpr, scale: Scale, high: bool, boxes: i64) -> RowExpr {
    if high {
        RowExpr::compare(Comparison::GreaterEqual, expr, Num::int(scale.high as i64 - boxes + 1))
    } else {
        RowExpr::compare(Comparison::LessEqual, expr, Num::int(scale.low as i64 + boxes - 1))
    }
}

/// A KPI's formula in its canonical form.
pub fn print(model: &Model, formula: &KpiExpr) -> String {
    print_at(model, formula, 0)
}

fn print_at(model: &Model, formula: &KpiExpr, outer: u8) -> String {
    let number = |it: f64| crate::words::tidy_number(it);
    let (text, strength) = match &formula.kind {
        KpiKind::Number(value) if formula.unit == Unit::Percent => (format!("{} %", number(*value)), 9),
        KpiKind::Number(value) => (number(*value), 9),
        KpiKind::Aggregate(aggregate) => (aggregate.text.clone(), 9),
        KpiKind::Kpi { kpi, part: None } => (model.kpis[kpi.index()].name.clone(), 9),
        KpiKind::Kpi { kpi, part: Some(part) } => (format!("{}[{}]", model.kpis[kpi.index()].name, print_row(model, part)), 9),
        KpiKind::Assumption { assumption, value } => {
            let assumption = &model.assumptions[assumption.index()];
            // A KPI may have the same name: then the word stands before it.
            let word = if model.kpis.iter().any(|it| it.name == assumption.name) { "assumption:" } else { "" };
            let part = match (value, &assumption.by) {
                (Some(value), Some((by, _))) => format!("[{} = {value:?}]", model.dimensions[by.index()].name),
                _ => String::new(),
            };
            (format!("{word}{}{part}", assumption.name), 9)
        }
        KpiKind::Negate(of) => (format!("-{}", print_at(model, of, 8)), 8),
        KpiKind::Binary { operator, left, right } => {
            let (sign, strength) = match operator {
                Arithmetic::Add => ("+", 6),
                Arithmetic::Subtract => ("-", 6),
                Arithmetic::Multiply => ("*", 7),
                Arithmetic::Divide => ("/", 7),
            };
            (format!("{} {sign} {}", print_at(model, left, strength - 1), print_at(model, right, strength)), strength)
        }
        KpiKind::Index(parts) => {
            let parts: Vec<String> = parts.iter().map(|(it, weight)| format!("{}: {}", print_at(model, it, 0), number(*weight))).collect();
            (format!("index({})", parts.join(", ")), 9)
        }
        KpiKind::Rescale { of, low, high, .. } => {
            (format!("rescale({}, {} .. {})", print_at(model, of, 0), number(*low), number(*high)), 9)
        }
        KpiKind::Rolling { of, length } => (format!("rolling({}, {length})", print_at(model, of, 0)), 9),
        KpiKind::Previous(of) => (format!("previous({})", print_at(model, of, 0)), 9),
        KpiKind::Change { of, length: Some(length) } => (format!("change({}, {length})", print_at(model, of, 0)), 9),
        KpiKind::Change { of, length: None } => (format!("change({})", print_at(model, of, 0)), 9),
        KpiKind::Scaled { of, .. } => return print_at(model, of, outer),
    };
    if strength <= outer { format!("({text})") } else { text }
}
