//! What is an index made of, and what moved it? Each part with its weight, its value, and what its change adds.

use crate::model::{KpiExpr, KpiKind, print_formula};
use crate::report::charts::bar::BarInput;
use crate::report::charts::scale::extent;
use crate::report::needs::{parts_of, rescaled};
use crate::report::view::more::{Index, IndexRow, Indices};
use crate::report::view::{CardPart, Delta, Head};

use super::Context;
use super::reading::Reading;
use super::scorecards::{key, spark};

/// A part of an index with what it does.
struct Part<'a> {
    reading: Option<Reading<'a>>,
    title: String,
    /// Its weight as a share of all.
    share: f64,
}

impl Part<'_> {
    /// What it adds to the index.
    fn adds(&self) -> Option<f64> {
        Some(self.reading.as_ref()?.value()? * self.share)
    }

    /// What its change adds to that of the index.
    fn moved(&self) -> Option<f64> {
        Some(self.reading.as_ref()?.previous.as_ref()?.change? * self.share)
    }
}

/// Makes the section.
pub(super) fn indices(context: &Context<'_>) -> Indices {
    let say = context.say;
    let shown: Vec<(&Reading<'_>, Vec<Part<'_>>)> =
        context.readings.iter().filter_map(|it| Some((it, parts(context, parts_of(it.kpi)?)))).collect();
    let heading = shown.first().and_then(|(index, parts)| message(context, index, parts)).unwrap_or_else(|| say.index_plain(shown.len()));
    Indices {
        head: match shown.is_empty() {
            true => Head::new(heading, Some(say.no_index().to_owned())),
            false => Head::new(heading, None).with_how(Some(say.index_how().to_owned())),
        },
        indices: shown.iter().map(|(index, parts)| view(context, index, parts)).collect(),
    }
}

fn parts<'a>(context: &Context<'a>, parts: &[(KpiExpr, f64)]) -> Vec<Part<'a>> {
    let model = &context.checked().model;
    let whole: f64 = parts.iter().map(|it| it.1).sum();
    let part = |(formula, weight): &(KpiExpr, f64)| {
        let share = if whole > 0.0 { weight / whole } else { 0.0 };
        match &formula.kind {
            KpiKind::Kpi { kpi, part } => {
                let reading = context.sources.read(*kpi, part.as_ref());
                let of = crate::model::KpiRef { kpi: *kpi, part: part.clone(), weight: 1.0, span: formula.span };
                Part { title: context.part_title(&reading.title, &of), reading: Some(reading), share }
            }
            _ => Part { reading: None, title: print_formula(model, formula), share },
        }
    };
    parts.iter().map(part).collect()
}

/// The parts of an index with their figures, named after it no more; nothing of other KPIs.
pub(super) fn on_card(context: &Context<'_>, index: &Reading<'_>) -> Vec<CardPart> {
    let own = |it: &Part<'_>| {
        Some(CardPart { label: crate::report::words::capital(own_name(&index.title, &it.title)), value: it.reading.as_ref()?.text() })
    };
    parts_of(index.kpi).map(|of| parts(context, of).iter().filter_map(own).collect()).unwrap_or_default()
}

/// What the index did, and which of its parts adds most to that; without an earlier value which of them is lowest.
fn message(context: &Context<'_>, index: &Reading<'_>, parts: &[Part<'_>]) -> Option<String> {
    index.value()?;
    let short = abbreviation(&index.title);
    if let Some(comparison) = &index.previous
        && let Some(change) = comparison.change
    {
        let printed = index.numbers.change(change);
        let moved = printed.chars().any(|it| ('1'..='9').contains(&it));
        let most = parts.iter().filter_map(|it| Some((it, it.moved()?))).max_by(|a, b| (a.1 * change).total_cmp(&(b.1 * change)));
        let by = most.filter(|it| moved && it.1 * change > 0.0).map(|it| own_name(&index.title, &it.0.title));
        let proven = comparison.signal == Some(true);
        let title = short.map_or_else(|| index.title.clone(), |it| context.say.the_index(it));
        return Some(context.say.index_moved(&title, &index.text(), moved.then_some(change > 0.0), by, proven));
    }
    let known = parts.iter().filter_map(|it| Some((it, it.reading.as_ref()?, it.reading.as_ref()?.value()?)));
    let (part, reading, _) = known.min_by(|a, b| a.2.total_cmp(&b.2))?;
    Some(context.say.index_heading(&index.title, &index.text(), &part.title, &reading.text()))
}

/// What a part is called beside its index: the rest of its name, where it is named after the index ("KEI: gemak").
fn own_name<'t>(index: &str, part: &'t str) -> &'t str {
    abbreviation(index).and_then(|short| part.strip_prefix(short)?.strip_prefix(": ")).unwrap_or(part)
}

/// The abbreviation that a title ends with: "Klantervaringsindex (KEI)".
pub(super) fn abbreviation(title: &str) -> Option<&str> {
    let (_, short) = title.strip_suffix(')')?.rsplit_once(" (")?;
    (short.len() > 1 && short.chars().all(char::is_uppercase)).then_some(short)
}

fn view(context: &Context<'_>, index: &Reading<'_>, parts: &[Part<'_>]) -> Index {
    let say = context.say;
    let lang = context.lang();
    let change = index.previous.as_ref().and_then(|it| it.change);
    let moves: Vec<f64> = parts.iter().filter_map(Part::moved).collect();
    let ends = extent(moves.iter().copied().chain(change)).unwrap_or((0.0, 0.0));
    let (before, now) = match &index.previous {
        Some(it) => (say.against(it.period, index.period), say.against(index.period, index.period)),
        None => (String::new(), lang.axis_label(index.period)),
    };
    let row = |reading: Option<&Reading<'_>>, title: String, of: Option<String>, weight: String, adds: Option<f64>, moved: Option<f64>| {
        let comparison = reading.and_then(|it| it.previous.as_ref());
        let signal = comparison.and_then(|it| it.signal) == Some(true);
        let delta = moved.map(|it| Delta::new(it, index.numbers.change(it), before.clone(), index.direction, signal));
        let bar = moved.zip(delta.as_ref()).map(|(value, delta)| BarInput {
            desc: format!("{title}: {}", index.numbers.change(value)),
            value,
            ends,
            tone: delta.tone(),
        });
        IndexRow {
            of,
            weight,
            before: comparison.and_then(|it| Some(reading?.numbers.text(it.row.value?))).unwrap_or_default(),
            now: reading.map_or_else(|| "–".to_owned(), Reading::text),
            adds: adds.map(|it| index.numbers.text(it)).unwrap_or_default(),
            change: delta,
            bar,
            spark: reading.and_then(|it| spark(context, it)),
            title,
        }
    };
    let rows = parts.iter().map(|it| {
        let weight = lang.percent(it.share * 100.0, if (it.share * 100.0).fract().abs() < 1e-9 { 0 } else { 1 });
        row(it.reading.as_ref(), it.title.clone(), it.reading.as_ref().and_then(|it| made_of(context, it)), weight, it.adds(), it.moved())
    });
    Index {
        key: key(index),
        title: index.title.clone(),
        subtitle: crate::report::words::capital(&lang.period(index.period)),
        periods: (before.clone(), now),
        parts: rows.collect(),
        whole: row(Some(index), index.title.clone(), None, String::new(), index.value(), change),
        caption: caption(context, index, parts, &moves, change),
    }
}

/// What a part is another scale of, with its figure.
fn made_of(context: &Context<'_>, part: &Reading<'_>) -> Option<String> {
    let of = rescaled(part.kpi)?;
    let reading = context.sources.read(of, None);
    // A step of the figure is another one of the part: the ends say how much larger.
    let ends = part.kpi.formula.as_ref().and_then(|it| match &it.kind {
        KpiKind::Rescale { low, high, .. } => Some(format!(" ({} = 0, {} = 100)", reading.numbers.norm(*low), reading.numbers.norm(*high))),
        _ => None,
    });
    Some(format!("{} {}{}", reading.title, reading.text(), ends.unwrap_or_default()))
}

fn caption(context: &Context<'_>, index: &Reading<'_>, parts: &[Part<'_>], moves: &[f64], change: Option<f64>) -> String {
    let say = context.say;
    let mut said = Vec::new();
    let adds: Vec<String> = parts.iter().filter_map(|it| Some(say.weighted(&it.title, &index.numbers.text(it.adds()?)))).collect();
    if let Some(value) = index.value().filter(|_| adds.len() == parts.len()) {
        said.push(say.index_adds(&adds, &index.numbers.text(value)));
    }
    match change {
        Some(change) => {
            let sum: f64 = moves.iter().sum();
            let exact = moves.len() == parts.len() && (sum - change).abs() <= 1e-6 * change.abs().max(1.0);
            said.push(say.index_sum(&index.title, &index.numbers.change(change), exact));
        }
        None => said.push(say.index_still(&index.title)),
    }
    // How much of it is its weights.
    let weighed = context.told.indices.iter().find(|it| it.kpi == index.id && it.period == index.period);
    if let Some((found, (low, high))) = weighed.filter(|it| !it.scenarios.is_empty()).and_then(|it| Some((it, it.range()?))) {
        said.push(say.other_weights(
            &index.numbers.text(low),
            &index.numbers.text(high),
            found.same_status(),
            found.cases().len(),
            found.is_alike(),
        ));
    }
    said.join(" ")
}
