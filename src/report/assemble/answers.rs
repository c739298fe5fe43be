//! How are the answers behind a score spread? As columns on a card, and in words among the definitions.

use crate::eval::AnswerClass;
use crate::publish::{AnswerCode, AnswerShare, Distribution, DistributionRow};
use crate::report::charts::columns::{AnswerColumn, AnswerTone, ColumnsInput};

use super::Context;
use super::reading::Reading;

/// The answers of the reported period, by code.
fn answers<'a>(context: &Context<'a>, reading: &Reading<'_>) -> Option<Vec<(&'a AnswerCode, AnswerShare)>> {
    let (of, row) = row(context, reading)?;
    let mut answers: Vec<_> = of.codes.iter().zip(row.shares.iter().copied()).collect();
    // Of words that are no scale, what counts stands last, as the better end of a scale does.
    let is_scale = of.codes.iter().any(|it| it.code.parse::<f64>().is_ok());
    if !is_scale && of.codes.iter().all(|it| matches!(it.class, Some(AnswerClass::For | AnswerClass::Other))) {
        answers.sort_by_key(|it| it.0.class == Some(AnswerClass::For));
    }
    // What is hidden has no shares.
    (!row.shares.is_empty()).then_some(answers)
}

/// Whether there are answers by code that may not be shown.
pub(super) fn is_hidden(context: &Context<'_>, reading: &Reading<'_>) -> bool {
    reading.value().is_some() && row(context, reading).is_some_and(|it| it.1.shares.is_empty())
}

/// How the answers of the reported period are spread, with the codes that they are spread over.
fn row<'a>(context: &Context<'a>, reading: &Reading<'_>) -> Option<(&'a Distribution, &'a DistributionRow)> {
    let whole = |it: &&Distribution| it.kpi == reading.id && it.part.is_none() && it.cut.is_empty() && it.grain == reading.grain;
    let of = context.told.distributions.iter().find(whole)?;
    Some((of, of.row(reading.period, &[])?))
}

fn label(context: &Context<'_>, of: &AnswerCode) -> String {
    of.label.get(context.lang()).unwrap_or(&of.code).to_owned()
}

/// The answers as columns.
pub(super) fn columns(context: &Context<'_>, reading: &Reading<'_>) -> Option<ColumnsInput> {
    let answers = answers(context, reading)?;
    let columns = answers.iter().map(|(code, share)| AnswerColumn {
        label: label(context, code),
        share: share.share,
        class: match code.class {
            Some(AnswerClass::For) => AnswerTone::For,
            Some(AnswerClass::Against | AnswerClass::Other) => AnswerTone::Against,
            Some(AnswerClass::Between) | None => AnswerTone::Between,
        },
    });
    Some(ColumnsInput { desc: context.say.answers_spread(&in_words(context, reading)?), columns: columns.collect() })
}

/// The answers in words: `0 2% · 1 1% · …`.
pub(super) fn in_words(context: &Context<'_>, reading: &Reading<'_>) -> Option<String> {
    let said = answers(context, reading)?;
    let said = said.iter().map(|(code, share)| format!("{}: {}", label(context, code), context.lang().percent(share.share, 0)));
    Some(said.collect::<Vec<_>>().join(" · "))
}
