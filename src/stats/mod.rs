//! Answers: how certain is this figure, how good is it, and is this movement more than noise?
//!
//! In go counts, moments, frequency tables and series; out come intervals, percentiles,
//! satisfactions and signals. Pure: no model, no data, no platform. Every function is total: where
//! a figure does not exist it returns `None`, never NaN, infinity or a panic. A confidence is a
//! fraction such as 0.95. Mathematical functions come from `libm`, so the bits are the same
//! everywhere.

mod beta;
pub mod buying;
pub mod deviation;
pub mod difference;
pub mod distribution;
pub mod drivers;
pub mod effective;
mod gamma;
pub mod interval;
pub mod lag;
pub mod mix;
pub mod multiple;
mod newton;
pub mod norms;
pub mod quantile;
pub mod raking;
pub mod spending;
pub mod sum;
pub mod xmr;

pub use deviation::weighted_deviation;
pub use difference::{Difference, POWER, smallest_between, smallest_detectable};
pub use distribution::{normal_critical, t_critical};
pub use effective::{clusters_size, kish, share_size};
pub use interval::{
    Interval, adjusted_net, adjusted_share_variance, adjusted_wald_alike, adjusted_wald_net, order_statistics, t_mean, wald, wilson,
};
pub use lag::correlation;
pub use multiple::{benjamini_hochberg, holm};
pub use norms::satisfaction;
pub use quantile::{percentile, weighted_percentile};
pub use sum::Compensated;

#[cfg(test)]
pub(crate) mod testing {
    /// Asserts that a figure equals one from elsewhere, relatively, or absolutely below 1.
    #[track_caller]
    pub(crate) fn assert_close(found: f64, expected: f64, tolerance: f64) {
        let allowed = tolerance * expected.abs().max(1.0);
        assert!((found - expected).abs() <= allowed, "{found:e} is not {expected:e}");
    }

    /// Asserts that a figure equals one from elsewhere relatively, however small it is.
    #[track_caller]
    pub(crate) fn assert_relative(found: f64, expected: f64, tolerance: f64) {
        let allowed = tolerance * expected.abs();
        assert!((found - expected).abs() <= allowed, "{found:e} is not {expected:e}");
    }
}
