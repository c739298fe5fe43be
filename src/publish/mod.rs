//! Figures + privacy -> [`Results`]: the only thing that an output can take. What too few people answered stays here.

use crate::calendar::{Date, Period};
use crate::check::Checked;
use crate::engine::KeyValue;
use crate::eval::{Contribution, Critical, Figure, FigureTable, Figures, GoalFigure, Judged, LeftOut, Note, SourceFacts, Status, goals};
use crate::model::{DimensionId, KpiId, KpiRef, RowExpr};
use std::collections::BTreeMap;

/// What may be shown.
#[derive(Clone, Debug, Default)]
pub struct Results {
    pub tables: Vec<ResultTable>,
    pub goals: Vec<GoalPeriod>,
    pub sources: Vec<SourceResult>,
}

/// A source that was read.
#[derive(Clone, Debug)]
pub struct SourceResult {
    pub source: crate::model::SourceId,
    pub rows: u64,
    pub first: Option<Date>,
    pub last: Option<Date>,
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
    pub grain: crate::calendar::Grain,
    pub rows: Vec<ResultRow>,
}

/// A figure as it may be shown; what is hidden is not here.
#[derive(Clone, Debug)]
pub struct ResultRow {
    pub period: Period,
    pub key: Vec<KeyValue>,
    pub value: Option<f64>,
    pub n: Option<u64>,
    pub n_effective: Option<f64>,
    pub se: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub left_out: Option<LeftOut>,
    pub bases: Vec<u64>,
    pub judged: Judged,
    pub notes: Vec<Note>,
}

impl Results {
    /// The table of a KPI or part, cut in a way.
    pub fn table(&self, kpi: KpiId, part: Option<&RowExpr>, cut: &[DimensionId], grain: crate::calendar::Grain) -> Option<&ResultTable> {
        self.tables.iter().find(|it| it.kpi == kpi && it.part.as_ref() == part && it.cut == cut && it.grain == grain)
    }
}

/// Publishes figures: what is below the minimum base is left out of them (R22), and goals are rolled up from the rest.
///
/// Whether a cell is hidden depends on its own base alone, at every declared cut and period alike, never on what
/// else is asked; so every output of a project hides the same cells.
pub fn publish(checked: &Checked, figures: Figures) -> Results {
    let sources = figures.sources.iter().map(source).collect();
    let tables: Vec<ResultTable> = figures.tables.into_iter().map(|it| table(checked, it)).collect();
    let goals = goal_periods(checked, &tables);
    Results { tables, goals, sources }
}

fn source(it: &SourceFacts) -> SourceResult {
    SourceResult { source: it.source, rows: it.rows, first: it.first, last: it.last }
}

fn table(checked: &Checked, table: FigureTable) -> ResultTable {
    let kpi = &checked.model.kpis[table.ask.kpi.index()];
    let least = u64::from(kpi.minimum_base.unwrap_or(0).max(checked.model.project.minimum_base));
    let rows = table.rows.into_iter().map(|it| row(it, least)).collect();
    ResultTable { kpi: table.ask.kpi, part: table.ask.part, cut: table.ask.cut, grain: table.ask.grain, rows }
}

fn row(figure: Figure, least: u64) -> ResultRow {
    let hidden = figure.protected_base.is_some_and(|it| it > 0 && it < least);
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
            n_effective: None,
            se: None,
            low: None,
            high: None,
            left_out: None,
            bases: Vec::new(),
            judged,
            notes: vec![Note::Hidden],
        };
    }
    ResultRow {
        period: figure.period,
        key: figure.key,
        value: figure.value,
        n: Some(figure.n),
        n_effective: figure.n_effective,
        se: figure.se,
        low: figure.low,
        high: figure.high,
        left_out: Some(figure.left_out),
        bases: figure.bases,
        judged: figure.judged,
        notes: figure.notes,
    }
}

/// Goals in every period in which a KPI of theirs is judged.
fn goal_periods(checked: &Checked, tables: &[ResultTable]) -> Vec<GoalPeriod> {
    let mut by_period: BTreeMap<Period, Vec<(&ResultTable, &ResultRow)>> = BTreeMap::new();
    let grain = checked.model.project.grain.unwrap_or(crate::calendar::Grain::Quarter);
    let mut finest: Option<crate::calendar::Grain> = None;
    for it in tables.iter().filter(|it| it.cut.is_empty()) {
        if finest.is_none_or(|known| known.is_coarser_than(it.grain)) && it.grain != crate::calendar::Grain::All {
            finest = Some(it.grain);
        }
    }
    // Goals are judged at the project's grain; where all sources are coarser, at theirs.
    let goal_grain = match finest {
        Some(finest) if finest.is_coarser_than(grain) => finest,
        _ => grain,
    };
    for it in tables.iter().filter(|it| it.cut.is_empty() && it.grain == goal_grain) {
        for row in &it.rows {
            by_period.entry(row.period).or_default().push((it, row));
        }
    }
    let timeless: Vec<(&ResultTable, &ResultRow)> = tables
        .iter()
        .filter(|it| it.cut.is_empty() && it.grain == crate::calendar::Grain::All)
        .flat_map(|it| it.rows.iter().map(move |row| (it, row)))
        .collect();
    if by_period.is_empty() && !timeless.is_empty() {
        by_period.insert(Period::ALL, Vec::new());
    }
    by_period
        .into_iter()
        .map(|(period, rows)| {
            let of = |it: &KpiRef| contribution(it, &rows, &timeless);
            let (figures, critical) = goals(checked, period, &of);
            GoalPeriod { period, figures, critical }
        })
        .collect()
}

fn contribution(of: &KpiRef, rows: &[(&ResultTable, &ResultRow)], timeless: &[(&ResultTable, &ResultRow)]) -> Contribution {
    let found = rows.iter().chain(timeless).find(|(table, _)| table.kpi == of.kpi && table.part == of.part);
    let Some((_, row)) = found else { return Contribution::UNKNOWN };
    match row.judged.satisfaction {
        Some(it) => Contribution {
            satisfaction: Some(it),
            low: row.judged.satisfaction_low.unwrap_or(it),
            high: row.judged.satisfaction_high.unwrap_or(it),
            known: 1.0,
        },
        None => Contribution::UNKNOWN,
    }
}
