//! A world in memory: tests, and the examples of the specs.

use super::{DataError, DataFile, Listed, World};
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

impl World for MemoryWorld {
    fn definitions(&self) -> Vec<Listed> {
        let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |it| it.0.to_owned());
        let projects: Vec<String> = self
            .files
            .iter()
            .filter(|it| super::PROJECT_FILES.contains(&it.0.rsplit('/').next().unwrap_or("")))
            .map(|it| folder(&it.0))
            .collect();
        // As on disk: no hidden folders, no projects within the project (R2).
        let elsewhere = |path: &str| {
            let hidden = path.split('/').any(|it| it.starts_with('.'));
            hidden || projects.iter().any(|it| !it.is_empty() && path.starts_with(&format!("{it}/")))
        };
        self.files
            .iter()
            .filter(|(path, _)| is_definition(path) && !elsewhere(path))
            .map(|(path, bytes)| Listed { path: path.clone(), text: super::disk::decode(bytes) })
            .collect()
    }

    fn data(&self, pattern: &str) -> Result<Vec<(String, DataFile)>, DataError> {
        if super::disk::leaves(pattern) {
            return Err(DataError::Outside);
        }
        let matcher = super::disk::matcher(pattern).ok_or(DataError::Missing)?;
        let found: Vec<(String, DataFile)> = self
            .files
            .iter()
            .filter(|(path, _)| path == pattern || matcher.is_match(path))
            .map(|(path, bytes)| (path.clone(), DataFile::Memory(Arc::from(bytes.as_slice()))))
            .collect();
        if found.is_empty() { Err(DataError::Missing) } else { Ok(found) }
    }
}
