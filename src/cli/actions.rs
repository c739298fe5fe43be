//! `peil actions`: what was expected of improvements, and what was measured?

use super::output::Output;
use super::verbs::{name_or_folder, open, ready, run};
use super::why::WhyFormat;
use super::{EngineArgs, FINE, Outcome, ProjectArgs, requests};
use crate::eval::Periods;
use crate::insight::measure_actions;
use crate::plan::Request;
use crate::report::told;
use crate::{publish, tidy};

/// `peil actions`.
pub fn actions(name: Option<String>, mut project: ProjectArgs, engine: &EngineArgs, format: WhyFormat, output: &mut Output) -> Outcome {
    let names = name_or_folder(name, &mut project);
    let opened = open(&project, output)?;
    let checked = ready(&opened, output)?;
    let asked = requests::actions(checked, names.as_slice()).map_err(|reason| output.wrong(&reason))?;
    let measuring = measure_actions(checked, &asked, opened.today);
    let mut request = Request::new();
    measuring.add_to(&mut request);
    let run = run(&opened, &measuring.checked, &request, engine, Periods::default(), output)?;
    let found = publish::actions(&measuring, &run.results, opened.today);
    output.data(&match format.tidy() {
        Some(format) => tidy::actions(checked, &found, format),
        None => told::actions(checked, &found, output.lang),
    });
    Ok(FINE)
}
