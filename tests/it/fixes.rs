//! Fixes: each mends its finding, and makes nothing worse.

use crate::support::files;
use crate::support::page::{Page, Section, Spelling};
use crate::support::project::{Opened, line_of};
use crate::support::section::{Role, role_of, world};
use peil::diagnostic::mend;
use peil::source::{MemoryWorld, Overlay, World};
use peil::value::{Code, Fact};
use std::collections::BTreeMap;

/// What is found in a section, one fix at a time: the finding, what was found before and what is found after it, each
/// as codes with their values.
fn each_fix(page: &Page, section: &Section, mut take: impl FnMut(&Fact, &BTreeMap<Known, usize>, &BTreeMap<Known, usize>, String)) {
    let role = role_of(page, section);
    let spellings = if section.is_twice() { vec![Spelling::Own, Spelling::Yaml] } else { vec![Spelling::Both] };
    for spelling in spellings {
        let world: MemoryWorld = world(section, spelling, role);
        let data = matches!(role, Role::Example(code) if code.family() == peil::value::Family::Data);
        let opened = Opened::new(&world);
        let found = opened.findings(data);
        for fact in found.iter().filter(|it| it.fix.is_some()) {
            let sources = &opened.session.sources;
            let mended = mend([fact], sources);
            let texts: Vec<(String, String)> =
                mended.texts.iter().map(|(file, text)| (sources.file(*file).path.clone(), text.clone())).collect();
            let shown = format!(
                "{}\n{}\n--- mended:\n{}",
                page.path,
                line_of(fact, sources),
                texts.iter().map(|it| it.1.as_str()).collect::<String>()
            );
            let overlay = Overlay::new(&world as &dyn World).with(texts);
            let after = Opened::new(&overlay).findings(data);
            take(fact, &counted(&found), &counted(&after), shown);
        }
    }
}

/// A finding without its place.
type Known = (Code, Vec<(&'static str, String)>);

fn known(fact: &Fact) -> Known {
    (fact.code, fact.args.iter().map(|it| (it.name, it.value.clone())).collect())
}

fn counted(facts: &[Fact]) -> BTreeMap<Known, usize> {
    let mut counts = BTreeMap::new();
    facts.iter().for_each(|it| *counts.entry(known(it)).or_default() += 1);
    counts
}

#[test]
fn the_fix_of_every_example_mends_it_and_raises_nothing() {
    let mut codes: Vec<&str> = Vec::new();
    let mut faults = Vec::new();
    for page in files::pages() {
        for section in page.sections.iter().filter(|it| it.runs()) {
            let Role::Example(code) = role_of(&page, section) else { continue };
            each_fix(&page, section, |fact, before, after, shown| {
                codes.push(code.name());
                let new: Vec<&Known> =
                    after.iter().filter(|(it, count)| before.get(*it).copied().unwrap_or(0) < **count).map(|it| it.0).collect();
                if after.contains_key(&known(fact)) || !new.is_empty() {
                    faults.push(format!("{shown}\n--- new: {new:?}"));
                }
            });
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n======\n"));
    // A fix that is lost is noticed here.
    assert!(codes.len() >= 21, "{codes:?}");
}

#[test]
fn every_fix_anywhere_mends_its_finding() {
    let mut faults = Vec::new();
    let mut count = 0;
    for page in files::pages() {
        for section in page.sections.iter().filter(|it| it.runs()) {
            each_fix(&page, section, |fact, before, after, shown| {
                count += 1;
                let key = known(fact);
                if after.get(&key).copied().unwrap_or(0) >= before[&key] {
                    faults.push(shown);
                }
            });
        }
    }
    assert!(faults.is_empty(), "{} of {count}\n{}", faults.len(), faults.join("\n======\n"));
    assert!(count >= 59, "{count}");
}

#[test]
fn no_other_byte_changes() {
    let text = "# a\r\nsource s { files \"s.csv\"; columns recommend }\t\r\n\r\nkpi a { formula  mean( s.recomend )}  # b\n\n\n";
    let world = MemoryWorld::new([
        ("project.peil".to_owned(), b"project \"P\" { peil 1 }".to_vec()),
        ("a.peil".to_owned(), text.as_bytes().to_vec()),
    ]);
    let opened = Opened::new(&world);
    let found = opened.findings(false);
    let mended = mend(&found, &opened.session.sources);
    assert_eq!(mended.texts.len(), 1);
    assert_eq!(mended.texts[0].1, text.replace("recomend", "recommend"));
}

#[test]
fn of_two_fixes_of_one_text_the_first_is_made() {
    let world = MemoryWorld::new([
        ("project.peil".to_owned(), b"project \"P\" { peil 1 }".to_vec()),
        ("a.peil".to_owned(), b"source s { files \"s.csv\"; columns recommend }\nkpi a { formula mean(s.recomend) }\n".to_vec()),
    ]);
    let opened = Opened::new(&world);
    let fact = opened.findings(false).into_iter().find(|it| it.fix.is_some()).unwrap();
    let span = fact.fix.as_ref().unwrap().edits[0].span;
    let mut other = fact.clone();
    other.fix = None;
    let other = other.rewrite(peil::source::Span { start: span.start - 2, ..span }, "t.x");
    let same = fact.clone();
    let mended = mend([&fact, &other, &same], &opened.session.sources);
    assert_eq!(mended.facts.len(), 2);
    assert!(mended.texts[0].1.contains("mean(s.recommend)"));
}
