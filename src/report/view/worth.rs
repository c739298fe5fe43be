//! What does a report say of reasons, of customers' lives, and of what figures are worth?

use serde::Serialize;

use super::Head;
use super::parts::{DataTable, Key};
use crate::report::charts::dots::DotsInput;
use crate::report::charts::stack::StackInput;

/// What customers name, and what each reason does to a score.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ReasonTables {
    /// The heading.
    pub head: Head,
    /// One for each answer that reasons are named for.
    pub tables: Vec<ReasonTable>,
}

/// The reasons named for one answer.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ReasonTable {
    /// Its key.
    pub key: Key,
    /// Its title.
    pub title: String,
    /// Outcome, period and base.
    pub subtitle: String,
    /// What each reason adds to the score, or takes away; none where nothing may be shown.
    pub chart: Option<DotsInput>,
    /// What it shows, and what must be known of it.
    pub caption: String,
    /// Each reason by bucket, with score, contribution, who is at risk and what may be saved.
    pub table: Option<DataTable>,
    /// What must be known of that table.
    pub note: Option<String>,
}

/// Customers by the phase of their life.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Lifecycles {
    /// The heading.
    pub head: Head,
    /// One for each lifecycle.
    pub lifecycles: Vec<Lifecycle>,
}

/// A lifecycle.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Lifecycle {
    /// Its key.
    pub key: Key,
    /// Its title.
    pub title: String,
    /// The period, and whose customers they are.
    pub subtitle: String,
    /// The customers by phase over periods; none where there are none to show.
    pub chart: Option<StackInput>,
    /// What it shows, and what must be known of it.
    pub caption: String,
    /// The phases at the end of the period: customers, who came and left, and KPIs.
    pub table: Option<DataTable>,
    /// From which phase to which customers moved.
    pub flows: Option<DataTable>,
}

/// What it is worth.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Money {
    /// The heading.
    pub head: Head,
    /// The chains from what is measured to an amount.
    pub chains: Vec<Chain>,
}

/// From what is measured to an amount, on declared assumptions.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Chain {
    /// The key of its KPI.
    pub key: Key,
    /// Its title.
    pub title: String,
    /// Its period and what it is told by.
    pub subtitle: String,
    /// The amount with its ends, by value where it is told by a dimension; none where nothing may be shown.
    pub chart: Option<DotsInput>,
    /// What it comes to, and what must be known of it.
    pub caption: String,
    /// Its steps, or where it is told by a dimension each value with its steps.
    pub table: Option<DataTable>,
}
