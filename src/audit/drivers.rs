//! Do teams drive what they are steered on? Told by what their items hold of what a driver model explains (R21).

use super::data::Data;
use crate::check::Checked;
use crate::check::steering::{propose, second, steered};
use crate::eval::drivers::{DriverFigure, TeamShare, least_rows};
use crate::insight::drivers::{Window, needs};
use crate::model::{Answer, DriversId, Method, TeamId, asked_at};
use crate::plan::Request;
use crate::value::{Code, Diagnostics, Fact};

/// Reports teams whose items hold less of what drives a KPI than they must, though they are steered on it. Each model
/// is made over all rows; those that are hidden or rest on too few say nothing. A team without any item is a matter of
/// the definitions alone (`team-without-driver`).
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
    let mut said: Vec<(TeamId, crate::model::KpiId)> = Vec::new();
    for table in results.drivers.iter().map(|it| it.table()) {
        let Some(figure) = table.models.first().filter(|it| it.n >= least_rows(it.items.len())) else { continue };
        for team in &figure.teams {
            judge(checked, table.ask.drivers, figure, team, &mut said, out);
        }
    }
}

fn judge(
    checked: &Checked,
    id: DriversId,
    figure: &DriverFigure,
    held: &TeamShare,
    said: &mut Vec<(TeamId, crate::model::KpiId)>,
    out: &mut Diagnostics,
) {
    let model = &checked.model;
    let drivers = &model.drivers[id.index()];
    let (Some(outcome), Ok(answer), Some(share)) = (&drivers.outcome, drivers.answer, held.share.value) else { return };
    if share >= drivers.minimum_share || said.contains(&(held.team, outcome.kpi)) {
        return;
    }
    let Some(steered) = steered(model, outcome.kpi).into_iter().find(|it| it.team == held.team) else { return };
    said.push((held.team, outcome.kpi));
    let asks = |it: &usize| {
        let mut touchpoints = asked_at(model, answer.source, *it);
        touchpoints.any(|it| model.touchpoints[it.index()].owner == Some(held.team))
    };
    let own: Vec<Answer> =
        figure.items.iter().map(|it| it.column).filter(asks).map(|column| Answer { source: answer.source, column }).collect();
    let name = |it: &Answer| format!("`{}`", model.sources[it.source.index()].columns[it.column].name);
    // What is under the least must not be rounded to it.
    let whole = |it: f64| if it.round() >= drivers.minimum_share && it < drivers.minimum_share { it.floor() } else { it.round() };
    let fact = Fact::at(Code::OwnerDoesNotDrive, steered.span).with("team", &model.project.teams[held.team.index()].name);
    let fact = fact.with("kpi", &model.kpis[outcome.kpi.index()].name).with("by", steered.by).with("share", whole(share));
    let fact = fact.with("least", drivers.minimum_share).with("n", figure.n).with("drivers", &drivers.name);
    let fact = fact.with("items", own.iter().map(name).collect::<Vec<_>>().join(", ")).with_some("one", (own.len() == 1).then_some("yes"));
    let fact = fact.with_some("low", held.share.low.map(whole)).with_some("high", held.share.high.map(f64::round));
    let fact = fact.about(steered.about).label(drivers.span, "drivers");
    out.push(propose(model, fact, second(model, held.team, outcome.kpi, &own)));
}
