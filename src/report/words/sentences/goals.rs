//! What is said of goals and enablers?

use super::{Say, lower};
use crate::calendar::Period;
use crate::report::view::Status;
use crate::words::Lang;

/// Goals.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    pub fn goal_tree(self) -> &'static str {
        self.pick("Doelenboom", "Goal tree")
    }

    pub fn goals_dek(self, empty: bool) -> &'static str {
        if empty {
            return self.pick("Dit project noemt geen doelen.", "This project names no goals.");
        }
        self.pick(
            "Links wat het bedrijf wil, rechts wat klanten willen; enablers verbinden de twee. Kleur is thema. In elk vak rechtsboven: status en doelbereik (0–100).",
            "On the left what the business wants, on the right what customers want; enablers tie the two. Colour is theme. At the upper right of each box: status and satisfaction (0–100).",
        )
    }

    pub fn goals_unknown(self, empty: bool) -> &'static str {
        if empty { self.pick("Nog geen doelen", "No goals yet") } else { self.pick("Doelen zonder cijfers", "Goals without figures") }
    }

    pub fn goals_reached(self) -> &'static str {
        self.pick("Elk doel is bereikt", "Every goal is reached")
    }

    /// The goal with the lowest satisfaction.
    pub fn goals_heading(self, lowest: &str, satisfaction: &str) -> String {
        match self.0 {
            Lang::Nl => format!("{} staat het verst van zijn doel: {satisfaction} van 100", self.quoted(lowest)),
            Lang::En => format!("{} is furthest from its target: {satisfaction} of 100", self.quoted(lowest)),
        }
    }

    pub fn goal_level(self, business: bool, level: usize, depth: usize) -> &'static str {
        match (business, level) {
            (true, 0) if depth == 1 => self.business_goals(),
            (true, 0) => self.pick("Hoofddoel", "Main goal"),
            (true, 1) => self.business_goals(),
            (false, 0) => self.customer_goals(),
            (_, _) => self.pick("Subdoelen", "Subgoals"),
        }
    }

    pub fn business_goals(self) -> &'static str {
        self.pick("Bedrijfsdoelen", "Business goals")
    }

    pub fn customer_goals(self) -> &'static str {
        self.pick("Klantdoelen", "Customer goals")
    }

    pub fn enablers(self) -> &'static str {
        "Enablers"
    }

    pub fn subgoals(self) -> &'static str {
        self.pick("subdoelen", "subgoals")
    }

    pub fn no_enabler(self) -> &'static str {
        self.pick("nog geen enabler", "no enabler yet")
    }

    pub fn other_figures(self) -> &'static str {
        self.pick("overige", "others")
    }

    pub fn enabler_status(self, word: &str) -> &'static str {
        match word {
            "idea" => self.pick("idee", "idea"),
            "planned" => self.pick("gepland", "planned"),
            "pilot" => self.pick("proef", "pilot"),
            "live" => self.pick("in gebruik", "live"),
            "stopped" => self.pick("gestopt", "stopped"),
            _ => "",
        }
    }

    pub fn tied_by(self, enablers: &[String]) -> String {
        let word = if enablers.len() == 1 { "Enabler" } else { "Enablers" };
        format!("{word}: {}", self.list(enablers))
    }

    pub fn ties(self, goals: &[String], serves: bool) -> String {
        let word = if serves { self.pick("Dient", "Serves") } else { self.pick("Draagt bij aan", "Lifts") };
        format!("{word}: {}", self.list(goals))
    }

    pub fn out_of_hundred(self, value: &str) -> String {
        format!("{value} {} 100", self.pick("van", "of"))
    }

    pub fn coverage(self, share: &str) -> String {
        format!("{share} {}", self.pick("bekend", "known"))
    }

    pub fn own_and_below(self, own: Status, below: Status) -> String {
        let (own, below) = (lower(self.status(own)), lower(self.status(below)));
        match self.0 {
            Lang::Nl => format!("eigen cijfers {own}, subdoelen {below}"),
            Lang::En => format!("own figures {own}, parts {below}"),
        }
    }

    pub fn no_goals(self) -> &'static str {
        self.goals_dek(true)
    }

    pub fn goals_period(self, period: Period) -> String {
        match self.0 {
            Lang::Nl => format!("Doelbereik {}.", self.in_period(period)),
            Lang::En => format!("Satisfaction {}.", self.in_period(period)),
        }
    }

    pub fn roll_up(self, all: &[String], any: &[String]) -> String {
        let mut said = vec![
            self.pick(
                "Een doel is het gewogen gemiddelde van zijn kengetallen en subdoelen.",
                "A goal is the weighted mean of its KPIs and parts.",
            )
            .to_owned(),
        ];
        if !all.is_empty() {
            said.push(match self.0 {
                Lang::Nl => format!("Bij {} telt het zwakste deel.", self.list(all)),
                Lang::En => format!("For {} the weakest part counts.", self.list(all)),
            });
        }
        if !any.is_empty() {
            said.push(match self.0 {
                Lang::Nl => format!("Bij {} telt het sterkste deel.", self.list(any)),
                Lang::En => format!("For {} the strongest part counts.", self.list(any)),
            });
        }
        said.join(" ")
    }

    pub fn path_enabler(self, title: &str) -> String {
        format!("enabler {}", self.quoted(title))
    }

    pub fn path_customer(self, title: &str, satisfaction: Option<String>) -> String {
        let satisfaction = satisfaction.map(|it| format!(" ({it})")).unwrap_or_default();
        format!("{} {}{satisfaction}", self.pick("klantdoel", "customer goal"), self.quoted(title))
    }

    /// The goal that makes the path lead where it does.
    pub fn path_lowest(self, title: &str, satisfaction: &str) -> String {
        format!("{} ({satisfaction}, {})", self.quoted(title), self.pick("het laagste bedrijfsdoel", "the lowest business goal"))
    }

    pub fn critical_path(self, path: &str, to_customer: bool) -> String {
        let what = if to_customer {
            self.pick(
                "Kritiek pad, van het zwakste bedrijfsdoel via een enabler naar het zwakste klantdoel dat die dient",
                "Critical path, from the weakest business goal by an enabler to the weakest customer goal that it serves",
            )
        } else {
            self.pick("Kritiek pad, naar het zwakste bedrijfsdoel", "Critical path, to the weakest business goal")
        };
        format!("{what}: {path}.")
    }

    pub fn on_path(self) -> &'static str {
        self.pick("Op het kritieke pad", "On the critical path")
    }

    pub fn enabler_mark(self) -> &'static str {
        self.pick("Een enabler toont de status van zijn eigen kengetal.", "An enabler shows the status of its own KPI.")
    }

    pub fn unknown_goals(self, goals: &[String]) -> String {
        match self.0 {
            Lang::Nl => format!("Niet volledig bekend: {}.", self.list(goals)),
            Lang::En => format!("Not fully known: {}.", self.list(goals)),
        }
    }

    pub fn loose_goals(self, goals: &[String]) -> String {
        match self.0 {
            Lang::Nl => format!("Nog zonder enabler: {}.", self.list(goals)),
            Lang::En => format!("Still without an enabler: {}.", self.list(goals)),
        }
    }

    pub fn hypotheses(self) -> &'static str {
        self.pick("Een gestippelde lijn is een veronderstelling, nog niet getoetst.", "A dashed line is a hypothesis, not yet tested.")
    }
}
