//! What does a report say of its data: who answered, how recent they are, what they lack?

use peil::calendar::{Date, DatePattern};
use peil::engine::{Engine, Options};
use peil::eval::Periods;
use peil::report::view::{Quality, Section, Status};
use peil::report::{Assembly, assemble, default_report, gather};
use peil::session;
use peil::source::MemoryWorld;
use peil::value::Diagnostics;
use peil::words::Lang;
use std::fmt::Write;

const PROJECT: &str = "project \"Data\" { peil 1; language nl; grain quarter }\n";

/// The table of sources in the report of a project, with its last line of the masthead on data.
fn quality(project: &str, data: &[(&str, &str)], today: &str, lang: Lang) -> Quality {
    let today = Date::parse(today, DatePattern::YearMonthDay).expect("a day");
    let text = format!("{PROJECT}{project}");
    let files = std::iter::once(("project.peil", text.as_str())).chain(data.iter().copied());
    let world = MemoryWorld::new(files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())));
    let session = session::open(&world);
    let found: Vec<_> = session.diagnostics.sorted().into_iter().map(|it| peil::words::say(&it, Lang::En).message).collect();
    let checked = session.checked.as_ref().unwrap_or_else(|| panic!("{found:?}"));
    let report = checked.model.reports.first().cloned().unwrap_or_else(|| default_report(&checked.model));
    let gathered = gather(checked, std::slice::from_ref(&report), today);
    let options = Options { engine: Engine::Plain, threads: 1 };
    let mut unread = Diagnostics::default();
    let run = session::run(gathered.checked(), &gathered.request, &world, options, Periods::default(), today, &mut unread);
    let run = run.expect("readable data");
    let told = gathered.told(&run.plan, &run.table, &run.results, today);
    let view = assemble(&Assembly { checked, results: &run.results, report: &report, lang, today, told: &told, others: &[] });
    let mut found = view.sections.into_iter().filter_map(|it| if let Section::Definitions(it) = it { it.quality } else { None });
    found.next().expect("a table of sources")
}

/// What stands in a column for each source, by the title of the source.
fn column(of: &Quality, label: &str) -> Vec<(String, String)> {
    let at = of.columns.iter().position(|it| it.label == label).unwrap_or_else(|| panic!("no column {label}"));
    of.rows.iter().map(|it| (it.cells[0].clone(), it.cells[at].clone())).collect()
}

fn has(of: &[(String, String)], source: &str, text: &str) -> bool {
    of.contains(&(source.to_owned(), text.to_owned()))
}

/// Answers on the first days of months.
fn answers(months: &[&str], each: usize) -> String {
    let mut csv = "day,q\n".to_owned();
    for month in months {
        for at in 0..each {
            let _ = writeln!(csv, "{month}-{:02},{}", at % 28 + 1, at % 5 + 1);
        }
    }
    csv
}

/// Invitations of a quarter: so many answered, so many silent.
fn invitations(answered: usize, silent: usize) -> String {
    let mut csv = "sent,outcome,kind\n".to_owned();
    for at in 0..answered + silent {
        let outcome = if at < answered { "answered" } else { "silent" };
        let _ = writeln!(csv, "2025-{:02}-{:02},{outcome},{}", at % 3 + 4, at % 28 + 1, if at % 2 == 0 { "mail" } else { "text" });
    }
    csv
}

const SURVEY: &str =
    "source survey \"Enquête\" { files \"survey.csv\"; survey transactional; invited response; time day; column q scale 1..5 }
    kpi ease { formula csat.top2(survey.q) }
    dimension kind { from invitations.kind }
    kpi response { from invitations; formula response_rate.rr5(complete: outcome = \"answered\", eligible: outcome = \"silent\") }\n";

const SENT: &str = "source invitations \"Uitnodigingen\" { files \"sent.csv\"; no persons \"x\"; time sent; columns outcome, kind }\n";

#[test]
fn a_survey_tells_how_many_of_those_invited_answered() {
    let quarter = answers(&["2025-04", "2025-05", "2025-06"], 20);
    let sent = invitations(60, 140);
    // The report shows one KPI: that of the response, and the source that it reads, come with it.
    let project = format!("{SURVEY}{SENT}report r \"R\" {{ kpis ease }}\n");
    let data = [("survey.csv", quarter.as_str()), ("sent.csv", sent.as_str())];
    let table = quality(&project, &data, "2025-07-02", Lang::Nl);
    let told = column(&table, "Respons");
    assert!(has(&told, "Enquête", "30,0% van 200"), "{told:?}");
    assert!(has(&told, "Uitnodigingen", "–"), "{told:?}");
    let note = table.note.expect("a note");
    assert!(note.contains("Respons: welk deel van wie is uitgenodigd"), "{note}");
    assert!(!note.contains("is onbekend"), "{note}");
    let english = quality(&project, &data, "2025-07-02", Lang::En);
    assert!(has(&column(&english, "Response"), "Enquête", "30.0% of 200"));
    // A part of it may be meant, and a period without an invitation has none.
    let part = project.replace("invited response;", "invited response[kind = \"mail\"];");
    assert!(has(&column(&quality(&part, &data, "2025-07-02", Lang::Nl), "Respons"), "Enquête", "30,0% van 100"));
    let later = project.replace("kpis ease", "kpis ease; period 2025-Q3");
    let more = quarter + &answers(&["2025-07"], 20)[6..];
    let data = [("survey.csv", more.as_str()), ("sent.csv", sent.as_str())];
    assert!(has(&column(&quality(&later, &data, "2025-10-02", Lang::Nl), "Respons"), "Enquête", "–"));
}

#[test]
fn what_is_hidden_of_the_response_stays_hidden() {
    let quarter = answers(&["2025-04", "2025-05", "2025-06"], 20);
    // Seven persons were invited; who they are is protected.
    let sent = invitations(3, 4);
    let project = format!("{SURVEY}{}report r \"R\" {{ kpis ease }}\n", SENT.replace("no persons \"x\"; ", ""));
    let table = quality(&project, &[("survey.csv", &quarter), ("sent.csv", &sent)], "2025-07-02", Lang::Nl);
    assert!(has(&column(&table, "Respons"), "Enquête", "verborgen"));
    assert!(has(&column(&table, "Rijen"), "Uitnodigingen", "–"), "{:?}", column(&table, "Rijen"));
}

#[test]
fn surveys_that_do_not_tell_who_answered_are_named() {
    let quarter = answers(&["2025-04", "2025-05", "2025-06"], 20);
    let sent = invitations(60, 140);
    let data = [("survey.csv", quarter.as_str()), ("sent.csv", sent.as_str())];
    let other = "source pulse \"Peiling\" { files \"survey.csv\"; survey relational; time day; column q scale 1..5 }
        kpi mood { formula csat.top2(pulse.q) }\n";
    let note = |project: &str| quality(project, &data, "2025-07-02", Lang::Nl).note.expect("a note");
    let some = note(&format!("{SURVEY}{SENT}{other}"));
    assert!(some.ends_with("Welk deel antwoordde, is onbekend bij Peiling."), "{some}");
    let none = quality(other, &data, "2025-07-02", Lang::Nl);
    assert!(none.columns.iter().all(|it| it.label != "Respons"));
    assert!(none.note.is_some_and(|it| it.contains("Welk deel van de klanten antwoordde, is onbekend")));
    // A response rate among its KPIs may be that of any survey.
    let counted = note(&format!("{}{SENT}", SURVEY.replace("invited response; ", "")));
    assert!(!counted.contains("is onbekend"), "{counted}");
}

/// What the check says of each source: its status, its words and what is said besides.
fn controls(of: &Quality) -> Vec<(Status, &str, Vec<&str>)> {
    of.rows.iter().map(|it| (it.state, it.text.as_str(), it.remarks.iter().map(String::as_str).collect())).collect()
}

fn survey(says: &str) -> String {
    format!(
        "source survey \"Enquête\" {{ files \"survey.csv\"; survey transactional; time day; {says}; no persons \"x\"; column q scale 1..5 }}
        kpi ease {{ formula csat.top2(survey.q) }}\n"
    )
}

#[test]
fn a_source_is_as_recent_as_it_says_it_is_to_be() {
    // The last row is of 28 June; the second quarter ends on the 30th.
    let rows = answers(&["2025-04", "2025-05", "2025-06"], 28);
    let of = |says: &str, today: &str, lang: Lang| quality(&survey(says), &[("survey.csv", &rows)], today, lang);
    let said = |says: &str, today: &str| {
        let table = of(says, today, Lang::Nl);
        let told = controls(&table);
        format!("{:?} {} {:?}", told[0].0, told[0].1, told[0].2)
    };
    assert_eq!(said("fictional", "2025-07-02"), "OnTarget Actueel []");
    assert_eq!(said("freshness 2 days", "2025-07-02"), "OnTarget Actueel [\"norm: hooguit 2 dagen oud\"]");
    assert_eq!(said("freshness 1 day", "2025-07-02"), "Watch Ouder dan 1 dag []");
    // Today comes before the end of the period: on the 29th the row of the 28th is a day old.
    assert_eq!(said("freshness 1 day", "2025-06-29"), "OnTarget Actueel [\"norm: hooguit 1 dag oud\"]");
    // What comes seldom may have nothing in the period itself.
    let third = |says: &str| {
        let project = format!("{}report r \"R\" {{ kpis ease; period 2025-Q3 }}\n", survey(says));
        controls(&quality(&project, &[("survey.csv", &rows)], "2025-10-02", Lang::Nl))[0].1.to_owned()
    };
    assert_eq!(third("fictional"), "Geen gegevens");
    assert_eq!(third("freshness 2 months"), "Geen gegevens");
    assert_eq!(third("freshness 1 year"), "Actueel");
    let note = |says: &str| of(says, "2025-07-02", Lang::En).note.expect("a note");
    assert!(note("freshness 1 week").contains("where a source says how old its newest row may be"));
    assert!(!note("fictional").contains("how old"));
}

#[test]
fn months_without_a_row_are_gaps() {
    let of = |months: &[&str], each: usize, says: &str| {
        quality(&survey(says), &[("survey.csv", &answers(months, each))], "2025-07-02", Lang::Nl)
    };
    let told = |months: &[&str]| {
        let table = of(months, 28, "fictional");
        let found = controls(&table);
        format!("{:?} {} {}", found[0].0, found[0].1, found[0].2.join("; "))
    };
    assert_eq!(told(&["2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06"]), "OnTarget Actueel ");
    assert_eq!(told(&["2025-01", "2025-03", "2025-04", "2025-05", "2025-06"]), "Watch Gat: februari 2025 ");
    assert_eq!(told(&["2025-01", "2025-02", "2025-05", "2025-06"]), "Watch Gat: maart 2025 – april 2025 ");
    let two = ["2024-10", "2024-12", "2025-01", "2025-02", "2025-04", "2025-05", "2025-06"];
    assert_eq!(told(&two), "Watch 2 gaten november 2024 en maart 2025");
    // A survey of every quarter lacks nothing.
    assert_eq!(told(&["2024-12", "2025-03", "2025-06"]), "OnTarget Actueel ");
    let table = of(&["2025-01", "2025-03", "2025-04", "2025-05", "2025-06"], 28, "fictional");
    assert!(table.note.is_some_and(|it| it.contains("Gat: een maand zonder één rij")));
    // What lies behind the reported period is not told.
    let project = format!("{}report r \"R\" {{ kpis ease; period 2025-Q1 }}\n", survey("fictional"));
    let data = answers(&["2025-01", "2025-02", "2025-03", "2025-04", "2025-06"], 28);
    let table = quality(&project, &[("survey.csv", &data)], "2025-07-02", Lang::Nl);
    assert_eq!(controls(&table)[0].1, "Actueel");
}

#[test]
fn a_hidden_month_is_no_gap_and_hides_those_there_are() {
    let people = survey("fictional").replace("no persons \"x\"; ", "");
    let mut rows = answers(&["2025-01", "2025-03", "2025-04", "2025-05", "2025-06"], 28);
    let gap = |rows: &str| {
        let table = quality(&people, &[("survey.csv", rows)], "2025-07-02", Lang::Nl);
        controls(&table)[0].1.to_owned()
    };
    assert_eq!(gap(&rows), "Gat: februari 2025");
    // Three people answered in February: it is hidden, as one beside it is, and no gap.
    rows.push_str("2025-02-03,4\n2025-02-04,5\n2025-02-05,2\n");
    assert_eq!(gap(&rows), "Actueel");
    // Hidden in February, empty in April: April is not told.
    let mut rows = answers(&["2025-01", "2025-03", "2025-05", "2025-06"], 28);
    rows.push_str("2025-02-03,4\n2025-02-04,5\n2025-02-05,2\n");
    assert_eq!(gap(&rows), "Actueel");
}
