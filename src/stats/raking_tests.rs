//! Raking and post-stratification against R's package survey, on the airport's wave of 2018.

use super::*;
use crate::stats::testing::{assert_close, assert_relative};
use proptest::prelude::*;

/// Boarding area by time of departure: rows that answered NETPRO, promoters, detractors.
const CELLS: [(usize, usize, f64, f64, f64); 21] = [
    (0, 0, 126.0, 64.0, 12.0),
    (0, 1, 340.0, 126.0, 76.0),
    (0, 2, 195.0, 80.0, 52.0),
    (1, 0, 72.0, 38.0, 5.0),
    (1, 1, 21.0, 9.0, 5.0),
    (1, 2, 145.0, 69.0, 27.0),
    (2, 0, 60.0, 27.0, 7.0),
    (2, 1, 89.0, 43.0, 14.0),
    (2, 2, 40.0, 14.0, 12.0),
    (3, 0, 173.0, 98.0, 24.0),
    (3, 1, 75.0, 38.0, 10.0),
    (3, 2, 247.0, 127.0, 39.0),
    (4, 0, 60.0, 34.0, 6.0),
    (4, 1, 86.0, 57.0, 9.0),
    (4, 2, 11.0, 5.0, 1.0),
    (5, 0, 117.0, 60.0, 12.0),
    (5, 1, 180.0, 93.0, 25.0),
    (5, 2, 110.0, 53.0, 23.0),
    (6, 0, 40.0, 24.0, 4.0),
    (6, 1, 179.0, 89.0, 33.0),
    (6, 2, 284.0, 120.0, 51.0),
];

fn areas() -> Margin {
    let totals = vec![435.4323422, 201.2567464, 222.4577434, 539.1833854, 233.4471936, 605.1783936, 412.0221996];
    Margin { levels: CELLS.iter().map(|it| it.0).collect(), totals }
}

fn times() -> Margin {
    Margin { levels: CELLS.iter().map(|it| it.1).collect(), totals: vec![764.149343, 969.9218477, 914.9068135] }
}

fn rows() -> Vec<f64> {
    CELLS.iter().map(|it| it.2).collect()
}

/// The cells with weights that are factors.
fn sums(factors: &[f64]) -> Vec<CellSums> {
    let cell = |((_, _, n, good, bad), g): (&(usize, usize, f64, f64, f64), &f64)| {
        let (s, s2) = (good - bad, good + bad);
        let (all_w, all_w2) = (g * n, g * g * n);
        CellSums { rows: *n, all_w, all_w2, n: *n, s, w: all_w, ws: g * s, w2: all_w2, w2s: g * g * s, w2s2: g * g * s2 }
    };
    CELLS.iter().zip(factors).map(cell).collect()
}

fn nps(cells: &[CellSums]) -> f64 {
    100.0 * cells.iter().map(|it| it.ws).sum::<f64>() / cells.iter().map(|it| it.w).sum::<f64>()
}

/// `airport_weights.txt`: `rake`, after 13 cycles.
#[test]
fn raked_to_two_margins() {
    let found = rake(&rows(), &[areas(), times()], None).expect("margins that can be met");
    assert_eq!((found.cycles, found.held.contains(&true)), (13, false));
    let least = found.factors.iter().copied().fold(f64::INFINITY, f64::min);
    let most = found.factors.iter().copied().fold(0.0, f64::max);
    assert_relative(least, 0.6114584791, 1e-9);
    assert_relative(most, 1.6178754487, 1e-9);
    let cells = sums(&found.factors);
    assert_relative(nps(&cells), 33.34989321, 1e-9);
    let (w, w2) = (cells.iter().map(|it| it.w).sum::<f64>(), cells.iter().map(|it| it.w2).sum::<f64>());
    assert_relative(w * w / w2, 2417.29664, 1e-9);
    let variance = calibrated_variance(&cells, &[areas().levels, times().levels]).expect("rows");
    assert_relative(100.0 * variance.sqrt(), 1.469714235, 1e-9);
    // Weights that are taken as given leave more in doubt.
    let given = calibrated_variance(&cells, &[vec![0; CELLS.len()]]).expect("rows");
    assert!(given > variance);
}

/// `airport_weights.txt`: `poststrat by BAREA`.
#[test]
fn one_margin_is_post_stratification() {
    let found = rake(&rows(), &[areas()], None).expect("margins that can be met");
    assert_eq!(found.cycles, 1);
    let cells = sums(&found.factors);
    assert_relative(nps(&cells), 33.00319183, 1e-9);
    let variance = calibrated_variance(&cells, &[areas().levels]).expect("rows");
    assert_relative(100.0 * variance.sqrt(), 1.476789724, 1e-9);
}

#[test]
fn bounds_hold() {
    let found = rake(&rows(), &[areas(), times()], Some((0.62, 1.6))).expect("bounds that can be met");
    let mean = areas().totals.iter().sum::<f64>() / rows().iter().sum::<f64>();
    assert!(found.held.contains(&true));
    assert!(found.factors.iter().all(|it| *it >= 0.62 * mean - 1e-12 && *it <= 1.6 * mean + 1e-12));
    for margin in [areas(), times()] {
        let met = level_sums(&margin, &rows(), &found.factors);
        met.iter().zip(&margin.totals).for_each(|(a, b)| assert_close(*a, *b, 1e-11));
    }
    // One area needs half as much again for itself: no factor near 1 gives it that.
    let tight = rake(&rows(), &[areas(), times()], Some((0.95, 1.05)));
    assert!(matches!(tight, Err(NotRaked::NoConvergence { .. })), "{tight:?}");
}

#[test]
fn what_cannot_be_met_is_refused() {
    let margin = |levels: &[usize], totals: &[f64]| Margin { levels: levels.to_vec(), totals: totals.to_vec() };
    let empty = rake(&[5.0, 5.0], &[margin(&[0, 1], &[30.0, 50.0, 20.0])], None);
    assert_eq!(empty, Err(NotRaked::EmptyLevel { margin: 0, level: 2 }));
    let unequal = rake(&[5.0, 5.0], &[margin(&[0, 1], &[30.0, 70.0]), margin(&[0, 1], &[30.0, 60.0])], None);
    assert_eq!(unequal, Err(NotRaked::UnequalTotals { margin: 1 }));
    assert_eq!(rake(&[5.0], &[margin(&[0], &[f64::NAN])], None), Err(NotRaked::NoTotal { margin: 0 }));
    assert_eq!(rake(&[5.0], &[margin(&[1], &[1.0])], None), Err(NotRaked::NoTotal { margin: 0 }));
    // The two margins are of the same rows, and want other things of them.
    let against = rake(&[5.0, 5.0], &[margin(&[0, 1], &[30.0, 70.0]), margin(&[0, 1], &[50.0, 50.0])], None);
    assert!(matches!(against, Err(NotRaked::NoConvergence { .. })), "{against:?}");
    assert_eq!(calibrated_variance(&[], &[]), None);
}

proptest! {
    #[test]
    fn margins_are_met(cells in prop::collection::vec(1.0..100.0f64, 6), a in prop::collection::vec(1.0..100.0f64, 2), b in prop::collection::vec(1.0..100.0f64, 3)) {
        let whole: f64 = a.iter().sum();
        let of_b: f64 = b.iter().sum();
        let margins = [
            Margin { levels: (0..6).map(|it| it / 3).collect(), totals: a },
            Margin { levels: (0..6).map(|it| it % 3).collect(), totals: b.iter().map(|it| it / of_b * whole).collect() },
        ];
        let found = rake(&cells, &margins, None).expect("a full table");
        for margin in &margins {
            for (sum, total) in level_sums(margin, &cells, &found.factors).iter().zip(&margin.totals) {
                prop_assert!((sum / total - 1.0).abs() < 1e-11);
            }
        }
    }
}
