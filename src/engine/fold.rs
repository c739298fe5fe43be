//! Rows -> groups: where a row belongs, and what is added there. Chunks are folded apart and merged in their order.

use super::group::{Cells, Group, GroupTable};
use crate::calendar::{Calendar, Grain, Period};
use crate::plan::{Grouping, Leaf, Measure, Read, Unit};
use crate::row::{Missing, Row, Value, evaluate};
use crate::state::{Cell, Crossed, Joint, Moments, Seen, State, Unfit, dealt_by_place, dealt_by_unit, seen};
use crate::value::Num;
use std::collections::HashMap;
use std::sync::Arc;

/// A value of a dimension in a key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyValue {
    Value(Arc<str>),
    /// Nothing was answered.
    Blank,
}

/// What a leaf takes from a row.
#[derive(Clone, Debug)]
pub enum Taken {
    /// The row is not among those that are asked.
    Nothing,
    Left(Missing),
    NoWeight,
    /// Its time is not over.
    Unobserved,
    /// A model would tell it, and could not be fitted.
    Unfit(Unfit),
    Score(Num, Num),
    Seen(Seen, Num),
    /// Several texts, with a score of the row.
    Named(Arc<[Arc<str>]>, Num, Num),
}

/// Everything about a row that groups are fed with.
pub struct RowFacts {
    /// For each leaf of the read.
    pub taken: Vec<Taken>,
    /// The person, where persons are protected.
    pub person: Option<Arc<str>>,
    /// For each driver model of the read the group that the row is dealt to; none without its cluster.
    pub dealt: Vec<Option<usize>>,
    pub dropped: Option<Dropped>,
}

/// Why a row counts nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    Filtered,
    Duplicate,
}

/// The groups that a row is dealt to, one for each driver model of a read; `place` is that of the row in its file.
pub fn dealt(read: &Read, unit: impl Fn(usize) -> Option<Arc<str>>, place: usize) -> Vec<Option<usize>> {
    let by = |it: Unit| match (it, it.column().and_then(&unit)) {
        (_, Some(unit)) => Some(dealt_by_unit(&unit)),
        (Unit::Cluster(_), None) => None,
        (Unit::Row | Unit::Person(_), None) => Some(dealt_by_place(place as u64)),
    };
    read.crossed.iter().map(|it| by(it.unit)).collect()
}

/// What a leaf takes from a row.
pub fn take(leaf: &Leaf, weight_of: impl Fn(usize) -> Value, row: &dyn Row) -> Taken {
    if let Some(filter) = &leaf.filter
        && evaluate(filter, row) != Value::Bool(true)
    {
        return Taken::Nothing;
    }
    let value = match &leaf.measure {
        Measure::Rows => Value::Number(Num::int(1)),
        // One row says nothing of a customer: rows are gathered, and walked.
        Measure::Customer { .. } => return Taken::Nothing,
        Measure::Answered(of) => match evaluate(of, row) {
            Value::Missing(it) => Value::Missing(it),
            _ => Value::Number(Num::int(1)),
        },
        Measure::Score(of) | Measure::Frequency(of) | Measure::Extreme { of, .. } => evaluate(of, row),
        Measure::Named { texts, of } => match evaluate(texts, row) {
            Value::Missing(it) => Value::Missing(it),
            _ => evaluate(of, row),
        },
    };
    if let Value::Missing(missing) = value {
        return Taken::Left(missing);
    }
    let weight = match leaf.weight {
        None => Num::int(1),
        // A weight is how many a row stands for: below 0 it says nothing, and a share could pass 100 %.
        Some(column) => match weight_of(column) {
            Value::Number(it) if is_weight(it) => it,
            _ => return Taken::NoWeight,
        },
    };
    match &leaf.measure {
        Measure::Frequency(_) => seen(&value).map_or(Taken::Left(Missing::OutOfScale), |it| Taken::Seen(it, weight)),
        Measure::Named { texts, .. } => {
            let texts = match evaluate(texts, row) {
                Value::Texts(list) => list,
                Value::Text(one) => Arc::from([one]),
                // A dimension may be of codes.
                other => Arc::from([Arc::from(super::plain::text_of(&other).as_str())]),
            };
            value.number().map_or(Taken::Left(Missing::OutOfScale), |it| Taken::Named(texts, it, weight))
        }
        _ => value.number().map_or(Taken::Left(Missing::OutOfScale), |it| Taken::Score(it, weight)),
    }
}

/// Whether a number can be the weight of a row: finite, and not below 0.
fn is_weight(of: Num) -> bool {
    let of = of.to_f64();
    of.is_finite() && of >= 0.0
}

/// What tells a group: its bucket, the values of its dimensions, its cluster.
type GroupKey = (Period, Vec<KeyValue>, Option<Arc<str>>);

/// The groups of one grouping while rows are added.
pub struct Fold<'a> {
    read: &'a Read,
    grouping: &'a Grouping,
    index: HashMap<GroupKey, usize>,
    groups: Vec<Group>,
}

impl<'a> Fold<'a> {
    /// No groups yet.
    pub fn new(read: &'a Read, grouping: &'a Grouping) -> Fold<'a> {
        Fold { read, grouping, index: HashMap::new(), groups: Vec::new() }
    }

    /// The place of a group, which is made where it is new.
    pub fn place(&mut self, bucket: Period, key: Vec<KeyValue>, cluster: Option<Arc<str>>) -> usize {
        let (read, grouping) = (self.read, self.grouping);
        let next = self.groups.len();
        let at = *self.index.entry((bucket, key.clone(), cluster.clone())).or_insert(next);
        if at == next {
            let cells = grouping.leaves.iter().map(|it| empty(&read.leaves[*it])).collect();
            let joints = grouping.joints.iter().map(|it| Joint::of(read.joints[*it].leaves.len())).collect();
            let crossed = grouping.crossed.iter().map(|_| Crossed::new()).collect();
            self.groups.push(Group { bucket, key, cluster, filtered: 0, duplicate: 0, cells: Cells::held(cells), joints, crossed });
        }
        at
    }

    /// Adds a row to its group. `cluster` is `None` where the grouping has none; inner `None` where the row has none.
    pub fn add(&mut self, bucket: Period, key: Vec<KeyValue>, cluster: Option<Option<Arc<str>>>, facts: &RowFacts) {
        let no_cluster = cluster == Some(None);
        let place = self.place(bucket, key, cluster.flatten());
        self.add_at(place, no_cluster, facts);
    }

    /// Adds a row to the group at a place.
    pub fn add_at(&mut self, place: usize, no_cluster: bool, facts: &RowFacts) {
        let (read, grouping) = (self.read, self.grouping);
        let group = &mut self.groups[place];
        match facts.dropped {
            Some(Dropped::Filtered) => {
                group.filtered += 1;
                return;
            }
            Some(Dropped::Duplicate) => {
                group.duplicate += 1;
                return;
            }
            None => {}
        }
        for (cell, at) in group.cells.held_mut().iter_mut().zip(&grouping.leaves) {
            let leaf = &read.leaves[*at];
            match &facts.taken[*at] {
                Taken::Nothing => continue,
                Taken::Left(missing) => {
                    cell.left.add(*missing);
                    continue;
                }
                Taken::NoWeight => {
                    cell.left.no_weight += 1;
                    continue;
                }
                Taken::Unobserved => {
                    cell.left.unobserved += 1;
                    continue;
                }
                Taken::Unfit(why) => {
                    cell.left.unfit = cell.left.unfit.max(Some(*why));
                    continue;
                }
                _ if no_cluster => {
                    cell.left.no_cluster += 1;
                    continue;
                }
                Taken::Score(score, weight) => add_score(&mut cell.state, *score, *weight, leaf.squares),
                Taken::Named(texts, score, weight) => {
                    if let State::Named { all, table } = &mut cell.state {
                        all.add(*score, *weight, true);
                        let none = all.told();
                        for text in texts.iter() {
                            let told = table.entry(text.clone()).or_insert_with(|| none.clone());
                            told.moments.add(*score, *weight, true);
                            if let (Some((_, limit)), Some(person)) = (leaf.persons, &facts.person) {
                                told.persons.add(person, limit);
                            }
                        }
                    }
                }
                Taken::Seen(value, weight) => {
                    if let State::Frequencies { n, table } = &mut cell.state {
                        *n += 1;
                        let entry = table.entry(value.clone()).or_default();
                        entry.0 += 1;
                        entry.1.add(*weight);
                    }
                }
            }
            if let (Some((_, limit)), Some(person)) = (leaf.persons, &facts.person) {
                cell.persons.add(person, limit);
            }
        }
        if no_cluster {
            return;
        }
        for (joint, at) in group.joints.iter_mut().zip(&grouping.joints) {
            let joined = &read.joints[*at];
            let mut weight = Num::int(1);
            let scores: Vec<Option<Num>> = joined
                .leaves
                .iter()
                .map(|it| match &facts.taken[*it] {
                    Taken::Score(score, it) => {
                        weight = *it;
                        Some(*score)
                    }
                    _ => None,
                })
                .collect();
            joint.add(&scores, weight);
        }
        for (crossed, at) in group.crossed.iter_mut().zip(&grouping.crossed) {
            add_crossed(crossed, &read.crossed[*at], facts, facts.dealt.get(*at).copied().flatten());
        }
    }

    /// Adds the groups of a later chunk.
    pub fn merge(&mut self, other: Fold<'a>) {
        for theirs in other.groups {
            let (read, grouping) = (self.read, self.grouping);
            let key = (theirs.bucket, theirs.key.clone(), theirs.cluster.clone());
            match self.index.get(&key).copied() {
                None => {
                    self.index.insert(key, self.groups.len());
                    self.groups.push(theirs);
                }
                Some(at) => {
                    let mine = &mut self.groups[at];
                    mine.filtered += theirs.filtered;
                    mine.duplicate += theirs.duplicate;
                    for ((a, b), leaf) in mine.cells.held_mut().iter_mut().zip(theirs.cells.iter()).zip(&grouping.leaves) {
                        a.merge(&b, read.leaves[*leaf].persons.map_or(0, |it| it.1));
                    }
                    mine.joints.iter_mut().zip(&theirs.joints).for_each(|(a, b)| a.merge(b));
                    for ((a, b), at) in mine.crossed.iter_mut().zip(&theirs.crossed).zip(&grouping.crossed) {
                        a.merge(b, read.crossed[*at].persons.unwrap_or(0));
                    }
                }
            }
        }
    }

    /// The groups in order.
    pub fn finish(mut self) -> GroupTable {
        self.groups.sort_by(|a, b| (a.bucket, &a.key, &a.cluster).cmp(&(b.bucket, &b.key, &b.cluster)));
        GroupTable { groups: self.groups, fitted: Vec::new() }
    }
}

/// Adds a row to the joint state of a driver model: what it says of each item, and all together where it has them all.
fn add_crossed(crossed: &mut Crossed, plan: &crate::plan::Crossed, facts: &RowFacts, group: Option<usize>) {
    let score = |leaf: &usize| match facts.taken[*leaf] {
        Taken::Score(score, weight) => Some((score, weight)),
        _ => None,
    };
    let Some(group) = group else {
        crossed.no_cluster += u64::from(score(&plan.outcome).is_some());
        return;
    };
    let own: Vec<Option<(Num, Num)>> = plan.means.iter().map(score).collect();
    if own.iter().any(Option::is_some) {
        crossed.own(&own, group);
    }
    let Some((outcome, weight)) = score(&plan.outcome) else { return };
    let lacking = plan.items.iter().enumerate().filter(|it| score(it.1).is_none()).fold(0u128, |bits, it| bits | 1 << it.0);
    if lacking != 0 {
        return crossed.lacks(lacking);
    }
    // An indicator is known where its item is.
    let known = |list: &mut dyn Iterator<Item = &usize>| list.map(|it| score(it).map_or(Num::int(0), |it| it.0)).collect::<Vec<Num>>();
    let mut variables = vec![outcome];
    variables.extend(known(&mut plan.items.iter().chain(&plan.indicators)));
    crossed.add(&variables, &known(&mut plan.means.iter()), weight, group);
    if let (Some(limit), Some(person)) = (plan.persons, &facts.person) {
        crossed.person(person, limit);
    }
}

fn add_score(state: &mut State, score: Num, weight: Num, squares: bool) {
    match state {
        State::Moments(moments) => moments.add(score, weight, squares),
        State::Extreme { n, value, max } => {
            *n += 1;
            *value = Some(match *value {
                None => score,
                Some(it) if *max => it.max(score),
                Some(it) => it.min(score),
            });
        }
        State::Frequencies { .. } | State::Named { .. } => {}
    }
}

/// An empty cell for a leaf.
pub fn empty(leaf: &Leaf) -> Cell {
    Cell::new(match &leaf.measure {
        Measure::Rows | Measure::Answered(_) | Measure::Score(_) | Measure::Customer { .. } => {
            State::Moments(if leaf.weight.is_some() { Moments::weighted() } else { Moments::default() })
        }
        Measure::Extreme { max, .. } => State::Extreme { n: 0, value: None, max: *max },
        Measure::Frequency(_) => State::Frequencies { n: 0, table: std::collections::BTreeMap::new() },
        Measure::Named { .. } => State::Named {
            all: if leaf.weight.is_some() { Moments::weighted() } else { Moments::default() },
            table: std::collections::BTreeMap::new(),
        },
    })
}

/// The bucket that a time belongs to; `None` where the time is coarser than the buckets.
pub fn bucket(time: Option<Period>, grain: Grain, calendar: &Calendar) -> Option<Period> {
    if grain == Grain::All {
        return Some(Period::ALL);
    }
    let time = time?;
    if time.grain() != grain && !time.grain().nests_in(grain, calendar) && time.grain() != Grain::Day {
        return None;
    }
    Some(Period::containing(time.start(calendar), grain, calendar))
}
