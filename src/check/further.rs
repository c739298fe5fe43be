//! Further figures beside those that a project declares: formulas that stand in findings, actions and reports.

use super::{Checked, Traits, lent_base};
use crate::model::{AssumptionId, Benchmark, Kpi, KpiExpr, KpiId, KpiKind, Model, Text, print_formula};
use std::sync::Arc;

impl Checked {
    /// The same project with further outside figures, behind its own.
    pub fn with_benchmarks(&self, benchmarks: Vec<Benchmark>) -> Checked {
        let mut model = self.model.clone();
        model.benchmarks.extend(benchmarks);
        Checked { model, graph: self.graph.clone(), traits: self.traits.clone(), largest_base: self.largest_base }
    }

    /// The same project with a figure for each of these formulas over KPIs, as protected as the most protected KPI that it
    /// names; the ids of the project's own KPIs stay. A formula without a KPI gets none.
    ///
    /// The formulas have their units, as those of a checked project do. The figures have no norms and no cuts.
    pub fn with_formulas(&self, formulas: &[KpiExpr]) -> (Checked, Vec<Option<KpiId>>) {
        let mut model = self.model.clone();
        let mut traits = self.traits.clone();
        let mut ids = Vec::new();
        for formula in formulas {
            let mut named: Vec<KpiId> = Vec::new();
            formula.walk(&mut |it| {
                if let KpiKind::Kpi { kpi, .. } = &it.kind {
                    named.push(*kpi);
                }
            });
            let Some(first) = named.first() else {
                ids.push(None);
                continue;
            };
            let own = traits_of(&model, formula, &traits);
            let first = &model.kpis[first.index()];
            let kpi = Kpi {
                name: print_formula(&model, formula),
                title: Text::default(),
                description: Text::default(),
                purpose: Text::default(),
                unit: Some(formula.unit.clone()),
                norms: Vec::new(),
                cuts: Vec::new(),
                leads: Vec::new(),
                tags: Vec::new(),
                changed: None,
                minimum_base: named.iter().filter_map(|it| model.kpis[it.index()].minimum_base).max().max(lent_base(&model, &own)),
                planned: false,
                formula: Some(formula.clone()),
                ..Kpi::clone(first)
            };
            ids.push(Some(KpiId(model.kpis.len() as u32)));
            model.kpis.push(Arc::new(kpi));
            traits.push(own);
        }
        (Checked { model, graph: self.graph.clone(), traits, largest_base: self.largest_base }, ids)
    }
}

/// What a formula is made of, whose units are settled already.
fn traits_of(model: &Model, formula: &KpiExpr, traits: &[Traits]) -> Traits {
    let mut own = Traits { depth: 1, ..Traits::default() };
    let assume = |own: &mut Traits, it: AssumptionId| {
        if !own.assumptions.contains(&it) {
            own.assumptions.push(it);
        }
    };
    formula.walk(&mut |it| match &it.kind {
        KpiKind::Aggregate(of) => own.add_item(model, of),
        KpiKind::Kpi { kpi, .. } => {
            let of = &traits[kpi.index()];
            of.sources.iter().for_each(|it| own.read(*it));
            own.only_at = own.only_at.or(of.only_at);
            own.timeless = own.timeless.or(of.timeless);
            own.planned |= of.planned;
            own.windowed |= of.windowed;
            of.assumptions.iter().for_each(|it| assume(&mut own, *it));
            own.depth = own.depth.max(of.depth + 1);
            own.items = own.items.saturating_add(of.items);
        }
        KpiKind::Assumption { assumption, .. } => assume(&mut own, *assumption),
        KpiKind::Rolling { .. } | KpiKind::Previous(_) | KpiKind::Change { .. } | KpiKind::Hold { .. } => own.windowed = true,
        _ => {}
    });
    own.total = super::types::total(formula, traits);
    own
}
