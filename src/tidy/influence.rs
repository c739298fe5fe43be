//! What a team moves, for machines.

use super::number;
use crate::check::Checked;
use crate::insight::{Influence, Thing};
use crate::model::{GoalId, Model, TeamId};
use crate::publish::GoalPeriod;
use serde_json::{Map, Value, json};

/// What a team moves, with how far its goals are in a period where that is known.
pub fn influence(checked: &Checked, found: &Influence, goals: Option<&GoalPeriod>) -> String {
    let model = &checked.model;
    let names = |things: Vec<Thing>| -> Vec<&str> { things.into_iter().map(|it| it.name(model).1).collect() };
    let goal = |id: GoalId| goal(model, id, goals);
    let asked = found.asked.iter().map(|(at, kpi)| {
        json!({
            "touchpoint": Thing::Touchpoint(*at).name(model).1,
            "kpi": Thing::Kpi(*kpi).name(model).1,
            "owner": owner(model, Thing::Kpi(*kpi).owner(model)),
        })
    });
    let through = found.through.iter().map(|it| {
        let mut object = goal(it.goal);
        let (kind, name) = it.from.name(model);
        object.insert("from".to_owned(), json!({"kind": kind, "name": name}));
        let path = it.hops.iter().map(|hop| {
            let (kind, name) = hop.to.name(model);
            json!({"link": hop.link.name(), "strength": hop.strength.map(number), "kind": kind, "name": name})
        });
        object.insert("path".to_owned(), path.collect());
        Value::Object(object)
    });
    let unowned = found.unowned.iter().map(|it| {
        let (kind, name) = it.name(model);
        json!({"kind": kind, "name": name})
    });
    let whole = json!({
        "peil": env!("CARGO_PKG_VERSION"),
        "team": model.project.teams[found.team.index()].name,
        "period": goals.map(|it| it.period.to_string()),
        "owns": {
            "goals": found.goals.iter().map(|it| Value::Object(goal(*it))).collect::<Vec<_>>(),
            "kpis": names(found.kpis.iter().copied().map(Thing::Kpi).collect()),
            "enablers": names(found.enablers.iter().copied().map(Thing::Enabler).collect()),
            "touchpoints": names(found.touchpoints.iter().copied().map(Thing::Touchpoint).collect()),
        },
        "asks": asked.collect::<Vec<_>>(),
        "through_others": through.collect::<Vec<_>>(),
        "beyond": found.beyond.iter().map(|it| Value::Object(goal(*it))).collect::<Vec<_>>(),
        "nobody_influences": names(found.fixed.iter().copied().map(Thing::Kpi).collect()),
        "nobody_owns": unowned.collect::<Vec<_>>(),
    });
    format!("{whole:#}\n")
}

fn owner(model: &Model, team: Option<TeamId>) -> Option<&str> {
    team.map(|it| model.project.teams[it.index()].name.as_str())
}

fn goal(model: &Model, id: GoalId, goals: Option<&GoalPeriod>) -> Map<String, Value> {
    let figure = goals.and_then(|it| it.figures.iter().find(|it| it.goal == id));
    let mut object = Map::new();
    object.insert("goal".to_owned(), json!(model.goals[id.index()].name));
    object.insert("owner".to_owned(), json!(owner(model, model.goals[id.index()].owner)));
    object.insert("satisfaction".to_owned(), figure.and_then(|it| it.satisfaction).map_or(Value::Null, number));
    object.insert("status".to_owned(), figure.map_or(Value::Null, |it| json!(it.status.name())));
    object
}
