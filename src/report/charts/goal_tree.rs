//! Which customer goal holds back which business goal? In: goals, enablers and their edges. Out: a
//! two-sided tree: business goals in levels at the left, enablers, customer goals at the right.

use serde::Serialize;

use crate::report::view::parts::Status;

/// A goal tree to draw. Nodes stand in order of writing, which settles every tie.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GoalTreeInput {
    /// A name for the drawing.
    pub title: String,
    /// What is seen, in sentences; the caption will do.
    pub desc: String,
    /// Headings of the levels of business goals, the highest first: "Missie", "Bedrijfsdoelen".
    pub business_levels: Vec<String>,
    /// Heading of the enablers.
    pub enabler_heading: String,
    /// Headings of the levels of customer goals, the one nearest the enablers first. One is usual;
    /// goals that others are part of stand further right.
    pub customer_levels: Vec<String>,
    /// The business goals.
    pub business: Vec<GoalNode>,
    /// The enablers.
    pub enablers: Vec<EnablerNode>,
    /// The customer goals.
    pub customer: Vec<GoalNode>,
    /// What ties them.
    pub edges: Vec<GoalEdge>,

}

/// A goal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GoalNode {
    /// Its title.
    pub title: String,
    /// Its level: an index in the headings of its side.
    pub level: usize,
    /// Its status.
    pub status: Status,
    /// Its theme, as an index in the report's themes.
    pub theme: Option<usize>,
    /// Its own KPIs with figures, at most three: "CES afspraak 5,10".
    pub lines: Vec<GoalLine>,
    /// The statuses of the goals that are part of it, in order.
    pub below: Vec<Status>,
    /// "subdoelen": the word before those.
    pub below_label: String,
    /// Why it hangs loose: "nog geen enabler"; makes its box dashed.
    pub gap: Option<String>,
}

/// A KPI within a goal's box.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GoalLine {
    /// Its status, if it differs from the goal's or stands among several.
    pub status: Option<Status>,
    /// Its short title and figure.
    pub text: String,
}

/// An enabler.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EnablerNode {
    /// Its title.
    pub title: String,
    /// Its status in words: "pilot in Utrecht".
    pub note: String,
    /// Whether it is idea, planned or stopped, so that it carries nothing yet: dashed.
    pub gap: bool,
}

/// An end of an edge: an index in the list of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GoalRef {
    /// A business goal.
    Business(usize),
    /// An enabler.
    Enabler(usize),
    /// A customer goal.
    Customer(usize),
}

/// An edge. Which end stands left follows from the nodes; edges within one column and edges to
/// nodes that are not there are left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GoalEdge {
    /// The goal that something is part of, or that is lifted; or the enabler that serves.
    pub from: GoalRef,
    /// The goal that is part of it, the enabler that lifts it, or the customer goal served.
    pub to: GoalRef,
    /// Whether it lies on the critical path.
    pub critical: bool,
    /// Whether it is only a hypothesis: dotted.
    pub hypothesis: bool,
}
