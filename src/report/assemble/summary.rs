//! What must a board know of each figure? Value, target, moved or not, and one sentence.

use crate::report::needs::shows;
use crate::report::view::more::{Summary, SummaryRow};
use crate::report::view::{Head, SectionName, Target};

use super::reading::Reading;
use super::scorecards::{heading, key, sentence};
use super::{Context, segments};

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
    let to = match () {
        () if shows(report, SectionName::Scorecards) => Some(Target::Kpi(key(reading))),
        () if shows(report, SectionName::Definitions) => Some(Target::Definition(key(reading))),
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
        sentence: of_parts.unwrap_or_else(|| sentence(context, reading)),
    }
}
