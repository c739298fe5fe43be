//! What to improve first? In: items with importance and performance, each with its interval. Out: a field cut in four,
//! with all items named beside their marks, or all numbered where a name finds no room.

use serde::Serialize;

use super::scale::{AxisFormat, Scale, extent, ticks};
use super::svg::{Anchor, Face, PathData, Rect, Svg};
use crate::report::view::parts::Key;

/// Items by how much they matter and how well they do.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct MatrixInput {
    /// Makes the ids within the drawing.
    pub key: Key,
    /// "Wat NPS na reparatie bepaalt".
    pub title: String,
    /// What is seen, in sentences.
    pub desc: String,
    /// How to write performance, along the bottom.
    pub x: AxisFormat,
    /// How to write importance, along the side.
    pub y: AxisFormat,
    /// What performance is.
    pub x_label: String,
    /// What importance is.
    pub y_label: String,
    /// The ends of both scales, to share them between drawings; else chosen from the points.
    pub scales: Option<MatrixScales>,
    /// Where the field is cut: mean performance and mean importance.
    pub cross: (f64, f64),
    /// The four fields: important and weak, important and strong, unimportant and weak, unimportant and strong.
    pub fields: [String; 4],
    /// The items, most important first.
    pub points: Vec<MatrixPoint>,
}

/// The ends of the scales of performance and importance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, schemars::JsonSchema)]
pub struct MatrixScales {
    /// The ends of performance.
    pub x: (f64, f64),
    /// The ends of importance.
    pub y: (f64, f64),
}

/// An item.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct MatrixPoint {
    /// Its name.
    pub label: String,
    /// Its performance.
    pub x: f64,
    /// Its performance's interval.
    pub x_ends: Option<(f64, f64)>,
    /// Its importance.
    pub y: f64,
    /// Its importance's interval.
    pub y_ends: Option<(f64, f64)>,
    /// Whether it is important and weak.
    pub first: bool,
    /// Whether its intervals keep it in its field; hollow where not.
    pub proven: bool,
}

/// A drawing, and which items stand in it by number: their place in the list, from 1.
pub struct Matrix {
    /// The drawing.
    pub svg: String,
    /// The items that are numbered.
    pub numbered: Vec<usize>,
}

const AXIS: Face = Face::regular("ax", 12.0);
const FIELD: Face = Face::bold("mqt", 12.5);
const NAME: Face = Face::regular("ml", 13.0);
/// Between two lines of a name.
const NAME_GAP: f64 = 2.0;
const NUMBER: Face = Face::bold("ml b", 13.0);

/// The radius of a mark, with some air.
const MARK: f64 = 8.0;

/// How far a name may stand from the middle of its mark: 8 units from its edge.
const REACH: f64 = 13.4;

/// How near a name may come to the middle of another's mark.
const APART: f64 = 20.0;

/// How far a name stands from that of a field on its line.
const CORNER: f64 = 24.0;

/// The room above and below all marks, where the fields are named.
const BAND: f64 = 26.0;

/// Draws them for halves of a wide page: all names beside their marks, or all items of all of them by number.
pub fn wide<'i>(inputs: impl Iterator<Item = &'i MatrixInput> + Clone) -> Vec<Matrix> {
    let drawn: Vec<Drawn> = inputs.clone().map(|it| draw(it, &WIDE)).collect();
    let named = drawn.iter().all(|it| it.numbered.is_empty());
    let drawn = if named { drawn } else { inputs.map(|it| draw(it, &Form { named: false, ..WIDE })).collect() };
    drawn.into_iter().map(|it| Matrix { numbered: it.numbered, svg: it.svg.finish() }).collect()
}

/// Draws it for a phone: every item by its number.
pub fn narrow(input: &MatrixInput) -> Matrix {
    let drawn = draw(input, &NARROW);
    Matrix { numbered: drawn.numbered, svg: drawn.svg.finish() }
}

/// The scales that fit several drawings, so that they can be read side by side.
pub fn shared<'i>(inputs: impl Iterator<Item = &'i MatrixInput> + Clone) -> Option<MatrixScales> {
    let first = inputs.clone().next()?;
    let seen = |x: bool| {
        let all = inputs.clone().flat_map(move |it| {
            let cross = if x { it.cross.0 } else { it.cross.1 };
            it.points
                .iter()
                .flat_map(move |it| {
                    let (value, ends) = if x { (it.x, it.x_ends) } else { (it.y, it.y_ends) };
                    [Some(value), ends.map(|it| it.0), ends.map(|it| it.1)].into_iter().flatten()
                })
                .chain([cross])
        });
        extent(all)
    };
    let (x, y) = (seen(true)?, seen(false)?);
    // Importance starts at nothing.
    let y = ticks(y.0.min(0.0), y.1, 5, first.y.range).ends();
    Some(MatrixScales { x: ticks(x.0, x.1, 5, first.x.range).ends(), y })
}

struct Form {
    variant: &'static str,
    width: f64,
    height: f64,
    named: bool,
}

const WIDE: Form = Form { variant: "w", width: 560.0, height: 420.0, named: true };
const NARROW: Form = Form { variant: "n", width: 350.0, height: 380.0, named: false };

struct Drawn {
    svg: Svg,
    numbered: Vec<usize>,
    /// The field, which all marks and names keep to.
    #[cfg_attr(not(test), expect(dead_code, reason = "asked by tests"))]
    plot: Rect,
    #[cfg_attr(not(test), expect(dead_code, reason = "asked by tests"))]
    marks: Vec<(f64, f64)>,
    #[cfg_attr(not(test), expect(dead_code, reason = "asked by tests"))]
    cross: (f64, f64),
}

fn draw(input: &MatrixInput, form: &Form) -> Drawn {
    let class = format!("chart mx {}", form.variant);
    let id = format!("mx-{}-w", input.key.as_str());
    let mut svg = match form.variant {
        "n" => Svg::twin(&class, form.width, form.height, &id),
        _ => Svg::titled(&class, form.width, form.height, &id, &input.title, &input.desc),
    };
    let scales = input.scales.or_else(|| shared(std::iter::once(input))).unwrap_or(MatrixScales { x: (0.0, 1.0), y: (0.0, 1.0) });
    let (x_ticks, y_ticks) = (ticks(scales.x.0, scales.x.1, 4, input.x.range), ticks(scales.y.0, scales.y.1, 4, input.y.range));
    let widest = y_ticks.values.iter().map(|it| AXIS.width(&input.y.write(*it, y_ticks.decimals))).fold(0.0, f64::max);
    let plot = Rect { x: widest + 8.0, y: 26.0, w: form.width - widest - 16.0, h: form.height - 26.0 - 46.0 };
    let x = Scale::new(scales.x, (plot.x + MARK, plot.x + plot.w - MARK));
    let y = Scale::new(scales.y, (plot.y + plot.h - BAND, plot.y + BAND));
    let cross = (x.at(input.cross.0), y.at(input.cross.1));

    svg.rect("mqi", Rect { x: plot.x, y: plot.y, w: (cross.0 - plot.x).max(0.0), h: (cross.1 - plot.y).max(0.0) }, 0.0);
    let mut grid = PathData::default();
    for value in &y_ticks.values {
        let at = y.at(*value);
        grid.move_to(plot.x, at);
        grid.line_to(plot.x + plot.w, at);
        svg.label(AXIS, (plot.x - 6.0, at + 4.0), Anchor::End, &input.y.write(*value, y_ticks.decimals));
    }
    svg.path("grid", &grid);
    for value in &x_ticks.values {
        let text = input.x.write(*value, x_ticks.decimals);
        let half = AXIS.width(&text) / 2.0;
        let at = x.at(*value).clamp(half, form.width - half);
        let room = Rect { x: at - half - 4.0, y: plot.y + plot.h + 6.0, w: 2.0 * half + 8.0, h: 13.0 };
        if svg.labels().iter().all(|it| !it.room.overlaps(&room)) {
            svg.label(AXIS, (at, plot.y + plot.h + 17.0), Anchor::Middle, &text);
        }
    }
    let fit = |text: &str, room: f64| super::text::fit(text, AXIS.size, AXIS.weight, room);
    svg.label(AXIS, (0.0, 14.0), Anchor::Start, &fit(&format!("↑ {}", input.y_label), form.width));
    svg.label(AXIS, (form.width, form.height - 8.0), Anchor::End, &fit(&format!("{} →", input.x_label), form.width));
    let mut axes = PathData::default();
    axes.move_to(cross.0, plot.y);
    axes.line_to(cross.0, plot.y + plot.h);
    axes.move_to(plot.x, cross.1);
    axes.line_to(plot.x + plot.w, cross.1);
    svg.path("mqx", &axes);
    let marks: Vec<(f64, f64)> = input.points.iter().map(|it| (x.at(it.x), y.at(it.y))).collect();
    let taken: Vec<Rect> = marks.iter().map(|at| Rect { x: at.0 - MARK, y: at.1 - MARK, w: 2.0 * MARK, h: 2.0 * MARK }).collect();
    // Names keep clear of the intervals as well.
    let lines = input.points.iter().zip(&marks).map(|(point, at)| {
        let across = point.x_ends.map(|(low, high)| Rect { x: x.at(low), y: at.1 - 1.0, w: (x.at(high) - x.at(low)).abs(), h: 2.0 });
        let upright = point.y_ends.map(|(low, high)| Rect { x: at.0 - 1.0, y: y.at(high), w: 2.0, h: (y.at(low) - y.at(high)).abs() });
        [across, upright].into_iter().flatten().collect()
    });
    let lines: Vec<Vec<Rect>> = lines.collect();
    let mut ends = PathData::default();
    for (point, at) in input.points.iter().zip(&marks) {
        if let Some((low, high)) = point.y_ends {
            ends.move_to(at.0, y.at(low));
            ends.line_to(at.0, y.at(high));
        }
        if let Some((low, high)) = point.x_ends {
            ends.move_to(x.at(low), at.1);
            ends.line_to(x.at(high), at.1);
        }
    }
    svg.path("mxw", &ends);
    for (point, at) in input.points.iter().zip(&marks) {
        match (point.first, point.proven) {
            (true, true) => svg.diamond("ed c-bad", *at, 6.5),
            (true, false) => svg.diamond("weak", *at, 6.0),
            (false, true) => svg.circle("ed", *at, 5.4),
            (false, false) => svg.circle("weak", *at, 4.8),
        }
    }
    let clear: Vec<Rect> = taken.iter().chain(lines.iter().flatten()).copied().collect();
    fields(input, &plot, &mut svg);
    // A name beside the name of a field would be read on with it.
    let beside = |room: Rect| Rect { x: room.x - CORNER, w: room.w + 2.0 * CORNER, ..room };
    let labels = svg.labels().iter().map(|it| if input.fields.contains(&it.text) { beside(it.room) } else { it.room });
    let labels: Vec<Rect> = labels.collect();
    let field = Field { plot, cross, marks: &marks, taken: &taken, lines: &lines };
    let names = form.named.then(|| names(input, &field, &labels)).flatten();
    let numbered = match names {
        Some(rooms) => {
            for (line, room) in rooms.iter().flat_map(Name::lines) {
                svg.label(NAME, (room.x, room.y + room.h * 0.78), Anchor::Start, line);
            }
            Vec::new()
        }
        None => {
            for (index, at) in marks.iter().enumerate() {
                // Across an interval rather than nowhere.
                let number = (index + 1).to_string();
                let labels: Vec<Rect> = svg.labels().iter().map(|it| it.room).collect();
                let room = |reaches: &[f64], clear: &[Rect]| spot(&number, *at, reaches, &plot, (clear, &labels));
                if let Some(room) = room(&[1.0, 1.6], &clear).or_else(|| room(&[1.0, 1.8, 2.6, 3.6, 5.0], &taken)) {
                    svg.label(NUMBER, (room.x, room.y + room.h * 0.78), Anchor::Start, &number);
                }
            }
            (1..=marks.len()).collect()
        }
    };
    Drawn { svg, numbered, plot, marks, cross }
}

/// The names of the four fields, each in its outer corner, above or below all marks and intervals.
fn fields(input: &MatrixInput, plot: &Rect, svg: &mut Svg) {
    for (at, name) in input.fields.iter().enumerate() {
        let (width, height) = (FIELD.width(name), FIELD.size);
        let x = if at % 2 == 0 { plot.x + 7.0 } else { plot.x + plot.w - 7.0 - width };
        let y = if at < 2 { plot.y + 6.0 } else { plot.y + plot.h - 6.0 - height };
        let room = Rect { x, y, w: width, h: height };
        // Words of a template may be longer than the drawing is wide.
        if plot.holds(&room) && svg.labels().iter().all(|it| !it.room.overlaps(&room)) {
            svg.label_as(FIELD, if at == 0 { "cbad" } else { "" }, (room.x, room.y + height * 0.78), Anchor::Start, name);
        }
    }
}

/// All that a name must keep clear of.
struct Field<'d> {
    plot: Rect,
    cross: (f64, f64),
    marks: &'d [(f64, f64)],
    taken: &'d [Rect],
    /// The intervals of each mark.
    lines: &'d [Vec<Rect>],
}

impl Field<'_> {
    /// The quarter of the field that a mark lies in.
    fn quarter(&self, at: (f64, f64)) -> Rect {
        let side = |at: f64, from: f64, length: f64, cross: f64| match at < cross {
            true => (from, cross - from - 2.0),
            false => (cross + 2.0, from + length - cross - 2.0),
        };
        let (x, w) = side(at.0, self.plot.x, self.plot.w, self.cross.0);
        let (y, h) = side(at.1, self.plot.y, self.plot.h, self.cross.1);
        Rect { x, y, w, h }
    }

    /// The room of a name beside its mark: in its own quarter, clear of all intervals, on one line or else on two; else there
    /// across its own interval, where the halo of the text keeps it legible; else across a mean, but never in the quarter to
    /// improve first, unless its mark is there.
    fn room(&self, label: &str, index: usize, others: &[Rect]) -> Option<Name> {
        let forms: Vec<Name> = std::iter::once(Name::new(vec![label.to_owned()])).chain(broken(label)).collect();
        let find = |how: How| forms.iter().find_map(|it| Some(Name { room: self.place(it, index, others, how)?, ..it.clone() }));
        find(How::Clear).or_else(|| find(How::OwnInterval)).or_else(|| find(How::Mean))
    }

    fn place(&self, name: &Name, index: usize, others: &[Rect], how: How) -> Option<Rect> {
        let mark = self.marks[index];
        let quarter = self.quarter(mark);
        let first = Rect { x: self.plot.x, y: self.plot.y, w: self.cross.0 - self.plot.x, h: self.cross.1 - self.plot.y };
        let is_first = mark.0 < self.cross.0 && mark.1 < self.cross.1;
        let clear = |room: &Rect, own_too: bool| {
            let lines = self.lines.iter().enumerate().filter(|it| own_too || it.0 != index).flat_map(|it| it.1);
            self.taken.iter().chain(lines).chain(others).all(|it| !it.overlaps(room))
        };
        // A name between two marks would be read as that of either.
        let own = |room: &Rect| {
            let others = self.marks.iter().enumerate().filter(|it| it.0 != index);
            self.plot.holds(room) && distance(room, mark) <= REACH && others.clone().all(|it| distance(room, *it.1) > APART)
        };
        let (width, height) = (name.room.w, name.room.h);
        let beside = [1.0, 1.3].into_iter().flat_map(|reach| around(mark, width, height, reach));
        // Above and below also further to either side.
        let along = (0..=48_u32).flat_map(|step| {
            let x = mark.0 - width * f64::from(step) / 48.0;
            [(x, mark.1 - MARK - 2.0 - height), (x, mark.1 + MARK + 2.0)]
        });
        let rooms = beside.chain(along).map(|(x, y)| Rect { x, y, w: width, h: height });
        rooms.filter(own).find(|it| match how {
            How::Clear => quarter.holds(it) && clear(it, true),
            How::OwnInterval => quarter.holds(it) && clear(it, false),
            How::Mean => clear(it, true) && (is_first || !it.overlaps(&first)),
        })
    }
}

/// What a name may cross.
#[derive(Clone, Copy)]
enum How {
    Clear,
    OwnInterval,
    Mean,
}

/// A name on one line or two, and its room.
#[derive(Debug, Clone)]
struct Name {
    text: Vec<String>,
    room: Rect,
}

impl Name {
    fn new(text: Vec<String>) -> Name {
        let w = text.iter().map(|it| NAME.width(it)).fold(0.0, f64::max);
        let rows = f64::from(u32::try_from(text.len()).unwrap_or(1));
        Name { text, room: Rect { x: 0.0, y: 0.0, w, h: NAME.size * rows + NAME_GAP * (rows - 1.0) } }
    }

    /// Its lines, each with its room.
    fn lines(&self) -> impl Iterator<Item = (&String, Rect)> {
        let step = NAME.size + NAME_GAP;
        (0_u32..).zip(&self.text).map(move |(at, it)| {
            let y = self.room.y + f64::from(at) * step;
            (it, Rect { x: self.room.x, y, w: NAME.width(it), h: NAME.size })
        })
    }
}

/// A name on two lines, broken where these are most alike; none of one word.
fn broken(label: &str) -> Option<Name> {
    let breaks = label.match_indices(' ').map(|it| label.split_at(it.0));
    let (first, rest) = breaks.min_by(|a, b| {
        let wider = |it: &(&str, &str)| NAME.width(it.0).max(NAME.width(it.1.trim_start()));
        wider(a).total_cmp(&wider(b))
    })?;
    Some(Name::new(vec![first.to_owned(), rest.trim_start().to_owned()]))
}

/// Where the names of all items stand, each beside its mark and clear of the others; none where one finds no room.
fn names(input: &MatrixInput, field: &Field<'_>, labels: &[Rect]) -> Option<Vec<Name>> {
    let count = field.marks.len();
    let mut across: Vec<usize> = (0..count).collect();
    across.sort_by(|a, b| field.marks[*a].0.total_cmp(&field.marks[*b].0));
    // Who comes first takes the best place: another order may leave room for all.
    let back: Vec<usize> = across.iter().rev().copied().collect();
    let mut orders = vec![(0..count).collect::<Vec<_>>(), (0..count).rev().collect(), across.clone(), back];
    orders.extend((0..count).map(|first| std::iter::once(first).chain(across.iter().copied().filter(|it| *it != first)).collect()));
    let placed = |order: &Vec<usize>| {
        let mut rooms: Vec<Option<Name>> = vec![None; count];
        let mut others = labels.to_vec();
        for &index in order {
            let name = field.room(&input.points[index].label, index, &others)?;
            // Lines of text keep some air between them.
            others.push(Rect { y: name.room.y - 2.0, h: name.room.h + 4.0, ..name.room });
            rooms[index] = Some(name);
        }
        rooms.into_iter().collect()
    };
    orders.iter().find_map(placed)
}

/// The left and upper edges of rooms around a mark, those that read best first.
fn around(at: (f64, f64), width: f64, height: f64, reach: f64) -> [(f64, f64); 8] {
    let (far, near) = (MARK * reach + 2.0, MARK * reach * 0.7 + 2.0);
    [
        (at.0 + near, at.1 - near - height),
        (at.0 - near - width, at.1 - near - height),
        (at.0 + near, at.1 + near),
        (at.0 - near - width, at.1 + near),
        (at.0 + far, at.1 - height / 2.0),
        (at.0 - far - width, at.1 - height / 2.0),
        (at.0 - width / 2.0, at.1 - far - height),
        (at.0 - width / 2.0, at.1 + far),
    ]
}

/// The room of a number beside a mark, where it keeps clear of marks, labels and the edge.
fn spot(number: &str, at: (f64, f64), reaches: &[f64], plot: &Rect, (clear, labels): (&[Rect], &[Rect])) -> Option<Rect> {
    let (width, height) = (NUMBER.width(number), NUMBER.size);
    let rooms = reaches.iter().flat_map(|reach| around(at, width, height, *reach));
    let mut rooms = rooms.map(|(x, y)| Rect { x, y, w: width, h: height });
    rooms.find(|room| plot.holds(room) && clear.iter().chain(labels).all(|it| !it.overlaps(room)))
}

/// How far a point lies from a room; nothing where it lies in it.
fn distance(room: &Rect, at: (f64, f64)) -> f64 {
    let beyond = |at: f64, from: f64, length: f64| (from - at).max(at - from - length).max(0.0);
    beyond(at.0, room.x, room.w).hypot(beyond(at.1, room.y, room.h))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::Dice;
    use crate::words::Lang;

    fn random(dice: &mut Dice) -> MatrixInput {
        let span = |dice: &mut Dice, at: f64| dice.maybe(0.0, 30.0).map(|it| (at - it, at + it));
        let points = (0..dice.below(14)).map(|_| {
            let (x, y) = (dice.between(0.0, 100.0), dice.between(0.0, 60.0));
            MatrixPoint {
                label: dice.words(7),
                x,
                x_ends: span(dice, x),
                y,
                y_ends: span(dice, y),
                first: dice.share() > 0.5,
                proven: dice.share() > 0.5,
            }
        });
        let points: Vec<MatrixPoint> = points.collect();
        let axis = AxisFormat { suffix: "%".into(), ..AxisFormat::plain(Lang::Nl) };
        MatrixInput {
            key: Key::new("x"),
            title: String::new(),
            desc: String::new(),
            x: axis.clone(),
            y: axis,
            x_label: dice.words(12),
            y_label: dice.words(12),
            scales: None,
            cross: (dice.between(0.0, 100.0), dice.between(0.0, 60.0)),
            fields: [dice.words(3), dice.words(3), dice.words(3), dice.words(3)],
            points,
        }
    }

    #[test]
    fn labels_stay_within_and_apart_and_marks_in_the_field() {
        let mut dice = Dice::new(31);
        for _ in 0..400 {
            let input = random(&mut dice);
            for form in [&WIDE, &NARROW] {
                let drawn = draw(&input, form);
                let labels = drawn.svg.labels();
                for (index, label) in labels.iter().enumerate() {
                    assert!(drawn.svg.frame().holds(&label.room), "{} {label:?}", form.variant);
                    for other in &labels[..index] {
                        assert!(!label.room.overlaps(&other.room), "{label:?} {other:?}");
                    }
                }
                for (x, y) in &drawn.marks {
                    assert!(drawn.plot.holds(&Rect { x: *x, y: *y, w: 0.0, h: 0.0 }), "{x} {y}");
                }
                assert!(form.named || drawn.numbered.len() == input.points.len());
                // A name stands by its own mark, and by no other.
                for (index, point) in input.points.iter().enumerate().filter(|_| drawn.numbered.is_empty()) {
                    let by = |room: &Rect| distance(room, drawn.marks[index]) <= REACH;
                    let one = labels.iter().filter(|it| it.text == point.label).map(|it| it.room);
                    let two = labels.windows(2).filter(|it| format!("{} {}", it[0].text, it[1].text) == point.label);
                    let two = two.map(|it| Rect { w: it[0].room.w.max(it[1].room.w), h: 2.0 * it[0].room.h + NAME_GAP, ..it[0].room });
                    let own = one.chain(two).find(by).unwrap_or_else(|| panic!("{point:?} {labels:?}"));
                    let others = drawn.marks.iter().enumerate().filter(|it| it.0 != index);
                    for (_, at) in others {
                        assert!(distance(&own, *at) > APART, "{point:?}");
                    }
                    // Nor does it stand where one would improve first, unless its mark does.
                    let (mark, cross, plot) = (drawn.marks[index], drawn.cross, drawn.plot);
                    let first = Rect { x: plot.x, y: plot.y, w: cross.0 - plot.x, h: cross.1 - plot.y };
                    let is_first = mark.0 < cross.0 && mark.1 < cross.1;
                    assert!(is_first || !first.overlaps(&own), "{point:?}");
                }
            }
        }
    }

    #[test]
    fn fields_are_named_in_their_outer_corners() {
        let mut dice = Dice::new(8);
        for _ in 0..50 {
            let input = MatrixInput { fields: ["Fix", "Keep", "Later", "Fine"].map(str::to_owned), ..random(&mut dice) };
            for form in [&WIDE, &NARROW] {
                let Drawn { svg, plot, .. } = draw(&input, form);
                for (at, name) in input.fields.iter().enumerate() {
                    let room = svg.labels().iter().find(|it| it.text == *name).expect("each has a corner").room;
                    let (left, upper) = (room.x - plot.x < 8.0, room.y - plot.y < BAND);
                    assert_eq!((left, upper), (at % 2 == 0, at < 2), "{name} {room:?}");
                }
            }
        }
    }

    #[test]
    fn names_stand_clear_of_the_names_of_fields() {
        let mut dice = Dice::new(41);
        let mut seen = 0;
        for _ in 0..300 {
            let input = MatrixInput { fields: ["Fix it", "Keep it", "Later", "Fine"].map(str::to_owned), ..random(&mut dice) };
            let svg = draw(&input, &WIDE).svg;
            let (fields, names): (Vec<_>, Vec<_>) =
                svg.labels().iter().filter(|it| it.room.y > 26.0 && it.room.y < 374.0).partition(|it| input.fields.contains(&it.text));
            for name in names.iter().filter(|it| it.text.parse::<f64>().is_err() && !it.text.ends_with('%')) {
                for field in &fields {
                    let room = Rect { x: field.room.x - 20.0, w: field.room.w + 40.0, ..field.room };
                    assert!(!room.overlaps(&name.room), "{name:?} {field:?}");
                    seen += 1;
                }
            }
        }
        assert!(seen > 100, "{seen}");
    }

    #[test]
    fn where_one_is_numbered_all_are() {
        let mut dice = Dice::new(6);
        let many = std::iter::repeat_with(|| random(&mut dice)).find(|it| !draw(it, &WIDE).numbered.is_empty()).expect("one of them");
        let few = MatrixInput { points: Vec::new(), ..many.clone() };
        let one = MatrixInput { points: many.points[..1].to_vec(), ..many.clone() };
        assert!(wide([&few, &one].into_iter()).iter().all(|it| it.numbered.is_empty()));
        assert_eq!(wide([&one, &many].into_iter()).iter().map(|it| it.numbered.len()).collect::<Vec<_>>(), [1, many.points.len()]);
    }

    #[test]
    fn two_drawings_share_their_scales() {
        let mut dice = Dice::new(5);
        let (a, b) = (random(&mut dice), random(&mut dice));
        let scales = shared([&a, &b].into_iter()).expect("both have a cross");
        for it in a.points.iter().chain(&b.points) {
            assert!(scales.x.0 <= it.x && it.x <= scales.x.1 && scales.y.0 <= it.y && it.y <= scales.y.1);
        }
    }
}
