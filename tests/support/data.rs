//! Where are the public data that examples and tests ask for? They are too large, and not ours, to stand in the project.

use super::files::root;
use std::io::Write;
use std::path::PathBuf;

/// The folder with these files: the one that `PEIL_DATA` names, else `shared/data` beside the project. Where there is none
/// a line says which test is skipped; it is written past what the test runner keeps back of tests that pass.
pub fn folder(files: &[&str]) -> Option<PathBuf> {
    let named = std::env::var_os("PEIL_DATA").map(|it| root().join(it));
    let folder = named.unwrap_or_else(|| root().join("../shared/data"));
    if files.iter().all(|it| folder.join(it).is_file()) {
        return Some(folder);
    }
    let thread = std::thread::current();
    let (test, files) = (thread.name().unwrap_or("a test"), files.join(", "));
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: no {files} in PEIL_DATA or ../shared/data");
    None
}
