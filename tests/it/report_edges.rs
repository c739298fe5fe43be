//! Does a report hold at its edges: few KPIs and many, long labels, nothing to show, one period, a tree of forty goals?

use peil::calendar::{Date, DatePattern};
use peil::engine::{Engine, Options};
use peil::eval::Periods;
use peil::report::{Assembly, assemble, default_report, gather, render::render};
use peil::session;
use peil::source::MemoryWorld;
use peil::value::Diagnostics;
use peil::words::Lang;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Renders the report of a project, and leaves it where `tests/browser/run` reads it in a browser.
fn page(name: &str, project: &str, data: &str) -> String {
    let html = rendered(project, data);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("edges");
    fs::create_dir_all(&folder).expect("a folder for pages");
    fs::write(folder.join(name).with_extension("html"), &html).expect("a page");
    html
}

fn rendered(project: &str, data: &str) -> String {
    let today = Date::parse("2026-01-02", DatePattern::YearMonthDay).expect("a day");
    let files = [("project.peil".to_owned(), project.as_bytes().to_vec()), ("survey.csv".to_owned(), data.as_bytes().to_vec())];
    let world = MemoryWorld::new(files);
    let session = session::open(&world);
    let found: Vec<_> = session.diagnostics.sorted().into_iter().map(|it| peil::words::say(&it, Lang::En).message).collect();
    let checked = session.checked.as_ref().unwrap_or_else(|| panic!("{found:?}"));
    let report = default_report(&checked.model);
    let mut unread = Diagnostics::default();
    let options = Options { engine: Engine::Plain, threads: 1 };
    let gathered = gather(checked, std::slice::from_ref(&report), today);
    let run = session::run(gathered.checked(), &gathered.request, &world, options, Periods::default(), today, &mut unread);
    let run = run.expect("readable data");
    let told = gathered.told(&run.plan, &run.table, &run.results, today);
    let view = assemble(&Assembly { checked, results: &run.results, report: &report, lang: Lang::Nl, today, told: &told, others: &[] });
    render(&view).expect("the templates fit the view")
}

/// A title of sixty characters.
fn long(at: usize) -> String {
    let title = format!("Een kengetal met een titel die zestig letters telt, nummer {at:02}");
    assert!(title.chars().count() >= 60);
    title
}

fn project(kpis: usize) -> String {
    let mut text = "project \"Randen\" { peil 1; language nl; grain quarter; team t \"Team\"; lint kpi-without-goal allow \"x\" }\n\
        source survey { files \"survey.csv\"; survey transactional; time day; column day; column q scale 0..10; columns place }\n\
        dimension place { from survey.place }\n"
        .to_owned();
    for at in 0..kpis {
        let _ = writeln!(
            text,
            "kpi k{at} \"{}\" {{ formula share(survey.q >= {}); owner t; norms worst 0 %, threshold 40 %, target 60 %; cuts place }}",
            long(at),
            at % 9 + 1
        );
    }
    text
}

fn answers(months: usize, each: usize) -> String {
    let mut csv = "day,q,place\n".to_owned();
    for month in 0..months {
        for at in 0..each {
            let (year, number) = (2025 - (months - 1 - month) / 12, 12 - (months - 1 - month) % 12);
            let place = ["Noord", "Zuid", "Een plaats met een naam die zestig letters lang is zonder twijfel"][at % 3];
            let _ = writeln!(csv, "{year}-{number:02}-{:02},{},{place}", at % 28 + 1, (at * 7 + month) % 11);
        }
    }
    csv
}

fn assert_whole(html: &str) {
    assert!(!html.contains("NaN") && !html.contains("inf%"));
    assert_eq!(html.matches("<svg").count(), html.matches("</svg>").count());
    let all =
        |before: &str| -> Vec<String> { html.split(before).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect() };
    let mut ids = all(" id=\"");
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "ids are unique");
    for link in all("href=\"#") {
        assert!(ids.contains(&link), "{link}");
    }
}

#[test]
fn three_kpis_fill_a_report() {
    let html = page("three", &project(3), &answers(24, 60));
    assert_whole(&html);
    assert!(html.contains("class=\"cards n3\""));
}

#[test]
fn fifteen_and_two_hundred_kpis_keep_to_their_weight() {
    let html = rendered(&project(15), &answers(24, 60));
    assert_whole(&html);
    assert!(html.len() <= 300_000, "{} bytes", html.len());
    let html = page("two-hundred", &project(200), &answers(24, 60));
    assert_whole(&html);
    assert!(html.len() <= 1_500_000, "{} bytes", html.len());
    // Not all of it is drawn: that would be a wall.
    assert!(html.matches("class=\"chart trend w\"").count() <= 8);
}

#[test]
fn a_report_of_one_period_says_what_it_cannot_tell() {
    let html = page("one-period", &project(3), &answers(1, 60));
    assert_whole(&html);
    assert!(html.contains("Of iets beweegt is nog niet te zeggen"));
    assert!(html.contains("Geen enkel kengetal heeft cijfers in twee of meer perioden."));
}

#[test]
fn a_report_in_which_all_is_hidden_says_so() {
    let html = page("hidden", &project(3), &answers(1, 6));
    assert_whole(&html);
    assert!(html.contains("Verborgen"));
    assert!(html.contains("Geen kengetal van dit rapport heeft een uitsplitsing met cijfers."));
    // Nothing of the six answers is told.
    assert!(!html.contains("n = 6"));
}

#[test]
fn a_tree_of_forty_goals_is_drawn_and_told() {
    let mut text = project(3);
    text.push_str("business goal top \"Het hoogste doel\" { owner t; measured by k0 }\n");
    for at in 0..19 {
        let _ = writeln!(text, "business goal b{at} \"{}\" {{ owner t; part of top; measured by k1 }}", long(at));
    }
    for at in 0..20 {
        let _ = writeln!(text, "customer goal c{at} \"{}\" {{ need \"Iets\"; owner t; measured by k2 }}", long(at));
        let _ =
            writeln!(text, "enabler e{at} \"{}\" {{ owner t; serves c{at} strength 0.5; lifts b{} strength 0.5 }}", long(at), at.min(18));
    }
    let html = page("forty-goals", &text, &answers(24, 60));
    assert_whole(&html);
    let tree = html.split("class=\"chart tree\"").nth(1).and_then(|it| it.split("</svg>").next()).expect("a tree");
    assert_eq!(tree.matches("<g class=nd>").count() + tree.matches("<g class=\"nd ").count(), 60, "every goal and enabler has its box");
}

/// A page opens with what was found, where that has a title; either way its text stands on the page once.
#[test]
fn what_was_found_is_told_once_with_a_title_or_without() {
    for (title, opens) in [("title \"Gevonden\"; ", true), ("", false)] {
        let finding =
            format!("finding f {{ {title}about k0; by t \"Anne de Vries\"; on 2026-01-01; while k0 >= 0 %; text \"Zo staat het.\" }}\n");
        let html = rendered(&(project(3) + &finding), &answers(24, 60));
        assert_eq!(html.matches("Zo staat het.").count(), 1, "{title}");
        assert_eq!(html.contains("<h1>Gevonden</h1>"), opens);
    }
}
