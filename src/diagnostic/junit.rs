//! Findings as a test report in JUnit's XML: a suite a file, a failure an error.

use super::{Style, harmless, in_full, place};
use crate::source::Sources;
use crate::value::{Fact, Severity};
use crate::words::say_in;

/// One report. A file without errors has one test that passes, so that a report of a sound project is not empty; what
/// is no error is told with a test that passes too.
pub(super) fn junit(facts: &[Fact], sources: &Sources, style: Style<'_>) -> String {
    let mut paths: Vec<String> = sources.iter().map(|it| format!("{}{}", style.prefix, it.1.path)).collect();
    let placed: Vec<(place::Place, &Fact)> = facts.iter().map(|it| (place::of_fact(it, sources, style.prefix), it)).collect();
    for (place, _) in &placed {
        if !paths.contains(&place.path) {
            paths.push(place.path.clone());
        }
    }
    let mut suites = String::new();
    let (mut tests, mut failures) = (0, 0);
    for path in &paths {
        let own: Vec<&(place::Place, &Fact)> = placed.iter().filter(|it| it.0.path == *path).collect();
        let failed = own.iter().filter(|it| it.1.severity == Severity::Error).count();
        let count = own.len().max(1);
        tests += count;
        failures += failed;
        let name = attribute(path);
        suites.push_str(&format!(
            "  <testsuite name=\"{name}\" tests=\"{count}\" failures=\"{failed}\" errors=\"0\" skipped=\"0\" time=\"0\">\n"
        ));
        if own.is_empty() {
            suites.push_str(&format!("    <testcase name=\"{name}\" classname=\"{name}\" time=\"0\"/>\n"));
        }
        for (place, fact) in own {
            suites.push_str(&case(place, fact, sources, style));
        }
        suites.push_str("  </testsuite>\n");
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"peil\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" time=\"0\">\n{suites}</testsuites>\n"
    )
}

fn case(place: &place::Place, fact: &Fact, sources: &Sources, style: Style<'_>) -> String {
    let said = say_in(fact, style.lang, sources);
    let code = fact.code.name();
    let path = attribute(&place.path);
    let head = format!(
        "    <testcase name=\"{code} at {}:{}\" classname=\"{path}\" file=\"{path}\" line=\"{}\" time=\"0\">\n",
        place.line, place.column, place.line
    );
    let whole = format!("{}:{}:{}: {}[{code}]: {}", place.path, place.line, place.column, fact.severity.name(), in_full(&said));
    let body = if fact.severity == Severity::Error {
        format!("      <failure type=\"{code}\" message=\"{}\">{}</failure>\n", attribute(&said.message), content(&whole))
    } else {
        format!("      <system-out>{}</system-out>\n", content(&whole))
    };
    format!("{head}{body}    </testcase>\n")
}

/// Text between tags. XML has no way to write most control codes: they are spelled out.
fn content(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for it in harmless(text).chars() {
        match it {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => safe.extend(it.escape_unicode()),
            it => safe.push(it),
        }
    }
    safe
}

/// The value of an attribute: white space in it would be read as blanks.
pub(super) fn attribute(text: &str) -> String {
    content(text).replace('\n', "&#10;").replace('\t', "&#9;")
}
