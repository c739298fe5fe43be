//! What does the project say, with every name resolved? Plain data: ids instead of names, trees instead of texts.

use super::action::Action;
use super::assumption::Assumption;
use super::benchmark::Benchmark;
use super::composed::Composed;
use super::customers::Customers;
use super::drivers::Drivers;
use super::evidence::{Claim, Lead};
use super::finding::Finding;
use super::incentive::Incentive;
use super::row::RowExpr;
use crate::calendar::{Calendar, Date, Grain, Length, Period};
use crate::source::{FileId, Span, Spanned};
use crate::value::{Code, Direction, Num, Severity, Unit};
use crate::words::Lang;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

macro_rules! ids {
    ($($name:ident $doc:literal;)*) => {
        $(
            #[doc = $doc]
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(pub u32);

            impl $name {
                /// The place in the model's list.
                pub fn index(self) -> usize {
                    self.0 as usize
                }
            }
        )*
    };
}

ids! {
    SourceId "A source, by its place in the model.";
    DimensionId "A dimension, by its place in the model.";
    KpiId "A KPI, by its place in the model.";
    GoalId "A goal, by its place in the model.";
    EnablerId "An enabler, by its place in the model.";
    TouchpointId "A touchpoint, by its place in the model.";
    JourneyId "A journey, by its place in the model.";
    DriversId "A driver model, by its place in the model.";
    FindingId "A finding, by its place in the model.";
    ActionId "An action, by its place in the model.";
    AssumptionId "An assumption, by its place in the model.";
    TeamId "A team, by its place in the project.";
    ThemeId "A theme, by its place in the project.";
}

/// Text for people, plain or by language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pub plain: Option<String>,
    pub nl: Option<String>,
    pub en: Option<String>,
}

impl Text {
    /// A text that is the same in every language.
    pub fn plain(text: impl Into<String>) -> Text {
        Text { plain: Some(text.into()), ..Text::default() }
    }

    /// The text in a language, else in whatever there is.
    pub fn get(&self, lang: Lang) -> Option<&str> {
        let (first, second) = match lang {
            Lang::Nl => (&self.nl, &self.en),
            Lang::En => (&self.en, &self.nl),
        };
        first.as_deref().or(self.plain.as_deref()).or(second.as_deref())
    }
}

/// A project, resolved.
#[derive(Clone, Debug, Default)]
pub struct Model {
    pub project: Project,
    pub sources: Vec<Source>,
    pub dimensions: Vec<Dimension>,
    pub kpis: Vec<Arc<Kpi>>,
    pub goals: Vec<Goal>,
    pub enablers: Vec<Enabler>,
    pub touchpoints: Vec<Touchpoint>,
    pub journeys: Vec<Journey>,
    pub events: Vec<Event>,
    pub reports: Vec<Report>,
    pub drivers: Vec<Drivers>,
    pub findings: Vec<Finding>,
    pub actions: Vec<Action>,
    /// The projects that this one uses, and what files are theirs.
    pub libraries: Libraries,
    pub assumptions: Vec<Assumption>,
    pub benchmarks: Vec<Benchmark>,
    pub incentives: Vec<Incentive>,
    pub tests: Vec<super::Test>,
    /// Whether items could not be read: what nothing seems to use may be used there.
    pub lost: bool,
    /// The texts that values of rows are compared with, where nothing declares which values there are.
    pub compared: Vec<Compared>,
    /// Severities that items set for lints, by item: `kpi:nps`.
    pub item_lints: BTreeMap<String, Vec<LintSetting>>,
    /// Severities that files set for lints about what stands in them.
    pub file_lints: BTreeMap<FileId, Vec<LintSetting>>,
}

impl Model {
    /// Whether what measures goals, and what joins them, is known: nothing that could say so is broken or was lost.
    pub fn knows_goals(&self) -> bool {
        !self.lost && !self.goals.iter().any(|it| it.broken) && !self.enablers.iter().any(|it| it.broken)
    }

    /// How many people must be behind a figure of a KPI for it to be shown.
    pub fn minimum_base(&self, kpi: KpiId) -> u64 {
        u64::from(self.kpis[kpi.index()].minimum_base.unwrap_or(0).max(self.project.minimum_base))
    }

    /// The names of KPIs, for a message.
    pub fn kpi_names(&self, kpis: impl Iterator<Item = KpiId>) -> String {
        kpis.map(|it| format!("`{}`", self.kpis[it.index()].name)).collect::<Vec<_>>().join(", ")
    }
}

/// A text in a condition, that values of rows are compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    pub span: Span,
    pub with: Compares,
    pub text: String,
}

/// Whose values a text is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compares {
    /// A column, of the source that it stands in.
    Column(SourceId, usize),
    Dimension(DimensionId),
}

/// The projects that a project uses (R10).
#[derive(Clone, Debug, Default)]
pub struct Libraries {
    pub list: Vec<Library>,
    files: FileHomes,
}

/// What holds in a project that this one uses.
#[derive(Clone, Debug)]
pub struct Library {
    /// What its names begin with: `group`.
    pub prefix: String,
    /// Its folder from the root of the user's project; empty for one that comes with the program.
    pub folder: String,
    pub currency: Option<String>,
    /// Below this base nothing is shown of its sources.
    pub minimum_base: u32,
    pub lints: Vec<LintSetting>,
}

/// Which project each file belongs to. Files stand in diagnostics only, so this is no part of what a model says.
#[derive(Clone, Default)]
struct FileHomes(HashMap<FileId, usize>);

impl std::fmt::Debug for FileHomes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("_")
    }
}

impl Libraries {
    /// Adds a library with its files.
    pub fn add(&mut self, library: Library, files: impl IntoIterator<Item = FileId>) {
        self.files.0.extend(files.into_iter().map(|it| (it, self.list.len())));
        self.list.push(library);
    }

    /// The library that a place lies in; `None` in the user's own files.
    pub fn at(&self, span: Span) -> Option<&Library> {
        self.files.0.get(&span.file).map(|it| &self.list[*it])
    }
}

/// The severity that somebody sets for a lint.
#[derive(Clone, Debug)]
pub struct LintSetting {
    pub code: Code,
    pub severity: Severity,
}

/// What holds for the project as a whole.
#[derive(Clone, Debug)]
pub struct Project {
    pub span: Option<Span>,
    pub title: Text,
    pub description: Text,
    pub language: Lang,
    pub currency: Option<String>,
    /// The country that customers are in, by its code.
    pub country: Option<String>,
    pub calendar: Calendar,
    /// Confidence of intervals, a fraction.
    pub confidence: f64,
    /// The grain that was said; R17 tells what holds without.
    pub grain: Option<Grain>,
    /// Below this base nothing is shown (R22).
    pub minimum_base: u32,
    /// Below this base a figure is marked (R22).
    pub indicative_base: u32,
    pub teams: Vec<Team>,
    pub themes: Vec<Theme>,
    pub lints: Vec<LintSetting>,
    /// The folder that reports go to.
    pub reports: String,
    /// The style sheet of its reports, in the folder `templates`.
    pub style: Option<Spanned<String>>,
    /// Their logo, in the same folder.
    pub logo: Option<Spanned<String>>,
}

impl Default for Project {
    fn default() -> Project {
        Project {
            span: None,
            title: Text::default(),
            description: Text::default(),
            language: Lang::En,
            currency: None,
            country: None,
            calendar: Calendar::default(),
            confidence: 0.95,
            grain: None,
            minimum_base: 10,
            indicative_base: 30,
            teams: Vec::new(),
            themes: Vec::new(),
            lints: Vec::new(),
            reports: "out".to_owned(),
            style: None,
            logo: None,
        }
    }
}

/// Who owns, receives or has a stake.
#[derive(Clone, Debug)]
pub struct Team {
    pub name: String,
    pub title: Text,
}

/// A common theme of goals and KPIs.
#[derive(Clone, Debug)]
pub struct Theme {
    pub name: String,
    pub span: Span,
    pub title: Text,
    pub color: Option<String>,
}

/// What a row of a source is (R7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Something happened at a time.
    Events,
    /// The state of a key at a time.
    Snapshot,
    /// Something that holds from a day until another.
    Spans,
}

/// The kinds of surveys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SurveyKind {
    Relational,
    Transactional,
    InTheMoment,
}

impl SurveyKind {
    /// The kind of a name, in either spelling.
    pub fn from_name(name: &str) -> Option<SurveyKind> {
        match name {
            "relational" => Some(SurveyKind::Relational),
            "transactional" => Some(SurveyKind::Transactional),
            "in the moment" | "in_the_moment" => Some(SurveyKind::InTheMoment),
            _ => None,
        }
    }

    /// Its name, as it is written.
    pub fn name(self) -> &'static str {
        match self {
            SurveyKind::Relational => "relational",
            SurveyKind::Transactional => "transactional",
            SurveyKind::InTheMoment => "in the moment",
        }
    }
}

/// Data.
#[derive(Clone, Debug)]
pub struct Source {
    pub name: String,
    pub span: Span,
    pub title: Text,
    /// The folder of the library that declares it; empty for the user's own.
    pub folder: String,
    pub files: Vec<DataFiles>,
    pub rows: Rows,
    /// The column that tells when; of spans, when they start.
    pub time: Option<usize>,
    /// Of spans: the column that tells the first day on which they no longer hold.
    pub ends: Option<usize>,
    /// The days that the data cover, half-open, where rows alone do not tell.
    pub covers: (Option<Date>, Option<Date>),
    pub key: Vec<usize>,
    pub customer: Option<usize>,
    pub weight: Option<usize>,
    pub cluster: Option<usize>,
    /// How its weights are made, where they are.
    pub weighting: Option<super::Weighting>,
    pub survey: Option<SurveyKind>,
    pub population: Text,
    pub cadence: Option<Grain>,
    /// Of a survey: the KPI, or part of one, that tells which share of those invited answered.
    pub invited: Option<KpiRef>,
    /// How old its newest row may be when somebody looks at it.
    pub freshness: Option<Length>,
    pub keep_where: Option<RowExpr>,
    pub on_duplicate: Option<Keep>,
    pub columns: Vec<Column>,
    pub references: Vec<Reference>,
    pub complete: bool,
    pub no_persons: bool,
    pub fictional: bool,
    /// Whether its data are yet to come: nothing is known of it, and that is no error (R27).
    pub planned: bool,
    pub format: Format,
    /// Whether something in it was broken, and reported: what it lacks may be that.
    pub broken: bool,
}

impl Source {
    /// The column with this name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|it| it.name == name)
    }

    /// The first and the last day that the data cover, of those that rows tell of.
    pub fn covered(&self, first: Option<Date>, last: Option<Date>) -> (Option<Date>, Option<Date>) {
        let (from, until) = self.covers;
        (first.and(from).or(first), last.and(until.and_then(|it| it.plus_days(-1))).or(last))
    }

    /// Whether its newest row is young enough on a day; a source that does not say how old that may be is.
    pub fn is_fresh(&self, last: Date, on: Date) -> bool {
        self.freshness.and_then(|it| it.before(on)).is_none_or(|oldest| last >= oldest)
    }

    /// The grain that the constants of the files tell, where time is such a constant.
    pub fn constant_grain(&self) -> Option<Grain> {
        let time = &self.columns.get(self.time?)?.name;
        let periods = self.files.iter().map(|file| {
            let (_, value) = file.constants.iter().find(|(name, _)| name == time)?;
            Period::parse(value)
        });
        periods.map(|it| it.map(Period::grain)).reduce(|a, b| match (a, b) {
            (Some(a), Some(b)) => Some(if a.is_coarser_than(b) { a } else { b }),
            _ => None,
        })?
    }
}

/// Which of the rows with one key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    First,
    Last,
}

/// A file or pattern, with the constants that hold for its rows.
#[derive(Clone, Debug)]
pub struct DataFiles {
    pub pattern: String,
    pub span: Span,
    pub constants: Vec<(String, String)>,
}

/// How files of text are read.
#[derive(Clone, Debug)]
pub struct Format {
    /// Rows above the data; names stand in the first.
    pub header: usize,
    pub delimiter: u8,
    pub encoding: Option<String>,
    pub decimal: u8,
    pub dates: Option<String>,
}

impl Default for Format {
    fn default() -> Format {
        Format { header: 1, delimiter: b',', encoding: None, decimal: b'.', dates: None }
    }
}

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    Number,
    Text,
    Date,
    /// Several texts.
    Several,
}

/// An answer scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    pub low: f64,
    pub high: f64,
    /// Whether the high end is the good one.
    pub best_high: bool,
    /// Whether `best` was written; without it the high end is taken to be the good one.
    pub best_said: bool,
}

/// A declared column.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    pub span: Span,
    pub title: Text,
    /// The headers it may have; the first one present is read.
    pub headers: Vec<String>,
    /// How it was declared to be used, or is used; `None` until something uses it.
    pub of: Option<ColumnType>,
    /// Where that was settled.
    pub settled: Span,
    pub scale: Option<Scale>,
    pub labels: Vec<(String, Text)>,
    pub blank: Vec<String>,
    pub not_applicable: Vec<String>,
    pub several: Option<Several>,
    pub recode: Vec<(String, Vec<(String, String)>)>,
    pub computed: Option<RowExpr>,
    pub unit: Option<Unit>,
    /// What values are multiplied by: 60 for a column in minutes.
    pub factor: Option<Num>,
    pub decimals: Option<u8>,
    pub dates: Option<String>,
    pub decimal: Option<u8>,
    /// Whether files give it as a constant.
    pub constant: bool,
    /// Whether its scale was broken, and reported.
    pub broken: bool,
}

/// How several answers stand in the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Several {
    /// One answer a column.
    Headers(Vec<String>),
    /// Answers in one column, separated.
    Split(String),
}

/// A look-up: many rows here, one row there.
#[derive(Clone, Debug)]
pub struct Reference {
    pub name: String,
    pub span: Span,
    pub to: SourceId,
    pub by: usize,
}

/// A way to cut.
#[derive(Clone, Debug)]
pub struct Dimension {
    pub name: String,
    pub span: Span,
    pub title: Text,
    /// One expression for each source that has it.
    pub from: Vec<(SourceId, RowExpr)>,
    /// Declared values with labels, in order.
    pub values: Vec<(String, Text)>,
    pub other: Option<Text>,
    pub within: Option<DimensionId>,
    /// The source of customers whose phases of life its values are.
    pub lifecycle: Option<Spanned<SourceId>>,
    /// Whether something in it was broken, and reported: what it lacks may be that.
    pub broken: bool,
}

/// A KPI.
#[derive(Clone, Debug)]
pub struct Kpi {
    pub name: String,
    pub span: Span,
    pub title: Text,
    pub description: Text,
    pub purpose: Text,
    /// `None` when it could not be resolved, or is a pattern.
    pub formula: Option<KpiExpr>,
    /// Whether something in it was broken, and reported.
    pub broken: bool,
    pub pattern: bool,
    /// Whether it is yet to be measured: it may lack a formula, and has no figure (R27).
    pub planned: bool,
    pub like: Option<KpiId>,
    /// What it takes over by `like`, each key with the KPI that says it.
    pub taken: Vec<(String, KpiId)>,
    /// Settled by the checker, from the formula and what is written.
    pub unit: Option<Unit>,
    /// What the KPI says of its unit: `%`, `EUR`, `per 1,000`.
    pub written_unit: Option<Spanned<String>>,
    pub direction: Option<Direction>,
    pub indicator: Indicator,
    pub owner: Option<TeamId>,
    /// Whether an owner was named, known or not.
    pub owner_said: bool,
    pub theme: Option<ThemeId>,
    pub norms: Vec<Norms>,
    pub judged_per: Option<Grain>,
    pub influenceable: Option<bool>,
    pub minimum_base: Option<u32>,
    pub cuts: Vec<DimensionId>,
    pub tags: Vec<String>,
    pub changed: Option<Changed>,
    /// The KPIs that follow it, by what is claimed (R25).
    pub leads: Vec<Lead>,
    /// Decimals to show.
    pub decimals: Option<u8>,
}

impl Kpi {
    /// A figure of which nothing is said but its formula.
    pub fn of(formula: KpiExpr) -> Kpi {
        Kpi {
            name: String::new(),
            span: formula.span,
            title: Text::default(),
            description: Text::default(),
            purpose: Text::default(),
            unit: Some(formula.unit.clone()),
            formula: Some(formula),
            broken: false,
            pattern: false,
            planned: false,
            like: None,
            taken: Vec::new(),
            written_unit: None,
            direction: None,
            indicator: Indicator::default(),
            owner: None,
            owner_said: false,
            theme: None,
            norms: Vec::new(),
            judged_per: None,
            influenceable: None,
            minimum_base: None,
            cuts: Vec::new(),
            tags: Vec::new(),
            changed: None,
            leads: Vec::new(),
            decimals: None,
        }
    }
}

/// What a KPI indicates of the experience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Indicator {
    #[default]
    Direct,
    Cause,
    Effect,
    Context,
}

/// A declared change of definition.
#[derive(Clone, Debug)]
pub struct Changed {
    pub on: Date,
    pub reason: String,
    pub comparable: bool,
}

/// What is good (R16).
#[derive(Clone, Debug)]
pub struct Norms {
    pub span: Span,
    pub worst: Option<NormValue>,
    pub threshold: Option<NormValue>,
    pub target: Option<NormValue>,
    pub from: Option<Date>,
    /// The first day on which they no longer hold.
    pub until: Option<Date>,
    pub filter: Option<RowExpr>,
    /// Whether its days could not be read, which was reported.
    pub broken: bool,
}

impl Norms {
    /// Whether it says what is good of a total in a period (R17): of a part of that total it says nothing.
    pub fn is_of_total(&self) -> bool {
        [&self.worst, &self.threshold, &self.target].into_iter().flatten().any(|it| it.per.is_some())
    }
}

/// One norm: a value, or a line in time.
#[derive(Clone, Debug)]
pub struct NormValue {
    pub span: Span,
    /// In the unit of the KPI, once the checker has settled it.
    pub value: f64,
    /// As it was written.
    pub written: String,
    /// The unit that was written: `%`, `EUR`, `min`.
    pub unit: Option<String>,
    /// When a target is due: judged against `value` in every period all the same.
    pub by: Option<Period>,
    /// A line: from `value` on this day to that value on that day.
    pub line: Option<(Date, f64, Date)>,
    /// The period that a norm on a total is for.
    pub per: Option<Grain>,
}

impl NormValue {
    /// Whether only a number was written.
    pub fn is_plain(&self) -> bool {
        self.unit.is_none() && self.by.is_none() && self.line.is_none() && self.per.is_none()
    }

    /// The norm on a day.
    pub fn at(&self, day: Date) -> f64 {
        let Some((from, to_value, to)) = self.line else { return self.value };
        let length = f64::from(to.days() - from.days()).max(1.0);
        let part = (f64::from(day.days() - from.days()) / length).clamp(0.0, 1.0);
        self.value + (to_value - self.value) * part
    }
}

/// A formula over KPIs, with its unit.
#[derive(Clone, Debug)]
pub struct KpiExpr {
    pub span: Span,
    pub unit: Unit,
    pub kind: KpiKind,
}

/// The kinds of KPI expressions.
#[derive(Clone, Debug)]
pub enum KpiKind {
    Number(f64),
    /// A function over rows; shared by models of which one is the other opened again.
    Aggregate(Arc<Aggregate>),
    /// Another KPI, or a part of one.
    Kpi {
        kpi: KpiId,
        part: Option<RowExpr>,
    },
    /// An assumption; of one by dimension, perhaps what it is for this value.
    Assumption {
        assumption: AssumptionId,
        value: Option<String>,
    },
    Negate(Box<KpiExpr>),
    Binary {
        operator: Arithmetic,
        left: Box<KpiExpr>,
        right: Box<KpiExpr>,
    },
    /// A formula of the field over figures.
    Composed {
        formula: Composed,
        parts: Vec<KpiExpr>,
    },
    /// The weighted mean of parts; weights as written.
    Index {
        parts: Vec<(KpiExpr, f64)>,
        /// How many parts must have a value, where it is said; else all.
        least: Option<usize>,
    },
    /// 0 at `low`, 100 at `high`.
    Rescale {
        of: Box<KpiExpr>,
        low: f64,
        high: f64,
        /// The unit that was written at the ends: `%`, `min`.
        written: Option<String>,
    },
    /// The figure, held between these ends.
    Clamp {
        of: Box<KpiExpr>,
        low: f64,
        high: f64,
        /// The unit that was written at the ends.
        written: Option<String>,
    },
    Rolling {
        of: Box<KpiExpr>,
        length: Length,
    },
    Previous(Box<KpiExpr>),
    /// The figure, or where it has none the last one of the periods within a length before.
    Hold {
        of: Box<KpiExpr>,
        length: Length,
    },
    /// The figure less the figure a length before; less the previous one without a length.
    Change {
        of: Box<KpiExpr>,
        length: Option<Length>,
    },
    /// The sum of the figures of all values of a dimension.
    Total {
        of: Box<KpiExpr>,
        over: DimensionId,
    },
    /// The figure times a factor: `unit %` on a ratio.
    Scaled {
        of: Box<KpiExpr>,
        factor: f64,
    },
}

impl KpiExpr {
    /// The expressions that this one is made of, in the order of writing.
    pub fn parts(&self) -> Vec<&KpiExpr> {
        match &self.kind {
            KpiKind::Number(_) | KpiKind::Aggregate(_) | KpiKind::Kpi { .. } | KpiKind::Assumption { .. } => Vec::new(),
            KpiKind::Negate(of)
            | KpiKind::Rescale { of, .. }
            | KpiKind::Clamp { of, .. }
            | KpiKind::Rolling { of, .. }
            | KpiKind::Previous(of)
            | KpiKind::Hold { of, .. }
            | KpiKind::Change { of, .. }
            | KpiKind::Total { of, .. }
            | KpiKind::Scaled { of, .. } => vec![of],
            KpiKind::Binary { left, right, .. } => vec![left, right],
            KpiKind::Index { parts, .. } => parts.iter().map(|it| &it.0).collect(),
            KpiKind::Composed { parts, .. } => parts.iter().collect(),
        }
    }

    /// Calls `visit` with this expression and each one in it, in the order of writing. KPIs that it names are not entered.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a KpiExpr)) {
        visit(self);
        self.parts().into_iter().for_each(|it| it.walk(visit));
    }
}

impl Aggregate {
    /// Whether it reads what is planned: its source, or another through a reference (R27).
    pub fn is_planned(&self, model: &Model) -> bool {
        let source = &model.sources[self.source.index()];
        source.planned
            || source.keep_where.as_ref().is_some_and(|it| it.reads_planned(model))
            || self.filter.as_ref().is_some_and(|it| it.reads_planned(model))
            || self.function.rows().into_iter().any(|it| it.reads_planned(model))
    }
}

/// Arithmetic between figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// A function over the rows of one source.
#[derive(Clone, Debug)]
pub struct Aggregate {
    pub span: Span,
    pub source: SourceId,
    pub function: Function,
    pub filter: Option<RowExpr>,
    /// The column that weighs rows, if any does.
    pub weight: Option<usize>,
    pub cluster: Option<usize>,
    /// The column that tells when.
    pub time: Option<usize>,
    /// The definition as it is printed: `nps.standard(passengers.NETPRO)`.
    pub text: String,
}

/// What is computed over rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Function {
    /// Rows.
    Count,
    /// Rows that answered.
    CountOf(RowExpr),
    Distinct(RowExpr),
    Sum(RowExpr),
    /// The mean, times a factor, plus an offset.
    Mean {
        of: RowExpr,
        factor: f64,
        offset: f64,
    },
    Min(RowExpr),
    Max(RowExpr),
    Median(RowExpr),
    /// A percentile, 0-100.
    Percentile(RowExpr, f64),
    Stddev(RowExpr),
    /// The share of rows for which a condition holds, among those where it is known, in percent.
    Share(RowExpr),
    /// The share of one condition less that of another, in points.
    Net(RowExpr, RowExpr),
    /// What customers do over time.
    Customers(Box<Customers>),
}

impl Function {
    /// What it reads of a row.
    pub fn rows(&self) -> Vec<&RowExpr> {
        match self {
            Function::Customers(of) => of.walk.exprs().chain(&of.amount).collect(),
            Function::Count => Vec::new(),
            Function::CountOf(of)
            | Function::Distinct(of)
            | Function::Sum(of)
            | Function::Mean { of, .. }
            | Function::Min(of)
            | Function::Max(of)
            | Function::Median(of)
            | Function::Percentile(of, _)
            | Function::Stddev(of)
            | Function::Share(of) => vec![of],
            Function::Net(good, bad) => vec![good, bad],
        }
    }
}

/// The sides of the goal tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoalKind {
    Business,
    Customer,
}

/// How a goal's satisfaction follows from what is below it (R18).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum RollUp {
    #[default]
    Weighted,
    /// The weakest.
    All,
    /// The strongest.
    Any,
}

/// A KPI, or a part of one, in a list.
#[derive(Clone, Debug)]
pub struct KpiRef {
    pub span: Span,
    pub kpi: KpiId,
    pub part: Option<RowExpr>,
    pub weight: f64,
}

/// A goal.
#[derive(Clone, Debug)]
pub struct Goal {
    pub name: String,
    pub span: Span,
    pub title: Text,
    pub description: Text,
    pub kind: GoalKind,
    pub need: Text,
    pub level: Option<String>,
    pub theme: Option<ThemeId>,
    pub owner: Option<TeamId>,
    pub stakeholders: Vec<TeamId>,
    pub part_of: Vec<(Spanned<GoalId>, f64)>,
    pub measured_by: Vec<KpiRef>,
    pub roll_up: RollUp,
    pub conflicts: Vec<GoalId>,
    /// Whether a name in it was unknown, and reported: nothing follows from what is missing.
    pub broken: bool,
    /// Whether its kind is known: it was said, and could be read.
    pub kind_known: bool,
}

/// How well a relation is supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Evidence {
    #[default]
    Hypothesis,
    Correlation,
    Experiment,
}

impl Evidence {
    /// The word that it is written with.
    pub fn name(self) -> &'static str {
        match self {
            Evidence::Hypothesis => "hypothesis",
            Evidence::Correlation => "correlation",
            Evidence::Experiment => "experiment",
        }
    }
}

/// A relation of an enabler with a goal.
#[derive(Clone, Debug)]
pub struct Influence {
    pub goal: GoalId,
    /// Where it is said.
    pub span: Span,
    pub strength: f64,
    /// What it counts as (R19).
    pub evidence: Evidence,
    /// What is said of its evidence.
    pub claim: Claim,
}

/// What turns a customer's goal into a business goal.
#[derive(Clone, Debug)]
pub struct Enabler {
    pub name: String,
    pub span: Span,
    pub title: Text,
    pub serves: Vec<Influence>,
    pub lifts: Vec<Influence>,
    pub owner: Option<TeamId>,
    pub theme: Option<ThemeId>,
    pub measured_by: Vec<KpiRef>,
    pub status: Option<(String, Option<String>)>,
    pub broken: bool,
}

/// KPIs at a place of the journey (R20).
#[derive(Clone, Debug, Default)]
pub struct Placed {
    pub primary: Vec<KpiRef>,
    pub secondary: Vec<KpiRef>,
    pub diagnostic: Vec<KpiRef>,
}

impl Placed {
    /// All of them, most important first.
    pub fn all(&self) -> impl Iterator<Item = &KpiRef> {
        self.primary.iter().chain(&self.secondary).chain(&self.diagnostic)
    }
}

/// Where the customer meets the organisation.
#[derive(Clone, Debug)]
pub struct Touchpoint {
    pub name: String,
    pub span: Span,
    pub title: Text,
    pub channel: Option<String>,
    pub owner: Option<TeamId>,
    /// Whether an owner was named, known or not.
    pub owner_said: bool,
    pub moment_of_truth: bool,
    pub asks: Vec<Asked>,
    pub kpis: Placed,
    pub broken: bool,
}

/// A question asked at a touchpoint.
#[derive(Clone, Debug)]
pub struct Asked {
    pub source: SourceId,
    pub column: usize,
    pub after: Option<String>,
}

/// A journey.
#[derive(Clone, Debug)]
pub struct Journey {
    pub name: String,
    pub span: Span,
    pub title: Text,
    pub owner: Option<TeamId>,
    pub kpis: Placed,
    pub stages: Vec<Stage>,
    /// Whether something in it was unknown, and reported.
    pub broken: bool,
}

/// A stage of a journey.
#[derive(Clone, Debug)]
pub struct Stage {
    pub name: String,
    pub span: Span,
    pub title: Text,
    pub touchpoints: Vec<TouchpointId>,
    pub kpis: Placed,
    /// A condition on the KPIs here.
    pub part: Option<RowExpr>,
    /// Whether a name in it was unknown, and reported.
    pub broken: bool,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Event {
    pub name: String,
    pub title: Text,
    pub from: Date,
    /// The first day after it.
    pub until: Date,
    pub touches: Vec<KpiId>,
}

/// A report for an audience.
#[derive(Clone, Debug)]
pub struct Report {
    pub name: String,
    pub span: Span,
    pub title: Text,
    pub description: Text,
    pub audience: Option<TeamId>,
    pub language: Option<Lang>,
    pub sections: Vec<String>,
    pub kpis: Vec<KpiId>,
    pub cuts: Vec<DimensionId>,
    pub period: Option<Period>,
    pub grain: Option<Grain>,
    /// The template that its page begins with, in the folder `templates` or of Peil.
    pub template: Option<Spanned<String>>,
    /// Its style sheet and its logo, in the same folder; where it says none, the project's.
    pub style: Option<Spanned<String>>,
    pub logo: Option<Spanned<String>>,
}
