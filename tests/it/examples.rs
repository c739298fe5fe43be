//! The examples, byte for byte: what `peil` prints for them stands in their `expected/` folders.
//!
//! `UPDATE=1` rewrites what is expected; the difference is what is to be reviewed.

use crate::support::files::{below, name_of, root};
use crate::support::project::difference;
use peil::model::{KpiId, canonical};
use peil::source::DiskWorld;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs the program in the crate's folder; gives what it wrote to stdout.
fn peil(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_peil")).args(arguments).current_dir(root()).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

fn compare(file: &str, found: &str) {
    let path = root().join(file);
    if std::env::var_os("UPDATE").is_some_and(|it| it == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = expected.lines().zip(found.lines()).enumerate().find(|(_, (a, b))| a != b);
    if let Some((line, (a, b))) = differs {
        panic!("{file}:{}: expected\n  {a}\nfound\n  {b}", line + 1);
    }
    assert_eq!(expected.len(), found.len(), "{file} has more or fewer lines");
}

#[test]
fn autoruit_prints_what_is_expected() {
    let common = ["examples/autoruit", "--today", "2025-10-01"];
    let with = |verb: &str, more: &[&str]| peil(&[&[verb][..], &common, more].concat());
    compare("examples/autoruit/expected/figures.csv", &with("eval", &["--format", "csv"]));
    compare(
        "examples/autoruit/expected/channels.csv",
        &with("eval", &["--by", "kanaal", "--by", "regio", "--period", "2025-Q3", "--format", "csv"]),
    );
    compare("examples/autoruit/expected/goals.csv", &with("goals", &["--format", "csv"]));
    compare(
        "examples/autoruit/expected/why.txt",
        &peil(&["why", "op_tijd", common[0], common[1], common[2], "--from", "2024-Q3", "--to", "2025-Q3", "--lang", "nl"]),
    );
    let supposed = ["whatif", "ces_afspraak+0.5", "op_tijd=90", "klacht_dagen=4 days"];
    compare("examples/autoruit/expected/whatif.txt", &peil(&[&supposed[..], &common, &["--lang", "nl"]].concat()));
    let explain = |what: &str| peil(&["explain", what, common[0], common[1], common[2]]);
    compare("examples/autoruit/expected/explain.txt", &explain("op_tijd@2025-Q3/locatie=M"));
    // A branch with too few answers: no figure, no rows, no answers.
    let hidden = explain("nps_reparatie@2025-Q3/vestiging=Terneuzen");
    assert!(hidden.contains("hidden") && !hidden.contains("in the base") && !hidden.contains("answers on"), "{hidden}");
    compare("examples/autoruit/expected/findings.txt", &with("findings", &["--lang", "nl"]));
    compare("examples/autoruit/expected/actions.txt", &with("actions", &["--lang", "nl"]));
    let named = |verb: &str, what: &str, more: &[&str]| peil(&[&[verb, what][..], &common, more].concat());
    compare("examples/autoruit/expected/index.txt", &named("index", "kei", &["--by", "regio", "--lang", "nl"]));
    compare("examples/autoruit/expected/why-goal.txt", &named("why", "goal:snel_iemand_spreken", &["--to", "2025-Q3", "--lang", "nl"]));
    compare("examples/autoruit/expected/plan.txt", &with("plan", &[]));
    // All reports in one plan, and every source read once in it.
    let names: Vec<&str> = ["directie", "cx", "cx_en", "klantenservice", "planning", "vestigingen", "verkoop", "financien"]
        .into_iter()
        .flat_map(|it| ["--report", it])
        .collect();
    let reports = with("plan", &names);
    let mut reads: Vec<&str> = reports.lines().filter(|it| it.starts_with("read ")).collect();
    reads.dedup();
    assert_eq!((reads.len(), reports.lines().filter(|it| it.starts_with("read ")).count()), (7, 7));
    assert_eq!(peil(&["check", "examples/autoruit", "--format", "short"]), "");
    compare("examples/autoruit/expected/audit.txt", &with("audit", &["--format", "short"]));
    compare("examples/autoruit/expected/lifecycle.txt", &with("lifecycle", &["--lang", "nl"]));
    compare("examples/autoruit/expected/incentives.csv", &with("incentives", &["--format", "csv"]));
    compare("examples/autoruit/expected/drivers.csv", &with("drivers", &["--format", "csv"]));
    compare("examples/autoruit/expected/reasons.csv", &with("reasons", &["--period", "2025-Q3", "--format", "csv"]));
    compare(
        "examples/autoruit/expected/chain.csv",
        &peil(&["chain", "behouden_marge", common[0], common[1], common[2], "--format", "csv"]),
    );
    compare(
        "examples/autoruit/expected/savings.csv",
        &peil(&["chain", "vermijdbare_kosten", common[0], common[1], common[2], "--by", "contactreden", "--format", "csv"]),
    );
}

/// Computed with pandas: half of its effectiveness is counted in work orders, without an error of its own; the answers
/// after the booking share their rows.
#[test]
fn the_index_of_autoruit_is_that_of_another_program() {
    let common = ["eval", "examples/autoruit", "--today", "2025-10-01", "--kpi", "kei", "--period", "2025-Q3", "--format", "json"];
    let figure = |more: &[&str], region: Option<&str>| {
        let json: serde_json::Value = serde_json::from_str(&peil(&[&common, more].concat())).unwrap();
        let all = json["figures"].as_array().unwrap();
        all.iter().find(|it| region.is_none_or(|region| it["regio"] == region)).unwrap().clone()
    };
    let expected = [
        (figure(&[], None), 59.48191845475411, 1.471633144035089),
        (figure(&["--by", "regio"], Some("N")), 56.61637670653617, 3.636405521035561),
    ];
    for (figure, value, se) in expected {
        for (column, expected) in [("value", value), ("se", se)] {
            let found = figure[column].as_f64().unwrap();
            assert!((found - expected).abs() <= 1e-9 * expected, "{column}: {found}, not {expected}");
        }
    }
}

#[test]
fn bikes_has_a_section_a_style_and_a_logo_of_its_own() {
    let file = std::env::temp_dir().join(format!("peil-bikes-{}.html", std::process::id()));
    peil(&["report", "examples/bikes", "--today", "2025-10-01", "--out", file.to_str().unwrap()]);
    let page = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let mut rest = page.as_str();
    for part in [
        "--accent:#7a1f5c",
        "src=\"data:image&#x2f;svg+xml;base64,",
        "<a href=\"#brief\">",
        "<a href=\"#today\">Today</a>",
        "<section id=\"today\"",
        "<p class=mark>Fictional figures",
        "<h3>Ready when promised <span class=\"st st-act\">",
        "points to go.",
        "<section id=\"scorecards\"",
    ] {
        rest = rest.split_once(part).unwrap_or_else(|| panic!("no `{part}` where it should be")).1;
    }
}

#[test]
fn a_new_project_checks_and_has_figures() {
    let folder = std::env::temp_dir().join(format!("peil-init-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let path = folder.to_str().unwrap();
    peil(&["init", path]);
    assert_eq!(peil(&["check", path, "--format", "short"]), "");
    assert_eq!(peil(&["audit", path, "--format", "short"]), "");
    assert!(peil(&["eval", path, "--today", "2025-07-01", "--kpi", "nps", "--period", "2025-Q1"]).contains("50.877"));
    // A second time nothing is written over.
    let again = Command::new(env!("CARGO_BIN_EXE_peil")).args(["init", path]).output().unwrap();
    assert_eq!(again.status.code(), Some(2));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_template_is_the_example() {
    let folder = std::env::temp_dir().join(format!("peil-autoruit-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    peil(&["init", folder.to_str().unwrap(), "--template", "autoruit"]);
    let written: Vec<String> =
        below(&folder, &[""]).iter().map(|it| it.strip_prefix(&folder).unwrap().to_string_lossy().into_owned()).collect();
    let example = root().join("examples/autoruit");
    let of_example: Vec<String> = below(&example, &[""])
        .iter()
        .map(|it| name_of(it).trim_start_matches("examples/autoruit/").to_owned())
        .filter(|it| !it.starts_with("expected/"))
        .collect();
    assert_eq!(written, of_example);
    for file in &written {
        assert_eq!(std::fs::read(folder.join(file)).unwrap(), std::fs::read(example.join(file)).unwrap(), "{file}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// What a project says and gives: the text that its definitions are hashed from, and its figures.
fn said_and_given(folder: &Path, data: Option<&Path>) -> (String, String) {
    let session = peil::session::open(&DiskWorld::new(folder, data));
    let name = folder.display();
    let checked = session.checked.unwrap_or_else(|| panic!("{name}: {:?}", session.diagnostics.sorted()));
    let kpis = (0..checked.model.kpis.len() as u32).map(KpiId).collect();
    let text = canonical::definitions(&checked.model, &canonical::Used { kpis, goals: true, journeys: true });
    let folder = folder.to_str().unwrap();
    let mut arguments = vec!["eval", folder, "--today", "2025-10-01", "--format", "csv"];
    arguments.extend(data.iter().flat_map(|it| ["--data", it.to_str().unwrap()]));
    (text, if data.is_none_or(Path::is_dir) { peil(&arguments) } else { String::new() })
}

#[test]
fn another_spelling_and_form_say_and_give_the_same() {
    let data = crate::support::data::folder(&["sfo_2017.csv", "sfo_2018.csv", "online_retail_customer_month.csv"]);
    let own_data = root().join("examples/autoruit");
    // The data are read where they stand: copies hold definitions alone.
    for (example, data) in [("autoruit", Some(own_data)), ("airport", data.clone()), ("webshop", data)] {
        // Without its data an example says what it says, and gives nothing.
        let data = data.unwrap_or_else(|| PathBuf::from("no data"));
        let source = root().join("examples").join(example);
        let expected = said_and_given(&source, Some(&data));
        assert!(example != "autoruit" || expected.1.lines().count() > 100, "there are figures to compare");
        let folder = std::env::temp_dir().join(format!("peil-spelled-{example}-{}", std::process::id()));
        for spelling in ["dsl", "yaml"] {
            let _ = std::fs::remove_dir_all(&folder);
            peil(&["convert", "--to", spelling, source.to_str().unwrap(), "--out", folder.to_str().unwrap()]);
            let ends = if spelling == "yaml" { [".peil"].as_slice() } else { &[".yaml", ".yml"] };
            assert_eq!(below(&folder, ends), Vec::<PathBuf>::new(), "{example}: all is in one spelling");
            for form in ["converted", "formatted"] {
                let (text, figures) = said_and_given(&folder, Some(&data));
                assert!(text == expected.0, "{example}, {form} in {spelling}\n{}", difference(&expected.0, &text));
                assert!(figures == expected.1, "{example}, {form} in {spelling}\n{}", difference(&expected.1, &figures));
                peil(&["fmt", folder.to_str().unwrap()]);
            }
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
