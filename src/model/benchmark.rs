//! Figures of others, to be held beside one's own: what they are of, and how they were made.

use super::body::{is_broken, range};
use super::build::Builder;
use super::norms::amount;
use super::types::{KpiRef, NormValue, SurveyKind, Text};
use crate::calendar::Period;
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
    /// Whether something in it was wrong, and reported.
    pub broken: bool,
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
            let name = node.text()?.trim().to_owned();
            let name = match name.as_str() {
                "nps" => "nps.standard".to_owned(),
                "csat" => "csat.top2".to_owned(),
                _ => name,
            };
            if super::formula::is_variant(&name) {
                return Some(Spanned::new(name, node.span));
            }
            let fact = Fact::at(Code::UnknownFunction, node.span).with("name", &name);
            let fact = fact.with("variants", super::formula::SCORES.join(", "));
            builder.out.push(fact.did_you_mean(&name, node.span, super::formula::SCORES));
            None
        });
        let scale = body.get("scale").and_then(|node| {
            let found = node.text().and_then(range).filter(|(low, high)| low < high);
            if found.is_none() && !node.is_refused() {
                builder.wrong("scale", "range", node);
            }
            Some(Spanned::new(found?, node.span))
        });
        let survey = body.get("survey").and_then(|node| {
            let kind = match node.text()?.trim() {
                "relational" => SurveyKind::Relational,
                "transactional" => SurveyKind::Transactional,
                _ => SurveyKind::InTheMoment,
            };
            Some(Spanned::new(kind, node.span))
        });
        let period = builder.period(body, "period", "period");
        let n = body.get("n").filter(|it| !it.is_refused()).and_then(|node| {
            let n = node.text().and_then(|it| it.trim().parse::<f64>().ok()).filter(|it| *it >= 1.0 && it.fract() == 0.0);
            if n.is_none() {
                builder.wrong("n", "whole number", node);
            }
            n
        });
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
            broken: is_broken(body) || builder.out.len() > before,
        };
        builder.model.benchmarks.push(benchmark);
        builder.item_lints(Word::Benchmark, named);
    }
}
