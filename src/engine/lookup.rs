//! Many rows here, one row there: tables that references look into, held in memory.

use super::text;
use crate::calendar::{Date, Period};
use crate::check::Checked;
use crate::model::{ColumnRef, Keep, Rows, Source, SourceId};
use crate::row::{Missing, Row, Value, evaluate};
use crate::source::World;
use crate::value::{Code, Diagnostics, Fact};
use std::collections::HashMap;

/// The rows of a source by key, with the columns that are asked of them.
pub struct Lookup {
    /// The columns that are asked for, and those that `keep where` asks for itself.
    columns: Vec<usize>,
    rows: Vec<Vec<Value>>,
    /// For each key its rows, those of snapshots by date.
    index: HashMap<String, Vec<(Date, usize)>>,
    snapshot: bool,
}

impl Lookup {
    /// Reads a source for its keys; two rows with one key are refused, unless they are snapshots of two dates.
    pub fn read(checked: &Checked, id: SourceId, columns: &[usize], world: &dyn World, out: &mut Diagnostics) -> Option<Lookup> {
        let source = &checked.model.sources[id.index()];
        let snapshot = source.rows == Rows::Snapshot && source.time.is_some();
        let mut columns = columns.to_vec();
        for column in source.keep_where.iter().flat_map(|it| it.columns()) {
            if column.through.is_none() && !columns.contains(&(column.column as usize)) {
                columns.push(column.column as usize);
            }
        }
        let mut lookup = Lookup { columns, rows: Vec::new(), index: HashMap::new(), snapshot };
        let inputs = text::inputs(source, world, out)?;
        for input in &inputs {
            lookup.file(checked, source, input, out)?;
        }
        let mut doubles = 0;
        #[expect(clippy::iter_over_hash_type, reason = "each key by itself; the count does not depend on the order")]
        for rows in lookup.index.values_mut() {
            rows.sort_by_key(|it| (it.0, it.1));
            match source.on_duplicate {
                None => doubles += rows.windows(2).filter(|it| it[0].0 == it[1].0).count(),
                Some(Keep::First) => rows.dedup_by(|later, first| later.0 == first.0),
                Some(Keep::Last) => {
                    rows.reverse();
                    rows.dedup_by(|earlier, last| earlier.0 == last.0);
                    rows.reverse();
                }
            }
        }
        if doubles > 0 {
            let keys: Vec<&str> = source.key.iter().map(|it| source.columns[*it].name.as_str()).collect();
            let fact = Fact::at(Code::FanOut, source.span).with("source", &source.name).with("key", keys.join(", "));
            out.push(fact.with("rows", doubles));
            return None;
        }
        Some(lookup)
    }

    fn file(&mut self, checked: &Checked, source: &Source, input: &text::Input, out: &mut Diagnostics) -> Option<()> {
        let model = &checked.model;
        let mut table = super::plain::open(checked, source, input, out)?;
        let mut wanted: Vec<usize> = self.columns.clone();
        wanted.extend(&source.key);
        wanted.extend(source.time);
        let mut readers = super::plain::readers(model, source, input, &table.headers, &wanted, out)?;
        let mut profile = super::ColumnProfile::default();
        while let Some(record) = table.next(source, input, out)? {
            let mut key = String::new();
            let mut blank = false;
            for at in &source.key {
                match super::plain::value_of(&mut readers, *at, &record, &mut profile) {
                    Value::Missing(_) => blank = true,
                    other => {
                        if !key.is_empty() {
                            key.push('\u{1f}');
                        }
                        key.push_str(&key_text(&other));
                    }
                }
            }
            if blank {
                continue;
            }
            let date = match source.time {
                Some(at) if self.snapshot => match super::plain::time_of(&readers, at, &record) {
                    Some(period) => Period::start(period, &model.project.calendar),
                    None => continue,
                },
                _ => Date::MIN,
            };
            let row: Vec<Value> = self.columns.iter().map(|it| super::plain::value_of(&mut readers, *it, &record, &mut profile)).collect();
            // Rows that the source drops are dropped for those who refer to it, too.
            let kept = Kept { columns: &self.columns, values: &row };
            if source.keep_where.as_ref().is_some_and(|it| evaluate(it, &kept) != Value::Bool(true)) {
                continue;
            }
            self.index.entry(key).or_default().push((date, self.rows.len()));
            self.rows.push(row);
        }
        Some(())
    }

    fn row(&self, key: &Value, day: Option<Date>) -> Option<usize> {
        let rows = self.index.get(&key_text(key))?;
        if !self.snapshot {
            return rows.first().map(|it| it.1);
        }
        // The row that held at that day: the last one that is not later (R7).
        let day = day?;
        rows.iter().rev().find(|it| it.0 <= day).map(|it| it.1)
    }

    /// The value of a column in the row with a key.
    pub fn value(&self, key: &Value, day: Option<Date>, column: usize) -> Value {
        if let Value::Missing(it) = key {
            return Value::Missing(*it);
        }
        let at = self.columns.iter().position(|it| *it == column);
        match (self.row(key, day), at) {
            (Some(row), Some(at)) => self.rows[row][at].clone(),
            _ => Value::Missing(Missing::Blank),
        }
    }
}

/// A key as text: numbers in their shortest form, so that `7` meets `7.0`.
fn key_text(value: &Value) -> String {
    match value {
        Value::Number(it) => it.to_string(),
        Value::Text(it) => it.to_string(),
        Value::Date(it) => it.to_string(),
        Value::Bool(it) => it.to_string(),
        Value::Missing(_) | Value::Texts(_) => String::new(),
    }
}

/// A row of a look-up while it is decided whether it is kept.
struct Kept<'a> {
    columns: &'a [usize],
    values: &'a [Value],
}

impl Row for Kept<'_> {
    fn column(&self, column: ColumnRef) -> Value {
        let place = self.columns.iter().position(|it| *it == column.column as usize);
        place.map_or(Value::Missing(Missing::Blank), |it| self.values[it].clone())
    }
}
