//! Whose report is it, about what, and can it be trusted? The head of the page and its foot.

use crate::calendar::{Date, Period};
use crate::report::told;
use crate::report::view::{Fact, Movement, OtherReport, ReportView, Section, Status};

use super::definitions::{fingerprint, project_fingerprint};
use super::quality::{Freshness, day_of, freshness, has_gaps, lacks_answers, sources_of};
use super::reading::{Comparison, Reading};
use super::{Context, decisions};

/// Makes the page around its sections.
pub(super) fn page(context: &Context<'_>, sections: Vec<Section>) -> ReportView {
    let project = &context.checked().model.project;
    let lang = context.lang();
    ReportView {
        lang,
        organisation: project.title.get(lang).unwrap_or("Peil").to_owned(),
        kicker: kicker(context),
        title: title(context),
        lead: lead(context),
        facts: facts(context),
        notice: notice(context),
        others: others(context),
        themes: context.themes(),
        sections,
        footer: footer(context),
        mark: mark(context),
        kpis: super::scorecards::by_name(context),
    }
}

/// The other reports of this run.
fn others(context: &Context<'_>) -> Vec<OtherReport> {
    let others = context.others.iter().filter(|it| it.report.name != context.sources.report.name);
    let other = |it: &super::Other<'_>| OtherReport {
        title: it.report.title.get(it.lang).unwrap_or(&it.report.name).to_owned(),
        file: it.file.to_owned(),
        lang: it.lang,
    };
    others.map(other).collect()
}

/// The report's own title, its period, and whom it is for.
fn kicker(context: &Context<'_>) -> String {
    let report = context.sources.report;
    let title = report.title.get(context.lang()).map_or_else(|| context.say.report().to_owned(), str::to_owned);
    let mut parts = vec![title, context.lang().period(context.period())];
    parts.extend(context.team(report.audience).map(|it| context.say.audience(it)));
    parts.join(" · ")
}

/// The main thing in one sentence: what people who looked at the figures found, else what moved most for the worse, else
/// how many figures ask for something.
fn title(context: &Context<'_>) -> String {
    message(context).unwrap_or_else(|| asked(context))
}

/// What the page opens with, where that is something else than how many figures ask for something.
pub(super) fn message(context: &Context<'_>) -> Option<String> {
    let written = decisions::opening(context).map(|it| it.1.to_owned());
    written.or_else(|| worst_moved(context).map(|it| fell(context, it)))
}

fn fell(context: &Context<'_>, reading: &Reading<'_>) -> String {
    let up = comparison_that_moved(reading).and_then(|it| it.change).map(|it| it > 0.0);
    context.say.moved_title(&reading.title, up)
}

/// How many figures ask for something.
pub(super) fn asked(context: &Context<'_>) -> String {
    let count = |status: Status| context.readings.iter().filter(|it| it.status == status).count();
    let said = context.say.headline(count(Status::Act), count(Status::Watch), count(Status::OnTarget), context.readings.len());
    let mut acting = context.readings.iter().filter(|it| it.status == Status::Act).peekable();
    let unproven = acting.peek().is_some() && acting.all(Reading::is_unproven);
    if unproven { format!("{said}, {}", context.say.unproven()) } else { said }
}

/// What people wrote where the page opens with their finding; else what moved most for the worse, and where the figure stands
/// that this report asks for first.
fn lead(context: &Context<'_>) -> String {
    let written = decisions::opening(context).map(|it| told::finding_text(context.checked(), it.0, context.lang()));
    if let Some(text) = written.filter(|it| !it.is_empty()) {
        return text;
    }
    let mut sentences = Vec::new();
    let first = context.readings.iter().find(|it| it.value().is_some());
    let worst = worst_moved(context);
    if let Some(it) = worst {
        sentences.push(moved(context, it));
        sentences.extend(super::segments::whole_against_parts(context, it));
    }
    if let Some(it) = first.filter(|it| worst.is_none_or(|worst| worst.id != it.id)) {
        sentences.push(standing(context, it));
    }
    if worst.is_none()
        && let Some(it) = context.ranked().into_iter().find(|it| it.status == Status::Act)
        && first.is_none_or(|first| first.id != it.id)
    {
        sentences.push(standing(context, it));
    }
    if sentences.is_empty() {
        sentences.push(context.say.nothing_known(context.period()));
    }
    sentences.join(" ")
}

/// Where a figure stands: "NPS na reparatie: 45,3, doel 45 (op koers, niet bewezen)."
pub(super) fn standing(context: &Context<'_>, reading: &Reading<'_>) -> String {
    let target = reading.target(context.checked()).map(|it| reading.numbers.norm(it));
    context.say.standing(&reading.title, &reading.text(), target.as_deref(), &reading.mark())
}

/// How a figure moved: "CES: gedaald van 5,41 in het 2e kwartaal 2025 naar 5,12, meer dan de onzekerheid."
pub(super) fn moved(context: &Context<'_>, reading: &Reading<'_>) -> String {
    match comparison_that_moved(reading).and_then(|it| Some((it.period, reading.numbers.text(it.row.value?), it.change? > 0.0))) {
        Some((period, before, up)) => context.say.moved(&reading.title, &before, period, &reading.text(), up),
        None => format!("{}: {}", reading.title, super::scorecards::sentence(context, reading)),
    }
}

/// The comparison that a figure moved against: the period before where it is one, else the year before.
pub(super) fn comparison_that_moved<'r, 'a>(reading: &'r Reading<'a>) -> Option<&'r Comparison<'a>> {
    [&reading.previous, &reading.year].into_iter().flatten().find(|it| it.signal == Some(true) && it.change.is_some())
}

/// The figure whose movement for the worse counts most: a judged one first, then the least satisfied.
pub(super) fn worst_moved<'r, 'a>(context: &'r Context<'a>) -> Option<&'r Reading<'a>> {
    let worse = context.readings.iter().filter(|it| it.movement == Movement::Worse);
    worse.min_by_key(|it| it.rank())
}

fn facts(context: &Context<'_>) -> Vec<Fact> {
    let say = context.say;
    let lang = context.lang();
    let mut facts = vec![Fact::new(say.period_label(), lang.period(context.period()))];
    let sources = sources_of(context);
    if let Some((last, source)) = sources.iter().filter_map(|it| Some((it.last?, it))).max_by_key(|it| it.0) {
        facts.push(Fact::new(say.through_label(), day_of(context, source, shown_last(context, last), false)));
    }
    if !sources.is_empty() {
        let fresh = sources.iter().filter(|it| freshness(context, it) == Freshness::Complete).count();
        let blank = sources.iter().filter(|it| lacks_answers(context, it.source)).count();
        let gaps = sources.iter().filter(|it| has_gaps(context, it)).count();
        facts.push(Fact::new(say.quality_label(), say.sources_complete(fresh, sources.len(), blank, gaps)));
    }
    facts.push(Fact::code(say.definitions_label(), project_fingerprint(context)));
    facts.push(Fact::new(say.today_label(), lang.date(context.today)));
    facts
}

/// The last day of data that a reader of this period cares for.
fn shown_last(context: &Context<'_>, last: Date) -> Date {
    if context.period() == Period::ALL {
        return last;
    }
    let end = context.period().end(&context.checked().model.project.calendar);
    end.plus_days(-1).map_or(last, |it| last.min(it))
}

/// What every section is marked with: that its figures are invented.
fn mark(context: &Context<'_>) -> Option<String> {
    let sources = sources_of(context);
    let fictional = sources.iter().filter(|it| context.checked().model.sources[it.source.index()].fictional).count();
    (fictional > 0).then(|| context.say.fictional_mark(fictional == sources.len()).to_owned())
}

/// What must be seen first: that figures are invented, that the period is not over.
fn notice(context: &Context<'_>) -> Option<String> {
    let model = &context.checked().model;
    let sources = sources_of(context);
    let fictional: Vec<String> = sources
        .iter()
        .map(|it| &model.sources[it.source.index()])
        .filter(|it| it.fictional)
        .map(|it| it.title.get(context.lang()).unwrap_or(&it.name).to_owned())
        .collect();
    let mut notices = Vec::new();
    if !fictional.is_empty() {
        notices.push(context.say.fictional(&fictional, sources.len()));
    }
    if context.is_unfinished() {
        notices.push(context.say.unfinished(context.period()));
    }
    if let Some(running) = context.running() {
        notices.push(context.say.running(context.period(), running));
    }
    (!notices.is_empty()).then(|| notices.join(" "))
}

fn footer(context: &Context<'_>) -> Vec<String> {
    let rows: Option<u64> = sources_of(context).iter().map(|it| it.rows).sum();
    vec![
        context.say.made_with(env!("CARGO_PKG_VERSION"), rows),
        context.say.report_uses(&fingerprint(context), &project_fingerprint(context)),
    ]
}
