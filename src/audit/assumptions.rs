//! Do data run beyond what was assumed for them? (R23)

use crate::calendar::Date;
use crate::check::Checked;
use crate::model::{AssumptionId, KpiId, SourceId};
use crate::value::{Code, Diagnostics, Fact};

/// How many months an assumption holds that does not say it.
const MONTHS: i32 = 24;

/// Reports assumptions that data have outlived; `last` tells the last day of each source that has one.
pub(super) fn stale(checked: &Checked, last: &[(SourceId, Date)], out: &mut Diagnostics) {
    let model = &checked.model;
    let calendar = &model.project.calendar;
    for (at, assumption) in model.assumptions.iter().enumerate() {
        let beyond = match (assumption.until, assumption.date) {
            (Some(until), _) => Some(until.end(calendar)),
            (None, Some(date)) => date.end(calendar).plus_months(MONTHS),
            (None, None) => None,
        };
        let Some(beyond) = beyond else { continue };
        let users = (0..model.kpis.len() as u32).map(KpiId).filter(|it| checked.assumptions_of(*it).contains(&AssumptionId(at as u32)));
        let days = users.flat_map(|kpi| {
            let sources = checked.sources_of(kpi).iter();
            sources.filter_map(|source| last.iter().find(|it| it.0 == *source)).map(move |it| (it.1, kpi))
        });
        let Some((day, kpi)) = days.max_by_key(|it| (it.0, std::cmp::Reverse(it.1))) else { continue };
        if day >= beyond {
            let fact = Fact::at(Code::StaleAssumption, assumption.span).with("name", &assumption.name).with("last", day);
            let fact = fact.with_some("until", assumption.until).with_some("date", assumption.date);
            out.push(fact.label(model.kpis[kpi.index()].span, "kpi").about(format!("assumption:{}", assumption.name)));
        }
    }
}
