//! Findings as annotations of GitHub's workflows: `::error file=…,line=…,title=…::message`.

use super::{Style, harmless, in_full, place};
use crate::source::Sources;
use crate::value::{Fact, Severity};
use crate::words::say_in;

/// One workflow command a finding.
pub(super) fn github(facts: &[Fact], sources: &Sources, style: Style<'_>) -> String {
    let mut text = String::new();
    for fact in facts {
        let place = place::of_fact(fact, sources, style.prefix);
        let command = match fact.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice | Severity::Allow => "notice",
        };
        let mut properties = vec![("file", place.path.clone()), ("line", place.line.to_string()), ("endLine", place.end_line.to_string())];
        // Columns are taken only where a finding keeps to its line.
        if place.line == place.end_line {
            properties.push(("col", place.column.to_string()));
            properties.push(("endColumn", place.end_column.to_string()));
        }
        properties.push(("title", fact.code.name().to_owned()));
        let properties: Vec<String> = properties.iter().map(|(key, value)| format!("{key}={}", property(value))).collect();
        text.push_str(&format!("::{command} {}::{}\n", properties.join(","), data(&in_full(&say_in(fact, style.lang, sources)))));
    }
    text
}

/// The text of a message: what would end the command is escaped.
fn data(text: &str) -> String {
    harmless(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property: what would end the property too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
