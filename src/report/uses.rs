//! Which KPIs and sources does a page tell of? Everything that it prints counts: what masthead, data quality and footer say
//! of rows and days holds for all of them.

use crate::calendar::Date;
use crate::check::Checked;
use crate::insight::lifecycle::declared;
use crate::insight::{measure_actions, watch_findings};
use crate::model::{ActionId, FindingId, KpiId, Report, SourceId};
use crate::plan::Request;
use std::collections::BTreeSet;

use super::needs::{beside, drivers, kpis, shows, steering};
use super::view::SectionName;

/// What a page tells of.
pub(super) struct Used {
    /// The KPIs whose figures it prints.
    pub(super) kpis: BTreeSet<KpiId>,
    /// The sources that these figures read, in the order of the project.
    pub(super) sources: BTreeSet<SourceId>,
}

/// What a report tells of: its table of sources prints how many of those invited answered, which reads sources in turn.
pub(super) fn used(checked: &Checked, report: &Report, today: Date) -> Used {
    let mut used = Used { kpis: printed(checked, report), sources: sources(checked, report, today) };
    if !shows(report, SectionName::Definitions) {
        return used;
    }
    let mut open: Vec<SourceId> = used.sources.iter().copied().collect();
    while let Some(it) = open.pop() {
        let Some(invited) = &checked.model.sources[it.index()].invited else { continue };
        used.kpis.insert(invited.kpi);
        open.extend(checked.sources_of(invited.kpi).iter().copied().filter(|it| used.sources.insert(*it)));
    }
    used
}

/// The KPIs whose figures a report prints, in any of its sections.
fn printed(checked: &Checked, report: &Report) -> BTreeSet<KpiId> {
    let model = &checked.model;
    let any = |sections: &[SectionName]| sections.iter().any(|it| shows(report, *it));
    let mut printed: BTreeSet<KpiId> = kpis(checked, report).into_iter().chain(beside(checked, report)).collect();
    // The brief and a team's own part speak of goals as well, and so does the head of a report for a team.
    if any(&[SectionName::Goals, SectionName::Brief, SectionName::Team]) || report.audience.is_some() {
        printed.extend(model.goals.iter().flat_map(|it| &it.measured_by).map(|it| it.kpi));
    }
    if any(&[SectionName::Goals]) {
        printed.extend(model.enablers.iter().flat_map(|it| &it.measured_by).map(|it| it.kpi));
    }
    if any(&[SectionName::Journey]) {
        printed.extend(model.touchpoints.iter().flat_map(|it| it.kpis.all()).map(|it| it.kpi));
        let placed = model.journeys.iter().flat_map(|it| it.kpis.all().chain(it.stages.iter().flat_map(|stage| stage.kpis.all())));
        printed.extend(placed.map(|it| it.kpi));
    }
    if any(&[SectionName::Lifecycle]) {
        let dimensions = declared(checked);
        let by_phase = |it: &KpiId| model.kpis[it.index()].cuts.iter().any(|cut| dimensions.contains(cut));
        printed.extend(checked.figures().into_iter().filter(by_phase));
    }
    if any(&[SectionName::Drivers, SectionName::Team, SectionName::Reasons, SectionName::Money]) {
        let mut request = Request::new();
        drivers(checked, report, &mut request);
        steering(checked, report, &mut request);
        printed.extend(request.asks.iter().map(|it| it.kpi));
        let outcome = |it: &crate::plan::DriverAsk| model.drivers[it.drivers.index()].outcome.as_ref().map(|it| it.kpi);
        printed.extend(request.drivers.iter().filter_map(outcome));
    }
    printed
}

/// The sources that the figures of a report read, in the order of the project: of its KPIs, of customers by phase, and of
/// the formulas of findings and actions.
fn sources(checked: &Checked, report: &Report, today: Date) -> BTreeSet<SourceId> {
    let model = &checked.model;
    let mut sources: BTreeSet<SourceId> = printed(checked, report).into_iter().flat_map(|it| checked.sources_of(it)).copied().collect();
    if shows(report, SectionName::Lifecycle) {
        let lives = declared(checked).into_iter().filter_map(|it| model.dimensions[it.index()].lifecycle.as_ref());
        sources.extend(lives.map(|it| it.value));
    }
    let findings = model.findings.iter().enumerate().filter(|it| !it.1.broken && shows(report, SectionName::Brief));
    let findings: Vec<FindingId> = findings.map(|it| FindingId(it.0 as u32)).collect();
    let actions = model.actions.iter().enumerate().filter(|it| !it.1.broken && shows(report, SectionName::Actions));
    let actions: Vec<ActionId> = actions.map(|it| ActionId(it.0 as u32)).collect();
    let findings = watch_findings(checked, &findings, report.period);
    let actions = measure_actions(&findings.checked, &actions, today);
    let mut request = Request::new();
    findings.add_to(&mut request);
    actions.add_to(&mut request);
    sources.extend(request.asks.iter().flat_map(|it| actions.checked.sources_of(it.kpi)).copied());
    sources
}
