//! The formulas of a file, parsed where the file is read, so that files are parsed side by side.

use super::again::{Earlier, Moved};
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
    /// Adds the formulas and conditions that an item says of itself; faults are reported. Those of an item that was read
    /// before are known. Gives whether all could be read.
    pub(super) fn add(&mut self, item: &Item, known: Option<(&Earlier<'_>, Moved)>, out: &mut Diagnostics) -> bool {
        let mut sound = true;
        for entry in item.body.entries() {
            let shape = schema::attribute(item.word, &entry.key.value).map(|it| it.shape);
            if let Some(Shape::Formula | Shape::Condition) = shape
                && let Kind::Scalar(scalar) = &entry.value.kind
            {
                let span = entry.value.span;
                let known = known.and_then(|(earlier, moved)| earlier.formula(span, moved));
                let parsed = known.or_else(|| expr::parse(span.file, scalar, out).map(Arc::new));
                sound &= parsed.is_some();
                self.parsed.push((span.start, parsed));
            }
        }
        sound
    }

    /// Puts them in order, when all are there.
    pub(super) fn sort(&mut self) {
        self.parsed.sort_by_key(|it| it.0);
    }

    /// The formula at a place; `None` if none was parsed there.
    pub fn at(&self, span: Span) -> Option<&Option<Arc<Expr>>> {
        let found = self.parsed.binary_search_by_key(&span.start, |it| it.0).ok()?;
        Some(&self.parsed[found].1)
    }
}
