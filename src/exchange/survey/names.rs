//! What is a column called? Its header where that is a name; else the code of its question, or a few of its words.

use crate::syntax::is_name;
use std::collections::HashSet;

/// Words that mean something in formulas and declarations.
const RESERVED: &[&str] = &[
    "and",
    "or",
    "not",
    "in",
    "is",
    "between",
    "blank",
    "not_applicable",
    "where",
    "if",
    "like",
    "none",
    "other",
    "true",
    "false",
    "count",
    "from",
    "by",
    "to",
];
/// Words of a question that say little.
const IDLE: &[&str] = &[
    "the", "a", "an", "of", "to", "is", "are", "was", "were", "you", "your", "our", "we", "us", "how", "what", "which", "do", "did",
    "does", "with", "that", "this", "it", "on", "in", "for", "and", "or", "at", "by", "would", "could", "please", "have", "has", "be",
    "from", "will", "de", "het", "een", "en", "van", "u", "uw", "hoe", "wat", "welke", "is", "zijn", "was", "bent", "wij", "ons", "onze",
    "met", "dat", "die", "dit", "er", "op", "in", "voor", "naar", "bij", "te", "heeft", "hebt", "kunt", "zou", "wilt", "aan", "als", "om",
    "of",
];

/// Names that are taken; no two alike but for case.
#[derive(Default)]
pub struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// A name for a header; `meaning` is what to call it where the header is no name.
    pub fn of(&mut self, header: &str, question: &str, meaning: Option<&str>) -> String {
        let header = header.trim();
        let plain = header.chars().all(|it| it.is_alphanumeric() || it == '_');
        if plain && is_name(header) && header.chars().count() <= 40 {
            let name = if RESERVED.contains(&header.to_lowercase().as_str()) { format!("{header}_") } else { header.to_owned() };
            return self.unique(&name);
        }
        let meaning = if header == "#" { Some("number") } else { meaning };
        let name = match (meaning, code(header)) {
            (Some(meaning), _) => meaning.to_owned(),
            (None, Some(code)) => code,
            (None, None) => short(header).or_else(|| short(question)).unwrap_or_else(|| "column".to_owned()),
        };
        self.unique(&name)
    }

    /// This name, with a number where it is taken.
    pub fn unique(&mut self, name: &str) -> String {
        let name = if RESERVED.contains(&name.to_lowercase().as_str()) { format!("{name}_") } else { name.to_owned() };
        let mut found = name.clone();
        let mut number = 2;
        while !self.taken.insert(found.to_lowercase()) {
            found = format!("{name}_{number}");
            number += 1;
        }
        found
    }
}

/// The code that a header begins with: `Q5_1` of `Q5_1. How easy`, `Q1` of `[Q1] Hoe` and `Q1 - Hoe`.
fn code(header: &str) -> Option<String> {
    let bare = header.trim_start_matches(['[', '(']);
    let end = bare.find(|it: char| !it.is_ascii_alphanumeric() && it != '_').unwrap_or(bare.len());
    let (code, rest) = bare.split_at(end);
    let lettered = code.chars().take_while(char::is_ascii_alphabetic).count();
    let marked = rest.trim_start().starts_with(['-', '–', '.', ':', ')', ']', '|']);
    let coded = (1..=4).contains(&lettered) && code[lettered..].starts_with(|it: char| it.is_ascii_digit());
    if coded && marked && is_name(code) {
        return Some(code.to_owned());
    }
    // `12. How easy was it?`: a number is a question too.
    let digits = code.len() <= 3 && !code.is_empty() && code.bytes().all(|it| it.is_ascii_digit());
    (digits && marked && rest.contains(char::is_alphabetic)).then(|| format!("q{code}"))
}

/// A few words of a question as a name.
fn short(text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split(|it: char| !it.is_alphanumeric())
        .filter(|it| !it.is_empty())
        .map(str::to_lowercase)
        .filter(|it| (it.chars().count() > 1 || it.starts_with(|it: char| it.is_ascii_digit())) && !IDLE.contains(&it.as_str()))
        .collect();
    let first = words.iter().position(|it| it.starts_with(char::is_alphabetic))?;
    let mut name = String::new();
    for word in words[first..].iter().take(4) {
        if name.chars().count() + word.chars().count() > 32 && !name.is_empty() {
            break;
        }
        if !name.is_empty() {
            name.push('_');
        }
        name.extend(word.chars().take(32));
    }
    // A name is in NFC: what is not, by a mark of its own behind a letter, is left out.
    let name: String = name.chars().filter(|it| it.is_alphanumeric() || *it == '_').collect();
    is_name(&name).then_some(name)
}

/// A text of one line that is no longer than a title; what tells the parts of a question apart stays.
pub fn shortened(text: &str) -> String {
    const LONGEST: usize = 100;
    let text = super::read::plain(text);
    if text.chars().count() <= LONGEST {
        return text;
    }
    let tail = text.rsplit_once(" - ").map_or("", |it| it.1);
    let tail = if (1..=60).contains(&tail.chars().count()) { format!(" - {tail}") } else { String::new() };
    let head: String = text.chars().take(LONGEST - 1 - tail.chars().count()).collect();
    let head = head.rsplit_once(' ').map_or(head.as_str(), |it| it.0);
    format!("{head}…{tail}")
}

/// The text of a question without its code: `Q1 - How likely?` is `How likely?`.
pub fn without_code(text: &str) -> String {
    let text = super::read::plain(text);
    if code(&text).is_none() {
        return text;
    }
    let bare = text.trim_start_matches(['[', '(']);
    let end = bare.find(|it: char| !it.is_ascii_alphanumeric() && it != '_').unwrap_or(bare.len());
    let rest = bare[end..].trim_start_matches(|it: char| "-–.:)]| ".contains(it)).trim();
    if rest.chars().filter(|it| it.is_alphabetic()).count() < 3 { text } else { rest.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_codes_and_words() {
        let mut names = Names::default();
        assert_eq!(names.of("NETPRO", "", Some("recommend")), "NETPRO");
        assert_eq!(names.of("Q1 - Hoe waarschijnlijk is het?", "", Some("recommend")), "recommend");
        assert_eq!(names.of("[Q5_1] Hoe makkelijk?", "", None), "Q5_1");
        assert_eq!(names.of("q5_1", "", None), "q5_1_2");
        assert_eq!(names.of("12. How easy was it?", "", None), "q12");
        assert_eq!(names.of("What is the reason of your visit?", "", None), "reason_visit");
        assert_eq!(names.of("Cafe\u{301} bezocht?", "", None), "cafe_bezocht");
        assert_eq!(names.of("blank", "", None), "blank_");
        assert_eq!(names.of("???", "", None), "column");
        assert_eq!(without_code("Q1 - Hoe waarschijnlijk?"), "Hoe waarschijnlijk?");
        assert_eq!(without_code("Wifi"), "Wifi");
    }
}
