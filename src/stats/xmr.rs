//! Answers: is this movement a signal, or what this series always does?
//!
//! In goes a series of figures with gaps; out come its natural limits, and the points that lie
//! outside what such limits allow. The chart is known as XmR, individuals, or process behaviour
//! chart.

/// Points below this number give no limits.
const FEWEST_POINTS: usize = 6;
/// Points below this number give limits that are provisional.
const ENOUGH_POINTS: usize = 10;
/// 3 / 1.128: three standard deviations, as the mean range of two points estimates one.
const LIMIT_FACTOR: f64 = 2.66;
/// The same for the ranges themselves.
const RANGE_FACTOR: f64 = 3.268;
/// Points in a row on one side of the centre that make a signal.
const RUN: usize = 8;

/// The limits within which a series moves of itself, in the unit of the series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// The mean of the points.
    pub centre: f64,
    /// The lower natural process limit; it may lie below what the unit allows.
    pub low: f64,
    /// The upper natural process limit; it may lie above what the unit allows.
    pub high: f64,
    /// The mean of the ranges between one point and the next.
    pub mean_range: f64,
    /// The upper limit of these ranges.
    pub range_limit: f64,
    /// How many points the limits rest on.
    pub points: usize,
    /// Whether that is fewer than ten.
    pub provisional: bool,
}

/// The rule that a signal breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A point outside the limits.
    Outside,
    /// Eight or more points in a row on one side of the centre.
    Run,
    /// Three out of four points in a row nearer to one limit than to the centre.
    NearLimit,
}

impl Rule {
    /// The word of machine output.
    pub fn name(self) -> &'static str {
        match self {
            Rule::Outside => "outside",
            Rule::Run => "run",
            Rule::NearLimit => "near_limit",
        }
    }
}

/// A signal: a rule, the side on which it was broken, and the points that broke it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signal {
    /// The rule.
    pub rule: Rule,
    /// Whether the points lie above the centre.
    pub above: bool,
    /// The place of the first point in the series.
    pub first: usize,
    /// The place of the last.
    pub last: usize,
}

/// Returns the natural process limits of a series: its mean ± 2.66 times the mean moving range.
///
/// A gap is `None`; a range is only taken between neighbours, never across a gap, since the step
/// over a gap is no step of one period. Nothing for fewer than six points, or fewer than the five
/// ranges that six points in a row have; provisional for fewer than ten points. A baseline is
/// frozen by keeping its limits and giving later points to [`signals`].
///
/// SOURCE: D. J. Wheeler, *Understanding variation*, 2nd ed., 2000; W. A. Shewhart's limits, with
/// the factors 2.66 and 3.268 for ranges of two.
pub fn limits(series: &[Option<f64>]) -> Option<Limits> {
    let points: Vec<f64> = series.iter().filter_map(|&point| finite(point)).collect();
    let ranges: Vec<f64> = series.windows(2).filter_map(|pair| Some((finite(pair[1])? - finite(pair[0])?).abs())).collect();
    if points.len() < FEWEST_POINTS || ranges.len() < FEWEST_POINTS - 1 {
        return None;
    }
    let centre = mean(&points);
    let mean_range = mean(&ranges);
    let margin = LIMIT_FACTOR * mean_range;
    let limits = Limits {
        centre,
        low: centre - margin,
        high: centre + margin,
        mean_range,
        range_limit: RANGE_FACTOR * mean_range,
        points: points.len(),
        provisional: points.len() < ENOUGH_POINTS,
    };
    let finite = [limits.low, limits.high, limits.range_limit].iter().all(|end| end.is_finite());
    finite.then_some(limits)
}

/// Points that a locked baseline rests on.
const BASELINE: usize = 12;

/// What is said of one point of a series: the limits that it is judged by, and the signal that it ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// The limits: those of points before it.
    pub limits: Limits,
    /// The places of the first and the last point that the limits rest on.
    pub baseline: (usize, usize),
    /// The signal that the point is the last of, by its place in the series; of several the plainest.
    pub signal: Option<Signal>,
}

/// Judges every point of a series as it was judged when it was the last: against limits that are locked, those of the first
/// twelve points since the last declared change, or of all before it while there are fewer. What is judged is no part of
/// what it is judged by, and later points never move the limits, nor what was said of a point; only a declared change does.
///
/// `changes` are the places of the first points after each change. `None` where there is no point, or too few before it.
///
/// SOURCE: Wheeler 2000, chapter 4: limits are computed once, and again only for a reason that is known.
pub fn judged(series: &[Option<f64>], changes: &[usize]) -> Vec<Option<Judged>> {
    (0..series.len()).map(|last| judged_at_end(&series[..=last], changes)).collect()
}

/// Judges the last point of a series, as [`judged`] does.
pub fn judged_at_end(series: &[Option<f64>], changes: &[usize]) -> Option<Judged> {
    let last = series.len().checked_sub(1)?;
    finite(series[last])?;
    let start = changes.iter().copied().filter(|it| *it <= last).max().unwrap_or(0);
    let until = baseline_end(&series[start..last]) + start;
    let limits = limits(&series[start..until])?;
    let first = series[start..until].iter().position(|it| finite(*it).is_some())? + start;
    let found = signals(&limits, &series[start..]).into_iter().filter(|it| it.last + start == last);
    let signal = found.min_by_key(|it| it.rule).map(|it| Signal { first: it.first + start, last, ..it });
    Some(Judged { limits, baseline: (first, until - 1), signal })
}

/// Judges what happened in a series since a place: against the limits of the last twelve points before it, the level from
/// which a change then is counted. Returns the signals from the first of those points on, in the order of [`signals`];
/// those that end before the place tell how calm the series was.
///
/// `changes` are the places of the first points after each change of definition: no limits reach over one, nor does what is
/// judged. `None` where there is no point since, or where there are too few before for limits.
pub fn signals_since(series: &[Option<f64>], changes: &[usize], since: usize) -> Option<Vec<Signal>> {
    let (before, after) = series.split_at_checked(since)?;
    let start = changes.iter().copied().filter(|it| *it <= since).max().unwrap_or(0);
    let until = changes.iter().copied().filter(|it| *it > since).min().unwrap_or(series.len());
    after.get(..until - since)?.iter().find(|it| finite(**it).is_some())?;
    let known: Vec<usize> = (start..since).filter(|it| finite(before[*it]).is_some()).collect();
    let start = known[known.len().saturating_sub(BASELINE)..].first().copied()?;
    let limits = limits(&series[start..since])?;
    let place = |it: Signal| Signal { first: it.first + start, last: it.last + start, ..it };
    Some(signals(&limits, &series[start..until]).into_iter().map(place).collect())
}

/// The end of the first points that a baseline rests on.
fn baseline_end(series: &[Option<f64>]) -> usize {
    let with_value = series.iter().enumerate().filter(|it| finite(*it.1).is_some());
    with_value.take(BASELINE).last().map_or(0, |it| it.0 + 1)
}

/// Returns the signals of a series against limits, in the order of their first points.
///
/// A gap ends a row of points: what happened in it is not known. A point on the centre is on
/// neither side. Overlapping signals of one rule and side are one.
///
/// SOURCE: Wheeler 2000, detection rules one, two (three of four) and three (eight in a row).
pub fn signals(limits: &Limits, series: &[Option<f64>]) -> Vec<Signal> {
    let mut found = Vec::new();
    let mut start = 0;
    for row in series.split(|&point| finite(point).is_none()) {
        let row: Vec<f64> = row.iter().copied().flatten().collect();
        for above in [true, false] {
            signals_of_row(limits, &row, start, above, &mut found);
        }
        start += row.len() + 1;
    }
    found.sort_by_key(|signal| (signal.first, signal.rule, !signal.above));
    found
}

fn signals_of_row(limits: &Limits, row: &[f64], start: usize, above: bool, found: &mut Vec<Signal>) {
    let room = if above { limits.high - limits.centre } else { limits.centre - limits.low };
    // A constant series has limits without width, which its own rounding must not leave.
    let slack = 1e-12 * limits.centre.abs().max(room);
    let away: Vec<f64> = row.iter().map(|point| if above { point - limits.centre } else { limits.centre - point }).collect();
    let signal = |rule, first, last| Signal { rule, above, first: start + first, last: start + last };

    for (place, &distance) in away.iter().enumerate() {
        if distance > room + slack {
            found.push(signal(Rule::Outside, place, place));
        }
    }
    let mut place = 0;
    while place < away.len() {
        let length = away[place..].iter().take_while(|&&distance| distance > slack).count();
        if length >= RUN {
            found.push(signal(Rule::Run, place, place + length - 1));
        }
        place += length + 1;
    }
    let near: Vec<bool> = away.iter().map(|&distance| distance > room / 2.0 + slack).collect();
    let mut last_found: Option<Signal> = None;
    for first in 0..near.len() {
        let four = &near[first..near.len().min(first + 4)];
        if !near[first] || four.iter().filter(|&&is_near| is_near).count() < 3 {
            continue;
        }
        let last = first + four.iter().rposition(|&is_near| is_near).unwrap_or_default();
        match &mut last_found {
            Some(open) if open.last >= start + first => open.last = start + last,
            _ => {
                found.extend(last_found);
                last_found = Some(signal(Rule::NearLimit, first, last));
            }
        }
    }
    found.extend(last_found);
}

fn finite(point: Option<f64>) -> Option<f64> {
    point.filter(|value| value.is_finite())
}

fn mean(values: &[f64]) -> f64 {
    values.iter().copied().collect::<super::Compensated>().value() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::testing::assert_close;
    use proptest::prelude::*;

    fn series(points: &[f64]) -> Vec<Option<f64>> {
        points.iter().copied().map(Some).collect()
    }

    /// Limits with centre 10, low 4 and high 16.
    fn of_ten() -> Limits {
        let mean_range = 6.0 / LIMIT_FACTOR;
        let range_limit = RANGE_FACTOR * mean_range;
        Limits { centre: 10.0, low: 4.0, high: 16.0, mean_range, range_limit, points: 12, provisional: false }
    }

    fn said(points: &[f64]) -> Vec<(Rule, bool, usize, usize)> {
        let found = signals(&of_ten(), &series(points));
        found.iter().map(|signal| (signal.rule, signal.above, signal.first, signal.last)).collect()
    }

    /// A rise long before a place is the level that the place is held against, though it lies outside the first limits.
    #[test]
    fn what_rose_before_is_no_signal_since() {
        let calm: Vec<f64> = (0..12).map(|it| [30.0, 31.0, 29.0][it % 3]).collect();
        let risen: Vec<f64> = (0..18).map(|it| [38.0, 39.0, 37.0][it % 3]).collect();
        let all = series(&[calm, risen].concat());
        assert!(judged(&all, &[])[24].and_then(|it| it.signal).is_some_and(|it| it.above));
        assert_eq!(signals_since(&all, &[], 24), Some(Vec::new()));

        let mut moved = all.clone();
        moved[26] = Some(60.0);
        let found = signals_since(&moved, &[], 24).expect("limits");
        assert_eq!(found.iter().map(|it| (it.rule, it.above, it.first)).collect::<Vec<_>>(), [(Rule::Outside, true, 26)]);
        // Too few points since the definition changed, and nothing since the place.
        assert_eq!(signals_since(&moved, &[20], 24), None);
        assert_eq!(signals_since(&moved, &[], 30), None);
        // What the definition's next change holds is not judged by these limits.
        assert_eq!(signals_since(&moved, &[26], 24), Some(Vec::new()));
    }

    /// NIST/SEMATECH *e-Handbook of statistical methods*, section 6.3.2.2: ten flow rates with mean
    /// 50.81, mean moving range 1.8778 and limits 45.8159 and 55.8041 (by 3/1.128, not 2.66).
    #[test]
    fn published_limits() {
        let rates = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1];
        let found = limits(&series(&rates)).expect("ten points");
        assert_close(found.centre, 50.81, 1e-14);
        assert_close(found.mean_range, 16.9 / 9.0, 1e-13);
        assert!((found.high - 55.8041).abs() < 0.001 && (found.low - 45.8159).abs() < 0.001);
        assert_close(found.range_limit, 3.268 * 16.9 / 9.0, 1e-13);
        assert!(!found.provisional);
        assert_eq!(found.points, 10);
        assert_eq!(signals(&found, &series(&rates)), []);
    }

    #[test]
    fn few_points_are_provisional_or_nothing() {
        let rising: Vec<f64> = (0..9).map(f64::from).collect();
        assert_eq!(limits(&series(&rising[..5])), None);
        assert!(limits(&series(&rising[..6])).expect("six points").provisional);
        assert!(limits(&series(&rising)).expect("nine points").provisional);
        assert_eq!(limits(&[]), None);
        assert_eq!(limits(&[Some(f64::NAN); 12]), None);
        assert_eq!(limits(&[Some(f64::MAX), Some(f64::MIN)].repeat(6)), None);
    }

    #[test]
    fn ranges_are_not_taken_across_a_gap() {
        let mut with_gap = series(&[1.0, 2.0, 1.0, 2.0]);
        with_gap.push(None);
        with_gap.extend(series(&[11.0, 12.0, 11.0, 12.0]));
        let found = limits(&with_gap).expect("eight points with six ranges");
        assert_close(found.mean_range, 1.0, 1e-15);
        assert_close(found.centre, 6.5, 1e-15);
        // Every second point is missing: no step of one period is known.
        let sparse: Vec<Option<f64>> = (0..20).map(|place| (place % 2 == 0).then_some(1.0)).collect();
        assert_eq!(limits(&sparse), None);
    }

    #[test]
    fn a_point_outside() {
        assert_eq!(said(&[10.0, 16.1, 10.0, 3.9]), [(Rule::Outside, true, 1, 1), (Rule::Outside, false, 3, 3)]);
        assert_eq!(said(&[16.0, 4.0]), []);
    }

    #[test]
    fn eight_in_a_row() {
        assert_eq!(said(&[11.0; 7]), []);
        assert_eq!(said(&[11.0; 8]), [(Rule::Run, true, 0, 7)]);
        let mut points = vec![11.0];
        points.extend([9.0; 10]);
        assert_eq!(said(&points), [(Rule::Run, false, 1, 10)]);
        // A point on the centre, or a gap, ends the row.
        assert_eq!(said(&[11.0, 11.0, 11.0, 11.0, 10.0, 11.0, 11.0, 11.0, 11.0]), []);
        let mut with_gap = series(&[11.0; 5]);
        with_gap.push(None);
        with_gap.extend(series(&[11.0; 5]));
        assert_eq!(signals(&of_ten(), &with_gap), []);
        with_gap.extend(series(&[11.0; 3]));
        let found = signals(&of_ten(), &with_gap);
        assert_eq!(found, [Signal { rule: Rule::Run, above: true, first: 6, last: 13 }]);
    }

    #[test]
    fn three_of_four_near_a_limit() {
        assert_eq!(said(&[13.5, 10.0, 13.5, 13.5]), [(Rule::NearLimit, true, 0, 3)]);
        assert_eq!(said(&[10.0, 6.0, 6.0, 6.0]), [(Rule::NearLimit, false, 1, 3)]);
        assert_eq!(said(&[13.0, 13.0, 13.0, 13.0]), []);
        assert_eq!(said(&[13.5, 10.0, 6.0, 13.5]), []);
        assert_eq!(said(&[13.5, 13.5, 10.0, 10.0, 13.5]), []);
        // Windows that overlap are one signal, those that do not are two.
        assert_eq!(said(&[13.5, 13.5, 10.0, 13.5, 13.5]), [(Rule::NearLimit, true, 0, 4)]);
        let mut apart = vec![13.5, 13.5, 13.5];
        apart.extend([10.0, 10.0, 10.0]);
        apart.extend([13.5, 13.5, 13.5]);
        assert_eq!(said(&apart), [(Rule::NearLimit, true, 0, 2), (Rule::NearLimit, true, 6, 8)]);
    }

    #[test]
    fn a_baseline_is_locked() {
        let calm = [10.0, 11.0, 9.0, 10.0, 11.0, 9.0, 10.0, 11.0, 9.0, 10.0, 11.0, 9.0];
        let mut moved = series(&calm);
        // The limits are 10 ± 2.66 × 16/11: the first twelve points, however wild the later ones are.
        moved.extend(series(&[30.0, -10.0, 13.0]));
        let of_last = |points: &[Option<f64>]| judged_at_end(points, &[]).expect("limits");
        assert_eq!(of_last(&moved).signal, None);
        assert_eq!(of_last(&moved).baseline, (0, 11));
        moved.extend(series(&[14.0]));
        let found = of_last(&moved).signal.expect("a signal");
        assert_eq!((found.rule, found.above, found.first, found.last), (Rule::Outside, true, 15, 15));
        // What the wild points would allow if they were part of the limits.
        assert!(limits(&moved[..15]).expect("limits").high > 29.0);
    }

    #[test]
    fn a_declared_change_moves_the_baseline() {
        let mut points = series(&[10.0, 11.0, 9.0, 10.0, 11.0, 9.0, 10.0]);
        points.extend(series(&[50.0, 51.0, 49.0, 50.0, 51.0, 49.0, 50.0]));
        assert!(judged_at_end(&points, &[]).expect("limits").signal.is_some());
        let after = judged_at_end(&points, &[7]).expect("limits");
        assert_eq!((after.signal, after.baseline), (None, (7, 12)));
        // Until there are enough points after a change, nothing is judged.
        assert_eq!(judged_at_end(&points[..12], &[7]), None);
        assert_eq!(judged_at_end(&[], &[]), None);
        points.push(None);
        assert_eq!(judged_at_end(&points, &[7]), None);
    }

    #[test]
    fn later_points_change_nothing_of_what_was_said() {
        let points: Vec<Option<f64>> = (0..30).map(|it| (it % 13 != 5).then(|| f64::from(it * it % 5) + f64::from(it / 20 * 30))).collect();
        let all = judged(&points, &[2]);
        assert!(all.iter().flatten().any(|it| it.signal.is_some()));
        for until in 0..points.len() {
            assert_eq!(judged(&points[..until], &[2]), all[..until]);
        }
    }

    #[test]
    fn a_constant_series_has_no_signals() {
        let constant = series(&[0.1; 12]);
        let found = limits(&constant).expect("twelve points");
        assert_eq!(signals(&found, &constant), []);
        assert_eq!(signals(&found, &series(&[0.2]))[0].rule, Rule::Outside);
    }

    proptest! {
        #[test]
        fn nothing_is_too_strange(points in prop::collection::vec(prop::option::of(proptest::num::f64::ANY), 0..40)) {
            if let Some(found) = limits(&points) {
                prop_assert!(found.low <= found.centre && found.centre <= found.high);
                for signal in signals(&found, &points) {
                    prop_assert!(signal.first <= signal.last && signal.last < points.len());
                    prop_assert!(points[signal.first].is_some() && points[signal.last].is_some());
                }
            }
        }
    }
}
