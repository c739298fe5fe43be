//! Customers over time: both engines give the same states, bit for bit, and figures are those of a program that knows
//! nothing of Peil.

use crate::engines::{Dice, compare};
use crate::support::project::{Asked, Opened};
use peil::source::MemoryWorld;

const PROJECT: &str = r#"
project "Customers" { peil 1; language en; grain month; minimum base 5 }

source orders "Orders" {
  files "orders_a.csv" with shop = "a", "orders_b.csv" with shop = "b"
  time day
  customer person
  key id
  WITH
  columns day, id, region, kind, reason
  column amount
  column margin unit EUR decimals 2
}
source contracts "Contracts" {
  files "contracts.csv"
  rows spans
  starts begun
  ends ended
  customer person
  WITH
  columns id, region, kind
  column amount unit EUR decimals 2
}
source states "States" {
  files "states.csv"
  rows snapshot
  key id
  time day
  customer person
  columns id, region, kind
  column amount
}
dimension region { from orders.region, contracts.region, states.region; values "n" "North", "s" "South"; other "Other" }
dimension kind { from orders.kind, contracts.kind, states.kind }

kpi e1 { formula retention.rolling(orders, over: 2 months, active: kind = "sale", inactive after: 2 months) }
kpi e2 { formula churn.customers(orders, per: month, active: amount > 0, inactive after: 45 days) }
kpi e3 { formula nrr(orders.amount, over: 3 months, active: kind = "sale", inactive after: 3 months) }
kpi e4 { formula grr(orders.margin, over: 3 months, active: kind = "sale", inactive after: 3 months where shop = "a") }
kpi e5 { formula churn.revenue_net(orders.amount, per: week, active: kind = "sale", inactive after: 2 weeks) }
kpi e6 { formula retention.cohort(orders, after: 3 months, active: kind = "sale", inactive after: 1 month) }
kpi e7 { formula repeat_rate(orders, over: 3 months, active: kind = "sale") }
kpi e8 { formula clv.historic(orders.amount) }
kpi e9 { formula fcr.no_repeat(orders, same: person, reason, within: 7 days, net_of: kind = "return") }
kpi e10 { formula conversion(from: orders.kind = "return", to: orders.kind = "sale", same: orders.person, within: 2 weeks) }
kpi e11 { formula count(orders) }
kpi e12 { formula clv.bgnbd_alive(orders, active: kind = "sale") }
kpi e13 { formula rolling(churn.customers(orders, per: month, active: amount > 0, inactive after: 45 days), 2 months) }
kpi s9 { formula rolling(churn.customers(contracts, per: month), 3 months) }
kpi s10 { formula clv.discounted(s7, 100 % - s2, 8 % per year) }
kpi p4 { formula rolling(churn.customers(states, per: month), 2 months) }
kpi s1 { formula retention.rolling(contracts, over: 1 year) }
kpi s2 { formula churn.customers(contracts, per: quarter, active: kind = "sale") }
kpi s3 { formula nrr(contracts.amount, over: 1 month) }
kpi s4 { formula churn.revenue_gross(contracts.amount, per: day) }
kpi s5 { formula retention.cohort(contracts, after: 6 months) }
kpi s6 { formula count(contracts) }
kpi s7 { formula mean(contracts.amount where kind = "sale") }
kpi s8 { formula change(s6, 1 year) }
kpi p1 { formula churn.customers(states, per: month) }
kpi p2 { formula grr(states.amount, over: 3 months) }
kpi p3 { formula retention.cohort(states, after: 2 months) }
kpi both { formula s3 - p2 }
"#;

fn day(dice: &mut Dice) -> String {
    format!("202{}-{:02}-{:02}", 3 + dice.up_to(2), 1 + dice.up_to(12), 1 + dice.up_to(28))
}

fn person(dice: &mut Dice) -> String {
    if dice.one_in(15) { String::new() } else { format!("p{}", dice.up_to(12)) }
}

fn orders(dice: &mut Dice, rows: u64) -> String {
    let mut text = String::from("day,id,person,region,kind,reason,amount,margin\n");
    for _ in 0..rows {
        let amount = if dice.one_in(4) { format!("{}e-3", dice.up_to(1000)) } else { format!("-0.{}", dice.up_to(99_999)) };
        let (id, day, who) = (dice.up_to(rows), day(dice), person(dice));
        let (region, kind, reason) = (dice.pick(&["n", "s", "x", ""]), dice.pick(&["sale", "return", ""]), dice.pick(&["a", "b", ""]));
        text += &format!("{day},{id},{who},{region},{kind},{reason},{amount},{}.5\n", dice.up_to(90));
    }
    text
}

fn contracts(dice: &mut Dice, rows: u64) -> String {
    let mut text = String::from("id,person,region,kind,begun,ended,amount\n");
    for row in 0..rows {
        let ended = if dice.one_in(3) { String::new() } else { day(dice) };
        let (who, region, kind) = (person(dice), dice.pick(&["n", "s", "x", ""]), dice.pick(&["sale", "return", ""]));
        text += &format!("{row},{who},{region},{kind},{},{ended},{}.25\n", day(dice), dice.up_to(500));
    }
    text
}

fn states(dice: &mut Dice, rows: u64) -> String {
    let mut text = String::from("day,id,person,region,kind,amount\n");
    for month in 1..=12 {
        for row in 0..rows / 12 {
            let (who, region, kind) = (person(dice), dice.pick(&["n", "s", ""]), dice.pick(&["sale", ""]));
            text += &format!("2024-{month:02}-28,{row},{who},{region},{kind},{}\n", dice.up_to(300));
        }
    }
    text
}

#[test]
fn both_engines_walk_the_same_way() {
    let clauses = ["", "keep where kind != \"return\"", "on duplicate keep last; key id", "complete"];
    for (seed, rows, clauses) in [(1, 0, &clauses[..1]), (2, 5, &clauses[1..2]), (3, 40, &clauses[2..])] {
        for with in clauses {
            let mut dice = Dice(0x9e37_79b9_7f4a_7c15 ^ seed << 32);
            let orders_with = with.replace("; key id", "");
            let project = PROJECT.replacen("WITH", &orders_with, 1).replacen("WITH", with, 1);
            let world = MemoryWorld::new([
                ("project.peil".to_owned(), project.into_bytes()),
                ("orders_a.csv".to_owned(), orders(&mut dice, rows).into_bytes()),
                ("orders_b.csv".to_owned(), orders(&mut dice, rows / 3).into_bytes()),
                ("contracts.csv".to_owned(), contracts(&mut dice, rows).into_bytes()),
                ("states.csv".to_owned(), states(&mut dice, rows).into_bytes()),
            ]);
            compare(&world, &format!("seed {seed}, {with:?}"));
        }
    }
}

#[test]
fn a_day_that_cannot_be_read_stops_both_engines() {
    let project = "project \"Days\" { peil 1; grain month }\n\
        source contracts { files \"contracts.csv\"; rows spans; starts begun; ends ended; customer person }\n\
        kpi churn { formula churn.customers(contracts, per: month) }\n";
    for (rows, column) in [("a,2024-01-10,2024-02-30\nb,2024-01-20,\n", "ended"), ("a,soon,\nb,2024-01-20,2024-02-30\n", "begun")] {
        let world = MemoryWorld::new([
            ("project.peil".to_owned(), project.as_bytes().to_vec()),
            ("contracts.csv".to_owned(), format!("person,begun,ended\n{rows}").into_bytes()),
        ]);
        compare(&world, column);
        let found = Opened::new(&world).eval_json(&Asked::default()).unwrap_err();
        assert!(found.contains("wrong-time") && found.contains(&format!("of `{column}`")), "{found}");
    }
}

/// Purchases of customers who come now and then, and after each may be gone for good.
fn purchases(dice: &mut Dice, customers: u64) -> String {
    let mut text = String::from("day,person,region,kind,margin\n");
    for customer in 0..customers {
        let mut day = dice.up_to(150);
        let (pace, leaves, spends) = (5 + dice.up_to(60), [2, 3, 40, 1][dice.up_to(4) as usize], 5 + dice.up_to(80));
        let region = dice.pick(&["n", "s", "x"]);
        while day < 336 {
            // Months of 28 days: every day of them is one.
            let date = format!("2023-{:02}-{:02}", day / 28 + 1, day % 28 + 1);
            let margin = spends + dice.up_to(spends);
            text += &format!("{date},p{customer},{region},sale,{margin}.{:03}e0\n", dice.up_to(1000));
            if dice.one_in(5) {
                text += &format!("{date},p{customer},{region},return,-1.5\n");
            }
            if dice.one_in(leaves) {
                break;
            }
            day += 1 + dice.up_to(2 * pace);
        }
    }
    text
}

#[test]
fn both_engines_forecast_the_same() {
    let project = r#"
project "Purchases" { peil 1; language en; grain quarter; minimum base 5 }
source orders {
  files "orders.csv"; time day; customer person; columns region, kind; column margin unit EUR
}
dimension region { from orders.region; values "n" "North", "s" "South"; other "Other" }
kpi value { formula clv.bgnbd(orders.margin, horizon: 6 months, discount: 8 % per year, active: kind = "sale") }
kpi total { formula clv.bgnbd_total(orders.margin, horizon: 10 weeks, discount: 1 % per month, active: kind = "sale") }
kpi purchases { formula clv.bgnbd_purchases(orders, horizon: 90 days, active: kind = "sale") }
kpi there { formula clv.bgnbd_alive(orders, active: kind = "sale") }
kpi margin { formula clv.bgnbd_margin(orders.margin, active: kind = "sale" where region = "n") }
"#;
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let world = MemoryWorld::new([
        ("project.peil".to_owned(), project.as_bytes().to_vec()),
        ("orders.csv".to_owned(), purchases(&mut dice, 120).into_bytes()),
    ]);
    compare(&world, "forecasts");
    let asked = |by: &[&str]| Asked { by: by.iter().map(|it| (*it).to_owned()).collect(), ..Asked::default() };
    let figures = |by: &[&str]| -> Vec<serde_json::Value> {
        let json: serde_json::Value = serde_json::from_str(&Opened::new(&world).eval_json(&asked(by)).unwrap()).unwrap();
        json["figures"].as_array().unwrap().iter().filter(|it| it["period"] == "2023-Q4").cloned().collect()
    };
    let of = |rows: &[serde_json::Value], kpi: &str| {
        rows.iter().filter(|it| it["kpi"] == kpi).map(|it| it["value"].as_f64().unwrap_or(f64::NAN)).collect::<Vec<f64>>()
    };
    let (all, cut) = (figures(&[]), figures(&["region"]));
    // Segments add up to the whole, which is one model's.
    let total = of(&all, "total")[0];
    assert!(total > 0.0 && (of(&cut, "total").iter().sum::<f64>() - total).abs() < 1e-9 * total, "{total}: {cut:#?}");
    let there = of(&all, "there")[0];
    // A fit in Python, by Newton's method with SciPy's gamma functions, of the same purchases.
    assert!((there - 81.526_229_064_696_1).abs() < 1e-8, "{there}");
    assert!(all.iter().all(|it| it["note"].as_str().unwrap_or_default().contains("forecast of a model")), "{all:#?}");
    let model = &all.iter().find(|it| it["kpi"] == "value").unwrap()["model"];
    assert_eq!(model["customers"], 120);
    assert!(model["alpha"].as_f64().unwrap() > 0.0 && model["p"].as_f64().unwrap() > 0.0, "{model:#?}");
    // The same bits whenever it is asked.
    assert_eq!(Opened::new(&world).eval_json(&asked(&[])).unwrap(), Opened::new(&world).eval_json(&asked(&[])).unwrap());
}
