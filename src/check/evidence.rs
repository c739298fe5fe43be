//! Is what is claimed supported? Edges of enablers, and KPIs that lead others (R19, R25).

use crate::model::{Claim, Evidence, Model, Support};
use crate::source::Span;
use crate::value::{Code, Diagnostics, Fact};

/// Reports claims that nothing supports. They count as hypotheses.
pub(super) fn check(model: &mut Model, out: &mut Diagnostics) {
    let not_run: Vec<bool> =
        model.actions.iter().map(|it| it.status.as_ref().is_some_and(|it| matches!(it.0.as_str(), "idea" | "planned"))).collect();
    for enabler in &mut model.enablers {
        for edge in enabler.serves.iter_mut().chain(&mut enabler.lifts) {
            if is_waiting(&edge.claim, &not_run) {
                edge.evidence = Evidence::Hypothesis;
            }
        }
    }
    let edges = || model.enablers.iter().flat_map(|it| it.serves.iter().chain(&it.lifts));
    // Where no edge is supported, none is told from another by saying nothing.
    let told_apart = edges().any(|it| it.claim.support.is_some());
    for enabler in &model.enablers {
        for edge in enabler.serves.iter().chain(&enabler.lifts) {
            let goal = &model.goals[edge.goal.index()].name;
            let about = format!("enabler:{}", enabler.name);
            let fact = |code: Code, span: Span| Fact::at(code, span).with("name", &enabler.name).with("to", goal).about(about.clone());
            claim(model, &edge.claim, &not_run, &fact, out);
            if told_apart && edge.claim.said.is_none() && !edge.claim.broken {
                out.push(fact(Code::EdgeWithoutEvidence, edge.span));
            }
        }
    }
    for (at, kpi) in model.kpis.iter().enumerate() {
        for lead in &kpi.leads {
            if lead.kpi.index() == at {
                // What is taken over from another KPI may lead back: that says nothing.
                if kpi.like.is_none() {
                    let fact = Fact::at(Code::WrongValue, lead.span).with("key", "leads").with("expected", "another kpi");
                    out.push(fact.with("found", format!("`{}`", kpi.name)));
                }
                continue;
            }
            let about = format!("kpi:{}", kpi.name);
            let to = &model.kpis[lead.kpi.index()].name;
            let fact = |code: Code, span: Span| Fact::at(code, span).with("name", &kpi.name).with("to", to).about(about.clone());
            claim(model, &lead.evidence, &not_run, &fact, out);
        }
    }
}

/// Whether a claim rests on an action that has not begun.
fn is_waiting(claim: &Claim, not_run: &[bool]) -> bool {
    matches!(claim.support, Some(Support::Action(it)) if not_run[it.index()])
}

fn claim(model: &Model, claim: &Claim, not_run: &[bool], fact: &dyn Fn(Code, Span) -> Fact, out: &mut Diagnostics) {
    let Some(said) = claim.said.as_ref().filter(|it| it.value != Evidence::Hypothesis && !claim.broken) else { return };
    match claim.support {
        None => out.push(fact(Code::EvidenceWithoutSource, said.span).with("evidence", said.value.name())),
        Some(Support::Action(it)) if is_waiting(claim, not_run) => {
            let action = &model.actions[it.index()];
            let fact = fact(Code::EvidenceWithoutSource, said.span).with("evidence", said.value.name());
            let status = action.status.as_ref().map(|it| it.0.as_str());
            out.push(fact.with("action", &action.name).with_some("status", status).label(action.span, "action"));
        }
        Some(_) => {}
    }
}
