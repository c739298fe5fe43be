//! What the user selected -> a request.

use super::{CorrectArg, Selection};
use crate::calendar::{Date, Grain, Period};
use crate::check::Checked;
use crate::eval::{Periods, reporting_grain};
use crate::insight::drivers::Window;
use crate::insight::{cuttable, uncuttable};
use crate::model::{ActionId, DimensionId, DriversId, FindingId, GoalId, KpiId, RowExpr};
use crate::plan::{Ask, Correction, Request, Wanted};
use crate::value::nearest;

/// The request for a selection, and the periods that are shown.
///
/// # Errors
/// What is wrong with the selection, in a sentence.
pub fn request(checked: &Checked, selection: &Selection) -> Result<(Request, Periods), String> {
    let model = &checked.model;
    let grain = match &selection.grain {
        None => None,
        Some(word) => Some(self::grain(word)?),
    };
    let mut kpis: Vec<(KpiId, Option<RowExpr>)> = Vec::new();
    for text in &selection.kpi {
        kpis.push(part(checked, text)?);
    }
    let all = kpis.is_empty();
    if all {
        kpis.extend(checked.figures().into_iter().map(|it| (it, None)));
        if kpis.is_empty() {
            return Err("this project has no KPI with a figure; `kpi` declares one".to_owned());
        }
    }
    if let Some(condition) = &selection.condition {
        for it in &mut kpis {
            let name = &model.kpis[it.0.index()].name;
            let (_, part) = crate::model::reference(model, &format!("{name}[{condition}]"))?;
            it.1 = RowExpr::both(it.1.take(), part);
        }
        let fits = |it: &(KpiId, Option<RowExpr>)| {
            checked.sources_of(it.0).iter().all(|source| it.1.as_ref().is_none_or(|part| part.on(model, *source).is_ok()))
        };
        if let Some(first) = kpis.iter().find(|it| !all && !fits(it)) {
            return Err(format!("`{}` does not have all dimensions of this condition", model.kpis[first.0.index()].name));
        }
        kpis.retain(fits);
        if kpis.is_empty() {
            return Err("no KPI of this project has all dimensions of this condition".to_owned());
        }
    }
    let mut cuts: Vec<Vec<DimensionId>> = Vec::new();
    for text in &selection.by {
        cuts.push(text.split(',').map(|it| dimension(checked, it.trim())).collect::<Result<_, _>>()?);
    }
    if cuts.is_empty() {
        cuts.push(Vec::new());
    }
    let comparisons: Vec<Wanted> = selection.compare.iter().map(|it| Wanted::parse(checked, it)).collect::<Result<_, _>>()?;
    let correction = match selection.correct {
        CorrectArg::BenjaminiHochberg => Correction::BenjaminiHochberg,
        CorrectArg::Holm => Correction::Holm,
    };
    // Asked for by name it is a mistake; among all KPIs it is one that has no such cut.
    if let Some(cut) = cuts.iter().find(|cut| all && !kpis.iter().any(|it| cuttable(checked, it.0, cut).is_ok())) {
        return Err(uncuttable(checked, cut));
    }
    let mut request = Request { correction, ..Request::new() };
    for (kpi, part) in &kpis {
        for cut in &cuts {
            match cuttable(checked, *kpi, cut) {
                Ok(()) => {}
                Err(_) if all => continue,
                Err(reason) => return Err(reason),
            }
            let own = reporting_grain(checked, *kpi, grain);
            if let Some(wanted) = grain
                && own != wanted
                && own.is_coarser_than(wanted)
                && own != Grain::All
                && !all
            {
                return Err(format!("`{}` has no figures by {wanted}: its data are by {own}", model.kpis[kpi.index()].name));
            }
            let ask = Ask { kpi: *kpi, part: part.clone(), cut: cut.clone(), grain: own };
            request.add_compared(checked, ask, &comparisons, all)?;
        }
    }
    if request.asks.is_empty() {
        return Err(format!(
            "no KPI of this project has anything that it can be held against so: `--compare {}`",
            selection.compare.join(" --compare ")
        ));
    }
    Ok((request, periods(checked, selection)?))
}

/// Everything that goals are rolled up from.
pub fn goal_request(checked: &Checked) -> Request {
    let mut request = Request::new();
    for it in checked.model.goals.iter().flat_map(|it| &it.measured_by) {
        let grain = crate::eval::judged_grain(checked, it.kpi);
        request.add(Ask { kpi: it.kpi, part: it.part.clone(), cut: Vec::new(), grain });
    }
    request
}

/// The driver models of these names, or all of them.
///
/// # Errors
/// What is wrong with a name.
pub fn driver_models(checked: &Checked, names: &[String]) -> Result<Vec<DriversId>, String> {
    let names_of = || checked.model.drivers.iter().map(|it| it.name.as_str());
    Ok(items(("drivers", "driver model"), names, names_of)?.into_iter().map(|it| DriversId(it as u32)).collect())
}

/// The places of the incentives of these names, or of all of them.
///
/// # Errors
/// What is wrong with a name.
pub fn incentives(checked: &Checked, names: &[String]) -> Result<Vec<usize>, String> {
    items(("incentive", "incentive"), names, || checked.model.incentives.iter().map(|it| it.name.as_str()))
}

/// The findings of these names, or all of them.
///
/// # Errors
/// What is wrong with a name.
pub fn findings(checked: &Checked, names: &[String]) -> Result<Vec<FindingId>, String> {
    let all = &checked.model.findings;
    let names_of = || all.iter().map(|it| it.name.as_str());
    let places = items(("finding", "finding"), names, names_of)?;
    Ok(places.into_iter().map(|it| FindingId(it as u32)).collect())
}

/// The actions of these names, or all of them.
///
/// # Errors
/// What is wrong with a name.
pub fn actions(checked: &Checked, names: &[String]) -> Result<Vec<ActionId>, String> {
    let all = &checked.model.actions;
    let places = items(("action", "action"), names, || all.iter().map(|it| it.name.as_str()))?;
    Ok(places.into_iter().map(|it| ActionId(it as u32)).collect())
}

/// The places of items of a word by their names, or of all of them.
fn items<'m, I: Iterator<Item = &'m str>>((word, what): (&str, &str), names: &[String], all: impl Fn() -> I) -> Result<Vec<usize>, String> {
    if names.is_empty() {
        return match all().count() {
            0 => Err(format!("this project has no {what}; `{word}` declares one")),
            count => Ok((0..count).collect()),
        };
    }
    let find = |name: &String| {
        let name = name.trim();
        let name = name.strip_prefix(word).and_then(|it| it.strip_prefix(':')).unwrap_or(name);
        all().position(|it| it == name).ok_or_else(|| unknown(what, name, all()))
    };
    names.iter().map(find).collect()
}

/// One period, where one is named.
///
/// # Errors
/// That it is none.
pub fn one_period(text: Option<&str>) -> Result<Option<Period>, String> {
    text.map(|it| parse(&it.to_owned())).transpose()
}

/// What a selection says of the window of driver models.
///
/// # Errors
/// What is wrong with it.
pub fn window(checked: &Checked, selection: &Selection) -> Result<Window, String> {
    let cut = |text: &String| text.split(',').map(|it| dimension(checked, it.trim())).collect::<Result<Vec<_>, _>>();
    Ok(Window {
        cuts: selection.by.iter().map(cut).collect::<Result<_, _>>()?,
        grain: selection.grain.as_deref().map(grain).transpose()?,
        first: selection.period.as_ref().or(selection.from.as_ref()).map(parse).transpose()?,
        last: selection.period.as_ref().or(selection.to.as_ref()).map(parse).transpose()?,
    })
}

/// A grain, by its name.
///
/// # Errors
/// That it is none.
pub fn grain(word: &str) -> Result<Grain, String> {
    Grain::named(word).ok_or_else(|| format!("unknown grain `{word}`"))
}

fn parse(text: &String) -> Result<Period, String> {
    Period::parse(text).ok_or_else(|| format!("`{text}` is no period: write 2025, 2025-Q3, 2025-09, 2025-W38 or 2025-09-30"))
}

/// The periods that a selection bounds.
///
/// # Errors
/// What is wrong with it.
pub fn periods(checked: &Checked, selection: &Selection) -> Result<Periods, String> {
    let calendar = &checked.model.project.calendar;
    let from: Option<Date> = match selection.period.as_ref().or(selection.from.as_ref()) {
        Some(it) => Some(parse(it)?.start(calendar)),
        None => None,
    };
    let until: Option<Date> = match selection.period.as_ref().or(selection.to.as_ref()) {
        Some(it) => Some(parse(it)?.end(calendar)),
        None => None,
    };
    Ok(Periods { from, until })
}

/// One period as bounds.
///
/// # Errors
/// What is wrong with it.
pub fn period(checked: &Checked, text: Option<&str>) -> Result<Periods, String> {
    let selection = Selection { period: text.map(str::to_owned), ..Selection::default() };
    periods(checked, &selection)
}

/// The KPI, or part of one, that a text names.
///
/// # Errors
/// What is wrong with it.
pub fn part(checked: &Checked, text: &str) -> Result<(KpiId, Option<RowExpr>), String> {
    let text = text.trim();
    if text.contains('[') {
        return crate::model::reference(&checked.model, text);
    }
    let name = text.strip_prefix("kpi:").unwrap_or(text);
    let found = checked.model.kpis.iter().position(|it| it.name == name);
    match found {
        Some(at) if checked.model.kpis[at].pattern => Err(format!("`{name}` is a pattern and has no figure of its own")),
        Some(at) => Ok((KpiId(at as u32), None)),
        None => Err(unknown("KPI", name, checked.model.kpis.iter().map(|it| it.name.as_str()))),
    }
}

/// The goal that a text names: `goal:easy`, or `easy` where no KPI has that name.
///
/// # Errors
/// That no goal has that name, where one is meant.
pub fn goal(checked: &Checked, text: &str) -> Result<Option<GoalId>, String> {
    let goals = &checked.model.goals;
    let find = |name: &str| goals.iter().position(|it| it.name == name).map(|it| GoalId(it as u32));
    match text.trim().strip_prefix("goal:") {
        Some(name) => find(name).map(Some).ok_or_else(|| unknown("goal", name, goals.iter().map(|it| it.name.as_str()))),
        None => Ok(find(text.trim()).filter(|_| !checked.model.kpis.iter().any(|it| it.name == text.trim()))),
    }
}

/// The dimension that a text names.
///
/// # Errors
/// What is wrong with it.
pub fn dimension(checked: &Checked, name: &str) -> Result<DimensionId, String> {
    let found = checked.model.dimensions.iter().position(|it| it.name == name);
    found
        .map(|it| DimensionId(it as u32))
        .ok_or_else(|| unknown("dimension", name, checked.model.dimensions.iter().map(|it| it.name.as_str())))
}

/// That a name is unknown, with a similar one.
pub fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    match nearest(name, known) {
        Some(similar) => format!("unknown {what} `{name}`; did you mean `{similar}`?"),
        None => format!("unknown {what} `{name}`"),
    }
}
