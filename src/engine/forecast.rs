//! What customers are still to bring: the models of their purchases, fitted to all of them once a period, and what these
//! say of each.

use super::fold::Taken;
use crate::calendar::{Calendar, Date, Grain, Length, Period};
use crate::model::{Forecast, Forecasted, Rate, RowExpr};
use crate::state::Unfit;
use crate::stats;
use crate::stats::buying::{Bought, Buying};
use crate::stats::spending::{Spending, Spent};
use crate::value::Num;
use std::collections::BTreeMap;

/// Fewer customers, or fewer who came again, tell too little of four parameters.
const LEAST_CUSTOMERS: u64 = 50;
const LEAST_AGAIN: u64 = 20;
/// More of those who came again may not have brought nothing, or less: amounts of the model lie above 0.
const MOST_WITHOUT: f64 = 0.1;

/// The models of a period, as far as they could be fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    pub period: Period,
    pub customers: u64,
    pub again: u64,
    pub buying: Buying,
    /// For each amount that a forecast is of, where it could be fitted.
    pub spending: Vec<FittedSpending>,
}

/// The model of an amount.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedSpending {
    pub amount: RowExpr,
    pub model: Spending,
    /// Of those who came again: how many purchases go with how large a mean amount, -1 to 1.
    pub correlation: f64,
}

/// Until when customers are watched in a period.
#[derive(Clone, Copy)]
pub(super) struct Watched {
    /// The first day that is not looked at.
    pub end: Date,
    /// The last unit of time that is watched begins here: times are counted from one such day to another.
    pub last: Date,
    /// The day after that unit, from which a horizon is counted.
    pub after: Date,
}

impl Watched {
    /// In a period, of data that reach to `last` and tell times in units of a grain.
    pub fn of(period: Period, last: Date, unit: Grain, calendar: &Calendar) -> Watched {
        let end = period.end(calendar);
        let day = end.plus_days(-1).map_or(last, |it| it.min(last));
        let unit = Period::containing(day, unit, calendar);
        Watched { end, last: unit.start(calendar), after: unit.end(calendar) }
    }
}

/// The purchases of a customer up to the end of a period.
pub(super) struct History {
    pub again: u32,
    /// In days from the first purchase on.
    pub last: i32,
    pub age: i32,
    /// What was brought after the day of the first purchase, for each amount.
    pub brought: Vec<Num>,
}

impl History {
    fn bought(&self) -> Bought {
        Bought { again: self.again, last: f64::from(self.last), age: f64::from(self.age) }
    }

    fn spent(&self, amount: usize) -> Spent {
        let mean = if self.again == 0 { 0.0 } else { self.brought[amount].to_f64() / f64::from(self.again) };
        Spent { purchases: self.again, mean }
    }
}

/// What the models of a period are fitted to: customers without their names.
pub(super) struct Tally {
    customers: u64,
    again: u64,
    /// How many customers have the same purchases.
    alike: BTreeMap<(u32, i32, i32), u64>,
    /// For each amount, what those brought who came again.
    spent: Vec<Vec<Spent>>,
}

impl Tally {
    /// Nobody yet; so many amounts are known.
    pub fn new(amounts: usize) -> Tally {
        Tally { customers: 0, again: 0, alike: BTreeMap::new(), spent: vec![Vec::new(); amounts] }
    }

    /// Adds a customer.
    pub fn add(&mut self, of: &History) {
        self.customers += 1;
        *self.alike.entry((of.again, of.last, of.age)).or_default() += 1;
        if of.again > 0 {
            self.again += 1;
            self.spent.iter_mut().enumerate().for_each(|(amount, all)| all.push(of.spent(amount)));
        }
    }
}

/// What is said of each customer in a period.
pub(super) struct Models {
    watched: Watched,
    customers: u64,
    again: u64,
    buying: Result<Buying, Unfit>,
    spending: Vec<Result<(Spending, f64), Unfit>>,
    /// What is known of the purchases that are to come, by forecast, number of purchases and age.
    known: BTreeMap<(usize, u32, i32), Option<f64>>,
    schedules: Vec<(Forecast, Vec<(f64, f64)>)>,
}

impl Models {
    /// Fits the models to all customers.
    pub fn fit(watched: Watched, tally: &Tally) -> Models {
        let (customers, again) = (tally.customers, tally.again);
        let buying = if customers < LEAST_CUSTOMERS || again < LEAST_AGAIN {
            Err(Unfit::TooFew)
        } else {
            let of = |(again, last, age): (u32, i32, i32)| Bought { again, last: f64::from(last), age: f64::from(age) };
            let alike: Vec<(Bought, u64)> = tally.alike.iter().map(|(it, times)| (of(*it), *times)).collect();
            Buying::fit(&alike).ok_or(Unfit::Purchases)
        };
        let spending = tally.spent.iter().map(|it| buying.and_then(|_| spending(it))).collect();
        Models { watched, customers, again, buying, spending, known: BTreeMap::new(), schedules: Vec::new() }
    }

    /// The models with their parameters; nothing where that of purchases could not be fitted. They are of these
    /// amounts.
    pub fn fitted(&self, period: Period, amounts: &[&RowExpr]) -> Option<Fitted> {
        let buying = self.buying.ok()?;
        let of = |(amount, fitted): (&&RowExpr, &Result<(Spending, f64), Unfit>)| {
            let (model, correlation) = (*fitted).ok()?;
            Some(FittedSpending { amount: (*amount).clone(), model, correlation })
        };
        let spending = amounts.iter().zip(&self.spending).filter_map(of).collect();
        Some(Fitted { period, customers: self.customers, again: self.again, buying, spending })
    }

    /// What a forecast takes of a customer.
    pub fn take(&mut self, forecast: Forecast, amount: Option<usize>, of: &History) -> Taken {
        match self.score(forecast, amount, of) {
            Ok(score) => Taken::Score(Num::Float(score), Num::int(1)),
            Err(unfit) => Taken::Unfit(unfit),
        }
    }

    fn score(&mut self, forecast: Forecast, amount: Option<usize>, of: &History) -> Result<f64, Unfit> {
        let buying = self.buying?;
        let margin = |models: &Models| {
            let at = amount.ok_or(Unfit::Amounts)?;
            let (model, _) = models.spending[at]?;
            model.expected(of.spent(at)).ok_or(Unfit::Amounts)
        };
        let alive = buying.alive(&of.bought());
        match forecast.of {
            Forecasted::Alive => Ok(alive),
            Forecasted::Margin => margin(self),
            Forecasted::Purchases => Ok(alive * self.coming(&buying, forecast, of)?),
            Forecasted::Value | Forecasted::Total => Ok(alive * self.coming(&buying, forecast, of)? * margin(self)?),
        }
    }

    /// The purchases that are to come of a customer who is alive, each less what it is worth later.
    fn coming(&mut self, buying: &Buying, forecast: Forecast, of: &History) -> Result<f64, Unfit> {
        let place = match self.schedules.iter().position(|it| it.0 == forecast) {
            Some(it) => it,
            None => {
                self.schedules.push((forecast, schedule(self.watched.after, forecast.horizon, forecast.discount)));
                self.schedules.len() - 1
            }
        };
        let schedule = &self.schedules[place].1;
        let worth = || {
            let (mut sum, mut before) = (0.0, 0.0);
            for (days, factor) in schedule {
                let until = buying.expected(of.again, f64::from(of.age), *days)?;
                sum += (until - before) * factor;
                before = until;
            }
            Some(sum)
        };
        // It does not depend on when the last purchase was: that tells whether the customer is alive.
        self.known.entry((place, of.again, of.age)).or_insert_with(worth).ok_or(Unfit::Purchases)
    }
}

/// The steps of a horizon: the days until each, and what money is worth then. Months are counted by the calendar; what is
/// brought in a step comes at its end. Without a rate there is one step.
fn schedule(from: Date, horizon: Option<Length>, rate: Option<Rate>) -> Vec<(f64, f64)> {
    let Some(horizon) = horizon else { return Vec::new() };
    let days = |until: Date| f64::from(until.days() - from.days());
    let Some(rate) = rate else { return horizon.after(from).map(|it| (days(it), 1.0)).into_iter().collect() };
    if let Some(months) = horizon.periods_of(Grain::Month) {
        let step = |it: u32| Some((days(Length::Months(it).after(from)?), 1.0 / rate.over(Length::Months(it))));
        return (1..=months).filter_map(step).collect();
    }
    let all = horizon.periods_of(Grain::Day).unwrap_or(0);
    let ends = (1..=all / 7).map(|it| it * 7).chain((all % 7 != 0).then_some(all)).map(f64::from);
    ends.map(|it| (it, 1.0 / rate.over_days(it))).collect()
}

/// The model of an amount, and how it goes with the number of purchases.
fn spending(again: &[Spent]) -> Result<(Spending, f64), Unfit> {
    let above: Vec<Spent> = again.iter().copied().filter(|it| it.mean > 0.0).collect();
    if (above.len() as u64) < LEAST_AGAIN || (again.len() - above.len()) as f64 > MOST_WITHOUT * again.len() as f64 {
        return Err(Unfit::Amounts);
    }
    let model = Spending::fit(&above).filter(|it| it.mean().is_some()).ok_or(Unfit::Amounts)?;
    Ok((model, together(&above)))
}

/// How the number of purchases and the mean amount go together; 0 where one of them does not vary.
fn together(of: &[Spent]) -> f64 {
    let pairs: Vec<(f64, f64)> = of.iter().map(|it| (f64::from(it.purchases), it.mean)).collect();
    stats::correlation(&pairs).unwrap_or(0.0)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_horizon_is_cut_into_months_that_are_worth_less_and_less() {
        let from = Date::from_ymd(2024, 1, 1).unwrap();
        let rate = Rate { percent: 8.0, per: Grain::Year };
        let plain = schedule(from, Some(Length::Months(12)), None);
        assert_eq!(plain, [(366.0, 1.0)]);
        let steps = schedule(from, Some(Length::Years(1)), Some(rate));
        assert_eq!((steps.len(), steps[0].0, steps[1].0, steps[11].0), (12, 31.0, 60.0, 366.0));
        assert!((steps[11].1 - 1.0 / 1.08).abs() < 1e-15);
        let weeks: Vec<f64> = schedule(from, Some(Length::Days(17)), Some(rate)).iter().map(|it| it.0).collect();
        assert_eq!(weeks, [7.0, 14.0, 17.0]);
        assert_eq!(schedule(from, None, Some(rate)), []);
    }

    #[test]
    fn what_is_watched_ends_with_the_period_or_with_the_data() {
        let day = |month, day| Date::from_ymd(2024, month, day).unwrap();
        let calendar = Calendar::default();
        let quarter = Period::containing(day(3, 1), Grain::Quarter, &calendar);
        let whole = Watched::of(quarter, day(6, 1), Grain::Day, &calendar);
        assert_eq!((whole.end, whole.last, whole.after), (day(4, 1), day(3, 31), day(4, 1)));
        let short = Watched::of(quarter, day(2, 10), Grain::Day, &calendar);
        assert_eq!((short.end, short.last, short.after), (day(4, 1), day(2, 10), day(2, 11)));
        let months = Watched::of(quarter, day(6, 1), Grain::Month, &calendar);
        assert_eq!((months.last, months.after), (day(3, 1), day(4, 1)));
    }
}
