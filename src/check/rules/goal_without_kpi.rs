//! A goal that nothing measures, itself or through its parts.

use super::{Subject, about};
use crate::graph::{Edge, Node};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for (at, goal) in subject.model.goals.iter().enumerate().filter(|it| !it.1.broken) {
        let has_part = subject.graph.needs(Node::Goal(at as u32)).iter().any(|it| it.1 == Edge::HasPart);
        if goal.measured_by.is_empty() && !has_part {
            out.push(about(Code::GoalWithoutKpi, "goal", &goal.name, goal.span));
        }
    }
}
