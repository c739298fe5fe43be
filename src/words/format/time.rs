//! Answers: how are days and periods written for a Dutch or an English reader?
//!
//! In go dates and periods; out come texts. Machines get `Display` of both instead.

use super::Lang;
use crate::calendar::{Calendar, Date, Grain, Period};

const MONTHS_NL: [&str; 12] =
    ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"];
const MONTHS_EN: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const SHORT_NL: [&str; 12] = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"];
const SHORT_EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Lang {
    /// Returns a day in full: `30 september 2025`, `30 September 2025`.
    pub fn date(self, date: Date) -> String {
        let (year, month, day) = date.ymd();
        format!("{day} {} {year}", self.month(month))
    }

    /// Returns a day in short: `30 sep 2025`, `30 Sep 2025`.
    pub fn date_short(self, date: Date) -> String {
        let (year, month, day) = date.ymd();
        format!("{day} {} {year}", self.month_short(month))
    }

    /// Returns a period as a sentence names it: `3e kwartaal 2025`, `Q3 2025`; `week 38 van 2025`,
    /// `week 38, 2025`; `boekjaar 2026`, `fiscal year 2026`; `hele periode`, `whole period`.
    pub fn period(self, period: Period) -> String {
        let (year, number) = year_and_number(period);
        match (period.grain(), self) {
            (Grain::Day, _) => self.date(day_of(period)),
            (Grain::Week, Lang::Nl) => format!("week {number} van {year}"),
            (Grain::Week, Lang::En) => format!("week {number}, {year}"),
            (Grain::Month, _) => format!("{} {year}", self.month(number)),
            (Grain::Quarter, Lang::Nl) => format!("{number}e kwartaal {year}"),
            (Grain::Quarter, Lang::En) => format!("Q{number} {year}"),
            (Grain::Year, _) => year.to_string(),
            (Grain::FiscalQuarter, Lang::Nl) => format!("{number}e kwartaal van boekjaar {year}"),
            (Grain::FiscalQuarter, Lang::En) => format!("Q{number} of fiscal year {year}"),
            (Grain::FiscalYear, Lang::Nl) => format!("boekjaar {year}"),
            (Grain::FiscalYear, Lang::En) => format!("fiscal year {year}"),
            (Grain::All, Lang::Nl) => "hele periode".to_owned(),
            (Grain::All, Lang::En) => "whole period".to_owned(),
        }
    }

    /// Returns a period as the head of a column names it, with its year: `30 sep 2025`,
    /// `wk 38 2025`, `sep 2025`, `Q3 2025`, `bj 2026`, `FY2026`.
    pub fn period_short(self, period: Period) -> String {
        let (year, number) = year_and_number(period);
        match (period.grain(), self) {
            (Grain::Day, _) => self.date_short(day_of(period)),
            (Grain::Week, _) => format!("wk {number} {year}"),
            (Grain::Month, _) => format!("{} {year}", self.month_short(number)),
            (Grain::Quarter, _) => format!("Q{number} {year}"),
            (Grain::Year, _) => year.to_string(),
            (Grain::FiscalQuarter, Lang::Nl) => format!("Q{number} bj {year}"),
            (Grain::FiscalQuarter, Lang::En) => format!("Q{number} FY{year}"),
            (Grain::FiscalYear, Lang::Nl) => format!("bj {year}"),
            (Grain::FiscalYear, Lang::En) => format!("FY{year}"),
            (Grain::All, Lang::Nl) => "alles".to_owned(),
            (Grain::All, Lang::En) => "all".to_owned(),
        }
    }

    /// Returns a period as an axis names it, where the year stands elsewhere: `30 sep`, `wk 38`,
    /// `sep`, `Q3`, `2025`.
    pub fn axis_label(self, period: Period) -> String {
        let (_, number) = year_and_number(period);
        match period.grain() {
            Grain::Day => {
                let (_, month, day) = day_of(period).ymd();
                format!("{day} {}", self.month_short(month))
            }
            Grain::Week => format!("wk {number}"),
            Grain::Month => self.month_short(number).to_owned(),
            Grain::Quarter | Grain::FiscalQuarter => format!("Q{number}"),
            Grain::Year | Grain::FiscalYear | Grain::All => self.period_short(period),
        }
    }

    /// Returns a period as an axis names it where the year must be told: `sep ’25`, `Q3 ’25`.
    pub fn axis_label_with_year(self, period: Period) -> String {
        let label = self.axis_label(period);
        match period.grain() {
            Grain::Year | Grain::FiscalYear | Grain::All => label,
            _ => format!("{label} ’{:02}", year_and_number(period).0.rem_euclid(100)),
        }
    }

    /// Returns the name of a month, 1 to 12; nothing for another number.
    fn month(self, month: u8) -> &'static str {
        let names = match self {
            Lang::Nl => &MONTHS_NL,
            Lang::En => &MONTHS_EN,
        };
        names.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or_default()
    }

    fn month_short(self, month: u8) -> &'static str {
        let names = match self {
            Lang::Nl => &SHORT_NL,
            Lang::En => &SHORT_EN,
        };
        names.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or_default()
    }
}

fn year_and_number(period: Period) -> (i32, u8) {
    (period.year().unwrap_or_default(), period.number().unwrap_or_default())
}

/// Returns the day of a period of one day, which no calendar can move.
fn day_of(period: Period) -> Date {
    period.start(&Calendar::default())
}
