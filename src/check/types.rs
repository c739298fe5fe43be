//! Are units and bases respected? Every part of a formula gets its unit; what cannot be combined is an error there.

use super::Traits;
use super::cuts::{check_part, lacking, overlapping};
use super::kept::Keeper;
use super::needs::{self, Need};
use crate::calendar::{Grain, Length};
use crate::graph::Graph;
use crate::model::{
    Aggregate, Arithmetic, Composed, DimensionId, Function, KpiExpr, KpiId, KpiKind, Model, Rows, is_unit, per_many, seconds_in,
};
use crate::source::Span;
use crate::value::{Code, Diagnostics, Fact, Unit};
use crate::words::tidy_number;
use std::sync::Arc;

/// KPIs that may stand below one another in formulas, and items that one figure may be made of.
const MAX_DEPTH: usize = 100;
const MAX_ITEMS: usize = 10_000;
/// Assumptions with ends that one figure may rest on: it is computed at every combination of them.
const MAX_ASSUMPTIONS: usize = 8;

/// Settles the unit of every KPI, each after those that it names.
pub(super) fn settle(model: &mut Model, graph: &Graph, keeper: &mut Keeper, out: &mut Diagnostics) -> Vec<Traits> {
    let mut traits = vec![Traits::default(); model.kpis.len()];
    for id in graph.kpi_order() {
        if let Some(known) = keeper.known(id.index()) {
            traits[id.index()] = known.traits.clone();
            model.kpis[id.index()] = Arc::clone(&known.kpi);
            continue;
        }
        let before = out.len();
        let Some(mut formula) = Arc::make_mut(&mut model.kpis[id.index()]).formula.take() else {
            if model.kpis[id.index()].planned {
                traits[id.index()].planned = true;
                let unit = written(model, *id, out);
                Arc::make_mut(&mut model.kpis[id.index()]).unit = unit;
            }
            continue;
        };
        let grain = model.kpis[id.index()].judged_per.or(model.project.grain).unwrap_or(Grain::Quarter);
        let percent = model.kpis[id.index()].written_unit.as_ref().is_some_and(|it| it.value.trim() == "%");
        let mut typer = Typer { model, traits: &traits, out, own: Traits::default(), grain, percent };
        let unit = typer.formula(&mut formula);
        let mut own = typer.own;
        own.depth += 1;
        own.planned |= model.kpis[id.index()].planned;
        let ranges = own.assumptions.iter().filter(|it| model.assumptions[it.index()].estimates().any(|it| it.ends.is_some())).count();
        let limit = [
            ("KPIs below one another", own.depth, MAX_DEPTH),
            ("items in a figure", own.items, MAX_ITEMS),
            ("assumptions in a figure", ranges, MAX_ASSUMPTIONS),
        ];
        if let Some((what, _, limit)) = limit.into_iter().find(|it| it.1 > it.2) {
            let kpi = Arc::make_mut(&mut model.kpis[id.index()]);
            if !own.too_large {
                out.push(Fact::at(Code::LimitExceeded, kpi.span).with("what", what).with("limit", limit));
            }
            own.too_large = true;
            traits[id.index()] = own;
            kpi.broken = true;
            kpi.formula = Some(formula);
            continue;
        }
        needs::settle(model, *id, &mut own, out);
        // A figure of nothing but numbers has no period, no base and no date.
        let unit = unit.filter(|_| {
            let rests = !own.sources.is_empty() || !own.assumptions.is_empty() || own.planned;
            if !rests {
                out.push(Fact::at(Code::FormulaError, formula.span).with("reason", "no-data"));
            }
            rests
        });
        own.total = unit.is_some() && total(&formula, &traits);
        let unit = unit.and_then(|unit| declared(model, *id, unit, &mut formula, out));
        if out.len() == before {
            keeper.settled(model, *id, &formula, unit.as_ref(), &own);
        }
        traits[id.index()] = own;
        let kpi = Arc::make_mut(&mut model.kpis[id.index()]);
        kpi.broken |= unit.is_none();
        kpi.unit = unit;
        kpi.formula = Some(formula);
    }
    traits
}

pub(super) fn total(formula: &KpiExpr, traits: &[Traits]) -> bool {
    match &formula.kind {
        KpiKind::Aggregate(it) => matches!(it.function, Function::Count | Function::CountOf(_) | Function::Sum(_) | Function::Distinct(_)),
        KpiKind::Kpi { kpi, .. } => traits[kpi.index()].total,
        KpiKind::Negate(of)
        | KpiKind::Scaled { of, .. }
        | KpiKind::Rolling { of, .. }
        | KpiKind::Hold { of, .. }
        | KpiKind::Total { of, .. }
        | KpiKind::Previous(of) => total(of, traits),
        KpiKind::Binary { operator: Arithmetic::Add | Arithmetic::Subtract, left, right } => total(left, traits) && total(right, traits),
        KpiKind::Binary { operator: Arithmetic::Multiply, left, right } => total(left, traits) || total(right, traits),
        _ => false,
    }
}

/// Whether figures of parts add up to the figure of the whole: rows and sums of rows, times what holds for each part.
/// The same customer may be in several parts.
fn adds(model: &Model, formula: &KpiExpr) -> bool {
    match &formula.kind {
        KpiKind::Aggregate(it) => matches!(it.function, Function::Count | Function::CountOf(_) | Function::Sum(_)),
        KpiKind::Kpi { kpi, .. } => model.kpis[kpi.index()].formula.as_ref().is_some_and(|it| adds(model, it)),
        KpiKind::Negate(of)
        | KpiKind::Scaled { of, .. }
        | KpiKind::Rolling { of, .. }
        | KpiKind::Previous(of)
        | KpiKind::Change { of, .. }
        | KpiKind::Total { of, .. } => adds(model, of),
        KpiKind::Binary { operator: Arithmetic::Add | Arithmetic::Subtract, left, right } => adds(model, left) && adds(model, right),
        KpiKind::Binary { operator: Arithmetic::Multiply, left, right } => adds(model, left) || adds(model, right),
        KpiKind::Binary { operator: Arithmetic::Divide, left, right } => adds(model, left) && !adds(model, right),
        _ => false,
    }
}

/// The sum of a KPI over a dimension, where its parts add up.
pub(super) fn total_over(model: &Model, kpi: KpiId, over: DimensionId) -> Option<KpiExpr> {
    let own = &model.kpis[kpi.index()];
    let (formula, unit) = (own.formula.as_ref()?, own.unit.clone()?);
    let fits = unit.is_additive() && adds(model, formula) && !holds(model, formula, is_total);
    let of = KpiExpr { span: own.span, unit: unit.clone(), kind: KpiKind::Kpi { kpi, part: None } };
    fits.then(|| KpiExpr { span: own.span, unit, kind: KpiKind::Total { of: Box::new(of), over } })
}

/// Whether something of a kind is in a formula, or in one that it names.
fn holds(model: &Model, formula: &KpiExpr, is_it: fn(&KpiKind) -> bool) -> bool {
    let mut found = false;
    formula.walk(&mut |it| {
        found |= is_it(&it.kind);
        if let KpiKind::Kpi { kpi, .. } = &it.kind {
            found |= model.kpis[kpi.index()].formula.as_ref().is_some_and(|it| holds(model, it, is_it));
        }
    });
    found
}

fn is_total(of: &KpiKind) -> bool {
    matches!(of, KpiKind::Total { .. })
}

fn is_hold(of: &KpiKind) -> bool {
    matches!(of, KpiKind::Hold { .. })
}

/// The unit that a KPI says that has no formula yet.
fn written(model: &Model, id: KpiId, out: &mut Diagnostics) -> Option<Unit> {
    let kpi = &model.kpis[id.index()];
    let span = kpi.written_unit.as_ref()?.span;
    declared(model, id, Unit::Number, &mut KpiExpr { span, unit: Unit::Number, kind: KpiKind::Number(0.0) }, out)
}

/// The unit that the KPI says, where its formula leaves one open; another one is a conflict.
fn declared(model: &Model, id: KpiId, unit: Unit, formula: &mut KpiExpr, out: &mut Diagnostics) -> Option<Unit> {
    let kpi = &model.kpis[id.index()];
    let Some(written) = &kpi.written_unit else { return Some(unit) };
    // `money` is money of the project's currency.
    let currency = match model.libraries.at(written.span) {
        Some(library) => library.currency.as_deref(),
        None => model.project.currency.as_deref(),
    };
    let currency = currency.filter(|_| written.value.trim() == "money");
    let text = currency.unwrap_or(written.value.trim());
    let text = if text == "pp" { "percentage points" } else { text };
    // What is no unit was reported where it was read.
    if !is_unit(text, currency) {
        return None;
    }
    let hand = by_hand(formula);
    let whole = formula.span;
    let mut scaled = |factor: f64, to: Unit| {
        let inner = std::mem::replace(formula, KpiExpr { span: whole, unit: to.clone(), kind: KpiKind::Number(0.0) });
        formula.kind = KpiKind::Scaled { of: Box::new(inner), factor };
        Some(to)
    };
    let per = per_many(text);
    match (&unit, text) {
        (Unit::Ratio, "%") => {
            if let Some(factor) = hand {
                let fact = Fact::at(Code::HandMadeUnit, factor.span).with("factor", factor.value).with("unit", "%");
                out.push(fact.label(written.span, "unit").rewrite(factor.whole, ""));
                return None;
            }
            scaled(100.0, Unit::Percent)
        }
        (Unit::Ratio | Unit::Number, _) if per.is_some() => {
            let factor = per.unwrap_or(1.0);
            if let Some(place) = hand {
                let fact = Fact::at(Code::HandMadeUnit, place.span).with("factor", factor).with("unit", text);
                out.push(fact.label(written.span, "unit").rewrite(place.whole, ""));
                return None;
            }
            scaled(factor, Unit::Per { words: text.to_owned(), factor })
        }
        (Unit::Number, _) if seconds_in(text).is_some() => scaled(seconds_in(text).unwrap_or(1.0), Unit::Duration),
        (Unit::Number, _) if is_currency(text) => scaled(1.0, Unit::Money(text.to_owned())),
        (Unit::Number, "%") => scaled(1.0, Unit::Percent),
        (Unit::Number, "points") => scaled(1.0, Unit::Points),
        (Unit::Number | Unit::Ratio, "count" | "ratio" | "number") => Some(unit),
        _ if unit.name() == text => Some(unit),
        (Unit::Duration, _) if seconds_in(text).is_some() => Some(unit),
        (Unit::Number | Unit::Ratio, _) => scaled(1.0, Unit::Per { words: text.to_owned(), factor: 1.0 }),
        _ => {
            let fact = Fact::at(Code::UnitConflict, written.span).with("written", text).with("found", unit.name());
            out.push(fact.label(whole, "formula"));
            None
        }
    }
}

/// Where a ratio is multiplied by 100 or 1,000 by hand.
fn by_hand(formula: &KpiExpr) -> Option<Factor> {
    let KpiKind::Binary { operator: Arithmetic::Multiply, left, right } = &formula.kind else { return None };
    factor_of(left, right)
}

/// A factor that makes a unit by hand: where it stands, and what is to go if it goes.
struct Factor {
    span: Span,
    whole: Span,
    value: f64,
}

fn factor_of(left: &KpiExpr, right: &KpiExpr) -> Option<Factor> {
    let value = |it: &KpiExpr| match it.kind {
        KpiKind::Number(value) if value == 100.0 || value == 1000.0 => Some(value),
        _ => None,
    };
    let whole = |start: u32, end: u32| Span { start, end, ..left.span };
    match (value(left), value(right)) {
        (Some(value), _) => Some(Factor { span: left.span, whole: whole(left.span.start, right.span.start), value }),
        (None, Some(value)) => Some(Factor { span: right.span, whole: whole(left.span.end, right.span.end), value }),
        (None, None) => None,
    }
}

/// Where the upper part of a ratio is multiplied by 100 or 1,000: `100 * count(a) / count(b)`.
fn hand_factor(formula: &KpiExpr) -> Option<Factor> {
    match &formula.kind {
        KpiKind::Binary { operator: Arithmetic::Multiply, left, right } => {
            by_hand(formula).or_else(|| hand_factor(left)).or_else(|| hand_factor(right))
        }
        KpiKind::Binary { operator: Arithmetic::Divide, left, .. } => hand_factor(left),
        _ => None,
    }
}

fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|it| it.is_ascii_uppercase())
}

struct Typer<'a> {
    model: &'a Model,
    traits: &'a [Traits],
    out: &'a mut Diagnostics,
    own: Traits,
    /// The grain that the KPI is given at where nobody asks for another.
    grain: Grain,
    /// Whether the KPI says `unit %`.
    percent: bool,
}

impl Typer<'_> {
    /// Reports a factor that makes a unit by hand. Where the unit is there without it, it can go.
    fn hand_made(&mut self, factor: &Factor, percent: bool) {
        let fact = Fact::at(Code::HandMadeUnit, factor.span).with("factor", factor.value).with("unit", "%");
        let goes = factor.value == 100.0 && (percent || self.percent);
        self.out.push(if goes { fact.rewrite(factor.whole, "") } else { fact });
    }

    fn formula(&mut self, formula: &mut KpiExpr) -> Option<Unit> {
        let span = formula.span;
        let unit = match &mut formula.kind {
            KpiKind::Number(_) => Some(formula.unit.clone()),
            KpiKind::Assumption { assumption, value } => {
                let id = *assumption;
                let assumption = &self.model.assumptions[id.index()];
                if !self.own.assumptions.contains(&id) {
                    self.own.assumptions.push(id);
                }
                if let (None, Some((by, _))) = (value, &assumption.by) {
                    self.own.needs.push(Need { dimension: *by, assumption: id, span });
                }
                (!assumption.broken).then(|| formula.unit.clone())
            }
            KpiKind::Aggregate(aggregate) => {
                self.own.add_item(self.model, aggregate);
                Some(formula.unit.clone())
            }
            KpiKind::Kpi { kpi, part } => {
                let id = *kpi;
                let part = part.clone();
                for source in self.traits[id.index()].sources.clone() {
                    self.own.read(source);
                }
                self.own.timeless = self.own.timeless.or(self.traits[id.index()].timeless);
                self.own.windowed |= self.traits[id.index()].windowed;
                self.own.pooled.extend(&self.traits[id.index()].pooled);
                self.own.only_at = self.own.only_at.or(self.traits[id.index()].only_at);
                self.own.planned |= self.traits[id.index()].planned;
                self.own.depth = self.own.depth.max(self.traits[id.index()].depth);
                self.own.items = self.own.items.saturating_add(self.traits[id.index()].items);
                self.own.too_large |= self.traits[id.index()].too_large;
                for it in &self.traits[id.index()].assumptions {
                    if !self.own.assumptions.contains(it) {
                        self.own.assumptions.push(*it);
                    }
                }
                for it in &self.traits[id.index()].needs {
                    if part.as_ref().is_none_or(|part| crate::model::fixed_value(part, it.dimension).is_none()) {
                        self.own.needs.push(Need { span, ..*it });
                    }
                }
                if let Some(part) = part {
                    check_part(self.model, self.traits, id, &part, span, self.out);
                }
                self.model.kpis[id.index()].unit.clone()
            }
            KpiKind::Negate(of) => self.formula(of),
            KpiKind::Scaled { of, .. } => self.formula(of),
            KpiKind::Binary { operator, left, right } => {
                let operator = *operator;
                let (a, b) = (self.formula(left), self.formula(right));
                let (mut a, mut b) = (a?, b?);
                // A percentage of a total is that part of it.
                let of_total = |unit: &Unit| matches!(unit, Unit::Count | Unit::Money(_) | Unit::Duration);
                let multiplied = operator == Arithmetic::Multiply;
                // So is what it rises or falls by; a rate is divided as what it is a rate of.
                let is_part = |unit: &Unit| *unit == Unit::Percent || (multiplied && *unit == Unit::PercentagePoints);
                let is_divided = |unit: &Unit| of_total(unit) || matches!(unit, Unit::Rate { .. });
                if is_part(&b) && ((multiplied && of_total(&a)) || (operator == Arithmetic::Divide && is_divided(&a))) {
                    b = as_part(right);
                } else if multiplied && is_part(&a) && of_total(&b) {
                    a = as_part(left);
                }
                if multiplied {
                    // A time times an amount per hour: times are in seconds.
                    for (figure, unit, other) in [(&mut *left, &a, &b), (&mut *right, &b, &a)] {
                        if let Unit::Rate { per, .. } = other
                            && per.measures(unit)
                        {
                            scale_by(figure, per.factor());
                        }
                    }
                }
                self.binary(span, operator, (&*left, a), (&*right, b))
            }
            KpiKind::Composed { formula, parts } => self.composed(span, formula, parts),
            KpiKind::Index { parts, .. } => self.index(parts),
            KpiKind::Rescale { of, low, high, written } => {
                let (low, high, written) = (*low, *high, written.clone());
                let unit = self.formula(of)?;
                if !self.ends_fit(span, "rescale", &unit, (low, high), written.as_deref()) {
                    return None;
                }
                if let Some((least, most)) = unit.range()
                    && (low.min(high) < least || low.max(high) > most)
                {
                    let fact = Fact::at(Code::NormOutOfRange, span).with("value", format!("{low} .. {high}")).with("unit", unit.name());
                    self.out.push(fact.with("low", least).with("high", most));
                    return None;
                }
                Some(Unit::Index { low: 0.0, high: 100.0 })
            }
            KpiKind::Clamp { of, low, high, written } => {
                let (low, high, written) = (*low, *high, written.clone());
                let unit = self.formula(of)?;
                if !self.ends_fit(span, "clamp", &unit, (low, high), written.as_deref()) {
                    return None;
                }
                Some(unit)
            }
            KpiKind::Rolling { of, length } => {
                let length = *length;
                let unit = self.window(of, span, "rolling");
                unit.filter(|_| self.length_fits(length, span, "rolling") && self.pools(length, span))
            }
            KpiKind::Total { of, over } => {
                let over = *over;
                self.total(of, over, span)
            }
            KpiKind::Hold { of, length } => {
                let length = *length;
                let unit = self.window(of, span, "hold");
                unit.filter(|_| self.length_fits(length, span, "hold"))
            }
            KpiKind::Previous(of) => self.window(of, span, "previous"),
            KpiKind::Change { of, length } => {
                let length = *length;
                let unit = self.window(of, span, "change");
                unit.filter(|_| length.is_none_or(|it| self.length_fits(it, span, "change"))).map(|it| it.difference())
            }
        }?;
        formula.unit = unit.clone();
        Some(unit)
    }

    /// The sum over the values of a dimension: of what adds up, and has the dimension.
    fn total(&mut self, of: &mut KpiExpr, over: DimensionId, span: Span) -> Option<Unit> {
        let sources = std::mem::take(&mut self.own.sources);
        let needs = std::mem::take(&mut self.own.needs);
        let unit = self.formula(of);
        let own = std::mem::replace(&mut self.own.sources, sources);
        own.iter().for_each(|it| self.own.read(*it));
        // It is what an assumption by value is cut by.
        let inner = std::mem::replace(&mut self.own.needs, needs);
        self.own.needs.extend(inner.into_iter().filter(|it| it.dimension != over));
        let unit = unit?;
        if holds(self.model, of, is_total) {
            self.out.push(Fact::at(Code::FormulaError, span).with("reason", "nested-total"));
            return None;
        }
        if !unit.is_additive() || !adds(self.model, of) {
            let fact = Fact::at(Code::AverageOfAverages, span).with("what", "total").with("unit", unit.name());
            self.out.push(fact.with_some("of", self.origin(of)));
            return None;
        }
        for source in own {
            if let Some(fact) = lacking(self.model, over, source, span).or_else(|| overlapping(self.model, over, source, span)) {
                self.out.push(fact);
                return None;
            }
            crate::model::dimension_on(self.model, over, source)?;
        }
        Some(unit)
    }

    fn window(&mut self, of: &mut KpiExpr, span: Span, function: &'static str) -> Option<Unit> {
        // Other parts of the formula may have windows of their own.
        self.own.windowed = false;
        let unit = self.formula(of);
        let windowed = std::mem::replace(&mut self.own.windowed, true);
        let unit = unit?;
        if let Some(source) = self.own.timeless {
            let source = &self.model.sources[source.index()];
            if source.broken {
                return None;
            }
            let fact = Fact::at(Code::NeedsTime, span).with("function", function).with("name", &source.name);
            self.out.push(fact.label(source.span, "source"));
            return None;
        }
        if function == "hold" && holds(self.model, of, is_hold) {
            self.out.push(Fact::at(Code::FormulaError, span).with("reason", "nested-hold"));
            return None;
        }
        if function == "rolling" && windowed {
            let fact = Fact::at(Code::FormulaError, span).with("reason", "nested-window");
            let own = over(of);
            self.out.push(fact.with_some("customers", own.map(|_| "yes")).with_some("over", own.filter(|it| !it.is_empty())));
            return None;
        }
        Some(unit)
    }

    /// Whether a window is a whole number of the periods that there are: those of the sources, and for a change and for
    /// what is held also those that the KPI is given for, since figures are subtracted and held whole.
    fn length_fits(&mut self, length: Length, span: Span, function: &'static str) -> bool {
        // A year before a week is the week of that number.
        if length == Length::Years(1) && function == "change" {
            return true;
        }
        let mut grain = self.grain;
        for source in &self.own.sources {
            let source = &self.model.sources[source.index()];
            let Some(own) = source.constant_grain().or(source.cadence) else { continue };
            if length.periods_of(own).is_none() {
                let fact = Fact::at(Code::WindowLength, span).with("length", length).with("grain", own).with("source", &source.name);
                self.out.push(fact.label(source.span, "source"));
                return false;
            }
            if own.is_coarser_than(grain) {
                grain = own;
            }
        }
        if matches!(function, "change" | "hold") && length.periods_of(grain).is_none() {
            self.out.push(Fact::at(Code::WindowLength, span).with("length", length).with("grain", grain));
            return false;
        }
        true
    }

    /// Whether a window is a whole number of the periods that a rate of customers is for: these are counted together.
    fn pools(&mut self, length: Length, span: Span) -> bool {
        let broken = self.own.pooled.iter().find(|it| length.periods_of(**it).is_none());
        if let Some(grain) = broken {
            self.out.push(Fact::at(Code::WindowLength, span).with("length", length).with("grain", grain).with("rate", "yes"));
            return false;
        }
        true
    }

    /// The unit of a formula of the field.
    fn composed(&mut self, span: Span, formula: &mut Composed, parts: &mut [KpiExpr]) -> Option<Unit> {
        let units: Vec<Option<Unit>> = parts.iter_mut().map(|it| self.formula(it)).collect();
        let units: Vec<Unit> = units.into_iter().collect::<Option<_>>()?;
        match (formula, parts, units.as_slice()) {
            (Composed::Discounted { per, .. }, [margin, retention], [of_margin, of_retention]) => {
                if *of_retention != Unit::Percent {
                    let fact = Fact::at(Code::FormulaError, retention.span).with("reason", "retention-expected");
                    self.out.push(fact.with("found", of_retention.name()));
                    return None;
                }
                if !matches!(of_margin, Unit::Money(_) | Unit::Number) {
                    let fact = Fact::at(Code::FormulaError, margin.span).with("reason", "margin-expected");
                    self.out.push(fact.with("found", of_margin.name()));
                    return None;
                }
                *per = Some(self.period_of_retention(span, retention, *per)?);
                if grows(self.model, margin) {
                    self.own.only_at = *per;
                }
                Some(of_margin.clone())
            }
            (Composed::Responded(_), [.., eligible], [.., unit]) => {
                let outside = matches!(eligible.kind, KpiKind::Number(value) if !(value > 0.0 && value <= 100.0));
                if *unit != Unit::Percent || outside {
                    let fact = Fact::at(Code::FormulaError, eligible.span).with("reason", "eligible-expected");
                    self.out.push(fact);
                    return None;
                }
                Some(Unit::Percent)
            }
            _ => None,
        }
    }

    /// The period over which a retention is: as its formula says, else as is said.
    fn period_of_retention(&mut self, span: Span, retention: &KpiExpr, said: Option<Length>) -> Option<Length> {
        let mut found: Vec<Length> = Vec::new();
        stretches(self.model, retention, &mut found);
        match (found.as_slice(), said) {
            ([], None) => {
                let fact = Fact::at(Code::WrongArguments, span).with("function", "clv.discounted").with("lacking", "`per:`");
                self.out.push(fact.with("first", "per"));
                None
            }
            ([], Some(said)) => Some(said),
            ([own], None) => Some(*own),
            ([own], Some(said)) if *own == said => Some(said),
            ([own, ..], _) => {
                let fact = Fact::at(Code::FormulaError, span).with("reason", "period-of-retention").with("own", own);
                self.out.push(fact.with_some("other", found.get(1).copied().or(said)));
                None
            }
        }
    }

    /// Whether the ends of `rescale` are in the unit of the figure.
    fn ends_fit(&mut self, span: Span, function: &'static str, unit: &Unit, ends: (f64, f64), written: Option<&str>) -> bool {
        let fits = match (unit, written) {
            (Unit::Percent | Unit::PercentOfStart, None) if ends.0.abs() <= 1.0 && ends.1.abs() <= 1.0 => {
                let percent = |it: f64| tidy_number(it * 100.0);
                let fact = Fact::at(Code::NormOutOfRange, span).with("value", format!("{} .. {}", ends.0, ends.1)).with("unit", "%");
                let fact = fact.with("proposal", format!("{} % .. {} %", percent(ends.0), percent(ends.1)));
                self.out.push(fact.with("low", 0).with("high", 100));
                return false;
            }
            (_, None) | (Unit::Percent | Unit::PercentOfStart | Unit::PercentagePoints, Some("%")) => true,
            (Unit::PercentagePoints, Some("pp" | "percentage points")) => true,
            (Unit::Duration, Some(written)) => seconds_in(written).is_some(),
            _ => false,
        };
        if !fits {
            let fact = Fact::at(Code::UnitConflict, span).with("ends", function).with("found", unit.name());
            self.out.push(fact.with_some("written", written));
        }
        fits
    }

    fn index(&mut self, parts: &mut [(KpiExpr, f64)]) -> Option<Unit> {
        let mut units: Vec<(Span, Unit)> = Vec::new();
        let mut complete = true;
        for (part, _) in parts {
            match self.formula(part) {
                Some(unit) => units.push((part.span, unit)),
                None => complete = false,
            }
        }
        let (first_span, first) = units.first().cloned()?;
        if first.is_additive() || matches!(first, Unit::Ratio | Unit::Per { .. }) {
            let fact = Fact::at(Code::MixedScales, first_span).with("first", first.name()).with("range", "none");
            self.out.push(fact);
            return None;
        }
        for (span, unit) in &units[1..] {
            if *unit != first {
                let fact = Fact::at(Code::MixedScales, *span).with("first", first.name()).with("second", unit.name());
                self.out.push(fact.label_with(first_span, "first", vec![("unit", first.name())]));
                return None;
            }
        }
        complete.then_some(first)
    }

    fn binary(&mut self, span: Span, operator: Arithmetic, left: (&KpiExpr, Unit), right: (&KpiExpr, Unit)) -> Option<Unit> {
        let ((left, a), (right, b)) = (left, right);
        let literal = |it: &KpiExpr| matches!(it.kind, KpiKind::Number(_)) && it.unit == Unit::Number;
        match operator {
            Arithmetic::Add | Arithmetic::Subtract => {
                if a != b {
                    // The rest of a ratio: `1 - few / all`.
                    if (literal(left) && b == Unit::Ratio) || (literal(right) && a == Unit::Ratio) {
                        return Some(Unit::Ratio);
                    }
                    // The rest of what there was: `100 % - grr`.
                    let whole = |it: &KpiExpr| it.unit == Unit::Percent && matches!(it.kind, KpiKind::Number(_));
                    if (whole(left) && b == Unit::PercentOfStart) || (whole(right) && a == Unit::PercentOfStart) {
                        return Some(Unit::PercentOfStart);
                    }
                    // Both are percentages: what is gained is `nrr - grr`.
                    let percent = |it: &Unit| matches!(it, Unit::Percent | Unit::PercentOfStart);
                    if operator == Arithmetic::Subtract && percent(&a) && percent(&b) {
                        return Some(Unit::PercentagePoints);
                    }
                    // A plain number takes the unit of a plain count or number.
                    if (literal(left) && b.is_additive()) || (literal(right) && a.is_additive()) {
                        return Some(if literal(left) { b } else { a });
                    }
                    // A figure and a difference of such figures: `nps + change(nps)`.
                    if b == a.difference() {
                        return Some(a);
                    }
                    return self.mixed(span, operator, (left, &a), (right, &b));
                }
                if a.is_additive() {
                    return Some(a);
                }
                if operator == Arithmetic::Subtract {
                    // The rest of a share is a share: `100 % - churn`.
                    let whole = a == Unit::Percent && matches!(left.kind, KpiKind::Number(value) if value == 100.0);
                    return Some(if whole { a } else { a.difference() });
                }
                if a == Unit::Percent && same_base(self.model, left, right) {
                    return Some(a);
                }
                let is_difference = matches!(a, Unit::PercentagePoints | Unit::Difference(_));
                if is_difference || a == Unit::Ratio {
                    return Some(a);
                }
                let code = if a == Unit::Percent { Code::DifferentBases } else { Code::AverageOfAverages };
                let fact = Fact::at(code, span).with("what", "addition").with("unit", a.name());
                self.out.push(fact.label(left.span, "left").label(right.span, "right"));
                None
            }
            Arithmetic::Multiply => match (a, b) {
                (Unit::Number, unit) | (unit, Unit::Number) => {
                    if let Some(factor) = factor_of(left, right)
                        && matches!(unit, Unit::Percent | Unit::Ratio)
                    {
                        self.hand_made(&factor, unit == Unit::Percent);
                        return None;
                    }
                    let number = [left, right].into_iter().find(|it| literal(it));
                    number.is_none_or(|it| self.may_scale(it, &unit)).then_some(unit)
                }
                (Unit::Count, unit @ (Unit::Money(_) | Unit::Duration | Unit::Count))
                | (unit @ (Unit::Money(_) | Unit::Duration), Unit::Count) => Some(unit),
                (Unit::Ratio, unit) | (unit, Unit::Ratio) => Some(unit),
                (Unit::Rate { of, per }, unit) | (unit, Unit::Rate { of, per }) if per.measures(&unit) => Some(*of),
                (a, b) => self.mixed(span, operator, (left, &a), (right, &b)),
            },
            Arithmetic::Divide if matches!(right.kind, KpiKind::Number(value) if value == 0.0) => {
                self.out.push(Fact::at(Code::FormulaError, right.span).with("reason", "zero"));
                None
            }
            Arithmetic::Divide => match (a, b) {
                (a, b) if a == b => {
                    if let Some(factor) = hand_factor(left) {
                        self.hand_made(&factor, false);
                        return None;
                    }
                    Some(Unit::Ratio)
                }
                (unit, Unit::Number) => (!literal(right) || self.may_scale(right, &unit)).then_some(unit),
                (unit @ (Unit::Money(_) | Unit::Duration), Unit::Count) => Some(unit),
                (unit, Unit::Ratio) => Some(unit),
                (Unit::Number, Unit::Count) => Some(Unit::Number),
                (a, b) => self.mixed(span, operator, (left, &a), (right, &b)),
            },
        }
    }

    /// Whether a figure may be multiplied by or divided by a plain number: a place on a scale may not, and a time is not
    /// turned into minutes by hand.
    fn may_scale(&mut self, number: &KpiExpr, unit: &Unit) -> bool {
        let KpiKind::Number(factor) = number.kind else { return true };
        if unit.range().is_some() {
            let fact = Fact::at(Code::ScaledScore, number.span).with("unit", unit.name());
            self.out.push(fact.with("factor", tidy_number(factor)));
            return false;
        }
        if *unit == Unit::Duration && matches!(factor, 60.0 | 3_600.0) {
            let fact = Fact::at(Code::HandMadeUnit, number.span).with("factor", tidy_number(factor));
            self.out.push(fact.with("unit", unit.name()));
            return false;
        }
        true
    }

    /// What a figure is, for who reads why its unit is what it is.
    fn origin(&self, figure: &KpiExpr) -> Option<String> {
        match &figure.kind {
            KpiKind::Kpi { kpi, .. } => Some(self.model.kpis[kpi.index()].name.clone()),
            KpiKind::Aggregate(it) => it.text.split('(').next().map(str::to_owned),
            KpiKind::Index { .. } => Some("index".to_owned()),
            KpiKind::Rescale { .. } => Some("rescale".to_owned()),
            KpiKind::Change { .. } => Some("change".to_owned()),
            KpiKind::Rolling { of, .. }
            | KpiKind::Previous(of)
            | KpiKind::Hold { of, .. }
            | KpiKind::Clamp { of, .. }
            | KpiKind::Negate(of)
            | KpiKind::Total { of, .. } => self.origin(of),
            _ => None,
        }
    }

    fn mixed(&mut self, span: Span, operator: Arithmetic, left: (&KpiExpr, &Unit), right: (&KpiExpr, &Unit)) -> Option<Unit> {
        let sign = match operator {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide => "/",
        };
        let fact = Fact::at(Code::MixedUnits, span).with("operator", sign).with("left", left.1.name()).with("right", right.1.name());
        let origin = |it: &KpiExpr| self.origin(it).map(|it| ("of", it)).into_iter().collect::<Vec<_>>();
        let fact = fact.label_with(left.0.span, "left", origin(left.0)).label_with(right.0.span, "right", origin(right.0));
        self.out.push(fact);
        None
    }
}

/// The periods over which the customers in a figure stay or go, each once.
fn stretches(model: &Model, formula: &KpiExpr, found: &mut Vec<Length>) {
    formula.walk(&mut |it| match &it.kind {
        KpiKind::Aggregate(of) => {
            if let Function::Customers(of) = &of.function
                && let Some(length) = of.walk.stretch()
                && !found.contains(&length)
            {
                found.push(length);
            }
        }
        KpiKind::Kpi { kpi, .. } => {
            if let Some(formula) = &model.kpis[kpi.index()].formula {
                stretches(model, formula, found);
            }
        }
        _ => {}
    });
}

/// Whether a figure grows with its period: it holds a sum or a count of what happened.
fn grows(model: &Model, formula: &KpiExpr) -> bool {
    let mut found = false;
    formula.walk(&mut |it| match &it.kind {
        KpiKind::Aggregate(of) => {
            let total = matches!(of.function, Function::Count | Function::CountOf(_) | Function::Sum(_));
            found |= total && model.sources[of.source.index()].rows == Rows::Events;
        }
        KpiKind::Kpi { kpi, .. } => found |= model.kpis[kpi.index()].formula.as_ref().is_some_and(|it| grows(model, it)),
        _ => {}
    });
    found
}

/// The window that a measure of customers has itself, where a figure is one.
fn over(formula: &KpiExpr) -> Option<&'static str> {
    match &formula.kind {
        KpiKind::Aggregate(of) => match &of.function {
            Function::Customers(it) => Some(it.walk.argument()),
            _ => None,
        },
        _ => None,
    }
}

/// The unit of a figure that stands outside a KPI, and what it is made of.
pub(super) fn figure(model: &Model, traits: &[Traits], formula: &mut KpiExpr, out: &mut Diagnostics) -> (Option<Unit>, Traits) {
    let grain = model.project.grain.unwrap_or(Grain::Quarter);
    let mut typer = Typer { model, traits, out, own: Traits::default(), grain, percent: false };
    let unit = typer.formula(formula);
    (unit, typer.own)
}

/// Takes a figure times a factor; it keeps its unit.
fn scale_by(formula: &mut KpiExpr, factor: f64) {
    if factor == 1.0 {
        return;
    }
    let (span, unit) = (formula.span, formula.unit.clone());
    let inner = std::mem::replace(formula, KpiExpr { span, unit, kind: KpiKind::Number(0.0) });
    formula.kind = KpiKind::Scaled { of: Box::new(inner), factor };
}

/// Makes a percentage the part of a whole that it is: 35 % is 0.35.
fn as_part(formula: &mut KpiExpr) -> Unit {
    let span = formula.span;
    let percentage = std::mem::replace(formula, KpiExpr { span, unit: Unit::Ratio, kind: KpiKind::Number(0.0) });
    formula.kind = KpiKind::Scaled { of: Box::new(percentage), factor: 0.01 };
    Unit::Ratio
}

/// Whether two shares have one base: the same rows, asked the same question.
fn same_base(model: &Model, left: &KpiExpr, right: &KpiExpr) -> bool {
    match (aggregate_of(model, left), aggregate_of(model, right)) {
        (Some(a), Some(b)) => {
            let columns = |it: &Aggregate| match &it.function {
                Function::Share(of) => of.columns(),
                _ => Vec::new(),
            };
            a.source == b.source && a.filter == b.filter && a.weight == b.weight && !columns(a).is_empty() && columns(a) == columns(b)
        }
        _ => false,
    }
}

fn aggregate_of<'m>(model: &'m Model, formula: &'m KpiExpr) -> Option<&'m Aggregate> {
    match &formula.kind {
        KpiKind::Aggregate(it) => Some(it),
        KpiKind::Kpi { kpi, part: None } => aggregate_of(model, model.kpis[kpi.index()].formula.as_ref()?),
        _ => None,
    }
}
