//! Leaves that are added exactly: rows fall into classes that the leaves tell apart, and classes are counted.
//!
//! An item is what leaves over the same coded columns share. For each combination of codes the reference interpreter
//! says, once, what each leaf takes of such a row: that is the combination's class. A leaf's state is a sum over the
//! counts of classes; weights are summed by class, and what is multiplied by a number of the row is summed apart.

use super::columns::{Batch, Coded, Codes, Column, Dictionary, NEVER, Own, REASONS, Reached};
use super::kernels::{self, Fused, Layout, MOST_ROWS, NARROW, Narrow, Record, Single, Step, WINDOW, Wide};
use super::numbers::{Cache, Prepared};
use super::reach::{Context, Entries};
use super::slots::SINK;
use crate::engine::fold::{Taken, empty, take};
use crate::model::{Arithmetic, ColumnType, RowExpr};
use crate::plan::{Grouping, Leaf, Measure};
use crate::row::{Missing, Value, evaluate};
use crate::state::{Cell, Seen, State};
use crate::value::{MAX_SCALE, Num, POWERS};
use std::collections::HashMap;

/// Classes of an item at most; a leaf that would need more is no case for kernels.
const MOST_CLASSES: usize = 250;
/// Combinations of codes of an item at most.
const MOST_COMBINATIONS: usize = 1 << 20;
/// A scale with more codes than this is a number, not an answer.
const MOST_ANSWERS: f64 = 64.0;
/// Products up to this size leave room for the squares of 2^34 rows in 128 bits; larger ones go row by row.
const LARGEST_PRODUCT: u64 = 1 << 46;
/// Weights up to this size, with scores up to the next, leave room for the squares of both of 2^32 rows.
const LARGEST_WEIGHT: u64 = 1 << 37;
const LARGEST_WEIGHTED_SCORE: u64 = 1 << 10;
/// Scores that are not weighted.
const LARGEST_SCORE: u64 = 1 << 40;

const UNKNOWN: u16 = u16::MAX;

/// What a leaf depends on.
struct Shape {
    columns: Vec<usize>,
    /// The column of numbers that a row weighs, or that its score is a multiple of.
    number: Option<usize>,
    product: bool,
}

/// Whether a leaf can be added by kernels, as far as its declaration tells.
pub fn fits(context: &Context<'_>, leaf: usize) -> bool {
    shape(context, &context.read.leaves[leaf]).is_some()
}

fn shape(context: &Context<'_>, leaf: &Leaf) -> Option<Shape> {
    // Persons are told apart one by one, and so are several answers of a row.
    if leaf.persons.is_some() || matches!(leaf.measure, Measure::Named { .. }) {
        return None;
    }
    let column = |it: usize| &context.source.columns[it];
    let is_number = |it: &usize| {
        let column = column(*it);
        let answers = column.scale.is_some_and(|it| it.high - it.low <= MOST_ANSWERS && column.decimals.is_none());
        column.of == Some(ColumnType::Number) && !answers && column.computed.is_none()
    };
    let filter = leaf.filter.as_ref().map(|it| context.depends(it)).unwrap_or_default();
    let of = match &leaf.measure {
        Measure::Rows | Measure::Customer { .. } | Measure::Named { .. } => Vec::new(),
        Measure::Score(of) | Measure::Answered(of) | Measure::Frequency(of) | Measure::Extreme { of, .. } => context.depends(of),
    };
    let numbers: Vec<usize> = of.iter().copied().filter(is_number).collect();
    let mut columns = filter.clone();
    columns.extend(of.iter().filter(|it| !numbers.contains(it) && !filter.contains(it)));
    if let Measure::Frequency(_) = &leaf.measure {
        // Tables of few values are counts of classes; others are kept as they come.
        let few = |it: &usize| column(*it).scale.is_some() || !column(*it).labels.is_empty();
        if !of.iter().all(few) {
            return None;
        }
    }
    match (leaf.weight, numbers.as_slice()) {
        (Some(weight), []) => {
            let is_plain = column(weight).computed.is_none() && !columns.contains(&weight);
            is_plain.then_some(Shape { columns, number: Some(weight), product: false })
        }
        (None, []) => Some(Shape { columns, number: None, product: false }),
        (None, [number]) => {
            let (Measure::Score(of) | Measure::Answered(of)) = &leaf.measure else { return None };
            let is_linear = !filter.contains(number) && may_be_linear(context, of, *number);
            is_linear.then_some(Shape { columns, number: Some(*number), product: true })
        }
        _ => None,
    }
}

/// Whether an expression may be a multiple of a column, once the others are known.
fn may_be_linear(context: &Context<'_>, expr: &RowExpr, number: usize) -> bool {
    if !context.depends(expr).contains(&number) {
        return true;
    }
    let linear = |it: &RowExpr| may_be_linear(context, it, number);
    match expr {
        RowExpr::Column(column) => match &context.source.columns[column.column as usize].computed {
            _ if column.through.is_some() => false,
            Some(of) => linear(of),
            None => true,
        },
        RowExpr::Negate(of) => linear(of),
        RowExpr::Arithmetic(Arithmetic::Multiply, a, b) => linear(a) && linear(b),
        RowExpr::If(test, yes, no) => !context.depends(test).contains(&number) && linear(yes) && linear(no),
        RowExpr::Coalesce(list) => list.iter().all(linear),
        _ => false,
    }
}

/// An expression when all but one column are known, and that one is there.
enum Linear {
    Known(Value),
    /// So many times the column.
    Times(Num),
}

fn linear<O: Own>(context: &Context<'_>, expr: &RowExpr, number: usize, row: &Reached<'_, O>) -> Option<Linear> {
    if !context.depends(expr).contains(&number) {
        return Some(Linear::Known(evaluate(expr, row)));
    }
    let again = |it: &RowExpr| linear(context, it, number, row);
    match expr {
        RowExpr::Column(column) => match &context.source.columns[column.column as usize].computed {
            Some(of) => again(of),
            None => Some(Linear::Times(Num::int(1))),
        },
        RowExpr::Negate(of) => match again(of)? {
            Linear::Times(it) => Some(Linear::Times(Num::int(0).minus(it))),
            Linear::Known(_) => None,
        },
        RowExpr::Arithmetic(Arithmetic::Multiply, a, b) => match (again(a)?, again(b)?) {
            (Linear::Known(Value::Missing(it)), _) | (_, Linear::Known(Value::Missing(it))) => Some(Linear::Known(Value::Missing(it))),
            (Linear::Known(it), Linear::Times(times)) | (Linear::Times(times), Linear::Known(it)) => {
                Some(Linear::Times(times.times(it.number()?)))
            }
            _ => None,
        },
        RowExpr::If(test, yes, no) => match evaluate(test, row) {
            Value::Bool(true) => again(yes),
            Value::Bool(false) => again(no),
            other => Some(Linear::Known(other)),
        },
        RowExpr::Coalesce(list) => {
            let mut last = Linear::Known(Value::Missing(Missing::Blank));
            for it in list {
                last = again(it)?;
                if !matches!(last, Linear::Known(Value::Missing(_))) {
                    break;
                }
            }
            Some(last)
        }
        _ => None,
    }
}

/// What a leaf takes of a row of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Outcome {
    Nothing,
    Left(Missing),
    NoWeight,
    Score(i64, u8),
    /// A value of a table of frequencies, by its place among those of the leaf.
    Seen(u32),
    /// A score that is the row's number, times the factor of its combination.
    Product,
}

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

/// Leaves over the same columns.
struct Item {
    columns: Vec<usize>,
    number: Option<usize>,
    leaves: Vec<ItemLeaf>,
    classes: Vec<Vec<Outcome>>,
    class_of: HashMap<Vec<Outcome>, u16>,
    /// For each combination of codes, and reason why the number is missing, its class.
    table: Vec<u16>,
    /// The sizes of dictionaries that the table has room for.
    sizes: Vec<usize>,
    /// Records of a slot are `1 << shift` long.
    shift: u32,
    counts: Vec<u16>,
    /// The same with the sums of the one product, where there is one and classes are few.
    fused: Together,
    /// The same in one word a slot, where slots have few rows of a batch; and how.
    packed: Vec<u64>,
    layout: Option<Layout>,
    totals: Vec<u64>,
    /// The decimals of the number.
    scale: u8,
    /// By slot and class, where leaves are weighted.
    weights: Option<Sums>,
    products: Vec<Product>,
}

struct ItemLeaf {
    leaf: usize,
    of: Leaf,
    weighted: bool,
    /// Its place among the products.
    product: Option<usize>,
    seen: Vec<Seen>,
}

/// Sums of numbers and of their squares.
#[derive(Default)]
struct Sums {
    records: Records,
    totals: Vec<(i128, i128)>,
}

/// Records of counts and sums together, by what they sum and how many classes they count.
enum Together {
    Apart,
    Single4(Vec<Fused<Single, 4>>),
    Single8(Vec<Fused<Single, 8>>),
    Squares4(Vec<Fused<Narrow, 4>>),
    Squares8(Vec<Fused<Narrow, 8>>),
}

/// The same for records of each kind.
macro_rules! together {
    ($fused:expr, $records:ident => $do:expr) => {
        match $fused {
            Together::Apart => {}
            Together::Single4($records) => $do,
            Together::Single8($records) => $do,
            Together::Squares4($records) => $do,
            Together::Squares8($records) => $do,
        }
    };
}

enum Records {
    Single(Vec<Single>),
    Narrow(Vec<Narrow>),
    Wide(Vec<Wide>),
}

impl Default for Records {
    fn default() -> Records {
        Records::Single(Vec::new())
    }
}

/// A score that is a multiple of the row's number.
#[derive(Default)]
struct Product {
    /// For each combination of codes the factor.
    factors: Vec<Num>,
    /// The decimals of factors.
    scale: u8,
    /// Whether squares are kept.
    squares: bool,
    sums: Sums,
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

/// An item's columns over a batch, as kernels take them.
struct Ready {
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
    fn new(columns: Vec<usize>, number: Option<usize>) -> Item {
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

    fn add_leaf(&mut self, leaf: usize, of: &Leaf, product: bool) {
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

    fn prepare(&mut self, context: &Context<'_>, batch: &Batch, dictionaries: &[Dictionary], cache: &mut Cache) -> Result<Ready, Unfit> {
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
    fn place(&self, codes: impl Iterator<Item = u32>, reason: u8) -> usize {
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

    fn add(&mut self, ready: &Ready, ids: &[u32], start: usize, slots: usize, limit: u32) {
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
    fn empty_since(&mut self, since: &[u32]) {
        self.empty_packed(|slot| since.get(slot).is_some_and(|it| *it > 0));
        self.empty_others();
    }

    /// Adds records to totals, and starts them again.
    fn empty(&mut self) {
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

    fn absorb(&mut self, mut other: Item, places: &[usize], slots: usize) -> Option<()> {
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

    fn cell(&self, at: usize, slot: usize, lacks_cluster: bool) -> Cell {
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

fn spread<T: Copy + Default>(totals: &[T], old: u32, new: u32) -> Vec<T> {
    let mut wide = vec![T::default(); (totals.len() >> old) << new];
    for (to, from) in wide.chunks_exact_mut(1 << new).zip(totals.chunks_exact(1 << old)) {
        to[..from.len()].copy_from_slice(from);
    }
    wide
}

/// Adds what records held. The limits of numbers leave room for it.
fn add_sums(totals: &mut (i128, i128), sums: (i128, i128)) {
    *totals = (totals.0.wrapping_add(sums.0), totals.1.wrapping_add(sums.1));
}

fn add(mine: &mut (i128, i128), theirs: Option<&(i128, i128)>) -> Option<()> {
    if let Some(theirs) = theirs {
        *mine = (mine.0.checked_add(theirs.0)?, mine.1.checked_add(theirs.1)?);
    }
    Some(())
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

impl Product {
    /// The factor of a combination, with the decimals of all.
    fn factor(&self, place: usize) -> Option<i64> {
        match self.factors[place] {
            Num::Decimal { mantissa, scale } => {
                let wide = i128::from(mantissa).checked_mul(POWERS[usize::from(self.scale - scale)])?;
                i64::try_from(wide).ok()
            }
            Num::Float(_) => None,
        }
    }

    fn rescale(&mut self, scale: u8) -> Option<()> {
        if scale > self.scale {
            self.sums.empty();
            self.sums.rescale(scale - self.scale)?;
            self.scale = scale;
        }
        Some(())
    }
}

impl Sums {
    /// Makes room for slots, in records that are wide enough for numbers up to a size.
    fn reserve(&mut self, length: usize, most: u64, squares: bool) {
        let wide_enough = match &self.records {
            Records::Single(_) => !squares,
            Records::Narrow(_) => most <= NARROW,
            Records::Wide(_) => true,
        };
        if !wide_enough {
            self.empty();
            self.records = if most <= NARROW { Records::Narrow(Vec::new()) } else { Records::Wide(Vec::new()) };
        }
        match &mut self.records {
            Records::Single(it) => it.resize(length, Single::default()),
            Records::Narrow(it) => it.resize(length, Narrow::default()),
            Records::Wide(it) => it.resize(length, Wide::default()),
        }
    }

    fn empty(&mut self) {
        fn all<R: Record>(records: &mut [R], totals: &mut Vec<(i128, i128)>) {
            totals.resize(totals.len().max(records.len()), (0, 0));
            for (total, record) in totals.iter_mut().zip(records) {
                add_sums(total, std::mem::take(record).sums());
            }
        }
        match &mut self.records {
            Records::Single(it) => all(it, &mut self.totals),
            Records::Narrow(it) => all(it, &mut self.totals),
            Records::Wide(it) => all(it, &mut self.totals),
        }
    }

    /// Gives the totals so many more decimals.
    fn rescale(&mut self, places: u8) -> Option<()> {
        let (once, twice) = (POWERS[usize::from(places)], *POWERS.get(2 * usize::from(places))?);
        for it in &mut self.totals {
            *it = (it.0.checked_mul(once)?, it.1.checked_mul(twice)?);
        }
        Some(())
    }
}
