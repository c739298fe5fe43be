//! How many answered in a small cell does not follow from the answers by code either: scores and distributions over cuts,
//! periods and KPIs of one question are attacked together, by linear programs whose unknowns are the answers of each code.

use crate::support::drawn;
use crate::support::random::Random;
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use peil::calendar::{Date, Grain, Period};
use peil::engine::{Engine, Options};
use peil::eval::Periods;
use peil::insight::spread;
use peil::model::{DimensionId, KpiId};
use peil::plan::{Ask, Request};
use peil::publish::{Distribution, Results, distributions};
use peil::session;
use peil::source::MemoryWorld;
use peil::value::Diagnostics;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const LEAST: u64 = 10;
const CODES: usize = 5;

/// How many gave each code, by two dimensions and a month.
type Truth = BTreeMap<[u32; 3], [u64; CODES]>;

/// Draws a table in which many cells are small; answers are spread alike everywhere, lean one way by place, or are all one
/// code in some places.
fn draw(random: &mut Random) -> Truth {
    let mut truth = Truth::new();
    let (rows, columns, months) = (1 + random.below(4) as u32, 1 + random.below(3) as u32, 1 + random.below(6) as u32);
    let most = [6, 12, 25, 60][random.below(4)];
    let lean = random.below(3);
    let favoured: Vec<usize> = (0..12).map(|_| random.below(CODES)).collect();
    for row in 0..rows {
        for column in 0..columns {
            for month in 0..months {
                let n = random.below(most);
                if n == 0 || random.below(8) == 0 {
                    continue;
                }
                let own = favoured[(row * 3 + column) as usize];
                let codes: &mut [u64; CODES] = truth.entry([row, column, month]).or_default();
                for _ in 0..n {
                    let any = random.below(CODES);
                    let leans = lean == 2 || (lean == 1 && random.below(2) == 0);
                    codes[if leans { own } else { any }] += 1;
                }
            }
        }
    }
    truth
}

/// A KPI: its formula; which atoms are in it; what its value tells of their answers.
struct Kpi {
    formula: &'static str,
    holds: fn(&[u32; 3]) -> bool,
    tells: Tells,
}

enum Tells {
    /// The mean of what it takes of each code, in a unit; with an error that tells the squares too.
    Mean { takes: fn(usize) -> f64, unit: f64, squares: bool },
    /// Such a percentile.
    Percentile(f64),
}

const fn share(takes: fn(usize) -> f64) -> Tells {
    Tells::Mean { takes, unit: 100.0, squares: false }
}

const EASY: Kpi = Kpi { formula: "share(s.q >= 4)", holds: |_| true, tells: share(|code| if code >= 3 { 1.0 } else { 0.0 }) };
const HARD: Kpi = Kpi { formula: "bottom_box(s.q, 1)", holds: |_| true, tells: share(|code| if code == 0 { 1.0 } else { 0.0 }) };
const MEAN: Kpi =
    Kpi { formula: "mean(s.q)", holds: |_| true, tells: Tells::Mean { takes: |code| (code + 1) as f64, unit: 1.0, squares: true } };
/// A score that is an expression.
const TURNED: Kpi =
    Kpi { formula: "mean(6 - s.q)", holds: |_| true, tells: Tells::Mean { takes: |code| (5 - code) as f64, unit: 1.0, squares: true } };
const LOWEST: Kpi = Kpi { formula: "min(s.q)", holds: |_| true, tells: Tells::Percentile(0.0) };
const MEDIAN: Kpi = Kpi { formula: "median(s.q)", holds: |_| true, tells: Tells::Percentile(50.0) };
const HIGHEST: Kpi = Kpi { formula: "max(s.q)", holds: |_| true, tells: Tells::Percentile(100.0) };
const FIRST: Kpi = Kpi { formula: "mean(s.q where s.a = \"a0\")", holds: |it| it[0] == 0, ..MEAN };
const OTHERS: Kpi = Kpi { formula: "share(s.q >= 4 where s.a != \"a0\")", holds: |it| it[0] != 0, ..EASY };

const NET: Kpi = Kpi {
    formula: "net(s.q = 5, s.q <= 3)",
    holds: |_| true,
    tells: share(|code| match code {
        4 => 1.0,
        3 => 0.0,
        _ => -1.0,
    }),
};

/// One score of a question, and several of which none tells all that the others do.
const ALONE: [&[Kpi]; 3] = [&[EASY], &[MEAN], &[TURNED]];
const TOGETHER: [&[Kpi]; 6] =
    [&[EASY, HARD], &[MEAN, FIRST], &[EASY, FIRST, OTHERS], &[EASY, MEAN], &[NET, EASY, MEAN], &[NET, EASY, HARD, MEAN]];
/// What the order of answers tells.
const ORDERED: [&[Kpi]; 3] = [&[LOWEST, MEDIAN, HIGHEST], &[LOWEST, HIGHEST, MEAN], &[MEDIAN, EASY]];

/// What is asked: of which KPI, cut how, at which grain.
type Asked = Vec<(usize, Vec<u32>, Grain)>;

fn publish(truth: &Truth, of: &[Kpi], asked: &Asked) -> (Results, Vec<Distribution>) {
    let mut csv = "day,a,b,q\n".to_owned();
    for ([row, column, month], codes) in truth {
        for (code, n) in codes.iter().enumerate() {
            for _ in 0..*n {
                let _ = writeln!(csv, "2025-{:02}-11,a{row},b{column},{}", month + 1, code + 1);
            }
        }
    }
    let mut project = "project \"T\" { peil 1; lint kpi-without-goal allow \"x\"; lint missing-owner allow \"x\" }\n\
        source s { files \"s.csv\"; time day; columns a, b; column q scale 1..5 }\n\
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
    let counts = spread(checked, &request.asks);
    counts.add_to(&mut request);
    let options = Options { engine: Engine::Plain, threads: 1 };
    let mut found = Diagnostics::default();
    let mut run = session::run(&counts.checked, &request, &world, options, Periods::default(), Date::MAX, &mut found).unwrap();
    let told = distributions(&counts, &run.plan, &run.table, &run.results.hidden, Periods::default(), Date::MAX);
    run.results.keep_declared(checked);
    (run.results, told)
}

/// Who is in a cell: those of a KPI with these values, in these months.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    kpi: usize,
    at: [Option<u32>; 2],
    months: Vec<u32>,
}

/// What is told of a cell.
#[derive(Clone, Debug, Default)]
struct Told {
    n: Option<u64>,
    /// The sum of what the KPI takes of each answer, and that of the squares.
    sum: Option<f64>,
    squares: Option<f64>,
    /// How many gave a code or one before it, at least, and one before it, at most.
    ranks: Vec<(usize, ComparisonOp, u64)>,
    codes: Option<[u64; CODES]>,
}

impl Told {
    /// Takes in what a KPI tells of so many answers.
    fn take(&mut self, of: &Kpi, n: u64, value: f64, se: Option<f64>) {
        match of.tells {
            Tells::Mean { unit, squares, .. } => {
                let (n, sum) = (n as f64, (value * n as f64 / unit).round());
                self.sum = Some(sum);
                // Where all answer alike there is no error.
                let se = se.or((n > 1.0).then_some(0.0)).filter(|_| squares);
                self.squares = se.map(|se| (se * se * n * (n - 1.0) + sum * sum / n).round());
            }
            Tells::Percentile(percentile) => {
                // The value at a rank, and so much of the step to the next.
                let at = (n - 1) as f64 * percentile / 100.0;
                let (rank, by) = ((at + 1e-9).floor() as u64, at - (at + 1e-9).floor());
                let is_it = |it: &(usize, usize)| ((1 + it.0) as f64 + by * (it.1 - it.0) as f64 - value).abs() < 1e-6;
                let pairs = (0..CODES).flat_map(|low| (low..CODES).map(move |high| (low, high)));
                let pairs: Vec<(usize, usize)> = pairs.filter(|it| (by > 1e-9 || it.0 == it.1) && is_it(it)).collect();
                let mut of_rank = |rank: u64, least: usize, most: usize| {
                    self.ranks.push((most, ComparisonOp::Ge, rank + 1));
                    self.ranks.extend(least.checked_sub(1).map(|it| (it, ComparisonOp::Le, rank)));
                };
                let ends =
                    |of: &dyn Fn(&(usize, usize)) -> usize| (pairs.iter().map(of).min().unwrap(), pairs.iter().map(of).max().unwrap());
                let (low, high) = (ends(&|it| it.0), ends(&|it| it.1));
                of_rank(rank, low.0, low.1);
                if by > 1e-9 {
                    of_rank(rank + 1, high.0, high.1);
                }
            }
        }
    }
}

impl Cell {
    fn holds(&self, of: &[Kpi], atom: &[u32; 3]) -> bool {
        let at = (0..2).all(|it| self.at[it].is_none_or(|at| at == atom[it]));
        at && (of[self.kpi].holds)(atom) && self.months.contains(&atom[2])
    }
}

/// The cells of what is published; of a table those that are not there are empty.
fn cells(results: &Results, distributions: &[Distribution], of: &[Kpi], values: [u32; 2]) -> BTreeMap<Cell, Told> {
    let mut cells = BTreeMap::new();
    for table in &results.tables {
        let kpi = table.kpi.index();
        let spread = distributions.iter().find(|it| it.kpi == table.kpi && it.cut == table.cut && it.grain == table.grain);
        let periods: BTreeSet<Period> = table.rows.iter().map(|it| it.period).collect();
        let keys = drawn::cells_of(&table.cut, values);
        for period in periods {
            for at in &keys {
                let key = drawn::key_of(&table.cut, at);
                let row = table.rows.iter().find(|it| it.period == period && *it.key == *key);
                let mut told = Told { n: row.map_or(Some(0), |it| it.n), ..Told::default() };
                if let Some((row, (n, value))) = row.and_then(|it| Some((it, it.n.zip(it.value)?))) {
                    told.take(&of[kpi], n, value, row.se);
                }
                let shares = spread.and_then(|it| it.row(period, &key)).filter(|it| it.n.is_some() && !it.shares.is_empty());
                if let Some(row) = shares {
                    let mut codes = [0; CODES];
                    codes.iter_mut().zip(&row.shares).for_each(|(count, it)| *count = it.count);
                    told.codes = Some(codes);
                }
                cells.insert(Cell { kpi, at: *at, months: drawn::months(period) }, told);
            }
        }
    }
    cells
}

/// How far apart the least and the most lie that a cell can hold, by what is told; `whole` where only whole answers count.
fn span(target: &Cell, cells: &BTreeMap<Cell, Told>, of: &[Kpi], atoms: &[[u32; 3]], whole: bool) -> f64 {
    let bound = |direction: OptimizationDirection| {
        let mut problem = Problem::new(direction);
        let variable = |problem: &mut Problem, weight: f64| match whole {
            true => problem.add_integer_var(weight, (0, 10_000)),
            false => problem.add_var(weight, (0.0, 10_000.0)),
        };
        let weight = |atom: &[u32; 3]| if target.holds(of, atom) { 1.0 } else { 0.0 };
        let variables: Vec<[Variable; CODES]> = atoms.iter().map(|it| [(); CODES].map(|()| variable(&mut problem, weight(it)))).collect();
        for (cell, told) in cells {
            let own = || atoms.iter().zip(&variables).filter(|it| cell.holds(of, it.0)).map(|it| it.1);
            if own().next().is_none() {
                continue;
            }
            let all = |takes: &dyn Fn(usize) -> f64| -> Vec<(Variable, f64)> {
                own()
                    .flat_map(|it| it.iter().enumerate().map(|(code, it)| (*it, takes(code))).collect::<Vec<_>>())
                    .filter(|it| it.1 != 0.0)
                    .collect()
            };
            if let Some(n) = told.n {
                problem.add_constraint(all(&|_| 1.0).as_slice(), ComparisonOp::Eq, n as f64);
            }
            if let Tells::Mean { takes, .. } = of[cell.kpi].tells {
                // Of squares a solver in whole numbers takes hours.
                let squares = told.squares.filter(|_| !whole);
                for (sum, by) in [(told.sum, 1), (squares, 2)].into_iter().filter_map(|it| Some((it.0?, it.1))) {
                    problem.add_constraint(all(&|it| takes(it).powi(by)).as_slice(), ComparisonOp::Eq, sum);
                }
            }
            for (code, how, n) in &told.ranks {
                problem.add_constraint(all(&|it| if it <= *code { 1.0 } else { 0.0 }).as_slice(), *how, *n as f64);
            }
            for (code, n) in told.codes.iter().flatten().enumerate() {
                problem.add_constraint(all(&|it| if it == code { 1.0 } else { 0.0 }).as_slice(), ComparisonOp::Eq, *n as f64);
            }
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
    /// Cells with their answers by code.
    by_code: usize,
    /// Of what was found how much is known to within one.
    exact: usize,
    leaks: Vec<String>,
}

/// Attacks what is published of a table.
fn attack(truth: &Truth, of: &[Kpi], asked: &Asked, whole: bool, found: &mut Found) {
    let (results, spread) = publish(truth, of, asked);
    let values = [0, 1].map(|at| truth.keys().map(|it| it[at] + 1).max().unwrap());
    let last = truth.keys().map(|it| it[2]).max().unwrap();
    let cells = cells(&results, &spread, of, values);
    let atoms = drawn::atoms(values, last);
    found.by_code += cells.values().filter(|it| it.codes.is_some()).count();
    for (cell, told) in &cells {
        let n: u64 = truth.iter().filter(|it| cell.holds(of, it.0)).flat_map(|it| it.1).sum();
        if told.n.is_some() || n == 0 || n >= LEAST {
            assert!(told.n.is_none_or(|it| it == n && (n == 0 || n >= LEAST)), "{cell:?} holds {n}");
            found.others += usize::from(told.n.is_none());
            continue;
        }
        found.small += 1;
        let span = span(cell, &cells, of, &atoms, whole);
        if span < LEAST as f64 - 1e-6 {
            found.exact += usize::from(span < 1.0);
            let formulas: Vec<&str> = of.iter().map(|it| it.formula).collect();
            found.leaks.push(format!("{cell:?} of {formulas:?} holds {n} and is known within {span}: {truth:?} by {asked:?}"));
        }
    }
}

/// Attacks many tables.
fn attacks(seed: u64, rounds: usize, families: &[&[Kpi]], whole: bool) -> Found {
    let (mut random, mut found) = (Random(seed), Found::default());
    for _ in 0..rounds {
        let truth = draw(&mut random);
        if truth.is_empty() {
            continue;
        }
        let of = *random.of(families);
        let all = (0..of.len()).flat_map(|kpi| [&[][..], &[0], &[1], &[0, 1]].map(|cut: &[u32]| (kpi, cut.to_vec())));
        let all = all.flat_map(|(kpi, cut)| [Grain::Quarter, Grain::Month].map(|grain| (kpi, cut.clone(), grain)));
        let mut asked: Asked = all.filter(|_| random.below(5) < 2).collect();
        // Of tables across one another the first is told.
        for at in (1..asked.len()).rev() {
            asked.swap(at, random.below(at + 1));
        }
        attack(&truth, of, &asked, whole, &mut found);
    }
    found
}

#[test]
fn no_count_comes_back_out_of_a_score_and_answers_by_code() {
    let found = attacks(0x0c0d_e5ca_fe01, 220, &ALONE, false);
    assert!(found.leaks.is_empty(), "{} of {}: {}", found.leaks.len(), found.small, found.leaks[0]);
    assert!(found.small > 1_000, "the tables hold {} small cells", found.small);
    assert!(found.by_code > 500, "{} cells are told by code", found.by_code);
    assert!(found.others < found.small, "{} cells are hidden for {} small ones", found.others, found.small);
}

/// Several scores of one question are sums over the same answers: what one leaves open another does not close.
#[test]
fn no_count_comes_back_out_of_several_scores_and_answers_by_code() {
    let found = attacks(0x0c0d_e5ca_fe02, 300, &TOGETHER, false);
    assert!(found.leaks.is_empty(), "{} of {}, {} exactly: {}", found.leaks.len(), found.small, found.exact, found.leaks[0]);
    assert!(found.small > 3_000, "the tables hold {} small cells", found.small);
    assert!(found.by_code > 1_500, "{} cells are told by code", found.by_code);
    assert!(found.others < found.small, "{} cells are hidden for {} small ones", found.others, found.small);
}

/// A median, the lowest and the highest say what some of the answers are.
#[test]
fn no_count_comes_back_out_of_the_order_of_answers() {
    let found = attacks(0x0c0d_e5ca_fe04, 90, &ORDERED, false);
    assert!(found.leaks.is_empty(), "{} of {}, {} exactly: {}", found.leaks.len(), found.small, found.exact, found.leaks[0]);
    assert!(found.small > 500, "the tables hold {} small cells", found.small);
    assert!(found.others < found.small, "{} cells are hidden for {} small ones", found.others, found.small);
}

/// Answers are whole: who counts in whole answers finds no more.
#[test]
fn no_count_comes_back_in_whole_answers() {
    let found = attacks(0x0c0d_e5ca_fe03, 150, &TOGETHER, true);
    assert!(found.leaks.is_empty(), "{} of {}, {} exactly: {}", found.leaks.len(), found.small, found.exact, found.leaks[0]);
    assert!(found.small > 2_000, "the tables hold {} small cells", found.small);
}

/// All of region 0 say that it was easy, nobody of region 1 does: who is easy by channel is who is of region 0.
#[test]
fn the_attack_finds_what_scores_tell() {
    let cell = |a: Option<u32>, b: Option<u32>| Cell { kpi: 0, at: [a, b], months: vec![0] };
    let told = |n: u64, easy: f64| Told { n: Some(n), sum: Some(easy), ..Told::default() };
    let margins = [
        (cell(Some(0), None), told(30, 30.0)),
        (cell(Some(1), None), told(30, 0.0)),
        (cell(None, Some(0)), told(40, 27.0)),
        (cell(None, Some(1)), told(20, 3.0)),
    ];
    let target = cell(Some(0), Some(1));
    let atoms = [[0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 1, 0]];
    let mut cells: BTreeMap<Cell, Told> = margins.into_iter().collect();
    assert!(span(&target, &cells, &[EASY], &atoms, false) < 1e-6);
    cells.values_mut().for_each(|it| it.sum = None);
    assert!((span(&target, &cells, &[EASY], &atoms, false) - 20.0).abs() < 1e-6);
    // By code the same follows.
    cells.get_mut(&cell(Some(0), None)).unwrap().codes = Some([0, 0, 0, 30, 0]);
    cells.get_mut(&cell(Some(1), None)).unwrap().codes = Some([30, 0, 0, 0, 0]);
    cells.get_mut(&cell(None, Some(0))).unwrap().codes = Some([13, 0, 0, 27, 0]);
    assert!(span(&target, &cells, &[EASY], &atoms, false) < 1e-6);
}
