//! `source`: its files, what its rows are, its references.

use super::body::is_broken;
use super::build::Builder;
use super::column::plain_column;
use super::names::Named;
use super::rows::{Scope, resolve_condition};
use super::types::*;
use crate::calendar::{Date, DatePattern};
use crate::source::Span;
use crate::syntax::{Node, Word};
use crate::value::{Code, Fact};

impl Builder<'_> {
    pub fn sources(&mut self) {
        for named in self.names.of(Word::Source).to_vec() {
            let source = self.source(named);
            self.model.sources.push(source);
            self.item_lints(Word::Source, named);
        }
        // References name sources that stand anywhere.
        for (at, named) in self.names.of(Word::Source).to_vec().into_iter().enumerate() {
            self.references(at, named);
        }
        self.computed_columns();
        for (at, named) in self.names.of(Word::Source).to_vec().into_iter().enumerate() {
            super::weighting::resolve(self, at, named);
        }
    }

    pub fn source(&mut self, named: Named<'_>) -> Source {
        let body = named.body;
        let mut source = Source {
            name: named.name.value.clone(),
            span: named.name.span,
            title: self.text(body, "title"),
            folder: self.model.libraries.at(named.name.span).map(|it| it.folder.clone()).unwrap_or_default(),
            files: Vec::new(),
            rows: match self.word(body, "rows") {
                Some("snapshot") => Rows::Snapshot,
                Some("spans") => Rows::Spans,
                _ => Rows::Events,
            },
            time: None,
            ends: None,
            covers: self.covers(body),
            key: Vec::new(),
            customer: None,
            weight: None,
            cluster: None,
            weighting: None,
            survey: None,
            population: self.text(body, "population"),
            cadence: self.grain(body, "cadence"),
            invited: None,
            freshness: body.get("freshness").and_then(|it| self.length("freshness", it)),
            keep_where: None,
            on_duplicate: None,
            columns: Vec::new(),
            references: Vec::new(),
            complete: self.flag(body, "complete") && body.get("complete").is_some(),
            no_persons: body.get("no_persons").is_some(),
            fictional: self.flag(body, "fictional") && body.get("fictional").is_some(),
            planned: self.flag(body, "planned"),
            format: self.format(body),
            broken: is_broken(body),
        };
        source.survey = self.word(body, "survey").and_then(SurveyKind::from_name);
        source.on_duplicate = self.word(body, "on_duplicate").map(|it| if it.ends_with("first") { Keep::First } else { Keep::Last });
        self.files(body, &mut source);
        for name in self.names_of(body, "columns") {
            self.add_column(&mut source, plain_column(&name.value, name.span));
        }
        for entry in body.get("column").map_or(&[][..], Node::entries) {
            let column = self.column(&entry.key, &entry.value);
            self.recoded_files(&source, &entry.value);
            self.add_column(&mut source, column);
        }
        // The places that name a column declare it, if nothing else did (R4).
        self.two_days(named, &mut source);
        let dates = [("time", Some(ColumnType::Date)), ("starts", Some(ColumnType::Date)), ("ends", Some(ColumnType::Date))];
        for (key, of) in dates.into_iter().chain([("weight", Some(ColumnType::Number)), ("cluster", None), ("customer", None)]) {
            let Some(name) = body.get(key).and_then(Node::spanned) else { continue };
            if name.value == "none" {
                continue;
            }
            let at = self.ensure_column(&mut source, &name);
            if let Some(of) = of {
                self.settle(&mut source, at, of, name.span);
            }
            match key {
                "time" | "starts" => source.time = Some(at),
                "ends" => source.ends = Some(at),
                "weight" => source.weight = Some(at),
                "cluster" => source.cluster = Some(at),
                _ => source.customer = Some(at),
            }
        }
        super::weighting::declare(&mut source, body);
        for name in self.names_of(body, "key") {
            let at = self.ensure_column(&mut source, &name);
            source.key.push(at);
        }
        if source.complete
            && source.survey.is_some()
            && let Some(node) = body.get("complete")
        {
            self.out.push(Fact::at(Code::CompleteSurvey, node.span).with("name", &source.name));
        }
        if source.time.is_none()
            && !source.broken
            && let Some(node) = body.get("freshness")
        {
            let fact = Fact::at(Code::NeedsTime, node.span).with("function", "freshness").with("name", &source.name);
            self.out.push(fact.label(source.span, "source"));
        }
        source
    }

    /// Whether what tells when fits what rows are: spans have `starts` and `ends`, other rows have `time`.
    fn two_days(&mut self, named: Named<'_>, source: &mut Source) {
        let body = named.body;
        if source.rows == Rows::Spans && body.get("starts").is_none() && !source.broken {
            let fact = Fact::at(Code::MissingKey, named.name.span).with("key", "starts").with("word", "source");
            self.out.push(fact.with("name", &named.name.value).with("spans", "yes"));
            source.broken = true;
        }
        let (keys, expected): (&[&str], _) = match source.rows {
            Rows::Spans => (&["time"], "no time of spans"),
            Rows::Events | Rows::Snapshot => (&["starts", "ends"], "rows spans"),
        };
        for (key, node) in keys.iter().filter_map(|it| Some((*it, body.get(it)?))) {
            let found = node.text().map_or_else(|| node.describe().to_owned(), |it| format!("`{it}`"));
            self.out.push(Fact::at(Code::WrongValue, node.span).with("key", key).with("expected", expected).with("found", found));
            source.broken = true;
        }
    }

    /// The days that the data of a source cover.
    fn covers(&mut self, body: &Node) -> (Option<Date>, Option<Date>) {
        let Some(record) = body.get("covers") else { return (None, None) };
        let calendar = self.model.project.calendar.clone();
        let from = self.period(record, "from", "date").map(|it| it.start(&calendar));
        let until = self.period(record, "until", "date").map(|it| it.end(&calendar));
        if let (Some(from), Some(until), Some(node)) = (from, until, record.get("until"))
            && until <= from
        {
            self.wrong("until", "later date", node);
        }
        (from, until)
    }

    pub fn files(&mut self, body: &Node, source: &mut Source) {
        for entry in body.get("files").map_or(&[][..], Node::entries) {
            let mut constants = Vec::new();
            for constant in entry.value.entries() {
                if let Some(value) = constant.value.text() {
                    constants.push((constant.key.value.clone(), value.trim().to_owned()));
                    if source.column(&constant.key.value).is_none() {
                        let column = plain_column(&constant.key.value, constant.key.span);
                        source.columns.push(Column { constant: true, ..column });
                    }
                }
            }
            source.files.push(DataFiles { pattern: entry.key.value.clone(), span: entry.key.span, constants });
        }
    }

    pub fn format(&mut self, body: &Node) -> Format {
        let mut format = Format::default();
        if let Some(node) = body.get("header") {
            match self.number(body, "header").filter(|it| it.fract() == 0.0 && (1.0..=100.0).contains(it)) {
                Some(rows) => format.header = rows as usize,
                None => self.wrong("header", "whole number", node),
            }
        }
        for (key, allowed) in [("delimiter", ",;\t|"), ("decimal", ".,")] {
            let Some(node) = body.get(key) else { continue };
            let text = node.text().unwrap_or_default();
            let mark = if text == "tab" || text == "\\t" { "\t" } else { text };
            match mark.as_bytes() {
                [byte] if allowed.as_bytes().contains(byte) => {
                    if key == "delimiter" {
                        format.delimiter = *byte;
                    } else {
                        format.decimal = *byte;
                    }
                }
                _ => self.wrong(key, key, node),
            }
        }
        if let Some(node) = body.get("encoding")
            && let Some(name) = node.text()
        {
            if crate::source::encoding(name).is_some() {
                format.encoding = Some(name.to_owned());
            } else {
                self.wrong("encoding", "encoding", node);
            }
        }
        if let Some(node) = body.get("dates")
            && let Some(pattern) = node.text()
        {
            format.dates = self.dates(node, pattern);
        }
        format
    }

    pub fn dates(&mut self, node: &Node, pattern: &str) -> Option<String> {
        if DatePattern::named(pattern).is_none() {
            self.wrong("dates", "date pattern", node);
            return None;
        }
        Some(pattern.to_owned())
    }

    pub fn references(&mut self, at: usize, named: Named<'_>) {
        let mut list = Vec::new();
        for entry in named.body.get("reference").map_or(&[][..], Node::entries) {
            let (Some(to), Some(by)) = (entry.value.get("to").and_then(Node::spanned), entry.value.get("by").and_then(Node::spanned))
            else {
                let fact = Fact::at(Code::MissingKey, entry.key.span).with("key", "to … by …").with("word", "reference");
                self.out.push(fact.with("name", &entry.key.value));
                continue;
            };
            let Some(target) = self.names.resolve(Word::Source, to.value.trim(), to.span, self.out) else {
                self.model.sources[at].broken = true;
                continue;
            };
            let mut source = std::mem::replace(&mut self.model.sources[at], empty_source());
            let by = self.ensure_column(&mut source, &by);
            self.model.sources[at] = source;
            let target_source = &self.model.sources[target];
            if target_source.key.is_empty() && target != at {
                // A source without a key is one mistake, however many refer to it.
                if !target_source.broken {
                    let fact = Fact::at(Code::MissingKey, to.span).with("key", "key").with("word", "source");
                    self.out.push(fact.with("name", &target_source.name).label(target_source.span, "target"));
                }
                self.model.sources[target].broken = true;
                self.model.sources[at].broken = true;
                continue;
            }
            list.push(Reference { name: entry.key.value.clone(), span: entry.key.span, to: SourceId(target as u32), by });
        }
        self.model.sources[at].references = list;
    }

    pub fn source_conditions(&mut self) {
        for (at, named) in self.names.of(Word::Source).to_vec().into_iter().enumerate() {
            let Some(node) = named.body.get("keep_where") else { continue };
            let scope = Scope::Source(SourceId(at as u32));
            self.model.sources[at].keep_where = resolve_condition(self, node, scope);
        }
    }
}

/// Resolves the KPIs that tell how many of those invited answered: KPIs are built after sources.
pub(super) fn responses(builder: &mut Builder<'_>) {
    for (at, named) in builder.names.of(Word::Source).to_vec().into_iter().enumerate() {
        let Some(name) = named.body.get("invited").and_then(Node::spanned) else { continue };
        builder.model.sources[at].invited = builder.kpi_ref(&name.value, name.span);
    }
}

fn empty_source() -> Source {
    Source {
        name: String::new(),
        span: Span::new(crate::source::FileId(0), 0, 0),
        title: Text::default(),
        folder: String::new(),
        files: Vec::new(),
        rows: Rows::Events,
        time: None,
        ends: None,
        covers: (None, None),
        key: Vec::new(),
        customer: None,
        weight: None,
        cluster: None,
        weighting: None,
        survey: None,
        population: Text::default(),
        cadence: None,
        invited: None,
        freshness: None,
        keep_where: None,
        on_duplicate: None,
        columns: Vec::new(),
        references: Vec::new(),
        complete: false,
        no_persons: false,
        fictional: false,
        planned: false,
        format: Format::default(),
        broken: false,
    }
}
