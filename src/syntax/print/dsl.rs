//! A layout as text of Peil's own spelling.

use super::super::is_name;
use super::super::schema::{Shape, Word};
use super::formula;
use super::layout::{Body, Line, Piece, Sheet, Statement, Value};
use super::run::{Run, WIDTH, push_after, push_indent, push_lines};

/// Texts that are written without quotes where they are one word.
const BARE: [&str; 4] = ["unit", "level", "from", "scale"];
/// Sub-keys whose texts stand between quotes, also where they are one word.
const QUOTED: [&str; 10] = ["after", "reason", "zone", "title", "description", "split", "dates", "decimal", "note", "source"];

/// The text of a file.
pub(super) fn print(mut sheet: Sheet) -> String {
    let mut out = String::new();
    let mut before_is_long = None;
    let mut rest = rest_to_next(sheet.items.iter_mut(), true);
    rest.append(&mut sheet.tail);
    sheet.tail = rest;
    if sheet.tail.first() == Some(&Line::Blank) {
        sheet.tail.remove(0);
    }
    for piece in &mut sheet.items {
        let mut text = String::new();
        let lines = match piece.word {
            Some(Word::Lint) => lint(piece, &mut text),
            _ => item(piece, None, 0, &mut text),
        };
        let long = text.contains('\n');
        let apart = before_is_long.is_some_and(|it: bool| it || long) || lines.first() == Some(&Line::Blank);
        if apart && before_is_long.is_some() {
            out.push('\n');
        }
        let skip = usize::from(lines.first() == Some(&Line::Blank));
        push_lines(&lines[skip..], 0, &mut out);
        out.push_str(&text);
        out.push('\n');
        before_is_long = Some(long);
    }
    if !sheet.tail.is_empty() && !out.is_empty() {
        out.push('\n');
    }
    push_lines(&sheet.tail, 0, &mut out);
    out
}

/// Writes the severity of a lint in this file, without the lines above it, which are given back.
fn lint(piece: &Piece, out: &mut String) -> Vec<Line> {
    let mut run = Run::default();
    run.word(Word::Lint.name());
    run.word(&piece.key);
    noted(&mut run, piece);
    let said = said(run, piece, Vec::new());
    // There is no place to break it.
    out.push_str(&said.run.one_line().unwrap_or_default());
    push_after(said.after.as_ref(), out);
    said.before
}

/// Lines below a piece are lines above the next; gives those below the last.
fn rest_to_next<'p>(pieces: impl Iterator<Item = &'p mut Piece>, apart: bool) -> Vec<Line> {
    let mut rest: Vec<Line> = Vec::new();
    for piece in pieces {
        if !rest.is_empty() {
            if apart && piece.notes.before.first() != Some(&Line::Blank) {
                rest.push(Line::Blank);
            }
            rest.append(&mut piece.notes.before);
            piece.notes.before = std::mem::take(&mut rest);
        }
        rest = std::mem::take(&mut piece.notes.rest);
    }
    rest
}

/// An item on one line without its indent, if nothing in it forces a second.
pub(super) fn inline(piece: &Piece, key: Option<&str>) -> Option<String> {
    let Value::Body(body) = &piece.value else { return None };
    if piece.noted_within() {
        return None;
    }
    let head = head(piece, body, key).one_line()?;
    let rest = &body.statements[body.head()..];
    if rest.is_empty() {
        return Some(head);
    }
    let mut said = Vec::new();
    for statement in rest {
        match &statement.piece.value {
            Value::Body(_) => said.push(inline(&statement.piece, Some(statement.attribute.key))?),
            _ => {
                for it in runs(statement) {
                    said.push(it.run.one_line()?);
                }
            }
        }
    }
    Some(format!("{head} {{ {} }}", said.join("; ")))
}

/// Writes an item without the lines above it, which are given back.
fn item(piece: &mut Piece, key: Option<&str>, depth: usize, out: &mut String) -> Vec<Line> {
    let indent = depth * 2;
    let mut before = std::mem::take(&mut piece.notes.before);
    before.extend(piece.notes.group.take().map(Line::Comment));
    if super::is_inline(piece, key, depth)
        && let Some(text) = inline(piece, key)
    {
        push_indent(out, indent);
        out.push_str(&text);
        push_after(piece.notes.after.as_ref(), out);
        return before;
    }
    let Value::Body(body) = &mut piece.value else { return before };
    let written_inline = body.inline;
    // Comments in a head have no place there.
    let heads = body.head();
    for statement in &mut body.statements[..heads] {
        let mut within = statement.piece.take_within();
        let mut notes = std::mem::take(&mut statement.piece.notes);
        let after = notes.after.take();
        before.extend(notes.take());
        before.append(&mut within);
        before.extend(after.map(Line::Comment));
    }
    let mut statements = body.statements.split_off(heads);
    let mut rest = rest_to_next(statements.iter_mut().map(|it| &mut it.piece), false);
    rest.append(&mut piece.notes.tail);
    piece.notes.tail = rest;
    let Value::Body(body) = &piece.value else { return before };
    let run = head(piece, body, key);
    if statements.is_empty() && piece.notes.tail.is_empty() {
        run.write(indent, 0, out);
        push_after(piece.notes.head.as_ref().or(piece.notes.after.as_ref()), out);
        return before;
    }
    run.write(indent, 2, out);
    out.push_str(" {");
    // A comment behind what was one line is about its head.
    let (head, after) = match (piece.notes.head.as_ref(), piece.notes.after.as_ref()) {
        (None, Some(after)) if written_inline => (Some(after), None),
        it => it,
    };
    push_after(head, out);
    out.push('\n');
    for (at, mut statement) in statements.into_iter().enumerate() {
        if let Value::Body(_) = statement.piece.value {
            let mut text = String::new();
            let lines = item(&mut statement.piece, Some(statement.attribute.key), depth + 1, &mut text);
            push_lines(from_second(&lines, at), indent + 2, out);
            out.push_str(&text);
            out.push('\n');
            continue;
        }
        if statement.attribute.shape == Shape::Rows && !is_column(&statement.piece, indent + 2) {
            push_lines(from_second(&statement.piece.notes.before, at), indent + 2, out);
            table(&statement, indent + 2, out);
            continue;
        }
        for (inner, it) in runs(&statement).into_iter().enumerate() {
            push_lines(from_second(&it.before, at + inner), indent + 2, out);
            it.run.write(indent + 2, 0, out);
            push_after(it.after.as_ref(), out);
            out.push('\n');
            push_lines(&it.rest, indent + 2, out);
        }
    }
    push_lines(&piece.notes.tail, indent + 2, out);
    push_indent(out, indent);
    out.push('}');
    push_after(after, out);
    before
}

/// A body does not begin with a blank line.
fn from_second(lines: &[Line], at: usize) -> &[Line] {
    let skip = at == 0 && lines.first() == Some(&Line::Blank);
    &lines[usize::from(skip)..]
}

/// `business goal x "…"`, `kpi x like y(a: b)`.
fn head(piece: &Piece, body: &Body, key: Option<&str>) -> Run {
    let mut run = Run::default();
    if let Some(kind) = body.get("kind").filter(|_| body.word == Word::Goal) {
        run.word(kind.piece.text().unwrap_or_default().trim());
    }
    run.word(key.unwrap_or(body.word.name()));
    if body.word != Word::Project {
        run.word(&piece.key);
    }
    let like = body.get("like");
    if let Some(title) = body.get("title").filter(|_| like.is_none())
        && let Some(text) = title.piece.text()
    {
        run.word(&quoted(text));
    }
    if let Some(like) = like {
        run.word("like");
        run.word(&formula::line(like.piece.text().unwrap_or_default()));
        if let Some(with) = body.get("with")
            && let Value::Map(bindings) = &with.piece.value
        {
            run.open("(");
            members(&mut run, bindings, |run, it| {
                run.word(&format!("{}:", it.key));
                run.space();
                if let Value::Text(text) = &it.value {
                    formula::add(text, run);
                }
            });
            run.close(")");
        }
    }
    run
}

// -- statements ----------------------------------------------------------------------------------------------------------

/// A statement with the comments around it.
struct Said {
    before: Vec<Line>,
    run: Run,
    after: Option<String>,
    rest: Vec<Line>,
}

/// A statement, or several where each name is one.
fn runs(statement: &Statement) -> Vec<Said> {
    let key = statement.attribute.key.replace('_', " ");
    let (shape, piece) = (statement.attribute.shape, &statement.piece);
    let each = match (&piece.value, shape) {
        (Value::Map(edges), Shape::Edges(_)) if edges.iter().any(has_details) => edges.as_slice(),
        (Value::Map(figures), Shape::Expectations(_)) if figures.iter().any(|it| it.text().is_none()) => figures.as_slice(),
        _ => &[],
    };
    if each.is_empty() {
        let mut run = Run::default();
        run.word(&key);
        value(&mut run, statement, piece);
        return vec![said(run, piece, Vec::new())];
    }
    let mut all = Vec::new();
    for (at, edge) in each.iter().enumerate() {
        let mut run = Run::default();
        run.word(&key);
        match shape {
            Shape::Expectations(_) => expectation(&mut run, edge),
            _ => edge_value(&mut run, edge),
        }
        let mut before = Vec::new();
        if at == 0 {
            before = piece.notes.before.clone();
            before.extend(piece.notes.group.iter().chain(&piece.notes.head).cloned().map(Line::Comment));
        }
        let mut it = said(run, edge, before);
        if at + 1 == each.len() {
            it.rest.extend(piece.notes.tail.iter().cloned());
            match it.after.is_none() {
                true => it.after = piece.notes.after.clone(),
                false => it.before.extend(piece.notes.after.clone().map(Line::Comment)),
            }
            it.rest.extend(piece.notes.rest.iter().cloned());
        }
        all.push(it);
    }
    all
}

/// Whether an edge says more than its weight.
fn has_details(edge: &Piece) -> bool {
    edge.children().iter().any(|it| it.key != "weight")
}

fn said(mut run: Run, piece: &Piece, mut before: Vec<Line>) -> Said {
    let notes = &piece.notes;
    before.extend(notes.before.iter().cloned());
    before.extend(notes.group.iter().chain(&notes.head).cloned().map(Line::Comment));
    let pending = run.take_pending();
    let mut after = notes.after.clone();
    if let Some(pending) = pending {
        match after {
            None => after = Some(pending),
            Some(_) => run.homeless.push(Line::Comment(pending)),
        }
    }
    before.append(&mut run.homeless);
    before.extend(notes.tail.iter().filter(|it| **it != Line::Blank).cloned());
    Said { before, run, after, rest: notes.rest.clone() }
}

/// Adds what a statement says behind its key.
fn value(run: &mut Run, statement: &Statement, piece: &Piece) {
    match (statement.attribute.shape, &piece.value) {
        (Shape::Columns, _) => column(run, piece),
        (Shape::Titled | Shape::Themes, _) => titled(run, piece),
        (Shape::Norms, Value::Map(entries)) => norms(run, entries),
        (Shape::Links(_), _) => {
            run.word(&piece.key);
            record(run, piece, false);
        }
        (Shape::Margins, Value::Map(levels)) => {
            run.word(&piece.key);
            members(run, levels, |run, it| {
                run.word(&code(&it.key));
                sub_value(run, it);
            });
        }
        (Shape::Parts(_), _) => {
            run.word(&formula::line(&piece.key));
            record(run, piece, true);
        }
        (Shape::Rows, _) => run.word(&rows(piece)),
        (Shape::Expectations(_), Value::Map(figures)) => members(run, figures, expectation),
        (Shape::Lints, _) => {
            run.word(&piece.key);
            noted(run, piece);
        }
        (Shape::Noted, _) => noted(run, piece),
        (_, Value::Absent) => {}
        (Shape::Flag, Value::Text(text)) if text.text == "true" => {}
        (Shape::Title, _) => title(run, piece),
        (Shape::Text, Value::Text(text)) => {
            let bare = BARE.contains(&statement.attribute.key) && is_bare(&text.text);
            run.word(&if bare { text.text.clone() } else { quoted(&text.text) });
        }
        (Shape::Formula | Shape::Condition | Shape::Reference, Value::Text(text)) => {
            run.space();
            formula::add(text, run);
        }
        (Shape::References, _) | (Shape::Texts, _) if shape_is_conditions(statement) => each(run, piece, |run, it| {
            run.space();
            if let Value::Text(text) = &it.value {
                formula::add(text, run);
            }
        }),
        (Shape::Texts, _) => each(run, piece, |run, it| run.word(&quoted(it.text().unwrap_or_default()))),
        (Shape::Edges(_), Value::Map(edges)) => members(run, edges, edge_value),
        (Shape::Record(keys), Value::Map(entries)) => {
            let dated = keys.first() == Some(&"on");
            fields(run, entries, !dated, |run, it| {
                if !dated || it.key != "on" {
                    run.word(&it.key);
                }
                sub_value(run, it);
            });
        }
        (Shape::Values, Value::Map(values)) => members(run, values, pair),
        (Shape::Quantities(_), Value::Map(values)) => members(run, values, |run, it| {
            run.word(&code(&it.key));
            sub_value(run, it);
        }),
        (Shape::Files, Value::Map(files)) => members(run, files, file),
        (Shape::Takes, Value::Map(parameters)) => members(run, parameters, |run, it| match it.text() {
            Some(text) => {
                run.word(&format!("{}:", it.key));
                run.word(&formula::collapsed(text));
            }
            None => run.word(&it.key),
        }),
        (_, Value::Map(entries)) => members(run, entries, |run, it| {
            run.word(&if it.key.split('.').all(is_name) { it.key.clone() } else { quoted(&it.key) });
            sub_value(run, it);
        }),
        _ => each(run, piece, |run, it| run.word(&formula::collapsed(it.text().unwrap_or_default()))),
    }
}

/// Whether the values are KPIs or conditions, and no texts.
fn shape_is_conditions(statement: &Statement) -> bool {
    statement.attribute.shape == Shape::References || statement.attribute.key == "only_if"
}

/// Adds the members of a list, or the one.
fn each(run: &mut Run, piece: &Piece, add: impl Fn(&mut Run, &Piece)) {
    match &piece.value {
        Value::List(items) => members(run, items, add),
        _ => add(run, piece),
    }
}

/// Adds members with commas between, and their comments.
fn members(run: &mut Run, pieces: &[Piece], add: impl Fn(&mut Run, &Piece)) {
    fields(run, pieces, true, add);
}

/// Adds members, with commas between or not, and their comments.
fn fields(run: &mut Run, pieces: &[Piece], commas: bool, add: impl Fn(&mut Run, &Piece)) {
    for (at, piece) in pieces.iter().enumerate() {
        if at > 0 && commas {
            run.comma();
        }
        let notes = &piece.notes;
        let above = notes.before.iter().cloned().chain(notes.group.iter().chain(&notes.head).cloned().map(Line::Comment));
        run.before(above.collect());
        add(run, piece);
        run.after(notes.after.clone());
        run.homeless.extend(notes.tail.iter().chain(&notes.rest).filter(|it| **it != Line::Blank).cloned());
    }
}

/// `nps weight 2`, `signs strength 0.6 evidence hypothesis`.
fn edge_value(run: &mut Run, edge: &Piece) {
    run.word(&formula::line(&edge.key));
    record(run, edge, false);
}

/// `nps 33.3 tolerance 0.1`, `ces empty`.
fn expectation(run: &mut Run, figure: &Piece) {
    run.word(&formula::line(&figure.key));
    match &figure.value {
        Value::Text(text) => run.word(&formula::collapsed(&text.text)),
        Value::Map(entries) => fields(run, entries, false, |run, it| {
            if it.key != "value" {
                run.word(&it.key);
            }
            run.word(&formula::collapsed(it.text().unwrap_or_default()));
        }),
        _ => {}
    }
}

/// The cells of the rows of a source.
fn cells(piece: &Piece) -> Vec<Vec<String>> {
    let cell = |it: &Piece| bare_or_quoted(it.text().unwrap_or_default());
    let row = |it: &&Piece| match &it.value {
        Value::List(cells) => cells.iter().map(cell).collect(),
        _ => vec![cell(it)],
    };
    piece.children().iter().map(row).collect()
}

/// `survey { q; 5; 4 }`.
fn rows(piece: &Piece) -> String {
    let rows: Vec<String> = cells(piece).iter().map(|it| it.join(" ")).collect();
    format!("{} {{ {} }}", piece.key, rows.join("; "))
}

/// Whether rows are one column that fits a line, without comments.
fn is_column(piece: &Piece, indent: usize) -> bool {
    let narrow = cells(piece).iter().all(|it| it.len() == 1);
    narrow && !piece.noted_within() && indent + "rows ".len() + rows(piece).chars().count() <= WIDTH
}

/// Writes rows, a line each, the values of a column below each other.
fn table(statement: &Statement, indent: usize, out: &mut String) {
    let piece = &statement.piece;
    let cells = cells(piece);
    let width = |at: usize| cells.iter().filter_map(|it| it.get(at)).map(|it| it.chars().count()).max().unwrap_or(0);
    push_indent(out, indent);
    out.push_str(&format!("{} {} {{", statement.attribute.key, piece.key));
    push_after(piece.notes.head.as_ref().or(piece.notes.group.as_ref()), out);
    out.push('\n');
    for (row, it) in cells.iter().zip(piece.children()) {
        let notes = &it.notes;
        push_lines(&notes.before, indent + 2, out);
        let mut within = it.clone();
        push_lines(&within.take_within(), indent + 2, out);
        let mut line = String::new();
        for (at, cell) in row.iter().enumerate() {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width(at) + 2 - cell.chars().count()));
        }
        push_indent(out, indent + 2);
        out.push_str(line.trim_end());
        push_after(notes.after.as_ref(), out);
        out.push('\n');
        push_lines(&notes.rest, indent + 2, out);
    }
    push_lines(&piece.notes.tail, indent + 2, out);
    push_indent(out, indent);
    out.push('}');
    push_after(piece.notes.after.as_ref(), out);
    out.push('\n');
}

/// `to customers by id`.
fn record(run: &mut Run, piece: &Piece, commas: bool) {
    if let Value::Map(entries) = &piece.value {
        fields(run, entries, commas, |run, it| {
            run.word(&it.key);
            sub_value(run, it);
        });
    }
}

/// `worst 20, threshold 42, target 45 from 2025-01 until 2025-12 where region = "N"`.
fn norms(run: &mut Run, entries: &[Piece]) {
    // What stands behind `where` belongs to the condition.
    let filter = entries.iter().position(|it| it.key == "where");
    let ordered = entries.iter().enumerate().filter(|it| Some(it.0) != filter).map(|it| it.1).chain(filter.map(|it| &entries[it]));
    let broken = entries.iter().any(|it| it.notes.any());
    for (at, entry) in ordered.enumerate() {
        if at > 0 && (broken || matches!(entry.key.as_str(), "worst" | "threshold" | "target")) {
            run.comma();
        }
        run.before(entry.notes.before.clone());
        run.word(&entry.key);
        match &entry.value {
            Value::Text(text) if entry.key == "where" => {
                run.space();
                formula::add(text, run);
            }
            Value::Text(text) => run.word(&formula::collapsed(&text.text)),
            _ => {}
        }
        run.after(entry.notes.after.clone());
    }
}

/// `security "Security"`, `engagement "Engagement" color blue`, `cx { title nl "…" en "…" }`.
fn titled(run: &mut Run, piece: &Piece) {
    run.word(&piece.key);
    let entries = match &piece.value {
        Value::Text(text) => return run.word(&quoted(&text.text)),
        Value::Map(entries) => entries,
        _ => return,
    };
    let color = entries.iter().find(|it| it.key == "color");
    let plain = entries.iter().find(|it| it.key == "title").is_none_or(|it| it.text().is_some());
    if plain && entries.iter().all(|it| matches!(it.key.as_str(), "title" | "color")) {
        if let Some(text) = entries.iter().find(|it| it.key == "title").and_then(Piece::text) {
            run.word(&quoted(text));
        }
        if let Some(text) = color.and_then(Piece::text) {
            run.word("color");
            run.word(&bare_or_quoted(text));
        }
    } else {
        let mut said = Vec::new();
        for it in entries {
            let mut inner = Run::default();
            inner.word(&it.key);
            match it.text() {
                Some(text) if it.key == "color" => inner.word(&bare_or_quoted(text)),
                _ => title(&mut inner, it),
            }
            said.extend(inner.one_line());
        }
        run.word(&format!("{{ {} }}", said.join("; ")));
    }
    let mut whole = piece.clone();
    whole.notes = super::layout::Notes::default();
    run.homeless.append(&mut whole.take_within());
}

/// `"…"`, `nl "…" en "…"`.
fn title(run: &mut Run, piece: &Piece) {
    match &piece.value {
        Value::Map(languages) => fields(run, languages, false, |run, it| {
            run.word(&it.key);
            run.word(&quoted(it.text().unwrap_or_default()));
        }),
        Value::Text(text) => run.word(&quoted(&text.text)),
        _ => {}
    }
}

/// `live`, `live "3 of 7 insurers"`, `allow "reason"`.
fn noted(run: &mut Run, piece: &Piece) {
    match &piece.value {
        Value::Text(text) => run.word(&formula::collapsed(&text.text)),
        Value::Map(entries) => fields(run, entries, false, |run, it| {
            run.word(&it.key);
            if let Some(text) = it.text() {
                run.word(&quoted(text));
            }
        }),
        _ => {}
    }
}

/// `1 "Web"`, `"N" nl "Noord" en "North"`.
fn pair(run: &mut Run, piece: &Piece) {
    run.word(&code(&piece.key));
    title(run, piece);
}

/// `"sfo_2017.csv" with wave = 2017, station = "x"`.
fn file(run: &mut Run, piece: &Piece) {
    run.word(&quoted(&piece.key));
    if let Value::Map(constants) = &piece.value {
        run.word("with");
        members(run, constants, |run, it| {
            let text = it.text().unwrap_or_default();
            let bare = is_bare(text) && text.starts_with(|it: char| it.is_ascii_digit());
            run.word(&format!("{} = {}", it.key, if bare { text.to_owned() } else { quoted(text) }));
        });
    }
}

/// `NETPRO "Likely to recommend" scale 0..10 blank 11`, `x = a + b`.
fn column(run: &mut Run, piece: &Piece) {
    run.word(&piece.key);
    let Value::Map(entries) = &piece.value else { return };
    if let [only] = entries.as_slice()
        && only.key == "expression"
        && let Value::Text(text) = &only.value
        && !only.notes.any()
    {
        run.word("=");
        run.space();
        return formula::add(text, run);
    }
    let broken = entries.iter().any(|it| it.notes.any());
    for (at, entry) in entries.iter().enumerate() {
        if at > 0 && broken && !(at == 1 && entries[0].key == "title") {
            run.comma();
        }
        run.before(entry.notes.before.clone());
        match (entry.key.as_str(), &entry.value) {
            ("title", Value::Text(text)) if at == 0 => run.word(&quoted(&text.text)),
            (key, _) => {
                run.word(&key.replace('_', " "));
                column_value(run, entry);
            }
        }
        run.after(entry.notes.after.clone());
        run.homeless.extend(entry.notes.tail.iter().filter(|it| **it != Line::Blank).cloned());
    }
}

fn column_value(run: &mut Run, entry: &Piece) {
    match (entry.key.as_str(), &entry.value) {
        ("from", _) => each(run, entry, |run, it| run.word(&quoted(it.text().unwrap_or_default()))),
        ("blank" | "not_applicable", _) => each(run, entry, |run, it| run.word(&code(it.text().unwrap_or_default()))),
        ("labels", Value::Map(labels)) => members(run, labels, pair),
        ("recode", Value::Map(files)) => members(run, files, |run, file| {
            run.word(&quoted(&file.key));
            if let Value::Map(codes) = &file.value {
                members(run, codes, pair);
            }
        }),
        ("several", Value::Map(entries)) => {
            for it in entries {
                run.word(&it.key);
                match it.key.as_str() {
                    "from" => each(run, it, |run, it| {
                        let text = it.text().unwrap_or_default();
                        run.word(&if is_name(text) { text.to_owned() } else { quoted(text) });
                    }),
                    _ => sub_value(run, it),
                }
            }
        }
        ("expression", Value::Text(text)) => {
            run.space();
            formula::add(text, run);
        }
        _ => sub_value(run, entry),
    }
}

/// The value of a sub-key, as its text asks.
fn sub_value(run: &mut Run, entry: &Piece) {
    match &entry.value {
        Value::Absent | Value::Body(_) => {}
        Value::Text(text) => {
            let raw = !QUOTED.contains(&entry.key.as_str()) && is_raw(&text.text);
            run.word(&if raw { formula::collapsed(&text.text) } else { quoted(&text.text) });
        }
        Value::List(items) => members(run, items, |run, it| {
            let text = it.text().unwrap_or_default();
            run.word(&if is_raw(text) { formula::collapsed(text) } else { quoted(text) });
        }),
        Value::Map(entries) if entries.iter().all(|it| it.key.len() == 2) => title(run, entry),
        Value::Map(_) => record(run, entry, false),
    }
}

/// Whether a text is one word of a statement.
fn is_bare(text: &str) -> bool {
    !text.is_empty() && !text.contains(|it: char| it.is_whitespace() || "\"#(){}[],;:=".contains(it))
}

/// Whether a text is a word, or a number with its unit: `0.6`, `1.2 M EUR per year`.
fn is_raw(text: &str) -> bool {
    let number = text.trim_start_matches('-').starts_with(|it: char| it.is_ascii_digit());
    is_bare(text) || (number && text.split_whitespace().all(is_bare))
}

fn bare_or_quoted(text: &str) -> String {
    if is_bare(text) { text.to_owned() } else { quoted(text) }
}

/// A code of data: a whole number as it is, anything else between quotes.
fn code(text: &str) -> String {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let number = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    if number { text.to_owned() } else { quoted(text) }
}

/// A text between quotes.
fn quoted(text: &str) -> String {
    let mut said = String::with_capacity(text.len() + 2);
    said.push('"');
    for it in text.chars() {
        match it {
            '"' => said.push_str("\\\""),
            '\\' => said.push_str("\\\\"),
            '\n' => said.push_str("\\n"),
            '\t' => said.push_str("\\t"),
            it => said.push(it),
        }
    }
    said.push('"');
    said
}

/// Whether a line of this spelling fits, at a depth of items within items.
pub(super) fn fits(text: &str, depth: usize) -> bool {
    depth * 2 + text.chars().count() <= WIDTH
}
