//! Driver models from their states: what explains an answer, how much of it, and how certainly (R21).

mod contribution;
mod items;
mod reasons;

pub use crate::stats::drivers::Singular;
pub use items::{ItemFigure, Loss, Quadrant};
pub use reasons::{BucketFigure, ReasonFigure, ReasonScore, RiskFigure};

use super::Periods;
use super::window::{Index, Range};
use crate::calendar::{Date, Grain, Period};
use crate::check::Checked;
use crate::engine::{Group, KeyValue, Table};
use crate::model::{Method, TeamId, asked_at};
use crate::plan::{DriverAsk, Performance, Plan, PlannedDrivers};
use crate::stats::drivers::MAX_LMG_ITEMS;
use std::sync::Arc;

/// The models of one ask, by period and key.
#[derive(Clone, Debug)]
pub struct DriverTable {
    pub ask: DriverAsk,
    pub performance: Performance,
    /// How R² is shared out: LMG, or Johnson's weights where they are asked for or items are many.
    pub shared_by: Method,
    pub weighted: bool,
    pub models: Vec<DriverFigure>,
}

/// A driver model in a period, of a key.
#[derive(Clone, Debug)]
pub struct DriverFigure {
    /// The first and the last period that it is made over; one where both are the same.
    pub periods: (Period, Period),
    pub key: Arc<[KeyValue]>,
    /// The rows that have the outcome and all items; for stated reasons, the outcome and a reason.
    pub n: u64,
    /// What the minimum base is held against; none outside protection.
    pub protected_base: Option<u64>,
    /// Kish's, where rows weigh.
    pub n_effective: Option<f64>,
    /// The rows that have the outcome.
    pub answered: u64,
    pub r2: Estimate,
    /// The outcome of those who answer between on all items; of penalty and reward alone.
    pub constant: Option<Estimate>,
    pub items: Vec<ItemFigure>,
    /// The part of R² that the items of each team hold together.
    pub teams: Vec<TeamShare>,
    /// What rows are left out for, most first.
    pub loss: Vec<Loss>,
    pub reasons: Vec<BucketFigure>,
    /// The score of those who have the outcome and name a reason; for stated reasons.
    pub score: Estimate,
    /// Who is at risk, where the model says by what rule.
    pub risk: Option<RiskFigure>,
    /// Where importance and performance are cut in two: the means of both, in percent of R² and in performance.
    pub cross: Option<(f64, f64)>,
    pub notes: Vec<DriverNote>,
}

/// What the items that a team's touchpoints ask hold of R².
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TeamShare {
    pub team: TeamId,
    /// In percent.
    pub share: Estimate,
}

/// A figure with its error and interval, where they can be had.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    pub value: Option<f64>,
    pub se: Option<f64>,
    /// The degrees of freedom that the error is known with, where it is of groups.
    pub df: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

/// What to know about a driver model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DriverNote {
    /// Fewer persons than the minimum base.
    Hidden,
    /// Parts by the outcome are below the minimum base, so none of them is shown.
    PartsHidden,
    /// Reasons that few name, or nearly all: nothing is told of those who name them.
    ReasonsHidden,
    /// Nobody has the outcome and all items.
    Empty,
    /// Fewer rows than items to tell apart, or an outcome that is the same in all.
    NoModel,
    /// Fewer rows than 50, or than ten an item.
    FewRows,
    /// More than a fifth of those who answered the outcome lack an item.
    ManyLost,
    /// An item is left out: it is the same in all rows, or the others make it up.
    Singular,
    /// Items go together so much that their coefficients cannot be told apart well.
    Overlap,
    /// The items explain little.
    LittleExplained,
    /// Its errors cannot be had.
    IntervalUnknown,
    /// The period has not ended.
    Unfinished,
    /// It is made over a change of the outcome's definition.
    AcrossChange,
}

impl DriverFigure {
    /// Whether it is below the minimum base: then nothing of it is known here.
    pub fn is_hidden(&self) -> bool {
        self.notes.contains(&DriverNote::Hidden)
    }
}

impl DriverNote {
    /// The word of machine output.
    pub fn name(self) -> &'static str {
        match self {
            DriverNote::Hidden => "hidden by the minimum base",
            DriverNote::PartsHidden => "parts hidden by the minimum base",
            DriverNote::ReasonsHidden => "reasons hidden by the minimum base",
            DriverNote::Empty => "empty base",
            DriverNote::NoModel => "no model: too few rows, or no variation",
            DriverNote::FewRows => "too few rows: 50, and 10 an item, are needed",
            DriverNote::ManyLost => "many lost: over 20 % lack an item",
            DriverNote::Singular => "an item left out",
            DriverNote::Overlap => "items overlap: VIF over 5",
            DriverNote::LittleExplained => "little explained: R2 below 0.1",
            DriverNote::IntervalUnknown => "interval unknown",
            DriverNote::Unfinished => "unfinished period",
            DriverNote::AcrossChange => "across a change of definition",
        }
    }
}

/// The rows that a model with so many items needs before anything follows from it (R21).
pub fn least_rows(items: usize) -> u64 {
    50.max(10 * items as u64)
}

/// Computes the driver models of a plan.
pub fn drivers(checked: &Checked, plan: &Plan, table: &Table, periods: Periods, today: Date) -> Vec<DriverTable> {
    plan.drivers.iter().map(|it| one(checked, plan, table, it, periods, today)).collect()
}

/// What a model is computed from: the groups of a window and key, with where its states stand in them.
struct Rows<'a> {
    checked: &'a Checked,
    plan: &'a Plan,
    planned: &'a PlannedDrivers,
    method: Method,
    shared_by: Method,
    groups: &'a [&'a Group],
}

fn one(checked: &Checked, plan: &Plan, table: &Table, planned: &PlannedDrivers, periods: Periods, today: Date) -> DriverTable {
    let calendar = &checked.model.project.calendar;
    let method = checked.model.drivers[planned.ask.drivers.index()].method;
    let many = planned.items.len() > MAX_LMG_ITEMS;
    let shared_by = if method == Method::Johnson || many { Method::Johnson } else { Method::Lmg };
    let index = Index::new(&table.reads[planned.read].groupings[planned.grouping], calendar);
    let grain = plan.reads[planned.read].groupings[planned.grouping].grain;
    let wanted: Vec<Period> = index.periods(grain, calendar).into_iter().filter(|it| periods.hold(*it, calendar)).collect();
    let windows: Vec<(Period, Period)> = match (planned.ask.pooled, wanted.first(), wanted.last()) {
        (true, Some(first), Some(last)) => vec![(*first, *last)],
        _ => wanted.iter().map(|it| (*it, *it)).collect(),
    };
    let mut keys: Vec<&[KeyValue]> = index.keys().collect();
    super::figure::in_order(checked, &planned.ask.cut, &mut keys);
    let mut models = Vec::new();
    for (first, last) in windows {
        let all = first.grain() == Grain::All;
        let range = Range { from: first.start(calendar), until: last.end(calendar), all };
        for key in &keys {
            let groups = index.groups(index.place(key), index.span(range));
            if groups.is_empty() && !key.is_empty() {
                continue;
            }
            let rows = Rows { checked, plan, planned, method, shared_by, groups };
            let mut figure = if planned.crossed.is_some() { rows.model() } else { rows.stated() };
            figure.periods = (first, last);
            figure.key = Arc::from(*key);
            if !all && last.is_unfinished(today, calendar) {
                figure.notes.push(DriverNote::Unfinished);
            }
            let read = &table.reads[planned.read];
            let days = if all { read.first.zip(read.last) } else { Some((range.from, range.until.plus_days(-1).unwrap_or(range.until))) };
            if rows.crosses_change(days) {
                figure.notes.push(DriverNote::AcrossChange);
            }
            figure.notes.sort();
            figure.notes.dedup();
            models.push(figure);
        }
    }
    DriverTable { ask: planned.ask.clone(), performance: planned.performance, shared_by, weighted: planned.weighted, models }
}

impl Rows<'_> {
    fn empty(&self) -> DriverFigure {
        DriverFigure {
            periods: (Period::ALL, Period::ALL),
            key: Arc::from([]),
            n: 0,
            protected_base: None,
            n_effective: None,
            answered: 0,
            r2: Estimate::default(),
            constant: None,
            items: Vec::new(),
            teams: Vec::new(),
            loss: Vec::new(),
            reasons: Vec::new(),
            score: Estimate::default(),
            risk: None,
            cross: None,
            notes: Vec::new(),
        }
    }

    /// Whether the outcome's definition changed, not comparably, within these days.
    fn crosses_change(&self, days: Option<(Date, Date)>) -> bool {
        let model = &self.checked.model;
        let outcome = model.drivers[self.planned.ask.drivers.index()].outcome.as_ref();
        let changed = outcome.and_then(|it| model.kpis[it.kpi.index()].changed.as_ref()).filter(|it| !it.comparable);
        changed.zip(days).is_some_and(|(it, (first, last))| first < it.on && it.on <= last)
    }

    /// The place of a leaf among the cells of the groups.
    fn position(&self, leaf: usize) -> usize {
        let grouping = &self.plan.reads[self.planned.read].groupings[self.planned.grouping];
        grouping.leaves.iter().position(|it| *it == leaf).unwrap_or(0)
    }

    /// The teams whose touchpoints ask an item, each once.
    fn teams_of(&self, column: usize) -> Vec<TeamId> {
        let model = &self.checked.model;
        let mut teams: Vec<TeamId> =
            asked_at(model, self.planned.source, column).filter_map(|it| model.touchpoints[it.index()].owner).collect();
        teams.sort();
        teams.dedup();
        teams
    }

    fn confidence(&self) -> f64 {
        self.checked.model.project.confidence
    }
}
