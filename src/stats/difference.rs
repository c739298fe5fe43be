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
    /// The smallest difference that such a test finds in so many cases of ten as [`POWER`] says; none of a test that is
    /// exact, whose p does not come from an error.
    pub detectable: Option<f64>,
}

impl Difference {
    /// The same in another unit, a factor of either sign apart.
    pub fn times(self, factor: f64) -> Difference {
        let ends = (self.interval.low * factor, self.interval.high * factor);
        Difference {
            change: self.change * factor,
            se: self.se * factor.abs(),
            interval: Interval { low: ends.0.min(ends.1), high: ends.0.max(ends.1) },
            p: self.p,
            detectable: self.detectable.map(|it| it * factor.abs()),
        }
    }
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

    /// What it adds to the variance of a difference, in the square of points. Where all answer alike there is no spread
    /// to go by: then the variance is that of the adjusted Wald interval, known with n - 1 degrees of freedom.
    fn variance(self) -> Option<Variance> {
        let (_, plain) = self.estimate()?;
        if plain > 0.0 {
            return Some(Variance { of: plain * 1e4, df: None });
        }
        let (_, adjusted) = interval::adjusted_net(self.good as f64, self.bad as f64, self.n as f64)?;
        Some(Variance { of: adjusted * 1e4, df: Some(self.n as f64 - 1.0) })
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
/// ± z times the root of the sum of both variances. One in which all answer alike has the variance of the adjusted Wald
/// interval, and the difference is tested by t: a spread of nothing would prove whatever is asked. Nothing for fewer
/// than two answers on either side.
///
/// SOURCE: the large-sample test of two independent estimates; the variance of a net, plain and adjusted, as in B. Rocks,
/// The American Statistician 70 (2016) 365-372.
pub fn nets(a: Net, b: Net, confidence: f64) -> Option<Difference> {
    if a.n < 2 || b.n < 2 {
        return None;
    }
    let ((net_a, _), (net_b, _)) = (a.estimate()?, b.estimate()?);
    let mut found = independent((net_a - net_b) * 100.0, &[a.variance()?, b.variance()?], confidence)?;
    found.interval = found.interval.within(-200.0, 200.0);
    Some(found)
}

/// Returns the difference of two shares of different people, as a fraction of -1 to 1: Newcombe's interval, and the p of
/// the score test, whose variance is that of the pooled share; where fewer than one answer of a kind is to be expected on
/// a side, of Fisher's exact test. `p_a`, `p_b` are fractions, `n_a`, `n_b` the numbers of answers, or of weighted ones
/// their effective numbers, which the exact test rounds. Nothing for fewer than two answers on either side.
///
/// SOURCE: R. G. Newcombe, *Interval estimation for the difference between independent proportions*, Statistics in
/// Medicine 17 (1998) 873-890, method 10; the test is K. Pearson's chi-squared of a table of two by two, the limit of
/// one that of I. Campbell, Statistics in Medicine 26 (2007) 3661-3675.
pub fn shares(p_a: f64, n_a: f64, p_b: f64, n_b: f64, confidence: f64) -> Option<Difference> {
    if n_a.round() < 2.0 || n_b.round() < 2.0 {
        return None;
    }
    let ends = newcombe((p_a, wilson(p_a, n_a, confidence)?), (p_b, wilson(p_b, n_b, confidence)?))?;
    let change = p_a - p_b;
    let pooled = (p_a * n_a + p_b * n_b) / (n_a + n_b);
    let under_null = (pooled * (1.0 - pooled)).max(0.0) * (1.0 / n_a + 1.0 / n_b);
    let expected = pooled.min(1.0 - pooled) * n_a.min(n_b);
    let (p, detectable) = if under_null <= 0.0 {
        // Both shares are 0, or both are 1: nothing differs.
        (1.0, None)
    } else if expected < 1.0 {
        (exact((p_a, n_a), (p_b, n_b))?, None)
    } else {
        let error = under_null.sqrt();
        (distribution::normal_two_sided(change / error)?, smallest_detectable(error, None, confidence, POWER))
    };
    let se = (p_a * (1.0 - p_a) / n_a + p_b * (1.0 - p_b) / n_b).max(0.0).sqrt();
    Some(Difference { change, se, interval: ends.within(-1.0, 1.0), p, detectable })
}

/// The two-sided p of Fisher's exact test: how likely, of all tables with these margins, are those that are no likelier
/// than the one found.
///
/// SOURCE: R. A. Fisher, *Statistical methods for research workers*, 5th ed., 1934, section 21.02; two-sided by J. O.
/// Irwin, Metron 12 (1935) 83-94.
fn exact((p_a, n_a): (f64, f64), (p_b, n_b): (f64, f64)) -> Option<f64> {
    let (n_a, n_b) = (n_a.round(), n_b.round());
    let (k_a, k_b) = ((p_a * n_a).round(), (p_b * n_b).round());
    // Of the two kinds the rarer one is counted: then there are few tables.
    let is_rare = 2.0 * (k_a + k_b) <= n_a + n_b;
    let (k_a, k_b) = if is_rare { (k_a, k_b) } else { (n_a - k_a, n_b - k_b) };
    let rare = k_a + k_b;
    let choose = |n: f64, k: f64| -> Option<f64> {
        Some(distribution::ln_gamma(n + 1.0)? - distribution::ln_gamma(k + 1.0)? - distribution::ln_gamma(n - k + 1.0)?)
    };
    let whole = choose(n_a + n_b, rare)?;
    let likely = |k: f64| -> Option<f64> { Some(libm::exp(choose(n_a, k)? + choose(n_b, rare - k)? - whole)) };
    let found = likely(k_a)?;
    let (mut sum, mut k) = (0.0, (rare - n_b).max(0.0));
    while k <= rare.min(n_a) {
        // Equally likely tables may differ by a rounding.
        sum += likely(k).filter(|it| *it <= found * (1.0 + 1e-7)).unwrap_or(0.0);
        k += 1.0;
    }
    Some(sum.min(1.0))
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
        let detectable = smallest_detectable(se, Some(df), confidence, POWER);
        return Some(Difference { change, se, interval, p: distribution::t_two_sided(change / se, df)?, detectable });
    }
    let interval = interval::wald(change, se, confidence)?;
    let detectable = smallest_detectable(se, None, confidence, POWER);
    Some(Difference { change, se, interval, p: distribution::normal_two_sided(change / se)?, detectable })
}

/// Returns the p of a share against a fixed one, both fractions: the score test, which agrees with Wilson's interval. `n`
/// is the number of answers, or their effective number, two at least. Nothing against 0 or 1, which one answer settles.
///
/// SOURCE: E. B. Wilson, JASA 22 (1927) 209-212.
pub fn share_against(p: f64, n: f64, fixed: f64) -> Option<f64> {
    let under_null = fixed * (1.0 - fixed) / n;
    let defined = (0.0..=1.0).contains(&p) && n.round() >= 2.0 && under_null > 0.0 && under_null.is_finite();
    defined.then(|| distribution::normal_two_sided((p - fixed) / under_null.sqrt()))?
}

/// Returns the smallest change that a comparison with this standard error finds with this probability (`power`, 0.8 by
/// habit): the sum of both quantiles, of the normal distribution, or of t where the error is known with `df` degrees of
/// freedom, times the standard error of the change. In the unit of the error; nothing for an error of 0, which none has.
///
/// SOURCE: J. Cohen, *Statistical power analysis for the behavioral sciences*, 2nd ed., 1988, section 2.2; H. S. Bloom,
/// *Minimum detectable effects*, Evaluation Review 19 (1995) 547-556, with t.
pub fn smallest_detectable(se: f64, df: Option<f64>, confidence: f64, power: f64) -> Option<f64> {
    let critical = match df {
        // The quantile of the power on one side is the critical value of twice its way from a half.
        Some(df) => distribution::t_critical(confidence, df)? + distribution::t_critical(2.0 * power - 1.0, df)?,
        None => distribution::normal_critical(confidence)? + distribution::normal_quantile(power)?,
    };
    let change = critical * se;
    (se > 0.0 && change > 0.0 && change.is_finite()).then_some(change)
}

/// The probability with which the change is found that is told as the smallest.
pub const POWER: f64 = 0.8;

/// Returns the smallest change between two periods of which each has this standard error: what their comparison, of √2 times
/// that error, finds in eight cases of ten; in the unit of the error (H. S. Bloom, Evaluation Review 19, 1995).
pub fn smallest_between(se: f64, confidence: f64) -> Option<f64> {
    smallest_detectable(se * std::f64::consts::SQRT_2, None, confidence, POWER)
}

#[cfg(test)]
#[path = "difference_tests.rs"]
mod tests;
