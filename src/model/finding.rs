//! What does somebody make of the figures? A signed text with figures in it, and the condition under which it holds (R25).

use super::body::{is_broken, noted};
use super::build::Builder;
use super::row::Comparison;
use super::subject::{Subject, subjects};
use super::types::*;
use crate::calendar::{Date, Grain, Period};
use crate::source::{FileId, Span, Spanned};
use crate::syntax::expr::{self, Expr, ExprKind, Operator};
use crate::syntax::{Kind, Node, Scalar, Word};
use crate::value::{Code, Fact, Unit};
use crate::words::Lang;

/// An interpretation of figures.
#[derive(Clone, Debug)]
pub struct Finding {
    pub name: String,
    pub span: Span,
    pub title: Text,
    pub description: Text,
    pub about: Vec<Spanned<Subject>>,
    /// The team that signs it.
    pub team: Option<TeamId>,
    /// The person who does.
    pub person: Option<String>,
    /// Whether an author was named, known or not.
    pub by_said: bool,
    pub on: Option<Date>,
    /// Whether a day was named, known or not.
    pub on_said: bool,
    /// Its text, in each language that it has.
    pub text: Vec<Passage>,
    /// What customers said.
    pub quotes: Vec<String>,
    /// The decision that it asks for.
    pub decision: Text,
    /// The condition under which it holds.
    pub holds_while: Option<Condition>,
    /// Whether a condition was written, understood or not.
    pub while_said: bool,
    /// Whether something in it was unknown, and reported: nothing follows from what is missing.
    pub broken: bool,
}

/// A text in one language, or in all.
#[derive(Clone, Debug)]
pub struct Passage {
    pub lang: Option<Lang>,
    pub pieces: Vec<Piece>,
}

/// A piece of a text: words, or a figure that is put in.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Words as they are.
    Words(Words),
    Figure(Box<CitedFigure>),
}

/// Words of a text, each byte with its place.
#[derive(Clone)]
pub struct Words(Scalar);

impl Words {
    /// The words.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Where a stretch of them stands in its file.
    pub fn span(&self, file: FileId, range: std::ops::Range<usize>) -> Span {
        self.0.span(file, range)
    }
}

// Where words stand, and how they are quoted, is no part of what they say.
impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.text().fmt(f)
    }
}

/// A figure in a text: `{nps@2025-Q3}`.
#[derive(Clone, Debug)]
pub struct CitedFigure {
    pub span: Span,
    pub formula: KpiExpr,
    /// The period that is meant; without one it is that of the report.
    pub period: Option<Spanned<Period>>,
}

/// A condition over figures.
#[derive(Clone, Debug)]
pub struct Condition {
    pub span: Span,
    pub kind: ConditionKind,
}

/// The kinds of conditions over figures.
#[derive(Clone, Debug)]
pub enum ConditionKind {
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    Not(Box<Condition>),
    Compare { comparison: Comparison, left: KpiExpr, right: KpiExpr },
    Between { of: KpiExpr, low: KpiExpr, high: KpiExpr },
}

impl Condition {
    /// Calls `visit` with every figure in it, in order.
    pub fn figures<'c>(&'c self, visit: &mut impl FnMut(&'c KpiExpr)) {
        match &self.kind {
            ConditionKind::And(left, right) | ConditionKind::Or(left, right) => {
                left.figures(visit);
                right.figures(visit);
            }
            ConditionKind::Not(of) => of.figures(visit),
            ConditionKind::Compare { left, right, .. } => {
                visit(left);
                visit(right);
            }
            ConditionKind::Between { of, low, high } => [of, low, high].into_iter().for_each(visit),
        }
    }
}

impl Finding {
    /// The KPIs that it is about, names in its condition or cites, each once.
    pub fn kpis(&self) -> Vec<KpiId> {
        let mut list: Vec<KpiId> = Vec::new();
        for it in &self.about {
            if let Subject::Kpi(it) = &it.value {
                list.push(it.kpi);
            }
        }
        let mut named = |it: &KpiExpr| {
            it.walk(&mut |it| {
                if let KpiKind::Kpi { kpi, .. } = &it.kind {
                    list.push(*kpi);
                }
            });
        };
        if let Some(condition) = &self.holds_while {
            condition.figures(&mut named);
        }
        self.cited().for_each(|it| named(&it.formula));
        let mut seen = Vec::new();
        list.retain(|it| {
            !seen.contains(it) && {
                seen.push(*it);
                true
            }
        });
        list
    }

    /// The figures that its texts cite.
    pub fn cited(&self) -> impl Iterator<Item = &CitedFigure> {
        self.text.iter().flat_map(|it| &it.pieces).filter_map(|it| match it {
            Piece::Figure(it) => Some(it.as_ref()),
            Piece::Words(_) => None,
        })
    }
}

/// Resolves all findings; what they may be about is there.
pub(super) fn build(builder: &mut Builder<'_>) {
    for named in builder.names.of(Word::Finding).to_vec() {
        let body = named.body;
        let mut broken = is_broken(body);
        let about = subjects(builder, body, "about", &mut broken);
        let (team, person) = signed(builder, body);
        let on = body.get("on").and_then(|it| day(builder, it));
        let before = builder.out.len();
        let text = texts(builder, body);
        let holds_while = body.get("while").and_then(|it| condition_of(builder, it));
        broken |= builder.out.len() > before || body.get("about").is_none() || body.get("text").is_none();
        let finding = Finding {
            name: named.name.value.clone(),
            span: named.name.span,
            title: builder.text(body, "title"),
            description: builder.text(body, "description"),
            about,
            team,
            person,
            by_said: body.get("by").is_some(),
            on,
            on_said: body.get("on").is_some(),
            text,
            quotes: builder.names_of(body, "quotes").into_iter().map(|it| it.value).collect(),
            decision: builder.text(body, "decision"),
            holds_while,
            while_said: body.get("while").is_some(),
            broken,
        };
        builder.model.findings.push(finding);
        builder.item_lints(Word::Finding, named);
    }
}

/// `by care`, `by care "Anne de Vries"`, `by "Anne de Vries"`: a single word is a team.
fn signed(builder: &mut Builder<'_>, body: &Node) -> (Option<TeamId>, Option<String>) {
    let Some((first, note)) = body.get("by").and_then(noted) else { return (None, None) };
    if note.is_none() && !crate::syntax::is_name(first.value.trim()) {
        return (None, Some(first.value.trim().to_owned()));
    }
    (builder.team_named(&first), note.map(|it| it.value))
}

fn day(builder: &mut Builder<'_>, node: &Node) -> Option<Date> {
    let period = node.text().and_then(|it| Period::parse(it.trim())).filter(|it| it.grain() == Grain::Day);
    if period.is_none() {
        builder.wrong("on", "day", node);
    }
    period.map(|it| it.start(&builder.model.project.calendar))
}

// -- texts -----------------------------------------------------------------------------------------------------------

fn texts(builder: &mut Builder<'_>, body: &Node) -> Vec<Passage> {
    let Some(node) = body.get("text") else { return Vec::new() };
    match &node.kind {
        Kind::Scalar(scalar) => vec![Passage { lang: None, pieces: pieces(builder, node.span.file, scalar) }],
        Kind::Map(entries) => {
            let mut list = Vec::new();
            for entry in entries {
                if let Kind::Scalar(scalar) = &entry.value.kind {
                    let pieces = pieces(builder, entry.value.span.file, scalar);
                    list.push(Passage { lang: Lang::named(&entry.key.value), pieces });
                }
            }
            list
        }
        _ => Vec::new(),
    }
}

/// Words and figures in turn. `{{` and `}}` are braces.
fn pieces(builder: &mut Builder<'_>, file: FileId, scalar: &Scalar) -> Vec<Piece> {
    let text = scalar.text.as_str();
    let mut list = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(found) = text[at..].find(['{', '}']) {
        let open = at + found;
        if text[open..].starts_with("{{") || text[open..].starts_with("}}") {
            // One of the two stands in the text.
            list.push(Piece::Words(Words(scalar.part(start..open + 1))));
            (start, at) = (open + 2, open + 2);
            continue;
        }
        if text[open..].starts_with('}') {
            at = open + 1;
            continue;
        }
        if open > start {
            list.push(Piece::Words(Words(scalar.part(start..open))));
        }
        let Some(length) = closing(&text[open + 1..]) else {
            let fact = Fact::at(Code::UnreadableFigure, scalar.span(file, open..open + 1)).with("reason", "unclosed");
            builder.out.push(fact);
            return list;
        };
        let close = open + 1 + length;
        list.extend(figure(builder, file, scalar, open..close + 1).map(|it| Piece::Figure(Box::new(it))));
        (start, at) = (close + 1, close + 1);
    }
    if start < text.len() {
        list.push(Piece::Words(Words(scalar.part(start..text.len()))));
    }
    list
}

/// Where the brace closes, outside quotes; another brace that opens before says that this one was forgotten.
fn closing(text: &str) -> Option<usize> {
    outside_quotes(text, |it| matches!(it, '{' | '}')).filter(|at| text[*at..].starts_with('}'))
}

fn outside_quotes(text: &str, wanted: impl Fn(char) -> bool) -> Option<usize> {
    let mut quoted = false;
    text.char_indices().find_map(|(at, it)| {
        quoted ^= it == '"';
        (!quoted && wanted(it)).then_some(at)
    })
}

/// `{nps}`, `{nps@2025-Q3}`, `{change(nps, 1 year)@2025-Q3}`: its braces are in the range.
fn figure(builder: &mut Builder<'_>, file: FileId, scalar: &Scalar, range: std::ops::Range<usize>) -> Option<CitedFigure> {
    let span = scalar.span(file, range.clone());
    let (from, to) = (range.start + 1, range.end - 1);
    let inner = &scalar.text[from..to];
    let at = outside_quotes(inner, |it| it == '@');
    let written = at.map_or(inner, |at| &inner[..at]);
    let mut unreadable = |reason: &'static str, place: Span, found: &str| {
        builder.out.push(Fact::at(Code::UnreadableFigure, place).with("reason", reason).with("found", found));
    };
    if written.trim().is_empty() {
        unreadable("empty", span, inner.trim());
        return None;
    }
    let mut period = None;
    if let Some(at) = at {
        let text = inner[at + 1..].trim();
        let begin = from + at + 1 + (inner[at + 1..].len() - inner[at + 1..].trim_start().len());
        let place = scalar.span(file, if text.is_empty() { from + at..from + at + 1 } else { begin..begin + text.len() });
        let Some(found) = Period::parse(text) else {
            unreadable("period", place, text);
            return None;
        };
        period = Some(Spanned::new(found, place));
    }
    let begin = from + (written.len() - written.trim_start().len());
    let parsed = expr::parse(file, &scalar.part(begin..begin + written.trim().len()), builder.out)?;
    let formula = super::formula::figure(builder, &parsed)?;
    Some(CitedFigure { span, formula, period })
}

// -- conditions ------------------------------------------------------------------------------------------------------

fn condition_of(builder: &mut Builder<'_>, node: &Node) -> Option<Condition> {
    let parsed = builder.expression(node)?;
    condition(builder, &parsed)
}

/// A condition over figures: comparisons, joined by `and`, `or` and `not`.
fn condition(builder: &mut Builder<'_>, parsed: &Expr) -> Option<Condition> {
    let of = |kind| Some(Condition { span: parsed.span, kind });
    match &parsed.kind {
        ExprKind::Prefix { not: true, of: inner } => of(ConditionKind::Not(Box::new(condition(builder, inner)?))),
        ExprKind::Binary { operator: operator @ (Operator::And | Operator::Or), left, right, .. } => {
            let (left, right) = (condition(builder, left), condition(builder, right));
            let (left, right) = (Box::new(left?), Box::new(right?));
            of(if *operator == Operator::And { ConditionKind::And(left, right) } else { ConditionKind::Or(left, right) })
        }
        ExprKind::Binary { operator, left, right, .. } if comparison(*operator).is_some() => {
            let comparison = comparison(*operator)?;
            let (left, right) = (super::formula::figure(builder, left), super::formula::figure(builder, right));
            let (left, right) = (left?, right?);
            if is_plain(&left) && is_plain(&right) {
                builder.out.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "no-kpi"));
                return None;
            }
            of(ConditionKind::Compare { comparison, left, right })
        }
        ExprKind::Between { of: inner, low, high } => {
            let figures = [inner, low, high].map(|it| super::formula::figure(builder, it));
            let [inner, low, high] = figures;
            let (inner, low, high) = (inner?, low?, high?);
            if is_plain(&inner) {
                builder.out.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "no-kpi"));
                return None;
            }
            of(ConditionKind::Between { of: inner, low, high })
        }
        _ => {
            builder.out.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "condition-expected"));
            None
        }
    }
}

fn comparison(operator: Operator) -> Option<Comparison> {
    Some(match operator {
        Operator::Equal => Comparison::Equal,
        Operator::NotEqual => Comparison::NotEqual,
        Operator::Less => Comparison::Less,
        Operator::LessEqual => Comparison::LessEqual,
        Operator::Greater => Comparison::Greater,
        Operator::GreaterEqual => Comparison::GreaterEqual,
        _ => return None,
    })
}

/// Whether a figure is a number as it was written.
fn is_plain(figure: &KpiExpr) -> bool {
    plain_number(figure).is_some()
}

/// The number that a figure is, as it was written, with its unit.
pub fn plain_number(figure: &KpiExpr) -> Option<(f64, &Unit)> {
    match &figure.kind {
        KpiKind::Number(value) => Some((*value, &figure.unit)),
        KpiKind::Negate(of) => plain_number(of).map(|it| (-it.0, it.1)),
        _ => None,
    }
}
