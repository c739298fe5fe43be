//! Leaves over the same columns: the classes of their codes, and what is added up of each.

use super::Unfit;
use super::shape::{Linear, linear};
use super::sums::{Product, Records, Sums, Together, add, add_sums, spread, together};
use crate::engine::embedded::columns::{Batch, Coded, Codes, Column, Dictionary, NEVER, REASONS, Reached};
use crate::engine::embedded::kernels::{self, Fused, Layout, NARROW, Record, Step};
use crate::engine::embedded::numbers::{Cache, Prepared};
use crate::engine::embedded::reach::{Context, Entries};
use crate::engine::fold::{Taken, empty, take};
use crate::plan::{Leaf, Measure};
use crate::row::{Missing, Value, evaluate};
use crate::state::{Cell, Seen, State};
use crate::value::{MAX_SCALE, Num};
use std::collections::HashMap;

/// Classes of an item at most; a leaf that would need more is no case for kernels.
const MOST_CLASSES: usize = 250;
/// Combinations of codes of an item at most.
const MOST_COMBINATIONS: usize = 1 << 20;
/// Products up to this size leave room for the squares of 2^34 rows in 128 bits; larger ones go row by row.
const LARGEST_PRODUCT: u64 = 1 << 46;
/// Weights up to this size, with scores up to the next, leave room for the squares of both of 2^32 rows.
const LARGEST_WEIGHT: u64 = 1 << 37;
const LARGEST_WEIGHTED_SCORE: u64 = 1 << 10;
/// Scores that are not weighted.
const LARGEST_SCORE: u64 = 1 << 40;
const UNKNOWN: u16 = u16::MAX;

/// What a leaf takes of a row of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Outcome {
    Nothing,
    Left(Missing),
    NoWeight,
    Score(i64, u8),
    /// A value of a table of frequencies, by its place among those of the leaf.
    Seen(u32),
    /// A score that is the row's number, times the factor of its combination.
    Product,
}

/// Leaves over the same columns.
pub(super) struct Item {
    pub(super) columns: Vec<usize>,
    pub(super) number: Option<usize>,
    pub(super) leaves: Vec<ItemLeaf>,
    classes: Vec<Vec<Outcome>>,
    class_of: HashMap<Vec<Outcome>, u16>,
    /// For each combination of codes, and reason why the number is missing, its class.
    table: Vec<u16>,
    /// The sizes of dictionaries that the table has room for.
    sizes: Vec<usize>,
    /// Records of a slot are `1 << shift` long.
    shift: u32,
    pub(super) counts: Vec<u16>,
    /// The same with the sums of the one product, where there is one and classes are few.
    pub(super) fused: Together,
    /// The same in one word a slot, where slots have few rows of a batch; and how.
    pub(super) packed: Vec<u64>,
    pub(super) layout: Option<Layout>,
    totals: Vec<u64>,
    /// The decimals of the number.
    scale: u8,
    /// By slot and class, where leaves are weighted.
    weights: Option<Sums>,
    products: Vec<Product>,
}

pub(super) struct ItemLeaf {
    pub(super) leaf: usize,
    of: Leaf,
    weighted: bool,
    /// Its place among the products.
    product: Option<usize>,
    seen: Vec<Seen>,
}

/// An item's columns over a batch, as kernels take them.
pub(super) struct Ready {
    /// Codes, and the class of each.
    codes: Codes,
    class: Box<[u8; 256]>,
    numbers: Option<Prepared>,
    /// For each product the factor of each code, or the finished products.
    products: Vec<Factors>,
    /// What each code adds to packed records, where the item has such.
    steps: Option<Box<[Step; 256]>>,
}

enum Factors {
    ByCode { factors: Box<[i64; 256]>, most: u64 },
    Finished { numbers: Vec<i64>, most: u64 },
}

impl Item {
    pub(super) fn new(columns: Vec<usize>, number: Option<usize>) -> Item {
        Item {
            columns,
            number,
            leaves: Vec::new(),
            classes: Vec::new(),
            class_of: HashMap::new(),
            table: Vec::new(),
            sizes: Vec::new(),
            shift: 2,
            counts: Vec::new(),
            fused: Together::Apart,
            packed: Vec::new(),
            layout: None,
            totals: Vec::new(),
            scale: 0,
            weights: None,
            products: Vec::new(),
        }
    }

    pub(super) fn add_leaf(&mut self, leaf: usize, of: &Leaf, product: bool) {
        // Answers are counted; only scores are multiplied.
        let product = (product && matches!(of.measure, Measure::Score(_))).then(|| {
            self.products.push(Product { squares: of.squares, ..Product::default() });
            self.products.len() - 1
        });
        let weighted = of.weight.is_some();
        if weighted {
            self.weights.get_or_insert_with(Sums::default);
        }
        self.leaves.push(ItemLeaf { leaf, of: of.clone(), weighted, product, seen: Vec::new() });
    }

    fn unfit(&self) -> Unfit {
        self.leaves.iter().map(|it| it.leaf).collect()
    }

    /// The leaves that take a number of the row.
    fn unfit_number(&self) -> Unfit {
        self.leaves.iter().filter(|it| it.weighted || it.product.is_some() || self.number_is_asked(it)).map(|it| it.leaf).collect()
    }

    fn number_is_asked(&self, leaf: &ItemLeaf) -> bool {
        // An answered number is a class of its own, and needs to be told from a missing one.
        matches!(leaf.of.measure, Measure::Answered(_)) && self.number.is_some()
    }

    // -- classes -----------------------------------------------------------------------------------------------------

    pub(super) fn prepare(
        &mut self,
        context: &Context<'_>,
        batch: &Batch,
        dictionaries: &[Dictionary],
        cache: &mut Cache,
    ) -> Result<Ready, Unfit> {
        let mut coded: Vec<&Coded> = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            match &batch.columns[*column] {
                Column::Coded(it) => coded.push(it),
                _ => return Err(self.unfit()),
            }
        }
        let mut numbers = None;
        if let Some(column) = self.number {
            let largest = if self.weights.is_some() { LARGEST_WEIGHT } else { LARGEST_PRODUCT };
            let prepared = cache.get(column, batch, dictionaries).filter(|it| it.scale <= MAX_SCALE);
            let prepared = prepared.ok_or_else(|| self.unfit_number())?;
            self.number_scale(prepared.scale).ok_or_else(|| self.unfit_number())?;
            let prepared = prepared.at_scale(self.scale).filter(|it| it.most <= largest).ok_or_else(|| self.unfit_number())?;
            // Rows with such weights are left out one by one (`take`); sums of a batch know no row.
            if self.weights.is_some() && prepared.mantissas.iter().any(|it| *it < 0) {
                return Err(self.unfit_number());
            }
            numbers = Some(prepared);
        }
        self.grow(dictionaries).ok_or_else(|| self.unfit())?;
        let missing = numbers.as_ref().and_then(|it| it.missing.clone());
        let mut ready = match (coded.as_slice(), &missing) {
            ([one], None) if matches!(one.codes, Codes::Bytes(_)) => self.by_code(context, dictionaries, one, numbers)?,
            _ => self.by_row(context, dictionaries, &coded, missing.as_deref(), numbers, batch.rows)?,
        };
        if self.classes.len() > 1 << self.shift {
            self.widen();
        }
        ready.steps = self.steps(&ready);
        Ok(ready)
    }

    /// What each code adds to packed records; makes them such that there is room for it.
    fn steps(&mut self, ready: &Ready) -> Option<Box<[Step; 256]>> {
        let none = [0; 256];
        let (factors, most) = match (ready.products.as_slice(), &ready.numbers, &self.weights) {
            ([], _, None) => (&none, 0),
            ([Factors::ByCode { factors, most }], Some(numbers), None)
                if numbers.small.is_some() && !self.products[0].squares && factors.iter().all(|it| *it >= 0) =>
            {
                (&**factors, *most)
            }
            _ => {
                if self.layout.is_some() {
                    self.empty();
                    self.layout = None;
                }
                return None;
            }
        };
        if !self.layout.is_some_and(|it| it.holds(self.classes.len(), most)) {
            if self.layout.is_some() {
                self.empty();
            }
            // Numbers of later batches may be somewhat larger.
            let layout = |most: u64| Layout::new(self.classes.len().max(1), most);
            self.layout = layout(most.saturating_mul(2)).or_else(|| layout(most));
        }
        let layout = self.layout?;
        let mut steps = Box::new([Step::default(); 256]);
        let known = |it: &u8| usize::from(*it) < self.classes.len();
        for ((step, class), factor) in steps.iter_mut().zip(ready.class.iter()).zip(factors).filter(|it| known(it.0.1)) {
            *step = Step { count: layout.step(*class), factor: factor.unsigned_abs() };
        }
        Some(steps)
    }

    /// Makes room in the table for the codes that dictionaries have.
    fn grow(&mut self, dictionaries: &[Dictionary]) -> Option<()> {
        let fits = self.columns.iter().zip(&self.sizes).all(|(column, size)| dictionaries[*column].entries.len() <= *size);
        if fits && self.sizes.len() == self.columns.len() && !self.table.is_empty() {
            return Some(());
        }
        self.sizes = self.columns.iter().map(|it| dictionaries[*it].entries.len().next_power_of_two()).collect();
        let combinations = self.sizes.iter().try_fold(1usize, |space, it| space.checked_mul(*it))?;
        if combinations > MOST_COMBINATIONS {
            return None;
        }
        self.table = vec![UNKNOWN; combinations * (REASONS.len() + 1)];
        for product in &mut self.products {
            product.factors = vec![Num::int(0); self.table.len()];
        }
        Some(())
    }

    /// The place of a combination in the table.
    pub(super) fn place(&self, codes: impl Iterator<Item = u32>, reason: u8) -> usize {
        codes.zip(&self.sizes).fold(0, |place, (code, size)| place * size + code as usize) * (REASONS.len() + 1) + usize::from(reason)
    }

    /// The class of a combination; the interpreter is asked once.
    fn class(&mut self, context: &Context<'_>, dictionaries: &[Dictionary], place: usize, codes: &[u32], reason: u8) -> Result<u8, Unfit> {
        if self.table[place] == UNKNOWN {
            let codes = self.columns.iter().zip(codes).map(|(column, code)| (*column, *code as usize)).collect();
            let missing = self.number.filter(|_| reason > 0).map(|it| (it, REASONS[usize::from(reason) - 1]));
            let row = context.row(Entries { dictionaries, codes, missing });
            let mut outcomes = Vec::with_capacity(self.leaves.len());
            for at in 0..self.leaves.len() {
                let leaf = &mut self.leaves[at];
                let unfit = vec![leaf.leaf];
                let Some((outcome, factor)) = leaf.outcome(context, self.number, &row) else { return Err(unfit) };
                if let (Some(product), Some(factor)) = (leaf.product, factor) {
                    let Num::Decimal { scale, .. } = factor else { return Err(unfit) };
                    self.products[product].factors[place] = factor;
                    if scale > self.products[product].scale {
                        // What records hold has the decimals of before.
                        self.empty();
                        self.products[product].rescale(scale).ok_or(unfit)?;
                    }
                }
                outcomes.push(outcome);
            }
            let next = self.classes.len();
            let class = *self.class_of.entry(outcomes.clone()).or_insert(next as u16);
            if usize::from(class) == next {
                self.classes.push(outcomes);
            }
            if self.classes.len() > MOST_CLASSES {
                // The leaf that tells the most apart goes.
                let different = |at: usize| {
                    let mut seen: Vec<Outcome> = Vec::new();
                    self.classes.iter().for_each(|it| {
                        if !seen.contains(&it[at]) {
                            seen.push(it[at])
                        }
                    });
                    seen.len()
                };
                let most = (0..self.leaves.len()).max_by_key(|it| different(*it));
                return Err(most.map_or_else(|| self.unfit(), |it| vec![self.leaves[it].leaf]));
            }
            self.table[place] = class;
        }
        Ok(self.table[place] as u8)
    }

    /// One column of bytes: tables by its own codes.
    fn by_code(
        &mut self,
        context: &Context<'_>,
        dictionaries: &[Dictionary],
        coded: &Coded,
        numbers: Option<Prepared>,
    ) -> Result<Ready, Unfit> {
        let mut class = Box::new([0u8; 256]);
        let places: Vec<Option<usize>> =
            coded.map.iter().map(|code| (*code != NEVER).then(|| self.place([*code].into_iter(), 0))).collect();
        for ((place, code), class) in places.iter().zip(coded.map.iter()).zip(class.iter_mut()) {
            if let Some(place) = place {
                *class = self.class(context, dictionaries, *place, &[*code], 0)?;
            }
        }
        let most_number = numbers.as_ref().map_or(0, |it| it.most);
        let mut products = Vec::with_capacity(self.products.len());
        for (at, product) in self.products.iter().enumerate() {
            let mut factors = Box::new([0i64; 256]);
            for (place, factor) in places.iter().zip(factors.iter_mut()) {
                if let Some(place) = place {
                    *factor = product.factor(*place).ok_or_else(|| self.unfit_product(at))?;
                }
            }
            let most = factors.iter().fold(0, |most, it| it.unsigned_abs().max(most));
            let most = most.checked_mul(most_number).filter(|it| *it <= LARGEST_PRODUCT);
            let fits = product.scale + self.scale <= MAX_SCALE;
            let most = most.filter(|_| fits).ok_or_else(|| self.unfit_product(at))?;
            products.push(Factors::ByCode { factors, most });
        }
        Ok(Ready { codes: coded.codes.clone(), class, numbers, products, steps: None })
    }

    /// Any columns: the class of every row, and its products.
    fn by_row(
        &mut self,
        context: &Context<'_>,
        dictionaries: &[Dictionary],
        coded: &[&Coded],
        missing: Option<&[u8]>,
        numbers: Option<Prepared>,
        rows: usize,
    ) -> Result<Ready, Unfit> {
        let width = REASONS.len() + 1;
        let mut places = vec![0u32; rows];
        for (coded, size) in coded.iter().zip(&self.sizes) {
            let size = *size as u32;
            coded.codes.each(rows, |row, local| places[row] = places[row] * size + coded.map[local].min(size - 1));
        }
        match missing {
            Some(missing) => places.iter_mut().zip(missing).for_each(|(place, reason)| *place = *place * width as u32 + u32::from(*reason)),
            None => places.iter_mut().for_each(|it| *it *= width as u32),
        }
        let mut classes = vec![0u8; rows];
        for (row, (place, class)) in places.iter().zip(&mut classes).enumerate() {
            let place = *place as usize;
            *class = match self.table[place] {
                UNKNOWN => {
                    let codes: Vec<u32> = coded.iter().map(|it| it.map[it.codes.at(row)]).collect();
                    self.class(context, dictionaries, place, &codes, missing.map_or(0, |it| it[row]))?
                }
                known => known as u8,
            };
        }
        let mut products = Vec::with_capacity(self.products.len());
        for (at, product) in self.products.iter().enumerate() {
            let unfit = || self.unfit_product(at);
            if product.scale + self.scale > MAX_SCALE {
                return Err(unfit());
            }
            let factors: Option<Vec<i64>> = (0..self.table.len()).map(|it| product.factor(it)).collect();
            let factors = factors.ok_or_else(unfit)?;
            let most = factors.iter().fold(0, |most, it| it.unsigned_abs().max(most));
            let most = most.checked_mul(numbers.as_ref().map_or(0, |it| it.most)).filter(|it| *it <= LARGEST_PRODUCT).ok_or_else(unfit)?;
            let multiplied =
                numbers.iter().flat_map(|it| it.mantissas.iter()).zip(&places).map(|(it, place)| it * factors[*place as usize]);
            products.push(Factors::Finished { numbers: multiplied.collect(), most });
        }
        let mut class = Box::new([0u8; 256]);
        class.iter_mut().enumerate().for_each(|(at, it)| *it = at as u8);
        Ok(Ready { codes: Codes::Bytes(classes.into()), class, numbers, products, steps: None })
    }

    fn unfit_product(&self, product: usize) -> Unfit {
        self.leaves.iter().filter(|it| it.product == Some(product)).map(|it| it.leaf).collect()
    }

    // -- records -----------------------------------------------------------------------------------------------------

    pub(super) fn add(&mut self, ready: &Ready, ids: &[u32], start: usize, slots: usize, limit: u32) {
        let range = start..start + ids.len();
        let same;
        let codes = match &ready.codes {
            Codes::Bytes(it) => &it[range.clone()],
            _ => {
                same = vec![0; ids.len()];
                &same[..]
            }
        };
        if let Some(steps) = ready.steps.as_deref().filter(|_| self.layout.is_some_and(|it| it.rows() >= limit)) {
            self.packed.resize(slots, 0);
            match ready.numbers.as_ref().and_then(|it| it.small.as_deref()).filter(|_| !ready.products.is_empty()) {
                Some(numbers) => kernels::packed(&mut self.packed, steps, ids, codes, &numbers[range]),
                None => kernels::packed_counts(&mut self.packed, steps, ids, codes),
            }
            return;
        }
        if let (Some(numbers), [Factors::ByCode { factors, most }], None) = (&ready.numbers, ready.products.as_slice(), &self.weights)
            && self.fuse(*most)
        {
            together!(&mut self.fused, records => {
                records.resize(slots, Fused::default());
                let tables = (&*ready.class, &**factors);
                match &numbers.small {
                    Some(small) => kernels::fused(records, tables, ids, codes, &small[range]),
                    None => kernels::fused(records, tables, ids, codes, &numbers.mantissas[range]),
                }
            });
            return;
        }
        self.counts.resize(slots << self.shift, 0);
        kernels::count(&mut self.counts, self.shift, &ready.class, ids, codes);
        let Some(numbers) = &ready.numbers else { return };
        let mantissas = &numbers.mantissas[range.clone()];
        if let Some(weights) = &mut self.weights {
            weights.reserve(slots << self.shift, numbers.most, true);
            match &mut weights.records {
                Records::Single(it) => kernels::by_class(it, self.shift, &ready.class, ids, codes, mantissas),
                Records::Narrow(it) => kernels::by_class(it, self.shift, &ready.class, ids, codes, mantissas),
                Records::Wide(it) => kernels::by_class(it, self.shift, &ready.class, ids, codes, mantissas),
            }
        }
        for (product, factors) in self.products.iter_mut().zip(&ready.products) {
            match factors {
                Factors::ByCode { factors, most } => {
                    product.sums.reserve(slots, *most, product.squares);
                    match &mut product.sums.records {
                        Records::Single(it) => kernels::product(it, factors, ids, codes, mantissas),
                        Records::Narrow(it) => kernels::product(it, factors, ids, codes, mantissas),
                        Records::Wide(it) => kernels::product(it, factors, ids, codes, mantissas),
                    }
                }
                Factors::Finished { numbers, most } => {
                    product.sums.reserve(slots, *most, product.squares);
                    match &mut product.sums.records {
                        Records::Single(it) => kernels::plain(it, ids, &numbers[range.clone()]),
                        Records::Narrow(it) => kernels::plain(it, ids, &numbers[range.clone()]),
                        Records::Wide(it) => kernels::plain(it, ids, &numbers[range.clone()]),
                    }
                }
            }
        }
    }

    /// Adds records to totals, and starts them again; of packed ones those of slots that had rows.
    pub(super) fn empty_since(&mut self, since: &[u32]) {
        self.empty_packed(|slot| since.get(slot).is_some_and(|it| *it > 0));
        self.empty_others();
    }

    /// Adds records to totals, and starts them again.
    pub(super) fn empty(&mut self) {
        self.empty_packed(|_| true);
        self.empty_others();
    }

    fn empty_packed(&mut self, is_wanted: impl Fn(usize) -> bool) {
        let Some(layout) = self.layout else { return };
        self.totals.resize(self.totals.len().max(self.packed.len() << self.shift), 0);
        let mut sums = self.products.first_mut().map(|it| &mut it.sums.totals);
        if let Some(sums) = &mut sums {
            sums.resize(sums.len().max(self.packed.len()), (0, 0));
        }
        for ((slot, record), counts) in self.packed.iter_mut().enumerate().zip(self.totals.chunks_exact_mut(1 << self.shift)) {
            if *record == 0 || !is_wanted(slot) {
                continue;
            }
            let record = std::mem::take(record);
            counts.iter_mut().zip(layout.counts(record)).for_each(|(total, count)| *total += count);
            if let Some(sum) = sums.as_mut().and_then(|it| it.get_mut(slot)) {
                add_sums(sum, (i128::from(layout.sum(record)), 0));
            }
        }
    }

    fn empty_others(&mut self) {
        self.totals.resize(self.totals.len().max(self.counts.len()), 0);
        for (total, count) in self.totals.iter_mut().zip(&mut self.counts) {
            *total += u64::from(std::mem::take(count));
        }
        if let Some(weights) = &mut self.weights {
            weights.empty();
        }
        self.products.iter_mut().for_each(|it| it.sums.empty());
        let (totals, shift) = (&mut self.totals, self.shift);
        if let Some(product) = self.products.first_mut() {
            together!(&mut self.fused, records => {
                totals.resize(totals.len().max(records.len() << shift), 0);
                product.sums.totals.resize(product.sums.totals.len().max(records.len()), (0, 0));
                let totals = totals.chunks_exact_mut(1 << shift).zip(&mut product.sums.totals);
                for ((counts, sums), record) in totals.zip(records) {
                    let done = std::mem::take(record);
                    counts.iter_mut().zip(done.counts).for_each(|(total, count)| *total += u64::from(count));
                    add_sums(sums, done.sums.sums());
                }
            });
        }
    }

    /// Whether counts and products go into one record; makes it one that is wide enough.
    fn fuse(&mut self, most: u64) -> bool {
        let squares = self.products.first().is_some_and(|it| it.squares);
        if self.classes.len() > 8 || squares && most > NARROW {
            return false;
        }
        let few = self.classes.len() <= 4;
        let same = match &self.fused {
            Together::Apart => false,
            Together::Single4(_) => few && !squares,
            Together::Single8(_) => !squares,
            Together::Squares4(_) => few && squares,
            Together::Squares8(_) => squares,
        };
        if !same {
            self.empty();
            self.fused = match (squares, few) {
                (false, true) => Together::Single4(Vec::new()),
                (false, false) => Together::Single8(Vec::new()),
                (true, true) => Together::Squares4(Vec::new()),
                (true, false) => Together::Squares8(Vec::new()),
            };
        }
        true
    }

    /// Doubles the room for classes in the records of a slot.
    fn widen(&mut self) {
        self.empty();
        let old = self.shift;
        while self.classes.len() > 1 << self.shift {
            self.shift += 1;
        }
        self.counts.clear();
        self.packed.clear();
        self.fused = Together::Apart;
        self.totals = spread(&self.totals, old, self.shift);
        if let Some(weights) = &mut self.weights {
            weights.records = Records::default();
            weights.totals = spread(&weights.totals, old, self.shift);
        }
    }

    /// Sees to it that totals have as many decimals as the numbers that come.
    fn number_scale(&mut self, scale: u8) -> Option<()> {
        if scale <= self.scale {
            return Some(());
        }
        self.empty();
        if !self.totals.is_empty() {
            let places = scale - self.scale;
            if let Some(weights) = &mut self.weights {
                weights.rescale(places)?;
            }
            for product in &mut self.products {
                product.sums.rescale(places)?;
            }
        }
        self.scale = scale;
        Some(())
    }

    pub(super) fn absorb(&mut self, mut other: Item, places: &[usize], slots: usize) -> Option<()> {
        self.empty();
        other.empty();
        let scale = self.scale.max(other.scale);
        self.number_scale(scale)?;
        other.number_scale(scale)?;
        for (mine, theirs) in self.products.iter_mut().zip(&mut other.products) {
            let scale = mine.scale.max(theirs.scale);
            mine.rescale(scale)?;
            theirs.rescale(scale)?;
        }
        // Workers met values in their own order: classes are the same where their outcomes are.
        let mut classes = Vec::with_capacity(other.classes.len());
        for theirs in &other.classes {
            let leaves = self.leaves.iter_mut().zip(&other.leaves).zip(theirs);
            let mine: Vec<Outcome> = leaves
                .map(|((mine, their), outcome)| match outcome {
                    Outcome::Seen(at) => mine.see(their.seen[*at as usize].clone()),
                    other => *other,
                })
                .collect();
            let next = self.classes.len();
            let class = *self.class_of.entry(mine.clone()).or_insert(next as u16);
            if usize::from(class) == next {
                self.classes.push(mine);
            }
            classes.push(usize::from(class));
        }
        if self.classes.len() > 1 << self.shift {
            self.widen();
        }
        self.totals.resize(slots << self.shift, 0);
        let (mine, theirs) = (self.shift, other.shift);
        let both = |slot: usize, class: usize| ((places[slot] << mine) + classes[class], (slot << theirs) + class);
        let known = 1..places.len().min(other.totals.len() >> theirs);
        for slot in known.clone() {
            for class in 0..classes.len() {
                let (to, from) = both(slot, class);
                self.totals[to] += other.totals[from];
            }
        }
        if let (Some(weights), Some(others)) = (&mut self.weights, &other.weights) {
            weights.totals.resize(slots << mine, (0, 0));
            for slot in known.clone() {
                for class in 0..classes.len() {
                    let (to, from) = both(slot, class);
                    add(&mut weights.totals[to], others.totals.get(from))?;
                }
            }
        }
        for (product, others) in self.products.iter_mut().zip(&other.products) {
            product.sums.totals.resize(slots, (0, 0));
            for slot in known.clone() {
                add(&mut product.sums.totals[places[slot]], others.sums.totals.get(slot))?;
            }
        }
        Some(())
    }

    // -- cells -------------------------------------------------------------------------------------------------------

    pub(super) fn cell(&self, at: usize, slot: usize, lacks_cluster: bool) -> Cell {
        let leaf = &self.leaves[at];
        let mut cell = empty(&leaf.of);
        let start = slot << self.shift;
        for (class, outcomes) in self.classes.iter().enumerate() {
            let rows = self.totals.get(start + class).copied().unwrap_or(0);
            if rows == 0 {
                continue;
            }
            let (score, scale) = match outcomes[at] {
                Outcome::Nothing => continue,
                Outcome::Left(missing) => {
                    match missing {
                        Missing::Blank => cell.left.blank += rows,
                        Missing::NotApplicable => cell.left.not_applicable += rows,
                        Missing::OutOfScale => cell.left.out_of_scale += rows,
                    }
                    continue;
                }
                Outcome::NoWeight => {
                    cell.left.no_weight += rows;
                    continue;
                }
                _ if lacks_cluster => {
                    cell.left.no_cluster += rows;
                    continue;
                }
                Outcome::Score(score, scale) => (score, scale),
                Outcome::Seen(_) | Outcome::Product => (0, 0),
            };
            let sums = self.weights.as_ref().filter(|_| leaf.weighted).and_then(|it| it.totals.get(start + class));
            match (&mut cell.state, outcomes[at]) {
                (State::Moments(moments), Outcome::Product) => moments.n += rows,
                (State::Moments(moments), _) => {
                    moments.n += rows;
                    let (s, rows) = (i128::from(score), i128::from(rows));
                    moments.s.add_exact(s * rows, scale);
                    if leaf.of.squares {
                        moments.s2.add_exact(s * s * rows, 2 * scale);
                    }
                    if let (Some(weighted), Some((w, w2))) = (&mut moments.weighted, sums) {
                        let own = self.scale;
                        weighted.w.add_exact(*w, own);
                        weighted.ws.add_exact(w * s, own + scale);
                        if leaf.of.squares {
                            weighted.w2.add_exact(*w2, 2 * own);
                            weighted.w2s.add_exact(w2 * s, 2 * own + scale);
                            weighted.w2s2.add_exact(w2 * s * s, 2 * (own + scale));
                        }
                    }
                }
                (State::Extreme { n, value, max }, _) => {
                    let score = Num::Decimal { mantissa: score, scale };
                    *n += rows;
                    *value = Some(match *value {
                        None => score,
                        Some(it) if *max => it.max(score),
                        Some(it) => it.min(score),
                    });
                }
                (State::Frequencies { n, table }, Outcome::Seen(seen)) => {
                    *n += rows;
                    let entry = table.entry(leaf.seen[seen as usize].clone()).or_default();
                    entry.0 += rows;
                    match sums {
                        Some((w, _)) => entry.1.add_exact(*w, self.scale),
                        None => entry.1.add_exact(i128::from(rows), 0),
                    }
                }
                (State::Frequencies { .. } | State::Named { .. }, _) => {}
            }
        }
        if let (Some(product), State::Moments(moments), false) = (leaf.product, &mut cell.state, lacks_cluster)
            && let Some((s, s2)) = self.products[product].sums.totals.get(slot)
        {
            let scale = self.products[product].scale + self.scale;
            moments.s.add_exact(*s, scale);
            if leaf.of.squares {
                moments.s2.add_exact(*s2, 2 * scale);
            }
        }
        cell
    }
}

impl ItemLeaf {
    fn see(&mut self, value: Seen) -> Outcome {
        let at = self.seen.iter().position(|it| *it == value).unwrap_or_else(|| {
            self.seen.push(value);
            self.seen.len() - 1
        });
        Outcome::Seen(at as u32)
    }

    /// A score, if sums of it are exact.
    fn score(&self, score: Num) -> Option<Outcome> {
        let Num::Decimal { mantissa, scale } = score else { return None };
        // The scales are those up to which products of four are added as integers.
        let (largest, most) = if self.weighted { (LARGEST_WEIGHTED_SCORE, 3) } else { (LARGEST_SCORE, MAX_SCALE) };
        (mantissa.unsigned_abs() <= largest && scale <= most).then_some(Outcome::Score(mantissa, scale))
    }

    /// What the leaf takes of a row, and the factor of its number; `None` where that is not exact.
    fn outcome(&mut self, context: &Context<'_>, number: Option<usize>, row: &Reached<'_, Entries<'_>>) -> Option<(Outcome, Option<Num>)> {
        let there = row.own.missing.is_none();
        if let (Measure::Score(of) | Measure::Answered(of), Some(number), true, false) = (&self.of.measure, number, there, self.weighted)
            && context.depends(of).contains(&number)
        {
            if self.of.filter.as_ref().is_some_and(|it| evaluate(it, row) != Value::Bool(true)) {
                return Some((Outcome::Nothing, None));
            }
            let is_score = matches!(self.of.measure, Measure::Score(_));
            return match linear(context, of, number, row)? {
                Linear::Times(factor) if is_score => Some((Outcome::Product, Some(factor))),
                Linear::Times(_) => Some((Outcome::Score(1, 0), None)),
                Linear::Known(Value::Missing(it)) => Some((Outcome::Left(it), None)),
                Linear::Known(_) if !is_score => Some((Outcome::Score(1, 0), None)),
                Linear::Known(it) => match it.number() {
                    Some(it) => Some((self.score(it)?, None)),
                    None => Some((Outcome::Left(Missing::OutOfScale), None)),
                },
            };
        }
        let weight = |_| if there { Value::Number(Num::int(1)) } else { Value::Missing(Missing::Blank) };
        let outcome = match take(&self.of, weight, row) {
            Taken::Nothing => Outcome::Nothing,
            Taken::Left(it) => Outcome::Left(it),
            Taken::Unobserved | Taken::Unfit(_) | Taken::NoWeight => Outcome::NoWeight,
            Taken::Score(it, _) => self.score(it)?,
            Taken::Seen(value, _) => self.see(value),
            Taken::Named(..) => return None,
        };
        Some((outcome, None))
    }
}
