//! Answers: which weights make a sample agree with a population, and how sure is a figure that is weighted so?
//!
//! In go the cells of a sample, each with its weight and its level in every margin, and what the margins are to be; out
//! come factors for the cells. One margin is post-stratification, several are raking.

/// A margin: the level of each cell, and what the weights of each level are to add up to.
#[derive(Debug, Clone, PartialEq)]
pub struct Margin {
    /// For each cell the place of its level.
    pub levels: Vec<usize>,
    /// For each level its total.
    pub totals: Vec<f64>,
}

/// Factors by which the weights of cells are multiplied.
#[derive(Debug, Clone, PartialEq)]
pub struct Raked {
    /// One for each cell.
    pub factors: Vec<f64>,
    /// How often all margins were gone through.
    pub cycles: usize,
    /// Whether each cell is held at a bound.
    pub held: Vec<bool>,
}

/// Why there are no such weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NotRaked {
    /// A level of a margin is to have a total, and no row of the sample is in it.
    EmptyLevel {
        /// The place of the margin.
        margin: usize,
        /// The place of the level.
        level: usize,
    },
    /// A total is negative or no number, or a cell has no level.
    NoTotal {
        /// The place of the margin.
        margin: usize,
    },
    /// A margin adds up to something else than the first.
    UnequalTotals {
        /// The place of the margin.
        margin: usize,
    },
    /// The margins cannot be met, or not within the bounds.
    NoConvergence {
        /// By how much one is missed at most, relatively.
        miss: f64,
    },
}

/// Margins are met to this, relatively.
const EXACT: f64 = 1e-12;
/// A margin that is not met by then is not going to be.
const MOST_CYCLES: usize = 1000;
/// What the totals of two margins may differ by, relatively: they are written in decimals.
const SAME_TOTAL: f64 = 1e-6;

/// Returns factors for cells of these weights that make the sample meet all margins, each between the bounds where there
/// are some, relative to the mean factor; a cell without weight keeps the factor 1.
///
/// Iterative proportional fitting: the margins are met one after the other, until a whole cycle leaves all of them met to
/// 1e-12. With bounds each step is held within them.
///
/// # Errors
/// Why there are no such weights: a level without rows, margins of different totals, no convergence.
///
/// SOURCE: W. E. Deming & F. F. Stephan, *On a least squares adjustment of a sampled frequency table when the expected
/// marginal totals are known*, Annals of Mathematical Statistics 11 (1940) 427-444.
pub fn rake(cells: &[f64], margins: &[Margin], bounds: Option<(f64, f64)>) -> Result<Raked, NotRaked> {
    let mut whole: Option<f64> = None;
    for (margin, of) in margins.iter().enumerate() {
        let fits = of.levels.len() == cells.len() && of.levels.iter().all(|it| *it < of.totals.len());
        if !fits || of.totals.iter().any(|it| !(it.is_finite() && *it >= 0.0)) {
            return Err(NotRaked::NoTotal { margin });
        }
        let sum: f64 = of.totals.iter().sum();
        let first = *whole.get_or_insert(sum);
        if (sum - first).abs() > SAME_TOTAL * first {
            return Err(NotRaked::UnequalTotals { margin });
        }
        let sums = level_sums(of, cells, &vec![1.0; cells.len()]);
        if let Some(level) = (0..sums.len()).find(|it| of.totals[*it] > 0.0 && sums[*it] <= 0.0) {
            return Err(NotRaked::EmptyLevel { margin, level });
        }
    }
    let mut factors = vec![1.0; cells.len()];
    let total: f64 = cells.iter().sum();
    let mean = whole.map_or(1.0, |it| it / total);
    let ends = bounds.map(|(low, high)| (low * mean, high * mean));
    let mut miss = f64::INFINITY;
    for cycle in 1..=MOST_CYCLES {
        for of in margins {
            let sums = level_sums(of, cells, &factors);
            for (cell, level) in of.levels.iter().enumerate() {
                // A level without rows has nothing to be multiplied; its total is 0.
                if cells[cell] > 0.0 && sums[*level] > 0.0 {
                    let scaled = factors[cell] * (of.totals[*level] / sums[*level]);
                    factors[cell] = ends.map_or(scaled, |(low, high)| scaled.clamp(low.min(high), high.max(low)));
                }
            }
        }
        miss = margins.iter().map(|of| largest_miss(of, &level_sums(of, cells, &factors))).fold(0.0, f64::max);
        if miss < EXACT {
            let at_end = |it: &f64| ends.is_some_and(|(low, high)| *it <= low || *it >= high);
            let held = factors.iter().map(at_end).collect();
            return Ok(Raked { factors, cycles: cycle, held });
        }
        if !miss.is_finite() {
            break;
        }
    }
    Err(NotRaked::NoConvergence { miss })
}

fn level_sums(of: &Margin, cells: &[f64], factors: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; of.totals.len()];
    for ((cell, factor), level) in cells.iter().zip(factors).zip(&of.levels) {
        sums[*level] += cell * factor;
    }
    sums
}

fn largest_miss(of: &Margin, sums: &[f64]) -> f64 {
    let whole: f64 = of.totals.iter().sum();
    let miss = |(sum, total): (&f64, &f64)| if *total > 0.0 { (sum / total - 1.0).abs() } else { sum / whole };
    sums.iter().zip(&of.totals).map(miss).fold(0.0, f64::max)
}

/// What a cell holds: all its rows, and those that answered.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CellSums {
    /// All rows that the weights were made of, Σw and Σw² of them.
    pub rows: f64,
    /// Σw of all rows.
    pub all_w: f64,
    /// Σw² of all rows.
    pub all_w2: f64,
    /// Rows that answered, and Σs of them.
    pub n: f64,
    /// Σs.
    pub s: f64,
    /// Σw of those that answered.
    pub w: f64,
    /// Σws.
    pub ws: f64,
    /// Σw².
    pub w2: f64,
    /// Σw²s.
    pub w2s: f64,
    /// Σw²s².
    pub w2s2: f64,
}

/// Returns the variance of a weighted mean Σws/Σw whose weights were made to meet margins: only what the margins leave
/// unexplained of an answer is uncertain. `levels` holds, for each margin, the level of each cell.
///
/// With u = (s - m)/Σw for rows that answered and 0 for the others, the residuals e of u over the levels of the margins are
/// found by going through them in turn; the variance is N/(N - 1) Σ(we - mean)² over all N rows. Nothing for less than
/// two rows, or without weight.
///
/// SOURCE: J.-C. Deville & C.-E. Särndal, *Calibration estimators in survey sampling*, JASA 87 (1992) 376-382; computed
/// as R's package survey does for raked designs (T. Lumley, *Complex surveys*, 2010, section 7.3).
pub fn calibrated_variance(cells: &[CellSums], levels: &[Vec<usize>]) -> Option<f64> {
    let n: f64 = cells.iter().map(|it| it.rows).sum();
    let total: f64 = cells.iter().map(|it| it.w).sum();
    if n <= 1.0 || total <= 0.0 || levels.iter().any(|it| it.len() != cells.len()) {
        return None;
    }
    let mean = cells.iter().map(|it| it.ws).sum::<f64>() / total;
    let sums: Vec<f64> = cells.iter().map(|it| (it.s - mean * it.n) / total).collect();
    let mut fitted = vec![0.0; cells.len()];
    for _ in 0..200 {
        let mut moved = 0.0f64;
        for margin in levels {
            let count = margin.iter().max().map_or(0, |it| it + 1);
            let (mut above, mut rows) = (vec![0.0; count], vec![0.0; count]);
            for (cell, level) in margin.iter().enumerate() {
                above[*level] += sums[cell] - cells[cell].rows * fitted[cell];
                rows[*level] += cells[cell].rows;
            }
            for (cell, level) in margin.iter().enumerate() {
                if rows[*level] > 0.0 {
                    let step = above[*level] / rows[*level];
                    fitted[cell] += step;
                    moved = moved.max((step * total).abs());
                }
            }
        }
        if moved < 1e-14 {
            break;
        }
    }
    let (mut sum, mut squares) = (0.0, 0.0);
    for (it, t) in cells.iter().zip(&fitted) {
        let first = (it.w2s - mean * it.w2) / total;
        let second = (it.w2s2 - 2.0 * mean * it.w2s + mean * mean * it.w2) / (total * total);
        sum += (it.ws - mean * it.w) / total - t * it.all_w;
        squares += second - 2.0 * t * first + t * t * it.all_w2;
    }
    let variance = n / (n - 1.0) * (squares - sum * sum / n);
    variance.is_finite().then_some(variance.max(0.0))
}

#[cfg(test)]
#[path = "raking_tests.rs"]
mod tests;
