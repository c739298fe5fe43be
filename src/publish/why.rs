//! What may be shown of why a figure moved? Segments that too few people are in are told together, or not at all.
//!
//! What is told of segments is a function of groups that each hold the minimum base in every period in which anybody is
//! in them, and of which the segments that are told alone are shown in tables too; of two dimensions that lie within each
//! other, each part is grouped by itself. One cut is told by its segments, the others by a single figure: two ways of
//! cutting the same rows could be subtracted from each other.

use super::comparison::{Allowed, most_by_chance};
use super::hidden::{Hidden, least_base};
use super::{ResultRow, row};
use crate::calendar::Date;
use crate::check::Checked;
use crate::engine::KeyValue;
use crate::eval::Figure;
use crate::insight::{self, Estimate, Group, Own, Part, Stratum, Why, change_error};
use crate::model::{DimensionId, KpiId, RowExpr, breaks};
use crate::plan::{Ask, Plan, Shift, Step};
use crate::state::Cell;
use crate::stats;
use crate::stats::mix::Method;
use std::sync::Arc;

/// Why a figure moved, as it may be told.
#[derive(Clone, Debug)]
pub struct WhyResult {
    pub kpi: KpiId,
    pub part: Option<RowExpr>,
    pub before: ResultRow,
    pub after: ResultRow,
    /// The change; none where a figure is hidden or has no value.
    pub change: Option<Amount>,
    /// The chance of such a change where there is none, by the test of both figures.
    pub p: Option<f64>,
    pub parts: Vec<PartResult>,
    /// The cut that is told by segments first, the others by how much goes by them.
    pub cuts: Vec<CutResult>,
    pub notes: Vec<WhyNote>,
}

impl WhyResult {
    /// Whether the change may be nothing but noise: by its test, as a comparison says it; without one by its interval.
    pub fn may_be_noise(&self, checked: &Checked) -> Option<bool> {
        match self.p {
            Some(p) => Some(p > most_by_chance(checked)),
            None => self.change.and_then(Amount::may_be_noise),
        }
    }
}

/// An amount with the ends of its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount {
    pub value: f64,
    pub ends: Option<(f64, f64)>,
}

impl Amount {
    /// Whether it may be nothing but noise; none where nothing tells.
    pub fn may_be_noise(self) -> Option<bool> {
        self.ends.map(|(low, high)| low <= 0.0 && high >= 0.0)
    }
}

/// A part of the formula.
#[derive(Clone, Debug)]
pub struct PartResult {
    pub level: usize,
    /// As it is named in formulas.
    pub name: String,
    /// The KPI that it is, where it is one.
    pub kpi: Option<KpiId>,
    /// The same with the part of it that is meant, where it is of the same period.
    pub own: Option<(KpiId, Option<RowExpr>)>,
    pub before: f64,
    pub after: f64,
    pub n: [u64; 2],
    pub contribution: Amount,
}

/// A cut.
#[derive(Clone, Debug)]
pub struct CutResult {
    pub cut: Vec<DimensionId>,
    /// None for totals, whose segments add up.
    pub mix: Option<Amount>,
    pub rate: Amount,
    pub interaction: Option<f64>,
    pub explains: f64,
    /// The chance of segments moving so differently where all moved alike.
    pub p: Option<f64>,
    /// Empty where the cut is told by one figure.
    pub segments: Vec<SegmentResult>,
}

/// A segment, or the small ones together.
#[derive(Clone, Debug)]
pub struct SegmentResult {
    /// Its values, one for each dimension of the cut; none for several segments together.
    pub key: Option<Arc<[KeyValue]>>,
    /// How many segments it is.
    pub segments: usize,
    pub before: insight::Share,
    pub after: insight::Share,
    pub mix: Option<Amount>,
    pub rate: Amount,
    pub interaction: Option<f64>,
    pub whole: Amount,
    /// Fewer answers than the indicative base in a period.
    pub few: bool,
    /// What it is made of in turn: the dimension within.
    pub inner: Option<Box<CutResult>>,
}

impl SegmentResult {
    /// Whether it has rows only in the second period, or only in the first.
    pub fn entered(&self) -> bool {
        self.before.n == 0 && self.after.n > 0
    }

    /// Whether it has rows only in the first period.
    pub fn left(&self) -> bool {
        self.before.n > 0 && self.after.n == 0
    }
}

/// What to know about an answer.
#[derive(Clone, Debug)]
pub enum WhyNote {
    /// Between the periods the definition changed, its own or that of a KPI that it is made of.
    NotComparable { of: Option<KpiId>, on: Date, reason: String },
    /// A figure is hidden.
    Hidden,
    /// A figure has no value.
    NoValue,
    /// Segments do not add up to the figure: a median, a number of different values.
    NotAdditive,
    /// These parts of an index have a value in one of the periods alone.
    PartsDiffer(Vec<String>),
    /// Segments of this cut hold figures of other periods than the whole does.
    HeldApart(Vec<DimensionId>),
    /// Answers count in several segments of this cut.
    Overlaps(Vec<DimensionId>),
    /// Too few people are in the segments of this cut to tell them apart.
    TooSmall(Vec<DimensionId>),
    /// A segment has a total and nothing to divide it by.
    NoRate(Vec<DimensionId>),
    /// The figure looks at other periods, so that both rest on the same rows.
    Windowed,
    /// Rows are drawn in clusters: segments have no errors.
    Clustered,
    /// The data are complete: nothing is left to chance.
    Complete,
    /// The second period is not over.
    Unfinished,
}

impl WhyNote {
    /// Whether it is why something is not told, and no remark on what is.
    pub fn is_reason(&self) -> bool {
        !matches!(self, WhyNote::Windowed | WhyNote::Clustered | WhyNote::Complete | WhyNote::Unfinished)
    }
}

/// Publishes an answer.
pub fn why(checked: &Checked, plan: &Plan, found: Why, cells: &Hidden) -> WhyResult {
    let least = least_base(checked, found.question.kpi);
    let asked = &found.question;
    let total = Ask { kpi: asked.kpi, part: asked.part.clone(), cut: Vec::new(), grain: asked.grain };
    let allowed = |it: &Figure| {
        let mut all = plan.places(&total).map(|at| cells.allows(at, it));
        let first = all.next().unwrap_or(Allowed::Nothing);
        if all.any(|it| it == Allowed::Nothing) { Allowed::Nothing } else { first }
    };
    let (before, after) = (allowed(&found.before), allowed(&found.after));
    let hidden = before == Allowed::Nothing || after == Allowed::Nothing;
    let values = found.before.value.zip(found.after.value).filter(|_| !hidden);
    let mut notes = notes(checked, plan, &found, hidden, values.is_some());
    let change = values.map(|(a, b)| Amount { value: b - a, ends: found.tested.ends });
    let p = found.tested.p.filter(|_| change.is_some());
    let publisher = Publisher { checked, plan, hidden: cells, found: &found, least, method: found.question.method };
    let (parts, cuts) = match values {
        Some(_) => (publisher.parts(), publisher.cuts(&mut notes)),
        None => (Vec::new(), Vec::new()),
    };
    let (kpi, part) = (found.question.kpi, found.question.part.clone());
    WhyResult { kpi, part, before: row(found.before, before), after: row(found.after, after), change, p, parts, cuts, notes }
}

fn notes(checked: &Checked, plan: &Plan, found: &Why, hidden: bool, valued: bool) -> Vec<WhyNote> {
    let own = found.question.kpi;
    let calendar = &checked.model.project.calendar;
    let mut notes = Vec::new();
    let within = |on: Date| on > found.before.period.start(calendar) && on < found.after.period.end(calendar);
    for (of, on, reason) in breaks(&checked.model, own).into_iter().filter(|it| within(it.1)) {
        notes.push(WhyNote::NotComparable { of: Some(of).filter(|it| *it != own), on, reason: reason.to_owned() });
    }
    if hidden {
        notes.push(WhyNote::Hidden);
    } else if !valued {
        notes.push(WhyNote::NoValue);
    }
    if found.after.notes.contains(&crate::eval::Note::Unfinished) {
        notes.push(WhyNote::Unfinished);
    }
    let leaves = || found.leaves.iter().map(|it| plan.arena.leaf(*it));
    if valued && !hidden {
        if checked.is_windowed(found.question.kpi) {
            notes.push(WhyNote::Windowed);
        }
        if leaves().all(|it| it.complete) {
            notes.push(WhyNote::Complete);
        } else if leaves().any(|it| it.cluster.is_some()) {
            notes.push(WhyNote::Clustered);
        }
        let differ = come_and_go(&found.before, &found.after);
        if !differ.is_empty() {
            notes.push(WhyNote::PartsDiffer(differ));
        } else if found.atoms.is_none() {
            notes.push(WhyNote::NotAdditive);
        }
    }
    notes
}

/// The parts that an index is without in one of two periods.
fn come_and_go(before: &Figure, after: &Figure) -> Vec<String> {
    let without = |it: &Figure| it.instead.as_ref().map(|it| it.without.clone()).unwrap_or_default();
    let (first, second) = (without(before), without(after));
    let differ = first.iter().filter(|it| !second.contains(it)).chain(second.iter().filter(|it| !first.contains(it)));
    differ.cloned().collect()
}

struct Publisher<'a> {
    checked: &'a Checked,
    plan: &'a Plan,
    hidden: &'a Hidden,
    found: &'a Why,
    least: u64,
    method: Method,
}

impl Publisher<'_> {
    fn amount(&self, it: Estimate, factor: f64) -> Amount {
        let critical = stats::normal_critical(self.checked.model.project.confidence);
        let value = it.value * factor;
        let half = it.se.zip(critical).map(|(se, critical)| critical * se * factor.abs());
        Amount { value, ends: half.map(|it| (value - it, value + it)) }
    }

    // -- parts -------------------------------------------------------------------------------------------------------

    fn parts(&self) -> Vec<PartResult> {
        // The figure itself is no part of itself.
        let alone = matches!(self.found.parts.as_slice(), [only] if matches!(self.plan.arena.step(only.step), Step::Leaf(_))
            && only.before == self.found.before.value.unwrap_or(f64::NAN));
        let parts = if alone { &[] } else { self.found.parts.as_slice() };
        parts.iter().map(|it| self.part(it)).collect()
    }

    fn part(&self, part: &Part) -> PartResult {
        let model = &self.checked.model;
        let arena = &self.plan.arena;
        let named = arena.named(part.step);
        let still = named.filter(|it| it.2.shifts.is_empty() && it.2.rolling.is_none() && it.2.held.is_none());
        let own = still.map(|(kpi, of, _)| (kpi, of.cloned()));
        let (name, kpi) = match (named, arena.step(part.step)) {
            (Some((kpi, of, window)), _) => {
                let mut name = model.kpi_text(kpi, of);
                for shift in &window.shifts {
                    name = match shift {
                        Shift::Previous => format!("previous({name})"),
                        Shift::Back(length) => format!("{name}, {length} before"),
                    };
                }
                let name = window.rolling.map_or(name.clone(), |it| format!("rolling({name}, {it})"));
                // A KPI inside what is held is held with it, and has its own name.
                (name, Some(kpi))
            }
            (None, Step::Leaf(at)) => (arena.text(*at).to_owned(), None),
            (None, _) => (String::new(), None),
        };
        let windowed = self.checked.is_windowed(self.found.question.kpi);
        let se = part.line.as_ref().filter(|_| !windowed).and_then(|it| self.error(it));
        let contribution = self.amount(Estimate { value: part.contribution, se }, 1.0);
        PartResult { level: part.level, name, kpi, own, before: part.before, after: part.after, n: part.n, contribution }
    }

    /// The error of a straight line of leaves: of samples of different sources, which chance moves apart. Complete data add
    /// none; where all are complete there is none.
    fn error(&self, line: &[(usize, f64)]) -> Option<f64> {
        let arena = &self.plan.arena;
        let mut known = Vec::new();
        let mut sum = 0.0;
        for (leaf, slope) in line {
            let at = self.found.leaves[*leaf];
            let of = arena.leaf(at);
            if of.complete {
                continue;
            }
            // How answers of the same rows move together is not kept here.
            if known.contains(&of.source) {
                return None;
            }
            known.push(of.source);
            let [before, after] = &self.found.cells;
            let error = change_error(arena, at, before[*leaf].as_ref(), after[*leaf].as_ref())? * slope;
            sum += error * error;
        }
        (!known.is_empty()).then(|| sum.sqrt())
    }

    // -- segments ----------------------------------------------------------------------------------------------------

    fn cuts(&self, notes: &mut Vec<WhyNote>) -> Vec<CutResult> {
        let Some(atoms) = &self.found.atoms else { return Vec::new() };
        let mut results: Vec<(CutResult, usize)> = Vec::new();
        for (at, cut) in self.found.cuts.iter().enumerate() {
            if !cut.adds_up {
                let is_held = self.found.leaves.iter().any(|it| self.plan.arena.leaf(*it).window.held.is_some());
                notes.push(if is_held { WhyNote::HeldApart(cut.cut.clone()) } else { WhyNote::Overlaps(cut.cut.clone()) });
                continue;
            }
            let strata: Vec<&Stratum> = cut.strata.iter().collect();
            let groups = self.groups(&strata, &cut.cut, &[]);
            if groups.len() < 2 {
                notes.push(WhyNote::TooSmall(cut.cut.clone()));
                continue;
            }
            match insight::moved(&self.checked.model, &self.plan.arena, atoms, &groups, self.method) {
                Some(moved) => results.push((self.cut(cut.cut.clone(), &groups, &moved, 1.0), at)),
                None => notes.push(WhyNote::NoRate(cut.cut.clone())),
            }
        }
        // The cut that most goes by comes first; of equals, that which is declared first.
        results.sort_by(|a, b| b.0.explains.total_cmp(&a.0.explains));
        let first = results.first().map(|it| it.1);
        let mut results: Vec<CutResult> = results.into_iter().map(|it| it.0).collect();
        results.iter_mut().skip(1).for_each(|it| it.segments.clear());
        if let (Some(result), Some(at)) = (results.first_mut(), first) {
            self.within(&self.found.cuts[at], result);
        }
        results
    }

    fn cut(&self, cut: Vec<DimensionId>, groups: &[Group], moved: &insight::Moved, factor: f64) -> CutResult {
        let three = self.method == Method::ThreePart;
        let segments = groups.iter().zip(&moved.groups).map(|(group, own)| self.segment(group, own, factor)).collect();
        CutResult {
            cut,
            mix: moved.mix.map(|it| self.amount(it, factor)),
            rate: self.amount(moved.rate, factor),
            interaction: three.then_some(moved.interaction * factor),
            explains: moved.explains * factor.abs(),
            p: moved.p,
            segments,
        }
    }

    fn segment(&self, group: &Group, own: &Own, factor: f64) -> SegmentResult {
        let indicative = u64::from(self.checked.model.project.indicative_base);
        let few = [&group.before, &group.after].iter().any(|cells| {
            let bases = (0..cells.len()).filter_map(|at| self.base(at, cells)).filter(|it| *it > 0);
            bases.min().is_some_and(|it| it < indicative)
        });
        SegmentResult {
            key: match group.keys.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            },
            segments: group.keys.len(),
            before: own.before,
            after: own.after,
            mix: own.mix.map(|it| self.amount(it, factor)),
            rate: self.amount(own.rate, factor),
            interaction: (self.method == Method::ThreePart).then_some(own.interaction * factor),
            whole: self.amount(own.whole, factor),
            few,
            inner: None,
        }
    }

    /// Goes into the segment that moved the figure most by its own change, where a dimension lies within.
    fn within(&self, cut: &insight::Cut, result: &mut CutResult) {
        let Some(atoms) = self.found.atoms.as_ref().filter(|it| it.is_rate() || it.is_total()) else { return };
        let told = result.segments.iter_mut().filter(|it| it.key.is_some() && it.before.n > 0 && it.after.n > 0);
        let Some(segment) = told.max_by(|a, b| a.rate.value.abs().total_cmp(&b.rate.value.abs())) else { return };
        let Some(at) = cut.strata.iter().position(|it| Some(&it.key) == segment.key.as_ref()) else { return };
        // What moves within a segment moves the whole by the segment's share of it.
        let factor = match (atoms.is_total(), segment.before.share, segment.after.share) {
            (true, ..) => 1.0,
            (false, Some(a), Some(b)) => f64::midpoint(a, b) / 100.0,
            _ => return,
        };
        let mut inner: Vec<CutResult> = Vec::new();
        for it in &cut.inner {
            let strata: Vec<&Stratum> = it.strata[at].iter().collect();
            let outer = &cut.strata[at].key;
            let groups = self.groups(&strata, &[cut.cut[0], it.dimension], outer);
            if groups.len() < 2 {
                continue;
            }
            if let Some(moved) = insight::moved(&self.checked.model, &self.plan.arena, atoms, &groups, self.method) {
                inner.push(self.cut(vec![it.dimension], &groups, &moved, factor));
            }
        }
        let most = inner.into_iter().max_by(|a, b| a.explains.total_cmp(&b.explains));
        segment.inner = most.map(Box::new);
    }

    /// The people, or else the rows, behind a leaf; none where it is not about people.
    fn base(&self, leaf: usize, cells: &[Option<Cell>]) -> Option<u64> {
        let (protects, persons) = self.found.people[leaf];
        let cell = cells[leaf].as_ref().filter(|_| protects)?;
        Some(if persons.is_some() { cell.persons.count().min(cell.n()) } else { cell.n() })
    }

    fn is_small(&self, before: &[Option<Cell>], after: &[Option<Cell>]) -> bool {
        let small = |cells: &[Option<Cell>]| (0..cells.len()).filter_map(|at| self.base(at, cells)).any(|it| it > 0 && it < self.least);
        small(before) || small(after)
    }

    /// Segments that may be told alone, and all others together; so many of the smallest are taken with those that not
    /// even together they are too few.
    fn groups(&self, strata: &[&Stratum], cut: &[DimensionId], outer: &[KeyValue]) -> Vec<Group> {
        let asked = &self.found.question;
        let ask = Ask { kpi: asked.kpi, part: asked.part.clone(), cut: cut.to_vec(), grain: asked.grain };
        let places: Vec<usize> = self.plan.places(&ask).collect();
        // Tables of the same publication leave the same segments out.
        let is_hidden = |stratum: &Stratum| {
            let key = [outer, &stratum.key].concat();
            let hides = |period| places.iter().any(|at| self.hidden.hides(*at, period, &key));
            hides(self.found.before.period) || hides(self.found.after.period)
        };
        let limits: Vec<usize> = self.found.people.iter().map(|it| it.1.unwrap_or(0)).collect();
        let of = |list: &[usize]| Group::of(&list.iter().map(|it| strata[*it]).collect::<Vec<_>>(), &limits);
        let is_small = |list: &[usize]| {
            let together = of(list);
            self.is_small(&together.before, &together.after)
        };
        let size = |at: usize| -> u64 {
            let cells = strata[at].before.iter().chain(&strata[at].after);
            cells.map(|it| it.as_ref().map_or(0, Cell::n)).sum()
        };
        let Some((told, rest)) = told_alone(strata.len(), &|at| is_hidden(strata[at]), &is_small, &size) else { return Vec::new() };
        let rest = (!rest.is_empty()).then(|| of(&rest));
        told.iter().map(|it| of(&[*it])).chain(rest).collect()
    }
}

/// Which of so many segments are told alone, and which together, by what tables hide, what is too few together, and how
/// large each is; `None` where not even all together may be told.
fn told_alone(
    segments: usize,
    is_hidden: &dyn Fn(usize) -> bool,
    is_small: &dyn Fn(&[usize]) -> bool,
    size: &dyn Fn(usize) -> u64,
) -> Option<(Vec<usize>, Vec<usize>)> {
    let (mut rest, mut told): (Vec<usize>, Vec<usize>) = (0..segments).partition(|it| is_hidden(*it) || is_small(&[*it]));
    // One that is hidden for another's sake would be told alone.
    let too_few = |rest: &[usize]| rest.len() == 1 || (!rest.is_empty() && is_small(rest));
    while too_few(&rest) {
        let next = (0..told.len()).min_by_key(|it| (size(told[*it]), *it))?;
        rest.push(told.remove(next));
    }
    rest.sort_unstable();
    Some((told, rest))
}

#[cfg(test)]
mod tests {
    use super::told_alone;

    /// Segments of these sizes, of which one is hidden, where ten are the least.
    fn told(sizes: &[u64], hidden: &[usize]) -> Option<(Vec<usize>, Vec<usize>)> {
        let sum = |list: &[usize]| list.iter().map(|it| sizes[*it]).sum::<u64>();
        told_alone(sizes.len(), &|it| hidden.contains(&it), &|it| sum(it) < 10, &|it| sizes[it])
    }

    #[test]
    fn what_is_large_is_told_alone() {
        assert_eq!(told(&[20, 12, 40], &[]), Some((vec![0, 1, 2], vec![])));
    }

    #[test]
    fn one_that_is_hidden_for_another_is_not_told_alone() {
        assert_eq!(told(&[20, 12, 40], &[2]), Some((vec![0], vec![1, 2])));
        assert_eq!(told(&[20], &[0]), None);
    }

    #[test]
    fn small_ones_take_the_next_smallest_until_they_are_enough() {
        assert_eq!(told(&[3, 4, 40, 12], &[]), Some((vec![2], vec![0, 1, 3])));
        assert_eq!(told(&[6, 7, 40, 12], &[]), Some((vec![2, 3], vec![0, 1])));
        assert_eq!(told(&[3, 4], &[]), None);
    }
}
