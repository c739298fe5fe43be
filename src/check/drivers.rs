//! Can a driver model be computed? An outcome of one answer, items that may explain it, few enough of them (R21).

use super::Traits;
use crate::model::{Answer, Column, DimensionId, Drivers, Method, Model, NoAnswer, Reasons};
use crate::source::Span;
use crate::value::{Code, Diagnostics, Fact, Unit};

/// LMG looks at every subset of the items.
const MAX_LMG_ITEMS: usize = 18;
/// More items than this are no model: rows that answered all of them are few, and what they lack is told item by item.
const MAX_ITEMS: usize = 100;

/// Reports driver models that cannot be computed; gives the answer that each explains, where all that is said of it and
/// of its items holds: lints look no further than that.
pub(super) fn check(model: &Model, traits: &[Traits], out: &mut Diagnostics) -> Vec<Option<Answer>> {
    let mut explained = |drivers: &Drivers| {
        savings(model, traits, drivers, out);
        let answer = outcome(model, drivers, out)?;
        cuts(model, drivers, answer, out);
        reasons(model, drivers, answer, out);
        let sound = items(model, drivers, answer, out) && !drivers.broken;
        if sound {
            number(drivers, out);
        }
        sound.then_some(answer)
    };
    model.drivers.iter().map(&mut explained).collect()
}

/// The answer that is explained; an outcome without one is reported.
fn outcome(model: &Model, drivers: &Drivers, out: &mut Diagnostics) -> Option<Answer> {
    let outcome = drivers.outcome.as_ref()?;
    let kpi = &model.kpis[outcome.kpi.index()];
    let fact = |reason: &str| Fact::at(Code::NotAnOutcome, outcome.span).with("kpi", &kpi.name).with("reason", reason);
    let answer = match drivers.answer {
        Ok(it) => it,
        Err(NoAnswer::Unknown) => return None,
        Err(reason) => {
            out.push(fact(reason.name()).label(kpi.span, "kpi"));
            return None;
        }
    };
    let column = column(model, answer, answer.column);
    if column.scale.is_none() {
        out.push(fact("scale").with("column", &column.name).label(column.span, "column"));
        return None;
    }
    Some(answer)
}

/// A column of an answer's source.
pub(super) fn column(model: &Model, answer: Answer, at: usize) -> &Column {
    &model.sources[answer.source.index()].columns[at]
}

/// A driver model is cut over the rows of its source.
fn cuts(model: &Model, drivers: &Drivers, answer: Answer, out: &mut Diagnostics) {
    for dimension in &drivers.cuts {
        has(model, drivers, answer, (*dimension, drivers.span), out);
        let overlap = super::cuts::overlapping(model, *dimension, answer.source, drivers.span);
        out.push_some(overlap.map(|it| it.with("kpi", &drivers.name)));
    }
}

/// A dimension that the answer's source does not have is reported.
fn has(model: &Model, drivers: &Drivers, answer: Answer, (dimension, span): (DimensionId, Span), out: &mut Diagnostics) {
    if let Some(fact) = super::cuts::lacking(model, dimension, answer.source, span) {
        out.push(fact.with("kpi", &drivers.name));
    }
}

/// Reasons are texts: an answer on a scale is no reason. The rule of who is at risk is one of the answer's rows.
fn reasons(model: &Model, drivers: &Drivers, answer: Answer, out: &mut Diagnostics) {
    if let Some(reasons) = &drivers.reasons {
        match reasons.value {
            Reasons::Dimension(id) => has(model, drivers, answer, (id, reasons.span), out),
            Reasons::Column(at) => {
                let found = column(model, answer, at);
                if found.scale.is_some() && found.labels.is_empty() {
                    let fact = Fact::at(Code::NotAnItem, reasons.span).with("reason", "reasons").with("name", &found.name);
                    out.push(fact.label(found.span, "column"));
                }
            }
        }
    }
    if let Some(risk) = &drivers.churn_risk {
        risk.value.dimensions().into_iter().for_each(|it| has(model, drivers, answer, (it, risk.span), out));
    }
}

/// What a reason may save is an amount of money that can be told for each value of the reasons' dimension.
fn savings(model: &Model, traits: &[Traits], drivers: &Drivers, out: &mut Diagnostics) {
    let (Some(savings), Some(reasons)) = (&drivers.savings, &drivers.reasons) else { return };
    let kpi = &model.kpis[savings.value.index()];
    let Reasons::Dimension(dimension) = reasons.value else {
        let fact = Fact::at(Code::WrongValue, savings.span).with("key", "savings").with("expected", "reasons of a dimension");
        out.push(fact.with("found", format!("`{}`", kpi.name)).label(reasons.span, "reasons"));
        return;
    };
    if kpi.broken || kpi.planned {
        return;
    }
    let own = &traits[savings.value.index()];
    if !matches!(kpi.unit, Some(Unit::Money(_))) || !own.total {
        let fact = Fact::at(Code::WrongValue, savings.span).with("key", "savings").with("expected", "amount of money");
        out.push(fact.with("found", format!("`{}`", kpi.name)).label(kpi.span, "kpi"));
        return;
    }
    if let Some(fact) = own.sources.iter().find_map(|it| super::cuts::lacking(model, dimension, *it, savings.span)) {
        out.push(fact.with("kpi", &kpi.name));
    }
}

/// Whether all items may be items; what may not is reported.
fn items(model: &Model, drivers: &Drivers, answer: Answer, out: &mut Diagnostics) -> bool {
    let before = out.len();
    let outcome = drivers.outcome.as_ref().map_or(drivers.span, |it| it.span);
    let kpi = drivers.outcome.as_ref().map_or("", |it| &model.kpis[it.kpi.index()].name);
    for item in &drivers.items {
        let found = column(model, answer, item.column);
        if item.column == answer.column {
            let fact = Fact::at(Code::ItemIsOutcome, item.span).with("reason", "same").with("name", &found.name);
            out.push(fact.with("kpi", kpi).label(outcome, "outcome"));
        } else if found.scale.is_none() {
            let reason = if found.several.is_some() { "several" } else { "scale" };
            let fact = Fact::at(Code::NotAnItem, item.span).with("reason", reason).with("name", &found.name);
            out.push(fact.label(found.span, "column"));
        }
    }
    for item in drivers.entangled(model, answer) {
        let found = column(model, answer, item.column);
        let fact = Fact::at(Code::ItemIsOutcome, item.span).with("reason", "computed").with("name", &found.name);
        out.push(fact.with("kpi", kpi).label(outcome, "outcome").label(found.span, "column"));
    }
    out.len() == before
}

/// More items than a method can look at.
fn number(drivers: &Drivers, out: &mut Diagnostics) {
    match drivers.items.as_slice() {
        items if items.len() > MAX_ITEMS => {
            let fact = Fact::at(Code::TooManyItems, drivers.span).with("drivers", &drivers.name).with("items", items.len());
            out.push(fact.with("limit", MAX_ITEMS).with("any", "yes"));
        }
        items if items.len() > MAX_LMG_ITEMS && drivers.method == Method::Lmg => {
            let place = drivers.method_span.unwrap_or(drivers.span);
            let fact = Fact::at(Code::TooManyItems, place).with("drivers", &drivers.name).with("items", items.len());
            let fact = fact.with("limit", MAX_LMG_ITEMS).with_some("unsaid", drivers.method_span.is_none().then_some("yes"));
            out.push(match drivers.method_span {
                Some(span) => fact.mend(span, Method::Johnson.name()),
                None => fact,
            });
        }
        _ => {}
    }
}
