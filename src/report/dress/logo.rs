//! Which pictures may stand at the head of a report? Small ones of kinds that hold a picture and nothing else.

use std::ops::Range;

use crate::value::{Code, Fact};

use super::drawing::{is_whole_png, well_formed};

/// A logo may be so many bytes: it is part of every page.
pub const LARGEST: usize = 64 << 10;

/// What a PNG begins with.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A picture that was found fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Logo {
    kind: &'static str,
    ending: &'static str,
    bytes: Vec<u8>,
}

impl Logo {
    /// Returns it as an address that holds it, for a page that is one file.
    pub fn data_uri(&self) -> String {
        format!("data:{};base64,{}", self.kind, super::super::render::base64(&self.bytes))
    }

    /// Returns it as a file: `logo.svg`, and what is in it.
    pub fn file(&self) -> (String, Vec<u8>) {
        (format!("logo.{}", self.ending), self.bytes.clone())
    }
}

/// Why a picture is not fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Unfit {
    /// The finding, without a place.
    pub fact: Fact,
    /// Where it is in a drawing, in bytes.
    pub at: Option<Range<usize>>,
}

/// Returns the picture, or what is wrong with it.
///
/// # Errors
/// What is wrong, and where in the drawing if it is one.
pub fn logo(path: &str, bytes: &[u8]) -> Result<Logo, Box<Unfit>> {
    let fact = |problem: &str| Fact::new(Code::UnfitLogo).with("file", path).with("problem", problem);
    let refused = |problem: &str| Box::new(Unfit { fact: fact(problem), at: None });
    if bytes.len() > LARGEST {
        let sizes = fact("size").with("size", bytes.len().div_ceil(1 << 10)).with("largest", LARGEST >> 10);
        return Err(Box::new(Unfit { fact: sizes, at: None }));
    }
    let ending = path.rsplit_once('.').map(|it| it.1.to_ascii_lowercase()).unwrap_or_default();
    let (kind, ending) = match ending.as_str() {
        "png" if bytes.starts_with(PNG) && is_whole_png(bytes) => ("image/png", "png"),
        "png" if bytes.starts_with(PNG) => return Err(refused("cut")),
        "jpg" | "jpeg" if bytes.starts_with(b"\xff\xd8\xff") => ("image/jpeg", "jpg"),
        "webp" if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => ("image/webp", "webp"),
        "svg" => {
            let text = std::str::from_utf8(bytes).map_err(|_| refused("content"))?;
            if let Err((found, at)) = drawing(text) {
                return Err(Box::new(Unfit { fact: fact("active").with("found", found), at: Some(at) }));
            }
            if let Err(it) = well_formed(text) {
                return Err(Box::new(Unfit { fact: fact("broken").with("fault", it.fault).with("found", it.found), at: Some(it.at) }));
            }
            if !text.contains("http://www.w3.org/2000/svg") {
                let start = text.to_ascii_lowercase().find("<svg").unwrap_or(0);
                return Err(Box::new(Unfit { fact: fact("namespace"), at: Some(start..start + "<svg".len()) }));
            }
            ("image/svg+xml", "svg")
        }
        "png" | "jpg" | "jpeg" | "webp" => return Err(refused("content")),
        _ => return Err(Box::new(Unfit { fact: fact("kind").with("found", ending), at: None })),
    };
    Ok(Logo { kind, ending, bytes: bytes.to_vec() })
}

/// Whether an SVG is a drawing and nothing else. A page shows it as a picture, in which nothing runs; but pages are saved,
/// copied and opened by other programs.
///
/// # Errors
/// What it has that it should not have, and where.
fn drawing(text: &str) -> Result<(), (String, Range<usize>)> {
    let lower = text.to_ascii_lowercase();
    for active in
        ["<script", "<foreignobject", "<iframe", "<!entity", "<!doctype", "<handler", "<animate", "<set", "javascript:", "@import"]
    {
        if let Some(at) = lower.find(active) {
            return Err((format!("`{active}`"), at..at + active.len()));
        }
    }
    // Handlers, and references that leave the file.
    let mut rest = lower.as_str();
    while let Some((_, after)) = rest.split_once(|it: char| it.is_whitespace() || it == '"' || it == '\'' || it == '/') {
        let name: String = after.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == ':' || *it == '-').collect();
        let start = lower.len() - after.len();
        let at = start..start + name.len();
        let value = after[name.len()..].trim_start().strip_prefix('=').map(|it| it.trim_start().trim_start_matches(['"', '\'']));
        if let Some(value) = value {
            if name.starts_with("on") && name.len() > 2 {
                return Err((format!("`{name}=`"), at));
            }
            if (name == "href" || name == "xlink:href" || name == "src") && !value.starts_with('#') && !value.starts_with("data:image/png")
            {
                return Err((format!("`{name}=` that leaves the file"), at));
            }
        }
        rest = after;
    }
    let leaves = |at: &(usize, &str)| !lower[at.0 + "url(".len()..].trim_start().trim_start_matches(['"', '\'']).starts_with('#');
    match lower.match_indices("url(").find(leaves) {
        Some((at, url)) => Err(("`url(` that leaves the file".to_owned(), at..at + url.len())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(path: &str, bytes: &[u8]) -> String {
        match logo(path, bytes) {
            Ok(logo) => logo.data_uri().split(',').next().unwrap_or_default().to_owned(),
            Err(unfit) => unfit.fact.args.iter().find(|it| it.name == "problem").map(|it| it.value.clone()).unwrap_or_default(),
        }
    }

    #[test]
    fn pictures_are_what_they_say_they_are() {
        let whole = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0crc.\0\0\0\x01IDATxcrc.\0\0\0\0IENDcrc.";
        assert_eq!(problem("logo.png", whole), "data:image/png;base64");
        assert_eq!(problem("logo.png", &whole[..whole.len() - 1]), "cut");
        assert_eq!(problem("logo.png", b"\x89PNG\r\n\x1a\nrest"), "cut");
        assert_eq!(problem("logo.JPG", b"\xff\xd8\xff\xe0"), "data:image/jpeg;base64");
        assert_eq!(problem("logo.png", b"<svg></svg>"), "content");
        assert_eq!(problem("logo.gif", b"GIF89a"), "kind");
        assert_eq!(problem("logo", b""), "kind");
        assert_eq!(problem("logo.png", &[0; LARGEST + 1]), "size");
        assert_eq!(problem("logo.svg", b"\xff\xfe"), "content");
        // As a picture it would stay empty.
        assert_eq!(problem("logo.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"><g></svg>"), "broken");
        assert_eq!(problem("logo.svg", b"<html></html>"), "broken");
        assert_eq!(problem("logo.svg", b""), "broken");
        assert_eq!(problem("logo.svg", b"<svg viewBox=\"0 0 9 9\"><path d=\"M0 0h9\"/></svg>"), "namespace");
    }

    #[test]
    fn what_is_wrong_with_a_drawing_is_found_in_it() {
        let place = |text: &str| {
            let at = logo("l.svg", text.as_bytes()).expect_err("it does more").at.expect("a place");
            text[at].to_owned()
        };
        assert_eq!(place("<svg>\n<SCRIPT>x</SCRIPT></svg>"), "<SCRIPT");
        assert_eq!(place("<svg>\n<g><path/></svg>"), "</svg");
        assert_eq!(place("<svg a='b'\n onLoad='x()'></svg>"), "onLoad");
        assert_eq!(place("<svg><image href='http://x/y.png'/></svg>"), "href");
        assert_eq!(place("<svg><path fill='url(#a)'/><path fill='URL(http://x)'/></svg>"), "URL(");
        assert_eq!(place("<?xml?><svg viewBox='0 0 9 9'/>"), "<svg");
        assert!(logo("l.png", b"<svg/>").expect_err("it is none").at.is_none());
    }

    #[test]
    fn a_drawing_draws_and_does_nothing_else() {
        let fine = "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><defs><linearGradient id=\"a\"/></defs>\
                    <path d=\"M0 0h9\" fill=\"url(#a)\"/><use href=\"#b\"/></svg>";
        assert_eq!(problem("l.svg", fine.as_bytes()), "data:image/svg+xml;base64");
        for active in [
            "<svg><script>alert(1)</script></svg>",
            "<svg onload=\"alert(1)\"></svg>",
            "<svg\tONLOAD = 'alert(1)'></svg>",
            "<svg><image href=\"http://x/y.png\"/></svg>",
            "<svg><use xlink:href='other.svg#a'/></svg>",
            "<svg><a href=\"javascript:alert(1)\"/></svg>",
            "<svg><path fill=\"url(http://x)\"/></svg>",
            "<svg><foreignObject/></svg>",
            "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg></svg>",
            "<svg><style>@import 'x'</style></svg>",
        ] {
            assert_eq!(problem("l.svg", active.as_bytes()), "active", "{active}");
        }
    }
}
