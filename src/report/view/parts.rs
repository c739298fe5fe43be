//! Which small pieces do all sections share? Keys, statuses, differences, figures, links, tables:
//! types that keep their own promises, so that a section cannot break them.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

/// A name as it may stand in an `id` and after `#`: letters, digits, `_` and `.` as they are,
/// everything else as its code between hyphens. Two names never share a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Key(String);

impl Key {
    /// Makes the key of a name, such as `nps` or `ces[channel = "web"]`.
    pub fn new(name: &str) -> Self {
        let mut key = String::with_capacity(name.len());
        for c in name.chars() {
            if c.is_alphanumeric() || c == '_' || c == '.' {
                key.push(c);
            } else {
                key.push_str(&format!("-{:x}-", u32::from(c)));
            }
        }
        Self(key)
    }

    /// Returns the key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a figure stands against its norms. The order is that of the table: worst first, what
/// cannot be judged last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Satisfaction below 50.
    Act,
    /// Satisfaction from 50 to 100.
    Watch,
    /// Satisfaction 100.
    OnTarget,
    /// There is a value, but nothing says what is good.
    NoNorm,
    /// Shown, but on fewer answers than the indicative base.
    TooFew,
    /// Not shown, to protect the people who answered.
    Hidden,
    /// There is nothing to show.
    NoData,
}

impl Status {
    /// Every status, worst first.
    pub const ALL: [Self; 7] = [Self::Act, Self::Watch, Self::OnTarget, Self::NoNorm, Self::TooFew, Self::Hidden, Self::NoData];

    /// Returns the code, as results have it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Act => "act",
            Self::Watch => "watch",
            Self::OnTarget => "on_target",
            Self::NoNorm => "no_norm",
            Self::TooFew => "too_few",
            Self::Hidden => "hidden",
            Self::NoData => "no_data",
        }
    }

    /// Returns the status with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// Whether something got better or worse; plain where nobody may say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// No judgement: grey or ink.
    #[default]
    Plain,
    /// A signal in the wanted direction.
    Better,
    /// A signal in the unwanted direction.
    Worse,
}

/// Which way of moving is good for a KPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Higher is better.
    Up,
    /// Lower is better.
    Down,
    /// Neither is better: differences stay grey.
    Neutral,
}

/// The way a difference points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Arrow {
    /// Higher than before.
    Up,
    /// Lower than before.
    Down,
    /// The same, as far as is printed.
    Flat,
    /// There is nothing to compare with.
    None,
}

/// A difference with an earlier figure. Invariant: the tone is `Plain` unless the difference is a
/// signal and the KPI has a direction; so a template cannot colour noise.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Delta {
    /// The difference as it is printed: "+1,3 pp".
    text: String,
    /// With what: "t.o.v. Q2".
    against: String,
    /// The way it points.
    arrow: Arrow,
    /// Whether it is a signal, and for better or worse.
    tone: Tone,
    /// The difference as a number, in the unit of the KPI; for sorting.
    change: Option<f64>,
}

impl Delta {
    /// Makes a difference: `change` unrounded, `text` as printed ("−0,33"), `against` what it is
    /// compared with ("vs Q2"), `signal` whether a test or limit says that it is more than noise.
    pub fn new(change: f64, text: impl Into<String>, against: impl Into<String>, direction: Direction, signal: bool) -> Self {
        let text = text.into();
        let printed_zero = !text.chars().any(|c| ('1'..='9').contains(&c));
        let arrow = match change {
            _ if printed_zero => Arrow::Flat,
            c if c > 0.0 => Arrow::Up,
            c if c < 0.0 => Arrow::Down,
            _ => Arrow::Flat,
        };
        let tone = match (signal, direction, arrow) {
            (true, Direction::Up, Arrow::Up) | (true, Direction::Down, Arrow::Down) => Tone::Better,
            (true, Direction::Up, Arrow::Down) | (true, Direction::Down, Arrow::Up) => Tone::Worse,
            _ => Tone::Plain,
        };
        let change = change.is_finite().then_some(change);
        Self { text, against: against.into(), arrow, tone, change }
    }

    /// Makes the mark for "nothing to compare with".
    pub fn none(against: impl Into<String>) -> Self {
        let (text, change) = ("–".into(), None);
        Self { text, against: against.into(), arrow: Arrow::None, tone: Tone::Plain, change }
    }

    /// Returns the text as printed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the way it points.
    pub fn arrow(&self) -> Arrow {
        self.arrow
    }

    /// Returns whether it may be called better or worse.
    pub fn tone(&self) -> Tone {
        self.tone
    }
}

/// What the natural limits say about the last points of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Movement {
    /// A signal, in the wanted direction.
    Better,
    /// A signal, in the unwanted direction.
    Worse,
    /// A signal, of a KPI without direction.
    Changed,
    /// Within the natural spread.
    Noise,
    /// There is no series to judge.
    Unknown,
}

/// A figure in print. Either `value` or `absent` is given.
#[derive(Debug, Clone, PartialEq, Default, Serialize, schemars::JsonSchema)]
pub struct Figure {
    /// The value without its unit: "5,10".
    pub value: Option<String>,
    /// What stands before it: "€ ", else empty.
    pub prefix: String,
    /// What stands after it: "%", " s", else empty.
    pub suffix: String,
    /// The interval or what takes its place: "± 0,08", "70–73", "telling".
    pub interval: Option<String>,
    /// What kind of interval: "95%-BI".
    pub interval_kind: Option<String>,
    /// Why there is no value: "n = 7, verborgen".
    pub absent: Option<String>,
    /// The value as a number, for sorting only.
    pub number: Option<f64>,
}

/// A status with what must be said beside its word.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct StatusMark {
    /// The status.
    pub code: Status,
    /// A short remark: "niet bewezen", when only one end of the interval lies in this band.
    pub note: Option<String>,
}

impl From<Status> for StatusMark {
    fn from(code: Status) -> Self {
        Self { code, note: None }
    }
}

/// A label with its text: a fact of the masthead, a row of a definition.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Fact {
    /// The label: "Gegevens tot en met".
    pub label: String,
    /// The text: "30 september 2025".
    pub text: String,
    /// Whether the text is code: a hash, a formula.
    pub code: bool,
}

impl Fact {
    /// Makes a fact in words.
    pub fn new(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self { label: label.into(), text: text.into(), code: false }
    }

    /// Makes a fact in code.
    pub fn code(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self { label: label.into(), text: text.into(), code: true }
    }
}

/// A place within the report.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// The row of a KPI in the table.
    Kpi(Key),
    /// The trend of a KPI.
    Trend(Key),
    /// The definition of a KPI.
    Definition(Key),
    /// Where the change of a KPI is taken apart.
    Why(Key),
    /// A section.
    Section(SectionName),
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let anchor = match self {
            Self::Kpi(key) => format!("kpi-{}", key.as_str()),
            Self::Trend(key) => format!("trend-{}", key.as_str()),
            Self::Definition(key) => format!("def-{}", key.as_str()),
            Self::Why(key) => format!("why-{}", key.as_str()),
            Self::Section(name) => name.code().to_owned(),
        };
        serializer.serialize_str(&anchor)
    }
}

impl JsonSchema for Target {
    fn schema_name() -> Cow<'static, str> {
        "Target".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "A place within the report: what stands behind the `#` of a link." })
    }
}

/// A link within the report.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Link {
    /// What it says.
    pub label: String,
    /// Where it goes.
    pub to: Target,
}

/// The sections a report can have, by the names that `report { sections … }` uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SectionName {
    /// Counts by status and at most three facts.
    Brief,
    /// What the team moves whose report it is.
    Team,
    /// Every KPI in a line.
    Summary,
    /// Cards and the table of all KPIs.
    Scorecards,
    /// The goal tree.
    Goals,
    /// Lines over time.
    Trends,
    /// What moved, taken apart.
    Why,
    /// Customer journeys.
    Journey,
    /// What drives answers.
    Drivers,
    /// What customers name, and what each reason does to a score.
    Reasons,
    /// KPIs cut by a dimension.
    Segments,
    /// Customers by the phase of their life.
    Lifecycle,
    /// What indices are made of.
    Index,
    /// Figures of others.
    Benchmarks,
    /// What it is worth.
    Money,
    /// What is paid.
    Incentives,
    /// What is done about it.
    Actions,
    /// Definitions, data quality, method.
    Definitions,
}

impl SectionName {
    /// Every section, in the order of a page.
    pub const ALL: [Self; 18] = [
        Self::Brief,
        Self::Team,
        Self::Summary,
        Self::Scorecards,
        Self::Goals,
        Self::Trends,
        Self::Why,
        Self::Journey,
        Self::Drivers,
        Self::Reasons,
        Self::Segments,
        Self::Lifecycle,
        Self::Index,
        Self::Benchmarks,
        Self::Money,
        Self::Incentives,
        Self::Actions,
        Self::Definitions,
    ];

    /// Returns the section with this name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }

    /// Returns the name as written in a project, which is also the section's `id`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Brief => "brief",
            Self::Team => "team",
            Self::Summary => "summary",
            Self::Scorecards => "scorecards",
            Self::Goals => "goals",
            Self::Trends => "trends",
            Self::Why => "why",
            Self::Journey => "journey",
            Self::Drivers => "drivers",
            Self::Reasons => "reasons",
            Self::Segments => "segments",
            Self::Lifecycle => "lifecycle",
            Self::Index => "index",
            Self::Benchmarks => "benchmarks",
            Self::Money => "money",
            Self::Incentives => "incentives",
            Self::Actions => "actions",
            Self::Definitions => "definitions",
        }
    }
}

/// A plain table: the text alternative of a chart. Each row has as many cells as there are
/// columns; its first cell is the row's heading.
#[derive(Debug, Clone, PartialEq, Default, Serialize, schemars::JsonSchema)]
pub struct DataTable {
    /// What the table shows, for readers who cannot see the chart.
    pub caption: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// A column of a [`DataTable`].
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Column {
    /// Its heading.
    pub label: String,
    /// Whether its cells are figures, and so aligned right.
    pub numeric: bool,
    /// Whether a phone has no room for it.
    pub wide: bool,
}

impl Column {
    /// Makes a column of texts.
    pub fn text(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: false, wide: false }
    }

    /// Makes a column of figures.
    pub fn number(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: true, wide: false }
    }

    /// Makes a column of figures that a phone has no room for.
    pub fn wide(label: impl Into<String>) -> Self {
        Self { wide: true, ..Self::number(label) }
    }
}
