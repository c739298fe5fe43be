//! Answers: what does a purchase of this customer bring, who has bought only a few times?
//!
//! In go the mean amount of each customer and of how many purchases it is; out come the parameters of the gamma-gamma
//! model and, for a customer, the amount that is to be expected.
//!
//! The model: amounts of a customer vary with a gamma distribution of shape p, whose scale varies over customers with a
//! gamma distribution (q, γ). How much and how often a customer buys are taken to be independent.
//!
//! SOURCE: P. S. Fader & B. G. S. Hardie, *The gamma-gamma model of monetary value*, 2013, after R. Colombo & W. Jiang,
//! *A stochastic RFM model*, Journal of Interactive Marketing 13 (1999) 2-12.

use super::buying::of_logarithms;
use super::gamma::{digamma, trigamma};
use super::newton::{Local, least};

/// The mean amount of a customer, over so many purchases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spent {
    /// x.
    pub purchases: u32,
    /// m, in money.
    pub mean: f64,
}

/// The parameters of a fitted model: estimates without an error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spending {
    /// The shape of the amounts of a customer.
    pub p: f64,
    /// The shape of their scale over customers.
    pub q: f64,
    /// The rate of that scale, in money.
    pub gamma: f64,
    /// ln L of all customers, amounts in the unit that was given.
    pub log_likelihood: f64,
}

/// From where the search begins: logarithms of p, of q and of γ over the mean amount.
const STARTS: [[f64; 3]; 4] = [[0.0, 1.0, 0.0], [1.0, 1.5, 1.0], [2.0, 1.0, -1.0], [1.0, 2.0, 2.0]];
/// A logarithm further out is no estimate.
const FARTHEST: f64 = 10.0;

impl Spending {
    /// Fits the model by maximum likelihood to customers who bought at least once, for more than nothing. Nothing where
    /// there is no maximum.
    pub fn fit(customers: &[Spent]) -> Option<Spending> {
        let n = customers.len() as f64;
        let scale = customers.iter().map(|it| it.mean).sum::<f64>() / n;
        if !(scale > 0.0 && scale.is_finite()) {
            return None;
        }
        let scaled: Vec<Spent> = customers.iter().map(|it| Spent { mean: it.mean / scale, ..*it }).collect();
        let of = |logs: &[f64; 3]| likelihood(&scaled, logs);
        let found = STARTS.into_iter().find_map(|start| least(of, start).filter(|it| it.iter().all(|it| it.abs() < FARTHEST)))?;
        let [p, q, gamma] = found.map(libm::exp);
        let log_likelihood = -of(&found).value * n - n * libm::log(scale);
        Some(Spending { p, q, gamma: gamma * scale, log_likelihood })
    }

    /// The mean amount over all customers: p γ / (q − 1). Nothing for q up to 1, where amounts have no mean.
    pub fn mean(&self) -> Option<f64> {
        (self.q > 1.0).then(|| self.p * self.gamma / (self.q - 1.0))
    }

    /// The amount to be expected of a customer, in money: w m + (1−w) pγ/(q−1) with w = px/(px+q−1), which is the own mean
    /// and that of all, the former weighing the more the more purchases it is of; 0 of them leave that of all. Nothing for
    /// q up to 1.
    ///
    /// SOURCE: Fader & Hardie 2013, where it stands as p (γ + xm) / (px + q − 1).
    pub fn expected(&self, of: Spent) -> Option<f64> {
        let all = self.mean()?;
        let own = self.p * f64::from(of.purchases);
        let weight = own / (own + self.q - 1.0);
        Some(if of.purchases == 0 { all } else { weight * of.mean + (1.0 - weight) * all })
    }
}

/// Less the mean log likelihood of a customer, with its slopes, at logarithms of the parameters. Of one customer
///
/// L = Γ(px+q) / (Γ(px) Γ(q)) · γ^q m^(px−1) x^(px) / (γ+xm)^(px+q).
///
/// SOURCE: Fader & Hardie 2013.
fn likelihood(customers: &[Spent], logs: &[f64; 3]) -> Local<3> {
    let [p, q, gamma] = logs.map(libm::exp);
    let mut value = 0.0;
    let mut gradient = [0.0; 3];
    let mut hessian = [[0.0; 3]; 3];
    let of_q = [libm::lgamma(q), digamma(q), trigamma(q)];
    for it in customers {
        let x = f64::from(it.purchases);
        let (own, all) = (p * x, p * x + q);
        let total = x * it.mean;
        let sum = gamma + total;
        let (log_total, log_sum) = (libm::log(total), libm::log(sum));
        let bends = trigamma(all);
        value += libm::lgamma(all) - libm::lgamma(own) - of_q[0] + q * logs[2] + own * log_total - libm::log(it.mean) - all * log_sum;
        gradient[0] += x * (digamma(all) - digamma(own) + log_total - log_sum);
        gradient[1] += digamma(all) - of_q[1] + logs[2] - log_sum;
        gradient[2] += q / gamma - all / sum;
        hessian[0][0] += x * x * (bends - trigamma(own));
        hessian[0][1] += x * bends;
        hessian[0][2] -= x / sum;
        hessian[1][1] += bends - of_q[2];
        hessian[1][2] += 1.0 / gamma - 1.0 / sum;
        hessian[2][2] += all / (sum * sum) - q / (gamma * gamma);
    }
    of_logarithms([p, q, gamma], customers.len() as f64, value, gradient, hessian)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]
#[path = "spending_tests.rs"]
mod tests;
