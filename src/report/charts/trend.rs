//! How did a KPI move over time, and is that signal or noise? In: a series with intervals, norms,
//! limits and events. Out: a line chart in two widths, labelled at its ends, gaps as gaps.

use serde::Serialize;

use super::scale::AxisFormat;
use crate::report::view::parts::{Key, Tone};

/// A series to draw. All values are in the KPI's unit; all lists run oldest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrendInput {
    /// Makes the ids within the drawing.
    pub key: Key,
    /// The message, as in the heading.
    pub title: String,
    /// What is seen, in one or two sentences.
    pub desc: String,
    /// How to write values on the axis.
    pub axis: AxisFormat,
    /// The points, one a period, without leaving periods out.
    pub points: Vec<TrendPoint>,
    /// Target and threshold, as steps.
    pub norms: Vec<NormLine>,
    /// Natural limits, where there are any.
    pub limits: Vec<LimitLine>,
    /// Breaks of the series by a changed definition.
    pub breaks: Vec<Break>,
    /// Events, drawn as numbered flags.
    pub events: Vec<Flag>,
    /// What to write at the end of the line: "5,03".
    pub end_label: String,
    /// What to write below that: "sep ’25".
    pub end_note: String,
}

/// One period of a series.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct TrendPoint {
    /// The mark below the axis, for the periods that may have one: "jan ’24". Marks that would
    /// touch their neighbour are left out.
    pub tick: Option<String>,
    /// The value; `None` is a gap.
    pub value: Option<f64>,
    /// The low end of its interval.
    pub low: Option<f64>,
    /// The high end of its interval.
    pub high: Option<f64>,
    /// Whether the point is a signal, and for what.
    pub signal: Option<Tone>,
    /// Whether the point counts on too few answers or an unfinished period: drawn hollow.
    pub weak: bool,
}

/// Which norm a line shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NormKind {
    /// The target: long dashes, in ink.
    Target,
    /// The threshold: short dashes, lighter.
    Threshold,
}

/// A norm over time, drawn as steps.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NormLine {
    /// Which norm.
    pub kind: NormKind,
    /// Its value at each point; `None` where there is no norm.
    pub values: Vec<Option<f64>>,
    /// What to write at its end: "doel 5,60".
    pub label: String,
}

/// A natural limit or centre line over part of the series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LimitLine {
    /// The first point it holds for.
    pub from: usize,
    /// The last point it holds for.
    pub to: usize,
    /// Its height.
    pub value: f64,
    /// What to write at its end: "ondergrens 5,34"; empty for a line without words.
    pub label: String,
}

/// A break: the points on its two sides may not be compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Break {
    /// The first point after it; the line is interrupted before that point.
    pub before: usize,
    /// What changed: "definitie gewijzigd".
    pub label: String,
}

/// A numbered flag.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Flag {
    /// The number, which the list below the charts explains.
    pub number: u32,
    /// Where it stands, in points: 0.0 is the first point, 1.5 halfway the second and third.
    pub at: f64,
}
