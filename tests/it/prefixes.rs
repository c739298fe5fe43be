//! Whatever the text, an answer comes soon: a diagnostic or a project, never a panic or a wait.

use crate::support::files::{below, name_of, pages, root};
use crate::support::project::{Asked, Opened, PLAIN};
use crate::support::random::Random;
use crate::support::section::texts;
use crate::support::work::worked;
use peil::source::{MemoryWorld, Sources};
use peil::syntax;
use peil::value::{Code, Diagnostics};
use std::time::Duration;

/// What one project may take. Without optimisation, beside other tests, it may take twice as long.
const SOON: Duration = Duration::from_secs(if cfg!(debug_assertions) { 2 } else { 1 });

type Files = Vec<(String, Vec<u8>)>;

/// The definitions of an example.
fn example(name: &str) -> Files {
    let folder = root().join("examples").join(name);
    let inside = |path: &std::path::Path| name_of(path).trim_start_matches(&format!("examples/{name}/")).to_owned();
    below(&folder, &[".peil", ".yaml"]).iter().map(|it| (inside(it), std::fs::read(it).unwrap())).collect()
}

/// Opens a project, in time; gives what was found.
fn open(what: &str, files: Files) -> Vec<peil::value::Fact> {
    let world = MemoryWorld::new(files);
    let before = worked();
    let opened = Opened::new(&world);
    let facts = opened.findings(false);
    // What is found can be drawn, wherever it points.
    let _ = peil::diagnostic::human(&facts, &opened.session.sources, peil::words::Lang::En, false);
    let took = worked() - before;
    assert!(took < SOON, "{what}: took {took:?}");
    facts
}

fn one(what: &str, path: &str, text: impl Into<Vec<u8>>) -> Vec<peil::value::Fact> {
    let project = ("project.peil".to_owned(), b"project \"T\" { peil 1 }\n".to_vec());
    open(what, vec![project, (path.to_owned(), text.into())])
}

/// Reads a text alone, without what it may refer to.
fn read(path: &str, text: &str) {
    let mut sources = Sources::default();
    let file = sources.add(path.to_owned(), text.into());
    let mut out = Diagnostics::default();
    let _ = syntax::read(&sources, file, &mut out);
}

fn boundaries(text: &str) -> impl Iterator<Item = usize> + '_ {
    (0..=text.len()).filter(|it| text.is_char_boundary(*it))
}

#[test]
fn prefixes_of_the_examples_are_read() {
    for name in ["airport", "autoruit", "webshop"] {
        for (path, bytes) in example(name) {
            let text = String::from_utf8(bytes).unwrap();
            let step = (text.len() / 150).max(1);
            boundaries(&text).step_by(step).for_each(|at| read(&path, &text[..at]));
        }
    }
}

#[test]
fn prefixes_of_the_examples_are_projects() {
    for name in ["airport", "autoruit", "webshop"] {
        let files = example(name);
        for at in 0..files.len() {
            let length = files[at].1.len();
            for part in 0..6 {
                let mut cut = files.clone();
                cut[at].1.truncate(length * part / 6);
                // A cut within a character is a file that is not text: that too is said.
                open(&format!("{name}/{} up to {part}/6", files[at].0), cut);
            }
        }
    }
}

#[test]
fn prefixes_of_the_pages_are_projects() {
    for page in pages() {
        for section in page.sections.iter().filter(|it| it.runs()) {
            let files = texts(section);
            for at in 0..files.len() {
                let text = &files[at].1;
                let step = (text.len() / 5).max(1);
                for end in boundaries(text).step_by(step) {
                    let mut cut: Files = files.iter().map(|it| (it.0.clone(), it.1.clone().into_bytes())).collect();
                    cut[at].1.truncate(end);
                    open(&format!("{}:{} {} up to {end}", page.path, section.line, files[at].0), cut);
                }
            }
        }
    }
}

#[test]
fn changed_bytes_are_survived() {
    const MARKS: &[u8] = b"{}()[]\":;,#&*!|>%@`'\\-=.\n\t \0\xff\xc3";
    let mut random = Random(0x005e_ed0f_9e11);
    for name in ["airport", "autoruit", "webshop"] {
        let files = example(name);
        for at in 0..files.len() {
            for round in 0..10 {
                let mut changed = files.clone();
                let bytes = &mut changed[at].1;
                for _ in 0..1 + random.below(4) {
                    let place = random.below(bytes.len());
                    match random.below(4) {
                        0 => drop(bytes.remove(place)),
                        1 => bytes.insert(place, MARKS[random.below(MARKS.len())]),
                        2 => bytes[place] = MARKS[random.below(MARKS.len())],
                        _ => {
                            // A stretch is written twice.
                            let end = (place + random.below(200)).min(bytes.len());
                            let copy = bytes[place..end].to_vec();
                            bytes.splice(place..place, copy);
                        }
                    }
                }
                open(&format!("{name}/{} round {round}", files[at].0), changed);
            }
        }
    }
}

#[test]
fn empty_and_binary_files_are_survived() {
    for path in ["a.peil", "a.yaml"] {
        for (what, bytes) in [
            ("empty", Vec::new()),
            ("blank", b"\n \n\t\n".to_vec()),
            ("mark of order", "\u{feff}".as_bytes().to_vec()),
            ("binary", (0..=255).cycle().take(5_000).collect()),
            ("zeroes", vec![0; 5_000]),
            ("one line", b"kpi a { formula ".iter().copied().chain(std::iter::repeat_n(b'x', 1 << 20)).collect()),
            ("line ends", vec![b'\n'; 1 << 18]),
            ("returns", b"kpi a {\r formula 1\r }\r".to_vec()),
        ] {
            one(&format!("{what} {path}"), path, bytes);
        }
    }
}

/// Asserts that a text ends in a diagnostic.
fn bomb(what: &str, path: &str, text: &str) {
    let facts = one(what, path, text);
    assert!(facts.iter().any(|it| it.severity == peil::value::Severity::Error), "{what}: nothing was found");
}

#[test]
fn a_block_without_its_last_line_end_is_pointed_at() {
    // Its text has one that the file has not.
    for formula in ["mean(s w  \"ghah", "mean(s.q where", "1 +", "\"é"] {
        bomb(formula, "a.yaml", &format!("kpi:\n  a:\n    formula: |\n     {formula}"));
        bomb(formula, "a.yaml", &format!("kpi:\n  a:\n    formula: >\n     {formula}\n      é"));
    }
}

#[test]
fn nesting_ends_in_a_diagnostic() {
    let deep = 100_000;
    bomb("braces", "a.peil", &format!("kpi a {}", "{ ".repeat(deep)));
    bomb("closed braces", "a.peil", &format!("kpi a {}{}", "{ x ".repeat(deep), "}".repeat(deep)));
    bomb("goals in goals", "a.peil", &format!("business goal g {{ {} }}", "business goal x { ".repeat(2_000)));
    for (what, open, close) in
        [("brackets", "(", ")"), ("parts", "a[", "]"), ("calls", "mean(", ")"), ("nots", "not ", ""), ("minus", "-", "")]
    {
        let formula = format!("{}1{}", open.repeat(20_000), close.repeat(20_000));
        bomb(what, "a.peil", &format!("kpi a {{ formula {formula} }}"));
        bomb(what, "a.yaml", &format!("kpi:\n  a:\n    formula: '{formula}'\n"));
    }
    bomb("open brackets", "a.peil", &format!("kpi a {{ formula {} }}", "(".repeat(deep)));
    bomb("lists in lists", "a.yaml", &format!("kpi: {}", "[".repeat(deep)));
    bomb("mappings in mappings", "a.yaml", &format!("kpi: {}", "{a: ".repeat(deep)));
    let steps: String = (0..500).map(|it| format!("{}a:\n", " ".repeat(it))).collect();
    bomb("steps", "a.yaml", &format!("kpi:\n{steps}"));
    bomb("dashes", "a.yaml", &format!("kpi:\n  a: {}", "- ".repeat(10_000)));
}

#[test]
fn long_formulas_end_in_a_diagnostic_or_a_figure() {
    for operator in ["+", "or", "and", "=", "is blank or", ".."] {
        let formula = format!("share(s.a = 1 {})", format!("{operator} s.a = 2 ").repeat(5_000));
        let text = format!("source s {{ files \"s.csv\"; columns a }}\nkpi a {{ formula {formula} }}");
        one(operator, "a.peil", text);
    }
}

#[test]
fn aliases_are_refused_before_they_grow() {
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for at in 1..12 {
        let before = format!("*a{}", at - 1);
        laughs.push_str(&format!("a{at}: &a{at} [{}]\n", [before.as_str(); 9].join(", ")));
    }
    bomb("laughs", "a.yaml", &format!("{laughs}kpi: *a11\n"));
    let facts = one("a loop", "a.yaml", "kpi: &k\n  a: *k\n");
    assert!(facts.iter().any(|it| it.code == Code::YamlFeature));
}

#[test]
fn long_chains_are_walked_without_a_deep_stack() {
    let source = "source s { files \"s.csv\"; columns a }\nkpi k0 { formula count(s) }\n";
    let chain: String = (1..3_000).map(|it| format!("kpi k{it} {{ formula k{} + k0 }}\n", it - 1)).collect();
    one("chain of KPIs", "a.peil", format!("{source}{chain}"));
    let ring = chain.replace("kpi k1 { formula k0 + k0 }", "kpi k1 { formula k2999 + k0 }");
    one("ring of KPIs", "a.peil", format!("{source}{ring}"));
    let likes: String = (1..1_000).map(|it| format!("kpi k{it} like k{} {{ }}\n", it - 1)).collect();
    one("chain of likes", "a.peil", format!("{source}{likes}"));
    let parts: String = (1..3_000).map(|it| format!("business goal g{it} {{ part of g{} }}\n", it - 1)).collect();
    one("chain of goals", "a.peil", format!("business goal g0 {{ measured by k0 }}\n{source}{parts}"));
    let within: String = (1..1_000).map(|it| format!("dimension d{it} {{ from s.a; within d{} }}\n", it - 1)).collect();
    one("chain of dimensions", "a.peil", format!("{source}dimension d0 {{ from s.a }}\n{within}"));
}

const SURVEY: &str =
    "day,answer,why,customer\n2025-01-06,5,\"slow, but kind\",c1\n2025-01-07,,x;y,c2\n2025-01-08,3,\"a \"\"b\"\"\",c1\n2025-02-01,9,é,c3\n";

const PROJECT: &str = r#"
source survey {
  files "survey.csv"
  time day
  customer customer
  column answer scale 1..5
  column why several split ";"
}
kpi ease { formula csat.top2(survey.answer) }
kpi middle { formula median(survey.answer) }
kpi reasons { formula share(survey.why = "x") }
kpi persons { formula distinct(survey.customer) }
"#;

/// Evaluates and audits the small project over other data; only that an answer comes is asked.
fn over(what: &str, data: &[u8]) {
    let files = [("project.peil", b"project \"T\" { peil 1 }".as_slice()), ("a.peil", PROJECT.as_bytes()), ("survey.csv", data)];
    let world = MemoryWorld::new(files.map(|(path, bytes)| (path.to_owned(), bytes.to_vec())));
    let before = worked();
    let opened = Opened::new(&world);
    let checked = opened.checked().unwrap();
    let mut out = Diagnostics::default();
    peil::audit::audit(checked, &world, PLAIN, Some(Asked::default().today()), &mut out);
    if let Ok(text) = opened.eval(&Asked::default()) {
        assert!(!text.contains("NaN") && !text.contains("inf"), "{what}: {text}");
    }
    let took = worked() - before;
    assert!(took < SOON, "{what}: took {took:?}");
}

#[test]
fn cut_data_are_survived() {
    (0..=SURVEY.len()).for_each(|at| over(&format!("up to {at}"), &SURVEY.as_bytes()[..at]));
    let mut random = Random(0xda7a);
    for round in 0..200 {
        let mut bytes = SURVEY.as_bytes().to_vec();
        for _ in 0..1 + random.below(3) {
            let place = random.below(bytes.len());
            match random.below(3) {
                0 => drop(bytes.remove(place)),
                1 => bytes.insert(place, b"\",\n\r;\0\xff-9e"[random.below(10)]),
                _ => bytes[place] = random.next() as u8,
            }
        }
        over(&format!("round {round}"), &bytes);
    }
}

#[test]
fn strange_data_are_survived() {
    let head = "day,answer,why,customer\n";
    over("nothing", b"");
    over("headers alone", head.as_bytes());
    over("binary", &(0..=255).cycle().take(10_000).collect::<Vec<u8>>());
    over("zeroes", &[0; 10_000]);
    over("a huge line", format!("{head}2025-01-06,5,{},c1\n", "x".repeat(4 << 20)).as_bytes());
    over("an open quote", format!("{head}2025-01-06,5,\"{}", "x\n".repeat(1 << 16)).as_bytes());
    over("many columns", format!("{}\n{}\n", "a,".repeat(5_000), "1,".repeat(5_000)).as_bytes());
    over("huge numbers", format!("{head}2025-01-06,{},x,c\n9999-12-31,1e309,x,c\n-1-1-1,-0,x,c\n", "9".repeat(400)).as_bytes());
    over("no end", format!("{head}2025-01-06,5,x,c1\r2025-01-07,5,x,c1\r").as_bytes());
}
