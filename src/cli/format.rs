//! `peil fmt` and `peil convert`: files in their canonical form, or in the other spelling.

#![expect(clippy::disallowed_methods, reason = "reading and writing definitions is the whole work of both verbs")]

use super::output::Output;
use super::{FINDINGS, FINE, SpellingArg, UNABLE};
use crate::diagnostic::Format;
use crate::session;
use crate::source::{DiskWorld, PROJECT_FILES, Sources};
use crate::syntax::print::{Refused, Spelling, print};
use std::io::Read;
use std::path::{Path, PathBuf};

/// What `fmt` is to do.
#[derive(clap::Args)]
pub struct FmtArgs {
    /// Files, or folders of projects; without one the project here or above. `-`: from stdin to stdout
    paths: Vec<PathBuf>,
    /// Write nothing; list what would change, with exit code 1
    #[arg(long)]
    check: bool,
    /// The name of what comes from stdin, whose end tells the spelling
    #[arg(long, value_name = "NAME", default_value = "stdin.peil")]
    stdin_filename: String,
}

/// What `convert` is to do.
#[derive(clap::Args)]
pub struct ConvertArgs {
    /// Files, or folders of projects; without one the project here or above. `-`: from stdin to stdout
    paths: Vec<PathBuf>,
    /// The spelling to write
    #[arg(long, value_enum)]
    to: SpellingArg,
    /// Write into this folder; the project's own files stay as they are
    #[arg(long, value_name = "DIR", conflicts_with = "write")]
    out: Option<PathBuf>,
    /// Write beside each file, and take it away
    #[arg(long)]
    write: bool,
}

/// A file of definitions that was named.
struct Found {
    /// Where it is.
    path: PathBuf,
    /// How it is said, and where below a folder of output it goes.
    name: String,
}

/// `peil fmt`.
pub fn fmt(args: &FmtArgs, output: &mut Output) -> u8 {
    if args.paths == [Path::new("-")] {
        let Some(spelling) = Spelling::of(&args.stdin_filename) else {
            output.error(&format!("`{}` ends neither in .peil nor in .yaml or .yml", args.stdin_filename));
            return UNABLE;
        };
        return from_stdin(&args.stdin_filename, spelling, spelling, args.check, output);
    }
    let files = match find(&args.paths, output) {
        Ok(files) => files,
        Err(code) => return code,
    };
    let mut work = Work::default();
    for file in &files {
        let Some((text, spelling)) = work.read(file, output) else { continue };
        let Some(printed) = work.print(file, &text, spelling, spelling, output) else { continue };
        if printed == text {
            work.same += 1;
        } else if args.check || work.write(&file.path, &printed, output) {
            work.changed += 1;
            output.data(&format!("{}\n", file.name));
        }
    }
    let verb = if args.check { "would change" } else { "formatted" };
    output.say(&format!("{} {verb}, {} as they should be{}", files_said(work.changed), work.same, work.left_said()));
    if work.unable {
        UNABLE
    } else if work.left > 0 || (args.check && work.changed > 0) {
        FINDINGS
    } else {
        FINE
    }
}

/// `peil convert`.
pub fn convert(args: &ConvertArgs, output: &mut Output) -> u8 {
    let to = args.to.spelling();
    if args.paths == [Path::new("-")] {
        let from = if to == Spelling::Own { Spelling::Yaml } else { Spelling::Own };
        return from_stdin("stdin", from, to, false, output);
    }
    let files = match find(&args.paths, output) {
        Ok(files) => files,
        Err(code) => return code,
    };
    let mut work = Work::default();
    let wanted: Vec<(&Found, Spelling)> = files.iter().filter_map(|it| Some((it, Spelling::of(&it.name)?))).collect();
    // With a folder of its own the outcome is to be whole: what has the spelling already goes along.
    let wanted: Vec<&Found> = wanted.into_iter().filter(|it| it.1 != to || args.out.is_some()).map(|it| it.0).collect();
    if wanted.is_empty() {
        output.say("nothing to convert");
        return FINE;
    }
    if args.out.is_none() && !args.write && wanted.len() > 1 {
        output.error(&format!("{} are to be converted; say `--out DIR`, or `--write`", files_said(wanted.len())));
        return UNABLE;
    }
    let mut targets: Vec<PathBuf> = Vec::new();
    for file in wanted {
        let Some((text, from)) = work.read(file, output) else { continue };
        let Some(printed) = work.print(file, &text, from, to, output) else { continue };
        if args.out.is_none() && !args.write {
            output.data(&printed);
            continue;
        }
        let target = match &args.out {
            Some(folder) => folder.join(renamed(Path::new(&file.name), from, to)),
            None => renamed(&file.path, from, to),
        };
        if target.exists() || targets.contains(&target) {
            output.error(&format!("`{}` is there already; `{}` stays as it is", target.display(), file.name));
            work.unable = true;
            continue;
        }
        if !work.write(&target, &printed, output) {
            continue;
        }
        output.data(&format!("{}\n", target.display()));
        work.changed += 1;
        targets.push(target);
        if args.write
            && let Err(error) = std::fs::remove_file(&file.path)
        {
            output.error(&format!("{}: {error}", file.name));
            work.unable = true;
        }
    }
    if args.out.is_some() || args.write {
        output.say(&format!("{} converted{}", files_said(work.changed), work.left_said()));
    }
    if work.unable {
        UNABLE
    } else if work.left > 0 {
        FINDINGS
    } else {
        FINE
    }
}

/// The name of a file in the other spelling; a project file has a name of its own in each.
fn renamed(path: &Path, from: Spelling, to: Spelling) -> PathBuf {
    if from == to {
        return path.to_path_buf();
    }
    let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    if PROJECT_FILES.contains(&name.as_str()) {
        return path.with_file_name(if to == Spelling::Own { "project.peil" } else { "peil.yaml" });
    }
    path.with_extension(if to == Spelling::Own { "peil" } else { "yaml" })
}

fn files_said(count: usize) -> String {
    format!("{count} {}", if count == 1 { "file" } else { "files" })
}

fn from_stdin(name: &str, from: Spelling, to: Spelling, check: bool, output: &mut Output) -> u8 {
    let mut text = String::new();
    if let Err(error) = std::io::stdin().lock().read_to_string(&mut text) {
        output.error(&format!("stdin: {error}"));
        return UNABLE;
    }
    let file = Found { path: PathBuf::new(), name: name.to_owned() };
    match Work::default().print(&file, &text, from, to, output) {
        Some(printed) if check => {
            if printed == text {
                return FINE;
            }
            output.data(&format!("{name}\n"));
            FINDINGS
        }
        Some(printed) => {
            output.data(&printed);
            FINE
        }
        None => FINDINGS,
    }
}

/// What was done so far.
#[derive(Default)]
struct Work {
    changed: usize,
    same: usize,
    /// Files with faults, which stay as they are.
    left: usize,
    unable: bool,
}

impl Work {
    fn left_said(&self) -> String {
        if self.left == 0 { String::new() } else { format!(", {} left as they are, with faults", self.left) }
    }

    fn read(&mut self, file: &Found, output: &mut Output) -> Option<(String, Spelling)> {
        match std::fs::read_to_string(&file.path) {
            Ok(text) => Some((text, Spelling::of(&file.name)?)),
            Err(error) => {
                output.error(&format!("{}: {error}", file.name));
                self.unable = true;
                None
            }
        }
    }

    fn print(&mut self, file: &Found, text: &str, from: Spelling, to: Spelling, output: &mut Output) -> Option<String> {
        match print(text, from, to) {
            Ok(printed) => return Some(printed),
            Err(Refused::Faults(found)) => {
                let mut sources = Sources::default();
                sources.add(file.name.clone(), text.into());
                output.findings(&found.sorted(), &sources, Format::Human, false);
            }
            Err(Refused::Twice) => {
                output.error(&format!("{}: a name stands twice, which YAML cannot say; the file stays as it is", file.name));
            }
            Err(Refused::Differs) => {
                output.error(&format!(
                    "{}: what would be written does not say the same, a fault of peil; the file stays as it is",
                    file.name
                ));
            }
        }
        self.left += 1;
        None
    }

    /// Writes beside the file, and puts the result in its place: nobody sees half of it.
    fn write(&mut self, path: &Path, text: &str, output: &mut Output) -> bool {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        match super::report::write(&path, text) {
            Ok(()) => true,
            Err(error) => {
                output.error(&format!("{}: {error}", path.display()));
                self.unable = true;
                false
            }
        }
    }
}

/// The files that paths name: files themselves, and those of the projects in folders.
fn find(paths: &[PathBuf], output: &mut Output) -> Result<Vec<Found>, u8> {
    let mut found: Vec<Found> = Vec::new();
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() {
        if DiskWorld::find_root(Path::new(".")).is_none() {
            output.error("no project.peil or peil.yaml here or above; name files or folders");
            return Err(UNABLE);
        }
        &here
    } else {
        paths
    };
    for path in paths {
        if path.is_dir() {
            let root = if paths.as_ptr() == here.as_ptr() { DiskWorld::find_root(path) } else { Some(path.clone()) };
            let below = root.map(|it| in_folder(&it)).unwrap_or_default();
            if below.is_empty() {
                output.error(&format!("`{}` holds no project, and is in none", path.display()));
                return Err(UNABLE);
            }
            found.extend(below);
        } else if path.is_file() {
            let name = path.display().to_string();
            if Spelling::of(&name).is_none() {
                output.error(&format!("`{name}` ends neither in .peil nor in .yaml or .yml"));
                return Err(UNABLE);
            }
            found.push(Found { path: path.clone(), name });
        } else {
            output.error(&format!("no file or folder `{}`", path.display()));
            return Err(UNABLE);
        }
    }
    Ok(found)
}

/// The definitions below a folder: of the project that it is in, or of the projects in it.
fn in_folder(folder: &Path) -> Vec<Found> {
    let roots = match DiskWorld::find_root(folder) {
        Some(root) => vec![root],
        None => DiskWorld::projects_below(folder),
    };
    let Ok(whole) = folder.canonicalize() else { return Vec::new() };
    let mut found = Vec::new();
    for root in roots {
        let Ok(root) = root.canonicalize() else { continue };
        for listed in session::listed(&DiskWorld::new(&root, None)) {
            let path = root.join(&listed.path);
            if let Ok(inside) = path.strip_prefix(&whole) {
                found.push(Found { name: inside.to_string_lossy().into_owned(), path });
            }
        }
    }
    found
}
