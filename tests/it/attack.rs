//! Whole projects are attacked as the tables of `suppression` are: all that their reports, and `peil eval` by every
//! dimension, write together, by linear programming.
//!
//! Each row of the data lies in one cell of every cut and in one stretch of time, so that what is shown are sums of the
//! same unknown counts. The attacker knows which cuts are whole, which values lie in which others, what is shown, and that
//! no count is negative. With the counts go the sums of the scores, which lie between the ends of their scale.
//!
//! What follows at once is put in first: a sum of which one part is unknown, a sum of nothing. What is left falls apart
//! into small systems that share no unknown; each small cell is a matter of one of them. A solution of a system is a
//! witness for all its cells: where two of them lie far enough apart, nothing more has to be asked about a cell.

use crate::support::files::root;
use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOutcome, Variable};
use peil::calendar::{Calendar, Date, Grain};
use peil::check::Checked;
use peil::engine::{Engine, KeyValue, Options};
use peil::eval::{self, Periods, judged_grain, reporting_grain};
use peil::insight::Question;
use peil::insight::drivers::{Window, needs};
use peil::model::{DimensionId, DriversId, KpiId, KpiKind};
use peil::plan::{Ask, Base, Estimator, Measure, Request, base};
use peil::session;
use peil::source::{DiskWorld, MemoryWorld, Overlay, World};
use peil::value::Diagnostics;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write;
use std::path::PathBuf;

/// Values by dimension.
type Values<'t> = &'t [(DimensionId, KeyValue)];

/// The values of a cell, by dimension.
type At = Vec<(DimensionId, KeyValue)>;
/// Half-open, as numbers of days.
type Days = (i32, i32);
/// A base; of customers in a window, that window.
type Of = (Base, Option<Days>);
/// In which value of its parent each value of a dimension lies.
type Lies = BTreeMap<DimensionId, (DimensionId, BTreeMap<KeyValue, KeyValue>)>;

/// What is known of a cell, and what is true of it.
#[derive(Clone, Debug, Default)]
struct Known {
    n: u64,
    protected: u64,
    shown: bool,
    /// The sums of its scores above the low end of their scale, where a mean of them is shown.
    sums: BTreeMap<KpiId, f64>,
}

/// The cells of one base.
#[derive(Default)]
struct Cells {
    known: BTreeMap<(At, Days), Known>,
    /// The cuts that are there as a whole, and at which grains.
    whole: BTreeMap<Vec<DimensionId>, BTreeSet<Grain>>,
    /// The periods in which there is anything.
    periods: BTreeMap<Grain, BTreeSet<Days>>,
    least: u64,
    /// How far apart the ends of the scores lie that are summed.
    widths: BTreeMap<KpiId, f64>,
}

/// What is published of a project, and all that is known of it, base by base.
fn published(checked: &Checked, world: &dyn World, today: Date) -> (BTreeMap<Of, Cells>, Lies) {
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
    let rows: Vec<HashMap<_, _>> =
        run.results.tables.iter().map(|it| it.rows.iter().map(|row| ((row.period, row.key.clone()), row)).collect()).collect();
    let mut bases: BTreeMap<Of, Cells> = BTreeMap::new();
    let mut lies: BTreeMap<DimensionId, BTreeMap<KeyValue, BTreeSet<KeyValue>>> = BTreeMap::new();
    let mut of_leaf: HashMap<peil::plan::LeafAt, (Base, Vec<(DimensionId, String)>)> = HashMap::new();
    eval::bases(checked, &run.plan, &run.table, today, &mut |at, period, key, leaves| {
        let ask = &run.plan.asks[at].ask;
        for (place, dimension) in ask.cut.iter().enumerate() {
            let parent = model.dimensions[dimension.index()].within.and_then(|it| ask.cut.iter().position(|other| *other == it));
            if let Some(parent) = parent {
                lies.entry(*dimension).or_default().entry(key[place].clone()).or_default().insert(key[parent].clone());
            }
        }
        if at >= run.plan.asked {
            return;
        }
        let row = rows[at].get(&(period, key.clone())).copied();
        let shown = row.is_some_and(|it| it.n.is_some());
        let kpi = &model.kpis[ask.kpi.index()];
        let simple = matches!(kpi.formula.as_ref().map(|it| &it.kind), Some(KpiKind::Aggregate(_)));
        let own = (period.start(&model.project.calendar).days(), period.end(&model.project.calendar).days());
        for it in leaves.iter().filter(|it| it.own) {
            let leaf = run.plan.arena.leaf(it.leaf);
            // Who is there at the start of a quarter is not the sum of who is at those of its months: each is by itself.
            let walks = matches!(leaf.measure, Measure::Customer { .. });
            let (stretch, days) = if walks { (Some(it.days), (0, 1)) } else { (None, it.days) };
            let (base, fixed) = of_leaf.entry(it.leaf).or_insert_with(|| base(checked, leaf)).clone();
            let mut values: BTreeMap<DimensionId, KeyValue> =
                fixed.iter().map(|it| (it.0, KeyValue::Value(it.1.as_str().into()))).collect();
            if ask.cut.iter().zip(key.iter()).any(|(dimension, value)| values.get(dimension).is_some_and(|it| it != value)) {
                continue;
            }
            values.extend(ask.cut.iter().copied().zip(key.iter().cloned()));
            let cells = bases.entry((base, stretch)).or_default();
            cells.least = u64::from(kpi.minimum_base.unwrap_or(0).max(model.project.minimum_base));
            if ask.part.is_none() && fixed.is_empty() && (walks || ask.grain == Grain::All || own == it.days) {
                let mut cut = ask.cut.clone();
                cut.sort_unstable();
                cells.whole.entry(cut).or_default().insert(ask.grain);
                cells.periods.entry(ask.grain).or_default().insert(days);
            }
            let known = cells.known.entry((values.into_iter().collect(), days)).or_default();
            (known.n, known.protected) = (it.n, it.protected);
            known.shown |= shown;
            let summed = matches!(leaf.estimator, Estimator::Mean { .. } | Estimator::Share | Estimator::Net);
            let range = kpi.unit.as_ref().and_then(peil::value::Unit::range);
            let range = range.filter(|_| simple && summed && leaf.weight.is_none() && leaves.len() == 1 && ask.part.is_none());
            if let (Some((low, high)), Some(value)) = (range, row.and_then(|it| it.value)) {
                cells.widths.insert(ask.kpi, high - low);
                known.sums.insert(ask.kpi, (value - low) * it.n as f64);
            }
        }
    });
    // A value that lies in several tells nothing by itself.
    let lies = lies.into_iter().filter_map(|(dimension, of)| {
        let of: Option<BTreeMap<KeyValue, KeyValue>> = of
            .into_iter()
            .map(|(value, parents)| (parents.len() == 1).then(|| parents.into_iter().next()).flatten().map(|it| (value, it)))
            .collect();
        Some((dimension, (model.dimensions[dimension.index()].within?, of?)))
    });
    (bases, lies.collect())
}

/// What adds up to a number: unknowns with their factors.
#[derive(Clone, Debug)]
struct Sum {
    of: Vec<(usize, f64)>,
    is: f64,
    /// Whether it is that exactly, or at most that.
    exact: bool,
    /// How far it may be off, as it was written.
    off: f64,
}

/// All that is known of the cells of a base: unknowns that are not negative, and what they add up to.
struct System {
    sums: Vec<Sum>,
    /// What follows at once.
    fixed: Vec<Option<f64>>,
    /// The unknowns that make up each cell.
    cells: Vec<Vec<usize>>,
    /// The part of the system that each unknown is in, by one of its unknowns.
    part: Vec<usize>,
}

impl System {
    fn new(cells: &Cells, lies: &Lies) -> System {
        let boundaries: BTreeSet<i32> = cells.known.keys().flat_map(|it| [it.1.0, it.1.1]).collect();
        let stretches: Vec<i32> = boundaries.into_iter().collect();
        let within = |days: Days| stretches.iter().copied().filter(move |it| days.0 <= *it && *it < days.1);
        // One count a place and a stretch, where a cell has it; behind it its sums.
        let measures: Vec<KpiId> = cells.widths.keys().copied().collect();
        let mut counts: BTreeMap<(Values<'_>, i32), usize> = BTreeMap::new();
        let mut sums: Vec<Sum> = Vec::new();
        let mut unknowns = 0;
        for (at, days) in cells.known.keys() {
            for stretch in within(*days) {
                counts.entry((at.as_slice(), stretch)).or_insert_with(|| {
                    let count = unknowns;
                    unknowns += 1 + measures.len();
                    for (place, kpi) in measures.iter().enumerate() {
                        let of = vec![(count + 1 + place, 1.0), (count, -cells.widths[kpi])];
                        sums.push(Sum { of, is: 0.0, exact: false, off: 0.0 });
                    }
                    count
                });
            }
        }
        let mut of_cells = Vec::new();
        for ((at, days), known) in &cells.known {
            let of: Vec<usize> = within(*days).map(|it| counts[&(at.as_slice(), it)]).collect();
            let all = |by: usize| of.iter().map(|it| (it + by, 1.0)).collect();
            if known.shown {
                sums.push(Sum { of: all(0), is: known.n as f64, exact: true, off: 0.0 });
                for (place, kpi) in measures.iter().enumerate() {
                    if let Some(sum) = known.sums.get(kpi) {
                        // A value is written with so many digits.
                        sums.push(Sum { of: all(1 + place), is: *sum, exact: true, off: 1e-6 * sum.abs() + 1e-6 });
                    }
                }
            }
            of_cells.push(of);
        }
        // Where a whole cut has no row in a period, nobody was there.
        let places: BTreeSet<&At> = cells.known.keys().map(|it| &it.0).collect();
        for at in places {
            let cut: Vec<DimensionId> = at.iter().map(|it| it.0).collect();
            for days in cells.whole.get(&cut).into_iter().flatten().filter_map(|it| cells.periods.get(it)).flatten() {
                let absent = !cells.known.contains_key(&(at.clone(), *days));
                let of: Vec<(usize, f64)> = within(*days).filter_map(|it| counts.get(&(at.as_slice(), it))).map(|it| (*it, 1.0)).collect();
                if absent && !of.is_empty() {
                    sums.push(Sum { of, is: 0.0, exact: true, off: 0.0 });
                }
            }
        }
        // What adds up: over each dimension of a cut, and over what lies in a value.
        let mut parts: BTreeMap<(At, i32, DimensionId), Vec<usize>> = BTreeMap::new();
        for ((at, stretch), count) in &counts {
            for place in 0..at.len() {
                let mut outer = at.to_vec();
                let (dimension, value) = outer.remove(place);
                parts.entry((outer.clone(), *stretch, dimension)).or_default().push(*count);
                let Some((parent, of)) = lies.get(&dimension) else { continue };
                if let Some(lies_in) = of.get(&value).filter(|_| !outer.iter().any(|other| other.0 == *parent)) {
                    outer.push((*parent, lies_in.clone()));
                    outer.sort_unstable();
                    parts.entry((outer, *stretch, dimension)).or_default().push(*count);
                }
            }
        }
        for ((outer, stretch, dimension), parts) in &parts {
            let Some(all) = counts.get(&(outer.as_slice(), *stretch)) else { continue };
            // Of what lies in a value, the cut has no word for that value.
            let crossed: BTreeSet<DimensionId> = outer.iter().map(|it| it.0).chain([*dimension]).collect();
            let is_whole = |cut: BTreeSet<DimensionId>| cells.whole.contains_key(&cut.into_iter().collect::<Vec<_>>());
            let parent = lies.get(dimension).map(|it| it.0);
            let without = crossed.iter().copied().filter(|it| Some(*it) != parent).collect::<BTreeSet<_>>();
            let exact = if without.len() < crossed.len() { is_whole(crossed) || is_whole(without) } else { is_whole(crossed) };
            for by in 0..=measures.len() {
                let mut of: Vec<(usize, f64)> = parts.iter().map(|it| (it + by, 1.0)).collect();
                of.push((all + by, -1.0));
                sums.push(Sum { of, is: 0.0, exact, off: if by == 0 { 0.0 } else { 1e-6 } });
            }
        }
        let mut system = System { sums, fixed: vec![None; unknowns], cells: of_cells, part: Vec::new() };
        system.put_in_what_follows();
        system.fall_apart();
        system
    }

    fn put_in_what_follows(&mut self) {
        loop {
            let mut more = false;
            for at in 0..self.sums.len() {
                let sum = &mut self.sums[at];
                let fixed = &self.fixed;
                let mut is = sum.is;
                sum.of.retain(|(of, by)| match fixed[*of] {
                    Some(value) => {
                        is -= by * value;
                        false
                    }
                    None => true,
                });
                sum.is = is;
                if let ([(of, by)], true) = (sum.of.as_slice(), sum.exact) {
                    self.fixed[*of] = Some((sum.is / by).max(0.0));
                    more = true;
                } else if sum.is.abs() <= sum.off + 1e-9 && !sum.of.is_empty() && sum.of.iter().all(|it| it.1 > 0.0) {
                    // A sum of nothing is of nothing.
                    sum.of.iter().for_each(|it| self.fixed[it.0] = Some(0.0));
                    more = true;
                }
            }
            if !more {
                break;
            }
        }
    }

    fn fall_apart(&mut self) {
        fn top(part: &mut [usize], mut at: usize) -> usize {
            while part[at] != at {
                part[at] = part[part[at]];
                at = part[at];
            }
            at
        }
        let mut part: Vec<usize> = (0..self.fixed.len()).collect();
        for sum in &self.sums {
            for pair in sum.of.windows(2) {
                let (a, b) = (top(&mut part, pair[0].0), top(&mut part, pair[1].0));
                part[a] = b;
            }
        }
        self.part = (0..part.len()).map(|it| top(&mut part, it)).collect();
    }

    /// Finds what is the most, or the least, that some unknowns can be together: all unknowns of the parts that they are in.
    fn solve(&self, of: &[usize], direction: OptimizationDirection) -> HashMap<usize, f64> {
        let parts: HashSet<usize> = of.iter().map(|it| self.part[*it]).collect();
        let mut problem = Problem::new(direction);
        let mut variables: BTreeMap<usize, Variable> = BTreeMap::new();
        for at in (0..self.fixed.len()).filter(|it| self.fixed[*it].is_none() && parts.contains(&self.part[*it])) {
            let weight = if of.contains(&at) { 1.0 } else { 0.0 };
            variables.insert(at, problem.add_var(weight, (0.0, f64::INFINITY)));
        }
        for at in of.iter().filter(|it| variables.contains_key(it)) {
            // What nothing bounds is bounded, so that there is a most.
            problem.add_constraint([(variables[at], 1.0)].as_slice(), ComparisonOp::Le, 1e5);
        }
        for sum in self.sums.iter().filter(|it| it.of.first().is_some_and(|it| parts.contains(&self.part[it.0]))) {
            let terms: Vec<(Variable, f64)> = sum.of.iter().map(|it| (variables[&it.0], it.1)).collect();
            match (sum.exact, sum.off > 0.0) {
                (true, false) => problem.add_constraint(terms.as_slice(), ComparisonOp::Eq, sum.is),
                (true, true) => {
                    problem.add_constraint(terms.as_slice(), ComparisonOp::Ge, sum.is - sum.off);
                    problem.add_constraint(terms.as_slice(), ComparisonOp::Le, sum.is + sum.off);
                }
                (false, _) => problem.add_constraint(terms.as_slice(), ComparisonOp::Le, sum.is + sum.off),
            }
        }
        match problem.solve() {
            Ok(SolveOutcome::Solution(found)) => variables.into_iter().map(|(at, it)| (at, found[it])).collect(),
            other => panic!("what is published is true of the data: {other:?}"),
        }
    }
}

/// What is known of how many there are in each of some cells: its width, where that is less than `least`.
fn narrow(system: &System, targets: &[usize], least: f64) -> Vec<(usize, f64)> {
    let free = |target: usize| -> Vec<usize> { system.cells[target].iter().copied().filter(|it| system.fixed[*it].is_none()).collect() };
    let free: BTreeMap<usize, Vec<usize>> = targets.iter().map(|it| (*it, free(*it))).collect();
    let mut seen: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    let mut found = Vec::new();
    for target in targets {
        for direction in [OptimizationDirection::Minimize, OptimizationDirection::Maximize] {
            let wide = seen.get(target).is_some_and(|it| it.1 - it.0 >= least);
            if wide || free[target].is_empty() {
                continue;
            }
            let solution = system.solve(&free[target], direction);
            for (other, of) in &free {
                if of.is_empty() || of.iter().any(|it| !solution.contains_key(it)) {
                    continue;
                }
                let n: f64 = of.iter().map(|it| solution[it]).sum();
                let range = seen.entry(*other).or_insert((n, n));
                *range = (range.0.min(n), range.1.max(n));
            }
        }
        let (low, high) = seen.get(target).copied().unwrap_or_default();
        if high - low < least {
            found.push((*target, high - low));
        }
    }
    found
}

/// Attacks a project whose minimum base is `least`; gives how many small cells there are, all of which were attacked.
fn attack(folder: &str, data: Option<&std::path::Path>, least: u64, today: &str) -> usize {
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
    let mut hidden = 0;
    let mut leaks = Vec::new();
    for (base, cells) in &bases {
        let small = |it: &Known| it.protected > 0 && it.protected < cells.least;
        let wrong: Vec<_> = cells.known.iter().filter(|it| it.1.shown && small(it.1)).map(|it| it.0).collect();
        assert!(wrong.is_empty(), "{folder} {base:?}: {wrong:?} are shown");
        let targets: Vec<usize> = cells.known.values().enumerate().filter(|it| small(it.1)).map(|it| it.0).collect();
        if targets.is_empty() {
            continue;
        }
        hidden += targets.len();
        let system = System::new(cells, &lies);
        for (target, span) in narrow(&system, &targets, cells.least as f64 - 1e-3) {
            let (place, known) = cells.known.iter().nth(target).unwrap();
            leaks.push(format!(
                "{place:?} of {base:?} holds {} and is known within {span}, with a minimum base of {}",
                known.n, cells.least
            ));
        }
    }
    assert!(leaks.is_empty(), "{folder}: {} of {hidden}\n{}", leaks.len(), leaks.join("\n"));
    hidden
}

fn data() -> Option<PathBuf> {
    crate::support::data::folder(&["sfo_2017.csv", "sfo_2018.csv", "online_retail_customer_month.csv"])
}

#[test]
fn autoruit_gives_nothing_away() {
    let hidden = attack("examples/autoruit", None, 10, "2025-10-01");
    assert!(hidden > 10, "{hidden} small cells");
}

#[test]
fn airport_gives_nothing_away() {
    let Some(data) = data() else { return };
    let hidden = attack("examples/airport", Some(&data), 150, "2019-01-01");
    assert!(hidden > 10, "{hidden} small cells");
}

#[test]
fn webshop_gives_nothing_away() {
    let Some(data) = data() else { return };
    let hidden = attack("examples/webshop", Some(&data), 10, "2012-01-01");
    assert!(hidden > 10, "{hidden} small cells");
}

/// What is hidden of a KPI over bookings, in tables that the project declares, is the same whether it is asked alone, with
/// one other, or with all: a KPI of one channel has no need of the table by channel to be told.
#[test]
fn what_is_hidden_does_not_depend_on_what_is_asked() {
    let world = DiskWorld::new(&root().join("examples/autoruit"), None);
    let session = session::open(&world);
    let checked = session.checked.as_ref().unwrap();
    let kpi = |name: &str| KpiId(checked.model.kpis.iter().position(|it| it.name == name).unwrap() as u32);
    let region = DimensionId(checked.model.dimensions.iter().position(|it| it.name == "regio").unwrap() as u32);
    let today = peil::calendar::Period::parse("2025-10-01").unwrap().start(&Calendar::default());
    let hidden = |kpis: &[KpiId]| {
        let mut request = Request::new();
        for (kpi, cut) in kpis.iter().flat_map(|it| [(*it, vec![]), (*it, vec![region])]) {
            request.add(Ask { kpi, part: None, cut, grain: Grain::Quarter });
        }
        let run = session::run(checked, &request, &world, PLAIN, Periods::default(), today, &mut Diagnostics::default()).unwrap();
        let rows = run.results.tables.into_iter().flat_map(|table| {
            let (kpi, cut) = (table.kpi, table.cut.len());
            table.rows.into_iter().map(move |it| ((kpi, cut, it.period, it.key), it.n.is_none()))
        });
        rows.collect::<BTreeMap<_, bool>>()
    };
    let all = ["ces_afspraak", "ces_telefoon", "afspraak_makkelijk", "melden_makkelijk"].map(kpi);
    let together = hidden(&all);
    assert!(together.iter().all(|it| it.0.1 > 0 || !it.1), "no total is hidden");
    assert!(together.values().any(|it| *it), "some regions are");
    for asked in all.iter().map(|it| vec![*it]).chain(all.windows(2).map(<[KpiId]>::to_vec)) {
        for (row, is_hidden) in hidden(&asked) {
            assert_eq!(is_hidden, together[&row], "{row:?} of {asked:?}");
        }
    }
}

/// A survey of four regions, over two quarters: for each how many answered both questions, and how many only the first.
fn survey(quarters: [[(u32, u32); 4]; 2]) -> MemoryWorld {
    let mut csv = "day,region,q,r\n".to_owned();
    for (month, regions) in ["01", "04"].iter().zip(quarters) {
        for (region, (both, one)) in ["A", "B", "C", "D"].iter().zip(regions) {
            for at in 0..both + one {
                let second = if at < both { (at % 4 + 1).to_string() } else { String::new() };
                let _ = writeln!(csv, "2025-{month}-11,{region},{},{second}", (at * 7 + at / 5) % 5 + 1);
            }
        }
    }
    let project = "project \"T\" { peil 1; grain quarter; lint kpi-without-goal allow \"x\"; lint missing-owner allow \"x\" }\n\
        source s { files \"s.csv\"; time day; columns region; column q scale 1..5; column r scale 1..5 }\n\
        dimension region { from s.region }\nkpi easy { formula mean(s.q); cuts region }\n\
        drivers of_easy { outcome easy; items s.r; method ols }\n";
    let files = [("project.peil", project.to_owned()), ("s.csv", csv)];
    MemoryWorld::new(files.map(|(name, text)| (name.to_owned(), text.into_bytes())))
}

const PLAIN: Options = Options { engine: Engine::Plain, threads: 1 };

/// The regions that the table of a KPI shows in a quarter.
fn shown(checked: &Checked, world: &dyn World, quarter: &str) -> BTreeSet<KeyValue> {
    let mut request = Request::new();
    request.add(Ask { kpi: KpiId(0), part: None, cut: vec![DimensionId(0)], grain: Grain::Quarter });
    let run = session::run(checked, &request, world, PLAIN, Periods::default(), Date::MAX, &mut Diagnostics::default()).unwrap();
    let rows = run.results.tables[0].rows.iter().filter(|it| it.period.to_string() == quarter && it.n.is_some());
    rows.map(|it| it.key[0].clone()).collect()
}

/// The table hides region A, of three, and with it C, the next smallest of the quarter; over both quarters B is smaller.
/// Were C told by itself, and A with B, the table's B would tell A.
#[test]
fn segments_that_are_told_alone_stand_in_tables_too() {
    let quarters = [[(3, 0), (20, 0), (12, 0), (50, 0)], [(30, 0), (20, 0), (60, 0), (50, 0)]];
    let world = survey(quarters);
    let session = session::open(&world);
    let checked = session.checked.as_ref().unwrap_or_else(|| panic!("{:?}", session.diagnostics.sorted()));
    let periods = ["2025-Q1", "2025-Q2"].map(peil::calendar::Period::parse);
    let question = Question::new(checked, KpiId(0), None, (periods[0], periods[1]), Some(vec![DimensionId(0)])).unwrap();
    let found = session::why(checked, &question, &world, PLAIN, Date::MAX, &mut Diagnostics::default()).unwrap().unwrap();
    let shown = [shown(checked, &world, "2025-Q1"), shown(checked, &world, "2025-Q2")];
    assert!(shown[0].len() < 4, "the table hides something");
    let told: Vec<&KeyValue> = found.cuts[0].segments.iter().filter_map(|it| Some(&it.key.as_ref()?[0])).collect();
    assert!(!told.is_empty(), "{:?}", found.cuts);
    for key in told {
        assert!(shown.iter().all(|it| it.contains(key)), "{key:?} is told alone, and the table hides it: {shown:?}");
    }
}

/// The table hides region A, of five who have the outcome, and with it C; of those who answered all, B are the fewest.
/// Were C told how many have the outcome, the table's others would tell A.
#[test]
fn models_that_are_told_stand_in_tables_too() {
    let quarter = [(3, 2), (12, 18), (19, 1), (60, 0)];
    let world = survey([quarter, quarter]);
    let session = session::open(&world);
    let checked = session.checked.as_ref().unwrap_or_else(|| panic!("{:?}", session.diagnostics.sorted()));
    let window = Window { cuts: vec![vec![DimensionId(0)]], grain: Some(Grain::Quarter), first: None, last: None };
    let request = Request { drivers: needs(checked, &[DriversId(0)], &window).unwrap().0, ..Request::new() };
    let run = session::run(checked, &request, &world, PLAIN, Periods::default(), Date::MAX, &mut Diagnostics::default()).unwrap();
    let mut told = 0;
    for quarter in ["2025-Q1", "2025-Q2"] {
        let shown = shown(checked, &world, quarter);
        assert!(shown.len() < 4, "the table hides something");
        let models = run.results.drivers.iter().flat_map(|it| &it.table().models).filter(|it| it.key.len() == 1);
        for model in models.filter(|it| it.periods.0.to_string() == quarter && !it.is_hidden()) {
            told += 1;
            assert!(shown.contains(&model.key[0]), "{:?} is told, and the table hides it: {shown:?}", model.key);
        }
    }
    assert!(told > 0, "something is told");
}

/// The same by branches of two regions, a and b in N, c and d in Z, with driver models by region and by branch.
fn branches(quarters: [[(u32, u32); 4]; 2]) -> MemoryWorld {
    let mut csv = "day,region,branch,q,r\n".to_owned();
    for (month, branches) in ["01", "04"].iter().zip(quarters) {
        for ((region, branch), (both, one)) in [("N", "a"), ("N", "b"), ("Z", "c"), ("Z", "d")].iter().zip(branches) {
            for at in 0..both + one {
                let second = if at < both { (at % 4 + 1).to_string() } else { String::new() };
                let _ = writeln!(csv, "2025-{month}-11,{region},{branch},{},{second}", (at * 7 + at / 5) % 5 + 1);
            }
        }
    }
    let project = "project \"T\" { peil 1; grain quarter; lint kpi-without-goal allow \"x\"; lint missing-owner allow \"x\" }\n\
        source s { files \"s.csv\"; time day; columns region, branch; column q scale 1..5; column r scale 1..5 }\n\
        dimension region { from s.region }\ndimension branch { from s.branch; within region }\n\
        kpi easy { formula mean(s.q) }\ndrivers of_easy { outcome easy; items s.r; method ols; cuts region, branch }\n";
    let files = [("project.peil", project.to_owned()), ("s.csv", csv)];
    MemoryWorld::new(files.map(|(name, text)| (name.to_owned(), text.into_bytes())))
}

/// All branches have enough who answered the first question; in the first quarter few of branch a answered both. By the
/// branches alone c, of the other region, is all that has to go beside it; but who knows which branch is where has the
/// model of region N less that of b.
#[test]
fn models_of_branches_are_not_parts_of_those_of_regions() {
    let quarters = [[(3, 17), (30, 0), (12, 8), (40, 0)], [(30, 0), (30, 0), (30, 0), (40, 0)]];
    let world = branches(quarters);
    let session = session::open(&world);
    let checked = session.checked.as_ref().unwrap_or_else(|| panic!("{:?}", session.diagnostics.sorted()));
    let cuts = vec![vec![DimensionId(0)], vec![DimensionId(1)]];
    let window = Window { cuts, grain: Some(Grain::Quarter), first: None, last: None };
    let request = Request { drivers: needs(checked, &[DriversId(0)], &window).unwrap().0, ..Request::new() };
    let run = session::run(checked, &request, &world, PLAIN, Periods::default(), Date::MAX, &mut Diagnostics::default()).unwrap();
    let told = |cut: u32, quarter: &str| -> BTreeSet<KeyValue> {
        let tables = run.results.drivers.iter().map(peil::publish::DriverResult::table);
        let models = tables.filter(|it| it.ask.cut == [DimensionId(cut)]).flat_map(|it| &it.models);
        let models = models.filter(|it| it.periods.0.to_string() == quarter && !it.is_hidden());
        models.map(|it| it.key[0].clone()).collect()
    };
    for (quarter, branches) in ["2025-Q1", "2025-Q2"].iter().zip(quarters) {
        let (regions, told) = (told(0, quarter), told(1, quarter));
        assert_eq!(regions.len(), 2, "{quarter}: {regions:?}");
        for (region, own) in [("N", 0..2), ("Z", 2..4)] {
            let hidden = own.filter(|it| !told.contains(&KeyValue::Value(["a", "b", "c", "d"][*it].into())));
            let hidden: Vec<u64> = hidden.map(|it| u64::from(branches[it].0)).collect();
            assert!(hidden.iter().all(|it| *it >= 10) || hidden.len() > 1, "{region} less its others tells {hidden:?}");
        }
        assert_eq!(told.len(), if *quarter == "2025-Q1" { 0 } else { 4 }, "{quarter}: {told:?}");
    }
}
