//! Why a figure moved, one row for the whole, each part, each cut and each segment.

use super::{Field, Format, Sheet, Table, count_field, key_field, notes_field, number_field, owned, said, table, write};
use crate::check::Checked;
use crate::model::DimensionId;
use crate::publish::{Amount, CutResult, SegmentResult, WhyNote, WhyResult};
use serde_json::Map;

const COLUMNS: [&str; 26] = [
    "kpi",
    "before",
    "after",
    "kind",
    "level",
    "name",
    "value_before",
    "value_after",
    "unit",
    "n_before",
    "n_after",
    "share_before",
    "share_after",
    "mix",
    "mix_low",
    "mix_high",
    "rate",
    "rate_low",
    "rate_high",
    "interaction",
    "contribution",
    "low",
    "high",
    "explains",
    "p",
    "note",
];

/// Why a figure moved.
pub fn why(checked: &Checked, result: &WhyResult, format: Format) -> String {
    write(&sheet(checked, result), "why", format)
}

/// The same in every form that goes beside a report.
pub fn why_table(checked: &Checked, result: &WhyResult) -> Table {
    table(&sheet(checked, result))
}

fn sheet<'r>(checked: &'r Checked, result: &'r WhyResult) -> Sheet<'r> {
    let mut sheet = Sheet::new(COLUMNS);
    let writer = Writer { checked, result };
    writer.whole(&mut sheet);
    for part in &result.parts {
        let mut row = writer.row("part", part.level, owned(part.name.clone()));
        row.values = [Some(part.before), Some(part.after)];
        row.n = part.n.map(Some);
        row.contribution = Some(part.contribution);
        row.push(&mut sheet);
    }
    for cut in &result.cuts {
        writer.cut(cut, 0, &mut sheet);
    }
    sheet
}

struct Writer<'a> {
    checked: &'a Checked,
    result: &'a WhyResult,
}

/// A row before it is put in columns.
struct Row<'a> {
    first: [Field<'a>; 6],
    unit: String,
    values: [Option<f64>; 2],
    n: [Option<u64>; 2],
    shares: [Option<f64>; 2],
    mix: Option<Amount>,
    rate: Option<Amount>,
    interaction: Option<f64>,
    contribution: Option<Amount>,
    explains: Option<f64>,
    p: Option<f64>,
    notes: Vec<String>,
}

impl<'a> Row<'a> {
    fn push(self, sheet: &mut Sheet<'a>) {
        let amount = |it: Option<Amount>| {
            let ends = it.and_then(|it| it.ends);
            [number_field(it.map(|it| it.value)), number_field(ends.map(|it| it.0)), number_field(ends.map(|it| it.1))]
        };
        let mut row: Vec<Field<'a>> = self.first.into();
        row.extend(self.values.map(number_field));
        row.push(owned(self.unit));
        row.extend(self.n.map(count_field));
        row.extend(self.shares.map(number_field));
        row.extend(amount(self.mix));
        row.extend(amount(self.rate));
        row.push(number_field(self.interaction));
        row.extend(amount(self.contribution));
        row.push(number_field(self.explains));
        row.push(number_field(self.p));
        row.push(notes_field(self.notes));
        sheet.rows.push(row);
        sheet.more.push(Map::new());
    }
}

impl<'a> Writer<'a> {
    fn row(&self, kind: &'a str, level: usize, name: Field<'a>) -> Row<'a> {
        let own = owned(self.checked.model.kpi_text(self.result.kpi, self.result.part.as_ref()));
        let period = |it: crate::calendar::Period| owned(it.to_string());
        Row {
            first: [own, period(self.result.before.period), period(self.result.after.period), said(kind), Field::Count(level as u64), name],
            unit: String::new(),
            values: [None; 2],
            n: [None; 2],
            shares: [None; 2],
            mix: None,
            rate: None,
            interaction: None,
            contribution: None,
            explains: None,
            p: None,
            notes: Vec::new(),
        }
    }

    fn unit(&self) -> String {
        self.checked.model.kpis[self.result.kpi.index()].unit.as_ref().map(crate::value::Unit::name).unwrap_or_default()
    }

    fn whole(&self, sheet: &mut Sheet<'a>) {
        let mut row = self.row("whole", 0, Field::Empty);
        row.values = [self.result.before.value, self.result.after.value];
        row.unit = self.unit();
        row.n = [self.result.before.n, self.result.after.n];
        row.contribution = self.result.change;
        row.p = self.result.p;
        row.notes = self.result.notes.iter().map(|it| note(self.checked, it)).collect();
        row.push(sheet);
    }

    fn cut(&self, cut: &'a CutResult, level: usize, sheet: &mut Sheet<'a>) {
        let mut row = self.row("cut", level, owned(names(self.checked, &cut.cut)));
        row.mix = cut.mix;
        row.rate = Some(cut.rate);
        row.interaction = cut.interaction;
        row.explains = Some(cut.explains);
        row.p = cut.p;
        row.push(sheet);
        for it in &cut.segments {
            self.segment(cut, it, level, sheet);
        }
    }

    fn segment(&self, cut: &'a CutResult, it: &'a SegmentResult, level: usize, sheet: &mut Sheet<'a>) {
        let name = match &it.key {
            Some(key) => {
                let fields = cut.cut.iter().zip(key.iter()).map(|(id, value)| super::text(&key_field(self.checked, *id, value)));
                owned(fields.collect::<Vec<_>>().join(", "))
            }
            None => owned(format!("{} together", it.segments)),
        };
        let mut row = self.row("segment", level + 1, name);
        row.values = [it.before.value, it.after.value];
        row.unit = self.unit();
        row.n = [Some(it.before.n), Some(it.after.n)];
        row.shares = [it.before.share, it.after.share];
        row.mix = it.mix;
        row.rate = Some(it.rate);
        row.interaction = it.interaction;
        row.contribution = Some(it.whole);
        let mut notes = Vec::new();
        if it.entered() {
            notes.push("entered");
        }
        if it.left() {
            notes.push("left");
        }
        if it.few {
            notes.push("too few to judge");
        }
        if it.key.is_none() {
            notes.push("segments below the minimum base, told together");
        }
        row.notes = notes.into_iter().map(str::to_owned).collect();
        row.push(sheet);
        if let Some(inner) = &it.inner {
            self.cut(inner, level + 2, sheet);
        }
    }
}

/// The names of dimensions, as they are asked for.
fn names(checked: &Checked, cut: &[DimensionId]) -> String {
    cut.iter().map(|it| checked.model.dimensions[it.index()].name.as_str()).collect::<Vec<_>>().join(",")
}

fn note(checked: &Checked, note: &WhyNote) -> String {
    match note {
        WhyNote::NotComparable { of: None, on, .. } => format!("definition changed on {on}: not comparable"),
        WhyNote::NotComparable { of: Some(of), on, .. } => {
            format!("definition of {} changed on {on}: not comparable", checked.model.kpis[of.index()].name)
        }
        WhyNote::Hidden => "hidden by the minimum base".to_owned(),
        WhyNote::NoValue => "no value in one of the periods".to_owned(),
        WhyNote::NotAdditive => "segments do not add up to it".to_owned(),
        WhyNote::PartsDiffer(parts) => format!("{} in one of the periods alone: parts do not add up to it", parts.join(", ")),
        WhyNote::HeldApart(cut) => format!("segments of {} hold figures of other periods", names(checked, cut)),
        WhyNote::Overlaps(cut) => format!("answers count in several segments of {}", names(checked, cut)),
        WhyNote::TooSmall(cut) => format!("too few in the segments of {}", names(checked, cut)),
        WhyNote::NoRate(cut) => format!("a segment of {} has nothing to divide by", names(checked, cut)),
        WhyNote::Windowed => "both figures rest on the same rows: no intervals".to_owned(),
        WhyNote::Clustered => "no intervals for segments of clustered rows".to_owned(),
        WhyNote::Complete => "complete data".to_owned(),
        WhyNote::Unfinished => "unfinished period".to_owned(),
    }
}
