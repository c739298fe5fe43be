//! What is done about it? An improvement: what it acts on, who owns it, when, and the effect that is expected of it.

use super::FindingId;
use super::body::{is_broken, strip_word};
use super::build::Builder;
use super::row::RowExpr;
use super::rows::{Scope, resolve_condition};
use super::subject::{Subject, subjects};
use super::types::*;
use crate::calendar::{Date, Period};
use crate::source::{Span, Spanned};
use crate::syntax::{Node, Word};
use crate::value::{Code, Fact};

/// How far an action is.
pub const STATUSES: &[&str] = &["idea", "planned", "running", "done", "stopped"];

/// An improvement.
#[derive(Clone, Debug)]
pub struct Action {
    pub name: String,
    pub span: Span,
    pub title: Text,
    pub description: Text,
    pub acts_on: Vec<Spanned<Subject>>,
    pub owner: Option<TeamId>,
    /// Whether an owner was named, known or not.
    pub owner_said: bool,
    pub start: Option<Date>,
    /// Whether a start was named, understood or not.
    pub start_said: bool,
    /// The first day after the one on which it is due.
    pub due: Option<Date>,
    pub expects: Vec<Expected>,
    /// Whether an effect was named, understood or not.
    pub expects_said: bool,
    /// The rows that it is for; without it, all.
    pub part: Option<RowExpr>,
    pub control: Option<Spanned<Control>>,
    /// One of [`STATUSES`], with a note or without.
    pub status: Option<(String, Option<String>)>,
    /// The findings that it follows from.
    pub findings: Vec<FindingId>,
    /// Whether something in it was unknown, and reported: nothing follows from what is missing.
    pub broken: bool,
}

impl Action {
    /// Returns the rows that an expected effect is measured on: of its figure, those that the action is for.
    pub fn part_of(&self, expected: &Expected) -> Option<RowExpr> {
        RowExpr::both(expected.kpi.part.clone(), self.part.clone())
    }
}

/// The rows that its effect is compared with.
#[derive(Clone, Debug)]
pub enum Control {
    /// All that the action is not for.
    Rest,
    Part(RowExpr),
}

/// An effect that is expected.
#[derive(Clone, Debug)]
pub struct Expected {
    pub kpi: KpiRef,
    /// By how much the figure changes; the checker puts it into the figure's own unit.
    pub change: f64,
    /// The unit that was written.
    pub unit: Option<String>,
    /// Where the change is written.
    pub span: Span,
    /// The period by which.
    pub by: Option<Spanned<Period>>,
}

/// Resolves all actions; what they may act on is there.
pub(super) fn build(builder: &mut Builder<'_>) {
    for named in builder.names.of(Word::Action).to_vec() {
        let body = named.body;
        let mut broken = is_broken(body);
        let acts_on = subjects(builder, body, "acts_on", &mut broken);
        let start = body.get("start").and_then(|it| builder.days(it, "start")).map(|it| it.0);
        let due = body.get("due").and_then(|it| builder.days(it, "due")).map(|it| it.1);
        if let (Some(start), Some(due), Some(node)) = (start, due, body.get("due"))
            && due <= start
        {
            builder.wrong("due", "later date", node);
        }
        let expects = expects(builder, body, start, &mut broken);
        let part = body.get("where").and_then(|it| condition(builder, it, &mut broken));
        let control = body.get("control").and_then(|it| control(builder, it, part.as_ref(), body, &mut broken));
        let mut findings = Vec::new();
        for name in builder.names_of(body, "finding") {
            match builder.names.resolve(Word::Finding, strip_word(&name.value, "finding"), name.span, builder.out) {
                Some(at) => findings.push(FindingId(at as u32)),
                None => broken = true,
            }
        }
        let action = Action {
            name: named.name.value.clone(),
            span: named.name.span,
            title: builder.text(body, "title"),
            description: builder.text(body, "description"),
            acts_on,
            owner: builder.team(body, "owner"),
            owner_said: body.get("owner").is_some(),
            start,
            start_said: body.get("start").is_some(),
            due,
            expects,
            expects_said: body.get("expects").is_some(),
            part,
            control,
            status: builder.status(body, STATUSES),
            findings,
            broken,
        };
        builder.model.actions.push(action);
        builder.item_lints(Word::Action, named);
    }
}

/// `expects ces change +0.4 by 2026-Q2, wait change -30 s`.
fn expects(builder: &mut Builder<'_>, body: &Node, start: Option<Date>, broken: &mut bool) -> Vec<Expected> {
    let mut list = Vec::new();
    for entry in body.get("expects").map_or(&[][..], Node::entries) {
        let kpi = builder.kpi_ref(&entry.key.value, entry.key.span);
        *broken |= kpi.is_none();
        let by = entry.value.get("by").and_then(|node| {
            let period = builder.period(&entry.value, "by", "period")?;
            if start.is_some_and(|it| period.end(&builder.model.project.calendar) <= it) {
                builder.wrong("by", "later date", node);
            }
            Some(Spanned::new(period, node.span))
        });
        let Some(node) = entry.value.get("change") else {
            if !entry.value.is_refused() {
                let fact = Fact::at(Code::MissingKey, entry.key.span).with("key", "change").with("word", "effect");
                builder.out.push(fact.with("name", &entry.key.value));
            }
            *broken = true;
            continue;
        };
        let amount = node.text().and_then(|it| super::norms::amount(it.trim())).filter(|it| it.0 != 0.0 && it.2.is_none());
        if amount.is_none() {
            builder.wrong("change", "change", node);
            *broken = true;
        }
        if let (Some(kpi), Some((change, unit, _))) = (kpi, amount) {
            list.push(Expected { kpi, change, unit, span: node.span, by });
        }
    }
    list
}

fn condition(builder: &mut Builder<'_>, node: &Node, broken: &mut bool) -> Option<RowExpr> {
    let found = resolve_condition(builder, node, Scope::Dimensions(None));
    *broken |= found.is_none();
    found
}

/// `control rest`, or a condition for other rows than those that the action is for.
fn control(builder: &mut Builder<'_>, node: &Node, part: Option<&RowExpr>, body: &Node, broken: &mut bool) -> Option<Spanned<Control>> {
    if node.text().is_some_and(|it| it.trim() == "rest") {
        if body.get("where").is_none() {
            builder.wrong("control", "rest of something", node);
            return None;
        }
        return Some(Spanned::new(Control::Rest, node.span));
    }
    let found = condition(builder, node, broken)?;
    if part == Some(&found) {
        builder.wrong("control", "other rows", node);
        return None;
    }
    Some(Spanned::new(Control::Part(found), node.span))
}
