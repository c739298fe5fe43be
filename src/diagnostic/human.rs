//! Findings for people: the place in the text with what is wrong there, then what to do.

use super::{harmless, turns};
use crate::source::{FileId, Sources, Span};
use crate::value::{DRAWN, Edit, Fact, Fix, Severity};
use crate::words::{Lang, Said, say_in};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use std::collections::BTreeMap;
use std::ops::Range;

/// The longest lines that are drawn a second time, as they would be.
const LONGEST: usize = 8_000;
/// How far below the first replacement others are drawn with it, in lines.
const NEAR: usize = 12;

/// Draws findings one below the other.
pub fn human(facts: &[Fact], sources: &Sources, lang: Lang, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let mut text = String::new();
    for fact in facts {
        let said = say_in(fact, lang, sources);
        let mended = fact.fix.as_ref().and_then(|it| mended(it, &said, sources));
        let mut groups = vec![group(fact, &said, mended.is_some(), sources)];
        groups.extend(mended);
        text.push_str(&renderer.render(&groups));
        text.push_str("\n\n");
    }
    text
}

fn group<'a>(fact: &Fact, said: &Said, mended: bool, sources: &Sources) -> Group<'a> {
    let level = match fact.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Advice | Severity::Allow => Level::NOTE,
    };
    let title = level.primary_title(harmless(&said.message)).id(fact.code.name());
    let mut places: BTreeMap<FileId, Vec<(Span, bool, Option<String>)>> = BTreeMap::new();
    let mut order: Vec<FileId> = Vec::new();
    // Of many places that are one mistake the first are drawn; a note says how many there are.
    let mut also = 0;
    let drawn = fact.labels.iter().zip(&said.labels).filter(|it| {
        also += usize::from(it.0.role == "also");
        it.0.role != "also" || also <= DRAWN
    });
    let labels = drawn.map(|(label, text)| (label.span, false, text.clone()));
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
    // What is drawn with its replacement is said there.
    let drawn = said.fix.as_ref().filter(|_| mended);
    for help in said.help.iter().filter(|it| Some(*it) != drawn) {
        group = group.element(Level::HELP.message(harmless(help)));
    }
    group
}

/// The lines as they are and as they would be.
fn mended<'a>(fix: &Fix, said: &Said, sources: &Sources) -> Option<Group<'a>> {
    let file = fix.edits.first()?.span.file;
    let line = |it: &Edit| sources.line_until(file, it.span.start).0;
    let near = |it: &&Edit| it.span.file == file && line(it) < line(&fix.edits[0]) + NEAR;
    let edits: Vec<&Edit> = fix.edits.iter().filter(near).collect();
    let (first, last) = (edits.first()?, edits.last()?);
    let lines = lines_of(file, first.span.start as usize..last.span.end as usize, sources);
    // Nobody compares lines as long as that.
    if lines.text.len() > LONGEST {
        return None;
    }
    let patches: Vec<Patch<'a>> = edits.iter().map(|it| Patch::new(lines.within(it.span), harmless(&it.text))).collect();
    let title = Level::HELP.secondary_title(harmless(said.fix.as_deref().unwrap_or("")));
    Some(Group::with_title(title).element(Snippet::source(lines.text).line_start(lines.first).patches(patches)))
}

fn snippet<'a>(file: FileId, marks: &[(Span, bool, Option<String>)], sources: &Sources) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let first = marks.iter().map(|it| it.0.start as usize).min().unwrap_or(0);
    let last = marks.iter().map(|it| it.0.end as usize).max().unwrap_or(0);
    let lines = lines_of(file, first..last, sources);
    let path = harmless(&sources.file(file).path);
    let annotations: Vec<_> = marks
        .iter()
        .map(|(span, primary, label)| {
            let kind = if *primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let mark = kind.span(lines.within(*span));
            label.iter().fold(mark, |mark, label| mark.label(harmless(label)))
        })
        .collect();
    Snippet::source(lines.text).path(path).line_start(lines.first).annotations(annotations)
}

/// Some lines of a file, to be drawn.
struct Lines {
    text: String,
    /// The number of the first.
    first: usize,
    /// Where it begins.
    start: usize,
}

impl Lines {
    /// A stretch of the file as a stretch of the lines.
    fn within(&self, span: Span) -> Range<usize> {
        let at = |it: u32| floor(&self.text, (it as usize).saturating_sub(self.start));
        at(span.start)..at(span.end)
    }
}

/// Only the lines that are pointed at, so that a large file costs no more than a small one.
fn lines_of(file: FileId, range: Range<usize>, sources: &Sources) -> Lines {
    let text = &sources.file(file).text;
    let (first, last) = (floor(text, range.start), floor(text, range.end));
    let start = text[..first].rfind('\n').map_or(0, |it| it + 1);
    let end = text[last..].find('\n').map_or(text.len(), |it| last + it);
    // What the drawing does not make visible by itself. No byte moves: each stands for as many.
    let shown = |it: char| match it {
        '\u{80}'..='\u{9f}' | '\u{61c}' => '¤',
        it if turns(it) => '\u{fffd}',
        it => it,
    };
    let (first, _) = sources.line_until(file, start as u32);
    let text = &text[start..end];
    let text = if text.is_ascii() { text.to_owned() } else { text.chars().map(shown).collect() };
    Lines { text, first, start }
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
