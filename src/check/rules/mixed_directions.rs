//! Items whose good ends lie on different sides: their coefficients are told towards the good end.

use super::{Subject, driver_models, of_drivers};
use crate::check::drivers::column;
use crate::model::DriverItem;
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for (drivers, answer) in driver_models(subject) {
        let of = |it: &DriverItem| column(subject.model, answer, it.column);
        let up = |it: &&DriverItem| of(it).scale.is_some_and(|it| it.best_high);
        let (high, low): (Vec<&DriverItem>, Vec<&DriverItem>) = drivers.items.iter().partition(up);
        let (Some(_), Some(first)) = (high.first(), low.first()) else { continue };
        let named: Vec<String> = low.iter().map(|it| format!("`{}`", of(it).name)).collect();
        out.push(of_drivers(Code::MixedDirections, drivers, first.span).with("low", named.join(", ")));
    }
}
