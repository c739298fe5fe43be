//! The verbs: each opens the project, does its stage, and prints its product.

use super::output::Output;
use super::progress;
use super::{EngineArg, EngineArgs, FINDINGS, FINE, FormatArg, Outcome, ProjectArgs, Selection, UNABLE, requests};
use crate::calendar::{Date, DatePattern};
use crate::check::Checked;
use crate::diagnostic;
use crate::engine::{Engine, Options};
use crate::eval::Periods;
use crate::plan::Request;
use crate::session::{self, Memory, Run, Session};
use crate::source::DiskWorld;
use crate::tidy::{self, Format};
use crate::value::{Diagnostics, Severity};
use std::path::Path;

/// A project on disk, opened.
pub struct Opened {
    pub world: DiskWorld,
    pub session: Session,
    pub today: Date,
    /// What was parsed, for the next opening.
    pub memory: Memory,
}

/// Opens the project that the command line names.
///
/// # Errors
/// The exit code; what is wrong was said.
pub fn open(args: &ProjectArgs, output: &mut Output) -> Result<Opened, u8> {
    open_again(args, Memory::once(), output)
}

/// Opens the project once more, with what was parsed the last time.
///
/// # Errors
/// The exit code; what is wrong was said.
pub fn open_again(args: &ProjectArgs, mut memory: Memory, output: &mut Output) -> Result<Opened, u8> {
    let root = match &args.project {
        Some(path) if path.is_dir() => path.clone(),
        Some(path) => {
            output.error(&format!("no folder `{}`", path.display()));
            return Err(UNABLE);
        }
        None => match DiskWorld::find_root(Path::new(".")) {
            Some(root) => root,
            None => {
                output.error("no project.peil or peil.yaml here or above; `peil init` makes a project");
                return Err(UNABLE);
            }
        },
    };
    if let Some(data) = &args.data
        && !data.is_dir()
    {
        output.error(&format!("no folder `{}` for data", data.display()));
        return Err(UNABLE);
    }
    let today = match &args.today {
        Some(text) => match Date::parse(text, DatePattern::YearMonthDay) {
            Some(date) => date,
            None => {
                output.error(&format!("`{text}` is no day; write 2025-10-01"));
                return Err(UNABLE);
            }
        },
        None => clock(),
    };
    let world = DiskWorld::new(&root, args.data.as_deref());
    let session = memory.open(&world);
    Ok(Opened { world, session, today, memory })
}

/// The day that the clock tells, in UTC.
fn clock() -> Date {
    #[expect(clippy::disallowed_methods, reason = "the front door may know the clock")]
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let days = since.map_or(0, |it| it.as_secs() / 86_400);
    i32::try_from(days).ok().and_then(Date::from_days).unwrap_or(Date::MIN)
}

/// How data are read.
pub fn options(args: &EngineArgs) -> Options {
    let threads = args.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |it| it.get()));
    let engine = match args.engine {
        None => Engine::default(),
        Some(EngineArg::Plain) => Engine::Plain,
        #[cfg(feature = "engine")]
        Some(EngineArg::Embedded) => Engine::Embedded,
    };
    Options { engine, threads: threads.max(1) }
}

pub fn format_of(format: FormatArg) -> Format {
    match format {
        FormatArg::Table => Format::Table,
        FormatArg::Csv => Format::Csv,
        FormatArg::Json => Format::Json,
        FormatArg::Ndjson => Format::Ndjson,
        FormatArg::Markdown => Format::Markdown,
    }
}

/// The checked project, or the findings that keep it from being evaluated.
pub fn ready<'o>(opened: &'o Opened, output: &mut Output) -> Result<&'o crate::check::Checked, u8> {
    match &opened.session.checked {
        Some(checked) => Ok(checked),
        None => {
            let errors: Vec<_> = opened.session.diagnostics.sorted().into_iter().filter(|it| it.severity == Severity::Error).collect();
            output.findings(&errors, &opened.session.sources, diagnostic::Format::Human, false);
            Err(FINDINGS)
        }
    }
}

/// The name that a verb was given. A folder alone is the project, of which all items are wanted.
pub fn name_or_folder(name: Option<String>, project: &mut ProjectArgs) -> Option<String> {
    let Some(folder) = name.as_ref().filter(|it| project.project.is_none() && Path::new(it).is_dir()) else { return name };
    project.project = Some(folder.into());
    None
}

/// Prints what was wrong with the data.
pub fn data_findings(opened: &Opened, found: &Diagnostics, output: &mut Output) {
    let errors: Vec<_> = found.sorted().into_iter().filter(|it| it.severity == Severity::Error).collect();
    output.findings(&errors, &opened.session.sources, diagnostic::Format::Human, false);
}

/// Does what reads data, with a sign of life while it takes long.
///
/// # Errors
/// The exit code, where nothing came of it; what is wrong with the data was said.
pub fn reading<T>(opened: &Opened, output: &mut Output, read: impl FnOnce(&mut Diagnostics) -> Option<T>) -> Result<T, u8> {
    let mut found = Diagnostics::default();
    progress::during("reading data", || read(&mut found)).ok_or_else(|| {
        data_findings(opened, &found, output);
        UNABLE
    })
}

/// Reads and evaluates what is asked of an opened project.
///
/// # Errors
/// The exit code; what is wrong with the data was said.
pub fn run(
    opened: &Opened,
    checked: &Checked,
    request: &Request,
    engine: &EngineArgs,
    periods: Periods,
    output: &mut Output,
) -> Result<Run, u8> {
    reading(opened, output, |found| session::run(checked, request, &opened.world, options(engine), periods, opened.today, found))
}

/// The project with the figures of others that stand in files, where they are wanted and there are any.
///
/// # Errors
/// The exit code; what is wrong with the files was said.
pub fn with_outside(opened: &Opened, checked: &Checked, wanted: bool, output: &mut Output) -> Result<Option<Checked>, u8> {
    if !wanted || checked.model.benchmarks.iter().all(|it| it.file.is_none()) {
        return Ok(None);
    }
    reading(opened, output, |found| crate::engine::with_outside(checked, &opened.world, found)).map(Some)
}

/// `peil goals`.
pub fn goals(project: &ProjectArgs, engine: &EngineArgs, period: Option<&str>, format: FormatArg, output: &mut Output) -> Outcome {
    let opened = open(project, output)?;
    let checked = ready(&opened, output)?;
    let periods = requests::period(checked, period).map_err(|reason| output.wrong(&reason))?;
    let request = requests::goal_request(checked);
    let run = run(&opened, checked, &request, engine, periods, output)?;
    output.data(&tidy::goals(checked, &run.results, format_of(format)));
    Ok(FINE)
}

/// `peil plan`.
pub fn plan(project: &ProjectArgs, selection: &Selection, drivers: &[String], reports: &[String], output: &mut Output) -> Outcome {
    let opened = open(project, output)?;
    let checked = ready(&opened, output)?;
    if !reports.is_empty() {
        let mut chosen = Vec::new();
        for name in reports {
            chosen.extend(super::report::chosen(&checked.model, Some(name)).map_err(|reason| output.wrong(&reason))?);
        }
        let gathered = crate::report::gather(checked, &chosen, opened.today);
        let plan = session::plan(gathered.checked(), &gathered.request);
        output.data(&crate::plan::print(gathered.checked(), &plan));
        return Ok(FINE);
    }
    let mut request = if drivers.is_empty() || !selection.kpi.is_empty() {
        requests::request(checked, selection).map_err(|reason| output.wrong(&reason))?.0
    } else {
        crate::plan::Request::new()
    };
    if !drivers.is_empty() {
        let models = requests::driver_models(checked, drivers).map_err(|reason| output.wrong(&reason))?;
        let window = requests::window(checked, selection).map_err(|reason| output.wrong(&reason))?;
        request.drivers = crate::insight::drivers::needs(checked, &models, &window).map_err(|reason| output.wrong(&reason))?.0;
    }
    let plan = session::plan(checked, &request);
    output.data(&crate::plan::print(checked, &plan));
    Ok(FINE)
}
