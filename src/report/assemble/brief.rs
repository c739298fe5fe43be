//! What must be known? The counts by status, and at most three facts: what got worse, what else moved, and where the
//! figure stands that the report names first.

use crate::model::{KpiId, Subject};
use crate::publish::{ActionResult, Stage};
use crate::report::needs::{rescaled, shows};
use crate::report::view::{Brief, Finding, Head, Key, Link, Movement, SectionName, Status, StatusCount, Target, Tone};
use crate::report::words::capital;
use crate::stats::xmr::Rule;

use super::reading::Reading;
use super::{Context, decisions, drivers, masthead, measures, scorecards, segments};

/// At most so many findings.
const MOST: usize = 3;

/// At most so many of what moved are named; more are counted.
const MOST_NAMED: usize = 5;

/// Makes the section.
pub(super) fn brief(context: &Context<'_>) -> Brief {
    let count = |code: Status| StatusCount { code, count: context.readings.iter().filter(|it| it.status == code).count() as u32 };
    let counts = Status::ALL.into_iter().map(count).filter(|it| it.count > 0).collect();
    let ways = [Movement::Worse, Movement::Better, Movement::Changed].map(|it| measures::moved(context, it));
    let [worse, better, changed] = [0, 1, 2].map(|it| ways[it].len());
    let shown = context.readings.iter().filter(|it| matches!(it.movement, Movement::Worse | Movement::Better | Movement::Changed)).count();
    let several = shown > worse + better + changed;
    let known = context.readings.iter().filter(|it| it.movement != Movement::Unknown).count();
    let moved = context.say.brief_heading([worse, better, changed], shown, known);
    let findings = findings(context);
    // The heading counts what asks for something, unless the page does.
    let (heading, dek) = match masthead::message(context).is_some() {
        true => {
            let acting: Vec<&Reading<'_>> = context.ranked().into_iter().filter(|it| it.status == Status::Act).collect();
            let told = |it: &Reading<'_>| acting.iter().chain(&findings.1).any(|known| known.id == it.id);
            let also: Vec<String> = ways[0].iter().filter(|it| !told(it)).map(|it| it.title.clone()).collect();
            let named =
                |unproven: bool| acting.iter().filter(|it| it.is_unproven() == unproven).map(|it| it.title.clone()).collect::<Vec<_>>();
            let said = context.say.acting(&named(false), &named(true));
            let moved = match also.len() {
                _ if worse + better + changed == 0 => Some(format!("{moved}.")),
                0 => None,
                1..=MOST_NAMED => Some(context.say.also_worse(&also)),
                _ => Some(format!("{moved}.")),
            };
            let dek: Vec<String> = said.into_iter().chain(moved).collect();
            (masthead::asked(context), (!dek.is_empty()).then(|| dek.join(" ")))
        }
        false => (moved, None),
    };
    Brief {
        // The method tells the same.
        head: Head::new(heading, dek)
            .with_how((!shows(context.sources.report, SectionName::Definitions)).then(|| context.say.brief_how(several))),
        counts,
        findings: findings.0,
        decisions: decisions::decisions(context),
    }
}

/// The facts, and the figures that they are about.
fn findings<'r, 'a>(context: &'r Context<'a>) -> (Vec<Finding>, Vec<&'r Reading<'a>>) {
    let mut told: Vec<&Reading<'_>> = masthead::worst_moved(context).into_iter().collect();
    told.extend(second_moved(context, &told));
    let known = |told: &[&Reading<'_>], it: &Reading<'_>| told.iter().any(|known| known.id == it.id);
    // What this audience asked for first.
    told.extend(context.readings.first().filter(|it| it.value().is_some() && !known(&told, it)));
    let mut told_why = ToldWhy { places: super::why::places(context), said: Vec::new() };
    let mut figure = |it: &Reading<'_>| match it.movement {
        Movement::Better | Movement::Worse => movement(context, it, &mut told_why),
        _ => standing(context, it),
    };
    let mut findings: Vec<Finding> = told.iter().map(|it| figure(it)).collect();
    if findings.len() < MOST {
        let own = own(context);
        // Who sees the tree reads of its path as well.
        let with_path = own.is_none() || shows(context.sources.report, SectionName::Goals);
        findings.extend(own);
        findings.extend(critical(context).filter(|_| with_path));
    }
    // What is left: figures that ask for action, then the others.
    let ranked = context.ranked();
    for it in ranked.iter().copied().filter(|it| it.status == Status::Act).chain(ranked.iter().copied()) {
        if findings.len() < MOST && !known(&told, it) && it.value().is_some() {
            told.push(it);
            findings.push(figure(it));
        }
    }
    findings.truncate(MOST);
    (findings, told)
}

/// What else moved, over other answers than those told: the worst that no finding is about, else the best that got better.
fn second_moved<'r, 'a>(context: &'r Context<'a>, told: &[&Reading<'a>]) -> Option<&'r Reading<'a>> {
    let checked = context.checked();
    // Another scale of a figure that is shown tells nothing of its own.
    let own = |it: &Reading<'_>| rescaled(it.kpi).is_none_or(|of| context.readings.iter().all(|known| known.id != of));
    let apart = |it: &Reading<'_>| told.iter().all(|known| known.id != it.id) && !measures::told_by(checked, told, it);
    let others: Vec<&Reading<'_>> = context.ranked().into_iter().filter(|it| own(it) && apart(it)).collect();
    let better = others.iter().rev().find(|it| it.movement == Movement::Better);
    // What people wrote of a figure stands below, and is not told twice.
    let about = decisions::about(context);
    let worse = || others.iter().filter(|it| it.movement == Movement::Worse);
    worse().find(|it| !about.contains(&it.id)).or(better).or_else(|| worse().next()).copied()
}

/// What the section `why` tells: of which KPIs at a place of their own, and what of it the brief has said.
struct ToldWhy {
    places: Vec<Key>,
    said: Vec<String>,
}

/// A figure that moved: how far, and what its limits say.
fn movement(context: &Context<'_>, reading: &Reading<'_>, why: &mut ToldWhy) -> Finding {
    // Red is what asks for action; another fall is told by its sign.
    let tone = match reading.movement {
        Movement::Better => Tone::Better,
        _ if reading.status == Status::Act => Tone::Worse,
        _ => Tone::Plain,
    };
    let comparison = masthead::comparison_that_moved(reading);
    let change = comparison.and_then(|it| it.change);
    let mut text = Vec::new();
    let before = comparison.and_then(|it| Some((it.period, reading.numbers.text(it.row.value?))));
    let target = against_target(context, reading);
    match &before {
        Some((period, before)) => text.push(context.say.from_to(before, *period, &reading.text(), target.as_deref())),
        None => text.extend(target.map(|it| format!("{}.", capital(&it)))),
    }
    // What two figures have in common is said with the first.
    if let Some(clause) = super::why::clauses(context, reading).into_iter().find(|it| !why.said.contains(it)) {
        text.push(clause.clone());
        why.said.push(clause);
    }
    let mostly_in = super::why::mostly_in(context, reading);
    let outside = reading.series.as_ref().and_then(|it| it.signal()).filter(|it| it.rule == Rule::Outside && mostly_in.is_none());
    let parts = segments::whole_against_parts(context, reading);
    let said = parts.or_else(|| outside.and_then(|it| scorecards::beyond(context, reading, it.above)));
    // Which parts moved says more than which months did.
    text.extend(said.or_else(|| mostly_in.is_none().then(|| scorecards::sentence_alone(context, reading))));
    if reading.movement != Movement::Better && !context.checked().model.actions.is_empty() && !is_acted_on(context, reading) {
        text.push(context.say.no_action_on_it().to_owned());
    }
    let left_limits = || outside.map(|it| context.say.left_limits(&reading.title, it.above));
    Finding {
        figure: change.map_or_else(|| reading.text(), |it| reading.numbers.change(it)),
        tone,
        heading: mostly_in.or_else(left_limits).unwrap_or_else(|| context.say.moved_title(&reading.title, change.map(|it| it > 0.0))),
        text: text.join(" "),
        link: Some(why_link(context, reading, &why.places).unwrap_or_else(|| link(context, reading))),
        elsewhere: context.elsewhere(reading.id),
    }
}

/// Whether an action that has not ended aims at a figure, at another over some of the same answers, or at a goal that it
/// measures.
fn is_acted_on(context: &Context<'_>, reading: &Reading<'_>) -> bool {
    let model = &context.checked().model;
    let open = |it: &&ActionResult| !matches!(it.stage, Stage::Done | Stage::Stopped);
    let mut aims = context.told.actions.iter().filter(open).flat_map(|it| {
        let action = &model.actions[it.action.index()];
        let expected = action.expects.iter().map(|it| it.kpi.kpi);
        let named = action.acts_on.iter().flat_map(|it| match &it.value {
            Subject::Kpi(of) => vec![of.kpi],
            Subject::Goal(of) => model.goals[of.index()].measured_by.iter().map(|it| it.kpi).collect(),
            _ => Vec::new(),
        });
        expected.chain(named).collect::<Vec<KpiId>>()
    });
    aims.any(|it| it == reading.id || measures::share(context.checked(), &context.sources.read(it, None), reading))
}

/// A figure that stands where it stands.
fn standing(context: &Context<'_>, reading: &Reading<'_>) -> Finding {
    let mut text: Vec<String> = against_target(context, reading).map(|it| format!("{}.", capital(&it))).into_iter().collect();
    // What goes with it says more than that it stands as it usually does.
    let usual = reading.movement == Movement::Noise;
    text.push(drivers::goes_with(context, reading).filter(|_| usual).unwrap_or_else(|| scorecards::sentence(context, reading)));
    Finding {
        figure: reading.text(),
        tone: Tone::Plain,
        heading: context.say.standing_heading(&reading.title, &reading.mark()),
        text: text.join(" "),
        link: Some(drivers_link(context, reading).unwrap_or_else(|| link(context, reading))),
        elsewhere: context.elsewhere(reading.id),
    }
}

/// How a figure stands to its target, as a clause; of one that reaches it only by chance that this is not certain.
fn against_target(context: &Context<'_>, reading: &Reading<'_>) -> Option<String> {
    let target = reading.numbers.norm(reading.target(context.checked())?);
    let ends = reading.row.and_then(|it| it.low.zip(it.high)).filter(|_| reading.status == Status::OnTarget && reading.is_unproven());
    let ends = ends.map(|(low, high)| reading.numbers.between(low, high));
    Some(context.say.against_target(&target, &reading.mark(), ends.as_deref()))
}

/// To why it moved, where the report tells that.
fn why_link(context: &Context<'_>, reading: &Reading<'_>, places: &[Key]) -> Option<Link> {
    let key = scorecards::key(reading);
    places.contains(&key).then(|| Link { label: context.say.see_why().to_owned(), to: Target::Why(key) })
}

/// To what goes with it, where the report tells that.
fn drivers_link(context: &Context<'_>, reading: &Reading<'_>) -> Option<Link> {
    drivers::of(context, reading)
        .is_some()
        .then(|| Link { label: context.say.see_drivers().to_owned(), to: Target::Section(SectionName::Drivers) })
}

/// The goal of the team that reads this, with the figures that hold it back most.
fn own(context: &Context<'_>) -> Option<Finding> {
    let (id, satisfaction) = context.own_goal()?;
    let mut measured: Vec<Reading<'_>> = context.checked().model.goals[id.index()]
        .measured_by
        .iter()
        .map(|it| context.sources.read(it.kpi, it.part.as_ref()))
        .filter(|it| it.satisfaction.is_some())
        .collect();
    measured.sort_by_key(Reading::rank);
    let said = measured.iter().take(2).map(|it| masthead::standing(context, it));
    Some(Finding {
        figure: context.say.satisfaction(satisfaction),
        tone: Tone::Plain,
        heading: context.say.top_goal_heading(&context.goal_title(id)),
        text: said.collect::<Vec<_>>().join(" "),
        link: goal_link(context),
        elsewhere: None,
    })
}

fn goal_link(context: &Context<'_>) -> Option<Link> {
    shows(context.sources.report, SectionName::Goals)
        .then(|| Link { label: context.say.see_goals().to_owned(), to: Target::Section(SectionName::Goals) })
}

/// The path from the least satisfied business goal to what it hangs on.
fn critical(context: &Context<'_>) -> Option<Finding> {
    let goals = context.goals()?;
    let (top, last) = (goals.critical.goals.first()?, goals.critical.goals.last()?);
    let satisfaction = |id| goals.figures.iter().find(|it| it.goal == id).and_then(|it| it.satisfaction);
    let title = |id: crate::model::GoalId| context.goal_title(id);
    let part = (top != last).then(|| (title(*last), satisfaction(*last)));
    let customer = goals.critical.customer.map(|it| (title(it), satisfaction(it)));
    Some(Finding {
        figure: context.say.satisfaction(satisfaction(*top)?),
        tone: Tone::Plain,
        heading: context.say.top_goal_heading(&title(*top)),
        text: context.say.critical_finding(part, customer),
        link: goal_link(context),
        elsewhere: None,
    })
}

fn link(context: &Context<'_>, reading: &Reading<'_>) -> Link {
    let key = scorecards::key(reading);
    let report = context.sources.report;
    if shows(report, SectionName::Trends) && super::trends::is_drawn(context, reading) {
        Link { label: context.say.see_trend().to_owned(), to: Target::Trend(key) }
    } else if shows(report, SectionName::Scorecards) {
        Link { label: context.say.see_figure().to_owned(), to: Target::Kpi(key) }
    } else {
        Link { label: context.say.see_definition().to_owned(), to: Target::Definition(key) }
    }
}
