//! What can only the data tell? Undeclared codes and values, wrong types, references that meet nothing; counts, never
//! what persons wrote.

mod assumptions;
mod bases;
mod benchmarks;
mod data;
mod drivers;
mod evidence;
mod experiments;
mod far_codes;
mod findings;
mod freshness;
mod incentives;
mod relations;
mod repeated;
mod spelling;
mod steps;
mod weights;

pub use findings::lapsed;

use crate::calendar::{Date, Grain};
use crate::check::Checked;
use crate::engine::{self, ColumnProfile, Options};
use crate::model::{Column, ColumnType, Source, SourceId, Text};
use crate::plan::{Grouping, Leaf, Plan, Read};
use crate::source::World;
use crate::value::{Code, Diagnostics, Fact};
use data::Data;
use std::collections::BTreeMap;

/// How many codes or values a finding names.
const NAMED: usize = 8;

/// Reads every source whole, and reports what its declaration does not say. `false` where one could not be read.
/// Without a day nothing is said of how recent the data are.
pub fn audit(checked: &Checked, world: &dyn World, options: Options, today: Option<Date>, out: &mut Diagnostics) -> bool {
    let mut complete = true;
    let mut last = Vec::new();
    let mut profiles = spelling::Profiles::new();
    for source in checked.read_sources() {
        if checked.model.sources[source.index()].planned {
            planned(checked, source, world, out);
            continue;
        }
        let mut read = relations::add(checked, whole(checked, source));
        let weight = weights::add(checked, &mut read);
        let codes = far_codes::add(checked, &mut read);
        let repeated = repeated::add(checked, &mut read);
        freshness::by_period(checked, &mut read);
        let weighings = crate::plan::weighing(&checked.model.sources[source.index()], source).into_iter().collect();
        let plan = Plan { weighings, reads: vec![read], ..Plan::default() };
        let Some(table) = engine::scan(checked, &plan, world, options, out) else {
            complete = false;
            continue;
        };
        for mut table in table.reads {
            profiles.insert(source, std::mem::take(&mut table.profile));
            let table = &table;
            columns(checked, source, &profiles[&source], out);
            last.extend(table.source.zip(table.last));
            relations::report(checked, &plan.reads[0], table, out);
            far_codes::report(checked, source, &codes, table, out);
            if let Some(place) = repeated {
                repeated::report(checked, source, place, table, out);
            }
            if let Some(places) = &weight {
                weights::report(checked, source, places, table, out);
            }
            if let Some(today) = today {
                freshness::report(checked, source, table, today, out);
            }
        }
    }
    complete &= benchmarks::report(checked, world, out);
    spelling::report(checked, &profiles, out);
    assumptions::stale(checked, &last, out);
    if complete && !out.has_errors() {
        let data = Data { world, options, today };
        incentives::too_few(checked, data, out);
        bases::report(checked, data, out);
        drivers::report(checked, data, out);
        evidence::report(checked, data, out);
        experiments::report(checked, data, out);
        findings::report(checked, data, out);
        steps::report(checked, data, out);
    }
    crate::check::severities(checked, out);
    complete
}

/// Reports a planned source whose files are all there: its figures stay unknown until somebody says that they count.
fn planned(checked: &Checked, source: SourceId, world: &dyn World, out: &mut Diagnostics) {
    let source = &checked.model.sources[source.index()];
    if !source.files.is_empty() && source.files.iter().all(|it| world.data(&source.folder, &it.pattern).is_ok()) {
        let fact = Fact::at(Code::PlannedWithData, source.span).with("source", &source.name);
        out.push(fact.about(format!("source:{}", source.name)));
    }
}

/// Keeps an item over all rows; gives its place among the cells of the first grouping.
fn keep(read: &mut Read, leaf: Leaf) -> usize {
    read.leaves.push(leaf);
    let place = read.leaves.len() - 1;
    let kept = &mut read.groupings[0].leaves;
    kept.push(place);
    kept.len() - 1
}

/// A read of every column of a source, that keeps nothing.
fn whole(checked: &Checked, source: SourceId) -> Read {
    let data = &checked.model.sources[source.index()];
    let grouping = Grouping {
        time: data.time,
        grain: Grain::All,
        keys: Vec::new(),
        cluster: None,
        walk: None,
        leaves: Vec::new(),
        joints: Vec::new(),
        crossed: Vec::new(),
    };
    Read { source, leaves: Vec::new(), joints: Vec::new(), crossed: Vec::new(), groupings: vec![grouping], profile: true }
}

fn columns(checked: &Checked, source: SourceId, profiles: &BTreeMap<usize, ColumnProfile>, out: &mut Diagnostics) {
    let source = &checked.model.sources[source.index()];
    for (at, profile) in profiles {
        let column = &source.columns[*at];
        let about = |fact: Fact| fact.with("column", &column.name).with("source", &source.name).about(format!("source:{}", source.name));
        if profile.wrong_type > 0 && Some(*at) == source.time {
            // Figures by period need the time of every row: this is no warning.
            let fact = Fact::at(Code::WrongTime, source.span).with("source", &source.name).with("column", &column.name);
            out.push(fact.with("rows", profile.wrong_type));
        } else if profile.wrong_type > 0 {
            let expected = if column.of == Some(ColumnType::Date) { "date" } else { "number" };
            out.push(about(Fact::at(Code::WrongType, column.span)).with("expected", expected).with("rows", profile.wrong_type));
        }
        if !profile.undeclared.is_empty() {
            let rows: u64 = profile.undeclared.values().sum();
            let mut codes: Vec<(&String, &u64)> = profile.undeclared.iter().collect();
            codes.sort_by_key(|it| (std::cmp::Reverse(*it.1), it.0));
            let more = codes.len().saturating_sub(NAMED);
            let named = codes.iter().take(NAMED).map(|(code, rows)| {
                // What persons wrote is not repeated: texts that are no codes have one count together.
                let mut named = vec![("rows", rows.to_string())];
                named.extend((!code.is_empty()).then(|| ("code", (*code).clone())));
                named
            });
            let fact = about(Fact::at(Code::UndeclaredCode, column.span)).with_each("codes", named);
            let fact = fact.with("rows", rows).with_some("more", (more > 0).then_some(more));
            let fact = in_words(fact, source, column, codes.iter().map(|it| it.0.as_str()));
            out.push(misspelt(fact, column, profile, codes.iter().map(|it| it.0.as_str())));
        }
    }
}

/// The finding with how to turn words into numbers, where the data hold the words of the labels of a scale.
fn in_words<'c>(fact: Fact, source: &Source, column: &Column, mut codes: impl Iterator<Item = &'c str>) -> Fact {
    let said = |it: &Text| [&it.plain, &it.nl, &it.en].into_iter().flatten().cloned().collect::<Vec<_>>();
    let is_label = |code: &str| column.labels.iter().flat_map(|it| said(&it.1)).any(|it| it.eq_ignore_ascii_case(code));
    let Some(file) = source.files.first().filter(|_| column.scale.is_some() && column.recode.is_empty() && codes.any(is_label)) else {
        return fact;
    };
    let worded: Vec<(String, &String)> = column.labels.iter().filter_map(|it| Some((said(&it.1).into_iter().next()?, &it.0))).collect();
    let pairs: Vec<String> = worded.iter().map(|(words, code)| format!("\"{words}\" {code}")).collect();
    let mapped: Vec<String> = worded.iter().map(|(words, code)| format!("{words}: {code}")).collect();
    fact.with("file", &file.pattern).with("words", pairs.join(", ")).with("mapped", mapped.join(", "))
}

/// The finding with the code that one of the undeclared ones was meant to be, where no row has that.
fn misspelt<'c>(fact: Fact, column: &Column, profile: &ColumnProfile, codes: impl Iterator<Item = &'c str>) -> Fact {
    let declared = || column.labels.iter().map(|it| &it.0).chain(&column.blank).chain(&column.not_applicable).map(String::as_str);
    let found = codes.filter(|it| !it.is_empty() && column.recode.is_empty());
    match found.filter_map(|it| Some((it, spelling::meant(it, &profile.texts, declared())?))).next() {
        Some((found, meant)) => fact.with("found", found).with("meant", meant),
        None => fact,
    }
}
