//! YAML text -> nodes, and every fault of syntax in it, one a broken item.

use super::node::{Entry, Kind, Node, Places, Scalar};
use crate::source::{FileId, Span, Spanned};
use crate::value::{Code, Diagnostics, Fact};
use granit_parser::{Event, Parser, ScalarStyle, options};
use std::collections::HashMap;

/// How deep values may be nested.
pub const MAX_DEPTH: usize = 64;
/// How many broken items of one file are told apart; the work is at most this many readings.
const MAX_BROKEN: usize = 32;

/// What a file's text gave.
pub struct Read {
    /// The value of the file, if it has one.
    pub root: Option<Node>,
    /// The stretches that were blanked out because they are broken.
    pub broken: Vec<Span>,
}

/// Reads a file.
///
/// Where the reader stops, the item around the fault (the lines from one indented by at most two spaces
/// to the next) is left out, and the rest is read again: one broken thing gives one diagnostic.
pub fn read(file: FileId, text: &str, out: &mut Diagnostics) -> Read {
    let mut rest: Option<String> = None;
    let mut broken = Vec::new();
    loop {
        let source = rest.as_deref().unwrap_or(text);
        let mut found = Diagnostics::default();
        let (root, stopped) = read_once(file, source, &mut found);
        let Some((at, kind)) = stopped else {
            out.append(found);
            return Read { root, broken };
        };
        let range = item_around(source, at);
        // Noticed later than it happened: point at the item that was left open.
        let (at, kind) = if range.contains(&at) || at >= text.trim_end().len() {
            (at, kind)
        } else {
            let start = range.start + source[range.clone()].len() - source[range.clone()].trim_start().len();
            (start, Stopped::Other("a bracket or quote is not closed".to_owned()))
        };
        out.push(syntax_fact(file, text, at, kind));
        let blank: String = source[range.clone()].chars().map(|it| if it == '\n' { '\n' } else { ' ' }).collect();
        // Offsets must stay right, so characters of several bytes become as many spaces.
        let blank = if blank.len() == range.len() { blank } else { blank_bytes(&source[range.clone()]) };
        if broken.len() + 1 >= MAX_BROKEN || blank == source[range.clone()] {
            out.append(found);
            return Read { root, broken };
        }
        broken.push(Span::new(file, range.start, range.end));
        let mut next = source.to_owned();
        next.replace_range(range, &blank);
        rest = Some(next);
    }
}

fn blank_bytes(text: &str) -> String {
    text.bytes().map(|it| if it == b'\n' { '\n' } else { ' ' }).collect()
}

/// The names of the items in a stretch that could not be read: known, but broken.
pub fn names_in(text: &str) -> Vec<(usize, String)> {
    let mut names = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        if let Some((key, _)) = trimmed.split_once(':')
            && super::is_name(key.trim())
        {
            names.push((at + line.len() - trimmed.len(), key.trim().to_owned()));
        }
        at += line.len();
    }
    names
}

/// The lines of the item that a fault belongs to.
///
/// A bracket or quote that was never closed is noticed later, in a healthy item: where an item shortly before is
/// left open, that one is the broken one.
fn item_around(text: &str, at: usize) -> std::ops::Range<usize> {
    let at = at.min(text.trim_end().len().saturating_sub(1));
    let mut starts = Vec::new();
    let mut position = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        if indent <= 2 && !line.trim().is_empty() && !line.trim_start().starts_with('#') {
            starts.push(position);
        }
        position += line.len();
    }
    let range = |item: usize| starts[item]..starts.get(item + 1).copied().unwrap_or(text.len());
    let Some(own) = starts.iter().rposition(|it| *it <= at) else { return 0..starts.first().copied().unwrap_or(text.len()) };
    let open = (own.saturating_sub(2)..=own).rev().find(|it| is_open(&text[range(*it)]));
    range(open.unwrap_or(own))
}

/// Whether brackets or quotes are open at the end of a text.
fn is_open(text: &str) -> bool {
    let mut depth = 0i32;
    for line in text.lines() {
        let mut quote = None;
        let mut before = ' ';
        for it in line.chars() {
            match (quote, it) {
                (None, '#') if before == ' ' => break,
                (None, '"' | '\'') if !before.is_alphanumeric() => quote = Some(it),
                (Some(mark), it) if it == mark && before != '\\' => quote = None,
                (None, '{' | '[') => depth += 1,
                (None, '}' | ']') => depth -= 1,
                _ => {}
            }
            before = it;
        }
        if quote.is_some() {
            return true;
        }
    }
    depth > 0
}

/// Why the reader stopped.
enum Stopped {
    /// `: ` or a comma where YAML allows none: an unquoted formula.
    Unquoted,
    /// Something the language does not have.
    TooDeep,
    /// Anything else, in the reader's words.
    Other(String),
}

fn syntax_fact(file: FileId, text: &str, at: usize, kind: Stopped) -> Fact {
    let at = floor_boundary(text, at.min(text.len()));
    let end = text[at..].chars().next().filter(|it| *it != '\n').map_or(at, |it| at + it.len_utf8());
    let span = Span::new(file, at, end);
    match kind {
        Stopped::TooDeep => Fact::at(Code::LimitExceeded, span).with("what", "nesting").with("limit", MAX_DEPTH),
        Stopped::Unquoted => {
            let fact = Fact::at(Code::YamlError, span).with("reason", "a value without quotes holds `: `").with("quote", "yes");
            with_quotes(fact, text, value_of_line(text, at))
        }
        Stopped::Other(reason) => {
            let fact = Fact::at(Code::YamlError, span).with("reason", &reason);
            if reason.starts_with("tabs disallowed") {
                return without_tabs(fact, text, at);
            }
            with_quotes(fact, text, call_in_flow(text, at))
        }
    }
}

/// The finding with the value between quotes, where it is known which value it is.
fn with_quotes(fact: Fact, text: &str, value: Option<std::ops::Range<usize>>) -> Fact {
    let (Some(value), Some(span)) = (value, fact.span) else { return fact };
    let quoted = super::quoting::quote(&text[value.clone()]);
    fact.with("quoted", "yes").rewrite(Span::new(span.file, value.start, value.end), quoted)
}

/// The value of the line's first key, where reading stopped within it: `formula: index(a: 40 %)`.
fn value_of_line(text: &str, at: usize) -> Option<std::ops::Range<usize>> {
    let start = text[..at].rfind('\n').map_or(0, |it| it + 1);
    let end = text[start..].find('\n').map_or(text.len(), |it| start + it);
    let line = &text[start..end];
    let value = line.find(": ")? + 2;
    let value = value + line[value..].len() - line[value..].trim_start().len();
    let rest = &line[value..];
    let rest = rest.split_once(" #").map_or(rest, |it| it.0).trim_end();
    let plain = !rest.starts_with(['"', '\'', '{', '[', '|', '>', '&', '*', '!']) && rest.contains(['(', '"']);
    (plain && at >= start + value && at < end).then(|| start + value..start + value + rest.len())
}

/// The call without quotes between braces that ends the reading: `{formula: index(a: 40 %, b: 60 %)}`.
fn call_in_flow(text: &str, at: usize) -> Option<std::ops::Range<usize>> {
    let start = text[..at.min(text.len())].rfind('\n').map_or(0, |it| it + 1);
    let end = text[start..].find('\n').map_or(text.len(), |it| start + it);
    let line = &text[start..end];
    for (colon, _) in line.match_indices(": ") {
        let value = &line[colon + 2..];
        let name = value.bytes().take_while(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.')).count();
        if name == 0 || !value[name..].starts_with(['(', '[']) {
            continue;
        }
        let (mut depth, mut quoted) = (0usize, false);
        let length = value.find(|it| {
            match it {
                '"' => quoted = !quoted,
                '(' | '[' | '{' if !quoted => depth += 1,
                ')' | ']' | '}' if !quoted && depth > 0 => depth -= 1,
                ',' | '}' if !quoted && depth == 0 => return true,
                _ => {}
            }
            false
        });
        let value = value[..length?].trim_end();
        if depth == 0 && value.contains([',', '[', '{']) {
            return Some(start + colon + 2..start + colon + 2 + value.len());
        }
    }
    None
}

/// The finding with blanks in place of the tabs that this line and those below it begin with.
fn without_tabs(mut fact: Fact, text: &str, at: usize) -> Fact {
    let Some(span) = fact.span else { return fact };
    let mut start = text[..at].rfind('\n').map_or(0, |it| it + 1);
    for line in text[start..].split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if !line[..indent].contains('\t') {
            break;
        }
        fact = fact.rewrite(Span::new(span.file, start, start + indent), line[..indent].replace('\t', "  "));
        start += line.len();
    }
    fact
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

enum Open {
    List(Span, Vec<Node>),
    Map(Span, Vec<Entry>, Option<Node>, HashMap<String, Span>),
}

/// Where the comments of a text stand; one that does not parse has those before the fault.
pub fn comments(text: &str) -> Vec<std::ops::Range<usize>> {
    let events = Parser::new_from_str_with_options(text, reading()).map_while(Result::ok);
    let comments = events.filter(|it| matches!(it.0, Event::Comment(..)));
    comments.filter_map(|it| it.1.byte_range()).collect()
}

/// What the reader is asked for.
fn reading() -> granit_parser::Options {
    options! {
        disallow_directives: true,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        simple_key_max_lookahead: 1024,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
        max_buffered_comment_events: 1_000_000,
    }
}

fn read_once(file: FileId, text: &str, out: &mut Diagnostics) -> (Option<Node>, Option<(usize, Stopped)>) {
    let mut stack: Vec<Open> = Vec::new();
    let mut root = None;
    let mut documents = 0;
    for next in Parser::new_from_str_with_options(text, reading()) {
        let (event, place) = match next {
            Ok(it) => it,
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(text.len());
                let debug = format!("{:?}", error.kind());
                let kind = if debug.contains("RecursionLimit") {
                    Stopped::TooDeep
                } else if debug.contains("MappingValueNotAllowed") {
                    Stopped::Unquoted
                } else {
                    Stopped::Other(error.info().to_string())
                };
                // What was read before the fault is read again without it.
                return (None, Some((at, kind)));
            }
        };
        let range = place.byte_range().unwrap_or(0..0);
        let span = Span::new(file, range.start, range.end);
        if let Some(tag) = place.tag_span().and_then(|it| it.byte_range()) {
            let blanks = text[tag.end..].bytes().take_while(|it| *it == b' ').count();
            let whole = Span::new(file, tag.start, tag.end + blanks);
            out.push(refused(Span::new(file, tag.start, tag.end), "tag").rewrite(whole, ""));
        }
        match event {
            Event::Scalar(value, style, ..) => {
                let kind = if span.start == span.end && style == ScalarStyle::Plain {
                    Kind::Absent
                } else {
                    Kind::Scalar(scalar(text, range, &value, style))
                };
                let span = trim_block(text, span, style);
                close(file, text, Node { span, kind }, &mut stack, &mut root, out);
            }
            Event::SequenceStart(..) => stack.push(Open::List(span, Vec::new())),
            Event::MappingStart(..) => stack.push(Open::Map(span, Vec::new(), None, HashMap::new())),
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = stack.pop() else { continue };
                let mut node = match open {
                    Open::List(start, items) => Node { span: start, kind: Kind::List(items) },
                    Open::Map(start, entries, ..) => Node { span: start, kind: Kind::Map(entries) },
                };
                // A block collection ends with an empty span at the next token: its last child tells its end.
                let last = match &node.kind {
                    Kind::List(items) => items.last().map(|it| it.span.end),
                    Kind::Map(entries) => entries.last().map(|it| it.value.span.end.max(it.key.span.end)),
                    _ => None,
                };
                node.span.end = if span.end > span.start { span.end } else { last.unwrap_or(node.span.end) };
                close(file, text, node, &mut stack, &mut root, out);
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                out.push(refused(span, "alias"));
                close(file, text, Node { span, kind: Kind::Refused }, &mut stack, &mut root, out);
            }
            Event::Anchor(..) => out.push(refused(span, "anchor")),
            Event::DocumentStart(..) => {
                documents += 1;
                if documents == 2 {
                    out.push(refused(span, "second document"));
                }
            }
            _ => {}
        }
    }
    (root, None)
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    Single,
    Double,
    Block,
}

/// A scalar as it stands in the file, quotes included.
pub struct Written {
    pub range: std::ops::Range<usize>,
    pub style: Style,
    /// Whether it stands between brackets or braces.
    pub flow: bool,
}

/// All scalars of a file in their order, up to where it cannot be read.
pub fn scalars(text: &str) -> Vec<Written> {
    let mut found = Vec::new();
    let mut open: Vec<bool> = Vec::new();
    for (event, place) in Parser::new_from_str_with_options(text, reading()).map_while(Result::ok) {
        let range = place.byte_range().unwrap_or(0..0);
        match event {
            Event::Scalar(_, style, ..) => {
                let style = match style {
                    ScalarStyle::SingleQuoted => Style::Single,
                    ScalarStyle::DoubleQuoted => Style::Double,
                    ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
                    _ => Style::Plain,
                };
                found.push(Written { range, style, flow: open.last().copied().unwrap_or(false) });
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                // Within brackets everything is.
                let own = text.as_bytes().get(range.start).is_some_and(|it| matches!(it, b'{' | b'['));
                open.push(own || open.last().copied().unwrap_or(false));
            }
            Event::SequenceEnd | Event::MappingEnd => {
                open.pop();
            }
            _ => {}
        }
    }
    found
}

fn refused(span: Span, what: &'static str) -> Fact {
    Fact::at(Code::YamlFeature, span).with("what", what)
}

/// The span of a block scalar runs to the next token; its text ends earlier.
fn trim_block(text: &str, span: Span, style: ScalarStyle) -> Span {
    if !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
        return span;
    }
    let kept = text.get(span.range()).map_or(0, |it| it.trim_end().len());
    Span { end: span.start + kept as u32, ..span }
}

fn close(file: FileId, text: &str, node: Node, stack: &mut [Open], root: &mut Option<Node>, out: &mut Diagnostics) {
    match stack.last_mut() {
        None => {
            root.get_or_insert(node);
        }
        Some(Open::List(_, items)) => items.push(node),
        Some(Open::Map(_, entries, waiting, seen)) => match waiting.take() {
            None => *waiting = Some(node),
            Some(key) => {
                let Some(name) = key.spanned() else {
                    if !key.is_refused() {
                        out.push(refused(Span::new(file, key.span.start as usize, key.span.end as usize), "key that is not text"));
                    }
                    return;
                };
                if name.value == "<<" {
                    out.push(refused(key.span, "merge key"));
                    return;
                }
                if joins_comma(text, &name, &node, entries) {
                    return;
                }
                if let Some(first) = seen.get(&name.value) {
                    out.push(Fact::at(Code::DuplicateKey, name.span).with("key", &name.value).label(*first, "first"));
                    return;
                }
                seen.insert(name.value.clone(), name.span);
                entries.push(Entry { key: name, value: node });
            }
        },
    }
}

/// Whether a key is what stood behind a decimal comma, and joins its number: `{change: 0,4}` is read as a change of 0 and
/// a key `4`. Whoever reads the value says what is wrong with `0,4`.
fn joins_comma(text: &str, key: &Spanned<String>, value: &Node, entries: &mut [Entry]) -> bool {
    let Some(Entry { value: number, .. }) = entries.last_mut().filter(|_| matches!(value.kind, Kind::Absent)) else { return false };
    let Kind::Scalar(scalar) = &number.kind else { return false };
    let start = key.span.start as usize;
    let beside = number.span.end as usize + 1 == start && text.as_bytes().get(start - 1) == Some(&b',');
    let digits = scalar.text.ends_with(|it: char| it.is_ascii_digit()) && key.value.starts_with(|it: char| it.is_ascii_digit());
    if scalar.quoted || !beside || !digits {
        return false;
    }
    number.span.end = key.span.end;
    let whole = text[number.span.range()].to_owned();
    number.kind = Kind::Scalar(Scalar { text: whole, quoted: false, places: Places::From(number.span.start) });
    true
}

fn scalar(text: &str, range: std::ops::Range<usize>, value: &str, style: ScalarStyle) -> Scalar {
    let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
    let content = if quoted { range.start + 1..range.end.saturating_sub(1).max(range.start + 1) } else { range };
    let source = text.get(content.clone()).unwrap_or("");
    let places =
        if source == value { Places::From(content.start as u32) } else { Places::Each(align(source, content.start as u32, value, style)) };
    Scalar { text: value.to_owned(), quoted, places }
}

/// For each byte of the decoded text, and its end, the byte of the file that it comes from.
///
/// Text and source are walked side by side. They differ in three ways only: escapes (in double quotes), doubled
/// single quotes, and white space around line ends, which is folded or stripped as a whole run.
fn align(source: &str, start: u32, value: &str, style: ScalarStyle) -> Vec<u32> {
    let bytes = source.as_bytes();
    let mut places = Vec::with_capacity(value.len() + 1);
    let mut at = 0;
    let mut chars = value.char_indices().peekable();
    while let Some((_, wanted)) = chars.next() {
        if style == ScalarStyle::DoubleQuoted {
            // An escaped line end stands for nothing at all.
            while bytes.get(at) == Some(&b'\\') && matches!(bytes.get(at + 1), Some(b'\n' | b'\r')) {
                at += 1;
                at += run_of_space(&bytes[at..]);
            }
        }
        // The text may have a line end that the file has not: it stands at the end.
        let here = start + floor_boundary(source, at.min(source.len())) as u32;
        for _ in 0..wanted.len_utf8() {
            places.push(here);
        }
        if style == ScalarStyle::DoubleQuoted && bytes.get(at) == Some(&b'\\') {
            at += escape_length(&bytes[at..]);
            continue;
        }
        if style == ScalarStyle::SingleQuoted && source[floor_boundary(source, at.min(source.len()))..].starts_with("''") {
            at += 2;
            continue;
        }
        if wanted.is_ascii_whitespace() {
            let run = run_of_space(&bytes[at.min(bytes.len())..]);
            if bytes[at.min(bytes.len())..at.min(bytes.len()) + run].contains(&b'\n') {
                // The run of white space as a whole stands for the run in the text.
                while let Some((_, next)) = chars.peek().copied() {
                    if !next.is_ascii_whitespace() {
                        break;
                    }
                    chars.next();
                    places.push(start + at as u32);
                }
                at += run;
                continue;
            }
        }
        at += source.get(at..).and_then(|it| it.chars().next()).map_or(1, char::len_utf8);
    }
    places.push(start + at.min(source.len()) as u32);
    places
}

fn run_of_space(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|it| it.is_ascii_whitespace()).count()
}

fn escape_length(bytes: &[u8]) -> usize {
    let digits = match bytes.get(1) {
        Some(b'x') => 2,
        Some(b'u') => {
            // A pair of surrogates is one character.
            let pair = bytes.get(2..4).is_some_and(|it| {
                it.eq_ignore_ascii_case(b"d8")
                    || it.eq_ignore_ascii_case(b"d9")
                    || it.eq_ignore_ascii_case(b"da")
                    || it.eq_ignore_ascii_case(b"db")
            });
            if pair && bytes.get(6..8) == Some(b"\\u") { 10 } else { 4 }
        }
        Some(b'U') => 8,
        _ => 0,
    };
    (2 + digits).min(bytes.len())
}
