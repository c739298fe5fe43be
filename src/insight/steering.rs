//! Do teams drive what they are steered on? Told by what their items hold of what a driver model explains (R21).

use crate::check::Checked;
use crate::check::steering::{Second, Steered, second, steered};
use crate::eval::drivers::{DriverFigure, DriverTable, Estimate, TeamShare, least_rows};
use crate::model::{Answer, DriversId, KpiId, TeamId, asked_at};

/// A team that is steered on a KPI, while its items hold less of what drives it than they must.
pub struct NotDriving {
    pub team: TeamId,
    pub kpi: KpiId,
    /// Where it is steered on it.
    pub steered: Steered,
    /// The model that tells, over all rows.
    pub drivers: DriversId,
    /// What the items of the team hold, in percent of what is explained; it has a value.
    pub share: Estimate,
    /// What they must hold, in percent.
    pub least: f64,
    /// The answers behind the model.
    pub n: u64,
    /// What the team asks of what drives the KPI; never empty.
    pub items: Vec<Answer>,
    /// What it could be steered on instead, or beside it.
    pub second: Option<Second>,
}

impl NotDriving {
    /// A share without decimals: what is under the least is not rounded to it.
    pub fn whole(&self, share: f64) -> f64 {
        if share.round() >= self.least && share < self.least { share.floor() } else { share.round() }
    }
}

/// The teams that do not drive what they are steered on, each once for a KPI. Only models over all rows tell, as `peil
/// drivers` makes them without a cut; those that are hidden or rest on too few say nothing. A team without any item is a
/// matter of the definitions alone (`team-without-driver`).
pub fn not_driving<'t>(checked: &Checked, tables: impl Iterator<Item = &'t DriverTable>) -> Vec<NotDriving> {
    let mut found: Vec<NotDriving> = Vec::new();
    for table in tables.filter(|it| it.ask.pooled && it.ask.cut.is_empty()) {
        let Some(figure) = table.models.first().filter(|it| it.n >= least_rows(it.items.len())) else { continue };
        for team in &figure.teams {
            let Some(it) = judge(checked, table.ask.drivers, figure, team) else { continue };
            if found.iter().all(|other| (other.team, other.kpi) != (it.team, it.kpi)) {
                found.push(it);
            }
        }
    }
    found
}

fn judge(checked: &Checked, id: DriversId, figure: &DriverFigure, held: &TeamShare) -> Option<NotDriving> {
    let model = &checked.model;
    let drivers = &model.drivers[id.index()];
    let (outcome, answer, team) = (drivers.outcome.as_ref()?, drivers.answer.ok()?, held.team);
    if held.share.value? >= drivers.minimum_share {
        return None;
    }
    let steered = steered(model, outcome.kpi).into_iter().find(|it| it.team == team)?;
    let own = |it: &usize| asked_at(model, answer.source, *it).any(|it| model.touchpoints[it.index()].owner == Some(team));
    let items = figure.items.iter().map(|it| it.column).filter(own).map(|column| Answer { source: answer.source, column });
    let items: Vec<Answer> = items.collect();
    Some(NotDriving {
        team,
        kpi: outcome.kpi,
        steered,
        drivers: id,
        share: held.share,
        least: drivers.minimum_share,
        n: figure.n,
        second: second(model, team, outcome.kpi, &items),
        items,
    })
}
