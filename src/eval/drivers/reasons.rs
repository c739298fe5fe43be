//! Stated reasons: who names them, among all and by what the outcome counts them as.

use super::{DriverFigure, DriverNote, Estimate, Rows};
use crate::eval::window;
use crate::plan::{Bucket, Unit};
use crate::state::{Moments, State};
use crate::stats::{kish, share_size, t_critical, wilson};
use std::sync::Arc;

/// The reasons that a part of the respondents names.
#[derive(Clone, Debug)]
pub struct BucketFigure {
    pub bucket: Bucket,
    /// Those who have the outcome and name a reason.
    pub n: u64,
    pub protected_base: Option<u64>,
    /// By how often they are named, then by name.
    pub reasons: Vec<ReasonFigure>,
}

/// A reason.
#[derive(Clone, Debug)]
pub struct ReasonFigure {
    pub reason: Arc<str>,
    /// How many name it.
    pub named: u64,
    /// In percent of those of the part who name a reason.
    pub share: Estimate,
    /// The outcome's answer of those who name it, less that of those who name others; of all respondents only.
    pub difference: Estimate,
}

impl Rows<'_> {
    /// Stated reasons over the groups.
    pub(super) fn stated(&self) -> DriverFigure {
        let mut figure = self.empty();
        let source = &self.checked.model.sources[self.planned.source.index()];
        figure.answered = window::cell(self.groups, self.position(self.planned.outcome), 0).map_or(0, |it| it.n());
        for (bucket, leaf) in &self.planned.reasons {
            let limit = self.plan.reads[self.planned.read].leaves[*leaf].persons.map_or(0, |it| it.1);
            let Some(cell) = window::cell(self.groups, self.position(*leaf), limit) else { continue };
            let State::Named { all, table } = &cell.state else { continue };
            let base = if limit > 0 { cell.persons.count().min(all.n) } else { all.n };
            let protected_base = (!source.no_persons).then_some(base);
            let mut reasons: Vec<ReasonFigure> =
                table.iter().map(|(reason, moments)| self.reason(reason, moments, all, *bucket == Bucket::All)).collect();
            reasons.sort_by(|a, b| b.share.value.unwrap_or(0.0).total_cmp(&a.share.value.unwrap_or(0.0)).then(a.reason.cmp(&b.reason)));
            if *bucket == Bucket::All {
                figure.n = all.n;
                figure.protected_base = protected_base;
                figure.n_effective = all.weighted.as_ref().and_then(|_| kish(all.total_weight(), all.total_weight2()));
            }
            figure.reasons.push(BucketFigure { bucket: *bucket, n: all.n, protected_base, reasons });
        }
        if figure.n == 0 {
            figure.notes.push(DriverNote::Empty);
        } else if figure.n < 50 {
            figure.notes.push(DriverNote::FewRows);
        }
        if self.clustered() {
            // Rows of one cluster belong together, and what is kept of reasons does not tell them apart.
            figure.notes.push(DriverNote::IntervalUnknown);
        }
        figure
    }

    fn clustered(&self) -> bool {
        matches!(self.planned.unit, Unit::Cluster(_))
    }

    fn reason(&self, reason: &Arc<str>, named: &Moments, all: &Moments, difference: bool) -> ReasonFigure {
        let (w, whole) = (named.total_weight(), all.total_weight());
        let p = if whole > 0.0 { w / whole } else { f64::NAN };
        let n = all.n as f64;
        let mut share = Estimate { value: Some(100.0 * p).filter(|it| it.is_finite()), ..Estimate::default() };
        let certain = self.planned.complete || self.clustered() || !p.is_finite();
        if !certain {
            // Σw²(z − p)² with z = 1 for those who name it.
            let squares = named.total_weight2() * (1.0 - 2.0 * p) + p * p * all.total_weight2();
            let weighted = all.weighted.is_some();
            let variance = (if weighted { n / (n - 1.0) } else { 1.0 }) * squares.max(0.0) / (whole * whole);
            share.se = Some(100.0 * variance.sqrt()).filter(|it| it.is_finite());
            let size = if weighted { kish(whole, all.total_weight2()).and_then(|it| share_size(p, variance, it)) } else { Some(n) };
            let interval = size.and_then(|it| wilson(p, it, self.confidence()));
            share.low = interval.map(|it| 100.0 * it.low);
            share.high = interval.map(|it| 100.0 * it.high);
        }
        let difference = if difference { self.difference(named, all, certain) } else { Estimate::default() };
        ReasonFigure { reason: reason.clone(), named: named.n, share, difference }
    }

    /// The mean answer of those who name a reason, less that of the others: Welch's interval, linearised where rows weigh.
    fn difference(&self, named: &Moments, all: &Moments, certain: bool) -> Estimate {
        let part = |n: u64, w: f64, w2: f64, s: f64, second: (f64, f64)| {
            let mean = s / w;
            let squares = (second.1 - 2.0 * mean * second.0 + mean * mean * w2).max(0.0);
            let n = n as f64;
            (mean, (n > 1.0).then(|| n / (n - 1.0) * squares / (w * w)), n)
        };
        let (a2, b2) = (named.second(), all.second());
        if named.n == 0 || named.n == all.n {
            return Estimate::default();
        }
        let (mean, variance, n) = part(named.n, named.total_weight(), named.total_weight2(), named.total(), a2);
        let rest = part(
            all.n - named.n,
            all.total_weight() - named.total_weight(),
            all.total_weight2() - named.total_weight2(),
            all.total() - named.total(),
            (b2.0 - a2.0, b2.1 - a2.1),
        );
        let value = mean - rest.0;
        let mut estimate = Estimate { value: Some(value).filter(|it| it.is_finite()), ..Estimate::default() };
        if let (Some(a), Some(b), false) = (variance, rest.1, certain)
            && a + b > 0.0
        {
            let se = (a + b).sqrt();
            let df = (a + b) * (a + b) / (a * a / (n - 1.0) + b * b / (rest.2 - 1.0));
            estimate.se = Some(se).filter(|it| it.is_finite());
            if let Some(critical) = t_critical(self.confidence(), df) {
                estimate.low = Some(value - critical * se);
                estimate.high = Some(value + critical * se);
            }
        }
        estimate
    }
}
