//! How did each figure move over time? Series with intervals, stepped norms, natural limits, breaks and events.

use crate::calendar::{Date, Grain};
use crate::model::{Event, KpiId};
use crate::report::charts::trend::{Break, Flag, LimitLine, NormKind, NormLine, TrendInput, TrendPoint};
use crate::report::needs::{rescaled, rests_on};
use crate::report::view::{Column, DataTable, EventNote, Head, Movement, Trend, Trends};
use crate::stats::xmr::Rule;

use super::Context;
use super::assumed::has_range;
use super::measures;
use super::reading::{Reading, is_judged};
use super::scorecards::{key, sentence};
use super::segments::{against_its_parts, whole_against_parts};
use super::series::{Point, Series, signal_tone};

/// So many charts, since a series that shows nothing is as well seen in the table; of signals some more.
const MOST: usize = 6;
const SIGNALS: usize = 7;
/// So many are seen at once; the others are folded away.
const OPEN: usize = 4;

/// What the section draws, and what it leaves out.
struct Chosen<'c, 'a> {
    drawn: Vec<(&'c Reading<'a>, &'c Series<'a>)>,
    /// Those that are another scale of one that is drawn: they would draw the same line again.
    rescaled: Vec<&'c Reading<'a>>,
    /// How many series there are, drawn or not, and how many of them give a signal.
    all: usize,
    signals: usize,
    /// The measurements that give one, each by the figure that tells it.
    told: Vec<String>,
    /// What is seen at once without one, and what has one and is not drawn.
    quiet: Vec<String>,
    undrawn: Vec<String>,
}

/// Figures that moved first, of those over the same answers the first; the first figure of the report among those that are
/// seen at once, so that noise stands beside signals; then the others as the table has them.
fn chosen<'c, 'a>(context: &'c Context<'a>) -> Chosen<'c, 'a> {
    let mut drawn: Vec<(&Reading<'_>, &Series<'_>)> =
        context.ranked().into_iter().filter_map(|it| Some((it, it.series.as_ref().filter(|series| series.is_drawn())?))).collect();
    let moved = |it: &Reading<'_>| match it.movement {
        Movement::Worse => 0,
        Movement::Better | Movement::Changed => 1,
        Movement::Noise | Movement::Unknown => 2,
    };
    drawn.sort_by_key(|(it, _)| moved(it));
    let ids: Vec<KpiId> = drawn.iter().map(|it| it.0.id).collect();
    let (mut drawn, rescaled): (Vec<_>, Vec<_>) =
        drawn.into_iter().partition(|(it, _)| rescaled(it.kpi).is_none_or(|of| !ids.contains(&of)));
    let signals = drawn.iter().filter(|(it, _)| moved(it) < 2).count();
    let first = context.readings.first().map(|it| it.id);
    // One for each measurement that moved.
    let mut told: Vec<&Reading<'_>> = Vec::new();
    for (it, _) in drawn.iter().filter(|(it, _)| moved(it) < 2) {
        if !measures::told_by(context.checked(), &told, it) {
            told.push(it);
        }
    }
    // A part of what is composed says more than a question that is drawn already.
    let single: Vec<&Reading<'_>> = told.iter().copied().filter(|it| measures::count(context.checked(), it) == 1).collect();
    drawn.sort_by_key(|(it, _)| match it.id {
        id if told.iter().any(|it| it.id == id) => 0,
        id if Some(id) == first => 1,
        _ if moved(it) < 2 && !measures::told_by(context.checked(), &single, it) => 2,
        _ => 3,
    });
    if let Some(at) = drawn.iter().position(|it| Some(it.0.id) == first).filter(|at| *at >= OPEN) {
        drawn[OPEN - 1..=at].rotate_right(1);
    }
    let most = (signals + 1).clamp(MOST, SIGNALS);
    let all = drawn.len();
    let left = drawn.split_off(most.min(all));
    let seen: Vec<&Reading<'_>> = drawn.iter().map(|it| it.0).collect();
    let is_untold = |it: &Reading<'_>| moved(it) < 2 && !measures::told_by(context.checked(), &seen, it);
    let undrawn = left.iter().filter(|it| is_untold(it.0)).map(|it| it.0.title.clone()).collect();
    let seen = &drawn[..drawn.len().min(OPEN)];
    let quiet: Vec<String> = seen.iter().filter(|(it, _)| moved(it) >= 2).map(|it| it.0.title.clone()).collect();
    let told = told.iter().map(|it| it.title.clone()).collect();
    Chosen { drawn, rescaled: rescaled.into_iter().map(|it| it.0).collect(), all, signals, told, quiet, undrawn }
}

/// Whether the section draws the series of a figure.
pub(super) fn is_drawn(context: &Context<'_>, reading: &Reading<'_>) -> bool {
    chosen(context).drawn.iter().any(|it| it.0.id == reading.id)
}

/// Makes the section.
pub(super) fn trends(context: &Context<'_>) -> Trends {
    let Chosen { drawn, rescaled, all, signals, told, quiet, undrawn } = chosen(context);
    let with_ends = |range: bool| {
        let of = drawn.iter().filter(|it| has_range(context.checked(), it.0.id) == range);
        of.flat_map(|it| &it.1.points).any(|it| it.row.is_some_and(|row| row.low.is_some()))
    };
    let (intervals, ranges) = (with_ends(false), with_ends(true));
    let limits = drawn.iter().any(|it| it.1.limits.is_some());
    let thresholds = drawn.iter().flat_map(|it| &it.1.points).any(|it| it.row.is_some_and(|row| row.judged.threshold.is_some()));
    let how = context.say.trends_how(context.checked().model.project.confidence, intervals, ranges, thresholds, limits);
    let without: Vec<String> =
        context.readings.iter().filter(|it| !it.series.as_ref().is_some_and(Series::is_drawn)).map(|it| it.title.clone()).collect();
    let mut dek = Vec::new();
    if drawn.is_empty() {
        dek.push(context.say.no_trends().to_owned());
    } else {
        dek.extend(context.say.trends_told(&told, &quiet, &undrawn));
    }
    let mut how = vec![how];
    if signals > told.len() {
        how.push(context.say.in_series(signals, all));
    }
    if !without.is_empty() {
        how.push(context.say.without_series(&without));
    }
    if !rescaled.is_empty() {
        let names: Vec<String> = rescaled.iter().map(|it| it.title.clone()).collect();
        how.push(context.say.rescaled_series(&names));
    }
    let events = events(context, &drawn);
    Trends {
        head: Head::new(context.say.trends_heading(signals, all, told.len()), (!dek.is_empty()).then(|| dek.join(" ")))
            .with_how((!drawn.is_empty()).then(|| how.join(" "))),
        trends: drawn.iter().map(|(reading, series)| trend(context, reading, series, &events)).collect(),
        events: events.iter().enumerate().map(|(at, it)| EventNote { number: at as u32 + 1, text: note(context, it) }).collect(),
        open: OPEN,
        more: context.say.more_series(drawn.len().saturating_sub(OPEN)),
    }
}

/// The line of one figure, for a page of its own.
pub(super) fn of(context: &Context<'_>, reading: &Reading<'_>) -> Option<Trends> {
    let series = reading.series.as_ref().filter(|it| it.is_drawn())?;
    let events = events(context, &[(reading, series)]);
    let trend = trend(context, reading, series, &events);
    Some(Trends {
        head: Head::new(trend.title.clone(), None),
        events: events.iter().enumerate().map(|(at, it)| EventNote { number: at as u32 + 1, text: note(context, it) }).collect(),
        trends: vec![trend],
        open: OPEN,
        more: String::new(),
    })
}

/// The events that fall within a series that they touch, oldest first.
fn events<'a>(context: &Context<'a>, drawn: &[(&Reading<'a>, &Series<'a>)]) -> Vec<&'a Event> {
    let within = |event: &&Event| drawn.iter().any(|(reading, series)| flag_at(context, reading, series, event).is_some());
    let mut events: Vec<&Event> = context.checked().model.events.iter().filter(within).collect();
    events.sort_by_key(|it| it.from);
    events
}

fn note(context: &Context<'_>, event: &Event) -> String {
    let lang = context.lang();
    let last = event.until.plus_days(-1).unwrap_or(event.from);
    let when = if last == event.from { lang.date(event.from) } else { context.say.from_until(&lang.date(event.from), &lang.date(last)) };
    format!("{when}: {}", event.title.get(lang).unwrap_or(&event.name))
}

/// Where an event stands in a series: in points, 1.5 halfway the second and the third.
fn flag_at(context: &Context<'_>, reading: &Reading<'_>, series: &Series<'_>, event: &Event) -> Option<f64> {
    let model = &context.checked().model;
    if !event.touches.is_empty() && !event.touches.iter().any(|it| *it == reading.id || rests_on(model, reading.id, *it)) {
        return None;
    }
    let at = place(context, series, event.from)?;
    (at >= 0.0).then_some(at)
}

/// The place of a day in a series. A point stands for its whole period, and so in the middle of it.
fn place(context: &Context<'_>, series: &Series<'_>, day: Date) -> Option<f64> {
    let calendar = &context.checked().model.project.calendar;
    let at = series.points.iter().position(|it| it.period.contains(day, calendar))?;
    let period = series.points[at].period;
    let (start, end) = (period.start(calendar), period.end(calendar));
    let share = f64::from(day.days() - start.days()) / f64::from(end.days() - start.days()).max(1.0);
    let most = f64::from(u32::try_from(series.points.len().saturating_sub(1)).unwrap_or(0));
    Some((f64::from(u32::try_from(at).unwrap_or(0)) + share - 0.5).clamp(0.0, most))
}

fn trend(context: &Context<'_>, reading: &Reading<'_>, series: &Series<'_>, events: &[&Event]) -> Trend {
    let say = context.say;
    let first = series.points.first().map(|it| it.period);
    let last = series.points.last().map(|it| it.period);
    let range =
        first.zip(last).map(|(first, last)| say.from_until(&context.lang().period_short(first), &context.lang().period_short(last)));
    let measure = say.measure(&context.checked().model, reading.kpi);
    let title = say.trend_title(&reading.title, &happened(context, reading, series));
    let caption = caption(context, reading, series);
    Trend {
        key: key(reading),
        title: title.clone(),
        subtitle: say.trend_subtitle(&measure, series.grain, range.as_deref()),
        chart: chart(context, reading, series, events, title, sentence(context, reading)),
        caption,
        table: table(context, reading, series),
    }
}

/// What happened in the reported period, in a few words.
fn happened(context: &Context<'_>, reading: &Reading<'_>, series: &Series<'_>) -> String {
    let say = context.say;
    if let Some((_, fell)) = against_its_parts(context, reading) {
        return say.against_parts(fell).to_owned();
    }
    let moved = matches!(reading.movement, Movement::Better | Movement::Worse | Movement::Changed);
    match series.signal().filter(|it| moved && it.rule == Rule::Outside) {
        Some(it) => {
            let count = series.points.len() - series.reported;
            say.outside(series.outside(it.above), count, series.grain, it.above)
        }
        None => say.movement(reading.movement).to_owned(),
    }
}

fn chart(context: &Context<'_>, reading: &Reading<'_>, series: &Series<'_>, events: &[&Event], title: String, desc: String) -> TrendInput {
    let numbers = &reading.numbers;
    let flags = events
        .iter()
        .enumerate()
        .filter_map(|(at, event)| Some(Flag { number: at as u32 + 1, at: flag_at(context, reading, series, event)? }));
    let breaks =
        series.breaks.iter().map(|it| Break { before: it.before, label: context.say.definition_changed(it.kpi == reading.id).to_owned() });
    let last = series.points.iter().rev().find(|it| it.value().is_some());
    TrendInput {
        key: key(reading),
        title,
        desc,
        axis: numbers.axis(),
        points: series.points.iter().enumerate().map(|(at, it)| point(context, reading, series, at, it)).collect(),
        norms: norms(context, reading, series),
        limits: limits(context, reading, series),
        breaks: breaks.collect(),
        events: flags.collect(),
        end_label: last.and_then(Point::value).map(|it| numbers.text(it)).unwrap_or_default(),
        end_note: last.map(|it| context.lang().axis_label_with_year(it.period)).unwrap_or_default(),
    }
}

fn point(context: &Context<'_>, reading: &Reading<'_>, series: &Series<'_>, at: usize, point: &Point<'_>) -> TrendPoint {
    let numbers = &reading.numbers;
    let shown = |it: Option<f64>| it.map(|it| numbers.shown(it));
    let is_tick = match series.grain {
        Grain::Month => point.period.number().is_some_and(|it| it % 6 == 1),
        Grain::Week => point.period.number().is_some_and(|it| it % 13 == 1),
        Grain::Day => at.is_multiple_of(14),
        Grain::Quarter | Grain::FiscalQuarter | Grain::Year | Grain::FiscalYear | Grain::All => true,
    };
    TrendPoint {
        tick: is_tick.then(|| context.lang().axis_label_with_year(point.period)),
        value: shown(point.value()),
        low: shown(point.row.and_then(|it| it.low)),
        high: shown(point.row.and_then(|it| it.high)),
        signal: signal_tone(series, at, (reading.direction, reading.movement)).filter(|_| !point.is_weak()),
        weak: point.is_weak(),
    }
}

/// Target and threshold as they held in each period.
fn norms(context: &Context<'_>, reading: &Reading<'_>, series: &Series<'_>) -> Vec<NormLine> {
    let numbers = &reading.numbers;
    let total = context.checked().is_total(reading.id) && crate::eval::judged_grain(context.checked(), reading.id) != series.grain;
    if total {
        return Vec::new();
    }
    let line = |kind: NormKind, pick: fn(&crate::eval::Judged) -> Option<f64>| {
        let values: Vec<Option<f64>> =
            series.points.iter().map(|it| it.row.and_then(|row| pick(&row.judged)).map(|it| numbers.shown(it))).collect();
        let last = series.points.iter().rev().find_map(|it| it.row.and_then(|row| pick(&row.judged)))?;
        let label = match kind {
            NormKind::Target => context.say.target(&numbers.norm(last)),
            NormKind::Threshold => context.say.threshold(&numbers.norm(last)),
        };
        Some(NormLine { kind, values, label })
    };
    [line(NormKind::Target, |it| it.target), line(NormKind::Threshold, |it| it.threshold)].into_iter().flatten().collect()
}

fn limits(context: &Context<'_>, reading: &Reading<'_>, series: &Series<'_>) -> Vec<LimitLine> {
    let Some((limits, from)) = series.limits else { return Vec::new() };
    let numbers = &reading.numbers;
    let to = series.points.len().saturating_sub(1);
    let line = |value: f64, label: String| LimitLine { from, to, value: numbers.shown(value), label };
    let (least, most) = numbers.axis().range.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
    let within = |value: f64| (least..=most).contains(&numbers.shown(value));
    let mut lines = Vec::new();
    if within(limits.high) {
        lines.push(line(limits.high, context.say.upper_limit(&numbers.text(limits.high))));
    }
    lines.push(line(limits.centre, String::new()));
    if within(limits.low) {
        lines.push(line(limits.low, context.say.lower_limit(&numbers.text(limits.low))));
    }
    lines
}

/// What the chart shows, in sentences: the last figures, their limits, the norms that changed, the breaks.
fn caption(context: &Context<'_>, reading: &Reading<'_>, series: &Series<'_>) -> String {
    let say = context.say;
    let numbers = &reading.numbers;
    let mut said = Vec::new();
    let values: Vec<f64> = series.points.get(series.start..series.reported).unwrap_or_default().iter().filter_map(Point::value).collect();
    let ends = crate::report::charts::scale::extent(values.iter().copied());
    let now: Vec<String> =
        series.points.get(series.reported..).unwrap_or_default().iter().filter_map(Point::value).map(|it| numbers.text(it)).collect();
    match ends {
        Some((low, high)) if values.len() > 1 => {
            let known = || series.points[series.start..series.reported].iter().filter(|it| it.value().is_some()).map(|it| it.period);
            let span = known().next().zip(known().next_back());
            said.push(say.before_and_now(span, &numbers.text(low), &numbers.text(high), &now, reading.period));
        }
        Some((low, _)) => {
            said.push(say.one_before(&numbers.text(low), &now, reading.period));
        }
        _ => {}
    }
    said.push(sentence(context, reading));
    said.extend(whole_against_parts(context, reading));
    said.extend(steps(context, reading, series));
    for it in &series.breaks {
        let model = &context.checked().model;
        let other = (it.kpi != reading.id).then(|| {
            let kpi = &model.kpis[it.kpi.index()];
            kpi.title.get(context.lang()).unwrap_or(&kpi.name).to_owned()
        });
        said.push(say.broken(it.on, other.as_deref(), &it.reason));
    }
    let weak = series.points.iter().filter(|it| it.is_weak()).count();
    if weak > 0 {
        said.push(say.weak_points(weak));
    }
    let hidden = series.points.iter().filter(|it| it.row.is_some_and(|row| row.judged.status == crate::eval::Status::Hidden)).count();
    if hidden > 0 {
        said.push(say.hidden_points(hidden));
    }
    if !is_judged(reading.status) && reading.kpi.norms.is_empty() {
        said.push(say.no_norms().to_owned());
    }
    said.join(" ")
}

/// A target that changed within the series: "Het doel ging in januari 2025 van 42 naar 45."
fn steps(context: &Context<'_>, reading: &Reading<'_>, series: &Series<'_>) -> Option<String> {
    let targets: Vec<_> = series.points.iter().filter_map(|it| Some((it.period, it.row?.judged.target?))).collect();
    let changes: Vec<_> = targets.windows(2).filter(|pair| pair[0].1 != pair[1].1).collect();
    // A target that is a line changes in every period; the chart shows that better than words.
    let [change] = changes.as_slice() else { return None };
    let numbers = &reading.numbers;
    Some(context.say.target_step(change[1].0, &numbers.norm(change[0].1), &numbers.norm(change[1].1)))
}

fn table(context: &Context<'_>, reading: &Reading<'_>, series: &Series<'_>) -> DataTable {
    let say = context.say;
    let numbers = &reading.numbers;
    let confidence = context.checked().model.project.confidence;
    let has_interval = series.points.iter().any(|it| it.row.is_some_and(|it| it.low.is_some()));
    let mut columns = vec![Column::text(say.period_heading()), Column::number(say.value_heading())];
    if has_interval {
        columns.push(Column::number(say.interval_kind(confidence)));
    }
    columns.push(Column::number("n"));
    let rows = series.points.iter().map(|it| {
        let mut cells = vec![context.lang().period_short(it.period)];
        cells.push(it.value().map_or_else(|| say.absent(it.row).to_owned(), |it| numbers.text(it)));
        if has_interval {
            let ends = it.row.and_then(|it| it.low.zip(it.high));
            cells.push(ends.map_or_else(String::new, |(low, high)| numbers.between(low, high)));
        }
        cells.push(it.row.and_then(|it| it.n).map_or_else(String::new, |it| context.lang().count(it)));
        cells
    });
    DataTable { caption: say.trend_table(&reading.title, series.grain), columns, rows: rows.collect() }
}
