//! What is asked of customers over time? Who counts and when, over which windows, and what is taken of each (R11).

use super::composed::Rate;
use super::row::RowExpr;
use crate::calendar::{Calendar, Date, Grain, Length, Period};

/// A measure of customers: their rows in the order of time give scores, one a customer and window.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Customers {
    pub measure: CustomerMeasure,
    pub walk: Walk,
    /// The amount that is summed, where the measure is one of amounts; the condition that is to hold, where one is asked.
    pub amount: Option<RowExpr>,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CustomerMeasure {
    /// The share still there when the window ends.
    Retained,
    /// The share no longer there.
    Lost,
    /// What the customers of the start bring at the end, of what they brought.
    NetRevenue,
    /// The same, no customer for more than at the start.
    GrossRevenue,
    /// What is missing at the end, customers that grew not counted.
    GrossLoss,
    /// What is missing at the end.
    NetLoss,
    /// The share with more than one row in the window.
    Repeated,
    /// The share of rows that no other row follows.
    NotRepeated,
    /// The share with a row of the second kind after one of the first.
    Converted,
    /// The share of which something holds at the end.
    Moved,
    /// The mean of all that a customer brought so far.
    Brought,
    /// What a model says of what is to come.
    Forecast(Forecast),
}

/// A forecast by the BG/NBD model of purchases, with the gamma-gamma model of what each brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Forecast {
    pub of: Forecasted,
    /// How far it looks ahead, and at which rate what comes later counts less.
    pub horizon: Option<Length>,
    pub discount: Option<Rate>,
}

/// What is forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Forecasted {
    /// What a customer is to bring, in the mean.
    Value,
    /// What all customers are to bring.
    Total,
    /// The purchases of a customer, in the mean.
    Purchases,
    /// The share of customers who have not left.
    Alive,
    /// What a purchase brings, in the mean over customers.
    Margin,
}

impl CustomerMeasure {
    /// Whether it is a share of customers, or of rows.
    pub fn is_share(self) -> bool {
        use CustomerMeasure::{Converted, Lost, Moved, NotRepeated, Repeated, Retained};
        matches!(self, Retained | Lost | Moved | Repeated | NotRepeated | Converted)
    }
}

/// How the rows of one customer are walked; measures with the same walk share it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Walk {
    /// The columns that tell customers, or issues, apart.
    pub by: Vec<usize>,
    /// The rows that count: of events those that show that a customer is there.
    pub active: Option<RowExpr>,
    /// Of events: how long a customer is there after one.
    pub inactive: Option<Length>,
    pub window: Stretch,
}

/// The windows of a period.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Stretch {
    /// One of this length that ends with the period.
    Over(Length),
    /// Each period of this grain that ends in the period.
    Per(Grain),
    /// From the period in which a customer came to so long after its end.
    Cohort(Length),
    /// One of this length that ends with the period, in which rows are counted.
    Within(Length),
    /// So long after each row of the period; `from` says which rows begin it, `to` which end it.
    After { within: Length, from: Option<RowExpr>, to: Option<RowExpr> },
    /// Everything up to the period's end.
    History,
    /// The purchases up to the period's end: the rows that count, those of one day together.
    Purchases,
}

impl Walk {
    /// The expressions that it evaluates for every row.
    pub fn exprs(&self) -> impl Iterator<Item = &RowExpr> {
        let (from, to) = match &self.window {
            Stretch::After { from, to, .. } => (from.as_ref(), to.as_ref()),
            _ => (None, None),
        };
        self.active.iter().chain(from).chain(to)
    }

    /// The windows of a period, half-open; those that begin elsewhere than at a day have none.
    pub fn windows(&self, period: Period, calendar: &Calendar) -> Vec<(Date, Date)> {
        let end = period.end(calendar);
        match &self.window {
            Stretch::Over(length) | Stretch::Within(length) => length.before(end).map(|it| (it, end)).into_iter().collect(),
            Stretch::Per(grain) => {
                let all = Period::over(period.start(calendar), end, *grain, calendar);
                all.map(|it| (it.start(calendar), it.end(calendar))).filter(|it| it.1 <= end).collect()
            }
            Stretch::Cohort(_) | Stretch::After { .. } | Stretch::History | Stretch::Purchases => vec![(period.start(calendar), end)],
        }
    }

    /// The first day whose rows decide what it gives for a period, or a stretch of them, of these days.
    pub fn reaches_from(&self, start: Date, end: Date) -> Date {
        match &self.window {
            Stretch::Over(length) | Stretch::Within(length) => length.before(end).unwrap_or(Date::MIN).min(start),
            Stretch::Per(_) | Stretch::Cohort(_) | Stretch::After { .. } => start,
            Stretch::History | Stretch::Purchases => Date::MIN,
        }
    }

    /// The days before its first window that say who is there when it begins; `None` where nothing before it is asked.
    pub fn looks_back(&self, period: Period, calendar: &Calendar) -> Option<(Date, Date)> {
        let (start, _) = *self.windows(period, calendar).first()?;
        match &self.window {
            Stretch::Over(_) | Stretch::Per(_) | Stretch::Cohort(_) => Some((self.inactive?.before(start)?, start)),
            Stretch::Within(length) => Some((start, length.after(start)?)),
            Stretch::After { .. } | Stretch::History | Stretch::Purchases => None,
        }
    }

    /// Whether what it gives for several periods is counted together: its windows lie apart, each in one period.
    pub fn adds_up(&self) -> bool {
        matches!(&self.window, Stretch::Per(_) | Stretch::After { to: None, .. })
    }

    /// The period that its rate is for.
    pub fn period(&self) -> Option<Grain> {
        if let Stretch::Per(grain) = &self.window { Some(*grain) } else { None }
    }

    /// The length over which customers stay or go.
    pub fn stretch(&self) -> Option<Length> {
        match &self.window {
            Stretch::Per(grain) => Some(super::composed::of_grain(*grain)),
            Stretch::Over(length) => Some(*length),
            _ => None,
        }
    }

    /// The named argument that says its window; empty where it has none.
    pub fn argument(&self) -> &'static str {
        match &self.window {
            Stretch::Over(_) | Stretch::Within(_) => "over",
            Stretch::Per(_) => "per",
            Stretch::Cohort(_) => "after",
            Stretch::After { .. } => "within",
            Stretch::History | Stretch::Purchases => "",
        }
    }

    /// Its lengths, which periods of the data must divide.
    pub fn lengths(&self) -> impl Iterator<Item = Length> {
        let own = match &self.window {
            Stretch::Over(it) | Stretch::Cohort(it) | Stretch::Within(it) => Some(*it),
            Stretch::After { within, .. } => Some(*within),
            Stretch::Per(_) | Stretch::History | Stretch::Purchases => None,
        };
        own.into_iter().chain(self.inactive)
    }
}
