//! Do figures come out as tests say? Rows of tests on the reference engine; the project's data on the user's.

mod print;
mod rows;

pub use print::{json, junit};

use crate::calendar::{Date, Grain};
use crate::check::Checked;
use crate::engine::{Engine, Options};
use crate::eval::{Periods, Status, judged_grain};
use crate::model::{Expectation, Test, Wanted};
use crate::plan::{Ask, Request};
use crate::publish::{ResultRow, Results};
use crate::session;
use crate::source::World;
use crate::value::{Code, Diagnostics, Fact};
use crate::words::tidy_number;

/// A test that was run.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Its place in the model.
    pub test: usize,
    /// What did not come out, and what kept it from being tried.
    pub failures: Vec<Fact>,
    /// Whether the data that it is about could not be read.
    pub unable: bool,
}

impl Trial {
    /// Whether everything came out.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// Runs all tests, or those with some names, in the order of writing.
pub fn run(checked: &Checked, only: &[String], world: &dyn World, options: Options, today: Date) -> Vec<Trial> {
    let wanted = |test: &Test| only.is_empty() || only.contains(&test.name);
    let tests = checked.model.tests.iter().enumerate().filter(|it| wanted(it.1));
    tests
        .map(|(at, test)| {
            let (failures, unable) = match test.on_data {
                true => on_data(checked, test, world, options, today),
                false => (on_rows(checked, test), false),
            };
            Trial { test: at, failures, unable }
        })
        .collect()
}

fn on_data(checked: &Checked, test: &Test, world: &dyn World, options: Options, today: Date) -> (Vec<Fact>, bool) {
    let mut found = Diagnostics::default();
    match figures(checked, test, world, options, today, &mut found) {
        Some(results) => (test.expectations.iter().filter_map(|it| hold(checked, test, it, &results)).collect(), false),
        None => (found.sorted(), true),
    }
}

/// The rows of a test are invented: a value, a base or a status is compared without protection; `hidden` and `too_few`
/// ask what protection makes of them.
fn on_rows(checked: &Checked, test: &Test) -> Vec<Fact> {
    let options = Options { engine: Engine::Plain, threads: 1 };
    let mut failures = Vec::new();
    let protected = |it: &Expectation| matches!(it.wanted, Wanted::Hidden) || matches!(it.status.as_deref(), Some("hidden" | "too_few"));
    for protects in [false, true] {
        if !test.expectations.iter().any(|it| protected(it) == protects) {
            continue;
        }
        let (world, project) = rows::world(checked, test, protects);
        let mut found = Diagnostics::default();
        // A period of the rows has long ended.
        let Some(results) = figures(&project, test, &world, options, Date::MAX, &mut found) else {
            return found.sorted();
        };
        let own = test.expectations.iter().filter(|it| protected(it) == protects);
        failures.extend(own.filter_map(|it| hold(&project, test, it, &results)));
    }
    failures.sort_by_key(|it| it.span.map(|span| (span.file, span.start)));
    failures
}

/// The grain at which an expectation looks: that of its period, else the one that norms judge at.
fn grain(checked: &Checked, test: &Test, it: &Expectation) -> Grain {
    let own = judged_grain(checked, it.of.kpi);
    match it.period.or(test.period) {
        Some(period) if own != Grain::All => period.grain(),
        _ => own,
    }
}

fn figures(checked: &Checked, test: &Test, world: &dyn World, options: Options, today: Date, out: &mut Diagnostics) -> Option<Results> {
    let mut request = Request::new();
    for it in &test.expectations {
        request.add(Ask { kpi: it.of.kpi, part: it.of.part.clone(), cut: Vec::new(), grain: grain(checked, test, it) });
    }
    session::run(checked, &request, world, options, Periods::default(), today, out).map(|it| it.results)
}

/// What does not come out of an expectation, if anything.
fn hold(checked: &Checked, test: &Test, it: &Expectation, results: &Results) -> Option<Fact> {
    let grain = grain(checked, test, it);
    let table = results.table(it.of.kpi, it.of.part.as_ref(), &[], grain);
    let rows: &[ResultRow] = table.map_or(&[], |it| &it.rows);
    let kpi = &checked.model.kpis[it.of.kpi.index()];
    let unit = kpi.unit.as_ref().map(crate::value::Unit::name).unwrap_or_default();
    let failed = |reason: &'static str| Fact::at(Code::TestFailed, it.span).with("reason", reason).with("kpi", &it.text);
    let expected = |fact: Fact| match &it.wanted {
        Wanted::Value(value) => fact.with("expected", said(value.value, &unit)),
        _ => fact,
    };
    let period = it.period.or(test.period).filter(|_| grain != Grain::All);
    let row = match period {
        Some(period) => rows.iter().find(|row| row.period == period),
        None => match rows {
            [] | [_] => rows.first(),
            [first, ..] => {
                return Some(failed("periods").with("count", rows.len()).with("first", first.period));
            }
        },
    };
    let status = row.map_or(Status::NoData, |it| it.judged.status);
    let value = row.and_then(|it| it.value);
    // What the source drops by itself is the likeliest reason for an empty base, and is not seen in the rows of the test.
    let left_out = row.and_then(|it| it.left_out).unwrap_or_default();
    let none = row.is_some_and(|it| it.n == Some(0));
    let dropped = |fact: Fact| {
        let fact = fact.with_some("filtered", (left_out.filtered > 0).then_some(left_out.filtered));
        let fact = fact.with_some("none", (none && left_out.filtered > 0).then_some("yes"));
        let fact = fact.with_some("several", (left_out.filtered > 1).then_some("yes"));
        fact.with_some("duplicates", (left_out.duplicate > 0).then_some(left_out.duplicate))
    };
    let fact = match (&it.wanted, value) {
        (Wanted::Hidden, _) if status != Status::Hidden => Some(match value {
            Some(value) => failed("not-hidden").with("found", said(value, &unit)),
            None => failed("not-hidden-empty"),
        }),
        (Wanted::Empty, _) if status == Status::Hidden => Some(failed("hidden")),
        (Wanted::Empty, Some(value)) => Some(failed("not-empty").with("found", said(value, &unit))),
        (Wanted::Value(_), None) if status == Status::Hidden => Some(expected(failed("hidden"))),
        (Wanted::Value(_), None) if row.is_none() && period.is_some() => Some(expected(failed("no-period")).with_some("period", period)),
        (Wanted::Value(_), None) => {
            let note = row.and_then(|it| it.notes.first()).map(|it| it.name());
            Some(dropped(expected(failed("empty")).with_some("note", note)))
        }
        (Wanted::Value(wanted), Some(value)) => {
            let allowed = it.tolerance.unwrap_or(0.0) + 1e-9 * wanted.value.abs().max(1.0);
            let off = (value - wanted.value).abs();
            (off > allowed).then(|| {
                let fact = dropped(expected(failed("value")).with("found", said(value, &unit)));
                // What is written with fewer digits is near; the tolerance says how near is enough.
                let near = it.tolerance.is_none() && off <= 0.005 * wanted.value.abs().max(1.0);
                fact.with_some("tolerance", near.then(|| tidy_number(step_above(off))))
            })
        }
        _ => None,
    };
    if fact.is_some() {
        return fact;
    }
    let n = row.and_then(|it| it.n);
    if let Some(wanted) = it.n
        && n.unwrap_or(0) != wanted
    {
        // What is hidden has no base to tell.
        let fact = if status == Status::Hidden { failed("hidden") } else { dropped(failed("n").with("found", n.unwrap_or(0))) };
        return Some(fact.with("expected", wanted));
    }
    match &it.status {
        Some(wanted) if *wanted != status.name() => Some(failed("status").with("found", status.name()).with("expected", wanted)),
        _ => None,
    }
}

/// A value with its unit, as a test writes it.
fn said(value: f64, unit: &str) -> String {
    let value = tidy_number(value);
    if unit.is_empty() || matches!(unit, "number" | "count" | "ratio") { value } else { format!("{value} {unit}") }
}

/// The smallest of 0.001, 0.01, … that is not below a difference.
fn step_above(difference: f64) -> f64 {
    let mut step = 0.001;
    while step < difference {
        step *= 10.0;
    }
    step
}
