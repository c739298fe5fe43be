//! What is written at the right of a trend? Value, norms and limits, each at the height of its
//! line as far as its neighbours let it.

use super::super::place::{Wish, spread};
use super::super::svg::{Anchor, Face, Svg};
use super::super::text::fit;
use super::{NormKind, Plot, SIDE, SIDE_BOLD, TrendInput};
use crate::report::view::parts::Tone;

/// The face of the last value.
const VALUE: Face = Face::bold("lb b", 15.0);

/// A label at the right, wanting the height of the line that it names.
pub(super) struct Side {
    value: f64,
    lines: Vec<(Face, &'static str, String)>,
    rank: u8,
}

impl Side {
    fn height(&self) -> f64 {
        self.lines.iter().map(|(face, ..)| face.size + 3.0).sum()
    }

    pub(super) fn width(&self) -> f64 {
        self.lines.iter().map(|(face, _, text)| face.width(text)).fold(0.0, f64::max)
    }
}

/// Returns the labels that want a place.
pub(super) fn side_labels(input: &TrendInput) -> Vec<Side> {
    let mut side = Vec::new();
    let last = input.points.iter().rev().find_map(|p| p.value.map(|v| (v, p.signal)));
    if let Some((value, signal)) = last {
        let tone = tone_class(signal);
        let lines = vec![(VALUE, tone, input.end_label.clone()), (SIDE, tone, input.end_note.clone())];
        side.push(Side { value, lines, rank: 0 });
    }
    for norm in &input.norms {
        if let Some(value) = norm.values.iter().rev().find_map(|v| *v) {
            let (face, rank) = match norm.kind {
                NormKind::Target => (SIDE_BOLD, 1),
                NormKind::Threshold => (SIDE, 2),
            };
            side.push(Side { value, lines: vec![(face, "", norm.label.clone())], rank });
        }
    }
    for limit in &input.limits {
        if limit.to + 1 >= input.points.len() && !limit.label.is_empty() {
            side.push(Side { value: limit.value, lines: vec![(SIDE, "", limit.label.clone())], rank: 3 });
        }
    }
    for label in &mut side {
        label.lines.retain(|(.., text)| !text.is_empty());
    }
    side.retain(|label| !label.lines.is_empty());
    side
}

fn tone_class(signal: Option<Tone>) -> &'static str {
    match signal {
        Some(Tone::Better) => "cgood",
        Some(Tone::Worse) => "cbad",
        _ => "",
    }
}

/// Writes the labels at the right, the least important left out where there is no room for all.
pub(super) fn write_side(side: &[Side], plot: &Plot, width: f64, svg: &mut Svg) {
    let room = (plot.area.y - 4.0, plot.bottom() + 8.0);
    let ends = plot.ticks.ends();
    let mut chosen: Vec<&Side> = side.iter().filter(|s| s.value >= ends.0 && s.value <= ends.1).collect();
    chosen.sort_by_key(|label| label.rank);
    while chosen.iter().map(|s| s.height()).sum::<f64>() > room.1 - room.0 {
        chosen.pop();
    }
    // Higher values stand higher; what is equal keeps its rank.
    chosen.sort_by(|a, b| b.value.total_cmp(&a.value));
    let wishes: Vec<Wish> =
        chosen.iter().map(|s| Wish { at: plot.y.at(s.value), size: s.height(), weight: f64::from(5 - s.rank) }).collect();
    let x = plot.right() + 8.0;
    for (label, middle) in chosen.into_iter().zip(spread(&wishes, 0.0, Some(room))) {
        let mut base = middle - label.height() / 2.0;
        for (face, tone, text) in &label.lines {
            base += face.size + 3.0;
            // Of a line that is named, the figure is what must stay.
            let figure = text.rsplit(' ').next().filter(|_| label.rank > 0 && face.width(text) > width - x);
            let text = fit(figure.unwrap_or(text), face.size, face.weight, width - x);
            svg.label_as(*face, tone, (x, base - 4.0), Anchor::Start, &text);
        }
    }
}
