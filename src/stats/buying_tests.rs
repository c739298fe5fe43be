//! Figures of other programs on the same invented customers: lifetimes 0.11.3 (to what its own search leaves), and
//! Newton's method in Python with the same likelihood and SciPy's gamma functions (to the last digits).

use super::super::spending::{Spending, Spent};
use super::*;
use crate::stats::testing::{assert_close, assert_relative};

/// Numbers between 0 and 1, always the same: Knuth's congruential generator (MMIX), its 53 highest bits.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn log(&mut self) -> f64 {
        -libm::log(self.next())
    }
}

/// Customers of the model with r = 1, α = 50 days, a = 1, b = 3, watched for 390 to 479 days; with what each spent after
/// the first purchase, in cents.
fn customers(count: usize) -> Vec<(Bought, f64)> {
    let mut numbers = Numbers(2024);
    let mut customer = || {
        let first = (numbers.next() * 90.0).floor();
        let rate = numbers.log() * 0.02;
        let leaves = 1.0 - libm::cbrt(numbers.next());
        let scale = 4.0 / (numbers.log() + numbers.log() + numbers.log()) * 10.0;
        let (mut day, mut days, mut spent) = (first, vec![first], 0.0);
        while days.len() == 1 || numbers.next() >= leaves {
            day += numbers.log() / rate;
            if day >= 480.0 {
                break;
            }
            days.push(day.floor());
            spent += (100.0 * scale * (numbers.log() + numbers.log()) / 2.0).floor();
        }
        days.dedup();
        let last = days[days.len() - 1] - first;
        let spent = if days.len() == 1 { 0.0 } else { spent };
        (Bought { again: days.len() as u32 - 1, last, age: 479.0 - first }, spent)
    };
    (0..count).map(|_| customer()).collect()
}

#[test]
fn parameters_are_those_of_other_programs() {
    let customers = customers(400);
    let sum = |of: &dyn Fn(&(Bought, f64)) -> f64| customers.iter().map(of).sum::<f64>();
    let described = [sum(&|it| f64::from(it.0.again)), sum(&|it| it.0.last), sum(&|it| it.0.age), sum(&|it| it.1)];
    assert_eq!(described, [1482.0, 75_747.0, 173_338.0, 2_928_028.0]);
    let histories: Vec<(Bought, u64)> = customers.iter().map(|it| (it.0, 1)).collect();
    let model = Buying::fit(&histories).unwrap();
    for (found, other, lifetimes) in [
        (model.r, 0.976_607_292_457_893_2, 0.976_607_835_646_086_1),
        (model.alpha, 51.053_452_656_341_29, 51.053_493_445_593_64),
        (model.a, 0.762_665_003_796_762_4, 0.762_663_497_486_845),
        (model.b, 2.410_538_959_425_033_5, 2.410_532_121_830_747_6),
    ] {
        assert_relative(found, other, 1e-10);
        assert_relative(found, lifetimes, 1e-5);
    }
    assert_relative(model.log_likelihood, -7_885.358_500_570_284, 1e-13);
    let alive: f64 = customers.iter().map(|it| model.alive(&it.0)).sum();
    assert_relative(alive, 186.406_685_876_109_9, 1e-11);
    assert_relative(alive, 186.406_687_321_451_53, 1e-7);
    let expected: f64 = customers.iter().map(|it| model.alive(&it.0) * model.expected(it.0.again, it.0.age, 365.0).unwrap()).sum();
    assert_relative(expected, 610.300_966_053_108_7, 1e-11);
    assert_relative(expected, 610.301_197_392_147_5, 1e-6);
    // The same customers, those alike counted together.
    let mut alike = histories.clone();
    alike.iter_mut().for_each(|it| it.1 = 2);
    assert_close(Buying::fit(&alike).unwrap().alpha, model.alpha, 1e-10);

    let spent: Vec<Spent> = customers
        .iter()
        .filter(|it| it.0.again > 0)
        .map(|it| Spent { purchases: it.0.again, mean: it.1 / f64::from(it.0.again) / 100.0 })
        .collect();
    let spending = Spending::fit(&spent).unwrap();
    for (found, other, lifetimes) in [
        (spending.p, 2.195_304_603_283_33, 2.195_304_943_193_531),
        (spending.q, 2.904_528_216_292_822_8, 2.904_527_894_887_378_3),
        (spending.gamma, 17.113_404_877_958_754, 17.113_399_294_855_39),
    ] {
        assert_relative(found, other, 1e-10);
        assert_relative(found, lifetimes, 1e-5);
    }
    assert_relative(spending.log_likelihood, -1_352.747_201_916_272_4, 1e-12);
    let nobody = Spent { purchases: 0, mean: 0.0 };
    let all = spent.iter().map(|it| spending.expected(*it).unwrap()).sum::<f64>() + 45.0 * spending.expected(nobody).unwrap();
    assert_relative(all, 7_852.978_727_242_69, 1e-10);
    assert_relative(all, 7_852.978_709_011_262, 1e-8);
}

/// Figures of mpmath with 40 digits, by the formula of the paper; of the model of its authors for the customers of CDNOW.
#[test]
fn expected_purchases_have_all_their_digits() {
    let model = Buying { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426, log_likelihood: 0.0 };
    for (again, age, time, expected) in EXPECTED {
        assert_relative(model.expected(again, age, time).unwrap(), expected, 1e-13);
    }
    // At a = 1 the formula of the paper is 0 / 0; the figure lies between its neighbours.
    let at = |a: f64| Buying { a, ..model }.expected(3, 20.0, 39.0).unwrap();
    assert_close(at(1.0), f64::midpoint(at(1.0 - 1e-4), at(1.0 + 1e-4)), 1e-8);
    // Nobody leaves: a purchase at the mean rate.
    let loyal = Buying { a: 1e-9, ..model };
    assert_close(loyal.expected(3, 20.0, 39.0).unwrap(), 3.243 / 24.414 * 39.0, 1e-6);
    assert_eq!(model.expected(3, 20.0, 0.0), Some(0.0));
}

#[test]
fn being_alive_is_the_share_that_has_not_left() {
    let model = Buying { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426, log_likelihood: 0.0 };
    assert_eq!(model.alive(&Bought { again: 0, last: 0.0, age: 30.0 }), 1.0);
    // Fader, Hardie & Lee's customer who bought twice, the last time in week 30.43 of 38.86.
    assert_close(model.alive(&Bought { again: 2, last: 30.43, age: 38.86 }), 0.726_6, 5e-5);
    let often = Bought { again: 40, last: 10.0, age: 400.0 };
    assert!(model.alive(&often) < 1e-30, "who bought each day and then never again is gone");
}

#[test]
fn what_the_model_is_not_of_has_no_fit() {
    // Everybody bought once.
    let once = Bought { again: 0, last: 0.0, age: 100.0 };
    assert_eq!(Buying::fit(&[(once, 100)]), None);
    // Nobody ever leaves: regular purchases up to the end.
    let regular: Vec<(Bought, u64)> = (1..20).map(|it| (Bought { again: it, last: 100.0, age: 100.0 }, 10)).collect();
    assert_eq!(Buying::fit(&regular), None);
    assert_eq!(Buying::fit(&[]), None);
    assert_eq!(Spending::fit(&[]), None);
    // Everybody spends the same.
    assert_eq!(Spending::fit(&[Spent { purchases: 2, mean: 10.0 }; 50]), None);
}

const EXPECTED: [(u32, f64, f64, f64); 6] = [
    (0, 30.0, 1.0, 0.00702995180137902),
    (0, 0.5, 520.0, 4.7397394829342844),
    (2, 38.86, 39.0, 1.687399305805313),
    (26, 31.0, 520.0, 101.27778196908308),
    (200, 38.9, 5000.0, 1633.1831314667202),
    (0, 38.9, 0.001, 5.6101754871287686e-6),
];
