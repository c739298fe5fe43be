//! Where does one item of a `.peil` file end and the next begin, whatever is broken in between?

use super::dsl::MAX_DEPTH;
use crate::source::{FileId, Span};
use crate::value::{Code, Diagnostics, Fact};

/// The words that begin an item; at the start of a line they do so even where a brace was never closed.
const HEADS: [&str; 22] = [
    "project",
    "source",
    "dimension",
    "kpi",
    "goal",
    "business",
    "customer",
    "enabler",
    "touchpoint",
    "journey",
    "event",
    "report",
    "drivers",
    "benchmark",
    "assumption",
    "finding",
    "incentive",
    "action",
    "test",
    "lint",
    "team",
    "theme",
];

/// One item as it stands in the file.
pub struct RawItem {
    /// The bytes of the item.
    pub range: std::ops::Range<usize>,
    /// Whether its braces and quotes are closed; the fault was reported.
    pub whole: bool,
}

/// A file cut into items.
pub struct Cut {
    /// The text, laid out: comments and line ends that do not end a statement are blanks. No byte moves.
    pub text: String,
    pub items: Vec<RawItem>,
}

/// Cuts a file into items, and lays its text out.
pub fn cut(file: FileId, text: &str, out: &mut Diagnostics) -> Cut {
    let mut cutter = Cutter {
        file,
        text,
        laid: text.as_bytes().to_vec(),
        items: Vec::new(),
        open: Vec::new(),
        start: None,
        whole: true,
        last: Last::Start,
        out,
    };
    cutter.run();
    let Cutter { laid, items, .. } = cutter;
    // Only whole characters were blanked (comments) or single ASCII bytes (line ends).
    let text = String::from_utf8(laid).unwrap_or_else(|_| text.to_owned());
    Cut { text, items }
}

/// What stands before the line's end, as far as it decides whether the statement goes on.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    Start,
    Other,
    Continues,
}

struct Cutter<'a> {
    file: FileId,
    text: &'a str,
    laid: Vec<u8>,
    items: Vec<RawItem>,
    /// The brackets that are open, with their places.
    open: Vec<(u8, usize)>,
    start: Option<usize>,
    whole: bool,
    last: Last,
    out: &'a mut Diagnostics,
}

impl Cutter<'_> {
    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        let mut line_start = true;
        while at < bytes.len() {
            let byte = bytes[at];
            if line_start && byte.is_ascii_lowercase() && self.start.is_some() && self.heads(at) {
                self.finish(at);
            }
            line_start = false;
            match byte {
                b'\n' => {
                    self.line_end(at);
                    line_start = true;
                }
                b' ' | b'\t' | b'\r' => {}
                b'#' => {
                    let end = bytes[at..].iter().position(|it| *it == b'\n').map_or(bytes.len(), |it| at + it);
                    self.laid[at..end].fill(b' ');
                    at = end;
                    continue;
                }
                b'"' => at = self.quoted(at),
                b'{' | b'(' | b'[' => {
                    self.begin(at);
                    self.open.push((byte, at));
                    if self.open.len() == MAX_DEPTH + 1 {
                        let span = Span::new(self.file, at, at + 1);
                        self.out.push(Fact::at(Code::LimitExceeded, span).with("what", "nesting").with("limit", MAX_DEPTH));
                        self.whole = false;
                    }
                    self.last = Last::Start;
                }
                b'}' | b')' | b']' => self.closes(byte, at),
                b';' => self.last = Last::Start,
                _ => {
                    self.begin(at);
                    let length = self.word(at);
                    at += length;
                    continue;
                }
            }
            at += 1;
        }
        self.finish(bytes.len());
    }

    fn begin(&mut self, at: usize) {
        if self.start.is_none() {
            self.start = Some(at);
            self.whole = true;
            self.last = Last::Start;
        }
    }

    fn heads(&self, at: usize) -> bool {
        let word: &str = self.text[at..].split(|it: char| !it.is_ascii_lowercase()).next().unwrap_or("");
        HEADS.contains(&word) && !self.open.is_empty()
    }

    fn line_end(&mut self, at: usize) {
        let in_brackets = self.open.last().is_some_and(|(it, _)| *it != b'{');
        if in_brackets || self.last == Last::Continues {
            self.laid[at] = b' ';
            return;
        }
        if let Some(start) = self.start.filter(|_| self.open.is_empty()) {
            if self.whole && self.lacks_brace(start, at) {
                // What follows is its block, which is read to its end and left out.
                let end = start + self.laid[start..at].trim_ascii_end().len();
                let place = Span::new(self.file, end, end);
                self.out.push(Fact::at(Code::SyntaxError, place).with("reason", "no-brace").rewrite(place, " {"));
                self.whole = false;
                self.open.push((b'{', end));
            } else {
                self.finish(at);
            }
        }
        self.last = Last::Start;
    }

    /// Whether the statements of an item follow on the next lines, and its head has no brace: they are indented, and a
    /// brace closes them.
    fn lacks_brace(&self, start: usize, end: usize) -> bool {
        if self.text[start..end].contains(['{', '}']) {
            return false;
        }
        let mut lines = self.text[end..].lines().skip(1).filter(|it| !it.trim().is_empty() && !it.trim_start().starts_with('#'));
        let indented = |it: &str| it.starts_with([' ', '\t']) && it.trim_start().starts_with(|it: char| it.is_ascii_lowercase());
        let Some(first) = lines.next() else { return false };
        indented(first) && lines.find(|it| !it.starts_with([' ', '\t'])).is_some_and(|it| it.starts_with('}'))
    }

    /// Passes over a quoted text; one that its line does not close ends with the line.
    fn quoted(&mut self, at: usize) -> usize {
        self.begin(at);
        self.last = Last::Other;
        let bytes = self.text.as_bytes();
        let mut next = at + 1;
        while next < bytes.len() {
            match bytes[next] {
                b'\\' => next += 1,
                b'"' => return next,
                b'\n' => break,
                _ => {}
            }
            next += 1;
        }
        let end = next.min(bytes.len());
        let span = Span::new(self.file, at, end);
        let fact = Fact::at(Code::SyntaxError, span).with("reason", "unclosed-text");
        // Where nothing on the line could stand behind the text, the line's end is the text's.
        let said = self.text[at + 1..end].trim_end();
        let doubt = said.is_empty() || said.contains(['{', '}', '(', ')', '[', ']', ';', ',', '#', '=']);
        let close = Span::new(self.file, at + 1 + said.len(), at + 1 + said.len());
        self.out.push(if doubt { fact } else { fact.rewrite(close, "\"") });
        self.whole = false;
        end - 1
    }

    fn closes(&mut self, byte: u8, at: usize) {
        let opener = match byte {
            b'}' => b'{',
            b')' => b'(',
            _ => b'[',
        };
        self.last = Last::Other;
        if self.open.last().is_some_and(|(it, _)| *it == opener) {
            self.open.pop();
            return;
        }
        let span = Span::new(self.file, at, at + 1);
        let forgotten = self.open.last().copied().filter(|_| byte == b'}' && self.open.iter().any(|(it, _)| *it == b'{'));
        if self.whole
            && let Some((bracket, place)) = forgotten
        {
            // The brace is right; what was never closed is the bracket within it.
            let closing = if bracket == b'(' { ')' } else { ']' };
            let fact = Fact::at(Code::SyntaxError, Span::new(self.file, place, place + 1));
            let fact = fact.with("reason", "unclosed").with("closing", closing);
            self.out.push(match self.end_of_value(place, at) {
                Some(end) => fact.rewrite(Span::new(self.file, end, end), closing.to_string()),
                None => fact,
            });
        } else if self.whole {
            let mut fact = Fact::at(Code::SyntaxError, span).with("reason", "unexpected-close").with("found", byte as char);
            match self.open.last() {
                Some((b'{', _)) if byte != b'}' => fact = fact.rewrite(span, ""),
                Some((_, place)) => fact = fact.label(Span::new(self.file, *place, *place + 1), "open"),
                None => fact = fact.rewrite(span, ""),
            }
            self.out.push(fact);
        }
        self.begin(at);
        self.whole = false;
        // A brace closes what brackets were forgotten within it.
        if let Some(depth) = self.open.iter().rposition(|(it, _)| *it == opener) {
            self.open.truncate(depth);
        }
    }

    /// Where the value ends whose bracket was never closed: at the next `;`, or with its line.
    fn end_of_value(&self, open: usize, until: usize) -> Option<usize> {
        let value = self.laid.get(open..until).and_then(|it| std::str::from_utf8(it).ok())?;
        // A line end within an open bracket is laid out as a blank, so the source tells where the line ends.
        let line = self.text.get(open..until)?.find('\n').unwrap_or(value.len());
        let mut quoted = false;
        let stop = value[..line].find(|it| {
            quoted ^= it == '"';
            it == ';' && !quoted
        });
        let end = value[..stop.unwrap_or(line)].trim_end();
        let goes_on = end.ends_with([',', '+', '-', '*', '/', '=', '<', '>', '(']) || end.is_empty();
        (!goes_on).then_some(open + end.len())
    }

    /// The finding of a block that was never closed, with its brace behind the last that stands in it.
    fn closed(&self, fact: Fact, start: usize, until: usize) -> Fact {
        let Some(item) = self.laid.get(start..until).and_then(|it| std::str::from_utf8(it).ok()) else { return fact };
        let end = start + item.trim_end().len();
        let one_line = !self.text[start..end].contains('\n');
        // A comment behind the last statement stays with it.
        let line = self.text[end..until].find('\n').map_or(until, |it| end + it);
        let (at, said) = if one_line { (end, " }") } else { (line, "\n}") };
        fact.rewrite(Span::new(self.file, at, at), said)
    }

    fn word(&mut self, at: usize) -> usize {
        let rest = &self.text[at..];
        let first = rest.chars().next().unwrap_or(' ');
        if !(first.is_alphanumeric() || first == '_') {
            self.last = if first == ',' || "+-*/=<>".contains(first) { Last::Continues } else { Last::Other };
            // `..` and `%` end a value; `!=` is followed by `=`.
            return first.len_utf8();
        }
        let length = rest.find(|it: char| !(it.is_alphanumeric() || it == '_')).unwrap_or(rest.len());
        let continues = matches!(&rest[..length], "and" | "or" | "not" | "in" | "between");
        self.last = if continues { Last::Continues } else { Last::Other };
        length
    }

    fn finish(&mut self, at: usize) {
        let Some(start) = self.start.take() else { return };
        if let Some((bracket, place)) = self.open.first().copied()
            && self.whole
        {
            let closing = match bracket {
                b'{' => '}',
                b'(' => ')',
                _ => ']',
            };
            let span = Span::new(self.file, place, place + 1);
            let fact = Fact::at(Code::SyntaxError, span).with("reason", "unclosed").with("closing", closing);
            self.out.push(if self.open.len() == 1 && bracket == b'{' { self.closed(fact, start, at) } else { fact });
        }
        let whole = self.whole && self.open.is_empty();
        self.open.clear();
        self.items.push(RawItem { range: start..at, whole });
        self.last = Last::Start;
    }
}

/// The names that a broken item would have defined: they are known, so that nothing follows from the fault.
pub fn names_in(text: &str) -> Vec<(usize, String)> {
    let mut names = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive(['\n', ';', '{']) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let name = match words.as_slice() {
            // The item's own head, whatever its word.
            [_, "goal", name, ..] if at == 0 => Some(name),
            [_, name, ..] if at == 0 && !matches!(words[0], "business" | "customer") => Some(name),
            ["business" | "customer", "goal", name, ..] => Some(name),
            [word, name, ..] if HEADS.contains(word) || matches!(*word, "column" | "stage" | "reference") => Some(name),
            _ => None,
        };
        if let Some(name) = name {
            let name = name.trim_end_matches(['{', ',', ';']);
            if super::is_name(name) {
                names.push((at + line.find(name).unwrap_or(0), name.to_owned()));
            }
        }
        at += line.len();
    }
    names
}
