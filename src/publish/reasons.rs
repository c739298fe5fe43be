//! Reasons, from what may be shown: what each is to a score, by bucket (NPS+), who is at risk, and what may be saved.

use super::{ResultRow, Results};
use crate::calendar::{Grain, Period};
use crate::check::Checked;
use crate::engine::KeyValue;
use crate::eval::Note;
use crate::eval::drivers::{DriverFigure, DriverNote, Estimate};
use crate::model::{DimensionId, Drivers, DriversId, KpiId, Method, Reasons};
use crate::plan::{Bucket, DriverAsk};
use crate::value::Unit;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The reasons of one model of stated reasons, in a window, of one value of its cut.
#[derive(Clone, Debug)]
pub struct ReasonTable {
    pub drivers: DriversId,
    /// The dimension that the reasons are; none where they are a column of answers.
    pub dimension: Option<DimensionId>,
    /// What it is cut by, and the value of each.
    pub cut: Vec<DimensionId>,
    pub key: Arc<[KeyValue]>,
    /// The first and the last period that it is made over.
    pub periods: (Period, Period),
    /// The unit of the outcome: scores are in it, contributions and impacts in its differences.
    pub unit: Option<Unit>,
    /// How many answered the outcome, and how many of them name a reason: the base of all shares.
    pub answered: u64,
    pub n: u64,
    /// The score of those who name a reason.
    pub score: Estimate,
    /// Who is at risk, of all who answered: how many, and in percent; none without a rule, or where it may not be shown.
    pub risk: Option<AtRisk>,
    /// The parts by what the outcome counts respondents as, best first; empty where they may not be shown.
    pub buckets: Vec<BucketBase>,
    /// Most named first.
    pub reasons: Vec<ReasonRow>,
    /// What could be saved in all; none without `savings`, or where one of the values may not be shown.
    pub saving: Option<Saving>,
    /// The first and the last period of what could be saved; it may reach further than the answers do.
    pub saved_over: Option<(Period, Period)>,
    pub weighted: bool,
    pub notes: Vec<DriverNote>,
}

/// How many are at risk by the declared rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AtRisk {
    pub count: u64,
    /// In percent of those of whom the rule is known.
    pub share: Estimate,
}

/// A part of the respondents by the outcome: promoters, passives, detractors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BucketBase {
    pub bucket: Bucket,
    /// How many are in it and name a reason.
    pub n: u64,
}

/// A reason. What few name is told without what they answered.
#[derive(Clone, Debug)]
pub struct ReasonRow {
    /// As it stands in the data; a dimension may have a label for it. Empty where something could be saved without one.
    pub reason: Arc<str>,
    /// How many name it; nobody does where only something could be saved.
    pub named: u64,
    /// In percent of those who name a reason.
    pub share: Estimate,
    /// The score of those who name it, and of the others.
    pub score: Estimate,
    pub others: Estimate,
    /// Its share × (the score of those who name it − that of all): what it adds to the score, or takes away.
    pub contribution: Estimate,
    /// What the score would lose without those who name it: the score of all less that of the others.
    pub impact: Estimate,
    /// One for each of the table's buckets; empty where too few name it.
    pub cells: Vec<ReasonCell>,
    pub risk: Option<AtRisk>,
    /// What could be saved on it, at most.
    pub saving: Option<Saving>,
}

/// A reason in a bucket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReasonCell {
    pub bucket: Bucket,
    pub named: u64,
    /// In percent of the bucket.
    pub of_bucket: Estimate,
    /// In percent of those who name the reason.
    pub of_reason: Estimate,
}

/// An amount, and between which ends it lies for its assumptions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Saving {
    pub value: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

impl ReasonTable {
    /// Whether it is below the minimum base: then nothing of it is known here.
    pub fn is_hidden(&self) -> bool {
        self.notes.contains(&DriverNote::Hidden)
    }
}

/// The tables of reasons among results, in the order in which they were asked for.
pub fn reasons(checked: &Checked, results: &Results) -> Vec<ReasonTable> {
    let mut tables = Vec::new();
    for table in results.drivers.iter().map(super::DriverResult::table) {
        let drivers = &checked.model.drivers[table.ask.drivers.index()];
        if drivers.method == Method::Stated {
            tables.extend(table.models.iter().map(|it| one(checked, results, &table.ask, drivers, it, table.weighted)));
        }
    }
    tables
}

fn one(checked: &Checked, results: &Results, ask: &DriverAsk, drivers: &Drivers, model: &DriverFigure, weighted: bool) -> ReasonTable {
    let dimension = drivers.reasons.as_ref().and_then(|it| if let Reasons::Dimension(id) = it.value { Some(id) } else { None });
    let outcome = drivers.outcome.as_ref().map(|it| &checked.model.kpis[it.kpi.index()]);
    let parts = || model.reasons.iter().filter(|it| it.bucket != Bucket::All);
    let mut rows: Vec<ReasonRow> = Vec::new();
    for figure in model.reasons.iter().filter(|it| it.bucket == Bucket::All).flat_map(|it| &it.reasons) {
        let score = &figure.score;
        let in_bucket = |bucket: &crate::eval::drivers::BucketFigure| {
            let found = bucket.reasons.iter().find(|it| it.reason == figure.reason);
            let cell = ReasonCell { bucket: bucket.bucket, named: 0, of_bucket: bucket.unnamed, of_reason: figure.of_none };
            found.map_or(cell, |it| ReasonCell { named: it.named, of_bucket: it.share, of_reason: it.of_named, ..cell })
        };
        // A reason that is told of in no bucket may not be.
        let told = parts().any(|it| it.reasons.iter().any(|it| it.reason == figure.reason));
        rows.push(ReasonRow {
            reason: figure.reason.clone(),
            named: figure.named,
            share: figure.share,
            score: score.named,
            others: score.others,
            contribution: score.contribution,
            impact: score.impact,
            cells: if told { parts().map(in_bucket).collect() } else { Vec::new() },
            risk: score.at_risk.map(|count| AtRisk { count, share: score.risk }),
            saving: None,
        });
    }
    let mut found = ReasonTable {
        drivers: ask.drivers,
        dimension,
        cut: ask.cut.clone(),
        key: model.key.clone(),
        periods: model.periods,
        unit: outcome.and_then(|it| it.unit.clone()),
        answered: model.answered,
        n: model.n,
        score: model.score,
        risk: model.risk.map(|it| AtRisk { count: it.at_risk, share: it.share }),
        buckets: parts().map(|it| BucketBase { bucket: it.bucket, n: it.n }).collect(),
        reasons: rows,
        saving: None,
        saved_over: None,
        weighted,
        notes: model.notes.clone(),
    };
    if let (Some(savings), Some(_), false) = (&drivers.savings, dimension, found.is_hidden()) {
        let nobody = model.reasons.iter().find(|it| it.bucket == Bucket::All).map(|it| it.unnamed).unwrap_or_default();
        save(checked, results, savings.value, ask, nobody, &mut found);
    }
    found
}

/// Puts beside each reason what could be saved on it, over the periods of the table.
fn save(checked: &Checked, results: &Results, kpi: KpiId, ask: &DriverAsk, nobody: Estimate, table: &mut ReasonTable) {
    let Some(wanted) = crate::insight::reasons::savings(checked, ask) else { return };
    let Some(found) = results.table(kpi, None, &wanted.cut, wanted.grain) else { return };
    let calendar = &checked.model.project.calendar;
    let (first, last) = table.periods;
    let within = |it: Period| {
        it.grain() == Grain::All
            || first.grain() == Grain::All
            || (it.start(calendar) >= first.start(calendar) && it.end(calendar) <= last.end(calendar))
    };
    let rows: Vec<&ResultRow> = found.rows.iter().filter(|it| within(it.period) && it.key[..ask.cut.len()] == *table.key).collect();
    let values: BTreeSet<&KeyValue> = rows.iter().map(|it| &it.key[ask.cut.len()]).collect();
    let mut complete = !rows.iter().any(|it| it.notes.contains(&Note::Hidden));
    let mut all: Vec<&ResultRow> = Vec::new();
    for value in values {
        let text: Arc<str> = if let KeyValue::Value(text) = value { text.clone() } else { Arc::from("") };
        let own: Vec<&ResultRow> = rows.iter().copied().filter(|it| it.key[ask.cut.len()] == *value).collect();
        let saving = sum(&own);
        complete &= saving.is_some();
        all.extend(own);
        match table.reasons.iter_mut().find(|it| it.reason == text) {
            Some(it) => it.saving = saving,
            None => table.reasons.push(ReasonRow {
                reason: text,
                named: 0,
                share: nobody,
                score: Estimate::default(),
                others: Estimate::default(),
                contribution: Estimate::default(),
                impact: Estimate::default(),
                cells: Vec::new(),
                risk: None,
                saving,
            }),
        }
    }
    table.saved_over = all.iter().map(|it| it.period).min().zip(all.iter().map(|it| it.period).max());
    table.saving = if complete { sum(&all) } else { None };
}

/// Amounts add up, and so do their ends; where one of them is not known, the whole is not.
fn sum(rows: &[&ResultRow]) -> Option<Saving> {
    let mut total = Saving { value: 0.0, low: Some(0.0), high: Some(0.0) };
    if rows.is_empty() {
        return None;
    }
    for row in rows {
        let range = row.assumed.as_ref().map(|it| it.range);
        total.value += row.value?;
        total.low = total.low.zip(range).map(|(sum, it)| sum + it.0);
        total.high = total.high.zip(range).map(|(sum, it)| sum + it.1);
    }
    Some(total)
}
