//! Answers: how do these variables vary together?
//!
//! In go sums over the rows that have all of them; out come means, variances and correlations, and which variables
//! cannot be told apart.

/// A variance this small, beside the square of the mean, is what rounding leaves of none.
const NO_VARIANCE: f64 = 1e-12;
/// An item of which the others explain all but this share is a combination of them.
const NO_REMAINDER: f64 = 1e-9;

/// Sums of squares and products about the means, over rows that have all variables.
#[derive(Debug, Clone, PartialEq)]
pub struct Crosses {
    /// The rows.
    pub n: u64,
    means: Vec<f64>,
    /// Σw(a − ā)(b − b̄), row by row of the square.
    about: Vec<f64>,
    /// For each variable whether it varies.
    varies: Vec<bool>,
}

/// Why an item cannot be among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Singular {
    /// It is the same in all rows.
    Constant,
    /// Those before it determine it.
    Combination,
}

impl Crosses {
    /// Returns the cross-products of `k` variables from raw sums: `sums` is the upper triangle, row by row, of the
    /// products of (1, x₁ … x_k), each weighted: Σw, Σwx₁, …, Σwx_k, Σwx₁x₁, ….
    ///
    /// `None` where no weight is left, or the sums are not as many.
    pub fn new(n: u64, k: usize, sums: &[f64]) -> Option<Crosses> {
        let weight = *sums.first()?;
        if sums.len() != (k + 1) * (k + 2) / 2 || weight <= 0.0 || sums.iter().any(|it| !it.is_finite()) {
            return None;
        }
        let means: Vec<f64> = sums[1..=k].iter().map(|it| it / weight).collect();
        let mut about = vec![0.0; k * k];
        let mut varies = vec![false; k];
        let mut next = k + 1;
        for a in 0..k {
            for b in a..k {
                let raw = sums[next];
                next += 1;
                let mut centred = raw - sums[a + 1] * means[b];
                if a == b {
                    varies[a] = centred > NO_VARIANCE * raw.abs();
                    centred = if varies[a] { centred } else { 0.0 };
                }
                about[a * k + b] = centred;
                about[b * k + a] = centred;
            }
        }
        Some(Crosses { n, means, about, varies })
    }

    /// Returns the mean of a variable.
    pub fn mean(&self, variable: usize) -> f64 {
        self.means[variable]
    }

    /// Returns the sum of products of two variables about their means.
    pub(super) fn about(&self, a: usize, b: usize) -> f64 {
        self.about[a * self.means.len() + b]
    }

    /// Returns Pearson's correlation; `None` where one of the two does not vary.
    pub fn correlation(&self, a: usize, b: usize) -> Option<f64> {
        if !self.varies[a] || !self.varies[b] {
            return None;
        }
        if a == b {
            return Some(1.0);
        }
        let scale = self.about(a, a).sqrt() * self.about(b, b).sqrt();
        Some((self.about(a, b) / scale).clamp(-1.0, 1.0))
    }

    /// Returns, for each item in order, why it cannot stand beside those before it, where it cannot.
    pub fn singular(&self, items: &[usize]) -> Vec<Option<Singular>> {
        let mut factor = Factor::default();
        let mut kept: Vec<usize> = Vec::new();
        items
            .iter()
            .map(|item| {
                if !self.varies[*item] {
                    return Some(Singular::Constant);
                }
                let row: Option<Vec<f64>> = kept.iter().map(|it| self.correlation(*it, *item)).collect();
                match row.and_then(|it| factor.push(&it, 1.0)) {
                    Some(()) => {
                        kept.push(*item);
                        None
                    }
                    None => Some(Singular::Combination),
                }
            })
            .collect()
    }
}

/// A Cholesky factor L, LLᵀ = A, that grows by a row at a time.
#[derive(Debug, Clone, Default)]
pub(super) struct Factor {
    /// The rows, each as long as its number.
    rows: Vec<Vec<f64>>,
}

impl Factor {
    /// Factors the correlations among items; `None` where they cannot be told apart.
    pub fn of(crosses: &Crosses, items: &[usize]) -> Option<Factor> {
        let mut factor = Factor::default();
        for (at, item) in items.iter().enumerate() {
            let row: Option<Vec<f64>> = items[..at].iter().map(|it| crosses.correlation(*it, *item)).collect();
            crosses.correlation(*item, *item)?;
            factor.push(&row?, 1.0)?;
        }
        Some(factor)
    }

    /// Adds a variable: its products with those before it, and with itself. `None` where nothing of it is left.
    pub fn push(&mut self, row: &[f64], own: f64) -> Option<()> {
        let mut solved = self.forward(row);
        let rest = own - solved.iter().map(|it| it * it).sum::<f64>();
        if rest.is_nan() || rest <= NO_REMAINDER * own {
            return None;
        }
        solved.push(rest.sqrt());
        self.rows.push(solved);
        Some(())
    }

    /// Solves Lx = b.
    pub fn forward(&self, b: &[f64]) -> Vec<f64> {
        let mut x: Vec<f64> = Vec::with_capacity(self.rows.len() + 1);
        for (row, b) in self.rows.iter().zip(b) {
            let known: f64 = row.iter().zip(&x).map(|(l, x)| l * x).sum();
            x.push((b - known) / row[x.len()]);
        }
        x
    }

    /// Solves LLᵀx = b.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = self.forward(b);
        for at in (0..x.len()).rev() {
            let known: f64 = (at + 1..x.len()).map(|below| self.rows[below][at] * x[below]).sum();
            x[at] = (x[at] - known) / self.rows[at][at];
        }
        x
    }
}
