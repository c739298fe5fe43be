//! What is said of a finding? The sentences of each code stand in the front matter of its page.

use super::format::Lang;
use crate::source::Sources;
use crate::value::{Arg, Code, Fact, List};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The front matter of a code's page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrontMatter {
    pub en: Sentences,
    pub nl: Sentences,
    /// How notation in the helps is written in YAML: what stands between backquotes in them, and what stands there where
    /// the file at hand is YAML.
    #[serde(default)]
    pub yaml: BTreeMap<String, String>,
}

/// The sentences of a code in one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentences {
    /// The headline; of several, the first that applies.
    pub message: OneOrMore,
    /// What stands at a place, by its role; `here` is the place itself.
    #[serde(default)]
    pub labels: BTreeMap<String, OneOrMore>,
    /// What to do: all that apply.
    #[serde(default)]
    pub help: OneOrMore,
    /// What stands above the replacement that mends it; where nothing is said, the first help.
    #[serde(default)]
    pub fix: OneOrMore,
    /// What to know: all that apply.
    #[serde(default)]
    pub note: OneOrMore,
    /// What each value of several is said as; they stand with commas where the list is named.
    #[serde(default)]
    pub each: BTreeMap<String, OneOrMore>,
    /// Words for values of facts: `expected: {name: a name}`. `{}` in a value is a part that varies, and stands in the
    /// words too.
    #[serde(default)]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
}

/// One sentence, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMore {
    One(Sentence),
    More(Vec<Sentence>),
}

impl Default for OneOrMore {
    fn default() -> OneOrMore {
        OneOrMore::More(Vec::new())
    }
}

impl OneOrMore {
    fn all(&self) -> &[Sentence] {
        match self {
            OneOrMore::One(it) => std::slice::from_ref(it),
            OneOrMore::More(list) => list,
        }
    }
}

/// A sentence, perhaps only for some facts.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Sentence {
    /// Said where all its `{values}` are there.
    Plain(String),
    /// Said where the condition holds too: `reason=unclosed`, `similar` (is there), `!similar`.
    When { when: String, say: String },
}

/// A finding in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub message: String,
    /// What stands at the place itself.
    pub here: Option<String>,
    /// What stands at each further place.
    pub labels: Vec<Option<String>>,
    pub help: Vec<String>,
    pub notes: Vec<String>,
    /// What stands above the replacement that mends it, where there is one.
    pub fix: Option<String>,
}

/// The front matter and the prose of a page.
///
/// # Errors
/// What is wrong with the front matter; a test reads all pages.
pub fn split_page(page: &str) -> Result<(FrontMatter, &str), String> {
    let rest = page.strip_prefix("---\n").ok_or("no front matter")?;
    let (front, prose) = rest.split_once("\n---\n").ok_or("front matter without an end")?;
    let front = serde_yaml::from_str(front).map_err(|it| it.to_string())?;
    Ok((front, prose.trim_start()))
}

/// The front matter of every code that was said, so that a thousand findings of one code read its page once.
static FRONTS: [OnceLock<Option<FrontMatter>>; Code::ALL.len()] = [const { OnceLock::new() }; Code::ALL.len()];

/// Says a finding, with notation in the spelling of the file that it is about.
pub fn say_in(fact: &Fact, lang: Lang, sources: &Sources) -> Said {
    let path = fact.span.map(|it| sources.file(it.file).path.as_str());
    said(fact, lang, path.is_some_and(|it| it.ends_with(".yaml") || it.ends_with(".yml")))
}

/// Says a finding, with notation in Peil's own spelling.
pub fn say(fact: &Fact, lang: Lang) -> Said {
    said(fact, lang, false)
}

fn said(fact: &Fact, lang: Lang, yaml: bool) -> Said {
    let front = FRONTS[fact.code as usize].get_or_init(|| split_page(fact.code.page()).ok().map(|it| it.0));
    match front {
        Some(front) => say_with(fact, if lang == Lang::Nl { &front.nl } else { &front.en }, yaml.then_some(&front.yaml)),
        // A test holds that every page can be read; without it the code speaks for itself.
        None => Said {
            message: fact.code.name().to_owned(),
            here: None,
            labels: vec![None; fact.labels.len()],
            help: Vec::new(),
            notes: Vec::new(),
            fix: None,
        },
    }
}

fn say_with(fact: &Fact, sentences: &Sentences, yaml: Option<&BTreeMap<String, String>>) -> Said {
    let speaker = Speaker { sentences, args: &fact.args, lists: &fact.lists, yaml };
    let labels = fact.labels.iter().map(|label| {
        let mut args = label.args.clone();
        args.extend(fact.args.iter().cloned());
        let speaker = Speaker { sentences, args: &args, lists: &fact.lists, yaml };
        sentences.labels.get(label.role).and_then(|it| speaker.first(it))
    });
    let help = speaker.every(&sentences.help);
    let fix = fact.fix.as_ref().and_then(|_| speaker.first(&sentences.fix).or_else(|| help.first().cloned()));
    Said {
        message: speaker.first(&sentences.message).unwrap_or_else(|| fact.code.name().to_owned()),
        here: sentences.labels.get("here").and_then(|it| speaker.first(it)),
        labels: labels.collect(),
        help,
        notes: speaker.every(&sentences.note),
        fix,
    }
}

/// The prose of a code's page, for `peil explain`.
pub fn prose(code: Code) -> &'static str {
    split_page(code.page()).map_or(code.page(), |it| it.1)
}

/// What stands on a page below a heading of the second level, up to the next one.
pub fn chapter<'p>(page: &'p str, heading: &str) -> Option<&'p str> {
    let (_, rest) = page.split_once(&format!("\n## {heading}\n"))?;
    let end = rest.find("\n## ").unwrap_or(rest.len());
    Some(rest[..end].trim())
}

/// What stands in a value where its pattern has `{}`; `None` where the value is of another form.
fn varying<'v>(pattern: &str, value: &'v str) -> Option<Vec<&'v str>> {
    let mut pieces = pattern.split("{}");
    let mut rest = value.strip_prefix(pieces.next()?)?;
    let mut parts = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let at = if pieces.peek().is_none() { rest.strip_suffix(piece)?.len() } else { rest.find(piece)? };
        parts.push(&rest[..at]);
        rest = &rest[at + piece.len()..];
    }
    Some(parts)
}

struct Speaker<'a> {
    sentences: &'a Sentences,
    args: &'a [Arg],
    lists: &'a [List],
    /// The notation of YAML, where it is to be used.
    yaml: Option<&'a BTreeMap<String, String>>,
}

/// A sentence with its notation as YAML has it.
fn respelt(text: &str, yaml: &BTreeMap<String, String>) -> String {
    // What stands between backquotes is every second piece.
    let pieces = text.split('`').enumerate();
    let pieces: Vec<&str> = pieces.map(|(at, it)| yaml.get(it).filter(|_| at % 2 == 1).map_or(it, String::as_str)).collect();
    pieces.join("`")
}

/// A key as YAML writes it: `measured_by`.
fn yaml_key(key: &str) -> Option<String> {
    let is_key = key.bytes().all(|it| it.is_ascii_lowercase() || it == b' ') && !key.starts_with("the ");
    is_key.then(|| key.replace(' ', "_"))
}

impl Speaker<'_> {
    fn value(&self, name: &str) -> Option<&str> {
        self.args.iter().find(|it| it.name == name).map(|it| it.value.as_str())
    }

    fn list(&self, name: &str) -> Option<&List> {
        self.lists.iter().find(|it| it.name == name && !it.items.is_empty())
    }

    /// Each value of a list in its words.
    fn said_each(&self, list: &List) -> Option<String> {
        let sentences = self.sentences.each.get(list.name)?;
        let said = list.items.iter().map(|args| Speaker { sentences: self.sentences, args, lists: &[], yaml: self.yaml }.first(sentences));
        Some(said.collect::<Option<Vec<_>>>()?.join(", "))
    }

    /// A value in its words, where it has some.
    fn worded(&self, name: &str, value: &str) -> String {
        if let Some(key) = self.yaml.filter(|_| name == "key").and_then(|_| yaml_key(value)) {
            return key;
        }
        let Some(words) = self.sentences.values.get(name) else { return value.to_owned() };
        if let Some(exact) = words.get(value) {
            return exact.clone();
        }
        // The longest pattern says most; `{}` alone would say it of everything.
        let mut patterns: Vec<(&String, &String)> = words.iter().filter(|it| it.0.contains("{}")).collect();
        patterns.sort_by_key(|it| std::cmp::Reverse(it.0.len()));
        let met = patterns.into_iter().find_map(|(pattern, said)| {
            let parts = varying(pattern, value)?;
            Some(parts.iter().fold(said.clone(), |said, part| said.replacen("{}", part, 1)))
        });
        met.unwrap_or_else(|| value.to_owned())
    }

    fn first(&self, sentences: &OneOrMore) -> Option<String> {
        sentences.all().iter().find_map(|it| self.sentence(it))
    }

    fn every(&self, sentences: &OneOrMore) -> Vec<String> {
        sentences.all().iter().filter_map(|it| self.sentence(it)).collect()
    }

    fn sentence(&self, sentence: &Sentence) -> Option<String> {
        match sentence {
            Sentence::Plain(text) => self.fill(text),
            Sentence::When { when, say } => self.holds(when).then(|| self.fill(say)).flatten(),
        }
    }

    fn holds(&self, when: &str) -> bool {
        when.split('&').map(str::trim).all(|condition| match condition.split_once('=') {
            Some((name, value)) => self.value(name.trim()) == Some(value.trim()),
            None => match condition.strip_prefix('!') {
                Some(name) => self.value(name).is_none(),
                None => self.value(condition).is_some() || self.list(condition).is_some(),
            },
        })
    }

    /// The text with its `{values}`; none if one is missing. `{{` and `}}` are braces.
    fn fill(&self, text: &str) -> Option<String> {
        let respelt = self.yaml.map(|it| respelt(text, it));
        let text = respelt.as_deref().unwrap_or(text);
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(['{', '}']) {
            filled.push_str(&rest[..start]);
            let doubled = rest.as_bytes().get(start + 1) == rest.as_bytes().get(start);
            if doubled || rest[start..].starts_with('}') {
                filled.push_str(&rest[start..start + 1]);
                rest = &rest[start + if doubled { 2 } else { 1 }..];
                continue;
            }
            let end = rest[start..].find('}')? + start;
            let name = &rest[start + 1..end];
            match self.list(name) {
                Some(list) => filled.push_str(&self.said_each(list)?),
                None => filled.push_str(&self.worded(name, self.value(name)?)),
            }
            rest = &rest[end + 1..];
        }
        filled.push_str(rest);
        Some(filled)
    }
}
