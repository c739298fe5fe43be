//! What must a board know of each figure? Value, target, moved or not, and one sentence.

use crate::report::needs::shows;
use crate::report::view::more::{Summary, SummaryRow};
use crate::report::view::{Head, SectionName, Target};

use super::reading::Reading;
use super::scorecards::{heading, key, sentence};
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
    let of_parts = segments::whole_against_parts(context, reading);
    // How far it moved, where it did.
    let comparison = masthead::comparison_that_moved(reading).and_then(|it| Some((it.period, it.row.value?)));
    let moved = comparison.map(|(period, before)| context.say.from_to(&reading.numbers.text(before), period, &reading.text()));
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
        sentence: moved.into_iter().chain([of_parts.unwrap_or_else(|| sentence(context, reading))]).collect::<Vec<_>>().join(" "),
    }
}
