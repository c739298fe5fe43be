//! How did a KPI move, in the size of a word? In: a series. Out: a line without axes, with the
//! natural limits as a band, and marks at signals and at its end.

use serde::Serialize;

use super::scale::{Scale, extent};
use super::svg::{PathData, Rect, Svg};
use crate::report::view::parts::Tone;

/// A small series. Values are in the KPI's unit; `None` is a gap and is drawn as one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, schemars::JsonSchema)]
pub struct SparkInput {
    /// What it shows, in one sentence, for readers who cannot see it.
    pub desc: String,
    /// The values, oldest first, at equal distances.
    pub values: Vec<Option<f64>>,
    /// The natural limits, drawn as a band; low first.
    pub band: Option<(f64, f64)>,
    /// The target of the last period.
    pub target: Option<f64>,
    /// The values of the reported period that are signals, by their place.
    pub signals: Vec<SparkSignal>,
}

/// A value that is a signal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, schemars::JsonSchema)]
pub struct SparkSignal {
    /// Its place among the values.
    pub at: usize,
    /// Whether it is one for the better.
    pub tone: Tone,
}

/// Draws it for a row of the table.
pub fn small(input: &SparkInput) -> String {
    draw(input, 120.0, 30.0, false).0.finish()
}

/// Draws it for a card.
pub fn large(input: &SparkInput) -> String {
    draw(input, 232.0, 58.0, true).0.finish()
}

/// The drawing, and where its end stands. The target is left out where there is no room for it.
fn draw(input: &SparkInput, width: f64, height: f64, roomy: bool) -> (Svg, Option<(f64, f64)>) {
    let margin = 5.5;
    let mut svg = Svg::named("spark", width, height, &input.desc);
    let seen = input.values.iter().flatten().copied();
    // A target or limits far away would flatten the line to nothing; they may add as much again.
    let own = extent(seen.clone()).unwrap_or((0.0, 1.0));
    let span = (own.1 - own.0).max(own.1.abs() * 1e-6).max(1e-9);
    let near = |v: &f64| *v >= own.0 - span * 0.6 && *v <= own.1 + span * 0.6;
    let target = input.target.filter(|v| roomy && near(v));
    let marks = input.band.into_iter().flat_map(|(a, b)| [a, b]).filter(near).chain(target);
    let (low, high) = extent(seen.chain(marks)).unwrap_or((0.0, 1.0));
    let y = Scale::new((low, high), (height - margin, margin));
    let last = f64::from(u32::try_from(input.values.len().max(2) - 1).unwrap_or(1));
    let x = Scale::new((0.0, last), (margin, width - margin));

    if let Some((a, b)) = input.band {
        let (top, bottom) = (y.at(a.max(b)), y.at(a.min(b)));
        svg.rect("npl", Rect { x: 0.0, y: top, w: width, h: (bottom - top).max(1.0) }, 0.0);
    }
    if let Some(target) = target {
        svg.line("tgt", (0.0, y.at(target)), (width, y.at(target)));
    }
    let places: Vec<Option<(f64, f64)>> =
        (0_u32..).zip(&input.values).map(|(place, value)| value.map(|v| (x.at(f64::from(place)), y.at(v)))).collect();
    svg.path("ln", &polyline(&places));
    let last = places.iter().rposition(Option::is_some);
    let is_signal = |at: usize| input.signals.iter().any(|it| it.at == at);
    if let Some(at) = last.filter(|at| !is_signal(*at)).and_then(|at| places[at]) {
        svg.circle("ed", at, 3.8);
    }
    for signal in &input.signals {
        let Some(at) = places.get(signal.at).copied().flatten() else { continue };
        // What is not the end stands back.
        let size = if last == Some(signal.at) { 1.0 } else { 0.8 };
        match signal.tone {
            Tone::Plain => svg.circle("ed", at, 3.8 * size),
            Tone::Better => svg.circle("ed c-good", at, 4.2 * size),
            Tone::Worse => svg.diamond("ed c-bad", at, 5.2 * size),
        }
    }
    (svg, last.and_then(|at| places[at]))
}

/// Joins places by straight lines, leaving gaps as gaps; a place alone becomes a point.
pub(super) fn polyline(places: &[Option<(f64, f64)>]) -> PathData {
    let mut path = PathData::default();
    for (index, place) in places.iter().enumerate() {
        let Some((x, y)) = *place else { continue };
        let before = index.checked_sub(1).and_then(|i| places[i]);
        let after = places.get(index + 1).copied().flatten();
        match (before, after) {
            (Some(_), _) => path.line_to(x, y),
            (None, Some(_)) => path.move_to(x, y),
            (None, None) => path.point(x, y),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_end_is_its_value() {
        let values = vec![Some(1.0), None, Some(4.0), Some(3.0), None];
        let input = SparkInput { values, target: Some(2.0), ..SparkInput::default() };
        let (_, end) = draw(&input, 120.0, 30.0, true);
        let scale = Scale::new((1.0, 4.0), (24.5, 5.5));
        assert_eq!(end, Some((Scale::new((0.0, 4.0), (5.5, 114.5)).at(3.0), scale.at(3.0))));
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        let input = SparkInput { values: vec![None, None], ..SparkInput::default() };
        assert!(!small(&input).contains("path"));
        assert!(!small(&SparkInput::default()).contains("NaN"));
    }

    #[test]
    fn gaps_stay_gaps() {
        let path = polyline(&[Some((0.0, 1.0)), None, Some((2.0, 1.0)), Some((3.0, 4.0))]);
        let mut hoped = PathData::default();
        hoped.point(0.0, 1.0);
        hoped.move_to(2.0, 1.0);
        hoped.line_to(3.0, 4.0);
        assert_eq!(path, hoped);
    }
}
