//! `peil incentives`: what is paid for which figures, and what would have been paid before.

use super::output::Output;
use super::verbs::{format_of, name_or_folder, open, ready, run};
use super::{EngineArgs, FINE, FormatArg, Outcome, ProjectArgs, requests};
use crate::eval::{Periods, incentive_request};
use crate::{publish, tidy};

/// `peil incentives`.
pub fn incentives(
    name: Option<String>,
    mut project: ProjectArgs,
    engine: &EngineArgs,
    past: Option<usize>,
    format: FormatArg,
    output: &mut Output,
) -> Outcome {
    let names = name_or_folder(name, &mut project);
    let opened = open(&project, output)?;
    let checked = ready(&opened, output)?;
    let asked = requests::incentives(checked, names.as_slice()).map_err(|reason| output.wrong(&reason))?;
    let request = incentive_request(checked, &asked);
    let run = run(&opened, checked, &request, engine, Periods::default(), output)?;
    let paid = publish::incentives(checked, &run.results, &asked, past, opened.today);
    output.data(&tidy::incentives(checked, &paid, format_of(format), output.lang));
    Ok(FINE)
}
