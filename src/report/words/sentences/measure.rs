//! What is said of what a KPI measures?

use super::{Say, capital};
use crate::calendar::Length;
use crate::model::Arithmetic;
use crate::model::CustomerMeasure;
use crate::model::Forecasted;
use crate::model::Function;
use crate::model::Kpi;
use crate::model::KpiKind;
use crate::model::Model;
use crate::value::Unit;

/// What is measured.
impl Say {
    /// Returns what is measured: "Gemiddelde, 1–7", "Aandeel, %", "NPS, −100 tot 100".
    pub fn measure(self, model: &Model, kpi: &Kpi) -> String {
        let unit = kpi.unit.as_ref();
        let scale = unit.and_then(|it| self.scale(it)).filter(|_| !matches!(unit, Some(Unit::Per { .. })));
        let word = match meant(model, kpi) {
            Some(KpiKind::Aggregate(of)) => match &of.function {
                Function::Mean { .. } => self.pick("Gemiddelde", "Mean").to_owned(),
                Function::Median(_) => self.pick("Mediaan", "Median").to_owned(),
                Function::Percentile(_, p) => format!("P{}", self.0.number_up_to(*p, 1)),
                Function::Share(_) => self.pick("Aandeel", "Share").to_owned(),
                Function::Net(..) if of.text.starts_with("nps") => "NPS".to_owned(),
                Function::Net(..) => self.pick("Aandeel goed min aandeel slecht", "Share good minus share bad").to_owned(),
                Function::Count | Function::CountOf(_) | Function::Distinct(_) => self.pick("Aantal", "Count").to_owned(),
                Function::Sum(_) => self.pick("Som", "Sum").to_owned(),
                Function::Min(_) => "Minimum".to_owned(),
                Function::Max(_) => "Maximum".to_owned(),
                Function::Stddev(_) => self.pick("Standaarddeviatie", "Standard deviation").to_owned(),
                Function::Customers(it) => self.customers(it.measure).to_owned(),
            },
            Some(KpiKind::Index { .. } | KpiKind::Rescale { .. }) => "Index".to_owned(),
            Some(KpiKind::Rolling { length, .. }) => self.rolling(*length),
            Some(KpiKind::Change { .. } | KpiKind::Binary { operator: Arithmetic::Subtract, .. }) => {
                self.pick("Verschil", "Difference").to_owned()
            }
            _ => String::new(),
        };
        let sign = match unit {
            Some(Unit::Percent | Unit::PercentOfStart) => Some("%".to_owned()),
            Some(Unit::Points) => Some(self.pick("punten", "points").to_owned()),
            Some(Unit::PercentagePoints) => Some(self.pick("procentpunt", "percentage points").to_owned()),
            Some(Unit::Money(code)) => Some(code.clone()),
            Some(Unit::Per { words, .. }) => Some(self.per(words)),
            _ => scale,
        };
        let parts: Vec<String> = [word].into_iter().filter(|it| !it.is_empty()).chain(sign).collect();
        capital(&parts.join(", "))
    }

    fn customers(self, measure: CustomerMeasure) -> &'static str {
        match measure {
            CustomerMeasure::Retained => self.pick("Aandeel gebleven klanten", "Share of customers that stayed"),
            CustomerMeasure::Lost => self.pick("Aandeel vertrokken klanten", "Share of customers that left"),
            CustomerMeasure::Moved => self.pick("Aandeel klanten dat overging", "Share of customers that moved"),
            CustomerMeasure::NetRevenue => self.pick("Behouden omzet, netto", "Revenue kept, net"),
            CustomerMeasure::GrossRevenue => self.pick("Behouden omzet, bruto", "Revenue kept, gross"),
            CustomerMeasure::GrossLoss => self.pick("Verloren omzet, bruto", "Revenue lost, gross"),
            CustomerMeasure::NetLoss => self.pick("Verloren omzet, netto", "Revenue lost, net"),
            CustomerMeasure::Repeated => self.pick("Aandeel klanten dat terugkwam", "Share of customers that came again"),
            CustomerMeasure::NotRepeated => self.pick("Aandeel zonder herhaling", "Share without a repeat"),
            CustomerMeasure::Converted => self.pick("Conversie", "Conversion"),
            CustomerMeasure::Forecast(it) => match it.of {
                Forecasted::Value => self.pick("Verwachte waarde per klant", "Expected value per customer"),
                Forecasted::Total => self.pick("Verwachte waarde van alle klanten", "Expected value of all customers"),
                Forecasted::Purchases => self.pick("Verwachte aankopen per klant", "Expected purchases per customer"),
                Forecasted::Alive => self.pick("Aandeel klanten dat er nog is, verwacht", "Share of customers still there, expected"),
                Forecasted::Margin => self.pick("Verwachte opbrengst per aankoop", "Expected amount per purchase"),
            },
            CustomerMeasure::Brought => self.pick("Gemiddelde per klant", "Mean per customer"),
        }
    }

    fn rolling(self, length: Length) -> String {
        format!("{} {}", self.pick("Voortschrijdend over", "Rolling over"), self.length(length))
    }

    /// Returns what is measured in a word or two, for a narrow place: "CES 1–7", "CES, %", "mediaan". A score says its
    /// scale, so that scores of one name and different scales are not taken for the same.
    pub fn short_measure(self, model: &Model, kpi: &Kpi) -> String {
        let word = self.short_name(model, kpi);
        match kpi.unit.as_ref() {
            Some(unit @ (Unit::Score { .. } | Unit::Index { .. })) => format!("{word} {}", self.scale(unit).unwrap_or_default()),
            Some(Unit::Percent) if word.chars().all(char::is_uppercase) => format!("{word}, %"),
            _ => word.to_owned(),
        }
    }

    /// Returns what a KPI is in a word: "NPS", "aandeel".
    pub fn short_name(self, model: &Model, kpi: &Kpi) -> &'static str {
        let Some(KpiKind::Aggregate(of)) = meant(model, kpi) else {
            return match kpi.unit {
                Some(Unit::Index { .. }) => "index",
                _ => self.pick("waarde", "value"),
            };
        };
        let named = [("nps", "NPS"), ("ces", "CES"), ("csat", "CSAT")].into_iter().find(|it| of.text.starts_with(it.0));
        if let Some((_, name)) = named {
            return name;
        }
        match of.function {
            Function::Mean { .. } => self.pick("gemiddelde", "mean"),
            Function::Median(_) => self.pick("mediaan", "median"),
            Function::Share(_) => self.pick("aandeel", "share"),
            Function::Customers(ref it) if it.measure.is_share() => self.pick("aandeel", "share"),
            Function::Count | Function::CountOf(_) | Function::Distinct(_) => self.pick("aantal", "count"),
            _ => self.pick("waarde", "value"),
        }
    }

    /// Returns what figures of different KPIs share: "aandeel in %".
    pub fn measure_of_unit(self, kpi: &Kpi) -> String {
        match kpi.unit.as_ref() {
            Some(Unit::Percent) => self.pick("aandeel, in %", "share, in %").to_owned(),
            Some(Unit::Points) => self.pick("netto score, in punten", "net score, in points").to_owned(),
            Some(unit @ Unit::Score { .. }) => {
                format!("{} {}", self.pick("gemiddelde op een schaal van", "mean on a scale of"), self.scale(unit).unwrap_or_default())
            }
            Some(unit @ Unit::Index { .. }) => format!("index {}", self.scale(unit).unwrap_or_default()),
            _ => self.pick("primair kengetal", "primary KPI").to_owned(),
        }
    }
}

/// Returns what a formula comes down to: a part of a KPI is measured as the KPI is.
fn meant<'m>(model: &'m Model, kpi: &'m Kpi) -> Option<&'m KpiKind> {
    let mut kind = &kpi.formula.as_ref()?.kind;
    // Formulas are nested no deeper than there are KPIs.
    for _ in 0..=model.kpis.len() {
        kind = match kind {
            KpiKind::Kpi { kpi, .. } => &model.kpis[kpi.index()].formula.as_ref()?.kind,
            KpiKind::Scaled { of, .. } | KpiKind::Hold { of, .. } => &of.kind,
            other => return Some(other),
        };
    }
    None
}
