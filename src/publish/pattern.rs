//! Which cells are hidden so that none that is too small can be worked out from those that are shown (R22)?
//!
//! What is shown about one base is a set of cells: how many answered, by values of some dimensions, over some days.
//! Cells add up to one another: the values of a dimension to their total, months to their quarter. So a cell that is
//! hidden alone is its total less the rest.
//!
//! A small cell is safe when what is shown leaves open how many are in it, within a range at least as wide as the minimum
//! base. A *move* puts answers into the small cell, or takes them from it, and does the reverse elsewhere, so that every
//! cell that is shown stays as it is: the corners of a box over some of the dimensions, and perhaps over two moments,
//! gain and lose by turns, and whatever holds as many gaining corners as losing ones does not change. The cells that do
//! change are hidden too. Hiding more never spoils a move that was found, so one pass over the small cells is enough; of
//! the moves that would do, the one that hides the fewest answers is taken.
//!
//! SOURCE: the corners of a box are D. Repsilber's hypercube method, *Preservation of confidentiality in aggregated
//! data*, Second International Seminar on Statistical Confidentiality, Luxembourg 1994; why hidden cells need a feasible
//! interval, and not only company, A. Hundepool et al., *Statistical Disclosure Control*, Wiley 2012, chapter 4.

use super::cone::Answers;
use super::derived::{REST, with_derived};
use super::room::{Carried, Changes, Question};
use super::spans::{Days, Span, spans};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// How many answers a cell of a base holds.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// The values that it is cut by: a dimension with one of its values, by ascending dimension.
    pub at: Vec<(u32, u32)>,
    /// The days that it is over, half-open.
    pub days: (i32, i32),
    /// How many answers.
    pub n: u64,
    /// What the minimum base is held against: persons, else answers.
    pub protected: u64,
    /// The sums of what scores take of its answers; not a number where that is not told.
    pub sums: Vec<f64>,
    /// For each table that tells it, the dimensions of which that table is kept to this value. One that is kept to none has
    /// all cells of its cut, so that a cell that is missing has no answers. Where nobody is told it, there is no table.
    pub kept: Vec<Vec<u32>>,
}

impl Cell {
    /// Whether anybody is told it.
    fn is_told(&self) -> bool {
        !self.kept.is_empty()
    }
}

/// The alternatives that are looked at: enough to find a cheap move, few enough for large tables.
const MOST_VALUES: usize = 24;
const MOST_MOMENTS: usize = 24;
const MOST_PLACES: usize = 3;
const MOST_TRIED: usize = 4_096;

/// What is known of the dimensions of some cells.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// Which lies within which other.
    pub within: Vec<(u32, u32)>,
    /// Those that are conditions: where a cut tells only where one holds, it says nothing of where it does not.
    pub conditions: BTreeSet<u32>,
}

/// Returns which cells of a base to hide: those with less than `least`, and what would give them away.
///
/// `questions` are what their sums are of.
pub(super) fn hidden(cells: &[Cell], known: &Known, questions: Vec<Answers>, least: u64) -> Vec<bool> {
    let all = with_derived(cells);
    let small: Vec<bool> = all.iter().map(|it| it.is_told() && it.protected > 0 && it.protected < least).collect();
    let hidden = all.iter().zip(&small).map(|(cell, small)| *small || !cell.is_told()).collect();
    let mut hidden = protected(&all, known, questions, least, hidden, &small);
    hidden.truncate(cells.len());
    hidden
}

/// Returns which cells to hide of which everyone knows how many answered, but not what: those that are hidden already, and
/// those without which it would follow what was answered in the targets among them.
pub(super) fn hidden_answers(cells: &[Cell], known: &Known, hidden: Vec<bool>, targets: &[bool]) -> Vec<bool> {
    // However few they are, what they answered may be more here and less there.
    let free: Vec<Cell> = cells.iter().map(|it| Cell { protected: u64::from(u32::MAX), sums: Vec::new(), ..it.clone() }).collect();
    protected(&free, known, Vec::new(), 1, hidden, targets)
}

/// Hides what it takes for each target to be safe.
fn protected(cells: &[Cell], known: &Known, questions: Vec<Answers>, least: u64, mut hidden: Vec<bool>, targets: &[bool]) -> Vec<bool> {
    if targets.contains(&true) {
        let shape = Shape::new(cells, known, questions);
        (0..cells.len()).filter(|it| targets[*it]).for_each(|it| shape.protect(it, least, &mut hidden));
    }
    hidden
}

/// All cells of one cut.
struct Family {
    /// By their places.
    dimensions: Vec<usize>,
    /// The days of its cells, in order.
    days: Vec<(i32, i32)>,
    /// The tables that tell it, by the places in a key of what they are kept to, and by the values there.
    tables: BTreeMap<Vec<usize>, HashMap<Vec<u32>, Told>>,
    /// Whether some of its cells are what is left of a whole.
    has_rests: bool,
    /// Whether it is of cells that nobody is told: then only those in it that others have no place for change.
    is_untold: bool,
    /// Its cells, by what they are cut by and the place of their days.
    places: HashMap<Vec<u32>, Vec<Option<usize>>>,
    /// The places of the days that hold each moment.
    over: Vec<Vec<usize>>,
}

impl Family {
    /// What is told of a key, table by table, each with what it is kept to.
    fn told(&self, key: &[u32]) -> Vec<(&[usize], &Told)> {
        let values = |kept: &[usize]| kept.iter().map(|it| key[*it]).collect::<Vec<u32>>();
        self.tables.iter().filter_map(|(kept, tables)| Some((kept.as_slice(), tables.get(&values(kept))?))).collect()
    }

    /// Its cells with a key, and behind them what stands for that key among the rest by one of its values; that value's place.
    fn cells(&self, key: &[u32]) -> Vec<(Option<usize>, &[Option<usize>])> {
        let rest = |at: usize| (Some(at), [&key[..at], &[REST], &key[at + 1..]].concat());
        let keys = std::iter::once((None, key.to_vec())).chain((0..key.len()).filter(|_| self.has_rests).map(rest));
        keys.filter_map(|(at, it)| Some((at, self.places.get(&it)?.as_slice()))).collect()
    }
}

impl Family {
    /// Its cell with a key over some days, or what stands for it among the rest.
    fn cell(&self, key: &[u32], days: usize) -> Option<usize> {
        among(&self.cells(key), &self.told(key), days)
    }
}

/// The first cell over some days; a value that a table is kept to is not among the rest.
fn among(cells: &[(Option<usize>, &[Option<usize>])], told: &[(&[usize], &Told)], days: usize) -> Option<usize> {
    let is_rest = |at: usize| !told.iter().any(|it| it.0.contains(&at) && it.1.days[days]);
    cells.iter().filter(|it| it.0.is_none_or(is_rest)).find_map(|it| it.1[days])
}

/// What a table tells: where it has no cell, nobody was there, and everyone can see that.
#[derive(Default)]
struct Told {
    /// Of each of its family's days, whether it has cells over them.
    days: Vec<bool>,
    /// Of each moment, whether it has cells over it.
    moments: Vec<bool>,
}

struct Shape<'a> {
    cells: &'a [Cell],
    families: Vec<Family>,
    /// Every dimension, in order; elsewhere a dimension is its place here.
    dimensions: Vec<u32>,
    /// The values of each dimension, those with the most answers first.
    values: Vec<Vec<u32>>,
    /// Which dimension lies within which, and where each of its values lies.
    lies: Vec<(usize, usize, HashMap<u32, u32>)>,
    /// The first days of the stretches that no cell parts further, and in which every cut has its cells.
    moments: Vec<i32>,
    /// What scores tell of the answers in the cells.
    questions: Vec<Question>,
}

/// A value for each of some dimensions, by their places.
type Place = Vec<Option<u32>>;

impl<'a> Shape<'a> {
    fn new(cells: &'a [Cell], known: &Known, questions: Vec<Answers>) -> Shape<'a> {
        let dimensions: BTreeSet<u32> = cells.iter().flat_map(|it| &it.at).map(|it| it.0).collect();
        let dimensions: Vec<u32> = dimensions.into_iter().collect();
        let place = |dimension: u32| dimensions.binary_search(&dimension).ok();
        let mut families: BTreeMap<(Vec<usize>, bool), Family> = BTreeMap::new();
        let untold: HashSet<(Vec<u32>, Days)> = cells.iter().filter(|it| !it.is_told()).map(|it| (cut_of(it), it.days)).collect();
        let mut weights: Vec<BTreeMap<u32, u64>> = vec![BTreeMap::new(); dimensions.len()];
        let mut moments = BTreeSet::new();
        for (at, cell) in cells.iter().enumerate() {
            let own: Vec<usize> = cell.at.iter().filter_map(|it| place(it.0)).collect();
            for (dimension, value) in own.iter().zip(&cell.at) {
                *weights[*dimension].entry(value.1).or_default() += cell.n;
            }
            let is_untold = untold.contains(&(cut_of(cell), cell.days));
            for is_untold in [cell.is_told().then_some(false), is_untold.then_some(true)].into_iter().flatten() {
                let family = families.entry((own.clone(), is_untold)).or_insert_with(|| Family {
                    dimensions: own.clone(),
                    days: Vec::new(),
                    tables: BTreeMap::new(),
                    has_rests: false,
                    is_untold,
                    places: HashMap::new(),
                    over: Vec::new(),
                });
                family.days.push(cell.days);
                family.has_rests |= cell.at.iter().any(|it| it.1 == REST);
                family.places.entry(cell.at.iter().map(|it| it.1).collect()).or_default().push(Some(at));
            }
            moments.extend([cell.days.0, cell.days.1]);
        }
        for family in families.values_mut() {
            family.days.sort_unstable();
            family.days.dedup();
            #[expect(clippy::iter_over_hash_type, reason = "each is put in order by itself")]
            for own in family.places.values_mut() {
                let found = std::mem::replace(own, vec![None; family.days.len()]);
                for at in found.into_iter().flatten() {
                    if let Ok(days) = family.days.binary_search(&cells[at].days) {
                        own[days] = Some(at);
                    }
                }
            }
        }
        for cell in cells {
            let own: Vec<usize> = cell.at.iter().filter_map(|it| place(it.0)).collect();
            let Some(family) = families.get_mut(&(own.clone(), false)) else { continue };
            let Ok(days) = family.days.binary_search(&cell.days) else { continue };
            for kept in &cell.kept {
                let is_kept = |it: &usize| kept.contains(&cell.at[*it].0) || known.conditions.contains(&cell.at[*it].0);
                let kept: Vec<usize> = (0..own.len()).filter(is_kept).collect();
                let values = kept.iter().map(|it| cell.at[*it].1).collect();
                let told = family.tables.entry(kept).or_default().entry(values).or_default();
                told.days.resize(family.days.len(), false);
                told.days[days] = true;
            }
        }
        let heaviest = |it: BTreeMap<u32, u64>| {
            let mut values: Vec<(u32, u64)> = it.into_iter().collect();
            values.sort_by_key(|it| (std::cmp::Reverse(it.1), it.0));
            values.into_iter().map(|it| it.0).collect()
        };
        // Where all values are read, each is known that may be among the rest.
        let read: BTreeSet<u32> = untold.iter().flat_map(|it| it.0.iter().copied()).collect();
        let mut values: Vec<Vec<u32>> = weights.into_iter().map(heaviest).collect();
        for (values, _) in values.iter_mut().zip(&dimensions).filter(|it| read.contains(it.1)) {
            if values.len() > 1 {
                values.retain(|it| *it != REST);
            }
        }
        let mut families: Vec<Family> = families.into_values().collect();
        let spans_of = |family: &Family, told: &Told| {
            let days: Vec<(i32, i32)> = family.days.iter().zip(&told.days).filter(|it| *it.1).map(|it| *it.0).collect();
            spans(&days)
        };
        // Where a whole table has no cell of a month, no answer can be moved there.
        let wholes =
            families.iter().flat_map(|it| it.tables.get(&Vec::new()).into_iter().flat_map(HashMap::values).map(move |told| (it, told)));
        let spans: Vec<Vec<Span>> = wholes.map(|(family, told)| spans_of(family, told)).collect();
        let full = |moment: &i32| spans.iter().flatten().all(|it| it.holds(*moment));
        let moments: Vec<i32> = moments.into_iter().filter(full).collect();
        for family in &mut families {
            let over =
                |moment: &i32| (0..family.days.len()).filter(|it| family.days[*it].0 <= *moment && *moment < family.days[*it].1).collect();
            family.over = moments.iter().map(over).collect();
            let mut tables = std::mem::take(&mut family.tables);
            for told in tables.values_mut().flat_map(HashMap::values_mut) {
                let spans = spans_of(family, told);
                told.moments = moments.iter().map(|moment| spans.iter().all(|it| it.holds(*moment))).collect();
            }
            family.tables = tables;
        }
        let lies = known.within.iter().filter_map(|it| Some((place(it.0)?, place(it.1)?, lies_in(cells, *it)?))).collect();
        let questions = questions.into_iter().map(|it| Question::new(it, cells)).collect();
        Shape { cells, families, dimensions, values, lies, moments, questions }
    }

    /// Hides what it takes for a small cell to be safe.
    fn protect(&self, target: usize, least: u64, hidden: &mut [bool]) {
        let mut moves: Vec<Changes> = Vec::new();
        let mut known: HashSet<Changes> = HashSet::new();
        let own = self.stand_ins(target);
        let places = own.iter().flat_map(|it| self.places(it, MOST_PLACES, MOST_PLACES * MOST_PLACES));
        for (at, place) in places.enumerate() {
            self.moves(target, &place, &mut known, &mut moves);
            // Often what is hidden already is company enough.
            if at == 0 && self.is_safe(&moves, least, hidden) {
                return;
            }
        }
        moves.push(self.alone(target, &own));
        let mut carried = Carried::new(self.cells, &self.questions);
        let mut width = 0;
        while width < least {
            let need = least - width;
            let cost = |it: &Changes, hidden: &[bool]| -> u64 { it.iter().filter(|it| !hidden[it.0]).map(|it| self.cells[it.0].n).sum() };
            let rated = moves.iter().map(|it| (it, carried.room(it).min(need), cost(it, hidden))).filter(|it| it.1 > 0);
            // What is free comes first; then what suffices at the least cost; then what brings the most for its cost. The
            // last move hides totals, which readers miss most: it is taken where no other helps.
            let alone = moves.last().map(std::ptr::from_ref);
            let best = rated.min_by(|a, b| {
                let rank =
                    |it: &(&Changes, u64, u64)| (it.2 > 0, it.2 > 0 && alone == Some(std::ptr::from_ref(it.0)), it.1 < need && it.2 > 0);
                let by_cost = || (u128::from(a.2) * u128::from(b.1)).cmp(&(u128::from(b.2) * u128::from(a.1)));
                rank(a).cmp(&rank(b)).then_with(by_cost).then(b.1.cmp(&a.1))
            });
            // The last move of all takes from nowhere, so there always is one.
            let Some((chosen, room, _)) = best else { return };
            chosen.iter().for_each(|it| hidden[it.0] = true);
            carried.carry(chosen);
            width += room;
        }
    }

    /// Whether moves that change nothing that is shown leave enough open.
    fn is_safe(&self, moves: &[Changes], least: u64, hidden: &[bool]) -> bool {
        let mut carried = Carried::new(self.cells, &self.questions);
        let mut width: u64 = 0;
        for free in moves.iter().filter(|it| it.iter().all(|it| hidden[it.0])) {
            width = width.saturating_add(carried.room(free));
            if width >= least {
                return true;
            }
            carried.carry(free);
        }
        false
    }

    /// The moves that put answers into a cell, in boxes of which one corner is a place.
    fn moves(&self, target: usize, place: &Place, known: &mut HashSet<Changes>, moves: &mut Vec<Changes>) {
        let cell = &self.cells[target];
        let own = self.place_of(cell);
        let varied: Vec<usize> = (0..own.len()).filter(|it| own[*it].is_some()).collect();
        let (here, then) = (self.moments_of(cell.days, true), self.moments_of(cell.days, false));
        let mut boxes = Vec::new();
        for varied in subsets(&varied) {
            for values in self.alternatives(&varied, place) {
                let Some(corners) = self.corners(place, varied.iter().copied().zip(values)) else { continue };
                let held = self.held(&corners);
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
    fn alone(&self, target: usize, own: &[Place]) -> Changes {
        let days = self.cells[target].days;
        let mut places = own.iter().flat_map(|it| self.places(it, usize::MAX, MOST_TRIED));
        let here = self.moments_of(days, true);
        let at = |place: &Place, moment: usize| {
            self.changes(&self.held(&[(place.clone(), true)]), moment).filter(|it| it.contains(&(target, 1)))
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
    fn stand_ins(&self, target: usize) -> Vec<Place> {
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
    fn places(&self, own: &Place, values_each: usize, most: usize) -> Vec<Place> {
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
    fn held(&self, corners: &[(Place, bool)]) -> Vec<Held<'_>> {
        let mut held = Vec::new();
        for family in &self.families {
            for (place, gains) in corners {
                if let Some(key) = family.dimensions.iter().map(|it| place[*it]).collect::<Option<Vec<u32>>>() {
                    let by = if *gains { 1 } else { -1 };
                    held.push(Held { family, told: family.told(&key), cells: family.cells(&key), by });
                }
            }
        }
        held
    }

    /// What changes in a moment, where every corner has cells to change.
    fn changes(&self, held: &[Held<'_>], moment: usize) -> Option<Changes> {
        let mut changes = Changes::new();
        for Held { family, told, cells, by } in held {
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
    told: Vec<(&'a [usize], &'a Told)>,
    /// By the places of their days: of the first that has a cell over some days, that one.
    cells: Vec<(Option<usize>, &'a [Option<usize>])>,
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

/// The dimensions that a cell is cut by.
fn cut_of(cell: &Cell) -> Vec<u32> {
    cell.at.iter().map(|it| it.0).collect()
}

/// Where each value of a dimension lies; `None` where one lies in several, or nothing tells.
fn lies_in(cells: &[Cell], (child, parent): (u32, u32)) -> Option<HashMap<u32, u32>> {
    let mut of: HashMap<u32, u32> = HashMap::new();
    for cell in cells.iter().filter(|it| it.n > 0) {
        let value = |dimension: u32| cell.at.iter().find(|it| it.0 == dimension).map(|it| it.1);
        if let Some((child, parent)) = value(child).zip(value(parent))
            && *of.entry(child).or_insert(parent) != parent
        {
            return None;
        }
    }
    (!of.is_empty()).then_some(of)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A cell by one dimension, over a month.
    fn cell(at: &[(u32, u32)], days: (i32, i32), n: u64) -> Cell {
        Cell { at: at.to_vec(), days, n, protected: n, sums: Vec::new(), kept: vec![Vec::new()] }
    }

    fn shown(cells: &[Cell], least: u64) -> Vec<bool> {
        hidden(cells, &Known::default(), Vec::new(), least).into_iter().map(|it| !it).collect()
    }

    #[test]
    fn nothing_small_hides_nothing() {
        let cells = [cell(&[], (0, 30), 30), cell(&[(0, 0)], (0, 30), 12), cell(&[(0, 1)], (0, 30), 18)];
        assert_eq!(shown(&cells, 10), [true, true, true]);
    }

    #[test]
    fn a_small_part_takes_the_next_smallest_with_it() {
        let parts = [(0, 3), (1, 40), (2, 17)];
        let mut cells = vec![cell(&[], (0, 30), 60)];
        cells.extend(parts.map(|(value, n)| cell(&[(0, value)], (0, 30), n)));
        assert_eq!(shown(&cells, 10), [true, false, true, false]);
    }

    #[test]
    fn small_parts_that_are_enough_together_keep_company() {
        let parts = [(0, 6), (1, 7), (2, 8), (3, 40)];
        let mut cells = vec![cell(&[], (0, 30), 61)];
        cells.extend(parts.map(|(value, n)| cell(&[(0, value)], (0, 30), n)));
        assert_eq!(shown(&cells, 10), [true, false, false, false, true]);
    }

    #[test]
    fn two_small_parts_that_are_too_few_together_take_a_third() {
        let parts = [(0, 2), (1, 3), (2, 20), (3, 40)];
        let mut cells = vec![cell(&[], (0, 30), 65)];
        cells.extend(parts.map(|(value, n)| cell(&[(0, value)], (0, 30), n)));
        assert_eq!(shown(&cells, 10), [true, false, false, false, true]);
    }

    #[test]
    fn a_small_month_takes_another_month_of_its_quarter() {
        let cells = [cell(&[], (0, 90), 64), cell(&[], (0, 30), 4), cell(&[], (30, 60), 40), cell(&[], (60, 90), 20)];
        assert_eq!(shown(&cells, 10), [true, false, true, false]);
    }

    #[test]
    fn windows_that_overlap_do_not_hide_a_whole_period() {
        // Five quarters of three branches, and windows of four quarters: over the last quarters lie fewer of them.
        let quarters = [(0, 90), (90, 181), (181, 273), (273, 365), (365, 455)];
        let mut cells = Vec::new();
        for days in quarters {
            cells.push(cell(&[], days, 63));
            cells.extend([(0, 3), (1, 40), (2, 20)].map(|(value, n)| cell(&[(0, value)], days, n)));
        }
        cells.extend([(0, 365), (90, 455)].map(|days| cell(&[], days, 252)));
        let shown = shown(&cells, 10);
        for quarter in 0..quarters.len() {
            assert_eq!(shown[4 * quarter..][..4], [true, false, true, false], "quarter {quarter}");
        }
        assert_eq!(shown[4 * quarters.len()..], [true, true]);
    }

    #[test]
    fn without_a_sum_nothing_more_is_hidden() {
        let cells = [cell(&[(0, 0)], (0, 30), 3), cell(&[(0, 1)], (0, 30), 18)];
        assert_eq!(shown(&cells, 10), [false, true]);
    }

    #[test]
    fn parts_that_leave_a_small_rest_are_not_all_shown() {
        let part = |value, n| Cell { kept: vec![vec![0]], ..cell(&[(0, value)], (0, 30), n) };
        let cells = [cell(&[], (0, 30), 23), part(0, 11), part(1, 11)];
        assert_eq!(shown(&cells, 10).iter().filter(|it| !**it).count(), 1);
        assert_eq!(shown(&[cell(&[], (0, 30), 40), part(0, 11), part(1, 11)], 10), [true, true, true]);
    }

    #[test]
    fn one_value_by_quarter_says_nothing_of_the_others_by_month() {
        // Of two channels by three months, one is told over the quarter too: that the other is not hides nothing more.
        let quarter = (0, 90);
        let months = [(0, 30), (30, 60), (60, 90)];
        let mut cells = vec![Cell { kept: vec![vec![0]], ..cell(&[(0, 0)], quarter, 63) }];
        for (days, small) in months.into_iter().zip([20, 4, 20]) {
            cells.push(cell(&[], days, 21 + small + 30));
            cells.extend([cell(&[(0, 0)], days, 21), cell(&[(0, 1)], days, small), cell(&[(0, 2)], days, 30)]);
        }
        let hidden: Vec<usize> = (0..).zip(shown(&cells, 10)).filter(|it| !it.1).map(|it| it.0).collect();
        // The small one, and the other of its month that is not told by quarter.
        assert_eq!(hidden, [7, 8]);
    }

    #[test]
    fn what_parts_leave_of_each_region_is_protected() {
        // A whole by region, and one channel by region; the other channels of region 1 are 4 answers.
        let part = |region, n| Cell { kept: vec![vec![0]], ..cell(&[(0, 0), (1, region)], (0, 30), n) };
        let mut cells = vec![cell(&[], (0, 30), 134)];
        cells.extend([(0, 60), (1, 24), (2, 50)].map(|(region, n)| cell(&[(1, region)], (0, 30), n)));
        cells.extend([part(0, 30), part(1, 20), part(2, 30)]);
        // No table tells the channel over all regions, so its region 1 is enough.
        assert_eq!(shown(&cells, 10), [true, true, true, true, true, false, true]);
    }

    #[test]
    fn a_part_of_one_takes_its_total() {
        let cells = [cell(&[], (0, 30), 4), cell(&[(0, 0)], (0, 30), 4)];
        assert_eq!(shown(&cells, 10), [false, false]);
    }

    #[test]
    fn a_small_part_takes_another_of_what_it_lies_in() {
        // Branches of two regions: 0 and 1 lie in region 0, the others in region 1.
        let branches = [(0, 4, 0), (1, 40, 0), (2, 12, 1), (3, 60, 1)];
        let mut cells = vec![cell(&[], (0, 30), 116), cell(&[(0, 0)], (0, 30), 44), cell(&[(0, 1)], (0, 30), 72)];
        cells.extend(branches.map(|(branch, n, _)| cell(&[(1, branch)], (0, 30), n)));
        cells.extend(branches.map(|(branch, n, region)| cell(&[(0, region), (1, branch)], (0, 30), n)));
        let found: Vec<bool> =
            hidden(&cells, &Known { within: vec![(1, 0)], ..Known::default() }, Vec::new(), 10).into_iter().map(|it| !it).collect();
        // Region 0 is shown, so that both its branches are hidden, though another branch is smaller.
        assert_eq!(found[..7], [true, true, true, false, false, true, true]);
    }

    #[test]
    fn a_part_that_is_all_of_what_it_lies_in_takes_that_too() {
        let branches = [(0, 4, 0), (1, 12, 1), (2, 60, 1)];
        let mut cells = vec![cell(&[], (0, 30), 76), cell(&[(0, 0)], (0, 30), 4), cell(&[(0, 1)], (0, 30), 72)];
        cells.extend(branches.map(|(branch, n, _)| cell(&[(1, branch)], (0, 30), n)));
        cells.extend(branches.map(|(branch, n, region)| cell(&[(0, region), (1, branch)], (0, 30), n)));
        let found: Vec<bool> =
            hidden(&cells, &Known { within: vec![(1, 0)], ..Known::default() }, Vec::new(), 10).into_iter().map(|it| !it).collect();
        // The total stays; the other region is hidden, and one branch in it.
        assert_eq!(found[..4], [true, false, false, false]);
        assert_ne!(found[4], found[5]);
    }

    #[test]
    fn a_part_by_two_dimensions_takes_a_box() {
        let mut cells = vec![cell(&[], (0, 30), 103)];
        let table = [[3, 20, 20], [20, 20, 20]];
        cells.extend((0..2).map(|row| cell(&[(0, row)], (0, 30), table[row as usize].iter().sum())));
        cells.extend((0..3).map(|column| cell(&[(1, column)], (0, 30), table.iter().map(|it| it[column as usize]).sum())));
        for row in 0..2 {
            cells.extend((0..3).map(|column| cell(&[(0, row), (1, column)], (0, 30), table[row as usize][column as usize])));
        }
        let shown = shown(&cells, 10);
        assert!(shown[..6].iter().all(|it| *it), "no margin is hidden");
        assert_eq!(shown[6..].iter().filter(|it| !**it).count(), 4);
        assert!(!shown[6]);
    }
}
