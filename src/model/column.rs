//! The columns of a source: declared, named elsewhere, computed.

use super::body::{is_currency, range, text_of, type_name};
use super::build::Builder;
use super::rows::Scope;
use super::types::*;
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Kind, Node, Word};
use crate::value::{Code, Fact, Num, Unit};

impl Builder<'_> {
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

    pub fn add_column(&mut self, source: &mut Source, column: Column) {
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

    pub fn ensure_column(&mut self, source: &mut Source, name: &Spanned<String>) -> usize {
        let wanted = name.value.trim();
        source.column(wanted).unwrap_or_else(|| {
            source.columns.push(plain_column(wanted, name.span));
            source.columns.len() - 1
        })
    }

    pub fn column(&mut self, name: &Spanned<String>, body: &Node) -> Column {
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
            column.of = Some(ColumnType::Number);
            match node.text().and_then(range) {
                Some((low, high)) if low < high => {
                    column.scale = Some(Scale { low, high, best_high: true, best_said: false });
                    column.of = Some(ColumnType::Number);
                    column.settled = node.span;
                }
                _ => {
                    self.wrong("scale", "range", node);
                    column.broken = true;
                }
            }
        }
        if let Some(node) = body.get("best").filter(|_| !column.broken) {
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
        self.labels_of_scale(&column, body);
        self.column_data(&mut column, body);
        if !column.labels.is_empty() && column.of.is_none() {
            column.of = Some(ColumnType::Text);
        }
        column
    }

    /// On a scale answers are numbers: labels that begin with words have them the wrong way round, or are of data that
    /// hold words.
    fn labels_of_scale(&mut self, column: &Column, body: &Node) {
        if column.scale.is_none() {
            return;
        }
        let no_answer = |code: &str| column.blank.iter().chain(&column.not_applicable).any(|it| it == code);
        let entries = body.get("labels").map_or(&[][..], Node::entries);
        let worded = |it: &&Entry| !it.key.value.trim().parse::<f64>().is_ok_and(f64::is_finite) && !no_answer(&it.key.value);
        let Some(first) = entries.iter().find(worded) else { return };
        let fact = Fact::at(Code::WrongValue, first.key.span).with("key", "labels").with("expected", "code of the scale");
        let fact = fact.with("found", format!("`{}`", first.key.value)).with("words", &first.key.value);
        let code = first.value.text().map(str::trim).filter(|it| it.parse::<f64>().is_ok_and(f64::is_finite));
        self.out.push(fact.with_some("code", code));
    }

    pub fn column_data(&mut self, column: &mut Column, body: &Node) {
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

    /// A recoding names a file of the source, and behind it what its codes mean.
    pub fn recoded_files(&mut self, source: &Source, body: &Node) {
        let Some(node) = body.get("recode").filter(|it| !it.is_refused()) else { return };
        let whole = |it: &Entry| !it.value.entries().is_empty() && it.value.entries().iter().all(|it| it.value.text().is_some());
        if node.entries().is_empty() || !node.entries().iter().all(whole) {
            // A code where the file belongs, or a file without codes.
            let first = node.entries().iter().find(|it| !whole(it));
            let file = first.filter(|it| it.value.entries().is_empty() && source.files.iter().any(|file| file.pattern == it.key.value));
            let fact = Fact::at(Code::WrongValue, first.map_or(node.span, |it| it.key.span)).with("key", "recode");
            let fact = fact.with("expected", "codes of a file").with("found", if file.is_some() { "a file alone" } else { "codes alone" });
            let known = source.files.first().map_or("2025.csv", |it| it.pattern.as_str());
            return self.out.push(fact.with("file", file.map_or(known, |it| it.key.value.as_str())));
        }
        for file in node.entries() {
            let name = &file.key.value;
            let known: Vec<&str> = source.files.iter().map(|it| it.pattern.as_str()).collect();
            let pattern = known.iter().any(|it| it.contains(['*', '?', '[', '{']));
            if !pattern && !known.iter().any(|it| it == name || it.rsplit('/').next() == Some(name)) {
                let fact = Fact::at(Code::UnknownFile, file.key.span).with("source", &source.name).with("file", name);
                self.out.push(fact.did_you_mean(name, file.key.span, known));
            }
        }
    }

    pub fn computed_columns(&mut self) {
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
}

pub(super) fn plain_column(name: &str, span: Span) -> Column {
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
        broken: false,
    }
}

/// The unit of a column's values, and what they are multiplied by.
fn column_unit(text: &str) -> Option<(Unit, Option<Num>)> {
    Some(match text {
        "s" | "second" | "seconds" => (Unit::Duration, None),
        "min" | "minute" | "minutes" => (Unit::Duration, Some(Num::int(60))),
        "h" | "hour" | "hours" => (Unit::Duration, Some(Num::int(3600))),
        "day" | "days" => (Unit::Duration, Some(Num::int(86_400))),
        "week" | "weeks" => (Unit::Duration, Some(Num::int(604_800))),
        _ if is_currency(text) => (Unit::Money(text.to_owned()), None),
        _ => return None,
    })
}
