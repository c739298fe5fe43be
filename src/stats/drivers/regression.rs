//! Answers: what is the outcome, as a straight line of the items?
//!
//! Ordinary least squares, weighted where the cross-products are, by a Cholesky factor of the items' correlations.
//! Items of one scale are well behaved so; what is not is refused before it can lose digits.

use super::crosses::{Crosses, Factor};

/// A model of an outcome by items.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The share of the outcome's variance that goes with the items, a fraction.
    pub r2: f64,
    pub constant: f64,
    /// For each item, points of the outcome for a point of the item, the others held.
    pub coefficients: Vec<f64>,
    /// The same in standard deviations of both.
    pub betas: Vec<f64>,
    /// Pearson's correlation of each item with the outcome.
    pub correlations: Vec<f64>,
    /// By how much each item's variance of coefficient is inflated: 1 / (1 − R² of it by the others).
    pub inflations: Vec<f64>,
}

/// Fits an outcome by items; `None` where they cannot be told apart, the outcome does not vary, or rows are too few.
pub fn fit(crosses: &Crosses, outcome: usize, items: &[usize]) -> Option<Fit> {
    if crosses.n <= items.len() as u64 + 1 {
        return None;
    }
    let factor = Factor::of(crosses, items)?;
    let correlations: Option<Vec<f64>> = items.iter().map(|it| crosses.correlation(*it, outcome)).collect();
    let correlations = correlations?;
    crosses.correlation(outcome, outcome)?;
    let betas = factor.solve(&correlations);
    let r2: f64 = factor.forward(&correlations).iter().map(|it| it * it).sum();
    let scale = |item: usize| (crosses.about(outcome, outcome) / crosses.about(item, item)).sqrt();
    let coefficients: Vec<f64> = items.iter().zip(&betas).map(|(item, beta)| beta * scale(*item)).collect();
    let explained: f64 = items.iter().zip(&coefficients).map(|(item, it)| it * crosses.mean(*item)).sum();
    let inflations = (0..items.len()).map(|at| {
        let mut unit = vec![0.0; items.len()];
        unit[at] = 1.0;
        factor.forward(&unit).iter().map(|it| it * it).sum()
    });
    let inflations = inflations.collect();
    Some(Fit { r2: r2.min(1.0), constant: crosses.mean(outcome) - explained, coefficients, betas, correlations, inflations })
}

/// What a low answer costs and a high one brings, against those between.
#[derive(Debug, Clone, PartialEq)]
pub struct Contrast {
    /// The outcome of those who answer between on all items.
    pub constant: f64,
    pub r2: f64,
    /// For each item what a low answer and what a high one adds; `None` where nobody, or everybody, gives such.
    pub items: Vec<(Option<f64>, Option<f64>)>,
}

/// Fits an outcome by pairs of indicators: of each item whether the answer is low, and whether it is high.
///
/// `None` where a pair cannot be told from the others, or rows are too few.
pub fn contrast(crosses: &Crosses, outcome: usize, pairs: &[(usize, usize)]) -> Option<Contrast> {
    let all: Vec<usize> = pairs.iter().flat_map(|it| [it.0, it.1]).collect();
    let singular = crosses.singular(&all);
    let used: Vec<usize> = all.iter().zip(&singular).filter(|it| it.1.is_none()).map(|it| *it.0).collect();
    let fit = fit(crosses, outcome, &used)?;
    let of = |indicator: usize| used.iter().position(|it| *it == indicator).map(|it| fit.coefficients[it]);
    Some(Contrast { constant: fit.constant, r2: fit.r2, items: pairs.iter().map(|it| (of(it.0), of(it.1))).collect() })
}
