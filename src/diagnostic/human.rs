//! Findings for people: the place in the text with what is wrong there, then what to do.

use super::harmless;
use crate::source::{FileId, Sources, Span};
use crate::value::{Fact, Severity};
use crate::words::{Lang, Said, say};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::collections::BTreeMap;

/// Draws findings one below the other.
pub fn human(facts: &[Fact], sources: &Sources, lang: Lang, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let mut text = String::new();
    for fact in facts {
        let said = say(fact, lang);
        let groups = [group(fact, &said, sources)];
        text.push_str(&renderer.render(&groups));
        text.push_str("\n\n");
    }
    text
}

/// One line a finding: `file:line:column: error[code]: message`.
pub fn short(facts: &[Fact], sources: &Sources, lang: Lang) -> String {
    let mut text = String::new();
    for fact in facts {
        let place = match fact.span {
            Some(span) => {
                let (line, column) = sources.line_column(span.file, span.start);
                format!("{}:{line}:{column}: ", sources.file(span.file).path)
            }
            None => String::new(),
        };
        let said = say(fact, lang);
        let line = format!("{place}{}[{}]: {}", fact.severity.name(), fact.code.name(), said.message);
        text.push_str(&harmless(&line).replace('\n', " "));
        text.push('\n');
    }
    text
}

fn group<'a>(fact: &Fact, said: &Said, sources: &'a Sources) -> Group<'a> {
    let level = match fact.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Advice | Severity::Allow => Level::NOTE,
    };
    let title = level.primary_title(harmless(&said.message)).id(fact.code.name());
    let mut places: BTreeMap<FileId, Vec<(Span, bool, Option<String>)>> = BTreeMap::new();
    let mut order: Vec<FileId> = Vec::new();
    let labels = fact.labels.iter().zip(&said.labels).map(|(label, text)| (label.span, false, text.clone()));
    for (span, primary, text) in fact.span.map(|it| (it, true, said.here.clone())).into_iter().chain(labels) {
        if !order.contains(&span.file) {
            order.push(span.file);
        }
        places.entry(span.file).or_default().push((span, primary, text));
    }
    let mut group = Group::with_title(title);
    for file in order {
        if let Some(marks) = places.get(&file) {
            group = group.element(snippet(file, marks, sources));
        }
    }
    for note in &said.notes {
        group = group.element(Level::NOTE.message(harmless(note)));
    }
    for help in &said.help {
        group = group.element(Level::HELP.message(harmless(help)));
    }
    group
}

fn snippet<'a>(
    file: FileId,
    marks: &[(Span, bool, Option<String>)],
    sources: &'a Sources,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let source = sources.file(file);
    let text = &source.text;
    let first = marks.iter().map(|it| it.0.start as usize).min().unwrap_or(0).min(text.len());
    let last = marks.iter().map(|it| it.0.end as usize).max().unwrap_or(0).min(text.len());
    // Only the lines that are pointed at, so that a large file costs no more than a small one.
    let start = text[..floor(text, first)].rfind('\n').map_or(0, |it| it + 1);
    let end = text[floor(text, last)..].find('\n').map_or(text.len(), |it| floor(text, last) + it);
    let (line, _) = sources.line_column(file, start as u32);
    let mut snippet = Snippet::source(&text[start..end]).path(source.path.as_str()).line_start(line);
    for (span, primary, label) in marks {
        let kind = if *primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let range = floor(text, span.start as usize).max(start) - start..floor(text, span.end as usize).max(start) - start;
        let mut mark = kind.span(range);
        if let Some(label) = label {
            mark = mark.label(harmless(label));
        }
        snippet = snippet.annotation(mark);
    }
    snippet
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
