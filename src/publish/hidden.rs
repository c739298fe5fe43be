//! Which rows of which tables are hidden: the pattern of every base, brought back to the figures that rest on it.

use super::pattern::{self, Cell};
use crate::calendar::{Date, Grain, Period};
use crate::check::Checked;
use crate::engine::{KeyValue, Table};
use crate::eval::{Figure, bases, judged_grain, reporting_grain};
use crate::model::{DimensionId, KpiId};
use crate::plan::{Ask, Base, Plan, base};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// What may not be shown of the tables of a plan.
#[derive(Debug, Default)]
pub struct Hidden {
    /// For each ask of the plan the base below which nothing is shown.
    least: Vec<u64>,
    /// For each ask the rows that would give another away.
    rows: Vec<HashSet<(Period, Arc<[KeyValue]>)>>,
}

impl Hidden {
    /// Whether a figure of an ask is hidden.
    pub fn hides(&self, ask: usize, figure: &Figure) -> bool {
        let small = figure.protected_base.is_some_and(|it| it > 0 && it < self.least[ask]);
        small || self.rows.get(ask).is_some_and(|it| !it.is_empty() && it.contains(&(figure.period, figure.key.clone())))
    }

    /// Finds what may not be shown.
    pub fn of(checked: &Checked, plan: &Plan, table: &Table, today: Date) -> Hidden {
        let least: Vec<u64> = plan.asks.iter().map(|it| self::least(checked, it.ask.kpi)).collect();
        let mut small = false;
        bases(checked, plan, table, today, &mut |at, _, _, found| {
            small |= found.iter().any(|it| it.protected > 0 && it.protected < least[at]);
        });
        if !small {
            return Hidden { least, rows: Vec::new() };
        }
        let mut gathered = Gathered::default();
        bases(checked, plan, table, today, &mut |at, period, key, found| {
            let asked = &plan.asks[at].ask;
            let mut cells = Vec::new();
            for it in found {
                let (base, fixed) = base(checked, plan.arena.leaf(it.leaf));
                let whole = asked.part.is_none() && fixed.is_empty();
                let mut place: BTreeMap<DimensionId, KeyValue> =
                    fixed.into_iter().map(|it| (it.0, KeyValue::Value(it.1.into()))).collect();
                place.extend(asked.cut.iter().copied().zip(key.iter().cloned()));
                cells.push(gathered.add((base, least[at]), Place { at: place.into_iter().collect(), days: it.days }, it, whole));
            }
            gathered.rows.push((at, period, key.clone(), cells));
        });
        Hidden { rows: gathered.hidden_rows(plan.asks.len()), least }
    }
}

/// The base below which figures of a KPI are not shown.
fn least(checked: &Checked, kpi: KpiId) -> u64 {
    u64::from(checked.model.kpis[kpi.index()].minimum_base.unwrap_or(0).max(checked.model.project.minimum_base))
}

/// Where a cell is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Place {
    at: Vec<(DimensionId, KeyValue)>,
    days: (i32, i32),
}

/// How much there is in a cell: answers, what is protected, and whether its cut is there as a whole.
type Content = (u64, u64, bool);

/// The cells of every base, and the rows that rest on them.
#[derive(Default)]
struct Gathered {
    numbers: HashMap<(Base, u64), usize>,
    /// For each base its minimum and its cells.
    bases: Vec<(u64, BTreeMap<Place, Content>)>,
    rows: Vec<(usize, Period, Arc<[KeyValue]>, Vec<(usize, Place)>)>,
}

impl Gathered {
    fn add(&mut self, base: (Base, u64), place: Place, found: &crate::eval::Base, whole: bool) -> (usize, Place) {
        let least = base.1;
        let next = self.bases.len();
        let number = *self.numbers.entry(base).or_insert(next);
        if number == next {
            self.bases.push((least, BTreeMap::new()));
        }
        let content = self.bases[number].1.entry(place.clone()).or_insert((found.n, found.protected, whole));
        // Items of one base may differ by rows without a weight: the smallest counts.
        *content = (content.0.min(found.n), content.1.min(found.protected), content.2 || whole);
        (number, place)
    }

    fn hidden_rows(self, asks: usize) -> Vec<HashSet<(Period, Arc<[KeyValue]>)>> {
        let hidden: Vec<HashSet<&Place>> = self.bases.iter().map(|(least, cells)| hidden_places(cells, *least)).collect();
        let mut rows = vec![HashSet::new(); asks];
        for (at, period, key, cells) in &self.rows {
            if cells.iter().any(|(base, place)| hidden[*base].contains(place)) {
                rows[*at].insert((*period, key.clone()));
            }
        }
        rows
    }
}

fn hidden_places(cells: &BTreeMap<Place, Content>, least: u64) -> HashSet<&Place> {
    let mut values: BTreeMap<(DimensionId, &KeyValue), u32> = cells.keys().flat_map(|it| &it.at).map(|it| ((it.0, &it.1), 0)).collect();
    values.values_mut().enumerate().for_each(|(at, it)| *it = at as u32);
    let numbered = |(place, (n, protected, complete)): (&Place, &Content)| Cell {
        at: place.at.iter().map(|it| (it.0.0, values[&(it.0, &it.1)])).collect(),
        days: place.days,
        n: *n,
        protected: *protected,
        complete: *complete,
    };
    let numbered: Vec<Cell> = cells.iter().map(numbered).collect();
    let hidden = pattern::hidden(&numbered, least);
    cells.keys().zip(hidden).filter(|it| it.1).map(|it| it.0).collect()
}

/// The tables that a project declares: every KPI in all, by its own cuts, and by those of the reports that show it; at
/// the grains at which it is reported and judged.
pub(super) fn guards(checked: &Checked) -> Vec<Ask> {
    let model = &checked.model;
    let mut asks: Vec<Ask> = Vec::new();
    for kpi in checked.figures() {
        if checked.sources_of(kpi).iter().all(|it| model.sources[it.index()].no_persons) {
            continue;
        }
        let mut cuts: Vec<Vec<DimensionId>> = vec![Vec::new()];
        let mut grains: Vec<Grain> = vec![reporting_grain(checked, kpi, None), judged_grain(checked, kpi)];
        cuts.extend(model.kpis[kpi.index()].cuts.iter().map(|it| vec![*it]));
        for report in model.reports.iter().filter(|it| it.kpis.is_empty() || it.kpis.contains(&kpi)) {
            cuts.extend(report.cuts.iter().map(|it| vec![*it]));
            grains.extend(report.grain.map(|it| reporting_grain(checked, kpi, Some(it))));
        }
        // Reports draw a series by month, where months can be added up.
        let months = Some(Grain::Month).filter(|_| !checked.is_windowed(kpi) && !checked.is_total(kpi));
        let months = months.map(|it| Ask { kpi, part: None, cut: Vec::new(), grain: reporting_grain(checked, kpi, Some(it)) });
        asks.extend(months);
        for cut in cuts.iter().filter(|it| it.iter().all(|it| checked.lacks(kpi, *it).is_none())) {
            for grain in &grains {
                let ask = Ask { kpi, part: None, cut: cut.clone(), grain: *grain };
                if !asks.contains(&ask) {
                    asks.push(ask);
                }
            }
        }
    }
    asks
}
