//! A formula that joins answers about the relation with answers about one contact: other people, asked at other moments.

use super::{Subject, about};
use crate::model::{Arithmetic, KpiExpr, KpiKind, SourceId, SurveyKind};
use crate::value::{Code, Diagnostics, Unit};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for kpi in subject.model.kpis.iter().filter(|it| !it.pattern && !it.broken) {
        let Some(formula) = &kpi.formula else { continue };
        let mut found = false;
        formula.walk(&mut |it| {
            // Counts are compared by division; answers are joined by adding, subtracting and weighing.
            let joined: Vec<&KpiExpr> = match &it.kind {
                KpiKind::Binary { operator: Arithmetic::Add | Arithmetic::Subtract, left, right } => vec![left, right],
                KpiKind::Index { parts, .. } => parts.iter().map(|it| &it.0).collect(),
                _ => return,
            };
            let kinds: Vec<(&KpiExpr, Option<Kind>)> = joined.into_iter().map(|it| (it, kind(subject, it))).collect();
            let of = |wanted: Kind| kinds.iter().find(|it| it.1 == Some(wanted)).map(|it| it.0);
            if let (Some(relation), Some(contact), false) = (of(Kind::Relation), of(Kind::Contact), found) {
                found = true;
                let fact = about(Code::SurveyKindsPooled, "kpi", &kpi.name, it.span);
                out.push(fact.label(relation.span, "relation").label(contact.span, "contact"));
            }
        });
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Relation,
    Contact,
}

/// What kind of answers a figure is made of, where it is made of one kind.
fn kind(subject: Subject<'_>, figure: &KpiExpr) -> Option<Kind> {
    if figure.unit == Unit::Count {
        return None;
    }
    let mut sources: Vec<SourceId> = Vec::new();
    figure.walk(&mut |it| match &it.kind {
        KpiKind::Aggregate(it) => sources.push(it.source),
        KpiKind::Kpi { kpi, .. } => sources.extend(&subject.traits[kpi.index()].sources),
        _ => {}
    });
    let mut kinds = sources.iter().filter_map(|it| subject.model.sources[it.index()].survey).map(|it| match it {
        SurveyKind::Relational => Kind::Relation,
        SurveyKind::Transactional | SurveyKind::InTheMoment => Kind::Contact,
    });
    let first = kinds.next()?;
    kinds.all(|it| it == first).then_some(first)
}
