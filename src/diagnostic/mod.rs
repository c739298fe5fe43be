//! Facts -> what is shown: for people as rustc draws it, or a line each; for machines in the formats that they read.
//!
//! Each output is a file, and escapes for where it goes.

mod fingerprint;
mod fixes;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod place;
mod sarif;
mod short;

pub use fixes::{Mended, mend};
pub use human::human;
pub use json::SCHEMA;
pub use short::short;

use crate::source::Sources;
use crate::value::Fact;
use crate::words::Lang;

/// The outputs of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Drawn, with the text that is pointed at.
    Human,
    /// A line each.
    Short,
    /// One JSON document of our own shape: [`SCHEMA`].
    Json,
    /// SARIF 2.1.0: code scanning, editors.
    Sarif,
    /// JUnit XML: test reports of build servers.
    Junit,
    /// Annotations of GitHub's workflows.
    Github,
    /// GitLab's code quality report.
    Gitlab,
}

impl Format {
    /// All of them, those for people first.
    pub const ALL: [Format; 7] = [Format::Human, Format::Short, Format::Json, Format::Sarif, Format::Junit, Format::Github, Format::Gitlab];

    /// The name, as `--format` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Short => "short",
            Format::Json => "json",
            Format::Sarif => "sarif",
            Format::Junit => "junit",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
        }
    }

    /// The format with this name.
    pub fn named(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// How findings are to be printed.
#[derive(Clone, Copy, Debug)]
pub struct Style<'a> {
    pub lang: Lang,
    pub color: bool,
    /// What stands before the project's paths where they are read from the root of a repository: `cx/`, or nothing.
    pub prefix: &'a str,
}

/// Findings, printed.
pub fn print(format: Format, facts: &[Fact], sources: &Sources, style: Style<'_>) -> String {
    match format {
        Format::Human => human(facts, sources, style.lang, style.color),
        Format::Short => short(facts, sources, style.lang),
        Format::Json => json::json(facts, sources, style),
        Format::Sarif => sarif::sarif(facts, sources, style),
        Format::Junit => junit::junit(facts, sources, style),
        Format::Github => github::github(facts, sources, style),
        Format::Gitlab => gitlab::gitlab(facts, sources, style),
    }
}

/// Text that is safe on a terminal and in a log: control codes and marks that turn text around are spelled out.
pub fn harmless(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for it in text.chars() {
        if (it.is_control() && it != '\n' && it != '\t') || turns(it) {
            safe.extend(it.escape_unicode());
        } else {
            safe.push(it);
        }
    }
    safe
}

/// Text as it stands in XML, also in an attribute.
pub fn xml(text: &str) -> String {
    junit::attribute(text)
}

/// Whether a character turns the direction of the text around it.
pub fn turns(it: char) -> bool {
    matches!(it, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text without an end of line, for outputs of one line each.
fn one_line(text: &str) -> String {
    harmless(text).replace(['\n', '\t'], " ")
}

/// A finding in one piece: the message, then what to know and what to do, a line each.
fn in_full(said: &crate::words::Said) -> String {
    let mut lines = vec![said.message.as_str()];
    lines.extend(said.notes.iter().chain(&said.help).map(String::as_str));
    lines.join("\n")
}
