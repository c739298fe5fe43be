//! Answers: where is a smooth function of a few variables least?
//!
//! Newton's method with the damping of Levenberg and Marquardt: far from the least value it goes down the slope, near it
//! each step doubles the digits. Nothing is drawn and nothing depends on the machine, so the same function gives the same
//! bits. SOURCE: D. W. Marquardt, *An algorithm for least-squares estimation of nonlinear parameters*, SIAM J. Appl.
//! Math. 11 (1963) 431-441; J. Nocedal & S. J. Wright, *Numerical optimization*, 2nd ed., chapter 3.

/// A function at a point, with its slopes and how these change.
pub(super) struct Local<const N: usize> {
    pub value: f64,
    pub gradient: [f64; N],
    pub hessian: [[f64; N]; N],
}

/// No variable goes further in one step: the functions here are of logarithms.
const LONGEST_STEP: f64 = 2.0;
const MOST_STEPS: usize = 200;
/// Further out there is no estimate: the function falls on, and the search is over.
const FARTHEST: f64 = 12.0;
/// What there is still to gain where the search ends; the functions here are of the order of 1.
const ENOUGH: f64 = 1e-14;

/// Returns where the function is least near `start`; nothing where no such point is found: it falls for ever, or it has a
/// ridge along which it does not change.
pub(super) fn least<const N: usize>(of: impl Fn(&[f64; N]) -> Local<N>, start: [f64; N]) -> Option<[f64; N]> {
    let mut at = start;
    let mut here = of(&at);
    let mut damping = 1e-3;
    for _ in 0..MOST_STEPS {
        if !here.value.is_finite() || at.iter().any(|it| it.abs() > FARTHEST) {
            return None;
        }
        if let Some(step) = solve(&here.hessian, &here.gradient) {
            let gain: f64 = 0.5 * (0..N).map(|it| step[it] * here.gradient[it]).sum::<f64>();
            if gain.abs() < ENOUGH {
                // The last step doubles the digits once more.
                let last: [f64; N] = std::array::from_fn(|it| at[it] - step[it]);
                return last.iter().all(|it| it.is_finite()).then_some(last);
            }
        }
        loop {
            let mut damped = here.hessian;
            for (it, row) in damped.iter_mut().enumerate() {
                row[it] += damping * here.hessian[it][it].abs().max(1e-6);
            }
            if let Some(mut step) = solve(&damped, &here.gradient) {
                let longest = step.iter().fold(0.0_f64, |most, it| most.max(it.abs()));
                if longest > LONGEST_STEP {
                    step.iter_mut().for_each(|it| *it *= LONGEST_STEP / longest);
                }
                let to: [f64; N] = std::array::from_fn(|it| at[it] - step[it]);
                let there = of(&to);
                if there.value.is_finite() && there.value <= here.value {
                    (at, here) = (to, there);
                    damping = (damping / 10.0).max(1e-12);
                    break;
                }
            }
            damping = (damping * 10.0).max(1e-6);
            if damping > 1e12 {
                return None;
            }
        }
    }
    None
}

/// Returns x with A x = b, for a symmetric matrix that is positive definite; nothing for another one.
fn solve<const N: usize>(matrix: &[[f64; N]; N], right: &[f64; N]) -> Option<[f64; N]> {
    let mut low = [[0.0; N]; N];
    for i in 0..N {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|it| low[i][it] * low[j][it]).sum();
            if i == j {
                let rest = matrix[i][i] - sum;
                // Digits that cancelled are no curvature.
                if rest.is_nan() || rest <= 1e-13 * matrix[i][i].abs() {
                    return None;
                }
                low[i][i] = rest.sqrt();
            } else {
                low[i][j] = (matrix[i][j] - sum) / low[j][j];
            }
        }
    }
    let mut x = [0.0; N];
    for i in 0..N {
        let sum: f64 = (0..i).map(|it| low[i][it] * x[it]).sum();
        x[i] = (right[i] - sum) / low[i][i];
    }
    for i in (0..N).rev() {
        let sum: f64 = (i + 1..N).map(|it| low[it][i] * x[it]).sum();
        x[i] = (x[i] - sum) / low[i][i];
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_floor_of_a_valley_is_found() {
        // Rosenbrock's function: least at (1, 1), at the end of a bent valley.
        let of = |&[x, y]: &[f64; 2]| Local {
            value: (1.0 - x) * (1.0 - x) + 100.0 * (y - x * x) * (y - x * x),
            gradient: [-2.0 * (1.0 - x) - 400.0 * x * (y - x * x), 200.0 * (y - x * x)],
            hessian: [[2.0 - 400.0 * (y - 3.0 * x * x), -400.0 * x], [-400.0 * x, 200.0]],
        };
        let found = least(of, [-1.2, 1.0]).unwrap_or_default();
        assert!((found[0] - 1.0).abs() < 1e-12 && (found[1] - 1.0).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn what_falls_for_ever_and_what_is_flat_has_none() {
        let falls = |&[x]: &[f64; 1]| Local { value: -x, gradient: [-1.0], hessian: [[0.0]] };
        assert_eq!(least(falls, [0.0]), None);
        let ridge = |&[x, y]: &[f64; 2]| Local {
            value: (x + y - 1.0) * (x + y - 1.0),
            gradient: [2.0 * (x + y - 1.0), 2.0 * (x + y - 1.0)],
            hessian: [[2.0, 2.0], [2.0, 2.0]],
        };
        assert_eq!(least(ridge, [3.0, 0.0]), None);
    }
}
