//! The outputs of findings, read back: each is what its readers take, whatever stands in names, texts and paths.

use crate::support::project::Opened;
use peil::diagnostic::{Format, SCHEMA, Style, print};
use peil::source::MemoryWorld;
use peil::words::Lang;
use serde_json::Value;

const PATH: &str = "a, b: 100%/\"c'<&>]]>::é😀\u{202e}.peil";

/// A project whose names and paths hold what ends texts, orders terminals about and turns text around.
fn nasty() -> MemoryWorld {
    let files = [
        ("project.peil", "project \"Nasty\" { peil 1 }\n".to_owned()),
        (PATH, "source s { files \"s.csv\"; columns recommend, n }\nkpi 😀 { formula mean(s.n) }\nkpi a { title \"😀\"; formula mean(s.recomend) }\n\n\nkpi b { title \"😀\"; formula mean(s.recomend) }\nkpi c { formula mean(s.n) }\n".to_owned()),
        ("::error file=x::y.yaml", "kpi:\n  \"a::b %0A,]]> \\x1b[31m\\x85 {0} [x](y)\":\n    formula: 1\n  d:\n    formula: mean(s.n)\n    direction: \"s\\x07ide\\r\\n::error::ways\"\n".to_owned()),
    ];
    MemoryWorld::new(files.map(|(path, text)| (path.to_owned(), text.into_bytes())))
}

fn printed(format: Format, lang: Lang) -> String {
    let world = nasty();
    let opened = Opened::new(&world);
    print(format, &opened.findings(false), &opened.session.sources, Style { lang, color: false, prefix: "" })
}

fn json(format: Format) -> Value {
    serde_json::from_str(&printed(format, Lang::En)).unwrap()
}

const ALL: [Format; 7] = [Format::Human, Format::Short, Format::Json, Format::Sarif, Format::Junit, Format::Github, Format::Gitlab];

#[test]
fn no_output_orders_a_terminal_about_or_turns_text_around() {
    for format in ALL {
        for lang in [Lang::En, Lang::Nl] {
            let text = printed(format, lang);
            let bad: Vec<char> =
                text.chars().filter(|it| (it.is_control() && *it != '\n') || ('\u{202a}'..='\u{202e}').contains(it)).collect();
            assert!(bad.is_empty(), "{format:?}: {bad:?}");
        }
    }
}

#[test]
fn no_line_is_an_order_that_was_not_meant() {
    for line in printed(Format::Short, Lang::En).lines() {
        assert!(!line.starts_with("::"), "{line}");
    }
    let findings = json(Format::Json)["findings"].as_array().unwrap().len();
    let lines: Vec<String> = printed(Format::Github, Lang::En).lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), findings);
    for line in &lines {
        let (command, rest) = line.strip_prefix("::").unwrap().split_once(' ').unwrap();
        assert!(matches!(command, "error" | "warning"), "{line}");
        let (properties, _) = rest.split_once("::").unwrap();
        let keys: Vec<&str> = properties.split(',').map(|it| it.split_once('=').unwrap().0).collect();
        assert_eq!(keys, ["file", "line", "endLine", "col", "endColumn", "title"], "{line}");
    }
    let files: Vec<&str> = lines.iter().filter_map(|it| it.split("file=").nth(1)?.split(',').next()).collect();
    assert!(files.contains(&"a%2C b%3A 100%25/\"c'<&>]]>%3A%3Aé😀\\u{202e}.peil"), "{files:?}");
}

#[test]
fn json_is_as_its_schema_says() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let document = json(Format::Json);
    assert_eq!(breaches(&schema, &schema, &document, "$"), Vec::<String>::new());
    let findings = document["findings"].as_array().unwrap();
    assert_eq!(document["counts"]["error"], findings.iter().filter(|it| it["severity"] == "error").count());
    // The values are exact, however they are written.
    assert!(findings.iter().any(|it| it["place"]["file"] == PATH));
    let unknown = findings.iter().find(|it| it["code"] == "unknown-column").unwrap();
    assert_eq!((unknown["place"]["line"].as_u64(), unknown["place"]["column"].as_u64()), (Some(3), Some(35)));
    assert_eq!(unknown["fix"]["edits"][0]["text"], "recommend");
    // The schema is closed: what it does not name is a breach.
    let mut more = document.clone();
    more["findings"][0]["more"] = Value::from(1);
    assert_eq!(breaches(&schema, &schema, &more, "$").len(), 1);
}

#[test]
fn sarif_points_into_the_text_as_its_readers_count() {
    let log = json(Format::Sarif);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), json(Format::Json)["findings"].as_array().unwrap().len());
    for result in results {
        let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["help"]["markdown"].as_str().unwrap().contains("## What it means"), "{rule}");
        let artifact = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        assert!(run["originalUriBaseIds"].get(artifact["uriBaseId"].as_str().unwrap()).is_some());
        let uri = artifact["uri"].as_str().unwrap();
        assert!(uri.bytes().all(|it| it.is_ascii_alphanumeric() || b"/-_.~%".contains(&it)), "{uri}");
    }
    let unknown = results.iter().find(|it| it["ruleId"] == "unknown-column").unwrap();
    let region = &unknown["locations"][0]["physicalLocation"]["region"];
    // One face is one character and two units.
    assert_eq!((region["startLine"].as_u64(), region["startColumn"].as_u64(), region["endColumn"].as_u64()), (Some(3), Some(36), Some(44)));
    let replacement = &unknown["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "recommend");
    assert_eq!(unknown["relatedLocations"][0]["physicalLocation"]["region"]["startLine"], 1);
    let named = results.iter().find(|it| it["message"]["text"].as_str().unwrap().contains("a::b")).unwrap();
    // Braces would stand for values there, and brackets for links.
    assert!(named["message"]["text"].as_str().unwrap().contains("{{0}} [x\\](y)"), "{named}");
}

#[test]
fn code_quality_knows_a_finding_again() {
    let before = json(Format::Gitlab);
    let prints =
        |it: &Value| -> Vec<String> { it.as_array().unwrap().iter().map(|it| it["fingerprint"].as_str().unwrap().to_owned()).collect() };
    let mut apart = prints(&before);
    apart.sort();
    apart.dedup();
    assert_eq!(apart.len(), prints(&before).len());
    // The same findings further down, and in Dutch.
    let world = nasty();
    let moved = crate::support::project::Opened::new(&world);
    let texts: Vec<(String, Vec<u8>)> =
        moved.session.sources.iter().map(|(_, it)| (it.path.clone(), format!("# One line more.\n{}", it.text).into_bytes())).collect();
    let world = MemoryWorld::new(texts);
    let moved = crate::support::project::Opened::new(&world);
    let style = Style { lang: Lang::Nl, color: false, prefix: "" };
    let after: Value = serde_json::from_str(&print(Format::Gitlab, &moved.findings(false), &moved.session.sources, style)).unwrap();
    assert_eq!(prints(&before), prints(&after));
    assert_ne!(before[0]["location"]["lines"], after[0]["location"]["lines"]);
    for it in before.as_array().unwrap() {
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&it["severity"].as_str().unwrap()));
        assert!(!it["check_name"].as_str().unwrap().is_empty() && !it["description"].as_str().unwrap().is_empty());
    }
}

#[test]
fn test_reports_are_whole_xml() {
    let text = printed(Format::Junit, Lang::En);
    let tags = tags(&text);
    let of = |name: &str| tags.iter().filter(|it| it.0 == name).collect::<Vec<_>>();
    let sum = |key: &str| of("testsuite").iter().map(|it| it.1[key].parse::<usize>().unwrap()).sum::<usize>();
    assert_eq!(of("testcase").len(), sum("tests"));
    assert_eq!(of("failure").len(), sum("failures"));
    assert_eq!(of("testsuites")[0].1["failures"], sum("failures").to_string());
    let suites: Vec<&str> = of("testsuite").iter().map(|it| it.1["name"].as_str()).collect();
    assert!(suites.contains(&"a, b: 100%/\"c'<&>]]>::é😀\\u{202e}.peil"), "{suites:?}");
}

#[test]
fn a_sound_project_gives_an_empty_report_of_each_kind() {
    let world = MemoryWorld::new([("project.peil".to_owned(), b"project \"P\" { peil 1 }\n".to_vec())]);
    let opened = Opened::new(&world);
    let print =
        |format| print(format, &opened.findings(false), &opened.session.sources, Style { lang: Lang::En, color: false, prefix: "" });
    for format in [Format::Human, Format::Short, Format::Github] {
        assert_eq!(print(format), "");
    }
    assert_eq!(print(Format::Gitlab), "[]\n");
    let sarif: Value = serde_json::from_str(&print(Format::Sarif)).unwrap();
    assert_eq!(sarif["runs"][0]["results"], Value::Array(Vec::new()));
    // A report without a test would count as a run that failed.
    assert!(print(Format::Junit).contains("tests=\"1\" failures=\"0\""));
}

#[test]
fn what_has_no_place_is_shown_at_the_project_file() {
    let world = MemoryWorld::new([("kpis.peil".to_owned(), b"event e { on 2025-01-01 }\n".to_vec())]);
    let opened = Opened::new(&world);
    let style = Style { lang: Lang::En, color: false, prefix: "cx/" };
    let text = print(Format::Github, &opened.findings(false), &opened.session.sources, style);
    assert!(text.starts_with("::error file=cx/project.peil,line=1,"), "{text}");
}

// -- readers -------------------------------------------------------------------------------------------------------------

/// The tags of a text of XML with their attributes, decoded; what is not well formed stops the test.
fn tags(text: &str) -> Vec<(String, std::collections::BTreeMap<String, String>)> {
    let mut tags = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let allowed = |it: char| matches!(it, '\n' | '\t' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(text.chars().all(allowed));
    let mut rest = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").unwrap();
    while let Some(start) = rest.find('<') {
        decoded(&rest[..start]);
        let end = rest.find('>').unwrap();
        let inside = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = inside.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        let (inside, empty) = inside.strip_suffix('/').map_or((inside, false), |it| (it, true));
        let (name, mut attributes) = inside.split_once(' ').unwrap_or((inside, ""));
        let mut map = std::collections::BTreeMap::new();
        while let Some((key, value)) = attributes.split_once("=\"") {
            let (value, after) = value.split_once('"').unwrap();
            map.insert(key.trim().to_owned(), decoded(value));
            attributes = after;
        }
        tags.push((name.to_owned(), map));
        if !empty {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty() && rest.trim().is_empty());
    tags
}

fn decoded(text: &str) -> String {
    assert!(!text.contains('<') && !text.contains("]]>"));
    for piece in text.split('&').skip(1) {
        let known = ["lt;", "gt;", "quot;", "amp;", "#10;", "#9;"];
        assert!(known.iter().any(|it| piece.starts_with(it)), "{text}");
    }
    let plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#10;", "\n").replace("&#9;", "\t");
    plain.replace("&amp;", "&")
}

/// Where a value breaks a schema, by the words that our schema uses.
fn breaches(root: &Value, schema: &Value, value: &Value, place: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(name) = schema["$ref"].as_str().and_then(|it| it.strip_prefix("#/$defs/")) {
        found.extend(breaches(root, &root["$defs"][name], value, place));
    }
    if let Some(any) = schema["anyOf"].as_array()
        && any.iter().all(|it| !breaches(root, it, value, place).is_empty())
    {
        found.push(format!("{place}: none of the alternatives: {value}"));
    }
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        other => panic!("the schema has the type {other}"),
    };
    let types: Vec<&str> = match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !types.is_empty() && !types.iter().any(|it| is(it)) {
        found.push(format!("{place}: not {types:?}: {value}"));
    }
    if let Some(all) = schema["enum"].as_array()
        && !all.contains(value)
    {
        found.push(format!("{place}: {value} is none of {all:?}"));
    }
    if let (Some(least), Some(value)) = (schema["minimum"].as_i64(), value.as_i64())
        && value < least
    {
        found.push(format!("{place}: {value} is below {least}"));
    }
    if let Some(object) = value.as_object() {
        for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !object.contains_key(key) {
                found.push(format!("{place}: no {key}"));
            }
        }
        for (key, value) in object {
            match schema["properties"].get(key) {
                Some(schema) => found.extend(breaches(root, schema, value, &format!("{place}.{key}"))),
                None if schema["additionalProperties"] == false => found.push(format!("{place}: {key} is not in the schema")),
                None => {}
            }
        }
    }
    for (at, value) in value.as_array().into_iter().flatten().enumerate() {
        if let Some(schema) = schema.get("items") {
            found.extend(breaches(root, schema, value, &format!("{place}[{at}]")));
        }
    }
    found
}
