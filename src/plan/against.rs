//! What a figure is held against: an earlier one, a norm, an outside figure, the rest, another group.

use crate::calendar::Length;
use crate::model::RowExpr;

/// What a figure is held against.
#[derive(Clone, Debug, PartialEq)]
pub enum Against {
    /// The period before; of a survey in waves the wave before (R7).
    Previous,
    /// The same period a year before.
    Year,
    /// The period so long before: what stood before an action began.
    Earlier(Length),
    /// The target that holds for it.
    Norm,
    /// An outside figure, by its place among the benchmarks.
    Benchmark(usize),
    /// All that is not in the segment.
    Rest,
    /// Another group of rows; what the figure itself is of stands in its part.
    Group {
        /// The condition of the other group, with whatever else the figure is limited to.
        part: RowExpr,
        /// What it is called: `channel = "phone"`, or `rest`.
        name: String,
    },
}

impl Against {
    /// The word of machine output.
    pub fn name(&self) -> &'static str {
        match self {
            Against::Previous => "previous",
            Against::Year => "year",
            Against::Earlier(_) => "earlier",
            Against::Norm => "norm",
            Against::Benchmark(_) => "benchmark",
            Against::Rest => "rest",
            Against::Group { .. } => "group",
        }
    }

    /// Whether it is an earlier figure of the same rows' kind.
    pub fn is_earlier(&self) -> bool {
        matches!(self, Against::Previous | Against::Year | Against::Earlier(_))
    }
}
