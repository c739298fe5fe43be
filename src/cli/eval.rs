//! `peil eval`: the figures that are asked for, and how the answers behind scores are spread.

use super::output::Output;
use super::verbs::{format_of, open, options, reading, ready, with_outside};
use super::{EngineArgs, FINE, FormatArg, Outcome, ProjectArgs, Selection, requests};
use crate::check::Checked;
use crate::insight::{NoCodes, Spread, spread};
use crate::model::{Answer, KpiId, NoAnswer};
use crate::plan::Request;
use crate::publish::{self, ResultRow};
use crate::session;
use crate::tidy::{self, Format};
use crate::words::Lang;

/// What is printed beside figures.
#[derive(Clone, Copy, Debug)]
pub struct Beside {
    /// A row for each answer that may be given, of each score.
    pub distribution: bool,
    /// The smallest change that each comparison finds, in tables too.
    pub detectable: bool,
    /// Where the time went.
    pub timings: bool,
}

/// `peil eval`.
pub fn eval(
    project: &ProjectArgs,
    engine: &EngineArgs,
    selection: &Selection,
    format: FormatArg,
    beside: Beside,
    output: &mut Output,
) -> Outcome {
    let started = std::time::Instant::now();
    let format = format_of(format);
    let opened = open(project, output)?;
    let checked = ready(&opened, output)?;
    let checked_at = started.elapsed();
    let outside = with_outside(&opened, checked, selection.compare.iter().any(|it| it.trim() == "benchmark"), output)?;
    let checked = outside.as_ref().unwrap_or(checked);
    let (mut request, periods) = requests::request(checked, selection).map_err(|reason| output.wrong(&reason))?;
    let answers = answers(checked, &request, selection, format, beside.distribution, output)?;
    answers.iter().for_each(|it| it.add_to(&mut request));
    let wider = answers.as_ref().map_or(checked, |it| &it.checked);
    let (plan, table) = reading(&opened, output, |found| session::read(wider, &request, &opened.world, options(engine), found))?;
    let read_at = started.elapsed();
    let (mut rows, mut undeclared) = (0_u64, false);
    if format == Format::Csv && request.comparisons.is_empty() && answers.is_none() {
        // There may be many: they are written down as they come.
        let asks = plan.asks.iter().take(plan.asked).map(|it| (it.ask.kpi, it.ask.part.as_ref(), it.ask.cut.as_slice()));
        let mut lines = tidy::Lines::new(checked, asks);
        session::each(checked, &plan, &table, periods, opened.today, |at, row| {
            rows += 1;
            undeclared |= holds_undeclared(&row);
            lines.add(at, &row);
        });
        lines.finish().iter().for_each(|it| output.data(it));
    } else {
        let mut results = session::results(wider, &plan, &table, periods, opened.today);
        let found = answers.as_ref().map(|it| publish::distributions(it, &plan, &table, &results.hidden, periods, opened.today));
        results.keep_declared(checked);
        rows = results.tables.iter().map(|it| it.rows.len() as u64).sum();
        undeclared = results.tables.iter().flat_map(|it| &it.rows).any(holds_undeclared);
        match found {
            Some(found) if beside.distribution || matches!(format, Format::Json | Format::Ndjson) => {
                output.data(&tidy::distributions(checked, &results, &found, format));
            }
            found => {
                output.data(&tidy::figures(checked, &results, format, beside.detectable));
                let across = found.map(|it| tidy::answers_across(checked, &it, output.lang)).unwrap_or_default();
                output.data(&across);
            }
        }
    }
    if rows == 0 {
        output.say(match output.lang {
            Lang::En => "note: no data in the periods that are asked for, so there are no figures",
            Lang::Nl => "let op: geen gegevens in de gevraagde periodes, dus geen cijfers",
        });
    }
    say_undeclared(undeclared, output);
    if beside.timings {
        let rows: u64 = table.reads.iter().map(|it| it.rows).sum();
        let (checked, read, whole) = (checked_at.as_secs_f64(), read_at.as_secs_f64(), started.elapsed().as_secs_f64());
        output.say(&format!("check {checked:.3} s, data {:.3} s ({rows} rows), figures and output {:.3} s", read - checked, whole - read));
    }
    // The process ends here: giving back what was read piece by piece would only take time.
    std::mem::forget(table);
    Ok(FINE)
}

/// The answers that are counted beside the figures: all that are asked for; else of every score in a record for machines,
/// and of the one score of a table. A comparison is of two figures and has none.
///
/// # Errors
/// The exit code, where answers were asked for and there are none; the reason was said.
fn answers(
    checked: &Checked,
    request: &Request,
    selection: &Selection,
    format: Format,
    asked: bool,
    output: &mut Output,
) -> Result<Option<Spread>, u8> {
    if asked {
        let found = spread(checked, &request.asks);
        if found.of.is_empty() && selection.kpi.is_empty() {
            return Err(output.wrong("no KPI of this project is a score of one answer column"));
        }
        if let (true, Some((kpi, reason))) = (found.of.is_empty(), found.without.first()) {
            return Err(output.wrong(&without(checked, *kpi, *reason)));
        }
        // Named among others: what it is without is said.
        for (kpi, reason) in found.without.iter().filter(|_| !selection.kpi.is_empty()) {
            output.say(&format!("note: {}", without(checked, *kpi, *reason)));
        }
        return Ok(Some(found));
    }
    let in_full = match format {
        Format::Json | Format::Ndjson => true,
        Format::Table => selection.kpi.len() == 1,
        Format::Csv | Format::Markdown => false,
    };
    Ok((in_full && request.comparisons.is_empty()).then(|| spread(checked, &request.asks).listed()))
}

/// That a KPI has no answers by code, with the reason.
fn without(checked: &Checked, kpi: KpiId, reason: NoCodes) -> String {
    let column = |it: Answer| {
        let source = &checked.model.sources[it.source.index()];
        format!("`{}.{}`", source.name, source.columns[it.column].name)
    };
    let reason = match reason {
        NoCodes::Undeclared(it) => format!("{} has neither a scale nor labels", column(it)),
        NoCodes::CountsMissing(it) => format!("it tells who answered {}, not what they answered", column(it)),
        NoCodes::NoScore(NoAnswer::Index) => "it is an index: ask for its parts".to_owned(),
        NoCodes::NoScore(NoAnswer::Window) => "it looks at other periods: ask for the KPI that it is of".to_owned(),
        NoCodes::NoScore(NoAnswer::Columns) => "it is of several columns".to_owned(),
        NoCodes::NoScore(_) => "it is no score of one answer column".to_owned(),
    };
    format!("`{}` has no distribution of answers: {reason}", checked.model.kpis[kpi.index()].name)
}

/// Whether answers that no declaration knows were left out of a figure.
pub fn holds_undeclared(row: &ResultRow) -> bool {
    row.left_out.is_some_and(|it| it.out_of_scale > 0)
}

/// Says that answers which no declaration knows are in no figure: what a read for figures sees by itself of what
/// `peil audit` would tell.
pub fn say_undeclared(found: bool, output: &mut Output) {
    if found {
        output.say(match output.lang {
            Lang::En => "note: some answers are on no scale and among no labels that are declared, and are in no figure: `peil audit` tells which",
            Lang::Nl => "let op: sommige antwoorden staan op geen schaal en bij geen labels die gedeclareerd zijn, en tellen niet mee: `peil audit` zegt welke",
        });
    }
}
