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
            "Wat het bedrijf wil, wat klanten willen, en wat beide verbindt. In elk vak het slechtste kengetal, en hoe ver het doel als geheel is: 100 is bereikt.",
            "What the business wants, what customers want, and what ties the two. In each box the worst KPI, and how far the goal as a whole is: 100 is reached.",
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
            (true, _) => self.pick("Subdoelen", "Subgoals"),
            (false, _) => self.pick("Klantsubdoelen", "Customer subgoals"),
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

    pub fn no_enabler(self) -> &'static str {
        self.pick("nog geen enabler", "no enabler yet")
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

    /// A goal on the critical path, with its satisfaction where that is why the path leads there.
    pub fn path_goal(self, title: &str, satisfaction: Option<String>) -> String {
        let satisfaction = satisfaction.map(|it| format!(" ({it})")).unwrap_or_default();
        format!("{}{satisfaction}", self.quoted(title))
    }

    pub fn critical_path(self, path: &[String]) -> String {
        format!("{}: {}.", self.pick("Kritiek pad", "Critical path"), path.join(" › "))
    }

    pub fn path_rule(self, to_customer: bool) -> &'static str {
        if to_customer {
            return self.pick(
                "Het kritieke pad leidt links naar het laagste doel, subdoelen inbegrepen, en vandaar via een enabler naar het laagste klantdoel dat die dient.",
                "The critical path leads on the left to the lowest goal, subgoals included, and from there by an enabler to the lowest customer goal that it serves.",
            );
        }
        self.pick(
            "Het kritieke pad leidt naar het laagste doel, subdoelen inbegrepen.",
            "The critical path leads to the lowest goal, subgoals included.",
        )
    }

    pub fn on_path(self) -> &'static str {
        self.pick("Op het kritieke pad", "On the critical path")
    }

    pub fn small_marks(self) -> &'static str {
        self.pick(
            "Kleine tekens zijn de andere kengetallen en subdoelen van een doel.",
            "Small marks are the other KPIs and the subgoals of a goal.",
        )
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
        self.pick("Gestreepte lijnen zijn veronderstellingen, nog niet getoetst.", "Dashed lines are hypotheses, not yet tested.")
    }
}
