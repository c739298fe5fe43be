//! Did an action do what was expected of it? Asks for its figures before and after, and for those of the rest where that is
//! its control: the difference of both differences.

use crate::calendar::{Calendar, Date, Grain, Length, Period};
use crate::check::Checked;
use crate::eval::reporting_grain;
use crate::model::{Action, ActionId, Control, Expected, KpiExpr, KpiId, KpiKind, RowExpr, print_row};
use crate::plan::{Against, Ask, Request};

/// A project in which the effects of its actions can be asked for.
pub struct Measuring {
    /// The project with a figure for each change that a control is held beside; ids of its own KPIs stay.
    pub checked: Checked,
    pub actions: Vec<ActionId>,
    pub effects: Vec<Effect>,
}

/// An expected effect, and how it is measured.
pub struct Effect {
    pub action: ActionId,
    /// Its place among what the action expects.
    pub expected: usize,
    pub kpi: KpiId,
    /// The rows of the KPI that the action is for.
    pub part: Option<RowExpr>,
    /// The two periods, or why there are none.
    pub window: Result<EffectWindow, Unmeasured>,
    /// The table of figures before and after.
    pub own: Option<Ask>,
    /// The table of changes, held against those of the control.
    pub beside: Option<(Ask, Against)>,
    /// The series by which signals are told.
    pub series: Option<Ask>,
}

/// The periods that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EffectWindow {
    /// The last whole period before the start.
    pub before: Period,
    pub after: Period,
    pub length: Length,
    /// The period in which the effect is to be judged, where that is not over yet: what is measured is how far it is.
    pub judged_in: Option<Period>,
    /// Whether both stand at another place of the year.
    pub other_season: bool,
    /// Whether a part of the second lies before the start.
    pub overlaps_start: bool,
}

/// Why an effect is not measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmeasured {
    /// It is an idea, or planned.
    NotBegun,
    /// It says no start.
    NoStart,
    /// It starts on a later day than today.
    Later(Date),
    /// No whole period has passed since the start: this is the first that counts.
    TooEarly(Period),
    /// The data of the KPI have no time.
    NoTime,
    /// The KPI is planned.
    Planned,
}

impl Measuring {
    /// Adds what it needs to a request.
    pub fn add_to(&self, request: &mut Request) {
        for it in &self.effects {
            if let (Some(own), Ok(window)) = (&it.own, it.window) {
                let place = request.add(own.clone());
                request.compare(place, Against::Earlier(window.length));
            }
            if let Some((ask, against)) = &it.beside {
                let place = request.add(ask.clone());
                request.compare(place, against.clone());
            }
            if let Some(series) = &it.series {
                request.add(series.clone());
            }
        }
    }
}

/// How the effects of actions are measured on a day.
pub fn measure_actions(checked: &Checked, actions: &[ActionId], today: Date) -> Measuring {
    let mut effects = Vec::new();
    let mut changes: Vec<KpiExpr> = Vec::new();
    for id in actions {
        let action = &checked.model.actions[id.index()];
        for (at, expected) in action.expects.iter().enumerate() {
            let kpi = expected.kpi.kpi;
            let part = action.part_of(expected);
            let grain = grain(checked, expected);
            let window = window(checked, action, expected, grain, today);
            let mut effect = Effect { action: *id, expected: at, kpi, part, window, own: None, beside: None, series: None };
            if let Ok(window) = window {
                let ask = |grain: Grain| Ask { kpi, part: effect.part.clone(), cut: Vec::new(), grain };
                let (own, series) = (ask(grain), ask(reporting_grain(checked, kpi, Some(Grain::Month))));
                effect.own = Some(own);
                // A total by month is another figure than one by quarter, and a window shares rows with its neighbours.
                let is_series = !checked.is_windowed(kpi) && series.grain != Grain::All;
                effect.series = Some(series).filter(|_| is_series);
                if let (Some(control), false) = (&action.control, checked.is_windowed(kpi)) {
                    let against = against(checked, action, &expected.kpi.part, &control.value);
                    let change = change(checked, kpi, window.length);
                    let id = KpiId((checked.model.kpis.len() + changes.len()) as u32);
                    changes.push(change);
                    effect.beside = Some((Ask { kpi: id, part: effect.part.clone(), cut: Vec::new(), grain }, against));
                }
            }
            effects.push(effect);
        }
    }
    let (checked, _) = checked.with_formulas(&changes);
    Measuring { checked, actions: actions.to_vec(), effects }
}

/// The grain of what is compared: that of the period by which the effect is expected, where the KPI has such figures.
fn grain(checked: &Checked, expected: &Expected) -> Grain {
    let by = expected.by.as_ref().map(|it| it.value.grain()).filter(|it| *it != Grain::All);
    reporting_grain(checked, expected.kpi.kpi, by)
}

/// Before: the last whole period before the start. After: the period by which the effect is expected, else the first whole
/// one since the day it is due, else since the start; of what is not over yet the last whole one since the start.
fn window(checked: &Checked, action: &Action, expected: &Expected, grain: Grain, today: Date) -> Result<EffectWindow, Unmeasured> {
    let calendar = &checked.model.project.calendar;
    if checked.is_planned(expected.kpi.kpi) {
        return Err(Unmeasured::Planned);
    }
    if grain == Grain::All {
        return Err(Unmeasured::NoTime);
    }
    if action.status.as_ref().is_some_and(|it| it.0 == "idea" || it.0 == "planned") {
        return Err(Unmeasured::NotBegun);
    }
    let start = action.start.ok_or(Unmeasured::NoStart)?;
    if start > today {
        return Err(Unmeasured::Later(start));
    }
    let first = whole_since(start, grain, calendar);
    let before = Period::containing(start, grain, calendar).previous().ok_or(Unmeasured::NoStart)?;
    let by = expected.by.as_ref().map(|it| {
        // Of a period of another length the last of ours that ends within it.
        let last = it.value.end(calendar).plus_days(-1).unwrap_or(it.value.start(calendar));
        if it.value.grain() == grain { it.value } else { Period::containing(last, grain, calendar) }
    });
    let judged_in = by.unwrap_or_else(|| action.due.map_or(first, |it| whole_since(it, grain, calendar).max(first)));
    let is_over = |it: Period| !it.is_unfinished(today, calendar);
    let after = if is_over(judged_in) {
        judged_in
    } else {
        let last = Period::containing(today, grain, calendar).previous().filter(|it| *it >= first && is_over(*it));
        last.ok_or(Unmeasured::TooEarly(first))?
    };
    let periods = before.up_to(after).count().saturating_sub(1).max(1) as u32;
    let (length, in_a_year) = match grain {
        Grain::Day => (Length::Days(periods), None),
        Grain::Week => (Length::Weeks(periods), None),
        Grain::Month => (Length::Months(periods), Some(12)),
        Grain::Quarter | Grain::FiscalQuarter => (Length::Quarters(periods), Some(4)),
        Grain::Year | Grain::FiscalYear | Grain::All => (Length::Years(periods), Some(1)),
    };
    Ok(EffectWindow {
        before,
        after,
        length,
        judged_in: (after != judged_in).then_some(judged_in),
        other_season: in_a_year.is_none_or(|it| !periods.is_multiple_of(it)),
        overlaps_start: after.start(calendar) < start,
    })
}

/// The first period that begins on a day or later.
fn whole_since(day: Date, grain: Grain, calendar: &Calendar) -> Period {
    let containing = Period::containing(day, grain, calendar);
    if containing.start(calendar) == day { containing } else { containing.next().unwrap_or(containing) }
}

/// The change of a KPI over a length.
fn change(checked: &Checked, kpi: KpiId, length: Length) -> KpiExpr {
    let of = &checked.model.kpis[kpi.index()];
    let unit = of.unit.clone().unwrap_or(crate::value::Unit::Number);
    let inner = KpiExpr { span: of.span, unit: unit.clone(), kind: KpiKind::Kpi { kpi, part: None } };
    KpiExpr { span: of.span, unit: unit.difference(), kind: KpiKind::Change { of: Box::new(inner), length: Some(length) } }
}

/// The rows that an action is compared with, of the part of the KPI that it expects something of.
fn against(checked: &Checked, action: &Action, of: &Option<RowExpr>, control: &Control) -> Against {
    let (part, name) = match control {
        Control::Part(it) => (it.clone(), print_row(&checked.model, it)),
        Control::Rest => {
            // What is unknown of a row is not in the part, and so in the rest.
            let own = action.part.clone().unwrap_or(RowExpr::Bool(true));
            (RowExpr::Coalesce(vec![RowExpr::Not(Box::new(own)), RowExpr::Bool(true)]), "rest".to_owned())
        }
    };
    let part = RowExpr::both(of.clone(), Some(part)).unwrap_or(RowExpr::Bool(true));
    Against::Group { part, name }
}
