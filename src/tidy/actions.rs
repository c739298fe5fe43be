//! Actions, a row for each expected effect: what was expected, what was measured, and beside which control.

use super::{Field, Format, Sheet, Table, count_field, notes_field, number_field, owned, probability_field, refused, said, table, write};
use crate::check::Checked;
use crate::insight::Unmeasured;
use crate::publish::{ActionResult, ControlResult, EffectResult, NotMeasured, SeriesSignal};
use serde_json::Map;

const COLUMNS: [&str; 26] = [
    "action",
    "stage",
    "owner",
    "start",
    "due",
    "kpi",
    "unit",
    "expected",
    "by",
    "before",
    "after",
    "value_before",
    "value_after",
    "n_before",
    "n_after",
    "change",
    "change_low",
    "change_high",
    "p",
    "control_change",
    "effect",
    "effect_low",
    "effect_high",
    "effect_p",
    "signal",
    "verdict",
];

/// Actions with their effects; what is not measured says why in `note`.
pub fn actions(checked: &Checked, found: &[ActionResult], format: Format) -> String {
    write(&sheet(checked, found), "actions", format)
}

/// The same in every form that goes beside a report.
pub fn actions_table(checked: &Checked, found: &[ActionResult]) -> Table {
    table(&sheet(checked, found))
}

fn sheet<'r>(checked: &'r Checked, found: &'r [ActionResult]) -> Sheet<'r> {
    let mut columns = COLUMNS.map(str::to_owned).to_vec();
    columns.push("note".to_owned());
    let mut sheet = Sheet::new(columns);
    for it in found {
        let action = &checked.model.actions[it.action.index()];
        let day = |it: Option<crate::calendar::Date>| it.map_or(Field::Empty, |it| owned(it.to_string()));
        let owner = action.owner.map_or(Field::Empty, |it| said(&checked.model.project.teams[it.index()].name));
        let due = action.due.and_then(|it| it.plus_days(-1));
        let head = [said(&action.name), said(it.stage.name()), owner, day(action.start), day(due)];
        if it.effects.is_empty() {
            let mut row = head.to_vec();
            row.resize(COLUMNS.len(), Field::Empty);
            row.push(said("no effect is expected"));
            sheet.rows.push(row);
            sheet.more.push(Map::new());
        }
        for effect in &it.effects {
            sheet.rows.push(row(checked, &head, effect));
            sheet.more.push(Map::new());
        }
    }
    sheet
}

fn row<'r>(checked: &'r Checked, head: &[Field<'r>; 5], of: &EffectResult) -> Vec<Field<'r>> {
    let kpi = &checked.model.kpis[of.kpi.index()];
    let name = checked.model.kpi_text(of.kpi, of.part.as_ref());
    let mut row = head.to_vec();
    row.extend([owned(name), owned(kpi.unit.as_ref().map(|it| it.difference().name()).unwrap_or_default()), Field::Number(of.expected)]);
    row.push(of.by.map_or(Field::Empty, |it| owned(it.to_string())));
    let it = match &of.measured {
        Ok(it) => it,
        Err(why) => {
            row.resize(COLUMNS.len(), Field::Empty);
            row.push(owned(reason(checked, why)));
            return row;
        }
    };
    row.extend([owned(it.window.before.to_string()), owned(it.window.after.to_string())]);
    row.extend([Field::Number(it.before.0), Field::Number(it.after.0), count_field(it.before.1), count_field(it.after.1)]);
    row.push(Field::Number(it.change.value));
    row.extend([number_field(it.change.ends.map(|it| it.0)), number_field(it.change.ends.map(|it| it.1)), probability_field(it.p)]);
    match &it.control {
        Some(ControlResult::Beside { change, effect, p }) => {
            row.extend([Field::Number(*change), Field::Number(effect.value)]);
            row.extend([number_field(effect.ends.map(|it| it.0)), number_field(effect.ends.map(|it| it.1)), probability_field(*p)]);
        }
        _ => row.extend([Field::Empty, Field::Empty, Field::Empty, Field::Empty, Field::Empty]),
    }
    row.push(it.signal.map_or(Field::Empty, |it| {
        said(match it {
            SeriesSignal::None => "none",
            SeriesSignal::Up => "up",
            SeriesSignal::Down => "down",
            SeriesSignal::Earlier => "earlier",
        })
    }));
    row.push(said(it.verdict.name()));
    let mut notes: Vec<String> = Vec::new();
    notes.extend(it.window.judged_in.map(|it| format!("provisional until {it}")));
    match &it.control {
        None => notes.push("no control: no proof of cause".to_owned()),
        Some(ControlResult::Hidden) => notes.push("the control is hidden by the minimum base".to_owned()),
        Some(ControlResult::NoData) => notes.push("the control has no figure".to_owned()),
        Some(ControlResult::Beside { .. }) => {}
    }
    notes.extend((it.window.other_season && it.control.is_none()).then(|| "another season".to_owned()));
    notes.extend(it.window.overlaps_start.then(|| "the second period begins before the start".to_owned()));
    notes.extend(it.few.then(|| "few answers".to_owned()));
    row.push(notes_field(notes));
    row
}

fn reason(checked: &Checked, why: &NotMeasured) -> String {
    match why {
        NotMeasured::Waits(Unmeasured::NotBegun) => "has not begun".to_owned(),
        NotMeasured::Waits(Unmeasured::NoStart) => "has no start".to_owned(),
        NotMeasured::Waits(Unmeasured::Later(day)) => format!("begins on {day}"),
        NotMeasured::Waits(Unmeasured::TooEarly(period)) => format!("too early: {period} is the first whole period"),
        NotMeasured::Waits(Unmeasured::NoTime) => "the data have no time".to_owned(),
        NotMeasured::Waits(Unmeasured::Planned) => "the KPI is planned".to_owned(),
        NotMeasured::NoData(period) => format!("no figure in {period}"),
        NotMeasured::Unfinished(period) => format!("the data of {period} are not complete"),
        NotMeasured::Hidden(period) => format!("hidden by the minimum base in {period}"),
        NotMeasured::Redefined(why) => refused(checked, why),
    }
}
