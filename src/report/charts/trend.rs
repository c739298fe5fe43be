//! How did a KPI move over time, and is that signal or noise? In: a series with intervals, norms,
//! limits and events. Out: a line chart in two widths, labelled at its ends, gaps as gaps.

use serde::Serialize;

use super::place::{Wish, spread};
use super::scale::{AxisFormat, Scale, Ticks, extent, ticks};
use super::spark::polyline;
use super::svg::{Anchor, Face, PathData, Rect, Svg};
use super::text::fit;
use crate::report::view::parts::{Key, Tone};

/// A series to draw. All values are in the KPI's unit; all lists run oldest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NormKind {
    /// The target: long dashes, in ink.
    Target,
    /// The threshold: short dashes, lighter.
    Threshold,
}

/// A norm over time, drawn as steps.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NormLine {
    /// Which norm.
    pub kind: NormKind,
    /// Its value at each point; `None` where there is no norm.
    pub values: Vec<Option<f64>>,
    /// What to write at its end: "doel 5,60".
    pub label: String,
}

/// A natural limit or centre line over part of the series.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Break {
    /// The first point after it; the line is interrupted before that point.
    pub before: usize,
    /// What changed: "definitie gewijzigd".
    pub label: String,
}

/// A numbered flag.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
const VALUE: Face = Face::bold("lb b", 15.0);
const FLAG: Face = Face::bold("evt", 10.5);

/// Draws it for half a page.
pub fn half(input: &TrendInput) -> String {
    draw(input, "w", 560.0, 300.0).finish()
}

/// Draws it for the whole width of a page.
pub fn full(input: &TrendInput) -> String {
    draw(input, "w", 1100.0, 330.0).finish()
}

/// Draws it for a phone.
pub fn narrow(input: &TrendInput) -> String {
    draw(input, "n", 350.0, 250.0).finish()
}

/// The scales and the rectangle of the plot.
struct Plot {
    area: Rect,
    x: Scale,
    y: Scale,
    ticks: Ticks,
}

impl Plot {
    fn x(&self, point: usize) -> f64 {
        self.x.at(f64::from(u32::try_from(point).unwrap_or(u32::MAX)))
    }

    fn bottom(&self) -> f64 {
        self.area.y + self.area.h
    }

    fn right(&self) -> f64 {
        self.area.x + self.area.w
    }
}

fn draw(input: &TrendInput, variant: &str, width: f64, height: f64) -> Svg {
    let class = format!("chart trend {variant}");
    let id = format!("tr-{}-{variant}", input.key.as_str());
    let mut svg = Svg::titled(&class, width, height, &id, &input.title, &input.desc);
    let side = side_labels(input);
    let plot = plot(input, width, height, &side);
    axes(input, &plot, &mut svg);
    flags(input, &plot, &mut svg);
    breaks(input, &plot, &mut svg);
    svg.path("ci", &band(input, &plot));
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
        svg.path(class, &steps(norm, &plot));
    }
    series(input, &plot, &mut svg);
    write_side(&side, &plot, width, &mut svg);
    svg
}

/// A label at the right, wanting the height of the line that it names.
struct Side {
    value: f64,
    lines: Vec<(Face, &'static str, String)>,
    rank: u8,
}

impl Side {
    fn height(&self) -> f64 {
        self.lines.iter().map(|(face, ..)| face.size + 3.0).sum()
    }

    fn width(&self) -> f64 {
        self.lines.iter().map(|(face, _, text)| face.width(text)).fold(0.0, f64::max)
    }
}

fn side_labels(input: &TrendInput) -> Vec<Side> {
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

/// Norms that can be drawn without flattening the series: the target always, a threshold when it
/// is near.
fn shown_norms(input: &TrendInput, ends: (f64, f64)) -> impl Iterator<Item = &NormLine> {
    input.norms.iter().filter(move |norm| {
        norm.kind == NormKind::Target
            || norm.values.iter().flatten().any(|v| *v >= ends.0 && *v <= ends.1)
    })
}

fn plot(input: &TrendInput, width: f64, height: f64, side: &[Side]) -> Plot {
    let points = input.points.iter().flat_map(|p| [p.value, p.low, p.high]).flatten();
    let targets = input.norms.iter().filter(|n| n.kind == NormKind::Target);
    let targets = targets.flat_map(|n| n.values.iter().flatten().copied());
    let limits = input.limits.iter().map(|l| l.value);
    let (low, high) = extent(points.chain(targets).chain(limits)).unwrap_or((0.0, 1.0));
    let thresholds = input.norms.iter().filter(|n| n.kind == NormKind::Threshold);
    let near = (high - low) * 0.35;
    let thresholds = thresholds
        .flat_map(|n| n.values.iter().flatten().copied())
        .filter(|v| *v >= low - near && *v <= high + near);
    let (low, high) = extent([low, high].into_iter().chain(thresholds)).unwrap_or((low, high));
    let ticks = ticks(low, high, if height < 280.0 { 4 } else { 5 }, input.axis.range);

    let labels = ticks.values.iter().map(|v| AXIS.width(&input.axis.write(*v, ticks.decimals)));
    let left = labels.fold(0.0, f64::max) + 9.0;
    let wanted = side.iter().map(Side::width).fold(0.0, f64::max) + 12.0;
    let right = wanted.clamp(14.0, width * 0.32);
    let inner = (width - left - right).max(40.0);
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
    [1, 2, 3].into_iter().find(|rows| count <= f64::from(*rows) * per_row).unwrap_or(3).min(
        if input.events.is_empty() { 0 } else { 3 },
    )
}

fn flags(input: &TrendInput, plot: &Plot, svg: &mut Svg) {
    let rows = flag_rows(input, plot.area.w);
    for row in 0..rows {
        let here: Vec<&Flag> = input
            .events
            .iter()
            .enumerate()
            .filter(|(index, _)| u32::try_from(*index).unwrap_or(0) % rows == row)
            .map(|(_, flag)| flag)
            .collect();
        let wishes: Vec<Wish> =
            here.iter().map(|f| Wish { at: plot.x.at(f.at), size: 18.0, weight: 1.0 }).collect();
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

fn breaks(input: &TrendInput, plot: &Plot, svg: &mut Svg) {
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
fn band(input: &TrendInput, plot: &Plot) -> PathData {
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
fn steps(norm: &NormLine, plot: &Plot) -> PathData {
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

fn series(input: &TrendInput, plot: &Plot, svg: &mut Svg) {
    svg.path("acl", &polyline(&places(input, plot)));
    let mut dots = PathData::default();
    let crowded = input.points.len() > 60;
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

/// Writes the labels at the right, the least important left out where there is no room for all.
fn write_side(side: &[Side], plot: &Plot, width: f64, svg: &mut Svg) {
    let room = (plot.area.y - 4.0, plot.bottom() + 8.0);
    let ends = plot.ticks.ends();
    let mut chosen: Vec<&Side> = side.iter().filter(|s| s.value >= ends.0 && s.value <= ends.1).collect();
    chosen.sort_by_key(|label| label.rank);
    while chosen.iter().map(|s| s.height()).sum::<f64>() > room.1 - room.0 {
        chosen.pop();
    }
    // Higher values stand higher; what is equal keeps its rank.
    chosen.sort_by(|a, b| b.value.total_cmp(&a.value));
    let wishes: Vec<Wish> = chosen
        .iter()
        .map(|s| Wish { at: plot.y.at(s.value), size: s.height(), weight: f64::from(5 - s.rank) })
        .collect();
    let x = plot.right() + 8.0;
    for (label, middle) in chosen.into_iter().zip(spread(&wishes, 0.0, Some(room))) {
        let mut base = middle - label.height() / 2.0;
        for (face, tone, text) in &label.lines {
            base += face.size + 3.0;
            let text = fit(text, face.size, face.weight, width - x);
            svg.label_as(*face, tone, (x, base - 4.0), Anchor::Start, &text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::Dice;
    use crate::report::words::Lang;

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
            .map(|_| LimitLine {
                from: dice.below(count),
                to: count,
                value: dice.between(low, low + span),
                label: dice.words(2),
            })
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
            for (width, height) in [(560.0, 300.0), (1100.0, 330.0), (350.0, 250.0)] {
                let svg = draw(&input, "w", width, height);
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
}
