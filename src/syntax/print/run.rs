//! A statement that may be longer than a line: where may it be broken, and which comments force it?

use super::layout::Line;

/// How many columns a line may have.
pub(super) const WIDTH: usize = 100;
/// How much further in the next line of a statement begins.
const STEP: usize = 2;

enum Atom {
    Text(String),
    Space,
    /// A space, or the end of a line; the depth of the brackets around it.
    Break(usize),
    /// A comment, after which a line ends; on a line of its own or not.
    Note(bool, String),
}

/// A statement in pieces.
#[derive(Default)]
pub(super) struct Run {
    atoms: Vec<Atom>,
    depth: usize,
    /// Whether a bracket was opened just now.
    opened: bool,
    /// A comment that waits for a place where a line may end.
    pending: Option<String>,
    /// Comments that found no such place.
    pub homeless: Vec<Line>,
}

impl Run {
    /// A word of the statement, with a space before it if there is anything before it.
    pub fn word(&mut self, text: &str) {
        self.space();
        self.text(text);
    }

    /// Text right behind what is there.
    pub fn text(&mut self, text: &str) {
        self.settle_pending();
        self.opened = false;
        match self.atoms.last_mut() {
            Some(Atom::Text(last)) => last.push_str(text),
            _ => self.atoms.push(Atom::Text(text.to_owned())),
        }
    }

    /// A space at which no line ends.
    pub fn space(&mut self) {
        if !self.opened && !matches!(self.atoms.last(), None | Some(Atom::Space | Atom::Break(_) | Atom::Note(..))) {
            self.atoms.push(Atom::Space);
        }
    }

    /// A comma; a line may end after it.
    pub fn comma(&mut self) {
        let pending = self.pending.take();
        self.text(",");
        self.place();
        self.note_at_break(pending);
    }

    /// A place where a line may end.
    pub fn place(&mut self) {
        self.atoms.push(Atom::Break(self.depth));
    }

    /// A bracket that opens; within brackets lines may end anywhere, and do after commas and operators.
    pub fn open(&mut self, text: &str) {
        self.text(text);
        self.opened = true;
        self.depth += 1;
    }

    /// A bracket that closes.
    pub fn close(&mut self, text: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.text(text);
    }

    /// A comment behind what is there; it waits for a comma.
    pub fn after(&mut self, comment: Option<String>) {
        if let Some(comment) = comment {
            self.settle_pending();
            self.pending = Some(comment);
        }
    }

    /// Comments above what comes.
    pub fn before(&mut self, lines: Vec<Line>) {
        for line in lines {
            let Line::Comment(text) = line else { continue };
            if self.depth > 0 || matches!(self.atoms.last(), Some(Atom::Break(_) | Atom::Note(..))) {
                self.atoms.push(Atom::Note(true, text));
            } else {
                self.homeless.push(Line::Comment(text));
            }
        }
    }

    /// A comment at a place in a formula.
    pub fn within(&mut self, own: bool, text: String) {
        if self.depth > 0 || matches!(self.atoms.last(), Some(Atom::Break(_) | Atom::Note(..))) {
            self.atoms.push(Atom::Note(own, text));
        } else {
            self.homeless.push(Line::Comment(text));
        }
    }

    fn note_at_break(&mut self, comment: Option<String>) {
        if let Some(comment) = comment {
            self.atoms.push(Atom::Note(false, comment));
        }
    }

    /// A comment that waited in vain is said above the statement.
    fn settle_pending(&mut self) {
        if let Some(comment) = self.pending.take() {
            if self.depth > 0 {
                self.atoms.push(Atom::Note(false, comment));
            } else {
                self.homeless.push(Line::Comment(comment));
            }
        }
    }

    /// The comment that still waits at the end.
    pub fn take_pending(&mut self) -> Option<String> {
        self.pending.take()
    }

    /// The text on one line, unless comments stand within it.
    pub fn one_line(&self) -> Option<String> {
        let mut text = String::new();
        for atom in &self.atoms {
            match atom {
                Atom::Text(it) => text.push_str(it),
                Atom::Space | Atom::Break(_) => text.push(' '),
                Atom::Note(..) => return None,
            }
        }
        Some(text.trim_end().to_owned())
    }

    /// Writes the statement at an indent; `more` columns stay free at the end of its last line.
    pub fn write(&self, indent: usize, more: usize, out: &mut String) {
        if let Some(text) = self.one_line()
            && indent + text.chars().count() + more <= WIDTH
        {
            push_indent(out, indent);
            out.push_str(&text);
            return;
        }
        let mut lines = Lines { lines: Vec::new(), current: Current::new(indent), inner: indent + STEP };
        for (at, atom) in self.atoms.iter().enumerate() {
            match atom {
                Atom::Text(text) => lines.text(text, if at + 1 == self.atoms.len() { more } else { 0 }),
                Atom::Space => lines.current.text.push(' '),
                Atom::Break(depth) => lines.current.place(*depth),
                Atom::Note(own, text) => lines.note(*own, text),
            }
        }
        lines.end();
        out.push_str(&lines.lines.join("\n"));
    }
}

struct Current {
    text: String,
    indent: usize,
    /// Where the line may end, with the depth of brackets there.
    places: Vec<(usize, usize)>,
}

impl Current {
    fn new(indent: usize) -> Current {
        Current { text: String::new(), indent, places: Vec::new() }
    }

    fn place(&mut self, depth: usize) {
        if !self.text.is_empty() {
            self.places.push((self.text.len(), depth));
            self.text.push(' ');
        }
    }

    fn width(&self) -> usize {
        self.indent + self.text.trim_end().chars().count()
    }
}

struct Lines {
    lines: Vec<String>,
    current: Current,
    inner: usize,
}

impl Lines {
    fn text(&mut self, text: &str, more: usize) {
        self.current.text.push_str(text);
        // Too long: the line ends at the outermost of its places, and there at the last.
        while self.current.width() + more > WIDTH {
            let least = self.current.places.iter().map(|it| it.1).min();
            let Some(&(at, _)) = self.current.places.iter().rev().find(|it| Some(it.1) == least) else { return };
            let rest = self.current.text[at..].trim_start().to_owned();
            let skipped = self.current.text.len() - rest.len();
            let places = self.current.places.iter().filter(|it| it.0 >= skipped).map(|it| (it.0 - skipped, it.1)).collect();
            self.current.text.truncate(at);
            self.end();
            self.current.text = rest;
            self.current.places = places;
        }
    }

    fn note(&mut self, own: bool, text: &str) {
        if own && !self.current.text.trim().is_empty() {
            self.end();
        }
        if !self.current.text.trim().is_empty() {
            let kept = self.current.text.trim_end().len();
            self.current.text.truncate(kept);
            self.current.text.push_str("  ");
        }
        self.current.text.push_str(text);
        self.end();
    }

    fn end(&mut self) {
        let line = self.current.text.trim_end();
        if !line.is_empty() {
            self.lines.push(format!("{}{line}", " ".repeat(self.current.indent)));
        }
        self.current = Current::new(self.inner);
    }
}

/// Adds spaces.
pub(super) fn push_indent(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// Adds lines that say nothing to the program, each with its end.
pub(super) fn push_lines(lines: &[Line], indent: usize, out: &mut String) {
    for line in lines {
        if let Line::Comment(text) = line {
            push_indent(out, indent);
            out.push_str(text);
        }
        out.push('\n');
    }
}

/// Adds the comment at the end of a line, if there is one.
pub(super) fn push_after(comment: Option<&String>, out: &mut String) {
    if let Some(text) = comment {
        out.push_str("  ");
        out.push_str(text);
    }
}
