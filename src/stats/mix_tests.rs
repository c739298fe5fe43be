//! Mix and rate, against figures of an independent program and against rows counted one more.

use super::*;
use crate::stats::testing::assert_close;
use proptest::prelude::*;

/// `airport.json`, `seg_nps`: answers and NPS by boarding area, 2017 and 2018.
const AREAS: [(f64, f64, f64, f64); 7] = [
    (724.0, 39.9171270718232, 661.0, 19.667170953101362),
    (166.0, 43.373493975903614, 238.0, 33.193277310924366),
    (226.0, 46.902654867256636, 189.0, 26.984126984126984),
    (386.0, 43.523316062176164, 495.0, 38.38383838383838),
    (175.0, 46.85714285714286, 157.0, 50.955414012738856),
    (444.0, 38.513513513513516, 407.0, 35.872235872235876),
    (625.0, 32.96, 503.0, 28.82703777335984),
];

fn areas() -> Vec<Segment> {
    let side = |n: f64, nps: f64| Side { weight: n, total: n * nps };
    AREAS.iter().map(|it| Segment { before: side(it.0, it.1), after: side(it.2, it.3) }).collect()
}

/// `airport.json`, `mix_rate_midpoint`.
#[test]
fn airport_by_boarding_area() {
    let found = split(&areas(), Method::Midpoint).expect("two periods");
    assert_close(found.before, 39.83976693372178, 1e-12);
    assert_close(found.after, 30.981132075471695, 1e-12);
    assert_close(found.whole.mix, 0.49939568343219454, 1e-12);
    assert_close(found.whole.rate, -9.358030541682275, 1e-12);
    assert_close(found.whole.whole(), -8.858634858250086, 1e-12);
    let expected = [
        (0.07990495831095179, -5.195026911199032),
        (0.08434870070854732, -0.7648543714966695),
        (-0.016832884496698137, -1.529964875797616),
        (0.25622749668701655, -0.8412311245864253),
        (-0.06051229319342959, 0.25199110236161687),
        (-0.01444624397123185, -0.4163639236987776),
        (0.17070594938703854, -0.8625804372653713),
    ];
    for (found, (mix, rate)) in found.effects.iter().zip(expected) {
        assert_close(found.mix, mix, 1e-12);
        assert_close(found.rate, rate, 1e-12);
    }
}

/// `airport.json`, `mix_rate_3part_base2017`.
#[test]
fn airport_in_three_parts() {
    let found = split(&areas(), Method::ThreePart).expect("two periods").whole;
    assert_close(found.mix, 0.4346508813726859, 1e-12);
    assert_close(found.rate, -9.422775343741781, 1e-12);
    assert_close(found.interaction, 0.12948960411901309, 1e-12);
}

#[test]
fn what_enters_or_leaves_is_mix() {
    let side = |weight: f64, rate: f64| Side { weight, total: weight * rate };
    let segments = [
        Segment { before: side(60.0, 80.0), after: side(60.0, 80.0) },
        Segment { before: side(40.0, 80.0), after: Side::default() },
        Segment { before: Side::default(), after: side(40.0, 30.0) },
    ];
    let found = split(&segments, Method::Midpoint).expect("two periods");
    assert_close(found.whole.rate, 0.0, 1e-15);
    assert_close(found.whole.mix, -20.0, 1e-15);
    // What came is far below the whole; what went was a little above it.
    assert!(found.effects[2].mix < -10.0 && found.effects[1].mix < 0.0);
}

#[test]
fn what_has_no_split() {
    let segment =
        |a: (f64, f64), b: (f64, f64)| Segment { before: Side { weight: a.0, total: a.1 }, after: Side { weight: b.0, total: b.1 } };
    assert_eq!(split(&[], Method::Midpoint), None);
    assert_eq!(split(&[segment((1.0, 1.0), (0.0, 0.0))], Method::Midpoint), None);
    assert_eq!(split(&[segment((1.0, 1.0), (1.0, 1.0)), segment((0.0, 2.0), (1.0, 1.0))], Method::Midpoint), None);
    assert_eq!(split(&[segment((-1.0, 1.0), (1.0, 1.0)), segment((2.0, 2.0), (1.0, 1.0))], Method::Midpoint), None);
    assert_eq!(split(&[segment((1.0, f64::NAN), (1.0, 1.0))], Method::Midpoint), None);
}

/// Rows of a period: segment, weight, score.
type Rows = Vec<(usize, f64, f64)>;

fn sums(rows: &Rows, segment: usize) -> Sums {
    let mut sums = Sums::default();
    for (_, w, s) in rows.iter().filter(|it| it.0 == segment) {
        sums.n += 1.0;
        sums.w += w;
        sums.ws += w * s;
        sums.w2 += w * w;
        sums.w2s += w * w * s;
        sums.w2s2 += w * w * s * s;
    }
    sums
}

/// The standard error by the influence of each row, taken by giving it a little more weight.
fn by_influence(before: &Rows, after: &Rows, count: usize, of: &dyn Fn(&Split) -> f64) -> f64 {
    let value = |before: &Rows, after: &Rows| {
        let side = |rows: &Rows, k| Side { weight: sums(rows, k).w, total: sums(rows, k).ws };
        let segments: Vec<Segment> = (0..count).map(|k| Segment { before: side(before, k), after: side(after, k) }).collect();
        of(&split(&segments, Method::Midpoint).expect("two periods"))
    };
    let mut variance = 0.0;
    for first in [true, false] {
        let rows = if first { before } else { after };
        let n = rows.len() as f64;
        for at in 0..rows.len() {
            let step = 1e-6;
            let moved = |by: f64| {
                let mut rows = rows.clone();
                rows[at].1 *= 1.0 + by;
                if first { value(&rows, after) } else { value(before, &rows) }
            };
            let z = (moved(step) - moved(-step)) / (2.0 * step);
            variance += n / (n - 1.0) * z * z;
        }
    }
    variance.sqrt()
}

#[test]
fn errors_are_those_of_the_rows() {
    let before: Rows =
        vec![(0, 1.0, 1.0), (0, 2.0, 0.0), (0, 1.5, 1.0), (1, 1.0, -1.0), (1, 0.5, 1.0), (1, 1.0, 0.0), (2, 1.0, 1.0), (2, 2.0, 0.0)];
    let after: Rows =
        vec![(0, 1.0, 1.0), (0, 1.0, 1.0), (1, 2.0, -1.0), (1, 1.0, 0.0), (1, 1.5, -1.0), (1, 0.7, 1.0), (3, 1.0, 0.5), (3, 1.1, -0.5)];
    let side = |rows: &Rows| (0..4).map(|k| sums(rows, k)).collect::<Vec<_>>();
    let (each, whole) = errors(&side(&before), &side(&after)).expect("samples");
    let expect = |of: &dyn Fn(&Split) -> f64| by_influence(&before, &after, 4, of);
    for (k, found) in each.iter().enumerate() {
        assert_close(found.mix, expect(&|it| it.effects[k].mix), 1e-6);
        assert_close(found.rate, expect(&|it| it.effects[k].rate), 1e-6);
        assert_close(found.whole, expect(&|it| it.effects[k].whole()), 1e-6);
    }
    assert_close(whole.mix, expect(&|it| it.whole.mix), 1e-6);
    assert_close(whole.rate, expect(&|it| it.whole.rate), 1e-6);
    assert_close(whole.whole, expect(&|it| it.whole.whole()), 1e-6);
}

#[test]
fn one_row_has_no_error() {
    let one = Sums { n: 1.0, w: 1.0, ws: 1.0, w2: 1.0, w2s: 1.0, w2s2: 1.0 };
    assert_eq!(errors(&[one], &[one]), None);
}

#[test]
fn segments_that_moved_alike_are_even() {
    let found = uneven(&[(0.5, -3.0, 1.0), (0.3, -3.0, 2.0), (0.2, -3.0, 4.0)]).expect("three segments");
    assert_eq!((found.size, found.beyond_chance), (0.0, 0.0));
    assert!(found.p > 0.99);
    // Q = 50 on one degree of freedom.
    let found = uneven(&[(0.5, 10.0, 1.0), (0.5, 0.0, 1.0)]).expect("two segments");
    assert_close(found.size, 2.5, 1e-12);
    assert_close(found.beyond_chance, 49.0 / 50.0, 1e-12);
    assert!(found.p < 1e-9);
    assert_eq!(uneven(&[(1.0, 1.0, 1.0)]), None);
}

proptest! {
    #[test]
    fn effects_add_up(sides in proptest::collection::vec((0.0..1e3f64, -100.0..100.0f64, 0.0..1e3f64, -100.0..100.0f64), 1..8), three: bool) {
        let side = |weight: f64, rate: f64| Side { weight, total: weight * rate };
        let segments: Vec<Segment> = sides.iter().map(|it| Segment { before: side(it.0, it.1), after: side(it.2, it.3) }).collect();
        let method = if three { Method::ThreePart } else { Method::Midpoint };
        if let Some(found) = split(&segments, method) {
            prop_assert!((found.whole.whole() - (found.after - found.before)).abs() < 1e-9);
            if !three {
                prop_assert!(found.effects.iter().all(|it| it.interaction == 0.0));
            }
        }
    }

    #[test]
    fn nothing_is_too_strange(sides in proptest::collection::vec((proptest::num::f64::ANY, proptest::num::f64::ANY), 0..6)) {
        let segments: Vec<Segment> = sides.iter().map(|it| {
            let side = Side { weight: it.0, total: it.1 };
            Segment { before: side, after: side }
        }).collect();
        let _ = split(&segments, Method::Midpoint);
        let sums: Vec<Sums> = sides.iter().map(|it| Sums { n: 3.0, w: it.0, ws: it.1, w2: it.0, w2s: it.1, w2s2: it.1 }).collect();
        let _ = errors(&sums, &sums);
        let _ = uneven(&sides.iter().map(|it| (it.0, it.1, it.0)).collect::<Vec<_>>());
    }
}
