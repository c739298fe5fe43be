//! Of what is a change made? The tree of a figure: its parts, and the segments of those.

use crate::publish::{Amount, CutResult, PartResult};
use crate::report::charts::bar::BarInput;
use crate::report::charts::scale::extent;
use crate::report::numbers::Numbers;
use crate::report::view::why::{MoveKind, MoveRow};
use crate::report::view::{Delta, Key};

use super::{SEGMENTS, Teller, tells};
use crate::report::assemble::Context;

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

impl Teller<'_, '_> {
    pub(super) fn rows(&self) -> Vec<MoveRow> {
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
    pub(super) fn end_of(&self, at: usize) -> usize {
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

    /// Whether the test of a part that is a KPI tells its change from chance, where what it adds has no interval.
    fn is_told_apart(&self, part: &PartResult) -> bool {
        let tested = || {
            let (kpi, of) = part.own.as_ref()?;
            let reading = self.context.sources.read(*kpi, of.as_ref());
            let before = reading.previous.as_ref().filter(|it| (it.period, reading.period) == self.periods())?;
            before.signal
        };
        part.contribution.ends.is_none() && tested() == Some(true)
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
            rows.push((self.row(entry, &numbers, Some(part.contribution), self.is_told_apart(part)), part.contribution.value));
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
}

fn part_numbers(context: &Context<'_>, part: &PartResult) -> Option<Numbers> {
    let kpi = part.kpi?;
    Some(Numbers::new(context.lang(), &context.checked().model.kpis[kpi.index()], &[part.before, part.after]))
}
