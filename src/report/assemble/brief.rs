//! What must be known? The counts by status, and at most three facts: what got worse, what holds a goal back, what got
//! better or stands best.

use crate::report::needs::shows;
use crate::report::view::{Brief, Finding, Head, Link, Movement, SectionName, Status, StatusCount, Target, Tone};

use super::reading::Reading;
use super::{Context, decisions, masthead, measures, scorecards, segments};

/// At most so many findings.
const MOST: usize = 3;

/// Makes the section.
pub(super) fn brief(context: &Context<'_>) -> Brief {
    let count = |code: Status| StatusCount { code, count: context.readings.iter().filter(|it| it.status == code).count() as u32 };
    let counts = Status::ALL.into_iter().map(count).filter(|it| it.count > 0).collect();
    let (worse, better, changed) = measures::moved(context);
    let shown = context.readings.iter().filter(|it| matches!(it.movement, Movement::Worse | Movement::Better | Movement::Changed)).count();
    let several = (shown > worse + better + changed).then_some(shown);
    let known = context.readings.iter().filter(|it| it.movement != Movement::Unknown).count();
    Brief {
        head: Head { heading: context.say.brief_heading(worse, better, changed, known), dek: Some(context.say.brief_dek(several)) },
        counts,
        findings: findings(context),
        decisions: decisions::decisions(context),
    }
}

fn findings(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut told = Vec::new();
    if let Some(it) = masthead::worst_moved(context) {
        told.push(it.id);
        findings.push(movement(context, it));
    }
    let own = own(context);
    // Who sees the tree reads of its path as well.
    let with_path = own.is_none() || shows(context.sources.report, SectionName::Goals);
    findings.extend(own);
    findings.extend(critical(context).filter(|_| with_path));
    let mut others: Vec<&Reading<'_>> = context.readings.iter().filter(|it| it.movement == Movement::Better).collect();
    others.sort_by_key(|it| it.rank());
    let better = others.last().copied();
    if let Some(it) = better {
        told.push(it.id);
        findings.push(movement(context, it));
    }
    // What is left: what this audience asked for first, then figures that ask for action.
    let ranked = context.ranked();
    let rest =
        context.readings.iter().take(1).chain(ranked.iter().copied().filter(|it| it.status == Status::Act)).chain(ranked.iter().copied());
    for it in rest {
        if findings.len() >= MOST {
            break;
        }
        if !told.contains(&it.id) && it.value().is_some() {
            told.push(it.id);
            let moves = matches!(it.movement, Movement::Better | Movement::Worse);
            findings.push(if moves { movement(context, it) } else { standing(context, it) });
        }
    }
    findings.truncate(MOST);
    findings
}

/// A figure that moved: how far, and what its limits say.
fn movement(context: &Context<'_>, reading: &Reading<'_>) -> Finding {
    let (tone, better) = match reading.movement {
        Movement::Better => (Tone::Better, true),
        _ => (Tone::Worse, false),
    };
    let comparison = [&reading.previous, &reading.year].into_iter().flatten().find(|it| it.signal == Some(true));
    let change = comparison.and_then(|it| it.change);
    let mut text = Vec::new();
    if let Some((it, before)) = comparison.and_then(|it| Some((it, it.row.value?))) {
        text.push(context.say.from_to(&reading.numbers.text(before), it.period, &reading.text()));
    }
    text.push(scorecards::sentence(context, reading));
    text.extend(segments::whole_against_parts(context, reading));
    if let Some(target) = reading.target(context.checked()) {
        text.push(context.say.target_sentence(&reading.numbers.norm(target), &reading.mark()));
    }
    Finding {
        figure: change.map_or_else(|| reading.text(), |it| reading.numbers.change(it)),
        tone,
        heading: context.say.moved_heading(&reading.title, better, change.map(|it| it > 0.0)),
        text: text.join(" "),
        link: Some(link(context, reading)),
    }
}

/// A figure that stands where it stands.
fn standing(context: &Context<'_>, reading: &Reading<'_>) -> Finding {
    let target = reading.target(context.checked());
    let mut text: Vec<String> =
        target.map(|it| context.say.target_sentence(&reading.numbers.norm(it), &reading.mark())).into_iter().collect();
    text.push(scorecards::sentence(context, reading));
    Finding {
        figure: reading.text(),
        tone: Tone::Plain,
        heading: context.say.standing_heading(&reading.title, reading.status),
        text: text.join(" "),
        link: Some(link(context, reading)),
    }
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
