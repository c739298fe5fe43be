//! What the program can print and take is written down, all of it.

use crate::support::files::root;
use peil::eval::Note;

fn page(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

#[test]
fn every_note_is_written_down() {
    let page = page("specs/language/output.md");
    let section = page.split("\n## Notes\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let written: Vec<&str> = section.lines().filter_map(|it| it.strip_prefix("| `")?.split('`').next()).collect();
    let known: Vec<&str> = Note::ALL.iter().map(|it| it.name()).collect();
    assert_eq!(written, known);
}

/// So every option of every verb is named, with what it says.
#[cfg(all(feature = "engine", feature = "excel"))]
#[test]
fn commands_page_is_that_of_the_program() {
    let found = peil::cli::commands_page();
    if std::env::var_os("UPDATE").is_some_and(|it| it == "1") {
        std::fs::write(root().join("specs/commands.md"), &found).unwrap();
    }
    let expected = page("specs/commands.md");
    let differs = expected.lines().zip(found.lines()).enumerate().find(|(_, (a, b))| a != b);
    assert_eq!(differs, None, "UPDATE=1 makes it anew");
    assert_eq!(expected.len(), found.len(), "UPDATE=1 makes it anew");
}
