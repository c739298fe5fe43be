//! When was each answer given? The column, how its days are written, and in which periods figures are shown.

use super::guess::{Guess, Role};
use super::notes::{Note, say};
use super::profile::{Column, Dates, Profile, Way};
use super::read::{Header, Table};
use super::words;
use crate::calendar::{DatePattern, Grain};
use crate::words::Lang;

/// The time of rows.
pub struct Time {
    pub column: usize,
    pub way: Way,
    pub ambiguous: bool,
    /// Rows without it, which the copy of the data leaves out.
    pub missing: u64,
    /// The grain of the project.
    pub grain: Grain,
    /// Whether there is more than one period.
    pub several: bool,
    /// Waves at long intervals rather than answers all the time.
    pub waves: Option<Grain>,
}

/// Finds the time of rows.
pub fn find(guess: &mut Guess, table: &Table, profile: &Profile) {
    let rank = |column: &Column| {
        // When somebody began says less than when they were done.
        let begun = column.words.has(words::BEGUN).then_some(3);
        begun.or_else(|| words::TIME.iter().position(|it| column.words.has(it)))
    };
    let mut best: Option<(usize, usize)> = None;
    let mut holes: Vec<(usize, usize)> = Vec::new();
    for (at, column) in profile.columns.iter().enumerate() {
        if column.dates.is_empty() || column.words.has(words::BIRTH) || matches!(guess.items[at].role, Role::Rating(_) | Role::Personal) {
            continue;
        }
        let period = column.dates.iter().all(|it| matches!(it.way, Way::Period | Way::Serial));
        let compact = column.dates.iter().all(|it| matches!(it.way, Way::Serial | Way::LooseYearFirst)) && column.is_numeric();
        let ranked = rank(column);
        if ranked.is_none() && (period || compact) {
            continue;
        }
        // A day says more than a year.
        let order = ranked.unwrap_or(3) + if period { 10 } else { 0 };
        if column.filled < profile.rows {
            if (profile.rows - column.filled) * 5 <= profile.rows && !period {
                holes.push((order, at));
            }
            continue;
        }
        if best.is_none_or(|it| order < it.0) {
            best = Some((order, at));
        }
    }
    let lang = guess.lang;
    // Better the answers that have a day than no day at all; a tool leaves it out where an answer was not finished.
    let Some((_, at)) = best.or_else(|| holes.iter().copied().min()) else {
        let text = say(
            lang,
            "no column tells when answers were given: there are no trends and no comparisons",
            "geen kolom zegt wanneer er geantwoord is: er zijn geen trends en geen vergelijkingen",
        );
        guess.notes.push(Note { doubt: 55, text });
        return;
    };
    let missing = profile.rows - profile.columns[at].filled;
    if missing > 0 {
        let header = &profile.columns[at].header;
        let text = say(
            lang,
            format!(
                "{missing} rows have no date in `{header}` and are not in the copy of the data: every row needs one (answers that were not finished?)"
            ),
            format!(
                "{missing} rijen hebben geen datum in `{header}` en staan niet in de kopie van de data: elke rij heeft er een nodig (niet afgemaakte antwoorden?)"
            ),
        );
        guess.notes.push(Note { doubt: 93, text });
        guess.items[at].marks.push(say(
            lang,
            format!("{missing} rows without it were left out"),
            format!("{missing} rijen zonder zijn weggelaten"),
        ));
    }
    let column = &profile.columns[at];
    let (dates, ambiguous) = way(guess, table, column);
    let days = dates.days.len();
    let months = {
        let (first, last) = (dates.first, dates.last);
        (last.year() - first.year()) * 12 + i32::from(last.month()) - i32::from(first.month()) + 1
    };
    let grain = match dates.grain {
        Grain::Day if months > 15 => Grain::Quarter,
        // Below 30 answers a figure is only indicative.
        Grain::Day if months <= 1 || profile.rows / u64::from(months.unsigned_abs().max(1)) >= 30 => Grain::Month,
        Grain::Day => Grain::Quarter,
        coarse => coarse,
    };
    // Answers on many days come one by one; on a few days, or in periods, they come in waves.
    let waves = match dates.grain {
        Grain::Day => (days <= 8 && profile.rows >= 50).then_some(grain),
        coarse => Some(coarse),
    };
    let way = dates.way;
    let several = match grain {
        Grain::Year => dates.first.year() < dates.last.year(),
        Grain::Quarter => (dates.first.year(), (dates.first.month() - 1) / 3) != (dates.last.year(), (dates.last.month() - 1) / 3),
        _ => months > 1 || dates.grain == Grain::Week && days > 1,
    };
    let (first, last) = (dates.first, dates.last);
    guess.items[at].role = Role::Time;
    if ambiguous {
        let day_first = way.day_first() == Some(true);
        let text = say(
            lang,
            format!(
                "`{}` may be day-month or month-day: no value settles it; taken as {}, which gives {first} to {last}",
                column.header,
                if day_first { "day first" } else { "month first" }
            ),
            format!(
                "`{}` kan dag-maand of maand-dag zijn: geen waarde beslist dat; gelezen als {}, dat geeft {first} tot en met {last}",
                column.header,
                if day_first { "dag eerst" } else { "maand eerst" }
            ),
        );
        guess.items[at].marks.push(say(lang, "day and month may be the other way round", "dag en maand kunnen verwisseld zijn"));
        guess.notes.push(Note { doubt: 96, text });
    }
    let others: Vec<&str> = profile
        .columns
        .iter()
        .enumerate()
        .filter(|(other, it)| *other != at && it.filled == profile.rows && !it.dates.is_empty() && rank(it).is_some_and(|it| it < 4))
        .map(|it| it.1.header.as_str())
        .take(3)
        .collect();
    if !others.is_empty() {
        let named = others.join(", ");
        guess.items[at].marks.push(say(
            lang,
            format!("the time of a row; also a date: {named}"),
            format!("de tijd van een rij; ook een datum: {named}"),
        ));
        let text = say(
            lang,
            format!("`{}` is the time of a row; {named} could be it too", column.header),
            format!("`{}` is de tijd van een rij; {named} kan het ook zijn", column.header),
        );
        guess.notes.push(Note { doubt: 30, text });
    } else {
        guess.items[at].marks.push(say(lang, "when the answer was given", "wanneer er geantwoord is"));
    }
    guess.time = Some(Time { column: at, way, missing, ambiguous, grain, several, waves });
}

/// The way in which a column's days are written, and whether another would do as well.
fn way<'c>(guess: &Guess, table: &Table, column: &'c Column) -> (&'c Dates, bool) {
    let known: Vec<&Dates> = column.dates.iter().filter(|it| it.way.is_known()).collect();
    let all = if known.is_empty() { column.dates.iter().collect() } else { known };
    let firsts: Vec<&Dates> = column.dates.iter().filter(|it| it.way.day_first().is_some()).collect();
    let (day, month) =
        (firsts.iter().find(|it| it.way.day_first() == Some(true)), firsts.iter().find(|it| it.way.day_first() == Some(false)));
    if let (Some(day), Some(month)) = (day, month)
        && all.iter().all(|it| it.way.day_first().is_some())
    {
        let text = column.values.keys().next().map_or("", String::as_str);
        let american = matches!(table.shape.header, Header::Qualtrics | Header::Options);
        let dutch = guess.lang == Lang::Nl || table.form.delimiter == b';' || text.contains('-') || text.contains('.');
        let day_first = dutch && !american;
        // Where the same days come out, there is nothing to doubt.
        let same = day.days == month.days;
        return (if day_first { day } else { month }, !same);
    }
    (all[0], false)
}

/// The pattern of dates that the source says, where it is not the plain one.
pub fn pattern(time: &Time) -> Option<DatePattern> {
    match time.way {
        Way::Pattern(DatePattern::YearMonthDay) => None,
        Way::Pattern(pattern) => Some(pattern),
        _ => None,
    }
}
