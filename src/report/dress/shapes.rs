//! What do templates get, and of which shape is each part of it? Made from the types themselves, by their JSON Schema: the
//! same that `peil report --dump-context=schema` prints, so that what is documented is what is checked.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::report::view::{Card, ReportView, Section};
use crate::report::words::Words;

/// What every template gets. Names are added over time, and neither change nor go within one `context`.
#[derive(Debug, JsonSchema)]
#[expect(dead_code, reason = "it is there for its schema")]
pub(super) struct Given {
    /// The edition of these names: 1.
    context: u32,
    /// The whole report, in the order of the page.
    view: ReportView,
    /// Each KPI of the report by its name, whether a section shows it or not: `kpis.nps.figure.value`.
    kpis: BTreeMap<String, Card>,
    /// The drawings of each KPI by its name: `charts.nps.spark`.
    charts: BTreeMap<String, KpiCharts>,
    /// The fixed words of the page, in its language.
    w: Words,
    /// What a link can point at on this page, by the id of the place.
    anchors: BTreeMap<String, String>,
    /// The logo as a data URI, where the report has one.
    logo: Option<String>,
    /// The charts of each section of `view`, in its order; Peil's own templates place them.
    drawn: Vec<Value>,
    /// The style sheet; for the page's own `<style>`.
    css: String,
    /// The script; for the page's own `<script>`.
    js: String,
    /// The content security policy; for the page's own `<meta>`.
    policy: String,
    /// Peil's small drawings, as macros: `{{ p.chip(kpis.nps.status.code) }}`. In the blocks of the page and in the templates of
    /// its sections; a page of one's own imports them: `{% import "parts.html" as p %}`.
    p: Option<Value>,
    /// The section at hand: in the template of a section, and in the block behind one.
    section: Option<Section>,
    /// The charts of the section at hand, where `section` is.
    d: Option<Value>,
    /// What the engine tells of the loop around: `loop.index`, `loop.first`, `loop.last`, `loop.length`. In the template of a section
    /// and the block behind one, that over the sections of the page.
    r#loop: Option<Value>,
}

/// The names that only some places of a page have.
pub(super) const SOMEWHERE: [&str; 4] = ["d", "loop", "p", "section"];

/// The drawings of a KPI, as SVG, with a text that tells the same.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct KpiCharts {
    /// Its series as a line; none without a series.
    pub spark: Option<String>,
    /// Its place between its norms; none without norms.
    pub bullet: Option<String>,
}

/// The shape of a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Type {
    /// Not known before a page is rendered.
    Any,
    /// A text.
    Text,
    /// One of these texts.
    Words(Vec<String>),
    /// One of the codes of an enumeration, and never another text.
    Codes(Vec<String>),
    /// A number.
    Number,
    /// True or false.
    Bool,
    /// Several of a kind, and how many there are at least.
    List(Box<Type>, usize),
    /// Values by names that are not known before.
    Map(Box<Type>),
    /// Two values: a name with what it stands for.
    Pair(Box<Type>, Box<Type>),
    /// A shape with a name in the schema.
    Named(String),
    /// Values by known names.
    Record(BTreeMap<String, Type>),
    /// One of several shapes.
    Union(Vec<Type>),
    /// Several shapes together.
    All(Vec<Type>),
    /// A shape, or nothing.
    Maybe(Box<Type>, Lack),
    /// What another template lends by name: its macros and variables.
    Lent(BTreeMap<String, Type>),
    /// A macro, by its number among those that were read.
    Macro(usize),
}

/// What a value is, as far as filters and operators ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Bool,
    List,
    Record,
}

impl Kind {
    /// The word of the facts: `text`.
    pub(super) fn word(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Number => "number",
            Kind::Bool => "bool",
            Kind::List => "list",
            Kind::Record => "record",
        }
    }
}

/// What stands there where a value does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lack {
    /// None: it prints as nothing, and `if` takes it as no.
    None,
    /// Nothing at all, since the names of a table are not known before: not even `if` may ask for it.
    Key,
    /// Nothing at all, since sections of other kinds do not have it.
    Kind,
    /// Nothing at all, since a list may be shorter.
    Place,
    /// Nothing at all in this report; others have it.
    Report,
    /// Nothing at all, where the branch was not taken that sets it.
    Set,
}

impl Type {
    /// The shape of a value that may be nothing.
    pub(super) fn or(self, lack: Lack) -> Type {
        match self {
            Type::Any | Type::Maybe(..) => self,
            it => Type::Maybe(Box::new(it), lack),
        }
    }

    /// The shape of the value where it is there.
    pub(super) fn there(self) -> Type {
        match self {
            Type::Maybe(it, _) => *it,
            it => it,
        }
    }

    /// What stands there where the value does not, if it may not.
    pub(super) fn lack(&self) -> Option<Lack> {
        if let Type::Maybe(_, lack) = self { Some(*lack) } else { None }
    }
}

/// The shapes of a context.
#[derive(Debug)]
pub(super) struct Shapes {
    named: BTreeMap<String, Type>,
    /// The shape of each section, by its kind.
    sections: BTreeMap<String, Type>,
    root: BTreeMap<String, Type>,
}

/// Returns the JSON Schema of what templates get.
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(Given);
    schema.insert("title".to_owned(), Value::from("What a report template gets"));
    schema.to_value()
}

impl Shapes {
    /// Makes the shapes of the schema.
    pub(super) fn new() -> Self {
        let schema = schema();
        let definitions = schema.get("$defs").and_then(Value::as_object);
        let named: BTreeMap<String, Type> = definitions.into_iter().flatten().map(|(name, it)| (name.clone(), shape(it))).collect();
        let variants = definitions.and_then(|it| it.get("Section")?.get("oneOf")?.as_array());
        let sections = variants.into_iter().flatten().filter_map(|it| {
            let kind = it.pointer("/properties/kind/const")?.as_str()?;
            Some((kind.to_owned(), shape(it)))
        });
        let sections: BTreeMap<String, Type> = sections.collect();
        // One template may serve sections of several kinds, and asks for the kind then.
        let kinds: Vec<String> = sections.keys().cloned().collect();
        let sections = sections.into_iter().map(|(kind, it)| (kind, of_any_kind(it, &kinds))).collect();
        let mut root = match shape(&schema) {
            Type::Record(fields) => fields,
            _ => BTreeMap::new(),
        };
        root.retain(|name, _| !SOMEWHERE.contains(&name.as_str()));
        Self { sections, named, root }
    }

    /// The names that every template gets, with their shapes; `kpis` are those of the report, `others` what the project has besides.
    pub(super) fn globals(&self, kpis: &[String], others: &[String]) -> BTreeMap<String, Type> {
        let mut globals = self.root.clone();
        for name in ["kpis", "charts"] {
            if let Some(Type::Map(each)) = self.root.get(name) {
                let lacking = others.iter().map(|it| (it.clone(), (**each).clone().or(Lack::Report)));
                let record = lacking.chain(kpis.iter().map(|it| (it.clone(), (**each).clone()))).collect();
                globals.insert(name.to_owned(), Type::Record(record));
            }
        }
        globals
    }

    /// The shape of the section of a kind.
    pub(super) fn section(&self, kind: &str) -> Type {
        self.sections.get(kind).cloned().unwrap_or(Type::Any)
    }

    /// The shape of a part of a value.
    ///
    /// # Errors
    /// The parts that there are.
    pub(super) fn part(&self, of: &Type, name: &str) -> Result<Type, Vec<String>> {
        self.part_of(of, name).map(|it| self.settled(it))
    }

    /// A shape that is plain and has a name in the schema all the same.
    fn settled(&self, of: Type) -> Type {
        match &of {
            Type::Named(name) => match self.named.get(name) {
                Some(plain @ (Type::Text | Type::Codes(_) | Type::Number | Type::Bool)) => plain.clone(),
                _ => of,
            },
            Type::Maybe(it, lack) => self.settled((**it).clone()).or(*lack),
            _ => of,
        }
    }

    fn part_of(&self, of: &Type, name: &str) -> Result<Type, Vec<String>> {
        match of {
            Type::Any => Ok(Type::Any),
            Type::Named(it) => self.named.get(it).map_or(Ok(Type::Any), |it| self.part(it, name)),
            Type::Record(fields) => fields.get(name).cloned().ok_or_else(|| names(fields)),
            Type::Map(each) => Ok((**each).clone().or(Lack::Key)),
            Type::Maybe(it, _) => self.part_of(it, name),
            Type::Lent(names) => names.get(name).cloned().ok_or_else(|| names.keys().cloned().collect()),
            // What `groupby` gives is a pair whose halves have names too.
            Type::Pair(of, _) if name == "grouper" => Ok((**of).clone()),
            Type::Pair(_, all) if name == "list" => Ok((**all).clone()),
            Type::Union(all) | Type::All(all) => {
                let mut found = Vec::new();
                let mut known = Vec::new();
                let (mut lacks, mut may_be_none) = (false, false);
                for it in all {
                    match self.part(it, name) {
                        Ok(it) => {
                            may_be_none |= it.lack() == Some(Lack::None);
                            add(&mut found, it.there());
                        }
                        Err(names) => {
                            lacks |= matches!(of, Type::Union(_));
                            known.extend(names);
                        }
                    }
                }
                known.sort();
                known.dedup();
                let found = match found.len() {
                    0 => return Err(known),
                    1 => found.remove(0),
                    _ => Type::Union(found),
                };
                Ok(match (lacks, may_be_none) {
                    (true, _) => found.or(Lack::Kind),
                    (_, true) => found.or(Lack::None),
                    _ => found,
                })
            }
            Type::Text | Type::Words(_) | Type::Codes(_) | Type::Number | Type::Bool | Type::List(..) | Type::Pair(..) | Type::Macro(_) => {
                Err(Vec::new())
            }
        }
    }

    /// The shape of what stands at a place of a list or a pair.
    pub(super) fn at(&self, of: &Type, place: usize) -> Type {
        match (of, place) {
            (Type::Pair(first, _), 0) => (**first).clone(),
            (Type::Pair(_, second), 1) => (**second).clone(),
            (Type::Pair(..), _) => Type::Any,
            _ => self.each(of),
        }
    }

    /// Of which kind every value of this shape is; `None` where it may be of several, or nobody knows.
    pub(super) fn kind(&self, of: &Type) -> Option<Kind> {
        match self.plain(of) {
            Type::Text | Type::Words(_) | Type::Codes(_) => Some(Kind::Text),
            Type::Number => Some(Kind::Number),
            Type::Bool => Some(Kind::Bool),
            Type::List(..) | Type::Pair(..) => Some(Kind::List),
            Type::Map(_) | Type::Record(_) | Type::All(_) => Some(Kind::Record),
            Type::Union(all) => {
                let mut kinds = all.iter().map(|it| self.kind(it));
                let first = kinds.next()??;
                kinds.all(|it| it == Some(first)).then_some(first)
            }
            Type::Any | Type::Named(_) | Type::Maybe(..) | Type::Lent(_) | Type::Macro(_) => None,
        }
    }

    /// A shape of which one part was seen to be there: what is left of a list that was chosen from by it.
    pub(super) fn with_part(&self, of: &Type, name: &str) -> Type {
        match of {
            Type::Named(it) => self.named.get(it).map_or_else(|| of.clone(), |it| self.with_part(it, name)),
            Type::Record(fields) => {
                let there = |(known, it): (&String, &Type)| (known.clone(), if known == name { it.clone().there() } else { it.clone() });
                Type::Record(fields.iter().map(there).collect())
            }
            Type::All(all) => Type::All(all.iter().map(|it| self.with_part(it, name)).collect()),
            _ => of.clone(),
        }
    }

    /// The shape of what a loop goes over; a map gives its names.
    pub(super) fn each(&self, of: &Type) -> Type {
        match of {
            Type::List(each, _) => (**each).clone(),
            Type::Map(_) | Type::Record(_) => Type::Text,
            Type::Named(it) => self.named.get(it).map_or(Type::Any, |it| self.each(it)),
            Type::Maybe(it, _) => self.each(it),
            Type::Union(all) => {
                let mut found: Vec<Type> = Vec::new();
                all.iter().for_each(|it| add(&mut found, self.each(it)));
                if found.len() == 1 { found.remove(0) } else { Type::Union(found) }
            }
            _ => Type::Any,
        }
    }

    /// The shape of the values of a map or record.
    pub(super) fn values(&self, of: &Type) -> Type {
        match of {
            Type::Map(each) => (**each).clone(),
            Type::Record(fields) => {
                let mut all: Vec<Type> = Vec::new();
                for it in fields.values().filter(|it| it.lack() != Some(Lack::Report)) {
                    if !all.contains(it) {
                        all.push(it.clone());
                    }
                }
                if all.len() == 1 { all.remove(0) } else { Type::Union(all) }
            }
            Type::Named(it) => self.named.get(it).map_or(Type::Any, |it| self.values(it)),
            Type::Maybe(it, _) => self.values(it),
            _ => Type::Any,
        }
    }

    /// A shape without the name that the schema has for it.
    pub(super) fn plain<'s>(&'s self, of: &'s Type) -> &'s Type {
        match of {
            Type::Named(it) => self.named.get(it).map_or(of, |it| self.plain(it)),
            Type::Maybe(it, _) => self.plain(it),
            _ => of,
        }
    }

    /// The parts of what cannot be printed as it is; `None` where it can be, or nobody knows.
    pub(super) fn unprintable(&self, of: &Type) -> Option<Vec<String>> {
        match of {
            Type::Record(fields) => Some(names(fields)),
            Type::List(..) | Type::Map(_) | Type::Pair(..) => Some(Vec::new()),
            Type::Lent(names) => Some(names.keys().cloned().collect()),
            Type::Named(it) => self.unprintable(self.named.get(it)?),
            Type::Maybe(it, _) => self.unprintable(it),
            Type::Union(all) | Type::All(all) => all.iter().map(|it| self.unprintable(it)).reduce(|a, b| Some([a?, b?].concat()))?,
            Type::Any | Type::Text | Type::Words(_) | Type::Codes(_) | Type::Number | Type::Bool | Type::Macro(_) => None,
        }
    }
}

/// The names of what a record has.
fn names(fields: &BTreeMap<String, Type>) -> Vec<String> {
    fields.iter().filter(|it| it.1.lack() != Some(Lack::Report)).map(|it| it.0.clone()).collect()
}

/// Adds one of several shapes; the codes of several enumerations are those of one.
fn add(all: &mut Vec<Type>, it: Type) {
    if let Type::Codes(more) = &it
        && let Some(known) = all.iter_mut().find_map(|it| if let Type::Codes(known) = it { Some(known) } else { None })
    {
        for code in more {
            if !known.contains(code) {
                known.push(code.clone());
            }
        }
    } else if !all.contains(&it) {
        all.push(it);
    }
}

/// The shape of a section, of which it is not said that its kind is that one alone.
fn of_any_kind(section: Type, kinds: &[String]) -> Type {
    match section {
        Type::Record(mut parts) => {
            if let Some(kind) = parts.get_mut("kind") {
                *kind = Type::Codes(kinds.to_vec());
            }
            Type::Record(parts)
        }
        Type::All(all) => Type::All(all.into_iter().map(|it| of_any_kind(it, kinds)).collect()),
        it => it,
    }
}

/// The shape that a schema describes.
fn shape(schema: &Value) -> Type {
    let Some(it) = schema.as_object() else { return Type::Any };
    let mut all = Vec::new();
    if let Some(name) = it.get("$ref").and_then(Value::as_str) {
        all.push(Type::Named(name.rsplit('/').next().unwrap_or_default().to_owned()));
    }
    if let Some(fields) = it.get("properties").and_then(Value::as_object) {
        all.push(Type::Record(fields.iter().map(|(name, it)| (name.clone(), shape(it))).collect()));
    } else if let Some(each) = it.get("additionalProperties").filter(|it| it.is_object()) {
        all.push(Type::Map(Box::new(shape(each))));
    }
    let together = !all.is_empty() || it.contains_key("allOf");
    let mut may_be_none = false;
    for key in ["anyOf", "oneOf", "allOf"] {
        for it in it.get(key).and_then(Value::as_array).into_iter().flatten() {
            if it.get("type").and_then(Value::as_str) == Some("null") {
                may_be_none = true;
                continue;
            }
            add(&mut all, shape(it));
        }
    }
    let or_none = |it: Type| if may_be_none { it.or(Lack::None) } else { it };
    match all.len() {
        0 => {}
        1 => return or_none(all.remove(0)),
        _ if together => return or_none(Type::All(all)),
        _ => return or_none(Type::Union(all)),
    }
    let codes: Vec<&Value> = it.get("enum").and_then(Value::as_array).into_iter().flatten().chain(it.get("const")).collect();
    if !codes.is_empty() {
        let texts: Option<Vec<String>> = codes.into_iter().map(|it| it.as_str().map(str::to_owned)).collect();
        return texts.map_or(Type::Any, Type::Codes);
    }
    let all: Vec<&str> = match it.get("type") {
        Some(Value::String(kind)) => vec![kind.as_str()],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let kinds: Vec<&str> = all.iter().copied().filter(|it| *it != "null").collect();
    let found = match kinds.as_slice() {
        ["string"] => Type::Text,
        ["integer" | "number"] => Type::Number,
        ["boolean"] => Type::Bool,
        ["array"] => {
            let least = it.get("minItems").and_then(Value::as_u64).and_then(|it| usize::try_from(it).ok());
            Type::List(Box::new(it.get("items").map_or(Type::Any, shape)), least.unwrap_or(0))
        }
        _ => Type::Any,
    };
    if kinds.len() < all.len() { found.or(Lack::None) } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(shapes: &Shapes, path: &str) -> Result<Type, Vec<String>> {
        let globals = Type::Record(shapes.globals(&["nps".to_owned()], &[]));
        let found = path.split('.').try_fold(globals, |at, name| match name.strip_suffix("[]") {
            Some(name) => shapes.part(&at, name).map(|it| shapes.each(&it)),
            None => shapes.part(&at, name),
        });
        found.map(Type::there)
    }

    #[test]
    fn shapes_are_those_of_the_types() {
        let shapes = Shapes::new();
        for text in ["view.title", "kpis.nps.figure.value", "view.themes[].colour", "w.status.act", "charts.nps.spark"] {
            assert_eq!(of(&shapes, text), Ok(Type::Text), "{text}");
        }
        assert_eq!(of(&shapes, "kpis.nps.figure.number"), Ok(Type::Number));
        let codes = |path: &str| if let Ok(Type::Codes(all)) = of(&shapes, path) { all } else { panic!("{path} has no codes") };
        assert_eq!(codes("kpis.nps.status.code"), ["act", "watch", "on_target", "no_norm", "too_few", "hidden", "no_data"]);
        assert!(["brief", "scorecards", "why"].iter().all(|it| codes("view.sections[].kind").iter().any(|code| code == it)));
        assert!(matches!(shapes.part(&shapes.section("brief"), "kind"), Ok(Type::Codes(all)) if all.len() > 10));
        assert_eq!(of(&shapes, "view.sections[].rows[].deltas[].text"), Ok(Type::Text));
        assert_eq!(of(&shapes, "view.sections[].outline[].items[].children[].children[].title"), Ok(Type::Text));
        assert_eq!(of(&shapes, "view.sections[].findings[].link.to"), Ok(Type::Text));
        assert_eq!(of(&shapes, "kpis.ces"), Err(vec!["nps".to_owned()]));
        assert!(of(&shapes, "view.titel").is_err_and(|it| it.contains(&"title".to_owned())));
        assert!(of(&shapes, "view.title.size").is_err_and(|it| it.is_empty()));
        assert!(shapes.part(&shapes.section("brief"), "findings").is_ok());
        assert!(shapes.part(&shapes.section("brief"), "rows").is_err());
    }

    #[test]
    fn what_may_be_nothing_says_so() {
        let shapes = Shapes::new();
        let lack = |of: &str, part: &str| shapes.part(&self::of(&shapes, of).expect("a shape"), part).expect("a part").lack();
        assert_eq!(lack("kpis.nps.figure", "value"), Some(Lack::None));
        assert_eq!(lack("kpis.nps.figure", "prefix"), None);
        assert_eq!(lack("charts.nps", "spark"), Some(Lack::None));
        assert_eq!(
            shapes.globals(&[], &[]).get("anchors").map(|it| shapes.part(it, "kpi-nps").map(|it| it.lack())),
            Some(Ok(Some(Lack::Key)))
        );
        assert_eq!(shapes.part(&of(&shapes, "view.sections[]").expect("a section"), "rows").expect("rows").lack(), Some(Lack::Kind));
        assert_eq!(shapes.part(&of(&shapes, "view.sections[]").expect("a section"), "head").expect("a head").lack(), None);
    }

    #[test]
    fn what_is_given_is_what_the_schema_says() {
        let schema = schema();
        let required = schema.get("properties").and_then(Value::as_object).expect("a record");
        let names: Vec<&str> = required.keys().map(String::as_str).collect();
        let all = || crate::report::render::GIVEN.into_iter().chain(SOMEWHERE);
        for name in all() {
            assert!(names.contains(&name), "{name}");
        }
        assert_eq!(names.len(), all().count(), "{names:?}");
    }
}
