//! How did a KPI move over time, and is that signal or noise? In: a series with intervals, norms,
//! limits and events. Out: a line chart in two widths, labelled at its ends, gaps as gaps.

mod marks;
mod side;

use serde::Serialize;

use super::scale::{AxisFormat, Scale, Ticks, extent, ticks};
use super::svg::{Anchor, Face, PathData, Rect, Svg};
use crate::report::view::parts::{Key, Tone};
use marks::{band, breaks, flags, points, series, steps};
use side::{Side, side_labels, write_side};

/// A series to draw. All values are in the KPI's unit; all lists run oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct TrendInput {
    /// Makes the ids within the drawing.
    pub key: Key,
    /// The message, as in the heading.
    pub title: String,
    /// What is seen, in one or two sentences.
    pub desc: String,
    /// How to write values on the axis.
    pub axis: AxisFormat,
    /// The points, one a period, without leaving periods out.
    pub points: Vec<TrendPoint>,
    /// Target and threshold, as steps.
    pub norms: Vec<NormLine>,
    /// Natural limits, where there are any.
    pub limits: Vec<LimitLine>,
    /// Breaks of the series by a changed definition.
    pub breaks: Vec<Break>,
    /// Events, drawn as numbered flags.
    pub events: Vec<Flag>,
    /// What to write at the end of the line: "5,03".
    pub end_label: String,
    /// What to write below that: "sep ’25".
    pub end_note: String,
}

/// One period of a series.
#[derive(Debug, Clone, PartialEq, Default, Serialize, schemars::JsonSchema)]
pub struct TrendPoint {
    /// The mark below the axis, for the periods that may have one: "jan ’24". Marks that would
    /// touch their neighbour are left out.
    pub tick: Option<String>,
    /// The value; `None` is a gap.
    pub value: Option<f64>,
    /// The low end of its interval.
    pub low: Option<f64>,
    /// The high end of its interval.
    pub high: Option<f64>,
    /// Whether the point is a signal, and for what.
    pub signal: Option<Tone>,
    /// Whether the point counts on too few answers or an unfinished period: drawn hollow.
    pub weak: bool,
}

/// Which norm a line shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NormKind {
    /// The target: long dashes, in ink.
    Target,
    /// The threshold: short dashes, lighter.
    Threshold,
}

/// A norm over time, drawn as steps.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct NormLine {
    /// Which norm.
    pub kind: NormKind,
    /// Its value at each point; `None` where there is no norm.
    pub values: Vec<Option<f64>>,
    /// What to write at its end: "doel 5,60".
    pub label: String,
}

/// A natural limit or centre line over part of the series.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct LimitLine {
    /// The first point it holds for.
    pub from: usize,
    /// The last point it holds for.
    pub to: usize,
    /// Its height.
    pub value: f64,
    /// What to write at its end: "ondergrens 5,34"; empty for a line without words.
    pub label: String,
}

/// A break: the points on its two sides may not be compared.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Break {
    /// The first point after it; the line is interrupted before that point.
    pub before: usize,
    /// What changed: "definitie gewijzigd".
    pub label: String,
}

/// A numbered flag.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Flag {
    /// The number, which the list below the charts explains.
    pub number: u32,
    /// Where it stands, in points: 0.0 is the first point, 1.5 halfway the second and third.
    pub at: f64,
}

/// The faces of its labels.
const AXIS: Face = Face::regular("ax", 12.0);
const SIDE: Face = Face::regular("an", 12.0);
const SIDE_BOLD: Face = Face::bold("an b", 12.0);

/// Its sizes: half a page, a whole one, a phone.
const HALF: (f64, f64) = (560.0, 300.0);
const FULL: (f64, f64) = (1100.0, 330.0);
const NARROW: (f64, f64) = (350.0, 250.0);

/// Draws it for half a page.
pub fn half(input: &TrendInput) -> String {
    draw(input, HALF, None).finish()
}

/// Draws it for the whole width of a page.
pub fn full(input: &TrendInput) -> String {
    draw(input, FULL, None).finish()
}

/// Draws it for a phone, beside one for half a page or a whole one: the lines are those of that drawing, fitted.
pub fn narrow(input: &TrendInput, beside_full: bool) -> String {
    draw(input, NARROW, Some(if beside_full { FULL } else { HALF })).finish()
}

/// The scales and the rectangle of the plot.
struct Plot {
    area: Rect,
    x: Scale,
    y: Scale,
    ticks: Ticks,
}

impl Plot {
    /// Where a point stands: at a whole place, since points stand far apart.
    fn x(&self, point: usize) -> f64 {
        self.x.at(f64::from(u32::try_from(point).unwrap_or(u32::MAX))).round()
    }

    /// How what is drawn in another plot comes to stand in this one: the shares of width and height, and the way.
    fn fit(&self, other: &Self) -> [f64; 4] {
        let (across, down) = (self.x.fit(&other.x), self.y.fit(&other.y));
        [across.0, down.0, across.1, down.1]
    }

    fn bottom(&self) -> f64 {
        self.area.y + self.area.h
    }

    fn right(&self) -> f64 {
        self.area.x + self.area.w
    }
}

/// Draws it in a size; beside a drawing of another size it takes the lines of that.
fn draw(input: &TrendInput, size: (f64, f64), beside: Option<(f64, f64)>) -> Svg {
    let (width, height) = size;
    let id = format!("tr-{}-w", input.key.as_str());
    let mut svg = match beside {
        Some(_) => Svg::twin("chart trend n", width, height, &id),
        None => Svg::titled("chart trend w", width, height, &id, &input.title, &input.desc),
    };
    let side = side_labels(input);
    let plot = plot(input, size, &side);
    axes(input, &plot, &mut svg);
    flags(input, &plot, &mut svg);
    breaks(input, &plot, &mut svg);
    let group = format!("{id}-l");
    match beside {
        Some(other) => svg.fitted(&group, plot.fit(&self::plot(input, other, &side))),
        None => {
            svg.open("g", &[("id", (&group).into())]);
            lines(input, &plot, &mut svg);
            svg.close("g");
        }
    }
    points(input, &plot, &mut svg);
    write_side(&side, &plot, width, &mut svg);
    svg
}

/// Interval, limits, norms and the series itself.
fn lines(input: &TrendInput, plot: &Plot, svg: &mut Svg) {
    svg.path("ci", &band(input, plot));
    for limit in &input.limits {
        let last = input.points.len().saturating_sub(1);
        let (from, to) = (plot.x(limit.from.min(last)), plot.x(limit.to.min(last)));
        let to = if limit.to >= last { plot.right() } else { to };
        let class = if limit.label.is_empty() { "nplc" } else { "npll" };
        svg.line(class, (from, plot.y.at(limit.value)), (to, plot.y.at(limit.value)));
    }
    for norm in shown_norms(input, plot.ticks.ends()) {
        let class = match norm.kind {
            NormKind::Target => "tgtl",
            NormKind::Threshold => "thrl",
        };
        svg.path(class, &steps(norm, plot));
    }
    svg.path("acl", &series(input, plot));
}

/// Norms that can be drawn without flattening the series: the target always, a threshold when it
/// is near.
fn shown_norms(input: &TrendInput, ends: (f64, f64)) -> impl Iterator<Item = &NormLine> {
    input
        .norms
        .iter()
        .filter(move |norm| norm.kind == NormKind::Target || norm.values.iter().flatten().any(|v| *v >= ends.0 && *v <= ends.1))
}

fn plot(input: &TrendInput, (width, height): (f64, f64), side: &[Side]) -> Plot {
    let points = input.points.iter().flat_map(|p| [p.value, p.low, p.high]).flatten();
    let targets = input.norms.iter().filter(|n| n.kind == NormKind::Target);
    let targets = targets.flat_map(|n| n.values.iter().flatten().copied());
    let limits = input.limits.iter().map(|l| l.value);
    let (low, high) = extent(points.chain(targets).chain(limits)).unwrap_or((0.0, 1.0));
    let thresholds = input.norms.iter().filter(|n| n.kind == NormKind::Threshold);
    let near = (high - low) * 0.35;
    let thresholds = thresholds.flat_map(|n| n.values.iter().flatten().copied()).filter(|v| *v >= low - near && *v <= high + near);
    let (low, high) = extent([low, high].into_iter().chain(thresholds)).unwrap_or((low, high));
    let ticks = ticks(low, high, if height < 280.0 { 4 } else { 5 }, input.axis.range);

    let labels = ticks.values.iter().map(|v| AXIS.width(&input.axis.write(*v, ticks.decimals)));
    let left = (labels.fold(0.0, f64::max) + 9.0).ceil();
    let wanted = side.iter().map(Side::width).fold(0.0, f64::max) + 12.0;
    let right = wanted.clamp(14.0, width * 0.34);
    let inner = (width - left - right).max(40.0).floor();
    let top = 10.0 + 22.0 * f64::from(flag_rows(input, inner)) + if input.breaks.is_empty() { 0.0 } else { 17.0 };
    let area = Rect { x: left, y: top, w: inner, h: (height - top - 28.0).max(40.0) };
    let last = f64::from(u32::try_from(input.points.len().max(2) - 1).unwrap_or(1));
    // Half a dot of room at both ends.
    let x = Scale::new((0.0, last), (area.x + 4.0, area.x + area.w - 4.0));
    let y = Scale::new(ticks.ends(), (area.y + area.h, area.y));
    Plot { area, x, y, ticks }
}

fn axes(input: &TrendInput, plot: &Plot, svg: &mut Svg) {
    let mut grid = PathData::default();
    for value in &plot.ticks.values {
        let y = plot.y.at(*value);
        grid.move_to(plot.area.x, y);
        grid.line_to(plot.right(), y);
        let text = input.axis.write(*value, plot.ticks.decimals);
        // An end that is not round may stand close to its neighbour.
        let clear = svg.labels().iter().all(|l| (l.room.y + 9.4 - (y + 4.0)).abs() > 14.0);
        if clear {
            svg.label(AXIS, (plot.area.x - 8.0, y + 4.0), Anchor::End, &text);
        }
    }
    svg.path("grid", &grid);
    svg.line("base", (plot.area.x, plot.bottom()), (plot.right(), plot.bottom()));
    let mut free = 0.0;
    let mut marks = PathData::default();
    for (index, point) in input.points.iter().enumerate() {
        let Some(tick) = point.tick.as_deref().filter(|t| !t.is_empty()) else { continue };
        let half = AXIS.width(tick) / 2.0;
        let x = plot.x(index);
        let middle = x.clamp(half, (svg.frame().w - half).max(half));
        if middle - half < free {
            continue;
        }
        free = middle + half + 8.0;
        marks.move_to(x, plot.bottom());
        marks.line_to(x, plot.bottom() + 5.0);
        svg.label(AXIS, (middle, plot.bottom() + 19.0), Anchor::Middle, tick);
    }
    svg.path("tick", &marks);
}

/// How many rows the flags need.
fn flag_rows(input: &TrendInput, width: f64) -> u32 {
    let per_row = (width / 21.0).floor().max(1.0);
    let count = f64::from(u32::try_from(input.events.len()).unwrap_or(u32::MAX));
    [1, 2, 3].into_iter().find(|rows| count <= f64::from(*rows) * per_row).unwrap_or(3).min(if input.events.is_empty() { 0 } else { 3 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::Dice;
    use crate::words::Lang;

    fn random(dice: &mut Dice) -> TrendInput {
        let count = dice.below(40);
        let (low, span) = (dice.between(-50.0, 100.0), dice.between(0.0, 60.0));
        let points = (0..count)
            .map(|_| {
                let value = dice.maybe(low, low + span);
                let half = dice.between(0.0, 5.0);
                TrendPoint {
                    tick: dice.maybe(0.0, 1.0).map(|_| dice.words(1)),
                    value,
                    low: value.map(|v| v - half),
                    high: value.map(|v| v + half),
                    signal: dice.maybe(0.0, 1.0).filter(|v| *v > 0.8).map(|_| Tone::Worse),
                    weak: dice.share() > 0.8,
                }
            })
            .collect();
        let norm = |dice: &mut Dice, kind| NormLine {
            kind,
            values: (0..count).map(|_| dice.maybe(low, low + span)).collect(),
            label: dice.words(2),
        };
        let limits = (0..dice.below(3))
            .map(|_| LimitLine { from: dice.below(count), to: count, value: dice.between(low, low + span), label: dice.words(2) })
            .collect();
        TrendInput {
            key: Key::new("x"),
            title: String::new(),
            desc: String::new(),
            axis: AxisFormat::plain(Lang::Nl),
            points,
            norms: vec![norm(dice, NormKind::Target), norm(dice, NormKind::Threshold)],
            limits,
            breaks: (0..dice.below(3)).map(|_| Break { before: dice.below(count), label: dice.words(4) }).collect(),
            events: (1..).take(dice.below(30)).map(|number| Flag { number, at: dice.between(-1.0, 45.0) }).collect(),
            end_label: "−123,4".into(),
            end_note: dice.words(1),
        }
    }

    #[test]
    fn labels_stay_within_and_apart() {
        let mut dice = Dice::new(11);
        for _ in 0..400 {
            let input = random(&mut dice);
            for (size, beside) in [(HALF, None), (FULL, None), (NARROW, Some(HALF))] {
                let (width, svg) = (size.0, draw(&input, size, beside));
                for (index, label) in svg.labels().iter().enumerate() {
                    assert!(svg.frame().holds(&label.room), "{width} {label:?} {input:#?}");
                    for other in &svg.labels()[..index] {
                        assert!(!label.room.overlaps(&other.room), "{width} {label:?} {other:?}");
                    }
                }
                assert!(!svg.finish().contains("NaN"));
            }
        }
    }

    #[test]
    fn lines_of_another_size_stand_where_their_values_are() {
        let mut dice = Dice::new(12);
        for _ in 0..200 {
            let input = random(&mut dice);
            let side = side_labels(&input);
            let (small, large) = (plot(&input, NARROW, &side), plot(&input, FULL, &side));
            let [width, height, x, y] = small.fit(&large);
            let shared = (small.ticks.ends().0.max(large.ticks.ends().0), small.ticks.ends().1.min(large.ticks.ends().1));
            for share in [0.0, 0.3, 1.0] {
                let value = shared.0 + share * (shared.1 - shared.0);
                assert!((large.y.at(value) * height + y - small.y.at(value)).abs() < 0.01, "{input:#?}");
            }
            for point in [0, input.points.len().saturating_sub(1)] {
                assert!((large.x(point) * width + x - small.x(point)).abs() < 1.01, "{input:#?}");
            }
        }
    }
}
