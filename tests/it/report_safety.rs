//! Can a text of a user do anything in a report but be read? A project whose every free text tries; and what is hidden is
//! not in the page at all.

use peil::calendar::{Date, DatePattern};
use peil::engine::{Engine, Options};
use peil::eval::Periods;
use peil::report::{Assembly, assemble, gather, render::render_in};
use peil::session::{self, Session};
use peil::source::MemoryWorld;
use peil::value::Diagnostics;
use peil::words::Lang;
use std::fmt::Write;

/// A text that would like to be more than text; the number tells where it stood.
fn hostile(place: usize) -> String {
    format!(
        "T{place}E</script></style></title></svg><script>alert({place})</script><svg onload=alert({place})>\"'><img src=x onerror=alert({place})>\
         javascript:alert({place}) {{{{ 7*7 }}}}{{% include 'x' %}}&#x3c;b&#x3e; --></textarea> \u{7}\u{1b}[31m\u{202e}txet\u{2066}\u{200f}"
    )
}

/// The text as YAML and JSON write it between double quotes.
fn quoted(place: usize) -> String {
    let mut text = String::from("\"");
    for it in hostile(place).chars() {
        match it {
            '"' | '\\' => text.extend(['\\', it]),
            it if it.is_control() || !it.is_ascii() => write!(text, "\\u{:04x}", u32::from(it)).expect("a text"),
            it => text.push(it),
        }
    }
    text + "\""
}

/// Everything that may hold a text of people holds one.
fn project() -> String {
    let mut places = 0..;
    let mut text = String::new();
    for line in PROJECT.lines() {
        // In the text of a finding a brace begins a figure.
        let line = line.replace("BARE", &quoted(700).replace(['{', '}'], ""));
        let mut rest = line.as_str();
        while let Some((before, after)) = rest.split_once("TEXT") {
            write!(text, "{before}{}", quoted(places.next().expect("without end"))).expect("a text");
            rest = after;
        }
        writeln!(text, "{rest}").expect("a text");
    }
    text
}

const PROJECT: &str = r##"
project:
  title: {nl: TEXT, en: TEXT}
  peil: 1
  language: en
  grain: quarter
  team: {desk: {nl: TEXT, en: TEXT}, shop: TEXT}
  theme: {trust: {title: TEXT, color: "#ff8800"}}
source:
  survey:
    title: TEXT
    description: TEXT
    files: survey.csv
    survey: transactional
    fictional: true
    population: TEXT
    time: day
    columns: [place, kind]
    column:
      recommend: {title: TEXT, scale: 0..10}
      easy: {title: TEXT, scale: 1..5}
dimension:
  place: {title: TEXT, from: survey.place, values: {A: TEXT, B: TEXT}, other: TEXT}
  kind: {title: TEXT, from: survey.kind}
kpi:
  nps: {title: TEXT, description: TEXT, purpose: TEXT, formula: nps(survey.recommend), owner: desk, theme: trust, cuts: [place, kind], norms: {worst: 0, threshold: 30, target: 50}, changed: {on: 2025-05-01, reason: TEXT, comparable: false}}
  ease: {title: TEXT, formula: share(survey.easy >= 4), owner: shop, cuts: kind, norms: {worst: 40 %, threshold: 60 %, target: 80 %}}
goal:
  grow: {kind: business, title: TEXT, description: TEXT, theme: trust, owner: desk, measured_by: nps}
  simple: {kind: customer, title: TEXT, need: TEXT, owner: shop, measured_by: ease}
enabler:
  line: {title: TEXT, description: TEXT, owner: desk, status: {live: TEXT}, serves: {simple: {strength: 0.5, evidence: hypothesis}}, lifts: {grow: {strength: 0.3, evidence: hypothesis}}}
touchpoint:
  phone: {title: TEXT, channel: TEXT, owner: desk, moment_of_truth: true, asks: {survey.easy: {after: TEXT}}, primary: ease}
journey:
  repair: {title: TEXT, owner: desk, stage: {book: {title: TEXT, touchpoints: phone, diagnostic: nps}}}
event:
  strike: {title: TEXT, on: 2025-06-10, touches: nps}
finding:
  queue: {title: TEXT, about: nps, by: {desk: TEXT}, on: 2025-10-01, text: BARE, quotes: [TEXT, TEXT], decision: TEXT, while: nps > 0}
action:
  staff: {title: TEXT, acts_on: nps, owner: desk, start: 2025-07-01, due: 2025-12-31, finding: queue}
report:
  all: {title: TEXT, description: TEXT, for: desk, language: en, period: 2025-Q3, cuts: [place, kind], grain: quarter}
"##;

/// Answers of three quarters; the kinds are texts of whoever filled in the form, one of them with four answers only.
fn answers() -> String {
    let mut text = String::from("day,recommend,easy,place,kind\n");
    let kind = |place: usize| format!("\"{}\"", hostile(place).replace('"', "\"\"").replace('\u{1b}', ""));
    for month in 1..=9 {
        for at in 0..24 {
            let day = at % 28 + 1;
            let kind = if at < 12 { kind(900) } else { kind(901) };
            writeln!(
                text,
                "2025-{month:02}-{day:02},{},{},{},{kind}",
                (at * 7 + month) % 11,
                at % 5 + 1,
                if at % 2 == 0 { "A" } else { "B" }
            )
            .expect("a text");
        }
    }
    for at in 0..4 {
        // Whoever is alone in a group is protected: no figure, no base, no interval.
        writeln!(text, "2025-08-0{},3,5,C,{}", at + 1, kind(902)).expect("a text");
    }
    text
}

fn open(world: &MemoryWorld) -> Session {
    let session = session::open(world);
    let errors = peil::diagnostic::short(&session.diagnostics.sorted(), &session.sources, Lang::En);
    assert!(session.checked.is_some(), "{errors}");
    session
}

fn page(world: &MemoryWorld, session: &Session) -> String {
    let checked = session.checked.as_ref().expect("a project without errors");
    let report = &checked.model.reports[0];
    let today = Date::parse("2025-10-01", DatePattern::YearMonthDay).expect("a day");
    let gathered = gather(checked, std::slice::from_ref(report), today);
    let mut found = Diagnostics::default();
    let options = Options { engine: Engine::Plain, threads: 1 };
    let run = session::run(gathered.checked(), &gathered.request, world, options, Periods::default(), today, &mut found);
    let run = run.expect("readable data");
    let told = gathered.told(&run.plan, &run.table, &run.results, today);
    let view = assemble(&Assembly { checked, results: &run.results, report, lang: Lang::En, today, told: &told, others: &[] });
    render_in(&view, session.wardrobe.of(report)).expect("a page")
}

fn world(more: &[(&str, &str)]) -> MemoryWorld {
    let mut files = vec![("peil.yaml".to_owned(), project().into_bytes()), ("survey.csv".to_owned(), answers().into_bytes())];
    files.extend(more.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
    MemoryWorld::new(files)
}

/// The tags of a page, with their attributes as they stand there.
fn tags(html: &str) -> Vec<String> {
    // The style sheet and the script are ours, byte for byte; what is in them is no tag.
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        let mut quote = None;
        let end = after.char_indices().find(|(_, it)| match (quote, it) {
            (Some(open), it) if open == *it => {
                quote = None;
                false
            }
            (None, '"' | '\'') => {
                quote = Some(*it);
                false
            }
            (None, '>') => true,
            _ => false,
        });
        let end = end.map_or(after.len(), |it| it.0);
        tags.push(after[..end].to_owned());
        rest = &after[end..];
        for raw in ["style", "script"] {
            if tags.last().is_some_and(|it| it == raw) {
                rest = rest.split_once(&format!("</{raw}")).map_or("", |it| it.1);
            }
        }
    }
    tags
}

/// A tag without what stands between quotes.
fn bare(tag: &str) -> String {
    let mut open = None;
    let outside = tag.chars().filter(|it| match open {
        Some(quote) => {
            if quote == *it {
                open = None;
            }
            false
        }
        None if matches!(it, '"' | '\'') => {
            open = Some(*it);
            false
        }
        None => true,
    });
    outside.collect()
}

fn assert_nothing_runs(html: &str) {
    assert_eq!(html.matches("<script").count(), 1, "the page's own script, and no other");
    assert_eq!(html.matches("</script").count(), 1);
    assert_eq!(html.matches("<style").count(), 1);
    assert_eq!(html.matches("</title>").count(), 1 + html.matches("<title id=").count());
    for tag in tags(html) {
        let name: String = tag.chars().take_while(|it| it.is_ascii_alphanumeric()).collect();
        assert!(!["img", "iframe", "object", "embed", "link", "base", "form", "textarea", "b3"].contains(&name.as_str()), "<{tag}>");
        let bare = bare(&tag);
        assert!(!bare.contains(" on") && !bare.contains("alert"), "an attribute that runs, or a value out of its quotes: <{tag}>");
        for address in ["href=\"", "src=\""] {
            let to = tag.split_once(address).map_or("#", |it| it.1);
            assert!(to.starts_with('#'), "an address that leaves the page: <{tag}>");
        }
    }
    let hidden = html.chars().find(|it| (it.is_control() && !matches!(it, '\n' | '\t')) || peil::diagnostic::turns(*it));
    assert_eq!(hidden, None, "a control code, or a mark that turns text around");
    let policy = html.split("Content-Security-Policy\" content=\"").nth(1).and_then(|it| it.split('"').next()).expect("a policy");
    let policy = policy.replace("&#x27;", "'");
    for part in ["default-src 'none'", "script-src 'sha256-", "img-src data:", "base-uri 'none'", "form-action 'none'"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("script-src 'unsafe") && !policy.contains('*'), "{policy}");
}

#[test]
fn no_text_does_anything_but_be_read() {
    let world = world(&[]);
    let session = open(&world);
    let html = page(&world, &session);
    assert_nothing_runs(&html);
    // They are there, as texts: of titles, owners, labels, reasons, and values of data.
    let shown = |place: usize| html.contains(&format!("T{place}E&lt;"));
    let count = (0..60).filter(|it| shown(*it)).count();
    assert!(count >= 20, "only {count} of the texts are in the page: this tests little");
    assert!(shown(900) && shown(901), "values of data name segments");
    assert!(html.contains("{{ 7*7 }}") || html.contains("{{ 7 * 7 }}"), "what looks like a template is a text");
    assert!(!html.contains(">49<") && !html.contains("E49"));
}

#[test]
fn no_text_does_anything_in_a_template_of_the_project() {
    let template = "{% extends \"peil/report.html\" %}{% block after_brief %}{% for name, it in kpis | items %}\
                    <p class=\"x\" title=\"{{ it.title }}\" data-x='{{ it.foot }}'>{{ it.title }} {{ it.sentence }}</p>{% endfor %}{% endblock %}";
    let text = project().replace("  all: {title:", "  all: {template: page.html, title:");
    let files = [("peil.yaml", text), ("survey.csv", answers()), ("templates/page.html", template.to_owned())];
    let world = MemoryWorld::new(files.map(|(path, text)| (path.to_owned(), text.into_bytes())));
    let session = open(&world);
    let html = page(&world, &session);
    assert!(html.contains("data-x='"), "the template was used");
    assert_nothing_runs(&html);
}

#[test]
fn what_is_hidden_is_not_in_the_page() {
    let world = world(&[]);
    let session = open(&world);
    let html = page(&world, &session);
    // Four answers at place C, all 3 and 5: NPS -100, ease 100 %. The place itself may be named; its figures may not be there.
    for trace in ["n = 4", ">-100", "\u{2212}100,0", "\u{2212}100.0", "-100"] {
        assert!(!html.contains(trace), "{trace}");
    }
    let row = html.split("T902E").nth(1).map(|it| it.split("</tr>").next().unwrap_or_default());
    for digits in row.into_iter().flat_map(|it| it.split("</th>").nth(1)) {
        assert!(!digits.chars().any(|it| it.is_ascii_digit()), "{digits}");
    }
    assert!(html.contains("Hidden") || html.contains("hidden"), "and it is said that something is");
}

#[test]
fn invented_figures_are_marked_at_every_section() {
    let world = world(&[]);
    let html = page(&world, &open(&world));
    let sections = html.matches("<section id=").count();
    assert!(sections >= 6);
    assert_eq!(html.matches("<p class=mark>Fictional figures<").count(), sections);
    assert_eq!(html.matches("@bottom-left{content:\"Fictional figures ").count(), 1);
    let real = MemoryWorld::new([
        ("peil.yaml".to_owned(), project().replace("    fictional: true\n", "").into_bytes()),
        ("survey.csv".to_owned(), answers().into_bytes()),
    ]);
    let html = page(&real, &open(&real));
    assert!(!html.contains("class=mark") && !html.contains("Fictional"));
}
