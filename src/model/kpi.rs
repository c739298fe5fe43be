//! `kpi`: what it says itself and what it takes over by `like`, its formula, the columns of a pattern (R9).

use super::body::{is_currency, range, strip_word};
use super::build::Builder;
use super::formula::{Context, Resolver, has_broken_scale, label_column, scale_of, scale_text};
use super::kept::Keeper;
use super::names::Named;
use super::row::RowExpr;
use super::rows::{self, Scope};
use super::types::*;
use crate::calendar::{Date, DatePattern};
use crate::source::Span;
use crate::syntax::expr;
use crate::syntax::{Kind, Node, Word};
use crate::value::{Code, Fact};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// KPIs that may be like one another in a chain.
const MAX_LIKES: usize = 100;

/// Everything that a KPI says, itself or through `like`, nearest first.
struct Chain<'n> {
    bodies: Vec<&'n Node>,
    /// The KPIs of all bodies but the first, which is its own.
    like: &'n [KpiId],
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
        for (body, kpi) in self.bodies.iter().skip(1).zip(self.like) {
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
pub(super) fn kpis(builder: &mut Builder<'_>, mut keeper: Option<&mut Keeper>) {
    let named = builder.names.of(Word::Kpi).to_vec();
    let parents = parents(builder, &named);
    // In a list of their own: no KPI sees what another is resolved to.
    let mut kpis = Vec::with_capacity(named.len());
    for (at, it) in named.iter().enumerate() {
        let mut chain = vec![*it];
        let mut like = Vec::new();
        let mut next = parents[at];
        while let Some(parent) = next {
            chain.push(named[parent]);
            like.push(KpiId(parent as u32));
            next = parents[parent];
        }
        if let Some(kpi) = keeper.as_mut().and_then(|it| it.again(builder, &chain, &like)) {
            kpis.push(kpi);
            continue;
        }
        if let Some(keeper) = &mut keeper {
            keeper.listen(builder);
        }
        let bodies = Chain { bodies: chain.iter().map(|it| it.body).collect(), like: &like };
        let (kpi, mut said) = kpi(builder, *it, &bodies);
        let kpi = Arc::new(kpi);
        let before = builder.out.len();
        let lints = builder.lints(it.body);
        said |= builder.out.len() > before;
        if let Some(keeper) = &mut keeper {
            keeper.keep(builder, &chain, &like, &kpi, &lints, said);
        }
        kpis.push(kpi);
        builder.keep_lints(Word::Kpi, *it, lints);
    }
    builder.model.kpis = kpis;
}

/// The KPI that each is like; cycles are reported and cut.
fn parents(builder: &mut Builder<'_>, named: &[Named<'_>]) -> Vec<Option<usize>> {
    let mut parents: Vec<Option<usize>> = Vec::new();
    for it in named {
        let like = it.body.get("like").and_then(Node::spanned);
        let found = like.and_then(|like| {
            let name = strip_word(&like.value, "kpi");
            let found = builder.names.find(Word::Kpi, name, like.span.file);
            if found.is_none() && !builder.names.is_broken(name) {
                builder.out.push(builder.names.unknown_like(name, like.span));
            }
            found
        });
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

/// The KPI, and whether anything was said of it.
fn kpi(builder: &mut Builder<'_>, named: Named<'_>, chain: &Chain<'_>) -> (Kpi, bool) {
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
        broken: super::body::is_broken(named.body),
        pattern,
        planned: builder.flag(body, "planned"),
        like: chain.like.first().copied(),
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
    if let Some((node, written)) = body.get("unit").zip(kpi.written_unit.as_ref())
        && !is_unit(&written.value, builder.currency(written.span))
    {
        builder.wrong("unit", "kpi unit", node);
    }
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
    let said = builder.out.len() > before;
    kpi.broken |= said && kpi.formula.is_none();
    drop_inherited(builder, before, named.body.span, !chain.like.is_empty());
    (kpi, said)
}

/// Whether a text is a unit that a KPI can have; `currency` is the project's.
pub fn is_unit(text: &str, currency: Option<&str>) -> bool {
    let text = text.trim();
    // `per 1,000`, `per claim`; `per thousand` would be read as of one thing that is called a thousand.
    let per = |of: &str| match of.contains(|it: char| it.is_ascii_digit()) {
        true => per_many(text).is_some(),
        false => !of.is_empty() && !matches!(of, "cent" | "mille" | "hundred" | "honderd" | "thousand" | "duizend" | "million" | "miljoen"),
    };
    match text {
        "%" | "points" | "percentage points" | "pp" | "count" | "ratio" | "number" => true,
        "money" => currency.is_some(),
        _ => {
            let ends = text.strip_prefix("score ").or(text.strip_prefix("index "));
            is_currency(text)
                || rows::seconds(text).is_some()
                || ends.is_some_and(|it| range(it).is_some())
                || text.strip_prefix("per ").is_some_and(|it| per(it.trim()))
        }
    }
}

/// The seconds in a unit of time: `min`, `days`.
pub fn seconds_in(unit: &str) -> Option<f64> {
    rows::seconds(unit.trim()).map(|it| it as f64)
}

/// How many `per 1,000` is of.
pub fn per_many(text: &str) -> Option<f64> {
    let of = text.strip_prefix("per ")?.trim();
    let groups: Vec<&str> = of.split(',').collect();
    let whole = of.bytes().all(|it| it.is_ascii_digit() || it == b',');
    let grouped = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|it| it.len() == 3));
    of.replace(',', "").parse().ok().filter(|it: &f64| whole && grouped && *it > 1.0)
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
        if builder.flag(body, "planned") {
            return None;
        }
        if !super::body::is_broken(named.body) && !like_broken {
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
            complete = false;
            // A parameter that is given under another name was meant there.
            if with.iter().any(|it| !takes.iter().any(|known| known.key.value == it.key.value)) {
                continue;
            }
            let fact = Fact::at(Code::WrongArguments, place).with("function", &named.name.value).with("parameter", name);
            builder.out.push(fact.label(parameter.key.span, "parameter"));
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
            if scale.is_none_or(|it| (it.low, it.high) != wanted) && has_broken_scale(&builder.model, &resolved) {
                complete = false;
            } else if scale.is_none_or(|it| (it.low, it.high) != wanted) {
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
            let fact = fact
                .with("unknown", &value.key.value)
                .with("takes", known.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", "));
            builder.out.push(fact.did_you_mean(&value.key.value, value.key.span, known));
            complete = false;
        }
    }
    complete.then_some(bound)
}
