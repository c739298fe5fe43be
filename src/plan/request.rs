//! What is asked for: which KPIs, cut how, at which grain.

use super::Against;
use crate::calendar::Grain;
use crate::model::{DimensionId, KpiId, RowExpr};

/// One table of figures: a KPI, or a part of one, by period and cut.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    pub kpi: KpiId,
    pub part: Option<RowExpr>,
    pub cut: Vec<DimensionId>,
    /// The grain of the periods; `All` where a source has no time.
    pub grain: Grain,
}

/// How the segments of a comparison are corrected for each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Correction {
    /// So that few of the signals are false.
    #[default]
    BenjaminiHochberg,
    /// So that hardly ever any is.
    Holm,
}

/// Everything that a command, or a report, needs.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub asks: Vec<Ask>,
    /// Tables that the project declares: those that share a base with an ask are read too, as what is hidden must not
    /// depend on what is asked (R22).
    pub guards: Vec<Ask>,
    /// What figures are held against, each with the place of its ask; one with several is computed for each.
    pub comparisons: Vec<(usize, Against)>,
    /// How the segments of a comparison are corrected for each other.
    pub correction: Correction,
    pub drivers: Vec<super::DriverAsk>,
    /// Whether standard errors are wanted of composed figures.
    pub variances: bool,
}

impl Request {
    /// A request for nothing yet.
    pub fn new() -> Request {
        Request {
            asks: Vec::new(),
            guards: Vec::new(),
            comparisons: Vec::new(),
            correction: Correction::default(),
            drivers: Vec::new(),
            variances: true,
        }
    }

    /// Adds a table, once; gives its place.
    pub fn add(&mut self, ask: Ask) -> usize {
        self.asks.iter().position(|it| *it == ask).unwrap_or_else(|| {
            self.asks.push(ask);
            self.asks.len() - 1
        })
    }

    /// Adds all that another request asks, each once.
    pub fn take(&mut self, other: Request) {
        let places: Vec<usize> = other.asks.into_iter().map(|it| self.add(it)).collect();
        other.comparisons.into_iter().for_each(|(at, against)| self.compare(places[at], against));
        for it in other.drivers {
            if !self.drivers.contains(&it) {
                self.drivers.push(it);
            }
        }
        self.variances |= other.variances;
    }

    /// Holds the figures of an ask against something; once.
    pub fn compare(&mut self, ask: usize, against: Against) {
        if !self.comparisons.iter().any(|it| it.0 == ask && it.1 == against) {
            self.comparisons.push((ask, against));
        }
    }
}
