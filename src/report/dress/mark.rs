//! Does a section of one's own say that its figures are fictional? Sections of Peil's do by themselves; of others it is told where
//! they begin.

use std::ops::Range;

/// What draws the mark.
const MARK: &str = "view.mark";

/// Returns where sections begin that do not have the mark; what `lends` names has it, be it a macro or a template.
pub(super) fn unmarked(text: &str, lends: &[String]) -> Vec<Range<usize>> {
    // What is a comment is no section; the places stay.
    let plain = without_comments(text);
    let lower = plain.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = lower[from..].find("<section").map(|it| from + it) {
        let after = start + "<section".len();
        let is_tag = lower[after..].starts_with(|it: char| it.is_whitespace() || it == '>');
        let end = lower[after..].find("</section").map_or(lower.len(), |it| after + it);
        if is_tag {
            let within = &plain[start..end];
            if !within.contains(MARK) && !lends.iter().any(|it| within.contains(it.as_str())) {
                let tag = plain[start..].find('>').map_or(after, |it| start + it + 1);
                found.push(start..plain[start..].find('\n').map_or(tag, |it| tag.min(start + it)));
            }
        }
        from = after;
    }
    found
}

/// Returns what a template lends that has the mark: its own name, and those of its macros.
pub(super) fn lends(name: &str, text: &str) -> Vec<String> {
    let plain = without_comments(text);
    if !plain.contains(MARK) {
        return Vec::new();
    }
    let macros = plain.split("macro ").skip(1).filter_map(|it| {
        let (name, rest) = it.split_once('(')?;
        let body = rest.split("endmacro").next().unwrap_or_default();
        body.contains(MARK).then(|| format!("{}(", name.trim()))
    });
    macros.chain([format!("\"{name}\""), format!("'{name}'")]).collect()
}

/// The text with blanks for its comments.
fn without_comments(text: &str) -> String {
    let mut plain = text.to_owned();
    for (open, close) in [("{#", "#}"), ("<!--", "-->")] {
        let mut from = 0;
        while let Some(start) = plain[from..].find(open).map(|it| from + it) {
            let end = plain[start..].find(close).map_or(plain.len(), |it| start + it + close.len());
            plain.replace_range(start..end, &" ".repeat(end - start));
            from = end;
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_without_the_mark_are_found_where_they_begin() {
        let found = |text: &str, lends: &[String]| unmarked(text, lends).into_iter().map(|it| text[it].to_owned()).collect::<Vec<_>>();
        let own = "<section id=\"a\"><h2>A</h2></section><section id=\"b\">{% if view.mark %}x{% endif %}</section>";
        assert_eq!(found(own, &[]), ["<section id=\"a\">"]);
        assert_eq!(found("{# <section> #}<!-- <section> --><sections>x", &[]), Vec::<String>::new());
        let head = "{% macro head(it) %}<h2>{{ it }}</h2>{{ view.mark }}{% endmacro %}{% macro foot() %}x{% endmacro %}";
        let lent = lends("lib.html", head);
        assert_eq!(lent, ["head(", "\"lib.html\"", "'lib.html'"]);
        assert_eq!(found("<section>{{ l.head('A') }}</section>", &lent), Vec::<String>::new());
        assert_eq!(found("<section>{{ l.foot() }}</section>", &lent), ["<section>"]);
    }
}
