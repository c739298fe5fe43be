//! Parquet files: what the footer says, and row groups as columns.

use super::columns::{Coded, Codes, Column, Dictionary, MOST_CODES, NEVER, Numbers, reason_code};
use super::delimited::{FileColumn, Texts, values};
use super::pages::{KeyPages, RowCodes, Stretches};
use crate::calendar::{Calendar, Date, Grain, Period, Zone};
use crate::engine::ColumnProfile;
use crate::engine::cells::{Found, tally};
use crate::row::{Missing, Value};
use crate::source::DataFile;
use crate::value::Num;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, Float32Type, Float64Type,
    Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Schema, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::Encoding;
use parquet::file::metadata::ParquetMetaData;
use std::collections::HashMap;
use std::sync::Arc;

/// Rows that are decoded, and folded, at a time.
pub const BATCH_ROWS: usize = 32_768;
/// The largest row group that is read, in decompressed bytes of one column.
const MOST_BYTES: i64 = 8 << 30;
/// Whole numbers within a range of this size have codes.
const CODED_RANGE: usize = 1 << 10;

/// A Parquet file, with its footer.
pub struct ParquetFile {
    file: DataFile,
    metadata: Arc<ParquetMetaData>,
    /// Types as the file has them, whatever its writer's own schema says.
    schema: Arc<Schema>,
}

impl ParquetFile {
    /// Reads the footer.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn open(file: &DataFile) -> Result<ParquetFile, String> {
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let load = match file {
            DataFile::Disk(path) => ArrowReaderMetadata::load(&handle(path)?, options),
            DataFile::Memory(bytes) => ArrowReaderMetadata::load(&bytes::Bytes::from_owner(bytes.clone()), options),
        };
        let load = load.map_err(|it| it.to_string())?;
        Ok(ParquetFile { file: file.clone(), metadata: load.metadata().clone(), schema: load.schema().clone() })
    }

    /// The names of the columns.
    pub fn headers(&self) -> Vec<String> {
        self.schema.fields().iter().map(|it| it.name().clone()).collect()
    }

    /// How many row groups there are.
    pub fn row_groups(&self) -> usize {
        self.metadata.num_row_groups()
    }

    /// The rows that the footer says a row group has.
    ///
    /// # Errors
    /// A number that cannot be.
    pub fn rows(&self, group: usize) -> Result<usize, String> {
        usize::try_from(self.metadata.row_group(group).num_rows()).map_err(|it| it.to_string())
    }

    /// The type of a column that cannot be read, if it cannot.
    pub fn unreadable(&self, field: usize) -> Option<String> {
        let of = self.schema.field(field).data_type();
        let readable = of.is_numeric() && *of != DataType::Float16
            || matches!(of, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Boolean | DataType::Null)
            || matches!(of, DataType::Date32 | DataType::Date64 | DataType::Timestamp(..));
        (!readable).then(|| of.to_string())
    }

    /// A reader of some columns of a row group, in the order of the file's columns. With `keys`, columns that are keys of
    /// dictionaries are read as such.
    ///
    /// The file is opened for it alone: clones of one handle share a position, and threads would race for it.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn reader(&self, group: usize, fields: &[usize], keys: bool) -> Result<RowGroup, String> {
        let row_group = self.metadata.row_group(group);
        let chunks = row_group.columns();
        if chunks.iter().any(|it| it.uncompressed_size() > MOST_BYTES) {
            return Err(format!("row group {} is larger than {} GiB", group + 1, MOST_BYTES >> 30));
        }
        let left = self.rows(group)?;
        let leaves = self.metadata.file_metadata().schema_descr();
        let has_keys = |at: usize| (0..chunks.len()).any(|it| leaves.get_column_root_idx(it) == at && is_dictionary(&chunks[it]));
        let wanted = self.schema.fields().iter().enumerate().map(|(at, field)| {
            let of = match field.data_type() {
                // Keys are numbers already, where every page has them. Pages that fell back to plain text cost four
                // times as much as a dictionary than as views.
                DataType::Utf8 if has_keys(at) => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
                DataType::Utf8 => DataType::Utf8View,
                other => narrow(other),
            };
            field.as_ref().clone().with_data_type(of)
        });
        let schema = Arc::new(Schema::new(wanted.collect::<Vec<_>>()));
        let text = |it: parquet::errors::ParquetError| it.to_string();
        let mut keyed = Vec::with_capacity(fields.len());
        for field in fields {
            let of = narrow(self.schema.field(*field).data_type());
            let chunk = (0..chunks.len()).find(|it| keys && leaves.get_column_root_idx(*it) == *field).map(|it| &chunks[it]);
            keyed.push(match chunk.filter(|it| is_dictionary(it)) {
                None => None,
                Some(chunk) => match &self.file {
                    DataFile::Disk(path) => {
                        let (start, length) = chunk.byte_range();
                        KeyPages::open(Stretches::new(handle(path)?, start.saturating_add(length)), chunk, left, &of).map_err(text)?
                    }
                    DataFile::Memory(bytes) => KeyPages::open(bytes::Bytes::from_owner(bytes.clone()), chunk, left, &of).map_err(text)?,
                },
            });
        }
        let others = fields.iter().zip(&keyed).filter(|it| it.1.is_none()).map(|it| *it.0);
        if others.clone().next().is_none() {
            return Ok(RowGroup { arrow: None, keyed, left });
        }
        let metadata = ArrowReaderMetadata::try_new(self.metadata.clone(), ArrowReaderOptions::new().with_schema(schema)).map_err(text)?;
        let mask = ProjectionMask::roots(leaves, others);
        let arrow = match &self.file {
            DataFile::Disk(path) => {
                let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(handle(path)?, metadata);
                builder.with_projection(mask).with_row_groups(vec![group]).with_batch_size(BATCH_ROWS).build().map_err(text)?
            }
            DataFile::Memory(bytes) => {
                let bytes = bytes::Bytes::from_owner(bytes.clone());
                let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(bytes, metadata);
                builder.with_projection(mask).with_row_groups(vec![group]).with_batch_size(BATCH_ROWS).build().map_err(text)?
            }
        };
        Ok(RowGroup { arrow: Some(arrow), keyed, left })
    }
}

/// The type that a column is read as, where the file's own is wider than it needs to be.
fn narrow(of: &DataType) -> DataType {
    match of {
        DataType::Decimal128(precision, scale) if *precision <= 18 => DataType::Decimal64(*precision, *scale),
        other => other.clone(),
    }
}

/// Some columns of a row group.
pub struct RowGroup {
    /// The columns that are not read as keys, if there are any.
    arrow: Option<ParquetRecordBatchReader>,
    /// For each column its pages, if it is read as keys.
    keyed: Vec<Option<KeyPages>>,
    left: usize,
}

/// Some rows of a column.
pub enum Stretch {
    Array(ArrayRef),
    /// The places of the rows' values in a dictionary; its length where there is none.
    Keys(ArrayRef, RowCodes),
}

impl RowGroup {
    /// The next rows: how many, and their columns; `None` at the end.
    ///
    /// # Errors
    /// Why they cannot be read.
    pub fn next(&mut self) -> Result<Option<(usize, Vec<Stretch>)>, String> {
        let text = |it: parquet::errors::ParquetError| it.to_string();
        let (rows, mut arrays) = match &mut self.arrow {
            Some(arrow) => match arrow.next().transpose().map_err(|it| it.to_string())? {
                Some(batch) => (batch.num_rows(), batch.columns().to_vec().into_iter()),
                None => (0, Vec::new().into_iter()),
            },
            None => (self.left.min(BATCH_ROWS), Vec::new().into_iter()),
        };
        if rows == 0 {
            for pages in self.keyed.iter_mut().flatten() {
                if !pages.is_done().map_err(text)? {
                    return Err("its columns differ in length".to_owned());
                }
            }
            return Ok(None);
        }
        self.left = self.left.saturating_sub(rows);
        let mut columns = Vec::with_capacity(self.keyed.len());
        for keyed in &mut self.keyed {
            columns.push(match keyed {
                Some(pages) => Stretch::Keys(pages.dictionary.clone(), pages.read(rows).map_err(text)?),
                None => Stretch::Array(arrays.next().ok_or_else(|| "a column is missing".to_owned())?),
            });
        }
        Ok(Some((rows, columns)))
    }
}

#[expect(clippy::disallowed_methods, reason = "the path comes from the world, which confined it")]
fn handle(path: &std::path::Path) -> Result<std::fs::File, String> {
    std::fs::File::open(path).map_err(|it| it.to_string())
}

/// Whether all data pages of a column hold keys of a dictionary.
fn is_dictionary(chunk: &parquet::file::metadata::ColumnChunkMetaData) -> bool {
    let only = |it: &parquet::basic::EncodingMask| it.is_only(Encoding::RLE_DICTIONARY) || it.is_only(Encoding::PLAIN_DICTIONARY);
    chunk.dictionary_page_offset().is_some() && chunk.page_encoding_stats_mask().is_some_and(only)
}

/// What a worker remembers of one column of one file from batch to batch.
#[derive(Default)]
pub struct Remembered {
    /// The dictionary seen last, with its codes; the last code is that of null.
    dictionary: Option<(ArrayRef, Arc<[u32]>)>,
    /// Codes of whole numbers, from the first on; the last is that of null.
    whole: Option<Whole>,
    /// The dictionary of a row group, with what its values are.
    keyed: Option<(ArrayRef, Keyed)>,
    days: HashMap<i64, Option<(Date, i64)>>,
}

/// The codes of a range of whole numbers: of bytes as they are, of others from `first`.
struct Whole {
    first: i64,
    last: i64,
    nulls: bool,
    map: Arc<[u32]>,
}

/// What the keys of a dictionary stand for.
enum Keyed {
    /// Their codes; the last is that of null.
    Coded(Arc<[u32]>),
    /// One by one, where there are too many for codes.
    Values(Column),
}

/// Where a column's values go.
pub struct Target<'w> {
    pub dictionary: &'w mut Dictionary,
    pub many: &'w mut bool,
    pub profile: Option<&'w mut ColumnProfile>,
}

/// An Arrow array as a column.
pub fn column(array: &ArrayRef, file: &mut FileColumn<'_>, known: &mut Remembered, zone: &Zone, target: Target<'_>) -> Column {
    macro_rules! whole {
        ($of:ty) => {{
            let array = array.as_primitive::<$of>();
            whole(array.values().iter().map(|it| i64::from(*it)), array, file, known, target)
        }};
    }
    macro_rules! decimal {
        ($of:ty, $scale:expr) => {{
            let array = array.as_primitive::<$of>();
            let scale = *$scale;
            let read = array.iter().map(|it| it.map(|it| i128::try_from(it).map_or(Num::Float(f64::NAN), |it| number(it, scale))));
            numeric(read, file, target)
        }};
    }
    match array.data_type() {
        DataType::Dictionary(..) => keys(array, file, known, target),
        DataType::Utf8View => file.texts(array.as_string_view().iter(), target.dictionary, target.many, target.profile),
        DataType::Utf8 => file.texts(array.as_string::<i32>().iter(), target.dictionary, target.many, target.profile),
        DataType::LargeUtf8 => file.texts(array.as_string::<i64>().iter(), target.dictionary, target.many, target.profile),
        DataType::Int8 => bytes(array, file, known, target),
        DataType::Int16 => whole!(Int16Type),
        DataType::Int32 => whole!(Int32Type),
        DataType::Int64 => whole!(Int64Type),
        DataType::UInt8 => whole!(UInt8Type),
        DataType::UInt16 => whole!(UInt16Type),
        DataType::UInt32 => whole!(UInt32Type),
        DataType::UInt64 => {
            let read = array.as_primitive::<UInt64Type>().iter();
            numeric(read.map(|it| it.map(|it| i64::try_from(it).map_or(Num::Float(it as f64), Num::int))), file, target)
        }
        DataType::Float32 => {
            // The shortest text of a single is the number that was meant: 0.1, not 0.10000000149.
            let read = array.as_primitive::<Float32Type>().iter();
            numeric(read.map(|it| it.map(|it| Num::Float(it.to_string().parse().unwrap_or(f64::NAN)))), file, target)
        }
        DataType::Float64 => numeric(array.as_primitive::<Float64Type>().iter().map(|it| it.map(Num::Float)), file, target),
        DataType::Decimal32(_, scale) => {
            let scale = *scale;
            numeric(array.as_primitive::<Decimal32Type>().iter().map(|it| it.map(|it| number(i128::from(it), scale))), file, target)
        }
        DataType::Decimal64(_, scale) => {
            let array = array.as_primitive::<Decimal64Type>();
            if array.null_count() == 0
                && let Ok(scale) = u8::try_from(*scale)
                && scale <= crate::value::MAX_SCALE
                && file.cells.keeps_numbers(scale)
            {
                return Column::Numbers(Numbers { mantissas: array.values().clone(), scale, missing: None });
            }
            let scale = *scale;
            numeric(array.iter().map(|it| it.map(|it| number(i128::from(it), scale))), file, target)
        }
        DataType::Decimal128(_, scale) => decimal!(Decimal128Type, scale),
        DataType::Decimal256(_, scale) => {
            let scale = *scale;
            let read = array.as_primitive::<Decimal256Type>().iter();
            numeric(read.map(|it| it.map(|it| it.to_i128().map_or(Num::Float(f64::NAN), |it| number(it, scale)))), file, target)
        }
        DataType::Boolean => {
            let array = array.as_boolean();
            let is_number = file.cells.keeps_numbers(0);
            let words = if is_number { ["0", "1"] } else { ["false", "true"] };
            let texts = array.iter().map(|it| it.map(|it| words[usize::from(it)]));
            file.texts(texts.collect::<Vec<_>>().into_iter(), target.dictionary, target.many, target.profile)
        }
        DataType::Date32 => days(array.as_primitive::<Date32Type>().iter().map(|it| it.map(i64::from)), array.len(), file, known, target),
        DataType::Date64 => {
            let read = array.as_primitive::<Date64Type>().iter();
            days(read.map(|it| it.map(|it| it.div_euclid(MILLIS_PER_DAY))), array.len(), file, known, target)
        }
        DataType::Timestamp(unit, zoned) => {
            macro_rules! stamps {
                ($of:ty, $micros:expr) => {{
                    let micros: Vec<Option<i64>> = array.as_primitive::<$of>().iter().map(|it| it.map($micros)).collect();
                    stamps(&micros, zoned.is_some(), zone, file, known, target)
                }};
            }
            match unit {
                TimeUnit::Second => stamps!(TimestampSecondType, |it: i64| it.saturating_mul(1_000_000)),
                TimeUnit::Millisecond => stamps!(TimestampMillisecondType, |it: i64| it.saturating_mul(1_000)),
                TimeUnit::Microsecond => stamps!(TimestampMicrosecondType, |it: i64| it),
                TimeUnit::Nanosecond => stamps!(TimestampNanosecondType, |it: i64| it.div_euclid(1_000)),
            }
        }
        // The feed refuses other types before anything is read.
        _ => file.texts(std::iter::repeat_n(None, array.len()), target.dictionary, target.many, target.profile),
    }
}

/// Rows of a file as a column.
pub fn stretch(rows: &Stretch, file: &mut FileColumn<'_>, known: &mut Remembered, zone: &Zone, target: Target<'_>) -> Column {
    match rows {
        Stretch::Array(array) => column(array, file, known, zone, target),
        Stretch::Keys(dictionary, codes) => keyed(dictionary, codes, file, known, zone, target),
    }
}

/// Keys as codes, where their dictionary has codes; else as what they stand for.
fn keyed(
    dictionary: &ArrayRef,
    codes: &RowCodes,
    file: &mut FileColumn<'_>,
    known: &mut Remembered,
    zone: &Zone,
    target: Target<'_>,
) -> Column {
    let same = known.keyed.as_ref().is_some_and(|(it, _)| Arc::ptr_eq(it, dictionary));
    if !same {
        let entries =
            column(dictionary, file, known, zone, Target { dictionary: &mut *target.dictionary, many: &mut *target.many, profile: None });
        let keyed = match entries {
            Column::Coded(coded) => {
                let null = target.dictionary.code(&Value::Missing(Missing::Blank), None);
                Keyed::Coded((0..dictionary.len()).map(|it| coded.map[coded.codes.at(it)]).chain([null]).collect())
            }
            other => Keyed::Values(other),
        };
        known.keyed = Some((dictionary.clone(), keyed));
    }
    let null = dictionary.len();
    match &known.keyed {
        Some((_, Keyed::Coded(map))) => {
            let codes = match codes {
                RowCodes::Bytes(codes) => Codes::Bytes(codes.clone()),
                RowCodes::Words(codes) => Codes::Words(codes.clone()),
            };
            Column::Coded(Coded { codes, map: map.clone() })
        }
        Some((_, Keyed::Values(values))) => match codes {
            RowCodes::Bytes(codes) => gathered(values, codes.iter().map(|it| usize::from(*it)), null),
            RowCodes::Words(codes) => gathered(values, codes.iter().map(|it| usize::from(*it)), null),
        },
        None => Column::Absent,
    }
}

/// What keys stand for, row by row.
fn gathered(entries: &Column, keys: impl Iterator<Item = usize> + Clone, null: usize) -> Column {
    match entries {
        Column::Numbers(Numbers { mantissas, scale, missing }) => {
            let blank = reason_code(Missing::Blank);
            let reason = |it: usize| if it == null { blank } else { missing.as_ref().map_or(0, |missing| missing[it]) };
            let lacks = missing.is_some() || keys.clone().any(|it| it == null);
            Column::Numbers(Numbers {
                mantissas: keys.clone().map(|it| mantissas.get(it).copied().unwrap_or(0)).collect(),
                scale: *scale,
                missing: lacks.then(|| keys.map(reason).collect()),
            })
        }
        Column::Values(values, times) => {
            let value = |it: usize| values.get(it).cloned().unwrap_or(Value::Missing(Missing::Blank));
            let read = keys.clone().map(value).collect();
            let times = if times.is_empty() { Arc::from([]) } else { keys.map(|it| times.get(it).copied().flatten()).collect() };
            Column::Values(read, times)
        }
        Column::Coded(_) | Column::Absent => Column::Absent,
    }
}

const MICROS_PER_DAY: i64 = 86_400_000_000;
const MILLIS_PER_DAY: i64 = 86_400_000;

/// A decimal of a file.
fn number(mantissa: i128, scale: i8) -> Num {
    let exact = match u8::try_from(scale) {
        Ok(scale) if scale <= crate::value::MAX_SCALE => i64::try_from(mantissa).ok().map(|mantissa| Num::Decimal { mantissa, scale }),
        Ok(_) => None,
        Err(_) => crate::value::POWERS
            .get(usize::from(scale.unsigned_abs()))
            .and_then(|it| it.checked_mul(mantissa))
            .and_then(|it| i64::try_from(it).ok())
            .map(Num::int),
    };
    exact.unwrap_or_else(|| match u8::try_from(scale) {
        Ok(scale) => Num::Float(crate::value::decimal_to_f64(mantissa, scale.min(38))),
        Err(_) => Num::Float(mantissa as f64 * 10f64.powi(-i32::from(scale))),
    })
}

/// Counts every value of a column, where that is asked.
fn count(profile: Option<&mut ColumnProfile>, read: impl Iterator<Item = (Value, Found, String)>) {
    if let Some(profile) = profile {
        read.for_each(|(value, found, raw)| tally(&value, &found, &raw, 1, profile));
    }
}

/// Text that a file keeps as keys of a dictionary.
fn keys(array: &ArrayRef, file: &mut FileColumn<'_>, known: &mut Remembered, target: Target<'_>) -> Column {
    let array = array.as_dictionary::<Int32Type>();
    let texts = array.values().as_string::<i32>();
    let one_by_one = || array.keys().iter().map(|it| it.map(|it| texts.value(it as usize)));
    if texts.len() > MOST_CODES || *target.many {
        return file.texts(one_by_one(), target.dictionary, target.many, target.profile);
    }
    // One dictionary serves all batches of a row group: its codes are looked up once.
    let same = known.dictionary.as_ref().is_some_and(|(it, _)| Arc::ptr_eq(it, array.values()));
    if !same {
        let mut map: Vec<u32> = Vec::with_capacity(texts.len() + 1);
        for at in 0..texts.len() {
            let (value, time) = file.read(texts.value(at));
            map.push(target.dictionary.code(&value, time));
        }
        map.push(target.dictionary.code(&Value::Missing(Missing::Blank), None));
        if target.dictionary.entries.len() > MOST_CODES {
            *target.many = true;
        }
        known.dictionary = Some((array.values().clone(), Arc::from(map)));
    }
    if let Some(profile) = target.profile {
        let mut times = vec![0u64; texts.len() + 1];
        array.keys().iter().for_each(|it| times[it.map_or(texts.len(), |it| it as usize)] += 1);
        for (at, times) in times.iter().enumerate().filter(|it| *it.1 > 0) {
            if at == texts.len() {
                tally(&Value::Missing(Missing::Blank), &Found::Fine, "", *times, profile);
            } else {
                let (value, found) = file.cells.read(texts.value(at));
                tally(&value, &found, texts.value(at), *times, profile);
            }
        }
    }
    let Some((_, map)) = &known.dictionary else { return Column::Absent };
    let codes = if array.null_count() == 0 {
        Codes::Keys(array.keys().values().clone())
    } else {
        let null = texts.len() as u32;
        Codes::Wide(array.keys().iter().map(|it| it.map_or(null, |it| it as u32)).collect())
    };
    Column::Coded(Coded { codes, map: map.clone() })
}

/// Numbers one by one.
fn numeric(read: impl Iterator<Item = Option<Num>> + Clone, file: &FileColumn<'_>, target: Target<'_>) -> Column {
    let one = |it: Option<Num>| match it {
        // A double that is no number is what data frames write for no answer.
        None => (Value::Missing(Missing::Blank), Found::Fine, String::new()),
        Some(Num::Float(it)) if it.is_nan() => (Value::Missing(Missing::Blank), Found::Fine, String::new()),
        Some(Num::Float(it)) if it.is_infinite() => (Value::Missing(Missing::OutOfScale), Found::WrongType, String::new()),
        Some(it) => {
            let (value, found) = file.cells.value_of_number(it);
            let raw = if found == Found::Fine { String::new() } else { it.to_string() };
            (value, found, raw)
        }
    };
    if target.profile.is_some() {
        count(target.profile, read.clone().map(one));
    }
    let time = |it: Option<Num>| if file.time { it.and_then(|it| file.cells.time(&it.to_string())) } else { None };
    coded(read.map(|it| (one(it).0, time(it))), file.time, target.dictionary, target.many)
}

/// Values as codes, until there are too many of them.
fn coded(read: impl Iterator<Item = (Value, Option<Period>)> + Clone, time: bool, dictionary: &mut Dictionary, many: &mut bool) -> Column {
    // A sample tells whether codes are worth their while.
    let mut codes: Vec<u32> = Vec::new();
    if !*many {
        codes.reserve(read.size_hint().0);
        for (row, (value, at)) in read.clone().enumerate() {
            codes.push(dictionary.code(&value, at));
            let different = dictionary.entries.len();
            if different > MOST_CODES || (!time && different > CODED_RANGE) {
                *many = true;
                break;
            }
            debug_assert!(row < usize::MAX);
        }
    }
    if *many {
        return values(read, time);
    }
    let different = dictionary.entries.len();
    Column::Coded(Coded { codes: Codes::narrow(codes, different), map: (0..different as u32).collect() })
}

/// Whole numbers: codes where they lie close together, else numbers.
fn whole<T: ArrowPrimitiveType>(
    numbers: impl Iterator<Item = i64> + Clone,
    array: &arrow_array::PrimitiveArray<T>,
    file: &FileColumn<'_>,
    known: &mut Remembered,
    target: Target<'_>,
) -> Column {
    let nulls = array.nulls().filter(|it| it.null_count() > 0);
    let is_null = |row: usize| nulls.is_some_and(|it| it.is_null(row));
    let there = numbers.clone().enumerate().filter(|(row, _)| !is_null(*row)).map(|it| it.1);
    let (first, last) = there.fold((i64::MAX, i64::MIN), |(low, high), it| (low.min(it), high.max(it)));
    let close = last.checked_sub(first).is_none_or(|it| it < CODED_RANGE as i64);
    if close && !*target.many {
        let (first, last) = if first > last { (0, 0) } else { (first, last) };
        let fits = known.whole.as_ref().is_some_and(|it| it.first <= first && last <= it.last);
        if !fits {
            let first = known.whole.as_ref().map_or(first, |it| it.first.min(first));
            let last = known.whole.as_ref().map_or(last, |it| it.last.max(last));
            if last - first < 4 * CODED_RANGE as i64 {
                let mut map: Vec<u32> = (first..=last).map(|it| whole_code(it, file, target.dictionary)).collect();
                map.push(target.dictionary.code(&Value::Missing(Missing::Blank), None));
                known.whole = Some(Whole { first, last, nulls: true, map: Arc::from(map) });
            } else {
                known.whole = None;
            }
        }
        if let Some(whole) = &known.whole {
            let null = (whole.map.len() - 1) as u32;
            // What stands where there is no value may be anything.
            let local = |(row, it): (usize, i64)| if is_null(row) { null } else { (it - whole.first) as u32 };
            let codes: Vec<u32> = numbers.enumerate().map(local).collect();
            if let Some(profile) = target.profile {
                tally_whole(&codes, whole.map.len(), |it| (it + 1 < whole.map.len()).then(|| whole.first + it as i64), file, profile);
            }
            return Column::Coded(Coded { codes: Codes::narrow(codes, whole.map.len()), map: whole.map.clone() });
        }
    }
    *target.many = *target.many || !close;
    if target.profile.is_none() && nulls.is_none() && file.cells.keeps_numbers(0) && !file.time {
        return Column::Numbers(Numbers { mantissas: numbers.collect(), scale: 0, missing: None });
    }
    numeric(numbers.enumerate().map(|(row, it)| (!is_null(row)).then_some(Num::int(it))), file, target)
}

fn whole_code(it: i64, file: &FileColumn<'_>, dictionary: &mut Dictionary) -> u32 {
    let (value, _) = file.cells.value_of_number(Num::int(it));
    let time = if file.time { file.cells.time(&it.to_string()) } else { None };
    dictionary.code(&value, time)
}

fn tally_whole(codes: &[u32], different: usize, number: impl Fn(usize) -> Option<i64>, file: &FileColumn<'_>, profile: &mut ColumnProfile) {
    let mut times = vec![0u64; different];
    codes.iter().for_each(|it| times[*it as usize] += 1);
    for (at, times) in times.iter().enumerate().filter(|it| *it.1 > 0) {
        match number(at) {
            Some(it) => {
                let (value, found) = file.cells.value_of_number(Num::int(it));
                tally(&value, &found, &it.to_string(), *times, profile);
            }
            None => tally(&Value::Missing(Missing::Blank), &Found::Fine, "", *times, profile),
        }
    }
}

/// Bytes are their own codes; 255 is null where there are nulls, else -1.
fn bytes(array: &ArrayRef, file: &FileColumn<'_>, known: &mut Remembered, target: Target<'_>) -> Column {
    let array = array.as_primitive::<Int8Type>();
    let numbers = array.values();
    let nulls = array.nulls().filter(|it| it.null_count() > 0);
    let low = numbers.iter().fold(i8::MAX, |low, it| low.min(*it));
    if nulls.is_some() && low < 0 {
        // -1 may stand for itself.
        return whole(numbers.iter().map(|it| i64::from(*it)), array, file, known, target);
    }
    let mut codes: Vec<u8> = numbers.iter().map(|it| *it as u8).collect();
    if let Some(nulls) = nulls {
        let bits = nulls.inner().bit_chunks();
        let mut rows = codes.chunks_exact_mut(64);
        let set = |word: u64, rows: &mut [u8]| {
            // 0 - 1 is 255: a row without a value.
            rows.iter_mut().enumerate().for_each(|(at, row)| *row |= (((word >> at) & 1) as u8).wrapping_sub(1));
        };
        for (word, rows) in bits.iter().zip(&mut rows) {
            if word != u64::MAX {
                set(word, rows);
            }
        }
        set(bits.remainder_bits(), rows.into_remainder());
    }
    // What stands where there is no value is none: only codes that occur have a meaning.
    let (low, high) = if nulls.is_some() {
        let ends = codes.iter().fold((u8::MAX, 0), |(low, next), it| (low.min(*it), it.wrapping_add(1).max(next)));
        (i64::from(ends.0), i64::from(ends.1) - 1)
    } else {
        (i64::from(low), i64::from(numbers.iter().fold(i8::MIN, |high, it| high.max(*it))))
    };
    let fits = |it: &Whole| it.first <= low && high <= it.last && it.nulls == nulls.is_some();
    if !known.whole.as_ref().is_some_and(fits) {
        let before = known.whole.as_ref().filter(|it| it.nulls == nulls.is_some());
        let first = before.map_or(low, |it| it.first.min(low));
        let last = before.map_or(high, |it| it.last.max(high));
        let mut map = vec![NEVER; 256];
        for it in first..=last {
            map[usize::from(it as i8 as u8)] = whole_code(it, file, target.dictionary);
        }
        if nulls.is_some() {
            map[255] = target.dictionary.code(&Value::Missing(Missing::Blank), None);
        }
        known.whole = Some(Whole { first, last, nulls: nulls.is_some(), map: Arc::from(map) });
    }
    if let Some(profile) = target.profile {
        let wide: Vec<u32> = codes.iter().map(|it| u32::from(*it)).collect();
        let number = |it: usize| (nulls.is_none() || it != 255).then_some(i64::from(it as u8 as i8));
        tally_whole(&wide, 256, number, file, profile);
    }
    let map = known.whole.as_ref().map_or_else(|| Arc::from([]), |it| it.map.clone());
    Column::Coded(Coded { codes: Codes::Bytes(codes.into()), map })
}

/// Days since 1970.
fn days(
    read: impl Iterator<Item = Option<i64>> + Clone,
    rows: usize,
    file: &FileColumn<'_>,
    known: &mut Remembered,
    target: Target<'_>,
) -> Column {
    let day = |it: i64| i32::try_from(it).ok().and_then(Date::from_days);
    let one = |it: Option<i64>| match it {
        None => (Value::Missing(Missing::Blank), Found::Fine, None),
        Some(it) => match day(it) {
            Some(date) => {
                let (value, found) = file.cells.value_of_date(date);
                (value, found, file.time.then(|| Period::containing(date, Grain::Day, &Calendar::default())))
            }
            None => (Value::Missing(Missing::OutOfScale), Found::WrongType, None),
        },
    };
    if target.profile.is_some() {
        count(target.profile, read.clone().map(|it| (one(it).0, one(it).1, String::new())));
    }
    let (first, last) = read.clone().flatten().fold((i64::MAX, i64::MIN), |(low, high), it| (low.min(it), high.max(it)));
    let (first, last) = if first > last { (0, 0) } else { (first, last) };
    let first = known.whole.as_ref().map_or(first, |it| it.first.min(first));
    let last = known.whole.as_ref().map_or(last, |it| it.last.max(last));
    if last.checked_sub(first).is_none_or(|it| it >= MOST_CODES as i64 - 1) {
        return coded(read.map(|it| (one(it).0, one(it).2)), file.time, target.dictionary, target.many);
    }
    if !known.whole.as_ref().is_some_and(|it| it.first == first && it.last == last) {
        let mut map: Vec<u32> = Vec::with_capacity((last - first) as usize + 2);
        for it in (first..=last).map(Some).chain([None]) {
            let (value, _, time) = one(it);
            map.push(target.dictionary.code(&value, time));
        }
        known.whole = Some(Whole { first, last, nulls: true, map: Arc::from(map) });
    }
    let Some(whole) = &known.whole else { return Column::Absent };
    let null = (whole.map.len() - 1) as u16;
    let mut codes: Vec<u16> = Vec::with_capacity(rows);
    codes.extend(read.map(|it| it.map_or(null, |it| (it - first) as u16)));
    Column::Coded(Coded { codes: Codes::Words(codes.into()), map: whole.map.clone() })
}

/// Moments: instants where the file says so, else local times.
fn stamps(
    micros: &[Option<i64>],
    instants: bool,
    zone: &Zone,
    file: &FileColumn<'_>,
    known: &mut Remembered,
    target: Target<'_>,
) -> Column {
    let mut cache = std::mem::take(&mut known.days);
    let mut day = |it: i64| -> i64 {
        let utc = it.div_euclid(MICROS_PER_DAY);
        if !instants {
            return utc;
        }
        // The civil day changes once within a day of UTC: the day at its start, and when the next begins.
        let start = cache.entry(utc).or_insert_with(|| {
            let date = zone.date_at(utc * MICROS_PER_DAY)?;
            let next = date.plus_days(1).and_then(|it| zone.start_of(it)).unwrap_or(i64::MAX);
            Some((date, next))
        });
        match start {
            Some((date, next)) if it < *next => i64::from(date.days()),
            _ => zone.date_at(it).map_or(i64::MAX, |it| i64::from(it.days())),
        }
    };
    let read: Vec<Option<i64>> = micros.iter().map(|it| it.map(&mut day)).collect();
    known.days = cache;
    days(read.iter().copied(), micros.len(), file, known, target)
}

/// A column as texts, for several answers that stand in several columns.
pub fn texts(rows: &Stretch) -> Texts {
    let (dictionary, codes) = match rows {
        Stretch::Array(array) => return words(array),
        Stretch::Keys(dictionary, codes) => (words(dictionary), codes),
    };
    let mut texts = Texts::default();
    let null = match rows {
        Stretch::Keys(dictionary, _) => dictionary.len(),
        Stretch::Array(_) => 0,
    };
    let mut push = |it: usize| texts.push(if it == null { "" } else { dictionary.at(it) });
    match codes {
        RowCodes::Bytes(codes) => codes.iter().for_each(|it| push(usize::from(*it))),
        RowCodes::Words(codes) => codes.iter().for_each(|it| push(usize::from(*it))),
    }
    texts
}

fn words(array: &ArrayRef) -> Texts {
    let mut texts = Texts::default();
    macro_rules! of {
        ($read:expr) => {
            $read.for_each(|it| texts.push(&it.map(|it| it.to_string()).unwrap_or_default()))
        };
    }
    match array.data_type() {
        DataType::Dictionary(..) => {
            let array = array.as_dictionary::<Int32Type>();
            let words = array.values().as_string::<i32>();
            array.keys().iter().for_each(|it| texts.push(it.map_or("", |it| words.value(it as usize))));
        }
        DataType::Utf8View => array.as_string_view().iter().for_each(|it| texts.push(it.unwrap_or(""))),
        DataType::Utf8 => array.as_string::<i32>().iter().for_each(|it| texts.push(it.unwrap_or(""))),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().for_each(|it| texts.push(it.unwrap_or(""))),
        DataType::Boolean => of!(array.as_boolean().iter()),
        DataType::Int8 => of!(array.as_primitive::<Int8Type>().iter()),
        DataType::Int16 => of!(array.as_primitive::<Int16Type>().iter()),
        DataType::Int32 => of!(array.as_primitive::<Int32Type>().iter()),
        DataType::Int64 => of!(array.as_primitive::<Int64Type>().iter()),
        DataType::UInt8 => of!(array.as_primitive::<UInt8Type>().iter()),
        DataType::UInt16 => of!(array.as_primitive::<UInt16Type>().iter()),
        DataType::UInt32 => of!(array.as_primitive::<UInt32Type>().iter()),
        DataType::UInt64 => of!(array.as_primitive::<UInt64Type>().iter()),
        DataType::Float32 => of!(array.as_primitive::<Float32Type>().iter()),
        DataType::Float64 => of!(array.as_primitive::<Float64Type>().iter()),
        // Answers are words or codes; days and decimals are neither.
        _ => (0..array.len()).for_each(|_| texts.push("")),
    }
    texts
}
