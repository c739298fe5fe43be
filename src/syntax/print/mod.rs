//! Which text says a document in its canonical form (`fmt`), or in the other spelling (`convert`)?
//!
//! Both spellings are read into one layout: items, what is said of them, and the comments and blank lines between.
//! Each spelling has a printer of that layout. What is printed is read again before it is given: it says the same, or
//! nothing is given.

mod comments;
mod dsl;
mod formula;
mod layout;
mod run;
mod yaml;

use super::yaml as reader;
use super::{Word, read};
use crate::source::{FileId, Sources};
use crate::value::{Code, Diagnostics, Severity};
use layout::{Piece, Sheet, Value};

/// One of the two spellings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// Peil's own: `.peil`.
    Own,
    /// YAML: `.yaml`, `.yml`.
    Yaml,
}

impl Spelling {
    /// The spelling that a file's name tells.
    pub fn of(path: &str) -> Option<Spelling> {
        if path.ends_with(".peil") {
            Some(Spelling::Own)
        } else if path.ends_with(".yaml") || path.ends_with(".yml") {
            Some(Spelling::Yaml)
        } else {
            None
        }
    }
}

/// Why a text was not printed.
#[derive(Debug)]
pub enum Refused {
    /// It has faults of syntax, unknown keys and the like: these.
    Faults(Diagnostics),
    /// A name stands twice, which YAML has no way to say.
    Twice,
    /// What would be printed does not say the same: a fault of ours.
    Differs,
}

/// The canonical text of a file in the spelling asked for, which may be its own.
///
/// # Errors
/// [`Refused`], where the file has faults: it is left as it is.
pub fn print(text: &str, from: Spelling, to: Spelling) -> Result<String, Refused> {
    let sheet = sheet(text, from).map_err(Refused::Faults)?;
    let meaning = meaning(&sheet);
    let printed = match to {
        Spelling::Own => dsl::print(sheet),
        Spelling::Yaml => yaml::print(sheet),
    };
    match self::sheet(&printed, to) {
        Ok(again) if self::meaning(&again) == meaning => Ok(printed),
        Err(found) if found.iter().any(|it| it.code == Code::DuplicateKey) => Err(Refused::Twice),
        _ => Err(Refused::Differs),
    }
}

/// The layout of a text, with its comments.
fn sheet(text: &str, spelling: Spelling) -> Result<Sheet, Diagnostics> {
    let mut sources = Sources::default();
    let path = if spelling == Spelling::Own { "project.peil" } else { "peil.yaml" };
    let file = sources.add(path.to_owned(), text.into());
    let mut found = Diagnostics::default();
    let document = read(&sources, file, &mut found);
    if found.iter().any(|it| it.severity == Severity::Error) {
        return Err(found);
    }
    let (marks, comments) = match spelling {
        Spelling::Own => (Vec::new(), comments::of_own(text)),
        Spelling::Yaml => {
            let root = reader::read(FileId(0), text, &mut Diagnostics::default()).root;
            let words = root.iter().flat_map(|it| it.entries()).filter(|it| Word::from_name(&it.key.value) != Some(Word::Project));
            let marks = words.map(|it| it.key.span.range()).collect();
            (marks, reader::comments(text).into_iter().map(|it| comments::comment(text, it)).collect())
        }
    };
    let mut sheet = layout::sheet(&document, marks, text, spelling);
    comments::weave(&mut sheet, text, &comments, spelling);
    Ok(sheet)
}

/// What a layout says, without its comments: equal for texts that say the same.
fn meaning(sheet: &Sheet) -> String {
    let mut bare = sheet.clone();
    bare.tail.clear();
    bare.items.iter_mut().for_each(strip);
    yaml::print(bare)
}

fn strip(piece: &mut Piece) {
    piece.notes = layout::Notes::default();
    match &mut piece.value {
        Value::Text(text) => text.comments.clear(),
        Value::Body(body) => body.inline = false,
        _ => {}
    }
    piece.children_mut().into_iter().for_each(strip);
}

/// Whether an item stays on one line: it was on one, and fits in both spellings.
fn is_inline(piece: &Piece, key: Option<&str>, depth: usize) -> bool {
    let Value::Body(body) = &piece.value else { return false };
    body.inline
        && dsl::inline(piece, key.or(Some(body.word.name()))).is_some_and(|it| dsl::fits(&it, depth))
        && yaml::inline(piece).is_some_and(|it| yaml::fits(&it, body.word, depth))
}
