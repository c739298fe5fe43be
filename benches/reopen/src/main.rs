//! Opens a project of `benches/projects.py`, edits one of its files, opens it again, and so on; prints the least and the
//! median time of an opening, in milliseconds, for each kind of edit. The files are put back as they were.
//!
//! ```sh
//! python3 benches/projects.py 1000 /tmp/thousand
//! cd benches/reopen && cargo run --release -- /tmp/thousand 100
//! ```

use peil::session::Memory;
use peil::source::DiskWorld;
use std::fs;
use std::path::Path;
use std::time::Instant;

/// A kind of edit: its name, the file, and the text of a round.
type Edit = (&'static str, &'static str, fn(&str, usize) -> String);

const EDITS: [Edit; 8] = [
    ("a comment below all", "part04.peil", |text, round| format!("{text}\n# {round}\n")),
    ("a comment above all", "part04.peil", |text, round| format!("# {}\n{text}", "x".repeat(1 + round % 7))),
    ("a formula", "part04.peil", |text, round| replaced(text, "share(survey.q6 >= 4", &format!("share(survey.q6 >= {}", 2 + round % 3))),
    ("a norm", "part04.peil", |text, round| replaced(text, "threshold 42 %", &format!("threshold {} %", 30 + round % 9))),
    ("a norm in a YAML file", "part05.yaml", |text, round| replaced(text, "42 %", &format!("{} %", 30 + round % 9))),
    ("a name, wherever it stands", "part04.peil", |text, round| text.replace("k220", &format!("k220{}", "x".repeat(1 + round % 2)))),
    ("nothing", "part04.peil", |text, _| text.to_owned()),
    ("a title in the source", "project.peil", |text, round| replaced(text, "\"Question 3\"", &format!("\"Question {round}\""))),
];

/// The text with the first of these words replaced.
fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "`{from}` is not in the file");
    text.replacen(from, to, 1)
}

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("reopen FOLDER [ROUNDS]");
    let rounds: usize = arguments.next().map_or(100, |it| it.parse().expect("a number of rounds"));
    let folder = Path::new(&folder);
    let world = DiskWorld::new(folder, None);
    for (name, file, edit) in EDITS {
        let file = folder.join(file);
        let text = fs::read_to_string(&file).expect("a project of benches/projects.py");
        let mut memory = Memory::default();
        let _ = memory.open(&world);
        let mut times = Vec::new();
        for round in 0..rounds {
            fs::write(&file, edit(&text, round)).expect("the file can be written");
            let started = Instant::now();
            let session = memory.open(&world);
            times.push(started.elapsed().as_secs_f64() * 1e3);
            drop(session);
        }
        fs::write(&file, &text).expect("the file can be written");
        times.sort_by(f64::total_cmp);
        println!("{name}: least {:.2}, median {:.2}", times[0], times[times.len() / 2]);
    }
}
