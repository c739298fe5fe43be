//! Which reasons are told with what those who name them answered (R22): few of them, or few others, are not to be told
//! apart. How many name a reason is told of all.
//!
//! A reason is one more dimension of the answers that a model is made over: those of one model are parts of all who name a
//! reason, and one reason's of several models, by cut and by period, are parts of one another as their models are.

use super::hidden::{Content, Place, hidden_answers, known, put};
use crate::check::Checked;
use crate::engine::KeyValue;
use crate::eval::drivers::{DriverFigure, DriverNote, DriverTable, Estimate, ReasonScore};
use crate::model::{DimensionId, DriversId};
use crate::plan::Bucket;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is not told of those who name a reason, by the place of a table and of a model in it.
#[derive(Default)]
pub(super) struct Named {
    reasons: BTreeMap<(usize, usize), BTreeSet<Arc<str>>>,
    models: BTreeSet<(usize, usize)>,
}

impl Named {
    /// Finds it, of models as they were made.
    pub fn of(checked: &Checked, tables: &[DriverTable], least: &dyn Fn(&DriverTable) -> u64) -> Named {
        let mut found = Named::default();
        let models: BTreeSet<DriversId> = tables.iter().map(|it| it.ask.drivers).collect();
        for drivers in models {
            let own = tables.iter().enumerate().filter(|it| it.1.ask.drivers == drivers);
            let Some(least) = own.clone().next().map(|it| least(it.1)) else { continue };
            let naming = Naming::of(checked, own);
            let few = naming.few(least);
            if few.is_empty() {
                continue;
            }
            let hidden = hidden_answers(&known(checked), &naming.cells, &naming.with_company(few.clone(), least), &few);
            for it in naming.reasons.iter().filter(|it| hidden.contains(&it.place)) {
                found.reasons.entry(it.model).or_default().insert(it.reason.clone());
            }
            found.models.extend(naming.models.iter().filter(|it| hidden.contains(&it.1)).map(|it| it.0));
        }
        found
    }

    /// Whether the score of a whole model is what a few answered.
    pub fn hides_model(&self, table: usize, model: usize) -> bool {
        self.models.contains(&(table, model))
    }

    /// Takes out of a model what is not told.
    pub fn take_out(&self, table: usize, place: usize, model: &mut DriverFigure) {
        let Some(hidden) = self.reasons.get(&(table, place)) else { return };
        for bucket in &mut model.reasons {
            if bucket.bucket != Bucket::All {
                bucket.reasons.retain(|it| !hidden.contains(&it.reason));
                continue;
            }
            for reason in bucket.reasons.iter_mut().filter(|it| hidden.contains(&it.reason)) {
                reason.difference = Estimate::default();
                reason.score = ReasonScore::default();
            }
        }
        model.notes.push(DriverNote::ReasonsHidden);
        model.notes.sort();
    }
}

/// Those who name a reason in a model.
struct Reason {
    model: (usize, usize),
    reason: Arc<str>,
    place: Place,
    /// Where its model is, and it itself in all models of that cut and period.
    within: [Place; 2],
    persons: u64,
    /// How many name others only; none where nobody does.
    others: Option<u64>,
}

/// The reasons of one driver model, over cuts and periods.
#[derive(Default)]
struct Naming {
    cells: BTreeMap<Place, Content>,
    reasons: Vec<Reason>,
    models: Vec<((usize, usize), Place)>,
}

impl Naming {
    fn of<'t>(checked: &Checked, tables: impl Iterator<Item = (usize, &'t DriverTable)>) -> Naming {
        let calendar = &checked.model.project.calendar;
        let dimension = DimensionId(checked.model.dimensions.len() as u32);
        let mut found = Naming::default();
        for (at, table) in tables {
            for (place, model) in table.models.iter().enumerate() {
                // Without persons behind it there is nothing to protect.
                let all = model.reasons.iter().find(|it| it.bucket == Bucket::All).filter(|_| model.protected_base.is_some());
                let Some(all) = all else { continue };
                let days = (model.periods.0.start(calendar).days(), model.periods.1.end(calendar).days());
                let mut cut: Vec<(DimensionId, KeyValue)> = table.ask.cut.iter().copied().zip(model.key.iter().cloned()).collect();
                cut.sort_unstable();
                let whole = Place { at: cut.clone(), days };
                put(&mut found.cells, whole.clone(), Content::whole(all.n, all.n));
                found.models.push(((at, place), whole.clone()));
                for reason in &all.reasons {
                    let named = (dimension, KeyValue::Value(reason.reason.clone()));
                    // All values of the cut make one column, whatever they are.
                    let column = cut.iter().map(|it| (it.0, KeyValue::Blank)).chain([named.clone()]).collect();
                    let own = Place { at: cut.iter().cloned().chain([named]).collect(), days };
                    put(&mut found.cells, own.clone(), Content::whole(reason.named, reason.named));
                    let persons = reason.protected_base.unwrap_or(reason.named);
                    // Who does not name it: at most so many rows, and of persons at least so many.
                    let rows = all.n.saturating_sub(reason.named);
                    let apart = all.protected_base.unwrap_or(all.n).saturating_sub(persons);
                    found.reasons.push(Reason {
                        model: (at, place),
                        reason: reason.reason.clone(),
                        place: own,
                        within: [whole.clone(), Place { at: column, days }],
                        persons,
                        others: (rows > 0).then(|| rows.min(apart)),
                    });
                }
            }
        }
        found
    }

    /// What few name, or all but a few.
    fn few(&self, least: u64) -> BTreeSet<Place> {
        let is_few = |it: &&Reason| (it.persons > 0 && it.persons < least) || it.others.is_some_and(|it| it < least);
        self.reasons.iter().filter(is_few).map(|it| it.place.clone()).collect()
    }

    /// What is hidden, and so much beside it that those of one model, and those of one reason over the values of a cut, are
    /// enough together: the next smallest.
    fn with_company(&self, mut hidden: BTreeSet<Place>, least: u64) -> BTreeSet<Place> {
        let mut together: BTreeMap<&Place, Vec<&Reason>> = BTreeMap::new();
        for it in &self.reasons {
            it.within.iter().for_each(|of| together.entry(of).or_default().push(it));
        }
        together.values_mut().for_each(|it| it.sort_by_key(|it| (it.persons, it.reason.clone(), it.place.clone())));
        loop {
            let before = hidden.len();
            for among in together.values().filter(|it| it.len() > 1) {
                let own: Vec<u64> = among.iter().filter(|it| hidden.contains(&it.place)).map(|it| it.persons).collect();
                let total: u64 = own.iter().sum();
                if total > 0
                    && (total < least || own.len() == 1)
                    && let Some(next) = among.iter().find(|it| !hidden.contains(&it.place))
                {
                    hidden.insert(next.place.clone());
                }
            }
            if hidden.len() == before {
                return hidden;
            }
        }
    }
}
