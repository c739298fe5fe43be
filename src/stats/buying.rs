//! Answers: how often will customers buy who may leave without a word, and are they still there?
//!
//! In go the purchases of each customer as three numbers; out come the parameters of the BG/NBD model and, for a history,
//! the probability of being alive and the purchases that are to be expected. Times are in any one unit.
//!
//! The model: while alive, a customer buys at random at a rate λ; after each purchase but the first, he leaves for good
//! with a chance p. Over customers λ has a gamma distribution (r, α), p a beta distribution (a, b), and both are
//! independent.
//!
//! SOURCE: P. S. Fader, B. G. S. Hardie & K. L. Lee, *"Counting your customers" the easy way: an alternative to the
//! Pareto/NBD model*, Marketing Science 24 (2005) 275-284; P. S. Fader & B. G. S. Hardie, *Computing P(alive) using the
//! BG/NBD model*, 2008.

use super::gamma::{digamma, trigamma};
use super::newton::{Local, least};
use std::collections::BTreeMap;

/// The purchases of a customer, times from the first one on, all in the same unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bought {
    /// How many after the first: x.
    pub again: u32,
    /// The time of the last: t, 0 where there was one.
    pub last: f64,
    /// How long the customer is watched: T, no less than t.
    pub age: f64,
}

/// The parameters of a fitted model. They are estimates without an error: how certain a forecast is does not follow from
/// them alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Buying {
    /// The shape of the rates λ.
    pub r: f64,
    /// The rate of the rates, in the unit of time: r/α is the mean number of purchases in a unit.
    pub alpha: f64,
    /// With b, of the chances of leaving p: a/(a+b) is their mean.
    pub a: f64,
    pub b: f64,
    /// ln L of all customers, times in the unit that was given.
    pub log_likelihood: f64,
}

/// From where the search begins: logarithms of r, of α over the mean age, of a and of b.
const STARTS: [[f64; 4]; 3] = [[0.0, 0.0, 0.0, 0.0], [-1.0, -1.0, -0.5, 0.5], [-1.0, 1.0, -2.0, 0.0]];
/// A logarithm further out is no estimate: the likelihood still rises where the model has become another one, in which all
/// customers are alike or nobody leaves.
const FARTHEST: f64 = 10.0;
/// Terms after which a series is left: it ends sooner unless the horizon is a thousand times what is known.
const MOST_TERMS: u32 = 200_000;

impl Buying {
    /// Fits the model by maximum likelihood to histories, each with how many customers have it. Nothing where there is no
    /// maximum.
    pub fn fit(histories: &[(Bought, u64)]) -> Option<Buying> {
        let customers: f64 = histories.iter().map(|it| it.1 as f64).sum();
        let ages: f64 = histories.iter().map(|it| it.1 as f64 * it.0.age).sum();
        // With times of the order of 1 so are the parameters.
        let scale = ages / customers;
        if !(scale > 0.0 && scale.is_finite()) {
            return None;
        }
        let scaled: Vec<(Bought, f64)> =
            histories.iter().map(|(it, times)| (Bought { last: it.last / scale, age: it.age / scale, ..*it }, *times as f64)).collect();
        // What depends on the number of purchases alone is computed once for each.
        let mut numbers: BTreeMap<u32, f64> = BTreeMap::new();
        for (it, times) in &scaled {
            *numbers.entry(it.again).or_default() += times;
        }
        let numbers: Vec<(u32, f64)> = numbers.into_iter().collect();
        let of = |logs: &[f64; 4]| likelihood(&scaled, &numbers, customers, logs);
        let found = STARTS.into_iter().find_map(|start| least(of, start).filter(|it| it.iter().all(|it| it.abs() < FARTHEST)))?;
        let purchases: f64 = numbers.iter().map(|it| f64::from(it.0) * it.1).sum();
        let [r, alpha, a, b] = found.map(libm::exp);
        // Densities of times in the unit that was given.
        let log_likelihood = -of(&found).value * customers - purchases * libm::log(scale);
        Some(Buying { r, alpha: alpha * scale, a, b, log_likelihood })
    }

    /// The probability, 0 to 1, that a customer with this history has not left:
    /// 1 / (1 + a/(b+x−1) ((α+T)/(α+t))^(r+x)), and 1 for x = 0.
    ///
    /// SOURCE: Fader & Hardie 2008.
    pub fn alive(&self, of: &Bought) -> f64 {
        if of.again == 0 {
            // Nobody leaves before the first purchase after the first.
            return 1.0;
        }
        let x = f64::from(of.again);
        let ratio = libm::log((self.alpha + of.age) / (self.alpha + of.last));
        1.0 / (1.0 + self.a / (self.b + x - 1.0) * libm::exp((self.r + x) * ratio))
    }

    /// The purchases to be expected in the time after a history, of a customer who is alive; nothing where the series does
    /// not end.
    ///
    /// That is (c/(a−1)) [1 − ((α+T)/(α+T+t))^(r+x) ₂F₁(r+x, b+x; c; z)] with c = a+b+x−1 and z = t/(α+T+t), equation 10
    /// of the paper. By Euler's transformation (DLMF 15.8.1) the power and the function are (1−z)^(a−1) ₂F₁(k, a−1; c; z)
    /// with k = a+b−1−r, whose terms stay small however many purchases there are; and a−1 divides out of both parts of the
    /// difference, so that nothing happens at a = 1.
    pub fn expected(&self, again: u32, age: f64, time: f64) -> Option<f64> {
        let x = f64::from(again);
        let (c, k) = (self.a + self.b + x - 1.0, self.a + self.b - 1.0 - self.r);
        let z = time / (self.alpha + age + time);
        let log = -libm::log1p(time / (self.alpha + age));
        let y = (self.a - 1.0) * log;
        let slope = if y == 0.0 { 1.0 } else { libm::expm1(y) / y };
        let mut term = 1.0;
        let mut sum = 1.0;
        for n in 0..MOST_TERMS {
            let n = f64::from(n);
            term *= (k + 1.0 + n) * (self.a + n) / ((c + 1.0 + n) * (n + 2.0)) * z;
            sum += term;
            // What is left out is less than this term over 1 − z.
            if term.abs() <= 1e-17 * sum.abs() * (1.0 - z) {
                let expected = -c * log * slope - libm::exp(y) * k * z * sum;
                return expected.is_finite().then_some(expected.max(0.0));
            }
        }
        None
    }
}

/// Less the mean log likelihood of a customer, with its slopes, at logarithms of the parameters. Of one customer
///
/// L = Γ(r+x) α^r / Γ(r) · Γ(a+b) Γ(b+x) / (Γ(b) Γ(a+b+x)) · \[(α+T)^−(r+x) + δ a/(b+x−1) (α+t)^−(r+x)\], with δ = 1 for
/// x > 0, else 0.
///
/// SOURCE: Fader, Hardie & Lee 2005.
fn likelihood(histories: &[(Bought, f64)], numbers: &[(u32, f64)], customers: f64, logs: &[f64; 4]) -> Local<4> {
    let [r, alpha, a, b] = logs.map(libm::exp);
    let mut value = 0.0;
    let mut gradient = [0.0; 4];
    let mut hessian = [[0.0; 4]; 4];
    // Γ(r+x) α^r / Γ(r) · Γ(a+b) Γ(b+x) / (Γ(b) Γ(a+b+x))
    let of_sum = [libm::lgamma(a + b), digamma(a + b), trigamma(a + b)];
    let of_r = [libm::lgamma(r), digamma(r), trigamma(r)];
    let of_b = [libm::lgamma(b), digamma(b), trigamma(b)];
    let log_alpha = libm::log(alpha);
    for (again, times) in numbers {
        let x = f64::from(*again);
        let falls = of_sum[1] - digamma(a + b + x);
        let bends = of_sum[2] - trigamma(a + b + x);
        value +=
            times * (libm::lgamma(r + x) - of_r[0] + r * log_alpha + of_sum[0] - libm::lgamma(a + b + x) + libm::lgamma(b + x) - of_b[0]);
        gradient[0] += times * (digamma(r + x) - of_r[1] + log_alpha);
        gradient[1] += times * r / alpha;
        gradient[2] += times * falls;
        gradient[3] += times * (falls + digamma(b + x) - of_b[1]);
        hessian[0][0] += times * (trigamma(r + x) - of_r[2]);
        hessian[0][1] += times / alpha;
        hessian[1][1] -= times * r / (alpha * alpha);
        hessian[2][2] += times * bends;
        hessian[2][3] += times * bends;
        hessian[3][3] += times * (bends + trigamma(b + x) - of_b[2]);
    }
    // (α+T)^-(r+x), and where there was a purchase after the first, a/(b+x−1) (α+t)^-(r+x) beside it.
    for (it, times) in histories {
        let x = f64::from(it.again);
        let (long, count) = (alpha + it.age, r + x);
        let log_long = libm::log(long);
        if it.again == 0 {
            value -= times * count * log_long;
            gradient[0] -= times * log_long;
            gradient[1] -= times * count / long;
            hessian[0][1] -= times / long;
            hessian[1][1] += times * count / (long * long);
            continue;
        }
        let (short, rest) = (alpha + it.last, b + x - 1.0);
        let log_short = libm::log(short);
        let apart = logs[2] - libm::log(rest) + count * (log_long - log_short);
        // The share of having left, 1 − P(alive).
        let (gone, more) = if apart > 0.0 {
            let small = libm::exp(-apart);
            (1.0 / (1.0 + small), apart + libm::log1p(small))
        } else {
            let small = libm::exp(apart);
            (small / (1.0 + small), libm::log1p(small))
        };
        let stays = 1.0 - gone;
        value += times * (more - count * log_long);
        gradient[0] -= times * (stays * log_long + gone * log_short);
        gradient[1] -= times * count * (stays / long + gone / short);
        gradient[2] += times * gone / a;
        gradient[3] -= times * gone / rest;
        hessian[0][1] -= times * (stays / long + gone / short);
        hessian[1][1] += times * count * (stays / (long * long) + gone / (short * short));
        hessian[2][2] -= times * gone / (a * a);
        hessian[3][3] += times * gone / (rest * rest);
        let between = [log_long - log_short, count * (1.0 / long - 1.0 / short), 1.0 / a, -1.0 / rest];
        let both = times * gone * stays;
        for i in 0..4 {
            for j in i..4 {
                hessian[i][j] += both * between[i] * between[j];
            }
        }
    }
    of_logarithms([r, alpha, a, b], customers, value, gradient, hessian)
}

/// Less the mean of a log likelihood of so many customers, by the logarithms of its parameters; only the upper half of
/// the second derivatives is looked at.
pub(super) fn of_logarithms<const N: usize>(
    parameters: [f64; N],
    customers: f64,
    value: f64,
    gradient: [f64; N],
    hessian: [[f64; N]; N],
) -> Local<N> {
    let slopes: [f64; N] = std::array::from_fn(|it| -gradient[it] * parameters[it] / customers);
    let bends = std::array::from_fn(|i| {
        std::array::from_fn(|j| {
            let own = if i == j { slopes[i] } else { 0.0 };
            own - hessian[i.min(j)][i.max(j)] * parameters[i] * parameters[j] / customers
        })
    });
    Local { value: -value / customers, gradient: slopes, hessian: bends }
}

#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    clippy::excessive_precision,
    reason = "tests stop at the first surprise; figures as another program writes them"
)]
#[path = "buying_tests.rs"]
mod tests;
