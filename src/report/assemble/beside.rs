//! What stands beside the way that a figure went? What the project calls its causes, its largest segment, and what other
//! shares made: figures, no proof.

use crate::calendar::Period;
use crate::model::KpiId;
use crate::publish::{CutResult, SegmentResult};
use crate::report::needs::causes_of;
use crate::report::numbers::Numbers;
use crate::report::view::why::Beside;

use super::Context;
use super::reading::Reading;

/// At most so many causes; with fewer the largest segment stands beside them.
pub(super) const CAUSES: usize = 2;

/// The causes of a KPI of which the report has a figure: what moved first, then the worst.
pub(super) fn causes<'c, 'a>(context: &'c Context<'a>, of: KpiId) -> Vec<&'c Reading<'a>> {
    let known = causes_of(&context.checked().model, of);
    let told = |it: &&Reading<'a>| known.contains(&it.id) && it.value().is_some();
    let mut causes: Vec<&Reading<'a>> = context.ranked().into_iter().filter(told).collect();
    causes.sort_by_key(|it| it.previous.as_ref().is_none_or(|it| it.signal != Some(true)));
    causes.truncate(CAUSES);
    causes
}

/// A cause, with what it was and what it should be.
pub(super) fn cause(context: &Context<'_>, it: &Reading<'_>) -> Beside {
    let say = context.say;
    let before = it.previous.as_ref().and_then(|of| Some(say.at(of.period, it.period, &it.numbers.text(of.row.value?))));
    let target = it.target(context.checked()).map(|of| say.target(&it.numbers.norm(of)));
    let note = before.into_iter().chain(target).collect::<Vec<_>>().join(", ");
    Beside { value: it.text(), label: it.title.clone(), note }
}

/// A segment, with what it was.
pub(super) fn segment(
    context: &Context<'_>,
    label: String,
    it: &SegmentResult,
    numbers: &Numbers,
    periods: (Period, Period),
) -> Option<Beside> {
    let (before, after) = it.before.value.zip(it.after.value)?;
    let note = context.say.at(periods.0, periods.1, &numbers.text(before));
    Some(Beside { value: numbers.text(after), label, note })
}

/// What other shares made, with the share that changed most.
pub(super) fn mix(context: &Context<'_>, cut: &CutResult, numbers: &Numbers, label: &dyn Fn(&SegmentResult) -> String) -> Option<Beside> {
    let say = context.say;
    let shares = |it: &SegmentResult| (it.before.share.unwrap_or(0.0), it.after.share.unwrap_or(0.0));
    let grown = |it: &SegmentResult| (shares(it).1 - shares(it).0).abs();
    let most = cut.segments.iter().filter(|it| it.key.is_some()).max_by(|a, b| grown(a).total_cmp(&grown(b)));
    let percent = |it: f64| context.lang().percent(it, 0);
    let note = most.map(|it| say.share_way(&label(it), &percent(shares(it).0), &percent(shares(it).1))).unwrap_or_default();
    Some(Beside { value: numbers.change(cut.mix?.value), label: say.other_shares().to_owned(), note })
}
