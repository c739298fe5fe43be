//! What does a file say still, that it said before? Of that nothing is parsed again; what moved is as it was, elsewhere.

use super::expr::{Argument, Expr, ExprKind, Path};
use super::node::{Entry, Kind, Node, Places};
use super::{Document, Item};
use crate::source::{Span, Spanned};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// A file of Peil's own spelling as it was cut into items: of two stretches with the same letters, the same item is read.
#[derive(Clone, Debug, Default)]
pub(super) struct Pieces {
    /// The text, laid out as it is parsed.
    pub text: String,
    /// The bytes of each item that nothing was said of, with its place among the items.
    pub sound: Vec<(Range<usize>, usize)>,
}

/// What a file said when it was read before.
pub(super) struct Earlier<'d> {
    document: &'d Document,
    /// Sound items by their text.
    pieces: HashMap<&'d str, (usize, usize)>,
    /// Items by the first byte of their name.
    places: HashMap<u32, usize>,
}

/// An item that was read before, and by how many bytes it has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moved(i64);

impl<'d> Earlier<'d> {
    /// The document that the same file gave before, under the same number.
    pub fn of(document: &'d Document) -> Earlier<'d> {
        let Pieces { text, sound } = &document.pieces;
        let pieces = sound.iter().map(|(range, at)| (&text[range.clone()], (range.start, *at))).collect();
        let places = document.items.iter().enumerate().map(|(at, it)| (it.name.span.start, at)).collect();
        Earlier { document, pieces, places }
    }

    /// The item that this text gave, in which nothing was wrong; the text begins at this byte now.
    pub fn read(&self, text: &str, start: usize) -> Option<(Arc<Item>, Moved)> {
        let (before, at) = *self.pieces.get(text)?;
        let by = start as i64 - before as i64;
        let item = &self.document.items[at];
        Some((if by == 0 { Arc::clone(item) } else { Arc::new(moved_item(item, by)) }, Moved(by)))
    }

    /// The item that is the same in all, its place included.
    pub fn same(&self, item: &Item) -> Option<Arc<Item>> {
        let known = &self.document.items[*self.places.get(&item.name.span.start)?];
        (**known == *item).then(|| Arc::clone(known))
    }

    /// The formula at a place of an item that was read before; `None` where there was none, or none that could be read.
    pub fn formula(&self, span: Span, Moved(by): Moved) -> Option<Arc<Expr>> {
        let known = self.document.formulas.at(span.moved(-by))?.as_ref()?;
        Some(if by == 0 { Arc::clone(known) } else { Arc::new(moved_expr(known, by)) })
    }
}

impl Moved {
    /// For an item that stands where it stood.
    pub const NOT: Moved = Moved(0);
}

// Every field is named below, so that a new one with a place in it cannot be forgotten.

fn moved_name(it: &Spanned<String>, by: i64) -> Spanned<String> {
    Spanned { value: it.value.clone(), span: it.span.moved(by) }
}

fn moved_item(item: &Item, by: i64) -> Item {
    let Item { word, name, body } = item;
    Item { word: *word, name: moved_name(name, by), body: moved_node(body, by) }
}

fn moved_node(node: &Node, by: i64) -> Node {
    let Node { span, kind } = node;
    let kind = match kind {
        Kind::Scalar(super::Scalar { text, quoted, places }) => {
            let moved = |it: &u32| (i64::from(*it) + by) as u32;
            let places = match places {
                Places::From(start) => Places::From(moved(start)),
                Places::Each(places) => Places::Each(places.iter().map(moved).collect()),
            };
            Kind::Scalar(super::Scalar { text: text.clone(), quoted: *quoted, places })
        }
        Kind::List(list) => Kind::List(list.iter().map(|it| moved_node(it, by)).collect()),
        Kind::Map(entries) => {
            let moved = |Entry { key, value }: &Entry| Entry { key: moved_name(key, by), value: moved_node(value, by) };
            Kind::Map(entries.iter().map(moved).collect())
        }
        Kind::Absent => Kind::Absent,
        Kind::Refused => Kind::Refused,
    };
    Node { span: span.moved(by), kind }
}

fn moved_path(path: &Path, by: i64) -> Path {
    let Path { word, names } = path;
    Path { word: word.clone(), names: names.iter().map(|it| moved_name(it, by)).collect() }
}

fn moved_expr(expr: &Expr, by: i64) -> Expr {
    let one = |it: &Expr| Box::new(moved_expr(it, by));
    let all = |it: &[Expr]| it.iter().map(|it| moved_expr(it, by)).collect();
    let Expr { span, kind } = expr;
    let kind = match kind {
        ExprKind::Number { value, unit } => ExprKind::Number { value: *value, unit: unit.clone() },
        ExprKind::Text(text) => ExprKind::Text(text.clone()),
        ExprKind::Date(text) => ExprKind::Date(text.clone()),
        ExprKind::Path(path) => ExprKind::Path(moved_path(path, by)),
        ExprKind::Call { function, arguments, filter } => {
            let moved = |Argument { name, value }: &Argument| Argument {
                name: name.as_ref().map(|it| moved_name(it, by)),
                value: moved_expr(value, by),
            };
            let arguments = arguments.iter().map(moved).collect();
            ExprKind::Call { function: moved_path(function, by), arguments, filter: filter.as_deref().map(one) }
        }
        ExprKind::Prefix { not, of } => ExprKind::Prefix { not: *not, of: one(of) },
        ExprKind::Binary { operator, at, left, right } => {
            ExprKind::Binary { operator: *operator, at: at.moved(by), left: one(left), right: one(right) }
        }
        ExprKind::Between { of, low, high } => ExprKind::Between { of: one(of), low: one(low), high: one(high) },
        ExprKind::In { of, list } => ExprKind::In { of: one(of), list: all(list) },
        ExprKind::Test { of, blank, negated } => ExprKind::Test { of: one(of), blank: *blank, negated: *negated },
        ExprKind::Part { of, conditions } => ExprKind::Part { of: one(of), conditions: all(conditions) },
        ExprKind::AtLeast(parts) => ExprKind::AtLeast(*parts),
        ExprKind::List(list) => ExprKind::List(all(list)),
    };
    Expr { span: span.moved(by), kind }
}

/// An item while its file is read.
pub(super) struct Draft {
    pub item: Drafted,
    /// The bytes that it was parsed from, in Peil's own spelling.
    pub range: Range<usize>,
    /// Whether nothing was said of it.
    pub sound: bool,
}

/// Read now, or known.
pub(super) enum Drafted {
    New(Item),
    Known(Arc<Item>, Moved),
}

impl Draft {
    /// An item that was just read.
    pub fn new(item: Item, range: Range<usize>, sound: bool) -> Draft {
        Draft { item: Drafted::New(item), range, sound }
    }

    /// What it is, read or known.
    pub fn item(&self) -> &Item {
        match &self.item {
            Drafted::New(it) => it,
            Drafted::Known(it, _) => it,
        }
    }

    /// The item to keep: the one from before where it is the same.
    pub fn settled(self, earlier: Option<&Earlier<'_>>) -> (Arc<Item>, Option<Moved>) {
        match self.item {
            Drafted::Known(it, moved) => (it, Some(moved)),
            Drafted::New(it) => match earlier.and_then(|earlier| earlier.same(&it)) {
                Some(known) => (known, Some(Moved::NOT)),
                None => (Arc::new(it), None),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::source::{FileId, Sources};
    use crate::value::Diagnostics;

    #[test]
    fn what_moved_is_what_would_be_read_there() {
        let text = "kpi a \"A \\\"b\\\"\" {\n  formula share(s.x >= 4 where not (y in (\"p\", \"q\")) and z between 1 and -2)\n  norms worst 1, target 2\n}\n";
        let read = |text: &str| {
            let mut sources = Sources::default();
            let file = sources.add("a.peil".to_owned(), text.into());
            (super::super::read(&sources, file, &mut Diagnostics::default()), sources, file)
        };
        let (first, ..) = read(text);
        let (wanted, sources, file): (_, _, FileId) = read(&format!("# above\n{text}"));
        let again = super::super::read_again(&sources, file, Some(&first), &mut Diagnostics::default());
        assert_eq!(format!("{wanted:?}"), format!("{again:?}"));
        assert_ne!(format!("{first:?}"), format!("{again:?}"));
    }
}
