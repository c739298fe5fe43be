//! Answers: how many equally weighted answers are these weighted ones worth?
//!
//! In go the sums of weights and of their squares, or a variance; out come effective sizes.

use super::distribution::{normal_critical, t_critical};

/// Returns Kish's effective sample size (Σw)² / Σw², at most the number of rows for weights that
/// are not negative. Nothing without weight.
///
/// An approximation, which knows weights and not clusters: standard errors are linearised instead.
///
/// SOURCE: L. Kish, *Survey sampling*, 1965, section 11.7; JOS 8 (1992) 183-200.
pub fn kish(sum_w: f64, sum_w2: f64) -> Option<f64> {
    let n = sum_w / sum_w2 * sum_w;
    (sum_w > 0.0 && n > 0.0 && n.is_finite()).then_some(n)
}

/// Returns the design effect of weighting, n / n_effective = 1 + the squared coefficient of
/// variation of the weights. Nothing for no rows or no weight.
///
/// SOURCE: as [`kish`].
pub fn design_effect(n: u64, sum_w: f64, sum_w2: f64) -> Option<f64> {
    let n_effective = kish(sum_w, sum_w2)?;
    let effect = n as f64 / n_effective;
    (n > 0 && effect.is_finite()).then_some(effect)
}

/// Returns the size of the simple random sample whose share `p` (0 to 1) would have this variance:
/// p(1 - p) / variance. Where p is 0 or 1 the variance says nothing, and Kish's size stands in.
///
/// SOURCE: E. L. Korn & B. I. Graubard, *Confidence intervals for proportions with small expected
/// number of positive counts*, Survey Methodology 24 (1998) 193-201.
pub fn share_size(p: f64, variance: f64, n_kish: f64) -> Option<f64> {
    let spread = p * (1.0 - p);
    let n = if spread > 0.0 && variance > 0.0 { spread / variance } else { n_kish };
    ((0.0..=1.0).contains(&p) && n > 0.0 && n.is_finite()).then_some(n)
}

/// Returns what the answers of clusters are worth where all of them are alike, so that they do not tell how much those of
/// one cluster go together: as little as they can be, a cluster being one answer of its weight. The wider tails of t are
/// taken into the number, so that it goes where one of independent answers does. In go the sums of the clusters' weights
/// and of the squares of these, and how many clusters there are; nothing for fewer than two.
///
/// SOURCE: the design effect 1 + (b - 1) rho of L. Kish, *Survey sampling*, 1965, section 5.4, at rho = 1; the degrees of
/// freedom as in E. L. Korn & B. I. Graubard (1998).
pub fn clusters_size(sum_w: f64, sum_w2: f64, clusters: u64, confidence: f64) -> Option<f64> {
    let tails = normal_critical(confidence)? / t_critical(confidence, clusters.checked_sub(1)? as f64)?;
    Some(kish(sum_w, sum_w2)? * tails * tails)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testing::assert_relative;

    /// `airport.json`: `neff_kish` and `deff_kish`; the sums are those of the column WEIGHT where
    /// NETPRO is 0 to 10.
    #[test]
    fn airport_weights() {
        for (n, sum_w, sum_w2, n_effective, effect) in [
            (2746, 2_746.396_572_892_7, 3_327.885_735_398_111_8, 2_266.512_355_086_742_4, 1.211_553_069_118_349),
            (2650, 2_648.978_004_2, 3_287.856_365_675_090_3, 2_134.243_010_124_504, 1.241_658_043_357_212_9),
        ] {
            assert_relative(kish(sum_w, sum_w2).expect("weights"), n_effective, 1e-12);
            assert_relative(design_effect(n, sum_w, sum_w2).expect("weights"), effect, 1e-12);
        }
    }

    #[test]
    fn equal_weights_are_worth_themselves() {
        assert_eq!(kish(30.0, 90.0), Some(10.0));
        assert_eq!(design_effect(10, 30.0, 90.0), Some(1.0));
    }

    #[test]
    fn a_share_of_a_simple_sample_has_its_own_size() {
        let (p, n) = (0.3, 50.0);
        assert_relative(share_size(p, p * (1.0 - p) / n, 7.0).expect("a share"), n, 1e-12);
        assert_eq!(share_size(0.0, 0.0, 7.0), Some(7.0));
        assert_eq!(share_size(1.0, 0.0, 7.0), Some(7.0));
    }

    #[test]
    fn without_weight_there_is_no_size() {
        assert_eq!(kish(0.0, 0.0), None);
        assert_eq!(kish(-3.0, 9.0), None);
        assert_eq!(kish(f64::NAN, 1.0), None);
        assert_eq!(kish(1.0, f64::INFINITY), None);
        assert_eq!(kish(1.0, 0.0), None);
        assert_eq!(design_effect(0, 1.0, 1.0), None);
        assert_eq!(share_size(1.2, 0.1, 7.0), None);
        assert_eq!(share_size(0.0, 0.0, f64::NAN), None);
    }

    /// Three clusters of 3, 2 and 1 answers: scipy's t.ppf(0.975, 2) and norm.ppf(0.975).
    #[test]
    fn clusters_of_answers_that_are_alike_are_worth_little() {
        assert_relative(clusters_size(6.0, 14.0, 3, 0.95).expect("clusters"), 0.533_578_174_144_693, 1e-12);
        assert_eq!((clusters_size(6.0, 36.0, 1, 0.95), clusters_size(0.0, 0.0, 0, 0.95)), (None, None));
    }
}
