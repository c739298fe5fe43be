//! Tests: rows in, figures out; or figures of the project's data that are known from elsewhere.

use super::build::Builder;
use super::norms::amount;
use super::types::*;
use crate::calendar::Period;
use crate::source::{Span, Spanned};
use crate::syntax::{Kind, Node, Word};
use crate::value::{Code, Fact, Num};

/// A test of figures.
#[derive(Clone, Debug)]
pub struct Test {
    pub name: String,
    pub span: Span,
    pub title: Text,
    /// The rows that it is about; none where it is about the project's data.
    pub rows: Vec<TestRows>,
    /// Whether it is about the project's data.
    pub on_data: bool,
    /// The period of its figures, where they say none.
    pub period: Option<Period>,
    pub expectations: Vec<Expectation>,
    /// Whether something in it was wrong, and reported.
    pub broken: bool,
}

/// Rows of a source, written in a test.
#[derive(Clone, Debug)]
pub struct TestRows {
    pub source: SourceId,
    pub span: Span,
    pub columns: Vec<usize>,
    /// Values as they would stand in the data; a blank is empty.
    pub rows: Vec<Vec<String>>,
}

/// What a figure is to be.
#[derive(Clone, Debug)]
pub struct Expectation {
    pub span: Span,
    /// The KPI as it was written: `nps[channel = "Web"]@2024-Q1`.
    pub text: String,
    pub of: KpiRef,
    pub period: Option<Period>,
    pub wanted: Wanted,
    /// How far the figure may be from it; without one, as far as computing is exact.
    pub tolerance: Option<f64>,
    pub n: Option<u64>,
    pub status: Option<String>,
}

/// What a value is to be.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// This; the checker puts it into the unit of the KPI.
    Value(NormValue),
    /// No value.
    Empty,
    /// Not shown, as too few people answered.
    Hidden,
    /// Nothing is said of it.
    Unsaid,
}

/// The statuses that can be expected.
const STATUSES: [&str; 7] = ["on_target", "watch", "act", "no_norm", "too_few", "hidden", "no_data"];

/// Resolves all tests.
pub(super) fn tests(builder: &mut Builder<'_>) {
    for named in builder.names.of(Word::Test).to_vec() {
        let body = named.body;
        let before = builder.out.len();
        let mut test = Test {
            name: named.name.value.clone(),
            span: named.name.span,
            title: builder.text(body, "title"),
            rows: Vec::new(),
            on_data: body.get("on").is_some(),
            period: builder.period(body, "period", "period"),
            expectations: Vec::new(),
            broken: super::body::is_broken(body),
        };
        for entry in body.get("rows").map_or(&[][..], Node::entries) {
            let found = builder.names.resolve(Word::Source, entry.key.value.trim(), entry.key.span, builder.out);
            let Some(source) = found.map(|it| SourceId(it as u32)) else { continue };
            match rows(builder, &test.name, source, entry.key.span, &entry.value) {
                Some(rows) => test.rows.push(rows),
                None => test.broken = true,
            }
        }
        if test.on_data == body.get("rows").is_some() && !test.broken {
            let reason = if test.on_data { "both" } else { "neither" };
            builder.out.push(Fact::at(Code::TestRows, named.name.span).with("reason", reason).with("name", &test.name));
        }
        for entry in body.get("expect").map_or(&[][..], Node::entries) {
            match expectation(builder, &entry.key, &entry.value) {
                Some(it) => test.expectations.push(it),
                None => test.broken = true,
            }
        }
        test.broken |= builder.out.len() > before;
        builder.model.tests.push(test);
        builder.item_lints(Word::Test, named);
    }
}

// -- rows ------------------------------------------------------------------------------------------------------------------

/// The rows of a source: names of columns first, then values.
fn rows(builder: &mut Builder<'_>, test: &str, source: SourceId, span: Span, value: &Node) -> Option<TestRows> {
    let Kind::List(lines) = &value.kind else { return None };
    let (header, lines) = lines.split_first()?;
    let mut columns: Vec<(usize, Span)> = Vec::new();
    let mut complete = true;
    for cell in header.items() {
        let name = cell.text().unwrap_or_default().trim();
        let Some(at) = builder.model.sources[source.index()].column(name) else {
            if !builder.names.is_broken(name) {
                builder.out.push(super::rows::unknown_column(&builder.model, source, name, cell.span));
            }
            complete = false;
            continue;
        };
        let data = &builder.model.sources[source.index()];
        if data.columns[at].computed.is_some() {
            let fact = Fact::at(Code::TestRows, cell.span).with("reason", "computed").with("name", name);
            builder.out.push(fact.label(data.columns[at].span, "column"));
            complete = false;
        }
        if let Some((_, first)) = columns.iter().find(|it| it.0 == at) {
            let fact = Fact::at(Code::DuplicateName, cell.span).with("word", "column").with("name", name);
            builder.out.push(fact.label(*first, "first"));
            complete = false;
        }
        columns.push((at, cell.span));
    }
    if !complete {
        return None;
    }
    let mut read = Vec::new();
    for line in lines {
        let cells: Vec<&Node> = match &line.kind {
            Kind::List(cells) => cells.iter().collect(),
            _ => vec![line],
        };
        if cells.len() != columns.len() {
            let fact = Fact::at(Code::TestRows, line.span).with("reason", "length").with("found", cells.len());
            builder.out.push(fact.with("expected", columns.len()).label(header.span, "header"));
            continue;
        }
        let row = cells.iter().zip(&columns).map(|(cell, (at, _))| code(builder, test, source, *at, cell));
        read.push(row.collect::<Vec<String>>());
    }
    Some(TestRows { source, span, columns: columns.into_iter().map(|it| it.0).collect(), rows: read })
}

/// What stands in the data for a value as it is written in a test: the code of a label, else the value itself.
fn code(builder: &mut Builder<'_>, test: &str, source: SourceId, at: usize, cell: &Node) -> String {
    let text = cell.text().unwrap_or_default().trim().to_owned();
    let data = &builder.model.sources[source.index()];
    let column = &data.columns[at];
    if text.is_empty() || column.several.is_some() {
        return text;
    }
    let label = |it: &Text| [&it.plain, &it.nl, &it.en].into_iter().any(|it| it.as_deref() == Some(text.as_str()));
    if let Some((code, _)) = column.labels.iter().find(|it| label(&it.1)) {
        return code.clone();
    }
    let declared = |list: &[String]| list.contains(&text);
    if declared(&column.blank) || declared(&column.not_applicable) || column.labels.iter().any(|it| it.0 == text) {
        return text;
    }
    let about = |fact: Fact| fact.with("column", &column.name).with("source", &data.name).about(format!("test:{test}"));
    let fact = match column.of {
        Some(ColumnType::Number) => match Num::parse(&text) {
            None => Some(about(wrong(cell, &column.name, "number"))),
            Some(number) => {
                let value = number.to_f64();
                let outside = column
                    .scale
                    .is_some_and(|it| value < it.low || value > it.high || (column.decimals.is_none() && number.to_int().is_none()));
                outside.then(|| about(Fact::at(Code::UndeclaredCode, cell.span)).with("codes", format!("`{text}`")))
            }
        },
        Some(ColumnType::Date) => {
            let date = Period::parse(&text).is_some() || text.get(..10).is_some_and(|it| Period::parse(it).is_some());
            (!date).then(|| about(wrong(cell, &column.name, "date")))
        }
        _ if !column.labels.is_empty() => Some(about(Fact::at(Code::UndeclaredCode, cell.span)).with("codes", format!("`{text}`"))),
        _ => None,
    };
    builder.out.push_some(fact);
    text
}

fn wrong(cell: &Node, column: &str, expected: &str) -> Fact {
    let found = cell.text().map_or_else(|| cell.describe().to_owned(), |it| format!("`{it}`"));
    Fact::at(Code::WrongValue, cell.span).with("key", column).with("expected", expected).with("found", found)
}

// -- expectations ----------------------------------------------------------------------------------------------------------

fn expectation(builder: &mut Builder<'_>, key: &Spanned<String>, body: &Node) -> Option<Expectation> {
    let text = key.value.trim();
    let (kpi, at) = match text.rsplit_once('@') {
        Some((kpi, period)) => (kpi, Some(period)),
        None => (text, None),
    };
    let period = match at {
        None => None,
        Some(said) => match Period::parse(said.trim()) {
            Some(period) => Some(period),
            None => {
                let fact = Fact::at(Code::WrongValue, key.span).with("key", "period").with("expected", "period");
                builder.out.push(fact.with("found", format!("`{said}`")));
                return None;
            }
        },
    };
    let of = builder.kpi_ref(kpi.trim_end(), key.span);
    let value = if body.text().is_some() { Some(body) } else { body.get("value") };
    let wanted = match value {
        None => Wanted::Unsaid,
        Some(node) => match node.text().map(str::trim) {
            Some("empty") => Wanted::Empty,
            Some("hidden") => Wanted::Hidden,
            text => {
                let Some((value, unit, None)) = text.and_then(amount) else {
                    builder.wrong("expect", "expectation", node);
                    return None;
                };
                Wanted::Value(NormValue { span: node.span, written: String::new(), value, unit, by: None, line: None, per: None })
            }
        },
    };
    let tolerance = match body.get("tolerance") {
        None => None,
        Some(node) => match node.text().and_then(|it| amount(it.trim())).filter(|it| it.0 >= 0.0 && it.2.is_none()) {
            Some((value, _, _)) => Some(value),
            None => {
                builder.wrong("tolerance", "number", node);
                return None;
            }
        },
    };
    let n = match body.get("n") {
        None => None,
        Some(node) => match node.text().and_then(|it| it.trim().parse().ok()) {
            Some(n) => Some(n),
            None => {
                builder.wrong("n", "whole number", node);
                return None;
            }
        },
    };
    let status = match body.get("status").and_then(Node::spanned) {
        None => None,
        Some(said) => {
            let name = said.value.split_whitespace().collect::<Vec<_>>().join("_");
            if !STATUSES.contains(&name.as_str()) {
                let fact = Fact::at(Code::WrongValue, said.span).with("key", "status").with("expected", "choice");
                let fact = fact.with("found", format!("`{}`", said.value)).with("choices", STATUSES.join(", "));
                builder.out.push(fact.did_you_mean(&name, said.span, STATUSES));
                return None;
            }
            Some(name)
        }
    };
    if matches!(wanted, Wanted::Unsaid) && n.is_none() && status.is_none() {
        let fact = Fact::at(Code::MissingKey, key.span).with("key", "value").with("word", "expect").with("name", text);
        builder.out.push(fact);
        return None;
    }
    Some(Expectation { span: key.span, text: text.to_owned(), of: of?, period, wanted, tolerance, n, status })
}
