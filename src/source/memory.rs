//! A world in memory: tests, and the examples of the specs.

use super::{DataError, DataFile, Found, LibraryError, Listed, PROJECT_FILES, TEMPLATES, TemplateFile, World};
use std::sync::Arc;

/// Files by path; those that end in `.peil`, `.yaml` or `.yml` are definitions, the others data.
#[derive(Clone, Debug, Default)]
pub struct MemoryWorld {
    files: Vec<(String, Vec<u8>)>,
}

impl MemoryWorld {
    /// A world with these files.
    pub fn new(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> MemoryWorld {
        let mut files: Vec<(String, Vec<u8>)> = files.into_iter().collect();
        files.sort();
        MemoryWorld { files }
    }
}

/// Whether a path is read as definitions (R2).
pub fn is_definition(path: &str) -> bool {
    [".peil", ".yaml", ".yml"].iter().any(|it| path.ends_with(it))
}

/// The folder that a path from a folder leads to: `None` above the folder that holds the project, which stands for the
/// repository.
fn lead(from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in from.split('/').chain(path.split('/')).filter(|it| !it.is_empty() && *it != ".") {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            (part, _) => parts.push(part),
        }
    }
    (parts.iter().filter(|it| **it == "..").count() <= 1).then(|| parts.join("/"))
}

impl MemoryWorld {
    /// The files of definitions below a folder, without those of projects within it (R2).
    fn list(&self, folder: &str) -> Vec<Listed> {
        let within = |path: &str| match folder {
            "" => (!path.starts_with("../")).then(|| path.to_owned()),
            _ => path.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned),
        };
        let own: Vec<(String, &(String, Vec<u8>))> = self.files.iter().filter_map(|it| Some((within(&it.0)?, it))).collect();
        let projects: Vec<&str> = own
            .iter()
            .filter(|it| PROJECT_FILES.contains(&it.0.rsplit('/').next().unwrap_or("")))
            .filter_map(|it| it.0.rsplit_once('/'))
            .map(|it| it.0)
            .collect();
        // As on disk: no hidden folders, no projects within the project.
        let elsewhere = |path: &str| {
            let hidden = path.split('/').any(|it| it.starts_with('.'));
            hidden || projects.iter().any(|it| path.starts_with(&format!("{it}/")))
        };
        own.iter()
            .filter(|(path, _)| is_definition(path) && !elsewhere(path))
            .map(|(_, (path, bytes))| Listed { path: path.clone(), text: super::disk::decode(bytes) })
            .collect()
    }
}

impl World for MemoryWorld {
    fn definitions(&self) -> Vec<Listed> {
        self.list("")
    }

    fn library(&self, from: &str, path: &str) -> Result<Found, LibraryError> {
        if super::disk::is_absolute(path) {
            return Err(LibraryError::Outside);
        }
        let folder = lead(from, path).ok_or(LibraryError::Outside)?;
        if folder.is_empty() {
            return Ok(Found { folder, definitions: Vec::new() });
        }
        let below = format!("{folder}/");
        if !self.files.iter().any(|it| it.0.starts_with(&below)) {
            return Err(LibraryError::Missing);
        }
        if !PROJECT_FILES.iter().any(|name| self.files.iter().any(|it| it.0 == format!("{below}{name}"))) {
            return Err(LibraryError::NoProject);
        }
        Ok(Found { definitions: self.list(&folder), folder })
    }

    fn data(&self, folder: &str, pattern: &str) -> Result<Vec<(String, DataFile)>, DataError> {
        if super::disk::leaves(pattern) {
            return Err(DataError::Outside);
        }
        let matcher = super::disk::matcher(pattern).ok_or(DataError::Missing)?;
        let below = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let found: Vec<(String, DataFile)> = self
            .files
            .iter()
            .filter_map(|(path, bytes)| Some((path.strip_prefix(&below)?, bytes)))
            .filter(|(path, _)| *path == pattern || matcher.is_match(path))
            .map(|(path, bytes)| (path.to_owned(), DataFile::Memory(Arc::from(bytes.as_slice()))))
            .collect();
        if found.is_empty() { Err(DataError::Missing) } else { Ok(found) }
    }

    fn templates(&self) -> Vec<TemplateFile> {
        let within = |path: &str| path.strip_prefix(TEMPLATES)?.strip_prefix('/').map(str::to_owned);
        let files = self.files.iter().filter_map(|(path, bytes)| Some((within(path)?, bytes)));
        files.map(|(name, bytes)| TemplateFile { name, bytes: super::disk::bounded(bytes).map(Arc::from) }).collect()
    }
}
