//! What would follow if figures were others: from what may be shown, so that nothing hidden can be read back.

use super::{Contribution, GoalPeriod, ResultRow, ResultTable, Results, contribution, row_in};
use crate::calendar::{Grain, Period};
use crate::eval::{GoalFigure, Status, goals, judged_grain};
use crate::graph::{Edge, Node};
use crate::insight::{self, Known, Supposed, Supposing, Unknown};
use crate::model::{GoalId, KpiId, KpiRef, RowExpr};
use crate::stats::satisfaction;

/// What would follow from changes, in a period of goals.
pub struct WhatIf {
    pub period: Period,
    pub changed: Vec<MovedKpi>,
    /// What is computed from them, or rests on the same answers.
    pub kpis: Vec<MovedKpi>,
    pub before: GoalPeriod,
    pub after: GoalPeriod,
    /// Changed KPIs that no goal is measured by and no formula names.
    pub alone: Vec<KpiId>,
}

/// A KPI before and after, with how it is judged.
pub struct MovedKpi {
    pub moved: Supposed,
    pub satisfaction: [Option<f64>; 2],
    pub status: [Status; 2],
}

/// What is to be known of a KPI after changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WhatIfNote<'a> {
    /// What it would be is not known.
    Unknown(&'a Unknown),
    /// It rested on assumptions, and would on none.
    NoAssumption,
    /// It would lie between these, by what is assumed.
    ByAssumptions(f64, f64),
    /// Between what it would lie is not known.
    EndsUnknown(&'a Unknown),
    /// It rested on assumptions; what is given rests on none.
    Given,
    /// It would be what it is.
    Still,
    /// Too few answered it to be judged.
    TooFew,
}

impl MovedKpi {
    /// What is to be known of it, in the order of telling.
    pub fn notes(&self) -> Vec<WhatIfNote<'_>> {
        let after = match &self.moved.after {
            Err(unknown) => return vec![WhatIfNote::Unknown(unknown)],
            Ok(after) => after,
        };
        let mut notes = Vec::new();
        match &after.range {
            Some(Ok((low, high))) if same(*low, *high) => notes.push(WhatIfNote::NoAssumption),
            Some(Ok((low, high))) => notes.push(WhatIfNote::ByAssumptions(*low, *high)),
            Some(Err(unknown)) => notes.push(WhatIfNote::EndsUnknown(unknown)),
            None if self.moved.before.is_some_and(|it| it.range.is_some()) => notes.push(WhatIfNote::Given),
            None => {}
        }
        if self.moved.before.is_some_and(|before| same(before.value, after.value)) {
            notes.push(WhatIfNote::Still);
        }
        if self.status[1] == Status::TooFew {
            notes.push(WhatIfNote::TooFew);
        }
        notes
    }
}

/// A goal before and after.
#[derive(Clone, Copy)]
pub struct GoalSides<'a> {
    pub before: &'a GoalFigure,
    pub after: &'a GoalFigure,
}

impl GoalSides<'_> {
    /// Whether anything of it that is told is another after.
    pub fn moves(&self) -> bool {
        let differs = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => !same(a, b),
            (a, b) => a.is_some() != b.is_some(),
        };
        let (before, after) = (self.before, self.after);
        let both = [(before.satisfaction, after.satisfaction), (before.own, after.own), (before.below, after.below)];
        both.into_iter().any(|(a, b)| differs(a, b)) || before.status != after.status
    }

    /// Whether how far it is would no longer be known.
    pub fn is_lost(&self) -> bool {
        self.before.satisfaction.is_some() && self.after.satisfaction.is_none()
    }
}

impl WhatIf {
    /// The goals before and after, in the order of writing.
    pub fn goals(&self) -> Vec<GoalSides<'_>> {
        let after = |it: GoalId| self.after.figures.iter().find(|figure| figure.goal == it);
        let sides = self.before.figures.iter().filter_map(|before| Some(GoalSides { before, after: after(before.goal)? }));
        let mut goals: Vec<GoalSides<'_>> = sides.collect();
        goals.sort_by_key(|it| it.before.goal.index());
        goals
    }
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs())
}

/// What would follow from changes in a period of goals; `results` hold what they need.
///
/// # Errors
/// Why a change cannot be made, in a sentence.
pub fn whatif(supposing: &Supposing, results: &Results, period: Period) -> Result<WhatIf, String> {
    let Supposing { checked, changes, .. } = supposing;
    let totals: Vec<&ResultTable> = results.tables.iter().filter(|it| it.cut.is_empty()).collect();
    let counted = |kpi: KpiId, part: Option<&RowExpr>, grain: Grain| {
        let table = totals.iter().find(|it| it.kpi == kpi && it.part.as_ref() == part && it.grain == grain)?;
        row_in(checked, table, period)
    };
    let known = |row: &ResultRow| {
        let range = row.assumed.as_ref().map(|it| it.range);
        Some(Known { period: row.period, value: row.value?, range })
    };
    let of = |kpi: KpiId, part: Option<&RowExpr>, grain: Grain, at: Option<Period>| match at {
        None => known(counted(kpi, part, grain)?),
        Some(at) => known(results.table(kpi, part, &[], grain)?.rows.iter().find(|it| it.period == at)?),
    };
    let mut changed = Vec::new();
    for change in changes {
        let name = &checked.model.kpis[change.kpi.index()].name;
        let row = counted(change.kpi, None, judged_grain(checked, change.kpi));
        let Some(before) = row.and_then(known) else {
            return Err(match row {
                Some(row) if row.judged.status == Status::Hidden => {
                    format!("`{name}` is hidden in {}: too few answered it; what follows from it would tell of them", row.period)
                }
                _ => format!("`{name}` has no figure in {}", place(period)),
            });
        };
        changed.push((change.kpi, before, change.after(checked, before.value)?));
    }
    let moved = insight::whatif(supposing, &changed, &of);
    let mut kpis: Vec<MovedKpi> = moved.into_iter().map(|it| judged(counted(it.kpi, None, judged_grain(checked, it.kpi)), it)).collect();
    let after = |it: &KpiRef| match kpis.iter().find(|moved| moved.moved.kpi == it.kpi && it.part.is_none()) {
        Some(moved) => counts(moved, counted(it.kpi, None, judged_grain(checked, it.kpi))),
        None if it.part.as_ref().is_some_and(|part| supposing.moves_part(it.kpi, part).is_some()) => Contribution::UNKNOWN,
        None => contribution(checked, it, period, &totals),
    };
    let (figures, critical) = goals(checked, period, &after);
    let after = GoalPeriod { period, figures, critical };
    let (figures, critical) = goals(checked, period, &|it| contribution(checked, it, period, &totals));
    let before = GoalPeriod { period, figures, critical };
    let measured = || checked.model.goals.iter().flat_map(|it| &it.measured_by);
    let named =
        |it: KpiId| checked.graph.needed_by(Node::Kpi(it.0)).into_iter().any(|(by, edge)| edge == Edge::Uses && matches!(by, Node::Kpi(_)));
    let leads = |kpi: KpiId| named(kpi) || measured().any(|it| it.kpi == kpi);
    let alone = changes.iter().map(|it| it.kpi).filter(|it| !leads(*it)).collect();
    let rest = kpis.split_off(changes.len());
    Ok(WhatIf { period, changed: kpis, kpis: rest, before, after, alone })
}

/// A period as a place in a sentence.
fn place(period: Period) -> String {
    if period.grain() == Grain::All { "the data".to_owned() } else { period.to_string() }
}

/// A moved KPI held against the norms that hold for its figure now. What has too few answers to be judged is not judged
/// after either.
fn judged(row: Option<&ResultRow>, moved: Supposed) -> MovedKpi {
    let judged = row.map(|it| it.judged).unwrap_or_default();
    let before = (judged.satisfaction, if row.is_some() { judged.status } else { Status::NoData });
    let after = match &moved.after {
        Err(_) => (None, if before.1 == Status::Hidden { Status::Hidden } else { Status::NoData }),
        Ok(_) if before.0.is_none() => (None, before.1),
        Ok(after) => {
            let found = at(row, after.value);
            (found, found.map_or(Status::NoNorm, Status::of))
        }
    };
    MovedKpi { moved, satisfaction: [before.0, after.0], status: [before.1, after.1] }
}

/// The satisfaction of a value by the norms of a row.
fn at(row: Option<&ResultRow>, value: f64) -> Option<f64> {
    let judged = &row?.judged;
    satisfaction(value, judged.worst?, judged.threshold?, judged.target?)
}

/// What a moved KPI adds to a goal: it is taken as it is, without an interval but for the ends of what is assumed.
fn counts(kpi: &MovedKpi, row: Option<&ResultRow>) -> Contribution {
    let (Ok(after), Some(found)) = (&kpi.moved.after, kpi.satisfaction[1]) else { return Contribution::UNKNOWN };
    let ends = match &after.range {
        Some(Ok((low, high))) => [at(row, *low), at(row, *high)].map(|it| it.unwrap_or(found)),
        _ => [found, found],
    };
    Contribution { satisfaction: Some(found), low: ends[0].min(ends[1]), high: ends[0].max(ends[1]), known: 1.0 }
}
