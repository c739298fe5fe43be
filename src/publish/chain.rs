//! The chain from what is measured to what it is worth, from what may be shown.

use super::{ResultRow, Results};
use crate::calendar::Period;
use crate::engine::KeyValue;
use crate::eval::Note;
use crate::insight::{ChainKind, ChainLink, Chained};
use crate::model::KpiId;
use std::sync::Arc;

/// A chain in a period: what is computed first, first; the KPI itself last, and perhaps its total.
#[derive(Clone, Debug)]
pub struct Chain {
    pub kpi: KpiId,
    /// The last period that is over and has a figure.
    pub period: Period,
    pub steps: Vec<ChainStep>,
}

/// A step of a chain.
#[derive(Clone, Debug)]
pub struct ChainStep {
    /// What it is, how it is named and computed, in which unit, and what it is told by.
    pub link: ChainLink,
    /// One of the whole, or one for each value that it is told by.
    pub rows: Vec<ChainRow>,
}

/// A figure of a step.
#[derive(Clone, Debug, Default)]
pub struct ChainRow {
    pub key: Vec<KeyValue>,
    pub value: Option<f64>,
    /// Between which ends it lies: of an assumption its own; of a figure all that it may be for the assumptions that it rests
    /// on and for chance, as `eval` gives it.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// The ends for the assumptions alone, where it rests on any.
    pub range: Option<(f64, f64)>,
    pub n: Option<u64>,
    pub notes: Vec<Note>,
}

/// What one point of a score comes to, in a chain of products.
#[derive(Clone, Copy, Debug)]
pub struct WorthOfOne<'c> {
    /// The score.
    pub of: &'c ChainStep,
    pub value: f64,
    /// The ends for the assumptions alone.
    pub range: Option<(f64, f64)>,
}

impl Chain {
    /// What it comes to: the KPI itself, or its total over what it is told by.
    pub fn whole(&self) -> Option<(&ChainStep, &ChainRow)> {
        let last = self.steps.iter().rev().find(|it| it.link.cut.is_empty())?;
        let own = match last.link.kind {
            ChainKind::Kpi(kpi, None) => kpi == self.kpi,
            ChainKind::Total(_) => true,
            _ => false,
        };
        Some((last, last.rows.first().filter(|_| own)?))
    }

    /// What one point of the score comes to that the amount is a product of, where there is one that is not 0.
    pub fn worth_of_one(&self, chained: &Chained) -> Option<WorthOfOne<'_>> {
        let row = self.whole()?.1;
        let value = row.value?;
        let of = self.steps.get(chained.score()?)?;
        let score = of.rows.first()?.value.filter(|it| it.abs() > 1e-9)?;
        let ends = |(low, high): (f64, f64)| ((low / score).min(high / score), (low / score).max(high / score));
        Some(WorthOfOne { of, value: value / score, range: row.range.map(ends) })
    }
}

/// A chain from results in its last period that is over; none where the KPI has no figure in any period.
pub fn chain(chained: &Chained, results: &Results) -> Option<Chain> {
    chain_in(chained, results, None)
}

/// A chain from results in a period, else in its last one that is over; none where the KPI has no figure there.
pub fn chain_in(chained: &Chained, results: &Results, period: Option<Period>) -> Option<Chain> {
    let last = chained.steps.iter().rev().find(|it| matches!(&it.kind, ChainKind::Kpi(kpi, None) if *kpi == chained.kpi))?;
    let ask = chained.ask(last)?;
    let table = results.table(ask.kpi, None, &ask.cut, ask.grain)?;
    let period = match period {
        Some(period) => table.rows.iter().find(|it| it.period == period)?.period,
        None => table.last_over()?.period,
    };
    let steps = chained.steps.iter().map(|it| ChainStep { link: it.clone(), rows: rows(chained, results, it, period) });
    let mut steps: Vec<ChainStep> = steps.collect();
    // What is assumed of a value is told for the values that there are.
    let keys: Vec<Vec<KeyValue>> = steps.iter().flat_map(|it| it.rows.iter().map(|it| it.key.clone())).collect();
    for step in &mut steps {
        assumed(chained, step, &keys);
    }
    Some(Chain { kpi: chained.kpi, period, steps })
}

fn rows(chained: &Chained, results: &Results, link: &ChainLink, period: Period) -> Vec<ChainRow> {
    let Some(ask) = chained.ask(link) else { return Vec::new() };
    let Some(table) = results.table(ask.kpi, ask.part.as_ref(), &ask.cut, ask.grain) else { return Vec::new() };
    let calendar = &chained.checked.model.project.calendar;
    let same = |it: &&ResultRow| it.period.contains_period(period, calendar);
    let row = |it: &ResultRow| ChainRow {
        key: it.key.to_vec(),
        value: it.value,
        low: it.low,
        high: it.high,
        range: it.assumed.as_ref().map(|it| it.range),
        n: it.n,
        notes: it.notes.clone(),
    };
    table.rows.iter().filter(same).map(row).collect()
}

fn assumed(chained: &Chained, step: &mut ChainStep, keys: &[Vec<KeyValue>]) {
    let ChainKind::Assumption(id, value) = &step.link.kind else { return };
    let assumption = &chained.checked.model.assumptions[id.index()];
    let mut add = |key: Vec<KeyValue>, value: Option<&str>| {
        let Some(found) = assumption.estimate(value) else { return };
        let (low, high) = (found.ends.map(|it| it.0), found.ends.map(|it| it.1));
        step.rows.push(ChainRow { key, value: Some(found.base), low, high, range: found.ends, ..ChainRow::default() });
    };
    let Some(by) = step.link.cut.first() else {
        add(Vec::new(), value.as_deref());
        return;
    };
    let dimension = &chained.checked.model.dimensions[by.index()];
    let place = |value: &KeyValue| match value {
        KeyValue::Value(text) => dimension.values.iter().position(|it| it.0 == **text).unwrap_or(dimension.values.len()),
        KeyValue::Blank => usize::MAX,
    };
    // Other steps are told by this dimension alone, or by it behind others.
    let mut values: Vec<&KeyValue> = keys.iter().filter_map(|it| it.last()).collect();
    values.sort_by_key(|it| (place(it), (*it).clone()));
    values.dedup();
    for value in values {
        let text: Arc<str> = if let KeyValue::Value(text) = value { text.clone() } else { Arc::from("") };
        add(vec![value.clone()], Some(&text));
    }
}
