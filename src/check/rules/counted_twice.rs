//! A KPI that measures a goal and a goal above it counts twice there (R18).

use super::{Subject, about};
use crate::value::{Code, Diagnostics};
use std::collections::HashSet;

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    for (own, goal) in model.goals.iter().enumerate().filter(|it| !it.1.measured_by.is_empty()) {
        // In a ring every goal is above itself; the ring was reported.
        if in_ring(subject, own) {
            continue;
        }
        let mut above: Vec<usize> = goal.part_of.iter().map(|it| it.0.value.index()).collect();
        let mut seen: HashSet<usize> = above.iter().copied().collect();
        let mut at = 0;
        while at < above.len() {
            let parent = &model.goals[above[at]];
            for it in &goal.measured_by {
                if let Some(twice) = parent.measured_by.iter().find(|other| other.kpi == it.kpi && other.part == it.part) {
                    let kpi = &model.kpis[it.kpi.index()].name;
                    let fact = about(Code::CountedTwice, "goal", &goal.name, it.span).with("kpi", kpi).with("goal", &parent.name);
                    out.push(fact.label(twice.span, "above"));
                }
            }
            above.extend(parent.part_of.iter().map(|it| it.0.value.index()).filter(|it| seen.insert(*it)));
            at += 1;
        }
    }
}

fn in_ring(subject: Subject<'_>, goal: usize) -> bool {
    let model = subject.model;
    let mut above: Vec<usize> = vec![goal];
    let mut seen: HashSet<usize> = HashSet::new();
    while let Some(at) = above.pop() {
        for (parent, _) in &model.goals[at].part_of {
            let parent = parent.value.index();
            if parent == goal {
                return true;
            }
            if seen.insert(parent) {
                above.push(parent);
            }
        }
    }
    false
}
