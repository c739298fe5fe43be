//! Answers: how good is this value, given what is bad, passable and wanted?
//!
//! In go a value and three norms in its unit; out comes a satisfaction of 0 to 100.

/// Returns the satisfaction of a value, 0 to 100: 0 at `worst` and beyond, 50 at `threshold`, 100
/// at `target` and beyond, in straight lines between them. Whether more is better follows from the
/// order of the norms.
///
/// A threshold that equals the target leaves only the line from worst up to it; one that equals the
/// worst leaves only the line from 50 up to the target, and what is worse than it has 0. Nothing
/// where worst equals target, where the threshold does not lie between them, or where anything is
/// not a finite number.
///
/// SOURCE: the indicators of GRL (ITU-T Z.151), in Y. Fan, A. A. Anda & D. Amyot, *An arithmetic
/// semantics for GRL goal models with function generation*, SAM 2018, equations 8 and 9, moved
/// from -100..100 to 0..100.
pub fn satisfaction(value: f64, worst: f64, threshold: f64, target: f64) -> Option<f64> {
    if [value, worst, threshold, target].iter().any(|number| !number.is_finite()) || worst == target {
        return None;
    }
    // Where less is better, everything is mirrored, which changes no distance.
    let sign = if target > worst { 1.0 } else { -1.0 };
    let [value, worst, threshold, target] = [value, worst, threshold, target].map(|number| number * sign);
    if !(worst..=target).contains(&threshold) {
        return None;
    }
    Some(if value >= target {
        100.0
    } else if value >= threshold {
        50.0 + 50.0 * share_of_way(value, threshold, target)
    } else if value > worst {
        50.0 * share_of_way(value, worst, threshold)
    } else {
        0.0
    })
}

/// Returns how far a value lies on the way, 0 to 1; in halves, since the whole way between two huge
/// norms may be too long for a number.
fn share_of_way(value: f64, from: f64, to: f64) -> f64 {
    (value / 2.0 - from / 2.0) / (to / 2.0 - from / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testing::assert_close;
    use proptest::prelude::*;

    /// Value, target, threshold, worst as in Fan, Anda & Amyot 2018 and in jUCMNav; their figure on
    /// -100..100 is twice ours less 100.
    #[test]
    fn published_cases() {
        for (value, target, threshold, worst, expected) in [
            (75.0, 90.0, 60.0, 0.0, 75.0),
            (30.0, 90.0, 60.0, 0.0, 25.0),
            (60.0, 30.0, 90.0, 360.0, 75.0),
            (134.0, 30.0, 90.0, 360.0, 41.851_851_851_851_85),
            (134.0, 90.0, 90.0, 360.0, 41.851_851_851_851_85),
        ] {
            let found = satisfaction(value, worst, threshold, target).expect("good norms");
            assert_close(found, expected, 1e-14);
        }
        let on_their_scale = 2.0 * satisfaction(134.0, 360.0, 90.0, 30.0).expect("good norms") - 100.0;
        assert_eq!(format!("{on_their_scale:.1}"), "-16.3");
    }

    #[test]
    fn ends_and_corners() {
        let nps = |value| satisfaction(value, 0.0, 30.0, 45.0);
        assert_eq!(nps(-40.0), Some(0.0));
        assert_eq!(nps(0.0), Some(0.0));
        assert_eq!(nps(30.0), Some(50.0));
        assert_eq!(nps(45.0), Some(100.0));
        assert_eq!(nps(90.0), Some(100.0));
        // The threshold is the target: reached is reached.
        assert_eq!(satisfaction(90.0, 360.0, 90.0, 90.0), Some(100.0));
        assert_eq!(satisfaction(360.0, 360.0, 90.0, 90.0), Some(0.0));
        // The threshold is the worst: at it half, beyond it nothing.
        assert_eq!(satisfaction(10.0, 10.0, 10.0, 20.0), Some(50.0));
        assert_eq!(satisfaction(15.0, 10.0, 10.0, 20.0), Some(75.0));
        assert_eq!(satisfaction(9.9, 10.0, 10.0, 20.0), Some(0.0));
    }

    #[test]
    fn norms_that_say_nothing() {
        assert_eq!(satisfaction(1.0, 5.0, 5.0, 5.0), None);
        assert_eq!(satisfaction(1.0, 5.0, 7.0, 5.0), None);
        assert_eq!(satisfaction(1.0, 0.0, 50.0, 45.0), None);
        assert_eq!(satisfaction(1.0, 0.0, -1.0, 45.0), None);
        assert_eq!(satisfaction(f64::NAN, 0.0, 30.0, 45.0), None);
        assert_eq!(satisfaction(1.0, 0.0, 30.0, f64::INFINITY), None);
    }

    proptest! {
        #[test]
        fn better_is_never_less(worst in -1e6..1e6f64, a in 0.0..1e6f64, b in 0.0..1e6f64, x in -2e6..2e6f64, y in -2e6..2e6f64, up: bool) {
            prop_assume!(a + b > 0.0);
            let sign = if up { 1.0 } else { -1.0 };
            let of = |value: f64| satisfaction(value, worst, worst + sign * a, worst + sign * (a + b));
            let (worse, better) = if (x < y) == up { (x, y) } else { (y, x) };
            if let (Some(worse), Some(better)) = (of(worse), of(better)) {
                prop_assert!((0.0..=100.0).contains(&worse) && (0.0..=100.0).contains(&better));
                prop_assert!(worse <= better);
            }
        }

        #[test]
        fn nothing_is_too_strange(value in proptest::num::f64::ANY, worst in proptest::num::f64::ANY, threshold in proptest::num::f64::ANY, target in proptest::num::f64::ANY) {
            if let Some(found) = satisfaction(value, worst, threshold, target) {
                prop_assert!((0.0..=100.0).contains(&found));
            }
        }
    }
}
