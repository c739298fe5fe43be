//! Where in the customer's way is it good, and whose is it? Stages with touchpoints, experience and process.

use crate::model::{Indicator, Journey as Declared, KpiRef, Stage as DeclaredStage, Touchpoint};
use crate::report::charts::journey::{ExperienceInput, ExperiencePoint};
use crate::report::view::{Head, Journey, Journeys, Key, Measure, Stage, Status, Target, Tile};

use super::Context;
use super::reading::{Reading, is_judged};
use super::scorecards::key;

/// So many tiles of a stage are seen at once; the others are folded away.
const SHOWN: usize = 3;

/// Makes the section.
pub(super) fn journeys(context: &Context<'_>) -> Journeys {
    let journeys: Vec<Journey> = context.checked().model.journeys.iter().map(|it| journey(context, it)).collect();
    let stages: Vec<&Stage> = journeys.iter().flat_map(|it| &it.stages).collect();
    let worst = stages.iter().map(|it| it.status).filter(|it| is_judged(*it)).min();
    let names: Vec<String> = stages.iter().filter(|it| Some(it.status) == worst).map(|it| context.say.quoted(&it.title)).collect();
    let judged = stages.iter().filter(|it| is_judged(it.status)).count();
    let dek = if journeys.is_empty() { context.say.no_journeys() } else { context.say.journey_dek() };
    Journeys { head: Head::new(context.say.journey_heading(worst, &names, judged), Some(dek.to_owned())), journeys }
}

fn journey(context: &Context<'_>, declared: &Declared) -> Journey {
    let experience = experience(context, declared);
    let caption = experience.as_ref().map(|it| it.1.clone()).unwrap_or_default();
    let note = experience.is_none().then(|| context.say.no_experience(declared.stages.len()).to_owned());
    Journey {
        key: Key::new(&declared.name),
        title: declared.title.get(context.lang()).unwrap_or(&declared.name).to_owned(),
        experience: experience.map(|it| it.0),
        experience_caption: caption,
        stages: declared.stages.iter().map(|it| stage(context, declared, it)).collect(),
        note,
    }
}

/// What a stage shows, gathered in order; a figure that stands twice is shown once.
#[derive(Default)]
struct Gathered {
    tiles: Vec<Tile>,
    process: Vec<Measure>,
    seen: Vec<(u32, Option<String>)>,
}

fn stage(context: &Context<'_>, journey: &Declared, declared: &DeclaredStage) -> Stage {
    let model = &context.checked().model;
    let touchpoints: Vec<&Touchpoint> = declared.touchpoints.iter().map(|it| &model.touchpoints[it.index()]).collect();
    let mut gathered = Gathered::default();
    // Touchpoints first: there the customer is; then what is measured over the stage as a whole.
    for it in &touchpoints {
        let title = it.title.get(context.lang()).unwrap_or(&it.name).to_owned();
        let primary = it.kpis.primary.iter().map(|it| (it, true));
        for (at, (of, primary)) in primary.chain(it.kpis.secondary.iter().map(|it| (it, false))).enumerate() {
            // The first figure of a touchpoint goes by its name, the others by their own.
            let first = at == 0;
            gathered.add(context, of, primary, first.then_some(title.as_str()), first && it.moment_of_truth);
        }
    }
    declared.kpis.primary.iter().for_each(|of| gathered.add(context, of, true, None, false));
    declared.kpis.secondary.iter().for_each(|of| gathered.add(context, of, false, None, false));
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
    // Where some are folded away, these are no moments of truth, and the best.
    if gathered.tiles.len() > SHOWN {
        gathered.tiles.sort_by_key(|it| (!it.moment_of_truth, it.status));
    }
    let more = gathered.tiles.split_off(gathered.tiles.len().min(SHOWN));
    let status = worst(gathered.tiles.iter().chain(&more).map(|it| it.status));
    Stage {
        title: declared.title.get(context.lang()).unwrap_or(&declared.name).to_owned(),
        status,
        moment_of_truth: touchpoints.iter().any(|it| it.moment_of_truth),
        tiles: gathered.tiles,
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

impl Gathered {
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
    fn add(&mut self, context: &Context<'_>, of: &KpiRef, primary: bool, at: Option<&str>, moment_of_truth: bool) {
        let model = &context.checked().model;
        if !primary && matches!(model.kpis[of.kpi.index()].indicator, Indicator::Cause | Indicator::Effect) {
            self.measure(context, of);
            return;
        }
        if !self.is_new(context, of) {
            return;
        }
        let reading = context.sources.read(of.kpi, of.part.as_ref());
        let base = reading.row.and_then(|it| it.n).map(|it| format!("n = {}", context.lang().count(it))).unwrap_or_default();
        let target = reading.target(context.checked()).map(|it| context.say.target(&reading.numbers.norm(it)));
        let short = context.say.short_measure(model, reading.kpi);
        let known = context.readings.iter().any(|it| it.id == of.kpi);
        self.tiles.push(Tile {
            title: context.part_title(at.unwrap_or(&reading.title), of),
            metric: short,
            value: reading.text(),
            target,
            base,
            status: reading.status,
            moment_of_truth,
            to: known.then(|| Target::Kpi(key(&reading))),
        });
    }

    fn measure(&mut self, context: &Context<'_>, of: &KpiRef) {
        if self.is_new(context, of) {
            let reading = context.sources.read(of.kpi, of.part.as_ref());
            self.process.push(Measure { title: context.part_title(&reading.title, of), value: reading.text(), status: reading.status });
        }
    }
}

/// The line above the stages: only where the primary figures of all stages share unit and range (R20).
fn experience(context: &Context<'_>, declared: &Declared) -> Option<(ExperienceInput, String)> {
    let model = &context.checked().model;
    let primary = |stage: &DeclaredStage| -> Option<KpiRef> {
        let own = stage.kpis.primary.first();
        let of_touchpoints = || stage.touchpoints.iter().find_map(|it| model.touchpoints[it.index()].kpis.primary.first());
        own.or_else(of_touchpoints).cloned()
    };
    let refs: Vec<KpiRef> = declared.stages.iter().map(primary).collect::<Option<_>>()?;
    let readings: Vec<Reading<'_>> = refs.iter().map(|it| context.sources.read(it.kpi, it.part.as_ref())).collect();
    let first = readings.first()?;
    let alike = |it: &Reading<'_>| it.kpi.unit == first.kpi.unit && it.direction == first.direction && it.grain == first.grain;
    let shown = readings.iter().filter(|it| it.value().is_some()).count();
    if readings.len() < 2 || shown < 2 || !readings.iter().all(alike) {
        return None;
    }
    let earlier = readings.iter().find_map(|it| it.reference().map(|it| it.period));
    let points = readings.iter().map(|it| ExperiencePoint {
        value: it.value().map(|value| it.numbers.shown(value)),
        label: it.text(),
        status: it.status,
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
    let caption = context.say.experience_caption(&context.say.measure_of_unit(first.kpi), earlier);
    Some((
        ExperienceInput { desc: format!("{caption}. {}.", said.join("; ")), axis: first.numbers.axis(), points, previous_label },
        caption,
    ))
}
