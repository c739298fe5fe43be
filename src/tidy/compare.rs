//! The columns of a comparison (R26), and what JSON says of it besides.

use super::{Field, said};
use crate::check::Checked;
use crate::plan::Against;
use crate::publish::{ResultRow, ResultTable};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

pub(super) const COLUMNS: [&str; 7] = ["compared_with", "previous", "change", "change_low", "change_high", "p", "signal"];

/// The place of `note` among the fields, from the end.
const NOTE: usize = 1;

/// Adds the fields of a row's comparison; why there is none goes to its note.
pub(super) fn add<'r>(
    checked: &'r Checked,
    table: &'r ResultTable,
    row: &'r ResultRow,
    fields: &mut Vec<Field<'r>>,
    more: &mut Map<String, Value>,
) {
    let (Some(against), Some(it)) = (&table.against, &row.compared) else {
        fields.extend(COLUMNS.map(|_| Field::Empty));
        return;
    };
    let reasons = it.refused.iter().cloned().chain(it.notes.iter().filter(|it| !row.notes.contains(it)).map(|it| it.name().to_owned()));
    let reasons: Vec<String> = reasons.collect();
    let place = fields.len() - NOTE;
    if !reasons.is_empty() {
        let known = match &fields[place] {
            Field::Text(text) => format!("{text}; "),
            _ => String::new(),
        };
        fields[place] = Field::Text(Cow::Owned(known + &reasons.join("; ")));
    }
    let number = |it: Option<f64>| it.map_or(Field::Empty, Field::Number);
    fields.push(match (against, it.period) {
        (_, Some(period)) => Field::Text(Cow::Owned(period.to_string())),
        (Against::Norm, _) => said("target"),
        (Against::Benchmark(at), _) => said(&checked.model.benchmarks[*at].name),
        (Against::Group { name, .. }, _) => said(name),
        (Against::Previous | Against::Year | Against::Earlier(_) | Against::Rest, _) => said(against.name()),
    });
    fields.extend([it.previous, it.change, it.low, it.high].map(number));
    fields.push(it.p.map_or(Field::Empty, Field::Probability));
    fields.push(it.signal.map_or(Field::Empty, |it| said(if it { "signal" } else { "noise" })));
    more.insert("comparison".to_owned(), json!(against.name()));
    if let Some(p) = it.p_raw {
        more.insert("p_raw".to_owned(), super::number(p));
        more.insert("tests".to_owned(), json!(it.tests));
    }
}
