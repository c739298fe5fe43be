//! The chain from what is measured to what it is worth: every figure and assumption that a KPI is computed from, in the
//! order of computing.

use super::cuttable;
use crate::calendar::Grain;
use crate::check::Checked;
use crate::eval::reporting_grain;
use crate::model::{Arithmetic, AssumptionId, DimensionId, KpiExpr, KpiId, KpiKind, RowExpr, print_formula};
use crate::plan::{Ask, Request};
use crate::value::Unit;

/// A chain, with the project in which each of its steps has a figure.
#[derive(Debug)]
pub struct Chained {
    /// The project, with figures for what stands in formulas without a name.
    pub checked: Checked,
    pub kpi: KpiId,
    pub grain: Grain,
    /// What is computed first, first; the KPI itself last.
    pub steps: Vec<ChainLink>,
}

/// A step of a chain.
#[derive(Clone, Debug)]
pub struct ChainLink {
    pub kind: ChainKind,
    /// How it is named: `nps`, `ces[channel = "Web"]`, `count(calls)`.
    pub name: String,
    /// The formula of a KPI.
    pub formula: Option<String>,
    pub unit: Option<Unit>,
    /// What it is told by.
    pub cut: Vec<DimensionId>,
}

/// What a step is.
#[derive(Clone, Debug, PartialEq)]
pub enum ChainKind {
    /// A KPI, or a part of one.
    Kpi(KpiId, Option<RowExpr>),
    /// What a formula computes from rows without a name; the figure that it has here.
    Rows(KpiId),
    /// An assumption, perhaps for this value of its dimension.
    Assumption(AssumptionId, Option<String>),
    /// The sum of the KPI over what it is told by; the figure that it has here.
    Total(KpiId),
}

/// The steps of a KPI by some dimensions.
///
/// # Errors
/// Why there is no such chain, in a sentence.
pub fn chain(checked: &Checked, kpi: KpiId, cut: &[DimensionId], grain: Option<Grain>) -> Result<Chained, String> {
    let model = &checked.model;
    let name = &model.kpis[kpi.index()].name;
    if model.kpis[kpi.index()].formula.is_none() {
        return Err(format!("`{name}` has no formula yet"));
    }
    cuttable(checked, kpi, cut)?;
    let mut walk = Walk { checked, steps: Vec::new(), unnamed: Vec::new() };
    walk.kpi(kpi, None, cut);
    if let [over] = cut
        && let Some(formula) = checked.total_over(kpi, *over)
    {
        // What is told by value is added up, where it adds up.
        let (name, unit) = (print_formula(model, &formula), model.kpis[kpi.index()].unit.clone());
        walk.steps.push(Step { what: What::Total(walk.unnamed.len()), name, formula: None, unit, cut: Vec::new() });
        walk.unnamed.push((kpi, formula));
    }
    let (checked, ids) = checked.with_figures_like(walk.unnamed);
    let link = |it: Step| {
        let kind = match it.what {
            What::Known(kind) => kind,
            What::Rows(at) => ChainKind::Rows(ids[at]),
            What::Total(at) => ChainKind::Total(ids[at]),
        };
        ChainLink { kind, name: it.name, formula: it.formula, unit: it.unit, cut: it.cut }
    };
    let steps = walk.steps.into_iter().map(link).collect();
    let grain = reporting_grain(&checked, kpi, grain);
    Ok(Chained { checked, kpi, grain, steps })
}

impl Chained {
    /// What its steps need of the data.
    pub fn needs(&self) -> Request {
        let mut request = Request::new();
        for ask in self.steps.iter().filter_map(|it| self.ask(it)) {
            request.add(ask);
        }
        request
    }

    /// The figures of a step; none of an assumption.
    pub fn ask(&self, step: &ChainLink) -> Option<Ask> {
        let (kpi, part) = match &step.kind {
            ChainKind::Kpi(kpi, part) => (*kpi, part.clone()),
            ChainKind::Rows(kpi) | ChainKind::Total(kpi) => (*kpi, None),
            ChainKind::Assumption(..) => return None,
        };
        // A step that looks at no time stands beside those that do.
        let grain = reporting_grain(&self.checked, kpi, Some(self.grain));
        Some(Ask { kpi, part, cut: step.cut.clone(), grain })
    }

    /// The one score among the KPIs that the KPI is a product of, by its place among the steps: of such an amount can be told
    /// what one point of the score comes to. None where it is anything but a product, or where scores are several.
    pub fn score(&self) -> Option<usize> {
        let factors = self.factors()?;
        let is_score = |unit: &Unit| matches!(unit, Unit::Points | Unit::Score { .. } | Unit::Index { .. });
        let scores = self.steps.iter().enumerate().filter(|(_, it)| match &it.unit {
            Some(Unit::Difference(of)) => is_score(of),
            Some(of) => is_score(of),
            None => false,
        });
        let mut scores = scores.filter(|(_, it)| matches!(&it.kind, ChainKind::Kpi(kpi, None) if factors.contains(kpi)));
        scores.next().filter(|_| scores.next().is_none()).map(|it| it.0)
    }

    /// The KPIs that the KPI is a product of; none where it is anything else.
    fn factors(&self) -> Option<Vec<KpiId>> {
        let formula = |kpi: KpiId| self.checked.model.kpis[kpi.index()].formula.as_ref();
        let mut found = Vec::new();
        let mut open: Vec<&KpiExpr> = vec![formula(self.kpi)?];
        while let Some(it) = open.pop() {
            match &it.kind {
                KpiKind::Binary { operator: Arithmetic::Multiply, left, right } => open.extend([&**left, &**right]),
                KpiKind::Scaled { of, .. } => open.push(of),
                KpiKind::Kpi { kpi, part: None } => {
                    found.push(*kpi);
                    open.extend(formula(*kpi).filter(|it| matches!(it.kind, KpiKind::Binary { operator: Arithmetic::Multiply, .. })));
                }
                KpiKind::Number(_) | KpiKind::Assumption { .. } | KpiKind::Aggregate(_) => {}
                _ => return None,
            }
        }
        Some(found)
    }
}

/// A step before what has no name has a figure.
struct Step {
    what: What,
    name: String,
    formula: Option<String>,
    unit: Option<Unit>,
    cut: Vec<DimensionId>,
}

enum What {
    Known(ChainKind),
    /// By its place among what has no name.
    Rows(usize),
    Total(usize),
}

struct Walk<'c> {
    checked: &'c Checked,
    steps: Vec<Step>,
    /// What stands in formulas without a name, each with the KPI that it stands in.
    unnamed: Vec<(KpiId, KpiExpr)>,
}

impl Walk<'_> {
    fn add(&mut self, step: Step) {
        if !self.steps.iter().any(|it| it.name == step.name && it.cut == step.cut) {
            self.steps.push(step);
        }
    }

    /// What a KPI is computed from, then the KPI.
    fn kpi(&mut self, kpi: KpiId, part: Option<&RowExpr>, cut: &[DimensionId]) {
        let model = &self.checked.model;
        let own = &model.kpis[kpi.index()];
        let name = model.kpi_text(kpi, part);
        if self.steps.iter().any(|it| it.name == name && it.cut == cut) {
            return;
        }
        if let Some(formula) = &own.formula
            && !is_measured(formula)
        {
            self.formula(kpi, formula, part, cut);
        }
        let formula = own.formula.as_ref().map(|it| print_formula(model, it));
        let what = What::Known(ChainKind::Kpi(kpi, part.cloned()));
        self.add(Step { what, name, formula, unit: own.unit.clone(), cut: cut.to_vec() });
    }

    fn formula(&mut self, within: KpiId, formula: &KpiExpr, part: Option<&RowExpr>, cut: &[DimensionId]) {
        let model = &self.checked.model;
        match &formula.kind {
            KpiKind::Number(_) => {}
            KpiKind::Aggregate(of) => {
                // Of a part of the KPI it is told for all: the part is of the whole formula.
                let name = of.text.clone();
                if part.is_none() && !self.steps.iter().any(|it| it.name == name && it.cut == cut) {
                    let what = What::Rows(self.unnamed.len());
                    self.unnamed.push((within, formula.clone()));
                    self.steps.push(Step { what, name, formula: None, unit: Some(formula.unit.clone()), cut: cut.to_vec() });
                }
            }
            KpiKind::Assumption { assumption, value } => {
                let own = &model.assumptions[assumption.index()];
                let fixed = || own.by.as_ref().and_then(|by| crate::model::fixed_value(part?, by.0)).map(str::to_owned);
                let value = value.clone().or_else(fixed);
                let by = own.by.as_ref().map(|it| it.0).filter(|it| value.is_none() && cut.contains(it));
                let name = match (&value, &own.by) {
                    (Some(value), Some((by, _))) => format!("{}[{} = {value:?}]", own.name, model.dimensions[by.index()].name),
                    _ => own.name.clone(),
                };
                let (what, unit) = (What::Known(ChainKind::Assumption(*assumption, value)), Some(own.unit.clone()));
                self.add(Step { what, name, formula: None, unit, cut: by.into_iter().collect() });
            }
            KpiKind::Kpi { kpi, part: own } => {
                let both = RowExpr::both(own.clone(), part.cloned());
                self.kpi(*kpi, both.as_ref(), cut);
            }
            KpiKind::Total { of, over } => {
                let mut cut = cut.to_vec();
                cut.extend(Some(*over).filter(|it| !cut.contains(it)));
                self.formula(within, of, part, &cut);
            }
            _ => formula.parts().into_iter().for_each(|it| self.formula(within, it, part, cut)),
        }
    }
}

/// Whether a formula is what is measured: it is computed from rows alone, in one piece.
pub fn is_measured(formula: &KpiExpr) -> bool {
    match &formula.kind {
        KpiKind::Aggregate(_) => true,
        KpiKind::Scaled { of, .. } => is_measured(of),
        _ => false,
    }
}
