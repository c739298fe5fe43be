//! Findings for machines: one object a line, places as lines and columns from 1 and as bytes from 0.

use crate::source::{Sources, Span};
use crate::value::Fact;
use crate::words::{Lang, say};
use serde_json::{Value, json};

/// One JSON object a line.
pub fn json(facts: &[Fact], sources: &Sources, lang: Lang) -> String {
    let mut text = String::new();
    for fact in facts {
        text.push_str(&object(fact, sources, lang).to_string());
        text.push('\n');
    }
    text
}

fn object(fact: &Fact, sources: &Sources, lang: Lang) -> Value {
    let said = say(fact, lang);
    let labels = fact.labels.iter().zip(&said.labels);
    let labels: Vec<Value> = labels.map(|(it, text)| json!({"place": place(it.span, sources), "text": text})).collect();
    let fixes: Vec<Value> = fact.fix.iter().map(|it| json!({"place": place(it.span, sources), "text": it.text})).collect();
    json!({
        "code": fact.code.name(),
        "severity": fact.severity.name(),
        "message": said.message,
        "place": fact.span.map(|it| place(it, sources)),
        "text": said.here,
        "labels": labels,
        "notes": said.notes,
        "help": said.help,
        "fixes": fixes,
    })
}

fn place(span: Span, sources: &Sources) -> Value {
    let (line, column) = sources.line_column(span.file, span.start);
    let (end_line, end_column) = sources.line_column(span.file, span.end);
    json!({
        "file": sources.file(span.file).path,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "start": span.start,
        "end": span.end,
    })
}
