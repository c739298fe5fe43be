//! Columns of a stretch of rows: codes into a dictionary where values are few, numbers or values where they are many.

use crate::calendar::Period;
use crate::model::{ColumnRef, Model, SourceId};
use crate::row::{Missing, Row, Value, evaluate};
use crate::value::Num;
use arrow_buffer::ScalarBuffer;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::Arc;

use super::super::lookup::Lookup;

/// A column with more different values than this has no codes.
pub const MOST_CODES: usize = 1 << 16;

/// A value that occurs in a column, and the time that it tells where the column tells times.
pub struct Entry {
    pub value: Value,
    pub time: Option<Period>,
}

/// The different values of a column that a worker has met, over all chunks and files.
#[derive(Default)]
pub struct Dictionary {
    pub entries: Vec<Entry>,
    index: HashMap<(Exact, Option<Period>), u32, Quick>,
}

/// A value by its exact form: what could ever be told apart is.
#[derive(PartialEq, Eq, Hash)]
enum Exact {
    Missing(Missing),
    Decimal(i64, u8),
    Float(u64),
    Text(Arc<str>),
    Date(i32),
    Bool(bool),
    Texts(Arc<[Arc<str>]>),
}

impl Dictionary {
    /// The code of a value, which is added where it is new.
    pub fn code(&mut self, value: &Value, time: Option<Period>) -> u32 {
        let exact = match value {
            Value::Missing(it) => Exact::Missing(*it),
            Value::Number(Num::Decimal { mantissa, scale }) => Exact::Decimal(*mantissa, *scale),
            Value::Number(Num::Float(it)) => Exact::Float(it.to_bits()),
            Value::Text(it) => Exact::Text(it.clone()),
            Value::Date(it) => Exact::Date(it.days()),
            Value::Bool(it) => Exact::Bool(*it),
            Value::Texts(it) => Exact::Texts(it.clone()),
        };
        let next = self.entries.len() as u32;
        let code = *self.index.entry((exact, time)).or_insert(next);
        if code == next {
            self.entries.push(Entry { value: value.clone(), time });
        }
        code
    }
}

/// The local codes of rows.
#[derive(Clone)]
pub enum Codes {
    /// All rows have the first.
    Same,
    Bytes(ScalarBuffer<u8>),
    Words(ScalarBuffer<u16>),
    Wide(Vec<u32>),
    /// The keys of an Arrow dictionary, none of them null.
    Keys(ScalarBuffer<i32>),
}

impl Codes {
    /// The local code of a row.
    pub fn at(&self, row: usize) -> usize {
        match self {
            Codes::Same => 0,
            Codes::Bytes(it) => usize::from(it[row]),
            Codes::Words(it) => usize::from(it[row]),
            Codes::Wide(it) => it[row] as usize,
            Codes::Keys(it) => it[row] as usize,
        }
    }

    /// Calls `each` with every row's local code, in the order of rows.
    #[inline(always)]
    pub fn each(&self, rows: usize, mut each: impl FnMut(usize, usize)) {
        match self {
            Codes::Same => (0..rows).for_each(|row| each(row, 0)),
            Codes::Bytes(it) => it.iter().enumerate().for_each(|(row, code)| each(row, usize::from(*code))),
            Codes::Words(it) => it.iter().enumerate().for_each(|(row, code)| each(row, usize::from(*code))),
            Codes::Wide(it) => it.iter().enumerate().for_each(|(row, code)| each(row, *code as usize)),
            Codes::Keys(it) => it.iter().enumerate().for_each(|(row, code)| each(row, *code as usize)),
        }
    }

    /// Local codes in their narrowest form.
    pub fn narrow(codes: Vec<u32>, different: usize) -> Codes {
        match different {
            0..=256 => Codes::Bytes(codes.iter().map(|it| *it as u8).collect()),
            257..=65_536 => Codes::Words(codes.iter().map(|it| *it as u16).collect()),
            _ => Codes::Wide(codes),
        }
    }
}

/// Codes, and what they are in the worker's dictionary.
#[derive(Clone)]
pub struct Coded {
    pub codes: Codes,
    /// For each local code, the code in the dictionary; [`NEVER`] for one that no row of this stretch has.
    pub map: Arc<[u32]>,
}

/// In a map of local codes: no row has it.
pub const NEVER: u32 = u32::MAX;

/// Decimals of one scale.
#[derive(Clone)]
pub struct Numbers {
    /// Zero where there is none.
    pub mantissas: ScalarBuffer<i64>,
    pub scale: u8,
    /// For each row 0, or one more than the place of the reason in [`REASONS`]; `None` where every row has a number.
    pub missing: Option<Arc<[u8]>>,
}

/// Why there is no number, by code.
pub const REASONS: [Missing; 3] = [Missing::Blank, Missing::NotApplicable, Missing::OutOfScale];

/// The code of a reason, from 1.
pub fn reason_code(missing: Missing) -> u8 {
    match missing {
        Missing::Blank => 1,
        Missing::NotApplicable => 2,
        Missing::OutOfScale => 3,
    }
}

/// A column over a stretch of rows.
#[derive(Clone)]
pub enum Column {
    /// Not read.
    Absent,
    Coded(Coded),
    Numbers(Numbers),
    /// Values one by one, with their times where the column tells times.
    Values(Arc<[Value]>, Arc<[Option<Period>]>),
}

/// Some rows of one chunk.
pub struct Batch {
    pub rows: usize,
    /// By their places in the source; computed columns are absent.
    pub columns: Vec<Column>,
}

/// Where the values of a source's own columns come from.
pub trait Own {
    /// The value of a column that is not computed.
    fn value(&self, column: usize) -> Value;
    /// The time that a column tells.
    fn time(&self, column: usize) -> Option<Period>;
}

/// One row of a batch.
pub struct BatchRow<'a> {
    pub batch: &'a Batch,
    pub dictionaries: &'a [Dictionary],
    pub row: usize,
}

impl Own for BatchRow<'_> {
    fn value(&self, column: usize) -> Value {
        match &self.batch.columns[column] {
            Column::Absent => Value::Missing(Missing::Blank),
            Column::Coded(it) => self.dictionaries[column].entries[it.map[it.codes.at(self.row)] as usize].value.clone(),
            Column::Numbers(it) => match it.missing.as_ref().map_or(0, |missing| missing[self.row]) {
                0 => Value::Number(Num::Decimal { mantissa: it.mantissas[self.row], scale: it.scale }),
                reason => Value::Missing(REASONS[usize::from(reason) - 1]),
            },
            Column::Values(it, _) => it[self.row].clone(),
        }
    }

    fn time(&self, column: usize) -> Option<Period> {
        match &self.batch.columns[column] {
            Column::Coded(it) => self.dictionaries[column].entries[it.map[it.codes.at(self.row)] as usize].time,
            Column::Values(_, times) => times.get(self.row).copied().flatten(),
            Column::Absent | Column::Numbers(_) => None,
        }
    }
}

/// A row as expressions see it: own columns, computed ones, and those of other sources through references.
pub struct Reached<'a, O> {
    pub model: &'a Model,
    pub source: SourceId,
    pub lookups: &'a BTreeMap<u32, Lookup>,
    pub own: O,
}

impl<O: Own> Reached<'_, O> {
    /// The value of a column of the source itself, computed or not.
    pub fn own(&self, column: usize) -> Value {
        match &self.model.sources[self.source.index()].columns[column].computed {
            Some(expr) => evaluate(expr, self),
            None => self.own.value(column),
        }
    }
}

impl<O: Own> Row for Reached<'_, O> {
    fn column(&self, column: ColumnRef) -> Value {
        let Some(reference) = column.through else { return self.own(column.column as usize) };
        let source = &self.model.sources[self.source.index()];
        let key = self.own(source.references[reference as usize].by);
        let day = || source.time.and_then(|it| self.own.time(it)).map(|it| it.start(&self.model.project.calendar));
        match self.lookups.get(&reference) {
            Some(lookup) => lookup.value(&key, if lookup.is_dated() { day() } else { None }, column.column as usize),
            None => Value::Missing(Missing::Blank),
        }
    }
}

/// A hasher for keys that are our own or bounded in number: a multiplication a word.
#[derive(Default)]
pub struct QuickHasher(u64);

/// Builds [`QuickHasher`]s.
pub type Quick = BuildHasherDefault<QuickHasher>;

impl QuickHasher {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for QuickHasher {
    fn finish(&self) -> u64 {
        // Tables take the low bits; the high ones are the mixed ones.
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            self.mix(u64::from_le_bytes(word.try_into().unwrap_or_default()));
        }
        let mut last = [0; 8];
        let rest = words.remainder();
        last[..rest.len()].copy_from_slice(rest);
        self.mix(u64::from_le_bytes(last) ^ (rest.len() as u64) << 56);
    }

    fn write_u8(&mut self, it: u8) {
        self.mix(u64::from(it));
    }

    fn write_u32(&mut self, it: u32) {
        self.mix(u64::from(it));
    }

    fn write_u64(&mut self, it: u64) {
        self.mix(it);
    }

    fn write_usize(&mut self, it: usize) {
        self.mix(it as u64);
    }
}
