//! Which way did a figure go? Its segments as steps from the one value to the other, drawn, in words, and as a table.

use crate::calendar::Period;
use crate::publish::{Amount, CutResult, PartResult, SegmentResult, WhyResult};
use crate::report::charts::waterfall::{WaterfallEnd, WaterfallInput, WaterfallStep, begins};
use crate::report::numbers::{Numbers, direction};
use crate::report::view::why::{Beside, Fall, MoveKind, MoveRow};
use crate::report::view::{Column, DataTable, Delta, Key};

use super::{FALLS, ROWS, SEGMENTS, Teller, numbers, title};
use crate::report::assemble::{Context, beside};

/// A step of a way: a segment, or what other shares made.
pub(super) struct Piece {
    pub(super) kind: MoveKind,
    pub(super) label: String,
    pub(super) note: Option<&'static str>,
    pub(super) values: [Option<f64>; 2],
    /// None where it counts in the mix.
    pub(super) amount: Option<Amount>,
}

impl<'c> Teller<'c, '_> {
    /// The segments of a cut of what changed by so much, those that add most first; of many, the others together.
    pub(super) fn pieces(&self, cut: &CutResult, change: f64, most: usize) -> Vec<Piece> {
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
    pub(super) fn is_worth_drawing(&self) -> bool {
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
    pub(super) fn in_words(&self) -> Option<String> {
        let say = self.context.say;
        let result = &self.why.result;
        let cut = self.cut()?;
        let (before, after) = result.before.value.zip(result.after.value)?;
        let way = say.way(&self.numbers.text(before), &self.numbers.text(after));
        Some(say.why_in_words(&self.title, &way, &self.cut_title(&cut.cut), &self.reading(cut, self.change).join(" ")))
    }

    pub(super) fn falls(&self, first: bool) -> Vec<Fall> {
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

    /// What tests say of the segments that stand in the table and in no drawing, where they may have moved alike.
    pub(super) fn undrawn(&self, rows: &[MoveRow]) -> Vec<String> {
        let say = self.context.say;
        if !rows.iter().any(|it| it.kind == MoveKind::Segment) {
            return Vec::new();
        }
        let untested = |it: &CutResult| it.p.is_none() || self.differs(it);
        let of = |(at, of): &(usize, WhyResult)| {
            let cut = of.cuts.first().filter(|it| !it.segments.is_empty() && !untested(it))?;
            let title = self.part_title(&self.why.result.parts[*at]);
            let reading = self.reading(cut, of.change?.value).join(" ");
            Some(say.segments_of(&title, &self.cut_title(&cut.cut), &reading))
        };
        let mut said: Vec<String> = self.why.parts.iter().filter(|it| super::tells(&it.1)).filter_map(of).collect();
        said.push(say.coloured_segments().to_owned());
        said
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

fn context_key(context: &Context<'_>, of: &WhyResult) -> String {
    context.checked().model.kpi_text(of.kpi, of.part.as_ref())
}
