//! What it costs to read the columns of the 40 figures by Arrow's reader, and to bring their four keys to one number.
//!
//!     cargo run --release -- MODE THREADS FILE...
//!
//! Modes:
//!   decode      the ten answers and the weight, decoded and dropped
//!   keys        day and the three strings (read as dictionaries), brought to one dense number, counted per number
//!   keys-plain  the same with the strings read as strings and looked up one by one
//!   all         all fifteen columns decoded and dropped, strings as dictionaries
//!   all-plain   the same, strings as strings
//!   strings / strings-plain / strings-view   the three key strings alone, decoded and dropped
//!   one COLUMN / one-plain COLUMN            (as `one:NAME`) one string column alone, decoded and dropped
//!
//! A unit of work is a row group; threads take them from a queue. Prints rows and a check sum.

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int32Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use std::collections::HashMap;
use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const BATCH: usize = 32_768;
const KEYS: [&str; 3] = ["segment", "channel", "region"];
const ANSWERS: [&str; 11] =
    ["nps", "csat", "ces", "recommend", "ease", "speed", "staff", "price", "web", "trust", "weight"];

#[derive(Clone, Copy, PartialEq)]
enum Strings {
    Plain,
    View,
    Dictionary,
}

/// The file's own schema, but for strings (as asked) and for decimals that fit 64 bits.
fn wanted(schema: &Schema, strings: Strings) -> Schema {
    let field = |f: &Arc<Field>| {
        let to = match (f.data_type(), strings) {
            (DataType::Utf8, Strings::Dictionary) => {
                DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
            }
            (DataType::Utf8, Strings::View) => DataType::Utf8View,
            (DataType::Decimal128(p, s), _) if *p <= 18 => DataType::Decimal64(*p, *s),
            (other, _) => other.clone(),
        };
        Field::new(f.name(), to, f.is_nullable())
    };
    Schema::new(schema.fields().iter().map(field).collect::<Vec<_>>())
}

/// The file is opened again for each unit of work: clones of one handle share one position, and threads would race for it.
fn open(path: &str, strings: Strings) -> ArrowReaderMetadata {
    let file = File::open(path).expect(path);
    let plain = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).expect("a Parquet footer");
    let options = ArrowReaderOptions::new().with_schema(Arc::new(wanted(plain.schema(), strings)));
    ArrowReaderMetadata::try_new(plain.metadata().clone(), options).expect("the wanted types")
}

/// Year * 12 + month of a day number since 1970.
fn month(day: i32) -> i32 {
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let m = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i32::from(m <= 2)) * 12 + m - 1
}

/// Brings four keys to one number in a space that is wide enough for these files: 64 months x 16 x 16 x 16.
struct Dense {
    days: Vec<u32>, // day - FIRST -> number of the month, shifted
    names: [HashMap<String, u32>; 3],
    maps: [(Option<ArrayRef>, Vec<u32>); 3], // the dictionary seen last and its map
    counts: Vec<u64>,
    ids: Vec<u32>,
}

const FIRST: i32 = 18_262; // 2020-01-01

impl Dense {
    fn new() -> Dense {
        let start = month(FIRST);
        Dense {
            days: (FIRST..FIRST + 1_900).map(|d| ((month(d) - start) as u32) << 12).collect(),
            names: Default::default(),
            maps: Default::default(),
            counts: vec![0; 64 << 12],
            ids: Vec::new(),
        }
    }

    fn number(names: &mut HashMap<String, u32>, name: &str) -> u32 {
        if let Some(n) = names.get(name) {
            return *n;
        }
        let n = names.len() as u32;
        assert!(n < 16);
        names.insert(name.to_owned(), n);
        n
    }

    fn add(&mut self, batch: &RecordBatch) {
        let days = batch.column_by_name("day").unwrap().as_primitive::<Date32Type>();
        self.ids.clear();
        self.ids.extend(days.values().iter().map(|d| self.days[(d - FIRST) as usize]));
        for (i, name) in KEYS.iter().enumerate() {
            let shift = 8 - 4 * i as u32;
            let column = batch.column_by_name(name).unwrap();
            if let Some(column) = column.as_dictionary_opt::<Int32Type>() {
                let (seen, map) = &mut self.maps[i];
                // One dictionary serves all batches of a row group: compare the pointer.
                if !seen.as_ref().is_some_and(|s| Arc::ptr_eq(s, column.values())) {
                    let values = column.values().as_string::<i32>();
                    *map = (0..values.len())
                        .map(|v| Self::number(&mut self.names[i], values.value(v)) << shift)
                        .collect();
                    *seen = Some(column.values().clone());
                }
                for (id, key) in self.ids.iter_mut().zip(column.keys().values()) {
                    *id |= map[*key as usize];
                }
            } else {
                let column = column.as_string::<i32>();
                for (row, id) in self.ids.iter_mut().enumerate() {
                    *id |= Self::number(&mut self.names[i], column.value(row)) << shift;
                }
            }
        }
        for id in &self.ids {
            self.counts[*id as usize] += 1;
        }
    }
}

fn main() {
    let mut args = std::env::args().skip(1);
    let mode = args.next().expect("MODE THREADS FILE...");
    let threads: usize = args.next().and_then(|t| t.parse().ok()).expect("MODE THREADS FILE...");
    let strings = match mode.as_str() {
        m if m.contains("-plain") => Strings::Plain,
        m if m.contains("-view") => Strings::View,
        _ => Strings::Dictionary,
    };
    let files: Vec<_> = args.map(|f| (open(&f, strings), f)).collect();
    let columns: Vec<&str> = match mode.split(['-', ':']).next().unwrap() {
        "decode" => ANSWERS.to_vec(),
        "keys" => [&["day"][..], &KEYS].concat(),
        "all" => [&["day"][..], &KEYS, &ANSWERS].concat(),
        "strings" => KEYS.to_vec(),
        "one" => vec![mode.split(':').nth(1).expect("one:COLUMN")],
        other => panic!("no mode {other}"),
    };
    let keyed = mode.starts_with("keys");
    let work: Vec<(usize, usize)> = files
        .iter()
        .enumerate()
        .flat_map(|(f, (m, _))| (0..m.metadata().num_row_groups()).map(move |g| (f, g)))
        .collect();
    let next = AtomicUsize::new(0);
    let parts: Vec<(usize, usize, u64)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let (mut rows, mut bytes, mut dense) = (0, 0, Dense::new());
                    while let Some((f, group)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let (metadata, path) = &files[*f];
                        let mask = ProjectionMask::columns(
                            metadata.metadata().file_metadata().schema_descr(),
                            columns.iter().copied(),
                        );
                        let reader =
                            ParquetRecordBatchReaderBuilder::new_with_metadata(File::open(path).expect(path), metadata.clone())
                                .with_projection(mask)
                                .with_row_groups(vec![*group])
                                .with_batch_size(BATCH)
                                .build()
                                .unwrap();
                        for batch in reader {
                            let batch = batch.unwrap();
                            rows += batch.num_rows();
                            bytes += std::hint::black_box(&batch).num_columns();
                            if keyed {
                                dense.add(&batch);
                            }
                        }
                    }
                    (rows, bytes, dense.counts.iter().filter(|c| **c > 0).count() as u64)
                })
            })
            .collect();
        workers.into_iter().map(|w| w.join().unwrap()).collect()
    });
    let rows: usize = parts.iter().map(|p| p.0).sum();
    println!("{mode}: {rows} rows, groups {}", parts.iter().map(|p| p.2).max().unwrap_or(0));
}
