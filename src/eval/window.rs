//! Which groups does a leaf take for a period and a key? Windows, shifts, snapshots; groups merged into one cell.

use crate::calendar::{Calendar, Date, Grain, Period};
use crate::check::Checked;
use crate::engine::{Group, GroupTable, KeyValue};
use crate::model::{Rows, SourceId};
use crate::plan::Window;
use crate::state::{Cell, Joint};
use std::borrow::Cow;
use std::collections::HashMap;

/// The groups of a grouping, by key.
pub(super) struct Index<'t> {
    /// In the order of keys.
    entries: Vec<Entry<'t>>,
    /// Every bucket that has groups, in order, with its days.
    buckets: Vec<(Period, Date, Date)>,
}

/// The groups of a key, ordered by bucket, and the place of each one's bucket.
struct Entry<'t> {
    key: &'t [KeyValue],
    groups: Vec<&'t Group>,
    buckets: Vec<usize>,
}

/// Consecutive buckets of an index.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Span {
    from: usize,
    until: usize,
}

impl<'t> Index<'t> {
    pub fn new(table: &'t GroupTable, calendar: &Calendar) -> Index<'t> {
        let mut entries: Vec<Entry<'t>> = Vec::new();
        let mut places: HashMap<&[KeyValue], usize> = HashMap::new();
        let mut buckets: Vec<(Period, Date, Date)> = Vec::new();
        for group in &table.groups {
            if buckets.last().is_none_or(|it| it.0 != group.bucket) {
                buckets.push((group.bucket, group.bucket.start(calendar), group.bucket.end(calendar)));
            }
            let place = *places.entry(&group.key).or_insert(entries.len());
            if place == entries.len() {
                entries.push(Entry { key: &group.key, groups: Vec::new(), buckets: Vec::new() });
            }
            entries[place].groups.push(group);
            entries[place].buckets.push(buckets.len() - 1);
        }
        entries.sort_by_key(|it| it.key);
        Index { entries, buckets }
    }

    /// The periods that have groups, at a grain.
    pub fn periods(&self, grain: Grain, calendar: &Calendar) -> Vec<Period> {
        let mut periods: Vec<Period> = self.buckets.iter().map(|it| Period::containing(it.1, grain, calendar)).collect();
        periods.sort();
        periods.dedup();
        periods
    }

    /// The keys that occur, in order.
    pub fn keys(&self) -> impl Iterator<Item = &'t [KeyValue]> {
        self.entries.iter().map(|it| it.key)
    }

    /// The place of a key.
    pub fn place(&self, key: &[KeyValue]) -> Option<usize> {
        self.entries.binary_search_by_key(&key, |it| it.key).ok()
    }

    /// The buckets within a range of days.
    pub fn span(&self, range: Range) -> Span {
        let holds = |it: &(Period, Date, Date)| range.all || (it.1 >= range.from && it.2 <= range.until);
        let from = self.buckets.iter().position(holds).unwrap_or(0);
        let until = self.buckets.iter().rposition(holds).map_or(0, |it| it + 1);
        Span { from, until: until.max(from) }
    }

    /// The days that count of a range, as numbers of days: of snapshots the last one that has rows.
    pub fn days(&self, range: Range, span: Span, snapshot: bool) -> (i32, i32) {
        match self.buckets.get(span.from) {
            Some((_, from, until)) if snapshot && span.from < span.until => (from.days(), until.days()),
            _ => (range.from.days(), range.until.days()),
        }
    }

    /// The groups of all keys but one, within a span.
    pub fn others(&self, place: Option<usize>, span: Span) -> Vec<&'t Group> {
        let others = (0..self.entries.len()).filter(|it| Some(*it) != place);
        others.flat_map(|it| self.groups(Some(it), span)).copied().collect()
    }

    /// The groups of a key, by its place, within a span.
    pub fn groups(&self, place: Option<usize>, span: Span) -> &[&'t Group] {
        let Some(place) = place else { return &[] };
        let entry = &self.entries[place];
        let from = entry.buckets.partition_point(|it| *it < span.from);
        let until = entry.buckets.partition_point(|it| *it < span.until);
        &entry.groups[from..until.max(from)]
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
    let waves = checked.model.sources[source.index()].cadence.map(|_| known);
    let period = window.shifts.iter().try_fold(period, |at, shift| shift.from(at, waves, calendar))?;
    let until = period.end(calendar);
    let from = match window.rolling {
        None => period.start(calendar),
        Some(length) => length.before(until)?,
    };
    Some(Range { from, until, all: false })
}

/// The cell of a leaf over groups; `None` where there are no groups.
pub(super) fn cell<'t>(groups: &[&'t Group], position: usize, limit: usize) -> Option<Cow<'t, Cell>> {
    let (first, others) = groups.split_first()?;
    let mut merged = first.cells.get(position);
    for group in others {
        merged.to_mut().merge(&group.cells.get(position), limit);
    }
    Some(merged)
}

/// The joint state over groups.
pub(super) fn joint(groups: &[&Group], position: usize) -> Option<Joint> {
    let (first, others) = groups.split_first()?;
    let mut merged = first.joints[position].clone();
    others.iter().for_each(|it| merged.merge(&it.joints[position]));
    Some(merged)
}

/// The buckets that count of a range: of snapshots and spans only the last one, a day or a period, on which the source has rows at all (R7).
pub(super) fn counted(checked: &Checked, source: SourceId, index: &Index<'_>, range: Range) -> Span {
    let span = index.span(range);
    let data = &checked.model.sources[source.index()];
    if data.rows != Rows::Events && data.time.is_some() && span.from < span.until {
        return Span { from: span.until - 1, ..span };
    }
    span
}
