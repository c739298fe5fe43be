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
