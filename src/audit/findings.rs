//! Which findings no longer hold? Their words are of another time (R25).

use super::data::Data;
use crate::check::Checked;
use crate::insight::watch_findings;
use crate::model::FindingId;
use crate::plan::Request;
use crate::publish::{FindingResult, FindingState, findings};
use crate::value::{Code, Diagnostics, Fact};

/// Reports findings whose condition is not met in the last period that is over.
pub(super) fn report(checked: &Checked, data: Data<'_>, out: &mut Diagnostics) {
    let all: Vec<FindingId> = (0..checked.model.findings.len() as u32).map(FindingId).collect();
    let all: Vec<FindingId> = all.into_iter().filter(|it| checked.model.findings[it.index()].holds_while.is_some()).collect();
    if all.is_empty() {
        return;
    }
    let watched = watch_findings(checked, &all, None);
    let mut request = Request { variances: false, ..Request::new() };
    watched.add_to(&mut request);
    let Some(results) = data.published(&watched.checked, &request) else { return };
    findings(&watched, &results).iter().filter_map(|it| lapsed(checked, it)).for_each(|it| out.push(it));
}

/// What is to be said of a finding that has lapsed; nothing of another.
pub fn lapsed(checked: &Checked, found: &FindingResult) -> Option<Fact> {
    let finding = &checked.model.findings[found.finding.index()];
    let holds = finding.holds_while.as_ref().filter(|_| found.state == FindingState::Lapsed)?;
    let fact = Fact::at(Code::FindingLapsed, holds.span).with("name", &finding.name).with("period", found.period);
    let fact = fact.with_some("on", finding.on).about(format!("finding:{}", finding.name));
    let figures = found.condition.iter().flat_map(|it| &it.figures).flatten();
    let figures: Vec<String> = figures
        .filter_map(|it| {
            let value = format!("{:.2}", it.value.ok()?);
            let value = value.trim_end_matches('0').trim_end_matches('.').to_owned();
            Some(format!("{value} {}", it.unit.as_ref().map_or("", |it| it.sign())).trim_end().to_owned())
        })
        .collect();
    Some(fact.with("figures", figures.join(", ")))
}
