//! Comparisons as they may be shown: nothing that a hidden figure could be told from; p-values corrected within the
//! cuts of one KPI (R26).

use super::ResultTable;
use super::series::judged_point;
use crate::calendar::Period;
use crate::check::Checked;
use crate::eval::{Compared, Note, Refused, Status};
use crate::model::KpiId;
use crate::plan::Correction;
use crate::stats::xmr::Judged;
use crate::stats::{benjamini_hochberg, holm};

/// A figure held against another, as it may be shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// The period of the other figure, where it is an earlier one.
    pub period: Option<Period>,
    pub previous: Option<f64>,
    pub change: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Corrected for the other segments that were looked at.
    pub p: Option<f64>,
    /// Of the test by itself.
    pub p_raw: Option<f64>,
    /// The smallest change that the test by itself finds in most cases.
    pub detectable: Option<f64>,
    /// How many tests it is corrected for; 1 for a total.
    pub tests: usize,
    /// Whether the change is more than chance; `None` where nothing can be said.
    pub signal: Option<bool>,
    /// What its own series says of the figure, where no test can: its limits, and the signal by them.
    pub by_series: Option<Judged>,
    pub refused: Option<Refused>,
    pub notes: Vec<Note>,
}

/// What may be shown of a figure and what it is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    All,
    /// The figure without the other.
    Figure,
    Nothing,
}

/// A comparison without what may not be shown.
pub(super) fn comparison(compared: &Compared, is_allowed: bool, is_hidden: bool) -> Comparison {
    if !is_allowed {
        // Of a figure that is hidden itself no more is to be said.
        let notes = if is_hidden { Vec::new() } else { vec![Note::HiddenBeside] };
        return Comparison { period: compared.period, notes, ..Comparison::default() };
    }
    Comparison {
        period: compared.period,
        previous: compared.previous,
        change: compared.change,
        low: compared.low,
        high: compared.high,
        p: compared.p,
        p_raw: compared.p,
        detectable: compared.detectable,
        tests: usize::from(compared.p.is_some()),
        refused: compared.refused.clone(),
        notes: compared.notes.clone(),
        ..Comparison::default()
    }
}

/// Adds what its own series says of a figure that has no test; `is_hidden` tells the periods that are not shown.
pub(super) fn by_series(checked: &Checked, kpi: KpiId, compared: &Compared, is_hidden: impl Fn(Period) -> bool, to: &mut Comparison) {
    // What is not told beside the other figure is not told of the series either.
    let Some(series) = compared.series.as_ref().filter(|_| to.change.is_some()) else { return };
    to.by_series = judged_point(checked, kpi, series, is_hidden);
    match to.by_series {
        Some(it) => to.signal = Some(it.signal.is_some()),
        None => to.notes.push(Note::NoLimits),
    }
}

/// Corrects p-values within the cuts of one KPI, of one comparison in one period; then says what is a signal.
///
/// Only what is shown takes part: a hidden figure moves nothing that others can see.
pub(super) fn correct(checked: &Checked, correction: Correction, tables: &mut [ResultTable]) {
    let mut done: Vec<usize> = Vec::new();
    for at in 0..tables.len() {
        if done.contains(&at) || tables[at].against.is_none() || tables[at].cut.is_empty() {
            continue;
        }
        let (kpi, part, against) = (tables[at].kpi, tables[at].part.clone(), tables[at].against.clone());
        let family: Vec<usize> = (at..tables.len())
            .filter(|it| {
                let other = &tables[*it];
                other.kpi == kpi && other.part == part && other.against == against && !other.cut.is_empty()
            })
            .collect();
        done.extend(&family);
        let mut periods: Vec<Period> = family.iter().flat_map(|it| &tables[*it].rows).map(|it| it.period).collect();
        periods.sort();
        periods.dedup();
        for period in periods {
            let mut places: Vec<(usize, usize)> = Vec::new();
            let mut raw: Vec<f64> = Vec::new();
            for table in &family {
                for (row, it) in tables[*table].rows.iter().enumerate().filter(|it| it.1.period == period) {
                    if let Some(p) = it.compared.as_ref().and_then(|it| it.p_raw) {
                        places.push((*table, row));
                        raw.push(p);
                    }
                }
            }
            let adjusted = match correction {
                Correction::BenjaminiHochberg => benjamini_hochberg(&raw),
                Correction::Holm => holm(&raw),
            };
            for ((table, row), p) in places.into_iter().zip(adjusted) {
                if let Some(it) = &mut tables[table].rows[row].compared {
                    it.p = Some(p);
                    it.tests = raw.len();
                }
            }
        }
    }
    let limit = most_by_chance(checked);
    for row in tables.iter_mut().flat_map(|it| &mut it.rows) {
        let few = row.judged.status == Status::TooFew;
        if let Some(it) = &mut row.compared {
            if let Some(p) = it.p {
                it.signal = Some(p <= limit);
            }
            if few || it.notes.contains(&Note::FewBeside) {
                it.signal = None;
            }
        }
    }
}

/// The largest p of what is more than chance: what the confidence of the project leaves over.
pub(super) fn most_by_chance(checked: &Checked) -> f64 {
    // As a double 1 - 0.95 is a little more than 0.05.
    ((1.0 - checked.model.project.confidence) * 1e12).round() / 1e12
}
