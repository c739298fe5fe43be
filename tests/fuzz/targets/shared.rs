//! What all targets do with a text: read it, and hold the findings to what is promised of them.

use peil::source::{MemoryWorld, Sources};
use peil::value::{Diagnostics, Fact};
use peil::words::Lang;

/// Every place is in a file, between two characters, and every finding can be said and drawn.
pub fn hold(facts: &[Fact], sources: &Sources) {
    for fact in facts {
        for span in fact.span.iter().chain(fact.labels.iter().map(|it| &it.span)) {
            let text = &sources.file(span.file).text;
            assert!(text.get(span.range()).is_some(), "{:?} points at {span:?}", fact.code);
        }
    }
    for lang in [Lang::En, Lang::Nl] {
        assert!(facts.is_empty() || !peil::diagnostic::human(facts, sources, lang, false).is_empty());
    }
}

/// Reads one file by itself.
#[allow(dead_code, reason = "each target uses one of the two")]
pub fn read(path: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut sources = Sources::default();
    let file = sources.add(path.to_owned(), text.as_ref().into());
    let mut found = Diagnostics::default();
    let _ = peil::syntax::read(&sources, file, &mut found);
    hold(&found.sorted(), &sources);
}

/// Checks a project of several files.
#[allow(dead_code, reason = "each target uses one of the two")]
pub fn check(files: Vec<(String, Vec<u8>)>) {
    let world = MemoryWorld::new(files);
    let session = peil::session::open(&world);
    hold(&session.diagnostics.sorted(), &session.sources);
}
