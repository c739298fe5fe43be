//! What is drawn in the plot of a trend? Flags, breaks, the interval, norms and the series itself.

use super::super::place::{Wish, spread};
use super::super::spark::polyline;
use super::super::svg::{Anchor, Face, PathData, Svg};
use super::super::text::fit;
use super::{Flag, NormLine, Plot, SIDE_BOLD, TrendInput, flag_rows};
use crate::report::view::parts::Tone;

/// The face of a flag's number.
const FLAG: Face = Face::bold("evt", 10.5);

/// Draws the numbered flags in rows above the plot, each with a line to its day.
pub(super) fn flags(input: &TrendInput, plot: &Plot, svg: &mut Svg) {
    let rows = flag_rows(input, plot.area.w);
    for row in 0..rows {
        let here: Vec<&Flag> = input
            .events
            .iter()
            .enumerate()
            .filter(|(index, _)| u32::try_from(*index).unwrap_or(0) % rows == row)
            .map(|(_, flag)| flag)
            .collect();
        let wishes: Vec<Wish> = here.iter().map(|f| Wish { at: plot.x.at(f.at), size: 18.0, weight: 1.0 }).collect();
        let places = spread(&wishes, 3.0, Some((plot.area.x, plot.right())));
        let y = 11.0 + 22.0 * f64::from(row);
        for (flag, place) in here.into_iter().zip(places) {
            if place + 9.0 > svg.frame().w {
                continue;
            }
            let x = plot.x.at(flag.at);
            let mut lead = PathData::default();
            lead.move_to(place, y + 9.0);
            lead.line_to(x, plot.area.y);
            lead.line_to(x, plot.bottom());
            svg.path("evl", &lead);
            svg.circle("evc", (place, y), 9.0);
            svg.label(FLAG, (place, y + 3.8), Anchor::Middle, &flag.number.to_string());
        }
    }
}

/// Draws the breaks, each named where there is room.
pub(super) fn breaks(input: &TrendInput, plot: &Plot, svg: &mut Svg) {
    let base = plot.area.y - 6.0;
    let mut free = plot.area.x - 0.1;
    for broken in &input.breaks {
        if broken.before == 0 || broken.before >= input.points.len() {
            continue;
        }
        let x = (plot.x(broken.before - 1) + plot.x(broken.before)) / 2.0;
        svg.line("defc", (x, base - 10.0), (x, plot.bottom()));
        let room = svg.frame().w - x - 7.0;
        let (text, at) = if SIDE_BOLD.width(&broken.label) <= room || room > svg.frame().w / 2.0 {
            (fit(&broken.label, SIDE_BOLD.size, SIDE_BOLD.weight, room), x + 6.0)
        } else {
            let text = fit(&broken.label, SIDE_BOLD.size, SIDE_BOLD.weight, x - 7.0 - plot.area.x);
            let at = x - 6.0 - SIDE_BOLD.width(&text);
            (text, at)
        };
        if at >= free {
            free = at + SIDE_BOLD.width(&text) + 8.0;
            svg.label(SIDE_BOLD, (at, base), Anchor::Start, &text);
        }
    }
}

/// The places of the line, with a gap before every break.
fn places(input: &TrendInput, plot: &Plot) -> Vec<Option<(f64, f64)>> {
    let mut places = Vec::new();
    for (index, point) in input.points.iter().enumerate() {
        if input.breaks.iter().any(|b| b.before == index) {
            places.push(None);
        }
        places.push(point.value.map(|v| (plot.x(index), plot.y.at(v))));
    }
    places
}

/// The interval as areas: up along the high ends, back along the low ones.
pub(super) fn band(input: &TrendInput, plot: &Plot) -> PathData {
    let mut path = PathData::default();
    let mut run: Vec<(f64, f64, f64)> = Vec::new();
    for (index, point) in input.points.iter().enumerate() {
        if input.breaks.iter().any(|b| b.before == index) {
            area(&mut run, &mut path);
        }
        match (point.value, point.low, point.high) {
            (Some(_), Some(low), Some(high)) => {
                run.push((plot.x(index), plot.y.at(high), plot.y.at(low)));
            }
            _ => area(&mut run, &mut path),
        }
    }
    area(&mut run, &mut path);
    path
}

fn area(run: &mut Vec<(f64, f64, f64)>, path: &mut PathData) {
    if let [(x, top, bottom)] = run[..] {
        *run = vec![(x - 3.0, top, bottom), (x + 3.0, top, bottom)];
    }
    for (index, (x, top, _)) in run.iter().enumerate() {
        if index == 0 { path.move_to(*x, *top) } else { path.line_to(*x, *top) }
    }
    for (x, _, bottom) in run.iter().rev() {
        path.line_to(*x, *bottom);
    }
    if !run.is_empty() {
        path.close();
    }
    run.clear();
}

/// A norm as steps: it changes halfway two points.
pub(super) fn steps(norm: &NormLine, plot: &Plot) -> PathData {
    let mut path = PathData::default();
    let mut before: Option<f64> = None;
    for (index, value) in norm.values.iter().enumerate() {
        let Some(value) = *value else {
            before = None;
            continue;
        };
        let (y, x) = (plot.y.at(value), plot.x(index));
        let half = (plot.x(index + 1) - x).max(x - plot.x(index.saturating_sub(1))) / 2.0;
        let left = (x - half).max(plot.area.x);
        match before {
            Some(last) if last == value => {}
            Some(_) => path.line_to(left, y),
            None => path.move_to(left, y),
        }
        let ends = norm.values.get(index + 1).copied().flatten() != Some(value);
        if ends {
            let open = index + 1 == norm.values.len();
            path.line_to(if open { plot.right() } else { (x + half).min(plot.right()) }, y);
        }
        before = Some(value);
    }
    path
}

/// The line through the points.
pub(super) fn series(input: &TrendInput, plot: &Plot) -> PathData {
    polyline(&places(input, plot))
}

/// Draws the points: what is a signal, what counts on little, and the others as dots.
pub(super) fn points(input: &TrendInput, plot: &Plot, svg: &mut Svg) {
    let mut dots = PathData::default();
    // Dots that touch their neighbours would be but a thick line.
    let crowded = plot.x(1) - plot.x(0) < 8.0;
    for (index, point) in input.points.iter().enumerate() {
        let Some(value) = point.value else { continue };
        let at = (plot.x(index), plot.y.at(value));
        match point.signal {
            Some(Tone::Worse) => svg.diamond("sigp c-bad", at, 5.6),
            Some(Tone::Better) => svg.circle("sigp c-good", at, 4.6),
            Some(Tone::Plain) => svg.diamond("sigp c-ink", at, 5.2),
            None if point.weak => svg.circle("weak", at, 3.4),
            None if crowded => {}
            None => dots.point(at.0, at.1),
        }
    }
    svg.path("pts", &dots);
}
