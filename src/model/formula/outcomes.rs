//! Shares of contacts and invitations by their outcome: the field's names for them, as shares of rows (R11).

use super::{Resolver, VARIANTS};
use crate::model::composed::Composed;
use crate::model::types::*;
use crate::source::{Span, Spanned};
use crate::syntax::expr::{Argument, Expr, ExprKind, Operator, Path};
use crate::value::{Code, Fact};

/// A function with its arguments: how many without a name, those that it needs, those that it may have.
type Signature = (&'static str, usize, &'static [&'static str], &'static [&'static str]);

const SIGNATURES: [Signature; 14] = [
    ("fcr.answer", 1, &[], &["net_of"]),
    ("service_level.f1", 1, &["answered", "within"], &[]),
    ("service_level.f2", 1, &["answered", "within"], &[]),
    ("service_level.f3", 1, &["answered", "within"], &[]),
    ("service_level.f4", 1, &["answered", "within"], &[]),
    ("service_level.f5", 1, &["answered", "within", "short"], &[]),
    ("abandonment.all", 0, &["answered"], &[]),
    ("abandonment.net", 1, &["answered", "short"], &[]),
    ("response_rate.rr1", 0, &["complete", "eligible", "unknown"], &["partial"]),
    ("response_rate.rr2", 0, &["complete", "partial", "eligible", "unknown"], &[]),
    ("response_rate.rr3", 0, &["complete", "eligible", "unknown", "e"], &["partial"]),
    ("response_rate.rr4", 0, &["complete", "partial", "eligible", "unknown", "e"], &[]),
    ("response_rate.rr5", 0, &["complete", "eligible"], &["partial"]),
    ("response_rate.rr6", 0, &["complete", "partial", "eligible"], &[]),
];

/// The names of these functions.
pub(in crate::model) fn names() -> impl Iterator<Item = &'static str> {
    SIGNATURES.iter().map(|it| it.0)
}

/// Whether a function is one of these.
pub(in crate::model) fn is_outcome(name: &str) -> bool {
    SIGNATURES.iter().any(|it| it.0 == name)
}

impl Resolver<'_, '_> {
    /// A share by its name in the field: the same as a `share` with a `where`.
    pub(super) fn outcome(
        &mut self,
        whole: &Expr,
        name: &str,
        place: Span,
        arguments: &[Argument],
        filter: Option<&Expr>,
    ) -> Option<KpiExpr> {
        let (_, plain, needs, may) = *SIGNATURES.iter().find(|it| it.0 == name)?;
        let found = self.named(whole, name, arguments, (needs, may))?;
        if found.plain.len() != plain {
            self.wrong_arguments(whole.span, name, if plain == 0 { "0" } else { "1 unnamed" }, found.plain.len());
            return None;
        }
        let said = |it: &str| found.get(it).cloned();
        let (counted, base) = match (name, found.plain.first().map(|it| (*it).clone())) {
            ("fcr.answer", Some(resolved)) => (resolved, said("net_of").map(not)),
            (_, Some(wait)) if name.starts_with("service_level.") => {
                let (answered, limit) = (said("answered")?, said("within")?);
                let within = |limit: Expr| binary(Operator::LessEqual, wait.clone(), limit);
                // A call of which the outcome is not known is out, long or short: were only those out that could have
                // been in time, the level would be too low.
                let told = |gone: Expr| choice(answered.clone(), within(limit.clone()), gone);
                // Of a call that was not answered, whether it was says no.
                let never = answered.clone();
                match name {
                    // Answered or not, a call that was over in time is in time: who answered stands here for its names alone.
                    "service_level.f1" => {
                        let in_time = binary(Operator::And, answered, within(limit.clone()));
                        (binary(Operator::Or, in_time, within(limit)), None)
                    }
                    "service_level.f2" => (within(limit), Some(answered)),
                    "service_level.f3" => (told(never), None),
                    "service_level.f5" => (told(within(said("short")?)), None),
                    _ => {
                        (told(never), Some(binary(Operator::Or, answered.clone(), binary(Operator::Greater, wait.clone(), limit.clone()))))
                    }
                }
            }
            ("abandonment.net", Some(wait)) => {
                let answered = said("answered")?;
                let meant = binary(Operator::Greater, wait, said("short")?);
                (not(answered.clone()), Some(binary(Operator::Or, answered, meant)))
            }
            ("abandonment.all", _) => (not(said("answered")?), None),
            _ => {
                let complete = said("complete")?;
                let any = [said("partial"), said("eligible"), said("unknown")].into_iter().flatten();
                let base = any.fold(complete.clone(), |all, it| binary(Operator::Or, all, it));
                let counts_partial = matches!(name, "response_rate.rr2" | "response_rate.rr4" | "response_rate.rr6");
                let counted = if counts_partial { binary(Operator::Or, complete, said("partial")?) } else { complete };
                (counted, Some(base))
            }
        };
        let filter = match (filter.cloned(), base) {
            (Some(a), Some(b)) => Some(binary(Operator::And, a, b)),
            (a, b) => a.or(b),
        };
        let mut share = |counted: Expr| {
            let share = Argument { name: None, value: counted };
            self.aggregate(whole, "share", place, std::slice::from_ref(&share), filter.as_ref())
        };
        let (mut aggregate, unit) = share(counted)?;
        if let Some(eligible) = found.get("e") {
            // What is wrong with a name in them was said of the first, whose base holds them all.
            let unknown = said("unknown")?;
            let shares = [(aggregate, unit), share(not(unknown.clone()))?, share(unknown)?];
            let text = name.to_owned();
            let mut parts: Vec<KpiExpr> = Vec::new();
            for (aggregate, unit) in shares {
                parts.push(KpiExpr { span: whole.span, unit, kind: KpiKind::Aggregate(aggregate.into()) });
            }
            parts.push(self.figure(eligible)?);
            let kind = KpiKind::Composed { formula: Composed::Responded(text), parts };
            return Some(KpiExpr { span: whole.span, unit: crate::value::Unit::Percent, kind });
        }
        if let Some(inner) = aggregate.text.strip_prefix("share") {
            aggregate.text = format!("{name}{inner}");
        }
        Some(KpiExpr { span: whole.span, unit, kind: KpiKind::Aggregate(aggregate.into()) })
    }

    /// Reports a function whose variant is to be named, or is none at all.
    pub(super) fn variant(&mut self, name: &str, family: &str, place: Span) -> bool {
        let whole = VARIANTS.iter().find(|(it, _)| *it == name);
        let Some((_, variants)) = whole.or_else(|| VARIANTS.iter().find(|(it, _)| *it == family)) else { return false };
        let fact = match whole {
            Some(_) => Fact::at(Code::VariantNeeded, place).with("name", name).with("variants", variants),
            None => {
                let fact = Fact::at(Code::UnknownFunction, place).with("name", name).with("variants", variants);
                fact.did_you_mean(name, place, variants.split(", "))
            }
        };
        self.push(fact);
        true
    }
}

fn not(of: Expr) -> Expr {
    Expr { span: of.span, kind: ExprKind::Prefix { not: true, of: Box::new(of) } }
}

fn choice(test: Expr, yes: Expr, no: Expr) -> Expr {
    let span = test.span;
    let name = Spanned { value: "if".to_owned(), span };
    let arguments = [test, yes, no].map(|value| Argument { name: None, value }).to_vec();
    Expr { span, kind: ExprKind::Call { function: Path { word: None, names: vec![name] }, arguments, filter: None } }
}

fn binary(operator: Operator, left: Expr, right: Expr) -> Expr {
    let span = if left.span.file == right.span.file && left.span.start <= right.span.start { left.span.to(right.span) } else { left.span };
    Expr { span, kind: ExprKind::Binary { operator, at: left.span, left: Box::new(left), right: Box::new(right) } }
}
