//! `touchpoint` and `journey`: what is asked where, and the KPIs of each stage.

use super::body::{is_broken, strip_word};
use super::build::Builder;
use super::rows::{Scope, resolve_condition};
use super::types::*;
use crate::source::{Span, Spanned};
use crate::syntax::{Node, Word};

impl Builder<'_> {
    pub fn touchpoints(&mut self) {
        for named in self.names.of(Word::Touchpoint).to_vec() {
            let body = named.body;
            let mut broken = is_broken(body);
            let part = self.part(body);
            let kpis = self.placed(body, part.as_ref(), &mut broken);
            let mut asks = Vec::new();
            for entry in body.get("asks").map_or(&[][..], Node::entries) {
                match self.asked(&entry.key) {
                    Some((source, column)) => {
                        let after = entry.value.get("after").and_then(Node::text).map(str::to_owned);
                        asks.push(Asked { source, column, after });
                    }
                    None => broken = true,
                }
            }
            let touchpoint = Touchpoint {
                name: named.name.value.clone(),
                span: named.name.span,
                title: self.text(body, "title"),
                channel: self.word(body, "channel").map(str::to_owned),
                owner: self.team(body, "owner"),
                owner_said: body.get("owner").is_some(),
                moment_of_truth: body.get("moment_of_truth").is_some() && self.flag(body, "moment_of_truth"),
                asks,
                kpis,
                broken,
            };
            self.model.touchpoints.push(touchpoint);
            self.item_lints(Word::Touchpoint, named);
        }
    }

    pub fn journeys(&mut self) {
        for named in self.names.of(Word::Journey).to_vec() {
            let body = named.body;
            let mut broken = is_broken(body);
            let kpis = self.placed(body, None, &mut broken);
            let mut stages = Vec::new();
            for entry in body.get("stage").map_or(&[][..], Node::entries) {
                let part = self.part(&entry.value);
                let mut broken = is_broken(&entry.value);
                let mut touchpoints = Vec::new();
                for name in self.names_of(&entry.value, "touchpoints") {
                    let wanted = strip_word(&name.value, "touchpoint");
                    let found = self.names.resolve(Word::Touchpoint, wanted, name.span, self.out);
                    broken |= found.is_none();
                    touchpoints.extend(found.map(|it| TouchpointId(it as u32)));
                }
                let settings = self.lints(&entry.value);
                if !settings.is_empty() {
                    let stage = format!("stage:{}.{}", named.name.value, entry.key.value);
                    self.model.item_lints.insert(stage, settings);
                }
                stages.push(Stage {
                    name: entry.key.value.clone(),
                    span: entry.key.span,
                    title: self.text(&entry.value, "title"),
                    touchpoints,
                    kpis: self.placed(&entry.value, part.as_ref(), &mut broken),
                    part,
                    broken,
                });
            }
            let owner = self.team(body, "owner");
            let title = self.text(body, "title");
            let name = named.name.value.clone();
            self.model.journeys.push(Journey { name, span: named.name.span, title, owner, kpis, stages, broken });
            self.item_lints(Word::Journey, named);
        }
    }

    pub fn placed(&mut self, body: &Node, part: Option<&super::RowExpr>, broken: &mut bool) -> Placed {
        let mut placed = Placed::default();
        for (key, list) in [("primary", &mut placed.primary), ("secondary", &mut placed.secondary), ("diagnostic", &mut placed.diagnostic)]
        {
            for name in self.names_of(body, key) {
                match self.kpi_ref(&name.value, name.span) {
                    Some(mut it) => {
                        it.part = super::RowExpr::both(it.part.take(), part.cloned());
                        list.push(it);
                    }
                    None => *broken = true,
                }
            }
        }
        placed
    }

    pub fn part(&mut self, body: &Node) -> Option<super::RowExpr> {
        let node = body.get("where")?;
        resolve_condition(self, node, Scope::Dimensions(None))
    }

    pub fn asked(&mut self, path: &Spanned<String>) -> Option<(SourceId, usize)> {
        let (source, column) = path.value.rsplit_once('.')?;
        let dot = path.span.start as usize + source.len();
        let place = |start: usize, end: usize| Span::new(path.span.file, start, end);
        let (source_span, column_span) = (place(path.span.start as usize, dot), place(dot + 1, dot + 1 + column.len()));
        let at = self.names.resolve(Word::Source, source, source_span, self.out)?;
        let found = self.model.sources[at].column(column);
        if found.is_none() && !self.names.is_broken(column) {
            self.out.push(super::rows::unknown_column(&self.model, SourceId(at as u32), column, column_span));
        }
        Some((SourceId(at as u32), found?))
    }
}
