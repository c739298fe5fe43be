//! Why is a figure not held against another one?

use super::Say;
use crate::check::MadeOtherwise;
use crate::eval::Refused;
use crate::model::{Model, SurveyKind};
use crate::words::Lang;

impl Say {
    /// Why a figure is not held against another one.
    pub fn not_compared(self, model: &Model, why: &Refused) -> String {
        let why = match why {
            Refused::Changed { of, on, reason } => {
                self.definition_changed_on(of.map(|it| model.kpis[it.index()].name.as_str()), *on, reason)
            }
            Refused::MadeOtherwise(found) => found.iter().map(|it| self.made_otherwise(it)).collect::<Vec<_>>().join("; "),
            Refused::Period { theirs, own } => self.differs(self.pick("periode", "period"), &theirs.to_string(), &own.to_string()),
        };
        format!("{}: {}.", self.pick("Niet te vergelijken", "Not comparable"), why.trim_end_matches('.'))
    }

    fn definition_changed_on(self, of: Option<&str>, on: crate::calendar::Date, reason: &str) -> String {
        let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        match (self.0, of) {
            (Lang::Nl, Some(of)) => format!("de definitie van {of} is gewijzigd op {on}{reason}"),
            (Lang::Nl, None) => format!("de definitie is gewijzigd op {on}{reason}"),
            (Lang::En, Some(of)) => format!("definition of {of} changed {on}{reason}"),
            (Lang::En, None) => format!("definition changed {on}{reason}"),
        }
    }

    fn made_otherwise(self, it: &MadeOtherwise) -> String {
        let kind = |it: SurveyKind| match it {
            SurveyKind::Relational => self.pick("relationeel", "relational"),
            SurveyKind::Transactional => self.pick("transactioneel", "transactional"),
            SurveyKind::InTheMoment => self.pick("op het moment zelf", "in the moment"),
        };
        let (theirs, own) = it.ends();
        match it {
            MadeOtherwise::Country { .. } => self.differs(self.pick("land", "country"), &theirs, &own),
            MadeOtherwise::Variant { .. } => self.differs(self.pick("formule", "variant"), &theirs, &own),
            MadeOtherwise::Scale { .. } => self.differs(self.pick("schaal", "scale"), &theirs, &own),
            MadeOtherwise::Survey { theirs, own } => self.differs(self.pick("enquête", "survey"), kind(*theirs), kind(*own)),
        }
    }

    fn differs(self, what: &str, theirs: &str, own: &str) -> String {
        format!("{what} {theirs}, {} {own}", self.pick("hier", "here"))
    }
}
