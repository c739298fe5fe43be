//! Leaves that are added exactly: rows fall into classes that the leaves tell apart, and classes are counted.
//!
//! An item is what leaves over the same coded columns share. For each combination of codes the reference interpreter
//! says, once, what each leaf takes of such a row: that is the combination's class. A leaf's state is a sum over the
//! counts of classes; weights are summed by class, and what is multiplied by a number of the row is summed apart.

mod item;
mod shape;
mod sums;

pub use shape::fits;

use super::columns::{Batch, Dictionary};
use super::kernels::{MOST_ROWS, WINDOW};
use super::numbers::Cache;
use super::reach::Context;
use super::slots::SINK;
use crate::plan::Grouping;
use crate::state::Cell;
use item::Item;
use shape::shape;
use sums::Together;

/// The leaves of a grouping that are added by kernels.
pub struct Items {
    items: Vec<Item>,
    /// For each leaf of the grouping its item, and its place there; else its place among those that are added elsewhere.
    places: Vec<Result<ItemPlace, usize>>,
    /// For each slot the rows since records were emptied.
    since: Vec<u32>,
    /// Rows of a slot until records are emptied; items whose packed records hold fewer do without them.
    limit: u32,
}

/// The leaves that turned out to be no case for kernels.
pub type Unfit = Vec<usize>;

impl Items {
    /// Nothing added yet. `exact` says which leaves are added here.
    pub fn new(context: &Context<'_>, grouping: &Grouping, exact: impl Fn(usize) -> bool) -> Items {
        let mut items: Vec<Item> = Vec::new();
        let mut places = vec![Err(0); grouping.leaves.len()];
        // Those with a number first: the others join them.
        let shapes = grouping.leaves.iter().enumerate().filter(|it| exact(*it.1));
        let mut shapes: Vec<_> = shapes.filter_map(|(at, leaf)| Some((at, *leaf, shape(context, &context.read.leaves[*leaf])?))).collect();
        shapes.sort_by_key(|(at, _, shape)| (shape.number.is_none(), *at));
        for (at, leaf, mut shape) in shapes {
            shape.columns.sort_unstable();
            let same = |it: &Item| it.columns == shape.columns && (shape.number.is_none() || it.number == shape.number);
            let item = items.iter().position(same).unwrap_or_else(|| {
                items.push(Item::new(shape.columns.clone(), shape.number));
                items.len() - 1
            });
            places[at] = Ok((item, items[item].leaves.len()));
            items[item].add_leaf(leaf, &context.read.leaves[leaf], shape.product);
        }
        places.iter_mut().filter_map(|it| it.as_mut().err()).enumerate().for_each(|(at, place)| *place = at);
        Items { items, places, since: Vec::new(), limit: 0 }
    }

    /// Adds the rows of a batch to their slots.
    ///
    /// # Errors
    /// The leaves that cannot be added exactly.
    pub fn add(
        &mut self,
        context: &Context<'_>,
        batch: &Batch,
        dictionaries: &[Dictionary],
        cache: &mut Cache,
        ids: &[u32],
        slots: usize,
    ) -> Result<(), Unfit> {
        if self.items.is_empty() {
            return Ok(());
        }
        self.since.resize(slots, 0);
        let mut prepared = Vec::with_capacity(self.items.len());
        for item in &mut self.items {
            prepared.push(item.prepare(context, batch, dictionaries, cache)?);
        }
        let mut start = 0;
        while start < ids.len() {
            let window = self.window(&ids[start..]);
            for (item, prepared) in self.items.iter_mut().zip(&prepared) {
                item.add(prepared, &ids[start..start + window], start, slots, self.limit);
            }
            start += window;
        }
        Ok(())
    }

    /// How many of the next rows go through the kernels at a time: as many as there are, unless a slot has more of them
    /// than its records hold.
    fn window(&mut self, ids: &[u32]) -> usize {
        if self.count(ids) <= self.limit {
            return ids.len();
        }
        let since = &self.since;
        self.items.iter_mut().for_each(|it| it.empty_since(since));
        self.since.fill(0);
        let most = self.count(ids);
        let packed = self.items.iter().filter_map(|it| it.layout).map(|it| it.rows());
        self.limit = packed.filter(|it| *it >= most).min().unwrap_or(MOST_ROWS);
        if most <= MOST_ROWS {
            return ids.len();
        }
        let window = ids.len().min(WINDOW);
        self.since.fill(0);
        self.count(&ids[..window]);
        window
    }

    /// Counts rows in their slots since records were emptied; gives the most of a slot.
    fn count(&mut self, ids: &[u32]) -> u32 {
        ids.iter().for_each(|it| self.since[*it as usize] += 1);
        self.since[SINK as usize] = 0;
        self.since.iter().fold(0, |most, it| most.max(*it))
    }

    /// Empties all records: totals are complete.
    pub fn close(&mut self) {
        for item in &mut self.items {
            item.empty();
            item.counts = Vec::new();
            item.fused = Together::Apart;
            item.packed = Vec::new();
        }
    }

    /// Adds what another worker added; `places` are its slots here.
    ///
    /// # Errors
    /// The leaves that cannot be added exactly.
    pub fn absorb(&mut self, other: Items, places: &[usize], slots: usize) -> Result<(), Unfit> {
        for (mine, theirs) in self.items.iter_mut().zip(other.items) {
            let leaves: Unfit = mine.leaves.iter().map(|it| it.leaf).collect();
            mine.absorb(theirs, places, slots).ok_or(leaves)?;
        }
        Ok(())
    }

    /// Where a leaf of the grouping is added here; else its place among the others.
    pub fn place(&self, at: usize) -> Result<ItemPlace, usize> {
        self.places[at]
    }

    /// The cell of a leaf that was added here.
    pub fn cell(&self, (item, leaf): ItemPlace, slot: usize, lacks_cluster: bool) -> Cell {
        self.items[item].cell(leaf, slot, lacks_cluster)
    }
}

/// An item, and the place of a leaf there.
pub type ItemPlace = (usize, usize);
