//! `peil incentives`: what is paid for which figures, and what would have been paid before.

use super::output::Output;
use super::verbs::{data_findings, format_of, name_or_folder, open, options, ready};
use super::{EngineArgs, FINE, FormatArg, Outcome, ProjectArgs, UNABLE, progress, requests};
use crate::eval::{Periods, incentive_request};
use crate::value::Diagnostics;
use crate::{publish, session, tidy};

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
    let mut found = Diagnostics::default();
    let read = || session::run(checked, &request, &opened.world, options(engine), Periods::default(), opened.today, &mut found);
    let Some(run) = progress::during("reading data", read) else {
        data_findings(&opened, &found, output);
        return Err(UNABLE);
    };
    let paid = publish::incentives(checked, &run.results, &asked, past, opened.today);
    output.data(&tidy::incentives(checked, &paid, format_of(format), output.lang));
    Ok(FINE)
}
