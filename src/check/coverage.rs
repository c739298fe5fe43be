//! Does everything hang together? KPIs without goals, goals without KPIs or customers, enablers with one side.

use crate::graph::{Edge, Graph, Node};
use crate::model::{Function, GoalKind, Indicator, KpiKind, Model};
use crate::source::Span;
use crate::value::{Code, Diagnostics, Fact};
use std::collections::HashSet;

/// Reports what nobody owns, measures or reaches.
pub(super) fn check(model: &Model, graph: &Graph, out: &mut Diagnostics) {
    kpis(model, graph, out);
    goals(model, graph, out);
    counted_twice(model, out);
    for enabler in model.enablers.iter().filter(|it| !it.broken) {
        let missing = match (enabler.serves.is_empty(), enabler.lifts.is_empty()) {
            (true, true) => "both",
            (true, false) => "serves",
            (false, true) => "lifts",
            (false, false) => continue,
        };
        out.push(lint(Code::EnablerOneSided, "enabler", &enabler.name, enabler.span).with("missing", missing));
    }
    for touchpoint in model.touchpoints.iter().filter(|it| !it.broken) {
        if touchpoint.kpis.all().next().is_none() {
            out.push(lint(Code::TouchpointWithoutKpi, "touchpoint", &touchpoint.name, touchpoint.span));
        }
    }
}

fn lint(code: Code, word: &str, name: &str, span: Span) -> Fact {
    Fact::at(code, span).with("name", name).about(format!("{word}:{name}"))
}

fn kpis(model: &Model, graph: &Graph, out: &mut Diagnostics) {
    for (at, kpi) in model.kpis.iter().enumerate() {
        if kpi.pattern || kpi.broken {
            continue;
        }
        // Who owns a KPI of a library, and what it is for, is for its own project to say.
        let lent = model.libraries.at(kpi.span).is_some();
        if kpi.owner.is_none() && !kpi.owner_said && !lent {
            out.push(lint(Code::MissingOwner, "kpi", &kpi.name, kpi.span));
        }
        let needed = graph.needed_by(Node::Kpi(at as u32));
        let measures = needed.iter().any(|it| matches!(it.1, Edge::MeasuredBy));
        let used = needed.iter().any(|it| matches!(it.1, Edge::Uses));
        // What nothing is judged by needs no norms.
        if measures && kpi.norms.is_empty() {
            out.push(lint(Code::MissingNorms, "kpi", &kpi.name, kpi.span));
        }
        if !measures && !used && !lent && kpi.indicator != Indicator::Context {
            out.push(lint(Code::KpiWithoutGoal, "kpi", &kpi.name, kpi.span));
        }
    }
}

fn goals(model: &Model, graph: &Graph, out: &mut Diagnostics) {
    let customers = (0..model.goals.len() as u32).map(Node::Goal);
    let customers = customers.filter(|it| matches!(it, Node::Goal(at) if model.goals[*at as usize].kind == GoalKind::Customer));
    let reaching = graph.reaching(customers, |it| matches!(it, Edge::HasPart | Edge::LiftedBy | Edge::Serves));
    for (at, goal) in model.goals.iter().enumerate() {
        if goal.broken {
            continue;
        }
        let node = Node::Goal(at as u32);
        let has_part = graph.needs(node).iter().any(|it| it.1 == Edge::HasPart);
        if goal.measured_by.is_empty() && !has_part {
            out.push(lint(Code::GoalWithoutKpi, "goal", &goal.name, goal.span));
        }
        match goal.kind {
            GoalKind::Business => {
                // An enabler that was broken may have been the way.
                let broken = model.enablers.iter().any(|it| it.broken);
                if !reaching.contains(&node) && !broken {
                    out.push(lint(Code::GoalWithoutCustomer, "goal", &goal.name, goal.span));
                }
            }
            GoalKind::Customer => {
                let disguised = !goal.measured_by.is_empty()
                    && goal.measured_by.iter().all(|it| {
                        let kpi = &model.kpis[it.kpi.index()];
                        kpi.indicator == Indicator::Effect || is_nps(model, it.kpi.index())
                    });
                if disguised {
                    let names: Vec<String> = goal.measured_by.iter().map(|it| format!("`{}`", model.kpis[it.kpi.index()].name)).collect();
                    out.push(lint(Code::BusinessGoalInDisguise, "goal", &goal.name, goal.span).with("kpis", names.join(", ")));
                }
            }
        }
    }
}

fn is_nps(model: &Model, kpi: usize) -> bool {
    match model.kpis[kpi].formula.as_ref().map(|it| &it.kind) {
        Some(KpiKind::Aggregate(it)) => matches!(it.function, Function::Net(..)) && it.text.starts_with("nps."),
        _ => false,
    }
}

/// A KPI that measures a goal and a goal above it counts twice there (R18).
fn counted_twice(model: &Model, out: &mut Diagnostics) {
    for goal in model.goals.iter().filter(|it| !it.measured_by.is_empty()) {
        let mut above: Vec<usize> = goal.part_of.iter().map(|it| it.0.value.index()).collect();
        let mut seen: HashSet<usize> = above.iter().copied().collect();
        let mut at = 0;
        while at < above.len() {
            let parent = &model.goals[above[at]];
            for it in &goal.measured_by {
                if let Some(twice) = parent.measured_by.iter().find(|other| other.kpi == it.kpi && other.part == it.part) {
                    let kpi = &model.kpis[it.kpi.index()].name;
                    let fact = lint(Code::CountedTwice, "goal", &goal.name, it.span).with("kpi", kpi).with("goal", &parent.name);
                    out.push(fact.label(twice.span, "above"));
                }
            }
            above.extend(parent.part_of.iter().map(|it| it.0.value.index()).filter(|it| seen.insert(*it)));
            at += 1;
        }
    }
}
