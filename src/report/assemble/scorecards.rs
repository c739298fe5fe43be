//! Are the figures on target, and do they move? Up to four cards, and the table of all KPIs, worst first.

use std::collections::BTreeMap;

use crate::calendar::Period;
use crate::model::{GoalKind, KpiKind};
use crate::report::charts::bullet::BulletInput;
use crate::report::charts::spark::{SparkInput, SparkSignal};
use crate::report::needs::goals_of;
use crate::report::view::{Card, Delta, Direction, Head, Key, KpiRow, Movement, Scorecards, Status, Tone};
use crate::report::words::capital;
use crate::stats::xmr::Rule;
use crate::value::Unit;

use super::reading::{Comparison, Reading, is_judged};
use super::series::{Point, signal_tone};
use super::{Context, answers, index, segments};

/// At most so many cards.
const CARDS: usize = 4;

/// Makes the section.
pub(super) fn scorecards(context: &Context<'_>) -> Scorecards {
    let heads = comparisons(context);
    let cards: Vec<Card> = heroes(context).into_iter().map(|it| card(context, it)).collect();
    Scorecards {
        head: Head::new(heading(context), None).with_how(Some(context.say.scorecards_how(context.checked().model.project.confidence))),
        shows_previous: cards.iter().any(|it| it.bullet.as_ref().is_some_and(|it| it.previous.is_some())),
        cards,
        comparisons: heads.iter().map(|it| it.0.clone()).collect(),
        rows: context.ranked().into_iter().map(|it| row(context, it, &heads)).collect(),
    }
}

/// How many reach their target, and of how many that is proven.
pub(super) fn heading(context: &Context<'_>) -> String {
    let count = |of: &dyn Fn(&Reading<'_>) -> bool| context.readings.iter().filter(|it| of(it)).count();
    let judged = count(&|it| is_judged(it.status));
    let reached = count(&|it| it.status == Status::OnTarget);
    let unproven = count(&|it| it.status == Status::OnTarget && it.is_unproven());
    context.say.scorecards_heading(reached, unproven, judged)
}

/// The cards: the figure that the report names first, those of the goals of the team that it is for, its index, then the
/// worst of those that goals are measured by; shown worst first.
fn heroes<'r, 'a>(context: &'r Context<'a>) -> Vec<&'r Reading<'a>> {
    let model = &context.checked().model;
    let shown = |it: &&Reading<'_>| it.value().is_some() && !matches!(it.status, Status::TooFew);
    let mut heroes: Vec<&Reading<'a>> = context.readings.iter().filter(shown).take(1).collect();
    let ranked = context.ranked();
    let team = context.sources.report.audience;
    let owned = |it: &&&Reading<'_>| team.is_some() && goals_of(model, it.id).iter().any(|goal| model.goals[goal.index()].owner == team);
    let index = |it: &&&Reading<'_>| matches!(it.kpi.formula.as_ref().map(|it| &it.kind), Some(KpiKind::Index { .. }));
    // Two of its own at most, so that others keep a place.
    let own = ranked.iter().filter(|it| shown(it)).filter(owned).take(2);
    for it in own.chain(ranked.iter().filter(|it| shown(it)).filter(index).take(1)) {
        if heroes.iter().all(|known| known.id != it.id) {
            heroes.push(it);
        }
    }
    let measures = |it: &Reading<'_>, kind: Option<GoalKind>| {
        goals_of(model, it.id).iter().any(|goal| kind.is_none_or(|kind| model.goals[goal.index()].kind == kind))
    };
    for wanted in [Some(None), None] {
        for it in ranked.iter().filter(|it| shown(it)) {
            let fits = wanted.is_none_or(|kind| measures(it, kind));
            if heroes.len() < CARDS && fits && heroes.iter().all(|known| known.id != it.id) {
                heroes.push(it);
            }
        }
    }
    heroes.sort_by_key(|it| it.rank());
    heroes
}

/// The key of a KPI's row, trend and definition.
pub(super) fn key(reading: &Reading<'_>) -> Key {
    Key::new(&reading.kpi.name)
}

/// The columns of differences: their headings, and whether it is the year before.
fn comparisons(context: &Context<'_>) -> Vec<(String, bool)> {
    let mut heads = Vec::new();
    let of = |year: bool| move |it: &Reading<'_>| if year { it.year.is_some() } else { it.previous.is_some() };
    let period = context.period();
    let previous: Option<Period> = period.previous();
    if context.readings.iter().any(of(false)) {
        let same = context.readings.iter().filter_map(|it| it.previous.as_ref()).all(|it| Some(it.period) == previous);
        let head = previous.filter(|_| same).map_or_else(|| context.say.before().to_owned(), |it| context.say.against(it, period));
        heads.push((format!("Δ {head}"), false));
    }
    if context.readings.iter().any(of(true)) {
        heads.push((format!("Δ {}", context.say.year_before()), true));
    }
    heads
}

pub(super) fn card(context: &Context<'_>, reading: &Reading<'_>) -> Card {
    let period = reading.period;
    let deltas =
        [&reading.previous, &reading.year].into_iter().flatten().map(|it| delta(reading, it, context.say.versus(it.period, period)));
    let owner = context.team(reading.kpi.owner);
    let base = reading.row.and_then(|it| it.n).map(|it| format!("n = {}", context.lang().count(it)));
    let foot: Vec<String> =
        owner.map(str::to_owned).into_iter().chain(base).chain(other_period(context, reading)).chain(instead(context, reading)).collect();
    Card {
        key: key(reading),
        title: reading.title.clone(),
        theme: context.theme(reading.kpi.theme),
        status: reading.mark(),
        figure: reading.figure(context.checked()),
        target: target(context, reading).map(|it| reading.numbers.norm(it)),
        deltas: deltas.collect(),
        spark: spark(context, reading),
        bullet: bullet(context, reading),
        answers: answers::columns(context, reading),
        parts: index::on_card(context, reading),
        instead: answers::is_hidden(context, reading).then(|| context.say.answers_hidden().to_owned()),
        sentence: [Some(sentence(context, reading)), segments::whole_against_parts(context, reading)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
        signal: matches!(reading.movement, Movement::Better | Movement::Worse | Movement::Changed),
        foot: foot.join(" · "),
    }
}

/// Every KPI of the report as a card, by its name.
pub(super) fn by_name(context: &Context<'_>) -> BTreeMap<String, Card> {
    context.readings.iter().map(|it| (it.kpi.name.clone(), card(context, it))).collect()
}

fn row(context: &Context<'_>, reading: &Reading<'_>, heads: &[(String, bool)]) -> KpiRow {
    let deltas = heads.iter().map(|(head, year)| {
        let comparison = if *year { &reading.year } else { &reading.previous };
        comparison.as_ref().map_or_else(|| Delta::none(head.clone()), |it| delta(reading, it, head.clone()))
    });
    let deltas: Vec<Delta> = deltas.collect();
    let coloured = deltas.iter().any(|it| it.tone() != Tone::Plain) && reading.movement == Movement::Noise;
    let against = segments::against_its_parts(context, reading).map(|(_, fell)| context.say.parts_moved_against(fell).to_owned());
    let sided = reading.movement == Movement::Changed && reading.direction != Direction::Neutral;
    let passed = reading.series.as_ref().filter(|_| sided).map(|it| context.say.came_and_went(it.grain));
    KpiRow {
        key: key(reading),
        title: reading.title.clone(),
        meta: meta(context, reading),
        theme: context.theme(reading.kpi.theme),
        status: reading.mark(),
        figure: reading.figure(context.checked()),
        spark: spark(context, reading),
        bullet: bullet(context, reading),
        // Two columns say no more than the figure.
        answers: answers::columns(context, reading).filter(|it| it.columns.len() > 2),
        deltas,
        movement: reading.movement,
        remark: against.or(passed).or_else(|| coloured.then(|| context.say.more_than_chance().to_owned())),
    }
}

/// Owner, scale, direction where lower is better, and the period where it is not that of the page.
fn meta(context: &Context<'_>, reading: &Reading<'_>) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(context.team(reading.kpi.owner).map(str::to_owned));
    parts.extend(reading.kpi.unit.as_ref().and_then(|it| context.say.scale(it)));
    if reading.direction == Direction::Down {
        parts.push(context.say.lower_is_better().to_owned());
    }
    parts.extend(other_period(context, reading));
    parts.extend(instead(context, reading));
    parts.join(" · ")
}

fn other_period(context: &Context<'_>, reading: &Reading<'_>) -> Option<String> {
    (reading.period != context.period()).then(|| context.lang().period_short(reading.period))
}

/// What a figure holds of an earlier period, and the parts that it is without.
fn instead(context: &Context<'_>, reading: &Reading<'_>) -> Vec<String> {
    let Some(instead) = reading.row.and_then(|it| it.instead.as_ref()) else { return Vec::new() };
    // A part that is no KPI by itself is said as the formula writes it.
    let title = |name: &String| {
        let named = context.checked().model.kpis.iter().find(|it| it.name == *name);
        named.and_then(|it| it.title.get(context.lang())).unwrap_or(name).to_owned()
    };
    let held = instead.held.iter().map(|(of, from)| context.say.held_from(&title(of), *from));
    let titles: Vec<String> = instead.without.iter().map(title).collect();
    held.chain((!titles.is_empty()).then(|| context.say.without_parts(&titles))).collect()
}

fn delta(reading: &Reading<'_>, comparison: &Comparison<'_>, against: String) -> Delta {
    match comparison.change {
        Some(change) => Delta::new(change, reading.numbers.change(change), against, reading.direction, comparison.signal == Some(true)),
        None => Delta::none(against),
    }
}

/// The series in the size of a word, from the last change of definition on.
pub(super) fn spark(context: &Context<'_>, reading: &Reading<'_>) -> Option<SparkInput> {
    let series = reading.series.as_ref()?;
    let points = series.comparable();
    let numbers = &reading.numbers;
    let values: Vec<Option<f64>> = points.iter().map(|it| it.value().map(|it| numbers.shown(it))).collect();
    let (first, last) = (points.iter().find_map(Point::value)?, points.iter().rev().find_map(Point::value)?);
    if values.iter().flatten().count() < 2 {
        return None;
    }
    let reported = series.reported.max(series.start)..series.points.len();
    let tone = |at: usize| signal_tone(series, at, (reading.direction, reading.movement)).filter(|_| !series.points[at].is_weak());
    let mut signals: Vec<SparkSignal> = reported.filter_map(|at| Some(SparkSignal { at: at - series.start, tone: tone(at)? })).collect();
    // Without limits a test tells of the last.
    let moved = match reading.movement {
        Movement::Better => Some(Tone::Better),
        Movement::Worse => Some(Tone::Worse),
        Movement::Changed | Movement::Noise | Movement::Unknown => None,
    };
    let end = points.iter().rposition(|it| it.value().is_some());
    signals.extend(moved.zip(end).filter(|_| series.limits.is_none()).map(|(tone, at)| SparkSignal { at, tone }));
    Some(SparkInput {
        desc: context.say.spark(points.len(), series.grain, &numbers.text(first), &numbers.text(last)),
        values,
        band: series.limits.map(|(it, _)| (numbers.shown(it.low), numbers.shown(it.high))),
        target: reading.target(context.checked()).map(|it| numbers.shown(it)),
        signals,
    })
}

/// What the figure should come to: of its norms, else a target alone.
fn target(context: &Context<'_>, reading: &Reading<'_>) -> Option<f64> {
    reading.norms(context.checked()).map(|it| it.2).or_else(|| reading.target(context.checked()))
}

/// The figure between its norms.
fn bullet(context: &Context<'_>, reading: &Reading<'_>) -> Option<BulletInput> {
    let numbers = &reading.numbers;
    let norms = reading.norms(context.checked());
    let target = target(context, reading);
    if target.is_none() && norms.is_none() {
        return None;
    }
    let row = reading.row?;
    let target_label = target.map(|it| context.say.target(&numbers.norm(it))).unwrap_or_default();
    Some(BulletInput {
        desc: context.say.bullet(&reading.title, &reading.text(), &target_label),
        axis: numbers.axis(),
        scale: None,
        value: row.value.map(|it| numbers.shown(it)),
        interval: row.value.and(row.low.zip(row.high)).map(|(low, high)| (numbers.shown(low), numbers.shown(high))),
        worst: norms.map(|it| numbers.shown(it.0)),
        threshold: norms.map(|it| numbers.shown(it.1)),
        target: target.map(|it| numbers.shown(it)),
        target_label,
        previous: row.value.and_then(|_| reading.reference()?.row.value).map(|it| numbers.shown(it)),
        direction: reading.direction,
    })
}

/// How many points of the reported period lie beyond which limit.
pub(super) fn beyond(context: &Context<'_>, reading: &Reading<'_>, above: bool) -> Option<String> {
    let series = reading.series.as_ref()?;
    let limits = series.limits?.0;
    let end = reading.numbers.text(if above { limits.high } else { limits.low });
    Some(context.say.beyond_limit(
        (series.outside(above), series.points.len() - series.reported, series.is_back(above)),
        series.grain,
        above,
        &end,
    ))
}

/// Signal or noise, in one sentence.
pub(super) fn sentence(context: &Context<'_>, reading: &Reading<'_>) -> String {
    match signal(context, reading) {
        Ok((signal, said)) => context.say.signalled(signal, &said),
        Err(why) => why,
    }
}

/// The same where it is said beside it whether there is a signal.
pub(super) fn sentence_alone(context: &Context<'_>, reading: &Reading<'_>) -> String {
    signal(context, reading).map_or_else(|why| why, |it| capital(&it.1))
}

/// Whether a figure gives a signal and what tells so, in lower case; else why it cannot be told.
fn signal(context: &Context<'_>, reading: &Reading<'_>) -> Result<(bool, String), String> {
    let say = context.say;
    let numbers = &reading.numbers;
    match reading.status {
        Status::TooFew => return Err(say.too_few(context.checked().model.project.indicative_base)),
        Status::Hidden => return Err(say.hidden_figure().to_owned()),
        _ => {}
    }
    if reading.value().is_none() {
        return Err(say.no_figure(say.absent(reading.row)));
    }
    let Some(series) = &reading.series else { return Err(say.no_time().to_owned()) };
    if let Some((limits, _)) = series.limits {
        let count = series.points.len() - series.reported;
        // A share has no limit beyond 100 %.
        let (least, most) = reading.kpi.unit.as_ref().and_then(Unit::range).unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        let (low, high) = (limits.low.max(least), limits.high.min(most));
        let end = |above: bool| numbers.text(if above { high } else { low });
        let found = series.signal();
        let said = match found {
            None => say.within_limits(count, series.grain, &numbers.between(low, high)),
            Some(it) => match it.rule {
                Rule::Outside => {
                    say.outside_limits((series.outside(it.above), count, series.is_back(it.above)), series.grain, it.above, &end(it.above))
                }
                Rule::Run => say.run(it.last - it.first + 1, series.grain, it.above, &numbers.text(limits.centre)),
                Rule::NearLimit => say.near_limit(series.grain, it.above, &end(it.above)),
            },
        };
        let provisional = limits.provisional.then(|| format!(" {}", say.provisional(limits.points, series.grain)));
        return Ok((found.is_some(), format!("{said}{}", provisional.unwrap_or_default())));
    }
    if series.windowed {
        return Err(say.windowed().to_owned());
    }
    match reading.previous.as_ref() {
        Some(Comparison { change: Some(change), signal: Some(signal), period, .. }) => {
            Ok((*signal, say.tested(*signal, &numbers.change(*change), *period)))
        }
        Some(Comparison { change: None, .. }) => Err(say.not_comparable().to_owned()),
        _ => Err(say.too_short().to_owned()),
    }
}
