//! What stands in each column? One pass over all rows, counting; nothing of a row is kept but what comes often.

use super::read::{Header, Table};
use super::words::Words;
use crate::calendar::{Calendar, Date, DatePattern, Grain, Period};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

/// How many different values of a column are counted; a column with more is no scale and no list of choices.
pub const MAX_VALUES: usize = 300;
/// How many values are remembered to see whether a column tells rows apart, over all columns.
const MAX_REMEMBERED: usize = 4_000_000;
/// Values longer than this are counted without being kept.
const LONG: usize = 200;

/// What one column holds.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// The header, as a source would name it.
    pub header: String,
    /// The text of the question, where the export has one.
    pub question: String,
    pub words: Words,
    /// Rows with something in them.
    pub filled: u64,
    /// How often each value occurs; all of them unless there is `more`.
    pub values: BTreeMap<String, u64>,
    pub more: bool,
    /// Whether every row has a value of its own.
    pub unique: bool,
    seen: HashSet<u64>,
    pub longest: usize,
    characters: u64,
    pub numbers: Numbers,
    /// Rows that look like an address of mail, or of a machine.
    pub mail: u64,
    pub machine: u64,
    /// Every way in which all values are days, with what they would be.
    pub dates: Vec<Dates>,
}

/// The numbers of a column, with a point or a comma before their decimals.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    pub count: u64,
    pub sum: f64,
    pub low: f64,
    pub high: f64,
    /// Numbers with a comma, and with a point, before decimals.
    pub comma: u64,
    pub point: u64,
    /// The most decimals of any.
    pub decimals: u8,
}

/// A column read as days in one way.
#[derive(Clone, Debug)]
pub struct Dates {
    pub way: Way,
    pub first: Date,
    pub last: Date,
    /// Different days; no more than 4,000 are told apart.
    pub days: HashSet<i32>,
    pub grain: Grain,
}

/// A way to write a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A pattern that sources know.
    Pattern(DatePattern),
    /// A period: `2024`, `2024-Q3`, `2024-07`.
    Period,
    /// Day, month, year, in other marks; sources do not read it.
    LooseDayFirst,
    LooseMonthFirst,
    LooseYearFirst,
    /// `12 mrt 2024`, `March 12, 2024`.
    Named,
    /// Days since 1900, as Excel counts.
    Serial,
}

impl Way {
    const ALL: [Way; 11] = [
        Way::Pattern(DatePattern::YearMonthDay),
        Way::Pattern(DatePattern::DayMonthYear),
        Way::Pattern(DatePattern::DayMonthYearShort),
        Way::Pattern(DatePattern::DayMonthYearSlash),
        Way::Pattern(DatePattern::MonthDayYearSlash),
        Way::Period,
        Way::LooseYearFirst,
        Way::LooseDayFirst,
        Way::LooseMonthFirst,
        Way::Named,
        Way::Serial,
    ];

    /// Whether sources can read it.
    pub fn is_known(self) -> bool {
        matches!(self, Way::Pattern(_) | Way::Period)
    }

    /// Whether day and month might be the other way round.
    pub fn day_first(self) -> Option<bool> {
        match self {
            Way::Pattern(DatePattern::DayMonthYear | DatePattern::DayMonthYearShort | DatePattern::DayMonthYearSlash)
            | Way::LooseDayFirst => Some(true),
            Way::Pattern(DatePattern::MonthDayYearSlash) | Way::LooseMonthFirst => Some(false),
            _ => None,
        }
    }

    /// The day that a text says, and how long it is.
    pub fn read(self, text: &str) -> Option<(Date, Grain)> {
        let day = |it: Option<Date>| it.map(|it| (it, Grain::Day));
        match self {
            Way::Pattern(pattern) => day(Date::parse(text, pattern)),
            Way::Period => {
                let period = Period::parse(text).filter(|it| !matches!(it.grain(), Grain::All | Grain::Day))?;
                let start = period.start(&Calendar::default());
                ((1950..2200).contains(&start.year())).then_some((start, period.grain()))
            }
            Way::LooseDayFirst => day(loose(text, [2, 1, 0])),
            Way::LooseMonthFirst => day(loose(text, [2, 0, 1])),
            Way::LooseYearFirst => day(loose(text, [0, 1, 2])),
            Way::Named => day(named(text)),
            Way::Serial => {
                let days: f64 = text.parse().ok()?;
                // 25,569 days lie between Excel's first day and 1970.
                day((20_000.0..80_000.0).contains(&days).then(|| Date::from_days(days as i32 - 25_569)).flatten())
            }
        }
    }
}

/// A day of three numbers between marks, perhaps a time behind it; `order` is where year, month and day stand.
fn loose(text: &str, order: [usize; 3]) -> Option<Date> {
    let text = text.trim();
    let compact = text.len() == 8 && text.bytes().all(|it| it.is_ascii_digit());
    let pieces: Vec<&str> = if compact {
        if order[0] != 0 {
            return None;
        }
        vec![&text[..4], &text[4..6], &text[6..]]
    } else {
        let end = text.find([' ', 'T', ',']).unwrap_or(text.len());
        if !time_like(&text[end..]) {
            return None;
        }
        text[..end].split(['/', '-', '.']).collect()
    };
    let [_, _, _] = pieces[..] else { return None };
    let number =
        |at: usize| pieces[at].parse::<i32>().ok().filter(|_| pieces[at].len() <= 4 && pieces[at].bytes().all(|it| it.is_ascii_digit()));
    let mut year = number(order[0])?;
    match pieces[order[0]].len() {
        4 => {}
        2 => year += 2000,
        _ => return None,
    }
    let date = Date::from_ymd(year, u8::try_from(number(order[1])?).ok()?, u8::try_from(number(order[2])?).ok()?)?;
    (1950..2200).contains(&year).then_some(date)
}

/// Whether what stands behind a day is a time or nothing.
fn time_like(text: &str) -> bool {
    let text = text.trim_matches([' ', 'T', ',']);
    text.is_empty() || text.contains(':') && text.len() <= 20 && text.chars().all(|it| it.is_ascii_digit() || ":.+-Zz apmAPM".contains(it))
}

fn named(text: &str) -> Option<Date> {
    const MONTHS: [&[&str]; 12] = [
        &["jan"],
        &["feb"],
        &["mar", "mrt", "maa"],
        &["apr"],
        &["may", "mei"],
        &["jun"],
        &["jul"],
        &["aug"],
        &["sep"],
        &["oct", "okt"],
        &["nov"],
        &["dec"],
    ];
    let words: Vec<&str> = text.split(|it: char| !it.is_alphanumeric() && it != ':').filter(|it| !it.is_empty()).take(8).collect();
    let month_at = words.iter().position(|it| {
        it.chars().all(char::is_alphabetic)
            && it.len() >= 3
            && MONTHS.iter().any(|names| names.iter().any(|name| it.to_lowercase().starts_with(name)))
    })?;
    let month = MONTHS.iter().position(|names| names.iter().any(|name| words[month_at].to_lowercase().starts_with(name)))? + 1;
    let numbers: Vec<i32> = words.iter().filter(|it| !it.contains(':')).filter_map(|it| it.parse().ok()).collect();
    let year = *numbers.iter().find(|it| (1950..2200).contains(*it))?;
    let day = *numbers.iter().find(|it| (1..=31).contains(*it))?;
    if month_at > 2 {
        return None;
    }
    Date::from_ymd(year, month as u8, day as u8)
}

/// What all columns hold, and what is wrong with the rows.
pub struct Profile {
    pub columns: Vec<Column>,
    pub rows: u64,
    /// Rows with nothing in them, and rows with fewer fields than the header.
    pub empty: u64,
    pub short: u64,
}

/// Counts what each column holds.
///
/// # Errors
/// Why a row cannot be read.
pub fn profile(table: &Table) -> Result<Profile, String> {
    let shape = &table.shape;
    let headers = headers(table);
    let width = headers.len();
    let columns = headers.into_iter().zip(&shape.texts).map(|(header, question)| {
        let words = Words::of(&header, question);
        Column { header, question: question.clone(), words, unique: true, dates: Vec::new(), ..Column::default() }
    });
    let mut profile = Profile { columns: columns.collect(), rows: 0, empty: 0, short: 0 };
    let mut alive: Vec<Vec<Dates>> = Vec::new();
    let mut remembered = 0;
    table.each(|row, cells| {
        let filled = cells.iter().rposition(|it| !it.trim().is_empty()).map_or(0, |it| it + 1);
        if filled == 0 {
            profile.empty += 1;
            return Ok(true);
        }
        // A note beside the table of a sheet moves no answer.
        if filled > width && !table.is_grid() {
            return Err(format!(
                "row {row} has {filled} fields, its header {width}: a text with a delimiter in it needs quotes, or the export was cut badly"
            ));
        }
        profile.short += u64::from(cells.len() < width);
        profile.rows += 1;
        for (at, cell) in cells.iter().enumerate().take(width) {
            let text = cell.trim();
            if !text.is_empty() {
                if alive.len() <= at {
                    alive.resize_with(at + 1, Vec::new);
                }
                profile.columns[at].add(text, &mut alive[at], &mut remembered);
            }
        }
        Ok(true)
    })?;
    if profile.rows == 0 {
        return Err("there is a header, and no row of answers below it".to_owned());
    }
    for (column, dates) in profile.columns.iter_mut().zip(alive) {
        column.dates = dates;
        column.unique &= column.filled == profile.rows && !column.seen.is_empty();
        column.seen = HashSet::new();
    }
    Ok(profile)
}

/// The headers, no two alike: a second one gets a number.
fn headers(table: &Table) -> Vec<String> {
    let mut known: HashSet<String> = HashSet::new();
    let mut headers = Vec::new();
    for (at, name) in table.shape.names.iter().enumerate() {
        // Line ends within a header are nothing that a declaration could name.
        let empty = !name.contains(|it: char| !it.is_control() && !it.is_whitespace());
        let base = if empty {
            format!("column_{}", at + 1)
        } else if name.contains(char::is_control) {
            super::read::plain(&name.chars().map(|it| if it.is_control() { ' ' } else { it }).collect::<String>())
        } else {
            name.clone()
        };
        let mut header = base.clone();
        let mut number = 2;
        while !known.insert(header.to_lowercase()) {
            header = format!("{base}_{number}");
            number += 1;
        }
        headers.push(header);
    }
    headers
}

impl Column {
    fn add(&mut self, text: &str, dates: &mut Vec<Dates>, remembered: &mut usize) {
        let first = self.filled == 0;
        self.filled += 1;
        let length = text.chars().count();
        self.longest = self.longest.max(length);
        self.characters += length as u64;
        if length > LONG {
            self.more = true;
        } else if let Some(count) = self.values.get_mut(text) {
            *count += 1;
        } else if self.values.len() < MAX_VALUES {
            self.values.insert(text.to_owned(), 1);
        } else {
            self.more = true;
        }
        if self.unique {
            let new = *remembered < MAX_REMEMBERED && self.seen.insert(hash(text));
            *remembered += usize::from(new);
            if !new {
                self.unique = false;
                *remembered -= self.seen.len().min(*remembered);
                self.seen = HashSet::new();
            }
        }
        self.numbers.add(text);
        self.mail += u64::from(text.split_once('@').is_some_and(|it| it.1.contains('.') && !it.1.contains(' ')));
        self.machine += u64::from(text.split('.').count() == 4 && text.split('.').all(|it| it.parse::<u8>().is_ok()));
        if first {
            let ways = Way::ALL.into_iter().filter_map(|way| {
                let (day, grain) = way.read(text)?;
                Some(Dates { way, first: day, last: day, days: HashSet::new(), grain })
            });
            dates.extend(ways);
        }
        dates.retain_mut(|it| {
            let Some((day, grain)) = it.way.read(text) else { return false };
            it.first = it.first.min(day);
            it.last = it.last.max(day);
            if it.days.len() < 4_000 {
                it.days.insert(day.days());
            }
            it.grain == grain
        });
    }

    /// Different values that were counted.
    pub fn distinct(&self) -> usize {
        self.values.len()
    }

    /// The mean length of its texts.
    pub fn mean_length(&self) -> f64 {
        self.characters as f64 / self.filled.max(1) as f64
    }

    /// Whether all values, but for a few words, are numbers.
    pub fn is_numeric(&self) -> bool {
        self.filled > 0 && self.numbers.count * 10 >= self.filled * 9
    }
}

impl Numbers {
    fn add(&mut self, text: &str) {
        let Some((value, mark)) = number(text) else { return };
        if self.count == 0 {
            (self.low, self.high) = (value, value);
        }
        self.count += 1;
        self.sum += value;
        self.low = self.low.min(value);
        self.high = self.high.max(value);
        if let Some(mark) = mark {
            *(if mark == ',' { &mut self.comma } else { &mut self.point }) += 1;
            let decimals = text.rsplit(mark).next().map_or(0, str::len);
            self.decimals = self.decimals.max(decimals.min(12) as u8);
        }
    }
}

/// A number, and the mark before its decimals.
pub fn number(text: &str) -> Option<(f64, Option<char>)> {
    let bare = text.strip_prefix('-').unwrap_or(text);
    if bare.is_empty() || bare.len() > 18 || !bare.starts_with(|it: char| it.is_ascii_digit()) {
        return None;
    }
    if bare.bytes().all(|it| it.is_ascii_digit()) {
        return text.parse().ok().map(|it| (it, None));
    }
    let mark = if bare.contains(',') { ',' } else { '.' };
    let (whole, fraction) = bare.split_once(mark)?;
    let whole = if mark == ',' { Cow::Owned(whole.replace('.', "")) } else { Cow::Borrowed(whole) };
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    if !digits(&whole) || !digits(fraction) {
        return None;
    }
    let value: f64 = format!("{whole}.{fraction}").parse().ok()?;
    Some((if text.starts_with('-') { -value } else { value }, Some(mark)))
}

/// FNV-1a: the same on every machine.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Why the file itself cannot be the data of a source, if it cannot.
pub fn unfit(table: &Table, profile: &Profile) -> bool {
    let shape = &table.shape;
    let doubled = profile.columns.iter().zip(&shape.names).any(|(column, name)| column.header != *name && column.filled > 0);
    table.form.foreign
        || shape.above > 0
        || matches!(shape.header, Header::Options | Header::Nothing)
        || profile.empty > 0
        || profile.short > 0
        || doubled
}
