//! The schema for editors: every YAML file that is sound fits it, and mistakes do not.

use crate::support::files::{below, name_of, pages, root};
use crate::support::section::texts;
use peil::syntax::json_schema;
use peil::syntax::print::{Spelling, print};
use regex::Regex;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

/// Patterns take longer to make than to match.
static PATTERNS: LazyLock<Mutex<HashMap<String, Regex>>> = LazyLock::new(Mutex::default);
static SCHEMA: LazyLock<Value> = LazyLock::new(json_schema);

fn matches(pattern: &str, text: &str) -> bool {
    let mut patterns = PATTERNS.lock().unwrap();
    patterns.entry(pattern.to_owned()).or_insert_with(|| Regex::new(pattern).unwrap()).is_match(text)
}

/// Whether a value fits a schema: the keywords that ours uses, and no others.
fn fits(schema: &Value, value: &Value, whole: &Value) -> Result<(), String> {
    let Some(rules) = schema.as_object() else { return Err(format!("no schema: {schema}")) };
    for (key, rule) in rules {
        match key.as_str() {
            "$schema" | "title" | "description" | "definitions" | "required" | "additionalProperties" => {}
            "$ref" => {
                let name = rule.as_str().unwrap().trim_start_matches("#/definitions/");
                fits(&whole["definitions"][name], value, whole)?;
            }
            "type" => {
                let types = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                let is = |it: &Value| match it.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "number" => value.is_number(),
                    "integer" => value.is_i64(),
                    "boolean" => value.is_boolean(),
                    "null" => value.is_null(),
                    other => panic!("unknown type {other}"),
                };
                if !types.iter().any(is) {
                    return Err(format!("{value} is none of {types:?}"));
                }
            }
            "enum" => {
                if !rule.as_array().unwrap().contains(value) {
                    return Err(format!("{value} is none of {rule}"));
                }
            }
            "anyOf" => {
                let tried: Vec<_> = rule.as_array().unwrap().iter().map(|it| fits(it, value, whole)).collect();
                if tried.iter().all(Result::is_err) {
                    return Err(format!("{value} fits none: {tried:?}"));
                }
            }
            "pattern" => {
                if let Some(text) = value.as_str()
                    && !matches(rule.as_str().unwrap(), text)
                {
                    return Err(format!("`{text}` does not match {rule}"));
                }
            }
            "minimum" | "maximum" => {
                let (number, limit) = (value.as_f64(), rule.as_f64().unwrap());
                if number.is_some_and(|it| if key == "minimum" { it < limit } else { it > limit }) {
                    return Err(format!("{value} is beyond {limit}"));
                }
            }
            "items" => {
                for it in value.as_array().into_iter().flatten() {
                    fits(rule, it, whole)?;
                }
            }
            "minItems" | "minProperties" | "maxProperties" => {
                let count = value.as_array().map(Vec::len).or(value.as_object().map(serde_json::Map::len));
                let limit = rule.as_u64().unwrap() as usize;
                if count.is_some_and(|it| if key.starts_with("min") { it < limit } else { it > limit }) {
                    return Err(format!("{value} has too few or too many"));
                }
            }
            "propertyNames" => {
                for name in value.as_object().into_iter().flat_map(serde_json::Map::keys) {
                    fits(rule, &Value::String(name.clone()), whole)?;
                }
            }
            "properties" => {
                for (name, inner) in rule.as_object().unwrap() {
                    if let Some(it) = value.get(name) {
                        fits(inner, it, whole).map_err(|error| format!("{name}: {error}"))?;
                    }
                }
            }
            other => panic!("unknown keyword {other}"),
        }
    }
    let Some(object) = value.as_object() else { return Ok(()) };
    for name in schema["required"].as_array().into_iter().flatten() {
        if !object.contains_key(name.as_str().unwrap()) {
            return Err(format!("{name} is missing"));
        }
    }
    if let Some(more) = schema.get("additionalProperties") {
        let known = |name: &String| schema["properties"].get(name).is_some();
        for (name, inner) in object.iter().filter(|it| !known(it.0)) {
            if more == &Value::Bool(false) {
                return Err(format!("`{name}` is unknown"));
            }
            fits(more, inner, whole).map_err(|error| format!("{name}: {error}"))?;
        }
    }
    Ok(())
}

/// A text of YAML as an editor reads it; numbers as keys are texts.
fn read(text: &str) -> Value {
    fn json(value: serde_yaml::Value) -> Value {
        match value {
            serde_yaml::Value::Mapping(entries) => {
                let key = |it: serde_yaml::Value| match it {
                    serde_yaml::Value::String(it) => it,
                    other => serde_yaml::to_string(&other).unwrap().trim().to_owned(),
                };
                Value::Object(entries.into_iter().map(|(name, it)| (key(name), json(it))).collect())
            }
            serde_yaml::Value::Sequence(items) => Value::Array(items.into_iter().map(json).collect()),
            other => serde_json::to_value(other).unwrap(),
        }
    }
    json(serde_yaml::from_str(text).unwrap())
}

fn judge(text: &str) -> Result<(), String> {
    fits(&SCHEMA, &read(text), &SCHEMA)
}

#[test]
fn what_is_sound_fits() {
    let mut faults = Vec::new();
    let mut count = 0;
    let mut look = |name: &str, spelling: Spelling, text: &str| {
        // What says it in Peil's own spelling fits once it is YAML.
        let Ok(yaml) = print(text, spelling, Spelling::Yaml) else { return };
        let written = if spelling == Spelling::Yaml { text } else { &yaml };
        count += 1;
        for text in [written, &yaml] {
            if let Err(error) = judge(text) {
                faults.push(format!("{name}: {error}"));
            }
        }
    };
    for path in below(&root().join("examples"), &[".yaml", ".peil"]) {
        look(&name_of(&path), Spelling::of(&name_of(&path)).unwrap(), &std::fs::read_to_string(&path).unwrap());
    }
    for page in pages().iter().filter(|it| !it.path.starts_with("tests/") && !it.path.starts_with("specs/diagnostics/")) {
        for section in page.sections.iter().filter(|it| it.runs()) {
            for (path, text) in texts(section) {
                let Some(spelling) = Spelling::of(&path) else { continue };
                // Mistakes that are announced are mistakes here too, or not: either is fine.
                if !text.contains("error[") {
                    look(&format!("{} - {} {path}", page.path, section.name()), spelling, &text);
                }
            }
        }
    }
    assert!(count > 200, "only {count} were looked at");
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn mistakes_do_not_fit() {
    for (what, text) in [
        ("an unknown word", "kpis: {easy: {formula: count(s)}}"),
        ("a key with a typing mistake", "kpi: {easy: {formual: count(s)}}"),
        ("a wrong choice", "kpi: {easy: {direction: upward}}"),
        ("a missing key", "goal: {heard: {title: I am heard}}"),
        ("a text for a number", "kpi: {easy: {minimum_base: ten}}"),
        ("a number for a percentage", "project: {peil: 1, confidence: 95}"),
        ("a name with a space", "kpi: {very easy: {formula: count(s)}}"),
        ("a name that begins with a digit", "kpi: {1st: {formula: count(s)}}"),
        ("an owner that is no name", "kpi: {easy: {owner: the team}}"),
        ("a key within norms", "kpi: {easy: {norms: {worst: 1, treshold: 2, target: 3}}}"),
        ("a key of a column", "source: {s: {files: s.csv, column: {q: {scael: 1..5}}}}"),
        ("a scale that is none", "source: {s: {files: s.csv, column: {q: {scale: 5}}}}"),
        ("a key within an edge", "enabler: {e: {serves: {g: {strenght: 0.5}}}}"),
        ("an edge that is too strong", "enabler: {e: {serves: {g: {strength: 5}}}}"),
        ("evidence that is none", "enabler: {e: {serves: {g: {evidence: hunch}}}}"),
        ("an unknown section", "report: {r: {sections: [brief, trend]}}"),
        ("an unknown lint", "project: {peil: 1, lint: {kpi-without-gaol: {allow: why}}}"),
        ("a stage within a stage", "journey: {j: {stage: {a: {stage: {}}}}}"),
        ("a date that is none", "event: {e: {on: tomorrow}}"),
        ("a flag that is none", "source: {s: {files: s.csv, complete: sure}}"),
        ("a list of items", "kpi: [easy]"),
    ] {
        assert!(judge(text).is_err(), "{what} fits: {text}");
    }
}
