//! Driver models as they may be shown: the minimum base holds for them as for any figure, and what would tell a hidden one
//! is hidden too (R22).

use super::Hidden;
use super::hidden::{Content, Place, hidden_places, known, least_base, put};
use super::named::Named;
use crate::calendar::Period;
use crate::check::Checked;
use crate::engine::KeyValue;
use crate::eval::drivers::{DriverFigure, DriverNote, DriverTable, Estimate, ItemFigure};
use crate::model::{DimensionId, DriversId};
use crate::plan::{Bucket, DriverAsk, Plan};
use std::collections::{BTreeMap, BTreeSet};

/// The driver models of one ask, less what too few people stand behind.
#[derive(Clone, Debug)]
pub struct DriverResult {
    table: DriverTable,
}

impl DriverResult {
    /// What may be shown.
    pub fn table(&self) -> &DriverTable {
        &self.table
    }

    /// One of its models by itself.
    pub fn model(&self, at: usize) -> DriverResult {
        let models = self.table.models.get(at).cloned().into_iter().collect();
        DriverResult { table: DriverTable { models, ask: self.table.ask.clone(), ..self.table } }
    }
}

pub(super) fn publish(checked: &Checked, plan: &Plan, hidden: &Hidden, mut tables: Vec<DriverTable>) -> Vec<DriverResult> {
    let least = |table: &DriverTable| {
        let outcome = checked.model.drivers[table.ask.drivers.index()].outcome.as_ref();
        outcome.map_or(u64::from(checked.model.project.minimum_base), |it| least_base(checked, it.kpi))
    };
    let given_away = given_away(checked, &tables, &least);
    let named = Named::of(checked, &tables, &least);
    for (at, table) in tables.iter_mut().enumerate() {
        let least = least(table);
        let outcome = outcome_of(checked, plan, &table.ask);
        for (place, model) in table.models.iter_mut().enumerate() {
            let (first, last) = model.periods;
            let period = if table.ask.pooled { Period::ALL } else { first };
            let hides = outcome.is_some_and(|it| (table.ask.pooled || first == last) && hidden.hides(it, period, &model.key));
            if hides || given_away.contains(&(at, place)) || named.hides_model(at, place) {
                hide(model);
                continue;
            }
            less(model, least);
            named.take_out(at, place, model);
        }
    }
    tables.into_iter().map(|table| DriverResult { table }).collect()
}

/// The table that tells how many have the outcome of a model.
fn outcome_of(checked: &Checked, plan: &Plan, ask: &DriverAsk) -> Option<usize> {
    plan.place(&ask.outcome(&checked.model)?)
}

/// The models, by their table and place, that are too small, or would tell one that is: by the rows of the model, by
/// those that have the outcome, and by those that have each item. What the values of a cut make together counts as
/// known.
fn given_away(checked: &Checked, tables: &[DriverTable], least: &dyn Fn(&DriverTable) -> u64) -> BTreeSet<(usize, usize)> {
    type Counts<'t> = Box<dyn Fn(&DriverFigure) -> Option<u64> + 't>;
    let mut found = BTreeSet::new();
    let models: BTreeSet<DriversId> = tables.iter().map(|it| it.ask.drivers).collect();
    for drivers in models {
        let own: Vec<(usize, &DriverTable)> = tables.iter().enumerate().filter(|it| it.1.ask.drivers == drivers).collect();
        let Some(least) = own.first().map(|it| least(it.1)) else { continue };
        let items = own.iter().flat_map(|it| &it.1.models).map(|it| it.items.len()).max().unwrap_or(0);
        let mut counts: Vec<Counts<'_>> = vec![Box::new(|it| it.protected_base), Box::new(|it| it.protected_base.map(|_| it.answered))];
        for item in 0..items {
            counts.push(Box::new(move |it| it.protected_base.and_then(|_| Some(it.items.get(item)?.answered))));
        }
        for count in counts {
            found.extend(by_pattern(checked, &own, &count, least));
        }
    }
    found
}

/// The models that are hidden where so many of something are in each.
fn by_pattern(
    checked: &Checked,
    tables: &[(usize, &DriverTable)],
    count: &dyn Fn(&DriverFigure) -> Option<u64>,
    least: u64,
) -> Vec<(usize, usize)> {
    let calendar = &checked.model.project.calendar;
    let mut cells: BTreeMap<Place, Content> = BTreeMap::new();
    let mut add = |place: &Place, n: u64| {
        put(&mut cells, place.clone(), Content::whole(n, n));
    };
    let mut models: Vec<(Place, (usize, usize))> = Vec::new();
    let mut unsafe_tables: BTreeSet<(usize, (i32, i32))> = BTreeSet::new();
    for (at, table) in tables {
        let mut wholes: BTreeMap<(i32, i32), u64> = BTreeMap::new();
        let apart = lies_apart(checked, table, tables);
        for (place, model) in table.models.iter().enumerate() {
            let Some(n) = count(model).filter(|it| *it > 0) else { continue };
            let mut own: Vec<(DimensionId, KeyValue)> = table.ask.cut.iter().copied().zip(model.key.iter().cloned()).collect();
            own.sort_unstable();
            let days = (model.periods.0.start(calendar).days(), model.periods.1.end(calendar).days());
            *wholes.entry(days).or_default() += n;
            if apart && n < least {
                unsafe_tables.insert((*at, days));
            }
            let own = Place { at: own, days };
            add(&own, n);
            models.push((own, (*at, place)));
        }
        wholes.iter().for_each(|(days, n)| add(&Place { at: Vec::new(), days: *days }, *n));
    }
    let hidden = hidden_places(&known(checked), &cells, least, &|_| Vec::new());
    let is_hidden = |(place, model): &(Place, (usize, usize))| hidden.contains(place) || unsafe_tables.contains(&(model.0, place.days));
    models.iter().filter(|it| is_hidden(it)).map(|it| it.1).collect()
}

/// Whether a table is cut by what lies within the cut of another, and no table tells which of its values lies where: the
/// values of the one are then parts of the other's that only a reader can tell.
fn lies_apart(checked: &Checked, table: &DriverTable, tables: &[(usize, &DriverTable)]) -> bool {
    let mut above = Vec::new();
    for dimension in &table.ask.cut {
        let mut next = checked.model.dimensions[dimension.index()].within;
        while let Some(parent) = next.filter(|it| !above.contains(it)) {
            above.push(parent);
            next = checked.model.dimensions[parent.index()].within;
        }
    }
    above.retain(|it| !table.ask.cut.contains(it));
    tables.iter().any(|it| it.1.ask.cut.iter().any(|it| above.contains(it)))
}

/// What else is left out of a model that is told.
fn less(model: &mut DriverFigure, least: u64) {
    for item in &mut model.items {
        // What all and those in the model say would tell what the few others do.
        let others = item.answered.saturating_sub(model.n);
        item.performance_in_model = item.performance_in_model.filter(|_| model.protected_base.is_none() || others == 0 || others >= least);
    }
    let small = |it: &Option<u64>| it.is_some_and(|it| it > 0 && it < least);
    if model.reasons.iter().any(|it| small(&it.protected_base)) {
        // What one part hides, the others and the whole would tell.
        model.reasons.retain(|it| it.bucket == Bucket::All);
        model.notes.push(DriverNote::PartsHidden);
        model.notes.sort();
    }
    if model.risk.is_some_and(|it| small(&it.protected_base)) {
        model.risk = None;
    }
}

fn hide(model: &mut DriverFigure) {
    model.n = 0;
    model.protected_base = None;
    model.n_effective = None;
    model.answered = 0;
    model.r2 = Estimate::default();
    model.constant = None;
    model.items.iter_mut().for_each(|it| *it = ItemFigure { column: it.column, ..ItemFigure::default() });
    model.teams.clear();
    model.loss.clear();
    model.reasons.clear();
    model.score = Estimate::default();
    model.risk = None;
    model.cross = None;
    model.notes = vec![DriverNote::Hidden];
}
