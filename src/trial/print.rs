//! Outcomes for machines; for people failures are findings like any other.

use super::Trial;
use crate::check::Checked;
use crate::diagnostic::{self, Style};
use crate::source::Sources;
use crate::value::Fact;
use crate::words::say;
use serde_json::{Value, json};
use std::fmt::Write;

/// One object a line, a test each.
pub fn json(checked: &Checked, trials: &[Trial], sources: &Sources, style: Style<'_>) -> String {
    let mut text = String::new();
    for trial in trials {
        let test = &checked.model.tests[trial.test];
        let (line, _) = sources.line_column(test.span.file, test.span.start);
        let failures: Vec<Value> = trial.failures.iter().map(|it| failure(it, sources, style)).collect();
        let object = json!({
            "test": test.name,
            "title": test.title.get(style.lang),
            "file": format!("{}{}", style.prefix, sources.file(test.span.file).path),
            "line": line,
            "passed": trial.passed(),
            "expectations": test.expectations.len(),
            "failures": failures,
        });
        let _ = writeln!(text, "{object}");
    }
    text
}

fn failure(fact: &Fact, sources: &Sources, style: Style<'_>) -> Value {
    let said = say(fact, style.lang);
    let line = fact.span.map(|it| sources.line_column(it.file, it.start).0);
    json!({
        "code": fact.code.name(),
        "line": line,
        "kpi": fact.arg("kpi"),
        "expected": fact.arg("expected"),
        "found": fact.arg("found"),
        "message": said.message,
    })
}

/// A suite a project, a case a test, in JUnit's XML. Times are left out: the same input gives the same bytes.
pub fn junit(checked: &Checked, trials: &[Trial], sources: &Sources, style: Style<'_>) -> String {
    let failed = trials.iter().filter(|it| !it.passed() && !it.unable).count();
    let unable = trials.iter().filter(|it| it.unable).count();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let counts = format!("tests=\"{}\" failures=\"{failed}\" errors=\"{unable}\" time=\"0\"", trials.len());
    let _ = writeln!(text, "<testsuites name=\"peil test\" {counts}>\n  <testsuite name=\"peil test\" {counts} skipped=\"0\">");
    for trial in trials {
        let test = &checked.model.tests[trial.test];
        let (line, _) = sources.line_column(test.span.file, test.span.start);
        let path = diagnostic::xml(&format!("{}{}", style.prefix, sources.file(test.span.file).path));
        let name = diagnostic::xml(&test.name);
        let head = format!("    <testcase name=\"{name}\" classname=\"{path}\" file=\"{path}\" line=\"{line}\" time=\"0\"");
        if trial.passed() {
            let _ = writeln!(text, "{head}/>");
            continue;
        }
        let _ = writeln!(text, "{head}>");
        let kind = if trial.unable { "error" } else { "failure" };
        for fact in &trial.failures {
            let message = say(fact, style.lang).message;
            let whole = diagnostic::short(std::slice::from_ref(fact), sources, style.lang);
            let (message, whole) = (diagnostic::xml(&message), diagnostic::xml(whole.trim_end()));
            let _ = writeln!(text, "      <{kind} type=\"{}\" message=\"{message}\">{whole}</{kind}>", fact.code.name());
        }
        text.push_str("    </testcase>\n");
    }
    text.push_str("  </testsuite>\n</testsuites>\n");
    text
}
