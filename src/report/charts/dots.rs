//! For whom is it better or worse? In: one KPI by the values of one dimension. Out: a row a value,
//! with dot, interval, target and base; what is hidden says so.

use serde::Serialize;

use super::scale::AxisFormat;
use crate::report::view::parts::{Delta, Key, Status};

/// A KPI by the values of a dimension, sorted as they must be shown (best first, hidden last).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DotsInput {
    /// Makes the ids within the drawing.
    pub key: Key,
    /// "CES afspraak per opdrachtgever".
    pub title: String,
    /// What is seen, in a sentence.
    pub desc: String,
    /// How to write values on the axis.
    pub axis: AxisFormat,
    /// The ends of the scale, to share one between panels; else chosen from the rows.
    pub scale: Option<(f64, f64)>,
    /// The target that all rows share.
    pub target: Option<f64>,
    /// "doel 5,6".
    pub target_label: String,
    /// The heading of the first column: the dimension.
    pub row_heading: String,
    /// The heading of the base: "n".
    pub base_heading: String,
    /// The heading of the value: the KPI in short.
    pub value_heading: String,
    /// The heading of the differences: "Δ vorig jaar"; empty if there are none.
    pub delta_heading: String,
    /// The rows.
    pub rows: Vec<DotRow>,
}

/// One value of the dimension.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DotRow {
    /// Its label.
    pub label: String,
    /// Its base as printed: "302"; empty if hidden.
    pub base: String,
    /// Its value; `None` if hidden or absent.
    pub value: Option<f64>,
    /// The low end of its interval.
    pub low: Option<f64>,
    /// The high end of its interval.
    pub high: Option<f64>,
    /// The value as printed.
    pub text: String,
    /// Its status.
    pub status: Status,
    /// The value of the period that it is compared with.
    pub previous: Option<f64>,
    /// Its difference with that.
    pub delta: Option<Delta>,
    /// Why there is no value: "verborgen: minder dan 10 antwoorden".
    pub absent: Option<String>,
}
