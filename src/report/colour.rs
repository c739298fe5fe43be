//! Which colours may a theme have? A name of the palette or `#rrggbb`, parsed to a type, so that
//! no text of a user reaches a style sheet; each is fitted to light and dark paper.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

/// A colour of a theme, with its shade on light and on dark paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    light: Rgb,
    dark: Rgb,
}

/// A colour as three bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// The palette: name, shade on light paper, shade on dark paper. All keep 4.5 : 1 against both the
/// page and its panels; a test holds that.
const PALETTE: [(&str, Rgb, Rgb); 16] = [
    ("blue", Rgb(0x1d, 0x5a, 0x9e), Rgb(0x78, 0xae, 0xf2)),
    ("orange", Rgb(0xa8, 0x44, 0x1a), Rgb(0xf1, 0x9a, 0x6e)),
    ("purple", Rgb(0x66, 0x45, 0xad), Rgb(0xb4, 0x9d, 0xf6)),
    ("teal", Rgb(0x0b, 0x6b, 0x70), Rgb(0x55, 0xc5, 0xc7)),
    ("red", Rgb(0xa3, 0x26, 0x3b), Rgb(0xf5, 0x8b, 0x97)),
    ("green", Rgb(0x35, 0x6b, 0x2c), Rgb(0x8f, 0xc9, 0x7f)),
    ("grey", Rgb(0x5a, 0x64, 0x70), Rgb(0xa4, 0xae, 0xba)),
    ("gray", Rgb(0x5a, 0x64, 0x70), Rgb(0xa4, 0xae, 0xba)),
    ("yellow", Rgb(0x7d, 0x5f, 0x00), Rgb(0xe3, 0xc2, 0x5a)),
    ("pink", Rgb(0xa3, 0x31, 0x76), Rgb(0xf0, 0x93, 0xc8)),
    ("brown", Rgb(0x74, 0x51, 0x33), Rgb(0xcf, 0xa6, 0x7f)),
    ("cyan", Rgb(0x0a, 0x66, 0x86), Rgb(0x67, 0xc3, 0xe6)),
    ("navy", Rgb(0x2a, 0x3f, 0x78), Rgb(0x98, 0xaf, 0xee)),
    ("black", Rgb(0x2b, 0x33, 0x3d), Rgb(0xd3, 0xda, 0xe3)),
    ("amber", Rgb(0x8a, 0x5a, 0x00), Rgb(0xee, 0xb0, 0x4a)),
    ("violet", Rgb(0x66, 0x45, 0xad), Rgb(0xb4, 0x9d, 0xf6)),
];

/// The papers that a colour must stand out from: page and panel, light and dark.
const LIGHT_PAPER: [Rgb; 2] = [Rgb(0xf8, 0xf6, 0xf1), Rgb(0xff, 0xff, 0xff)];
const DARK_PAPER: [Rgb; 2] = [Rgb(0x0f, 0x13, 0x19), Rgb(0x17, 0x1c, 0x24)];

impl Colour {
    /// Returns the colour of a name or of `#rrggbb`; `None` for anything else. A free colour is
    /// moved towards black or white until it can be seen on its paper.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((_, light, dark)) = PALETTE.iter().find(|(name, ..)| *name == text) {
            return Some(Self { light: *light, dark: *dark });
        }
        let rgb = Rgb::parse(text)?;
        let light = rgb.fitted(&LIGHT_PAPER, Rgb(0, 0, 0));
        Some(Self { light, dark: rgb.fitted(&DARK_PAPER, Rgb(255, 255, 255)) })
    }

    /// Returns the palette's colour for the n-th theme that names none.
    pub fn nth(index: usize) -> Self {
        let (_, light, dark) = PALETTE[index % 7];
        Self { light, dark }
    }

    /// Returns the shade on light paper, as `#rrggbb`.
    pub fn light(&self) -> String {
        self.light.hex()
    }

    /// Returns the shade on dark paper, as `#rrggbb`.
    pub fn dark(&self) -> String {
        self.dark.hex()
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.light())
    }
}

impl JsonSchema for Colour {
    fn schema_name() -> Cow<'static, str> {
        "Colour".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "The shade on light paper, as `#rrggbb`." })
    }
}

impl Rgb {
    /// Returns the colour of `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(digits, 16).ok()?;
        let byte = |shift: u32| u8::try_from((number >> shift) & 0xff).unwrap_or(0);
        Some(Self(byte(16), byte(8), byte(0)))
    }

    /// Returns the contrast with another colour, 1 to 21, as WCAG 2 defines it.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Moves towards `end` in steps of a sixteenth until it stands out from every paper.
    fn fitted(self, papers: &[Self], end: Self) -> Self {
        (0..=16).map(|step| self.mixed(end, step)).find(|rgb| papers.iter().all(|paper| rgb.contrast(*paper) >= 4.5)).unwrap_or(end)
    }

    fn mixed(self, end: Self, sixteenths: u16) -> Self {
        let mix = |a: u8, b: u8| {
            let sum = u16::from(a) * (16 - sixteenths) + u16::from(b) * sixteenths;
            u8::try_from(sum / 16).unwrap_or(u8::MAX)
        };
        Self(mix(self.0, end.0), mix(self.1, end.1), mix(self.2, end.2))
    }

    fn luminance(self) -> f64 {
        let linear = |byte: u8| {
            let c = f64::from(byte) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { libm_pow((c + 0.055) / 1.055) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// x^2.4 as x² · x^0.4, the fifth root by Newton's steps: plain arithmetic gives the same bits on
/// every platform, which a platform's `powf` does not promise.
fn libm_pow(x: f64) -> f64 {
    let square = x * x;
    let mut root = 0.5 + 0.5 * square;
    for _ in 0..40 {
        let fourth = root * root * root * root;
        root -= (root * fourth - square) / (5.0 * fourth);
    }
    square * root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn palette_stands_out_from_its_papers() {
        for (name, light, dark) in PALETTE {
            for paper in LIGHT_PAPER {
                assert!(light.contrast(paper) >= 4.5, "{name} on light: {}", light.contrast(paper));
            }
            for paper in DARK_PAPER {
                assert!(dark.contrast(paper) >= 4.5, "{name} on dark: {}", dark.contrast(paper));
            }
        }
    }

    #[test]
    fn free_colours_are_fitted_or_refused() {
        let yellow = Colour::parse("#ffff00").expect("a colour");
        assert!(Rgb::parse(&yellow.light()).expect("hex").contrast(LIGHT_PAPER[1]) >= 4.5);
        assert_eq!(yellow.dark(), "#ffff00");
        for bad in ["", "Blue", "#fff", "#12345g", "red;}", "url(x)", "#1234567", "#é1234"] {
            assert_eq!(Colour::parse(bad), None, "{bad}");
        }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the platform's own is what ours is held against")]
    fn power_is_that_of_the_standard() {
        for step in 1..=100 {
            let x = f64::from(step) / 100.0;
            assert!((libm_pow(x) - x.powf(2.4)).abs() < 1e-12, "{x}");
        }
    }
}
