//! What a reason contributes to a score: the score of those who name it, of the others, and what the whole owes to both.
//!
//! With s the score of a row, I whether it names the reason, m the mean of all, p the share that names it:
//! contribution = p (m_named − m) = Σ w I (s − m) / Σ w; impact = m − m_others = p (m_named − m_others).
//! Contributions add up to nothing where every row gives one reason. Errors are linearised over rows.

use super::Estimate;
use crate::plan::Estimator;
use crate::state::Moments;
use crate::stats::{adjusted_wald_alike, adjusted_wald_net, kish, share_size, t_mean, wald, wilson};

/// Sums over some rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sums {
    pub n: f64,
    pub w: f64,
    pub w2: f64,
    pub s: f64,
    /// Σw²s and Σw²s².
    pub second: (f64, f64),
    /// Σs and Σs² of unweighted rows.
    plain: (f64, f64),
    weighted: bool,
}

impl Sums {
    pub fn of(moments: &Moments) -> Sums {
        Sums {
            n: moments.n as f64,
            w: moments.total_weight(),
            w2: moments.total_weight2(),
            s: moments.total(),
            second: moments.second(),
            plain: (moments.s.to_f64(), moments.s2.to_f64()),
            weighted: moments.weighted.is_some(),
        }
    }

    /// The rows that are not among those of `part`.
    pub fn less(&self, part: &Sums) -> Sums {
        Sums {
            n: self.n - part.n,
            w: self.w - part.w,
            w2: self.w2 - part.w2,
            s: self.s - part.s,
            second: (self.second.0 - part.second.0, self.second.1 - part.second.1),
            plain: (self.plain.0 - part.plain.0, self.plain.1 - part.plain.1),
            weighted: self.weighted,
        }
    }

    fn mean(&self) -> f64 {
        self.s / self.w
    }

    /// Σ w² (a s + b)².
    fn squares(&self, a: f64, b: f64) -> f64 {
        a * a * self.second.1 + 2.0 * a * b * self.second.0 + b * b * self.w2
    }

    fn is_empty(&self) -> bool {
        self.n < 0.5 || self.w <= 0.0
    }
}

/// How scores become a figure, and how sure it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    pub estimator: Estimator,
    pub confidence: f64,
    /// Whether nothing is uncertain, or what is kept does not tell how much.
    pub without_error: bool,
}

impl Scale {
    fn factor(self) -> f64 {
        if let Estimator::Mean { factor, .. } = self.estimator { factor } else { 100.0 }
    }

    /// The score of some rows.
    pub fn score(self, rows: &Sums) -> Estimate {
        if rows.is_empty() {
            return Estimate::default();
        }
        let offset = if let Estimator::Mean { offset, .. } = self.estimator { offset } else { 0.0 };
        let (mean, factor, n) = (rows.mean(), self.factor(), rows.n);
        let value = mean * factor + offset;
        let mut estimate = Estimate { value: finite(value), ..Estimate::default() };
        if self.without_error {
            return estimate;
        }
        let is_mean = matches!(self.estimator, Estimator::Mean { .. });
        let correction = if rows.weighted || is_mean { n / (n - 1.0) } else { 1.0 };
        let variance = correction * rows.squares(1.0, -mean).max(0.0) / (rows.w * rows.w);
        let se = variance.sqrt() * factor.abs();
        let alike = variance <= 1e-14 * (rows.squares(1.0, 0.0) / (rows.w * rows.w));
        if alike && is_mean {
            // A mean of answers that are all alike does not tell how far chance may move it.
            return estimate;
        }
        estimate.se = finite(se);
        let interval = match self.estimator {
            Estimator::Net if rows.weighted && alike => {
                kish(rows.w, rows.w2).and_then(|it| adjusted_wald_alike(mean.round(), it, self.confidence))
            }
            Estimator::Net if !rows.weighted => {
                let (net, either) = rows.plain;
                adjusted_wald_net(((either + net) / 2.0).round() as u64, ((either - net) / 2.0).round() as u64, n as u64, self.confidence)
            }
            Estimator::Share => {
                let size = if rows.weighted { kish(rows.w, rows.w2).and_then(|it| share_size(mean, variance, it)) } else { Some(n) };
                size.and_then(|it| wilson(mean, it, self.confidence)).map(|it| it.times(100.0))
            }
            Estimator::Mean { .. } if !rows.weighted => t_mean(value, se, n - 1.0, self.confidence),
            _ => wald(value, se, self.confidence),
        };
        estimate.low = interval.and_then(|it| finite(it.low));
        estimate.high = interval.and_then(|it| finite(it.high));
        estimate
    }

    /// Share times what those who name a reason differ from all: its part of the score.
    pub fn contribution(self, all: &Sums, named: &Sums) -> Estimate {
        if all.is_empty() || named.is_empty() {
            return Estimate::default();
        }
        let (m, p) = (all.mean(), named.w / all.w);
        let c = (named.s - m * named.w) / all.w;
        let others = all.less(named);
        let squares = named.squares(1.0 - p, -(1.0 - p) * m - c) + others.squares(p, c - p * m);
        self.linear(c, squares / (all.w * all.w), all.n)
    }

    /// The score less what it would be of the others alone.
    pub fn impact(self, all: &Sums, named: &Sums) -> Estimate {
        let others = all.less(named);
        if named.is_empty() || others.is_empty() {
            return Estimate::default();
        }
        let (m, rest) = (all.mean(), others.mean());
        let a = 1.0 / all.w - 1.0 / others.w;
        let squares = named.squares(1.0 / all.w, -m / all.w) + others.squares(a, rest / others.w - m / all.w);
        self.linear(m - rest, squares, all.n)
    }

    fn linear(self, value: f64, squares: f64, n: f64) -> Estimate {
        let value = value * self.factor();
        let mut estimate = Estimate { value: finite(value), ..Estimate::default() };
        if self.without_error || n < 2.0 {
            return estimate;
        }
        let se = (n / (n - 1.0) * squares.max(0.0)).sqrt() * self.factor().abs();
        estimate.se = finite(se);
        let interval = wald(value, se, self.confidence);
        estimate.low = interval.and_then(|it| finite(it.low));
        estimate.high = interval.and_then(|it| finite(it.high));
        estimate
    }

    /// The share that some rows are of others, in percent: by Wilson, of the effective size where rows weigh.
    pub fn share(self, whole: &Sums, part: &Sums) -> Estimate {
        if whole.is_empty() {
            return Estimate::default();
        }
        let p = part.w / whole.w;
        let mut share = Estimate { value: finite(100.0 * p), ..Estimate::default() };
        if self.without_error {
            return share;
        }
        // Σw²(z − p)² with z = 1 for those who are in the part.
        let squares = part.w2 * (1.0 - 2.0 * p) + p * p * whole.w2;
        let n = whole.n;
        let variance = (if whole.weighted { n / (n - 1.0) } else { 1.0 }) * squares.max(0.0) / (whole.w * whole.w);
        share.se = finite(100.0 * variance.sqrt());
        let size = if whole.weighted { kish(whole.w, whole.w2).and_then(|it| share_size(p, variance, it)) } else { Some(n) };
        let interval = size.and_then(|it| wilson(p, it, self.confidence));
        share.low = interval.map(|it| 100.0 * it.low);
        share.high = interval.map(|it| 100.0 * it.high);
        share
    }
}

fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|it| it.is_finite())
}
