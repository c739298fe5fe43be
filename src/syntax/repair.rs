//! What was perhaps meant by a formula that cannot be read? Signs and words of other languages.

use std::ops::Range;

/// What a sign of another language is called here.
pub(super) struct Foreign {
    /// The kind of it, as the code's page names it.
    pub reason: &'static str,
    pub range: Range<usize>,
    pub ours: String,
}

/// The foreign sign at the place where reading stopped, or just before it.
pub(super) fn foreign(text: &str, at: usize) -> Option<Foreign> {
    let (before, rest) = text.split_at_checked(at)?;
    let found = |reason, range: Range<usize>, ours: &str| Some(Foreign { reason, range, ours: ours.to_owned() });
    // Reading stops at the second character of a pair, where the first is a sign of ours.
    let pair = text.get(at.wrapping_sub(1)..at + 1).map(|it| (it, at - 1)).into_iter().chain(rest.get(..2).map(|it| (it, at)));
    for (sign, start) in pair {
        let ours = match sign {
            "==" => "=",
            "<>" | "=!" => "!=",
            "=>" => ">=",
            "=<" => "<=",
            "&&" => "and",
            "||" => "or",
            _ => continue,
        };
        // `>==` is not two equals signs.
        if before[..start.min(at)].ends_with(['<', '>', '!']) {
            continue;
        }
        return found(if sign == "==" { "double-equals" } else { "words" }, start..start + 2, ours);
    }
    let first = rest.chars().next()?;
    let one = at..at + first.len_utf8();
    match first {
        '&' => return found("words", one, "and"),
        '|' => return found("words", one, "or"),
        '≥' => return found("words", one, ">="),
        '≤' => return found("words", one, "<="),
        '≠' => return found("words", one, "!="),
        '−' | '–' => return found("words", one, "-"),
        '×' | '·' => return found("words", one, "*"),
        '÷' => return found("words", one, "/"),
        '!' => return found("words", one, if rest[1..].starts_with(' ') { "not" } else { "not " }),
        ',' if before.ends_with(|it: char| it.is_ascii_digit()) && rest[1..].starts_with(|it: char| it.is_ascii_digit()) => {
            return found("decimal-comma", one, ".");
        }
        '\'' | '“' | '”' | '„' | '‘' | '’' => {
            let inside = &rest[first.len_utf8()..];
            let end = inside.find(['\'', '”', '“', '’', '‘'])?;
            let last = inside[end..].chars().next().map_or(0, char::len_utf8);
            if inside[..end].contains(['"', '\\', '\n']) {
                return None;
            }
            return found("quotes", at..at + first.len_utf8() + end + last, &format!("\"{}\"", &inside[..end]));
        }
        _ => {}
    }
    word(before, rest, at)
}

/// A part of an `index` that is written out where its name belongs: `index(share(x >= 4): 40 %)`.
pub(super) struct Part {
    pub range: Range<usize>,
    /// What stands behind its colon.
    pub weight: String,
}

/// The part before the colon at which reading stopped, and its weight.
pub(super) fn part_of_index(text: &str, at: usize) -> Option<Part> {
    let (before, rest) = text.split_at_checked(at)?;
    let rest = rest.strip_prefix(':')?;
    // Back to what opens the list of parts, or parts this one from the last.
    let (mut depth, mut quoted, mut start) = (0usize, false, None);
    for (place, it) in before.char_indices().rev() {
        match it {
            '"' => quoted = !quoted,
            _ if quoted => {}
            ')' | ']' => depth += 1,
            '(' | '[' if depth > 0 => depth -= 1,
            '(' | '[' => {
                start = start.or(Some(place + 1));
                if !before[..place].trim_end().ends_with("index") {
                    return None;
                }
                break;
            }
            ',' if depth == 0 => start = start.or(Some(place + 1)),
            _ => {}
        }
    }
    let part = &before[start?..];
    let range = start? + part.len() - part.trim_start().len()..before.trim_end().len();
    let written_out = text.get(range.clone())?.contains(['(', '[', ' ']);
    let weight = rest.split([',', ')']).next().unwrap_or_default().trim();
    (written_out && !weight.is_empty()).then(|| Part { range, weight: weight.to_owned() })
}

/// A word of ours in capitals, and what others call a blank.
fn word(before: &str, rest: &str, at: usize) -> Option<Foreign> {
    const OURS: [&str; 6] = ["and", "or", "not", "in", "between", "is"];
    let ours = |it: &str| OURS.into_iter().find(|ours| *ours != it && ours.eq_ignore_ascii_case(it));
    let length = rest.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(rest.len());
    let here = &rest[..length];
    if let Some(ours) = ours(here) {
        return Some(Foreign { reason: "words", range: at..at + length, ours: ours.to_owned() });
    }
    // `NOT x`: the word was taken for a name, and what follows it does not fit.
    let trimmed = before.trim_end();
    let last = trimmed.rsplit(|it: char| !it.is_alphanumeric()).next().unwrap_or_default();
    if let Some(ours) = ours(last) {
        let start = trimmed.len() - last.len();
        return Some(Foreign { reason: "words", range: start..trimmed.len(), ours: ours.to_owned() });
    }
    let blank = matches!(here.to_ascii_lowercase().as_str(), "null" | "none" | "empty" | "missing" | "na" | "nan" | "leeg");
    (blank && matches!(last, "is" | "not")).then(|| Foreign { reason: "foreign", range: at..at + length, ours: "blank".to_owned() })
}
