//! What is wrong with a template that cannot be read, in words for people? The engine tells where it stopped and which sign it had
//! not expected; one wants to know what was opened and never closed, and what to write instead of what other languages write.

use std::ops::Range;

use minijinja::Error;
use minijinja::machinery::{Token, tokenize};

use crate::source::{FileId, Span};
use crate::value::{Code, Fact, nearest};

use super::boundary;

/// The statements that have an end, `set` where it has no value.
const WORDS: [&str; 9] = ["autoescape", "block", "call", "filter", "for", "if", "macro", "set", "with"];
/// The statements that stand within others.
const WITHIN: [&str; 2] = ["elif", "else"];
/// The statements that stand alone.
const ALONE: [&str; 5] = ["do", "extends", "from", "import", "include"];

/// A statement that is open at a place.
#[derive(Debug, Clone, PartialEq)]
struct Open {
    /// Its word: `if`.
    word: &'static str,
    /// Where it begins.
    at: Range<usize>,
}

/// What a template has of statements, up to where the engine can read it.
#[derive(Debug, Default)]
struct Statements {
    /// Those that are open where it ends.
    open: Vec<Open>,
    /// The statement that ends another than the one that is open, or none.
    wrong: Option<(String, Range<usize>)>,
}

/// Returns what is wrong with a template that the engine could not read, at its place.
pub(super) fn fault(text: &str, error: &Error, file: FileId) -> Fact {
    let range = error.range().unwrap_or(0..0);
    let start = boundary(text, range.start);
    let stopped = start..boundary(text, range.end).max(start);
    let at = |it: &Range<usize>| Span::new(file, boundary(text, it.start), boundary(text, it.end));
    let told = |it: &Range<usize>| Fact::at(Code::TemplateSyntax, at(it));
    let detail = error.detail().unwrap_or_default();

    if let Some((word, place)) = never_ended(text, detail) {
        return told(&place).with("unclosed", word);
    }
    let tag = braces_before(text, stopped.start);
    // A quote that is left open takes the end of its braces in.
    if let Some(quote) = tag.as_ref().and_then(|it| open_quote(text, it)) {
        return told(&quote).with("problem", "quote");
    }
    let tag = tag.filter(|it| stopped.start <= it.end + 1);
    if let Some((found, instead, place)) = tag.as_ref().and_then(|it| borrowed(text, it, &stopped)) {
        let fact = told(&place).with("found", found).with("instead", instead);
        // What takes the place of one sign alone is written there.
        return if matches!(instead, "and" | "or" | "==" | "elif" | "in") { fact.rewrite(at(&place), instead) } else { fact };
    }
    let statements = statements(text);
    if let Some((word, place)) = statements.wrong.as_ref().filter(|it| it.1.start <= stopped.start) {
        let ended = word.strip_prefix("end").unwrap_or("if");
        return match statements.open.last() {
            // What it ends is open further out: what stands within was missed.
            Some(open) if statements.open.iter().any(|it| it.word == ended) => {
                told(&open.at).with("unclosed", open.word).label(at(place), "before")
            }
            Some(open) => told(place).with("stray", word).with("open", open.word).label(at(&open.at), "open"),
            None => told(place).with("stray", word),
        };
    }
    if let Some(word) = detail.strip_prefix("unknown statement ") {
        let fact = told(&stopped).with("statement", word);
        let ends = WORDS.iter().map(|it| format!("end{it}"));
        let known: Vec<String> = ends.chain(WORDS.iter().chain(&WITHIN).chain(&ALONE).map(|it| (*it).to_owned())).collect();
        return match nearest(word, &known) {
            Some(similar) => fact.with("similar", &similar).rewrite(at(&stopped), similar),
            None => fact,
        };
    }
    // Where the engine stopped is where something opened was missed, or that is not what is wrong.
    let ended = stopped.end >= text.trim_end().len();
    if let Some(open) = statements.open.last().filter(|_| ended && tag.is_none()) {
        return told(&open.at).with("unclosed", open.word);
    }
    if let Some(tag) = tag.filter(|_| ended || text[stopped.start..].starts_with('}') || detail.contains("start of ")) {
        let line = text[tag.clone()].lines().next().unwrap_or_default().trim_end().len();
        let brace = text[stopped.clone()].starts_with('}');
        let until = match (brace, ended) {
            (true, _) => stopped.start + 1,
            (_, true) => text.len(),
            _ => stopped.end,
        };
        let place = tag.start..until.clamp(tag.start + 2, tag.start + line.max(2));
        return told(&place).with("problem", "brace").with("found", &text[tag.start..tag.start + 2]).with("instead", closing(text, &tag));
    }
    let fact = told(&stopped);
    match detail.strip_prefix("unexpected ").and_then(|it| it.split_once(", expected ")) {
        Some((got, wants)) => fact.with("got", got).with("wants", wants),
        None if detail.is_empty() => fact.with("reason", error.kind().to_string()),
        None => fact.with("reason", detail),
    }
}

/// What ends with its own sign alone, and does not: a comment, `raw`.
fn never_ended(text: &str, detail: &str) -> Option<(&'static str, Range<usize>)> {
    match detail {
        "unexpected end of comment" => {
            let mut from = 0;
            while let Some(start) = text[from..].find("{#").map(|it| from + it) {
                match text[start..].find("#}") {
                    Some(end) => from = start + end + 2,
                    None => return Some(("comment", start..start + text[start..].lines().next().unwrap_or_default().trim_end().len())),
                }
            }
            None
        }
        "unexpected end of raw block" => {
            let is_raw = |it: &usize| word_of(&text[*it..]) == Some("raw");
            let start = text.match_indices("{%").map(|it| it.0).filter(is_raw).last()?;
            Some(("raw", start..text[start..].find("%}").map_or(text.len(), |it| start + it + 2)))
        }
        _ => None,
    }
}

/// The word that a statement begins with: `if` of `{%- if … %}`.
fn word_of(statement: &str) -> Option<&str> {
    let inner = statement.strip_prefix("{%")?.trim_start_matches(['-', '+']).trim_start();
    Some(&inner[..inner.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(inner.len())])
}

/// The braces that open at a place or before it, up to where they close, or to the end.
fn braces_before(text: &str, place: usize) -> Option<Range<usize>> {
    let before = &text[..place.min(text.len())];
    let start = before.rfind("{{").max(before.rfind("{%"));
    // At the sign itself one stands in what it opens.
    let start =
        if text[before.len()..].starts_with("{{") || text[before.len()..].starts_with("{%") { start.or(Some(place)) } else { start }?;
    // `{{%` opens at its first brace.
    let start = if start > 0 && text[..start].ends_with('{') { start - 1 } else { start };
    let close = if text[start..].starts_with("{%") { "%}" } else { "}}" };
    let end = text[start + 2..].find(close).map_or(text.len(), |it| start + 2 + it);
    Some(start..end)
}

fn closing(text: &str, tag: &Range<usize>) -> &'static str {
    if text[tag.start..].starts_with("{%") { "%}" } else { "}}" }
}

/// A quote within braces that goes on beyond them.
fn open_quote(text: &str, tag: &Range<usize>) -> Option<Range<usize>> {
    let mut open: Option<(usize, char)> = None;
    let line = text[tag.start..].find('\n').map_or(text.len(), |it| tag.start + it);
    let end = tag.end.min(line);
    let mut letters = text[tag.start..end].char_indices();
    while let Some((at, letter)) = letters.next() {
        match open {
            Some(_) if letter == '\\' => drop(letters.next()),
            Some((_, quote)) if letter == quote => open = None,
            None if matches!(letter, '"' | '\'') => open = Some((tag.start + at, letter)),
            _ => {}
        }
    }
    open.map(|it| it.0..it.0 + 1)
}

/// What other languages write, at the place where the engine stopped: with what is written here.
fn borrowed(text: &str, tag: &Range<usize>, stopped: &Range<usize>) -> Option<(&'static str, &'static str, Range<usize>)> {
    const SIGNS: [(&str, &str); 8] =
        [("{{%", "{%"), ("&&", "and"), ("||", "or"), ("!==", "!="), ("===", "=="), ("=", "=="), ("!", "not"), ("?", "a if … else b")];
    let statement = &text[tag.start..];
    let word = word_of(statement);
    let holds = |at: &Range<usize>| at.start <= stopped.start && stopped.start < at.end.max(at.start + 1);
    for (found, instead) in SIGNS {
        let mut places = statement[..tag.end - tag.start].match_indices(found).map(|it| tag.start + it.0..tag.start + it.0 + found.len());
        let Some(at) = places.find(holds) else { continue };
        // What is set is not compared.
        if found == "=" && matches!(word, Some("set" | "with" | "call" | "macro")) || found == "!" && text[at.start..].starts_with("!=") {
            continue;
        }
        return Some((found, instead, at));
    }
    let start = tag.start + statement.find(word?)?;
    match word? {
        written @ ("elseif" | "elsif") if holds(&(start..start + written.len())) => {
            Some((if written == "elseif" { "elseif" } else { "elsif" }, "elif", start..start + written.len()))
        }
        "else" if text[stopped.start..].starts_with("if") => Some(("else if", "elif", start..stopped.start + 2)),
        "for" if text[stopped.start..].starts_with("of ") => Some(("of", "in", stopped.start..stopped.start + 2)),
        "for" if text[stopped.end..].trim_start().starts_with("in ") => Some(("for a b in", "for a, b in", start..stopped.end)),
        _ => None,
    }
}

/// The statements of a template that are open at its end, or where another is ended than is open.
fn statements(text: &str) -> Statements {
    let mut found = Statements::default();
    let mut tokens = tokenize(text, false, Default::default()).map_while(Result::ok);
    while let Some((token, start)) = tokens.next() {
        if !matches!(token, Token::BlockStart) {
            continue;
        }
        let Some((Token::Ident(word), _)) = tokens.next() else { continue };
        let (mut end, mut assigns) = (start.end_offset, false);
        for (token, at) in tokens.by_ref() {
            end = at.end_offset;
            assigns |= matches!(token, Token::Assign);
            if matches!(token, Token::BlockEnd) {
                break;
            }
        }
        let at = start.start_offset as usize..end as usize;
        let innermost = found.open.last().map(|it| it.word);
        if let Some(known) = WORDS.into_iter().find(|it| *it == word && !(assigns && *it == "set")) {
            found.open.push(Open { word: known, at });
        } else if word.strip_prefix("end").is_some_and(|it| innermost == Some(it)) {
            found.open.pop();
        } else if word.strip_prefix("end").is_some_and(|it| WORDS.contains(&it))
            || word == "elif" && innermost != Some("if")
            || word == "else" && !matches!(innermost, Some("if" | "for"))
        {
            found.wrong = Some((word.to_owned(), at));
            return found;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a template, and of which stretch.
    fn told(text: &str) -> (String, String) {
        let error = minijinja::machinery::parse(text, "t.html", Default::default()).expect_err(text);
        let fact = fault(text, &error, FileId(0));
        let said: Vec<String> = fact.args.iter().map(|it| format!("{}={}", it.name, it.value)).collect();
        (said.join(" "), fact.span.map_or("", |it| &text[it.range()]).to_owned())
    }

    #[test]
    fn what_is_wrong_is_said_where_it_is() {
        for (text, said, place) in [
            ("{% for a in b %}x{% endif %}{% endfor %}", "stray=endif open=for", "{% endif %}"),
            ("x{% endif %}", "stray=endif", "{% endif %}"),
            ("{% for a in b %}{% if c %}x{% endfor %}", "unclosed=if", "{% if c %}"),
            ("{% else %}", "stray=else", "{% else %}"),
            ("{% if a %}x", "unclosed=if", "{% if a %}"),
            ("a{# b\nc", "unclosed=comment", "{# b"),
            ("{# x #}{% raw %}{{ a", "unclosed=raw", "{% raw %}"),
            ("{% if a %}{% elseif b %}{% endif %}", "found=elseif instead=elif", "elseif"),
            ("{% if a %}{% else if b %}{% endif %}", "found=else if instead=elif", "else if"),
            ("{% if a = 1 %}{% endif %}", "found== instead===", "="),
            ("{% if a === 1 %}{% endif %}", "found==== instead===", "==="),
            ("{% if a && b %}{% endif %}", "found=&& instead=and", "&&"),
            ("{% if a || b %}{% endif %}", "found=|| instead=or", "||"),
            ("{% if !a %}{% endif %}", "found=! instead=not", "!"),
            ("{{ a ? 1 : 2 }}", "found=? instead=a if … else b", "?"),
            ("{{% if a %}}", "found={{% instead={%", "{{%"),
            ("{% for a of b %}{% endfor %}", "found=of instead=in", "of"),
            ("{% for a b in c %}{% endfor %}", "found=for a b in instead=for a, b in", "for a b"),
            ("{{ p.chip(\"act') }}\n<p id=\"x\">", "problem=quote", "\""),
            ("<p>{{ a.b }</p> {{ c }}", "problem=brace found={{ instead=}}", "{{ a.b }"),
            ("<p>{{ a.b", "problem=brace found={{ instead=}}", "{{ a.b"),
            ("{% if a }x{% endif %}", "problem=brace found={% instead=%}", "{% if a }"),
            ("{% endfro %}", "statement=endfro similar=endfor", "endfro"),
            ("{% while a %}", "statement=while", "while"),
            ("{{ a b }}", "got=identifier wants=end of variable block", "b"),
            ("{% block a %}{% endblock %}{% block a %}{% endblock %}", "reason=block 'a' defined twice", "a"),
        ] {
            assert_eq!(told(text), (said.to_owned(), place.to_owned()), "{text}");
        }
    }
}
