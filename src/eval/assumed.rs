//! What do assumptions say of a figure: at what is assumed, and at the ends? (R23)

use super::Note;
use crate::check::Checked;
use crate::engine::KeyValue;
use crate::model::{AssumptionId, DimensionId, KpiId};

/// The assumptions of a KPI that have ends somewhere: its figures are computed at each of them.
pub(super) fn ranged(checked: &Checked, kpi: KpiId) -> Vec<AssumptionId> {
    let all = checked.assumptions_of(kpi).iter().copied();
    all.filter(|it| checked.model.assumptions[it.index()].estimates().any(|it| it.ends.is_some())).collect()
}

/// What is assumed: for `fixed`, else for what the figure is cut by; at the low or high end where `high` says which.
pub(super) fn value(
    checked: &Checked,
    cut: &[DimensionId],
    key: &[KeyValue],
    id: AssumptionId,
    fixed: Option<&str>,
    high: Option<bool>,
) -> Result<f64, Note> {
    let assumption = &checked.model.assumptions[id.index()];
    let of_cut = || {
        let (by, _) = assumption.by.as_ref()?;
        let place = cut.iter().position(|it| it == by)?;
        match key.get(place)? {
            KeyValue::Value(text) => Some(&**text),
            KeyValue::Blank => Some(""),
        }
    };
    let of = fixed.or_else(of_cut);
    if assumption.by.is_some() && of.is_none() {
        return Err(Note::NeedsCut);
    }
    let estimate = assumption.estimate(of).ok_or(Note::NotAssumed)?;
    Ok(match (high, estimate.ends) {
        (Some(true), Some((_, end))) | (Some(false), Some((end, _))) => end,
        _ => estimate.base,
    })
}
