//! Against exact rational arithmetic: LMG as a mean over all 24 orders, the rest by elimination, in Python's fractions.

#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use super::*;
use crate::stats::testing::assert_close;

/// Outcome, four items, weight.
const ROWS: [[u8; 6]; 24] = [
    [4, 3, 3, 1, 1, 2],
    [5, 3, 5, 2, 1, 2],
    [4, 2, 2, 1, 2, 3],
    [6, 1, 2, 5, 2, 1],
    [5, 1, 3, 2, 1, 1],
    [6, 3, 5, 3, 3, 3],
    [6, 4, 4, 1, 1, 3],
    [8, 3, 3, 5, 5, 2],
    [10, 5, 4, 3, 4, 3],
    [10, 5, 4, 5, 5, 2],
    [9, 5, 4, 5, 4, 3],
    [8, 3, 3, 2, 3, 1],
    [9, 3, 5, 5, 4, 3],
    [7, 4, 4, 4, 3, 2],
    [6, 2, 2, 3, 3, 3],
    [6, 3, 2, 4, 3, 3],
    [4, 2, 1, 2, 2, 3],
    [6, 3, 2, 4, 2, 2],
    [8, 3, 2, 4, 3, 2],
    [8, 5, 3, 2, 2, 1],
    [5, 2, 1, 4, 3, 2],
    [4, 1, 1, 5, 3, 1],
    [10, 3, 4, 5, 5, 2],
    [5, 2, 3, 4, 2, 1],
];
const ITEMS: [usize; 4] = [1, 2, 3, 4];

fn crosses(rows: &[(Vec<f64>, f64)]) -> Crosses {
    let k = rows[0].0.len();
    let mut sums = vec![0.0; (k + 1) * (k + 2) / 2];
    for (row, weight) in rows {
        let mut at = 0;
        for a in 0..=k {
            for b in a..=k {
                let one = |it: usize| if it == 0 { 1.0 } else { row[it - 1] };
                sums[at] += weight * one(a) * one(b);
                at += 1;
            }
        }
    }
    Crosses::new(rows.len() as u64, k, &sums).unwrap()
}

fn rows(weighted: bool) -> Vec<(Vec<f64>, f64)> {
    let row = |it: &[u8; 6]| (it[..5].iter().map(|it| f64::from(*it)).collect(), if weighted { f64::from(it[5]) } else { 1.0 });
    ROWS.iter().map(row).collect()
}

#[track_caller]
fn all_close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).for_each(|(a, b)| assert_close(*a, *b, 1e-12));
}

#[test]
fn least_squares_as_exact_arithmetic_has_it() {
    let fit = fit(&crosses(&rows(false)), 0, &ITEMS).unwrap();
    assert_close(fit.r2, 0.8089719178161894, 1e-13);
    assert_close(fit.constant, 0.9970287441986273, 1e-12);
    all_close(&fit.coefficients, &[0.6562514288354516, 0.3102903586154386, 0.1424217455399879, 0.8149312161621685]);
    all_close(&fit.betas, &[0.4010049247156118, 0.192408217555959, 0.10157758498398171, 0.5050388827122805]);
    all_close(&fit.correlations, &[0.6926247402751945, 0.5167423893288018, 0.4698620019842508, 0.7604821522249194]);
    all_close(&fit.inflations, &[1.829660885307649, 1.4661461654749075, 2.4616231943731197, 2.830020921760701]);
}

#[test]
fn least_squares_with_weights() {
    let fit = fit(&crosses(&rows(true)), 0, &ITEMS).unwrap();
    assert_close(fit.r2, 0.8506031617260931, 1e-13);
    assert_close(fit.constant, 0.6135271081912009, 1e-12);
    all_close(&fit.coefficients, &[0.7105731152261529, 0.27863775186330747, 0.18203434171053692, 0.8411632430818591]);
    all_close(&fit.inflations, &[1.7148704189349064, 1.4987091562221075, 2.7270667989592146, 3.075436814541848]);
}

#[test]
fn lmg_is_the_mean_over_all_orders() {
    let plain = crosses(&rows(false));
    let found = lmg(&plain, 0, &ITEMS).unwrap();
    all_close(&found, &[0.260191336854174, 0.12398623886926051, 0.11208367272527683, 0.31271066936747804]);
    assert_close(found.iter().sum(), fit(&plain, 0, &ITEMS).unwrap().r2, 1e-13);
    let found = lmg(&crosses(&rows(true)), 0, &ITEMS).unwrap();
    all_close(&found, &[0.2524971473126319, 0.12368391710093211, 0.16009743300684715, 0.314324664305682]);
}

#[test]
fn one_item_has_all_that_is_explained() {
    let plain = crosses(&rows(false));
    let r2 = 0.6926247402751945f64 * 0.6926247402751945;
    all_close(&lmg(&plain, 0, &[1]).unwrap(), &[r2]);
    all_close(&johnson(&plain, 0, &[1]).unwrap(), &[r2]);
}

#[test]
fn johnsons_weights_make_r2_together() {
    let found = johnson(&crosses(&rows(false)), 0, &ITEMS).unwrap();
    all_close(&found, &[0.2644505805926075, 0.12913804602932555, 0.12174807081863911, 0.29363522037561735]);
    assert_close(found.iter().sum(), 0.8089719178161894, 1e-13);
    let found = johnson(&crosses(&rows(true)), 0, &ITEMS).unwrap();
    all_close(&found, &[0.2570241782126832, 0.12801928597511045, 0.16742284007948455, 0.29813685745881546]);
}

/// The rows with an indicator of a low and a high answer for each item.
fn indicators(weighted: bool) -> Crosses {
    let extended = rows(weighted).into_iter().map(|(row, weight)| {
        let marks = row[1..].iter().flat_map(|it| [f64::from(*it <= 2.0), f64::from(*it == 5.0)]);
        (std::iter::once(row[0]).chain(marks).collect(), weight)
    });
    crosses(&extended.collect::<Vec<_>>())
}

#[test]
fn penalty_and_reward() {
    let found = contrast(&indicators(false), 0, &[(1, 2), (3, 4), (5, 6), (7, 8)]).unwrap();
    assert_close(found.constant, 7.40520073360474, 1e-12);
    let flat: Vec<f64> = found.items.iter().flat_map(|it| [it.0.unwrap(), it.1.unwrap()]).collect();
    let expected = [
        -1.4019509049135395,
        1.7723255673344351,
        -0.5790690878310291,
        -0.38937986214680154,
        -0.5638276431940021,
        0.48064210568745214,
        -0.9642770768672659,
        0.8567153049296626,
    ];
    all_close(&flat, &expected);
    let weighted = contrast(&indicators(true), 0, &[(1, 2), (3, 4), (5, 6), (7, 8)]).unwrap();
    assert_close(weighted.items[3].0.unwrap(), -1.0449446151152588, 1e-12);
    assert_close(weighted.constant, 7.300240839252523, 1e-12);
}

#[test]
fn an_indicator_of_nobody_has_no_figure() {
    let mut extended: Vec<_> = rows(false).into_iter().collect();
    extended.iter_mut().for_each(|(row, _)| row[4] = 0.0);
    let found = contrast(&crosses(&extended), 0, &[(1, 2), (3, 4)]).unwrap();
    assert!(found.items[1].0.is_some() && found.items[1].1.is_none());
}

#[test]
fn the_jackknife_deals_rows_to_groups() {
    for (weighted, expected) in [
        (false, [0.10049379299753967, 0.088661156464947, 0.07528829996927816, 0.04851591710256635]),
        (true, [0.10498155437160095, 0.07814667200025557, 0.07776484184824982, 0.02362267081854445]),
    ] {
        let rows = rows(weighted);
        let full = lmg(&crosses(&rows), 0, &ITEMS).unwrap();
        let without: Vec<Vec<f64>> = (0..6)
            .map(|group| {
                let kept: Vec<_> = rows.iter().enumerate().filter(|it| it.0 % 6 != group).map(|it| it.1.clone()).collect();
                lmg(&crosses(&kept), 0, &ITEMS).unwrap()
            })
            .collect();
        for item in 0..4 {
            let figures: Vec<f64> = without.iter().map(|it| it[item]).collect();
            assert_close(delete_a_group(full[item], &figures).unwrap(), expected[item], 1e-11);
        }
    }
    assert_eq!(delete_a_group(1.0, &[1.0]), None);
}

#[test]
fn what_cannot_be_told_apart_is_named() {
    let mut data = rows(false);
    // The third item is twice the first plus the second, the fourth is always 3.
    data.iter_mut().for_each(|(row, _)| {
        row[3] = 2.0 * row[1] + row[2];
        row[4] = 3.0;
    });
    let crosses = crosses(&data);
    assert_eq!(crosses.singular(&ITEMS), [None, None, Some(Singular::Combination), Some(Singular::Constant)]);
    assert_eq!(fit(&crosses, 0, &ITEMS), None);
    assert_eq!(lmg(&crosses, 0, &ITEMS), None);
    assert_eq!(johnson(&crosses, 0, &ITEMS), None);
    assert!(fit(&crosses, 0, &[1, 2]).is_some());
    // An outcome that does not vary is not explained.
    assert_eq!(fit(&crosses, 4, &[1, 2]), None);
    assert_eq!(lmg(&crosses, 4, &[1, 2]), None);
    assert_eq!(crosses.correlation(4, 1), None);
}

#[test]
fn too_few_rows_give_no_model() {
    let few: Vec<_> = rows(false).into_iter().take(5).collect();
    assert_eq!(fit(&crosses(&few), 0, &ITEMS), None);
    assert_eq!(Crosses::new(0, 2, &[0.0; 6]), None);
    assert_eq!(Crosses::new(1, 2, &[1.0; 5]), None);
    assert_eq!(Crosses::new(1, 1, &[1.0, f64::NAN, 1.0]), None);
}

#[test]
fn eighteen_items_at_most_and_what_they_add_up_to() {
    // Answers of a small generator: the items go together, the outcome with some of them.
    let mut state = 12345u64;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((state >> 33) % 5) as f64
    };
    let data: Vec<(Vec<f64>, f64)> = (0..400)
        .map(|_| {
            let common = next();
            let items: Vec<f64> = (0..19).map(|_| common + next()).collect();
            let outcome = items[0] + 0.5 * items[1] + next();
            (std::iter::once(outcome).chain(items).collect(), 1.0)
        })
        .collect();
    let crosses = crosses(&data);
    let items: Vec<usize> = (1..=18).collect();
    let found = lmg(&crosses, 0, &items).unwrap();
    let r2 = fit(&crosses, 0, &items).unwrap().r2;
    assert_close(found.iter().sum(), r2, 1e-12);
    assert!(found[2..].iter().all(|it| *it < found[1] && found[1] < found[0]));
    assert_close(johnson(&crosses, 0, &items).unwrap().iter().sum(), r2, 1e-12);
    assert_eq!(lmg(&crosses, 0, &(1..=19).collect::<Vec<_>>()), None);
}
