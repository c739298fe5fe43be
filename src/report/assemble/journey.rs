//! Where in the customer's way is it good, and whose is it? Stages with touchpoints, experience and process.

use crate::model::{Indicator, Journey as Declared, KpiRef, Stage as DeclaredStage, Touchpoint};
use crate::report::charts::journey::{ExperienceInput, ExperiencePoint};
use crate::report::view::{Direction, Head, Journey, Journeys, Key, Measure, Movement, Stage, Status, Target, Tile};

use super::Context;
use super::reading::{Reading, is_judged};
use super::scorecards::key;

/// So many tiles of a stage are seen at once; the others are folded away.
const SHOWN: usize = 4;

/// Makes the section.
pub(super) fn journeys(context: &Context<'_>) -> Journeys {
    let journeys: Vec<Journey> = context.checked().model.journeys.iter().map(|it| journey(context, it)).collect();
    let stages: Vec<&Stage> = journeys.iter().flat_map(|it| &it.stages).collect();
    let worst = stages.iter().map(|it| it.status).filter(|it| is_judged(*it)).min();
    let names: Vec<String> = stages.iter().filter(|it| Some(it.status) == worst).map(|it| context.say.quoted(&it.title)).collect();
    let judged: Vec<Status> = stages.iter().map(|it| it.status).filter(|it| is_judged(*it)).collect();
    let dek = if journeys.is_empty() { context.say.no_journeys() } else { context.say.journey_dek() };
    Journeys { head: Head::new(context.say.journey_heading(worst, &names, &judged, stages.len()), Some(dek.to_owned())), journeys }
}

fn journey(context: &Context<'_>, declared: &Declared) -> Journey {
    let experience = experience(context, declared);
    let on_line = |stage: &DeclaredStage| primary(context, stage).filter(|_| experience.is_some());
    let stages: Vec<Stage> = declared.stages.iter().map(|it| stage(context, declared, it, on_line(it).as_ref())).collect();
    let caption = experience.as_ref().map(|it| it.1.clone()).unwrap_or_default();
    let note = experience.is_none().then(|| context.say.no_experience(declared.stages.len()).to_owned());
    Journey {
        key: Key::new(&declared.name),
        title: declared.title.get(context.lang()).unwrap_or(&declared.name).to_owned(),
        experience: experience.map(|it| it.0).map(|line| marked(line, &stages)),
        stages,
        note,
        experience_caption: caption,
    }
}

/// The line, with a mark where it says no other than the stage below it.
fn marked(mut line: ExperienceInput, stages: &[Stage]) -> ExperienceInput {
    for (point, stage) in line.points.iter_mut().zip(stages) {
        point.marked = point.status == stage.status;
    }
    line
}

/// What a stage shows, gathered in order; a figure that stands twice is shown once.
struct Gathered<'k> {
    /// Each with its rank, and whether it moved for the worse.
    tiles: Vec<(Rank, bool, Tile)>,
    /// The figure that the line above is drawn of.
    on_line: Option<&'k KpiRef>,
    process: Vec<Measure>,
    seen: Vec<(u32, Option<String>)>,
}

/// Which figure of a stage is seen first, what asks for action before the rest: what the line shows, then one of each
/// touchpoint, then their others, then what is measured over the stage as a whole, which often is the same question once more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Line,
    Touchpoint,
    Further,
    Whole,
}

fn stage(context: &Context<'_>, journey: &Declared, declared: &DeclaredStage, on_line: Option<&KpiRef>) -> Stage {
    let model = &context.checked().model;
    let touchpoints: Vec<&Touchpoint> = declared.touchpoints.iter().map(|it| &model.touchpoints[it.index()]).collect();
    let mut gathered = Gathered { tiles: Vec::new(), on_line, process: Vec::new(), seen: Vec::new() };
    // Touchpoints first: there the customer is; then what is measured over the stage as a whole.
    for it in &touchpoints {
        let title = it.title.get(context.lang()).unwrap_or(&it.name).to_owned();
        let primary = it.kpis.primary.iter().map(|it| (it, true));
        for (at, (of, primary)) in primary.chain(it.kpis.secondary.iter().map(|it| (it, false))).enumerate() {
            // The first figure of a touchpoint goes by its name, the others by their own; so does one of which the stage shows
            // another part as well, that the two are seen to be the same.
            let first = at == 0;
            let twice = declared.kpis.primary.iter().chain(&declared.kpis.secondary).any(|it| it.kpi == of.kpi && it.part != of.part);
            let rank = if first { Rank::Touchpoint } else { Rank::Further };
            gathered.add(context, of, primary, (first && !twice).then_some(title.as_str()), (rank, first && it.moment_of_truth));
        }
    }
    declared.kpis.primary.iter().for_each(|of| gathered.add(context, of, true, None, (Rank::Whole, false)));
    declared.kpis.secondary.iter().for_each(|of| gathered.add(context, of, false, None, (Rank::Whole, false)));
    let diagnostic = declared.kpis.diagnostic.iter().chain(touchpoints.iter().flat_map(|it| &it.kpis.diagnostic));
    for of in diagnostic {
        gathered.measure(context, of);
    }
    let mut owners: Vec<&str> = Vec::new();
    for it in touchpoints.iter().filter_map(|it| context.team(it.owner)) {
        if !owners.contains(&it) {
            owners.push(it);
        }
    }
    if owners.is_empty() {
        owners.extend(context.team(journey.owner));
    }
    let (tiles, more) = gathered.shown();
    let status = worst(tiles.iter().chain(&more).map(|it| it.status));
    Stage {
        title: declared.title.get(context.lang()).unwrap_or(&declared.name).to_owned(),
        status,
        moment_of_truth: touchpoints.iter().any(|it| it.moment_of_truth),
        tiles,
        more_label: context.say.more_tiles(more.len()),
        more,
        process: gathered.process,
        owner: owners.join(", "),
    }
}

/// The worst judgement; without any, the first thing to be said.
fn worst(statuses: impl Iterator<Item = Status>) -> Status {
    statuses.min().unwrap_or(Status::NoData)
}

impl Gathered<'_> {
    /// Those that are seen, in their order, and those that are folded away: never all of the worst, whose colour the stage
    /// has.
    fn shown(&mut self) -> (Vec<Tile>, Vec<Tile>) {
        let mut tiles = std::mem::take(&mut self.tiles);
        tiles.sort_by_key(|(rank, fell, it)| (*rank != Rank::Line, it.status != Status::Act, !it.moment_of_truth, !fell, *rank, it.status));
        if tiles.len() > SHOWN
            && let Some(worst) = tiles.iter().map(|it| it.2.status).min()
            && tiles[..SHOWN].iter().all(|it| it.2.status != worst)
            && let Some(at) = tiles.iter().position(|it| it.2.status == worst)
        {
            let it = tiles.remove(at);
            tiles.insert(SHOWN - 1, it);
        }
        let more = tiles.split_off(tiles.len().min(SHOWN));
        let bare = |list: Vec<(Rank, bool, Tile)>| list.into_iter().map(|it| it.2).collect();
        (bare(tiles), bare(more))
    }

    fn is_new(&mut self, context: &Context<'_>, of: &KpiRef) -> bool {
        let part = of.part.as_ref().map(|it| crate::model::print_row(&context.checked().model, it));
        let id = (of.kpi.0, part);
        let new = !self.seen.contains(&id);
        if new {
            self.seen.push(id);
        }
        new
    }

    /// Adds what customers say; a figure of the process goes with the process, unless it is the one that the author says
    /// tells of this place.
    fn add(&mut self, context: &Context<'_>, of: &KpiRef, primary: bool, at: Option<&str>, (rank, moment_of_truth): (Rank, bool)) {
        let model = &context.checked().model;
        if !primary && matches!(model.kpis[of.kpi.index()].indicator, Indicator::Cause | Indicator::Effect) {
            self.measure(context, of);
            return;
        }
        if !self.is_new(context, of) {
            return;
        }
        let reading = context.sources.read(of.kpi, of.part.as_ref());
        let base = reading.row.and_then(|it| it.n).map(|it| format!("n\u{a0}=\u{a0}{}", context.lang().count(it))).unwrap_or_default();
        let target = reading.target(context.checked()).map(|it| context.say.target(&reading.numbers.norm(it)));
        let short = context.say.short_measure(model, reading.kpi);
        let known = context.readings.iter().any(|it| it.id == of.kpi);
        let on_line = self.on_line.is_some_and(|it| it.kpi == of.kpi && it.part == of.part);
        let tile = Tile {
            title: context.part_title(at.unwrap_or(&reading.title), of),
            metric: short,
            value: reading.text(),
            target,
            base,
            status: reading.status,
            unproven: reading.is_unproven(),
            moment_of_truth,
            on_line,
            to: known.then(|| Target::Kpi(key(&reading))),
        };
        let fell = reading.movement == Movement::Worse;
        self.tiles.push((if on_line { Rank::Line } else { rank }, fell, tile));
    }

    fn measure(&mut self, context: &Context<'_>, of: &KpiRef) {
        if self.is_new(context, of) {
            let reading = context.sources.read(of.kpi, of.part.as_ref());
            self.process.push(Measure { title: context.part_title(&reading.title, of), value: reading.text(), status: reading.status });
        }
    }
}

/// The figure that stands for a stage: its own primary one, else the first of its touchpoints.
fn primary(context: &Context<'_>, stage: &DeclaredStage) -> Option<KpiRef> {
    let model = &context.checked().model;
    let of_touchpoints = || stage.touchpoints.iter().find_map(|it| model.touchpoints[it.index()].kpis.primary.first());
    stage.kpis.primary.first().or_else(of_touchpoints).cloned()
}

/// The line above the stages: only where the primary figures of all stages share unit and range (R20).
fn experience(context: &Context<'_>, declared: &Declared) -> Option<(ExperienceInput, String)> {
    let refs: Vec<KpiRef> = declared.stages.iter().map(|it| primary(context, it)).collect::<Option<_>>()?;
    let readings: Vec<Reading<'_>> = refs.iter().map(|it| context.sources.read(it.kpi, it.part.as_ref())).collect();
    let first = readings.first()?;
    let alike = |it: &Reading<'_>| it.kpi.unit == first.kpi.unit && it.direction == first.direction && it.grain == first.grain;
    let shown = readings.iter().filter(|it| it.value().is_some()).count();
    if readings.len() < 2 || shown < 2 || !readings.iter().all(alike) {
        return None;
    }
    let earlier = readings.iter().find_map(|it| it.reference().map(|it| it.period));
    // Of the worst judgement, that asks for something, the worst figure.
    let asks = |it: &&Reading<'_>| matches!(it.status, Status::Act | Status::Watch) && it.value().is_some();
    let lower_is_worse = first.direction != Direction::Down;
    let worst = readings.iter().filter(asks).min_by(|a, b| {
        let (one, other) = (a.value().unwrap_or(0.0), b.value().unwrap_or(0.0));
        a.status.cmp(&b.status).then(if lower_is_worse { one.total_cmp(&other) } else { other.total_cmp(&one) })
    });
    let points = readings.iter().map(|it| ExperiencePoint {
        worst: worst.is_some_and(|worst| std::ptr::eq(worst, it)),
        value: it.value().map(|value| it.numbers.shown(value)),
        label: it.text(),
        status: it.status,
        marked: true,
        previous: it
            .reference()
            .filter(|reference| Some(reference.period) == earlier)
            .and_then(|reference| reference.row.value)
            .map(|value| it.numbers.shown(value)),
    });
    let points: Vec<ExperiencePoint> = points.collect();
    let said: Vec<String> = declared
        .stages
        .iter()
        .zip(&readings)
        .map(|(stage, it)| format!("{} {}", stage.title.get(context.lang()).unwrap_or(&stage.name), it.text()))
        .collect();
    let previous_label = earlier.map(|it| context.say.against(it, first.period)).unwrap_or_default();
    let apart = refs.iter().enumerate().all(|(at, it)| refs[..at].iter().all(|known| known.kpi != it.kpi));
    let caption = context.say.experience_caption(&context.say.measure_of_unit(first.kpi), earlier, apart);
    Some((
        ExperienceInput { desc: format!("{caption}. {}.", said.join("; ")), axis: first.numbers.axis(), points, previous_label },
        caption,
    ))
}
