//! Conditions that lie within one another: where `q > 3` holds, `q > 2` does too.

use crate::model::{Comparison, Model, RowExpr, print_row};
use std::collections::{BTreeMap, BTreeSet};

/// What conditions say of one expression, by their text.
#[derive(Default)]
pub(super) struct Bounds(BTreeMap<String, Bound>);

struct Bound {
    of: String,
    values: Values,
}

enum Values {
    Range(Range),
    Listed { texts: BTreeSet<String>, numbers: Option<Vec<f64>> },
}

/// From where to where, and whether the ends belong to it.
#[derive(Clone, Copy)]
struct Range {
    low: (f64, bool),
    high: (f64, bool),
}

impl Bounds {
    /// Takes in the conditions that hold together where a filter does, as the plan writes them.
    pub fn add(&mut self, model: &Model, filter: &RowExpr) {
        self.walk(model, filter, false);
    }

    /// Whether one condition holds wherever another does, and is another.
    pub fn follows(&self, one: &str, from: &str) -> bool {
        let (Some(one_of), Some(other)) = (self.0.get(one), self.0.get(from)) else { return false };
        one != from && one_of.of == other.of && other.values.are_in(&one_of.values)
    }

    fn walk(&mut self, model: &Model, of: &RowExpr, negated: bool) {
        match of {
            RowExpr::Not(it) => self.walk(model, it, !negated),
            RowExpr::And(a, b) if !negated => [a, b].into_iter().for_each(|it| self.walk(model, it, false)),
            RowExpr::Or(a, b) if negated => [a, b].into_iter().for_each(|it| self.walk(model, it, true)),
            RowExpr::Compare(how, a, b) => {
                let how = if negated { how.contrary() } else { *how };
                self.put(model, &RowExpr::Compare(how, a.clone(), b.clone()), (a, b), how);
            }
            RowExpr::In(it, list) if let ([one], false) = (list.as_slice(), negated) => {
                let one = Box::new(one.clone());
                self.put(model, &RowExpr::Compare(Comparison::Equal, it.clone(), one.clone()), (it, &one), Comparison::Equal);
            }
            RowExpr::In(it, list) if !negated => {
                let mut list = list.clone();
                list.sort_by_cached_key(|it| print_row(model, it));
                let texts = list.iter().map(|it| print_row(model, it)).collect();
                let numbers = list.iter().map(number).collect();
                let of = print_row(model, it);
                let text = print_row(model, &RowExpr::In(it.clone(), list));
                self.0.insert(text, Bound { of, values: Values::Listed { texts, numbers } });
            }
            RowExpr::Between(it, low, high) if !negated => {
                if let (Some(low), Some(high)) = (number(low), number(high)) {
                    let values = Values::Range(Range { low: (low, true), high: (high, true) });
                    self.0.insert(print_row(model, of), Bound { of: print_row(model, it), values });
                }
            }
            _ => {}
        }
    }

    fn put(&mut self, model: &Model, condition: &RowExpr, (a, b): (&RowExpr, &RowExpr), how: Comparison) {
        let is_constant = |it: &RowExpr| number(it).is_some() || matches!(it, RowExpr::Text(_));
        let (of, with, how) = match (is_constant(a), is_constant(b)) {
            (false, true) => (a, b, how),
            (true, false) => (b, a, turned(how)),
            _ => return,
        };
        let (least, most) = ((f64::NEG_INFINITY, true), (f64::INFINITY, true));
        let values = match (how, number(with)) {
            (Comparison::Equal, at) => Values::Listed { texts: BTreeSet::from([print_row(model, with)]), numbers: at.map(|it| vec![it]) },
            (Comparison::Less, Some(at)) => Values::Range(Range { low: least, high: (at, false) }),
            (Comparison::LessEqual, Some(at)) => Values::Range(Range { low: least, high: (at, true) }),
            (Comparison::Greater, Some(at)) => Values::Range(Range { low: (at, false), high: most }),
            (Comparison::GreaterEqual, Some(at)) => Values::Range(Range { low: (at, true), high: most }),
            _ => return,
        };
        self.0.insert(print_row(model, condition), Bound { of: print_row(model, of), values });
    }
}

impl Values {
    /// Whether all of them are among others.
    fn are_in(&self, others: &Values) -> bool {
        match (self, others) {
            (Values::Range(own), Values::Range(other)) => other.holds(own),
            (Values::Listed { numbers: Some(own), .. }, Values::Range(other)) => {
                own.iter().all(|it| other.holds(&Range { low: (*it, true), high: (*it, true) }))
            }
            (Values::Listed { texts: own, .. }, Values::Listed { texts: other, .. }) => own.is_subset(other),
            _ => false,
        }
    }
}

impl Range {
    fn holds(&self, other: &Range) -> bool {
        let low = other.low.0 > self.low.0 || (other.low.0 == self.low.0 && (self.low.1 || !other.low.1));
        let high = other.high.0 < self.high.0 || (other.high.0 == self.high.0 && (self.high.1 || !other.high.1));
        low && high
    }
}

/// What a comparison is, said from the other side.
fn turned(how: Comparison) -> Comparison {
    match how {
        Comparison::Less => Comparison::Greater,
        Comparison::LessEqual => Comparison::GreaterEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterEqual => Comparison::LessEqual,
        same => same,
    }
}

/// A constant that has an order.
fn number(of: &RowExpr) -> Option<f64> {
    match of {
        RowExpr::Number(it) => Some(it.0.to_f64()),
        RowExpr::Negate(it) => Some(-number(it)?),
        RowExpr::Date(it) => Some(f64::from(it.days())),
        _ => None,
    }
}
