//! Distributions against figures of mpmath 1.4 with 40 digits, and against published tables.

// Figures stand as their source prints them.
#![expect(clippy::excessive_precision)]

use super::*;
use crate::stats::testing::{assert_close, assert_relative};
use proptest::prelude::*;

#[test]
fn normal_quantiles() {
    for (p, expected) in [
        (0.975, 1.959_963_984_540_054),
        (0.995, 2.575_829_303_548_900_5),
        (0.95, 1.644_853_626_951_472_2),
        (0.6, 0.253_347_103_135_799_7),
        (0.9999, 3.719_016_485_455_708_4),
        (1e-10, -6.361_340_902_404_056),
        (1e-300, -37.047_096_299_361_2),
        (0.25, -0.674_489_750_196_081_7),
        (0.5, 0.0),
    ] {
        assert_relative(normal_quantile(p).expect("a probability"), expected, 4e-16);
    }
    let critical = normal_critical(0.95).expect("a confidence");
    assert_eq!(format!("{critical:.15}"), "1.959963984540054");
    for bad in [0.0, 1.0, -0.1, 1.1, f64::NAN, f64::INFINITY] {
        assert_eq!(normal_quantile(bad), None);
        assert_eq!(normal_critical(bad), None);
    }
}

#[test]
fn normal_probabilities() {
    for (x, expected) in [
        (-37.5, 4.605_353_009_581_954_8e-308),
        (-10.0, 7.619_853_024_160_527e-24),
        (-1.96, 0.024_997_895_148_220_436),
        (-0.5, 0.308_537_538_725_986_9),
        (0.0, 0.5),
        (1.0, 0.841_344_746_068_542_9),
        (3.0, 0.998_650_101_968_369_9),
        (8.0, 0.999_999_999_999_999_4),
        (f64::INFINITY, 1.0),
        (f64::NEG_INFINITY, 0.0),
    ] {
        assert_relative(normal_cdf(x).expect("a number"), expected, 1e-14);
    }
    // The golden tests of 2018 against 2017: `nps_diff_2018_2017`, `ces_security_top2_diff`.
    assert_relative(normal_two_sided(-4.509_001_234_231_293).expect("a number"), 6.513_353_001_420_438e-6, 1e-9);
    assert_relative(normal_two_sided(-7.610_875_443_010_371).expect("a number"), 2.722_455_069_986_588_5e-14, 1e-9);
    assert_eq!(normal_cdf(f64::NAN), None);
}

#[test]
fn t_probabilities() {
    for (t, df, expected) in [
        (-2.5, 3.7, 0.035_911_011_455_913_386),
        (0.1, 1.0, 0.531_725_517_430_553_6),
        (1.96, 2687.0, 0.974_950_499_298_001),
        (-1.96, 1e6, 0.024_998_033_792_634_895),
        (2.0, 0.3, 0.717_865_150_519_608_6),
        (-40.0, 5.0, 9.205_981_085_886_478e-8),
        (-3.0, 1e8, 0.001_349_898_364_018_747_2),
        (1.0, 1e12, 0.841_344_746_068_421_9),
        (-5.0, 12.5, 0.000_136_716_553_631_448_83),
        (1e-6, 10.0, 0.500_000_389_108_384),
        (-1e10, 2.0, 5e-21),
        (-2.0, 99_999.0, 0.022_751_481_742_251_236),
        (-2.0, 100_001.0, 0.022_751_481_715_255_497),
        (f64::NEG_INFINITY, 4.0, 0.0),
        (f64::INFINITY, 4.0, 1.0),
    ] {
        assert_relative(t_cdf(t, df).expect("a number"), expected, 1e-12);
        let both = t_two_sided(t, df).expect("a number");
        assert_close(both, 2.0 * expected.min(1.0 - expected), 1e-12);
    }
    for (t, df) in [(f64::NAN, 1.0), (1.0, 0.0), (1.0, -1.0), (1.0, f64::NAN), (1.0, f64::INFINITY)] {
        assert_eq!(t_cdf(t, df), None);
        assert_eq!(t_two_sided(t, df), None);
        assert_eq!(t_quantile(0.975, if df == 1.0 { 0.0 } else { df }), None);
    }
}

#[test]
fn t_quantiles() {
    for (p, df, expected) in [
        (0.975, 1.0, 12.706_204_736_174_693),
        (0.975, 2.0, 4.302_652_729_749_462),
        (0.975, 5.0, 2.570_581_835_636_315),
        (0.975, 10.0, 2.228_138_851_986_274),
        (0.975, 30.0, 2.042_272_456_301_238),
        (0.975, 2687.0, 1.960_847_245_430_21),
        (0.975, 210.0, 1.971_324_793_243_330_8),
        (0.995, 4.5, 4.272_823_993_011_292),
        (0.9, 0.5, 10.270_324_410_234_511),
        (0.55, 7.0, 0.130_292_796_591_777_5),
        (1e-8, 3.0, -479.525_069_579_738_3),
        (0.975, 1e6, 1.959_966_356_814_106_7),
        (0.975, 1e9, 1.959_963_986_912_325),
        (0.025, 204.5, -1.971_632_123_811_077_5),
        (0.75, 1.5, 0.872_594_662_541_570_6),
        (0.999, 120.0, 3.159_538_743_317_11),
        (0.5, 3.0, 0.0),
    ] {
        assert_relative(t_quantile(p, df).expect("a probability"), expected, 1e-12);
    }
    // The table every textbook prints, two-sided 95 %.
    for (df, printed) in [(1.0, "12.706"), (4.0, "2.776"), (9.0, "2.262"), (60.0, "2.000")] {
        let critical = t_critical(0.95, df).expect("a confidence");
        assert_eq!(format!("{critical:.3}"), printed);
    }
    assert_eq!(t_quantile(0.0, 3.0), None);
    assert_eq!(t_critical(1.0, 3.0), None);
    assert_eq!(t_quantile(1e-300, 1e-3), None);
}

#[test]
fn binomial_probabilities() {
    for (k, n, p, expected) in [
        (0, 5, 0.5, 0.03125),
        (1, 10, 0.5, 0.010_742_187_5),
        (39, 100, 0.5, 0.017_600_100_108_852_408),
        (59, 100, 0.5, 0.971_556_033_179_509_6),
        (3, 20, 0.1, 0.867_046_676_565_664_9),
        (899, 1000, 0.9, 0.473_400_918_704_833_94),
        (2000, 2746, 0.72, 0.839_805_760_925_412_6),
        (7, 7, 0.2, 1.0),
        (0, 0, 0.2, 1.0),
        (3, 9, 0.0, 1.0),
        (3, 9, 1.0, 0.0),
        // mpmath: half, and half of the probability of the middle.
        (500_000_000, 1_000_000_000, 0.5, 0.500_012_615_662_606_9),
    ] {
        assert_relative(binomial_cdf(k, n, p).expect("a probability"), expected, 1e-12);
    }
    assert_eq!(binomial_cdf(1, 2, f64::NAN), None);
    assert_eq!(binomial_cdf(1, 2, 1.5), None);
}

#[test]
fn gamma_and_beta() {
    // Γ(1/2) = √π, Γ(11) = 10!; I_x(1, 1) = x.
    assert_close(ln_gamma(0.5).expect("positive"), 0.572_364_942_924_700_1, 1e-15);
    assert_close(ln_gamma(11.0).expect("positive"), 15.104_412_573_075_516, 1e-15);
    assert_eq!(ln_gamma(0.0), None);
    assert_eq!(ln_gamma(f64::NAN), None);
    assert_close(incomplete_beta(0.3, 1.0, 1.0).expect("defined"), 0.3, 1e-14);
    assert_eq!(incomplete_beta(0.3, 0.0, 1.0), None);
    assert_eq!(incomplete_beta(1.3, 1.0, 1.0), None);
}

proptest! {
    #[test]
    fn quantiles_undo_probabilities(p in 1e-6..0.999_999f64, df in 0.2..1e9f64) {
        let t = t_quantile(p, df).expect("a probability");
        prop_assert!((t_cdf(t, df).expect("a number") - p).abs() <= 1e-12);
        let z = normal_quantile(p).expect("a probability");
        prop_assert!((normal_cdf(z).expect("a number") - p).abs() <= 1e-14);
    }

    #[test]
    fn nothing_is_too_strange(a in proptest::num::f64::ANY, b in proptest::num::f64::ANY, k in 0u64..2000, n in 0u64..2000) {
        for figure in [
            normal_cdf(a), normal_quantile(a), t_cdf(a, b), t_quantile(a, b), t_two_sided(a, b),
            binomial_cdf(k, n, a), incomplete_beta(a, b, 0.5),
        ].into_iter().flatten() {
            prop_assert!(!figure.is_nan());
        }
    }
}
