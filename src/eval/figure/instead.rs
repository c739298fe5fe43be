//! What a figure takes where a part of it has no value: the last value of what is held, the other parts of an index.

use super::{Asked, Evaluator, LeafFigure, Linear, Point};
use crate::calendar::Period;
use crate::engine::KeyValue;
use crate::eval::{Instead, Note};
use crate::plan::{Planned, Step, StepId};

/// What is held, with the leaves that move to an earlier period together.
pub(super) struct Hold {
    /// As the formula writes it.
    name: String,
    order: Vec<StepId>,
    /// The places of its leaves.
    places: Vec<usize>,
    /// How many periods back its last value may be.
    back: i32,
}

impl Evaluator<'_> {
    /// What is held in a figure, and in what it is held against.
    pub(super) fn holds(&self, planned: &Planned) -> Vec<Hold> {
        let arena = &self.plan.arena;
        let mut steps: Vec<StepId> = [Some(planned.root), planned.other].into_iter().flatten().flat_map(|it| arena.reached(it)).collect();
        steps.sort_unstable();
        steps.dedup();
        let hold = |id: StepId| {
            let Step::Hold { of, length, name } = arena.step(id) else { return None };
            let needed = arena.leaves_of(*of);
            let places = (0..planned.leaves.len()).filter(|it| needed.contains(&planned.leaves[*it].at)).collect();
            let back = length.periods_of(planned.grain).and_then(|it| i32::try_from(it).ok()).unwrap_or(0);
            Some(Hold { name: name.clone(), order: arena.computed(*of), places, back })
        };
        steps.into_iter().filter_map(hold).collect()
    }

    /// Whether an index in a figure, or in what it is held against, may be without some of its parts.
    pub(super) fn is_tolerant(&self, planned: &Planned) -> bool {
        let arena = &self.plan.arena;
        let steps = [Some(planned.root), planned.other].into_iter().flatten().flat_map(|it| arena.reached(it));
        steps.into_iter().any(|it| matches!(arena.step(it), Step::Index { least: Some(_), .. }))
    }

    /// Takes what is held over the last period in which it has a value, from that of the figure on back. Where there is
    /// none it stays as it is.
    pub(super) fn hold<'s>(
        &'s self,
        asked: &Asked<'_>,
        period: Period,
        (key, places): (&[KeyValue], &[Option<usize>]),
        leaves: &mut [LeafFigure<'s>],
    ) {
        for hold in &asked.holds {
            let has_value = |leaves: &[LeafFigure<'_>]| self.steps(asked, &hold.order, key, leaves, Point::Base, &mut Vec::new()).is_some();
            if has_value(leaves) {
                continue;
            }
            let own: Vec<LeafFigure<'s>> = hold.places.iter().map(|it| leaves[*it].clone()).collect();
            let found = (1..=hold.back).map_while(|it| period.shift(-it)).any(|earlier| {
                for at in &hold.places {
                    let window = self.window(&asked.planned.leaves[*at], earlier, &asked.known);
                    // `previous` of what is held is of an earlier period still.
                    let last = window.and_then(|it| it.0.until.plus_days(-1));
                    let held = last.map(|it| Period::containing(it, earlier.grain(), &self.checked.model.project.calendar));
                    leaves[*at] = LeafFigure { held, ..self.leaf(asked, *at, window, (key, places[*at])) };
                }
                has_value(leaves)
            });
            if !found {
                hold.places.iter().zip(own).for_each(|(at, it)| leaves[*at] = it);
            }
        }
    }

    /// The places of the leaves that a figure is made of: not those of parts that an index is without.
    pub(super) fn used(&self, asked: &Asked<'_>, linear: Option<&Linear>, own: usize) -> Vec<usize> {
        match linear {
            Some(it) if asked.is_tolerant && !it.gradient.is_empty() => it.gradient.iter().map(|it| it.0).collect(),
            _ => (0..own).collect(),
        }
    }

    /// What a figure takes for parts that have no value; then no note says why these have none.
    pub(super) fn instead(
        &self,
        asked: &Asked<'_>,
        (key, leaves): (&[KeyValue], &[LeafFigure<'_>]),
        linear: Option<&Linear>,
        notes: &mut Vec<Note>,
    ) -> Option<Box<Instead>> {
        let linear = linear.filter(|_| asked.is_tolerant || !asked.holds.is_empty())?;
        let mut instead = Instead::default();
        for hold in &asked.holds {
            let is_used = |at: &&usize| linear.gradient.iter().any(|it| it.0 == **at);
            let from = hold.places.iter().find(is_used).and_then(|it| leaves.get(*it)?.held);
            let held = from.map(|it| (hold.name.clone(), it));
            instead.held.extend(held.filter(|it| !instead.held.contains(it)));
        }
        if asked.is_tolerant {
            self.without(asked, asked.planned.root, (key, leaves), &mut instead.without);
            notes.retain(|it| *it == Note::HeldInside);
        }
        notes.extend((!instead.held.is_empty()).then_some(Note::Held));
        notes.extend((!instead.without.is_empty()).then_some(Note::WithoutPart));
        (instead != Instead::default()).then(|| Box::new(instead))
    }

    /// The parts without a value of every index that a step is made of.
    fn without(&self, asked: &Asked<'_>, of: StepId, (key, leaves): (&[KeyValue], &[LeafFigure<'_>]), into: &mut Vec<String>) {
        let arena = &self.plan.arena;
        let mut below = Vec::new();
        match arena.step(of) {
            Step::Index { parts, least: Some((_, names)) } => {
                for ((part, _), name) in parts.iter().zip(names) {
                    if self.steps(asked, &arena.computed(*part), key, leaves, Point::Base, &mut Vec::new()).is_some() {
                        below.push(*part);
                    } else if !into.contains(name) {
                        into.push(name.clone());
                    }
                }
            }
            // What a total adds up has no index in it: that does not add up.
            Step::Total { .. } => {}
            _ => arena.needs(of, &mut |it| below.push(it)),
        }
        below.into_iter().for_each(|it| self.without(asked, it, (key, leaves), into));
    }
}
