//! What actions did, beside what was expected of them: before and after, less what happened to the control meanwhile, and
//! signals in the series. From what may be shown alone. None of it proves a cause.

use super::{Amount, Comparison, ResultRow, ResultTable, Results};
use crate::calendar::{Date, Period};
use crate::check::Checked;
use crate::eval::{Note, Refused, Status};
use crate::insight::{Effect, EffectWindow, Measuring, Unmeasured};
use crate::model::{Action, ActionId, KpiId, RowExpr};
use crate::plan::{Against, Ask};

/// An action with its effects.
#[derive(Clone, Debug)]
pub struct ActionResult {
    pub action: ActionId,
    pub stage: Stage,
    /// What it expects, in the order of writing.
    pub effects: Vec<EffectResult>,
}

/// How far an action is, on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Idea,
    /// It has not begun.
    Planned,
    Running,
    /// The day on which it was due is past, and it does not say that it is done.
    Overdue,
    Done,
    Stopped,
}

impl Stage {
    /// The word of machine output.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Idea => "idea",
            Stage::Planned => "planned",
            Stage::Running => "running",
            Stage::Overdue => "overdue",
            Stage::Done => "done",
            Stage::Stopped => "stopped",
        }
    }
}

/// An expected effect beside the measured one.
#[derive(Clone, Debug)]
pub struct EffectResult {
    pub kpi: KpiId,
    /// The rows that the action is for.
    pub part: Option<RowExpr>,
    /// By how much it is expected to change, in the unit of the KPI's differences.
    pub expected: f64,
    /// The period by which.
    pub by: Option<Period>,
    pub measured: Result<MeasuredEffect, NotMeasured>,
}

/// Why nothing is measured.
#[derive(Clone, Debug, PartialEq)]
pub enum NotMeasured {
    /// It cannot be, or not yet.
    Waits(Unmeasured),
    /// A period has no figure.
    NoData(Period),
    /// The data of a period have not all come in.
    Unfinished(Period),
    /// A figure is hidden by the minimum base.
    Hidden(Period),
    /// What is measured changed in between.
    Redefined(Refused),
}

/// A measured effect.
#[derive(Clone, Debug)]
pub struct MeasuredEffect {
    pub window: EffectWindow,
    /// The figures of the rows that the action is for, with their bases.
    pub before: (f64, Option<u64>),
    pub after: (f64, Option<u64>),
    /// The second less the first.
    pub change: Amount,
    /// The two-sided p of its test.
    pub p: Option<f64>,
    /// What happened meanwhile where the action is not, where a control is declared.
    pub control: Option<ControlResult>,
    /// Whether its series gave a signal since the start; none where there are too few points for limits.
    pub signal: Option<SeriesSignal>,
    pub verdict: EffectVerdict,
    /// Whether a figure of it rests on few answers.
    pub few: bool,
}

/// What happened to the control.
#[derive(Clone, Debug)]
pub enum ControlResult {
    /// Its own change, and the change of the action's rows less that: the difference in differences.
    Beside { change: f64, effect: Amount, p: Option<f64> },
    /// It is hidden by the minimum base.
    Hidden,
    /// It has no figure.
    NoData,
}

/// A signal of a series since an action began, by the limits of the points just before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeriesSignal {
    None,
    /// It rose, or fell, beyond what it does of itself.
    Up,
    Down,
    /// It gave signals that way before the action began: those since tell nothing of it.
    Earlier,
}

/// What the measured effect says of the expected one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffectVerdict {
    /// It moved as expected: more than chance, and what is expected lies within its interval.
    AsExpected,
    /// It moved that way, by less.
    Less,
    /// It moved that way, by more.
    More,
    /// It may be chance.
    NotShown,
    /// It moved the other way, by more than chance.
    Contrary,
    /// There is no interval: the series has a signal that way since the start.
    Signal,
    /// There is no interval, and nothing tells.
    Untested,
}

impl EffectVerdict {
    /// The word of machine output.
    pub fn name(self) -> &'static str {
        match self {
            EffectVerdict::AsExpected => "as_expected",
            EffectVerdict::Less => "less",
            EffectVerdict::More => "more",
            EffectVerdict::NotShown => "not_shown",
            EffectVerdict::Contrary => "contrary",
            EffectVerdict::Signal => "signal",
            EffectVerdict::Untested => "untested",
        }
    }

    /// Whether an effect the expected way is shown.
    pub fn is_shown(self) -> bool {
        matches!(self, EffectVerdict::AsExpected | EffectVerdict::Less | EffectVerdict::More | EffectVerdict::Signal)
    }
}

impl MeasuredEffect {
    /// Whether it did what was expected of it: shown, and by half of that or more.
    pub fn has_worked(&self, expected: f64) -> bool {
        self.verdict.is_shown() && self.effect().value / expected >= 0.5
    }

    /// The effect that is held beside the expected one: that beyond the control, else the change itself.
    pub fn effect(&self) -> Amount {
        match &self.control {
            Some(ControlResult::Beside { effect, .. }) => *effect,
            _ => self.change,
        }
    }
}

/// Actions on a day, each with its effects; `results` hold what they need.
pub fn actions(measuring: &Measuring, results: &Results, today: Date) -> Vec<ActionResult> {
    let reader = Reader { checked: &measuring.checked, results };
    let of = |id: &ActionId| {
        let action = &measuring.checked.model.actions[id.index()];
        let effects = measuring.effects.iter().filter(|it| it.action == *id).map(|it| reader.effect(action, it)).collect();
        ActionResult { action: *id, stage: stage(action, today), effects }
    };
    measuring.actions.iter().map(of).collect()
}

/// How far an action is on a day: what it says, else by its days.
pub fn stage(action: &Action, today: Date) -> Stage {
    let begun = action.start.is_some_and(|it| it <= today);
    let overdue = action.due.is_some_and(|it| it <= today);
    match action.status.as_ref().map(|it| it.0.as_str()) {
        Some("idea") => Stage::Idea,
        Some("planned") => Stage::Planned,
        Some("done") => Stage::Done,
        Some("stopped") => Stage::Stopped,
        _ if !begun => Stage::Planned,
        _ if overdue => Stage::Overdue,
        _ => Stage::Running,
    }
}

struct Reader<'r> {
    checked: &'r Checked,
    results: &'r Results,
}

impl Reader<'_> {
    fn effect(&self, action: &Action, of: &Effect) -> EffectResult {
        let expected = &action.expects[of.expected];
        EffectResult {
            kpi: of.kpi,
            part: of.part.clone(),
            expected: expected.change,
            by: expected.by.as_ref().map(|it| it.value),
            measured: self.measured(action, of, expected.change),
        }
    }

    fn measured(&self, action: &Action, of: &Effect, expected: f64) -> Result<MeasuredEffect, NotMeasured> {
        let window = of.window.map_err(NotMeasured::Waits)?;
        let own = of.own.as_ref().and_then(|it| self.table(it, &Against::Earlier(window.length)));
        let (before, after) = (self.row(own, window.before)?, self.row(own, window.after)?);
        let compared = after.compared.as_deref();
        if let Some(reason) = compared.and_then(|it| it.refused.clone()) {
            return Err(NotMeasured::Redefined(reason));
        }
        let (Some(first), Some(second)) = (before.value, after.value) else { return Err(NotMeasured::NoData(window.after)) };
        let change = amount(second - first, compared);
        let beside = of.beside.as_ref().and_then(|(ask, against)| self.table(ask, against));
        let control = of.beside.as_ref().map(|_| control(beside.and_then(|it| it.rows.iter().find(|it| it.period == window.after))));
        let few = |it: &ResultRow| it.judged.status == Status::TooFew;
        let mut measured = MeasuredEffect {
            window,
            before: (first, before.n),
            after: (second, after.n),
            change,
            p: compared.and_then(|it| it.p),
            control,
            signal: self.signal(action, of, window),
            verdict: EffectVerdict::Untested,
            few: few(before) || few(after) || compared.is_some_and(|it| it.notes.contains(&Note::FewBeside)),
        };
        measured.verdict = verdict(&measured, expected);
        Ok(measured)
    }

    fn table(&self, of: &Ask, against: &Against) -> Option<&ResultTable> {
        self.results.compared(of.kpi, of.part.as_ref(), &of.cut, of.grain, against)
    }

    fn row<'t>(&self, table: Option<&'t ResultTable>, period: Period) -> Result<&'t ResultRow, NotMeasured> {
        let row = table.and_then(|it| it.rows.iter().find(|it| it.period == period)).ok_or(NotMeasured::NoData(period))?;
        match row.judged.status {
            Status::Hidden => Err(NotMeasured::Hidden(period)),
            _ if row.value.is_none() => Err(NotMeasured::NoData(period)),
            _ if row.notes.contains(&Note::Unfinished) => Err(NotMeasured::Unfinished(period)),
            _ => Ok(row),
        }
    }

    /// The first signal of the series that began since the start, by the limits of the points just before it.
    fn signal(&self, action: &Action, of: &Effect, window: EffectWindow) -> Option<SeriesSignal> {
        let calendar = &self.checked.model.project.calendar;
        let (ask, start) = (of.series.as_ref()?, action.start?);
        let table = self.results.table(ask.kpi, ask.part.as_ref(), &[], ask.grain)?;
        let end = window.after.end(calendar);
        let last = table.rows.iter().map(|it| it.period).rfind(|it| it.end(calendar) <= end)?;
        let mut points = super::points(table, last);
        // The period in which it began is of before and after at once.
        points.iter_mut().filter(|it| it.0.start(calendar) < start && start < it.0.end(calendar)).for_each(|it| it.1 = None);
        let first = points.iter().position(|it| it.0.start(calendar) >= start)?;
        let signals = super::series::signals_since(self.checked, of.kpi, &points, first)?;
        let began_before = |above: bool| signals.iter().any(|it| it.first < first && it.above == above);
        let mut since = signals.iter().filter(|it| it.last >= first).peekable();
        Some(match (since.peek().is_some(), since.find(|it| it.first >= first && !began_before(it.above))) {
            (_, Some(it)) if it.above => SeriesSignal::Up,
            (_, Some(_)) => SeriesSignal::Down,
            (true, None) => SeriesSignal::Earlier,
            (false, None) => SeriesSignal::None,
        })
    }
}

fn amount(value: f64, of: Option<&Comparison>) -> Amount {
    Amount { value, ends: of.and_then(|it| it.low.zip(it.high)) }
}

/// What a control did, out of the table of changes.
fn control(row: Option<&ResultRow>) -> ControlResult {
    let Some(row) = row else { return ControlResult::NoData };
    let hidden = row.judged.status == Status::Hidden || row.notes.contains(&Note::Hidden);
    let Some(it) = row.compared.as_deref().filter(|_| !hidden) else { return ControlResult::Hidden };
    match (it.previous, it.change) {
        (Some(change), Some(effect)) => ControlResult::Beside { change, effect: amount(effect, Some(it)), p: it.p },
        _ if it.notes.contains(&Note::HiddenBeside) => ControlResult::Hidden,
        _ => ControlResult::NoData,
    }
}

fn verdict(of: &MeasuredEffect, expected: f64) -> EffectVerdict {
    let effect = of.effect();
    let wanted = if expected > 0.0 { SeriesSignal::Up } else { SeriesSignal::Down };
    let Some((low, high)) = effect.ends else {
        return match of.signal {
            Some(it) if it == wanted => EffectVerdict::Signal,
            Some(SeriesSignal::None) => EffectVerdict::NotShown,
            Some(SeriesSignal::Earlier) | None => EffectVerdict::Untested,
            Some(_) => EffectVerdict::Contrary,
        };
    };
    if low <= 0.0 && high >= 0.0 {
        return EffectVerdict::NotShown;
    }
    if (effect.value > 0.0) != (expected > 0.0) {
        return EffectVerdict::Contrary;
    }
    if (low..=high).contains(&expected) {
        return EffectVerdict::AsExpected;
    }
    if effect.value.abs() < expected.abs() { EffectVerdict::Less } else { EffectVerdict::More }
}
