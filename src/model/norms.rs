//! Norms: what is worst, the threshold and the target, from when until when, and where (R16, R17).

use super::body::is_currency;
use super::build::Builder;
use super::rows::{Scope, resolve_condition};
use super::types::*;
use crate::calendar::{Grain, Period};
use crate::syntax::Node;
use crate::value::{Code, Fact};

/// The norms of a KPI's body.
pub(super) fn read(builder: &mut Builder<'_>, body: &Node) -> Vec<Norms> {
    let mut list = Vec::new();
    for item in body.get("norms").map(Node::items).unwrap_or_default() {
        let mut norms =
            Norms { span: item.span, worst: None, threshold: None, target: None, from: None, until: None, filter: None, broken: false };
        for (key, slot) in [("worst", 0), ("threshold", 1), ("target", 2)] {
            let Some(node) = item.get(key) else { continue };
            let value = value(builder, node, key);
            match slot {
                0 => norms.worst = value,
                1 => norms.threshold = value,
                _ => norms.target = value,
            }
        }
        norms.from = item.get("from").and_then(|it| builder.days(it, "from")).map(|it| it.0);
        norms.until = item.get("until").and_then(|it| builder.days(it, "until")).map(|it| it.1);
        norms.broken = (norms.from.is_none() && item.get("from").is_some()) || (norms.until.is_none() && item.get("until").is_some());
        if let (Some(from), Some(until)) = (norms.from, norms.until)
            && from >= until
            && let Some(node) = item.get("until")
        {
            builder.wrong("until", "later date", node);
        }
        if let Some(node) = item.get("where") {
            norms.filter = resolve_condition(builder, node, Scope::Dimensions(None));
            if norms.filter.is_none() {
                continue;
            }
        }
        list.push(norms);
    }
    list
}

/// `45`, `60 %`, `90 s`, `1.2 M EUR per year`, `45 by 2026-12`, `39 at 2024-12 to 45 at 2026-12`.
fn value(builder: &mut Builder<'_>, node: &Node, key: &str) -> Option<NormValue> {
    let text = node.text()?.trim().to_owned();
    let parsed = parse(builder, &text);
    match parsed {
        Some(value) => Some(NormValue { span: node.span, written: text, ..value }),
        None => {
            let fact = Fact::at(Code::WrongValue, node.span).with("key", key).with("expected", "norm");
            let fact = fact.with("found", format!("`{text}`"));
            let point = text.replace(',', ".");
            let meant = text.matches(',').count() == 1 && parse(builder, &point).is_some();
            builder.out.push(if meant { fact.with("similar", &point).mend(node.span, point) } else { fact });
            None
        }
    }
}

fn parse(builder: &Builder<'_>, text: &str) -> Option<NormValue> {
    let calendar = &builder.model.project.calendar;
    let span = crate::source::Span::new(crate::source::FileId(0), 0, 0);
    // Most norms are a number or a percentage, without a word.
    if !text.bytes().any(|it| it.is_ascii_alphabetic()) {
        let (value, unit, per) = amount(text)?;
        return Some(NormValue { span, written: String::new(), value, unit, by: None, line: None, per });
    }
    if let Some((first, second)) = text.split_once(" to ") {
        let (from_value, from) = first.split_once(" at ")?;
        let (to_value, to) = second.split_once(" at ")?;
        let (value, unit, per) = amount(from_value)?;
        let (end_value, end_unit, _) = amount(to_value)?;
        if end_unit.is_some() && unit.is_some() && end_unit != unit {
            return None;
        }
        // A line runs from the last day of the one period to that of the other: a period is judged by its last day.
        let last = |it: &str| Period::parse(it.trim())?.end(calendar).plus_days(-1);
        let (from, to) = (last(from)?, last(to)?);
        if from >= to {
            return None;
        }
        return Some(NormValue {
            span,
            written: String::new(),
            value,
            unit: unit.or(end_unit),
            by: None,
            line: Some((from, end_value, to)),
            per,
        });
    }
    let (amount_text, by) = match text.split_once(" by ") {
        Some((amount, by)) => (amount, Some(Period::parse(by.trim())?)),
        None => (text, None),
    };
    let (value, unit, per) = amount(amount_text)?;
    Some(NormValue { span, written: String::new(), value, unit, by, line: None, per })
}

/// A number, with its unit and its period: `1.2 M EUR per year`.
pub(super) fn amount(text: &str) -> Option<(f64, Option<String>, Option<Grain>)> {
    let (text, per) = match text.split_once(" per ") {
        Some((amount, grain)) => (amount, Some(Grain::named(grain.trim())?)),
        None => (text, None),
    };
    let text = text.trim();
    let split = text.find(|it: char| !(it.is_ascii_digit() || matches!(it, '.' | '-' | '+'))).unwrap_or(text.len());
    let mut value: f64 = text[..split].parse().ok().filter(|it: &f64| it.is_finite())?;
    let mut unit = text[split..].trim();
    for (mark, factor) in [("M", 1e6), ("k", 1e3)] {
        if let Some(rest) = unit.strip_prefix(mark)
            && (rest.is_empty() || rest.starts_with(' '))
        {
            value *= factor;
            unit = rest.trim();
        }
    }
    if unit == "pp" {
        unit = PERCENTAGE_POINTS;
    }
    let known =
        unit.is_empty() || matches!(unit, "%" | "points" | PERCENTAGE_POINTS) || is_currency(unit) || super::rows::seconds(unit).is_some();
    known.then(|| (value, (!unit.is_empty()).then(|| unit.to_owned()), per))
}

/// The unit of a difference of percentages, which may be written `pp`.
pub(super) const PERCENTAGE_POINTS: &str = "percentage points";
