//! Which comments are there, and to what does each belong? They are woven into a layout by their places.

use super::super::schema::Word;
use super::Spelling;
use super::layout::{Line, Piece, Sheet, Value};
use std::ops::Range;

/// A comment in a file.
pub(super) struct Comment {
    pub range: Range<usize>,
    /// Whether nothing stands before it on its line.
    pub own: bool,
}

/// The comments of a file in Peil's own spelling.
pub(super) fn of_own(text: &str) -> Vec<Comment> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                at += 1;
                while at < bytes.len() && !matches!(bytes[at], b'"' | b'\n') {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
            }
            b'#' => {
                let end = text[at..].find('\n').map_or(text.len(), |it| at + it);
                found.push(comment(text, at..end));
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The comment at a place.
pub(super) fn comment(text: &str, range: Range<usize>) -> Comment {
    let own = text[line_start(text, range.start)..range.start].trim_matches([' ', '\t', '\u{feff}']).is_empty();
    Comment { own, range }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |it| it + 1)
}

/// Weaves comments and blank lines into a layout.
pub(super) fn weave(sheet: &mut Sheet, text: &str, comments: &[Comment], spelling: Spelling) {
    let mut weaver = Weaver { text, comments, next: 0, spelling };
    let marks = std::mem::take(&mut sheet.marks);
    let children: Vec<Child<'_>> =
        sheet.items.iter_mut().map(|piece| Child { grouped: piece.word != Some(Word::Project), piece }).collect();
    let (head, tail) = weaver.container(children, &marks, 0..text.len());
    if let Some(first) = sheet.items.first_mut() {
        drop_first_blank(&mut first.notes.before);
    }
    sheet.tail = head.map(Line::Comment).into_iter().chain(tail).collect();
    sheet.items.iter_mut().for_each(|it| at_end_of_lists(it, text));
    tidy_blanks(&mut sheet.tail);
}

/// A piece within another, and whether it stands under a key of its group in YAML.
struct Child<'p> {
    piece: &'p mut Piece,
    grouped: bool,
}

struct Weaver<'t> {
    text: &'t str,
    comments: &'t [Comment],
    /// The first comment that was not placed yet.
    next: usize,
    spelling: Spelling,
}

/// A line between two pieces, with the column that it begins at.
struct Between {
    line: Line,
    column: usize,
    /// Whether it stands below the key of the next group.
    below_mark: bool,
}

impl<'t> Weaver<'t> {
    fn take_until(&mut self, end: usize) -> Option<&'t Comment> {
        let found = self.comments.get(self.next).filter(|it| it.range.start < end)?;
        self.next += 1;
        Some(found)
    }

    fn said(&self, comment: &Comment) -> String {
        self.text[comment.range.clone()].trim_end().to_owned()
    }

    fn column(&self, at: usize) -> usize {
        at - line_start(self.text, at)
    }

    /// Weaves a stretch with its pieces; gives the comment behind its head, and the lines at its end.
    fn container(&mut self, mut children: Vec<Child<'_>>, marks: &[Range<usize>], stretch: Range<usize>) -> (Option<String>, Vec<Line>) {
        children.sort_by_key(|it| it.piece.range.start);
        let mut head = None;
        let mut from = stretch.start;
        for at in 0..=children.len() {
            let (done, rest) = children.split_at_mut(at);
            let to = rest.first().map_or(stretch.end, |it| it.piece.range.start.min(stretch.end));
            let gap = Gap { range: from..to.max(from), marks };
            let lines = self.gap(gap, done.last_mut(), rest.first_mut(), &mut head);
            let Some(child) = rest.first_mut() else { return (head, lines) };
            child.piece.notes.before = lines;
            let end = child.piece.range.end.min(stretch.end);
            self.within(child.piece, end);
            from = from.max(end);
        }
        (head, Vec::new())
    }

    /// Weaves the comments within a piece.
    fn within(&mut self, piece: &mut Piece, end: usize) {
        if let Value::Text(text) = &mut piece.value {
            while let Some(comment) = self.take_until(end) {
                let (start, own) = (comment.range.start, comment.own);
                let said = self.text[comment.range.clone()].trim_end().to_owned();
                if start >= text.start && start <= text.start + text.text.len() && self.spelling == Spelling::Own {
                    text.comments.push((start - text.start, own, said));
                } else {
                    piece.notes.before.push(Line::Comment(said));
                }
            }
            return;
        }
        let inside = piece.inside.start.min(end)..end;
        let mut marks = Vec::new();
        let children: Vec<Child<'_>> = match &mut piece.value {
            Value::Body(body) => {
                marks = std::mem::take(&mut body.marks);
                let own = self.spelling == Spelling::Own;
                let statements = body.statements.iter_mut().filter(|it| !own || it.piece.range.start >= inside.start);
                statements.map(|it| Child { grouped: super::layout::is_group(it.attribute.shape), piece: &mut it.piece }).collect()
            }
            Value::List(pieces) | Value::Map(pieces) => pieces.iter_mut().map(|piece| Child { piece, grouped: false }).collect(),
            Value::Absent | Value::Text(_) => Vec::new(),
        };
        // Comments in a head have no place of their own.
        let mut before = Vec::new();
        while let Some(comment) = self.comments.get(self.next).filter(|it| it.range.start < inside.start) {
            before.push(Line::Comment(self.said(comment)));
            self.next += 1;
        }
        let (head, mut tail) = self.container(children, &marks, inside);
        let body = matches!(piece.value, Value::Body(_));
        if !body || piece.children().iter().all(|it| it.range.start < piece.inside.start) {
            tail.retain(|it| *it != Line::Blank);
        }
        drop_last_blanks(&mut tail);
        piece.notes.before.extend(before);
        piece.notes.head = head;
        piece.notes.tail.splice(0..0, tail);
        if !matches!(piece.value, Value::Body(_)) {
            piece.children_mut().into_iter().for_each(|it| it.notes.before.retain(|it| *it != Line::Blank));
        } else if let Some(first) = piece.children_mut().into_iter().min_by_key(|it| it.range.start) {
            drop_first_blank(&mut first.notes.before);
        }
    }

    /// The lines of a gap that belong to what follows it.
    fn gap(&mut self, gap: Gap<'_>, prev: Option<&mut Child<'_>>, next: Option<&mut Child<'_>>, head: &mut Option<String>) -> Vec<Line> {
        let mut prev = prev;
        let mut lines: Vec<Between> = Vec::new();
        let mut group = None;
        let mut below_mark = false;
        let mut at = gap.range.start;
        while at < gap.range.end {
            let end = self.text[at..gap.range.end].find('\n').map_or(gap.range.end, |it| at + it + 1);
            let whole = at == 0 || self.text.as_bytes()[at - 1] == b'\n';
            let mark = gap.marks.iter().any(|it| it.start >= at && it.start < end);
            if mark && !below_mark {
                below_mark = true;
                if lines.iter().any(|it| it.line != Line::Blank) {
                    lines.push(Between { line: Line::Blank, column: 0, below_mark });
                }
            }
            let comment = self.comments.get(self.next).filter(|it| it.range.start < end);
            if let Some(comment) = comment {
                self.next += 1;
                let said = self.said(comment);
                if comment.own {
                    let column = self.column(comment.range.start);
                    lines.push(Between { line: Line::Comment(said), column, below_mark });
                } else if mark && next.is_some() {
                    group = Some(said);
                } else if let Some(prev) = &mut prev {
                    let start = line_start(self.text, comment.range.start);
                    trail(prev.piece, start, said);
                } else if head.is_none() {
                    *head = Some(said);
                } else {
                    lines.push(Between { line: Line::Comment(said), column: 0, below_mark });
                }
            } else if whole && self.text[at..end].trim().is_empty() && self.text[at..end].ends_with('\n') {
                let fresh = below_mark && lines.last().is_none_or(|it| !it.below_mark || it.line == Line::Blank);
                if !fresh {
                    lines.push(Between { line: Line::Blank, column: 0, below_mark });
                }
            }
            at = end;
        }
        let last = next.is_none();
        if let (Spelling::Yaml, Some(prev)) = (self.spelling, prev) {
            self.give_back(prev, &mut lines, last || below_mark);
        }
        if let Some(next) = next {
            next.piece.notes.group = group;
        } else if let Some(said) = group {
            lines.push(Between { line: Line::Comment(said), column: 0, below_mark });
        }
        let mut lines: Vec<Line> = lines.into_iter().map(|it| it.line).collect();
        lines.dedup_by(|a, b| *a == Line::Blank && *b == Line::Blank);
        lines
    }

    /// In YAML lines that stand as deep as what is above them belong to that.
    fn give_back(&self, prev: &mut Child<'_>, lines: &mut Vec<Between>, ends_group: bool) {
        let column = self.column(prev.piece.range.start);
        let mut count = 0;
        for (at, line) in lines.iter().enumerate() {
            if line.below_mark {
                break;
            }
            match line.line {
                Line::Blank => {}
                _ if line.column > column && !prev.piece.closed => count = at + 1,
                _ if line.column >= column && prev.grouped && ends_group => count = at + 1,
                _ => break,
            }
        }
        for line in lines.drain(..count) {
            if !prev.piece.closed && (line.column > column || line.line == Line::Blank) {
                self.sink(prev.piece, line);
            } else {
                prev.piece.notes.rest.push(line.line);
            }
        }
        tidy_ends(prev.piece);
    }

    fn sink(&self, piece: &mut Piece, line: Between) {
        let grouped = match &piece.value {
            Value::Body(body) => body.statements.last().is_some_and(|it| super::layout::is_group(it.attribute.shape)),
            _ => false,
        };
        if let Some(last) = piece.children_mut().into_iter().max_by_key(|it| it.range.start) {
            let column = self.column(last.range.start);
            let deeper = line.column > column && !last.closed;
            if deeper && !last.children().is_empty() {
                return self.sink(last, line);
            }
            if grouped && line.column >= column {
                last.notes.rest.push(line.line);
                return;
            }
        }
        piece.notes.tail.push(line.line);
    }
}

struct Gap<'m> {
    range: Range<usize>,
    marks: &'m [Range<usize>],
}

/// Puts a comment behind the innermost piece that ends on its line.
fn trail(piece: &mut Piece, line: usize, said: String) {
    if !piece.closed && piece.range.start < line && !piece.children().is_empty() {
        let last = piece.children_mut().into_iter().max_by_key(|it| it.range.start);
        return last.map_or((), |it| trail(it, line, said));
    }
    if piece.notes.after.is_none() {
        piece.notes.after = Some(said);
    } else {
        piece.notes.rest.push(Line::Comment(said));
    }
}

/// No blank lines at the start and end of lines, and none twice.
fn tidy_blanks(lines: &mut Vec<Line>) {
    drop_first_blank(lines);
    drop_last_blanks(lines);
}

fn drop_last_blanks(lines: &mut Vec<Line>) {
    while lines.last() == Some(&Line::Blank) {
        lines.pop();
    }
    lines.dedup_by(|a, b| *a == Line::Blank && *b == Line::Blank);
}

fn drop_first_blank(lines: &mut Vec<Line>) {
    while lines.first() == Some(&Line::Blank) {
        lines.remove(0);
    }
}

fn tidy_ends(piece: &mut Piece) {
    drop_last_blanks(&mut piece.notes.tail);
    drop_last_blanks(&mut piece.notes.rest);
    piece.children_mut().into_iter().for_each(tidy_ends);
}

/// In a list with comments, or one of several statements, the one behind its last line is its last member's.
fn at_end_of_lists(piece: &mut Piece, text: &str) {
    for child in piece.children_mut() {
        at_end_of_lists(child, text);
    }
    if !matches!(piece.value, Value::List(_) | Value::Map(_)) || piece.notes.after.is_none() {
        return;
    }
    let children = piece.children();
    let mut noted = children.iter().any(|it| it.notes.any() || it.noted_within());
    // `serves a strength 1`, `serves b strength 1  # …`: what is a statement each has its comments each.
    let starts = children.iter().map(|it| it.range.start);
    if let (Some(first), Some(last)) = (starts.clone().min(), starts.max()) {
        noted |= text[first..last].contains('\n') && children.iter().any(|it| !it.children().is_empty());
    }
    let after = piece.notes.after.clone();
    if noted
        && let Some(last) = piece.children_mut().into_iter().max_by_key(|it| it.range.start)
        && last.notes.after.is_none()
    {
        last.notes.after = after;
        piece.notes.after = None;
    }
}
