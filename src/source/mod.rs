//! What did the user write, byte for byte, and how is a place in it pointed at? Also: what is there outside, the `World`.

mod disk;
mod memory;
mod overlay;

pub use disk::{DiskWorld, PROJECT_FILES};
pub use memory::MemoryWorld;
pub use overlay::Overlay;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// The encoding of text that a name stands for: `windows-1252`.
pub fn encoding(name: &str) -> Option<&'static encoding_rs::Encoding> {
    encoding_rs::Encoding::for_label(name.as_bytes())
}

/// A file among the project's files, by its number in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A stretch of one file's text, in bytes, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// The stretch from `start` to `end`.
    pub fn new(file: FileId, start: usize, end: usize) -> Span {
        // Files over 4 GiB are refused long before (MAX_FILE_BYTES).
        Span { file, start: start as u32, end: end as u32 }
    }

    /// The stretch from this one's start to the other's end.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span { end: other.end.max(self.end), ..self }
    }

    /// The empty stretch at the start.
    #[must_use]
    pub fn at_start(self) -> Span {
        Span { end: self.start, ..self }
    }

    /// The stretch so many bytes further on.
    #[must_use]
    pub fn moved(self, by: i64) -> Span {
        let moved = |it: u32| (i64::from(it) + by) as u32;
        Span { start: moved(self.start), end: moved(self.end), ..self }
    }

    /// The bytes of a file's text.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value with the place where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value at a place.
    pub fn new(value: T, span: Span) -> Spanned<T> {
        Spanned { value, span }
    }
}

/// The largest definition file that is read.
pub const MAX_FILE_BYTES: usize = 16 << 20;

/// A file of definitions.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path from the project's root, with `/`.
    pub path: String,
    /// What it holds; invalid UTF-8 is replaced, and said.
    pub text: Arc<str>,
    /// How many bytes of the path lead to the folder of its own project.
    within: usize,
    /// Where its lines start, once somebody asks: many findings in a large file ask often.
    lines: OnceLock<Vec<u32>>,
}

impl SourceFile {
    /// The path from the folder of its own project.
    pub fn own_path(&self) -> &str {
        &self.path[self.within..]
    }
}

/// All files of definitions of a project, in the order of their paths.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file of the user's own project.
    pub fn add(&mut self, path: String, text: Arc<str>) -> FileId {
        self.add_in("", path, text)
    }

    /// Adds a file of the project in a folder; the path begins with the folder.
    pub fn add_in(&mut self, folder: &str, path: String, text: Arc<str>) -> FileId {
        let within = path.strip_prefix(folder).map_or(0, |it| path.len() - it.trim_start_matches('/').len());
        self.files.push(SourceFile { path, text, within, lines: OnceLock::new() });
        FileId(self.files.len() as u32 - 1)
    }

    /// The file with this number.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(at, file)| (FileId(at as u32), file))
    }

    /// The text of a stretch.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.range()).unwrap_or("")
    }

    /// Line and column of a byte, both from 1; columns count characters.
    pub fn line_column(&self, file: FileId, byte: u32) -> (usize, usize) {
        let (line, before) = self.line_until(file, byte);
        (line, before.chars().count() + 1)
    }

    /// The line of a byte, from 1, and what stands in this line before it.
    pub fn line_until(&self, file: FileId, byte: u32) -> (usize, &str) {
        let SourceFile { text, lines, .. } = self.file(file);
        let mut byte = (byte as usize).min(text.len());
        while !text.is_char_boundary(byte) {
            byte -= 1;
        }
        let lines = lines.get_or_init(|| {
            let ends = text.bytes().enumerate().filter(|it| it.1 == b'\n');
            std::iter::once(0).chain(ends.map(|it| it.0 as u32 + 1)).collect()
        });
        let line = lines.partition_point(|it| *it as usize <= byte);
        let start = lines[line - 1] as usize;
        // The mark of the byte order is no character of the text.
        (line, text[start..byte].trim_start_matches('\u{feff}'))
    }
}

/// A file of data, opened.
#[derive(Clone, Debug)]
pub enum DataFile {
    /// A file on disk, its path already checked to lie within an allowed root.
    Disk(PathBuf),
    /// Bytes in memory: tests and inline rows.
    Memory(Arc<[u8]>),
}

impl DataFile {
    /// Its bytes, one after the other.
    ///
    /// # Errors
    /// The system's reason.
    pub fn open(&self) -> std::io::Result<Box<dyn std::io::Read + '_>> {
        Ok(match self {
            DataFile::Memory(bytes) => Box::new(&bytes[..]),
            #[expect(clippy::disallowed_methods, reason = "the path comes from the world, or is what the user named")]
            DataFile::Disk(path) => Box::new(std::fs::File::open(path)?),
        })
    }
}

/// Why a path of data was not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataError {
    /// No file has this name, or none matches the pattern.
    Missing,
    /// The path leaves the project and the data roots.
    Outside,
    /// The system refused, with its reason.
    Unreadable(String),
}

/// A library as the world finds it.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its folder from the root of the user's project, with `/`: the same by whatever way it is reached.
    pub folder: String,
    /// Its files of definitions; their paths begin with the folder.
    pub definitions: Vec<Listed>,
}

/// Why a library was not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LibraryError {
    /// There is no such folder.
    Missing,
    /// The folder holds no project file.
    NoProject,
    /// The path leaves the repository.
    Outside,
    /// The user's project lies in no repository.
    NoRepository,
}

/// A file of definitions as the world lists it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The path from the project's root, with `/`.
    pub path: String,
    /// The text, or why there is none.
    pub text: Result<Arc<str>, String>,
}

/// The folder of a project that holds what its reports are dressed with: templates, style sheets, logos.
pub const TEMPLATES: &str = "templates";

/// A file of the folder `templates`.
#[derive(Clone, Debug)]
pub struct TemplateFile {
    /// Its path from that folder, with `/`.
    pub name: String,
    /// What it holds, or why it cannot be read.
    pub bytes: Result<Arc<[u8]>, String>,
}

/// The largest file of the folder `templates` that is read.
pub const MAX_TEMPLATE_BYTES: usize = 1 << 20;

/// Everything outside the program that figures may depend on.
pub trait World: Sync {
    /// The project's files of definitions (R2), ordered by path.
    fn definitions(&self) -> Vec<Listed>;

    /// The library at a path from the folder of the project that uses it; that folder is empty for the user's own.
    ///
    /// # Errors
    /// [`LibraryError`]; a library stays inside the repository that the user's project lies in.
    fn library(&self, from: &str, path: &str) -> Result<Found, LibraryError>;

    /// The data files that a path or pattern of a source names, ordered by path, each with the name to show; `folder`
    /// is that of the library which declares the source, empty for the user's own project.
    ///
    /// # Errors
    /// [`DataError`], one for the pattern as a whole.
    fn data(&self, folder: &str, pattern: &str) -> Result<Vec<(String, DataFile)>, DataError>;

    /// The files of the project's folder `templates`, ordered by path; what leads out of the folder is not read.
    fn templates(&self) -> Vec<TemplateFile>;
}
