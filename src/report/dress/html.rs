//! Where in the HTML does a value of a template stand? What is escaped as text is safe in text and between quotes, and
//! nowhere else: so a value may stand there alone.

/// What a template may not do, found at a stretch of its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Danger {
    /// The name of the problem.
    pub problem: &'static str,
    /// What was found: an element, an attribute.
    pub found: String,
    /// Where, in bytes of the stretch that was read.
    pub at: std::ops::Range<usize>,
}

/// A tag that was read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    /// The name of its element.
    pub name: String,
    /// Whether it is `</…>`.
    pub closing: bool,
    /// Whether it ends with `/>`.
    pub itself: bool,
    /// Where, in bytes of the file.
    pub at: std::ops::Range<usize>,
}

/// A place in HTML.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Place {
    /// Between tags.
    #[default]
    Text,
    /// Behind `<`, in the name of an element.
    Name(String),
    /// Within a tag, between attributes.
    Tag(String),
    /// In the name of an attribute.
    Attribute(String, String),
    /// Behind the name of an attribute, or behind its `=`.
    Equals(String, String, bool),
    /// In a value; without a quote it ends at a blank.
    Value { element: String, name: String, quote: Option<char>, said: String },
    /// In an element whose text is not HTML.
    Raw(String),
    /// In a comment.
    Comment,
}

/// Reads the text of a template as HTML, from value to value.
#[derive(Debug, Clone, Default)]
pub(super) struct Html {
    place: Place,
    /// Where the stretch that is read begins in its file.
    pub base: usize,
    /// Where what is open was opened, in the file.
    since: usize,
}

impl Place {
    /// The element in whose tag one is, where a `>` would end it; with `/` before a closing one's.
    fn element(&self) -> Option<&str> {
        match self {
            Place::Name(name) if name.is_empty() => None,
            Place::Name(name) | Place::Tag(name) | Place::Attribute(name, _) | Place::Equals(name, ..) => Some(name),
            Place::Value { element, quote: None, .. } => Some(element),
            Place::Text | Place::Value { .. } | Place::Raw(_) | Place::Comment => None,
        }
    }
}

/// Elements that a page's policy makes void, or that would change what the page is.
const REFUSED: [&str; 9] = ["script", "iframe", "object", "embed", "link", "base", "form", "frame", "applet"];
/// Attributes that name an address.
const ADDRESSES: [&str; 9] = ["href", "src", "srcset", "action", "formaction", "xlink:href", "poster", "data", "background"];

impl Html {
    /// Reads a stretch of text for what it may not do.
    pub(super) fn read(&mut self, text: &str) -> Vec<Danger> {
        self.stretch(text).0
    }

    /// Reads a stretch of text for the tags that end in it.
    pub(super) fn tags(&mut self, text: &str) -> Vec<Tag> {
        self.stretch(text).1
    }

    /// Whether another reader stands at a place like this one.
    pub(super) fn is_at(&self, other: &Html) -> bool {
        self.place == other.place
    }

    fn stretch(&mut self, text: &str) -> (Vec<Danger>, Vec<Tag>) {
        let (mut found, mut tags) = (Vec::new(), Vec::new());
        for (at, letter) in text.char_indices() {
            let place = std::mem::take(&mut self.place);
            if place == Place::Text {
                self.since = self.base + at;
            }
            if letter == '>'
                && let Some(name) = place.element()
            {
                let itself = text[..at].ends_with('/') && !matches!(place, Place::Value { .. });
                let (name, closing) = name.strip_prefix('/').map_or((name, false), |it| (it, true));
                tags.push(Tag { name: name.to_owned(), closing, itself, at: self.since..self.base + at + 1 });
            }
            // What was just read ends before this letter.
            let here = |problem, found: &str, length: usize| {
                let start = (0..=at.saturating_sub(length)).rev().find(|it| text.is_char_boundary(*it)).unwrap_or(0);
                Danger { problem, found: found.to_owned(), at: start..at }
            };
            self.place = match place {
                Place::Text if letter == '<' => {
                    if text[at..].starts_with("<!--") {
                        Place::Comment
                    } else {
                        Place::Name(String::new())
                    }
                }
                Place::Text => Place::Text,
                Place::Comment => {
                    if letter == '>' && text[..at].ends_with("--") {
                        Place::Text
                    } else {
                        Place::Comment
                    }
                }
                Place::Name(mut name)
                    if letter.is_alphanumeric() || matches!(letter, '/' | '!' | '-' | ':') && (name.is_empty() || letter != '/') =>
                {
                    name.push(letter.to_ascii_lowercase());
                    Place::Name(name)
                }
                Place::Name(name) if name.is_empty() => Place::Text,
                Place::Name(name) => {
                    if REFUSED.contains(&name.as_str()) && !(name == "script" && letter == '>') {
                        found.push(here("element", &name, name.len() + 1));
                    }
                    if letter == '>' { opened(&name) } else { Place::Tag(name) }
                }
                Place::Tag(name) if letter == '>' => opened(&name),
                Place::Tag(name) if letter.is_whitespace() || letter == '/' => Place::Tag(name),
                Place::Tag(name) => Place::Attribute(name, letter.to_ascii_lowercase().to_string()),
                Place::Attribute(element, name) if letter == '>' || letter == '=' || letter == '/' || letter.is_whitespace() => {
                    if name.starts_with("on") && name.len() > 2 {
                        found.push(here("handler", &name, name.len()));
                    }
                    match letter {
                        '>' => opened(&element),
                        '=' => Place::Equals(element, name, true),
                        '/' => Place::Tag(element),
                        _ => Place::Equals(element, name, false),
                    }
                }
                Place::Attribute(element, mut name) => {
                    name.push(letter.to_ascii_lowercase());
                    Place::Attribute(element, name)
                }
                Place::Equals(element, name, said) if letter.is_whitespace() => Place::Equals(element, name, said),
                Place::Equals(element, name, false) if letter == '=' => Place::Equals(element, name, true),
                Place::Equals(element, _, _) if letter == '>' => opened(&element),
                // Another attribute: the one before had no value.
                Place::Equals(element, _, false) => Place::Attribute(element, letter.to_ascii_lowercase().to_string()),
                Place::Equals(element, name, true) => match letter {
                    '"' | '\'' => Place::Value { element, name, quote: Some(letter), said: String::new() },
                    _ => Place::Value { element, name, quote: None, said: letter.to_string() },
                },
                Place::Value { element, name, quote, said }
                    if quote == Some(letter) || quote.is_none() && (letter.is_whitespace() || letter == '>') =>
                {
                    if let Some(problem) = address(&element, &name, &said) {
                        found.push(here(problem, &said, said.len()));
                    }
                    // `refresh` leaves the page, whatever its policy says.
                    if element == "meta" && name == "http-equiv" && !said.eq_ignore_ascii_case("content-security-policy") {
                        found.push(here("element", &format!("meta http-equiv=\"{said}\""), said.len()));
                    }
                    if letter == '>' { opened(&element) } else { Place::Tag(element) }
                }
                // No value holds a tag: the quote before it was never closed, and the page would go on within it.
                Place::Value { name, quote: Some(quote), .. } if begins_tag(&text[at..]) => {
                    found.push(Danger { problem: "open", found: format!("{name}={quote}"), at: at..at + 1 });
                    Place::Name(String::new())
                }
                Place::Value { element, name, quote, mut said } => {
                    if name == "style"
                        && let Some(length) = fetches(&text[at..])
                    {
                        found.push(Danger { problem: "fetched", found: text[at..at + length].to_owned(), at: at..at + length });
                    }
                    said.push(letter);
                    Place::Value { element, name, quote, said }
                }
                Place::Raw(name) if letter == '<' && text[at + 1..].to_ascii_lowercase().starts_with(&format!("/{name}")) => {
                    Place::Name(String::new())
                }
                Place::Raw(name) => {
                    // An import is said once, with its address.
                    let imported = text[..at].trim_end().to_ascii_lowercase().ends_with("@import");
                    if name == "style"
                        && !imported
                        && let Some(length) = fetches(&text[at..])
                    {
                        found.push(Danger { problem: "fetched", found: text[at..at + length].to_owned(), at: at..at + length });
                    }
                    Place::Raw(name)
                }
            };
            let behind = text[at + letter.len_utf8()..].trim_start();
            if matches!(&self.place, Place::Raw(name) if name == "script") && !behind.is_empty() && !behind.starts_with("</") {
                found.push(Danger { problem: "element", found: "script".to_owned(), at: at..at + letter.len_utf8() });
                self.place = Place::Text;
            }
        }
        (found, tags)
    }

    /// What is still open at the end, and where it was opened: what follows would be read as part of it.
    pub(super) fn open(&self) -> Option<(usize, String)> {
        let found = match &self.place {
            Place::Text => return None,
            Place::Comment => "<!--".to_owned(),
            Place::Raw(name) => format!("<{name}>"),
            Place::Value { name, quote: Some(quote), .. } => format!("{name}={quote}"),
            Place::Name(name) | Place::Tag(name) | Place::Attribute(name, _) | Place::Equals(name, ..) => format!("<{name}"),
            Place::Value { name, .. } => format!("{name}="),
        };
        Some((self.since, found))
    }

    /// Says whether a value may stand here; `name` is the variable that it is, where it is one and nothing else.
    pub(super) fn value(&mut self, variable: Option<&str>) -> Option<(&'static str, String)> {
        match &mut self.place {
            Place::Text => None,
            Place::Comment => None,
            Place::Value { quote: Some(_), name, element, said } => {
                if name.starts_with("on") || name == "style" || name == "srcdoc" {
                    return Some(("attribute", name.clone()));
                }
                let own =
                    matches!((element.as_str(), name.as_str(), variable), ("img", "src", Some("logo")) | ("a", "href", Some("anchors")));
                let danger = (ADDRESSES.contains(&name.as_str()) && said.is_empty() && !own).then(|| ("address", name.clone()));
                // Whatever the value is, it is no longer the beginning.
                said.push('\u{fffd}');
                danger
            }
            Place::Value { name, .. } => Some(("unquoted", name.clone())),
            Place::Equals(_, name, true) => {
                let name = name.clone();
                self.place = Place::Value { element: String::new(), name: name.clone(), quote: None, said: '\u{fffd}'.to_string() };
                Some(("unquoted", name))
            }
            Place::Raw(name) => {
                let own = matches!((name.as_str(), variable), ("style", Some("css")) | ("script", Some("js")));
                (!own).then(|| ("raw", name.clone()))
            }
            Place::Name(name) | Place::Tag(name) | Place::Attribute(name, _) | Place::Equals(name, ..) => Some(("tag", name.clone())),
        }
    }
}

/// Where one is behind the `>` of an opening tag.
fn opened(name: &str) -> Place {
    if matches!(name, "script" | "style") { Place::Raw(name.to_owned()) } else { Place::Text }
}

/// Whether a text begins with a tag: `<p`, `</p`.
fn begins_tag(text: &str) -> bool {
    let behind = text.strip_prefix('<').map(|it| it.strip_prefix('/').unwrap_or(it));
    behind.is_some_and(|it| it.starts_with(|it: char| it.is_ascii_alphabetic()))
}

/// How long the beginning of a style sheet's text is that would fetch something; none where it would not.
fn fetches(text: &str) -> Option<usize> {
    let begins = |with: &str| text.get(..with.len()).is_some_and(|it| it.eq_ignore_ascii_case(with));
    if begins("@import") {
        return Some("@import".len());
    }
    if begins("image-set(") {
        return Some("image-set(".len());
    }
    if !begins("url(") {
        return None;
    }
    let inner = text["url(".len()..].trim_start().trim_start_matches(['"', '\'']);
    let own = inner.starts_with('#') || inner.get(..11).is_some_and(|it| it.eq_ignore_ascii_case("data:image/"));
    (!own).then_some("url(".len())
}

/// What is wrong with an address that is written out.
fn address(element: &str, name: &str, said: &str) -> Option<&'static str> {
    if !ADDRESSES.contains(&name) {
        return None;
    }
    let plain: String = said.chars().filter(|it| !it.is_whitespace() && !it.is_control()).collect::<String>().to_ascii_lowercase();
    if plain.starts_with("javascript:") || plain.starts_with("vbscript:") || plain.starts_with("data:") && !plain.starts_with("data:image/")
    {
        return Some("script address");
    }
    // A reader may follow a link; a page fetches nothing.
    let followed = element == "a" && name == "href";
    let own = plain.starts_with('#') || plain.starts_with("data:image/") || plain.starts_with('\u{fffd}') || plain.is_empty();
    (!followed && !own).then_some("fetched")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads texts with a value between each two.
    fn problems(texts: &[&str], variable: Option<&str>) -> Vec<&'static str> {
        let mut html = Html::default();
        let mut found = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            if at > 0 {
                found.extend(html.value(variable).map(|it| it.0));
            }
            found.extend(html.read(text).into_iter().map(|it| it.problem));
        }
        found
    }

    #[test]
    fn values_stand_in_text_and_between_quotes() {
        for fine in [
            &["<p>", "</p>"][..],
            &["<p class=\"a ", "\" id='", "'>x</p>"],
            &["<a href=\"#def-", "\">", "</a>"],
            &["<a href=\"https://intranet/", "\">x</a>"],
            &["a < b ", " > c"],
            &["<!-- ", " -->", ""],
            &["<svg viewBox=\"0 0 ", " 9\"><path d='M0 0'/></svg>", ""],
            &["<style>p{color:red}</style><p>", "</p>"],
            &["<meta http-equiv=\"Content-Security-Policy\" content=\"", "\">"],
            &["<p title=\"a < b\" style=\"fill:url(#g)\">", "</p>"],
            &["<img src=\"data:image/png;base64,xx\" alt=\"", "\">"],
            &["<input disabled value=\"", "\"><br/>", ""],
        ] {
            assert_eq!(problems(fine, None), Vec::<&str>::new(), "{fine:?}");
        }
        assert_eq!(problems(&["<style>", "</style><p>", "</p>"], Some("css")), Vec::<&str>::new());
        assert_eq!(problems(&["<script>", "</script>"], Some("js")), Vec::<&str>::new());
        assert_eq!(problems(&["<img src=\"", "\" alt=\"\">"], Some("logo")), Vec::<&str>::new());
    }

    #[test]
    fn values_stand_nowhere_else() {
        for (danger, problem) in [
            (&["<p class=", ">"][..], "unquoted"),
            (&["<p class=a", ">"], "unquoted"),
            (&["<p ", ">"], "tag"),
            (&["<", ">"], "tag"),
            (&["<p id", "=\"x\">"], "tag"),
            (&["<a href=\"", "\">x</a>"], "address"),
            (&["<img src='", "'>"], "address"),
            (&["<p style=\"color:", "\">"], "attribute"),
            (&["<style>p{color:", "}</style>"], "raw"),
            (&["<script>", "</script>"], "raw"),
        ] {
            assert_eq!(problems(danger, None).first(), Some(&problem), "{danger:?}");
        }
    }

    #[test]
    fn what_runs_or_fetches_is_refused() {
        for (text, problem) in [
            ("<script>alert(1)</script>", "element"),
            ("<SCRIPT src=x></SCRIPT>", "element"),
            ("<iframe src='#'>", "element"),
            ("<link rel=stylesheet href=x>", "element"),
            ("<p onclick=\"x()\">", "handler"),
            ("<p\nONCLICK = x>", "handler"),
            ("<a href=\"javascript:x()\">", "script address"),
            ("<a href='java\nscript:x()'>", "script address"),
            ("<img src=\"http://x/y.png\">", "fetched"),
            ("<img src=logo.png>", "fetched"),
            ("<svg><use href=\"x.svg#a\"/></svg>", "fetched"),
            ("<meta http-equiv=\"refresh\" content=\"0;url=https://x\">", "element"),
            ("<meta HTTP-EQUIV=Refresh content=1>", "element"),
            ("<p style=\"background:url(a.png)\">", "fetched"),
            ("<p style='background:image-set(\"a.png\")'>", "fetched"),
            ("<p class=\"a><section id=\"mine\">", "open"),
        ] {
            assert_eq!(problems(&[text], None).first(), Some(&problem), "{text}");
        }
        assert_eq!(problems(&["<p>on = 1 and onclick=2</p>", "</p>"], None), Vec::<&str>::new());
    }

    #[test]
    fn what_is_left_open_is_known() {
        for (text, found) in [
            ("<p>x</p><!-- a comment", Some((8, "<!--"))),
            ("<p title=\"x>y", Some((0, "title=\""))),
            ("a<p class", Some((1, "<p"))),
            ("<style>p{}", Some((0, "<style>"))),
            ("a < b and <br> <!-- c -->", None),
            ("<div><p>", None),
        ] {
            let mut html = Html::default();
            let _ = html.read(text);
            assert_eq!(html.open(), found.map(|(at, it)| (at, it.to_owned())), "{text}");
        }
    }

    #[test]
    fn styles_fetch_nothing() {
        for text in [
            "<style>@IMPORT url(x.css)</style>",
            "<style>p{background:URL( 'https://a/b.png')}</style>",
            "<style>@font-face{src:url(data:font/woff2;base64,x)}</style>",
        ] {
            assert_eq!(problems(&[text], None).first(), Some(&"fetched"), "{text}");
        }
        assert_eq!(problems(&["<style>p{fill:url(#a);background:url(data:image/png;base64,x)}</style>"], None), Vec::<&str>::new());
    }

    #[test]
    fn any_beginning_is_read() {
        let whole = "<p class=\"é\"><!-- x --><a href='#é'>é</a><style>é</style><br/><script>x</script>";
        for end in (0..=whole.len()).filter(|it| whole.is_char_boundary(*it)) {
            let mut html = Html::default();
            let _ = html.read(&whole[..end]);
            let _ = html.value(None);
            let _ = html.read(&whole[end..]);
        }
    }
}
