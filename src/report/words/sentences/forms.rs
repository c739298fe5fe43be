//! What is said in the other forms of a report, beside what the page says?

use super::Say;
use crate::words::Lang;

/// Workbooks.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    pub fn about_sheet(self) -> &'static str {
        self.pick("Over", "About")
    }

    pub fn definitions_page(self) -> &'static str {
        self.pick("Definities", "Definitions")
    }

    /// Names the sheet of a kind of table, where it has a name of its own.
    pub fn sheet(self, kind: &str) -> Option<&'static str> {
        Some(match kind {
            "figures" => self.pick("Cijfers", "Figures"),
            "goals" => self.pick("Doelen", "Goals"),
            "findings" => self.pick("Bevindingen", "Findings"),
            "answers" => self.pick("Antwoorden", "Answers"),
            "drivers" => self.pick("Drijfveren", "Drivers"),
            "reasons" => self.pick("Redenen", "Reasons"),
            "lifecycle" => self.pick("Levensloop", "Lifecycle"),
            "index" => "Index",
            "why" => self.pick("Waarom", "Why"),
            "benchmarks" => self.pick("Vergelijking", "Comparison"),
            "money" => self.pick("Waarde", "Worth"),
            "incentives" => self.pick("Bonus", "Incentives"),
            "actions" => self.pick("Acties", "Actions"),
            "team" => "Team",
            _ => return None,
        })
    }

    pub fn columns_heading(self) -> &'static str {
        self.pick("Wat de kolommen betekenen", "What the columns hold")
    }

    pub fn note_heading(self) -> &'static str {
        self.pick("Let op", "Note")
    }
}

/// Mails.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    /// Says how many KPIs a mail leaves out.
    pub fn more_in_report(self, count: usize) -> String {
        match (self.0, count) {
            (Lang::Nl, 1) => "Nog één kengetal staat in het volledige rapport.".to_owned(),
            (Lang::En, 1) => "One more KPI stands in the whole report.".to_owned(),
            (Lang::Nl, _) => format!("{} andere kengetallen staan in het volledige rapport.", self.number_first(count)),
            (Lang::En, _) => format!("{} more KPIs stand in the whole report.", self.number_first(count)),
        }
    }

    pub fn whole_report(self) -> &'static str {
        self.pick("In het volledige rapport staat meer.", "The whole report has more.")
    }
}
