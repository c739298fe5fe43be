//! How are the answers behind a score spread? As columns on a card, and in words among the definitions.

use crate::eval::AnswerClass;
use crate::publish::{AnswerCode, AnswerShare};
use crate::report::charts::columns::{AnswerColumn, AnswerTone, ColumnsInput};

use super::Context;
use super::reading::Reading;

/// The answers of the reported period, by code.
fn answers<'a>(context: &Context<'a>, reading: &Reading<'_>) -> Option<Vec<(&'a AnswerCode, AnswerShare)>> {
    let of = context
        .told
        .distributions
        .iter()
        .find(|it| it.kpi == reading.id && it.part.is_none() && it.cut.is_empty() && it.grain == reading.grain)?;
    let row = of.row(reading.period, &[])?;
    // What is hidden has no shares.
    (!row.shares.is_empty()).then(|| of.codes.iter().zip(row.shares.iter().copied()).collect())
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
            Some(AnswerClass::Against) => AnswerTone::Against,
            _ => AnswerTone::Between,
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
