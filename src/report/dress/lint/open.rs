//! Which statement of a template was opened and never closed? The engine tells where it noticed; one wants to know where
//! it began.

use std::ops::Range;

use minijinja::machinery::{Token, tokenize};

/// A statement that is not closed.
#[derive(Debug, PartialEq)]
pub(super) struct Open {
    /// Its word: `if`.
    pub word: &'static str,
    /// Where it begins.
    pub at: Range<usize>,
    /// The statement that it should have been closed before; none at the end of the template.
    pub before: Option<Range<usize>>,
}

/// The statements that have an end, `set` where it has no value.
const WORDS: [&str; 9] = ["autoescape", "block", "call", "filter", "for", "if", "macro", "set", "with"];

/// Returns the first statement that is not closed.
pub(super) fn unclosed(text: &str) -> Option<Open> {
    let mut open: Vec<(&'static str, Range<usize>)> = Vec::new();
    let mut tokens = tokenize(text, false, Default::default()).map_while(Result::ok);
    while let Some((token, start)) = tokens.next() {
        if !matches!(token, Token::BlockStart) {
            continue;
        }
        let Some((Token::Ident(word), _)) = tokens.next() else { continue };
        let (mut end, mut assigns) = (start.end_offset, false);
        for (token, at) in tokens.by_ref() {
            end = at.end_offset;
            assigns |= matches!(token, Token::Assign);
            if matches!(token, Token::BlockEnd) {
                break;
            }
        }
        let at = start.start_offset as usize..end as usize;
        if let Some(known) = WORDS.into_iter().find(|it| *it == word && !(assigns && *it == "set")) {
            open.push((known, at));
        } else if let Some(closed) = word.strip_prefix("end") {
            match open.iter().rposition(|it| it.0 == closed) {
                Some(last) if last + 1 == open.len() => drop(open.pop()),
                Some(_) => return open.pop().map(|it| Open { word: it.0, at: it.1, before: Some(at) }),
                None => return None,
            }
        }
    }
    open.pop().map(|it| Open { word: it.0, at: it.1, before: None })
}
