//! What is printed, in one shape for both spellings: items, what is said of them, and the comments between.

use super::super::node::{Entry, Kind, Node};
use super::super::schema::{self, Attribute, Shape, Word};
use super::super::{Document, Item};
use super::Spelling;
use std::ops::Range;

/// One file.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    pub items: Vec<Piece>,
    /// What stands below the last item.
    pub tail: Vec<Line>,
    /// Where the keys of the words stand, in YAML.
    pub marks: Vec<Range<usize>>,
}

/// A line of its own that says nothing to the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Blank,
    /// A comment with its `#`.
    Comment(String),
}

/// A value with its name, and the comments around it.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Its word, if it is an item of the file.
    pub word: Option<Word>,
    /// Its name or key; empty where it has none.
    pub key: String,
    pub value: Value,
    pub notes: Notes,
    /// The bytes it stands in.
    pub range: Range<usize>,
    /// The bytes that what is within it stands in.
    pub inside: Range<usize>,
    /// Whether it ends with a mark of its own, so that what follows is not within it.
    pub closed: bool,
}

/// The comments around a piece.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Notes {
    /// Lines above it.
    pub before: Vec<Line>,
    /// Behind the key of the group that it is the first of: `column: # …`.
    pub group: Option<String>,
    /// Behind its head: `kpi nps { # …`, `nps: # …`.
    pub head: Option<String>,
    /// Lines below the last thing within it.
    pub tail: Vec<Line>,
    /// At the end of its last line.
    pub after: Option<String>,
    /// Lines below it that still belong to its group.
    pub rest: Vec<Line>,
}

/// What a piece holds.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Absent,
    Text(Text),
    List(Vec<Piece>),
    Map(Vec<Piece>),
    Body(Body),
}

/// A text, with the comments that stand within it.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    pub text: String,
    /// The byte it starts at.
    pub start: usize,
    /// Where in the text, whether on a line of its own, and the comment.
    pub comments: Vec<(usize, bool, String)>,
}

/// What is said of an item.
#[derive(Clone, Debug)]
pub(super) struct Body {
    pub word: Word,
    pub statements: Vec<Statement>,
    /// Whether it was written on one line.
    pub inline: bool,
    /// Where the keys of its groups stand, in YAML.
    pub marks: Vec<Range<usize>>,
}

/// One thing that is said. What is named one by one (columns, teams, norms) is a statement each.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub attribute: &'static Attribute,
    pub piece: Piece,
}

impl Notes {
    /// Whether there is any comment.
    pub fn any(&self) -> bool {
        let comments = |lines: &[Line]| lines.iter().any(|it| *it != Line::Blank);
        self.group.is_some()
            || self.head.is_some()
            || self.after.is_some()
            || [&self.before, &self.tail, &self.rest].into_iter().any(|it| comments(it))
    }

    /// All comments in order of writing, taken out.
    pub fn take(&mut self) -> Vec<Line> {
        let notes = std::mem::take(self);
        let own = |it: Option<String>| it.map(Line::Comment);
        let lines = notes.before.into_iter().chain(own(notes.group)).chain(own(notes.head)).chain(notes.tail).chain(own(notes.after));
        lines.chain(notes.rest).filter(|it| *it != Line::Blank).collect()
    }
}

impl Piece {
    /// The pieces within it.
    pub fn children(&self) -> Vec<&Piece> {
        match &self.value {
            Value::Absent | Value::Text(_) => Vec::new(),
            Value::List(pieces) | Value::Map(pieces) => pieces.iter().collect(),
            Value::Body(body) => body.statements.iter().map(|it| &it.piece).collect(),
        }
    }

    /// The pieces within it.
    pub fn children_mut(&mut self) -> Vec<&mut Piece> {
        match &mut self.value {
            Value::Absent | Value::Text(_) => Vec::new(),
            Value::List(pieces) | Value::Map(pieces) => pieces.iter_mut().collect(),
            Value::Body(body) => body.statements.iter_mut().map(|it| &mut it.piece).collect(),
        }
    }

    /// Whether comments stand within it.
    pub fn noted_within(&self) -> bool {
        let in_text = matches!(&self.value, Value::Text(text) if !text.comments.is_empty());
        let notes = Notes { before: Vec::new(), after: None, group: None, rest: Vec::new(), ..self.notes.clone() };
        in_text || notes.any() || self.children().iter().any(|it| it.notes.any() || it.noted_within())
    }

    /// The comments within it, taken out.
    pub fn take_within(&mut self) -> Vec<Line> {
        let mut lines: Vec<Line> = self.notes.head.take().map(Line::Comment).into_iter().collect();
        if let Value::Text(text) = &mut self.value {
            lines.extend(std::mem::take(&mut text.comments).into_iter().map(|it| Line::Comment(it.2)));
        }
        for child in self.children_mut() {
            let mut notes = std::mem::take(&mut child.notes);
            let (after, rest) = (notes.after.take(), std::mem::take(&mut notes.rest));
            lines.extend(notes.take());
            lines.extend(child.take_within());
            lines.extend(after.map(Line::Comment).into_iter().chain(rest));
        }
        lines.append(&mut self.notes.tail);
        lines.retain(|it| *it != Line::Blank);
        lines
    }

    /// Its text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(&text.text),
            _ => None,
        }
    }
}

impl Body {
    /// Its statement with this key, if there is one.
    pub fn get(&self, key: &str) -> Option<&Statement> {
        self.statements.iter().find(|it| it.attribute.key == key)
    }

    /// How many statements stand in the head of an item of Peil's own spelling: kind, title, `like` with its values.
    pub fn head(&self) -> usize {
        let like = self.get("like").is_some();
        self.statements.iter().take_while(|it| in_head(it, like)).count()
    }
}

/// Whether a statement stands in the head of an item, where the item says `like`, or not.
fn in_head(statement: &Statement, like: bool) -> bool {
    match statement.attribute.key {
        "kind" => true,
        "title" => !like && statement.piece.text().is_some(),
        "like" => true,
        "with" => like,
        _ => false,
    }
}

/// Whether what an attribute names is a statement each, in both spellings: columns, teams, norms.
pub(super) fn is_group(shape: Shape) -> bool {
    matches!(
        shape,
        Shape::Columns
            | Shape::Titled
            | Shape::Themes
            | Shape::Links(_)
            | Shape::Margins
            | Shape::Parts(_)
            | Shape::Rows
            | Shape::Lints
            | Shape::Norms
            | Shape::Items(_)
    )
}

/// The layout of a document, without comments.
pub(super) fn sheet(document: &Document, marks: Vec<Range<usize>>, text: &str, spelling: Spelling) -> Sheet {
    let maker = Maker { text, spelling };
    let mut items: Vec<Piece> = document.items.iter().map(|it| maker.top(it)).collect();
    items.sort_by_key(|it| it.range.start);
    Sheet { items, tail: Vec::new(), marks }
}

struct Maker<'t> {
    text: &'t str,
    spelling: Spelling,
}

impl Maker<'_> {
    fn top(&self, item: &Item) -> Piece {
        let key = item.name.span.range();
        if item.word == Word::Lint {
            return Piece { word: Some(Word::Lint), ..self.value(item.name.value.clone(), key, &item.body) };
        }
        let mut piece = self.item(item.word, item.name.value.clone(), key, &item.body);
        piece.word = Some(item.word);
        piece
    }

    fn item(&self, word: Word, name: String, key: Range<usize>, body: &Node) -> Piece {
        let (range, inside, inline) = match self.spelling {
            Spelling::Own => {
                let mut range = body.span.range();
                let inside = block(self.text, key.end.max(range.start), range.end);
                if inside.start == range.end {
                    // Without a block the blanks behind an item are none of it.
                    let said = body.entries().iter().map(|it| deep_end(&it.value)).max().unwrap_or(0);
                    range.end = said.max(key.end);
                }
                let inside = inside.start.min(range.end)..inside.end.min(range.end);
                (range.clone(), inside, !self.text[range].contains('\n'))
            }
            Spelling::Yaml => {
                let end = deep_end(body).max(key.end);
                let flow = body.entries().is_empty() || self.is_flow(body);
                (key.start..end, key.end..end, flow)
            }
        };
        let (statements, marks) = self.statements(word, body);
        let mut body = Body { word, statements, inline, marks };
        order_head(&mut body);
        body.inline |= body.head() == body.statements.len();
        let closed = self.spelling == Spelling::Own || inline;
        Piece { word: None, key: name, value: Value::Body(body), notes: Notes::default(), range, inside, closed }
    }

    fn statements(&self, word: Word, body: &Node) -> (Vec<Statement>, Vec<Range<usize>>) {
        let mut statements = Vec::new();
        let mut marks = Vec::new();
        for entry in body.entries() {
            let Some(attribute) = schema::attribute(word, &entry.key.value) else { continue };
            if is_group(attribute.shape) && self.spelling == Spelling::Yaml {
                marks.push(entry.key.span.range());
            }
            match attribute.shape {
                Shape::Items(inner) => {
                    let items = entry.value.entries().iter();
                    let items = items.map(|it| self.item(inner, it.key.value.clone(), it.key.span.range(), &it.value));
                    statements.extend(items.map(|piece| Statement { attribute, piece }));
                }
                Shape::Norms => {
                    let single = !matches!(entry.value.kind, Kind::List(_));
                    for item in entry.value.items() {
                        let mut piece = self.value(String::new(), item.span.range(), item);
                        // The one mapping of `norms:` stands behind its key.
                        if single && self.spelling == Spelling::Yaml {
                            piece.range.start = entry.key.span.range().start;
                            marks.pop();
                        }
                        statements.push(Statement { attribute, piece });
                    }
                }
                shape if is_group(shape) => {
                    let pieces = entry.value.entries().iter().map(|it| {
                        let mut piece = self.entry(it);
                        if shape == Shape::Rows && self.spelling == Spelling::Own {
                            // The brace that closes it belongs to it.
                            piece.range.end = closing(self.text, piece.range.end);
                            piece.inside.end = piece.range.end;
                        }
                        piece
                    });
                    statements.extend(pieces.map(|piece| Statement { attribute, piece }));
                }
                _ => {
                    let mut piece = self.entry(entry);
                    piece.key.clear();
                    statements.push(Statement { attribute, piece });
                }
            }
        }
        statements.sort_by_key(|it| it.piece.range.start);
        // Statements that add up may stand apart: none reaches over the next.
        for at in 1..statements.len() {
            let start = statements[at].piece.range.start;
            let before = &mut statements[at - 1].piece;
            before.range.end = before.range.end.min(start).max(before.range.start);
            before.inside.end = before.inside.end.min(before.range.end).max(before.inside.start);
        }
        statements.iter_mut().for_each(|it| settle(it.attribute.shape, &mut it.piece));
        (statements, marks)
    }

    fn entry(&self, entry: &Entry) -> Piece {
        self.value(entry.key.value.clone(), entry.key.span.range(), &entry.value)
    }

    fn value(&self, key: String, place: Range<usize>, node: &Node) -> Piece {
        let value = match &node.kind {
            Kind::Absent | Kind::Refused => Value::Absent,
            Kind::Scalar(scalar) => Value::Text(Text { text: scalar.text.clone(), start: node.span.start as usize, comments: Vec::new() }),
            Kind::List(items) => Value::List(items.iter().map(|it| self.value(String::new(), it.span.range(), it)).collect()),
            Kind::Map(entries) => Value::Map(entries.iter().map(|it| self.entry(it)).collect()),
        };
        let start = place.start.min(node.span.start as usize);
        let end = deep_end(node).max(place.end);
        let inside = if key.is_empty() { node.span.start as usize } else { place.end }.min(end);
        let closed = self.spelling == Spelling::Own || self.is_flow(node) || matches!(value, Value::Text(_));
        Piece { word: None, key, value, notes: Notes::default(), range: start..end, inside: inside..end, closed }
    }

    /// Whether a value of YAML stands between brackets.
    fn is_flow(&self, node: &Node) -> bool {
        self.text[node.span.range()].starts_with(['{', '['])
    }
}

/// What stands between the braces of an item, or nothing at its end.
fn block(text: &str, start: usize, end: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < end {
        match bytes[at] {
            b'"' => {
                at += 1;
                while at < end && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
            }
            b'#' => at = text[at..end].find('\n').map_or(end, |it| at + it),
            b'{' => return at + 1..end - 1,
            _ => {}
        }
        at += 1;
    }
    end..end
}

/// Behind the brace that closes what ends here.
fn closing(text: &str, from: usize) -> usize {
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        let said = line.split('#').next().unwrap_or_default();
        if let Some(brace) = said.find('}') {
            return at + brace + 1;
        }
        at += line.len();
    }
    from
}

/// Where the last thing within a value ends.
fn deep_end(node: &Node) -> usize {
    let inner = match &node.kind {
        Kind::List(items) => items.iter().map(deep_end).max(),
        Kind::Map(entries) => entries.iter().map(|it| deep_end(&it.value).max(it.key.span.end as usize)).max(),
        _ => None,
    };
    inner.unwrap_or(0).max(node.span.end as usize)
}

/// What stands in the head of an item comes first, in both spellings.
fn order_head(body: &mut Body) {
    let like = body.get("like").is_some();
    let rank = |it: &Statement| match it.attribute.key {
        _ if !in_head(it, like) => 4,
        "kind" => 0,
        "title" => 1,
        "like" => 2,
        _ => 3,
    };
    body.statements.sort_by_key(rank);
}

/// Of several ways to say the same, the one that is printed.
fn settle(shape: Shape, piece: &mut Piece) {
    match shape {
        Shape::Flag if matches!(piece.value, Value::Absent) => {
            piece.value = Value::Text(Text { text: "true".to_owned(), ..Text::default() });
        }
        Shape::Titled | Shape::Themes => settle_titled(piece),
        Shape::Columns => {
            if matches!(piece.value, Value::Text(_)) {
                let value = std::mem::replace(&mut piece.value, Value::Absent);
                piece.value = Value::Map(vec![inner("title", value, piece)]);
            }
            if let Value::Map(keys) = &mut piece.value {
                keys.sort_by_key(|it| match it.key.as_str() {
                    "title" => 0,
                    "expression" => 2,
                    _ => 1,
                });
            }
        }
        Shape::Expectations(_) => {
            for it in piece.children_mut() {
                if let Value::Map(keys) = &mut it.value {
                    keys.sort_by_key(|it| it.key != "value");
                }
            }
        }
        Shape::Record(keys) if keys.first() == Some(&"on") => {
            if let Value::Map(entries) = &mut piece.value {
                entries.sort_by_key(|it| it.key != "on");
            }
        }
        _ => {}
    }
    // A row of one value is a row all the same.
    if !matches!(shape, Shape::Norms | Shape::Rows) {
        single(piece);
    }
}

/// A team or theme with a title alone is its title; titles by language stand under `title`.
fn settle_titled(piece: &mut Piece) {
    let Value::Map(entries) = &mut piece.value else { return };
    if entries.len() == 1 && entries[0].key == "title" && entries[0].text().is_some() && !entries[0].notes.any() {
        piece.value = std::mem::replace(&mut entries[0].value, Value::Absent);
        return;
    }
    let record = entries.iter().any(|it| matches!(it.key.as_str(), "title" | "color" | "description"));
    if !record && !entries.is_empty() {
        let languages = Value::Map(std::mem::take(entries));
        piece.value = Value::Map(vec![inner("title", languages, piece)]);
    }
}

fn inner(key: &str, value: Value, piece: &Piece) -> Piece {
    let (range, inside) = (piece.inside.clone(), piece.inside.clone());
    Piece { word: None, key: key.to_owned(), value, notes: Notes::default(), range, inside, closed: piece.closed }
}

/// A list of one is the one; a mapping of nothing is nothing.
fn single(piece: &mut Piece) {
    match &mut piece.value {
        Value::List(items) if items.len() == 1 => {
            let only = items.remove(0);
            piece.value = only.value;
        }
        Value::List(items) if items.is_empty() => piece.value = Value::Absent,
        Value::Map(entries) if entries.is_empty() => piece.value = Value::Absent,
        _ => {}
    }
    if !matches!(piece.value, Value::Body(_)) {
        piece.children_mut().into_iter().for_each(single);
    }
}
