//! Nothing that is hidden comes back out of what is shown: what is published is attacked by linear programming.
//!
//! The attacker knows how many answered in every cell that is shown, where nobody did, and that cells add up to one
//! another. A small cell that is hidden, and whose possible sizes span less than the minimum base, counts as found. Who
//! cannot tell how many answered cannot solve for what they answered: the equations are the same.

use crate::support::random::Random;
use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOutcome, Variable};
use peil::calendar::{Date, Grain, Period};
use peil::engine::{Engine, KeyValue, Options};
use peil::eval::Periods;
use peil::model::{DimensionId, KpiId};
use peil::plan::{Ask, Request};
use peil::publish::Results;
use peil::session;
use peil::source::MemoryWorld;
use peil::value::Diagnostics;
use std::collections::BTreeMap;
use std::fmt::Write;

const LEAST: u64 = 10;
const MONTHS: u32 = 6;

/// How many answered, by two dimensions and a month.
type Truth = BTreeMap<[u32; 3], u64>;

/// Draws a table in which many cells are small, and some are empty.
fn draw(random: &mut Random) -> Truth {
    let mut below = |end: u32| (random.next() % u64::from(end)) as u32;
    let (rows, columns, months) = (1 + below(4), 1 + below(3), 1 + below(MONTHS));
    let most = [6, 12, 25, 60][below(4) as usize];
    let mut truth = Truth::new();
    for row in 0..rows {
        for column in 0..columns {
            for month in 0..months {
                let n = below(most);
                if n > 0 && below(8) > 0 {
                    truth.insert([row, column, month], u64::from(n));
                }
            }
        }
    }
    truth
}

fn csv(truth: &Truth) -> String {
    let mut text = "day,a,b,q\n".to_owned();
    for ([row, column, month], n) in truth {
        for at in 0..*n {
            let _ = writeln!(text, "2025-{:02}-11,a{row},b{column},{}", month + 1, at % 5 + 1);
        }
    }
    text
}

/// What is published of a table: every cut that is drawn, at the grains that are drawn.
fn publish(truth: &Truth, cuts: &[Vec<u32>], grains: &[Grain]) -> Results {
    let project = "project \"T\" { peil 1; lint kpi-without-goal allow \"x\"; lint missing-owner allow \"x\" }\n\
        source s { files \"s.csv\"; time day; columns a, b; column q scale 1..5 }\n\
        dimension a { from s.a }\ndimension b { from s.b }\nkpi easy { formula share(s.q >= 4) }\n";
    let files = [("project.peil", project.to_owned()), ("s.csv", csv(truth))];
    let world = MemoryWorld::new(files.map(|(name, text)| (name.to_owned(), text.into_bytes())));
    let session = session::open(&world);
    let checked = session.checked.as_ref().expect("the project is sound");
    let mut request = Request::new();
    for cut in cuts {
        for grain in grains {
            let cut = cut.iter().map(|it| DimensionId(*it)).collect();
            request.add(Ask { kpi: KpiId(0), part: None, cut, grain: *grain });
        }
    }
    let options = Options { engine: Engine::Plain, threads: 1 };
    let mut found = Diagnostics::default();
    let run = session::run(checked, &request, &world, options, Periods::default(), Date::MAX, &mut found);
    run.expect("the data are sound").results
}

/// The value of a key: `a3` is 3.
fn number(value: &KeyValue) -> u32 {
    match value {
        KeyValue::Value(text) => text[1..].parse().expect("a value is a letter and a number"),
        KeyValue::Blank => panic!("nothing is blank"),
    }
}

/// A cell: values of the dimensions that it is cut by, and the months that it holds.
#[derive(Clone, Debug)]
struct Cell {
    at: [Option<u32>; 2],
    months: Vec<u32>,
    shown: Option<u64>,
}

impl Cell {
    fn holds(&self, atom: &[u32; 3]) -> bool {
        self.months.contains(&atom[2]) && (0..2).all(|it| self.at[it].is_none_or(|at| at == atom[it]))
    }
}

fn months(period: Period) -> Vec<u32> {
    let text = period.to_string();
    match text.split_once("-Q") {
        Some((_, quarter)) => {
            let first = (quarter.parse::<u32>().expect("a quarter has a number") - 1) * 3;
            (first..first + 3).collect()
        }
        None => vec![text[5..].parse::<u32>().expect("a month has a number") - 1],
    }
}

/// The cells of what is published; those that are not there are empty.
fn cells(results: &Results, values: [u32; 2]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for table in &results.tables {
        let cut: Vec<usize> = table.cut.iter().map(|it| it.index()).collect();
        let mut keys: Vec<[Option<u32>; 2]> = vec![[None, None]];
        for dimension in &cut {
            let with = |key: &[Option<u32>; 2]| {
                let key = *key;
                let dimension = *dimension;
                (0..values[dimension]).map(move |value| {
                    let mut key = key;
                    key[dimension] = Some(value);
                    key
                })
            };
            keys = keys.iter().flat_map(with).collect();
        }
        let periods: Vec<Period> = table.rows.iter().map(|it| it.period).collect();
        for key in keys {
            for period in periods.iter().enumerate().filter(|it| !periods[..it.0].contains(it.1)).map(|it| *it.1) {
                let row = table
                    .rows
                    .iter()
                    .find(|row| row.period == period && cut.iter().zip(row.key.iter()).all(|(at, value)| key[*at] == Some(number(value))));
                let shown = match row {
                    Some(row) => row.n,
                    None => Some(0),
                };
                cells.push(Cell { at: key, months: months(period), shown });
            }
        }
    }
    cells
}

/// The least and the most that a cell can hold, by all that is shown.
fn span(target: &Cell, cells: &[Cell], atoms: &[[u32; 3]]) -> f64 {
    let bound = |direction: OptimizationDirection| {
        let mut problem = Problem::new(direction);
        let weight = |atom: &[u32; 3]| if target.holds(atom) { 1.0 } else { 0.0 };
        let variables: Vec<Variable> = atoms.iter().map(|it| problem.add_var(weight(it), (0.0, 10_000.0))).collect();
        for (cell, n) in cells.iter().filter_map(|it| Some((it, it.shown?))) {
            let sum: Vec<(Variable, f64)> = atoms.iter().zip(&variables).filter(|it| cell.holds(it.0)).map(|it| (*it.1, 1.0)).collect();
            if !sum.is_empty() {
                problem.add_constraint(sum.as_slice(), ComparisonOp::Eq, n as f64);
            }
        }
        match problem.solve() {
            Ok(SolveOutcome::Solution(found)) => found.objective(),
            other => panic!("what is published is true of the data: {other:?}"),
        }
    };
    bound(OptimizationDirection::Maximize) - bound(OptimizationDirection::Minimize)
}

/// Attacks what is published of a table; gives how many cells were hidden, small ones and others.
fn attack(truth: &Truth, cuts: &[Vec<u32>], grains: &[Grain]) -> (usize, usize) {
    let results = publish(truth, cuts, grains);
    let values = [0, 1].map(|at| truth.keys().map(|it| it[at] + 1).max().unwrap_or(0));
    let last = truth.keys().map(|it| it[2]).max().unwrap_or(0);
    let cells = cells(&results, values);
    let atoms: Vec<[u32; 3]> =
        (0..values[0]).flat_map(|a| (0..values[1]).flat_map(move |b| (0..=last).map(move |month| [a, b, month]))).collect();
    let mut hidden = (0, 0);
    for cell in &cells {
        let n: u64 = truth.iter().filter(|it| cell.holds(it.0)).map(|it| it.1).sum();
        match cell.shown {
            Some(shown) => assert!(shown == n && (n == 0 || n >= LEAST), "{cell:?} holds {n}"),
            None if n < LEAST => {
                hidden.0 += 1;
                let span = span(cell, &cells, &atoms);
                assert!(span >= LEAST as f64 - 1e-6, "{cell:?} holds {n} and is known within {span}: {truth:?} {cuts:?} {grains:?}");
            }
            None => hidden.1 += 1,
        }
    }
    hidden
}

#[test]
fn nothing_hidden_comes_back_out_of_what_is_shown() {
    let mut random = Random(0x00c0_ffee_1234);
    let mut hidden = (0, 0);
    for _ in 0..1_000 {
        let truth = draw(&mut random);
        if truth.is_empty() {
            continue;
        }
        let all = [vec![], vec![0], vec![1], vec![0, 1]];
        let mut cuts: Vec<Vec<u32>> = all.into_iter().filter(|_| random.below(3) > 0).collect();
        if cuts.is_empty() {
            cuts.push(vec![0]);
        }
        let grains: &[Grain] = [&[Grain::Quarter][..], &[Grain::Month], &[Grain::Quarter, Grain::Month]][random.below(3)];
        let (small, others) = attack(&truth, &cuts, grains);
        hidden = (hidden.0 + small, hidden.1 + others);
    }
    assert!(hidden.0 > 1_000, "the tables hold small cells");
    assert!(hidden.1 < 3 * hidden.0, "{} cells are hidden for {} small ones", hidden.1, hidden.0);
}

#[test]
fn the_attack_finds_what_only_the_minimum_base_hides() {
    let shown = |at: Option<u32>, shown: Option<u64>| Cell { at: [at, None], months: vec![0], shown };
    let atoms = [[0, 0, 0], [1, 0, 0]];
    let alone = [shown(None, Some(25)), shown(Some(0), None), shown(Some(1), Some(22))];
    assert!(span(&alone[1], &alone, &atoms) < 1e-6);
    let both = [shown(None, Some(25)), shown(Some(0), None), shown(Some(1), None)];
    assert!((span(&both[1], &both, &atoms) - 25.0).abs() < 1e-6);
}
