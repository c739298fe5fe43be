//! `peil lifecycle`: customers by phase of their life.

use super::output::Output;
use super::verbs::{format_of, name_or_folder, open, ready, run};
use super::{EngineArgs, FINE, FormatArg, Outcome, ProjectArgs, Selection, requests};
use crate::insight::lifecycle::{declared, lived};
use crate::{publish, tidy};

/// Over what a lifecycle is told.
#[derive(clap::Args)]
pub struct LifecycleArgs {
    /// Grain of the periods: month, quarter, year
    #[arg(long)]
    grain: Option<String>,
    /// One period: 2025-Q3
    #[arg(long, conflicts_with_all = ["from", "to"])]
    period: Option<String>,
    /// The first period
    #[arg(long)]
    from: Option<String>,
    /// The last period
    #[arg(long)]
    to: Option<String>,
}

/// `peil lifecycle`.
pub fn lifecycle(
    name: Option<String>,
    mut project: ProjectArgs,
    engine: &EngineArgs,
    args: &LifecycleArgs,
    format: FormatArg,
    output: &mut Output,
) -> Outcome {
    let name = name_or_folder(name, &mut project);
    let opened = open(&project, output)?;
    let checked = ready(&opened, output)?;
    let asked = || {
        let all = declared(checked);
        let wanted = match &name {
            None => all,
            Some(name) => {
                let known = all.iter().map(|it| checked.model.dimensions[it.index()].name.as_str());
                let found = all.iter().find(|it| checked.model.dimensions[it.index()].name == *name);
                vec![*found.ok_or_else(|| requests::unknown("lifecycle", name, known))?]
            }
        };
        if wanted.is_empty() {
            return Err("this project has no lifecycle; a `dimension` with `lifecycle` declares one".to_owned());
        }
        let grain = args.grain.as_deref().map(requests::grain).transpose()?;
        let selection = Selection { period: args.period.clone(), from: args.from.clone(), to: args.to.clone(), ..Selection::default() };
        Ok((wanted, grain, requests::periods(checked, &selection)?))
    };
    let (wanted, grain, periods) = asked().map_err(|reason| output.wrong(&reason))?;
    let mut tables = Vec::new();
    for lived in wanted.into_iter().filter_map(|it| lived(checked, it, grain)) {
        let run = run(&opened, &lived.checked, &lived.needs(), engine, periods, output)?;
        tables.push(publish::lifecycle(&lived, &run.results));
    }
    output.data(&tidy::lifecycle(checked, &tables, format_of(format), output.lang));
    Ok(FINE)
}
