//! An effect the wrong way, where no other makes up for it: a sign was forgotten, or the direction is another.

use super::{Subject, about};
use crate::model::Expected;
use crate::value::{Code, Diagnostics, Direction};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    let worse = |it: &Expected| match model.kpis[it.kpi.kpi.index()].direction {
        Some(Direction::Up) => it.change < 0.0,
        Some(Direction::Down) => it.change > 0.0,
        None => false,
    };
    for action in model.actions.iter().filter(|it| !it.broken && it.expects.iter().all(worse)) {
        let Some(first) = action.expects.first() else { continue };
        let kpi = &model.kpis[first.kpi.kpi.index()];
        let better = if kpi.direction == Some(Direction::Up) { "up" } else { "down" };
        let fact = about(Code::EffectWorsens, "action", &action.name, first.span).with("kpi", &kpi.name);
        out.push(fact.with("better", better).label(kpi.span, "kpi"));
    }
}
