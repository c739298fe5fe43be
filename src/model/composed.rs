//! Formulas of the field over figures: what each makes of its parts. The plan lowers them to arithmetic.
//!
//! SOURCE: S. Gupta et al., *Modeling customer lifetime value*, Journal of Service Research 9 (2006) 139-155, for value
//! discounted; AAPOR, *Standard Definitions: Final Dispositions of Case Codes and Outcome Rates for Surveys*, 10th ed.
//! 2023, for rates of response.

use crate::calendar::{Grain, Length};

/// A formula of the field whose parts are figures, each with a place of its own.
#[derive(Clone, Debug, PartialEq)]
pub enum Composed {
    /// `clv.discounted`: what a customer is still to bring, in money: m r / (1 + i − r) = Σ m (r/(1+i))^t over t = 1, 2, …,
    /// of the margin m in a period, the share r that stays over one, and the interest i over one. The sum ends for
    /// r < 1 + i alone; else there is no value. Its error is that of its parts, linearised.
    Discounted {
        rate: Rate,
        /// The period of margin and retention; settled by the checker where the retention tells it.
        per: Option<Length>,
    },
    /// `response_rate.rr3` and `rr4`: of three shares of one base, of who counts, of whom it is known that they are
    /// eligible and of whom it is not, and the share e of the latter that is taken to be: 100 c / (k + e u), in per cent.
    /// Holds its name.
    Responded(String),
}

/// A rate of interest: a percentage, and the period that it is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    pub percent: f64,
    pub per: Grain,
}

// It was written in digits, so it equals itself.
impl Eq for Rate {}

impl std::hash::Hash for Rate {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.percent.to_bits(), self.per).hash(state);
    }
}

/// The mean length of a year, in days.
const YEAR: f64 = 365.25;

impl Rate {
    /// What money is multiplied by over a length: 1.08 over a year at 8 % per year.
    pub fn over(self, length: Length) -> f64 {
        libm::pow(1.0 + self.percent / 100.0, years(length) / years(of_grain(self.per)))
    }

    /// What money is multiplied by over so many days.
    pub fn over_days(self, days: f64) -> f64 {
        libm::pow(1.0 + self.percent / 100.0, days / YEAR / years(of_grain(self.per)))
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} % per {}", crate::words::tidy_number(self.percent), self.per)
    }
}

/// A length in years; calendar months are twelfths, whatever their days.
fn years(length: Length) -> f64 {
    match (length.periods_of(Grain::Month), length.periods_of(Grain::Day)) {
        (Some(months), _) => f64::from(months) / 12.0,
        (None, days) => f64::from(days.unwrap_or(0)) / YEAR,
    }
}

/// The length of a period of a grain.
pub fn of_grain(grain: Grain) -> Length {
    match grain {
        Grain::Day => Length::Days(1),
        Grain::Week => Length::Weeks(1),
        Grain::Month => Length::Months(1),
        Grain::Quarter | Grain::FiscalQuarter => Length::Quarters(1),
        Grain::Year | Grain::FiscalYear | Grain::All => Length::Years(1),
    }
}

impl Composed {
    /// What it comes to, of the values of its parts; `None` where that is nothing.
    pub fn value(&self, parts: &[f64]) -> Option<f64> {
        match (self, parts) {
            (Composed::Discounted { rate, per }, [margin, retention]) => {
                let rest = rate.over((*per)?) - retention / 100.0;
                (rest > 0.0).then(|| margin * retention / 100.0 / rest)
            }
            (Composed::Responded(_), [counted, known, unknown, eligible]) => {
                let base = known + unknown * eligible / 100.0;
                (base > 0.0).then(|| 100.0 * counted / base)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_compounded_over_parts_of_its_period() {
        let rate = Rate { percent: 8.0, per: Grain::Year };
        assert!((rate.over(Length::Years(1)) - 1.08).abs() < 1e-15);
        let month = rate.over(Length::Months(1));
        assert!((libm::pow(month, 12.0) - 1.08).abs() < 1e-14);
        assert!((rate.over(Length::Quarters(2)) - 1.08f64.sqrt()).abs() < 1e-15);
        let monthly = Rate { percent: 1.0, per: Grain::Month };
        assert!((monthly.over(Length::Years(1)) - libm::pow(1.01, 12.0)).abs() < 1e-14);
        assert_eq!(rate.to_string(), "8 % per year");
    }

    #[test]
    fn a_margin_that_stays_is_an_annuity() {
        // 10 in each period, four of five stay, 10 % interest: Σ 10 · 0.8^t / 1.1^t.
        let rate = Rate { percent: 10.0, per: Grain::Year };
        let found = Composed::Discounted { rate, per: Some(Length::Years(1)) }.value(&[10.0, 80.0]);
        let sum: f64 = (1..400).map(|it| 10.0 * libm::pow(0.8 / 1.1, f64::from(it))).sum();
        assert!((found.unwrap_or(0.0) - sum).abs() < 1e-9);
    }
}
