//! What does a report know of one figure? Its row, what it is compared with, its series, its judgement and how it is
//! written: everything that the sections say of it.

use crate::calendar::{Grain, Period};
use crate::check::Checked;
use crate::eval::{Note, Status as Judgement, judged_grain};
use crate::model::{DimensionId, Kpi, KpiId, Report, RowExpr};
use crate::plan::Against;
use crate::publish::{ResultRow, ResultTable, Results};
use crate::report::needs::{figure_grain, series_grain};
use crate::report::numbers::{Numbers, direction};
use crate::report::view::{Direction, Figure, Movement, Status, StatusMark};
use crate::report::words::Say;
use crate::words::Lang;

use super::assumed::has_range;
use super::series::{Ingredients, Series, series};

/// What readings are made from.
#[derive(Clone, Copy)]
pub(super) struct Sources<'a> {
    pub(super) checked: &'a Checked,
    pub(super) results: &'a Results,
    pub(super) report: &'a Report,
    pub(super) lang: Lang,
    /// The period that the report is about.
    pub(super) period: Period,
}

/// One figure of a KPI, or of a part of one, in the reported period.
pub(super) struct Reading<'a> {
    pub(super) id: KpiId,
    pub(super) kpi: &'a Kpi,
    pub(super) title: String,
    pub(super) grain: Grain,
    pub(super) period: Period,
    pub(super) row: Option<&'a ResultRow>,
    pub(super) status: Status,
    /// The remark beside the status.
    pub(super) remark: Option<String>,
    pub(super) satisfaction: Option<f64>,
    pub(super) previous: Option<Comparison<'a>>,
    pub(super) year: Option<Comparison<'a>>,
    pub(super) series: Option<Series<'a>>,
    pub(super) movement: Movement,
    pub(super) numbers: Numbers,
    pub(super) direction: Direction,
}

/// An earlier figure to compare with.
pub(super) struct Comparison<'a> {
    pub(super) period: Period,
    pub(super) row: &'a ResultRow,
    /// The figure less the earlier one, unrounded; none across a change of definition.
    pub(super) change: Option<f64>,
    /// Whether that is more than noise; none where nothing can tell.
    pub(super) signal: Option<bool>,
}

impl<'a> Sources<'a> {
    /// Returns the period of a grain that this report is about: the reported one, or the last that ended with it.
    pub(super) fn period_at(&self, grain: Grain) -> Option<Period> {
        period_at(self.checked, self.period, grain)
    }

    /// Returns the figures of a KPI or part, cut in a way.
    pub(super) fn table(&self, kpi: KpiId, part: Option<&RowExpr>, cut: &[DimensionId], grain: Grain) -> Option<&'a ResultTable> {
        self.results.table(kpi, part, cut, grain)
    }

    /// Reads a KPI, or a part of one.
    pub(super) fn read(&self, id: KpiId, part: Option<&RowExpr>) -> Reading<'a> {
        let kpi = &self.checked.model.kpis[id.index()];
        let grain = figure_grain(self.checked, self.report, id);
        let period = self.period_at(grain).unwrap_or(self.period);
        let table = self.table(id, part, &[], grain);
        let row = table.and_then(|it| row_of(it, period));
        let series = series(&Ingredients {
            checked: self.checked,
            kpi: id,
            coarse: table,
            fine: self.table(id, part, &[], series_grain(self.checked, self.report, id)),
            reported: period,
        });
        let direction = direction(kpi);
        let numbers = Numbers::new(self.lang, kpi, &seen(row, series.as_ref()));
        let (status, satisfaction, remark) = self.judgement(id, part, grain, row);
        let mut reading = Reading {
            id,
            kpi,
            title: kpi.title.get(self.lang).unwrap_or(&kpi.name).to_owned(),
            grain,
            period,
            row,
            status,
            remark,
            satisfaction,
            previous: None,
            year: None,
            series,
            movement: Movement::Unknown,
            numbers,
            direction,
        };
        reading.previous = self.compare(&reading, part, &Against::Previous);
        let previous = reading.previous.as_ref().map(|it| it.period);
        reading.year = self.compare(&reading, part, &Against::Year).filter(|it| Some(it.period) != previous);
        reading.movement = movement(&reading);
        reading
    }

    /// The status of a figure: that of its own row, or where its norms judge at another grain, that of the last
    /// period of that grain, which the remark then names.
    fn judgement(&self, id: KpiId, part: Option<&RowExpr>, grain: Grain, row: Option<&ResultRow>) -> (Status, Option<f64>, Option<String>) {
        let say = Say(self.lang);
        let own = row.map_or(Status::NoData, |it| status(it.judged.status));
        let judged = judged_grain(self.checked, id);
        if judged == grain || !matches!(own, Status::NoNorm | Status::NoData) || self.checked.model.kpis[id.index()].norms.is_empty() {
            let unproven = row.is_some_and(|it| it.judged.proven == Some(false));
            let remark = (unproven && is_judged(own)).then(|| say.unproven().to_owned());
            return (own, row.and_then(|it| it.judged.satisfaction), remark);
        }
        let other = self.period_at(judged).and_then(|period| {
            let row = row_of(self.table(id, part, &[], judged)?, period)?;
            Some((period, row))
        });
        match other {
            Some((period, row)) => (status(row.judged.status), row.judged.satisfaction, Some(say.judged_over(period))),
            None => (own, None, None),
        }
    }

    /// The earlier figure that this one is held against, as everything that Peil says compares them.
    fn compare(&self, reading: &Reading<'a>, part: Option<&RowExpr>, against: &Against) -> Option<Comparison<'a>> {
        let table = self.results.compared(reading.id, part, &[], reading.grain, against)?;
        let now = row_of(table, reading.period).filter(|it| it.value.is_some())?;
        let compared = now.compared.as_deref()?;
        let period = compared.period?;
        let row = row_of(table, period).filter(|it| it.value.is_some())?;
        Some(Comparison { period, row, change: compared.change, signal: compared.signal })
    }
}

impl<'a> Reading<'a> {
    /// Returns the value, if it may be shown.
    pub(super) fn value(&self) -> Option<f64> {
        self.row.and_then(|it| it.value)
    }

    /// Returns the value with its unit, or why there is none.
    pub(super) fn text(&self) -> String {
        match self.value() {
            Some(value) => self.numbers.text(value),
            None => Say(self.numbers.lang()).absent(self.row).to_owned(),
        }
    }

    /// Returns whether its interval reaches into another band than the one that it is judged by.
    pub(super) fn is_unproven(&self) -> bool {
        is_judged(self.status) && self.row.is_some_and(|it| it.judged.proven == Some(false))
    }

    /// Returns the status with its remark.
    pub(super) fn mark(&self) -> StatusMark {
        StatusMark { code: self.status, note: self.remark.clone() }
    }

    /// Returns the figure in print, with its interval.
    pub(super) fn figure(&self, checked: &Checked) -> Figure {
        let say = Say(self.numbers.lang());
        let Some((value, row)) = self.value().zip(self.row) else {
            return Figure { absent: Some(say.absent(self.row).to_owned()), ..Figure::default() };
        };
        let (interval, kind) = match (row.low, row.high) {
            (Some(low), Some(high)) if has_range(checked, self.id) => {
                (Some(self.numbers.ends(low, high)), Some(say.range_kind().to_owned()))
            }
            (Some(low), Some(high)) => {
                (Some(self.numbers.interval(value, low, high)), Some(say.interval_kind(checked.model.project.confidence)))
            }
            _ if checked.sources_of(self.id).iter().all(|it| checked.model.sources[it.index()].complete) => {
                (Some(say.complete().to_owned()), None)
            }
            _ => (Some(say.no_interval().to_owned()), None),
        };
        Figure { interval, interval_kind: kind, ..self.numbers.figure(value) }
    }

    /// Returns the norms that hold in the reported period, where they may stand beside this figure.
    pub(super) fn norms(&self, checked: &Checked) -> Option<(f64, f64, f64)> {
        let judged = &self.row?.judged;
        // A yearly total has no place beside that of a quarter.
        if checked.is_total(self.id) && judged_grain(checked, self.id) != self.grain {
            return None;
        }
        Some((judged.worst?, judged.threshold?, judged.target?))
    }

    /// Returns the target of the reported period.
    pub(super) fn target(&self, checked: &Checked) -> Option<f64> {
        if checked.is_total(self.id) && judged_grain(checked, self.id) != self.grain {
            return None;
        }
        self.row.and_then(|it| it.judged.target)
    }

    /// Returns what the parts of this figure are held against: what it is itself.
    pub(super) fn against(&self) -> Against {
        match &self.year {
            Some(it) if it.change.is_some() => Against::Year,
            _ => Against::Previous,
        }
    }

    /// Returns what stands in the order of a table: worst first, what cannot be judged last.
    pub(super) fn rank(&self) -> (Status, i64) {
        // Whole millionths order satisfactions as well as any reader can.
        let satisfaction = self.satisfaction.unwrap_or(100.0);
        (self.status, (satisfaction * 1e6) as i64)
    }

    /// Returns the comparison that is looked at first: a year ago where there is one, else the period before.
    pub(super) fn reference(&self) -> Option<&Comparison<'a>> {
        let comparable = |it: &&Comparison<'a>| it.change.is_some();
        self.year.as_ref().filter(comparable).or(self.previous.as_ref().filter(comparable))
    }
}

/// What the natural limits say of the reported period, or where there are none, the test against the period before.
fn movement(reading: &Reading<'_>) -> Movement {
    let toned = |up: bool| match (reading.direction, up) {
        (Direction::Neutral, _) => Movement::Changed,
        (Direction::Up, true) | (Direction::Down, false) => Movement::Better,
        (Direction::Up, false) | (Direction::Down, true) => Movement::Worse,
    };
    if reading.value().is_none() || reading.status == Status::TooFew {
        return Movement::Unknown;
    }
    if let Some(series) = reading.series.as_ref().filter(|it| it.limits.is_some()) {
        let Some(signal) = series.signal() else { return Movement::Noise };
        // One month beyond a limit, and back again, is no direction of the quarter.
        let tested = |it: &Comparison<'_>| it.signal == Some(true) && it.change.is_some_and(|it| (it > 0.0) == signal.above);
        let shown = [&reading.previous, &reading.year].into_iter().flatten().any(tested);
        return if series.passed(&signal) && !shown { Movement::Changed } else { toned(signal.above) };
    }
    // Neighbours that overlap are no two figures to hold a test on.
    if reading.series.as_ref().is_some_and(|it| it.windowed) {
        return Movement::Unknown;
    }
    match reading.previous.as_ref().map(|it| (it.signal, it.change)) {
        Some((Some(true), Some(change))) => toned(change > 0.0),
        Some((Some(false), _)) => Movement::Noise,
        _ => Movement::Unknown,
    }
}

/// Whether a status is a judgement.
pub(super) fn is_judged(status: Status) -> bool {
    matches!(status, Status::Act | Status::Watch | Status::OnTarget)
}

/// The status as a page has it.
pub(super) fn status(of: Judgement) -> Status {
    match of {
        Judgement::OnTarget => Status::OnTarget,
        Judgement::Watch => Status::Watch,
        Judgement::Act => Status::Act,
        Judgement::NoNorm => Status::NoNorm,
        Judgement::TooFew => Status::TooFew,
        Judgement::Hidden => Status::Hidden,
        Judgement::NoData => Status::NoData,
    }
}

/// The row of a period, in a table without cuts.
pub(super) fn row_of(table: &ResultTable, period: Period) -> Option<&ResultRow> {
    // What is planned has one row for all periods.
    let gap = || table.rows.iter().find(|it| it.period == Period::ALL && it.notes.contains(&Note::Planned));
    table.rows.iter().find(|it| it.period == period && it.key.is_empty()).or_else(gap)
}

/// The period of a grain that ends with a reported one, or last before its end.
pub(super) fn period_at(checked: &Checked, reported: Period, grain: Grain) -> Option<Period> {
    let calendar = &checked.model.project.calendar;
    if grain == Grain::All || reported.grain() == grain {
        return Some(if grain == Grain::All { Period::ALL } else { reported });
    }
    if reported.grain() == Grain::All {
        return None;
    }
    let end = reported.end(calendar);
    let period = Period::containing(end.plus_days(-1)?, grain, calendar);
    if period.end(calendar) <= end { Some(period) } else { period.previous() }
}

fn seen(row: Option<&ResultRow>, series: Option<&Series<'_>>) -> Vec<f64> {
    let own = row.into_iter().flat_map(|it| [it.value, it.judged.target, it.judged.worst, it.judged.threshold]).flatten();
    let others = series.into_iter().flat_map(|it| it.points.iter().filter_map(super::series::Point::value));
    own.chain(others).collect()
}
