//! Which words are in a name? Names, headers and titles tell what a column holds: `AgentID`, `e-mail`, `naam klant`.

use crate::model::{Column, Text};

/// The words of a text in small letters: runs of letters or digits, cut where a capital begins.
pub(super) fn words_of(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for char in text.chars() {
        if !char.is_alphanumeric() || (char.is_uppercase() && was_small) {
            words.push(String::new());
        }
        if char.is_alphanumeric() {
            words.last_mut().into_iter().for_each(|it| it.extend(char.to_lowercase()));
        }
        was_small = char.is_lowercase() || char.is_numeric();
    }
    words.retain(|it| !it.is_empty());
    words
}

/// The words of a text, and each two that stand beside each other as one: `e-mail` is `email`.
pub(super) fn words_and_pairs(text: &str) -> Vec<String> {
    let mut words = words_of(text);
    let pairs: Vec<String> = words.windows(2).map(<[String]>::concat).collect();
    words.extend(pairs);
    words
}

/// Whether a text holds one of these words, or two words that make one of them.
pub(super) fn holds(text: &str, known: &[&str]) -> bool {
    words_and_pairs(text).iter().any(|it| known.contains(&it.as_str()))
}

/// Whether the name, a header or the title of a column holds one of these words.
pub(super) fn column_holds(column: &Column, known: &[&str]) -> bool {
    let headers = column.headers.iter().map(String::as_str);
    std::iter::once(column.name.as_str()).chain(headers).chain(texts(&column.title)).any(|it| holds(it, known))
}

/// What a text says in every language.
pub(super) fn texts(text: &Text) -> impl Iterator<Item = &str> {
    [&text.plain, &text.nl, &text.en].into_iter().filter_map(|it| it.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_apart_into_words() {
        assert_eq!(words_of("AgentID"), ["agent", "id"]);
        assert_eq!(words_of("naam_klant 2"), ["naam", "klant", "2"]);
        assert_eq!(words_of(""), Vec::<String>::new());
        assert!(holds("Customer E-mail", &["email"]));
        assert!(!holds("emailing", &["email"]));
    }
}
