//! Answers: do two figures differ, by how much, and may that be chance?
//!
//! In go two estimates, counts, or moments of one kind; out comes a [`Difference`]: the first less the second, which
//! for a movement is now less before.

use super::interval::{Interval, wilson};
use super::{distribution, interval};

/// A difference of two figures, with its standard error, its interval, and the two-sided p of its test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The first less the second.
    pub change: f64,
    /// Its standard error.
    pub se: f64,
    /// Its interval.
    pub interval: Interval,
    /// How likely a difference of this size or more is where there is none.
    pub p: f64,
}

/// The counts behind a net of shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Net {
    /// Promoters.
    pub good: u64,
    /// Detractors.
    pub bad: u64,
    /// Answers, those between included.
    pub n: u64,
}

impl Net {
    /// The net as a fraction of -1 to 1, with the variance of that estimate.
    fn estimate(self) -> Option<(f64, f64)> {
        if self.n == 0 || self.good.checked_add(self.bad)? > self.n {
            return None;
        }
        let n = self.n as f64;
        let (up, down) = (self.good as f64 / n, self.bad as f64 / n);
        let net = up - down;
        Some((net, ((up - net * up) + (down + net * down)).max(0.0) / n))
    }
}

/// One part of the variance of a difference: what one sample adds, with the degrees of freedom that it is known with;
/// none where they are many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variance {
    /// The variance, in the square of the unit.
    pub of: f64,
    /// Degrees of freedom: answers less one, clusters less one.
    pub df: Option<f64>,
}

/// Returns the difference of two nets of unweighted answers of different people, in points of -200 to 200: the change
/// ± z times the root of the sum of both variances. Nothing where neither has any spread.
///
/// SOURCE: the large-sample test of two independent estimates; the variance of a net as in B. Rocks, The American
/// Statistician 70 (2016) 365-372.
pub fn nets(a: Net, b: Net, confidence: f64) -> Option<Difference> {
    let ((net_a, variance_a), (net_b, variance_b)) = (a.estimate()?, b.estimate()?);
    let points = |of: f64| Variance { of: of * 1e4, df: None };
    let mut found = independent((net_a - net_b) * 100.0, &[points(variance_a), points(variance_b)], confidence)?;
    found.interval = found.interval.within(-200.0, 200.0);
    Some(found)
}

/// Returns the difference of two shares of different people, as a fraction of -1 to 1: Newcombe's interval, and the p of
/// the score test, whose variance is that of the pooled share. `p_a`, `p_b` are fractions, `n_a`, `n_b` the numbers of
/// answers, or of weighted ones their effective numbers.
///
/// SOURCE: R. G. Newcombe, *Interval estimation for the difference between independent proportions*, Statistics in
/// Medicine 17 (1998) 873-890, method 10; the test is K. Pearson's chi-squared of a table of two by two.
pub fn shares(p_a: f64, n_a: f64, p_b: f64, n_b: f64, confidence: f64) -> Option<Difference> {
    let ends = newcombe((p_a, wilson(p_a, n_a, confidence)?), (p_b, wilson(p_b, n_b, confidence)?))?;
    let change = p_a - p_b;
    let pooled = (p_a * n_a + p_b * n_b) / (n_a + n_b);
    let under_null = (pooled * (1.0 - pooled)).max(0.0) * (1.0 / n_a + 1.0 / n_b);
    // Both shares are 0, or both are 1: nothing differs.
    let p = if under_null > 0.0 { distribution::normal_two_sided(change / under_null.sqrt())? } else { 1.0 };
    let se = (p_a * (1.0 - p_a) / n_a + p_b * (1.0 - p_b) / n_b).max(0.0).sqrt();
    Some(Difference { change, se, interval: ends.within(-1.0, 1.0), p })
}

/// Returns the interval of a difference of two independent estimates from the interval of each: the squares of the ways
/// to their ends add up. For Wilson's intervals it is Newcombe's.
///
/// SOURCE: G. Y. Zou & A. Donner, *Construction of confidence limits about effect measures: a general approach*,
/// Statistics in Medicine 27 (2008) 1693-1702.
pub fn newcombe(a: (f64, Interval), b: (f64, Interval)) -> Option<Interval> {
    let way = |x: f64, y: f64| (x * x + y * y).sqrt();
    let change = a.0 - b.0;
    let low = change - way(a.0 - a.1.low, b.1.high - b.0);
    let high = change + way(a.1.high - a.0, b.0 - b.1.low);
    (low.is_finite() && high.is_finite()).then_some(Interval { low, high })
}

/// Returns the difference of two means of different people by Welch's t, in the unit of the means; each is a mean with
/// its standard deviation (divisor n - 1) and number of answers, two at least.
///
/// SOURCE: B. L. Welch, Biometrika 34 (1947) 28-35; the degrees of freedom are F. E. Satterthwaite's, Biometrics
/// Bulletin 2 (1946) 110-114.
pub fn welch(a: (f64, f64, u64), b: (f64, f64, u64), confidence: f64) -> Option<Difference> {
    let part = |(_, sd, n): (f64, f64, u64)| (n > 1).then(|| Variance { of: sd * sd / n as f64, df: Some(n as f64 - 1.0) });
    independent(a.0 - b.0, &[part(a)?, part(b)?], confidence)
}

/// Returns the mean difference within pairs, such as two answers of one person, by Student's t; `sd` is the standard
/// deviation of the differences (divisor n - 1) over n pairs.
///
/// SOURCE: Student, Biometrika 6 (1908) 1-25.
pub fn paired(mean: f64, sd: f64, n: u64, confidence: f64) -> Option<Difference> {
    (n > 1).then(|| independent(mean, &[Variance { of: sd * sd / n as f64, df: Some(n as f64 - 1.0) }], confidence))?
}

/// Returns a difference whose variance is the sum of these parts: linearised variances of weighted answers, variances
/// between clusters, squared standard errors of whatever was estimated apart. By Student's t with Satterthwaite's degrees
/// of freedom where parts have some, else by the normal distribution.
///
/// A covariance, where the same people are in both, belongs in the parts. Nothing where there is no spread at all: then
/// nothing says what chance would do.
///
/// SOURCE: F. E. Satterthwaite, Biometrics Bulletin 2 (1946) 110-114; for linearised variances R. S. Woodruff, JASA 66
/// (1971) 411-414.
pub fn independent(change: f64, parts: &[Variance], confidence: f64) -> Option<Difference> {
    let variance: f64 = parts.iter().map(|it| it.of).sum();
    if !(variance > 0.0 && variance.is_finite() && change.is_finite()) || parts.iter().any(|it| it.of.is_nan() || it.of < 0.0) {
        return None;
    }
    let se = variance.sqrt();
    let known: f64 = parts.iter().filter_map(|it| Some((it.of / variance) * (it.of / variance) / it.df?)).sum();
    if known > 0.0 {
        let df = 1.0 / known;
        let interval = interval::t_mean(change, se, df, confidence)?;
        return Some(Difference { change, se, interval, p: distribution::t_two_sided(change / se, df)? });
    }
    let interval = interval::wald(change, se, confidence)?;
    Some(Difference { change, se, interval, p: distribution::normal_two_sided(change / se)? })
}

/// Returns the p of a share against a fixed one, both fractions: the score test, which agrees with Wilson's interval. `n`
/// is the number of answers, or their effective number. Nothing against 0 or 1, which one answer settles.
///
/// SOURCE: E. B. Wilson, JASA 22 (1927) 209-212.
pub fn share_against(p: f64, n: f64, fixed: f64) -> Option<f64> {
    let under_null = fixed * (1.0 - fixed) / n;
    let defined = (0.0..=1.0).contains(&p) && under_null > 0.0 && under_null.is_finite();
    defined.then(|| distribution::normal_two_sided((p - fixed) / under_null.sqrt()))?
}

/// Returns the smallest change that a comparison with this standard error finds with this probability (`power`, 0.8 by
/// habit): the sum of both quantiles of the normal distribution times the standard error of the change.
///
/// SOURCE: J. Cohen, *Statistical power analysis for the behavioral sciences*, 2nd ed., 1988, section 2.2; H. Bloom,
/// *Minimum detectable effects*, Evaluation Review 19 (1995) 547-556.
pub fn smallest_detectable(se: f64, confidence: f64, power: f64) -> Option<f64> {
    let critical = distribution::normal_critical(confidence)? + distribution::normal_quantile(power)?;
    let change = critical * se;
    (se >= 0.0 && change >= 0.0 && change.is_finite()).then_some(change)
}

#[cfg(test)]
#[path = "difference_tests.rs"]
mod tests;
