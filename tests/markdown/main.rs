//! Runs the pages: every section of every Markdown file that holds definitions is a test.
//!
//! `UPDATE=1` writes what is found into the blocks `diagnostics`, `result`, `goals` and `plan`; the difference is what
//! gets reviewed. The format is told in `specs/README.md`.

#![allow(clippy::disallowed_methods, clippy::print_stderr, reason = "tests read pages from disk, and say what they wrote")]

#[path = "../support/mod.rs"]
mod support;

use libtest_mimic::{Arguments, Failed, Trial};
use peil::value::Code;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use support::page::Page;
use support::section::{self, role_of};
use support::{files, page};

fn main() {
    let arguments = Arguments::from_args();
    if std::env::var_os("UPDATE").is_some_and(|it| !it.is_empty() && it != "0") {
        files::pages().iter().for_each(update);
    }
    let pages: Vec<Arc<Page>> = files::pages().into_iter().map(Arc::new).collect();
    let mut trials = Vec::new();
    for page in &pages {
        trials.extend(sections(page));
    }
    trials.extend(codes(&pages));
    trials.push(Trial::test("specs - rules", {
        let pages = pages.clone();
        move || rules(&pages)
    }));
    trials.push(Trial::test("specs - every page of tests has one", move || no_page_is_idle(&pages)));
    libtest_mimic::run(&arguments, trials).exit();
}

/// One test a section.
fn sections(page: &Arc<Page>) -> Vec<Trial> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut trials = Vec::new();
    for (at, section) in page.sections.iter().enumerate().filter(|it| it.1.runs()) {
        let name = format!("{} - {}", page.path, section.name());
        let count = names.entry(name.clone()).or_default();
        *count += 1;
        let name = if *count > 1 { format!("{name} ({count})") } else { name };
        let page = Arc::clone(page);
        trials.push(Trial::test(name, move || {
            let section = &page.sections[at];
            let outcome = section::run(&page, section, role_of(&page, section));
            match outcome.failures.is_empty() {
                true => Ok(()),
                false => Err(format!("{}:{}\n{}", page.path, section.line, outcome.failures.join("\n")).into()),
            }
        }));
    }
    trials
}

/// Writes into a page what its blocks should read.
fn update(page: &Page) {
    let mut updates: Vec<_> =
        page.sections.iter().filter(|it| it.runs()).flat_map(|it| section::run(page, it, role_of(page, it)).updates).collect();
    if updates.is_empty() {
        return;
    }
    updates.sort_by_key(|it| std::cmp::Reverse(it.0.start));
    let mut text = page.text.clone();
    for (range, found) in &updates {
        text.replace_range(range.clone(), found);
    }
    let path = files::root().join(&page.path);
    match std::fs::write(&path, text) {
        Ok(()) => eprintln!("updated {} blocks of {}", updates.len(), page.path),
        Err(error) => eprintln!("{}: {error}", page.path),
    }
}

/// One test a code: its page can be said in both languages, and has an example and a mended one.
fn codes(pages: &[Arc<Page>]) -> Vec<Trial> {
    let mut trials = Vec::new();
    for code in Code::ALL.iter().copied() {
        let path = format!("specs/diagnostics/{}.md", code.name());
        let page = pages.iter().find(|it| it.path == path).cloned();
        trials.push(Trial::test(format!("{path} - page"), move || page_of_code(code, page.as_deref())));
    }
    let known: BTreeSet<String> = Code::ALL.iter().map(|it| format!("specs/diagnostics/{}.md", it.name())).collect();
    let there: BTreeSet<String> = pages.iter().map(|it| it.path.clone()).filter(|it| it.starts_with("specs/diagnostics/")).collect();
    trials.push(Trial::test("specs/diagnostics - one page a code", move || {
        let more: Vec<&String> = there.difference(&known).collect();
        let fewer: Vec<&String> = known.difference(&there).collect();
        check(more.is_empty() && fewer.is_empty(), || format!("pages without a code: {more:?}; codes without a page: {fewer:?}"))
    }));
    trials
}

fn page_of_code(code: Code, page: Option<&Page>) -> Result<(), Failed> {
    let page = page.ok_or("there is no page")?;
    peil::words::split_page(&page.text).map_err(|it| format!("{}: {it}", page.path))?;
    for heading in ["Example", "Fixed"] {
        let section = page.sections.iter().find(|it| it.heading() == heading);
        let section = section.ok_or_else(|| format!("{}: no section `{heading}`", page.path))?;
        check(section.runs() || section::is_beyond_pages(code), || format!("{}: nothing to run under `{heading}`", page.path))?;
    }
    Ok(())
}

/// Rule ids are unique, and each rule has a running example before the next heading.
fn rules(pages: &[Arc<Page>]) -> Result<(), Failed> {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut faults = Vec::new();
    for page in pages {
        for section in &page.sections {
            for page::Rule { id, line } in &section.rules {
                let place = format!("{}:{line}", page.path);
                if let Some(first) = known.insert(id.clone(), place.clone()) {
                    faults.push(format!("{place}: the rule `{id}` stands also at {first}"));
                }
                if !section.blocks.iter().any(|it| it.is_definition() && it.line > *line) {
                    faults.push(format!("{place}: the rule `{id}` has no example that runs"));
                }
            }
        }
    }
    check(faults.is_empty(), || faults.join("\n"))
}

/// Pages of the language and of cases hold at least one test each.
fn no_page_is_idle(pages: &[Arc<Page>]) -> Result<(), Failed> {
    let must = |it: &&Arc<Page>| it.path.starts_with("tests/cases/") || it.path.starts_with("specs/language/");
    let idle: Vec<&str> =
        pages.iter().filter(must).filter(|it| !it.sections.iter().any(|it| it.runs())).map(|it| it.path.as_str()).collect();
    check(idle.is_empty(), || format!("pages without a test: {idle:?}"))
}

fn check(holds: bool, text: impl FnOnce() -> String) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(text().into()) }
}
