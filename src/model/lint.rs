//! Levels of lints: of a project, of a file, of one item.

use super::build::Builder;
use super::names::Named;
use super::types::*;
use crate::library;
use crate::source::{FileId, Span, Spanned};
use crate::syntax::{Kind, Node, Word};
use crate::value::{Code, Fact, Severity};
use std::collections::HashMap;

impl Builder<'_> {
    pub fn lints(&mut self, body: &Node) -> Vec<LintSetting> {
        let entries = body.get("lint").map_or(&[][..], Node::entries);
        entries.iter().filter_map(|it| self.lint(&it.key, &it.value)).collect()
    }

    /// The lints that stand among the items of a file: they hold for what is found in it.
    pub fn file_lints(&mut self, projects: &[library::Project]) {
        let mut first: HashMap<(FileId, &str), Span> = HashMap::new();
        for item in projects.iter().flat_map(|it| &it.documents).flat_map(|it| &it.items).filter(|it| it.word == Word::Lint) {
            let file = item.name.span.file;
            if let Some(known) = first.insert((file, item.name.value.as_str()), item.name.span) {
                let fact = Fact::at(Code::DuplicateKey, item.name.span).with("key", &item.name.value);
                self.out.push(fact.label(known, "first"));
                continue;
            }
            if let Some(setting) = self.lint(&item.name, &item.body) {
                self.model.file_lints.entry(file).or_default().push(setting);
            }
        }
    }

    pub fn lint(&mut self, code: &Spanned<String>, value: &Node) -> Option<LintSetting> {
        let name = code.value.as_str();
        let Some(known_code) = Code::from_name(name).filter(|it| it.is_lint()) else {
            let known: Vec<&str> = Code::ALL.iter().filter(|it| it.is_lint()).map(|it| it.name()).collect();
            let fact = Fact::at(Code::UnknownLint, code.span).with("name", name);
            let fact = fact.with_some("error", Code::from_name(name).map(|_| "yes"));
            self.out.push(fact.did_you_mean(name, code.span, known));
            return None;
        };
        if value.is_refused() {
            return None;
        }
        let (word, reason) = match &value.kind {
            Kind::Map(entries) if entries.len() == 1 => (Some(entries[0].key.clone()), entries[0].value.text()),
            _ => (value.spanned(), None),
        };
        let severity = match word.as_ref().map(|it| it.value.as_str()) {
            Some("allow") => Severity::Allow,
            Some("warn") => Severity::Warning,
            Some("deny") => Severity::Error,
            _ => {
                let place = word.as_ref().map_or(value.span, |it| it.span);
                let word = word.map_or_else(String::new, |it| it.value);
                let fact = Fact::at(Code::WrongValue, place).with("key", "lint").with("expected", "choice");
                let fact = fact.with("found", format!("`{word}`")).with("choices", "allow, warn, deny");
                let other = match word.as_str() {
                    "ignore" | "off" | "none" => Some("allow"),
                    "warning" | "on" => Some("warn"),
                    "error" | "forbid" => Some("deny"),
                    _ => None,
                };
                self.out.push(match other {
                    Some(other) => fact.with("similar", other).mend(place, other),
                    None => fact.did_you_mean(&word, place, ["allow", "warn", "deny"]),
                });
                return None;
            }
        };
        if reason.is_none_or(|it| it.trim().is_empty()) {
            let fact = Fact::at(Code::MissingKey, value.span).with("key", "reason").with("word", "lint");
            self.out.push(fact.with("name", name));
            return None;
        }
        Some(LintSetting { code: known_code, severity })
    }

    pub fn item_lints(&mut self, word: Word, named: Named<'_>) {
        let settings = self.lints(named.body);
        self.keep_lints(word, named, settings);
    }

    /// Adds the severities that an item sets.
    pub fn keep_lints(&mut self, word: Word, named: Named<'_>, settings: Vec<LintSetting>) {
        if !settings.is_empty() {
            self.model.item_lints.insert(format!("{}:{}", word.name(), named.name.value), settings);
        }
    }
}
