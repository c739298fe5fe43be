//! The program itself: what it prints where, and what it says with its exit code.

use crate::support::files::root;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder for one test, made anew.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

/// A small project that is sound.
fn sound(name: &str) -> PathBuf {
    let folder = folder(name);
    let project = "project \"Small\" {\n  peil 1\n  lint kpi-without-goal allow \"small\"\n  lint missing-owner allow \"small\"\n}\n";
    write(&folder, "project.peil", project);
    write(&folder, "kpis.peil", "source s { files \"s.csv\"; no persons \"counts\"; columns a }\nkpi mean_a { formula mean(s.a) }\n");
    write(&folder, "s.csv", "a\n1\n2\n6\n");
    folder
}

fn peil(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peil"));
    command.args(arguments).current_dir(root()).env_remove("PEIL_DATA").env("NO_COLOR", "1");
    command.output().unwrap()
}

fn texts(output: &Output) -> (String, String, i32) {
    let text = |it: &[u8]| String::from_utf8(it.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr), output.status.code().unwrap())
}

#[test]
fn version_is_data() {
    let (out, err, code) = texts(&peil(&["--version"]));
    assert_eq!((out.as_str(), err.as_str(), code), (concat!("peil ", env!("CARGO_PKG_VERSION"), "\n"), "", 0));
}

#[test]
fn a_sound_project_is_fine() {
    let folder = sound("sound");
    let (out, err, code) = texts(&peil(&["check", folder.to_str().unwrap()]));
    assert_eq!((out.as_str(), code), ("", 0), "{err}");
}

#[test]
fn figures_go_to_stdout_and_nothing_else_does() {
    let folder = sound("figures");
    let (out, err, code) = texts(&peil(&["eval", folder.to_str().unwrap(), "--today", "2025-10-01", "--format", "csv"]));
    assert_eq!((err.as_str(), code), ("", 0));
    let mut lines = out.lines();
    assert!(lines.next().unwrap().starts_with("kpi,period,value,unit,n,"), "{out}");
    assert!(lines.next().unwrap().starts_with("mean_a,all,3,number,3,"), "{out}");
    assert_eq!(lines.next(), None);
}

#[test]
fn mistakes_are_findings() {
    let folder = sound("mistakes");
    write(&folder, "more.peil", "kpi wrong { formula mean(s.b) }\n");
    let (out, _, code) = texts(&peil(&["check", folder.to_str().unwrap(), "--format", "short"]));
    assert_eq!(code, 1);
    assert!(out.starts_with("more.peil:1:28: error[unknown-column]: "), "{out}");
    assert_eq!(out.lines().count(), 1);
}

#[test]
fn mistakes_keep_figures_from_being_computed() {
    let folder = sound("no_figures");
    write(&folder, "more.peil", "kpi wrong { formula mean(s.b) }\n");
    let (out, err, code) = texts(&peil(&["eval", folder.to_str().unwrap(), "--today", "2025-10-01"]));
    assert_eq!((out.as_str(), code), ("", 1));
    assert!(err.contains("unknown-column"), "{err}");
}

#[test]
fn a_verb_that_is_not_there_is_wrong_usage() {
    let (out, err, code) = texts(&peil(&["chekc"]));
    assert_eq!((out.as_str(), code), ("", 2));
    assert!(err.contains("chekc"), "{err}");
}

#[test]
fn a_folder_that_is_not_there_is_wrong_usage() {
    let (out, err, code) = texts(&peil(&["check", "no/such/folder"]));
    assert_eq!((out.as_str(), code), ("", 2));
    assert!(err.contains("no/such/folder"), "{err}");
}

#[test]
fn a_day_that_is_none_is_wrong_usage() {
    let folder = sound("today");
    let (_, err, code) = texts(&peil(&["eval", folder.to_str().unwrap(), "--today", "tomorrow"]));
    assert_eq!(code, 2);
    assert!(err.contains("tomorrow"), "{err}");
}

#[test]
fn an_unknown_kpi_is_wrong_usage_with_a_proposal() {
    let folder = sound("unknown_kpi");
    let (out, err, code) = texts(&peil(&["eval", folder.to_str().unwrap(), "--today", "2025-10-01", "--kpi", "mean_b"]));
    assert_eq!((out.as_str(), code), ("", 2));
    assert!(err.contains("did you mean `mean_a`?"), "{err}");
}

#[test]
fn a_template_that_fails_stops_its_own_report_alone() {
    let folder = sound("stopped");
    let reports =
        "report stopped { template \"stopped.html\" }\nreport also { template \"stopped.html\" }\nreport whole { sections brief }\n";
    write(&folder, "reports.peil", reports);
    std::fs::create_dir_all(folder.join("templates")).unwrap();
    let fails = "{% set ns = namespace(n=1) %}{{ 1 / (ns.n - 1) }}";
    let page = format!("{{% extends \"peil/report.html\" %}}{{% block before_sections %}}{fails}{{% endblock %}}");
    write(&folder, "templates/stopped.html", &page);
    let (out, err, code) = texts(&peil(&["report", folder.to_str().unwrap(), "--today", "2025-10-01", "--figures", "csv"]));
    assert_eq!(code, 1, "{err}");
    let written = |name: &str| folder.join("out").join(name).exists();
    assert!(written("whole.html") && written("whole.csv"), "{out}{err}");
    assert!(!written("stopped.html") && !written("stopped.csv") && !written("also.html"), "{out}{err}");
    assert_eq!(err.matches("error[template-failed]").count(), 1, "one template, one finding: {err}");
    assert!(err.contains("stopped.html` was not written") && err.contains("also.html` was not written"), "{err}");
}

#[test]
fn a_template_that_fails_stops_its_own_part_of_a_site_alone() {
    let folder = sound("stopped_site");
    let reports = "report stopped { sections brief; template \"desk.html\" }\nreport whole { sections brief }\n";
    write(&folder, "reports.peil", reports);
    std::fs::create_dir_all(folder.join("templates")).unwrap();
    let page = |fills: &str| format!("{{% extends \"peil/report.html\" %}}{{% block before_sections %}}{fills}{{% endblock %}}");
    let run = |fills: &str, more: &[&str]| {
        write(&folder, "templates/desk.html", &page(fills));
        let site = folder.join("site");
        let arguments = ["report", folder.to_str().unwrap(), "--today", "2025-10-01", "--site", site.to_str().unwrap()];
        texts(&peil(&[&arguments, more].concat()))
    };
    let read = |name: &str| std::fs::read_to_string(folder.join("site").join(name));
    let fails = "{% set ns = namespace(n=1) %}{{ 1 / (ns.n - 1) }}";
    // Alone it is all of the site: nothing is written.
    let (_, err, code) = run(fails, &["--report", "stopped"]);
    assert_eq!((code, err.matches("error[template-failed]").count()), (1, 1), "{err}");
    assert!(!folder.join("site").exists());
    let (out, err, code) = run(fails, &[]);
    assert_eq!((code, err.matches("error[template-failed]").count()), (1, 1), "{err}");
    assert!(out.contains("index.html") && err.contains("site/stopped` was not written"), "{out}{err}");
    assert!(read("whole/index.html").is_ok() && read("stopped/index.html").is_err());
    assert!(read("index.html").unwrap().contains("whole/index.html") && !read("index.html").unwrap().contains("stopped/index.html"));
    // What was once written stays when the template fails again, and is still known to be ours.
    let (_, err, code) = run("As it was", &[]);
    assert_eq!(code, 0, "{err}");
    assert!(read("index.html").unwrap().contains("stopped/index.html"));
    let (_, err, code) = run(fails, &[]);
    assert_eq!(code, 1, "{err}");
    assert!(read("stopped/index.html").unwrap().contains("As it was"));
    let (_, err, code) = run("As it is", &[]);
    assert_eq!(code, 0, "{err}");
    assert!(read("stopped/index.html").unwrap().contains("As it is"));
}

#[test]
fn data_out_of_reach_are_not_findings() {
    let folder = sound("no_data");
    std::fs::remove_file(folder.join("s.csv")).unwrap();
    let (out, err, code) = texts(&peil(&["eval", folder.to_str().unwrap(), "--today", "2025-10-01"]));
    assert_eq!((out.as_str(), code), ("", 2));
    assert!(err.contains("missing-file"), "{err}");
}

#[test]
fn data_may_stand_elsewhere() {
    let folder = sound("elsewhere");
    let data = self::folder("elsewhere_data");
    std::fs::rename(folder.join("s.csv"), data.join("s.csv")).unwrap();
    let arguments = ["eval", folder.to_str().unwrap(), "--data", data.to_str().unwrap(), "--today", "2025-10-01", "--format", "csv"];
    let (out, err, code) = texts(&peil(&arguments));
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("mean_a,all,3,"), "{out}");
}

#[test]
fn a_file_that_is_not_text_is_a_finding() {
    let folder = sound("not_text");
    std::fs::write(folder.join("old.peil"), b"kpi caf\xe9 { formula mean(s.a) }\n").unwrap();
    let (out, _, code) = texts(&peil(&["check", folder.to_str().unwrap(), "--format", "short"]));
    assert_eq!(code, 1);
    assert!(out.contains("error[unreadable-file]"), "{out}");
    assert_eq!(out.lines().count(), 1);
}

#[cfg(unix)]
#[test]
fn a_link_that_leaves_the_project_is_not_followed() {
    let folder = sound("link");
    let outside = self::folder("link_outside");
    std::fs::rename(folder.join("s.csv"), outside.join("s.csv")).unwrap();
    std::os::unix::fs::symlink(outside.join("s.csv"), folder.join("s.csv")).unwrap();
    let (out, err, code) = texts(&peil(&["eval", folder.to_str().unwrap(), "--today", "2025-10-01"]));
    assert_eq!((out.as_str(), code), ("", 2));
    assert!(err.contains("outside-file"), "{err}");
}

#[test]
fn the_examples_are_sound() {
    for example in ["examples/airport", "examples/autoruit", "examples/bikes", "examples/webshop"] {
        let (out, _, code) = texts(&peil(&["check", example, "--format", "short"]));
        assert_eq!((out.as_str(), code), ("", 0), "{example}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let arguments = ["eval", "examples/autoruit", "--today", "2025-10-01", "--format", "csv", "--period", "2025-Q3", "--by", "kanaal"];
    let first = peil(&arguments);
    assert_eq!(first.status.code(), Some(0));
    assert_eq!(first.stdout, peil(&arguments).stdout);
}

/// A project with one error and two warnings.
fn faulty(name: &str) -> PathBuf {
    let folder = folder(name);
    write(&folder, "project.peil", "project \"Faulty\" { peil 1 }\n");
    write(
        &folder,
        "kpis.peil",
        "source s { files \"s.csv\"; columns a }\nkpi wrong { formula mean(s.b) }\nkpi right { formula mean(s.a) }\ntouchpoint desk \"Desk\"\n",
    );
    folder
}

/// The codes that are shown, and the exit code.
fn codes_of(folder: &Path, more: &[&str]) -> (Vec<String>, i32) {
    let arguments: Vec<&str> = ["check", folder.to_str().unwrap(), "--format", "short"].into_iter().chain(more.iter().copied()).collect();
    let (out, _, code) = texts(&peil(&arguments));
    let name = |it: &str| format!("{}[{}", it.split(": ").nth(1).unwrap().split('[').next().unwrap(), it.split(['[', ']']).nth(1).unwrap());
    (out.lines().map(|it| format!("{}]", name(it))).collect(), code)
}

#[test]
fn findings_are_selected_ignored_and_denied() {
    let folder = faulty("select");
    let all = ["error[unknown-column]", "warning[missing-owner]", "warning[touchpoint-without-kpi]"].map(str::to_owned).to_vec();
    assert_eq!(codes_of(&folder, &[]), (all, 1));
    let (found, code) = codes_of(&folder, &["--select", "governance"]);
    assert_eq!((found, code), (vec!["warning[missing-owner]".to_owned()], 0));
    let (found, code) = codes_of(&folder, &["--select", "governance,coverage", "--ignore", "missing-owner", "--deny", "warnings"]);
    assert_eq!((found, code), (vec!["error[touchpoint-without-kpi]".to_owned()], 1));
    let (found, code) = codes_of(&folder, &["--ignore", "warnings", "--deny", "warnings"]);
    assert_eq!((found, code), (vec!["error[unknown-column]".to_owned()], 1));
}

#[test]
fn errors_that_are_not_shown_are_told() {
    let folder = faulty("hidden");
    let (out, err, code) = texts(&peil(&["check", folder.to_str().unwrap(), "--select", "governance", "--format", "gitlab"]));
    assert!(out.contains("missing-owner") && !out.contains("unknown-column"), "{out}");
    assert!(err.contains("1 error is not shown"), "{err}");
    assert_eq!(code, 0);
}

#[test]
fn an_unknown_code_is_wrong_usage_with_a_proposal() {
    for (option, name, proposal) in
        [("--select", "coverge", "`coverage`"), ("--ignore", "unknown-kpis", "`unknown-kpi`"), ("--deny", "warning", "`warnings`")]
    {
        let (out, err, code) = texts(&peil(&["check", "examples/airport", option, name]));
        assert_eq!((out.as_str(), code), ("", 2));
        assert!(err.contains(&format!("did you mean {proposal}?")), "{err}");
    }
}

#[test]
fn paths_are_told_from_the_root_of_the_repository() {
    let folder = folder("repository");
    std::fs::create_dir_all(folder.join(".git")).unwrap();
    std::fs::create_dir_all(folder.join("cx")).unwrap();
    write(&folder, "cx/project.peil", "project \"P\" { peil 1; ownr x }\n");
    let root = folder.join("cx");
    let (out, _, _) = texts(&peil(&["check", root.to_str().unwrap(), "--format", "github"]));
    assert!(out.starts_with("::error file=cx/project.peil,line=1,"), "{out}");
    let (out, _, _) = texts(&peil(&["check", root.to_str().unwrap(), "--format", "short"]));
    assert!(out.starts_with("project.peil:1:"), "{out}");
}

#[test]
fn tests_pass_or_are_findings() {
    let folder = sound("tests");
    write(&folder, "tests.peil", "test mean { rows s { a; 1; 2; 6 }\n  expect mean_a 3 n 3 }\n");
    let path = folder.to_str().unwrap();
    let (out, err, code) = texts(&peil(&["test", path]));
    assert_eq!((out.as_str(), err.as_str(), code), ("", "1 test: 1 passed, 0 failed\n", 0));
    write(&folder, "more.peil", "test wrong {\n  rows s { a; 1; 2 }\n  expect mean_a 2\n}\ntest on_data { on data; expect mean_a 3 }\n");
    let (out, err, code) = texts(&peil(&["test", path]));
    assert_eq!((err.as_str(), code), ("3 tests: 2 passed, 1 failed\n", 1));
    assert!(out.starts_with("error[test-failed]: `mean_a` is 1.5, not 2\n") && out.contains("--> more.peil:3:10"), "{out}");
    let (out, _, code) = texts(&peil(&["test", path, "--only", "mean,on_data", "--format", "json"]));
    assert_eq!(code, 0);
    let tests: Vec<serde_json::Value> = out.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let names: Vec<&str> = tests.iter().map(|it| it["test"].as_str().unwrap()).collect();
    assert_eq!(names, ["on_data", "mean"]);
    assert!(tests.iter().all(|it| it["passed"] == true && it["failures"] == serde_json::json!([])), "{out}");
    let (out, _, code) = texts(&peil(&["test", path, "--format", "junit"]));
    assert_eq!(code, 1);
    assert!(out.contains("<testsuite name=\"peil test\" tests=\"3\" failures=\"1\" errors=\"0\""), "{out}");
    assert!(out.contains("<failure type=\"test-failed\" message=\"`mean_a` is 1.5, not 2\">more.peil:3:10: "), "{out}");
    let (_, err, code) = texts(&peil(&["test", path, "--only", "meam"]));
    assert_eq!((err.as_str(), code), ("error: unknown test `meam`; did you mean `mean`?\n", 2));
    std::fs::remove_file(folder.join("s.csv")).unwrap();
    let (out, _, code) = texts(&peil(&["test", path, "--only", "on_data"]));
    assert_eq!(code, 2);
    assert!(out.contains("error[missing-file]"), "{out}");
}

#[test]
fn the_tests_of_the_example_pass() {
    let (out, err, code) = texts(&peil(&["test", "examples/autoruit", "--today", "2025-10-01"]));
    assert_eq!((out.as_str(), code), ("", 0), "{err}");
    assert!(err.starts_with("6 tests: 6 passed"), "{err}");
}

#[test]
fn what_is_meant_beyond_doubt_is_written() {
    let folder = sound("fix");
    let before = "# one\r\nkpi a { formula mean(s.a); onwer x; where s.a == 1 }\n";
    write(&folder, "more.peil", before);
    write(&folder, "more.yaml", "kpi:\n  b:\n    formula: 'mean(s.a where a <> 2)'   # two\n");
    let path = folder.to_str().unwrap();
    let (out, err, code) = texts(&peil(&["check", path, "--fix", "--ignore", "unknown-team", "--format", "short"]));
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert_eq!(read("more.peil"), before.replace("onwer", "owner").replace("==", "="), "{err}");
    assert_eq!(read("more.yaml"), "kpi:\n  b:\n    formula: 'mean(s.a where a != 2)'   # two\n", "{err}");
    assert!(err.contains("fixed 3 findings in 2 files"), "{err}");
    assert_eq!((out.as_str(), code), ("", 0), "{err}");
    // Nothing but the project is left, and a second time there is nothing to do.
    let mut names: Vec<String> = std::fs::read_dir(&folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["kpis.peil", "more.peil", "more.yaml", "project.peil", "s.csv"]);
    let (_, err, _) = texts(&peil(&["check", path, "--fix"]));
    assert!(err.contains("nothing to fix"), "{err}");
}

#[test]
fn only_what_is_selected_is_fixed() {
    let folder = sound("fix_selected");
    let before = "kpi a { formula mean(s.b1a); onwer x }\nkpi c { formula mean(s.a); whre s.a = 1 }\n";
    write(&folder, "more.peil", before);
    let (_, _, _) = texts(&peil(&["check", folder.to_str().unwrap(), "--fix", "--select", "names"]));
    assert_eq!(std::fs::read_to_string(folder.join("more.peil")).unwrap(), before);
    let (_, err, code) = texts(&peil(&["check", folder.to_str().unwrap(), "--fix", "--select", "unknown-key", "--lang", "nl"]));
    assert_eq!(std::fs::read_to_string(folder.join("more.peil")).unwrap(), before.replace("onwer", "owner").replace("whre", "where"));
    assert!(err.contains("2 bevindingen hersteld in 1 bestand") && err.contains("2 fouten worden niet getoond"), "{err}");
    assert_eq!(code, 0);
}

#[cfg(unix)]
#[test]
fn a_file_outside_the_project_is_not_written() {
    let folder = sound("fix_link");
    let outside = self::folder("fix_link_outside");
    write(&outside, "more.peil", "kpi a { formula mean(s.a); whre s.a = 1 }\n");
    std::os::unix::fs::symlink(outside.join("more.peil"), folder.join("more.peil")).unwrap();
    let (_, err, code) = texts(&peil(&["check", folder.to_str().unwrap(), "--fix"]));
    assert!(std::fs::read_to_string(outside.join("more.peil")).unwrap().contains("whre"));
    assert!(err.contains("lies outside of the project"), "{err}");
    assert_eq!(code, 2);
}

/// Customers are walked, not counted by rows: there is no ladder from rows down to them.
#[test]
fn a_measure_of_customers_is_explained_by_what_it_counts() {
    let folder = sound("explained_customers");
    let rows = "who,since,gone\na,2024-01-01,\nb,2024-01-01,2024-02-10\nc,2024-01-05,\nd,2023-06-01,2024-01-20\n";
    write(&folder, "spans.csv", rows);
    let source = "source t { files \"spans.csv\"; no persons \"contracts\"; rows spans; starts since; ends gone; customer who; covers until 2024-03-31 }\n";
    write(&folder, "more.peil", &format!("{source}kpi lost {{ formula churn.customers(t, per: month) }}\n"));
    let (out, err, code) = texts(&peil(&["explain", "lost@2024-Q1", folder.to_str().unwrap()]));
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("interval Wilson\n") && out.contains(" rows in the period\n"), "{out}");
    assert!(out.contains(" customers, each once a window, in the base\n") && !out.contains("outside its"), "{out}");
    assert!(out.contains("        2 gone at the end\n") && out.contains("tells customers by t.who (more.peil:1), t.since"), "{out}");
}

/// What a figure counts is no answer: who they are is not told, and the base is that of the figure.
#[test]
fn values_that_are_counted_are_not_listed() {
    let folder = sound("explained_counts");
    write(&folder, "d.csv", "q,who,kind\n1,ann,a\n2,bob,a\n4,cees,a\n5,dirk,b\n5,els,b\n");
    let more = r#"source t { files "d.csv"; no persons "x"; column q scale 1..5; columns who, kind }
kpi low { formula count(t where q <= 2) }
kpi people { formula distinct(t.who where q <= 2) }
kpi all { formula distinct(t.who) }
kpi codes { formula distinct(t.q) }
kpi part { formula share(t.q >= 4 where kind = "a") }
kpi answered { formula share(not (t.q is blank)) }
"#;
    write(&folder, "more.peil", more);
    let explained = |what: &str| {
        let (out, err, code) = texts(&peil(&["explain", what, folder.to_str().unwrap()]));
        assert_eq!(code, 0, "{err}");
        out.lines().map(|it| format!("{}\n", it.trim_start())).collect::<String>()
    };
    for what in ["people@all", "all@all"] {
        let out = explained(what);
        assert!(!out.contains("answers") && !out.contains("ann"), "{out}");
    }
    for what in ["low@all", "people@all"] {
        let out = explained(what);
        assert!(out.contains("\n5 rows\n-3 outside its `where`\n2 in the base\n"), "{out}");
    }
    assert!(explained("all@all").contains("\n5 rows\n5 in the base\n"));
    for what in ["codes@all", "answered@all"] {
        assert!(!explained(what).contains("answers"));
    }
    let out = explained("part@all");
    assert!(out.contains("\n-2 outside its `where`\n3 in the base\n"), "{out}");
    assert!(out.contains("answers on 1..5, each counted as one\n1       1   33.3 %\n"), "{out}");
}

/// Segments that share rows are no cut; what is asked of one value takes every row that names it.
#[test]
fn nothing_is_cut_by_several_answers() {
    let folder = sound("several_answers");
    write(&folder, "d.csv", "day,q,why\n2024-01-01,1,price;wait\n2024-01-02,1,price;wait\n2024-04-01,5,price\n2024-04-02,5,wait\n");
    let more = r#"source t { files "d.csv"; no persons "x"; time day; column q scale 1..5; column why several split ";" }
dimension reason { from t.why; values "price" "Price", "wait" "Wait"; other "Something else" }
kpi score { formula mean(t.q) }
drivers why_score { outcome score; reasons reason }
"#;
    write(&folder, "more.peil", more);
    let path = folder.to_str().unwrap();
    let (out, err, code) = texts(&peil(&["check", path]));
    assert_eq!(code, 0, "{out}{err}");
    for asked in [
        &["eval", path, "--kpi", "score", "--by", "reason"][..],
        &["eval", path, "--kpi", "score", "--by", "reason", "--compare", "rest"],
        &["why", "score", path, "--by", "reason"],
        &["chain", "score", path, "--by", "reason"],
    ] {
        let (out, err, code) = texts(&peil(asked));
        assert_eq!((out.as_str(), code), ("", 2), "{asked:?} {err}");
        assert!(err.contains("`score` cannot be cut by `reason`: a row") && err.contains("several answers"), "{asked:?} {err}");
    }
    let (out, err, code) = texts(&peil(&["why", "score", path, "--from", "2024-Q1", "--to", "2024-Q2"]));
    assert!(code == 0 && !out.contains("reason"), "{out}{err}");
    let (out, ..) = texts(&peil(&["eval", path, "--kpi", "score[reason = \"price\"]", "--grain", "year", "--format", "csv"]));
    assert!(out.lines().nth(1).is_some_and(|it| it.contains(",2024,2.33333333333,score 1..5,3,")), "{out}");
}

#[test]
fn an_index_without_a_part_says_that_weights_tell_nothing() {
    let folder = sound("index_lacking");
    let more = r#"source t { files "d.csv"; no persons "x"; time day; columns a, b }
kpi part_a { formula rescale(mean_of_a, 0 .. 10) }
kpi mean_of_a { formula mean(t.a) }
kpi part_b { formula rescale(mean_of_b, 0 .. 10) }
kpi mean_of_b { formula mean(t.b) }
kpi least { formula index(part_a: 50 %, part_b: 50 %, at least 1 parts) }
"#;
    write(&folder, "more.peil", more);
    write(&folder, "d.csv", "day,a,b\n2024-01-01,3,5\n2024-04-01,4,\n2024-07-01,4,6\n");
    let path = folder.to_str().unwrap();
    let (out, err, code) = texts(&peil(&["index", "least", path, "--period", "2024-Q2"]));
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("Other weights say nothing here: part_b has no value in this period.\n"), "{out}");
    let (out, ..) = texts(&peil(&["index", "least", path, "--period", "2024-Q2", "--format", "csv"]));
    assert!(out.lines().nth(1).is_some_and(|it| it.ends_with(",no other weights: no value of part_b")), "{out}");
    let (out, ..) = texts(&peil(&["index", "least", path, "--period", "2024-Q1"]));
    assert!(!out.contains("say nothing"), "{out}");
}

#[test]
fn an_index_is_not_held_beside_its_own_parts() {
    let folder = sound("index_beside");
    let more = r#"source m { files "m.csv"; no persons "Invented."; complete; time month; columns x, y }
kpi easy { formula mean(m.x) }
kpi kei_easy { formula rescale(easy, 0 .. 10) }
kpi kei_done { formula rescale(done, 0 .. 10) }
kpi done { formula mean(m.y) }
kpi kei { formula index(kei_easy: 50 %, kei_done: 50 %) }
kpi shown { formula rescale(kei, 0 .. 50) }
"#;
    write(&folder, "more.peil", more);
    let row = |at: usize| format!("{}-{:02},{},{}\n", 2022 + at / 12, at % 12 + 1, at * at % 7, at * 5 % 9);
    write(&folder, "m.csv", &format!("month,x,y\n{}", (0..36).map(row).collect::<String>()));
    for (with, said) in [
        ("kei_easy", "`kei_easy` is a part of `kei`"),
        ("easy", "`easy` is a part of `kei`"),
        ("shown", "`shown` is made of `kei`"),
        ("kei", "`kei` goes with itself"),
    ] {
        let (out, err, code) = texts(&peil(&["index", "kei", folder.to_str().unwrap(), "--with", with]));
        assert_eq!((out.as_str(), code), ("", 2), "{err}");
        assert!(err.contains(said), "{err}");
    }
}

/// A figure that looks at other periods is explained by the rows of those, and a part by its own.
#[test]
fn windows_and_parts_are_explained_by_their_own_rows() {
    let folder = sound("explained_windows");
    let quarters = [("2023-02-01", 2), ("2023-05-01", 3), ("2023-08-01", 1), ("2023-11-01", 2), ("2024-02-01", 4)];
    let rows: String = quarters.iter().flat_map(|(day, n)| (0..*n).map(move |at| format!("{day},{},{}\n", 5 - at, at % 2))).collect();
    write(&folder, "d.csv", &format!("day,q,kind\n{rows}"));
    let more = r#"source t { files "d.csv"; no persons "x"; time day; column q scale 1..5; columns kind }
kpi score { formula mean(t.q) }
kpi year { formula rolling(score, 12 months) }
kpi moved { formula change(score, 1 year) }
kpi before { formula previous(score) }
kpi one { formula score[t.kind = 1] }
kpi drift { formula change(year, 3 months) }
"#;
    write(
        &folder,
        "more.peil",
        &more.replace("score[t.kind = 1]", "score[kind = \"1\"]").replace("kpi score", "dimension kind { from t.kind }\nkpi score"),
    );
    let explained = |what: &str| {
        let (out, err, code) = texts(&peil(&["explain", what, folder.to_str().unwrap(), "--today", "2025-01-01"]));
        assert_eq!(code, 0, "{err}");
        out.lines().map(|it| format!("{}\n", it.trim())).collect::<String>()
    };
    let out = explained("year@2024-Q1");
    assert!(
        out.contains("\nover 12 months\nscore  ") && out.contains("\n10 rows\n10 in the base\n") && !out.contains("\n4 rows\n"),
        "{out}"
    );
    let out = explained("moved@2024-Q1");
    let (now, before) = out.split_once("\n1 year before\n").unwrap_or_else(|| panic!("{out}"));
    assert!(now.contains("\nin the period\nscore  3.5 ") && now.contains("  n 4  2024-Q1") && now.contains("\n4 in the base\n"), "{out}");
    assert!(before.contains("score  4.5 ") && before.contains("  n 2  2023-Q1") && before.contains("\n2 in the base\n"), "{out}");
    let out = explained("before@2024-Q1");
    assert!(
        out.contains("\nthe period before\nscore  4.5 ") && out.contains("  n 2  2023-Q4") && out.contains("\n2 in the base\n"),
        "{out}"
    );
    let out = explained("one@2024-Q1");
    assert!(out.contains("\n2 rows\n2 in the base\n"), "{out}");
    let out = explained("drift@2024-Q1");
    assert!(out.contains("\n10 in the base\n") && out.contains("\n3 months before\n") && out.contains("\n8 in the base\n"), "{out}");
}

/// Rows that nothing can follow, and those that it is net of, are told apart.
#[test]
fn rows_that_are_followed_are_explained_from_all() {
    let folder = sound("explained_followed");
    let rows = "1,2024-01-02,1\n1,2024-01-04,1\n2,2024-01-05,1\n,2024-01-06,1\n3,2024-01-07,2\n4,2024-03-30,1\n5,2024-01-09,1\n";
    write(&folder, "d.csv", &format!("who,day,level\n{rows}"));
    let more = r#"source t { files "d.csv"; no persons "x"; time day; columns who, level }
kpi once { formula fcr.no_repeat(t, same: who, within: 7 days, net_of: level = 2) }
"#;
    write(&folder, "more.peil", more);
    let (out, err, code) = texts(&peil(&["explain", "once@2024-Q1", folder.to_str().unwrap(), "--today", "2025-01-01"]));
    assert_eq!(code, 0, "{err}");
    let lines: Vec<&str> = out.lines().map(str::trim).collect();
    let from = lines.iter().position(|it| *it == "7 rows in the period").unwrap_or_else(|| panic!("{out}"));
    let expected = [
        "-1 outside its conditions",
        "-1 blank in what tells them apart",
        "-1 not yet observed",
        "4 rows in the base",
        "3 that no other row follows",
    ];
    assert_eq!(lines[from + 1..from + 6], expected, "{out}");
}

/// What a figure rests on is told whole: conditions, other sources, what stands above a column, weights.
#[test]
fn what_a_figure_rests_on_is_explained() {
    let folder = sound("explained_lineage");
    write(&folder, "d.csv", "who,V1 - How easy?,w\n1,5,3\n1,5,3\n2,1,1\n2,,1\n");
    write(&folder, "c.csv", "id,kind\n1,a\n2,b\n");
    let more = r#"source t { files "d.csv"; no persons "x"; weight w; column q from "V1 - How easy?" scale 1..5; reference client to clients by who }
source clients { files "c.csv"; no persons "x"; key id; columns kind }
kpi easy { formula share(t.q >= 4 where t.client.kind in ("a", "b")) }
"#;
    write(&folder, "more.peil", more);
    let (out, err, code) = texts(&peil(&["explain", "easy@all", folder.to_str().unwrap()]));
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("reads t.q \"V1 - How easy?\" (more.peil:1)\n"), "{out}");
    assert!(out.contains("where t.client.kind (more.peil:2)\n"), "{out}");
    assert!(out.contains("through client to clients (c.csv), by t.who (more.peil:1)\n"), "{out}");
    // It is the example of the page.
    let page = std::fs::read_to_string(root().join("specs/insight/explain.md")).unwrap();
    let (_, figures) = out.split_once("\n\n").unwrap();
    assert!(page.contains(&format!("```text\n{figures}```\n")), "{figures}");
    // Two of three; by their weights six of seven.
    assert!(out.contains("each counted as one, and by its weight\n"), "{out}");
    assert!(out.contains("5       2   66.7 %   85.7 %\n"), "{out}");
}

#[test]
fn items_are_explained_by_their_names() {
    let folder = sound("explained");
    let path = folder.to_str().unwrap();
    let more = r#"test three { rows s { a; 1; 2; 6 }; expect mean_a 3 n 3 }
assumption a_year { base 52; source "Calendar"; date 2025-01-01 }
benchmark sector "The sector" { kpi mean_a; value 2.5; country NL; period 2024; n 1200; source "Report 2024, table 3" }
finding three { about mean_a; by "Anne de Vries"; on 2025-07-01; text "It was {mean_a}."; decision "Keep it."; while mean_a > 2 }
"#;
    write(&folder, "more.peil", more);
    let explained = |what: &str| texts(&peil(&["explain", what, path]));
    let (out, err, code) = explained("sector");
    assert_eq!(code, 0, "{err}");
    let expected = "benchmark sector  The sector\n  more.peil:3\n  beside      mean_a\n  value       2.5 number\n  country     NL\n  period      2024\n  n           1200\n  source      Report 2024, table 3\n";
    assert_eq!(out, expected);
    // A name of two words: both, or the one that is named.
    let (out, ..) = explained("three");
    assert!(out.contains("finding three\n") && out.contains("\n\ntest three\n"), "{out}");
    assert!(out.contains("  text        It was {mean_a}.\n") && out.contains("  while       mean_a > 2\n"), "{out}");
    let (out, ..) = explained("test:three");
    assert_eq!(out, "test three\n  more.peil:1\n  rows        3 of s: a\n  expects     mean_a  3 number, n 3\n");
    let (out, ..) = explained("assumption:a_year");
    assert!(out.starts_with("assumption a_year\n"), "{out}");
    write(&folder, "file.peil", "benchmark outside { kpi mean_a; file \"outside.csv\"; period 2024; source \"Report\" }\n");
    write(&folder, "outside.csv", "country,value,n\nNL,2.5,1200\nBE,3,\n");
    let (out, err, code) = explained("outside");
    assert_eq!(code, 0, "{err}");
    let rows = "  line 2      2.5 number, NL, 2024, n 1200, Report\n  line 3      3 number, BE, 2024, Report\n";
    assert!(out.ends_with(&format!("  file        outside.csv\n{rows}")), "{out}");
    write(&folder, "outside.csv", "country,value,n\nNL,high,1200\n");
    let (out, err, code) = explained("outside");
    assert_eq!((out.as_str(), code), ("", 2));
    assert!(err.contains("line 2 of `outside.csv`: `value` takes a number, with its unit, not `high`"), "{err}");
    let (out, err, code) = explained("sectr");
    assert_eq!((out.as_str(), code), ("", 2));
    assert!(err.contains("help: an item with a similar name exists: `benchmark:sector`"), "{err}");
    let (_, err, code) = explained("sector@2024");
    assert!(code == 2 && err.contains("`sector` is no KPI (`benchmark`), and has no figures by period"), "{err}");
}

#[test]
fn a_claim_is_explained_with_its_figures() {
    let folder = sound("claimed");
    let path = folder.to_str().unwrap();
    let more = r#"source months { files "months.csv"; no persons "Invented."; complete; time month; columns x, y, flat }
kpi cause { formula sum(months.x); leads effect after 1 month, evidence hypothesis; leads still after 1 month, evidence hypothesis }
kpi effect { formula sum(months.y) }
kpi still { formula sum(months.flat) }
business goal money { measured by effect }
enabler lanes "More lanes" { measured by cause; lifts money strength -0.5 evidence hypothesis }
"#;
    write(&folder, "more.peil", more);
    let x = |at: usize| (at * at * 7 + at * 3) % 11;
    let row = |at: usize| format!("{}-{:02},{},{},4\n", 2022 + at / 12, at % 12 + 1, x(at), x(at.max(1) - 1));
    write(&folder, "months.csv", &format!("month,x,y,flat\n{}", (0..36).map(row).collect::<String>()));
    let (out, err, code) = texts(&peil(&["explain", "cause", path, "--today", "2025-06-01"]));
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("shown: r 1.00 at lag 1 by month, 36 periods worth ") && out.contains("p below 0.001"), "{out}");
    assert!(out.contains("not tested: a series does not vary (cause and still)"), "{out}");
    // A lag that is claimed is one test.
    assert!(!out.contains("corrected"), "{out}");
    let (out, err, code) = texts(&peil(&["explain", "enabler:lanes", path, "--today", "2025-06-01"]));
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("enabler lanes  More lanes\n") && out.contains("money strength -0.5, hypothesis\n"), "{out}");
    assert!(out.contains("the contrary is shown: r 1.00 at lag 1") && out.contains("corrected for 7 lags (cause and effect)"), "{out}");
}

#[test]
fn the_line_that_years_lack_is_named() {
    let folder = sound("years");
    write(&folder, "waves.csv", "year,easy\n2017,4\n2018,5\n");
    write(
        &folder,
        "waves.peil",
        "source waves { files \"waves.csv\"; no persons \"counts\"; time year; column easy scale 1..5 }\nkpi ease { formula mean(waves.easy) }\n",
    );
    let (out, err, code) = texts(&peil(&["eval", folder.to_str().unwrap(), "--today", "2025-10-01"]));
    assert_eq!((out.as_str(), code), ("", 2), "{err}");
    assert!(err.contains("2 rows of `year` hold a year, and figures are asked for shorter periods"), "{err}");
    assert!(err.contains("help: if the data have one period a year, say so: add `cadence year` to source `waves`\n"), "{err}");
    assert!(!err.contains("dates \"dd-mm-yyyy\""), "{err}");
}

/// The smallest change that a comparison finds stands in what machines read, and in tables where it is asked for.
#[test]
fn tables_tell_what_a_comparison_can_find_where_it_is_asked() {
    let folder = root().join("examples/autoruit");
    let run = |more: &[&str]| {
        let common = ["eval", folder.to_str().unwrap(), "--today", "2025-10-01", "--kpi", "ces_afspraak", "--period", "2025-Q3"];
        texts(&peil(&[&common, more].concat())).0
    };
    assert!(!run(&["--compare", "previous"]).contains("detectable"));
    assert!(run(&["--compare", "previous", "--detectable"]).contains("detectable"));
    // Without a comparison there is none to tell of.
    assert_eq!(run(&["--detectable"]), "");
    let csv = run(&["--compare", "previous", "--format", "csv"]);
    let [head, row]: [Vec<&str>; 2] = csv.lines().map(|it| it.split(',').collect()).collect::<Vec<_>>().try_into().unwrap();
    let columns = "compared_with,previous,change,change_low,change_high,p,signal,detectable";
    assert!(head.join(",").ends_with(columns), "{csv}");
    let of = |column: &str| -> f64 { row[head.iter().position(|it| *it == column).unwrap()].parse().unwrap() };
    // A change as large as this would have been found: its interval is 2 * 1.96 errors wide, and this is 2.8 of them.
    let error = (of("change_high") - of("change_low")) / (2.0 * 1.961);
    assert!((of("detectable") / error - 2.8).abs() < 0.01, "{csv}");
}

/// An empty table tells nobody why it is empty.
#[test]
fn what_selects_nothing_says_why() {
    let folder = sound("nothing_selected");
    write(&folder, "d.csv", "day,q,why,place\n2024-01-01,1,price;wait,N\n2024-01-02,3,price,S\n");
    let more = r#"source t { files "d.csv"; no persons "x"; time day; columns place; column q scale 1..5; column why several split ";" }
dimension reason { from t.why; values "price" "Price", "wait" "Wait" }
dimension region { from t.place }
dimension unused { from u.x }
source u { files "d.csv"; no persons "x"; column x from "place" }
kpi score { formula mean(t.q) }
"#;
    write(&folder, "more.peil", more);
    let path = folder.to_str().unwrap();
    for (asked, why) in [
        (&["--by", "reason"][..], "no KPI of this project can be cut by `reason`: a row of `t` gives several answers there; ask for"),
        (&["--by", "region,reason"], "can be cut by `region` and `reason`: a row of `t` gives several answers there"),
        (&["--by", "region", "--by", "unused"], "no KPI of this project can be cut by `unused`: none is of sources that have it"),
        (&["--where", "unused = \"N\""], "no KPI of this project has all dimensions of this condition"),
        (&["--compare", "benchmark"], "no KPI of this project has anything that it can be held against so: `--compare benchmark`"),
    ] {
        for format in ["table", "csv", "json"] {
            let (out, err, code) = texts(&peil(&[&["eval", path, "--format", format], asked].concat()));
            assert_eq!((out.as_str(), code), ("", 2), "{asked:?} {err}");
            assert!(err.contains(why), "{asked:?} {err}");
        }
    }
    let (out, err, code) = texts(&peil(&["eval", path, "--kpi", "score", "--period", "2019"]));
    assert_eq!((out.as_str(), code), ("", 0), "{err}");
    assert!(err.contains("no data in the periods that are asked for"), "{err}");
}

/// Beside a score that is told in full stand the answers behind it; a KPI without any does not stop the others.
#[test]
fn answers_stand_beside_a_score() {
    let folder = sound("answers_beside");
    write(&folder, "d.csv", "day,q,place\n2024-01-01,9,N\n2024-01-02,9,S\n2024-02-01,3,N\n2024-03-31,,N\n");
    let more = r#"source t { files "d.csv"; no persons "x"; time day; columns place; column q scale 0..10 }
dimension region { from t.place }
kpi nps { formula nps(t.q) }
kpi answered { formula share(not (t.q is blank)) }
kpi answers { formula count(t) }
"#;
    write(&folder, "more.peil", more);
    let path = folder.to_str().unwrap();
    let eval = |more: &[&str]| texts(&peil(&[&["eval", path, "--today", "2025-01-01"], more].concat()));
    let (out, ..) = eval(&["--format", "ndjson"]);
    let rows: Vec<serde_json::Value> = out.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let of = |kpi: &str| &rows.iter().find(|it| it["kpi"] == kpi).unwrap()["distribution"];
    assert!(of("answered").is_null() && of("answers").is_null() && of("mean_a").is_null(), "{out}");
    assert_eq!(of("nps")[9], serde_json::json!({"code": "9", "label": null, "class": "for", "count": 2, "share": 66.6666666667}));
    let (out, ..) = eval(&["--format", "ndjson", "--kpi", "nps", "--compare", "previous"]);
    assert!(!out.contains("distribution"), "{out}");
    let (out, ..) = eval(&["--kpi", "nps", "--by", "region"]);
    let (_, below) = out.split_once("\n\nanswers by code, in % of all who answered\n").unwrap_or_else(|| panic!("{out}"));
    assert!(below.starts_with("period   region  0  1  2   3  4  5  6  7  8    9  10  n\n2024-Q1  N       0  0  0  50  0 "), "{below}");
    for more in [&[][..], &["--kpi", "nps", "--kpi", "answers"], &["--kpi", "answers"], &["--kpi", "nps", "--format", "csv"]] {
        assert!(!eval(more).0.contains("answers by code"), "{more:?}");
    }
    let why = "`answered` has no distribution of answers: it tells who answered `t.q`, not what they answered";
    let (out, err, code) = eval(&["--distribution", "--kpi", "nps", "--kpi", "answered", "--format", "csv"]);
    assert!(code == 0 && out.lines().count() == 12 && err.contains(&format!("note: {why}")), "{out}{err}");
    let (out, err, code) = eval(&["--distribution", "--kpi", "answered"]);
    assert!(code == 2 && out.is_empty() && err.contains(&format!("error: {why}")), "{out}{err}");
}

/// What is hidden of figures is the same whether the answers behind them are told or not.
#[test]
fn answers_beside_figures_hide_no_other_figure() {
    let folder = folder("answers_hidden");
    let project = "project \"P\" { peil 1; minimum base 5; lint kpi-without-goal allow \"-\"; lint missing-owner allow \"-\" }\n";
    write(&folder, "project.peil", project);
    let cells =
        [("N", "web", [3, 1, 2, 9], 7), ("N", "call", [9, 9, 1, 2], 2), ("S", "web", [2, 8, 10, 4], 6), ("S", "call", [7, 1, 9, 5], 8)];
    let row = |(region, channel, marks, n): &(&str, &str, [u32; 4], usize)| -> String {
        (0..*n).map(|it| format!("{region},{channel},{}\n", marks[it % 4])).collect()
    };
    write(&folder, "d.csv", &format!("region,channel,q\n{}", cells.iter().map(row).collect::<String>()));
    let more = "source s { files \"d.csv\"; columns region, channel; column q scale 0..10 }
dimension region { from s.region }
dimension channel { from s.channel }
kpi nps { formula nps(s.q) }
kpi mark { formula mean(s.q) }
kpi web { formula share(s.q >= 7 where channel = \"web\") }
";
    write(&folder, "main.peil", more);
    let eval = |format: &str| {
        let cuts = ["--by", "region", "--by", "channel", "--by", "region,channel"];
        texts(&peil(&[&["eval", folder.to_str().unwrap(), "--format", format], &cuts[..]].concat())).0
    };
    let csv = eval("csv");
    let told: Vec<bool> = csv.lines().skip(1).map(|it| it.contains(",hidden,")).collect();
    let rows: Vec<serde_json::Value> = eval("ndjson").lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    assert!(told.contains(&true) && told.contains(&false), "{csv}");
    assert_eq!(told, rows.iter().map(|it| it["status"] == "hidden").collect::<Vec<_>>(), "{csv}");
    for row in &rows {
        assert!(row["status"] != "hidden" || row["distribution"].is_null(), "{row}");
    }
}
