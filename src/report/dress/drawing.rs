//! Is a drawing one that a browser shows? An SVG as a picture is read as XML, strictly: one mistake, and the place stays empty.

use std::ops::Range;

/// Why a drawing is not well-formed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Broken {
    /// Which kind of fault it is: `unclosed`.
    pub fault: &'static str,
    /// What is at fault: the name of an element or attribute.
    pub found: String,
    /// Where, in bytes.
    pub at: Range<usize>,
}

/// Reads a drawing.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// The elements that are open, the innermost last, each with its tag.
    open: Vec<(&'a str, Range<usize>)>,
    /// Whether the one element that holds all others was there.
    rooted: bool,
}

/// Returns whether a text is well-formed XML with `<svg>` around all else.
///
/// # Errors
/// The first fault, and where.
pub(super) fn well_formed(text: &str) -> Result<(), Broken> {
    let mut reader = Reader { text, at: 0, open: Vec::new(), rooted: false };
    while reader.at < text.len() {
        reader.next()?;
    }
    match reader.open.pop() {
        Some((name, at)) => Err(broken("unclosed", name, at)),
        None if !reader.rooted => Err(broken("root", "", 0..text.lines().next().unwrap_or_default().len())),
        None => Ok(()),
    }
}

fn broken(fault: &'static str, found: &str, at: Range<usize>) -> Broken {
    Broken { fault, found: found.to_owned(), at }
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Reads up to behind the next tag.
    fn next(&mut self) -> Result<(), Broken> {
        let rest = self.rest();
        let length = rest.find('<').unwrap_or(rest.len());
        self.entities(&rest[..length])?;
        let outside = rest[..length].trim_start_matches('\u{feff}').trim();
        if self.open.is_empty() && !outside.is_empty() {
            let start = self.at + rest.find(outside).unwrap_or(0);
            return Err(broken("root", "", start..start + outside.lines().next().unwrap_or_default().len()));
        }
        self.at += length;
        for (begins, ends) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")] {
            if let Some(behind) = self.rest().strip_prefix(begins) {
                let Some(end) = behind.find(ends) else { return Err(broken("end", begins, self.at..self.at + begins.len())) };
                self.at += begins.len() + end + ends.len();
                return Ok(());
            }
        }
        if self.rest().starts_with("</") {
            return self.closing();
        }
        if self.at < self.text.len() { self.opening() } else { Ok(()) }
    }

    fn closing(&mut self) -> Result<(), Broken> {
        let start = self.at;
        self.at += 2;
        let name = self.name();
        self.blank();
        if !self.rest().starts_with('>') {
            return Err(broken("end", &self.text[start..self.at], start..self.at));
        }
        self.at += 1;
        match self.open.pop() {
            Some((open, _)) if open == name => Ok(()),
            Some((open, at)) => Err(broken("unclosed", open, at)),
            None => Err(broken("unopened", name, start..self.at)),
        }
    }

    fn opening(&mut self) -> Result<(), Broken> {
        let start = self.at;
        self.at += 1;
        let name = self.name();
        if name.is_empty() {
            return Err(broken("sign", "<", start..start + 1));
        }
        let tag = start..self.at;
        self.bound(name, &tag)?;
        let mut names = Vec::new();
        if self.open.is_empty() {
            if self.rooted || name.rsplit(':').next() != Some("svg") {
                return Err(broken("root", name, tag));
            }
            self.rooted = true;
        }
        loop {
            self.blank();
            if self.rest().starts_with("/>") {
                self.at += 2;
                return Ok(());
            }
            if self.rest().starts_with('>') {
                self.at += 1;
                self.open.push((name, tag));
                return Ok(());
            }
            let begin = self.at;
            let name = self.attribute(&tag)?;
            if names.contains(&name) {
                return Err(broken("double", name, begin..begin + name.len()));
            }
            names.push(name);
        }
    }

    /// What stands before the colon of a name was said to be something.
    fn bound(&self, name: &str, at: &Range<usize>) -> Result<(), Broken> {
        match name.split_once(':') {
            Some((prefix, _)) if !matches!(prefix, "xml" | "xmlns") && !self.text.contains(&format!("xmlns:{prefix}=")) => {
                Err(broken("prefix", prefix, at.clone()))
            }
            _ => Ok(()),
        }
    }

    fn attribute(&mut self, tag: &Range<usize>) -> Result<&'a str, Broken> {
        let start = self.at;
        let name = self.name();
        if name.is_empty() {
            // The tag goes on into the next, or the file ends in it.
            return Err(broken("end", &self.text[tag.clone()], tag.clone()));
        }
        self.bound(name, &(start..self.at))?;
        let unfit = broken("attribute", name, start..self.at);
        self.blank();
        if !self.rest().starts_with('=') {
            return Err(unfit);
        }
        self.at += 1;
        self.blank();
        let Some(quote) = self.rest().chars().next().filter(|it| matches!(it, '"' | '\'')) else { return Err(unfit) };
        self.at += 1;
        let value = self.rest();
        let Some(length) = value.find(quote).filter(|it| !value[..*it].contains('<')) else { return Err(unfit) };
        self.entities(&value[..length])?;
        self.at += length + 1;
        Ok(name)
    }

    /// A name, as far as it goes.
    fn name(&mut self) -> &'a str {
        let rest = self.rest();
        let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | ':' | '.');
        let length = rest.find(|it: char| !is_part(it)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Entities that XML knows of itself: HTML has many more.
    fn entities(&self, text: &str) -> Result<(), Broken> {
        for (place, _) in text.match_indices('&') {
            let name = text[place + 1..].split(';').next().filter(|it| it.len() + place + 1 < text.len()).unwrap_or_default();
            let known = matches!(name, "amp" | "apos" | "gt" | "lt" | "quot") || name.strip_prefix('#').is_some_and(|it| !it.is_empty());
            if !known {
                let start = self.at + place;
                let length =
                    if name.len() <= 12 && name.chars().all(char::is_alphanumeric) && !name.is_empty() { name.len() + 2 } else { 1 };
                return Err(broken("sign", &self.text[start..start + length], start..start + length));
            }
        }
        Ok(())
    }
}

/// Returns whether bytes are a whole PNG of some size: its parts one after another, from the first to the last.
pub(super) fn is_whole_png(bytes: &[u8]) -> bool {
    let number = |at: usize| usize::try_from(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok();
    let mut at = 8;
    let mut drawn = false;
    loop {
        let (Some(length), Some(kind)) = (number(at), bytes.get(at + 4..at + 8)) else { return false };
        let Some(end) = at.checked_add(12).and_then(|it| it.checked_add(length)).filter(|it| *it <= bytes.len()) else { return false };
        match kind {
            b"IHDR" if at == 8 && length == 13 && number(16).is_some_and(|it| it > 0) && number(20).is_some_and(|it| it > 0) => {}
            b"IHDR" => return false,
            _ if at == 8 => return false,
            b"IDAT" => drawn = true,
            b"IEND" => return drawn,
            _ => {}
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_read_as_browsers_read_it() {
        for fine in [
            "<svg/>",
            "\u{feff}<?xml version=\"1.0\"?>\n<!-- a < b --><svg a='b \"c\"'><g><path d=\"M0 0\"/></g>&amp;&#39;<style><![CDATA[ a<b ]]></style></svg>\n",
            "<svg:svg xmlns:svg=\"x\"><svg:g></svg:g ></svg:svg>",
        ] {
            assert_eq!(well_formed(fine), Ok(()), "{fine}");
        }
        for (text, fault, place) in [
            ("", "root", ""),
            ("hello", "root", "hello"),
            ("<html></html>", "root", "<html"),
            ("<svg/><svg/>", "root", "<svg"),
            ("<svg><circle r=\"4\"", "end", "<circle"),
            ("<svg><circle r=\"4\" <g/></svg>", "end", "<circle"),
            ("<svg><g><circle r=\"4\"/></svg>", "unclosed", "<g"),
            ("<svg><g></G></svg>", "unclosed", "<g"),
            ("<svg>", "unclosed", "<svg"),
            ("<svg></svg></g>", "unopened", "</g>"),
            ("<svg width=4/>", "attribute", "width"),
            ("<svg hidden/>", "attribute", "hidden"),
            ("<svg><text>a & b</text></svg>", "sign", "&"),
            ("<svg><text>a&nbsp;b</text></svg>", "sign", "&nbsp;"),
            ("<svg><text>a < b</text></svg>", "sign", "<"),
            ("<svg><!-- x</svg>", "end", "<!--"),
            ("<svg><use xlink:href=\"#a\"/></svg>", "prefix", "xlink:href"),
            ("<svg><g id=\"a\" id=\"b\"/></svg>", "double", "id"),
        ] {
            let found = well_formed(text).expect_err(text);
            assert_eq!((found.fault, &text[found.at]), (fault, place), "{text}");
        }
    }

    #[test]
    fn any_beginning_of_a_drawing_is_read() {
        let whole = "<?xml?><svg é='ü&amp;'><!-- é --><g a=\"b\"/>é&#233;<t>é</t></svg>";
        for end in (0..whole.len()).filter(|it| whole.is_char_boundary(*it)) {
            assert!(well_formed(&whole[..end]).is_err(), "{}", &whole[..end]);
        }
        assert_eq!(well_formed(whole), Ok(()));
    }

    #[test]
    fn a_png_is_whole() {
        let part = |kind: &[u8; 4], body: &[u8]| [&u32::try_from(body.len()).unwrap_or(0).to_be_bytes()[..], kind, body, &[0; 4]].concat();
        let head = |width: u8| part(b"IHDR", &[0, 0, 0, width, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
        let sign = b"\x89PNG\r\n\x1a\n".to_vec();
        let whole = [sign.clone(), head(1), part(b"IDAT", b"x"), part(b"IEND", b"")].concat();
        assert!(is_whole_png(&whole));
        for end in 0..whole.len() {
            assert!(!is_whole_png(&whole[..end]), "{end}");
        }
        assert!(!is_whole_png(&[sign.clone(), head(0), part(b"IDAT", b"x"), part(b"IEND", b"")].concat()));
        assert!(!is_whole_png(&[sign.clone(), head(1), part(b"IEND", b"")].concat()));
        assert!(!is_whole_png(&[sign, b"xxxxxxxxxx".to_vec()].concat()));
    }
}
