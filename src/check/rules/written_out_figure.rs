//! Does a text write a figure out that should be put in? Such a figure stays when the figure moves.

use super::{Subject, about};
use crate::calendar::{Grain, Period};
use crate::model::{Finding, KpiId, Model, Piece};
use crate::source::Span;
use crate::value::{Code, Diagnostics, Unit};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    for finding in model.findings.iter().filter(|it| !it.broken) {
        for it in find(model, finding, &finding.kpis()) {
            let fact = about(Code::WrittenOutFigure, "finding", &finding.name, it.span).with("figure", &it.text);
            out.push(fact.with("kpi", &model.kpis[it.kpi.index()].name).with("period", it.period));
        }
    }
}

/// A figure in words.
struct WrittenOut {
    span: Span,
    /// As it is written, with its unit.
    text: String,
    /// The KPI whose figure it seems to be.
    kpi: KpiId,
    /// The period that was probably meant.
    period: Period,
}

/// Words that a figure follows: "falls to 38", "is 4,5".
const BEFORE: [&str; 22] = [
    "to", "at", "is", "was", "below", "above", "under", "than", "reached", "scores", "naar", "op", "tot", "onder", "boven", "dan",
    "bereikt", "haalt", "staat", "stond", "bedraagt", "wordt",
];
/// Words that a count follows as well, "of 13 shops": a figure does where they stand at the KPI, or before another such word.
const BEFORE_COUNTS: [&str; 7] = ["of", "from", "by", "with", "over", "van", "met"];
const BETWEEN: [&str; 2] = ["to", "naar"];
/// Words that make a number a share or a score.
const PERCENT: [&str; 6] = ["%", "percent", "percentage", "pp", "procent", "procentpunt"];
const POINTS: [&str; 4] = ["points", "point", "punten", "punt"];
const MONTHS: [&str; 24] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "januari",
    "februari",
    "maart",
    "mei",
    "juni",
    "juli",
    "augustus",
    "oktober",
    "jan",
    "feb",
    "sep",
    "dec",
];

/// The figures that a finding writes out, each once in every language.
fn find(model: &Model, finding: &Finding, kpis: &[KpiId]) -> Vec<WrittenOut> {
    let mut found = Vec::new();
    for piece in finding.text.iter().flat_map(|it| &it.pieces) {
        let Piece::Words(words) = piece else { continue };
        for number in numbers(words.text()) {
            let Some(kpi) = kpis.iter().copied().find(|it| is_figure_of(model, *it, words.text(), &number)) else { continue };
            let span = words.span(finding.span.file, number.start..number.end);
            found.push(WrittenOut { span, text: words.text()[number.start..number.end].to_owned(), kpi, period: period(model, finding) });
        }
    }
    found
}

/// The last period of the project's grain that was over when the finding was signed.
fn period(model: &Model, finding: &Finding) -> Period {
    let grain = model.project.grain.unwrap_or(Grain::Quarter);
    let on = finding.on.unwrap_or_else(|| crate::calendar::Date::from_ymd(2025, 10, 1).unwrap_or(crate::calendar::Date::MIN));
    let period = Period::containing(on, grain, &model.project.calendar);
    period.previous().unwrap_or(period)
}

/// A number in a text, with the words around it.
struct Number<'t> {
    start: usize,
    end: usize,
    value: f64,
    /// The word that follows, or the sign.
    after: &'t str,
}

/// Numbers that stand by themselves: no part of a name, a date or a period.
fn numbers(text: &str) -> Vec<Number<'_>> {
    let mut list = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(|it: char| it.is_ascii_digit()) {
        let digits = at + found;
        let mut end = digits;
        let bytes = text.as_bytes();
        while end < bytes.len()
            && (bytes[end].is_ascii_digit() || (matches!(bytes[end], b'.' | b',') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit)))
        {
            end += 1;
        }
        at = end;
        let negative = text[..digits].ends_with('-') && !text[..digits - 1].ends_with(|it: char| it.is_alphanumeric());
        let start = if negative { digits - 1 } else { digits };
        let joined = |it: char| it.is_alphanumeric() || matches!(it, '-' | '/' | ':' | '_');
        let before = text[..start].chars().next_back().is_some_and(joined);
        let mut following = text[end..].chars();
        let next = following.next();
        let after = next.is_some_and(|it| it.is_alphanumeric() || it == '_')
            || (next.is_some_and(joined) && following.next().is_some_and(|it| it.is_alphanumeric()));
        let value: Option<f64> = text[start..end].replace(',', ".").parse().ok();
        let (false, false, Some(value)) = (before, after, value) else { continue };
        let rest = text[end..].trim_start();
        let word_end = if rest.starts_with('%') { 1 } else { rest.find(|it: char| !it.is_alphanumeric()).unwrap_or(rest.len()) };
        list.push(Number { start, end, value, after: &rest[..word_end] });
    }
    list
}

/// Whether a number looks like a figure of a KPI: in its unit, or after its name and a word that a figure follows.
fn is_figure_of(model: &Model, kpi: KpiId, text: &str, number: &Number<'_>) -> bool {
    let kpi = &model.kpis[kpi.index()];
    let Some(unit) = &kpi.unit else { return false };
    let after = number.after.to_lowercase();
    if MONTHS.contains(&after.as_str()) {
        return false;
    }
    // A year is no figure, whatever stands before it.
    let year = number.value.fract() == 0.0 && (1900.0..=2100.0).contains(&number.value);
    if year || unit.range().is_some_and(|it| number.value < it.0 || number.value > it.1) {
        return false;
    }
    if PERCENT.contains(&after.as_str()) {
        return matches!(unit, Unit::Percent | Unit::PercentOfStart | Unit::PercentagePoints);
    }
    let sentence = text[..number.start].rfind(['.', '!', '?', ';', '\n']).map_or(0, |it| it + 1);
    let before = &text[sentence..number.start];
    let words: Vec<&str> = before.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    let last = words.last().map(|it| it.to_lowercase()).unwrap_or_default();
    if MONTHS.contains(&last.as_str()) {
        return false;
    }
    if POINTS.contains(&after.as_str()) {
        return matches!(unit, Unit::Points | Unit::PercentagePoints | Unit::Difference(_));
    }
    let named = words.iter().any(|it| names(kpi, it));
    let at_the_kpi = words.len() > 1 && names(kpi, words[words.len() - 2]);
    let follows = BEFORE.contains(&last.as_str())
        || before.trim_end().ends_with([':', '='])
        || (BEFORE_COUNTS.contains(&last.as_str()) && (at_the_kpi || BETWEEN.contains(&after.as_str())));
    named && follows
}

/// Whether a word is one that a KPI goes by: its name, a part of it, or an abbreviation in its title.
fn names(kpi: &crate::model::Kpi, word: &str) -> bool {
    let parts = kpi.name.split('_').filter(|it| it.chars().count() > 2);
    let lower = word.to_lowercase();
    let titles = [&kpi.title.plain, &kpi.title.nl, &kpi.title.en].into_iter().flatten();
    let abbreviation = |it: &str| it == word && it.chars().count() > 1 && it.chars().all(char::is_uppercase);
    parts.into_iter().any(|it| it.to_lowercase() == lower)
        || titles.flat_map(|it| it.split(|it: char| !it.is_alphanumeric())).any(abbreviation)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        numbers(text).iter().map(|it| &text[it.start..it.end]).collect()
    }

    #[test]
    fn numbers_stand_by_themselves() {
        assert_eq!(found("NPS daalt van 45,3 naar -38."), ["45,3", "-38"]);
        assert_eq!(found("in 2025-Q3, on 2025-06-10, V4, 2e, Q3 and W12"), Vec::<&str>::new());
        assert_eq!(found("82% of 1,200; 3-4 weeks"), ["82", "1,200"]);
    }
}
