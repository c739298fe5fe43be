//! How did a KPI move, in the size of a word? In: a series. Out: a line without axes, with the
//! natural limits as a band and a mark at its end.

use serde::Serialize;

use crate::report::view::parts::Tone;

/// A small series. Values are in the KPI's unit; `None` is a gap and is drawn as one.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct SparkInput {
    /// What it shows, in one sentence, for readers who cannot see it.
    pub desc: String,
    /// The values, oldest first, at equal distances.
    pub values: Vec<Option<f64>>,
    /// The natural limits, drawn as a band; low first.
    pub band: Option<(f64, f64)>,
    /// The target of the last period.
    pub target: Option<f64>,
    /// Whether the last value is a signal.
    pub end: Tone,
}
