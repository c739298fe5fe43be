//! Answers: of many tests at once, which say more than the number of tests makes likely?
//!
//! In go the p-values of one family of tests; out come adjusted ones, in the same order, to be held against the same
//! limit. What is no probability is left out of the family and stays as it is.

/// Returns p-values adjusted so that, of what is called a signal below a limit, at most that share is false: Benjamini and
/// Hochberg's step-up. The default where many segments are looked at.
///
/// SOURCE: Y. Benjamini & Y. Hochberg, *Controlling the false discovery rate*, JRSS B 57 (1995) 289-300.
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut adjusted = p.to_vec();
    let order = ascending(p);
    let tests = order.len() as f64;
    let mut least = 1.0f64;
    for (rank, place) in order.iter().enumerate().rev() {
        least = least.min(p[*place] * tests / (rank as f64 + 1.0));
        adjusted[*place] = least;
    }
    adjusted
}

/// Returns p-values adjusted so that the chance of any false signal is at most the limit: Holm's step-down. For a few
/// tests that decide something.
///
/// SOURCE: S. Holm, *A simple sequentially rejective multiple test procedure*, Scandinavian Journal of Statistics 6
/// (1979) 65-70.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut adjusted = p.to_vec();
    let order = ascending(p);
    let tests = order.len() as f64;
    let mut most = 0.0f64;
    for (rank, place) in order.iter().enumerate() {
        most = most.max((p[*place] * (tests - rank as f64)).min(1.0));
        adjusted[*place] = most;
    }
    adjusted
}

/// The places of probabilities, from the least on; of equal ones the first comes first.
fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).filter(|it| (0.0..=1.0).contains(&p[*it])).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testing::assert_relative;
    use proptest::prelude::*;

    /// `airport.json`: `seg_change_p`, the seven boarding areas.
    #[test]
    fn seven_boarding_areas() {
        let raw = [
            3.1011107764948925e-07,
            0.16257712529719925,
            0.004892214393487583,
            0.2853875929935613,
            0.580131639306163,
            0.5842697253035473,
            0.3440108349130826,
        ];
        let expected = [
            2.1707775435464248e-06,
            0.37934662569346494,
            0.017122750377206543,
            0.4816151688783156,
            0.5842697253035473,
            0.5842697253035473,
            0.4816151688783156,
        ];
        for (found, expected) in benjamini_hochberg(&raw).into_iter().zip(expected) {
            assert_relative(found, expected, 1e-14);
        }
        let expected = [2.1707775435464248e-06, 0.8128856264859963, 0.0293532863609255, 1.0, 1.0, 1.0, 1.0];
        for (found, expected) in holm(&raw).into_iter().zip(expected) {
            assert_relative(found, expected, 1e-14);
        }
    }

    #[test]
    fn one_test_is_no_family() {
        assert_eq!(benjamini_hochberg(&[0.03]), [0.03]);
        assert_eq!(holm(&[0.03]), [0.03]);
        assert!(benjamini_hochberg(&[]).is_empty());
        // What is no probability takes no part.
        let found = benjamini_hochberg(&[0.03, f64::NAN]);
        assert!(found[0] == 0.03 && found[1].is_nan());
    }

    proptest! {
        #[test]
        fn adjusting_only_raises_and_keeps_the_order(p in prop::collection::vec(0.0..=1.0f64, 0..30)) {
            for adjusted in [benjamini_hochberg(&p), holm(&p)] {
                for (a, raw) in adjusted.iter().zip(&p) {
                    prop_assert!(*a >= raw * (1.0 - 1e-15) && *a <= 1.0);
                }
                for (i, a) in p.iter().enumerate() {
                    for (j, b) in p.iter().enumerate() {
                        prop_assert!(a > b || adjusted[i] <= adjusted[j]);
                    }
                }
            }
        }
    }
}
