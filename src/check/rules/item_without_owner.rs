//! Items that nobody owns: no touchpoint asks them, or one without an owner.

use super::{Subject, driver_models, of_drivers};
use crate::check::drivers::column;
use crate::model::{DriverItem, asked_at};
use crate::value::{Code, Diagnostics};

/// Further places that are pointed at, at most.
const ALSO: usize = 8;

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    // A touchpoint that could not be read may ask it.
    if model.touchpoints.iter().any(|it| it.broken) {
        return;
    }
    for (drivers, answer) in driver_models(subject) {
        let touchpoints = |it: &DriverItem| asked_at(model, answer.source, it.column).map(|it| &model.touchpoints[it.index()]);
        let without: Vec<&DriverItem> = drivers.items.iter().filter(|it| !touchpoints(it).any(|it| it.owner_said)).collect();
        let Some(first) = without.first() else { continue };
        let name = |it: &DriverItem| &column(model, answer, it.column).name;
        let asked = without.iter().all(|it| touchpoints(it).next().is_some());
        let names: Vec<String> = without.iter().map(|it| format!("`{}`", name(it))).collect();
        let qualified = format!("{}.{}", model.sources[answer.source.index()].name, name(first));
        let fact = of_drivers(Code::ItemWithoutOwner, drivers, first.span).with("items", names.join(", ")).with("first", qualified);
        let fact = fact.with_some("asked", asked.then_some("yes")).with_some("one", (without.len() == 1).then_some("yes"));
        let also = without[1..].iter().filter(|it| it.span != first.span).take(ALSO);
        out.push(also.fold(fact, |fact, it| fact.label(it.span, "also")));
    }
}
