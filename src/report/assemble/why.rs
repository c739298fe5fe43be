//! Where is the change of what moved? Of the KPIs that moved beyond noise the worst, each as a tree from the whole down to
//! the segments of its parts, and the segments as a way from the one figure to the other. Sums, no causes.

use crate::calendar::Period;
use crate::model::{DimensionId, Kpi, KpiId, KpiRef};
use crate::publish::{Amount, CutResult, PartResult, SegmentResult, WhyResult};
use crate::report::ToldWhy;
use crate::report::charts::bar::BarInput;
use crate::report::charts::scale::extent;
use crate::report::charts::waterfall::{WaterfallEnd, WaterfallInput, WaterfallStep, begins};
use crate::report::needs::{goals_of, rests_on};
use crate::report::numbers::{Numbers, direction};
use crate::report::view::why::{Beside, Fall, Move, MoveKind, MoveRow, MovedToo, Whys};
use crate::report::view::{Column, DataTable, Delta, Direction, Head, Key, Movement, Status};
use crate::report::words::Whereabouts;
use crate::tidy::label_of;

use super::reading::Reading;
use super::{Assembly, Context, beside, context};

/// At most so many KPIs are taken apart.
pub(in crate::report) const MOST: usize = 3;
/// At most so many parts of one are taken apart in turn, and drawn.
const PARTS: usize = 3;
const FALLS: usize = 2;
/// At most so many segments stand in a row of rows, and so many in a table.
const SEGMENTS: usize = 4;
const ROWS: usize = 15;
/// A part that adds less than this share of the change is not taken further apart.
const LEAST: f64 = 0.1;
/// A heading names a second part that adds this share or more.
const SECOND: f64 = 0.15;

/// A KPI that moved, and between which periods.
pub(in crate::report) struct Mover {
    pub(in crate::report) kpi: KpiId,
    pub(in crate::report) from: Period,
    pub(in crate::report) to: Period,
}

/// Returns what moved beyond noise: what goals are measured by first, the worst first. What another of them is made of is
/// told within that.
pub(in crate::report) fn movers(from: &Assembly<'_>) -> Vec<Mover> {
    let context = context(from);
    let mover = |it: &Reading<'_>| Some(Mover { kpi: it.id, from: it.previous.as_ref()?.period, to: it.period });
    moved(&context).into_iter().filter_map(mover).collect()
}

/// What goals are measured by comes first, the worst before the others; in place of what another mover is made of stands
/// that, of several the one that is made of most.
fn moved<'c, 'a>(context: &'c Context<'a>) -> Vec<&'c Reading<'a>> {
    let checked = context.checked();
    let model = &checked.model;
    let mut all: Vec<&Reading<'a>> = context.ranked().into_iter().filter(|it| is_moved(it)).collect();
    all.sort_by_key(|it| goals_of(model, it.id).is_empty());
    let within =
        |whole: &Reading<'_>, it: &Reading<'_>| whole.id != it.id && !checked.is_windowed(whole.id) && rests_on(model, whole.id, it.id);
    let size = |whole: &Reading<'_>| all.iter().filter(|it| within(whole, it)).count();
    // Each with whether it stands for others.
    let mut chosen: Vec<(&Reading<'a>, bool)> = Vec::new();
    for it in &all {
        if chosen.iter().any(|known| known.0.id == it.id || within(known.0, it)) {
            continue;
        }
        let wholes = all.iter().copied().filter(|whole| within(whole, it));
        // Of equals the first, which is the worst.
        let whole = wholes.rev().max_by_key(|whole| size(whole));
        chosen.push(whole.map_or((*it, false), |whole| (whole, true)));
    }
    chosen.sort_by_key(|it| !it.1);
    chosen.into_iter().map(|it| it.0).collect()
}

/// Whether a figure differs from the one before it by more than chance; where no test tells, whether its series says so.
fn is_moved(reading: &Reading<'_>) -> bool {
    let Some(previous) = reading.previous.as_ref().filter(|it| it.change.is_some()) else { return false };
    let known = reading.value().is_some() && reading.status != Status::TooFew;
    let series = || matches!(reading.movement, Movement::Better | Movement::Worse | Movement::Changed);
    known && previous.signal.unwrap_or_else(series)
}

/// Whether there is anything to tell of a change.
pub(in crate::report) fn tells(result: &WhyResult) -> bool {
    result.change.is_some() && (!result.parts.is_empty() || result.cuts.first().is_some_and(|it| !it.segments.is_empty()))
}

/// The parts that are taken apart in turn: those that are made of no KPI, add most, and moved beyond noise.
pub(in crate::report) fn parted(result: &WhyResult) -> Vec<usize> {
    let Some(change) = result.change else { return Vec::new() };
    let parts = &result.parts;
    let mut last: Vec<usize> = (0..parts.len())
        .filter(|at| {
            let part = &parts[*at];
            let mut below = parts[at + 1..].iter().take_while(|it| it.level > part.level);
            let much = part.contribution.value.abs() >= LEAST * change.value.abs();
            part.own.is_some() && below.all(|it| it.own.is_none()) && much && part.contribution.may_be_noise() != Some(true)
        })
        .collect();
    last.sort_by(|a, b| parts[*b].contribution.value.abs().total_cmp(&parts[*a].contribution.value.abs()));
    last.truncate(PARTS);
    last
}

/// Makes the section.
pub(super) fn whys(context: &Context<'_>) -> Whys {
    let say = context.say;
    let (told, untold): (Vec<&ToldWhy>, Vec<&ToldWhy>) = all(context).partition(|it| tells(&it.result));
    let told: Vec<Teller<'_, '_>> = told.into_iter().map(|it| Teller::new(context, it)).collect();
    let moved = moved(context);
    let compared = context.readings.iter().any(|it| it.previous.is_some());
    let heading = told.first().map_or_else(|| say.why_plain(!moved.is_empty()).to_owned(), Teller::message);
    let (mut moves, mut others) = (Vec::new(), Vec::new());
    for (at, it) in told.iter().enumerate() {
        match it.in_words().filter(|_| at > 0 && !it.is_worth_drawing()) {
            Some(text) => others.push(it.in_short(text)),
            None => moves.push(it.view(at == 0)),
        }
    }
    let short = |it: &&ToldWhy| {
        let teller = Teller::new(context, it);
        teller.in_short(teller.untold())
    };
    others.extend(untold.iter().map(short));
    // Causes that several have are named once.
    let mut named: Vec<String> = Vec::new();
    for (it, causes) in &mut others {
        if let Some(causes) = causes.take().filter(|it| !named.contains(it)) {
            it.text = format!("{} {causes}", it.text);
            named.push(causes);
        }
    }
    let mut others: Vec<MovedToo> = others.into_iter().map(|it| it.0).collect();
    let known = |it: &&&Reading<'_>| told.iter().map(|it| it.why).chain(untold.iter().copied()).any(|why| why.result.kpi == it.id);
    let titles: Vec<String> = moved.iter().filter(|it| !known(it)).map(|it| it.title.clone()).collect();
    if !titles.is_empty() {
        others.push(MovedToo { key: None, text: say.why_others(&titles) });
    }
    // Each KPI has one place.
    let own: Vec<Key> = moves
        .iter()
        .filter(|it| !it.rows.is_empty())
        .map(|it| it.key.clone())
        .chain(others.iter().filter_map(|it| it.key.clone()))
        .collect();
    let mut seen: Vec<Key> = Vec::new();
    for row in moves.iter_mut().flat_map(|it| &mut it.rows) {
        row.key = row.key.take().filter(|it| !own.contains(it) && !seen.contains(it));
        seen.extend(row.key.clone());
    }
    let dek = say.why_dek(!told.is_empty(), !moved.is_empty(), compared).to_owned();
    Whys { head: Head::new(heading, Some(dek)), moves, others }
}

/// Whether the section tells at a place of its own what moved a figure.
pub(super) fn is_told(context: &Context<'_>, reading: &Reading<'_>) -> bool {
    whys(context).places().any(|it| *it == super::scorecards::key(reading))
}

/// What is told of one KPI, by itself.
pub(super) fn of(context: &Context<'_>, reading: &Reading<'_>) -> Option<Whys> {
    let found = all(context).find(|it| it.result.kpi == reading.id && tells(&it.result))?;
    let teller = Teller::new(context, found);
    let dek = context.say.why_dek(true, true, true).to_owned();
    Some(Whys { head: Head::new(teller.message(), Some(dek)), moves: vec![teller.view(true)], others: Vec::new() })
}

/// What the section tells, each KPI or part once, with the one cut that is told by segments.
pub(super) fn shown(context: &Context<'_>) -> Vec<WhyResult> {
    let mut shown: Vec<WhyResult> = Vec::new();
    for why in all(context).filter(|it| tells(&it.result)) {
        let parts = why.parts.iter().map(|it| &it.1).filter(|it| tells(it)).map(|it| WhyResult { parts: Vec::new(), ..it.clone() });
        for mut it in std::iter::once(why.result.clone()).chain(parts) {
            it.cuts.truncate(1);
            // A whole of parts is told by them.
            if !it.parts.is_empty() && !why.parts.is_empty() {
                it.cuts.clear();
            }
            if !shown.iter().any(|known| (known.kpi, &known.part) == (it.kpi, &it.part)) {
                shown.push(it);
            }
        }
    }
    shown
}

fn all<'c>(context: &'c Context<'_>) -> impl Iterator<Item = &'c ToldWhy> {
    context.told.whys.iter().filter(|it| it.report == context.sources.report.name)
}

/// A step of a way: a segment, or what other shares made.
struct Piece {
    kind: MoveKind,
    label: String,
    note: Option<&'static str>,
    values: [Option<f64>; 2],
    /// None where it counts in the mix.
    amount: Option<Amount>,
}

struct Teller<'c, 'a> {
    context: &'c Context<'a>,
    why: &'c ToldWhy,
    kpi: &'a Kpi,
    title: String,
    numbers: Numbers,
    direction: Direction,
    change: f64,
}

impl<'c, 'a> Teller<'c, 'a> {
    fn new(context: &'c Context<'a>, why: &'c ToldWhy) -> Teller<'c, 'a> {
        let result = &why.result;
        let kpi = &context.checked().model.kpis[result.kpi.index()];
        Teller {
            context,
            why,
            kpi,
            title: kpi.title.get(context.lang()).unwrap_or(&kpi.name).to_owned(),
            numbers: numbers(context, result),
            direction: direction(kpi),
            change: result.change.map_or(0.0, |it| it.value),
        }
    }

    fn cut(&self) -> Option<&'c CutResult> {
        self.why.result.cuts.first().filter(|it| !it.segments.is_empty())
    }

    fn periods(&self) -> (Period, Period) {
        (self.why.result.before.period, self.why.result.after.period)
    }

    /// Where most of the change is.
    fn message(&self) -> String {
        let say = self.context.say;
        let share = |it: f64| if self.change == 0.0 { 0.0 } else { it / self.change };
        let top: Vec<(String, f64)> = match self.why.result.parts.is_empty() {
            true => {
                let cut = self.cut();
                let own = |it: &SegmentResult| if cut.is_some_and(|cut| cut.mix.is_none()) { it.whole.value } else { it.rate.value };
                let segments = cut
                    .into_iter()
                    .flat_map(|cut| cut.segments.iter().filter(|it| it.key.is_some()).map(move |it| (self.label(cut, it), own(it))));
                segments.collect()
            }
            // The last parts of a tree say more than what they make together.
            false => {
                let all = &self.why.result.parts;
                let last = |at: &usize| self.end_of(*at) == at + 1;
                (0..all.len()).filter(last).map(|at| (self.part_title(&all[at]), all[at].contribution.value)).collect()
            }
        };
        let mix = self.cut().filter(|_| self.why.result.parts.is_empty()).and_then(|it| it.mix).map_or(0.0, |it| share(it.value));
        let mut ranked: Vec<&(String, f64)> = top.iter().collect();
        ranked.sort_by(|a, b| share(b.1).total_cmp(&share(a.1)));
        // A second part that adds much as well, and is no noise.
        let second = ranked.get(1).filter(|it| share(it.1) >= SECOND && self.is_beyond_noise(it.1)).map(|it| (it.0.as_str(), share(it.1)));
        let place = match ranked.first() {
            Some((_, amount)) if mix > share(*amount) && mix >= 0.35 => Whereabouts::Mix(mix),
            Some((label, amount)) if share(*amount) >= 0.35 => Whereabouts::In(label, share(*amount), second),
            _ if self.why.result.parts.is_empty() => {
                Whereabouts::Segments(self.cut().map_or(0, |it| it.segments.iter().map(|it| it.segments).sum()))
            }
            _ => Whereabouts::Spread(top.len()),
        };
        say.why_heading(super::index::abbreviation(&self.title).unwrap_or(&self.title), self.change < 0.0, place)
    }

    /// Whether a last part that adds so much moved beyond noise.
    fn is_beyond_noise(&self, amount: f64) -> bool {
        let of = |it: &&PartResult| it.contribution.value == amount;
        self.why.result.parts.iter().find(of).is_some_and(|it| it.contribution.may_be_noise() == Some(false))
    }

    /// Why there is nothing to tell.
    fn untold(&self) -> String {
        let say = self.context.say;
        let named = |cut: &[DimensionId]| self.cut_title(cut);
        let reasons: Vec<String> = self.why.result.notes.iter().filter(|it| it.is_reason()).map(|it| say.why_note(it, &named)).collect();
        let change = self.why.result.change.map_or_else(|| "–".to_owned(), |it| self.numbers.change(it.value));
        let reason = (!reasons.is_empty()).then(|| reasons.join(" "));
        say.why_untold(&self.title, &change, reason.as_deref())
    }

    fn cut_title(&self, cut: &[DimensionId]) -> String {
        cut.iter().map(|it| self.context.dimension_title(*it)).collect::<Vec<_>>().join(" × ")
    }

    fn label(&self, cut: &CutResult, it: &SegmentResult) -> String {
        let Some(key) = &it.key else { return self.context.say.small_segments(it.segments) };
        let labels = cut.cut.iter().zip(key.iter()).map(|(id, value)| label_of(self.context.checked(), *id, value, self.context.lang()));
        labels.collect::<Vec<_>>().join(", ")
    }

    fn part_title(&self, part: &PartResult) -> String {
        match &part.own {
            Some((kpi, of)) => title(self.context, *kpi, of.as_ref()),
            None => part.name.clone(),
        }
    }

    fn view(&self, first: bool) -> Move {
        let say = self.context.say;
        let result = &self.why.result;
        let (before, after) = self.periods();
        let amount = result.change.unwrap_or(Amount { value: 0.0, ends: None });
        let kind = say.interval_kind(self.context.checked().model.project.confidence);
        let ends = amount.ends.map(|(low, high)| (kind, self.numbers.change(low), self.numbers.change(high)));
        let values = [result.before.value, result.after.value].map(|it| it.map_or_else(|| "–".to_owned(), |it| self.numbers.text(it)));
        let rows = if first || !result.parts.is_empty() { self.rows() } else { Vec::new() };
        let rest = rows.iter().any(|it| it.kind == MoveKind::Rest);
        Move {
            key: Key::new(&self.kpi.name),
            title: format!("{}: {}", self.title, say.way(&values[0], &values[1])),
            subtitle: say.why_change((before, after), &self.numbers.change(self.change), ends.as_ref()),
            periods: (say.against(before, after), say.against(after, after)),
            caption: say.why_sum(&self.numbers.change(self.change), !result.parts.is_empty(), rest),
            rows,
            falls: self.falls(first),
        }
    }

    // -- the tree ----------------------------------------------------------------------------------------------------

    fn rows(&self) -> Vec<MoveRow> {
        let result = &self.why.result;
        let change = result.change.unwrap_or(Amount { value: 0.0, ends: None });
        let mut rows = Vec::new();
        let whole = Entry {
            key: None,
            kind: MoveKind::Whole,
            level: 0,
            label: self.title.clone(),
            note: None,
            values: [result.before.value, result.after.value],
        };
        // It is here because it moved.
        rows.push((self.row(whole, &self.numbers, Some(change), true), change.value));
        if result.parts.is_empty() {
            if let Some(cut) = self.cut() {
                self.segments(cut, self.change, 1.0, 1, &self.numbers, &mut rows);
            }
        } else {
            self.parts(0, result.parts.len(), self.change, 1, &mut rows);
        }
        let ends = extent(rows.iter().map(|it| it.1)).unwrap_or((0.0, 0.0));
        let bar = |(row, value): (MoveRow, f64)| {
            let tone = row.change.as_ref().map(Delta::tone);
            MoveRow { bar: tone.map(|tone| BarInput { desc: String::new(), value, ends, tone }), ..row }
        };
        rows.into_iter().map(bar).collect()
    }

    /// Where what is below a part ends.
    fn end_of(&self, at: usize) -> usize {
        let parts = &self.why.result.parts;
        let next = parts[at + 1..].iter().position(|it| it.level <= parts[at].level);
        next.map_or(parts.len(), |it| at + 1 + it)
    }

    /// The last of what a part is another scale of, one of another, each alone below it; itself where it is none. What is
    /// below the part ends before `end`.
    fn same_below(&self, at: usize, end: usize) -> usize {
        let parts = &self.why.result.parts;
        let mut last = at;
        while let Some(below) = parts[last + 1..end].first().filter(|it| it.own.is_some()) {
            let alone = parts[last + 1..end].iter().filter(|it| it.level == below.level).count() == 1;
            let same = (below.contribution.value - parts[at].contribution.value).abs() <= 1e-9 * self.change.abs().max(1e-9);
            if !alone || !same {
                break;
            }
            last += 1;
        }
        last
    }

    /// The rows of the parts from one place to another, all of one level or below it, of what changed by so much.
    fn parts(&self, from: usize, to: usize, change: f64, level: usize, rows: &mut Vec<(MoveRow, f64)>) {
        let parts = &self.why.result.parts;
        let Some(depth) = parts[from..to].first().map(|it| it.level) else { return };
        let own: Vec<usize> = (from..to).filter(|it| parts[*it].level == depth).collect();
        for (place, at) in own.iter().enumerate() {
            let part = &parts[*at];
            let end = own.get(place + 1).copied().unwrap_or(to);
            let last = self.same_below(*at, end);
            let note = (last > *at).then(|| {
                let below = &parts[last];
                let numbers = part_numbers(self.context, below);
                let values =
                    [below.before, below.after].map(|it| numbers.as_ref().map_or_else(|| it.to_string(), |numbers| numbers.text(it)));
                format!("{} {} → {}", self.part_title(below), values[0], values[1])
            });
            let numbers = part_numbers(self.context, part).unwrap_or_else(|| self.numbers.clone());
            let entry = Entry {
                // A part that is another scale of a KPI is where that is told.
                key: parts[last].own.as_ref().filter(|it| it.1.is_none()).map(|it| self.key_of(it.0)),
                kind: MoveKind::Part,
                level,
                label: self.part_title(part),
                note,
                values: [Some(part.before), Some(part.after)],
            };
            rows.push((self.row(entry, &numbers, Some(part.contribution), false), part.contribution.value));
            let split = self.why.parts.iter().find(|it| it.0 == last && tells(&it.1)).map(|it| &it.1);
            let cut = split.and_then(|it| Some((it, it.cuts.first().filter(|it| !it.segments.is_empty())?)));
            match cut {
                Some((of, cut)) => {
                    let own = of.change.map_or(0.0, |it| it.value);
                    let factor = if own == 0.0 { 0.0 } else { part.contribution.value / own };
                    self.segments(cut, own, factor, level + 1, &crate::report::assemble::why::numbers(self.context, of), rows);
                }
                None if level < 3 => self.parts(last + 1, end, part.contribution.value, level + 1, rows),
                None => {}
            }
        }
        let told: f64 = own.iter().map(|it| parts[*it].contribution.value).sum();
        self.rest(change - told, level, rows);
    }

    /// The rows of segments of what changed by so much, which counts in the whole by a factor.
    fn segments(&self, cut: &CutResult, change: f64, factor: f64, level: usize, numbers: &Numbers, rows: &mut Vec<(MoveRow, f64)>) {
        let pieces = self.pieces(cut, change, SEGMENTS);
        for it in pieces {
            let note = match it.kind {
                MoveKind::Mix => Some(self.context.say.by_cut("mix", &self.cut_title(&cut.cut))),
                _ => it.note.map(str::to_owned),
            };
            let amount = it.amount.map(|it| scaled(it, factor));
            let value = amount.map_or(0.0, |it| it.value);
            let label = if it.kind == MoveKind::Mix { self.context.say.other_shares_short().to_owned() } else { it.label };
            let entry = Entry { key: None, kind: it.kind, level, label, note, values: it.values };
            rows.push((self.row(entry, numbers, amount, false), value));
        }
    }

    /// What no row tells, where there is any.
    fn rest(&self, rest: f64, level: usize, rows: &mut Vec<(MoveRow, f64)>) {
        if rest.abs() > 1e-9 * self.change.abs().max(1e-9) {
            let label = self.context.say.rest_of_change().to_owned();
            let entry = Entry { key: None, kind: MoveKind::Rest, level, label, note: None, values: [None; 2] };
            rows.push((self.row(entry, &self.numbers, Some(Amount { value: rest, ends: None }), false), rest));
        }
    }

    fn row(&self, entry: Entry, numbers: &Numbers, amount: Option<Amount>, moved: bool) -> MoveRow {
        let [before, after] = entry.values.map(|it| it.map(|it| numbers.text(it)).unwrap_or_default());
        let signal = |it: Amount| moved || it.may_be_noise() == Some(false);
        let (from, to) = self.periods();
        let against = self.context.say.against(from, to);
        let change = amount.map(|it| Delta::new(it.value, self.numbers.change(it.value), against, self.direction, signal(it)));
        let share = amount.filter(|_| self.change != 0.0).map(|it| self.context.lang().percent(it.value / self.change * 100.0, 0));
        MoveRow {
            key: entry.key,
            kind: entry.kind,
            level: entry.level,
            label: entry.label,
            note: entry.note,
            before,
            after,
            change,
            bar: None,
            share: share.unwrap_or_default(),
        }
    }

    // -- the way -----------------------------------------------------------------------------------------------------

    /// The segments of a cut of what changed by so much, those that add most first; of many, the others together.
    fn pieces(&self, cut: &CutResult, change: f64, most: usize) -> Vec<Piece> {
        let say = self.context.say;
        let own = |it: &SegmentResult| if cut.mix.is_some() { it.rate } else { it.whole };
        let moved = |it: &SegmentResult| cut.mix.is_none() || !(it.entered() || it.left());
        let mut segments: Vec<&SegmentResult> = cut.segments.iter().collect();
        segments.sort_by(|a, b| own(b).value.abs().total_cmp(&own(a).value.abs()));
        let count = if segments.len() > most { most - 1 } else { segments.len() };
        let (told, others) = segments.split_at(count);
        let piece = |it: &&SegmentResult| Piece {
            kind: MoveKind::Segment,
            label: self.label(cut, it),
            note: say.segment_note(it.entered(), it.left(), it.few),
            values: [it.before.value, it.after.value],
            amount: moved(it).then(|| own(it)),
        };
        let mut pieces: Vec<Piece> = told.iter().map(piece).collect();
        let together =
            |kind: MoveKind, label: String, amount: Amount| Piece { kind, label, note: None, values: [None; 2], amount: Some(amount) };
        if !others.is_empty() {
            let value = others.iter().map(|it| own(it).value).sum();
            pieces.push(together(MoveKind::Segment, say.other_segments(others.len()), Amount { value, ends: None }));
        }
        pieces.extend(cut.mix.map(|it| together(MoveKind::Mix, say.other_shares().to_owned(), it)));
        let rest = change - pieces.iter().filter_map(|it| it.amount).map(|it| it.value).sum::<f64>();
        if rest.abs() > 1e-9 * change.abs().max(1e-9) {
            pieces.push(together(MoveKind::Rest, say.rest_of_change().to_owned(), Amount { value: rest, ends: None }));
        }
        pieces
    }

    /// Whether its segments tell more than that it moved.
    fn is_worth_drawing(&self) -> bool {
        !self.why.result.parts.is_empty() || self.cut().is_some_and(|it| self.differs(it))
    }

    /// Whether segments moved differently beyond chance, or their shares made a difference; where no test tells, they may.
    fn differs(&self, cut: &CutResult) -> bool {
        let chance = 1.0 - self.context.checked().model.project.confidence;
        cut.p.is_none_or(|it| it < chance) || cut.mix.and_then(Amount::may_be_noise) == Some(false)
    }

    /// What segments show at a glance; a chance does not break off its line.
    fn reading(&self, cut: &CutResult, change: f64) -> Vec<String> {
        let said = self.context.say.why_reading(cut, change, self.context.checked().model.project.confidence);
        said.into_iter().map(|it| it.replace("(p = ", "(p\u{a0}=\u{a0}").replace("(p < ", "(p\u{a0}<\u{a0}")).collect()
    }

    /// The change, and that its segments do not differ.
    fn in_words(&self) -> Option<String> {
        let say = self.context.say;
        let result = &self.why.result;
        let cut = self.cut()?;
        let (before, after) = result.before.value.zip(result.after.value)?;
        let way = say.way(&self.numbers.text(before), &self.numbers.text(after));
        Some(say.why_in_words(&self.title, &way, &self.cut_title(&cut.cut), &self.reading(cut, self.change).join(" ")))
    }

    /// What moved too: what is told of it, and what is said of the figures that the project calls its causes.
    fn in_short(&self, text: String) -> (MovedToo, Option<String>) {
        let say = self.context.say;
        let causes = beside::causes(self.context, self.why.result.kpi);
        let way = |it: &&Reading<'_>| {
            let before = it.previous.as_ref().and_then(|of| of.row.value)?;
            Some(format!("{}, {}", it.title, say.way(&it.numbers.text(before), &it.text())))
        };
        let causes: Vec<String> = causes.iter().filter_map(way).collect();
        let causes = (!causes.is_empty()).then(|| say.causes_beside(&causes));
        (MovedToo { key: Some(Key::new(&self.kpi.name)), text }, causes)
    }

    fn key_of(&self, id: KpiId) -> Key {
        Key::new(&self.context.checked().model.kpis[id.index()].name)
    }

    fn falls(&self, first: bool) -> Vec<Fall> {
        let result = &self.why.result;
        let mut falls: Vec<Fall> = Vec::new();
        if result.parts.is_empty() {
            falls.extend(self.fall(result, None, first));
            return falls;
        }
        let differs = |it: &&(usize, WhyResult)| it.1.cuts.first().is_some_and(|it| self.differs(it));
        for (at, part) in self.why.parts.iter().filter(differs).take(FALLS) {
            let first = first && falls.is_empty();
            falls.extend(self.fall(part, Some(&result.parts[*at]), first));
        }
        falls
    }

    /// The segments of a figure that is the whole, or a part of it; the first of a section says how it is read.
    fn fall(&self, of: &WhyResult, part: Option<&PartResult>, first: bool) -> Option<Fall> {
        let say = self.context.say;
        let lang = self.context.lang();
        let cut = of.cuts.first().filter(|it| !it.segments.is_empty())?;
        let change = of.change?.value;
        let (before, after) = of.before.value.zip(of.after.value)?;
        let numbers = numbers(self.context, of);
        let reading = self.context.sources.read(of.kpi, of.part.as_ref());
        let direction = direction(reading.kpi);
        let pieces = self.pieces(cut, change, SEGMENTS);
        let step = |it: &Piece| {
            let amount = it.amount?;
            let text = numbers.change(amount.value);
            let delta = Delta::new(amount.value, text.clone(), "", direction, amount.may_be_noise() == Some(false));
            let mix = it.kind == MoveKind::Mix;
            Some(WaterfallStep { label: it.label.clone(), change: numbers.shown(amount.value), text, tone: delta.tone(), mix })
        };
        let steps: Vec<WaterfallStep> = pieces.iter().filter_map(step).collect();
        let (from, to) = (of.before.period, of.after.period);
        let end = |period: Period, value: f64| WaterfallEnd {
            label: lang.period_short(period),
            value: numbers.shown(value),
            text: numbers.text(value),
        };
        let from_to = say.way(&numbers.text(before), &numbers.text(after));
        let name = title(self.context, of.kpi, of.part.as_ref());
        let heading = format!("{}: {from_to}", say.by_cut(&name, &self.cut_title(&cut.cut)));
        let told: Vec<String> = steps.iter().take(3).map(|it| format!("{} {}", it.label, it.text)).collect();
        let own = context_key(self.context, of);
        let target = reading.target(self.context.checked());
        let chart = WaterfallInput {
            key: Key::new(&if part.is_some() { format!("{}.{own}", self.kpi.name) } else { own }),
            title: heading.clone(),
            desc: say.fall_desc(&from_to, &told),
            axis: numbers.axis(),
            from: end(from, before),
            steps,
            to: end(to, after),
            target: target.map(|it| numbers.shown(it)),
            target_label: target.map(|it| say.target(&numbers.norm(it))).unwrap_or_default(),
        };
        let causes = beside::causes(self.context, of.kpi);
        let mut figures: Vec<Beside> = causes.iter().map(|it| beside::cause(self.context, it)).collect();
        if let Some(it) = largest(cut).filter(|_| causes.len() < beside::CAUSES) {
            figures.extend(beside::segment(self.context, self.label(cut, it), it, &numbers, (from, to)));
        }
        figures.extend(beside::mix(self.context, cut, &numbers, &|it| self.label(cut, it)));
        let mut caption = self.read(cut, change, &numbers, &chart, first && cut.mix.is_none());
        if !causes.is_empty() {
            let titles: Vec<String> = causes.iter().map(|it| it.title.clone()).collect();
            caption = format!("{caption} {}", say.beside_cause(&titles, &name));
        }
        let passed = part.map(|it| self.numbers.change(it.contribution.value));
        Some(Fall {
            subtitle: say.why_segments(&numbers.change(change), passed.as_deref().map(|it| (self.title.as_str(), it))),
            beside: figures,
            caption,
            table: self.table(cut, &numbers, &heading, (from, to)),
            title: heading,
            chart,
        })
    }

    /// How a drawing is read, by its own largest bar, and what is to be known of it.
    fn read(&self, cut: &CutResult, change: f64, numbers: &Numbers, chart: &WaterfallInput, first: bool) -> String {
        let say = self.context.say;
        let mut said = Vec::new();
        let bar = largest(cut).filter(|_| cut.mix.is_some()).and_then(|it| {
            let (a, b) = it.before.value.zip(it.after.value)?;
            let share = f64::midpoint(it.before.share?, it.after.share?);
            let from_to = say.way(&numbers.text(a), &numbers.text(b));
            Some(say.rate_read(&self.label(cut, it), &from_to, &self.context.lang().percent(share, 0), &numbers.change(it.rate.value)))
        });
        said.push(bar.unwrap_or_else(|| say.rate_plain(cut.mix.is_none()).to_owned()));
        said.extend(cut.mix.filter(|_| first).map(|it| say.mix_read(&numbers.change(it.value))));
        said.extend(self.reading(cut, change));
        said.extend(begins(chart).map(|it| say.axis_begins(&it)));
        said.join(" ")
    }

    fn table(&self, cut: &CutResult, numbers: &Numbers, caption: &str, (from, to): (Period, Period)) -> DataTable {
        let say = self.context.say;
        let lang = self.context.lang();
        let [share, mix, own, together] = say.segment_columns();
        let shares = cut.segments.iter().any(|it| it.before.share.is_some());
        let mut columns =
            vec![Column::text(self.cut_title(&cut.cut)), Column::number(say.against(from, to)), Column::number(say.against(to, to))];
        columns.extend(shares.then(|| Column::number(share)));
        columns.push(Column::number("n"));
        if cut.mix.is_some() {
            columns.extend([own, mix, together].map(Column::number));
        } else {
            columns.push(Column::number(together));
        }
        // In the order of the drawing.
        let own = |it: &SegmentResult| if cut.mix.is_some() { it.rate } else { it.whole };
        let mut ranked: Vec<&SegmentResult> = cut.segments.iter().collect();
        ranked.sort_by(|a, b| own(b).value.abs().total_cmp(&own(a).value.abs()));
        let value = |it: Option<f64>| it.map_or_else(|| "–".to_owned(), |it| numbers.text(it));
        let row = |it: &&SegmentResult| {
            let mut cells = vec![self.label(cut, it), value(it.before.value), value(it.after.value)];
            if shares {
                let (a, b) = (it.before.share.unwrap_or(0.0), it.after.share.unwrap_or(0.0));
                cells.push(format!("{} → {}", lang.number(a, 0), lang.percent(b, 0)));
            }
            cells.push(format!("{} → {}", lang.count(it.before.n), lang.count(it.after.n)));
            if cut.mix.is_some() {
                cells.extend([numbers.change(it.rate.value), it.mix.map(|it| numbers.change(it.value)).unwrap_or_default()]);
            }
            cells.push(numbers.change(it.whole.value));
            cells
        };
        DataTable { caption: caption.to_owned(), columns, rows: ranked.iter().take(ROWS).map(row).collect() }
    }
}

/// The segment of which the own change adds most, of those that stayed.
fn largest(cut: &CutResult) -> Option<&SegmentResult> {
    let named = cut.segments.iter().filter(|it| it.key.is_some() && !it.entered() && !it.left());
    named.max_by(|a, b| a.rate.value.abs().total_cmp(&b.rate.value.abs()))
}

/// What a row of the tree is before it is worded.
struct Entry {
    key: Option<Key>,
    kind: MoveKind,
    level: usize,
    label: String,
    note: Option<String>,
    values: [Option<f64>; 2],
}

fn scaled(it: Amount, factor: f64) -> Amount {
    let ends = it.ends.map(|(low, high)| (low * factor, high * factor));
    Amount { value: it.value * factor, ends: ends.map(|(a, b)| (a.min(b), a.max(b))) }
}

/// How the figures of an answer are written.
fn numbers(context: &Context<'_>, of: &WhyResult) -> Numbers {
    let seen: Vec<f64> = [of.before.value, of.after.value].into_iter().flatten().collect();
    Numbers::new(context.lang(), &context.checked().model.kpis[of.kpi.index()], &seen)
}

fn part_numbers(context: &Context<'_>, part: &PartResult) -> Option<Numbers> {
    let kpi = part.kpi?;
    Some(Numbers::new(context.lang(), &context.checked().model.kpis[kpi.index()], &[part.before, part.after]))
}

fn context_key(context: &Context<'_>, of: &WhyResult) -> String {
    context.checked().model.kpi_text(of.kpi, of.part.as_ref())
}

/// What a KPI, or a part of one, is called.
fn title(context: &Context<'_>, id: KpiId, part: Option<&crate::model::RowExpr>) -> String {
    let kpi = &context.checked().model.kpis[id.index()];
    let title = kpi.title.get(context.lang()).unwrap_or(&kpi.name);
    let span = kpi.span;
    context.part_title(title, &KpiRef { kpi: id, part: part.cloned(), weight: 1.0, span })
}
