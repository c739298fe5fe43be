//! A stage of a journey that nothing measures. Where it has touchpoints, these are what lacks a KPI, and say so.

use super::{Subject, about};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for journey in &subject.model.journeys {
        for stage in journey.stages.iter().filter(|it| !it.broken && it.touchpoints.is_empty()) {
            if stage.kpis.all().next().is_none() {
                let fact = about(Code::StageWithoutKpi, "journey", &journey.name, stage.span);
                out.push(fact.with("stage", &stage.name).about(format!("stage:{}.{}", journey.name, stage.name)));
            }
        }
    }
}
