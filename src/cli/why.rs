//! `peil why`: what moved a KPI between two periods?

use super::output::Output;
use super::verbs::{Opened, open, options, reading, ready, run};
use super::{EngineArgs, FINE, Outcome, ProjectArgs, requests};
use crate::check::Checked;
use crate::eval::Periods;
use crate::insight::Question;
use crate::model::{GoalId, KpiId, RowExpr};
use crate::publish;
use crate::report::told;
use crate::session;
use crate::stats::mix::Method;
use crate::tidy::{self, Format};
use clap::{Args, ValueEnum};

/// Between which periods, cut how, printed how.
#[derive(Args, Clone)]
pub struct WhyArgs {
    /// The first of the two periods: 2024-Q3; without it the one before the second
    #[arg(long)]
    from: Option<String>,
    /// The second: 2025-Q3; without it the last that is over and has a figure
    #[arg(long)]
    to: Option<String>,
    /// Cut by this dimension; region,channel: crossed. Without it every dimension that the KPI has is held beside the others
    #[arg(long)]
    by: Option<String>,
    /// How the change is split
    #[arg(long, value_enum, default_value = "midpoint")]
    split: SplitArg,
    #[arg(long, value_enum, default_value = "human")]
    format: WhyFormat,
}

/// How a change is split over mix and rate.
#[derive(Clone, Copy, ValueEnum)]
enum SplitArg {
    /// Halfway between the periods: mix and rate, no remainder
    Midpoint,
    /// Seen from the first period: mix, rate, and what both make together
    ThreePart,
}

/// How an insight is printed.
#[derive(Clone, Copy, ValueEnum, PartialEq)]
pub enum WhyFormat {
    /// Sentences and tables
    Human,
    Table,
    Csv,
    Json,
    Ndjson,
    Markdown,
}

impl WhyFormat {
    /// The format of machine output; none for people.
    pub fn tidy(self) -> Option<Format> {
        Some(match self {
            WhyFormat::Human => return None,
            WhyFormat::Table => Format::Table,
            WhyFormat::Csv => Format::Csv,
            WhyFormat::Json => Format::Json,
            WhyFormat::Ndjson => Format::Ndjson,
            WhyFormat::Markdown => Format::Markdown,
        })
    }
}

/// `peil why KPI`.
pub fn why(what: &str, project: &ProjectArgs, engine: &EngineArgs, args: &WhyArgs, output: &mut Output) -> Outcome {
    let opened = open(project, output)?;
    let checked = ready(&opened, output)?;
    if let Some(goal) = requests::goal(checked, what).map_err(|reason| output.wrong(&reason))? {
        return of_goal(&opened, checked, goal, engine, args, output);
    }
    let (kpi, part) = requests::part(checked, what).map_err(|reason| output.wrong(&reason))?;
    let question = question(checked, kpi, part, args).map_err(|reason| output.wrong(&reason))?;
    let result = reading(&opened, output, |found| session::why(checked, &question, &opened.world, options(engine), opened.today, found))?;
    let result = result.map_err(|reason| output.wrong(&reason))?;
    output.data(&match args.format.tidy() {
        Some(format) => tidy::why(checked, &result, format),
        None => told::why(checked, &result, output.lang),
    });
    Ok(FINE)
}

/// `peil why goal:NAME`.
fn of_goal(opened: &Opened, checked: &Checked, goal: GoalId, engine: &EngineArgs, args: &WhyArgs, output: &mut Output) -> Outcome {
    if args.by.is_some() {
        return Err(output.wrong("a goal is not cut: ask what moved one of its KPIs, with --by"));
    }
    let from = requests::one_period(args.from.as_deref()).map_err(|reason| output.wrong(&reason))?;
    let to = requests::one_period(args.to.as_deref()).map_err(|reason| output.wrong(&reason))?;
    let request = requests::goal_request(checked);
    let run = run(opened, checked, &request, engine, Periods::default(), output)?;
    let why = publish::goal_why(checked, &run.results, goal, (from, to), opened.today).map_err(|reason| output.wrong(&reason))?;
    output.data(&match args.format.tidy() {
        Some(format) => tidy::goal_why(checked, &why, format),
        None => told::goal_why(checked, &why, output.lang),
    });
    Ok(FINE)
}

/// What is asked, and between which periods.
fn question(checked: &Checked, kpi: KpiId, part: Option<RowExpr>, args: &WhyArgs) -> Result<Question, String> {
    let periods = (requests::one_period(args.from.as_deref())?, requests::one_period(args.to.as_deref())?);
    let by = match &args.by {
        Some(text) => Some(text.split(',').map(|it| requests::dimension(checked, it.trim())).collect::<Result<Vec<_>, _>>()?),
        None => None,
    };
    let method = match args.split {
        SplitArg::Midpoint => Method::Midpoint,
        SplitArg::ThreePart => Method::ThreePart,
    };
    Ok(Question { method, ..Question::new(checked, kpi, part, periods, by)? })
}
