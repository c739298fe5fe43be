//! What is paid for answers is asked of whom answers kindly: a figure that is not asked holds against it.

use super::{Subject, about};
use crate::model::{KpiRef, PaidPart, SourceId};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    let sources = |it: &KpiRef| subject.traits[it.kpi.index()].sources.iter().copied();
    for incentive in model.incentives.iter().filter(|it| !it.broken) {
        let is_bare = |part: &&PaidPart| {
            let asked: Vec<SourceId> = sources(&part.of).filter(|it| model.sources[it.index()].survey.is_some()).collect();
            !asked.is_empty() && !incentive.kpis().any(|it| sources(it).any(|it| !asked.contains(&it)))
        };
        let bare: Vec<&PaidPart> = incentive.parts.iter().filter(is_bare).collect();
        if let Some(first) = bare.first() {
            let fact = about(Code::IncentiveWithoutCounter, "incentive", &incentive.name, first.of.span);
            out.push(fact.with("kpis", model.kpi_names(bare.iter().map(|it| it.of.kpi))));
        }
    }
}
