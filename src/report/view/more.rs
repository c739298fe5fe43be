//! What else does a report say? Sections beside the core: drivers, the index, figures of others, pay, actions, and what a
//! team moves.

use serde::Serialize;

use super::Head;
use super::parts::{DataTable, Delta, Figure, Key, Movement, Status, StatusMark, Target, Tone};
use crate::report::charts::bar::BarInput;
use crate::report::charts::beside::BesideInput;
use crate::report::charts::dots::DotsInput;
use crate::report::charts::matrix::MatrixInput;
use crate::report::charts::pay::PayInput;
use crate::report::charts::spark::SparkInput;

/// Every KPI in a line: value, target, moved or not, one sentence.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Summary {
    /// The heading.
    pub head: Head,
    /// The KPIs, worst first.
    pub rows: Vec<SummaryRow>,
}

/// A KPI in a line.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct SummaryRow {
    /// Its key.
    pub key: Key,
    /// Its title.
    pub title: String,
    /// Where it is told in full in this report.
    pub to: Option<Target>,
    /// Where it is told in full in another report of the same run: "cx.html#kpi-nps".
    pub elsewhere: Option<String>,
    /// Its theme, as an index in the report's themes.
    pub theme: Option<usize>,
    /// Its figure.
    pub figure: Figure,
    /// Its target as printed; empty if it has none.
    pub target: String,
    /// Whether it moved.
    pub movement: Movement,
    /// Its status.
    pub status: StatusMark,
    /// What is to be known of it.
    pub sentence: String,
}

/// What drives answers.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Drivers {
    /// The heading.
    pub head: Head,
    /// Models of what explains an answer, two beside each other on one scale.
    pub models: Vec<DriverModel>,
    /// What customers name themselves.
    pub reasons: Vec<Reasons>,
    /// Teams that are steered on what they hardly move, a sentence or more of each.
    pub steered: Vec<String>,
}

/// What explains an answer.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct DriverModel {
    /// Its key.
    pub key: Key,
    /// Its title.
    pub title: String,
    /// Outcome, period, base, method and R².
    pub subtitle: String,
    /// The drawing; none where there is no model to draw.
    pub chart: Option<MatrixInput>,
    /// What it shows, and what must be known of it.
    pub caption: String,
    /// The same as a table.
    pub table: Option<DataTable>,
}

/// What customers name as their reason.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Reasons {
    /// Its key.
    pub key: Key,
    /// Its title.
    pub title: String,
    /// Outcome, period and base.
    pub subtitle: String,
    /// The drawing; none where nothing may be shown.
    pub chart: Option<DotsInput>,
    /// What it shows.
    pub caption: String,
    /// The same as a table, with the parts by outcome.
    pub table: Option<DataTable>,
}

/// What an index is made of.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Indices {
    /// The heading.
    pub head: Head,
    /// The indices.
    pub indices: Vec<Index>,
}

/// An index with its parts.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Index {
    /// Its key.
    pub key: Key,
    /// Its title.
    pub title: String,
    /// Period and scale.
    pub subtitle: String,
    /// The headings of the two values: the period before, and this one.
    pub periods: (String, String),
    /// The whole.
    pub whole: IndexRow,
    /// Its parts, in the order of writing.
    pub parts: Vec<IndexRow>,
    /// What it shows, and how the parts add up.
    pub caption: String,
}

/// An index, or a part of one.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct IndexRow {
    /// Its title.
    pub title: String,
    /// What the part is another scale of: "CES afspraak 5,12".
    pub of: Option<String>,
    /// Its weight: "30%"; empty for the whole.
    pub weight: String,
    /// Its value before; empty if unknown.
    pub before: String,
    /// Its value now, or why there is none.
    pub now: String,
    /// What it adds to the whole.
    pub adds: String,
    /// What its change adds to that of the whole.
    pub change: Option<Delta>,
    /// The same as a bar.
    pub bar: Option<BarInput>,
    /// Its series.
    pub spark: Option<SparkInput>,
}

/// Figures of others beside one's own.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Benchmarks {
    /// The heading.
    pub head: Head,
    /// One for each figure of others.
    pub rows: Vec<Benchmark>,
}

/// A figure of others beside one's own.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Benchmark {
    /// The key of the KPI.
    pub key: Key,
    /// "NPS na reparatie naast NPS in de branche".
    pub title: String,
    /// Period, base and source of the outside figure.
    pub subtitle: String,
    /// The drawing; none where the two cannot be compared.
    pub chart: Option<BesideInput>,
    /// Both figures with their difference, or why they are not compared.
    pub caption: String,
    /// Whether the difference is a signal.
    pub tone: Tone,
}

/// What is paid for which figures.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Incentives {
    /// The heading.
    pub head: Head,
    /// The incentives.
    pub incentives: Vec<Incentive>,
}

/// An incentive.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Incentive {
    /// Its key.
    pub key: Key,
    /// Its title.
    pub title: String,
    /// Team, period, and what is paid on.
    pub subtitle: String,
    /// The head of the values: over which period they are, as elsewhere on the page they may be over another.
    pub value_label: String,
    /// What is paid for.
    pub parts: Vec<PaidRow>,
    /// What must hold besides.
    pub conditions: Vec<PaidCondition>,
    /// What is paid in all: "38%".
    pub total: String,
    /// What is to be known of that.
    pub caption: String,
    /// What the same terms would have paid before.
    pub earlier: Option<DataTable>,
}

/// A figure that is paid for.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct PaidRow {
    /// The KPI.
    pub title: String,
    /// Its value with interval, or why there is none.
    pub value: String,
    /// The pay points in words, and what is to be known.
    pub remark: String,
    /// Its weight: "60%".
    pub weight: String,
    /// The drawing.
    pub chart: Option<PayInput>,
    /// What it earns: "0%".
    pub payout: String,
}

/// A condition of pay.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct PaidCondition {
    /// The KPI.
    pub title: String,
    /// What is asked of it: "hoogstens 45".
    pub asked: String,
    /// Its value, or why there is none.
    pub value: String,
    /// Whether it holds: on target, act, or no data where unknown.
    pub status: Status,
    /// The same in words.
    pub word: String,
}

/// What is done about it.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Actions {
    /// The heading.
    pub head: Head,
    /// The actions, those that run first.
    pub rows: Vec<ActionRow>,
}

/// An action.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ActionRow {
    /// Its title.
    pub title: String,
    /// The rows that it is for, and what it is compared with; empty for all.
    pub scope: String,
    /// What it acts on.
    pub on: String,
    /// Who does it; empty if nobody does.
    pub owner: String,
    /// From when, until when; empty where neither is known.
    pub when: String,
    /// The effects that are expected, and those that were measured.
    pub effects: Vec<Effect>,
    /// How far it is: "gepland", or that a decision on it is asked.
    pub state: String,
    /// Worse for what is overdue. What is done has not worked for that.
    pub tone: Tone,
    /// Whether a finding asks a decision on it, and it has not begun.
    pub asks: bool,
    /// A note to that.
    pub note: Option<String>,
}

/// An effect of an action.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Effect {
    /// By how much: "+4,0 pp"; empty where nothing could be measured.
    pub figure: String,
    /// Of which KPI, by when; or what was measured, and what that says.
    pub text: String,
    /// What else happened meanwhile, and how far what was measured can be trusted; empty where there is nothing to say.
    pub notes: String,
    /// Whether it was measured, and not only expected.
    pub measured: bool,
    /// Better where it was shown, and half of what was expected or more; worse where it moved the other way.
    pub tone: Tone,
}

/// What a team moves.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Team {
    /// The heading.
    pub head: Head,
    /// The goals, its own first, then those that it moves through others.
    pub goals: Vec<MovedGoal>,
    /// What its questions hold of what explains an answer, and what it does not reach.
    pub notes: Vec<String>,
}

/// A goal that a team moves.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct MovedGoal {
    /// Its title.
    pub title: String,
    /// Whose it is; empty if nobody's.
    pub owner: String,
    /// Whether it is the team's own.
    pub own: bool,
    /// By what the team moves it.
    pub through: String,
    /// Its theme, as an index in the report's themes.
    pub theme: Option<usize>,
    /// Its status.
    pub status: StatusMark,
}
