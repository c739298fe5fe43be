//! Plan + Table -> [`Figures`]: every figure with its base, error, interval and judgement. Figures cannot be printed.

mod assumed;
mod changed;
mod classes;
mod compare;
pub mod drivers;
mod figure;
mod gaps;
mod goals;
mod incentives;
mod judge;
mod note;
mod variance;
mod window;

pub use classes::{AnswerClass, class_of, taken};
pub use compare::{Compared, Points, Refused, UpTo};
pub use goals::{Contribution, Critical, GoalFigure, goals};
pub use incentives::{Held, PartPay, Pay, Payable, Withheld, holds, incentive_request, pay};
pub use judge::{Judged, Status, judged_grain};
pub use note::Note;

use crate::calendar::{Date, Grain, Period};
use crate::check::Checked;
use crate::engine::{KeyValue, Table};
use crate::model::SourceId;
use crate::plan::{Against, Ask, Estimator, LeafAt, Plan};
use crate::state::{Cell, Seen};
use crate::stats::buying::Buying;
use crate::stats::spending::Spending;
use std::sync::Arc;

/// All figures of a run. They have no form of output: `publish` gives one.
#[derive(Clone, Default)]
pub struct Figures {
    pub tables: Vec<FigureTable>,
    pub drivers: Vec<drivers::DriverTable>,
    pub sources: Vec<SourceFacts>,
}

/// What is known of a source that was read.
#[derive(Clone)]
pub struct SourceFacts {
    pub source: SourceId,
    pub rows: u64,
    pub first: Option<Date>,
    pub last: Option<Date>,
    /// The months, or the longer periods in which it was read, that have no row, in order.
    pub gaps: Vec<Period>,
}

/// The figures of one ask, by period and key.
#[derive(Clone)]
pub struct FigureTable {
    pub ask: Ask,
    /// What its figures are held against.
    pub against: Option<Against>,
    pub rows: Vec<Figure>,
}

/// A figure with everything that belongs to it.
#[derive(Clone)]
pub struct Figure {
    pub period: Period,
    pub key: Arc<[KeyValue]>,
    pub value: Option<f64>,
    /// The smallest base of its parts, in rows.
    pub n: u64,
    /// What it is taken over, where it is one rate: the weight of a mean, the denominator of two totals.
    pub weight: Option<f64>,
    /// What the minimum base is held against: persons where they are declared, else rows. None outside protection.
    pub protected_base: Option<u64>,
    pub n_effective: Option<f64>,
    pub se: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub left_out: LeftOut,
    /// The base of every part, where there are several; else empty.
    pub bases: Vec<u64>,
    pub judged: Judged,
    /// What it may be for the assumptions that it rests on; then `low` and `high` span that too.
    pub assumed: Option<Box<Assumed>>,
    /// The models that say it, of a figure that is one forecast.
    pub model: Option<Box<ForecastModel>>,
    /// How it stands to what it is held against.
    pub compared: Option<Box<Compared>>,
    /// What it takes for a part that has no value.
    pub instead: Option<Box<Instead>>,
    pub notes: Vec<Note>,
}

/// What a figure takes where a part of it has no value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Instead {
    /// What is held, as the formula writes it, and the period that it is of.
    pub held: Vec<(String, Period)>,
    /// The parts that an index is without, as the formula writes them.
    pub without: Vec<String>,
}

impl Instead {
    /// What a note says of it: `held b from 2025-Q1`, `without c`; `None` where the note is not about it.
    pub fn say(&self, note: Note) -> Option<String> {
        match note {
            Note::Held => Some(self.held.iter().map(|(of, from)| format!("{of} held from {from}")).collect::<Vec<_>>().join(", ")),
            Note::WithoutPart => Some(format!("without {}", self.without.join(", "))),
            _ => None,
        }
    }
}

/// The models of a forecast, as they were fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct ForecastModel {
    /// The customers that they were fitted to, of all segments, and those among them who came again.
    pub customers: u64,
    pub again: u64,
    pub buying: Buying,
    /// That of amounts, and how these go with the number of purchases.
    pub spending: Option<(Spending, f64)>,
}

/// A figure at the ends of its assumptions.
#[derive(Clone, Debug)]
pub struct Assumed {
    /// The lowest and the highest value.
    pub range: (f64, f64),
    /// The interval at what is assumed, where there is one.
    pub interval: Option<(f64, f64)>,
}

/// Rows that are not in the base, by reason (R26).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    pub blank: u64,
    pub not_applicable: u64,
    pub out_of_scale: u64,
    pub filtered: u64,
    pub duplicate: u64,
    pub no_weight: u64,
    pub no_cluster: u64,
    pub unobserved: u64,
}

impl LeftOut {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.blank
            + self.not_applicable
            + self.out_of_scale
            + self.filtered
            + self.duplicate
            + self.no_weight
            + self.no_cluster
            + self.unobserved
    }
}

/// Which periods are wanted; bounds are half-open.
#[derive(Clone, Copy, Debug, Default)]
pub struct Periods {
    pub from: Option<Date>,
    pub until: Option<Date>,
}

impl Periods {
    /// Whether a period lies within them as a whole.
    pub fn hold(self, period: Period, calendar: &crate::calendar::Calendar) -> bool {
        period.grain() == Grain::All
            || (self.from.is_none_or(|it| period.start(calendar) >= it) && self.until.is_none_or(|it| period.end(calendar) <= it))
    }
}

/// Computes all figures that were asked for, and hands over each with the place of its ask: those of an ask in their order.
pub fn each(checked: &Checked, plan: &Plan, table: &Table, periods: Periods, today: Date, take: &mut dyn FnMut(usize, Figure)) {
    figure::Evaluator::new(checked, plan, table, today).each(periods, take);
}

/// How many answered one item of a figure.
#[derive(Clone, Debug)]
pub struct Base {
    /// The item.
    pub leaf: LeafAt,
    /// Whether it is of the figure itself, not of what that is held against.
    pub own: bool,
    /// The days that it is taken over, half-open, as numbers of days.
    pub days: (i32, i32),
    /// In rows.
    pub n: u64,
    /// What the minimum base is held against: persons where they are declared, else rows.
    pub protected: u64,
    /// The sum of their scores and that of the squares, where they have scores.
    pub sums: Option<(f64, f64)>,
    /// How many gave each answer, where that is kept and they are few enough to be codes.
    pub counts: Option<Vec<(Seen, u64)>>,
}

/// Takes the bases of an ask in a period, for a key.
pub type TakeBases<'t> = dyn FnMut(usize, Period, &Arc<[KeyValue]>, &[Base]) + 't;

/// Hands over how many answered, for every ask, period and key of the plan; only what the minimum base protects.
pub fn bases(checked: &Checked, plan: &Plan, table: &Table, today: Date, take: &mut TakeBases<'_>) {
    figure::Evaluator::new(checked, plan, table, today).bases(take);
}

/// A figure with the states that it was computed from, one for each leaf of its ask; none where there were no rows.
pub struct Stated {
    pub figure: Figure,
    pub cells: Vec<Option<Cell>>,
}

/// Computes the figures of the asks and periods that are wanted, each with its states: what an insight is made from.
pub fn stated(checked: &Checked, plan: &Plan, table: &Table, today: Date, wanted: &dyn Fn(usize, Period) -> bool) -> Vec<Vec<Stated>> {
    let mut found: Vec<Vec<Stated>> = plan.asks.iter().map(|_| Vec::new()).collect();
    let evaluator = figure::Evaluator::new(checked, plan, table, today);
    evaluator.each_with_cells(Periods::default(), wanted, &mut |at, figure, cells| found[at].push(Stated { figure, cells }));
    found
}

/// What is taken from a state.
pub fn estimate(cell: &Cell, estimator: Estimator) -> Option<f64> {
    figure::estimate(cell, estimator)
}

/// Computes all figures.
pub fn evaluate(checked: &Checked, plan: &Plan, table: &Table, periods: Periods, today: Date) -> Figures {
    let asked = plan.asks.iter().take(plan.asked);
    let mut tables: Vec<FigureTable> =
        asked.map(|it| FigureTable { ask: it.ask.clone(), against: it.against.clone(), rows: Vec::new() }).collect();
    each(checked, plan, table, periods, today, &mut |at, figure| tables[at].rows.push(figure));
    let sources = plan.reads.iter().zip(&table.reads).filter_map(|(read, it)| {
        let gaps = gaps::gaps(checked, read, it);
        Some(SourceFacts { source: it.source?, rows: it.rows, first: it.first, last: it.last, gaps })
    });
    let drivers = drivers::drivers(checked, plan, table, periods, today);
    Figures { tables, drivers, sources: sources.collect() }
}

/// The grain that a KPI is reported at: the project's, or its sources' own where that is coarser; `All` without time.
pub fn reporting_grain(checked: &Checked, kpi: crate::model::KpiId, wanted: Option<Grain>) -> Grain {
    if !checked.has_time(kpi) {
        return Grain::All;
    }
    let mut grain = wanted.or(checked.model.project.grain).unwrap_or(Grain::Quarter);
    for source in checked.sources_of(kpi) {
        let source = &checked.model.sources[source.index()];
        if let Some(own) = source.constant_grain().or(source.cadence)
            && own.is_coarser_than(grain)
        {
            grain = own;
        }
    }
    grain
}
