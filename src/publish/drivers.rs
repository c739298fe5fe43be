//! Driver models as they may be shown: the minimum base holds for them as for any figure (R22).

use crate::check::Checked;
use crate::eval::drivers::{DriverFigure, DriverNote, DriverTable, Estimate, ItemFigure, ReasonFigure};
use crate::plan::Bucket;

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
        if model.protected_base.is_some() {
            for bucket in &mut model.reasons {
                let few = |it: u64| it > 0 && it < least;
                // A mean of a few is theirs.
                let one_sided = |it: &ReasonFigure| few(it.named) || few(bucket.n - it.named.min(bucket.n));
                bucket.reasons.iter_mut().filter(|it| one_sided(it)).for_each(|it| it.difference = Estimate::default());
            }
        }
        let small = |it: &Option<u64>| it.is_some_and(|it| it > 0 && it < least);
        if model.reasons.iter().any(|it| small(&it.protected_base)) {
            // What one part hides, the others and the whole would tell.
            model.reasons.retain(|it| it.bucket == Bucket::All);
            model.notes.push(DriverNote::PartsHidden);
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
    model.items.iter_mut().for_each(|it| *it = ItemFigure { column: it.column, ..ItemFigure::default() });
    model.teams.clear();
    model.loss.clear();
    model.reasons.clear();
    model.cross = None;
    model.notes = vec![DriverNote::Hidden];
}
