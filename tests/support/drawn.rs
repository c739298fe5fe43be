//! What tables drawn at random share: two dimensions, `a` and `b`, and the months of a year.

use microlp::{Problem, SolveOutcome};
use peil::calendar::Period;
use peil::engine::KeyValue;
use peil::model::DimensionId;

/// The values of a cell by dimension; none where it is of all.
pub type At = [Option<u32>; 2];

/// The months of a year that a period covers, from 0.
pub fn months(period: Period) -> Vec<u32> {
    let text = period.to_string();
    match text.split_once("-Q") {
        Some((_, quarter)) => {
            let first = (quarter.parse::<u32>().expect("a quarter has a number") - 1) * 3;
            (first..first + 3).collect()
        }
        None => vec![text[5..].parse::<u32>().expect("a month has a number") - 1],
    }
}

/// The cells of a cut, those that have no row too; `values` is how many values the dimensions have.
pub fn cells_of(cut: &[DimensionId], values: [u32; 2]) -> Vec<At> {
    let mut cells: Vec<At> = vec![[None, None]];
    for dimension in cut.iter().map(|it| it.index()) {
        let with = |at: At| {
            (0..values[dimension]).map(move |value| {
                let mut at = at;
                at[dimension] = Some(value);
                at
            })
        };
        cells = cells.into_iter().flat_map(with).collect();
    }
    cells
}

/// The key that the row of a cell has.
pub fn key_of(cut: &[DimensionId], at: &At) -> Vec<KeyValue> {
    cut.iter()
        .map(|it| KeyValue::Value(format!("{}{}", ["a", "b"][it.index()], at[it.index()].expect("a cell of the cut")).into()))
        .collect()
}

/// Each value of either dimension in each month up to the last: what all cells are sums of.
pub fn atoms(values: [u32; 2], last: u32) -> Vec<[u32; 3]> {
    (0..values[0]).flat_map(|a| (0..values[1]).flat_map(move |b| (0..=last).map(move |month| [a, b, month]))).collect()
}

/// What a linear program comes to; all that it holds to is true of the data, so that it has a solution.
pub fn solved(problem: Problem) -> f64 {
    match problem.solve() {
        Ok(SolveOutcome::Solution(found)) => found.objective(),
        other => panic!("what is published is true of the data: {other:?}"),
    }
}
