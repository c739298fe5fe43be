//! What does a figure earn? In: a value with its interval, and the points of pay. Out: a bullet whose shades end where pay
//! begins, is whole, and grows no more.

use serde::Serialize;

use super::scale::{AxisFormat, Scale, extent};
use super::svg::{Anchor, Face, Rect, Svg};

/// A figure between its pay points, all in the KPI's unit.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct PayInput {
    /// Value, pay points and pay in one sentence, for readers who cannot see it.
    pub desc: String,
    /// Keeps the scale within the KPI's range.
    pub axis: AxisFormat,
    /// The value; none if it is hidden or absent.
    pub value: Option<f64>,
    /// Its interval, low first.
    pub interval: Option<(f64, f64)>,
    /// The value that is paid on, where it is not the value itself.
    pub paid_on: Option<f64>,
    /// The pay points, from the least pay to the most.
    pub points: Vec<PayMark>,
}

/// A value at which so much is paid.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct PayMark {
    /// The value.
    pub at: f64,
    /// In percent of the part.
    pub pay: f64,
    /// The value as printed: "45".
    pub label: String,
}

const POINT: Face = Face::regular("ax", 12.0);
const WHOLE: Face = Face::bold("ax axb", 12.0);
const WIDTH: f64 = 340.0;
const TOP: f64 = 4.0;
const BAND: f64 = 22.0;

/// Draws it.
pub fn bullet(input: &PayInput) -> String {
    draw(input).0.finish()
}

/// The drawing, and where its value stands.
fn draw(input: &PayInput) -> (Svg, Option<f64>) {
    let mut svg = Svg::named("bullet pay", WIDTH, TOP + BAND + 18.0, &input.desc);
    let x = Scale::new(ends(input), (0.0, WIDTH));
    let middle = TOP + BAND / 2.0;
    let mut marks: Vec<&PayMark> = input.points.iter().collect();
    marks.sort_by(|a, b| a.at.total_cmp(&b.at));
    // A shade for each stretch between two pay points, and one for where nothing is paid. Beyond the most that is paid
    // nothing is shaded: more earns no more.
    let edges: Vec<f64> = std::iter::once(0.0).chain(marks.iter().map(|it| x.at(it.at))).chain([WIDTH]).collect();
    for (index, pair) in edges.windows(2).enumerate() {
        let pays = [index.checked_sub(1).and_then(|it| marks.get(it)), marks.get(index)];
        let most = pays.into_iter().flatten().map(|it| it.pay).fold(f64::NEG_INFINITY, f64::max);
        let outside = index == 0 || index == marks.len();
        let class = match most {
            pay if outside && pay <= 0.0 => "r1",
            _ if outside => continue,
            pay if pay <= 100.0 => "r2",
            _ => "r3",
        };
        if pair[1] > pair[0] {
            svg.rect(class, Rect { x: pair[0], y: TOP, w: pair[1] - pair[0], h: BAND }, 0.0);
        }
    }
    let value = input.value.map(|it| x.at(it).clamp(5.5, WIDTH - 5.5));
    if let (Some(_), Some((low, high))) = (value, input.interval) {
        svg.line("cil", (x.at(low), middle), (x.at(high), middle));
    }
    if let Some(whole) = input.points.iter().find(|it| it.pay == 100.0) {
        svg.rect("tg", Rect { x: x.at(whole.at).clamp(1.3, WIDTH - 1.3) - 1.3, y: 0.0, w: 2.6, h: TOP + BAND + 4.0 }, 0.0);
    }
    if let Some(at) = input.paid_on {
        svg.circle("weak", (x.at(at).clamp(5.5, WIDTH - 5.5), middle), 4.8);
    }
    if let Some(at) = value {
        svg.circle("acd", (at, middle), 5.5);
    }
    // The value at which all is paid is named first, then the others where there is room.
    let mut ordered: Vec<&&PayMark> = marks.iter().collect();
    ordered.sort_by_key(|it| it.pay != 100.0);
    for it in ordered {
        let face = if it.pay == 100.0 { WHOLE } else { POINT };
        let half = face.width(&it.label) / 2.0;
        let at = x.at(it.at).clamp(half.min(WIDTH / 2.0), (WIDTH - half).max(WIDTH / 2.0));
        let base = TOP + BAND + 15.0;
        let room = Rect { x: at - half - 4.0, y: base - face.size, w: 2.0 * half + 8.0, h: face.size };
        if svg.labels().iter().all(|label| !label.room.overlaps(&room)) {
            svg.label(face, (at, base), Anchor::Middle, &it.label);
        }
    }
    (svg, value)
}

/// The ends of the scale: all that is drawn, with a margin within the KPI's range.
fn ends(input: &PayInput) -> (f64, f64) {
    let seen = input.points.iter().map(|it| it.at).chain(input.value).chain(input.interval.into_iter().flat_map(|(a, b)| [a, b]));
    let (low, high) = extent(seen.chain(input.paid_on)).unwrap_or((0.0, 1.0));
    let margin = ((high - low) * 0.06).max(low.abs().max(high.abs()) * 0.01).max(1e-9);
    let (bottom, top) = input.axis.range.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
    ((low - margin).max(bottom.min(low)), (high + margin).min(top.max(high)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::Dice;
    use crate::words::Lang;

    #[test]
    fn labels_stay_within_and_apart() {
        let mut dice = Dice::new(41);
        for _ in 0..400 {
            let points = (0..dice.below(5)).map(|at| {
                let value = dice.between(-80.0, 80.0);
                PayMark { at: value, pay: [0.0, 50.0, 100.0, 120.0, 150.0][at.min(4)], label: format!("{value:.2} punten") }
            });
            let input = PayInput {
                desc: String::new(),
                points: points.collect(),
                axis: AxisFormat { range: Some((-100.0, 100.0)), ..AxisFormat::plain(Lang::Nl) },
                value: dice.maybe(-100.0, 100.0),
                interval: dice.maybe(-100.0, 0.0).zip(dice.maybe(0.0, 100.0)),
                paid_on: dice.maybe(-100.0, 100.0),
            };
            let (svg, value) = draw(&input);
            for (index, label) in svg.labels().iter().enumerate() {
                assert!(svg.frame().holds(&label.room), "{label:?}");
                for other in &svg.labels()[..index] {
                    assert!(!label.room.overlaps(&other.room), "{label:?} {other:?}");
                }
            }
            assert!(value.is_none_or(|it| (0.0..=WIDTH).contains(&it)));
        }
    }
}
