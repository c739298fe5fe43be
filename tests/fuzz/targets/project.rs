#![no_main]
mod shared;

/// A line that begins a file: `=== kpis.peil`.
const FILE: &str = "=== ";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match (line.strip_prefix(FILE), files.last_mut()) {
            (Some(path), _) => files.push((path.trim().to_owned(), Vec::new())),
            (None, Some(file)) => file.1.extend_from_slice(line.as_bytes()),
            (None, None) => files.push(("project.peil".to_owned(), line.as_bytes().to_vec())),
        }
    }
    // A path names one file.
    files.sort();
    files.dedup_by(|a, b| a.0 == b.0);
    shared::check(files);
});
