//! `peil report`: all reports of a project from one read, each written whole or not at all, with the other forms that
//! were asked for beside them.

mod failed;
mod pdf;
mod site;

use self::failed::{Failed, Stopped};
use self::site::Site;
use super::output::Output;
use super::verbs::{Opened, open, ready, run};
use super::{EngineArgs, ProjectArgs};
use crate::audit;
use crate::check::Checked;
use crate::diagnostic::Format;
use crate::eval::Periods;
use crate::model::Report;
use crate::report::dress::Dress;
use crate::report::forms::site::SiteFile;
use crate::report::forms::{FileNames, Shown};
use crate::report::{
    Assembly, Other, RenderError, ReportView, Told, assemble, default_report, forms, gather, render, shown, tells_benchmarks,
};
use crate::session::Run;
use crate::value::{Diagnostics, Severity, nearest};
use crate::words::Lang;
use std::path::{Component, Path, PathBuf};

/// Which reports, and where they go.
#[derive(clap::Args, Clone, Default)]
pub struct ReportArgs {
    /// One report, by its name; without it all of them
    #[arg(long)]
    pub(super) report: Option<String>,
    /// The folder to write in, or the file for one report; without it what the project says
    #[arg(long)]
    out: Option<PathBuf>,
}

/// What is written beside the pages.
#[derive(clap::Args, Clone, Default)]
pub struct FormArgs {
    /// The figures that the report shows, as tables beside it: csv, json or xlsx; several by commas
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FORMATS")]
    figures: Vec<FiguresArg>,
    /// Every drawing as a file of its own, for slides: in a folder of the report's name within this one
    #[arg(long, value_name = "DIR")]
    svg: Option<PathBuf>,
    /// A site in this folder: an index, a page for each KPI, goal, journey and team, the definitions, the figures as
    /// tables. The reports are then written as single pages only where another of these options, or --out, asks for it
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,
    /// The body of a mail beside each page: what it says in short, in tables
    #[arg(long)]
    email: bool,
    /// Each page as a PDF beside it, printed by Chromium, Chrome or Edge
    #[arg(long)]
    pdf: bool,
    /// The browser that prints; without it one that is found
    #[arg(long, value_name = "PROGRAM", requires = "pdf")]
    browser: Option<PathBuf>,
}

impl FormArgs {
    /// Whether the reports are written as single pages too.
    fn pages(&self, args: &ReportArgs) -> bool {
        self.site.is_none() || args.out.is_some() || !self.figures.is_empty() || self.svg.is_some() || self.email || self.pdf
    }
}

/// A format of tables beside a report.
#[derive(Clone, Copy, clap::ValueEnum, PartialEq)]
enum FiguresArg {
    /// One figure a row, the columns of `eval`
    Csv,
    /// Figures, goals, and the head of the page
    Json,
    /// A workbook: figures, goals, definitions, what columns mean
    #[cfg(feature = "excel")]
    Xlsx,
}

/// Renders the project's reports; `lang` is the language that was asked for, if any was.
///
/// # Errors
/// The exit code; what is wrong was said.
pub fn report(
    project: &ProjectArgs,
    engine: &EngineArgs,
    args: &ReportArgs,
    beside: &FormArgs,
    lang: Option<Lang>,
    output: &mut Output,
) -> Result<(), u8> {
    let opened = open(project, output)?;
    let made = Made::read(&opened, engine, args.report.as_deref(), lang, output)?;
    let mut failed = Stopped::default();
    let site = beside.site.as_ref().map(|it| made.site(it, &mut failed, output)).transpose()?;
    let files = if beside.pages(args) { made.targets(args.out.as_deref()).map_err(|it| output.wrong(&it))? } else { Vec::new() };
    let (mut written, mut pages) = (Vec::new(), Vec::new());
    for (at, file) in files.iter().enumerate() {
        if let Some(all) = failed.or(made.all(at, file, beside), file, &opened, output)? {
            written.extend(all);
            pages.push(file);
        }
    }
    write_all(&written, output)?;
    if let Some((folder, site)) = beside.site.as_ref().zip(site).filter(|it| !it.1.files.is_empty()) {
        let left = site::write(folder, &site).map_err(|it| output.wrong(&it))?;
        left.iter().for_each(|it| output.say(&format!("`{}` is no longer a page, but was changed: it stays", folder.join(it).display())));
        output.data(&format!("{}\n", folder.join("index.html").display()));
    }
    if beside.pdf {
        // Last: where there is no browser, everything else is there.
        let browser = pdf::browser(beside.browser.as_deref()).map_err(|it| output.wrong(&it))?;
        for page in pages {
            let printed = super::progress::during("printing", || pdf::print(&browser, page)).map_err(|it| output.wrong(&it))?;
            write_all(&[(page.with_extension("pdf"), printed)], output)?;
        }
    }
    failed.say(&opened, output)
}

/// Renders the reports of an opened project.
///
/// # Errors
/// The exit code; what is wrong was said.
pub fn render_all(opened: &Opened, engine: &EngineArgs, args: &ReportArgs, output: &mut Output) -> Result<(), u8> {
    let made = Made::read(opened, engine, args.report.as_deref(), None, output)?;
    let files = made.targets(args.out.as_deref()).map_err(|it| output.wrong(&it))?;
    let (mut written, mut failed) = (Vec::new(), Stopped::default());
    for (at, file) in files.into_iter().enumerate() {
        if let Some(page) = failed.or(made.page(at, &made.view(at)).map_err(Failed::from), &file, opened, output)? {
            written.push((file, page.into_bytes()));
        }
    }
    write_all(&written, output)?;
    failed.say(opened, output)
}

/// The page of a report.
pub(super) struct Page {
    /// What its file is called, without its ending.
    pub(super) name: String,
    pub(super) title: String,
    /// The page, or why a template stops it.
    pub(super) html: Result<String, RenderError>,
}

/// Reports with the figures that they show, all from one read.
pub(super) struct Made<'o> {
    opened: &'o Opened,
    checked: &'o Checked,
    /// The project with figures of others that stand in files, where reports show them.
    outside: Option<Checked>,
    run: Run,
    told: Told,
    reports: Vec<Report>,
    /// The name that the files of each report begin with.
    names: Vec<String>,
    /// The file of each report's page, beside those of the others.
    files: Vec<String>,
    lang: Option<Lang>,
}

impl<'o> Made<'o> {
    /// Reads what the reports of a project show, or the one of this name.
    ///
    /// # Errors
    /// The exit code; what is wrong was said.
    pub(super) fn read(
        opened: &'o Opened,
        engine: &EngineArgs,
        name: Option<&str>,
        lang: Option<Lang>,
        output: &mut Output,
    ) -> Result<Made<'o>, u8> {
        let checked = ready(opened, output)?;
        let reports = chosen(&checked.model, name).map_err(|it| output.wrong(&it))?;
        let outside = super::verbs::with_outside(opened, checked, tells_benchmarks(&reports), output)?;
        // One request for all of them: every source is read once.
        let gathered = gather(outside.as_ref().unwrap_or(checked), &reports, opened.today);
        let run = run(opened, gathered.checked(), &gathered.request, engine, Periods::default(), output)?;
        let told = gathered.told(&run.plan, &run.table, &run.results, opened.today);
        // Words that no longer hold are warned about where they would be read.
        let mut lapsed = Diagnostics::default();
        told.findings.iter().filter_map(|it| audit::lapsed(checked, it)).for_each(|it| lapsed.push(it));
        crate::check::severities(checked, &mut lapsed);
        let warned: Vec<_> = lapsed.sorted().into_iter().filter(|it| it.severity > Severity::Allow).collect();
        output.findings(&warned, &opened.session.sources, Format::Short, false);
        let undeclared = run.results.tables.iter().flat_map(|it| &it.rows).any(super::eval::holds_undeclared);
        super::eval::say_undeclared(undeclared, output);
        let names = file_names(&checked.model, &reports);
        let files = names.iter().map(|it| format!("{it}.html")).collect();
        Ok(Made { opened, checked, outside, run, told, reports, names, files, lang })
    }

    fn language(&self, report: &Report) -> Lang {
        self.lang.or(report.language).unwrap_or(self.checked.model.project.language)
    }

    /// Where a page points at the others of its run, those; a page of a site has other places, and no others beside it.
    fn others(&self) -> Vec<Other<'_>> {
        let of = |(report, file)| Other { report, lang: self.language(report), file };
        self.reports.iter().zip(self.files.iter().map(String::as_str)).map(of).collect()
    }

    /// What the page of a report is made from.
    fn assembly<'s>(&'s self, at: usize, others: &'s [Other<'s>]) -> Assembly<'s> {
        let report = &self.reports[at];
        let (results, told) = (&self.run.results, &self.told);
        let checked = self.outside.as_ref().unwrap_or(self.checked);
        Assembly { checked, results, report, lang: self.language(report), today: self.opened.today, told, others }
    }

    fn view(&self, at: usize) -> ReportView {
        assemble(&self.assembly(at, &self.others()))
    }

    /// What the forms of a report are dressed with.
    fn dress(&self, at: usize) -> &Dress {
        self.opened.session.wardrobe.of(&self.reports[at])
    }

    /// The page of a report.
    fn page(&self, at: usize, view: &ReportView) -> Result<String, RenderError> {
        render::render_in(view, self.dress(at))
    }

    /// All that is written of a report: its page, and what was asked for beside it.
    fn all(&self, at: usize, file: &Path, beside: &FormArgs) -> Result<Vec<(PathBuf, Vec<u8>)>, Failed> {
        let view = self.view(at);
        let mut written = vec![(file.to_path_buf(), self.page(at, &view)?.into_bytes())];
        if !beside.figures.is_empty() {
            written.extend(self.figures(at, &view, file, &beside.figures)?);
        }
        if beside.email {
            written.push((file.with_extension("mail.html"), forms::mail::mail(&view, self.dress(at))?.into_bytes()));
        }
        if let Some(folder) = &beside.svg {
            let folder = folder.join(&self.names[at]);
            let pictures = forms::pictures::pictures(&view, self.dress(at));
            written.extend(pictures.into_iter().map(|it| (folder.join(it.name), it.svg.into_bytes())));
        }
        Ok(written)
    }

    /// The pages of all reports, or why a template stops one.
    pub(super) fn pages(&self) -> impl Iterator<Item = Page> {
        (0..self.reports.len()).map(|at| {
            let view = self.view(at);
            let html = self.page(at, &view);
            Page { name: self.names[at].clone(), title: view.kicker, html }
        })
    }

    /// What the templates of each report get, by its name.
    pub(super) fn given(&self) -> serde_json::Map<String, serde_json::Value> {
        let of = |(at, report): (usize, &Report)| (report.name.clone(), render::given(&self.view(at), self.dress(at)));
        self.reports.iter().enumerate().map(of).collect()
    }

    /// The figures of a report, with the files that they go to: as CSV, what other sections show in files of their own.
    fn figures(&self, at: usize, view: &ReportView, page: &Path, formats: &[FiguresArg]) -> Result<Vec<(PathBuf, Vec<u8>)>, String> {
        let from = self.assembly(at, &[]);
        let shown = shown(&from, view);
        let mut written = Vec::new();
        for format in formats {
            written.extend(Self::tables(&from, view, &shown, page, *format)?);
        }
        Ok(written)
    }

    fn tables(
        from: &Assembly<'_>,
        view: &ReportView,
        shown: &Shown,
        page: &Path,
        format: FiguresArg,
    ) -> Result<Vec<(PathBuf, Vec<u8>)>, String> {
        Ok(match format {
            FiguresArg::Csv => {
                let figures = (page.with_extension("csv"), forms::figures::csv(from, shown).into_bytes());
                let mut names = FileNames::default();
                let file = |it: &forms::Beside| page.with_extension(format!("{}.csv", names.keep(&it.name)));
                let files: Vec<PathBuf> = shown.beside.iter().map(file).collect();
                let beside = files.into_iter().zip(shown.beside.iter().map(|it| it.table.csv.clone().into_bytes()));
                [figures].into_iter().chain(beside).collect()
            }
            FiguresArg::Json => vec![(page.with_extension("json"), forms::figures::json(from, view, shown).into_bytes())],
            #[cfg(feature = "excel")]
            FiguresArg::Xlsx => vec![(page.with_extension("xlsx"), forms::workbook::workbook(from, view, shown)?)],
        })
    }

    /// The files of a site: that of the only report, else one in a folder for each, below a page that leads to them. A report
    /// that its template stops is left out.
    ///
    /// # Errors
    /// The exit code of anything else that is wrong; it was said.
    fn site(&self, folder: &Path, failed: &mut Stopped, output: &mut Output) -> Result<Site, u8> {
        let mut site = Site::default();
        let single = self.reports.len() == 1;
        let mut views = Vec::new();
        for (at, name) in self.names.iter().enumerate() {
            let from = self.assembly(at, &[]);
            let view = assemble(&from);
            let (place, below) = if single { (folder.to_path_buf(), String::new()) } else { (folder.join(name), format!("{name}/")) };
            match failed.or(self.site_of(at, &from, &view), &place, self.opened, output)? {
                Some(files) => {
                    site.files.extend(files.into_iter().map(|it| SiteFile { path: format!("{below}{}", it.path), ..it }));
                    views.push((name.as_str(), view));
                }
                None => site.stopped.push(below),
            }
        }
        if !single && !views.is_empty() {
            let sites: Vec<(&str, &ReportView)> = views.iter().map(|(name, view)| (*name, view)).collect();
            let project = &self.checked.model.project;
            let lang = self.lang.unwrap_or(project.language);
            let (title, dress) = (project.title.get(lang).unwrap_or("Peil"), self.opened.session.wardrobe.common());
            let above = forms::site::above(title, lang, &sites, dress).map_err(Failed::from);
            site.files.extend(failed.or(above, &folder.join("index.html"), self.opened, output)?.unwrap_or_default());
        }
        Ok(site)
    }

    /// The files of a report's own site.
    fn site_of(&self, at: usize, from: &Assembly<'_>, view: &ReportView) -> Result<Vec<SiteFile>, Failed> {
        let shown = shown(from, view);
        #[cfg_attr(not(feature = "excel"), expect(unused_mut, reason = "the workbook is added"))]
        let mut tables = vec![
            ("figures.csv".to_owned(), forms::figures::csv(from, &shown).into_bytes()),
            ("figures.json".to_owned(), forms::figures::json(from, view, &shown).into_bytes()),
        ];
        #[cfg(feature = "excel")]
        tables.push(("figures.xlsx".to_owned(), forms::workbook::workbook(from, view, &shown)?));
        Ok(forms::site::site(view, self.dress(at), &forms::pages(from, view), tables)?)
    }

    /// The file of every report's page.
    fn targets(&self, out: Option<&Path>) -> Result<Vec<PathBuf>, String> {
        targets(&self.opened.world, &self.checked.model.project.reports, out, &self.files)
    }
}

/// Writes files, each whole, and tells where they are.
fn write_all(files: &[(PathBuf, Vec<u8>)], output: &mut Output) -> Result<(), u8> {
    for (file, bytes) in files {
        write(file, bytes).map_err(|it| output.wrong(&format!("cannot write `{}`: {it}", file.display())))?;
        output.data(&format!("{}\n", file.display()));
    }
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

/// The name that the files of each report begin with: the same whichever reports were chosen.
fn file_names(model: &crate::model::Model, reports: &[Report]) -> Vec<String> {
    let mut names = FileNames::default();
    let all: Vec<(&str, String)> = model.reports.iter().map(|it| (it.name.as_str(), names.keep(&it.name))).collect();
    let of = |it: &Report| all.iter().find(|known| known.0 == it.name).map_or_else(|| it.name.clone(), |it| it.1.clone());
    reports.iter().map(of).collect()
}

/// The file of every report. What the project says stays within the project; what the user says goes anywhere.
fn targets(world: &crate::source::DiskWorld, folder: &str, out: Option<&Path>, files: &[String]) -> Result<Vec<PathBuf>, String> {
    let is_file = |it: &Path| !it.is_dir() && it.extension().is_some_and(|it| it == "html" || it == "htm");
    if let Some(file) = out.filter(|it| is_file(it)) {
        return match files {
            [_] => Ok(vec![file.to_path_buf()]),
            _ => Err(format!("`{}` is one file, and there are {} reports: choose one with --report", file.display(), files.len())),
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
    Ok(files.iter().map(|it| folder.join(it)).collect())
}

/// Writes a file whole: beside it first, then in its place.
pub(super) fn write(file: &Path, content: impl AsRef<[u8]>) -> std::io::Result<()> {
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
        to.write_all(content.as_ref())?;
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
