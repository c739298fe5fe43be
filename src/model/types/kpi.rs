//! What is a KPI? What it is named and owned by, its formula over rows and over other KPIs, and what is good.

use super::{AssumptionId, DimensionId, KpiId, Model, SourceId, TeamId, Text, ThemeId};
use crate::calendar::{Date, Grain, Length, Period};
use crate::model::composed::Composed;
use crate::model::customers::Customers;
use crate::model::evidence::Lead;
use crate::model::row::RowExpr;
use crate::source::{Span, Spanned};
use crate::value::{Direction, Unit};
use std::sync::Arc;

/// A KPI.
#[derive(Clone, Debug)]
pub struct Kpi {
    pub name: String,
    pub span: Span,
    pub title: Text,
    pub description: Text,
    pub purpose: Text,
    /// `None` when it could not be resolved, or is a pattern.
    pub formula: Option<KpiExpr>,
    /// Whether something in it was broken, and reported.
    pub broken: bool,
    pub pattern: bool,
    /// Whether it is yet to be measured: it may lack a formula, and has no figure (R27).
    pub planned: bool,
    pub like: Option<KpiId>,
    /// What it takes over by `like`, each key with the KPI that says it.
    pub taken: Vec<(String, KpiId)>,
    /// Settled by the checker, from the formula and what is written.
    pub unit: Option<Unit>,
    /// What the KPI says of its unit: `%`, `EUR`, `per 1,000`.
    pub written_unit: Option<Spanned<String>>,
    pub direction: Option<Direction>,
    pub indicator: Indicator,
    pub owner: Option<TeamId>,
    /// Whether an owner was named, known or not.
    pub owner_said: bool,
    pub theme: Option<ThemeId>,
    pub norms: Vec<Norms>,
    pub judged_per: Option<Grain>,
    pub influenceable: Option<bool>,
    pub minimum_base: Option<u32>,
    pub cuts: Vec<DimensionId>,
    pub tags: Vec<String>,
    pub changed: Option<Changed>,
    /// The KPIs that follow it, by what is claimed (R25).
    pub leads: Vec<Lead>,
    /// Decimals to show.
    pub decimals: Option<u8>,
}

impl Kpi {
    /// A figure of which nothing is said but its formula.
    pub fn of(formula: KpiExpr) -> Kpi {
        Kpi {
            name: String::new(),
            span: formula.span,
            title: Text::default(),
            description: Text::default(),
            purpose: Text::default(),
            unit: Some(formula.unit.clone()),
            formula: Some(formula),
            broken: false,
            pattern: false,
            planned: false,
            like: None,
            taken: Vec::new(),
            written_unit: None,
            direction: None,
            indicator: Indicator::default(),
            owner: None,
            owner_said: false,
            theme: None,
            norms: Vec::new(),
            judged_per: None,
            influenceable: None,
            minimum_base: None,
            cuts: Vec::new(),
            tags: Vec::new(),
            changed: None,
            leads: Vec::new(),
            decimals: None,
        }
    }
}

/// What a KPI indicates of the experience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Indicator {
    #[default]
    Direct,
    Cause,
    Effect,
    Context,
}

/// A declared change of definition.
#[derive(Clone, Debug)]
pub struct Changed {
    pub on: Date,
    pub reason: String,
    pub comparable: bool,
}

/// What is good (R16).
#[derive(Clone, Debug)]
pub struct Norms {
    pub span: Span,
    pub worst: Option<NormValue>,
    pub threshold: Option<NormValue>,
    pub target: Option<NormValue>,
    pub from: Option<Date>,
    /// The first day on which they no longer hold.
    pub until: Option<Date>,
    pub filter: Option<RowExpr>,
    /// Whether its days could not be read, which was reported.
    pub broken: bool,
}

impl Norms {
    /// Whether it says what is good of a total in a period (R17): of a part of that total it says nothing.
    pub fn is_of_total(&self) -> bool {
        [&self.worst, &self.threshold, &self.target].into_iter().flatten().any(|it| it.per.is_some())
    }
}

/// One norm: a value, or a line in time.
#[derive(Clone, Debug)]
pub struct NormValue {
    pub span: Span,
    /// In the unit of the KPI, once the checker has settled it.
    pub value: f64,
    /// As it was written.
    pub written: String,
    /// The unit that was written: `%`, `EUR`, `min`.
    pub unit: Option<String>,
    /// When a target is due: judged against `value` in every period all the same.
    pub by: Option<Period>,
    /// A line: from `value` on this day to that value on that day.
    pub line: Option<(Date, f64, Date)>,
    /// The period that a norm on a total is for.
    pub per: Option<Grain>,
}

impl NormValue {
    /// Whether only a number was written.
    pub fn is_plain(&self) -> bool {
        self.unit.is_none() && self.by.is_none() && self.line.is_none() && self.per.is_none()
    }

    /// The norm on a day.
    pub fn at(&self, day: Date) -> f64 {
        let Some((from, to_value, to)) = self.line else { return self.value };
        let length = f64::from(to.days() - from.days()).max(1.0);
        let part = (f64::from(day.days() - from.days()) / length).clamp(0.0, 1.0);
        self.value + (to_value - self.value) * part
    }
}

/// A formula over KPIs, with its unit.
#[derive(Clone, Debug)]
pub struct KpiExpr {
    pub span: Span,
    pub unit: Unit,
    pub kind: KpiKind,
}

/// The kinds of KPI expressions.
#[derive(Clone, Debug)]
pub enum KpiKind {
    Number(f64),
    /// A function over rows; shared by models of which one is the other opened again.
    Aggregate(Arc<Aggregate>),
    /// Another KPI, or a part of one.
    Kpi {
        kpi: KpiId,
        part: Option<RowExpr>,
    },
    /// An assumption; of one by dimension, perhaps what it is for this value.
    Assumption {
        assumption: AssumptionId,
        value: Option<String>,
    },
    Negate(Box<KpiExpr>),
    Binary {
        operator: Arithmetic,
        left: Box<KpiExpr>,
        right: Box<KpiExpr>,
    },
    /// A formula of the field over figures.
    Composed {
        formula: Composed,
        parts: Vec<KpiExpr>,
    },
    /// The weighted mean of parts; weights as written.
    Index {
        parts: Vec<(KpiExpr, f64)>,
        /// How many parts must have a value, where it is said; else all.
        least: Option<usize>,
    },
    /// 0 at `low`, 100 at `high`.
    Rescale {
        of: Box<KpiExpr>,
        low: f64,
        high: f64,
        /// The unit that was written at the ends: `%`, `min`.
        written: Option<String>,
    },
    /// The figure, held between these ends.
    Clamp {
        of: Box<KpiExpr>,
        low: f64,
        high: f64,
        /// The unit that was written at the ends.
        written: Option<String>,
    },
    Rolling {
        of: Box<KpiExpr>,
        length: Length,
    },
    Previous(Box<KpiExpr>),
    /// The figure, or where it has none the last one of the periods within a length before.
    Hold {
        of: Box<KpiExpr>,
        length: Length,
    },
    /// The figure less the figure a length before; less the previous one without a length.
    Change {
        of: Box<KpiExpr>,
        length: Option<Length>,
    },
    /// The sum of the figures of all values of a dimension.
    Total {
        of: Box<KpiExpr>,
        over: DimensionId,
    },
    /// The figure times a factor: `unit %` on a ratio.
    Scaled {
        of: Box<KpiExpr>,
        factor: f64,
    },
}

impl KpiExpr {
    /// The expressions that this one is made of, in the order of writing.
    pub fn parts(&self) -> Vec<&KpiExpr> {
        match &self.kind {
            KpiKind::Number(_) | KpiKind::Aggregate(_) | KpiKind::Kpi { .. } | KpiKind::Assumption { .. } => Vec::new(),
            KpiKind::Negate(of)
            | KpiKind::Rescale { of, .. }
            | KpiKind::Clamp { of, .. }
            | KpiKind::Rolling { of, .. }
            | KpiKind::Previous(of)
            | KpiKind::Hold { of, .. }
            | KpiKind::Change { of, .. }
            | KpiKind::Total { of, .. }
            | KpiKind::Scaled { of, .. } => vec![of],
            KpiKind::Binary { left, right, .. } => vec![left, right],
            KpiKind::Index { parts, .. } => parts.iter().map(|it| &it.0).collect(),
            KpiKind::Composed { parts, .. } => parts.iter().collect(),
        }
    }

    /// Calls `visit` with this expression and each one in it, in the order of writing. KPIs that it names are not entered.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a KpiExpr)) {
        visit(self);
        self.parts().into_iter().for_each(|it| it.walk(visit));
    }
}

impl Aggregate {
    /// Whether it reads what is planned: its source, or another through a reference (R27).
    pub fn is_planned(&self, model: &Model) -> bool {
        let source = &model.sources[self.source.index()];
        source.planned
            || source.keep_where.as_ref().is_some_and(|it| it.reads_planned(model))
            || self.filter.as_ref().is_some_and(|it| it.reads_planned(model))
            || self.function.rows().into_iter().any(|it| it.reads_planned(model))
    }
}

/// Arithmetic between figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// A function over the rows of one source.
#[derive(Clone, Debug)]
pub struct Aggregate {
    pub span: Span,
    pub source: SourceId,
    pub function: Function,
    pub filter: Option<RowExpr>,
    /// The column that weighs rows, if any does.
    pub weight: Option<usize>,
    pub cluster: Option<usize>,
    /// The column that tells when.
    pub time: Option<usize>,
    /// The definition as it is printed: `nps.standard(passengers.NETPRO)`.
    pub text: String,
}

/// What is computed over rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Function {
    /// Rows.
    Count,
    /// Rows that answered.
    CountOf(RowExpr),
    Distinct(RowExpr),
    Sum(RowExpr),
    /// The mean, times a factor, plus an offset.
    Mean {
        of: RowExpr,
        factor: f64,
        offset: f64,
    },
    Min(RowExpr),
    Max(RowExpr),
    Median(RowExpr),
    /// A percentile, 0-100.
    Percentile(RowExpr, f64),
    Stddev(RowExpr),
    /// The share of rows for which a condition holds, among those where it is known, in percent.
    Share(RowExpr),
    /// The share of one condition less that of another, in points.
    Net(RowExpr, RowExpr),
    /// What customers do over time.
    Customers(Box<Customers>),
}

impl Function {
    /// What it reads of a row.
    pub fn rows(&self) -> Vec<&RowExpr> {
        match self {
            Function::Customers(of) => of.walk.exprs().chain(&of.amount).collect(),
            Function::Count => Vec::new(),
            Function::CountOf(of)
            | Function::Distinct(of)
            | Function::Sum(of)
            | Function::Mean { of, .. }
            | Function::Min(of)
            | Function::Max(of)
            | Function::Median(of)
            | Function::Percentile(of, _)
            | Function::Stddev(of)
            | Function::Share(of) => vec![of],
            Function::Net(good, bad) => vec![good, bad],
        }
    }
}
