//! `fmt` and `convert`: the same meaning, the same comments, and the same text when it is done again.

use crate::support::files::{below, name_of, pages, root};
use crate::support::project::difference;
use crate::support::section::texts;
use peil::syntax::print::{Refused, Spelling, print};

/// Every file of definitions of the examples and the pages, with a name to say.
fn all() -> Vec<(String, Spelling, String)> {
    let mut found = Vec::new();
    for path in below(&root().join("examples"), &[".peil", ".yaml"]) {
        if let Some(spelling) = Spelling::of(&name_of(&path)) {
            found.push((name_of(&path), spelling, std::fs::read_to_string(&path).unwrap()));
        }
    }
    for page in pages() {
        for section in page.sections.iter().filter(|it| it.runs()) {
            for (path, text) in texts(section) {
                if let Some(spelling) = Spelling::of(&path) {
                    found.push((format!("{}:{} {path}", page.path, section.line), spelling, text));
                }
            }
        }
    }
    found
}

fn other(spelling: Spelling) -> Spelling {
    if spelling == Spelling::Own { Spelling::Yaml } else { Spelling::Own }
}

#[test]
fn every_file_is_printed_and_printed_again() {
    let mut faults = Vec::new();
    let (mut printed, mut refused) = (0, 0);
    for (name, spelling, text) in all() {
        let once = match print(&text, spelling, spelling) {
            Ok(it) => it,
            Err(Refused::Faults(_)) => {
                refused += 1;
                continue;
            }
            Err(Refused::Differs) => {
                faults.push(format!("{name}: fmt does not say the same"));
                continue;
            }
        };
        printed += 1;
        match print(&once, spelling, spelling) {
            Ok(twice) if twice == once => {}
            Ok(twice) => faults.push(format!("{name}: fmt twice is not fmt once\n{}", difference(&once, &twice))),
            Err(error) => faults.push(format!("{name}: what was formatted is refused: {error:?}")),
        }
        let there = match print(&text, spelling, other(spelling)) {
            Ok(it) => it,
            Err(error) => {
                faults.push(format!("{name}: cannot be converted: {error:?}"));
                continue;
            }
        };
        match print(&there, other(spelling), spelling) {
            Ok(back) if back == once => {}
            Ok(back) => faults.push(format!("{name}: there and back is not fmt\n{}\n{there}", difference(&once, &back))),
            Err(error) => faults.push(format!("{name}: cannot be converted back: {error:?}\n{there}")),
        }
    }
    eprintln!("{printed} printed, {refused} refused");
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}
