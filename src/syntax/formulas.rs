//! The formulas of a file, parsed where the file is read, so that files are parsed side by side.

use super::expr::{self, Expr};
use super::{Item, Kind, Shape, schema};
use crate::source::Span;
use crate::value::Diagnostics;
use std::sync::Arc;

/// Formulas and conditions by their place in the file.
#[derive(Clone, Debug, Default)]
pub struct Formulas {
    /// By the first byte; `None` where the text could not be parsed, which was reported.
    parsed: Vec<(u32, Option<Arc<Expr>>)>,
}

impl Formulas {
    /// Parses the formulas and conditions that items say of themselves; faults are reported.
    pub(super) fn of(items: &[Item], out: &mut Diagnostics) -> Formulas {
        let mut parsed = Vec::new();
        for entry in items.iter().flat_map(|item| item.body.entries().iter().map(move |it| (item.word, it))) {
            let (word, entry) = entry;
            let shape = schema::attribute(word, &entry.key.value).map(|it| it.shape);
            if let Some(Shape::Formula | Shape::Condition) = shape
                && let Kind::Scalar(scalar) = &entry.value.kind
            {
                let span = entry.value.span;
                parsed.push((span.start, expr::parse(span.file, scalar, out).map(Arc::new)));
            }
        }
        parsed.sort_by_key(|it| it.0);
        Formulas { parsed }
    }

    /// The formula at a place; `None` if none was parsed there.
    pub fn at(&self, span: Span) -> Option<&Option<Arc<Expr>>> {
        let found = self.parsed.binary_search_by_key(&span.start, |it| it.0).ok()?;
        Some(&self.parsed[found].1)
    }
}
