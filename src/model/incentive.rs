//! Who is paid for which figures, how much at which value, and under which conditions (R24).

use super::body::is_broken;
use super::build::Builder;
use super::norms::amount;
use super::row::Comparison;
use super::types::{KpiRef, NormValue, TeamId, Text};
use crate::calendar::Period;
use crate::source::Span;
use crate::syntax::{Kind, Node, Scalar, Word, percent};
use crate::value::{Code, Fact};

/// A bonus of a team in a period.
#[derive(Clone, Debug)]
pub struct Incentive {
    pub name: String,
    pub span: Span,
    pub title: Text,
    pub description: Text,
    pub team: Option<TeamId>,
    pub period: Option<Period>,
    pub parts: Vec<PaidPart>,
    /// All of these must hold, or nothing is paid.
    pub conditions: Vec<Requirement>,
    /// What is held against the pay points, where it is said.
    pub pay_on: Option<PayOn>,
    /// Where that is said.
    pub pay_on_span: Option<Span>,
    /// Whether something in it was wrong, and reported.
    pub broken: bool,
}

impl Incentive {
    /// The KPIs that it pays for, and those of its conditions.
    pub fn kpis(&self) -> impl Iterator<Item = &KpiRef> {
        self.parts.iter().map(|it| &it.of).chain(self.conditions.iter().map(|it| &it.of))
    }
}

/// A KPI, or a part of one, that is paid for; the weight is its own.
#[derive(Clone, Debug)]
pub struct PaidPart {
    pub of: KpiRef,
    /// From the lowest pay to the highest: straight lines between them, flat outside.
    pub pays: Vec<PayPoint>,
}

/// What is paid at a value.
#[derive(Clone, Debug)]
pub struct PayPoint {
    /// As it was written: `100 % at 45`.
    pub text: String,
    /// In percent of the part.
    pub pay: f64,
    /// In the unit of the KPI, once the checker has settled it.
    pub at: NormValue,
}

/// A figure that must stand on one side of a value.
#[derive(Clone, Debug)]
pub struct Requirement {
    pub of: KpiRef,
    pub comparison: Comparison,
    pub value: NormValue,
}

/// What of a figure is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayOn {
    /// The end of its interval that pays least: what is shown beyond chance.
    LowEnd,
    /// The figure itself.
    Value,
}

/// Resolves all incentives.
pub(super) fn incentives(builder: &mut Builder<'_>) {
    for named in builder.names.of(Word::Incentive).to_vec() {
        let body = named.body;
        let before = builder.out.len();
        let team = builder.team(body, "for");
        let period = builder.period(body, "period", "period");
        let pay_on = builder.word(body, "pay_on").map(|it| if it == "value" { PayOn::Value } else { PayOn::LowEnd });
        let incentive = Incentive {
            name: named.name.value.clone(),
            span: named.name.span,
            title: builder.text(body, "title"),
            description: builder.text(body, "description"),
            team,
            period,
            parts: parts(builder, body),
            conditions: conditions(builder, body),
            pay_on,
            pay_on_span: body.get("pay_on").map(|it| it.span),
            broken: is_broken(body) || builder.out.len() > before,
        };
        // What is missing was reported where the item was read.
        let lacks = incentive.team.is_none() || incentive.period.is_none() || incentive.parts.is_empty();
        let broken = incentive.broken || lacks || builder.out.len() > before;
        builder.model.incentives.push(Incentive { broken, ..incentive });
        builder.item_lints(Word::Incentive, named);
    }
}

fn parts(builder: &mut Builder<'_>, body: &Node) -> Vec<PaidPart> {
    let mut list = Vec::new();
    let mut weights = Vec::new();
    for entry in body.get("part").map_or(&[][..], Node::entries) {
        let weight = builder.weight(&entry.value, entry.key.span);
        let value = weight.value;
        weights.push(weight);
        let of = builder.kpi_ref(&entry.key.value, entry.key.span);
        let pays = pays(builder, entry.value.get("pays"), &entry.key.value, entry.key.span);
        if let Some(of) = of {
            list.push(PaidPart { of: KpiRef { weight: value, ..of }, pays });
        }
    }
    builder.check_weights(&weights);
    list
}

/// `0 % at 42, 100 % at 45, 150 % at 50`, in either order; fewer than two say nothing of what lies between.
fn pays(builder: &mut Builder<'_>, node: Option<&Node>, part: &str, place: Span) -> Vec<PayPoint> {
    let Some(node) = node else {
        let fact = Fact::at(Code::MissingKey, place).with("key", "pays").with("word", "part");
        builder.out.push(fact.with("name", part));
        return Vec::new();
    };
    let mut points = Vec::new();
    let items = node.items();
    for item in &items {
        match pay_point(item) {
            Some(it) => points.push(it),
            None => {
                builder.wrong("pays", "pay point", item);
                return Vec::new();
            }
        }
    }
    if points.len() == 1 {
        builder.wrong("pays", "pay points", node);
        return Vec::new();
    }
    let falls = points.first().zip(points.last()).is_some_and(|(first, last)| first.pay > last.pay);
    if falls {
        points.reverse();
    }
    points
}

fn pay_point(item: &Node) -> Option<PayPoint> {
    let Kind::Scalar(scalar) = &item.kind else { return None };
    let (pay, at) = scalar.text.split_once(" at ")?;
    let start = scalar.text.len() - at.trim_start().len();
    let span = scalar.span(item.span.file, start..start + at.trim().len());
    let pay = percent(pay.trim()).filter(|it| *it >= 0.0)?;
    Some(PayPoint { text: scalar.text.trim().to_owned(), pay, at: value(at.trim(), span)? })
}

fn value(text: &str, span: Span) -> Option<NormValue> {
    let (value, unit, None) = amount(text)? else { return None };
    Some(NormValue { span, value, written: text.to_owned(), unit, by: None, line: None, per: None })
}

/// `complaints <= 7`, several with `and` or as a list.
fn conditions(builder: &mut Builder<'_>, body: &Node) -> Vec<Requirement> {
    let mut list = Vec::new();
    for node in body.get("only_if").map(Node::items).unwrap_or_default() {
        let Kind::Scalar(scalar) = &node.kind else { continue };
        for (start, text) in joined(&scalar.text) {
            match requirement(builder, node, scalar, start, text) {
                Some(Some(it)) => list.push(it),
                Some(None) => {}
                None => builder.wrong("only if", "condition on a kpi", node),
            }
        }
    }
    list
}

/// The conditions that `and` joins, with their places; what stands in brackets or quotes is one.
fn joined(text: &str) -> Vec<(usize, &str)> {
    let mut list = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(" and ") {
        if at >= start && is_outside(&text[start..at]) {
            list.push((start, &text[start..at]));
            start = at + 5;
        }
    }
    list.push((start, &text[start..]));
    list
}

/// Whether all brackets and quotes are closed at the end of a text.
fn is_outside(text: &str) -> bool {
    let (mut depth, mut quoted) = (0i32, false);
    for it in text.bytes() {
        match it {
            b'"' => quoted = !quoted,
            b'[' | b'(' if !quoted => depth += 1,
            b']' | b')' if !quoted => depth -= 1,
            _ => {}
        }
    }
    depth == 0 && !quoted
}

/// One condition. `None` where it is none; `Some(None)` where what it names was reported.
#[expect(clippy::option_option, reason = "outer: is it a condition; inner: does its KPI exist")]
fn requirement(builder: &mut Builder<'_>, node: &Node, scalar: &Scalar, start: usize, text: &str) -> Option<Option<Requirement>> {
    const SIGNS: [(&str, Comparison); 5] = [
        ("<=", Comparison::LessEqual),
        (">=", Comparison::GreaterEqual),
        ("<", Comparison::Less),
        (">", Comparison::Greater),
        ("=", Comparison::Equal),
    ];
    // A part holds signs of its own: the one that is meant stands behind it.
    let after = text.rfind(']').map_or(0, |it| it + 1);
    let (at, sign, comparison) = SIGNS
        .iter()
        .filter_map(|(sign, comparison)| Some((after + text[after..].find(sign)?, *sign, *comparison)))
        .min_by_key(|it| it.0)?;
    let (left, right) = (&text[..at], &text[at + sign.len()..]);
    let place = |from: usize, part: &str| {
        let lead = part.len() - part.trim_start().len();
        let from = start + from + lead;
        scalar.span(node.span.file, from..from + part.trim().len())
    };
    let value = value(right.trim(), place(at + sign.len(), right))?;
    if left.trim().is_empty() {
        return None;
    }
    let of = builder.kpi_ref(left.trim(), place(0, left));
    Some(of.map(|of| Requirement { of, comparison, value }))
}
