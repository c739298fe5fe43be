//! `dimension`: one expression for each source, values, drill-down.

use super::body::{is_broken, text_of};
use super::build::Builder;
use super::rows::Scope;
use super::types::*;
use crate::source::Spanned;
use crate::syntax::{Node, Word};
use crate::value::{Code, Fact};

impl Builder<'_> {
    pub fn dimensions(&mut self) {
        for named in self.names.of(Word::Dimension).to_vec() {
            let body = named.body;
            let mut broken = is_broken(body);
            let mut from: Vec<(SourceId, super::RowExpr)> = Vec::new();
            for node in body.get("from").map(Node::items).unwrap_or_default() {
                let parsed = self.expression(node);
                let resolved = parsed.and_then(|it| super::rows::resolve_value(self, &it, Scope::Anywhere));
                let Some((resolved, _)) = resolved else {
                    broken = true;
                    continue;
                };
                let sources: Vec<SourceId> = resolved.columns().iter().map(|it| it.source).collect();
                let Some(source) = sources.first() else { continue };
                // One expression for each source: which of two would a cut take?
                if from.iter().any(|it| it.0 == *source) {
                    self.out.push(Fact::at(Code::DuplicateKey, node.span).with("key", &self.model.sources[source.index()].name));
                    continue;
                }
                from.push((*source, resolved));
            }
            let mut values = Vec::new();
            for entry in body.get("values").map_or(&[][..], Node::entries) {
                if values.iter().any(|it: &(String, Text)| it.0 == entry.key.value) {
                    self.out.push(Fact::at(Code::DuplicateKey, entry.key.span).with("key", &entry.key.value));
                    continue;
                }
                values.push((entry.key.value.clone(), text_of(&entry.value)));
            }
            let other = body.get("other").map(text_of);
            let within = body.get("within").and_then(Node::spanned);
            let within = within.and_then(|it| self.names.resolve(Word::Dimension, it.value.trim(), it.span, self.out));
            let lifecycle = body.get("lifecycle").and_then(Node::spanned);
            let lifecycle = lifecycle.and_then(|it| {
                let found = self.names.resolve(Word::Source, it.value.trim(), it.span, self.out)?;
                Some(Spanned::new(SourceId(found as u32), it.span))
            });
            broken |= body.get("lifecycle").is_some() && lifecycle.is_none();
            self.model.dimensions.push(Dimension {
                name: named.name.value.clone(),
                span: named.name.span,
                title: self.text(body, "title"),
                from,
                values,
                other,
                within: within.map(|it| DimensionId(it as u32)),
                lifecycle,
                broken,
            });
            self.item_lints(Word::Dimension, named);
        }
        self.within_cycles();
    }

    pub fn within_cycles(&mut self) {
        let next: Vec<Option<usize>> = self.model.dimensions.iter().map(|it| it.within.map(DimensionId::index)).collect();
        for ring in super::rings(&next) {
            let dimensions = &mut self.model.dimensions;
            let names: Vec<&str> = ring.iter().chain([&ring[0]]).map(|it| dimensions[*it].name.as_str()).collect();
            let fact = Fact::at(Code::Cycle, dimensions[ring[0]].span).with("what", "dimension");
            self.out.push(fact.with("path", names.join(" -> ")));
            ring.iter().for_each(|it| dimensions[*it].within = None);
        }
    }
}
