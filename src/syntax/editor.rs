//! What may stand in a YAML file, as a JSON Schema: editors complete and check by it.
//!
//! It is made from the table in `schema`, so a new word or key is in it by itself. Editors read numbers and truth values
//! where Peil reads text, so text may be any scalar. Draft 7 is what the YAML language server knows best.

use super::schema::{self, Attribute, COLUMN_KEYS, SECTIONS, Shape, Word};
use crate::value::Code;
use serde_json::{Map, Value, json};

/// The schema of a YAML file.
pub fn json_schema() -> Value {
    let words: Vec<Word> = Word::ALL.to_vec();
    let mut properties = Map::new();
    let mut definitions = Map::new();
    for word in words.iter().copied().chain([Word::Stage]) {
        definitions.insert(word.name().to_owned(), body(word));
    }
    properties.insert(Word::Lint.name().to_owned(), described(lints(), about_word(Word::Lint)));
    for word in words {
        let item = json!({"$ref": format!("#/definitions/{}", word.name())});
        let value = match word {
            Word::Project => item,
            _ => described(named(item), about_word(word)),
        };
        properties.insert(word.name().to_owned(), value);
    }
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Peil",
        "description": "Definitions of a Peil project: goals, KPIs, journeys, and the data they are measured by.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "definitions": definitions,
    })
}

/// What may be said of an item.
fn body(word: Word) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for attribute in schema::attributes(word).filter(|it| it.shape != Shape::NotYet) {
        let title = attribute.key.replace('_', " ");
        let mut value = described(value(attribute), about_key(word, attribute));
        value["title"] = json!(title);
        properties.insert(attribute.key.to_owned(), value);
        if attribute.required {
            required.push(attribute.key);
        }
    }
    let mut body = json!({
        "title": word.name(),
        "description": about_word(word),
        "type": if required.is_empty() { json!(["object", "null"]) } else { json!("object") },
        "properties": properties,
        "additionalProperties": false,
    });
    if word == Word::Source {
        // What is planned has no files yet.
        body["anyOf"] = required.iter().chain(&["planned"]).map(|it| json!({"required": [it]})).collect();
    } else if !required.is_empty() {
        body["required"] = json!(required);
    }
    body
}

/// A value with a sentence that an editor shows beside it.
fn described(mut value: Value, about: &str) -> Value {
    value["description"] = json!(about);
    value
}

// -- shapes --------------------------------------------------------------------------------------------------------------

fn value(attribute: &Attribute) -> Value {
    match attribute.shape {
        Shape::Title => title(),
        Shape::Text | Shape::Formula | Shape::Condition => text(),
        Shape::Name => name(),
        Shape::Names if attribute.key == "sections" => one_or_more(json!({"enum": SECTIONS})),
        Shape::Names => one_or_more(name()),
        Shape::Texts | Shape::References => one_or_more(text()),
        Shape::Flag => json!({"type": ["boolean", "null"]}),
        Shape::Choice(choices) => choice(choices),
        Shape::Number => json!({"type": "number"}),
        Shape::Percent => json!({"type": "string", "pattern": "^\\s*-?[0-9]+(\\.[0-9]+)?\\s*%$"}),
        Shape::Date => date(),
        Shape::Length => json!({"type": "string", "pattern": "^\\s*0*[1-9][0-9]*\\s+(day|week|month|quarter|year)s?\\s*$"}),
        Shape::Titled => titled(&["title", "description"]),
        Shape::Themes => titled(&["title", "color", "description"]),
        Shape::Edges(keys) => any_of([text(), list(text()), map(or_null(record(keys)))]),
        Shape::Uses => any_of([text(), list(text()), map(or_null(record(&["as"])))]),
        Shape::Links(keys) => named(record(keys)),
        Shape::Margins => map(map(text())),
        Shape::Record(keys) => record(keys),
        Shape::Values => map(or_null(title())),
        Shape::Files => any_of([text(), list(text()), map(or_null(map(text())))]),
        Shape::Columns => named(any_of([json!({"type": "null"}), text(), column()])),
        Shape::Norms => {
            let norms = record(&["worst", "threshold", "target", "from", "until", "where"]);
            any_of([norms.clone(), list(norms)])
        }
        Shape::Lints => lints(),
        Shape::Quantity | Shape::Reference => text(),
        Shape::Rows => named(list(list(json!({"type": ["string", "number", "boolean", "null"]})))),
        Shape::Expectations(keys) => map(any_of([text(), record(keys)])),
        Shape::Parts(keys) => map(or_null(record(keys))),
        Shape::Quantities(keys) => map(any_of([text(), record(keys)])),
        Shape::Takes => named(any_of([json!({"type": "null"}), text(), json!({"type": "object", "maxProperties": 0})])),
        Shape::Noted => any_of([text(), json!({"type": "object", "additionalProperties": text(), "minProperties": 1, "maxProperties": 1})]),
        Shape::Items(word) => named(json!({"$ref": format!("#/definitions/{}", word.name())})),
        // What is still without a form of its own here is checked by `peil check` alone.
        _ => json!({}),
    }
}

/// Any scalar: `2017` and `true` are text to Peil where text is meant.
fn text() -> Value {
    json!({"type": ["string", "number", "boolean"]})
}

/// A name, or a path of names: no white space, no marks but `.`, `:` and `_`.
fn name() -> Value {
    json!({"type": ["string", "boolean"], "pattern": "^\\s*[^\\s0-9!-/:-@\\[-`{-~][^\\s!-\\-/;-@\\[-^`{-~]*\\s*$"})
}

/// What an item, a column or a team may be called.
fn own_name() -> Value {
    json!({"pattern": "^[^\\s0-9!-/:-@\\[-`{-~][^\\s!-/:-@\\[-^`{-~]*$"})
}

fn date() -> Value {
    let pattern = "^\\s*(FY)?[0-9]{4}(-(Q[1-4]|W[0-9]{2}|[0-9]{2}(-[0-9]{2})?))?\\s*$";
    json!({"type": ["string", "integer"], "pattern": pattern})
}

/// The words of a choice; those of two words may also have `_`.
fn choice(choices: &[&str]) -> Value {
    let mut all: Vec<String> = choices.iter().map(|it| (*it).to_owned()).collect();
    for it in choices.iter().map(|it| it.replace('_', " ")) {
        if !all.contains(&it) {
            all.push(it);
        }
    }
    json!({"enum": all})
}

fn title() -> Value {
    let languages = json!({"type": "object", "properties": {"nl": text(), "en": text()}, "additionalProperties": false});
    any_of([text(), languages])
}

fn titled(keys: &[&str]) -> Value {
    let mut properties = Map::new();
    for key in keys {
        properties.insert((*key).to_owned(), if *key == "color" { text() } else { title() });
    }
    let record = json!({"type": "object", "properties": properties, "additionalProperties": false});
    named(any_of([json!({"type": "null"}), title(), record]))
}

fn record(keys: &[&str]) -> Value {
    let mut properties = Map::new();
    for key in keys {
        let value = match *key {
            "from" | "until" | "on" => date(),
            "weight" => any_of([json!({"type": "number"}), json!({"type": "string", "pattern": "^[0-9.]+\\s*%?$"})]),
            "strength" => json!({"type": "number", "minimum": -1, "maximum": 1}),
            // The last two may name what they rest on.
            "evidence" => json!({"type": "string", "pattern": "^(hypothesis|correlation|experiment)( .+)?$"}),
            "to" | "as" => name(),
            "by" => any_of([name(), date()]),
            "reason" | "after" => title(),
            "pays" => one_or_more(text()),
            _ => text(),
        };
        properties.insert((*key).to_owned(), value);
    }
    json!({"type": "object", "properties": properties, "additionalProperties": false})
}

fn column() -> Value {
    let mut properties = Map::new();
    for key in COLUMN_KEYS {
        let value = match *key {
            "title" | "description" => title(),
            "scale" => json!({"type": "string", "pattern": "^-?[0-9.]+?\\s*\\.\\.\\s*-?[0-9.]+$"}),
            "best" => json!({"type": "number"}),
            "labels" => map(or_null(title())),
            "from" | "blank" | "not_applicable" => one_or_more(text()),
            "several" => {
                json!({"type": "object", "properties": {"from": one_or_more(text()), "split": text()}, "additionalProperties": false})
            }
            "recode" => map(map(text())),
            "decimals" => json!({"type": "integer", "minimum": 0, "maximum": 12}),
            _ => text(),
        };
        let mut value = described(value, about_column(key));
        value["title"] = json!(key.replace('_', " "));
        properties.insert((*key).to_owned(), value);
    }
    json!({"type": "object", "properties": properties, "additionalProperties": false})
}

fn lints() -> Value {
    let names: Vec<&str> = Code::ALL.iter().filter(|it| it.is_lint()).map(|it| it.name()).collect();
    let severities = json!({"allow": text(), "warn": text(), "deny": text()});
    let reasoned =
        json!({"type": "object", "properties": severities, "additionalProperties": false, "minProperties": 1, "maxProperties": 1});
    json!({"type": "object", "propertyNames": {"enum": names}, "additionalProperties": reasoned})
}

fn any_of<const N: usize>(values: [Value; N]) -> Value {
    json!({"anyOf": values.to_vec()})
}

fn or_null(value: Value) -> Value {
    any_of([json!({"type": "null"}), value])
}

fn list(value: Value) -> Value {
    json!({"type": "array", "items": value, "minItems": 1})
}

fn one_or_more(value: Value) -> Value {
    any_of([value.clone(), list(value)])
}

/// Names of the user's own with values.
fn named(value: Value) -> Value {
    json!({"type": ["object", "null"], "propertyNames": own_name(), "additionalProperties": value})
}

/// Any keys with values: codes, files.
fn map(value: Value) -> Value {
    json!({"type": "object", "additionalProperties": value})
}

// -- words ---------------------------------------------------------------------------------------------------------------

fn about_word(word: Word) -> &'static str {
    match word {
        Word::Project => "What this is, who is in it, and the settings that hold for all.",
        Word::Source => "Data: where they are, what a row is, and what the columns mean.",
        Word::Dimension => "A named way to cut figures: by region, by channel.",
        Word::Kpi => "A figure: its formula, its owner, and what is good.",
        Word::Goal => "What is wanted, by the business or by the customer.",
        Word::Enabler => "What serves a customer goal and lifts a business goal.",
        Word::Touchpoint => "A place where customers meet the organisation, and what is asked there.",
        Word::Journey => "The customer's way, stage by stage.",
        Word::Stage => "A step of a journey, with its touchpoints and KPIs.",
        Word::Event => "What happened when: a release, a strike, a campaign.",
        Word::Report => "What is shown to whom.",
        Word::Drivers => "What an outcome is explained by.",
        Word::Benchmark => "Outside figures to compare with.",
        Word::Assumption => "A figure that is assumed, with its range and source.",
        Word::Finding => "A signed interpretation of figures.",
        Word::Incentive => "What is paid on which figures.",
        Word::Action => "An improvement, and what it is to bring.",
        Word::Lint => "Severities of lints in this file, each with a reason.",
        Word::Test => "Rows in, figures out: a test of a KPI.",
    }
}

/// What a key says; one without a sentence of its own has that of its form.
fn about_key(word: Word, attribute: &Attribute) -> &'static str {
    match (word, attribute.key) {
        (_, "title") => "What people read instead of the name; plain, or by language.",
        (_, "description") => "More about it, for people; plain, or by language.",
        (_, "lint") => "Severities of lints, each with a reason: `{kpi-without-goal: {allow: reason}}`.",
        (_, "owner") => "The team that answers for it.",
        (Word::Project, "theme") => "Themes by name, with title and colour.",
        (_, "theme") => "The theme it belongs to.",
        (Word::Project, "peil") => "The edition of the language: 1.",
        (_, "language") => "The language of people's texts: nl or en.",
        (Word::Project, "country") => "The country that customers are in: NL. Benchmarks of another one are not compared.",
        (Word::Project, "currency") => "The currency of money without one: EUR.",
        (Word::Project, "calendar") => "The time zone, and the month in which the fiscal year starts.",
        (Word::Project, "confidence") => "The confidence of intervals: 95 %.",
        (Word::Project, "grain") => "The length of periods in reports.",
        (Word::Report, "grain") => "The length of periods in this report.",
        (_, "minimum_base") => "Below so many people nothing is shown.",
        (Word::Project, "indicative_base") => "Below so many people a figure is shown without a colour.",
        (Word::Project, "team") => "Teams by name; owners, stakeholders and receivers are teams.",
        (Word::Project, "exclude") => "Files that are not Peil's: `docs/**`.",
        (Word::Project, "reports") => "The folder that reports are written to.",
        (Word::Project, "use") => "Libraries: other projects with a name, `{../group: {as: group}}`, or peil.cx.",
        (Word::Source, "files") => "The data files, as a path, a list, or with constants: `{a.csv: {wave: 2017}}`.",
        (Word::Source, "rows") => "What a row is: an event at its time, the state of its key at its time, or a span that holds.",
        (Word::Source, "starts") => "The column with the first day of a span.",
        (Word::Source, "ends") => "The column with the first day on which a span no longer holds; blank is still.",
        (Word::Source, "covers") => "The days that the data cover, where rows alone do not tell.",
        (_, "time") => "The column that tells when.",
        (Word::Source, "key") => "The columns that tell rows apart.",
        (Word::Source, "customer") => "The column that tells people apart.",
        (_, "weight") => "The column with the weight of a row.",
        (_, "margin") => "What the weights are to add up to, level by level of a column: `{region: {N: 30 %, Z: 70 %}}`.",
        (_, "trim") => "The least and the largest factor of a weight, relative to the mean one: `0.3..3`.",
        (_, "cluster") => "The column with the group in which rows were drawn together.",
        (Word::Source, "survey") => "What kind of survey this is.",
        (Word::Source, "population") => "Who could answer.",
        (Word::Source, "cadence") => "The grain of its waves.",
        (Word::Source, "invited") => "The KPI that tells which share of those invited answered.",
        (Word::Source, "freshness") => "How old its newest row may be when a report or an audit looks at it: 3 days.",
        (Word::Source, "keep_where") => "The rows that are kept.",
        (Word::Source, "on_duplicate") => "Which row of a key is kept.",
        (Word::Source, "column") => "Columns by name, with what is to be known of each.",
        (Word::Source, "columns") => "Plain columns.",
        (Word::Source, "reference") => "Ways to the rows of other sources: `{customer: {to: customers, by: customer_id}}`.",
        (Word::Source, "complete") => "The rows are all there is; no interval is due.",
        (Word::Source, "no_persons") => "Why rows are not about people who answered.",
        (Word::Source, "fictional") => "The data are invented; reports say so.",
        (Word::Source, "planned") => "Its data are yet to come: figures that rest on it are unknown, and that is no error.",
        (Word::Source, "header") => "Data begin after this row; names stand in row 1.",
        (Word::Source, "delimiter") => "What stands between fields: `,` `;` `|` or tab.",
        (Word::Source, "encoding") => "The encoding of the files: windows-1252.",
        (Word::Source, "decimal") => "The mark before decimals: `.` or `,`.",
        (Word::Source, "dates") => "The form of dates: dd-mm-yyyy.",
        (Word::Dimension, "from") => "One expression for each source that has it: `[survey.region, calls.region]`.",
        (Word::Dimension, "values") => "Its values in order, with titles.",
        (Word::Dimension, "other") => "The title of what is none of the values.",
        (Word::Dimension, "within") => "The dimension that this one is a finer cut of.",
        (Word::Kpi, "formula") => "How it is computed: `share(survey.easy >= 4)`.",
        (Word::Kpi, "from") => "The source whose columns need no path.",
        (Word::Assumption, "low") => "The lowest it may be.",
        (Word::Assumption, "base") => "What it is taken to be.",
        (Word::Assumption, "high") => "The highest it may be.",
        (Word::Assumption, "by") => "The dimension it differs by.",
        (Word::Assumption, "values") => "What it is for each value of the dimension: `{web: {low: 1, base: 2, high: 3}}`.",
        (Word::Assumption, "source") => "Where it comes from.",
        (Word::Assumption, "date") => "When it was set.",
        (Word::Assumption, "until") => "How long it holds.",
        (_, "where") => "The rows that count: `channel = \"web\"`.",
        (Word::Kpi, "unit") => "Its unit, where the formula leaves it open: days, EUR, `per 1,000`.",
        (Word::Kpi, "direction") => "Which way is better.",
        (Word::Kpi, "indicator") => "Whether it tells of the customer directly, or of a cause, an effect, the context.",
        (Word::Kpi, "norms") => "What is worst, the threshold and the target; several with dates or conditions.",
        (Word::Kpi, "judged_per") => "The grain at which norms judge.",
        (Word::Kpi, "like") => "The KPI or pattern that gives what is not said here.",
        (Word::Kpi, "with") => "What the parameters of a pattern stand for.",
        (Word::Kpi, "takes") => "The parameters that make this a pattern.",
        (_, "cuts") => "The dimensions it is shown by.",
        (Word::Kpi, "purpose") => "What it is for.",
        (Word::Kpi, "changed") => "When and why the definition changed, and whether figures compare.",
        (Word::Kpi, "decimals") => "How many decimals are shown.",
        (Word::Goal, "kind") => "Whose goal it is.",
        (Word::Goal, "need") => "The need behind it, in the customer's words.",
        (Word::Goal, "level") => "Its level: strategic, tactical.",
        (Word::Goal, "stakeholders") => "The teams that have a stake in it.",
        (Word::Goal, "part_of") => "The goals that it is a part of, with weights.",
        (_, "measured_by") => "The KPIs that measure it, with weights.",
        (Word::Goal, "roll_up") => "How KPIs and parts make one satisfaction: weighted, the weakest, the strongest.",
        (Word::Goal, "conflicts") => "Goals that it is at odds with.",
        (Word::Goal, "goal") => "Goals within it.",
        (Word::Enabler, "serves") => "Customer goals it serves, with strength and evidence.",
        (Word::Enabler, "lifts") => "Business goals it lifts, with strength and evidence.",
        (Word::Enabler, "status") => "idea, planned, pilot, live or stopped; with a note: `{pilot: 3 of 7}`.",
        (Word::Touchpoint, "channel") => "Where the meeting is: phone, web.",
        (Word::Touchpoint, "moment_of_truth") => "Whether the customer's judgement is made here.",
        (Word::Touchpoint, "asks") => "The columns that are asked here, and after what.",
        (_, "primary") => "The KPI that tells how it goes here.",
        (_, "secondary") => "KPIs beside it.",
        (_, "diagnostic") => "KPIs that explain.",
        (Word::Stage, "touchpoints") => "The touchpoints of this stage.",
        (Word::Journey, "stage") => "The stages, in order.",
        (Word::Event, "on") => "The day.",
        (Word::Event, "from") => "The first day.",
        (_, "until") => "The last day.",
        (Word::Event, "touches") => "The KPIs whose trends it marks.",
        (Word::Report, "for") => "The team that receives it.",
        (Word::Report, "sections") => "Its sections, in order.",
        (Word::Report, "kpis") => "The KPIs it shows.",
        (Word::Report, "period") => "The period it is about.",
        _ => about_shape(attribute.shape),
    }
}

fn about_shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Title => "Text for people; plain, or by language.",
        Shape::Name => "A name.",
        Shape::Names => "A name, or several.",
        Shape::Texts => "A text, or several.",
        Shape::References => "A KPI or a part of one, or several.",
        Shape::Formula => "A formula.",
        Shape::Condition => "A condition on rows.",
        Shape::Flag => "Said or not.",
        Shape::Choice(_) => "One of these words.",
        Shape::Number => "A number.",
        Shape::Percent => "A percentage: 95 %.",
        Shape::Date => "A day or a period: 2025-06-10, 2025-Q3.",
        Shape::Length => "A length of time: 3 days.",
        Shape::Themes | Shape::Titled => "Names with titles.",
        Shape::Edges(_) => "Names, each with more of it.",
        _ => "See `peil explain` and the specification.",
    }
}

fn about_column(key: &str) -> &'static str {
    match key {
        "title" => "What was asked, or what it is.",
        "from" => "The header in the files; of several the first that a file has.",
        "scale" => "The whole numbers that are answers: `1..5`.",
        "best" => "Which end of the scale is good.",
        "labels" => "Codes with their words: `{1: Web, 2: Phone}`.",
        "blank" => "Codes that mean that no answer was given.",
        "not_applicable" => "Codes that mean that the question did not apply.",
        "several" => "Several answers, from several headers or from one field that is split.",
        "recode" => "What the codes of one file mean: `{wave_2018.csv: {1: SUN}}`.",
        "expression" => "What it is computed from.",
        "unit" => "What its numbers are: EUR, s, min, h, days.",
        "decimals" => "How many decimals its numbers have.",
        "dates" => "The form of its dates.",
        "decimal" => "The mark before its decimals.",
        _ => "More about it.",
    }
}
