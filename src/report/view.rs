//! What does a report say? The complete context of the templates, already chosen, sorted, worded
//! and formatted by whoever fills it; the templates do no arithmetic and the charts only scale.
//!
//! Texts are plain text in the report's language, never HTML. Numbers that a chart needs are `f64`
//! in the chart's own input. What is absent is `None` or an empty list, and is then left out of
//! the page or said in words, never printed as 0.

pub mod more;
pub mod parts;
pub mod why;
pub mod worth;

use std::collections::BTreeMap;

use serde::Serialize;

use super::charts::bullet::BulletInput;
use super::charts::columns::ColumnsInput;
use super::charts::dots::DotsInput;
use super::charts::goal_tree::GoalTreeInput;
use super::charts::journey::ExperienceInput;
use super::charts::multiples::MultiplesInput;
use super::charts::spark::SparkInput;
use super::charts::trend::TrendInput;
use super::colour::Colour;
use crate::words::Lang;
pub use parts::{
    Arrow, Column, DataTable, Delta, Direction, Fact, Figure, Key, Link, Movement, SectionName, Status, StatusMark, Target, Tone,
};

/// A whole report.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ReportView {
    /// The language of the fixed texts, and of `lang` in the page. All other texts must be in it.
    #[schemars(with = "String")]
    pub lang: Lang,
    /// Whose report it is: the project's title.
    pub organisation: String,
    /// The line above the title: "CX-rapport · 3e kwartaal 2025 · directie".
    pub kicker: String,
    /// The title: the report's own, or a sentence that says the main thing.
    pub title: String,
    /// One or two generated sentences of fact. Never a cause that nobody wrote down.
    pub lead: String,
    /// The facts of the masthead, in order: period, data through, definitions hash, data quality.
    pub facts: Vec<Fact>,
    /// A remark that must be seen first: "Cijfers zijn fictief." Shown as a band.
    pub notice: Option<String>,
    /// The other reports of the same run.
    pub others: Vec<OtherReport>,
    /// The themes, in order of declaration. Other parts point at them by index.
    pub themes: Vec<Theme>,
    /// The sections, in the order of the page. Each kind at most once.
    pub sections: Vec<Section>,
    /// Sentences at the foot: how the file was made, fingerprint of the definitions that it uses.
    pub footer: Vec<String>,
    /// What stands at every section, so that a picture of it tells too: "Fictieve cijfers".
    pub mark: Option<String>,
    /// Each KPI of the report by its name, whether a section shows it or not: for the templates of a project.
    #[serde(skip)]
    pub kpis: BTreeMap<String, Card>,
}

/// Another report of the same run.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct OtherReport {
    /// Its title.
    pub title: String,
    /// Its file, beside this one: "cx.html".
    pub file: String,
    /// Its language.
    #[schemars(with = "String")]
    pub lang: Lang,
}

/// A theme: a colour with a meaning. Colour is never a status.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Theme {
    /// Its label.
    pub label: String,
    /// Its colour.
    pub colour: Colour,
}

/// One section of the page; its kind is also its `id`.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Section {
    /// Counts by status and at most three facts.
    Brief(Brief),
    /// What the team moves whose report it is.
    Team(more::Team),
    /// Every KPI in a line.
    Summary(more::Summary),
    /// Cards and the table of all KPIs.
    Scorecards(Scorecards),
    /// The goal tree.
    Goals(Goals),
    /// Lines over time.
    Trends(Trends),
    /// What moved, taken apart.
    Why(why::Whys),
    /// Customer journeys.
    Journey(Journeys),
    /// What drives answers.
    Drivers(more::Drivers),
    /// What customers name, and what each reason does to a score.
    Reasons(worth::ReasonTables),
    /// KPIs cut by a dimension.
    Segments(Segments),
    /// Customers by the phase of their life.
    Lifecycle(worth::Lifecycles),
    /// What indices are made of.
    Index(more::Indices),
    /// Figures of others.
    Benchmarks(more::Benchmarks),
    /// What it is worth.
    Money(worth::Money),
    /// What is paid.
    Incentives(more::Incentives),
    /// What is done about it.
    Actions(more::Actions),
    /// Definitions, data quality, method.
    Definitions(Definitions),
}

impl Section {
    /// Returns its name.
    pub fn name(&self) -> SectionName {
        match self {
            Self::Brief(_) => SectionName::Brief,
            Self::Team(_) => SectionName::Team,
            Self::Summary(_) => SectionName::Summary,
            Self::Scorecards(_) => SectionName::Scorecards,
            Self::Goals(_) => SectionName::Goals,
            Self::Trends(_) => SectionName::Trends,
            Self::Why(_) => SectionName::Why,
            Self::Journey(_) => SectionName::Journey,
            Self::Drivers(_) => SectionName::Drivers,
            Self::Reasons(_) => SectionName::Reasons,
            Self::Segments(_) => SectionName::Segments,
            Self::Lifecycle(_) => SectionName::Lifecycle,
            Self::Index(_) => SectionName::Index,
            Self::Benchmarks(_) => SectionName::Benchmarks,
            Self::Money(_) => SectionName::Money,
            Self::Incentives(_) => SectionName::Incentives,
            Self::Actions(_) => SectionName::Actions,
            Self::Definitions(_) => SectionName::Definitions,
        }
    }
}

/// The heading of a section. The section's own name stands before it as its topic.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Head {
    /// The message: "Twee kengetallen vragen nu actie".
    pub heading: String,
    /// One or two sentences that go on with the message, or say why there is nothing to tell.
    pub dek: Option<String>,
    /// How to read what the section shows; it stands below that.
    pub how: Option<String>,
}

impl Head {
    /// A heading with what goes on with it.
    pub fn new(heading: String, dek: Option<String>) -> Head {
        Head { heading, dek, how: None }
    }

    /// The same with how to read what follows.
    #[must_use]
    pub fn with_how(self, how: Option<String>) -> Head {
        Head { how, ..self }
    }
}

/// In brief.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Brief {
    /// The heading.
    pub head: Head,
    /// How many KPIs have each status, in the order of [`Status::ALL`]; zeroes left out.
    pub counts: Vec<StatusCount>,
    /// What must be known, at most three; the first is set largest.
    pub findings: Vec<Finding>,
    /// What people make of the figures, and which decision they ask.
    pub decisions: Vec<Decision>,
}

/// A signed finding, with the decision that it asks for.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Decision {
    /// The decision that it asks for; of one that asks none its title.
    pub title: String,
    /// Its text with the figures put in, after its title where that is not above; empty where it has lapsed, and where the
    /// page opens with it.
    pub text: String,
    /// What customers said.
    pub quotes: Vec<String>,
    /// What is proposed: actions that follow from it and have not begun, with what is expected of them.
    pub proposals: Vec<String>,
    /// Who signed it, and when.
    pub signed: String,
    /// Why it may no longer hold.
    pub state: Option<String>,
    /// Where to read on.
    pub link: Option<Link>,
}

/// The number of KPIs with one status.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct StatusCount {
    /// The status.
    pub code: Status,
    /// How many; the width of its part of the bar.
    pub count: u32,
}

/// One generated fact.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Finding {
    /// The figure it is about, as printed: "−0,33". May be empty.
    pub figure: String,
    /// Whether that figure is a signal for better or worse.
    pub tone: Tone,
    /// The fact in one clause.
    pub heading: String,
    /// The fact with its figures, in one or two sentences.
    pub text: String,
    /// Where to read on.
    pub link: Option<Link>,
    /// Where to read on in another report of the run, where this one does not tell more: its file and place.
    pub elsewhere: Option<String>,
}

/// Cards and the table of KPIs.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Scorecards {
    /// The heading.
    pub head: Head,
    /// At most four, the KPIs that this audience asked for first.
    pub cards: Vec<Card>,
    /// Whether the legend of bullets and sparklines mentions a previous year (grey triangle).
    pub shows_previous: bool,
    /// Headings of the columns of differences: "Δ Q2", "Δ vorig jaar". At most two.
    pub comparisons: Vec<String>,
    /// All KPIs, worst first; what cannot be judged last.
    pub rows: Vec<KpiRow>,
}

/// A KPI as a card.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Card {
    /// Its key.
    pub key: Key,
    /// Its title.
    pub title: String,
    /// Its theme, as an index in [`ReportView::themes`].
    pub theme: Option<usize>,
    /// Its status.
    pub status: StatusMark,
    /// Its figure.
    pub figure: Figure,
    /// Its target as printed: "80 %".
    pub target: Option<String>,
    /// Its differences, at most two.
    pub deltas: Vec<Delta>,
    /// Its series.
    pub spark: Option<SparkInput>,
    /// Its place between its norms.
    pub bullet: Option<BulletInput>,
    /// How the answers behind it are spread.
    pub answers: Option<ColumnsInput>,
    /// Of an index its parts, each with its figure.
    pub parts: Vec<CardPart>,
    /// Why answers or parts are not there, where there would be some.
    pub instead: Option<String>,
    /// Signal or noise, in one sentence.
    pub sentence: String,
    /// Whether that sentence tells of a signal, and so stands in ink.
    pub signal: bool,
    /// Owner and base: "Klantenservice · n = 1.412".
    pub foot: String,
}

/// A part of an index, on its card.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct CardPart {
    /// What it is called.
    pub label: String,
    /// Its figure.
    pub value: String,
}

/// A KPI as a row.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct KpiRow {
    /// Its key.
    pub key: Key,
    /// Its title.
    pub title: String,
    /// Owner, scale, direction where lower is better: "Klantenservice · s · lager is beter".
    pub meta: String,
    /// Its theme, as an index in [`ReportView::themes`].
    pub theme: Option<usize>,
    /// Its status.
    pub status: StatusMark,
    /// Its figure.
    pub figure: Figure,
    /// Its series.
    pub spark: Option<SparkInput>,
    /// Its place between its norms.
    pub bullet: Option<BulletInput>,
    /// How the answers behind it are spread.
    pub answers: Option<ColumnsInput>,
    /// One for each of [`Scorecards::comparisons`].
    pub deltas: Vec<Delta>,
    /// What its natural limits say.
    pub movement: Movement,
    /// What must be known beside that: "elk deel naar plaats steeg".
    pub remark: Option<String>,
}

/// The goal tree.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Goals {
    /// The heading.
    pub head: Head,
    /// The drawing.
    pub tree: GoalTreeInput,
    /// The statuses that it shows, worst first.
    pub statuses: Vec<Status>,
    /// The same as nested lists, which are also the layout of a phone.
    pub outline: Vec<OutlineGroup>,
    /// Names the critical path and what is missing in the tree, in sentences.
    pub caption: String,
}

/// One list of goals.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct OutlineGroup {
    /// "Bedrijfsdoelen", "Enablers", "Klantdoelen".
    pub heading: String,
    /// Its goals.
    pub items: Vec<Outline>,
}

/// A goal or enabler in a list.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Outline {
    /// Its title.
    pub title: String,
    /// Its status; none for an enabler without KPI.
    pub status: Option<StatusMark>,
    /// Its theme, as an index in [`ReportView::themes`].
    pub theme: Option<usize>,
    /// Its KPIs with their figures; of an enabler first how far it is.
    pub lines: Vec<OutlineLine>,
    /// What it is tied to, or that it is tied to nothing: "Enablers: Bereikbaarheid".
    pub note: Option<String>,
    /// Whether it lies on the critical path.
    pub critical: bool,
    /// The goals that are part of it.
    pub children: Vec<Outline>,
}

/// A KPI in a list of goals.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct OutlineLine {
    /// Its status; none for what is no KPI.
    pub status: Option<Status>,
    /// Its title and figure: "CES afspraak: 5,10".
    pub text: String,
}

/// Lines over time.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Trends {
    /// The heading.
    pub head: Head,
    /// The charts.
    pub trends: Vec<Trend>,
    /// The events that the numbered flags stand for, in order of number.
    pub events: Vec<EventNote>,
    /// How many charts are seen at once; the others are folded away.
    pub open: usize,
    /// What opens the others; empty where there are none.
    pub more: String,
}

/// One line over time.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Trend {
    /// The KPI's key.
    pub key: Key,
    /// The message: "CES afspraak: door de ondergrens".
    pub title: String,
    /// What is drawn: "Gemiddelde 1–7, per maand, okt 2023 – sep 2025".
    pub subtitle: String,
    /// The drawing.
    pub chart: TrendInput,
    /// What it shows, in sentences.
    pub caption: String,
    /// The same as a table.
    pub table: DataTable,
}

/// What a numbered flag stands for.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct EventNote {
    /// The number on the flag.
    pub number: u32,
    /// When and what: "Juni 2025: nieuwe planningssoftware".
    pub text: String,
}

/// Customer journeys.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Journeys {
    /// The heading.
    pub head: Head,
    /// The journeys.
    pub journeys: Vec<Journey>,
}

/// One journey.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Journey {
    /// Its key.
    pub key: Key,
    /// Its title.
    pub title: String,
    /// The line above the stages; only when their primary KPIs share unit and range.
    pub experience: Option<ExperienceInput>,
    /// What that line shows: "Beleving per fase, rapportcijfer 1–10".
    pub experience_caption: String,
    /// Its stages, in order.
    pub stages: Vec<Stage>,
    /// What was left out or must be known.
    pub note: Option<String>,
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Stage {
    /// Its title.
    pub title: String,
    /// The worst status of what customers experience in it; process figures do not count.
    pub status: Status,
    /// Whether one of its touchpoints is a moment of truth.
    pub moment_of_truth: bool,
    /// What customers say, by touchpoint; of many the moments of truth and the worst.
    pub tiles: Vec<Tile>,
    /// The others, which are folded away.
    pub more: Vec<Tile>,
    /// "Nog twee kengetallen": how many those are.
    pub more_label: String,
    /// What the process says (diagnostic KPIs).
    pub process: Vec<Measure>,
    /// Who owns it, or the journey; empty if nobody does.
    pub owner: String,
}

/// What customers say at a touchpoint.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Tile {
    /// The touchpoint or its channel: "Telefoon".
    pub title: String,
    /// The KPI in short, with its scale: "CES 1–7".
    pub metric: String,
    /// The value with unit, or why there is none.
    pub value: String,
    /// Its target: "doel 5,6".
    pub target: Option<String>,
    /// Its base: "n = 1.412"; empty if unknown.
    pub base: String,
    /// Its status.
    pub status: Status,
    /// Whether this touchpoint is a moment of truth.
    pub moment_of_truth: bool,
    /// Whether the line above the stages is drawn of this figure.
    pub on_line: bool,
    /// Whether its status is not proven: a norm lies within its interval.
    pub unproven: bool,
    /// Where to read on.
    pub to: Option<Target>,
}

/// A process figure of a stage.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Measure {
    /// The KPI: "Wachttijd P80".
    pub title: String,
    /// The value with unit, or why there is none.
    pub value: String,
    /// Its status.
    pub status: Status,
}

/// KPIs cut by a dimension.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Segments {
    /// The heading.
    pub head: Head,
    /// One for each KPI and dimension.
    pub panels: Vec<SegmentPanel>,
    /// How many of them are seen at once.
    pub open: usize,
    /// "Nog twee uitsplitsingen": how many others are folded away; empty where none is.
    pub more: String,
}

/// One KPI cut by one dimension.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct SegmentPanel {
    /// The key of KPI and dimension together.
    pub key: Key,
    /// "CES afspraak per opdrachtgever".
    pub title: String,
    /// Period and marks: "3e kwartaal 2025 met 95%-BI".
    pub subtitle: String,
    /// The drawing.
    pub chart: DotsInput,
    /// What was hidden and why, or which differences are signals.
    pub note: Option<String>,
    /// The same as a table.
    pub table: DataTable,
    /// How each value moved: of the first panel of the section.
    pub over_time: Option<OverTime>,
}

/// How each value of a dimension moved.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct OverTime {
    /// The drawing.
    pub chart: MultiplesInput,
    /// Which periods, which scale, which lines.
    pub caption: String,
    /// The same as a table.
    pub table: DataTable,
}

/// The appendix.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Definitions {
    /// The heading.
    pub head: Head,
    /// One for each KPI in the report.
    pub definitions: Vec<Definition>,
    /// The formulas of what the page names besides: figures of a journey, of goals and of others.
    pub named: Vec<Fact>,
    /// The sources.
    pub quality: Option<Quality>,
    /// How figures were made: intervals, limits, privacy, roll-up.
    pub method: Vec<Fact>,
}

/// The definition of a KPI.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Definition {
    /// Its key.
    pub key: Key,
    /// Its title.
    pub title: String,
    /// Owner, last change: "eigenaar Klantenservice · gewijzigd 1 apr 2024".
    pub summary: String,
    /// Question, formula, source, norms, n, what was left out, goals served.
    pub facts: Vec<Fact>,
    /// The definition in its canonical form.
    pub text: Option<String>,
}

/// The quality of the data.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Quality {
    /// Headings, the first that of the source; the state of the check follows of itself.
    pub columns: Vec<Column>,
    /// The sources.
    pub rows: Vec<QualityRow>,
    /// Sentences on what is missing and what that does.
    pub note: Option<String>,
}

/// The quality of one source.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct QualityRow {
    /// One cell for each column.
    pub cells: Vec<String>,
    /// What the source is: "transactionele enquête".
    pub kind: String,
    /// The state, drawn as a status: `on_target` complete, `watch` partly, `act` broken,
    /// `no_data` nothing.
    pub state: Status,
    /// The state in words: "Volledig".
    pub text: String,
    /// What is to be said besides: "norm: hooguit 3 dagen oud".
    pub remarks: Vec<String>,
}
