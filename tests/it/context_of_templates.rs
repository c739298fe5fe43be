//! What templates get is written down as the program has it, and what they get is what is written down.

use crate::support::files::root;
use peil::report::dress::{context_page, schema};
use serde_json::Value;
use std::process::Command;

#[test]
fn context_of_templates_is_written_down() {
    let path = root().join("specs/report/context.md");
    let found = context_page();
    if std::env::var_os("UPDATE").is_some_and(|it| it == "1") {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = expected.lines().zip(found.lines()).enumerate().find(|(_, (a, b))| a != b);
    assert_eq!(differs, None, "UPDATE=1 makes it anew");
    assert_eq!(expected.len(), found.len(), "UPDATE=1 makes it anew");
}

fn run(arguments: &[&str], folder: &std::path::Path) -> (String, String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_peil")).args(arguments).current_dir(folder).output().unwrap();
    let text = |it: Vec<u8>| String::from_utf8(it).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

#[test]
fn the_context_of_one_report_is_dumped_alone() {
    let of = |more: &[&str]| {
        let (out, err, code) = run(&[&["report", "examples/autoruit", "--today", "2025-10-01", "--dump-context"], more].concat(), &root());
        (out, err, code)
    };
    let (out, err, code) = of(&["--report", "verkoop"]);
    assert_eq!(code, Some(0), "{err}");
    let given: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(given.as_object().unwrap().keys().collect::<Vec<_>>(), ["verkoop"]);
    let (out, err, code) = of(&["--report", "verkop"]);
    assert_eq!((out.as_str(), code), ("", Some(2)));
    assert!(err.contains("did you mean `verkoop`?"), "{err}");
}

/// From an empty folder to templates: each step says what comes next.
#[test]
fn templates_are_begun_from_the_command_line() {
    let folder = std::env::temp_dir().join(format!("peil-begun-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let peil = |arguments: &[&str]| run(arguments, &folder);
    assert_eq!(peil(&["init"]).2, Some(0));
    let (_, err, code) = peil(&["init"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("`peil init .`"), "{err}");
    let (list, _, _) = peil(&["template", "list"]);
    assert!(list.lines().any(|it| it == "mail.html") && list.lines().any(|it| it == "brief.html"), "{list}");
    assert!(peil(&["template", "show", "mail.html"]).0.contains("{% block before_sections %}"));
    assert!(!peil(&["template", "show", "brief.html"]).0.contains("{#- peil"));
    let (_, err, code) = peil(&["template", "eject", "report.html"]);
    assert_eq!(code, Some(0));
    assert!(err.contains("{% extends \"report.html\" %}") && err.contains("stays Peil's own page"), "{err}");
    assert_eq!(peil(&["template", "eject", "mail.html"]).2, Some(0));
    let project = folder.join("project.peil");
    let text = std::fs::read_to_string(&project).unwrap();
    assert!(text.contains("\nreport "), "{text}");
    let at = text.find("\nreport ").unwrap() + text[text.find("\nreport ").unwrap()..].find('{').unwrap() + 1;
    std::fs::write(&project, format!("{} template \"report.html\"\n{}", &text[..at], &text[at..])).unwrap();
    let (out, err, code) = peil(&["check", "--format", "short"]);
    assert_eq!((out.as_str(), code), ("", Some(0)), "{err}");
    let (_, err, code) = peil(&["report", "--today", "2025-07-01", "--email"]);
    assert_eq!(code, Some(0), "{err}");
    std::fs::remove_dir_all(&folder).unwrap();
}

/// What of a value the schema does not say, by its path.
fn unsaid(value: &Value, schema: &Value, root: &Value, path: &str, found: &mut Vec<String>) {
    let resolved = match schema.get("$ref").and_then(Value::as_str) {
        Some(at) => root.pointer(at.trim_start_matches('#')).expect("a shape that is there"),
        None => schema,
    };
    let variants = ["anyOf", "oneOf"].iter().find_map(|it| resolved.get(it)?.as_array());
    if let Some(variants) = variants {
        let tries = variants.iter().map(|it| {
            let mut found = Vec::new();
            unsaid(value, it, root, path, &mut found);
            found
        });
        found.extend(tries.min_by_key(Vec::len).unwrap_or_default());
        return;
    }
    let fits = |kind: &str| match kind {
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    let kinds: Vec<&str> = match resolved.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !kinds.is_empty() && !kinds.iter().any(|it| fits(it)) {
        found.push(format!("{path} is no {kinds:?}"));
        return;
    }
    match value {
        Value::Object(fields) => {
            // A section has what its shape has, and its kind.
            let more = resolved.get("properties").filter(|_| schema.get("$ref").is_some()).and_then(|_| schema.get("properties"));
            for (name, it) in fields {
                let said = resolved.get("properties").and_then(|it| it.get(name)).or_else(|| more.and_then(|it| it.get(name)));
                let said = said.or_else(|| resolved.get("additionalProperties").filter(|it| it.is_object()));
                match said {
                    Some(said) => unsaid(it, said, root, &format!("{path}.{name}"), found),
                    None => found.push(format!("{path}.{name} is not in the schema")),
                }
            }
            for name in resolved.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
                if !fields.contains_key(name) {
                    found.push(format!("{path}.{name} is in the schema, and not there"));
                }
            }
        }
        Value::Array(items) => {
            let each = resolved.get("items").unwrap_or(&Value::Bool(true));
            items.iter().enumerate().for_each(|(at, it)| unsaid(it, each, root, &format!("{path}[{at}]"), found));
        }
        Value::String(text) => {
            let known = resolved.get("enum").and_then(Value::as_array);
            let known = known.is_none_or(|it| it.iter().any(|it| it.as_str() == Some(text)));
            let is = resolved.get("const").and_then(Value::as_str).is_none_or(|it| it == text);
            if !known || !is {
                found.push(format!("{path} cannot be {text}"));
            }
        }
        _ => {}
    }
}

#[test]
fn what_templates_get_is_what_the_schema_says() {
    let arguments = ["report", "examples/autoruit", "--today", "2025-10-01", "--dump-context"];
    let output = Command::new(env!("CARGO_BIN_EXE_peil")).args(arguments).current_dir(root()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let reports: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let schema = schema();
    let mut found = Vec::new();
    for (name, given) in reports.as_object().expect("reports by name") {
        unsaid(given, &schema, &schema, name, &mut found);
    }
    // The style sheet, the script, the policy and the charts of Peil's own sections are left out of what is printed.
    found.retain(|it| {
        !["css", "js", "policy", "drawn"].iter().any(|name| it.ends_with(&format!(".{name} is in the schema, and not there")))
    });
    assert_eq!(found, Vec::<String>::new());
    assert!(reports.as_object().expect("reports by name").len() >= 4);
}

#[test]
fn what_is_dumped_is_what_the_page_gets_figures_of_files_included() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("dumped");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write("project.peil", "project \"Dumped\" { peil 1; language en; country NL; minimum base 5 }\n");
    write(
        "kpis.peil",
        "source s { files \"s.csv\"; no persons \"Invented.\"; time day; column q scale 1..5 }\nkpi ease { formula csat.top2(s.q) }\n\
         benchmark sector { kpi ease; file \"sector.csv\"; source \"Report\" }\nreport others { sections benchmarks; grain year }\n",
    );
    write("s.csv", &format!("day,q\n{}", "2024-02-06,5\n2024-02-07,2\n".repeat(10)));
    write("sector.csv", "value,variant,period,n\n78 %,csat.top2,2024,1200\n");
    let mut command = Command::new(env!("CARGO_BIN_EXE_peil"));
    let output = command.args(["report", folder.to_str().unwrap(), "--today", "2025-01-01", "--dump-context"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let dumped: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let section = &dumped["others"]["view"]["sections"][0];
    assert_eq!(section["kind"], "benchmarks");
    let row = &section["rows"][0];
    assert!(row["caption"].as_str().is_some_and(|it| it.contains("78%")), "{section:#}");
}
