//! Where is the change of what moved? Of the KPIs that moved beyond noise the worst, each as a tree from the whole down to
//! the segments of its parts, and the segments as a way from the one figure to the other. Sums, no causes.

mod fall;
mod tree;

use crate::calendar::Period;
use crate::model::{DimensionId, Kpi, KpiId, KpiRef};
use crate::publish::{Amount, CutResult, PartResult, SegmentResult, WhyResult};
use crate::report::ToldWhy;
use crate::report::needs::{goals_of, rests_on, shows};
use crate::report::numbers::{Numbers, direction};
use crate::report::view::why::{Move, MoveKind, MovedToo, Whys};
use crate::report::view::{Direction, Head, Key, Movement, SectionName, Status};
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

/// The KPIs of which the section tells at a place of their own; none where the report has no such section.
pub(super) fn places(context: &Context<'_>) -> Vec<Key> {
    if shows(context.sources.report, SectionName::Why) { whys(context).places().cloned().collect() } else { Vec::new() }
}

/// What stands beside the change of a figure, a sentence each: what the project ties it to, the segments that moved most.
pub(super) fn clauses(context: &Context<'_>, reading: &Reading<'_>) -> Vec<String> {
    let told = shows(context.sources.report, SectionName::Why);
    let of_it = || causes(context, reading.id).into_iter().chain(largest_parts(context, reading)).chain(most_moved(context, reading));
    if told { of_it().collect() } else { Vec::new() }
}

/// The two parts that add most to what a composed figure did, beyond noise.
fn largest_parts(context: &Context<'_>, reading: &Reading<'_>) -> Option<String> {
    let (teller, parts) = largest(context, reading)?;
    let said: Vec<(String, String)> = parts.iter().map(|(title, amount)| (title.clone(), teller.numbers.change(*amount))).collect();
    // What these leave over, where it is printed as something.
    let rest = teller.numbers.change(teller.change - parts.iter().map(|it| it.1).sum::<f64>());
    let rest = Some(rest).filter(|it| it.contains(|digit| ('1'..='9').contains(&digit)));
    Some(context.say.of_which(&teller.numbers.change(teller.change), &said, rest.as_deref()))
}

/// The part that adds most, as a heading.
pub(super) fn mostly_in(context: &Context<'_>, reading: &Reading<'_>) -> Option<String> {
    let (teller, parts) = largest(context, reading).filter(|_| shows(context.sources.report, SectionName::Why))?;
    let title = super::index::abbreviation(&reading.title);
    let title = title.map_or_else(|| reading.title.clone(), |it| context.say.the_index(it));
    Some(context.say.mostly_in(&title, teller.change < 0.0, &parts.first()?.0))
}

fn largest<'c, 'a>(context: &'c Context<'a>, reading: &Reading<'_>) -> Option<(Teller<'c, 'a>, Vec<(String, f64)>)> {
    let found = all(context).find(|it| it.result.kpi == reading.id && it.result.part.is_none() && !it.result.parts.is_empty())?;
    let teller = Teller::new(context, found);
    let mut parts = teller.ends();
    parts.retain(|it| it.1 * teller.change > 0.0 && teller.is_beyond_noise(it.1));
    parts.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    parts.truncate(2);
    (!parts.is_empty()).then_some((teller, parts))
}

/// The segments of a figure that moved most, beyond noise and as the whole did.
fn most_moved(context: &Context<'_>, reading: &Reading<'_>) -> Option<String> {
    let results = all(context).flat_map(|it| std::iter::once(&it.result).chain(it.parts.iter().map(|it| &it.1)));
    let of = results.filter(|it| it.kpi == reading.id && it.part.is_none()).find(|it| !it.cuts.is_empty())?;
    let (cut, change) = (of.cuts.first()?, of.change?.value);
    // Large segments hold most of a change without having moved otherwise than the rest.
    let chance = 1.0 - context.checked().model.project.confidence;
    cut.p.filter(|it| *it < chance)?;
    let same_way = |it: &&SegmentResult| it.key.is_some() && it.rate.value * change > 0.0 && it.rate.may_be_noise() == Some(false);
    let mut moved: Vec<&SegmentResult> = cut.segments.iter().filter(same_way).collect();
    moved.sort_by(|a, b| b.rate.value.abs().total_cmp(&a.rate.value.abs()));
    let names: Vec<String> = moved.iter().take(2).map(|it| segment_label(context, cut, it)).collect();
    (!names.is_empty()).then(|| context.say.moved_most(&names))
}

/// The figures that the project calls the causes of a KPI, each with where it went, in a sentence.
fn causes(context: &Context<'_>, of: KpiId) -> Option<String> {
    let way = |it: &&Reading<'_>| {
        let before = it.previous.as_ref().and_then(|of| of.row.value)?;
        Some((it.title.clone(), context.say.way(&it.numbers.text(before), &it.text())))
    };
    let causes: Vec<(String, String)> = beside::causes(context, of).iter().filter_map(way).collect();
    (!causes.is_empty()).then(|| context.say.causes_beside(&causes))
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
            false => self.ends(),
        };
        let mix = self.cut().filter(|_| self.why.result.parts.is_empty()).and_then(|it| it.mix).map_or(0.0, |it| share(it.value));
        let mut ranked: Vec<&(String, f64)> = top.iter().collect();
        ranked.sort_by(|a, b| share(b.1).total_cmp(&share(a.1)));
        // A second part that adds much as well, and is no noise.
        let second = ranked.get(1).filter(|it| share(it.1) >= SECOND && self.is_beyond_noise(it.1));
        let amount = |it: Option<&&(String, f64)>| it.map(|it| self.numbers.change(it.1)).unwrap_or_default();
        let whole = self.numbers.change(self.change).trim_start_matches(['+', '−']).to_owned();
        let (one, other) = (amount(ranked.first()), amount(second));
        let place = match ranked.first() {
            Some((_, amount)) if mix > share(*amount) && mix >= 0.35 => Whereabouts::Mix(mix),
            Some((label, amount)) if share(*amount) >= 0.35 => match second {
                Some(it) => Whereabouts::Both(&whole, [(label, &one), (&it.0, &other)]),
                None => Whereabouts::In(label, share(*amount)),
            },
            _ if self.why.result.parts.is_empty() => {
                Whereabouts::Segments(self.cut().map_or(0, |it| it.segments.iter().map(|it| it.segments).sum()))
            }
            _ => Whereabouts::Spread(top.len()),
        };
        say.why_heading(super::index::abbreviation(&self.title).unwrap_or(&self.title), self.change < 0.0, place)
    }

    /// The last parts of a tree, which say more than what they make together, each with what it adds.
    fn ends(&self) -> Vec<(String, f64)> {
        let all = &self.why.result.parts;
        let last = |at: &usize| self.end_of(*at) == at + 1;
        (0..all.len()).filter(last).map(|at| (self.part_title(&all[at]), all[at].contribution.value)).collect()
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
        segment_label(self.context, cut, it)
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
            caption: std::iter::once(say.why_sum(&self.numbers.change(self.change), !result.parts.is_empty(), rest))
                .chain(self.undrawn(&rows))
                .collect::<Vec<_>>()
                .join(" "),
            rows,
            falls: self.falls(first),
        }
    }

    /// What moved too: what is told of it, and what is said of the figures that the project calls its causes.
    fn in_short(&self, text: String) -> (MovedToo, Option<String>) {
        (MovedToo { key: Some(Key::new(&self.kpi.name)), text }, causes(self.context, self.why.result.kpi))
    }

    fn key_of(&self, id: KpiId) -> Key {
        Key::new(&self.context.checked().model.kpis[id.index()].name)
    }
}

/// What a segment of a cut is called; of those that are too small, how many they are.
fn segment_label(context: &Context<'_>, cut: &CutResult, it: &SegmentResult) -> String {
    let Some(key) = &it.key else { return context.say.small_segments(it.segments) };
    let labels = cut.cut.iter().zip(key.iter()).map(|(id, value)| label_of(context.checked(), *id, value, context.lang()));
    labels.collect::<Vec<_>>().join(", ")
}

/// How the figures of an answer are written.
fn numbers(context: &Context<'_>, of: &WhyResult) -> Numbers {
    let seen: Vec<f64> = [of.before.value, of.after.value].into_iter().flatten().collect();
    Numbers::new(context.lang(), &context.checked().model.kpis[of.kpi.index()], &seen)
}

/// What a KPI, or a part of one, is called.
fn title(context: &Context<'_>, id: KpiId, part: Option<&crate::model::RowExpr>) -> String {
    let kpi = &context.checked().model.kpis[id.index()];
    let title = kpi.title.get(context.lang()).unwrap_or(&kpi.name);
    let span = kpi.span;
    context.part_title(title, &KpiRef { kpi: id, part: part.cloned(), weight: 1.0, span })
}
