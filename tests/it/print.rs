//! `fmt` and `convert`: the same meaning, the same comments, and the same text when it is done again.

use crate::support::files::{below, name_of, pages, root};
use crate::support::page::Spelling as Side;
use crate::support::project::{Opened, difference, meaning};
use crate::support::section::{files, texts};
use granit_parser::{Event, Parser};
use peil::source::MemoryWorld;
use peil::syntax::print::{Refused, Spelling, print};
use proptest::prelude::*;

/// A file of definitions, with a name to say.
struct Written {
    name: String,
    spelling: Spelling,
    text: String,
}

/// Every file of definitions of the examples, of `init` and of the pages.
fn all() -> Vec<Written> {
    let mut found = Vec::new();
    for folder in ["examples", "src/cli/init"] {
        for path in below(&root().join(folder), &[".peil", ".yaml"]) {
            let name = name_of(&path);
            let spelling = Spelling::of(&name).unwrap();
            found.push(Written { name, spelling, text: std::fs::read_to_string(&path).unwrap() });
        }
    }
    for page in pages() {
        for section in page.sections.iter().filter(|it| it.runs()) {
            for (path, text) in texts(section) {
                if let Some(spelling) = Spelling::of(&path) {
                    found.push(Written { name: format!("{} - {} {path}", page.path, section.name()), spelling, text });
                }
            }
        }
    }
    // Many sections have the same project file.
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|it| seen.insert((it.spelling == Spelling::Own, it.text.clone())));
    found
}

fn other(spelling: Spelling) -> Spelling {
    if spelling == Spelling::Own { Spelling::Yaml } else { Spelling::Own }
}

/// The comments of a text, each in the order of writing.
fn comments(text: &str, spelling: Spelling) -> Vec<String> {
    let mut found = Vec::new();
    match spelling {
        Spelling::Yaml => {
            for (event, _) in Parser::new_from_str(text).map_while(Result::ok) {
                if let Event::Comment(text, _) = event {
                    found.push(text.trim().to_owned());
                }
            }
        }
        Spelling::Own => {
            for line in text.lines() {
                let (mut quoted, mut escaped) = (false, false);
                for (at, it) in line.char_indices() {
                    match it {
                        '#' if !quoted => {
                            found.push(line[at + 1..].trim().to_owned());
                            break;
                        }
                        '"' if !escaped => quoted = !quoted,
                        _ => {}
                    }
                    escaped = it == '\\' && !escaped;
                }
            }
        }
    }
    found
}

fn sorted(mut list: Vec<String>) -> Vec<String> {
    list.sort();
    list
}

/// What is not the same there and back: in YAML a comment within a formula goes above it.
const NOT_BACK: &str = "specs/diagnostics/different-bases.md - `different-bases` - Example project.peil";

/// Whether items of a word stand apart, which in YAML stand together.
fn is_mixed(text: &str) -> bool {
    let word = |line: &str| line.split(' ').next().map(|it| it.replace("business", "goal").replace("customer", "goal"));
    let mut words: Vec<String> = text.lines().filter(|it| it.starts_with(char::is_alphabetic)).filter_map(word).collect();
    words.dedup();
    let runs = words.len();
    words.sort();
    words.dedup();
    words.len() < runs
}

fn lines(text: &str) -> Vec<String> {
    sorted(text.lines().filter(|it| !it.is_empty()).map(str::to_owned).collect())
}

/// A case of `recode` that lacks what it needs.
const WITHOUT_FILE: &str = "A recoding without its file";

#[test]
fn every_file_is_printed_and_printed_again() {
    let mut faults = Vec::new();
    let mut met = 0;
    for Written { name, spelling, text } in all() {
        let once = match print(&text, spelling, spelling) {
            Ok(it) => it,
            Err(Refused::Faults(_)) => continue,
            // Codes without their file have no form of their own: fmt leaves the file as it is.
            Err(Refused::Differs) if name.contains(WITHOUT_FILE) => continue,
            Err(Refused::Differs | Refused::Twice) => {
                faults.push(format!("{name}: fmt does not say the same"));
                continue;
            }
        };
        if sorted(comments(&text, spelling)) != sorted(comments(&once, spelling)) {
            faults.push(format!("{name}: fmt changes comments\n{once}"));
        }
        let twice = print(&once, spelling, spelling).unwrap();
        if twice != once {
            faults.push(format!("{name}: fmt twice is not fmt once\n{}", difference(&once, &twice)));
        }
        let there = match print(&text, spelling, other(spelling)) {
            Ok(it) => it,
            Err(Refused::Twice) => {
                assert!(text.contains("error[duplicate-"), "{name}");
                continue;
            }
            Err(Refused::Differs) if name.contains(WITHOUT_FILE) => continue,
            Err(error) => {
                faults.push(format!("{name}: cannot be converted: {error:?}"));
                continue;
            }
        };
        if sorted(comments(&text, spelling)) != sorted(comments(&there, other(spelling))) {
            faults.push(format!("{name}: convert changes comments\n{there}"));
        }
        if print(&there, other(spelling), other(spelling)).unwrap() != there {
            faults.push(format!("{name}: what convert gives is not canonical\n{there}"));
        }
        let back = print(&there, other(spelling), spelling).unwrap();
        if name == NOT_BACK || (spelling == Spelling::Own && is_mixed(&once)) {
            met += 1;
            assert_ne!(back, once, "{name} is the same there and back");
            assert!(name == NOT_BACK || lines(&back) == lines(&once), "{name}");
            assert_eq!(print(&back, spelling, other(spelling)).unwrap(), there, "{name}");
        } else if back != once {
            faults.push(format!("{name}: there and back is not fmt\n{}\n{there}", difference(&once, &back)));
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    assert!(met > 1, "neither of the two cases was met");
}

type Files = Vec<(String, String)>;

/// The files as `fmt` or `convert` leaves them; one with faults stays as it is.
fn printed(files: &Files, to: impl Fn(Spelling) -> Spelling) -> Files {
    let printed = |(path, text): &(String, String)| {
        let from = Spelling::of(path)?;
        let text = print(text, from, to(from)).ok()?;
        let end = if to(from) == Spelling::Own { "peil" } else { "yaml" };
        let (folder, name) = path.rsplit_once('/').map_or(("", path.as_str()), |it| (&path[..it.0.len() + 1], it.1));
        let path = match name {
            _ if to(from) == from => path.clone(),
            "project.peil" => format!("{folder}peil.yaml"),
            "peil.yaml" | "peil.yml" => format!("{folder}project.peil"),
            // The order of files stays.
            _ => format!("{path}.{end}"),
        };
        Some((path, text))
    };
    files.iter().map(|it| printed(it).unwrap_or_else(|| it.clone())).collect()
}

/// The codes that are found, and what the project means where it is sound.
fn told(files: &Files) -> (Vec<String>, String) {
    let world = MemoryWorld::new(files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())));
    let opened = Opened::new(&world);
    let codes = opened.findings(false).iter().map(|it| it.code.name().to_owned()).collect();
    (sorted(codes), opened.session.checked.as_ref().map(meaning).unwrap_or_default())
}

#[test]
fn every_project_means_the_same() {
    let mut projects: Vec<(String, Files)> = Vec::new();
    for name in ["airport", "autoruit", "webshop"] {
        let folder = root().join("examples").join(name);
        let path = |it: &std::path::Path| it.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
        let files = below(&folder, &[".peil", ".yaml"]);
        projects.push((name.to_owned(), files.iter().map(|it| (path(it), std::fs::read_to_string(it).unwrap())).collect()));
    }
    for page in pages() {
        for section in page.sections.iter().filter(|it| it.runs()) {
            let sides = if section.is_twice() { vec![Side::Own, Side::Yaml] } else { vec![Side::Both] };
            for side in sides {
                projects.push((format!("{} - {}", page.path, section.name()), files(section, side)));
            }
        }
    }
    let mut faults = Vec::new();
    for (name, files) in &projects {
        let before = told(files);
        let converted = |to: Spelling| printed(files, move |_| to);
        for (what, files) in
            [("fmt", printed(files, |it| it)), ("Peil's own spelling", converted(Spelling::Own)), ("YAML", converted(Spelling::Yaml))]
        {
            let after = told(&files);
            if before != after {
                faults.push(format!("{name}: {what}: {:?} {:?}\n{}", before.0, after.0, difference(&before.1, &after.1)));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

const COMMENTED: &str = r#"project "P" {
  peil 1
  team cx { title nl "Klant" en "Customer" }
  theme ease "Ease" color blue
  lint missing-norms allow "none"
}
source s "Survey" {
  files "a.csv" with wave = 2017, "b.csv" with wave = 2018
  time wave
  column q "Easy?" scale 1..5 blank 0, 9 labels 1 "No", 2 "Yes"
  columns a, b, c
  column d = a + b
}
kpi x like y(z: s.q, w: s.a) { title "X"; owner cx }
kpi n "N" {
  formula index(x: 40 %, z: 60 %) + y[region in ("a", "b")] + share(s.q >= 4 and s.a < 2)
  norms worst 1, threshold 2, target 3 from 2025-01 where region = "N"
  norms worst 2, threshold 3, target 4
  cuts a, b
}
customer goal g "G" {
  need "N"
  measured by n weight 2, x weight 1
  business goal h { measured by n }
}
enabler e { serves g strength 0.5 evidence hypothesis; lifts h }
"#;

/// Where a comment may stand: at the end of a line, and on a line of its own; never within a text.
fn places(text: &str) -> Vec<usize> {
    text.char_indices().filter(|it| it.1 == '\n').map(|it| it.0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn comments_survive_wherever_they_stand(
        yaml in any::<bool>(),
        marks in proptest::collection::vec((any::<proptest::sample::Index>(), any::<bool>(), 0usize..8, any::<bool>()), 1..12),
    ) {
        let spelling = if yaml { Spelling::Yaml } else { Spelling::Own };
        let mut text = print(COMMENTED, Spelling::Own, spelling).unwrap();
        for (at, (place, own, indent, blank)) in marks.iter().enumerate() {
            let places = places(&text);
            let place = places[place.index(places.len())];
            let blank = if *blank { "\n" } else { "" };
            let said = if *own { format!("{blank}\n{}# c{at}", " ".repeat(*indent)) } else { format!(" # c{at}") };
            text.insert_str(place, &said);
        }
        survives(&text, spelling)?;
    }

    #[test]
    fn comments_survive_between_words(
        marks in proptest::collection::vec((any::<proptest::sample::Index>(), any::<bool>()), 1..10),
    ) {
        // A line may end behind a comma, an operator or a bracket.
        let mut text = COMMENTED.to_owned();
        for (at, (place, own)) in marks.iter().enumerate() {
            let breaks = |it: &(usize, char)| matches!(it.1, ',' | '(' | '[' | '{' | '+' | ';');
            let outside = |at: usize| {
                let line = &text[text[..at].rfind('\n').map_or(0, |it| it + 1)..at];
                line.matches('"').count().is_multiple_of(2) && !line.contains('#')
            };
            let places: Vec<usize> = text.char_indices().filter(breaks).map(|it| it.0 + 1).filter(|it| outside(*it)).collect();
            let place = places[place.index(places.len())];
            let said = if *own { format!("\n # c{at}\n") } else { format!(" # c{at}\n") };
            text.insert_str(place, &said);
        }
        survives(&text, Spelling::Own)?;
    }
}

fn survives(text: &str, spelling: Spelling) -> Result<(), TestCaseError> {
    let wanted = sorted(comments(text, spelling));
    let once = print(text, spelling, spelling);
    let Ok(once) = once else {
        return Err(TestCaseError::fail(format!("fmt: {once:?}\n{text}")));
    };
    prop_assert_eq!(&sorted(comments(&once, spelling)), &wanted, "\n{}\n{}", text, once);
    let twice = print(&once, spelling, spelling).unwrap();
    prop_assert_eq!(&twice, &once, "fmt twice: {}\n{}\n{}", text, once, twice);
    let there = print(text, spelling, other(spelling));
    let Ok(there) = there else {
        return Err(TestCaseError::fail(format!("convert: {there:?}\n{text}")));
    };
    prop_assert_eq!(&sorted(comments(&there, other(spelling))), &wanted, "\n{}\n{}", text, there);
    let again = print(&there, other(spelling), other(spelling)).unwrap();
    prop_assert_eq!(&again, &there, "fmt of the converted: {}\n{}\n{}", text, there, again);
    Ok(())
}
