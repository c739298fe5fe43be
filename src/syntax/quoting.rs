//! How is a replacement written at its place? With the quotes and escapes of the text that it stands in.

use super::yaml::{self, Style, Written};
use crate::source::{Sources, Span};
use crate::value::{Diagnostics, Edit, Fix};
use std::collections::HashMap;

/// Writes all fixes as they are to stand in their files. One that cannot be written at its place is left out.
pub fn settle(sources: &Sources, out: &mut Diagnostics) {
    let mut known: HashMap<u32, Vec<Written>> = HashMap::new();
    for fact in out.iter_mut() {
        let Some(fix) = fact.fix.take() else { continue };
        if fix.edits.iter().all(|it| it.verbatim) {
            fact.fix = Some(fix);
            continue;
        }
        let Some(file) = fix.edits.first().map(|it| it.span.file) else { continue };
        let source = sources.file(file);
        if source.path.ends_with(".peil") {
            fact.fix = Some(Fix { edits: fix.edits.into_iter().map(|it| in_dsl(sources, it)).collect() });
            continue;
        }
        let written = known.entry(file.0).or_insert_with(|| yaml::scalars(&source.text));
        let edits: Option<Vec<Edit>> = fix.edits.into_iter().map(|it| in_yaml(&source.text, written, it)).collect();
        fact.fix = edits.map(|edits| Fix { edits });
    }
}

/// What stood between quotes stands between quotes again.
fn in_dsl(sources: &Sources, edit: Edit) -> Edit {
    let quoted = sources.text(edit.span).starts_with('"') && !edit.text.starts_with('"') && !edit.verbatim;
    let text = if quoted { format!("\"{}\"", escaped(&edit.text)) } else { edit.text };
    Edit { text, verbatim: true, ..edit }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

fn in_yaml(text: &str, written: &[Written], edit: Edit) -> Option<Edit> {
    if edit.verbatim {
        return Some(edit);
    }
    let range = edit.span.range();
    let at = written.partition_point(|it| it.range.end < range.end);
    let scalar = written.get(at).filter(|it| it.range.start <= range.start && it.range.end >= range.end);
    let Some(scalar) = scalar else {
        // Not among what could be read: only what needs no quotes anywhere.
        let number = edit.text.trim_start_matches(['+', '-']).starts_with(|it: char| it.is_ascii_digit());
        let plain = edit.text.chars().all(|it| it.is_alphanumeric() || it == '_' || (number && matches!(it, '.' | '+' | '-' | '%' | ' ')));
        return plain.then_some(Edit { verbatim: true, ..edit });
    };
    let whole = scalar.range == range;
    let single = || edit.text.replace('\'', "''");
    let inner = match scalar.style {
        Style::Single => single(),
        Style::Double => escaped(&edit.text),
        Style::Block => edit.text.clone(),
        Style::Plain => {
            let new = format!("{}{}{}", &text[scalar.range.start..range.start], edit.text, &text[range.end..scalar.range.end]);
            if is_plain(&new, scalar.flow) {
                return Some(Edit { verbatim: true, ..edit });
            }
            if new.contains('\n') {
                return None;
            }
            let span = Span::new(edit.span.file, scalar.range.start, scalar.range.end);
            return Some(Edit { span, text: quote(&new), verbatim: true });
        }
    };
    let text = match scalar.style {
        Style::Single if whole => format!("'{inner}'"),
        Style::Double if whole => format!("\"{inner}\""),
        _ => inner,
    };
    Some(Edit { span: edit.span, text, verbatim: true })
}

/// A text between single quotes.
pub(super) fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Whether YAML reads a text as it stands, without quotes.
fn is_plain(text: &str, flow: bool) -> bool {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return false };
    let begins = match first {
        '-' | '?' | ':' => chars.next().is_some_and(|it| !it.is_whitespace()),
        it => !",[]{}#&*!|>'\"%@`".contains(it),
    };
    let inside = !text.contains(": ") && !text.contains(" #") && !text.ends_with(':') && text.trim() == text;
    begins && inside && !(flow && text.contains([',', '[', ']', '{', '}']))
}
