//! Which groups does a leaf take for a period and a key? Windows, shifts, snapshots; groups merged into one cell.

use crate::calendar::{Date, Grain, Length, Period};
use crate::check::Checked;
use crate::engine::{Group, GroupTable, KeyValue};
use crate::model::{Rows, SourceId};
use crate::plan::{Shift, Window};
use crate::state::{Cell, Joint};
use std::collections::HashMap;

/// The groups of a grouping, by key.
pub(super) struct Index<'t> {
    table: &'t GroupTable,
    by_key: HashMap<&'t [KeyValue], Vec<usize>>,
    buckets: Vec<Period>,
}

impl<'t> Index<'t> {
    pub fn new(table: &'t GroupTable) -> Index<'t> {
        let mut by_key: HashMap<&[KeyValue], Vec<usize>> = HashMap::new();
        let mut buckets: Vec<Period> = Vec::new();
        for (at, group) in table.groups.iter().enumerate() {
            by_key.entry(&group.key).or_default().push(at);
            if buckets.last() != Some(&group.bucket) {
                buckets.push(group.bucket);
            }
        }
        buckets.dedup();
        Index { table, by_key, buckets }
    }

    /// The periods that have groups, at a grain.
    pub fn periods(&self, grain: Grain, calendar: &crate::calendar::Calendar) -> Vec<Period> {
        let mut periods: Vec<Period> = self.buckets.iter().map(|it| Period::containing(it.start(calendar), grain, calendar)).collect();
        periods.sort();
        periods.dedup();
        periods
    }

    /// The keys that occur.
    pub fn keys(&self) -> impl Iterator<Item = &'t [KeyValue]> + use<'t> {
        let mut keys: Vec<&[KeyValue]> = self.table.groups.iter().map(|it| it.key.as_slice()).collect();
        keys.sort();
        keys.dedup();
        keys.into_iter()
    }

    /// The groups of a key within a range of days.
    pub fn groups(&self, key: &[KeyValue], range: Range, calendar: &crate::calendar::Calendar) -> Vec<&'t Group> {
        let Some(list) = self.by_key.get(key) else { return Vec::new() };
        let groups = list.iter().map(|it| &self.table.groups[*it]);
        groups.filter(|it| range.holds(it.bucket, calendar)).collect()
    }

    /// The last day within a range on which the source has rows at all.
    pub fn last_day(&self, range: Range, calendar: &crate::calendar::Calendar) -> Option<Period> {
        self.buckets.iter().rev().copied().find(|it| range.holds(*it, calendar))
    }
}

/// Days, half-open; everything where there is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub from: Date,
    pub until: Date,
    pub all: bool,
}

impl Range {
    fn holds(self, bucket: Period, calendar: &crate::calendar::Calendar) -> bool {
        self.all || (bucket.start(calendar) >= self.from && bucket.end(calendar) <= self.until)
    }

    pub fn overlaps(self, other: Range) -> bool {
        self.all || other.all || (self.from < other.until && other.from < self.until)
    }
}

/// The days that a window covers for a period; `None` where there is no such period.
pub(super) fn range(checked: &Checked, source: SourceId, window: &Window, period: Period, known: &[Period]) -> Option<Range> {
    let calendar = &checked.model.project.calendar;
    if period.grain() == Grain::All {
        return Some(Range { from: Date::MIN, until: Date::MAX, all: true });
    }
    let mut period = period;
    for shift in &window.shifts {
        period = match shift {
            // Between the waves of a survey there is nothing: the previous period is the previous wave (R7).
            Shift::Previous if checked.model.sources[source.index()].cadence.is_some() => {
                known.iter().rev().copied().find(|it| *it < period)?
            }
            Shift::Previous => period.previous()?,
            Shift::Back(length) => back(period, *length, calendar)?,
        };
    }
    let until = period.end(calendar);
    let from = match window.rolling {
        None => period.start(calendar),
        Some(length) => length.before(until)?,
    };
    Some(Range { from, until, all: false })
}

fn back(period: Period, length: Length, calendar: &crate::calendar::Calendar) -> Option<Period> {
    if let Length::Years(1) = length {
        return period.year_before(calendar);
    }
    let periods = length.periods_of(period.grain())?;
    period.shift(-i32::try_from(periods).ok()?)
}

/// The cell of a leaf over groups; `None` where there are no groups.
pub(super) fn cell(groups: &[&Group], position: usize, limit: usize) -> Option<Cell> {
    let mut merged: Option<Cell> = None;
    for group in groups {
        match &mut merged {
            None => merged = Some(group.cells[position].clone()),
            Some(it) => it.merge(&group.cells[position], limit),
        }
    }
    merged
}

/// The joint state over groups.
pub(super) fn joint(groups: &[&Group], position: usize) -> Option<Joint> {
    let mut merged: Option<Joint> = None;
    for group in groups {
        match &mut merged {
            None => merged = Some(group.joints[position].clone()),
            Some(it) => it.merge(&group.joints[position]),
        }
    }
    merged
}

/// Of snapshots only the last date within the range counts (R7).
pub(super) fn last_snapshot<'t>(
    checked: &Checked,
    source: SourceId,
    index: &Index<'t>,
    key: &[KeyValue],
    range: Range,
) -> Option<Vec<&'t Group>> {
    let calendar = &checked.model.project.calendar;
    let data = &checked.model.sources[source.index()];
    if data.rows != Rows::Snapshot || data.time.is_none() {
        return None;
    }
    let Some(last) = index.last_day(range, calendar) else { return Some(Vec::new()) };
    let day = Range { from: last.start(calendar), until: last.end(calendar), all: false };
    Some(index.groups(key, day, calendar))
}
