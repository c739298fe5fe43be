//! Which figures stand in a report? Those alone, as results, for the tables that go beside the page.

use std::collections::BTreeSet;

use crate::calendar::Period;
use crate::model::{KpiId, KpiRef};
use crate::publish::{ResultRow, ResultTable, Results};
use crate::report::needs::{figure_grain, shows};
use crate::report::view::{Key, ReportView, Section, SectionName};
use crate::tidy::label_of;

use super::reading::Reading;
use super::tables::{Beside, beside};
use super::{Assembly, Context, context};

/// The figures of a report.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The period that the report is about.
    pub period: Period,
    /// The KPIs that its figures are of, in the order of the project.
    pub kpis: Vec<ShownKpi>,
    /// The figures themselves.
    pub results: Results,
    /// What other sections show, each a table of its own.
    pub beside: Vec<Beside>,
}

/// A KPI as a report has it.
#[derive(Debug, Clone)]
pub struct ShownKpi {
    /// Which.
    pub id: KpiId,
    /// What it is called.
    pub title: String,
    /// Who owns it.
    pub owner: Option<String>,
}

/// Returns the figures that a report shows, and nothing beside them: the figures of its sections in the reported
/// period, what they are compared with, the points of the series that are drawn, the segments, and the goals.
pub fn shown(from: &Assembly<'_>, view: &ReportView) -> Shown {
    let context = context(from);
    let mut marked = Marked::default();
    for section in &view.sections {
        match section {
            Section::Brief(_) | Section::Summary(_) => context.readings.iter().for_each(|it| marked.add(it.row)),
            Section::Scorecards(_) => {
                for it in &context.readings {
                    marked.add(it.row);
                    [&it.previous, &it.year].into_iter().flatten().for_each(|it| marked.add(Some(it.row)));
                    marked.series(it);
                }
            }
            Section::Trends(trends) => {
                let drawn = |it: &&Reading<'_>| trends.trends.iter().any(|trend| trend.key == Key::new(&it.kpi.name));
                context.readings.iter().filter(drawn).for_each(|it| marked.series(it));
            }
            Section::Segments(segments) => {
                for panel in &segments.panels {
                    let labels: BTreeSet<&str> = panel.chart.rows.iter().map(|it| it.label.as_str()).collect();
                    let compares = panel.chart.rows.iter().any(|it| it.previous.is_some());
                    segment(&context, &panel.key, &labels, compares, &mut marked);
                }
            }
            Section::Goals(_) => {
                let goals = from.checked.model.goals.iter().flat_map(|it| &it.measured_by);
                let enablers = from.checked.model.enablers.iter().flat_map(|it| &it.measured_by);
                goals.chain(enablers).for_each(|it| marked.figure(&context, it));
            }
            Section::Journey(_) => {
                for journey in &from.checked.model.journeys {
                    let stages = journey.stages.iter();
                    let touchpoints = stages.clone().flat_map(|it| &it.touchpoints).map(|it| &from.checked.model.touchpoints[it.index()]);
                    touchpoints.flat_map(|it| it.kpis.all()).for_each(|it| marked.figure(&context, it));
                    stages.flat_map(|it| it.kpis.all()).for_each(|it| marked.figure(&context, it));
                }
            }
            // What drives, what is paid and what is done are no figures of KPIs: tables of their own hold them.
            Section::Team(_)
            | Section::Why(_)
            | Section::Drivers(_)
            | Section::Reasons(_)
            | Section::Lifecycle(_)
            | Section::Money(_)
            | Section::Index(_)
            | Section::Benchmarks(_)
            | Section::Incentives(_)
            | Section::Actions(_)
            | Section::Definitions(_) => {}
        }
    }
    let tables = from.results.tables.iter().map(|it| ResultTable {
        kpi: it.kpi,
        part: it.part.clone(),
        cut: it.cut.clone(),
        grain: it.grain,
        // What a figure is compared with stands there as a row of its own.
        against: None,
        rows: it.rows.iter().filter(|row| marked.has(row)).map(|row| ResultRow { compared: None, ..row.clone() }).collect(),
    });
    let goals = context.goals().filter(|_| shows(from.report, SectionName::Goals)).cloned();
    let tables: Vec<ResultTable> = tables.filter(|it| !it.rows.is_empty()).collect();
    let ids: BTreeSet<KpiId> = tables.iter().map(|it| it.kpi).collect();
    let kpi = |id: KpiId| {
        let kpi = &from.checked.model.kpis[id.index()];
        let title = kpi.title.get(from.lang).unwrap_or(&kpi.name).to_owned();
        ShownKpi { id, title, owner: context.team(kpi.owner).map(str::to_owned) }
    };
    Shown {
        period: context.period(),
        kpis: ids.into_iter().map(kpi).collect(),
        beside: beside(&context, view),
        results: Results { tables, goals: goals.into_iter().collect(), ..Results::default() },
    }
}

/// The rows that are shown, by their places in memory: the same row may be read by several sections.
#[derive(Default)]
struct Marked(BTreeSet<*const ResultRow>);

impl Marked {
    fn add(&mut self, row: Option<&ResultRow>) {
        self.0.extend(row.map(std::ptr::from_ref));
    }

    fn has(&self, row: &ResultRow) -> bool {
        self.0.contains(&std::ptr::from_ref(row))
    }

    fn series(&mut self, reading: &Reading<'_>) {
        let points = reading.series.iter().filter(|it| it.is_drawn()).flat_map(|it| &it.points);
        points.for_each(|it| self.add(it.row));
    }

    fn figure(&mut self, context: &Context<'_>, of: &KpiRef) {
        self.add(context.sources.read(of.kpi, of.part.as_ref()).row);
    }
}

/// Marks the rows of a panel, and where they are compared those that they are compared with.
fn segment(context: &Context<'_>, panel: &Key, labels: &BTreeSet<&str>, compares: bool, marked: &mut Marked) {
    let checked = context.checked();
    // The same cut stands there once for each thing that it is held against.
    for table in context.sources.results.tables.iter().filter(|it| it.part.is_none()) {
        let [dimension] = table.cut.as_slice() else { continue };
        let Some(reading) = context.readings.iter().find(|it| it.id == table.kpi) else { continue };
        let names = format!("{}.{}", reading.kpi.name, checked.model.dimensions[dimension.index()].name);
        if table.grain != figure_grain(checked, context.sources.report, reading.id) || Key::new(&names) != *panel {
            continue;
        }
        let earlier: Option<Period> = reading.reference().map(|it| it.period).filter(|_| compares);
        for row in table.rows.iter().filter(|it| it.period == reading.period || Some(it.period) == earlier) {
            let label = row.key.first().map(|it| label_of(checked, *dimension, it, context.lang()));
            if label.is_some_and(|it| labels.contains(it.as_str())) {
                marked.add(Some(row));
            }
        }
        return;
    }
}
