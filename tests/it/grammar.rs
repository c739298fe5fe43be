//! `specs/grammar.md` is made from the table of words and from the grammars; `UPDATE=1` makes it anew.

use crate::support::files::root;
use peil::syntax::schema::{self, Attribute, Shape, Word};
use pest_meta::ast::{Expr, Rule as AstRule};
use pest_meta::parser::{self, Rule};
use std::fmt::Write;

const PREFACE: &str = "# The grammar at a glance

This page is made from the table of words and from `grammar/`, and is tested against both. What the words mean stands in
[`language/`](language/README.md).

In a rule, what stands side by side follows each other, `|` is *or*, `?` is *perhaps*, `*` is *any number of*, `+` is *one or
more*. `unless x` and `before x` look at what comes next, and take none of it. What stands between quotes is written as it is.

## Words and their keys

A key is written with spaces in Peil's own spelling, and with `_` in YAML. What must be said is marked with `!`.
";

const SPELLING: &str = "
## Items in Peil's own spelling

An item is a word, a name and what is said of it. A statement ends with its line or with `;`, unless a bracket is open or the line
ends in a comma or an operator. `#` begins a comment.
";

const FORMULAS: &str = "
## Formulas and conditions

The same in both spellings. Operators bind, weakest first: `or`; `and`; `not`; comparisons, `in`, `between`, `is`; `..`; `+ -`;
`* /`; a minus as sign.
";

/// What stands behind a key.
fn form(attribute: &Attribute) -> String {
    match attribute.shape {
        Shape::Title => "title".to_owned(),
        Shape::Text => "text".to_owned(),
        Shape::Texts => "texts".to_owned(),
        Shape::Name => "name".to_owned(),
        Shape::Names => "names".to_owned(),
        Shape::References => "KPIs".to_owned(),
        Shape::Formula => "formula".to_owned(),
        Shape::Condition => "condition".to_owned(),
        Shape::Flag => "said or not".to_owned(),
        Shape::Choice(choices) => choices.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(" or "),
        Shape::Number => "number".to_owned(),
        Shape::Percent => "percentage".to_owned(),
        Shape::Date => "day or period".to_owned(),
        Shape::Length => "length of time".to_owned(),
        Shape::Titled => "name and title, repeated".to_owned(),
        Shape::Themes => "name, title and colour, repeated".to_owned(),
        Shape::Edges(keys) => format!("names, each with {}", named(keys)),
        Shape::Links(keys) => format!("name with {}, repeated", named(keys)),
        Shape::Record(keys) => named(keys),
        Shape::Values => "values with titles".to_owned(),
        Shape::Files => "paths, each with constants".to_owned(),
        Shape::Columns => format!("name with {}, repeated", named(schema::COLUMN_KEYS)),
        Shape::Norms => format!("{}, repeated", named(&["worst", "threshold", "target", "from", "until", "where"])),
        Shape::Lints => "lint with `allow`, `warn` or `deny`, and a reason, repeated".to_owned(),
        Shape::Takes => "parameters".to_owned(),
        Shape::Noted => "word, with a note or without".to_owned(),
        Shape::Items(word) => format!("{} within it, repeated", word.name()),
        // A form without a name here is called as it is in the table.
        other => format!("{other:?}").split(['(', ' ']).next().unwrap_or_default().to_lowercase(),
    }
}

fn named(keys: &[&str]) -> String {
    keys.iter().map(|it| format!("`{}`", it.replace('_', " "))).collect::<Vec<_>>().join(", ")
}

fn words() -> String {
    let mut text = String::new();
    let there = Word::ALL.into_iter();
    for word in there.chain([Word::Stage]) {
        let _ = writeln!(text, "\n### {}\n\n| key | what is said |\n|---|---|", word.name());
        for attribute in schema::attributes(word).filter(|it| it.shape != Shape::NotYet) {
            let must = if attribute.required { " !" } else { "" };
            let _ = writeln!(text, "| `{}`{must} | {} |", attribute.key.replace('_', " "), form(attribute));
        }
    }
    text
}

/// The rules of a grammar, each with the comment above it.
fn rules(file: &str) -> String {
    let source = std::fs::read_to_string(root().join("grammar").join(file)).unwrap();
    let pairs = parser::parse(Rule::grammar_rules, &source).unwrap();
    let rules: Vec<AstRule> = parser::consume_rules(pairs).unwrap();
    let rules: Vec<&AstRule> = rules.iter().filter(|it| it.name != "WHITESPACE").collect();
    let width = rules.iter().map(|it| it.name.len()).max().unwrap_or(0);
    let mut text = "\n```ebnf\n".to_owned();
    for rule in rules {
        let _ = writeln!(text, "{:width$} = {}", rule.name, said(&rule.expr, 0));
    }
    text.push_str("```\n");
    text
}

/// A rule's right side; `depth` says how strongly what stands around it binds.
fn said(expr: &Expr, depth: u8) -> String {
    let wrapped = |text: String, own: u8| if own < depth { format!("({text})") } else { text };
    match expr {
        Expr::Str(text) | Expr::Insens(text) => quoted(text),
        Expr::Range(from, to) => format!("{} to {}", quoted(from), quoted(to)),
        Expr::Ident(name) => known(name).to_owned(),
        Expr::PosPred(inner) => wrapped(format!("before {}", said(inner, 3)), 2),
        Expr::NegPred(inner) => wrapped(format!("unless {}", said(inner, 3)), 2),
        Expr::Seq(left, right) => {
            let parts: Vec<String> = [left, right].into_iter().map(|it| said(it, 1)).filter(|it| !it.is_empty()).collect();
            if parts.len() < 2 { parts.concat() } else { wrapped(parts.join(" "), 1) }
        }
        Expr::Choice(left, right) => wrapped(format!("{} | {}", said(left, 0), said(right, 0)), 0),
        Expr::Opt(inner) => format!("{}?", said(inner, 3)),
        Expr::Rep(inner) => format!("{}*", said(inner, 3)),
        Expr::RepOnce(inner) => format!("{}+", said(inner, 3)),
        Expr::RepExact(inner, count) => vec![said(inner, 3); *count as usize].join(" "),
        other => panic!("a form of rule that this page does not know: {other:?}"),
    }
}

fn quoted(text: &str) -> String {
    match text {
        "\\n" | "\n" => "line end".to_owned(),
        "\\t" | "\t" => "tab".to_owned(),
        "\\r" | "\r" => "return".to_owned(),
        " " => "space".to_owned(),
        "\\\"" | "\"" => "'\"'".to_owned(),
        "\\\\" | "\\" => "'\\'".to_owned(),
        text => format!("\"{text}\""),
    }
}

fn known(name: &str) -> &str {
    match name {
        "SOI" | "EOI" => "",
        "ANY" => "character",
        "ASCII_DIGIT" => "digit",
        "ASCII_ALPHA" | "XID_START" => "letter",
        "ASCII_ALPHANUMERIC" | "XID_CONTINUE" => "letter_or_digit",
        name => name,
    }
}

/// `letter | letter`: two names of the grammar that are one here.
fn once(text: &str) -> String {
    let text = text.replace("letter_or_digit | letter_or_digit", "letter_or_digit").replace("letter | letter", "letter");
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn the_page_is_made_from_the_grammars() {
    let made = [PREFACE, &words(), SPELLING, &rules("peil.pest"), FORMULAS, &rules("formula.pest")].concat();
    let made = once(&made);
    let path = root().join("specs/grammar.md");
    if std::env::var_os("UPDATE").is_some_and(|it| it == "1") {
        std::fs::write(&path, &made).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == made, "specs/grammar.md is to be made anew by UPDATE=1\n{}", crate::support::project::difference(&there, &made));
}
