//! A driver model of one item: it holds all that is explained, by itself.

use super::{Subject, driver_models, of_drivers};
use crate::model::Method;
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for (drivers, _) in driver_models(subject) {
        let shares = matches!(drivers.method, Method::Lmg | Method::Ols | Method::Johnson);
        if let ([item], true) = (drivers.items.as_slice(), shares) {
            let fact = of_drivers(Code::SingleItem, drivers, item.span);
            out.push(fact.with("method", drivers.method.name()));
        }
    }
}
