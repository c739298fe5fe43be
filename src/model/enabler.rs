//! `enabler`: the goals that it serves and lifts.

use super::body::{is_broken, noted, strip_word};
use super::build::Builder;
use super::types::*;
use crate::syntax::{Node, Word};
use crate::value::{Code, Fact};

impl Builder<'_> {
    pub fn enablers(&mut self) {
        for named in self.names.of(Word::Enabler).to_vec() {
            let body = named.body;
            let mut broken = is_broken(body);
            let serves = self.influences(body, "serves", &mut broken);
            let lifts = self.influences(body, "lifts", &mut broken);
            let status = self.status(body, &["idea", "planned", "pilot", "live", "stopped"]);
            let enabler = Enabler {
                name: named.name.value.clone(),
                span: named.name.span,
                title: self.text(body, "title"),
                serves,
                lifts,
                owner: self.team(body, "owner"),
                theme: self.theme(body),
                measured_by: self.measured_by(body, "measured_by", &mut Vec::new(), &mut broken),
                status,
                broken,
            };
            self.model.enablers.push(enabler);
            self.item_lints(Word::Enabler, named);
        }
    }

    pub fn influences(&mut self, body: &Node, key: &str, broken: &mut bool) -> Vec<Influence> {
        let mut list = Vec::new();
        for entry in body.get(key).map_or(&[][..], Node::entries) {
            let name = strip_word(&entry.key.value, "goal");
            let goal = self.names.resolve(Word::Goal, name, entry.key.span, self.out);
            let mut strength = 1.0;
            if let Some(node) = entry.value.get("strength") {
                match node.text().and_then(|it| it.trim().parse::<f64>().ok()).filter(|it| (-1.0..=1.0).contains(it)) {
                    Some(it) => strength = it,
                    None => self.wrong("strength", "strength", node),
                }
            }
            let evidence = super::evidence::claim(self, entry.value.get("evidence"));
            let wanted = if key == "serves" { GoalKind::Customer } else { GoalKind::Business };
            if let Some(found) = goal.filter(|it| self.model.goals[*it].kind != wanted && self.model.goals[*it].kind_known) {
                let expected = if key == "serves" { "customer goal" } else { "business goal" };
                let fact = Fact::at(Code::WrongValue, entry.key.span).with("key", key).with("expected", expected);
                let fact = fact.with("found", format!("`{name}`"));
                self.out.push(fact.label(self.model.goals[found].span, "goal"));
                *broken = true;
                continue;
            }
            match goal {
                Some(goal) => {
                    let goal = GoalId(goal as u32);
                    list.push(Influence { goal, span: entry.key.span, strength, evidence: evidence.counts_as(), claim: evidence });
                }
                None => *broken = true,
            }
        }
        list
    }

    /// A word of a few, perhaps with a note: `pilot "3 of 7 shops"`.
    pub fn status(&mut self, body: &Node, known: &[&'static str]) -> Option<(String, Option<String>)> {
        let (word, note) = noted(body.get("status")?)?;
        if known.contains(&word.value.as_str()) {
            return Some((word.value, note.map(|it| it.value)));
        }
        let fact = Fact::at(Code::WrongValue, word.span).with("key", "status").with("expected", "choice");
        let fact = fact.with("found", format!("`{}`", word.value)).with("choices", known.join(", "));
        self.out.push(fact.did_you_mean(&word.value, word.span, known));
        None
    }
}
