//! `peil template`, and what `peil report` tells of its templates: what there is to change, and what they get.

use super::output::Output;
use super::report::Made;
use super::verbs::open;
use super::{EngineArgs, FINE, Outcome, ProjectArgs};
use crate::report::dress::{blocks, context_page, ejected, own_names, own_text, schema};
use crate::source::{DiskWorld, TEMPLATES};
use crate::value::nearest;
use crate::words::Lang;
use std::path::{Path, PathBuf};

/// What to do with templates.
#[derive(clap::Subcommand)]
pub enum TemplateVerb {
    /// Peil's own templates, by name
    List,
    /// One of Peil's own templates, as it is today
    Show {
        /// Its name: scorecards.html
        name: String,
    },
    /// Copy one of Peil's own templates into the project's folder `templates`, and tell how it is used; never overwrites
    Eject {
        /// Its name: scorecards.html
        name: String,
        /// Folder of the project; without it the nearest one upward
        project: Option<PathBuf>,
    },
}

/// What `peil report` tells instead of rendering.
#[derive(clap::Args, Clone, Default)]
pub struct ToldArgs {
    /// What templates get: json, with the figures of today, of every report or of the one that --report names; schema; or md, a page for people
    #[arg(long, value_enum, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "json")]
    dump_context: Option<DumpArg>,
    /// The blocks that a template may fill, each with the template that it stands in
    #[arg(long)]
    list_blocks: bool,
}

#[derive(Clone, Copy, clap::ValueEnum, PartialEq)]
enum DumpArg {
    /// One document with every report by its name
    Json,
    /// The JSON Schema of what every report gets
    Schema,
    /// The same as a page
    Md,
}

/// `peil template`.
pub fn template(verb: &TemplateVerb, output: &mut Output) -> Outcome {
    match verb {
        TemplateVerb::List => {
            output.data(&own_names().iter().map(|it| format!("{it}\n")).collect::<String>());
            Ok(FINE)
        }
        TemplateVerb::Show { name } => {
            let text = own(name, own_text(name)).map_err(|it| output.wrong(&it))?;
            output.data(text);
            Ok(FINE)
        }
        TemplateVerb::Eject { name, project } => eject(name, project.as_deref(), output),
    }
}

fn own<T>(name: &str, found: Option<T>) -> Result<T, String> {
    found.ok_or_else(|| match nearest(name, own_names()) {
        Some(similar) => format!("no template `{name}`; did you mean `{similar}`?"),
        None => format!("no template `{name}`; there are {}", own_names().join(", ")),
    })
}

fn eject(name: &str, project: Option<&Path>, output: &mut Output) -> Outcome {
    let text = own(name, ejected(name)).map_err(|it| output.wrong(&it))?;
    let root = match project {
        Some(folder) if DiskWorld::is_project(folder) => folder.to_path_buf(),
        Some(folder) => return Err(output.wrong(&format!("no project in `{}`", folder.display()))),
        None => DiskWorld::find_root(Path::new("."))
            .ok_or_else(|| output.wrong("no project.peil or peil.yaml here or above; name the project's folder"))?,
    };
    let file = root.join(TEMPLATES).join(name);
    // What is there is somebody's work, even where it is a link to nowhere.
    if file.symlink_metadata().is_ok() {
        return Err(output.wrong(&format!("`{}` is there already, and was left as it is", file.display())));
    }
    super::report::write(&file, &text).map_err(|it| output.wrong(&format!("cannot write `{}`: {it}", file.display())))?;
    output.data(&format!("{}\n", file.display()));
    output.say(next(name, output.lang));
    Ok(FINE)
}

/// What to do with a template that was copied.
fn next(name: &str, lang: Lang) -> &'static str {
    match (name, lang) {
        // Peil's own page is extended by its own name, so a copy of it is another page.
        ("report.html", Lang::En) => {
            "The whole page, as a page of the project: a report has it by `template \"report.html\"`, and a template by `{% extends \"report.html\" %}`.\n\
             `{% extends \"peil/report.html\" %}` stays Peil's own page. To add a section or to fill a block, that is what to begin with; this copy is not needed then."
        }
        ("report.html", Lang::Nl) => {
            "De hele pagina, als pagina van het project: een rapport krijgt die met `template \"report.html\"`, een sjabloon met `{% extends \"report.html\" %}`.\n\
             `{% extends \"peil/report.html\" %}` blijft de pagina van Peil zelf. Dat is het begin van een sjabloon dat een onderdeel toevoegt of een blok vult; deze kopie is dan niet nodig."
        }
        ("mail.html", Lang::En) => {
            "It extends Peil's mail, in every report that has a `template` and is written with `--email`. Fill its blocks; delete those that stay as they are."
        }
        ("mail.html", Lang::Nl) => {
            "Het breidt de mail van Peil uit, in elk rapport met een `template` dat met `--email` wordt gemaakt. Vul de blokken; haal weg wat blijft zoals het is."
        }
        (_, Lang::En) => "It takes the place of Peil's own in every report that has a `template`; `template \"report.html\"` will do.",
        (_, Lang::Nl) => "Het komt in de plaats van dat van Peil in elk rapport met een `template`; `template \"report.html\"` volstaat.",
    }
}

/// Tells what was asked of a project's templates; nothing where pages are wanted.
pub fn told(
    project: &ProjectArgs,
    engine: &EngineArgs,
    args: &ToldArgs,
    report: Option<&str>,
    lang: Option<Lang>,
    output: &mut Output,
) -> Option<Outcome> {
    if args.list_blocks {
        let all = blocks();
        let width = all.iter().map(|it| it.0.len()).max().unwrap_or(0);
        output.data(&all.iter().map(|(block, template)| format!("{block:width$}  {template}\n")).collect::<String>());
        return Some(Ok(FINE));
    }
    match args.dump_context? {
        DumpArg::Schema => output.data(&format!("{:#}\n", schema())),
        DumpArg::Md => output.data(&context_page()),
        DumpArg::Json => return Some(dump(project, engine, report, lang, output)),
    }
    Some(Ok(FINE))
}

/// What the templates of each report get, or those of one, with the figures of today.
fn dump(project: &ProjectArgs, engine: &EngineArgs, report: Option<&str>, lang: Option<Lang>, output: &mut Output) -> Outcome {
    let opened = open(project, output)?;
    let given = Made::read(&opened, engine, report, lang, output)?.given();
    output.data(&format!("{:#}\n", serde_json::Value::Object(given)));
    Ok(FINE)
}
