//! What is made of the figures, by whom, and which decision does it ask?

use crate::model::{Finding, Subject};
use crate::publish::{FindingResult, FindingState};
use crate::report::needs::shows;
use crate::report::told;
use crate::report::view::{Decision, Link, SectionName, Target};

use super::Context;

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
    let lapsed = found.state == FindingState::Lapsed;
    let signed = [finding.person.clone(), context.team(finding.team).map(str::to_owned), finding.on.map(|it| lang.date(it))];
    let signed: Vec<String> = signed.into_iter().flatten().collect();
    let acts = model.actions.iter().any(|it| it.findings.contains(&found.finding)) && shows(context.sources.report, SectionName::Actions);
    Decision {
        title: finding.title.get(lang).unwrap_or(&finding.name).to_owned(),
        // What has lapsed tells of another time: its words are not repeated.
        text: if lapsed { String::new() } else { told::finding_text(context.checked(), found, lang) },
        quotes: if lapsed { Vec::new() } else { finding.quotes.iter().map(|it| say.quoted(it)).collect() },
        question: finding.decision.get(lang).filter(|_| !lapsed).map(str::to_owned),
        signed: signed.join(", "),
        state: match found.state {
            FindingState::Lapsed => Some(say.finding_lapsed().to_owned()),
            FindingState::Unknown(_) => Some(say.finding_unknown().to_owned()),
            FindingState::Holds | FindingState::Unconditional => None,
        },
        link: acts.then(|| Link { label: say.see_actions().to_owned(), to: Target::Section(SectionName::Actions) }),
    }
}
