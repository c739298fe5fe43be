//! Figures: arithmetic over KPIs, their parts, assumptions, functions of them.

use super::{AGGREGATES, FIGURES, NOT_YET, Resolver};
use crate::calendar::Length;
use crate::model::body::strip_word;
use crate::model::row::RowExpr;
use crate::model::rows::{self, Scope};
use crate::model::types::*;
use crate::source::Span;
use crate::syntax::Word;
use crate::syntax::expr::{Argument, Expr, ExprKind, Operator, Path};
use crate::value::{Code, Fact, Unit};

impl Resolver<'_, '_> {
    pub fn figure(&mut self, parsed: &Expr) -> Option<KpiExpr> {
        let of = |kind, unit| Some(KpiExpr { span: parsed.span, unit, kind });
        match &parsed.kind {
            ExprKind::Number { value, unit } => {
                let number = value.to_f64();
                match unit.as_deref() {
                    None => of(KpiKind::Number(number), Unit::Number),
                    Some("%") => of(KpiKind::Number(number), Unit::Percent),
                    Some("pp" | "percentage points") => of(KpiKind::Number(number), Unit::PercentagePoints),
                    Some(unit) if unit.starts_with('%') => {
                        self.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "rate"));
                        None
                    }
                    Some(unit) => match rows::seconds(unit) {
                        Some(factor) => of(KpiKind::Number(number * factor as f64), Unit::Duration),
                        None => {
                            self.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "length"));
                            None
                        }
                    },
                }
            }
            // Bare `count` counts the rows of `from` (R4).
            ExprKind::Path(path) if path.text() == "count" && self.builder.names.find(Word::Kpi, "count", parsed.span.file).is_none() => {
                self.call(parsed, path, &[], None)
            }
            ExprKind::Path(path) => {
                if self.is_ambiguous(path) {
                    return None;
                }
                if let Some((assumption, unit)) = self.assumption(path) {
                    return of(KpiKind::Assumption { assumption, value: None }, unit);
                }
                let kpi = self.kpi(path)?;
                of(KpiKind::Kpi { kpi, part: None }, Unit::Number)
            }
            ExprKind::Part { of: inner, conditions } => {
                let ExprKind::Path(path) = &inner.kind else {
                    self.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "part-of-kpi"));
                    return None;
                };
                if self.is_ambiguous(path) {
                    return None;
                }
                if let Some((assumption, unit)) = self.assumption(path) {
                    let value = self.assumed_value(assumption, conditions, parsed.span)?;
                    return of(KpiKind::Assumption { assumption, value: Some(value) }, unit);
                }
                let kpi = self.kpi(path)?;
                let mut part = None;
                for condition in conditions {
                    let resolved = rows::condition(self.builder, condition, Scope::Dimensions(self.context.from))?;
                    part = RowExpr::both(part, Some(resolved));
                }
                of(KpiKind::Kpi { kpi, part }, Unit::Number)
            }
            ExprKind::Prefix { not: false, of: inner } => {
                let inner = self.figure(inner)?;
                of(KpiKind::Negate(Box::new(inner)), Unit::Number)
            }
            ExprKind::Binary { operator, at, left, right } => {
                let operator = match operator {
                    Operator::Add => Arithmetic::Add,
                    Operator::Subtract => Arithmetic::Subtract,
                    Operator::Multiply => Arithmetic::Multiply,
                    Operator::Divide => Arithmetic::Divide,
                    other => {
                        let fact = Fact::at(Code::TypeMismatch, *at).with("what", "condition as figure").with("found", other.text());
                        self.push(fact);
                        return None;
                    }
                };
                let (left, right) = (self.figure(left), self.figure(right));
                of(KpiKind::Binary { operator, left: Box::new(left?), right: Box::new(right?) }, Unit::Number)
            }
            ExprKind::Call { function, arguments, filter } => self.call(parsed, function, arguments, filter.as_deref()),
            ExprKind::Prefix { .. }
            | ExprKind::Between { .. }
            | ExprKind::In { .. }
            | ExprKind::Test { .. }
            | ExprKind::Text(_)
            | ExprKind::Date(_) => {
                self.push(Fact::at(Code::TypeMismatch, parsed.span).with("what", "condition as figure").with("found", "condition"));
                None
            }
            ExprKind::List(_) => {
                self.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "not-a-value"));
                None
            }
            ExprKind::AtLeast(_) => {
                self.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "parts-outside-index"));
                None
            }
        }
    }

    /// Reports a name that a KPI and an assumption have, where both could stand (R3).
    pub fn is_ambiguous(&mut self, path: &Path) -> bool {
        let (false, None, [name]) = (self.context.only_kpis, &path.word, path.names.as_slice()) else { return false };
        let place =
            |word: Word| self.builder.names.find(word, &name.value, name.span.file).map(|it| self.builder.names.of(word)[it].name.span);
        let (Some(first), Some(second)) = (place(Word::Kpi), place(Word::Assumption)) else { return false };
        let fact = Fact::at(Code::AmbiguousName, name.span).with("name", &name.value).with("assumption", "yes");
        let fact = fact.with("meanings", format!("`kpi:{0}`, `assumption:{0}`", name.value));
        self.push(fact.label(first, "first").label(second, "second"));
        true
    }

    /// The assumption that a name stands for (R4).
    pub fn assumption(&mut self, path: &Path) -> Option<(AssumptionId, Unit)> {
        if self.context.only_kpis {
            return None;
        }
        let file = path.names.first()?.span.file;
        let text = path.text();
        let name = strip_word(&text, "assumption");
        let at = self.builder.names.find(Word::Assumption, name, file)?;
        let meant = match path.word.as_deref() {
            Some(word) => word == "assumption",
            None => self.builder.names.find(Word::Kpi, name, file).is_none(),
        };
        meant.then(|| (AssumptionId(at as u32), self.builder.model.assumptions[at].unit.clone()))
    }

    /// The value of its dimension that `avoidable[reason = "Status"]` takes.
    pub fn assumed_value(&mut self, id: AssumptionId, conditions: &[Expr], span: Span) -> Option<String> {
        let mut part = None;
        for condition in conditions {
            part = RowExpr::both(part, Some(rows::condition(self.builder, condition, Scope::Dimensions(None))?));
        }
        let assumption = &self.builder.model.assumptions[id.index()];
        let value = assumption.by.as_ref().zip(part.as_ref()).and_then(|((by, _), part)| crate::model::fixed_value(part, *by));
        let value = value.filter(|it| assumption.estimate(Some(it)).is_some());
        if value.is_none() && !assumption.broken {
            let dimension = assumption.by.as_ref().map(|it| self.builder.model.dimensions[it.0.index()].name.clone());
            let fact = Fact::at(Code::FormulaError, span).with("reason", "part-of-assumption").with("name", &assumption.name);
            let fact = fact.with_some("dimension", dimension).label(assumption.span, "assumption");
            self.builder.out.push(fact);
            return None;
        }
        value.map(str::to_owned)
    }

    pub fn kpi(&mut self, path: &Path) -> Option<KpiId> {
        let span = path.names.first()?.span.to(path.names.last()?.span);
        let name = &path.names[0].value;
        let wanted = path.text();
        let wanted = strip_word(&wanted, "kpi");
        let is_kpi = path.word.as_deref().is_none_or(|it| it == "kpi");
        if is_kpi && let Some(at) = self.builder.names.find(Word::Kpi, wanted, span.file) {
            if self.builder.names.is_pattern(at) {
                let fact = Fact::at(Code::PatternFigure, span).with("name", wanted);
                let place = self.builder.names.of(Word::Kpi)[at].name.span;
                self.push(fact.label(place, "pattern"));
                return None;
            }
            return Some(KpiId(at as u32));
        }
        if self.builder.names.is_broken(name) || self.builder.names.is_broken(wanted) {
            return None;
        }
        let is_column = self.builder.names.find_source(&path.names).is_some_and(|it| it.1 < path.names.len() || path.names.len() == 1)
            || self.context.bound.contains_key(name)
            || self.context.from.is_some_and(|it| self.builder.model.sources[it.index()].column(name).is_some());
        let fact = if is_column {
            Fact::at(Code::ColumnOutsideAggregate, span).with("name", path.text())
        } else {
            self.builder.names.unknown(Word::Kpi, wanted, span)
        };
        self.push(fact);
        None
    }

    pub fn call(&mut self, whole: &Expr, function: &Path, arguments: &[Argument], filter: Option<&Expr>) -> Option<KpiExpr> {
        let name = function.text();
        let place = function.names.first().map_or(whole.span, |it| it.span.to(function.names.last().map_or(it.span, |it| it.span)));
        let family = name.split('.').next().unwrap_or(&name).to_owned();
        if FIGURES.contains(&&*name) || super::value::NAMES.contains(&&*name) {
            if let Some(filter) = filter {
                self.push(Fact::at(Code::FormulaError, filter.span).with("reason", "where-on-kpi"));
                return None;
            }
            return match &*name {
                "clv.simple" => self.simple_value(whole, arguments),
                "clv.discounted" => self.discounted_value(whole, arguments),
                _ => self.figure_call(whole, &name, arguments),
            };
        }
        if super::customers::is_customers(&name) {
            return self.customers(whole, &name, place, arguments, filter);
        }
        if super::outcomes::is_outcome(&name) {
            return self.outcome(whole, &name, place, arguments, filter);
        }
        if !matches!(family.as_str(), "ces" | "csat") && self.variant(&name, &family, place) {
            return None;
        }
        if NOT_YET.contains(&&*name) || NOT_YET.contains(&family.as_str()) {
            self.push(Fact::at(Code::NotYet, place).with("what", &name));
            return None;
        }
        if !AGGREGATES.contains(&family.as_str()) {
            let known = AGGREGATES
                .iter()
                .chain(&FIGURES)
                .chain(&super::value::NAMES)
                .copied()
                .chain(super::customers::names())
                .chain(super::outcomes::names());
            let fact = Fact::at(Code::UnknownFunction, place).with("name", &name).did_you_mean(&name, place, known);
            self.push(fact);
            return None;
        }
        let (aggregate, unit) = self.aggregate(whole, &name, place, arguments, filter)?;
        Some(KpiExpr { span: whole.span, unit, kind: KpiKind::Aggregate(aggregate.into()) })
    }

    pub fn wrong_arguments(&mut self, span: Span, function: &str, expected: &str, found: usize) {
        let fact = Fact::at(Code::WrongArguments, span).with("function", function).with("expected", expected);
        self.push(fact.with("found", found));
    }

    pub fn figure_call(&mut self, whole: &Expr, name: &str, arguments: &[Argument]) -> Option<KpiExpr> {
        let of = |kind| Some(KpiExpr { span: whole.span, unit: Unit::Number, kind });
        let values: Vec<&Expr> = arguments.iter().map(|it| &it.value).collect();
        match (name, values.as_slice()) {
            ("index", []) => {
                self.wrong_arguments(whole.span, name, "1 or more", 0);
                None
            }
            ("index", _) => self.index(whole, arguments),
            ("total", _) => self.total(whole, arguments),
            ("rescale" | "clamp", [figure, ends]) => {
                let inner = Box::new(self.figure(figure)?);
                let ExprKind::Binary { operator: Operator::Range, left, right, .. } = &ends.kind else {
                    self.push(Fact::at(Code::FormulaError, ends.span).with("reason", "range-expected").with("function", name));
                    return None;
                };
                let (low, high) = (self.literal(left)?, self.literal(right)?);
                let written = written_unit(left).or_else(|| written_unit(right));
                if low == high {
                    self.push(Fact::at(Code::FormulaError, ends.span).with("reason", "empty-range").with("function", name));
                    return None;
                }
                of(match name {
                    "clamp" => KpiKind::Clamp { of: inner, low: low.min(high), high: low.max(high), written },
                    _ => KpiKind::Rescale { of: inner, low, high, written },
                })
            }
            ("rolling", [figure, length]) => {
                let inner = self.figure(figure);
                let length = self.length(length)?;
                of(KpiKind::Rolling { of: Box::new(inner?), length })
            }
            ("hold", [figure, length]) => {
                let inner = self.figure(figure);
                let length = self.length(length)?;
                of(KpiKind::Hold { of: Box::new(inner?), length })
            }
            ("previous", [figure]) => {
                let inner = self.figure(figure)?;
                of(KpiKind::Previous(Box::new(inner)))
            }
            ("change", [figure]) => {
                let inner = self.figure(figure)?;
                of(KpiKind::Change { of: Box::new(inner), length: None })
            }
            ("change", [figure, length]) => {
                let inner = self.figure(figure);
                let length = self.length(length)?;
                of(KpiKind::Change { of: Box::new(inner?), length: Some(length) })
            }
            _ => {
                let expected = match name {
                    "previous" => "1",
                    "change" => "1 or 2",
                    _ => "2",
                };
                self.wrong_arguments(whole.span, name, expected, arguments.len());
                None
            }
        }
    }

    /// `total(k, over: reason)`.
    fn total(&mut self, whole: &Expr, arguments: &[Argument]) -> Option<KpiExpr> {
        let found = self.named(whole, "total", arguments, (&["over"], &[]))?;
        let [figure] = found.plain.as_slice() else {
            self.wrong_arguments(whole.span, "total", "1 unnamed", found.plain.len());
            return None;
        };
        let inner = self.figure(figure);
        let over = found.get("over")?;
        let ExprKind::Path(path) = &over.kind else {
            self.push(Fact::at(Code::FormulaError, over.span).with("reason", "dimension-expected"));
            return None;
        };
        let text = path.text();
        let place = self.builder.names.resolve(Word::Dimension, strip_word(&text, "dimension"), over.span, self.builder.out)?;
        let kind = KpiKind::Total { of: Box::new(inner?), over: DimensionId(place as u32) };
        Some(KpiExpr { span: whole.span, unit: Unit::Number, kind })
    }

    /// A number as it stands, in its unit: the ends of `rescale`.
    pub fn literal(&mut self, parsed: &Expr) -> Option<f64> {
        match &parsed.kind {
            ExprKind::Number { value, unit } => {
                let factor = unit.as_deref().and_then(rows::seconds).unwrap_or(1);
                Some(value.to_f64() * factor as f64)
            }
            ExprKind::Prefix { not: false, of } => self.literal(of).map(|it| -it),
            _ => {
                self.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "number-expected"));
                None
            }
        }
    }

    pub fn length(&mut self, parsed: &Expr) -> Option<Length> {
        if let ExprKind::Number { value, unit: Some(unit) } = &parsed.kind
            && let Some(number) = value.to_int().and_then(|it| u32::try_from(it).ok())
            && let Some(length) = Length::new(number, unit)
        {
            return Some(length);
        }
        self.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "length-expected"));
        None
    }

    pub fn index(&mut self, whole: &Expr, arguments: &[Argument]) -> Option<KpiExpr> {
        let mut parts = Vec::new();
        let mut weights: Vec<(f64, bool, Span)> = Vec::new();
        let mut complete = true;
        let mut least: Option<(usize, Span)> = None;
        for argument in arguments {
            if let ExprKind::AtLeast(number) = &argument.value.kind {
                let number = number.to_int().and_then(|it| usize::try_from(it).ok()).unwrap_or(0);
                if let Some((_, first)) = least {
                    let fact = Fact::at(Code::WrongArguments, argument.value.span).with("function", "index").with("twice", "at least");
                    self.push(fact.label(first, "first"));
                    complete = false;
                }
                least = Some((number, argument.value.span));
                continue;
            }
            let Some(label) = &argument.name else {
                match self.figure(&argument.value) {
                    Some(it) => parts.push((it, 1.0)),
                    None => complete = false,
                }
                weights.push((1.0, false, argument.value.span));
                continue;
            };
            let (weight, in_percent) = match &argument.value.kind {
                ExprKind::Number { value, unit: None } => (value.to_f64(), false),
                ExprKind::Number { value, unit: Some(unit) } if unit == "%" => (value.to_f64(), true),
                _ => {
                    self.push(Fact::at(Code::FormulaError, argument.value.span).with("reason", "weight-expected"));
                    complete = false;
                    continue;
                }
            };
            weights.push((weight, in_percent, argument.value.span));
            let earlier = arguments.iter().filter_map(|it| it.name.as_ref()).find(|it| it.value == label.value);
            if let Some(first) = earlier.filter(|it| it.span != label.span) {
                let fact = Fact::at(Code::WrongArguments, label.span).with("function", "index").with("twice", &label.value);
                self.push(fact.label(first.span, "first"));
                complete = false;
                continue;
            }
            let path = Path { word: None, names: vec![label.clone()] };
            match self.kpi(&path) {
                Some(kpi) => {
                    let part = KpiExpr { span: label.span, unit: Unit::Number, kind: KpiKind::Kpi { kpi, part: None } };
                    parts.push((part, weight));
                }
                None => complete = false,
            }
        }
        let Some((first, last)) = weights.first().zip(weights.last()).map(|(first, last)| (first.2, last.2)) else {
            self.wrong_arguments(whole.span, "index", "1 or more", 0);
            return None;
        };
        if let Some((number, place)) = least.filter(|it| it.0 == 0 || it.0 > weights.len()) {
            let fact = Fact::at(Code::FormulaError, place).with("reason", "least-parts").with("least", number);
            let fact = fact.with("parts", weights.len()).with_some("single", (weights.len() == 1).then_some("yes"));
            self.push(fact);
            complete = false;
        }
        let percents = weights.iter().filter(|it| it.1).count();
        let total: f64 = weights.iter().filter(|it| it.1).map(|it| it.0).sum();
        if percents > 0 && (percents < weights.len() || (total - 100.0).abs() > 1e-9) {
            let fact = Fact::at(Code::WeightsNot100, first.to(last)).with("total", crate::words::tidy_number(total));
            self.push(fact.with_some("mixed", (percents < weights.len()).then_some("yes")));
            complete = false;
        }
        if weights.iter().all(|it| it.0 == 0.0) && complete {
            self.push(Fact::at(Code::WeightsNot100, whole.span).with("total", "0"));
            complete = false;
        }
        let kind = KpiKind::Index { parts, least: least.map(|it| it.0) };
        complete.then_some(KpiExpr { span: whole.span, unit: Unit::Number, kind })
    }
}

/// The unit behind a number, or behind one with a sign.
fn written_unit(parsed: &Expr) -> Option<String> {
    match &parsed.kind {
        ExprKind::Number { unit, .. } => unit.clone(),
        ExprKind::Prefix { of, .. } => written_unit(of),
        _ => None,
    }
}
