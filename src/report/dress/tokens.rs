//! Which colours has a page, which stand on which, and can they be seen there?
//!
//! A page takes all its colours from custom properties. Their values stand in the style sheet, for light paper, dark paper
//! and print; a project may set others. What must stand out from what is said here once, for both.

use std::collections::BTreeMap;

use crate::report::colour::Rgb;
use crate::report::render::CSS;

/// The three papers that a page is read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Paper {
    /// A light screen.
    Light,
    /// A dark screen.
    Dark,
    /// Paper.
    Print,
}

impl Paper {
    /// Every paper.
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::Print];

    /// Returns the name that findings use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Print => "print",
        }
    }
}

/// What a custom property may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A colour.
    Colour,
    /// A colour through which others are seen: it may be translucent.
    Wash,
    /// Families of fonts.
    Fonts,
}

/// The custom properties that a project may set: name, what it holds, what it is for.
pub const TOKENS: [(&str, Kind, &str); 31] = [
    ("bg", Kind::Colour, "the page"),
    ("panel", Kind::Colour, "cards, tables and figures"),
    ("ink", Kind::Colour, "text"),
    ("ink2", Kind::Colour, "text that supports"),
    ("ink3", Kind::Colour, "labels and remarks"),
    ("accent", Kind::Colour, "links, topics, focus"),
    ("line", Kind::Colour, "lines between parts"),
    ("line2", Kind::Colour, "lines of tables and charts"),
    ("grid", Kind::Colour, "faint lines"),
    ("ac", Kind::Colour, "what is measured, in charts"),
    ("py", Kind::Colour, "the year before, in charts"),
    ("ci", Kind::Wash, "intervals"),
    ("npz", Kind::Wash, "the natural spread"),
    ("r1", Kind::Colour, "the worst band of a bullet"),
    ("r2", Kind::Colour, "the middle band of a bullet"),
    ("r3", Kind::Colour, "the best band of a bullet"),
    ("good", Kind::Colour, "text: on target, better"),
    ("warn", Kind::Colour, "text: watch"),
    ("bad", Kind::Colour, "text: act, worse"),
    ("na", Kind::Colour, "text: cannot be judged"),
    ("good-b", Kind::Colour, "ground of on target"),
    ("warn-b", Kind::Colour, "ground of watch"),
    ("bad-b", Kind::Colour, "ground of act"),
    ("na-b", Kind::Colour, "ground of what cannot be judged"),
    ("good-s", Kind::Colour, "symbol: on target, better"),
    ("warn-s", Kind::Colour, "symbol: watch"),
    ("bad-s", Kind::Colour, "symbol: act, worse"),
    ("on-bad", Kind::Colour, "text on the symbol's colour of act"),
    ("sans", Kind::Fonts, "text"),
    ("serif", Kind::Fonts, "headings and large figures"),
    ("mono", Kind::Fonts, "code"),
];

/// Text needs this contrast with its ground, by WCAG 2 at level AA.
const TEXT: f64 = 4.5;
/// A mark that tells something needs this one.
const MARK: f64 = 3.0;

/// What stands on what: the colour, its grounds, and the contrast it needs with each of them. The strokes within the symbol
/// of a status have its ground's colour, so that they are held by the same pairs.
const PAIRS: [(&str, &[&str], f64); 21] = [
    ("ink", &["bg", "panel", "good-b", "warn-b", "bad-b", "na-b"], TEXT),
    ("ink2", &["bg", "panel", "good-b", "warn-b", "bad-b", "na-b"], TEXT),
    ("ink3", &["bg", "panel"], TEXT),
    ("accent", &["bg", "panel"], TEXT),
    ("good", &["bg", "panel", "good-b"], TEXT),
    ("warn", &["bg", "panel", "warn-b"], TEXT),
    ("bad", &["bg", "panel", "bad-b"], TEXT),
    ("na", &["bg", "panel", "na-b"], TEXT),
    ("on-bad", &["bad-s"], TEXT),
    // A filter that is on has the colours turned round.
    ("bg", &["ink"], TEXT),
    // Labels of charts lie over intervals and spreads.
    ("ink", &["ci", "npz"], TEXT),
    ("ink2", &["ci", "npz"], TEXT),
    ("ink3", &["npz"], TEXT),
    ("bad", &["npz"], TEXT),
    ("good", &["npz"], TEXT),
    ("ac", &["bg", "panel", "ci", "npz", "r1", "r2", "r3"], MARK),
    ("ink", &["r1", "r2", "r3"], MARK),
    ("py", &["panel"], MARK),
    ("good-s", &["bg", "panel", "good-b", "npz"], MARK),
    ("warn-s", &["bg", "panel", "warn-b", "npz"], MARK),
    ("bad-s", &["bg", "panel", "bad-b", "npz"], MARK),
];

/// A colour that may be translucent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shade {
    rgb: Rgb,
    /// 255 is solid.
    alpha: u8,
}

impl Shade {
    /// Returns the colour of `#rgb`, `#rrggbb` or `#rrggbbaa`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|it| it.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let solid = |text: &str, alpha: u8| Rgb::parse(&format!("#{text}")).map(|rgb| Self { rgb, alpha });
        match digits.len() {
            3 => solid(&digits.chars().flat_map(|it| [it, it]).collect::<String>(), u8::MAX),
            6 => solid(digits, u8::MAX),
            8 => solid(&digits[..6], u8::from_str_radix(&digits[6..], 16).ok()?),
            _ => None,
        }
    }

    /// Whether something behind it is seen through it.
    pub fn is_translucent(self) -> bool {
        self.alpha < u8::MAX
    }

    /// Returns it as a style sheet writes it.
    pub fn css(self) -> String {
        let Rgb(r, g, b) = self.rgb;
        let solid = format!("#{r:02x}{g:02x}{b:02x}");
        if self.is_translucent() { format!("{solid}{:02x}", self.alpha) } else { solid }
    }

    /// Returns what is seen where it lies on a solid colour.
    fn over(self, ground: Rgb) -> Rgb {
        let mix = |top: u8, below: u8| {
            let sum = u32::from(top) * u32::from(self.alpha) + u32::from(below) * u32::from(u8::MAX - self.alpha);
            u8::try_from((sum + 127) / 255).unwrap_or(u8::MAX)
        };
        Rgb(mix(self.rgb.0, ground.0), mix(self.rgb.1, ground.1), mix(self.rgb.2, ground.2))
    }
}

/// The colours of a page on one paper, by token.
pub type Palette = BTreeMap<&'static str, Shade>;

/// Two colours that cannot be told apart well enough.
#[derive(Debug, Clone, PartialEq)]
pub struct Faint {
    /// The paper on which.
    pub paper: Paper,
    /// The token of the text or mark.
    pub colour: &'static str,
    /// The token of what it stands on.
    pub ground: &'static str,
    /// Their contrast, 1 to 21.
    pub contrast: f64,
    /// The contrast that is needed.
    pub needed: f64,
}

/// Returns what does not stand out from its ground.
pub fn faint(paper: Paper, palette: &Palette) -> Vec<Faint> {
    let panel = palette.get("panel").map_or(Rgb(255, 255, 255), |it| it.rgb);
    let mut found = Vec::new();
    for (colour, grounds, needed) in PAIRS {
        for ground in grounds {
            let (Some(on), Some(below)) = (palette.get(colour), palette.get(ground)) else { continue };
            // What is translucent lies on a figure.
            let below = below.over(panel);
            let contrast = on.over(below).contrast(below);
            if contrast < needed {
                found.push(Faint { paper, colour, ground, contrast, needed });
            }
        }
    }
    found
}

/// Returns the contrast of a solid colour with the page and with its panels, the lesser of the two.
pub fn against_papers(colour: Rgb, palette: &Palette) -> f64 {
    let grounds = ["bg", "panel"].into_iter().filter_map(|it| palette.get(it));
    grounds.map(|it| colour.contrast(it.over(Rgb(255, 255, 255)))).fold(21.0, f64::min)
}

/// Returns the declarations of Peil's own style sheet for one paper, in its order. Print takes what light has, with its
/// own on top.
pub fn own(paper: Paper) -> Vec<(&'static str, &'static str)> {
    let block = |start: &str| CSS.split_once(start).and_then(|it| it.1.split_once('}')).map_or("", |it| it.0);
    let declarations = |text: &'static str| {
        let all = text.split(';').filter_map(|it| it.trim().strip_prefix("--")?.split_once(':'));
        all.collect::<Vec<_>>()
    };
    match paper {
        Paper::Light => declarations(block(":root{")),
        Paper::Dark => declarations(block(":root[data-theme=dark]{")),
        Paper::Print => declarations(block("@media print{:root{")),
    }
}

/// Returns the colours of Peil's own page on one paper.
pub fn palette(paper: Paper) -> Palette {
    let mut palette = Palette::new();
    let layers: &[Paper] = if paper == Paper::Light { &[Paper::Light] } else { &[Paper::Light, paper] };
    for (name, value) in layers.iter().flat_map(|it| own(*it)) {
        let token = TOKENS.iter().find(|it| it.0 == name && it.1 != Kind::Fonts);
        if let (Some((name, ..)), Some(shade)) = (token, Shade::parse(value)) {
            palette.insert(name, shade);
        }
    }
    palette
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_can_be_seen_on_its_ground() {
        for paper in Paper::ALL {
            let found = faint(paper, &palette(paper));
            assert!(found.is_empty(), "{found:#?}");
        }
    }

    #[test]
    fn every_token_has_a_value_on_light_and_dark_paper() {
        for (name, kind, _) in TOKENS {
            let has = |paper: Paper| own(paper).iter().any(|it| it.0 == name);
            assert!(has(Paper::Light), "{name}");
            assert!(kind == Kind::Fonts || has(Paper::Dark), "{name}");
            if kind != Kind::Fonts {
                assert!(Paper::ALL.iter().all(|it| palette(*it).contains_key(name)), "{name} is no colour");
            }
        }
        // And the other way round: whatever the sheet declares may be set, but for what themes and statuses set.
        for (name, _) in own(Paper::Light) {
            assert!(TOKENS.iter().any(|it| it.0 == name) || name == "th", "{name}");
        }
    }

    #[test]
    fn the_two_dark_papers_are_one() {
        let first = CSS.split_once(":root:not([data-theme=light]){").and_then(|it| it.1.split_once('}')).map(|it| it.0);
        let second =
            CSS.split_once(":root[data-theme=dark]{").and_then(|it| it.1.split_once('}')).map(|it| it.0.replace("color-scheme:dark;", ""));
        assert_eq!(first.map(str::trim), second.as_deref().map(str::trim));
    }

    #[test]
    fn colours_are_drawn_from_tokens_alone() {
        // A colour that is written out would not follow a theme, and nobody would test it.
        let rules = CSS.split_once("/* page */").expect("the rules begin here").1;
        let rules = rules.replace("color:#555", "");
        let written = rules.split('#').skip(1).filter(|it| {
            let digits = it.chars().take_while(char::is_ascii_hexdigit).count();
            matches!(digits, 3 | 6 | 8) && !it[digits..].starts_with(|it: char| it.is_alphanumeric() || it == '-')
        });
        // `:root:root{--bg:#fff}` of print is a token.
        let written: Vec<&str> = written.map(|it| &it[..it.len().min(12)]).filter(|it| !it.starts_with("fff}")).collect();
        assert!(written.is_empty(), "{written:?}");
    }

    #[test]
    fn a_translucent_colour_is_what_is_seen() {
        let wash = Shade::parse("#00000080").expect("a colour");
        assert_eq!(wash.over(Rgb(255, 255, 255)), Rgb(127, 127, 127));
        assert_eq!(wash.css(), "#00000080");
        assert_eq!(Shade::parse("#Abc").map(Shade::css), Some("#aabbcc".to_owned()));
        for bad in ["", "#ab", "#abcd", "red", "#12345g", "#123456789", "rgb(0,0,0)"] {
            assert_eq!(Shade::parse(bad), None, "{bad}");
        }
    }
}
