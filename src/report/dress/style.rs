//! What may a project's style sheet say? Custom properties of the page, with values that parse: colours and families of
//! fonts. So no text of it reaches the page, and what it does to contrast is known.
//!
//! ```css
//! :root { --accent: #7a1f5c; --serif: "Georgia", serif; }
//! @media (prefers-color-scheme: dark) { :root { --accent: #e6a1cc; } }
//! @media print { :root { --bg: #ffffff; } }
//! ```

use std::collections::BTreeMap;

use crate::report::colour::{Colour, Rgb};
use crate::source::{FileId, Span};
use crate::value::{Code, Diagnostics, Fact};

use super::tokens::{self, Kind, Palette, Paper, Shade, TOKENS};

/// A style sheet that was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Style {
    declared: Vec<Declared>,
}

/// One declaration.
#[derive(Debug, Clone, PartialEq)]
struct Declared {
    paper: Paper,
    token: &'static str,
    value: Value,
    span: Span,
}

#[derive(Debug, Clone, PartialEq)]
enum Value {
    Colour(Shade),
    Fonts(String),
}

impl Style {
    /// Reads a style sheet; what it may not say is reported, and left out.
    pub fn read(text: &str, file: FileId, out: &mut Diagnostics) -> Self {
        let mut reader = Reader { text, at: 0, file, out, declared: Vec::new() };
        reader.sheet();
        Self { declared: reader.declared }
    }

    /// Reports what cannot be seen well enough with it: its own colours, and those of the project's themes on its papers.
    pub fn check(&self, themes: &[(String, Colour)], out: &mut Diagnostics) {
        // One value is one finding, however much stands on it: the faintest.
        let mut told: Vec<Span> = Vec::new();
        let mut told_of: Vec<(Span, &str)> = Vec::new();
        for paper in Paper::ALL {
            let palette = self.palette(paper);
            let before = tokens::faint(paper, &tokens::palette(paper));
            let mut found = tokens::faint(paper, &palette);
            found.sort_by(|a, b| (a.contrast / a.needed).total_cmp(&(b.contrast / b.needed)));
            for faint in found {
                // What was so before is not the sheet's doing.
                if before.iter().any(|it| (it.colour, it.ground) == (faint.colour, faint.ground)) {
                    continue;
                }
                let Some(at) = self.place(paper, &[faint.colour, faint.ground]).filter(|it| !told.contains(it)) else { continue };
                told.push(at);
                let fact = Fact::at(Code::LowContrast, at).with("paper", paper.name());
                let fact = fact.with("colour", format!("--{}", faint.colour)).with("ground", format!("--{}", faint.ground));
                out.push(fact.with("contrast", said(faint.contrast)).with("needed", said(faint.needed)));
            }
            let Some(at) = self.place(paper, &["bg", "panel"]).filter(|it| !told.contains(it)) else { continue };
            for (name, colour) in themes {
                let shade = if paper == Paper::Dark { colour.dark() } else { colour.light() };
                let contrast = Rgb::parse(&shade).map_or(21.0, |it| tokens::against_papers(it, &palette));
                if contrast < 3.0 && !told_of.contains(&(at, name.as_str())) {
                    told_of.push((at, name));
                    let fact = Fact::at(Code::LowContrast, at).with("paper", paper.name()).with("theme", name);
                    out.push(fact.with("contrast", said(contrast)).with("needed", said(3.0)));
                }
            }
        }
    }

    /// Where one of these tokens was last said for a paper, the first that was.
    fn place(&self, paper: Paper, names: &[&str]) -> Option<Span> {
        let holds = |it: &&Declared| it.paper == paper || it.paper == Paper::Light && paper == Paper::Print;
        names.iter().find_map(|name| self.declared.iter().rev().filter(holds).find(|it| it.token == *name)).map(|it| it.span)
    }

    /// The colours of a page with this sheet.
    fn palette(&self, paper: Paper) -> Palette {
        let mut palette = if paper == Paper::Print { self.palette(Paper::Light) } else { tokens::palette(paper) };
        if paper == Paper::Print {
            palette.extend(tokens::own(paper).into_iter().filter_map(|(name, value)| Some((token(name)?.0, Shade::parse(value)?))));
        }
        for it in self.declared.iter().filter(|it| it.paper == paper) {
            if let Value::Colour(shade) = it.value {
                palette.insert(it.token, shade);
            }
        }
        palette
    }

    /// Returns what it says for light paper, by token: for what knows no custom properties.
    pub fn values(&self) -> BTreeMap<&'static str, String> {
        let value = |it: &Declared| match &it.value {
            Value::Colour(shade) => shade.css(),
            Value::Fonts(fonts) => fonts.clone(),
        };
        self.declared.iter().filter(|it| it.paper == Paper::Light).map(|it| (it.token, value(it))).collect()
    }

    /// Returns it as rules that go behind those of the page.
    pub fn css(&self) -> String {
        let of = |paper: Paper| {
            let own = tokens::own(paper).into_iter().filter(|_| paper == Paper::Print).map(|(name, value)| format!("--{name}:{value};"));
            let said = self.declared.iter().filter(|it| it.paper == paper).map(|it| match &it.value {
                Value::Colour(shade) => format!("--{}:{};", it.token, shade.css()),
                Value::Fonts(fonts) => format!("--{}:{fonts};", it.token),
            });
            own.chain(said).collect::<String>()
        };
        let (light, dark, print) = (of(Paper::Light), of(Paper::Dark), of(Paper::Print));
        format!(
            ":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\
             @media screen{{:root[data-theme=dark]{{{dark}}}}}@media print{{:root{{{print}}}}}"
        )
    }
}

/// A contrast as it is said: rounded down, so that what is too little never looks enough.
fn said(contrast: f64) -> String {
    format!("{:.1}", (contrast * 10.0).floor() / 10.0)
}

fn token(name: &str) -> Option<(&'static str, Kind)> {
    TOKENS.iter().find(|it| it.0 == name).map(|it| (it.0, it.1))
}

/// Reads a sheet from its start to its end.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    file: FileId,
    out: &'a mut Diagnostics,
    declared: Vec<Declared>,
}

impl<'a> Reader<'a> {
    fn sheet(&mut self) {
        while self.skip_blank() {
            let start = self.at;
            let head = self.until(&['{', ';', '}']).trim_end();
            let (end, next) = (start + head.len(), self.peek());
            let paper = match words(head).as_str() {
                ":root" => Some(Paper::Light),
                "@media (prefers-color-scheme: dark)" | "@media screen and (prefers-color-scheme: dark)" => Some(Paper::Dark),
                "@media print" => Some(Paper::Print),
                _ => None,
            };
            if next != Some('{') {
                self.wrong("rule", start, end.max(start + 1));
                self.bump();
                continue;
            }
            let Some(paper) = paper else {
                self.wrong("rule", start, end);
                self.skip_braces();
                continue;
            };
            self.bump();
            if paper == Paper::Light {
                self.declarations(paper);
                continue;
            }
            while self.skip_blank() && self.peek() != Some('}') {
                let start = self.at;
                let head = self.until(&['{', ';', '}']).trim_end();
                let end = start + head.len();
                if self.peek() != Some('{') {
                    self.wrong("rule", start, end.max(start + 1));
                    if self.peek() == Some(';') {
                        self.bump();
                    }
                } else if head == ":root" {
                    self.bump();
                    self.declarations(paper);
                } else {
                    self.wrong("rule", start, end);
                    self.skip_braces();
                }
            }
            self.close(start);
        }
    }

    /// Declarations up to the brace that ends them.
    fn declarations(&mut self, paper: Paper) {
        let opened = self.at.saturating_sub(1);
        while self.skip_blank() && self.peek() != Some('}') {
            let start = self.at;
            let text = self.until(&[';', '}', '{']).trim_end();
            let end = start + text.len();
            if self.peek() == Some('{') {
                self.wrong("rule", start, end);
                self.skip_braces();
                continue;
            }
            if self.peek() == Some(';') {
                self.bump();
            }
            if text.is_empty() {
                continue;
            }
            let Some((name, value)) = text.split_once(':') else {
                self.wrong("declaration", start, end);
                continue;
            };
            let (name, shift) = (name.trim_end(), name.len() + 1);
            let Some(property) = name.strip_prefix("--") else {
                self.wrong("property", start, start + name.len());
                continue;
            };
            let Some((known, kind)) = token(property) else {
                let span = self.span(start, start + name.len());
                let fact = Fact::at(Code::StyleError, span).with("problem", "unknown").with("found", name);
                self.out.push(match meant(&property.to_ascii_lowercase()) {
                    Some(meant) => fact.with("meant", format!("--{meant}")),
                    None => fact.did_you_mean(name, span, TOKENS.iter().map(|it| format!("--{}", it.0))),
                });
                continue;
            };
            let place = start + shift + (value.len() - value.trim_start().len());
            // A declaration on the next line: this one has no end.
            if let Some((first, _)) = value.split_once('\n').filter(|it| it.1.trim_start().starts_with("--")) {
                let said = first.split("/*").next().unwrap_or(first).trim_end();
                let stop = start + shift + said.len();
                let span = self.span(place.min(stop), stop);
                self.out.push(
                    Fact::at(Code::StyleError, span)
                        .with("problem", "semicolon")
                        .with("found", said.trim())
                        .mend(self.span(stop, stop), ";"),
                );
                self.at = start + shift + first.len();
                continue;
            }
            let span = self.span(place, end.max(place));
            match value_of(kind, value.trim()) {
                Some(value) => self.declared.push(Declared { paper, token: known, value, span }),
                None => {
                    let problem = match kind {
                        Kind::Colour => "colour",
                        Kind::Wash => "wash",
                        Kind::Fonts => "fonts",
                    };
                    let fact = Fact::at(Code::StyleError, span).with("problem", problem).with("name", name);
                    let fact = fact.with("found", value.trim());
                    let hex = hex_of(value.trim()).filter(|_| kind != Kind::Fonts);
                    self.out.push(match hex {
                        Some(hex) => fact.with("hex", &hex).rewrite(span, hex),
                        None => fact,
                    });
                }
            }
        }
        self.close(opened);
    }

    /// Takes the closing brace, or says that there is none for the one that was opened.
    fn close(&mut self, opened: usize) {
        if self.peek() == Some('}') {
            self.bump();
        } else {
            self.wrong("open", opened, opened + 1);
        }
    }

    fn wrong(&mut self, problem: &str, start: usize, end: usize) {
        let found = self.text.get(start..end).unwrap_or_default();
        let problem = if problem == "rule" && found.starts_with("@font-face") { "font face" } else { problem };
        let fact = Fact::at(Code::StyleError, self.span(start, end)).with("problem", problem).with("found", found);
        self.out.push(fact);
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end.min(self.text.len()))
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn bump(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    /// Passes blanks and comments; whether anything follows.
    fn skip_blank(&mut self) -> bool {
        loop {
            let rest = &self.text[self.at..];
            let blank = rest.len() - rest.trim_start_matches(|it: char| it.is_whitespace() || it == '\u{feff}').len();
            self.at += blank;
            let Some(comment) = self.text[self.at..].strip_prefix("/*") else { return self.at < self.text.len() };
            self.at += comment.find("*/").map_or(comment.len() + 2, |it| it + 4);
        }
    }

    /// Passes what stands before one of these characters; quotes are respected.
    fn until(&mut self, ends: &[char]) -> &'a str {
        let start = self.at;
        let mut quote = None;
        for (at, letter) in self.text[start..].char_indices() {
            match (quote, letter) {
                (Some(open), letter) if letter == open || letter == '\n' => quote = None,
                (None, '"' | '\'') => quote = Some(letter),
                (None, letter) if ends.contains(&letter) => {
                    self.at = start + at;
                    return &self.text[start..self.at];
                }
                _ => {}
            }
        }
        self.at = self.text.len();
        &self.text[start..]
    }

    /// Passes what stands in braces, whatever it is.
    fn skip_braces(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.text.len() {
            match self.peek() {
                Some('{') => depth += 1,
                Some('}') => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.bump();
            if depth == 0 {
                return;
            }
        }
    }
}

/// A head with one blank where it has any, and one behind a colon.
fn words(head: &str) -> String {
    let joined = head.split_whitespace().collect::<Vec<_>>().join(" ");
    joined.replace("( ", "(").replace(" )", ")").replace("scheme:dark", "scheme: dark").replace("media(", "media (")
}

fn value_of(kind: Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Fonts => fonts(text).map(Value::Fonts),
        Kind::Colour => Shade::parse(text).filter(|it| !it.is_translucent()).map(Value::Colour),
        Kind::Wash => Shade::parse(text).map(Value::Colour),
    }
}

/// The property that is meant by a name that is usual elsewhere.
fn meant(name: &str) -> Option<&'static str> {
    Some(match name {
        "brand" | "brand-color" | "color-accent" | "link" | "main" | "primary" | "primary-color" | "theme" => "accent",
        "background" | "background-color" | "bg-color" | "body" | "paper" => "bg",
        "card" | "surface" => "panel",
        "color" | "fg" | "foreground" | "text" | "text-color" => "ink",
        "muted" | "secondary" | "text-muted" => "ink2",
        "border" | "border-color" | "rule" => "line",
        "error" | "danger" | "negative" | "red" => "bad",
        "caution" | "orange" | "warning" => "warn",
        "green" | "ok" | "positive" | "success" => "good",
        "body-font" | "font" | "font-body" | "font-family" | "font-sans" => "sans",
        "font-heading" | "font-serif" | "heading" | "heading-font" => "serif",
        "code" | "font-mono" | "monospace" => "mono",
        _ => return None,
    })
}

/// A colour by its name in CSS, or by its parts, as a page takes it.
fn hex_of(text: &str) -> Option<String> {
    const NAMES: [(&str, &str); 24] = [
        ("aqua", "#00ffff"),
        ("beige", "#f5f5dc"),
        ("black", "#000000"),
        ("blue", "#0000ff"),
        ("brown", "#a52a2a"),
        ("crimson", "#dc143c"),
        ("cyan", "#00ffff"),
        ("fuchsia", "#ff00ff"),
        ("gold", "#ffd700"),
        ("gray", "#808080"),
        ("green", "#008000"),
        ("grey", "#808080"),
        ("indigo", "#4b0082"),
        ("lime", "#00ff00"),
        ("magenta", "#ff00ff"),
        ("maroon", "#800000"),
        ("navy", "#000080"),
        ("olive", "#808000"),
        ("orange", "#ffa500"),
        ("pink", "#ffc0cb"),
        ("purple", "#800080"),
        ("red", "#ff0000"),
        ("teal", "#008080"),
        ("white", "#ffffff"),
    ];
    let lower = text.to_ascii_lowercase();
    if let Some((_, hex)) = NAMES.iter().find(|it| it.0 == lower) {
        return Some((*hex).to_owned());
    }
    let parts = lower.strip_prefix("rgb(")?.strip_suffix(')')?;
    let parts: Option<Vec<u8>> = parts.split([',', ' ']).filter(|it| !it.is_empty()).map(|it| it.parse().ok()).collect();
    match parts?.as_slice() {
        [red, green, blue] => Some(format!("#{red:02x}{green:02x}{blue:02x}")),
        _ => None,
    }
}

/// Families of fonts: names of letters, digits, blanks and hyphens, quoted or not.
fn fonts(text: &str) -> Option<String> {
    const GENERIC: [&str; 10] = [
        "serif",
        "sans-serif",
        "monospace",
        "system-ui",
        "ui-serif",
        "ui-sans-serif",
        "ui-monospace",
        "ui-rounded",
        "-apple-system",
        "cursive",
    ];
    let mut families = Vec::new();
    for family in text.split(',') {
        let family = family.trim();
        let bare = ['"', '\''].into_iter().find_map(|it| family.strip_prefix(it)?.strip_suffix(it)).unwrap_or(family);
        let plain = |it: char| it.is_alphanumeric() || it == ' ' || it == '-' || it == '_';
        if bare.is_empty() || bare.len() > 80 || !bare.chars().all(plain) {
            return None;
        }
        families.push(if GENERIC.contains(&bare) { bare.to_owned() } else { format!("\"{bare}\"") });
    }
    Some(families.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Style, Vec<(String, String)>) {
        let mut out = Diagnostics::default();
        let style = Style::read(text, FileId(0), &mut out);
        style.check(&[], &mut out);
        let told = out.sorted().into_iter().map(|it| {
            let place = it.span.map_or("", |span| &text[span.range()]);
            let what = it.args.iter().find(|arg| arg.name == "problem" || arg.name == "paper").map_or("", |arg| &arg.value);
            (format!("{} {what}", it.code.name()), place.to_owned())
        });
        (style, told.collect())
    }

    #[test]
    fn a_sheet_becomes_rules_of_its_own() {
        let (style, found) = read(
            "/* ours */\n:root { --accent: #7A1F5C; --serif: Georgia, 'Times New Roman', serif }\n\
             @media (prefers-color-scheme:dark) { :root { --accent: #e6a1cc; } }\n@media print { :root { --line: #ccc } }\n",
        );
        assert_eq!(found, []);
        assert_eq!(
            style.css(),
            ":root{--accent:#7a1f5c;--serif:\"Georgia\",\"Times New Roman\",serif;}\
             @media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){--accent:#e6a1cc;}}\
             @media screen{:root[data-theme=dark]{--accent:#e6a1cc;}}@media print{:root{--bg:#fff;--line:#cccccc;}}"
        );
    }

    #[test]
    fn what_may_not_be_said_is_reported_where_it_stands_and_the_rest_is_read() {
        let (style, found) = read(
            "@import url(x.css);\nbody { color: red; }\n:root {\n  color: red;\n  --acent: #123456;\n  --ink: red;\n  --ci: #11223344;\n  \
             --bg: #ffffff80;\n  --sans: url(x);\n  --r1: #d0d0d0;\n}\n@media print { h1 { color: red } }\n:root { --r2: #e0e0e0",
        );
        let places: Vec<&str> = found.iter().map(|it| it.1.as_str()).collect();
        assert_eq!(places, ["@import url(x.css)", "body", "color", "--acent", "red", "#ffffff80", "url(x)", "h1", "{"], "{found:?}");
        assert!(found.iter().all(|it| it.0.starts_with("style-error")), "{found:?}");
        assert!(style.css().starts_with(":root{--ci:#11223344;--r1:#d0d0d0;--r2:#e0e0e0;}"), "{}", style.css());
    }

    #[test]
    fn nothing_of_a_sheet_reaches_the_page_but_values() {
        for hostile in [
            ":root{--sans:\"</style><script>alert(1)</script>\"}",
            ":root{--ink:#000}</style><script>alert(1)</script>",
            ":root{--ink:expression(alert(1))}",
            ":root{--mono:a;}body{background:url(http://x)}",
            "}}}}:root{{{",
            "/* :root{--ink:#000}",
            "@media print{",
            ":root{--sans:'a\nb'}",
        ] {
            let (style, _) = read(hostile);
            let css = style.css();
            assert!(!css.contains('<') && !css.contains("url") && !css.contains("expression"), "{css}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_said_at_the_value() {
        let (_, found) = read(":root { --ink: #bbbbbb; }");
        assert_eq!(found, [("low-contrast light".to_owned(), "#bbbbbb".to_owned())]);
        let (_, found) = read("@media (prefers-color-scheme: dark) { :root { --panel: #eeeeee; } }");
        assert_eq!(found, [("low-contrast dark".to_owned(), "#eeeeee".to_owned())]);
        // Light paper is printed too, on a page of another colour.
        let (_, found) = read("@media print { :root { --bg: #777777; } }");
        assert_eq!(found, [("low-contrast print".to_owned(), "#777777".to_owned())]);
        // The themes of a project stand on its papers.
        let sheet = ":root { --panel: #8ea8c8; --bg: #8ea8c8; --ink: #000; --ink2: #000; --ink3: #000; --accent: #000; --good: #000; --warn: #000; \
                     --bad: #000; --na: #000; --ac: #000; --py: #000; --good-s: #000; --warn-s: #000; --bad-s: #000; --on-bad: #fff; --good-b: #fff; \
                     --warn-b: #fff; --bad-b: #fff; --na-b: #fff; --ci: #fff; --npz: #fff; }";
        let mut out = Diagnostics::default();
        let style = Style::read(sheet, FileId(0), &mut out);
        style.check(&[("trust".to_owned(), Colour::parse("blue").expect("a colour"))], &mut out);
        let found = out.sorted();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].args.iter().any(|it| it.name == "theme" && it.value == "trust"), "{found:?}");
    }

    #[test]
    fn any_beginning_of_a_sheet_is_read() {
        let whole = "/*é*/:root { --accent: #7a1f5c; --serif: \"Géorgia\", serif } @media print { :root { --bg: #fff } }";
        for end in (0..=whole.len()).filter(|it| whole.is_char_boundary(*it)) {
            let _ = read(&whole[..end]);
        }
    }
}
