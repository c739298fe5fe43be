//! What is made of the figures, by whom, and which decision does it ask?

use crate::model::{Action, ActionId, Finding, FindingId, KpiId, Subject};
use crate::publish::{FindingResult, FindingState, Stage};
use crate::report::needs::shows;
use crate::report::told;
use crate::report::view::{Decision, Link, SectionName, Target};
use crate::report::words::{lower, tied};

use super::actions::expectations;
use super::{Context, part_words};

/// At most so many.
const MOST: usize = 3;

/// The findings that this report tells, those that ask for a decision first; what has lapsed is named as such.
pub(super) fn decisions(context: &Context<'_>) -> Vec<Decision> {
    told(context).into_iter().map(|it| decision(context, it)).collect()
}

/// The same as they were found.
pub(super) fn told<'a>(context: &Context<'a>) -> Vec<&'a FindingResult> {
    let model = &context.checked().model;
    let concerns = |it: &&FindingResult| concerns(context, &model.findings[it.finding.index()]);
    let mut found: Vec<&FindingResult> = context.told.findings.iter().filter(concerns).collect();
    found.sort_by_key(|it| {
        let asks = model.findings[it.finding.index()].decision.get(context.lang()).is_some();
        (it.state == FindingState::Lapsed, !asks)
    });
    found.truncate(MOST);
    found
}

/// The finding that the page opens with, and its title: the first that holds, where it has one.
pub(super) fn opening<'a>(context: &Context<'a>) -> Option<(&'a FindingResult, &'a str)> {
    let held = told(context).into_iter().find(|it| matches!(it.state, FindingState::Holds | FindingState::Unconditional))?;
    Some((held, context.checked().model.findings[held.finding.index()].title.get(context.lang())?))
}

/// The KPIs that the findings of this report are about.
pub(super) fn about(context: &Context<'_>) -> Vec<KpiId> {
    let model = &context.checked().model;
    let subjects = told(context).into_iter().flat_map(|it| &model.findings[it.finding.index()].about);
    let kpi = |of: &Subject| if let Subject::Kpi(it) = of { Some(it.kpi) } else { None };
    subjects.filter_map(|it| kpi(&it.value)).collect()
}

/// Whether a finding is about something of this report: one of its KPIs, or one that a team below its audience reports.
fn concerns(context: &Context<'_>, finding: &Finding) -> bool {
    let audience = context.sources.report.audience;
    let model = &context.checked().model;
    // Who owns the goal above all others hears of every decision.
    let top = context.goals().and_then(|it| it.critical.goals.first()).and_then(|it| model.goals[it.index()].owner);
    if audience.is_none() || audience == top || finding.team == audience {
        return true;
    }
    finding.about.iter().any(|it| match &it.value {
        Subject::Kpi(of) => context.readings.iter().any(|it| it.id == of.kpi),
        Subject::Goal(of) => model.goals[of.index()].owner == audience,
        Subject::Touchpoint(of) => model.touchpoints[of.index()].owner == audience,
        _ => false,
    })
}

fn decision(context: &Context<'_>, found: &FindingResult) -> Decision {
    let say = context.say;
    let lang = context.lang();
    let model = &context.checked().model;
    let finding = &model.findings[found.finding.index()];
    // What has lapsed tells of another time: its words are not repeated.
    let lapsed = found.state == FindingState::Lapsed;
    // What stands at the head of the page is not written twice.
    let leads = opening(context).is_some_and(|it| it.0.finding == found.finding);
    let signed = [
        finding.person.clone(),
        context.team(finding.team).map(str::to_owned),
        finding.on.map(|it| lang.date_short(it).replace(' ', "\u{a0}")),
    ];
    let signed: Vec<String> = signed.into_iter().flatten().collect();
    let acts = model.actions.iter().any(|it| it.findings.contains(&found.finding)) && shows(context.sources.report, SectionName::Actions);
    let asked = finding.decision.get(lang).filter(|_| !lapsed).map(tied);
    let title = finding.title.get(lang).unwrap_or(&finding.name).to_owned();
    // What is asked stands above; then what was found, unless the page opens with it.
    let asks = asked.is_some();
    let found_text = if lapsed || leads { String::new() } else { tied(&told::finding_text(context.checked(), found, lang)) };
    let (title, text) = match asked {
        Some(asked) if leads => (say.decision_asked(&asked), found_text),
        Some(asked) => (say.decision_asked(&asked), format!("{title}. {found_text}")),
        None => (title, found_text),
    };
    Decision {
        title,
        text,
        quotes: if lapsed { Vec::new() } else { finding.quotes.iter().map(|it| say.quoted(it)).collect() },
        proposals: if asks { proposals(context, found.finding) } else { Vec::new() },
        signed: signed.join(", "),
        state: match found.state {
            FindingState::Lapsed => Some(say.finding_lapsed().to_owned()),
            FindingState::Unknown(_) => Some(say.finding_unknown().to_owned()),
            FindingState::Holds | FindingState::Unconditional => None,
        },
        link: acts.then(|| Link { label: say.see_actions().to_owned(), to: Target::Section(SectionName::Actions) }),
    }
}

/// What is proposed: the actions that follow from a finding and have not begun, each with its days and what is expected of
/// it.
fn proposals(context: &Context<'_>, finding: FindingId) -> Vec<String> {
    let model = &context.checked().model;
    let waits = |it: &ActionId| {
        let found = context.told.actions.iter().find(|found| found.action == *it);
        found.is_some_and(|it| matches!(it.stage, Stage::Planned | Stage::Idea))
    };
    let all = (0..model.actions.len() as u32).map(ActionId).filter(waits).map(|it| &model.actions[it.index()]);
    all.filter(|it| it.findings.contains(&finding)).map(|it| proposal(context, it)).collect()
}

/// "Terugbellen bij drukte, 3 nov 2025 – 31 mrt 2026. Verwacht uiterlijk Q2 2026: CES +0,40 (nu 5,12; doel 5,6)."
fn proposal(context: &Context<'_>, of: &Action) -> String {
    let say = context.say;
    let mut head = vec![of.title.get(context.lang()).unwrap_or(&of.name).to_owned()];
    head.extend(of.part.as_ref().map(|it| lower(&say.only_for(&part_words(&context.checked().model, it, context.lang()), false))));
    let when = say.from_to_days(of.start, of.due.and_then(|it| it.plus_days(-1)));
    if of.start.is_some() || of.due.is_some() {
        head.push(when);
    }
    let expected: Vec<_> = expectations(context, of).into_iter().map(|it| (it.by, it.changes)).collect();
    say.proposal(&head.join(", "), &expected)
}
