//! `peil index`: how much of an index is its weights, and do internal figures go with it?

use super::output::Output;
use super::verbs::{open, ready, run};
use super::why::WhyFormat;
use super::{EngineArgs, FINE, Outcome, ProjectArgs, requests};
use crate::eval::Periods;
use crate::insight::index_question;
use crate::plan::Request;
use crate::report::told;
use crate::{publish, tidy};
use clap::Args;

/// What an index is looked at with.
#[derive(Args, Clone)]
pub struct IndexArgs {
    /// Rank the segments of this dimension; region,channel: crossed. Without it the periods are ranked
    #[arg(long)]
    by: Option<String>,
    /// One period: 2025-Q3; without it the last that is over
    #[arg(long)]
    period: Option<String>,
    /// Internal KPIs to hold beside it; without it all that are a cause or an effect and are asked of nobody
    #[arg(long, value_delimiter = ';')]
    with: Option<Vec<String>>,
    /// How many periods later an internal KPI may follow, at most
    #[arg(long, default_value = "6", value_parser = clap::value_parser!(u8).range(0..=24))]
    lags: u8,
    #[arg(long, value_enum, default_value = "human")]
    format: WhyFormat,
}

/// `peil index KPI`.
pub fn index(name: &str, project: &ProjectArgs, engine: &EngineArgs, args: &IndexArgs, output: &mut Output) -> Outcome {
    let opened = open(project, output)?;
    let checked = ready(&opened, output)?;
    let wrong = |output: &mut Output, reason: String| output.wrong(&reason);
    let (kpi, part) = requests::part(checked, name).map_err(|it| wrong(output, it))?;
    if part.is_some() {
        return Err(output.wrong("name the whole index, and cut it with --by"));
    }
    let cut = args.by.iter().flat_map(|it| it.split(',')).map(|it| requests::dimension(checked, it.trim()));
    let cut = cut.collect::<Result<Vec<_>, _>>().map_err(|it| wrong(output, it))?;
    let period = requests::one_period(args.period.as_deref()).map_err(|it| wrong(output, it))?;
    let with = args.with.as_ref().map(|all| {
        all.iter()
            .map(|it| match requests::part(checked, it)? {
                (kpi, None) => Ok(kpi),
                (_, Some(_)) => Err(format!("`{it}` is a part: `--with` takes whole KPIs")),
            })
            .collect::<Result<Vec<_>, String>>()
    });
    let with = with.transpose().map_err(|it| wrong(output, it))?;
    let question = index_question(checked, kpi, cut, period, with, usize::from(args.lags)).map_err(|it| wrong(output, it))?;
    let mut request = Request { variances: false, ..Request::new() };
    question.add_to(&mut request);
    let run = run(&opened, &question.checked, &request, engine, Periods::default(), output)?;
    let found = publish::index(&question, &run.results).map_err(|it| wrong(output, it))?;
    output.data(&match args.format.tidy() {
        Some(format) => tidy::index(checked, &question.cut, &found, format),
        None => told::index(checked, &question, &found, output.lang),
    });
    Ok(FINE)
}
