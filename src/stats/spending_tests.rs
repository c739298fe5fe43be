//! What a customer spends, drawn to what all do.

use super::*;

#[test]
fn a_customer_is_drawn_to_the_mean_of_all_the_less_the_more_he_bought() {
    let model = Spending { p: 6.25, q: 3.74, gamma: 15.44, log_likelihood: 0.0 };
    let all = model.mean().unwrap();
    assert!((all - 6.25 * 15.44 / 2.74).abs() < 1e-12);
    let of = |purchases| model.expected(Spent { purchases, mean: 100.0 }).unwrap();
    assert_eq!(of(0), all);
    assert!(all < of(1) && of(1) < of(2) && of(2) < of(50) && of(50) < 100.0);
    // (p x m̄ + p γ) / (p x + q - 1), as the paper writes it.
    assert!((of(2) - 6.25 * (15.44 + 200.0) / (12.5 + 2.74)).abs() < 1e-12);
}

#[test]
fn amounts_without_a_mean_give_nothing() {
    let model = Spending { p: 2.0, q: 0.9, gamma: 10.0, log_likelihood: 0.0 };
    assert_eq!(model.mean(), None);
    assert_eq!(model.expected(Spent { purchases: 3, mean: 12.0 }), None);
}
