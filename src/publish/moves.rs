//! Which answers may be elsewhere, so that all that is shown stays as it is?
//!
//! A move puts answers into a cell and takes as many elsewhere: the corners of a box over some of the dimensions, and perhaps
//! over two moments, gain and lose by turns.

use super::derived::REST;
use super::pattern::Cell;
use super::room::Changes;
use super::shape::{At, Family, Looked, Place, Shape, among};
use foldhash::HashSet;
use std::rc::Rc;

/// The alternatives that are looked at: enough to find a cheap move, few enough for large tables.
const MOST_VALUES: usize = 24;
const MOST_MOMENTS: usize = 24;
pub(super) const MOST_PLACES: usize = 3;
const MOST_TRIED: usize = 4_096;

impl Shape<'_> {
    /// The moves that put answers into a cell, in boxes of which one corner is a place.
    pub fn moves<'s>(
        &'s self,
        target: usize,
        place: &Place,
        looked: &mut Looked<'s>,
        known: &mut HashSet<Changes>,
        moves: &mut Vec<Changes>,
    ) {
        let cell = &self.cells[target];
        let own = self.place_of(cell);
        let varied: Vec<usize> = (0..own.len()).filter(|it| own[*it].is_some()).collect();
        let (here, then) = (self.moments_of(cell.days, true), self.moments_of(cell.days, false));
        let mut boxes = Vec::new();
        for varied in subsets(&varied) {
            for values in self.alternatives(&varied, place) {
                let Some(corners) = self.corners(place, varied.iter().copied().zip(values)) else { continue };
                let held = self.held(&corners, looked);
                let at = |moments: &[usize]| moments.iter().map(|it| self.changes(&held, *it)).collect::<Vec<_>>();
                let here = at(&here);
                if here.iter().any(Option::is_some) {
                    boxes.push((varied.is_empty(), here, at(&then)));
                }
            }
        }
        for moment in 0..here.len() {
            for (still, here, then) in &boxes {
                let Some(changes) = &here[moment] else { continue };
                let alone = (!still).then(|| changes.clone());
                let reversed = then.iter().flatten().map(|then| less(changes, then));
                for changes in alone.into_iter().chain(reversed) {
                    let gains = changes.binary_search_by_key(&target, |it| it.0).is_ok_and(|it| changes[it].1 == 1);
                    // Where a box is in what the target is not cut by often makes no difference.
                    if gains && known.insert(changes.clone()) {
                        moves.push(changes);
                    }
                }
            }
        }
    }

    /// More answers in a cell and fewer nowhere: whatever holds them changes.
    pub fn alone<'s>(&'s self, target: usize, own: &[Place], looked: &mut Looked<'s>) -> Changes {
        let days = self.cells[target].days;
        let mut places = own.iter().flat_map(|it| self.places(it, usize::MAX, MOST_TRIED));
        let here = self.moments_of(days, true);
        let mut at = |place: &Place, moment: usize| {
            self.changes(&self.held(&[(place.clone(), true)], looked), moment).filter(|it| it.contains(&(target, 1)))
        };
        let found = places.find_map(|place| here.iter().find_map(|moment| at(&place, *moment)));
        found.unwrap_or_else(|| {
            // Where its answers are cannot be told from here: all that overlaps it changes.
            let overlaps = |it: &Cell| it.days.0 < days.1 && days.0 < it.days.1;
            self.cells.iter().enumerate().filter(|it| overlaps(it.1)).map(|it| (it.0, 1)).collect()
        })
    }

    fn place_of(&self, cell: &Cell) -> Place {
        let mut place: Place = vec![None; self.dimensions.len()];
        for (dimension, value) in &cell.at {
            if let Ok(at) = self.dimensions.binary_search(dimension) {
                place[at] = Some(*value);
            }
        }
        place
    }

    /// Where the answers of a cell may be: of what is left of a whole, at the values that are told elsewhere but not here.
    pub fn stand_ins(&self, target: usize) -> Vec<Place> {
        let cell = &self.cells[target];
        let own = self.place_of(cell);
        let Some(rest) = own.iter().position(|it| *it == Some(REST)) else { return vec![own] };
        let dimensions: Vec<usize> = (0..own.len()).filter(|it| own[*it].is_some()).collect();
        let Some(family) = self.families.iter().find(|it| it.dimensions == dimensions && !it.is_untold) else { return vec![own] };
        let Ok(days) = family.days.binary_search(&cell.days) else { return vec![own] };
        let with = |value: &u32| {
            let mut place = own.clone();
            place[rest] = Some(*value);
            place
        };
        let is_there = |place: &Place| {
            let key: Option<Vec<u32>> = dimensions.iter().map(|it| place[*it]).collect();
            key.is_some_and(|it| family.cell(&it, days) == Some(target))
        };
        let told: Vec<Place> = self.values[rest].iter().filter(|it| **it != REST).map(with).filter(is_there).take(MOST_PLACES).collect();
        if told.is_empty() { vec![own] } else { told }
    }

    /// Values for the dimensions that the target is not cut by, those with the most answers first.
    pub fn places(&self, own: &Place, values_each: usize, most: usize) -> Vec<Place> {
        let mut own = own.clone();
        self.follow(&mut own);
        let mut places = vec![own.clone()];
        // What lies within another tells that one too.
        let (inner, outer): (Vec<usize>, Vec<usize>) = (0..own.len()).partition(|it| self.lies.iter().any(|lies| lies.0 == *it));
        for dimension in inner.into_iter().chain(outer).filter(|it| own[*it].is_none()) {
            let more = |place: &Place| {
                if place[dimension].is_some() {
                    return vec![place.clone()];
                }
                let with = |value: &u32| {
                    let mut place = place.clone();
                    place[dimension] = Some(*value);
                    self.follow(&mut place).then_some(place)
                };
                self.values[dimension].iter().filter_map(with).take(values_each).collect::<Vec<_>>()
            };
            places = places.iter().flat_map(more).take(most).collect();
        }
        places
    }

    /// Adds to a place what its values lie in; `false` where it says that they lie elsewhere.
    fn follow(&self, place: &mut Place) -> bool {
        let mut fits = true;
        // As deep as dimensions lie within one another.
        for _ in 0..self.lies.len() {
            for (child, parent, of) in &self.lies {
                if let Some(value) = place[*child].and_then(|it| of.get(&it)) {
                    fits &= place[*parent].replace(*value).is_none_or(|it| it == *value);
                }
            }
        }
        fits
    }

    /// The place with another value of a dimension: what that lies in follows, and of what lies in it the value with the
    /// most answers is taken. `None` where there is none.
    fn moved(&self, place: &Place, dimension: usize, value: u32) -> Option<Place> {
        let mut place = place.clone();
        place[dimension] = Some(value);
        let mut up = vec![dimension];
        while let Some(at) = up.pop() {
            for (_, parent, of) in self.lies.iter().filter(|it| it.0 == at) {
                if let Some(value) = place[at].and_then(|it| of.get(&it)) {
                    place[*parent] = Some(*value);
                    up.push(*parent);
                }
            }
        }
        for _ in 0..self.lies.len() {
            for child in 0..place.len() {
                let Some(own) = place[child] else { continue };
                let fits = |value: u32| {
                    let parents = self.lies.iter().filter(|it| it.0 == child);
                    let mut said = parents.filter_map(|(_, parent, of)| place[*parent].zip(of.get(&value)));
                    said.all(|(lies, of)| lies == *of)
                };
                if !fits(own) {
                    let told = |value: u32| self.lies.iter().filter(|it| it.0 == child).all(|it| it.2.contains_key(&value));
                    let other = self.values[child].iter().copied().find(|it| told(*it) && fits(*it))?;
                    place[child] = Some(other);
                }
            }
        }
        self.follow(&mut place).then_some(place)
    }

    /// Other values for some dimensions.
    fn alternatives(&self, varied: &[usize], place: &Place) -> Vec<Vec<u32>> {
        let most = match varied.len() {
            0 | 1 => MOST_VALUES,
            2 => 6,
            _ => 3,
        };
        let mut all: Vec<Vec<u32>> = vec![Vec::new()];
        for dimension in varied {
            let others: Vec<u32> = self.values[*dimension].iter().copied().filter(|it| place[*dimension] != Some(*it)).collect();
            // The small ones cost least, the large ones always suffice.
            let many = others.len();
            let chosen = others.iter().enumerate().filter(|it| it.0 < most / 2 || it.0 + most.div_ceil(2) >= many).map(|it| *it.1);
            let chosen: Vec<u32> = chosen.collect();
            all = all.iter().flat_map(|it| chosen.iter().map(|value| [it.as_slice(), &[*value]].concat())).collect();
        }
        all
    }

    /// Moments within some days, or outside them, the nearest first; by their places.
    fn moments_of(&self, days: (i32, i32), inside: bool) -> Vec<usize> {
        let is_in = |it: i32| days.0 <= it && it < days.1;
        let mut moments: Vec<usize> = (0..self.moments.len()).filter(|it| is_in(self.moments[*it]) == inside).collect();
        if inside {
            moments.truncate(MOST_PLACES + 1);
        } else {
            let far = |it: i32| if it < days.0 { days.0 - it } else { it - days.1 };
            moments.sort_by_key(|it| far(self.moments[*it]));
            moments.truncate(MOST_MOMENTS);
        }
        moments
    }

    /// The corners of a box, each with whether it gains.
    fn corners(&self, place: &Place, other: impl Iterator<Item = (usize, u32)>) -> Option<Vec<(Place, bool)>> {
        let mut corners = vec![(place.clone(), true)];
        for (dimension, value) in other {
            let mirrored: Option<Vec<(Place, bool)>> =
                corners.iter().map(|(place, gains)| Some((self.moved(place, dimension, value)?, !gains))).collect();
            corners.extend(mirrored?);
        }
        Some(corners)
    }

    /// The cells at each corner, family by family.
    fn held<'s>(&'s self, corners: &[(Place, bool)], looked: &mut Looked<'s>) -> Vec<Held<'s>> {
        let mut held = Vec::new();
        for (family, looked) in self.families.iter().zip(&mut looked.families) {
            for (place, gains) in corners {
                let by = if *gains { 1 } else { -1 };
                held.extend(looked.at(family, place).map(|at| Held { family, at, by }));
            }
        }
        held
    }

    /// What changes in a moment, where every corner has cells to change.
    fn changes(&self, held: &[Held<'_>], moment: usize) -> Option<Changes> {
        let mut changes = Changes::new();
        for Held { family, at, by } in held {
            let At { told, cells } = &**at;
            if told.iter().any(|it| !it.1.moments[moment]) {
                return None;
            }
            for days in &family.over[moment] {
                let there = among(cells, told, *days);
                if family.is_untold {
                    match there {
                        // Its own family has it.
                        Some(at) if self.cells[at].is_told() => {}
                        Some(at) => changes.push((at, *by)),
                        // Nobody is there to be moved, though nobody is told so.
                        None if *by < 0 => return None,
                        None => {}
                    }
                    continue;
                }
                match there {
                    // Nobody is there, and everyone can see that.
                    Some(at) if self.cells[at].n == 0 => return None,
                    None if told.iter().any(|it| it.1.days[*days]) => return None,
                    Some(at) => changes.push((at, *by)),
                    None => {}
                }
            }
        }
        Some(added_up(changes))
    }
}

/// The cells of a family at a corner.
struct Held<'a> {
    family: &'a Family,
    at: Rc<At<'a>>,
    by: i64,
}

/// Each cell once, in order, less those that do not change.
fn added_up(mut changes: Changes) -> Changes {
    changes.sort_unstable();
    changes.dedup_by(|it, kept| {
        let same = it.0 == kept.0;
        if same {
            kept.1 += it.1;
        }
        same
    });
    changes.retain(|it| it.1 != 0);
    changes
}

/// What changes where one thing is done and another undone.
fn less(done: &Changes, undone: &Changes) -> Changes {
    added_up(done.iter().copied().chain(undone.iter().map(|it| (it.0, -it.1))).collect())
}

/// All subsets of some dimensions, small ones first; of more than three dimensions only those of up to three.
fn subsets(of: &[usize]) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    for dimension in of {
        let with: Vec<Vec<usize>> = all.iter().filter(|it| it.len() < 3).map(|it| [it.as_slice(), &[*dimension]].concat()).collect();
        all.extend(with);
    }
    all.sort_by_key(Vec::len);
    all
}
