//! The reference engine: CSV, row by row, on one thread. Every other engine is held against it.

use super::cells::Cells;
use super::entities::{self, Gather, Gathered};
use super::fold::{Dropped, Fold, RowFacts, bucket, dealt, take};
use super::lookup::Lookup;
use super::text::{self, Input};
use super::{ColumnProfile, KeyValue, ReadTable, Table};
use crate::calendar::{Date, Grain, Period};
use crate::check::Checked;
use crate::model::{ColumnRef, Keep, Model, RowExpr, Rows, Several, Source, SourceId, Walk};
use crate::plan::{Plan, Read};
use crate::row::{Missing, Row, Value, evaluate};
use crate::source::World;
use crate::value::{Code, Diagnostics, Fact, nearest};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Rows of one chunk of a file of text. Sums of doubles are merged chunk by chunk, so this is part of their meaning.
pub const CHUNK_ROWS: usize = 65_536;

/// Reads all sources of a plan.
pub fn scan(checked: &Checked, plan: &Plan, world: &dyn World, out: &mut Diagnostics) -> Option<Table> {
    let mut table = Table::default();
    let mut complete = true;
    for read in &plan.reads {
        match scan_source(checked, read, world, out) {
            Some(it) => table.reads.push(it),
            None => complete = false,
        }
    }
    complete.then_some(table)
}

/// The columns of a source that a read needs, and the look-ups with theirs.
pub fn needed(model: &Model, read: &Read) -> (Vec<usize>, BTreeMap<u32, Vec<usize>>) {
    let source = &model.sources[read.source.index()];
    let mut own: Vec<usize> = Vec::new();
    let mut through: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut visit = |expr: &RowExpr| {
        for column in expr.columns() {
            let list = match column.through {
                None => &mut own,
                Some(at) => through.entry(at).or_default(),
            };
            if !list.contains(&(column.column as usize)) {
                list.push(column.column as usize);
            }
        }
    };
    for leaf in &read.leaves {
        leaf.filter.iter().for_each(&mut visit);
        leaf.measure.exprs().for_each(&mut visit);
    }
    read.groupings.iter().filter_map(|it| it.walk.as_ref()).flat_map(Walk::exprs).for_each(&mut visit);
    read.groupings.iter().flat_map(|it| &it.keys).for_each(|it| visit(&it.expr));
    source.keep_where.iter().for_each(&mut visit);
    let mut plain: Vec<usize> = read.leaves.iter().filter_map(|it| it.weight).collect();
    if read.profile {
        plain.extend(0..source.columns.len());
    }
    plain.extend(read.leaves.iter().filter_map(|it| it.persons.map(|it| it.0)));
    plain.extend(read.groupings.iter().filter_map(|it| it.cluster));
    plain.extend(read.crossed.iter().filter_map(|it| it.unit.column()));
    plain.extend(read.groupings.iter().filter_map(|it| it.time));
    plain.extend(source.time);
    plain.extend(source.ends);
    plain.extend(read.groupings.iter().filter_map(|it| it.walk.as_ref()).flat_map(|it| &it.by));
    if source.on_duplicate.is_some() {
        plain.extend(&source.key);
    }
    plain.extend(through.keys().map(|it| source.references[*it as usize].by));
    for at in plain {
        if !own.contains(&at) {
            own.push(at);
        }
    }
    // Computed columns need what they are computed from.
    let mut at = 0;
    while at < own.len() {
        if let Some(expr) = &source.columns[own[at]].computed {
            for column in expr.columns() {
                match column.through {
                    None if !own.contains(&(column.column as usize)) => own.push(column.column as usize),
                    None => {}
                    Some(reference) => {
                        let list = through.entry(reference).or_default();
                        if !list.contains(&(column.column as usize)) {
                            list.push(column.column as usize);
                        }
                        let by = source.references[reference as usize].by;
                        if !own.contains(&by) {
                            own.push(by);
                        }
                    }
                }
            }
        }
        at += 1;
    }
    (own, through)
}

fn scan_source(checked: &Checked, read: &Read, world: &dyn World, out: &mut Diagnostics) -> Option<ReadTable> {
    let model = &checked.model;
    let source = &model.sources[read.source.index()];
    let (columns, through) = needed(model, read);
    let lookups = lookups(checked, source, &through, world, out)?;
    let inputs = text::inputs(source, world, out)?;
    let kept = match source.on_duplicate {
        Some(keep) => Some(kept_rows(checked, source, &inputs, keep, out)?),
        None => None,
    };
    let whole = read;
    let gather = Gather::new(checked, whole);
    let mut gathered = Gathered::default();
    let read = &Read { groupings: whole.groupings.iter().filter(|it| !it.is_gathered(source.rows)).cloned().collect(), ..whole.clone() };
    let mut folds: Vec<Fold<'_>> = read.groupings.iter().map(|it| Fold::new(read, it)).collect();
    let mut result = ReadTable { source: Some(read.source), ..ReadTable::default() };
    let mut wrong_time = WrongTime::default();
    for (at, input) in inputs.iter().enumerate() {
        if is_parquet(&input.name) {
            let fact = Fact::at(Code::NeedsEngine, source.files[input.entry].span).with("file", &input.name);
            out.push(fact);
            return None;
        }
        let mut table = open(source, input, out)?;
        let readers = readers(model, source, input, &table.headers, &columns, out)?;
        let cache = vec![None; source.columns.len()];
        let state = RefCell::new(RowState { readers, profile: BTreeMap::new(), cache });
        let mut chunk: Vec<Fold<'_>> = read.groupings.iter().map(|it| Fold::new(read, it)).collect();
        let mut rows = 0;
        while let Some(record) = table.next(source, input, out)? {
            state.borrow_mut().cache.fill(None);
            let row = PlainRow { model, source: read.source, record: &record, state: &state, lookups: &lookups };
            let dropped = kept.as_ref().filter(|it| !it.contains(&(at, rows))).map(|_| Dropped::Duplicate);
            if read.profile {
                columns.iter().for_each(|it| drop(row.own(*it)));
            }
            let dropped = dropped.or_else(|| filtered(source, &row));
            add_row(checked, read, source, &row, rows, dropped, &mut chunk, &mut result, &mut wrong_time);
            if let Some(gather) = &gather {
                gather.add(&mut gathered, &row, |it| row.own(it), |it| row.time(it), dropped);
            }
            rows += 1;
            if rows % CHUNK_ROWS == 0 {
                if gathered.is_too_large(entities::MOST_BYTES) {
                    out.push(entities::too_large(source));
                    return None;
                }
                for ((fold, done), grouping) in folds.iter_mut().zip(&mut chunk).zip(&read.groupings) {
                    fold.merge(std::mem::replace(done, Fold::new(read, grouping)));
                }
                result.merge_profile(read, &std::mem::take(&mut state.borrow_mut().profile));
            }
        }
        for (fold, done) in folds.iter_mut().zip(chunk) {
            fold.merge(done);
        }
        if gathered.is_too_large(entities::MOST_BYTES) {
            out.push(entities::too_large(source));
            return None;
        }
        result.rows += rows as u64;
        result.files.push((input.name.clone(), rows as u64));
        result.merge_profile(read, &state.into_inner().profile);
    }
    let wrong_time = wrong_time.or(gathered.wrong);
    wrong_time.report(source, out);
    if wrong_time.rows > 0 {
        return None;
    }
    result.see(gathered.days);
    result.groupings = folds.into_iter().map(Fold::finish).collect();
    if let Some(gather) = &gather {
        result.insert(whole, source, gather.tables(&gathered));
    }
    Some(result)
}

/// Whether a file is Parquet, by its name.
pub fn is_parquet(name: &str) -> bool {
    name.ends_with(".parquet")
}

/// Rows whose time could not be read, or is coarser than what is asked.
#[derive(Clone, Copy, Default)]
pub struct WrongTime {
    pub rows: u64,
    pub coarse: u64,
    /// The longest period among the coarse ones.
    pub longest: Option<Grain>,
    /// Of spans: those of which the end could not be read.
    pub ends: u64,
}

impl WrongTime {
    /// Adds a row: the grain of its time, where that is a period too long; `None` where it has no time.
    pub fn add(&mut self, coarse: Option<Grain>) {
        self.rows += 1;
        if let Some(grain) = coarse {
            self.coarse += 1;
            self.longer(grain);
        }
    }

    /// Adds what another part of the data held.
    pub fn merge(&mut self, other: &WrongTime) {
        self.rows += other.rows;
        self.coarse += other.coarse;
        self.ends += other.ends;
        other.longest.into_iter().for_each(|it| self.longer(it));
    }

    fn longer(&mut self, grain: Grain) {
        self.longest = Some(self.longest.filter(|it| !grain.is_coarser_than(*it)).unwrap_or(grain));
    }

    /// These, or those that another look at the same rows found where it found more.
    pub fn or(self, other: WrongTime) -> WrongTime {
        if other.rows > self.rows { other } else { self }
    }

    /// Reports them at the source.
    pub fn report(&self, source: &Source, out: &mut Diagnostics) {
        if self.rows > 0 {
            let column = if self.ends == self.rows { source.ends } else { source.time };
            let column = column.map_or("", |it| source.columns[it].name.as_str());
            let fact = Fact::at(Code::WrongTime, source.span).with("source", &source.name).with("column", column);
            let fact = fact.with("rows", self.rows);
            // What every row of the source lies in one of is its cadence; spans lie in many.
            let longest = self.longest.filter(|_| source.rows != Rows::Spans);
            let fact = fact.with_some("own", longest).with_some("cadence", longest);
            let fact = fact.with_some("whole", longest.filter(|_| self.coarse == self.rows).map(|_| "yes"));
            out.push(fact.with_some("coarse", (self.coarse > 0).then_some(self.coarse)));
        }
    }
}

/// Reads the sources that references lead to.
pub fn lookups(
    checked: &Checked,
    source: &Source,
    through: &BTreeMap<u32, Vec<usize>>,
    world: &dyn World,
    out: &mut Diagnostics,
) -> Option<BTreeMap<u32, Lookup>> {
    let mut lookups = BTreeMap::new();
    for (reference, columns) in through {
        let to = source.references[*reference as usize].to;
        lookups.insert(*reference, Lookup::read(checked, to, columns, world, out)?);
    }
    Some(lookups)
}

/// Whether `keep where` drops a row.
fn filtered(source: &Source, row: &PlainRow<'_, '_>) -> Option<Dropped> {
    let filtered = source.keep_where.as_ref().is_some_and(|it| evaluate(it, row) != Value::Bool(true));
    filtered.then_some(Dropped::Filtered)
}

#[expect(clippy::too_many_arguments, reason = "one row, and everything that it is added to")]
fn add_row(
    checked: &Checked,
    read: &Read,
    source: &Source,
    row: &PlainRow<'_, '_>,
    place: usize,
    dropped: Option<Dropped>,
    folds: &mut [Fold<'_>],
    result: &mut ReadTable,
    wrong_time: &mut WrongTime,
) {
    let calendar = &checked.model.project.calendar;
    let own = |column: usize| row.own(column);
    let taken = if dropped.is_some() { Vec::new() } else { read.leaves.iter().map(|it| take(it, own, row)).collect() };
    let text = |it: usize| match own(it) {
        Value::Missing(_) => None,
        other => Some(Arc::from(text_of(&other).as_str())),
    };
    let person = read.leaves.iter().find_map(|it| it.persons).and_then(|it| text(it.0));
    let facts = RowFacts { taken, person, dealt: dealt(read, text, place), dropped };
    let mut times: Vec<(usize, Option<Period>)> = Vec::new();
    for (fold, grouping) in folds.iter_mut().zip(&read.groupings) {
        let time = match grouping.time {
            None => None,
            Some(column) => match times.iter().find(|it| it.0 == column) {
                Some(known) => known.1,
                None => {
                    let time = row.time(column);
                    times.push((column, time));
                    if let Some(time) = time.filter(|_| Some(column) == source.time) {
                        let day = time.start(calendar);
                        result.first = Some(result.first.map_or(day, |it| it.min(day)));
                        let last = time.end(calendar).plus_days(-1).unwrap_or(day);
                        result.last = Some(result.last.map_or(last, |it| it.max(last)));
                    }
                    time
                }
            },
        };
        let Some(bucket) = bucket(time, grouping.grain, calendar) else {
            wrong_time.add(time.map(Period::grain));
            return;
        };
        let key = grouping.keys.iter().map(|it| key_value(checked, it, &evaluate(&it.expr, row))).collect();
        let cluster = grouping.cluster.map(text);
        fold.add(bucket, key, cluster, &facts);
    }
}

/// The value of a dimension as it stands in a key; what is not declared is `other`, where there is such.
pub fn key_value(checked: &Checked, key: &crate::plan::Key, value: &Value) -> KeyValue {
    let dimension = &checked.model.dimensions[key.dimension.index()];
    let text = match value {
        Value::Missing(Missing::OutOfScale) if dimension.other.is_some() => return KeyValue::Value(Arc::from(OTHER)),
        Value::Missing(_) => return KeyValue::Blank,
        Value::Text(text) => text.clone(),
        other => Arc::from(text_of(other).as_str()),
    };
    let declared = dimension.values.is_empty() || dimension.values.iter().any(|it| it.0 == *text);
    if !declared && dimension.other.is_some() {
        return KeyValue::Value(Arc::from(OTHER));
    }
    KeyValue::Value(text)
}

/// The key of values that a dimension takes together. No value of data begins with this sign.
pub const OTHER: &str = "\u{1}other";

/// A value as it stands in keys, clusters and persons.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::Number(it) => it.to_string(),
        Value::Text(it) => it.to_string(),
        Value::Date(it) => it.to_string(),
        Value::Bool(it) => it.to_string(),
        Value::Texts(list) => list.join("; "),
        Value::Missing(_) => String::new(),
    }
}

/// The rows that remain when doubles are dropped: by file and place.
fn kept_rows(
    checked: &Checked,
    source: &Source,
    inputs: &[Input],
    keep: Keep,
    out: &mut Diagnostics,
) -> Option<std::collections::HashSet<(usize, usize)>> {
    let mut last: HashMap<String, (usize, usize)> = HashMap::new();
    let mut kept = std::collections::HashSet::new();
    for (at, input) in inputs.iter().enumerate() {
        let mut table = open(source, input, out)?;
        let mut readers = readers(&checked.model, source, input, &table.headers, &source.key, out)?;
        let mut profile = ColumnProfile::default();
        let mut row = 0;
        while let Some(record) = table.next(source, input, out)? {
            let values: Vec<Value> = source.key.iter().map(|it| value_of(&mut readers, *it, &record, &mut profile)).collect();
            if values.iter().any(|it| it.missing().is_some()) || values.is_empty() {
                // A row without a key is no double of another.
                kept.insert((at, row));
            } else {
                let key = values.iter().map(text_of).collect::<Vec<_>>().join("\u{1f}");
                match keep {
                    Keep::Last => {
                        last.insert(key, (at, row));
                    }
                    Keep::First => {
                        last.entry(key).or_insert((at, row));
                    }
                }
            }
            row += 1;
        }
    }
    kept.extend(last.into_values());
    Some(kept)
}

// -- files -----------------------------------------------------------------------------------------------------------

/// A file of text, opened: its headers, and its records one by one.
pub struct Records {
    pub headers: Vec<String>,
    /// How many fields a row has.
    width: usize,
    reader: csv::Reader<std::io::Cursor<Vec<u8>>>,
    row: u64,
}

/// Opens a file of a source; what keeps it from being read is reported.
pub fn open(source: &Source, input: &Input, out: &mut Diagnostics) -> Option<Records> {
    let unreadable = |reason: String, out: &mut Diagnostics| {
        let fact = Fact::at(Code::UnreadableData, source.files[input.entry].span).with("file", &input.name);
        out.push(fact.with("reason", reason));
    };
    let decoded = text::bytes(&input.file).and_then(|it| text::decode(it, &source.format).map(|it| it.into_owned()));
    let text = match decoded {
        Ok(text) => text,
        Err(reason) => {
            unreadable(reason, out);
            return None;
        }
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(source.format.delimiter)
        .from_reader(std::io::Cursor::new(text.into_bytes()));
    let mut headers = Vec::new();
    let mut record = csv::StringRecord::new();
    for row in 0..source.format.header {
        match reader.read_record(&mut record) {
            Ok(true) => {
                if row == 0 {
                    headers = record.iter().map(|it| it.trim().to_owned()).collect();
                }
            }
            Ok(false) => {
                unreadable("no header row".to_owned(), out);
                return None;
            }
            Err(error) => {
                unreadable(error.to_string(), out);
                return None;
            }
        }
    }
    Some(Records { width: headers.len(), headers, reader, row: source.format.header as u64 })
}

impl Records {
    /// The next record; `Some(None)` at the end, `None` where the file cannot be read on.
    #[expect(clippy::option_option, reason = "outer: readable; inner: a record, or the end")]
    pub fn next(&mut self, source: &Source, input: &Input, out: &mut Diagnostics) -> Option<Option<csv::StringRecord>> {
        let mut record = csv::StringRecord::new();
        self.read(&mut record, source, input, out).map(|it| it.then_some(record))
    }

    /// Reads the next record in place of another; false at the end, `None` where the file cannot be read on.
    pub fn read(&mut self, record: &mut csv::StringRecord, source: &Source, input: &Input, out: &mut Diagnostics) -> Option<bool> {
        let unreadable = || Fact::at(Code::UnreadableData, source.files[input.entry].span).with("file", &input.name);
        loop {
            self.row += 1;
            let fact = match self.reader.read_record(record) {
                // A line of white space is no row.
                Ok(true) if record.len() == 1 && self.width > 1 && record[0].trim().is_empty() => continue,
                // A field too many or too few moves answers to other questions, or is what is left of a cut file.
                Ok(true) if record.len() != self.width => unreadable().with("fields", record.len()).with("header", self.width),
                Ok(more) => return Some(more),
                Err(error) => unreadable().with("reason", error.to_string()),
            };
            out.push(fact.with("row", self.row));
            return None;
        }
    }
}

/// How one column of one file is read.
pub struct ColumnReader<'a> {
    pub cells: Cells<'a>,
    pub from: From,
}

/// Where the text of a column stands.
#[derive(Clone, Debug)]
pub enum From {
    Field(usize),
    /// One answer a field.
    Fields(Vec<usize>),
    Constant(String),
    /// Computed from other columns.
    Computed,
    /// A constant that this file does not have.
    Nowhere,
}

/// Readers for the columns that are needed; a column that the file lacks is reported.
pub fn readers<'a>(
    model: &'a Model,
    source: &'a Source,
    input: &Input,
    headers: &[String],
    columns: &[usize],
    out: &mut Diagnostics,
) -> Option<HashMap<usize, ColumnReader<'a>>> {
    let mut readers = HashMap::new();
    let mut lacking = Vec::new();
    let mut found = false;
    for at in columns {
        let column = &source.columns[*at];
        let constant = source.files[input.entry].constants.iter().find(|it| it.0 == column.name);
        let position = |wanted: &String| headers.iter().position(|it| it == wanted.trim());
        let from = if column.computed.is_some() {
            From::Computed
        } else if let Some((_, value)) = constant {
            From::Constant(value.clone())
        } else if let Some(Several::Headers(names)) = &column.several {
            let fields: Vec<usize> = names.iter().filter_map(position).collect();
            found |= !fields.is_empty();
            if fields.len() < names.len() {
                lacking.push(column);
            }
            From::Fields(fields)
        } else if let Some(field) = column.headers.iter().find_map(position) {
            found = true;
            From::Field(field)
        } else if column.constant {
            From::Nowhere
        } else {
            lacking.push(column);
            From::Nowhere
        };
        let cells = Cells::new(column, &source.format, &input.name, &model.project.calendar, model.project.language);
        readers.insert(*at, ColumnReader { cells, from });
    }
    if lacking.len() > 1 && !found {
        none_of_them(source, input, lacking[0], headers, out);
        return None;
    }
    lacking.iter().for_each(|column| missing(source, input, column, headers, out));
    lacking.is_empty().then_some(readers)
}

/// A file without a single one of the columns is read wrongly as a whole: that is one mistake.
fn none_of_them(source: &Source, input: &Input, first: &crate::model::Column, headers: &[String], out: &mut Diagnostics) {
    let fact = Fact::at(Code::MissingColumn, first.span).with("none", "yes").with("file", &input.name).with("source", &source.name);
    let delimiters = [(";", ';'), ("tab", '\t'), ("|", '|'), (",", ',')];
    let delimiter = delimiters.iter().find(|it| headers.len() == 1 && headers[0].contains(it.1)).map(|it| it.0);
    // The line may be one of answers: what it says is not repeated.
    out.push(fact.with("fields", headers.len()).with_some("delimiter", delimiter));
}

fn missing(source: &Source, input: &Input, column: &crate::model::Column, headers: &[String], out: &mut Diagnostics) {
    let wanted = column.headers.first().cloned().unwrap_or_default();
    let fact = Fact::at(Code::MissingColumn, column.span).with("column", &wanted).with("file", &input.name);
    let fact = fact.with("source", &source.name).with_some("similar", nearest(&wanted, headers));
    out.push(fact);
}

/// The value of a column that stands in the record itself.
pub fn value_of(
    readers: &mut HashMap<usize, ColumnReader<'_>>,
    at: usize,
    record: &csv::StringRecord,
    profile: &mut ColumnProfile,
) -> Value {
    let Some(reader) = readers.get_mut(&at) else { return Value::Missing(Missing::Blank) };
    match &reader.from {
        From::Field(field) => reader.cells.value(record.get(*field).unwrap_or(""), profile),
        From::Fields(fields) => reader.cells.values(fields.iter().map(|it| record.get(*it).unwrap_or("")), profile),
        From::Constant(text) => {
            let text = text.clone();
            reader.cells.value(&text, profile)
        }
        From::Computed | From::Nowhere => Value::Missing(Missing::Blank),
    }
}

/// The time that a column tells.
pub fn time_of(readers: &HashMap<usize, ColumnReader<'_>>, at: usize, record: &csv::StringRecord) -> Option<Period> {
    let reader = readers.get(&at)?;
    match &reader.from {
        From::Field(field) => reader.cells.time(record.get(*field).unwrap_or("")),
        From::Constant(text) => reader.cells.time(text),
        _ => None,
    }
}

struct RowState<'a> {
    readers: HashMap<usize, ColumnReader<'a>>,
    profile: BTreeMap<usize, ColumnProfile>,
    /// The values of this row that were read already: each is read, and counted, once.
    cache: Vec<Option<Value>>,
}

struct PlainRow<'a, 'r> {
    model: &'a Model,
    source: SourceId,
    record: &'a csv::StringRecord,
    state: &'a RefCell<RowState<'r>>,
    lookups: &'a BTreeMap<u32, Lookup>,
}

impl PlainRow<'_, '_> {
    fn own(&self, column: usize) -> Value {
        self.column(ColumnRef { source: self.source, through: None, column: column as u32 })
    }

    fn time(&self, column: usize) -> Option<Period> {
        time_of(&self.state.borrow().readers, column, self.record)
    }

    fn day(&self) -> Option<Date> {
        let source = &self.model.sources[self.source.index()];
        self.time(source.time?).map(|it| it.start(&self.model.project.calendar))
    }
}

impl Row for PlainRow<'_, '_> {
    fn column(&self, column: ColumnRef) -> Value {
        let source = &self.model.sources[self.source.index()];
        if let Some(reference) = column.through {
            let by = source.references[reference as usize].by;
            let key = self.column(ColumnRef { source: self.source, through: None, column: by as u32 });
            return match self.lookups.get(&reference) {
                Some(lookup) => lookup.value(&key, self.day(), column.column as usize),
                None => Value::Missing(Missing::Blank),
            };
        }
        let at = column.column as usize;
        if let Some(known) = &self.state.borrow().cache[at] {
            return known.clone();
        }
        let value = match &source.columns[at].computed {
            Some(expr) => evaluate(expr, self),
            None => {
                let state = &mut *self.state.borrow_mut();
                let profile = state.profile.entry(at).or_default();
                value_of(&mut state.readers, at, self.record, profile)
            }
        };
        self.state.borrow_mut().cache[at] = Some(value.clone());
        value
    }
}
