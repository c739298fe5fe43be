//! What must a board know of each figure? Value, target, moved or not, and one sentence.

use crate::report::needs::shows;
use crate::report::view::more::{Summary, SummaryRow};
use crate::report::view::{Head, Movement, SectionName, Target};

use super::assumed::has_range;
use super::reading::Reading;
use super::scorecards::{heading, key, sentence_alone};
use super::{Context, masthead, segments};

/// Makes the section.
pub(super) fn summary(context: &Context<'_>) -> Summary {
    let say = context.say;
    Summary {
        head: Head::new(heading(context), Some(say.summary_dek().to_owned())),
        rows: context.ranked().into_iter().map(|it| row(context, it)).collect(),
    }
}

fn row(context: &Context<'_>, reading: &Reading<'_>) -> SummaryRow {
    let report = context.sources.report;
    let to = match () {
        () if shows(report, SectionName::Scorecards) => Some(Target::Kpi(key(reading))),
        // A report that tells it in full tells more.
        () if shows(report, SectionName::Definitions) && context.elsewhere(reading.id).is_none() => Some(Target::Definition(key(reading))),
        () => None,
    };
    SummaryRow {
        key: key(reading),
        title: reading.title.clone(),
        to,
        elsewhere: context.elsewhere(reading.id),
        theme: context.theme(reading.kpi.theme),
        figure: reading.figure(context.checked()),
        target: reading.target(context.checked()).map(|it| reading.numbers.norm(it)).unwrap_or_default(),
        movement: reading.movement,
        status: reading.mark(),
        sentence: said(context, reading),
    }
}

/// How far it moved, where it did, and the one thing to know of that.
fn said(context: &Context<'_>, reading: &Reading<'_>) -> String {
    let say = context.say;
    let numbers = &reading.numbers;
    // Of what rests on assumptions nothing is as much to be known as how far it may be off.
    let ends = reading.row.and_then(|it| it.low.zip(it.high)).filter(|_| has_range(context.checked(), reading.id));
    let measured = reading.row.is_some_and(|it| it.assumed.as_ref().map(|it| it.range) != it.low.zip(it.high));
    let assumed = ends
        .map(|(low, high)| say.on_assumptions(&say.two_ends(&numbers.text(low), &numbers.text(high)), measured, low < 0.0 && high > 0.0));
    if let Some(assumed) = assumed.as_ref().filter(|_| reading.movement == Movement::Unknown) {
        return assumed.clone();
    }
    let mut said: Vec<String> = assumed.into_iter().collect();
    if let Some((found, before)) = masthead::comparison_that_moved(reading).and_then(|it| Some((it, it.row.value?))) {
        let up = found.change.is_some_and(|it| it > 0.0);
        said.push(match reading.movement {
            // The series tells nothing, so what it is held against has to be said.
            Movement::Noise | Movement::Unknown => say.unlike(up, found.period, &numbers.text(before)),
            _ => say.from_to(&numbers.text(before), found.period, &reading.text(), None),
        });
    }
    said.push(segments::whole_against_parts(context, reading).unwrap_or_else(|| sentence_alone(context, reading)));
    said.join(" ")
}
