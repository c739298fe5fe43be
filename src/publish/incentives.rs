//! What incentives pay, and would have paid in earlier periods: from what may be shown, and from nothing else.

use super::{ResultRow, ResultTable, Results, SourceResult};
use crate::calendar::{Date, Grain, Period};
use crate::check::Checked;
use crate::eval::{Note, Pay, Payable, pay};
use crate::model::{Incentive, KpiId, KpiRef, break_between};
use std::collections::BTreeSet;

/// What an incentive pays.
#[derive(Clone, Debug)]
pub struct IncentiveResult {
    /// Its place among the incentives of the model.
    pub incentive: usize,
    /// Over its own period.
    pub own: PaidPeriod,
    /// What the same terms would have paid in earlier periods that are over, the latest first: those of the same definitions.
    pub earlier: Vec<PaidPeriod>,
    /// The change of definition that other periods lie before, where any are left out for it.
    pub changed: Option<Changed>,
}

/// A change of what is measured, after which figures are not comparable.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The KPI that it is of.
    pub kpi: KpiId,
    pub on: Date,
    /// How many earlier periods are left out for it.
    pub periods: usize,
}

/// What is paid over a period.
#[derive(Clone, Debug)]
pub struct PaidPeriod {
    pub period: Period,
    /// The period is not over, or not all of it is observed.
    pub provisional: bool,
    /// The first day with data, where the period begins before it.
    pub data_from: Option<Date>,
    pub pay: Pay,
    /// The figures of the parts, in their order; none where there are no rows.
    pub parts: Vec<Option<ResultRow>>,
    /// Those of the conditions.
    pub conditions: Vec<Option<ResultRow>>,
}

/// What incentives pay, and what they would have paid over as many earlier periods of their length as are wanted: all
/// that have data without a number.
pub fn incentives(checked: &Checked, results: &Results, asked: &[usize], past: Option<usize>, today: Date) -> Vec<IncentiveResult> {
    let of = |at: &usize| {
        let incentive = &checked.model.incentives[*at];
        let period = incentive.period?;
        let payer = Payer { checked, results, incentive, today };
        let past = past.unwrap_or(usize::MAX);
        let (before, comparable): (Vec<Period>, Vec<Period>) =
            payer.before(period).into_iter().rev().partition(|it| payer.changed(*it, period).is_some() || payer.mixes(*it));
        let changed = before.iter().filter(|_| past > 0).find_map(|it| payer.changed(*it, period));
        let changed = changed.map(|(kpi, on)| Changed { kpi, on, periods: before.len() });
        let earlier = comparable.into_iter().map(|it| payer.over(it)).filter(|it| !it.provisional);
        Some(IncentiveResult { incentive: *at, own: payer.over(period), earlier: earlier.take(past).collect(), changed })
    };
    asked.iter().filter_map(of).collect()
}

struct Payer<'r> {
    checked: &'r Checked,
    results: &'r Results,
    incentive: &'r Incentive,
    today: Date,
}

impl<'r> Payer<'r> {
    fn table(&self, of: &KpiRef, grain: Grain) -> Option<&'r ResultTable> {
        self.results.table(of.kpi, of.part.as_ref(), &[], grain)
    }

    fn row(&self, of: &KpiRef, period: Period) -> Option<&'r ResultRow> {
        self.table(of, period.grain())?.rows.iter().find(|it| it.period == period)
    }

    /// The earlier periods of this length in which a part has data.
    fn before(&self, period: Period) -> BTreeSet<Period> {
        let tables = self.incentive.parts.iter().filter_map(|it| self.table(&it.of, period.grain()));
        tables.flat_map(|it| &it.rows).map(|it| it.period).filter(|it| *it < period).collect()
    }

    /// The change of definition between an earlier period and this one, of what is paid for or of a condition.
    fn changed(&self, earlier: Period, period: Period) -> Option<(KpiId, Date)> {
        let (model, calendar) = (&self.checked.model, &self.checked.model.project.calendar);
        let (from, until) = (earlier.start(calendar), period.end(calendar));
        let found = self.incentive.kpis().filter_map(|it| break_between(model, it.kpi, from, until));
        found.map(|it| (it.0, it.1)).max_by_key(|it| it.1)
    }

    /// Whether a window that ends with a period holds two definitions of what is paid for.
    fn mixes(&self, period: Period) -> bool {
        let mixed = |row: &ResultRow| row.notes.iter().any(|it| matches!(it, Note::TwoDefinitions | Note::AcrossChange));
        self.incentive.parts.iter().any(|it| self.row(&it.of, period).is_some_and(mixed))
    }

    fn over(&self, period: Period) -> PaidPeriod {
        let figure = |of: &KpiRef| {
            let other_length = self.table(of, period.grain()).is_none();
            let Some(row) = self.row(of, period) else { return Payable { other_length, ..Payable::default() } };
            let (status, notes) = (row.judged.status, row.notes.clone());
            Payable { value: row.value, low: row.low, high: row.high, status, notes, other_length }
        };
        let calendar = &self.checked.model.project.calendar;
        let unfinished = |it: &Note| matches!(it, Note::Unfinished | Note::Unobserved);
        let rows = self.incentive.kpis().filter_map(|it| self.row(it, period));
        PaidPeriod {
            period,
            provisional: period.is_unfinished(self.today, calendar) || rows.flat_map(|it| &it.notes).any(unfinished),
            data_from: self.data_from(period),
            pay: pay(self.incentive, &figure),
            parts: self.incentive.parts.iter().map(|it| self.row(&it.of, period).cloned()).collect(),
            conditions: self.incentive.conditions.iter().map(|it| self.row(&it.of, period).cloned()).collect(),
        }
    }

    /// The first day with data of the source that begins last within a period, where that is not its first day.
    fn data_from(&self, period: Period) -> Option<Date> {
        let calendar = &self.checked.model.project.calendar;
        let begins = |it: &&SourceResult| self.incentive.kpis().any(|of| self.checked.sources_of(of.kpi).contains(&it.source));
        let firsts = self.results.sources.iter().filter(begins).filter_map(|it| it.first);
        firsts.filter(|it| *it > period.start(calendar) && period.contains(*it, calendar)).max()
    }
}
