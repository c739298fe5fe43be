//! Facts -> what is shown: for people (as rustc draws it), a line each, or JSON.

mod human;
mod json;

pub use human::{human, short};
pub use json::json;

/// Text that is safe on a terminal and in a log: control codes and marks that turn text around are spelled out.
pub fn harmless(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for it in text.chars() {
        let turns = matches!(it, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if (it.is_control() && it != '\n' && it != '\t') || turns {
            safe.extend(it.escape_unicode());
        } else {
            safe.push(it);
        }
    }
    safe
}
