//! Which bytes does a source name, and which text is in them? Files found, decoded, and cut into records.

use crate::model::{Format, Source};
use crate::source::{DataError, DataFile, World};
use crate::value::{Code, Diagnostics, Fact};
use std::borrow::Cow;

/// A file of a source.
#[derive(Clone, Debug)]
pub struct Input {
    /// The path as it is shown.
    pub name: String,
    pub file: DataFile,
    /// Its place among the source's files: constants stand there.
    pub entry: usize,
}

/// The files of a source, in the order of writing, each pattern's by path.
pub fn inputs(source: &Source, world: &dyn World, out: &mut Diagnostics) -> Option<Vec<Input>> {
    let mut inputs = Vec::new();
    let mut complete = true;
    for (entry, files) in source.files.iter().enumerate() {
        match world.data(&source.folder, &files.pattern) {
            Ok(found) => inputs.extend(found.into_iter().map(|(name, file)| Input { name, file, entry })),
            Err(error) => {
                complete = false;
                let fact = match error {
                    DataError::Missing => Fact::at(Code::MissingFile, files.span),
                    DataError::Outside => Fact::at(Code::OutsideFile, files.span),
                    DataError::Unreadable(reason) => Fact::at(Code::UnreadableData, files.span).with("reason", reason),
                };
                let library = (!source.folder.is_empty()).then_some(&source.folder);
                out.push(fact.with("file", &files.pattern).with("source", &source.name).with_some("library", library));
            }
        }
    }
    complete.then_some(inputs)
}

/// The bytes of a file.
///
/// # Errors
/// The system's reason.
pub fn bytes(file: &DataFile) -> Result<Cow<'_, [u8]>, String> {
    match file {
        DataFile::Memory(bytes) => Ok(Cow::Borrowed(bytes)),
        #[expect(clippy::disallowed_methods, reason = "the path comes from the world, which confined it")]
        DataFile::Disk(path) => std::fs::read(path).map(Cow::Owned).map_err(|it| it.to_string()),
    }
}

/// The text of a file, decoded as the source says; a byte-order mark is left out.
///
/// # Errors
/// Why it cannot be text.
pub fn decode<'a>(bytes: Cow<'a, [u8]>, format: &Format) -> Result<Cow<'a, str>, String> {
    if let Some(encoding) = format.encoding.as_deref().and_then(crate::source::encoding) {
        let (text, _, broken) = encoding.decode(&bytes);
        if broken {
            return Err(format!("not {}", encoding.name()));
        }
        return Ok(Cow::Owned(text.into_owned()));
    }
    let text = match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|it| it.valid_up_to()),
        Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|it| it.utf8_error().valid_up_to()),
    };
    let text = text.map_err(|at| format!("not UTF-8 at byte {at}"))?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => Cow::Owned(rest.to_owned()),
        None => text,
    })
}
