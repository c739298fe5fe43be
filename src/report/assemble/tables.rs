//! What stands in the sections beside the figures of KPIs, as tables with the columns of the verbs that tell the same:
//! only what the page shows, in the period that it is about.

use crate::plan::Against;
use crate::publish::{self, Chain, IndexResult, Lifecycle, LifecyclePeriod, Phase, ResultRow, ResultTable, Results};
use crate::report::needs::incentives_of;
use crate::report::view::more::MovedGoal;
use crate::report::view::{Key, ReportView, Section};
use crate::tidy::{self, Cell, Table};

use super::reading::row_of;
use super::{Context, actions, benchmarks, decisions, drivers, incentives, lifecycle, money, reasons, why};

/// A table beside the figures of a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside {
    /// Its name, as a file and as a key: `drivers`.
    pub name: String,
    /// Its rows, of which there are some.
    pub table: Table,
}

/// Returns what the sections of a report show beside figures of KPIs, in their order; nothing of a section that is empty.
pub(super) fn beside(context: &Context<'_>, view: &ReportView) -> Vec<Beside> {
    view.sections.iter().flat_map(|it| of_section(context, it)).collect()
}

fn of_section(context: &Context<'_>, section: &Section) -> Vec<Beside> {
    let checked = context.checked();
    let table = |name: &str, table: Table| Beside::of(name, table).into_iter().collect();
    match section {
        Section::Brief(_) => {
            let shown: Vec<_> = decisions::told(context).into_iter().cloned().collect();
            table("findings", tidy::findings_table(checked, &shown, context.lang()))
        }
        Section::Scorecards(_) => {
            let rows = context.readings.iter().filter_map(|it| {
                let table = context.sources.table(it.id, None, &[], it.grain)?;
                Some(ResultTable { against: None, rows: vec![plain(it.row?)], ..head(table) })
            });
            table("answers", tidy::distributions_table(checked, &only(rows.collect()), &context.told.distributions))
        }
        Section::Drivers(_) => {
            let models = drivers::shown(context).into_iter().filter_map(|it| {
                let result = context.sources.results.drivers.iter().find(|known| std::ptr::eq(known.table(), it.table))?;
                let at = it.table.models.iter().position(|model| std::ptr::eq(model, it.model))?;
                Some(result.model(at))
            });
            let results = Results { drivers: models.collect(), ..Results::default() };
            table("drivers", tidy::drivers_table(checked, &results))
        }
        Section::Reasons(_) => {
            let shown = reasons::shown(context);
            table("reasons", tidy::reasons_table(checked, &shown))
        }
        Section::Lifecycle(_) => {
            let shown: Vec<Lifecycle> = lifecycle::shown(context).into_iter().map(counted).collect();
            table("lifecycle", tidy::lifecycle_table(checked, &shown))
        }
        Section::Index(indices) => {
            let is_shown = |it: &&IndexResult| {
                let name = Key::new(&checked.model.kpis[it.kpi.index()].name);
                indices.indices.iter().any(|index| index.key == name)
                    && context.readings.iter().any(|reading| (reading.id, reading.period) == (it.kpi, it.period))
            };
            let of = |it: &IndexResult| {
                // How other periods rank, and what goes with it, is not on the page.
                let own = IndexResult { units: Vec::new(), relations: Vec::new(), untested: Vec::new(), ..it.clone() };
                let name = format!("index.{}", checked.model.kpis[it.kpi.index()].name);
                Beside::of(&name, tidy::index_table(checked, &[], &own))
            };
            context.told.indices.iter().filter(is_shown).filter_map(of).collect()
        }
        Section::Benchmarks(_) => {
            let held = benchmarks::shown(context).into_iter().filter_map(|at| {
                let of = checked.model.benchmarks[at].of.as_ref()?;
                let reading = context.sources.read(of.kpi, of.part.as_ref());
                let table = context.sources.results.compared(of.kpi, of.part.as_ref(), &[], reading.grain, &Against::Benchmark(at))?;
                Some(ResultTable { rows: vec![row_of(table, reading.period)?.clone()], ..head(table) })
            });
            table("benchmarks", tidy::figures_table(checked, &only(held.collect())))
        }
        Section::Why(_) => {
            let of = |it: publish::WhyResult| {
                let name = format!("why.{}", checked.model.kpi_text(it.kpi, it.part.as_ref()));
                Beside::of(&name, tidy::why_table(checked, &it))
            };
            why::shown(context).into_iter().filter_map(of).collect()
        }
        Section::Money(_) => {
            let of = |it: &crate::report::ToldChain| {
                let chain: &Chain = &it.chain;
                let name = format!("money.{}", checked.model.kpis[chain.kpi.index()].name);
                Beside::of(&name, tidy::chain_table(&it.chained, chain))
            };
            money::shown(context).into_iter().filter_map(of).collect()
        }
        Section::Incentives(_) => {
            let asked = incentives_of(checked, context.sources.report);
            let paid = publish::incentives(checked, context.sources.results, &asked, Some(incentives::EARLIER), context.today);
            table("incentives", tidy::incentives_table(checked, &paid))
        }
        Section::Actions(_) => {
            let shown: Vec<_> = actions::shown(context).into_iter().map(|it| it.1.clone()).collect();
            table("actions", tidy::actions_table(checked, &shown))
        }
        Section::Team(team) => {
            let rows = team.goals.iter().map(row_of_team).collect();
            table("team", tidy::table_of(&["goal", "owner", "own", "through", "status"], rows))
        }
        Section::Summary(_)
        | Section::Goals(_)
        | Section::Trends(_)
        | Section::Journey(_)
        | Section::Segments(_)
        | Section::Definitions(_) => Vec::new(),
    }
}

impl Beside {
    /// A table under a name; none where it has no row.
    fn of(name: &str, table: Table) -> Option<Beside> {
        (!table.objects.is_empty() && !table.grid.rows.is_empty()).then(|| Beside { name: name.to_owned(), table })
    }
}

fn row_of_team(goal: &MovedGoal) -> Vec<Cell> {
    let text = |it: &str| Cell::Text(it.to_owned());
    vec![text(&goal.title), text(&goal.owner), Cell::Bool(goal.own), text(&goal.through), text(goal.status.code.code())]
}

fn head(of: &ResultTable) -> ResultTable {
    ResultTable { kpi: of.kpi, part: of.part.clone(), cut: of.cut.clone(), grain: of.grain, against: of.against.clone(), rows: Vec::new() }
}

fn plain(row: &ResultRow) -> ResultRow {
    ResultRow { compared: None, ..row.clone() }
}

fn only(tables: Vec<ResultTable>) -> Results {
    Results { tables, ..Results::default() }
}

/// A lifecycle as the page has it: of earlier periods the counts alone.
fn counted(life: Lifecycle) -> Lifecycle {
    let last = life.periods.len().saturating_sub(1);
    let phase = |it: Phase| Phase { came: None, left: None, kpis: Vec::new(), ..it };
    let periods = life.periods.into_iter().enumerate().map(|(at, it)| match at == last {
        true => it,
        false => LifecyclePeriod { flows: Vec::new(), phases: it.phases.into_iter().map(phase).collect(), ..it },
    });
    Lifecycle { periods: periods.collect(), ..life }
}
