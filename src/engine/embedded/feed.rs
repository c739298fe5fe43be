//! Files -> chunks of rows, in file and chunk order: a Parquet file's row groups, and every so many rows of a file of text.
//!
//! A chunk does not depend on threads: sums of doubles are merged chunk by chunk, in this order.

use super::columns::{Batch, Column, Dictionary};
use super::delimited::{FileColumn, Texts};
use super::parquet::{self, ParquetFile, Remembered, Stretch, Target};
use crate::check::Checked;
use crate::engine::ColumnProfile;
use crate::engine::plain::{self, CHUNK_ROWS, From, Records, is_parquet};
use crate::engine::text::Input;
use crate::model::Source;
use crate::value::{Code, Diagnostics, Fact};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is read of a source.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    pub checked: &'a Checked,
    pub source: &'a Source,
    pub inputs: &'a [Input],
    /// Columns by their places, computed ones among them.
    pub columns: &'a [usize],
    /// Those that tell times.
    pub times: &'a [usize],
    /// Whether everything that is found in them is counted.
    pub profile: bool,
}

/// A file that was opened.
pub struct Opened {
    /// Its place among the inputs.
    pub input: usize,
    /// Where each wanted column stands, in the order of [`Wanted::columns`].
    from: Vec<From>,
    headers: Vec<String>,
    parquet: Option<ParquetFile>,
    /// The fields that are read: of a file of text in this order, of a Parquet file in the file's.
    fields: Vec<usize>,
}

/// A chunk of rows that is yet to be folded.
pub struct Work {
    /// Its number among all chunks of the source.
    pub number: usize,
    pub file: Arc<Opened>,
    /// The place of its first row in its file.
    pub first: usize,
    pub rows: usize,
    part: Part,
}

enum Part {
    Texts(Vec<Texts>),
    RowGroup(usize),
}

/// The chunks of a source, one after the other.
pub struct Feed<'a> {
    wanted: Wanted<'a>,
    /// The next file to open.
    next: usize,
    open: Option<Open>,
    number: usize,
    /// The rows of each file that was read to its end.
    pub files: Vec<(String, u64)>,
    pub found: Diagnostics,
    pub failed: bool,
}

struct Open {
    file: Arc<Opened>,
    rows: usize,
    rest: Rest,
}

enum Rest {
    Records(Records),
    /// The next row group.
    RowGroups(usize),
}

impl<'a> Feed<'a> {
    /// The chunks of all files of a source.
    pub fn new(wanted: Wanted<'a>) -> Feed<'a> {
        Feed { wanted, next: 0, open: None, number: 0, files: Vec::new(), found: Diagnostics::default(), failed: false }
    }

    /// The next chunk; `None` at the end, and where a file cannot be read: then it is said why.
    pub fn next(&mut self) -> Option<Work> {
        if self.failed {
            return None;
        }
        let work = self.advance();
        if work.is_none() && (self.open.is_some() || self.next < self.wanted.inputs.len()) {
            self.failed = true;
        }
        work
    }

    fn advance(&mut self) -> Option<Work> {
        loop {
            if self.open.is_none() {
                if self.next == self.wanted.inputs.len() {
                    return None;
                }
                self.open = Some(self.open_next()?);
            }
            let open = self.open.as_mut()?;
            let input = &self.wanted.inputs[open.file.input];
            let first = open.rows;
            let (rows, part) = match &mut open.rest {
                Rest::Records(records) => {
                    let (rows, texts) = cut(records, &open.file.fields, self.wanted.source, input, &mut self.found)?;
                    (rows, Part::Texts(texts))
                }
                Rest::RowGroups(group) => {
                    let file = open.file.parquet.as_ref()?;
                    let at = *group;
                    *group += 1;
                    if at == file.row_groups() {
                        (0, Part::RowGroup(at))
                    } else {
                        match file.rows(at) {
                            Ok(rows) => (rows, Part::RowGroup(at)),
                            Err(reason) => {
                                self.found.push(unreadable(self.wanted, open.file.input, &reason));
                                return None;
                            }
                        }
                    }
                }
            };
            open.rows += rows;
            let at_end = match &open.rest {
                Rest::Records(_) => rows < CHUNK_ROWS,
                Rest::RowGroups(group) => open.file.parquet.as_ref().is_none_or(|it| *group >= it.row_groups()),
            };
            let work = Work { number: self.number, file: open.file.clone(), first, rows, part };
            if at_end {
                self.files.push((input.name.clone(), open.rows as u64));
                self.open = None;
                self.next += 1;
            }
            if rows > 0 {
                self.number += 1;
                return Some(work);
            }
        }
    }

    fn open_next(&mut self) -> Option<Open> {
        let Wanted { checked, source, inputs, columns, .. } = self.wanted;
        let input = &inputs[self.next];
        let (headers, rest, parquet) = if is_parquet(&input.name) {
            match ParquetFile::open(&input.file) {
                Ok(file) => (file.headers(), Rest::RowGroups(0), Some(file)),
                Err(reason) => {
                    self.found.push(unreadable(self.wanted, self.next, &reason));
                    return None;
                }
            }
        } else {
            let mut records = plain::open(source, input, &mut self.found)?;
            (std::mem::take(&mut records.headers), Rest::Records(records), None)
        };
        let mut readers = plain::readers(&checked.model, source, input, &headers, columns, &mut self.found)?;
        let from: Vec<From> = columns.iter().map(|it| readers.remove(it).map_or(From::Nowhere, |it| it.from)).collect();
        let mut fields: Vec<usize> = Vec::new();
        for it in &from {
            match it {
                From::Field(field) => fields.push(*field),
                From::Fields(list) => fields.extend(list),
                From::Constant(_) | From::Computed | From::Nowhere => {}
            }
        }
        fields.sort_unstable();
        fields.dedup();
        if let Some(file) = &parquet
            && let Some((field, of)) = fields.iter().find_map(|it| Some((it, file.unreadable(*it)?)))
        {
            let reason = format!("column `{}` is of type {of}", headers[*field]);
            self.found.push(unreadable(self.wanted, self.next, &reason));
            return None;
        }
        Some(Open { file: Arc::new(Opened { input: self.next, from, headers, parquet, fields }), rows: 0, rest })
    }
}

/// Cuts the next rows of a file of text.
fn cut(records: &mut Records, fields: &[usize], source: &Source, input: &Input, out: &mut Diagnostics) -> Option<(usize, Vec<Texts>)> {
    let mut texts: Vec<Texts> = fields.iter().map(|_| Texts::default()).collect();
    let mut record = csv::StringRecord::new();
    for rows in 0..CHUNK_ROWS {
        if !records.read(&mut record, source, input, out)? {
            return Some((rows, texts));
        }
        for (texts, field) in texts.iter_mut().zip(fields) {
            texts.push(record.get(*field).unwrap_or(""));
        }
    }
    Some((CHUNK_ROWS, texts))
}

/// A file that cannot be read, and why.
pub fn unreadable(wanted: Wanted<'_>, input: usize, reason: &str) -> Fact {
    let input = &wanted.inputs[input];
    Fact::at(Code::UnreadableData, wanted.source.files[input.entry].span).with("file", &input.name).with("reason", reason)
}

/// What a worker keeps from chunk to chunk of one source: dictionaries of all columns, readers of one file.
pub struct Desk<'a> {
    wanted: Wanted<'a>,
    pub dictionaries: Vec<Dictionary>,
    /// Columns of which there are too many different values.
    many: Vec<bool>,
    file: Option<(usize, Vec<(FileColumn<'a>, Remembered)>)>,
    /// What was found in the columns of the chunk.
    pub profile: BTreeMap<usize, ColumnProfile>,
}

impl<'a> Desk<'a> {
    /// Nothing known yet.
    pub fn new(wanted: Wanted<'a>) -> Desk<'a> {
        let columns = wanted.source.columns.len();
        let dictionaries = (0..columns).map(|_| Dictionary::default()).collect();
        Desk { wanted, dictionaries, many: vec![false; columns], file: None, profile: BTreeMap::new() }
    }

    /// Calls `each` with the batches of a chunk, in order; gives the rows that there were.
    ///
    /// # Errors
    /// Why the chunk cannot be read.
    pub fn batches(&mut self, work: &Work, mut each: impl FnMut(&mut Desk<'a>, &Batch) -> Result<(), Stop>) -> Result<(), Stop> {
        self.turn_to(&work.file)?;
        match &work.part {
            Part::Texts(texts) => {
                let batch = self.of_texts(work, texts);
                each(self, &batch)
            }
            Part::RowGroup(group) => {
                let Some(file) = &work.file.parquet else { return Ok(()) };
                let mut rows = 0;
                if work.file.fields.is_empty() {
                    // Nothing is asked of the rows but how many there are.
                    while rows < work.rows {
                        let some = parquet::BATCH_ROWS.min(work.rows - rows);
                        let batch = self.of_stretches(work, some, &[]);
                        each(self, &batch)?;
                        rows += some;
                    }
                    return Ok(());
                }
                // Everything that is found in a column is counted row by row.
                let mut reader = file.reader(*group, &work.file.fields, !self.wanted.profile).map_err(Stop::Unreadable)?;
                while let Some((some, columns)) = reader.next().map_err(Stop::Unreadable)? {
                    rows += some;
                    let batch = self.of_stretches(work, some, &columns);
                    each(self, &batch)?;
                }
                // The guard against every fault of reading: what was folded is what the footer says there is.
                if rows != work.rows {
                    return Err(Stop::Unreadable(format!(
                        "{rows} rows were read of row group {}, its footer says {}",
                        group + 1,
                        work.rows
                    )));
                }
                Ok(())
            }
        }
    }

    fn turn_to(&mut self, file: &Opened) -> Result<(), Stop> {
        if self.file.as_ref().is_some_and(|it| it.0 == file.input) {
            return Ok(());
        }
        let Wanted { checked, source, inputs, columns, times, .. } = self.wanted;
        // The feed has reported what there was to report.
        let mut reported = Diagnostics::default();
        let readers = plain::readers(&checked.model, source, &inputs[file.input], &file.headers, columns, &mut reported);
        let mut readers = readers.ok_or_else(|| Stop::Unreadable("its columns changed while it was read".to_owned()))?;
        let readers = columns.iter().filter_map(|at| {
            let cells = readers.remove(at)?.cells;
            Some((FileColumn::new(cells, times.contains(at)), Remembered::default()))
        });
        self.file = Some((file.input, readers.collect()));
        Ok(())
    }

    fn of_texts(&mut self, work: &Work, texts: &[Texts]) -> Batch {
        let field = |it: &usize| &texts[work.file.fields.binary_search(it).unwrap_or(0)];
        self.batch(work, work.rows, |from, reader, target| match from {
            From::Field(it) => {
                let texts = field(it);
                reader.0.texts((0..work.rows).map(|row| Some(texts.at(row))), target.dictionary, target.many, target.profile)
            }
            From::Fields(list) => {
                let fields: Vec<&Texts> = list.iter().map(field).collect();
                reader.0.several(work.rows, &fields, target.dictionary, target.many, target.profile)
            }
            _ => Column::Absent,
        })
    }

    fn of_stretches(&mut self, work: &Work, rows: usize, columns: &[Stretch]) -> Batch {
        let zone = self.wanted.checked.model.project.calendar.zone();
        let field = |it: &usize| &columns[work.file.fields.binary_search(it).unwrap_or(0)];
        self.batch(work, rows, |from, reader, target| match from {
            From::Field(it) => parquet::stretch(field(it), &mut reader.0, &mut reader.1, zone, target),
            From::Fields(list) => {
                let fields: Vec<Texts> = list.iter().map(|it| parquet::texts(field(it))).collect();
                let fields: Vec<&Texts> = fields.iter().collect();
                reader.0.several(rows, &fields, target.dictionary, target.many, target.profile)
            }
            _ => Column::Absent,
        })
    }

    fn batch(
        &mut self,
        work: &Work,
        rows: usize,
        mut column: impl FnMut(&From, &mut (FileColumn<'a>, Remembered), Target<'_>) -> Column,
    ) -> Batch {
        let mut columns = vec![Column::Absent; self.wanted.source.columns.len()];
        let Some((_, readers)) = &mut self.file else { return Batch { rows, columns } };
        for ((at, from), reader) in self.wanted.columns.iter().zip(&work.file.from).zip(readers) {
            let computed = matches!(from, From::Computed);
            let profile = if self.wanted.profile && !computed { Some(self.profile.entry(*at).or_default()) } else { None };
            let dictionary = &mut self.dictionaries[*at];
            columns[*at] = match from {
                From::Constant(raw) => reader.0.constant(raw, rows, dictionary, profile),
                From::Computed | From::Nowhere => Column::Absent,
                from => column(from, reader, Target { dictionary, many: &mut self.many[*at], profile }),
            };
        }
        Batch { rows, columns }
    }
}

/// Why a chunk was not folded.
pub enum Stop {
    /// Its file cannot be read.
    Unreadable(String),
    /// More rows are gathered than can be held.
    TooLarge,
    /// Leaves cannot be folded by kernels, as was thought; everything starts again without them.
    Unfit(Vec<usize>),
}
