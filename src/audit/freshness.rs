//! Are the data as recent as the source says they come, and as fine as its figures ask?

use crate::calendar::{Date, Period};
use crate::check::Checked;
use crate::engine::ReadTable;
use crate::eval::{judged_grain, reporting_grain};
use crate::model::{Rows, SourceId};
use crate::plan::{Grouping, Read};
use crate::value::{Code, Diagnostics, Fact};

/// Reads the rows by the shortest period that a figure of the source has, keeping nothing: a row of a longer period lies
/// in none of these, which is reported as it is for figures.
pub(super) fn by_period(checked: &Checked, read: &mut Read) {
    let source = read.source;
    // A span lies in many periods; of its days others tell.
    if checked.model.sources[source.index()].rows == Rows::Spans {
        return;
    }
    let own = checked.figures().into_iter().filter(|it| checked.has_time(*it) && checked.sources_of(*it).contains(&source));
    let grains = own.flat_map(|it| [reporting_grain(checked, it, None), judged_grain(checked, it)]);
    let Some(grain) = grains.reduce(|a, b| if a.is_coarser_than(b) { b } else { a }) else { return };
    if let Some(first) = read.groupings.first().filter(|it| it.time.is_some()) {
        let by_period = Grouping { grain, leaves: Vec::new(), joints: Vec::new(), crossed: Vec::new(), ..first.clone() };
        read.groupings.push(by_period);
    }
}

/// Reports a source whose newest row is older than it may be on a day, or where the source does not say how old that is,
/// whose last finished period has no data.
pub(super) fn report(checked: &Checked, source: SourceId, table: &ReadTable, today: Date, out: &mut Diagnostics) {
    let calendar = &checked.model.project.calendar;
    let source = &checked.model.sources[source.index()];
    let Some(last) = table.last else { return };
    let stale = Fact::at(Code::StaleData, source.span).with("source", &source.name).about(format!("source:{}", source.name));
    if let Some(age) = source.freshness {
        if !source.is_fresh(last, today) {
            // The unit by itself: it is said in the reader's language.
            let age = age.to_string();
            let (number, unit) = age.split_once(' ').unwrap_or((&age, ""));
            out.push(stale.with("latest", last).with("today", today).with("age", number).with("unit", unit));
        }
        return;
    }
    let Some(cadence) = source.cadence else { return };
    let Some(due) = Period::containing(today, cadence, calendar).previous() else { return };
    let latest = Period::containing(last, cadence, calendar);
    if latest.end(calendar) <= due.start(calendar) {
        out.push(stale.with("latest", latest).with("due", due).with("cadence", cadence));
    }
}
