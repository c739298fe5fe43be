//! Which room may use which, and where each heavy crate may be named.

use crate::support::files::{below, name_of, root};
use std::collections::{BTreeMap, BTreeSet};

/// The rooms in the order of the pipeline, each with the rooms that it may use: only rooms above it.
const ROOMS: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("calendar", &[]),
    ("value", &["source"]),
    ("words", &["source", "calendar", "value"]),
    ("diagnostic", &["source", "value", "words"]),
    ("syntax", &["source", "value"]),
    ("library", &["source", "value", "syntax"]),
    ("model", &["source", "calendar", "value", "words", "syntax", "library"]),
    ("graph", &["source", "value", "model"]),
    ("check", &["source", "calendar", "value", "words", "model", "graph"]),
    ("row", &["calendar", "value", "model"]),
    ("state", &["calendar", "value", "row"]),
    ("stats", &[]),
    ("plan", &["calendar", "value", "words", "model", "graph", "check"]),
    ("engine", &["source", "calendar", "value", "words", "model", "check", "row", "state", "stats", "plan"]),
    ("eval", &["calendar", "value", "model", "graph", "check", "row", "state", "stats", "plan", "engine"]),
    ("insight", &["source", "calendar", "value", "words", "model", "graph", "check", "state", "stats", "plan", "engine", "eval"]),
    ("publish", &["calendar", "value", "model", "graph", "check", "state", "stats", "plan", "engine", "eval", "insight"]),
    ("audit", &["state", "stats", "source", "calendar", "value", "model", "check", "plan", "engine", "eval", "insight", "publish"]),
    ("tidy", &["calendar", "value", "words", "diagnostic", "model", "check", "stats", "plan", "engine", "eval", "insight", "publish"]),
    (
        "report",
        &[
            "source",
            "calendar",
            "value",
            "words",
            "diagnostic",
            "syntax",
            "model",
            "graph",
            "check",
            "state",
            "stats",
            "plan",
            "engine",
            "eval",
            "insight",
            "publish",
            "tidy",
        ],
    ),
    ("exchange", &["source", "calendar", "words", "syntax"]),
    (
        "session",
        &[
            "source", "calendar", "value", "syntax", "library", "model", "graph", "check", "plan", "engine", "eval", "insight", "publish",
            "audit", "report", "stats",
        ],
    ),
    ("trial", &["source", "calendar", "value", "words", "diagnostic", "model", "check", "plan", "engine", "eval", "publish", "session"]),
    (
        "cli",
        &[
            "source",
            "calendar",
            "value",
            "words",
            "diagnostic",
            "syntax",
            "library",
            "model",
            "graph",
            "check",
            "state",
            "stats",
            "plan",
            "engine",
            "eval",
            "insight",
            "publish",
            "audit",
            "tidy",
            "report",
            "exchange",
            "session",
            "trial",
        ],
    ),
];

/// Crates that one room each may name, so that each can be replaced.
const CRATES: &[(&str, &[&str])] = &[
    ("pest", &["syntax"]),
    ("pest_derive", &["syntax"]),
    ("granit_parser", &["syntax"]),
    ("unicode_normalization", &["syntax"]),
    ("petgraph", &["graph"]),
    ("minijinja", &["report"]),
    ("schemars", &["report"]),
    ("sha2", &["diagnostic", "model", "engine", "report"]),
    ("parquet", &["engine"]),
    ("arrow_array", &["engine"]),
    ("arrow_schema", &["engine"]),
    ("csv", &["engine", "exchange"]),
    ("calamine", &["exchange"]),
    ("rust_xlsxwriter", &["report"]),
    ("encoding_rs", &["source"]),
    ("annotate_snippets", &["diagnostic"]),
    ("jiff", &["calendar"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("notify", &["cli"]),
    ("getrandom", &["cli"]),
    ("httparse", &["cli"]),
    ("anstyle", &["cli", "diagnostic"]),
    ("anstream", &["cli"]),
    ("serde_yaml", &["words", "syntax"]),
    ("ignore", &["source"]),
    ("globset", &["source", "session"]),
];

/// What one file names.
struct File {
    name: String,
    room: String,
    /// Code without comments and texts, so that only code is looked at.
    code: String,
}

fn files() -> Vec<File> {
    let src = root().join("src");
    below(&src, &[".rs"])
        .iter()
        .filter(|it| !name_of(it).ends_with("main.rs") && !name_of(it).ends_with("src/lib.rs"))
        .map(|path| {
            let inside = path.strip_prefix(&src).unwrap();
            let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
            let room = first.trim_end_matches(".rs").to_owned();
            File { name: name_of(path), room, code: code_of(&std::fs::read_to_string(path).unwrap()) }
        })
        .collect()
}

/// The text without comments and without what stands between quotes.
fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or("");
        for (at, piece) in line.split('"').enumerate() {
            if at % 2 == 0 {
                code.push_str(piece);
            }
        }
        code.push('\n');
    }
    code
}

/// The rooms that code names: `crate::model::Kpi`, `crate::{graph, model}`, `use super::super` is not ours.
fn rooms_in(code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|it| it.is_alphanumeric() || it == '_') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut name = String::new();
            let mut fresh = true;
            for it in list.chars() {
                match it {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => fresh = true,
                    it if depth == 0 && fresh && (it.is_alphanumeric() || it == '_') => name.push(it),
                    _ => {
                        if !name.is_empty() {
                            rooms.insert(std::mem::take(&mut name));
                            fresh = false;
                        }
                    }
                }
                if it == ',' && !name.is_empty() {
                    rooms.insert(std::mem::take(&mut name));
                }
            }
            rooms.extend(Some(name).filter(|it| !it.is_empty()));
        } else {
            rooms.insert(rest.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect());
        }
    }
    rooms
}

/// Whether code names a crate: as the start of a path, in `use`, or in an attribute.
fn names_crate(code: &str, name: &str) -> bool {
    let path = format!("{name}::");
    code.match_indices(&path).any(|(at, _)| {
        let before = &code[..at];
        !before.ends_with(|it: char| it.is_alphanumeric() || it == '_') && !before.ends_with("::")
    })
}

#[test]
fn rooms_use_only_rooms_above_them() {
    let order: Vec<&str> = ROOMS.iter().map(|it| it.0).collect();
    for (at, (room, uses)) in ROOMS.iter().enumerate() {
        for used in *uses {
            assert!(order[..at].contains(used), "`{room}` may not use `{used}`: it stands below");
        }
    }
    let table: BTreeMap<&str, &[&str]> = ROOMS.iter().copied().collect();
    let mut faults = Vec::new();
    for file in files() {
        let Some(allowed) = table.get(file.room.as_str()) else {
            faults.push(format!("{}: the room `{}` is not in the table", file.name, file.room));
            continue;
        };
        for used in rooms_in(&file.code) {
            if used != file.room && !allowed.contains(&used.as_str()) {
                faults.push(format!("{}: `{}` uses `{used}`", file.name, file.room));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn heavy_crates_are_named_in_one_room() {
    let mut faults = Vec::new();
    for file in files() {
        for (name, rooms) in CRATES {
            if names_crate(&file.code, name) && !rooms.contains(&file.room.as_str()) {
                faults.push(format!("{}: `{name}` may only be named in {}", file.name, rooms.join(", ")));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_room_has_a_caption() {
    let mut faults = Vec::new();
    for path in below(&root().join("src"), &[".rs"]) {
        let text = std::fs::read_to_string(&path).unwrap();
        if !text.starts_with("//! ") && !name_of(&path).contains("/fixture") {
            faults.push(name_of(&path));
        }
    }
    assert!(faults.is_empty(), "files that do not open with a sentence on what they answer:\n{}", faults.join("\n"));
}
