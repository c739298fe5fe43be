//! Figures + privacy -> [`Results`]: the only thing that an output can take. What too few people answered stays here.

mod actions;
mod chain;
mod comparison;
mod conditions;
mod cone;
mod counted;
mod derived;
mod distribution;
mod drivers;
mod findings;
mod goal_why;
mod guards;
mod hidden;
mod incentives;
mod index;
mod lifecycle;
mod moves;
mod named;
mod nested;
mod pattern;
mod reasons;
mod room;
mod series;
mod shape;
mod spans;
mod whatif;
mod why;

pub use actions::{
    ActionResult, ControlResult, EffectResult, EffectVerdict, MeasuredEffect, NotMeasured, SeriesSignal, Stage, actions, stage,
};
pub use chain::{Chain, ChainRow, ChainStep, WorthOfOne, chain, chain_in};
use comparison::Allowed;
pub use comparison::Comparison;
pub use distribution::{AnswerCode, AnswerShare, Distribution, DistributionRow, distributions};
pub use drivers::DriverResult;
pub use findings::{Absent, CitedResult, ComparedFigures, FindingResult, FindingState, ToldPiece, findings};
pub use goal_why::{ChildOf, GoalWhy, MovedChild, MovedFigure, goal_why};
pub use hidden::Hidden;
pub use incentives::{Changed, IncentiveResult, PaidPeriod, incentives};
pub use index::{IndexPart, IndexResult, RankedUnit, Relation, Scenario, ScenarioKind, index};
pub use lifecycle::{Flow, Lifecycle, LifecyclePeriod, Phase, PhaseKpi, lifecycle};
pub use reasons::{AtRisk, BucketBase, ReasonCell, ReasonRow, ReasonTable, Saving, reasons};
pub use series::{judged, points};
pub use whatif::{GoalSides, MovedKpi, WhatIf, WhatIfNote, whatif};
pub use why::{Amount, CutResult, PartResult, SegmentResult, WhyNote, WhyResult, why};

use crate::calendar::{Date, Grain, Period};
use crate::check::Checked;
use crate::engine::{KeyValue, Table};
use crate::eval::{
    Assumed, Contribution, Critical, Figure, FigureTable, Figures, ForecastModel, GoalFigure, Instead, Judged, LeftOut, Note, SourceFacts,
    Stated, Status, goals, judged_grain,
};
use crate::insight::{self, Ladder};
use crate::model::{DimensionId, KpiId, KpiRef, RowExpr};
use crate::plan::{self, Against, Ask, Plan, Request};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What may be shown.
#[derive(Clone, Debug, Default)]
pub struct Results {
    pub tables: Vec<ResultTable>,
    pub drivers: Vec<DriverResult>,
    pub goals: Vec<GoalPeriod>,
    pub sources: Vec<SourceResult>,
    /// What of the tables is hidden, for what else is told of the same read.
    pub hidden: Arc<Hidden>,
}

/// A source that was read.
#[derive(Clone, Debug)]
pub struct SourceResult {
    pub source: crate::model::SourceId,
    /// How many rows; none where that would tell of a figure that is hidden.
    pub rows: Option<u64>,
    pub first: Option<Date>,
    pub last: Option<Date>,
    /// The months, or the longer periods in which it was read, that have no row, in order; none where a figure of the source
    /// as a whole is hidden.
    pub gaps: Vec<Period>,
}

/// The goals in a period.
#[derive(Clone, Debug)]
pub struct GoalPeriod {
    pub period: Period,
    pub figures: Vec<GoalFigure>,
    pub critical: Critical,
}

/// The figures of a KPI, or a part of one, by period and cut.
#[derive(Clone, Debug)]
pub struct ResultTable {
    pub kpi: KpiId,
    pub part: Option<RowExpr>,
    pub cut: Vec<DimensionId>,
    pub grain: Grain,
    /// What its figures are held against.
    pub against: Option<Against>,
    pub rows: Vec<ResultRow>,
}

/// A figure as it may be shown; what is hidden is not here.
#[derive(Clone, Debug)]
pub struct ResultRow {
    pub period: Period,
    pub key: Arc<[KeyValue]>,
    pub value: Option<f64>,
    pub n: Option<u64>,
    /// What it is taken over, where it is one rate.
    pub weight: Option<f64>,
    pub n_effective: Option<f64>,
    pub se: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub left_out: Option<LeftOut>,
    pub bases: Vec<u64>,
    pub judged: Judged,
    pub assumed: Option<Box<Assumed>>,
    /// The models that say it, of a forecast.
    pub model: Option<Box<ForecastModel>>,
    /// How it stands to what it is held against.
    pub compared: Option<Box<Comparison>>,
    /// What it takes for a part that has no value.
    pub instead: Option<Box<Instead>>,
    pub notes: Vec<Note>,
}

impl ResultRow {
    /// Its notes in the words of machine output.
    pub fn said_notes(&self) -> impl Iterator<Item = Cow<'static, str>> {
        let say = |it: &Note| self.instead.as_ref().and_then(|instead| instead.say(*it));
        self.notes.iter().map(move |it| say(it).map_or(Cow::Borrowed(it.name()), Cow::Owned))
    }
}

impl ResultTable {
    /// The last row that has a figure and whose period is over, else the last one.
    pub fn last_over(&self) -> Option<&ResultRow> {
        let over = |it: &&ResultRow| it.value.is_some() && !it.notes.contains(&Note::Unfinished);
        self.rows.iter().rfind(over).or(self.rows.last())
    }
}

impl Results {
    /// The goals in the last period that is over, else in the last one.
    pub fn goals_last_over(&self, checked: &Checked, today: Date) -> Option<&GoalPeriod> {
        let calendar = &checked.model.project.calendar;
        let over = |it: &&GoalPeriod| it.period.grain() == Grain::All || !it.period.is_unfinished(today, calendar);
        self.goals.iter().rfind(over).or(self.goals.last())
    }

    /// Drops the tables of figures that a project does not declare: what insights asked for beside it.
    pub fn keep_declared(&mut self, checked: &Checked) {
        self.tables.retain(|it| it.kpi.index() < checked.model.kpis.len());
    }

    /// The table of a KPI or part, cut in a way; its figures are the same whatever they are held against.
    pub fn table(&self, kpi: KpiId, part: Option<&RowExpr>, cut: &[DimensionId], grain: Grain) -> Option<&ResultTable> {
        self.tables.iter().find(|it| it.kpi == kpi && it.part.as_ref() == part && it.cut == cut && it.grain == grain)
    }

    /// The table of a KPI or part, cut in a way, whose figures are held against something.
    pub fn compared(
        &self,
        kpi: KpiId,
        part: Option<&RowExpr>,
        cut: &[DimensionId],
        grain: Grain,
        against: &Against,
    ) -> Option<&ResultTable> {
        let is_it = |it: &&ResultTable| it.kpi == kpi && it.part.as_ref() == part && it.cut == cut && it.grain == grain;
        self.tables.iter().filter(is_it).find(|it| it.against.as_ref() == Some(against))
    }
}

/// Plans what is to be published: what was asked, and what tells which of it must be hidden.
pub fn plan(checked: &Checked, request: &Request) -> Plan {
    plan::plan(checked, &Request { guards: guards::guards(checked, request), ..request.clone() })
}

/// Publishes figures: what is below the minimum base is left out of them, and what would give it away (R22); goals are
/// rolled up from the rest. Tables that were read only to know what must be hidden end here.
pub fn publish(checked: &Checked, plan: &Plan, read: &Table, figures: Figures, today: Date) -> Results {
    let hidden = Hidden::of(checked, plan, read, today);
    let asked = figures.tables.into_iter().take(plan.asked).enumerate();
    let mut tables: Vec<ResultTable> = asked.map(|(at, it)| table(checked, at, it, &hidden)).collect();
    comparison::correct(checked, plan.correction, &mut tables);
    let sources = figures.sources.into_iter().map(|it| source(checked, it, &tables, &hidden)).collect();
    let goals = goal_periods(checked, &tables);
    let drivers = drivers::publish(checked, plan, &hidden, figures.drivers);
    Results { tables, drivers, goals, sources, hidden: Arc::new(hidden) }
}

/// The way from all rows to the base of a figure; none where the figure, or what it is made of, is hidden.
pub fn ladder(hidden: &Hidden, plan: &Plan, ask: usize, found: &Stated) -> Option<Ladder> {
    (hidden.allows(ask, &found.figure) != Allowed::Nothing).then(|| insight::ladder(plan, ask, found))
}

fn source(checked: &Checked, it: SourceFacts, tables: &[ResultTable], hidden: &Hidden) -> SourceResult {
    let rows = Some(it.rows).filter(|_| hidden.tells_rows(it.source));
    // An empty month is no secret: its figures say that they have no data. But where one is hidden beside it, which months
    // are empty would narrow down what the hidden one is.
    let of_all = tables.iter().filter(|of| of.cut.is_empty() && checked.sources_of(of.kpi).contains(&it.source));
    let hides = of_all.flat_map(|it| &it.rows).any(|it| it.judged.status == Status::Hidden);
    let gaps = if hides { Vec::new() } else { it.gaps };
    SourceResult { source: it.source, rows, first: it.first, last: it.last, gaps }
}

/// The same for figures that come one by one, each with the place of its ask, where no goals are asked for.
pub fn each<'a>(
    checked: &'a Checked,
    plan: &'a Plan,
    hidden: &'a Hidden,
    mut take: impl FnMut(usize, ResultRow) + 'a,
) -> impl FnMut(usize, Figure) + 'a {
    move |at, figure| take(at, judged_row(checked, plan.asks[at].ask.kpi, at, figure, hidden))
}

fn table(checked: &Checked, at: usize, table: FigureTable, hidden: &Hidden) -> ResultTable {
    let Ask { kpi, part, cut, grain } = table.ask;
    let rows = table.rows.into_iter().map(|it| judged_row(checked, kpi, at, it, hidden)).collect();
    ResultTable { kpi, part, cut, grain, against: table.against, rows }
}

/// A figure as it may be shown, with what its series says of it.
fn judged_row(checked: &Checked, kpi: KpiId, at: usize, figure: Figure, hidden: &Hidden) -> ResultRow {
    let allowed = hidden.allows(at, &figure);
    let compared = figure.compared.clone();
    let mut row = row(figure, allowed);
    if let (Some(of), Some(to)) = (compared, row.compared.as_mut()) {
        comparison::by_series(checked, kpi, &of, |period| hidden.hides(at, period, &row.key), to);
    }
    row
}

fn row(figure: Figure, allowed: Allowed) -> ResultRow {
    let hidden = allowed == Allowed::Nothing;
    let compared = figure.compared.as_ref().map(|it| Box::new(comparison::comparison(it, allowed == Allowed::All, hidden)));
    if hidden {
        let judged = Judged {
            worst: figure.judged.worst,
            threshold: figure.judged.threshold,
            target: figure.judged.target,
            due: figure.judged.due,
            status: Status::Hidden,
            ..Judged::default()
        };
        return ResultRow {
            period: figure.period,
            key: figure.key,
            value: None,
            n: None,
            weight: None,
            n_effective: None,
            se: None,
            low: None,
            high: None,
            left_out: None,
            bases: Vec::new(),
            judged,
            assumed: None,
            model: None,
            compared,
            instead: None,
            notes: vec![Note::Hidden],
        };
    }
    ResultRow {
        period: figure.period,
        key: figure.key,
        value: figure.value,
        n: Some(figure.n),
        weight: figure.weight,
        n_effective: figure.n_effective,
        se: figure.se,
        low: figure.low,
        high: figure.high,
        left_out: Some(figure.left_out),
        bases: figure.bases,
        judged: figure.judged,
        assumed: figure.assumed,
        model: figure.model,
        compared,
        instead: figure.instead,
        notes: figure.notes,
    }
}

/// Goals in every period of the project's grain that has figures.
///
/// A KPI that is judged at another grain counts with its last judged period: the last month of a quarter, the last
/// year that ended by then.
fn goal_periods(checked: &Checked, tables: &[ResultTable]) -> Vec<GoalPeriod> {
    let calendar = &checked.model.project.calendar;
    let totals: Vec<&ResultTable> = tables.iter().filter(|it| it.cut.is_empty()).collect();
    let grain = checked.model.project.grain.unwrap_or(Grain::Quarter);
    // Where all sources are coarser than the project's grain, goals are judged at theirs.
    let timed = totals.iter().map(|it| it.grain).filter(|it| *it != Grain::All);
    let grain = timed.reduce(|a, b| if a.is_coarser_than(b) { b } else { a }).filter(|it| it.is_coarser_than(grain)).unwrap_or(grain);
    let mut periods: BTreeSet<Period> = BTreeSet::new();
    for row in totals.iter().flat_map(|it| &it.rows).filter(|it| it.period.grain() != Grain::All) {
        let last = row.period.end(calendar).plus_days(-1).unwrap_or(row.period.start(calendar));
        periods.insert(Period::containing(last, grain, calendar));
    }
    if periods.is_empty() && totals.iter().any(|it| !it.rows.is_empty()) {
        periods.insert(Period::ALL);
    }
    periods
        .into_iter()
        .map(|period| {
            let of = |it: &KpiRef| contribution(checked, it, period, &totals);
            let (figures, critical) = goals(checked, period, &of);
            GoalPeriod { period, figures, critical }
        })
        .collect()
}

fn contribution(checked: &Checked, of: &KpiRef, period: Period, totals: &[&ResultTable]) -> Contribution {
    let judged = judged_grain(checked, of.kpi);
    let table = totals.iter().find(|it| it.kpi == of.kpi && it.part == of.part && it.grain == judged);
    match table.and_then(|it| row_in(checked, it, period)).and_then(|it| Some((it, it.judged.satisfaction?))) {
        Some((row, it)) => Contribution {
            satisfaction: Some(it),
            low: row.judged.satisfaction_low.unwrap_or(it),
            high: row.judged.satisfaction_high.unwrap_or(it),
            known: 1.0,
        },
        None => Contribution::UNKNOWN,
    }
}

/// The row of a table that counts for the goals of a period.
fn row_in<'t>(checked: &Checked, table: &'t ResultTable, period: Period) -> Option<&'t ResultRow> {
    let calendar = &checked.model.project.calendar;
    let counts = |it: &&ResultRow| {
        let own = it.period;
        if own == period || own.grain() == Grain::All || period.grain() == Grain::All {
            return true;
        }
        let ended = own.end(calendar) <= period.end(calendar);
        let within = own.start(calendar) >= period.start(calendar);
        own.grain() != period.grain() && ended && (within || own.grain().is_coarser_than(period.grain()))
    };
    table.rows.iter().rev().find(counts)
}
