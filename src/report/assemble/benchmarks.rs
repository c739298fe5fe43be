//! How does it compare with others? An outside figure beside one's own, with one's own uncertainty; never a rank without.

use crate::eval::Note;
use crate::plan::Against;
use crate::report::charts::beside::BesideInput;
use crate::report::view::more::{Benchmark, Benchmarks};
use crate::report::view::{Delta, Head, Tone};
use crate::report::words::BenchmarkCounts;

use super::Context;
use super::reading::row_of;
use super::scorecards::key;

/// Makes the section.
pub(super) fn benchmarks(context: &Context<'_>) -> Benchmarks {
    let say = context.say;
    let all = &context.checked().model.benchmarks;
    let (told, left) = told(context);
    let held = |of: Held| told.iter().filter(|it| it.held == of).count();
    let toned = |tone: Tone| told.iter().filter(|it| it.held == Held::Differs && it.view.tone == tone).count();
    let counts = BenchmarkCounts {
        better: toned(Tone::Better),
        worse: toned(Tone::Worse),
        other: toned(Tone::Plain),
        same: held(Held::Same),
        untold: held(Held::Untold),
        refused: held(Held::Not),
    };
    // Of one its figures say more than a count.
    let one = told.iter().filter_map(|it| it.figures.as_ref().zip(Some(it.held))).collect::<Vec<_>>();
    let heading = match one.as_slice() {
        [((title, value, other), held)] => say.benchmark_heading(title, value, other, held.signal()),
        _ => say.benchmarks_heading(counts),
    };
    let stroke = told.iter().filter_map(|it| it.view.chart.as_ref()).any(|it| it.interval.is_some());
    let exact = told.iter().filter(|it| it.view.chart.is_some()).all(|it| it.exact);
    let dek = match left {
        0 => say.benchmarks_dek(told.is_empty(), !all.is_empty(), stroke, exact).to_owned(),
        _ => format!("{} {}", say.benchmarks_dek(false, true, stroke, exact), say.left_of_files(left)),
    };
    Benchmarks { head: Head::new(heading, Some(dek)), rows: told.into_iter().map(|it| it.view).collect() }
}

/// The benchmarks that a report tells, by their places in the project.
pub(super) fn shown(context: &Context<'_>) -> Vec<usize> {
    told(context).0.into_iter().map(|it| it.at).collect()
}

/// A benchmark that a report tells.
struct Told {
    /// Its place in the project.
    at: usize,
    view: Benchmark,
    held: Held,
    /// The KPI, one's own figure and the other; none where they are not compared.
    figures: Option<(String, String, String)>,
    /// Whether no uncertainty is known of the other figure.
    exact: bool,
}

/// The benchmarks that a report tells, and how many of files it leaves out: of a file only what can be compared is told,
/// for it may hold the figures of many.
fn told(context: &Context<'_>) -> (Vec<Told>, usize) {
    let all = &context.checked().model.benchmarks;
    let told = (0..all.len()).filter_map(|at| row(context, at));
    let (left, told): (Vec<_>, Vec<_>) = told.partition(|it| it.held == Held::Not && all[it.at].which.is_some());
    (told, left.len())
}

/// What came of holding a figure against another.
#[derive(Clone, Copy, PartialEq)]
enum Held {
    /// Nothing is compared.
    Not,
    /// Whether the difference is more than chance cannot be told.
    Untold,
    Same,
    Differs,
}

impl Held {
    /// Whether the difference is more than chance, where that can be told.
    fn signal(self) -> Option<bool> {
        match self {
            Held::Not | Held::Untold => None,
            Held::Same => Some(false),
            Held::Differs => Some(true),
        }
    }
}

/// An outside figure beside one's own.
fn row(context: &Context<'_>, at: usize) -> Option<Told> {
    let say = context.say;
    let lang = context.lang();
    let declared = &context.checked().model.benchmarks[at];
    let of = declared.of.as_ref()?;
    context.readings.iter().find(|it| it.id == of.kpi)?;
    let reading = context.sources.read(of.kpi, of.part.as_ref());
    let numbers = &reading.numbers;
    let table = context.sources.results.compared(of.kpi, of.part.as_ref(), &[], reading.grain, &Against::Benchmark(at))?;
    let row = row_of(table, reading.period);
    let compared = row.and_then(|it| it.compared.as_deref());
    let other = compared.and_then(|it| it.previous);
    let own = context.part_title(&reading.title, of);
    let mut subtitle = vec![lang.period(reading.period), say.scale_of(&say.short_measure(&context.checked().model, reading.kpi))];
    subtitle.extend(declared.source.get(lang).map(|it| say.source_of(it)));
    let calendar = &context.checked().model.project.calendar;
    let dated = declared.at(reading.period, calendar);
    subtitle.extend(dated.and_then(|it| it.1).map(|it| lang.period(it)));
    subtitle.extend(dated.and_then(|it| it.2).filter(|it| *it >= 1.0).map(|it| format!("n = {}", lang.number(it, 0))));
    let mut said = Vec::new();
    let mut held = Held::Not;
    let mut tone = Tone::Plain;
    let mut figures = None;
    let change = compared.and_then(|it| it.change);
    match (compared.and_then(|it| it.refused.as_ref()), reading.value(), other, change) {
        (Some(reason), ..) => said.push(say.not_compared(&context.checked().model, reason)),
        (None, Some(value), Some(other), Some(change)) => {
            let compared = compared?;
            let ends = compared.low.zip(compared.high).map(|(low, high)| say.low_to_high(&numbers.change(low), &numbers.change(high)));
            held = compared.signal.map_or(Held::Untold, |it| if it { Held::Differs } else { Held::Same });
            tone = Delta::new(change, numbers.change(change), "", reading.direction, compared.signal == Some(true)).tone();
            figures = Some((own.clone(), numbers.text(value), numbers.norm(other)));
            said.push(say.benchmark_difference(
                &numbers.text(value),
                &numbers.norm(other),
                &numbers.change(change),
                ends.as_deref(),
                compared.signal,
            ));
            // Outside figures appear late: which periods are compared is said where they differ.
            let outside = dated.and_then(|it| it.1);
            said.extend(
                outside.filter(|it| it.end(calendar) != reading.period.end(calendar)).map(|it| say.other_period(reading.period, it)),
            );
            if compared.notes.contains(&Note::TakenAsExact) {
                said.push(say.taken_as_exact().to_owned());
            }
        }
        _ => said.push(say.no_figure(say.absent(reading.row))),
    }
    let caption = said.join(" ");
    let other_title = match (declared.title.get(lang), &declared.which) {
        (Some(title), Some(which)) => format!("{title} ({which})"),
        (title, _) => title.unwrap_or(&declared.name).to_owned(),
    };
    let title = say.beside(&own, &other_title);
    let shown = other.zip(row).filter(|_| held != Held::Not);
    let chart = shown.and_then(|(other, row)| row.value.map(|value| (value, other, row))).map(|(value, other, row)| BesideInput {
        desc: caption.clone(),
        axis: numbers.axis(),
        value: numbers.shown(value),
        label: numbers.text(value),
        interval: row.low.zip(row.high).map(|(low, high)| (numbers.shown(low), numbers.shown(high))),
        other: numbers.shown(other),
        other_label: say.benchmark_mark(&numbers.norm(other)),
    });
    let view = Benchmark { key: key(&reading), title, subtitle: subtitle.join(" · "), chart, caption, tone };
    let exact = compared.is_some_and(|it| it.notes.contains(&Note::TakenAsExact));
    Some(Told { at, view, held, figures, exact })
}
