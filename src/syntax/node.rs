//! What do both spellings have in common? A tree of nodes with raw scalars, each with its place.

use crate::source::{FileId, Span, Spanned};

/// A node of a document, in the shape that the YAML spelling has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub span: Span,
    pub kind: Kind,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, not yet read as anything.
    Scalar(Scalar),
    /// Values in order of writing.
    List(Vec<Node>),
    /// Names and values in order of writing.
    Map(Vec<Entry>),
    /// Nothing was written: `a:`.
    Absent,
    /// Something stood here that is refused, and was reported.
    Refused,
}

/// A name with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: Spanned<String>,
    pub value: Node,
}

/// Text as its reader meant it, with the way back to where each byte of it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    pub text: String,
    /// Whether it was written between quotes: then it is text, never a number or a name.
    pub quoted: bool,
    pub places: Places,
}

/// Where the bytes of a decoded text stand in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Places {
    /// Side by side, from this byte on.
    From(u32),
    /// Each byte of the text, and the end, at a place of its own.
    Each(Vec<u32>),
}

impl Scalar {
    /// A stretch of the text, each byte of it with its place.
    pub fn part(&self, range: std::ops::Range<usize>) -> Scalar {
        let places = match &self.places {
            Places::From(start) => Places::From(start + range.start as u32),
            Places::Each(places) => Places::Each(places.get(range.start..=range.end).unwrap_or_default().to_vec()),
        };
        Scalar { text: self.text[range].to_owned(), quoted: self.quoted, places }
    }

    /// The stretch of the file that a stretch of the text stands in.
    pub fn span(&self, file: FileId, range: std::ops::Range<usize>) -> Span {
        match &self.places {
            Places::From(start) => Span::new(file, *start as usize + range.start, *start as usize + range.end),
            Places::Each(places) => {
                let at = |it: usize| places.get(it).or(places.last()).copied().unwrap_or(0) as usize;
                // The end of the last byte: an escape is longer in the file than in the text.
                let end = if range.end > range.start { at(range.end).max(at(range.end - 1) + 1) } else { at(range.start) };
                Span::new(file, at(range.start), end)
            }
        }
    }
}

impl Node {
    /// A node for text that stands in the file as it is.
    pub fn plain(span: Span, text: &str) -> Node {
        let scalar = Scalar { text: text.to_owned(), quoted: false, places: Places::From(span.start) };
        Node { span, kind: Kind::Scalar(scalar) }
    }

    /// The text, if this is a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// The text with its place, if this is a scalar.
    pub fn spanned(&self) -> Option<Spanned<String>> {
        self.text().map(|it| Spanned::new(it.to_owned(), self.span))
    }

    /// The entries, if this is a mapping; none otherwise.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The value of a key, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|it| it.key.value == key).map(|it| &it.value)
    }

    /// The values of a list; one value stands for a list of one (R1).
    pub fn items(&self) -> Vec<&Node> {
        match &self.kind {
            Kind::List(items) => items.iter().collect(),
            Kind::Absent | Kind::Refused => Vec::new(),
            _ => vec![self],
        }
    }

    /// Whether something refused stood here: it was reported, and raises nothing more.
    pub fn is_refused(&self) -> bool {
        matches!(self.kind, Kind::Refused)
    }

    /// What it is, for a message: `text`, `list`, `mapping`.
    pub fn describe(&self) -> &'static str {
        match self.kind {
            Kind::Scalar(_) => "text",
            Kind::List(_) => "list",
            Kind::Map(_) => "mapping",
            Kind::Absent => "nothing",
            Kind::Refused => "refused",
        }
    }
}
