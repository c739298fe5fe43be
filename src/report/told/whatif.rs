//! What would follow if figures were others, told: a table, the critical path, what stays as it is, and what this is not.

use crate::check::Checked;
use crate::diagnostic::harmless;
use crate::eval::Critical;
use crate::insight::Unknown;
use crate::model::{GoalId, KpiId, Model};
use crate::publish::{WhatIf, WhatIfNote};
use crate::report::words::Say;
use crate::tidy;
use crate::words::Lang;

/// Tells what would follow.
pub fn whatif(checked: &Checked, found: &WhatIf, lang: Lang) -> String {
    Teller { checked, model: &checked.model, found, say: Say(lang) }.tell()
}

struct Teller<'a> {
    checked: &'a Checked,
    model: &'a Model,
    found: &'a WhatIf,
    say: Say,
}

impl<'a> Teller<'a> {
    fn pick<'t>(&self, nl: &'t str, en: &'t str) -> &'t str {
        self.say.pick(nl, en)
    }

    fn kpi(&self, id: KpiId) -> &'a str {
        &self.model.kpis[id.index()].name
    }

    fn goal(&self, id: GoalId) -> &'a str {
        &self.model.goals[id.index()].name
    }

    fn tell(&self) -> String {
        let lost = self.pick("onbekend: niet alle delen zijn dan bekend", tidy::GOAL_UNKNOWN);
        let mut out = tidy::whatif_table(self.checked, self.found, &|it| self.note(it), lost);
        out.push('\n');
        self.path(&mut out);
        let mut line = |label: &str, names: Vec<String>| {
            if !names.is_empty() {
                out.push_str(&format!("{label}: {}.\n", harmless(&names.join(", "))));
            }
        };
        let goals = self.found.goals();
        let kept = |known: bool| {
            let still = goals.iter().filter(|it| !it.moves() && it.before.satisfaction.is_some() == known);
            still.map(|it| self.goal(it.before.goal).to_owned()).collect::<Vec<String>>()
        };
        line(self.pick("Doelen die niet bewegen", "Goals that do not move"), kept(true));
        line(self.pick("Doelen die onbekend zijn en blijven", "Goals that are unknown and stay so"), kept(false));
        let alone = self.found.alone.iter().map(|it| self.kpi(*it).to_owned()).collect();
        line(self.pick("Door geen doel en geen formule gebruikt", "Used by no goal and no formula"), alone);
        out.push_str(self.pick(
            "Dit is rekenwerk met de definities, geen voorspelling: of het kan, en wat er verder zou veranderen, volgt er niet uit.",
            tidy::MEANING,
        ));
        out.push('\n');
        out
    }

    /// The critical path, and the one that it takes the place of.
    fn path(&self, out: &mut String) {
        if self.found.before.figures.is_empty() {
            return;
        }
        let (before, after) = (&self.found.before.critical, &self.found.after.critical);
        let label = self.pick("Kritiek pad", "Critical path");
        out.push_str(&match before == after {
            true => format!("{label}: {}, {}.\n", self.names(before), self.pick("zoals het was", "as it was")),
            false => format!("{label}: {}; {} {}.\n", self.names(after), self.pick("nu", "now"), self.names(before)),
        });
    }

    fn names(&self, of: &Critical) -> String {
        if of.goals.is_empty() {
            return self.pick("geen", "none").to_owned();
        }
        let mut names: Vec<&str> = of.goals.iter().map(|it| self.goal(*it)).collect();
        names.extend(of.enabler.map(|it| self.model.enablers[it.index()].name.as_str()));
        names.extend(of.customer.map(|it| self.goal(it)));
        names.join(" > ")
    }

    /// A note; in English machines read the same words.
    fn note(&self, note: &WhatIfNote<'_>) -> String {
        if self.say.0 == Lang::En {
            return tidy::whatif_note(self.model, note);
        }
        match note {
            WhatIfNote::Unknown(why) => format!("onbekend: {}", self.unknown(why)),
            WhatIfNote::NoAssumption => "rust dan op geen aanname".to_owned(),
            WhatIfNote::ByAssumptions(low, high) => {
                format!("met de aannames van {} tot {}", tidy::short_number(*low), tidy::short_number(*high))
            }
            WhatIfNote::EndsUnknown(why) => format!("grenzen onbekend: {}", self.unknown(why)),
            WhatIfNote::Given => "zonder aannames: gegeven".to_owned(),
            WhatIfNote::Still => "beweegt niet".to_owned(),
            WhatIfNote::TooFew => "te weinig antwoorden om te beoordelen".to_owned(),
        }
    }

    /// Why a figure is not known, in Dutch.
    fn unknown(&self, why: &Unknown) -> String {
        let of = |it: &KpiId| self.kpi(*it);
        match why {
            Unknown::NoFigure => "heeft nu geen cijfer dat getoond mag worden".to_owned(),
            Unknown::Missing(it) => format!("`{}` heeft hier geen cijfer dat getoond mag worden", of(it)),
            Unknown::Follows(it) => format!("`{}` is dan onbekend", of(it)),
            Unknown::OtherPeriod(it) => format!("het cijfer van `{}` is van een andere periode", of(it)),
            Unknown::SameAnswers(it) => format!("rust op antwoorden van `{}`: hoe die samen veranderen is onbekend", of(it)),
            Unknown::Window => "gaat over meer perioden samen".to_owned(),
            Unknown::Total => "telt op over een dimensie: hoe elke waarde verandert is onbekend".to_owned(),
            Unknown::NoPart => "een deel van zijn formule heeft geen cijfer dat getoond mag worden".to_owned(),
            Unknown::NotFrom => "volgt niet uit de cijfers in zijn formule alleen".to_owned(),
            Unknown::Outside => "zou buiten zijn grenzen vallen".to_owned(),
            Unknown::Assumption => "hier is niets aangenomen".to_owned(),
            Unknown::Ranges => "te veel aannames met grenzen".to_owned(),
            Unknown::RangeOf(it) => format!("`{}` heeft zelf grenzen door aannames", of(it)),
        }
    }
}
