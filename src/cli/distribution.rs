//! `peil eval --distribution`: how are the answers behind scores spread?

use super::output::Output;
use super::verbs::{format_of, open, ready, run};
use super::{EngineArgs, FINE, FormatArg, Outcome, ProjectArgs, Selection, requests};
use crate::check::Checked;
use crate::insight::{Spread, spread};
use crate::model::{NoAnswer, answer_of};
use crate::plan::Request;
use crate::{publish, tidy};

/// `peil eval --distribution`.
pub fn distribution(project: &ProjectArgs, engine: &EngineArgs, selection: &Selection, format: FormatArg, output: &mut Output) -> Outcome {
    let opened = open(project, output)?;
    let checked = ready(&opened, output)?;
    let (mut request, periods) = requests::request(checked, selection).map_err(|reason| output.wrong(&reason))?;
    let counts = counted(checked, &request, !selection.kpi.is_empty()).map_err(|reason| output.wrong(&reason))?;
    counts.add_to(&mut request);
    let mut run = run(&opened, &counts.checked, &request, engine, periods, output)?;
    let found = publish::distributions(&counts, &run.plan, &run.table, &run.results.hidden, periods, opened.today);
    run.results.keep_declared(checked);
    output.data(&tidy::distributions(checked, &run.results, &found, format_of(format)));
    Ok(FINE)
}

/// The counts behind the scores of a request; a KPI that was named and has none is refused with its reason.
fn counted(checked: &Checked, request: &Request, named: bool) -> Result<Spread, String> {
    let counts = spread(checked, &request.asks);
    let without = request.asks.iter().find(|ask| !counts.of.iter().any(|it| it.ask == **ask));
    let Some(ask) = without.filter(|_| named || counts.of.is_empty()) else { return Ok(counts) };
    if !named {
        return Err("no KPI of this project is a score of one answer column".to_owned());
    }
    let name = &checked.model.kpis[ask.kpi.index()].name;
    let reason = match answer_of(&checked.model, ask.kpi) {
        Ok(it) => {
            let source = &checked.model.sources[it.source.index()];
            format!("`{}.{}` has neither a scale nor labels", source.name, source.columns[it.column].name)
        }
        Err(NoAnswer::Index) => "it is an index: ask for its parts".to_owned(),
        Err(NoAnswer::Window) => "it looks at other periods: ask for the KPI that it is of".to_owned(),
        Err(NoAnswer::Columns) => "it is of several columns".to_owned(),
        Err(_) => "it is no score of one answer column".to_owned(),
    };
    Err(format!("`{name}` has no distribution of answers: {reason}"))
}
