//! The embedded engine gives what the plain engine gives: the same states, bit for bit, whatever the threads.

#![cfg(feature = "engine")]
#![allow(clippy::disallowed_methods, clippy::print_stderr, reason = "tests read files, and say what they skip")]

use peil::calendar::Grain;
use peil::check::Checked;
use peil::engine::{self, Engine, Options, Table};
use peil::eval::reporting_grain;
use peil::insight::drivers::{Window, needs};
use peil::model::{DimensionId, DriversId, KpiId};
use peil::plan::{Ask, Grouping, Plan, Read, Request};
use peil::source::{DiskWorld, MemoryWorld, World};
use peil::value::{Diagnostics, Severity};
use std::path::Path;

/// Numbers that look random and are the same in every run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn up_to(&mut self, end: u64) -> u64 {
        (self.next() >> 11) % end
    }

    pub(crate) fn one_in(&mut self, chances: u64) -> bool {
        self.up_to(chances) == 0
    }

    pub(crate) fn pick<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.up_to(list.len() as u64) as usize]
    }
}

fn checked(world: &dyn World) -> Checked {
    let session = peil::session::open(world);
    let errors: Vec<String> = session
        .diagnostics
        .sorted()
        .iter()
        .filter(|it| it.severity == Severity::Error)
        .map(|it| format!("{}: {:?}", it.code.name(), it.args))
        .collect();
    session.checked.unwrap_or_else(|| panic!("{errors:#?}"))
}

/// Every KPI by itself and by every dimension and pair of them that it has, at several grains.
fn plans(checked: &Checked) -> Vec<Plan> {
    let kpis: Vec<KpiId> = (0..checked.model.kpis.len() as u32).map(KpiId).filter(|it| !checked.model.kpis[it.index()].pattern).collect();
    let dimensions: Vec<DimensionId> = (0..checked.model.dimensions.len() as u32).map(DimensionId).collect();
    let mut cuts: Vec<Vec<DimensionId>> = vec![Vec::new()];
    cuts.extend(dimensions.iter().map(|it| vec![*it]));
    cuts.extend(dimensions.windows(2).map(<[DimensionId]>::to_vec));
    let mut plans = Vec::new();
    for grain in [None, Some(Grain::Day), Some(Grain::Year)] {
        let mut request = Request::new();
        for kpi in &kpis {
            for cut in &cuts {
                if cut.iter().all(|it| checked.lacks(*kpi, *it).is_none()) {
                    request.add(Ask { kpi: *kpi, part: None, cut: cut.clone(), grain: reporting_grain(checked, *kpi, grain) });
                }
            }
        }
        plans.push(peil::plan::plan(checked, &request));
    }
    // Every driver model, as it declares its cuts and by every dimension, over everything and by period.
    let models: Vec<DriversId> = (0..checked.model.drivers.len() as u32).map(DriversId).collect();
    for grain in [None, Some(Grain::Year)] {
        let mut request = Request::new();
        for model in &models {
            let by = dimensions.iter().map(|it| vec![vec![*it]]);
            for cuts in std::iter::once(Vec::new()).chain(by) {
                request
                    .drivers
                    .extend(needs(checked, &[*model], &Window { cuts, grain, ..Window::default() }).into_iter().flat_map(|it| it.0));
            }
        }
        plans.push(peil::plan::plan(checked, &request));
    }
    // What `audit` reads: every column, for what it holds.
    for (at, source) in checked.model.sources.iter().enumerate() {
        let (leaves, joints, crossed) = (Vec::new(), Vec::new(), Vec::new());
        let grouping =
            Grouping { time: source.time, grain: Grain::All, keys: Vec::new(), cluster: None, walk: None, leaves, joints, crossed };
        let source = peil::model::SourceId(at as u32);
        let read = Read { source, leaves: Vec::new(), joints: Vec::new(), crossed: Vec::new(), groupings: vec![grouping], profile: true };
        plans.push(Plan { reads: vec![read], ..Plan::default() });
    }
    plans
}

/// What a scan gave, and what it found.
fn scan(checked: &Checked, plan: &Plan, world: &dyn World, engine: Engine, threads: usize) -> (Option<Table>, Vec<String>) {
    let mut found = Diagnostics::default();
    let table = engine::scan(checked, plan, world, Options { engine, threads }, &mut found);
    (table, found.sorted().iter().map(|it| format!("{} {:?}", it.code.name(), it.args)).collect())
}

/// Says where two tables differ, instead of printing both.
fn difference(plain: &Table, other: &Table) -> Option<String> {
    if plain == other {
        return None;
    }
    for (read, (a, b)) in plain.reads.iter().zip(&other.reads).enumerate() {
        if (a.rows, &a.files, a.first, a.last) != (b.rows, &b.files, b.first, b.last) {
            return Some(format!("read {read}: {:?} and {:?}", (a.rows, &a.files, a.first, a.last), (b.rows, &b.files, b.first, b.last)));
        }
        if a.profile != b.profile {
            return Some(format!("read {read}: {:?} and {:?}", a.profile, b.profile));
        }
        for (at, (a, b)) in a.groupings.iter().zip(&b.groupings).enumerate() {
            if a.groups.len() != b.groups.len() {
                return Some(format!("read {read}, grouping {at}: {} groups and {}", a.groups.len(), b.groups.len()));
            }
            for (a, b) in a.groups.iter().zip(&b.groups) {
                if a != b {
                    let cells = a.cells.iter().zip(b.cells.iter()).enumerate().find(|(_, (a, b))| a != b);
                    let name = (a.bucket, &a.key, &a.cluster, a.filtered, a.duplicate);
                    return Some(format!("read {read}, grouping {at}, {name:?}: {cells:#?}, or joints, or {:?}", (b.bucket, &b.key)));
                }
            }
        }
    }
    Some("one has more".to_owned())
}

/// Both engines, at several numbers of threads, over everything that can be asked of a project.
pub(crate) fn compare(world: &dyn World, about: &str) {
    let checked = checked(world);
    for (at, plan) in plans(&checked).iter().enumerate() {
        let (plain, said) = scan(&checked, plan, world, Engine::Plain, 1);
        for threads in [1, 2, 4] {
            let (embedded, also_said) = scan(&checked, plan, world, Engine::Embedded, threads);
            assert_eq!(said, also_said, "{about}, plan {at}, {threads} threads");
            match (&plain, &embedded) {
                (Some(a), Some(b)) => {
                    if let Some(it) = difference(a, b) {
                        panic!("{about}, plan {at}, {threads} threads: {it}");
                    }
                }
                (a, b) => assert_eq!(a.is_some(), b.is_some(), "{about}, plan {at}, {threads} threads"),
            }
        }
    }
}

#[test]
fn the_examples() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    compare(&DiskWorld::new(&examples.join("autoruit"), None), "autoruit");
    if let Some(data) = crate::support::data::folder(&["sfo_2017.csv", "sfo_2018.csv"]) {
        compare(&DiskWorld::new(&examples.join("airport"), Some(&data)), "airport");
    }
}

const PROJECT: &str = r#"
project "Engines" {
  peil 1
  language en
  grain month
  minimum base 5
}

source visits "Visits" {
  files "visits_a.csv" with wave = 2024, channel_set = "old", "visits_b.csv" with wave = 2025, channel_set = "new"
  rows events
  time day
  weight w
  key id
  WITH
  column id
  columns branch
  column day from "DAY", "WHEN"
  column nps scale 0..10 best 10 blank 11, "none"
  column ease scale 1..7 best 7 blank 0 not applicable 8, "n/a"
  column easy = if(ease >= 6, 1, 0)
  column fan = if(nps >= 9 and ease >= 5, "fan", "rest")
  column length = if(minutes >= 10 min, "long", "short")
  column solved labels 1 "Yes", 2 "No" blank 9
  column channel recode "visits_b.csv" 1 "web", 2 "phone"
  column topics several split ";" blank "-"
  column flags several from F1, F2 blank 0
  column minutes unit minutes
  column amount
  column precise
  column w
  column flight
  column person
  reference home to branches by branch
  reference state to states by branch
}

source branches "Branches" {
  files "branches.csv"
  complete
  no persons "a list of branches"
  key code
  column code
  column region
  column size scale 1..3
}

source states "States of branches" {
  files "states.csv"
  complete
  no persons "a list of branches"
  rows snapshot
  key code
  time at
  column code
  column at
  column tier
  column staff
}

dimension channel { from visits.channel; values "web" "Web", "phone" "Phone"; other "Other" }
dimension region { from visits.home.region, branches.region }
dimension tier { from visits.state.tier, states.tier }
dimension solved { from visits.solved }
dimension both { from visits.fan }
dimension long { from visits.length }

kpi n { formula count(visits) }
kpi n_nps { formula count(visits.nps) }
kpi n_high { formula count(visits.nps where nps >= 9); weight none }
kpi nps { formula nps(visits.nps) }
kpi nps_plain { formula nps(visits.nps); weight none }
kpi ease_mean { formula mean(visits.ease) }
kpi ease_share { formula share(visits.ease >= 5 where channel = "web") }
kpi two { formula share(visits.ease >= 5 and visits.nps >= 9) }
kpi other_two { formula net(visits.ease >= 6, visits.nps <= 6); weight none }
kpi topic { formula share(visits.topics = "price") }
kpi flag { formula share(visits.flags = "3"); weight none }
kpi size { formula mean(visits.home.size); weight none }
kpi staff { formula sum(visits.state.staff); weight none }
kpi total_minutes { formula sum(visits.minutes); weight none }
kpi mean_amount { formula mean(visits.amount); weight none }
kpi mean_amount_weighted { formula mean(visits.amount) }
kpi spent_easy { formula sum(visits.amount * visits.easy); weight none }
kpi spent_if { formula sum(if(visits.solved = "Yes", visits.amount, 0)); weight none }
kpi spent_some { formula sum(coalesce(visits.amount, visits.ease) where channel = "phone"); weight none }
kpi asked { formula count(visits.amount); weight none }
kpi precise_mean { formula mean(visits.precise); weight none }
kpi ratio { formula mean(visits.amount / visits.ease); weight none }
kpi least { formula min(visits.amount) }
kpi most { formula max(visits.nps where solved = "No") }
kpi middle { formula median(visits.minutes) }
kpi middle_nps { formula median(visits.nps); weight none }
kpi ninety { formula percentile(visits.ease, 90) }
kpi different { formula distinct(visits.person) }
kpi spread { formula stddev(visits.minutes); weight none }
kpi spread_weighted { formula stddev(visits.minutes) }
kpi spread_of { formula stddev(visits.amount / visits.ease where solved = "Yes") }
kpi mix { formula index(a: 50 %, b: 50 %) }
kpi a { formula share(visits.nps >= 9) }
kpi b { formula share(visits.ease >= 6) }
kpi last_year { formula change(nps, 1 year) }
kpi tier_staff { formula sum(states.staff) }
"#;

/// The same project with another clause in the source.
fn project(with: &str) -> Vec<u8> {
    PROJECT.replace("WITH", with).into_bytes()
}

fn answers(dice: &mut Dice, rows: u64, second: bool) -> String {
    let mut text = String::from(if second {
        "id,WHEN,branch,nps,ease,solved,channel,topics,F1,F2,minutes,amount,precise,w,flight,person\n"
    } else {
        "branch,id,DAY,nps,ease,solved,channel,topics,F1,F2,minutes,amount,precise,w,flight,person\n"
    });
    for row in 0..rows {
        let id = if dice.one_in(20) {
            dice.up_to(rows.max(1)).to_string()
        } else if dice.one_in(50) {
            String::new()
        } else {
            row.to_string()
        };
        let day = format!("202{}-{:02}-{:02}", 4 + dice.up_to(2), 1 + dice.up_to(12), 1 + dice.up_to(28));
        let day = if dice.one_in(7) { format!("{day}T1{}:30:0{}Z", dice.up_to(10), dice.up_to(10)) } else { day };
        let branch = dice.pick(&["b1", "b2", "b3", " b1 ", "b9", ""]).to_owned();
        let nps =
            if dice.one_in(6) { dice.pick(&["11", "none", "", "12", "x", "7.0", "3.5"]).to_owned() } else { dice.up_to(11).to_string() };
        let ease = if dice.one_in(6) { dice.pick(&["0", "8", "n/a", "", "9", "-1"]).to_owned() } else { (1 + dice.up_to(7)).to_string() };
        let solved = dice.pick(&["1", "2", "9", "", "3", "1.0"]);
        let channel = dice.pick(if second { &["1", "2", "fax", ""] } else { &["web", "phone", "fax", ""] });
        let topics = dice.pick(&["price", "price;staff", "\"staff; queue\"", "-", "", "\"quo\"\"te\""]);
        let (one, two) = (dice.pick(&["0", "1", "3", ""]), dice.pick(&["0", "3", "2", ""]));
        let minutes = if dice.one_in(9) { String::new() } else { format!("{}.{}", dice.up_to(40), dice.up_to(100)) };
        let amount =
            if dice.one_in(9) { String::new() } else { format!("{}{}.{:02}", dice.pick(&["", "-"]), dice.up_to(100_000), dice.up_to(100)) };
        let precise = if dice.one_in(3) { "0.12345678901234567".to_owned() } else { format!("{}e-3", dice.up_to(1000)) };
        let w = if dice.one_in(15) { dice.pick(&["", "heavy"]).to_owned() } else { format!("0.{:010}", dice.up_to(9_999_999_999)) };
        let flight = if dice.one_in(12) { String::new() } else { format!("f{}", dice.up_to(20)) };
        let person = if dice.one_in(12) { String::new() } else { format!("p{}", dice.up_to(60)) };
        let rest = format!("{nps},{ease},{solved},{channel},{topics},{one},{two},{minutes},{amount},{precise},{w},{flight},{person}");
        text += &if second { format!("{id},{day},{branch},{rest}\n") } else { format!("{branch},{id},{day},{rest}\n") };
    }
    text
}

fn world(dice: &mut Dice, rows: u64, with: &str) -> MemoryWorld {
    let mut states = String::from("code,at,tier,staff\n");
    for month in 1..=12 {
        for branch in ["b1", "b2", "b3"] {
            states += &format!("{branch},2024-{month:02}-01,{},{}\n", dice.pick(&["gold", "silver", ""]), dice.up_to(50));
        }
    }
    MemoryWorld::new([
        ("project.peil".to_owned(), project(with)),
        ("visits_a.csv".to_owned(), answers(dice, rows, false).into_bytes()),
        ("visits_b.csv".to_owned(), answers(dice, rows / 2, true).into_bytes()),
        ("branches.csv".to_owned(), b"code,region,size\nb1,north,1\nb2,\"south, far\",2\nb3,,9\n".to_vec()),
        ("states.csv".to_owned(), states.into_bytes()),
    ])
}

#[test]
fn generated_tables() {
    let clauses = [
        "",
        "cluster flight",
        "customer person",
        "keep where nps >= 3 and not (branch is blank)",
        "keep where channel != \"fax\"; cluster flight; customer person",
        "on duplicate keep last",
        "on duplicate keep first; keep where ease >= 2",
    ];
    for seed in 1..=3 {
        for clause in clauses {
            let mut dice = Dice(0x9e37_79b9_7f4a_7c15 ^ seed << 32);
            let rows = [0, 3, 400][seed as usize - 1];
            compare(&world(&mut dice, rows, clause), &format!("seed {seed}, {clause:?}"));
        }
    }
}

const DOUBLES: &str = r#"
project "Doubles" { peil 1; language en; grain year }
source s "Rows" { files "s.csv"; time day; no persons "invented"; columns day, k, x, y }
dimension k { from s.k }
kpi ratio { formula mean(s.x / s.y) }
kpi total { formula sum(s.x) }
kpi least { formula min(s.x / s.y where s.k = "a") }
"#;

#[test]
fn chunks_are_merged_in_their_order() {
    // More rows than a chunk holds, with doubles whose sum depends on the order of adding.
    let mut dice = Dice(7);
    let mut text = String::from("day,k,x,y\n");
    for _ in 0..140_000 {
        text += &format!("2025-0{}-01,{},{},{}\n", 1 + dice.up_to(9), dice.pick(&["a", "b"]), dice.up_to(1000), dice.up_to(30));
    }
    let files = [("project.peil".to_owned(), DOUBLES.as_bytes().to_vec()), ("s.csv".to_owned(), text.into_bytes())];
    compare(&MemoryWorld::new(files), "doubles");
}
