//! Which measure of the field is a KPI: an NPS, a CSAT, a CES, and in which variant?

use crate::model::{Aggregate, ColumnRef, Function, KpiExpr, KpiId, KpiKind, Model, Source};

/// A KPI that is one measure over rows, as it stands or over a window.
#[derive(Clone, Copy)]
pub(super) struct Measure<'a> {
    /// `nps` of `nps.standard`; `mean`, `share` where it has no variants.
    pub family: &'a str,
    /// `nps.standard`.
    pub variant: &'a str,
    pub aggregate: &'a Aggregate,
}

impl Measure<'_> {
    /// The one answer that it is made of, if it is made of one.
    pub fn question(&self) -> Option<ColumnRef> {
        let of = match &self.aggregate.function {
            Function::Share(of) | Function::Net(of, _) | Function::CountOf(of) | Function::Distinct(of) | Function::Sum(of) => of,
            Function::Min(of) | Function::Max(of) | Function::Median(of) | Function::Percentile(of, _) | Function::Stddev(of) => of,
            Function::Mean { of, .. } => of,
            _ => return None,
        };
        let columns = of.columns();
        if let [column] = columns.as_slice() { Some(*column) } else { None }
    }
}

/// The measure that a KPI is; `None` for one that is made of several.
pub(super) fn measure(model: &Model, kpi: KpiId) -> Option<Measure<'_>> {
    let mut formula: &KpiExpr = model.kpis[kpi.index()].formula.as_ref()?;
    // Names lead no further than there are KPIs; a ring was reported.
    for _ in 0..=model.kpis.len() {
        formula = match &formula.kind {
            KpiKind::Aggregate(aggregate) => {
                let variant = aggregate.text.split('(').next()?;
                return Some(Measure { family: variant.split('.').next()?, variant, aggregate });
            }
            KpiKind::Kpi { kpi, .. } => model.kpis[kpi.index()].formula.as_ref()?,
            KpiKind::Rolling { of, .. } | KpiKind::Hold { of, .. } | KpiKind::Previous(of) => of,
            _ => return None,
        };
    }
    None
}

/// The source that a measure reads.
pub(super) fn source_of<'a>(model: &'a Model, measure: &Measure<'_>) -> &'a Source {
    &model.sources[measure.aggregate.source.index()]
}

/// The column that a reference of a formula leads to, with the source that declares it.
pub(super) fn column_of(model: &Model, column: ColumnRef) -> (&Source, &crate::model::Column) {
    (&model.sources[model.owner(column).index()], model.declared(column))
}
