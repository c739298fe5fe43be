//! Is a figure a signal, by its own series? The one place that says so: evaluation, reports and actions ask here, so that
//! a figure has one truth wherever it is told. From what may be shown: a hidden point is a gap.

use super::ResultTable;
use crate::calendar::Period;
use crate::check::Checked;
use crate::eval::{Note, Points, UpTo};
use crate::model::{KpiId, breaks};
use crate::stats::xmr::{self, Judged, Signal};

/// Judges every point of a series of a KPI, or of a part of one, by limits that are locked since the last declared change;
/// `points` are all periods from the first with data on, none left out. None where windows overlap: neighbours then share
/// rows, and no limits hold.
pub fn judged(checked: &Checked, kpi: KpiId, points: &[(Period, Option<f64>)]) -> Vec<Option<Judged>> {
    if checked.is_windowed(kpi) {
        return vec![None; points.len()];
    }
    let (values, changes) = prepared(checked, kpi, points);
    xmr::judged(&values, &changes)
}

/// The signals of a series since the period at a place, by the limits of the points just before it.
pub(super) fn signals_since(checked: &Checked, kpi: KpiId, points: &[(Period, Option<f64>)], since: usize) -> Option<Vec<Signal>> {
    if checked.is_windowed(kpi) {
        return None;
    }
    let (values, changes) = prepared(checked, kpi, points);
    xmr::signals_since(&values, &changes, since)
}

/// Judges one point of a series that an evaluation gave, of an ask and a key.
pub(super) fn judged_point(checked: &Checked, kpi: KpiId, series: &UpTo, is_hidden: impl Fn(Period) -> bool) -> Option<Judged> {
    let until = series.points.get(..=series.place)?;
    let shown: Points = until.iter().map(|it| (it.0, it.1.filter(|_| !is_hidden(it.0)))).collect();
    let (values, changes) = prepared(checked, kpi, &shown);
    xmr::judged_at_end(&values, &changes)
}

/// The points of a table of the whole, from its first value to a period: those that are not whole have no value.
pub fn points(table: &ResultTable, last: Period) -> Points {
    let Some(first) = table.rows.iter().find(|it| it.value.is_some()).map(|it| it.period) else { return Points::new() };
    let is_whole = |notes: &[Note]| !notes.iter().any(|it| matches!(it, Note::Unfinished | Note::BeginsLate));
    let mut rows = table.rows.iter().peekable();
    let value = |period: Period| {
        while rows.next_if(|it| it.period < period).is_some() {}
        rows.next_if(|it| it.period == period).filter(|it| is_whole(&it.notes)).and_then(|it| it.value)
    };
    let periods: Vec<Period> = first.up_to(last).collect();
    let values: Vec<Option<f64>> = periods.iter().copied().map(value).collect();
    periods.into_iter().zip(values).collect()
}

/// The values that are judged, and the places of the first after each change. A period in which the definition changed is of
/// both, and so of neither.
fn prepared(checked: &Checked, kpi: KpiId, points: &[(Period, Option<f64>)]) -> (Vec<Option<f64>>, Vec<usize>) {
    let calendar = &checked.model.project.calendar;
    let breaks = breaks(&checked.model, kpi);
    let is_mixed = |it: Period| breaks.iter().any(|(_, on, _)| it.start(calendar) < *on && *on < it.end(calendar));
    let values = points.iter().map(|it| it.1.filter(|_| !is_mixed(it.0))).collect();
    let after = |on| points.iter().position(|it| it.0.start(calendar) >= on);
    (values, breaks.iter().filter_map(|it| after(it.1)).collect())
}
