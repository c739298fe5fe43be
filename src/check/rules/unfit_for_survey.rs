//! Which KPI fits where: a measure of the relation says nothing of one contact, and one of a contact nothing of the
//! relation.

use super::measure::{measure, source_of};
use super::{Subject, about};
use crate::model::{KpiId, Model, SurveyKind};
use crate::value::{Code, Diagnostics, Fact};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    subject.each_kpi(out, |model, id, out| out.push_some(unfit(model, id)));
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

fn unfit(model: &Model, id: KpiId) -> Option<Fact> {
    let kpi = &model.kpis[id.index()];
    if kpi.pattern || kpi.broken {
        return None;
    }
    let measure = measure(model, id)?;
    let source = source_of(model, &measure);
    let place = match (source.survey, measure.family) {
        (Some(SurveyKind::Relational), "fcr") => "relation",
        (Some(SurveyKind::InTheMoment), "nps" | "clv" | "churn" | "retention" | "nrr" | "grr") => "moment",
        _ => return None,
    };
    let fact = about(Code::UnfitForSurvey, "kpi", &kpi.name, kpi.span).with("place", place);
    Some(fact.with("measure", measure.family.to_uppercase()).with("source", &source.name).label(source.span, "source"))
}
