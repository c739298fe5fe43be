//! Reasons, savings, the chain to euros and the lifecycle of `examples/autoruit`, to 1e-9 those of a program that knows
//! nothing of Peil: `money/check.py` computed `money/expected.csv` from the same files; it needs Python alone.

use crate::support::files::root;
use crate::support::project::{Asked, Opened};
use peil::source::DiskWorld;
use peil::tidy::Format;
use serde_json::Value;

fn rows(text: &str, name: &str) -> Vec<Value> {
    serde_json::from_str::<Value>(text).unwrap()[name].as_array().unwrap().clone()
}

#[test]
fn figures_are_those_of_another_program() {
    let world = DiskWorld::new(&root().join("examples/autoruit"), None);
    let opened = Opened::new(&world);
    let asked = |kpis: &[&str], drivers: &[&str], period: Option<&str>| Asked {
        kpis: kpis.iter().map(|it| (*it).to_owned()).collect(),
        drivers: drivers.iter().map(|it| (*it).to_owned()).collect(),
        period: period.map(str::to_owned),
        today: Some("2025-10-01".to_owned()),
        ..Asked::default()
    };
    let quarter = Some("2025-Q3");
    let reasons = rows(&opened.reasons(&asked(&[], &["redenen_gesprek"], quarter), Format::Json).unwrap(), "reasons");
    let chain = rows(&opened.chain(&asked(&["behouden_marge"], &[], quarter), Format::Json).unwrap(), "chain");
    let phases = rows(&opened.lifecycle(&asked(&[], &[], None), Format::Json).unwrap(), "lifecycle");
    let find = |what: &str, period: &str, name: &str| -> Value {
        let reason = |bucket: &str| {
            let is = |it: &&Value| it["bucket"] == bucket && it["reason"].as_str().unwrap_or_default() == name;
            reasons.iter().find(is).cloned().unwrap_or_default()
        };
        match what {
            "chain" | "chain_range_low" | "chain_range_high" => {
                let step = chain.iter().find(|it| it["step"] == name).unwrap_or_else(|| panic!("no step {name}"));
                step[what.strip_prefix("chain_").unwrap_or("value")].clone()
            }
            "customers" | "came" | "left" | "flow" => {
                let (phase, to) = name.split_once(" > ").unwrap_or((name, ""));
                let is = |it: &&Value| {
                    it["kind"] == what && it["period"] == period && it["phase"] == phase && it["to"].as_str().unwrap_or_default() == to
                };
                phases.iter().find(is).unwrap_or_else(|| panic!("no {what} {period} {name}"))["value"].clone()
            }
            "at_risk" => reason("all")["at_risk_named"].clone(),
            _ if what.starts_with("named ") => reason(&what[6..])["named"].clone(),
            _ => reason("all")[what].clone(),
        }
    };
    let expected = std::fs::read_to_string(root().join("tests/it/money/expected.csv")).unwrap();
    let mut compared = 0;
    for line in expected.lines().skip(1) {
        let [what, period, name, value] = line.split(',').collect::<Vec<_>>().try_into().unwrap();
        let value: f64 = value.parse().unwrap();
        let found = find(what, period, name);
        // What few are behind is not told of.
        let Some(found) = found.as_f64() else {
            assert!(matches!(name, "Klacht" | "Factuur" | "Overig"), "{line}: {found}");
            continue;
        };
        assert!((found - value).abs() <= 1e-9 * value.abs().max(1.0), "{line}: {found}");
        compared += 1;
    }
    assert!(compared > 300, "{compared}");
}
