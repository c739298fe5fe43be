//! What does a report say of why figures moved?

use serde::Serialize;

use super::Head;
use super::parts::{DataTable, Delta, Key};
use crate::report::charts::bar::BarInput;
use crate::report::charts::waterfall::WaterfallInput;

/// What moved, taken apart.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Whys {
    /// The heading.
    pub head: Head,
    /// At most three KPIs that moved beyond noise.
    pub moves: Vec<Move>,
    /// What moved too, in words: where segments went alike, where nothing can be taken apart, what stands elsewhere.
    pub others: Vec<MovedToo>,
}

/// What moved too, in words.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct MovedToo {
    /// The key of the KPI that it tells of; none where it names several.
    pub key: Option<Key>,
    /// What is told.
    pub text: String,
}

impl Whys {
    /// The KPIs that the section tells of at a place of their own, each once: whole, as a part of another, or in words.
    pub fn places(&self) -> impl Iterator<Item = &Key> {
        let moves = self.moves.iter().filter(|it| !it.rows.is_empty()).map(|it| &it.key);
        let rows = self.moves.iter().flat_map(|it| &it.rows).filter_map(|it| it.key.as_ref());
        moves.chain(rows).chain(self.others.iter().filter_map(|it| it.key.as_ref()))
    }
}

/// A KPI that moved.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Move {
    /// Its key.
    pub key: Key,
    /// What moved, from where to where.
    pub title: String,
    /// The periods, the change and its interval.
    pub subtitle: String,
    /// The headings of the two values: the period before, and this one.
    pub periods: (String, String),
    /// The whole, its parts and their segments, each below what it is part of; empty where the drawing tells it all.
    pub rows: Vec<MoveRow>,
    /// How the rows add up, and by which method.
    pub caption: String,
    /// The segments of what can be cut, as a way from the one figure to the other.
    pub falls: Vec<Fall>,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MoveKind {
    /// The figure itself.
    Whole,
    /// A part of its formula.
    Part,
    /// The own change of a segment.
    Segment,
    /// What other shares of the segments made.
    Mix,
    /// What no row above tells.
    Rest,
}

/// A row of the way.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct MoveRow {
    /// The key of the KPI that it is; none of a segment, and where the section tells of that KPI elsewhere.
    pub key: Option<Key>,
    /// What it is.
    pub kind: MoveKind,
    /// How deep it stands: 0 for the whole.
    pub level: usize,
    /// What it is called.
    pub label: String,
    /// What must be known of it: what it is made of, that it is new, that answers are few.
    pub note: Option<String>,
    /// Its value in the period before; empty for what has none.
    pub before: String,
    /// Its value in this period.
    pub after: String,
    /// What it adds to the change of the whole.
    pub change: Option<Delta>,
    /// The same as a bar from zero, on the scale of all rows.
    pub bar: Option<BarInput>,
    /// The same as a share of the whole change: "90%".
    pub share: String,
}

/// What the segments of a figure made of its change.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Fall {
    /// What moved, from where to where, by which cut.
    pub title: String,
    /// The periods, and what bars are.
    pub subtitle: String,
    /// The drawing.
    pub chart: WaterfallInput,
    /// What stands beside it: causes that the project ties to the same goals, the largest segment, the mix.
    pub beside: Vec<Beside>,
    /// What it shows, and what mix and rate mean here.
    pub caption: String,
    /// The same as a table, with shares and bases.
    pub table: DataTable,
}

/// A figure beside a way.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Beside {
    /// The figure, with its unit.
    pub value: String,
    /// What it is.
    pub label: String,
    /// What it was in the period before, and what it should be.
    pub note: String,
}
