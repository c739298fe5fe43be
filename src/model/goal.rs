//! `goal`: what measures it, what it is part of, and the weights of both.

use super::body::{is_broken, strip_word};
use super::build::Builder;
use super::formula;
use super::types::*;
use crate::source::{Span, Spanned};
use crate::syntax::{Node, Scalar, Word, expr, percent};
use crate::value::{Code, Fact};

impl Builder<'_> {
    pub fn goals(&mut self) {
        let named = self.names.of(Word::Goal).to_vec();
        // Goals name each other, so all are there before one is resolved.
        for it in &named {
            let kind = if self.word(it.body, "kind") == Some("customer") { GoalKind::Customer } else { GoalKind::Business };
            if it.parent.is_some() && it.body.get("kind").is_none() && !it.body.is_refused() {
                let fact = Fact::at(Code::MissingKey, it.name.span).with("key", "kind").with("word", "goal");
                self.out.push(fact.with("name", &it.name.value));
            }
            let goal = Goal {
                name: it.name.value.clone(),
                span: it.name.span,
                title: self.text(it.body, "title"),
                description: self.text(it.body, "description"),
                kind,
                need: self.text(it.body, "need"),
                level: self.word(it.body, "level").map(str::to_owned),
                theme: self.theme(it.body),
                owner: self.team(it.body, "owner"),
                stakeholders: Vec::new(),
                part_of: Vec::new(),
                measured_by: Vec::new(),
                roll_up: match self.word(it.body, "roll_up") {
                    Some("all") => RollUp::All,
                    Some("any") => RollUp::Any,
                    _ => RollUp::Weighted,
                },
                conflicts: Vec::new(),
                broken: is_broken(it.body) || it.body.get("kind").is_none(),
                kind_known: self.word(it.body, "kind").is_some(),
            };
            self.model.goals.push(goal);
            self.item_lints(Word::Goal, *it);
        }
        // What is rolled up in one goal: its KPIs and its parts are siblings, and so are their weights (R18).
        let mut siblings: Vec<Vec<Weight>> = named.iter().map(|_| Vec::new()).collect();
        for (at, it) in named.iter().enumerate() {
            let mut broken = self.model.goals[at].broken;
            let measured_by = self.measured_by(it.body, "measured_by", &mut siblings[at], &mut broken);
            let mut part_of = Vec::new();
            if let Some(parent) = it.parent {
                part_of.push((Spanned::new(GoalId(parent as u32), it.name.span), 1.0));
                siblings[parent].push(Weight { value: 1.0, percent: None, span: it.name.span });
            }
            for entry in it.body.get("part_of").map_or(&[][..], Node::entries) {
                let name = strip_word(&entry.key.value, "goal");
                let weight = self.weight(&entry.value, entry.key.span);
                match self.names.resolve(Word::Goal, name, entry.key.span, self.out) {
                    Some(parent) => {
                        part_of.push((Spanned::new(GoalId(parent as u32), entry.key.span), weight.value));
                        siblings[parent].push(weight);
                    }
                    None => broken = true,
                }
            }
            let stakeholders = self.names_of(it.body, "stakeholders");
            let stakeholders = stakeholders.iter().filter_map(|it| self.team_named(it)).collect();
            let mut conflicts = Vec::new();
            for name in self.names_of(it.body, "conflicts") {
                let found = self.names.resolve(Word::Goal, strip_word(&name.value, "goal"), name.span, self.out);
                conflicts.extend(found.map(|it| GoalId(it as u32)));
            }
            let goal = &mut self.model.goals[at];
            goal.measured_by = measured_by;
            goal.part_of = part_of;
            goal.stakeholders = stakeholders;
            goal.conflicts = conflicts;
            goal.broken = broken;
        }
        siblings.iter().for_each(|it| self.check_weights(it));
    }

    /// KPIs, or parts of KPIs, with weights: `measured by`.
    pub fn measured_by(&mut self, body: &Node, key: &str, weights: &mut Vec<Weight>, broken: &mut bool) -> Vec<KpiRef> {
        let mut list = Vec::new();
        for entry in body.get(key).map_or(&[][..], Node::entries) {
            weights.push(self.weight(&entry.value, entry.key.span));
            match self.kpi_ref(&entry.key.value, entry.key.span) {
                Some(it) => list.push((it, weights.len() - 1)),
                None => *broken = true,
            }
        }
        list.into_iter().map(|(it, at)| KpiRef { weight: weights[at].value, ..it }).collect()
    }

    /// The KPI, or part, that a text names.
    pub fn kpi_ref(&mut self, text: &str, span: Span) -> Option<KpiRef> {
        if text.is_ascii() && crate::syntax::is_name(text) {
            let path = expr::Path { word: None, names: vec![Spanned::new(text.to_owned(), span)] };
            return formula::kpi_reference(self, &expr::Expr { span, kind: expr::ExprKind::Path(path) });
        }
        let scalar = Scalar { text: text.to_owned(), quoted: false, places: crate::syntax::Places::From(span.start) };
        let parsed = expr::parse(span.file, &scalar, self.out)?;
        formula::kpi_reference(self, &parsed)
    }

    pub fn weight(&mut self, value: &Node, span: Span) -> Weight {
        let Some(node) = value.get("weight") else { return Weight { value: 1.0, percent: None, span } };
        let text = node.text().unwrap_or_default().trim();
        if let Some(value) = percent(text).filter(|it| *it >= 0.0) {
            return Weight { value, percent: Some(true), span: node.span };
        }
        match text.parse::<f64>().ok().filter(|it| it.is_finite() && *it > 0.0) {
            Some(value) => Weight { value, percent: Some(false), span: node.span },
            None => {
                self.wrong("weight", "weight", node);
                Weight { value: 1.0, percent: None, span }
            }
        }
    }

    pub fn check_weights(&mut self, weights: &[Weight]) {
        if !weights.iter().any(|it| it.percent == Some(true)) {
            return;
        }
        let total: f64 = weights.iter().map(|it| if it.percent == Some(true) { it.value } else { 0.0 }).sum();
        let mixed = weights.iter().any(|it| it.percent != Some(true));
        if mixed || (total - 100.0).abs() > 1e-9 {
            let last = weights.last().map(|it| it.span);
            let Some(span) = last else { return };
            let fact = Fact::at(Code::WeightsNot100, span).with("total", crate::words::tidy_number(total));
            self.out.push(fact.with_some("mixed", mixed.then_some("yes")));
        }
    }
}

/// A weight as it was written.
pub(super) struct Weight {
    pub value: f64,
    /// Whether it is in percent; `None` if nothing was said.
    pub percent: Option<bool>,
    pub span: Span,
}
