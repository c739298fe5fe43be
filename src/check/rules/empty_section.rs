//! A section of a report that has nothing to show.

use super::{Subject, about};
use crate::model::{KpiKind, Method, Report};
use crate::value::{Code, Diagnostics, Unit};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    // What it would show may be what could not be read.
    if subject.model.lost {
        return;
    }
    for report in &subject.model.reports {
        for section in report.sections.iter().filter(|it| is_empty(subject, report, it)) {
            let fact = about(Code::EmptySection, "report", &report.name, report.span);
            out.push(fact.with("section", section));
        }
    }
}

fn is_empty(subject: Subject<'_>, report: &Report, section: &str) -> bool {
    let model = subject.model;
    if section == "segments" && model.kpis.iter().any(|it| it.broken) {
        return false;
    }
    let kpis: Vec<usize> = match report.kpis.as_slice() {
        [] => (0..model.kpis.len()).filter(|it| !model.kpis[*it].pattern).collect(),
        named => named.iter().map(|it| it.index()).collect(),
    };
    match section {
        "goals" => model.goals.is_empty(),
        "journey" => model.journeys.is_empty(),
        "drivers" => model.drivers.is_empty(),
        "reasons" => model.drivers.iter().all(|it| !it.broken && it.method != Method::Stated),
        "lifecycle" => model.dimensions.iter().all(|it| it.lifecycle.is_none()),
        "money" => kpis.iter().all(|it| {
            let kpi = &model.kpis[*it];
            let firm = subject.traits[*it].assumptions.is_empty();
            !kpi.broken && (!matches!(kpi.unit, Some(Unit::Money(_))) || firm)
        }),
        "benchmarks" => model.benchmarks.is_empty(),
        "incentives" => model.incentives.is_empty(),
        "actions" => model.actions.is_empty(),
        "team" => model.goals.is_empty() || report.audience.is_none(),
        "index" => kpis.iter().all(|it| {
            let kpi = &model.kpis[*it];
            !kpi.broken && !matches!(kpi.formula.as_ref().map(|it| &it.kind), Some(KpiKind::Index { .. }))
        }),
        "segments" => report.cuts.is_empty() && kpis.iter().all(|it| model.kpis[*it].cuts.is_empty()),
        // What is broken has no time yet.
        "trends" | "why" => kpis.iter().all(|it| !model.kpis[*it].broken && subject.traits[*it].timeless.is_some()),
        _ => false,
    }
}
