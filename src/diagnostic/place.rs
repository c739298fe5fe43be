//! Where is a finding, as each output counts? Lines and columns from 1, paths from the root of a repository.

use crate::source::{Sources, Span};
use crate::value::Fact;

/// A stretch of a file.
pub(super) struct Place {
    pub path: String,
    pub line: usize,
    pub end_line: usize,
    /// Columns in characters; the end is the column after the last one.
    pub column: usize,
    pub end_column: usize,
    /// The same in UTF-16 code units.
    pub column16: usize,
    pub end_column16: usize,
}

/// The place of a stretch.
pub(super) fn of(span: Span, sources: &Sources, prefix: &str) -> Place {
    let (line, before) = sources.line_until(span.file, span.start);
    let (end_line, end_before) = sources.line_until(span.file, span.end.max(span.start));
    let units = |it: &str| it.chars().map(char::len_utf16).sum::<usize>() + 1;
    Place {
        path: format!("{prefix}{}", sources.file(span.file).path),
        line,
        end_line,
        column: before.chars().count() + 1,
        end_column: end_before.chars().count() + 1,
        column16: units(before),
        end_column16: units(end_before),
    }
}

/// The place of a finding. What concerns the project as a whole stands at the head of its project file, since the
/// readers of these outputs show nothing that has no place.
pub(super) fn of_fact(fact: &Fact, sources: &Sources, prefix: &str) -> Place {
    if let Some(span) = fact.span {
        return of(span, sources, prefix);
    }
    let listed = sources.iter().map(|it| it.1.path.as_str()).find(|it| crate::source::PROJECT_FILES.contains(it));
    let path = format!("{prefix}{}", listed.unwrap_or(crate::source::PROJECT_FILES[0]));
    Place { path, line: 1, end_line: 1, column: 1, end_column: 1, column16: 1, end_column16: 1 }
}

/// A path as a relative reference of a URI: everything but letters, digits and a few marks as `%`-escapes.
pub(super) fn uri(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~') {
            text.push(byte as char);
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}
