//! How far answers lie from their mean, where some count for more than others.

use super::sum::Compensated;

/// Returns the standard deviation of weighted answers, from each value with the weight of all who gave it, and the number
/// of answers: √(Σw(x − x̄)² / Σw · n/(n − 1)), where x̄ = Σwx / Σw.
///
/// Weights say how many of the population an answer stands for, not how often it was given, nor how sure it is: so their
/// sum is no number of answers, and their size does not show. With equal weights it is the deviation of the answers.
/// Nothing for fewer than two answers, without weight, or for a negative weight.
///
/// SOURCE: Lumley, R package `survey`, `svyvar`: the mean of (x − x̄)² times n/(n − 1), over the population that the
/// weights stand for; Särndal, Swensson & Wretman 1992, example 5.3.
pub fn weighted_deviation(table: &[(f64, f64)], n: u64) -> Option<f64> {
    if n < 2 || !table.iter().all(|&(_, weight)| weight >= 0.0) {
        return None;
    }
    let sum = |of: &dyn Fn(f64, f64) -> f64| table.iter().map(|&(value, weight)| of(value, weight)).collect::<Compensated>().value();
    let all = sum(&|_, weight| weight);
    if !(all > 0.0 && all.is_finite()) {
        return None;
    }
    let mean = sum(&|value, weight| weight * value) / all;
    let squares = sum(&|value, weight| weight * (value - mean) * (value - mean));
    let n = n as f64;
    Some((squares / all * (n / (n - 1.0))).sqrt()).filter(|it| it.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: Σw = 6, Σwx = 20, Σwx² = 75, so Σw(x − x̄)² = 75 − 400/6 = 25/3, and 25/3 / 6 · 5/4 = 125/72.
    const TABLE: [(f64, f64); 5] = [(1.0, 0.5), (2.0, 1.0), (3.0, 1.5), (4.0, 2.0), (5.0, 1.0)];

    fn close(found: Option<f64>, expected: f64) {
        assert!(found.is_some_and(|it| (it - expected).abs() < 1e-12), "{found:?}, not {expected}");
    }

    #[test]
    fn it_is_the_deviation_in_the_population() {
        close(weighted_deviation(&TABLE, 5), (125.0_f64 / 72.0).sqrt());
        // Were weights numbers of answers, it would be 25/3 / (6 - 1).
        assert!((weighted_deviation(&TABLE, 5).expect("weights") - (5.0_f64 / 3.0).sqrt()).abs() > 0.02);
    }

    #[test]
    fn the_size_of_weights_does_not_show() {
        let larger = TABLE.map(|(value, weight)| (value, weight * 1000.0));
        close(weighted_deviation(&larger, 5), (125.0_f64 / 72.0).sqrt());
    }

    #[test]
    fn with_equal_weights_it_is_that_of_the_answers() {
        // Of 2, 4, 4, 4, 5, 5, 7, 9 the squares sum to 32, over 8 - 1.
        let answers = [(2.0, 0.25), (4.0, 0.75), (5.0, 0.5), (7.0, 0.25), (9.0, 0.25)];
        close(weighted_deviation(&answers, 8), (32.0_f64 / 7.0).sqrt());
    }

    #[test]
    fn without_answers_or_weight_there_is_none() {
        assert_eq!(weighted_deviation(&[], 0), None);
        assert_eq!(weighted_deviation(&[(3.0, 2.0)], 1), None);
        assert_eq!(weighted_deviation(&[(3.0, 0.0), (4.0, 0.0)], 2), None);
        assert_eq!(weighted_deviation(&[(3.0, -1.0), (4.0, 2.0)], 2), None);
        assert_eq!(weighted_deviation(&[(3.0, f64::NAN), (4.0, 2.0)], 2), None);
    }
}
