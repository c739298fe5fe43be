//! What does this text in this column mean? Blank, not applicable, a code, a number, a date; and what it should not be.

use super::ColumnProfile;
#[cfg(feature = "engine")]
use crate::calendar::Date;
use crate::calendar::{Calendar, DatePattern, Grain, Period};
use crate::model::{Column, ColumnType, Format, Scale, Several};
use crate::row::{Missing, Value};
use crate::value::Num;
use crate::words::Lang;
use std::collections::HashMap;
use std::sync::Arc;

/// How many different texts of a column are remembered.
const REMEMBERED: usize = 1 << 14;
/// How many undeclared codes of a column are told apart.
const TOLD_APART: usize = 100;

/// Reads the values of one column of one file.
pub struct Cells<'a> {
    column: &'a Column,
    decimal: u8,
    pattern: DatePattern,
    calendar: &'a Calendar,
    lang: Lang,
    recode: HashMap<&'a str, &'a str>,
    known: HashMap<Box<str>, (Value, Found)>,
}

/// What was found in a value, beside the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Fine,
    Undeclared,
    WrongType,
}

impl<'a> Cells<'a> {
    /// A reader for a column of a file.
    pub fn new(column: &'a Column, format: &'a Format, file: &str, calendar: &'a Calendar, lang: Lang) -> Cells<'a> {
        let dates = column.dates.as_deref().or(format.dates.as_deref());
        let recode = column.recode.iter().filter(|(name, _)| names_file(name, file)).flat_map(|(_, pairs)| pairs);
        Cells {
            column,
            decimal: column.decimal.unwrap_or(format.decimal),
            pattern: dates.and_then(DatePattern::named).unwrap_or_default(),
            calendar,
            lang,
            recode: recode.map(|(from, to)| (from.as_str(), to.as_str())).collect(),
            known: HashMap::new(),
        }
    }

    /// The value that a text stands for; what is odd about it is counted.
    pub fn value(&mut self, raw: &str, profile: &mut ColumnProfile) -> Value {
        if let Some((value, found)) = self.known.get(raw) {
            count(value, found, raw, profile);
            return value.clone();
        }
        let (value, found) = self.read(raw);
        count(&value, &found, raw, profile);
        if self.known.len() < REMEMBERED {
            self.known.insert(raw.into(), (value.clone(), found));
        }
        value
    }

    /// The value of several answers, one a text.
    pub fn values<'t>(&mut self, raws: impl Iterator<Item = &'t str>, profile: &mut ColumnProfile) -> Value {
        let mut texts: Vec<Arc<str>> = Vec::new();
        let mut missing = None;
        for raw in raws {
            let (value, found) = self.single(raw);
            if found != Found::Fine {
                count(&Value::Missing(Missing::OutOfScale), &found, raw, profile);
            }
            match value {
                Value::Text(text) if !texts.contains(&text) => texts.push(text),
                Value::Missing(it) => missing = missing.max(Some(it)),
                _ => {}
            }
        }
        if texts.is_empty() {
            let missing = missing.unwrap_or(Missing::Blank);
            count(&Value::Missing(missing), &Found::Fine, "", profile);
            return Value::Missing(missing);
        }
        let value = Value::Texts(Arc::from(texts));
        count(&value, &Found::Fine, "", profile);
        value
    }

    /// The value that a text stands for, and what is odd about it; nothing is counted or remembered.
    pub fn read(&self, raw: &str) -> (Value, Found) {
        if let Some(Several::Split(mark)) = &self.column.several {
            let mut found = Found::Fine;
            let mut texts: Vec<Arc<str>> = Vec::new();
            let mut missing = Missing::Blank;
            for piece in raw.split(mark.as_str()) {
                match self.single(piece) {
                    (Value::Text(text), _) if !texts.contains(&text) => texts.push(text),
                    (Value::Missing(it), odd) => {
                        missing = missing.max(it);
                        if odd != Found::Fine {
                            found = odd;
                        }
                    }
                    _ => {}
                }
            }
            let value = if texts.is_empty() { Value::Missing(missing) } else { Value::Texts(Arc::from(texts)) };
            return (value, found);
        }
        self.single(raw)
    }

    fn single(&self, raw: &str) -> (Value, Found) {
        let raw = raw.trim();
        let text = self.recode.get(raw).copied().unwrap_or(raw);
        if text.is_empty() || self.column.blank.iter().any(|it| it.trim() == text) {
            return (Value::Missing(Missing::Blank), Found::Fine);
        }
        if self.column.not_applicable.iter().any(|it| it.trim() == text) {
            return (Value::Missing(Missing::NotApplicable), Found::Fine);
        }
        match self.column.of {
            Some(ColumnType::Number) => self.number(text),
            Some(ColumnType::Date) => match time_of(text, self.pattern, self.calendar) {
                Some(period) => (Value::Date(period.start(self.calendar)), Found::Fine),
                None => (Value::Missing(Missing::OutOfScale), Found::WrongType),
            },
            Some(ColumnType::Text | ColumnType::Several) | None => self.label(text),
        }
    }

    fn number(&self, text: &str) -> (Value, Found) {
        let plain = if self.decimal == b',' { comma_number(text) } else { Num::parse(text) };
        match plain {
            Some(number) => self.declared(number),
            None if self.column.scale.is_some() => (Value::Missing(Missing::OutOfScale), Found::Undeclared),
            None => (Value::Missing(Missing::OutOfScale), Found::WrongType),
        }
    }

    /// What a number is by its column's declaration: an answer, no answer, or a code that it does not know.
    fn declared(&self, number: Num) -> (Value, Found) {
        // A code that is written otherwise, 11.0 for 11, is that code.
        let is = |it: &String| Num::parse(it.trim()) == Some(number);
        if self.column.blank.iter().any(is) {
            return (Value::Missing(Missing::Blank), Found::Fine);
        }
        if self.column.not_applicable.iter().any(is) {
            return (Value::Missing(Missing::NotApplicable), Found::Fine);
        }
        if let Some(scale) = self.column.scale
            && !on_scale(number, scale, self.column.decimals)
        {
            return (Value::Missing(Missing::OutOfScale), Found::Undeclared);
        }
        let number = match (self.column.decimals, self.column.scale, number) {
            (Some(places), _, _) => rounded(number, places),
            // A code of a scale is whole, also where a file stores it as a double.
            (None, Some(_), Num::Float(_)) => number.to_int().map_or(number, Num::int),
            _ => number,
        };
        (Value::Number(self.column.factor.map_or(number, |it| number.times(it))), Found::Fine)
    }

    fn label(&self, text: &str) -> (Value, Found) {
        if self.column.labels.is_empty() {
            return (Value::Text(Arc::from(text)), Found::Fine);
        }
        let same = |code: &str| code == text || (Num::parse(code).is_some() && Num::parse(code) == Num::parse(text));
        match self.column.labels.iter().find(|(code, _)| same(code)) {
            Some((code, label)) => (Value::Text(Arc::from(label.get(self.lang).unwrap_or(code))), Found::Fine),
            None => (Value::Missing(Missing::OutOfScale), Found::Undeclared),
        }
    }

    /// The value that a number of a typed file stands for: what its text would be in a file of text.
    #[cfg(feature = "engine")]
    pub fn value_of_number(&self, number: Num) -> (Value, Found) {
        if self.column.of == Some(ColumnType::Number) && self.recode.is_empty() {
            return self.declared(number);
        }
        self.read(&number.to_string())
    }

    /// The value that a day of a typed file stands for; its time is the day itself.
    #[cfg(feature = "engine")]
    pub fn value_of_date(&self, date: Date) -> (Value, Found) {
        if self.column.of != Some(ColumnType::Date) {
            return self.read(&date.to_string());
        }
        if self.column.blank.is_empty() && self.column.not_applicable.is_empty() && self.recode.is_empty() {
            return (Value::Date(date), Found::Fine);
        }
        match self.read(&date.to_string()) {
            // The pattern is that of texts; a typed day needs none.
            (Value::Missing(Missing::OutOfScale), _) => (Value::Date(date), Found::Fine),
            known => known,
        }
    }

    /// Whether a number with so many decimals is its own value: nothing is declared that could change it.
    #[cfg(feature = "engine")]
    pub fn keeps_numbers(&self, decimals: u8) -> bool {
        let column = self.column;
        column.of == Some(ColumnType::Number)
            && column.blank.is_empty()
            && column.not_applicable.is_empty()
            && self.recode.is_empty()
            && column.scale.is_none()
            && column.factor.is_none()
            && column.decimals.is_none_or(|it| decimals <= it)
    }

    /// The day or period that a text of a time column stands for.
    pub fn time(&self, raw: &str) -> Option<Period> {
        let raw = raw.trim();
        let text = self.recode.get(raw).copied().unwrap_or(raw);
        time_of(text, self.pattern, self.calendar)
    }
}

/// Whether a path in a declaration names a file: as written, or its last part.
fn names_file(declared: &str, file: &str) -> bool {
    declared == file || file.rsplit('/').next() == Some(declared)
}

fn count(value: &Value, found: &Found, raw: &str, profile: &mut ColumnProfile) {
    tally(value, found, raw, 1, profile);
}

/// Counts a value that was found so many times.
pub fn tally(value: &Value, found: &Found, raw: &str, times: u64, profile: &mut ColumnProfile) {
    match found {
        Found::Undeclared => {
            profile.texts.add(raw.trim(), times);
            // A long text may be personal: it is counted, not kept.
            let code = raw.trim();
            let code = if code.chars().count() <= 12 { code } else { "" };
            undeclared(profile, code, times);
        }
        Found::WrongType => profile.wrong_type += times,
        Found::Fine => {
            match value {
                Value::Missing(_) | Value::Text(_) => profile.texts.add(raw.trim(), times),
                Value::Texts(several) => several.iter().for_each(|it| profile.texts.add(it, times)),
                _ => {}
            }
            match value.missing() {
                Some(Missing::Blank) => profile.blank += times,
                Some(Missing::NotApplicable) => profile.not_applicable += times,
                _ => {}
            }
        }
    }
}

fn undeclared(profile: &mut ColumnProfile, code: &str, times: u64) {
    let known = profile.undeclared.len() < TOLD_APART || profile.undeclared.contains_key(code);
    *profile.undeclared.entry(if known { code.to_owned() } else { String::new() }).or_default() += times;
}

impl ColumnProfile {
    /// Adds what was found in a later chunk.
    pub fn merge(&mut self, other: &ColumnProfile) {
        self.blank += other.blank;
        self.not_applicable += other.not_applicable;
        self.wrong_type += other.wrong_type;
        self.texts.merge(&other.texts);
        other.undeclared.iter().for_each(|(code, times)| undeclared(self, code, *times));
    }
}

/// Whether a number is a code of a scale: within its ends, and whole unless decimals are declared.
pub fn on_scale(number: Num, scale: Scale, decimals: Option<u8>) -> bool {
    let value = number.to_f64();
    value >= scale.low && value <= scale.high && (decimals.is_some() || number.to_int().is_some())
}

/// A number with at most so many decimals; doubles become the decimals that they were declared to be.
pub fn rounded(number: Num, places: u8) -> Num {
    match number {
        Num::Decimal { scale, .. } if scale <= places => number,
        _ => {
            let factor = 10f64.powi(i32::from(places));
            let mantissa = (number.to_f64() * factor).round();
            if mantissa.abs() < 9.0e15 { Num::Decimal { mantissa: mantissa as i64, scale: places } } else { number }
        }
    }
}

/// `1.234,56` and `1234,56`.
fn comma_number(text: &str) -> Option<Num> {
    if !text.contains([',', '.']) {
        return Num::parse(text);
    }
    let (whole, fraction) = text.split_once(',').unwrap_or((text, ""));
    if fraction.contains(['.', ',']) {
        return None;
    }
    // Points group thousands, or they are no grouping at all.
    let mut groups = whole.split('.');
    let first = groups.next().unwrap_or("");
    let grouped = whole.contains('.');
    if grouped && (first.trim_start_matches(['-', '+']).len() > 3 || groups.clone().any(|it| it.len() != 3)) {
        return None;
    }
    let digits: String = whole.chars().filter(|it| *it != '.').collect();
    if fraction.is_empty() { Num::parse(&digits) } else { Num::parse(&format!("{digits}.{fraction}")) }
}

/// The day, or the coarser period, that a text stands for.
fn time_of(text: &str, pattern: DatePattern, calendar: &Calendar) -> Option<Period> {
    if let Some(date) = calendar.zone().date_of(text, pattern) {
        return Some(Period::containing(date, Grain::Day, calendar));
    }
    Period::parse(text).filter(|it| it.grain() != Grain::All)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_commas_and_grouped_thousands() {
        let read = |it: &str| comma_number(it).map(|it| it.to_string());
        assert_eq!(read("1.234,50").as_deref(), Some("1234.5"));
        assert_eq!(read("-0,25").as_deref(), Some("-0.25"));
        assert_eq!(read("1234").as_deref(), Some("1234"));
        // 1.5 is no Dutch number: it must not become 15 without a word.
        assert_eq!(read("1.5"), None);
        assert_eq!(read("12.34,5"), None);
    }
}
