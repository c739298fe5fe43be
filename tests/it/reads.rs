//! One read per source, whatever is asked of it: the reports of a project read each file once.

use crate::support::files::root;
use peil::calendar::Date;
use peil::engine::{Engine, Options};
use peil::eval::Periods;
use peil::report::gather;
use peil::session;
use peil::source::{DataError, DataFile, DiskWorld, Found, LibraryError, Listed, MemoryWorld, TemplateFile, World};
use peil::value::Diagnostics;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// A world that counts how often each file of data was asked for.
struct Counting {
    inner: Box<dyn World>,
    asked: Mutex<BTreeMap<String, usize>>,
}

impl World for Counting {
    fn definitions(&self) -> Vec<Listed> {
        self.inner.definitions()
    }

    fn library(&self, from: &str, path: &str) -> Result<Found, LibraryError> {
        self.inner.library(from, path)
    }

    fn templates(&self) -> Vec<TemplateFile> {
        self.inner.templates()
    }

    fn data(&self, folder: &str, pattern: &str) -> Result<Vec<(String, DataFile)>, DataError> {
        *self.asked.lock().unwrap().entry(pattern.to_owned()).or_default() += 1;
        self.inner.data(folder, pattern)
    }
}

/// How often each file is asked for when all reports of a project are made of one request, and what its plan says.
fn asked_for(inner: Box<dyn World>, engine: Engine) -> (BTreeMap<String, usize>, String) {
    let world = Counting { inner, asked: Mutex::default() };
    let session = session::open(&world);
    let checked = session.checked.as_ref().expect("the example is sound");
    let gathered = gather(checked, &checked.model.reports, Date::MAX);
    let checked = gathered.checked();
    let options = Options { engine, threads: 2 };
    let mut found = Diagnostics::default();
    let run = session::run(checked, &gathered.request, &world, options, Periods::default(), Date::MAX, &mut found);
    let run = run.expect("the data are sound");
    assert!(run.results.tables.len() > checked.model.sources.len(), "there is more to read for than sources");
    (world.asked.into_inner().unwrap(), peil::plan::print(checked, &run.plan))
}

#[test]
fn all_reports_read_every_source_once() {
    for engine in [Engine::Plain, Engine::default()] {
        let (asked, _) = asked_for(Box::new(DiskWorld::new(&root().join("examples/autoruit"), None)), engine);
        assert_eq!(asked.len(), 7, "{asked:?}");
        for (file, times) in asked {
            // A list that repairs refer to is held in memory for them, and has figures of its own.
            let most = if file == "data/opdrachtgevers.csv" { 2 } else { 1 };
            assert!(times <= most, "{engine:?} reads {file} {times} times");
        }
    }
}

#[test]
fn weights_that_are_made_take_one_read_before() {
    let definitions = "project \"P\" { peil 1; team care \"Care\" }\n\
        source s { files \"s.csv\"; no persons \"Invented.\"; columns region; column q scale 1..5; margin region \"N\" 30 %, \"S\" 70 % }\n\
        dimension region { from s.region }\n\
        kpi a { formula mean(s.q); owner care }\nkpi b { formula share(s.q >= 4); owner care }\n\
        customer goal g \"G\" { measured by a, b }\nreport r \"R\" { for care; cuts region }\n";
    let data = "region,q\nN,1\nN,2\nS,3\nS,5\n";
    for engine in [Engine::Plain, Engine::default()] {
        let files = [("project.peil", definitions), ("s.csv", data)].map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
        let (asked, plan) = asked_for(Box::new(MemoryWorld::new(files)), engine);
        assert_eq!(asked, BTreeMap::from([("s.csv".to_owned(), 2)]), "{engine:?}");
        let reads: Vec<&str> = plan.lines().filter(|it| it.starts_with("read ")).collect();
        assert_eq!(reads, ["read s before, to make its weights", "read s (s.csv)"]);
    }
}
