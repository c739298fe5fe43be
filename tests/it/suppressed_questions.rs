//! How many answered one question does not follow from what others tell of the same rows: counts of rows, how many left
//! the question out, and questions that everybody answered are attacked together, by linear programs.

use crate::support::drawn;
use crate::support::random::Random;
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use peil::calendar::{Date, Grain, Period};
use peil::engine::{Engine, Options};
use peil::eval::Periods;
use peil::model::{DimensionId, KpiId};
use peil::plan::{Ask, Request};
use peil::publish::Results;
use peil::session;
use peil::source::MemoryWorld;
use peil::value::Diagnostics;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const LEAST: u64 = 10;

/// How many rows there are by two dimensions and a month: of those who answered `q`, and of those who did not.
type Truth = BTreeMap<[u32; 3], [u64; 2]>;

/// Draws a table in which many cells are small; of ten rows one of `blanks` leave the question out.
fn draw(random: &mut Random, blanks: &[usize]) -> Truth {
    let mut truth = Truth::new();
    let (rows, columns, months) = (1 + random.below(4) as u32, 1 + random.below(3) as u32, 1 + random.below(4) as u32);
    let most = [6, 12, 25, 60][random.below(4)];
    let blank = *random.of(blanks);
    for row in 0..rows {
        for column in 0..columns {
            for month in 0..months {
                let n = random.below(most);
                if n == 0 || random.below(8) == 0 {
                    continue;
                }
                let blanks = (0..n).filter(|_| random.below(10) < blank).count() as u64;
                truth.insert([row, column, month], [n as u64 - blanks, blanks]);
            }
        }
    }
    truth
}

/// A KPI: its formula; whether a row is in its base, and whether it counts for its score, by whether `q` was answered.
struct Kpi {
    formula: &'static str,
    holds: [bool; 2],
    takes: Option<[bool; 2]>,
}

const ROWS: Kpi = Kpi { formula: "count(s)", holds: [true, true], takes: None };
const ANSWERED: Kpi = Kpi { formula: "count(s.q)", holds: [true, false], takes: None };
const MEAN: Kpi = Kpi { formula: "mean(s.q)", ..ANSWERED };
const NOT_BLANK: Kpi = Kpi { formula: "share(not (s.q is blank))", holds: [true, true], takes: Some([true, false]) };
const BLANK: Kpi = Kpi { formula: "share(s.q is blank)", holds: [true, true], takes: Some([false, true]) };
const BLANKS: Kpi = Kpi { formula: "count(s where s.q is blank)", holds: [false, true], takes: None };
const WITHOUT: Kpi = Kpi { formula: "count(s where not (s.q is blank))", ..ANSWERED };
/// A question that everybody answered.
const OTHER: Kpi = Kpi { formula: "mean(s.r)", ..ROWS };

/// What is asked: of which KPI, cut how, at which grain.
type Asked = Vec<(usize, Vec<u32>, Grain)>;

fn publish(truth: &Truth, of: &[Kpi], asked: &Asked) -> Results {
    let mut csv = "day,a,b,q,r\n".to_owned();
    for ([row, column, month], n) in truth {
        for (blank, n) in n.iter().enumerate() {
            for at in 0..*n {
                let q = if blank == 0 { (at % 5 + 1).to_string() } else { String::new() };
                let _ = writeln!(csv, "2025-{:02}-11,a{row},b{column},{q},{}", month + 1, at % 3 + 1);
            }
        }
    }
    let mut project = "project \"T\" { peil 1; lint kpi-without-goal allow \"x\"; lint missing-owner allow \"x\" }\n\
        source s { files \"s.csv\"; time day; columns a, b; column q scale 1..5; column r scale 1..5 }\n\
        dimension a { from s.a }\ndimension b { from s.b }\n"
        .to_owned();
    for (at, kpi) in of.iter().enumerate() {
        let _ = writeln!(project, "kpi k{at} {{ formula {} }}", kpi.formula);
    }
    let files = [("project.peil", project), ("s.csv", csv)];
    let world = MemoryWorld::new(files.map(|(name, text)| (name.to_owned(), text.into_bytes())));
    let session = session::open(&world);
    let checked = session.checked.as_ref().unwrap_or_else(|| panic!("{:?}", session.diagnostics.sorted()));
    let mut request = Request::new();
    for (kpi, cut, grain) in asked {
        request.add(Ask { kpi: KpiId(*kpi as u32), part: None, cut: cut.iter().map(|it| DimensionId(*it)).collect(), grain: *grain });
    }
    let options = Options { engine: Engine::Plain, threads: 1 };
    session::run(checked, &request, &world, options, Periods::default(), Date::MAX, &mut Diagnostics::default()).unwrap().results
}

/// Who is in a cell: those of a KPI with these values, in these months.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    kpi: usize,
    at: [Option<u32>; 2],
    months: Vec<u32>,
}

impl Cell {
    fn holds(&self, atom: &[u32; 3]) -> bool {
        (0..2).all(|it| self.at[it].is_none_or(|at| at == atom[it])) && self.months.contains(&atom[2])
    }

    /// How many of its rows a table has of which a state counts.
    fn n(&self, truth: &Truth, counts: [bool; 2]) -> u64 {
        let of = |n: &[u64; 2]| (0..2).filter(|it| counts[*it]).map(|it| n[it]).sum::<u64>();
        truth.iter().filter(|it| self.holds(it.0)).map(|it| of(it.1)).sum()
    }
}

/// What is told of a cell: how many are in it, and how many count for its score.
#[derive(Clone, Debug, Default)]
struct Told {
    n: Option<u64>,
    takes: Option<u64>,
}

/// The cells of what is published; of a table those that are not there are empty.
fn cells(results: &Results, of: &[Kpi], values: [u32; 2]) -> BTreeMap<Cell, Told> {
    let mut cells = BTreeMap::new();
    for table in &results.tables {
        let kpi = table.kpi.index();
        let periods: BTreeSet<Period> = table.rows.iter().map(|it| it.period).collect();
        let keys = drawn::cells_of(&table.cut, values);
        for period in periods {
            for at in &keys {
                let key = drawn::key_of(&table.cut, at);
                let row = table.rows.iter().find(|it| it.period == period && *it.key == *key);
                let n = row.map_or(Some(0), |it| it.n);
                let score = of[kpi].takes.and(row.and_then(|it| it.value));
                let takes = n.zip(score).map(|(n, value)| (value * n as f64 / 100.0).round() as u64);
                cells.insert(Cell { kpi, at: *at, months: drawn::months(period) }, Told { n, takes });
            }
        }
    }
    cells
}

/// How far apart the least and the most lie that a cell can hold, by what is told.
fn span(target: &Cell, cells: &BTreeMap<Cell, Told>, of: &[Kpi], atoms: &[[u32; 3]]) -> f64 {
    let bound = |direction: OptimizationDirection| {
        let mut problem = Problem::new(direction);
        let weight = |atom: &[u32; 3], state: usize| f64::from(u8::from(target.holds(atom) && of[target.kpi].holds[state]));
        let variables: Vec<[Variable; 2]> =
            atoms.iter().map(|it| [0, 1].map(|state| problem.add_var(weight(it, state), (0.0, 10_000.0)))).collect();
        for (cell, told) in cells {
            let mut say = |is: Option<u64>, counts: [bool; 2]| {
                let own = atoms.iter().zip(&variables).filter(|it| cell.holds(it.0)).flat_map(|it| it.1.iter().zip(counts));
                let sum: Vec<(Variable, f64)> = own.filter(|it| it.1).map(|it| (*it.0, 1.0)).collect();
                if let Some(is) = is.filter(|_| !sum.is_empty()) {
                    problem.add_constraint(sum.as_slice(), ComparisonOp::Eq, is as f64);
                }
            };
            say(told.n, of[cell.kpi].holds);
            say(told.takes, of[cell.kpi].takes.unwrap_or_default());
        }
        drawn::solved(problem)
    };
    bound(OptimizationDirection::Maximize) - bound(OptimizationDirection::Minimize)
}

/// What was hidden, and found.
#[derive(Default)]
struct Found {
    small: usize,
    others: usize,
    /// Of what was found how much is known to within one.
    exact: usize,
    leaks: Vec<String>,
}

/// Attacks many tables, in which nobody leaves the question out, a few do, or many.
fn attacks(seed: u64, rounds: usize, of: &[Kpi]) -> Found {
    attacks_on(seed, rounds, of, &[0, 1, 4])
}

fn attacks_on(seed: u64, rounds: usize, of: &[Kpi], blanks: &[usize]) -> Found {
    let (mut random, mut found) = (Random(seed), Found::default());
    for _ in 0..rounds {
        let truth = draw(&mut random, blanks);
        let all = (0..of.len()).flat_map(|kpi| [&[][..], &[0], &[1], &[0, 1]].map(|cut: &[u32]| (kpi, cut.to_vec())));
        let all = all.flat_map(|(kpi, cut)| [Grain::Quarter, Grain::Month].map(|grain| (kpi, cut.clone(), grain)));
        let asked: Asked = all.filter(|_| random.below(5) < 2).collect();
        if truth.is_empty() {
            continue;
        }
        let results = publish(&truth, of, &asked);
        let values = [0, 1].map(|at| truth.keys().map(|it| it[at] + 1).max().unwrap());
        let last = truth.keys().map(|it| it[2]).max().unwrap();
        let cells = cells(&results, of, values);
        let atoms = drawn::atoms(values, last);
        for (cell, told) in &cells {
            let n = cell.n(&truth, of[cell.kpi].holds);
            if told.n.is_some() || n == 0 || n >= LEAST {
                assert!(told.n.is_none_or(|it| it == n && (n == 0 || n >= LEAST)), "{cell:?} holds {n}");
                found.others += usize::from(told.n.is_none());
                continue;
            }
            found.small += 1;
            let span = span(cell, &cells, of, &atoms);
            if span < LEAST as f64 - 1e-6 {
                found.exact += usize::from(span < 1.0);
                found.leaks.push(format!("{cell:?} holds {n} and is known within {span}: {truth:?} by {asked:?}"));
            }
        }
    }
    found
}

/// How many left a question out tells how many answered it: as a share, or as a count of their own.
#[test]
fn no_count_comes_back_out_of_who_left_a_question_out() {
    let families: [&[Kpi]; 4] = [&[ANSWERED, NOT_BLANK], &[MEAN, BLANK], &[ANSWERED, ROWS, BLANKS], &[ANSWERED, WITHOUT]];
    let (mut small, mut others) = (0, 0);
    for (at, of) in families.into_iter().enumerate() {
        let found = attacks(0x0a45_0000 + at as u64, 40, of);
        assert!(found.leaks.is_empty(), "{} of {}: {}", found.leaks.len(), found.small, found.leaks[0]);
        small += found.small;
        others += found.others;
    }
    assert!(small > 1_000, "the tables hold {small} small cells");
    assert!(others < small, "{others} cells are hidden for {small} small ones");
}

/// A question that everybody answered tells how many rows there are. Where few left another out, that is known within as many
/// as they are, and no closer: `few` is a promise that the specification makes.
#[test]
fn no_count_comes_back_whole_out_of_another_question() {
    let families: [&[Kpi]; 4] = [&[ROWS, ANSWERED], &[MEAN, OTHER], &[MEAN, OTHER, ROWS], &[MEAN, NOT_BLANK, BLANKS]];
    let (mut small, mut few) = (0, 0);
    for (at, of) in families.into_iter().enumerate() {
        let found = attacks(0x0a45_0004 + at as u64, 40, of);
        assert!(found.exact == 0, "{} of {}: {}", found.exact, found.small, found.leaks[0]);
        small += found.small;
        few += found.leaks.len();
    }
    assert!(small > 1_000, "the tables hold {small} small cells");
    assert!(few * 50 < small, "{few} of {small} are known within less than the minimum base");
}

/// Where everybody answered both questions, nothing at all comes back.
#[test]
fn no_count_comes_back_out_of_questions_that_all_answered() {
    let found = attacks_on(0x0a11_a45e, 100, &[MEAN, OTHER, ROWS], &[0]);
    assert!(found.leaks.is_empty(), "{} of {}: {}", found.leaks.len(), found.small, found.leaks[0]);
    assert!(found.small > 1_000, "the tables hold {} small cells", found.small);
    assert!(found.others < found.small, "{} cells are hidden for {} small ones", found.others, found.small);
}

#[test]
fn the_attack_finds_what_a_share_of_blanks_tells() {
    let cell = |kpi: usize| Cell { kpi, at: [None, None], months: vec![0] };
    let told = |n: Option<u64>, takes: Option<u64>| Told { n, takes };
    let (of, atoms) = ([ANSWERED, BLANK], [[0, 0, 0]]);
    let mut cells = BTreeMap::from([(cell(0), told(None, None)), (cell(1), told(Some(40), Some(36)))]);
    assert!(span(&cell(0), &cells, &of, &atoms) < 1e-6);
    cells.insert(cell(1), told(Some(40), None));
    assert!((span(&cell(0), &cells, &of, &atoms) - 40.0).abs() < 1e-6);
}
