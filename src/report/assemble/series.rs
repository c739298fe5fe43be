//! How did a figure move? Its series without gaps in the periods, the breaks in it, its natural limits, and what is
//! a signal.

use crate::calendar::{Date, Grain, Period};
use crate::check::Checked;
use crate::eval::{Note, Status};
use crate::model::{self, KpiExpr, KpiId, KpiKind};
use crate::publish::{self, ResultRow, ResultTable};
use crate::report::view::{Direction, Movement, Tone};
use crate::stats::xmr::{Judged, Limits, Rule, Signal};

/// Points of a month, a quarter, ... that a series shows at most.
const MONTHS: usize = 36;
const QUARTERS: usize = 20;
const WEEKS: usize = 53;
const DAYS: usize = 92;
/// A finer series is shown from so many values on, and with at most one gap in so many points.
const ENOUGH: usize = 10;
const GAP_IN: usize = 5;

/// A series of figures by period, with what may be said of it.
#[derive(Debug, Clone)]
pub(super) struct Series<'a> {
    pub(super) grain: Grain,
    /// One for each period from the first with data to the last reported, none left out.
    pub(super) points: Vec<Point<'a>>,
    /// Where the definition changed, so that what stands before and after cannot be compared.
    pub(super) breaks: Vec<SeriesBreak>,
    /// The first point after the last break.
    pub(super) start: usize,
    /// The first point of the reported period.
    pub(super) reported: usize,
    /// The natural limits that the reported period is judged by, and the first point shown that they rest on or judge.
    pub(super) limits: Option<(Limits, usize)>,
    /// Signals against them, each by the point that ends it, by place in `points`; what ends before the first point shown is
    /// left out.
    pub(super) signals: Vec<Signal>,
    /// Whether neighbours overlap, so that no limits hold.
    pub(super) windowed: bool,
}

/// A period of a series.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point<'a> {
    pub(super) period: Period,
    pub(super) row: Option<&'a ResultRow>,
}

/// A change of definition within a series.
#[derive(Debug, Clone)]
pub(super) struct SeriesBreak {
    /// The first point after it.
    pub(super) before: usize,
    pub(super) on: Date,
    /// The KPI that changed: this one, or one that it is made of.
    pub(super) kpi: KpiId,
    pub(super) reason: String,
}

impl Point<'_> {
    /// Returns the value, if there is one to show.
    pub(super) fn value(&self) -> Option<f64> {
        self.row.and_then(|it| it.value)
    }

    /// Returns whether the value rests on too little to be judged by itself.
    pub(super) fn is_weak(&self) -> bool {
        self.row.is_some_and(|it| {
            it.judged.status == Status::TooFew || it.notes.iter().any(|it| matches!(it, Note::Unfinished | Note::BeginsLate))
        })
    }
}

impl Series<'_> {
    /// Returns whether there is anything to draw: two values at least.
    pub(super) fn is_drawn(&self) -> bool {
        self.points.iter().filter(|it| it.value().is_some()).count() >= 2
    }

    /// Returns the signal that the reported period takes part in; of several the latest, then the plainest.
    pub(super) fn signal(&self) -> Option<Signal> {
        let touching = self.signals.iter().filter(|it| it.last >= self.reported);
        let last = touching.clone().map(|it| it.last).max()?;
        // A point outside the limits says more than a run that goes on longer.
        touching.copied().min_by_key(|it| (it.rule, last - it.last))
    }

    /// Returns how many points of the reported period lie outside a limit, on the side of a signal.
    pub(super) fn outside(&self, above: bool) -> usize {
        self.signals.iter().filter(|it| it.rule == Rule::Outside && it.above == above && it.first >= self.reported).count()
    }

    /// Returns whether points of the reported period lie outside a limit, on the side of a signal, and its last does not.
    pub(super) fn is_back(&self, above: bool) -> bool {
        let last = self.points.len() - 1;
        let outside = |it: &&Signal| it.rule == Rule::Outside && it.above == above && it.first >= self.reported;
        self.outside(above) > 0 && self.signals.iter().filter(outside).all(|it| it.last < last)
    }

    /// Returns whether a signal is of fewer than half the points of the reported period, and not of its last one.
    pub(super) fn passed(&self, signal: &Signal) -> bool {
        let points = self.points.len() - self.reported;
        signal.rule == Rule::Outside && signal.last + 1 < self.points.len() && 2 * self.outside(signal.above) < points
    }

    /// Returns the values from the last break on.
    pub(super) fn comparable(&self) -> &[Point<'_>] {
        self.points.get(self.start..).unwrap_or_default()
    }
}

/// What a series is made from.
pub(super) struct Ingredients<'a> {
    pub(super) checked: &'a Checked,
    pub(super) kpi: KpiId,
    /// The figures at the grain of the report, and at a finer one.
    pub(super) coarse: Option<&'a ResultTable>,
    pub(super) fine: Option<&'a ResultTable>,
    /// The period that the report is about, at the grain of the figure.
    pub(super) reported: Period,
}

/// Makes the series of a figure: by the finer grain where that has enough points, else by its own.
pub(super) fn series<'a>(from: &Ingredients<'a>) -> Option<Series<'a>> {
    if from.reported.grain() == Grain::All {
        return None;
    }
    let fine = from.fine.filter(|it| from.coarse.is_none_or(|coarse| coarse.grain != it.grain));
    if let Some(series) = fine.and_then(|it| of_table(from, it)) {
        let values = series.points.iter().filter(|it| it.value().is_some()).count();
        let gaps = series.points.len() - values;
        if values >= ENOUGH && gaps * GAP_IN <= series.points.len() {
            return Some(series);
        }
    }
    of_table(from, from.coarse?)
}

fn of_table<'a>(from: &Ingredients<'a>, table: &'a ResultTable) -> Option<Series<'a>> {
    let calendar = &from.checked.model.project.calendar;
    let grain = table.grain;
    let last_day = from.reported.end(calendar).plus_days(-1)?;
    let last = Period::containing(last_day, grain, calendar);
    let of_total = |it: &&ResultRow| it.value.is_some() && it.period <= last;
    let first = table.rows.iter().filter(of_total).map(|it| it.period).min()?;
    let mut points: Vec<Point<'a>> =
        first.up_to(last).map(|period| Point { period, row: table.rows.iter().find(|it| it.period == period) }).collect();
    let most = match grain {
        Grain::Month => MONTHS,
        Grain::Week => WEEKS,
        Grain::Day => DAYS,
        _ => QUARTERS,
    };
    // Limits rest on the first points of all, which may be older than what is shown.
    let judged = publish::judged(from.checked, from.kpi, &publish::points(table, last));
    let cut = points.len().saturating_sub(most);
    points.drain(..cut);
    let start = from.reported.start(calendar);
    let reported = points.iter().position(|it| it.period.end(calendar) > start).unwrap_or(points.len());
    let breaks = breaks(from, &points);
    let start = breaks.last().map_or(0, |it| it.before);
    let windowed = from.checked.is_windowed(from.kpi);
    let mut series = Series { grain, points, breaks, start, reported, limits: None, signals: Vec::new(), windowed };
    judge(&mut series, &judged, cut);
    Some(series)
}

/// Takes over the limits and the signals of a series of which the first points are not shown. The limits are those that a
/// signal of the reported period is against, else those of its last point; where both are locked they are the same.
fn judge(series: &mut Series<'_>, judged: &[Option<Judged>], cut: usize) {
    let reported = judged.get(cut + series.reported..).unwrap_or_default();
    let of_signal = reported.iter().flatten().rfind(|it| it.signal.is_some());
    let Some(now) = of_signal.or(reported.iter().flatten().next_back()) else { return };
    series.limits = Some((now.limits, now.baseline.0.saturating_sub(cut)));
    let shown = |it: Signal| Some(Signal { first: it.first.saturating_sub(cut), last: it.last.checked_sub(cut)?, ..it });
    let of_reported = |at: usize| at >= cut + series.reported;
    // An earlier point that was judged by other limits is no signal against those that are drawn.
    let same = judged.iter().enumerate().filter(|(at, it)| of_reported(*at) || it.is_some_and(|it| it.limits == now.limits));
    series.signals = same.filter_map(|(_, it)| shown(it.as_ref()?.signal?)).collect();
}

/// Returns what a point tells as a signal, of a figure that is better so and moved so. One outside the limits is a signal
/// wherever it stands; points of a run, or near a limit, only where that is what is said of the reported period.
pub(super) fn signal_tone(series: &Series<'_>, at: usize, (direction, movement): (Direction, Movement)) -> Option<Tone> {
    let said = series.signal();
    let shown = |it: &&Signal| it.rule == Rule::Outside || said == Some(**it);
    let of_point = series.signals.iter().filter(shown).find(|it| (it.first..=it.last).contains(&at))?;
    // Of four points three make the signal: not the one that stands elsewhere.
    if of_point.rule == Rule::NearLimit {
        let (value, limits) = (series.points.get(at)?.value()?, series.limits?.0);
        let end = if of_point.above { limits.high } else { limits.low };
        if (value - limits.centre) / (end - limits.centre) <= 0.5 {
            return None;
        }
    }
    Some(match (direction, of_point.above) {
        // What came and went has no side, as the table says.
        _ if movement == Movement::Changed && at >= series.reported => Tone::Plain,
        (Direction::Neutral, _) => Tone::Plain,
        (Direction::Up, true) | (Direction::Down, false) => Tone::Better,
        (Direction::Up, false) | (Direction::Down, true) => Tone::Worse,
    })
}

fn breaks(from: &Ingredients<'_>, points: &[Point<'_>]) -> Vec<SeriesBreak> {
    let calendar = &from.checked.model.project.calendar;
    let mut breaks: Vec<SeriesBreak> = Vec::new();
    for (kpi, on, reason) in model::breaks(&from.checked.model, from.kpi) {
        let before = points.iter().position(|it| it.period.end(calendar) > on);
        if let Some(before) = before.filter(|it| *it > 0)
            && breaks.iter().all(|it| it.before != before)
        {
            breaks.push(SeriesBreak { before, on, kpi, reason: reason.to_owned() });
        }
    }
    breaks.sort_by_key(|it| it.before);
    breaks
}

/// Returns the KPIs that a formula names, each once, in the order of writing.
pub(super) fn named(formula: &KpiExpr) -> Vec<KpiId> {
    let mut names = Vec::new();
    walk(formula, &mut |it| {
        if let KpiKind::Kpi { kpi, .. } = &it.kind
            && !names.contains(kpi)
        {
            names.push(*kpi);
        }
    });
    names
}

/// Calls `visit` with a formula and every formula in it.
pub(super) fn walk<'e>(formula: &'e KpiExpr, visit: &mut impl FnMut(&'e KpiExpr)) {
    formula.walk(visit);
}
