//! Formulas in their canonical form.

use super::Resolver;
use crate::model::canonical;
use crate::model::composed::Composed;
use crate::model::row::{RowExpr, print_into};
use crate::model::types::*;
use crate::syntax::expr::{Expr, ExprKind};
use crate::value::Unit;

/// A KPI's formula in its canonical form.
pub fn print(model: &Model, formula: &KpiExpr) -> String {
    print_at(model, formula, 0)
}

fn print_at(model: &Model, formula: &KpiExpr, outer: u8) -> String {
    let number = |it: f64| crate::words::tidy_number(it);
    let (text, strength) = match &formula.kind {
        KpiKind::Number(value) => (amount(*value, &formula.unit), 9),
        KpiKind::Aggregate(aggregate) => (aggregate.text.clone(), 9),
        KpiKind::Kpi { kpi, part: None } => (model.kpis[kpi.index()].name.clone(), 9),
        KpiKind::Kpi { kpi, part: Some(part) } => (model.kpi_text(*kpi, Some(part)), 9),
        KpiKind::Assumption { assumption, value } => {
            let assumption = &model.assumptions[assumption.index()];
            // A KPI may have the same name: then the word stands before it.
            let word = if model.kpis.iter().any(|it| it.name == assumption.name) { "assumption:" } else { "" };
            let part = match (value, &assumption.by) {
                (Some(value), Some((by, _))) => format!("[{} = {value:?}]", model.dimensions[by.index()].name),
                _ => String::new(),
            };
            (format!("{word}{}{part}", assumption.name), 9)
        }
        KpiKind::Negate(of) => (format!("-{}", print_at(model, of, 8)), 8),
        KpiKind::Binary { operator, left, right } => {
            let (sign, strength) = match operator {
                Arithmetic::Add => ("+", 6),
                Arithmetic::Subtract => ("-", 6),
                Arithmetic::Multiply => ("*", 7),
                Arithmetic::Divide => ("/", 7),
            };
            (format!("{} {sign} {}", print_at(model, left, strength - 1), print_at(model, right, strength)), strength)
        }
        KpiKind::Composed { formula, parts } => (print_composed(model, formula, parts), 9),
        KpiKind::Index { parts, least } => {
            let parts = parts.iter().map(|(it, weight)| match &it.kind {
                KpiKind::Kpi { part: None, .. } => format!("{}: {}", print_at(model, it, 0), number(*weight)),
                // Only a KPI by its name can have a weight of its own.
                _ => print_at(model, it, 0),
            });
            let least = least.map(|it| format!("at least {it} part{}", if it == 1 { "" } else { "s" }));
            (format!("index({})", parts.chain(least).collect::<Vec<_>>().join(", ")), 9)
        }
        KpiKind::Rescale { of, low, high, .. } => (within(model, "rescale", of, (*low, *high)), 9),
        KpiKind::Clamp { of, low, high, .. } => (within(model, "clamp", of, (*low, *high)), 9),
        KpiKind::Rolling { of, length } => (format!("rolling({}, {length})", print_at(model, of, 0)), 9),
        KpiKind::Hold { of, length } => (format!("hold({}, {length})", print_at(model, of, 0)), 9),
        KpiKind::Previous(of) => (format!("previous({})", print_at(model, of, 0)), 9),
        KpiKind::Change { of, length: Some(length) } => (format!("change({}, {length})", print_at(model, of, 0)), 9),
        KpiKind::Change { of, length: None } => (format!("change({})", print_at(model, of, 0)), 9),
        KpiKind::Total { of, over } => (format!("total({}, over: {})", print_at(model, of, 0), model.dimensions[over.index()].name), 9),
        KpiKind::Scaled { of, .. } => return print_at(model, of, outer),
    };
    if strength <= outer { format!("({text})") } else { text }
}

/// What holds a figure between two ends, in the unit of the figure: `clamp(k, 60 % .. 100 %)`.
fn within(model: &Model, function: &str, of: &KpiExpr, (low, high): (f64, f64)) -> String {
    format!("{function}({}, {} .. {})", print_at(model, of, 0), amount(low, &of.unit), amount(high, &of.unit))
}

/// A number in the unit of a figure. An amount of money stands bare: formulas have no word for a currency.
fn amount(value: f64, unit: &Unit) -> String {
    match unit {
        Unit::Money(_) => crate::words::tidy_number(value),
        unit => canonical::amount(value, unit),
    }
}

fn print_composed(model: &Model, formula: &Composed, parts: &[KpiExpr]) -> String {
    let printed: Vec<String> = parts.iter().map(|it| print_at(model, it, 0)).collect();
    match formula {
        Composed::Discounted { rate, per } => {
            let per = per.map_or_else(String::new, |it| format!(", per: {it}"));
            format!("clv.discounted({}, {rate}{per})", printed.join(", "))
        }
        Composed::Responded(name) => {
            // Of whom it is known that they are eligible follows from the others.
            let [counted, _, unknown, eligible] = printed.as_slice() else { return name.clone() };
            format!("{name}(counted: {counted}, unknown: {unknown}, e: {eligible})")
        }
    }
}

impl Resolver<'_, '_> {
    /// The definition as it is printed.
    pub fn print(&self, name: &str, values: &[&Expr], function: &Function, filter: Option<&RowExpr>, source: SourceId) -> String {
        let model = &self.builder.model;
        let subject = |it: &RowExpr| it.columns().first().map_or_else(String::new, |it| crate::model::column_text(model, *it));
        let named = match name {
            "nps" => "nps.standard",
            "csat" => "csat.top2",
            other => other,
        };
        let mut text = String::with_capacity(64);
        text.push_str(named);
        text.push('(');
        let row = |it: &RowExpr, text: &mut String| print_into(model, it, text);
        match function {
            Function::Count => text.push_str(&model.sources[source.index()].name),
            Function::CountOf(a)
            | Function::Distinct(a)
            | Function::Sum(a)
            | Function::Min(a)
            | Function::Max(a)
            | Function::Median(a)
            | Function::Stddev(a) => row(a, &mut text),
            Function::Mean { of, .. } => row(of, &mut text),
            Function::Percentile(a, p) => {
                row(a, &mut text);
                text.push_str(&format!(", {p}"));
            }
            Function::Share(p) if name == "share" => row(p, &mut text),
            Function::Net(p, q) if name == "net" => {
                row(p, &mut text);
                text.push_str(", ");
                row(q, &mut text);
            }
            // Measures of customers are printed with their named arguments.
            Function::Customers(_) => {}
            Function::Share(p) | Function::Net(p, _) => {
                text.push_str(&subject(p));
                if let Some(ExprKind::Number { value, .. }) = values.get(1).map(|it| &it.kind) {
                    text.push_str(&format!(", {value}"));
                }
            }
        }
        if let Some(filter) = filter {
            text.push_str(" where ");
            row(filter, &mut text);
        }
        text.push(')');
        text
    }
}
