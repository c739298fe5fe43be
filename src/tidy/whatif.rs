//! What would follow if figures were others: a table with a few sentences, or JSON.

use super::{Field, Sheet, aligned, said};
use crate::check::Checked;
use crate::diagnostic::harmless;
use crate::eval::{Critical, GoalFigure, Status};
use crate::insight::Unknown;
use crate::model::{GoalId, KpiId, Model, RowExpr, print_row};
use crate::publish::{MovedKpi, WhatIf};
use crate::value::Unit;
use crate::words::{Lang, tidy_number};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

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

/// What would follow, as a table and sentences; as one document for machines where `json` is wanted.
pub fn whatif(checked: &Checked, found: &WhatIf, json: bool, lang: Lang) -> String {
    let writer = Writer { model: &checked.model, found, lang };
    if json { writer.json() } else { writer.table() }
}

struct Writer<'a> {
    model: &'a Model,
    found: &'a WhatIf,
    lang: Lang,
}

/// A goal before and after.
type Sides<'a> = (&'a GoalFigure, &'a GoalFigure);

impl<'a> Writer<'a> {
    fn pick(&self, nl: &'static str, en: &'static str) -> &'static str {
        if self.lang == Lang::Nl { nl } else { en }
    }

    fn kpi(&self, id: KpiId) -> &'a str {
        &self.model.kpis[id.index()].name
    }

    fn goal(&self, id: GoalId) -> &'a str {
        &self.model.goals[id.index()].name
    }

    fn part(&self, (kpi, part): &(KpiId, RowExpr)) -> String {
        format!("{}[{}]", self.kpi(*kpi), print_row(self.model, part))
    }

    fn goals(&self) -> Vec<Sides<'a>> {
        let after = |it: GoalId| self.found.after.figures.iter().find(|figure| figure.goal == it);
        let mut goals: Vec<Sides<'a>> = self.found.before.figures.iter().filter_map(|it| Some((it, after(it.goal)?))).collect();
        goals.sort_by_key(|it| it.0.goal.index());
        goals
    }

    fn critical(&self, of: &Critical) -> Vec<&'a str> {
        let mut names: Vec<&'a str> = of.goals.iter().map(|it| self.goal(*it)).collect();
        names.extend(of.enabler.map(|it| self.model.enablers[it.index()].name.as_str()));
        names.extend(of.customer.map(|it| self.goal(it)));
        names
    }

    /// Why a figure is not known.
    fn why(&self, unknown: &Unknown) -> String {
        let name = |nl: &str, en: &str, id: &KpiId| (if self.lang == Lang::Nl { nl } else { en }).replace("{}", self.kpi(*id));
        match unknown {
            Unknown::NoFigure => self.pick("heeft nu geen cijfer dat getoond mag worden", "has no figure now that may be shown").to_owned(),
            Unknown::Missing(of) => {
                name("`{}` heeft hier geen cijfer dat getoond mag worden", "`{}` has no figure here that may be shown", of)
            }
            Unknown::Follows(of) => name("`{}` is dan onbekend", "`{}` is unknown then", of),
            Unknown::OtherPeriod(of) => {
                name("het cijfer van `{}` is van een andere periode", "the figure of `{}` is of another period", of)
            }
            Unknown::Window => self.pick("kijkt naar andere perioden", "looks at other periods").to_owned(),
            Unknown::Total => self
                .pick(
                    "telt op over een dimensie: hoe elke waarde verandert is onbekend",
                    "adds up over a dimension: how each value would change is unknown",
                )
                .to_owned(),
            Unknown::Rows => self.pick("telt in zijn formule ook rijen", "counts rows in its formula too").to_owned(),
            Unknown::NotFrom => self
                .pick("volgt niet uit de cijfers in zijn formule alleen", "does not follow from the figures in its formula alone")
                .to_owned(),
            Unknown::Outside => self.pick("zou buiten zijn grenzen vallen", "would lie outside what it can be").to_owned(),
            Unknown::Assumption => self.pick("hier is niets aangenomen", "nothing is assumed here").to_owned(),
            Unknown::Ranges => self.pick("te veel aannames met grenzen", "too many assumptions with ends").to_owned(),
            Unknown::RangeOf(of) => name("`{}` heeft zelf grenzen door aannames", "`{}` has ends of its own by assumptions", of),
        }
    }

    fn note(&self, it: &MovedKpi) -> String {
        let mut notes: Vec<String> = Vec::new();
        match &it.moved.after {
            Err(unknown) => notes.push(format!("{}: {}", self.pick("onbekend", "unknown"), self.why(unknown))),
            Ok(after) => {
                match &after.range {
                    Some(Ok((low, high))) if same(*low, *high) => {
                        notes.push(self.pick("rust dan op geen aanname", "rests on no assumption then").to_owned());
                    }
                    Some(Ok((low, high))) => {
                        let (low, high) = (super::short_number(*low), super::short_number(*high));
                        notes.push(format!(
                            "{} {low} {} {high}",
                            self.pick("met de aannames van", "by its assumptions from"),
                            self.pick("tot", "to")
                        ));
                    }
                    Some(Err(unknown)) => notes.push(format!("{}: {}", self.pick("grenzen onbekend", "ends unknown"), self.why(unknown))),
                    None if it.moved.before.is_some_and(|it| it.range.is_some()) => {
                        notes.push(self.pick("zonder aannames: gegeven", "without its assumptions: given").to_owned());
                    }
                    None => {}
                }
                if it.moved.before.is_some_and(|before| same(before.value, after.value)) {
                    notes.push(self.pick("beweegt niet", "does not move").to_owned());
                }
                if it.status[1] == Status::TooFew {
                    notes.push(self.pick("te weinig antwoorden om te beoordelen", "too few answers to be judged").to_owned());
                }
            }
        }
        notes.join("; ")
    }

    fn table(&self) -> String {
        let mut sheet = Sheet { columns: COLUMNS.map(str::to_owned).to_vec(), rows: Vec::new(), more: Vec::new() };
        let number = |it: Option<f64>| it.map_or(Field::Empty, Field::Number);
        let text = |it: String| if it.is_empty() { Field::Empty } else { Field::Text(Cow::Owned(it)) };
        let all = self.found.changed.iter().map(|it| ("changed", it)).chain(self.found.kpis.iter().map(|it| ("kpi", it)));
        for (kind, it) in all {
            let unit = self.model.kpis[it.moved.kpi.index()].unit.as_ref().map(Unit::name).unwrap_or_default();
            let mut row = vec![said(kind), said(self.kpi(it.moved.kpi))];
            row.push(it.moved.before.map_or(Field::Empty, |it| text(it.period.to_string())));
            row.extend([number(it.moved.before.map(|it| it.value)), number(it.moved.after.as_ref().ok().map(|it| it.value))]);
            row.push(text(unit));
            row.extend([Field::Empty, Field::Empty, Field::Empty, Field::Empty]);
            row.extend(it.status.map(|it| said(it.name())));
            row.push(text(self.note(it)));
            sheet.rows.push(row);
        }
        let (mut still, mut unknown): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
        for (before, after) in self.goals() {
            if !moves(before, after) {
                let list = if before.satisfaction.is_some() { &mut still } else { &mut unknown };
                list.push(self.goal(before.goal));
                continue;
            }
            let mut row = vec![said("goal"), said(self.goal(before.goal)), text(before.period.to_string())];
            row.extend([number(before.satisfaction), number(after.satisfaction)]);
            row.push(said("satisfaction"));
            row.extend([before.own, after.own, before.below, after.below].map(number));
            row.extend([said(before.status.name()), said(after.status.name())]);
            let lost = before.satisfaction.is_some() && after.satisfaction.is_none();
            row.push(if lost {
                said(self.pick("onbekend: niet alle delen zijn dan bekend", "unknown: not all parts are known then"))
            } else {
                Field::Empty
            });
            sheet.rows.push(row);
        }
        let mut out = aligned(&sheet);
        out.push('\n');
        let path = |it: &Critical| if it.goals.is_empty() { self.pick("geen", "none").to_owned() } else { self.critical(it).join(" > ") };
        let (before, after) = (&self.found.before.critical, &self.found.after.critical);
        if !self.found.before.figures.is_empty() {
            let label = self.pick("Kritiek pad", "Critical path");
            out.push_str(&match before == after {
                true => format!("{label}: {}, {}.\n", path(before), self.pick("zoals het was", "as it was")),
                false => format!("{label}: {}; {} {}.\n", path(after), self.pick("nu", "now"), path(before)),
            });
        }
        let mut line = |label: &str, names: Vec<String>| {
            if !names.is_empty() {
                out.push_str(&format!("{label}: {}.\n", harmless(&names.join(", "))));
            }
        };
        let owned = |it: Vec<&str>| it.into_iter().map(str::to_owned).collect::<Vec<String>>();
        line(self.pick("Doelen die niet bewegen", "Goals that do not move"), owned(still));
        line(self.pick("Doelen die onbekend zijn en blijven", "Goals that are unknown and stay so"), owned(unknown));
        let alone = self.found.alone.iter().map(|it| self.kpi(*it).to_owned()).collect();
        line(self.pick("Door geen doel en geen formule gebruikt", "Used by no goal and no formula"), alone);
        let kept = self.found.kept.iter().map(|it| self.part(it)).collect();
        line(self.pick("Delen die blijven zoals ze zijn", "Parts that are kept as they are"), kept);
        out.push_str(self.sentence());
        out.push('\n');
        out
    }

    /// What this is not.
    fn sentence(&self) -> &'static str {
        self.pick(
            "Dit is rekenwerk met de definities, geen voorspelling: of het kan, en wat er verder zou veranderen, volgt er niet uit.",
            "This is arithmetic by the definitions, not a forecast: whether it can be, and what else would change, does not follow from it.",
        )
    }

    fn json(&self) -> String {
        let kpi = |it: &MovedKpi| {
            let ends = |it: (f64, f64)| json!({"low": number(it.0), "high": number(it.1)});
            let after = it.moved.after.as_ref().ok();
            let mut object = Map::new();
            object.insert("kpi".to_owned(), json!(self.kpi(it.moved.kpi)));
            object.insert("period".to_owned(), json!(it.moved.before.map(|it| it.period.to_string())));
            object.insert("unit".to_owned(), json!(self.model.kpis[it.moved.kpi.index()].unit.as_ref().map(Unit::name)));
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
            let note = self.note(it);
            object.insert("note".to_owned(), if note.is_empty() { Value::Null } else { Value::String(note) });
            Value::Object(object)
        };
        let goal = |(before, after): Sides<'_>| {
            let side = |it: &GoalFigure| {
                json!({
                    "satisfaction": it.satisfaction.map(number),
                    "own": it.own.map(number),
                    "below": it.below.map(number),
                    "status": it.status.name(),
                })
            };
            json!({"goal": self.goal(before.goal), "before": side(before), "after": side(after), "moves": moves(before, after)})
        };
        let path = |it: &Critical| {
            json!({
                "goals": it.goals.iter().map(|it| self.goal(*it)).collect::<Vec<_>>(),
                "enabler": it.enabler.map(|it| self.model.enablers[it.index()].name.as_str()),
                "customer": it.customer.map(|it| self.goal(it)),
            })
        };
        let found = self.found;
        let whole = json!({
            "peil": env!("CARGO_PKG_VERSION"),
            "period": found.period.to_string(),
            "meaning": self.sentence(),
            "changed": found.changed.iter().map(kpi).collect::<Vec<_>>(),
            "kpis": found.kpis.iter().map(kpi).collect::<Vec<_>>(),
            "goals": self.goals().into_iter().map(goal).collect::<Vec<_>>(),
            "critical": {"before": path(&found.before.critical), "after": path(&found.after.critical)},
            "alone": found.alone.iter().map(|it| self.kpi(*it)).collect::<Vec<_>>(),
            "kept": found.kept.iter().map(|it| self.part(it)).collect::<Vec<_>>(),
        });
        format!("{whole:#}\n")
    }
}

fn number(value: f64) -> Value {
    tidy_number(value).parse::<f64>().map_or(Value::Null, |it| json!(it))
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs())
}

/// Whether anything of a goal that is told is another after.
fn moves(before: &GoalFigure, after: &GoalFigure) -> bool {
    let differs = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => !same(a, b),
        (a, b) => a.is_some() != b.is_some(),
    };
    let both = [(before.satisfaction, after.satisfaction), (before.own, after.own), (before.below, after.below)];
    both.into_iter().any(|(a, b)| differs(a, b)) || before.status != after.status
}
