//! Nothing that is hidden comes back out of what is shown: what is published is attacked by linear programming.
//!
//! The attacker knows how many answered in every cell that is shown, where nobody did, and that cells add up to one
//! another. A small cell that is hidden, and whose possible sizes span less than the minimum base, counts as found. Who
//! cannot tell how many answered cannot solve for what they answered: the equations are the same.

use crate::support::drawn;
use crate::support::random::Random;
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use peil::calendar::{Date, Grain, Period};
use peil::engine::{Engine, KeyValue, Options};
use peil::eval::Periods;
use peil::model::{DimensionId, KpiId};
use peil::plan::{Ask, Request};
use peil::publish::{ResultRow, ResultTable, Results};
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
    let mut text = "day,a,b,c,d,q\n".to_owned();
    for ([row, column, month], n) in truth {
        for at in 0..*n {
            let _ = writeln!(text, "2025-{:02}-11,a{row},b{column},b{column},{column},{}", month + 1, at % 5 + 1);
        }
    }
    text
}

/// A KPI: its condition as it is written, and as it holds of an atom.
type Condition = (&'static str, fn(&[u32; 3]) -> bool);

const EVERYBODY: Condition = ("", |_| true);

/// Conditions that are each other's rest, said in several ways, or that pick values of a dimension by which another table
/// is cut. `c` is what `b` is, and no dimension.
const FAMILIES: [&[Condition]; 7] = [
    &[("where s.c = \"b0\"", |it| it[1] == 0), ("where not (s.c = \"b0\")", |it| it[1] != 0)],
    &[
        ("where s.c = \"b0\" and s.a in (\"a0\", \"a1\")", |it| it[1] == 0 && it[0] < 2),
        ("where s.c != \"b0\" or not (s.a in (\"a1\", \"a0\"))", |it| !(it[1] == 0 && it[0] < 2)),
    ],
    &[("where s.a in (\"a0\", \"a1\")", |it| it[0] < 2), ("where not (s.a in (\"a1\", \"a0\"))", |it| it[0] >= 2)],
    &[("where s.a = \"a0\"", |it| it[0] == 0), ("where s.a != \"a0\"", |it| it[0] != 0)],
    &[("where s.a != \"a0\"", |it| it[0] != 0)],
    &[("where s.a in (\"a0\", \"a1\")", |it| it[0] < 2)],
    &[
        ("where s.c = \"b0\"", |it| it[1] == 0),
        ("where s.c != \"b0\"", |it| it[1] != 0),
        ("where s.c = \"b0\" and not (s.a in (\"a0\", \"a1\"))", |it| it[1] == 0 && it[0] >= 2),
        ("where s.c = \"b0\" and s.a in (\"a0\", \"a1\")", |it| it[1] == 0 && it[0] < 2),
    ],
];

/// What is asked of a KPI, by its number: cuts, each at a grain.
type Asked<'a> = &'a dyn Fn(usize) -> Vec<(Vec<u32>, Grain)>;

/// Every cut at every grain.
fn every(cuts: &[Vec<u32>], grains: &[Grain]) -> Vec<(Vec<u32>, Grain)> {
    cuts.iter().flat_map(|cut| grains.iter().map(|grain| (cut.clone(), *grain))).collect()
}

/// What is published of a table: what is asked of KPIs with these conditions.
fn publish(truth: &Truth, asked: Asked<'_>, of: &[Condition]) -> Results {
    let mut kpis = String::new();
    for (at, (condition, _)) in of.iter().enumerate() {
        let (condition, more) = condition.split_once(';').unwrap_or((condition, ""));
        let _ = writeln!(kpis, "kpi easy{at} {{ formula share(s.q >= 4 {condition});{more} }}");
    }
    let asked: Vec<Ask> = (0..of.len()).flat_map(|kpi| asked(kpi).into_iter().map(move |(cut, grain)| ask(kpi, &cut, grain))).collect();
    publish_kpis(truth, &kpis, &asked)
}

fn ask(kpi: usize, cut: &[u32], grain: Grain) -> Ask {
    Ask { kpi: KpiId(kpi as u32), part: None, cut: cut.iter().map(|it| DimensionId(*it)).collect(), grain }
}

/// What is published of a table to those who ask for some of these KPIs.
fn publish_kpis(truth: &Truth, kpis: &str, asked: &[Ask]) -> Results {
    let project = "project \"T\" { peil 1; lint kpi-without-goal allow \"x\"; lint missing-owner allow \"x\" }\n\
        source s { files \"s.csv\"; time day; columns a, b, c, d; column q scale 1..5 }\n\
        dimension a { from s.a }\ndimension b { from s.b }\n"
        .to_owned()
        + kpis;
    let files = [("project.peil", project), ("s.csv", csv(truth))];
    let world = MemoryWorld::new(files.map(|(name, text)| (name.to_owned(), text.into_bytes())));
    let session = session::open(&world);
    let checked = session.checked.as_ref().unwrap_or_else(|| panic!("{:?}", session.diagnostics.sorted()));
    let mut request = Request::new();
    for it in asked {
        request.add(it.clone());
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
    of: Condition,
    /// What it is less, of what a condition leaves.
    less: Option<Condition>,
    at: [Option<u32>; 2],
    months: Vec<u32>,
    shown: Option<u64>,
}

impl Cell {
    fn holds(&self, atom: &[u32; 3]) -> bool {
        self.of.1(atom)
            && !self.less.is_some_and(|it| it.1(atom))
            && self.months.contains(&atom[2])
            && (0..2).all(|it| self.at[it].is_none_or(|at| at == atom[it]))
    }
}

/// The cells of what is published; those that are not there are empty.
fn cells(results: &Results, values: [u32; 2], of: &[Condition]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for table in &results.tables {
        let cut: Vec<usize> = table.cut.iter().map(|it| it.index()).collect();
        let periods: Vec<Period> = table.rows.iter().map(|it| it.period).collect();
        for key in drawn::cells_of(&table.cut, values) {
            for period in periods.iter().enumerate().filter(|it| !periods[..it.0].contains(it.1)).map(|it| *it.1) {
                let row = table
                    .rows
                    .iter()
                    .find(|row| row.period == period && cut.iter().zip(row.key.iter()).all(|(at, value)| key[*at] == Some(number(value))));
                let shown = match row {
                    Some(row) => row.n,
                    None => Some(0),
                };
                cells.push(Cell { of: of[table.kpi.index()], less: None, at: key, months: drawn::months(period), shown });
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
        drawn::solved(problem)
    };
    bound(OptimizationDirection::Maximize) - bound(OptimizationDirection::Minimize)
}

/// Attacks what is published of a table; gives how many cells were hidden, small ones and others, and what was found.
fn attack(truth: &Truth, asked: Asked<'_>, of: &[Condition]) -> (usize, usize, Vec<String>) {
    let results = publish(truth, asked, of);
    let values = [0, 1].map(|at| truth.keys().map(|it| it[at] + 1).max().unwrap_or(0));
    attack_cells(truth, &cells(&results, values, of))
}

fn attack_cells(truth: &Truth, cells: &[Cell]) -> (usize, usize, Vec<String>) {
    let values = [0, 1].map(|at| truth.keys().map(|it| it[at] + 1).max().unwrap_or(0));
    let last = truth.keys().map(|it| it[2]).max().unwrap_or(0);
    let atoms = drawn::atoms(values, last);
    let mut hidden = (0, 0, Vec::new());
    for cell in cells {
        let n: u64 = truth.iter().filter(|it| cell.holds(it.0)).map(|it| it.1).sum();
        match cell.shown {
            Some(shown) => assert!(shown == n && (n == 0 || n >= LEAST), "{cell:?} holds {n}"),
            // That nobody of another region is in a region is no secret.
            None if n < LEAST && n > 0 => {
                hidden.0 += 1;
                let span = span(cell, cells, &atoms);
                if span < LEAST as f64 - 1e-6 {
                    let all: Vec<String> =
                        cells.iter().map(|it| format!("{} {:?} {:?} {:?}", it.of.0, it.at, it.months, it.shown)).collect();
                    hidden.2.push(format!("{cell:?} holds {n} and is known within {span}: {truth:?}; {}", all.join(", ")));
                }
            }
            None => hidden.1 += 1,
        }
    }
    hidden
}

/// What attacks on drawn tables gave: how many small cells and others were hidden, and what came back.
struct Attacked {
    small: usize,
    others: usize,
    found: Vec<String>,
}

impl Attacked {
    /// Attacks so many drawn tables; those without a row are left out.
    fn draws(seed: u64, draws: usize, mut attack: impl FnMut(&Truth, &mut Random) -> (usize, usize, Vec<String>)) -> Attacked {
        let mut random = Random(seed);
        let mut all = Attacked { small: 0, others: 0, found: Vec::new() };
        for _ in 0..draws {
            let truth = draw(&mut random);
            if !truth.is_empty() {
                let (small, others, found) = attack(&truth, &mut random);
                all.small += small;
                all.others += others;
                all.found.extend(found);
            }
        }
        all
    }

    /// Nothing came back, of small cells enough to tell.
    fn assert_closed(&self) {
        let Attacked { small, others, found } = self;
        assert!(
            found.is_empty(),
            "{} of {small} and {others}: {}",
            found.len(),
            found.iter().take(12).cloned().collect::<Vec<_>>().join("\n")
        );
        assert!(*small > 1_000, "the tables hold small cells");
    }

    /// Hiding costs less than three cells for each small one, and for each small rest that cells leave.
    fn assert_cheap(&self, rests: usize) {
        let Attacked { small, others, .. } = self;
        assert!(*others < 3 * (small + rests), "{others} cells are hidden for {small} small ones and {rests} rests");
    }
}

#[test]
fn nothing_hidden_comes_back_out_of_what_is_shown() {
    let attacked = Attacked::draws(0x00c0_ffee_1234, 1_000, |truth, random| {
        let all = [vec![], vec![0], vec![1], vec![0, 1]];
        let mut cuts: Vec<Vec<u32>> = all.into_iter().filter(|_| random.below(3) > 0).collect();
        if cuts.is_empty() {
            cuts.push(vec![0]);
        }
        let grains: &[Grain] = [&[Grain::Quarter][..], &[Grain::Month], &[Grain::Quarter, Grain::Month]][random.below(3)];
        attack(truth, &|_| every(&cuts, grains), &[EVERYBODY])
    });
    attacked.assert_closed();
    attacked.assert_cheap(0);
}

/// KPIs over one question whose conditions are each other's rest, or pick values of a dimension that another table tells.
#[test]
fn nothing_comes_back_out_of_kpis_that_are_each_others_rest() {
    let attacked = Attacked::draws(0x5eed_0bad_cafe, 400, |truth, random| {
        let family = random.below(FAMILIES.len());
        // Nothing tells that `c` is what `b` is.
        let says_c = FAMILIES[family].iter().any(|it| it.0.contains("s.c"));
        let all = [vec![], vec![0], vec![1]];
        let cuts: Vec<Vec<u32>> = all.into_iter().filter(|it| it.is_empty() || (random.below(2) == 0 && !(says_c && *it == [1]))).collect();
        let grains: &[Grain] = [&[Grain::Quarter][..], &[Grain::Quarter, Grain::Month]][random.below(2)];
        let of: Vec<Condition> = [EVERYBODY].iter().chain(FAMILIES[family]).copied().collect();
        let (small, others, leaks) = attack(truth, &|_| every(&cuts, grains), &of);
        let leaks = leaks.into_iter().map(|it| format!("{it}, of {:?}", of.iter().map(|it| it.0).collect::<Vec<_>>()));
        (small, others, leaks.collect())
    });
    attacked.assert_closed();
    attacked.assert_cheap(0);
}

/// Conditions that lie within one another, or leave what no KPI tells. `d` is what `b` is, as a number, and no dimension.
const NESTED: [&[Condition]; 5] = [
    &[("where s.d > 0", |it| it[1] > 0)],
    &[("where s.d > 0", |it| it[1] > 0), ("where s.d > 1", |it| it[1] > 1)],
    &[("where s.d >= 1", |it| it[1] > 0), ("where s.d = 2", |it| it[1] == 2), ("where s.d < 1", |it| it[1] < 1)],
    &[("where s.c in (\"b0\", \"b1\")", |it| it[1] < 2), ("where s.c = \"b1\"", |it| it[1] == 1)],
    &[
        ("where s.d <= 1 and s.a != \"a0\"", |it| it[1] < 2 && it[0] != 0),
        ("where s.d < 1 and s.a != \"a0\"", |it| it[1] < 1 && it[0] != 0),
    ],
];

/// What a KPI leaves of another that it is a part of is a group of its own, though no KPI tells it.
#[test]
fn nothing_comes_back_out_of_conditions_within_each_other() {
    let mut rests = 0;
    let attacked = Attacked::draws(0x0e57_ed00_0001, 400, |truth, random| {
        let cuts: Vec<Vec<u32>> = [vec![], vec![0]].into_iter().filter(|it| it.is_empty() || random.below(2) == 0).collect();
        let grains: &[Grain] = [&[Grain::Quarter][..], &[Grain::Quarter, Grain::Month]][random.below(2)];
        // Nested conditions are told with what they are a part of, or without.
        let mut of: Vec<Condition> = NESTED[random.below(NESTED.len())].to_vec();
        of.extend(Some(EVERYBODY).filter(|_| random.below(2) == 0));
        let (small, others, mut leaks) = attack(truth, &|_| every(&cuts, grains), &of);
        let (more, others_of_rests) = attack_rests(truth, &|_| every(&cuts, grains), &of);
        rests += more;
        leaks.extend(others_of_rests);
        (small, others, leaks)
    });
    attacked.assert_closed();
    assert!(rests > 200, "the tables leave small rests");
    attacked.assert_cheap(rests);
}

/// Attacks what one KPI leaves of another, cell by cell: gives how many of these rests are small, and what was found.
fn attack_rests(truth: &Truth, asked: Asked<'_>, of: &[Condition]) -> (usize, Vec<String>) {
    let results = publish(truth, asked, of);
    let values = [0, 1].map(|at| truth.keys().map(|it| it[at] + 1).max().unwrap_or(0));
    let last = truth.keys().map(|it| it[2]).max().unwrap_or(0);
    let cells = cells(&results, values, of);
    let atoms = drawn::atoms(values, last);
    let (mut small, mut found) = (0, Vec::new());
    let is_part = |part: &Condition, whole: &Condition| atoms.iter().all(|it| !part.1(it) || whole.1(it));
    for whole in of {
        for part in of.iter().filter(|it| it.0 != whole.0 && is_part(it, whole)) {
            for cell in cells.iter().filter(|it| it.of.0 == whole.0) {
                let rest = Cell { less: Some(*part), shown: None, ..cell.clone() };
                let n: u64 = truth.iter().filter(|it| rest.holds(it.0)).map(|it| it.1).sum();
                if n == 0 || n >= LEAST {
                    continue;
                }
                small += 1;
                let span = span(&rest, &cells, &atoms);
                if span < LEAST as f64 - 1e-6 {
                    let all: Vec<String> =
                        cells.iter().map(|it| format!("{} {:?} {:?} {:?}", it.of.0, it.at, it.months, it.shown)).collect();
                    found.push(format!("{rest:?} holds {n} and is known within {span}: {truth:?}; {}", all.join(", ")));
                }
            }
        }
    }
    (small, found)
}

/// What is published of spans: each atom is as many persons as hold on the last day of its month, all of them others. Those
/// of the last month hold still.
fn publish_spans(truth: &Truth, cuts: &[Vec<u32>]) -> Results {
    let last = truth.keys().map(|it| it[2]).max().unwrap_or(0);
    let mut csv = "begun,ended,a,b,years\n".to_owned();
    for ([row, column, month], n) in truth {
        for at in 0..*n {
            let ended = if *month < last { format!("2025-{:02}-01", month + 2) } else { String::new() };
            let _ = writeln!(csv, "2025-{:02}-11,{ended},a{row},b{column},{}", month + 1, at % 7);
        }
    }
    let project = "project \"T\" { peil 1; lint kpi-without-goal allow \"x\"; lint missing-owner allow \"x\" }\n\
        source s { files \"s.csv\"; rows spans; starts begun; ends ended; columns a, b, years }\n\
        dimension a { from s.a }\ndimension b { from s.b }\nkpi tenure { formula mean(s.years) }\n";
    let files = [("project.peil", project.to_owned()), ("s.csv", csv)];
    let world = MemoryWorld::new(files.map(|(name, text)| (name.to_owned(), text.into_bytes())));
    let session = session::open(&world);
    let checked = session.checked.as_ref().unwrap_or_else(|| panic!("{:?}", session.diagnostics.sorted()));
    let mut request = Request::new();
    for (cut, grain) in every(cuts, &[Grain::Quarter, Grain::Month]) {
        request.add(Ask { kpi: KpiId(0), part: None, cut: cut.into_iter().map(DimensionId).collect(), grain });
    }
    let options = Options { engine: Engine::Plain, threads: 1 };
    let mut found = Diagnostics::default();
    session::run(checked, &request, &world, options, Periods::default(), Date::MAX, &mut found).unwrap().results
}

/// Who holds a span at the end of a quarter is who holds it at the end of its last month: one table's company for a small
/// cell is not to stand in the other.
#[test]
fn nothing_comes_back_out_of_spans() {
    let attacked = Attacked::draws(0x05ba_5555_0001, 300, |truth, random| {
        let all = [vec![], vec![0], vec![1], vec![0, 1]];
        let cuts: Vec<Vec<u32>> = all.into_iter().filter(|it| it.is_empty() || random.below(2) == 0).collect();
        let results = publish_spans(truth, &cuts);
        let last = truth.keys().map(|it| it[2]).max().unwrap_or(0);
        let values = [0, 1].map(|at| truth.keys().map(|it| it[at] + 1).max().unwrap_or(0));
        let mut cells = cells(&results, values, &[EVERYBODY]);
        for cell in &mut cells {
            let at = cell.months.iter().copied().filter(|it| *it <= last).max();
            cell.months = at.into_iter().collect();
        }
        attack_cells(truth, &cells)
    });
    attacked.assert_closed();
    attacked.assert_cheap(0);
}

/// KPIs over one question of which the second asks for more answers, cut otherwise than the first: what the first hides
/// does not follow from what both show.
#[test]
fn nothing_comes_back_out_of_kpis_with_other_minimum_bases() {
    let attacked = Attacked::draws(0x0b5e_55ed, 300, |truth, random| {
        let all = [vec![], vec![0], vec![1], vec![0, 1]];
        let cuts: [Vec<Vec<u32>>; 2] = [(); 2].map(|()| all.iter().filter(|it| it.is_empty() || random.below(2) == 0).cloned().collect());
        let grains: &[Grain] = [&[Grain::Quarter][..], &[Grain::Quarter, Grain::Month]][random.below(2)];
        let of: [Condition; 2] = [EVERYBODY, ("; minimum base 20", EVERYBODY.1)];
        attack(truth, &|kpi| every(&cuts[kpi], grains), &of)
    });
    attacked.assert_closed();
}

/// KPIs over one question of which some are kept to one value of a dimension, each asked by cuts and grains of its own: what
/// the others leave of a whole is nobody's table, and over a quarter one value may be told that by month is one of all.
#[test]
fn nothing_comes_back_out_of_kpis_of_one_value_each() {
    const ONE: [Condition; 3] =
        [("where s.a = \"a0\"", |it| it[0] == 0), ("where s.a = \"a1\"", |it| it[0] == 1), ("where s.a = \"a2\"", |it| it[0] == 2)];
    let attacked = Attacked::draws(0x0a11_0ca5_e5ed, 400, |truth, random| {
        let mut of = vec![EVERYBODY];
        of.extend(ONE.into_iter().filter(|_| random.below(3) > 0));
        let asked: Vec<Vec<(Vec<u32>, Grain)>> = (of.iter().enumerate())
            .map(|(at, _)| {
                // By `a` the whole is asked now and then; a part by `a` is the part.
                let cuts: &[&[u32]] = if at == 0 { &[&[], &[1], &[0], &[0, 1]] } else { &[&[], &[1]] };
                let all = cuts.iter().flat_map(|cut| [Grain::Quarter, Grain::Month].map(|grain| (cut.to_vec(), grain)));
                all.filter(|it| random.below(if it.0.contains(&0) { 6 } else { 2 }) == 0).collect()
            })
            .collect();
        attack(truth, &|kpi| asked[kpi].clone(), &of)
    });
    attacked.assert_closed();
    attacked.assert_cheap(0);
}

/// A figure that is held is that of an earlier month: it tells no more of that month than may be told.
#[test]
fn nothing_comes_back_out_of_figures_that_are_held() {
    let (mut held, mut hidden) = (0, 0);
    let attacked = Attacked::draws(0x0401_d000_5eed, 300, |truth, random| {
        let all = [vec![], vec![0], vec![1], vec![0, 1]];
        // What is held is asked by cuts by which the figure itself is not.
        let cuts = [(); 2].map(|()| all.iter().filter(|_| random.below(2) == 0).cloned().collect::<Vec<_>>());
        let of = |kpi: usize| every(&cuts[kpi], &[Grain::Month]).into_iter().map(move |it| ask(kpi, &it.0, it.1));
        let kpis = "kpi easy { formula share(s.q >= 4) }\nkpi held { formula hold(easy, 3 months) }\n";
        let results = publish_kpis(truth, kpis, &of(0).chain(of(1)).collect::<Vec<_>>());
        let values = [0, 1].map(|at| truth.keys().map(|it| it[at] + 1).max().unwrap_or(0));
        let mut found = Vec::new();
        for table in results.tables {
            let is_held = table.kpi == KpiId(1);
            for cell in cells(&Results { tables: vec![table], ..Results::default() }, values, &[EVERYBODY; 2]) {
                let there = |cell: &Cell| truth.keys().any(|it| cell.holds(it));
                if !is_held || there(&cell) {
                    found.push(cell);
                    continue;
                }
                let month = cell.months[0];
                let mut earlier = (1..=3.min(month)).map(|back| Cell { months: vec![month - back], ..cell.clone() });
                if let Some(from) = earlier.find(there) {
                    held += 1;
                    hidden += usize::from(from.shown.is_none());
                    found.push(from);
                }
            }
        }
        attack_cells(truth, &found)
    });
    attacked.assert_closed();
    assert!(held > 200 && hidden > 100 && hidden < held, "{held} figures are held, {hidden} of them hidden");
}

/// The figure of an index tells how many there are behind each of its parts.
#[test]
fn nothing_comes_back_out_of_an_index() {
    const PARTS: [Condition; 2] = [("", |_| true), ("where s.c = \"b0\"", |it| it[1] == 0)];
    let attacked = Attacked::draws(0x01de_0000_5eed, 300, |truth, random| {
        let cuts: [Vec<Vec<u32>>; 3] = [(); 3].map(|()| [vec![], vec![0]].into_iter().filter(|_| random.below(2) == 0).collect());
        let of = |kpi: usize| every(&cuts[kpi], &[Grain::Quarter, Grain::Month]).into_iter().map(move |it| ask(kpi, &it.0, it.1));
        let kpis = "kpi easy { formula share(s.q >= 4) }\nkpi first { formula share(s.q >= 4 where s.c = \"b0\") }\n\
            kpi both { formula index(easy: 60 %, first: 40 %) }\n";
        let results = publish_kpis(truth, kpis, &(0..3).flat_map(of).collect::<Vec<_>>());
        let values = [0, 1].map(|at| truth.keys().map(|it| it[at] + 1).max().unwrap_or(0));
        let mut found = Vec::new();
        for table in &results.tables {
            let with = |rows: &dyn Fn(&ResultRow) -> Option<u64>| {
                let rows = table.rows.iter().map(|it| ResultRow { n: rows(it), ..it.clone() }).collect();
                Results { tables: vec![ResultTable { rows, ..table.clone() }], ..Results::default() }
            };
            if table.kpi.index() < 2 {
                found.extend(cells(&with(&|it| it.n), values, &PARTS));
                continue;
            }
            for (part, of) in PARTS.into_iter().enumerate() {
                // The one part is of some of the answers of the other.
                let of_part = |it: &ResultRow| if part == 0 { it.bases.iter().max().copied() } else { it.n };
                let of = cells(&with(&|it| it.n.and(of_part(it))), values, &[of; 3]);
                // Of what an index tells nothing it is not known that nobody is there.
                found.extend(of.into_iter().filter(|it| it.shown.is_none_or(|n| n > 0)));
            }
        }
        attack_cells(truth, &found)
    });
    attacked.assert_closed();
}

/// What reads a source may say how many rows it has: that is what all its figures add up to, and less those that are shown
/// it is what is hidden.
#[test]
fn nothing_comes_back_out_of_the_rows_of_a_source() {
    let (mut told, mut untold) = (0, 0);
    let attacked = Attacked::draws(0x0000_50a5_ce5e, 400, |truth, random| {
        let all = [vec![], vec![0], vec![1]];
        let cuts: Vec<Vec<u32>> = all.into_iter().filter(|it| it.is_empty() || random.below(2) == 0).collect();
        let grains: &[Grain] = [&[Grain::Quarter][..], &[Grain::Month], &[Grain::Quarter, Grain::Month]][random.below(3)];
        // Conditions that are each other's rest add up to all rows too.
        let mut of: Vec<Condition> = if random.below(2) == 0 { FAMILIES[random.below(4)].to_vec() } else { Vec::new() };
        of.extend(Some(EVERYBODY).filter(|_| of.is_empty() || random.below(2) == 0));
        let results = publish(truth, &|_| every(&cuts, grains), &of);
        let values = [0, 1].map(|at| truth.keys().map(|it| it[at] + 1).max().unwrap_or(0));
        let mut cells = cells(&results, values, &of);
        match results.sources[0].rows {
            Some(rows) => {
                told += 1;
                let months = (0..=truth.keys().map(|it| it[2]).max().unwrap_or(0)).collect();
                cells.push(Cell { of: EVERYBODY, less: None, at: [None, None], months, shown: Some(rows) });
            }
            None => untold += 1,
        }
        attack_cells(truth, &cells)
    });
    attacked.assert_closed();
    assert!(told > 100 && untold > 50, "of {told} sources the rows are told, of {untold} not");
}

#[test]
fn the_attack_finds_what_only_the_minimum_base_hides() {
    let shown = |at: Option<u32>, shown: Option<u64>| Cell { of: EVERYBODY, less: None, at: [at, None], months: vec![0], shown };
    let atoms = [[0, 0, 0], [1, 0, 0]];
    let alone = [shown(None, Some(25)), shown(Some(0), None), shown(Some(1), Some(22))];
    assert!(span(&alone[1], &alone, &atoms) < 1e-6);
    let both = [shown(None, Some(25)), shown(Some(0), None), shown(Some(1), None)];
    assert!((span(&both[1], &both, &atoms) - 25.0).abs() < 1e-6);
}
