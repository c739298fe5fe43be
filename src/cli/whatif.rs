//! `peil whatif`: what would follow if figures were others?

use super::output::Output;
use super::verbs::{open, options, reading, ready};
use super::{EngineArgs, FINE, Outcome, ProjectArgs, requests};
use crate::insight::Change;
use crate::report::told;
use crate::session;
use crate::tidy;
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// What changes, in which period.
#[derive(Args, Clone)]
pub struct WhatifArgs {
    /// What changes: nps=45, ces+0.3, wait-20, in the unit of the KPI; behind the changes the folder of the project
    #[arg(required = true, value_name = "CHANGE")]
    changes: Vec<String>,
    /// Another root for the project's data paths
    #[arg(long, env = "PEIL_DATA")]
    data: Option<PathBuf>,
    /// The day that counts as today (2025-10-01); without it, the clock's
    #[arg(long)]
    today: Option<String>,
    /// One period: 2025-Q3; without it the last that is over
    #[arg(long)]
    period: Option<String>,
    #[arg(long, value_enum, default_value = "table")]
    format: WhatifFormat,
}

/// How it is printed.
#[derive(Clone, Copy, ValueEnum, PartialEq)]
enum WhatifFormat {
    Table,
    Json,
}

/// `peil whatif CHANGE…`.
pub fn whatif(engine: &EngineArgs, mut args: WhatifArgs, output: &mut Output) -> Outcome {
    // Behind the changes may stand a folder: the project.
    let folder = args.changes.pop_if(|it| !it.contains(['=', '+']) && Path::new(&*it).is_dir());
    let project = ProjectArgs { project: folder.map(Into::into), data: args.data, today: args.today };
    if args.changes.is_empty() {
        return Err(output.wrong("nothing changes: write what does before the folder, as in `peil whatif nps=45 FOLDER`"));
    }
    let opened = open(&project, output)?;
    let checked = ready(&opened, output)?;
    let changes = Change::parse_all(checked, args.changes.iter().map(String::as_str)).map_err(|reason| output.wrong(&reason))?;
    let periods = requests::period(checked, args.period.as_deref()).map_err(|reason| output.wrong(&reason))?;
    let result =
        reading(&opened, output, |found| session::whatif(checked, &changes, &opened.world, options(engine), periods, opened.today, found))?;
    let result = result.map_err(|reason| output.wrong(&reason))?;
    output.data(&match args.format {
        WhatifFormat::Json => tidy::whatif(checked, &result),
        WhatifFormat::Table => told::whatif(checked, &result, output.lang),
    });
    Ok(FINE)
}
