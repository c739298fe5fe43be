//! Driver models: what they need of the data.

use super::cuttable_by;
use crate::calendar::{Grain, Period};
use crate::check::Checked;
use crate::eval::{Periods, reporting_grain};
use crate::model::{DimensionId, DriversId};
use crate::plan::DriverAsk;

/// Over what driver models are made.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// Without any they are cut as they declare.
    pub cuts: Vec<Vec<DimensionId>>,
    /// A model for each period of this grain; without it all that lies in the window is one model.
    pub grain: Option<Grain>,
    pub first: Option<Period>,
    pub last: Option<Period>,
}

/// What driver models need in a window, and the periods that it is.
///
/// # Errors
/// Why a model cannot be made so, in a sentence.
pub fn needs(checked: &Checked, models: &[DriversId], window: &Window) -> Result<(Vec<DriverAsk>, Periods), String> {
    let model = &checked.model;
    let calendar = &model.project.calendar;
    // The buckets of one window are as fine as the periods that it is named by.
    let finer = |a: Grain, b: Grain| match () {
        () if a == b || a.nests_in(b, calendar) => a,
        () if b.nests_in(a, calendar) => b,
        () => Grain::Day,
    };
    let bucket = window.grain.or(window.first.iter().chain(&window.last).map(|it| it.grain()).reduce(finer));
    let mut asks = Vec::new();
    for id in models {
        let declared = &model.drivers[id.index()];
        let (Some(outcome), Ok(answer)) = (&declared.outcome, declared.answer) else { continue };
        let own = bucket.map_or(Grain::All, |it| reporting_grain(checked, outcome.kpi, Some(it)));
        if let Some(wanted) = bucket.filter(|it| *it != own) {
            let why = if own == Grain::All { "its data have no time".to_owned() } else { format!("its data are by {own}") };
            return Err(format!("`{}` cannot be made by {wanted}: {why}", declared.name));
        }
        let declared_cuts = || std::iter::once(Vec::new()).chain(declared.cuts.iter().map(|it| vec![*it])).collect();
        let cuts = if window.cuts.is_empty() { declared_cuts() } else { window.cuts.clone() };
        for cut in cuts {
            let lacks = |it| (!checked.cuts(answer.source, it)).then_some(answer.source);
            cuttable_by(checked, &declared.name, &cut, lacks)?;
            asks.push(DriverAsk { drivers: *id, cut, grain: own, pooled: window.grain.is_none() });
        }
    }
    let periods = Periods { from: window.first.map(|it| it.start(calendar)), until: window.last.map(|it| it.end(calendar)) };
    Ok((asks, periods))
}
