//! Do the figures of others that stand in files hold, and do they say where they come from?

use crate::check::{Checked, missing_origin};
use crate::engine;
use crate::source::World;
use crate::value::{Code, Diagnostics, Fact};
use std::collections::BTreeMap;

/// Reads the files of all benchmarks; `false` where one cannot be read, or has rows that say nothing sound.
pub(super) fn report(checked: &Checked, world: &dyn World, out: &mut Diagnostics) -> bool {
    let mut complete = true;
    for of in checked.model.benchmarks.iter().filter(|it| it.file.is_some()) {
        let Some(rows) = engine::outside(checked, of, world, out) else {
            complete = false;
            continue;
        };
        let mut lacking: BTreeMap<(&str, Option<String>), (u64, u64)> = BTreeMap::new();
        for row in &rows {
            if let Some(missing) = missing_origin(&checked.model, &row.benchmark) {
                lacking.entry(missing).or_insert((0, row.line)).0 += 1;
            }
        }
        for ((missing, variant), (rows, line)) in lacking {
            let fact = Fact::at(Code::MissingOrigin, of.span).with("name", &of.name).with("word", "benchmark").with("rows", rows);
            let fact = fact.with("line", line).with("missing", missing).with_some("variant", variant);
            out.push(fact.about(format!("benchmark:{}", of.name)));
        }
    }
    complete
}
