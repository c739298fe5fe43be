//! `peil incentives`: what is paid for which figures, and what would have been paid before.

use super::output::Output;
use super::verbs::{data_findings, format_of, open, options, ready};
use super::{EngineArgs, FINE, FormatArg, Outcome, ProjectArgs, UNABLE, progress, requests};
use crate::eval::{Periods, incentive_request};
use crate::value::Diagnostics;
use crate::{publish, session, tidy};
use std::path::Path;

/// `peil incentives`.
pub fn incentives(
    name: Option<String>,
    mut project: ProjectArgs,
    engine: &EngineArgs,
    past: Option<usize>,
    format: FormatArg,
    output: &mut Output,
) -> Outcome {
    let mut names: Vec<String> = name.into_iter().collect();
    // A folder alone is the project, of which all incentives are wanted.
    if let ([folder], None) = (names.as_slice(), &project.project)
        && Path::new(folder).is_dir()
    {
        project.project = names.pop().map(Into::into);
    }
    let opened = open(&project, output)?;
    let checked = ready(&opened, output)?;
    let asked = requests::incentives(checked, &names).map_err(|reason| output.wrong(&reason))?;
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
