//! What is said of the data: how recent they are, what they lack, who answered.

use super::Say;
use crate::calendar::{Grain, Length, Period};
use crate::words::Lang;

#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    pub fn up_to_date(self) -> &'static str {
        self.pick("Actueel", "Up to date")
    }

    pub fn no_data_of_period(self) -> &'static str {
        self.pick("Geen gegevens", "No data")
    }

    pub fn stops_early(self) -> &'static str {
        self.pick("Stopt eerder", "Stops early")
    }

    /// That the newest row is older than its source says it may be.
    pub fn older_than(self, age: Length) -> String {
        format!("{} {}", self.pick("Ouder dan", "Older than"), self.length(age))
    }

    /// That the newest row is as young as its source says it is to be.
    pub fn young_enough(self, age: Length) -> String {
        match self.0 {
            Lang::Nl => format!("norm: hooguit {} oud", self.length(age)),
            Lang::En => format!("norm: at most {} old", self.length(age)),
        }
    }

    /// A length of time in words: "3 dagen", "1 kwartaal".
    pub fn length(self, length: Length) -> String {
        let grain = match length {
            Length::Days(_) => Grain::Day,
            Length::Weeks(_) => Grain::Week,
            Length::Months(_) => Grain::Month,
            Length::Quarters(_) => Grain::Quarter,
            Length::Years(_) => Grain::Year,
        };
        let count = length.number();
        // So many years is "3 jaar" in Dutch, of a length.
        let one = self.0 == Lang::Nl && grain == Grain::Year;
        format!("{count} {}", self.grain(grain, if one { 1 } else { count as usize }))
    }

    /// That there are periods without a row: the one there is, or how many.
    pub fn gaps(self, gaps: &[String]) -> String {
        match (self.0, gaps) {
            (Lang::Nl, [one]) => format!("Gat: {one}"),
            (Lang::En, [one]) => format!("Gap: {one}"),
            (Lang::Nl, all) => format!("{} gaten", all.len()),
            (Lang::En, all) => format!("{} gaps", all.len()),
        }
    }

    /// Which periods have no row, the first few of many.
    pub fn first_gaps(self, gaps: &[String]) -> String {
        const TOLD: usize = 3;
        let mut told: Vec<String> = gaps.iter().take(TOLD).cloned().collect();
        let more = gaps.len().saturating_sub(TOLD);
        if more > 0 {
            told.push(match self.0 {
                Lang::Nl => format!("nog {more}"),
                Lang::En => format!("{more} more"),
            });
        }
        self.list(&told)
    }

    /// What a gap is; of what length the periods without a row are.
    pub fn gaps_note(self, grain: Grain) -> String {
        let period = self.grain(grain, 1);
        match self.0 {
            Lang::Nl => format!(
                "Gat: een {period} zonder één rij, tussen de eerste en de laatste; van een bron met een verborgen totaal worden ze niet genoemd."
            ),
            Lang::En => format!(
                "Gap: a {period} without a single row, between the first and the last; of a source with a hidden total they are not told."
            ),
        }
    }

    pub fn unknown(self) -> &'static str {
        self.pick("onbekend", "unknown")
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

    /// What the table tells and by which rules; whether some sources say how old their newest row may be.
    pub fn quality_note(self, period: Period, ages: bool) -> String {
        let name = self.0.period(period);
        let by_age = match ages {
            false => "",
            true => self.pick(
                "; zegt een bron zelf hoe oud de nieuwste rij mag zijn, dan geldt dat, op de laatste dag van de periode, of vandaag als die nog moet komen",
                "; where a source says how old its newest row may be, that counts, on the last day of the period or today, whichever comes first",
            ),
        };
        match self.0 {
            Lang::Nl => format!(
                "Actueel: de bron loopt door tot het einde van de periode ({name}), of mist daarvan hooguit een tiende{by_age}. Zonder antwoord: het grootste deel lege antwoorden onder de kengetallen die alleen deze bron lezen, in die periode; een vijfde of meer is veel."
            ),
            Lang::En => format!(
                "Up to date: the source runs to the end of the period ({name}), or lacks a tenth of it at most{by_age}. Left blank: the largest share of blank answers among the KPIs that read this source alone, in that period; a fifth or more is much."
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
