//! What do the places of cells tell of one another? Dimensions that lie within others, and conditions of which one
//! follows from, or shuts out, another.
//!
//! A set of conditions is a way of cutting with two values: rows that meet them, and the rest. What is shown of the
//! whole and of those who meet them tells the rest.

use crate::check::Checked;
use crate::engine::KeyValue;
use crate::model::DimensionId;
use crate::plan::{Base, Condition};
use std::collections::{BTreeMap, HashMap};

/// The value of those who meet conditions.
pub(super) const MET: u32 = u32::MAX - 1;
/// The value that stands for all that are not there.
pub(super) const REST: u32 = u32::MAX;

/// Some conditions, by their text.
pub(super) type Conditions = BTreeMap<String, Vec<Condition>>;

/// What is known of a base beside its cells. Dimensions and sets of conditions have numbers.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Which dimension lies within which other: where their values lie is read from the cells.
    pub within: Vec<(u32, u32)>,
    /// From which number on dimensions are sets of conditions.
    pub conditions: u32,
    /// For a dimension or set, another, and what values of the one say of the other.
    pub told: Vec<(u32, u32, HashMap<u32, u32>)>,
    /// Sets of which the second asks for all of the first, and more.
    pub nested: Vec<(u32, u32)>,
    /// Conditions that are one another's reverse.
    pub reverse: Vec<(u32, u32)>,
}

/// What is known of a base; `values` are the numbers of what its dimensions hold.
pub(super) fn known(checked: &Checked, base: &Base, sets: &Conditions, values: &BTreeMap<(DimensionId, &KeyValue), u32>) -> Known {
    let model = &checked.model;
    let dimensions = model.dimensions.iter().enumerate();
    let first = model.dimensions.len() as u32;
    let mut known = Known {
        within: dimensions.filter_map(|(at, it)| Some((at as u32, it.within?.0))).collect(),
        conditions: first,
        ..Known::default()
    };
    let sets: Vec<(u32, &[Condition])> = sets.values().enumerate().map(|(at, it)| (first + at as u32, it.as_slice())).collect();
    for (number, set) in &sets {
        let mut said: BTreeMap<DimensionId, HashMap<u32, u32>> = BTreeMap::new();
        for ((dimension, value), at) in values {
            let KeyValue::Value(text) = value else { continue };
            let met: Vec<Option<bool>> = set.iter().map(|it| it.met_by(model, base.source, *dimension, text)).collect();
            if met.contains(&Some(false)) {
                said.entry(*dimension).or_default().insert(*at, REST);
            } else if met.iter().all(|it| *it == Some(true)) {
                said.entry(*dimension).or_default().insert(*at, MET);
            }
        }
        known.told.extend(said.into_iter().map(|(dimension, of)| (dimension.0, *number, of)));
    }
    for (a, first) in &sets {
        for (b, second) in sets.iter().filter(|it| it.0 != *a) {
            if second.len() > first.len() && first.iter().all(|it| second.contains(it)) {
                known.told.push((*b, *a, HashMap::from([(MET, MET)])));
                known.told.push((*a, *b, HashMap::from([(REST, REST)])));
                known.nested.push((*a, *b));
            }
            if let ([one], [other]) = (*first, *second)
                && one.text == other.text
            {
                known.told.push((*a, *b, HashMap::from([(MET, REST)])));
                if a < b {
                    known.reverse.push((*a, *b));
                }
            }
        }
    }
    known
}
