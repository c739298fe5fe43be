//! `peil chain`: from what is measured to what it is worth, step by step.

use super::output::Output;
use super::verbs::{format_of, open, ready, run};
use super::{EngineArgs, FINE, FormatArg, Outcome, ProjectArgs, requests};
use crate::insight::chain as chained;
use crate::{publish, tidy};

/// Which figures of a chain.
#[derive(clap::Args)]
pub struct ChainArgs {
    /// Told by this dimension, and added up over it where it adds up
    #[arg(long)]
    by: Option<String>,
    /// Grain of the period
    #[arg(long)]
    grain: Option<String>,
    /// One period: 2025-Q3; without it the last that is over
    #[arg(long)]
    period: Option<String>,
}

/// `peil chain`.
pub fn chain(what: &str, project: &ProjectArgs, engine: &EngineArgs, args: &ChainArgs, format: FormatArg, output: &mut Output) -> Outcome {
    let opened = open(project, output)?;
    let checked = ready(&opened, output)?;
    let asked = || {
        let (kpi, part) = requests::part(checked, what)?;
        if part.is_some() {
            return Err("a chain is that of a whole KPI; `--by` tells it by the values of a dimension".to_owned());
        }
        let cut = args.by.as_ref().map(|it| requests::dimension(checked, it)).transpose()?;
        let grain = args.grain.as_deref().map(requests::grain).transpose()?;
        Ok((chained(checked, kpi, cut.as_slice(), grain)?, requests::period(checked, args.period.as_deref())?))
    };
    let (found_chain, periods) = asked().map_err(|reason| output.wrong(&reason))?;
    let run = run(&opened, &found_chain.checked, &found_chain.needs(), engine, periods, output)?;
    let Some(chain) = publish::chain(&found_chain, &run.results) else {
        return Err(output.wrong(&format!("`{what}` has no figure in this period")));
    };
    output.data(&tidy::chain(&found_chain, &chain, format_of(format), output.lang));
    Ok(FINE)
}
