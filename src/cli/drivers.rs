//! `peil drivers`: what drives an answer.

use super::output::Output;
use super::verbs::{format_of, name_or_folder, open, ready, run};
use super::{EngineArgs, FINE, FormatArg, Outcome, ProjectArgs, Selection, requests};
use crate::plan::Request;
use crate::tidy;

/// Over what driver models are made.
#[derive(clap::Args)]
pub struct DriverArgs {
    /// Cut by a dimension; repeated: each by itself; region,channel: crossed. Without it: as the model declares
    #[arg(long)]
    by: Vec<String>,
    /// A model for each period of this grain; without it all rows of the window make one
    #[arg(long)]
    grain: Option<String>,
    /// One period: 2025, 2025-Q3
    #[arg(long, conflicts_with_all = ["from", "to"])]
    period: Option<String>,
    /// The first period
    #[arg(long)]
    from: Option<String>,
    /// The last period
    #[arg(long)]
    to: Option<String>,
}

impl DriverArgs {
    /// What was selected, as other verbs take it.
    pub fn selection(&self) -> Selection {
        let (by, grain, period) = (self.by.clone(), self.grain.clone(), self.period.clone());
        Selection { by, grain, period, from: self.from.clone(), to: self.to.clone(), ..Selection::default() }
    }
}

/// `peil drivers`.
pub fn drivers(
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
    let models = requests::driver_models(checked, names.as_slice()).map_err(|reason| output.wrong(&reason))?;
    let window = requests::window(checked, &args.selection()).map_err(|reason| output.wrong(&reason))?;
    let (asks, periods) = crate::insight::drivers::needs(checked, &models, &window).map_err(|reason| output.wrong(&reason))?;
    let request = Request { drivers: asks, ..Request::new() };
    let run = run(&opened, checked, &request, engine, periods, output)?;
    if run.results.drivers.iter().all(|it| it.table().models.is_empty()) {
        output.say("no rows in this window");
    }
    output.data(&tidy::drivers(checked, &run.results, format_of(format), output.lang));
    Ok(FINE)
}
