//! Formulas with everything put in: KPIs in place of their names, parts in their filters, windows at their leaves.

use super::{CustomerScore, Measure};
use crate::calendar::{Calendar, Length, Period};
use crate::check::Checked;
use crate::model::{
    Aggregate, Arithmetic, AssumptionId, Composed, CustomerMeasure, Customers, DimensionId, Forecasted, Function, KpiExpr, KpiId, KpiKind,
    RowExpr, SourceId, fixed_value, print_formula,
};

/// A step of the computation, by its place; steps come after those that they need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(pub u32);

/// A leaf, by its place in the arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeafAt(pub u32);

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Number(f64),
    /// What is planned: it has no value yet (R27).
    Planned,
    /// An assumption; of one by dimension, perhaps what it is for this value, else for that of the figure's cut.
    Assumption {
        assumption: AssumptionId,
        value: Option<String>,
    },
    Leaf(LeafAt),
    Negate(StepId),
    Binary {
        operator: Arithmetic,
        left: StepId,
        right: StepId,
    },
    /// Parts with their weights.
    Index {
        parts: Vec<(StepId, f64)>,
        /// How many parts must have a value, where it is not all of them, and how the parts are written.
        least: Option<(usize, Vec<String>)>,
    },
    /// A step whose leaves are all taken over the last period in which it has a value, from that of the figure to a
    /// length before.
    Hold {
        of: StepId,
        length: Length,
        /// How it is written.
        name: String,
    },
    /// 0 at `low`, 100 at `high`, held inside.
    Rescale {
        of: StepId,
        low: f64,
        high: f64,
    },
    /// Held between these ends.
    Clamp {
        of: StepId,
        low: f64,
        high: f64,
    },
    Scaled {
        of: StepId,
        factor: f64,
    },
    /// A step that means something above 0 alone: what a sum without end is divided by.
    Positive(StepId),
    /// The sum of a step over the values of a dimension; its leaves are taken for each value.
    Total {
        of: StepId,
        over: DimensionId,
    },
}

/// A leaf of the computation: an item of a source, what is taken from its state, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Leafed {
    pub source: SourceId,
    pub measure: Measure,
    pub filter: Option<RowExpr>,
    pub weight: Option<usize>,
    pub cluster: Option<usize>,
    pub time: Option<usize>,
    pub estimator: Estimator,
    pub window: Window,
    pub complete: bool,
}

/// What is taken from a state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Estimator {
    /// A mean of scores, times a factor, plus an offset.
    Mean {
        factor: f64,
        offset: f64,
    },
    /// A mean of 0 and 1, in percent.
    Share,
    /// A mean of -1, 0 and 1, in points.
    Net,
    /// The sum of weights times scores.
    Total,
    Stddev,
    Extreme,
    /// A percentile, 0-100.
    Percentile(f64),
    Distinct,
    /// The mean of what a model says, times a factor; or the sum of it.
    Forecast {
        factor: f64,
        total: bool,
    },
}

impl Estimator {
    /// Whether sums of squares tell the variance: it can be linearised.
    pub fn has_variance(self) -> bool {
        matches!(self, Estimator::Mean { .. } | Estimator::Share | Estimator::Net | Estimator::Total)
    }
}

/// Which periods and segments a leaf is taken over, seen from those of the figure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Window {
    pub shifts: Vec<Shift>,
    /// A window of this length that ends with the period.
    pub rolling: Option<Length>,
    /// Whether it is taken over all segments but that of the figure.
    pub rest: bool,
    /// The dimension whose values it is taken for one by one, within the segment of the figure.
    pub over: Option<DimensionId>,
    /// What is held as a whole, with this leaf in it: the step that it is where nothing is held, and for how long.
    pub held: Option<(StepId, Length)>,
}

impl Window {
    /// Whether it is taken over the same periods as another.
    pub fn is_same_time(&self, other: &Window) -> bool {
        self.shifts == other.shifts && self.rolling == other.rolling
    }

    /// The window one step further back.
    pub fn shifted(&self, shift: Shift) -> Window {
        let mut shifted = self.clone();
        shifted.shifts.push(shift);
        shifted
    }

    /// The window over a length that ends with the period.
    pub fn over_length(&self, length: Length) -> Window {
        Window { rolling: Some(length), ..self.clone() }
    }

    /// The window as it is where nothing is held.
    pub fn unheld(&self) -> Window {
        Window { held: None, ..self.clone() }
    }
}

/// A step back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shift {
    /// To the period before.
    Previous,
    /// A length back.
    Back(Length),
}

impl Shift {
    /// The period that a step leads to from another. Of a survey with waves (`waves`, in order) the previous one is the last
    /// that there is: between waves there is nothing (R7).
    pub fn from(self, period: Period, waves: Option<&[Period]>, calendar: &Calendar) -> Option<Period> {
        match (self, waves) {
            (Shift::Previous, Some(waves)) => waves.iter().rev().copied().find(|it| *it < period),
            (Shift::Previous, None) => period.previous(),
            (Shift::Back(Length::Years(1)), _) => period.year_before(calendar),
            (Shift::Back(length), _) => period.shift(-i32::try_from(length.periods_of(period.grain())?).ok()?),
        }
    }
}

/// All steps and leaves of a plan.
#[derive(Clone, Debug, Default)]
pub struct Arena {
    steps: Vec<Step>,
    leaves: Vec<Leafed>,
    /// The definition of each leaf as it is printed.
    texts: Vec<String>,
    /// KPIs that were put in, so that each is put in once a window and part.
    known: Vec<(KpiId, Option<RowExpr>, Window, StepId)>,
}

impl Arena {
    /// The step at a place.
    pub fn step(&self, id: StepId) -> &Step {
        &self.steps[id.0 as usize]
    }

    /// The leaf at a place.
    pub fn leaf(&self, at: LeafAt) -> &Leafed {
        &self.leaves[at.0 as usize]
    }

    /// The definition of a leaf as it is printed: `nps.standard(passengers.NETPRO)`.
    pub fn text(&self, at: LeafAt) -> &str {
        &self.texts[at.0 as usize]
    }

    /// The KPI, the part of it and the window that a step is the figure of, where it is one.
    pub fn named(&self, id: StepId) -> Option<(KpiId, Option<&RowExpr>, &Window)> {
        self.known.iter().find(|it| it.3 == id).map(|it| (it.0, it.1.as_ref(), &it.2))
    }

    /// Puts a figure in; `None` where a part cannot be said of one of its sources.
    pub fn figure(&mut self, checked: &Checked, kpi: KpiId, part: Option<&RowExpr>) -> Option<StepId> {
        self.figure_over(checked, kpi, part, &Window::default())
    }

    /// Puts a figure in that is taken over other periods or segments.
    pub fn figure_over(&mut self, checked: &Checked, kpi: KpiId, part: Option<&RowExpr>, window: &Window) -> Option<StepId> {
        let mut lower = Lower { arena: self, checked };
        lower.kpi(kpi, part, window)
    }

    /// The steps that a figure is made of, each after those that it needs.
    pub fn reached(&self, root: StepId) -> Vec<StepId> {
        self.reach(root, true)
    }

    /// The same but for what a total adds up, which is computed for each value by itself.
    pub fn computed(&self, root: StepId) -> Vec<StepId> {
        self.reach(root, false)
    }

    fn reach(&self, root: StepId, totals: bool) -> Vec<StepId> {
        let mut wanted = vec![false; root.0 as usize + 1];
        wanted[root.0 as usize] = true;
        for at in (0..=root.0 as usize).rev() {
            if wanted[at] && (totals || !matches!(self.steps[at], Step::Total { .. })) {
                self.needs(StepId(at as u32), &mut |it| wanted[it.0 as usize] = true);
            }
        }
        (0..=root.0).filter(|it| wanted[*it as usize]).map(StepId).collect()
    }

    /// Whether a total over a dimension is among the steps of a figure.
    pub fn has_total(&self, root: StepId) -> bool {
        self.reached(root).iter().any(|it| matches!(self.step(*it), Step::Total { .. }))
    }

    /// A figure that has no value yet (R27).
    pub fn planned(&mut self) -> StepId {
        self.push(Step::Planned)
    }

    /// Whether a figure rests on something that is planned.
    pub fn is_planned(&self, root: StepId) -> bool {
        self.reached(root).iter().any(|it| *self.step(*it) == Step::Planned)
    }

    /// Calls `each` with every step that a step is computed from.
    pub fn needs(&self, id: StepId, each: &mut impl FnMut(StepId)) {
        match self.step(id) {
            Step::Number(_) | Step::Planned | Step::Assumption { .. } | Step::Leaf(_) => {}
            Step::Negate(of)
            | Step::Positive(of)
            | Step::Rescale { of, .. }
            | Step::Clamp { of, .. }
            | Step::Scaled { of, .. }
            | Step::Total { of, .. } => each(*of),
            Step::Binary { left, right, .. } => {
                each(*left);
                each(*right);
            }
            Step::Hold { of, .. } => each(*of),
            Step::Index { parts, .. } => parts.iter().for_each(|it| each(it.0)),
        }
    }

    /// The leaves that a figure is made of, each once.
    pub fn leaves_of(&self, root: StepId) -> Vec<LeafAt> {
        let mut leaves = Vec::new();
        for id in self.reached(root) {
            if let Step::Leaf(at) = self.step(id)
                && !leaves.contains(at)
            {
                leaves.push(*at);
            }
        }
        leaves
    }

    /// Puts a leaf in that is no figure: what it tells is read to know what must be hidden.
    pub fn guard(&mut self, leaf: Leafed) -> StepId {
        let at = self.leaves.iter().position(|it| *it == leaf).unwrap_or_else(|| {
            self.leaves.push(leaf);
            self.texts.push(String::new());
            self.leaves.len() - 1
        });
        self.push(Step::Leaf(LeafAt(at as u32)))
    }

    fn push(&mut self, step: Step) -> StepId {
        // Equal steps are one step; the list of a plan is short.
        if let Some(at) = self.steps.iter().rposition(|it| *it == step) {
            return StepId(at as u32);
        }
        self.steps.push(step);
        StepId(self.steps.len() as u32 - 1)
    }
}

struct Lower<'a> {
    arena: &'a mut Arena,
    checked: &'a Checked,
}

impl Lower<'_> {
    fn kpi(&mut self, kpi: KpiId, part: Option<&RowExpr>, window: &Window) -> Option<StepId> {
        let known = self.arena.known.iter().find(|it| it.0 == kpi && it.1.as_ref() == part && it.2 == *window);
        if let Some(known) = known {
            return Some(known.3);
        }
        let checked = self.checked;
        if checked.model.kpis[kpi.index()].planned {
            return Some(self.arena.push(Step::Planned));
        }
        let formula = checked.model.kpis[kpi.index()].formula.as_ref()?;
        let id = self.formula(formula, part, window)?;
        self.arena.known.push((kpi, part.cloned(), window.clone(), id));
        Some(id)
    }

    fn formula(&mut self, formula: &KpiExpr, part: Option<&RowExpr>, window: &Window) -> Option<StepId> {
        let step = match &formula.kind {
            KpiKind::Number(value) => Step::Number(*value),
            KpiKind::Assumption { assumption, value } => {
                let by = self.checked.model.assumptions[assumption.index()].by.as_ref();
                let fixed = || fixed_value(part?, by?.0).map(str::to_owned);
                Step::Assumption { assumption: *assumption, value: value.clone().or_else(fixed) }
            }
            KpiKind::Aggregate(aggregate) if aggregate.is_planned(&self.checked.model) => Step::Planned,
            KpiKind::Aggregate(aggregate) => match &aggregate.function {
                Function::Customers(of) => self.customers(aggregate, of, part, window)?,
                // Of weighted rows Σws² is told by how much weighs each value.
                Function::Stddev(of) if aggregate.weight.is_some() => {
                    Step::Leaf(self.leaf(aggregate, (Measure::Frequency(of.clone()), Estimator::Stddev), part, window)?)
                }
                function => Step::Leaf(self.leaf(aggregate, measure(function), part, window)?),
            },
            KpiKind::Kpi { kpi, part: own } => {
                let both = RowExpr::both(own.clone(), part.cloned());
                return self.kpi(*kpi, both.as_ref(), window);
            }
            KpiKind::Negate(of) => Step::Negate(self.formula(of, part, window)?),
            KpiKind::Binary { operator, left, right } => {
                let left = self.formula(left, part, window)?;
                Step::Binary { operator: *operator, left, right: self.formula(right, part, window)? }
            }
            KpiKind::Composed { formula, parts } => self.composed(formula, parts, part, window)?,
            KpiKind::Index { parts, least } => {
                let mut steps = Vec::new();
                for (it, weight) in parts {
                    steps.push((self.formula(it, part, window)?, *weight));
                }
                let names = || parts.iter().map(|it| print_formula(&self.checked.model, &it.0)).collect();
                Step::Index { parts: steps, least: least.filter(|it| *it < parts.len()).map(|it| (it, names())) }
            }
            KpiKind::Hold { of, length } => {
                // Figures that are held apart have leaves of their own: each may be of another period.
                let unheld = self.formula(of, part, window)?;
                let window = Window { held: Some((unheld, *length)), ..window.clone() };
                let name = print_formula(&self.checked.model, of);
                Step::Hold { of: self.formula(of, part, &window)?, length: *length, name }
            }
            KpiKind::Rescale { of, low, high, .. } => Step::Rescale { of: self.formula(of, part, window)?, low: *low, high: *high },
            KpiKind::Clamp { of, low, high, .. } => Step::Clamp { of: self.formula(of, part, window)?, low: *low, high: *high },
            KpiKind::Scaled { of, factor } => Step::Scaled { of: self.formula(of, part, window)?, factor: *factor },
            KpiKind::Total { of, over } => {
                let window = Window { over: Some(*over), ..window.clone() };
                Step::Total { of: self.formula(of, part, &window)?, over: *over }
            }
            KpiKind::Rolling { of, length } => {
                let window = window.over_length(*length);
                return self.formula(of, part, &window);
            }
            KpiKind::Previous(of) => {
                let window = window.shifted(Shift::Previous);
                return self.formula(of, part, &window);
            }
            KpiKind::Change { of, length } => {
                let before = window.shifted(length.map_or(Shift::Previous, Shift::Back));
                let left = self.formula(of, part, window)?;
                let right = self.formula(of, part, &before)?;
                Step::Binary { operator: Arithmetic::Subtract, left, right }
            }
        };
        Some(self.arena.push(step))
    }

    /// A formula of the field, as the arithmetic that it is: its error and its parts follow from that.
    fn composed(&mut self, formula: &Composed, parts: &[KpiExpr], part: Option<&RowExpr>, window: &Window) -> Option<Step> {
        let mut steps = Vec::new();
        for it in parts {
            steps.push(self.formula(it, part, window)?);
        }
        match (formula, steps.as_slice()) {
            // m r / (1 + i - r)
            (Composed::Discounted { rate, per }, [margin, retention]) => {
                let stays = self.arena.push(Step::Scaled { of: *retention, factor: 0.01 });
                let one = self.arena.push(Step::Number(rate.over((*per)?)));
                let mut of = |operator, left, right| self.arena.push(Step::Binary { operator, left, right });
                let (left, right) = (of(Arithmetic::Multiply, *margin, stays), of(Arithmetic::Subtract, one, stays));
                // Where as many stay as interest takes off, or more, what is to come has no end.
                let right = self.arena.push(Step::Positive(right));
                Some(Step::Binary { operator: Arithmetic::Divide, left, right })
            }
            // counted / (known + e unknown)
            (Composed::Responded(_), [counted, known, unknown, eligible]) => {
                let eligible = self.arena.push(Step::Scaled { of: *eligible, factor: 0.01 });
                let mut of = |operator, left, right| self.arena.push(Step::Binary { operator, left, right });
                let taken = of(Arithmetic::Multiply, *unknown, eligible);
                let base = of(Arithmetic::Add, *known, taken);
                let quotient = of(Arithmetic::Divide, *counted, base);
                Some(Step::Scaled { of: quotient, factor: 100.0 })
            }
            _ => None,
        }
    }

    /// A measure of customers: a share or a mean of their scores, or the quotient of two sums over the same customers.
    fn customers(&mut self, aggregate: &Aggregate, of: &Customers, part: Option<&RowExpr>, window: &Window) -> Option<Step> {
        let mut leaf = |take: CustomerScore, estimator: Estimator| {
            let measure = Measure::Customer { walk: of.walk.clone(), take, amount: of.amount.clone() };
            self.leaf(aggregate, (measure, estimator), part, window)
        };
        let end = match of.measure {
            CustomerMeasure::Retained | CustomerMeasure::Repeated | CustomerMeasure::NotRepeated | CustomerMeasure::Converted => {
                return Some(Step::Leaf(leaf(CustomerScore::Yes, Estimator::Share)?));
            }
            CustomerMeasure::Moved => return Some(Step::Leaf(leaf(CustomerScore::Holds, Estimator::Share)?)),
            CustomerMeasure::Lost => return Some(Step::Leaf(leaf(CustomerScore::No, Estimator::Share)?)),
            CustomerMeasure::Brought => {
                return Some(Step::Leaf(leaf(CustomerScore::End, Estimator::Mean { factor: 1.0, offset: 0.0 })?));
            }
            CustomerMeasure::Forecast(it) => {
                let factor = if it.of == Forecasted::Alive { 100.0 } else { 1.0 };
                let estimator = Estimator::Forecast { factor, total: it.of == Forecasted::Total };
                return Some(Step::Leaf(leaf(CustomerScore::Forecast(it), estimator)?));
            }
            CustomerMeasure::NetRevenue => CustomerScore::End,
            CustomerMeasure::GrossRevenue => CustomerScore::Least,
            CustomerMeasure::GrossLoss => CustomerScore::Fall,
            CustomerMeasure::NetLoss => CustomerScore::Drop,
        };
        let (left, right) = (leaf(end, Estimator::Total)?, leaf(CustomerScore::Start, Estimator::Total)?);
        let (left, right) = (self.arena.push(Step::Leaf(left)), self.arena.push(Step::Leaf(right)));
        let quotient = self.arena.push(Step::Binary { operator: Arithmetic::Divide, left, right });
        Some(Step::Scaled { of: quotient, factor: 100.0 })
    }

    fn leaf(
        &mut self,
        aggregate: &Aggregate,
        (measure, estimator): (Measure, Estimator),
        part: Option<&RowExpr>,
        window: &Window,
    ) -> Option<LeafAt> {
        let model = &self.checked.model;
        let part = match part {
            Some(it) => Some(it.on(model, aggregate.source).ok()?),
            None => None,
        };
        let leaf = Leafed {
            source: aggregate.source,
            measure,
            filter: RowExpr::both(aggregate.filter.clone(), part),
            weight: aggregate.weight.filter(|_| !matches!(estimator, Estimator::Extreme | Estimator::Distinct)),
            cluster: aggregate.cluster,
            time: aggregate.time,
            estimator,
            window: window.clone(),
            complete: model.sources[aggregate.source.index()].complete,
        };
        let leaves = &mut self.arena.leaves;
        let at = leaves.iter().position(|it| *it == leaf).unwrap_or_else(|| {
            leaves.push(leaf);
            self.arena.texts.push(aggregate.text.clone());
            leaves.len() - 1
        });
        Some(LeafAt(at as u32))
    }
}

fn measure(function: &Function) -> (Measure, Estimator) {
    match function {
        Function::Count => (Measure::Rows, Estimator::Total),
        Function::CountOf(of) => (Measure::Answered(of.clone()), Estimator::Total),
        Function::Distinct(of) => (Measure::Frequency(of.clone()), Estimator::Distinct),
        Function::Sum(of) => (Measure::Score(of.clone()), Estimator::Total),
        Function::Mean { of, factor, offset } => (Measure::Score(of.clone()), Estimator::Mean { factor: *factor, offset: *offset }),
        Function::Min(of) => (Measure::Extreme { of: of.clone(), max: false }, Estimator::Extreme),
        Function::Max(of) => (Measure::Extreme { of: of.clone(), max: true }, Estimator::Extreme),
        Function::Median(of) => (Measure::Frequency(of.clone()), Estimator::Percentile(50.0)),
        Function::Percentile(of, percentile) => (Measure::Frequency(of.clone()), Estimator::Percentile(*percentile)),
        Function::Stddev(of) => (Measure::Score(of.clone()), Estimator::Stddev),
        Function::Share(of) => (Measure::Score(of.clone()), Estimator::Share),
        // Lowered before, to what is taken of each customer.
        Function::Customers(_) => (Measure::Rows, Estimator::Total),
        Function::Net(good, bad) => (Measure::Score(RowExpr::Net(Box::new(good.clone()), Box::new(bad.clone()))), Estimator::Net),
    }
}
