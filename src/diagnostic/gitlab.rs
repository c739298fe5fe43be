//! Findings as a code quality report of GitLab.

use super::{Style, fingerprint, harmless, in_full, json, place};
use crate::source::Sources;
use crate::value::{Fact, Severity};
use crate::words::say_in;
use serde_json::{Value, json};

/// One array with an object a finding.
pub(super) fn gitlab(facts: &[Fact], sources: &Sources, style: Style<'_>) -> String {
    let fingerprints = fingerprint::fingerprints(facts, sources);
    let objects: Vec<Value> = facts
        .iter()
        .zip(fingerprints)
        .map(|(fact, fingerprint)| {
            let place = place::of_fact(fact, sources, style.prefix);
            let severity = match fact.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Advice | Severity::Allow => "info",
            };
            json!({
                "description": harmless(&in_full(&say_in(fact, style.lang, sources))),
                "check_name": fact.code.name(),
                "fingerprint": fingerprint,
                "severity": severity,
                "location": {"path": place.path, "lines": {"begin": place.line, "end": place.end_line}},
            })
        })
        .collect();
    json::written(&Value::Array(objects))
}
