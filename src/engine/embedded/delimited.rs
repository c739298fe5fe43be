//! Texts -> columns: each different text is read once, and rows have its code.

use super::columns::{Coded, Codes, Column, Dictionary, MOST_CODES, NEVER, Numbers, Quick, reason_code};
use crate::calendar::Period;
use crate::engine::ColumnProfile;
use crate::engine::cells::{Cells, Found, tally};
use crate::row::{Missing, Value};
use crate::value::{Num, POWERS};
use std::collections::HashMap;
use std::sync::Arc;

/// How many different texts of a column are remembered.
const REMEMBERED: usize = 1 << 14;

/// The texts of one field over the rows of a chunk.
#[derive(Default)]
pub struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    /// Adds the next row's text.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    /// The text of a row.
    pub fn at(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.text[start..self.ends[row]]
    }
}

/// How a worker reads one column of one file.
pub struct FileColumn<'a> {
    pub cells: Cells<'a>,
    /// Whether the column tells times.
    pub time: bool,
    /// The codes of texts that were read before.
    known: HashMap<Box<str>, u32, Quick>,
    /// Nothing but codes: a map from each code to itself, which grows with the dictionary.
    identity: Arc<[u32]>,
}

impl<'a> FileColumn<'a> {
    /// A reader that knows nothing yet.
    pub fn new(cells: Cells<'a>, time: bool) -> FileColumn<'a> {
        FileColumn { cells, time, known: HashMap::default(), identity: Arc::from([]) }
    }

    /// What a text says.
    pub fn read(&self, raw: &str) -> (Value, Option<Period>) {
        (self.cells.read(raw).0, if self.time { self.cells.time(raw) } else { None })
    }

    /// The code of a text; `None` is no text at all.
    fn code(&mut self, raw: Option<&str>, dictionary: &mut Dictionary) -> u32 {
        let Some(raw) = raw else { return dictionary.code(&Value::Missing(Missing::Blank), None) };
        if let Some(code) = self.known.get(raw) {
            return *code;
        }
        let (value, time) = self.read(raw);
        let code = dictionary.code(&value, time);
        if self.known.len() < REMEMBERED {
            self.known.insert(raw.into(), code);
        }
        code
    }

    /// A column of texts. `many` says, and is told, that there are too many different values for codes.
    pub fn texts<'t>(
        &mut self,
        texts: impl Iterator<Item = Option<&'t str>> + Clone,
        dictionary: &mut Dictionary,
        many: &mut bool,
        profile: Option<&mut ColumnProfile>,
    ) -> Column {
        if let Some(profile) = profile {
            for raw in texts.clone() {
                match raw {
                    Some(raw) => drop(self.cells.value(raw, profile)),
                    None => tally(&Value::Missing(Missing::Blank), &Found::Fine, "", 1, profile),
                }
            }
        }
        if !*many {
            let mut codes = Vec::with_capacity(texts.size_hint().0);
            for raw in texts.clone() {
                codes.push(self.code(raw, dictionary));
                if dictionary.entries.len() > MOST_CODES {
                    *many = true;
                    break;
                }
            }
            if !*many {
                return Column::Coded(self.own_codes(codes, dictionary));
            }
        }
        let read = texts.map(|it| it.map_or((Value::Missing(Missing::Blank), None), |it| self.read(it)));
        values(read, self.time)
    }

    /// Codes of the dictionary itself.
    fn own_codes(&mut self, codes: Vec<u32>, dictionary: &Dictionary) -> Coded {
        let different = dictionary.entries.len();
        if self.identity.len() < different {
            self.identity = (0..different as u32).collect();
        }
        Coded { codes: Codes::narrow(codes, different), map: self.identity.clone() }
    }

    /// A column of several answers, one a field.
    pub fn several(
        &mut self,
        rows: usize,
        fields: &[&Texts],
        dictionary: &mut Dictionary,
        many: &mut bool,
        profile: Option<&mut ColumnProfile>,
    ) -> Column {
        let mut unasked = ColumnProfile::default();
        let counted = profile.is_some();
        let profile = profile.unwrap_or(&mut unasked);
        let mut read = Vec::with_capacity(rows);
        let mut codes = Vec::with_capacity(rows);
        let mut key = String::new();
        for row in 0..rows {
            key.clear();
            for field in fields {
                key.push_str(field.at(row));
                key.push('\u{1f}');
            }
            let known = self.known.get(key.as_str()).copied().filter(|_| !counted);
            let code = known.unwrap_or_else(|| {
                let value = self.cells.values(fields.iter().map(|it| it.at(row)), profile);
                if *many {
                    read.push((value, None));
                    return NEVER;
                }
                let code = dictionary.code(&value, None);
                if self.known.len() < REMEMBERED {
                    self.known.insert(key.as_str().into(), code);
                }
                code
            });
            if !*many {
                codes.push(code);
            } else if code != NEVER {
                read.push((dictionary.entries[code as usize].value.clone(), None));
            }
        }
        if *many {
            return values(read.into_iter(), false);
        }
        let column = Column::Coded(self.own_codes(codes, dictionary));
        *many = dictionary.entries.len() > MOST_CODES;
        column
    }

    /// A column that says the same in every row.
    pub fn constant(&mut self, raw: &str, rows: usize, dictionary: &mut Dictionary, profile: Option<&mut ColumnProfile>) -> Column {
        let (value, time) = self.read(raw);
        if let Some(profile) = profile {
            let (value, found) = self.cells.read(raw);
            tally(&value, &found, raw, rows as u64, profile);
        }
        Column::Coded(Coded { codes: Codes::Same, map: Arc::from([dictionary.code(&value, time)]) })
    }
}

/// Values one by one, as decimals of one scale where they are that.
pub fn values(read: impl Iterator<Item = (Value, Option<Period>)>, time: bool) -> Column {
    let mut values = Vec::with_capacity(read.size_hint().0);
    let mut times = Vec::new();
    for (value, at) in read {
        values.push(value);
        if time {
            times.push(at);
        }
    }
    if !time && let Some(numbers) = numbers(&values) {
        return Column::Numbers(numbers);
    }
    Column::Values(Arc::from(values), Arc::from(times))
}

/// Decimals of one scale, where all values are that or missing and none is changed by it.
pub fn numbers(values: &[Value]) -> Option<Numbers> {
    let mut most = 0;
    for value in values {
        match value {
            Value::Number(Num::Decimal { scale, .. }) => most = most.max(*scale),
            Value::Missing(_) => {}
            _ => return None,
        }
    }
    let mut mantissas = Vec::with_capacity(values.len());
    let mut missing = Vec::new();
    for (row, value) in values.iter().enumerate() {
        match value {
            Value::Number(Num::Decimal { mantissa, scale }) => mantissas.push(widened(*mantissa, most - scale)?),
            Value::Missing(reason) => {
                missing.resize(values.len(), 0);
                missing[row] = reason_code(*reason);
                mantissas.push(0);
            }
            _ => return None,
        }
    }
    let missing = (!missing.is_empty()).then(|| Arc::from(missing));
    Some(Numbers { mantissas: mantissas.into(), scale: most, missing })
}

/// A mantissa with so many more places, where a double would still hold it exactly.
pub fn widened(mantissa: i64, places: u8) -> Option<i64> {
    let wide = i128::from(mantissa).checked_mul(POWERS[usize::from(places)])?;
    i64::try_from(wide).ok().filter(|it| places == 0 || it.unsigned_abs() <= 1 << 53)
}
