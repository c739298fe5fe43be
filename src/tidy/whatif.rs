//! What would follow if figures were others: one document for machines, or the rows of a table for people.

use super::{Field, Sheet, aligned, notes_field, number, number_field, owned, said, short_number};
use crate::check::Checked;
use crate::eval::{Critical, GoalFigure};
use crate::insight::Unknown;
use crate::model::{GoalId, KpiId, Model};
use crate::publish::{GoalSides, MovedKpi, WhatIf, WhatIfNote};
use crate::value::Unit;
use serde_json::{Map, Value, json};

const COLUMNS: [&str; 13] = [
    "kind",
    "name",
    "period",
    "before",
    "after",
    "unit",
    "own_before",
    "own_after",
    "below_before",
    "below_after",
    "status_before",
    "status_after",
    "note",
];

/// What this is, and is not.
pub const MEANING: &str =
    "This is arithmetic by the definitions, not a forecast: whether it can be, and what else would change, does not follow from it.";

/// The note on a goal of which not all parts are known any more.
pub const GOAL_UNKNOWN: &str = "unknown: not all parts are known then";

/// What would follow, as one document: the same in every language.
pub fn whatif(checked: &Checked, found: &WhatIf) -> String {
    let model = &checked.model;
    let kpi = |it: &MovedKpi| {
        let ends = |it: (f64, f64)| json!({"low": number(it.0), "high": number(it.1)});
        let after = it.moved.after.as_ref().ok();
        let mut object = Map::new();
        object.insert("kpi".to_owned(), json!(name(model, it.moved.kpi)));
        object.insert("period".to_owned(), json!(it.moved.before.map(|it| it.period.to_string())));
        object.insert("unit".to_owned(), json!(model.kpis[it.moved.kpi.index()].unit.as_ref().map(Unit::name)));
        let sides = [
            (it.moved.before.map(|it| it.value), it.moved.before.and_then(|it| it.range)),
            (after.map(|it| it.value), after.and_then(|it| it.range.clone()?.ok())),
        ];
        for (at, (side, (value, range))) in ["before", "after"].into_iter().zip(sides).enumerate() {
            let side_of = json!({
                "value": value.map(number),
                "range": range.map(ends),
                "satisfaction": it.satisfaction[at].map(number),
                "status": it.status[at].name(),
            });
            object.insert(side.to_owned(), side_of);
        }
        let notes: Vec<String> = it.notes().iter().map(|it| whatif_note(model, it)).collect();
        object.insert("note".to_owned(), if notes.is_empty() { Value::Null } else { Value::String(notes.join("; ")) });
        Value::Object(object)
    };
    let goal = |it: GoalSides<'_>| {
        let side = |it: &GoalFigure| {
            json!({
                "satisfaction": it.satisfaction.map(number),
                "own": it.own.map(number),
                "below": it.below.map(number),
                "status": it.status.name(),
            })
        };
        json!({"goal": goal_name(model, it.before.goal), "before": side(it.before), "after": side(it.after), "moves": it.moves()})
    };
    let path = |it: &Critical| {
        json!({
            "goals": it.goals.iter().map(|it| goal_name(model, *it)).collect::<Vec<_>>(),
            "enabler": it.enabler.map(|it| model.enablers[it.index()].name.as_str()),
            "customer": it.customer.map(|it| goal_name(model, it)),
        })
    };
    let whole = json!({
        "peil": env!("CARGO_PKG_VERSION"),
        "period": found.period.to_string(),
        "meaning": MEANING,
        "changed": found.changed.iter().map(kpi).collect::<Vec<_>>(),
        "kpis": found.kpis.iter().map(kpi).collect::<Vec<_>>(),
        "goals": found.goals().into_iter().map(goal).collect::<Vec<_>>(),
        "critical": {"before": path(&found.before.critical), "after": path(&found.after.critical)},
        "alone": found.alone.iter().map(|it| name(model, *it)).collect::<Vec<_>>(),
    });
    format!("{whole:#}\n")
}

/// The changed KPIs, those that follow and the goals that move, side by side; notes as `note` says them, and `lost` at a
/// goal that becomes unknown.
pub fn whatif_table(checked: &Checked, found: &WhatIf, note: &dyn Fn(&WhatIfNote<'_>) -> String, lost: &str) -> String {
    let model = &checked.model;
    let mut sheet = Sheet::new(COLUMNS);
    let text = |it: String| if it.is_empty() { Field::Empty } else { owned(it) };
    let all = found.changed.iter().map(|it| ("changed", it)).chain(found.kpis.iter().map(|it| ("kpi", it)));
    for (kind, it) in all {
        let unit = model.kpis[it.moved.kpi.index()].unit.as_ref().map(Unit::name).unwrap_or_default();
        let mut row = vec![said(kind), said(name(model, it.moved.kpi))];
        row.push(it.moved.before.map_or(Field::Empty, |it| text(it.period.to_string())));
        row.extend([number_field(it.moved.before.map(|it| it.value)), number_field(it.moved.after.as_ref().ok().map(|it| it.value))]);
        row.push(text(unit));
        row.extend([Field::Empty, Field::Empty, Field::Empty, Field::Empty]);
        row.extend(it.status.map(|it| said(it.name())));
        row.push(notes_field(it.notes().iter().map(note)));
        sheet.rows.push(row);
    }
    for it in found.goals().iter().filter(|it| it.moves()) {
        let (before, after) = (it.before, it.after);
        let mut row = vec![said("goal"), said(goal_name(model, before.goal)), text(before.period.to_string())];
        row.extend([number_field(before.satisfaction), number_field(after.satisfaction)]);
        row.push(said("satisfaction"));
        row.extend([before.own, after.own, before.below, after.below].map(number_field));
        row.extend([said(before.status.name()), said(after.status.name())]);
        row.push(if it.is_lost() { text(lost.to_owned()) } else { Field::Empty });
        sheet.rows.push(row);
    }
    aligned(&sheet)
}

/// The words of a note in machine output.
pub fn whatif_note(model: &Model, note: &WhatIfNote<'_>) -> String {
    match note {
        WhatIfNote::Unknown(why) => format!("unknown: {}", unknown(model, why)),
        WhatIfNote::NoAssumption => "rests on no assumption then".to_owned(),
        WhatIfNote::ByAssumptions(low, high) => format!("by its assumptions from {} to {}", short_number(*low), short_number(*high)),
        WhatIfNote::EndsUnknown(why) => format!("ends unknown: {}", unknown(model, why)),
        WhatIfNote::Given => "without its assumptions: given".to_owned(),
        WhatIfNote::Still => "does not move".to_owned(),
        WhatIfNote::TooFew => "too few answers to be judged".to_owned(),
    }
}

/// Why a figure is not known.
fn unknown(model: &Model, why: &Unknown) -> String {
    let of = |it: &KpiId| name(model, *it);
    match why {
        Unknown::NoFigure => "has no figure now that may be shown".to_owned(),
        Unknown::Missing(it) => format!("`{}` has no figure here that may be shown", of(it)),
        Unknown::Follows(it) => format!("`{}` is unknown then", of(it)),
        Unknown::OtherPeriod(it) => format!("the figure of `{}` is of another period", of(it)),
        Unknown::SameAnswers(it) => format!("rests on answers of `{}`: how these change together is unknown", of(it)),
        Unknown::Window => "is taken over several periods together".to_owned(),
        Unknown::Total => "adds up over a dimension: how each value would change is unknown".to_owned(),
        Unknown::NoPart => "a part of its formula has no figure that may be shown".to_owned(),
        Unknown::NotFrom => "does not follow from the figures in its formula alone".to_owned(),
        Unknown::Outside => "would lie outside what it can be".to_owned(),
        Unknown::Assumption => "nothing is assumed here".to_owned(),
        Unknown::Ranges => "too many assumptions with ends".to_owned(),
        Unknown::RangeOf(it) => format!("`{}` has ends of its own by assumptions", of(it)),
    }
}

fn name(model: &Model, id: KpiId) -> &str {
    &model.kpis[id.index()].name
}

fn goal_name(model: &Model, id: GoalId) -> &str {
    &model.goals[id.index()].name
}
