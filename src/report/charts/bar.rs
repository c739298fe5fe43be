//! How much does a part add? In: a signed amount, and the ends that all rows of a table share. Out: a bar from zero.

use serde::Serialize;

use super::scale::Scale;
use super::svg::{PathData, Rect, Svg};
use crate::report::view::parts::Tone;

/// A signed amount as a bar.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct BarInput {
    /// The amount in words, for readers who cannot see it; empty where it stands beside it in print.
    pub desc: String,
    /// The amount.
    pub value: f64,
    /// The ends of the scale, which all rows of a table share; zero lies within it.
    pub ends: (f64, f64),
    /// Whether it is a signal, and of what.
    pub tone: Tone,
}

const WIDTH: f64 = 150.0;
const HEIGHT: f64 = 18.0;

/// Draws it.
pub fn bar(input: &BarInput) -> String {
    draw(input).0.finish()
}

fn draw(input: &BarInput) -> (Svg, Rect) {
    let mut svg = match input.desc.as_str() {
        "" => Svg::unsaid("bar", WIDTH, HEIGHT),
        desc => Svg::named("bar", WIDTH, HEIGHT, desc),
    };
    let (low, high) = (input.ends.0.min(0.0), input.ends.1.max(0.0));
    let x = Scale::new((low, if high > low { high } else { low + 1.0 }), (1.0, WIDTH - 1.0));
    let (from, to) = (x.at(0.0), x.at(input.value));
    let bar = Rect { x: from.min(to), y: 3.0, w: (to - from).abs().max(0.8), h: HEIGHT - 6.0 };
    let class = match input.tone {
        Tone::Worse => "bw",
        Tone::Better => "bb",
        Tone::Plain => "bp",
    };
    if input.desc.is_empty() {
        // In a tree there are many: the zero is part of the bar.
        let mut outline = PathData::default();
        outline.rect(bar);
        outline.rect(Rect { x: from - 0.4, y: 0.0, w: 0.8, h: HEIGHT });
        svg.path(class, &outline);
    } else {
        svg.rect(class, bar, 0.0);
        svg.line("base", (from, 0.0), (from, HEIGHT));
    }
    (svg, bar)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_start_at_zero_and_are_in_proportion() {
        let of = |value: f64| draw(&BarInput { desc: String::new(), value, ends: (-3.0, 1.0), tone: Tone::Plain }).1;
        let (half, whole) = (of(-1.5), of(-3.0));
        assert!((whole.w - 2.0 * half.w).abs() < 1e-9);
        assert!((half.x + half.w - (whole.x + whole.w)).abs() < 1e-9);
        assert!(of(1.0).x >= whole.x + whole.w - 1e-9);
        assert!(of(0.0).w <= 1.0);
    }
}
