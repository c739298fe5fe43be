//! How does a drawing look without the page's style sheet? Classes become plain attributes, in the colours of light
//! paper, so that a program that knows SVG but no style sheets draws the same.
//!
//! The style sheet is the one of the page: of its rules those count that name elements by class or tag, alone or within
//! others. What lies in a condition (dark paper, print, a narrow screen) does not.

use std::collections::BTreeMap;

use crate::report::charts::svg::escape;

/// What an attribute of a drawing may say.
const PAINTED: [&str; 13] = [
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linejoin",
    "stroke-linecap",
    "paint-order",
    "opacity",
    "font-size",
    "font-weight",
    "font-style",
    "font-family",
    "text-anchor",
];

/// A style sheet, as far as drawings go.
pub(super) struct Sheet {
    rules: Vec<Rule>,
    glyphs: &'static str,
}

/// One selector with what it says.
struct Rule {
    /// Elements from the outside in; the last is the one that is meant.
    path: Vec<Compound>,
    says: Vec<(String, String)>,
}

/// An element by its tag and classes.
#[derive(Debug, Default)]
struct Compound {
    tag: String,
    classes: Vec<String>,
}

/// An open element.
struct Element {
    tag: String,
    classes: Vec<String>,
    /// Own properties and the colour of text, that of what is around it where it says nothing.
    known: BTreeMap<String, String>,
}

impl Sheet {
    /// Reads a style sheet, and the glyphs that drawings use.
    pub(super) fn read(css: &str, glyphs: &'static str) -> Sheet {
        let mut rules = Vec::new();
        let mut rest = without_comments(css);
        while let Some(open) = rest.find('{') {
            let selectors = rest[..open].trim().to_owned();
            let close = closing(&rest, open);
            let body = rest[open + 1..close].to_owned();
            rest = rest[(close + 1).min(rest.len())..].to_owned();
            if selectors.starts_with('@') {
                continue;
            }
            let says = declarations(&body);
            for selector in selectors.split(',') {
                if let Some(path) = selector.split_whitespace().map(compound).collect::<Option<Vec<_>>>() {
                    rules.push(Rule { path, says: says.clone() });
                }
            }
        }
        // What is more exact counts more; of equals, the later.
        rules.sort_by_key(|it| it.path.iter().fold((0, 0), |sum, it| (sum.0 + it.classes.len(), sum.1 + usize::from(!it.tag.is_empty()))));
        Sheet { rules, glyphs }
    }

    /// Paints a drawing of ours: a file of its own.
    pub(super) fn paint(&self, drawing: &str) -> String {
        let mut out = String::with_capacity(drawing.len() * 2);
        let mut open: Vec<Element> = Vec::new();
        let mut rest = drawing;
        while let Some(at) = rest.find('<') {
            out.push_str(&rest[..at]);
            let end = rest[at..].find('>').map_or(rest.len(), |it| at + it + 1);
            let tag = &rest[at..end];
            rest = &rest[end..];
            if tag.starts_with("</") {
                open.pop();
                out.push_str(tag);
                continue;
            }
            let (name, attributes) = parts(tag);
            let element = self.element(&open, &name, &attributes);
            if name == "use" {
                out.push_str(&self.glyph(&element, &attributes));
                continue;
            }
            self.write(&element, &attributes, open.is_empty(), tag.ends_with("/>"), &open, &mut out);
            if !tag.ends_with("/>") {
                open.push(element);
            }
        }
        out.push_str(rest);
        out.push('\n');
        out
    }

    /// An element with what the style sheet gives it to know.
    fn element(&self, around: &[Element], tag: &str, attributes: &[(String, String)]) -> Element {
        let class = attributes.iter().find(|it| it.0 == "class").map_or("", |it| it.1.as_str());
        let classes = class.split_whitespace().map(str::to_owned).collect();
        let mut element = Element { tag: tag.to_owned(), classes, known: around.last().map(|it| it.known.clone()).unwrap_or_default() };
        if around.is_empty() {
            // What holds for the page holds for the drawing.
            self.rules.iter().filter(|it| it.is_root()).for_each(|it| element.learn(&it.says));
        }
        let own: Vec<&Rule> = self.rules.iter().filter(|it| it.means(around, &element)).collect();
        own.iter().for_each(|it| element.learn(&it.says));
        element
    }

    fn write(&self, element: &Element, attributes: &[(String, String)], first: bool, empty: bool, around: &[Element], out: &mut String) {
        out.push('<');
        out.push_str(&element.tag);
        if first {
            out.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
            let view = attributes.iter().find(|it| it.0 == "viewBox").map_or("", |it| it.1.as_str());
            if let [_, _, width, height] = view.split_whitespace().collect::<Vec<_>>().as_slice() {
                out.push_str(&format!(" width=\"{width}\" height=\"{height}\""));
            }
        }
        for (name, value) in attributes.iter().filter(|it| it.0 != "class") {
            // As it was written: escaped.
            out.push_str(&format!(" {name}=\"{value}\""));
        }
        for (name, value) in self.painted(element, first, around) {
            out.push_str(&format!(" {name}=\""));
            escape(&value, out);
            out.push('"');
        }
        out.push_str(if empty { "/>" } else { ">" });
    }

    /// The attributes that the style sheet comes down to, in an order of their own.
    fn painted(&self, element: &Element, first: bool, around: &[Element]) -> Vec<(String, String)> {
        let mut found: BTreeMap<&str, String> = BTreeMap::new();
        if first {
            found.insert("font-family", element.resolve("var(--sans)"));
        }
        for rule in self.rules.iter().filter(|it| it.means(around, element)) {
            for (name, value) in &rule.says {
                if let Some(known) = PAINTED.iter().find(|it| *it == name) {
                    found.insert(known, element.resolve(value));
                } else if name == "font" {
                    font(&element.resolve(value)).into_iter().for_each(|(name, value)| drop(found.insert(name, value)));
                }
            }
        }
        let mut attributes = Vec::new();
        for name in PAINTED {
            let Some(value) = found.remove(name) else { continue };
            let (value, share) = opaque(value.strip_suffix("px").unwrap_or(&value));
            attributes.push((name.to_owned(), value));
            attributes.extend(share.map(|it| (format!("{name}-opacity"), it)));
        }
        attributes
    }

    /// A glyph, drawn where it is used.
    fn glyph(&self, element: &Element, attributes: &[(String, String)]) -> String {
        let of = |name: &str| attributes.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str());
        let symbol = format!("<symbol id=\"{}\"", of("href").trim_start_matches('#'));
        let found = self.glyphs.split(&symbol).nth(1).and_then(|it| it.split_once('>'));
        let Some((head, inside)) = found else { return String::new() };
        let view = head.split('"').nth(1).unwrap_or("0 0 16 16");
        let inside = inside.split("</symbol>").next().unwrap_or_default();
        let colour = element.resolve("currentColor");
        let inside = element.resolve(&inside.replace("currentColor", &colour));
        let (x, y, width, height) = (of("x"), of("y"), of("width"), of("height"));
        format!("<svg x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" viewBox=\"{view}\">{inside}</svg>")
    }
}

impl Rule {
    fn is_root(&self) -> bool {
        matches!(self.path.as_slice(), [one] if one.tag == ":root")
    }

    /// Whether it means an element, with what is around that.
    fn means(&self, around: &[Element], element: &Element) -> bool {
        let Some((last, outer)) = self.path.split_last() else { return false };
        if !last.fits(element) {
            return false;
        }
        let mut left = around.iter().rev();
        outer.iter().rev().all(|wanted| left.any(|it| wanted.fits(it)))
    }
}

impl Compound {
    fn fits(&self, element: &Element) -> bool {
        (self.tag.is_empty() || self.tag == element.tag) && self.classes.iter().all(|it| element.classes.contains(it))
    }
}

impl Element {
    fn learn(&mut self, says: &[(String, String)]) {
        for (name, value) in says.iter().filter(|it| it.0.starts_with("--") || it.0 == "color") {
            let value = self.resolve(value);
            self.known.insert(name.clone(), value);
        }
    }

    /// A value without references to others.
    fn resolve(&self, value: &str) -> String {
        let mut value = value.to_owned();
        // A property may name another; one that names itself is left as nothing.
        for _ in 0..64 {
            let Some(at) = value.find("var(") else { break };
            let end = value[at..].find(')').map_or(value.len(), |it| at + it);
            let name = value[at + 4..end].trim().to_owned();
            let known = self.known.get(&name).map_or("", String::as_str).to_owned();
            value.replace_range(at..(end + 1).min(value.len()), &known);
        }
        if value == "currentColor" { self.known.get("color").cloned().unwrap_or_else(|| "#000".to_owned()) } else { value }
    }
}

/// One selector of an element; none where it says more than tag and classes.
fn compound(text: &str) -> Option<Compound> {
    if text == ":root" {
        return Some(Compound { tag: text.to_owned(), classes: Vec::new() });
    }
    if text.contains([':', '[', '>', '+', '~', '*', '#', '%']) {
        return None;
    }
    let mut pieces = text.split('.');
    let tag = pieces.next().unwrap_or_default().to_owned();
    Some(Compound { tag, classes: pieces.map(str::to_owned).collect() })
}

fn declarations(body: &str) -> Vec<(String, String)> {
    let pair =
        |it: &str| it.split_once(':').map(|(name, value)| (name.trim().to_owned(), value.replace("!important", "").trim().to_owned()));
    body.split(';').filter_map(pair).collect()
}

fn without_comments(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |it| it.1);
    }
    out.push_str(rest);
    out
}

/// The place of the brace that closes one.
fn closing(text: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return open + at;
        }
    }
    text.len()
}

/// The name of a tag and its attributes, as they are written.
fn parts(tag: &str) -> (String, Vec<(String, String)>) {
    let inside = tag.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
    let (name, mut rest) = inside.split_once(' ').unwrap_or((inside, ""));
    let mut attributes = Vec::new();
    while let Some((name, after)) = rest.split_once("=\"") {
        let (value, more) = after.split_once('"').unwrap_or((after, ""));
        attributes.push((name.trim().to_owned(), value.to_owned()));
        rest = more;
    }
    (name.to_owned(), attributes)
}

/// What `font` says: `500 12px sans-serif`.
fn font(value: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let mut rest = value;
    while let Some((word, after)) = rest.split_once(' ') {
        if word.chars().all(|it| it.is_ascii_digit()) {
            found.push(("font-weight", word.to_owned()));
        } else if word.starts_with(|it: char| it.is_ascii_digit()) {
            found.push(("font-size", word.split('/').next().unwrap_or(word).to_owned()));
            found.push(("font-family", after.to_owned()));
            return found;
        }
        rest = after;
    }
    found
}

/// A colour without its share of transparency, and that share apart: few programs know `#rrggbbaa`.
fn opaque(value: &str) -> (String, Option<String>) {
    let share = value.strip_prefix('#').filter(|it| it.len() == 8).and_then(|it| u8::from_str_radix(it.get(6..)?, 16).ok());
    match share {
        Some(share) => (value[..7].to_owned(), Some(format!("{:.2}", f64::from(share) / 255.0))),
        None => (value.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::Sheet;

    #[test]
    fn classes_become_attributes() {
        let css = ":root{--a:#112233;--b:var(--a)}/* x */.n{fill:none}.box .n{fill:var(--b);stroke:#11223380}.n.more{stroke-width:2px}
            .c{color:#445566}@media print{.n{fill:red}}text{font:500 12px var(--sans)}.n:hover{fill:blue}";
        let sheet = Sheet::read(css, "<symbol id=\"g-x\" viewBox=\"0 0 9 9\"><path fill=\"currentColor\" stroke=\"var(--a)\"/></symbol>");
        let drawing = "<svg class=\"chart\" viewBox=\"0 0 20 10\"><g class=\"box\"><rect class=\"n more\" x=\"1\"/></g>\
            <text>a &lt; b</text><use class=\"gs c\" href=\"#g-x\" x=\"1\" y=\"2\" width=\"3\" height=\"3\"/></svg>";
        assert_eq!(
            sheet.paint(drawing),
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"10\" viewBox=\"0 0 20 10\" font-family=\"\"><g>\
             <rect x=\"1\" fill=\"#112233\" stroke=\"#112233\" stroke-opacity=\"0.50\" stroke-width=\"2\"/></g>\
             <text font-size=\"12\" font-weight=\"500\" font-family=\"\">a &lt; b</text>\
             <svg x=\"1\" y=\"2\" width=\"3\" height=\"3\" viewBox=\"0 0 9 9\"><path fill=\"#445566\" stroke=\"#112233\"/></svg></svg>\n"
        );
    }

    #[test]
    fn a_property_that_names_itself_ends() {
        let sheet = Sheet::read(":root{--a:x}.n{--a:var(--a);fill:var(--a)}", "");
        assert!(sheet.paint("<svg class=\"n\"></svg>").contains("fill=\"x\""));
    }
}
