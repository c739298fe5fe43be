//! How does it compare with others? An outside figure beside one's own, with one's own uncertainty; never a rank without.

use crate::eval::Note;
use crate::plan::Against;
use crate::report::charts::bullet::BulletInput;
use crate::report::view::more::{Benchmark, Benchmarks};
use crate::report::view::{Delta, Head, Tone};

use super::Context;
use super::reading::row_of;
use super::scorecards::key;

/// Makes the section.
pub(super) fn benchmarks(context: &Context<'_>) -> Benchmarks {
    let say = context.say;
    let all = &context.checked().model.benchmarks;
    let rows: Vec<(Benchmark, Option<bool>)> = (0..all.len()).filter_map(|at| row(context, at)).collect();
    let toned = |tone: Tone| rows.iter().filter(|it| it.0.tone == tone && it.1.is_some()).count();
    let same = toned(Tone::Plain);
    let heading = say.benchmarks_heading(toned(Tone::Better), toned(Tone::Worse), same, rows.len());
    let dek = say.benchmarks_dek(rows.is_empty(), !all.is_empty()).to_owned();
    Benchmarks { head: Head { heading, dek: Some(dek) }, rows: rows.into_iter().map(|it| it.0).collect() }
}

/// An outside figure, with whether the difference is a signal; that is none where nothing is compared.
fn row(context: &Context<'_>, at: usize) -> Option<(Benchmark, Option<bool>)> {
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
    let mut subtitle = vec![lang.period(reading.period)];
    subtitle.extend(declared.source.get(lang).map(|it| say.source_of(it)));
    subtitle.extend(declared.period.map(|it| lang.period(it)));
    subtitle.extend(declared.n.filter(|it| *it >= 1.0).map(|it| format!("n = {}", lang.number(it, 0))));
    let mut said = Vec::new();
    let mut signal = None;
    let mut tone = Tone::Plain;
    let change = compared.and_then(|it| it.change);
    match (compared.and_then(|it| it.refused.as_ref()), reading.value(), other, change) {
        (Some(reason), ..) => said.push(say.benchmark_refused(reason)),
        (None, Some(value), Some(other), Some(change)) => {
            let compared = compared?;
            let ends = compared
                .low
                .zip(compared.high)
                .map(|(low, high)| format!("{} {} {}", numbers.change(low), say.pick("tot", "to"), numbers.change(high)));
            signal = Some(compared.signal == Some(true));
            tone = Delta::new(change, numbers.change(change), "", reading.direction, compared.signal == Some(true)).tone();
            said.push(say.benchmark_difference(
                &numbers.text(value),
                &numbers.norm(other),
                &numbers.change(change),
                ends.as_deref(),
                compared.signal,
            ));
            if compared.notes.contains(&Note::TakenAsExact) {
                said.push(say.taken_as_exact().to_owned());
            }
        }
        _ => said.push(say.no_figure(say.absent(reading.row))),
    }
    let caption = said.join(" ");
    let title = say.beside(&own, declared.title.get(lang).unwrap_or(&declared.name));
    let chart = other.zip(row).filter(|_| signal.is_some()).map(|(other, row)| BulletInput {
        desc: caption.clone(),
        axis: numbers.axis(),
        scale: None,
        value: row.value.map(|it| numbers.shown(it)),
        interval: row.value.and(row.low.zip(row.high)).map(|(low, high)| (numbers.shown(low), numbers.shown(high))),
        worst: None,
        threshold: None,
        target: Some(numbers.shown(other)),
        target_label: say.benchmark_mark(&numbers.norm(other)),
        previous: None,
        direction: reading.direction,
    });
    Some((Benchmark { key: key(&reading), title, subtitle: subtitle.join(" · "), chart, caption, tone }, signal))
}
