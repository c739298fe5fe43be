//! Which figures is a new project to begin with? A dozen at most; whoever wants more finds the others as comments.

use super::guess::{Guess, Role};
use super::names::{Names, shortened};
use super::notes::{Note, say};
use super::profile::Profile;
use super::scale::Scale;
use super::words::{self, Words};
use crate::words::Lang;
use std::collections::HashSet;

/// How many KPIs a new project has.
const MOST: usize = 12;
/// How many customer goals.
pub const GOALS: usize = 3;

/// A KPI, its formula over a column.
pub struct Kpi {
    pub name: String,
    pub title: String,
    pub formula: String,
    pub kind: Kind,
    pub explained: String,
    /// Its title names a measure that its scale does not make.
    pub misnamed: bool,
}

/// What a KPI asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Recommend,
    Overall,
    Ease,
    Touch,
}

/// Chooses the KPIs: recommendation, the whole, ease, then the questions that most people answered.
pub fn choose(guess: &mut Guess, profile: &Profile) {
    let mut found: Vec<(Kind, u64, usize, Scale)> = Vec::new();
    for (at, item) in guess.items.iter().enumerate() {
        let Role::Rating(scale) = &item.role else { continue };
        let kind = kind(&profile.columns[at].words, scale);
        found.push((kind, scale.answers, at, scale.clone()));
    }
    // From 0 to 10 one asks whether somebody would recommend; no other question has that scale by custom.
    if !found.iter().any(|it| it.0 == Kind::Recommend) {
        let mut tens = found.iter_mut().filter(|it| (it.3.low, it.3.high) == (0, 10) && it.3.decimals == 0 && it.0 != Kind::Ease);
        if let (Some(only), None) = (tens.next(), tens.next()) {
            only.0 = Kind::Recommend;
            let header = &profile.columns[only.2].header;
            let text = say(
                guess.lang,
                format!("`{header}` is on 0 to 10, so it is taken as the likelihood to recommend: no word in the header says so"),
                format!("`{header}` loopt van 0 tot 10, en is daarom gelezen als de kans op aanbevelen: geen woord in de kop zegt het"),
            );
            guess.items[only.2].marks.push(say(guess.lang, "likely to recommend?", "kans op aanbevelen?"));
            guess.notes.push(Note { doubt: 78, text });
        }
    }
    // One whole is enough: that of the largest block of questions, and the first of those.
    let best = found.iter().filter(|it| it.0 == Kind::Overall).max_by_key(|it| (it.3.block, std::cmp::Reverse(it.2))).map(|it| it.2);
    for it in &mut found {
        if it.0 == Kind::Overall && Some(it.2) != best {
            it.0 = Kind::Touch;
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2)));
    let mut names = Names::default();
    names.unique("answers");
    let mut all: Vec<Kpi> = Vec::new();
    let mut titles: HashSet<String> = HashSet::new();
    for (kind, _, at, scale) in found {
        let item = &guess.items[at];
        let wanted = match kind {
            Kind::Recommend => "nps".to_owned(),
            Kind::Overall => say(guess.lang, "satisfaction", "tevredenheid"),
            Kind::Ease | Kind::Touch => item.name.to_lowercase(),
        };
        let name = names.unique(&wanted);
        let column = format!("survey.{}", item.name);
        let words = &profile.columns[at].words;
        let (formula, explained) = formula(kind, &scale, &column, words.has(words::EFFORT), guess.lang);
        let title = if kind == Kind::Recommend && name == "nps" { "Net Promoter Score".to_owned() } else { shortened(&item.title) };
        // Two questions may have one text; two figures of one title would be read as one.
        let title = if titles.insert(title.to_lowercase()) { title } else { format!("{title} ({})", item.name) };
        let family = formula.split(['(', '.']).next().unwrap_or("").to_owned();
        let named = [
            ("nps", words.says(&["nps", "promoter score", "promoterscore"])),
            ("ces", words.says(&["ces", "effort score"])),
            ("csat", words.says(&["csat"])),
        ];
        let misnamed = named.iter().any(|it| it.1) && !named.iter().any(|it| it.1 && it.0 == family);
        if misnamed {
            let header = &profile.columns[at].header;
            let (low, high) = (scale.low, scale.high);
            let text = say(
                guess.lang,
                format!("`{header}` names a measure that its scale, {low} to {high}, does not make: it is {formula}"),
                format!("`{header}` noemt een maat die zijn schaal, {low} tot {high}, niet maakt: het is {formula}"),
            );
            guess.notes.push(Note { doubt: 86, text });
        }
        all.push(Kpi { name, title, formula, kind, explained, misnamed });
    }
    guess.more_kpis = all.split_off(all.len().min(MOST));
    guess.kpis = all;
}

fn kind(words: &Words, scale: &Scale) -> Kind {
    if words.has(words::RECOMMEND) && (scale.low, scale.high) == (0, 10) {
        Kind::Recommend
    } else if words.says(words::OVERALL) || words.has(&["overall", "algemeen"]) {
        Kind::Overall
    } else if words.has(words::EASE) || words.has(words::EFFORT) {
        Kind::Ease
    } else {
        Kind::Touch
    }
}

/// The formula that the field uses for a question on such a scale, and what it says.
fn formula(kind: Kind, scale: &Scale, column: &str, effort: bool, lang: Lang) -> (String, String) {
    let two = || say(lang, "share of the two best answers", "aandeel van de twee beste antwoorden");
    let mean = || say(lang, "mean", "gemiddelde");
    match (kind, scale.low, scale.high) {
        (Kind::Recommend, ..) => (
            format!("nps({column})"),
            say(lang, "promoters (9, 10) less detractors (0 to 6)", "promotors (9, 10) min criticasters (0 tot en met 6)"),
        ),
        (Kind::Ease, 1, 5) if !scale.best_high => {
            (format!("ces.effort({column})"), say(lang, "mean effort, 1 is best", "gemiddelde moeite, 1 is het beste"))
        }
        // Words that run to "very easy" answer a question for effort the other way round.
        (Kind::Ease, _, 4..=7) if scale.best_high && effort => (format!("csat.top2({column})"), two()),
        (Kind::Ease, 1, 7) if scale.best_high => {
            (format!("ces.agree({column})"), say(lang, "share of 5, 6 and 7", "aandeel van 5, 6 en 7"))
        }
        (Kind::Ease, _, 4..=7) if scale.best_high => (format!("ces.top2({column})"), two()),
        (Kind::Ease, ..) => (format!("ces.mean({column})"), mean()),
        (_, _, 4..=7) => (format!("csat.top2({column})"), two()),
        _ => (format!("csat.mean({column})"), mean()),
    }
}
