//! Do teams drive what they are steered on? Words what `insight::steering` finds over all rows (R21).

use super::data::Data;
use crate::check::Checked;
use crate::check::steering::{propose, steered};
use crate::insight::drivers::{Window, needs};
use crate::insight::steering::{NotDriving, not_driving};
use crate::model::{Answer, DriversId, Method};
use crate::plan::Request;
use crate::value::{Code, Diagnostics, Fact};

/// Reports teams whose items hold less of what drives a KPI than they must, though they are steered on it.
pub(super) fn report(checked: &Checked, data: Data<'_>, out: &mut Diagnostics) {
    let model = &checked.model;
    let items = |it: &DriversId| model.drivers[it.index()].method != Method::Stated;
    let models: Vec<DriversId> = (0..model.drivers.len() as u32).map(DriversId).filter(items).collect();
    // Whether the team is steered on it is known before anything is read.
    let asked = |it: &DriversId| model.drivers[it.index()].outcome.as_ref().is_some_and(|it| !steered(model, it.kpi).is_empty());
    let models: Vec<DriversId> = models.into_iter().filter(asked).collect();
    let Ok((asks, _)) = needs(checked, &models, &Window { cuts: vec![Vec::new()], ..Window::default() }) else { return };
    if asks.is_empty() {
        return;
    }
    let request = Request { drivers: asks, ..Request::new() };
    let Some(results) = (Data { today: None, ..data }).published(checked, &request) else { return };
    for it in not_driving(checked, results.drivers.iter().map(|it| it.table())) {
        out.push(worded(checked, it));
    }
}

fn worded(checked: &Checked, it: NotDriving) -> Fact {
    let model = &checked.model;
    let drivers = &model.drivers[it.drivers.index()];
    let name = |it: &Answer| format!("`{}`", model.sources[it.source.index()].columns[it.column].name);
    let fact = Fact::at(Code::OwnerDoesNotDrive, it.steered.span).with("team", &model.project.teams[it.team.index()].name);
    let fact = fact.with("kpi", &model.kpis[it.kpi.index()].name).with("by", it.steered.by);
    let fact = fact.with_some("share", it.share.value.map(|share| it.whole(share)));
    let fact = fact.with("least", it.least).with("n", it.n).with("drivers", &drivers.name);
    let own = it.items.iter().map(name).collect::<Vec<_>>().join(", ");
    let fact = fact.with("items", own).with_some("one", (it.items.len() == 1).then_some("yes"));
    let fact = fact.with_some("low", it.share.low.map(|low| it.whole(low))).with_some("high", it.share.high.map(f64::round));
    let fact = fact.about(it.steered.about).label(drivers.span, "drivers");
    propose(model, fact, it.second)
}
