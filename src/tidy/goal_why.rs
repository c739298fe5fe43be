//! What moved a goal, a row for the goal and each KPI and sub-goal below it.

use super::{Field, Format, Sheet, number_field, owned, said, write};
use crate::check::Checked;
use crate::publish::{ChildOf, GoalWhy, MovedChild};
use serde_json::Map;

const COLUMNS: [&str; 18] = [
    "goal",
    "before",
    "after",
    "level",
    "kind",
    "name",
    "weight",
    "satisfaction_before",
    "satisfaction_after",
    "contribution",
    "value_before",
    "value_after",
    "unit",
    "target_before",
    "target_after",
    "by_figure",
    "by_norms",
    "note",
];

/// Why a goal moved.
pub fn goal_why(checked: &Checked, why: &GoalWhy, format: Format) -> String {
    let mut sheet = Sheet::new(COLUMNS);
    add(checked, why, &why.goal, 0, &mut sheet);
    write(&sheet, "why", format)
}

fn add<'r>(checked: &'r Checked, why: &GoalWhy, of: &MovedChild, level: u64, sheet: &mut Sheet<'r>) {
    let model = &checked.model;
    let top = match &why.goal.what {
        ChildOf::Goal(id) => model.goals[id.index()].name.as_str(),
        ChildOf::Kpi(_) => "",
    };
    let (kind, name, unit) = match &of.what {
        ChildOf::Goal(id) => ("goal", model.goals[id.index()].name.clone(), String::new()),
        ChildOf::Kpi(it) => {
            let kpi = &model.kpis[it.kpi.index()];
            ("kpi", model.kpi_text(it.kpi, it.part.as_ref()), kpi.unit.as_ref().map(|it| it.name()).unwrap_or_default())
        }
    };
    let mut row = vec![
        said(top),
        owned(why.before.to_string()),
        owned(why.after.to_string()),
        Field::Count(level),
        said(kind),
        owned(name),
        Field::Number(of.weight),
    ];
    row.extend(of.satisfaction.map(number_field));
    row.push(number_field(of.contribution));
    let figure = of.figure.as_ref();
    let pair = |it: Option<[Option<f64>; 2]>| it.unwrap_or([None, None]).map(number_field);
    row.extend(pair(figure.map(|it| it.values)));
    row.push(if unit.is_empty() { Field::Empty } else { owned(unit) });
    row.extend(pair(figure.map(|it| it.targets)));
    row.extend([number_field(figure.and_then(|it| it.by_figure)), number_field(figure.and_then(|it| it.by_norms))]);
    let changed = figure.and_then(|it| it.changed);
    row.push(changed.map_or(Field::Empty, |on| owned(format!("definition changed on {on}: not comparable"))));
    sheet.rows.push(row);
    sheet.more.push(Map::new());
    of.children.iter().for_each(|it| add(checked, why, it, level + 1, sheet));
}
