//! What to improve first? Driver models as importance beside performance, and what customers name themselves.

use crate::calendar::Grain;
use crate::eval::drivers::{DriverFigure, DriverTable, Estimate, ItemFigure, Quadrant, least_rows};
use crate::model::{Drivers as Declared, DriversId, Method, asked_at};
use crate::plan::{Bucket, Performance};
use crate::report::charts::dots::{DotRow, DotsInput};
use crate::report::charts::matrix::{self, MatrixInput, MatrixPoint, MatrixScales};
use crate::report::charts::scale::AxisFormat;
use crate::report::needs::{figure_grain, sections, shows};
use crate::report::view::more::{DriverModel, Drivers, Reasons};
use crate::report::view::{Column, DataTable, Head, Key, SectionName, Status};

use super::reading::Reading;
use super::{Context, steering};

/// At most so many reasons in a drawing; the table has them all.
const REASONS: usize = 10;

/// A driver model of the reported period, or of all data where that period has too few answers.
pub(super) struct Found<'a> {
    pub(super) declared: &'a Declared,
    pub(super) table: &'a DriverTable,
    pub(super) model: &'a DriverFigure,
}

/// Makes the section.
pub(super) fn drivers(context: &Context<'_>) -> Drivers {
    let say = context.say;
    let all = &context.checked().model.drivers;
    let found = shown(context);
    let (stated, explained): (Vec<_>, Vec<_>) = found.iter().partition(|it| it.declared.method == Method::Stated);
    let mut models: Vec<DriverModel> = explained.iter().map(|it| model(context, it)).collect();
    let reasons: Vec<Reasons> = stated.iter().map(|it| reasons(context, it)).collect();
    // Side by side on one scale: importance always is a share of what is explained, performance may be said otherwise.
    let drawn: Vec<_> = explained.iter().zip(&models).filter(|it| it.1.chart.is_some()).map(|it| it.0).collect();
    let alike = drawn.windows(2).all(|pair| pair[0].table.performance == pair[1].table.performance);
    if let Some(scales) = matrix::shared(models.iter().filter_map(|it| it.chart.as_ref())) {
        for it in models.iter_mut().filter_map(|it| it.chart.as_mut()) {
            let own = matrix::shared(std::iter::once(&*it)).filter(|_| !alike).map_or(scales.x, |it| it.x);
            it.scales = Some(MatrixScales { x: own, ..scales });
        }
    }
    let told: Vec<(String, String, bool)> = found.iter().filter_map(|it| heaviest(context, it)).collect();
    let here = |id: DriversId| found.iter().any(|it| std::ptr::eq(it.declared, &all[id.index()]));
    let team = context.sources.report.audience;
    let steered = steering::told(context, |it| here(it.drivers) || Some(it.team) == team);
    let heading = say.drivers_heading(&shortened(context, &found, &told));
    let head = match found.is_empty() {
        true => Head::new(heading, Some(say.no_drivers(!all.is_empty()).to_owned())),
        false => {
            let mut methods: Vec<&str> = drawn.iter().map(|it| say.method_name(it.table.shared_by)).collect();
            methods.dedup();
            let how = (!methods.is_empty()).then(|| say.drivers_how(&methods, alike));
            Head::new(heading, Some(say.drivers_dek(&told))).with_how(how)
        }
    };
    Drivers { head, models, reasons, steered }
}

/// The same with outcomes in a word, where these are abbreviations that tell them apart: a heading is to be short.
fn shortened(context: &Context<'_>, found: &[Found<'_>], told: &[(String, String, bool)]) -> Vec<(String, String, bool)> {
    let model = &context.checked().model;
    let of = |it: &Found<'_>| {
        let outcome = it.declared.outcome.as_ref().filter(|it| it.part.is_none())?;
        let name = context.say.short_name(model, &model.kpis[outcome.kpi.index()]);
        name.chars().all(char::is_uppercase).then(|| name.to_owned())
    };
    let short: Option<Vec<String>> = found.iter().map(of).collect();
    let apart = |it: &Vec<String>| it.len() == told.len() && it.iter().enumerate().all(|(at, name)| !it[..at].contains(name));
    match short.filter(apart) {
        Some(short) => short.into_iter().zip(told).map(|(name, it)| (name, it.1.clone(), it.2)).collect(),
        None => told.to_vec(),
    }
}

/// The models and the stated reasons that the section tells.
pub(super) fn shown<'a>(context: &Context<'a>) -> Vec<Found<'a>> {
    // A report that has a section for reasons tells of them there.
    let elsewhere = sections(context.checked(), context.sources.report).contains(&SectionName::Reasons);
    let here = |it: &Found<'_>| !(elsewhere && it.declared.method == Method::Stated);
    let all = (0..context.checked().model.drivers.len() as u32).map(DriversId);
    all.filter_map(|it| find(context, it)).filter(here).collect()
}

pub(super) fn find<'a>(context: &Context<'a>, id: DriversId) -> Option<Found<'a>> {
    let checked = context.checked();
    let declared = &checked.model.drivers[id.index()];
    let outcome = declared.outcome.as_ref()?;
    if !context.readings.iter().any(|it| it.id == outcome.kpi) {
        return None;
    }
    find_any(context, id)
}

/// Likewise, also where the outcome is no KPI of the report.
pub(super) fn find_any<'a>(context: &Context<'a>, id: DriversId) -> Option<Found<'a>> {
    let checked = context.checked();
    let declared = &checked.model.drivers[id.index()];
    let outcome = declared.outcome.as_ref()?;
    let tables = || context.sources.results.drivers.iter().map(|it| it.table()).filter(|it| it.ask.drivers == id && it.ask.cut.is_empty());
    let grain = figure_grain(checked, context.sources.report, outcome.kpi);
    let period = context.sources.period_at(grain);
    let own = tables().filter(|it| !it.ask.pooled && grain != Grain::All).find_map(|table| {
        let model = table.models.iter().find(|it| Some(it.periods.1) == period)?;
        Some(Found { declared, table, model })
    });
    let enough = |it: &Found<'_>| it.model.n >= least_rows(it.model.items.len()) || it.model.is_hidden();
    let pooled = || {
        let table = tables().find(|it| it.ask.pooled)?;
        Some(Found { declared, table, model: table.models.first()? })
    };
    match own {
        Some(it) if enough(&it) => Some(it),
        other => pooled().or(other),
    }
}

pub(super) fn outcome_title(context: &Context<'_>, declared: &Declared) -> String {
    let Some(outcome) = &declared.outcome else { return declared.name.clone() };
    let kpi = &context.checked().model.kpis[outcome.kpi.index()];
    context.part_title(kpi.title.get(context.lang()).unwrap_or(&kpi.name), outcome)
}

fn title(context: &Context<'_>, found: &Found<'_>) -> String {
    let own = found.declared.title.get(context.lang()).map(str::to_owned);
    own.unwrap_or_else(|| context.say.driver_title(&outcome_title(context, found.declared), found.declared.method == Method::Stated))
}

/// The item that weighs most, or the reason that is named most, with the outcome.
fn heaviest(context: &Context<'_>, found: &Found<'_>) -> Option<(String, String, bool)> {
    let outcome = outcome_title(context, found.declared);
    if found.declared.method == Method::Stated {
        let all = found.model.reasons.iter().find(|it| it.bucket == Bucket::All)?;
        return Some((outcome, all.reasons.first()?.reason.to_string(), true));
    }
    let heaviest = sorted(found.model).into_iter().next()?;
    Some((outcome, item_title(context, found, heaviest.column), false))
}

/// The model of a figure that the report tells, where it does.
pub(super) fn of<'a>(context: &Context<'a>, reading: &Reading<'_>) -> Option<Found<'a>> {
    let is_of = |it: &Found<'_>| it.declared.outcome.as_ref().is_some_and(|it| it.kpi == reading.id && it.part.is_none());
    if !shows(context.sources.report, SectionName::Drivers) { None } else { shown(context).into_iter().find(is_of) }
}

/// What goes most with the answers of a figure, in a sentence.
pub(super) fn goes_with(context: &Context<'_>, reading: &Reading<'_>) -> Option<String> {
    let found = of(context, reading).filter(|it| it.declared.method != Method::Stated)?;
    let heaviest = sorted(found.model).into_iter().next()?;
    let share = context.lang().percent(heaviest.share.value?, 0);
    Some(context.say.goes_mostly_with(&item_title(context, &found, heaviest.column), &share))
}

/// The items that are in the model, the most important first.
fn sorted(model: &DriverFigure) -> Vec<&ItemFigure> {
    let mut items: Vec<&ItemFigure> = model.items.iter().filter(|it| it.share.value.is_some()).collect();
    items.sort_by(|a, b| b.share.value.unwrap_or(0.0).total_cmp(&a.share.value.unwrap_or(0.0)).then(a.column.cmp(&b.column)));
    items
}

/// What an item is called: its question, else the touchpoint where it alone is asked, else its header.
pub(super) fn item_title(context: &Context<'_>, found: &Found<'_>, column: usize) -> String {
    let model = &context.checked().model;
    let Ok(answer) = found.declared.answer else { return String::new() };
    let declared = &model.sources[answer.source.index()].columns[column];
    if let Some(title) = declared.title.get(context.lang()) {
        return title.to_owned();
    }
    let at: Vec<_> = asked_at(model, answer.source, column).collect();
    let alone = |touchpoint| {
        let others = found.declared.items.iter().filter(|it| it.column != column);
        others.clone().all(|it| asked_at(model, answer.source, it.column).all(|other| other != touchpoint))
    };
    if let [touchpoint] = at.as_slice()
        && alone(*touchpoint)
        && let Some(title) = model.touchpoints[touchpoint.index()].title.get(context.lang())
    {
        return title.to_owned();
    }
    declared.headers.first().unwrap_or(&declared.name).clone()
}

/// The teams whose touchpoints ask an item.
fn owners(context: &Context<'_>, found: &Found<'_>, column: usize) -> String {
    let model = &context.checked().model;
    let Ok(answer) = found.declared.answer else { return String::new() };
    let mut teams: Vec<&str> = Vec::new();
    for it in asked_at(model, answer.source, column) {
        if let Some(team) = context.team(model.touchpoints[it.index()].owner)
            && !teams.contains(&team)
        {
            teams.push(team);
        }
    }
    teams.join(", ")
}

pub(super) fn subtitle(context: &Context<'_>, found: &Found<'_>) -> String {
    let say = context.say;
    let lang = context.lang();
    let (first, last) = found.model.periods;
    let stated = found.declared.method == Method::Stated;
    let mut parts = vec![outcome_title(context, found.declared), say.over_periods(first, last)];
    if !found.model.is_hidden() {
        parts.push(say.driver_base(found.model.n, found.model.answered, stated));
        if let Some(r2) = found.model.r2.value {
            let ends = found.model.r2.low.zip(found.model.r2.high).map(|(low, high)| format!(" ({})", lang.interval(low, high, 2)));
            parts.push(format!("R² {}{}", lang.number(r2, 2), ends.unwrap_or_default()));
        }
    }
    parts.join(" · ")
}

pub(super) fn notes(context: &Context<'_>, found: &Found<'_>) -> Vec<String> {
    let items = found.model.items.len();
    let (answered, n) = (found.model.answered, found.model.n);
    let lost = context.lang().percent(100.0 * answered.saturating_sub(n) as f64 / answered.max(1) as f64, 0);
    found.model.notes.iter().filter_map(|it| context.say.driver_note(*it, items, &lost)).collect()
}

// -- importance and performance --------------------------------------------------------------------------------------

fn model(context: &Context<'_>, found: &Found<'_>) -> DriverModel {
    let title = title(context, found);
    let caption = caption(context, found);
    DriverModel {
        key: Key::new(&found.declared.name),
        chart: chart(context, found, &title, &caption),
        table: (!sorted(found.model).is_empty()).then(|| table(context, found, &title)),
        subtitle: subtitle(context, found),
        title,
        caption,
    }
}

fn share_axis(context: &Context<'_>) -> AxisFormat {
    AxisFormat { suffix: "%".to_owned(), range: Some((0.0, 100.0)), ..AxisFormat::plain(context.lang()) }
}

fn performance_axis(context: &Context<'_>, of: Performance) -> AxisFormat {
    let suffix = if of == Performance::TopTwo { "%" } else { "" };
    AxisFormat { suffix: suffix.to_owned(), range: Some((0.0, 100.0)), ..AxisFormat::plain(context.lang()) }
}

fn chart(context: &Context<'_>, found: &Found<'_>, title: &str, caption: &str) -> Option<MatrixInput> {
    let say = context.say;
    let (importance, performance) = found.model.cross?;
    let ends = |it: &Estimate| it.low.zip(it.high);
    let points: Vec<MatrixPoint> = sorted(found.model)
        .into_iter()
        .filter_map(|it| {
            Some(MatrixPoint {
                label: item_title(context, found, it.column),
                x: it.performance.value?,
                x_ends: ends(&it.performance),
                y: it.share.value?,
                y_ends: ends(&it.share),
                first: it.quadrant == Some(Quadrant::FixFirst),
                proven: it.proven,
            })
        })
        .collect();
    let fields =
        [Quadrant::FixFirst, Quadrant::Keep, Quadrant::LowPriority, Quadrant::PossibleOverkill].map(|it| say.quadrant(it).to_owned());
    (points.len() > 1).then(|| MatrixInput {
        key: Key::new(&found.declared.name),
        title: title.to_owned(),
        desc: caption.to_owned(),
        x: performance_axis(context, found.table.performance),
        y: share_axis(context),
        x_label: say.performance_label(found.table.performance).to_owned(),
        y_label: say.importance_label().to_owned(),
        scales: None,
        cross: (performance, importance),
        fields,
        points,
    })
}

/// A model that explains less than this steers by little.
const LITTLE: f64 = 0.2;

/// Which items weigh most, which are important and weak, whose they are, and what must be known.
fn caption(context: &Context<'_>, found: &Found<'_>) -> String {
    let say = context.say;
    let lang = context.lang();
    let mut said = Vec::new();
    let items = sorted(found.model);
    let heavy: Vec<(String, String)> =
        items.iter().take(2).map(|it| (lang.percent(it.share.value.unwrap_or(0.0), 0), item_title(context, found, it.column))).collect();
    if !heavy.is_empty() {
        said.push(say.heaviest(&heavy));
    }
    if items.iter().any(|it| it.quadrant.is_some()) {
        let first = items.iter().filter(|it| it.quadrant == Some(Quadrant::FixFirst));
        let first: Vec<String> = first.map(|it| say.quoted(&item_title(context, found, it.column))).collect();
        said.push(say.improve_first(&first));
        if let Some(r2) = found.model.r2.value.filter(|it| *it < LITTLE && !first.is_empty()) {
            said.push(say.explains_little(&lang.percent(r2 * 100.0, 0)));
        }
    }
    let audience = context.sources.report.audience;
    if let Some(it) = found.model.teams.iter().find(|it| Some(it.team) == audience) {
        said.extend(team_share(context, it, &outcome_title(context, found.declared)));
    }
    said.extend(notes(context, found));
    said.join(" ")
}

fn team_share(context: &Context<'_>, of: &crate::eval::drivers::TeamShare, outcome: &str) -> Option<String> {
    let lang = context.lang();
    let kind = context.say.interval_kind(context.checked().model.project.confidence);
    let ends = of.share.low.zip(of.share.high).map(|(low, high)| format!(" ({kind} {})", lang.interval(low, high, 0)));
    let share = format!("{}{}", lang.percent(of.share.value?, 0), ends.unwrap_or_default());
    Some(context.say.team_share(context.team(Some(of.team))?, &share, outcome))
}

/// What the questions of a team hold of each outcome of this report, in sentences.
pub(super) fn shares(context: &Context<'_>, team: crate::model::TeamId) -> Vec<String> {
    let all = (0..context.checked().model.drivers.len() as u32).filter_map(|at| find(context, DriversId(at)));
    let of = |it: Found<'_>| {
        let share = it.model.teams.iter().find(|it| it.team == team)?;
        team_share(context, share, &outcome_title(context, it.declared))
    };
    all.filter_map(of).collect()
}

fn table(context: &Context<'_>, found: &Found<'_>, title: &str) -> DataTable {
    let say = context.say;
    let lang = context.lang();
    let with = |it: &Estimate, suffix: &str, decimals: u8| match (it.value, it.low.zip(it.high)) {
        (Some(value), Some((low, high))) => format!("{}{suffix} ({})", lang.number(value, decimals), lang.interval(low, high, decimals)),
        (Some(value), None) => format!("{}{suffix}", lang.number(value, decimals)),
        (None, _) => say.not_in_model().to_owned(),
    };
    let suffix = if found.table.performance == Performance::TopTwo { "%" } else { "" };
    let kept = sorted(found.model);
    let left = found.model.items.iter().filter(|it| kept.iter().all(|kept| kept.column != it.column));
    let rows = kept.iter().copied().chain(left).map(|it| {
        let field = it.quadrant.map(|of| {
            let word = say.quadrant(of);
            if it.proven { word.to_owned() } else { say.may_be_other(word) }
        });
        vec![
            item_title(context, found, it.column),
            owners(context, found, it.column),
            // An interval of importance spans tens of points: tenths would say more than is known.
            with(&it.share, "%", 0),
            with(&it.performance, suffix, 1),
            field.unwrap_or_default(),
        ]
    });
    let columns = vec![
        Column::text(say.item_heading()),
        Column::text(say.owner_heading()),
        Column::number(say.importance_heading()),
        Column::number(say.performance_heading()),
        Column::text(say.advice_heading()),
    ];
    DataTable { caption: title.to_owned(), columns, rows: rows.collect() }
}

// -- stated reasons --------------------------------------------------------------------------------------------------

fn reasons(context: &Context<'_>, found: &Found<'_>) -> Reasons {
    let say = context.say;
    let lang = context.lang();
    let title = title(context, found);
    let all = found.model.reasons.iter().find(|it| it.bucket == Bucket::All).filter(|it| !it.reasons.is_empty());
    let mut said = Vec::new();
    if let Some(all) = all {
        let named = all.reasons.iter().filter_map(|it| Some(format!("{} ({})", say.quoted(&it.reason), lang.percent(it.share.value?, 1))));
        said.push(say.named_most(&named.take(3).collect::<Vec<_>>()));
        // The reason that goes with the largest difference in the answer, where chance is excluded.
        let excludes = |it: &Estimate| it.low.is_some_and(|it| it > 0.0) || it.high.is_some_and(|it| it < 0.0);
        let apart = all.reasons.iter().filter(|it| excludes(&it.difference)).filter_map(|it| Some((it, it.difference.value?)));
        if let Some((it, value)) = apart.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())) {
            said.push(say.reason_difference(
                &it.reason,
                &lang.number(value.abs(), 2),
                value < 0.0,
                &outcome_title(context, found.declared),
            ));
        }
        if all.reasons.len() > REASONS {
            said.push(say.more_reasons(all.reasons.len() - REASONS));
        }
    }
    said.extend(notes(context, found));
    let caption = said.join(" ");
    let rows = all.into_iter().flat_map(|it| &it.reasons).take(REASONS).map(|it| DotRow {
        label: it.reason.to_string(),
        base: lang.count(it.named),
        value: it.share.value,
        low: it.share.low,
        high: it.share.high,
        text: it.share.value.map(|it| lang.percent(it, 1)).unwrap_or_default(),
        status: Status::NoNorm,
        proven: true,
        previous: None,
        delta: None,
        absent: None,
    });
    let chart = DotsInput {
        key: Key::new(&format!("reasons.{}", found.declared.name)),
        title: title.clone(),
        desc: caption.clone(),
        axis: share_axis(context),
        scale: None,
        target: None,
        target_label: String::new(),
        row_heading: say.reason_heading().to_owned(),
        base_heading: "n".to_owned(),
        value_heading: say.named_by().to_owned(),
        delta_heading: String::new(),
        rows: rows.collect(),
    };
    Reasons {
        key: Key::new(&found.declared.name),
        subtitle: subtitle(context, found),
        chart: all.is_some().then_some(chart),
        table: all.is_some().then(|| reasons_table(context, found.model, &title)),
        title,
        caption,
    }
}

/// Each reason with its share in every part of the respondents.
fn reasons_table(context: &Context<'_>, model: &DriverFigure, title: &str) -> DataTable {
    let say = context.say;
    let lang = context.lang();
    let mut columns = vec![Column::text(say.reason_heading())];
    columns.extend(model.reasons.iter().map(|it| Column::number(format!("{} (n = {})", say.bucket(it.bucket), lang.count(it.n)))));
    let named = model.reasons.iter().find(|it| it.bucket == Bucket::All).map(|it| it.reasons.as_slice()).unwrap_or_default();
    let rows = named.iter().map(|reason| {
        let mut cells = vec![reason.reason.to_string()];
        cells.extend(model.reasons.iter().map(|bucket| {
            let own = bucket.reasons.iter().find(|it| it.reason == reason.reason);
            own.and_then(|it| it.share.value).map_or_else(|| "–".to_owned(), |it| lang.percent(it, 1))
        }));
        cells
    });
    DataTable { caption: title.to_owned(), columns, rows: rows.collect() }
}
