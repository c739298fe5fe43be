//! How is a drawing written down? An escaping writer of SVG text: attributes in the order given,
//! numbers with at most one decimal, so that the same drawing is the same bytes. It remembers
//! where labels stand, which the tests of every chart ask.

use super::text::{self, Weight};
use crate::diagnostic::turns;

/// An attribute's value.
#[derive(Debug, Clone, Copy)]
pub enum Attr<'a> {
    /// A number, written with at most one decimal.
    Num(f64),
    /// A text, escaped.
    Text(&'a str),
}

impl From<f64> for Attr<'_> {
    fn from(number: f64) -> Self {
        Self::Num(number)
    }
}

impl<'a> From<&'a str> for Attr<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Attr<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

/// Where a label is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// At its start.
    Start,
    /// At its middle.
    Middle,
    /// At its end.
    End,
}

/// A style of labels: class, size, weight. The style sheet says the same sizes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Face {
    /// The class that the style sheet knows.
    pub class: &'static str,
    /// The size.
    pub size: f64,
    /// The weight.
    pub weight: Weight,
}

impl Face {
    /// Makes a face of regular weight.
    pub const fn regular(class: &'static str, size: f64) -> Self {
        Self { class, size, weight: Weight::Regular }
    }

    /// Makes a bold face.
    pub const fn bold(class: &'static str, size: f64) -> Self {
        Self { class, size, weight: Weight::Bold }
    }

    /// Returns the estimated width of a text.
    pub fn width(&self, label: &str) -> f64 {
        text::width(label, self.size, self.weight)
    }
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Its left side.
    pub x: f64,
    /// Its upper side.
    pub y: f64,
    /// Its width.
    pub w: f64,
    /// Its height.
    pub h: f64,
}

impl Rect {
    /// Returns whether two rectangles share more than their edges.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x < other.x + other.w && other.x < self.x + self.w && self.y < other.y + other.h && other.y < self.y + self.h
    }

    /// Returns whether another rectangle lies within this one.
    pub fn holds(&self, other: &Self) -> bool {
        let slack = 0.05;
        other.x >= self.x - slack
            && other.y >= self.y - slack
            && other.x + other.w <= self.x + self.w + slack
            && other.y + other.h <= self.y + self.h + slack
    }
}

/// A label as it was written, with the room it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Its text.
    pub text: String,
    /// Its room.
    pub room: Rect,
}

/// A drawing being written.
#[derive(Debug, Clone)]
pub struct Svg {
    out: String,
    frame: Rect,
    labels: Vec<Label>,
}

impl Svg {
    /// Begins a drawing with a title and a description that readers hear. `id` makes their ids.
    pub fn titled(class: &str, width: f64, height: f64, id: &str, title: &str, desc: &str) -> Self {
        let mut svg = Self::twin(class, width, height, id);
        svg.element_text("title", &format!("{id}-t"), title);
        svg.element_text("desc", &format!("{id}-d"), desc);
        svg
    }

    /// Begins a drawing that stands beside a titled one of the same input, and has its words: `id` is that one's.
    pub fn twin(class: &str, width: f64, height: f64, id: &str) -> Self {
        let mut svg = Self::begin(width, height);
        let (view, labelled) = (view_box(width, height), format!("{id}-t {id}-d"));
        svg.open(
            "svg",
            &[("class", class.into()), ("viewBox", (&view).into()), ("role", "img".into()), ("aria-labelledby", (&labelled).into())],
        );
        svg
    }

    /// Begins a small drawing with one sentence that readers hear.
    pub fn named(class: &str, width: f64, height: f64, desc: &str) -> Self {
        let mut svg = Self::begin(width, height);
        let view = view_box(width, height);
        svg.open("svg", &[("class", class.into()), ("viewBox", (&view).into()), ("role", "img".into()), ("aria-label", desc.into())]);
        svg
    }

    /// Begins a small drawing of what stands beside it in print.
    pub fn unsaid(class: &str, width: f64, height: f64) -> Self {
        let mut svg = Self::begin(width, height);
        let view = view_box(width, height);
        svg.open("svg", &[("class", class.into()), ("viewBox", (&view).into()), ("aria-hidden", "true".into())]);
        svg
    }

    fn begin(width: f64, height: f64) -> Self {
        let frame = Rect { x: 0.0, y: 0.0, w: width, h: height };
        Self { out: String::new(), frame, labels: Vec::new() }
    }

    /// Opens an element.
    pub fn open(&mut self, tag: &str, attrs: &[(&str, Attr<'_>)]) {
        self.tag(tag, attrs);
        self.out.push('>');
    }

    /// Closes an element.
    pub fn close(&mut self, tag: &str) {
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
    }

    /// Writes an element without content.
    pub fn leaf(&mut self, tag: &str, attrs: &[(&str, Attr<'_>)]) {
        self.tag(tag, attrs);
        self.out.push_str("/>");
    }

    /// Writes a straight line.
    pub fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let mut path = PathData::default();
        path.move_to(from.0, from.1);
        path.line_to(to.0, to.1);
        self.path(class, &path);
    }

    /// Writes a rectangle; `radius` 0 leaves its corners square.
    pub fn rect(&mut self, class: &str, at: Rect, radius: f64) {
        if radius > 0.0 {
            let (x, y, w, h) = (at.x.into(), at.y.into(), at.w.into(), at.h.into());
            return self.leaf("rect", &[("class", class.into()), ("x", x), ("y", y), ("width", w), ("height", h), ("rx", radius.into())]);
        }
        // Its outline is shorter to tell.
        let mut path = PathData::default();
        path.rect(at);
        self.path(class, &path);
    }

    /// Writes a circle.
    pub fn circle(&mut self, class: &str, at: (f64, f64), radius: f64) {
        let (x, y, r) = (at.0.into(), at.1.into(), radius.into());
        self.leaf("circle", &[("class", class.into()), ("cx", x), ("cy", y), ("r", r)]);
    }

    /// Writes a path.
    pub fn path(&mut self, class: &str, path: &PathData) {
        if !path.text.is_empty() {
            self.leaf("path", &[("class", class.into()), ("d", (&path.text).into())]);
        }
    }

    /// Writes a square that stands on its corner.
    pub fn diamond(&mut self, class: &str, at: (f64, f64), radius: f64) {
        let mut path = PathData::default();
        path.move_to(at.0, at.1 - radius);
        path.line_to(at.0 + radius, at.1);
        path.line_to(at.0, at.1 + radius);
        path.line_to(at.0 - radius, at.1);
        path.close();
        self.path(class, &path);
    }

    /// Writes the glyph of a status, `size` wide, with its upper left corner at a place.
    pub fn glyph(&mut self, code: &str, at: (f64, f64), size: f64) {
        let (class, href) = (format!("gs {}", status_class(code)), format!("#g-{code}"));
        let (x, y, s) = (at.0.into(), at.1.into(), size.into());
        self.leaf("use", &[("class", (&class).into()), ("href", (&href).into()), ("x", x), ("y", y), ("width", s), ("height", s)]);
    }

    /// Writes once more what has an id in a drawing beside this one: `[width, height]` are shares of the size that it has
    /// there, then the way to go. Lines keep their width, as the style sheet says.
    pub fn fitted(&mut self, id: &str, [width, height, x, y]: [f64; 4]) {
        // Shares of one decimal would not do: what is a hundred wide may be off by one.
        let share = |it: f64| format!("{it:.4}");
        let (href, matrix) = (format!("#{id}"), format!("matrix({} 0 0 {} {} {})", share(width), share(height), num(x), num(y)));
        self.leaf("use", &[("href", (&href).into()), ("transform", (&matrix).into())]);
    }

    /// Writes a label with its baseline at a place.
    pub fn label(&mut self, face: Face, at: (f64, f64), anchor: Anchor, label: &str) {
        self.label_as(face, "", at, anchor, label);
    }

    /// Writes a label with further classes.
    pub fn label_as(&mut self, face: Face, more: &str, at: (f64, f64), anchor: Anchor, label: &str) {
        if label.is_empty() {
            return;
        }
        let width = face.width(label);
        // Where a label is held is said by a class, since most of them are.
        let (x, held) = match anchor {
            Anchor::Start => (at.0, ""),
            Anchor::Middle => (at.0 - width / 2.0, "tm"),
            Anchor::End => (at.0 - width, "te"),
        };
        let class = [face.class, more, held].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ");
        let room = Rect { x, y: at.1 - face.size * 0.78, w: width, h: face.size };
        self.labels.push(Label { text: label.to_owned(), room });
        // Of letters nobody sees a tenth; a place of 0 goes without saying.
        let (x, y) = (at.0.round(), at.1.round());
        let attrs = [("class", (&class).into()), ("y", y.into()), ("x", x.into())];
        self.open("text", if x == 0.0 { &attrs[..2] } else { &attrs });
        escape(label, &mut self.out);
        self.close("text");
    }

    /// Returns the labels so far.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// Returns the whole drawing's rectangle.
    pub fn frame(&self) -> Rect {
        self.frame
    }

    /// Ends the drawing.
    pub fn finish(mut self) -> String {
        self.close("svg");
        self.out
    }

    fn tag(&mut self, tag: &str, attrs: &[(&str, Attr<'_>)]) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attrs {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            match value {
                Attr::Num(number) => self.out.push_str(&num(*number)),
                Attr::Text(text) => escape(text, &mut self.out),
            }
            self.out.push('"');
        }
    }

    fn element_text(&mut self, tag: &str, id: &str, text: &str) {
        self.open(tag, &[("id", id.into())]);
        escape(text, &mut self.out);
        self.close(tag);
    }
}

/// The data of a path. Coordinates are rounded as they are written; after the first they are told as the way from the one
/// before, in whole tenths, which is shorter and adds up to no error.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PathData {
    text: String,
    /// Where the pen is, and where its outline began, in tenths.
    at: (i64, i64),
    from: (i64, i64),
    /// The command that numbers would follow without its letter.
    open: char,
    /// Whether anything followed the first move: numbers right behind that, without a letter, are taken as places.
    goes_on: bool,
}

impl PathData {
    /// Moves to a place.
    pub fn move_to(&mut self, x: f64, y: f64) {
        let to = (tenths(x), tenths(y));
        if self.text.is_empty() {
            self.add('M', &[to.0, to.1]);
        } else {
            self.add('m', &[to.0 - self.at.0, to.1 - self.at.1]);
        }
        // A line follows a move without its letter.
        self.open = 'l';
        (self.at, self.from) = (to, to);
    }

    /// Draws a straight line to a place.
    pub fn line_to(&mut self, x: f64, y: f64) {
        let to = (tenths(x), tenths(y));
        let (dx, dy) = (to.0 - self.at.0, to.1 - self.at.1);
        match (dx, dy) {
            (_, 0) => self.add('h', &[dx]),
            (0, _) => self.add('v', &[dy]),
            // The first move is to a place as it is, and so would be what follows it without a letter.
            _ => self.add('l', &[dx, dy]),
        }
        self.at = to;
    }

    /// Draws a curve to a place.
    pub fn curve_to(&mut self, control_1: (f64, f64), control_2: (f64, f64), to: (f64, f64)) {
        let (x, y) = self.at;
        let ends = [control_1, control_2, to].map(|it| (tenths(it.0), tenths(it.1)));
        let [a, b, c] = ends.map(|it| [it.0 - x, it.1 - y]);
        self.add('c', &[a[0], a[1], b[0], b[1], c[0], c[1]]);
        self.at = ends[2];
    }

    /// Puts a round point at a place: a line without length, which round caps make visible.
    pub fn point(&mut self, x: f64, y: f64) {
        self.move_to(x, y);
        self.add('h', &[0]);
    }

    /// Draws a rectangle. Its far sides are rounded as places, not as lengths: rectangles that meet leave no gap.
    pub fn rect(&mut self, at: Rect) {
        self.move_to(at.x, at.y);
        self.line_to(at.x + at.w, at.y);
        self.line_to(at.x + at.w, at.y + at.h);
        self.line_to(at.x, at.y + at.h);
        self.close();
    }

    /// Closes the outline.
    pub fn close(&mut self) {
        self.text.push('Z');
        self.at = self.from;
        self.open = 'Z';
    }

    fn add(&mut self, command: char, numbers: &[i64]) {
        let bare = self.open == command && (self.goes_on || command != 'l');
        if !bare {
            self.text.push(command);
        }
        self.goes_on |= command != 'M';
        for (place, number) in numbers.iter().enumerate() {
            let text = num(*number as f64 / 10.0);
            // Below one the point says it all.
            let text = if text.trim_start_matches('-').starts_with("0.") { text.replacen("0.", ".", 1) } else { text };
            if (place > 0 || bare) && !text.starts_with('-') {
                self.text.push(' ');
            }
            self.text.push_str(&text);
        }
        self.open = command;
    }
}

/// A coordinate in whole tenths, as it is written. What is not a number becomes 0, as by [`num`].
fn tenths(number: f64) -> i64 {
    debug_assert!(number.is_finite(), "a coordinate is not finite");
    // As rounding in writing has it: what is written is what is meant.
    num(number).parse::<f64>().map_or(0, |it| (it * 10.0).round() as i64)
}

/// Returns the class that colours a status.
pub fn status_class(code: &str) -> &'static str {
    match code {
        "on_target" => "c-good",
        "watch" => "c-warn",
        "act" => "c-bad",
        _ => "c-na",
    }
}

/// Writes a number with at most one decimal. What is not a number becomes 0: it can only come from
/// a fault of ours, and must not break the page.
pub fn num(number: f64) -> String {
    if !number.is_finite() {
        debug_assert!(false, "a coordinate is not finite");
        return "0".into();
    }
    let text = format!("{number:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".into() } else { text.to_owned() }
}

/// Writes text so that it can end neither an attribute nor an element. Control codes, which XML
/// does not know, and marks that turn the text around them, are left out.
pub fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || turns(c) => {}
            c => out.push(c),
        }
    }
}

fn view_box(width: f64, height: f64) -> String {
    format!("0 0 {} {}", num(width), num(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        let mut svg = Svg::titled("c", 10.0, 10.0, "x", "</title><script>", "\"onload='a'&\u{0}\u{202e}");
        svg.label(Face::regular("a", 10.0), (0.0, 9.0), Anchor::Start, "</svg><b>");
        let svg = svg.finish();
        assert!(!svg.contains("<script") && !svg.contains("<b>") && !svg.contains(['\u{0}', '\u{202e}']));
        assert!(svg.contains("&quot;onload=&#39;a&#39;&amp;"));
    }

    #[test]
    fn paths_are_told_by_their_way() {
        let mut path = PathData::default();
        path.move_to(10.0, 20.0);
        path.line_to(12.5, 18.0);
        path.line_to(15.0, 17.5);
        path.line_to(15.0, 30.0);
        path.line_to(4.0, 30.0);
        path.close();
        path.move_to(11.0, 20.0);
        path.line_to(12.0, 21.0);
        path.point(13.0, 20.0);
        path.curve_to((14.0, 20.0), (15.0, 21.0), (16.0, 22.0));
        assert_eq!(path.text, "M10 20l2.5-2 2.5-.5v12.5h-11Zm1 0 1 1m1-1h0c1 0 2 1 3 2");
    }

    #[test]
    fn numbers_are_short() {
        for (number, text) in [(1.0, "1"), (-0.04, "0"), (2.25, "2.2"), (-3.5, "-3.5"), (1e6, "1000000")] {
            assert_eq!(num(number), text);
        }
    }
}
