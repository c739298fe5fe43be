//! `peil init`: a working project, that checks and reports at once. It never overwrites.

#![expect(clippy::disallowed_methods, reason = "writing the project is the verb's whole work")]

mod from;

pub use from::init as init_from;

use super::output::Output;
use super::{FINE, Template, UNABLE};
use std::path::{Path, PathBuf};

macro_rules! file {
    ($path:literal) => {
        ($path, include_bytes!(concat!("../../examples/autoruit/", $path)) as &[u8])
    };
}

/// The files of the example `autoruit`; a test holds that none is missing.
pub const AUTORUIT: &[(&str, &[u8])] = &[
    file!(".gitignore"),
    file!("README.md"),
    file!("aannames.yaml"),
    file!("acties.yaml"),
    file!("bevindingen.peil"),
    file!("benchmark.yaml"),
    file!("bronnen/bedrijf.yaml"),
    file!("bronnen/enquetes.peil"),
    file!("data/gesprekken.csv"),
    file!("data/klachten.csv"),
    file!("data/na_afspraak.csv"),
    file!("data/na_gesprek.csv"),
    file!("data/na_reparatie.csv"),
    file!("data/opdrachtgevers.csv"),
    file!("data/reparaties.csv"),
    file!("dimensies.yaml"),
    file!("doelen/bedrijfsdoelen.peil"),
    file!("doelen/bonus.peil"),
    file!("doelen/enablers.peil"),
    file!("doelen/klantdoelen.yaml"),
    file!("drivers.peil"),
    file!("gebeurtenissen.yaml"),
    file!("generate.py"),
    file!("klantreis/contactpunten.yaml"),
    file!("klantreis/reizen.yaml"),
    file!("kpis/bedrijf.yaml"),
    file!("kpis/contact.yaml"),
    file!("kpis/ervaring.peil"),
    file!("kpis/samengesteld.peil"),
    file!("kpis/waarde.yaml"),
    file!("project.peil"),
    file!("rapporten/rapporten.peil"),
    file!("tests.peil"),
];

/// A project with the fewest words that reports.
pub const SMALL: &[(&str, &[u8])] = &[("project.peil", SMALL_PROJECT.as_bytes()), ("survey.csv", SMALL_DATA.as_bytes())];

const SMALL_PROJECT: &str = include_str!("init/project.peil");
const SMALL_DATA: &str = include_str!("init/survey.csv");

/// The folder to write in: the one that was named, else the one at hand where nothing is in it but the export.
///
/// # Errors
/// The exit code; what to write instead was said.
pub fn folder(named: Option<PathBuf>, from: Option<&Path>, output: &mut Output) -> Result<PathBuf, u8> {
    if let Some(folder) = named {
        return Ok(folder);
    }
    let of_project = |it: &std::fs::DirEntry| {
        let is_hidden = it.file_name().to_string_lossy().starts_with('.');
        let is_export = from.is_some_and(|from| from.canonicalize().ok() == it.path().canonicalize().ok());
        !is_hidden && !is_export
    };
    let holds = std::fs::read_dir(".").is_ok_and(|mut all| all.any(|it| it.as_ref().is_ok_and(of_project)));
    if holds {
        return Err(output.wrong("this folder is not empty: name a new one, `peil init cx`, or write here, `peil init .`"));
    }
    Ok(PathBuf::from("."))
}

/// `peil init`.
pub fn init(folder: &Path, template: Template, output: &mut Output) -> u8 {
    let files = match template {
        Template::Autoruit => AUTORUIT,
        Template::Small => SMALL,
    };
    let there: Vec<&str> = files.iter().map(|it| it.0).filter(|it| folder.join(it).exists()).collect();
    if let Some(first) = there.first() {
        output.error(&format!("`{}` is there already; nothing was written", folder.join(first).display()));
        return UNABLE;
    }
    if crate::source::DiskWorld::is_project(folder) {
        output.error(&format!("`{}` holds a project already; nothing was written", folder.display()));
        return UNABLE;
    }
    for (path, bytes) in files {
        let path = folder.join(path);
        let written = path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&path, bytes));
        if let Err(error) = written {
            output.error(&format!("`{}`: {error}", path.display()));
            return UNABLE;
        }
        output.data(&format!("{}\n", path.display()));
    }
    let shown = folder.display();
    output.say(&format!("\npeil check {shown}\npeil report {shown}"));
    FINE
}
