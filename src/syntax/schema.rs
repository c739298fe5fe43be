//! Which words are there, which attributes has each, and in what shape? The one table behind both spellings.

/// A word of the language: the kinds of items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Word {
    Project,
    Source,
    Dimension,
    Kpi,
    Goal,
    Enabler,
    Touchpoint,
    Journey,
    Stage,
    Event,
    Report,
    Drivers,
    Benchmark,
    Assumption,
    Finding,
    Incentive,
    Action,
    Test,
    /// The severity of a lint in one file: stands among the items, and names a code.
    Lint,
}

impl Word {
    /// How many words there are, `lint` among them.
    pub const COUNT: usize = Word::Lint as usize + 1;

    /// The words of items, in the order in which the spec introduces them.
    pub const ALL: [Word; 17] = [
        Word::Project,
        Word::Source,
        Word::Dimension,
        Word::Kpi,
        Word::Goal,
        Word::Enabler,
        Word::Touchpoint,
        Word::Journey,
        Word::Event,
        Word::Report,
        Word::Drivers,
        Word::Benchmark,
        Word::Assumption,
        Word::Finding,
        Word::Incentive,
        Word::Action,
        Word::Test,
    ];

    /// The word as it is written.
    pub fn name(self) -> &'static str {
        match self {
            Word::Project => "project",
            Word::Source => "source",
            Word::Dimension => "dimension",
            Word::Kpi => "kpi",
            Word::Goal => "goal",
            Word::Enabler => "enabler",
            Word::Touchpoint => "touchpoint",
            Word::Journey => "journey",
            Word::Stage => "stage",
            Word::Event => "event",
            Word::Report => "report",
            Word::Drivers => "drivers",
            Word::Benchmark => "benchmark",
            Word::Assumption => "assumption",
            Word::Finding => "finding",
            Word::Incentive => "incentive",
            Word::Action => "action",
            Word::Test => "test",
            Word::Lint => "lint",
        }
    }

    /// The word with this name.
    pub fn from_name(name: &str) -> Option<Word> {
        Word::ALL.into_iter().chain([Word::Lint]).find(|it| it.name() == name)
    }

    /// All names, for a proposal.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Word::ALL.into_iter().chain([Word::Lint]).map(Word::name)
    }
}

/// The form of an attribute's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Text for people, plain or by language.
    Title,
    /// Text taken as it is.
    Text,
    /// Several texts.
    Texts,
    /// A name.
    Name,
    /// Several names.
    Names,
    /// Several KPIs, or parts of KPIs.
    References,
    /// A KPI, or a part of one.
    Reference,
    /// A formula of a KPI.
    Formula,
    /// A row condition.
    Condition,
    /// Said or not.
    Flag,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A number.
    Number,
    /// A percentage.
    Percent,
    /// A number with its unit: `0.95 EUR`, `40 %`.
    Quantity,
    /// Values of a dimension with quantities: `"N" low 10 % base 20 % high 30 %`, or one: `"N" 20 %`.
    Quantities(&'static [&'static str]),
    /// A day, or a period.
    Date,
    /// A length of time: `3 days`.
    Length,
    /// Names with titles.
    Titled,
    /// Names with a title and a colour.
    Themes,
    /// Names with sub-keys, separated by commas: `nps weight 2, ces weight 1`.
    Edges(&'static [&'static str]),
    /// Names with sub-keys, one a statement: `customer to customers by id`.
    Links(&'static [&'static str]),
    /// Columns, each with levels and quantities, one a statement: `region "N" 30 %, "Z" 70 %`.
    Margins,
    /// Fixed keys with values: `zone "Europe/Amsterdam", fiscal_start april`.
    Record(&'static [&'static str]),
    /// Codes with titles.
    Values,
    /// Data files with constants.
    Files,
    /// Libraries, each with the name it is known by.
    Uses,
    /// Rows of sources: names of columns, then values.
    Rows,
    /// Figures with what they are to be: `nps 33.3 tolerance 0.1, ces empty`.
    Expectations(&'static [&'static str]),
    /// Declared columns.
    Columns,
    /// KPIs with sub-keys, one a statement: `nps weight 40 %, pays 0 % at 42, 100 % at 45`.
    Parts(&'static [&'static str]),
    /// Norms, repeated.
    Norms,
    /// Severities of lints, with reasons.
    Lints,
    /// Parameters of a pattern.
    Takes,
    /// A word, with a note or without.
    Noted,
    /// Items within the item: stages, goals.
    Items(Word),
    /// In the language, not in this version (R30).
    NotYet,
}

impl Shape {
    /// Whether a statement may be repeated, its values then adding up.
    pub fn repeats(self) -> bool {
        matches!(self, Shape::Norms | Shape::References | Shape::Names | Shape::Texts)
    }
}

/// One attribute of a word.
#[derive(Clone, Copy, Debug)]
pub struct Attribute {
    /// The key, with `_` for the space of the DSL.
    pub key: &'static str,
    pub shape: Shape,
    pub required: bool,
}

const fn a(key: &'static str, shape: Shape) -> Attribute {
    Attribute { key, shape, required: false }
}

const fn must(key: &'static str, shape: Shape) -> Attribute {
    Attribute { key, shape, required: true }
}

/// The sub-keys of a column.
pub const COLUMN_KEYS: &[&str] = &[
    "title",
    "description",
    "from",
    "scale",
    "best",
    "labels",
    "blank",
    "not_applicable",
    "several",
    "recode",
    "expression",
    "unit",
    "decimals",
    "dates",
    "decimal",
];
/// The names of grains.
pub const GRAINS: &[&str] = &["day", "week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year"];
/// The sections of a report.
pub const SECTIONS: &[&str] = &[
    "brief",
    "team",
    "summary",
    "scorecards",
    "goals",
    "trends",
    "why",
    "journey",
    "drivers",
    "reasons",
    "segments",
    "lifecycle",
    "index",
    "benchmarks",
    "money",
    "incentives",
    "actions",
    "definitions",
];

const LINT: &[Attribute] = &[a("allow", Shape::Text), a("warn", Shape::Text), a("deny", Shape::Text)];

const COMMON: &[Attribute] = &[a("title", Shape::Title), a("description", Shape::Title), a("lint", Shape::Lints)];

const PROJECT: &[Attribute] = &[
    must("peil", Shape::Number),
    a("language", Shape::Choice(&["nl", "en"])),
    a("currency", Shape::Name),
    a("country", Shape::Name),
    a("calendar", Shape::Record(&["zone", "fiscal_start"])),
    a("confidence", Shape::Percent),
    a("grain", Shape::Choice(GRAINS)),
    a("minimum_base", Shape::Number),
    a("indicative_base", Shape::Number),
    a("team", Shape::Titled),
    a("theme", Shape::Themes),
    a("exclude", Shape::Texts),
    a("reports", Shape::Text),
    a("style", Shape::Text),
    a("logo", Shape::Text),
    a("use", Shape::Uses),
];

const SOURCE: &[Attribute] = &[
    must("files", Shape::Files),
    a("rows", Shape::Choice(&["events", "snapshot", "spans"])),
    a("time", Shape::Name),
    a("starts", Shape::Name),
    a("ends", Shape::Name),
    a("covers", Shape::Record(&["from", "until"])),
    a("key", Shape::Names),
    a("customer", Shape::Name),
    a("weight", Shape::Name),
    a("margin", Shape::Margins),
    a("trim", Shape::Text),
    a("cluster", Shape::Name),
    a("survey", Shape::Choice(&["relational", "transactional", "in the moment"])),
    a("population", Shape::Title),
    a("cadence", Shape::Choice(GRAINS)),
    a("invited", Shape::Reference),
    a("freshness", Shape::Length),
    a("keep_where", Shape::Condition),
    a("on_duplicate", Shape::Choice(&["keep last", "keep first"])),
    a("column", Shape::Columns),
    a("columns", Shape::Names),
    a("reference", Shape::Links(&["to", "by"])),
    a("complete", Shape::Flag),
    a("no_persons", Shape::Text),
    a("fictional", Shape::Flag),
    a("planned", Shape::Flag),
    a("header", Shape::Number),
    a("delimiter", Shape::Text),
    a("encoding", Shape::Text),
    a("decimal", Shape::Text),
    a("dates", Shape::Text),
    a("table", Shape::NotYet),
];

const DIMENSION: &[Attribute] = &[
    must("from", Shape::Names),
    a("values", Shape::Values),
    a("other", Shape::Title),
    a("within", Shape::Name),
    a("lifecycle", Shape::Name),
];

const KPI: &[Attribute] = &[
    a("formula", Shape::Formula),
    a("from", Shape::Name),
    a("where", Shape::Condition),
    a("unit", Shape::Text),
    a("direction", Shape::Choice(&["up", "down"])),
    a("indicator", Shape::Choice(&["direct", "cause", "effect", "context"])),
    a("owner", Shape::Name),
    a("theme", Shape::Name),
    a("norms", Shape::Norms),
    a("judged_per", Shape::Choice(GRAINS)),
    a("like", Shape::Name),
    a("with", Shape::Takes),
    a("takes", Shape::Takes),
    a("influenceable", Shape::Flag),
    a("minimum_base", Shape::Number),
    a("cuts", Shape::Names),
    a("tags", Shape::Names),
    a("purpose", Shape::Title),
    a("changed", Shape::Record(&["on", "reason", "comparable"])),
    a("weight", Shape::Name),
    a("cluster", Shape::Name),
    a("time", Shape::Name),
    a("decimals", Shape::Number),
    a("leads", Shape::Edges(&["after", "evidence"])),
    a("planned", Shape::Flag),
];

const GOAL: &[Attribute] = &[
    must("kind", Shape::Choice(&["business", "customer"])),
    a("need", Shape::Title),
    a("level", Shape::Text),
    a("theme", Shape::Name),
    a("owner", Shape::Name),
    a("stakeholders", Shape::Names),
    a("part_of", Shape::Edges(&["weight"])),
    a("measured_by", Shape::Edges(&["weight"])),
    a("roll_up", Shape::Choice(&["weighted", "all", "any"])),
    a("conflicts", Shape::Names),
    a("goal", Shape::Items(Word::Goal)),
];

const ENABLER: &[Attribute] = &[
    a("serves", Shape::Edges(&["strength", "evidence"])),
    a("lifts", Shape::Edges(&["strength", "evidence"])),
    a("owner", Shape::Name),
    a("theme", Shape::Name),
    a("measured_by", Shape::Edges(&["weight"])),
    a("status", Shape::Noted),
];

const TOUCHPOINT: &[Attribute] = &[
    a("channel", Shape::Text),
    a("owner", Shape::Name),
    a("moment_of_truth", Shape::Flag),
    a("asks", Shape::Edges(&["after"])),
    a("primary", Shape::References),
    a("secondary", Shape::References),
    a("diagnostic", Shape::References),
    a("where", Shape::Condition),
];

const STAGE: &[Attribute] = &[
    a("touchpoints", Shape::Names),
    a("primary", Shape::References),
    a("secondary", Shape::References),
    a("diagnostic", Shape::References),
    a("where", Shape::Condition),
];

const JOURNEY: &[Attribute] = &[
    must("stage", Shape::Items(Word::Stage)),
    a("owner", Shape::Name),
    a("primary", Shape::References),
    a("secondary", Shape::References),
    a("diagnostic", Shape::References),
];

const EVENT: &[Attribute] = &[a("on", Shape::Date), a("from", Shape::Date), a("until", Shape::Date), a("touches", Shape::Names)];

const REPORT: &[Attribute] = &[
    a("for", Shape::Name),
    a("language", Shape::Choice(&["nl", "en"])),
    a("sections", Shape::Names),
    a("kpis", Shape::Names),
    a("cuts", Shape::Names),
    a("period", Shape::Date),
    a("grain", Shape::Choice(GRAINS)),
    a("template", Shape::Text),
    a("style", Shape::Text),
    a("logo", Shape::Text),
];

/// How a driver model finds what drives its outcome; `shapley` is another name of `lmg`.
pub const METHODS: &[&str] = &["correlation", "ols", "lmg", "shapley", "johnson", "penalty_reward", "stated"];

const DRIVERS: &[Attribute] = &[
    must("outcome", Shape::References),
    a("items", Shape::Names),
    a("reasons", Shape::Name),
    a("churn_risk", Shape::Condition),
    a("savings", Shape::Name),
    a("method", Shape::Choice(METHODS)),
    a("cuts", Shape::Names),
    a("minimum_share", Shape::Percent),
];

const FINDING: &[Attribute] = &[
    must("about", Shape::References),
    must("text", Shape::Title),
    a("by", Shape::Noted),
    a("on", Shape::Date),
    a("quotes", Shape::Texts),
    a("decision", Shape::Title),
    a("while", Shape::Condition),
];

const ACTION: &[Attribute] = &[
    must("acts_on", Shape::References),
    a("owner", Shape::Name),
    a("start", Shape::Date),
    a("due", Shape::Date),
    a("expects", Shape::Edges(&["change", "by"])),
    a("where", Shape::Condition),
    a("control", Shape::Condition),
    a("status", Shape::Noted),
    a("finding", Shape::Names),
];

/// The ends of an assumption, and what lies between them.
pub const ESTIMATE_KEYS: &[&str] = &["low", "base", "high"];

const ASSUMPTION: &[Attribute] = &[
    a("low", Shape::Quantity),
    a("base", Shape::Quantity),
    a("high", Shape::Quantity),
    a("unit", Shape::Text),
    a("by", Shape::Name),
    a("values", Shape::Quantities(ESTIMATE_KEYS)),
    a("source", Shape::Title),
    a("date", Shape::Date),
    a("until", Shape::Date),
];

const INCENTIVE: &[Attribute] = &[
    must("for", Shape::Name),
    must("period", Shape::Date),
    must("part", Shape::Parts(&["weight", "pays"])),
    a("only_if", Shape::Texts),
    a("pay_on", Shape::Choice(&["low end", "value"])),
];

const BENCHMARK: &[Attribute] = &[
    must("kpi", Shape::Reference),
    a("value", Shape::Quantity),
    a("variant", Shape::Name),
    a("scale", Shape::Text),
    a("survey", Shape::Choice(&["relational", "transactional", "in the moment"])),
    a("country", Shape::Text),
    a("period", Shape::Date),
    a("n", Shape::Number),
    a("source", Shape::Title),
    a("file", Shape::Text),
];

const TEST: &[Attribute] = &[
    a("rows", Shape::Rows),
    a("on", Shape::Choice(&["data"])),
    a("period", Shape::Date),
    must("expect", Shape::Expectations(EXPECTATION_KEYS)),
];

/// What may be said of a figure that is expected; the value stands first.
pub const EXPECTATION_KEYS: &[&str] = &["value", "tolerance", "n", "status"];

/// The attributes of a word, its own first.
pub fn attributes(word: Word) -> impl Iterator<Item = &'static Attribute> {
    // A lint has no title: its reason is all that is said of it.
    own(word).iter().chain(if word == Word::Lint { &[] } else { COMMON })
}

fn own(word: Word) -> &'static [Attribute] {
    match word {
        Word::Project => PROJECT,
        Word::Source => SOURCE,
        Word::Dimension => DIMENSION,
        Word::Kpi => KPI,
        Word::Goal => GOAL,
        Word::Enabler => ENABLER,
        Word::Touchpoint => TOUCHPOINT,
        Word::Journey => JOURNEY,
        Word::Stage => STAGE,
        Word::Event => EVENT,
        Word::Report => REPORT,
        Word::Lint => LINT,
        Word::Assumption => ASSUMPTION,
        Word::Incentive => INCENTIVE,
        Word::Benchmark => BENCHMARK,
        Word::Drivers => DRIVERS,
        Word::Finding => FINDING,
        Word::Action => ACTION,
        Word::Test => TEST,
    }
}

/// The attribute of a word with this key.
pub fn attribute(word: Word, key: &str) -> Option<&'static Attribute> {
    attributes(word).find(|it| it.key == key)
}
