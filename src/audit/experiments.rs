//! Do the data show what experiments are claimed to show (R19)? By the measured effect of the action that is named, or by
//! whether the finding still holds.

use super::data::Data;
use crate::check::Checked;
use crate::insight::{Measuring, Unmeasured, measure_actions, watch_findings};
use crate::model::{ActionId, Claim, Evidence, FindingId, GoalId, KpiId, Support};
use crate::plan::Request;
use crate::publish::{
    ActionResult, ControlResult, EffectResult, EffectVerdict, FindingState, MeasuredEffect, NotMeasured, Results, actions, findings,
};
use crate::source::Span;
use crate::value::{Code, Diagnostics, Fact};

/// A claim that rests on an experiment.
struct Claimed {
    span: Span,
    about: String,
    name: String,
    to: String,
    support: Support,
    /// The KPIs that what is acted on is measured by.
    measured: Vec<KpiId>,
}

/// Reports claims that the named experiment does not show, and those that it cannot show yet.
pub(super) fn report(checked: &Checked, data: Data<'_>, out: &mut Diagnostics) {
    // Without a day nothing has begun.
    let Some(today) = data.today else { return };
    let claims = claims(checked);
    if claims.is_empty() {
        return;
    }
    let mut tried: Vec<ActionId> = Vec::new();
    let mut found: Vec<FindingId> = Vec::new();
    for it in &claims {
        match it.support {
            Support::Action(id) if !tried.contains(&id) => tried.push(id),
            Support::Finding(id) if !found.contains(&id) => found.push(id),
            _ => {}
        }
    }
    let measuring = measure_actions(checked, &tried, today);
    let Some(measured) = read(&measuring.checked, &|it| measuring.add_to(it), data) else { return };
    let measured = actions(&measuring, &measured, today);
    let watched = watch_findings(checked, &found, None);
    let Some(states) = read(&watched.checked, &|it| watched.add_to(it), data) else { return };
    let states = findings(&watched, &states);
    for claim in &claims {
        let fact = match claim.support {
            Support::Action(id) => measured.iter().find(|it| it.action == id).and_then(|it| by_action(checked, &measuring, claim, it)),
            Support::Finding(id) => states.iter().find(|it| it.finding == id).and_then(|it| by_finding(checked, claim, id, it.state)),
            _ => None,
        };
        if let Some(fact) = fact {
            out.push(fact);
        }
    }
}

fn read(checked: &Checked, needs: &dyn Fn(&mut Request), data: Data<'_>) -> Option<Results> {
    let mut request = Request::new();
    needs(&mut request);
    data.published(checked, &request)
}

fn claims(checked: &Checked) -> Vec<Claimed> {
    let model = &checked.model;
    let experiment = |it: &Claim| it.support.filter(|_| !it.broken && it.said.as_ref().is_some_and(|it| it.value == Evidence::Experiment));
    let mut claims = Vec::new();
    for enabler in &model.enablers {
        for edge in enabler.serves.iter().chain(&enabler.lifts) {
            let Some(support) = experiment(&edge.claim) else { continue };
            let (name, to) = (enabler.name.clone(), model.goals[edge.goal.index()].name.clone());
            let (span, about, measured) = (edge.span, format!("enabler:{name}"), measures(checked, edge.goal));
            claims.push(Claimed { span, about, name, to, support, measured });
        }
    }
    for kpi in &model.kpis {
        for lead in &kpi.leads {
            let Some(support) = experiment(&lead.evidence) else { continue };
            let (name, to) = (kpi.name.clone(), model.kpis[lead.kpi.index()].name.clone());
            claims.push(Claimed { span: lead.span, about: format!("kpi:{name}"), name, to, support, measured: vec![lead.kpi] });
        }
    }
    claims
}

/// The KPIs that a goal is measured by, itself or through its parts.
fn measures(checked: &Checked, goal: GoalId) -> Vec<KpiId> {
    let goals = &checked.model.goals;
    let mut reached = vec![goal];
    let mut at = 0;
    while let Some(goal) = reached.get(at).copied() {
        at += 1;
        for (id, it) in goals.iter().enumerate() {
            let id = GoalId(id as u32);
            if it.part_of.iter().any(|it| it.0.value == goal) && !reached.contains(&id) {
                reached.push(id);
            }
        }
    }
    reached.iter().flat_map(|it| &goals[it.index()].measured_by).map(|it| it.kpi).collect()
}

fn fact(code: Code, claim: &Claimed) -> Fact {
    Fact::at(code, claim.span).with("name", &claim.name).with("to", &claim.to).about(claim.about.clone())
}

fn by_finding(checked: &Checked, claim: &Claimed, id: FindingId, state: FindingState) -> Option<Fact> {
    let finding = &checked.model.findings[id.index()];
    let said = |code: Code| fact(code, claim).with("finding", &finding.name).label(finding.span, "finding");
    match state {
        FindingState::Holds | FindingState::Unconditional => None,
        FindingState::Lapsed => Some(said(Code::ClaimNotShown).with("by", "lapsed")),
        FindingState::Unknown(_) => Some(said(Code::ClaimUntested).with("reason", "finding")),
    }
}

fn by_action(checked: &Checked, measuring: &Measuring, claim: &Claimed, found: &ActionResult) -> Option<Fact> {
    let action = &checked.model.actions[found.action.index()];
    let said = |code: Code| fact(code, claim).with("action", &action.name).label(action.span, "action");
    let effects: Vec<&EffectResult> = found.effects.iter().filter(|it| claim.measured.contains(&it.kpi)).collect();
    if effects.is_empty() {
        return Some(said(Code::ClaimNotShown).with("by", "elsewhere"));
    }
    let measured: Vec<(&EffectResult, &MeasuredEffect)> = effects.iter().filter_map(|it| Some((*it, it.measured.as_ref().ok()?))).collect();
    let beside = |it: &MeasuredEffect| matches!(it.control, Some(ControlResult::Beside { .. }));
    if measured.iter().any(|(_, it)| beside(it) && it.verdict.is_shown()) {
        return None;
    }
    if measured.iter().any(|(_, it)| it.verdict.is_shown()) {
        return Some(said(Code::ClaimUntested).with("reason", "control"));
    }
    let tested = |it: &&(&EffectResult, &MeasuredEffect)| matches!(it.1.verdict, EffectVerdict::Contrary | EffectVerdict::NotShown);
    let contrary = measured.iter().find(|it| it.1.verdict == EffectVerdict::Contrary);
    if let Some((effect, it)) = contrary.or(measured.iter().find(tested)) {
        let kpi = &measuring.checked.model.kpis[effect.kpi.index()];
        let number = |it: f64| format!("{it:.2}");
        let own = it.effect();
        let fact = said(Code::ClaimNotShown).with("by", "experiment").with("kpi", &kpi.name).with("expected", number(effect.expected));
        let fact = fact.with_some("contrary", (it.verdict == EffectVerdict::Contrary).then_some("yes")).with("effect", number(own.value));
        let fact = fact.with_some("low", own.ends.map(|it| number(it.0))).with_some("high", own.ends.map(|it| number(it.1)));
        return Some(fact.with("before", it.window.before).with("after", it.window.after));
    }
    // What has not begun counts as a hypothesis already, and check says so.
    let waits = |it: &&EffectResult| matches!(it.measured, Err(NotMeasured::Waits(Unmeasured::NotBegun)));
    if effects.iter().any(waits) {
        return None;
    }
    let early = |it: &&EffectResult| matches!(it.measured, Err(NotMeasured::Waits(Unmeasured::TooEarly(_) | Unmeasured::Later(_))));
    Some(said(Code::ClaimUntested).with("reason", if effects.iter().any(early) { "early" } else { "unmeasured" }))
}
