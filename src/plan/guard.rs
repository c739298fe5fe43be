//! Which tables are read beside those that were asked for, to know what must be hidden of these (R22)?

use super::{Against, Ask, Base, Estimator, Leafed, Measure, Planner, base};
use crate::model::RowExpr;
use std::collections::BTreeMap;

impl Planner<'_> {
    /// Adds the tables of what driver models explain: they tell how many have the outcome.
    pub(super) fn guard_outcomes(&mut self) {
        for ask in &self.request.drivers {
            let Some(of) = ask.outcome(&self.checked.model) else { continue };
            if self.plan.place(&of).is_none() && self.plan.arena.figure(self.checked, of.kpi, of.part.as_ref()).is_some() {
                self.ask(&of, None);
            }
        }
    }

    /// Adds the tables that share a base with what was asked.
    pub(super) fn guard(&mut self) {
        let mut bases: Vec<Base> = Vec::new();
        for planned in &self.plan.asks {
            for it in &planned.leaves {
                let (base, _) = base(self.checked, self.plan.arena.leaf(it.at));
                if !self.checked.model.sources[base.source.index()].no_persons && !bases.contains(&base) {
                    bases.push(base);
                }
            }
        }
        if bases.is_empty() {
            return;
        }
        // The rest of a population is the whole less a segment.
        let rest = self.plan.asks.iter().filter(|it| it.against == Some(Against::Rest)).map(|it| &it.ask);
        let wholes: Vec<Ask> = rest.map(|it| Ask { cut: Vec::new(), ..it.clone() }).collect();
        let mut done: Vec<Ask> = self.request.asks.clone();
        for ask in wholes.iter().chain(&self.request.guards) {
            if done.contains(ask) {
                continue;
            }
            done.push(ask.clone());
            let Some(root) = self.plan.arena.figure(self.checked, ask.kpi, ask.part.as_ref()) else { continue };
            let leaves = self.plan.arena.leaves_of(root);
            if leaves.iter().any(|it| bases.contains(&base(self.checked, self.plan.arena.leaf(*it)).0)) {
                self.ask(ask, None);
            }
        }
    }

    /// Adds the scores that other tables tell of the same answers: what is moved between cells to leave open how many are in
    /// them are answers of which each score is known.
    pub(super) fn guard_scores(&mut self) {
        let mut scores: BTreeMap<Base, Vec<Leafed>> = BTreeMap::new();
        let mut tables: Vec<(Ask, Leafed, Base)> = Vec::new();
        for planned in &self.plan.asks {
            for it in &planned.leaves {
                let leaf = self.plan.arena.leaf(it.at);
                if leaf.window.rest || self.checked.model.sources[leaf.source.index()].no_persons {
                    continue;
                }
                let question = base(self.checked, leaf).0.with(std::collections::BTreeSet::new());
                if score_of(leaf).is_some() {
                    let known = scores.entry(question.clone()).or_default();
                    if !known.iter().any(|it| score_of(it) == score_of(leaf)) {
                        known.push(leaf.clone());
                    }
                }
                let ask = Ask { part: None, ..planned.ask.clone() };
                if !tables.iter().any(|it| it.1 == *leaf && it.0.cut == ask.cut && it.0.grain == ask.grain) {
                    tables.push((ask, leaf.clone(), question));
                }
            }
        }
        let is_there = |ask: &Ask, leaf: &Leafed| {
            let same = |it: &Leafed| Leafed { measure: Measure::Rows, estimator: Estimator::Total, ..it.clone() };
            let told = |it: &&(Ask, Leafed, Base)| it.0.cut == ask.cut && it.0.grain == ask.grain && same(&it.1) == same(leaf);
            tables.iter().filter(told).any(|it| score_of(&it.1) == score_of(leaf))
        };
        let mut more: Vec<(&Ask, Leafed)> = Vec::new();
        for (ask, leaf, question) in &tables {
            for score in scores.get(question).into_iter().flatten() {
                let with = Leafed { measure: score.measure.clone(), estimator: score.estimator, ..leaf.clone() };
                if !is_there(ask, &with) && !more.iter().any(|it| it.1 == with && it.0.cut == ask.cut && it.0.grain == ask.grain) {
                    more.push((ask, with));
                }
            }
        }
        let more: Vec<(Ask, Leafed)> = more.into_iter().map(|it| (it.0.clone(), it.1)).collect();
        for (ask, leaf) in more {
            let root = self.plan.arena.guard(leaf);
            self.put(&ask, root, None, None);
        }
    }
}

/// What a leaf takes of answers, where it adds that up.
fn score_of(leaf: &Leafed) -> Option<&RowExpr> {
    match (&leaf.measure, leaf.estimator) {
        (Measure::Score(of), Estimator::Mean { .. } | Estimator::Share | Estimator::Net | Estimator::Total) => Some(of),
        _ => None,
    }
}
