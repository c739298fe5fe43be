//! How are generated facts said? Short sentences in plain Dutch and English, in the order in which sections need
//! them. A sentence states what was computed; it never names a cause.

mod brief;
mod define;
mod drivers;
mod figures;
mod forms;
mod goals;
mod headings;
mod instead;
mod measure;
mod more;
mod places;
mod quality;
mod refused;
mod series;
mod site;
mod why;
mod worth;

pub use drivers::SteeredOn;
pub use more::BenchmarkCounts;
pub use places::MovedCut;
pub use why::{Whereabouts, chance_text};

use crate::calendar::{Grain, Period};
use crate::eval::{Note, Status};
use crate::publish::ResultRow;
use crate::words::Lang;

/// Says facts in a language.
#[derive(Debug, Clone, Copy)]
pub struct Say(pub Lang);

impl Say {
    /// Returns one of two texts.
    pub fn pick<'t>(self, nl: &'t str, en: &'t str) -> &'t str {
        match self.0 {
            Lang::Nl => nl,
            Lang::En => en,
        }
    }

    /// Returns a number as a sentence has it: in words up to twenty.
    pub fn number(self, number: usize) -> String {
        const NL: [&str; 21] = [
            "geen",
            "één",
            "twee",
            "drie",
            "vier",
            "vijf",
            "zes",
            "zeven",
            "acht",
            "negen",
            "tien",
            "elf",
            "twaalf",
            "dertien",
            "veertien",
            "vijftien",
            "zestien",
            "zeventien",
            "achttien",
            "negentien",
            "twintig",
        ];
        const EN: [&str; 21] = [
            "none",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ];
        let words = if self.0 == Lang::Nl { NL } else { EN };
        words.get(number).map_or_else(|| self.0.count(number as u64), |it| (*it).to_owned())
    }

    /// Returns a number as the first word of a sentence.
    pub fn number_first(self, number: usize) -> String {
        capital(&self.number(number))
    }

    /// Returns names in a row: `a, b en c`.
    pub fn list(self, names: &[String]) -> String {
        let and = self.pick("en", "and");
        match names {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
        }
    }

    /// Returns a title in quotation marks.
    pub fn quoted(self, title: &str) -> String {
        format!("“{title}”")
    }

    /// Returns a period in a column of a table or beside a difference, the year only where it is another one.
    pub fn against(self, period: Period, reported: Period) -> String {
        if period.year() == reported.year() { self.0.axis_label(period) } else { self.0.axis_label_with_year(period) }
    }

    /// Returns "vs Q2".
    pub fn versus(self, period: Period, reported: Period) -> String {
        format!("{} {}", self.pick("t.o.v.", "vs"), self.against(period, reported))
    }

    /// Returns the grain as a word for one period, or for more of them: `maand`, `maanden`.
    pub fn grain(self, grain: Grain, count: usize) -> &'static str {
        let (nl, en) = match grain {
            Grain::Day => (["dag", "dagen"], ["day", "days"]),
            Grain::Week => (["week", "weken"], ["week", "weeks"]),
            Grain::Month => (["maand", "maanden"], ["month", "months"]),
            Grain::Quarter | Grain::FiscalQuarter => (["kwartaal", "kwartalen"], ["quarter", "quarters"]),
            Grain::Year => (["jaar", "jaren"], ["year", "years"]),
            Grain::FiscalYear => (["boekjaar", "boekjaren"], ["fiscal year", "fiscal years"]),
            Grain::All => (["periode", "perioden"], ["period", "periods"]),
        };
        let words = if self.0 == Lang::Nl { nl } else { en };
        words[usize::from(count != 1)]
    }

    /// Returns why there is no figure.
    pub fn absent(self, row: Option<&ResultRow>) -> &'static str {
        let Some(row) = row else { return self.not_told(false) };
        let has = |note: Note| row.notes.contains(&note);
        if row.judged.status == Status::Hidden {
            self.not_told(true)
        } else if has(Note::Planned) {
            self.pick("gepland", "planned")
        } else if has(Note::NoEarlier) {
            self.pick("geen eerdere periode", "no earlier period")
        } else if has(Note::EmptyPart) {
            self.pick("onderdeel zonder waarde", "part without a value")
        } else if has(Note::TooFewToFit) {
            self.pick("te weinig klanten voor een model", "too few customers for a model")
        } else if has(Note::PurchasesUnfit) || has(Note::AmountsUnfit) {
            self.pick("het model past niet", "the model does not fit")
        } else if has(Note::OtherPeriod) {
            self.pick("marge en retentie over verschillende perioden", "margin and retention of different periods")
        } else if has(Note::NoEnd) {
            self.pick("retentie niet lager dan 1 + rente: geen eindige waarde", "retention of 1 + interest or more: no finite value")
        } else if has(Note::NothingWeighs) {
            self.pick("de gewichten zijn samen 0", "weights add up to 0")
        } else if has(Note::OneRow) {
            self.pick("één rij", "one row")
        } else if has(Note::DividedByZero) {
            self.pick("deling door nul", "division by zero")
        } else {
            self.not_told(false)
        }
    }

    /// Returns the same of what is either hidden or not there.
    pub fn not_told(self, hidden: bool) -> &'static str {
        if hidden { self.pick("verborgen", "hidden") } else { self.pick("geen gegevens", "no data") }
    }

    /// Returns the remark beside a status that the interval does not prove.
    pub fn unproven(self) -> &'static str {
        crate::report::words::words(self.0).unproven
    }

    /// Returns the remark beside a status that is another period's.
    pub fn judged_over(self, period: Period) -> String {
        format!("{} {}", self.pick("over", "for"), self.0.period_short(period))
    }

    /// Returns what the ends of a figure are that rests on assumptions.
    pub fn range_kind(self) -> &'static str {
        self.pick("bandbreedte van aannames", "range of assumptions")
    }

    /// Returns "95%-BI".
    pub fn interval_kind(self, confidence: f64) -> String {
        let percent = self.0.number_up_to(confidence * 100.0, 1);
        match self.0 {
            Lang::Nl => format!("{percent}%-BI"),
            Lang::En => format!("{percent}% CI"),
        }
    }

    /// Returns what stands in place of an interval where every row is known.
    pub fn complete(self) -> &'static str {
        self.pick("geen steekproef", "not a sample")
    }

    /// Returns what stands in place of an interval that cannot be had.
    pub fn no_interval(self) -> &'static str {
        self.pick("geen interval", "no interval")
    }

    /// Returns "doel 5,6".
    pub fn target(self, value: &str) -> String {
        format!("{} {value}", self.pick("doel", "target"))
    }

    /// Returns "drempel 5,2".
    pub fn threshold(self, value: &str) -> String {
        format!("{} {value}", self.pick("drempel", "threshold"))
    }
}

/// Returns a text with its first letter as a capital.
pub fn capital(text: &str) -> String {
    // Dutch leaves the accent of a capital out.
    if let Some(rest) = text.strip_prefix("één") {
        return format!("Eén{rest}");
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Returns a text with its first letter small, unless it is an abbreviation.
pub fn lower(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), second) if second.is_none_or(|it| !it.is_uppercase()) => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}
