//! Which figures is a new project to begin with? A dozen at most; whoever wants more finds the others as comments.

use super::guess::{Guess, Role, say};
use super::names::Names;
use super::profile::Profile;
use super::scale::Scale;
use super::words::{self, Words};
use crate::words::Lang;

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
    for (kind, _, at, scale) in found {
        let item = &guess.items[at];
        let wanted = match kind {
            Kind::Recommend => "nps".to_owned(),
            Kind::Overall => say(guess.lang, "satisfaction", "tevredenheid"),
            Kind::Ease | Kind::Touch => item.name.to_lowercase(),
        };
        let name = names.unique(&wanted);
        let column = format!("survey.{}", item.name);
        let (formula, explained) = formula(kind, &scale, &column, guess.lang);
        let title = if kind == Kind::Recommend && name == "nps" { "Net Promoter Score".to_owned() } else { item.title.clone() };
        all.push(Kpi { name, title, formula, kind, explained });
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
fn formula(kind: Kind, scale: &Scale, column: &str, lang: Lang) -> (String, String) {
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
        (Kind::Ease, 1, 7) if scale.best_high => {
            (format!("ces.agree({column})"), say(lang, "share of 5, 6 and 7", "aandeel van 5, 6 en 7"))
        }
        (Kind::Ease, _, 4..=7) if scale.best_high => (format!("ces.top2({column})"), two()),
        (Kind::Ease, ..) => (format!("ces.mean({column})"), mean()),
        (_, _, 4..=7) => (format!("csat.top2({column})"), two()),
        _ => (format!("csat.mean({column})"), mean()),
    }
}
