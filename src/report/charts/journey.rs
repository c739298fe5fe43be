//! How does the experience run through a journey? In: one value a stage. Out: a smooth line whose
//! points stand above the columns of the stages.

use serde::Serialize;

use super::scale::{AxisFormat, Scale, extent, ticks};
use super::svg::{Anchor, Face, PathData, Rect, Svg, status_class};
use crate::report::view::parts::Status;

/// The experience line. Only stages whose primary KPIs share unit and range have a place in it.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ExperienceInput {
    /// What is seen, in a sentence.
    pub desc: String,
    /// How to write values on the axis.
    pub axis: AxisFormat,
    /// One for each stage, in order.
    pub points: Vec<ExperiencePoint>,
    /// What the grey line is: "vorig jaar"; empty if there is none.
    pub previous_label: String,
}

/// The value of one stage.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ExperiencePoint {
    /// The value; `None` is a gap.
    pub value: Option<f64>,
    /// The value as printed.
    pub label: String,
    /// Its status.
    pub status: Status,
    /// Whether its mark shows that status: not where its stage is judged otherwise, which would say two things at once.
    pub marked: bool,
    /// Whether no judged stage is worse: what must be seen first.
    pub worst: bool,
    /// The value of the period that it is compared with.
    pub previous: Option<f64>,
}

/// The faces of its labels.
const AXIS: Face = Face::regular("ax", 12.0);
const VALUE: Face = Face::bold("lb b", 14.5);
const WORST: Face = Face::bold("lb b wo", 19.0);
const NOTE: Face = Face::regular("an", 12.0);

/// The width of the page, and the least and the most width of a stage's column. The style sheet says the same.
const WIDTH: f64 = 1090.0;
const STAGE: f64 = 150.0;
const WIDEST: f64 = 280.0;

/// Draws it above the columns of the stages.
pub fn wide(input: &ExperienceInput) -> String {
    draw(input).finish()
}

fn draw(input: &ExperienceInput) -> Svg {
    let count = f64::from(u32::try_from(input.points.len().max(1)).unwrap_or(1));
    // Two columns over the whole page would be more air than figures.
    let whole = if count > 2.0 { WIDTH } else { WIDEST * count };
    let (width, height) = (whole.max(STAGE * count), 172.0);
    let mut svg = Svg::named("emo", width, height, &input.desc);
    let seen = input.points.iter().flat_map(|p| [p.value, p.previous]).flatten();
    let (low, high) = extent(seen).unwrap_or((0.0, 1.0));
    let ticks = ticks(low, high, 3, input.axis.range);
    let y = Scale::new(ticks.ends(), (height - 38.0, 32.0));
    for value in &ticks.values {
        let at = y.at(*value);
        svg.line("grid", (0.0, at), (width, at));
    }
    let x = |index: usize| (f64::from(u32::try_from(index).unwrap_or(0)) + 0.5) * width / count;
    let line = |pick: fn(&ExperiencePoint) -> Option<f64>| -> Vec<Option<(f64, f64)>> {
        input.points.iter().enumerate().map(|(i, p)| pick(p).map(|v| (x(i), y.at(v)))).collect()
    };
    let (now, before) = (line(|p| p.value), line(|p| p.previous));
    svg.path("pyl", &smooth(&before));
    svg.path("acl", &smooth(&now));
    for (index, (point, place)) in input.points.iter().zip(&now).enumerate() {
        let Some(at) = *place else { continue };
        // A label keeps clear of the grey line, where that passes close above.
        let grey = before[index].is_some_and(|it| (at.1 - 24.0..at.1 - 2.0).contains(&it.1));
        let below_it = grey || is_dip(&now, index, at.1);
        let tone = match (point.status, point.marked) {
            (Status::Act, true) => "cbad",
            (Status::Watch, true) if point.worst => "cwarn",
            _ => "",
        };
        let size = if point.worst { 1.5 } else { 1.0 };
        match (point.status, point.marked) {
            (Status::Act, true) => svg.diamond(&format!("ed {}", status_class(point.status.code())), at, 7.0 * size),
            (Status::Watch, true) => triangle(&format!("ed {}", status_class(point.status.code())), at, size, &mut svg),
            (Status::Act | Status::Watch, false) | (Status::OnTarget, _) => svg.circle("ed", at, 5.0),
            (Status::NoNorm | Status::TooFew | Status::Hidden | Status::NoData, _) => svg.circle("weak", at, 4.6),
        }
        let (face, below, above) = if point.worst { (WORST, 29.0, 14.0) } else { (VALUE, 21.0, 10.0) };
        let base = if below_it { at.1 + below } else { at.1 - above };
        svg.label_as(face, tone, (at.0, base), Anchor::Middle, &point.label);
    }
    for (value, at) in ticks.values.iter().map(|v| (*v, y.at(*v))) {
        let text = input.axis.write(value, ticks.decimals);
        let room = Rect { x: 0.0, y: at - 13.0, w: AXIS.width(&text), h: 12.0 };
        if svg.labels().iter().all(|l| !l.room.overlaps(&room)) {
            svg.label(AXIS, (0.0, at - 4.0), Anchor::Start, &text);
        }
    }
    name_previous(input, &now, &before, &mut svg);
    svg
}

/// The mark of what is to be watched.
pub(super) fn triangle(class: &str, at: (f64, f64), size: f64, svg: &mut Svg) {
    let mut path = PathData::default();
    path.move_to(at.0, at.1 - 6.6 * size);
    path.line_to(at.0 + 6.6 * size, at.1 + 5.2 * size);
    path.line_to(at.0 - 6.6 * size, at.1 + 5.2 * size);
    path.close();
    svg.path(class, &path);
}

/// Whether the label belongs below the point: the line rises on both sides of it.
fn is_dip(places: &[Option<(f64, f64)>], index: usize, y: f64) -> bool {
    let left = index.checked_sub(1).and_then(|i| places[i]);
    let right = places.get(index + 1).copied().flatten();
    let higher = |place: Option<(f64, f64)>| place.is_none_or(|(_, other)| other < y);
    (left.is_some() || right.is_some()) && higher(left) && higher(right)
}

/// Names the grey line where it is furthest from the black one, if there is room.
fn name_previous(input: &ExperienceInput, now: &[Option<(f64, f64)>], before: &[Option<(f64, f64)>], svg: &mut Svg) {
    let pairs = now.iter().zip(before).filter_map(|(a, b)| Some(((*a)?, (*b)?)));
    let far = pairs.max_by(|(a, b), (c, d)| (a.1 - b.1).abs().total_cmp(&(c.1 - d.1).abs()));
    let Some(((_, own), (x, y))) = far else { return };
    let base = if y < own { y - 7.0 } else { y + 16.0 };
    let width = NOTE.width(&input.previous_label);
    let room = Rect { x: x - width / 2.0, y: base - 10.0, w: width, h: 12.0 };
    if svg.frame().holds(&room) && svg.labels().iter().all(|l| !l.room.overlaps(&room)) {
        svg.label(NOTE, (x, base), Anchor::Middle, &input.previous_label);
    }
}

/// A line that is level at its points, so that it never claims more than they do.
fn smooth(places: &[Option<(f64, f64)>]) -> PathData {
    let mut path = PathData::default();
    let mut before: Option<(f64, f64)> = None;
    for place in places {
        match (before, *place) {
            (Some(from), Some(to)) => {
                let middle = (from.0 + to.0) / 2.0;
                path.curve_to((middle, from.1), (middle, to.1), to);
            }
            (None, Some((x, y))) => path.move_to(x, y),
            (_, None) => {}
        }
        before = *place;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::Dice;
    use crate::words::Lang;

    #[test]
    fn labels_stay_within_and_apart() {
        let mut dice = Dice::new(21);
        for _ in 0..300 {
            let points = (0..dice.below(14))
                .map(|_| ExperiencePoint {
                    value: dice.maybe(1.0, 10.0),
                    label: "10,0".into(),
                    status: Status::ALL[dice.below(7)],
                    marked: dice.below(2) == 0,
                    worst: dice.share() > 0.5,
                    previous: dice.maybe(1.0, 10.0),
                })
                .collect();
            let axis = AxisFormat { range: Some((1.0, 10.0)), ..AxisFormat::plain(Lang::Nl) };
            let svg = draw(&ExperienceInput { desc: String::new(), axis, points, previous_label: "vorig jaar".into() });
            for (index, label) in svg.labels().iter().enumerate() {
                assert!(svg.frame().holds(&label.room), "{label:?}");
                for other in &svg.labels()[..index] {
                    assert!(!label.room.overlaps(&other.room), "{label:?} {other:?}");
                }
            }
        }
    }
}
