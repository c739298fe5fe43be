//! Of how many parts is a whole made, period by period? In: a count for each part and period. Out: columns from zero, the
//! parts upon each other in their own order, the last column labelled; a period of which a part is hidden has no column.

use serde::Serialize;

use super::place::{Wish, spread};
use super::scale::{AxisFormat, Scale, ticks};
use super::svg::{Anchor, Face, PathData, Rect, Svg};
use super::text::fit;
use crate::report::view::parts::Key;

/// Counts by part and period.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct StackInput {
    /// Makes the ids within the drawing.
    pub key: Key,
    /// What is counted.
    pub title: String,
    /// What is seen, in a sentence.
    pub desc: String,
    /// How to write values on the axis.
    pub axis: AxisFormat,
    /// What the axis counts, in a word: "klanten".
    pub counted: String,
    /// The parts, lowest first: label, and what stands behind it for the last period.
    pub parts: Vec<(String, String)>,
    /// The periods, oldest first.
    pub columns: Vec<StackColumn>,
}

/// The counts of one period.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct StackColumn {
    /// The period, in short.
    pub label: String,
    /// One for each part; none where one of them may not be shown.
    pub counts: Option<Vec<f64>>,
}

/// The shades of parts that the style sheet has.
const SHADES: usize = 6;

const AXIS: Face = Face::regular("ax", 12.0);
const PART: Face = Face::regular("rl", 14.0);
const COUNT: Face = Face::bold("lb b", 14.0);

/// Where the columns begin, below the word for what is counted.
const TOP: f64 = 30.0;

struct Form {
    variant: &'static str,
    width: f64,
    height: f64,
    /// Where columns end, and labels of parts begin; none where those stand below the columns.
    labels: Option<f64>,
}

/// Draws it for a wide page.
pub fn wide(input: &StackInput) -> String {
    draw(input, &Form { variant: "w", width: 1060.0, height: 250.0, labels: Some(760.0) }).finish()
}

/// Draws it for a phone: the parts named below the columns.
pub fn narrow(input: &StackInput) -> String {
    draw(input, &Form { variant: "n", width: 350.0, height: 190.0, labels: None }).finish()
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn shade(part: usize) -> String {
    format!("sk{}", part.min(SHADES - 1))
}

fn draw(input: &StackInput, form: &Form) -> Svg {
    let row = 24.0;
    // Labels beside the columns need as much height as they are.
    let needed = if form.labels.is_some() { 20.0 * number(input.parts.len()) + 60.0 } else { 0.0 };
    let height = form.height.max(needed);
    let below = if form.labels.is_none() { row * number(input.parts.len()) + 8.0 } else { 0.0 };
    let class = format!("chart stack {}", form.variant);
    let id = format!("sk-{}-w", input.key.as_str());
    let mut svg = match form.variant {
        "n" => Svg::twin(&class, form.width, height + below, &id),
        _ => Svg::titled(&class, form.width, height + below, &id, &input.title, &input.desc),
    };
    let most = input.columns.iter().filter_map(|it| it.counts.as_ref()).map(|it| it.iter().sum::<f64>()).fold(0.0, f64::max);
    let marks = ticks(0.0, most.max(1.0), 4, Some((0.0, f64::INFINITY)));
    let foot = height - 24.0;
    let y = Scale::new(marks.ends(), (foot, TOP));
    let counted = fit(&input.counted, AXIS.size, AXIS.weight, form.labels.unwrap_or(form.width) / 2.0);
    svg.label(AXIS, (0.0, 11.0), Anchor::Start, &counted);
    let texts: Vec<String> = marks.values.iter().map(|it| input.axis.write(*it, marks.decimals)).collect();
    let left = texts.iter().map(|it| AXIS.width(it)).fold(0.0, f64::max) + 8.0;
    let right = form.labels.map_or(form.width, |it| it - 14.0);
    let mut grid = PathData::default();
    for (value, text) in marks.values.iter().zip(&texts) {
        grid.move_to(left, y.at(*value));
        grid.line_to(right, y.at(*value));
        svg.label(AXIS, (left - 8.0, y.at(*value) + 4.0), Anchor::End, text);
    }
    svg.path("grid", &grid);
    let step = (right - left) / number(input.columns.len().max(1));
    let gap = (step * 0.28).min(18.0);
    // One outline for all that is of a part.
    let mut outlines: Vec<PathData> = vec![PathData::default(); input.parts.len()];
    for (at, column) in input.columns.iter().enumerate() {
        let from = left + step * number(at) + gap / 2.0;
        if let Some(counts) = &column.counts {
            let mut sum = 0.0;
            for (part, count) in counts.iter().enumerate() {
                let (bottom, top) = (y.at(sum), y.at(sum + count));
                sum += count;
                if bottom - top > 0.05
                    && let Some(outline) = outlines.get_mut(part)
                {
                    outline.rect(Rect { x: from, y: top, w: step - gap, h: bottom - top });
                }
            }
        }
    }
    // The last column is what is told; from there on back as many as there is room for.
    let mut free = right + 8.0;
    for (at, column) in input.columns.iter().enumerate().rev() {
        let half = AXIS.width(&column.label) / 2.0;
        let middle = (left + step * (number(at) + 0.5)).min(right - half);
        if middle + half + 8.0 <= free && middle - half >= left - 1.0 {
            svg.label(AXIS, (middle, foot + 18.0), Anchor::Middle, &column.label);
            free = middle - half;
        }
    }
    // Parts are told apart by a line of the ground's colour, not by their shade alone.
    outlines.iter().enumerate().for_each(|(part, it)| svg.path(&format!("sk {}", shade(part)), it));
    svg.line("base", (left, foot), (right, foot));
    match form.labels {
        Some(from) => beside(input, (from, form.width), &y, (TOP, foot), &mut svg),
        None => under(input, form, row, &mut svg),
    }
    svg
}

/// Names each part beside its place in the last column.
fn beside(input: &StackInput, room: (f64, f64), y: &Scale, bounds: (f64, f64), svg: &mut Svg) {
    let last = input.columns.last().and_then(|it| it.counts.clone());
    let mut sum = 0.0;
    let mut wishes = Vec::new();
    for part in 0..input.parts.len() {
        let count = last.as_ref().and_then(|it| it.get(part)).copied().unwrap_or(0.0);
        // From the top down, as places run.
        wishes.push((part, y.at(sum + count / 2.0)));
        sum += count;
    }
    wishes.reverse();
    let places = spread(&wishes.iter().map(|it| Wish { at: it.1, size: 19.0, weight: 1.0 }).collect::<Vec<_>>(), 1.0, Some(bounds));
    for ((part, at), place) in wishes.iter().zip(places) {
        let (label, count) = &input.parts[*part];
        let mut lead = PathData::default();
        if last.is_some() {
            lead.move_to(room.0 - 12.0, *at);
            lead.line_to(room.0, place);
            svg.path("base", &lead);
        }
        svg.rect(&format!("sk {}", shade(*part)), Rect { x: room.0 + 4.0, y: place - 6.0, w: 12.0, h: 12.0 }, 0.0);
        name(svg, (room.0 + 24.0, place + 5.0), room.1, label, count);
    }
}

fn under(input: &StackInput, form: &Form, row: f64, svg: &mut Svg) {
    // The uppermost part first.
    for (at, part) in (0..input.parts.len()).rev().enumerate() {
        let base = form.height + 18.0 + row * number(at);
        svg.rect(&format!("sk {}", shade(part)), Rect { x: 0.0, y: base - 11.0, w: 12.0, h: 12.0 }, 0.0);
        let (label, count) = &input.parts[part];
        name(svg, (20.0, base), form.width, label, count);
    }
}

/// A part's name, and behind it its count.
fn name(svg: &mut Svg, at: (f64, f64), end: f64, label: &str, count: &str) {
    let count_width = COUNT.width(count);
    let label = fit(label, PART.size, PART.weight, (end - at.0 - count_width - 12.0).max(20.0));
    svg.label(PART, at, Anchor::Start, &label);
    svg.label(COUNT, (end, at.1), Anchor::End, count);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::Dice;
    use crate::words::Lang;

    fn input(dice: &mut Dice) -> StackInput {
        let parts = dice.below(7);
        let columns = (0..dice.below(14)).map(|_| StackColumn {
            label: "Q3 2025".into(),
            counts: (dice.share() > 0.2).then(|| (0..parts).map(|_| dice.between(0.0, 4000.0).floor()).collect()),
        });
        let columns = columns.collect();
        StackInput {
            key: Key::new("x"),
            title: String::new(),
            desc: String::new(),
            axis: AxisFormat::plain(Lang::Nl),
            counted: dice.words(3),
            parts: (0..parts).map(|_| (dice.words(8), "12.345 · 100,0%".into())).collect(),
            columns,
        }
    }

    #[test]
    fn columns_stand_on_zero_and_labels_stay_within_and_apart() {
        let mut dice = Dice::new(91);
        for _ in 0..300 {
            let input = input(&mut dice);
            for form in [
                Form { variant: "w", width: 1060.0, height: 250.0, labels: Some(760.0) },
                Form { variant: "n", width: 350.0, height: 190.0, labels: None },
            ] {
                let svg = draw(&input, &form);
                for (index, label) in svg.labels().iter().enumerate() {
                    assert!(svg.frame().holds(&label.room), "{} {label:?}", form.variant);
                    for other in &svg.labels()[..index] {
                        assert!(!label.room.overlaps(&other.room), "{label:?} {other:?}");
                    }
                }
                let svg = svg.finish();
                // A column has a rectangle for each part that is not too small to see, and beside them one a part as its key.
                let drawn = input.columns.iter().filter_map(|it| it.counts.as_ref()).map(|it| it.iter().filter(|it| **it > 40.0).count());
                assert!(svg.matches('Z').count() >= drawn.sum::<usize>() + input.parts.len());
                assert!(!svg.contains("NaN"));
            }
        }
    }
}
