//! What is hidden of those who name a reason does not follow from what is told of others: the sums of their scores are
//! unknowns, and what is told are sums of them.
//!
//! How many name a reason is told of all, so that what is hidden is their score alone. Of it nothing is known but what the
//! equations say: a score that they leave open at all they leave open as far as anyone likes.

use crate::support::drawn;
use crate::support::random::Random;
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use peil::calendar::{Date, Grain};
use peil::engine::{Engine, KeyValue, Options};
use peil::eval::Periods;
use peil::insight::drivers::{Window, needs};
use peil::model::{DimensionId, DriversId};
use peil::plan::{Bucket, Request};
use peil::publish::{DriverResult, Results};
use peil::session;
use peil::source::MemoryWorld;
use peil::value::Diagnostics;
use std::collections::BTreeMap;
use std::fmt::Write;

const LEAST: u64 = 10;

/// The scores of those in a region who name a reason, in a month.
type Truth = BTreeMap<[u32; 3], Vec<u32>>;

fn draw(random: &mut Random) -> Truth {
    let mut truth = Truth::new();
    let (regions, reasons, months) = (1 + random.below(4) as u32, 2 + random.below(4) as u32, 1 + random.below(3) as u32);
    let most = [6, 12, 30][random.below(3)];
    for region in 0..regions {
        for reason in 0..reasons {
            for month in 0..months {
                let n = random.below(most * (reason as usize + 1));
                if n > 0 && random.below(8) > 0 {
                    truth.insert([region, reason, month], (0..n).map(|_| 1 + random.below(5) as u32).collect());
                }
            }
        }
    }
    truth
}

/// What is told of the reasons, over all and by region, over the quarter and by month.
fn publish(truth: &Truth, cuts: &[&[u32]], grains: &[Grain]) -> Results {
    let mut csv = "day,a,why,q\n".to_owned();
    for ([region, reason, month], scores) in truth {
        for score in scores {
            let _ = writeln!(csv, "2025-{:02}-11,a{region},r{reason},{score}", month + 1);
        }
    }
    let project = "project \"T\" { peil 1; lint kpi-without-goal allow \"x\"; lint missing-owner allow \"x\" }\n\
        source s { files \"s.csv\"; time day; columns a, why; column q scale 1..5 }\ndimension a { from s.a }\n\
        kpi easy { formula mean(s.q); cuts a }\ndrivers named { outcome easy; reasons why }\n";
    let files = [("project.peil", project.to_owned()), ("s.csv", csv)];
    let world = MemoryWorld::new(files.map(|(name, text)| (name.to_owned(), text.into_bytes())));
    let session = session::open(&world);
    let checked = session.checked.as_ref().unwrap_or_else(|| panic!("{:?}", session.diagnostics.sorted()));
    let cuts: Vec<Vec<DimensionId>> = cuts.iter().map(|it| it.iter().map(|it| DimensionId(*it)).collect()).collect();
    let mut request = Request::new();
    for grain in grains {
        let window = Window { cuts: cuts.clone(), grain: Some(*grain), first: None, last: None };
        request.drivers.extend(needs(checked, &[DriversId(0)], &window).unwrap().0);
    }
    let options = Options { engine: Engine::Plain, threads: 1 };
    session::run(checked, &request, &world, options, Periods::default(), Date::MAX, &mut Diagnostics::default()).unwrap().results
}

/// Of the answers of a region, a reason and some months how many they are, and the sum of their scores where it is told.
struct Cell {
    region: Option<u32>,
    reason: Option<u32>,
    months: Vec<u32>,
    sum: Option<f64>,
}

impl Cell {
    fn holds(&self, atom: &[u32; 3]) -> bool {
        let is = |own: Option<u32>, of: u32| own.is_none_or(|it| it == of);
        is(self.region, atom[0]) && is(self.reason, atom[1]) && self.months.contains(&atom[2])
    }
}

fn number(text: &str) -> u32 {
    text[1..].parse().unwrap()
}

fn cells(results: &Results) -> Vec<Cell> {
    let mut cells = Vec::new();
    for model in results.drivers.iter().map(DriverResult::table).flat_map(|it| &it.models) {
        let region = model.key.first().map(|it| match it {
            KeyValue::Value(text) => number(text),
            KeyValue::Blank => panic!("nothing is blank"),
        });
        let text = model.periods.0.to_string();
        let months = if text.contains('Q') { vec![0, 1, 2] } else { vec![text[5..].parse::<u32>().unwrap() - 1] };
        let Some(all) = model.reasons.iter().find(|it| it.bucket == Bucket::All) else { continue };
        let cell = |reason: Option<u32>, n: u64, score: Option<f64>| Cell {
            region,
            reason,
            months: months.clone(),
            sum: score.map(|it| it * n as f64),
        };
        cells.push(cell(None, all.n, model.score.value));
        for reason in &all.reasons {
            let told = reason.score.named.value.or(reason.score.others.value).or(reason.difference.value);
            cells.push(cell(Some(number(&reason.reason)), reason.named, told.and(reason.score.named.value)));
            assert!(told.is_none() || reason.score.named.value.is_some(), "all is told, or nothing");
        }
    }
    cells
}

/// How far the sum of some scores may lie from where it is, by all that is told.
fn span(target: &Cell, told: &[Cell], truth: &Truth) -> f64 {
    let bound = |direction: OptimizationDirection| {
        let mut problem = Problem::new(direction);
        let weight = |atom: &[u32; 3]| if target.holds(atom) { 1.0 } else { 0.0 };
        let variables: Vec<Variable> = truth.keys().map(|it| problem.add_var(weight(it), (-10_000.0, 10_000.0))).collect();
        for (cell, sum) in told.iter().filter_map(|it| Some((it, it.sum?))) {
            let of: Vec<(Variable, f64)> = truth.keys().zip(&variables).filter(|it| cell.holds(it.0)).map(|it| (*it.1, 1.0)).collect();
            problem.add_constraint(of.as_slice(), ComparisonOp::Eq, sum.round());
        }
        drawn::solved(problem)
    };
    bound(OptimizationDirection::Maximize) - bound(OptimizationDirection::Minimize)
}

/// What is hidden in one model is enough together, for its sum is what the others leave.
fn together(cells: &[Cell], truth: &Truth, found: &mut Vec<String>) {
    for model in cells.iter().filter(|it| it.reason.is_none() && it.sum.is_some()) {
        let own = || cells.iter().filter(|it| it.reason.is_some() && it.region == model.region && it.months == model.months);
        let hidden = || own().filter(|it| it.sum.is_none());
        let n: usize = truth.iter().filter(|it| hidden().any(|cell| cell.holds(it.0))).map(|it| it.1.len()).sum();
        if n > 0 && (n as u64) < LEAST && hidden().count() < own().count() {
            found.push(format!("{n} together in {:?} {:?} of {truth:?}", model.region, model.months));
        }
    }
}

#[test]
fn no_score_of_a_few_follows_from_those_of_others() {
    let mut random = Random(0x0dd_ba11_5eed);
    let (mut few, mut others, mut found) = (0, 0, Vec::new());
    for _ in 0..300 {
        let truth = draw(&mut random);
        if truth.is_empty() {
            continue;
        }
        let all: [&[&[u32]]; 3] = [&[&[]], &[&[0]], &[&[], &[0]]];
        let cuts = all[random.below(3)];
        let grains: &[Grain] = [&[Grain::Quarter][..], &[Grain::Month], &[Grain::Quarter, Grain::Month]][random.below(3)];
        let cells = cells(&publish(&truth, cuts, grains));
        together(&cells, &truth, &mut found);
        for cell in cells.iter().filter(|it| it.reason.is_some()) {
            let n: usize = truth.iter().filter(|it| cell.holds(it.0)).map(|it| it.1.len()).sum();
            match cell.sum {
                Some(_) => assert!(n as u64 >= LEAST, "{n} are told"),
                None if (n as u64) < LEAST => {
                    few += 1;
                    if span(cell, &cells, &truth) < 100.0 {
                        found
                            .push(format!("{:?} {:?} {:?} by {cuts:?} and {grains:?} of {truth:?}", cell.region, cell.reason, cell.months));
                    }
                }
                None => others += 1,
            }
        }
    }
    assert!(found.is_empty(), "{} of {few}, {others}: {}", found.len(), found[0]);
    assert!(few > 1_000, "{few} are named by few");
    assert!(others < 2 * few, "{others} are hidden for {few}");
}
