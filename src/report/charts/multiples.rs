//! For whom did it move? In: one KPI by the values of one dimension, over time. Out: a small line for each value, all on one
//! scale, with the line of the whole faint behind it and the status at its end.

use serde::Serialize;

use super::dots::status_mark;
use super::scale::Scale;
use super::spark::polyline;
use super::svg::{Anchor, Face, PathData, Svg};
use super::text::wrap;
use crate::report::view::parts::{Key, Status};

/// A KPI by the values of a dimension over time, in the order in which they must be shown.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct MultiplesInput {
    /// Makes the ids within the drawing.
    pub key: Key,
    /// "CES afspraak per regio, over de tijd".
    pub title: String,
    /// What is seen, in a sentence.
    pub desc: String,
    /// The ends of the scale that all share.
    pub scale: (f64, f64),
    /// The target that all share.
    pub target: Option<f64>,
    /// The whole by period, oldest first.
    pub whole: Vec<Option<f64>>,
    /// One for each value of the dimension.
    pub panels: Vec<Multiple>,
}

/// One value of the dimension over time.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Multiple {
    /// Its label.
    pub label: String,
    /// Its last value as printed, or why there is none.
    pub text: String,
    /// Its status.
    pub status: Status,
    /// Whether its interval keeps it in its band; hollow where not.
    pub proven: bool,
    /// Its values by period, oldest first; `None` is hidden or absent, and is a gap.
    pub points: Vec<MultiplePoint>,
}

/// One period of a value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, schemars::JsonSchema)]
pub struct MultiplePoint {
    /// The value.
    pub value: Option<f64>,
    /// Whether it counts on too few answers or an unfinished period: drawn hollow.
    pub weak: bool,
}

/// The faces of its labels.
const LABEL: Face = Face::bold("rl b", 14.0);
const VALUE: Face = Face::bold("lb b", 14.0);
const ABSENT: Face = Face::regular("an", 13.0);
/// Room for the mark at the end of a line.
const MARK: f64 = 8.0;
const LINE: f64 = 17.0;

/// The measures of a variant.
struct Form {
    variant: &'static str,
    width: f64,
    /// So many stand beside each other at most, and none is wider than this.
    columns: usize,
    widest: f64,
    gap: f64,
    plot: f64,
}

const WIDE: Form = Form { variant: "w", width: 1060.0, columns: 6, widest: 250.0, gap: 26.0, plot: 74.0 };
const NARROW: Form = Form { variant: "n", width: 350.0, columns: 2, widest: 350.0, gap: 22.0, plot: 62.0 };

/// Draws it for a wide page.
pub fn wide(input: &MultiplesInput) -> String {
    draw(input, &WIDE).0.finish()
}

/// Draws it for a phone, two beside each other.
pub fn narrow(input: &MultiplesInput) -> String {
    draw(input, &NARROW).0.finish()
}

/// The places of a line, with its gaps.
type Places = Vec<Option<(f64, f64)>>;

/// The drawing, and where the lines of its panels go.
fn draw(input: &MultiplesInput, form: &Form) -> (Svg, Vec<Places>) {
    let number = |it: usize| f64::from(u32::try_from(it).unwrap_or(1));
    let columns = form.columns.min(input.panels.len()).max(1);
    let width = ((form.width - form.gap * number(columns - 1)) / number(columns)).floor().min(form.widest);
    let labels: Vec<Vec<String>> = input
        .panels
        .iter()
        .map(|it| wrap(&it.label, LABEL.size, LABEL.weight, (width - face(it).width(&it.text) - 10.0).max(40.0), 2))
        .collect();
    let head = LINE * number(labels.iter().map(Vec::len).max().unwrap_or(1).max(1)) + 4.0;
    let step = head + form.plot + 16.0;
    let height = step * number(input.panels.len().div_ceil(columns)) - 14.0;
    let (class, id) = (format!("chart sm {}", form.variant), format!("sm-{}", input.key.as_str()));
    let mut svg = match form.variant {
        "n" => Svg::twin(&class, form.width, height.max(10.0), &id),
        _ => Svg::titled(&class, form.width, height.max(10.0), &id, &input.title, &input.desc),
    };
    let corner = |at: usize| ((width + form.gap) * number(at % columns), step * number(at / columns));
    let last = number(input.whole.len().max(2) - 1);
    let scales = |at: usize| {
        let (left, top) = corner(at);
        let x = Scale::new((0.0, last), (left + 2.0, left + width - MARK));
        (x, Scale::new(input.scale, (top + head + form.plot - MARK, top + head + MARK)))
    };
    let places = |at: usize, values: &mut dyn Iterator<Item = Option<f64>>| -> Places {
        let (x, y) = scales(at);
        (0_u32..).zip(values).map(|(place, value)| value.map(|it| (x.at(f64::from(place)), y.at(it)))).collect()
    };
    let (mut grid, mut target, mut whole) = (PathData::default(), PathData::default(), Vec::new());
    let mut lines = Vec::new();
    for (at, panel) in input.panels.iter().enumerate() {
        let (left, top) = corner(at);
        grid.move_to(left, top + head + form.plot);
        grid.line_to(left + width, top + head + form.plot);
        if let Some(value) = input.target {
            let y = scales(at).1.at(value);
            target.move_to(left, y);
            target.line_to(left + width, y);
        }
        whole.extend(places(at, &mut input.whole.iter().copied()));
        whole.push(None);
        lines.push(places(at, &mut panel.points.iter().map(|it| it.value)));
    }
    svg.path("grid", &grid);
    svg.path("tgtl", &target);
    svg.path("pyl", &polyline(&whole));
    svg.path("acl", &polyline(&lines.iter().flat_map(|it| it.iter().copied().chain([None])).collect::<Vec<_>>()));
    for (panel, line) in input.panels.iter().zip(&lines) {
        let ends = line.len().checked_sub(1);
        for (at, (place, point)) in line.iter().zip(&panel.points).enumerate() {
            let Some(place) = *place else { continue };
            if Some(at) == ends {
                status_mark(panel.status, panel.proven && !point.weak, place, &mut svg);
            } else if point.weak {
                svg.circle("weak", place, 2.6);
            }
        }
    }
    for (at, panel) in input.panels.iter().enumerate() {
        let (left, top) = corner(at);
        for (line, y) in labels[at].iter().zip([13.0, 13.0 + LINE]) {
            svg.label(LABEL, (left, top + y), Anchor::Start, line);
        }
        svg.label(face(panel), (left + width, top + 13.0), Anchor::End, &panel.text);
    }
    (svg, lines)
}

/// A figure stands out, a word for its absence does not.
fn face(panel: &Multiple) -> Face {
    if panel.points.last().is_some_and(|it| it.value.is_some()) { VALUE } else { ABSENT }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::Dice;

    fn random(dice: &mut Dice) -> MultiplesInput {
        let periods = dice.below(12);
        let panels = (0..dice.below(9))
            .map(|_| Multiple {
                label: dice.words(4),
                text: ["verborgen", "−123,4%", "5,1"][dice.below(3)].to_owned(),
                status: Status::ALL[dice.below(7)],
                proven: dice.share() > 0.5,
                points: (0..periods).map(|_| MultiplePoint { value: dice.maybe(0.0, 100.0), weak: dice.share() > 0.8 }).collect(),
            })
            .collect();
        MultiplesInput {
            key: Key::new("x"),
            title: String::new(),
            desc: String::new(),
            scale: (0.0, 100.0),
            target: dice.maybe(0.0, 100.0),
            whole: (0..periods).map(|_| dice.maybe(0.0, 100.0)).collect(),
            panels,
        }
    }

    #[test]
    fn labels_stay_within_and_apart_and_lines_below_them() {
        let mut dice = Dice::new(23);
        for _ in 0..300 {
            let input = random(&mut dice);
            for form in [WIDE, NARROW] {
                let (svg, lines) = draw(&input, &form);
                for (index, label) in svg.labels().iter().enumerate() {
                    assert!(svg.frame().holds(&label.room), "{} {label:?} {input:#?}", form.variant);
                    for other in &svg.labels()[..index] {
                        assert!(!label.room.overlaps(&other.room), "{} {label:?} {other:?}", form.variant);
                    }
                    for (x, y) in lines.iter().flatten().flatten() {
                        let room = label.room;
                        assert!(!(room.x < *x && *x < room.x + room.w && room.y < *y && *y < room.y + room.h), "{label:?} {x} {y}");
                    }
                }
                assert!(!svg.finish().contains("NaN"));
            }
        }
    }

    #[test]
    fn all_share_one_scale() {
        let mut dice = Dice::new(29);
        for _ in 0..100 {
            let mut input = random(&mut dice);
            for it in &mut input.panels {
                it.label = "a".into();
                it.points = vec![MultiplePoint { value: Some(40.0), weak: false }; input.whole.len()];
            }
            for form in [WIDE, NARROW] {
                let columns = form.columns.min(input.panels.len()).max(1);
                let lines = draw(&input, &form).1;
                for (at, line) in lines.iter().enumerate() {
                    let beside = &lines[at - at % columns];
                    assert!(line.iter().zip(beside).all(|(a, b)| a.map(|it| it.1) == b.map(|it| it.1)), "{input:#?}");
                    // Time runs to the right, within a panel of its own.
                    assert!(line.windows(2).all(|pair| pair[0] < pair[1] && pair[0].map(|it| it.0) < pair[1].map(|it| it.0)));
                }
            }
        }
    }

    #[test]
    fn what_is_hidden_has_a_word_and_no_mark() {
        let point = |value| MultiplePoint { value, weak: false };
        let panel = |text: &str, last: Option<f64>| Multiple {
            label: "Zuid".into(),
            text: text.into(),
            status: if last.is_none() { Status::Hidden } else { Status::Act },
            proven: true,
            points: vec![point(Some(4.0)), point(Some(5.0)), point(last)],
        };
        let input = |last: Option<f64>, text: &str| MultiplesInput {
            key: Key::new("x"),
            title: String::new(),
            desc: String::new(),
            scale: (0.0, 10.0),
            target: None,
            whole: vec![None; 3],
            panels: vec![panel(text, last)],
        };
        let (hidden, shown) = (wide(&input(None, "verborgen")), wide(&input(Some(3.0), "3,0")));
        assert!(hidden.contains(">verborgen</text>") && !hidden.contains("<circle") && !hidden.contains("class=\"ed"));
        assert!(shown.contains("class=\"ed c-bad\""));
        // Its line ends where its figures do.
        assert_eq!(draw(&input(None, ""), &WIDE).1[0].iter().flatten().count(), 2);
    }
}
