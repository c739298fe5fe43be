//! Answers: of what the items explain together, how much is each one's?
//!
//! SOURCES: R. H. Lindeman, P. F. Merenda, R. Z. Gold, *Introduction to bivariate and multivariate analysis* (1980) 119-;
//! U. Grömping, *Relative importance for linear regression in R: the package relaimpo*, J. Stat. Softw. 17(1) (2006);
//! J. W. Johnson, *A heuristic method for estimating the relative weight of predictor variables in multiple
//! regression*, Multivar. Behav. Res. 35 (2000) 1-19, which is A. Genizi's decomposition, Stat. Sinica 3 (1993) 407-420.

use super::crosses::{Crosses, Factor};

/// LMG looks at every subset of the items: 2¹⁸ of them are a quarter of a million.
pub const MAX_LMG_ITEMS: usize = 18;
/// A rotation that moves less than this is none.
const SMALL: f64 = 1e-15;
/// Rounds of rotations; a dozen suffice.
const MOST_ROUNDS: usize = 64;

/// Returns for each item the mean, over all orders of the items, of what it adds to R²: LMG, the Shapley value of R².
/// They are not negative, and add up to R². Exact: every subset is looked at.
///
/// `None` where the items cannot be told apart, the outcome does not vary, or there are more than [`MAX_LMG_ITEMS`].
pub fn lmg(crosses: &Crosses, outcome: usize, items: &[usize]) -> Option<Vec<f64>> {
    let p = items.len();
    if p > MAX_LMG_ITEMS || p == 0 {
        return None;
    }
    // What must hold of every subset holds of all items together.
    Factor::of(crosses, items)?;
    let variables: Vec<usize> = items.iter().copied().chain([outcome]).collect();
    let matrix: Option<Vec<f64>> = variables.iter().flat_map(|a| variables.iter().map(|b| crosses.correlation(*a, *b))).collect();
    let mut explained = vec![0.0; 1 << p];
    subsets(&matrix?, p, 0, 0, &mut explained);
    // A subset of s items stands before an item in s! (p − 1 − s)! of the p! orders.
    let mut share = vec![0.0; p];
    let mut ways = 1.0;
    for (s, it) in share.iter_mut().enumerate() {
        *it = 1.0 / (p as f64 * ways);
        ways = ways * (p - 1 - s) as f64 / (s + 1) as f64;
    }
    Some((0..p).map(|item| adds(&explained, item, &share)).collect())
}

/// The mean of what an item adds to the subsets without it.
fn adds(explained: &[f64], item: usize, share: &[f64]) -> f64 {
    // Subsets of one size have one weight: their gains are added first, and small sums stay small.
    let mut by_size = vec![0.0; share.len()];
    for (subset, before) in explained.iter().enumerate().filter(|it| it.0 & (1 << item) == 0) {
        by_size[subset.count_ones() as usize] += explained[subset | 1 << item] - before;
    }
    by_size.iter().zip(share).map(|(gain, share)| gain * share).sum::<f64>().max(0.0)
}

/// R² of every subset that holds `subset` and items from `first` on.
///
/// `matrix` holds the variables from `first` on, the outcome last, with what `subset` explains of them taken out: so
/// that each further item is one step of elimination, and most steps are among few.
fn subsets(matrix: &[f64], p: usize, first: usize, subset: usize, explained: &mut [f64]) {
    let size = p + 1 - first;
    for at in 0..size - 1 {
        let rest = size - at - 1;
        let pivot = matrix[at * size + at];
        let mut reduced = Vec::with_capacity(rest * rest);
        for a in at + 1..size {
            let factor = matrix[a * size + at] / pivot;
            reduced.extend((at + 1..size).map(|b| matrix[a * size + b] - factor * matrix[at * size + b]));
        }
        let with = subset | 1 << (first + at);
        explained[with] = 1.0 - reduced[rest * rest - 1];
        subsets(&reduced, p, first + at + 1, with, explained);
    }
}

/// Returns Johnson's relative weight of each item: its part of R² by the orthogonal variables nearest to the items.
/// They are not negative, and add up to R².
///
/// `None` where the items cannot be told apart, or the outcome does not vary.
pub fn johnson(crosses: &Crosses, outcome: usize, items: &[usize]) -> Option<Vec<f64>> {
    Factor::of(crosses, items)?;
    let p = items.len();
    let matrix: Option<Vec<f64>> = items.iter().flat_map(|a| items.iter().map(|b| crosses.correlation(*a, *b))).collect();
    let correlations: Option<Vec<f64>> = items.iter().map(|it| crosses.correlation(*it, outcome)).collect();
    let (values, vectors) = eigen(matrix?, p);
    let correlations = correlations?;
    // R^(1/2) and R^(-1/2) r, by R = VΛVᵀ.
    let turned: Vec<f64> = (0..p).map(|k| (0..p).map(|i| vectors[i * p + k] * correlations[i]).sum()).collect();
    let orthogonal: Vec<f64> = (0..p).map(|j| (0..p).map(|k| vectors[j * p + k] * turned[k] / values[k].max(0.0).sqrt()).sum()).collect();
    let root = |a: usize, b: usize| (0..p).map(|k| vectors[a * p + k] * values[k].max(0.0).sqrt() * vectors[b * p + k]).sum::<f64>();
    let weights: Vec<f64> = (0..p)
        .map(|a| {
            (0..p)
                .map(|b| {
                    let loading = root(a, b);
                    loading * loading * orthogonal[b] * orthogonal[b]
                })
                .sum()
        })
        .collect();
    weights.iter().all(|it: &f64| it.is_finite()).then_some(weights)
}

/// Eigenvalues and eigenvectors (as columns) of a symmetric matrix, by Jacobi's rotations in a fixed order.
fn eigen(mut a: Vec<f64>, p: usize) -> (Vec<f64>, Vec<f64>) {
    let mut v = vec![0.0; p * p];
    (0..p).for_each(|it| v[it * p + it] = 1.0);
    for _ in 0..MOST_ROUNDS {
        let mut moved = false;
        for i in 0..p {
            for j in i + 1..p {
                let off = a[i * p + j];
                if off.abs() <= SMALL * (a[i * p + i] * a[j * p + j]).abs().sqrt() {
                    continue;
                }
                moved = true;
                let theta = (a[j * p + j] - a[i * p + i]) / (2.0 * off);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for k in 0..p {
                    let (x, y) = (a[k * p + i], a[k * p + j]);
                    a[k * p + i] = c * x - s * y;
                    a[k * p + j] = s * x + c * y;
                }
                for k in 0..p {
                    let (x, y) = (a[i * p + k], a[j * p + k]);
                    a[i * p + k] = c * x - s * y;
                    a[j * p + k] = s * x + c * y;
                }
                for k in 0..p {
                    let (x, y) = (v[k * p + i], v[k * p + j]);
                    v[k * p + i] = c * x - s * y;
                    v[k * p + j] = s * x + c * y;
                }
            }
        }
        if !moved {
            break;
        }
    }
    ((0..p).map(|it| a[it * p + it]).collect(), v)
}
