//! The first phase of a read whose weights depend on all rows: cells are counted, weights made, and put in the place of
//! the column that holds them.

use super::{Engine, Options, Table};
use crate::calendar::{Date, Grain, Period};
use crate::check::Checked;
use crate::model::{Arithmetic, ColumnRef, Comparison, RowExpr, Source, SourceId, Weighting};
use crate::plan::{Plan, Read};
use crate::source::World;
use crate::state::State;
use crate::stats::raking::{self, CellSums, NotRaked};
use crate::value::{Code, Diagnostics, Fact, Num};

/// How the rows of a source were weighted: by wave, what each cell holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Weighed {
    pub source: SourceId,
    pub waves: Vec<Wave>,
}

/// A wave: rows that were weighted together.
#[derive(Clone, Debug, PartialEq)]
pub struct Wave {
    pub period: Period,
    pub cells: Vec<WeighedCell>,
    /// How often all margins were gone through.
    pub cycles: usize,
    /// The least and the most that a row was multiplied by, and how many rows are held at a bound.
    pub factors: (f64, f64),
    pub held: u64,
}

/// A cell of the margins that has rows.
#[derive(Clone, Debug, PartialEq)]
pub struct WeighedCell {
    /// What it is called among the clusters of a grouping.
    pub name: String,
    /// Its level in each margin, told apart from those of other waves.
    pub levels: Vec<usize>,
    /// All rows, Σw and Σw² of them.
    pub sums: CellSums,
}

/// Counts the cells of all sources whose weights are made, and makes them. `None` where a source cannot be read, or the
/// margins cannot be met: that is reported.
pub(super) fn weigh(
    checked: &Checked,
    plan: &Plan,
    world: &dyn World,
    options: Options,
    out: &mut Diagnostics,
) -> Option<(Checked, Vec<Weighed>)> {
    let first = Plan { reads: plan.weighings.clone(), ..Plan::default() };
    let table = scan(checked, &first, world, options, out)?;
    let mut sources = checked.model.sources.clone();
    let mut made = Vec::new();
    let mut failed = false;
    for (read, counted) in plan.weighings.iter().zip(&table.reads) {
        let source = &checked.model.sources[read.source.index()];
        let Some(weighting) = &source.weighting else { continue };
        let before = out.len();
        let waves = waves(source, weighting, &counted.groupings[0].groups, out);
        failed |= out.len() > before;
        let columns = &mut sources[read.source.index()].columns;
        columns[weighting.weight].computed = Some(weight(checked, read, weighting, &waves));
        columns[weighting.cell].computed = Some(cell(checked, read, weighting, &waves));
        made.push(Weighed { source: read.source, waves: waves.into_iter().map(|it| it.0).collect() });
    }
    (!failed).then(|| (checked.with_sources(sources), made))
}

/// One scan, without a phase before it.
pub(super) fn scan(checked: &Checked, plan: &Plan, world: &dyn World, options: Options, out: &mut Diagnostics) -> Option<Table> {
    match options.engine {
        Engine::Plain => super::plain::scan(checked, plan, world, out),
        #[cfg(feature = "engine")]
        Engine::Embedded => super::embedded::scan(checked, plan, world, options.threads, out),
    }
}

/// A wave with the factor of each of its cells, by number.
type Made = (Wave, Vec<(usize, f64)>);

fn waves(source: &Source, weighting: &Weighting, groups: &[super::Group], out: &mut Diagnostics) -> Vec<Made> {
    let mut periods: Vec<Period> = groups.iter().map(|it| it.bucket).collect();
    periods.dedup();
    let mut made = Vec::new();
    for (at, period) in periods.into_iter().enumerate() {
        let of_wave = groups.iter().filter(|it| it.bucket == period);
        // The number of the cell, its rows, their weight and its squares.
        let mut cells: Vec<(usize, f64, f64, f64)> = of_wave
            .filter_map(|it| {
                let number = it.cluster.as_ref()?.parse::<f64>().ok()? as usize;
                let cell = it.cells.get(0);
                let State::Moments(moments) = &cell.state else { return None };
                Some((number, moments.n as f64, moments.total_weight(), moments.total_weight2()))
            })
            .filter(|it| it.1 > 0.0)
            .collect();
        cells.sort_by_key(|it| it.0);
        let weights: Vec<f64> = cells.iter().map(|it| it.2).collect();
        let levels: Vec<Vec<usize>> = cells.iter().map(|it| weighting.levels_of(it.0)).collect();
        // Shares are of what the rows weigh, unless another margin says how many they stand for.
        let said = weighting.margins.iter().find(|it| !it.percent);
        let whole = said.map_or(weights.iter().sum::<f64>(), |it| it.levels.iter().map(|it| it.total).sum());
        let margins: Vec<raking::Margin> = weighting
            .margins
            .iter()
            .enumerate()
            .map(|(place, it)| {
                let sum: f64 = it.levels.iter().map(|it| it.total).sum();
                let totals = it.levels.iter().map(|level| if it.percent { level.total / sum * whole } else { level.total });
                raking::Margin { levels: levels.iter().map(|it| it[place]).collect(), totals: totals.collect() }
            })
            .collect();
        match raking::rake(&weights, &margins, weighting.trim) {
            Ok(raked) => {
                let number = |cell: usize| at * weighting.cells() + cell;
                let found = cells.iter().zip(&raked.factors).zip(&levels).map(|(((cell, rows, w, w2), factor), levels)| WeighedCell {
                    name: number(*cell).to_string(),
                    levels: levels.iter().zip(&weighting.margins).map(|(level, it)| at * it.levels.len() + level).collect(),
                    sums: CellSums { rows: *rows, all_w: w * factor, all_w2: w2 * factor * factor, ..CellSums::default() },
                });
                let ends = raked.factors.iter().fold((f64::INFINITY, 0.0f64), |ends, it| (ends.0.min(*it), ends.1.max(*it)));
                let held = cells.iter().zip(&raked.held).filter(|it| *it.1).map(|it| it.0.1).sum::<f64>() as u64;
                let wave = Wave { period, cells: found.collect(), cycles: raked.cycles, factors: ends, held };
                made.push((wave, cells.iter().map(|it| it.0).zip(raked.factors).collect()));
            }
            Err(reason) => report(source, weighting, period, reason, out),
        }
    }
    made
}

fn report(source: &Source, weighting: &Weighting, period: Period, reason: NotRaked, out: &mut Diagnostics) {
    let name = |margin: usize| source.columns[weighting.margins[margin].column].name.as_str();
    let (span, why, column) = match reason {
        NotRaked::EmptyLevel { margin, level } => (weighting.margins[margin].levels[level].span, "empty", name(margin)),
        NotRaked::UnequalTotals { margin } => (weighting.margins[margin].span, "unequal", name(margin)),
        NotRaked::NoTotal { margin } => (weighting.margins[margin].span, "total", name(margin)),
        NotRaked::NoConvergence { .. } => (weighting.span, if weighting.trim.is_some() { "trim" } else { "apart" }, ""),
    };
    let mut fact = Fact::at(Code::UnmetMargin, span).with("source", &source.name).with("why", why).with("column", column);
    if let NotRaked::EmptyLevel { margin, level } = reason {
        fact = fact.with("level", &weighting.margins[margin].levels[level].name);
    }
    if let NotRaked::NoConvergence { miss } = reason {
        fact = fact.with("miss", crate::words::tidy_number((miss * 1e4).round() / 100.0));
    }
    if period.grain() != Grain::All {
        fact = fact.with("period", period);
    }
    out.push(fact.about(format!("source:{}", source.name)));
}

/// The weight of a row: what it begins with, times the factor of its cell.
fn weight(checked: &Checked, read: &Read, weighting: &Weighting, waves: &[Made]) -> RowExpr {
    let cell = weighting.cell_of();
    let factor = by_wave(checked, read, waves, &|_, (_, factors)| choose(&cell, factors));
    match weighting.base {
        None => factor,
        Some(base) => {
            let base = RowExpr::Column(ColumnRef { source: read.source, through: None, column: base as u32 });
            RowExpr::Arithmetic(Arithmetic::Multiply, Box::new(base), Box::new(factor))
        }
    }
}

/// The number of a row's cell, told apart from those of other waves.
fn cell(checked: &Checked, read: &Read, weighting: &Weighting, waves: &[Made]) -> RowExpr {
    let cell = weighting.cell_of();
    by_wave(checked, read, waves, &|at, _| {
        let before = RowExpr::number(Num::int((at * weighting.cells()) as i64));
        RowExpr::Arithmetic(Arithmetic::Add, Box::new(before), Box::new(cell.clone()))
    })
}

/// What holds in the wave of a row.
fn by_wave(checked: &Checked, read: &Read, waves: &[Made], of: &dyn Fn(usize, &Made) -> RowExpr) -> RowExpr {
    let time = read.groupings[0].time.map(|it| RowExpr::Column(ColumnRef { source: read.source, through: None, column: it as u32 }));
    let mut chosen: Option<RowExpr> = None;
    for (at, made) in waves.iter().enumerate().rev() {
        let own = of(at, made);
        chosen = Some(match (chosen, &time) {
            (Some(later), Some(time)) => {
                let end: Date = made.0.period.end(&checked.model.project.calendar);
                let before = RowExpr::Compare(Comparison::Less, Box::new(time.clone()), Box::new(RowExpr::Date(end)));
                RowExpr::If(Box::new(before), Box::new(own), Box::new(later))
            }
            _ => own,
        });
    }
    chosen.unwrap_or_else(|| RowExpr::number(Num::int(1)))
}

/// The factor of a cell, by halves: cells come in the order of their numbers.
fn choose(cell: &RowExpr, factors: &[(usize, f64)]) -> RowExpr {
    match factors {
        [] => RowExpr::number(Num::int(1)),
        // A row without a cell has no factor either.
        [(_, factor)] => {
            let in_any = RowExpr::Compare(Comparison::GreaterEqual, Box::new(cell.clone()), Box::new(RowExpr::number(Num::int(0))));
            let own = RowExpr::number(Num::Float(*factor));
            RowExpr::If(Box::new(in_any), Box::new(own.clone()), Box::new(own))
        }
        _ => {
            let (below, above) = factors.split_at(factors.len() / 2);
            let number = RowExpr::number(Num::int(above[0].0 as i64));
            let test = RowExpr::Compare(Comparison::Less, Box::new(cell.clone()), Box::new(number));
            RowExpr::If(Box::new(test), Box::new(choose(cell, below)), Box::new(choose(cell, above)))
        }
    }
}
