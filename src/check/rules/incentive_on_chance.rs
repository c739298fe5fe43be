//! A sampled figure moves by chance: paid is what is beyond it, or what rests on enough answers.

use super::{Subject, about};
use crate::model::{KpiId, PayOn};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    for incentive in model.incentives.iter().filter(|it| !it.broken && it.pay_on != Some(PayOn::LowEnd)) {
        let is_bare = |it: &KpiId| {
            let sampled = subject.traits[it.index()].sources.iter().any(|it| !model.sources[it.index()].complete);
            sampled && model.kpis[it.index()].minimum_base.is_none()
        };
        let bare: Vec<KpiId> = incentive.parts.iter().map(|it| it.of.kpi).filter(is_bare).collect();
        if !bare.is_empty() {
            let span = incentive.pay_on_span.unwrap_or(incentive.span);
            let fact = about(Code::IncentiveOnChance, "incentive", &incentive.name, span);
            out.push(fact.with("kpis", model.kpi_names(bare.iter().copied())));
        }
    }
}
