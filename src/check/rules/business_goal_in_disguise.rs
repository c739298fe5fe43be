//! A customer goal that is measured only by what the business gains (R18).

use super::measure::measure;
use super::{Subject, about};
use crate::model::{GoalKind, Indicator, KpiId, Model};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    for goal in model.goals.iter().filter(|it| it.kind == GoalKind::Customer && !it.broken && !it.measured_by.is_empty()) {
        if goal.measured_by.iter().all(|it| is_gain(model, it.kpi)) {
            let names: Vec<String> = goal.measured_by.iter().map(|it| format!("`{}`", model.kpis[it.kpi.index()].name)).collect();
            out.push(about(Code::BusinessGoalInDisguise, "goal", &goal.name, goal.span).with("kpis", names.join(", ")));
        }
    }
}

fn is_gain(model: &Model, kpi: KpiId) -> bool {
    model.kpis[kpi.index()].indicator == Indicator::Effect || measure(model, kpi).is_some_and(|it| it.family == "nps")
}
