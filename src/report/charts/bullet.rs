//! Where does a value stand between its norms? In: value, interval, norms. Out: a bullet: bands
//! in one hue, the value as a dot with its interval, or as a bar where the scale starts at 0.

use serde::Serialize;

use super::scale::AxisFormat;
use crate::report::view::parts::Direction;

/// A value between its norms, all in the KPI's unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BulletInput {
    /// Value, interval, norms and scale in one sentence, for readers who cannot see it.
    pub desc: String,
    /// How to write the ends of the scale.
    pub axis: AxisFormat,
    /// The ends of the scale; without them they are chosen around all that is drawn.
    pub scale: Option<(f64, f64)>,
    /// The value; none if it is hidden or absent, and then the norms stand alone.
    pub value: Option<f64>,
    /// Its interval, low first.
    pub interval: Option<(f64, f64)>,
    /// Its worst norm: where satisfaction is 0.
    pub worst: Option<f64>,
    /// Its threshold: where satisfaction is 50.
    pub threshold: Option<f64>,
    /// Its target: where satisfaction is 100.
    pub target: Option<f64>,
    /// "doel 5,60": the label below the target. Only large bullets show it.
    pub target_label: String,
    /// The value of the period that it is compared with, drawn as a small triangle.
    pub previous: Option<f64>,
    /// Which way is good; turns the order of the bands, never the scale.
    pub direction: Direction,
}
