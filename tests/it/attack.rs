//! Whole projects are attacked as the tables of `suppression` are: all that their reports, and `peil eval` by every
//! dimension, write together, by linear programming.
//!
//! Each row of the data lies in one cell of every cut and in one stretch of time, so that what is shown are sums of the
//! same unknown counts. The attacker knows which cuts are whole, which values lie in which others, what is shown, and that
//! no count is negative. With the counts go the sums of the scores, which lie between the ends of their scale.

use crate::support::files::root;
use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOutcome, Variable};
use peil::calendar::{Calendar, Date};
use peil::check::Checked;
use peil::engine::{Engine, KeyValue, Options};
use peil::eval::{self, Periods, judged_grain, reporting_grain};
use peil::model::{DimensionId, KpiKind};
use peil::plan::{Ask, Base, Measure, Request, base};
use peil::session;
use peil::source::{DiskWorld, Overlay, World};
use peil::value::Diagnostics;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// How many hidden cells of a base are attacked, those with the fewest answers first.
const TARGETS: usize = 8;

/// Where a cell is: its values by dimension, and its days.
type Place = (Vec<(DimensionId, KeyValue)>, (i32, i32));

/// What is known of a cell, and what is true of it.
#[derive(Clone, Debug, Default)]
struct Known {
    n: u64,
    protected: u64,
    shown: bool,
    /// The sum of its scores, where a mean of it is shown.
    sum: Option<f64>,
}

/// The cells of one base.
#[derive(Default)]
struct Cells {
    known: BTreeMap<Place, Known>,
    /// The cuts that are there as a whole.
    whole: BTreeSet<Vec<DimensionId>>,
    least: u64,
    /// The ends of the scores that are summed.
    scale: Option<(f64, f64)>,
}

/// What is published of a project, and all that is known of it, base by base.
fn published(
    checked: &Checked,
    world: &dyn World,
    today: Date,
) -> (BTreeMap<Base, Cells>, BTreeMap<DimensionId, BTreeMap<KeyValue, KeyValue>>) {
    let model = &checked.model;
    let mut request = Request::new();
    for ask in model.reports.iter().flat_map(|it| peil::report::needs(checked, it).asks) {
        request.add(ask);
    }
    for kpi in checked.figures() {
        let grain = reporting_grain(checked, kpi, None);
        request.add(Ask { kpi, part: None, cut: Vec::new(), grain });
        request.add(Ask { kpi, part: None, cut: Vec::new(), grain: judged_grain(checked, kpi) });
        for at in 0..model.dimensions.len() as u32 {
            if checked.lacks(kpi, DimensionId(at)).is_none() {
                request.add(Ask { kpi, part: None, cut: vec![DimensionId(at)], grain });
            }
        }
    }
    let mut found = Diagnostics::default();
    let options = Options { engine: Engine::default(), threads: 2 };
    let run = session::run(checked, &request, world, options, Periods::default(), today, &mut found);
    let run = run.unwrap_or_else(|| panic!("{:?}", found.sorted()));
    let mut bases: BTreeMap<Base, Cells> = BTreeMap::new();
    let mut lies: BTreeMap<DimensionId, BTreeMap<KeyValue, KeyValue>> = BTreeMap::new();
    eval::bases(checked, &run.plan, &run.table, today, &mut |at, period, key, leaves| {
        let ask = &run.plan.asks[at].ask;
        for (place, dimension) in ask.cut.iter().enumerate() {
            let parent = model.dimensions[dimension.index()].within.and_then(|it| ask.cut.iter().position(|other| *other == it));
            if let Some(parent) = parent {
                lies.entry(*dimension).or_default().insert(key[place].clone(), key[parent].clone());
            }
        }
        if at >= run.plan.asked {
            return;
        }
        let row = run.results.tables[at].rows.iter().find(|it| it.period == period && it.key == *key);
        let shown = row.is_some_and(|it| it.n.is_some());
        let kpi = &model.kpis[ask.kpi.index()];
        let simple = matches!(kpi.formula.as_ref().map(|it| &it.kind), Some(KpiKind::Aggregate(_)));
        for it in leaves.iter().filter(|it| it.own) {
            let leaf = run.plan.arena.leaf(it.leaf);
            if matches!(leaf.measure, Measure::Customer { .. }) {
                continue;
            }
            let (base, fixed) = base(checked, leaf);
            let mut values: BTreeMap<DimensionId, KeyValue> =
                fixed.iter().map(|it| (it.0, KeyValue::Value(it.1.as_str().into()))).collect();
            if ask.cut.iter().zip(key.iter()).any(|(dimension, value)| values.get(dimension).is_some_and(|it| it != value)) {
                continue;
            }
            values.extend(ask.cut.iter().copied().zip(key.iter().cloned()));
            let weighted = model.sources[leaf.source.index()].weight.is_some() || model.sources[leaf.source.index()].weighting.is_some();
            let cells = bases.entry(base).or_default();
            cells.least = u64::from(kpi.minimum_base.unwrap_or(0).max(model.project.minimum_base));
            if ask.part.is_none() && fixed.is_empty() {
                let mut cut = ask.cut.clone();
                cut.sort_unstable();
                cells.whole.insert(cut);
            }
            let known = cells.known.entry((values.into_iter().collect(), it.days)).or_default();
            (known.n, known.protected) = (it.n, it.protected);
            known.shown |= shown;
            let range = kpi.unit.as_ref().and_then(peil::value::Unit::range).filter(|_| simple && !weighted && leaves.len() == 1);
            // One measure of a base is summed: its scale is that of all its sums.
            if let (Some(range), Some(value)) = (range, row.and_then(|it| it.value))
                && cells.scale.is_none_or(|it| it == range)
            {
                cells.scale = Some(range);
                known.sum = Some(value * it.n as f64);
            }
        }
    });
    (bases, lies)
}

/// The least and the most that a cell can hold, by all that is known of its base.
fn span(target: &Place, cells: &Cells, lies: &BTreeMap<DimensionId, BTreeMap<KeyValue, KeyValue>>) -> f64 {
    let bound = |direction: OptimizationDirection| {
        let mut problem = Problem::new(direction);
        let boundaries: BTreeSet<i32> = cells.known.keys().flat_map(|it| [it.1.0, it.1.1]).collect();
        let stretches: Vec<i32> = boundaries.into_iter().collect();
        let within = |days: (i32, i32)| stretches.iter().copied().filter(move |it| days.0 <= *it && *it < days.1);
        // One count a place and a stretch, where a cell has it; and one sum.
        let mut counts: BTreeMap<(&[(DimensionId, KeyValue)], i32), (Variable, Option<Variable>)> = BTreeMap::new();
        for (at, days) in cells.known.keys() {
            for stretch in within(*days) {
                counts.entry((at.as_slice(), stretch)).or_insert_with(|| {
                    let weight = if at == &target.0 && within(target.1).any(|it| it == stretch) { 1.0 } else { 0.0 };
                    let count = problem.add_var(weight, (0.0, 100_000.0));
                    let sum = cells.scale.map(|_| problem.add_var(0.0, (-1e8, 1e8)));
                    (count, sum)
                });
            }
        }
        for (count, sum) in counts.values() {
            if let (Some((low, high)), Some(sum)) = (cells.scale, sum) {
                problem.add_constraint([(*sum, 1.0), (*count, -low)].as_slice(), ComparisonOp::Ge, 0.0);
                problem.add_constraint([(*sum, 1.0), (*count, -high)].as_slice(), ComparisonOp::Le, 0.0);
            }
        }
        for ((at, days), known) in cells.known.iter().filter(|it| it.1.shown) {
            let of: Vec<(Variable, Option<Variable>)> = within(*days).map(|it| counts[&(at.as_slice(), it)]).collect();
            let count: Vec<(Variable, f64)> = of.iter().map(|it| (it.0, 1.0)).collect();
            problem.add_constraint(count.as_slice(), ComparisonOp::Eq, known.n as f64);
            if let Some(sum) = known.sum {
                let sums: Vec<(Variable, f64)> = of.iter().filter_map(|it| Some((it.1?, 1.0))).collect();
                // A value is written with so many digits.
                problem.add_constraint(sums.as_slice(), ComparisonOp::Ge, sum - 1e-6 * sum.abs() - 1e-6);
                problem.add_constraint(sums.as_slice(), ComparisonOp::Le, sum + 1e-6 * sum.abs() + 1e-6);
            }
        }
        // What adds up: over each dimension of a cut, and over what lies in a value.
        let mut sums: BTreeMap<(Vec<(DimensionId, KeyValue)>, i32, DimensionId), Vec<(Variable, Option<Variable>)>> = BTreeMap::new();
        for ((at, stretch), of) in &counts {
            for place in 0..at.len() {
                let mut outer = at.to_vec();
                let (dimension, value) = outer.remove(place);
                sums.entry((outer.clone(), *stretch, dimension)).or_default().push(*of);
                let parents = lies.get(&dimension).and_then(|it| it.get(&value));
                let parent = parents.and_then(|it| Some((parent_of(lies, dimension, cells)?, it)));
                if let Some((parent, lies_in)) = parent.filter(|it| !outer.iter().any(|other| other.0 == it.0)) {
                    outer.push((parent, lies_in.clone()));
                    outer.sort_unstable();
                    sums.entry((outer, *stretch, dimension)).or_default().push(*of);
                }
            }
        }
        for ((outer, stretch, dimension), parts) in &sums {
            let Some(all) = counts.get(&(outer.as_slice(), *stretch)) else { continue };
            let mut cut: Vec<DimensionId> = outer
                .iter()
                .map(|it| it.0)
                .filter(|it| lies.get(dimension).is_none() || Some(*it) != parent_of(lies, *dimension, cells))
                .collect();
            cut.push(*dimension);
            cut.sort_unstable();
            let is_whole = cells.whole.contains(&cut);
            let operator = if is_whole { ComparisonOp::Eq } else { ComparisonOp::Le };
            let mut count: Vec<(Variable, f64)> = parts.iter().map(|it| (it.0, 1.0)).collect();
            count.push((all.0, -1.0));
            problem.add_constraint(count.as_slice(), operator, 0.0);
            if is_whole && let Some(all) = all.1 {
                let mut sum: Vec<(Variable, f64)> = parts.iter().filter_map(|it| Some((it.1?, 1.0))).collect();
                sum.push((all, -1.0));
                problem.add_constraint(sum.as_slice(), ComparisonOp::Eq, 0.0);
            }
        }
        match problem.solve() {
            Ok(SolveOutcome::Solution(found)) => found.objective(),
            other => panic!("what is published is true of the data: {other:?}"),
        }
    };
    bound(OptimizationDirection::Maximize) - bound(OptimizationDirection::Minimize)
}

/// The dimension that another lies within, told by where its values lie.
fn parent_of(lies: &BTreeMap<DimensionId, BTreeMap<KeyValue, KeyValue>>, dimension: DimensionId, cells: &Cells) -> Option<DimensionId> {
    let parents = lies.get(&dimension)?;
    let value = parents.values().next()?;
    let other = |it: &&(DimensionId, KeyValue)| it.0 != dimension && it.1 == *value;
    cells.known.keys().flat_map(|it| &it.0).find(other).map(|it| it.0)
}

/// Attacks a project whose minimum base is `least`; gives how many small cells were hidden, and attacked.
fn attack(folder: &str, data: Option<&std::path::Path>, least: u64, today: &str) -> (usize, usize) {
    let disk = DiskWorld::new(&root().join(folder), data);
    let project = std::fs::read_to_string(root().join(folder).join("project.peil")).unwrap();
    assert!(project.contains("minimum base 10\n"), "{folder} says its minimum base");
    let project = project.replace("minimum base 10\n", &format!("minimum base {least}\n"));
    let project = project.replace("indicative base 30\n", &format!("indicative base {}\n", least.max(30)));
    let world = Overlay::new(&disk).with([("project.peil".to_owned(), project)]);
    let session = session::open(&world);
    let checked = session.checked.as_ref().unwrap_or_else(|| panic!("{:?}", session.diagnostics.sorted()));
    let today = peil::calendar::Period::parse(today).unwrap().start(&Calendar::default());
    let (bases, lies) = published(checked, &world, today);
    let (mut hidden, mut attacked) = (0, 0);
    for (base, cells) in &bases {
        let small = |it: &Known| it.protected > 0 && it.protected < cells.least;
        let wrong: Vec<&Place> = cells.known.iter().filter(|it| it.1.shown && small(it.1)).map(|it| it.0).collect();
        assert!(wrong.is_empty(), "{folder} {base:?}: {wrong:?} are shown");
        let mut targets: Vec<(&Place, &Known)> = cells.known.iter().filter(|it| small(it.1)).collect();
        hidden += targets.len();
        targets.sort_by_key(|it| it.1.protected);
        // Those with the fewest answers, and others from all over.
        let step = (targets.len() / TARGETS).max(1);
        for (target, known) in targets.iter().step_by(step).take(TARGETS) {
            let span = span(target, cells, &lies);
            attacked += 1;
            assert!(
                span >= cells.least as f64 - 1e-3,
                "{folder}: {target:?} of {base:?} holds {} and is known within {span}, with a minimum base of {}",
                known.n,
                cells.least
            );
        }
    }
    (hidden, attacked)
}

fn data() -> Option<PathBuf> {
    let data = std::env::var_os("PEIL_DATA").map(PathBuf::from).map(|it| if it.is_relative() { root().join(it) } else { it });
    let data = data.filter(|it| it.is_dir());
    if data.is_none() {
        println!("skipped: PEIL_DATA names no folder");
    }
    data
}

#[test]
#[ignore = "takes minutes"]
fn autoruit_gives_nothing_away() {
    for least in [10, 40] {
        let (hidden, attacked) = attack("examples/autoruit", None, least, "2025-10-01");
        assert!(hidden > 10 && attacked > 5, "{hidden} small cells, {attacked} attacked");
    }
}

#[test]
#[ignore = "takes minutes"]
fn airport_gives_nothing_away() {
    let Some(data) = data() else { return };
    let (hidden, attacked) = attack("examples/airport", Some(&data), 150, "2019-01-01");
    assert!(hidden > 10 && attacked > 5, "{hidden} small cells, {attacked} attacked");
}

#[test]
#[ignore = "takes minutes"]
fn webshop_gives_nothing_away() {
    let Some(data) = data() else { return };
    let (hidden, attacked) = attack("examples/webshop", Some(&data), 10, "2012-01-01");
    assert!(hidden > 10 && attacked > 5, "{hidden} small cells, {attacked} attacked");
}
