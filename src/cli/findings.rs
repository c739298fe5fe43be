//! `peil findings`: what is made of the figures, with the figures put in, and what of it still holds?

use super::output::Output;
use super::verbs::{name_or_folder, open, ready, run};
use super::why::WhyFormat;
use super::{EngineArgs, FINE, Outcome, ProjectArgs, requests};
use crate::eval::Periods;
use crate::insight::watch_findings;
use crate::plan::Request;
use crate::report::told;
use crate::{publish, tidy};

/// `peil findings`.
pub fn findings(
    name: Option<String>,
    mut project: ProjectArgs,
    engine: &EngineArgs,
    period: Option<&str>,
    format: WhyFormat,
    output: &mut Output,
) -> Outcome {
    let names = name_or_folder(name, &mut project);
    let opened = open(&project, output)?;
    let checked = ready(&opened, output)?;
    let asked = requests::findings(checked, names.as_slice()).map_err(|reason| output.wrong(&reason))?;
    let period = requests::one_period(period).map_err(|reason| output.wrong(&reason))?;
    let watched = watch_findings(checked, &asked, period);
    let mut request = Request { variances: false, ..Request::new() };
    watched.add_to(&mut request);
    let run = run(&opened, &watched.checked, &request, engine, Periods::default(), output)?;
    let found = publish::findings(&watched, &run.results);
    output.data(&match format.tidy() {
        Some(format) => tidy::findings(checked, &found, format, checked.model.project.language),
        None => told::findings(checked, &opened.session.sources, &found, output.lang),
    });
    Ok(FINE)
}
