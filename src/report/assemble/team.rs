//! What does this team move? Its own goals, and those of others that its questions, KPIs and enablers lead to.

use crate::insight::{Influence, Thing, Through, influence};
use crate::model::{GoalId, Text};
use crate::report::view::more::{MovedGoal, Team};
use crate::report::view::{Head, Status, StatusMark};
use crate::report::words::capital;

use super::{Context, drivers};

/// Makes the section.
pub(super) fn team(context: &Context<'_>) -> Team {
    let say = context.say;
    let audience = context.sources.report.audience;
    let Some(team) = audience else {
        let head = Head::new(say.team_heading(None, 0, 0), Some(say.no_goal_team().to_owned()));
        return Team { head, goals: Vec::new(), notes: Vec::new() };
    };
    let found = influence(context.checked(), team);
    let own = found.goals.iter().map(|it| goal(context, *it, None));
    let through = found.through.iter().map(|it| goal(context, it.goal, Some(it)));
    let empty = found.goals.is_empty() && found.through.is_empty();
    Team {
        head: Head::new(
            say.team_heading(context.team(audience), found.goals.len(), found.through.len()),
            Some(say.team_dek(empty).to_owned()),
        ),
        goals: own.chain(through).collect(),
        notes: notes(context, &found),
    }
}

/// What the questions of the team hold of each outcome, what it does not reach, and what nobody can influence.
fn notes(context: &Context<'_>, found: &Influence) -> Vec<String> {
    let say = context.say;
    let mut notes = drivers::shares(context, found.team);
    let beyond: Vec<String> = found.beyond.iter().map(|it| say.quoted(&context.goal_title(*it))).collect();
    if !beyond.is_empty() {
        notes.push(say.beyond_team(&beyond));
    }
    let fixed = found.fixed.iter().filter(|it| found.kpis.contains(it));
    let fixed: Vec<String> = fixed.map(|it| title(context, Thing::Kpi(*it))).collect();
    if !fixed.is_empty() {
        notes.push(say.fixed_figures(&fixed));
    }
    notes
}

/// What something is called.
pub(super) fn title(context: &Context<'_>, thing: Thing) -> String {
    let model = &context.checked().model;
    let text: &Text = match thing {
        Thing::Kpi(it) => &model.kpis[it.index()].title,
        Thing::Goal(it) => &model.goals[it.index()].title,
        Thing::Enabler(it) => &model.enablers[it.index()].title,
        Thing::Touchpoint(it) => &model.touchpoints[it.index()].title,
    };
    text.get(context.lang()).unwrap_or(thing.name(model).1).to_owned()
}

fn goal(context: &Context<'_>, id: GoalId, through: Option<&Through>) -> MovedGoal {
    let say = context.say;
    let declared = &context.checked().model.goals[id.index()];
    let figure = context.goals().and_then(|it| it.figures.iter().find(|it| it.goal == id));
    let mark = figure.map_or(Status::NoData.into(), |it| StatusMark {
        code: super::goals::status_of(it),
        note: it.satisfaction.map(|it| say.out_of_hundred(&say.satisfaction(it))),
    });
    let way = through.map(|it| {
        let mut said = title(context, it.from);
        for (at, hop) in it.hops.iter().enumerate() {
            said.push_str(&format!(" → {}", say.hop(hop)));
            // The last step leads to the goal that stands beside it.
            if at + 1 < it.hops.len() {
                said.push_str(&format!(" {}", say.quoted(&title(context, hop.to))));
            }
        }
        said
    });
    MovedGoal {
        title: context.goal_title(id),
        owner: context.team(declared.owner).unwrap_or_default().to_owned(),
        own: through.is_none(),
        through: way.unwrap_or_else(|| capital(say.through_own())),
        theme: context.theme(declared.theme),
        status: mark,
    }
}
