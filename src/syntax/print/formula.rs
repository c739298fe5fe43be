//! A formula or condition as it is printed: one space around operators, none within brackets.

use super::super::expr;
use super::super::node::{Places, Scalar};
use super::super::schema::Word;
use super::layout::Text;
use super::run::Run;
use crate::source::FileId;
use crate::value::Diagnostics;
use unicode_normalization::char::is_combining_mark;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A path, a number, a date, a text, a unit.
    Operand,
    Keyword,
    Operator,
    Minus,
    Range,
    Open,
    Close,
    Comma,
    Colon,
}

#[derive(Clone, Debug)]
struct Token<'t> {
    kind: Kind,
    text: &'t str,
    start: usize,
    /// Whether white space stands before it.
    spaced: bool,
}

/// Adds a formula to a statement, with its comments where they stand.
pub(super) fn add(text: &Text, run: &mut Run) {
    let comments = &mut text.comments.iter().peekable();
    match tokens(&text.text) {
        Some(tokens) if parses(&text.text) => {
            for (at, token) in tokens.iter().enumerate() {
                while let Some((_, own, said)) = comments.next_if(|it| it.0 <= token.start) {
                    run.within(*own, said.clone());
                }
                add_token(&tokens, at, run);
            }
        }
        _ => run.word(&collapsed(&text.text)),
    }
    for (_, own, said) in comments {
        run.within(*own, said.clone());
    }
}

/// A formula on one line.
pub(super) fn line(text: &str) -> String {
    let mut run = Run::default();
    add(&Text { text: text.to_owned(), ..Text::default() }, &mut run);
    run.one_line().unwrap_or_else(|| collapsed(text))
}

/// Text that is not read as a formula: white space is one space, but for quotes.
pub(super) fn collapsed(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    let (mut quoted, mut escaped, mut space) = (false, false, false);
    for it in text.trim().chars() {
        if it.is_whitespace() && !quoted {
            space = true;
            continue;
        }
        // `60%` is `60 %`.
        if (space || (it == '%' && !quoted && said.ends_with(|it: char| it.is_ascii_digit()))) && !said.is_empty() {
            said.push(' ');
        }
        space = false;
        if it == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = it == '\\' && !escaped;
        said.push(it);
    }
    said
}

fn parses(text: &str) -> bool {
    let scalar = Scalar { text: text.to_owned(), quoted: false, places: Places::From(0) };
    expr::parse(FileId(0), &scalar, &mut Diagnostics::default()).is_some()
}

fn add_token(tokens: &[Token<'_>], at: usize, run: &mut Run) {
    let token = &tokens[at];
    let before = at.checked_sub(1).map(|it| &tokens[it]);
    let tight = before.is_none_or(|it| is_tight(tokens, at, it, token));
    match token.kind {
        Kind::Comma => return run.comma(),
        Kind::Open if tight => return run.open(token.text),
        Kind::Open => {
            run.space();
            return run.open(token.text);
        }
        Kind::Close => return run.close(token.text),
        _ if tight => run.text(token.text),
        _ => run.word(token.text),
    }
    // A line may end behind what joins two parts.
    let joins = match token.kind {
        Kind::Operator => matches!(token.text, "+" | "*" | "/"),
        Kind::Minus => !is_sign(tokens, at),
        Kind::Keyword => matches!(token.text, "and" | "or"),
        _ => false,
    };
    if joins {
        run.place();
    }
}

/// Whether nothing stands between two tokens.
fn is_tight(tokens: &[Token<'_>], at: usize, before: &Token<'_>, token: &Token<'_>) -> bool {
    match (before.kind, token.kind) {
        (Kind::Open, _) | (_, Kind::Close | Kind::Comma | Kind::Colon) => true,
        (Kind::Comma | Kind::Colon, _) => false,
        (Kind::Minus, _) if is_sign(tokens, at - 1) => true,
        (Kind::Range, _) => !before.spaced && !token.spaced,
        (_, Kind::Range) => !token.spaced && tokens.get(at + 1).is_none_or(|it| !it.spaced),
        (Kind::Operand | Kind::Close, Kind::Open) if token.text == "[" => true,
        (Kind::Operand, Kind::Open) => true,
        _ => false,
    }
}

/// Whether a minus is the sign of what follows it.
fn is_sign(tokens: &[Token<'_>], at: usize) -> bool {
    match at.checked_sub(1).map(|it| &tokens[it]) {
        None => true,
        Some(it) => match it.kind {
            Kind::Operand | Kind::Close => false,
            Kind::Keyword => it.text != "blank",
            _ => true,
        },
    }
}

const KEYWORDS: [&str; 7] = ["and", "or", "not", "in", "between", "is", "where"];

fn is_part(it: char) -> bool {
    it.is_alphanumeric() || it == '_' || (!it.is_ascii() && is_combining_mark(it))
}

/// The tokens of a formula, unless something in it is none.
fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut found: Vec<Token<'_>> = Vec::new();
    let mut at = 0;
    let mut spaced = false;
    while at < text.len() {
        let rest = &text[at..];
        let first = rest.chars().next()?;
        if first.is_whitespace() {
            at += first.len_utf8();
            spaced = true;
            continue;
        }
        let argument = found.last().is_some_and(|it| matches!(it.kind, Kind::Comma) || it.text == "(");
        let (kind, length) = match first {
            '"' => (Kind::Operand, quoted(rest)?),
            '(' | '[' => (Kind::Open, 1),
            ')' | ']' => (Kind::Close, 1),
            ',' => (Kind::Comma, 1),
            ':' => (Kind::Colon, 1),
            '-' => (Kind::Minus, 1),
            '%' => (Kind::Operand, 1),
            '+' | '*' | '/' | '=' => (Kind::Operator, 1),
            '!' | '<' | '>' => (Kind::Operator, if rest[1..].starts_with('=') { 2 } else { 1 }),
            '.' if rest.starts_with("..") => (Kind::Range, 2),
            _ if first.is_ascii_digit() => (Kind::Operand, number(rest)),
            _ if is_part(first) => {
                let length = path(rest, argument);
                (if KEYWORDS.contains(&&rest[..length]) { Kind::Keyword } else { Kind::Operand }, length)
            }
            _ => return None,
        };
        found.push(Token { kind, text: &rest[..length], start: at, spaced });
        spaced = false;
        at += length;
    }
    Some(found)
}

fn quoted(text: &str) -> Option<usize> {
    let mut escaped = true;
    for (at, it) in text.char_indices() {
        match it {
            '"' if !escaped => return Some(at + 1),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

/// A number, or a date: `4.5`, `2025-06-10`, `2024-Q3`.
fn number(text: &str) -> usize {
    let word = text.find(|it: char| !(is_part(it) || it == '-')).unwrap_or(text.len());
    let is_date = text[..word].split('-').count() > 1 && text.len() > 4 && text.as_bytes()[..4].iter().all(u8::is_ascii_digit);
    if is_date && text.as_bytes()[4] == b'-' && word > 5 {
        return word;
    }
    let digits = text.find(|it: char| !is_part(it)).unwrap_or(text.len());
    let decimals = text[digits..].strip_prefix('.').map_or(0, |it| it.find(|it: char| !it.is_ascii_digit()).unwrap_or(it.len()));
    if decimals > 0 { digits + 1 + decimals } else { digits }
}

/// A path: `survey.customer.region`, `kpi:nps`, `FY2026-Q1`.
fn path(text: &str, argument: bool) -> usize {
    let name = |from: usize| text[from..].find(|it: char| !is_part(it)).map_or(text.len(), |it| from + it);
    let starts = |from: usize| text[from..].chars().next().is_some_and(|it| is_part(it) && !it.is_ascii_digit());
    let mut end = name(0);
    if text.starts_with("FY") && text[end..].starts_with("-Q") {
        return name(end + 1);
    }
    // `index(a: 40 %)` names an argument, `rescale(kpi:nps, 0 .. 50)` a word.
    let names_argument = argument && Word::from_name(&text[..end]).is_none();
    if !names_argument && text[end..].starts_with(':') && starts(end + 1) {
        end = name(end + 1);
    }
    while text[end..].starts_with('.') && starts(end + 1) {
        end = name(end + 1);
    }
    end
}
