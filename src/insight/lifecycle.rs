//! Customers by the phase of their life: how many are in each, how they move between them, and what figures each has.

use crate::calendar::Grain;
use crate::check::Checked;
use crate::eval::reporting_grain;
use crate::model::{
    Aggregate, Column, ColumnType, Comparison, CustomerMeasure, Customers, DimensionId, Function, KpiExpr, KpiId, KpiKind, Model, RowExpr,
    Source, SourceId, Stretch, Walk, dimension_on, print_row,
};
use crate::plan::{Ask, Request};
use crate::value::{Num, Unit};
use std::sync::Arc;

/// A lifecycle, with the project in which its figures are.
pub struct Lived {
    /// The project, with figures for customers and their moves.
    pub checked: Checked,
    pub dimension: DimensionId,
    pub source: SourceId,
    pub grain: Grain,
    /// The customers at the end of a period.
    pub customers: KpiId,
    /// The share of the customers at the start who are not there at the end.
    pub left: KpiId,
    /// For each phase, in order, the share of the customers at the start who are in it at the end.
    pub moves: Vec<KpiId>,
    /// The KPIs that are cut by the dimension.
    pub kpis: Vec<KpiId>,
}

/// The dimensions that say they are a lifecycle.
pub fn declared(checked: &Checked) -> Vec<DimensionId> {
    let all = checked.model.dimensions.iter().enumerate();
    all.filter(|it| it.1.lifecycle.is_some()).map(|it| DimensionId(it.0 as u32)).collect()
}

/// The grain at which customers of a source are followed: that which is asked for, else the project's, but none finer than
/// the source has.
pub fn grain_of(model: &Model, source: &Source, asked: Option<Grain>) -> Grain {
    let own = source.constant_grain().or(source.cadence);
    let wanted = asked.or(model.project.grain).unwrap_or(Grain::Quarter);
    own.filter(|it| it.is_coarser_than(wanted)).unwrap_or(wanted)
}

/// What is to be computed of a lifecycle, at a grain or at the project's; none where the dimension is no lifecycle.
pub fn lived(checked: &Checked, dimension: DimensionId, grain: Option<Grain>) -> Option<Lived> {
    let model = &checked.model;
    let declared = &model.dimensions[dimension.index()];
    let id = declared.lifecycle.as_ref()?.value;
    let source = &model.sources[id.index()];
    let customer = source.customer?;
    let phase = dimension_on(model, dimension, id)?;
    let kpis: Vec<KpiId> = checked.figures().into_iter().filter(|it| model.kpis[it.index()].cuts.contains(&dimension)).collect();
    let grain = grain_of(model, source, grain);
    let aggregate = |function: Function, unit: Unit, text: String| KpiExpr {
        span: declared.span,
        unit,
        kind: KpiKind::Aggregate(Arc::new(Aggregate {
            span: declared.span,
            source: id,
            function,
            filter: None,
            weight: None,
            cluster: None,
            time: source.time,
            text,
        })),
    };
    let walk = Walk { by: vec![customer], active: None, inactive: None, window: Stretch::Per(grain) };
    let follow = |measure: CustomerMeasure, to: Option<RowExpr>| {
        let name = to.as_ref().map_or_else(|| "churn.customers".to_owned(), |it| format!("transition to {}", print_row(model, it)));
        let of = Customers { measure, walk: walk.clone(), amount: to };
        aggregate(Function::Customers(Box::new(of)), Unit::Percent, format!("{name}({}, per: {grain})", source.name))
    };
    let of = RowExpr::Column(crate::model::ColumnRef { source: id, through: None, column: u32::try_from(customer).ok()? });
    let text = format!("distinct({}.{})", source.name, source.columns[customer].name);
    let mut formulas = vec![aggregate(Function::Distinct(of), Unit::Count, text), follow(CustomerMeasure::Lost, None)];
    for (code, _) in &declared.values {
        let value = literal(model, &phase, code);
        let is_it = RowExpr::Compare(Comparison::Equal, Box::new(phase.clone()), Box::new(value));
        formulas.push(follow(CustomerMeasure::Moved, Some(is_it)));
    }
    let (checked, ids) = checked.with_own(formulas);
    let (first, moves) = ids.split_at(2);
    Some(Lived { checked, dimension, source: id, grain, customers: first[0], left: first[1], moves: moves.to_vec(), kpis })
}

/// A value of the dimension as rows have it: a number where the column is one of numbers.
fn literal(model: &Model, phase: &RowExpr, code: &str) -> RowExpr {
    let column: Option<&Column> = match phase {
        RowExpr::Column(it) => Some(model.declared(*it)),
        _ => None,
    };
    let number = column.filter(|it| it.of == Some(ColumnType::Number) && it.labels.is_empty()).and_then(|_| Num::parse(code));
    number.map_or_else(|| RowExpr::Text(code.to_owned()), RowExpr::number)
}

impl Lived {
    /// What it needs of the data.
    pub fn needs(&self) -> Request {
        let mut request = Request::new();
        let own = [self.customers, self.left].into_iter().chain(self.moves.iter().copied()).chain(self.kpis.iter().copied());
        for kpi in own {
            request.add(self.ask(kpi));
        }
        request
    }

    /// A figure by phase.
    pub fn ask(&self, kpi: KpiId) -> Ask {
        let grain = reporting_grain(&self.checked, kpi, Some(self.grain));
        Ask { kpi, part: None, cut: vec![self.dimension], grain }
    }
}
