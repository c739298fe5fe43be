//! Is the step to a target one that the figures can show? With few answers a figure moves by more than that of itself.

use super::data::Data;
use crate::calendar::{Date, Grain, Period};
use crate::check::Checked;
use crate::eval::{Figure, Note, Status, judged_grain};
use crate::model::{Kpi, KpiId, NormValue, Norms};
use crate::plan::{Ask, Request};
use crate::source::Span;
use crate::stats::smallest_between;
use crate::value::{Code, Diagnostics, Fact};

/// A step that a target asks for.
struct Step {
    span: Span,
    /// What it goes from: an earlier target, the beginning of a line, or the figure itself.
    from: f64,
    kind: &'static str,
    to: f64,
}

/// Reports targets whose step is below the smallest change that two periods of their KPI can show, by the answers of the
/// last whole period in which it is judged.
pub(super) fn report(checked: &Checked, data: Data<'_>, out: &mut Diagnostics) {
    let model = &checked.model;
    let mut request = Request::new();
    let mut asked: Vec<(usize, KpiId)> = Vec::new();
    for kpi in checked.figures() {
        let grain = judged_grain(checked, kpi);
        // A figure over a window shares rows with its neighbours, and a total has no error.
        let fits = !checked.is_windowed(kpi) && !checked.is_planned(kpi) && grain != Grain::All;
        if fits && model.kpis[kpi.index()].norms.iter().any(|it| it.target.is_some()) {
            asked.push((request.add(Ask { kpi, part: None, cut: Vec::new(), grain }), kpi));
        }
    }
    if asked.is_empty() {
        return;
    }
    let Some(figures) = data.figures(checked, &request) else { return };
    for (place, id) in asked {
        let kpi = &model.kpis[id.index()];
        let whole = |it: &&Figure| !it.notes.contains(&Note::Unfinished) && it.value.is_some();
        let Some(last) = figures.tables[place].rows.iter().rev().find(whole) else { continue };
        let (Some(value), Some(se)) = (last.value, last.se.filter(|it| *it > 0.0)) else { continue };
        // What too few answered is not judged at all.
        if last.judged.status == Status::TooFew {
            continue;
        }
        let least_base = model.minimum_base(id);
        // What is hidden tells nothing here either.
        if last.protected_base.is_some_and(|it| it < least_base) {
            continue;
        }
        let confidence = model.project.confidence;
        let Some(least) = smallest_between(se, confidence) else { continue };
        let day = last.period.end(&model.project.calendar).plus_days(-1).unwrap_or(Date::MAX);
        let Some(step) = step(kpi, value, day) else { continue };
        let size = (step.to - step.from).abs();
        if size >= least || size == 0.0 {
            continue;
        }
        let needed = (last.n as f64 * (least / size) * (least / size)).ceil();
        let unit = kpi.unit.as_ref().map(|it| it.difference());
        let sign = unit.as_ref().map_or("", |it| it.sign());
        let written = |it: f64| {
            let text = format!("{it:.1}");
            format!("{} {sign}", text.strip_suffix(".0").unwrap_or(&text)).trim_end().to_owned()
        };
        let (size, least) = if least < 2.0 { (format!("{size:.2}"), format!("{least:.2}")) } else { (written(size), written(least)) };
        let fact = Fact::at(Code::StepTooSmall, step.span).with("kpi", &kpi.name).with("kind", step.kind).with("step", size);
        let fact = fact.with("least", least).with("n", last.n).with("needed", round(needed)).with("grain", last.period.grain());
        let fact = fact.with("period", last.period).with("confidence", confidence * 100.0);
        out.push(fact.about(format!("kpi:{}", kpi.name)));
    }
}

/// Two digits of a number that is an order of size.
fn round(value: f64) -> f64 {
    let unit = libm::pow(10.0, (libm::log10(value).floor() - 1.0).max(0.0));
    (value / unit).ceil() * unit
}

/// The step that the norms in force on a day, or those that follow, ask for: along a line, from the target before, or to
/// a target that is due from the figure as it is.
fn step(kpi: &Kpi, value: f64, day: Date) -> Option<Step> {
    let mut norms: Vec<&Norms> = kpi.norms.iter().filter(|it| it.filter.is_none() && !it.broken).collect();
    norms.sort_by_key(|it| it.from);
    // What no longer holds asks for nothing.
    let later = norms.iter().position(|it| it.until.is_none_or(|until| day < until) && it.from.is_some_and(|from| from > day));
    let current = norms.iter().rposition(|it| it.from.is_none_or(|from| from <= day) && it.until.is_none_or(|until| day < until));
    let place = later.or(current)?;
    let target: &NormValue = norms[place].target.as_ref()?;
    if let Some((_, to, until)) = target.line {
        return (until > day).then_some(Step { span: target.span, from: target.value, kind: "line", to });
    }
    let before = place.checked_sub(1).and_then(|it| norms[it].target.as_ref()).map(|it| it.line.map_or(it.value, |line| line.1));
    if let Some(from) = before {
        return Some(Step { span: target.span, from, kind: "before", to: target.value });
    }
    let worst = norms[place].worst.as_ref()?.value;
    let is_met = if target.value >= worst { value >= target.value } else { value <= target.value };
    let due: Option<Period> = target.by;
    (due.is_some() && !is_met).then_some(Step { span: target.span, from: value, kind: "figure", to: target.value })
}
