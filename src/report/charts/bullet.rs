//! Where does a value stand between its norms? In: value, interval, norms. Out: a bullet: bands
//! in one hue, the value as a dot with its interval, or as a bar where the scale starts at 0.

use serde::Serialize;

use super::scale::{AxisFormat, Scale, extent, ticks};
use super::svg::{Anchor, Face, PathData, Rect, Svg};
use crate::report::view::parts::Direction;

/// A value between its norms, all in the KPI's unit.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
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

/// The faces of the labels below a large bullet.
const END: Face = Face::regular("ax", 11.5);
const NORM: Face = Face::bold("ax axb", 11.5);

/// Draws it for a row of the table, without words.
pub fn small(input: &BulletInput) -> String {
    draw(input, Size { width: 170.0, top: 3.0, band: 18.0, labelled: false }).0.finish()
}

/// Draws it for a card, with the ends of the scale and the target below it.
pub fn large(input: &BulletInput) -> String {
    draw(input, Size { width: 232.0, top: 3.0, band: 24.0, labelled: true }).0.finish()
}

/// The measures of a bullet.
#[derive(Clone, Copy)]
struct Size {
    width: f64,
    top: f64,
    band: f64,
    labelled: bool,
}

/// The drawing, and where its value stands.
fn draw(input: &BulletInput, size: Size) -> (Svg, Option<f64>) {
    let Size { width, top, band, labelled } = size;
    let height = top + band + if labelled { 17.0 } else { 3.0 };
    let (low, high, decimals) = ends(input);
    let x = Scale::new((low, high), (0.0, width));
    let mut svg = Svg::named("bullet", width, height, &input.desc);
    let middle = top + band / 2.0;

    bands(input, &x, width, |class, from, to| {
        svg.rect(class, Rect { x: from, y: top, w: to - from, h: band }, 0.0);
    });
    if let Some(previous) = input.previous {
        let at = x.at(previous).clamp(4.0, width - 4.0);
        let mut path = PathData::default();
        path.move_to(at, top + band - 6.5);
        path.line_to(at + 4.0, top + band);
        path.line_to(at - 4.0, top + band);
        path.close();
        svg.path("pym", &path);
    }
    // The dot keeps within the bullet, also when its value stands on an end.
    let value = input.value.map(|v| x.at(v).clamp(5.0, width - 5.0));
    if let Some(at) = value {
        if low == 0.0 {
            svg.rect("acbar", Rect { x: 0.0, y: middle - 3.0, w: at, h: 6.0 }, 0.0);
        }
        if let Some((a, b)) = input.interval {
            svg.line("cil", (x.at(a.min(b)), middle), (x.at(a.max(b)), middle));
        }
        svg.circle("acd", (at, middle), 5.0);
    }
    let target = input.target.map(|v| x.at(v).clamp(1.3, width - 1.3));
    if let Some(at) = target {
        svg.rect("tg", Rect { x: at - 1.3, y: 0.0, w: 2.5, h: top + band + 3.0 }, 0.0);
    }
    if labelled {
        labels(input, &mut svg, (low, high, decimals), target);
    }
    (svg, value)
}

/// The ends of the scale below it, and the target's label where it keeps clear of them.
fn labels(input: &BulletInput, svg: &mut Svg, ends: (f64, f64, usize), target: Option<f64>) {
    let (width, base) = (svg.frame().w, svg.frame().h - 3.0);
    let mut room = (0.0, width);
    if let Some(at) = target.filter(|_| !input.target_label.is_empty()) {
        let half = NORM.width(&input.target_label) / 2.0;
        let at = at.clamp(half.min(width / 2.0), (width - half).max(width / 2.0));
        svg.label(NORM, (at, base), Anchor::Middle, &input.target_label);
        room = (at - half - 8.0, at + half + 8.0);
    } else {
        room.0 = width;
        room.1 = 0.0;
    }
    let (low, high) = (input.axis.write(ends.0, ends.2), input.axis.write(ends.1, ends.2));
    if END.width(&low) <= room.0 {
        svg.label(END, (0.0, base), Anchor::Start, &low);
    }
    if width - END.width(&high) >= room.1.max(END.width(&low)) {
        svg.label(END, (width, base), Anchor::End, &high);
    }
}

/// The ends of the scale, and the decimals that they need.
fn ends(input: &BulletInput) -> (f64, f64, usize) {
    if let Some((low, high)) = input.scale.filter(|(low, high)| low < high) {
        let whole = [low, high].iter().all(|v| v.fract() == 0.0);
        return (low, high, if whole { 0 } else { ticks(low, high, 4, None).decimals });
    }
    let interval = input.interval.into_iter().flat_map(|(a, b)| [a, b]);
    let norms = [input.value, input.worst, input.threshold, input.target, input.previous];
    // Beyond the target is room to be good in.
    let beyond = input.worst.zip(input.target).map(|(worst, target)| {
        let (bottom, top) = input.axis.range.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        (target + (target - worst) * 0.4).clamp(bottom.min(target), top.max(target))
    });
    let all = norms.into_iter().flatten().chain(interval).chain(beyond);
    let (low, high) = extent(all).unwrap_or((0.0, 1.0));
    let ticks = ticks(low, high, 6, input.axis.range);
    let (low, high) = ticks.ends();
    (low, high, ticks.decimals)
}

/// Poor, fair and good, from left to right as the direction has it. Without norms one plain band.
fn bands(input: &BulletInput, x: &Scale, width: f64, mut rect: impl FnMut(&'static str, f64, f64)) {
    let (Some(threshold), Some(target)) = (input.threshold, input.target) else {
        rect("r3", 0.0, width);
        return;
    };
    let (first, second) = (x.at(threshold.min(target)), x.at(threshold.max(target)));
    let classes = match input.direction {
        Direction::Down => ["r3", "r2", "r1"],
        Direction::Up | Direction::Neutral => ["r1", "r2", "r3"],
    };
    let places = [(0.0, first), (first, second), (second, width)];
    for (class, (from, to)) in classes.into_iter().zip(places) {
        if to > from {
            rect(class, from, to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::charts::svg::num;
    use crate::report::tests::Dice;
    use crate::words::Lang;

    #[test]
    fn marks_stay_within_and_labels_apart() {
        let mut dice = Dice::new(7);
        for _ in 0..500 {
            let low = dice.between(-200.0, 200.0);
            let span = dice.between(0.01, 500.0);
            let mut value = || dice.maybe(low, low + span);
            let input = BulletInput {
                desc: String::new(),
                axis: AxisFormat::plain(Lang::Nl),
                scale: None,
                value: value(),
                interval: value().zip(value()),
                worst: value(),
                threshold: value(),
                target: value(),
                target_label: "doel 123,45".into(),
                previous: value(),
                direction: Direction::Up,
            };
            let size = Size { width: 232.0, top: 3.0, band: 26.0, labelled: true };
            let (svg, at) = draw(&input, size);
            for (index, label) in svg.labels().iter().enumerate() {
                assert!(svg.frame().holds(&label.room), "{label:?} {input:?}");
                for other in &svg.labels()[..index] {
                    assert!(!label.room.overlaps(&other.room), "{label:?} {other:?}");
                }
            }
            if let (Some(at), Some(value)) = (at, input.value) {
                let (low, high, _) = ends(&input);
                let place = Scale::new((low, high), (0.0, 232.0)).at(value).clamp(5.0, 227.0);
                assert_eq!(num(at), num(place));
            }
        }
    }
}
