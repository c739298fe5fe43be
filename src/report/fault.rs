//! Where is a template at fault, when a page could not be made? The place in the project's files that who wrote them can mend: what
//! went wrong within Peil's own templates began where one of theirs called.

use std::fmt;

use minijinja::{Error, ErrorKind};

use super::dress::own_text;
use crate::source::{FileId, Sources, Span, TEMPLATES};
use crate::value::{Code, Fact};

/// So many places are shown where it is not known which of them it was.
const MOST_PLACES: usize = 6;

/// Why a page could not be made. It is a fault in a template: a view cannot be wrong.
#[derive(Debug)]
pub struct RenderError {
    cause: Error,
    /// The template that the page begins with, where it is known.
    page: Option<String>,
}

impl RenderError {
    /// Makes it of what the engine says of a page.
    pub(super) fn of(cause: Error, page: &str) -> Self {
        Self { cause, page: Some(page.to_owned()) }
    }

    /// Returns the name of the template and the line, if they are known.
    pub fn place(&self) -> Option<(&str, usize)> {
        let cause = self.innermost();
        Some((cause.name()?, cause.line()?))
    }

    /// Returns it as a finding, at its place in a file of the project as far as the engine tells.
    pub fn fact(&self, sources: &Sources) -> Fact {
        let (problem, found) = self.problem();
        let fact = Fact::new(Code::TemplateFailed).with("problem", problem).with_some("found", found);
        // The innermost place that the project can change.
        if let Some(span) = self.chain().into_iter().rev().find_map(|it| place_in(it, sources)) {
            return Fact { span: Some(span), ..fact };
        }
        let Some((name, line)) = self.place() else {
            // Text alone may be too much, and then the engine knows no place: in the page, at least.
            let begins = |it: &(FileId, &str, &str)| Some(it.1) == self.page.as_deref();
            let page = templates(sources).find(begins).map(|(id, _, text)| Span::new(id, 0, text.lines().next().unwrap_or_default().len()));
            return Fact { span: page, ..fact }.with_some("whole", page.map(|_| "yes"));
        };
        let places = callers(name, line, sources);
        let fact = fact.with("own", name).with("line", line).with_some("several", (places.len() > 1).then_some("yes"));
        let fact = Fact { span: places.first().copied(), ..fact };
        places.into_iter().skip(1).take(MOST_PLACES - 1).fold(fact, |fact, it| fact.label(it, "or"))
    }

    /// What went wrong first: an error within what is included comes wrapped in one of who includes it.
    fn innermost(&self) -> &Error {
        self.chain().last().copied().unwrap_or(&self.cause)
    }

    /// The errors from the outermost to what went wrong first.
    fn chain(&self) -> Vec<&Error> {
        let mut chain = vec![&self.cause];
        let mut cause = &self.cause;
        while let Some(next) = std::error::Error::source(cause).and_then(|it| it.downcast_ref::<Error>()) {
            chain.push(next);
            cause = next;
        }
        chain
    }

    /// Which kind of fault it is, and what more is known of it.
    fn problem(&self) -> (&'static str, Option<String>) {
        let cause = self.innermost();
        let detail = cause.detail().unwrap_or_default();
        match cause.kind() {
            _ if self.cause.kind() == ErrorKind::WriteFailure || detail.contains("beyond 32 MB") => ("size", None),
            ErrorKind::OutOfFuel => ("fuel", None),
            _ if detail.contains("recursion limit") => ("depth", None),
            ErrorKind::UndefinedError => ("undefined", detail.split('`').nth(1).map(str::to_owned)),
            _ if detail.starts_with("unable to calculate ") => ("reckon", detail.strip_prefix("unable to calculate ").map(str::to_owned)),
            kind if detail.is_empty() => ("other", Some(kind.to_string())),
            _ => ("other", Some(detail.to_owned())),
        }
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let detail = match self.problem() {
            ("size", _) => return write!(f, "the report cannot be rendered: the page grows beyond 32 MB"),
            ("fuel", _) => "it takes more steps than a page may: is there a loop within a loop?".to_owned(),
            _ => {
                let cause = self.innermost();
                cause.detail().map_or_else(|| cause.kind().to_string(), |it| format!("{}: {it}", cause.kind()))
            }
        };
        match self.place() {
            Some((name, line)) => write!(f, "the report cannot be rendered: template `{name}`, line {line}: {detail}"),
            None => write!(f, "the report cannot be rendered: {detail}"),
        }
    }
}

impl std::error::Error for RenderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}

impl From<Error> for RenderError {
    fn from(cause: Error) -> Self {
        Self { cause, page: None }
    }
}

/// The templates of the project.
fn templates(sources: &Sources) -> impl Iterator<Item = (FileId, &str, &str)> {
    sources.iter().filter_map(|(id, file)| {
        let name = file.path.strip_prefix(TEMPLATES)?.strip_prefix('/')?;
        name.ends_with(".html").then_some((id, name, &*file.text))
    })
}

/// Where an error stands in the project's files: its expression, else its line.
fn place_in(error: &Error, sources: &Sources) -> Option<Span> {
    let (id, _, text) = templates(sources).find(|it| Some(it.1) == error.name())?;
    if let Some(range) = error.range().filter(|it| !it.is_empty() && text.get(it.clone()).is_some()) {
        return Some(Span::new(id, range.start, range.end));
    }
    let start: usize = text.split_inclusive('\n').take(error.line()?.saturating_sub(1)).map(str::len).sum();
    let line = text.get(start..)?.lines().next()?;
    let first = start + (line.len() - line.trim_start().len());
    Some(Span::new(id, first, first + line.trim().len()))
}

/// Where the project's templates call what stands in a line of Peil's own: the macro, or one that calls it.
fn callers(name: &str, line: usize, sources: &Sources) -> Vec<Span> {
    let Some(text) = own_text(name.strip_prefix("peil/").unwrap_or(name)) else { return Vec::new() };
    let until: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let macros: Vec<(&str, &str)> = text
        .split("macro ")
        .skip(1)
        .filter_map(|it| Some((it.split_once('(')?.0, it.split("endmacro").next().unwrap_or_default())))
        .collect();
    let begun = text[..until].matches("macro ").count() - text[..until].matches("endmacro ").count();
    let Some((first, _)) = begun.checked_sub(1).and_then(|it| macros.get(it)) else { return Vec::new() };
    let mut wanted = vec![*first];
    let mut at = 0;
    while let Some(name) = wanted.get(at).copied() {
        let more = macros.iter().filter(|it| !calls(it.1, name).is_empty() && !wanted.contains(&it.0)).map(|it| it.0);
        let more: Vec<&str> = more.collect();
        // A macro begins with its own name.
        wanted.extend(more.into_iter().filter(|it| *it != name));
        at += 1;
    }
    let mut found: Vec<Span> = Vec::new();
    for (id, _, text) in templates(sources) {
        for name in &wanted {
            found.extend(calls(text, name).into_iter().map(|at| Span::new(id, at, at + name.len())));
        }
    }
    found.sort_by_key(|it| (it.file.0, it.start));
    found
}

/// Where a macro is called in a text.
fn calls(text: &str, name: &str) -> Vec<usize> {
    let called = |at: &usize| {
        let before = text[..*at].chars().next_back();
        text[at + name.len()..].starts_with('(') && !before.is_some_and(|it| it.is_alphanumeric() || it == '_')
    };
    text.match_indices(name).map(|it| it.0).filter(called).collect()
}
