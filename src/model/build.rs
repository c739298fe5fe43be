//! Items -> the model: sources and dimensions first, then KPIs, then all that names KPIs.

use super::formula;
use super::names::{Named, Names};
use super::rows::{Scope, resolve_condition};
use super::types::*;
use crate::calendar::{Calendar, Date, DatePattern, Grain, Period, Zone};
use crate::library;
use crate::source::{FileId, Span, Spanned};
use crate::syntax::{Document, Formulas, Kind, Node, Scalar, Word, expr, percent};
use crate::value::{Code, Diagnostics, Direction, Fact, Num, Severity, Unit};
use crate::words::Lang;
use std::collections::HashMap;
use std::sync::Arc;

/// What every step of building has at hand.
pub(super) struct Builder<'d> {
    pub names: Names<'d>,
    /// What was parsed with the files, by their numbers.
    formulas: Vec<Option<&'d Formulas>>,
    pub model: Model,
    pub out: &'d mut Diagnostics,
}

/// Builds the model of a project from the documents of all projects: its own first, then those of its libraries.
pub fn build(projects: &[library::Project], out: &mut Diagnostics) -> Model {
    let names = Names::gather(projects, out);
    let mut builder = Builder { names, formulas: formulas(projects), model: Model::default(), out };
    builder.projects(projects);
    builder.file_lints(projects);
    builder.sources();
    builder.dimensions();
    builder.source_conditions();
    super::assumption::assumptions(&mut builder);
    formula::kpis(&mut builder);
    builder.goals();
    builder.enablers();
    builder.touchpoints();
    builder.journeys();
    builder.events();
    builder.reports();
    super::drivers::build(&mut builder);
    super::finding::build(&mut builder);
    super::action::build(&mut builder);
    super::incentive::incentives(&mut builder);
    super::benchmark::benchmarks(&mut builder);
    super::test::tests(&mut builder);
    builder.unused_libraries();
    builder.model
}

fn formulas(projects: &[library::Project]) -> Vec<Option<&Formulas>> {
    let mut by_file = Vec::new();
    for document in projects.iter().flat_map(|it| &it.documents) {
        let Some(item) = document.items.first() else { continue };
        let file = item.name.span.file.0 as usize;
        by_file.resize(by_file.len().max(file + 1), None);
        by_file[file] = Some(&document.formulas);
    }
    by_file
}

/// A KPI, or a part of one, from a text that a user typed.
pub(super) fn reference(model: &Model, text: &str) -> Result<(KpiId, Option<super::RowExpr>), String> {
    let named = |word: Word, name: &str, span: Span| (word, Spanned::new(name.to_owned(), span));
    let mut names: Vec<(Word, Spanned<String>)> = Vec::new();
    names.extend(model.kpis.iter().map(|it| named(Word::Kpi, &it.name, it.span)));
    names.extend(model.dimensions.iter().map(|it| named(Word::Dimension, &it.name, it.span)));
    names.extend(model.sources.iter().map(|it| named(Word::Source, &it.name, it.span)));
    names.extend(model.assumptions.iter().map(|it| named(Word::Assumption, &it.name, it.span)));
    let nowhere = Span::new(crate::source::FileId(0), 0, 0);
    let body = Node { span: nowhere, kind: Kind::Absent };
    let mut out = Diagnostics::default();
    let mut builder = Builder { names: Names::of_model(&names, &body), formulas: Vec::new(), model: model.clone(), out: &mut out };
    let found = builder.kpi_ref(text, nowhere);
    match found {
        Some(it) => Ok((it.kpi, it.part)),
        None => {
            let said = out.iter().next().map(|it| crate::words::say(it, Lang::En));
            Err(said.map_or_else(
                || format!("`{text}` is no KPI"),
                |it| std::iter::once(it.message).chain(it.help).collect::<Vec<_>>().join("; "),
            ))
        }
    }
}

impl Builder<'_> {
    // -- reading values ----------------------------------------------------------------------------------------------

    /// A title or other text for people.
    pub fn text(&self, body: &Node, key: &str) -> Text {
        body.get(key).map_or_else(Text::default, text_of)
    }

    pub fn word<'n>(&self, body: &'n Node, key: &str) -> Option<&'n str> {
        body.get(key).and_then(Node::text).map(str::trim)
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

    fn number(&self, body: &Node, key: &str) -> Option<f64> {
        self.word(body, key)?.parse().ok()
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

    /// The names of a list, each with its place.
    pub fn names_of(&self, body: &Node, key: &str) -> Vec<Spanned<String>> {
        let items = body.get(key).map(Node::items).unwrap_or_default();
        items.into_iter().filter_map(Node::spanned).map(|it| Spanned::new(it.value.trim().to_owned(), it.span)).collect()
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
            _ => &[],
        };
        let meant = crate::syntax::meant(expected, &scalar.text, scalar.quoted);
        self.out.push(match meant {
            Some(_) => crate::syntax::with_meant(fact, node.span, meant),
            None => fact.did_you_mean(scalar.text.trim(), node.span, known),
        });
    }

    fn lints(&mut self, body: &Node) -> Vec<LintSetting> {
        let entries = body.get("lint").map_or(&[][..], Node::entries);
        entries.iter().filter_map(|it| self.lint(&it.key, &it.value)).collect()
    }

    /// The lints that stand among the items of a file: they hold for what is found in it.
    fn file_lints(&mut self, projects: &[library::Project]) {
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

    fn lint(&mut self, code: &Spanned<String>, value: &Node) -> Option<LintSetting> {
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
        if !settings.is_empty() {
            self.model.item_lints.insert(format!("{}:{}", word.name(), named.name.value), settings);
        }
    }

    /// The formula or condition that a node holds: as it was parsed with its file, else parsed now.
    pub fn expression(&mut self, node: &Node) -> Option<Arc<expr::Expr>> {
        let Kind::Scalar(scalar) = &node.kind else { return None };
        let known = self.formulas.get(node.span.file.0 as usize).copied().flatten().and_then(|it| it.at(node.span));
        match known {
            Some(parsed) => parsed.clone(),
            None => expr::parse(node.span.file, scalar, self.out).map(Arc::new),
        }
    }

    // -- project -----------------------------------------------------------------------------------------------------

    fn projects(&mut self, projects: &[library::Project]) {
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
    fn currency(&self, span: Span) -> Option<&str> {
        match self.model.libraries.at(span) {
            Some(library) => library.currency.as_deref(),
            None => self.model.project.currency.as_deref(),
        }
    }

    fn unused_libraries(&mut self) {
        // What is broken may be what used it.
        if self.out.has_errors() {
            return;
        }
        for (name, span) in self.names.unused() {
            self.out.push(Fact::at(Code::UnusedLibrary, span).with("name", name));
        }
    }

    /// What the project file among some documents says.
    fn project(&mut self, documents: &[Arc<Document>]) -> Option<Project> {
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
        project.lints = self.lints(body);
        Some(project)
    }

    fn bases(&mut self, body: &Node, project: &mut Project) {
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

    fn calendar(&mut self, body: &Node) -> Calendar {
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
    fn titled(&mut self, body: &Node, key: &str) -> Vec<(Spanned<String>, Text, Option<String>)> {
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

    // -- sources -----------------------------------------------------------------------------------------------------

    fn sources(&mut self) {
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
    }

    fn source(&mut self, named: Named<'_>) -> Source {
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
            survey: None,
            population: self.text(body, "population"),
            cadence: self.grain(body, "cadence"),
            keep_where: None,
            on_duplicate: None,
            columns: Vec::new(),
            references: Vec::new(),
            complete: self.flag(body, "complete") && body.get("complete").is_some(),
            no_persons: body.get("no_persons").is_some(),
            fictional: self.flag(body, "fictional") && body.get("fictional").is_some(),
            format: self.format(body),
        };
        source.survey = match self.word(body, "survey") {
            Some("relational") => Some(SurveyKind::Relational),
            Some("transactional") => Some(SurveyKind::Transactional),
            Some(_) => Some(SurveyKind::InTheMoment),
            None => None,
        };
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
        let dates = [("time", Some(ColumnType::Date)), ("starts", Some(ColumnType::Date)), ("ends", Some(ColumnType::Date))];
        self.spans(named, source.rows);
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
        source
    }

    /// Whether what tells when fits what rows are: spans have `starts` and `ends`, other rows have `time`.
    fn spans(&mut self, named: Named<'_>, rows: Rows) {
        let body = named.body;
        if rows == Rows::Spans {
            if body.get("starts").is_none() {
                let fact = Fact::at(Code::MissingKey, named.name.span).with("key", "starts").with("word", "source");
                self.out.push(fact.with("name", &named.name.value).with("spans", "yes"));
            }
            if let Some(node) = body.get("time") {
                let fact = Fact::at(Code::WrongValue, node.span).with("key", "time").with("expected", "no time of spans");
                self.out.push(fact.with("found", node.text().map_or_else(String::new, |it| format!("`{it}`"))));
            }
            return;
        }
        for key in ["starts", "ends"] {
            if let Some(node) = body.get(key) {
                let fact = Fact::at(Code::WrongValue, node.span).with("key", key).with("expected", "rows spans");
                self.out.push(fact.with("found", node.text().map_or_else(String::new, |it| format!("`{it}`"))));
            }
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

    /// Fixes what the values of a column are; a second, other use is an error.
    pub fn settle(&mut self, source: &mut Source, at: usize, of: ColumnType, span: Span) {
        let column = &mut source.columns[at];
        match column.of {
            None => {
                column.of = Some(of);
                column.settled = span;
            }
            Some(known) if known == of => {}
            Some(_) => {
                let fact = Fact::at(Code::TypeMismatch, span).with("what", "column").with("name", &column.name);
                let fact = fact.with("expected", type_name(of)).with("found", column.of.map_or("", type_name));
                self.out.push(fact.label(column.settled, "settled"));
            }
        }
    }

    fn add_column(&mut self, source: &mut Source, column: Column) {
        let lower = column.name.to_lowercase();
        if let Some(first) = source.columns.iter().find(|it| it.name.to_lowercase() == lower) {
            if first.constant {
                // A declaration of a constant of the files adds to it.
                let at = source.columns.iter().position(|it| it.name == first.name).unwrap_or(0);
                if source.columns[at].name == column.name {
                    source.columns[at] = Column { constant: true, ..column };
                    return;
                }
            }
            let fact = Fact::at(Code::DuplicateName, column.span).with("word", "column").with("name", &column.name);
            let fact = if first.name == column.name { fact } else { fact.with("case", "yes") };
            self.out.push(fact.label(first.span, "first"));
            return;
        }
        source.columns.push(column);
    }

    fn ensure_column(&mut self, source: &mut Source, name: &Spanned<String>) -> usize {
        let wanted = name.value.trim();
        source.column(wanted).unwrap_or_else(|| {
            source.columns.push(plain_column(wanted, name.span));
            source.columns.len() - 1
        })
    }

    fn files(&mut self, body: &Node, source: &mut Source) {
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

    fn format(&mut self, body: &Node) -> Format {
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

    fn dates(&mut self, node: &Node, pattern: &str) -> Option<String> {
        if DatePattern::named(pattern).is_none() {
            self.wrong("dates", "date pattern", node);
            return None;
        }
        Some(pattern.to_owned())
    }

    fn column(&mut self, name: &Spanned<String>, body: &Node) -> Column {
        let mut column = plain_column(&name.value, name.span);
        if !crate::syntax::is_name(&name.value) {
            self.out.push(Fact::at(Code::InvalidName, name.span).with("name", &name.value).with("header", "yes"));
        }
        column.title = match &body.kind {
            Kind::Scalar(_) => text_of(body),
            _ => self.text(body, "title"),
        };
        if body.get("from").is_some() {
            column.headers = self.texts(body, "from");
        }
        if let Some(node) = body.get("scale") {
            match node.text().and_then(range) {
                Some((low, high)) if low < high => {
                    column.scale = Some(Scale { low, high, best_high: true, best_said: false });
                    column.of = Some(ColumnType::Number);
                    column.settled = node.span;
                }
                _ => self.wrong("scale", "range", node),
            }
        }
        if let Some(node) = body.get("best") {
            let best: Option<f64> = node.text().and_then(|it| it.trim().parse().ok());
            match (best, &mut column.scale) {
                (Some(best), Some(scale)) if best == scale.low || best == scale.high => {
                    scale.best_high = best == scale.high;
                    scale.best_said = true;
                }
                _ => self.wrong("best", "end of the scale", node),
            }
        }
        for entry in body.get("labels").map_or(&[][..], Node::entries) {
            column.labels.push((entry.key.value.trim().to_owned(), text_of(&entry.value)));
        }
        column.blank = self.texts(body, "blank");
        column.not_applicable = self.texts(body, "not_applicable");
        self.column_data(&mut column, body);
        if !column.labels.is_empty() && column.of.is_none() {
            column.of = Some(ColumnType::Text);
        }
        column
    }

    fn column_data(&mut self, column: &mut Column, body: &Node) {
        if let Some(node) = body.get("several") {
            let headers = self.texts(node, "from");
            let split = node.get("split").and_then(Node::text).map(str::to_owned);
            column.several = match (headers.is_empty(), split) {
                (false, None) => Some(Several::Headers(headers)),
                (true, Some(mark)) if !mark.is_empty() => Some(Several::Split(mark)),
                _ => {
                    self.wrong("several", "from or split", node);
                    None
                }
            };
            column.of = Some(ColumnType::Several);
            column.settled = node.span;
        }
        for file in body.get("recode").map_or(&[][..], Node::entries) {
            let pairs = file.value.entries().iter().filter_map(|it| Some((it.key.value.clone(), it.value.text()?.to_owned()))).collect();
            column.recode.push((file.key.value.clone(), pairs));
        }
        if let Some(node) = body.get("unit")
            && let Some(text) = node.text()
        {
            // `money` is money of the project's currency.
            let currency = self.currency(node.span).filter(|_| text.trim() == "money");
            match column_unit(currency.unwrap_or(text.trim())) {
                Some((unit, factor)) => {
                    column.unit = Some(unit);
                    column.factor = factor;
                    column.of = Some(ColumnType::Number);
                    column.settled = node.span;
                }
                None => self.wrong("unit", "unit", node),
            }
        }
        if let Some(node) = body.get("decimals") {
            match node.text().and_then(|it| it.trim().parse::<u8>().ok()).filter(|it| *it <= 12) {
                Some(decimals) => {
                    column.decimals = Some(decimals);
                    column.of = Some(ColumnType::Number);
                }
                None => self.wrong("decimals", "whole number", node),
            }
        }
        if let Some(node) = body.get("dates")
            && let Some(pattern) = node.text()
        {
            column.dates = self.dates(node, pattern);
            column.of = Some(ColumnType::Date);
            column.settled = node.span;
        }
        if let Some(node) = body.get("decimal") {
            match node.text() {
                Some(",") => column.decimal = Some(b','),
                Some(".") => column.decimal = Some(b'.'),
                _ => self.wrong("decimal", "decimal", node),
            }
        }
    }

    /// A recoding names a file of the source.
    fn recoded_files(&mut self, source: &Source, body: &Node) {
        for file in body.get("recode").map_or(&[][..], Node::entries) {
            let name = &file.key.value;
            let known: Vec<&str> = source.files.iter().map(|it| it.pattern.as_str()).collect();
            let pattern = known.iter().any(|it| it.contains(['*', '?', '[', '{']));
            if !pattern && !known.iter().any(|it| it == name || it.rsplit('/').next() == Some(name)) {
                let fact = Fact::at(Code::UnknownFile, file.key.span).with("source", &source.name).with("file", name);
                self.out.push(fact.did_you_mean(name, file.key.span, known));
            }
        }
    }

    fn texts(&self, body: &Node, key: &str) -> Vec<String> {
        let items = body.get(key).map(Node::items).unwrap_or_default();
        items.into_iter().filter_map(Node::text).map(|it| it.to_owned()).collect()
    }

    fn references(&mut self, at: usize, named: Named<'_>) {
        let mut list = Vec::new();
        for entry in named.body.get("reference").map_or(&[][..], Node::entries) {
            let (Some(to), Some(by)) = (entry.value.get("to").and_then(Node::spanned), entry.value.get("by").and_then(Node::spanned))
            else {
                let fact = Fact::at(Code::MissingKey, entry.key.span).with("key", "to … by …").with("word", "reference");
                self.out.push(fact.with("name", &entry.key.value));
                continue;
            };
            let Some(target) = self.names.resolve(Word::Source, to.value.trim(), to.span, self.out) else { continue };
            let mut source = std::mem::replace(&mut self.model.sources[at], empty_source());
            let by = self.ensure_column(&mut source, &by);
            self.model.sources[at] = source;
            let target_source = &self.model.sources[target];
            if target_source.key.is_empty() && target != at {
                let fact = Fact::at(Code::MissingKey, to.span).with("key", "key").with("word", "source");
                self.out.push(fact.with("name", &target_source.name).label(target_source.span, "target"));
                continue;
            }
            list.push(Reference { name: entry.key.value.clone(), span: entry.key.span, to: SourceId(target as u32), by });
        }
        self.model.sources[at].references = list;
    }

    fn computed_columns(&mut self) {
        for (at, named) in self.names.of(Word::Source).to_vec().into_iter().enumerate() {
            let entries = named.body.get("column").map_or(&[][..], Node::entries);
            let computed: Vec<String> =
                entries.iter().filter(|it| it.value.get("expression").is_some()).map(|it| it.key.value.clone()).collect();
            for entry in entries {
                let Some(node) = entry.value.get("expression") else { continue };
                let Some(parsed) = self.expression(node) else { continue };
                let scope = Scope::Source(SourceId(at as u32));
                let Some((resolved, of)) = super::rows::resolve_value(self, &parsed, scope) else { continue };
                let Some(column) = self.model.sources[at].column(&entry.key.value) else { continue };
                // Columns are computed from what is read, never from each other: no order of computing is needed.
                let reads_itself = resolved.columns().iter().any(|it| {
                    let name = &self.model.sources[at].columns[it.column as usize].name;
                    it.through.is_none() && (it.column as usize == column || computed.contains(name))
                });
                if reads_itself {
                    let fact = Fact::at(Code::TypeMismatch, node.span).with("what", "computed").with("name", &entry.key.value);
                    self.out.push(fact);
                    continue;
                }
                if let Some(fact) = super::units_of_rows::mixed(&self.model, &resolved, node.span) {
                    self.out.push(fact);
                    continue;
                }
                let unit = Some(super::units_of_rows::unit_of(&self.model, &resolved)).filter(|it| *it != Unit::Number);
                let column = &mut self.model.sources[at].columns[column];
                column.of = column.of.or(Some(of));
                column.unit = column.unit.take().or(unit);
                column.computed = Some(resolved);
            }
        }
    }

    fn source_conditions(&mut self) {
        for (at, named) in self.names.of(Word::Source).to_vec().into_iter().enumerate() {
            let Some(node) = named.body.get("keep_where") else { continue };
            let scope = Scope::Source(SourceId(at as u32));
            self.model.sources[at].keep_where = resolve_condition(self, node, scope);
        }
    }

    // -- dimensions --------------------------------------------------------------------------------------------------

    fn dimensions(&mut self) {
        for named in self.names.of(Word::Dimension).to_vec() {
            let body = named.body;
            let mut from: Vec<(SourceId, super::RowExpr)> = Vec::new();
            for node in body.get("from").map(Node::items).unwrap_or_default() {
                let Some(parsed) = self.expression(node) else { continue };
                let Some((resolved, _)) = super::rows::resolve_value(self, &parsed, Scope::Anywhere) else { continue };
                let sources: Vec<SourceId> = resolved.columns().iter().map(|it| it.source).collect();
                let Some(source) = sources.first() else { continue };
                // One expression for each source: which of two would a cut take?
                if from.iter().any(|it| it.0 == *source) {
                    self.out.push(Fact::at(Code::DuplicateKey, node.span).with("key", &self.model.sources[source.index()].name));
                    continue;
                }
                from.push((*source, resolved));
            }
            let mut values = Vec::new();
            for entry in body.get("values").map_or(&[][..], Node::entries) {
                if values.iter().any(|it: &(String, Text)| it.0 == entry.key.value) {
                    self.out.push(Fact::at(Code::DuplicateKey, entry.key.span).with("key", &entry.key.value));
                    continue;
                }
                values.push((entry.key.value.clone(), text_of(&entry.value)));
            }
            let other = body.get("other").map(text_of);
            let within = body.get("within").and_then(Node::spanned);
            let within = within.and_then(|it| self.names.resolve(Word::Dimension, it.value.trim(), it.span, self.out));
            self.model.dimensions.push(Dimension {
                name: named.name.value.clone(),
                span: named.name.span,
                title: self.text(body, "title"),
                from,
                values,
                other,
                within: within.map(|it| DimensionId(it as u32)),
            });
            self.item_lints(Word::Dimension, named);
        }
        self.within_cycles();
    }

    fn within_cycles(&mut self) {
        let next: Vec<Option<usize>> = self.model.dimensions.iter().map(|it| it.within.map(DimensionId::index)).collect();
        for ring in super::rings(&next) {
            let dimensions = &mut self.model.dimensions;
            let names: Vec<&str> = ring.iter().chain([&ring[0]]).map(|it| dimensions[*it].name.as_str()).collect();
            let fact = Fact::at(Code::Cycle, dimensions[ring[0]].span).with("what", "dimension");
            self.out.push(fact.with("path", names.join(" -> ")));
            ring.iter().for_each(|it| dimensions[*it].within = None);
        }
    }

    // -- goals and enablers ------------------------------------------------------------------------------------------

    /// KPIs, or parts of KPIs, with weights: `measured by`.
    fn measured_by(&mut self, body: &Node, key: &str, weights: &mut Vec<Weight>, broken: &mut bool) -> Vec<KpiRef> {
        let mut list = Vec::new();
        for entry in body.get(key).map_or(&[][..], Node::entries) {
            weights.push(self.weight(&entry.value, entry.key.span));
            match self.kpi_ref(&entry.key.value, entry.key.span) {
                Some(it) => list.push((it, weights.len() - 1)),
                None => *broken = true,
            }
        }
        list.into_iter().map(|(it, at)| KpiRef { weight: weights[at].value, ..it }).collect()
    }

    /// The KPI, or part, that a text names.
    pub fn kpi_ref(&mut self, text: &str, span: Span) -> Option<KpiRef> {
        if text.is_ascii() && crate::syntax::is_name(text) {
            let path = expr::Path { word: None, names: vec![Spanned::new(text.to_owned(), span)] };
            return formula::kpi_reference(self, &expr::Expr { span, kind: expr::ExprKind::Path(path) });
        }
        let scalar = Scalar { text: text.to_owned(), quoted: false, places: crate::syntax::Places::From(span.start) };
        let parsed = expr::parse(span.file, &scalar, self.out)?;
        formula::kpi_reference(self, &parsed)
    }

    pub fn weight(&mut self, value: &Node, span: Span) -> Weight {
        let Some(node) = value.get("weight") else { return Weight { value: 1.0, percent: None, span } };
        let text = node.text().unwrap_or_default().trim();
        if let Some(value) = percent(text).filter(|it| *it >= 0.0) {
            return Weight { value, percent: Some(true), span: node.span };
        }
        match text.parse::<f64>().ok().filter(|it| it.is_finite() && *it > 0.0) {
            Some(value) => Weight { value, percent: Some(false), span: node.span },
            None => {
                self.wrong("weight", "weight", node);
                Weight { value: 1.0, percent: None, span }
            }
        }
    }

    pub fn check_weights(&mut self, weights: &[Weight]) {
        if !weights.iter().any(|it| it.percent == Some(true)) {
            return;
        }
        let total: f64 = weights.iter().map(|it| if it.percent == Some(true) { it.value } else { 0.0 }).sum();
        let mixed = weights.iter().any(|it| it.percent != Some(true));
        if mixed || (total - 100.0).abs() > 1e-9 {
            let last = weights.last().map(|it| it.span);
            let Some(span) = last else { return };
            let fact = Fact::at(Code::WeightsNot100, span).with("total", crate::words::tidy_number(total));
            self.out.push(fact.with_some("mixed", mixed.then_some("yes")));
        }
    }

    fn goals(&mut self) {
        let named = self.names.of(Word::Goal).to_vec();
        // Goals name each other, so all are there before one is resolved.
        for it in &named {
            let kind = if self.word(it.body, "kind") == Some("customer") { GoalKind::Customer } else { GoalKind::Business };
            if it.parent.is_some() && it.body.get("kind").is_none() && !it.body.is_refused() {
                let fact = Fact::at(Code::MissingKey, it.name.span).with("key", "kind").with("word", "goal");
                self.out.push(fact.with("name", &it.name.value));
            }
            let goal = Goal {
                name: it.name.value.clone(),
                span: it.name.span,
                title: self.text(it.body, "title"),
                description: self.text(it.body, "description"),
                kind,
                need: self.text(it.body, "need"),
                level: self.word(it.body, "level").map(str::to_owned),
                theme: self.theme(it.body),
                owner: self.team(it.body, "owner"),
                stakeholders: Vec::new(),
                part_of: Vec::new(),
                measured_by: Vec::new(),
                roll_up: match self.word(it.body, "roll_up") {
                    Some("all") => RollUp::All,
                    Some("any") => RollUp::Any,
                    _ => RollUp::Weighted,
                },
                conflicts: Vec::new(),
                broken: is_broken(it.body) || it.body.get("kind").is_none(),
            };
            self.model.goals.push(goal);
            self.item_lints(Word::Goal, *it);
        }
        // What is rolled up in one goal: its KPIs and its parts are siblings, and so are their weights (R18).
        let mut siblings: Vec<Vec<Weight>> = named.iter().map(|_| Vec::new()).collect();
        for (at, it) in named.iter().enumerate() {
            let mut broken = self.model.goals[at].broken;
            let measured_by = self.measured_by(it.body, "measured_by", &mut siblings[at], &mut broken);
            let mut part_of = Vec::new();
            if let Some(parent) = it.parent {
                part_of.push((Spanned::new(GoalId(parent as u32), it.name.span), 1.0));
                siblings[parent].push(Weight { value: 1.0, percent: None, span: it.name.span });
            }
            for entry in it.body.get("part_of").map_or(&[][..], Node::entries) {
                let name = strip_word(&entry.key.value, "goal");
                let weight = self.weight(&entry.value, entry.key.span);
                match self.names.resolve(Word::Goal, name, entry.key.span, self.out) {
                    Some(parent) => {
                        part_of.push((Spanned::new(GoalId(parent as u32), entry.key.span), weight.value));
                        siblings[parent].push(weight);
                    }
                    None => broken = true,
                }
            }
            let stakeholders = self.names_of(it.body, "stakeholders");
            let stakeholders = stakeholders.iter().filter_map(|it| self.team_named(it)).collect();
            let mut conflicts = Vec::new();
            for name in self.names_of(it.body, "conflicts") {
                let found = self.names.resolve(Word::Goal, strip_word(&name.value, "goal"), name.span, self.out);
                conflicts.extend(found.map(|it| GoalId(it as u32)));
            }
            let goal = &mut self.model.goals[at];
            goal.measured_by = measured_by;
            goal.part_of = part_of;
            goal.stakeholders = stakeholders;
            goal.conflicts = conflicts;
            goal.broken = broken;
        }
        siblings.iter().for_each(|it| self.check_weights(it));
    }

    fn influences(&mut self, body: &Node, key: &str, broken: &mut bool) -> Vec<Influence> {
        let mut list = Vec::new();
        for entry in body.get(key).map_or(&[][..], Node::entries) {
            let name = strip_word(&entry.key.value, "goal");
            let goal = self.names.resolve(Word::Goal, name, entry.key.span, self.out);
            let mut strength = 1.0;
            if let Some(node) = entry.value.get("strength") {
                match node.text().and_then(|it| it.trim().parse::<f64>().ok()).filter(|it| (-1.0..=1.0).contains(it)) {
                    Some(it) => strength = it,
                    None => self.wrong("strength", "strength", node),
                }
            }
            let evidence = super::evidence::claim(self, entry.value.get("evidence"));
            let wanted = if key == "serves" { GoalKind::Customer } else { GoalKind::Business };
            if let Some(found) = goal.filter(|it| self.model.goals[*it].kind != wanted && !self.model.goals[*it].broken) {
                let expected = if key == "serves" { "customer goal" } else { "business goal" };
                let fact = Fact::at(Code::WrongValue, entry.key.span).with("key", key).with("expected", expected);
                let fact = fact.with("found", format!("`{name}`"));
                self.out.push(fact.label(self.model.goals[found].span, "goal"));
                *broken = true;
                continue;
            }
            match goal {
                Some(goal) => {
                    let goal = GoalId(goal as u32);
                    list.push(Influence { goal, span: entry.key.span, strength, evidence: evidence.counts_as(), claim: evidence });
                }
                None => *broken = true,
            }
        }
        list
    }

    fn enablers(&mut self) {
        for named in self.names.of(Word::Enabler).to_vec() {
            let body = named.body;
            let mut broken = is_broken(body);
            let serves = self.influences(body, "serves", &mut broken);
            let lifts = self.influences(body, "lifts", &mut broken);
            let status = self.status(body, &["idea", "planned", "pilot", "live", "stopped"]);
            let enabler = Enabler {
                name: named.name.value.clone(),
                span: named.name.span,
                title: self.text(body, "title"),
                serves,
                lifts,
                owner: self.team(body, "owner"),
                theme: self.theme(body),
                measured_by: self.measured_by(body, "measured_by", &mut Vec::new(), &mut broken),
                status,
                broken,
            };
            self.model.enablers.push(enabler);
            self.item_lints(Word::Enabler, named);
        }
    }

    /// A word of a few, perhaps with a note: `pilot "3 of 7 shops"`.
    pub fn status(&mut self, body: &Node, known: &[&'static str]) -> Option<(String, Option<String>)> {
        let (word, note) = noted(body.get("status")?)?;
        if known.contains(&word.value.as_str()) {
            return Some((word.value, note.map(|it| it.value)));
        }
        let fact = Fact::at(Code::WrongValue, word.span).with("key", "status").with("expected", "choice");
        let fact = fact.with("found", format!("`{}`", word.value)).with("choices", known.join(", "));
        self.out.push(fact.did_you_mean(&word.value, word.span, known));
        None
    }

    // -- touchpoints and journeys ------------------------------------------------------------------------------------

    fn placed(&mut self, body: &Node, part: Option<&super::RowExpr>, broken: &mut bool) -> Placed {
        let mut placed = Placed::default();
        for (key, list) in [("primary", &mut placed.primary), ("secondary", &mut placed.secondary), ("diagnostic", &mut placed.diagnostic)]
        {
            for name in self.names_of(body, key) {
                match self.kpi_ref(&name.value, name.span) {
                    Some(mut it) => {
                        it.part = super::RowExpr::both(it.part.take(), part.cloned());
                        list.push(it);
                    }
                    None => *broken = true,
                }
            }
        }
        placed
    }

    fn part(&mut self, body: &Node) -> Option<super::RowExpr> {
        let node = body.get("where")?;
        resolve_condition(self, node, Scope::Dimensions(None))
    }

    fn touchpoints(&mut self) {
        for named in self.names.of(Word::Touchpoint).to_vec() {
            let body = named.body;
            let mut broken = is_broken(body);
            let part = self.part(body);
            let kpis = self.placed(body, part.as_ref(), &mut broken);
            let mut asks = Vec::new();
            for entry in body.get("asks").map_or(&[][..], Node::entries) {
                match self.asked(&entry.key) {
                    Some((source, column)) => {
                        let after = entry.value.get("after").and_then(Node::text).map(str::to_owned);
                        asks.push(Asked { source, column, after });
                    }
                    None => broken = true,
                }
            }
            let touchpoint = Touchpoint {
                name: named.name.value.clone(),
                span: named.name.span,
                title: self.text(body, "title"),
                channel: self.word(body, "channel").map(str::to_owned),
                owner: self.team(body, "owner"),
                owner_said: body.get("owner").is_some(),
                moment_of_truth: body.get("moment_of_truth").is_some() && self.flag(body, "moment_of_truth"),
                asks,
                kpis,
                broken,
            };
            self.model.touchpoints.push(touchpoint);
            self.item_lints(Word::Touchpoint, named);
        }
    }

    pub fn asked(&mut self, path: &Spanned<String>) -> Option<(SourceId, usize)> {
        let (source, column) = path.value.rsplit_once('.')?;
        let dot = path.span.start as usize + source.len();
        let place = |start: usize, end: usize| Span::new(path.span.file, start, end);
        let (source_span, column_span) = (place(path.span.start as usize, dot), place(dot + 1, dot + 1 + column.len()));
        let at = self.names.resolve(Word::Source, source, source_span, self.out)?;
        let found = self.model.sources[at].column(column);
        if found.is_none() && !self.names.is_broken(column) {
            self.out.push(super::rows::unknown_column(&self.model, SourceId(at as u32), column, column_span));
        }
        Some((SourceId(at as u32), found?))
    }

    fn journeys(&mut self) {
        for named in self.names.of(Word::Journey).to_vec() {
            let body = named.body;
            let mut broken = false;
            let kpis = self.placed(body, None, &mut broken);
            let mut stages = Vec::new();
            for entry in body.get("stage").map_or(&[][..], Node::entries) {
                let part = self.part(&entry.value);
                let mut broken = is_broken(&entry.value);
                let mut touchpoints = Vec::new();
                for name in self.names_of(&entry.value, "touchpoints") {
                    let wanted = strip_word(&name.value, "touchpoint");
                    let found = self.names.resolve(Word::Touchpoint, wanted, name.span, self.out);
                    broken |= found.is_none();
                    touchpoints.extend(found.map(|it| TouchpointId(it as u32)));
                }
                let settings = self.lints(&entry.value);
                if !settings.is_empty() {
                    let stage = format!("stage:{}.{}", named.name.value, entry.key.value);
                    self.model.item_lints.insert(stage, settings);
                }
                stages.push(Stage {
                    name: entry.key.value.clone(),
                    span: entry.key.span,
                    title: self.text(&entry.value, "title"),
                    touchpoints,
                    kpis: self.placed(&entry.value, part.as_ref(), &mut broken),
                    part,
                    broken,
                });
            }
            let owner = self.team(body, "owner");
            let title = self.text(body, "title");
            let name = named.name.value.clone();
            self.model.journeys.push(Journey { name, span: named.name.span, title, owner, kpis, stages });
            self.item_lints(Word::Journey, named);
        }
    }

    // -- events and reports ------------------------------------------------------------------------------------------

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

    fn events(&mut self) {
        for named in self.names.of(Word::Event).to_vec() {
            let body = named.body;
            let on = body.get("on").and_then(|it| self.days(it, "on"));
            let from = body.get("from").and_then(|it| self.days(it, "from"));
            let until = body.get("until").and_then(|it| self.days(it, "until"));
            let dates = match (on, from, until) {
                (Some(on), None, None) => Some(on),
                (None, Some(from), Some(until)) if from.0 < until.1 => Some((from.0, until.1)),
                (None, Some(from), None) => Some(from),
                _ => None,
            };
            let touches = self.kpis_named(body, "touches");
            let Some((from, until)) = dates else {
                if !body.is_refused() && ["on", "from", "until"].iter().all(|it| body.get(it).is_none()) {
                    let fact = Fact::at(Code::MissingKey, named.name.span).with("key", "on").with("word", "event");
                    self.out.push(fact.with("name", &named.name.value));
                } else if on.is_some() || from.is_some() {
                    let node = body.get("until").or(body.get("from")).unwrap_or(body);
                    self.wrong("until", "later date", node);
                    // Both are there, the later one first: they changed places.
                    if let (None, Some(from), Some(until)) = (on, body.get("from"), body.get("until"))
                        && let (Some(first), Some(last)) = (from.spanned(), until.spanned())
                        && let Some(fact) = self.out.iter_mut().last()
                    {
                        let swapped = fact.clone().mend(first.span, last.value.trim()).mend(last.span, first.value.trim());
                        *fact = swapped.with("swapped", "yes");
                    }
                }
                continue;
            };
            let title = self.text(body, "title");
            self.item_lints(Word::Event, named);
            self.model.events.push(Event { name: named.name.value.clone(), title, from, until, touches });
        }
    }

    fn kpis_named(&mut self, body: &Node, key: &str) -> Vec<KpiId> {
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

    fn reports(&mut self) {
        for named in self.names.of(Word::Report).to_vec() {
            let body = named.body;
            let mut sections = Vec::new();
            for name in self.names_of(body, "sections") {
                if crate::syntax::schema::SECTIONS.contains(&name.value.as_str()) {
                    sections.push(name.value);
                    continue;
                }
                let fact = Fact::at(Code::WrongValue, name.span).with("key", "sections").with("expected", "choice");
                let fact = fact.with("found", format!("`{}`", name.value)).with("choices", crate::syntax::schema::SECTIONS.join(", "));
                self.out.push(fact.did_you_mean(&name.value, name.span, crate::syntax::schema::SECTIONS));
            }
            let period = self.period(body, "period", "period");
            let report = Report {
                name: named.name.value.clone(),
                span: named.name.span,
                title: self.text(body, "title"),
                description: self.text(body, "description"),
                audience: self.team(body, "for"),
                language: self.word(body, "language").and_then(Lang::named),
                sections,
                kpis: self.kpis_named(body, "kpis"),
                cuts: self.cuts(body),
                period,
                grain: self.grain(body, "grain"),
            };
            self.model.reports.push(report);
            self.item_lints(Word::Report, named);
        }
    }

    /// The lints, direction and other plain attributes that KPIs share.
    pub fn kpi_lints(&mut self, named: Named<'_>) {
        self.item_lints(Word::Kpi, named);
    }

    pub fn direction(&self, body: &Node) -> Option<Direction> {
        match self.word(body, "direction") {
            Some("up") => Some(Direction::Up),
            Some(_) => Some(Direction::Down),
            None => None,
        }
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

/// A weight as it was written.
pub(super) struct Weight {
    pub value: f64,
    /// Whether it is in percent; `None` if nothing was said.
    percent: Option<bool>,
    span: Span,
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

fn plain_column(name: &str, span: Span) -> Column {
    Column {
        name: name.to_owned(),
        span,
        title: Text::default(),
        headers: vec![name.to_owned()],
        of: None,
        settled: span,
        scale: None,
        labels: Vec::new(),
        blank: Vec::new(),
        not_applicable: Vec::new(),
        several: None,
        recode: Vec::new(),
        computed: None,
        unit: None,
        factor: None,
        decimals: None,
        dates: None,
        decimal: None,
        constant: false,
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
        survey: None,
        population: Text::default(),
        cadence: None,
        keep_where: None,
        on_duplicate: None,
        columns: Vec::new(),
        references: Vec::new(),
        complete: false,
        no_persons: false,
        fictional: false,
        format: Format::default(),
    }
}

/// `1..7` as its ends.
pub(super) fn range(text: &str) -> Option<(f64, f64)> {
    let (low, high) = text.split_once("..")?;
    let number = |it: &str| it.trim().parse::<f64>().ok().filter(|it| it.is_finite());
    Some((number(low)?, number(high)?))
}

/// The unit of a column's values, and what they are multiplied by.
fn column_unit(text: &str) -> Option<(Unit, Option<Num>)> {
    Some(match text {
        "s" | "second" | "seconds" => (Unit::Duration, None),
        "min" | "minute" | "minutes" => (Unit::Duration, Some(Num::int(60))),
        "h" | "hour" | "hours" => (Unit::Duration, Some(Num::int(3600))),
        "day" | "days" => (Unit::Duration, Some(Num::int(86_400))),
        _ if is_currency(text) => (Unit::Money(text.to_owned()), None),
        _ => return None,
    })
}

/// Whether a text is a currency code: three capitals.
pub(super) fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|it| it.is_ascii_uppercase())
}

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
const COLORS: [&str; 13] =
    ["blue", "orange", "purple", "violet", "teal", "red", "green", "grey", "gray", "amber", "yellow", "pink", "brown"];

fn month_number(text: &str) -> Option<u8> {
    let text = text.trim().to_lowercase();
    let by_name = MONTHS.iter().position(|it| *it == text).map(|it| it as u8 + 1);
    by_name.or_else(|| text.parse().ok()).filter(|it| (1..=12).contains(it))
}

fn is_color(text: &str) -> bool {
    let hex = text.strip_prefix('#').is_some_and(|it| it.len() == 6 && it.bytes().all(|it| it.is_ascii_hexdigit()));
    hex || COLORS.contains(&text)
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
