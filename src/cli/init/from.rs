//! `peil init --from`: a survey export is looked into, and a project is written that checks and reports at once.

#![expect(clippy::disallowed_methods, reason = "writing the project is the verb's whole work")]

use super::super::output::Output;
use super::super::{FINDINGS, FINE, Selection, UNABLE, requests};
use crate::calendar::Date;
use crate::diagnostic::Format;
use crate::engine::{Engine, Options};
use crate::exchange::survey::{self, Data, Draft, Wanted};
use crate::publish::Results;
use crate::session;
use crate::source::{DataFile, DiskWorld};
use crate::value::Severity;
use crate::words::Lang;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How many guesses are listed; each is marked at its line as well.
const LISTED: usize = 12;

/// Writes a project from a survey export.
pub fn init(folder: &Path, file: &Path, sheet: Option<&str>, lang: Option<Lang>, output: &mut Output) -> u8 {
    match run(folder, file, sheet, lang, output) {
        Ok(()) => FINE,
        Err(Failure::Unable(reason)) => {
            output.error(&reason);
            UNABLE
        }
        Err(Failure::Findings) => FINDINGS,
    }
}

enum Failure {
    Unable(String),
    /// The project that was written is not sound; what is wrong was said.
    Findings,
}

fn run(folder: &Path, file: &Path, sheet: Option<&str>, lang: Option<Lang>, output: &mut Output) -> Result<(), Failure> {
    let unable = |reason: String| Failure::Unable(reason);
    if DiskWorld::is_project(folder) {
        return Err(unable(format!("`{}` holds a project already; nothing was written", folder.display())));
    }
    let found = std::fs::metadata(file).map_err(|it| unable(format!("`{}`: {it}", file.display())))?;
    if !found.is_file() {
        return Err(unable(format!("`{}` is no file", file.display())));
    }
    let name = file.file_name().map_or_else(|| "survey".to_owned(), |it| it.to_string_lossy().into_owned());
    let wanted = Wanted { sheet, lang };
    let read = || survey::draft(DataFile::Disk(file.to_path_buf()), &name, found.len(), &wanted);
    let draft = super::super::progress::during("reading the export", read);
    let draft = draft.map_err(|it| unable(format!("`{}`: {it}; nothing was written", file.display())))?;
    let mut files: Vec<(String, Option<String>)> =
        draft.definitions(&BTreeMap::new()).into_iter().map(|(path, text)| (path.to_owned(), Some(text))).collect();
    if draft.data() != Data::Referred {
        files.push((draft.data_path(), None));
        // Answers of people do not belong in a history that keeps everything.
        files.push((".gitignore".to_owned(), Some("out/\ndata/\n".to_owned())));
    }
    if let Some((there, _)) = files.iter().find(|it| folder.join(&it.0).exists()) {
        return Err(unable(format!("`{}` is there already; nothing was written", folder.join(there).display())));
    }
    for (path, text) in &files {
        let to = folder.join(path);
        let failed = |it: String| unable(format!("`{}`: {it}", to.display()));
        to.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(|it| failed(it.to_string()))?;
        match text {
            Some(text) => std::fs::write(&to, text).map_err(|it| failed(it.to_string()))?,
            None if draft.data() == Data::Copied => drop(std::fs::copy(file, &to).map_err(|it| failed(it.to_string()))?),
            None => write_data(&draft, &to).map_err(failed)?,
        }
    }
    let data = (draft.data() == Data::Referred).then(|| data_folder(file));
    let (measured, warnings) = measure(folder, data.as_deref(), output)?;
    for (path, text) in draft.definitions(&measured) {
        let to = folder.join(path);
        std::fs::write(&to, text).map_err(|it| unable(format!("`{}`: {it}", to.display())))?;
    }
    for (path, _) in &files {
        output.data(&format!("{}\n", folder.join(path).display()));
    }
    tell(&draft, folder, file, data.as_deref(), warnings, output);
    Ok(())
}

fn data_folder(file: &Path) -> PathBuf {
    file.parent().filter(|it| !it.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

fn write_data(draft: &Draft, to: &Path) -> Result<(), String> {
    let file = std::fs::File::create(to).map_err(|it| it.to_string())?;
    let mut file = std::io::BufWriter::new(file);
    draft.write_data(&mut file)?;
    std::io::Write::flush(&mut file).map_err(|it| it.to_string())
}

/// Checks what was written and computes what each KPI is now.
fn measure(folder: &Path, data: Option<&Path>, output: &mut Output) -> Result<(BTreeMap<String, String>, usize), Failure> {
    let world = DiskWorld::new(folder, data);
    let opened = session::open(&world);
    let mut found = opened.diagnostics.clone();
    let mut measured = BTreeMap::new();
    if let Some(checked) = &opened.checked {
        let (request, periods) = requests::request(checked, &Selection::default()).map_err(Failure::Unable)?;
        let run =
            session::run(checked, &request, &world, Options { engine: Engine::default(), threads: 1 }, periods, Date::MAX, &mut found);
        if let Some(run) = run {
            measured = figures(checked, &run.results);
        }
    }
    let facts = found.sorted();
    if facts.iter().any(|it| it.severity == Severity::Error) {
        output.findings(&facts, &opened.sources, Format::Human, false);
        output.error("what was written is not sound, which is a fault of `peil init`; the files are there to be mended");
        return Err(Failure::Findings);
    }
    Ok((measured, facts.len()))
}

/// What each KPI is in the last period that has a figure.
fn figures(checked: &crate::check::Checked, results: &Results) -> BTreeMap<String, String> {
    let mut measured = BTreeMap::new();
    for table in &results.tables {
        let kpi = &checked.model.kpis[table.kpi.index()];
        let last = table.rows.iter().rev().find_map(|it| Some((it, it.value?, it.n?)));
        if let Some((row, value, n)) = last {
            let period = row.period.to_string();
            let period = if period == "all" { String::new() } else { format!("in {period}: ") };
            let unit = kpi.unit.as_ref().filter(|it| it.name() == "%").map_or("", |_| " %");
            measured.insert(kpi.name.clone(), format!("{period}{value:.1}{unit} (n = {n})"));
        }
    }
    measured
}

/// What was read, what was done with the data, and what to look at first.
fn tell(draft: &Draft, folder: &Path, file: &Path, data: Option<&Path>, warnings: usize, output: &mut Output) {
    let nl = draft.lang() == Lang::Nl;
    let say = |en: String, dutch: String| if nl { dutch } else { en };
    let (rows, columns) = draft.counts();
    let shown = folder.display();
    output.say(&say(
        format!("\nread {rows} answers in {columns} columns from {}", file.display()),
        format!("\n{rows} antwoorden in {columns} kolommen gelezen uit {}", file.display()),
    ));
    let path = draft.data_path();
    output.say(&match draft.data() {
        Data::Copied => say(format!("the file was copied to {path}; git ignores it"), format!("het bestand is gekopieerd naar {path}; git negeert het")),
        Data::Thinned => say(
            format!("a copy without what may tell who answered is in {path}; git ignores it"),
            format!("een kopie zonder wat kan zeggen wie er antwoordde staat in {path}; git negeert die"),
        ),
        Data::Rewritten => say(
            format!("no source reads the file as it is: the answers were written anew to {path}, in UTF-8 with one header row; git ignores it"),
            format!("geen bron leest het bestand zoals het is: de antwoorden zijn opnieuw geschreven naar {path}, in UTF-8 met één kopregel; git negeert het"),
        ),
        Data::Referred => say(
            format!("the file is larger than {} MiB and stays where it is: every command needs its folder by --data", survey::MAX_COPY >> 20),
            format!("het bestand is groter dan {} MiB en blijft waar het is: elk commando heeft de map nodig met --data", survey::MAX_COPY >> 20),
        ),
    });
    let notes = draft.notes();
    if !notes.is_empty() {
        output.say(&say(
            "\nlook at this first, the most doubtful guess on top:".to_owned(),
            "\nkijk hier eerst naar, de twijfelachtigste gok bovenaan:".to_owned(),
        ));
        for (at, note) in notes.iter().take(LISTED).enumerate() {
            output.say(&format!("{:>3}. {}", at + 1, note.text));
        }
        let more = notes.len().saturating_sub(LISTED);
        if more > 0 {
            output.say(&say(format!("     and {more} more, marked in the files"), format!("     en nog {more}, gemerkt in de bestanden")));
        }
    }
    if warnings > 0 {
        output.say(&say(
            format!("\n`peil check` warns {warnings} times of what the export holds"),
            format!("\n`peil check` waarschuwt {warnings} keer voor wat de export bevat"),
        ));
    }
    let data = data.map_or(String::new(), |it| format!(" --data {}", it.display()));
    output.say(&format!("\npeil check {shown}\npeil report {shown}{data}"));
}
