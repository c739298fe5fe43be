//! (Checked, Request) -> [`Plan`]: one read per source, with the groupings and states that the figures need.

mod against;
mod arena;
mod base;
mod drivers;
mod guard;
mod print;
mod request;
mod wanted;

pub use against::Against;
pub use arena::{Arena, Estimator, LeafAt, Leafed, Shift, Step, StepId, Window};
pub use base::{Base, Condition, Picks, answered, base};
pub use drivers::{Bucket, DriverAsk, NamedScores, Performance, PlannedDrivers, PlannedItem, codes_of};
pub use guard::{COUNTED, MOST_CODED, ordered};
pub use print::print;
pub use request::{Ask, Correction, Request};
pub use wanted::Wanted;

use crate::calendar::{Grain, Length};
use crate::check::Checked;
use crate::model::{DimensionId, Forecast, RowExpr, Rows, Source, SourceId, Walk};

/// What is to be read and kept, and how figures follow from it. Plain data; it knows no engine.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// What is read before, to make weights of.
    pub weighings: Vec<Read>,
    pub reads: Vec<Read>,
    pub arena: Arena,
    /// The figures that were asked for, in order; then those that are read only to know what must be hidden.
    pub asks: Vec<Planned>,
    /// How many of them were asked for.
    pub asked: usize,
    /// The driver models that were asked for, in order.
    pub drivers: Vec<PlannedDrivers>,
    /// How the segments of a comparison are corrected for each other.
    pub correction: Correction,
}

impl Plan {
    /// The place of a table among the asks: of those that are held against nothing.
    pub fn place(&self, ask: &Ask) -> Option<usize> {
        self.asks.iter().position(|it| it.against.is_none() && it.ask == *ask)
    }

    /// The places of a table among the asks, whatever its figures are held against.
    pub fn places<'p>(&'p self, ask: &'p Ask) -> impl Iterator<Item = usize> + 'p {
        self.asks.iter().enumerate().filter(move |it| it.1.ask == *ask).map(|it| it.0)
    }
}

/// One pass over the rows of a source.
#[derive(Clone, Debug)]
pub struct Read {
    pub source: SourceId,
    pub leaves: Vec<Leaf>,
    pub joints: Vec<Joined>,
    pub crossed: Vec<Crossed>,
    pub groupings: Vec<Grouping>,
    /// Whether every declared column is read, for what it holds.
    pub profile: bool,
}

/// An item of which something is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    pub measure: Measure,
    pub filter: Option<RowExpr>,
    pub weight: Option<usize>,
    /// The column that tells persons apart, and up to how many of them are told apart.
    pub persons: Option<(usize, usize)>,
    /// Whether squares are kept, for a variance: rows that are all there are have none (R15).
    pub squares: bool,
}

/// What is kept of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// That it is there: a score of 1.
    Rows,
    /// A score: a number, or 1 and 0 for a condition.
    Score(RowExpr),
    /// A score of 1 where there is a value.
    Answered(RowExpr),
    Extreme {
        of: RowExpr,
        max: bool,
    },
    Frequency(RowExpr),
    /// A score of a customer in a window.
    Customer {
        walk: Walk,
        take: CustomerScore,
        amount: Option<RowExpr>,
    },
    /// A score, by each of the texts that a row gives.
    Named {
        texts: RowExpr,
        of: RowExpr,
    },
}

/// What is taken of a customer in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomerScore {
    /// 1 where the customer is there at the end, or did what is asked, else 0.
    Yes,
    /// 1 where not.
    No,
    /// 1 where the customer is there at the end, and what is asked holds of it then.
    Holds,
    /// The amount at the start, and at the end.
    Start,
    End,
    /// The smaller of both.
    Least,
    /// How much less there is at the end, nothing where there is more.
    Fall,
    /// How much less there is at the end; below 0 where there is more.
    Drop,
    /// What a model says of what is to come.
    Forecast(Forecast),
}

impl Measure {
    /// The expression that it is of, if any.
    pub fn expr(&self) -> Option<&RowExpr> {
        match self {
            Measure::Rows => None,
            Measure::Customer { amount, .. } => amount.as_ref(),
            Measure::Score(of)
            | Measure::Answered(of)
            | Measure::Frequency(of)
            | Measure::Extreme { of, .. }
            | Measure::Named { of, .. } => Some(of),
        }
    }

    /// All expressions that it reads.
    pub fn exprs(&self) -> impl Iterator<Item = &RowExpr> {
        let texts = if let Measure::Named { texts, .. } = self { Some(texts) } else { None };
        self.expr().into_iter().chain(texts)
    }
}

/// Items whose products are kept, for the variance of a figure that is made of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Joined {
    pub leaves: Vec<usize>,
    pub weight: Option<usize>,
}

/// Items whose products with an outcome are kept over the rows that have all of them: a driver model (R21).
#[derive(Clone, Debug, PartialEq)]
pub struct Crossed {
    pub outcome: usize,
    pub items: Vec<usize>,
    /// Indicators of low and high answers, two an item, where the method asks for them.
    pub indicators: Vec<usize>,
    /// The scores of performance, one an item.
    pub means: Vec<usize>,
    /// What rows are dealt by, so that errors are those of whole ones.
    pub unit: Unit,
    /// Up to how many persons are told apart, where they are protected.
    pub persons: Option<usize>,
}

/// What belongs together when rows are dealt to groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Row,
    /// A person's rows; a row without a person stands by itself.
    Person(usize),
    /// A cluster's rows; a row without a cluster is left out (R14).
    Cluster(usize),
}

impl Unit {
    /// The column that names it.
    pub fn column(self) -> Option<usize> {
        match self {
            Unit::Row => None,
            Unit::Person(it) | Unit::Cluster(it) => Some(it),
        }
    }
}

/// A way in which the rows of a read are grouped.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// The column that tells when; none: everything is one period.
    pub time: Option<usize>,
    /// The grain of the buckets that periods are made of.
    pub grain: Grain,
    pub keys: Vec<Key>,
    /// The cluster column, where variances are computed between clusters.
    pub cluster: Option<usize>,
    /// How customers are walked, where it is they who are scored, one a window.
    pub walk: Option<Walk>,
    pub leaves: Vec<usize>,
    pub joints: Vec<usize>,
    pub crossed: Vec<usize>,
}

impl Grouping {
    /// Whether its rows are gathered, and walked when all are there: those of customers, and spans, of which each is in
    /// many periods.
    pub fn is_gathered(&self, rows: Rows) -> bool {
        self.walk.is_some() || (rows == Rows::Spans && self.grain != Grain::All)
    }
}

/// A dimension over the rows of a source.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub dimension: DimensionId,
    pub expr: RowExpr,
}

/// A figure that was asked for.
#[derive(Clone, Debug)]
pub struct Planned {
    pub ask: Ask,
    /// Whether it is told, or only read to know what must be hidden of what is.
    pub told: bool,
    pub root: StepId,
    /// What it is held against, and where that is computed from the same data.
    pub against: Option<Against>,
    pub other: Option<StepId>,
    /// The grain of its periods.
    pub grain: Grain,
    /// The leaves that it is made of, each with the grouping that holds it, by the grain and cut of the ask; behind them
    /// those that only the other figure is made of.
    pub leaves: Vec<Placed>,
    /// How many of them are its own.
    pub own: usize,
    /// The places of those that the other figure is made of.
    pub others: Vec<usize>,
    /// For each source that several leaves come from: where their joint state is.
    pub joints: Vec<PlacedJoint>,
}

/// Where a leaf's states are.
#[derive(Clone, Debug)]
pub struct Placed {
    pub at: LeafAt,
    pub read: usize,
    pub leaf: usize,
    /// The grouping of the read.
    pub grouping: usize,
}

/// Where the joint state of leaves is.
#[derive(Clone, Debug)]
pub struct PlacedJoint {
    pub read: usize,
    pub joint: usize,
    pub grouping: usize,
    /// The leaves of the ask, by their places in [`Planned::leaves`], in the joint's order.
    pub members: Vec<usize>,
}

/// What is read to make the weights of a source: how many rows are in each cell of its margins, wave by wave.
pub fn weighing(source: &Source, id: SourceId) -> Option<Read> {
    let weighting = source.weighting.as_ref()?;
    let wave = source.cadence.or(source.constant_grain()).filter(|_| source.time.is_some()).unwrap_or(Grain::All);
    let leaf = Leaf { measure: Measure::Rows, filter: None, weight: weighting.base, persons: None, squares: true };
    let grouping = Grouping {
        time: source.time,
        grain: wave,
        keys: Vec::new(),
        cluster: Some(weighting.cell),
        leaves: vec![0],
        joints: Vec::new(),
        crossed: Vec::new(),
        walk: None,
    };
    Some(Read { source: id, leaves: vec![leaf], joints: Vec::new(), crossed: Vec::new(), groupings: vec![grouping], profile: false })
}

/// Makes the plan for a request.
pub fn plan(checked: &Checked, request: &Request) -> Plan {
    let mut planner = Planner { checked, plan: Plan { correction: request.correction, ..Plan::default() }, request };
    for (at, ask) in request.asks.iter().enumerate() {
        let mut compared = request.comparisons.iter().filter(|it| it.0 == at).map(|it| Some(&it.1)).peekable();
        if compared.peek().is_none() {
            planner.ask(ask, None);
        }
        compared.for_each(|it| planner.ask(ask, it));
    }
    for ask in &request.drivers {
        planner.drivers(ask);
    }
    planner.plan.asked = planner.plan.asks.len();
    planner.guard_outcomes();
    planner.guard();
    planner.guard_wholes();
    planner.guard_scores();
    planner.plan
}

struct Planner<'a> {
    checked: &'a Checked,
    plan: Plan,
    request: &'a Request,
}

impl Planner<'_> {
    fn ask(&mut self, ask: &Ask, against: Option<&Against>) {
        let Some(mut root) = self.plan.arena.figure(self.checked, ask.kpi, ask.part.as_ref()) else { return };
        let mut other = against.and_then(|it| self.other(ask, it));
        if self.is_cut_by_planned(ask) {
            root = self.plan.arena.planned();
            other = None;
        }
        self.put(ask, (root, true), against, other);
    }

    /// Adds a table with the leaves of its figures, and of what they are held against.
    fn put(&mut self, ask: &Ask, (root, told): (StepId, bool), against: Option<&Against>, other: Option<StepId>) {
        let grain = ask.grain;
        let mut reached = self.plan.arena.leaves_of(root);
        let own = reached.len();
        let mut others = Vec::new();
        for leaf in other.map(|it| self.plan.arena.leaves_of(it)).unwrap_or_default() {
            let place = reached.iter().position(|it| *it == leaf).unwrap_or_else(|| {
                reached.push(leaf);
                reached.len() - 1
            });
            others.push(place);
        }
        let mut placed = Vec::new();
        for at in &reached {
            let instance = self.plan.arena.leaf(*at).clone();
            let mut cut = ask.cut.clone();
            cut.extend(instance.window.over.filter(|it| !ask.cut.contains(it)));
            let Ok(keys) = self.keys(&cut, instance.source) else { return };
            let read = self.read(instance.source);
            let leaf = self.leaf(read, &instance);
            let bucket = self.bucket(&instance, grain);
            // Rows without a cluster are left out (R14), so a clustered figure comes from its clusters as a whole.
            let walk = match &instance.measure {
                Measure::Customer { walk, .. } => Some(walk),
                _ => None,
            };
            let data = &self.checked.model.sources[instance.source.index()];
            let made = data.weighting.as_ref().filter(|it| instance.weight == Some(it.weight));
            if made.is_some() && !self.plan.weighings.iter().any(|it| it.source == instance.source) {
                self.plan.weighings.extend(weighing(data, instance.source));
            }
            // What margins explain of answers is known cell by cell; of customers, who have several rows, it is not.
            let cell = made.filter(|_| walk.is_none()).map(|it| it.cell);
            let varies = instance.estimator.has_variance();
            let answers = matches!(instance.measure, Measure::Frequency(_) | Measure::Extreme { .. });
            let cluster = instance.cluster.filter(|_| varies || answers).or(cell.filter(|_| varies));
            let grouping = self.grouping(read, (instance.time, bucket), &keys, cluster, walk);
            add(&mut self.plan.reads[read].groupings[grouping].leaves, leaf);
            placed.push(Placed { at: *at, read, leaf, grouping });
        }
        let mut joints = Vec::new();
        if self.request.variances {
            // Its own error is of its own rows, whatever it is held against.
            joints = self.joints(&placed[..own]);
            if placed.len() > own {
                joints.extend(self.joints(&placed));
            }
        }
        self.plan.asks.push(Planned {
            ask: ask.clone(),
            told,
            root,
            against: against.cloned(),
            other,
            grain,
            leaves: placed,
            own,
            others,
            joints,
        });
    }

    /// The figure that another is held against, where it is computed from the same data.
    fn other(&mut self, ask: &Ask, against: &Against) -> Option<StepId> {
        let mut window = Window::default();
        let mut part = ask.part.as_ref();
        let root = self.plan.arena.figure(self.checked, ask.kpi, part)?;
        match against {
            // The rest of a total is no figure of its own values.
            Against::Rest if self.plan.arena.has_total(root) => return None,
            Against::Previous => window.shifts.push(Shift::Previous),
            Against::Year => window.shifts.push(Shift::Back(Length::Years(1))),
            Against::Earlier(length) => window.shifts.push(Shift::Back(*length)),
            Against::Rest => window.rest = true,
            Against::Group { part: other, .. } => part = Some(other),
            Against::Norm | Against::Benchmark(_) => return None,
        }
        self.plan.arena.figure_over(self.checked, ask.kpi, part, &window)
    }

    /// Whether a cut is told by a source of which nothing is known yet (R27).
    fn is_cut_by_planned(&self, ask: &Ask) -> bool {
        let model = &self.checked.model;
        let told = |id: &DimensionId| {
            let sources = self.checked.sources_of(ask.kpi).iter();
            sources.filter_map(|it| crate::model::dimension_on(model, *id, *it)).any(|it| it.reads_planned(model))
        };
        ask.cut.iter().any(told)
    }

    /// The cut as expressions over a source.
    fn keys(&self, cut: &[DimensionId], source: SourceId) -> Result<Vec<Key>, DimensionId> {
        let model = &self.checked.model;
        cut.iter()
            .map(|id| {
                let expr = crate::model::dimension_on(model, *id, source).ok_or(*id)?;
                Ok(Key { dimension: *id, expr })
            })
            .collect()
    }

    fn read(&mut self, source: SourceId) -> usize {
        let reads = &mut self.plan.reads;
        reads.iter().position(|it| it.source == source).unwrap_or_else(|| {
            reads.push(Read { source, leaves: Vec::new(), joints: Vec::new(), crossed: Vec::new(), groupings: Vec::new(), profile: false });
            reads.len() - 1
        })
    }

    fn leaf(&mut self, read: usize, instance: &arena::Leafed) -> usize {
        let data = &self.checked.model.sources[instance.source.index()];
        let protects = !data.no_persons;
        let limit = self.checked.model.project.indicative_base.max(self.checked.largest_base()) as usize;
        let persons = data.customer.filter(|_| protects).map(|it| (it, limit));
        let is_forecast = matches!(instance.estimator, Estimator::Forecast { .. });
        let squares = !is_forecast && (!instance.complete || instance.estimator == Estimator::Stddev);
        let (measure, filter) = (instance.measure.clone(), instance.filter.clone());
        let leaf = Leaf { measure, filter, weight: instance.weight, persons, squares };
        let leaves = &mut self.plan.reads[read].leaves;
        leaves.iter().position(|it| *it == leaf).unwrap_or_else(|| {
            leaves.push(leaf);
            leaves.len() - 1
        })
    }

    /// The grain of the buckets that the windows of a leaf are made of.
    fn bucket(&self, instance: &arena::Leafed, grain: Grain) -> Grain {
        let source = &self.checked.model.sources[instance.source.index()];
        if instance.time.is_none() {
            return Grain::All;
        }
        let per = match &instance.measure {
            // Rates of customers are counted together, window by window.
            Measure::Customer { walk, .. } if walk.adds_up() => walk.period(),
            // What holds, and who is there, is asked at the end of a period: it does not add up.
            Measure::Customer { .. } => return grain,
            _ if source.rows == Rows::Spans => return grain,
            _ => None,
        };
        if source.rows == Rows::Snapshot && !matches!(instance.measure, Measure::Customer { .. }) {
            // The last date of a period is known only when all dates are.
            return Grain::Day;
        }
        let mut bucket = grain;
        if let Some(length) = instance.window.rolling {
            // The coarsest grain that both the window and the period are made of.
            for candidate in [Grain::Year, Grain::Quarter, Grain::Month, Grain::Week, Grain::Day] {
                let calendar = &self.checked.model.project.calendar;
                let fits = length.periods_of(candidate).is_some()
                    && (candidate == grain || candidate.nests_in(grain, calendar))
                    && per.is_none_or(|it| it == candidate || it.nests_in(candidate, calendar));
                if fits {
                    bucket = candidate;
                    break;
                }
            }
        }
        bucket
    }

    fn grouping(
        &mut self,
        read: usize,
        (time, grain): (Option<usize>, Grain),
        keys: &[Key],
        cluster: Option<usize>,
        walk: Option<&Walk>,
    ) -> usize {
        let groupings = &mut self.plan.reads[read].groupings;
        let same =
            |it: &Grouping| it.time == time && it.grain == grain && it.keys == keys && it.cluster == cluster && it.walk.as_ref() == walk;
        groupings.iter().position(same).unwrap_or_else(|| {
            let walk = walk.cloned();
            let (leaves, joints, crossed) = (Vec::new(), Vec::new(), Vec::new());
            groupings.push(Grouping { time, grain, keys: keys.to_vec(), cluster, walk, leaves, joints, crossed });
            groupings.len() - 1
        })
    }

    /// The joint states of leaves that one figure takes from one source.
    fn joints(&mut self, placed: &[Placed]) -> Vec<PlacedJoint> {
        let mut joints = Vec::new();
        let mut done: Vec<usize> = Vec::new();
        for (at, first) in placed.iter().enumerate() {
            if done.contains(&at) {
                continue;
            }
            let instance = self.plan.arena.leaf(first.at).clone();
            // What is held is often of the period itself; where it is not, the joint state is not looked at.
            let unheld = instance.window.unheld();
            let together = |other: &Placed, arena: &Arena| {
                let it = arena.leaf(other.at);
                other.read == first.read
                    && other.grouping == first.grouping
                    && it.window.unheld() == unheld
                    && it.weight == instance.weight
                    && it.cluster.is_none()
                    && !it.complete
                    && it.estimator.has_variance()
            };
            let members: Vec<usize> = (at..placed.len()).filter(|it| together(&placed[*it], &self.plan.arena)).collect();
            done.extend(&members);
            if members.len() < 2 {
                continue;
            }
            let leaves: Vec<usize> = members.iter().map(|it| placed[*it].leaf).collect();
            let joined = Joined { leaves, weight: instance.weight };
            let read = &mut self.plan.reads[first.read];
            let joint = read.joints.iter().position(|it| *it == joined).unwrap_or_else(|| {
                read.joints.push(joined);
                read.joints.len() - 1
            });
            add(&mut read.groupings[first.grouping].joints, joint);
            joints.push(PlacedJoint { read: first.read, joint, grouping: first.grouping, members });
        }
        joints
    }
}

fn add(list: &mut Vec<usize>, item: usize) {
    if !list.contains(&item) {
        list.push(item);
    }
}
