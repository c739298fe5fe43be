//! What is said on the pages of a site, and nowhere else?

use super::Say;
use crate::model::GoalKind;

/// The pages, and the lists on them.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    pub fn each_kpi(self) -> &'static str {
        self.pick("Elk kengetal", "Each KPI")
    }

    pub fn each_goal(self) -> &'static str {
        self.pick("Elk doel", "Each goal")
    }

    pub fn each_journey(self) -> &'static str {
        self.pick("Elke klantreis", "Each journey")
    }

    pub fn each_team(self) -> &'static str {
        self.pick("Elk team", "Each team")
    }

    pub fn measures_goals(self) -> &'static str {
        self.pick("Meet deze doelen", "Measures these goals")
    }

    pub fn made_of(self) -> &'static str {
        self.pick("Waaruit het bestaat", "What it is made of")
    }

    pub fn part_of_kpis(self) -> &'static str {
        self.pick("Waarin het meetelt", "What it is part of")
    }

    pub fn in_journey(self) -> &'static str {
        self.pick("In de klantreis", "In the journey")
    }

    pub fn what_measures(self) -> &'static str {
        self.pick("Waaraan het wordt gemeten", "What measures it")
    }

    pub fn its_parts(self) -> &'static str {
        self.pick("Deeldoelen", "Its parts")
    }

    pub fn part_of_goals(self) -> &'static str {
        self.pick("Deel van", "Part of")
    }

    pub fn enablers_page(self) -> &'static str {
        self.pick("Enablers", "Enablers")
    }

    pub fn own_goals(self) -> &'static str {
        self.pick("Eigen doelen", "Its goals")
    }

    pub fn own_kpis(self) -> &'static str {
        self.pick("Eigen kengetallen", "Its KPIs")
    }

    pub fn own_touchpoints(self) -> &'static str {
        self.pick("Eigen contactpunten", "Its touchpoints")
    }

    pub fn moved_through(self) -> &'static str {
        self.pick("Wat het via anderen beweegt", "What it moves through others")
    }

    pub fn for_whom(self) -> &'static str {
        self.pick("Voor wie", "For whom")
    }

    pub fn how_computed(self) -> &'static str {
        self.pick("Hoe het wordt berekend", "How it is computed")
    }

    pub fn kpi_page(self) -> &'static str {
        self.pick("Kengetal", "KPI")
    }

    pub fn goal_untold(self) -> &'static str {
        self.pick("Hoever dit doel is, is niet te zeggen.", "How far this goal is cannot be told.")
    }

    pub fn whole_journey(self) -> &'static str {
        self.pick("Van begin tot eind", "From beginning to end")
    }

    pub fn journey_page(self) -> &'static str {
        self.pick("Klantreis", "Journey")
    }

    pub fn teams_page(self) -> &'static str {
        self.pick("Wat van wie is, en wat ieder beweegt.", "What belongs to whom, and what each moves.")
    }

    pub fn overview(self) -> &'static str {
        self.pick("Overzicht", "Overview")
    }

    pub fn pages_heading(self) -> &'static str {
        self.pick("Pagina's", "Pages")
    }

    pub fn figures_as_tables(self) -> &'static str {
        self.pick("De cijfers als tabel", "The figures as tables")
    }

    pub fn goal_page(self, kind: GoalKind) -> &'static str {
        match kind {
            GoalKind::Business => self.pick("Bedrijfsdoel", "Business goal"),
            GoalKind::Customer => self.pick("Klantdoel", "Customer goal"),
        }
    }

    /// How far a goal is, between these ends where it is not known better.
    pub fn reached(self, value: &str, ends: Option<&str>) -> String {
        let ends = ends.map(|it| format!(" ({it})")).unwrap_or_default();
        format!("{} {value}{ends}.", self.pick("Gehaald:", "Reached:"))
    }

    /// What an enabler of a goal does on its other side.
    pub fn other_side(self, served: bool, others: &[String]) -> String {
        let does = if served { self.pick("tilt op", "lifts") } else { self.pick("dient", "serves") };
        format!("{does}: {}", others.join(", "))
    }
}
