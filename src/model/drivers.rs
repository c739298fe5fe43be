//! What drives an outcome? A KPI of one answer, and the answers or stated reasons that are to explain it (R21).

use super::body::is_broken;
use super::build::Builder;
use super::reasons::Reasons;
use super::row::RowExpr;
use super::subject::one_of;
use super::types::*;
use super::{ColumnRef, DriversId};
use crate::source::{Span, Spanned};
use crate::syntax::{Node, Word, percent};
use crate::value::{Code, Fact};

/// How importance is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Method {
    /// Pearson's r of each item.
    Correlation,
    /// Standardised coefficients of least squares.
    Ols,
    /// The mean increment of R² over all orders of the items: LMG, Shapley.
    #[default]
    Lmg,
    /// Johnson's relative weights.
    Johnson,
    /// What a low answer costs and a high one brings, against those between.
    PenaltyReward,
    /// The share of respondents who name each reason.
    Stated,
}

impl Method {
    /// The word that it is written with.
    pub fn name(self) -> &'static str {
        match self {
            Method::Correlation => "correlation",
            Method::Ols => "ols",
            Method::Lmg => "lmg",
            Method::Johnson => "johnson",
            Method::PenaltyReward => "penalty_reward",
            Method::Stated => "stated",
        }
    }

    fn named(word: &str) -> Method {
        match word {
            "correlation" => Method::Correlation,
            "ols" => Method::Ols,
            "johnson" => Method::Johnson,
            "stated" => Method::Stated,
            _ if word.starts_with("penalty") => Method::PenaltyReward,
            _ => Method::Lmg,
        }
    }
}

/// A driver model.
#[derive(Clone, Debug)]
pub struct Drivers {
    pub name: String,
    pub span: Span,
    pub title: Text,
    pub description: Text,
    /// The KPI whose answer is explained, or a part of it.
    pub outcome: Option<KpiRef>,
    /// The answer that is explained; `None` where the outcome has none, with the reason.
    pub answer: Result<Answer, NoAnswer>,
    pub items: Vec<DriverItem>,
    /// The stated reasons.
    pub reasons: Option<Spanned<Reasons>>,
    /// By what rule a respondent counts as at risk of leaving.
    pub churn_risk: Option<Spanned<RowExpr>>,
    /// What each reason may save: an amount that has the dimension of the reasons.
    pub savings: Option<Spanned<KpiId>>,
    pub method: Method,
    /// Where the method is said.
    pub method_span: Option<Span>,
    pub cuts: Vec<DimensionId>,
    /// The share of what is explained, in percent, below which a team does not drive the outcome.
    pub minimum_share: f64,
    /// Whether something in it was unknown, and reported: nothing follows from what is missing.
    pub broken: bool,
}

/// An item of a driver model: a column of the outcome's source.
#[derive(Clone, Debug)]
pub struct DriverItem {
    pub column: usize,
    /// Where it is named, or the touchpoint that asks it.
    pub span: Span,
    /// The touchpoint by which it was named.
    pub by: Option<TouchpointId>,
}

/// The answer that a KPI is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    pub source: SourceId,
    pub column: usize,
}

/// Why a KPI has no answer of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// It could not be resolved, which was reported.
    Unknown,
    /// It is an index of other KPIs.
    Index,
    /// It is computed from other figures.
    Arithmetic,
    /// It looks at other periods.
    Window,
    /// It counts or adds rows.
    Rows,
    /// It reads several columns.
    Columns,
    /// Its column stands in another source, that rows refer to.
    Reference,
}

impl NoAnswer {
    /// The word of machine output.
    pub fn name(self) -> &'static str {
        match self {
            NoAnswer::Unknown => "unknown",
            NoAnswer::Index => "index",
            NoAnswer::Arithmetic => "arithmetic",
            NoAnswer::Window => "window",
            NoAnswer::Rows => "rows",
            NoAnswer::Columns => "columns",
            NoAnswer::Reference => "reference",
        }
    }
}

/// The one answer that a KPI is made of.
///
/// # Errors
/// Why there is none.
pub fn answer_of(model: &Model, kpi: KpiId) -> Result<Answer, NoAnswer> {
    let mut next = model.kpis[kpi.index()].formula.as_ref();
    // Formulas may go round in a ring, which is reported elsewhere.
    for _ in 0..=model.kpis.len() {
        let Some(formula) = next else { return Err(NoAnswer::Unknown) };
        match &formula.kind {
            KpiKind::Kpi { kpi, .. } => next = model.kpis[kpi.index()].formula.as_ref(),
            KpiKind::Scaled { of, .. } => next = Some(of),
            KpiKind::Aggregate(it) => return of_aggregate(it),
            KpiKind::Index { .. } => return Err(NoAnswer::Index),
            KpiKind::Rolling { .. } | KpiKind::Previous(_) | KpiKind::Change { .. } | KpiKind::Hold { .. } => return Err(NoAnswer::Window),
            KpiKind::Number(_)
            | KpiKind::Assumption { .. }
            | KpiKind::Negate(_)
            | KpiKind::Binary { .. }
            | KpiKind::Total { .. }
            | KpiKind::Composed { .. }
            | KpiKind::Clamp { .. }
            | KpiKind::Rescale { .. } => {
                return Err(NoAnswer::Arithmetic);
            }
        }
    }
    Err(NoAnswer::Unknown)
}

fn of_aggregate(aggregate: &Aggregate) -> Result<Answer, NoAnswer> {
    let mut columns: Vec<ColumnRef> = match &aggregate.function {
        Function::Share(it) | Function::Median(it) | Function::Percentile(it, _) | Function::Mean { of: it, .. } => it.columns(),
        Function::Net(good, bad) => good.columns().into_iter().chain(bad.columns()).collect(),
        Function::Count
        | Function::CountOf(_)
        | Function::Distinct(_)
        | Function::Sum(_)
        | Function::Min(_)
        | Function::Max(_)
        | Function::Stddev(_)
        | Function::Customers(_) => return Err(NoAnswer::Rows),
    };
    columns.sort_by_key(|it| (it.through, it.column));
    columns.dedup();
    match columns.as_slice() {
        [one] if one.through.is_none() => Ok(Answer { source: aggregate.source, column: one.column as usize }),
        [_] => Err(NoAnswer::Reference),
        _ => Err(NoAnswer::Columns),
    }
}

/// The touchpoints at which a column is asked (R20).
pub fn asked_at(model: &Model, source: SourceId, column: usize) -> impl Iterator<Item = TouchpointId> {
    let asks = move |it: &Touchpoint| it.asks.iter().any(|it| it.source == source && it.column == column);
    model.touchpoints.iter().enumerate().filter(move |it| asks(it.1)).map(|it| TouchpointId(it.0 as u32))
}

/// Resolves all driver models; KPIs and touchpoints are there.
pub(super) fn build(builder: &mut Builder<'_>) {
    for named in builder.names.of(Word::Drivers).to_vec() {
        let body = named.body;
        let mut broken = is_broken(body);
        let outcome = outcome(builder, body);
        let answer = outcome.as_ref().map_or(Err(NoAnswer::Unknown), |it| answer_of(&builder.model, it.kpi));
        broken |= answer.is_err();
        let mut items = Vec::new();
        for name in builder.names_of(body, "items") {
            broken |= item(builder, &name, answer.ok(), &mut items).is_none();
        }
        let reasons = body.get("reasons").and_then(Node::spanned).and_then(|name| {
            let found = super::reasons::reasons(builder, &name, answer.ok());
            broken |= found.is_none();
            found
        });
        let churn_risk = body.get("churn_risk").filter(|it| !it.is_refused()).zip(answer.ok()).and_then(|(node, answer)| {
            let found = super::reasons::risk(builder, node, answer);
            broken |= found.is_none();
            found
        });
        let savings = body.get("savings").and_then(Node::spanned).and_then(|name| {
            let found = super::reasons::savings(builder, &name);
            broken |= found.is_none();
            found
        });
        let method = match body.get("method").and_then(Node::text) {
            Some(word) => Method::named(word.trim()),
            None if body.get("reasons").is_some() => Method::Stated,
            None => Method::default(),
        };
        let drivers = Drivers {
            name: named.name.value.clone(),
            span: named.name.span,
            title: builder.text(body, "title"),
            description: builder.text(body, "description"),
            outcome,
            answer,
            items,
            reasons,
            churn_risk,
            savings,
            method,
            method_span: body.get("method").map(|it| it.span),
            cuts: builder.cuts(body),
            minimum_share: minimum_share(builder, body),
            broken,
        };
        complete(builder, &drivers, body);
        builder.model.drivers.push(drivers);
        builder.item_lints(Word::Drivers, named);
    }
}

fn outcome(builder: &mut Builder<'_>, body: &Node) -> Option<KpiRef> {
    let names = builder.names_of(body, "outcome");
    if let [_, second, ..] = names.as_slice() {
        let fact = Fact::at(Code::WrongValue, second.span).with("key", "outcome").with("expected", "one kpi");
        builder.out.push(fact.with("found", "several"));
        return None;
    }
    let name = names.first()?;
    builder.kpi_ref(&name.value, name.span)
}

fn minimum_share(builder: &mut Builder<'_>, body: &Node) -> f64 {
    const DEFAULT: f64 = 20.0;
    let Some(node) = body.get("minimum_share").filter(|it| !it.is_refused()) else { return DEFAULT };
    match node.text().and_then(|it| percent(it.trim())).filter(|it| *it > 0.0 && *it <= 100.0) {
        Some(it) => it,
        None => {
            builder.wrong("minimum_share", "percentage", node);
            DEFAULT
        }
    }
}

/// `survey.q3`, `q3` of the outcome's source, or a touchpoint, whose answers all are items.
fn item(builder: &mut Builder<'_>, name: &Spanned<String>, answer: Option<Answer>, items: &mut Vec<DriverItem>) -> Option<()> {
    let source = answer.map(|it| it.source);
    let text = name.value.as_str();
    let bare = text.strip_prefix("touchpoint:").unwrap_or(text).trim();
    let is_touchpoint = builder.names.find(Word::Touchpoint, bare, name.span.file).is_some();
    let is_column = source.is_some_and(|it| builder.model.sources[it.index()].column(text).is_some());
    if text.contains('.') || (!text.contains(':') && !is_touchpoint) {
        let column = column(builder, name, source)?;
        if let Some(first) = items.iter().find(|it| it.column == column && it.by.is_none()) {
            let fact = Fact::at(Code::DuplicateName, name.span).with("word", "item").with("name", text);
            builder.out.push(fact.label(first.span, "first"));
            return None;
        }
        match items.iter_mut().find(|it| it.column == column) {
            // The touchpoint named it already: its own name says the same.
            Some(known) => known.span = name.span,
            None => items.push(DriverItem { column, span: name.span, by: None }),
        }
        return Some(());
    }
    if is_touchpoint && is_column && !text.contains(':') {
        let place = builder.names.find(Word::Touchpoint, text, name.span.file).map(|at| builder.names.of(Word::Touchpoint)[at].name.span);
        let owner = &builder.model.sources[source?.index()];
        let column = owner.column(text).map(|it| owner.columns[it].span);
        let mut fact = Fact::at(Code::AmbiguousName, name.span).with("name", text).with("source", &owner.name);
        fact = fact.with("meanings", format!("`touchpoint:{text}`, `{}.{text}`", owner.name));
        for (span, role) in place.into_iter().map(|it| (it, "first")).chain(column.map(|it| (it, "second"))) {
            fact = fact.label(span, role);
        }
        builder.out.push(fact);
        return None;
    }
    let (_, at) = one_of(builder, text, name.span, &[Word::Touchpoint])?;
    let touchpoint = &builder.model.touchpoints[at];
    let others = |it: &&Asked| answer.is_none_or(|answer| it.column != answer.column);
    let answers = touchpoint.asks.iter().filter(|it| Some(it.source) == source).filter(others);
    let scaled = |it: &&Asked| builder.model.sources[it.source.index()].columns[it.column].scale.is_some();
    let columns: Vec<usize> = answers.filter(scaled).map(|it| it.column).collect();
    let source = &builder.model.sources[source?.index()];
    if columns.is_empty() {
        if !touchpoint.broken {
            let fact = Fact::at(Code::NotAnItem, name.span).with("reason", "touchpoint").with("name", &touchpoint.name);
            let fact = fact.with("source", &source.name).label(touchpoint.span, "touchpoint");
            builder.out.push(fact);
        }
        return None;
    }
    for column in columns {
        if !items.iter().any(|it| it.column == column) {
            items.push(DriverItem { column, span: name.span, by: Some(TouchpointId(at as u32)) });
        }
    }
    Some(())
}

/// A column of the outcome's source.
pub(super) fn column(builder: &mut Builder<'_>, name: &Spanned<String>, source: Option<SourceId>) -> Option<usize> {
    let text = name.value.as_str();
    if text.contains('.') {
        let (found, column) = builder.asked(name)?;
        let wanted = source?;
        if found != wanted {
            let model = &builder.model;
            let fact = Fact::at(Code::NotAnItem, name.span).with("reason", "source").with("name", text);
            let fact = fact.with("source", &model.sources[wanted.index()].name).with("other", &model.sources[found.index()].name);
            builder.out.push(fact);
            return None;
        }
        return Some(column);
    }
    let source = source?;
    let found = builder.model.sources[source.index()].column(text);
    if found.is_none() && !builder.names.is_broken(text) {
        builder.out.push(super::rows::unknown_column(&builder.model, source, text, name.span));
    }
    found
}

/// What a driver model cannot do without: items, or the reasons of `stated`.
fn complete(builder: &mut Builder<'_>, drivers: &Drivers, body: &Node) {
    let stated = drivers.method == Method::Stated;
    let (needed, other) = if stated { ("reasons", "items") } else { ("items", "reasons") };
    if let Some(node) = body.get(other) {
        let fact = Fact::at(Code::WrongValue, node.span).with("key", other).with("expected", "other method");
        let fact = fact.with("found", drivers.method.name());
        builder.out.push(match drivers.method_span {
            Some(span) => fact.label(span, "method"),
            None => fact,
        });
        return;
    }
    for key in ["churn_risk", "savings"] {
        if let Some(node) = body.get(key).filter(|_| !stated) {
            let fact = Fact::at(Code::WrongValue, node.span).with("key", key.replace('_', " ")).with("expected", "other method");
            builder.out.push(fact.with("found", drivers.method.name()));
        }
    }
    if body.get(needed).is_none() && !body.is_refused() {
        let fact = Fact::at(Code::MissingKey, drivers.span).with("key", needed).with("word", "drivers");
        builder.out.push(fact.with("name", &drivers.name));
    }
}

impl Drivers {
    /// The columns among the items that a column is computed from, or that are computed from it.
    pub fn entangled<'m>(&'m self, model: &'m Model, answer: Answer) -> impl Iterator<Item = &'m DriverItem> {
        let columns = &model.sources[answer.source.index()].columns;
        let reads = |at: usize, other: usize| {
            let of = columns[at].computed.as_ref().map(RowExpr::columns).unwrap_or_default();
            of.iter().any(|it| it.through.is_none() && it.column as usize == other)
        };
        self.items.iter().filter(move |it| reads(answer.column, it.column) || reads(it.column, answer.column))
    }
}

impl Model {
    /// The driver models of a KPI, by their place.
    pub fn drivers_of(&self, kpi: KpiId) -> impl Iterator<Item = DriversId> {
        let of = move |it: &Drivers| it.outcome.as_ref().is_some_and(|it| it.kpi == kpi);
        self.drivers.iter().enumerate().filter(move |it| of(it.1)).map(|it| DriversId(it.0 as u32))
    }
}
