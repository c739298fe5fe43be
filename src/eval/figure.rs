//! One figure from its states: its periods and keys, bases, and what is to be noted; how it is computed and how
//! sure it is stand in files of their own.

mod instead;
mod uncertainty;
mod value;

pub(super) use value::add;

use super::changed::{self, Across, Looked};
use super::compare::Points;
use super::judge::{judge, judged_grain};
use super::window::{self, Index, Range, Span};
use super::{Base, Figure, ForecastModel, LeftOut, Note, Periods};
use crate::calendar::{Date, Grain, Period};
use crate::check::Checked;
use crate::engine::{Group, KeyValue, Table};
use crate::model::{Arithmetic, AssumptionId, Rows};
use crate::plan::{Estimator, Placed, Plan, Planned, Step, StepId};
use crate::state::{Cell, Seen, State, Unfit};
use crate::stats;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// Computes the figures of a plan from a table.
pub(super) struct Evaluator<'a> {
    pub(super) checked: &'a Checked,
    pub(super) plan: &'a Plan,
    table: &'a Table,
    /// For each read, each grouping.
    indices: Vec<Vec<Index<'a>>>,
    today: Date,
}

/// The value of a step, with its gradient over the leaves of the ask.
#[derive(Clone, Debug)]
pub(super) struct Linear {
    pub(super) value: f64,
    /// The places of leaves with their slopes; of what is held at an end, less by how far it lies beyond it.
    pub(super) gradient: Vec<(usize, f64)>,
    /// Whether some leaf moves it: none does where all that it is made of is held at an end.
    pub(super) moves: bool,
}

/// A leaf over the groups of a period and key.
#[derive(Clone)]
pub(super) struct LeafFigure<'t> {
    pub(super) cell: Option<Cow<'t, Cell>>,
    pub(super) range: Option<Range>,
    span: Span,
    /// The earlier period that it is held from, if it is.
    held: Option<Period>,
    groups: Cow<'t, [&'t Group]>,
    pub(super) value: Option<f64>,
    /// Of a leaf within a total: what it is for each value of the dimension that is added up over.
    by: Vec<(&'t KeyValue, Option<f64>)>,
}

/// What all figures of an ask share.
pub(super) struct Asked<'p> {
    pub(super) planned: &'p Planned,
    /// The steps that lead to the root.
    order: Vec<StepId>,
    /// Those that lead to the figure that it is held against.
    pub(super) other_order: Vec<StepId>,
    /// For each leaf its place in the cells of a group.
    positions: Vec<usize>,
    /// Whether norms judge at the grain of its periods.
    pub(super) is_judged: bool,
    /// The periods that have data.
    pub(super) known: Vec<Period>,
    /// The periods that figures are wanted of, from the last one backward.
    rest: Vec<Period>,
    /// The keys that occur, in order, and for each leaf each key's place in its index.
    pub(super) keys: Rc<[Keyed]>,
    /// The assumptions with ends that it rests on.
    assumptions: Vec<AssumptionId>,
    /// What is held in it, or in what it is held against.
    holds: Vec<instead::Hold>,
    /// Whether an index in it may be without some of its parts.
    pub(super) is_tolerant: bool,
    /// Whether it adds up sampled figures over a dimension: what chance does to that is not told by what is kept.
    pub(super) without_error: bool,
    /// The changes of definition of what it looks at.
    changes: Vec<Looked>,
    /// The series of a key, by its place, where it was asked for.
    series: RefCell<HashMap<usize, Arc<Points>>>,
}

/// An ask in a period.
struct Now<'p, 'a> {
    at: usize,
    asked: &'a Asked<'p>,
    /// For each leaf the days that it is taken over, and the buckets that they are.
    windows: Vec<Option<(Range, Span)>>,
    flags: Flags,
}

/// What is known of a period whatever its figures are.
#[derive(Clone, Copy)]
struct Flags {
    is_unfinished: bool,
    begins_late: bool,
    across: Across,
}

/// The keys that asks of the same cut over the same groupings share.
struct KnownKeys<'p> {
    cut: &'p [crate::model::DimensionId],
    groupings: Vec<(usize, usize)>,
    keys: Rc<[Keyed]>,
}

/// From this correlation on, how often customers buy and for how much go together: the models take them to be apart.
const TOGETHER: f64 = 0.3;

/// At which values of its assumptions a figure is computed.
#[derive(Clone, Copy)]
pub(super) enum Point {
    /// At what is assumed.
    Base,
    /// At the ends: a bit for each assumption with ends, 1 for the high one.
    Corner(u32),
}

/// A key, with its place in the index of each leaf's grouping.
type Keyed = (Arc<[KeyValue]>, Vec<Option<usize>>);

/// Puts the keys of a cut in the order of its declared values, each once.
pub(super) fn in_order(checked: &Checked, cut: &[crate::model::DimensionId], keys: &mut Vec<&[KeyValue]>) {
    keys.sort();
    keys.dedup();
    let rank = |key: &[KeyValue]| -> Vec<usize> {
        let ranks = key.iter().zip(cut).map(|(value, id)| {
            let dimension = &checked.model.dimensions[id.index()];
            match value {
                KeyValue::Value(text) => dimension.values.iter().position(|it| it.0 == **text).unwrap_or(dimension.values.len()),
                KeyValue::Blank => usize::MAX,
            }
        });
        ranks.collect()
    };
    // Value by value: what is declared first, then by the value itself.
    let ordered = |key: &[KeyValue]| -> Vec<(usize, KeyValue)> { rank(key).into_iter().zip(key.iter().cloned()).collect() };
    keys.sort_by_cached_key(|it| ordered(it));
}

impl<'a> Evaluator<'a> {
    pub fn new(checked: &'a Checked, plan: &'a Plan, table: &'a Table, today: Date) -> Evaluator<'a> {
        let calendar = &checked.model.project.calendar;
        let indices = table.reads.iter().map(|it| it.groupings.iter().map(|it| Index::new(it, calendar)).collect()).collect();
        Evaluator { checked, plan, table, indices, today }
    }

    /// Hands over every figure with the place of its ask; those of an ask in the order of periods, then of the declared
    /// values of the cut.
    ///
    /// Period by period, and key by key for all asks: the cells of a group are at hand for one after the other.
    pub fn each(&self, periods: Periods, take: &mut dyn FnMut(usize, Figure)) {
        self.with_leaves(periods, &|_, _| true, &mut |at, figure, _| take(at, figure));
    }

    /// The same with the cells of every leaf, for the asks and periods that are wanted.
    pub fn each_with_cells(
        &self,
        periods: Periods,
        wanted: &dyn Fn(usize, Period) -> bool,
        take: &mut dyn FnMut(usize, Figure, Vec<Option<Cell>>),
    ) {
        self.with_leaves(periods, wanted, &mut |at, figure, leaves| {
            take(at, figure, leaves.iter().map(|it| it.cell.as_deref().cloned()).collect());
        });
    }

    fn with_leaves(
        &self,
        periods: Periods,
        wanted: &dyn Fn(usize, Period) -> bool,
        take: &mut dyn FnMut(usize, Figure, &[LeafFigure<'_>]),
    ) {
        let mut keys = Vec::new();
        let mut asked: Vec<Asked<'_>> = self.plan.asks.iter().take(self.plan.asked).map(|it| self.asked(it, periods, &mut keys)).collect();
        let mut all: Vec<Period> = asked.iter().flat_map(|it| &it.rest).copied().collect();
        all.sort();
        all.dedup();
        for period in all {
            let mut now: Vec<Now<'_, '_>> = Vec::with_capacity(asked.len());
            for (at, it) in asked.iter_mut().enumerate() {
                if it.rest.pop_if(|it| *it == period).is_some() && wanted(at, period) {
                    let windows = self.windows(it.planned, period, &it.known);
                    let flags = Flags {
                        is_unfinished: self.is_unfinished(it.planned, period),
                        begins_late: self.begins_late(it.planned, period, &windows),
                        across: self.across(it, period),
                    };
                    now.push(Now { at, asked: it, windows, flags });
                }
            }
            let mut leaves: Vec<LeafFigure<'_>> = Vec::new();
            for place in 0..now.iter().map(|it| it.asked.keys.len()).max().unwrap_or(0) {
                for Now { at, asked, windows, flags } in &now {
                    let Some((key, places)) = asked.keys.get(place) else { continue };
                    self.leaves(asked, period, windows, (key, places), &mut leaves);
                    // A segment that nobody is in has no row; a period without data has: it is a gap.
                    if !key.is_empty() && leaves[..asked.planned.own].iter().all(|it| it.groups.is_empty()) {
                        continue;
                    }
                    take(*at, self.figure(asked, period, place, &leaves, *flags), &leaves);
                }
            }
        }
    }

    /// Hands over how many answered, for every ask, period and key: the bases of all leaves that the minimum base protects.
    pub fn bases(&self, take: &mut super::TakeBases<'_>) {
        let mut keys = Vec::new();
        let mut leaves: Vec<LeafFigure<'_>> = Vec::new();
        let mut bases: Vec<Base> = Vec::new();
        for (at, planned) in self.plan.asks.iter().enumerate() {
            // The rest of a population is the whole less a segment: both have a table of their own.
            let is_rest = |it: &Placed| self.plan.arena.leaf(it.at).window.rest;
            let protected: Vec<bool> = planned.leaves.iter().map(|it| self.is_protected(it) && !is_rest(it)).collect();
            if !protected.contains(&true) {
                continue;
            }
            let asked = self.asked(planned, Periods::default(), &mut keys);
            for period in asked.rest.iter().rev() {
                let windows = self.windows(planned, *period, &asked.known);
                for (key, places) in asked.keys.iter() {
                    self.leaves(&asked, *period, &windows, (key, places), &mut leaves);
                    bases.clear();
                    for (at, it) in leaves.iter().enumerate().filter(|it| protected[it.0]) {
                        let (Some(range), span, Some(cell)) = (it.range, it.span, &it.cell) else { continue };
                        let placed = &planned.leaves[at];
                        let days = self.indices[placed.read][placed.grouping].days(
                            range,
                            span,
                            self.is_snapshot(placed) && !self.is_walked(placed),
                        );
                        let (n, protected) = (cell.n(), self.protected(placed, cell));
                        let sums = if let State::Moments(it) = &cell.state { Some((it.s.to_f64(), it.s2.to_f64())) } else { None };
                        let counts = match &cell.state {
                            State::Frequencies { table, .. } if table.len() <= crate::plan::MOST_CODED => {
                                Some(table.iter().map(|it| (it.0.clone(), it.1.0)).collect())
                            }
                            _ => None,
                        };
                        bases.push(Base { leaf: placed.at, own: at < planned.own, days, n, protected, sums, counts });
                    }
                    if !bases.is_empty() {
                        take(at, *period, key, &bases);
                    }
                }
            }
        }
    }

    fn asked<'p>(&self, planned: &'p Planned, periods: Periods, known_keys: &mut Vec<KnownKeys<'p>>) -> Asked<'p> {
        let calendar = &self.checked.model.project.calendar;
        let known = self.known_periods(planned);
        let mut rest: Vec<Period> = match (known.first(), known.last()) {
            (Some(first), Some(last)) if first.grain() != Grain::All => self.begins(planned, *first).up_to(*last).collect(),
            _ => known.clone(),
        };
        // Spans may be known to end after today: what holds then is not yet so.
        let rows = |it: &Placed| self.checked.model.sources[self.plan.arena.leaf(it.at).source.index()].rows;
        let spans = planned.leaves.iter().any(|it| rows(it) == Rows::Spans);
        rest.retain(|period| periods.hold(*period, calendar) && (!spans || period.start(calendar) <= self.today));
        rest.reverse();
        let groupings: Vec<(usize, usize)> = planned.leaves.iter().map(|it| (it.read, it.grouping)).collect();
        let same = |it: &&KnownKeys<'p>| it.cut == planned.ask.cut && it.groupings == groupings;
        let keys = match known_keys.iter().find(same) {
            Some(it) => it.keys.clone(),
            None => {
                let keys: Rc<[Keyed]> = self.keys(planned).into();
                known_keys.push(KnownKeys { cut: &planned.ask.cut, groupings, keys: keys.clone() });
                keys
            }
        };
        let mut known = known;
        let mut keys = keys;
        if planned.leaves.is_empty() && self.plan.arena.is_planned(planned.root) {
            // Nothing is read for it: it is one gap, whatever the period and the cut.
            known = vec![Period::ALL];
            rest = known.clone();
            keys = Rc::from([(Arc::from([]), Vec::new())]);
        }
        Asked {
            planned,
            order: self.plan.arena.computed(planned.root),
            other_order: planned.other.map(|it| self.plan.arena.computed(it)).unwrap_or_default(),
            positions: planned.leaves.iter().map(|it| self.position(it)).collect(),
            is_judged: planned.grain == judged_grain(self.checked, planned.ask.kpi),
            known,
            rest,
            keys,
            holds: self.holds(planned),
            is_tolerant: self.is_tolerant(planned),
            assumptions: super::assumed::ranged(self.checked, planned.ask.kpi),
            without_error: planned.leaves.iter().map(|it| self.plan.arena.leaf(it.at)).any(|it| it.window.over.is_some() && !it.complete),
            changes: changed::looked_at(&self.checked.model, planned.ask.kpi),
            series: RefCell::default(),
        }
    }

    /// The first period of a figure: of one that follows customers, that in which its data begin. Nobody can be told to
    /// have been there before, so that it has no value yet, and says why.
    fn begins(&self, planned: &Planned, first: Period) -> Period {
        let calendar = &self.checked.model.project.calendar;
        let read = |it: &Placed| {
            let read = &self.plan.reads[it.read];
            read.groupings[it.grouping].walk.as_ref()?.looks_back(first, calendar)?;
            Some(Period::containing(self.table.reads[it.read].first?, planned.grain, calendar))
        };
        planned.leaves[..planned.own].iter().filter_map(read).min().map_or(first, |it| it.min(first))
    }

    /// Whether a figure of a period looks across a change of definition.
    fn across(&self, asked: &Asked<'_>, period: Period) -> Across {
        let Some(first) = asked.planned.leaves.first().filter(|_| !asked.changes.is_empty()) else { return Across::One };
        let source = self.plan.arena.leaf(first.at).source;
        changed::across(&asked.changes, &|it| window::range(self.checked, source, it, period, &asked.known))
    }

    /// The keys that occur, in the order of the cut's declared values; for each leaf the key's place in its index.
    fn keys(&self, planned: &Planned) -> Vec<Keyed> {
        let index = |it: &Placed| &self.indices[it.read][it.grouping];
        let mut keys: Vec<&[KeyValue]> = Vec::new();
        let mut seen: Vec<(usize, usize)> = Vec::new();
        for placed in &planned.leaves {
            if !seen.contains(&(placed.read, placed.grouping)) {
                seen.push((placed.read, placed.grouping));
                let length = planned.ask.cut.len();
                keys.extend(index(placed).keys().map(|it| &it[..length]));
            }
        }
        in_order(self.checked, &planned.ask.cut, &mut keys);
        let places = |key: &[KeyValue]| planned.leaves.iter().map(|it| index(it).place(key)).collect();
        keys.into_iter().map(|it| (Arc::from(it), places(it))).collect()
    }

    /// The place of a leaf among the cells of its groups.
    fn position(&self, placed: &Placed) -> usize {
        let grouping = &self.plan.reads[placed.read].groupings[placed.grouping];
        grouping.leaves.iter().position(|it| *it == placed.leaf).unwrap_or(0)
    }

    fn known_periods(&self, planned: &Planned) -> Vec<Period> {
        let calendar = &self.checked.model.project.calendar;
        let mut known: Vec<Period> =
            planned.leaves.iter().flat_map(|it| self.indices[it.read][it.grouping].periods(planned.grain, calendar)).collect();
        known.sort();
        known.dedup();
        known
    }

    /// For each leaf the days that it is taken over in a period, and the buckets that they are.
    fn windows(&self, planned: &Planned, period: Period, known: &[Period]) -> Vec<Option<(Range, Span)>> {
        planned.leaves.iter().map(|it| self.window(it, period, known)).collect()
    }

    /// The same of one leaf.
    fn window(&self, placed: &Placed, period: Period, known: &[Period]) -> Option<(Range, Span)> {
        let leaf = self.plan.arena.leaf(placed.at);
        let range = window::range(self.checked, leaf.source, &leaf.window, period, known)?;
        let index = &self.indices[placed.read][placed.grouping];
        // Rates of customers hold over the whole of a window, a state at its end.
        let span = if self.is_walked(placed) { index.span(range) } else { window::counted(self.checked, leaf.source, index, range) };
        Some((range, span))
    }

    fn leaves<'s>(
        &'s self,
        asked: &Asked<'_>,
        period: Period,
        windows: &[Option<(Range, Span)>],
        (key, places): (&[KeyValue], &[Option<usize>]),
        leaves: &mut Vec<LeafFigure<'s>>,
    ) {
        leaves.clear();
        leaves.extend(windows.iter().zip(places).enumerate().map(|(at, (window, place))| self.leaf(asked, at, *window, (key, *place))));
        self.hold(asked, period, (key, places), leaves);
    }

    /// A leaf over a window.
    fn leaf<'s>(
        &'s self,
        asked: &Asked<'_>,
        at: usize,
        window: Option<(Range, Span)>,
        (key, place): (&[KeyValue], Option<usize>),
    ) -> LeafFigure<'s> {
        let (placed, position) = (&asked.planned.leaves[at], asked.positions[at]);
        let leaf = self.plan.arena.leaf(placed.at);
        let index = &self.indices[placed.read][placed.grouping];
        let limit = self.plan.reads[placed.read].leaves[placed.leaf].persons.map_or(0, |it| it.1);
        let mut by = Vec::new();
        let is_over = leaf.window.over.is_some_and(|it| !asked.planned.ask.cut.contains(&it));
        let groups: Cow<'s, [&Group]> = match window {
            Some((_, span)) if is_over => {
                let mut all = Vec::new();
                for own in index.keys().filter(|it| it[..key.len()] == *key) {
                    let groups = index.groups(index.place(own), span);
                    let cell = window::cell(groups, position, limit);
                    if !groups.is_empty() {
                        by.push((&own[key.len()], cell.as_ref().and_then(|it| estimate(it, leaf.estimator))));
                    }
                    all.extend(groups.iter().copied());
                }
                Cow::Owned(all)
            }
            None => Cow::Borrowed(&[]),
            Some((_, span)) if leaf.window.rest => Cow::Owned(index.others(place, span)),
            Some((_, span)) => Cow::Borrowed(index.groups(place, span)),
        };
        let cell = window::cell(&groups, position, limit);
        let value = cell.as_ref().and_then(|it| estimate(it, leaf.estimator));
        let (range, span) = (window.map(|it| it.0), window.map(|it| it.1).unwrap_or_default());
        LeafFigure { cell, range, span, held: None, groups, value, by }
    }

    fn figure(
        &self,
        asked: &Asked<'_>,
        period: Period,
        place: usize,
        all: &[LeafFigure<'_>],
        Flags { is_unfinished, begins_late, across }: Flags,
    ) -> Figure {
        let planned = asked.planned;
        let (key, _) = &asked.keys[place];
        let leaves = &all[..planned.own];
        let mut notes = Vec::new();
        let linear = self.steps(asked, &asked.order, key, leaves, Point::Base, &mut notes);
        let used = self.used(asked, linear.as_ref(), planned.own);
        let instead = self.instead(asked, (key, leaves), linear.as_ref(), &mut notes);
        let base = |it: &LeafFigure<'_>| it.cell.as_ref().map_or(0, |it| it.n());
        let mut figure = Figure {
            period,
            key: key.clone(),
            value: linear.as_ref().map(|it| it.value),
            n: used.iter().map(|it| base(&leaves[*it])).min().unwrap_or(0),
            weight: self.weight(asked, leaves),
            protected_base: self.protected_base(planned, leaves, used.iter().copied()),
            n_effective: None,
            se: None,
            low: None,
            high: None,
            left_out: left_out(used.iter().map(|it| &leaves[*it])),
            bases: if leaves.len() > 1 { leaves.iter().map(base).collect() } else { Vec::new() },
            judged: super::Judged::default(),
            assumed: None,
            model: None,
            compared: None,
            instead,
            notes,
        };
        if self.checked.only_at(planned.ask.kpi).is_some_and(|it| it.periods_of(planned.grain) != Some(1)) {
            // What its parts are over differs: it would be another figure.
            figure.value = None;
            figure.notes.push(Note::OtherPeriod);
        } else if across == Across::Between {
            figure.value = None;
            figure.notes.push(Note::AcrossChange);
        } else if let Some(linear) = &linear {
            self.uncertainty(asked, leaves, linear, Point::Base, &mut figure);
        }
        if figure.value.is_some() && !asked.assumptions.is_empty() {
            self.range(asked, key, leaves, &mut figure);
        }
        if is_unfinished {
            figure.notes.push(Note::Unfinished);
        }
        if begins_late {
            figure.notes.push(Note::BeginsLate);
        }
        if across == Across::Mixed {
            figure.notes.push(Note::TwoDefinitions);
        }
        if figure.left_out.unobserved > 0 {
            figure.notes.push(Note::Unobserved);
        }
        self.models(asked, period, leaves, &mut figure);
        figure.judged = judge(self.checked, planned, &figure, asked.is_judged);
        if let Some(against) = &planned.against {
            figure.compared =
                Some(Box::new(self.compare(asked, against, place, all, linear.as_ref().filter(|_| across != Across::Between), &figure)));
        }
        figure.notes.sort();
        figure.notes.dedup();
        figure
    }

    /// Notes what is said by models, and why they say nothing; the figure of one forecast has its model.
    fn models(&self, asked: &Asked<'_>, period: Period, leaves: &[LeafFigure<'_>], figure: &mut Figure) {
        for (placed, leaf) in asked.planned.leaves.iter().zip(leaves) {
            if !matches!(self.plan.arena.leaf(placed.at).estimator, Estimator::Forecast { .. }) {
                continue;
            }
            let why = leaf.cell.as_ref().and_then(|it| it.left.unfit);
            figure.notes.push(match why {
                Some(Unfit::TooFew) => Note::TooFewToFit,
                Some(Unfit::Purchases) => Note::PurchasesUnfit,
                Some(Unfit::Amounts) => Note::AmountsUnfit,
                None => Note::Forecast,
            });
            if why.is_some() {
                figure.notes.retain(|it| *it != Note::EmptyBase);
            }
            let amount = &self.plan.reads[placed.read].leaves[placed.leaf].measure;
            let fitted = self.table.reads[placed.read].groupings[placed.grouping].fitted.iter().find(|it| it.period == period);
            let Some(fitted) = fitted.filter(|_| why.is_none()) else { continue };
            let spending = amount.expr().and_then(|it| fitted.spending.iter().find(|of| of.amount == *it));
            if spending.is_some_and(|it| it.correlation.abs() > TOGETHER) {
                figure.notes.push(Note::GoTogether);
            }
            if leaves.len() == 1 {
                let (customers, again, buying) = (fitted.customers, fitted.again, fitted.buying);
                let spending = spending.map(|it| (it.model, it.correlation));
                figure.model = Some(Box::new(ForecastModel { customers, again, buying, spending }));
            }
        }
    }

    /// What the figure is taken over, where it is one rate: the weight of a mean, the denominator of two totals.
    fn weight(&self, asked: &Asked<'_>, leaves: &[LeafFigure<'_>]) -> Option<f64> {
        let place = |id: &StepId| match self.plan.arena.step(*id) {
            Step::Leaf(at) => asked.planned.leaves[..asked.planned.own].iter().position(|it| it.at == *at),
            _ => None,
        };
        let estimator = |at: usize| self.plan.arena.leaf(asked.planned.leaves[at].at).estimator;
        let moments = |at: usize| match leaves[at].cell.as_deref() {
            Some(Cell { state: State::Moments(it), .. }) => Some(it),
            _ => None,
        };
        let mut root = asked.order.last()?;
        while let Step::Scaled { of, .. } | Step::Hold { of, .. } = self.plan.arena.step(*root) {
            root = of;
        }
        match self.plan.arena.step(*root) {
            Step::Leaf(_) => {
                let at = place(root)?;
                let rate = matches!(estimator(at), Estimator::Mean { .. } | Estimator::Share | Estimator::Net);
                rate.then(|| moments(at).map(|it| it.total_weight()))?
            }
            Step::Binary { operator: Arithmetic::Divide, left, right } => {
                let (above, under) = (place(left)?, place(right)?);
                let totals = [above, under].iter().all(|it| estimator(*it) == Estimator::Total);
                totals.then(|| moments(under).map(|it| it.total()))?
            }
            _ => None,
        }
    }

    /// A period is unfinished while it runs, and while its data have not come in.
    fn is_unfinished(&self, planned: &Planned, period: Period) -> bool {
        let calendar = &self.checked.model.project.calendar;
        if period.grain() == Grain::All {
            return false;
        }
        // A wave is one delivery: it is whole when its file is there, whatever is left of its year.
        let is_wave = |it: &Placed| {
            let leaf = self.plan.arena.leaf(it.at);
            let source = &self.checked.model.sources[leaf.source.index()];
            leaf.time == source.time && source.constant_grain().is_some()
        };
        let by_waves = !planned.leaves.is_empty() && planned.leaves.iter().all(is_wave) && period.start(calendar) <= self.today;
        (!by_waves && period.is_unfinished(self.today, calendar))
            || planned.leaves.iter().any(|it| {
                let last = self.table.reads[it.read].last;
                let source = &self.checked.model.sources[self.plan.arena.leaf(it.at).source.index()];
                // A snapshot is complete in itself. Of a survey in waves nobody answers between them: when the wave's period
                // is over, its rows are all there are.
                let whole =
                    self.is_snapshot(it) || source.cadence.is_some_and(|it| it == period.grain() || it.is_coarser_than(period.grain()));
                !whole
                    && last.is_some_and(|it| it >= period.start(calendar))
                    && last.is_some_and(|last| {
                        // Data that stop well before the end: more than a tenth of the period is missing.
                        let (start, end) = (period.start(calendar), period.end(calendar));
                        let missing = f64::from(end.days() - 1 - last.days());
                        missing > 0.1 * f64::from(end.days() - start.days())
                    })
            })
    }

    /// Whether the data begin after more than a tenth of a period, or of what says who was there when a window began.
    fn begins_late(&self, planned: &Planned, period: Period, windows: &[Option<(Range, Span)>]) -> bool {
        let calendar = &self.checked.model.project.calendar;
        planned.leaves[..planned.own].iter().zip(windows).any(|(placed, window)| {
            let grouping = &self.plan.reads[placed.read].groupings[placed.grouping];
            let Some((range, _)) = window else { return false };
            if range.all {
                return false;
            }
            let said = self.checked.model.sources[self.plan.arena.leaf(placed.at).source.index()].covers.0;
            let asked = match &grouping.walk {
                Some(walk) => walk.looks_back(Period::containing(range.from, planned.grain, calendar), calendar),
                // A window that is longer than its period looks back.
                None if range.from < period.start(calendar) && period.start(calendar) < range.until => Some((range.from, range.until)),
                // That nothing happened before the first row is no gap, unless it is said to be one.
                None => said.map(|_| (range.from, range.until)),
            };
            let Some((from, until)) = asked else { return false };
            self.table.reads[placed.read].first.is_some_and(|first| {
                let missing = f64::from(first.days() - from.days());
                missing > 0.1 * f64::from(until.days() - from.days())
            })
        })
    }

    /// What the minimum base is held against, of some leaves.
    pub(super) fn protected_base(
        &self,
        planned: &Planned,
        leaves: &[LeafFigure<'_>],
        places: impl IntoIterator<Item = usize>,
    ) -> Option<u64> {
        let protected = places.into_iter().filter(|it| self.is_protected(&planned.leaves[*it]));
        protected.filter_map(|it| Some(self.protected(&planned.leaves[it], leaves[it].cell.as_ref()?))).min()
    }

    /// Whether the rows of a leaf are people's.
    fn is_protected(&self, placed: &Placed) -> bool {
        !self.checked.model.sources[self.plan.arena.leaf(placed.at).source.index()].no_persons
    }

    /// What the minimum base is held against: persons where they are told apart, else rows.
    fn protected(&self, placed: &Placed, cell: &Cell) -> u64 {
        let persons = self.plan.reads[placed.read].leaves[placed.leaf].persons;
        if persons.is_some() { cell.persons.count().min(cell.n()) } else { cell.n() }
    }

    /// Whether it is taken of customers over time.
    fn is_walked(&self, placed: &Placed) -> bool {
        self.plan.reads[placed.read].groupings[placed.grouping].walk.is_some()
    }

    fn is_snapshot(&self, placed: &Placed) -> bool {
        self.checked.model.sources[self.plan.arena.leaf(placed.at).source.index()].rows == crate::model::Rows::Snapshot
    }

    /// The values of a key by period, from the first that has data on; periods that are not whole have none, nor have those
    /// that too few answered.
    pub(super) fn points(&self, asked: &Asked<'_>, place: usize) -> Arc<Points> {
        if let Some(known) = asked.series.borrow().get(&place) {
            return known.clone();
        }
        let planned = asked.planned;
        let least = self.checked.model.minimum_base(planned.ask.kpi);
        let (key, places) = &asked.keys[place];
        let mut points: Points = Vec::new();
        let mut leaves = Vec::new();
        if let (Some(first), Some(last)) = (asked.known.first(), asked.known.last())
            && first.grain() != Grain::All
        {
            for period in first.up_to(*last) {
                let windows = self.windows(planned, period, &asked.known);
                self.leaves(asked, period, &windows, (key, places), &mut leaves);
                let value = self.steps(asked, &asked.order, key, &leaves[..planned.own], Point::Base, &mut Vec::new());
                let is_small = self.protected_base(planned, &leaves, 0..planned.own).is_some_and(|it| it > 0 && it < least);
                let is_whole = !self.is_unfinished(planned, period) && !self.begins_late(planned, period, &windows);
                points.push((period, value.map(|it| it.value).filter(|_| is_whole && !is_small)));
            }
        }
        let points = Arc::new(points);
        asked.series.borrow_mut().insert(place, points.clone());
        points
    }
}

fn number_of(seen: &Seen) -> Option<f64> {
    match seen {
        Seen::Number(it) => Some(it.to_f64()),
        _ => None,
    }
}

/// What a leaf's state says.
pub(super) fn estimate(cell: &Cell, estimator: Estimator) -> Option<f64> {
    match (&cell.state, estimator) {
        (State::Moments(it), Estimator::Total) => Some(it.total()),
        (State::Moments(it), _) if it.n == 0 || it.total_weight() <= 0.0 => None,
        (State::Moments(it), Estimator::Forecast { total: true, .. }) => Some(it.total()),
        (State::Moments(it), Estimator::Forecast { factor, .. }) => Some(it.total() / it.n as f64 * factor),
        (State::Moments(it), Estimator::Mean { factor, offset }) => Some(it.total() / it.total_weight() * factor + offset),
        (State::Moments(it), Estimator::Share | Estimator::Net) => Some(it.total() / it.total_weight() * 100.0),
        (State::Moments(it), Estimator::Stddev) => {
            let n = it.n as f64;
            let mean = it.s.to_f64() / n;
            let squares = it.about_mean().unwrap_or_else(|| (it.s2.to_f64() - n * mean * mean).max(0.0));
            (n > 1.0).then(|| (squares / (n - 1.0)).sqrt())
        }
        (State::Extreme { value, .. }, Estimator::Extreme) => value.map(|it| it.to_f64()),
        (State::Frequencies { table, n }, Estimator::Stddev) => {
            let pairs: Vec<(f64, f64)> = table.iter().filter_map(|(it, (_, w))| number_of(it).map(|it| (it, w.to_f64()))).collect();
            stats::weighted_deviation(&pairs, *n)
        }
        (State::Frequencies { table, .. }, Estimator::Distinct) => Some(table.len() as f64),
        (State::Frequencies { table, n }, Estimator::Percentile(percentile)) => {
            if *n == 0 {
                return None;
            }
            let weighted = table.values().any(|it| it.1.to_f64() != it.0 as f64);
            if weighted {
                let pairs: Vec<(f64, f64)> = table.iter().filter_map(|(it, (_, w))| number_of(it).map(|it| (it, w.to_f64()))).collect();
                return stats::weighted_percentile(&pairs, percentile / 100.0);
            }
            let pairs: Vec<(f64, u64)> = table.iter().filter_map(|(it, (n, _))| number_of(it).map(|it| (it, *n))).collect();
            stats::percentile(&pairs, percentile / 100.0)
        }
        _ => None,
    }
}

/// What was left out of the part with the smallest base.
fn left_out<'l, 't: 'l>(leaves: impl Iterator<Item = &'l LeafFigure<'t>>) -> LeftOut {
    let smallest = leaves.min_by_key(|it| it.cell.as_ref().map_or(0, |it| it.n()));
    let Some(leaf) = smallest else { return LeftOut::default() };
    let left = leaf.cell.as_ref().map(|it| it.left).unwrap_or_default();
    LeftOut {
        blank: left.blank,
        not_applicable: left.not_applicable,
        out_of_scale: left.out_of_scale,
        filtered: leaf.groups.iter().map(|it| it.filtered).sum(),
        duplicate: leaf.groups.iter().map(|it| it.duplicate).sum(),
        no_weight: left.no_weight,
        no_cluster: left.no_cluster,
        unobserved: left.unobserved,
    }
}
