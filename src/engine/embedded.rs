//! The embedded engine: CSV and Parquet, chunk by chunk on several threads, folded by kernels over columns.
//!
//! A worker takes a chunk (a row group; so many rows of text), makes columns of codes and numbers of it, finds the slot
//! of every row's group, and adds. What is added exactly is added per worker: no order can show. What is not (doubles,
//! persons) is added per chunk by the fold of the plain engine, and merged in the order of chunks.

mod columns;
mod delimited;
mod feed;
mod items;
mod kernels;
mod numbers;
mod pages;
mod parquet;
mod reach;
mod runs;
mod slots;

use self::columns::{Batch, BatchRow, Column, Dictionary, NEVER, Own};
use self::feed::{Desk, Feed, Stop, Wanted, Work, unreadable};
use self::items::Items;
use self::numbers::Cache;
use self::reach::Context;
use self::slots::{SINK, Slots, Wrong};
use super::entities::{self, Gather, Gathered};
use super::fold::{Dropped, Fold, RowFacts, Taken, dealt, empty, take};
use super::group::{Cells, Group, GroupTable, MakesCells};
use super::lookup::Lookup;
use super::plain::{WrongTime, needed, text_of};
use super::text;
use super::{ColumnProfile, ReadTable, Table};
use crate::calendar::{Date, Period};
use crate::check::Checked;
use crate::model::{Keep, Source, SourceId};
use crate::plan::{Grouping, Leaf, Plan, Read};
use crate::row::{Value, evaluate};
use crate::source::World;
use crate::state::{Cell, Crossed, Joint};
use crate::value::Diagnostics;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Reads all sources of a plan.
pub fn scan(checked: &Checked, plan: &Plan, world: &dyn World, threads: usize, out: &mut Diagnostics) -> Option<Table> {
    let mut table = Table::default();
    let mut complete = true;
    for read in &plan.reads {
        match scan_source(checked, read, world, threads, out) {
            Some(it) => table.reads.push(it),
            None => complete = false,
        }
    }
    complete.then_some(table)
}

fn scan_source(checked: &Checked, read: &Read, world: &dyn World, threads: usize, out: &mut Diagnostics) -> Option<ReadTable> {
    let source = &checked.model.sources[read.source.index()];
    let (columns, through) = needed(&checked.model, read);
    let mut lookups = BTreeMap::new();
    for (reference, columns) in &through {
        let to = source.references[*reference as usize].to;
        lookups.insert(*reference, lookup(checked, to, columns, world, out)?);
    }
    let inputs = text::inputs(source, world, out)?;
    let mut times: Vec<usize> = read.groupings.iter().filter_map(|it| it.time).chain(source.time).collect();
    times.sort_unstable();
    times.dedup();
    let wanted = Wanted { checked, source, inputs: &inputs, columns: &columns, times: &times, profile: read.profile };
    let kept = match source.on_duplicate {
        Some(keep) => Some(kept_rows(wanted, keep, out)?),
        None => None,
    };
    let gather = Gather::new(checked, read);
    let added = Read { groupings: read.groupings.iter().filter(|it| !it.is_gathered(source.rows)).cloned().collect(), ..read.clone() };
    let context = Context { checked, id: read.source, source, read: &added, lookups: &lookups, keys: &[] };
    let mut unfit = BTreeSet::new();
    loop {
        let scan = Scan { context, wanted, kept: kept.as_deref(), unfit: &unfit, gather: gather.as_ref() };
        match scan.run(threads) {
            Ok(done) => return scan.finish(read, done, out),
            Err(Failed::Found(found)) => {
                out.append(found);
                return None;
            }
            // Rare: what looked like a case for kernels is none. Such leaves go row by row.
            Err(Failed::Unfit(leaves)) => unfit.extend(leaves),
        }
    }
}

/// Why a scan gave nothing.
enum Failed {
    Found(Diagnostics),
    Unfit(Vec<usize>),
}

/// One pass over the chunks of a source.
struct Scan<'a> {
    context: Context<'a>,
    wanted: Wanted<'a>,
    /// For each file which rows remain when doubles are dropped.
    kept: Option<&'a [Vec<bool>]>,
    /// Leaves that kernels cannot fold.
    unfit: &'a BTreeSet<usize>,
    /// What is gathered of rows, to be walked when all are there.
    gather: Option<&'a Gather<'a>>,
}

/// What chunks gave, merged in their order.
struct Merged<'s> {
    folds: Vec<Fold<'s>>,
    profile: BTreeMap<usize, ColumnProfile>,
    next: usize,
    /// Chunks that were done before those that come before them.
    waiting: BTreeMap<usize, ChunkDone<'s>>,
    gathered: Gathered,
    /// The first chunk that could not be folded: its number, its file, why.
    stopped: Option<(usize, usize, Stop)>,
}

/// What one chunk gave.
struct ChunkDone<'s> {
    folds: Vec<Fold<'s>>,
    profile: BTreeMap<usize, ColumnProfile>,
    gathered: Gathered,
}

/// All that a scan gave.
struct Done {
    files: Vec<(String, u64)>,
    /// For each grouping what was added chunk by chunk.
    chunked: Vec<GroupTable>,
    profile: BTreeMap<usize, ColumnProfile>,
    groups: Vec<Grouped>,
    wrong: WrongTime,
    days: Option<(Date, Date)>,
    gathered: Gathered,
}

/// The groups of one grouping as far as a worker adds them exactly.
struct Grouped {
    slots: Slots,
    items: Items,
    /// For each slot the rows that were dropped.
    filtered: Vec<u64>,
    duplicate: Vec<u64>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic of a worker is found when it is joined; what it left behind is not used.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Scan<'a> {
    fn is_exact(&self, leaf: usize) -> bool {
        !self.unfit.contains(&leaf) && items::fits(&self.context, leaf)
    }

    fn run(&self, threads: usize) -> Result<Done, Failed> {
        let read = self.context.read;
        // The groupings as they are folded chunk by chunk: without the leaves that kernels add.
        let rest = |it: &Grouping| Grouping { leaves: it.leaves.iter().copied().filter(|it| !self.is_exact(*it)).collect(), ..it.clone() };
        let rest: Vec<Grouping> = read.groupings.iter().map(rest).collect();
        let feed = Mutex::new(Feed::new(self.wanted));
        let merged = Mutex::new(Merged {
            folds: rest.iter().map(|it| Fold::new(read, it)).collect(),
            profile: BTreeMap::new(),
            next: 0,
            waiting: BTreeMap::new(),
            gathered: Gathered::default(),
            stopped: None,
        });
        let work = || Worker::new(self, &rest).work(&feed, &merged);
        let workers = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut all = vec![work()];
            for other in others {
                // Panics of readers were caught; one that comes here is a fault of ours, and goes on.
                all.push(other.join().unwrap_or_else(|it| std::panic::resume_unwind(it)));
            }
            all
        });
        let feed = feed.into_inner().unwrap_or_else(PoisonError::into_inner);
        let merged = merged.into_inner().unwrap_or_else(PoisonError::into_inner);
        match merged.stopped {
            Some((_, _, Stop::Unfit(leaves))) => return Err(Failed::Unfit(leaves)),
            Some((_, input, Stop::Unreadable(reason))) => {
                let mut found = Diagnostics::default();
                found.push(unreadable(self.wanted, input, &reason));
                return Err(Failed::Found(found));
            }
            Some((_, _, Stop::TooLarge)) => {
                let mut found = Diagnostics::default();
                found.push(entities::too_large(self.context.source));
                return Err(Failed::Found(found));
            }
            None => {}
        }
        if feed.failed {
            return Err(Failed::Found(feed.found));
        }
        let mut done = Done {
            files: feed.files,
            chunked: merged.folds.into_iter().map(Fold::finish).collect(),
            profile: merged.profile,
            groups: Vec::new(),
            wrong: WrongTime::default(),
            days: None,
            gathered: merged.gathered,
        };
        for worker in workers {
            done.wrong.merge(&worker.wrong);
            done.days = both(done.days, worker.days);
            if done.groups.is_empty() {
                done.groups = worker.groups;
                continue;
            }
            for (mine, theirs) in done.groups.iter_mut().zip(worker.groups) {
                mine.absorb(theirs).map_err(Failed::Unfit)?;
            }
        }
        done.groups.iter_mut().for_each(|it| it.items.close());
        Ok(done)
    }

    fn finish(&self, whole: &Read, done: Done, out: &mut Diagnostics) -> Option<ReadTable> {
        let read = self.context.read;
        let wrong = done.wrong.or(done.gathered.wrong);
        wrong.report(self.context.source, out);
        if wrong.rows > 0 {
            return None;
        }
        let mut result = ReadTable { source: Some(read.source), ..ReadTable::default() };
        result.rows = done.files.iter().map(|it| it.1).sum();
        result.files = done.files;
        result.first = done.days.map(|it| it.0);
        result.last = done.days.map(|it| it.1);
        result.merge_profile(read, &done.profile);
        for ((grouping, groups), chunked) in read.groupings.iter().zip(done.groups).zip(done.chunked) {
            result.groupings.push(self.groups(grouping, groups, chunked));
        }
        result.see(done.gathered.days);
        if let Some(gather) = self.gather {
            result.insert(whole, self.context.source, gather.tables(&done.gathered));
        }
        Some(result)
    }

    /// The groups of a grouping, in order: what was added exactly beside what was added by chunks.
    fn groups(&self, grouping: &Grouping, exact: Grouped, chunked: GroupTable) -> GroupTable {
        let read = self.context.read;
        let Grouped { slots, items, filtered, duplicate } = exact;
        let mut named: Vec<_> = (1..slots.len()).map(|it| (slots.group(it), it)).collect();
        named.sort_by(|(a, _), (b, _)| (a.bucket, &a.key, &a.cluster).cmp(&(b.bucket, &b.key, &b.cluster)));
        // Both are in order, and every group by chunks has a slot.
        let mut chunked = chunked.groups.into_iter().peekable();
        let made = Arc::new(Made {
            lacking: (0..slots.len()).map(|it| it > 0 && slots.lacks_cluster(it)).collect(),
            leaves: grouping.leaves.iter().map(|it| read.leaves[*it].clone()).collect(),
            items,
        });
        let groups = named.into_iter().map(|(name, slot)| {
            let cluster = name.cluster.flatten();
            let same = |it: &Group| it.bucket == name.bucket && it.key == name.key && it.cluster == cluster;
            let found = chunked.next_if(same);
            let (held, rest) = found.map_or((Vec::new(), None), |it| (it.cells.into_held(), Some((it.joints, it.crossed))));
            let (joints, crossed) = rest.unwrap_or_else(|| {
                let joints = grouping.joints.iter().map(|it| Joint::of(read.joints[*it].leaves.len()));
                (joints.collect(), grouping.crossed.iter().map(|_| Crossed::new()).collect())
            });
            Group {
                bucket: name.bucket,
                key: name.key,
                cluster,
                filtered: filtered.get(slot).copied().unwrap_or(0),
                duplicate: duplicate.get(slot).copied().unwrap_or(0),
                cells: Cells::made(made.clone(), slot, held),
                joints,
                crossed,
            }
        });
        GroupTable { groups: groups.collect(), fitted: Vec::new() }
    }
}

/// The cells of a grouping, made of what was added exactly.
struct Made {
    items: Items,
    leaves: Vec<Leaf>,
    /// The slots of rows without a cluster.
    lacking: Vec<bool>,
}

impl MakesCells for Made {
    fn leaves(&self) -> usize {
        self.leaves.len()
    }

    fn cell(&self, leaf: usize, group: usize, held: &[Cell]) -> Cell {
        match self.items.place(leaf) {
            Ok(place) => self.items.cell(place, group, self.lacking[group]),
            Err(held_at) => held.get(held_at).cloned().unwrap_or_else(|| empty(&self.leaves[leaf])),
        }
    }
}

fn both(a: Option<(Date, Date)>, b: Option<(Date, Date)>) -> Option<(Date, Date)> {
    match (a, b) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    }
}

impl Grouped {
    /// Adds what another worker added; the leaves that cannot be added, where there are such.
    fn absorb(&mut self, other: Grouped) -> Result<(), Vec<usize>> {
        let mut places = vec![0usize; other.slots.len()];
        for (slot, place) in places.iter_mut().enumerate().skip(1) {
            *place = self.slots.adopt(&other.slots, slot);
        }
        for (mine, theirs) in [(&mut self.filtered, &other.filtered), (&mut self.duplicate, &other.duplicate)] {
            if !theirs.is_empty() {
                mine.resize(self.slots.len(), 0);
                theirs.iter().zip(&places).for_each(|(rows, place)| mine[*place] += rows);
            }
        }
        self.items.absorb(other.items, &places, self.slots.len())
    }
}

// -- workers ---------------------------------------------------------------------------------------------------------

/// What one thread has at hand.
struct Worker<'s, 'a> {
    scan: &'s Scan<'a>,
    rest: &'s [Grouping],
    /// Leaves whose values are needed row by row.
    slow: Vec<bool>,
    groups: Vec<Grouped>,
    /// The groups of the chunk, by grouping, and for each slot its place among them.
    chunk: Vec<(Fold<'s>, Vec<u32>)>,
    facts: RowFacts,
    /// The rows of the chunk that are gathered.
    gathered: Gathered,
    wrong: WrongTime,
    days: Option<(Date, Date)>,
    /// The times that were seen, by code.
    seen: Vec<bool>,
}

/// What a worker leaves.
struct WorkerDone {
    groups: Vec<Grouped>,
    wrong: WrongTime,
    days: Option<(Date, Date)>,
}

const NOWHERE: u32 = u32::MAX;

/// Whether a grouping, less what kernels add, still has something to add.
fn goes_row_by_row(rest: &Grouping) -> bool {
    !(rest.leaves.is_empty() && rest.joints.is_empty() && rest.crossed.is_empty())
}

impl<'s, 'a> Worker<'s, 'a> {
    fn new(scan: &'s Scan<'a>, rest: &'s [Grouping]) -> Worker<'s, 'a> {
        let read = scan.context.read;
        let mut slow = vec![false; read.leaves.len()];
        rest.iter().flat_map(|it| &it.leaves).for_each(|it| slow[*it] = true);
        let joints = rest.iter().flat_map(|it| &it.joints);
        joints.flat_map(|it| &read.joints[*it].leaves).for_each(|it| slow[*it] = true);
        let crossed = rest.iter().flat_map(|it| &it.crossed).map(|it| &read.crossed[*it]);
        crossed.flat_map(|it| it.items.iter().chain(&it.indicators).chain(&it.means).chain([&it.outcome])).for_each(|it| slow[*it] = true);
        let groups = read.groupings.iter().map(|it| {
            let context = Context { keys: &it.keys, ..scan.context };
            let items = Items::new(&context, it, |leaf| scan.is_exact(leaf));
            Grouped { slots: Slots::new(&context, it), items, filtered: Vec::new(), duplicate: Vec::new() }
        });
        let facts = RowFacts { taken: vec![Taken::Nothing; read.leaves.len()], person: None, dealt: Vec::new(), dropped: None };
        let groups = groups.collect();
        let gathered = Gathered::default();
        Worker { scan, rest, slow, groups, chunk: Vec::new(), facts, gathered, wrong: WrongTime::default(), days: None, seen: Vec::new() }
    }

    fn work(mut self, feed: &Mutex<Feed<'a>>, merged: &Mutex<Merged<'s>>) -> WorkerDone {
        let read = self.scan.context.read;
        let mut desk = Desk::new(self.scan.wanted);
        loop {
            if lock(merged).stopped.is_some() {
                break;
            }
            let Some(work) = lock(feed).next() else { break };
            self.chunk = self.rest.iter().map(|it| (Fold::new(read, it), Vec::new())).collect();
            let mut first = work.first;
            // Decoders may panic on hostile files: that ends the file, not the program.
            let result = catch_unwind(AssertUnwindSafe(|| {
                desk.batches(&work, |desk, batch| {
                    self.fold(&desk.dictionaries, batch, work.file.input, first)?;
                    first += batch.rows;
                    Ok(())
                })
            }));
            let result = result.unwrap_or_else(|_| Err(Stop::Unreadable("it cannot be decoded".to_owned())));
            let mut merged = lock(merged);
            match result {
                Ok(()) => {
                    let folds = std::mem::take(&mut self.chunk).into_iter().map(|it| it.0).collect();
                    let gathered = std::mem::take(&mut self.gathered);
                    let done = ChunkDone { folds, profile: std::mem::take(&mut desk.profile), gathered };
                    if !merged.add(work.number, done) {
                        merged.stopped = Some((work.number, work.file.input, Stop::TooLarge));
                        break;
                    }
                }
                Err(stop) => {
                    if merged.stopped.as_ref().is_none_or(|it| it.0 > work.number) {
                        merged.stopped = Some((work.number, work.file.input, stop));
                    }
                    break;
                }
            }
        }
        self.seen_days(&desk.dictionaries);
        WorkerDone { groups: self.groups, wrong: self.wrong, days: self.days }
    }

    fn fold(&mut self, dictionaries: &[Dictionary], batch: &Batch, file: usize, first: usize) -> Result<(), Stop> {
        let context = self.scan.context;
        let dropped = self.dropped(dictionaries, batch, file, first);
        let mut wrong: Wrong = Vec::new();
        for (grouped, grouping) in self.groups.iter_mut().zip(&context.read.groupings) {
            let context = Context { keys: &grouping.keys, ..context };
            grouped.slots.find(&context, batch, dictionaries, &mut wrong);
        }
        wrong.iter().flatten().for_each(|it| self.wrong.add(*it));
        self.see_days(batch);
        let mut numbers = Cache::default();
        for grouped in &mut self.groups {
            if !dropped.is_empty() {
                grouped.drop_rows(&dropped);
            }
            let (ids, slots) = (&grouped.slots.ids, grouped.slots.len());
            grouped.items.add(&context, batch, dictionaries, &mut numbers, ids, slots).map_err(Stop::Unfit)?;
        }
        if self.rest.iter().any(goes_row_by_row) {
            self.row_by_row(dictionaries, batch, &dropped, first);
        }
        if let Some(gather) = self.scan.gather {
            for row in 0..batch.rows {
                let reached = context.row(BatchRow { batch, dictionaries, row });
                let dropped = match dropped.get(row) {
                    Some(1) => Some(Dropped::Filtered),
                    Some(2) => Some(Dropped::Duplicate),
                    _ => None,
                };
                gather.add(&mut self.gathered, &reached, |it| reached.own(it), |it| reached.own.time(it), dropped);
            }
        }
        Ok(())
    }

    /// For each row 1 where it is filtered, 2 where it is a double; empty where no row is dropped.
    fn dropped(&self, dictionaries: &[Dictionary], batch: &Batch, file: usize, first: usize) -> Vec<u8> {
        let context = self.scan.context;
        let mut dropped = Vec::new();
        if let Some(keep) = &context.source.keep_where {
            let keeps = |row: usize| evaluate(keep, &context.row(BatchRow { batch, dictionaries, row })) == Value::Bool(true);
            dropped.resize(batch.rows, 0);
            match context.depends(keep).as_slice() {
                [column] if let Column::Coded(coded) = &batch.columns[*column] => {
                    let of = |code: &u32| {
                        *code != NEVER
                            && evaluate(keep, &context.entries(dictionaries, vec![(*column, *code as usize)])) == Value::Bool(true)
                    };
                    let table: Vec<u8> = coded.map.iter().map(|it| u8::from(!of(it))).collect();
                    coded.codes.each(batch.rows, |row, local| dropped[row] = table[local]);
                }
                _ => dropped.iter_mut().enumerate().for_each(|(row, it)| *it = u8::from(!keeps(row))),
            }
        }
        if let Some(kept) = self.scan.kept {
            dropped.resize(batch.rows, 0);
            let kept = &kept[file][first..first + batch.rows];
            dropped.iter_mut().zip(kept).filter(|it| !*it.1).for_each(|it| *it.0 = 2);
        }
        dropped
    }

    /// Notes the times of the source's rows.
    fn see_days(&mut self, batch: &Batch) {
        let context = self.scan.context;
        let Some(column) = context.source.time.filter(|it| context.read.groupings.iter().any(|grouping| grouping.time == Some(*it))) else {
            return;
        };
        match &batch.columns[column] {
            Column::Coded(coded) => {
                let mut local = vec![false; coded.map.len()];
                coded.codes.each(batch.rows, |_, code| local[code] = true);
                for (code, _) in coded.map.iter().zip(&local).filter(|it| *it.1) {
                    if self.seen.len() <= *code as usize {
                        self.seen.resize(*code as usize + 1, false);
                    }
                    self.seen[*code as usize] = true;
                }
            }
            Column::Values(_, times) => times.iter().flatten().for_each(|it| self.days = both(self.days, self.scan.days(*it))),
            Column::Absent | Column::Numbers(_) => {}
        }
    }

    fn seen_days(&mut self, dictionaries: &[Dictionary]) {
        let Some(column) = self.scan.context.source.time else { return };
        for (entry, _) in dictionaries[column].entries.iter().zip(&self.seen).filter(|it| *it.1) {
            if let Some(time) = entry.time {
                self.days = both(self.days, self.scan.days(time));
            }
        }
    }

    /// What kernels do not add: every row by the reference interpreter, into the groups of the chunk.
    fn row_by_row(&mut self, dictionaries: &[Dictionary], batch: &Batch, dropped: &[u8], first: usize) {
        let context = self.scan.context;
        let read = context.read;
        let persons = read.leaves.iter().find_map(|it| it.persons).map(|it| it.0);
        for row in 0..batch.rows {
            if dropped.get(row).is_some_and(|it| *it != 0) {
                continue;
            }
            let reached = context.row(BatchRow { batch, dictionaries, row });
            for ((leaf, taken), _) in read.leaves.iter().zip(&mut self.facts.taken).zip(&self.slow).filter(|it| *it.1) {
                *taken = take(leaf, |it| reached.own(it), &reached);
            }
            let text = |it: usize| match reached.own(it) {
                Value::Missing(_) => None,
                other => Some(Arc::from(text_of(&other).as_str())),
            };
            self.facts.person = persons.and_then(text);
            self.facts.dealt = dealt(read, text, first + row);
            for (((fold, places), grouped), rest) in self.chunk.iter_mut().zip(&self.groups).zip(self.rest) {
                let slot = grouped.slots.ids[row];
                if slot == SINK || !goes_row_by_row(rest) {
                    continue;
                }
                if places.len() <= slot as usize {
                    places.resize(grouped.slots.len(), NOWHERE);
                }
                let place = &mut places[slot as usize];
                if *place == NOWHERE {
                    let name = grouped.slots.group(slot as usize);
                    *place = fold.place(name.bucket, name.key, name.cluster.flatten()) as u32;
                }
                fold.add_at(*place as usize, grouped.slots.lacks_cluster(slot as usize), &self.facts);
            }
        }
    }
}

impl Scan<'_> {
    /// The first and last day of a time.
    fn days(&self, time: Period) -> Option<(Date, Date)> {
        let calendar = &self.context.checked.model.project.calendar;
        let first = time.start(calendar);
        Some((first, time.end(calendar).plus_days(-1).unwrap_or(first)))
    }
}

impl Grouped {
    /// Counts the rows that are dropped, and takes them out of their slots.
    fn drop_rows(&mut self, dropped: &[u8]) {
        let slots = self.slots.len();
        self.filtered.resize(slots, 0);
        self.duplicate.resize(slots, 0);
        for (id, why) in self.slots.ids.iter_mut().zip(dropped) {
            match why {
                0 => continue,
                1 => self.filtered[*id as usize] += 1,
                _ => self.duplicate[*id as usize] += 1,
            }
            *id = SINK;
        }
    }
}

impl<'s> Merged<'s> {
    /// Adds a chunk; false where more rows are gathered than can be held.
    fn add(&mut self, number: usize, done: ChunkDone<'s>) -> bool {
        self.waiting.insert(number, done);
        while let Some(ChunkDone { folds, profile, gathered }) = self.waiting.remove(&self.next) {
            self.next += 1;
            self.folds.iter_mut().zip(folds).for_each(|(all, chunk)| all.merge(chunk));
            profile.iter().for_each(|(column, found)| self.profile.entry(*column).or_default().merge(found));
            self.gathered.append(gathered);
        }
        !self.gathered.is_too_large(entities::MOST_BYTES)
    }
}

// -- whole sources, before rows are folded ---------------------------------------------------------------------------

/// Visits every row of a source in order, on this thread.
fn visit(wanted: Wanted<'_>, out: &mut Diagnostics, mut each: impl FnMut(&Work, usize, &BatchRow<'_>)) -> Option<()> {
    let mut feed = Feed::new(wanted);
    let mut desk = Desk::new(wanted);
    while let Some(work) = feed.next() {
        let mut first = work.first;
        let result = catch_unwind(AssertUnwindSafe(|| {
            desk.batches(&work, |desk, batch| {
                for row in 0..batch.rows {
                    each(&work, first + row, &BatchRow { batch, dictionaries: &desk.dictionaries, row });
                }
                first += batch.rows;
                Ok(())
            })
        }));
        if let Err(stop) = result.unwrap_or_else(|_| Err(Stop::Unreadable("it cannot be decoded".to_owned()))) {
            if let Stop::Unreadable(reason) = stop {
                out.push(unreadable(wanted, work.file.input, &reason));
            }
            return None;
        }
    }
    let failed = feed.failed;
    out.append(feed.found);
    (!failed).then_some(())
}

/// Reads the source that a reference leads to.
fn lookup(checked: &Checked, id: SourceId, columns: &[usize], world: &dyn World, out: &mut Diagnostics) -> Option<Lookup> {
    let source = &checked.model.sources[id.index()];
    let mut lookup = Lookup::new(source, columns);
    let columns = lookup.columns().to_vec();
    let inputs = text::inputs(source, world, out)?;
    let mut wanted: Vec<usize> = columns.iter().chain(&source.key).copied().chain(source.time).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let times: Vec<usize> = source.time.into_iter().collect();
    let wanted = Wanted { checked, source, inputs: &inputs, columns: &wanted, times: &times, profile: false };
    let dated = lookup.is_dated();
    visit(wanted, out, |_, _, row| {
        let key: Vec<Value> = source.key.iter().map(|it| row.value(*it)).collect();
        let date = source.time.filter(|_| dated).map(|it| row.time(it).map(|it| it.start(&checked.model.project.calendar)));
        lookup.add(&key, date, || columns.iter().map(|it| row.value(*it)).collect());
    })?;
    lookup.finish(source, out)
}

/// For each file which rows remain when doubles are dropped.
fn kept_rows(wanted: Wanted<'_>, keep: Keep, out: &mut Diagnostics) -> Option<Vec<Vec<bool>>> {
    let source: &Source = wanted.source;
    let mut kept: Vec<Vec<bool>> = wanted.inputs.iter().map(|_| Vec::new()).collect();
    let mut known: HashMap<String, (usize, usize)> = HashMap::new();
    let wanted = Wanted { columns: &source.key, times: &[], profile: false, ..wanted };
    visit(wanted, out, |work, at, row| {
        let file = work.file.input;
        let values: Vec<Value> = source.key.iter().map(|it| row.value(*it)).collect();
        debug_assert_eq!(kept[file].len(), at);
        kept[file].push(true);
        // A row without a key is no double of another.
        if values.is_empty() || values.iter().any(|it| it.missing().is_some()) {
            return;
        }
        let key = values.iter().map(text_of).collect::<Vec<_>>().join("\u{1f}");
        match (known.entry(key), keep) {
            (Entry::Vacant(place), _) => drop(place.insert((file, at))),
            (Entry::Occupied(_), Keep::First) => kept[file][at] = false,
            (Entry::Occupied(mut place), Keep::Last) => {
                let (file, at) = place.insert((file, at));
                kept[file][at] = false;
            }
        }
    })?;
    Some(kept)
}
