//! Findings for machines, in our own shape: one document, places as lines and columns from 1 and as bytes from 0.

use super::{Style, turns};
use crate::source::{Sources, Span};
use crate::value::{Fact, Fix, Severity};
use crate::words::say_in;
use serde_json::{Value, json};

/// The JSON Schema of the document.
pub const SCHEMA: &str = include_str!("../../specs/schema/diagnostics.schema.json");

/// One document.
pub(super) fn json(facts: &[Fact], sources: &Sources, style: Style<'_>) -> String {
    let count = |severity: Severity| facts.iter().filter(|it| it.severity == severity).count();
    written(&json!({
        "peil": env!("CARGO_PKG_VERSION"),
        "findings": facts.iter().map(|it| finding(it, sources, style)).collect::<Vec<_>>(),
        "counts": {
            "error": count(Severity::Error),
            "warning": count(Severity::Warning),
            "advice": count(Severity::Advice),
            "fixable": facts.iter().filter(|it| it.fix.is_some()).count(),
        },
    }))
}

fn finding(fact: &Fact, sources: &Sources, style: Style<'_>) -> Value {
    let said = say_in(fact, style.lang, sources);
    let labels = fact.labels.iter().zip(&said.labels);
    let labels: Vec<Value> = labels.map(|(it, text)| json!({"place": place(it.span, sources), "text": text})).collect();
    json!({
        "code": fact.code.name(),
        "family": fact.code.family().name(),
        "severity": fact.severity.name(),
        "message": said.message,
        "place": fact.span.map(|it| place(it, sources)),
        "text": said.here,
        "about": fact.about,
        "labels": labels,
        "notes": said.notes,
        "help": said.help,
        "fix": fact.fix.as_ref().map(|it| fix(it, said.fix.as_deref(), sources)),
    })
}

fn fix(fix: &Fix, text: Option<&str>, sources: &Sources) -> Value {
    let edits: Vec<Value> = fix.edits.iter().map(|it| json!({"place": place(it.span, sources), "text": it.text})).collect();
    json!({"text": text, "edits": edits})
}

fn place(span: Span, sources: &Sources) -> Value {
    let place = super::place::of(span, sources, "");
    json!({
        "file": place.path,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "start": span.start,
        "end": span.end,
    })
}

/// A document as text: the values are exact, and what would order a terminal about or turn text around is escaped.
pub(super) fn written(document: &Value) -> String {
    let text = serde_json::to_string_pretty(document).unwrap_or_default();
    let mut safe = String::with_capacity(text.len() + 1);
    for it in text.chars() {
        // Outside of texts there are none of these.
        if (it.is_control() && it != '\n') || turns(it) {
            safe.push_str(&format!("\\u{:04x}", it as u32));
        } else {
            safe.push(it);
        }
    }
    safe.push('\n');
    safe
}
