//! What customers think of the whole relation, cut by the employee who happened to be last.

use super::measure::column_of;
use super::name_words::{column_holds, holds, texts};
use super::{Subject, about};
use crate::model::{DimensionId, KpiId, RowExpr, SurveyKind, dimension_on};
use crate::value::{Code, Diagnostics};
use std::collections::HashSet;

const EMPLOYEES: [&str; 14] = [
    "agent", "agents", "employee", "employees", "staff", "adviser", "advisor", "medewerker", "medewerkers", "adviseur", "monteur", "team",
    "teams", "teamlid",
];

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    let mut said: HashSet<(usize, DimensionId)> = HashSet::new();
    let own = model.kpis.iter().enumerate().flat_map(|(at, it)| it.cuts.iter().map(move |cut| (at, *cut, None)));
    let reported = model.reports.iter().flat_map(|report| {
        report.kpis.iter().flat_map(move |kpi| report.cuts.iter().map(move |cut| (kpi.index(), *cut, Some(report))))
    });
    for (at, cut, report) in own.chain(reported) {
        let kpi = &model.kpis[at];
        if kpi.pattern || kpi.broken || !per_employee(subject, KpiId(at as u32), cut) || !said.insert((at, cut)) {
            continue;
        }
        let dimension = &model.dimensions[cut.index()];
        let fact = match report {
            None => about(Code::RelationalPerEmployee, "kpi", &kpi.name, kpi.span),
            Some(report) => about(Code::RelationalPerEmployee, "report", &report.name, report.span).with("kpi", &kpi.name),
        };
        out.push(fact.with("kpi", &kpi.name).with("dimension", &dimension.name).label(dimension.span, "dimension"));
    }
}

/// Whether a cut tells employees apart, of answers about the relation.
fn per_employee(subject: Subject<'_>, kpi: KpiId, cut: DimensionId) -> bool {
    let model = subject.model;
    let dimension = &model.dimensions[cut.index()];
    subject.traits[kpi.index()].sources.iter().any(|source| {
        if model.sources[source.index()].survey != Some(SurveyKind::Relational) {
            return false;
        }
        let column = match dimension_on(model, cut, *source) {
            Some(RowExpr::Column(column)) => column_holds(column_of(model, column).1, &EMPLOYEES),
            _ => false,
        };
        column || holds(&dimension.name, &EMPLOYEES) || texts(&dimension.title).any(|it| holds(it, &EMPLOYEES))
    })
}
