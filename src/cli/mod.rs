//! The command line: the only room that prints, and that knows the clock.

#![expect(clippy::disallowed_methods, reason = "the front door reads the environment and the clock")]

mod actions;
mod chain;
mod check;
mod drivers;
mod eval;
mod explain;
mod findings;
mod format;
mod graph;
mod incentives;
mod index;
mod influence;
mod init;
mod lifecycle;
mod output;
mod page;
mod progress;
mod reasons;
mod report;
mod requests;
mod serve;
mod template;
mod test;
mod verbs;
mod watch;
mod whatif;
mod why;

pub use page::commands_page;

use crate::diagnostic::Format;
use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

/// Fine.
pub const FINE: u8 = 0;
/// Findings: errors, or differences where they were asked for.
pub const FINDINGS: u8 = 1;
/// Wrong usage, or data out of reach.
pub const UNABLE: u8 = 2;

/// The exit code of a verb; `Err` where it ended early, when what is wrong was said.
type Outcome = Result<u8, u8>;

/// Metrics for customer experience: goals, KPIs and journeys as text, figures with honest statistics.
#[derive(Parser)]
#[command(name = "peil", version, max_term_width = 100, infer_subcommands = false)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    common: Common,
}

/// Options of every verb.
#[derive(Args, Clone)]
pub struct Common {
    /// Language of messages
    #[arg(long, global = true, value_enum)]
    lang: Option<LangArg>,
    /// Colours: on a terminal, always, or never
    #[arg(long, global = true, value_enum, default_value = "auto")]
    color: ColorArg,
}

#[derive(Clone, Copy, ValueEnum)]
enum LangArg {
    Nl,
    En,
}

impl LangArg {
    fn lang(self) -> crate::words::Lang {
        match self {
            LangArg::Nl => crate::words::Lang::Nl,
            LangArg::En => crate::words::Lang::En,
        }
    }
}

#[derive(Clone, Copy, ValueEnum, PartialEq)]
enum ColorArg {
    Auto,
    Always,
    Never,
}

/// Where a project and its data are.
#[derive(Args, Clone)]
pub struct ProjectArgs {
    /// Folder of the project; without it the nearest one upward
    project: Option<PathBuf>,
    /// Another root for the project's data paths
    #[arg(long, env = "PEIL_DATA")]
    data: Option<PathBuf>,
    /// The day that counts as today (2025-10-01); without it, the clock's
    #[arg(long)]
    today: Option<String>,
}

/// How data are read.
#[derive(Args, Clone)]
pub struct EngineArgs {
    /// The engine that reads the data
    #[arg(long, value_enum)]
    engine: Option<EngineArg>,
    /// Threads to read with
    #[arg(long)]
    threads: Option<usize>,
}

#[derive(Clone, Copy, ValueEnum, PartialEq)]
enum EngineArg {
    /// CSV and Parquet, on several threads
    #[cfg(feature = "engine")]
    Embedded,
    /// The reference: CSV, row by row
    Plain,
}

#[derive(Clone, Copy, ValueEnum)]
enum FormatArg {
    Table,
    Csv,
    Json,
    Ndjson,
    Markdown,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Format] {
        &Format::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Format::Human => "Drawn, with the text that is pointed at",
            Format::Short => "A line each",
            Format::Json => "One document, by the schema of the specs",
            Format::Sarif => "SARIF 2.1.0: code scanning, editors",
            Format::Junit => "A test report for build servers",
            Format::Github => "Annotations in GitHub's workflows",
            Format::Gitlab => "GitLab's code quality report",
        };
        Some(PossibleValue::new(self.name()).help(help))
    }
}

#[derive(Clone, Copy, ValueEnum, PartialEq)]
enum GraphFormat {
    Dot,
    Json,
}

/// One of the two spellings.
#[derive(Clone, Copy, ValueEnum, PartialEq)]
enum SpellingArg {
    /// Peil's own: .peil
    Dsl,
    /// YAML: .yaml
    Yaml,
}

impl SpellingArg {
    fn spelling(self) -> crate::syntax::print::Spelling {
        match self {
            SpellingArg::Dsl => crate::syntax::print::Spelling::Own,
            SpellingArg::Yaml => crate::syntax::print::Spelling::Yaml,
        }
    }
}

/// A project to begin with.
#[derive(Clone, Copy, ValueEnum, PartialEq)]
enum Template {
    /// One survey, two KPIs
    Small,
    /// The whole example: a Dutch car-glass repairer
    Autoruit,
}

/// How many tests at once are corrected.
#[derive(Clone, Copy, Default, ValueEnum, PartialEq)]
enum CorrectArg {
    /// Few of the signals are false
    #[default]
    BenjaminiHochberg,
    /// Hardly ever is any of them
    Holm,
}

/// Which figures.
#[derive(Args, Clone, Default)]
pub struct Selection {
    /// KPIs, or parts of them: nps, 'ces[channel = "Web"]'
    #[arg(long, value_delimiter = ';')]
    kpi: Vec<String>,
    /// Cut by a dimension; repeated: each by itself; region,channel: crossed
    #[arg(long)]
    by: Vec<String>,
    /// A condition over dimensions, for every KPI that has them: 'region = "N"'
    #[arg(long = "where")]
    condition: Option<String>,
    /// Hold each figure against another: previous, year, norm, benchmark, rest (with --by), or two groups
    /// ('channel: web, phone'); repeated: each by itself
    #[arg(long, value_name = "WITH")]
    compare: Vec<String>,
    /// How the segments of a comparison are corrected for each other
    #[arg(long, value_enum, default_value = "benjamini-hochberg", requires = "compare")]
    correct: CorrectArg,
    /// Grain of the periods: day, week, month, quarter, year
    #[arg(long)]
    grain: Option<String>,
    /// One period: 2025-Q3
    #[arg(long, conflicts_with_all = ["from", "to"])]
    period: Option<String>,
    /// The first period
    #[arg(long)]
    from: Option<String>,
    /// The last period
    #[arg(long)]
    to: Option<String>,
}

#[derive(Subcommand)]
enum Verb {
    /// Check the definitions; no data are read
    Check {
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        args: check::CheckArgs,
        /// Write what can be mended by itself, and check again
        #[arg(long)]
        fix: bool,
    },
    /// Check the definitions and what only the data can tell
    Audit {
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        engine: EngineArgs,
        #[command(flatten)]
        args: check::CheckArgs,
    },
    /// Run the project's tests: rows in, figures out
    Test {
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        engine: EngineArgs,
        #[command(flatten)]
        args: test::TestArgs,
    },
    /// Compute figures
    Eval {
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        engine: EngineArgs,
        #[command(flatten)]
        selection: Selection,
        #[arg(long, value_enum, default_value = "table")]
        format: FormatArg,
        /// How the answers behind each score are spread: how many gave which. JSON has them without asking, beside the figure
        #[arg(long, conflicts_with = "compare")]
        distribution: bool,
        /// Also in tables: the smallest change that each comparison finds, 8 times out of 10
        #[arg(long, requires = "compare")]
        detectable: bool,
        /// Where the time went, on stderr
        #[arg(long)]
        timings: bool,
    },
    /// What drives an answer: driver models, with importance, performance and what to know of them
    Drivers {
        /// A driver model; without it all of them
        name: Option<String>,
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        engine: EngineArgs,
        #[command(flatten)]
        args: drivers::DriverArgs,
        #[arg(long, value_enum, default_value = "table")]
        format: FormatArg,
    },
    /// What customers name as their reasons, and what each is to the score: NPS+, who is at risk, what may be saved
    Reasons {
        /// A driver model with reasons; without it all of them
        name: Option<String>,
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        engine: EngineArgs,
        #[command(flatten)]
        args: drivers::DriverArgs,
        #[arg(long, value_enum, default_value = "table")]
        format: FormatArg,
    },
    /// Customers by phase of their life: how many, where they come from and go to, and the KPIs that are cut by it
    Lifecycle {
        /// A dimension that says `lifecycle`; without it all of them
        name: Option<String>,
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        engine: EngineArgs,
        #[command(flatten)]
        args: lifecycle::LifecycleArgs,
        #[arg(long, value_enum, default_value = "table")]
        format: FormatArg,
    },
    /// The goal tree: satisfaction, coverage, status
    Goals {
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        engine: EngineArgs,
        /// One period: 2025-Q3
        #[arg(long)]
        period: Option<String>,
        #[arg(long, value_enum, default_value = "table")]
        format: FormatArg,
        /// What this team moves: its own goals, those that it moves through others, and what nobody can; table or json
        #[arg(long = "for", value_name = "TEAM")]
        team: Option<String>,
    },
    /// What incentives pay, and what the same terms would have paid in earlier periods
    Incentives {
        /// An incentive; without it all of them
        name: Option<String>,
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        engine: EngineArgs,
        /// So many earlier periods; without it all that have data
        #[arg(long, value_name = "N")]
        past: Option<usize>,
        #[arg(long, value_enum, default_value = "table")]
        format: FormatArg,
    },
    /// An index under other weights, with the ranks that change; and whether internal figures go with it
    Index {
        /// A KPI whose formula is an index
        name: String,
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        engine: EngineArgs,
        #[command(flatten)]
        args: index::IndexArgs,
    },
    /// Findings with their figures put in, and which of them still hold
    Findings {
        /// A finding; without it all of them
        name: Option<String>,
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        engine: EngineArgs,
        /// One period: 2025-Q3; without it the last that is over
        #[arg(long)]
        period: Option<String>,
        #[arg(long, value_enum, default_value = "human")]
        format: why::WhyFormat,
    },
    /// Actions: what was expected of them beside what was measured, before and after and beside their control
    Actions {
        /// An action; without it all of them
        name: Option<String>,
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        engine: EngineArgs,
        #[arg(long, value_enum, default_value = "human")]
        format: why::WhyFormat,
    },
    /// A code of a diagnostic, a KPI (nps, nps@2025-Q3, nps@2025-Q3/region=N), another item (finding:waits, sector), or the standard patterns (peil.cx, peil.cx.nps)
    Explain {
        what: String,
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        engine: EngineArgs,
    },
    /// What moved a KPI between two periods: its segments, their shares, the parts of its formula; or a goal: its KPIs and sub-goals
    Why {
        /// A KPI, or a part of one: nps, 'ces[channel = "Web"]'; or a goal: goal:easy
        what: String,
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        engine: EngineArgs,
        #[command(flatten)]
        args: why::WhyArgs,
    },
    /// From what is measured to what it is worth: every figure and assumption that a KPI is computed from, in order
    Chain {
        /// A KPI
        what: String,
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        engine: EngineArgs,
        #[command(flatten)]
        args: chain::ChainArgs,
        #[arg(long, value_enum, default_value = "table")]
        format: FormatArg,
    },
    /// What would follow for goals and other KPIs if figures were others: nps=45, ces+0.3. Arithmetic, not a forecast
    Whatif {
        #[command(flatten)]
        args: whatif::WhatifArgs,
        #[command(flatten)]
        engine: EngineArgs,
    },
    /// The graph of goals, KPIs and sources
    Graph {
        #[command(flatten)]
        project: ProjectArgs,
        #[arg(long, value_enum, default_value = "dot")]
        format: GraphFormat,
    },
    /// Write definitions in their canonical form; comments stay
    Fmt {
        #[command(flatten)]
        args: format::FmtArgs,
    },
    /// Write definitions in the other spelling; meaning and comments stay
    Convert {
        #[command(flatten)]
        args: format::ConvertArgs,
    },
    /// What YAML may hold, as a JSON Schema for editors
    Schema,
    /// A working project to begin with; never overwrites
    Init {
        /// The folder to make; without it the one at hand, where it is empty
        folder: Option<PathBuf>,
        #[arg(long, value_enum, default_value = "small")]
        template: Template,
        /// A survey export (CSV, Excel) to look into: the project is guessed from it, and every guess marked
        #[arg(long, value_name = "FILE", conflicts_with = "template")]
        from: Option<PathBuf>,
        /// The sheet of a workbook; without it the fullest one
        #[arg(long, value_name = "NAME", requires = "from")]
        sheet: Option<String>,
    },
    /// Render the project's reports, each as one self-contained page; and other forms beside it
    Report {
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        engine: EngineArgs,
        #[command(flatten)]
        args: report::ReportArgs,
        #[command(flatten)]
        beside: report::FormArgs,
        #[command(flatten)]
        told: template::ToldArgs,
    },
    /// The templates of reports: Peil's own, to read or to begin with
    Template {
        #[command(subcommand)]
        verb: template::TemplateVerb,
    },
    /// Check again, and render again, whenever a file of the project is saved
    Watch {
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        engine: EngineArgs,
        #[command(flatten)]
        report: report::ReportArgs,
    },
    /// Show the reports in a browser on this machine, and again whenever a file of the project is saved
    Serve {
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        engine: EngineArgs,
        #[command(flatten)]
        args: serve::ServeArgs,
    },
    /// What is read, grouped and kept for figures
    Plan {
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        selection: Selection,
        /// With this driver model, as `peil drivers` makes it; repeated. Without --kpi: with no figures beside it
        #[arg(long, value_name = "NAME")]
        drivers: Vec<String>,
        /// For this report, as `peil report` reads for it; repeated: for all of them together
        #[arg(long, value_name = "NAME", conflicts_with_all = ["kpi", "by", "condition", "compare", "grain", "period", "from", "to", "drivers"])]
        report: Vec<String>,
    },
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { UNABLE } else { FINE };
            // A closed pipe is no fault of ours.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let mut output = output::Output::new(&cli.common);
    let outcome: Outcome = match cli.verb {
        Verb::Check { project, args, fix } => check::check(&project, &args, fix, &mut output),
        Verb::Audit { project, engine, args } => check::audit(&project, &engine, &args, &mut output),
        Verb::Eval { project, engine, selection, format, distribution, detectable, timings } => {
            eval::eval(&project, &engine, &selection, format, eval::Beside { distribution, detectable, timings }, &mut output)
        }
        Verb::Test { project, engine, args } => test::test(&project, &engine, &args, &mut output),
        Verb::Drivers { name, project, engine, args, format } => drivers::drivers(name, project, &engine, &args, format, &mut output),
        Verb::Reasons { name, project, engine, args, format } => reasons::reasons(name, project, &engine, &args, format, &mut output),
        Verb::Lifecycle { name, project, engine, args, format } => lifecycle::lifecycle(name, project, &engine, &args, format, &mut output),
        Verb::Goals { project, engine, period, format, team: None } => {
            verbs::goals(&project, &engine, period.as_deref(), format, &mut output)
        }
        Verb::Goals { project, engine, period, format, team: Some(team) } => {
            influence::influence(&project, &engine, &team, period.as_deref(), format, &mut output)
        }
        Verb::Incentives { name, project, engine, past, format } => {
            incentives::incentives(name, project, &engine, past, format, &mut output)
        }
        Verb::Index { name, project, engine, args } => index::index(&name, &project, &engine, &args, &mut output),
        Verb::Findings { name, project, engine, period, format } => {
            findings::findings(name, project, &engine, period.as_deref(), format, &mut output)
        }
        Verb::Actions { name, project, engine, format } => actions::actions(name, project, &engine, format, &mut output),
        Verb::Explain { what, project, engine } => Ok(explain::explain(&what, &project, &engine, &mut output)),
        Verb::Why { what, project, engine, args } => why::why(&what, &project, &engine, &args, &mut output),
        Verb::Chain { what, project, engine, args, format } => chain::chain(&what, &project, &engine, &args, format, &mut output),
        Verb::Whatif { args, engine } => whatif::whatif(&engine, args, &mut output),
        Verb::Graph { project, format } => graph::graph(&project, format, &mut output),
        Verb::Fmt { args } => Ok(format::fmt(&args, &mut output)),
        Verb::Convert { args } => Ok(format::convert(&args, &mut output)),
        Verb::Schema => {
            output.data(&format!("{:#}\n", crate::syntax::json_schema()));
            Ok(FINE)
        }
        Verb::Init { folder, template, from: None, sheet: _ } => {
            init::folder(folder, None, &mut output).map(|it| init::init(&it, template, &mut output))
        }
        Verb::Init { folder, template: _, from: Some(file), sheet } => init::folder(folder, Some(&file), &mut output)
            .map(|it| init::init_from(&it, &file, sheet.as_deref(), cli.common.lang.map(LangArg::lang), &mut output)),
        Verb::Template { verb } => template::template(&verb, &mut output),
        Verb::Report { project, engine, args, beside, told } => {
            let lang = cli.common.lang.map(LangArg::lang);
            if let Some(outcome) = template::told(&project, &engine, &told, args.report.as_deref(), lang, &mut output) {
                return ExitCode::from(outcome.unwrap_or_else(|code| code));
            }
            report::report(&project, &engine, &args, &beside, lang, &mut output).map(|()| FINE)
        }
        Verb::Watch { project, engine, report } => watch::watch(&project, &engine, &report, &mut output),
        Verb::Serve { project, engine, args } => serve::serve(&project, &engine, &args, cli.common.lang.map(LangArg::lang), &mut output),
        Verb::Plan { project, selection, drivers, report } => verbs::plan(&project, &selection, &drivers, &report, &mut output),
    };
    ExitCode::from(outcome.unwrap_or_else(|code| code))
}
