//! Text of Peil's own spelling -> nodes, in the very shape that the YAML spelling gives.

mod values;

use super::Item;
use super::again::{Earlier, Moved};
use super::node::{Entry, Kind, Node, Places};
use super::recover;
use super::schema::{self, Attribute, Shape, Word};
use crate::source::{FileId, Span, Spanned};
use crate::value::{Code, Diagnostics, Fact};
use pest::Parser;
use pest::iterators::Pair;
use std::ops::Range;
use std::sync::Arc;

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/peil.pest"]
struct PeilParser;

/// How deep brackets may be nested.
pub const MAX_DEPTH: usize = 64;

/// An item as it was written, its body in the shape of YAML.
pub(super) struct RawItem {
    pub word: Word,
    pub name: Option<Spanned<String>>,
    pub body: Node,
}

/// What a file's text gave.
#[derive(Default)]
pub(super) struct Read {
    pub items: Vec<Piece>,
    /// Broken items: the names that they would have defined.
    pub broken: Vec<Spanned<String>>,
    /// The text, laid out as it was parsed.
    pub laid: String,
}

/// An item with the bytes that it was read from.
pub(super) struct Piece {
    pub range: Range<usize>,
    pub item: Gave,
    /// Whether nothing was said of it.
    pub sound: bool,
}

/// What a piece of text gave.
pub(super) enum Gave {
    Raw(RawItem),
    /// It was read before.
    Known(Arc<Item>, Moved),
}

/// Reads a file, item by item; what is broken is reported, and the rest is read. What was read before is known.
pub(super) fn read(file: FileId, text: &str, earlier: Option<&Earlier<'_>>, out: &mut Diagnostics) -> Read {
    let cut = recover::cut(file, text, out);
    let mut read = Read::default();
    for item in cut.items {
        let range = item.range;
        let source = &cut.text[range.clone()];
        if let Some((known, moved)) = earlier.filter(|_| item.whole).and_then(|it| it.read(source, range.start)) {
            read.items.push(Piece { range, item: Gave::Known(known, moved), sound: true });
            continue;
        }
        let reader = Reader { file, text: &cut.text, base: range.start };
        let before = out.len();
        let lowered = if item.whole { reader.item(source, out) } else { None };
        match lowered {
            Some(it) => read.items.push(Piece { range, item: Gave::Raw(it), sound: out.len() == before }),
            None => read.broken.extend(recover::names_in(source).into_iter().map(|(at, name)| {
                let start = range.start + at;
                let span = Span::new(file, start, start + name.len());
                Spanned::new(name, span)
            })),
        }
    }
    read.laid = cut.text;
    read
}

/// A part of a statement: a word, a text, a bracketed group, or a mark.
#[derive(Clone, Debug)]
struct Part {
    span: Span,
    kind: PartKind,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum PartKind {
    Word,
    Text,
    Group,
    Comma,
    Colon,
    Equals,
}

/// A statement as it was written.
struct Statement {
    parts: Vec<Part>,
    block: Option<Vec<Statement>>,
    span: Span,
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    base: usize,
}

impl Reader<'_> {
    fn item(&self, source: &str, out: &mut Diagnostics) -> Option<RawItem> {
        let mut pairs = match PeilParser::parse(Rule::item, source) {
            Ok(pairs) => pairs,
            Err(error) => {
                let at = match error.location {
                    pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
                };
                let end = source[at..].chars().next().map_or(at, |it| at + it.len_utf8());
                let span = Span::new(self.file, self.base + at, self.base + end);
                out.push(Fact::at(Code::SyntaxError, span).with("reason", "unexpected").with("found", source[at..end].trim()));
                return None;
            }
        };
        let item = pairs.next()?.into_inner().next()?;
        let statement = self.statement(item);
        self.lower_item(&statement, out)
    }

    fn statement(&self, pair: Pair<'_, Rule>) -> Statement {
        let mut statement = Statement { parts: Vec::new(), block: None, span: self.span(&pair) };
        for inner in pair.into_inner() {
            let kind = match inner.as_rule() {
                Rule::word => PartKind::Word,
                Rule::text => PartKind::Text,
                Rule::group => PartKind::Group,
                Rule::comma => PartKind::Comma,
                Rule::colon => PartKind::Colon,
                Rule::equals => PartKind::Equals,
                Rule::block => {
                    let inner = inner.into_inner().filter(|it| it.as_rule() == Rule::statement);
                    statement.block = Some(inner.map(|it| self.statement(it)).collect());
                    continue;
                }
                _ => continue,
            };
            statement.parts.push(Part { span: self.span(&inner), kind });
        }
        statement
    }

    fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        Span::new(self.file, self.base + span.start(), self.base + span.end())
    }

    fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    fn word<'s>(&'s self, part: &Part) -> &'s str {
        if part.kind == PartKind::Word { self.slice(part.span) } else { "" }
    }

    // -- items -----------------------------------------------------------------------------------------------------

    fn lower_item(&self, statement: &Statement, out: &mut Diagnostics) -> Option<RawItem> {
        let mut parts = statement.parts.as_slice();
        let first = parts.first()?;
        let mut qualifier = None;
        if matches!(self.word(first), "business" | "customer") && parts.get(1).is_some_and(|it| self.word(it) == "goal") {
            qualifier = Some(first.clone());
            parts = &parts[1..];
        }
        let head = parts.first()?;
        let Some(word) = Word::from_name(self.word(head)) else {
            out.push(super::unknown_word(&Spanned::new(self.slice(head.span).to_owned(), head.span)));
            return None;
        };
        parts = &parts[1..];
        if word == Word::Lint {
            return self.lint(head, parts, statement, out);
        }
        let mut name = None;
        if word != Word::Project {
            let Some(part) = parts.first().filter(|it| it.kind == PartKind::Word) else {
                let span = parts.first().map_or(head.span, |it| it.span);
                out.push(Fact::at(Code::SyntaxError, span).with("reason", "name-expected").with("word", word.name()));
                return None;
            };
            name = Some(Spanned::new(self.slice(part.span).to_owned(), part.span));
            parts = &parts[1..];
        }
        let body = self.body(word, qualifier.as_ref(), parts, statement, out);
        Some(RawItem { word, name, body })
    }

    /// `lint kpi-without-goal allow "reason"` among the items: it holds for the file.
    fn lint(&self, head: &Part, parts: &[Part], statement: &Statement, out: &mut Diagnostics) -> Option<RawItem> {
        if parts.is_empty() || statement.block.is_some() {
            let span = if parts.is_empty() { head.span } else { whole(parts) };
            out.push(Fact::at(Code::SyntaxError, span).with("reason", "lint-expected"));
            return None;
        }
        let Kind::Map(mut entries) = self.lints(parts, out).kind else { return None };
        let Entry { key, value } = entries.pop()?;
        Some(RawItem { word: Word::Lint, name: Some(key), body: value })
    }

    /// The head's rest (title, `like`) and the block, as one mapping.
    fn body(&self, word: Word, qualifier: Option<&Part>, head: &[Part], statement: &Statement, out: &mut Diagnostics) -> Node {
        let mut entries = Vec::new();
        if let Some(part) = qualifier {
            let key = Spanned::new("kind".to_owned(), part.span);
            entries.push(Entry { key, value: Node::plain(part.span, self.slice(part.span)) });
        }
        let mut rest = head;
        if let Some(part) = rest.first().filter(|it| it.kind == PartKind::Text) {
            let key = Spanned::new("title".to_owned(), part.span);
            entries.push(Entry { key, value: self.text_node(part) });
            rest = &rest[1..];
        }
        if rest.first().is_some_and(|it| self.word(it) == "like") {
            let key = Spanned::new("like".to_owned(), rest[0].span);
            if let Some(target) = rest.get(1) {
                entries.push(Entry { key, value: Node::plain(target.span, self.slice(target.span)) });
                rest = &rest[2..];
                if let Some(group) = rest.first().filter(|it| it.kind == PartKind::Group) {
                    let key = Spanned::new("with".to_owned(), group.span);
                    entries.push(Entry { key, value: self.bindings(group, out) });
                    rest = &rest[1..];
                }
            } else {
                out.push(Fact::at(Code::SyntaxError, rest[0].span).with("reason", "name-expected").with("word", word.name()));
                rest = &[];
            }
            // A title may also follow.
            if let Some(part) = rest.first().filter(|it| it.kind == PartKind::Text) {
                let key = Spanned::new("title".to_owned(), part.span);
                entries.push(Entry { key, value: self.text_node(part) });
                rest = &rest[1..];
            }
        }
        if let Some((title, said)) = self.title_in_head(rest).filter(|_| !entries.iter().any(|it| it.key.value == "title")) {
            let place = whole(rest);
            let fact = Fact::at(Code::SyntaxError, place).with("reason", "title-in-head").with("title", &said);
            out.push(self.with_title(fact, statement, place, &said));
            entries.push(Entry { key: Spanned::new("title".to_owned(), place), value: title });
        } else if let Some(part) = rest.first() {
            let fact = Fact::at(Code::SyntaxError, part.span).with("reason", "unexpected").with("found", self.slice(part.span));
            out.push(fact);
        }
        for inner in statement.block.iter().flatten() {
            self.lower_statement(word, inner, &mut entries, out);
        }
        Node { span: statement.span, kind: Kind::Map(entries) }
    }

    /// A title by language, or behind its key, before the block: `kpi nps nl "…" en "…" {`; with how it is written.
    fn title_in_head(&self, rest: &[Part]) -> Option<(Node, String)> {
        let titles = if rest.first().is_some_and(|it| self.word(it) == "title") { &rest[1..] } else { rest };
        let said: Vec<&Part> = titles.iter().filter(|it| it.kind != PartKind::Comma).collect();
        let by_language = said.chunks(2).all(|it| it.len() == 2 && matches!(self.word(it[0]), "nl" | "en") && it[1].kind == PartKind::Text);
        let plain = titles.len() == 1 && titles[0].kind == PartKind::Text;
        if titles.is_empty() || !(plain || by_language) {
            return None;
        }
        Some((self.title(titles), format!("title {}", self.slice(whole(titles)))))
    }

    /// The finding with the title within the block.
    fn with_title(&self, fact: Fact, statement: &Statement, place: Span, said: &str) -> Fact {
        let Some(block) = &statement.block else { return fact.rewrite(place, format!("{{ {said} }}")) };
        let Some(brace) = self.text[place.end as usize..].find('{').map(|it| place.end as usize + it) else { return fact };
        let first = block.first().map_or(statement.span.end as usize - 1, |it| it.span.start as usize);
        let between = self.text.get(brace + 1..first).unwrap_or_default();
        // On a line of its own where what follows is.
        let indent = between.rfind('\n').map(|it| &between[it..]);
        let said = match (indent, block.is_empty()) {
            (_, true) => format!(" {said} "),
            (Some(indent), false) => format!("{indent}{said}"),
            (None, false) => format!(" {said};"),
        };
        let gone = Span { start: place.start, end: brace as u32, ..place };
        fact.rewrite(gone, "").rewrite(Span { start: brace as u32 + 1, end: brace as u32 + 1, ..place }, said)
    }

    /// `(x: survey.q3, y: 2)` as a mapping.
    fn bindings(&self, group: &Part, out: &mut Diagnostics) -> Node {
        let text = self.slice(group.span);
        let inner = &text[1..text.len() - 1];
        let start = group.span.start as usize + 1;
        let mut entries = Vec::new();
        for (at, piece) in split_commas(inner) {
            let Some((name, value)) = piece.split_once(':') else {
                let span = Span::new(self.file, start + at, start + at + piece.len());
                out.push(Fact::at(Code::SyntaxError, span).with("reason", "binding-expected"));
                continue;
            };
            let name_at = start + at + (name.len() - name.trim_start().len());
            let value_at = start + at + name.len() + 1 + (value.len() - value.trim_start().len());
            let key_span = Span::new(self.file, name_at, name_at + name.trim().len());
            let value_span = Span::new(self.file, value_at, value_at + value.trim().len());
            let key = Spanned::new(name.trim().to_owned(), key_span);
            entries.push(Entry { key, value: Node::plain(value_span, value.trim()) });
        }
        Node { span: group.span, kind: Kind::Map(entries) }
    }

    // -- statements ------------------------------------------------------------------------------------------------

    fn lower_statement(&self, word: Word, statement: &Statement, entries: &mut Vec<Entry>, out: &mut Diagnostics) {
        let Some((attribute, used)) = self.attribute(word, &statement.parts) else {
            // `business goal x "..." { ... }` within a goal.
            let first = &statement.parts[0];
            let qualified =
                matches!(self.word(first), "business" | "customer") && statement.parts.get(1).is_some_and(|it| self.word(it) == "goal");
            if qualified && word == Word::Goal {
                self.nested(Word::Goal, Some(first), &statement.parts[2..], "goal", statement, entries, out);
                return;
            }
            let text = self.slice(first.span);
            let keys: Vec<String> = schema::attributes(word).map(|it| it.key.replace('_', " ")).collect();
            let fact = Fact::at(Code::UnknownKey, first.span).with("key", text).with("word", word.name());
            let fact = match super::foreign::key(word, text).map(|it| it.replace('_', " ")) {
                Some(ours) => fact.with("similar", &ours).mend(first.span, ours),
                None => fact.did_you_mean(text, first.span, keys),
            };
            let similar = fact.arg("similar").map_or_else(|| super::UNKNOWN.to_owned(), |it| it.replace(' ', "_"));
            if !entries.iter().any(|it| it.key.value == similar) {
                // What was perhaps meant is known, but broken: nothing follows from its absence.
                let value = Node { span: statement.span, kind: Kind::Refused };
                entries.push(Entry { key: Spanned::new(similar, first.span), value });
            }
            out.push(fact);
            return;
        };
        if attribute.shape == Shape::Quantity
            && let Some(comma) = self.next_quantity(word, &statement.parts)
        {
            // `low 4 EUR, base 5 EUR, high 8 EUR`: as many statements.
            for parts in [&statement.parts[..comma], &statement.parts[comma + 1..]] {
                let piece = Statement { parts: parts.to_vec(), block: None, span: whole(parts) };
                self.lower_statement(word, &piece, entries, out);
            }
            return;
        }
        let key_span = statement.parts[0].span.to(statement.parts[used - 1].span);
        let key = Spanned::new(attribute.key.to_owned(), key_span);
        let rest = &statement.parts[used..];
        if let Shape::Items(inner) = attribute.shape {
            self.nested(inner, None, rest, attribute.key, statement, entries, out);
            return;
        }
        if let (Shape::Titled | Shape::Themes, Some(block), [name]) = (attribute.shape, &statement.block, rest) {
            self.titled_block(attribute, key, name, block, entries, out);
            return;
        }
        if let (Shape::Rows, Some(block), [name]) = (attribute.shape, &statement.block, rest) {
            self.rows_block(key, name, block, entries, out);
            return;
        }
        if let Some(block) = &statement.block {
            let span = block.first().map_or(statement.span, |it| it.span);
            out.push(Fact::at(Code::SyntaxError, span).with("reason", "unexpected").with("found", "{"));
        }
        let value = self.value(attribute, key_span, rest, out);
        // Statements that name something may be repeated: their mappings are one mapping.
        let first = entries.iter_mut().find(|it| it.key.value == attribute.key);
        match first {
            None => entries.push(Entry { key, value }),
            Some(first) => match (&mut first.value.kind, value.kind) {
                (Kind::Map(known), Kind::Map(more)) => {
                    for entry in more {
                        match known.iter().find(|it| it.key.value == entry.key.value) {
                            Some(other) => {
                                let fact = Fact::at(Code::DuplicateKey, entry.key.span).with("key", &entry.key.value);
                                out.push(fact.label(other.key.span, "first"));
                            }
                            None => known.push(entry),
                        }
                    }
                }
                (Kind::List(known), Kind::List(more)) if attribute.shape.repeats() => known.extend(more),
                (_, Kind::Refused) => {}
                _ => {
                    let fact = Fact::at(Code::DuplicateKey, key_span).with("key", attribute.key.replace('_', " "));
                    out.push(fact.label(first.key.span, "first"));
                }
            },
        }
    }

    /// The comma behind which the next quantity of a statement begins.
    fn next_quantity(&self, word: Word, parts: &[Part]) -> Option<usize> {
        let begins = |at: usize| self.attribute(word, &parts[at + 1..]).is_some_and(|it| it.0.shape == Shape::Quantity);
        (0..parts.len()).find(|at| parts[*at].kind == PartKind::Comma && begins(*at))
    }

    /// `team cx { title nl "…" en "…" }`.
    fn titled_block(
        &self,
        attribute: &Attribute,
        key: Spanned<String>,
        name: &Part,
        block: &[Statement],
        entries: &mut Vec<Entry>,
        out: &mut Diagnostics,
    ) {
        let mut inner: Vec<Entry> = Vec::new();
        for statement in block {
            let first = &statement.parts[0];
            let rest = &statement.parts[1..];
            let inner_key = Spanned::new(self.slice(first.span).to_owned(), first.span);
            let value = if rest.is_empty() { Node { span: first.span, kind: Kind::Absent } } else { self.title(rest) };
            self.insert(&mut inner, Entry { key: inner_key, value }, out);
        }
        let item = Entry {
            key: Spanned::new(self.slice(name.span).to_owned(), name.span),
            value: Node { span: name.span, kind: Kind::Map(inner) },
        };
        match entries.iter_mut().find(|it| it.key.value == attribute.key) {
            Some(Entry { value: Node { kind: Kind::Map(known), .. }, .. }) => self.insert(known, item, out),
            Some(_) => {}
            None => entries.push(Entry { key, value: Node { span: name.span, kind: Kind::Map(vec![item]) } }),
        }
    }

    /// `rows survey { recommend channel; 10 "Web"; 3 "" }`: a line a row, values side by side.
    fn rows_block(&self, key: Spanned<String>, name: &Part, block: &[Statement], entries: &mut Vec<Entry>, out: &mut Diagnostics) {
        let mut lines = Vec::new();
        let mut broken = false;
        for statement in block {
            let odd = statement.parts.iter().find(|it| !matches!(it.kind, PartKind::Word | PartKind::Text));
            if let Some(odd) = odd.map(|it| it.span).or(statement.block.as_ref().map(|_| statement.span)) {
                // Who writes one row with commas writes all of them so.
                if !broken {
                    out.push(Fact::at(Code::SyntaxError, odd).with("reason", "row-expected").with("found", self.slice(odd)));
                }
                broken = true;
                continue;
            }
            let cells = statement.parts.iter().map(|it| self.scalar(std::slice::from_ref(it))).collect();
            lines.push(Node { span: whole(&statement.parts), kind: Kind::List(cells) });
        }
        let source = Entry {
            key: Spanned::new(self.slice(name.span).to_owned(), name.span),
            value: Node { span: name.span, kind: if broken { Kind::Refused } else { Kind::List(lines) } },
        };
        match entries.iter_mut().find(|it| it.key.value == key.value) {
            Some(Entry { value: Node { kind: Kind::Map(known), .. }, .. }) => self.insert(known, source, out),
            Some(_) => {}
            None => entries.push(Entry { key, value: Node { span: name.span, kind: Kind::Map(vec![source]) } }),
        }
    }

    /// The attribute that a statement begins with, and how many words name it.
    fn attribute(&self, word: Word, parts: &[Part]) -> Option<(&'static Attribute, usize)> {
        self.key(parts, |name| schema::attribute(word, name))
    }

    /// The key that parts begin with, and how many words name it: the most that `known` knows, as `measured by` is `measured_by`.
    fn key<K>(&self, parts: &[Part], known: impl Fn(&str) -> Option<K>) -> Option<(K, usize)> {
        let mut found = None;
        let mut name = String::new();
        for (at, part) in parts.iter().take(3).enumerate() {
            if part.kind != PartKind::Word {
                break;
            }
            if at > 0 {
                name.push('_');
            }
            name.push_str(self.slice(part.span));
            found = known(&name).map(|key| (key, at + 1)).or(found);
        }
        found
    }

    #[expect(clippy::too_many_arguments, reason = "the pieces of one statement")]
    fn nested(
        &self,
        inner: Word,
        qualifier: Option<&Part>,
        parts: &[Part],
        key: &str,
        statement: &Statement,
        entries: &mut Vec<Entry>,
        out: &mut Diagnostics,
    ) {
        let Some(part) = parts.first().filter(|it| it.kind == PartKind::Word) else {
            out.push(Fact::at(Code::SyntaxError, statement.span).with("reason", "name-expected").with("word", inner.name()));
            return;
        };
        let name = Spanned::new(self.slice(part.span).to_owned(), part.span);
        let body = self.body(inner, qualifier, &parts[1..], statement, out);
        let index = entries.iter().position(|it| it.key.value == key).unwrap_or_else(|| {
            let value = Node { span: statement.span, kind: Kind::Map(Vec::new()) };
            entries.push(Entry { key: Spanned::new(key.to_owned(), statement.span), value });
            entries.len() - 1
        });
        if let Kind::Map(items) = &mut entries[index].value.kind {
            match items.iter().find(|it| it.key.value == name.value) {
                Some(first) => {
                    let fact = Fact::at(Code::DuplicateName, name.span).with("word", inner.name()).with("name", &name.value);
                    out.push(fact.label(first.key.span, "first"));
                }
                None => items.push(Entry { key: name, value: body }),
            }
        }
    }

    fn insert(&self, entries: &mut Vec<Entry>, entry: Entry, out: &mut Diagnostics) {
        match entries.iter().find(|it| it.key.value == entry.key.value) {
            Some(first) => {
                let fact = Fact::at(Code::DuplicateKey, entry.key.span).with("key", &entry.key.value);
                out.push(fact.label(first.key.span, "first"));
            }
            None => entries.push(entry),
        }
    }
}

fn whole(parts: &[Part]) -> Span {
    let first = parts[0].span;
    parts.last().map_or(first, |it| first.to(it.span))
}

/// Pieces between commas that stand outside quotes and brackets, with their offsets.
fn split_commas(text: &str) -> Vec<(usize, &str)> {
    let mut pieces = Vec::new();
    let (mut start, mut depth, mut quoted) = (0, 0usize, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'(' | b'[' if !quoted => depth += 1,
            b')' | b']' if !quoted => depth = depth.saturating_sub(1),
            b',' if !quoted && depth == 0 => {
                pieces.push((start, &text[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces.push((start, &text[start..]));
    pieces
}

/// The text that `\"`, `\\`, `\n` and `\t` stand for, with the place of each byte.
pub fn unescape(inner: &str, start: u32) -> (String, Places) {
    let mut text = String::with_capacity(inner.len());
    let mut places = Vec::with_capacity(inner.len() + 1);
    let mut chars = inner.char_indices();
    while let Some((at, it)) = chars.next() {
        let meant = if it == '\\' {
            match chars.next() {
                Some((_, 'n')) => '\n',
                Some((_, 't')) => '\t',
                Some((_, other)) => other,
                None => '\\',
            }
        } else {
            it
        };
        places.extend(std::iter::repeat_n(start + at as u32, meant.len_utf8()));
        text.push(meant);
    }
    places.push(start + inner.len() as u32);
    (text, Places::Each(places))
}
