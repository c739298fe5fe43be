//! Does a section say the truth? Its files are a project; its marks and blocks are what the project must give.

use super::marks::{Mark, marks};
use super::page::{Block, Page, Section, Spelling};
use super::project::{self, Asked, Opened, default_project, difference, line_of, message, place_of, same_meaning};
use peil::calendar::Date;
use peil::diagnostic::{Format, Style};
use peil::source::MemoryWorld;
use peil::value::{Code, Fact, Family};
use peil::words::Lang;
use std::ops::Range;

const PROJECTS: [&str; 3] = ["project.peil", "peil.yaml", "peil.yml"];

/// What is asked of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Its marks and blocks.
    Plain,
    /// An example of a code: it raises this code, once, and nothing else.
    Example(Code),
    /// The example, mended: it raises nothing.
    Fixed(Code),
}

/// What a run of a section gave.
#[derive(Debug, Default)]
pub struct Outcome {
    pub failures: Vec<String>,
    /// Blocks that would have to read otherwise, with what they would have to read.
    pub updates: Vec<(Range<usize>, String)>,
}

impl Outcome {
    fn fail(&mut self, text: impl Into<String>) {
        self.failures.push(text.into());
    }
}

/// Runs a section.
pub fn run(page: &Page, section: &Section, role: Role) -> Outcome {
    let mut outcome = Outcome::default();
    let spellings = if section.is_twice() { vec![Spelling::Own, Spelling::Yaml] } else { vec![Spelling::Both] };
    let worlds: Vec<MemoryWorld> = spellings.iter().map(|it| world(section, *it, role)).collect();
    let opened: Vec<Opened<'_>> = worlds.iter().map(|it| Opened::new(it)).collect();
    for (at, (opened, spelling)) in opened.iter().zip(&spellings).enumerate() {
        let before = outcome.failures.len();
        findings(section, *spelling, role, opened, &mut outcome);
        for block in section.blocks.iter().filter(|it| it.is_expectation()) {
            expectation(page, section, block, role, opened, at == 0, &mut outcome);
        }
        if spellings.len() > 1 {
            let name = if *spelling == Spelling::Own { "Peil's own spelling" } else { "YAML" };
            outcome.failures[before..].iter_mut().for_each(|it| *it = format!("in {name}: {it}"));
        }
    }
    if let [own, yaml] = opened.as_slice()
        && let (Ok(first), Ok(second)) = (own.checked(), yaml.checked())
    {
        if let Err(reason) = same_meaning(first, second) {
            outcome.fail(reason);
        }
        // Without data there are no figures to compare.
        if let (Ok(first), Ok(second)) = (own.eval(&Asked::default()), yaml.eval(&Asked::default()))
            && first != second
        {
            outcome.fail(format!("the two spellings differ in figures\n{}", difference(&first, &second)));
        }
    }
    outcome
}

/// The files of a section, blocks of one path put together.
pub fn files(section: &Section, spelling: Spelling) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    let wanted = |it: &&Block| it.is_file() && (it.spelling == Spelling::Both || it.spelling == spelling || spelling == Spelling::Both);
    for block in section.blocks.iter().filter(wanted) {
        let path = block.file.clone().unwrap_or_else(|| match block.language.as_str() {
            "peil" => "definitions.peil".to_owned(),
            "yaml" => "definitions.yaml".to_owned(),
            other => format!("data.{other}"),
        });
        match files.iter_mut().find(|it| it.0 == path) {
            Some(file) => file.1.push_str(&block.text),
            None => files.push((path, block.text.clone())),
        }
    }
    files
}

/// The world of a section in one spelling.
pub fn world(section: &Section, spelling: Spelling, role: Role) -> MemoryWorld {
    let mut files = files(section, spelling);
    let about = match role {
        Role::Plain => None,
        Role::Example(code) | Role::Fixed(code) => Some(code),
    };
    // What is about the project file gets none but its own.
    let says = |it: &(String, String)| !it.0.contains('/') && says_project(&it.1);
    let has_project = files.iter().any(|it| PROJECTS.contains(&it.0.as_str()) || says(it));
    if !has_project && about != Some(Code::NoProject) {
        files.push((PROJECTS[0].to_owned(), default_project(about)));
    }
    MemoryWorld::new(files.into_iter().map(|(path, text)| (path, text.into_bytes())))
}

fn says_project(text: &str) -> bool {
    text.lines().any(|it| it.starts_with("project ") || it.starts_with("project:"))
}

// -- diagnostics ---------------------------------------------------------------------------------------------------------

fn findings(section: &Section, spelling: Spelling, role: Role, opened: &Opened<'_>, outcome: &mut Outcome) {
    let has_data = section.blocks.iter().any(|it| it.is_file() && !it.is_definition() && !it.is_template());
    let about_data = matches!(role, Role::Example(code) | Role::Fixed(code) if code.family() == Family::Data);
    let found = opened.findings_on(has_data || about_data, day_of(section));
    let sources = &opened.session.sources;
    let shown = |facts: &[&Fact]| facts.iter().map(|it| format!("  {}\n", line_of(it, sources))).collect::<String>();
    let marks: Vec<Mark> = files(section, spelling).iter().filter(|it| is_marked(&it.0)).flat_map(|it| marks(&it.0, &it.1)).collect();
    match role {
        Role::Fixed(_) => {
            if !found.is_empty() {
                outcome.fail(format!("nothing should be found, but:\n{}", shown(&found.iter().collect::<Vec<_>>())));
            }
            return;
        }
        Role::Example(code) => {
            let others: Vec<&Fact> = found.iter().filter(|it| it.code != code).collect();
            if !others.is_empty() {
                outcome.fail(format!("only `{}` should be found, but:\n{}", code.name(), shown(&others)));
            }
            let count = found.iter().filter(|it| it.code == code).count();
            if count != 1 {
                outcome.fail(format!("`{}` should be found once, and is found {count} times", code.name()));
            }
            if marks.is_empty() {
                return;
            }
        }
        Role::Plain => {
            let drawn = section.blocks.iter().any(|it| it.language == "diagnostics");
            if drawn && marks.is_empty() {
                return;
            }
        }
    }
    let mut waiting = marks;
    let mut unexpected = Vec::new();
    for fact in &found {
        let place = place_of(fact, sources);
        let met = waiting.iter().position(|mark| {
            place.as_ref().is_some_and(|(file, line, _)| *file == mark.file && *line == mark.line)
                && mark.severity == fact.severity.name()
                && mark.code == fact.code.name()
                && mark.text.as_ref().is_none_or(|it| message(fact).contains(it.as_str()))
        });
        match met {
            Some(at) => drop(waiting.remove(at)),
            None => unexpected.push(fact),
        }
    }
    if !unexpected.is_empty() {
        outcome.fail(format!("not expected, but found:\n{}", shown(&unexpected)));
    }
    if !waiting.is_empty() {
        let lines = waiting.iter().map(|it| {
            let text = it.text.as_ref().map_or(String::new(), |it| format!(": {it}"));
            format!("  {}:{}: {}[{}]{text}\n", it.file, it.line, it.severity, it.code)
        });
        outcome.fail(format!("expected, but not found:\n{}", lines.collect::<String>()));
    }
}

/// The day of the audit, where a block of findings names one.
fn day_of(section: &Section) -> Option<Date> {
    let block = section.blocks.iter().find(|it| it.language == "diagnostics" && it.options.contains_key("today"))?;
    Some(Asked::of(&block.options).today())
}

/// Whether findings are announced in a file: definitions, and what reports are dressed with.
fn is_marked(path: &str) -> bool {
    [".peil", ".yaml", ".yml"].iter().any(|it| path.ends_with(it)) || path.starts_with("templates/")
}

// -- blocks --------------------------------------------------------------------------------------------------------------

fn expectation(page: &Page, section: &Section, block: &Block, role: Role, opened: &Opened<'_>, first: bool, outcome: &mut Outcome) {
    let asked = Asked::of(&block.options);
    if block.language == "page" {
        let option = |name: &str| block.options.get(name).map(String::as_str);
        let page_of = match option("form") {
            Some(form) => opened.form(&asked, form).and_then(|all| match option("file") {
                Some(file) => all.into_iter().find(|it| it.0 == file).map(|it| it.1).ok_or_else(|| format!("no file `{file}`")),
                None => Ok(all.into_iter().map(|it| it.1).collect()),
            }),
            None => opened.page(&asked),
        };
        if let Err(reason) = page_of.and_then(|it| holds(&it, &block.text)) {
            outcome.fail(format!("{}:{}: {reason}", page.path, block.line));
        }
        return;
    }
    let found = match block.language.as_str() {
        "diagnostics" => Ok(drawn(section, block, role, opened)),
        "result" => opened.eval(&asked).and_then(|it| like(&it, &block.text)),
        "distribution" => opened.distribution(&asked, peil::tidy::Format::Csv).and_then(|it| like(&it, &block.text)),
        "index" if is_told(block) => opened.index(&asked, None, lang_of(block)),
        "index" => opened.index(&asked, Some(peil::tidy::Format::Csv), Lang::En).and_then(|it| like(&it, &block.text)),
        "findings" if is_told(block) => opened.findings_told(&asked, None, lang_of(block)),
        "findings" => opened.findings_told(&asked, Some(peil::tidy::Format::Csv), Lang::En).and_then(|it| like(&it, &block.text)),
        "actions" if is_told(block) => opened.actions(&asked, None, lang_of(block)),
        "actions" => opened.actions(&asked, Some(peil::tidy::Format::Csv), Lang::En).and_then(|it| like(&it, &block.text)),
        "goals" => opened.goals(&asked).and_then(|it| like(&it, &block.text)),
        "why" if block.options.contains_key("goal") => {
            let format = Some(peil::tidy::Format::Csv).filter(|_| !is_told(block));
            let found = opened.goal_why(&asked, &block.options["goal"], format, lang_of(block));
            found.and_then(|it| if is_told(block) { Ok(it) } else { like(&it, &block.text) })
        }
        "why" if is_told(block) => opened.why_told(&asked, block.options.get("lang").map(String::as_str)),
        "why" => opened.why(&asked).and_then(|it| like(&it, &block.text)),
        "drivers" => opened.drivers(&asked, peil::tidy::Format::Csv).and_then(|it| like(&it, &block.text)),
        "reasons" if is_told(block) => opened.reasons(&asked, peil::tidy::Format::Table),
        "reasons" => opened.reasons(&asked, peil::tidy::Format::Csv).and_then(|it| like(&it, &block.text)),
        "chain" if is_told(block) => opened.chain(&asked, peil::tidy::Format::Table),
        "chain" => opened.chain(&asked, peil::tidy::Format::Csv).and_then(|it| like(&it, &block.text)),
        "lifecycle" if is_told(block) => opened.lifecycle(&asked, peil::tidy::Format::Table),
        "lifecycle" => opened.lifecycle(&asked, peil::tidy::Format::Csv).and_then(|it| like(&it, &block.text)),
        "incentives" if is_told(block) => opened.incentives(&asked, peil::tidy::Format::Table),
        "incentives" => opened.incentives(&asked, peil::tidy::Format::Csv).and_then(|it| like(&it, &block.text)),
        "whatif" => {
            opened.whatif(&asked, block.options.get("change").map_or("", String::as_str), block.options.get("lang").map(String::as_str))
        }
        "influence" => opened.influence(block.options.get("for").map_or("", String::as_str)),
        "fmt" | "convert" => printed(section, block),
        "figures" => opened.figures(&asked, block.options.get("table").map(String::as_str)).and_then(|it| like(&it, &block.text)),
        "files" => opened.files(&asked, block.options.get("form").map_or("", String::as_str)),
        _ => opened.plan(&asked),
    };
    let place = format!("{}:{}", page.path, block.line);
    match found {
        Err(reason) => outcome.fail(format!("{place}: no {}: {reason}", block.language)),
        Ok(found) => {
            let tables = [
                "result",
                "distribution",
                "goals",
                "drivers",
                "reasons",
                "chain",
                "lifecycle",
                "why",
                "incentives",
                "findings",
                "actions",
                "index",
                "figures",
            ];
            let table = tables.contains(&block.language.as_str()) && !is_told(block);
            let same = if table { same_table(&block.text, &found) } else { same_text(&block.text, &found) };
            if !same {
                outcome.fail(format!("{place}: the {} differs\n{}\nfound:\n{found}", block.language, difference(&block.text, &found)));
                if first {
                    outcome.updates.push((block.range.clone(), found));
                }
            }
        }
    }
}

/// Whether a page of a report has these lines, in this order; blanks at their ends do not count.
fn holds(page: &str, lines: &str) -> Result<(), String> {
    let mut rest = page;
    for line in lines.lines().map(str::trim).filter(|it| !it.is_empty()) {
        let Some((_, after)) = rest.split_once(line) else {
            let before = if page.contains(line) { "not behind the line before it" } else { "not there" };
            return Err(format!("the page of the report lacks `{line}`: {before}"));
        };
        rest = after;
    }
    Ok(())
}

fn lang_of(block: &Block) -> Lang {
    if block.options.get("lang").is_some_and(|it| it == "nl") { Lang::Nl } else { Lang::En }
}

/// Whether an insight is to be told to people.
fn is_told(block: &Block) -> bool {
    block.options.get("format").is_some_and(|it| it == "human")
}

/// The findings as they are drawn, or in the block's format, without blanks at line ends.
fn drawn(section: &Section, block: &Block, role: Role, opened: &Opened<'_>) -> String {
    let has_data = section.blocks.iter().any(|it| it.is_file() && !it.is_definition() && !it.is_template());
    let about_data = matches!(role, Role::Example(code) if code.family() == Family::Data);
    let lang = if block.options.get("lang").is_some_and(|it| it == "nl") { Lang::Nl } else { Lang::En };
    let format = block.options.get("format").map_or(Format::Human, |it| Format::named(it).unwrap_or_else(|| panic!("no format `{it}`")));
    let style = Style { lang, color: false, prefix: block.options.get("prefix").map_or("", String::as_str) };
    let text =
        peil::diagnostic::print(format, &opened.findings_on(has_data || about_data, day_of(section)), &opened.session.sources, style);
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n"))
}

/// What `fmt` or `convert` makes of the definitions above a block.
fn printed(section: &Section, block: &Block) -> Result<String, String> {
    use peil::syntax::print::{Spelling, print};
    let above = section.blocks.iter().rfind(|it| it.is_definition() && it.line < block.line);
    let above = above.ok_or("nothing stands above it")?;
    let from = if above.language == "peil" { Spelling::Own } else { Spelling::Yaml };
    let to = match (block.language.as_str(), from) {
        ("fmt", it) => it,
        (_, Spelling::Own) => Spelling::Yaml,
        (_, Spelling::Yaml) => Spelling::Own,
    };
    print(&above.text, from, to).map_err(|it| format!("{it:?}"))
}

fn same_text(expected: &str, found: &str) -> bool {
    expected.trim_end().lines().map(str::trim_end).eq(found.trim_end().lines().map(str::trim_end))
}

/// A table with the columns that the expected one has, where that has some.
fn like(found: &str, expected: &str) -> Result<String, String> {
    let (headers, rows) = project_table(found)?;
    let wanted = match project_table(expected) {
        Ok((wanted, _)) if !expected.trim().is_empty() => wanted,
        _ => headers.clone(),
    };
    let mut places = Vec::new();
    for name in &wanted {
        places.push(headers.iter().position(|it| it == name).ok_or_else(|| format!("there is no column `{name}`: {}", headers.join(",")))?);
    }
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let broken = |it: csv::Error| it.to_string();
    writer.write_record(&wanted).map_err(broken)?;
    for row in &rows {
        writer.write_record(places.iter().map(|it| row[*it].as_str())).map_err(broken)?;
    }
    let bytes = writer.into_inner().map_err(|it| it.to_string())?;
    String::from_utf8(bytes).map_err(|it| it.to_string())
}

type Table = (Vec<String>, Vec<Vec<String>>);

fn project_table(text: &str) -> Result<Table, String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(true).flexible(false).from_reader(text.as_bytes());
    let fields = |it: &csv::StringRecord| it.iter().map(str::to_owned).collect::<Vec<_>>();
    let headers = fields(reader.headers().map_err(|it| it.to_string())?);
    let rows = reader.records().map(|it| it.map(|it| fields(&it)).map_err(|it| it.to_string()));
    Ok((headers, rows.collect::<Result<_, _>>()?))
}

/// Whether two tables are equal: texts exactly, numbers to 1e-9.
fn same_table(expected: &str, found: &str) -> bool {
    let (Ok(a), Ok(b)) = (project_table(expected), project_table(found)) else { return false };
    let same = |(a, b): (&String, &String)| a == b || matches!((a.parse(), b.parse()), (Ok(a), Ok(b)) if near(a, b));
    a.0 == b.0 && a.1.len() == b.1.len() && a.1.iter().zip(&b.1).all(|(a, b)| a.len() == b.len() && a.iter().zip(b).all(same))
}

/// Whether two figures are equal to 1e-9, relative or of 1.
pub fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

/// Whether a code is raised by something that a page cannot hold; tests of their own hold it.
pub fn is_beyond_pages(code: Code) -> bool {
    // Bytes that are not text; a file that the reference engine does not read.
    matches!(code, Code::UnreadableFile | Code::NeedsEngine)
}

/// The role of a section: pages of codes have an example and a mended one.
pub fn role_of(page: &Page, section: &Section) -> Role {
    let code = page.path.strip_prefix("specs/diagnostics/").and_then(|it| it.strip_suffix(".md")).and_then(Code::from_name);
    match (code, section.heading()) {
        (Some(code), "Example") => Role::Example(code),
        (Some(code), "Fixed") => Role::Fixed(code),
        _ => Role::Plain,
    }
}

/// The project of a section in one spelling, for tests that vary it.
pub fn texts(section: &Section) -> Vec<(String, String)> {
    let mut texts = files(section, Spelling::Both);
    if !texts.iter().any(|it| PROJECTS.contains(&it.0.as_str())) {
        texts.push((PROJECTS[0].to_owned(), project::default_project(None)));
    }
    texts
}
