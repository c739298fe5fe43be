//! The world on disk: which files are definitions (R2), and which paths data may come from.

#![expect(clippy::disallowed_methods, reason = "this is the one world that is the disk")]

use super::memory::is_definition;
use super::{DataError, DataFile, Found, LibraryError, Listed, MAX_FILE_BYTES, MAX_TEMPLATE_BYTES, TEMPLATES, TemplateFile, World};
use globset::{GlobBuilder, GlobMatcher};
use std::io::Write;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// The file names that make a folder a project.
pub const PROJECT_FILES: [&str; 3] = ["project.peil", "peil.yaml", "peil.yml"];

/// A project's folder, with the roots that its data may come from.
#[derive(Clone, Debug)]
pub struct DiskWorld {
    root: PathBuf,
    data_roots: Vec<PathBuf>,
}

impl DiskWorld {
    /// The project in a folder; `data` is another root for its relative data paths, tried first.
    pub fn new(root: &Path, data: Option<&Path>) -> DiskWorld {
        let data_roots = data.into_iter().chain([root]).filter_map(|it| it.canonicalize().ok()).collect();
        DiskWorld { root: root.to_path_buf(), data_roots }
    }

    /// The nearest folder from `start` upward that holds a project file.
    pub fn find_root(start: &Path) -> Option<PathBuf> {
        let start = start.canonicalize().ok()?;
        start.ancestors().find(|it| has_project_file(it)).map(Path::to_path_buf)
    }

    /// Whether a folder holds a project file.
    pub fn is_project(folder: &Path) -> bool {
        has_project_file(folder)
    }

    /// The folders below one that hold a project file; what is hidden or ignored by git is left out.
    pub fn projects_below(folder: &Path) -> Vec<PathBuf> {
        let walk = ignore::WalkBuilder::new(folder).require_git(false).git_global(false).git_exclude(false).build();
        let mut found: Vec<PathBuf> =
            walk.flatten().map(ignore::DirEntry::into_path).filter(|it| it.is_dir() && has_project_file(it)).collect();
        found.sort();
        found
    }

    /// The project's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folders that data may come from, for `watch`.
    pub fn data_roots(&self) -> &[PathBuf] {
        &self.data_roots
    }

    /// The folder of a library, by its name from the root.
    pub fn folder(&self, folder: &str) -> PathBuf {
        // `..` of a root that is a link leads from where the link leads to.
        self.root.canonicalize().unwrap_or_else(|_| self.root.clone()).join(folder)
    }

    /// The folder that holds the repository which the project lies in.
    fn repository(&self) -> Option<PathBuf> {
        let root = self.root.canonicalize().ok()?;
        root.ancestors().find(|it| it.join(".git").exists()).map(Path::to_path_buf)
    }

    /// Writes a definition file anew: all of it or nothing, and only if it still holds what was read.
    ///
    /// # Errors
    /// Why it was not written: it lies outside of the project by a link, was changed meanwhile, or the system refused.
    pub fn rewrite(&self, path: &str, read: &str, text: &str) -> Result<(), String> {
        let said = |it: std::io::Error| it.to_string();
        let root = self.root.canonicalize().map_err(said)?;
        let file = root.join(path).canonicalize().map_err(said)?;
        if !file.starts_with(&root) {
            return Err("lies outside of the project".to_owned());
        }
        if std::fs::read(&file).map_err(said)? != read.as_bytes() {
            return Err("was changed meanwhile".to_owned());
        }
        let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else { return Err("is no file".to_owned()) };
        let beside = folder.join(format!(".{}.{}.tmp", name.to_string_lossy(), std::process::id()));
        let write = || -> std::io::Result<()> {
            let mut new = std::fs::OpenOptions::new().write(true).create_new(true).open(&beside)?;
            new.write_all(text.as_bytes())?;
            new.set_permissions(std::fs::metadata(&file)?.permissions())?;
            new.sync_all()?;
            std::fs::rename(&beside, &file)?;
            // Not every system lets a folder be flushed; the file is whole all the same.
            let _ = std::fs::File::open(folder).and_then(|it| it.sync_all());
            Ok(())
        };
        write().map_err(|error| {
            let _ = std::fs::remove_file(&beside);
            error.to_string()
        })
    }
}

/// The files below a folder that a path or pattern names; each must end up within one of the roots.
fn find(base: &Path, roots: &[PathBuf], pattern: &str) -> Result<Vec<(String, DataFile)>, DataError> {
    let mut found = Vec::new();
    if !is_pattern(pattern) {
        match base.join(pattern).canonicalize() {
            Ok(path) => found.push((pattern.to_owned(), path)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(DataError::Missing),
            Err(error) => return Err(DataError::Unreadable(error.to_string())),
        }
    } else {
        let matcher = matcher(pattern).ok_or(DataError::Missing)?;
        let walk = ignore::WalkBuilder::new(base).standard_filters(false).max_depth(Some(8)).build();
        for entry in walk.flatten() {
            let Ok(relative) = entry.path().strip_prefix(base) else { continue };
            let name = slashed(relative);
            if matcher.is_match(&name)
                && let Ok(path) = entry.path().canonicalize()
                && path.is_file()
            {
                found.push((name, path));
            }
        }
        found.sort();
    }
    if found.is_empty() {
        return Err(DataError::Missing);
    }
    // A link may point anywhere: what counts is where the path ends up.
    if found.iter().any(|(_, path)| !roots.iter().any(|root| path.starts_with(root))) {
        return Err(DataError::Outside);
    }
    Ok(found.into_iter().map(|(name, path)| (name, DataFile::Disk(path))).collect())
}

fn has_project_file(folder: &Path) -> bool {
    PROJECT_FILES.iter().any(|it| folder.join(it).is_file())
}

fn slashed(path: &Path) -> String {
    path.components().map(|it| it.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '[', '{'])
}

/// A matcher for a pattern of paths; `*` stays within a folder.
pub(super) fn matcher(pattern: &str) -> Option<GlobMatcher> {
    GlobBuilder::new(pattern).literal_separator(true).build().ok().map(|it| it.compile_matcher())
}

/// Whether a path as written leaves the folder that it is relative to.
pub(super) fn leaves(pattern: &str) -> bool {
    let path = Path::new(pattern);
    pattern.contains(['\\', '\0'])
        || pattern.get(1..2) == Some(":")
        || path.components().any(|it| matches!(it, Component::ParentDir | Component::RootDir | Component::Prefix(_)))
}

/// Whether a path as written begins at the root of a disk.
pub(super) fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.contains(['\\', '\0']) || path.get(1..2) == Some(":")
}

/// The text of a definition file, or why it has none.
pub(super) fn decode(bytes: &[u8]) -> Result<Arc<str>, String> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(format!("larger than {} MiB", MAX_FILE_BYTES >> 20));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => Err("holds NUL bytes".to_owned()),
        Ok(text) => Ok(Arc::from(text)),
        Err(error) => Err(format!("not UTF-8 at byte {}", error.valid_up_to())),
    }
}

/// The files of definitions below a folder (R2), their paths beginning with `prefix`. With `inside`, a link may not lead
/// out of that folder.
fn list(base: &Path, prefix: &str, inside: Option<&Path>) -> Vec<Listed> {
    let root = base.to_path_buf();
    let walk = ignore::WalkBuilder::new(base)
        .hidden(true)
        .parents(true)
        .require_git(false)
        .git_global(false)
        .git_exclude(false)
        .filter_entry(move |it| {
            // A folder with a project file of its own is a project of its own.
            it.path() == root || !(it.path().is_dir() && has_project_file(it.path()))
        })
        .build();
    let mut listed = Vec::new();
    for entry in walk.flatten() {
        let Ok(relative) = entry.path().strip_prefix(base) else { continue };
        let path = slashed(relative);
        if !is_definition(&path) || !entry.path().is_file() {
            continue;
        }
        let leaves = inside.is_some_and(|it| !entry.path().canonicalize().is_ok_and(|path| path.starts_with(it)));
        let too_large = entry.metadata().is_ok_and(|it| it.len() > MAX_FILE_BYTES as u64);
        let text = if leaves {
            Err("a link that leaves the repository".to_owned())
        } else if too_large {
            Err(format!("larger than {} MiB", MAX_FILE_BYTES >> 20))
        } else {
            std::fs::read(entry.path()).map_err(|it| it.to_string()).and_then(|it| decode(&it))
        };
        let path = if prefix.is_empty() { path } else { format!("{prefix}/{path}") };
        listed.push(Listed { path, text });
    }
    listed.sort_by(|a, b| a.path.cmp(&b.path));
    listed
}

/// The bytes of a file of templates, if they are not too many.
pub(super) fn bounded(bytes: &[u8]) -> Result<&[u8], String> {
    if bytes.len() > MAX_TEMPLATE_BYTES { Err(format!("larger than {} MiB", MAX_TEMPLATE_BYTES >> 20)) } else { Ok(bytes) }
}

/// The way from one folder to another, both whole paths: `../group`.
fn relative(from: &Path, to: &Path) -> String {
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".to_owned(), from.len() - common);
    let down = to[common..].iter().map(|it| it.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

impl World for DiskWorld {
    fn definitions(&self) -> Vec<Listed> {
        list(&self.root, "", None)
    }

    fn library(&self, from: &str, path: &str) -> Result<Found, LibraryError> {
        if is_absolute(path) {
            return Err(LibraryError::Outside);
        }
        let root = self.root.canonicalize().map_err(|_| LibraryError::Missing)?;
        let repository = self.repository().ok_or(LibraryError::NoRepository)?;
        // A link may point anywhere: what counts is where the path ends up.
        let base = root.join(from).join(path).canonicalize().map_err(|_| LibraryError::Missing)?;
        if !base.starts_with(&repository) {
            return Err(LibraryError::Outside);
        }
        if !base.is_dir() {
            return Err(LibraryError::Missing);
        }
        if !has_project_file(&base) {
            return Err(LibraryError::NoProject);
        }
        let folder = relative(&root, &base);
        let definitions = if base == root { Vec::new() } else { list(&base, &folder, Some(&repository)) };
        Ok(Found { folder, definitions })
    }

    fn data(&self, folder: &str, pattern: &str) -> Result<Vec<(String, DataFile)>, DataError> {
        if leaves(pattern) {
            return Err(DataError::Outside);
        }
        if !folder.is_empty() {
            // The data of a library are its own: another root for data is the user's.
            let base = self.folder(folder).canonicalize().map_err(|_| DataError::Missing)?;
            return find(&base, std::slice::from_ref(&base), pattern);
        }
        let mut outcome = Err(DataError::Missing);
        for root in &self.data_roots {
            outcome = find(root, &self.data_roots, pattern);
            if !matches!(outcome, Err(DataError::Missing)) {
                break;
            }
        }
        outcome
    }

    fn templates(&self) -> Vec<TemplateFile> {
        let base = self.root.join(TEMPLATES);
        let (Ok(root), Ok(folder)) = (self.root.canonicalize(), base.canonicalize()) else { return Vec::new() };
        let mut walk = ignore::WalkBuilder::new(&base);
        let walk = walk.hidden(true).parents(true).require_git(false).git_global(false).git_exclude(false).max_depth(Some(8)).build();
        let mut files = Vec::new();
        for entry in walk.flatten() {
            let Ok(relative) = entry.path().strip_prefix(&base) else { continue };
            if !entry.path().is_file() {
                continue;
            }
            // A link may point anywhere: what counts is where the path ends up.
            let inside = folder.starts_with(&root) && entry.path().canonicalize().is_ok_and(|it| it.starts_with(&folder));
            let too_large = std::fs::metadata(entry.path()).is_ok_and(|it| it.len() > MAX_TEMPLATE_BYTES as u64);
            let bytes = if !inside {
                Err("a link that leaves the folder".to_owned())
            } else if too_large {
                Err(format!("larger than {} MiB", MAX_TEMPLATE_BYTES >> 20))
            } else {
                std::fs::read(entry.path()).map_err(|it| it.to_string()).and_then(|it| bounded(&it).map(Arc::from))
            };
            files.push(TemplateFile { name: slashed(relative), bytes });
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        files
    }
}
