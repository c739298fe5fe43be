//! What the data say of a claim of cause and effect: its figures, whether it holds or not.

use super::Explainer;
use crate::insight::evidence::{Claimed, Little, Shown, Verdict};
use crate::source::Span;
use crate::words::tidy_number;

impl Explainer<'_> {
    /// What the data say of the claim that stands at a place.
    pub(super) fn tested(&self, at: Span) -> String {
        let Some((claim, verdict)) = self.claims.iter().find(|it| it.0.span == at) else {
            return "not tested: no two series to hold beside each other".to_owned();
        };
        let Some(verdict) = verdict else { return "not tested: no figures".to_owned() };
        let what = match claim.series() {
            Some((cause, effect)) => {
                let name = |it: &crate::plan::Ask| self.checked.model.kpi_text(it.kpi, it.part.as_ref());
                format!(" ({} and {})", name(cause), name(effect))
            }
            None => String::new(),
        };
        format!("{}{what}", self.verdict(claim, verdict))
    }

    fn verdict(&self, claim: &Claimed, verdict: &Verdict) -> String {
        let model = &self.checked.model;
        match verdict {
            Verdict::Shown(it) => format!("shown: {}", self.shown(it)),
            Verdict::NotShown(it) => format!("not shown: {}", self.shown(it)),
            Verdict::Contrary(it) => format!("the contrary is shown: {}", self.shown(it)),
            Verdict::Silent(id) => {
                let name = &model.drivers[id.index()].name;
                format!("not tested: drivers {name} do not hold what acts, or do not explain {}", claim.to)
            }
            Verdict::TooLittle(Little::Periods { shared, least, grain }) => {
                format!("too few periods: {shared} by {grain} that both have, of the {least} needed")
            }
            Verdict::TooLittle(Little::Rows { n, least }) => format!("too few answers: {n}, of the {least} needed"),
            Verdict::TooLittle(Little::Coarse(grain)) => format!("not tested: its lag is no whole number of periods by {grain}"),
            Verdict::TooLittle(Little::Flat) => "not tested: a series does not vary".to_owned(),
        }
    }

    fn shown(&self, of: &Shown) -> String {
        let model = &self.checked.model;
        let p = |it: f64| if it < 0.001 { "below 0.001".to_owned() } else { format!("{it:.3}") };
        match of {
            Shown::Series { r, lag, grain, periods, n_effective, p: of, tried } => {
                let corrected = if *tried > 1 { format!(", corrected for {tried} lags") } else { String::new() };
                let worth = tidy_number((n_effective * 10.0).round() / 10.0);
                format!("r {r:.2} at lag {lag} by {grain}, {periods} periods worth {worth}, p {}{corrected}", p(*of))
            }
            Shown::Model { drivers, column, share, coefficient, low, high, n, p: of, among } => {
                let drivers = &model.drivers[drivers.index()];
                let item = drivers.answer.map(|it| model.sources[it.source.index()].columns[*column].name.as_str());
                let item = item.unwrap_or_default();
                let strongest =
                    if *among > 1 { format!(", the strongest of {among} items, which p is corrected for") } else { String::new() };
                let name = &drivers.name;
                format!(
                    "{item} in drivers {name}: coefficient {coefficient:.2} [{low:.2}, {high:.2}], {share:.0} % of R², n {n}, p {}{strongest}",
                    p(*of)
                )
            }
        }
    }
}
