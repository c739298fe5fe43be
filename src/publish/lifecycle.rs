//! Customers by the phase of their life, from what may be shown.

use super::{ResultRow, Results};
use crate::calendar::{Grain, Period};
use crate::engine::KeyValue;
use crate::eval::Note;
use crate::insight::lifecycle::Lived;
use crate::model::{DimensionId, KpiId, SourceId};
use std::collections::{BTreeMap, BTreeSet};

/// A lifecycle over periods.
#[derive(Clone, Debug)]
pub struct Lifecycle {
    pub dimension: DimensionId,
    /// The source of the customers.
    pub source: SourceId,
    pub grain: Grain,
    pub periods: Vec<LifecyclePeriod>,
}

/// A period: who is in each phase when it ends, and how they moved since it began.
#[derive(Clone, Debug)]
pub struct LifecyclePeriod {
    pub period: Period,
    /// In the order of the dimension's values; others that occur behind them.
    pub phases: Vec<Phase>,
    /// From each phase to each, those who stay in one included; only where there was anybody at the start.
    pub flows: Vec<Flow>,
    /// Whether the period runs, or its data have not all come in.
    pub unfinished: bool,
}

/// A phase at the end of a period.
#[derive(Clone, Debug)]
pub struct Phase {
    pub value: KeyValue,
    /// The customers in it; none where they may not be shown.
    pub customers: Option<u64>,
    /// In percent of all customers; none where the number of any phase may not be shown.
    pub share: Option<f64>,
    /// Who is in it and was in no phase when the period began; none where the start is not known.
    pub came: Option<u64>,
    /// Who was in it when the period began and is a customer no more.
    pub left: Option<u64>,
    /// The KPIs that are cut by the phase.
    pub kpis: Vec<PhaseKpi>,
}

/// A KPI of a phase.
#[derive(Clone, Debug)]
pub struct PhaseKpi {
    pub kpi: KpiId,
    /// None where it has no figure in the period.
    pub row: Option<ResultRow>,
}

/// Customers of one phase who are in another, or the same, when the period ends.
#[derive(Clone, Debug)]
pub struct Flow {
    pub from: KeyValue,
    /// None: they are customers no more.
    pub to: Option<KeyValue>,
    /// How many were in `from` when the period began.
    pub of: Option<u64>,
    pub customers: Option<u64>,
    /// In percent of those, with its interval where the data are a sample.
    pub share: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub hidden: bool,
}

/// A lifecycle from results.
pub fn lifecycle(lived: &Lived, results: &Results) -> Lifecycle {
    let table = |kpi: KpiId| {
        let ask = lived.ask(kpi);
        results.table(kpi, None, &ask.cut, ask.grain).map(|it| it.rows.as_slice()).unwrap_or_default()
    };
    let periods: BTreeSet<Period> = table(lived.customers).iter().map(|it| it.period).collect();
    let periods = periods.into_iter().map(|it| one(lived, it, &table));
    Lifecycle { dimension: lived.dimension, source: lived.source, grain: lived.grain, periods: periods.collect() }
}

fn one<'r>(lived: &Lived, period: Period, table: &dyn Fn(KpiId) -> &'r [ResultRow]) -> LifecyclePeriod {
    let dimension = &lived.checked.model.dimensions[lived.dimension.index()];
    let declared: Vec<KeyValue> = dimension.values.iter().map(|it| KeyValue::Value(it.0.as_str().into())).collect();
    let in_period = |kpi: KpiId| table(kpi).iter().filter(|it| it.period == period).collect::<Vec<&ResultRow>>();
    let of = |rows: &[&'r ResultRow], value: &KeyValue| rows.iter().find(|it| it.key.first() == Some(value)).copied();
    let (there, left) = (in_period(lived.customers), in_period(lived.left));
    let mut values = declared.clone();
    for row in there.iter().chain(&left) {
        values.extend(row.key.first().filter(|it| !values.contains(it)).cloned());
    }
    let mut flows: Vec<Flow> = Vec::new();
    let moves: Vec<(KeyValue, Vec<&ResultRow>)> = declared.iter().cloned().zip(lived.moves.iter().map(|it| in_period(*it))).collect();
    for from in &values {
        for (to, rows) in moves.iter().map(|it| (Some(&it.0), &it.1)).chain([(None, &left)]) {
            flows.extend(of(rows, from).map(|it| flow(from, to, it)));
        }
    }
    // Who came is who is there less those that came from elsewhere: only where all of them are known.
    let known = !flows.is_empty() && flows.iter().all(|it| it.customers.is_some());
    let mut arrived: BTreeMap<&KeyValue, u64> = BTreeMap::new();
    for it in &flows {
        if let (Some(to), Some(customers)) = (&it.to, it.customers) {
            *arrived.entry(to).or_default() += customers;
        }
    }
    let total: Option<u64> = there.iter().map(|it| count(it)).sum();
    let phases = values.iter().map(|value| {
        let row = of(&there, value);
        let hidden = row.is_some_and(|it| it.notes.contains(&Note::Hidden));
        let customers = if hidden { None } else { Some(row.map_or(0, |it| count(it).unwrap_or(0))) };
        let is_declared = declared.contains(value);
        let from_elsewhere = arrived.get(value).copied().unwrap_or(0);
        let gone = flows.iter().find(|it| it.from == *value && it.to.is_none());
        let figure = |kpi: &KpiId| {
            let calendar = &lived.checked.model.project.calendar;
            let row = table(*kpi).iter().find(|it| it.period.contains_period(period, calendar) && it.key.first() == Some(value));
            PhaseKpi { kpi: *kpi, row: row.cloned() }
        };
        Phase {
            value: value.clone(),
            customers,
            share: customers.zip(total).filter(|it| it.1 > 0).map(|(own, all)| 100.0 * own as f64 / all as f64),
            came: customers.filter(|_| known && is_declared).and_then(|it| it.checked_sub(from_elsewhere)),
            left: gone.and_then(|it| it.customers).or((known && gone.is_none()).then_some(0)),
            kpis: lived.kpis.iter().map(figure).collect(),
        }
    });
    let phases = phases.collect();
    let unfinished = there.iter().any(|it| it.notes.contains(&Note::Unfinished));
    LifecyclePeriod { period, phases, flows, unfinished }
}

fn count(row: &ResultRow) -> Option<u64> {
    row.value.map(|it| it.round() as u64)
}

fn flow(from: &KeyValue, to: Option<&KeyValue>, row: &ResultRow) -> Flow {
    let customers = row.value.zip(row.n).map(|(share, n)| (share / 100.0 * n as f64).round() as u64);
    Flow {
        from: from.clone(),
        to: to.cloned(),
        of: row.n,
        customers,
        share: row.value,
        low: row.low,
        high: row.high,
        hidden: row.notes.contains(&Note::Hidden),
    }
}
