//! Rows that are walked when all are there: those of each customer in the order of time, and spans, each in every period
//! in which it holds. Both engines gather rows in their order; what is made of them is one piece of code.
//!
//! Rows wait packed, dealt by customer in parts that are walked one after the other: so few are unpacked at a time, and
//! the order of adding is always the same.

use super::fold::{Dropped, Fold, RowFacts, Taken, take};
use super::forecast::{History, Models, Tally, Watched};
use super::packed::{Entry, PARTS, Packed, Shape};
use super::plain::{WrongTime, key_value, text_of};
use super::{GroupTable, KeyValue};
use crate::calendar::{Calendar, Date, Grain, Period};
use crate::check::Checked;
use crate::model::{RowExpr, Rows, Source, Stretch, Walk};
use crate::plan::{CustomerScore, Grouping, Measure, Read};
use crate::row::{Missing, Row, Value};
use crate::value::{Code, Fact, Num};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How much is held of rows at most, in bytes.
pub const MOST_BYTES: usize = 4 << 30;

/// What is gathered of the rows of a read.
pub struct Gather<'a> {
    checked: &'a Checked,
    source: &'a Source,
    read: &'a Read,
    /// The expressions whose values are kept, each once.
    exprs: Vec<&'a RowExpr>,
    /// The columns that tell customers, or clusters, apart.
    by: Vec<&'a [usize]>,
    /// The columns that tell when.
    times: Vec<usize>,
    /// The items of spans, which are taken row by row.
    items: Vec<usize>,
    person: Option<usize>,
}

/// The rows that were gathered, in their order.
#[derive(Default)]
pub struct Gathered {
    packed: Packed,
    bytes: usize,
    /// Of snapshots: the dates of the rows that count, for each of the columns that tell when.
    dates: Vec<BTreeSet<Date>>,
    pub wrong: WrongTime,
    /// The first and last day that rows tell of.
    pub days: Option<(Date, Date)>,
    /// The longest period that a time stands for.
    unit: Option<Grain>,
}

impl Gathered {
    /// Adds the rows of a later chunk.
    #[cfg(feature = "engine")]
    pub fn append(&mut self, other: Gathered) {
        self.packed.append(other.packed);
        self.bytes += other.bytes;
        self.dates.resize_with(self.dates.len().max(other.dates.len()), BTreeSet::new);
        self.dates.iter_mut().zip(other.dates).for_each(|(mine, theirs)| mine.extend(theirs));
        self.wrong.merge(&other.wrong);
        if let Some((first, last)) = other.days {
            self.see(first, last);
        }
        other.unit.into_iter().for_each(|it| self.tells_in(it));
    }

    /// Whether more is held than may be.
    pub fn is_too_large(&self, most: usize) -> bool {
        self.bytes > most
    }

    fn tells_in(&mut self, unit: Grain) {
        self.unit = Some(self.unit.filter(|it| !unit.is_coarser_than(*it)).unwrap_or(unit));
    }

    fn see(&mut self, first: Date, last: Date) {
        self.days = Some(self.days.map_or((first, last), |it| (it.0.min(first), it.1.max(last))));
    }
}

/// The finding that a source has more rows than can be held.
pub fn too_large(source: &Source) -> Fact {
    let fact = Fact::at(Code::LimitExceeded, source.span).with("what", "rows of customers").with("name", &source.name);
    fact.with("limit", format!("{} GB", MOST_BYTES >> 30))
}

impl<'a> Gather<'a> {
    /// What is to be gathered for a read; `None` where nothing is.
    pub fn new(checked: &'a Checked, read: &'a Read) -> Option<Gather<'a>> {
        let source = &checked.model.sources[read.source.index()];
        let mut gather =
            Gather { checked, source, read, exprs: Vec::new(), by: Vec::new(), times: Vec::new(), items: Vec::new(), person: None };
        for grouping in read.groupings.iter().filter(|it| it.is_gathered(source.rows)) {
            let mut exprs: Vec<&RowExpr> = grouping.keys.iter().map(|it| &it.expr).collect();
            exprs.extend(grouping.walk.iter().flat_map(Walk::exprs));
            for at in &grouping.leaves {
                let leaf = &read.leaves[*at];
                match &leaf.measure {
                    Measure::Customer { amount, .. } => exprs.extend(amount.iter().chain(&leaf.filter)),
                    _ => add(&mut gather.items, *at),
                }
                gather.person = gather.person.or(leaf.persons.map(|it| it.0));
            }
            exprs.into_iter().for_each(|it| add(&mut gather.exprs, it));
            grouping.walk.iter().for_each(|it| add(&mut gather.by, it.by.as_slice()));
            grouping.cluster.iter().for_each(|it| add(&mut gather.by, std::slice::from_ref(it)));
            grouping.time.into_iter().for_each(|it| add(&mut gather.times, it));
        }
        read.groupings.iter().any(|it| it.is_gathered(source.rows)).then_some(gather)
    }

    /// Adds a row.
    pub fn add(
        &self,
        to: &mut Gathered,
        row: &dyn Row,
        own: impl Fn(usize) -> Value,
        time: impl Fn(usize) -> Option<Period>,
        dropped: Option<Dropped>,
    ) {
        let calendar = &self.checked.model.project.calendar;
        let mut from = Vec::with_capacity(self.times.len());
        for column in &self.times {
            let Some(at) = time(*column) else {
                to.wrong.add(None);
                return;
            };
            let day = at.start(calendar);
            if Some(*column) == self.source.time {
                let last = if self.source.rows == Rows::Spans { day } else { at.end(calendar).plus_days(-1).unwrap_or(day) };
                to.see(day, last);
            }
            if !self.fits(*column, at.grain()) {
                to.wrong.add(Some(at.grain()));
                return;
            }
            from.push(day);
            to.tells_in(at.grain());
        }
        let until = match self.source.ends.map(&own) {
            Some(Value::Date(day)) => Some(day),
            Some(Value::Missing(Missing::OutOfScale)) => {
                to.wrong.add(None);
                to.wrong.ends += 1;
                return;
            }
            _ => None,
        };
        if let Some(day) = until {
            to.see(day, day);
        }
        let text = |columns: &[usize]| -> Option<Arc<str>> {
            let values: Vec<Value> = columns.iter().map(|it| own(*it)).collect();
            let known = values.iter().all(|it| it.missing().is_none());
            known.then(|| Arc::from(values.iter().map(text_of).collect::<Vec<_>>().join("\u{1f}")))
        };
        let kept = dropped.is_none();
        let entry = Entry {
            from: from.into(),
            until,
            by: self.by.iter().map(|it| text(it)).collect(),
            person: self.person.and_then(|it| text(&[it])),
            values: self.exprs.iter().map(|it| crate::row::evaluate(it, row)).collect(),
            taken: self.items.iter().filter(|_| kept).map(|it| take(&self.read.leaves[*it], &own, row)).collect(),
            dropped,
        };
        if self.source.rows == Rows::Snapshot && kept {
            to.dates.resize_with(entry.from.len(), BTreeSet::new);
            for (dates, it) in to.dates.iter_mut().zip(&entry.from) {
                dates.insert(*it);
            }
        }
        to.bytes += to.packed.add(&entry);
    }

    /// Whether times of a grain are fine enough for what is asked of them.
    fn fits(&self, column: usize, own: Grain) -> bool {
        let calendar = &self.checked.model.project.calendar;
        let groupings = self.read.groupings.iter().filter(|it| it.time == Some(column) && it.is_gathered(self.source.rows));
        own == Grain::Day
            || groupings.into_iter().all(|it| {
                let nests = |grain: Grain| own == grain || own.nests_in(grain, calendar);
                let per = it.walk.as_ref().is_none_or(|it| match &it.window {
                    Stretch::Per(grain) => nests(*grain),
                    _ => true,
                });
                nests(it.grain) && per && it.walk.iter().flat_map(Walk::lengths).all(|it| it.periods_of(own).is_some())
            })
    }

    /// The groups of each grouping that is gathered, in the order of groupings.
    pub fn tables(&self, gathered: &Gathered) -> Vec<GroupTable> {
        let (first, last) = self.source.covered(gathered.days.map(|it| it.0), gathered.days.map(|it| it.1));
        let days = gathered.days.map(|it| (first.unwrap_or(it.0).min(it.0), last.unwrap_or(it.1)));
        let groupings = self.read.groupings.iter().filter(|it| it.is_gathered(self.source.rows));
        groupings
            .map(|grouping| {
                let unit = gathered.unit.unwrap_or(Grain::Day);
                let mut walker = Walker { gather: self, grouping, fold: Fold::new(self.read, grouping), days, unit };
                match (&grouping.walk, days) {
                    (Some(walk), Some(_)) if walk.window == Stretch::Purchases => return walker.purchases(walk, gathered),
                    (Some(walk), Some(days)) => walker.customers(walk, gathered, days),
                    (None, Some((_, last))) => (0..PARTS).for_each(|it| walker.spans(&self.part(gathered, 0, it), last)),
                    (_, None) => {}
                }
                walker.fold.finish()
            })
            .collect()
    }

    /// The rows of a part, dealt by one of the ways in which customers are told apart.
    fn part(&self, gathered: &Gathered, by: usize, part: usize) -> Vec<Entry> {
        let shape = Shape { times: self.times.len(), by: self.by.len(), values: self.exprs.len(), taken: self.items.len() };
        gathered.packed.part(by, part, shape)
    }
}

fn add<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// The groups of one grouping while rows are walked.
struct Walker<'g, 'a> {
    gather: &'g Gather<'a>,
    grouping: &'a Grouping,
    fold: Fold<'a>,
    /// The first and last day that is known.
    days: Option<(Date, Date)>,
    /// The longest period that a time stands for.
    unit: Grain,
}

/// A window, with the snapshots that tell its start and its end.
struct Window {
    start: Date,
    end: Date,
    snapshots: Option<(Date, Date)>,
}

/// The rows of one customer, in the order of time.
struct Customer<'g> {
    rows: Vec<&'g Entry>,
    kind: Rows,
    /// The place of their times.
    time: usize,
    walk: &'g Walk,
    /// The place of the condition that tells which rows count.
    active: Option<usize>,
}

impl<'g, 'a> Walker<'g, 'a> {
    fn calendar(&self) -> &'a Calendar {
        &self.gather.checked.model.project.calendar
    }

    fn place(&self, expr: &RowExpr) -> usize {
        self.gather.exprs.iter().position(|it| *it == expr).unwrap_or(0)
    }

    fn by(&self, columns: &[usize]) -> usize {
        self.gather.by.iter().position(|it| *it == columns).unwrap_or(0)
    }

    fn key(&self, row: &Entry) -> Vec<KeyValue> {
        self.grouping.keys.iter().map(|it| key_value(self.gather.checked, it, &row.values[self.place(&it.expr)])).collect()
    }

    // -- spans -------------------------------------------------------------------------------------------------------

    /// Each span in every period on whose last known day it holds.
    fn spans(&mut self, rows: &[Entry], last: Date) {
        let calendar = self.calendar();
        let grain = self.grouping.grain;
        for row in rows {
            let from = row.from[0];
            let until = row.until.map_or(last, |it| it.plus_days(-1).unwrap_or(it).min(last));
            if until < from {
                continue;
            }
            let key = self.key(row);
            let cluster = self.grouping.cluster.map(|it| row.by[self.by(&[it])].clone());
            let mut facts = self.facts(row);
            for (at, taken) in self.gather.items.iter().zip(&row.taken) {
                facts.taken[*at] = taken.clone();
            }
            for period in Period::containing(from, grain, calendar).up_to(Period::containing(until, grain, calendar)) {
                let day = period.end(calendar).plus_days(-1).map_or(last, |it| it.min(last));
                if from <= day && row.until.is_none_or(|it| it > day) {
                    self.fold.add(period, key.clone(), cluster.clone(), &facts);
                }
            }
        }
    }

    fn facts(&self, row: &Entry) -> RowFacts {
        RowFacts {
            taken: vec![Taken::Nothing; self.gather.read.leaves.len()],
            person: row.person.clone(),
            dealt: Vec::new(),
            dropped: row.dropped,
        }
    }

    // -- customers ---------------------------------------------------------------------------------------------------

    fn customers(&mut self, walk: &Walk, gathered: &Gathered, (first, last): (Date, Date)) {
        let (grain, calendar) = (self.grouping.grain, self.calendar());
        if grain == Grain::All {
            return;
        }
        let dates: Vec<Date> = gathered.dates.get(self.time()).map(|it| it.iter().copied().collect()).unwrap_or_default();
        let periods: Vec<Period> = Period::containing(first, grain, calendar).up_to(Period::containing(last, grain, calendar)).collect();
        let windows: Vec<(Period, Vec<Window>)> = periods.iter().map(|it| (*it, self.windows(walk, *it, &dates, last))).collect();
        for part in 0..PARTS {
            let rows = self.gather.part(gathered, self.by(&walk.by), part);
            for customer in self.by_customer(walk, &rows) {
                match &walk.window {
                    Stretch::Over(_) | Stretch::Per(_) => self.there(&customer, &windows),
                    Stretch::Cohort(length) => self.cohort(&customer, *length, &dates, last),
                    Stretch::Within(_) => self.within(&customer, &windows),
                    Stretch::After { within, from, to } => self.after(&customer, *within, (from.as_ref(), to.as_ref()), last),
                    Stretch::History | Stretch::Purchases => self.history(&customer, &periods),
                }
            }
            if let Stretch::After { .. } = &walk.window {
                let (by, time) = (self.by(&walk.by), self.time());
                for row in rows.iter().filter(|it| it.dropped.is_none() && it.by[by].is_none()) {
                    // Whose row it is is not known, so neither is what followed.
                    let period = Period::containing(row.from[time], grain, calendar);
                    self.say(period, row, |_, _| Taken::Left(Missing::Blank));
                }
            }
        }
    }

    /// The customers of some rows by their names, each with the rows that were not dropped in the order of time.
    fn by_customer<'r>(&self, walk: &'r Walk, rows: &'r [Entry]) -> Vec<Customer<'r>> {
        let (by, time) = (self.by(&walk.by), self.time());
        let mut all: BTreeMap<&Arc<str>, Vec<&'r Entry>> = BTreeMap::new();
        for row in rows.iter().filter(|it| it.dropped.is_none()) {
            if let Some(name) = &row.by[by] {
                all.entry(name).or_default().push(row);
            }
        }
        let active = walk.active.as_ref().map(|it| self.place(it));
        let customer = |mut rows: Vec<&'r Entry>| {
            rows.sort_by_key(|it| it.from[time]);
            Customer { rows, kind: self.gather.source.rows, time, walk, active }
        };
        all.into_values().map(customer).collect()
    }

    /// The place of the times of the grouping among those of a row.
    fn time(&self) -> usize {
        self.grouping.time.and_then(|it| self.gather.times.iter().position(|time| *time == it)).unwrap_or(0)
    }

    /// The windows of a period as far as the data reach into them.
    fn windows(&self, walk: &Walk, period: Period, dates: &[Date], last: Date) -> Vec<Window> {
        let calendar = self.calendar();
        let all = walk.windows(period, calendar).into_iter().filter(|it| it.0 <= last);
        if self.gather.source.rows != Rows::Snapshot {
            return all.map(|(start, end)| Window { start, end, snapshots: None }).collect();
        }
        all.filter_map(|(start, end)| {
            let before = match &walk.window {
                Stretch::Over(length) => length.before(start)?,
                Stretch::Per(grain) => Period::containing(start.plus_days(-1)?, *grain, calendar).start(calendar),
                _ => start,
            };
            let snapshots = (latest(dates, before, start)?, latest(dates, start, end)?);
            Some(Window { start, end, snapshots: Some(snapshots) })
        })
        .collect()
    }

    /// Who is there when a window begins, and what is of them when it ends.
    fn there(&mut self, customer: &Customer<'_>, windows: &[(Period, Vec<Window>)]) {
        let began = customer.from(customer.rows[0]);
        let gone = customer.gone();
        for (period, window) in windows.iter().flat_map(|(period, all)| all.iter().map(move |it| (*period, it))) {
            if window.start < began || gone.is_some_and(|it| window.start > it) {
                continue;
            }
            let start = window.snapshots.map(|it| it.0);
            let end = window.snapshots.map(|it| it.1);
            let Some(row) = customer.at(window.start, start) else { continue };
            let stays = customer.at(window.end, end).is_some();
            self.say(period, row, |take, amount| {
                let at = |day: Date, snapshot: Option<Date>| amount.map_or(Num::int(0), |it| customer.amount(day, snapshot, it));
                let (first, last) = (|| at(window.start, start), || at(window.end, end));
                Taken::Score(
                    match take {
                        CustomerScore::Yes => Num::int(i64::from(stays)),
                        CustomerScore::No => Num::int(i64::from(!stays)),
                        CustomerScore::Start => first(),
                        CustomerScore::End => last(),
                        CustomerScore::Least => first().min(last()),
                        CustomerScore::Fall => first().minus(last()).max(Num::int(0)),
                        CustomerScore::Drop => first().minus(last()),
                        // Told when all customers are known.
                        CustomerScore::Forecast(_) => return Taken::Nothing,
                    },
                    Num::int(1),
                )
            });
        }
    }

    /// Whether a customer is still there so long after the period in which it came.
    fn cohort(&mut self, customer: &Customer<'_>, length: crate::calendar::Length, dates: &[Date], last: Date) {
        let calendar = self.calendar();
        let Some(row) = customer.rows.iter().find(|it| customer.counts(it)) else { return };
        let came = customer.from(row);
        let is_snapshot = customer.kind == Rows::Snapshot;
        if is_snapshot && dates.first() == Some(&came) {
            // When those of the first snapshot came is not known.
            return;
        }
        let period = Period::containing(came, self.grouping.grain, calendar);
        let Some(end) = length.after(period.end(calendar)) else { return };
        let before = |end: Date| Some(Period::containing(end.plus_days(-1)?, self.grouping.grain, calendar).start(calendar));
        let snapshot = if is_snapshot { before(end).and_then(|it| latest(dates, it, end)) } else { None };
        let is_known = if is_snapshot { snapshot.is_some() } else { end.plus_days(-1).is_some_and(|it| it <= last) };
        let stays = is_known && customer.at(end, snapshot).is_some();
        self.say(period, row, |_, _| if is_known { Taken::Score(Num::int(i64::from(stays)), Num::int(1)) } else { Taken::Unobserved });
    }

    /// Whether a customer has more than one row in a window.
    fn within(&mut self, customer: &Customer<'_>, windows: &[(Period, Vec<Window>)]) {
        for (period, window) in windows.iter().flat_map(|(period, all)| all.iter().map(move |it| (*period, it))) {
            let mut rows = customer.between(window.start, window.end).filter(|it| customer.counts(it));
            let Some(row) = rows.next() else { continue };
            let again = rows.next().is_some();
            self.say(period, row, |_, _| Taken::Score(Num::int(i64::from(again)), Num::int(1)));
        }
    }

    /// What follows a row: nothing, where `to` is not said; else a row of which it holds.
    fn after(
        &mut self,
        customer: &Customer<'_>,
        within: crate::calendar::Length,
        (from, to): (Option<&RowExpr>, Option<&RowExpr>),
        last: Date,
    ) {
        let calendar = self.calendar();
        let holds = |place: Option<usize>, row: &Entry| place.is_none_or(|it| row.values[it] == Value::Bool(true));
        let (from, to) = (from.map(|it| self.place(it)), to.map(|it| self.place(it)));
        let mut done: Option<Period> = None;
        for (at, row) in customer.rows.iter().enumerate() {
            let day = customer.from(row);
            let period = Period::containing(day, self.grouping.grain, calendar);
            // Of who begins several times in a period, the first time counts.
            if !holds(from, row) || (to.is_some() && done == Some(period)) {
                continue;
            }
            done = Some(period);
            let Some(limit) = within.after(day) else { continue };
            let later = &customer.rows[if to.is_some() { at } else { at + 1 }..];
            let followed = later.iter().take_while(|it| customer.from(it) <= limit).any(|it| holds(to, it));
            let yes = followed == to.is_some();
            self.say(
                period,
                row,
                |_, _| if limit <= last { Taken::Score(Num::int(i64::from(yes)), Num::int(1)) } else { Taken::Unobserved },
            );
        }
    }

    /// What a customer brought up to the end of each period.
    fn history(&mut self, customer: &Customer<'_>, periods: &[Period]) {
        let calendar = self.calendar();
        let row = customer.rows[0];
        for period in periods.iter().filter(|it| it.end(calendar) > customer.from(row)) {
            let until = period.end(calendar);
            self.say(*period, row, |_, amount| {
                let rows = customer.rows.iter().take_while(|it| customer.from(it) < until);
                Taken::Score(amount.map_or(Num::int(0), |it| sum(rows.copied(), it)), Num::int(1))
            });
        }
    }

    /// What is to come of each customer after each period, by models that are fitted to all of them: so they are walked
    /// twice.
    fn purchases(mut self, walk: &Walk, gathered: &Gathered) -> GroupTable {
        let (Some((first, last)), grain) = (self.days, self.grouping.grain) else { return self.fold.finish() };
        if grain == Grain::All {
            return self.fold.finish();
        }
        let calendar = self.calendar();
        let mut amounts: Vec<&RowExpr> = Vec::new();
        let leaves = self.grouping.leaves.iter().map(|it| &self.gather.read.leaves[*it].measure);
        leaves.filter_map(Measure::expr).for_each(|it| add(&mut amounts, it));
        let places: Vec<usize> = amounts.iter().map(|it| self.place(it)).collect();
        let periods = Period::containing(first, grain, calendar).up_to(Period::containing(last, grain, calendar));
        let watched: Vec<(Period, Watched)> = periods.map(|it| (it, Watched::of(it, last, self.unit, calendar))).collect();
        let mut tallies: Vec<Tally> = watched.iter().map(|_| Tally::new(places.len())).collect();
        let by = self.by(&walk.by);
        for part in 0..PARTS {
            let rows = self.gather.part(gathered, by, part);
            for customer in self.by_customer(walk, &rows) {
                for ((_, watched), tally) in watched.iter().zip(&mut tallies) {
                    customer.bought(*watched, &places).iter().for_each(|(_, it)| tally.add(it));
                }
            }
        }
        let mut models: Vec<Models> = watched.iter().zip(&tallies).map(|((_, watched), tally)| Models::fit(*watched, tally)).collect();
        let fitted = watched.iter().zip(&models).filter_map(|((period, _), it)| it.fitted(*period, &amounts)).collect();
        for part in 0..PARTS {
            let rows = self.gather.part(gathered, by, part);
            for customer in self.by_customer(walk, &rows) {
                for ((period, watched), models) in watched.iter().zip(&mut models) {
                    let Some((row, history)) = customer.bought(*watched, &places) else { continue };
                    self.say(*period, row, |take, amount| {
                        let amount = amount.and_then(|it| places.iter().position(|place| *place == it));
                        match take {
                            CustomerScore::Forecast(it) => models.take(it, amount, &history),
                            _ => Taken::Nothing,
                        }
                    });
                }
            }
        }
        GroupTable { fitted, ..self.fold.finish() }
    }

    /// Adds what every item takes; the row tells the segment.
    fn say(&mut self, period: Period, row: &Entry, mut score: impl FnMut(CustomerScore, Option<usize>) -> Taken) {
        let mut facts = self.facts(row);
        for at in &self.grouping.leaves {
            let leaf = &self.gather.read.leaves[*at];
            let Measure::Customer { take, amount, .. } = &leaf.measure else { continue };
            if leaf.filter.as_ref().is_some_and(|it| row.values[self.place(it)] != Value::Bool(true)) {
                continue;
            }
            facts.taken[*at] = score(*take, amount.as_ref().map(|it| self.place(it)));
        }
        let key = self.key(row);
        self.fold.add(period, key, None, &facts);
    }
}

impl<'g> Customer<'g> {
    fn from(&self, row: &Entry) -> Date {
        row.from[self.time]
    }

    /// The day after which a customer is there no more, where that can be told without looking.
    fn gone(&self) -> Option<Date> {
        let last = self.from(self.rows.last()?);
        match self.kind {
            Rows::Events => self.walk.inactive?.after(last),
            Rows::Snapshot | Rows::Spans => None,
        }
    }

    /// Whether a row tells that the customer is there.
    fn counts(&self, row: &Entry) -> bool {
        self.active.is_none_or(|it| row.values[it] == Value::Bool(true))
    }

    /// The purchases that are watched, and the row of the first; nothing where there are none. Rows of one day, or of one
    /// period where times are periods, are one purchase. What comes back later counts against what was brought.
    fn bought(&self, watched: Watched, amounts: &[usize]) -> Option<(&'g Entry, History)> {
        let until = self.rows.partition_point(|it| self.from(it) < watched.end);
        let rows = &self.rows[..until];
        let mut days = rows.iter().copied().filter(|it| self.counts(it));
        let row = days.next()?;
        let first = self.from(row);
        let (mut again, mut last) = (0, first);
        for it in days {
            let day = self.from(it);
            if day != last {
                again += 1;
                last = day;
            }
        }
        let later = &rows[rows.partition_point(|it| self.from(it) <= first)..];
        let brought = amounts.iter().map(|it| sum(later.iter().copied(), *it)).collect();
        let age = (watched.last.days() - first.days()).max(last.days() - first.days());
        Some((row, History { again, last: last.days() - first.days(), age, brought }))
    }

    /// The rows of some days, half-open.
    fn between(&self, from: Date, until: Date) -> impl DoubleEndedIterator<Item = &'g Entry> {
        let first = self.rows.partition_point(|it| self.from(it) < from);
        let end = self.rows.partition_point(|it| self.from(it) < until);
        self.rows[first..end.max(first)].iter().copied()
    }

    /// The row that tells that the customer is there when a day begins, if it is: the last one.
    fn at(&self, day: Date, snapshot: Option<Date>) -> Option<&'g Entry> {
        self.told(day, snapshot).rev().find(|it| self.counts(it))
    }

    /// The amount when a day begins.
    fn amount(&self, day: Date, snapshot: Option<Date>, amount: usize) -> Num {
        // Of events every row counts, a return as well as a sale; a state that does not count is none.
        let rows = self.told(day, snapshot).filter(|it| self.kind == Rows::Events || self.counts(it));
        sum(rows, amount)
    }

    /// The rows that hold when a day begins, or that happened so shortly before that they tell of it.
    fn told(&self, day: Date, snapshot: Option<Date>) -> Box<dyn DoubleEndedIterator<Item = &'g Entry> + '_> {
        match (self.kind, snapshot) {
            (Rows::Spans, _) => {
                let end = self.rows.partition_point(|it| self.from(it) <= day);
                Box::new(self.rows[..end].iter().copied().filter(move |it| it.until.is_none_or(|it| it > day)))
            }
            (_, Some(date)) => Box::new(self.between(date, date.plus_days(1).unwrap_or(date))),
            (_, None) => {
                let from = self.walk.inactive.and_then(|it| it.before(day)).unwrap_or(day);
                Box::new(self.between(from, day))
            }
        }
    }
}

fn sum<'g>(rows: impl Iterator<Item = &'g Entry>, amount: usize) -> Num {
    rows.filter_map(|it| it.values[amount].number()).fold(Num::int(0), Num::plus)
}

/// The last of some dates that lies between two others, half-open.
fn latest(dates: &[Date], from: Date, until: Date) -> Option<Date> {
    let end = dates.partition_point(|it| *it < until);
    dates[..end].last().copied().filter(|it| *it >= from)
}
