//! Differences against published figures, those of the airport, and whatever numbers there are.

use super::*;
use crate::stats::testing::{assert_close, assert_relative};
use proptest::prelude::*;

/// `airport.json`: `nps_diff_2018_2017`.
#[test]
fn nets_of_two_waves() {
    let before = Net { good: 1436, bad: 342, n: 2746 };
    let now = Net { good: 1268, bad: 447, n: 2650 };
    let found = nets(now, before, 0.95).expect("two waves");
    assert_relative(found.change, -8.858634858250081, 1e-12);
    assert_relative(found.se, 1.9646556738546395, 1e-12);
    assert_relative(found.change / found.se, -4.509001234231293, 1e-12);
    assert_relative(found.p, 6.513353001420438e-06, 1e-11);
    assert_relative(found.interval.low, -12.709289221027445, 1e-12);
    assert_relative(found.interval.high, -5.007980495472717, 1e-12);
}

/// `airport.json`: `seg_change_p`, raw, from the counts of the boarding areas A to G.
#[test]
fn nets_of_segments() {
    let areas = [
        ((382, 93, 724), (270, 140, 661), 3.1011107764948925e-07),
        ((94, 22, 166), (116, 37, 238), 0.16257712529719925),
        ((132, 26, 226), (84, 33, 189), 0.004892214393487583),
        ((213, 45, 386), (263, 73, 495), 0.2853875929935613),
        ((100, 18, 175), (96, 16, 157), 0.580131639306163),
        ((221, 50, 444), (206, 60, 407), 0.5842697253035473),
        ((294, 88, 625), (233, 88, 503), 0.3440108349130826),
    ];
    let net = |(good, bad, n)| Net { good, bad, n };
    for (before, now, p) in areas {
        assert_relative(nets(net(now), net(before), 0.95).expect("two waves").p, p, 1e-11);
    }
}

/// `airport.json`: `ces_security_top2_diff`.
#[test]
fn shares_of_two_waves() {
    let found = shares(1721.0 / 2364.0, 2364.0, 1974.0 / 2407.0, 2407.0, 0.95).expect("two waves");
    assert_relative(found.change * 100.0, -9.210463418526205, 1e-12);
    assert_relative(found.p, 2.7224550699865885e-14, 1e-10);
    assert_relative(found.interval.low * 100.0, -11.565738863933472, 1e-12);
    assert_relative(found.interval.high * 100.0, -6.845075419094873, 1e-12);
}

/// Newcombe 1998, table II, method 10: the cases a, b, c, f and h.
#[test]
fn published_differences_of_shares() {
    for (k_a, n_a, k_b, n_b, low, high) in [
        (56.0, 70.0, 48.0, 80.0, 0.0524, 0.3339),
        (9.0, 10.0, 3.0, 10.0, 0.1705, 0.8090),
        (6.0, 7.0, 2.0, 7.0, 0.0582, 0.8062),
        (0.0, 10.0, 0.0, 20.0, -0.1611, 0.2775),
        (10.0, 10.0, 0.0, 10.0, 0.6075, 1.0),
    ] {
        let found = shares(k_a / n_a, n_a, k_b / n_b, n_b, 0.95).expect("answers");
        assert_close(found.interval.low, low, 1e-4);
        assert_close(found.interval.high, high, 1e-4);
    }
}

/// R's `t.test(extra ~ group, data = sleep)`, on Student's data of 1908; and the same paired.
#[test]
fn student_sleep() {
    let first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    let second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    let moments = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / 10.0;
        let sd = (values.iter().map(|it| (it - mean) * (it - mean)).sum::<f64>() / 9.0).sqrt();
        (mean, sd)
    };
    let ((mean_a, sd_a), (mean_b, sd_b)) = (moments(&first), moments(&second));
    let found = welch((mean_a, sd_a, 10), (mean_b, sd_b, 10), 0.95).expect("ten each");
    assert_close(found.change / found.se, -1.8608, 5e-5);
    assert_close(found.p, 0.07939414, 1e-8);
    assert_close(found.interval.low, -3.3654832, 1e-7);
    assert_close(found.interval.high, 0.2054832, 1e-7);
    let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
    let (mean, sd) = moments(&differences);
    let found = paired(mean, sd, 10, 0.95).expect("ten pairs");
    assert_close(found.change / found.se, -4.0621, 5e-5);
    assert_close(found.p, 0.00283289, 1e-8);
    assert_close(found.interval.low, -2.4598858, 1e-7);
    assert_close(found.interval.high, -0.7001142, 1e-7);
}

/// `airport_weights.txt`: the weighted difference of the two waves from their linearised standard errors.
#[test]
fn weighted_difference() {
    let part = |se: f64| Variance { of: se * se, df: None };
    let parts = [part(1.5779511302896974), part(1.4457249769270024)];
    let found = independent(35.11363210359721 - 40.39843551170741, &parts, 0.95).expect("two waves");
    assert_relative(found.change / found.se, -2.469412852478617, 1e-9);
    assert_relative(found.p, 0.013533497836631232, 1e-8);
}

/// `airport_weights.txt`: 211 and 205 flights; a quarter of a point of the degrees of freedom is no matter here.
#[test]
fn clustered_difference() {
    let part = |se: f64, clusters: f64| Variance { of: se * se, df: Some(clusters - 1.0) };
    let found = independent(35.1926047 - 40.39843551, &[part(2.253060728, 205.0), part(1.552488746, 211.0)], 0.95);
    let found = found.expect("two waves");
    assert_close(found.se, 2.73614, 1e-5);
    assert_close(found.change / found.se, -1.90262, 1e-5);
    // By the normal distribution it would be 0.0571; what is unknown of the variance adds a little.
    assert!(found.p > 0.0571 && found.p < 0.0582, "{}", found.p);
    assert!(found.interval.low < -5.2058 - 1.96 * 2.736 && found.interval.high > 0.0);
}

/// Section 3.2 of the methods: a variance of 0.489 in the usual NPS, two waves of n answers, power of 80 %.
#[test]
fn what_a_survey_can_see() {
    for (n, expected) in [(400.0, 13.9), (1000.0, 8.8), (2000.0, 6.2)] {
        let se = 100.0 * f64::sqrt(2.0 * 0.489 / n);
        let found = smallest_detectable(se, None, 0.95, 0.8).expect("a standard error");
        assert!((found - expected).abs() < 0.06, "{n}: {found}");
    }
    assert_relative(smallest_detectable(1.0, None, 0.95, 0.8).expect("one"), 2.801585218112969, 1e-14);
}

#[test]
fn a_share_against_a_norm() {
    // 60 of 100 against a half: z = 2.
    assert_relative(share_against(0.6, 100.0, 0.5).expect("a norm"), 0.04550026389635842, 1e-12);
    assert_eq!(share_against(0.6, 100.0, 1.0), None);
}

#[test]
fn without_spread_nothing_is_said() {
    let all = Net { good: 5, bad: 0, n: 5 };
    assert_eq!(welch((1.0, 0.0, 5), (2.0, 0.0, 5), 0.95), None);
    assert_eq!(welch((1.0, 1.0, 1), (2.0, 1.0, 5), 0.95), None);
    assert_eq!(paired(1.0, 1.0, 1, 0.95), None);
    assert_eq!(nets(Net { good: 5, bad: 1, n: 5 }, all, 0.95), None);
    // Two nets of the same answers are alike.
    assert_eq!(nets(all, all, 0.95).map(|it| (it.change, it.p)), Some((0.0, 1.0)));
    assert_eq!(smallest_detectable(f64::NAN, None, 0.95, 0.8), None);
    // Two shares of nothing are alike, and their interval is not empty.
    let found = shares(0.0, 10.0, 0.0, 10.0, 0.95).expect("answers");
    assert_eq!((found.change, found.p), (0.0, 1.0));
}

/// The adjusted variance of the side without spread, Welch's degrees of freedom and Student's t, by scipy 1.17. Fisher's
/// exact test of promoters against the others gives 0.116.
#[test]
fn a_side_without_spread_is_no_proof() {
    let net = |good, bad, n| Net { good, bad, n };
    let found = nets(net(40, 0, 40), net(36, 0, 40), 0.95).expect("forty each");
    assert_relative(found.se, 6.760584584035175, 1e-12);
    assert_relative(found.p, 0.14117612862703754, 1e-9);
    assert_close(found.interval.low, -3.3573465940542473, 1e-8);
    assert_close(found.interval.high, 23.357346594054242, 1e-8);
    assert_relative(nets(net(2, 0, 2), net(68, 66, 200), 0.95).expect("two").p, 0.19491249572495797, 1e-9);
    assert_eq!(nets(net(1, 0, 1), net(68, 66, 200), 0.95), None);
}

/// `scipy.stats.fisher_exact`, 1.17, where fewer than one of a kind is to be expected.
#[test]
fn shares_of_few_are_tested_exactly() {
    for (k_a, n_a, k_b, n_b, p) in [
        (2.0, 2.0, 1.0, 200.0, 0.00014777597162701344),
        (3.0, 3.0, 2.0, 100.0, 5.654477498006797e-05),
        (8.0, 8.0, 35.0, 38.0, 1.0),
        (0.0, 40.0, 1.0, 40.0, 1.0),
    ] {
        assert_relative(shares(k_a / n_a, n_a, k_b / n_b, n_b, 0.95).expect("answers").p, p, 1e-9);
    }
    assert_eq!(shares(1.0, 1.0, 0.005, 200.0, 0.95), None);
    assert_eq!(share_against(0.0, 1.0, 0.9), None);
}

proptest! {
    #[test]
    fn the_other_way_round_is_the_same(a in 0.0..=1.0f64, b in 0.0..=1.0f64, n in 1.0..1e6f64, m in 1.0..1e6f64) {
        if let (Some(one), Some(other)) = (shares(a, n, b, m, 0.9), shares(b, m, a, n, 0.9)) {
            prop_assert!((one.change + other.change).abs() < 1e-15);
            prop_assert!((one.p - other.p).abs() < 1e-12 && (0.0..=1.0).contains(&one.p));
            prop_assert!((one.interval.low + other.interval.high).abs() < 1e-12);
            prop_assert!(one.interval.low <= one.change + 1e-12 && one.change <= one.interval.high + 1e-12);
        }
    }

    #[test]
    fn nothing_is_too_strange(change in proptest::num::f64::ANY, a in proptest::num::f64::ANY, b in proptest::num::f64::ANY, df in proptest::option::of(proptest::num::f64::ANY)) {
        if let Some(found) = independent(change, &[Variance { of: a, df }, Variance { of: b, df: None }], 0.95) {
            prop_assert!((0.0..=1.0).contains(&found.p) && found.interval.low <= found.interval.high);
        }
        if let Some(found) = shares(a, b, change, b, 0.95) {
            prop_assert!((0.0..=1.0).contains(&found.p) && found.interval.low <= found.interval.high);
        }
    }
}
