//! What do tables tell of the cells of a base: which cuts are there, over which days, and where everyone can see that nobody
//! is?

use super::cone::Answers;
use super::derived::REST;
use super::pattern::{Cell, Known};
use super::room::Scored;
use super::spans::{Days, Span, spans};
use foldhash::{HashMap, HashMapExt, HashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

pub(super) struct Shape<'a> {
    pub cells: &'a [Cell],
    pub families: Vec<Family>,
    /// Every dimension, in order; elsewhere a dimension is its place here.
    pub dimensions: Vec<u32>,
    /// The values of each dimension, those with the most answers first.
    pub values: Vec<Vec<u32>>,
    /// Which dimension lies within which, and where each of its values lies.
    pub lies: Vec<(usize, usize, HashMap<u32, u32>)>,
    /// The first days of the stretches that no cell parts further, and in which every cut has its cells.
    pub moments: Vec<i32>,
    /// What scores tell of the answers in the cells.
    pub questions: Vec<Scored>,
}

/// A value for each of some dimensions, by their places.
pub(super) type Place = Vec<Option<u32>>;

impl<'a> Shape<'a> {
    pub fn new(cells: &'a [Cell], known: &Known, questions: Vec<Answers>) -> Shape<'a> {
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
        let questions = questions.into_iter().map(|it| Scored::new(it, cells)).collect();
        Shape { cells, families, dimensions, values, lies, moments, questions }
    }
}

/// All cells of one cut.
pub(super) struct Family {
    /// By their places.
    pub dimensions: Vec<usize>,
    /// The days of its cells, in order.
    pub days: Vec<(i32, i32)>,
    /// The tables that tell it, by the places in a key of what they are kept to, and by the values there.
    pub tables: BTreeMap<Vec<usize>, HashMap<Vec<u32>, Told>>,
    /// Whether some of its cells are what is left of a whole.
    pub has_rests: bool,
    /// Whether it is of cells that nobody is told: then only those in it that others have no place for change.
    pub is_untold: bool,
    /// Its cells, by what they are cut by and the place of their days.
    pub places: HashMap<Vec<u32>, Vec<Option<usize>>>,
    /// The places of the days that hold each moment.
    pub over: Vec<Vec<usize>>,
}

impl Family {
    /// What is told of a key, table by table, each with what it is kept to.
    pub fn told(&self, key: &[u32]) -> Vec<(&[usize], &Told)> {
        let values = |kept: &[usize]| kept.iter().map(|it| key[*it]).collect::<Vec<u32>>();
        self.tables.iter().filter_map(|(kept, tables)| Some((kept.as_slice(), tables.get(&values(kept))?))).collect()
    }

    /// Its cells with a key, and behind them what stands for that key among the rest by one of its values; that value's place.
    pub fn cells(&self, key: &[u32]) -> Vec<(Option<usize>, &[Option<usize>])> {
        let rest = |at: usize| (Some(at), [&key[..at], &[REST], &key[at + 1..]].concat());
        let keys = std::iter::once((None, key.to_vec())).chain((0..key.len()).filter(|_| self.has_rests).map(rest));
        keys.filter_map(|(at, it)| Some((at, self.places.get(&it)?.as_slice()))).collect()
    }

    /// Its cell with a key over some days, or what stands for it among the rest.
    pub fn cell(&self, key: &[u32], days: usize) -> Option<usize> {
        among(&self.cells(key), &self.told(key), days)
    }
}

/// What a family has at a key.
pub(super) struct At<'s> {
    /// What is told of it, table by table.
    pub told: Vec<(&'s [usize], &'s Told)>,
    /// By the places of their days: of the first that has a cell over some days, that one.
    pub cells: Vec<(Option<usize>, &'s [Option<usize>])>,
}

/// What each family of a shape was found to have: boxes have most of their corners in common.
pub(super) struct Looked<'s> {
    pub families: Vec<LookedFamily<'s>>,
}

#[derive(Default)]
pub(super) struct LookedFamily<'s> {
    known: HashMap<Vec<u32>, Rc<At<'s>>>,
    key: Vec<u32>,
}

impl<'s> Looked<'s> {
    pub fn new(shape: &Shape<'_>) -> Looked<'s> {
        Looked { families: shape.families.iter().map(|_| LookedFamily::default()).collect() }
    }
}

impl<'s> LookedFamily<'s> {
    /// What its family has at a place; nothing where the place has no value of a dimension of it.
    pub fn at(&mut self, family: &'s Family, place: &Place) -> Option<Rc<At<'s>>> {
        self.key.clear();
        for dimension in &family.dimensions {
            self.key.push(place[*dimension]?);
        }
        if let Some(it) = self.known.get(&self.key) {
            return Some(Rc::clone(it));
        }
        let at = Rc::new(At { told: family.told(&self.key), cells: family.cells(&self.key) });
        self.known.insert(self.key.clone(), Rc::clone(&at));
        Some(at)
    }
}

/// The first cell over some days; a value that a table is kept to is not among the rest.
pub(super) fn among(cells: &[(Option<usize>, &[Option<usize>])], told: &[(&[usize], &Told)], days: usize) -> Option<usize> {
    let is_rest = |at: usize| !told.iter().any(|it| it.0.contains(&at) && it.1.days[days]);
    cells.iter().filter(|it| it.0.is_none_or(is_rest)).find_map(|it| it.1[days])
}

/// What a table tells: where it has no cell, nobody was there, and everyone can see that.
#[derive(Default)]
pub(super) struct Told {
    /// Of each of its family's days, whether it has cells over them.
    pub days: Vec<bool>,
    /// Of each moment, whether it has cells over it.
    pub moments: Vec<bool>,
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
