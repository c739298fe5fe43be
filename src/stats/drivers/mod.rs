//! Answers: which answers go with another answer, how much of it do they explain, and which of them how much?
//!
//! In go cross-products of an outcome and its items over complete cases, weighted or not; out come correlations,
//! coefficients, R², variance inflation, and importance by several methods. Nothing here needs a row.

mod crosses;
mod importance;
mod jackknife;
mod regression;
#[cfg(test)]
mod tests;

pub use crosses::{Crosses, Singular};
pub use importance::{MAX_LMG_ITEMS, johnson, lmg};
pub use jackknife::delete_a_group;
pub use regression::{Contrast, Fit, contrast, fit};
