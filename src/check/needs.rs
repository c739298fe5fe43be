//! Does an assumption by value of a dimension enter only where the figure is of one value? (R23)

use super::Traits;
use crate::model::{DimensionId, KpiId, KpiRef, Model, fixed_value};
use crate::source::Span;
use crate::value::{Code, Diagnostics, Fact};

/// A cut that a KPI has no figure without.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Need {
    pub dimension: DimensionId,
    pub assumption: crate::model::AssumptionId,
    /// Where the formula says so.
    pub span: Span,
}

/// A KPI with an assumption by value has figures only where it is cut by that dimension: it must say so.
pub(super) fn settle(model: &Model, id: KpiId, own: &mut Traits, out: &mut Diagnostics) {
    let kpi = &model.kpis[id.index()];
    own.needs.sort_by_key(|it| it.dimension);
    own.needs.dedup_by_key(|it| it.dimension);
    own.needs.retain(|it| {
        let said = kpi.cuts.contains(&it.dimension);
        if !said {
            out.push(needs_cut(model, it.span, &kpi.name, it));
        }
        // What was reported here is not reported again where this KPI is used.
        said
    });
}

/// What is rolled up is one figure: it cannot be one by value.
pub(super) fn check(model: &Model, traits: &[Traits], out: &mut Diagnostics) {
    let goals = model.goals.iter().flat_map(|it| &it.measured_by);
    let enablers = model.enablers.iter().flat_map(|it| &it.measured_by);
    let paid = model.incentives.iter().flat_map(|it| it.kpis());
    let measures: Vec<&KpiRef> = goals.chain(enablers).chain(paid).collect();
    for it in measures {
        let is_open = |need: &&Need| it.part.as_ref().is_none_or(|part| fixed_value(part, need.dimension).is_none());
        if let Some(need) = traits[it.kpi.index()].needs.iter().find(is_open) {
            out.push(needs_cut(model, it.span, &model.kpis[it.kpi.index()].name, need).with("rolled_up", "yes"));
        }
    }
}

fn needs_cut(model: &Model, span: Span, kpi: &str, need: &Need) -> Fact {
    let assumption = &model.assumptions[need.assumption.index()];
    let dimension = &model.dimensions[need.dimension.index()].name;
    let fact = Fact::at(Code::NeedsCut, span).with("kpi", kpi).with("dimension", dimension).with("assumption", &assumption.name);
    fact.label(assumption.span, "assumption")
}
