//! Figures of others, to be held beside one's own: what they are of, and how they were made.

use super::body::{is_broken, range};
use super::build::Builder;
use super::norms::amount;
use super::types::{KpiRef, NormValue, SurveyKind, Text};
use crate::calendar::{Calendar, Period};
use crate::source::{Span, Spanned};
use crate::syntax::Word;
use crate::value::{Code, Fact};

/// An outside figure.
#[derive(Clone, Debug)]
pub struct Benchmark {
    pub name: String,
    pub span: Span,
    pub title: Text,
    pub description: Text,
    /// The KPI, or part of one, that it is to be held beside.
    pub of: Option<KpiRef>,
    /// In the unit of the KPI, once the checker has settled it.
    pub value: Option<NormValue>,
    /// The formula by which it was made: `nps.eu`.
    pub variant: Option<Spanned<String>>,
    /// The ends of the scale that was asked on.
    pub scale: Option<Spanned<(f64, f64)>>,
    pub survey: Option<Spanned<SurveyKind>>,
    pub country: Option<String>,
    pub period: Option<Period>,
    pub n: Option<f64>,
    /// Where it stands.
    pub source: Text,
    /// The file that its figures stand in, a row each. What the item says itself holds where a row says nothing.
    pub file: Option<Spanned<String>>,
    /// What tells a figure out of a file from the others there, where there are any: `NL, csat.top2`.
    pub which: Option<String>,
    /// The folder of the library that declares it; empty for the user's own.
    pub folder: String,
    /// Figures of one kind by their periods, in order, where several are known; then `value`, `period` and `n` are of the
    /// last of them.
    pub dated: Vec<DatedFigure>,
    /// Whether something in it was wrong, and reported.
    pub broken: bool,
}

/// An outside figure of a period.
#[derive(Clone, Debug)]
pub struct DatedFigure {
    pub period: Period,
    pub value: NormValue,
    pub n: Option<f64>,
}

/// The columns that a file of outside figures may have.
pub const COLUMNS: [&str; 8] = ["value", "variant", "scale", "survey", "country", "period", "n", "source"];

impl Benchmark {
    /// The figure to hold beside one of a period: value, own period and base. Of several that of the same time, else the
    /// last one before, else the first.
    pub fn at(&self, period: Period, calendar: &Calendar) -> Option<(&NormValue, Option<Period>, Option<f64>)> {
        let began = |it: &&DatedFigure| it.period.start(calendar) < period.end(calendar);
        match self.dated.iter().rev().find(began).or(self.dated.first()) {
            Some(it) => Some((&it.value, Some(it.period), it.n)),
            None => Some((self.value.as_ref()?, self.period, self.n)),
        }
    }

    /// Takes over what a row of a file says in one of [`COLUMNS`]; `place` is where the file is named.
    ///
    /// # Errors
    /// What belongs there.
    pub fn set(&mut self, column: &str, text: &str, place: Span) -> Result<(), &'static str> {
        match column {
            "value" => {
                let Some((value, unit, None)) = amount(text) else { return Err("quantity") };
                self.value = Some(NormValue { span: place, value, written: text.to_owned(), unit, by: None, line: None, per: None });
            }
            "variant" => self.variant = Some(Spanned::new(variant(text).ok_or("variant")?, place)),
            "scale" => {
                let ends = range(text).filter(|(low, high)| low < high).ok_or("range")?;
                self.scale = Some(Spanned::new(ends, place));
            }
            "survey" => {
                let kind = SurveyKind::from_name(text).ok_or("survey")?;
                self.survey = Some(Spanned::new(kind, place));
            }
            "country" => self.country = Some(text.to_owned()),
            "period" => self.period = Some(Period::parse(text).ok_or("period")?),
            "n" => self.n = Some(persons(text).ok_or("whole number")?),
            _ => self.source = Text::plain(text),
        }
        Ok(())
    }
}

/// A formula by its name, or by the name of the family that stands for its usual one.
fn variant(text: &str) -> Option<String> {
    let name = match text {
        "nps" => "nps.standard",
        "csat" => "csat.top2",
        _ => text,
    };
    super::formula::is_variant(name).then(|| name.to_owned())
}

/// How many answered.
fn persons(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|it| it.is_finite() && *it >= 1.0 && it.fract() == 0.0)
}

/// Resolves all benchmarks.
pub(super) fn benchmarks(builder: &mut Builder<'_>) {
    for named in builder.names.of(Word::Benchmark).to_vec() {
        let body = named.body;
        let before = builder.out.len();
        let of = body.get("kpi").and_then(crate::syntax::Node::spanned);
        let of = of.and_then(|it| builder.kpi_ref(&it.value, it.span));
        let value = body.get("value").filter(|it| !it.is_refused()).and_then(|node| {
            let text = node.text()?.trim();
            let Some((value, unit, None)) = amount(text) else {
                builder.wrong("value", "quantity", node);
                return None;
            };
            Some(NormValue { span: node.span, value, written: text.to_owned(), unit, by: None, line: None, per: None })
        });
        let variant = body.get("variant").and_then(|node| {
            let name = node.text()?.trim();
            if let Some(name) = variant(name) {
                return Some(Spanned::new(name, node.span));
            }
            let fact = Fact::at(Code::UnknownFunction, node.span).with("name", name);
            let fact = fact.with("variants", super::formula::SCORES.join(", "));
            builder.out.push(fact.did_you_mean(name, node.span, super::formula::SCORES));
            None
        });
        let scale = body.get("scale").and_then(|node| {
            let found = node.text().and_then(range).filter(|(low, high)| low < high);
            if found.is_none() && !node.is_refused() {
                builder.wrong("scale", "range", node);
            }
            Some(Spanned::new(found?, node.span))
        });
        let survey = body.get("survey").and_then(|node| Some(Spanned::new(SurveyKind::from_name(node.text()?.trim())?, node.span)));
        let period = builder.period(body, "period", "period");
        let n = body.get("n").filter(|it| !it.is_refused()).and_then(|node| {
            let n = node.text().and_then(|it| persons(it.trim()));
            if n.is_none() {
                builder.wrong("n", "whole number", node);
            }
            n
        });
        let file = body.get("file").filter(|it| !it.is_refused());
        let file = file.and_then(|node| Some(Spanned::new(node.text()?.trim().to_owned(), node.span)));
        match (body.get("value"), &file) {
            (Some(node), Some(_)) => {
                // Which of the two figures is meant is not for us to say.
                builder.wrong("value", "no value beside a file", node);
            }
            (None, None) if !is_broken(body) => {
                let fact = Fact::at(Code::MissingKey, named.name.span).with("key", "value").with("word", "benchmark");
                builder.out.push(fact.with("name", &named.name.value));
            }
            _ => {}
        }
        let benchmark = Benchmark {
            name: named.name.value.clone(),
            span: named.name.span,
            title: builder.text(body, "title"),
            description: builder.text(body, "description"),
            of,
            value,
            variant,
            scale,
            survey,
            country: builder.word(body, "country").map(str::to_owned),
            period,
            n,
            source: builder.text(body, "source"),
            file,
            which: None,
            dated: Vec::new(),
            folder: builder.model.libraries.at(named.name.span).map(|it| it.folder.clone()).unwrap_or_default(),
            broken: is_broken(body) || builder.out.len() > before,
        };
        builder.model.benchmarks.push(benchmark);
        builder.item_lints(Word::Benchmark, named);
    }
}
