//! A Markdown file as tests: headings are names, blocks are files and expectations.

use std::collections::BTreeMap;
use std::ops::Range;

/// A Markdown file, read.
pub struct Page {
    /// The path from the crate's folder, with `/`.
    pub path: String,
    pub text: String,
    pub sections: Vec<Section>,
}

/// What stands between a heading and the next one.
#[derive(Debug, Default)]
pub struct Section {
    /// The headings that lead here, outermost first.
    pub headings: Vec<String>,
    pub line: usize,
    pub rules: Vec<Rule>,
    pub blocks: Vec<Block>,
}

/// A rule id, `r[kpi.formula]`, and the line it stands on.
#[derive(Clone, Debug)]
pub struct Rule {
    pub id: String,
    pub line: usize,
}

/// A fenced block.
#[derive(Clone, Debug)]
pub struct Block {
    /// The first word after the fence: `peil`, `yaml`, `csv`, `result`.
    pub language: String,
    /// What follows it: `kpi=nps by=region`.
    pub options: BTreeMap<String, String>,
    /// The file that it names: `` `kpis.peil`: `` on the line before it.
    pub file: Option<String>,
    pub text: String,
    /// The bytes of the text within the page.
    pub range: Range<usize>,
    pub line: usize,
    /// Which of two spellings it belongs to.
    pub spelling: Spelling,
}

/// The spelling that a block of definitions belongs to, where a section says the same thing twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// Both: nothing was said.
    Both,
    Own,
    Yaml,
}

impl Block {
    /// Whether the block is a file of definitions.
    pub fn is_definition(&self) -> bool {
        matches!(self.language.as_str(), "peil" | "yaml")
    }

    /// Whether the block is an expectation.
    pub fn is_expectation(&self) -> bool {
        if self.language == "page" {
            return true;
        }
        matches!(
            self.language.as_str(),
            "diagnostics"
                | "result"
                | "distribution"
                | "goals"
                | "drivers"
                | "reasons"
                | "chain"
                | "lifecycle"
                | "plan"
                | "fmt"
                | "convert"
                | "why"
                | "whatif"
                | "influence"
                | "incentives"
                | "figures"
                | "files"
                | "index"
                | "findings"
                | "actions"
        )
    }

    /// Whether the block is a file of the folder that reports are dressed from.
    pub fn is_template(&self) -> bool {
        self.file.as_ref().is_some_and(|it| it.starts_with("templates/"))
    }

    /// Whether the block is a file of the section's world.
    pub fn is_file(&self) -> bool {
        self.is_definition() || (!self.is_expectation() && (self.file.is_some() || self.language == "csv"))
    }
}

impl Section {
    /// The name of the test.
    pub fn name(&self) -> String {
        self.headings.join(" - ")
    }

    /// The innermost heading.
    pub fn heading(&self) -> &str {
        self.headings.last().map_or("", String::as_str)
    }

    /// Whether there is something to run.
    pub fn runs(&self) -> bool {
        self.blocks.iter().any(Block::is_definition)
    }

    /// Whether the same project stands here in both spellings.
    pub fn is_twice(&self) -> bool {
        self.blocks.iter().any(|it| it.spelling == Spelling::Yaml)
    }
}

impl Page {
    /// Reads a page.
    pub fn parse(path: &str, text: String) -> Page {
        let sections = Parser::new(&text).run();
        Page { path: path.to_owned(), text, sections }
    }
}

struct Parser<'t> {
    text: &'t str,
    sections: Vec<Section>,
    /// The open headings with their levels.
    open: Vec<(usize, String)>,
    spelling: Spelling,
    /// A file name, until its block comes.
    file: Option<String>,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Parser<'t> {
        Parser { text, sections: vec![Section::default()], open: Vec::new(), spelling: Spelling::Both, file: None }
    }

    fn run(mut self) -> Vec<Section> {
        let lines: Vec<(usize, &str)> = self
            .text
            .split_inclusive('\n')
            .scan(0, |at, line| {
                let start = *at;
                *at += line.len();
                Some((start, line))
            })
            .collect();
        let mut at = front_matter(&lines);
        while at < lines.len() {
            let line = lines[at].1.trim_end();
            if let Some(fence) = fence_of(line) {
                at = self.block(&lines, at, fence);
                continue;
            }
            self.line(line, at + 1);
            at += 1;
        }
        self.sections
    }

    fn line(&mut self, line: &str, number: usize) {
        let level = line.chars().take_while(|it| *it == '#').count();
        if (1..=6).contains(&level) && line[level..].starts_with(' ') {
            self.open.retain(|it| it.0 < level);
            self.open.push((level, line[level..].trim().to_owned()));
            let headings = self.open.iter().map(|it| it.1.clone()).collect();
            self.sections.push(Section { headings, line: number, ..Section::default() });
            self.spelling = Spelling::Both;
            self.file = None;
            return;
        }
        match line.trim() {
            "" => {}
            "In Peil's own spelling:" => self.spelling = Spelling::Own,
            "In YAML:" => self.spelling = Spelling::Yaml,
            text => {
                if let Some(id) = text.strip_prefix("r[").and_then(|it| it.strip_suffix(']')) {
                    let section = self.sections.last_mut().expect("there is always a section");
                    section.rules.push(Rule { id: id.to_owned(), line: number });
                }
                let named = text.strip_prefix('`').and_then(|it| it.strip_suffix("`:"));
                self.file = named.filter(|it| !it.contains('`')).map(str::to_owned);
            }
        }
    }

    fn block(&mut self, lines: &[(usize, &str)], at: usize, fence: &str) -> usize {
        let info = lines[at].1.trim_end()[fence.len()..].trim();
        let first = at + 1;
        let last = (first..lines.len()).find(|it| lines[*it].1.trim_end() == fence).unwrap_or(lines.len());
        let offset = |line: usize| lines.get(line).map_or(self.text.len(), |it| it.0);
        let range = offset(first)..offset(last);
        let (language, options) = info_of(info);
        let section = self.sections.last_mut().expect("there is always a section");
        let definition = matches!(language.as_str(), "peil" | "yaml");
        section.blocks.push(Block {
            language,
            options,
            file: self.file.take(),
            text: self.text[range.clone()].to_owned(),
            range,
            line: first + 1,
            spelling: if definition { self.spelling } else { Spelling::Both },
        });
        last + 1
    }
}

/// How many lines the front matter takes.
fn front_matter(lines: &[(usize, &str)]) -> usize {
    if lines.first().is_none_or(|it| it.1.trim_end() != "---") {
        return 0;
    }
    (1..lines.len()).find(|it| lines[*it].1.trim_end() == "---").map_or(0, |it| it + 1)
}

fn fence_of(line: &str) -> Option<&str> {
    let length = line.chars().take_while(|it| *it == '`').count();
    (length >= 3).then(|| &line[..length])
}

/// `result kpi='ces[a = "b"]' today=2025-10-01`: a language, then options; quotes hold spaces together.
fn info_of(info: &str) -> (String, BTreeMap<String, String>) {
    let mut words: Vec<String> = vec![String::new()];
    let mut quoted = false;
    for it in info.chars() {
        match it {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            it => words.last_mut().expect("there is always a word").push(it),
        }
    }
    let mut words = words.into_iter().filter(|it| !it.is_empty());
    let language = words.next().unwrap_or_default();
    let options = words.map(|it| match it.split_once('=') {
        Some((key, value)) => (key.to_owned(), value.to_owned()),
        None => (it, String::new()),
    });
    (language, options.collect())
}
