//! The columns of a comparison (R26), and what JSON says of it besides.

use super::{Field, number_field, owned, said};
use crate::check::{Checked, MadeOtherwise};
use crate::eval::Refused;
use crate::plan::Against;
use crate::publish::{ResultRow, ResultTable};
use crate::stats::xmr::{Judged, Rule, Signal};
use crate::words::tidy_number;
use serde_json::{Map, Value, json};

pub(super) const COLUMNS: [&str; 8] = ["compared_with", "previous", "change", "change_low", "change_high", "p", "signal", DETECTABLE];

/// The column of the smallest change that a comparison finds, which tables for people have where it is asked for.
pub(super) const DETECTABLE: &str = "detectable";

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
    let reasons = it
        .refused
        .iter()
        .map(|it| refused(checked, it))
        .chain(it.notes.iter().filter(|it| !row.notes.contains(it)).map(|it| it.name().to_owned()));
    let reasons: Vec<String> = reasons.chain(it.by_series.as_ref().map(by_series)).collect();
    let place = fields.len() - NOTE;
    if !reasons.is_empty() {
        let known = match &fields[place] {
            Field::Text(text) => format!("{text}; "),
            _ => String::new(),
        };
        fields[place] = owned(known + &reasons.join("; "));
    }
    fields.push(match (against, it.period) {
        (_, Some(period)) => owned(period.to_string()),
        (Against::Norm, _) => said("target"),
        (Against::Benchmark(at), _) => said(&checked.model.benchmarks[*at].name),
        (Against::Group { name, .. }, _) => said(name),
        (Against::Previous | Against::Year | Against::Earlier(_) | Against::Rest, _) => said(against.name()),
    });
    fields.extend([it.previous, it.change, it.low, it.high].map(number_field));
    fields.push(it.p.map_or(Field::Empty, Field::Probability));
    fields.push(it.signal.map_or(Field::Empty, |it| said(if it { "signal" } else { "noise" })));
    fields.push(number_field(it.detectable));
    more.insert("comparison".to_owned(), json!(against.name()));
    if let Some(p) = it.p_raw {
        more.insert("p_raw".to_owned(), super::number(p));
        more.insert("tests".to_owned(), json!(it.tests));
    }
    if let Some(it) = &it.by_series {
        more.insert("limits".to_owned(), limits(it));
    }
}

/// What the series of a figure says of it: where it stands to its natural limits.
fn by_series(of: &Judged) -> String {
    let limits = of.limits;
    let [low, centre, high] = [limits.low, limits.centre, limits.high].map(short);
    let said = match of.signal {
        None => format!("within its limits {low} to {high}"),
        Some(Signal { rule: Rule::Outside, above: true, .. }) => format!("above its limits {low} to {high}"),
        Some(Signal { rule: Rule::Outside, above: false, .. }) => format!("below its limits {low} to {high}"),
        Some(Signal { rule: Rule::Run, above, first, last }) => {
            format!("{} in a row {} {centre}", last - first + 1, if above { "above" } else { "below" })
        }
        Some(Signal { rule: Rule::NearLimit, above: true, .. }) => format!("3 of 4 near the upper limit {high}"),
        Some(Signal { rule: Rule::NearLimit, above: false, .. }) => format!("3 of 4 near the lower limit {low}"),
    };
    if limits.provisional { format!("{said} (provisional)") } else { said }
}

fn limits(of: &Judged) -> Value {
    let limits = of.limits;
    let [low, centre, high] = [limits.low, limits.centre, limits.high].map(super::number);
    let mut said = json!({"low": low, "centre": centre, "high": high, "points": limits.points, "provisional": limits.provisional});
    if let (Some(it), Some(said)) = (of.signal, said.as_object_mut()) {
        said.insert("rule".to_owned(), json!(it.rule.name()));
        said.insert("side".to_owned(), json!(if it.above { "above" } else { "below" }));
    }
    said
}

/// A limit for a reader: six digits.
fn short(value: f64) -> String {
    format!("{value:.5e}").parse().map_or_else(|_| tidy_number(value), tidy_number)
}

/// Why a figure is not held against another one, in the words of machine output.
pub(super) fn refused(checked: &Checked, why: &Refused) -> String {
    match why {
        Refused::Changed { of, on, reason } => {
            let of = of.map(|it| format!(" of {}", checked.model.kpis[it.index()].name)).unwrap_or_default();
            let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
            format!("definition{of} changed {on}{reason}")
        }
        Refused::MadeOtherwise(found) => format!("not comparable: {}", made_otherwise(found)),
        Refused::Period { theirs, own } => format!("not comparable: period {theirs}, here {own}"),
    }
}

/// In what an outside figure was made otherwise.
pub fn made_otherwise(found: &[MadeOtherwise]) -> String {
    let said = found.iter().map(|it| {
        let (theirs, own) = it.ends();
        format!("{} {theirs}, here {own}", it.name())
    });
    said.collect::<Vec<_>>().join("; ")
}
