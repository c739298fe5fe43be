//! Rows -> slots: the small number of the group that a row belongs to, from tables over the codes of its columns.

use super::columns::{Batch, BatchRow, Codes, Column, Dictionary, NEVER, Quick, Reached};
use super::reach::Context;
use crate::calendar::{Grain, Period};
use crate::engine::KeyValue;
use crate::engine::fold::bucket;
use crate::engine::plain::{key_value, text_of};
use crate::plan::Grouping;
use crate::row::{Value, evaluate};
use std::collections::HashMap;
use std::ops::AddAssign;
use std::sync::Arc;

/// Rows that count nowhere go here: what is added there is never looked at.
pub const SINK: u32 = 0;
/// Up to this many combinations of keys a table leads to the slots, beyond it a hash.
const DENSE: u64 = 1 << 21;
/// Up to this many combinations of codes are remembered.
const REMEMBERED: usize = 1 << 16;

const UNKNOWN: u32 = u32::MAX;
/// The row has no time that could be read.
const NO_TIME: u32 = u32::MAX - 1;
/// The row's time is coarser than the buckets: from here on, one for each grain.
const COARSE: u32 = NO_TIME - COARSER.len() as u32;
const COARSER: [Grain; 6] = [Grain::Week, Grain::Month, Grain::Quarter, Grain::Year, Grain::FiscalQuarter, Grain::FiscalYear];

/// What a part of a group's name is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum PartValue {
    Bucket(Period),
    Key(KeyValue),
    Cluster(Option<Arc<str>>),
}

#[derive(Clone, Copy)]
enum What {
    Time(Option<usize>),
    Key(usize),
    Cluster(usize),
}

/// One part of a group's name: its period, a dimension, its cluster.
struct Part {
    what: What,
    /// The columns that it depends on, where that can be said.
    depends: Vec<usize>,
    values: Vec<PartValue>,
    index: HashMap<PartValue, u32, Quick>,
    /// For one column: the part's code by the code in the dictionary.
    of_code: Vec<u32>,
    /// For several: by the combination of codes, of dictionaries of these sizes.
    of_codes: Vec<u32>,
    sizes: Vec<usize>,
    stride: u64,
    capacity: u64,
}

/// The group that a slot is.
pub struct SlotGroup {
    pub bucket: Period,
    pub key: Vec<KeyValue>,
    pub cluster: Option<Option<Arc<str>>>,
}

/// The slots of one grouping.
pub struct Slots {
    grain: Grain,
    parts: Vec<Part>,
    dense: Vec<u32>,
    hashed: HashMap<u64, u32, Quick>,
    named: HashMap<Vec<u32>, u32>,
    /// How many combinations there can be; the largest number where there are more than that.
    space: u64,
    /// For each slot but the sink the codes of its parts.
    tuples: Vec<u32>,
    count: usize,
    /// The slot of each row of the batch.
    pub ids: Vec<u32>,
    narrow: Vec<u32>,
    wide: Vec<u64>,
}

/// For each row whether its time is wrong, and the grain of one that is too coarse; empty where none is.
pub type Wrong = Vec<Option<Option<Grain>>>;

impl Slots {
    /// No groups yet.
    pub fn new(context: &Context<'_>, grouping: &Grouping) -> Slots {
        let mut parts = Vec::new();
        let mut part = |what: What, depends: Vec<usize>| {
            parts.push(Part {
                what,
                depends,
                values: Vec::new(),
                index: HashMap::default(),
                of_code: Vec::new(),
                of_codes: Vec::new(),
                sizes: Vec::new(),
                stride: 0,
                capacity: 0,
            });
        };
        let timed = if grouping.grain == crate::calendar::Grain::All { None } else { grouping.time };
        part(What::Time(grouping.time), timed.into_iter().collect());
        for (at, key) in grouping.keys.iter().enumerate() {
            part(What::Key(at), context.depends(&key.expr));
        }
        if let Some(cluster) = grouping.cluster {
            part(What::Cluster(cluster), context.depends_of(cluster));
        }
        Slots {
            grain: grouping.grain,
            parts,
            dense: Vec::new(),
            hashed: HashMap::default(),
            named: HashMap::new(),
            space: 0,
            tuples: Vec::new(),
            count: 1,
            ids: Vec::new(),
            narrow: Vec::new(),
            wide: Vec::new(),
        }
    }

    /// How many slots there are, the sink among them.
    pub fn len(&self) -> usize {
        self.count
    }

    /// The group of a slot.
    pub fn group(&self, slot: usize) -> SlotGroup {
        let width = self.parts.len();
        let tuple = &self.tuples[(slot - 1) * width..slot * width];
        let mut group = SlotGroup { bucket: Period::ALL, key: Vec::new(), cluster: None };
        for (part, code) in self.parts.iter().zip(tuple) {
            match &part.values[*code as usize] {
                PartValue::Bucket(it) => group.bucket = *it,
                PartValue::Key(it) => group.key.push(it.clone()),
                PartValue::Cluster(it) => group.cluster = Some(it.clone()),
            }
        }
        group
    }

    /// Whether a slot holds the rows without a cluster.
    pub fn lacks_cluster(&self, slot: usize) -> bool {
        let width = self.parts.len();
        match self.parts.last() {
            Some(Part { what: What::Cluster(_), values, .. }) => values[self.tuples[slot * width - 1] as usize] == PartValue::Cluster(None),
            _ => false,
        }
    }

    /// The slot of a group of another worker, which is made where it is new.
    pub fn adopt(&mut self, other: &Slots, slot: usize) -> usize {
        let width = self.parts.len();
        let theirs = &other.tuples[(slot - 1) * width..slot * width];
        let mut tuple = Vec::with_capacity(width);
        for ((mine, their), code) in self.parts.iter_mut().zip(&other.parts).zip(theirs) {
            tuple.push(mine.code(their.values[*code as usize].clone()));
        }
        self.lay_out();
        if self.space == u64::MAX {
            return self.slot_named(tuple) as usize;
        }
        let combined = self.parts.iter().zip(&tuple).map(|(part, code)| part.stride * u64::from(*code)).sum();
        self.slot(combined, || tuple) as usize
    }

    /// Finds the slot of every row of a batch. Rows with a wrong time are marked, and go to the sink.
    pub fn find(&mut self, context: &Context<'_>, batch: &Batch, dictionaries: &[Dictionary], wrong: &mut Wrong) {
        let grain = self.grain;
        let sources: Vec<PartCodes> = self.parts.iter_mut().map(|it| it.codes(context, batch, dictionaries, grain)).collect();
        let is_wrong = |it: &u32| (COARSE..UNKNOWN).contains(it);
        for source in &sources {
            let mut mark = |row: usize, code: u32| {
                if is_wrong(&code) {
                    wrong.resize(batch.rows, None);
                    wrong[row].get_or_insert_with(|| COARSER.get((code - COARSE) as usize).copied());
                }
            };
            match source {
                PartCodes::Table(codes, table) if table.iter().any(is_wrong) => {
                    codes.each(batch.rows, |row, local| mark(row, table[local]));
                }
                PartCodes::Rows(codes) if codes.iter().any(is_wrong) => {
                    codes.iter().enumerate().for_each(|(row, code)| mark(row, *code));
                }
                _ => {}
            }
        }
        self.lay_out();
        self.ids.clear();
        if self.space == u64::MAX {
            for row in 0..batch.rows {
                let tuple = tuple_of(&sources, row);
                let id = if tuple.iter().any(is_wrong) { SINK } else { self.slot_named(tuple) };
                self.ids.push(id);
            }
        } else if self.space <= DENSE {
            let mut combined = std::mem::take(&mut self.narrow);
            combine::<u32>(&self.parts, &sources, batch.rows, &mut combined);
            self.ids.reserve(batch.rows);
            let mut next = 0;
            while next < combined.len() {
                // Most batches bring no new group: a plain pass, until one does.
                let dense = &self.dense;
                let known = combined[next..].iter().map(|it| dense[*it as usize]).take_while(|it| *it != UNKNOWN);
                self.ids.extend(known);
                next = self.ids.len();
                if let Some(new) = combined.get(next) {
                    let tuple = tuple_of(&sources, next);
                    if tuple.iter().any(is_wrong) {
                        self.ids.push(SINK);
                    } else {
                        let slot = self.slot(u64::from(*new), || tuple);
                        self.ids.push(slot);
                    }
                    next += 1;
                }
            }
            self.narrow = combined;
        } else {
            let mut combined = std::mem::take(&mut self.wide);
            combine::<u64>(&self.parts, &sources, batch.rows, &mut combined);
            for (row, combined) in combined.iter().enumerate() {
                let id = match self.hashed.get(combined) {
                    Some(slot) => *slot,
                    None => {
                        let tuple = tuple_of(&sources, row);
                        if tuple.iter().any(is_wrong) { SINK } else { self.slot(*combined, || tuple) }
                    }
                };
                self.ids.push(id);
            }
            self.wide = combined;
        }
        if !wrong.is_empty() {
            self.ids.iter_mut().zip(wrong.iter()).filter(|it| it.1.is_some()).for_each(|it| *it.0 = SINK);
        }
    }

    /// The slot of a combination that no number of 64 bits can stand for.
    fn slot_named(&mut self, tuple: Vec<u32>) -> u32 {
        let next = self.count as u32;
        match self.named.get(&tuple) {
            Some(slot) => *slot,
            None => {
                self.tuples.extend(&tuple);
                self.count += 1;
                self.named.insert(tuple, next);
                next
            }
        }
    }

    fn slot(&mut self, combined: u64, tuple: impl FnOnce() -> Vec<u32>) -> u32 {
        let next = self.count as u32;
        let slot = match self.dense.get_mut(combined as usize) {
            Some(slot) => {
                if *slot == UNKNOWN {
                    *slot = next;
                }
                *slot
            }
            None => *self.hashed.entry(combined).or_insert(next),
        };
        if slot == next {
            self.tuples.extend(tuple());
            self.count += 1;
        }
        slot
    }

    /// Makes room for every code that parts have: strides, and the table or hash over them.
    fn lay_out(&mut self) {
        let needed = |it: &Part| (it.values.len() as u64).max(1);
        if self.parts.iter().all(|it| needed(it) <= it.capacity) {
            return;
        }
        for part in &mut self.parts {
            if needed(part) > part.capacity {
                // A first size that fits, then doubled: tables are rebuilt a few times at most.
                part.capacity = if part.capacity == 0 { needed(part) } else { needed(part).next_power_of_two() };
            }
        }
        let mut stride: u64 = 1;
        for part in self.parts.iter_mut().rev() {
            part.stride = stride;
            stride = stride.saturating_mul(part.capacity);
        }
        self.space = stride;
        self.dense.clear();
        self.hashed.clear();
        self.named.clear();
        if stride <= DENSE {
            self.dense.resize(stride as usize, UNKNOWN);
        }
        for (at, tuple) in self.tuples.chunks_exact(self.parts.len()).enumerate() {
            let slot = at as u32 + 1;
            if stride == u64::MAX {
                self.named.insert(tuple.to_vec(), slot);
                continue;
            }
            let combined: u64 = self.parts.iter().zip(tuple).map(|(part, code)| part.stride * u64::from(*code)).sum();
            match self.dense.get_mut(combined as usize) {
                Some(place) => *place = slot,
                None => drop(self.hashed.insert(combined, slot)),
            }
        }
    }
}

/// Where the codes of a part come from, in one batch.
enum PartCodes<'b> {
    /// One code for all rows.
    One(u32),
    /// By local code of a column.
    Table(&'b Codes, Vec<u32>),
    /// Row by row.
    Rows(Vec<u32>),
}

fn tuple_of(sources: &[PartCodes<'_>], row: usize) -> Vec<u32> {
    let code = |it: &PartCodes<'_>| match it {
        PartCodes::One(code) => *code,
        PartCodes::Table(codes, table) => table[codes.at(row)],
        PartCodes::Rows(codes) => codes[row],
    };
    sources.iter().map(code).collect()
}

/// The combination of every row, as one number.
fn combine<T: Copy + Default + AddAssign + TryFrom<u64>>(parts: &[Part], sources: &[PartCodes<'_>], rows: usize, out: &mut Vec<T>) {
    out.clear();
    out.resize(rows, T::default());
    // A wrong time has no place: its rows go to the sink whatever stands here.
    let scaled = |part: &Part, code: u32| T::try_from(if code >= COARSE { 0 } else { part.stride * u64::from(code) }).unwrap_or_default();
    for (part, source) in parts.iter().zip(sources) {
        match source {
            PartCodes::One(code) => {
                let code = scaled(part, *code);
                out.iter_mut().for_each(|it| *it += code);
            }
            PartCodes::Table(codes, table) => {
                let table: Vec<T> = table.iter().map(|it| scaled(part, *it)).collect();
                add_table(codes, &table, out);
            }
            PartCodes::Rows(codes) => out.iter_mut().zip(codes).for_each(|(it, code)| *it += scaled(part, *code)),
        }
    }
}

fn add_table<T: Copy + AddAssign>(codes: &Codes, table: &[T], out: &mut [T]) {
    match codes {
        Codes::Same => out.iter_mut().for_each(|it| *it += table[0]),
        Codes::Bytes(codes) => out.iter_mut().zip(codes.iter()).for_each(|(it, code)| *it += table[usize::from(*code)]),
        Codes::Words(codes) => out.iter_mut().zip(codes).for_each(|(it, code)| *it += table[usize::from(*code)]),
        Codes::Wide(codes) => out.iter_mut().zip(codes).for_each(|(it, code)| *it += table[*code as usize]),
        Codes::Keys(codes) => out.iter_mut().zip(codes.iter()).for_each(|(it, code)| *it += table[*code as usize]),
    }
}

impl Part {
    fn code(&mut self, value: PartValue) -> u32 {
        let next = self.values.len() as u32;
        let code = *self.index.entry(value.clone()).or_insert(next);
        if code == next {
            self.values.push(value);
        }
        code
    }

    /// The code of the part for a row.
    fn of_row<O: super::columns::Own>(&mut self, context: &Context<'_>, row: &Reached<'_, O>, grain: Grain) -> u32 {
        let value = match self.what {
            What::Time(column) => {
                let time = column.and_then(|it| row.own.time(it));
                match bucket(time, grain, &context.checked.model.project.calendar) {
                    Some(bucket) => PartValue::Bucket(bucket),
                    None => {
                        let coarse = time.and_then(|it| COARSER.iter().position(|grain| *grain == it.grain()));
                        return coarse.map_or(NO_TIME, |it| COARSE + it as u32);
                    }
                }
            }
            What::Key(at) => {
                let key = &context.keys[at];
                PartValue::Key(key_value(context.checked, key, &evaluate(&key.expr, row)))
            }
            What::Cluster(column) => PartValue::Cluster(match row.own(column) {
                Value::Missing(_) => None,
                other => Some(Arc::from(text_of(&other).as_str())),
            }),
        };
        self.code(value)
    }

    fn codes<'b>(&mut self, context: &Context<'_>, batch: &'b Batch, dictionaries: &[Dictionary], grain: Grain) -> PartCodes<'b> {
        let row = |row: usize| context.row(BatchRow { batch, dictionaries, row });
        match self.depends.as_slice() {
            [] => PartCodes::One(self.of_row(context, &row(0), grain)),
            [column] if let Column::Coded(coded) = &batch.columns[*column] => {
                let column = *column;
                let entries = dictionaries[column].entries.len();
                self.of_code.resize(entries, UNKNOWN);
                let table = coded.map.iter().map(|code| {
                    if *code == NEVER {
                        return 0;
                    }
                    let at = *code as usize;
                    if self.of_code[at] == UNKNOWN {
                        let own = context.entries(dictionaries, vec![(column, at)]);
                        self.of_code[at] = self.of_row(context, &own, grain);
                    }
                    self.of_code[at]
                });
                PartCodes::Table(&coded.codes, table.collect())
            }
            columns => {
                let coded: Option<Vec<&super::columns::Coded>> = columns
                    .iter()
                    .map(|it| match &batch.columns[*it] {
                        Column::Coded(coded) => Some(coded),
                        _ => None,
                    })
                    .collect();
                let sizes: Vec<usize> = columns.iter().map(|it| dictionaries[*it].entries.len()).collect();
                let space = sizes.iter().try_fold(1usize, |space, it| space.checked_mul(*it)).filter(|it| *it <= REMEMBERED);
                let (Some(coded), Some(space)) = (coded, space) else {
                    return PartCodes::Rows((0..batch.rows).map(|it| self.of_row(context, &row(it), grain)).collect());
                };
                if self.sizes != sizes {
                    self.of_codes = vec![UNKNOWN; space];
                    self.sizes.clone_from(&sizes);
                }
                let codes = (0..batch.rows).map(|at| {
                    let place = coded.iter().zip(&sizes).fold(0, |place, (it, size)| place * size + it.map[it.codes.at(at)] as usize);
                    if self.of_codes[place] == UNKNOWN {
                        self.of_codes[place] = self.of_row(context, &row(at), grain);
                    }
                    self.of_codes[place]
                });
                PartCodes::Rows(codes.collect())
            }
        }
    }
}
