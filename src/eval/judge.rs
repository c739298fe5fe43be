//! Is a figure good? Norms that hold for its period and segment, satisfaction, status, and whether that is proven.

use super::{Figure, reporting_grain};
use crate::calendar::{Date, Grain, Period};
use crate::check::Checked;
use crate::engine::KeyValue;
use crate::model::{Kpi, KpiId, NormValue, Norms, RowExpr};
use crate::plan::Planned;
use crate::row::{Missing, Row, Value, evaluate};
use crate::stats;
use std::sync::Arc;

/// How a figure stands against its norms (R26).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Status {
    /// Satisfaction 100.
    OnTarget,
    /// Satisfaction 50 or more.
    Watch,
    /// Less.
    Act,
    /// Nothing says what is good here.
    #[default]
    NoNorm,
    /// Below the indicative base.
    TooFew,
    /// Below the minimum base.
    Hidden,
    /// No value.
    NoData,
}

impl Status {
    /// The word of machine output.
    pub fn name(self) -> &'static str {
        match self {
            Status::OnTarget => "on_target",
            Status::Watch => "watch",
            Status::Act => "act",
            Status::NoNorm => "no_norm",
            Status::TooFew => "too_few",
            Status::Hidden => "hidden",
            Status::NoData => "no_data",
        }
    }

    /// The band that a satisfaction lies in.
    pub fn of(satisfaction: f64) -> Status {
        if satisfaction >= 100.0 {
            Status::OnTarget
        } else if satisfaction >= 50.0 {
            Status::Watch
        } else {
            Status::Act
        }
    }
}

/// A figure held against its norms.
#[derive(Clone, Copy, Debug, Default)]
pub struct Judged {
    pub worst: Option<f64>,
    pub threshold: Option<f64>,
    pub target: Option<f64>,
    /// When the target is due.
    pub due: Option<Period>,
    /// 0-100; also at the ends of the interval.
    pub satisfaction: Option<f64>,
    pub satisfaction_low: Option<f64>,
    pub satisfaction_high: Option<f64>,
    pub status: Status,
    /// Whether the whole interval lies in the band; `None` where there is nothing to prove it by.
    pub proven: Option<bool>,
}

/// The grain at which a KPI's norms judge (R17).
pub fn judged_grain(checked: &Checked, kpi: KpiId) -> Grain {
    let said = checked.model.kpis[kpi.index()].judged_per;
    let per =
        checked.model.kpis[kpi.index()].norms.iter().flat_map(|it| [&it.worst, &it.threshold, &it.target]).flatten().find_map(|it| it.per);
    reporting_grain(checked, kpi, said.or(per))
}

/// Holds a figure against the norms of its KPI; `is_judged` is whether they judge at its grain.
pub(super) fn judge(checked: &Checked, planned: &Planned, figure: &Figure, is_judged: bool) -> Judged {
    let kpi = &checked.model.kpis[planned.ask.kpi.index()];
    let calendar = &checked.model.project.calendar;
    let day = if kpi.norms.is_empty() || figure.period.grain() == Grain::All {
        Date::MAX
    } else {
        figure.period.end(calendar).plus_days(-1).unwrap_or(Date::MAX)
    };
    let mut judged = Judged::default();
    let norms = applicable(kpi, planned, figure, day);
    if let Some(norms) = norms {
        let at = |it: &Option<NormValue>| it.as_ref().map(|it| it.at(day));
        judged.worst = at(&norms.worst);
        judged.threshold = at(&norms.threshold);
        judged.target = at(&norms.target);
        judged.due = norms.target.as_ref().and_then(|it| it.by);
    }
    let base = figure.protected_base.unwrap_or(figure.n);
    let indicative = u64::from(checked.model.project.indicative_base);
    let few = figure.protected_base.is_some() && base < indicative;
    let Some(value) = figure.value else {
        judged.status = Status::NoData;
        return judged;
    };
    if few {
        judged.status = Status::TooFew;
        return judged;
    }
    // At another grain a norm is a line, not a judgement.
    if !is_judged {
        return judged;
    }
    let (Some(worst), Some(threshold), Some(target)) = (judged.worst, judged.threshold, judged.target) else { return judged };
    judged.satisfaction = stats::satisfaction(value, worst, threshold, target);
    let end = |it: Option<f64>| it.and_then(|it| stats::satisfaction(it, worst, threshold, target));
    if let (Some(a), Some(b)) = (end(figure.low), end(figure.high)) {
        judged.satisfaction_low = Some(a.min(b));
        judged.satisfaction_high = Some(a.max(b));
    }
    if let Some(satisfaction) = judged.satisfaction {
        judged.status = Status::of(satisfaction);
        // The ends of assumptions say nothing of chance: what is sampled proves nothing without an interval.
        let unsure = figure.notes.iter().any(|it| it.is_unsure());
        judged.proven = match (judged.satisfaction_low, judged.satisfaction_high) {
            _ if figure.assumed.is_some() && unsure => None,
            (Some(low), Some(high)) => Some(Status::of(low) == judged.status && Status::of(high) == judged.status),
            // Complete data need no proof.
            _ if figure.se.is_none() && figure.notes.is_empty() => Some(true),
            _ => None,
        };
    }
    judged
}

/// The norms for a figure: the most specific `where` wins, then the latest `from` (R16).
fn applicable<'k>(kpi: &'k Kpi, planned: &Planned, figure: &Figure, day: Date) -> Option<&'k Norms> {
    let segment = Segment { planned, figure };
    let holds = |it: &&Norms| {
        it.from.is_none_or(|from| day >= from)
            && it.until.is_none_or(|until| day < until)
            && it.filter.as_ref().map_or_else(|| !(it.is_of_total() && segment.is_part()), |filter| segment.fits(filter))
    };
    let specific = |it: &Norms| it.filter.as_ref().map_or(0, |filter| filter.dimensions().len());
    kpi.norms.iter().filter(holds).max_by_key(|it| (specific(it), it.from))
}

/// A segment as a row of its dimensions' values.
struct Segment<'a> {
    planned: &'a Planned,
    figure: &'a Figure,
}

impl Segment<'_> {
    /// Whether it is a part of the rows, and not all of them.
    fn is_part(&self) -> bool {
        self.planned.ask.part.is_some() || !self.planned.ask.cut.is_empty()
    }

    /// Whether a condition over dimensions holds for the whole segment.
    fn fits(&self, filter: &RowExpr) -> bool {
        // The part that was asked for says of itself what it is.
        if self.planned.ask.part.as_ref() == Some(filter) {
            return true;
        }
        let values: Option<Vec<(RowExpr, Value)>> = filter
            .dimensions()
            .iter()
            .map(|id| {
                let place = self.planned.ask.cut.iter().position(|it| it == id)?;
                let value = match self.figure.key.get(place)? {
                    KeyValue::Value(text) => Value::Text(Arc::from(text.as_ref())),
                    KeyValue::Blank => Value::Missing(Missing::Blank),
                };
                Some((RowExpr::Dimension(*id), value))
            })
            .collect();
        let Some(values) = values else { return false };
        let filled = fill(filter, &values);
        evaluate(&filled, &Nothing) == Value::Bool(true)
    }
}

/// The condition with the values of dimensions put in.
fn fill(expr: &RowExpr, values: &[(RowExpr, Value)]) -> RowExpr {
    if let Some((_, value)) = values.iter().find(|it| it.0 == *expr) {
        return match value {
            Value::Text(text) => RowExpr::Text(text.to_string()),
            // Nothing is equal to a value that is missing.
            _ => RowExpr::Text(String::new()),
        };
    }
    let again = |it: &RowExpr| Box::new(fill(it, values));
    match expr {
        RowExpr::Not(a) => RowExpr::Not(again(a)),
        RowExpr::And(a, b) => RowExpr::And(again(a), again(b)),
        RowExpr::Or(a, b) => RowExpr::Or(again(a), again(b)),
        RowExpr::Compare(op, a, b) => RowExpr::Compare(*op, again(a), again(b)),
        RowExpr::In(a, list) => RowExpr::In(again(a), list.clone()),
        other => other.clone(),
    }
}

struct Nothing;

impl Row for Nothing {
    fn column(&self, _: crate::model::ColumnRef) -> Value {
        Value::Missing(Missing::Blank)
    }
}
