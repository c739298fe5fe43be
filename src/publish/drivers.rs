//! Driver models as they may be shown: the minimum base holds for them as for any figure (R22).

use crate::check::Checked;
use crate::eval::drivers::{DriverFigure, DriverNote, DriverTable, Estimate, ItemFigure, ReasonScore};
use crate::plan::Bucket;
use std::collections::BTreeSet;
use std::sync::Arc;

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
}

pub(super) fn publish(checked: &Checked, mut table: DriverTable) -> DriverResult {
    let outcome = checked.model.drivers[table.ask.drivers.index()].outcome.as_ref();
    let least = outcome.map_or(u64::from(checked.model.project.minimum_base), |it| super::hidden::least(checked, it.kpi));
    let mut at = 0;
    while at < table.models.len() {
        let periods = table.models[at].periods;
        let end = table.models[at..].iter().position(|it| it.periods != periods).map_or(table.models.len(), |it| at + it);
        period(&mut table.models[at..end], least);
        at = end;
    }
    DriverResult { table }
}

/// The models of one period, by the values of their cut. One that is hidden alone is what the others leave of the whole:
/// then the smallest of the others is hidden with it.
fn period(models: &mut [DriverFigure], least: u64) {
    let is_small = |it: &DriverFigure| it.protected_base.is_some_and(|it| it > 0 && it < least);
    let hidden: u64 = models.iter().filter(|it| is_small(it)).filter_map(|it| it.protected_base).sum();
    let mut second = None;
    if hidden > 0 && hidden < least && models.len() > 1 {
        let shown = models.iter().enumerate().filter(|it| !is_small(it.1) && it.1.n > 0);
        second = shown.min_by_key(|it| (it.1.protected_base, it.0)).map(|it| it.0);
    }
    for (at, model) in models.iter_mut().enumerate() {
        if is_small(model) || second == Some(at) {
            hide(model);
            continue;
        }
        for item in &mut model.items {
            // What all and those in the model say would tell what the few others do.
            let others = item.answered.saturating_sub(model.n);
            item.performance_in_model =
                item.performance_in_model.filter(|_| model.protected_base.is_none() || others == 0 || others >= least);
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
    reasons(models, least);
}

/// The persons who name a reason in a model.
struct Naming {
    model: usize,
    reason: Arc<str>,
    persons: u64,
}

/// What is told of those who name a reason is told of people: few of them, or few others, are not to be told apart.
///
/// Reasons of one answer each leave the last one as what the others do not name, and values of a cut the last as what
/// the others leave of the whole: so a reason that is hidden alone takes the next smallest with it, both ways.
fn reasons(models: &mut [DriverFigure], least: u64) {
    let mut hidden: BTreeSet<(usize, Arc<str>)> = BTreeSet::new();
    let mut named: Vec<Naming> = Vec::new();
    for (at, model) in models.iter().enumerate().filter(|it| it.1.protected_base.is_some()) {
        let Some(all) = model.reasons.iter().find(|it| it.bucket == Bucket::All) else { continue };
        for reason in &all.reasons {
            let few = |it: u64| it > 0 && it < least;
            let persons = reason.protected_base.unwrap_or(reason.named);
            // Who does not name it: at most so many rows, and of persons at least so many.
            let others = all.n.saturating_sub(reason.named);
            let apart = all.protected_base.unwrap_or(all.n).saturating_sub(persons);
            if few(persons) || (others > 0 && others.min(apart) < least) {
                hidden.insert((at, reason.reason.clone()));
            }
            named.push(Naming { model: at, reason: reason.reason.clone(), persons });
        }
    }
    if hidden.is_empty() {
        return;
    }
    loop {
        let before = hidden.len();
        let mut complete = |same: &dyn Fn(&Naming) -> bool| {
            let among: Vec<&Naming> = named.iter().filter(|it| same(it)).collect();
            let is_hidden = |it: &&&Naming| hidden.contains(&(it.model, it.reason.clone()));
            let total: u64 = among.iter().filter(is_hidden).map(|it| it.persons).sum();
            let alone = total < least || among.iter().filter(is_hidden).count() == 1;
            if total > 0
                && alone
                && let Some(next) = among.iter().filter(|it| !is_hidden(it)).min_by_key(|it| (it.persons, &it.reason))
            {
                hidden.insert((next.model, next.reason.clone()));
            }
        };
        for at in 0..models.len() {
            complete(&|it| it.model == at);
        }
        let mut names: Vec<&Arc<str>> = named.iter().map(|it| &it.reason).collect();
        names.sort();
        names.dedup();
        for name in names {
            complete(&|it| it.reason == *name && models.len() > 1);
        }
        if hidden.len() == before {
            break;
        }
    }
    for (at, model) in models.iter_mut().enumerate() {
        let is_hidden = |reason: &Arc<str>| hidden.contains(&(at, reason.clone()));
        let mut any = false;
        for bucket in &mut model.reasons {
            if bucket.bucket != Bucket::All {
                bucket.reasons.retain(|it| !is_hidden(&it.reason));
                continue;
            }
            for reason in bucket.reasons.iter_mut().filter(|it| is_hidden(&it.reason)) {
                any = true;
                reason.difference = Estimate::default();
                reason.score = ReasonScore::default();
            }
        }
        if any {
            model.notes.push(DriverNote::ReasonsHidden);
            model.notes.sort();
        }
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
