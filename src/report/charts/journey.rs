//! How does the experience run through a journey? In: one value a stage. Out: a smooth line whose
//! points stand above the columns of the stages.

use serde::Serialize;

use super::scale::AxisFormat;
use crate::report::view::parts::Status;

/// The experience line. Only stages whose primary KPIs share unit and range have a place in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExperienceInput {
    /// What is seen, in a sentence.
    pub desc: String,
    /// How to write values on the axis.
    pub axis: AxisFormat,
    /// One for each stage, in order.
    pub points: Vec<ExperiencePoint>,
    /// What the grey line is: "vorig jaar"; empty if there is none.
    pub previous_label: String,
}

/// The value of one stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExperiencePoint {
    /// The value; `None` is a gap.
    pub value: Option<f64>,
    /// The value as printed.
    pub label: String,
    /// Its status.
    pub status: Status,
    /// The value of the period that it is compared with.
    pub previous: Option<f64>,
}
