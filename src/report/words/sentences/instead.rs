//! How is it said that a figure holds an earlier one, or that an index does without some of its parts?

use super::Say;
use crate::calendar::Period;
use crate::words::Lang;

impl Say {
    /// What is held, and the period that it is of.
    pub fn held_from(self, title: &str, from: Period) -> String {
        let period = self.0.period_short(from);
        match self.0 {
            Lang::Nl => format!("{title}: uit {period}"),
            Lang::En => format!("{title}: from {period}"),
        }
    }

    /// The parts that an index is without.
    pub fn without_parts(self, titles: &[String]) -> String {
        match self.0 {
            Lang::Nl => format!("zonder {}", self.list(titles)),
            Lang::En => format!("without {}", self.list(titles)),
        }
    }

    pub(super) fn parts_differ(self, parts: &[String]) -> String {
        let parts = self.list(&parts.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>());
        match self.0 {
            Lang::Nl => {
                format!("Niet naar onderdelen: {parts} telt maar in één van de twee perioden mee, en de andere wegen daardoor anders.")
            }
            Lang::En => format!("Not by its parts: {parts} counts in one of the two periods alone, so that the others weigh differently."),
        }
    }

    pub(super) fn held_apart(self, cut: &str) -> String {
        match self.0 {
            Lang::Nl => format!("Niet naar {cut}: segmenten houden hun cijfer uit een andere periode vast dan het geheel."),
            Lang::En => format!("Not by {cut}: segments hold figures of other periods than the whole does."),
        }
    }
}
