//! Answers: does this series follow that one, and after how many periods?
//!
//! In go two series over the same periods, with gaps; out come correlations of their changes at several lags. Changes,
//! because two series that merely drift correlate whatever they are. What neighbours share makes points worth less
//! (effective n), and the lags that were tried are corrected for.

use super::distribution::t_two_sided;
use super::multiple::benjamini_hochberg;

/// Series that share fewer periods than this say nothing of lags.
pub const FEWEST_PERIODS: usize = 24;

/// The correlation of the changes of two series at a lag.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lagged {
    /// By how many periods the second follows the first.
    pub lag: usize,
    /// Pearson's correlation of changes.
    pub r: f64,
    /// The pairs of changes.
    pub n: usize,
    /// What they are worth: n (1 − ab) / (1 + ab), a and b the correlations of each series' changes with the next ones;
    /// never more than n.
    pub n_effective: f64,
    /// The two-sided p of r by t on n_effective − 2 degrees of freedom.
    pub p: f64,
    /// The same, corrected for all lags that were tried (Benjamini and Hochberg).
    pub adjusted: f64,
}

/// Returns the correlations of two series at lags from 0 to `most`; those that cannot be had are left out.
///
/// SOURCE: M. S. Bartlett, *Some aspects of the time-correlation problem*, JRSS 98 (1935) 536-543 (the effective n).
pub fn lagged(first: &[Option<f64>], second: &[Option<f64>], most: usize) -> Vec<Lagged> {
    let mut found = lagged_changes(&changes(first), &changes(second), most);
    let adjusted = benjamini_hochberg(&found.iter().map(|it| it.p).collect::<Vec<_>>());
    found.iter_mut().zip(adjusted).for_each(|(it, p)| it.adjusted = p);
    found
}

/// Returns the same of series of changes, for whoever leaves some of them out; `adjusted` is not corrected for anything.
pub fn lagged_changes(a: &[Option<f64>], b: &[Option<f64>], most: usize) -> Vec<Lagged> {
    let (Some(own_a), Some(own_b)) = (autocorrelation(a), autocorrelation(b)) else { return Vec::new() };
    let product = own_a * own_b;
    let at = |lag: usize| {
        let later = b.get(lag..)?;
        let pairs: Vec<(f64, f64)> = a.iter().zip(later).filter_map(|it| Some((*it.0.as_ref()?, *it.1.as_ref()?))).collect();
        let n = pairs.len();
        let r = correlation(&pairs)?;
        let n_effective = (n as f64 * (1.0 - product) / (1.0 + product)).min(n as f64);
        let df = n_effective - 2.0;
        let t = r * (df / (1.0 - r * r)).sqrt();
        let p = if r.abs() >= 1.0 { 0.0 } else { t_two_sided(t, df)? };
        (df > 1.0).then_some(Lagged { lag, r, n, n_effective, p, adjusted: p })
    };
    (0..=most).filter_map(at).collect()
}

/// How many periods both series have.
pub fn shared(first: &[Option<f64>], second: &[Option<f64>]) -> usize {
    first.iter().zip(second).filter(|it| it.0.is_some() && it.1.is_some()).count()
}

/// Each point less the one before it; none beside a gap.
pub fn changes(series: &[Option<f64>]) -> Vec<Option<f64>> {
    let change = |it: &[Option<f64>]| Some(it[1]? - it[0]?);
    series.windows(2).map(change).collect()
}

/// Returns Pearson's correlation of pairs, -1 to 1: Σ(x−x̄)(y−ȳ) / √(Σ(x−x̄)² Σ(y−ȳ)²). Nothing where one of them does not
/// vary.
///
/// SOURCE: K. Pearson, Proceedings of the Royal Society 58 (1895) 240-242.
pub fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let n = pairs.len() as f64;
    let (x, y) = (pairs.iter().map(|it| it.0).sum::<f64>() / n, pairs.iter().map(|it| it.1).sum::<f64>() / n);
    let about = |f: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(f).sum::<f64>();
    let xx = about(&|it| (it.0 - x) * (it.0 - x));
    let yy = about(&|it| (it.1 - y) * (it.1 - y));
    let xy = about(&|it| (it.0 - x) * (it.1 - y));
    Some(xy / (xx * yy).sqrt()).filter(|it| it.is_finite()).map(|it| it.clamp(-1.0, 1.0))
}

/// The correlation of a series with itself one period later; none where it does not vary.
fn autocorrelation(series: &[Option<f64>]) -> Option<f64> {
    let known: Vec<f64> = series.iter().flatten().copied().collect();
    let mean = known.iter().sum::<f64>() / known.len() as f64;
    let whole: f64 = known.iter().map(|it| (it - mean) * (it - mean)).sum();
    let next = |it: &[Option<f64>]| Some((it[0]? - mean) * (it[1]? - mean));
    let with_next: f64 = series.windows(2).filter_map(next).sum();
    Some(with_next / whole).filter(|it| it.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testing::assert_close;

    /// The second follows the first after two periods; of the first one period is unknown.
    const FIRST: [f64; 30] = [
        -4.0,
        1.0,
        -5.5,
        -0.75,
        -9.375,
        -13.688,
        -15.844,
        f64::NAN,
        -6.461,
        4.77,
        -3.615,
        -1.808,
        3.096,
        -5.452,
        -9.726,
        -7.863,
        -9.931,
        -6.966,
        -13.483,
        -16.741,
        -17.371,
        -11.685,
        -1.843,
        -2.921,
        -3.461,
        -10.73,
        -8.365,
        -4.183,
        -0.091,
        -0.046,
    ];
    const SECOND: [f64; 30] = [
        -3.2, -1.6, -5.6, 0.0, -6.0, 3.0, -10.3, -7.35, -9.075, -13.938, -2.369, 7.016, -5.692, 0.154, 5.677, -1.562, -8.981, -3.89,
        -11.545, -5.173, -12.786, -11.393, -17.897, -11.748, -4.674, 1.663, -5.169, -7.384, -3.892, -6.946,
    ];

    fn series(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().map(|it| Some(*it).filter(|it| !it.is_nan())).collect()
    }

    /// Figures by numpy.
    #[test]
    fn a_series_that_follows_another_after_two_periods() {
        let found = lagged(&series(&FIRST), &series(&SECOND), 6);
        let expected = [
            (27, -0.23392003986016222, 23.714131960239705, 0.2744764934477175, 0.6197404738989778),
            (26, -0.07402639572793798, 22.835830776527125, 0.7381267615276714, 0.7381267615276714),
            (25, 0.795062293705734, 21.95752959281454, 1.0032158582973238e-05, 7.022511008081267e-05),
            (24, -0.3514830616452233, 21.07922840910196, 0.11740876771069941, 0.41093068698744795),
            (23, 0.1809176280626287, 20.20092722538938, 0.44267176707069844, 0.6197404738989778),
            (22, -0.13990523496658247, 19.3226260416768, 0.5640704217394781, 0.6580821586960578),
            (21, -0.22750713630914643, 18.444324857964215, 0.3571391405520642, 0.6197404738989778),
        ];
        assert_eq!(found.len(), expected.len());
        for (lag, (found, (n, r, n_effective, p, adjusted))) in found.iter().zip(expected).enumerate() {
            assert_eq!((found.lag, found.n), (lag, n));
            assert_close(found.r, r, 1e-12);
            assert_close(found.n_effective, n_effective, 1e-12);
            assert_close(found.p, p, 1e-9);
            assert_close(found.adjusted, adjusted, 1e-9);
        }
        assert_eq!(shared(&series(&FIRST), &series(&SECOND)), 29);
    }

    #[test]
    fn what_does_not_vary_or_is_too_short_has_none() {
        let flat = vec![Some(1.0); 30];
        assert_eq!(lagged(&flat, &series(&SECOND), 6), []);
        assert_eq!(lagged(&series(&FIRST[..3]), &series(&SECOND[..3]), 6), []);
        assert_eq!(lagged(&[], &[], 2), []);
        // The same series twice goes with itself.
        let own = lagged(&series(&SECOND), &series(&SECOND), 0);
        assert_close(own[0].r, 1.0, 1e-12);
    }
}
