//! `peil reasons`: what customers name, what it does to the score, who is at risk, what may be saved.

use super::drivers::DriverArgs;
use super::output::Output;
use super::verbs::{format_of, name_or_folder, open, ready, run};
use super::{EngineArgs, FINE, FormatArg, Outcome, ProjectArgs, requests};
use crate::insight::reasons::{needs, stated};
use crate::model::Method;
use crate::{publish, tidy};

/// `peil reasons`.
pub fn reasons(
    name: Option<String>,
    mut project: ProjectArgs,
    engine: &EngineArgs,
    args: &DriverArgs,
    format: FormatArg,
    output: &mut Output,
) -> Outcome {
    let names = name_or_folder(name, &mut project);
    let opened = open(&project, output)?;
    let checked = ready(&opened, output)?;
    let models = match names.as_slice() {
        [] => stated(checked),
        named => requests::driver_models(checked, named).map_err(|reason| output.wrong(&reason))?,
    };
    let other = models.iter().map(|it| &checked.model.drivers[it.index()]).find(|it| it.method != Method::Stated);
    if let Some(other) = other {
        return Err(output.wrong(&format!("`{}` has items, no reasons: `peil drivers {}` computes it", other.name, other.name)));
    }
    if models.is_empty() {
        return Err(output.wrong("this project has no reasons; `drivers` with `reasons` declares them"));
    }
    let window = requests::window(checked, &args.selection()).map_err(|reason| output.wrong(&reason))?;
    let (request, periods) = needs(checked, &models, &window).map_err(|reason| output.wrong(&reason))?;
    let run = run(&opened, checked, &request, engine, periods, output)?;
    let tables = publish::reasons(checked, &run.results);
    if tables.is_empty() {
        output.say("no rows in this window");
    }
    output.data(&tidy::reasons(checked, &tables, format_of(format), output.lang));
    Ok(FINE)
}
