//! What do claims count as? Edges of enablers, and KPIs that lead others (R19, R25).

use crate::model::{Action, Claim, Evidence, Model, Support};
use crate::value::{Code, Diagnostics, Fact};

/// Makes hypotheses of claims that rest on what has not begun; reports a KPI that leads itself.
pub(super) fn check(model: &mut Model, out: &mut Diagnostics) {
    let not_run: Vec<bool> = model.actions.iter().map(is_still_to_run).collect();
    for enabler in &mut model.enablers {
        for edge in enabler.serves.iter_mut().chain(&mut enabler.lifts) {
            if is_waiting(&edge.claim, &not_run) {
                edge.evidence = Evidence::Hypothesis;
            }
        }
    }
    for (at, kpi) in model.kpis.iter().enumerate() {
        for lead in &kpi.leads {
            // What is taken over from another KPI may lead back: that says nothing.
            if lead.kpi.index() == at && kpi.like.is_none() {
                let fact = Fact::at(Code::WrongValue, lead.span).with("key", "leads").with("expected", "another kpi");
                out.push(fact.with("found", format!("`{}`", kpi.name)));
            }
        }
    }
}

/// Whether an action has not begun.
fn is_still_to_run(action: &Action) -> bool {
    action.status.as_ref().is_some_and(|it| matches!(it.0.as_str(), "idea" | "planned"))
}

/// Whether a claim rests on an action that has not begun.
fn is_waiting(claim: &Claim, not_run: &[bool]) -> bool {
    matches!(claim.support, Some(Support::Action(it)) if not_run[it.index()])
}

/// The action that a claim rests on, where that has not begun.
pub(super) fn waits_for<'m>(model: &'m Model, claim: &Claim) -> Option<&'m Action> {
    let Some(Support::Action(it)) = claim.support else { return None };
    Some(&model.actions[it.index()]).filter(|it| is_still_to_run(it))
}
