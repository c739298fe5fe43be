//! Many rows here, one row there: tables that references look into, held in memory.

use super::text;
use crate::calendar::Date;
use crate::check::Checked;
use crate::model::{ColumnRef, Keep, RowExpr, Rows, Source, SourceId};
use crate::row::{Missing, Row, Value, evaluate};
use crate::source::World;
use crate::value::{Code, Diagnostics, Fact};
use std::collections::HashMap;

/// The rows of a source by key, with the columns that are asked of them.
pub struct Lookup {
    /// The columns that are asked for, and those that `keep where` asks for itself.
    columns: Vec<usize>,
    keep: Option<RowExpr>,
    /// Those among the columns that are computed from others, by their places.
    computed: Vec<(usize, RowExpr)>,
    rows: Vec<Vec<Value>>,
    /// For each key its rows, those of snapshots and spans by the day from which they hold.
    index: HashMap<String, Vec<(Date, usize)>>,
    dated: bool,
    /// Of spans: the column with the first day on which they no longer hold, by its place among the columns.
    ends: Option<usize>,
}

impl Lookup {
    /// Reads a source for its keys; two rows with one key are refused, unless they are snapshots of two dates.
    pub fn read(checked: &Checked, id: SourceId, columns: &[usize], world: &dyn World, out: &mut Diagnostics) -> Option<Lookup> {
        let source = &checked.model.sources[id.index()];
        let mut lookup = Lookup::new(source, columns);
        let inputs = text::inputs(source, world, out)?;
        for input in &inputs {
            lookup.file(checked, source, input, out)?;
        }
        lookup.finish(source, out)
    }

    /// No rows yet.
    pub fn new(source: &Source, columns: &[usize]) -> Lookup {
        let dated = source.rows != Rows::Events && source.time.is_some();
        let mut columns = columns.to_vec();
        for column in source.keep_where.iter().flat_map(|it| it.columns()) {
            if column.through.is_none() && !columns.contains(&(column.column as usize)) {
                columns.push(column.column as usize);
            }
        }
        if let Some(ends) = source.ends
            && !columns.contains(&ends)
        {
            columns.push(ends);
        }
        // Computed columns need what they are computed from.
        let mut computed = Vec::new();
        let mut at = 0;
        while at < columns.len() {
            if let Some(expr) = &source.columns[columns[at]].computed {
                for column in expr.columns().iter().filter(|it| it.through.is_none()).map(|it| it.column as usize) {
                    if !columns.contains(&column) {
                        columns.push(column);
                    }
                }
                computed.push((at, expr.clone()));
            }
            at += 1;
        }
        let ends = source.ends.and_then(|it| columns.iter().position(|column| *column == it));
        Lookup { columns, keep: source.keep_where.clone(), computed, rows: Vec::new(), index: HashMap::new(), dated, ends }
    }

    /// The columns that a row is to be added with.
    #[cfg(feature = "engine")]
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// Whether which row is found depends on the day.
    #[cfg(feature = "engine")]
    pub fn is_dated(&self) -> bool {
        self.dated
    }

    /// Orders the rows of each key; two rows for one are refused.
    pub fn finish(mut self, source: &Source, out: &mut Diagnostics) -> Option<Lookup> {
        let mut doubles = 0;
        #[expect(clippy::iter_over_hash_type, reason = "each key by itself; the count does not depend on the order")]
        for rows in self.index.values_mut() {
            rows.sort_by_key(|it| (it.0, it.1));
            match source.on_duplicate {
                None => {
                    // A span must end before the next begins.
                    let overlap = |it: &&[(Date, usize)]| match self.ends {
                        Some(ends) => !matches!(self.rows[it[0].1][ends], Value::Date(end) if end <= it[1].0),
                        None => it[0].0 == it[1].0,
                    };
                    doubles += rows.windows(2).filter(overlap).count();
                }
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
        Some(self)
    }

    fn file(&mut self, checked: &Checked, source: &Source, input: &text::Input, out: &mut Diagnostics) -> Option<()> {
        let model = &checked.model;
        let mut table = super::plain::open(source, input, out)?;
        let mut wanted: Vec<usize> = self.columns.clone();
        wanted.extend(&source.key);
        wanted.extend(source.time);
        let mut readers = super::plain::readers(model, source, input, &table.headers, &wanted, out)?;
        let mut profile = super::ColumnProfile::default();
        let columns = self.columns.clone();
        while let Some(record) = table.next(source, input, out)? {
            let key: Vec<Value> = source.key.iter().map(|it| super::plain::value_of(&mut readers, *it, &record, &mut profile)).collect();
            let date = source.time.filter(|_| self.dated).map(|it| super::plain::time_of(&readers, it, &record));
            let date = date.map(|it| it.map(|it| it.start(&model.project.calendar)));
            let row = || columns.iter().map(|it| super::plain::value_of(&mut readers, *it, &record, &mut profile)).collect();
            self.add(&key, date, row);
        }
        Some(())
    }

    /// Adds a row: its key, of snapshots the date if it can be read, and the columns that are asked of it.
    #[expect(clippy::option_option, reason = "outer: whether rows have dates; inner: whether this one could be read")]
    pub fn add(&mut self, key: &[Value], date: Option<Option<Date>>, row: impl FnOnce() -> Vec<Value>) {
        let date = match date {
            None => Date::MIN,
            Some(Some(date)) => date,
            Some(None) => return,
        };
        if key.iter().any(|it| it.missing().is_some()) {
            return;
        }
        let mut text = String::new();
        for it in key {
            if !text.is_empty() {
                text.push('\u{1f}');
            }
            text.push_str(&key_text(it));
        }
        let mut row = row();
        for (place, expr) in &self.computed {
            row[*place] = evaluate(expr, &Kept { columns: &self.columns, values: &row });
        }
        // Rows that the source drops are dropped for those who refer to it, too.
        let kept = Kept { columns: &self.columns, values: &row };
        if self.keep.as_ref().is_some_and(|it| evaluate(it, &kept) != Value::Bool(true)) {
            return;
        }
        self.index.entry(text).or_default().push((date, self.rows.len()));
        self.rows.push(row);
    }

    fn row(&self, key: &Value, day: Option<Date>) -> Option<usize> {
        let rows = self.index.get(&key_text(key))?;
        if !self.dated {
            return rows.first().map(|it| it.1);
        }
        // The row that held at that day: the last one that is not later (R7).
        let day = day?;
        let last = rows.iter().rev().find(|it| it.0 <= day).map(|it| it.1)?;
        let ended = self.ends.is_some_and(|it| matches!(self.rows[last][it], Value::Date(end) if end <= day));
        (!ended).then_some(last)
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
        if column.through.is_some() {
            // What it refers to in turn is not looked up.
            return Value::Missing(Missing::Blank);
        }
        let place = self.columns.iter().position(|it| *it == column.column as usize);
        place.map_or(Value::Missing(Missing::Blank), |it| self.values[it].clone())
    }
}
