//! What stands in the sections beside the figures of KPIs, as tables with the columns of the verbs that tell the same:
//! only what the page shows, in the period that it is about.

use serde_json::Value;

use crate::plan::Against;
use crate::publish::{self, Chain, IndexResult, Lifecycle, LifecyclePeriod, Phase, ResultRow, ResultTable, Results};
use crate::report::needs::incentives_of;
use crate::report::view::more::MovedGoal;
use crate::report::view::{Key, ReportView, Section};
use crate::tidy::{self, Format};

use super::reading::row_of;
use super::{Context, actions, benchmarks, decisions, drivers, incentives, lifecycle, money, reasons};

/// A table beside the figures of a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside {
    /// Its name, as a file and as a key: `drivers`.
    pub name: String,
    /// One row a line, its columns in the first.
    pub csv: String,
    /// The same rows, and what only nested data tell.
    pub rows: Value,
}

/// Returns what the sections of a report show beside figures of KPIs, in their order; nothing of a section that is empty.
pub(super) fn beside(context: &Context<'_>, view: &ReportView) -> Vec<Beside> {
    view.sections.iter().flat_map(|it| of_section(context, it)).collect()
}

fn of_section(context: &Context<'_>, section: &Section) -> Vec<Beside> {
    let checked = context.checked();
    let lang = context.lang();
    let table = |name: &str, write: &dyn Fn(Format) -> String| Beside::of(name, name, write);
    match section {
        Section::Brief(_) => {
            let shown: Vec<_> = decisions::told(context).into_iter().cloned().collect();
            table("findings", &|format| tidy::findings(checked, &shown, format, lang)).into_iter().collect()
        }
        Section::Scorecards(_) => {
            let rows = context.readings.iter().filter_map(|it| {
                let table = context.sources.table(it.id, None, &[], it.grain)?;
                Some(ResultTable { against: None, rows: vec![plain(it.row?)], ..head(table) })
            });
            let results = only(rows.collect());
            let told = &context.told.distributions;
            let found = Beside::of("answers", "figures", &|format| tidy::distributions(checked, &results, told, format));
            // A figure that is no score has no answers.
            let scores = |rows: Value| match rows {
                Value::Array(rows) => Value::Array(rows.into_iter().filter(|it| !it["distribution"].is_null()).collect()),
                other => other,
            };
            let found = found.map(|it| Beside { rows: scores(it.rows), ..it });
            found.filter(|it| it.rows.as_array().is_some_and(|it| !it.is_empty())).into_iter().collect()
        }
        Section::Drivers(_) => {
            let models = drivers::shown(context).into_iter().filter_map(|it| {
                let result = context.sources.results.drivers.iter().find(|known| std::ptr::eq(known.table(), it.table))?;
                let at = it.table.models.iter().position(|model| std::ptr::eq(model, it.model))?;
                Some(result.model(at))
            });
            let results = Results { drivers: models.collect(), ..Results::default() };
            table("drivers", &|format| tidy::drivers(checked, &results, format, lang)).into_iter().collect()
        }
        Section::Reasons(_) => {
            let shown = reasons::shown(context);
            table("reasons", &|format| tidy::reasons(checked, &shown, format, lang)).into_iter().collect()
        }
        Section::Lifecycle(_) => {
            let shown: Vec<Lifecycle> = lifecycle::shown(context).into_iter().map(counted).collect();
            table("lifecycle", &|format| tidy::lifecycle(checked, &shown, format, lang)).into_iter().collect()
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
                Beside::of(&name, "index", &|format| tidy::index(checked, &[], &own, format))
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
            let results = only(held.collect());
            Beside::of("benchmarks", "figures", &|format| tidy::figures(checked, &results, format)).into_iter().collect()
        }
        Section::Money(_) => {
            let of = |it: &crate::report::ToldChain| {
                let chain: &Chain = &it.chain;
                let name = format!("money.{}", checked.model.kpis[chain.kpi.index()].name);
                Beside::of(&name, "chain", &|format| tidy::chain(&it.chained, chain, format, lang))
            };
            money::shown(context).into_iter().filter_map(of).collect()
        }
        Section::Incentives(_) => {
            let asked = incentives_of(checked, context.sources.report);
            let paid = publish::incentives(checked, context.sources.results, &asked, Some(incentives::EARLIER), context.today);
            table("incentives", &|format| tidy::incentives(checked, &paid, format, lang)).into_iter().collect()
        }
        Section::Actions(_) => {
            let shown: Vec<_> = actions::shown(context).into_iter().map(|it| it.1.clone()).collect();
            table("actions", &|format| tidy::actions(checked, &shown, format)).into_iter().collect()
        }
        Section::Team(team) => {
            let columns = ["goal", "owner", "own", "through", "status"];
            let rows: Vec<[String; 5]> = team.goals.iter().map(row_of_team).collect();
            let named = |it: &[String; 5]| columns.iter().zip(it).map(|(column, it)| ((*column).to_owned(), it.as_str().into())).collect();
            let objects: Vec<Value> = rows.iter().map(|it| Value::Object(named(it))).collect();
            let csv = tidy::lines(&columns, rows.iter().map(|it| it.as_slice()));
            (!objects.is_empty()).then(|| Beside { name: "team".to_owned(), csv, rows: objects.into() }).into_iter().collect()
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
    /// A table as it is written in both formats, under the key that its JSON has; none where it has no row.
    fn of(name: &str, key: &str, write: &dyn Fn(Format) -> String) -> Option<Beside> {
        let whole: Value = serde_json::from_str(&write(Format::Json)).unwrap_or_default();
        let rows = whole.get(key).cloned().filter(|it| it.as_array().is_some_and(|it| !it.is_empty()))?;
        Some(Beside { name: name.to_owned(), csv: write(Format::Csv), rows })
    }
}

fn row_of_team(goal: &MovedGoal) -> [String; 5] {
    let own = if goal.own { "true" } else { "false" };
    [&goal.title, &goal.owner, own, &goal.through, goal.status.code.code()].map(str::to_owned)
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
