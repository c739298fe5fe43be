//! Every mistake at its own place, and nothing that follows from it.

use crate::support::project::{Opened, line_of, place_of};
use peil::source::MemoryWorld;

/// The findings of a project as `file:line:column code`, and as they are said.
fn found(files: &[(&str, &str)]) -> (Vec<String>, String) {
    let world = MemoryWorld::new(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
    let opened = Opened::new(&world);
    let sources = &opened.session.sources;
    let facts = opened.findings(false);
    let said: Vec<String> = facts.iter().map(|it| line_of(it, sources)).collect();
    let places = facts.iter().map(|it| {
        let (file, line, column) = place_of(it, sources).unwrap();
        format!("{file}:{line}:{column} {}", it.code.name())
    });
    (places.collect(), said.join("\n"))
}

const PROJECT: &str = r#"project "Repairs" {
  peil 1
  currency EUR
  team care "Care"
  team sales "Sales"
  theme ease "Ease" color blue
}
"#;

const DATA: &str = r#"source survey "Survey after a repair" {
  files "survey.csv"
  survey transactional
  time answered_on
  customer customer_id
  column recommend "Would recommend" scale 0..10 blank 99
  column easy "It was easy" scale 1..7 not applicable 8
  column channel "Channel" labels 1 "Web", 2 "Phone"
  column region
}

source repairs "Repairs" {
  files "repairs.csv"
  complete
  time done_on
  column amount unit EUR
  column days unit days
  column region
}

dimension region "Region" { from survey.region, repairs.region }
"#;

const KPIS: &str = r#"kpi nps "NPS" {
  formula nps(survey.recomend)
  owner care
  norms worst 0, threshold 30, target 45
}

kpi easy_web "Easy on the web" {
  formula ces.agree(survey.easy where channel = "Internet")
  owner care
  norms worst 40 %, threshold 60 %, target 70 %
}

kpi amount "Average amount" {
  formula mean(repairs.amount)
  owner finance
  norms worst 500, threshold 450, target 400
}

kpi mixture "Amount and days" {
  formula mean(repairs.amount) + mean(repairs.days)
  owner sales
}

kpi duration "Days to repair" {
  formula mean(repairs.days)
  owner sales
  norms worst 5 days, threshold 2 days, target 3 days
}

kpi share_fast "Fast repairs" {
  formula share(repairs.days <= 2 days
  owner sales
}
"#;

const GOALS: &str = r#"goal:
  heard:
    kind: customer
    title: I am heard
    owner: care
    measured_by: [nps, easy_wbe]
  fast:
    kind: customer
    title: I am helped fast
    ownr: care
    measured_by: duration
  growth:
    kind: busines
    title: We grow
    owner: sales
    measured_by: amount
enabler:
  line:
    title: One line for all
    owner: care
    serves: heard
    lifts: {growth: {strength: 0.4, evidence: guess}}
"#;

#[test]
fn ten_mistakes_give_ten_diagnostics() {
    let files = [("project.peil", PROJECT), ("data.peil", DATA), ("kpis.peil", KPIS), ("goals.yaml", GOALS)];
    let (places, said) = found(&files);
    let expected = [
        "goals.yaml:6:24 unknown-kpi",
        "goals.yaml:10:5 unknown-key",
        "goals.yaml:13:11 wrong-value",
        "goals.yaml:22:47 wrong-value",
        "kpis.peil:2:22 unknown-column",
        "kpis.peil:8:49 unknown-label",
        "kpis.peil:15:9 unknown-team",
        "kpis.peil:20:11 mixed-units",
        "kpis.peil:27:9 norm-order",
        "kpis.peil:31:16 syntax-error",
    ];
    assert_eq!(places, expected, "\n{said}");
}

#[test]
fn the_project_without_its_mistakes_is_sound() {
    let kpis = KPIS
        .replace("recomend)", "recommend)")
        .replace("Internet", "Web")
        .replace("owner finance", "owner sales")
        .replace("+ mean(repairs.days)", "* 2")
        .replace("threshold 2 days", "threshold 4 days")
        .replace("<= 2 days", "<= 2 days)");
    let goals = GOALS
        .replace("easy_wbe", "easy_web")
        .replace("ownr", "owner")
        .replace("busines\n", "business\n")
        .replace("evidence: guess", "evidence: hypothesis");
    let goals = goals.replace("measured_by: amount", "measured_by: [amount, mixture, share_fast]");
    let kpis = kpis.replace("* 2\n  owner sales", "* 2\n  owner sales\n  norms worst 900, threshold 800, target 700");
    let kpis = kpis.replace("<= 2 days)\n  owner sales", "<= 2 days)\n  owner sales\n  norms worst 20 %, threshold 40 %, target 60 %");
    let (_, said) = found(&[("project.peil", PROJECT), ("data.peil", DATA), ("kpis.peil", &kpis), ("goals.yaml", &goals)]);
    assert_eq!(said, "");
}

#[test]
fn a_broken_item_hides_nothing_but_itself() {
    let broken = r#"project "Broken" { peil 1; team care "Care" }

source survey {
  files "survey.csv"
  column easy scale 1..5
}

kpi first {
  formula csat.top2(survey.easy)
  owner care

kpi second {
  formula mean(survey.easy
  owner care
}

kpi third { formula mean(survey.easy +); owner care; indicator context }

kpi fourth { formula csat.top2(survey.hard); owner care; indicator context }

customer goal easy "It is easy" { owner care; measured by first, second, third }
"#;
    // The broken items are reported where their brackets open; what names them raises nothing.
    let expected = [
        "project.peil:8:11 syntax-error",
        "project.peil:13:15 syntax-error",
        "project.peil:17:39 formula-error",
        "project.peil:19:39 unknown-column",
    ];
    let (places, said) = found(&[("project.peil", broken)]);
    assert_eq!(places, expected, "\n{said}");
}

#[test]
fn a_broken_entry_of_yaml_hides_nothing_but_itself() {
    let broken = r#"project: {title: Broken, peil: 1, team: {care: Care}}
source:
  survey:
    files: survey.csv
    column: {easy: {scale: 1..5}}
kpi:
  first:
    formula: csat.top2(survey.easy
      "x": [
    owner: care
  second: {formula: index(a: 40 %, b: 60 %), owner: care}
  third:
    formula: csat.top2(survey.hard)
    owner: care
    indicator: context
goal:
  easy: {kind: customer, title: It is easy, owner: care, measured_by: [first, second]}
"#;
    let (places, said) = found(&[("peil.yaml", broken)]);
    assert_eq!(places.len(), 3, "\n{said}");
    assert_eq!(places[2], "peil.yaml:13:31 unknown-column", "\n{said}");
    assert!(places[..2].iter().all(|it| it.ends_with("yaml-error")), "\n{said}");
}
