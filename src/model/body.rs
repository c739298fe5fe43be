//! The values under the keys of a word: texts, words, numbers, periods, names of teams and themes.

use super::build::Builder;
use super::types::*;
use crate::calendar::{Date, Grain, Length, Period};
use crate::source::Spanned;
use crate::syntax::{Kind, Node, Word};
use crate::value::{Code, Direction, Fact};

impl Builder<'_> {
    /// A title or other text for people.
    pub fn text(&self, body: &Node, key: &str) -> Text {
        body.get(key).map_or_else(Text::default, text_of)
    }

    pub fn word<'n>(&self, body: &'n Node, key: &str) -> Option<&'n str> {
        body.get(key).and_then(Node::text).map(str::trim)
    }

    /// The name of a file, with its place.
    pub fn file_name(&self, body: &Node, key: &str) -> Option<Spanned<String>> {
        let name = body.get(key)?.spanned()?;
        Some(Spanned::new(name.value.trim().to_owned(), name.span))
    }

    pub fn flag(&self, body: &Node, key: &str) -> bool {
        body.get(key).is_some_and(|it| it.text() != Some("false"))
    }

    pub fn grain(&self, body: &Node, key: &str) -> Option<Grain> {
        self.word(body, key).and_then(Grain::named)
    }

    /// The period, or the day, that a key tells; `expected` is what the message asks for where it is none.
    pub fn period(&mut self, body: &Node, key: &str, expected: &str) -> Option<Period> {
        let node = body.get(key).filter(|it| !it.is_refused())?;
        let period = node.text().and_then(|it| Period::parse(it.trim()));
        if period.is_none() {
            self.wrong(key, expected, node);
        }
        period
    }

    /// The length of `3 months`.
    pub fn length(&mut self, key: &str, node: &Node) -> Option<Length> {
        if node.is_refused() {
            return None;
        }
        let words = node.text().and_then(|it| it.trim().split_once(char::is_whitespace));
        let length = words.and_then(|(number, unit)| Length::new(number.parse().ok()?, unit.trim()));
        if length.is_none() {
            self.wrong(key, "length", node);
        }
        length
    }

    pub fn number(&self, body: &Node, key: &str) -> Option<f64> {
        self.word(body, key)?.parse().ok()
    }

    pub fn texts(&self, body: &Node, key: &str) -> Vec<String> {
        let items = body.get(key).map(Node::items).unwrap_or_default();
        items.into_iter().filter_map(Node::text).map(|it| it.to_owned()).collect()
    }

    /// The days that a date or period text covers.
    pub fn days(&mut self, node: &Node, key: &str) -> Option<(Date, Date)> {
        let text = node.text()?.trim();
        match Period::parse(text) {
            Some(period) => Some((period.start(&self.model.project.calendar), period.end(&self.model.project.calendar))),
            None => {
                self.wrong(key, "date", node);
                None
            }
        }
    }

    pub fn direction(&self, body: &Node) -> Option<Direction> {
        match self.word(body, "direction") {
            Some("up") => Some(Direction::Up),
            Some(_) => Some(Direction::Down),
            None => None,
        }
    }

    /// The names of a list, each with its place.
    pub fn names_of(&self, body: &Node, key: &str) -> Vec<Spanned<String>> {
        let items = body.get(key).map(Node::items).unwrap_or_default();
        items.into_iter().filter_map(Node::spanned).map(|it| Spanned::new(it.value.trim().to_owned(), it.span)).collect()
    }

    pub fn team(&mut self, body: &Node, key: &str) -> Option<TeamId> {
        let name = body.get(key)?.spanned()?;
        self.team_named(&name)
    }

    pub fn team_named(&mut self, name: &Spanned<String>) -> Option<TeamId> {
        let wanted = name.value.trim();
        let whole = self.names.whole(wanted, name.span.file);
        let found = self.model.project.teams.iter().position(|it| it.name == whole);
        if found.is_none() && !self.names.is_broken(wanted) && self.model.project.span.is_some() {
            let fact = Fact::at(Code::UnknownTeam, name.span).with("name", wanted);
            let fact = fact.with_some("lent", wanted.contains('.').then_some("yes"));
            let teams: Vec<&str> = self.model.project.teams.iter().map(|it| it.name.as_str()).collect();
            self.out.push(fact.did_you_mean(wanted, name.span, teams));
        }
        found.map(|it| TeamId(it as u32))
    }

    pub fn theme(&mut self, body: &Node) -> Option<ThemeId> {
        let name = body.get("theme")?.spanned()?;
        let wanted = name.value.trim();
        let whole = self.names.whole(wanted, name.span.file);
        let found = self.model.project.themes.iter().position(|it| it.name == whole);
        if found.is_none() && !self.names.is_broken(wanted) && self.model.project.span.is_some() {
            let fact = Fact::at(Code::UnknownTheme, name.span).with("name", wanted);
            let fact = fact.with_some("lent", wanted.contains('.').then_some("yes"));
            let themes: Vec<&str> = self.model.project.themes.iter().map(|it| it.name.as_str()).collect();
            self.out.push(fact.did_you_mean(wanted, name.span, themes));
        }
        found.map(|it| ThemeId(it as u32))
    }

    pub fn kpis_named(&mut self, body: &Node, key: &str) -> Vec<KpiId> {
        let mut list = Vec::new();
        for name in self.names_of(body, key) {
            let found = self.names.resolve(Word::Kpi, strip_word(&name.value, "kpi"), name.span, self.out);
            list.extend(found.map(|it| KpiId(it as u32)));
        }
        list
    }

    pub fn cuts(&mut self, body: &Node) -> Vec<DimensionId> {
        let mut list = Vec::new();
        for name in self.names_of(body, "cuts") {
            let found = self.names.resolve(Word::Dimension, strip_word(&name.value, "dimension"), name.span, self.out);
            list.extend(found.map(|it| DimensionId(it as u32)));
        }
        list
    }

    pub fn wrong(&mut self, key: &str, expected: &str, node: &Node) {
        let found = node.text().map_or_else(|| node.describe().to_owned(), |it| format!("`{it}`"));
        let fact = Fact::at(Code::WrongValue, node.span).with("key", key.replace('_', " "));
        let fact = fact.with("expected", expected).with("found", found);
        let Kind::Scalar(scalar) = &node.kind else { return self.out.push(fact) };
        // Of these there are few, and all are known.
        let known: &[&str] = match expected {
            "month" => &MONTHS,
            "colour" => &COLORS,
            "evidence" => &["hypothesis", "correlation", "experiment"],
            "unit" => &["seconds", "minutes", "hours", "days", "weeks", "EUR"],
            "kpi unit" => {
                &["seconds", "minutes", "hours", "days", "weeks", "points", "percentage points", "count", "ratio", "number", "money"]
            }
            _ => &[],
        };
        // Words have no range.
        let worded =
            expected == "range" && scalar.text.contains(char::is_alphabetic) && !scalar.text.contains(|it: char| it.is_ascii_digit());
        let fact = fact.with_some("words", worded.then_some("yes"));
        let meant = crate::syntax::meant(expected, &scalar.text, scalar.quoted);
        self.out.push(match meant {
            Some(_) => crate::syntax::with_meant(fact, node.span, meant),
            None => fact.did_you_mean(scalar.text.trim(), node.span, known),
        });
    }
}

/// Whether an item, or something said of it, was refused: lints about what it lacks would only follow from that.
pub(super) fn is_broken(body: &Node) -> bool {
    body.is_refused() || body.entries().iter().any(|it| it.value.is_refused())
}

/// A word with its note, if it has one.
pub(super) fn noted(node: &Node) -> Option<(Spanned<String>, Option<Spanned<String>>)> {
    match &node.kind {
        Kind::Map(entries) => entries.first().map(|it| (it.key.clone(), it.value.spanned())),
        _ => node.spanned().map(|it| (it, None)),
    }
}

/// A text for people from its node.
pub(super) fn text_of(node: &Node) -> Text {
    match &node.kind {
        Kind::Scalar(scalar) => Text::plain(scalar.text.clone()),
        Kind::Map(_) => Text {
            plain: None,
            nl: node.get("nl").and_then(Node::text).map(str::to_owned),
            en: node.get("en").and_then(Node::text).map(str::to_owned),
        },
        _ => Text::default(),
    }
}

/// `nps` of `kpi:nps`, when that is the word.
pub(super) fn strip_word<'t>(text: &'t str, word: &str) -> &'t str {
    text.strip_prefix(word).and_then(|it| it.strip_prefix(':')).unwrap_or(text).trim()
}

/// `1..7` as its ends.
pub(super) fn range(text: &str) -> Option<(f64, f64)> {
    let (low, high) = text.split_once("..")?;
    let number = |it: &str| it.trim().parse::<f64>().ok().filter(|it| it.is_finite());
    Some((number(low)?, number(high)?))
}

/// Whether a text is a currency code: three capitals.
pub(super) fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|it| it.is_ascii_uppercase())
}

/// What the values of a column are, in a word for messages.
pub(super) fn type_name(of: ColumnType) -> &'static str {
    match of {
        ColumnType::Number => "number",
        ColumnType::Text => "text",
        ColumnType::Date => "date",
        ColumnType::Several => "several",
    }
}

pub(super) const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

pub(super) const COLORS: [&str; 13] =
    ["blue", "orange", "purple", "violet", "teal", "red", "green", "grey", "gray", "amber", "yellow", "pink", "brown"];
