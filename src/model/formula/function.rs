//! Functions over rows: what their arguments must be, and the unit of what they give.

use super::{AGGREGATES, Resolver, VARIANTS, has_broken_scale, label_column, scale_of, scale_text};
use crate::model::row::{Comparison, RowExpr};
use crate::model::rows::RowType;
use crate::model::types::*;
use crate::model::units_of_rows;
use crate::source::Span;
use crate::syntax::expr::{Expr, ExprKind};
use crate::value::{Code, Fact, Num, Unit};

impl Resolver<'_, '_> {
    pub fn function(&mut self, whole: &Expr, name: &str, place: Span, values: &[&Expr], source: SourceId) -> Option<(Function, Unit)> {
        let family = name.split('.').next().unwrap_or(name);
        match (name, values) {
            ("count", []) => Some((Function::Count, Unit::Count)),
            ("count", [value]) => {
                if let ExprKind::Path(path) = &value.kind
                    && self.builder.names.find_source(&path.names) == Some((source.index(), path.names.len()))
                    && self.builder.model.sources[source.index()].column(&path.names[0].value).is_none()
                {
                    return Some((Function::Count, Unit::Count));
                }
                let (expr, of) = self.any(value, source)?;
                if of == RowType::Bool {
                    // `count(x > 3)` counts the rows where the answer is known: hardly what is meant.
                    self.push(Fact::at(Code::WrongArguments, value.span).with("function", name).with("condition", "yes"));
                    return None;
                }
                Some((Function::CountOf(expr), Unit::Count))
            }
            ("distinct", [value]) => {
                let (expr, of) = self.any(value, source)?;
                if of == RowType::Bool {
                    self.push(Fact::at(Code::WrongArguments, value.span).with("function", name).with("condition", "yes"));
                    return None;
                }
                Some((Function::Distinct(expr), Unit::Count))
            }
            ("sum", [value]) => {
                let expr = self.number(value, source)?;
                if self.is_score(&expr) {
                    let fact = Fact::at(Code::AverageOfAverages, value.span).with("what", "sum of scores");
                    let fact = label_column(fact, &self.builder.model, &expr);
                    self.push(fact);
                    return None;
                }
                let unit = units_of_rows::unit_of(&self.builder.model, &expr);
                Some((Function::Sum(expr), unit))
            }
            ("mean" | "min" | "max" | "median" | "stddev", [value]) => {
                let expr = self.number(value, source)?;
                let unit = self.mean_unit(&expr);
                Some(match name {
                    "mean" => (Function::Mean { of: expr, factor: 1.0, offset: 0.0 }, unit),
                    "min" => (Function::Min(expr), unit),
                    "max" => (Function::Max(expr), unit),
                    "median" => (Function::Median(expr), unit),
                    _ => (Function::Stddev(expr), unit.difference()),
                })
            }
            ("percentile", [value, percentile]) => {
                let expr = self.number(value, source)?;
                let number = match &percentile.kind {
                    ExprKind::Number { value, unit } if unit.as_deref().is_none_or(|it| it == "%") => value.to_f64(),
                    _ => f64::NAN,
                };
                // Between 0 and 1 a fraction is meant.
                if !(0.0..=100.0).contains(&number) || (number > 0.0 && number < 1.0) {
                    let reason = if number > 0.0 && number < 1.0 { "percentile-fraction" } else { "percentile-expected" };
                    let fact = Fact::at(Code::FormulaError, percentile.span).with("reason", reason);
                    self.push(fact.with("proposal", crate::words::tidy_number(number * 100.0)));
                    return None;
                }
                let unit = self.mean_unit(&expr);
                Some((Function::Percentile(expr, number), unit))
            }
            ("share", [condition]) => {
                let condition = self.rows_condition(condition, source)?;
                Some((Function::Share(condition), Unit::Percent))
            }
            ("net", [good, bad]) => {
                let (good, bad) = (self.rows_condition(good, source), self.rows_condition(bad, source));
                Some((Function::Net(good?, bad?), Unit::Points))
            }
            ("top_box" | "bottom_box", [value] | [value, _]) => {
                let boxes = match values.get(1).map(|it| &it.kind) {
                    None => 1,
                    Some(ExprKind::Number { value, unit: None }) => value.to_int().unwrap_or(0),
                    Some(_) => 0,
                };
                let (expr, scale) = self.scaled(name, value, source, None)?;
                if boxes < 1 || boxes as f64 > scale.high - scale.low {
                    let span = values.get(1).map_or(whole.span, |it| it.span);
                    self.push(Fact::at(Code::FormulaError, span).with("reason", "boxes"));
                    return None;
                }
                let top = (name == "top_box") == scale.best_high;
                Some((Function::Share(end_of(expr, scale, top, boxes)), Unit::Percent))
            }
            ("nps" | "nps.standard" | "nps.eu", [value]) => {
                let (expr, _) = self.scaled(name, value, source, Some((0.0, 10.0)))?;
                let (high, low) = if name == "nps.eu" { (8, 5) } else { (9, 6) };
                let good = RowExpr::compare(Comparison::GreaterEqual, expr.clone(), Num::int(high));
                let bad = RowExpr::compare(Comparison::LessEqual, expr, Num::int(low));
                Some((Function::Net(good, bad), Unit::Points))
            }
            ("csat" | "csat.top2" | "csat.mean" | "csat.index" | "csat.top_box", [value]) => {
                let (expr, scale) = self.scaled(name, value, source, None)?;
                match name {
                    "csat" if (scale.low, scale.high) != (1.0, 5.0) => {
                        self.variant_needed(name, place);
                        None
                    }
                    "csat" | "csat.top2" => Some((Function::Share(end_of(expr, scale, scale.best_high, 2)), Unit::Percent)),
                    "csat.top_box" => Some((Function::Share(end_of(expr, scale, scale.best_high, 1)), Unit::Percent)),
                    "csat.index" => {
                        let width = scale.high - scale.low;
                        let (factor, offset) = if scale.best_high {
                            (100.0 / width, -scale.low / width * 100.0)
                        } else {
                            (-100.0 / width, scale.high / width * 100.0)
                        };
                        Some((Function::Mean { of: expr, factor, offset }, Unit::Index { low: 0.0, high: 100.0 }))
                    }
                    _ => {
                        let unit = Unit::Score { low: scale.low, high: scale.high };
                        Some((Function::Mean { of: expr, factor: 1.0, offset: 0.0 }, unit))
                    }
                }
            }
            ("ces", _) => {
                self.variant_needed(name, place);
                None
            }
            ("ces.effort" | "ces.agree" | "ces.mean" | "ces.top2" | "ces.net", [value]) => {
                let wanted = match name {
                    "ces.effort" => Some((1.0, 5.0)),
                    "ces.agree" => Some((1.0, 7.0)),
                    _ => None,
                };
                let (expr, scale) = self.scaled(name, value, source, wanted)?;
                let mean = Unit::Score { low: scale.low, high: scale.high };
                Some(match name {
                    "ces.effort" | "ces.mean" => (Function::Mean { of: expr, factor: 1.0, offset: 0.0 }, mean),
                    "ces.agree" => (Function::Share(end_of(expr, scale, scale.best_high, 3)), Unit::Percent),
                    "ces.top2" => (Function::Share(end_of(expr, scale, scale.best_high, 2)), Unit::Percent),
                    _ => {
                        // The easy half less the hard half; the middle of an odd scale is neither.
                        let half = ((scale.high - scale.low + 1.0) / 2.0).floor() as i64;
                        let easy = end_of(expr.clone(), scale, scale.best_high, half);
                        let hard = end_of(expr, scale, !scale.best_high, half);
                        (Function::Net(easy, hard), Unit::Points)
                    }
                })
            }
            _ if matches!(family, "nps" | "csat" | "ces") && name != family && !is_variant(name) => {
                let variants = VARIANTS.iter().find(|it| it.0 == family).map_or("nps.standard, nps.eu", |it| it.1);
                let fact = Fact::at(Code::UnknownFunction, place).with("name", name).with("variants", variants);
                self.push(fact.did_you_mean(name, place, variants.split(", ")));
                None
            }
            _ if !AGGREGATES.contains(&name) && !is_variant(name) => {
                self.push(Fact::at(Code::UnknownFunction, place).with("name", name));
                None
            }
            _ => {
                let expected = match name {
                    "net" | "percentile" => "2",
                    "top_box" | "bottom_box" => "1 or 2",
                    "count" => "0 or 1",
                    _ => "1",
                };
                self.wrong_arguments(whole.span, name, expected, values.len());
                None
            }
        }
    }

    pub fn variant_needed(&mut self, name: &str, place: Span) {
        let variants = VARIANTS.iter().find(|it| it.0 == name).map_or("", |it| it.1);
        self.push(Fact::at(Code::VariantNeeded, place).with("name", name).with("variants", variants));
    }

    /// An answer on a declared scale, of these ends where the function demands them.
    pub fn scaled(&mut self, name: &str, value: &Expr, source: SourceId, wanted: Option<(f64, f64)>) -> Option<(RowExpr, Scale)> {
        let expr = self.number(value, source)?;
        let scale = scale_of(&self.builder.model, &expr);
        let fits = scale.is_some_and(|it| wanted.is_none_or(|wanted| (it.low, it.high) == wanted));
        let whole = scale.is_none_or(|it| it.low.fract() == 0.0 && it.high.fract() == 0.0);
        match scale {
            Some(scale) if fits && whole => Some((expr, scale)),
            None if has_broken_scale(&self.builder.model, &expr) => None,
            _ => {
                let wanted = wanted.map(|it| format!("{}..{}", it.0, it.1));
                let fact = Fact::at(Code::ScaleMismatch, value.span).with("function", name).with_some("wanted", wanted);
                let fact = match scale {
                    Some(_) => fact.with("found", scale_text(scale)),
                    None => fact.with("undeclared", "yes"),
                };
                let fact = label_column(fact, &self.builder.model, &expr);
                self.push(fact);
                None
            }
        }
    }
}

/// The scores of which the field has several formulas, by the names of these (R11).
pub(in crate::model) const SCORES: [&str; 11] = [
    "nps.standard",
    "nps.eu",
    "csat.top2",
    "csat.mean",
    "csat.index",
    "csat.top_box",
    "ces.effort",
    "ces.agree",
    "ces.mean",
    "ces.top2",
    "ces.net",
];

/// Whether a name is that of a score with several formulas.
pub(in crate::model) fn is_variant(name: &str) -> bool {
    SCORES.contains(&name)
}

/// The answers in the outermost `boxes` codes of an end of a scale.
fn end_of(expr: RowExpr, scale: Scale, high: bool, boxes: i64) -> RowExpr {
    if high {
        RowExpr::compare(Comparison::GreaterEqual, expr, Num::int(scale.high as i64 - boxes + 1))
    } else {
        RowExpr::compare(Comparison::LessEqual, expr, Num::int(scale.low as i64 + boxes - 1))
    }
}
