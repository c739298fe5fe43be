//! How uncertain is a figure? Linearised variances of means, nets, shares, ratios and what is composed of them.
//!
//! A figure f(m₁ … m_k) is linear in its leaves near its value. The influence of row i on it is
//! zᵢ = Σ_k g_k a_k w_i (s_ki − c_k) over the leaves that the row answered, where g is the gradient; for a mean
//! a = 1/Σw and c = m, for a total a = 1 and c = 0. Its variance is N/(N−1) Σ zᵢ² over the N rows with any part.
//! Sources: Woodruff 1971 (linearisation); Lumley, R package survey (means, domains, clusters: figures in tests).

use crate::state::{Cell, Joint, Moments, State};
use std::borrow::Cow;

/// A leaf of a figure: how it enters, and what is kept of it.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub gradient: f64,
    pub moments: Moments,
    /// Whether it is a total, not a mean.
    pub total: bool,
}

impl Part {
    fn slope(&self) -> f64 {
        if self.total { 1.0 } else { 1.0 / self.moments.total_weight() }
    }

    fn centre(&self) -> f64 {
        if self.total { 0.0 } else { self.moments.total() / self.moments.total_weight() }
    }

    /// g a Σ w(s − c): zero for a mean.
    fn sum(&self) -> f64 {
        if self.total { self.gradient * self.moments.total() } else { 0.0 }
    }

    fn squares(&self) -> f64 {
        let scale = self.gradient * self.slope();
        scale * scale * self.exact_squares().unwrap_or_else(|| self.about_centre().0)
    }

    /// Σ(s − c)² of a mean whose rows do not weigh, where it is known exactly.
    fn exact_squares(&self) -> Option<f64> {
        self.moments.about_mean().filter(|_| !self.total)
    }

    /// Σw²(s − c)², and how large what it is the difference of is.
    fn about_centre(&self) -> (f64, f64) {
        let (second1, second2) = self.moments.second();
        let (c, w2) = (self.centre(), self.moments.total_weight2());
        (second2 - 2.0 * c * second1 + c * c * w2, second2 + c * c * w2)
    }

    /// Whether all its scores are the same, but for rounding.
    pub fn is_constant(&self) -> bool {
        let (squares, of) = self.about_centre();
        !self.total && self.exact_squares().map_or(squares <= 1e-14 * of, |it| it == 0.0)
    }
}

/// Whether the influences of the parts add up to nothing: a total has no such variance.
pub(super) fn is_centred(parts: &[Part]) -> bool {
    let sum: f64 = parts.iter().map(Part::sum).sum();
    let size: f64 = parts.iter().map(|it| it.sum().abs()).sum();
    sum.abs() <= 1e-9 * size
}

/// The variance of a figure of one leaf; without the N/(N−1) where `plain`, as for unweighted shares and nets.
pub(super) fn single(part: &Part, plain: bool) -> Option<f64> {
    let n = part.moments.n as f64;
    if plain {
        return (n > 0.0).then(|| part.squares().max(0.0));
    }
    (n > 1.0).then(|| n / (n - 1.0) * part.squares().max(0.0))
}

/// The variance of a figure of several leaves over the same rows (R13).
pub(super) fn joint(parts: &[Part], joint: &Joint) -> Option<f64> {
    let mut sum: f64 = parts.iter().map(Part::squares).sum();
    for i in 0..parts.len() {
        for j in i + 1..parts.len() {
            let [w2, si, sj, sij] = joint.pairs[Joint::pair(parts.len(), i, j)].map(|it| it.to_f64());
            let (ci, cj) = (parts[i].centre(), parts[j].centre());
            let scale = parts[i].gradient * parts[i].slope() * parts[j].gradient * parts[j].slope();
            sum += 2.0 * scale * (sij - cj * si - ci * sj + ci * cj * w2);
        }
    }
    let n = joint.any as f64;
    (n > 1.0).then(|| n / (n - 1.0) * sum.max(0.0))
}

/// The variance between clusters, and how many there are: G/(G−1) Σ z_g², the z summed within each.
///
/// `clusters` holds, for each cluster, the cell of each part. A cluster without an answer counts among the G where
/// its rows are in the domain, as it does in the R package survey.
pub(super) fn clustered(parts: &[Part], clusters: &[Vec<Cow<'_, Cell>>]) -> Option<(f64, u64)> {
    let mut sum = 0.0;
    let mut count = 0u64;
    for cells in clusters {
        let mut z = 0.0;
        let mut answered = false;
        for (part, cell) in parts.iter().zip(cells) {
            if let State::Moments(moments) = &cell.state {
                answered |= moments.n > 0;
                z += part.gradient * part.slope() * (moments.total() - part.centre() * moments.total_weight());
            }
        }
        if answered {
            count += 1;
            sum += z * z;
        }
    }
    let g = count as f64;
    (count > 1).then(|| (g / (g - 1.0) * sum, count))
}

/// Whether this variance of these parts is none, but for rounding, beside that of their rows.
pub(super) fn is_none(variance: f64, parts: &[Part]) -> bool {
    variance <= 1e-18 * parts.iter().map(Part::squares).sum::<f64>()
}
