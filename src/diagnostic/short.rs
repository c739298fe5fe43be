//! Findings as lines: `file:line:column: error[code]: message`.

use super::{one_line, place};
use crate::source::Sources;
use crate::value::Fact;
use crate::words::{Lang, say_in};

/// One line a finding.
pub fn short(facts: &[Fact], sources: &Sources, lang: Lang) -> String {
    let mut text = String::new();
    for fact in facts {
        let place = fact.span.map_or_else(String::new, |span| {
            let place = place::of(span, sources, "");
            // A line that begins with two colons would be an order to the server that keeps the log.
            let here = if place.path.starts_with(':') { "./" } else { "" };
            format!("{here}{}:{}:{}: ", place.path, place.line, place.column)
        });
        let said = say_in(fact, lang, sources);
        text.push_str(&one_line(&format!("{place}{}[{}]: {}", fact.severity.name(), fact.code.name(), said.message)));
        text.push('\n');
    }
    text
}
