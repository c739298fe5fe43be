//! A layout as YAML: block mappings, short values between braces, quotes where YAML needs them.

use super::super::schema::{Shape, Word};
use super::formula;
use super::layout::{Body, Line, Piece, Sheet, Statement, Value, is_group};
use super::run::{WIDTH, push_after, push_indent, push_lines};

/// How a text is meant, which decides on its quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meant {
    /// A number, a date, a name: as it is.
    Raw,
    /// A text for people: between quotes where another reader would take it for a number or a date.
    Text,
    /// A formula: its white space says nothing.
    Formula,
}

/// The text of a file.
pub(super) fn print(sheet: Sheet) -> String {
    let mut out = String::new();
    let mut before_is_long = None;
    let mut items = sheet.items;
    items.iter_mut().for_each(out_of_texts);
    for (word, mut items) in by_word(items) {
        for (at, piece) in items.iter_mut().enumerate() {
            let mut before = std::mem::take(&mut piece.notes.before);
            let depth = usize::from(word != Word::Project);
            let mut text = String::new();
            match word {
                Word::Lint => entry(&scalar(&piece.key, Meant::Raw, false), piece, Shape::Lints, depth * 2, &mut text),
                _ => item(piece, 0, depth * 2, &mut text),
            }
            let long = word != Word::Lint && text.contains('\n');
            let apart = before_is_long.is_some_and(|it: bool| it || long);
            if before_is_long.is_none() || apart || before.first() == Some(&Line::Blank) {
                if before_is_long.is_some() {
                    out.push('\n');
                }
                drop_first_blank(&mut before);
            }
            if at == 0 {
                let own = if word == Word::Project { Vec::new() } else { split(&mut before) };
                push_lines(&before, 0, &mut out);
                if word != Word::Project {
                    out.push_str(word.name());
                    out.push(':');
                    push_after(piece.notes.group.as_ref(), &mut out);
                    out.push('\n');
                }
                before = own;
            }
            push_lines(&before, depth * 2, &mut out);
            out.push_str(&text);
            out.push('\n');
            push_lines(&piece.notes.rest, depth * 2, &mut out);
            before_is_long = Some(long);
        }
    }
    if !sheet.tail.is_empty() && !out.is_empty() {
        out.push('\n');
    }
    push_lines(&sheet.tail, 0, &mut out);
    out
}

/// A comment within a text has no place there: it goes above it.
fn out_of_texts(piece: &mut Piece) {
    if let Value::Text(text) = &mut piece.value {
        let comments = std::mem::take(&mut text.comments);
        piece.notes.before.extend(comments.into_iter().map(|it| Line::Comment(it.2)));
    }
    piece.children_mut().into_iter().for_each(out_of_texts);
}

/// Items of one word stand together, at the place of the first.
fn by_word(items: Vec<Piece>) -> Vec<(Word, Vec<Piece>)> {
    let mut groups: Vec<(Word, Vec<Piece>)> = Vec::new();
    for piece in items {
        let Some(word) = piece.word else { continue };
        match groups.iter_mut().find(|it| it.0 == word) {
            Some(group) => group.1.push(piece),
            None => groups.push((word, vec![piece])),
        }
    }
    groups
}

/// Statements of one key stand together, at the place of the first.
fn by_key(statements: Vec<Statement>) -> Vec<Vec<Statement>> {
    let mut groups: Vec<Vec<Statement>> = Vec::new();
    for statement in statements {
        match groups.iter_mut().find(|it| it[0].attribute.key == statement.attribute.key) {
            Some(group) => group.push(statement),
            None => groups.push(vec![statement]),
        }
    }
    groups
}

/// Of the lines above the first of a group, those that are about it alone: what stands below the last blank line.
fn split(before: &mut Vec<Line>) -> Vec<Line> {
    let at = before.iter().rposition(|it| *it == Line::Blank).map_or(0, |it| it + 1);
    let own = before.split_off(at);
    if before.iter().any(|it| *it != Line::Blank) {
        before.pop();
    }
    own
}

fn drop_first_blank(lines: &mut Vec<Line>) {
    if lines.first() == Some(&Line::Blank) {
        lines.remove(0);
    }
}

/// An item on one line without its indent, if nothing in it forces a second.
pub(super) fn inline(piece: &Piece) -> Option<String> {
    let Value::Body(body) = &piece.value else { return None };
    if piece.noted_within() {
        return None;
    }
    let key = if body.word == Word::Project { "project".to_owned() } else { scalar(&piece.key, Meant::Raw, true) };
    Some(format!("{key}: {}", flow_body(body)?))
}

/// Whether a line of this spelling fits, at a depth of items within items.
pub(super) fn fits(text: &str, word: Word, depth: usize) -> bool {
    let indent = if word == Word::Project { 0 } else { 2 + depth * 4 };
    indent + text.chars().count() <= WIDTH
}

/// Writes an item without the lines above it.
fn item(piece: &mut Piece, depth: usize, indent: usize, out: &mut String) {
    push_indent(out, indent);
    let key = piece.key.clone();
    if super::is_inline(piece, None, depth)
        && let Some(text) = inline(piece)
    {
        out.push_str(&text);
        return push_after(piece.notes.after.as_ref(), out);
    }
    let after = piece.notes.after.take();
    let Value::Body(body) = &mut piece.value else { return };
    let name = if body.word == Word::Project { "project".to_owned() } else { scalar(&key, Meant::Raw, false) };
    let written_inline = body.inline;
    let statements = std::mem::take(&mut body.statements);
    out.push_str(&name);
    out.push(':');
    let mut tail = std::mem::take(&mut piece.notes.tail);
    let head = match (piece.notes.head.clone(), after) {
        (None, Some(after)) if written_inline => Some(after),
        (head, after) => {
            // What stood behind the closing brace.
            tail.extend(after.map(Line::Comment));
            head
        }
    };
    if statements.is_empty() {
        out.push_str(" {}");
    }
    push_after(head.as_ref(), out);
    for (at, group) in by_key(statements).into_iter().enumerate() {
        out.push('\n');
        let mut text = String::new();
        write_group(group, depth, indent + 2, at == 0, &mut text);
        out.push_str(text.trim_end_matches('\n'));
    }
    if !tail.is_empty() {
        out.push('\n');
        let mut text = String::new();
        push_lines(&tail, indent + 2, &mut text);
        out.push_str(text.trim_end_matches('\n'));
    }
}

/// Writes what is said under one key.
fn write_group(mut group: Vec<Statement>, depth: usize, indent: usize, first: bool, out: &mut String) {
    let attribute = group[0].attribute;
    if first {
        drop_first_blank(&mut group[0].piece.notes.before);
    }
    if !is_group(attribute.shape) || (attribute.shape == Shape::Norms && group.len() == 1) {
        for statement in &mut group {
            let mut piece = statement.piece.clone();
            push_lines(&std::mem::take(&mut piece.notes.before), indent, out);
            let group: Vec<Line> = piece.notes.group.take().map(Line::Comment).into_iter().collect();
            push_lines(&group, indent, out);
            entry(attribute.key, &piece, attribute.shape, indent, out);
            out.push('\n');
            push_lines(&piece.notes.rest, indent, out);
        }
        return;
    }
    let mut above = std::mem::take(&mut group[0].piece.notes.before);
    let mut own = Some(split(&mut above));
    push_lines(&above, indent, out);
    push_indent(out, indent);
    out.push_str(attribute.key);
    out.push(':');
    push_after(group[0].piece.notes.group.as_ref(), out);
    out.push('\n');
    for statement in &mut group {
        let piece = &mut statement.piece;
        let before = own.take().unwrap_or_else(|| std::mem::take(&mut piece.notes.before));
        push_lines(&before, indent + 2, out);
        match attribute.shape {
            Shape::Items(_) => item(piece, depth + 1, indent + 2, out),
            Shape::Norms => member(piece, attribute.shape, indent + 2, out),
            shape => {
                let key = scalar(&piece.key, Meant::Raw, false);
                entry(&key, piece, shape, indent + 2, out);
            }
        }
        out.push('\n');
        push_lines(&piece.notes.rest, indent + 2, out);
    }
}

/// Writes `key: value`, without a line end.
fn entry(key: &str, piece: &Piece, shape: Shape, indent: usize, out: &mut String) {
    push_indent(out, indent);
    out.push_str(key);
    out.push(':');
    let after = piece.notes.after.as_ref();
    let meant = meant(shape, key);
    match &piece.value {
        Value::Absent => out.push_str(if shape == Shape::Columns { " {}" } else { "" }),
        Value::Text(text) => {
            let room = WIDTH.saturating_sub(indent + key.chars().count() + 2);
            text_value(&text.text, meant, room, indent, after, out);
            return;
        }
        _ => {
            // Rows of several values stand below each other.
            let table = shape == Shape::Rows && piece.children().iter().any(|it| it.children().len() > 1);
            let flow = if piece.noted_within() || table { None } else { flow(piece, shape) };
            match flow.filter(|it| indent + key.chars().count() + 2 + it.chars().count() <= WIDTH) {
                Some(text) => {
                    out.push(' ');
                    out.push_str(&text);
                }
                None => {
                    let above = piece.notes.head.as_ref().or(after);
                    push_after(above, out);
                    out.push('\n');
                    block(piece, shape, indent + 2, out);
                    if piece.notes.head.is_some()
                        && let Some(after) = after
                    {
                        out.push('\n');
                        push_indent(out, indent + 2);
                        out.push_str(after);
                    }
                    return;
                }
            }
        }
    }
    push_after(after, out);
}

/// Writes the members of a value, a line each, without the last line end.
fn block(piece: &Piece, shape: Shape, indent: usize, out: &mut String) {
    let plain = as_names(piece, shape);
    let members: &[Piece] = plain.as_deref().unwrap_or(match &piece.value {
        Value::List(items) | Value::Map(items) => items,
        _ => &[],
    });
    let mut text = String::new();
    for it in members {
        push_lines(&it.notes.before, indent, &mut text);
        if matches!(piece.value, Value::List(_)) || plain.is_some() {
            member(it, shape, indent, &mut text);
        } else {
            let key = if is_known_key(shape) { it.key.clone() } else { scalar(&it.key, Meant::Raw, false) };
            entry(&key, it, inner_shape(shape, &it.key), indent, &mut text);
        }
        text.push('\n');
        push_lines(&it.notes.rest, indent, &mut text);
    }
    push_lines(&piece.notes.tail, indent, &mut text);
    out.push_str(text.trim_end_matches('\n'));
}

/// Writes `- value`, without a line end.
fn member(piece: &Piece, shape: Shape, indent: usize, out: &mut String) {
    push_indent(out, indent);
    out.push_str("- ");
    let flow = if piece.noted_within() { None } else { flow(piece, shape) };
    let fits = flow
        .filter(|it| it.starts_with(['"', '\'']) || !it.contains('\n'))
        .filter(|it| matches!(piece.value, Value::Text(_)) || indent + 2 + it.chars().count() <= WIDTH);
    match fits {
        Some(text) => {
            out.push_str(&text);
            push_after(piece.notes.after.as_ref(), out);
        }
        None => {
            let mut text = String::new();
            let mut piece = piece.clone();
            let after = piece.notes.after.take().into_iter().chain(piece.notes.head.take());
            piece.notes.tail.extend(after.map(Line::Comment));
            block(&piece, shape, indent + 2, &mut text);
            out.push_str(text.trim_start());
        }
    }
}

// -- values between brackets -----------------------------------------------------------------------------------------------

fn flow_body(body: &Body) -> Option<String> {
    let mut said = Vec::new();
    for group in by_key(body.statements.clone()) {
        let attribute = group[0].attribute;
        let value = match attribute.shape {
            Shape::Norms if group.len() == 1 => flow(&group[0].piece, Shape::Norms)?,
            Shape::Norms => {
                let items: Option<Vec<String>> = group.iter().map(|it| flow(&it.piece, Shape::Norms)).collect();
                format!("[{}]", items?.join(", "))
            }
            shape if is_group(shape) => {
                let mut entries = Vec::new();
                for it in &group {
                    let value = match &it.piece.value {
                        Value::Body(body) => flow_body(body)?,
                        _ => flow(&it.piece, shape)?,
                    };
                    entries.push(format!("{}: {value}", scalar(&it.piece.key, Meant::Raw, true)));
                }
                format!("{{{}}}", entries.join(", "))
            }
            shape => flow(&group[0].piece, shape)?,
        };
        said.push(format!("{}: {value}", attribute.key));
    }
    Some(format!("{{{}}}", said.join(", ")))
}

/// A value on one line.
fn flow(piece: &Piece, shape: Shape) -> Option<String> {
    if let Some(names) = as_names(piece, shape) {
        let names: Vec<String> = names.iter().map(|it| scalar(it.text().unwrap_or_default(), Meant::Raw, true)).collect();
        return Some(if let [only] = names.as_slice() { only.clone() } else { format!("[{}]", names.join(", ")) });
    }
    Some(match &piece.value {
        Value::Absent => "{}".to_owned(),
        Value::Text(text) => scalar(&text.text, meant(shape, &piece.key), true),
        Value::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(|it| flow(it, shape)).collect();
            format!("[{}]", items?.join(", "))
        }
        Value::Map(entries) => {
            let mut said = Vec::new();
            for it in entries {
                let key = if is_known_key(shape) { it.key.clone() } else { scalar(&it.key, Meant::Raw, true) };
                said.push(format!("{key}: {}", flow(it, inner_shape(shape, &it.key))?));
            }
            format!("{{{}}}", said.join(", "))
        }
        Value::Body(body) => flow_body(body)?,
    })
}

/// Edges and files of which nothing more is said, as a list of their names.
fn as_names(piece: &Piece, shape: Shape) -> Option<Vec<Piece>> {
    let Value::Map(entries) = &piece.value else { return None };
    let names = match shape {
        Shape::Edges(_) | Shape::Files | Shape::Uses => entries.iter().all(|it| matches!(it.value, Value::Absent)),
        _ => false,
    };
    let named = |it: &Piece| {
        let text = super::layout::Text { text: it.key.clone(), ..Default::default() };
        Piece { key: String::new(), value: Value::Text(text), ..it.clone() }
    };
    names.then(|| entries.iter().map(named).collect())
}

/// Whether the keys of a value are words of the language, and not names.
fn is_known_key(shape: Shape) -> bool {
    matches!(shape, Shape::Record(_) | Shape::Norms | Shape::Noted | Shape::Columns | Shape::Title)
}

/// The shape of what stands under a key within a value.
fn inner_shape(shape: Shape, key: &str) -> Shape {
    match shape {
        Shape::Norms if key == "where" => Shape::Condition,
        Shape::Norms => Shape::Number,
        Shape::Titled | Shape::Themes if key == "title" || key == "description" => Shape::Title,
        Shape::Titled | Shape::Themes if key != "color" => Shape::Title,
        Shape::Values => Shape::Title,
        Shape::Columns => match key {
            "title" | "description" => Shape::Title,
            "labels" => Shape::Values,
            "recode" => Shape::Lints,
            "expression" => Shape::Formula,
            "from" | "several" => Shape::Text,
            _ => Shape::Names,
        },
        Shape::Lints | Shape::Noted => Shape::Title,
        Shape::Margins => Shape::Quantities(&[]),
        Shape::Edges(_) | Shape::Uses | Shape::Parts(_) | Shape::Expectations(_) | Shape::Links(_) => Shape::Record(&[]),
        Shape::Record(_) if matches!(key, "reason" | "after" | "note") => Shape::Title,
        Shape::Record(_) => Shape::Names,
        Shape::Files => Shape::Takes,
        Shape::Title => Shape::Title,
        other => other,
    }
}

fn meant(shape: Shape, key: &str) -> Meant {
    match shape {
        Shape::Formula | Shape::Condition | Shape::References | Shape::Reference => Meant::Formula,
        Shape::Title | Shape::Titled | Shape::Themes | Shape::Lints | Shape::Texts => Meant::Text,
        Shape::Record(_) if matches!(key, "reason" | "after" | "note") => Meant::Text,
        Shape::Text if key != "from" => Meant::Text,
        _ => Meant::Raw,
    }
}

// -- texts -----------------------------------------------------------------------------------------------------------------

/// Writes a text behind its key: on its line, or folded below it where it is long.
fn text_value(text: &str, meant: Meant, room: usize, indent: usize, after: Option<&String>, out: &mut String) {
    let text = match meant {
        Meant::Formula => formula::line(text),
        Meant::Raw => formula::collapsed(text),
        Meant::Text => text.to_owned(),
    };
    out.push(' ');
    let body = text.strip_suffix('\n').unwrap_or(&text);
    let many = body.contains('\n');
    let plain = |it: &str| !it.contains(|it: char| it.is_control()) && !it.starts_with(' ') && !it.ends_with(' ');
    if many && body.split('\n').all(|it| plain(it) && !it.is_empty()) {
        out.push_str(if text.ends_with('\n') { "|" } else { "|-" });
        push_after(after, out);
        for line in body.split('\n') {
            out.push('\n');
            push_indent(out, indent + 2);
            out.push_str(line);
        }
        return;
    }
    let one = scalar(&text, meant, false);
    let long = one.chars().count() > room && !many && plain(body) && !body.contains("  ") && body.contains(' ');
    if !long && !text.ends_with('\n') || !plain(body) || many || body.contains("  ") {
        out.push_str(&one);
        return push_after(after, out);
    }
    out.push_str(if text.ends_with('\n') { ">" } else { ">-" });
    push_after(after, out);
    for line in folded(body, WIDTH.saturating_sub(indent + 2)) {
        out.push('\n');
        push_indent(out, indent + 2);
        out.push_str(&line);
    }
}

/// Lines of at most so many columns, where words allow it.
fn folded(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A scalar, with quotes where a reader of YAML 1.2, or one of the habits of 1.1, would take it for something else.
fn scalar(text: &str, meant: Meant, in_flow: bool) -> String {
    let text = match meant {
        Meant::Formula => formula::line(text),
        _ => text.to_owned(),
    };
    if text.contains(|it: char| it.is_control()) {
        return double(&text);
    }
    let trap = match meant {
        Meant::Text => looks_typed(&text) || is_trap(&text),
        Meant::Raw => is_trap(&text) && !matches!(text.as_str(), "true" | "false"),
        Meant::Formula => false,
    };
    let marks = text.chars().all(|it| !it.is_alphanumeric()) && text != "%";
    if trap || marks || !is_plain(&text, in_flow) { single(&text) } else { text }
}

/// What serde_yaml writes without quotes, which knows where YAML needs them; numbers and dates apart.
fn is_plain(text: &str, in_flow: bool) -> bool {
    if in_flow && text.contains([',', '[', ']', '{', '}']) {
        return false;
    }
    // `40 %` and `2017` are ours to judge: only the syntax is asked for.
    let asked = format!("{text} x");
    let asked = if looks_typed(text) || is_trap(text) { asked.as_str() } else { text };
    serde_yaml::to_string(asked).is_ok_and(|it| it.strip_suffix('\n') == Some(asked))
        || (text.len() == 1 && text.bytes().all(|it| it.is_ascii_alphanumeric()))
}

/// Whether a reader may take a text for a truth value or for nothing.
fn is_trap(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    matches!(lower.as_str(), "yes" | "no" | "on" | "off" | "true" | "false" | "null" | "~" | "")
}

/// Whether a reader may take a text for a number or a date.
fn looks_typed(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+', '.']);
    let numeric = |it: char| it.is_ascii_digit() || matches!(it, '.' | '-' | '+' | '_' | ':' | 'e' | 'E' | 'x' | 'o' | 'T' | 'Z');
    let first = digits.starts_with(|it: char| it.is_ascii_digit());
    (first && text.chars().all(numeric) && !text.contains(".."))
        || matches!(text.to_ascii_lowercase().as_str(), ".nan" | ".inf" | "-.inf" | "+.inf")
}

/// Single quotes, but double ones where they spare doubled quotes, and around a mark: `";"`.
fn single(text: &str) -> String {
    let mark = text.chars().count() == 1 && !text.starts_with(|it: char| it.is_alphanumeric());
    if (mark || text.contains('\'')) && !text.contains(['"', '\\']) {
        return format!("\"{text}\"");
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// A text with escapes; those of JSON are YAML's.
fn double(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
