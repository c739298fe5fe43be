//! What is hidden of branches that lie in regions does not follow from what is shown of either: who reads both knows which
//! branch is where. Drawn tables are attacked by linear programs, as in `suppression`.

use crate::support::drawn;
use crate::support::random::Random;
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use peil::calendar::{Date, Grain, Period};
use peil::engine::{Engine, KeyValue, Options};
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

/// A branch, a channel and a month.
type Atom = [u32; 3];

/// How many answered by branch, channel and month; and in which region each branch is.
struct Drawn {
    truth: BTreeMap<Atom, u64>,
    region_of: Vec<u32>,
}

impl Drawn {
    fn draw(random: &mut Random) -> Drawn {
        let (branches, channels, months) = (2 + random.below(5) as u32, 1 + random.below(2) as u32, 1 + random.below(4) as u32);
        let most = [6, 12, 25, 60][random.below(4)];
        let regions = 1 + random.below(3);
        let region_of: Vec<u32> = (0..branches).map(|_| random.below(regions) as u32).collect();
        let mut truth = BTreeMap::new();
        for branch in 0..branches {
            for channel in 0..channels {
                for month in 0..months {
                    let n = random.below(most) as u64;
                    if n > 0 && random.below(8) > 0 {
                        truth.insert([branch, channel, month], n);
                    }
                }
            }
        }
        Drawn { truth, region_of }
    }

    /// The value of an atom by country, region, branch or channel; of three regions two are in one country.
    fn value(&self, atom: &Atom, dimension: usize) -> u32 {
        let region = self.region_of[atom[0] as usize];
        [region / 2, region, atom[0], atom[1]][dimension]
    }

    fn atoms(&self) -> Vec<Atom> {
        let most = |at: usize| self.truth.keys().map(|it| it[at] + 1).max().unwrap_or(0);
        let (channels, months) = (most(1), most(2));
        let places = (0..self.region_of.len() as u32).flat_map(|branch| (0..channels).map(move |channel| (branch, channel)));
        places.flat_map(|(branch, channel)| (0..months).map(move |month| [branch, channel, month])).collect()
    }

    fn publish(&self, asked: &[(Vec<u32>, Grain)]) -> Results {
        let mut csv = "day,country,region,branch,channel,q\n".to_owned();
        for (atom, n) in &self.truth {
            let values: Vec<String> = (0..4).map(|it| format!("v{}", self.value(atom, it))).collect();
            for at in 0..*n {
                let _ = writeln!(csv, "2025-{:02}-11,{},{}", atom[2] + 1, values.join(","), at % 5 + 1);
            }
        }
        let project = "project \"T\" { peil 1; lint kpi-without-goal allow \"x\"; lint missing-owner allow \"x\" }\n\
            source s { files \"s.csv\"; time day; columns country, region, branch, channel; column q scale 1..5 }\n\
            dimension country { from s.country }\ndimension region { from s.region; within country }\n\
            dimension branch { from s.branch; within region }\ndimension channel { from s.channel }\n\
            kpi easy { formula share(s.q >= 4) }\n";
        let files = [("project.peil", project.to_owned()), ("s.csv", csv)];
        let world = MemoryWorld::new(files.map(|(name, text)| (name.to_owned(), text.into_bytes())));
        let session = session::open(&world);
        let checked = session.checked.as_ref().unwrap_or_else(|| panic!("{:?}", session.diagnostics.sorted()));
        let mut request = Request::new();
        for (cut, grain) in asked {
            request.add(Ask { kpi: KpiId(0), part: None, cut: cut.iter().map(|it| DimensionId(*it)).collect(), grain: *grain });
        }
        let options = Options { engine: Engine::Plain, threads: 1 };
        session::run(checked, &request, &world, options, Periods::default(), Date::MAX, &mut Diagnostics::default()).unwrap().results
    }
}

/// Values by dimension, over some months, and how many are shown there.
#[derive(Debug)]
struct Cell {
    at: Vec<(usize, u32)>,
    months: Vec<u32>,
    shown: Option<u64>,
}

impl Cell {
    fn holds(&self, drawn: &Drawn, atom: &Atom) -> bool {
        self.months.contains(&atom[2]) && self.at.iter().all(|it| drawn.value(atom, it.0) == it.1)
    }
}

/// The cells of what is published; those that are not there are empty.
fn cells(drawn: &Drawn, results: &Results) -> Vec<Cell> {
    let mut cells = Vec::new();
    for table in &results.tables {
        let cut: Vec<usize> = table.cut.iter().map(|it| it.index()).collect();
        let keys: BTreeSet<Vec<u32>> = drawn.atoms().iter().map(|atom| cut.iter().map(|it| drawn.value(atom, *it)).collect()).collect();
        let periods: BTreeSet<Period> = table.rows.iter().map(|it| it.period).collect();
        for period in periods {
            for key in &keys {
                let is_it = |row: &[KeyValue]| row.iter().zip(key).all(|(a, b)| *a == KeyValue::Value(format!("v{b}").into()));
                let row = table.rows.iter().find(|it| it.period == period && is_it(&it.key));
                let at = cut.iter().copied().zip(key.iter().copied()).collect();
                cells.push(Cell { at, months: drawn::months(period), shown: row.map_or(Some(0), |it| it.n) });
            }
        }
    }
    cells
}

/// The least and the most that a cell can hold, by all that is shown.
fn span(target: &Cell, cells: &[Cell], drawn: &Drawn, atoms: &[Atom]) -> f64 {
    let bound = |direction: OptimizationDirection| {
        let mut problem = Problem::new(direction);
        let weight = |atom: &Atom| if target.holds(drawn, atom) { 1.0 } else { 0.0 };
        let variables: Vec<Variable> = atoms.iter().map(|it| problem.add_var(weight(it), (0.0, 10_000.0))).collect();
        for (cell, n) in cells.iter().filter_map(|it| Some((it, it.shown?))) {
            let own = atoms.iter().zip(&variables).filter(|it| cell.holds(drawn, it.0));
            let sum: Vec<(Variable, f64)> = own.map(|it| (*it.1, 1.0)).collect();
            if !sum.is_empty() {
                problem.add_constraint(sum.as_slice(), ComparisonOp::Eq, n as f64);
            }
        }
        drawn::solved(problem)
    };
    bound(OptimizationDirection::Maximize) - bound(OptimizationDirection::Minimize)
}

#[test]
fn nothing_comes_back_out_of_what_lies_within_another() {
    const CUTS: [&[u32]; 8] = [&[], &[0], &[1], &[2], &[3], &[1, 3], &[2, 3], &[1, 2]];
    let mut random = Random(0x01e5_1111_0001);
    let (mut small, mut others, mut found) = (0, 0, Vec::new());
    for _ in 0..400 {
        let drawn = Drawn::draw(&mut random);
        let grains: &[Grain] = [&[Grain::Quarter][..], &[Grain::Month], &[Grain::Quarter, Grain::Month]][random.below(3)];
        let cuts: Vec<Vec<u32>> = CUTS.iter().filter(|_| random.below(2) == 0).map(|it| it.to_vec()).collect();
        if drawn.truth.is_empty() {
            continue;
        }
        let asked: Vec<(Vec<u32>, Grain)> = cuts.iter().flat_map(|cut| grains.iter().map(|grain| (cut.clone(), *grain))).collect();
        let (cells, atoms) = (cells(&drawn, &drawn.publish(&asked)), drawn.atoms());
        for cell in &cells {
            let n: u64 = drawn.truth.iter().filter(|it| cell.holds(&drawn, it.0)).map(|it| it.1).sum();
            match cell.shown {
                Some(shown) => assert!(shown == n && (n == 0 || n >= LEAST), "{cell:?} holds {n}"),
                None if n > 0 && n < LEAST => {
                    small += 1;
                    let span = span(cell, &cells, &drawn, &atoms);
                    if span < LEAST as f64 - 1e-6 {
                        let (truth, regions) = (&drawn.truth, &drawn.region_of);
                        found.push(format!("{cell:?} holds {n} and is known within {span}: {truth:?} in {regions:?} by {asked:?}"));
                    }
                }
                None => others += 1,
            }
        }
    }
    assert!(found.is_empty(), "{} of {small}: {}", found.len(), found[0]);
    assert!(small > 2_000, "the tables hold {small} small cells");
    assert!(others < 2 * small, "{others} cells are hidden for {small} small ones");
}
