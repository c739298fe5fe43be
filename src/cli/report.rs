//! `peil report`: all reports of a project from one read, each written whole or not at all.

use super::output::Output;
use super::verbs::{Opened, data_findings, open, options, ready};
use super::{EngineArgs, ProjectArgs, UNABLE};
use crate::audit;
use crate::diagnostic::Format;
use crate::eval::Periods;
use crate::model::Report;
use crate::report::{Assembly, Other, assemble, default_report, gather, render};
use crate::session;
use crate::value::{Diagnostics, Severity, nearest};
use crate::words::Lang;
use std::path::{Component, Path, PathBuf};

/// Which reports, and where they go.
#[derive(clap::Args, Clone, Default)]
pub struct ReportArgs {
    /// One report, by its name; without it all of them
    #[arg(long)]
    report: Option<String>,
    /// The folder to write in, or the file for one report; without it what the project says
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Renders the project's reports; `lang` is the language that was asked for, if any was.
///
/// # Errors
/// The exit code; what is wrong was said.
pub fn report(project: &ProjectArgs, engine: &EngineArgs, args: &ReportArgs, lang: Option<Lang>, output: &mut Output) -> Result<(), u8> {
    let opened = open(project, output)?;
    render_all(&opened, engine, args, lang, output)
}

/// Renders the reports of an opened project.
///
/// # Errors
/// The exit code; what is wrong was said.
pub fn render_all(opened: &Opened, engine: &EngineArgs, args: &ReportArgs, lang: Option<Lang>, output: &mut Output) -> Result<(), u8> {
    let checked = ready(opened, output)?;
    let unable = |output: &mut Output, reason: &str| {
        output.error(reason);
        UNABLE
    };
    let reports = chosen(&checked.model, args.report.as_deref()).map_err(|it| unable(output, &it))?;
    let files = targets(&opened.world, &checked.model.project.reports, args.out.as_deref(), &reports).map_err(|it| unable(output, &it))?;
    // One request for all of them: every source is read once.
    let gathered = gather(checked, &reports, opened.today);
    let mut found = Diagnostics::default();
    let read = || {
        session::run(gathered.checked(), &gathered.request, &opened.world, options(engine), Periods::default(), opened.today, &mut found)
    };
    let Some(run) = super::progress::during("reading data", read) else {
        data_findings(opened, &found, output);
        return Err(UNABLE);
    };
    let told = gathered.told(&run.plan, &run.table, &run.results, opened.today);
    // Words that no longer hold are warned about where they would be read.
    let mut lapsed = Diagnostics::default();
    told.findings.iter().filter_map(|it| audit::lapsed(checked, it)).for_each(|it| lapsed.push(it));
    crate::check::severities(checked, &mut lapsed);
    let shown: Vec<_> = lapsed.sorted().into_iter().filter(|it| it.severity > Severity::Allow).collect();
    output.findings(&shown, &opened.session.sources, Format::Short, false);
    // Reports of one run stand beside each other, and point at each other.
    let names: Vec<String> = files.iter().map(|it| it.file_name().unwrap_or_default().to_string_lossy().into_owned()).collect();
    let language = |report: &Report| lang.or(report.language).unwrap_or(checked.model.project.language);
    let others: Vec<Other<'_>> = reports.iter().zip(&names).map(|(report, file)| Other { report, lang: language(report), file }).collect();
    let mut pages = Vec::new();
    for report in &reports {
        let assembly =
            Assembly { checked, results: &run.results, report, lang: language(report), today: opened.today, told: &told, others: &others };
        let view = assemble(&assembly);
        pages.push(render::render_in(&view, opened.session.wardrobe.of(report)).map_err(|it| unable(output, &it.to_string()))?);
    }
    for (page, file) in pages.iter().zip(&files) {
        write(file, page).map_err(|it| unable(output, &format!("cannot write `{}`: {it}", file.display())))?;
        output.data(&format!("{}\n", file.display()));
    }
    let undeclared = run.results.tables.iter().flat_map(|it| &it.rows).any(super::verbs::holds_undeclared);
    super::verbs::say_undeclared(undeclared, output);
    Ok(())
}

/// The reports of a project; one of every section where it declares none.
pub(super) fn chosen(model: &crate::model::Model, name: Option<&str>) -> Result<Vec<Report>, String> {
    let all = if model.reports.is_empty() { vec![default_report(model)] } else { model.reports.clone() };
    let Some(name) = name else { return Ok(all) };
    let names: Vec<String> = all.iter().map(|it| it.name.clone()).collect();
    let found: Vec<Report> = all.into_iter().filter(|it| it.name == name).collect();
    if found.is_empty() {
        return Err(match nearest(name, names.iter().map(String::as_str)) {
            Some(similar) => format!("unknown report `{name}`; did you mean `{similar}`?"),
            None => format!("unknown report `{name}`; this project has {}", names.join(", ")),
        });
    }
    Ok(found)
}

/// The file of every report. What the project says stays within the project; what the user says goes anywhere.
fn targets(world: &crate::source::DiskWorld, folder: &str, out: Option<&Path>, reports: &[Report]) -> Result<Vec<PathBuf>, String> {
    let is_file = |it: &Path| !it.is_dir() && it.extension().is_some_and(|it| it == "html" || it == "htm");
    if let Some(file) = out.filter(|it| is_file(it)) {
        return match reports {
            [_] => Ok(vec![file.to_path_buf()]),
            _ => Err(format!("`{}` is one file, and there are {} reports: choose one with --report", file.display(), reports.len())),
        };
    }
    let folder = match out {
        Some(out) => out.to_path_buf(),
        None => {
            let inside = Path::new(folder).components().all(|it| matches!(it, Component::Normal(_) | Component::CurDir));
            if !inside {
                return Err(format!("`reports` of the project leaves its folder: `{folder}`; --out can name any folder"));
            }
            world.root().join(folder)
        }
    };
    Ok(reports.iter().map(|it| folder.join(format!("{}.html", it.name))).collect())
}

/// Writes a file whole: beside it first, then in its place.
pub(super) fn write(file: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    if let Some(folder) = file.parent().filter(|it| !it.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut name = std::ffi::OsString::from(".");
    name.push(file.file_name().unwrap_or_default());
    name.push(format!(".{}", std::process::id()));
    let beside = file.with_file_name(name);
    let written = (|| {
        let mut to = std::fs::File::create(&beside)?;
        to.write_all(text.as_bytes())?;
        to.sync_all()?;
        if let Ok(known) = std::fs::metadata(file) {
            std::fs::set_permissions(&beside, known.permissions())?;
        }
        std::fs::rename(&beside, file)
    })();
    if written.is_err() {
        // What was begun is of no use; that it cannot be removed changes nothing about the failure.
        let _ = std::fs::remove_file(&beside);
    }
    written
}
