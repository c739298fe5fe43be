//! What a goal is measured by, or an incentive pays for, needs norms: without them nobody knows whether it is good.

use super::{Subject, about};
use crate::graph::{Edge, Node};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for (at, kpi) in subject.model.kpis.iter().enumerate().filter(|it| !it.1.pattern && !it.1.broken) {
        // What nothing is judged by needs no norms.
        let needed = subject.graph.needed_by(Node::Kpi(at as u32));
        let measures = needed.iter().any(|it| it.1 == Edge::MeasuredBy);
        let paid = needed.iter().find_map(|it| match it {
            (Node::Incentive(at), Edge::Pays) => Some(&subject.model.incentives[*at as usize]),
            _ => None,
        });
        if (measures || paid.is_some()) && kpi.norms.is_empty() {
            let fact = about(Code::MissingNorms, "kpi", &kpi.name, kpi.span);
            let fact = fact.with_some("incentive", paid.filter(|_| !measures).map(|it| &it.name));
            out.push(match paid {
                Some(it) => fact.label(it.span, "incentive"),
                None => fact,
            });
        }
    }
}
