//! What a goal is measured by needs norms: without them nobody knows whether it is good.

use super::{Subject, about};
use crate::graph::{Edge, Node};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for (at, kpi) in subject.model.kpis.iter().enumerate().filter(|it| !it.1.pattern && !it.1.broken) {
        // What nothing is judged by needs no norms.
        let measures = subject.graph.needed_by(Node::Kpi(at as u32)).iter().any(|it| it.1 == Edge::MeasuredBy);
        if measures && kpi.norms.is_empty() {
            out.push(about(Code::MissingNorms, "kpi", &kpi.name, kpi.span));
        }
    }
}
