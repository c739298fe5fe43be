//! A claim that nothing supports, at an edge of an enabler or where a KPI leads another: it counts as a hypothesis.

use super::{Subject, about};
use crate::check::evidence::waits_for;
use crate::model::{Claim, Evidence, Model};
use crate::value::{Code, Diagnostics, Fact};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    for enabler in &model.enablers {
        for edge in enabler.serves.iter().chain(&enabler.lifts) {
            let fact = |span| about(Code::EvidenceWithoutSource, "enabler", &enabler.name, span);
            let found = claim(model, &edge.claim, fact);
            out.push_some(found.map(|it| it.with("to", &model.goals[edge.goal.index()].name)));
        }
    }
    for (at, kpi) in model.kpis.iter().enumerate() {
        for lead in kpi.leads.iter().filter(|it| it.kpi.index() != at) {
            let fact = |span| about(Code::EvidenceWithoutSource, "kpi", &kpi.name, span);
            let found = claim(model, &lead.evidence, fact);
            out.push_some(found.map(|it| it.with("to", &model.kpis[lead.kpi.index()].name)));
        }
    }
}

fn claim(model: &Model, claim: &Claim, fact: impl Fn(crate::source::Span) -> Fact) -> Option<Fact> {
    let said = claim.said.as_ref().filter(|it| it.value != Evidence::Hypothesis && !claim.broken)?;
    let fact = fact(said.span).with("evidence", said.value.name());
    let Some(action) = waits_for(model, claim) else { return claim.support.is_none().then_some(fact) };
    let status = action.status.as_ref().map(|it| it.0.as_str());
    Some(fact.with("action", &action.name).with_some("status", status).label(action.span, "action"))
}
