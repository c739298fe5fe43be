//! Do references meet rows, dimensions hold what they declare, and drill-downs have one parent a value?

use super::NAMED;
use crate::calendar::Grain;
use crate::check::Checked;
use crate::engine::{KeyValue, ReadTable};
use crate::model::{ColumnRef, DimensionId, Reference, RowExpr, dimension_on, overlaps_on};
use crate::plan::{Grouping, Key, Leaf, Measure, Read};
use crate::value::{Code, Diagnostics, Fact};
use std::collections::BTreeMap;

/// Adds to a read what tells of its references and dimensions.
pub(super) fn add(checked: &Checked, mut read: Read) -> Read {
    let model = &checked.model;
    let source = &model.sources[read.source.index()];
    // For each reference: rows with a key, and rows whose key meets a row.
    for (at, reference) in source.references.iter().enumerate() {
        let target = &model.sources[reference.to.index()];
        // Of what is planned there is nothing to meet.
        let Some(key) = target.key.first().filter(|_| !target.planned) else { continue };
        let own = ColumnRef { source: read.source, through: None, column: reference.by as u32 };
        let met = ColumnRef { source: read.source, through: Some(at as u32), column: *key as u32 };
        for column in [own, met] {
            let leaf =
                Leaf { measure: Measure::Answered(RowExpr::Column(column)), filter: None, weight: None, persons: None, squares: false };
            read.leaves.push(leaf);
            let place = read.leaves.len() - 1;
            read.groupings[0].leaves.push(place);
        }
    }
    for (at, dimension) in model.dimensions.iter().enumerate() {
        let id = DimensionId(at as u32);
        let Some(expr) = dimension_on(model, id, read.source) else { continue };
        if expr.reads_planned(model) || overlaps_on(model, id, read.source) {
            continue;
        }
        let mut keys = vec![Key { dimension: id, expr }];
        if let Some(within) = dimension.within {
            if let Some(expr) = dimension_on(model, within, read.source) {
                keys.push(Key { dimension: within, expr });
            }
        } else if dimension.values.is_empty() || dimension.other.is_some() {
            continue;
        }
        let leaf = Leaf { measure: Measure::Rows, filter: None, weight: None, persons: None, squares: false };
        let place = read.leaves.iter().position(|it| *it == leaf).unwrap_or_else(|| {
            read.leaves.push(leaf);
            read.leaves.len() - 1
        });
        read.groupings.push(Grouping {
            time: None,
            grain: Grain::All,
            keys,
            cluster: None,
            walk: None,
            leaves: vec![place],
            joints: Vec::new(),
            crossed: Vec::new(),
        });
    }
    read
}

/// Reports what was found.
pub(super) fn report(checked: &Checked, read: &Read, table: &ReadTable, out: &mut Diagnostics) {
    let model = &checked.model;
    let source = &model.sources[read.source.index()];
    if let Some(all) = table.groupings[0].groups.first() {
        let met = |it: &&Reference| !model.sources[it.to.index()].key.is_empty() && !model.sources[it.to.index()].planned;
        let references = source.references.iter().filter(met);
        for (at, reference) in references.enumerate().filter(|it| 2 * it.0 + 1 < all.cells.len()) {
            let (own, met) = (all.cells.get(2 * at), all.cells.get(2 * at + 1));
            let unmatched = own.n().saturating_sub(met.n());
            if unmatched > 0 {
                let fact = Fact::at(Code::UnmatchedReference, reference.span).with("reference", &reference.name);
                out.push(fact.with("source", &source.name).with("rows", unmatched).about(format!("source:{}", source.name)));
            }
        }
    }
    for (grouping, groups) in read.groupings.iter().zip(&table.groupings).skip(1).filter(|it| !it.0.keys.is_empty()) {
        let dimension = &model.dimensions[grouping.keys[0].dimension.index()];
        let mut parents: BTreeMap<&KeyValue, Vec<&KeyValue>> = BTreeMap::new();
        let mut undeclared: BTreeMap<&KeyValue, u64> = BTreeMap::new();
        for group in &groups.groups {
            let rows = if group.cells.is_empty() { 0 } else { group.cells.get(0).n() };
            let KeyValue::Value(text) = &group.key[0] else { continue };
            if !dimension.values.is_empty() && dimension.other.is_none() && !dimension.values.iter().any(|it| it.0 == **text) {
                *undeclared.entry(&group.key[0]).or_default() += rows;
            }
            if let Some(parent @ KeyValue::Value(_)) = group.key.get(1) {
                parents.entry(&group.key[0]).or_default().push(parent);
            }
        }
        if !undeclared.is_empty() {
            let rows: u64 = undeclared.values().sum();
            let named: Vec<String> = undeclared.keys().take(NAMED).map(|it| format!("`{}`", text(it))).collect();
            let fact = Fact::at(Code::UndeclaredValue, dimension.span).with("dimension", &dimension.name).with("source", &source.name);
            let fact = fact.with("values", named.join(", ")).with("rows", rows).with_some("single", (rows == 1).then_some("yes"));
            let found = groups.groups.iter().map(|it| text(&it.key[0])).collect::<Vec<_>>();
            let absent = || dimension.values.iter().map(|it| it.0.as_str()).filter(|it| !found.contains(it));
            let meant =
                undeclared.keys().find_map(|it| Some((text(it), absent().find(|value| super::spelling::is_near(value, text(it)))?)));
            let fact = fact.with_some("found", meant.map(|it| it.0)).with_some("meant", meant.map(|it| it.1));
            out.push(fact.about(format!("dimension:{}", dimension.name)));
        }
        if let (Some(within), Some((child, several))) = (dimension.within, parents.iter().find(|it| it.1.len() > 1)) {
            let parent = &model.dimensions[within.index()];
            let fact = Fact::at(Code::ManyParents, dimension.span).with("dimension", &dimension.name).with("within", &parent.name);
            let named: Vec<String> = several.iter().take(NAMED).map(|it| format!("`{}`", text(it))).collect();
            out.push(fact.with("value", text(child)).with("parents", named.join(", ")).with("source", &source.name));
        }
    }
}

fn text(value: &KeyValue) -> &str {
    match value {
        KeyValue::Value(text) => text,
        KeyValue::Blank => "",
    }
}
