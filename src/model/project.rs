//! `project`: title, language, currency, calendar, bases, teams, themes.

use super::body::{COLORS, MONTHS, text_of};
use super::build::Builder;
use super::types::*;
use crate::calendar::{Calendar, Zone};
use crate::library;
use crate::source::{Span, Spanned};
use crate::syntax::{Document, Kind, Node, Word, percent};
use crate::value::{Code, Fact};
use crate::words::Lang;
use std::sync::Arc;

impl Builder<'_> {
    pub fn projects(&mut self, projects: &[library::Project]) {
        let Some((own, libraries)) = projects.split_first() else { return };
        if let Some(project) = self.project(&own.documents) {
            self.model.project = project;
        } else if own.documents.iter().all(|it| it.broken.is_empty()) && !self.out.has_errors() {
            self.out.push(Fact::new(Code::NoProject));
        }
        for it in libraries {
            let project = self.project(&it.documents).unwrap_or_default();
            // Its teams and themes are known under its name, like all that it lends.
            let named = |name: &str| format!("{}.{name}", it.prefix);
            let teams = project.teams.into_iter().map(|team| Team { name: named(&team.name), ..team });
            self.model.project.teams.extend(teams);
            let themes = project.themes.into_iter().map(|theme| Theme { name: named(&theme.name), ..theme });
            self.model.project.themes.extend(themes);
            let library = Library {
                prefix: it.prefix.clone(),
                folder: it.place.folder().to_owned(),
                currency: project.currency,
                minimum_base: project.minimum_base,
                lints: project.lints,
            };
            self.model.libraries.add(library, it.files.iter().copied());
        }
    }

    /// The currency of the project that a place lies in.
    pub fn currency(&self, span: Span) -> Option<&str> {
        match self.model.libraries.at(span) {
            Some(library) => library.currency.as_deref(),
            None => self.model.project.currency.as_deref(),
        }
    }

    pub fn unused_libraries(&mut self) {
        // What is broken may be what used it.
        if self.out.has_errors() {
            return;
        }
        for (name, span) in self.names.unused() {
            self.out.push(Fact::at(Code::UnusedLibrary, span).with("name", name));
        }
    }

    /// What the project file among some documents says.
    pub fn project(&mut self, documents: &[Arc<Document>]) -> Option<Project> {
        let items: Vec<_> = documents.iter().flat_map(|it| &it.items).filter(|it| it.word == Word::Project).collect();
        let item = items.first()?;
        for other in &items[1..] {
            let fact = Fact::at(Code::DuplicateName, other.name.span).with("word", "project").with("name", "project");
            self.out.push(fact.label(item.name.span, "first"));
        }
        let body = &item.body;
        let mut project = Project {
            span: Some(item.name.span),
            title: self.text(body, "title"),
            description: self.text(body, "description"),
            ..Project::default()
        };
        if let Some(node) = body.get("peil")
            && node.text() != Some("1")
        {
            let found = node.text().unwrap_or_default().to_owned();
            let fact = Fact::at(Code::WrongValue, node.span).with("key", "peil").with("expected", "edition");
            self.out.push(fact.with("found", format!("`{found}`")));
        }
        if let Some(lang) = self.word(body, "language").and_then(Lang::named) {
            project.language = lang;
        }
        if let Some(currency) = self.word(body, "currency") {
            project.currency = Some(currency.to_owned());
        }
        project.country = self.word(body, "country").map(str::to_owned);
        if let Some(value) = self.word(body, "confidence").and_then(percent) {
            if value > 0.0 && value < 100.0 {
                project.confidence = value / 100.0;
            } else if let Some(node) = body.get("confidence") {
                self.wrong("confidence", "percentage", node);
            }
        }
        project.grain = self.grain(body, "grain");
        project.calendar = self.calendar(body);
        self.bases(body, &mut project);
        project.teams = self.titled(body, "team").into_iter().map(|(name, title, _)| Team { name: name.value, title }).collect();
        let themes = self.titled(body, "theme").into_iter();
        project.themes = themes.map(|(name, title, color)| Theme { span: name.span, name: name.value, title, color }).collect();
        if let Some(folder) = self.word(body, "reports") {
            project.reports = folder.to_owned();
        }
        project.style = self.file_name(body, "style");
        project.logo = self.file_name(body, "logo");
        project.lints = self.lints(body);
        Some(project)
    }

    pub fn bases(&mut self, body: &Node, project: &mut Project) {
        for (key, slot) in [("minimum_base", 0), ("indicative_base", 1)] {
            let Some(node) = body.get(key) else { continue };
            let Some(value) = self.number(body, key).filter(|it| *it >= 1.0 && it.fract() == 0.0 && *it <= 1e6) else {
                self.wrong(key, "whole number", node);
                continue;
            };
            if slot == 0 && value < 5.0 {
                self.out.push(Fact::at(Code::MinimumBaseTooLow, node.span).with("found", value).mend(node.span, "5"));
                continue;
            }
            if slot == 0 {
                project.minimum_base = value as u32;
            } else {
                project.indicative_base = value as u32;
            }
        }
    }

    pub fn calendar(&mut self, body: &Node) -> Calendar {
        let Some(record) = body.get("calendar") else { return Calendar::default() };
        let mut zone = Zone::default();
        if let Some(node) = record.get("zone")
            && let Some(name) = node.text()
        {
            match Zone::named(name) {
                Ok(it) => zone = it,
                Err(_) => self.wrong("zone", "time zone", node),
            }
        }
        let mut start = 1;
        if let Some(node) = record.get("fiscal_start") {
            match node.text().and_then(month_number) {
                Some(it) => start = it,
                None => self.wrong("fiscal_start", "month", node),
            }
        }
        Calendar::new(start, zone).unwrap_or_default()
    }

    /// Teams or themes: name, title, colour.
    pub fn titled(&mut self, body: &Node, key: &str) -> Vec<(Spanned<String>, Text, Option<String>)> {
        let mut list = Vec::new();
        for entry in body.get(key).map_or(&[][..], Node::entries) {
            if !crate::syntax::is_name(&entry.key.value) {
                self.out.push(Fact::at(Code::InvalidName, entry.key.span).with("name", &entry.key.value));
                continue;
            }
            let by_language = |entries: &[crate::syntax::Entry]| entries.iter().all(|it| Lang::named(&it.key.value).is_some());
            let (title, color) = match &entry.value.kind {
                Kind::Map(inner) if !by_language(inner) => {
                    for it in inner {
                        let known: &[&str] = if key == "theme" { &["title", "color", "description"] } else { &["title", "description"] };
                        if !known.contains(&it.key.value.as_str()) {
                            let fact = Fact::at(Code::UnknownKey, it.key.span).with("key", &it.key.value).with("word", key);
                            self.out.push(fact.did_you_mean(&it.key.value, it.key.span, known));
                        }
                    }
                    (self.text(&entry.value, "title"), self.word(&entry.value, "color").map(str::to_owned))
                }
                _ => (text_of(&entry.value), None),
            };
            if let Some(color) = &color
                && !is_color(color)
                && let Some(node) = entry.value.get("color")
            {
                self.wrong("color", "colour", node);
            }
            list.push((entry.key.clone(), title, color));
        }
        list
    }
}

fn month_number(text: &str) -> Option<u8> {
    let text = text.trim().to_lowercase();
    let by_name = MONTHS.iter().position(|it| *it == text).map(|it| it as u8 + 1);
    by_name.or_else(|| text.parse().ok()).filter(|it| (1..=12).contains(it))
}

fn is_color(text: &str) -> bool {
    let hex = text.strip_prefix('#').is_some_and(|it| it.len() == 6 && it.bytes().all(|it| it.is_ascii_hexdigit()));
    hex || COLORS.contains(&text)
}
