//! What is each column, and what is worth measuring? Every answer is a guess, and says how doubtful it is.

use super::kpis::{self, Kpi};
use super::names::{Names, without_code};
use super::profile::{Column, Dates, Profile, Way};
use super::read::{Header, Table};
use super::scale::{self, Scale};
use super::words::{self, Words};
use crate::calendar::{DatePattern, Grain};
use crate::words::Lang;
use std::collections::BTreeMap;

/// What an export seems to be.
pub struct Guess {
    pub lang: Lang,
    pub title: String,
    pub items: Vec<Item>,
    pub time: Option<Time>,
    pub key: Option<usize>,
    pub customer: Option<usize>,
    pub weight: Option<usize>,
    /// A column that might be a weight, and is not taken for one.
    pub weight_like: Option<usize>,
    pub decimal_comma: bool,
    pub sets: Vec<Set>,
    /// Cuts, the best first.
    pub dimensions: Vec<usize>,
    pub kpis: Vec<Kpi>,
    pub more_kpis: Vec<Kpi>,
    /// Answers that were begun and not finished.
    pub finished: Option<Finished>,
    pub notes: Vec<Note>,
    /// Whether the file itself cannot be the source's data.
    pub unfit: bool,
}

/// One column and what it seems to be; its place is that of the column in the file.
pub struct Item {
    pub name: String,
    pub title: String,
    pub role: Role,
    pub marks: Vec<String>,
}

/// What a column seems to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Role {
    Time,
    Key,
    Customer,
    Weight,
    Rating(Scale),
    /// A choice out of a few; codes without words where `coded`, and the code that seems to mean no answer.
    Choice {
        coded: bool,
        blank: Vec<String>,
    },
    /// One of several columns with answers to one question.
    Member(usize),
    /// Several answers in one field.
    Split(char),
    /// 0 or 1 for one option.
    Ticked,
    /// What may tell who answered.
    Personal,
    Text,
    /// What the tool of the survey writes.
    Meta,
    Number,
    Many,
    Same,
    Empty,
}

impl Role {
    /// Whether the column stays out of the copy of the data: it may tell who answered.
    pub fn is_left_out(&self) -> bool {
        matches!(self, Role::Personal | Role::Text)
    }
}

/// Several columns with answers to one question.
pub struct Set {
    pub name: String,
    pub title: String,
    pub members: Vec<usize>,
    pub blank: Option<String>,
    pub mark: String,
}

/// The time of rows.
pub struct Time {
    pub column: usize,
    pub way: Way,
    pub ambiguous: bool,
    /// The grain of the project.
    pub grain: Grain,
    /// Whether there is more than one period.
    pub several: bool,
    /// Waves at long intervals rather than answers all the time.
    pub waves: Option<Grain>,
}

/// A column that says which answers were finished.
pub struct Finished {
    pub column: usize,
    /// Its value in those that were.
    pub value: String,
    /// Rows that were not.
    pub rows: u64,
}

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// 0 to 100.
    pub doubt: u8,
    pub text: String,
}

/// The sentence in the language of the survey.
pub fn say(lang: Lang, en: impl Into<String>, nl: impl Into<String>) -> String {
    if lang == Lang::Nl { nl.into() } else { en.into() }
}

/// Guesses what an export is; `lang` is the language that was asked for, if any was.
pub fn guess(table: &Table, profile: &Profile, file: &str, lang: Option<Lang>) -> Guess {
    let texts = profile.columns.iter().flat_map(|it| {
        let values = it.values.keys().filter(|_| !it.more && it.mean_length() < 80.0).map(String::as_str).take(12);
        [it.header.as_str(), it.question.as_str()].into_iter().chain(values)
    });
    let lang = lang.unwrap_or_else(|| words::language(texts));
    let scales = ratings(profile);
    let mut names = Names::default();
    let mut guess = Guess {
        lang,
        title: title(file, lang),
        items: Vec::new(),
        time: None,
        key: None,
        customer: None,
        weight: None,
        weight_like: None,
        decimal_comma: false,
        sets: Vec::new(),
        dimensions: Vec::new(),
        kpis: Vec::new(),
        more_kpis: Vec::new(),
        finished: None,
        notes: Vec::new(),
        unfit: super::profile::unfit(table, profile),
    };
    let roles: Vec<Role> = profile.columns.iter().zip(scales).map(|(column, scale)| role(column, scale, profile.rows)).collect();
    for (column, role) in profile.columns.iter().zip(roles) {
        let meaning = meaning(&role, &column.words);
        let name = names.of(&column.header, &column.question, meaning);
        let title = without_code(if column.question.is_empty() { &column.header } else { &column.question });
        guess.items.push(Item { name, title, role, marks: Vec::new() });
    }
    time(&mut guess, table, profile);
    identities(&mut guess, profile);
    weights(&mut guess, profile);
    sets(&mut guess, profile, &mut names);
    decimals(&mut guess, profile, table);
    dimensions(&mut guess, profile);
    form(&mut guess, table, profile);
    suspects(&mut guess, profile);
    finished(&mut guess, profile);
    left_out(&mut guess, profile);
    kpis::choose(&mut guess, profile);
    guess.notes.sort_by_key(|it| std::cmp::Reverse(it.doubt));
    guess
}

fn title(file: &str, lang: Lang) -> String {
    let stem = file.rsplit_once('.').map_or(file, |it| it.0);
    let words: Vec<&str> = stem.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    if words.is_empty() { say(lang, "Survey", "Enquête") } else { words.join(" ") }
}

/// A name by meaning, for a header that is none.
fn meaning(role: &Role, words: &Words) -> Option<&'static str> {
    match role {
        Role::Rating(scale) if words.has(words::RECOMMEND) && scale.high == 10 => Some("recommend"),
        Role::Rating(_) if words.has(words::EFFORT) => Some("effort"),
        Role::Rating(_) if words.says(&["overall", "algemeen", "geheel"]) => Some("overall"),
        _ => None,
    }
}

/// The scale of every column that seems to be a rating.
fn ratings(profile: &Profile) -> Vec<Option<Scale>> {
    let candidates: Vec<Option<Scale>> = profile.columns.iter().map(scale::candidate).collect();
    // Three questions of one block with one scale are ratings, whatever each is called.
    let mut blocks: BTreeMap<(String, i64, i64), usize> = BTreeMap::new();
    let block = |column: &Column, scale: &Scale| {
        let prefix: String = column.header.chars().take_while(|it| it.is_alphabetic()).collect();
        let digits: String = column.header.chars().skip(prefix.chars().count()).take_while(char::is_ascii_digit).collect();
        (!prefix.is_empty() && !digits.is_empty()).then(|| (format!("{prefix}{digits}"), scale.low, scale.high))
    };
    for (column, scale) in profile.columns.iter().zip(&candidates) {
        if let Some(key) = scale.as_ref().and_then(|it| block(column, it)) {
            *blocks.entry(key).or_default() += 1;
        }
    }
    profile
        .columns
        .iter()
        .zip(candidates)
        .map(|(column, scale)| {
            let scale = scale?;
            let worded = !scale.recode.is_empty();
            let size = block(column, &scale).map_or(1, |it| blocks[&it]);
            let in_block = size >= 3;
            let about = column.words.says(words::ABOUT) || column.words.has(words::WEIGHT);
            let hinted = scale::hinted(&column.words);
            let sized = scale.high > 4 || worded;
            let known = !about && (worded || hinted || in_block || scale::rating_shape(column, &scale)) || hinted && scale.high == 10;
            let odd: u64 = scale.odd.iter().map(|it| it.1).sum();
            // A ladder of words was put from bad to good; codes of effort have their good end below.
            let effort = column.words.has(words::EFFORT) && !column.words.has(words::EASE);
            let ladder = scale.recode.iter().any(|(text, code)| !text.starts_with(&code.to_string()));
            let scale = Scale { best_high: !effort || ladder, block: size, ..scale };
            (known && sized && odd * 20 <= column.filled).then_some(scale)
        })
        .collect()
}

fn role(column: &Column, scale: Option<Scale>, rows: u64) -> Role {
    if column.filled == 0 {
        return Role::Empty;
    }
    if personal(column) {
        return Role::Personal;
    }
    if let Some(scale) = scale {
        return Role::Rating(scale);
    }
    let meta = words::META.contains(&column.header.to_lowercase().as_str())
        || column.header.to_lowercase().starts_with("duration")
        || column.header.starts_with("Q_");
    if meta || !column.more && words::are_groups(column.values.keys()) {
        return Role::Meta;
    }
    let sentences = column.longest > 60 || column.values.keys().any(|it| it.split_whitespace().count() > 8);
    if !column.is_numeric() && (sentences || column.mean_length() > 12.0) && column.words.has(words::OPEN) {
        return Role::Text;
    }
    if column.distinct() == 1 && !column.more {
        let only = column.values.keys().next().map_or("", String::as_str);
        let part = column.filled * 20 < rows * 19 && !only.is_empty();
        return if part { Role::Ticked } else { Role::Same };
    }
    if !column.more && column.values.keys().all(|it| matches!(it.as_str(), "0" | "1")) {
        return Role::Ticked;
    }
    if let Some(mark) = split(column) {
        return Role::Split(mark);
    }
    if column.is_numeric() {
        let whole = column.numbers.comma + column.numbers.point == 0;
        let few = !column.more && column.distinct() <= 16 && column.numbers.high < 1000.0;
        let about = column.words.says(words::ABOUT) && column.distinct() <= 30 && !column.more;
        if whole && (few || about) {
            let blank = coded_blank(column);
            return Role::Choice { coded: true, blank };
        }
        return Role::Number;
    }
    let often = column.filled as f64 / column.distinct().max(1) as f64;
    if !column.more && column.longest <= 60 && column.distinct() <= 60 && (often >= 3.0 || column.distinct() <= 12 && often >= 1.5) {
        let blank = column.values.keys().filter(|it| words::says_blank(it) || words::says_not_applicable(it)).cloned().collect();
        return Role::Choice { coded: false, blank };
    }
    if column.longest > 60 || column.mean_length() > 18.0 || column.values.keys().any(|it| it.split_whitespace().count() > 4) {
        return Role::Text;
    }
    Role::Many
}

/// 0 below codes that begin at 1: nothing was ticked.
fn coded_blank(column: &Column) -> Vec<String> {
    let zero = column.values.get("0").copied().unwrap_or(0);
    let ones = column.values.contains_key("1") && column.values.contains_key("2");
    let mut blank: Vec<String> = Vec::new();
    if ones && zero > 0 && zero * 4 < column.filled && !column.values.contains_key("-1") {
        blank.push("0".to_owned());
    }
    blank.extend(column.values.keys().filter(|it| ["98", "99", "998", "999", "-1", "-9", "-99"].contains(&it.as_str())).cloned());
    blank.extend(column.values.keys().filter(|it| words::says_blank(it) || words::says_not_applicable(it)).cloned());
    blank
}

/// Whether a column may tell who answered.
fn personal(column: &Column) -> bool {
    const ALWAYS: &[&str] = &[
        "email",
        "e mail",
        "mailadres",
        "ip address",
        "ipaddress",
        "ip adres",
        "latitude",
        "longitude",
        "iban",
        "bsn",
        "recipient",
        "phone number",
        "phonenumber",
        "telefoonnummer",
        "mobile number",
        "first name",
        "firstname",
        "last name",
        "lastname",
        "voornaam",
        "achternaam",
        "surname",
        "postcode",
        "zip code",
        "zipcode",
        "postal",
        "geboorte",
        "date of birth",
        "birthdate",
        "dob",
    ];
    const WITH_MANY: &[&str] =
        &["name", "naam", "phone", "telefoon", "mobile", "mobiel", "address", "adres", "street", "straat", "zip", "birth"];
    let half = column.filled.div_ceil(2);
    if column.mail >= half || column.machine >= half {
        return true;
    }
    let many = column.more || column.distinct() > 30 || column.filled >= 3 && column.distinct() as u64 * 10 >= column.filled * 9;
    column.words.has(ALWAYS) && !scale::hinted(&column.words) || many && column.words.says(WITH_MANY) && column.distinct() > 2
}

/// The mark between several answers in one field.
fn split(column: &Column) -> Option<char> {
    for mark in [';', '|', ','] {
        let with: u64 = column.values.iter().filter(|it| it.0.contains(mark)).map(|it| *it.1).sum();
        if with * 20 < column.filled {
            continue;
        }
        let mut pieces: BTreeMap<&str, u64> = BTreeMap::new();
        for (text, count) in &column.values {
            text.split(mark).map(str::trim).filter(|it| !it.is_empty()).for_each(|it| *pieces.entry(it).or_default() += count);
        }
        let named = pieces.keys().all(|it| it.chars().count() <= 50) && pieces.keys().any(|it| it.contains(char::is_alphabetic));
        let numbers = mark == ',' && column.is_numeric();
        // Pieces that come back in several combinations are options; those of free text do not.
        let alone = pieces.keys().filter(|it| column.values.contains_key(**it)).count();
        if named && !numbers && pieces.len() >= 2 && pieces.len() <= 30 && column.distinct() > alone && alone * 2 >= pieces.len() {
            return Some(mark);
        }
    }
    None
}

// -- time, identities, weights -----------------------------------------------------------------------------------------

fn time(guess: &mut Guess, table: &Table, profile: &Profile) {
    let rank = |column: &Column| words::TIME.iter().position(|it| column.words.has(it));
    let mut best: Option<(usize, usize)> = None;
    let mut holes: Vec<&Column> = Vec::new();
    for (at, column) in profile.columns.iter().enumerate() {
        if column.dates.is_empty() || column.words.has(words::BIRTH) || matches!(guess.items[at].role, Role::Rating(_) | Role::Personal) {
            continue;
        }
        let period = column.dates.iter().all(|it| matches!(it.way, Way::Period | Way::Serial));
        let compact = column.dates.iter().all(|it| matches!(it.way, Way::Serial | Way::LooseYearFirst)) && column.is_numeric();
        let ranked = rank(column);
        if ranked.is_none() && (period || compact) {
            continue;
        }
        if column.filled < profile.rows {
            holes.push(column);
            continue;
        }
        // A day says more than a year.
        let order = ranked.unwrap_or(3) + if period { 10 } else { 0 };
        if best.is_none_or(|it| order < it.0) {
            best = Some((order, at));
        }
    }
    let lang = guess.lang;
    let Some((_, at)) = best else {
        let text = match holes.first() {
            Some(column) => say(
                lang,
                format!(
                    "no time: `{}` holds dates, but {} rows have none, and every row needs one",
                    column.header,
                    profile.rows - column.filled
                ),
                format!(
                    "geen tijd: `{}` bevat datums, maar {} rijen hebben er geen, en elke rij heeft er een nodig",
                    column.header,
                    profile.rows - column.filled
                ),
            ),
            None => say(
                lang,
                "no column tells when answers were given: there are no trends and no comparisons",
                "geen kolom zegt wanneer er geantwoord is: er zijn geen trends en geen vergelijkingen",
            ),
        };
        guess.notes.push(Note { doubt: 55, text });
        return;
    };
    let column = &profile.columns[at];
    let (dates, ambiguous) = way(guess, table, column);
    let days = dates.days.len();
    let months = {
        let (first, last) = (dates.first, dates.last);
        (last.year() - first.year()) * 12 + i32::from(last.month()) - i32::from(first.month()) + 1
    };
    let grain = match dates.grain {
        Grain::Day if months > 15 => Grain::Quarter,
        // Below 30 answers a figure is only indicative.
        Grain::Day if months <= 1 || profile.rows / u64::from(months.unsigned_abs().max(1)) >= 30 => Grain::Month,
        Grain::Day => Grain::Quarter,
        coarse => coarse,
    };
    // Answers on many days come one by one; on a few days, or in periods, they come in waves.
    let waves = match dates.grain {
        Grain::Day => (days <= 8 && profile.rows >= 50).then_some(grain),
        coarse => Some(coarse),
    };
    let way = dates.way;
    let several = match grain {
        Grain::Year => dates.first.year() < dates.last.year(),
        Grain::Quarter => (dates.first.year(), (dates.first.month() - 1) / 3) != (dates.last.year(), (dates.last.month() - 1) / 3),
        _ => months > 1 || dates.grain == Grain::Week && days > 1,
    };
    let (first, last) = (dates.first, dates.last);
    guess.items[at].role = Role::Time;
    if ambiguous {
        let day_first = way.day_first() == Some(true);
        let text = say(
            lang,
            format!(
                "`{}` may be day-month or month-day: no value settles it; taken as {}, which gives {first} to {last}",
                column.header,
                if day_first { "day first" } else { "month first" }
            ),
            format!(
                "`{}` kan dag-maand of maand-dag zijn: geen waarde beslist dat; gelezen als {}, dat geeft {first} tot en met {last}",
                column.header,
                if day_first { "dag eerst" } else { "maand eerst" }
            ),
        );
        guess.items[at].marks.push(say(lang, "day and month may be the other way round", "dag en maand kunnen verwisseld zijn"));
        guess.notes.push(Note { doubt: 96, text });
    }
    let others: Vec<&str> = profile
        .columns
        .iter()
        .enumerate()
        .filter(|(other, it)| *other != at && it.filled == profile.rows && !it.dates.is_empty() && rank(it).is_some_and(|it| it < 4))
        .map(|it| it.1.header.as_str())
        .take(3)
        .collect();
    if !others.is_empty() {
        let named = others.join(", ");
        guess.items[at].marks.push(say(
            lang,
            format!("the time of a row; also a date: {named}"),
            format!("de tijd van een rij; ook een datum: {named}"),
        ));
        let text = say(
            lang,
            format!("`{}` is the time of a row; {named} could be it too", column.header),
            format!("`{}` is de tijd van een rij; {named} kan het ook zijn", column.header),
        );
        guess.notes.push(Note { doubt: 30, text });
    } else {
        guess.items[at].marks.push(say(lang, "when the answer was given", "wanneer er geantwoord is"));
    }
    guess.time = Some(Time { column: at, way, ambiguous, grain, several, waves });
}

/// The way in which a column's days are written, and whether another would do as well.
fn way<'c>(guess: &Guess, table: &Table, column: &'c Column) -> (&'c Dates, bool) {
    let known: Vec<&Dates> = column.dates.iter().filter(|it| it.way.is_known()).collect();
    let all = if known.is_empty() { column.dates.iter().collect() } else { known };
    let firsts: Vec<&Dates> = column.dates.iter().filter(|it| it.way.day_first().is_some()).collect();
    let (day, month) =
        (firsts.iter().find(|it| it.way.day_first() == Some(true)), firsts.iter().find(|it| it.way.day_first() == Some(false)));
    if let (Some(day), Some(month)) = (day, month)
        && all.iter().all(|it| it.way.day_first().is_some())
    {
        let text = column.values.keys().next().map_or("", String::as_str);
        let american = matches!(table.shape.header, Header::Qualtrics | Header::Options);
        let dutch = guess.lang == Lang::Nl || table.form.delimiter == b';' || text.contains('-') || text.contains('.');
        let day_first = dutch && !american;
        // Where the same days come out, there is nothing to doubt.
        let same = day.days == month.days;
        return (if day_first { day } else { month }, !same);
    }
    (all[0], false)
}

fn identities(guess: &mut Guess, profile: &Profile) {
    let free = |guess: &Guess, at: usize| {
        matches!(guess.items[at].role, Role::Number | Role::Many | Role::Text | Role::Meta | Role::Choice { .. })
    };
    let lang = guess.lang;
    for (at, column) in profile.columns.iter().enumerate() {
        if free(guess, at) && column.filled * 2 > profile.rows && column.longest <= 64 && column.words.has(words::CUSTOMER) {
            let many = column.more || column.distinct() as u64 * 2 > column.filled || column.distinct() > 60;
            let spaced = column.values.keys().any(|it| it.contains(' '));
            if many && !spaced && guess.customer.is_none() {
                guess.customer = Some(at);
                guess.items[at].role = Role::Customer;
                guess.items[at].marks.push(say(
                    lang,
                    "tells customers apart; the minimum base then counts people",
                    "onderscheidt klanten; de minimale basis telt dan mensen",
                ));
                let text = say(
                    lang,
                    format!("`{}` is taken as the customer: the number must not lead to a person for who reads the data", column.header),
                    format!("`{}` is de klant: voor wie de data leest mag dat nummer niet naar een persoon leiden", column.header),
                );
                guess.notes.push(Note { doubt: 45, text });
            }
        }
    }
    let key = profile
        .columns
        .iter()
        .enumerate()
        .filter(|(at, it)| it.unique && it.longest <= 64 && free(guess, *at) && !it.values.keys().any(|it| it.contains(' ')))
        .filter(|(_, it)| it.words.has(words::KEY) && it.numbers.comma + it.numbers.point == 0)
        .min_by_key(|(at, it)| (words::KEY.iter().position(|word| it.words.has(&[word])), *at));
    if let Some((at, _)) = key.filter(|_| profile.rows >= 2) {
        guess.key = Some(at);
        guess.items[at].role = Role::Key;
        guess.items[at].marks.push(say(lang, "every row has its own", "elke rij heeft een eigen waarde"));
    }
}

fn weights(guess: &mut Guess, profile: &Profile) {
    let lang = guess.lang;
    for (at, column) in profile.columns.iter().enumerate() {
        let numbers = &column.numbers;
        let fractions = numbers.comma + numbers.point > 0;
        if numbers.count < column.filled || numbers.low <= 0.0 || column.filled * 10 < profile.rows * 9 || !fractions {
            continue;
        }
        let mean = numbers.sum / numbers.count.max(1) as f64;
        let named = column.words.has(words::WEIGHT);
        if named && (0.2..5.0).contains(&mean) && guess.weight.is_none() {
            guess.weight = Some(at);
            guess.items[at].role = Role::Weight;
            guess.items[at].marks.push(say(
                lang,
                format!("by its name, and a mean of {mean:.2}"),
                format!("naar zijn naam, en een gemiddelde van {mean:.2}"),
            ));
            let text = say(
                lang,
                format!(
                    "`{}` weighs every figure (mean {mean:.2}, {} to {}); without it, delete the line `weight`",
                    column.header,
                    round(numbers.low),
                    round(numbers.high)
                ),
                format!(
                    "`{}` weegt elk cijfer (gemiddeld {mean:.2}, van {} tot {}); hoort dat niet, haal de regel `weight` weg",
                    column.header,
                    round(numbers.low),
                    round(numbers.high)
                ),
            );
            guess.notes.push(Note { doubt: 65, text });
        } else if !named && (0.97..1.03).contains(&mean) && numbers.high < 20.0 && guess.items[at].role == Role::Number {
            guess.weight_like = Some(at);
            let text = say(
                lang,
                format!("`{}` looks like a weight (mean {mean:.2}) and is not used as one: its name does not say so", column.header),
                format!(
                    "`{}` lijkt op een weegfactor (gemiddeld {mean:.2}) en telt niet als weging: zijn naam zegt dat niet",
                    column.header
                ),
            );
            guess.notes.push(Note { doubt: 60, text });
        }
    }
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

// -- several answers, decimals, cuts ---------------------------------------------------------------------------------

/// `Q8COM1`, `Q8COM2`: the stem that numbered columns share. SurveyMonkey's options share their question.
fn stem(header: &str) -> Option<String> {
    if let Some((question, _)) = header.rsplit_once(" - ")
        && question.chars().count() > 8
    {
        return Some(question.to_owned());
    }
    let bare = header.trim_end_matches(|it: char| it.is_ascii_digit());
    (bare.len() < header.len() && bare.chars().any(char::is_alphabetic)).then(|| bare.to_owned())
}

fn sets(guess: &mut Guess, profile: &Profile, names: &mut Names) {
    let lang = guess.lang;
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    for (at, column) in profile.columns.iter().enumerate() {
        let fits =
            matches!(guess.items[at].role, Role::Number | Role::Many | Role::Choice { .. } | Role::Ticked | Role::Same | Role::Empty);
        let Some(stem) = stem(&column.header).filter(|_| fits) else { continue };
        match groups.last_mut().filter(|it| it.0 == stem && it.1.last() == Some(&(at - 1))) {
            Some(group) => group.1.push(at),
            None => groups.push((stem, vec![at])),
        }
    }
    for (stem, members) in groups {
        let columns: Vec<&Column> = members.iter().map(|it| &profile.columns[*it]).collect();
        let filled: Vec<u64> = columns.iter().map(|it| it.filled).collect();
        if members.len() < 2 || filled[0] == 0 {
            continue;
        }
        // Columns that each hold their own option, or blank.
        let own = columns.iter().all(|it| it.distinct() <= 1 && !it.more && it.numbers.count == 0) && columns.len() >= 2;
        // The first answer, the second, the third: each column emptier than the one before, with the same codes.
        let first = columns[0];
        let shared = columns[1..].iter().filter(|it| it.filled > 0).all(|it| {
            let known = it.values.keys().filter(|it| first.values.contains_key(*it)).count();
            known * 2 >= it.distinct()
        });
        let falling = filled.windows(2).all(|it| it[1] < it[0]) && filled[filled.len() - 1] * 2 < filled[0] && first.distinct() > 2;
        if !(own || falling && shared) {
            continue;
        }
        let bare = stem.trim_end_matches(['_', '.', '-', ' ']);
        let name = names.of(bare, "", None);
        let zero = first.values.get("0").copied().unwrap_or(0);
        let blank = (!own && zero * 20 > first.filled).then(|| "0".to_owned());
        let question = &columns[0].question;
        let title =
            if question.is_empty() { without_code(bare) } else { without_code(question.rsplit_once(" - ").map_or(question, |it| it.0)) };
        let mark = if own {
            say(lang, "one question, an option in each column", "één vraag, een optie in elke kolom")
        } else if blank.is_some() {
            say(
                lang,
                format!("up to {} answers to one question; 0 in {zero} rows seems to mean none", members.len()),
                format!("tot {} antwoorden op één vraag; 0 in {zero} rijen lijkt geen antwoord", members.len()),
            )
        } else {
            say(lang, format!("up to {} answers to one question", members.len()), format!("tot {} antwoorden op één vraag", members.len()))
        };
        let listed = columns.iter().map(|it| it.header.as_str()).take(3).collect::<Vec<_>>().join(", ");
        let text = say(lang, format!("`{name}`: {mark} ({listed})"), format!("`{name}`: {mark} ({listed})"));
        guess.notes.push(Note { doubt: if blank.is_some() { 58 } else { 40 }, text });
        for it in &members {
            guess.items[*it].role = Role::Member(guess.sets.len());
        }
        guess.sets.push(Set { name, title, members, blank, mark });
    }
    for (at, column) in profile.columns.iter().enumerate() {
        if let Role::Split(mark) = guess.items[at].role {
            let text = say(
                lang,
                format!("`{}`: several answers in one field, with `{mark}` between them", column.header),
                format!("`{}`: meer antwoorden in één veld, met `{mark}` ertussen", column.header),
            );
            guess.items[at].marks.push(say(
                lang,
                format!("several answers, with `{mark}` between them"),
                format!("meer antwoorden, met `{mark}` ertussen"),
            ));
            guess.notes.push(Note { doubt: if mark == ',' { 50 } else { 25 }, text });
        }
    }
}

fn decimals(guess: &mut Guess, profile: &Profile, table: &Table) {
    let commas = |it: &&Column| it.numbers.comma > 0 && it.is_numeric() && (table.form.delimiter != b',' || it.numbers.decimals != 3);
    let commas = profile.columns.iter().filter(commas).count();
    let points = profile.columns.iter().filter(|it| it.numbers.point > 0 && it.numbers.comma == 0 && it.is_numeric()).count();
    guess.decimal_comma = commas > points;
    if commas > 0 && points > 0 {
        let text = say(
            guess.lang,
            "some columns write 7.5 and others 7,5: the more frequent mark was taken",
            "sommige kolommen schrijven 7.5 en andere 7,5: het teken dat het meest voorkomt is genomen",
        );
        guess.notes.push(Note { doubt: 85, text });
    }
}

/// How many cuts a new project has.
const CUTS: usize = 4;

fn dimensions(guess: &mut Guess, profile: &Profile) {
    let mut found: Vec<(i32, usize)> = Vec::new();
    for (at, column) in profile.columns.iter().enumerate() {
        let Role::Choice { coded, blank } = &guess.items[at].role else { continue };
        let values = column.distinct() - blank.len().min(column.distinct());
        if values < 2 || column.filled * 2 < profile.rows {
            continue;
        }
        let named = column.words.has(words::CUT);
        let mut score = 0;
        score += if *coded { 0 } else { 45 };
        score += if named { 25 } else { 0 };
        score += if values <= 12 { 10 } else { 0 };
        score -= if *coded && !named { 20 } else { 0 };
        found.push((-score, at));
    }
    found.sort();
    // Codes without words, under a header that tells nothing, make no cut that anybody can read.
    guess.dimensions = found.iter().filter(|it| it.0 < 0).take(CUTS).map(|it| it.1).collect();
    let lang = guess.lang;
    let mut coded: Vec<String> = Vec::new();
    for at in guess.dimensions.clone() {
        let column = &profile.columns[at];
        if let Role::Choice { coded: false, blank } = &guess.items[at].role {
            let count = column.distinct() - blank.len();
            guess.items[at].marks.push(say(lang, format!("a choice of {count}"), format!("een keuze uit {count}")));
        }
        if let Role::Choice { coded: true, blank } = guess.items[at].role.clone() {
            coded.push(column.header.clone());
            let codes = say(lang, "codes without words: write what each means", "codes zonder woorden: schrijf wat elk betekent");
            guess.items[at].marks.push(if blank.is_empty() {
                codes
            } else {
                format!(
                    "{codes}; {}",
                    say(lang, format!("{} as no answer", blank.join(", ")), format!("{} als geen antwoord", blank.join(", ")))
                )
            });
        }
    }
    if !coded.is_empty() {
        let text = say(
            lang,
            format!("{} hold codes without words: write in `labels` what each means", coded.join(", ")),
            format!("{}: codes zonder woorden; schrijf bij `labels` wat elk betekent", coded.join(", ")),
        );
        guess.notes.push(Note { doubt: 62, text });
    }
}

// -- what to say of it -------------------------------------------------------------------------------------------------

/// The form of the file, where it is not the plain one.
fn form(guess: &mut Guess, table: &Table, profile: &Profile) {
    let lang = guess.lang;
    let mut note = |doubt: u8, en: String, nl: String| guess.notes.push(Note { doubt, text: say(lang, en, nl) });
    match table.shape.header {
        Header::Nothing => note(
            98,
            "the first row looks like answers, not like names: columns are called column_1, column_2, ...".to_owned(),
            "de eerste rij lijkt op antwoorden, niet op namen: de kolommen heten column_1, column_2, ...".to_owned(),
        ),
        Header::CodesAndTexts => note(
            35,
            "the second row was taken as the texts of the questions, not as an answer".to_owned(),
            "de tweede rij is gelezen als de tekst van de vragen, niet als antwoord".to_owned(),
        ),
        Header::Options => note(
            20,
            "two header rows, questions and options: they were made into one".to_owned(),
            "twee kopregels, vragen en opties: ze zijn tot één gemaakt".to_owned(),
        ),
        Header::Qualtrics | Header::Names => {}
    }
    if table.shape.above > 0 {
        let rows = table.shape.above;
        note(
            45,
            format!("{rows} rows above the header were taken as titles, and left out"),
            format!("{rows} rijen boven de kop zijn als titel gelezen, en weggelaten"),
        );
    }
    if let Some((own, others)) = &table.sheet {
        let named = others.iter().take(4).map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
        note(
            70,
            format!("sheet `{own}` was read, the fullest one; not read: {named} ({} in all). `--sheet NAME` takes another", others.len()),
            format!("blad `{own}` is gelezen, het volste; niet gelezen: {named} (samen {}). `--sheet NAAM` neemt een ander", others.len()),
        );
    }
    if table.form.encoding.is_some() {
        note(
            42,
            "the file is not UTF-8; it was read as windows-1252: look whether é and € are right".to_owned(),
            "het bestand is geen UTF-8; het is gelezen als windows-1252: kijk of é en € kloppen".to_owned(),
        );
    }
    if profile.short > 0 {
        let rows = profile.short;
        note(
            50,
            format!("{rows} rows have fewer fields than the header; what is missing counts as empty"),
            format!("{rows} rijen hebben minder velden dan de kop; wat ontbreekt telt als leeg"),
        );
    }
    let doubled = profile
        .columns
        .iter()
        .zip(&table.shape.names)
        .filter(|(column, name)| !name.is_empty() && column.header != super::read::plain(name));
    let doubled: Vec<&str> = doubled.map(|it| it.1.as_str()).take(4).collect();
    if !doubled.is_empty() {
        let named = doubled.join(", ");
        note(
            68,
            format!("headers that occur twice got a number: {named}"),
            format!("koppen die twee keer voorkomen kregen een nummer: {named}"),
        );
    }
    if let Some(time) = &guess.time
        && !time.way.is_known()
    {
        let header = &profile.columns[time.column].header;
        let text = say(
            lang,
            format!("the dates of `{header}` were written out as 2024-01-31: no source reads the form that they have in the file"),
            format!("de datums van `{header}` zijn overgeschreven als 2024-01-31: geen bron leest de vorm die ze in het bestand hebben"),
        );
        guess.notes.push(Note { doubt: if time.way == Way::Serial { 80 } else { 32 }, text });
    }
}

/// Codes that seem to be no answers, and scales that only the shape of the answers tells.
fn suspects(guess: &mut Guess, profile: &Profile) {
    let lang = guess.lang;
    let mut groups: Vec<(String, u64, bool, Vec<String>)> = Vec::new();
    let mut by_shape: Vec<String> = Vec::new();
    let mut turned: Vec<String> = Vec::new();
    let mut worded: Vec<String> = Vec::new();
    for (at, column) in profile.columns.iter().enumerate() {
        let Role::Rating(scale) = guess.items[at].role.clone() else { continue };
        let said = |list: &[(String, u64)]| list.iter().map(|(code, rows)| format!("{code} ({rows})")).collect::<Vec<_>>();
        let codes: Vec<&(String, u64)> = scale.blank.iter().chain(&scale.not_applicable).collect();
        if !codes.is_empty() {
            let listed = [said(&scale.blank), said(&scale.not_applicable)].concat().join(", ");
            let mark = say(lang, format!("no answer: {listed}"), format!("geen antwoord: {listed}"));
            guess.items[at].marks.push(mark);
            let key = codes.iter().map(|it| it.0.as_str()).collect::<Vec<_>>().join(", ");
            let rows: u64 = codes.iter().map(|it| it.1).sum();
            let bare = codes.iter().any(|it| super::profile::number(&it.0).is_some());
            let key = format!("{key}|{}..{}", scale.low, scale.high);
            match groups.iter_mut().find(|it| it.0 == key) {
                Some(group) => {
                    group.1 += rows;
                    group.3.push(column.header.clone());
                }
                None => groups.push((key, rows, bare, vec![column.header.clone()])),
            }
        }
        if !scale.odd.is_empty() {
            let listed = scale.odd.iter().map(|it| format!("`{}`", it.0)).collect::<Vec<_>>().join(", ");
            guess.items[at].marks.push(say(
                lang,
                format!("{listed}: no answer that is known"),
                format!("{listed}: geen antwoord dat bekend is"),
            ));
            let text = say(
                lang,
                format!("`{}` holds {listed}, taken as no answer", column.header),
                format!("`{}` bevat {listed}, gelezen als geen antwoord", column.header),
            );
            guess.notes.push(Note { doubt: 82, text });
        }
        if !scale.best_high {
            turned.push(column.header.clone());
            let low = scale.low;
            guess.items[at].marks.push(say(lang, format!("effort: {low} is best"), format!("moeite: {low} is het beste")));
        }
        if scale.recode.is_empty() || scale.low == 0 {
            let (from, to) = scale.seen;
            // Where all of the scale occurs, and more is to be said, that is enough.
            if scale.seen != (scale.low, scale.high) || guess.items[at].marks.is_empty() {
                guess.items[at].marks.push(say(
                    lang,
                    format!("answers from {from} to {to}"),
                    format!("antwoorden van {from} tot en met {to}"),
                ));
            }
        } else {
            guess.items[at].marks.push(say(lang, "words from bad to good", "woorden van slecht naar goed"));
        }
        if !scale.recode.is_empty() {
            worded.push(column.header.clone());
            if scale.absent > 0 {
                guess.items[at].marks.push(say(lang, "not all words of the scale occur", "niet alle woorden van de schaal komen voor"));
            }
        } else if !scale::hinted(&column.words) && scale.block < 3 {
            by_shape.push(column.header.clone());
            guess.items[at].marks.push(say(lang, "a rating, by its answers alone", "een oordeel, alleen naar de antwoorden"));
        }
    }
    let few = |list: &[String]| {
        let first = list.iter().take(4).cloned().collect::<Vec<_>>().join(", ");
        let more = list.len().saturating_sub(4);
        if more > 0 { say(lang, format!("{first} and {more} more"), format!("{first} en nog {more}")) } else { first }
    };
    for (key, rows, bare, headers) in groups {
        let (codes, scale) = key.split_once('|').unwrap_or((&key, ""));
        let all = profile.rows * headers.len() as u64;
        let percent = rows * 100 / all.max(1);
        let text = say(
            lang,
            format!(
                "{codes} beside the scale {scale} of {}: taken as no answer ({rows}×, {percent} %); as answers they would change the figure",
                few(&headers)
            ),
            format!(
                "{codes} naast de schaal {scale} van {}: gelezen als geen antwoord ({rows}×, {percent} %); als antwoord zouden ze het cijfer veranderen",
                few(&headers)
            ),
        );
        let doubt = if bare { 84 + (percent / 10).min(4) as u8 + 3 * u8::from(key.ends_with("|0..10")) } else { 34 };
        guess.notes.push(Note { doubt, text });
    }
    if !by_shape.is_empty() {
        let text = say(
            lang,
            format!("a rating by its answers alone, no word in the header says so: {}", few(&by_shape)),
            format!("een oordeel naar de antwoorden alleen, geen woord in de kop zegt het: {}", few(&by_shape)),
        );
        guess.notes.push(Note { doubt: 75, text });
    }
    if !turned.is_empty() {
        let text = say(
            lang,
            format!("asked for effort, so the low end is taken as the good one: {}", few(&turned)),
            format!("gevraagd naar moeite, dus de lage kant is de goede: {}", few(&turned)),
        );
        guess.notes.push(Note { doubt: 90, text });
    }
    if !worded.is_empty() {
        let text = say(
            lang,
            format!("answers in words got codes from bad to good, by `recode`: {}; a next file needs the same line", few(&worded)),
            format!(
                "antwoorden in woorden kregen codes van slecht naar goed, met `recode`: {}; een volgend bestand heeft dezelfde regel nodig",
                few(&worded)
            ),
        );
        guess.notes.push(Note { doubt: 48, text });
    }
}

/// Tools write answers that were begun and not finished.
fn finished(guess: &mut Guess, profile: &Profile) {
    let done = |it: &&String| ["1", "true", "yes", "ja", "waar"].contains(&it.to_lowercase().as_str());
    let found = profile.columns.iter().enumerate().find_map(|(at, column)| {
        let two = column.header.eq_ignore_ascii_case("finished") && column.distinct() == 2 && !column.more;
        let value = column.values.keys().find(done).filter(|_| two)?;
        let rows = column.values.iter().filter(|it| it.0 != value).map(|it| *it.1).sum();
        Some(Finished { column: at, value: value.clone(), rows })
    });
    if let Some(it) = &found {
        let rows = it.rows;
        let text = say(
            guess.lang,
            format!("{rows} answers were not finished and count all the same; `keep where` in survey.peil leaves them out"),
            format!("{rows} antwoorden zijn niet afgemaakt en tellen toch mee; `keep where` in survey.peil laat ze weg"),
        );
        guess.notes.push(Note { doubt: 59, text });
    }
    guess.finished = found;
}

/// What is not declared, and why.
fn left_out(guess: &mut Guess, profile: &Profile) {
    let lang = guess.lang;
    let headers = |want: &dyn Fn(&Role) -> bool| -> Vec<&str> {
        guess.items.iter().zip(&profile.columns).filter(|it| want(&it.0.role)).map(|it| it.1.header.as_str()).collect()
    };
    let listed = |list: &[&str]| {
        let first = list.iter().take(6).copied().collect::<Vec<_>>().join(", ");
        let more = list.len().saturating_sub(6);
        if more > 0 { say(lang, format!("{first} and {more} more"), format!("{first} en nog {more}")) } else { first }
    };
    let (people, texts) = (headers(&|it| *it == Role::Personal), headers(&|it| *it == Role::Text));
    let mut notes = Vec::new();
    if !people.is_empty() {
        let named = listed(&people);
        notes.push(Note {
            doubt: 57,
            text: say(
                lang,
                format!("may tell who answered, so not declared, and not in a copy of the data: {named}"),
                format!("kan zeggen wie er antwoordde, dus niet gedeclareerd, en niet in een kopie van de data: {named}"),
            ),
        });
    }
    if !texts.is_empty() {
        let named = listed(&texts);
        notes.push(Note {
            doubt: 28,
            text: say(
                lang,
                format!("free text, in which people may be named, so not declared, and not in a copy of the data: {named}"),
                format!(
                    "open antwoorden, waarin mensen genoemd kunnen zijn, dus niet gedeclareerd, en niet in een kopie van de data: {named}"
                ),
            ),
        });
    }
    guess.notes.extend(notes);
}

/// The pattern of dates that the source says, where it is not the plain one.
pub fn pattern(time: &Time) -> Option<DatePattern> {
    match time.way {
        Way::Pattern(DatePattern::YearMonthDay) => None,
        Way::Pattern(pattern) => Some(pattern),
        _ => None,
    }
}
