//! May a figure be cut so? Parts, cuts of reports and the periods that cuts allow: every dimension must be had by all sources that a
//! figure reads, once.

use super::Traits;
use crate::model::{DimensionId, KpiId, KpiRef, Model, RowExpr, SourceId, Subject};
use crate::source::Span;
use crate::value::{Code, Diagnostics, Fact};

/// A part may only be of a dimension that all sources of the KPI have (R6).
pub(super) fn check_part(model: &Model, traits: &[Traits], kpi: KpiId, part: &RowExpr, span: Span, out: &mut Diagnostics) {
    for source in &traits[kpi.index()].sources {
        if let Some(fact) = part.dimensions().into_iter().find_map(|it| ambiguous(model, it, *source, span)) {
            out.push(fact);
            return;
        }
        if let Err(dimension) = part.on(model, *source) {
            if crate::model::lacks_by_fault(model, dimension, *source) {
                return;
            }
            let fact = Fact::at(Code::CutNotShared, span).with("dimension", &model.dimensions[dimension.index()].name);
            let fact = fact.with("source", &model.sources[source.index()].name).with("kpi", &model.kpis[kpi.index()].name);
            out.push(fact.label(model.sources[source.index()].span, "source"));
            return;
        }
        let foreign = part.columns().into_iter().find(|it| it.source != *source);
        if let Some(column) = foreign {
            let fact = Fact::at(Code::SeveralSources, span).with("first", &model.sources[source.index()].name);
            out.push(fact.with("second", &model.sources[column.source.index()].name));
            return;
        }
    }
}

/// The cuts of KPIs, and parts in goals, touchpoints and journeys.
pub(super) fn check_cuts(model: &Model, traits: &[Traits], out: &mut Diagnostics) {
    for (at, kpi) in model.kpis.iter().enumerate() {
        for dimension in &kpi.cuts {
            out.push_some(traits[at].sources.iter().find_map(|it| ambiguous(model, *dimension, *it, kpi.span)));
            let lacking = traits[at].sources.iter().find(|it| crate::model::dimension_on(model, *dimension, **it).is_none());
            if let Some(source) = lacking.filter(|it| !crate::model::lacks_by_fault(model, *dimension, **it)) {
                let fact = Fact::at(Code::CutNotShared, kpi.span).with("dimension", &model.dimensions[dimension.index()].name);
                let source = &model.sources[source.index()];
                out.push(fact.with("source", &source.name).with("kpi", &kpi.name).label(source.span, "source"));
            }
            let overlap = traits[at].sources.iter().find_map(|it| overlapping(model, *dimension, *it, kpi.span));
            out.push_some(overlap.map(|it| it.with("kpi", &kpi.name)));
        }
        windows_fit(model, KpiId(at as u32), traits, out);
        finer_grain(model, KpiId(at as u32), traits, out);
    }
    for report in &model.reports {
        for dimension in &report.cuts {
            // Where another source has it as one answer a row, figures of that are cut by it.
            let from = &model.dimensions[dimension.index()].from;
            if from.iter().all(|it| crate::model::overlaps_on(model, *dimension, it.0)) {
                out.push_some(from.first().and_then(|it| overlapping(model, *dimension, it.0, report.span)));
            }
        }
    }
    let mut parts: Vec<&KpiRef> = Vec::new();
    parts.extend(model.goals.iter().flat_map(|it| &it.measured_by));
    parts.extend(model.enablers.iter().flat_map(|it| &it.measured_by));
    parts.extend(model.touchpoints.iter().flat_map(|it| it.kpis.all()));
    for journey in &model.journeys {
        parts.extend(journey.kpis.all());
        parts.extend(journey.stages.iter().flat_map(|it| it.kpis.all()));
    }
    parts.extend(model.drivers.iter().filter_map(|it| it.outcome.as_ref()));
    parts.extend(model.actions.iter().flat_map(|it| it.expects.iter().map(|it| &it.kpi)));
    let subjects = model.findings.iter().flat_map(|it| &it.about).chain(model.actions.iter().flat_map(|it| &it.acts_on));
    parts.extend(subjects.filter_map(|it| if let Subject::Kpi(kpi) = &it.value { Some(kpi) } else { None }));
    parts.extend(model.benchmarks.iter().filter_map(|it| it.of.as_ref()));
    parts.extend(model.sources.iter().filter_map(|it| it.invited.as_ref()));
    for it in &model.incentives {
        parts.extend(it.kpis());
    }
    for it in parts {
        if let Some(part) = &it.part {
            check_part(model, traits, it.kpi, part, it.span, out);
        }
    }
}

/// A segment by a column that changes in time moves rows between segments (R7).
fn windows_fit(model: &Model, id: KpiId, traits: &[Traits], out: &mut Diagnostics) {
    let kpi = &model.kpis[id.index()];
    if traits[id.index()].timeless.is_some() {
        return;
    }
    for dimension in &kpi.cuts {
        for source in &traits[id.index()].sources {
            let Some(RowExpr::Column(column)) = crate::model::dimension_on(model, *dimension, *source) else { continue };
            let Some(at) = column.through else { continue };
            let target = &model.sources[model.sources[source.index()].references[at as usize].to.index()];
            if target.time.is_none() {
                let fact = Fact::at(Code::MovingSegments, kpi.span).with("dimension", &model.dimensions[dimension.index()].name);
                out.push(fact.with("source", &target.name).with("kpi", &kpi.name).about(format!("kpi:{}", kpi.name)));
                return;
            }
        }
    }
}

/// Norms are judged at a grain that the sources have (R7).
fn finer_grain(model: &Model, id: KpiId, traits: &[Traits], out: &mut Diagnostics) {
    let kpi = &model.kpis[id.index()];
    let per = kpi.norms.iter().flat_map(|it| [&it.worst, &it.threshold, &it.target]).flatten().find_map(|it| it.per);
    let Some(grain) = kpi.judged_per.or(per) else { return };
    for source in &traits[id.index()].sources {
        let source = &model.sources[source.index()];
        if let Some(own) = source.constant_grain()
            && own.is_coarser_than(grain)
        {
            let fact = Fact::at(Code::FinerGrain, kpi.span).with("grain", grain).with("own", own);
            out.push(fact.with("source", &source.name).with("kpi", &kpi.name).label(source.span, "source"));
            return;
        }
    }
}

/// What is wrong where a source should have a dimension, and does not, or has it through several references (R6).
pub(super) fn lacking(model: &Model, dimension: DimensionId, source: SourceId, span: Span) -> Option<Fact> {
    if let Some(fact) = ambiguous(model, dimension, source, span) {
        return Some(fact);
    }
    let by_fault = crate::model::lacks_by_fault(model, dimension, source);
    let lacks = crate::model::dimension_on(model, dimension, source).is_none() && !by_fault;
    let from = &model.sources[source.index()];
    let fact = || Fact::at(Code::CutNotShared, span).with("dimension", &model.dimensions[dimension.index()].name);
    lacks.then(|| fact().with("source", &from.name).label(from.span, "source"))
}

/// What is wrong where segments overlap, as a row may be of several of them.
pub(super) fn overlapping(model: &Model, dimension: DimensionId, source: SourceId, span: Span) -> Option<Fact> {
    let fact = || Fact::at(Code::OverlappingSegments, span).with("dimension", &model.dimensions[dimension.index()].name);
    let from = &model.sources[source.index()];
    crate::model::overlaps_on(model, dimension, source).then(|| fact().with("source", &from.name).label(from.span, "source"))
}

/// The error for a dimension that a source reaches through several references (R6).
pub(super) fn ambiguous(model: &Model, dimension: DimensionId, source: SourceId, span: Span) -> Option<Fact> {
    let leading = crate::model::ambiguous_on(model, dimension, source)?;
    Some(crate::model::ambiguous_fact(model, dimension, source, &leading, span))
}
