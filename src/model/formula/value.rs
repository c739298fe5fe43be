//! What a customer is worth, of figures: the simple and the discounted formula (R11).

use super::Resolver;
use crate::calendar::{Grain, Length};
use crate::model::composed::{Composed, Rate, of_grain};
use crate::model::types::*;
use crate::syntax::expr::{Argument, Expr, ExprKind};
use crate::value::{Code, Fact, Unit};

/// The names of these functions.
pub(in crate::model) const NAMES: [&str; 2] = ["clv.simple", "clv.discounted"];

impl Resolver<'_, '_> {
    /// What a customer brings in a period / the share that is lost in one.
    pub(super) fn simple_value(&mut self, whole: &Expr, arguments: &[Argument]) -> Option<KpiExpr> {
        let found = self.named(whole, "clv.simple", arguments, (&[], &[]))?;
        let [margin, churn] = found.plain.as_slice() else {
            self.wrong_arguments(whole.span, "clv.simple", "2", found.plain.len());
            return None;
        };
        let (left, right) = (self.figure(margin), self.figure(churn));
        let kind = KpiKind::Binary { operator: Arithmetic::Divide, left: Box::new(left?), right: Box::new(right?) };
        Some(KpiExpr { span: whole.span, unit: Unit::Number, kind })
    }

    /// What a customer is still to bring, of margin and retention in a period, at a rate of interest.
    pub(super) fn discounted_value(&mut self, whole: &Expr, arguments: &[Argument]) -> Option<KpiExpr> {
        let found = self.named(whole, "clv.discounted", arguments, (&[], &["per"]))?;
        let [margin, retention, rate] = found.plain.as_slice() else {
            self.wrong_arguments(whole.span, "clv.discounted", "3", found.plain.len());
            return None;
        };
        let (left, right) = (self.figure(margin), self.figure(retention));
        let rate = self.rate(rate);
        let per = match found.get("per") {
            Some(it) => Some(self.period(it)?),
            None => None,
        };
        let formula = Composed::Discounted { rate: rate?, per };
        Some(KpiExpr { span: whole.span, unit: Unit::Number, kind: KpiKind::Composed { formula, parts: vec![left?, right?] } })
    }

    /// A rate of interest: `8 % per year`.
    pub(super) fn rate(&mut self, parsed: &Expr) -> Option<Rate> {
        if let ExprKind::Number { value, unit: Some(unit) } = &parsed.kind
            && let Some(per) = unit.strip_prefix("% per ").and_then(Grain::named)
            && value.to_f64() < 1_000.0
        {
            return Some(Rate { percent: value.to_f64(), per });
        }
        self.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "rate-expected"));
        None
    }

    /// A period, by its name or its length: `month`, `3 months`.
    fn period(&mut self, parsed: &Expr) -> Option<Length> {
        match &parsed.kind {
            ExprKind::Path(path) if let Some(grain) = Grain::named(&path.text()).filter(|it| *it != Grain::All) => Some(of_grain(grain)),
            ExprKind::Path(_) => {
                self.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "grain-expected"));
                None
            }
            _ => self.length(parsed),
        }
    }
}
