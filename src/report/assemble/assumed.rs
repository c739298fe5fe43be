//! What is assumed where a figure rests on assumptions: in definitions, and beside its interval.

use super::Context;
use super::reading::Reading;
use crate::calendar::Period;
use crate::check::Checked;
use crate::model::{Assumption, Estimate, KpiId};
use crate::report::numbers::Numbers;

/// Whether the ends that stand beside a figure span what its assumptions leave open.
pub(super) fn has_range(checked: &Checked, kpi: KpiId) -> bool {
    let assumptions = checked.assumptions_of(kpi).iter();
    assumptions.map(|it| &checked.model.assumptions[it.index()]).any(|it| it.estimates().any(|it| it.ends.is_some()))
}

/// The assumptions that a figure rests on, each in a sentence.
pub(super) fn assumptions(context: &Context<'_>, reading: &Reading<'_>) -> Vec<String> {
    let model = &context.checked().model;
    let all = context.checked().assumptions_of(reading.id).iter().map(|it| &model.assumptions[it.index()]);
    all.map(|it| assumption(context, it)).collect()
}

fn assumption(context: &Context<'_>, of: &Assumption) -> String {
    let model = &context.checked().model;
    let lang = context.lang();
    let seen: Vec<f64> = of.estimates().flat_map(|it| [Some(it.base), it.ends.map(|it| it.0), it.ends.map(|it| it.1)]).flatten().collect();
    let numbers = Numbers::of_assumption(lang, &of.unit, &seen);
    let estimate = |it: &Estimate| match it.ends {
        Some((low, high)) => format!("{} ({})", numbers.norm(it.base), numbers.between(low, high)),
        None => numbers.norm(it.base),
    };
    let mut figures: Vec<String> = Vec::new();
    if let Some((by, values)) = &of.by {
        let labels = &model.dimensions[by.index()].values;
        let label = |code: &str| labels.iter().find(|it| it.0 == code).and_then(|it| it.1.get(lang)).unwrap_or(code).to_owned();
        figures.extend(values.iter().map(|(code, it)| format!("{} {}", label(code), estimate(it))));
    }
    figures.extend(of.value.iter().map(|it| if of.by.is_some() { context.say.other_values(&estimate(it)) } else { estimate(it) }));
    let said = [of.source.get(lang).map(str::to_owned), of.date.map(|it: Period| lang.period(it))];
    let said: Vec<String> = said.into_iter().flatten().collect();
    let title = of.title.get(lang).unwrap_or(&of.name);
    let origin = if said.is_empty() { String::new() } else { format!(" [{}]", said.join(", ")) };
    format!("{title}: {}{origin}", figures.join(", "))
}
