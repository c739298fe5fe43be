//! A business goal that no customer goal leads to, by its parts or by enablers.

use super::{Subject, about};
use crate::graph::{Edge, Node};
use crate::model::GoalKind;
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let (model, graph) = (subject.model, subject.graph);
    // A goal or an enabler that was broken, or lost, may have been the way.
    if !model.knows_goals() {
        return;
    }
    let goals = || model.goals.iter().enumerate();
    let customers = goals().filter(|it| it.1.kind == GoalKind::Customer).map(|it| Node::Goal(it.0 as u32));
    let reaching = graph.reaching(customers, |it| matches!(it, Edge::HasPart | Edge::LiftedBy | Edge::Serves));
    for (at, goal) in goals().filter(|it| it.1.kind == GoalKind::Business && !it.1.broken) {
        if !reaching.contains(&Node::Goal(at as u32)) {
            out.push(about(Code::GoalWithoutCustomer, "goal", &goal.name, goal.span));
        }
    }
}
