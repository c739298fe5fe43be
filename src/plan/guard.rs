//! Which tables are read beside those that were asked for, to know what must be hidden of these (R22)?

use super::{Against, Ask, Base, Estimator, LeafAt, Leafed, Measure, Planner, base};
use crate::calendar::Grain;
use crate::model::{ColumnRef, DimensionId, KpiId, Model, RowExpr};
use std::collections::{BTreeMap, BTreeSet};

impl Planner<'_> {
    /// Adds the tables of what driver models explain: they tell how many have the outcome.
    pub(super) fn guard_outcomes(&mut self) {
        for ask in &self.request.drivers {
            let Some(of) = ask.outcome(&self.checked.model) else { continue };
            if self.plan.place(&of).is_none() && self.plan.arena.figure(self.checked, of.kpi, of.part.as_ref()).is_some() {
                self.ask(&of, None);
            }
        }
    }

    /// Adds the tables over a question of what was asked, whatever their conditions: which of these lie within which, is
    /// known only where they are put together.
    pub(super) fn guard(&mut self) {
        let question = |leaf: &Leafed| base(self.checked, leaf).0.with(BTreeSet::new());
        let mut questions: Vec<Base> = Vec::new();
        for planned in &self.plan.asks {
            for it in &planned.leaves {
                let of = question(self.plan.arena.leaf(it.at));
                if !self.checked.model.sources[of.source.index()].no_persons && !questions.contains(&of) {
                    questions.push(of);
                }
            }
        }
        if questions.is_empty() {
            return;
        }
        // The rest of a population is the whole less a segment.
        let rest = self.plan.asks.iter().filter(|it| it.against == Some(Against::Rest)).map(|it| &it.ask);
        let wholes: Vec<Ask> = rest.map(|it| Ask { cut: Vec::new(), ..it.clone() }).collect();
        let mut done: Vec<Ask> = self.request.asks.clone();
        for ask in wholes.iter().chain(&self.request.guards) {
            if done.contains(ask) {
                continue;
            }
            done.push(ask.clone());
            let Some(root) = self.plan.arena.figure(self.checked, ask.kpi, ask.part.as_ref()) else { continue };
            let leaves = self.plan.arena.leaves_of(root);
            if leaves.iter().any(|it| questions.contains(&question(self.plan.arena.leaf(*it)))) {
                self.ask(ask, None);
            }
        }
    }

    /// Adds the scores that other tables tell of the same answers: what is moved between cells to leave open how many are in
    /// them are answers of which each score is known.
    pub(super) fn guard_scores(&mut self) {
        let mut all: Vec<Score> = Vec::new();
        // Of each question its scores, each by its place among all.
        let mut scores: BTreeMap<Base, Vec<(usize, Score)>> = BTreeMap::new();
        let mut tables: Vec<Scored> = Vec::new();
        let mut seen: BTreeSet<(LeafAt, Vec<DimensionId>, Grain)> = BTreeSet::new();
        // Leaves that differ by what they take of answers alone are of one kind; there are many leaves, and few scores.
        let mut kinds: Vec<Leafed> = Vec::new();
        let mut of_leaf: BTreeMap<LeafAt, (Base, usize, Option<usize>)> = BTreeMap::new();
        for planned in &self.plan.asks {
            for it in &planned.leaves {
                let leaf = self.plan.arena.leaf(it.at);
                if leaf.window.rest || self.checked.model.sources[leaf.source.index()].no_persons {
                    continue;
                }
                let (question, kind, own) = of_leaf.entry(it.at).or_insert_with(|| {
                    let question = base(self.checked, leaf).0.with(BTreeSet::new());
                    let bare = Leafed { measure: Measure::Rows, estimator: Estimator::Total, ..leaf.clone() };
                    let kind = place(&mut kinds, bare, PartialEq::eq);
                    let own = Score::of(&self.checked.model, leaf).and_then(|score| {
                        let tells = score.measure == leaf.measure;
                        let at = place(&mut all, score.clone(), Score::is_same);
                        place(scores.entry(question.clone()).or_default(), (at, score), |a, b| a.0 == b.0);
                        tells.then_some(at)
                    });
                    (question, kind, own)
                });
                let ask = Ask { part: None, ..planned.ask.clone() };
                if seen.insert((it.at, ask.cut.clone(), ask.grain)) {
                    tables.push(Scored { ask, at: it.at, question: question.clone(), kind: *kind, own: *own, told: planned.told });
                }
            }
        }
        let there: BTreeSet<_> = tables.iter().filter_map(|it| Some((it.ask.cut.as_slice(), it.ask.grain, it.kind, it.own?))).collect();
        let (mut read, mut estimators) = (BTreeSet::new(), Vec::new());
        let mut more: Vec<(&Ask, Leafed, bool)> = Vec::new();
        for Scored { ask, at, question, kind, told, .. } in &tables {
            for (of, score) in scores.get(question).into_iter().flatten() {
                let table = (ask.cut.as_slice(), ask.grain, *kind, *of);
                let estimator = place(&mut estimators, score.estimator, PartialEq::eq);
                if !there.contains(&table) && read.insert((table, estimator)) {
                    let leaf = self.plan.arena.leaf(*at).clone();
                    more.push((ask, Leafed { measure: score.measure.clone(), estimator: score.estimator, ..leaf }, *told));
                }
            }
        }
        let more: Vec<(Ask, Leafed, bool)> = more.into_iter().map(|it| (it.0.clone(), it.1, it.2)).collect();
        for (ask, leaf, told) in more {
            let root = self.plan.arena.guard(leaf);
            self.put(&ask, (root, told), None, None);
        }
    }

    /// Adds tables that nobody is told, by what several tables of one question are cut by: where tables lie across one
    /// another, or tell a part only, who is in a cell of one and a cell of another is not free.
    pub(super) fn guard_wholes(&mut self) {
        let mut wholes: BTreeMap<Base, Vec<Whole>> = BTreeMap::new();
        let mut parts: Vec<(Base, Whole)> = Vec::new();
        for planned in &self.plan.asks {
            for it in &planned.leaves {
                let leaf = self.plan.arena.leaf(it.at);
                let walks = matches!(leaf.measure, Measure::Customer { .. });
                if leaf.window.rest || walks || self.checked.model.sources[leaf.source.index()].no_persons {
                    continue;
                }
                let (own, fixed) = base(self.checked, leaf);
                let question = own.with(BTreeSet::new());
                let picked = own.conditions.iter().filter_map(|it| it.picks.as_ref()).map(|it| it.dimension);
                let cut: BTreeSet<DimensionId> = planned.ask.cut.iter().copied().chain(fixed.iter().map(|it| it.0)).chain(picked).collect();
                let whole = Leafed { filter: None, ..leaf.clone() };
                let is_whole = leaf.filter.is_none();
                let of = Whole { kpi: planned.ask.kpi, cut, grain: planned.ask.grain, leaf: whole };
                if is_whole {
                    wholes.entry(question).or_default().push(of);
                } else if !own.conditions.is_empty() && base(self.checked, &of.leaf).0 == question {
                    // What values leave of a whole is told; what conditions leave of its cells is not.
                    parts.push((question, of));
                }
            }
        }
        let mut more: Vec<Whole> = Vec::new();
        let mut add = |wholes: &mut Vec<Whole>, of: Whole| {
            if of.cut.len() <= MOST_CROSSED && !wholes.iter().any(|it| it.cut == of.cut && it.grain == of.grain) {
                wholes.push(of.clone());
                more.push(of);
            }
        };
        for (question, part) in parts {
            if let Some(wholes) = wholes.get_mut(&question) {
                add(wholes, part);
            }
        }
        for wholes in wholes.values_mut() {
            if let Some((cut, grain)) = crossing(wholes) {
                let of = Whole { cut, grain, ..wholes[0].clone() };
                add(wholes, of);
            }
        }
        for Whole { kpi, cut, grain, leaf } in more {
            let root = self.plan.arena.guard(leaf);
            self.put(&Ask { kpi, part: None, cut: cut.into_iter().collect(), grain }, (root, false), None, None);
        }
    }
}

/// By so many dimensions together tables are read that nobody is told.
const MOST_CROSSED: usize = 3;

/// A table of all answers to a question.
#[derive(Clone)]
struct Whole {
    kpi: KpiId,
    cut: BTreeSet<DimensionId>,
    grain: Grain,
    leaf: Leafed,
}

/// The cut and the grain by which tables lie across one another, where they do.
///
/// SOURCE: tables do not where what they are cut by can be taken away, one that no other has or a table within another,
/// until nothing is left: M. Graham, *On the universal relation*, University of Toronto 1979; what that means for what
/// tables leave open, A. Dobra and S. Fienberg, PNAS 97 (2000), 11885-11892.
fn crossing(of: &[Whole]) -> Option<(BTreeSet<DimensionId>, Grain)> {
    let grains: BTreeSet<Grain> = of.iter().map(|it| it.grain).collect();
    let axes = |it: &Whole| -> BTreeSet<Axis> {
        let coarser = grains.iter().filter(|grain| **grain >= it.grain).map(|it| Axis::Grain(*it));
        it.cut.iter().map(|it| Axis::Dimension(*it)).chain(coarser).collect()
    };
    let mut left: Vec<BTreeSet<Axis>> = of.iter().map(axes).collect();
    loop {
        let before: usize = left.iter().map(|it| 1 + it.len()).sum();
        left.sort();
        left.dedup();
        left = left.iter().filter(|it| !left.iter().any(|other| it.len() < other.len() && it.is_subset(other))).cloned().collect();
        let all: Vec<Axis> = left.iter().flatten().copied().collect();
        left.iter_mut().for_each(|it| it.retain(|it| all.iter().filter(|other| *other == it).count() > 1));
        if left.iter().map(|it| 1 + it.len()).sum::<usize>() == before {
            break;
        }
    }
    if left.len() < 2 {
        return None;
    }
    let axes: BTreeSet<Axis> = left.into_iter().flatten().collect();
    let cut = axes.iter().filter_map(|it| if let Axis::Dimension(it) = it { Some(*it) } else { None }).collect();
    let grain = axes.iter().filter_map(|it| if let Axis::Grain(it) = it { Some(*it) } else { None }).min();
    Some((cut, grain.or(grains.last().copied())?))
}

/// What tables are cut by: dimensions and, coarse before fine, stretches of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Axis {
    Dimension(DimensionId),
    Grain(Grain),
}

/// A table of an ask, with what a leaf of it takes of answers.
struct Scored {
    ask: Ask,
    at: LeafAt,
    question: Base,
    kind: usize,
    /// The score that it tells.
    own: Option<usize>,
    told: bool,
}

/// The place of an item in a list, put behind the others where none is the same.
fn place<T>(list: &mut Vec<T>, item: T, same: impl Fn(&T, &T) -> bool) -> usize {
    list.iter().position(|it| same(it, &item)).unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    })
}

/// What tells the same of answers as a leaf does.
#[derive(Clone)]
struct Score {
    measure: Measure,
    estimator: Estimator,
}

impl Score {
    /// What a leaf takes of answers, where it adds that up; how many gave each, where it looks at their order.
    fn of(model: &Model, leaf: &Leafed) -> Option<Score> {
        if let Some(column) = ordered(model, leaf) {
            let measure = Measure::Frequency(RowExpr::Column(column));
            return Some(Score { measure, estimator: Estimator::Percentile(50.0) });
        }
        let adds_up = leaf.estimator.has_variance() || leaf.estimator == Estimator::Stddev;
        let is_score = matches!(leaf.measure, Measure::Score(_)) && adds_up;
        is_score.then(|| Score { measure: leaf.measure.clone(), estimator: leaf.estimator })
    }

    /// Whether another tells the same; a deviation tells squares that a mean may not.
    fn is_same(&self, other: &Score) -> bool {
        let is_deviation = |it: &Score| it.estimator == Estimator::Stddev;
        self.measure == other.measure && is_deviation(self) == is_deviation(other)
    }
}

/// A percentile that nobody can write: of it only how often each answer was seen is looked at.
pub const COUNTED: f64 = 0.5;

/// So many points of a scale are codes that are told apart one by one.
pub const MOST_CODED: usize = 24;

/// The question of which a leaf tells something by the order of its answers, or by which of them there are, where these are
/// points of a scale: a median, a percentile, the largest, how many different ones.
pub fn ordered(model: &Model, leaf: &Leafed) -> Option<ColumnRef> {
    let (Measure::Frequency(RowExpr::Column(at)) | Measure::Extreme { of: RowExpr::Column(at), .. }) = &leaf.measure else { return None };
    let column = model.declared(*at);
    let is_coded = column.scale.is_some_and(|it| it.low.fract() == 0.0 && it.high - it.low < MOST_CODED as f64) && column.several.is_none();
    (is_coded && leaf.estimator != Estimator::Percentile(COUNTED)).then_some(*at)
}
