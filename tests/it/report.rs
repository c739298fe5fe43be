//! Is a report true, whole, safe, and the same every time?

use peil::calendar::{Date, DatePattern, Grain, Period};
use peil::check::Checked;
use peil::engine::{Engine, Options};
use peil::eval::{Periods, reporting_grain};
use peil::model::{KpiId, Report};
use peil::plan::{Against, Ask, Request};
use peil::report::view::{Movement, Section};
use peil::report::{Assembly, Other, assemble, default_report, gather, render::render};
use peil::session::{self, Session};
use peil::source::{DiskWorld, MemoryWorld, World};
use peil::value::Diagnostics;
use peil::words::Lang;
use std::path::Path;

fn day(text: &str) -> Date {
    Date::parse(text, DatePattern::YearMonthDay).expect("a day")
}

/// The page of a report, all figures from one read.
fn page(checked: &Checked, world: &dyn World, report: &Report, lang: Lang, today: &str) -> String {
    let gathered = gather(checked, std::slice::from_ref(report), day(today));
    let mut found = Diagnostics::default();
    let options = Options { engine: Engine::Plain, threads: 1 };
    let run = session::run(gathered.checked(), &gathered.request, world, options, Periods::default(), day(today), &mut found)
        .expect("readable data");
    let told = gathered.told(&run.plan, &run.table, &run.results, day(today));
    let view = assemble(&Assembly { checked, results: &run.results, report, lang, today: day(today), told: &told, others: &[] });
    render(&view).expect("the templates fit the view")
}

fn autoruit() -> (DiskWorld, Session) {
    let world = DiskWorld::new(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/autoruit"), None);
    let session = session::open(&world);
    (world, session)
}

fn autoruit_page(name: &str, lang: Lang) -> String {
    let (world, session) = autoruit();
    let checked = session.checked.as_ref().expect("an example without errors");
    let report = checked.model.reports.iter().find(|it| it.name == name).expect("a report of the example");
    page(checked, &world, report, lang, "2025-10-01")
}

/// The text of a page, without its markup.
fn words(html: &str) -> String {
    let body = html.split("<main").nth(1).unwrap_or_default();
    let mut text = String::new();
    let mut inside = false;
    for letter in body.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(letter),
            _ => {}
        }
    }
    text
}

/// Pages are long: where they differ, the place is shown.
fn assert_same(first: &str, second: &str) {
    let differ = first.lines().zip(second.lines()).find(|(a, b)| a != b);
    assert!(differ.is_none(), "{differ:?}");
    assert_eq!(first.len(), second.len());
}

fn assert_self_contained(html: &str) {
    assert!(html.len() <= 300_000, "{} bytes", html.len());
    assert!(
        html.contains("Content-Security-Policy") && html.contains("default-src &#x27;none&#x27;") || html.contains("default-src 'none'")
    );
    assert!(!html.contains(" style=") && !html.contains("javascript:"));
    for outside in ["http://", "https://", "url(", "@import", "<link", "<iframe", "<img", "src="] {
        assert!(!html.contains(outside), "{outside}");
    }
    assert_eq!(html.matches("<script").count(), 1);
    assert_eq!(html.matches("<svg").count(), html.matches("</svg>").count());
    assert!(!html.contains("NaN") && !html.contains("inf%"));
}

#[test]
fn the_dutch_report_says_what_is_so() {
    let html = autoruit_page("cx", Lang::Nl);
    assert_self_contained(&html);
    let text = words(&html);
    // Figures as `peil eval` gives them.
    for figure in ["45,3", "5,12", "4,51", "81,4%", "59,5", "33,4", "± 0,12", "n = 546"] {
        assert!(text.contains(figure), "{figure}");
    }
    // The page opens with what was found; the brief counts.
    assert!(html.contains("<h1>Bellen kost meer moeite, en de NPS ziet het niet</h1>"));
    assert!(html.contains("</span> Twee van de 23 kengetallen vragen actie, één daarvan zeker<a"));
    assert!(html.contains("van een telefonische afspraak (CES) van 5,07 naar 4,51"));
    assert!(html.contains("Alle cijfers zijn fictief."));
    // A change of definition breaks a series; what is too little is not judged; the critical path is told.
    for fact in [
        "Definitie gewijzigd op 1 april 2024",
        "Te weinig data",
        "niet bewezen",
        "“Moeiteloos contact” (61) › “Bereikbaarheid” › “Snel iemand aan de lijn” (52)",
        "Nog zonder enabler: “Contracten behouden”",
        "eigen cijfers op koers, subdoelen let op",
        "Monteur was op tijd, bij de klant",
        "2,8\u{a0}dagen",
    ] {
        assert!(text.contains(fact), "{fact}");
    }
    for fact in [
        // What an index is made of: the parts make the whole, and their changes its change.
        "KEI: effectiviteit (21,5), KEI: gemak (15,9) en KEI: emotie (22,1) maken samen 59,5.",
        "De bijdragen tellen, niet afgerond, op tot de verandering van Klantervaringsindex (KEI): −6,1.",
        // Figures of others with one's own uncertainty; what drives answers is no proof of cause.
        "45,3 tegen 41: een verschil van +4,3",
        "Het is samenhang, geen bewijs van oorzaak.",
        "Gevraagd besluit: plannen we vanaf januari minder bezoeken op een dag",
        "Van die −6,1 zit −5,2 in “Afspraak in één keer gelukt”, −2,2 in “CES afspraak maken” en +1,3 in de rest.",
        "Ook slechter werden Afspraak in één keer gelukt en Wachttijd aan de telefoon (P80).",
    ] {
        assert!(text.contains(fact), "{fact}");
    }
    for section in
        ["brief", "scorecards", "goals", "trends", "journey", "drivers", "segments", "index", "benchmarks", "actions", "definitions"]
    {
        assert!(html.contains(&format!("<section id=\"{section}\"")), "{section}");
    }
}

/// What a report says of a movement is what `eval` says: signals of the periods of its series, by the same limits.
#[test]
fn a_report_and_eval_agree_on_what_is_a_signal() {
    let (world, session) = autoruit();
    let checked = session.checked.as_ref().expect("an example without errors");
    let (today, options) = (day("2025-10-01"), Options { engine: Engine::Plain, threads: 1 });
    let mut found = Diagnostics::default();
    let mut request = Request::new();
    for kpi in checked.figures() {
        for grain in [Grain::Month, Grain::Quarter] {
            let grain = reporting_grain(checked, kpi, Some(grain));
            let place = request.add(Ask { kpi, part: None, cut: Vec::new(), grain });
            if grain != Grain::All {
                request.compare(place, Against::Previous);
            }
        }
    }
    let run = session::run(checked, &request, &world, options, Periods::default(), today, &mut found).expect("readable data");
    let calendar = &checked.model.project.calendar;
    let (mut signals, mut noise) = (0, 0);
    for period in ["2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1", "2025-Q2", "2025-Q3"] {
        let period = Period::parse(period).expect("a quarter");
        let sections = vec!["scorecards".to_owned()];
        let report = Report {
            sections,
            kpis: checked.figures(),
            period: Some(period),
            grain: Some(Grain::Quarter),
            ..default_report(&checked.model)
        };
        let gathered = gather(checked, std::slice::from_ref(&report), today);
        let own = session::run(gathered.checked(), &gathered.request, &world, options, Periods::default(), today, &mut found);
        let own = own.expect("readable data");
        let told = gathered.told(&own.plan, &own.table, &own.results, today);
        let assembly = Assembly { checked, results: &own.results, report: &report, lang: Lang::En, today, told: &told, others: &[] };
        let view = assemble(&assembly);
        let rows = view.sections.iter().find_map(|it| if let Section::Scorecards(it) = it { Some(&it.rows) } else { None });
        for row in rows.expect("its KPIs") {
            let Some(at) = checked.model.kpis.iter().position(|it| it.name == row.key.as_str()) else { continue };
            let kpi = KpiId(at as u32);
            let grain = if checked.is_total(kpi) { Grain::Quarter } else { reporting_grain(checked, kpi, Some(Grain::Month)) };
            let table = run.results.compared(kpi, None, &[], grain, &Against::Previous);
            let within = |it: Period| it.start(calendar) >= period.start(calendar) && it.end(calendar) <= period.end(calendar);
            let judged: Vec<_> = table.iter().flat_map(|it| &it.rows).filter(|it| within(it.period)).collect();
            let judged: Vec<_> = judged.iter().filter_map(|it| it.compared.as_ref()?.by_series).collect();
            if judged.is_empty() || row.movement == Movement::Unknown {
                continue;
            }
            let is_signal = judged.iter().any(|it| it.signal.is_some());
            assert_eq!(row.movement != Movement::Noise, is_signal, "{} in {period}: {:?}, {judged:?}", row.key.as_str(), row.movement);
            if is_signal { signals += 1 } else { noise += 1 }
        }
    }
    assert!(signals >= 5 && noise >= 5, "{signals} signals, {noise} without");
}

#[test]
fn a_board_reads_value_target_movement_and_one_sentence() {
    let html = autoruit_page("directie", Lang::Nl);
    assert_self_contained(&html);
    let summary = html.split("<section id=\"summary\"").nth(1).and_then(|it| it.split("</section>").next()).expect("its summary");
    assert!(!summary.contains("<svg class=spark") && !summary.contains("bullet"));
    let row = summary.split("<tr ").find(|it| it.contains("CES afspraak maken")).expect("a row");
    for said in ["5,12", "5,6", "Verslechterd", "Twee van de drie maanden waren lager dan gebruikelijk (ondergrens 5,18), de laatste niet."]
    {
        assert!(row.contains(said), "{said}");
    }
    // What is paid follows from what `peil incentives` gives: nothing for NPS on its low end, and 95.856 % of 40 %.
    assert!(words(&html).contains("Klantenservice 2025 komt uit op 38,3% (voorlopig); NPS na reparatie levert niets op"));
}

#[test]
fn who_is_paid_for_what_others_do_is_told_where_the_audit_finds_it() {
    // Over the quarter where its model is shown, and over all rows, as the audit has it.
    let said = "Van de bonus van Klantenservice hangt 60% af van NPS na reparatie; \
        de eigen vraag van dat team (“De afspraak”) levert 8% (0–23) van wat alle vragen samen daarvan verklaren, over alle perioden 3% (0–7). \
        CES afspraak per telefoon wordt bij het eigen contactpunt gevraagd";
    for report in ["cx", "directie"] {
        assert!(words(&autoruit_page(report, Lang::Nl)).contains(said), "{report}");
    }
    // A report without that model tells what it pays for all the same.
    let own = words(&autoruit_page("klantenservice", Lang::Nl));
    assert!(own.contains("(“De afspraak”) levert 3% (0–7) van wat alle vragen samen daarvan verklaren, over alle perioden."));
    let english = words(&autoruit_page("cx_en", Lang::En));
    assert!(english.contains("Of the pay of Customer service, 60% hangs on NPS after the repair; its own question"));
    assert!(!words(&autoruit_page("financien", Lang::Nl)).contains("Van de bonus van"));
}

#[test]
fn who_does_not_drive_is_told_as_the_audit_finds_it_and_as_little() {
    let spec = include_str!("../../specs/diagnostics/owner-does-not-drive.md");
    let block = |under: &str, of: &str| {
        let after = spec.split(under).nth(1).and_then(|it| it.split(of).nth(1)).expect("a section with such a block");
        after.split("```").next().unwrap_or_default().to_owned()
    };
    let page_of = |under: &str, project: &dyn Fn(String) -> String| {
        let report = "report own { language en; sections drivers; kpis nps }\n";
        let text = format!("{}{report}", project(block(under, "```peil\n")));
        let survey = block(under, "```csv\n");
        let world = MemoryWorld::new([("project.peil", text), ("survey.csv", survey)].map(|it| (it.0.to_owned(), it.1.into_bytes())));
        let session = session::open(&world);
        let found: Vec<_> = session.diagnostics.sorted().into_iter().map(|it| peil::words::say(&it, Lang::En).message).collect();
        let checked = session.checked.as_ref().unwrap_or_else(|| panic!("{found:?}"));
        words(&page(checked, &world, &checked.model.reports[0], Lang::En, "2025-10-01"))
    };
    let said = "The goal “Customers recommend us” of Customer service is measured by Net Promoter Score; its own question";
    let found = page_of("## Example", &|it| it);
    assert!(found.contains(said), "{found}");
    assert!(found.contains("Its own touchpoint “Making an appointment” can ask what it does move: CES."));
    assert!(!page_of("## Fixed", &|it| it).contains("its own question"));
    // What the report may not show of the model it does not say in words.
    let hidden = page_of("## Example", &|it| it.replacen("peil 1", "peil 1\n  minimum base 100\n  indicative base 100", 1));
    assert!(!hidden.contains("its own question"), "{hidden}");
}

#[test]
fn reports_of_one_run_lead_to_each_other() {
    let (world, session) = autoruit();
    let checked = session.checked.as_ref().expect("an example without errors");
    let reports: Vec<Report> = checked.model.reports.iter().filter(|it| it.name == "directie" || it.name == "cx").cloned().collect();
    let gathered = gather(checked, &reports, day("2025-10-01"));
    let options = Options { engine: Engine::Plain, threads: 1 };
    let mut found = Diagnostics::default();
    let run = session::run(gathered.checked(), &gathered.request, &world, options, Periods::default(), day("2025-10-01"), &mut found);
    let run = run.expect("readable data");
    let told = gathered.told(&run.plan, &run.table, &run.results, day("2025-10-01"));
    let others = [
        Other { report: &reports[0], lang: Lang::Nl, file: "directie.html" },
        Other { report: &reports[1], lang: Lang::Nl, file: "cx.html" },
    ];
    let page = |report: &Report| {
        let assembly =
            Assembly { checked, results: &run.results, report, lang: Lang::Nl, today: day("2025-10-01"), told: &told, others: &others };
        render(&assemble(&assembly)).expect("the templates fit the view").replace("&#x2f;", "/")
    };
    let (board, cx) = (page(&reports[0]), page(&reports[1]));
    // The board's row leads to the row that tells the KPI in full, which is there; a page does not lead to itself.
    assert!(board.contains("<a href=\"./cx.html#kpi-ces_afspraak\">") && cx.contains("id=\"kpi-ces_afspraak\""));
    assert!(board.contains("<a href=\"./cx.html\">") && !board.contains("<a href=\"./directie.html\">"));
    assert!(cx.contains("<a href=\"./directie.html\">"));
}

#[test]
fn a_report_says_which_period_it_is_of_and_which_is_not_over() {
    let files = [("project.peil".to_owned(), DSL.as_bytes().to_vec()), ("enquete.csv".to_owned(), answers().into_bytes())];
    let world = MemoryWorld::new(files);
    let session = session::open(&world);
    let checked = session.checked.as_ref().expect("a project without errors");
    let report = default_report(&checked.model);
    let head = |today: &str, lang: Lang| {
        let html = page(checked, &world, &report, lang, today);
        html.split("<main").next().unwrap_or_default().split("<body").nth(1).unwrap_or_default().to_owned()
    };
    // The data run to the end of 2025; on this day its last quarter is not over.
    let sentence = "De cijfers gaan over 3e kwartaal 2025, de laatste afgeronde periode; 4e kwartaal 2025 is nog niet afgerond.";
    assert!(head("2025-11-15", Lang::Nl).contains(sentence), "{}", head("2025-11-15", Lang::Nl));
    assert!(head("2025-11-15", Lang::En).contains("the last finished period;"));
    // When all is over there is nothing to warn of.
    assert!(!head("2026-01-02", Lang::Nl).contains("nog niet afgerond"));
    // A report that names the period itself says that its figures may change.
    let named = Report { period: peil::calendar::Period::parse("2025-Q4"), ..report.clone() };
    let html = page(checked, &world, &named, Lang::Nl, "2025-11-15");
    assert!(html.contains("4e kwartaal 2025 is nog niet voorbij: cijfers kunnen veranderen."));
}

#[test]
fn segments_move_worst_first() {
    let html = autoruit_page("cx", Lang::Nl);
    let drawing = html.split("class=\"chart sm w\"").nth(1).and_then(|it| it.split("</svg>").next()).expect("small lines");
    let place = |it: &str| drawing.find(&format!(">{it}</text>")).unwrap_or_else(|| panic!("{it}"));
    // What rests on too little is not judged, and comes last.
    for all in [["Noord", "Oost", "Midden", "Zuid", "Randstad", "Zeeland"], ["4,43", "4,45", "4,53", "4,61", "4,67", "3,62"]] {
        let places = all.map(place);
        assert!(places.is_sorted(), "{places:?}");
    }
    assert_eq!(drawing.matches("<text").count(), 12);
    assert!(html.contains("alle op één schaal van 3,6 tot 5,5"));
}

#[test]
fn a_report_compares_as_eval_does() {
    use peil::plan::{Against, Ask, Request};
    let (world, session) = autoruit();
    let checked = session.checked.as_ref().expect("an example without errors");
    let report = checked.model.reports.iter().find(|it| it.name == "cx").expect("a report");
    let html = page(checked, &world, report, Lang::Nl, "2025-10-01");
    let at = checked.model.kpis.iter().position(|it| it.name == "ces_afspraak").expect("a KPI");
    let kpi = peil::model::KpiId(u32::try_from(at).expect("few"));
    let mut request = Request::new();
    let place = request.add(Ask { kpi, part: None, cut: Vec::new(), grain: peil::calendar::Grain::Quarter });
    request.compare(place, Against::Previous);
    let options = Options { engine: Engine::Plain, threads: 1 };
    let mut found = Diagnostics::default();
    let run = session::run(checked, &request, &world, options, Periods::default(), day("2025-10-01"), &mut found).expect("data");
    let quarter = peil::calendar::Period::parse("2025-Q3").expect("a quarter");
    let row = run.results.tables[0].rows.iter().find(|it| it.period == quarter).expect("a figure");
    let compared = row.compared.as_ref().expect("held against the quarter before");
    assert_eq!(compared.signal, Some(true));
    let change = Lang::Nl.signed(compared.change.expect("a change"), 2);
    let line = html.split("id=\"kpi-ces_afspraak\"").nth(1).and_then(|it| it.split("</tr>").next()).expect("its row");
    assert!(line.contains(&format!("<span class=\"dl worse\"><i aria-hidden=true>▼</i> {change}</span>")), "{line}");
}

#[test]
fn a_fall_by_shares_says_that_every_segment_rose() {
    let text = words(&autoruit_page("cx_en", Lang::En));
    assert!(text.contains("No segment fell, yet the whole did: the shares moved."));
    assert!(text.contains("comes by other shares and"));
}

#[test]
fn the_english_report_says_the_same() {
    let html = autoruit_page("cx_en", Lang::En);
    assert_self_contained(&html);
    let text = words(&html);
    assert!(html.contains("<html lang=\"en\">"));
    assert!(html.contains("<h1>Calling takes more effort, and the NPS does not see it</h1>"));
    assert!(html.contains("</span> Two of 23 KPIs need action, one of them for certain<a"));
    for fact in
        ["45.3", "5.12", "Act", "On target", "not proven", "Complaint calls per 1,000 repairs", "› “Someone on the line soon” (52)."]
    {
        assert!(text.contains(fact), "{fact}");
    }
    for dutch in ["kengetal", "doel ", "Signaal", "klantdoel"] {
        assert!(!text.contains(dutch), "{dutch}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert_same(&autoruit_page("directie", Lang::Nl), &autoruit_page("directie", Lang::Nl));
}

#[test]
fn ids_are_unique_and_links_arrive() {
    for name in ["cx", "directie", "klantenservice"] {
        let html = autoruit_page(name, Lang::Nl);
        let all = |before: &str| -> Vec<String> {
            html.split(before).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
        };
        let mut ids = all(" id=\"");
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count, "{name}");
        for link in all("href=\"#") {
            assert!(ids.contains(&link), "{name}: {link}");
        }
    }
}

// -- small projects --------------------------------------------------------------------------------------------------

const DSL: &str = r#"
project "Winkel" {
  peil 1
  language nl
  grain quarter
  team winkel "Winkel"
}
source enquete "Enquête" {
  files "enquete.csv"
  survey transactional
  time datum
  column datum
  column cijfer "Zou u ons aanbevelen?" scale 0..10
  columns filiaal
}
dimension filiaal "Filiaal" { from enquete.filiaal }
kpi nps "Aanbevelen" {
  formula nps(enquete.cijfer)
  owner winkel
  norms worst 0, threshold 20, target 30
  norms worst 0, threshold 25, target 40 from 2025-01-01
  cuts filiaal
}
business goal groei "Groei" { owner winkel; measured by nps weight 2 }
customer goal graag "Graag terugkomen" { need "Ik kom hier graag"; owner winkel; measured by nps }
enabler service "Service" { owner winkel; serves graag strength 0.5; lifts groei strength 0.4 }
"#;

const YAML: &str = r#"
project:
  title: Winkel
  peil: 1
  language: nl
  grain: quarter
  team: {winkel: Winkel}
source:
  enquete:
    title: Enquête
    files: enquete.csv
    survey: transactional
    time: datum
    column:
      datum: {}
      cijfer: {title: "Zou u ons aanbevelen?", scale: 0..10}
      filiaal: {}
dimension:
  filiaal: {title: Filiaal, from: enquete.filiaal}
kpi:
  nps:
    title: Aanbevelen
    formula: nps(enquete.cijfer)
    owner: winkel
    norms:
      - {worst: 0, threshold: 20, target: 30}
      - {worst: 0, threshold: 25, target: 40, from: 2025-01-01}
    cuts: filiaal
goal:
  groei: {kind: business, title: Groei, owner: winkel, measured_by: {nps: {weight: 2}}}
  graag: {kind: customer, title: Graag terugkomen, need: Ik kom hier graag, owner: winkel, measured_by: nps}
enabler:
  service:
    title: Service
    owner: winkel
    serves: {graag: {strength: 0.5}}
    lifts: {groei: {strength: 0.4}}
"#;

/// Two years of answers, forty a month; one branch has few.
fn answers() -> String {
    let mut csv = "datum,cijfer,filiaal\n".to_owned();
    for month in 0..24 {
        for at in 0..40 {
            let (year, number) = (2024 + month / 12, month % 12 + 1);
            let score = [9, 10, 8, 7, 9, 6, 10, 8][(at * 5 + month) % 8];
            let branch = if at == 0 { "Dorp" } else { ["Noord", "Zuid"][at % 2] };
            csv.push_str(&format!("{year}-{number:02}-{:02},{score},{branch}\n", at % 28 + 1));
        }
    }
    csv
}

fn small_page(file: &str, text: &str, lang: Lang) -> String {
    let files = [(file.to_owned(), text.as_bytes().to_vec()), ("enquete.csv".to_owned(), answers().into_bytes())];
    let world = MemoryWorld::new(files);
    let session = session::open(&world);
    let found: Vec<_> = session.diagnostics.sorted().into_iter().map(|it| peil::words::say(&it, Lang::En).message).collect();
    let checked = session.checked.as_ref().unwrap_or_else(|| panic!("{found:?}"));
    let report = default_report(&checked.model);
    page(checked, &world, &report, lang, "2026-01-02")
}

#[test]
fn the_other_spelling_gives_the_same_bytes() {
    assert_same(&small_page("project.peil", DSL, Lang::Nl), &small_page("peil.yaml", YAML, Lang::Nl));
}

#[test]
fn a_project_without_reports_has_one_of_everything() {
    let html = small_page("project.peil", DSL, Lang::Nl);
    assert_self_contained(&html);
    // The last period that is over and has data.
    assert!(html.contains("4e kwartaal 2025"));
    assert!(html.contains("Het doel ging in januari 2025 van 30 naar 40."));
    // No section is empty without saying why; too few answers are hidden.
    assert!(html.contains("Dit project beschrijft geen klantreizen."));
    // The village is small, and another branch goes with it: else it would be the whole less the rest.
    let hidden = html.split("Verborgen, om minder dan 10 antwoorden te beschermen: ").nth(1).expect("something is hidden");
    assert_eq!(hidden.split('.').next(), Some("Dorp en Noord"));
}

#[test]
fn what_a_definition_is_called_changes_no_fingerprint() {
    let print = |html: &str| html.split("<code>").nth(1).and_then(|it| it.split('<').next()).map(str::to_owned);
    let first = print(&small_page("project.peil", DSL, Lang::Nl));
    assert_eq!(first.as_ref().map(String::len), Some(12));
    assert_eq!(first, print(&small_page("project.peil", &DSL.replace("\"Aanbevelen\"", "\"NPS\""), Lang::En)));
    assert_ne!(first, print(&small_page("project.peil", &DSL.replace("target 40", "target 41"), Lang::Nl)));
}

#[test]
fn no_text_of_a_user_becomes_markup() {
    let hostile = "</svg><script>alert(1)</script>' onload=alert(1) {{ view }}";
    let text = DSL
        .replace("\"Winkel\"", &format!("\"{hostile}\""))
        .replace("\"Aanbevelen\"", &format!("\"{hostile}\""))
        .replace("\"Filiaal\"", &format!("\"{hostile}\""))
        .replace("\"Groei\"", &format!("\"{hostile}\""))
        .replace("\"Service\"", &format!("\"{hostile}\""))
        .replace("\"Zou u ons aanbevelen?\"", &format!("\"{hostile}\""));
    let html = small_page("project.peil", &text, Lang::Nl);
    assert_eq!(html.matches("<script").count(), 1);
    assert_eq!(html.matches("</script").count(), 1);
    assert_eq!(html.matches("<svg").count(), html.matches("</svg>").count());
    assert!(html.contains("{{ view }}"));
}
