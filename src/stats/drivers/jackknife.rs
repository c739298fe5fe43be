//! Answers: how certain is a figure that has no formula for its error?
//!
//! Rows are dealt to groups, and the figure is computed once without each of them. What it moves tells its error,
//! whatever the answers are distributed like, and however they weigh. Where rows belong together (a cluster, a person)
//! whole ones are dealt, and the error is that of whole ones.
//!
//! SOURCE: P. S. Kott, *The delete-a-group jackknife*, J. Off. Stat. 17 (2001) 521-526.

/// Returns the standard error of a figure from what it is without each group: √((G−1)/G Σ(θ₍g₎ − θ)²), whose t has
/// G − 1 degrees of freedom.
pub fn delete_a_group(figure: f64, without: &[f64]) -> Option<f64> {
    if without.len() < 2 {
        return None;
    }
    let g = without.len() as f64;
    let squares: f64 = without.iter().map(|it| (it - figure) * (it - figure)).sum();
    Some(((g - 1.0) / g * squares).sqrt()).filter(|it| it.is_finite())
}
