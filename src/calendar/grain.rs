//! Answers: how long is a period, and do periods of one length fit in those of another?

use super::Calendar;
use std::fmt;

/// The length of the periods that figures are given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    /// A civil day in the project's zone.
    Day,
    /// An ISO 8601 week, Monday up to Monday.
    Week,
    /// A calendar month.
    Month,
    /// January up to April, and so on.
    Quarter,
    /// A calendar year.
    Year,
    /// Three months, counted from the start of the fiscal year.
    FiscalQuarter,
    /// A fiscal year, named by the calendar year in which it ends.
    FiscalYear,
    /// One period that holds everything: that of a source without time.
    All,
}

impl Grain {
    /// All grains, in the order in which a message lists them.
    pub const ALL: [Grain; 8] =
        [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::Year, Grain::FiscalQuarter, Grain::FiscalYear, Grain::All];

    /// Returns the word of the language for this grain: `day`, ..., `fiscal quarter`, `all`.
    pub fn name(self) -> &'static str {
        match self {
            Grain::Day => "day",
            Grain::Week => "week",
            Grain::Month => "month",
            Grain::Quarter => "quarter",
            Grain::Year => "year",
            Grain::FiscalQuarter => "fiscal quarter",
            Grain::FiscalYear => "fiscal year",
            Grain::All => "all",
        }
    }

    /// Returns the grain of a word; two words may be joined by a space or by `_`.
    pub fn named(word: &str) -> Option<Grain> {
        let spelled = |grain: &Grain| {
            let name = grain.name().as_bytes();
            name.len() == word.len() && name.iter().zip(word.bytes()).all(|(&a, b)| a == b || (a == b' ' && b == b'_'))
        };
        Grain::ALL.into_iter().find(spelled)
    }

    /// Returns whether periods of this grain are longer than those of the other. A quarter and a
    /// fiscal quarter are equally long.
    pub fn is_coarser_than(self, other: Grain) -> bool {
        self.rank() > other.rank()
    }

    fn rank(self) -> u8 {
        match self {
            Grain::Day => 0,
            Grain::Week => 1,
            Grain::Month => 2,
            Grain::Quarter | Grain::FiscalQuarter => 3,
            Grain::Year | Grain::FiscalYear => 4,
            Grain::All => 5,
        }
    }

    /// Returns whether every period of this grain lies within one period of the other, so that
    /// states of this one add up to those of the other.
    ///
    /// Weeks nest in nothing but `all`. Whether fiscal and calendar quarters nest in each other's
    /// world depends on the month in which the fiscal year begins.
    pub fn nests_in(self, other: Grain, calendar: &Calendar) -> bool {
        use Grain::{All, Day, FiscalQuarter, FiscalYear, Month, Quarter, Week, Year};
        match (self, other) {
            (a, b) if a == b => true,
            (_, All) | (Day, _) => true,
            (Month, Quarter | Year | FiscalQuarter | FiscalYear) => true,
            (Quarter, Year) | (FiscalQuarter, FiscalYear) => true,
            (Quarter, FiscalQuarter | FiscalYear) | (FiscalQuarter, Quarter | Year) => calendar.quarters_align(),
            (Year, FiscalYear) | (FiscalYear, Year) => calendar.fiscal_start_month() == 1,
            (Week | Month | Quarter | Year | FiscalQuarter | FiscalYear | All, _) => false,
        }
    }
}

impl fmt::Display for Grain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Date, Period, Zone};

    #[test]
    fn names_are_read_back() {
        for grain in Grain::ALL {
            assert_eq!(Grain::named(grain.name()), Some(grain));
        }
        assert_eq!(Grain::named("fiscal_quarter"), Some(Grain::FiscalQuarter));
        assert_eq!(Grain::named("Month"), None);
        assert_eq!(Grain::named("weeks"), None);
    }

    /// What `nests_in` says is held against the periods themselves, over twelve years and every
    /// start of the fiscal year.
    #[test]
    fn nesting_is_what_the_periods_do() {
        let from = Date::from_ymd(2015, 1, 1).expect("a real day");
        for month in 1..=12 {
            let calendar = Calendar::new(month, Zone::default()).expect("a real month");
            for fine in Grain::ALL {
                for coarse in Grain::ALL {
                    let nests = (0..12 * 366).step_by(7).all(|days| {
                        let day = from.plus_days(days).expect("within range");
                        let period = Period::containing(day, fine, &calendar);
                        Period::containing(day, coarse, &calendar).contains_period(period, &calendar)
                    });
                    assert_eq!(fine.nests_in(coarse, &calendar), nests, "{fine} in {coarse}, {month}");
                    assert!(!nests || !fine.is_coarser_than(coarse));
                }
            }
        }
    }
}
