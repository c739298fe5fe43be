//! `peil goals --for TEAM`: what does a team move, directly and through others?

use super::output::Output;
use super::verbs::{open, ready, run};
use super::{EngineArgs, FINE, FormatArg, Outcome, ProjectArgs, requests};
use crate::insight;
use crate::model::TeamId;
use crate::report::told;
use crate::tidy;

/// `peil goals --for TEAM`.
pub fn influence(
    project: &ProjectArgs,
    engine: &EngineArgs,
    team: &str,
    period: Option<&str>,
    format: FormatArg,
    output: &mut Output,
) -> Outcome {
    let opened = open(project, output)?;
    let checked = ready(&opened, output)?;
    let teams = &checked.model.project.teams;
    let Some(at) = teams.iter().position(|it| it.name == team) else {
        return Err(output.wrong(&requests::unknown("team", team, teams.iter().map(|it| it.name.as_str()))));
    };
    if !matches!(format, FormatArg::Table | FormatArg::Json) {
        return Err(output.wrong("what a team moves is told as `table` or `json`"));
    }
    let periods = requests::period(checked, period).map_err(|reason| output.wrong(&reason))?;
    let found = insight::influence(checked, TeamId(at as u32));
    let request = requests::goal_request(checked);
    let run = run(&opened, checked, &request, engine, periods, output)?;
    let goals = run.results.goals_last_over(checked, opened.today);
    output.data(&match format {
        FormatArg::Json => tidy::influence(checked, &found, goals),
        _ => told::influence(checked, &found, goals, output.lang),
    });
    Ok(FINE)
}
