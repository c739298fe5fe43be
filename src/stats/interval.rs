//! Answers: between which values does the true figure lie, with this confidence?
//!
//! In go counts, or an estimate with its standard error, and a confidence such as 0.95; out comes
//! an [`Interval`], in the unit said at each function.

use super::{distribution, quantile};

/// The two ends of an interval; `low` is not above `high`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// Returns the interval kept within a range, such as 0 to 100 for a share. A figure cannot lie
    /// outside what its unit allows, though an approximation of its uncertainty can.
    pub fn within(self, least: f64, most: f64) -> Interval {
        let keep = |end: f64| end.max(least).min(most);
        Interval { low: keep(self.low), high: keep(self.high) }
    }

    /// Returns the interval in another unit: each end times a factor above 0, as 100 for a fraction
    /// that is to be a percentage.
    pub fn times(self, factor: f64) -> Interval {
        Interval { low: self.low * factor, high: self.high * factor }
    }

    fn around(centre: f64, margin: f64) -> Option<Interval> {
        let (low, high) = (centre - margin, centre + margin);
        (low.is_finite() && high.is_finite()).then_some(Interval { low, high })
    }
}

/// Returns the adjusted Wald interval of a net of shares (NPS), in points of -100 to 100.
///
/// Three imagined answers are added, 3/4 promoter, 3/2 passive and 3/4 detractor, and the plain
/// interval of the result is taken. The paper and its author's program add the same three at every
/// confidence, and so does this. Where all answer alike and the confidence is low, the interval could
/// stop short of the net itself: it is carried on to that. Nothing for n < 2, as one answer says
/// nothing of others, or where the counts exceed n.
///
/// SOURCE: B. Rocks, *Interval estimation for the Net Promoter Score*, The American Statistician
/// 70 (2016) 365-372, the interval "(3, T)"; recommended by J. Lewis & J. Sauro, MeasuringU 2021.
pub fn adjusted_wald_net(promoters: u64, detractors: u64, n: u64, confidence: f64) -> Option<Interval> {
    if n < 2 {
        return None;
    }
    promoters.checked_add(detractors).filter(|it| *it <= n)?;
    let plain = (promoters as f64 - detractors as f64) / n as f64;
    adjusted_wald(promoters as f64, detractors as f64, n as f64, plain, confidence)
}

/// Returns the adjusted Wald interval of a net whose answers are all alike, `net` being 1, 0 or -1, in points of -100 to
/// 100. `n` is what the answers are worth, whole or not: Kish's size of weighted ones, [`clusters_size`] of clusters.
/// Nothing where they are worth nothing.
///
/// SOURCE: as [`adjusted_wald_net`], with the effective size of E. L. Korn & B. I. Graubard (1998) for its n.
///
/// [`clusters_size`]: super::effective::clusters_size
pub fn adjusted_wald_alike(net: f64, n: f64, confidence: f64) -> Option<Interval> {
    let (up, down) = (net.max(0.0) * n, (-net).max(0.0) * n);
    adjusted_wald(up, down, n, net, confidence)
}

fn adjusted_wald(up: f64, down: f64, n: f64, plain: f64, confidence: f64) -> Option<Interval> {
    let (net, variance) = adjusted_net(up, down, n)?;
    let found = wald(net, variance.sqrt(), confidence)?.times(100.0).within(-100.0, 100.0);
    Some(Interval { low: found.low.min(plain * 100.0), high: found.high.max(plain * 100.0) })
}

/// Returns the net of shares with the three imagined answers of [`adjusted_wald_net`], as a fraction of -1 to 1, and
/// its variance, which is above 0 also where all answer alike. Nothing for n <= 0, or where the counts exceed n.
pub fn adjusted_net(up: f64, down: f64, n: f64) -> Option<(f64, f64)> {
    if !(n > 0.0 && n.is_finite() && up + down <= n) {
        return None;
    }
    let n = n + 3.0;
    let up = (up + 0.75) / n;
    let down = (down + 0.75) / n;
    let net = up - down;
    // In another order of the terms, rounding could make the variance negative.
    let variance = (up - net * up) + (down + net * down);
    Some((net, variance.max(0.0) / n))
}

/// Returns the variance of a share of 0 or 1, as a fraction, of `n` answers or what they are worth: that of the share
/// with two imagined answers of each kind. It is for figures that such a share is a part of; by itself it has
/// [`wilson`]'s interval. Nothing for n <= 0.
///
/// SOURCE: A. Agresti & B. A. Coull, *Approximate is better than "exact" for interval estimation of binomial
/// proportions*, The American Statistician 52 (1998) 119-126.
pub fn adjusted_share_variance(n: f64) -> Option<f64> {
    let p = 2.0 / (n + 4.0);
    (n > 0.0 && n.is_finite()).then(|| p * (1.0 - p) / (n + 4.0))
}

/// Returns Wilson's score interval of a share, as a fraction of 0 to 1.
///
/// `p` is the share as a fraction, `n` the number of answers or, for weighted ones, their effective
/// number ([`share_size`](super::effective::share_size)), whole or not. Nothing for n <= 0 or p
/// outside 0 to 1.
///
/// SOURCE: E. B. Wilson, JASA 22 (1927) 209-212; for effective numbers Korn & Graubard 1998.
pub fn wilson(p: f64, n: f64, confidence: f64) -> Option<Interval> {
    let z = distribution::normal_critical(confidence)?;
    let defined = (0.0..=1.0).contains(&p) && n > 0.0 && n.is_finite();
    if !defined {
        return None;
    }
    let z2 = z * z;
    let whole = 1.0 + z2 / n;
    let centre = (p + z2 / (2.0 * n)) / whole;
    let margin = z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt() / whole;
    let mut interval = Interval::around(centre, margin)?.within(0.0, 1.0);
    // At the ends the formula gives exactly p, which rounding may miss by a bit.
    if p == 0.0 {
        interval.low = 0.0;
    }
    if p == 1.0 {
        interval.high = 1.0;
    }
    Some(interval)
}

/// Returns the interval of a mean with a standard error of its own, by Student's t: of n answers
/// with df = n - 1, of clusters with their number less one. In the unit of the mean.
///
/// Nothing for df <= 0, so none for a single answer, whose spread is not known.
///
/// SOURCE: Student, Biometrika 6 (1908) 1-25; for clusters W. G. Cochran, *Sampling techniques*,
/// 3rd ed., 1977, section 9A.
pub fn t_mean(mean: f64, se: f64, df: f64, confidence: f64) -> Option<Interval> {
    let t = distribution::t_critical(confidence, df)?;
    (se >= 0.0).then(|| Interval::around(mean, t * se))?
}

/// Returns the plain interval estimate ± z times its standard error, in the unit of the estimate:
/// for weighted figures, with the linearised standard error.
///
/// SOURCE: the large-sample interval of any estimate (A. Wald, Trans. AMS 54 (1943) 426-482).
pub fn wald(estimate: f64, se: f64, confidence: f64) -> Option<Interval> {
    let z = distribution::normal_critical(confidence)?;
    (se >= 0.0).then(|| Interval::around(estimate, z * se))?
}

/// Beyond so many answers the ranks come from the normal distribution, to which they are equal
/// within a few of the millions.
const MANY: u64 = 1_000_000_000;

/// Returns the interval of a percentile from the ranks of the answers themselves, whatever their
/// distribution, in the unit of the values.
///
/// `table` holds values in ascending order with their counts, `p` is the proportion of the
/// percentile, 0 < p < 1. The lower end is the highest rank l (from 1) with P(B < l) <= (1 - c)/2,
/// the upper the lowest u with P(B < u) >= (1 + c)/2, for B binomial (n, p). Nothing where there
/// are too few answers for such ranks: five answers have no 95 % interval of their median.
///
/// SOURCE: W. J. Conover, *Practical nonparametric statistics*, 3rd ed., 1999, section 3.2; G. J.
/// Hahn & W. Q. Meeker, *Statistical intervals*, 1991, section 5.2.
pub fn order_statistics(table: &[(f64, u64)], p: f64, confidence: f64) -> Option<Interval> {
    let z = distribution::normal_critical(confidence)?;
    let n = quantile::total(table)?;
    if n == 0 || !(p > 0.0 && p < 1.0) {
        return None;
    }
    let below = distribution::tail_beyond(confidence)?;
    let above = 1.0 - below;
    let spread = z * (n as f64 * p * (1.0 - p)).sqrt();
    let guess = |rank: f64| rank.clamp(0.0, n as f64) as u64;
    // P(B < rank), which is 0 for rank 0 and 1 beyond n.
    let fewer = |rank: u64| match rank {
        0 => Some(0.0),
        _ => distribution::binomial_cdf(rank - 1, n, p),
    };
    let mut low = guess(n as f64 * p - spread);
    let mut high = guess(n as f64 * p + spread + 1.0);
    if n <= MANY {
        while fewer(low)? > below {
            low -= 1;
        }
        while low < n && fewer(low + 1)? <= below {
            low += 1;
        }
        while high <= n && fewer(high)? < above {
            high += 1;
        }
        while high > 1 && fewer(high - 1)? >= above {
            high -= 1;
        }
    }
    if low == 0 || high > n || high < low {
        return None;
    }
    Some(Interval { low: quantile::value_at(table, low - 1)?, high: quantile::value_at(table, high - 1)? })
}

#[cfg(test)]
#[path = "interval_tests.rs"]
mod tests;
