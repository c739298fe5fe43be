//! How does a page say the same in fewer bytes? In: HTML as the templates wrote it. Out: the same elements, with values of
//! attributes bare where HTML lets them be, neighbours in a drawing that share a class as one, and without ends that HTML knows
//! of itself.
//!
//! Only a page that is one file is written so. Drawings that become files of their own are XML, and stay as they were drawn.

/// Attributes of which the value may stand bare. Names and addresses keep their quotes: they are looked for by people.
const BARE: [&str; 24] = [
    "aria-hidden",
    "class",
    "cx",
    "cy",
    "d",
    "data-f",
    "data-sort",
    "data-st",
    "data-v",
    "fill",
    "height",
    "r",
    "role",
    "rx",
    "scope",
    "stroke",
    "stroke-linecap",
    "stroke-width",
    "tabindex",
    "viewBox",
    "value",
    "width",
    "x",
    "y",
];
/// Elements of which the text is not HTML.
const RAW: [&str; 4] = ["script", "style", "textarea", "title"];
/// Elements that a group can hold for their class: it gives them colour, line and letters.
const DRAWN: [&str; 4] = ["circle", "path", "text", "use"];
/// Ends that HTML knows of itself, each by what may follow it.
const ENDS: [(&str, &[&str]); 8] = [
    ("</p>", &["<p>", "<p ", "<div", "<ul", "<ol", "<dl", "<table", "<h3", "<details", "</div", "</article", "</section", "</li", "</td"]),
    ("</thead>", &["<tbody"]),
    ("</tbody>", &["</table"]),
    ("</li>", &["<li", "</"]),
    ("</td>", &["<td", "<th", "</"]),
    ("</th>", &["<td", "<th", "</"]),
    ("</dt>", &["<dt", "<dd"]),
    ("</dd>", &["<dt", "<dd", "</"]),
];

/// Writes a page in fewer bytes. What is not well formed stays as it is.
pub(super) fn lean(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    // How deep in drawings this is.
    let mut drawing = 0_usize;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = known_end(rest) {
            rest = after;
            continue;
        }
        if drawing > 0
            && let Some(run) = Run::read(rest)
        {
            rest = run.write(rest, &mut out);
            continue;
        }
        let Some(tag) = Tag::read(rest) else {
            // A comment, a doctype, the end of an element, or a bare `<`.
            let end = if rest.starts_with("<!--") { rest.find("-->").map(|it| it + 3) } else { rest.find('>').map(|it| it + 1) };
            let end = end.unwrap_or(rest.len());
            if rest.starts_with("</svg") {
                drawing = drawing.saturating_sub(1);
            }
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        };
        tag.write(true, &mut out);
        rest = &rest[tag.text.len()..];
        drawing += usize::from(tag.name == "svg" && !tag.closed);
        // The title of a drawing holds nothing but text either.
        if RAW.contains(&tag.name) && !tag.closed {
            let end = rest.find(&format!("</{}", tag.name)).unwrap_or(rest.len());
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }
    out.push_str(rest);
    out
}

/// What follows an end that may be left out.
fn known_end(text: &str) -> Option<&str> {
    ENDS.iter().find_map(|(end, before)| text.strip_prefix(end).filter(|after| before.iter().any(|it| after.starts_with(it))))
}

/// An opening tag.
struct Tag<'a> {
    /// All of it.
    text: &'a str,
    name: &'a str,
    /// Each attribute with its value; what is not written as `name="value"` has none.
    attributes: Vec<(&'a str, Option<&'a str>)>,
    closed: bool,
}

impl<'a> Tag<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let inside = text.strip_prefix('<').filter(|it| it.starts_with(|it: char| it.is_ascii_alphabetic()))?;
        let name = &inside[..inside.find([' ', '>', '/', '\n', '\t'])?];
        let mut rest = &inside[name.len()..];
        let mut attributes = Vec::new();
        loop {
            if let Some(after) = rest.strip_prefix('>').or_else(|| rest.strip_prefix("/>")) {
                let closed = rest.starts_with('/');
                return Some(Self { text: &text[..text.len() - after.len()], name, attributes, closed });
            }
            // What is written in another way is left as it is.
            let here = rest.strip_prefix(' ')?;
            let label = &here[..here.find(|it: char| !(it.is_ascii_alphanumeric() || it == '-' || it == ':' || it == '_'))?];
            if label.is_empty() {
                return None;
            }
            rest = &here[label.len()..];
            let value = match rest.strip_prefix("=\"") {
                Some(value) => Some(&value[..value.find('"')?]),
                None => None,
            };
            rest = &rest[value.map_or(0, |it| it.len() + 3)..];
            attributes.push((label, value));
        }
    }

    fn class(&self) -> Option<&'a str> {
        self.attributes.iter().find(|it| it.0 == "class").and_then(|it| it.1)
    }

    fn write(&self, class: bool, out: &mut String) {
        out.push('<');
        out.push_str(self.name);
        let mut bare = false;
        for (name, value) in self.attributes.iter().filter(|it| class || it.0 != "class") {
            bare = attribute(name, *value, out);
        }
        // A stroke right behind a bare value would be part of it.
        out.push_str(if !self.closed {
            ">"
        } else if bare {
            " />"
        } else {
            "/>"
        });
    }
}

/// Writes an attribute, and tells whether its value stands bare.
fn attribute(name: &str, value: Option<&str>, out: &mut String) -> bool {
    out.push(' ');
    out.push_str(name);
    let Some(value) = value else { return false };
    out.push('=');
    // Numbers may as well be parted by commas.
    let parted = if matches!(name, "d" | "viewBox") { value.replace(' ', ",") } else { value.to_owned() };
    let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.' | ',' | '#');
    if BARE.contains(&name) && !parted.is_empty() && parted.chars().all(plain) {
        out.push_str(&parted);
        return true;
    }
    out.push('"');
    out.push_str(value);
    out.push('"');
    false
}

/// Neighbours in a drawing, of one kind and one class.
struct Run<'a> {
    class: &'a str,
    items: Vec<Tag<'a>>,
}

impl<'a> Run<'a> {
    /// Reads neighbours, where telling their class once is shorter.
    fn read(text: &'a str) -> Option<Self> {
        let first = Tag::read(text).filter(|it| DRAWN.contains(&it.name))?;
        let class = first.class()?;
        let (mut items, mut rest): (Vec<Tag<'a>>, &str) = (Vec::new(), text);
        while let Some(tag) = Tag::read(rest).filter(|it| it.name == first.name && it.class() == Some(class)) {
            let Some(end) = element(&tag, rest) else { break };
            rest = &rest[end..];
            items.push(tag);
        }
        let told = " class=".len() + class.len();
        (items.len() * told > told + "<g></g>".len()).then_some(Self { class, items })
    }

    /// The outline of all, where they have nothing but an outline: each begins at a place of its own.
    fn outline(&self) -> Option<String> {
        let of = |tag: &Tag<'a>| match tag.attributes[..] {
            [("class", _), ("d", Some(outline))] if tag.closed && tag.name == "path" => Some(outline),
            _ => None,
        };
        self.items.iter().map(of).collect()
    }

    /// Writes them, and returns what comes behind them.
    fn write(&self, text: &'a str, out: &mut String) -> &'a str {
        if let Some(outline) = self.outline() {
            let attributes = vec![("class", Some(self.class)), ("d", Some(outline.as_str()))];
            Tag { text: "", name: "path", attributes, closed: true }.write(true, out);
            return &text[self.items.iter().map(|it| it.text.len()).sum()..];
        }
        out.push_str("<g");
        attribute("class", Some(self.class), out);
        out.push('>');
        let mut rest = text;
        for tag in &self.items {
            tag.write(false, out);
            let end = element(tag, rest).unwrap_or(tag.text.len());
            out.push_str(&rest[tag.text.len()..end]);
            rest = &rest[end..];
        }
        out.push_str("</g>");
        rest
    }
}

/// The length of an element without elements in it.
fn element(tag: &Tag<'_>, text: &str) -> Option<usize> {
    if tag.closed {
        return Some(tag.text.len());
    }
    let inside = text[tag.text.len()..].find('<')? + tag.text.len();
    let end = format!("</{}>", tag.name);
    text[inside..].starts_with(&end).then_some(inside + end.len())
}

#[cfg(test)]
mod tests {
    use super::lean;

    #[test]
    fn the_same_is_said_shorter() {
        for (long, short) in [
            // Bare where that is safe, and only there.
            ("<td class=\"num\" data-l=\"n\">x", "<td class=num data-l=\"n\">x"),
            ("<td class=\"num c-v\" data-v=\"\">x", "<td class=\"num c-v\" data-v=\"\">x"),
            ("<p class=\"a&quot;b\" id=\"x\">", "<p class=\"a&quot;b\" id=\"x\">"),
            ("<p title=\"a > b\" class='x' hidden>", "<p title=\"a > b\" class='x' hidden>"),
            ("<p class=\"x\" title=\"a > b\" hidden>", "<p class=x title=\"a > b\" hidden>"),
            ("<svg viewBox=\"0 0 1 2\"><path d=\"M0 3h6.5\"/></svg>", "<svg viewBox=0,0,1,2><path d=M0,3h6.5 /></svg>"),
            // Neighbours of a class.
            (
                "<svg><text class=\"a b\" y=\"1\">x</text><text class=\"a b\" y=\"2\">y</text><text y=\"3\">z</text></svg>",
                "<svg><g class=\"a b\"><text y=1>x</text><text y=2>y</text></g><text y=3>z</text></svg>",
            ),
            ("<svg><path class=\"a\" id=\"p\"/><path class=\"b\"/></svg>", "<svg><path class=a id=\"p\"/><path class=b /></svg>"),
            (
                "<svg><path class=\"ab\" d=\"M0 3h6\"/><path class=\"ab\" d=\"M1 4h6\"/></svg>",
                "<svg><path class=ab d=M0,3h6M1,4h6 /></svg>",
            ),
            ("<path class=\"abc\"/><path class=\"abc\"/>", "<path class=abc /><path class=abc />"),
            // Ends that go without saying.
            ("<ul><li>a</li><li>b</li></ul>", "<ul><li>a<li>b</ul>"),
            ("<ul><li>a</li> <li>b</li></ul>", "<ul><li>a</li> <li>b</ul>"),
            ("<dl><dt>a</dt><dd>b</dd></dl>", "<dl><dt>a<dd>b</dl>"),
            ("<div><p>a</p><p class=\"x\">b</p></div>", "<div><p>a<p class=x>b</div>"),
            ("<a><p>a</p></a><p>b</p>c", "<a><p>a</p></a><p>b</p>c"),
            // What is no HTML.
            ("<script>if (a<b) \"<p class=\\\"x\\\">\"</script>", "<script>if (a<b) \"<p class=\\\"x\\\">\"</script>"),
            ("<!-- <p class=\"x\"> --><p class=\"x\">1 < 2", "<!-- <p class=\"x\"> --><p class=x>1 < 2"),
            ("<p class=\"x", "<p class=\"x"),
            ("a < b", "a < b"),
        ] {
            assert_eq!(lean(long), short);
            // Nothing is left to do.
            assert_eq!(lean(short), short);
        }
    }
}
