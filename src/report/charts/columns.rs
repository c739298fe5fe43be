//! How are answers spread over a scale? In: a share for each code, with how the score counts it. Out: columns from zero,
//! each share above its column, the ends of the scale below them.

use serde::Serialize;

use super::svg::{Anchor, Face, PathData, Rect, Svg};
use super::text::fit;

/// The answers to a question.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ColumnsInput {
    /// The shares in words, for readers who cannot see them.
    pub desc: String,
    /// One for each code, in the order of the scale.
    pub columns: Vec<AnswerColumn>,
}

/// The answers of one code.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct AnswerColumn {
    /// The code, or what it is called.
    pub label: String,
    /// Its share, in percent.
    pub share: f64,
    /// How the score counts it.
    pub class: AnswerTone,
}

/// How a score counts an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnswerTone {
    /// For the score.
    For,
    /// Neither for it nor against it, or a mean counts it as it is.
    Between,
    /// Against it, or in the base of a share and not counted in it.
    Against,
}

const LABEL: Face = Face::regular("ax", 11.5);
const WIDTH: f64 = 232.0;
/// Where the highest column begins, below its share, and where all stand.
const TOP: f64 = 14.0;
const BASE: f64 = 48.0;

/// Draws it for a card.
pub fn columns(input: &ColumnsInput) -> String {
    draw(input).0.finish()
}

/// Draws it in the size of a word, for a row of the table.
pub fn small(input: &ColumnsInput) -> String {
    let (width, height) = (66.0, 17.0);
    let mut svg = Svg::named("dst", width, height + 1.0, &input.desc);
    let most = input.columns.iter().map(|it| it.share).fold(0.0, f64::max).max(1e-9);
    let step = width / f64::from(u32::try_from(input.columns.len().max(1)).unwrap_or(1));
    let gap = (step * 0.2).min(2.0);
    // One outline for all columns that count alike.
    for (class, tone) in [("cf", AnswerTone::For), ("cm", AnswerTone::Between), ("ca", AnswerTone::Against)] {
        let mut path = PathData::default();
        for (at, it) in (0_u32..).zip(&input.columns).filter(|it| it.1.class == tone) {
            let (left, top) = (step * f64::from(at) + gap / 2.0, height - (it.share / most * height).clamp(0.0, height));
            if height - top > 0.05 {
                path.move_to(left, height);
                path.line_to(left, top);
                path.line_to(left + step - gap, top);
                path.line_to(left + step - gap, height);
                path.close();
            }
        }
        svg.path(class, &path);
    }
    svg.line("base", (0.0, height + 0.5), (width, height + 0.5));
    svg.finish()
}

fn draw(input: &ColumnsInput) -> (Svg, Vec<Rect>) {
    let mut svg = Svg::named("bullet cols", WIDTH, BASE + 15.0, &input.desc);
    let most = input.columns.iter().map(|it| it.share).fold(0.0, f64::max).max(1e-9);
    let count = f64::from(u32::try_from(input.columns.len().max(1)).unwrap_or(1));
    let step = WIDTH / count;
    let gap = (step * 0.2).min(4.0);
    let shares: Vec<String> = input.columns.iter().map(|it| format!("{:.0}", it.share)).collect();
    let told = shares.iter().all(|it| LABEL.width(it) < step);
    let mut bars = Vec::new();
    for (at, it) in (0_u32..).zip(&input.columns) {
        let height = (it.share / most * (BASE - TOP)).clamp(0.0, BASE - TOP);
        let bar = Rect { x: step * f64::from(at) + gap / 2.0, y: BASE - height, w: step - gap, h: height };
        let class = match it.class {
            AnswerTone::For => "cf",
            AnswerTone::Between => "cm",
            AnswerTone::Against => "ca",
        };
        if height > 0.05 {
            svg.rect(class, bar, 0.0);
        }
        bars.push(bar);
    }
    for (bar, share) in bars.iter().zip(&shares).filter(|_| told) {
        svg.label(LABEL, (bar.x + bar.w / 2.0, bar.y - 3.0), Anchor::Middle, share);
    }
    svg.line("base", (0.0, BASE), (WIDTH, BASE));
    let half = WIDTH / 2.0 - 6.0;
    if let Some(first) = input.columns.first() {
        svg.label(LABEL, (0.0, BASE + 12.0), Anchor::Start, &fit(&first.label, LABEL.size, LABEL.weight, half));
    }
    if let Some(last) = input.columns.last().filter(|_| input.columns.len() > 1) {
        svg.label(LABEL, (WIDTH, BASE + 12.0), Anchor::End, &fit(&last.label, LABEL.size, LABEL.weight, half));
    }
    (svg, bars)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::Dice;

    #[test]
    fn columns_stand_on_zero_and_labels_stay_apart() {
        let mut dice = Dice::new(53);
        for _ in 0..200 {
            let columns = (0..dice.below(14)).map(|_| AnswerColumn {
                label: dice.words(9),
                share: dice.between(0.0, 60.0),
                class: AnswerTone::Between,
            });
            let input = ColumnsInput { desc: String::new(), columns: columns.collect() };
            let (svg, bars) = draw(&input);
            for (bar, column) in bars.iter().zip(&input.columns) {
                assert!((bar.y + bar.h - BASE).abs() < 1e-9 && svg.frame().holds(bar));
                // Heights are in proportion to shares.
                let most = input.columns.iter().map(|it| it.share).fold(0.0, f64::max);
                assert!((bar.h * most - column.share * (BASE - TOP)).abs() < 1e-4 * most.max(1.0));
            }
            for (index, label) in svg.labels().iter().enumerate() {
                assert!(svg.frame().holds(&label.room), "{label:?}");
                for other in &svg.labels()[..index] {
                    assert!(!label.room.overlaps(&other.room), "{label:?} {other:?}");
                }
            }
        }
    }
}
