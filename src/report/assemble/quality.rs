//! Which data do the figures of a page rest on, and can they be trusted? The table of sources: how recent each is, how much
//! was left blank, how many of those invited answered.

use crate::calendar::{Date, Grain, Period};
use crate::model::{Composed, KpiExpr, KpiKind, Source, SourceId};
use crate::publish::SourceResult;
use crate::report::view::{Column, Quality, QualityRow, Status};

use super::Context;

/// Whether a source tells of the whole reported period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    Complete,
    /// Its newest row is older than it says it may be, or where it says nothing, it stops more than a tenth of the period
    /// before its end.
    Stops,
    /// It has nothing of the period.
    Nothing,
}

/// The sources that the figures of this report read, in the order of the project.
pub(super) fn sources_of<'a>(context: &Context<'a>) -> Vec<&'a SourceResult> {
    let used = |it: &&SourceResult| context.used().sources.contains(&it.source);
    let mut sources: Vec<&SourceResult> = context.sources.results.sources.iter().filter(used).collect();
    sources.sort_by_key(|it| it.source);
    sources.dedup_by_key(|it| it.source);
    sources
}

/// Makes the table.
pub(super) fn quality(context: &Context<'_>) -> Option<Quality> {
    let say = context.say;
    let model = &context.checked().model;
    let lang = context.lang();
    let sources = sources_of(context);
    if sources.is_empty() {
        return None;
    }
    let declared = |it: &SourceResult| &model.sources[it.source.index()];
    let told = sources.iter().any(|it| declared(it).invited.is_some());
    let rows = sources.iter().map(|it| {
        let source = declared(it);
        let blank = blank(context, it.source);
        let (state, text, remarks) = control(context, it, blank.as_ref());
        let mut cells = vec![
            title(context, source),
            it.rows.map_or_else(nothing, |it| lang.count(it)),
            covered(context, it),
            blank.map_or_else(nothing, |it| lang.percent(it.0, 1)),
        ];
        cells.extend(told.then(|| response(context, source)));
        QualityRow { kind: say.source_kind(source.survey, source.complete).to_owned(), cells, state, text, remarks }
    });
    let mut columns = vec![
        Column::text(say.source_heading()),
        Column::number(say.rows_heading()),
        Column::text(say.covered_heading()),
        Column::number(say.blank_heading()),
    ];
    columns.extend(told.then(|| Column::number(say.response_heading())));
    let ages = sources.iter().any(|it| declared(it).freshness.is_some());
    let mut note = vec![say.quality_note(context.period(), ages)];
    note.extend(sources.iter().find_map(|it| gaps(context, it).first().map(|it| say.gaps_note(it.grain()))));
    note.extend(sources.iter().any(|it| it.rows.is_none()).then(|| say.rows_untold().to_owned()));
    note.extend(told.then(|| say.response_note().to_owned()));
    note.extend(unknown_response(context, &sources));
    Some(Quality { columns, rows: rows.collect(), note: Some(note.join(" ")) })
}

/// What the data of a source lack, worst first: as a status, in words, and what is to be said besides.
fn control(context: &Context<'_>, source: &SourceResult, blank: Option<&(f64, String)>) -> (Status, String, Vec<String>) {
    let say = context.say;
    let age = context.checked().model.sources[source.source.index()].freshness;
    let gaps = runs(context, &gaps(context, source));
    let fresh = freshness(context, source);
    let mut found: Vec<(Status, String)> = Vec::new();
    match fresh {
        Freshness::Complete => {}
        Freshness::Nothing => found.push((Status::NoData, say.no_data_of_period().to_owned())),
        Freshness::Stops => {
            let text = age.map_or_else(|| say.stops_early().to_owned(), |it| say.older_than(it));
            found.push((Status::Watch, text));
        }
    }
    let mut remarks = Vec::new();
    if !gaps.is_empty() {
        found.push((Status::Watch, say.gaps(&gaps)));
        remarks.extend((gaps.len() > 1).then(|| say.first_gaps(&gaps)));
    }
    // One question that many leave blank says nothing of the others.
    let of_blank = blank.filter(|it| fresh != Freshness::Nothing && is_much(Some(it)));
    found.extend(of_blank.map(|_| (Status::Watch, say.much_blank().to_owned())));
    let of_blank = of_blank.map(|it| it.1.clone());
    let mut found = found.into_iter();
    let Some((state, text)) = found.next() else {
        return (Status::OnTarget, say.up_to_date().to_owned(), age.map(|it| say.young_enough(it)).into_iter().collect());
    };
    remarks.extend(found.map(|it| it.1).chain(of_blank));
    (state, text, remarks)
}

/// The periods without a row, up to the end of the reported one.
fn gaps(context: &Context<'_>, source: &SourceResult) -> Vec<Period> {
    let calendar = &context.checked().model.project.calendar;
    let told = |it: &&Period| context.period() == Period::ALL || it.start(calendar) < context.period().end(calendar);
    source.gaps.iter().filter(told).copied().collect()
}

/// Whether a source has periods without a row, among those that are told.
pub(super) fn has_gaps(context: &Context<'_>, source: &SourceResult) -> bool {
    !gaps(context, source).is_empty()
}

/// Periods that follow each other, told as one.
fn runs(context: &Context<'_>, periods: &[Period]) -> Vec<String> {
    let mut runs: Vec<(Period, Period)> = Vec::new();
    for it in periods {
        match runs.last_mut() {
            Some(run) if run.1.next() == Some(*it) => run.1 = *it,
            _ => runs.push((*it, *it)),
        }
    }
    let lang = context.lang();
    let told = |(first, last): (Period, Period)| match first == last {
        true => lang.period(first),
        false => format!("{} – {}", lang.period(first), lang.period(last)),
    };
    runs.into_iter().map(told).collect()
}

/// A cell of which there is nothing to tell.
fn nothing() -> String {
    "–".to_owned()
}

fn title(context: &Context<'_>, source: &Source) -> String {
    source.title.get(context.lang()).unwrap_or(&source.name).to_owned()
}

/// From when to when a source has rows.
fn covered(context: &Context<'_>, source: &SourceResult) -> String {
    let ends: Vec<String> = [source.first, source.last].into_iter().flatten().map(|it| day_of(context, source, it, true)).collect();
    match &ends[..] {
        [first, last] if first != last => format!("{first} – {last}"),
        [one, ..] => one.clone(),
        [] => nothing(),
    }
}

/// Which share of those whom a source invited answered, and of how many.
fn response(context: &Context<'_>, source: &Source) -> String {
    let Some(invited) = &source.invited else {
        return if source.survey.is_some() { context.say.unknown().to_owned() } else { nothing() };
    };
    let reading = context.sources.read(invited.kpi, invited.part.as_ref());
    let said = reading.text();
    match reading.row.filter(|it| it.value.is_some()).and_then(|it| it.n) {
        Some(n) => context.say.of_invited(&said, n),
        None if said == context.say.not_told(false) => nothing(),
        None => said,
    }
}

/// That it is unknown how many answered, and of which surveys where others tell.
fn unknown_response(context: &Context<'_>, sources: &[&SourceResult]) -> Option<String> {
    let model = &context.checked().model;
    let surveys = sources.iter().map(|it| &model.sources[it.source.index()]).filter(|it| it.survey.is_some());
    let (told, untold): (Vec<&Source>, Vec<&Source>) = surveys.partition(|it| it.invited.is_some());
    // A response rate among the KPIs of the report may be that of any survey.
    let counts = || context.readings.iter().filter_map(|it| it.kpi.formula.as_ref()).any(counts_response);
    if untold.is_empty() || (told.is_empty() && counts()) {
        return None;
    }
    let named: Vec<String> = untold.into_iter().filter(|_| !told.is_empty()).map(|it| title(context, it)).collect();
    Some(context.say.response_unknown(&named))
}

/// Whether a source tells of the whole reported period.
pub(super) fn freshness(context: &Context<'_>, source: &SourceResult) -> Freshness {
    let calendar = &context.checked().model.project.calendar;
    let (Some(first), Some(last)) = (source.first, source.last) else {
        return if source.rows != Some(0) { Freshness::Complete } else { Freshness::Nothing };
    };
    let declared = &context.checked().model.sources[source.source.index()];
    let period = context.period();
    if period == Period::ALL {
        return if declared.is_fresh(last, context.today) { Freshness::Complete } else { Freshness::Stops };
    }
    let (start, end) = (period.start(calendar), period.end(calendar));
    // Looked at on the last day of the period, or today where that is not over.
    let on = end.plus_days(-1).map_or(context.today, |it| it.min(context.today));
    let is_fresh = declared.is_fresh(last, on);
    let may_be_before = declared.freshness.is_some() && is_fresh;
    if first >= end || (last < start && !may_be_before) {
        return Freshness::Nothing;
    }
    let missing = f64::from(end.days() - 1 - last.days());
    let stops = match declared.freshness {
        Some(_) => !is_fresh,
        None => missing > MUCH_MISSING * f64::from(end.days() - start.days()),
    };
    if stops { Freshness::Stops } else { Freshness::Complete }
}

/// A source that lacks more than this part of a period at its end stops early, where it does not say what is early.
const MUCH_MISSING: f64 = 0.1;

/// A day of data as it may be told: a source whose time is a period of each file knows no days.
pub(super) fn day_of(context: &Context<'_>, source: &SourceResult, day: Date, short: bool) -> String {
    let project = &context.checked().model.project;
    let lang = context.lang();
    match context.checked().model.sources[source.source.index()].constant_grain() {
        Some(grain) if grain != Grain::Day => lang.period(Period::containing(day, grain, &project.calendar)),
        _ if short => lang.date_short(day),
        _ => lang.date(day),
    }
}

/// Whether a formula tells which share of those who were invited answered.
fn counts_response(formula: &KpiExpr) -> bool {
    let mut counts = false;
    formula.walk(&mut |it| {
        counts |= match &it.kind {
            KpiKind::Composed { formula, .. } => matches!(formula, Composed::Responded(_)),
            // The others are shares, that keep the name they were written with.
            KpiKind::Aggregate(it) => it.text.starts_with("response_rate."),
            _ => false,
        }
    });
    counts
}

/// From so many percent on, who answered may differ from who did not: the same share as `drivers` notes.
const MUCH_BLANK: f64 = 20.0;

/// Whether much of what a source asks was left blank.
pub(super) fn lacks_answers(context: &Context<'_>, source: SourceId) -> bool {
    is_much(blank(context, source).as_ref())
}

fn is_much(blank: Option<&(f64, String)>) -> bool {
    blank.is_some_and(|it| it.0 >= MUCH_BLANK)
}

/// The largest share of blanks, in percent, among the figures that this report prints and that read this source alone, of
/// rows that would have counted; and which KPI that is.
fn blank(context: &Context<'_>, source: SourceId) -> Option<(f64, String)> {
    let printed = context.used().kpis.iter().copied();
    let own = printed.filter(|it| context.checked().sources_of(*it).iter().eq([&source])).map(|it| context.sources.read(it, None));
    let shares = own.filter_map(|it| {
        let row = it.row.filter(|it| it.value.is_some() && it.bases.len() <= 1)?;
        let (n, blank) = (row.n? as f64, row.left_out?.blank as f64);
        (n + blank > 0.0).then(|| (100.0 * blank / (n + blank), it.title))
    });
    shares.max_by(|a, b| a.0.total_cmp(&b.0))
}
