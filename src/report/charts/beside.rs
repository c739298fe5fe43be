//! Where does a figure stand beside one of others? In: a value with its interval, and the other figure. Out: both on one
//! axis, each with its figure.

use serde::Serialize;

use super::scale::{AxisFormat, Scale, extent, ticks};
use super::svg::{Anchor, Face, PathData, Rect, Svg};

/// A value beside that of others, in the KPI's unit.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct BesideInput {
    /// Both in a sentence, for readers who cannot see them.
    pub desc: String,
    /// How to write values on the axis.
    pub axis: AxisFormat,
    /// One's own value.
    pub value: f64,
    /// What stands at it: "45,3".
    pub label: String,
    /// Its interval, low first.
    pub interval: Option<(f64, f64)>,
    /// The figure of others.
    pub other: f64,
    /// What stands at it: "benchmark 41".
    pub other_label: String,
}

const AXIS: Face = Face::regular("ax", 12.0);
const OWN: Face = Face::bold("lb b", 15.0);
const OTHER: Face = Face::bold("ax axb", 12.0);
/// From top to bottom: the own figure, the line on which both stand, the other figure, and the axis.
const LABEL_AT: f64 = 13.0;
const LINE_AT: f64 = 28.0;
const OTHER_AT: f64 = 55.0;
const FOOT: f64 = 64.0;
const HEIGHT: f64 = 84.0;

/// Draws it for a wide page.
pub fn wide(input: &BesideInput) -> String {
    draw(input, 600.0, 8).finish()
}

/// Draws it for a phone.
pub fn narrow(input: &BesideInput) -> String {
    draw(input, 300.0, 4).finish()
}

fn draw(input: &BesideInput, width: f64, about: usize) -> Svg {
    let mut svg = Svg::named("beside", width, HEIGHT, &input.desc);
    let interval = input.interval.into_iter().flat_map(|(a, b)| [a, b]);
    let (low, high) = extent([input.value, input.other].into_iter().chain(interval)).unwrap_or((0.0, 1.0));
    let marks = ticks(low, high, about, input.axis.range);
    let texts: Vec<String> = marks.values.iter().map(|it| input.axis.write(*it, marks.decimals)).collect();
    // The outer figures of the axis stand within the drawing.
    let half = |it: Option<&String>| it.map_or(0.0, |it| AXIS.width(it) / 2.0).max(7.0);
    let x = Scale::new(marks.ends(), (half(texts.first()), width - half(texts.last())));
    let mut grid = PathData::default();
    let mut free = -8.0;
    for (value, text) in marks.values.iter().zip(&texts) {
        let (at, half) = (x.at(*value), AXIS.width(text) / 2.0);
        grid.move_to(at, LINE_AT - 10.0);
        grid.line_to(at, FOOT);
        if at - half >= free + 8.0 {
            svg.label(AXIS, (at, FOOT + 16.0), Anchor::Middle, text);
            free = at + half;
        }
    }
    svg.path("grid", &grid);
    let (from, to) = marks.ends();
    svg.line("base", (x.at(from), FOOT), (x.at(to), FOOT));
    if let Some((a, b)) = input.interval {
        svg.line("cil", (x.at(a.min(b)), LINE_AT), (x.at(a.max(b)), LINE_AT));
    }
    let other = x.at(input.other);
    svg.rect("tg", Rect { x: other - 1.3, y: LINE_AT - 11.0, w: 2.6, h: 22.0 }, 0.0);
    let value = x.at(input.value);
    svg.circle("acd", (value, LINE_AT), 6.0);
    named(&mut svg, OWN, (value, LABEL_AT), &input.label);
    named(&mut svg, OTHER, (other, OTHER_AT - 3.0), &input.other_label);
    svg
}

/// A label amid a place, within the drawing.
fn named(svg: &mut Svg, face: Face, at: (f64, f64), label: &str) {
    let width = svg.frame().w;
    let half = (face.width(label) / 2.0).min(width / 2.0);
    svg.label(face, (at.0.clamp(half, width - half), at.1), Anchor::Middle, label);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::Dice;
    use crate::words::Lang;

    #[test]
    fn both_figures_are_named_and_labels_stay_within_and_apart() {
        let mut dice = Dice::new(29);
        for _ in 0..300 {
            let low = dice.between(-200.0, 200.0);
            let span = dice.between(0.01, 500.0);
            let mut value = || dice.between(low, low + span);
            let input = BesideInput {
                desc: String::new(),
                axis: AxisFormat::plain(Lang::Nl),
                value: value(),
                label: "123,45".into(),
                interval: Some((value(), value())),
                other: value(),
                other_label: "benchmark 123,45".into(),
            };
            for (width, about) in [(600.0, 8), (300.0, 4)] {
                let svg = draw(&input, width, about);
                let labels = svg.labels();
                // The two figures, and two or more on the axis.
                assert!(labels.len() >= 4, "{labels:?}");
                for (index, label) in labels.iter().enumerate() {
                    assert!(svg.frame().holds(&label.room), "{label:?}");
                    for other in &labels[..index] {
                        assert!(!label.room.overlaps(&other.room), "{label:?} {other:?}");
                    }
                }
            }
        }
    }
}
