//! Text -> [`Document`]: what was written, in one shape for both spellings, with every fault of syntax.

mod again;
pub mod dsl;
mod editor;
pub mod expr;
mod foreign;
mod formulas;
mod meant;
mod node;
pub mod print;
pub mod quoting;
mod recover;
mod repair;
pub mod schema;
mod yaml;

pub use editor::json_schema;
pub use formulas::Formulas;
pub use meant::{Meant, meant};
pub use node::{Entry, Kind, Node, Places, Scalar};
pub use schema::{Shape, Word};

use self::again::{Draft, Drafted, Earlier, Pieces};
use crate::source::{FileId, Sources, Span, Spanned};
use crate::value::{Code, Diagnostics, Fact};
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// An item: a word, a name, and what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub word: Word,
    /// Its name; a project's is empty.
    pub name: Spanned<String>,
    /// A mapping with the keys of the word; keys that it does not have were reported and left out.
    pub body: Node,
}

/// What one file says.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// An item that is said again, at the same place, is the same `Arc` when the file is read again.
    pub items: Vec<Arc<Item>>,
    /// Names of items that could not be read: known, but broken.
    pub broken: Vec<Spanned<String>>,
    /// The formulas and conditions of the items, parsed.
    pub formulas: Formulas,
    /// What the file fell into, for the next reading.
    pieces: Pieces,
}

/// Reads a file in the spelling that its name tells.
pub fn read(sources: &Sources, file: FileId, out: &mut Diagnostics) -> Document {
    read_again(sources, file, None, out)
}

/// The same, for a file that gave this document before, under the same number and name: what it still says is not parsed
/// again. The answer is the one that `read` gives.
pub fn read_again(sources: &Sources, file: FileId, before: Option<&Document>, out: &mut Diagnostics) -> Document {
    let source = sources.file(file);
    let earlier = before.map(Earlier::of);
    let earlier = earlier.as_ref();
    let own = source.path.ends_with(".peil");
    let mut read = if own { from_dsl(file, &source.text, earlier, out) } else { from_yaml(file, &source.text, out) };
    let holds_project = crate::source::PROJECT_FILES.contains(&source.own_path());
    read.drafts.retain(|draft| {
        let item = draft.item();
        let misplaced = item.word == Word::Project && !holds_project;
        if misplaced {
            let fact = Fact::at(Code::MisplacedWord, item.name.span).with("word", "project");
            out.push(fact.with("files", "project.peil, peil.yaml"));
        }
        !misplaced
    });
    // Lints are read with those of the project and of the items.
    for draft in read.drafts.iter_mut().filter(|it| it.item().word != Word::Lint) {
        let Drafted::New(item) = &mut draft.item else { continue };
        let said = out.len();
        normalise(&mut item.name);
        check_body(item.word, &mut item.body, out);
        check_required(item, &source.text, out);
        draft.sound &= out.len() == said;
    }
    let mut document = Document { broken: read.broken, ..Document::default() };
    for draft in read.drafts {
        let (range, mut sound) = (draft.range.clone(), draft.sound);
        let (item, moved) = draft.settled(earlier);
        sound &= document.formulas.add(&item, earlier.zip(moved), out);
        if sound && own {
            document.pieces.sound.push((range, document.items.len()));
        }
        document.items.push(item);
    }
    document.formulas.sort();
    document.pieces.text = read.laid;
    document
}

/// What a file's text gave, before the values of the items are looked at.
#[derive(Default)]
struct Drafts {
    drafts: Vec<Draft>,
    broken: Vec<Spanned<String>>,
    /// The text, laid out, in Peil's own spelling.
    laid: String,
}

impl Drafts {
    /// Adds an item of YAML, which is read as a whole.
    fn push(&mut self, word: Word, name: Spanned<String>, body: Node) {
        self.drafts.push(Draft::new(Item { word, name, body }, 0..0, true));
    }
}

fn from_dsl(file: FileId, text: &str, earlier: Option<&Earlier<'_>>, out: &mut Diagnostics) -> Drafts {
    let read = dsl::read(file, text, earlier, out);
    let mut drafts = Drafts { drafts: Vec::with_capacity(read.items.len()), broken: read.broken, laid: read.laid };
    for dsl::Piece { range, item, sound } in read.items {
        let item = match item {
            dsl::Gave::Raw(item) => item,
            dsl::Gave::Known(item, moved) => {
                drafts.drafts.push(Draft { item: Drafted::Known(item, moved), range, sound });
                continue;
            }
        };
        let name = item.name.unwrap_or_else(|| Spanned::new(String::new(), item.body.span.at_start()));
        if !matches!(item.word, Word::Project | Word::Lint) && !valid_name(&name, out) {
            drafts.broken.push(name);
            continue;
        }
        drafts.drafts.push(Draft::new(Item { word: item.word, name, body: item.body }, range, sound));
    }
    drafts
}

fn from_yaml(file: FileId, text: &str, out: &mut Diagnostics) -> Drafts {
    let read = yaml::read(file, text, out);
    let mut document = Drafts::default();
    for span in &read.broken {
        for (at, name) in yaml::names_in(&text[span.range()]) {
            let start = span.start as usize + at;
            document.broken.push(Spanned::new(name.clone(), Span::new(file, start, start + name.len())));
        }
    }
    let whole = Span::new(file, 0, text.lines().next().map_or(0, str::len));
    let Some(root) = read.root else {
        return document;
    };
    let Kind::Map(entries) = &root.kind else {
        if !matches!(root.kind, Kind::Refused) {
            out.push(Fact::at(Code::NotAPeilFile, whole));
        }
        return document;
    };
    let known = entries.iter().any(|it| Word::from_name(&it.key.value).is_some());
    if !known && read.broken.is_empty() && !entries.is_empty() {
        // A word with a typing mistake is a mistake; a file of another tool is to be excluded.
        let near = entries.iter().any(|it| crate::value::nearest(&it.key.value, Word::names()).is_some());
        if !near {
            out.push(Fact::at(Code::NotAPeilFile, whole));
            return document;
        }
    }
    let Kind::Map(entries) = root.kind else { return document };
    for entry in entries {
        let Some(word) = Word::from_name(&entry.key.value) else {
            out.push(unknown_word(&entry.key));
            if let Kind::Map(items) = &entry.value.kind {
                document.broken.extend(items.iter().map(|it| it.key.clone()));
            }
            continue;
        };
        if word == Word::Project {
            let name = Spanned::new(String::new(), entry.key.span);
            document.push(word, name, entry.value);
            continue;
        }
        match entry.value.kind {
            Kind::Map(items) => {
                for item in items {
                    if word == Word::Lint || valid_name(&item.key, out) {
                        document.push(word, item.key, item.value);
                    }
                }
            }
            Kind::Refused | Kind::Absent => {}
            _ => {
                let fact = Fact::at(Code::WrongValue, entry.value.span).with("key", word.name());
                out.push(fact.with("expected", "items").with("found", entry.value.describe()));
            }
        }
    }
    document
}

/// The error for a word that is none of ours.
fn unknown_word(word: &Spanned<String>) -> Fact {
    let fact = Fact::at(Code::UnknownWord, word.span).with("word", &word.value);
    match foreign::word(&word.value) {
        Some(ours) => fact.with("similar", ours).mend(word.span, ours),
        None => fact.did_you_mean(&word.value, word.span, Word::names()),
    }
}

/// Whether a text is a name (R3): a letter, then letters, digits, `_`.
pub fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(char::is_alphabetic)
        && chars.all(|it| it.is_alphanumeric() || it == '_' || unicode_normalization::char::is_combining_mark(it))
}

fn valid_name(name: &Spanned<String>, out: &mut Diagnostics) -> bool {
    if is_name(&name.value) {
        return true;
    }
    let proposal: String = name.value.chars().map(|it| if it.is_alphanumeric() || it == '_' { it } else { '_' }).collect();
    let fact = Fact::at(Code::InvalidName, name.span).with("name", &name.value);
    out.push(match Some(proposal).filter(|it| is_name(it)) {
        Some(proposal) => fact.with("similar", &proposal).mend(name.span, proposal),
        None => fact,
    });
    false
}

fn normalise(name: &mut Spanned<String>) {
    if !name.value.is_ascii() {
        name.value = name.value.nfc().collect();
    }
}

/// What a key is called that no known one is near: no key is called so.
const UNKNOWN: &str = "?";

/// Reports keys that the word does not have, and values of another form than the key takes, and leaves them out.
fn check_body(word: Word, body: &mut Node, out: &mut Diagnostics) {
    match &mut body.kind {
        Kind::Map(entries) => {
            for entry in entries.iter_mut() {
                // An unknown key of the other spelling: it was reported where it was read.
                if entry.key.value == UNKNOWN && entry.value.is_refused() {
                    continue;
                }
                let Some(attribute) = schema::attribute(word, &entry.key.value) else {
                    let key = &entry.key.value;
                    let fact = Fact::at(Code::UnknownKey, entry.key.span).with("key", key).with("word", word.name());
                    let fact = match foreign::key(word, key) {
                        Some(ours) => fact.with("similar", ours).mend(entry.key.span, ours),
                        None => fact.did_you_mean(key, entry.key.span, schema::attributes(word).map(|it| it.key)),
                    };
                    // What was perhaps meant is known, but broken: nothing follows from its absence.
                    entry.key.value = fact.arg("similar").unwrap_or(UNKNOWN).to_owned();
                    entry.value.kind = Kind::Refused;
                    out.push(fact);
                    continue;
                };
                // A refused value was reported where it was refused.
                if !matches!(entry.value.kind, Kind::Refused) && !check_value(attribute, entry, out) {
                    entry.value.kind = Kind::Refused;
                }
            }
        }
        Kind::Absent => body.kind = Kind::Map(Vec::new()),
        Kind::Refused => {}
        _ => {
            let fact = Fact::at(Code::WrongValue, body.span).with("key", word.name());
            out.push(fact.with("expected", "mapping").with("found", body.describe()));
            body.kind = Kind::Refused;
        }
    }
}

/// Whether the value has a form that the attribute takes; what has not is reported.
fn check_value(attribute: &schema::Attribute, entry: &mut Entry, out: &mut Diagnostics) -> bool {
    let key = attribute.key.replace('_', " ");
    let value = &mut entry.value;
    if value.is_refused() {
        return false;
    }
    if attribute.shape == Shape::NotYet {
        out.push(Fact::at(Code::NotYet, entry.key.span).with("what", key));
        return false;
    }
    let written = match &value.kind {
        Kind::Scalar(scalar) => Some((scalar.text.clone(), scalar.quoted)),
        _ => None,
    };
    let mut wrong = |expected: &str, span: Span, found: String| {
        let fact = Fact::at(Code::WrongValue, span).with("key", &key).with("expected", expected).with("found", found);
        let meant = written.as_ref().and_then(|(text, quoted)| meant(expected, text, *quoted));
        out.push(with_meant(fact, span, meant));
    };
    let found = value.text().map_or_else(|| value.describe().to_owned(), |it| format!("`{it}`"));
    match attribute.shape {
        Shape::Text
        | Shape::Name
        | Shape::Formula
        | Shape::Condition
        | Shape::Number
        | Shape::Percent
        | Shape::Date
        | Shape::Length
        | Shape::Quantity
        | Shape::Reference => {
            let Kind::Scalar(scalar) = &value.kind else {
                wrong(expected(attribute.shape), value.span, found);
                return false;
            };
            let text = scalar.text.trim();
            let fits = match attribute.shape {
                Shape::Name => is_path(text),
                Shape::Number => text.parse::<f64>().is_ok_and(f64::is_finite) && !scalar.quoted,
                Shape::Percent => percent(text).is_some(),
                _ => !text.is_empty(),
            };
            if !fits {
                wrong(expected(attribute.shape), value.span, found);
            }
            fits
        }
        Shape::Choice(choices) => {
            let text = value.text().map(|it| it.split_whitespace().collect::<Vec<_>>().join(" "));
            let fits = text.as_deref().is_some_and(|it| choices.iter().any(|choice| *choice == it || choice.replace('_', " ") == it));
            if fits {
                return true;
            }
            let fact = Fact::at(Code::WrongValue, value.span).with("key", &key).with("expected", "choice");
            let fact = fact.with("found", found).with("choices", choices.join(", "));
            out.push(match &text {
                Some(text) => fact.did_you_mean(text, value.span, choices),
                None => fact,
            });
            false
        }
        Shape::Flag => {
            let fits = matches!(value.text(), Some("true" | "false")) || matches!(value.kind, Kind::Absent);
            if !fits {
                wrong("flag", value.span, found);
            }
            fits
        }
        Shape::Title => {
            let fits = match &value.kind {
                Kind::Scalar(_) => true,
                Kind::Map(entries) => entries.iter().all(|it| it.value.text().is_some()),
                _ => false,
            };
            if !fits {
                wrong("title", value.span, found);
            }
            fits
        }
        Shape::Names | Shape::References | Shape::Texts => {
            let fits = value.items().iter().all(|it| it.text().is_some()) && !value.items().is_empty();
            if !fits {
                wrong(expected(attribute.shape), value.span, found);
                return false;
            }
            if attribute.shape == Shape::Names {
                for item in value.items() {
                    let text = item.text().unwrap_or_default();
                    if !is_path(text.trim()) {
                        wrong("name", item.span, format!("`{text}`"));
                        return false;
                    }
                }
            }
            true
        }
        Shape::Items(word) => {
            let Kind::Map(items) = &mut value.kind else {
                wrong("items", value.span, found);
                return false;
            };
            let mut named: Vec<Entry> = Vec::new();
            for mut item in std::mem::take(items) {
                if valid_name(&item.key, out) {
                    normalise(&mut item.key);
                    check_body(word, &mut item.value, out);
                    named.push(item);
                }
            }
            if let Kind::Map(items) = &mut value.kind {
                *items = named;
            }
            true
        }
        Shape::Noted => {
            let fits = match &value.kind {
                Kind::Scalar(_) => true,
                Kind::Map(entries) => entries.len() == 1,
                _ => false,
            };
            if !fits {
                wrong("note", value.span, found);
            }
            fits
        }
        // A mapping, or for convenience a list or a single name.
        Shape::Edges(keys) => {
            to_map(value);
            edges_fit(value, keys, &key, out)
        }
        Shape::Uses => {
            to_map(value);
            edges_fit(value, &["as"], &key, out)
        }
        Shape::Rows => {
            let list = |it: &Entry| match &it.value.kind {
                Kind::List(lines) => !lines.is_empty(),
                kind => matches!(kind, Kind::Refused),
            };
            let fits = matches!(&value.kind, Kind::Map(entries) if entries.iter().all(list));
            if !fits {
                wrong("rows", value.span, found);
            }
            fits
        }
        Shape::Expectations(keys) => {
            let Kind::Map(entries) = &value.kind else {
                wrong("expectations", value.span, found);
                return false;
            };
            for entry in entries {
                match &entry.value.kind {
                    Kind::Map(inner) => report_unknown(inner, keys, &key, out),
                    Kind::Scalar(_) | Kind::Absent | Kind::Refused => {}
                    Kind::List(_) => {
                        let fact = Fact::at(Code::WrongValue, entry.value.span).with("key", &key).with("expected", "expectation");
                        out.push(fact.with("found", entry.value.describe()));
                    }
                }
            }
            true
        }
        Shape::Files => {
            to_map(value);
            let fits = matches!(value.kind, Kind::Map(_));
            if !fits {
                wrong("files", value.span, found);
            }
            fits
        }
        Shape::Record(keys) => {
            let Kind::Map(entries) = &value.kind else {
                wrong("mapping", value.span, found);
                return false;
            };
            report_unknown(entries, keys, &key, out);
            true
        }
        Shape::Links(keys) => {
            let Kind::Map(entries) = &value.kind else {
                wrong("mapping", value.span, found);
                return false;
            };
            for entry in entries {
                report_unknown(entry.value.entries(), keys, &key, out);
            }
            true
        }
        Shape::Margins => {
            let Kind::Map(entries) = &value.kind else {
                wrong("margins", value.span, found);
                return false;
            };
            for entry in entries {
                let fits = |it: &Node| matches!(&it.kind, Kind::Map(levels) if !levels.is_empty() && levels.iter().all(|it| matches!(it.value.kind, Kind::Scalar(_) | Kind::Refused)));
                if !fits(&entry.value) && !matches!(entry.value.kind, Kind::Refused) {
                    let fact = Fact::at(Code::WrongValue, entry.value.span).with("key", &key).with("expected", "margins");
                    out.push(fact.with("found", entry.value.describe()));
                }
            }
            true
        }
        Shape::Columns => {
            let Kind::Map(entries) = &value.kind else {
                wrong("columns", value.span, found);
                return false;
            };
            for entry in entries {
                report_unknown(entry.value.entries(), schema::COLUMN_KEYS, "column", out);
            }
            true
        }
        Shape::Titled | Shape::Themes | Shape::Values | Shape::Lints | Shape::Takes => {
            let fits = matches!(value.kind, Kind::Map(_));
            if !fits {
                wrong("mapping", value.span, found);
            }
            fits
        }
        Shape::Parts(keys) => {
            let Kind::Map(entries) = &value.kind else {
                wrong("parts", value.span, found);
                return false;
            };
            for entry in entries {
                match &entry.value.kind {
                    Kind::Map(inner) => report_unknown(inner, keys, &key, out),
                    Kind::Absent | Kind::Refused => {}
                    _ => {
                        let fact = Fact::at(Code::WrongValue, entry.value.span).with("key", &key).with("expected", "mapping");
                        out.push(fact.with("found", entry.value.describe()));
                    }
                }
            }
            true
        }
        Shape::Quantities(keys) => {
            let Kind::Map(entries) = &value.kind else {
                wrong("quantities", value.span, found);
                return false;
            };
            for entry in entries {
                match &entry.value.kind {
                    Kind::Map(inner) => report_unknown(inner, keys, &key, out),
                    Kind::Scalar(_) | Kind::Refused => {}
                    _ => {
                        let fact = Fact::at(Code::WrongValue, entry.value.span).with("key", &key).with("expected", "quantity");
                        out.push(fact.with("found", entry.value.describe()));
                    }
                }
            }
            true
        }
        Shape::Norms => {
            let items = value.items();
            let fits = !items.is_empty() && items.iter().all(|it| matches!(it.kind, Kind::Map(_)));
            if !fits {
                wrong("norms", value.span, found);
                return false;
            }
            for item in items {
                report_unknown(item.entries(), &["worst", "threshold", "target", "from", "until", "where"], &key, out);
            }
            true
        }
        Shape::NotYet => false,
    }
}

/// A finding with the value that was perhaps meant.
pub fn with_meant(fact: Fact, span: Span, meant: Option<Meant>) -> Fact {
    match meant {
        Some(Meant { text, bare: true }) => fact.with("similar", &text).rewrite(span, text),
        Some(Meant { text, .. }) => fact.with("similar", &text).mend(span, text),
        None => fact,
    }
}

fn report_unknown(entries: &[Entry], keys: &[&str], of: &str, out: &mut Diagnostics) {
    for entry in entries {
        let key = entry.key.value.as_str();
        if !keys.contains(&key) {
            let fact = Fact::at(Code::UnknownKey, entry.key.span).with("key", key).with("word", of);
            out.push(fact.did_you_mean(key, entry.key.span, keys));
        }
    }
}

fn edges_fit(value: &Node, keys: &[&str], key: &str, out: &mut Diagnostics) -> bool {
    let Kind::Map(entries) = &value.kind else {
        let fact = Fact::at(Code::WrongValue, value.span).with("key", key).with("expected", "names");
        out.push(fact.with("found", value.describe()));
        return false;
    };
    for entry in entries {
        match &entry.value.kind {
            Kind::Map(inner) => report_unknown(inner, keys, key, out),
            Kind::Absent | Kind::Refused => {}
            _ => {
                let fact = Fact::at(Code::WrongValue, entry.value.span).with("key", key).with("expected", "mapping");
                out.push(fact.with("found", entry.value.describe()));
            }
        }
    }
    true
}

/// A single name or a list of names as a mapping from names to nothing.
fn to_map(value: &mut Node) {
    let names: Vec<Spanned<String>> = match &value.kind {
        Kind::Scalar(_) => value.spanned().into_iter().collect(),
        Kind::List(items) if items.iter().all(|it| it.text().is_some()) => items.iter().filter_map(Node::spanned).collect(),
        _ => return,
    };
    let entries = names.into_iter().map(|key| Entry { value: Node { span: key.span, kind: Kind::Absent }, key });
    value.kind = Kind::Map(entries.collect());
}

fn expected(shape: Shape) -> &'static str {
    match shape {
        Shape::Text => "text",
        Shape::Name => "name",
        Shape::Names | Shape::References => "names",
        Shape::Texts => "texts",
        Shape::Formula => "formula",
        Shape::Condition => "condition",
        Shape::Number => "number",
        Shape::Percent => "percentage",
        Shape::Quantity => "quantity",
        Shape::Reference => "kpi",
        Shape::Date => "date",
        Shape::Length => "length",
        _ => "value",
    }
}

fn is_path(text: &str) -> bool {
    let rest = text.split_once(':').map_or(text, |(word, rest)| if is_name(word) { rest } else { "" });
    rest.split('.').all(is_name)
}

/// The number of `60 %`.
pub fn percent(text: &str) -> Option<f64> {
    text.strip_suffix('%')?.trim().parse().ok().filter(|it: &f64| it.is_finite())
}

fn check_required(item: &Item, text: &str, out: &mut Diagnostics) {
    let Kind::Map(entries) = &item.body.kind else { return };
    for attribute in schema::attributes(item.word).filter(|it| it.required) {
        let said = |key: &str| entries.iter().any(|it| it.key.value == key && it.value.text() != Some("false"));
        // What is planned has no files yet (R27).
        let written = said(attribute.key) || (item.word == Word::Source && attribute.key == "files" && said("planned"));
        // A key that was written and refused was reported.
        let reported = || {
            out.iter().filter_map(|it| it.span).any(|span| {
                let body = item.body.span;
                span.file == body.file && span.start >= body.start && span.end <= body.end
            })
        };
        if !written && !reported() {
            let fact = Fact::at(Code::MissingKey, item.name.span).with("key", attribute.key.replace('_', " "));
            let fact = fact.with("word", item.word.name()).with("name", &item.name.value);
            out.push(if attribute.key == "peil" { with_edition(fact, item, text) } else { fact });
        }
    }
}

/// The finding of a project without its edition, with where to say it: there is only one.
fn with_edition(fact: Fact, item: &Item, text: &str) -> Fact {
    let file = item.body.span.file;
    let insert = |at: usize, said: String| fact.clone().rewrite(Span::new(file, at, at), said);
    let range = item.body.span.range();
    let first = item.body.entries().iter().map(|it| it.key.span.start as usize).min();
    let Some(body) = text.get(range.clone()) else { return fact };
    let own = body.starts_with("project");
    if !own {
        let Some(first) = first else { return fact };
        let line = &text[text[..first].rfind('\n').map_or(0, |it| it + 1)..first];
        let block = line.trim().is_empty();
        return insert(first, if block { format!("peil: 1\n{line}") } else { "peil: 1, ".to_owned() });
    }
    // The brace of the block: one in the title is between quotes.
    let mut quoted = false;
    let brace = body.char_indices().find(|(at, it)| {
        quoted ^= *it == '"' && !body[..*at].ends_with('\\');
        *it == '{' && !quoted
    });
    match brace {
        None => insert(range.start + body.trim_end().len(), " { peil 1 }".to_owned()),
        Some((at, _)) => {
            let rest = &body[at + 1..];
            let line = rest.split('\n').next().unwrap_or("");
            let said = if line.trim().is_empty() && rest.contains('\n') { "\n  peil 1" } else { " peil 1;" };
            insert(range.start + at + 1, said.to_owned())
        }
    }
}
