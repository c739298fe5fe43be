//! The figures of `examples/webshop`, to 1e-9 those of a program that knows nothing of Peil.
//!
//! `webshop/check.py` computed `webshop/expected.csv` from the same file; it needs Python alone. The data stand outside;
//! `PEIL_DATA` names their folder.

use crate::support::files::root;
use crate::support::project::{Asked, Opened};
use peil::source::DiskWorld;
use serde_json::Value;

fn eval(by: &[&str]) -> Option<Vec<Value>> {
    eval_by(by, None)
}

fn eval_by(by: &[&str], grain: Option<&str>) -> Option<Vec<Value>> {
    let data = crate::support::data::folder(&["online_retail_customer_month.csv"])?;
    let world = DiskWorld::new(&root().join("examples/webshop"), Some(&data));
    let by = by.iter().map(|it| (*it).to_owned()).collect();
    let asked = Asked { by, today: Some("2012-01-01".to_owned()), grain: grain.map(str::to_owned), ..Asked::default() };
    let json: Value = serde_json::from_str(&Opened::new(&world).eval_json(&asked).unwrap()).unwrap();
    Some(json["figures"].as_array().unwrap().clone())
}

#[test]
fn figures_are_those_of_another_program() {
    let (Some(all), Some(cut)) = (eval(&[]), eval(&["country"])) else { return };
    let expected = std::fs::read_to_string(root().join("tests/it/webshop/expected.csv")).unwrap();
    let mut compared = 0;
    for line in expected.lines().skip(1) {
        let [kpi, period, country, value, n] = line.split(',').collect::<Vec<_>>().try_into().unwrap();
        let here = |it: &&Value| it["kpi"] == kpi && it["period"] == period && (country.is_empty() || it["country"] == country);
        let row = if country.is_empty() { all.iter().find(here) } else { cut.iter().find(here) };
        // What no country is told of is told of the others together.
        let other = |it: &&Value| it["kpi"] == kpi && it["period"] == period && it["country"] == "Other countries";
        let row = row.or_else(|| cut.iter().filter(|_| country == "*").find(other)).unwrap_or_else(|| panic!("no figure {line}"));
        let (value, n): (f64, u64) = (value.parse().unwrap(), n.parse().unwrap());
        if n < 10 {
            assert_eq!(row["status"], "hidden", "{line}: {row}");
            continue;
        }
        assert_eq!(row["n"], n, "{line}: {row}");
        let found = row["value"].as_f64().unwrap();
        assert!((found - value).abs() <= 1e-9 * value.abs().max(100.0), "{line}: {row}");
        compared += 1;
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn what_is_not_whole_says_so() {
    let Some(all) = eval(&[]) else { return };
    let notes = |kpi: &str, period: &str| {
        let row = all.iter().find(|it| it["kpi"] == kpi && it["period"] == period);
        row.map(|it| it["note"].as_str().unwrap_or_default().to_owned())
    };
    for kpi in ["retention", "churn", "nrr", "grr", "revenue_lost"] {
        // Nobody can be told to have been there before the file begins.
        assert_eq!(notes(kpi, "2010-Q4").as_deref(), Some("empty base; begins before the data"));
        assert_eq!(notes(kpi, "2011-Q1").as_deref(), Some("begins before the data"));
        assert_eq!(notes(kpi, "2011-Q2").as_deref(), Some(""));
        assert_eq!(notes(kpi, "2011-Q4").as_deref(), Some("unfinished period"));
    }
    assert_eq!(notes("active_customers", "2010-Q4").as_deref(), Some("begins before the data"));
    assert_eq!(notes("active_customers", "2011-Q4").as_deref(), Some("unfinished period"));
}

/// The first and the last month are whole in no figure that follows customers: nobody is known from before the one, and the
/// file was made on the ninth day of the other. What was sold in December 2010 is whole.
#[test]
fn the_first_month_and_the_last_are_told_to_be_incomplete() {
    let Some(all) = eval_by(&[], Some("month")) else { return };
    let row = |kpi: &str, period: &str| all.iter().find(|it| it["kpi"] == kpi && it["period"] == period).unwrap();
    let said = |kpi: &str, period: &str, note: &str| row(kpi, period)["note"].as_str().unwrap_or_default().contains(note);
    for kpi in ["retention", "churn", "nrr", "grr", "revenue_lost"] {
        assert!(row(kpi, "2010-12")["value"].is_null() && said(kpi, "2010-12", "begins before the data"), "{}", row(kpi, "2010-12"));
    }
    assert!(said("cohort", "2010-12", "begins before the data"));
    for kpi in ["retention", "churn", "nrr", "grr", "revenue_lost", "cohort", "cancelled", "active_customers"] {
        assert!(said(kpi, "2011-12", "unfinished period"), "{}", row(kpi, "2011-12"));
    }
    assert!(["cancelled", "active_customers"].iter().all(|it| row(it, "2010-12")["note"].is_null()), "{}", row("cancelled", "2010-12"));
}

/// `webshop/check_value.py` fitted the same model by another program: it finds no parameters, or such as say that nobody
/// ever left. There Peil gives no figure, and says why.
#[test]
fn where_nobody_can_be_told_to_have_left_nothing_is_forecast() {
    let Some(all) = eval(&[]) else { return };
    let expected = std::fs::read_to_string(root().join("tests/it/webshop/expected_value.csv")).unwrap();
    for line in expected.lines().skip(1) {
        let [period, customers, again, alive] = line.split(',').collect::<Vec<_>>().try_into().unwrap();
        assert!(alive.parse().is_ok_and(|it: f64| it > 99.999) || alive.is_empty(), "{line}");
        let row = all.iter().find(|it| it["kpi"] == "revenue_to_come" && it["period"] == period).unwrap();
        assert!(row["value"].is_null(), "{line}: {row}");
        let note = if again.parse().is_ok_and(|it: u64| it < 20) {
            "too few customers for a model"
        } else {
            "the model of purchases does not fit"
        };
        assert!(row["note"].as_str().unwrap().contains(note), "{line}: {row}");
        assert!(customers.parse().is_ok_and(|it: u64| it > 800));
    }
}
