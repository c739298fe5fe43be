//! What an index is worth: how much of it is its weights, and whether internal figures go with it. From what may be shown.

use super::{ResultRow, ResultTable, Results};
use crate::calendar::{Grain, Period};
use crate::engine::KeyValue;
use crate::eval::{Note, Status};
use crate::insight::IndexQuestion;
use crate::insight::evidence::aligned;
use crate::model::{KpiId, break_between, breaks};
use crate::plan::Ask;
use crate::stats::lag::{FEWEST_PERIODS, changes, lagged_changes, shared};
use crate::stats::{benjamini_hochberg, satisfaction};
use std::collections::BTreeMap;
use std::sync::Arc;

/// By how many points of a hundred a weight is moved.
const STEP: f64 = 10.0;

/// What an index is worth.
#[derive(Clone, Debug)]
pub struct IndexResult {
    pub kpi: KpiId,
    /// The last period that is over and has a figure.
    pub period: Period,
    pub value: Option<f64>,
    pub status: Status,
    pub parts: Vec<IndexPart>,
    /// Other weights, and what they make of it; none where a part has no value in that period.
    pub scenarios: Vec<Scenario>,
    /// The segments, or the periods, in the order of their values.
    pub units: Vec<RankedUnit>,
    /// How many of those are left out, since they are of another definition than that of the period.
    pub other_definition: usize,
    /// Internal figures beside it, the surest first.
    pub relations: Vec<Relation>,
    /// Internal figures with too few periods: how many both have.
    pub untested: Vec<(KpiId, usize)>,
    /// How many tests p is corrected for.
    pub tests: usize,
    pub grain: Option<Grain>,
}

/// A part of an index in that period.
#[derive(Clone, Debug)]
pub struct IndexPart {
    pub name: String,
    /// In percent of all.
    pub weight: f64,
    pub value: Option<f64>,
}

/// Other weights than those that are written.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub kind: ScenarioKind,
    /// In percent, in the order of the parts.
    pub weights: Vec<f64>,
    pub value: f64,
    /// The value less that by the weights that are written.
    pub change: f64,
    pub satisfaction: Option<f64>,
    pub status: Status,
    /// How many units have another rank, and the furthest that one moves.
    pub moved: usize,
    pub furthest: usize,
}

/// How weights differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScenarioKind {
    Equal,
    /// That part's weight ten points up, the others in proportion.
    More(usize),
    Less(usize),
    /// Without that part.
    Without(usize),
}

/// A segment, or a period, among others.
#[derive(Clone, Debug)]
pub struct RankedUnit {
    pub period: Period,
    pub key: Arc<[KeyValue]>,
    pub value: f64,
    /// 1 is the highest; equal values share the better rank.
    pub rank: usize,
    /// The best and worst that it has by any of the weights.
    pub best: usize,
    pub worst: usize,
}

/// An internal figure beside the index.
#[derive(Clone, Copy, Debug)]
pub struct Relation {
    pub kpi: KpiId,
    /// By how many periods its changes follow those of the index: the lag with the smallest p.
    pub lag: usize,
    pub r: f64,
    pub n: usize,
    pub n_effective: f64,
    pub p: f64,
    /// Corrected for all figures and lags that were tried.
    pub adjusted: f64,
    pub signal: bool,
}

impl IndexResult {
    /// The lowest and highest value by any of the weights.
    pub fn range(&self) -> Option<(f64, f64)> {
        let values = || self.scenarios.iter().map(|it| it.value).chain(self.value);
        Some((values().reduce(f64::min)?, values().reduce(f64::max)?))
    }

    /// The parts without a value in a period in which the index has one: other weights then say nothing of it, and it has no
    /// rank among periods.
    pub fn lacking(&self) -> Vec<&str> {
        let lacking = self.parts.iter().filter(|it| it.value.is_none() && self.value.is_some());
        lacking.map(|it| it.name.as_str()).collect()
    }

    /// The other weights, each once: of two parts that weigh the same, more of the one is less of the other.
    pub fn cases(&self) -> Vec<&Scenario> {
        let mut cases: Vec<&Scenario> = Vec::new();
        for it in &self.scenarios {
            if !cases.iter().any(|known| same(&known.weights, &it.weights)) {
                cases.push(it);
            }
        }
        cases
    }

    /// Whether its parts weigh the same, as it is written.
    pub fn is_alike(&self) -> bool {
        self.parts.iter().all(|it| (it.weight - self.parts[0].weight).abs() < EXACT)
    }

    /// How many of the other weights leave its status as it is; none where it has none, as without norms.
    pub fn same_status(&self) -> Option<usize> {
        let is_judged = matches!(self.status, Status::OnTarget | Status::Watch | Status::Act);
        is_judged.then(|| self.cases().iter().filter(|it| it.status == self.status).count())
    }
}

/// What an index is worth; `results` hold what it needs.
///
/// # Errors
/// Why it cannot be told, in a sentence.
pub fn index(question: &IndexQuestion, results: &Results) -> Result<IndexResult, String> {
    let checked = &question.checked;
    let name = &checked.model.kpis[question.kpi.index()].name;
    let Some(whole) = table(results, &question.whole) else { return Err(format!("`{name}` has no figures")) };
    let last = match question.period {
        None => whole.last_over().ok_or_else(|| format!("`{name}` has no figures"))?,
        Some(at) => whole.rows.iter().find(|it| it.period == at).ok_or_else(|| format!("`{name}` has no figure in {at}"))?,
    };
    let weights: Vec<f64> = question.parts.iter().map(|it| it.weight).collect();
    let own = values_of(question, results, &question.whole, last.period, &last.key);
    let parts = question.parts.iter().zip(&own);
    let parts = parts.map(|(it, value)| IndexPart { name: it.name.clone(), weight: it.weight, value: *value }).collect();
    let mut units = units(question, results, whole, last.period);
    // Figures of two definitions have no common rank.
    let (model, calendar) = (&checked.model, &checked.model.project.calendar);
    let one_definition = |period: Period| {
        let (from, until) = (period.min(last.period).start(calendar), period.max(last.period).end(calendar));
        break_between(model, question.kpi, from, until).is_none()
    };
    let all = units.len();
    units.retain(|it| one_definition(it.0.period) && !it.0.notes.contains(&Note::TwoDefinitions));
    let other_definition = all - units.len();
    let ranks = |weights: &[f64]| ranked(&units.iter().map(|it| weighted(&it.1, weights)).collect::<Vec<_>>());
    let first = ranks(&weights);
    let mut spread: Vec<(usize, usize)> = first.iter().map(|it| (*it, *it)).collect();
    let known: Option<Vec<f64>> = own.iter().copied().collect();
    let mut scenarios = Vec::new();
    for (kind, weights) in others(&weights) {
        let found = ranks(&weights);
        found.iter().zip(&mut spread).for_each(|(it, ends)| *ends = (ends.0.min(*it), ends.1.max(*it)));
        let away: Vec<usize> = found.iter().zip(&first).map(|(a, b)| a.abs_diff(*b)).collect();
        let (Some(known), Some(value)) = (&known, last.value) else { continue };
        let other = weighted(known, &weights);
        let judged = &last.judged;
        let norms = (judged.worst, judged.threshold, judged.target);
        let far =
            if let (Some(worst), Some(threshold), Some(target)) = norms { satisfaction(other, worst, threshold, target) } else { None };
        let far = far.filter(|_| judged.satisfaction.is_some());
        scenarios.push(Scenario {
            kind,
            weights,
            value: other,
            change: other - value,
            satisfaction: far,
            status: far.map_or(judged.status, Status::of),
            moved: away.iter().filter(|it| **it > 0).count(),
            furthest: away.into_iter().max().unwrap_or(0),
        });
    }
    let mut units: Vec<RankedUnit> = units
        .into_iter()
        .zip(first)
        .zip(spread)
        .map(|(((row, values), rank), (best, worst))| RankedUnit {
            period: row.period,
            key: row.key.clone(),
            value: weighted(&values, &weights),
            rank,
            best,
            worst,
        })
        .collect();
    units.sort_by_key(|it| it.rank);
    let (relations, untested, tests) = relations(question, results);
    let grain = question.series.as_ref().map(|it| it.grain);
    let (period, value, status) = (last.period, last.value, last.judged.status);
    Ok(IndexResult {
        kpi: question.kpi,
        period,
        value,
        status,
        parts,
        scenarios,
        units,
        other_definition,
        relations,
        untested,
        tests,
        grain,
    })
}

fn table<'r>(results: &'r Results, of: &Ask) -> Option<&'r ResultTable> {
    results.table(of.kpi, of.part.as_ref(), &of.cut, of.grain)
}

/// The values of the parts for a period and key.
fn values_of(question: &IndexQuestion, results: &Results, whole: &Ask, period: Period, key: &[KeyValue]) -> Vec<Option<f64>> {
    let value = |ask: Ask| table(results, &ask)?.rows.iter().find(|it| it.period == period && *it.key == *key)?.value;
    question.parts.iter().map(|it| value(Ask { kpi: it.kpi, part: it.part.clone(), ..whole.clone() })).collect()
}

/// What is ranked: the segments of the period, or without a cut the periods; only what has a value in all parts.
fn units<'r>(question: &IndexQuestion, results: &'r Results, whole: &'r ResultTable, period: Period) -> Vec<(&'r ResultRow, Vec<f64>)> {
    let ask = Ask { cut: question.cut.clone(), ..question.whole.clone() };
    let rows: Vec<&ResultRow> = if question.cut.is_empty() {
        whole.rows.iter().filter(|it| !it.notes.contains(&Note::Unfinished)).collect()
    } else {
        table(results, &ask).map(|it| it.rows.iter().filter(|it| it.period == period).collect()).unwrap_or_default()
    };
    let with_value = rows.into_iter().filter(|it| it.value.is_some());
    let full = with_value.filter_map(|row| {
        let values: Option<Vec<f64>> = values_of(question, results, &ask, row.period, &row.key).into_iter().collect();
        Some((row, values?))
    });
    full.collect()
}

fn weighted(values: &[f64], weights: &[f64]) -> f64 {
    let total: f64 = weights.iter().sum();
    values.iter().zip(weights).map(|(value, weight)| value * weight).sum::<f64>() / total
}

/// The rank of each value, 1 the highest; what differs by rounding alone is equal.
fn ranked(values: &[f64]) -> Vec<usize> {
    let higher = |than: f64| values.iter().filter(|it| **it > than + 1e-9 * than.abs().max(1.0)).count();
    values.iter().map(|it| higher(*it) + 1).collect()
}

/// Weights that differ by less are the same but for rounding.
const EXACT: f64 = 1e-9;

fn same(one: &[f64], other: &[f64]) -> bool {
    one.iter().zip(other).all(|(a, b)| (a - b).abs() < EXACT)
}

/// Other weights than those that are written: equal ones; each ten points up and down, the others in proportion; each part left out.
fn others(weights: &[f64]) -> Vec<(ScenarioKind, Vec<f64>)> {
    let n = weights.len();
    if n < 2 {
        return Vec::new();
    }
    let mut all = vec![(ScenarioKind::Equal, vec![100.0 / n as f64; n])];
    let with = |part: usize, weight: f64| {
        let rest = 100.0 - weights[part];
        let other = |at: usize| if rest > 0.0 { weights[at] * (100.0 - weight) / rest } else { (100.0 - weight) / (n - 1) as f64 };
        (0..n).map(|at| if at == part { weight } else { other(at) }).collect::<Vec<f64>>()
    };
    for (part, weight) in weights.iter().enumerate() {
        all.push((ScenarioKind::More(part), with(part, (weight + STEP).min(100.0))));
        all.push((ScenarioKind::Less(part), with(part, (weight - STEP).max(0.0))));
    }
    all.extend((0..n).map(|part| (ScenarioKind::Without(part), with(part, 0.0))));
    all.retain(|it| !same(&it.1, weights));
    all
}

/// The correlations of the changes of the index with those of internal figures, at each lag; p corrected for all of them.
fn relations(question: &IndexQuestion, results: &Results) -> (Vec<Relation>, Vec<(KpiId, usize)>, usize) {
    let Some(own) = &question.series else { return (Vec::new(), Vec::new(), 0) };
    let mut untested = Vec::new();
    let mut tried: Vec<(KpiId, crate::stats::lag::Lagged)> = Vec::new();
    for it in &question.beside {
        let (periods, [first, second]) = aligned(&question.checked, &values(results, own), &values(results, it));
        let shared = shared(&first, &second);
        if shared < FEWEST_PERIODS.max(question.lags + 10) {
            untested.push((it.kpi, shared));
            continue;
        }
        let found = lagged_changes(&moves(question, own, &periods, &first), &moves(question, it, &periods, &second), question.lags);
        if found.is_empty() {
            untested.push((it.kpi, shared));
        }
        tried.extend(found.into_iter().map(|found| (it.kpi, found)));
    }
    let adjusted = benjamini_hochberg(&tried.iter().map(|it| it.1.p).collect::<Vec<_>>());
    let limit = 1.0 - question.checked.model.project.confidence;
    let all = tried.iter().zip(adjusted).map(|((kpi, it), adjusted)| Relation {
        kpi: *kpi,
        lag: it.lag,
        r: it.r,
        n: it.n,
        n_effective: it.n_effective,
        p: it.p,
        adjusted,
        signal: adjusted < limit,
    });
    let mut surest: Vec<Relation> = Vec::new();
    for it in all {
        match surest.iter_mut().find(|known| known.kpi == it.kpi) {
            Some(known) if it.p < known.p => *known = it,
            Some(_) => {}
            None => surest.push(it),
        }
    }
    surest.sort_by(|a, b| a.p.total_cmp(&b.p));
    (surest, untested, tried.len())
}

/// The values of an ask; unfinished periods have none.
fn values(results: &Results, of: &Ask) -> BTreeMap<Period, f64> {
    let rows = table(results, of).map_or(&[][..], |it| it.rows.as_slice());
    let finished = rows.iter().filter(|it| !it.notes.contains(&Note::Unfinished));
    finished.filter_map(|it| Some((it.period, it.value?))).collect()
}

/// The changes of a series; none where what is measured changed in between.
fn moves(question: &IndexQuestion, of: &Ask, periods: &[Period], series: &[Option<f64>]) -> Vec<Option<f64>> {
    let checked = &question.checked;
    let calendar = &checked.model.project.calendar;
    let days: Vec<_> = breaks(&checked.model, of.kpi).into_iter().map(|it| it.1).collect();
    let mut found = changes(series);
    for (at, it) in found.iter_mut().enumerate() {
        let (from, until) = (periods[at].start(calendar), periods[at + 1].end(calendar));
        if days.iter().any(|on| *on > from && *on < until) {
            *it = None;
        }
    }
    found
}
