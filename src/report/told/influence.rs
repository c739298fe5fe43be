//! What a team moves, told: what is its own, what it moves through others, and what nobody can.

use crate::check::Checked;
use crate::diagnostic::harmless;
use crate::insight::{Hop, Influence, Thing};
use crate::model::{GoalId, Model, TeamId, Text};
use crate::publish::GoalPeriod;
use crate::report::words::Say;
use crate::words::Lang;
use std::fmt::Write;

/// Tells what a team moves, with how far its goals are in a period where that is known.
pub fn influence(checked: &Checked, found: &Influence, goals: Option<&GoalPeriod>, lang: Lang) -> String {
    let teller = Teller { model: &checked.model, goals, say: Say(lang) };
    teller.tell(found)
}

struct Teller<'a> {
    model: &'a Model,
    goals: Option<&'a GoalPeriod>,
    say: Say,
}

impl Teller<'_> {
    fn pick<'t>(&self, nl: &'t str, en: &'t str) -> &'t str {
        self.say.pick(nl, en)
    }

    fn title(&self, thing: Thing) -> String {
        let text: &Text = match thing {
            Thing::Kpi(it) => &self.model.kpis[it.index()].title,
            Thing::Goal(it) => &self.model.goals[it.index()].title,
            Thing::Enabler(it) => &self.model.enablers[it.index()].title,
            Thing::Touchpoint(it) => &self.model.touchpoints[it.index()].title,
        };
        let name = thing.name(self.model).1;
        harmless(&match text.get(self.say.0) {
            Some(title) if title != name => format!("{title} ({name})"),
            _ => name.to_owned(),
        })
    }

    fn team(&self, id: Option<TeamId>) -> String {
        match id {
            Some(it) => {
                let team = &self.model.project.teams[it.index()];
                harmless(team.title.get(self.say.0).unwrap_or(&team.name))
            }
            None => self.pick("niemand", "nobody").to_owned(),
        }
    }

    /// A goal with how far it is.
    fn goal(&self, id: GoalId) -> String {
        let figure = self.goals.and_then(|it| it.figures.iter().find(|it| it.goal == id));
        let far = figure.map(|it| match it.satisfaction {
            Some(value) => format!(", {} {}", self.pick("tevredenheid", "satisfaction"), self.say.0.number(value, 0)),
            None => format!(", {}", self.pick("onbekend", "unknown")),
        });
        format!("{}{}", self.title(Thing::Goal(id)), far.unwrap_or_default())
    }

    fn list(&self, heading: &str, lines: &[String], out: &mut String) {
        if lines.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{heading}");
        for line in lines {
            let _ = writeln!(out, "  {line}");
        }
    }

    fn tell(&self, found: &Influence) -> String {
        let mut out = String::new();
        let _ = write!(out, "{}", self.team(Some(found.team)));
        if let Some(goals) = self.goals {
            let _ = write!(out, ", {}", self.say.0.period_short(goals.period));
        }
        out.push('\n');
        let titles = |things: Vec<Thing>| -> Vec<String> { things.into_iter().map(|it| self.title(it)).collect() };
        let goals: Vec<String> = found.goals.iter().map(|it| self.goal(*it)).collect();
        self.list(self.pick("Eigen doelen", "Goals of its own"), &goals, &mut out);
        let kpis: Vec<String> = found
            .kpis
            .iter()
            .map(|it| {
                let fixed = found.fixed.contains(it);
                let mark = if fixed { self.pick(", door niemand te beïnvloeden", ", which nobody can influence") } else { "" };
                format!("{}{mark}", self.title(Thing::Kpi(*it)))
            })
            .collect();
        self.list(self.pick("Eigen KPI's", "KPIs of its own"), &kpis, &mut out);
        let enablers = titles(found.enablers.iter().copied().map(Thing::Enabler).collect());
        self.list(self.pick("Eigen enablers", "Enablers of its own"), &enablers, &mut out);
        let touchpoints = titles(found.touchpoints.iter().copied().map(Thing::Touchpoint).collect());
        self.list(self.pick("Eigen contactpunten", "Touchpoints of its own"), &touchpoints, &mut out);
        let asked: Vec<String> = found
            .asked
            .iter()
            .map(|(at, kpi)| {
                let owner = self.team(self.model.kpis[kpi.index()].owner);
                format!(
                    "{}, {} {}: {owner}",
                    self.title(Thing::Kpi(*kpi)),
                    self.pick("gevraagd bij", "asked at"),
                    Thing::Touchpoint(*at).name(self.model).1
                )
            })
            .collect();
        self.list(self.pick("KPI's van anderen die hier worden gevraagd", "KPIs of others that are asked here"), &asked, &mut out);
        let through: Vec<String> = found
            .through
            .iter()
            .flat_map(|it| {
                let owner = self.team(self.model.goals[it.goal.index()].owner);
                let mut path = it.from.name(self.model).1.to_owned();
                it.hops.iter().for_each(|hop| path.push_str(&self.hop(hop)));
                [format!("{}: {owner}", self.goal(it.goal)), format!("  {}", harmless(&path))]
            })
            .collect();
        self.list(self.pick("Via anderen", "Through others"), &through, &mut out);
        let beyond: Vec<String> = found.beyond.iter().map(|it| self.goal(*it)).collect();
        self.list(self.pick("Doelen waar niets van dit team naartoe leidt", "Goals that nothing of this team leads to"), &beyond, &mut out);
        let fixed = titles(found.fixed.iter().copied().map(Thing::Kpi).collect());
        self.list(self.pick("Wat niemand kan beïnvloeden", "What nobody can influence"), &fixed, &mut out);
        let unowned = titles(found.unowned.clone());
        self.list(self.pick("Wat niemand bezit", "What nobody owns"), &unowned, &mut out);
        if out.lines().count() == 1 {
            let _ = writeln!(out, "{}", self.pick("Dit team bezit niets.", "This team owns nothing."));
        }
        out
    }

    fn hop(&self, hop: &Hop) -> String {
        format!(" → {} {}", self.say.hop(hop), hop.to.name(self.model).1)
    }
}
