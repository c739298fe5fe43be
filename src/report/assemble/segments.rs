//! For whom is it better or worse? One panel for each KPI and dimension, with intervals; what is hidden says so.

use crate::calendar::Period;
use crate::engine::KeyValue;
use crate::eval::Status as Judgement;
use crate::model::{DimensionId, Model};
use crate::publish::{ResultRow, ResultTable};
use crate::report::charts::dots::{DotRow, DotsInput};
use crate::report::charts::multiples::{Multiple, MultiplePoint, MultiplesInput};
use crate::report::charts::scale::{extent, ticks};
use crate::report::needs::{cuts, figure_grain, rescaled};
use crate::report::view::{Column, DataTable, Delta, Direction, Head, Key, OverTime, SegmentPanel, Segments, Status};
use crate::report::words::MovedCut;
use crate::stats::distribution::normal_quantile;
use crate::stats::mix::{self, Method, Segment, Side};
use crate::tidy::label_of;

use super::Context;
use super::assumed::has_range;
use super::reading::{Reading, row_of, status};
use super::series::Point;

/// So many panels are seen at once; the others are folded away.
const OPEN: usize = 4;

/// At most so many panels: more are a table, not a picture.
const PANELS: usize = 6;
/// Those are the first that tell something among so many.
const LOOKED_AT: usize = 24;
/// At most so many small lines, over so many periods.
const MULTIPLES: usize = 6;
const PERIODS: usize = 12;
/// At most so many values of a dimension in one panel.
const ROWS: usize = 24;

/// A cut of a figure in the reported period.
struct Cut<'a> {
    reading: &'a Reading<'a>,
    dimension: DimensionId,
    rows: Vec<Value<'a>>,
    left: usize,
    /// All that the cut has: also of other periods, and of values that are left out.
    table: &'a ResultTable,
}

/// One value of a dimension.
struct Value<'a> {
    label: String,
    row: &'a ResultRow,
    earlier: Option<&'a ResultRow>,
    /// The difference with the earlier figure, and whether it is a signal among those of this panel.
    change: Option<(f64, bool)>,
}

/// Makes the section.
pub(super) fn segments(context: &Context<'_>) -> Segments {
    let wanted = wanted(context);
    let mut shown: Vec<Cut<'_>> = wanted.iter().take(LOOKED_AT).filter_map(|(reading, cut)| cut_of(context, reading, *cut)).collect();
    // Where something moved, or shares did, comes before where nothing is to be told.
    shown.sort_by_key(|it| it.moved().next().is_none() && by_shares(it).is_none());
    shown.truncate(PANELS);
    let mut panels: Vec<SegmentPanel> = shown.iter().map(|it| panel(context, it)).collect();
    if let (Some(first), Some(cut)) = (panels.first_mut(), shown.first()) {
        first.over_time = over_time(context, cut, first);
    }
    let all = shown.iter().map(|it| it.rows.len()).sum();
    let open = &shown[..shown.len().min(OPEN)];
    let moved: Vec<MovedCut> = open.iter().flat_map(|it| moved(context, it)).collect();
    let head = Head::new(context.say.segments_heading(&moved, all), None);
    let head = if panels.is_empty() {
        Head { dek: Some(context.say.no_segments().to_owned()), ..head }
    } else {
        let project = &context.checked().model.project;
        let left = wanted.len().saturating_sub(PANELS);
        let unproven = panels.iter().flat_map(|it| &it.chart.rows).any(|it| !it.proven);
        let how = context.say.segments_how(project.indicative_base, project.minimum_base, left, unproven, !moved.is_empty());
        Head { dek: context.say.segments_dek(&moved), ..head }.with_how(Some(how))
    };
    let more = context.say.more_panels(panels.len().saturating_sub(OPEN));
    Segments { head, panels, open: OPEN, more }
}

/// The segments of a cut that moved beyond noise, those that went up and those that went down apart.
fn moved(context: &Context<'_>, cut: &Cut<'_>) -> Vec<MovedCut> {
    let of = |up: bool| {
        let values: Vec<String> = cut.moved().filter(|it| (it.1 > 0.0) == up).map(|it| it.0.label.clone()).collect();
        let since = cut.reading.reference()?.period;
        (!values.is_empty()).then(|| MovedCut {
            since,
            figure: cut.reading.title.clone(),
            dimension: context.dimension_title(cut.dimension).to_owned(),
            others: cut.rows.iter().any(|it| it.change.is_some_and(|it| !it.1)),
            values,
            up,
        })
    };
    [false, true].into_iter().filter_map(of).collect()
}

impl Cut<'_> {
    /// The values that moved beyond noise, with the difference.
    fn moved(&self) -> impl Iterator<Item = (&Value<'_>, f64)> {
        self.rows.iter().filter_map(|it| it.change.filter(|it| it.1).map(|change| (it, change.0)))
    }
}

/// The panels of one figure: all its cuts, for a page of its own.
pub(super) fn panels_of(context: &Context<'_>, reading: &Reading<'_>) -> Vec<SegmentPanel> {
    let of = cuts(context.checked(), context.sources.report, reading.id);
    let shown = of.into_iter().filter(|_| reading.value().is_some()).filter_map(|it| cut_of(context, reading, it));
    shown.map(|it| panel(context, &it)).collect()
}

/// Which cuts: those that KPIs declare themselves, then those that the report adds, each worst first.
fn wanted<'c, 'a>(context: &'c Context<'a>) -> Vec<(&'c Reading<'a>, DimensionId)> {
    // Another scale of a figure that is shown has the same segments.
    let again = |it: &Reading<'_>| rescaled(it.kpi).is_some_and(|of| context.readings.iter().any(|known| known.id == of));
    let of = |own: bool| {
        let mut list = Vec::new();
        for reading in context.ranked().into_iter().filter(|it| !again(it)) {
            for cut in cuts(context.checked(), context.sources.report, reading.id) {
                if reading.kpi.cuts.contains(&cut) == own && reading.value().is_some() {
                    list.push((reading, cut));
                }
            }
        }
        list
    };
    let mut all = of(true);
    all.extend(of(false));
    all
}

fn cut_of<'c>(context: &'c Context<'_>, reading: &'c Reading<'_>, dimension: DimensionId) -> Option<Cut<'c>> {
    let checked = context.checked();
    let grain = figure_grain(checked, context.sources.report, reading.id);
    let against = reading.against();
    let results = context.sources.results;
    let compared = results.compared(reading.id, None, &[dimension], grain, &against);
    let table: &ResultTable = compared.or_else(|| results.table(reading.id, None, &[dimension], grain))?;
    let earlier = reading.reference().map(|it| it.period);
    let mut rows: Vec<Value<'_>> = table
        .rows
        .iter()
        .filter(|it| it.period == reading.period)
        .filter(|it| it.value.is_some() || it.judged.status == Judgement::Hidden)
        .map(|row| Value {
            label: row.key.first().map_or_else(String::new, |it| label_of(checked, dimension, it, context.lang())),
            row,
            earlier: earlier.and_then(|period| table.rows.iter().find(|it| it.period == period && it.key == row.key)),
            change: row.compared.as_ref().and_then(|it| Some((it.change?, it.signal == Some(true)))),
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    order(reading, &mut rows, &checked.model, dimension);
    let left = rows.len().saturating_sub(ROWS);
    rows.truncate(ROWS);
    Some(Cut { reading, dimension, rows, left, table })
}

/// Worst first, too few and hidden last; where neither end is good, as the dimension declares its values.
fn order(reading: &Reading<'_>, rows: &mut [Value<'_>], model: &Model, dimension: DimensionId) {
    let declared = &model.dimensions[dimension.index()].values;
    let place = |it: &Value<'_>| match it.row.key.first() {
        Some(KeyValue::Value(text)) => declared.iter().position(|known| known.0 == **text).unwrap_or(declared.len()),
        _ => declared.len() + 1,
    };
    let kind = |it: &Value<'_>| match it.row.judged.status {
        Judgement::Hidden => 2,
        Judgement::TooFew => 1,
        _ => 0,
    };
    rows.sort_by(|a, b| {
        let (x, y) = (a.row.value.unwrap_or(0.0), b.row.value.unwrap_or(0.0));
        let by_value = match reading.direction {
            Direction::Up => x.total_cmp(&y),
            Direction::Down => y.total_cmp(&x),
            Direction::Neutral => std::cmp::Ordering::Equal,
        };
        kind(a).cmp(&kind(b)).then(by_value).then(place(a).cmp(&place(b)))
    });
}

fn panel(context: &Context<'_>, cut: &Cut<'_>) -> SegmentPanel {
    let say = context.say;
    let reading = cut.reading;
    let numbers = &reading.numbers;
    let dimension = &context.checked().model.dimensions[cut.dimension.index()];
    let dimension_title = dimension.title.get(context.lang()).unwrap_or(&dimension.name).to_owned();
    let title = say.segment_title(&reading.title, &dimension_title);
    let earlier = cut.rows.iter().find_map(|it| it.earlier).map(|it| it.period);
    let against = earlier.map(|it| say.against(it, reading.period)).unwrap_or_default();
    let delta_heading = if earlier.is_some() { format!("Δ {against}") } else { String::new() };
    // The target of the whole is that of every segment, unless a segment has its own.
    let targets: Vec<f64> = cut.rows.iter().filter_map(|it| it.row.judged.target).collect();
    let target = targets.first().copied().filter(|first| targets.iter().all(|it| it == first));
    let target = target.filter(|_| !context.checked().is_total(reading.id));
    let target_label = target.map(|it| say.target(&numbers.norm(it))).unwrap_or_default();
    let least = context.checked().model.minimum_base(reading.id);
    let rows: Vec<DotRow> = cut.rows.iter().map(|it| dot(context, reading, it, &against)).collect();
    let key = Key::new(&format!("{}.{}", reading.kpi.name, dimension.name));
    let kind = cut.rows.iter().any(|it| it.row.low.is_some()).then(|| ends_kind(context, reading));
    SegmentPanel {
        chart: DotsInput {
            key: key.clone(),
            title: title.clone(),
            desc: desc(context, cut),
            axis: numbers.axis(),
            scale: None,
            target: target.map(|it| numbers.shown(it)),
            target_label,
            row_heading: dimension_title.clone(),
            base_heading: "n".to_owned(),
            value_heading: say.short_measure(&context.checked().model, reading.kpi).to_owned(),
            delta_heading: delta_heading.clone(),
            rows,
        },
        table: table(context, cut, &title, &dimension_title, &delta_heading),
        subtitle: say.segment_subtitle(reading.period, earlier, kind.as_deref()),
        note: note(context, cut, least),
        title,
        key,
        over_time: None,
    }
}

/// How the values of a cut moved since its figures can be compared, on one scale: the worst first, what is hidden last.
fn over_time(context: &Context<'_>, cut: &Cut<'_>, panel: &SegmentPanel) -> Option<OverTime> {
    let (say, reading, numbers) = (context.say, cut.reading, &cut.reading.numbers);
    let calendar = &context.checked().model.project.calendar;
    let since = reading.series.as_ref().and_then(|it| it.breaks.last()).map(|it| it.on);
    let known = cut.table.rows.iter().filter(|it| it.value.is_some() && since.is_none_or(|on| it.period.start(calendar) >= on));
    let mut periods: Vec<Period> = known.map(|it| it.period).min()?.up_to(reading.period).collect();
    periods.drain(..periods.len().saturating_sub(PERIODS));
    let mut order: Vec<&Value<'_>> = cut.rows.iter().collect();
    let left = cut.left + order.len().saturating_sub(MULTIPLES);
    order.truncate(MULTIPLES);
    let point = |value: &Value<'_>, period: Period| Point {
        period,
        row: cut.table.rows.iter().find(|it| it.period == period && it.key == value.row.key),
    };
    let drawn: Vec<(&Value<'_>, Vec<Point<'_>>)> =
        order.into_iter().map(|it| (it, periods.iter().map(|period| point(it, *period)).collect())).collect();
    // A line is one from two values on, and one line has nothing to be beside.
    let lines = drawn.iter().filter(|it| it.1.iter().filter(|it| it.value().is_some()).count() > 1).count();
    if periods.len() < 3 || lines < 2 {
        return None;
    }
    let table = context.sources.results.table(reading.id, None, &[], reading.grain);
    let whole: Vec<Point<'_>> =
        periods.iter().map(|period| Point { period: *period, row: table.and_then(|it| row_of(it, *period)) }).collect();
    let shown = |it: &Point<'_>| it.value().map(|it| numbers.shown(it));
    let all = drawn.iter().flat_map(|it| &it.1).chain(&whole).filter_map(shown);
    let target = panel.chart.target;
    let (low, high) = extent(all.chain(target))?;
    let axis = numbers.axis();
    // Small lines have no room to spare: the scale ends where they do, as far as its ends are written.
    let decimals = ticks(low, high, 4, axis.range).decimals;
    let unit = 10_f64.powi(i32::try_from(decimals).unwrap_or(0));
    let ends = ((low * unit).floor() / unit, (high * unit).ceil() / unit);
    let multiple = |(value, points): &(&Value<'_>, Vec<Point<'_>>)| Multiple {
        label: value.label.clone(),
        text: value.row.value.map_or_else(|| say.status(Status::Hidden).to_lowercase(), |it| numbers.text(it)),
        status: status(value.row.judged.status),
        proven: value.row.judged.proven != Some(false),
        points: points.iter().map(|it| MultiplePoint { value: shown(it), weak: it.is_weak() }).collect(),
    };
    let scale = (axis.write(ends.0, decimals), axis.write(ends.1, decimals));
    let title = say.over_time(&panel.title);
    let sorted = reading.direction != Direction::Neutral;
    let caption = say.over_time_caption((periods[0], reading.period), (&scale.0, &scale.1), &panel.chart.target_label, sorted, left);
    let cell = |it: &Point<'_>| match (it.value(), it.row) {
        (Some(value), _) => numbers.text(value),
        (None, Some(row)) => say.absent(Some(row)).to_owned(),
        (None, None) => "–".to_owned(),
    };
    let rows = drawn.iter().map(|it| (it.0.label.clone(), &it.1)).chain([(say.the_whole().to_owned(), &whole)]);
    Some(OverTime {
        table: DataTable {
            caption: title.clone(),
            columns: std::iter::once(Column::text(&panel.chart.row_heading))
                .chain(periods.iter().map(|it| Column::number(context.lang().period_short(*it))))
                .collect(),
            rows: rows.map(|(label, points)| std::iter::once(label).chain(points.iter().map(cell)).collect()).collect(),
        },
        chart: MultiplesInput {
            key: panel.key.clone(),
            title,
            desc: caption.clone(),
            scale: ends,
            target,
            whole: whole.iter().map(shown).collect(),
            panels: drawn.iter().map(multiple).collect(),
        },
        caption,
    })
}

fn dot(context: &Context<'_>, reading: &Reading<'_>, value: &Value<'_>, against: &str) -> DotRow {
    let numbers = &reading.numbers;
    let shown = |it: Option<f64>| it.map(|it| numbers.shown(it));
    let row = value.row;
    DotRow {
        label: value.label.clone(),
        base: row.n.map(|it| context.lang().count(it)).unwrap_or_default(),
        value: shown(row.value),
        low: shown(row.low),
        high: shown(row.high),
        text: row.value.map(|it| numbers.text(it)).unwrap_or_default(),
        status: status(row.judged.status),
        proven: row.judged.proven != Some(false),
        previous: shown(row.value.and(value.earlier).and_then(|it| it.value)),
        delta: value.change.map(|(change, signal)| Delta::new(change, numbers.change(change), against, reading.direction, signal)),
        absent: row.value.is_none().then(|| context.say.hidden_row().to_owned()),
    }
}

/// The highest, the lowest, and which differences are signals.
fn desc(context: &Context<'_>, cut: &Cut<'_>) -> String {
    let solid: Vec<&Value<'_>> = cut.rows.iter().filter(|it| it.row.value.is_some() && it.row.judged.status != Judgement::TooFew).collect();
    let numbers = &cut.reading.numbers;
    let Some((low, high)) = extent(solid.iter().filter_map(|it| it.row.value)) else { return context.say.no_solid_segments().to_owned() };
    let named = |value: f64| {
        let found = solid.iter().find(|it| it.row.value == Some(value));
        found.map_or_else(String::new, |it| format!("{} ({})", it.label, numbers.text(value)))
    };
    if let Some(p) = alike(context, &solid) {
        return context.say.segments_alike(p);
    }
    let all = solid.len() == cut.rows.iter().filter(|it| it.row.value.is_some()).count();
    context.say.highest_lowest(&named(high), &named(low), all)
}

/// The chance of segments that differ so much where all are the same, by their intervals, where that may well be; none where
/// it is too small for that, or cannot be told.
fn alike(context: &Context<'_>, of: &[&Value<'_>]) -> Option<f64> {
    let confidence = context.checked().model.project.confidence;
    let width = 2.0 * normal_quantile((1.0 + confidence) / 2.0)?;
    let figure = |it: &&Value<'_>| {
        let error = (it.row.high? - it.row.low?) / width;
        Some((1.0, it.row.value?, error * error))
    };
    let figures: Vec<(f64, f64, f64)> = of.iter().map(figure).collect::<Option<_>>()?;
    mix::uneven(&figures).map(|it| it.p).filter(|it| *it >= 1.0 - confidence)
}

fn note(context: &Context<'_>, cut: &Cut<'_>, least: u64) -> Option<String> {
    let say = context.say;
    let labels =
        |pick: &dyn Fn(&Value<'_>) -> bool| -> Vec<String> { cut.rows.iter().filter(|it| pick(it)).map(|it| it.label.clone()).collect() };
    let hidden = labels(&|it| it.row.value.is_none());
    let few = labels(&|it| it.row.judged.status == Judgement::TooFew);
    let moved = labels(&|it| it.change.is_some_and(|it| it.1));
    let mut notes = vec![desc(context, cut)];
    let earlier = cut.rows.iter().find_map(|it| it.earlier).map(|it| it.period);
    if let Some(period) = earlier {
        let sampled = cut.rows.iter().any(|it| it.row.low.is_some());
        notes.push(say.segment_signals(&moved, period, sampled));
    }
    notes.extend(mix(context, cut));
    if !few.is_empty() {
        notes.push(say.few_segments(&few, context.checked().model.project.indicative_base));
    }
    if !hidden.is_empty() {
        notes.push(say.hidden_segments(&hidden, least));
    }
    if cut.left > 0 {
        notes.push(say.left_segments(cut.left));
    }
    Some(notes.join(" "))
}

/// Says it of a figure that every part of it moved the other way than the whole: by its own cuts.
pub(super) fn against_its_parts(context: &Context<'_>, reading: &Reading<'_>) -> Option<(DimensionId, bool)> {
    reading.value()?;
    let own = reading.kpi.cuts.iter().filter(|it| context.checked().lacks(reading.id, **it).is_none());
    let mut cuts = own.filter_map(|it| cut_of(context, reading, *it));
    cuts.find_map(|cut| {
        let mixed = by_shares(&cut)?;
        mixed.against.then_some((cut.dimension, mixed.change < 0.0))
    })
}

/// The same in a sentence.
pub(super) fn whole_against_parts(context: &Context<'_>, reading: &Reading<'_>) -> Option<String> {
    let (dimension, fell) = against_its_parts(context, reading)?;
    let period = reading.reference()?.period;
    Some(context.say.whole_moved_against(fell, context.dimension_title(dimension), period))
}

/// A change that came by shares more than by what happened within the segments.
struct ByShares {
    change: f64,
    mix: f64,
    rate: f64,
    /// Whether every segment moved the other way.
    against: bool,
}

/// How much of a change is that of shares, where the segments moved the other way, or less than the shares did.
fn mix(context: &Context<'_>, cut: &Cut<'_>) -> Option<String> {
    let numbers = &cut.reading.numbers;
    let ByShares { change, mix, rate, against } = by_shares(cut)?;
    Some(context.say.by_mix(change < 0.0, against, &numbers.change(change), &numbers.change(mix), &numbers.change(rate)))
}

fn by_shares(cut: &Cut<'_>) -> Option<ByShares> {
    let reading = cut.reading;
    let (now, before) = (reading.row?, reading.reference()?.row);
    let side = |row: &ResultRow| Some(Side { weight: row.weight?, total: row.weight? * row.value? });
    let whole = (side(before)?, side(now)?);
    let mut segments: Vec<Segment> = Vec::new();
    for it in cut.rows.iter().filter(|it| it.row.value.is_some()) {
        let before = it.earlier.filter(|it| it.value.is_some()).map_or(Some(Side::default()), side)?;
        segments.push(Segment { before, after: side(it.row)? });
    }
    // What is not shown, and what is there in the earlier period alone, is told with the rest.
    let told = segments.len();
    let rest = |whole: Side, pick: &dyn Fn(&Segment) -> Side| {
        let (weight, total) = segments.iter().map(pick).fold((0.0, 0.0), |sum, it| (sum.0 + it.weight, sum.1 + it.total));
        let left = Side { weight: whole.weight - weight, total: whole.total - total };
        if left.weight.abs() <= 1e-9 * whole.weight { Side::default() } else { left }
    };
    let rest = Segment { before: rest(whole.0, &|it| it.before), after: rest(whole.1, &|it| it.after) };
    if rest.before.weight != 0.0 || rest.after.weight != 0.0 {
        segments.push(rest);
    }
    let effect = mix::split(&segments, Method::Midpoint)?.whole;
    let change = effect.whole();
    if told < 2 || effect.mix * change <= 0.0 || effect.mix.abs() <= effect.rate.abs() {
        return None;
    }
    let moves: Vec<f64> = cut.rows.iter().filter_map(|it| it.change).map(|it| it.0).collect();
    let against = moves.len() == segments.len() && moves.iter().all(|it| it * change < 0.0);
    Some(ByShares { change, mix: effect.mix, rate: effect.rate, against })
}

/// What the ends beside the figures are.
fn ends_kind(context: &Context<'_>, reading: &Reading<'_>) -> String {
    match has_range(context.checked(), reading.id) {
        true => context.say.range_kind().to_owned(),
        false => context.say.interval_kind(context.checked().model.project.confidence),
    }
}

fn table(context: &Context<'_>, cut: &Cut<'_>, title: &str, dimension: &str, delta: &str) -> DataTable {
    let say = context.say;
    let numbers = &cut.reading.numbers;
    let mut columns = vec![
        Column::text(dimension),
        Column::number("n"),
        Column::number(say.value_heading()),
        Column::number(ends_kind(context, cut.reading)),
    ];
    if !delta.is_empty() {
        columns.push(Column::number(delta));
    }
    columns.push(Column::text("Status"));
    let rows = cut.rows.iter().map(|it| {
        let ends = it.row.low.zip(it.row.high);
        let mut cells = vec![
            it.label.clone(),
            it.row.n.map(|it| context.lang().count(it)).unwrap_or_default(),
            it.row.value.map_or_else(|| say.absent(Some(it.row)).to_owned(), |it| numbers.text(it)),
            ends.map(|(low, high)| numbers.between(low, high)).unwrap_or_default(),
        ];
        if !delta.is_empty() {
            cells.push(it.change.map(|it| numbers.change(it.0)).unwrap_or_default());
        }
        let code: Status = status(it.row.judged.status);
        cells.push(say.status(code).to_owned());
        cells
    });
    DataTable { caption: title.to_owned(), columns, rows: rows.collect() }
}
