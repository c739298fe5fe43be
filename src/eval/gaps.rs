//! In which months has a source no row at all, between its first and its last?

use crate::calendar::{Grain, Period};
use crate::check::Checked;
use crate::engine::ReadTable;
use crate::model::Rows;
use crate::plan::Read;
use std::collections::BTreeSet;

/// The months without a row between the first and the last; the quarters or years, where it was read by these alone.
///
/// Days and weeks count for their months: a closed Sunday is no gap. Where half of all or more are empty, the source comes
/// at longer intervals than these, and nothing lacks. A span holds in many months; of it nothing is told.
pub(super) fn gaps(checked: &Checked, read: &Read, table: &ReadTable) -> Vec<Period> {
    let calendar = &checked.model.project.calendar;
    let source = &checked.model.sources[read.source.index()];
    if source.time.is_none() || source.rows == Rows::Spans {
        return Vec::new();
    }
    let by_time = |it: &crate::plan::Grouping| it.time == source.time && it.grain != Grain::All && it.walk.is_none();
    let groupings = read.groupings.iter().zip(&table.groupings).filter(|it| by_time(it.0));
    let Some((grouping, groups)) = groupings.reduce(|a, b| if a.0.grain.is_coarser_than(b.0.grain) { b } else { a }) else {
        return Vec::new();
    };
    let grain = if Grain::Month.is_coarser_than(grouping.grain) { Grain::Month } else { grouping.grain };
    let mut present: BTreeSet<Period> = BTreeSet::new();
    // There may be many groups of one bucket, one after the other.
    for of_bucket in groups.groups.chunk_by(|a, b| a.bucket == b.bucket) {
        // A week may lie in two months.
        let bucket = of_bucket[0].bucket;
        let (first, end) = (bucket.start(calendar), bucket.end(calendar));
        let days = [Some(first), end.plus_days(-1)].into_iter().flatten();
        present.extend(days.map(|day| Period::containing(day, grain, calendar)));
    }
    let (Some(first), Some(last)) = (present.first(), present.last()) else { return Vec::new() };
    let all = std::iter::successors(Some(*first), |it| it.next()).take_while(|it| it <= last);
    let missing: Vec<Period> = all.filter(|it| !present.contains(it)).collect();
    if missing.len() >= present.len() { Vec::new() } else { missing }
}
