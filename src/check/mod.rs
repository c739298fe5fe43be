//! Model + Graph -> [`Checked`]: what is meant is proved sound, or said to be wrong. Only definitions are looked at.

mod actions;
mod benchmarks;
mod drivers;
mod evidence;
mod findings;
mod further;
mod incentives;
mod kept;
mod lifecycle;
mod needs;
mod norms;
mod responses;
mod rules;
mod settings;
pub mod steering;
mod tests;
mod types;

pub use self::benchmarks::MadeOtherwise;
use self::kept::Keeper;
pub use self::kept::Kept;
use self::needs::Need;
use crate::calendar::{Grain, Length};
use crate::graph::{Graph, Node};
use crate::model::{Aggregate, AssumptionId, DimensionId, Function, Kpi, KpiExpr, KpiId, Model, Source, SourceId, Stamps};
use crate::value::Diagnostics;
use std::sync::Arc;

/// A project that has no errors: units are settled, names resolved, cycles absent. The only input that a plan takes.
#[derive(Debug)]
pub struct Checked {
    pub model: Model,
    pub graph: Graph,
    /// What each KPI is made of.
    traits: Vec<Traits>,
    largest_base: u32,
}

/// What a KPI is made of, through all KPIs that it names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traits {
    /// The sources that are read, each once.
    pub sources: Vec<SourceId>,
    /// A source among them that has no time.
    pub timeless: Option<SourceId>,
    /// Whether it, or something that it rests on, is planned: it has no figure yet (R27).
    pub planned: bool,
    /// Whether the figure is a total: a count or a sum, that grows with its period.
    pub total: bool,
    /// Whether it looks at other periods.
    pub windowed: bool,
    /// The periods that rates of customers in it are for.
    pub pooled: Vec<Grain>,
    /// The only length of period at which its parts belong together.
    pub only_at: Option<Length>,
    /// The assumptions that it rests on, each once.
    pub assumptions: Vec<AssumptionId>,
    /// The dimensions that it must be cut by, for an assumption that is made by value.
    pub needs: Vec<Need>,
    /// How many KPIs stand below one another, and how many items it is made of when all of them are put in.
    pub depth: usize,
    pub items: usize,
    /// Whether one of these passes its limit, here or below; said once, where it first does.
    pub too_large: bool,
}

impl Traits {
    fn read(&mut self, source: SourceId) {
        if !self.sources.contains(&source) {
            self.sources.push(source);
        }
    }

    /// Adds an item that is computed from rows.
    fn add_item(&mut self, model: &Model, of: &Aggregate) {
        self.items = self.items.saturating_add(1);
        self.read(of.source);
        if of.time.is_none() {
            self.timeless = self.timeless.or(Some(of.source));
        }
        // What customers do over time has a window of its own.
        if let Function::Customers(it) = &of.function {
            self.windowed |= !it.walk.adds_up();
            self.pooled.extend(it.walk.period());
        }
        self.planned |= of.is_planned(model);
    }
}

impl Checked {
    /// The sources that a KPI reads, through all KPIs that it names.
    pub fn sources_of(&self, kpi: KpiId) -> &[SourceId] {
        &self.traits[kpi.index()].sources
    }

    /// Whether a KPI's figure is a total that grows with its period.
    pub fn is_total(&self, kpi: KpiId) -> bool {
        self.traits[kpi.index()].total
    }

    /// Whether a KPI, or something that it rests on, is planned: it has no figure yet (R27).
    pub fn is_planned(&self, kpi: KpiId) -> bool {
        self.traits[kpi.index()].planned
    }

    /// Whether a KPI looks at other periods than its own, so that neighbours in its series are not independent.
    pub fn is_windowed(&self, kpi: KpiId) -> bool {
        self.traits[kpi.index()].windowed
    }

    /// The only length of period at which the parts of a KPI belong together, where there is such.
    pub fn only_at(&self, kpi: KpiId) -> Option<Length> {
        self.traits[kpi.index()].only_at
    }

    /// Whether a KPI has periods: all its sources have time.
    pub fn has_time(&self, kpi: KpiId) -> bool {
        self.traits[kpi.index()].timeless.is_none()
    }

    /// The source that keeps a KPI from being cut by a dimension, if one does (R6): it lacks it, or its rows may be of several
    /// values at once.
    pub fn lacks(&self, kpi: KpiId, dimension: DimensionId) -> Option<SourceId> {
        self.sources_of(kpi).iter().copied().find(|it| !self.cuts(*it, dimension))
    }

    /// Whether the rows of a source can be cut by a dimension.
    pub fn cuts(&self, source: SourceId, dimension: DimensionId) -> bool {
        let has = crate::model::dimension_on(&self.model, dimension, source).is_some();
        has && !crate::model::overlaps_on(&self.model, dimension, source)
    }

    /// The KPIs that have a figure where nothing else is said: all of the user's own, and those of libraries that an item
    /// of the user's own names (R10).
    pub fn figures(&self) -> Vec<KpiId> {
        let all = (0..self.model.kpis.len() as u32).map(KpiId);
        all.filter(|it| !self.model.kpis[it.index()].pattern && self.is_own_or_used(*it)).collect()
    }

    fn is_own_or_used(&self, kpi: KpiId) -> bool {
        let lent = |span| self.model.libraries.at(span).is_some();
        let by_lent = |by: &Node| match *by {
            Node::Kpi(by) => lent(self.model.kpis[by as usize].span),
            Node::Source(by) => lent(self.model.sources[by as usize].span),
            _ => false,
        };
        let own = !lent(self.model.kpis[kpi.index()].span);
        own || self.graph.needed_by(Node::Kpi(kpi.0)).iter().any(|it| !by_lent(&it.0))
    }

    /// The sources that are read for figures, or that are the user's own.
    pub fn read_sources(&self) -> Vec<SourceId> {
        let figures = self.figures();
        let read = |it: SourceId| figures.iter().any(|kpi| self.sources_of(*kpi).contains(&it));
        let all = (0..self.model.sources.len() as u32).map(SourceId);
        all.filter(|it| self.model.sources[it.index()].folder.is_empty() || read(*it)).collect()
    }

    /// The assumptions that a KPI rests on, in the order in which its formula meets them.
    pub fn assumptions_of(&self, kpi: KpiId) -> &[AssumptionId] {
        &self.traits[kpi.index()].assumptions
    }

    /// The same project with other sources: as many, with the same columns.
    pub fn with_sources(&self, sources: Vec<Source>) -> Checked {
        let mut checked = Checked {
            model: Model { sources, ..self.model.clone() },
            graph: self.graph.clone(),
            traits: self.traits.clone(),
            largest_base: self.largest_base,
        };
        // What was planned for want of data has them now; without a formula it still has no figure.
        for at in 0..checked.model.kpis.len() {
            let kpi = Arc::make_mut(&mut checked.model.kpis[at]);
            kpi.planned &= kpi.formula.is_none();
        }
        checked
    }

    /// The same project with further figures, each of a formula over what a KPI reads, and as protected as that KPI.
    pub fn with_figures(&self, formulas: Vec<(KpiId, KpiExpr)>) -> (Checked, Vec<KpiId>) {
        let mut model = self.model.clone();
        let mut traits = self.traits.clone();
        let mut ids = Vec::new();
        for (like, formula) in formulas {
            ids.push(KpiId(model.kpis.len() as u32));
            let norms = Vec::new();
            let of = Kpi::clone(&self.model.kpis[like.index()]);
            model.kpis.push(Arc::new(Kpi { formula: Some(formula), norms, ..of }));
            traits.push(self.traits[like.index()].clone());
        }
        (Checked { model, graph: self.graph.clone(), traits, largest_base: self.largest_base }, ids)
    }

    /// The same project with further figures, each of a formula of its own; as protected as the KPI that it is like.
    pub fn with_figures_like(&self, formulas: Vec<(KpiId, KpiExpr)>) -> (Checked, Vec<KpiId>) {
        let mut model = self.model.clone();
        let mut traits = self.traits.clone();
        let mut ids = Vec::new();
        for (like, mut formula) in formulas {
            let (unit, own) = types::figure(&self.model, &self.traits, &mut formula, &mut Diagnostics::default());
            ids.push(KpiId(model.kpis.len() as u32));
            let (norms, cuts) = (Vec::new(), Vec::new());
            let like = Kpi::clone(&self.model.kpis[like.index()]);
            model.kpis.push(Arc::new(Kpi { formula: Some(formula), unit, written_unit: None, norms, cuts, ..like }));
            traits.push(own);
        }
        (Checked { model, graph: self.graph.clone(), traits, largest_base: self.largest_base }, ids)
    }

    /// The same project with further figures of their own, without a name.
    pub fn with_own(&self, formulas: Vec<KpiExpr>) -> (Checked, Vec<KpiId>) {
        let mut model = self.model.clone();
        let mut traits = self.traits.clone();
        let mut ids = Vec::new();
        for mut formula in formulas {
            let (unit, own) = types::figure(&self.model, &self.traits, &mut formula, &mut Diagnostics::default());
            ids.push(KpiId(model.kpis.len() as u32));
            let minimum_base = lent_base(&model, &own);
            model.kpis.push(Arc::new(Kpi { unit, minimum_base, ..Kpi::of(formula) }));
            traits.push(own);
        }
        (Checked { model, graph: self.graph.clone(), traits, largest_base: self.largest_base }, ids)
    }

    /// The sum of a KPI over a dimension; none where its parts do not add up to a whole (R23).
    pub fn total_over(&self, kpi: KpiId, over: DimensionId) -> Option<KpiExpr> {
        types::total_over(&self.model, kpi, over)
    }

    /// The largest minimum base that a KPI sets.
    pub fn largest_base(&self) -> u32 {
        self.largest_base
    }
}

/// Puts the value of an outside figure into the unit of its KPI; says where it cannot be.
pub fn fit_benchmark(model: &Model, benchmark: &mut crate::model::Benchmark, out: &mut Diagnostics) {
    benchmarks::fit_one(model, benchmark, out);
}

/// What an outside figure does not say of where it comes from, with the formula of the KPI where that is lacking.
pub fn missing_origin(model: &Model, benchmark: &crate::model::Benchmark) -> Option<(&'static str, Option<String>)> {
    rules::missing_origin_of(model, benchmark)
}

/// In what an outside figure was made otherwise than its KPI: nothing where it can be held beside it.
pub fn made_otherwise(model: &Model, benchmark: &crate::model::Benchmark) -> Vec<MadeOtherwise> {
    rules::made_otherwise(model, benchmark)
}

/// Sets the severities that a project and its items say, for findings that are made after the check.
pub fn severities(checked: &Checked, out: &mut Diagnostics) {
    settings::weigh(&checked.model, out);
}

/// Whether a column holds who persons are, or what they wrote: its values are not to be repeated.
pub fn holds_persons(source: &Source, column: usize) -> bool {
    rules::holds_persons(source, column)
}

/// Checks a project. `None` where there is an error, of this or an earlier stage. What was kept of the last check is taken
/// over where it would be the same.
pub fn check(mut model: Model, graph: Graph, mut kept: Option<(&mut Kept, Stamps<'_>)>, out: &mut Diagnostics) -> Option<Checked> {
    let mut keeper = Keeper::new(kept.as_mut().map(|(kept, stamps)| (&mut **kept, *stamps)), model.kpis.len());
    let traits = types::settle(&mut model, &graph, &mut keeper, out);
    norms::check(&mut model, &traits, &keeper, out);
    types::check_cuts(&model, &traits, out);
    let explained = drivers::check(&model, &traits, out);
    lifecycle::check(&model, out);
    responses::check(&model, out);
    steering::check(&model, out);
    findings::check(&mut model, &traits, out);
    actions::check(&mut model, &traits, out);
    evidence::check(&mut model, out);
    lent_bases(&mut model, &traits);
    needs::check(&model, &traits, out);
    incentives::check(&mut model, &traits, out);
    benchmarks::check(&mut model, out);
    tests::check(&mut model, &traits, out);
    rules::check(rules::Subject { model: &model, graph: &graph, traits: &traits, explained: &explained, keeper: &keeper }, out);
    if let Some((kept, stamps)) = kept {
        keeper.done(&model, kept, stamps);
    }
    settings::weigh(&model, out);
    let largest_base = model.kpis.iter().filter_map(|it| it.minimum_base).max().unwrap_or(0);
    let largest_base = largest_base.max(model.project.minimum_base);
    (!out.has_errors()).then_some(Checked { model, graph, traits, largest_base })
}

/// The minimum base of the libraries whose rows a figure is computed from.
fn lent_base(model: &Model, own: &Traits) -> Option<u32> {
    own.sources.iter().filter_map(|it| model.libraries.at(model.sources[it.index()].span)).map(|it| it.minimum_base).max()
}

/// What is computed from the rows of a library keeps to that library's minimum base, where it is the larger one.
fn lent_bases(model: &mut Model, traits: &[Traits]) {
    for (at, own) in traits.iter().enumerate() {
        let Some(base) = lent_base(model, own) else { continue };
        if base > model.project.minimum_base {
            let kpi = &mut model.kpis[at];
            let most = Some(kpi.minimum_base.unwrap_or(0).max(base));
            if kpi.minimum_base != most {
                Arc::make_mut(kpi).minimum_base = most;
            }
        }
    }
}
