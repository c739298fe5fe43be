//! A project that is opened again is the one that is opened anew, whatever was edited in between; and little is done for it.

use crate::support::files::{below, name_of, root};
use crate::support::random::Random;
use peil::session::{Memory, Session};
use peil::source::MemoryWorld;
use std::fmt::Write;

type Files = Vec<(String, String)>;

/// The definitions of an example.
fn example(name: &str) -> Files {
    let folder = root().join("examples").join(name);
    let inside = |path: &std::path::Path| name_of(path).trim_start_matches(&format!("examples/{name}/")).to_owned();
    below(&folder, &[".peil", ".yaml"]).iter().map(|it| (inside(it), std::fs::read_to_string(it).unwrap())).collect()
}

fn world(files: &Files) -> MemoryWorld {
    MemoryWorld::new(files.iter().map(|it| (it.0.clone(), it.1.clone().into_bytes())))
}

/// All that a session tells: the whole model, its graph, every place, every finding in the order of finding.
fn told(session: &Session) -> String {
    let mut text = String::new();
    for (_, file) in session.sources.iter() {
        writeln!(text, "{} {}", file.path, file.text.len()).unwrap();
    }
    for fact in session.diagnostics.iter() {
        writeln!(text, "{fact:?}").unwrap();
    }
    writeln!(text, "{:?} {:?}", session.counts, session.libraries).unwrap();
    writeln!(text, "{:?}", session.checked).unwrap();
    text
}

/// Opens a project with what is remembered and without, and compares; gives whether it is sound, so that there was a model.
fn same(memory: &mut Memory, files: &Files, what: &str) -> bool {
    let world = world(files);
    let (again, anew) = (memory.open(&world), Memory::once().open(&world));
    let (found, wanted) = (told(&again), told(&anew));
    if found != wanted {
        let at = found.bytes().zip(wanted.bytes()).position(|it| it.0 != it.1).unwrap_or(found.len().min(wanted.len()));
        let around = |text: &str| {
            let near = text.bytes().enumerate().filter(|it| it.0 + 300 > at && it.0 < at + 200).map(|it| it.1).collect();
            String::from_utf8_lossy(&<Vec<u8>>::into_boxed_slice(near)).into_owned()
        };
        let texts: String = files.iter().map(|it| format!("--- {}\n{}", it.0, it.1)).collect();
        panic!("{what}: opened again\n{}\n\nopened anew\n{}\n\n{texts}", around(&found), around(&wanted));
    }
    anew.checked.is_some()
}

// -- edits ------------------------------------------------------------------------------------------------------------

/// The starts of lines, and the end.
fn lines(text: &str) -> Vec<usize> {
    let ends = text.bytes().enumerate().filter(|it| it.1 == b'\n').map(|it| it.0 + 1);
    let mut starts: Vec<usize> = std::iter::once(0).chain(ends).collect();
    if starts.last() != Some(&text.len()) {
        starts.push(text.len());
    }
    starts
}

/// Stretches of whole lines that begin with one that is indented by no more than so many blanks: items, or parts of them.
fn blocks(text: &str, indent: usize) -> Vec<std::ops::Range<usize>> {
    let heads = |at: &usize| {
        let line = text[*at..].split('\n').next().unwrap_or("");
        let depth = line.len() - line.trim_start().len();
        line.trim_start().starts_with(|it: char| it.is_alphabetic() || it == '"') && depth <= indent
    };
    let mut starts: Vec<usize> = lines(text).into_iter().filter(|it| *it < text.len()).filter(heads).collect();
    starts.push(text.len());
    starts.windows(2).map(|it| it[0]..it[1]).collect()
}

/// The stretches of letters and digits of which one is true.
fn runs(text: &str, is: impl Fn(char) -> bool) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, it) in text.char_indices().chain([(text.len(), '\n')]) {
        match (start, is(it)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                found.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    found
}

fn names(text: &str) -> Vec<std::ops::Range<usize>> {
    runs(text, |it| it.is_alphanumeric() || it == '_').into_iter().filter(|it| it.len() > 2).collect()
}

/// Changes something; gives what.
fn edit(files: &mut Files, first: &Files, random: &mut Random) -> String {
    let at = random.below(files.len());
    let other = random.below(files.len());
    let path = files[at].0.clone();
    let kind = random.below(17);
    let text = files[at].1.clone();
    let block = |random: &mut Random| {
        let indent = *random.of(&[0, 0, 2]);
        let blocks = blocks(&text, indent);
        (!blocks.is_empty()).then(|| random.of(&blocks).clone())
    };
    let line = *random.of(&lines(&text));
    let mut now = text.clone();
    match kind {
        0 => {
            let said: &&str = random.of(&["# said\n", "# é\n", "\n", "# a longer remark\n#\n"]);
            now.insert_str(line, said);
        }
        1 => block(random).into_iter().for_each(|it| now.replace_range(it, "")),
        2 => {
            if let Some(block) = block(random) {
                now.insert_str(line, &text[block]);
            }
        }
        3 => {
            if let Some(block) = block(random) {
                now.replace_range(block.clone(), "");
                let place = *random.of(&lines(&now));
                now.insert_str(place, &text[block]);
            }
        }
        4 => {
            if let Some(block) = block(random).filter(|_| other != at) {
                now.replace_range(block.clone(), "");
                let place = *random.of(&lines(&files[other].1));
                files[other].1.insert_str(place, &text[block]);
            }
        }
        // A name is another one, here or everywhere.
        5 | 6 => {
            let found = names(&text);
            if !found.is_empty() {
                let place = random.of(&found).clone();
                let (old, new) = (text[place.clone()].to_owned(), format!("{}x", &text[place.clone()]));
                now.replace_range(place, &new);
                if kind == 6 {
                    files.iter_mut().for_each(|it| it.1 = it.1.replace(&old, &new));
                    now = files[at].1.clone();
                }
            }
        }
        7 | 8 => {
            let found = runs(&text, |it| it.is_ascii_digit());
            if !found.is_empty() {
                let number = random.of(&["0", "1", "3", "7", "10", "42", "95", "2025"]);
                now.replace_range(random.of(&found).clone(), number);
            }
        }
        // A unit, a column, a dimension, a key for another.
        9 | 10 => {
            let (found, from) = (names(&text), names(&files[other].1));
            if !found.is_empty() && !from.is_empty() {
                let new = files[other].1[random.of(&from).clone()].to_owned();
                now.replace_range(random.of(&found).clone(), &new);
            }
        }
        11 | 12 => {
            let starts = lines(&text);
            let first = random.below(starts.len().saturating_sub(1));
            if let Some(range) = starts.get(first).zip(starts.get(first + 1)).map(|it| *it.0..*it.1) {
                let (line, next) = (text[range.clone()].to_owned(), starts.get(first + 2).map(|it| range.end..*it));
                match (kind, next) {
                    (11, Some(next)) => now.replace_range(range.start..next.end, &format!("{}{line}", &text[next])),
                    (11, None) => now.insert_str(range.end, &line),
                    _ => now.replace_range(range, ""),
                }
            }
        }
        // The order of the files is that of their paths.
        13 => {
            if !path.ends_with("project.peil") {
                files[at].0 = format!("{}{}", random.of(&["a", "m", "z"]), path.replace('/', "_"));
            }
        }
        14 => {
            if files.len() > 2 {
                files.remove(at);
                return format!("{path} removed");
            }
        }
        15 => {
            let place = random.below(text.len());
            if text.as_bytes().get(place).is_some_and(u8::is_ascii) {
                let other: &&str = random.of(&["", "{", "}", "(", "\"", ",", " ", "x"]);
                now.replace_range(place..=place, other);
            }
        }
        _ => {
            if let Some(it) = first.iter().find(|it| it.0 == path) {
                now = it.1.clone();
            }
        }
    }
    files[at].1 = now;
    format!("{path}: edit {kind}")
}

/// Opens a project again after each of many edits.
fn edits(name: &str, first: &Files, steps: usize, seed: u64) {
    let mut random = Random(seed);
    let mut memory = Memory::default();
    let mut files = first.clone();
    assert!(same(&mut memory, &files, name), "{name} is sound");
    let mut sound = 0;
    for step in 0..steps {
        if random.below(2) == 0 {
            files = first.clone();
        }
        let mut what = format!("{name}, step {step}");
        for _ in 0..1 + random.below(2) {
            write!(what, ", {}", edit(&mut files, first, &mut random)).unwrap();
        }
        sound += usize::from(same(&mut memory, &files, &what));
    }
    assert!(sound * 10 > steps, "{name}: only {sound} of {steps} projects had a model to compare");
}

#[test]
fn an_edited_example_is_the_one_that_is_opened_anew() {
    edits("autoruit", &example("autoruit"), 120, 0x00a0_7031_u64);
}

#[test]
fn other_edited_examples_are_those_that_are_opened_anew() {
    edits("airport", &example("airport"), 40, 0x00a1_4907_u64);
    edits("webshop", &example("webshop"), 40, 0x0eb5_4079_u64);
}

/// Libraries, patterns, columns whose first use tells what they are, and KPIs made of KPIs.
fn tangled() -> Files {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    vec![
        file(
            "project.peil",
            "project \"Own\" { peil 1; team care \"Care\"; use peil.cx; use \"../group\" as group }\n\
             source s \"Answers\" {\n  files \"s.csv\"\n  survey relational\n  time day\n  columns channel, region, why, spent\n  \
             column q \"Ease\" scale 1..5 best 5\n  column r \"Recommend\" scale 0..10 best 10\n}\n\
             dimension region \"Region\" { from s.region }\n\
             assumption worth \"Worth of a point\" { base 3 EUR; source \"a guess\" }\n",
        ),
        file(
            "a.peil",
            "kpi ease \"Ease\" { formula share(s.q >= 4 where channel = \"web\"); norms worst 20 %, threshold 40 %, target 60 %; owner care }\n\
             kpi spent \"Spent\" { formula mean(s.spent); owner care; lint missing-norms allow \"a figure to look at\" }\n\
             kpi most \"Most\" { formula max(s.spent where why = \"price\"); owner care }\n\
             kpi top \"Top\" { takes x scale 1..5; formula share(x >= 5) }\n\
             kpi all \"CSAT of all\" { formula share(s.q >= 1); owner care }\n\
             kpi all_again \"Ease\" like all { owner care }\n\
             kpi hard \"Effort\" { formula ces.effort(s.q); norms worst 5, target 1; owner care }\n\
             kpi twice \"Twice\" { formula net(s.q >= 4, s.q <= 2); owner care; norms worst 0, target 5 }\n",
        ),
        file(
            "b.yaml",
            "kpi:\n  easy_top:\n    title: Easy\n    like: top\n    with: {x: s.q}\n    owner: care\n  \
             both:\n    title: Both\n    formula: 'index(ease: 40 %, easy_top: 60 %)'\n    owner: care\n  \
             north:\n    title: In the north\n    formula: 'ease[region = \"N\"]'\n    norms: {worst: 20 %, target: 60 %, where: 'region = \"N\"'}\n",
        ),
        file(
            "c.peil",
            "kpi lent \"Lent\" { formula group.mean_q * 2; owner care }\n\
             kpi score \"NPS\" { formula nps(s.r); owner care }\n\
             customer goal ease_goal \"It is easy\" { measured by ease weight 2, easy_top; owner care }\n",
        ),
        file("../group/project.peil", "project \"Group\" { peil 1 }\n"),
        file(
            "../group/m.peil",
            "source g { files \"g.csv\"; no persons \"x\"; columns q, w }\nkpi mean_q \"Mean\" { formula mean(g.q) }\n\
             kpi all \"All\" { formula count(g where w > 1) }\n",
        ),
    ]
}

#[test]
fn edited_libraries_patterns_and_columns_are_those_that_are_opened_anew() {
    edits("tangled", &tangled(), 250, 0x7a29_1ed0_u64);
}

// -- how little -------------------------------------------------------------------------------------------------------

/// Two files with ten KPIs each.
fn plain() -> Files {
    let kpis = |from: usize| -> String {
        let one = |at: usize| {
            format!(
                "kpi k{at} \"Figure {at}\" {{\n  formula share(s.q >= 4 where channel = \"c{at}\")\n  norms worst 20 %, target 60 %\n}}\n"
            )
        };
        (from..from + 10).map(one).collect()
    };
    let source = "source s { files \"s.csv\"; survey relational; time day; columns channel; column q scale 1..5 best 5 }\n";
    vec![
        ("a.peil".to_owned(), kpis(0)),
        ("b.peil".to_owned(), kpis(10)),
        ("project.peil".to_owned(), format!("project \"P\" {{ peil 1 }}\n{source}")),
    ]
}

/// How many KPIs are resolved anew when a text of a file is another.
fn anew(file: usize, old: &str, new: &str) -> usize {
    let mut memory = Memory::default();
    let mut files = plain();
    assert!(same(&mut memory, &files, "plain"));
    assert_eq!(memory.resolved(), 20, "all of them at first");
    assert!(files[file].1.contains(old), "{old}");
    files[file].1 = files[file].1.replacen(old, new, 1);
    same(&mut memory, &files, new);
    memory.resolved()
}

#[test]
fn what_an_edit_does_not_touch_is_not_resolved_again() {
    assert_eq!(anew(0, "kpi k0", "kpi k0"), 0, "nothing was edited");
    assert_eq!(anew(0, "}\nkpi k9", "}\n# below most\nkpi k9"), 1, "what stands below an edit moves");
    assert_eq!(anew(0, "kpi k0", "# above all\nkpi k0"), 10, "the whole file moves, not the other one");
    assert_eq!(anew(0, "q >= 4 where channel = \"c4\"", "q >= 5 where channel = \"c4\""), 1, "one formula");
    assert_eq!(anew(1, "worst 20 %", "worst 30 %"), 1, "one norm");
    assert_eq!(anew(1, "kpi k19 ", "kpi k1x "), 1, "another name for a KPI that nothing names");
    assert_eq!(anew(2, "best 5", "best 1"), 20, "another source");
    assert_eq!(anew(0, "kpi k0 \"Figure 0\" {", "kpi k0 \"Figure 0\" { # said"), 10, "a remark within an item moves the rest of it");
    assert_eq!(anew(0, "where channel = \"c4\"", "wher_ channel = \"c4\""), 1, "a formula that is broken");
    assert_eq!(anew(0, "c4\")", "c4\""), 5, "an item that cannot be read is none; those below it move");
}
