//! What makes up the way from one figure to the next? In: where it begins and ends, and signed steps between. Out: causes
//! run downward, each a bar that begins where the one before it ended; the two figures are marks, since the axis need not
//! begin at zero.

use serde::Serialize;

use super::scale::{AxisFormat, Scale, Ticks, extent, ticks};
use super::svg::{Anchor, Face, PathData, Rect, Svg};
use super::text::{fit, wrap};
use crate::report::view::parts::{Key, Tone};

/// The way from one figure to another.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct WaterfallInput {
    /// Makes the ids within the drawing.
    pub key: Key,
    /// What moved.
    pub title: String,
    /// What is seen, in a sentence.
    pub desc: String,
    /// How to write values on the axis.
    pub axis: AxisFormat,
    /// The figure before.
    pub from: WaterfallEnd,
    /// The steps; they add up to the difference of the two figures.
    pub steps: Vec<WaterfallStep>,
    /// The figure after.
    pub to: WaterfallEnd,
    /// The target of the later period.
    pub target: Option<f64>,
    /// "doel 5,6".
    pub target_label: String,
}

/// A figure at an end.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct WaterfallEnd {
    /// Its period.
    pub label: String,
    /// The figure.
    pub value: f64,
    /// The figure as printed.
    pub text: String,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct WaterfallStep {
    /// What it is made by.
    pub label: String,
    /// How much.
    pub change: f64,
    /// The same as printed.
    pub text: String,
    /// Whether it is a signal, and of what.
    pub tone: Tone,
    /// Whether it is what other shares made, and no segment's own change.
    pub mix: bool,
}

const AXIS: Face = Face::regular("ax", 12.0);
const TARGET: Face = Face::bold("ax axb", 12.0);
const ROW: Face = Face::regular("rl", 14.0);
const END: Face = Face::bold("rl b", 14.0);
const VALUE: Face = Face::bold("lb b", 14.0);

/// The height of a row, and what is left above the first.
const STEP: f64 = 34.0;
const HEAD: f64 = 22.0;
const BAR: f64 = 18.0;

struct Form {
    variant: &'static str,
    width: f64,
    /// The most that labels of rows take.
    labels: f64,
    ticks: usize,
}

/// Draws it for half of a wide page.
pub fn wide(input: &WaterfallInput) -> String {
    draw(input, &Form::wide()).svg.finish()
}

/// Draws it for a phone.
pub fn narrow(input: &WaterfallInput) -> String {
    draw(input, &Form::narrow()).svg.finish()
}

impl Form {
    fn wide() -> Self {
        Self { variant: "w", width: 520.0, labels: 180.0, ticks: 3 }
    }

    fn narrow() -> Self {
        Self { variant: "n", width: 350.0, labels: 118.0, ticks: 2 }
    }
}

/// Where the axis begins, as it is printed; none where it begins at zero.
pub fn begins(input: &WaterfallInput) -> Option<String> {
    let marks = marks(input, &Form::wide());
    let first = marks.ends().0;
    (first != 0.0).then(|| input.axis.write(first, marks.decimals))
}

/// What was drawn.
struct Drawn {
    svg: Svg,
    /// One for each step.
    #[cfg_attr(not(test), expect(dead_code, reason = "what tests of the drawing ask"))]
    bars: Vec<Rect>,
    #[cfg_attr(not(test), expect(dead_code, reason = "what tests of the drawing ask"))]
    ends: [f64; 2],
}

/// The figure after each step, from the first on.
fn levels(input: &WaterfallInput) -> Vec<f64> {
    let mut at = input.from.value;
    let mut levels = vec![at];
    for step in &input.steps {
        at += step.change;
        levels.push(at);
    }
    levels
}

fn marks(input: &WaterfallInput, form: &Form) -> Ticks {
    let (low, high) = extent(levels(input).into_iter().chain([input.to.value])).unwrap_or((0.0, 1.0));
    // A target that is far away would press all steps together.
    let near = |it: &f64| (low - it).max(it - high) <= 1.5 * (high - low);
    let (low, high) = extent([low, high].into_iter().chain(input.target.filter(near))).unwrap_or((low, high));
    ticks(low, high, form.ticks, input.axis.range)
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn draw(input: &WaterfallInput, form: &Form) -> Drawn {
    let rows = number(input.steps.len() + 2);
    let foot = HEAD + STEP * rows;
    let (class, id) = (format!("chart wf {}", form.variant), format!("wf-{}-{}", input.key.as_str(), form.variant));
    let mut svg = Svg::titled(&class, form.width, foot + 22.0, &id, &input.title, &input.desc);
    let marks = marks(input, form);
    let labels = input.steps.iter().map(|it| ROW.width(&it.label)).chain([&input.from, &input.to].map(|it| END.width(&it.label)));
    let left = labels.fold(40.0, f64::max).min(form.labels) + 12.0;
    let texts = input.steps.iter().map(|it| &it.text).chain([&input.from.text, &input.to.text]);
    let room = texts.map(|it| VALUE.width(it)).fold(0.0, f64::max).min(form.width * 0.3);
    let half = marks.values.last().map_or(0.0, |it| AXIS.width(&input.axis.write(*it, marks.decimals)) / 2.0);
    let right = form.width - (room + 12.0).max(half);
    let x = Scale::new(marks.ends(), (left, right));
    frame(input, &marks, &x, (left, right, foot), &mut svg);
    let target = input.target.filter(|it| *it >= marks.ends().0 && *it <= marks.ends().1).map(|it| x.at(it));

    let mut outlines: [PathData; 6] = Default::default();
    let mut joined = PathData::default();
    let (mut bars, levels) = (Vec::new(), levels(input));
    let middle = |row: usize| HEAD + STEP * number(row) + STEP / 2.0;
    for (at, step) in input.steps.iter().enumerate() {
        let (from, to) = (x.at(levels[at]), x.at(levels[at + 1]));
        let bar = Rect { x: from.min(to), y: middle(at + 1) - BAR / 2.0, w: (to - from).abs(), h: BAR };
        joined.move_to(from, middle(at) + if at == 0 { 10.0 } else { BAR / 2.0 });
        joined.line_to(from, bar.y);
        // What is too small to see is still there.
        let seen = Rect { w: bar.w.max(1.4), ..bar };
        outlines[place(step)].rect(seen);
        row(&step.label, ROW, middle(at + 1), (left, form), &mut svg);
        let ends = (bar.x, bar.x + seen.w);
        value(&step.text, (ends, target), middle(at + 1), (left, form.width), tone(step.tone), &mut svg);
        bars.push(bar);
    }
    let last = input.steps.len() + 1;
    let (from, to) = (x.at(input.from.value), x.at(input.to.value));
    joined.move_to(to, middle(last - 1) + if last == 1 { 10.0 } else { BAR / 2.0 });
    joined.line_to(to, middle(last) - 10.0);
    svg.path("base", &joined);
    for (class, outline) in CLASSES.iter().zip(&outlines) {
        svg.path(class, outline);
    }
    for (end, at, class, place) in [(&input.from, from, "wf0", 0), (&input.to, to, "wf1", last)] {
        svg.rect(class, Rect { x: at - 3.0, y: middle(place) - 10.0, w: 6.0, h: 20.0 }, 0.0);
        row(&end.label, END, middle(place), (left, form), &mut svg);
        value(&end.text, ((at - 3.0, at + 3.0), target), middle(place), (left, form.width), "", &mut svg);
    }
    Drawn { svg, bars, ends: [from, to] }
}

/// The classes of bars: own changes, and those that other shares made.
const CLASSES: [&str; 6] = ["bw", "bb", "bp", "wfm c-bad", "wfm c-good", "wfm c-na"];

fn place(step: &WaterfallStep) -> usize {
    let tone = match step.tone {
        Tone::Worse => 0,
        Tone::Better => 1,
        Tone::Plain => 2,
    };
    tone + if step.mix { 3 } else { 0 }
}

fn tone(of: Tone) -> &'static str {
    match of {
        Tone::Worse => "cbad",
        Tone::Better => "cgood",
        Tone::Plain => "",
    }
}

/// The axis and the target.
fn frame(input: &WaterfallInput, marks: &Ticks, x: &Scale, (left, right, foot): (f64, f64, f64), svg: &mut Svg) {
    let mut grid = PathData::default();
    for value in &marks.values {
        let text = input.axis.write(*value, marks.decimals);
        let (at, half) = (x.at(*value), AXIS.width(&text) / 2.0);
        grid.move_to(at, HEAD);
        grid.line_to(at, foot);
        let room = Rect { x: at - half - 4.0, y: foot + 7.0, w: 2.0 * half + 8.0, h: 12.0 };
        if room.x >= 0.0 && room.x + room.w <= svg.frame().w + 4.0 && svg.labels().iter().all(|it| !it.room.overlaps(&room)) {
            svg.label(AXIS, (at, foot + 17.0), Anchor::Middle, &text);
        }
    }
    svg.path("grid", &grid);
    let Some(target) = input.target.filter(|it| *it >= marks.ends().0 && *it <= marks.ends().1) else { return };
    let at = x.at(target);
    svg.line("tgtl", (at, HEAD - 4.0), (at, foot));
    let label = fit(&input.target_label, TARGET.size, TARGET.weight, svg.frame().w - 4.0);
    let half = TARGET.width(&label) / 2.0;
    let within = at.clamp(half, (svg.frame().w - half).max(half)).max(left.min(right));
    svg.label(TARGET, (within.min(svg.frame().w - half), HEAD - 8.0), Anchor::Middle, &label);
}

/// The label of a row, in one line or two.
fn row(label: &str, face: Face, middle: f64, (left, form): (f64, &Form), svg: &mut Svg) {
    let lines = wrap(label, face.size, face.weight, form.labels.min(left - 12.0), 2);
    let lift = if lines.len() > 1 { 7.5 } else { 0.0 };
    for (line, y) in lines.iter().zip([middle + 5.0 - lift, middle + 5.0 + lift]) {
        svg.label(face, (left - 12.0, y), Anchor::End, line);
    }
}

/// What stands behind a bar, or before it where the target's line would run through it.
fn value(text: &str, ((from, to), target): ((f64, f64), Option<f64>), middle: f64, (left, width): (f64, f64), tone: &str, svg: &mut Svg) {
    let text = fit(text, VALUE.size, VALUE.weight, width * 0.3);
    let long = VALUE.width(&text);
    let crossed = |at: f64| target.is_some_and(|it| it > at - 3.0 && it < at + long + 3.0);
    let (behind, before) = (to + 7.0, from - 7.0 - long);
    let at = if crossed(behind) && !crossed(before) && before >= left { before } else { behind.min(width - long) };
    svg.label_as(VALUE, tone, (at, middle + 5.0), Anchor::Start, &text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::Dice;
    use crate::words::Lang;

    fn input(dice: &mut Dice) -> WaterfallInput {
        let size = [0.01, 1.0, 40.0, 1e6][dice.below(4)];
        let from = dice.between(-2.0, 8.0) * size;
        let steps: Vec<WaterfallStep> = (0..dice.below(9))
            .map(|_| WaterfallStep {
                label: dice.words(6),
                change: dice.between(-1.0, 1.0) * size,
                text: "−12.345,67 pp".into(),
                tone: [Tone::Better, Tone::Worse, Tone::Plain][dice.below(3)],
                mix: dice.share() > 0.8,
            })
            .collect();
        let to = from + steps.iter().map(|it| it.change).sum::<f64>();
        let end = |label: String, value: f64| WaterfallEnd { label, value, text: "12.345,67%".into() };
        WaterfallInput {
            key: Key::new("x"),
            title: String::new(),
            desc: String::new(),
            axis: AxisFormat::plain(Lang::Nl),
            from: end(dice.words(3), from),
            to: end(dice.words(3), to),
            steps,
            target: dice.maybe(-3.0 * size, 10.0 * size),
            target_label: dice.words(4),
        }
    }

    #[test]
    fn bars_chain_within_the_plot_and_labels_stand_apart() {
        let mut dice = Dice::new(77);
        for _ in 0..400 {
            let input = input(&mut dice);
            for form in [Form::wide(), Form::narrow()] {
                let drawn = draw(&input, &form);
                // Each bar begins where the one before it ended, the first at the first figure, the last at the other.
                let mut at = drawn.ends[0];
                for (bar, step) in drawn.bars.iter().zip(&input.steps) {
                    let (near, far) = if step.change < 0.0 { (bar.x + bar.w, bar.x) } else { (bar.x, bar.x + bar.w) };
                    assert!((near - at).abs() < 1e-6, "{bar:?} begins at {near}, not {at}");
                    assert!(drawn.svg.frame().holds(bar), "{bar:?}");
                    at = far;
                }
                assert!((at - drawn.ends[1]).abs() < 1e-6, "{at} {:?}", drawn.ends);
                // One length is one amount.
                let scales = drawn.bars.iter().zip(&input.steps).filter(|it| it.0.w > 1e-3).map(|(bar, step)| bar.w / step.change.abs());
                let ends = extent(scales).unwrap_or((1.0, 1.0));
                assert!(ends.1 - ends.0 <= 1e-6 * ends.1, "{ends:?}");
                for (index, label) in drawn.svg.labels().iter().enumerate() {
                    assert!(drawn.svg.frame().holds(&label.room), "{} {label:?}", form.variant);
                    for other in &drawn.svg.labels()[..index] {
                        assert!(!label.room.overlaps(&other.room), "{label:?} {other:?}");
                    }
                }
                let text = drawn.svg.finish();
                assert!(!text.contains("NaN"));
                assert_eq!(text, draw(&input, &form).svg.finish());
            }
        }
    }

    #[test]
    fn an_axis_that_does_not_begin_at_zero_is_said() {
        let mut dice = Dice::new(5);
        let mut input = input(&mut dice);
        input.target = None;
        input.steps.clear();
        (input.from.value, input.to.value) = (5.4, 5.1);
        assert_eq!(begins(&input).as_deref(), Some("5,0"));
        (input.from.value, input.to.value) = (0.0, 3.0);
        assert_eq!(begins(&input), None);
    }
}
