//! `peil test`: do figures come out as the project's tests say?

use super::output::Output;
use super::verbs::{open, options, ready};
use super::{EngineArgs, FINDINGS, FINE, Outcome, ProjectArgs, UNABLE, progress};
use crate::diagnostic::Format;
use crate::trial;
use crate::value::{Fact, nearest};
use crate::words::Lang;
use clap::{Args, ValueEnum};

/// How outcomes are printed.
#[derive(Clone, Copy, ValueEnum, PartialEq)]
enum TestFormat {
    Human,
    Json,
    Junit,
}

/// Which tests, and how outcomes are printed.
#[derive(Args, Clone)]
pub struct TestArgs {
    /// Only these tests, by name
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// How outcomes are printed
    #[arg(long, value_enum, default_value = "human")]
    format: TestFormat,
}

/// `peil test`.
pub fn test(project: &ProjectArgs, engine: &EngineArgs, args: &TestArgs, output: &mut Output) -> Outcome {
    let opened = open(project, output)?;
    let checked = ready(&opened, output)?;
    let tests = &checked.model.tests;
    if let Some(wrong) = args.only.iter().find(|name| !tests.iter().any(|it| it.name == **name)) {
        return Err(output.wrong(&match nearest(wrong, tests.iter().map(|it| it.name.as_str())) {
            Some(similar) => format!("unknown test `{wrong}`; did you mean `{similar}`?"),
            None => format!("unknown test `{wrong}`"),
        }));
    }
    let trials = progress::during("testing", || trial::run(checked, &args.only, &opened.world, options(engine), opened.today));
    let sources = &opened.session.sources;
    match args.format {
        TestFormat::Human => {
            let facts: Vec<Fact> = trials.iter().flat_map(|it| it.failures.iter().cloned()).collect();
            output.findings(&facts, sources, Format::Human, true);
            let failed = trials.iter().filter(|it| !it.passed()).count();
            let (all, passed) = (trials.len(), trials.len() - failed);
            output.say(&match output.lang {
                Lang::En if all == 0 => "no tests; `peil explain test-failed` shows one".to_owned(),
                Lang::Nl if all == 0 => "geen tests; `peil explain test-failed` toont er een".to_owned(),
                Lang::En => format!("{all} {}: {passed} passed, {failed} failed", if all == 1 { "test" } else { "tests" }),
                Lang::Nl => format!("{all} {}: {passed} geslaagd, {failed} gezakt", if all == 1 { "test" } else { "tests" }),
            });
        }
        TestFormat::Json => {
            let text = trial::json(checked, &trials, sources, output.style());
            output.data(&text);
        }
        TestFormat::Junit => {
            let text = trial::junit(checked, &trials, sources, output.style());
            output.data(&text);
        }
    }
    Ok(if trials.iter().any(|it| it.unable) {
        UNABLE
    } else if trials.iter().any(|it| !it.passed()) {
        FINDINGS
    } else {
        FINE
    })
}
