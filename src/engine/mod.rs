//! Plan -> [`Table`]: the rows of every source, read once and folded into states.

mod benchmarks;
mod cells;
#[cfg(feature = "engine")]
mod embedded;
mod entities;
mod fold;
mod forecast;
mod group;
mod lookup;
mod packed;
mod plain;
mod text;
mod weigh;

pub use benchmarks::{Outside, outside, with_outside};
pub use fold::KeyValue;
pub use forecast::{Fitted, FittedSpending};
pub use group::{Cells, Group, GroupTable, MakesCells};
pub use plain::OTHER;
pub use weigh::{Wave, Weighed, WeighedCell};

use crate::calendar::Date;
use crate::check::Checked;
use crate::model::{Source, SourceId};
use crate::plan::{Plan, Read};
use crate::source::World;
use crate::value::Diagnostics;
use std::collections::BTreeMap;

/// The engines that a scan may run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The reference: one thread, CSV.
    Plain,
    /// CSV and Parquet, in chunks on several threads, folded by kernels over columns.
    #[cfg(feature = "engine")]
    Embedded,
}

impl Default for Engine {
    /// The embedded engine where it is built in.
    fn default() -> Engine {
        #[cfg(feature = "engine")]
        return Engine::Embedded;
        #[cfg(not(feature = "engine"))]
        Engine::Plain
    }
}

/// How a scan runs; figures do not depend on it.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub engine: Engine,
    pub threads: usize,
}

/// Everything that was read, as states by group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// One for each read of the plan.
    pub reads: Vec<ReadTable>,
    /// How rows were weighted, of sources whose weights are made.
    pub weighed: Vec<Weighed>,
}

/// What one read gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadTable {
    pub source: Option<SourceId>,
    pub rows: u64,
    pub files: Vec<(String, u64)>,
    /// The last and first day that rows tell of.
    pub first: Option<Date>,
    pub last: Option<Date>,
    /// One for each grouping of the read.
    pub groupings: Vec<GroupTable>,
    /// What was found in the columns, by column; only where the read asks for it.
    pub profile: BTreeMap<usize, ColumnProfile>,
}

/// What the values of a column were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnProfile {
    pub blank: u64,
    pub not_applicable: u64,
    /// Codes that the declaration does not know, with how often each was seen. Long texts are counted under no code.
    pub undeclared: BTreeMap<String, u64>,
    /// Values that are not of the column's type.
    pub wrong_type: u64,
    /// How often each text was seen, as it stands in the data.
    pub texts: Texts,
}

/// How often each text of a column was seen. Of a column with very many, as of one of free text, nothing is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    seen: BTreeMap<String, u64>,
    many: bool,
}

impl Texts {
    /// How many different texts of a column are kept.
    const MOST: usize = 1_000;
    /// Longer texts are what persons wrote, and no codes.
    pub const LONGEST: usize = 60;

    /// Counts a text.
    fn add(&mut self, text: &str, times: u64) {
        if self.many || text.is_empty() || text.chars().count() > Texts::LONGEST {
            return;
        }
        match self.seen.get_mut(text) {
            Some(count) => *count += times,
            None => {
                self.seen.insert(text.to_owned(), times);
            }
        }
        if self.seen.len() > Texts::MOST {
            *self = Texts { seen: BTreeMap::new(), many: true };
        }
    }

    /// Adds the texts of a later chunk.
    fn merge(&mut self, other: &Texts) {
        if other.many {
            *self = Texts { seen: BTreeMap::new(), many: true };
        }
        other.seen.iter().for_each(|(text, times)| self.add(text, *times));
    }

    /// The texts with their rows, in order; `None` where there were too many to keep.
    pub fn all(&self) -> Option<&BTreeMap<String, u64>> {
        (!self.many).then_some(&self.seen)
    }
}

impl ReadTable {
    /// Notes days that rows tell of.
    fn see(&mut self, days: Option<(Date, Date)>) {
        let Some((first, last)) = days else { return };
        self.first = Some(self.first.map_or(first, |it| it.min(first)));
        self.last = Some(self.last.map_or(last, |it| it.max(last)));
    }

    /// Puts the groups that were gathered among the others, in the order of the read's groupings.
    fn insert(&mut self, read: &Read, source: &Source, gathered: Vec<GroupTable>) {
        let mut others = std::mem::take(&mut self.groupings).into_iter();
        let mut gathered = gathered.into_iter();
        for it in &read.groupings {
            self.groupings.extend(if it.is_gathered(source.rows) { gathered.next() } else { others.next() });
        }
    }

    /// Adds what was found in a chunk, where the read asks for it.
    fn merge_profile(&mut self, read: &Read, chunk: &BTreeMap<usize, ColumnProfile>) {
        if read.profile {
            chunk.iter().for_each(|(column, found)| self.profile.entry(*column).or_default().merge(found));
        }
    }
}

/// Reads all sources of a plan; those whose weights are made twice, the first time to count what weights are made of.
///
/// Findings in the data go to `out`; `None` where a source could not be read.
pub fn scan(checked: &Checked, plan: &Plan, world: &dyn World, options: Options, out: &mut Diagnostics) -> Option<Table> {
    let mut table = if plan.weighings.is_empty() {
        weigh::scan(checked, plan, world, options, out)?
    } else {
        let (checked, weighed) = weigh::weigh(checked, plan, world, options, out)?;
        Table { weighed, ..weigh::scan(&checked, plan, world, options, out)? }
    };
    for (read, found) in plan.reads.iter().zip(&mut table.reads) {
        let source = &checked.model.sources[read.source.index()];
        (found.first, found.last) = source.covered(found.first, found.last);
    }
    Some(table)
}
