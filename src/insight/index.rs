//! What is an index worth? Asks for its parts, so that other weights can be tried, and for the series of internal figures
//! that it should go with.

use super::cuttable;
use crate::calendar::{Grain, Period};
use crate::check::Checked;
use crate::eval::reporting_grain;
use crate::graph::{Edge, Node};
use crate::model::{DimensionId, Indicator, KpiExpr, KpiId, KpiKind, RowExpr, print_formula};
use crate::plan::{Ask, Request};

/// An index, and what it is looked at with.
pub struct IndexQuestion {
    /// The project with a figure for each part that is no KPI; ids of its own KPIs stay.
    pub checked: Checked,
    pub kpi: KpiId,
    pub parts: Vec<IndexPartAsk>,
    /// The table of the index itself, in all.
    pub whole: Ask,
    /// By which its values are ranked; empty: by period.
    pub cut: Vec<DimensionId>,
    /// The series of the index, and those of internal figures.
    pub series: Option<Ask>,
    pub beside: Vec<Ask>,
    /// How many periods later an internal figure may follow.
    pub lags: usize,
    /// The period that is looked at; without one the last that is over.
    pub period: Option<Period>,
}

/// A part of an index.
pub struct IndexPartAsk {
    /// The KPI that it is, or a figure for its formula.
    pub kpi: KpiId,
    pub part: Option<RowExpr>,
    /// As the formula names it.
    pub name: String,
    /// Its weight, in percent of all.
    pub weight: f64,
}

impl IndexQuestion {
    /// Adds what it needs to a request.
    pub fn add_to(&self, request: &mut Request) {
        let cuts = if self.cut.is_empty() { vec![Vec::new()] } else { vec![Vec::new(), self.cut.clone()] };
        for cut in cuts {
            let whole = Ask { cut: cut.clone(), ..self.whole.clone() };
            for it in &self.parts {
                request.add(Ask { kpi: it.kpi, part: it.part.clone(), ..whole.clone() });
            }
            request.add(whole);
        }
        for it in self.series.iter().chain(&self.beside) {
            request.add(it.clone());
        }
    }
}

/// Asks what an index is worth: over other weights, by a cut or by its periods, and beside internal figures: those that are
/// named, else all that are a cause or an effect and of which it is not made.
///
/// # Errors
/// Why it cannot be asked, in a sentence.
pub fn index_question(
    checked: &Checked,
    kpi: KpiId,
    cut: Vec<DimensionId>,
    period: Option<Period>,
    beside: Option<Vec<KpiId>>,
    lags: usize,
) -> Result<IndexQuestion, String> {
    let model = &checked.model;
    let name = &model.kpis[kpi.index()].name;
    let Some(parts) = parts_of(checked, kpi) else { return Err(format!("`{name}` is no index: its formula is not `index(…)`")) };
    cuttable(checked, kpi, &cut)?;
    let total: f64 = parts.iter().map(|it| it.1).sum();
    let formulas: Vec<KpiExpr> = parts.iter().filter(|it| !is_kpi(it.0)).map(|it| it.0.clone()).collect();
    let (wider, ids) = checked.with_formulas(&formulas);
    let mut ids = ids.into_iter();
    let mut asked = Vec::new();
    for (formula, weight) in &parts {
        let (id, part) = match &formula.kind {
            KpiKind::Kpi { kpi, part } => (*kpi, part.clone()),
            _ => match ids.next().flatten() {
                Some(it) => (it, None),
                None => return Err(format!("a part of `{name}` is of no KPI: give it a name of its own to look at it")),
            },
        };
        asked.push(IndexPartAsk { kpi: id, part, name: print_formula(model, formula), weight: weight / total * 100.0 });
    }
    let own = reporting_grain(checked, kpi, period.map(|it| it.grain()).filter(|it| *it != Grain::All));
    for it in beside.iter().flatten() {
        made_of_one_another(checked, kpi, *it)?;
    }
    let month = reporting_grain(checked, kpi, Some(Grain::Month));
    let has_series = month != Grain::All && !checked.is_windowed(kpi);
    let table = |kpi: KpiId, grain: Grain| Ask { kpi, part: None, cut: Vec::new(), grain };
    // Both series have one grain.
    let fits = |it: &KpiId| {
        let is_series = checked.has_time(*it) && !checked.is_windowed(*it) && !checked.is_planned(*it);
        has_series && is_series && reporting_grain(checked, *it, Some(month)) == month
    };
    if let Some(odd) = beside.iter().flatten().find(|it| !fits(it)) {
        return Err(format!("`{}` has no series beside that of `{name}`", model.kpis[odd.index()].name));
    }
    let beside = beside.unwrap_or_else(|| internal(checked, kpi));
    let beside = beside.into_iter().filter(fits).map(|it| table(it, month)).collect();
    let series = has_series.then(|| table(kpi, month));
    Ok(IndexQuestion { checked: wider, kpi, parts: asked, whole: table(kpi, own), cut, series, beside, lags, period })
}

fn is_kpi(formula: &KpiExpr) -> bool {
    matches!(formula.kind, KpiKind::Kpi { .. })
}

/// The parts of an index with their weights as written; of a KPI that is another one, those of that.
fn parts_of(checked: &Checked, kpi: KpiId) -> Option<Vec<(&KpiExpr, f64)>> {
    let mut next = checked.model.kpis[kpi.index()].formula.as_ref()?;
    loop {
        match &next.kind {
            KpiKind::Index { parts, .. } => return Some(parts.iter().map(|it| (&it.0, it.1)).collect()),
            KpiKind::Kpi { kpi, part: None } => next = checked.model.kpis[kpi.index()].formula.as_ref()?,
            _ => return None,
        }
    }
}

/// A figure and one that is made of it go together whatever customers do: that is no relation.
///
/// # Errors
/// Which is made of which, in a sentence.
fn made_of_one_another(checked: &Checked, index: KpiId, beside: KpiId) -> Result<(), String> {
    let model = &checked.model;
    let (name, other) = (&model.kpis[index.index()].name, &model.kpis[beside.index()].name);
    let is_in = |part: KpiId, whole: KpiId| checked.graph.reach(Node::Kpi(whole.0), |it| it == Edge::Uses).contains(&Node::Kpi(part.0));
    match () {
        () if index == beside => Err(format!("`{name}` goes with itself: name another figure")),
        () if is_in(beside, index) => Err(format!("`{other}` is a part of `{name}`: it goes with the index that is made of it")),
        () if is_in(index, beside) => Err(format!("`{other}` is made of `{name}`: it goes with the index that it is made of")),
        () => Ok(()),
    }
}

/// The figures of the organisation itself: causes and effects that are asked of nobody, and that the index is not made of.
fn internal(checked: &Checked, index: KpiId) -> Vec<KpiId> {
    let model = &checked.model;
    let own = checked.graph.reach(Node::Kpi(index.0), |it| it == Edge::Uses);
    let is_internal = |it: &KpiId| {
        let kpi = &model.kpis[it.index()];
        let asked = checked.sources_of(*it).iter().any(|it| model.sources[it.index()].survey.is_some());
        matches!(kpi.indicator, Indicator::Cause | Indicator::Effect) && !asked && !own.contains(&Node::Kpi(it.0))
    };
    checked.figures().into_iter().filter(is_internal).collect()
}
