//! Text of a formula or condition -> a tree with the place of every part.

use super::node::Scalar;
use super::repair;
use crate::source::{FileId, Span, Spanned};
use crate::value::{Code, Diagnostics, Fact, Num};
use pest::Parser;
use pest::iterators::{Pair, Pairs};
use std::borrow::Cow;

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/formula.pest"]
struct FormulaParser;

/// The longest formula, in bytes.
pub const MAX_FORMULA: usize = 20_000;
const MAX_DEPTH: usize = 64;
/// A chain of operators is a tree as deep as it is long.
const MAX_OPERATORS: usize = 256;

/// A formula or condition.
#[derive(Clone, Debug)]
pub struct Expr {
    pub span: Span,
    pub kind: ExprKind,
}

/// The kinds of expressions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A number, perhaps with a unit: `4`, `40 %`, `3 months`.
    Number { value: Num, unit: Option<String> },
    /// A text between quotes.
    Text(String),
    /// A day or period: `2025-06-10`, `2024-Q3`.
    Date(String),
    /// A name or path: `nps`, `survey.customer.region`, `kpi:nps`.
    Path(Path),
    /// A function with its arguments.
    Call { function: Path, arguments: Vec<Argument>, filter: Option<Box<Expr>> },
    /// `not x`, `-x`.
    Prefix { not: bool, of: Box<Expr> },
    /// `a + b`, `a and b`.
    Binary { operator: Operator, at: Span, left: Box<Expr>, right: Box<Expr> },
    /// `x between a and b`.
    Between { of: Box<Expr>, low: Box<Expr>, high: Box<Expr> },
    /// `x in (a, b)`.
    In { of: Box<Expr>, list: Vec<Expr> },
    /// `x is blank`, `x is not not_applicable`.
    Test { of: Box<Expr>, blank: bool, negated: bool },
    /// `ces[channel = "Web"]`.
    Part { of: Box<Expr>, conditions: Vec<Expr> },
    /// `(a, b)`; a single expression in brackets is that expression.
    List(Vec<Expr>),
    /// `at least 2 parts`: how many parts of an index must have a value.
    AtLeast(Num),
}

/// A path of names, perhaps with the word it is to be looked for under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub word: Option<String>,
    pub names: Vec<Spanned<String>>,
}

impl Path {
    /// The path as it is written.
    pub fn text(&self) -> Cow<'_, str> {
        if let (None, [name]) = (&self.word, self.names.as_slice()) {
            return Cow::Borrowed(&name.value);
        }
        let names: Vec<&str> = self.names.iter().map(|it| it.value.as_str()).collect();
        Cow::Owned(match &self.word {
            Some(word) => format!("{word}:{}", names.join(".")),
            None => names.join("."),
        })
    }
}

/// An argument, perhaps named: `a: 40 %`.
#[derive(Clone, Debug)]
pub struct Argument {
    pub name: Option<Spanned<String>>,
    pub value: Expr,
}

/// A binary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    Between,
    Range,
    Add,
    Subtract,
    Multiply,
    Divide,
}

impl Operator {
    /// The operator as it is written.
    pub fn text(self) -> &'static str {
        match self {
            Operator::Or => "or",
            Operator::And => "and",
            Operator::Equal => "=",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterEqual => ">=",
            Operator::In => "in",
            Operator::Between => "between",
            Operator::Range => "..",
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
        }
    }

    fn from_rule(pair: &Pair<'_, Rule>) -> Operator {
        match pair.as_str() {
            ">=" => Operator::GreaterEqual,
            "<=" => Operator::LessEqual,
            "!=" => Operator::NotEqual,
            ">" => Operator::Greater,
            "<" => Operator::Less,
            "=" => Operator::Equal,
            ".." => Operator::Range,
            "+" => Operator::Add,
            "-" => Operator::Subtract,
            "*" => Operator::Multiply,
            "/" => Operator::Divide,
            "or" => Operator::Or,
            "in" => Operator::In,
            "between" => Operator::Between,
            _ => Operator::And,
        }
    }

    /// How strongly the operator binds.
    fn strength(self) -> u8 {
        match self {
            Operator::Or => 1,
            Operator::And => 2,
            Operator::Equal
            | Operator::NotEqual
            | Operator::Less
            | Operator::LessEqual
            | Operator::Greater
            | Operator::GreaterEqual
            | Operator::In
            | Operator::Between => 4,
            Operator::Range => 5,
            Operator::Add | Operator::Subtract => 6,
            Operator::Multiply | Operator::Divide => 7,
        }
    }
}

/// `not` binds weaker than a comparison and stronger than `and`.
const NOT: u8 = 3;
const NEGATE: u8 = 8;

/// Reads a formula or condition; a fault is reported, and gives `None`.
pub fn parse(file: FileId, scalar: &Scalar, out: &mut Diagnostics) -> Option<Expr> {
    let text = scalar.text.as_str();
    let place = |range: std::ops::Range<usize>| scalar.span(file, range);
    if text.len() > MAX_FORMULA {
        let fact = Fact::at(Code::LimitExceeded, place(0..text.len()));
        out.push(fact.with("what", "formula").with("limit", MAX_FORMULA));
        return None;
    }
    if let Some((at, what, limit)) = too_deep(text) {
        out.push(Fact::at(Code::LimitExceeded, place(at..at + 1)).with("what", what).with("limit", limit));
        return None;
    }
    match FormulaParser::parse(Rule::formula, text) {
        Ok(mut pairs) => {
            let expression = pairs.next()?.into_inner().next()?;
            Some(Lower { place: &place }.expression(expression))
        }
        Err(error) => {
            out.push(fault(text, &error, &place));
            None
        }
    }
}

/// Where a formula is nested too deeply, or has more operators than a tree of it may be deep.
fn too_deep(text: &str) -> Option<(usize, &'static str, usize)> {
    let (mut depth, mut operators) = (0usize, 0usize);
    let mut rest = text;
    while let Some(it) = rest.chars().next() {
        let at = text.len() - rest.len();
        let mut length = it.len_utf8();
        match it {
            '"' => length = quoted_length(rest),
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '+' | '-' | '*' | '/' | '=' | '<' | '>' => operators += 1,
            _ if it.is_alphabetic() => {
                length = rest.find(|it: char| !(it.is_alphanumeric() || it == '_')).unwrap_or(rest.len());
                operators += usize::from(matches!(&rest[..length], "and" | "or" | "not" | "in" | "between" | "is"));
            }
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Some((at, "nesting", MAX_DEPTH));
        }
        if operators > MAX_OPERATORS {
            return Some((at, "operators", MAX_OPERATORS));
        }
        rest = &rest[length..];
    }
    None
}

/// The bytes of a quoted text at the start, with its quotes.
fn quoted_length(text: &str) -> usize {
    let mut escaped = true;
    for (at, it) in text.char_indices() {
        match it {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

fn fault(text: &str, error: &pest::error::Error<Rule>, place: &dyn Fn(std::ops::Range<usize>) -> Span) -> Fact {
    let at = match error.location {
        pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at.min(text.len()),
    };
    let rest = &text[at..];
    let found: String = rest.chars().take_while(|it| !it.is_whitespace() && !"(),[]".contains(*it)).collect();
    let found = if found.is_empty() { rest.chars().next().map(String::from).unwrap_or_default() } else { found };
    if let Some(quote) = unclosed_quote(text) {
        return Fact::at(Code::FormulaError, place(quote..text.len())).with("reason", "unclosed-text");
    }
    let opens = text.matches('(').count();
    let closes = text.matches(')').count();
    if found.is_empty() {
        // The end of a formula has no characters: point at the last one.
        let last = text.trim_end().len();
        let start = text[..last].char_indices().next_back().map_or(0, |(it, _)| it);
        let fact = Fact::at(Code::FormulaError, place(start..last));
        if opens <= closes {
            return fact.with("reason", "ends-early");
        }
        let end = Span { start: place(start..last).end, ..place(start..last) };
        return fact.with("reason", "unclosed").mend(end, ")".repeat(opens - closes));
    }
    if let Some(repair::Foreign { reason, range, ours }) = repair::foreign(text, at) {
        let fact = Fact::at(Code::FormulaError, place(range.clone())).with("reason", reason).with("found", &text[range.clone()]);
        return fact.with("instead", ours.trim()).mend(place(range), ours);
    }
    if let Some(repair::Part { range, weight }) = repair::part_of_index(text, at) {
        let part = text[range.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
        let fact = Fact::at(Code::FormulaError, place(range)).with("reason", "inline-part");
        return fact.with("part", part).with("weight", weight);
    }
    let fact = Fact::at(Code::FormulaError, place(at..at + found.len()));
    if found == ")" && closes > opens {
        return fact.with("reason", "unexpected-close").with("found", found).mend(place(at..at + 1), "");
    }
    fact.with("reason", "unexpected").with("found", found)
}

fn unclosed_quote(text: &str) -> Option<usize> {
    let mut open = None;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\\' if open.is_some() && !escaped => {
                escaped = true;
                continue;
            }
            b'"' if !escaped => open = if open.is_some() { None } else { Some(at) },
            _ => {}
        }
        escaped = false;
    }
    open
}

struct Lower<'a> {
    place: &'a dyn Fn(std::ops::Range<usize>) -> Span,
}

/// What stands between operators, and the operators, in order.
enum Token {
    Operand(Expr),
    Operator(Operator, Span),
    Prefix(bool, Span),
    Test { blank: bool, negated: bool, span: Span },
}

impl Lower<'_> {
    fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        // Trailing white space belongs to nobody.
        let end = span.start() + pair.as_str().trim_end().len();
        (self.place)(span.start()..end)
    }

    fn expression(&self, pair: Pair<'_, Rule>) -> Expr {
        let mut tokens = Vec::new();
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::operand => self.operand(inner, &mut tokens),
                Rule::operator => tokens.push(Token::Operator(Operator::from_rule(&inner), self.span(&inner))),
                _ => {
                    let span = self.span(&inner);
                    let parts: Vec<Rule> = inner.into_inner().map(|it| it.as_rule()).collect();
                    let (blank, negated) = (parts.contains(&Rule::blank), parts.contains(&Rule::not));
                    tokens.push(Token::Test { blank, negated, span });
                }
            }
        }
        tokens.reverse();
        self.climb(&mut tokens, 0)
    }

    fn operand(&self, pair: Pair<'_, Rule>, tokens: &mut Vec<Token>) {
        let mut operand: Option<Expr> = None;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::prefix => {
                    let span = self.span(&inner);
                    let not = inner.into_inner().next().is_some_and(|it| it.as_rule() == Rule::not);
                    tokens.push(Token::Prefix(not, span));
                }
                Rule::cut => {
                    let end = self.span(&inner);
                    let conditions = inner.into_inner().map(|it| self.expression(it)).collect();
                    if let Some(of) = operand.take() {
                        let span = of.span.to(end);
                        operand = Some(Expr { span, kind: ExprKind::Part { of: Box::new(of), conditions } });
                    }
                }
                Rule::arguments => {
                    let end = self.span(&inner);
                    if let Some(Expr { span, kind: ExprKind::Path(function) }) = operand.take() {
                        operand = Some(Expr { span: span.to(end), kind: self.call(function, inner.into_inner()) });
                    }
                }
                _ => operand = Some(self.primary(inner)),
            }
        }
        if let Some(operand) = operand {
            tokens.push(Token::Operand(operand));
        }
    }

    /// Precedence climbing over the reversed tokens.
    fn climb(&self, tokens: &mut Vec<Token>, least: u8) -> Expr {
        let mut left = match tokens.pop() {
            Some(Token::Operand(it)) => it,
            Some(Token::Prefix(not, at)) => {
                let of = self.climb(tokens, if not { NOT } else { NEGATE });
                Expr { span: at.to(of.span), kind: ExprKind::Prefix { not, of: Box::new(of) } }
            }
            // The grammar gives an operand after every operator.
            _ => Expr { span: (self.place)(0..0), kind: ExprKind::List(Vec::new()) },
        };
        loop {
            match tokens.last() {
                Some(Token::Test { blank, negated, span }) if least <= 4 => {
                    let (blank, negated, span) = (*blank, *negated, left.span.to(*span));
                    tokens.pop();
                    left = Expr { span, kind: ExprKind::Test { of: Box::new(left), blank, negated } };
                }
                Some(Token::Operator(operator, at)) if operator.strength() > least => {
                    let (operator, at) = (*operator, *at);
                    tokens.pop();
                    left = self.binary(left, operator, at, tokens);
                }
                _ => return left,
            }
        }
    }

    fn binary(&self, left: Expr, operator: Operator, at: Span, tokens: &mut Vec<Token>) -> Expr {
        if operator == Operator::Between {
            let low = self.climb(tokens, 5);
            if matches!(tokens.last(), Some(Token::Operator(Operator::And, _))) {
                tokens.pop();
                let high = self.climb(tokens, 5);
                let span = left.span.to(high.span);
                return Expr { span, kind: ExprKind::Between { of: Box::new(left), low: Box::new(low), high: Box::new(high) } };
            }
            let span = left.span.to(low.span);
            return Expr { span, kind: ExprKind::Binary { operator, at, left: Box::new(left), right: Box::new(low) } };
        }
        let right = self.climb(tokens, operator.strength());
        let span = left.span.to(right.span);
        let kind = match (operator, right.kind) {
            (Operator::In, ExprKind::List(list)) => ExprKind::In { of: Box::new(left), list },
            (Operator::In, kind) => ExprKind::In { of: Box::new(left), list: vec![Expr { span: right.span, kind }] },
            (operator, kind) => {
                let right = Expr { span: right.span, kind };
                ExprKind::Binary { operator, at, left: Box::new(left), right: Box::new(right) }
            }
        };
        Expr { span, kind }
    }

    fn primary(&self, pair: Pair<'_, Rule>) -> Expr {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            Rule::text => {
                let text = pair.as_str();
                ExprKind::Text(super::dsl::unescape(&text[1..text.len() - 1], 0).0)
            }
            Rule::date => ExprKind::Date(pair.as_str().to_owned()),
            Rule::number => {
                let mut parts = pair.into_inner();
                let digits = parts.next().and_then(|it| Num::parse(it.as_str()));
                ExprKind::Number { value: digits.unwrap_or(Num::int(0)), unit: parts.next().map(|it| one_space(it.as_str())) }
            }
            Rule::path => ExprKind::Path(self.path(&pair)),
            _ => {
                let mut items: Vec<Expr> = pair.into_inner().map(|it| self.expression(it)).collect();
                if items.len() == 1 {
                    // Brackets around one expression group it; a list of one is written the same.
                    let inner = items.remove(0);
                    return Expr { span, kind: inner.kind };
                }
                ExprKind::List(items)
            }
        };
        Expr { span, kind }
    }

    fn at_least(&self, pair: Pair<'_, Rule>) -> Expr {
        let span = self.span(&pair);
        let number = pair.into_inner().find(|it| it.as_rule() == Rule::digits).and_then(|it| Num::parse(it.as_str()));
        Expr { span, kind: ExprKind::AtLeast(number.unwrap_or(Num::int(0))) }
    }

    fn path(&self, pair: &Pair<'_, Rule>) -> Path {
        let text = pair.as_str();
        let start = pair.as_span().start();
        let (word, rest, mut at) = match text.split_once(':') {
            Some((word, rest)) => (Some(word.trim().to_owned()), rest, start + word.len() + 1),
            None => (None, text, start),
        };
        let names = rest
            .split('.')
            .map(|name| {
                let span = (self.place)(at..at + name.len());
                at += name.len() + 1;
                Spanned::new(name.to_owned(), span)
            })
            .collect();
        Path { word, names }
    }

    fn call(&self, function: Path, pairs: Pairs<'_, Rule>) -> ExprKind {
        let mut arguments = Vec::new();
        let mut filter = None;
        for pair in pairs {
            match pair.as_rule() {
                Rule::argument => {
                    let mut name = None;
                    for inner in pair.into_inner() {
                        match inner.as_rule() {
                            Rule::label => name = Some(Spanned::new(inner.as_str().to_owned(), self.span(&inner))),
                            Rule::at_least => arguments.push(Argument { name: None, value: self.at_least(inner) }),
                            _ => arguments.push(Argument { name: name.take(), value: self.expression(inner) }),
                        }
                    }
                }
                _ => filter = pair.into_inner().find(|it| it.as_rule() == Rule::expression).map(|it| Box::new(self.expression(it))),
            }
        }
        ExprKind::Call { function, arguments, filter }
    }
}

/// A text of several words with one space between them: `% per year`.
fn one_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
