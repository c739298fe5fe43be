//! Intervals against the golden file of the airport survey and against published tables.

use super::*;
use crate::stats::testing::assert_close;
use proptest::prelude::*;

#[track_caller]
fn assert_ends(found: Option<Interval>, low: f64, high: f64) {
    let found = found.expect("an interval");
    assert_close(found.low, low, 1e-12);
    assert_close(found.high, high, 1e-12);
}

/// `airport.json`: `ci_adj_wald`.
#[test]
fn adjusted_wald_of_the_airport() {
    assert_ends(adjusted_wald_net(1436, 342, 2746, 0.95), 37.182_360_716_973_78, 42.410_218_402_702_6);
    assert_ends(adjusted_wald_net(1268, 447, 2650, 0.95), 28.120_901_600_474_145, 33.771_295_911_776_136);
}

#[test]
fn adjusted_wald_at_the_edge() {
    let all = adjusted_wald_net(3, 0, 3, 0.95).expect("an interval");
    assert!(all.low > -100.0 && all.low < 60.0 && all.high <= 100.0);
    // One answer says nothing of others: its interval would not even hold it.
    assert_eq!(adjusted_wald_net(1, 0, 1, 0.95), None);
    // At a low confidence it goes on to the net itself.
    assert_eq!(adjusted_wald_net(30, 0, 30, 0.8).map(|it| it.high), Some(100.0));
    assert_eq!(adjusted_wald_net(0, 0, 0, 0.95), None);
    assert_eq!(adjusted_wald_net(2, 2, 3, 0.95), None);
    assert_eq!(adjusted_wald_net(u64::MAX, 2, 3, 0.95), None);
    assert_eq!(adjusted_wald_net(1, 1, 3, 1.0), None);
}

/// `airport.json`: `wilson`, in percent.
#[test]
fn wilson_of_the_airport() {
    for (top2, n, low, high) in [
        (2206.0, 2688.0, 80.572_792_458_603_98, 83.472_584_149_693_4),
        (2290.0, 2683.0, 83.963_752_298_011_5, 86.639_594_757_405_38),
        (1974.0, 2407.0, 80.425_724_759_970_72, 83.493_866_234_362_34),
        (1789.0, 2319.0, 75.392_260_537_115_87, 78.808_597_434_447_72),
        (2059.0, 2625.0, 76.823_916_271_400_2, 79.969_162_481_616_89),
        (1721.0, 2364.0, 70.970_627_396_685_61, 74.556_069_333_124_11),
        (1669.0, 2276.0, 71.475_377_610_163_7, 75.106_808_878_775_15),
    ] {
        let found = wilson(top2 / n, n, 0.95).map(|interval| interval.times(100.0));
        assert_ends(found, low, high);
    }
}

#[test]
fn wilson_at_the_edge() {
    // Newcombe 1998 (Statistics in Medicine 17, 857-872), table I, method 3: 0/20 and 15/148.
    let none = wilson(0.0, 20.0, 0.95).expect("an interval");
    assert_eq!(none.low, 0.0);
    assert_eq!(format!("{:.4}", none.high), "0.1611");
    let some = wilson(15.0 / 148.0, 148.0, 0.95).expect("an interval");
    assert_eq!(format!("{:.4} {:.4}", some.low, some.high), "0.0624 0.1605");
    assert_eq!(wilson(1.0, 2.5, 0.95).map(|interval| interval.high), Some(1.0));
    assert_eq!(wilson(0.5, 0.0, 0.95), None);
    assert_eq!(wilson(1.5, 10.0, 0.95), None);
    assert_eq!(wilson(f64::NAN, 10.0, 0.95), None);
}

/// `airport.json`: `t_ci` from `mean`, `sd` and `n`.
#[test]
fn t_of_the_airport() {
    for (mean, sd, n, low, high) in [
        (4.064_360_119_047_619, 0.699_264_779_347_254_4, 2688.0_f64, 4.037_913_461_940_463, 4.090_806_776_154_774),
        (4.307_021_188_201_08, 0.900_288_893_764_567, 2407.0, 4.271_037_102_852_774, 4.343_005_273_549_386_5),
        (4.002_666_666_666_666, 0.725_982_653_379_631_4, 2625.0, 3.974_881_689_046_671_6, 4.030_451_644_286_661),
        (4.118_629_173_989_455, 0.941_350_473_212_095_5, 2276.0, 4.079_935_103_024_788, 4.157_323_244_954_123),
    ] {
        assert_ends(t_mean(mean, sd / n.sqrt(), n - 1.0, 0.95), low, high);
    }
    assert_eq!(t_mean(4.0, 0.0, 0.0, 0.95), None);
    assert_eq!(t_mean(4.0, -1.0, 3.0, 0.95), None);
    assert_eq!(t_mean(f64::INFINITY, 1.0, 3.0, 0.95), None);
    assert_ends(t_mean(4.0, 0.0, 3.0, 0.95), 4.0, 4.0);
}

/// `airport.json`: `ci_wald` from `nps` and `se_wald`.
#[test]
fn wald_of_the_airport() {
    assert_ends(wald(39.839_766_933_721_776, 1.334_137_133_487_016_7, 0.95), 37.224_906_201_649_716, 42.454_627_665_793_836);
    assert_eq!(wald(1.0, f64::NAN, 0.95), None);
    let wide = wald(99.0, 5.0, 0.95).expect("an interval").within(0.0, 100.0);
    assert_eq!(wide.high, 100.0);
}

/// Ranks of the 95 % interval of a median, as the tables of the sign test print them (D. G. Altman
/// and others, *Statistics with confidence*, 2nd ed., 2000).
#[test]
fn ranks_of_the_median() {
    let ranks = |n: u32, p: f64, confidence: f64| {
        let table: Vec<(f64, u64)> = (1..=n).map(|rank| (f64::from(rank), 1)).collect();
        order_statistics(&table, p, confidence).map(|interval| (interval.low, interval.high))
    };
    for (n, expected) in [
        (6, (1.0, 6.0)),
        (10, (2.0, 9.0)),
        (15, (4.0, 12.0)),
        (20, (6.0, 15.0)),
        (30, (10.0, 21.0)),
        (50, (18.0, 33.0)),
        (100, (40.0, 61.0)),
    ] {
        assert_eq!(ranks(n, 0.5, 0.95), Some(expected), "{n}");
    }
    assert_eq!(ranks(5, 0.5, 0.95), None);
    assert_eq!(ranks(30, 0.99, 0.95), None);
    assert_eq!(ranks(20, 1.0, 0.95), None);
    assert_eq!(order_statistics(&[], 0.5, 0.95), None);
    assert_eq!(order_statistics(&[(1.0, u64::MAX), (2.0, 9)], 0.5, 0.95), None);
}

#[test]
fn ranks_among_very_many() {
    let many = [(1.0, 400_000_000_000), (2.0, 200_000_000_000), (3.0, 400_000_000_000)];
    assert_ends(order_statistics(&many, 0.5, 0.95), 2.0, 2.0);
}

proptest! {
    /// What the ranks promise: they hold the percentile with at least this confidence, and a rank
    /// further in would not.
    #[test]
    fn ranks_cover(n in 1u64..400, p in 0.01..0.99f64, confidence in 0.5..0.99f64) {
        let table: Vec<(f64, u64)> = (1..=n).map(|rank| (rank as f64, 1)).collect();
        if let Some(found) = order_statistics(&table, p, confidence) {
            let fewer = |rank: f64| match rank as u64 {
                0 => 0.0,
                rank => distribution::binomial_cdf(rank - 1, n, p).expect("a probability"),
            };
            let half = distribution::tail_beyond(confidence).expect("a confidence");
            prop_assert!(fewer(found.low) <= half && fewer(found.low + 1.0) > half);
            prop_assert!(fewer(found.high) >= 1.0 - half);
            prop_assert!(fewer(found.high - 1.0) < 1.0 - half);
        }
    }

    #[test]
    fn intervals_hold_their_figure(promoters in 0u64..500, passives in 0u64..500, detractors in 0u64..500, confidence in 0.5..0.999f64) {
        let n = promoters + passives + detractors;
        prop_assume!(n > 0);
        let share = promoters as f64 / n as f64;
        let found = wilson(share, n as f64, confidence).expect("an interval");
        prop_assert!(0.0 <= found.low && found.low <= share && share <= found.high && found.high <= 1.0);
        prop_assume!(n > 1);
        let net = adjusted_wald_net(promoters, detractors, n, confidence).expect("an interval");
        let value = (promoters as f64 - detractors as f64) / n as f64 * 100.0;
        prop_assert!(-100.0 <= net.low && net.low <= value && value <= net.high && net.high <= 100.0);
    }

    #[test]
    fn nothing_is_too_strange(a in proptest::num::f64::ANY, b in proptest::num::f64::ANY, c in proptest::num::f64::ANY, confidence in 0.0..1.0f64) {
        for found in [wilson(a, b, confidence), wald(a, b, confidence), t_mean(a, b, c, confidence), wald(a, b, c)].into_iter().flatten() {
            prop_assert!(found.low <= found.high && found.low.is_finite() && found.high.is_finite());
        }
    }
}
