//! What is said of the data: how recent they are, what they lack, who answered.

use super::Say;
use crate::calendar::Period;
use crate::words::Lang;

#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    pub fn freshness(self, complete: bool, nothing: bool) -> &'static str {
        match (complete, nothing) {
            (true, _) => self.pick("Actueel", "Up to date"),
            (_, true) => self.pick("Geen gegevens", "No data"),
            _ => self.pick("Stopt eerder", "Stops early"),
        }
    }

    pub fn much_blank(self) -> &'static str {
        self.pick("Veel zonder antwoord", "Much blank")
    }

    /// That the response is unknown: of these surveys, or of all where none is named.
    pub fn response_unknown(self, surveys: &[String]) -> String {
        match (self.0, surveys) {
            (_, []) => self
                .pick(
                    "Welk deel van de klanten antwoordde, is onbekend: geen kengetal van dit rapport telt wie is uitgenodigd.",
                    "Which share of the customers answered is unknown: no KPI of this report counts who was invited.",
                )
                .to_owned(),
            (Lang::Nl, surveys) => format!("Welk deel antwoordde, is onbekend bij {}.", self.list(surveys)),
            (Lang::En, surveys) => format!("Which share answered is unknown for {}.", self.list(surveys)),
        }
    }

    /// A share of those invited, with its base.
    pub fn of_invited(self, share: &str, base: u64) -> String {
        format!("{share} {} {}", self.pick("van", "of"), self.0.count(base))
    }

    pub fn response_note(self) -> &'static str {
        self.pick(
            "Respons: welk deel van wie is uitgenodigd in die periode antwoordde, en van hoeveel.",
            "Response: which share of those invited answered in that period, and of how many.",
        )
    }

    pub fn quality_note(self, period: Period) -> String {
        let name = self.0.period(period);
        match self.0 {
            Lang::Nl => format!(
                "Actueel: de bron loopt door tot het einde van de periode ({name}), of mist daarvan hooguit een tiende. Zonder antwoord: het grootste deel lege antwoorden onder de kengetallen die alleen deze bron lezen, in die periode; een vijfde of meer is veel."
            ),
            Lang::En => format!(
                "Up to date: the source runs to the end of the period ({name}), or lacks a tenth of it at most. Left blank: the largest share of blank answers among the KPIs that read this source alone, in that period; a fifth or more is much."
            ),
        }
    }

    pub fn rows_untold(self) -> &'static str {
        self.pick(
            "Waar het aantal rijen ontbreekt, zou er een verborgen cijfer uit volgen.",
            "Where the number of rows is missing, a hidden figure would follow from it.",
        )
    }
}
