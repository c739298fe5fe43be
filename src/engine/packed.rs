//! Rows that wait to be walked, packed: some thirty bytes each, dealt by customer so that few are unpacked at a time.

use super::fold::{Dropped, Taken};
use crate::calendar::Date;
use crate::row::{Missing, Value};
use crate::state::{Seen, dealt_by_unit};
use crate::value::Num;
use std::collections::HashSet;
use std::sync::Arc;

/// What is kept of a row.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// When it happened, or starts, by the columns that tell it.
    pub from: Box<[Date]>,
    /// The first day on which a span no longer holds.
    pub until: Option<Date>,
    pub by: Box<[Option<Arc<str>>]>,
    pub person: Option<Arc<str>>,
    pub values: Box<[Value]>,
    pub taken: Box<[Taken]>,
    pub dropped: Option<Dropped>,
}

/// How many of each a row holds.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub times: usize,
    pub by: usize,
    pub values: usize,
    pub taken: usize,
}

/// In how many parts rows are dealt: all rows of a customer are in one.
pub(super) const PARTS: usize = crate::state::DEALT;

/// Packed rows, in the parts that they are dealt to by each of the columns that tell customers apart.
#[derive(Default)]
pub(super) struct Packed {
    by: Vec<Vec<Vec<u8>>>,
}

impl Packed {
    /// Adds a row; once for each way of telling customers apart, once where there is none.
    pub fn add(&mut self, entry: &Entry) -> usize {
        self.by.resize_with(entry.by.len().max(1), || vec![Vec::new(); PARTS]);
        let mut bytes = 0;
        for (at, parts) in self.by.iter_mut().enumerate() {
            let part = entry.by.get(at).and_then(Option::as_ref).map_or(0, |it| dealt_by_unit(it));
            let before = parts[part].len();
            put(&mut parts[part], entry);
            bytes += parts[part].len() - before;
        }
        bytes
    }

    /// Adds the rows of a later chunk.
    #[cfg(feature = "engine")]
    pub fn append(&mut self, other: Packed) {
        if self.by.is_empty() {
            *self = other;
            return;
        }
        for (mine, theirs) in self.by.iter_mut().zip(other.by) {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| mine.extend_from_slice(&theirs));
        }
    }

    /// The rows of a part, in the order in which they came, dealt by one of the ways of telling customers apart.
    pub fn part(&self, by: usize, part: usize, shape: Shape) -> Vec<Entry> {
        let Some(bytes) = self.by.get(by).map(|it| &it[part]) else { return Vec::new() };
        let mut reader = Reader { rest: bytes, known: HashSet::new() };
        std::iter::from_fn(|| reader.entry(shape)).collect()
    }
}

// -- writing ---------------------------------------------------------------------------------------------------------

const FILTERED: u8 = 1;
const DUPLICATE: u8 = 2;
const ENDS: u8 = 4;
const PERSON: u8 = 8;
const OTHER_PERSON: u8 = 16;

fn put(out: &mut Vec<u8>, it: &Entry) {
    let mut flags = match it.dropped {
        None => 0,
        Some(Dropped::Filtered) => FILTERED,
        Some(Dropped::Duplicate) => DUPLICATE,
    };
    let same = it.person.is_some() && it.by.first() == Some(&it.person);
    flags |= if it.until.is_some() { ENDS } else { 0 };
    flags |= if it.person.is_some() { PERSON } else { 0 };
    flags |= if it.person.is_some() && !same { OTHER_PERSON } else { 0 };
    out.push(flags);
    it.from.iter().chain(&it.until).for_each(|it| put_date(out, *it));
    it.by.iter().for_each(|it| put_name(out, it.as_deref()));
    if flags & OTHER_PERSON != 0 {
        put_name(out, it.person.as_deref());
    }
    it.values.iter().for_each(|it| put_value(out, it));
    it.taken.iter().for_each(|it| put_taken(out, it));
}

fn put_size(out: &mut Vec<u8>, mut size: u64) {
    while size >= 128 {
        out.push(size as u8 | 128);
        size >>= 7;
    }
    out.push(size as u8);
}

fn put_date(out: &mut Vec<u8>, date: Date) {
    out.extend_from_slice(&date.days().to_le_bytes());
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_size(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn put_name(out: &mut Vec<u8>, name: Option<&str>) {
    put_size(out, name.map_or(0, |it| it.len() as u64 + 1));
    name.into_iter().for_each(|it| out.extend_from_slice(it.as_bytes()));
}

fn put_number(out: &mut Vec<u8>, number: Num) {
    match number {
        Num::Float(value) => {
            out.push(u8::MAX);
            out.extend_from_slice(&value.to_bits().to_le_bytes());
        }
        Num::Decimal { mantissa, scale } => {
            out.push(scale);
            // Small numbers are short, whatever their sign.
            put_size(out, ((mantissa << 1) ^ (mantissa >> 63)) as u64);
        }
    }
}

fn put_texts(out: &mut Vec<u8>, texts: &[Arc<str>]) {
    put_size(out, texts.len() as u64);
    texts.iter().for_each(|it| put_text(out, it));
}

fn put_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Missing(it) => out.push(missing(*it)),
        Value::Number(it) => {
            out.push(3);
            put_number(out, *it);
        }
        Value::Text(it) => {
            out.push(4);
            put_text(out, it);
        }
        Value::Date(it) => {
            out.push(5);
            put_date(out, *it);
        }
        Value::Bool(it) => out.push(6 + u8::from(*it)),
        Value::Texts(it) => {
            out.push(8);
            put_texts(out, it);
        }
    }
}

fn missing(it: Missing) -> u8 {
    match it {
        Missing::Blank => 0,
        Missing::NotApplicable => 1,
        Missing::OutOfScale => 2,
    }
}

fn put_taken(out: &mut Vec<u8>, taken: &Taken) {
    match taken {
        Taken::Left(it) => out.push(missing(*it)),
        // What models say is told when rows are walked.
        Taken::Nothing | Taken::Unfit(_) => out.push(3),
        Taken::NoWeight => out.push(4),
        Taken::Unobserved => out.push(5),
        Taken::Score(score, weight) => {
            out.push(6);
            put_number(out, *score);
            put_number(out, *weight);
        }
        Taken::Seen(seen, weight) => {
            out.push(7);
            put_value(
                out,
                &match seen {
                    Seen::Number(it) => Value::Number(*it),
                    Seen::Date(it) => Value::Date(*it),
                    Seen::Text(it) => Value::Text(it.clone()),
                },
            );
            put_number(out, *weight);
        }
        Taken::Named(texts, score, weight) => {
            out.push(8);
            put_texts(out, texts);
            put_number(out, *score);
            put_number(out, *weight);
        }
    }
}

// -- reading ---------------------------------------------------------------------------------------------------------

/// Reads what was put; `None` at the end.
struct Reader<'b> {
    rest: &'b [u8],
    /// The texts that were met: each is held once.
    known: HashSet<Arc<str>>,
}

impl Reader<'_> {
    fn entry(&mut self, shape: Shape) -> Option<Entry> {
        let flags = self.byte()?;
        let dropped = match flags & (FILTERED | DUPLICATE) {
            0 => None,
            FILTERED => Some(Dropped::Filtered),
            _ => Some(Dropped::Duplicate),
        };
        let from = (0..shape.times).map(|_| self.date()).collect::<Option<Box<[Date]>>>()?;
        let until = if flags & ENDS == 0 { None } else { Some(self.date()?) };
        let by = (0..shape.by).map(|_| self.name()).collect::<Option<Box<[Option<Arc<str>>]>>>()?;
        let person = match flags & (PERSON | OTHER_PERSON) {
            0 => None,
            PERSON => by.first().cloned().flatten(),
            _ => self.name()?,
        };
        let values = (0..shape.values).map(|_| self.value()).collect::<Option<Box<[Value]>>>()?;
        let taken = if dropped.is_some() { 0 } else { shape.taken };
        let taken = (0..taken).map(|_| self.taken()).collect::<Option<Box<[Taken]>>>()?;
        Some(Entry { from, until, by, person, values, taken, dropped })
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*first)
    }

    fn size(&mut self) -> Option<u64> {
        let mut size = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            size |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Some(size);
            }
        }
        None
    }

    fn date(&mut self) -> Option<Date> {
        Date::from_days(i32::from_le_bytes(self.bytes()?))
    }

    fn text_of(&mut self, length: usize) -> Option<Arc<str>> {
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        let text = std::str::from_utf8(text).ok()?;
        if let Some(known) = self.known.get(text) {
            return Some(known.clone());
        }
        let new: Arc<str> = Arc::from(text);
        self.known.insert(new.clone());
        Some(new)
    }

    fn text(&mut self) -> Option<Arc<str>> {
        let length = self.size()?;
        self.text_of(usize::try_from(length).ok()?)
    }

    #[expect(clippy::option_option, reason = "outer: could be read; inner: a name, or none")]
    fn name(&mut self) -> Option<Option<Arc<str>>> {
        match self.size()? {
            0 => Some(None),
            length => Some(Some(self.text_of(usize::try_from(length - 1).ok()?)?)),
        }
    }

    fn number(&mut self) -> Option<Num> {
        match self.byte()? {
            u8::MAX => Some(Num::Float(f64::from_bits(u64::from_le_bytes(self.bytes()?)))),
            scale => {
                let size = self.size()?;
                Some(Num::Decimal { mantissa: ((size >> 1) as i64) ^ -((size & 1) as i64), scale })
            }
        }
    }

    fn texts(&mut self) -> Option<Arc<[Arc<str>]>> {
        let count = self.size()?;
        (0..count).map(|_| self.text()).collect()
    }

    fn value(&mut self) -> Option<Value> {
        Some(match self.byte()? {
            3 => Value::Number(self.number()?),
            4 => Value::Text(self.text()?),
            5 => Value::Date(self.date()?),
            6 => Value::Bool(false),
            7 => Value::Bool(true),
            8 => Value::Texts(self.texts()?),
            it => Value::Missing(lacking(it)),
        })
    }

    fn taken(&mut self) -> Option<Taken> {
        Some(match self.byte()? {
            3 => Taken::Nothing,
            4 => Taken::NoWeight,
            5 => Taken::Unobserved,
            6 => Taken::Score(self.number()?, self.number()?),
            7 => {
                let seen = match self.value()? {
                    Value::Number(it) => Seen::Number(it),
                    Value::Date(it) => Seen::Date(it),
                    Value::Text(it) => Seen::Text(it),
                    _ => return None,
                };
                Taken::Seen(seen, self.number()?)
            }
            8 => Taken::Named(self.texts()?, self.number()?, self.number()?),
            it => Taken::Left(lacking(it)),
        })
    }
}

fn lacking(it: u8) -> Missing {
    match it {
        0 => Missing::Blank,
        1 => Missing::NotApplicable,
        _ => Missing::OutOfScale,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Option<Arc<str>> {
        Some(Arc::from(text))
    }

    fn entry(customer: &str, place: i64) -> Entry {
        let number = |mantissa, scale| Num::Decimal { mantissa, scale };
        let texts: Arc<[Arc<str>]> = Arc::from([Arc::from("web"), Arc::from("")]);
        Entry {
            from: Box::new([Date::MIN, Date::MAX]),
            until: (place % 2 == 0).then_some(Date::MAX),
            by: Box::new([name(customer), None]),
            person: [None, name(customer), name("x")][place as usize % 3].clone(),
            values: Box::new([
                Value::Number(number(place, 0)),
                Value::Number(number(i64::MIN, 15)),
                Value::Number(Num::Float(-0.0)),
                Value::Text(Arc::from("é")),
                Value::Date(Date::MIN),
                Value::Bool(true),
                Value::Texts(texts.clone()),
                Value::Missing(Missing::NotApplicable),
            ]),
            taken: Box::new([
                Taken::Nothing,
                Taken::Left(Missing::OutOfScale),
                Taken::NoWeight,
                Taken::Unobserved,
                Taken::Score(number(-7, 1), Num::Float(0.1)),
                Taken::Seen(Seen::Text(Arc::from("a")), number(1, 0)),
                Taken::Named(texts, number(i64::MAX, 0), number(1, 0)),
            ]),
            dropped: None,
        }
    }

    const SHAPE: Shape = Shape { times: 2, by: 2, values: 8, taken: 7 };

    #[test]
    fn what_is_unpacked_is_what_was_packed() {
        let mut packed = Packed::default();
        let mut all = Vec::new();
        for place in 0..50 {
            let mut it = entry(&format!("customer {}", place % 7), place);
            if place % 5 == 0 {
                it.dropped = Some(if place % 2 == 0 { Dropped::Filtered } else { Dropped::Duplicate });
                it.taken = Box::default();
            }
            assert!(packed.add(&it) > 0);
            all.push(it);
        }
        let mut seen = 0;
        for part in 0..PARTS {
            let rows = packed.part(0, part, SHAPE);
            // In the order in which they came, and all of a customer together.
            let expected: Vec<&Entry> = all.iter().filter(|it| dealt_by_unit(it.by[0].as_deref().unwrap_or_default()) == part).collect();
            assert_eq!(format!("{rows:?}"), format!("{expected:?}"));
            seen += rows.len();
        }
        assert_eq!(seen, all.len());
        // Those without a customer are in the first part.
        assert_eq!(packed.part(1, 0, SHAPE).len(), all.len());
        assert!(packed.part(2, 0, SHAPE).is_empty());
    }

    #[test]
    fn a_plain_row_is_small() {
        let amount = Value::Number(Num::Decimal { mantissa: 1250, scale: 2 });
        let (from, by) = (Box::new([Date::MIN]), Box::new([name("c104233")]));
        let it = Entry { from, until: None, by, person: name("c104233"), values: Box::new([amount]), taken: Box::default(), dropped: None };
        assert!(Packed::default().add(&it) < 20);
    }
}
