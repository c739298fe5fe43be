//! Is a drawing one that a browser shows? An SVG as a picture is read as XML, strictly: one mistake, and the place stays empty.

use std::ops::Range;

use roxmltree::{Document, Error, ParsingOptions, TextPos};

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

/// Returns whether a text is well-formed XML with `<svg>` around all else.
///
/// # Errors
/// The first fault, and where.
pub(super) fn well_formed(text: &str) -> Result<(), Broken> {
    // Drawing programs write a document type.
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|it| broken(text, &it))?;
    let root = document.root_element();
    let start = root.range().start;
    match root.tag_name().name() {
        "svg" => Ok(()),
        name => Err(Broken { fault: "root", found: name.to_owned(), at: start..start + tag(&text[start..]).len() }),
    }
}

/// What a reader of XML stopped at.
fn broken(text: &str, error: &Error) -> Broken {
    let at = offset(text, error.pos());
    let here = &text[at..];
    // What stands at a place, that far.
    let seen = |fault: &'static str, from: usize, seen: &str| Broken { fault, found: seen.to_owned(), at: from..from + seen.len() };
    let named = |fault: &'static str, found: &str, at: Range<usize>| Broken { fault, found: found.to_owned(), at };
    match error {
        Error::NoRootNode | Error::UnknownToken(_) => named("root", "", at..at + here.lines().next().unwrap_or_default().len()),
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream => {
            let last = text.rfind('<').unwrap_or(0);
            if !text[last..].contains('>') {
                return seen("end", last, tag(&text[last..]));
            }
            let root = text.find("<svg").unwrap_or(0);
            named("unclosed", "svg", root..root + tag(&text[root..]).len())
        }
        Error::UnexpectedCloseTag(open, ..) => named("unclosed", open, at..at + tag(here).len()),
        Error::InvalidString(ends, _) => {
            let begins = if *ends == "-->" { "<!--" } else { "<![CDATA[" };
            seen("end", text[..at].rfind(begins).unwrap_or(at), begins)
        }
        Error::InvalidChar(b'=', ..) | Error::InvalidChar2("a quote", ..) => {
            let name = text[..at].trim_end_matches(|it: char| it == '=' || it.is_whitespace());
            let start = name.rfind(|it: char| it.is_whitespace()).map_or(0, |it| it + 1);
            seen("attribute", start, &name[start..])
        }
        Error::DuplicatedAttribute(name, _) | Error::DuplicatedNamespace(name, _) => named("double", name, at..at + tag(here).len()),
        Error::UnknownNamespace(prefix, _) => named("prefix", prefix, at..at + tag(here).len()),
        Error::UnknownEntityReference(name, _) => seen("sign", at, &here[..name.len() + 2]),
        _ => {
            // A name is looked for behind a sign that begins none.
            let at = if text[..at].ends_with('<') { at - 1 } else { at };
            seen("sign", at, &text[at..at + text[at..].chars().next().map_or(0, char::len_utf8)])
        }
    }
}

/// A tag or a name at the start of a text, as far as its name goes.
fn tag(text: &str) -> &str {
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | ':' | '.');
    let sign = text.len() - text.trim_start_matches(['<', '/']).len();
    let length = text[sign..].find(|it: char| !is_part(it)).unwrap_or(text.len() - sign);
    &text[..sign + length]
}

/// The place of a line and column, in bytes; both count from one, and columns in characters.
fn offset(text: &str, at: TextPos) -> usize {
    let line: usize = text.split_inclusive('\n').take(at.row as usize - 1).map(str::len).sum();
    let column = text[line..].char_indices().nth(at.col as usize - 1).map_or(text.len() - line, |it| it.0);
    line + column
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
            ("<svg/><svg/>", "root", "<svg/>"),
            ("<svg><circle r=\"4\"", "end", "<circle"),
            ("<svg><circle r=\"4\" <g/></svg>", "sign", "<"),
            ("<svg><g><circle r=\"4\"/></svg>", "unclosed", "</svg"),
            ("<svg><g></G></svg>", "unclosed", "</G"),
            ("<svg>", "unclosed", "<svg"),
            ("<svg></svg></g>", "root", "</g>"),
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
