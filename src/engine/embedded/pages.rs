//! Parquet's pages of keys -> codes: a column that every page keeps as keys of a dictionary is read as what it is.
//!
//! Arrow's reader looks every key up, spreads the values over the rows and narrows them to their type; here the
//! dictionary becomes an Arrow array once a row group, and rows keep their keys.

use super::runs::{Code, Keys, Runs};
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal64Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, UInt8Type, UInt16Type, UInt32Type,
};
use arrow_array::{ArrayRef, PrimitiveArray, StringArray};
use arrow_buffer::ScalarBuffer;
use arrow_schema::{DataType, TimeUnit};
use bytes::Bytes;
use parquet::basic::{Encoding, Type};
use parquet::column::page::{Page, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::serialized_reader::SerializedPageReader;
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

/// A file, read by stretches: pages are small, and lie one after the other.
pub struct Stretches {
    file: Mutex<(File, u64, Bytes)>,
    length: u64,
}

/// What is read of a file at a time, and what a page's header may take of it.
const STRETCH: u64 = 1 << 18;
const HEADER: u64 = 1 << 16;

impl Stretches {
    /// Reads up to a place in the file, the end of a column.
    pub fn new(file: File, length: u64) -> Stretches {
        Stretches { file: Mutex::new((file, 0, Bytes::new())), length }
    }

    /// At least so many bytes from a place on, as far as there are any; of them as many as are at hand.
    fn bytes(&self, start: u64, least: u64) -> Result<Bytes> {
        let mut held = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = self.length.checked_sub(start).ok_or_else(|| ParquetError::EOF("a page lies beyond its column".to_owned()))?;
        let least = least.min(rest);
        let (file, from, bytes) = &mut *held;
        if start < *from || start + least > *from + bytes.len() as u64 {
            file.seek(SeekFrom::Start(start))?;
            let mut read = Vec::new();
            file.take(least.max(STRETCH).min(rest)).read_to_end(&mut read)?;
            (*from, *bytes) = (start, Bytes::from(read));
        }
        let at = usize::try_from(start - *from)?;
        Ok(if at <= bytes.len() { bytes.slice(at..) } else { Bytes::new() })
    }
}

impl Length for Stretches {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Stretches {
    type T = Cursor<Bytes>;

    fn get_read(&self, start: u64) -> Result<Cursor<Bytes>> {
        Ok(Cursor::new(self.bytes(start, HEADER)?))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let bytes = self.bytes(start, length as u64)?;
        if bytes.len() < length { Err(ParquetError::EOF("a page is cut off".to_owned())) } else { Ok(bytes.slice(..length)) }
    }
}

/// The codes of some rows: the places of their values in the dictionary, or its length where there is none.
pub enum RowCodes {
    Bytes(ScalarBuffer<u8>),
    Words(ScalarBuffer<u16>),
}

/// A column chunk whose pages are keys.
pub struct KeyPages {
    pages: Box<dyn PageReader>,
    nullable: bool,
    /// The values that keys stand for.
    pub dictionary: ArrayRef,
    /// The first data page, until rows are asked for.
    first: Option<Page>,
    rows: Rows,
}

/// The rows of the page at hand: how many are left, their levels, their keys.
enum Rows {
    Bytes(Option<Opened<u8>>),
    Words(Option<Opened<u16>>),
}

struct Opened<T> {
    left: usize,
    levels: Option<Keys<u8>>,
    keys: Keys<T>,
}

impl KeyPages {
    /// Opens a column chunk of which the footer says that all its pages are keys; `None` where it is not of a kind that
    /// is read here.
    ///
    /// # Errors
    /// Why its first pages cannot be read.
    pub fn open<R: ChunkReader + 'static>(source: R, chunk: &ColumnChunkMetaData, rows: usize, of: &DataType) -> Result<Option<KeyPages>> {
        let column = chunk.column_descr();
        if column.max_rep_level() != 0 || column.max_def_level() > 1 {
            return Ok(None);
        }
        let mut pages = SerializedPageReader::new(Arc::new(source), chunk, rows, None)?;
        let Some(Page::DictionaryPage { buf, num_values, encoding, .. }) = pages.get_next_page()? else { return Ok(None) };
        let plain = matches!(encoding, Encoding::PLAIN | Encoding::PLAIN_DICTIONARY);
        let length = num_values as usize;
        if !plain || length > usize::from(u16::MAX) {
            return Ok(None);
        }
        let Some(dictionary) = values(&buf, length, chunk.column_type(), of)? else { return Ok(None) };
        let nullable = column.max_def_level() == 1;
        let first = pages.get_next_page()?;
        // Levels were packed otherwise once; nobody writes that today.
        if let Some(Page::DataPage { def_level_encoding, .. }) = &first
            && nullable
            && *def_level_encoding != Encoding::RLE
        {
            return Ok(None);
        }
        let rows = if length <= usize::from(u8::MAX) { Rows::Bytes(None) } else { Rows::Words(None) };
        Ok(Some(KeyPages { pages: Box::new(pages), nullable, dictionary, first, rows }))
    }

    /// The codes of the next rows.
    ///
    /// # Errors
    /// Why there are not so many.
    pub fn read(&mut self, rows: usize) -> Result<RowCodes> {
        let null = self.dictionary.len();
        let mut pages = DataPages { pages: &mut *self.pages, first: &mut self.first, nullable: self.nullable };
        Ok(match &mut self.rows {
            Rows::Bytes(opened) => RowCodes::Bytes(pages.codes(opened, u8::saturated(null as u64), rows)?.into()),
            Rows::Words(opened) => RowCodes::Words(pages.codes(opened, u16::saturated(null as u64), rows)?.into()),
        })
    }

    /// Whether no rows are left.
    ///
    /// # Errors
    /// Why the next page cannot be read.
    pub fn is_done(&mut self) -> Result<bool> {
        let left = match &self.rows {
            Rows::Bytes(opened) => opened.as_ref().map_or(0, |it| it.left),
            Rows::Words(opened) => opened.as_ref().map_or(0, |it| it.left),
        };
        Ok(left == 0 && self.first.is_none() && self.pages.get_next_page()?.is_none())
    }
}

struct DataPages<'p> {
    pages: &'p mut dyn PageReader,
    first: &'p mut Option<Page>,
    nullable: bool,
}

impl DataPages<'_> {
    fn codes<T: Code>(&mut self, opened: &mut Option<Opened<T>>, null: T, rows: usize) -> Result<Vec<T>> {
        let mut codes = vec![T::default(); rows];
        let mut done = 0;
        while done < rows {
            let page = match opened {
                Some(page) if page.left > 0 => page,
                _ => opened.insert(self.next()?),
            };
            let some = page.left.min(rows - done);
            let keys = page.keys.rows(page.levels.as_mut(), null, &mut codes[done..done + some]);
            keys.map_err(|it| ParquetError::General(it.to_owned()))?;
            page.left -= some;
            done += some;
        }
        Ok(codes)
    }

    /// The next data page.
    fn next<T: Code>(&mut self) -> Result<Opened<T>> {
        let cut_off = || ParquetError::EOF("a page is cut off".to_owned());
        let page = match self.first.take() {
            Some(page) => page,
            None => self.pages.get_next_page()?.ok_or_else(|| ParquetError::EOF("a column has too few pages".to_owned()))?,
        };
        let encoding = page.encoding();
        if !matches!(encoding, Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY) {
            return Err(ParquetError::General(format!("a page is {encoding}, its footer says that it has keys")));
        }
        let left = page.num_values() as usize;
        let (levels, keys) = match page {
            Page::DataPage { buf, def_level_encoding, .. } if self.nullable => {
                if def_level_encoding != Encoding::RLE {
                    return Err(ParquetError::General(format!("levels of a page are {def_level_encoding}")));
                }
                let length = buf.first_chunk::<4>().map(|it| u32::from_le_bytes(*it) as usize).ok_or_else(cut_off)?;
                let end = length.checked_add(4).filter(|it| *it <= buf.len()).ok_or_else(cut_off)?;
                (Some(buf.slice(4..end)), buf.slice(end..))
            }
            Page::DataPage { buf, .. } => (None, buf),
            Page::DataPageV2 { buf, def_levels_byte_len, rep_levels_byte_len, .. } => {
                let start = rep_levels_byte_len as usize;
                let end = start.saturating_add(def_levels_byte_len as usize);
                if end > buf.len() {
                    return Err(cut_off());
                }
                (self.nullable.then(|| buf.slice(start..end)), buf.slice(end..))
            }
            Page::DictionaryPage { .. } => return Err(ParquetError::General("a column has two dictionaries".to_owned())),
        };
        // A page without values may have nothing but levels.
        let width = usize::from(keys.first().copied().unwrap_or(0));
        if width > 32 {
            return Err(ParquetError::General(format!("keys of {width} bits")));
        }
        let keys = keys.slice(keys.len().min(1)..);
        Ok(Opened { left, levels: levels.map(|it| Keys::new(Runs::new(it, 1))), keys: Keys::new(Runs::new(keys, width)) })
    }
}

/// The values of a dictionary page as an Arrow array of a type; `None` for a type that is not read here.
fn values(page: &Bytes, length: usize, physical: Type, of: &DataType) -> Result<Option<ArrayRef>> {
    fn fixed<const N: usize, T: ArrowPrimitiveType>(
        page: &[u8],
        length: usize,
        value: impl Fn([u8; N]) -> T::Native,
    ) -> Result<PrimitiveArray<T>> {
        let (values, _) = page.as_chunks::<N>();
        let values = values.get(..length).ok_or_else(|| ParquetError::EOF("a dictionary is cut off".to_owned()))?;
        Ok(PrimitiveArray::from_iter_values(values.iter().map(|it| value(*it))))
    }
    macro_rules! whole {
        ($of:ty) => {
            Arc::new(fixed::<4, $of>(page, length, |it| i32::from_le_bytes(it) as _)?)
        };
    }
    macro_rules! long {
        ($of:ty) => {
            Arc::new(fixed::<8, $of>(page, length, i64::from_le_bytes)?)
        };
    }
    let decimals = |array: PrimitiveArray<Decimal64Type>, precision, scale| array.with_precision_and_scale(precision, scale).map(Arc::new);
    let array: ArrayRef = match (physical, of) {
        (Type::INT32, DataType::Int8) => whole!(Int8Type),
        (Type::INT32, DataType::Int16) => whole!(Int16Type),
        (Type::INT32, DataType::Int32) => whole!(Int32Type),
        (Type::INT32, DataType::UInt8) => whole!(UInt8Type),
        (Type::INT32, DataType::UInt16) => whole!(UInt16Type),
        (Type::INT32, DataType::UInt32) => whole!(UInt32Type),
        (Type::INT32, DataType::Date32) => whole!(Date32Type),
        (Type::INT32, DataType::Decimal64(precision, scale)) => {
            decimals(fixed::<4, _>(page, length, |it| i64::from(i32::from_le_bytes(it)))?, *precision, *scale)?
        }
        (Type::INT64, DataType::Int64) => long!(Int64Type),
        (Type::INT64, DataType::Decimal64(precision, scale)) => {
            decimals(fixed::<8, _>(page, length, i64::from_le_bytes)?, *precision, *scale)?
        }
        (Type::INT64, DataType::Timestamp(TimeUnit::Millisecond, _)) => long!(TimestampMillisecondType),
        (Type::INT64, DataType::Timestamp(TimeUnit::Microsecond, _)) => long!(TimestampMicrosecondType),
        (Type::INT64, DataType::Timestamp(TimeUnit::Nanosecond, _)) => long!(TimestampNanosecondType),
        (Type::FLOAT, DataType::Float32) => Arc::new(fixed::<4, Float32Type>(page, length, f32::from_le_bytes)?),
        (Type::DOUBLE, DataType::Float64) => Arc::new(fixed::<8, Float64Type>(page, length, f64::from_le_bytes)?),
        (Type::BYTE_ARRAY, DataType::Utf8) => Arc::new(texts(page, length)?),
        _ => return Ok(None),
    };
    Ok(Some(array))
}

fn texts(page: &[u8], length: usize) -> Result<StringArray> {
    let mut rest = page;
    let mut texts: Vec<&str> = Vec::with_capacity(length);
    for _ in 0..length {
        let cut_off = || ParquetError::EOF("a dictionary is cut off".to_owned());
        let (size, after) = rest.split_first_chunk::<4>().ok_or_else(cut_off)?;
        let (text, after) = after.split_at_checked(u32::from_le_bytes(*size) as usize).ok_or_else(cut_off)?;
        texts.push(std::str::from_utf8(text).map_err(|it| ParquetError::General(it.to_string()))?);
        rest = after;
    }
    Ok(StringArray::from(texts))
}
