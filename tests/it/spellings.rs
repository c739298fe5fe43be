//! Two spellings, one meaning; and every place in a formula is its place in the file, however it is quoted.

use crate::support::files::{below, name_of, pages, root};
use crate::support::project::{Asked, Opened, difference, same_meaning};
use peil::source::{FileId, MemoryWorld, Sources};
use peil::syntax::expr::{self, Expr, ExprKind};
use peil::syntax::{self, Kind, Node, Word};
use peil::value::Diagnostics;
use proptest::prelude::*;
use serde_yaml::Value;

const OWN: &str = r#"project "Repairs" {
  peil 1
  language en
  currency EUR
  calendar fiscal_start april
  confidence 90 %
  grain quarter
  minimum base 5
  indicative base 6
  team care { title nl "Service" en "Care" }
  team sales "Sales"
  theme ease "Ease" color blue
  lint missing-norms allow "figures beside figures"
  lint kpi-without-goal allow "figures beside figures"
}
source calls "Calls" {
  files "calls.csv"
  no persons "calls are counted"
  complete
  time day
  column wait "Waiting time" unit s
  column line labels 1 "Sales", 2 "Care"
  column amount unit EUR
}
source survey "Survey" {
  files "spring.csv" with wave = "2025-04", "summer.csv" with wave = "2025-07"
  survey transactional
  time wave
  weight w
  cadence quarter
  keep where region != "X"
  column easy "Easy" scale 1..5 best 5 blank 0, "none" not applicable 9
  column why several from why1, why2
  columns region
}
dimension region "Region" { from survey.region; values "N" "North", "S" "South"; other "Elsewhere" }
kpi easy "It is easy" {
  formula csat.top2(survey.easy)
  owner care
  theme ease
  norms worst 40 %, threshold 60 %, target 80 %
  norms worst 30 %, threshold 50 %, target 70 % where region = "N"
  cuts region
}
kpi easy_south like easy { title "Easy in the south"; where region = "S"; weight none }
kpi slow "Price was the reason" { formula share(survey.why = "price"); owner care }
kpi waiting "Waiting" { formula percentile(calls.wait, 90 where line = "Care"); owner care; norms worst 90 s, threshold 60 s, target 40 s }
kpi spent "Spent a call" { formula sum(calls.amount) / count(calls); owner sales }
kpi both "Index" { formula index(easy: 40 %, slow: 60 %); owner sales }
kpi trend "Trend" { formula change(easy); owner sales }
business goal growth "We grow" { owner sales; business goal loyalty "They stay" { owner sales; measured by easy weight 2, waiting weight 1 } }
customer goal heard "I am heard" { need "No fuss"; owner care; measured by easy_south; roll up all }
enabler line "One line" { owner care; serves heard strength 0.6; lifts loyalty strength 0.3 evidence correlation; status pilot "two of seven" }
touchpoint phone "Phone" { channel "phone"; owner care; moment of truth; asks survey.easy after "a call"; primary easy }
journey repair "Repair" { stage ask "Ask" { touchpoints phone; primary easy; diagnostic waiting } }
event strike "Strike" { from 2025-04-10; until 2025-04-12; touches easy }
report board "Board" { for sales; language nl; sections brief, goals; kpis easy, waiting; cuts region; period 2025-Q3; grain quarter }
"#;

const YAML: &str = r#"project:
  title: Repairs
  peil: 1
  language: en
  currency: EUR
  calendar: {fiscal_start: april}
  confidence: 90 %
  grain: quarter
  minimum_base: 5
  indicative_base: 6
  team: {care: {title: {nl: Service, en: Care}}, sales: Sales}
  theme: {ease: {title: Ease, color: blue}}
  lint:
    missing-norms: {allow: figures beside figures}
    kpi-without-goal: {allow: figures beside figures}
source:
  calls:
    title: Calls
    files: calls.csv
    no_persons: calls are counted
    complete: true
    time: day
    column:
      wait: {title: Waiting time, unit: s}
      line: {labels: {1: Sales, 2: Care}}
      amount: {unit: EUR}
  survey:
    title: Survey
    files: {spring.csv: {wave: 2025-04}, summer.csv: {wave: 2025-07}}
    survey: transactional
    time: wave
    weight: w
    cadence: quarter
    keep_where: region != "X"
    column:
      easy: {title: Easy, scale: 1..5, best: 5, blank: [0, none], not_applicable: 9}
      why: {several: {from: [why1, why2]}}
    columns: region
dimension:
  region: {title: Region, from: survey.region, values: {N: North, S: South}, other: Elsewhere}
kpi:
  easy:
    title: It is easy
    formula: csat.top2(survey.easy)
    owner: care
    theme: ease
    norms:
      - {worst: 40 %, threshold: 60 %, target: 80 %}
      - {worst: 30 %, threshold: 50 %, target: 70 %, where: 'region = "N"'}
    cuts: region
  easy_south: {title: Easy in the south, like: easy, where: 'region = "S"', weight: none}
  slow: {title: Price was the reason, formula: 'share(survey.why = "price")', owner: care}
  waiting:
    title: Waiting
    formula: percentile(calls.wait, 90 where line = "Care")
    owner: care
    norms: {worst: 90 s, threshold: 60 s, target: 40 s}
  spent: {title: Spent a call, formula: sum(calls.amount) / count(calls), owner: sales}
  both: {title: Index, formula: 'index(easy: 40 %, slow: 60 %)', owner: sales}
  trend: {title: Trend, formula: change(easy), owner: sales}
goal:
  growth:
    kind: business
    title: We grow
    owner: sales
    goal:
      loyalty: {kind: business, title: They stay, owner: sales, measured_by: {easy: {weight: 2}, waiting: {weight: 1}}}
  heard: {kind: customer, title: I am heard, need: No fuss, owner: care, measured_by: easy_south, roll_up: all}
enabler:
  line:
    title: One line
    owner: care
    serves: {heard: {strength: 0.6}}
    lifts: {loyalty: {strength: 0.3, evidence: correlation}}
    status: {pilot: two of seven}
touchpoint:
  phone:
    title: Phone
    channel: phone
    owner: care
    moment_of_truth: true
    asks: {survey.easy: {after: a call}}
    primary: easy
journey:
  repair: {title: Repair, stage: {ask: {title: Ask, touchpoints: phone, primary: easy, diagnostic: waiting}}}
event:
  strike: {title: Strike, from: 2025-04-10, until: 2025-04-12, touches: easy}
report:
  board:
    title: Board
    for: sales
    language: nl
    sections: [brief, goals]
    kpis: [easy, waiting]
    cuts: region
    period: 2025-Q3
    grain: quarter
"#;

fn world(path: &str, text: &str) -> MemoryWorld {
    let answers = |seed: usize| {
        let mut csv = "easy,w,why1,why2,region\n".to_owned();
        for at in 0..40 {
            let easy = ["5", "4", "3", "2", "1", "0", "none", "9"][(at * seed) % 8];
            let why = ["price", "speed", ""][(at + seed) % 3];
            csv.push_str(&format!("{easy},{},{why},{},{}\n", 1.0 + at as f64 / 10.0, ["", "price"][at % 2], ["N", "S", "E", "X"][at % 4]));
        }
        csv
    };
    let calls: String = (0..30).map(|it| format!("2025-0{}-1{},{},{},{}\n", 4 + it % 5, it % 9, it * 7 % 120, 1 + it % 2, it)).collect();
    let files = [
        (path, text.to_owned()),
        ("spring.csv", answers(3)),
        ("summer.csv", answers(5)),
        ("calls.csv", format!("day,wait,line,amount\n{calls}")),
    ];
    MemoryWorld::new(files.map(|(path, text)| (path.to_owned(), text.into_bytes())))
}

#[test]
fn a_project_in_both_spellings_gives_the_same_bytes() {
    let (own, yaml) = (world("project.peil", OWN), world("peil.yaml", YAML));
    let (own, yaml) = (Opened::new(&own), Opened::new(&yaml));
    let (first, second) = (own.checked().unwrap_or_else(|it| panic!("{it}")), yaml.checked().unwrap_or_else(|it| panic!("{it}")));
    same_meaning(first, second).unwrap_or_else(|it| panic!("{it}"));
    for asked in [Asked::default(), Asked { by: vec!["region".to_owned()], ..Asked::default() }] {
        let (a, b) = (own.eval(&asked).unwrap(), yaml.eval(&asked).unwrap());
        assert!(a.lines().count() > 8, "{a}");
        assert_eq!(a, b);
    }
    let (a, b) = (own.goals(&Asked::default()).unwrap(), yaml.goals(&Asked::default()).unwrap());
    assert!(a.lines().count() > 3, "{a}");
    assert_eq!(a, b, "{}", difference(&a, &b));
}

// -- serde_yaml as oracle ----------------------------------------------------------------------------------------------

/// A number with a decimal comma between braces: one mistake here, and two keys to another reader.
const DECIMAL_COMMA: &str = "change: +0,4";

#[test]
fn yaml_is_read_as_another_reader_reads_it() {
    let mut texts: Vec<(String, String)> =
        below(&root().join("examples"), &[".yaml"]).iter().map(|it| (name_of(it), std::fs::read_to_string(it).unwrap())).collect();
    texts.push(("YAML".to_owned(), YAML.to_owned()));
    let examples = texts.len();
    for page in pages() {
        let blocks = page
            .sections
            .iter()
            .flat_map(|it| &it.blocks)
            .filter(|it| it.language == "yaml" && !it.text.contains("# error") && !it.text.contains(DECIMAL_COMMA));
        texts.extend(blocks.map(|it| (format!("{}:{}", page.path, it.line), it.text.clone())));
    }
    let mut compared = 0;
    for (at, (name, text)) in texts.iter().enumerate() {
        let mut sources = Sources::default();
        let file = sources.add("peil.yaml".to_owned(), text.as_str().into());
        let mut out = Diagnostics::default();
        let document = syntax::read(&sources, file, &mut out);
        if out.has_errors() {
            assert!(at >= examples, "{name}: an example is not accepted");
            continue;
        }
        let value: Value = serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{name}: accepted here, and there: {error}"));
        let mut seen = 0;
        for item in &document.items {
            let other = value.get(item.word.name());
            let other = if item.word == Word::Project { other } else { other.and_then(|it| it.get(item.name.value.as_str())) };
            let other = other.unwrap_or_else(|| panic!("{name}: no {} {}", item.word.name(), item.name.value));
            same(&format!("{name}: {}", item.name.value), &item.body, other);
            seen += 1;
        }
        let all: usize = value.as_mapping().map_or(0, |it| it.iter().map(|(key, value)| count(key, value)).sum());
        assert_eq!(seen, all, "{name}: items");
        compared += 1;
    }
    assert!(compared >= examples);
}

fn count(word: &Value, items: &Value) -> usize {
    if word == "project" { 1 } else { items.as_mapping().map_or(0, serde_yaml::Mapping::len) }
}

/// Asserts that a node holds what the other reader found. Names that stand for a mapping of names are one here.
fn same(place: &str, node: &Node, other: &Value) {
    match (&node.kind, other) {
        (Kind::Absent, Value::Null) => {}
        (Kind::Scalar(scalar), other) => assert!(is_text(&scalar.text, other), "{place}: `{}` is {other:?} there", scalar.text),
        (Kind::List(items), Value::Sequence(others)) => {
            assert_eq!(items.len(), others.len(), "{place}");
            items.iter().zip(others).enumerate().for_each(|(at, (a, b))| same(&format!("{place}[{at}]"), a, b));
        }
        (Kind::Map(entries), Value::Mapping(others)) => {
            assert_eq!(entries.len(), others.len(), "{place}");
            for (entry, (key, value)) in entries.iter().zip(others) {
                assert!(is_text(&entry.key.value, key), "{place}: the key `{}` is {key:?} there", entry.key.value);
                same(&format!("{place}.{}", entry.key.value), &entry.value, value);
            }
        }
        (Kind::Map(entries), Value::Sequence(others)) => {
            assert_eq!(entries.len(), others.len(), "{place}");
            assert!(entries.iter().zip(others).all(|(a, b)| is_text(&a.key.value, b)), "{place}");
        }
        (Kind::Map(entries), Value::Null) => assert!(entries.is_empty(), "{place}"),
        (Kind::Map(entries), other) => assert!(entries.len() == 1 && is_text(&entries[0].key.value, other), "{place}"),
        (kind, other) => panic!("{place}: {kind:?} is {other:?} there"),
    }
}

fn is_text(text: &str, other: &Value) -> bool {
    match other {
        Value::String(it) => it == text,
        Value::Bool(it) => it.to_string() == text,
        Value::Number(it) => text.parse::<f64>().ok() == it.as_f64(),
        _ => false,
    }
}

// -- places in formulas --------------------------------------------------------------------------------------------------

/// The five ways in which YAML writes a text.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Style {
    Plain,
    Single,
    Double,
    Literal,
    Folded,
}

/// The pieces of a condition, and whether a line ends after each.
fn pieces() -> impl Strategy<Value = Vec<(String, bool)>> {
    let name = prop::sample::select(vec!["a", "été", "naïf_1", "survey.q1", "x", "日本"]);
    let text = prop::sample::select(vec!["\"N\"", "\"it's\"", "\"é ü\"", "\"a: b\"", "\"c # d\"", "\"say \\\"so\\\"\"", "\"tab\\\\n\""]);
    let number = (0u32..1000).prop_map(|it| it.to_string());
    let operand = prop_oneof![3 => name.prop_map(str::to_owned), 2 => text.prop_map(str::to_owned), 1 => number];
    let operator = prop::sample::select(vec!["=", "!=", "and", "or", "+", "<="]).prop_map(str::to_owned);
    let pair = (operator, any::<bool>(), operand, any::<bool>());
    ((prop_oneof![Just("a".to_owned()), Just("été".to_owned())], any::<bool>()), prop::collection::vec(pair, 0..8)).prop_map(
        |(first, rest)| {
            let mut pieces = vec![first];
            for (operator, after_operator, operand, after) in rest {
                pieces.push((operator, after_operator));
                pieces.push((operand, after));
            }
            pieces
        },
    )
}

/// A YAML file that holds the pieces as the formula of a KPI, in a style; `None` where the style cannot hold them.
fn written(pieces: &[(String, bool)], style: Style, escape: bool) -> Option<String> {
    let mut body = String::new();
    let breaks = "\n      ";
    for (at, (piece, ends)) in pieces.iter().enumerate() {
        let piece = match style {
            Style::Plain if piece.contains(": ") || piece.contains(" #") => return None,
            Style::Single => piece.replace('\'', "''"),
            Style::Double => escaped(piece, escape),
            _ => piece.clone(),
        };
        body.push_str(&piece);
        if at + 1 < pieces.len() {
            body.push_str(match (ends, style) {
                (true, Style::Double) if escape => " \\\n      ",
                (true, _) => breaks,
                (false, _) => " ",
            });
        }
    }
    let value = match style {
        Style::Plain => body,
        Style::Single => format!("'{body}'"),
        Style::Double => format!("\"{body}\""),
        Style::Literal => format!("|{breaks}{body}"),
        Style::Folded => format!(">-{breaks}{body}"),
    };
    Some(format!("kpi:\n  k:\n    title: Zoë\n    formula: {value}\n"))
}

fn escaped(piece: &str, all: bool) -> String {
    let mut text = String::new();
    for it in piece.chars() {
        match it {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            'é' if all => text.push_str("\\xe9"),
            it if all && !it.is_ascii() => text.push_str(&format!("\\u{:04x}", it as u32)),
            it => text.push(it),
        }
    }
    text
}

/// What a stretch of the file means in a style.
fn decoded(slice: &str, style: Style) -> String {
    match style {
        Style::Single => slice.replace("''", "'"),
        Style::Double => serde_yaml::from_str::<String>(&format!("\"{slice}\"")).unwrap_or_else(|error| panic!("{slice}: {error}")),
        _ => slice.to_owned(),
    }
}

/// The leaves of an expression with what each must read like.
fn leaves(of: &Expr, found: &mut Vec<(peil::source::Span, String)>) {
    match &of.kind {
        ExprKind::Path(path) => found.extend(path.names.iter().map(|it| (it.span, it.value.clone()))),
        ExprKind::Text(text) => found.push((of.span, format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))),
        ExprKind::Binary { at, operator, left, right } => {
            leaves(left, found);
            found.push((*at, operator.text().to_owned()));
            leaves(right, found);
        }
        ExprKind::Number { value, .. } => found.push((of.span, value.to_string())),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn places_in_formulas_are_places_in_the_file(pieces in pieces(), escape in any::<bool>()) {
        for style in [Style::Plain, Style::Single, Style::Double, Style::Literal, Style::Folded] {
            let Some(text) = written(&pieces, style, escape) else { continue };
            let mut sources = Sources::default();
            let file: FileId = sources.add("a.yaml".to_owned(), text.as_str().into());
            let mut out = Diagnostics::default();
            let document = syntax::read(&sources, file, &mut out);
            prop_assert!(!out.has_errors(), "{style:?} is not accepted:\n{text}");
            let formula = document.items[0].body.get("formula").unwrap();
            let Kind::Scalar(scalar) = &formula.kind else { panic!("no scalar") };
            let parsed = expr::parse(file, scalar, &mut out);
            let Some(parsed) = parsed else { panic!("{style:?} is not parsed:\n{text}") };
            let mut found = Vec::new();
            leaves(&parsed, &mut found);
            prop_assert!(!found.is_empty());
            for (span, meant) in found {
                let slice = sources.text(span);
                prop_assert_eq!(decoded(slice, style), meant, "{:?} at {:?}:\n{}", style, span.range(), text);
            }
        }
    }
}

/// Notation that the helps of a code show in Peil's own spelling, and how its page says it in YAML: none is dead.
#[test]
fn notation_of_yaml_stands_for_what_a_help_shows() {
    for code in peil::value::Code::ALL {
        let page = code.page();
        let (front, _) = peil::words::split_page(page).unwrap();
        let helps = page.split("\nyaml:\n").next().unwrap();
        for own in front.yaml.keys() {
            let shown = format!("`{}`", own.replace('"', "\\\""));
            assert!(helps.contains(&format!("`{own}`")) || helps.contains(&shown), "{}: no help shows `{own}`", code.name());
        }
    }
}
