//! KPI formulas: functions over rows become aggregates, names become KPIs (R11).

mod aggregate;
mod customers;
mod figure;
mod function;
mod outcomes;
mod print;
mod value;

pub(super) use function::{SCORES, is_variant};
pub use print::print;

use super::build::Builder;
use super::row::RowExpr;
use super::types::*;
use crate::source::Spanned;
use crate::syntax::expr::{Expr, ExprKind};
use crate::value::{Code, Fact};
use std::collections::HashMap;
use std::sync::Arc;

/// Functions over rows.
const AGGREGATES: [&str; 16] = [
    "count",
    "distinct",
    "sum",
    "mean",
    "min",
    "max",
    "median",
    "percentile",
    "stddev",
    "share",
    "net",
    "nps",
    "csat",
    "ces",
    "top_box",
    "bottom_box",
];
/// Functions over figures.
const FIGURES: [&str; 8] = ["index", "rescale", "clamp", "rolling", "previous", "change", "hold", "total"];
/// In the language, not in this version (R30).
const NOT_YET: [&str; 4] = ["year_to_date", "correlation", "first", "last"];
/// Functions whose variant must be named (R11), with the variants.
const VARIANTS: [(&str, &str); 10] = [
    ("ces", "ces.effort, ces.agree, ces.mean, ces.top2, ces.net"),
    ("csat", "csat.top2, csat.mean, csat.index, csat.top_box"),
    ("churn", "churn.customers, churn.revenue_gross, churn.revenue_net"),
    ("churn.revenue", "churn.revenue_gross, churn.revenue_net"),
    ("retention", "retention.rolling, retention.cohort"),
    ("service_level", "service_level.f1, service_level.f2, service_level.f3, service_level.f4, service_level.f5"),
    ("abandonment", "abandonment.all, abandonment.net"),
    ("fcr", "fcr.no_repeat, fcr.answer"),
    ("clv", "clv.historic, clv.simple, clv.discounted, clv.bgnbd, clv.bgnbd_total, clv.bgnbd_purchases, clv.bgnbd_alive, clv.bgnbd_margin"),
    ("response_rate", "response_rate.rr1, response_rate.rr2, response_rate.rr3, response_rate.rr4, response_rate.rr5, response_rate.rr6"),
];

/// Whether a name is that of a function over rows or figures.
pub(super) fn is_function(name: &str) -> bool {
    let family = name.split('.').next().unwrap_or(name);
    AGGREGATES.contains(&family)
        || FIGURES.contains(&name)
        || value::NAMES.contains(&name)
        || customers::is_customers(name)
        || outcomes::is_outcome(name)
}

/// The scale of a column; `None` for anything that is computed.
pub(super) fn scale_of(model: &Model, expr: &RowExpr) -> Option<Scale> {
    let RowExpr::Column(column) = expr else { return None };
    model.declared(*column).scale
}

/// Whether the scale of an answer was written, and could not be read.
pub(super) fn has_broken_scale(model: &Model, expr: &RowExpr) -> bool {
    let RowExpr::Column(column) = expr else { return false };
    model.declared(*column).broken
}

/// A scale as it is written: `1..7`.
pub(super) fn scale_text(scale: Option<Scale>) -> String {
    scale.map_or_else(String::new, |it| format!("{}..{}", it.low, it.high))
}

/// Shows where the column stands of which a fact speaks.
pub(super) fn label_column(fact: Fact, model: &Model, expr: &RowExpr) -> Fact {
    let RowExpr::Column(column) = expr else { return fact };
    fact.label(model.declared(*column).span, "column")
}

/// A KPI, or a part of one, in a list: `nps`, `ces[channel = "Web"]`.
pub(super) fn kpi_reference(builder: &mut Builder<'_>, parsed: &Expr) -> Option<KpiRef> {
    let context = Context { only_kpis: true, ..Context::default() };
    let figure = match &parsed.kind {
        ExprKind::Path(_) | ExprKind::Part { .. } => Resolver { builder, context }.figure(parsed)?,
        _ => {
            builder.out.push(Fact::at(Code::WrongValue, parsed.span).with("key", "kpi").with("expected", "kpi").with("found", "a formula"));
            return None;
        }
    };
    match figure.kind {
        KpiKind::Kpi { kpi, part } => Some(KpiRef { span: parsed.span, kpi, part, weight: 1.0 }),
        _ => None,
    }
}

/// A figure over KPIs that stands outside a KPI: in the text of a finding, in its condition.
pub(super) fn figure(builder: &mut Builder<'_>, parsed: &Expr) -> Option<KpiExpr> {
    let context = Context::default();
    let figure = Resolver { builder, context }.figure(parsed)?;
    let mut rows = None;
    figure.walk(&mut |it| {
        if let KpiKind::Aggregate(it) = &it.kind {
            rows = rows.or(Some(it.span));
        }
    });
    if let Some(rows) = rows {
        builder.out.push(Fact::at(Code::FormulaError, rows).with("reason", "rows-outside-kpi"));
        return None;
    }
    Some(figure)
}

/// What a KPI says beside its formula.
#[derive(Default)]
pub(super) struct Context {
    pub from: Option<SourceId>,
    pub bound: HashMap<String, RowExpr>,
    pub filter: Option<Arc<Expr>>,
    pub weight: Option<Spanned<String>>,
    pub cluster: Option<Spanned<String>>,
    pub time: Option<Spanned<String>>,
    /// Whether names are KPIs alone, as in goals, and never assumptions.
    pub only_kpis: bool,
}

/// What a formula is resolved with.
pub(super) struct Resolver<'b, 'd> {
    pub builder: &'b mut Builder<'d>,
    pub context: Context,
}

impl Resolver<'_, '_> {
    fn push(&mut self, fact: Fact) {
        self.builder.out.push(fact);
    }
}
