//! From definitions and results to a page's contents: which facts are said, in which order, in which words.
//!
//! One file a section. What several sections say of a figure stands in `reading.rs`; how it moved in `series.rs`.

mod actions;
mod answers;
mod assumed;
mod benchmarks;
mod beside;
mod brief;
mod decisions;
mod definitions;
mod drivers;
mod goals;
mod incentives;
mod index;
mod journey;
mod lifecycle;
mod masthead;
mod measures;
mod money;
mod quality;
mod reading;
mod reasons;
mod scorecards;
mod segments;
mod series;
mod shown;
mod site;
mod steering;
mod summary;
mod tables;
mod team;
mod trends;
mod why;

use crate::calendar::{Date, Grain, Period};
use crate::check::Checked;
use crate::eval::Note;
use crate::model::{ColumnRef, Comparison, KpiId, Model, Report, RowExpr, ThemeId, print_row};
use crate::publish::{ResultRow, Results};
use crate::words::Lang;
use std::cell::OnceCell;

use super::colour::Colour;
use super::gather::Told;
use super::needs::{figure_grain, kpis, sections, shows};
use super::uses::{self, Used};
use super::view::{ReportView, Section, SectionName, Theme};
use super::words::Say;
use reading::{Reading, Sources};
pub use shown::{Shown, ShownKpi, shown};
pub use site::{Item, List, Place, SitePage, site};
pub use tables::Beside;
pub(super) use why::{MOST, Mover, movers, parted, tells};

/// What a page is made from.
#[derive(Clone, Copy)]
pub struct Assembly<'a> {
    /// The definitions.
    pub checked: &'a Checked,
    /// All figures that may be shown.
    pub results: &'a Results,
    /// Which report.
    pub report: &'a Report,
    /// The language of the page.
    pub lang: Lang,
    /// The day that counts as today.
    pub today: Date,
    /// What is told beside figures.
    pub told: &'a Told,
    /// The other reports of the same run, which this one may point at.
    pub others: &'a [Other<'a>],
}

/// Another report of the same run.
#[derive(Clone, Copy, Debug)]
pub struct Other<'a> {
    /// The report.
    pub report: &'a Report,
    /// Its language.
    pub lang: Lang,
    /// Its file, beside this report's own.
    pub file: &'a str,
}

/// What every section has at hand.
struct Context<'a> {
    sources: Sources<'a>,
    today: Date,
    say: Say,
    told: &'a Told,
    others: &'a [Other<'a>],
    /// One for each KPI of the report, in its order.
    readings: Vec<Reading<'a>>,
    /// All that the page prints and the sources of it, once somebody asks.
    used: OnceCell<Used>,
}

/// Makes the contents of a report.
pub fn assemble(from: &Assembly<'_>) -> ReportView {
    let context = context(from);
    let sections = sections(from.checked, from.report).into_iter().map(|it| match it {
        SectionName::Brief => Section::Brief(brief::brief(&context)),
        SectionName::Team => Section::Team(team::team(&context)),
        SectionName::Summary => Section::Summary(summary::summary(&context)),
        SectionName::Scorecards => Section::Scorecards(scorecards::scorecards(&context)),
        SectionName::Goals => Section::Goals(goals::goals(&context)),
        SectionName::Trends => Section::Trends(trends::trends(&context)),
        SectionName::Why => Section::Why(why::whys(&context)),
        SectionName::Journey => Section::Journey(journey::journeys(&context)),
        SectionName::Drivers => Section::Drivers(drivers::drivers(&context)),
        SectionName::Reasons => Section::Reasons(reasons::reasons(&context)),
        SectionName::Lifecycle => Section::Lifecycle(lifecycle::lifecycles(&context)),
        SectionName::Money => Section::Money(money::money(&context)),
        SectionName::Index => Section::Index(index::indices(&context)),
        SectionName::Benchmarks => Section::Benchmarks(benchmarks::benchmarks(&context)),
        SectionName::Incentives => Section::Incentives(incentives::incentives(&context)),
        SectionName::Actions => Section::Actions(actions::actions(&context)),
        SectionName::Segments => Section::Segments(segments::segments(&context)),
        SectionName::Definitions => Section::Definitions(definitions::definitions(&context)),
    });
    let sections = sections.collect();
    masthead::page(&context, sections)
}

/// Reads what the sections speak of.
fn context<'a>(from: &Assembly<'a>) -> Context<'a> {
    let period = reported(from);
    let sources = Sources { checked: from.checked, results: from.results, report: from.report, lang: from.lang, period };
    let readings = kpis(from.checked, from.report).into_iter().map(|it| sources.read(it, None)).collect();
    Context { sources, today: from.today, say: Say(from.lang), told: from.told, others: from.others, readings, used: OnceCell::new() }
}

/// The period that a report is about: its own, else the last that is over and has data, else the last with data.
fn reported(from: &Assembly<'_>) -> Period {
    if let Some(period) = from.report.period {
        return period;
    }
    let calendar = &from.checked.model.project.calendar;
    let grains: Vec<Grain> = kpis(from.checked, from.report).into_iter().map(|it| figure_grain(from.checked, from.report, it)).collect();
    // The finest of the grains that most figures have; figures of a coarser one show their own last period.
    let usual = grains.iter().copied().filter(|it| *it != Grain::All).max_by_key(|it| {
        let count = grains.iter().filter(|other| *other == it).count();
        (count, std::cmp::Reverse(*it))
    });
    let Some(grain) = usual else { return Period::ALL };
    let rows = valued(from.results, grain);
    let over = rows.clone().filter(|it| !it.notes.contains(&Note::Unfinished)).map(|it| it.period).max();
    over.or_else(|| rows.map(|it| it.period).max()).unwrap_or_else(|| {
        let now = Period::containing(from.today, grain, calendar);
        now.previous().unwrap_or(now)
    })
}

/// The rows of figures without a cut, of one length of period, that have a value.
fn valued(results: &Results, grain: Grain) -> impl Iterator<Item = &ResultRow> + Clone {
    let tables = results.tables.iter().filter(move |it| it.grain == grain && it.cut.is_empty());
    tables.flat_map(|it| &it.rows).filter(|it| it.value.is_some())
}

impl<'a> Context<'a> {
    /// Whether the figures of the report's period may still change.
    fn is_unfinished(&self) -> bool {
        let period = self.period();
        let mut rows = valued(self.sources.results, period.grain()).filter(|it| it.period == period).peekable();
        match rows.peek() {
            Some(_) => rows.any(|it| it.notes.contains(&Note::Unfinished)),
            None => period.is_unfinished(self.today, &self.checked().model.project.calendar),
        }
    }

    /// A later period that has figures and is not finished, so that the report is about the one before it.
    fn running(&self) -> Option<Period> {
        let period = self.period();
        let rows = valued(self.sources.results, period.grain()).map(|it| it.period).filter(|it| *it > period);
        rows.max().filter(|_| self.sources.report.period.is_none())
    }

    /// All that the page prints, and the sources of it.
    fn used(&self) -> &Used {
        self.used.get_or_init(|| uses::used(self.checked(), self.sources.report, self.today))
    }

    fn checked(&self) -> &'a Checked {
        self.sources.checked
    }

    fn lang(&self) -> Lang {
        self.sources.lang
    }

    fn period(&self) -> Period {
        self.sources.period
    }

    /// The readings as a table has them: worst first, in the report's order where they are equal.
    fn ranked(&self) -> Vec<&Reading<'a>> {
        let mut ranked: Vec<&Reading<'a>> = self.readings.iter().collect();
        ranked.sort_by_key(|it| it.rank());
        ranked
    }

    /// The least satisfied of the goals that the team owns whom this report is for, where it is not that on top of the
    /// critical path: a team reads of its own goal first.
    fn own_goal(&self) -> Option<(crate::model::GoalId, f64)> {
        let team = self.sources.report.audience?;
        let goals = self.goals()?;
        let owned = |id: crate::model::GoalId| self.checked().model.goals[id.index()].owner == Some(team);
        if goals.critical.goals.first().is_some_and(|it| owned(*it)) {
            return None;
        }
        let known = goals.figures.iter().filter(|it| owned(it.goal)).filter_map(|it| Some((it.goal, it.satisfaction?)));
        known.min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// What a goal is called.
    fn goal_title(&self, id: crate::model::GoalId) -> String {
        let goal = &self.checked().model.goals[id.index()];
        goal.title.get(self.lang()).unwrap_or(&goal.name).to_owned()
    }

    /// What a dimension is called.
    fn dimension_title(&self, id: crate::model::DimensionId) -> &'a str {
        let dimension = &self.checked().model.dimensions[id.index()];
        dimension.title.get(self.lang()).unwrap_or(&dimension.name)
    }

    /// Where a KPI is told in full in another report of this run, where this one does not.
    fn elsewhere(&self, kpi: KpiId) -> Option<String> {
        let full = |it: &&Other<'_>| {
            it.report.name != self.sources.report.name
                && shows(it.report, SectionName::Scorecards)
                && super::needs::kpis(self.checked(), it.report).contains(&kpi)
        };
        // The first in the same language, else the first.
        let found = self.others.iter().filter(|it| it.lang == self.lang()).find(full).or_else(|| self.others.iter().find(full))?;
        let key = super::view::Key::new(&self.checked().model.kpis[kpi.index()].name);
        Some(format!("{}#kpi-{}", found.file, key.as_str()))
    }

    /// The owner of something, in words.
    fn team(&self, id: Option<crate::model::TeamId>) -> Option<&'a str> {
        let team = &self.checked().model.project.teams[id?.index()];
        Some(team.title.get(self.lang()).unwrap_or(&team.name))
    }

    /// The title of a KPI, with the part of it that is meant.
    fn part_title(&self, title: &str, of: &crate::model::KpiRef) -> String {
        match &of.part {
            Some(part) => format!("{title}, {}", part_words(&self.checked().model, part, self.lang())),
            None => title.to_owned(),
        }
    }

    /// The place of a theme in the view: all themes stand there, in order.
    fn theme(&self, id: Option<ThemeId>) -> Option<usize> {
        id.map(ThemeId::index)
    }

    fn themes(&self) -> Vec<Theme> {
        let themes = self.checked().model.project.themes.iter().enumerate();
        let theme = |(at, it): (usize, &crate::model::Theme)| Theme {
            label: it.title.get(self.lang()).unwrap_or(&it.name).to_owned(),
            colour: it.color.as_deref().and_then(Colour::parse).unwrap_or_else(|| Colour::nth(at)),
        };
        themes.map(theme).collect()
    }

    /// The figures of goals in the reported period, or the last before it.
    fn goals(&self) -> Option<&'a crate::publish::GoalPeriod> {
        let calendar = &self.checked().model.project.calendar;
        let periods = &self.sources.results.goals;
        if self.period() == Period::ALL {
            return periods.last();
        }
        let end = self.period().end(calendar);
        let over = |it: &&crate::publish::GoalPeriod| it.period == Period::ALL || it.period.end(calendar) <= end;
        periods.iter().rfind(over)
    }
}

/// A part of a KPI in words: the labels of the values that it holds to; else its canonical form.
/// A rule over answers in words: "“Wat viel op?” is “Lang wachten”"; as it is written where it is more than comparisons.
fn rule_words(model: &Model, rule: &RowExpr, lang: Lang) -> String {
    let say = Say(lang);
    let said = |rule: &RowExpr| -> Option<String> {
        let RowExpr::Compare(how, asked, value) = rule else { return None };
        let RowExpr::Column(ColumnRef { source, through: None, column }) = &**asked else { return None };
        let column = &model.sources[source.index()].columns[*column as usize];
        let value = match &**value {
            RowExpr::Number(it) => lang.number_up_to(it.0.to_f64(), 3),
            RowExpr::Text(it) => say.quoted(it),
            _ => return None,
        };
        Some(format!("{} {} {value}", say.quoted(column.title.get(lang)?), say.compared(*how)))
    };
    match rule {
        RowExpr::And(a, b) => said(a).zip(said(b)).map(|(a, b)| say.list(&[a, b])),
        rule => said(rule),
    }
    .unwrap_or_else(|| print_row(model, rule))
}

fn part_words(model: &Model, part: &RowExpr, lang: Lang) -> String {
    let label = |dimension: &RowExpr, value: &RowExpr| match (dimension, value) {
        (RowExpr::Dimension(id), RowExpr::Text(text)) => {
            let declared = model.dimensions[id.index()].values.iter().find(|it| it.0 == *text);
            let label = declared.and_then(|it| it.1.get(lang)).unwrap_or(text);
            // A label of several words runs on within a sentence; one word may be a name.
            Some(if label.contains(' ') { label.to_lowercase() } else { label.to_owned() })
        }
        _ => None,
    };
    let said = match part {
        RowExpr::Compare(Comparison::Equal, dimension, value) => label(dimension, value),
        RowExpr::In(dimension, values) => {
            let labels: Option<Vec<String>> = values.iter().map(|it| label(dimension, it)).collect();
            labels.map(|it| Say(lang).list(&it))
        }
        RowExpr::And(a, b) => Some(format!("{}, {}", part_words(model, a, lang), part_words(model, b, lang))),
        _ => None,
    };
    said.unwrap_or_else(|| print_row(model, part))
}
