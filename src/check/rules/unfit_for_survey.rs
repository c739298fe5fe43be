//! Which KPI fits where: a measure of the relation says nothing of one contact, and one of a contact nothing of the
//! relation.

use super::measure::{measure, source_of};
use super::{Subject, about};
use crate::model::{KpiId, SurveyKind};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    for (at, kpi) in model.kpis.iter().enumerate().filter(|it| !it.1.pattern && !it.1.broken) {
        let Some(measure) = measure(model, KpiId(at as u32)) else { continue };
        let source = source_of(model, &measure);
        let place = match (source.survey, measure.family) {
            (Some(SurveyKind::Relational), "fcr") => "relation",
            (Some(SurveyKind::InTheMoment), "nps" | "clv" | "churn" | "retention" | "nrr" | "grr") => "moment",
            _ => continue,
        };
        let fact = about(Code::UnfitForSurvey, "kpi", &kpi.name, kpi.span).with("place", place);
        out.push(fact.with("measure", measure.family.to_uppercase()).with("source", &source.name).label(source.span, "source"));
    }
    for touchpoint in model.touchpoints.iter().filter(|it| !it.broken) {
        for placed in &touchpoint.kpis.primary {
            let Some(measure) = measure(model, placed.kpi).filter(|it| it.family == "nps") else { continue };
            let source = source_of(model, &measure);
            if source.survey == Some(SurveyKind::Relational) {
                let fact = about(Code::UnfitForSurvey, "touchpoint", &touchpoint.name, placed.span).with("place", "touchpoint");
                let fact = fact.with("kpi", &model.kpis[placed.kpi.index()].name).with("measure", "NPS");
                out.push(fact.with("source", &source.name).label(source.span, "source"));
            }
        }
    }
}
