//! For whom is it better or worse? In: one KPI by the values of one dimension. Out: a row a value,
//! with dot, interval, target and base; what is hidden says so.

use serde::Serialize;

use super::journey::triangle;
use super::scale::{AxisFormat, Scale, extent, ticks};
use super::svg::{Anchor, Face, PathData, Rect, Svg, status_class};
use super::text::{fit, wrap};
use crate::report::view::parts::{Arrow, Delta, Key, Status, Tone};

/// A KPI by the values of a dimension, sorted as they must be shown (best first, hidden last).
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct DotsInput {
    /// Makes the ids within the drawing.
    pub key: Key,
    /// "CES afspraak per opdrachtgever".
    pub title: String,
    /// What is seen, in a sentence.
    pub desc: String,
    /// How to write values on the axis.
    pub axis: AxisFormat,
    /// The ends of the scale, to share one between panels; else chosen from the rows.
    pub scale: Option<(f64, f64)>,
    /// The target that all rows share.
    pub target: Option<f64>,
    /// "doel 5,6".
    pub target_label: String,
    /// The heading of the first column: the dimension.
    pub row_heading: String,
    /// The heading of the base: "n".
    pub base_heading: String,
    /// The heading of the value: the KPI in short.
    pub value_heading: String,
    /// The heading of the differences: "Δ vorig jaar"; empty if there are none.
    pub delta_heading: String,
    /// The rows.
    pub rows: Vec<DotRow>,
}

/// One value of the dimension.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct DotRow {
    /// Its label.
    pub label: String,
    /// Its base as printed: "302"; empty if hidden.
    pub base: String,
    /// Its value; `None` if hidden or absent.
    pub value: Option<f64>,
    /// The low end of its interval.
    pub low: Option<f64>,
    /// The high end of its interval.
    pub high: Option<f64>,
    /// The value as printed.
    pub text: String,
    /// Its status.
    pub status: Status,
    /// Whether its interval keeps it in its band; hollow where not.
    pub proven: bool,
    /// The value of the period that it is compared with.
    pub previous: Option<f64>,
    /// Its difference with that.
    pub delta: Option<Delta>,
    /// Why there is no value: "verborgen: minder dan 10 antwoorden".
    pub absent: Option<String>,
}

/// How far the word of a value may stand from its place.
const MOST_SHIFTED: f64 = 16.0;
/// The faces of its labels.
const HEADING: Face = Face::regular("ax", 12.5);
const TARGET: Face = Face::bold("ax axb", 12.5);
const ROW: Face = Face::regular("rl", 14.0);
const BASE: Face = Face::regular("an", 13.0);
const VALUE: Face = Face::bold("lb b", 14.0);
const DELTA: Face = Face::bold("dl", 13.0);
const ABSENT: Face = Face::regular("an", 13.0);

/// Draws it for a wide page: a table with the plot as one of its columns.
pub fn wide(input: &DotsInput) -> String {
    draw(input, &Form::wide(input)).finish()
}

/// Draws it for half of a wide page: as for a phone, but wider.
pub fn half(input: &DotsInput) -> String {
    draw(input, &Form { variant: "w", width: 520.0, label: 400.0, ends: (4.0, 516.0), value: 520.0, ..Form::narrow() }).finish()
}

/// Draws it for a phone: the plot of a row below its words.
pub fn narrow(input: &DotsInput) -> String {
    draw(input, &Form::narrow()).finish()
}

/// The measures of a variant.
struct Form {
    variant: &'static str,
    width: f64,
    head: f64,
    row: f64,
    /// The baseline of a row's words and the middle of its plot, from the top of the row.
    words: f64,
    plot: f64,
    /// Where labels end, where bases end, the plot's ends, where values and differences end.
    label: f64,
    base: Option<f64>,
    ends: (f64, f64),
    value: f64,
    delta: Option<f64>,
}

impl Form {
    fn wide(input: &DotsInput) -> Self {
        let delta = !input.delta_heading.is_empty();
        let (width, last) = (1060.0, if delta { 96.0 } else { 0.0 });
        let values = input.rows.iter().map(|it| VALUE.width(&it.text)).fold(0.0, f64::max);
        let heading = HEADING.width(&input.value_heading).max(values).clamp(56.0, 220.0);
        Self {
            variant: "w",
            width,
            head: 30.0,
            row: 36.0,
            words: 23.0,
            plot: 18.0,
            label: 230.0,
            base: Some(296.0),
            ends: (320.0, width - last - heading - 24.0),
            value: width - last,
            delta: delta.then_some(width),
        }
    }

    fn narrow() -> Self {
        Self {
            variant: "n",
            width: 350.0,
            head: 22.0,
            row: 52.0,
            words: 19.0,
            plot: 36.0,
            label: 250.0,
            base: None,
            ends: (4.0, 346.0),
            value: 350.0,
            delta: None,
        }
    }
}

fn draw(input: &DotsInput, form: &Form) -> Svg {
    let rows = f64::from(u32::try_from(input.rows.len()).unwrap_or(0));
    let height = form.head + form.row * rows + 2.0;
    let class = format!("chart dots {}", form.variant);
    let id = format!("dp-{}-w", input.key.as_str());
    let mut svg = match form.variant {
        "n" => Svg::twin(&class, form.width, height, &id),
        _ => Svg::titled(&class, form.width, height, &id, &input.title, &input.desc),
    };
    let x = scale(input, form);
    head(input, form, &x, &mut svg);
    let mut grid = PathData::default();
    for (row, top) in placed(input, form) {
        grid.move_to(0.0, top);
        grid.line_to(form.width, top);
        if row.value.is_some() {
            grid.move_to(form.ends.0, top + form.plot);
            grid.line_to(form.ends.1, top + form.plot);
        }
    }
    svg.path("grid", &grid);
    words(input, form, &mut svg);
    svg.path("pym", &previous(input, form, &x));
    if let Some(target) = input.target {
        svg.path("tgtl", &target_line(input, form, x.at(target)));
    }
    // Marks come after the target's line, so that it never covers them.
    svg.path("cil", &intervals(input, form, &x));
    for (row, top) in placed(input, form) {
        if let Some(value) = row.value {
            status_mark(row.status, row.proven, (x.at(value), top + form.plot), &mut svg);
        }
    }
    svg
}

/// The rows, each with its top.
fn placed<'a>(input: &'a DotsInput, form: &Form) -> impl Iterator<Item = (&'a DotRow, f64)> + use<'a> {
    let (head, step) = (form.head, form.row);
    (0_u32..).zip(&input.rows).map(move |(index, row)| (row, head + step * f64::from(index)))
}

/// One line through a table's rows; on a phone a piece in each row, clear of its words.
fn target_line(input: &DotsInput, form: &Form, x: f64) -> PathData {
    let mut line = PathData::default();
    if form.base.is_some() {
        line.move_to(x, form.head - 3.0);
        line.line_to(x, form.head + form.row * valued(input));
        return line;
    }
    for (_, top) in placed(input, form).filter(|it| it.0.value.is_some()) {
        let middle = top + form.plot;
        line.move_to(x, middle - 11.0);
        line.line_to(x, middle + 12.0);
    }
    line
}

/// How many rows there are down to the last that has a value; nothing is drawn over the others.
fn valued(input: &DotsInput) -> f64 {
    let last = input.rows.iter().rposition(|row| row.value.is_some()).map_or(0, |index| index + 1);
    f64::from(u32::try_from(last).unwrap_or(0))
}

fn scale(input: &DotsInput, form: &Form) -> Scale {
    let ends = input.scale.unwrap_or_else(|| {
        let rows = input.rows.iter().flat_map(|r| [r.value, r.low, r.high, r.previous]).flatten();
        let (low, high) = extent(rows.chain(input.target)).unwrap_or((0.0, 1.0));
        ticks(low, high, 5, input.axis.range).ends()
    });
    Scale::new(ends, (form.ends.0 + 7.0, form.ends.1 - 7.0))
}

fn head(input: &DotsInput, form: &Form, x: &Scale, svg: &mut Svg) {
    let base = form.head - 9.0;
    if let Some(target) = input.target {
        let half = TARGET.width(&input.target_label) / 2.0;
        let at = x.at(target).clamp(form.ends.0 + half, (form.ends.1 - half).max(form.ends.0 + half));
        svg.label(TARGET, (at, base), Anchor::Middle, &input.target_label);
    }
    if let Some(end) = form.base {
        svg.label(HEADING, (0.0, base), Anchor::Start, &fit(&input.row_heading, 12.5, HEADING.weight, form.label));
        svg.label(HEADING, (end, base), Anchor::End, &fit(&input.base_heading, 12.5, HEADING.weight, end - form.label - 4.0));
        svg.label(
            HEADING,
            (form.value, base),
            Anchor::End,
            &fit(&input.value_heading, 12.5, HEADING.weight, form.value - form.ends.1 - 12.0),
        );
    }
    if let Some(end) = form.delta {
        svg.label(HEADING, (end, base), Anchor::End, &fit(&input.delta_heading, 12.5, HEADING.weight, 86.0));
    }
    let (low, high) = input.scale.unwrap_or_else(|| {
        let rows = input.rows.iter().flat_map(|r| [r.value, r.low, r.high, r.previous]).flatten();
        extent(rows.chain(input.target)).unwrap_or((0.0, 1.0))
    });
    let marks = ticks(low, high, 5, input.axis.range);
    let texts: Vec<(f64, String)> = marks.values.iter().map(|it| (x.at(*it), input.axis.write(*it, marks.decimals))).collect();
    let widest = texts.iter().map(|it| HEADING.width(&it.1)).fold(0.0, f64::max) + 10.0;
    let step = texts.windows(2).map(|pair| pair[1].0 - pair[0].0).fold(f64::INFINITY, f64::min).max(1.0);
    // Every second or third where they would not fit beside each other.
    let every = (1..=texts.len().max(1)).find(|it| step * f64::from(u32::try_from(*it).unwrap_or(1)) >= widest).unwrap_or(1);
    // Where zero is seen against, it is among those that are named.
    let first = marks.values.iter().position(|it| *it == 0.0).map_or(0, |it| it % every);
    for (at, text) in texts.into_iter().skip(first).step_by(every) {
        let half = HEADING.width(&text) / 2.0;
        let within = at.clamp(form.ends.0 + half, form.ends.1 - half);
        // A word far from its place would name another value.
        if (within - at).abs() > MOST_SHIFTED {
            continue;
        }
        let at = within;
        let room = Rect { x: at - half - 5.0, y: base - 10.0, w: 2.0 * half + 10.0, h: 13.0 };
        if svg.labels().iter().all(|l| !l.room.overlaps(&room)) {
            svg.label(HEADING, (at, base), Anchor::Middle, &text);
        }
    }
}

/// The words of the rows, column by column.
fn words(input: &DotsInput, form: &Form, svg: &mut Svg) {
    let width = |row: &DotRow| if row.value.is_some() { VALUE.width(&row.text) } else { 0.0 };
    let mut last = Vec::new();
    for (row, top) in placed(input, form) {
        let room = match form.base {
            Some(_) => form.label,
            None => form.value - width(row) - 10.0,
        };
        last.push(row_label(row, form, top + form.words, room, svg));
    }
    for ((row, top), label) in placed(input, form).zip(&last) {
        let base = top + form.words;
        match form.base {
            Some(end) => svg.label(BASE, (end, base), Anchor::End, &fit(&row.base, BASE.size, BASE.weight, end - form.label - 2.0)),
            None => {
                // Beside the label where there is room for it.
                let from = ROW.width(label) + 9.0;
                let text = format!("n = {}", row.base);
                let fits = |end: f64| end + 10.0 + width(row) <= form.value;
                let end = from + BASE.width(&text);
                if !row.base.is_empty() && fits(end) {
                    svg.label(BASE, (from, base), Anchor::Start, &text);
                }
                // The difference too, else the heading tells of what is not there.
                let (tone, change) = row.delta.as_ref().filter(|_| row.value.is_some()).map(change).unwrap_or_default();
                if !row.base.is_empty() && fits(end + 10.0 + DELTA.width(&change)) {
                    svg.label_as(DELTA, tone, (end + 10.0, base), Anchor::Start, &change);
                }
            }
        }
    }
    for (row, top) in placed(input, form) {
        if row.value.is_some() {
            svg.label(VALUE, (form.value, top + form.words), Anchor::End, &row.text);
            continue;
        }
        let why = row.absent.as_deref().unwrap_or("–");
        let at = (form.ends.0, if form.base.is_some() { top + form.words } else { top + form.plot + 4.0 });
        svg.label(ABSENT, at, Anchor::Start, &fit(why, ABSENT.size, ABSENT.weight, form.width - form.ends.0));
    }
    for (row, top) in placed(input, form).filter(|it| it.0.value.is_some()) {
        let (Some(end), Some(delta)) = (form.delta, &row.delta) else { continue };
        let (tone, change) = change(delta);
        svg.label_as(DELTA, tone, (end, top + form.words), Anchor::End, &change);
    }
}

/// A difference in print, and the class that colours it.
fn change(delta: &Delta) -> (&'static str, String) {
    let arrow = match delta.arrow() {
        Arrow::Up => "▲ ",
        Arrow::Down => "▼ ",
        Arrow::Flat | Arrow::None => "",
    };
    let tone = match delta.tone() {
        Tone::Better => "cgood",
        Tone::Worse => "cbad",
        Tone::Plain => "cgrey",
    };
    (tone, format!("{arrow}{}", delta.text()))
}

/// A triangle at the foot of each row, where its value stood before.
fn previous(input: &DotsInput, form: &Form, x: &Scale) -> PathData {
    let mut path = PathData::default();
    for (row, top) in placed(input, form).filter(|it| it.0.value.is_some()) {
        let Some(previous) = row.previous else { continue };
        let (at, foot) = (x.at(previous), top + form.plot + 8.0);
        path.move_to(at, foot - 8.0);
        path.line_to(at + 5.0, foot);
        path.line_to(at - 5.0, foot);
        path.close();
    }
    path
}

/// The intervals of the rows.
fn intervals(input: &DotsInput, form: &Form, x: &Scale) -> PathData {
    let mut path = PathData::default();
    for (row, top) in placed(input, form).filter(|it| it.0.value.is_some()) {
        let (Some(low), Some(high)) = (row.low, row.high) else { continue };
        path.move_to(x.at(low), top + form.plot);
        path.line_to(x.at(high), top + form.plot);
    }
    path
}

/// Writes the label in one line or, where the row is a table's, in two; returns its last line.
fn row_label(row: &DotRow, form: &Form, base: f64, room: f64, svg: &mut Svg) -> String {
    let most = if form.base.is_some() { 2 } else { 1 };
    let lines = wrap(&row.label, ROW.size, ROW.weight, room, most);
    let lift = if lines.len() > 1 { 8.0 } else { 0.0 };
    for (line, y) in lines.iter().zip([base - lift, base + lift]) {
        svg.label(ROW, (0.0, y), Anchor::Start, line);
    }
    lines.last().cloned().unwrap_or_default()
}

/// A value; the shape says its status as well as the colour, and is hollow where that is not proven.
pub(super) fn status_mark(status: Status, proven: bool, at: (f64, f64), svg: &mut Svg) {
    let filled = if proven { "ed" } else { "hol" };
    let class = format!("{filled} {}", status_class(status.code()));
    match status {
        Status::Act => svg.diamond(&class, at, 7.0),
        Status::Watch => triangle(&class, at, 1.0, svg),
        Status::OnTarget => svg.circle(&class, at, 5.6),
        Status::NoNorm => svg.circle("ed", at, 5.2),
        Status::TooFew | Status::Hidden | Status::NoData => svg.circle("weak", at, 4.8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::Dice;
    use crate::report::view::parts::Direction;
    use crate::words::Lang;

    #[test]
    fn labels_stay_within_and_apart() {
        let mut dice = Dice::new(17);
        for _ in 0..300 {
            let rows = (0..dice.below(9))
                .map(|_| DotRow {
                    label: dice.words(6),
                    base: "12.345".into(),
                    value: dice.maybe(0.0, 100.0),
                    low: dice.maybe(0.0, 100.0),
                    high: dice.maybe(0.0, 100.0),
                    text: "100,0%".into(),
                    status: Status::ALL[dice.below(7)],
                    proven: dice.share() > 0.5,
                    previous: dice.maybe(0.0, 100.0),
                    delta: Some(Delta::new(-3.0, "−3,0", "", Direction::Up, true)),
                    absent: Some(dice.words(9)),
                })
                .collect();
            let input = DotsInput {
                key: Key::new("x"),
                title: String::new(),
                desc: String::new(),
                axis: AxisFormat::plain(Lang::Nl),
                scale: None,
                target: dice.maybe(0.0, 100.0),
                target_label: "doel 50,0%".into(),
                row_heading: dice.words(9),
                base_heading: "n".into(),
                value_heading: dice.words(3),
                delta_heading: dice.words(2),
                rows,
            };
            for form in [Form::wide(&input), Form::narrow()] {
                let svg = draw(&input, &form);
                for (index, label) in svg.labels().iter().enumerate() {
                    assert!(svg.frame().holds(&label.room), "{} {label:?}", form.variant);
                    for other in &svg.labels()[..index] {
                        assert!(!label.room.overlaps(&other.room), "{label:?} {other:?}");
                    }
                }
            }
        }
    }
}
