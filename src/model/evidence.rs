//! How well is a claimed relation supported, and by what (R19)? At the edges of enablers, and where a KPI leads another.

use super::build::Builder;
use super::subject::{Support, one_of};
use super::types::*;
use super::{ActionId, DriversId, FindingId};
use crate::calendar::Length;
use crate::source::{Span, Spanned};
use crate::syntax::{Kind, Node, Word};
use crate::value::{Code, Fact};

/// The evidence of a claim.
#[derive(Clone, Debug, Default)]
pub struct Claim {
    /// What is said; `None` where nothing is.
    pub said: Option<Spanned<Evidence>>,
    /// What supports it.
    pub support: Option<Support>,
    /// Whether something said was not understood, and reported.
    pub broken: bool,
}

impl Claim {
    /// What the claim counts as: without something that supports it, as a hypothesis.
    pub fn counts_as(&self) -> Evidence {
        match (&self.said, self.support) {
            (Some(said), Some(_)) => said.value,
            _ => Evidence::Hypothesis,
        }
    }
}

/// A KPI whose figure another follows, by what is claimed (R25).
#[derive(Clone, Debug)]
pub struct Lead {
    pub kpi: KpiId,
    /// Where it is said.
    pub span: Span,
    /// How much later the other follows.
    pub after: Option<Length>,
    pub evidence: Claim,
}

/// `hypothesis`, `correlation why_recommend`, `experiment calling_back`.
pub(super) fn claim(builder: &mut Builder<'_>, node: Option<&Node>) -> Claim {
    let Some(node) = node else { return Claim::default() };
    let Kind::Scalar(scalar) = &node.kind else {
        builder.wrong("evidence", "evidence", node);
        return Claim { broken: true, ..Claim::default() };
    };
    let text = scalar.text.as_str();
    let start = text.len() - text.trim_start().len();
    let word = text[start..].split_whitespace().next().unwrap_or_default();
    let said = match word {
        "hypothesis" => Evidence::Hypothesis,
        "correlation" => Evidence::Correlation,
        "experiment" => Evidence::Experiment,
        _ => {
            builder.wrong("evidence", "evidence", node);
            return Claim { broken: true, ..Claim::default() };
        }
    };
    let mut claim = Claim { said: Some(Spanned::new(said, node.span)), ..Claim::default() };
    let after = start + word.len();
    let name = text[after..].trim();
    if name.is_empty() {
        return claim;
    }
    let at = text.len() - text[after..].trim_start().len();
    let place = scalar.span(node.span.file, at..at + name.len());
    let words: &[Word] = match said {
        Evidence::Correlation => &[Word::Drivers, Word::Kpi],
        Evidence::Experiment => &[Word::Action, Word::Finding],
        Evidence::Hypothesis => {
            let fact = Fact::at(Code::WrongValue, place).with("key", "evidence").with("expected", "evidence");
            builder.out.push(fact.with("found", format!("`{text}`")));
            return Claim { broken: true, ..claim };
        }
    };
    let found = one_of(builder, name, place, words);
    claim.broken = found.is_none();
    claim.support = found.map(|(word, at)| match word {
        Word::Drivers => Support::Drivers(DriversId(at as u32)),
        Word::Action => Support::Action(ActionId(at as u32)),
        Word::Finding => Support::Finding(FindingId(at as u32)),
        _ => Support::Kpi(KpiId(at as u32)),
    });
    claim
}

/// `leads retention after 3 months, evidence hypothesis`.
pub(super) fn leads(builder: &mut Builder<'_>, body: &Node) -> Vec<Lead> {
    let mut list = Vec::new();
    for entry in body.get("leads").map_or(&[][..], Node::entries) {
        let span = entry.key.span;
        let found = one_of(builder, &entry.key.value, span, &[Word::Kpi]);
        let after = entry.value.get("after").and_then(|node| builder.length("after", node));
        let evidence = claim(builder, entry.value.get("evidence"));
        list.extend(found.map(|(_, at)| Lead { kpi: KpiId(at as u32), span, after, evidence }));
    }
    list
}
