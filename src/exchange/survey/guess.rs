//! What is each column, and what is worth measuring? Every answer is a guess, and says how doubtful it is.

use super::kpis::{self, Kpi};
use super::names::{Names, without_code};
use super::notes::{self, Note, say};
use super::profile::{Column, Profile};
use super::read::Table;
use super::roles;
use super::scale::{self, Form, Scale};
use super::time::{self, Time};
use super::words::{self, Words};
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
    /// Answers that the makers of the survey gave to try it.
    pub preview: Option<Preview>,
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
    Dates,
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

/// A column that says which answers were finished.
pub struct Finished {
    pub column: usize,
    /// Its value in those that were.
    pub value: String,
    /// Rows that were not.
    pub rows: u64,
}

/// A column that says which answers were given to try the survey.
pub struct Preview {
    pub column: usize,
    /// Its value in those that were.
    pub value: String,
    pub rows: u64,
    /// Whether some rows do not say what they are.
    pub blanks: bool,
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
        preview: None,
        notes: Vec::new(),
        unfit: super::profile::unfit(table, profile),
    };
    let roles: Vec<Role> = profile.columns.iter().zip(scales).map(|(column, scale)| roles::role(column, scale, profile.rows)).collect();
    for (column, role) in profile.columns.iter().zip(roles) {
        let meaning = meaning(&role, &column.words);
        let name = names.of(&column.header, &column.question, meaning);
        let title = without_code(if column.question.is_empty() { &column.header } else { &column.question });
        guess.items.push(Item { name, title, role, marks: Vec::new() });
    }
    time::find(&mut guess, table, profile);
    identities(&mut guess, profile);
    weights(&mut guess, profile);
    sets(&mut guess, profile, &mut names);
    decimals(&mut guess, profile, table);
    dimensions(&mut guess, profile);
    notes::form(&mut guess, table, profile);
    notes::suspects(&mut guess, profile);
    notes::preview(&mut guess, table, profile);
    notes::finished(&mut guess, profile);
    notes::left_out(&mut guess, profile);
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
            let worded = matches!(scale.form, Form::Labelled | Form::Words);
            let size = block(column, &scale).map_or(1, |it| blocks[&it]);
            let in_block = size >= 3;
            let about = column.words.says(words::ABOUT) || column.words.has(words::WEIGHT);
            let hinted = scale::hinted(&column.words);
            let sized = scale.high > 4 || worded;
            let known = !about && (worded || hinted || in_block || scale::rating_shape(column, &scale)) || hinted && scale.high == 10;
            let odd: u64 = scale.odd.iter().map(|it| it.1).sum();
            // A ladder of words was put from bad to good; bare codes of effort have their good end below.
            let effort = column.words.has(words::EFFORT) && !column.words.has(words::EASE);
            let bare = matches!(scale.form, Form::Numbers | Form::Letters);
            let best_high = scale.best_high && !(effort && bare);
            let scale = Scale { best_high, block: size, ..scale };
            (known && sized && odd * 20 <= column.filled).then_some(scale)
        })
        .collect()
}

// -- identities, weights ----------------------------------------------------------------------------------------------

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
        .filter(|(_, it)| (it.words.has(words::KEY) || it.header == "#") && it.numbers.comma + it.numbers.point == 0)
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
        if values < 2 || column.filled * 2 < profile.rows || column.words.has(words::NO_CUT) {
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
