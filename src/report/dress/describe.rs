//! What is there to change, and what to change it with? The blocks of the page, Peil's own templates to begin from, and
//! what templates get, as a page for people.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::report::forms::mail::{MAIL, OWN_MAIL};
use crate::report::render::TEMPLATES;

use super::charts::CHARTS;
use super::lint;
use super::shapes::{SOMEWHERE, schema};
use super::tokens::{Kind, TOKENS};

/// Returns the names of Peil's own templates, that of its mail included.
pub fn own_names() -> Vec<&'static str> {
    TEMPLATES.iter().map(|it| it.0).chain([MAIL]).collect()
}

/// Returns the text of one of Peil's own templates.
pub fn own_text(name: &str) -> Option<&'static str> {
    TEMPLATES.into_iter().chain([(MAIL, OWN_MAIL)]).find(|it| it.0 == name).map(|it| it.1)
}

/// Returns one of Peil's own templates as a project may begin with it: with a line that tells where it is from. Of the mail, which
/// is given more than a project's is, that is a template that extends it.
pub fn ejected(name: &str) -> Option<String> {
    if name == MAIL {
        let blocks = lint::blocks_of(OWN_MAIL);
        let blocks = blocks.iter().map(|it| format!("\n{{% block {it} %}}{{{{ super() }}}}{{% endblock %}}\n"));
        return Some(format!("{{% extends \"peil/{MAIL}\" %}}\n{}", blocks.collect::<String>()));
    }
    let text = own_text(name)?;
    Some(format!("{}\n{text}", first_line(name, text)))
}

/// The line that tells where a copy is from.
pub(super) fn first_line(name: &str, text: &str) -> String {
    format!("{{#- peil {} {name} {} -#}}", env!("CARGO_PKG_VERSION"), fingerprint(text))
}

/// What a template says of where it is from: Peil's own template, its fingerprint, and how long the line is.
pub(super) fn origin(text: &str) -> Option<(&str, &str, usize)> {
    let line = text.lines().next()?;
    let mut words = line.trim_start_matches('\u{feff}').strip_prefix("{#- peil ")?.strip_suffix(" -#}")?.split(' ').skip(1);
    Some((words.next()?, words.next()?, line.len()))
}

/// The beginning of a text's hash.
pub(super) fn fingerprint(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(6).map(|it| format!("{it:02x}")).collect()
}

/// Returns the blocks that a page may fill, each with the template that it stands in.
pub fn blocks() -> Vec<(String, &'static str)> {
    let all = TEMPLATES.into_iter().chain([(MAIL, OWN_MAIL)]);
    all.flat_map(|(name, text)| lint::blocks_of(text).into_iter().map(move |it| (it, name))).collect()
}

/// Returns what templates get as a page: made from the schema, and the same wherever it is printed.
pub fn context_page() -> String {
    let schema = schema();
    let mut text = String::from(
        "# What a template gets\n\n\
         Made from the types of the report by `peil report --dump-context=md`; `--dump-context=schema` gives the same as a JSON\n\
         Schema, and `--dump-context` what a project's reports hold today. How to use it stands in [templates](templates.md).\n\n\
         Texts are worded and formatted in the language of the page. What is not there is none: it prints as nothing, and `if` takes\n\
         it as no.\n\n## The names that every template knows\n\n",
    );
    let (mut everywhere, mut somewhere) = (schema.clone(), schema.clone());
    keep(&mut everywhere, |it| !SOMEWHERE.contains(&it));
    keep(&mut somewhere, |it| SOMEWHERE.contains(&it));
    table(&everywhere, &mut text);
    text.push_str("\nA mail gets `context`, `kpis`, `view` and `w`.\n\n## The names that some places know besides\n\n");
    table(&somewhere, &mut text);
    text.push_str("\nWhat `d` has, by the kind of the section:\n\n| kind | charts |\n|---|---|\n");
    for (kind, charts) in CHARTS {
        let charts: Vec<String> = charts.iter().map(|it| format!("`d{it}`")).collect();
        text.push_str(&format!("| `{kind}` | {} |\n", if charts.is_empty() { "none".to_owned() } else { charts.join(", ") }));
    }
    let shapes = schema.get("$defs").and_then(Value::as_object);
    let mut names: Vec<(&String, &Value)> = shapes.into_iter().flatten().collect();
    names.sort_by(|a, b| a.0.cmp(b.0));
    text.push_str("\n## Shapes\n");
    for (name, it) in names {
        text.push_str(&format!("\n### {name}\n\n"));
        if let Some(said) = it.get("description").and_then(Value::as_str) {
            text.push_str(&format!("{}\n\n", line(said)));
        }
        if it.get("properties").is_some() {
            table(it, &mut text);
        } else if let Some(variants) = it.get("oneOf").and_then(Value::as_array) {
            for variant in variants {
                let kind = variant.pointer("/properties/kind/const").or_else(|| variant.get("const")).and_then(Value::as_str);
                let said = variant.get("description").and_then(Value::as_str).map(line).unwrap_or_default();
                let of = variant.get("$ref").map(|_| format!(" A {}.", shape(variant))).unwrap_or_default();
                text.push_str(&format!("- `{}`: {said}{of}\n", kind.unwrap_or("…")));
            }
        } else {
            text.push_str(&format!("{}\n", shape(it)));
        }
    }
    text.push_str("\n## Blocks\n\n| block | template |\n|---|---|\n");
    for (block, template) in blocks() {
        text.push_str(&format!("| `{block}` | `{template}` |\n"));
    }
    text.push_str("\n## Filters, tests and functions\n\n");
    let list = |names: &[&str]| names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    text.push_str(&format!("Filters: {}.\n\n", list(&super::engine::FILTERS)));
    text.push_str(&format!("Tests: {}.\n\n", list(&super::engine::TESTS)));
    text.push_str(&format!("Functions: {}.\n\n## Custom properties of the style sheet\n\n", list(&super::engine::FUNCTIONS)));
    text.push_str("| property | for | holds |\n|---|---|---|\n");
    for (name, kind, what) in TOKENS {
        let holds = match kind {
            Kind::Colour => "a colour",
            Kind::Wash => "a colour, also a translucent one",
            Kind::Fonts => "families of fonts",
        };
        text.push_str(&format!("| `--{name}` | {what} | {holds} |\n"));
    }
    text
}

/// Leaves the properties of a schema that are wanted.
fn keep(schema: &mut Value, wanted: impl Fn(&str) -> bool) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.retain(|name, _| wanted(name));
    }
}

/// The parts of a shape.
fn table(it: &Value, text: &mut String) {
    text.push_str("| name | shape | what it is |\n|---|---|---|\n");
    for (name, it) in it.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let said = it.get("description").and_then(Value::as_str).map(line).unwrap_or_default();
        text.push_str(&format!("| `{name}` | {} | {said} |\n", shape(it)));
    }
}

/// A shape in a few words.
fn shape(it: &Value) -> String {
    if let Some(name) = it.get("$ref").and_then(Value::as_str).and_then(|it| it.rsplit('/').next()) {
        return format!("[{name}](#{})", name.to_lowercase());
    }
    let variants = it.get("anyOf").or_else(|| it.get("oneOf")).and_then(Value::as_array);
    if let Some(variants) = variants {
        let all: Vec<String> = variants.iter().map(shape).collect();
        return all.join(" or ");
    }
    let of = |kind: &str| match kind {
        "string" => "text".to_owned(),
        "integer" | "number" => "number".to_owned(),
        "boolean" => "yes or no".to_owned(),
        "null" => "none".to_owned(),
        "array" => format!("list of {}", it.get("items").map_or_else(|| "anything".to_owned(), shape)),
        "object" => match it.get("additionalProperties").filter(|it| it.is_object()) {
            Some(each) => format!("{} by name", shape(each)),
            None => "record".to_owned(),
        },
        other => other.to_owned(),
    };
    match it.get("type") {
        Some(Value::String(kind)) => of(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).map(of).collect::<Vec<_>>().join(" or "),
        _ => "anything".to_owned(),
    }
}

/// A description on one line of a table. Names of types mean nothing to who writes templates.
fn line(text: &str) -> String {
    let mut line = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
    // Links of the documentation of the code: [`ReportView::themes`] is `themes`.
    while let Some((before, rest)) = line.split_once("[`") {
        let Some((name, after)) = rest.split_once("`]") else { break };
        line = format!("{before}`{}`{after}", name.rsplit("::").next().unwrap_or(name));
    }
    line
}
