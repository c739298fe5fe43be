//! An effect that is expected on a figure that nothing leads to from what the action acts on.

use super::{Subject, about};
use crate::graph::{Edge, Graph, Node};
use crate::model::{self, Action, KpiId, Model, SourceId, TouchpointId, answer_of};
use crate::value::{Code, Diagnostics};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    if model.actions.is_empty() {
        return;
    }
    let answers = answers(model);
    for action in model.actions.iter().filter(|it| !it.broken) {
        let reached = reached(model, subject.graph, &answers, action);
        for expected in &action.expects {
            let kpi = &model.kpis[expected.kpi.kpi.index()];
            if !reached.contains(&expected.kpi.kpi) && !kpi.broken {
                out.push(about(Code::EffectElsewhere, "action", &action.name, expected.kpi.span).with("kpi", &kpi.name));
            }
        }
    }
}

/// The KPIs that each answer makes.
type Answers = BTreeMap<(SourceId, usize), Vec<KpiId>>;

fn answers(model: &Model) -> Answers {
    let mut answers = Answers::new();
    for kpi in (0..model.kpis.len() as u32).map(KpiId) {
        if let Ok(answer) = answer_of(model, kpi) {
            answers.entry((answer.source, answer.column)).or_default().push(kpi);
        }
    }
    answers
}

/// The KPIs that an action may move, by what it acts on.
fn reached(model: &Model, graph: &Graph, answers: &Answers, action: &Action) -> BTreeSet<KpiId> {
    let mut kpis: Vec<KpiId> = Vec::new();
    for subject in &action.acts_on {
        match &subject.value {
            model::Subject::Kpi(it) => kpis.push(it.kpi),
            model::Subject::Goal(it) => of_goals(model, graph, Node::Goal(it.0), &mut kpis),
            model::Subject::Enabler(it) => {
                let enabler = &model.enablers[it.index()];
                kpis.extend(enabler.measured_by.iter().map(|it| it.kpi));
                for edge in enabler.serves.iter().chain(&enabler.lifts) {
                    of_goals(model, graph, Node::Goal(edge.goal.0), &mut kpis);
                }
            }
            model::Subject::Touchpoint(it) => at_touchpoint(model, answers, *it, &mut kpis),
            model::Subject::Journey(it) => {
                let journey = &model.journeys[it.index()];
                kpis.extend(journey.kpis.all().chain(journey.stages.iter().flat_map(|it| it.kpis.all())).map(|it| it.kpi));
                for touchpoint in journey.stages.iter().flat_map(|it| &it.touchpoints) {
                    at_touchpoint(model, answers, *touchpoint, &mut kpis);
                }
            }
            model::Subject::Drivers(it) => {
                let drivers = &model.drivers[it.index()];
                kpis.extend(drivers.outcome.as_ref().map(|it| it.kpi));
                if let Ok(answer) = drivers.answer {
                    drivers.items.iter().for_each(|it| of_column(model, answers, (answer.source, it.column), &mut kpis));
                }
            }
            model::Subject::Column(source, column) => of_column(model, answers, (*source, *column), &mut kpis),
        }
    }
    // What a figure is made of, what is made of it, what it drives, and what it leads.
    let mut reached = BTreeSet::new();
    while let Some(kpi) = kpis.pop() {
        if !reached.insert(kpi) {
            continue;
        }
        let node = Node::Kpi(kpi.0);
        let up = graph.needed_by(node).into_iter().filter(|it| matches!(it.1, Edge::Uses | Edge::LedBy));
        let down = graph.needs(node).into_iter().filter(|it| it.1 == Edge::Uses);
        kpis.extend(up.chain(down).filter_map(|it| if let Node::Kpi(at) = it.0 { Some(KpiId(at)) } else { None }));
        if let Ok(answer) = answer_of(model, kpi) {
            of_column(model, answers, (answer.source, answer.column), &mut kpis);
        }
    }
    reached
}

/// The KPIs of a goal, of its parts and of the goals above it.
fn of_goals(model: &Model, graph: &Graph, goal: Node, kpis: &mut Vec<KpiId>) {
    let below = graph.reach(goal, |it| it == Edge::HasPart);
    let above = graph.reaching([goal], |it| it == Edge::HasPart);
    for node in below.into_iter().chain(above) {
        if let Node::Goal(at) = node {
            kpis.extend(model.goals[at as usize].measured_by.iter().map(|it| it.kpi));
        }
    }
}

fn at_touchpoint(model: &Model, answers: &Answers, touchpoint: TouchpointId, kpis: &mut Vec<KpiId>) {
    let touchpoint = &model.touchpoints[touchpoint.index()];
    kpis.extend(touchpoint.kpis.all().map(|it| it.kpi));
    for it in &touchpoint.asks {
        of_column(model, answers, (it.source, it.column), kpis);
    }
}

/// The KPIs that an answer makes, and those that it drives.
fn of_column(model: &Model, answers: &Answers, (source, column): (SourceId, usize), kpis: &mut Vec<KpiId>) {
    kpis.extend(answers.get(&(source, column)).into_iter().flatten());
    for drivers in &model.drivers {
        let item = drivers.answer.is_ok_and(|it| it.source == source) && drivers.items.iter().any(|it| it.column == column);
        if item {
            kpis.extend(drivers.outcome.as_ref().map(|it| it.kpi));
        }
    }
}
