//! Are the data as recent as the source says they come?

use crate::calendar::{Date, Period};
use crate::check::Checked;
use crate::engine::ReadTable;
use crate::model::SourceId;
use crate::value::{Code, Diagnostics, Fact};

/// Reports a source whose last finished period has no data, on a day.
pub(super) fn report(checked: &Checked, source: SourceId, table: &ReadTable, today: Date, out: &mut Diagnostics) {
    let calendar = &checked.model.project.calendar;
    let source = &checked.model.sources[source.index()];
    let (Some(cadence), Some(last)) = (source.cadence, table.last) else { return };
    let Some(due) = Period::containing(today, cadence, calendar).previous() else { return };
    let latest = Period::containing(last, cadence, calendar);
    if latest.end(calendar) <= due.start(calendar) {
        let fact = Fact::at(Code::StaleData, source.span).with("source", &source.name).with("latest", latest).with("due", due);
        out.push(fact.with("cadence", cadence).about(format!("source:{}", source.name)));
    }
}
