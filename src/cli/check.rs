//! `peil check` and `peil audit`: which findings are shown, what they weigh here, and which are mended.

use super::output::Output;
use super::verbs::{Opened, open, options};
use super::{EngineArgs, FINDINGS, FINE, Outcome, ProjectArgs, UNABLE, progress};
use crate::diagnostic::{self, Format};
use crate::session::{self, Session};
use crate::source::Overlay;
use crate::value::{Code, Diagnostics, Fact, Family, Severity, nearest};
use crate::words::Lang;
use clap::Args;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// How findings are shown, and which.
#[derive(Args, Clone)]
pub struct CheckArgs {
    /// How findings are printed
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// Only these codes, families or severities: unknown-kpi, coverage, warnings
    #[arg(long, value_name = "WHICH", value_delimiter = ',')]
    select: Vec<String>,
    /// All but these codes, families or severities
    #[arg(long, value_name = "WHICH", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Count these as errors: warnings, a family, a code
    #[arg(long, value_name = "WHICH", value_delimiter = ',')]
    deny: Vec<String>,
}

/// Some findings, as the command line names them.
enum Which {
    Code(Code),
    Family(Family),
    Severity(Severity),
}

impl Which {
    fn named(option: &str, name: &str) -> Result<Which, String> {
        const SEVERITIES: [(&str, Severity); 3] =
            [("errors", Severity::Error), ("warnings", Severity::Warning), ("advice", Severity::Advice)];
        let code = Code::from_name(name).map(Which::Code);
        let family = || Family::ALL.into_iter().find(|it| it.name() == name).map(Which::Family);
        let severity = || SEVERITIES.iter().find(|it| it.0 == name).map(|it| Which::Severity(it.1));
        code.or_else(family).or_else(severity).ok_or_else(|| {
            let known = Code::ALL.iter().map(|it| it.name());
            let known = known.chain(Family::ALL.iter().map(|it| it.name())).chain(SEVERITIES.iter().map(|it| it.0));
            let families: Vec<&str> = Family::ALL.iter().map(|it| it.name()).collect();
            let help = match nearest(name, known) {
                Some(similar) => format!("did you mean `{similar}`?"),
                None => format!("write a code, a family ({}), `errors`, `warnings` or `advice`", families.join(", ")),
            };
            format!("`--{option} {name}`: no code, family or severity has this name; {help}")
        })
    }

    fn holds(&self, fact: &Fact) -> bool {
        match self {
            Which::Code(code) => fact.code == *code,
            Which::Family(family) => fact.code.family() == *family,
            Which::Severity(severity) => fact.severity == *severity,
        }
    }
}

/// Which findings are shown, and which are errors here.
struct Filter {
    select: Vec<Which>,
    ignore: Vec<Which>,
    deny: Vec<Which>,
}

impl Filter {
    fn of(args: &CheckArgs) -> Result<Filter, String> {
        let read = |option: &str, names: &[String]| names.iter().map(|it| Which::named(option, it.trim())).collect::<Result<Vec<_>, _>>();
        Ok(Filter { select: read("select", &args.select)?, ignore: read("ignore", &args.ignore)?, deny: read("deny", &args.deny)? })
    }

    fn shows(&self, fact: &Fact) -> bool {
        let any = |list: &[Which]| list.iter().any(|it| it.holds(fact));
        (self.select.is_empty() || any(&self.select)) && !any(&self.ignore)
    }

    /// What is shown, with what it weighs here; and how many errors are not shown.
    fn apply(&self, facts: Vec<Fact>) -> (Vec<Fact>, usize) {
        let (mut shown, hidden): (Vec<Fact>, Vec<Fact>) = facts.into_iter().partition(|it| self.shows(it));
        for fact in &mut shown {
            if self.deny.iter().any(|it| it.holds(fact)) {
                fact.severity = Severity::Error;
            }
        }
        (shown, hidden.iter().filter(|it| it.severity == Severity::Error).count())
    }
}

/// `peil check`.
pub fn check(project: &ProjectArgs, args: &CheckArgs, fix: bool, output: &mut Output) -> Outcome {
    let filter = Filter::of(args).map_err(|reason| output.wrong(&reason))?;
    let mut opened = open(project, output)?;
    let mut unable = false;
    if fix {
        unable = !mend(&mut opened, &filter, output);
    }
    let code = conclude(&opened, &opened.session.diagnostics, &filter, args.format, !fix, output);
    // The program ends here: its memory goes as a whole, sooner than piece by piece.
    std::mem::forget(opened);
    Ok(if unable { UNABLE } else { code })
}

/// `peil audit`.
pub fn audit(project: &ProjectArgs, engine: &EngineArgs, args: &CheckArgs, output: &mut Output) -> Outcome {
    let filter = Filter::of(args).map_err(|reason| output.wrong(&reason))?;
    let opened = open(project, output)?;
    let mut diagnostics = opened.session.diagnostics.clone();
    let mut unable = false;
    if let Some(checked) = &opened.session.checked {
        unable = !progress::during("reading data", || {
            crate::audit::audit(checked, &opened.world, options(engine), Some(opened.today), &mut diagnostics)
        });
    }
    let code = conclude(&opened, &diagnostics, &filter, args.format, false, output);
    Ok(if unable { UNABLE } else { code })
}

/// Prints findings, and a closing line; gives the exit code.
fn conclude(opened: &Opened, diagnostics: &Diagnostics, filter: &Filter, format: Format, offer: bool, output: &mut Output) -> u8 {
    let (facts, hidden) = filter.apply(diagnostics.sorted());
    output.prefix = prefix(opened.world.root());
    output.findings(&facts, &opened.session.sources, format, true);
    let count = |severity: Severity| facts.iter().filter(|it| it.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if format == Format::Human {
        let things: Vec<String> = opened.session.counts.iter().map(|(word, count)| format!("{count} {}", word.name())).collect();
        let fixable = if offer { facts.iter().filter(|it| it.fix.is_some()).count() } else { 0 };
        output.say(&closing(&things.join(", "), errors, warnings, fixable, output.lang));
    }
    if hidden > 0 {
        output.say(&match output.lang {
            Lang::En => format!("{} not shown (`--select`, `--ignore`)", number(hidden, "error is", "errors are")),
            Lang::Nl => format!("{} niet getoond (`--select`, `--ignore`)", number(hidden, "fout wordt", "fouten worden")),
        });
    }
    if errors > 0 { FINDINGS } else { FINE }
}

fn closing(things: &str, errors: usize, warnings: usize, fixable: usize, lang: Lang) -> String {
    match lang {
        Lang::En => {
            let found = format!("checked {things}: {}, {}", number(errors, "error", "errors"), number(warnings, "warning", "warnings"));
            if fixable > 0 { format!("{found}; `peil check --fix` mends {fixable}") } else { found }
        }
        Lang::Nl => {
            let found = format!(
                "{things} gecontroleerd: {}, {}",
                number(errors, "fout", "fouten"),
                number(warnings, "waarschuwing", "waarschuwingen")
            );
            if fixable > 0 { format!("{found}; `peil check --fix` herstelt er {fixable}") } else { found }
        }
    }
}

/// A number of things: `1 row`, `2 rows`.
pub(super) fn number(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// What stands before the project's paths, read from the root of its repository: the readers of reports look there.
fn prefix(root: &Path) -> String {
    let Ok(root) = root.canonicalize() else { return String::new() };
    let repository = root.ancestors().find(|it| it.join(".git").exists());
    let Some(below) = repository.and_then(|it| root.strip_prefix(it).ok()) else { return String::new() };
    below.components().map(|it| format!("{}/", it.as_os_str().to_string_lossy())).collect()
}

// -- fixes ---------------------------------------------------------------------------------------------------------------

/// How often it is checked whether a fix made room for another.
const ROUNDS: usize = 10;

/// What a finding is known by when the text around it has moved.
type Key = (Code, Option<String>, Vec<(&'static str, String)>);

fn key(session: &Session, fact: &Fact) -> Key {
    let path = fact.span.map(|it| session.sources.file(it.file).path.clone());
    (fact.code, path, fact.args.iter().map(|it| (it.name, it.value.clone())).collect())
}

fn counted<'f>(session: &Session, facts: impl IntoIterator<Item = &'f Fact>) -> BTreeMap<Key, usize> {
    let mut counts = BTreeMap::new();
    facts.into_iter().for_each(|it| *counts.entry(key(session, it)).or_default() += 1);
    counts
}

/// Makes the fixes of what is shown until there are no more, and writes the files. `false` where one was not written.
fn mend(opened: &mut Opened, filter: &Filter, output: &mut Output) -> bool {
    let mut overlay = Overlay::new(&opened.world);
    let mut session = session::open(&overlay);
    let mut useless: BTreeSet<Key> = BTreeSet::new();
    let mut fixed = 0;
    for _ in 0..ROUNDS {
        let facts = session.diagnostics.sorted();
        let wanted = facts.iter().filter(|it| it.fix.is_some() && filter.shows(it) && !useless.contains(&key(&session, it)));
        let mended = diagnostic::mend(wanted, &session.sources);
        if mended.facts.is_empty() {
            break;
        }
        let texts: Vec<_> = mended.texts.iter().map(|(file, text)| (session.sources.file(*file).path.clone(), text.clone())).collect();
        let next_overlay = overlay.with(texts);
        let next = session::open(&next_overlay);
        // What is still found after its fix is not made: it would be made again and again.
        let (before, after) = (counted(&session, &facts), counted(&next, &next.diagnostics.sorted()));
        let stuck: BTreeSet<Key> = counted(&session, mended.facts.iter().copied())
            .into_keys()
            .filter(|it| after.get(it).copied().unwrap_or(0) >= before.get(it).copied().unwrap_or(0))
            .collect();
        if !stuck.is_empty() {
            useless.extend(stuck);
            continue;
        }
        fixed += mended.facts.len();
        overlay = next_overlay;
        session = next;
    }
    let mut written = 0;
    let mut all = true;
    for (path, text) in overlay.texts() {
        let read = opened.session.sources.iter().find(|it| it.1.path == path).map_or("", |it| &it.1.text);
        match opened.world.rewrite(path, read, text) {
            Ok(()) => written += 1,
            Err(reason) => {
                output.error(&format!("`{path}` was not written: {reason}"));
                all = false;
            }
        }
    }
    output.say(&match output.lang {
        Lang::En if fixed == 0 => "nothing to fix".to_owned(),
        Lang::Nl if fixed == 0 => "niets te herstellen".to_owned(),
        Lang::En => format!("fixed {} in {}", number(fixed, "finding", "findings"), number(written, "file", "files")),
        Lang::Nl => format!("{} hersteld in {}", number(fixed, "bevinding", "bevindingen"), number(written, "bestand", "bestanden")),
    });
    if all {
        opened.session = session;
    } else {
        // What was not written is found again.
        opened.session = session::open(&opened.world);
    }
    all
}
