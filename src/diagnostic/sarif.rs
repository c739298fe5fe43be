//! Findings as SARIF 2.1.0, for code scanning and editors.

use super::{Style, fingerprint, harmless, in_full, json, place};
use crate::source::{Sources, Span};
use crate::value::{Code, Fact, Fix, Severity};
use crate::words::{self, Said, say_in};
use serde_json::{Value, json};

/// What the paths of a report are relative to.
const ROOT: &str = "ROOT";

/// One log with one run. It names no folder of this machine, so that the same project gives the same bytes.
pub(super) fn sarif(facts: &[Fact], sources: &Sources, style: Style<'_>) -> String {
    let codes: Vec<Code> = Code::ALL.iter().copied().filter(|it| facts.iter().any(|fact| fact.code == *it)).collect();
    let fingerprints = fingerprint::fingerprints(facts, sources);
    let results: Vec<Value> = facts.iter().zip(&fingerprints).map(|(it, print)| result(it, print, &codes, sources, style)).collect();
    json::written(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "peil",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "shortDescription": {"text": env!("CARGO_PKG_DESCRIPTION")},
                "rules": codes.iter().map(|it| rule(*it)).collect::<Vec<_>>(),
            }},
            "language": style.lang.code(),
            "columnKind": "utf16CodeUnits",
            "originalUriBaseIds": {
                ROOT: {"description": {"text": "the folder of the repository, or of the project where there is no repository"}},
            },
            "results": results,
        }],
    }))
}

/// What is known of a code: its page.
fn rule(code: Code) -> Value {
    let page = words::prose(code);
    let meaning = words::chapter(page, "What it means").unwrap_or(code.name());
    let first = meaning.split_once(". ").map_or(meaning, |it| it.0).trim_end_matches('.');
    json!({
        "id": code.name(),
        "shortDescription": {"text": format!("{first}.")},
        "fullDescription": {"text": meaning},
        // Readers show a page as it is, its braces too.
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": level(code.severity())},
        "properties": {"tags": [code.family().name()]},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
        Severity::Allow => "none",
    }
}

fn result(fact: &Fact, fingerprint: &str, codes: &[Code], sources: &Sources, style: Style<'_>) -> Value {
    let said = say_in(fact, style.lang, sources);
    let mut result = json!({
        "ruleId": fact.code.name(),
        "ruleIndex": codes.iter().position(|it| *it == fact.code),
        "level": level(fact.severity),
        "message": {"text": text(&in_full(&said))},
        "locations": [location(fact, &said, sources, style)],
        "partialFingerprints": {"peil/v1": fingerprint},
    });
    let related = fact.labels.iter().zip(&said.labels).enumerate();
    let related: Vec<Value> =
        related.map(|(at, (label, words))| related_location(at, label.span, words.as_deref(), sources, style)).collect();
    if !related.is_empty() {
        result["relatedLocations"] = Value::Array(related);
    }
    if let Some(fix) = &fact.fix {
        result["fixes"] = json!([mended(fix, &said, sources, style)]);
    }
    result
}

fn location(fact: &Fact, said: &Said, sources: &Sources, style: Style<'_>) -> Value {
    let place = place::of_fact(fact, sources, style.prefix);
    let mut region = region(&place);
    if let Some(here) = &said.here {
        region["message"] = json!({"text": text(here)});
    }
    let mut physical = json!({"artifactLocation": artifact(&place)});
    if fact.span.is_some() {
        physical["region"] = region;
    }
    let mut location = json!({"physicalLocation": physical});
    if let Some((word, name)) = fact.about.as_deref().and_then(|it| it.split_once(':')) {
        location["logicalLocations"] = json!([{"name": name, "fullyQualifiedName": format!("{word}:{name}"), "kind": word}]);
    }
    location
}

fn related_location(at: usize, span: Span, words: Option<&str>, sources: &Sources, style: Style<'_>) -> Value {
    let place = place::of(span, sources, style.prefix);
    let mut location = json!({"id": at + 1, "physicalLocation": {"artifactLocation": artifact(&place), "region": region(&place)}});
    if let Some(words) = words {
        location["message"] = json!({"text": text(words)});
    }
    location
}

fn mended(fix: &Fix, said: &Said, sources: &Sources, style: Style<'_>) -> Value {
    let changes: Vec<Value> = fix
        .edits
        .chunk_by(|a, b| a.span.file == b.span.file)
        .map(|edits| {
            let replacements = edits.iter().map(|it| {
                let place = place::of(it.span, sources, style.prefix);
                json!({"deletedRegion": region(&place), "insertedContent": {"text": it.text}})
            });
            let replacements: Vec<Value> = replacements.collect();
            json!({"artifactLocation": artifact(&place::of(edits[0].span, sources, style.prefix)), "replacements": replacements})
        })
        .collect();
    let mut mended = json!({"artifactChanges": changes});
    if let Some(words) = &said.fix {
        mended["description"] = json!({"text": text(words)});
    }
    mended
}

fn artifact(place: &place::Place) -> Value {
    json!({"uri": place::uri(&place.path), "uriBaseId": ROOT})
}

fn region(place: &place::Place) -> Value {
    json!({
        "startLine": place.line,
        "startColumn": place.column16,
        "endLine": place.end_line,
        "endColumn": place.end_column16,
    })
}

/// Text of a message: braces stand for values and `[…](…)` for links there, so both are escaped.
fn text(text: &str) -> String {
    harmless(text).replace('{', "{{").replace('}', "}}").replace("](", "\\](")
}
