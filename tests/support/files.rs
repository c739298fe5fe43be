//! Which files are there? Pages that hold tests, and the definitions of the examples.

use super::page::Page;
use std::path::{Path, PathBuf};

/// The crate's folder.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder whose names have one of these ends, in the order of their paths.
pub fn below(folder: &Path, ends: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.') && name != "out" {
                    waiting.push(path);
                }
            } else if ends.iter().any(|it| name.ends_with(it)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A path from the crate's folder, with `/`.
pub fn name_of(path: &Path) -> String {
    let path = path.strip_prefix(root()).unwrap_or(path);
    path.components().map(|it| it.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// All pages that hold tests.
pub fn pages() -> Vec<Page> {
    let root = root();
    let mut files = below(&root.join("specs"), &[".md"]);
    files.extend(below(&root.join("tests/cases"), &[".md"]));
    files.extend(below(&root.join("examples"), &["README.md"]));
    files.push(root.join("README.md"));
    files.iter().filter(|it| it.is_file()).map(|it| page(it)).collect()
}

/// A page, read.
pub fn page(path: &Path) -> Page {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Page::parse(&name_of(path), text)
}
