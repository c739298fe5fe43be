//! What can only the data tell? Undeclared codes, wrong types, references that meet nothing; counts, never values.

use crate::check::Checked;
use crate::engine::{self, Options};
use crate::model::SourceId;
use crate::plan::{Grouping, Plan, Read};
use crate::source::World;
use crate::value::{Code, Diagnostics, Fact};

/// Reads every source whole, and reports what its declaration does not say. `false` where one could not be read.
pub fn audit(checked: &Checked, world: &dyn World, options: Options, out: &mut Diagnostics) -> bool {
    let mut complete = true;
    for at in 0..checked.model.sources.len() {
        let plan = Plan { reads: vec![whole(checked, SourceId(at as u32))], ..Plan::default() };
        match engine::scan(checked, &plan, world, options, out) {
            Some(table) => table.reads.iter().for_each(|it| columns(checked, it, out)),
            None => complete = false,
        }
    }
    complete
}

/// A read of every column of a source, that keeps nothing.
fn whole(checked: &Checked, source: SourceId) -> Read {
    let data = &checked.model.sources[source.index()];
    let grain = crate::calendar::Grain::All;
    let grouping = Grouping { time: data.time, grain, keys: Vec::new(), cluster: None, leaves: Vec::new(), joints: Vec::new() };
    Read { source, leaves: Vec::new(), joints: Vec::new(), groupings: vec![grouping], profile: true }
}

fn columns(checked: &Checked, read: &engine::ReadTable, out: &mut Diagnostics) {
    let Some(source) = read.source else { return };
    let source = &checked.model.sources[source.index()];
    for (at, profile) in &read.profile {
        let column = &source.columns[*at];
        if profile.wrong_type > 0 {
            let expected = match column.of {
                Some(crate::model::ColumnType::Date) => "date",
                _ => "number",
            };
            let fact = Fact::at(Code::WrongType, column.span).with("column", &column.name).with("source", &source.name);
            out.push(fact.with("expected", expected).with("rows", profile.wrong_type));
        }
        if !profile.undeclared.is_empty() {
            let rows: u64 = profile.undeclared.values().sum();
            let codes: Vec<String> = profile
                .undeclared
                .iter()
                .take(8)
                .map(|(code, rows)| if code.is_empty() { format!("other texts ({rows} rows)") } else { format!("{code} ({rows} rows)") })
                .collect();
            let more = profile.undeclared.len().saturating_sub(8);
            let fact = Fact::at(Code::UndeclaredCode, column.span).with("column", &column.name).with("source", &source.name);
            let fact = fact.with("codes", codes.join(", ")).with("rows", rows);
            out.push(fact.with_some("more", (more > 0).then_some(more)).about(format!("source:{}", source.name)));
        }
    }
}
