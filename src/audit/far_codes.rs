//! Which numbers stand far from all others, and recur? `999` seconds and `-1` days are words for "no answer".

use crate::check::Checked;
use crate::engine::ReadTable;
use crate::model::{ColumnRef, ColumnType, Function, KpiKind, RowExpr, SourceId};
use crate::plan::{Leaf, Measure, Read};
use crate::state::{Seen, State};
use crate::value::{Code, Diagnostics, Fact};
use std::collections::BTreeSet;

/// Numbers that stand for no answer, where they stand apart.
const WORDS: [f64; 16] =
    [-1.0, -2.0, -8.0, -9.0, -88.0, -98.0, -99.0, -999.0, -9999.0, 99.0, 998.0, 999.0, 9998.0, 9999.0, 99_999.0, 999_999.0];
/// Rows that a code must be in: once is an outlier.
const LEAST: u64 = 3;
/// How many times the next number a code must be, to stand apart.
const APART: f64 = 1.5;

/// What a read keeps to tell it: how often each number of a column occurs, for the columns that figures are made of.
pub(super) fn add(checked: &Checked, read: &mut Read) -> Vec<(usize, usize)> {
    let source = &checked.model.sources[read.source.index()];
    let mut found = Vec::new();
    for column in measured(checked, read.source) {
        let declared = &source.columns[column];
        // A scale and labels say which codes there are.
        let open = declared.of == Some(ColumnType::Number) && declared.scale.is_none() && declared.labels.is_empty();
        if open && declared.computed.is_none() && !source.key.contains(&column) && source.weight != Some(column) {
            let of = RowExpr::Column(ColumnRef { source: read.source, through: None, column: column as u32 });
            let leaf = Leaf { measure: Measure::Frequency(of), filter: None, weight: None, persons: None, squares: false };
            found.push((column, super::keep(read, leaf)));
        }
    }
    found
}

/// The columns of a source whose values figures are made of.
fn measured(checked: &Checked, source: SourceId) -> BTreeSet<usize> {
    let mut columns = BTreeSet::new();
    for formula in checked.model.kpis.iter().filter_map(|it| it.formula.as_ref()) {
        formula.walk(&mut |it| {
            let KpiKind::Aggregate(aggregate) = &it.kind else { return };
            let of = match &aggregate.function {
                Function::Sum(of) | Function::Min(of) | Function::Max(of) | Function::Median(of) => of,
                Function::Mean { of, .. } | Function::Percentile(of, _) | Function::Stddev(of) => of,
                Function::Share(of) => of,
                _ => return,
            };
            let own = of.columns().into_iter().filter(|it| it.source == source && it.through.is_none());
            columns.extend(own.map(|it| it.column as usize));
        });
    }
    columns
}

/// Reports numbers that stand apart.
pub(super) fn report(checked: &Checked, source: SourceId, places: &[(usize, usize)], table: &ReadTable, out: &mut Diagnostics) {
    let source = &checked.model.sources[source.index()];
    let Some(all) = table.groupings[0].groups.first() else { return };
    for (column, place) in places {
        let cell = all.cells.get(*place);
        let State::Frequencies { table, .. } = &cell.state else { continue };
        let numbers = table.iter().filter_map(|(seen, (rows, _))| match seen {
            Seen::Number(it) => Some((it.to_f64(), *rows)),
            _ => None,
        });
        let column = &source.columns[*column];
        // Values are as they are read: of a column in minutes, in seconds.
        let factor = column.factor.map_or(1.0, |it| it.to_f64());
        let numbers: Vec<(f64, u64)> = numbers.map(|(it, rows)| (it / factor, rows)).collect();
        if let Some((code, rows)) = apart(&numbers) {
            let fact = Fact::at(Code::SuspectCode, column.span).with("column", &column.name).with("source", &source.name);
            let fact = fact.with("code", code).with("rows", rows);
            out.push(fact.about(format!("source:{}", source.name)));
        }
    }
}

/// The code that stands apart from all other numbers, of those that recur.
fn apart(numbers: &[(f64, u64)]) -> Option<(f64, u64)> {
    let is_word = |it: &&(f64, u64)| WORDS.contains(&it.0) && it.1 >= LEAST;
    numbers.iter().filter(is_word).copied().find(|(code, _)| {
        let mut others = numbers.iter().map(|it| it.0).filter(|it| it != code && !WORDS.contains(it)).peekable();
        if others.peek().is_none() {
            return false;
        }
        if *code < 0.0 { others.all(|it| it >= 0.0) } else { others.all(|it| it * APART < *code) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_stands_apart_and_recurs() {
        let waits = |code: f64, rows| [(1.0, 9), (20.0, 5), (300.0, 1), (code, rows)];
        assert_eq!(apart(&waits(999.0, 3)), Some((999.0, 3)));
        assert_eq!(apart(&waits(999.0, 2)), None, "twice may be chance");
        assert_eq!(apart(&waits(998.5, 9)), None, "no word for nothing");
        assert_eq!(apart(&waits(-1.0, 3)), Some((-1.0, 3)));
        assert_eq!(apart(&[(97.0, 2), (98.0, 4), (99.0, 3)]), None, "ages run up to it");
        assert_eq!(apart(&[(-3.0, 1), (-1.0, 3), (4.0, 2)]), None, "negative numbers are in use");
        assert_eq!(apart(&[(99.0, 30)]), None, "a price");
    }
}
