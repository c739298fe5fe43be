//! Bases that are parts of one another by their conditions: what can be subtracted must be protected together (R22).
//!
//! Of a base, a condition picks a part. It is protected with the base where that is published too, for what it leaves of it
//! follows; and where it picks values of a dimension, for the table by that dimension tells them. A condition that holds
//! wherever another does (`q > 2` where `q > 3`) is one of that other's base as well. Each condition is then one more
//! dimension of the base, with the values *holds*, *does not* and *neither*; a dimension that it picks values of lies within
//! it.

use super::counted::Counted;
use super::hidden::{Content, Place, Question, put};
use super::nested::Bounds;
use super::spans::Days;
use crate::check::Checked;
use crate::engine::KeyValue;
use crate::model::DimensionId;
use crate::plan::{Condition, Picks};
use std::collections::{BTreeMap, BTreeSet};

type At = Vec<(DimensionId, KeyValue)>;

/// As many conditions are told together with their base: more make too many ways of cutting it.
const MOST_TOGETHER: usize = 6;
/// Of a base with more conditions than this, no other base is looked for that it is a part of.
const MOST_CONDITIONS: usize = 6;

/// Cells that can be added up and subtracted.
pub(super) struct System {
    pub least: u64,
    pub cells: BTreeMap<Place, Content>,
    /// Which condition a dimension lies within.
    pub within: Vec<(u32, u32)>,
    splits: Vec<Split>,
    /// The dimensions of which some table tells all values.
    whole: BTreeSet<DimensionId>,
    /// Those by which cells are read that nobody is told.
    read: BTreeSet<DimensionId>,
}

/// A condition as a dimension.
#[derive(Clone)]
struct Split {
    id: DimensionId,
    condition: Condition,
    /// Whether what it leaves is published too, so that what it says nothing of is told apart from that.
    both: bool,
}

/// What a condition is of a row.
const HOLDS: &str = "holds";
const NOT: &str = "does not";
const NEITHER: &str = "neither";

/// The conditions that a base adds to the one that it is told with, and whether each holds.
type Sides = Vec<(DimensionId, &'static str)>;

/// What can be subtracted, and where in it the cells of each question are.
#[derive(Default)]
pub(super) struct Systems {
    systems: Vec<System>,
    of: BTreeMap<Question, Vec<(usize, Sides)>>,
}

impl Systems {
    /// Puts together what can be subtracted from one another.
    pub fn of(checked: &Checked, cells: BTreeMap<Question, BTreeMap<Place, Content>>, bounds: &Bounds) -> Systems {
        let mut groups: BTreeMap<Question, Vec<&Question>> = BTreeMap::new();
        for of in cells.keys() {
            groups.entry((of.0.with(BTreeSet::new()), of.1, of.2)).or_default().push(of);
        }
        let mut all = Systems::default();
        let first = checked.model.dimensions.len() as u32;
        groups.values().for_each(|it| all.group(first, &asked(it, bounds), &cells));
        for (question, cells) in cells {
            let found = all.of.get(&question).map_or(&[][..], Vec::as_slice);
            if let [(at, _)] = found
                && all.systems[*at].splits.is_empty()
            {
                all.systems[*at].cells = cells;
                continue;
            }
            for (at, sides) in found {
                let system = &mut all.systems[*at];
                for (place, content) in &cells {
                    for place in system.places(place, sides) {
                        put(&mut system.cells, place, content.clone());
                    }
                    for place in system.untold(place, sides) {
                        put(&mut system.cells, place, Content { kept: BTreeSet::new(), ..content.clone() });
                    }
                }
            }
        }
        all.systems.iter_mut().for_each(System::add_rests);
        all
    }

    pub fn iter(&self) -> impl Iterator<Item = &System> {
        self.systems.iter()
    }

    /// Where a cell is: by the system, and the places in it.
    pub fn places<'s>(&'s self, of: &Question, place: &'s Place) -> impl Iterator<Item = (usize, Place)> + 's {
        let found = self.of.get(of).into_iter().flatten();
        found.flat_map(move |(at, sides)| self.systems[*at].places(place, sides).into_iter().map(|it| (*at, it)))
    }

    /// Questions that differ by their conditions.
    fn group(&mut self, first: u32, of: &[Asked<'_>], cells: &BTreeMap<Question, BTreeMap<Place, Content>>) {
        let splits = splits(of);
        let mut joined: BTreeSet<&Question> = BTreeSet::new();
        for together in splits.chunks(MOST_TOGETHER) {
            let number =
                |(at, it): (usize, &&Condition)| Split { id: DimensionId(first + at as u32), condition: (*it).clone(), both: false };
            let splits: Vec<Split> = together.iter().enumerate().map(number).collect();
            let mut parts: BTreeMap<&Question, Vec<(&Question, Sides)>> = BTreeMap::new();
            for it in of {
                for (root, sides) in roots(it, of, &splits) {
                    parts.entry(root).or_default().extend(sides.into_iter().map(|sides| (it.question, sides)));
                }
            }
            for (root, parts) in parts {
                joined.insert(root);
                joined.extend(parts.iter().map(|it| it.0));
                let used: BTreeSet<DimensionId> = parts.iter().flat_map(|it| &it.1).map(|it| it.0).collect();
                let own = splits.iter().filter(|it| used.contains(&it.id)).cloned().collect();
                self.add(root, own, parts, cells);
            }
        }
        for it in of.iter().map(|it| it.question).filter(|it| !joined.contains(it)) {
            self.add(it, Vec::new(), Vec::new(), cells);
        }
    }

    fn add(
        &mut self,
        root: &Question,
        mut splits: Vec<Split>,
        parts: Vec<(&Question, Sides)>,
        cells: &BTreeMap<Question, BTreeMap<Place, Content>>,
    ) {
        let at = self.systems.len();
        for split in &mut splits {
            // Of all values but one, that one is the rest.
            let one = |it: &Place| it.at.iter().any(|(dimension, value)| split.is_one_left(*dimension, value));
            split.both = parts.iter().any(|it| it.1.contains(&(split.id, NOT))) || cells.get(root).is_some_and(|it| it.keys().any(one));
        }
        let all = [(root, Sides::new())].into_iter().chain(parts);
        let (mut whole, mut read) = (BTreeSet::new(), BTreeSet::new());
        for (of, sides) in all {
            self.of.entry(of.clone()).or_default().push((at, sides));
            for (place, content) in cells.get(of).into_iter().flatten() {
                let is_whole = |it: &DimensionId| content.kept.iter().any(|kept| !kept.contains(it));
                whole.extend(place.at.iter().map(|it| it.0).filter(is_whole));
                read.extend(place.at.iter().map(|it| it.0).filter(|_| content.kept.is_empty()));
            }
        }
        let within = splits.iter().filter_map(|it| Some((it.condition.picks.as_ref()?.dimension.0, it.id.0))).collect();
        self.systems.push(System { least: root.1, cells: BTreeMap::new(), within, splits, whole, read });
    }
}

/// A question with its conditions, and those of others that hold wherever they do.
struct Asked<'q> {
    question: &'q Question,
    conditions: BTreeSet<&'q Condition>,
    /// Which of them only follow from the others.
    implied: BTreeSet<&'q str>,
}

fn asked<'q>(of: &[&'q Question], bounds: &Bounds) -> Vec<Asked<'q>> {
    let all: BTreeMap<&str, &Condition> = of.iter().flat_map(|it| &it.0.conditions).map(|it| (it.text.as_str(), it)).collect();
    let with_implied = |question: &&'q Question| {
        let own = &question.0.conditions;
        let follows = |it: &&&'q Condition| !own.contains(**it) && own.iter().any(|from| bounds.follows(&it.text, &from.text));
        let implied: Vec<&Condition> = all.values().filter(follows).copied().collect();
        Asked {
            question,
            conditions: own.iter().chain(implied.iter().copied()).collect(),
            implied: implied.iter().map(|it| it.text.as_str()).collect(),
        }
    };
    of.iter().map(with_implied).collect()
}

/// The conditions that part some questions: those that pick values of a dimension, or whose contrary is published too, and
/// those that a question adds to another.
fn splits<'q>(of: &[Asked<'q>]) -> Vec<&'q Condition> {
    let texts: Vec<BTreeSet<&str>> = of.iter().map(|it| it.question.0.conditions.iter().map(|it| it.text.as_str()).collect()).collect();
    let is_there = |contrary: &BTreeSet<String>| texts.iter().any(|it| contrary.iter().all(|of| it.contains(of.as_str())));
    let adds = |condition: &Condition| {
        let with = of.iter().filter(|it| it.conditions.contains(condition));
        let mut parts = with.map(|it| of.iter().any(|other| !other.conditions.contains(condition) && it.is_part_of(other)));
        parts.any(|it| it)
    };
    let (mut found, mut added): (BTreeMap<&str, &Condition>, BTreeMap<&str, &Condition>) = Default::default();
    for condition in of.iter().flat_map(|it| &it.question.0.conditions) {
        let contrary = condition.contrary.iter().next().filter(|_| condition.contrary.len() == 1);
        let known = contrary.is_some_and(|it| found.contains_key(it.as_str()) || added.contains_key(it.as_str()));
        if !known && (condition.picks.is_some() || is_there(&condition.contrary)) {
            found.insert(&condition.text, condition);
        } else if !known && adds(condition) {
            added.insert(&condition.text, condition);
        }
    }
    found.into_values().chain(added.into_values()).collect()
}

impl Asked<'_> {
    /// Whether it has all conditions of another, and more.
    fn is_part_of(&self, other: &Asked<'_>) -> bool {
        other.conditions.len() < self.conditions.len() && other.conditions.is_subset(&self.conditions)
    }
}

/// The questions that one is a part of, with what it adds to each: those that no other of them is a part of. What only
/// follows from what it adds is said, and not, in all ways: it is the same answers by each of them.
fn roots<'q>(of: &Asked<'q>, among: &[Asked<'q>], splits: &[Split]) -> Vec<(&'q Question, Vec<Sides>)> {
    let conditions = &of.conditions;
    if conditions.is_empty() || conditions.len() > MOST_CONDITIONS {
        return Vec::new();
    }
    let texts: BTreeSet<&str> = conditions.iter().map(|it| it.text.as_str()).collect();
    // What is told by a condition that holds, or by one that does not.
    let mut told: BTreeMap<&str, (DimensionId, &'static str)> = BTreeMap::new();
    let mut by_size: Vec<&Split> = splits.iter().collect();
    by_size.sort_by_key(|it| std::cmp::Reverse(it.condition.contrary.len()));
    for Split { id, condition, .. } in by_size {
        let of: Vec<&str> = if texts.contains(condition.text.as_str()) {
            vec![&condition.text]
        } else {
            condition.contrary.iter().map(String::as_str).collect()
        };
        // Several that are told together are not told one by one.
        if of.iter().all(|it| texts.contains(it) && !told.contains_key(it)) {
            let side = if of == [condition.text.as_str()] { HOLDS } else { NOT };
            told.extend(of.into_iter().map(|it| (it, (*id, side))));
        }
    }
    let part_of = |it: &Asked<'q>| -> Option<Vec<Sides>> {
        if !of.is_part_of(it) {
            return None;
        }
        let (mut sides, mut follow) = (BTreeSet::new(), BTreeSet::new());
        for added in conditions.difference(&it.conditions) {
            match (told.get(added.text.as_str()), of.implied.contains(added.text.as_str())) {
                (Some(side), true) => _ = follow.insert(*side),
                (Some(side), false) => _ = sides.insert(*side),
                // Of other conditions that follow nothing is known here.
                (None, true) => {}
                (None, false) => return None,
            }
        }
        let mut all = vec![sides];
        for side in follow {
            let with: Vec<BTreeSet<_>> = all.iter().map(|it| it.iter().copied().chain([side]).collect()).collect();
            all.extend(with);
        }
        // By none of them it would be the whole.
        Some(all.into_iter().filter(|it| !it.is_empty()).map(|it| it.into_iter().collect()).collect())
    };
    let found: Vec<(&Asked<'q>, Vec<Sides>)> = among.iter().filter_map(|it| Some((it, part_of(it)?))).collect();
    let is_outer = |it: &Asked<'q>| !found.iter().any(|other| it.is_part_of(other.0));
    found.iter().filter(|it| is_outer(it.0)).map(|it| (it.0.question, it.1.clone())).collect()
}

impl System {
    /// The dimensions that are conditions.
    pub fn conditions(&self) -> BTreeSet<u32> {
        self.splits.iter().map(|it| it.id.0).collect()
    }

    /// Where a cell is, of a base that adds these conditions: also by the conditions that its values tell.
    fn places(&self, place: &Place, sides: &Sides) -> Vec<Place> {
        let (mut places, untold) = self.all_places(place, sides);
        // Where no table tells all values of the dimension, it is that rest and nothing else.
        places.retain(|it| !it.at.iter().any(|it| Some(it.0) == untold));
        places
    }

    /// Where a cell is that is told as a rest, by the values that are read.
    fn untold(&self, place: &Place, sides: &Sides) -> Vec<Place> {
        let (mut places, untold) = self.all_places(place, sides);
        places.retain(|it| it.at.iter().any(|it| Some(it.0) == untold && self.read.contains(&it.0)));
        places
    }

    /// Where a cell is, and the dimension of which no table tells all values, where it is also what is left of them.
    fn all_places(&self, place: &Place, sides: &Sides) -> (Vec<Place>, Option<DimensionId>) {
        if self.splits.is_empty() {
            return (vec![place.clone()], None);
        }
        let with = |at: &[(DimensionId, KeyValue)], more: &[(DimensionId, &'static str)]| {
            let mut at: BTreeMap<DimensionId, KeyValue> = at.iter().cloned().collect();
            at.extend(more.iter().map(|it| (it.0, KeyValue::Value(it.1.into()))));
            Place { at: at.into_iter().collect(), days: place.days }
        };
        let mut places = vec![with(&place.at, sides)];
        let mut untold = None;
        for split in &self.splits {
            let Some(picks) = &split.condition.picks else { continue };
            let Some((dimension, value)) = place.at.iter().find(|it| it.0 == picks.dimension) else { continue };
            let side = split.side(picks, value);
            if sides.iter().any(|it| it.0 == split.id && it.1 != side) {
                // Nobody can be there.
                return (Vec::new(), None);
            }
            let told = [sides.as_slice(), &[(split.id, side)]].concat();
            places.push(with(&place.at, &told));
            // `ces[channel = "phone"]` is what `ces where channel != "phone"` leaves.
            if split.is_one_left(*dimension, value) {
                let others: Vec<(DimensionId, KeyValue)> = place.at.iter().filter(|it| it.0 != *dimension).cloned().collect();
                places.push(with(&others, &told));
                untold = untold.or(Some(*dimension).filter(|it| !self.whole.contains(it)));
            }
        }
        (places, untold)
    }

    /// Adds what is left of the cells that are parted by a condition: who knows a whole and its parts knows that too, and
    /// where nothing is left.
    fn add_rests(&mut self) {
        let conditions: BTreeSet<DimensionId> = self.splits.iter().map(|it| it.id).collect();
        for split in &self.splits {
            let side = |place: &Place| place.at.iter().find(|it| it.0 == split.id).map(|it| it.1.clone());
            let without = |place: &Place| -> At { place.at.iter().filter(|it| it.0 != split.id).cloned().collect() };
            // A cut, with the conditions under which it is parted.
            let cut = |place: &Place| -> (Vec<(DimensionId, Option<KeyValue>)>, Days) {
                let told = without(place).into_iter().map(|(of, value)| (of, Some(value).filter(|_| conditions.contains(&of))));
                (told.collect(), place.days)
            };
            let mut parted: BTreeMap<_, BTreeSet<KeyValue>> = BTreeMap::new();
            let mut known: BTreeMap<(At, Days), (u64, Counted)> = BTreeMap::new();
            for (place, content) in self.cells.iter().filter(|it| !it.1.kept.is_empty()) {
                if let Some(side) = side(place) {
                    parted.entry(cut(place)).or_default().insert(side);
                    let add = |it: &mut (u64, Counted)| *it = (it.0 + content.n, std::mem::take(&mut it.1).plus(&content.counted));
                    known.entry((without(place), place.days)).and_modify(add).or_insert_with(|| (content.n, content.counted.clone()));
                }
            }
            let mut rests = Vec::new();
            for (place, content) in &self.cells {
                let Some(sides) = parted.get(&cut(place)).filter(|_| side(place).is_none()) else { continue };
                let (rest, left) = match known.get(&(place.at.clone(), place.days)) {
                    Some((told, counted)) => (content.n.saturating_sub(*told), content.counted.less(counted)),
                    None => (content.n, content.counted.clone()),
                };
                let untold = [HOLDS, NOT].into_iter().find(|it| !sides.contains(&KeyValue::Value((*it).into()))).unwrap_or(NEITHER);
                for side in [HOLDS, NOT, NEITHER] {
                    let mut at = place.at.clone();
                    at.push((split.id, KeyValue::Value(side.into())));
                    at.sort_unstable();
                    // How many people are in a rest is not known: persons are counted as far as the minimum base alone.
                    let (rest, counted) = if side == untold { (rest, left.clone()) } else { (0, Counted::default()) };
                    let content = Content { n: rest, protected: rest, counted, kept: content.kept.clone() };
                    rests.push((Place { at, days: place.days }, content));
                }
            }
            for (place, rest) in rests {
                let there = self.cells.entry(place).or_insert_with(|| rest.clone());
                // What nobody was told follows.
                if there.kept.is_empty() {
                    *there = rest;
                }
            }
        }
    }
}

impl Split {
    /// What it is of the rows with a value of the dimension that it picks from.
    fn side(&self, picks: &Picks, value: &KeyValue) -> &'static str {
        match value {
            KeyValue::Value(value) if picks.values.contains(&**value) != picks.left_out => HOLDS,
            KeyValue::Blank if self.both => NEITHER,
            _ => NOT,
        }
    }

    /// Whether a value is the only one that it leaves out.
    fn is_one_left(&self, dimension: DimensionId, value: &KeyValue) -> bool {
        let is_it = |it: &Picks| it.left_out && it.dimension == dimension && it.values.len() == 1;
        let picks = self.condition.picks.as_ref().filter(|it| is_it(it));
        picks.is_some_and(|it| matches!(value, KeyValue::Value(value) if it.values.contains(&**value)))
    }
}
