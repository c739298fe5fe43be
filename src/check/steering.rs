//! Can a team move what it is steered on? A team that asks nothing of what drives its KPI needs a second one (R21).

use crate::model::{Answer, KpiId, KpiRef, Method, Model, SurveyKind, TeamId, TouchpointId, answer_of, asked_at};
use crate::source::Span;
use crate::value::{Code, Diagnostics, Fact};

/// Where a team is steered on a KPI.
pub struct Steered {
    pub team: TeamId,
    pub span: Span,
    /// The item that says so: `goal:recommended`.
    pub about: String,
    /// What it is: a goal, a touchpoint or an incentive.
    pub by: &'static str,
}

/// What a team could be steered on beside, or in place of, a KPI that it does not drive.
pub enum Second {
    /// A KPI that its own touchpoints measure.
    Kpi(KpiId),
    /// One that is to be made, of what its touchpoint could ask.
    New { touchpoint: TouchpointId, proposal: &'static str },
}

/// Reports teams that are steered on a KPI none of whose drivers is theirs.
pub(super) fn check(model: &Model, out: &mut Diagnostics) {
    // What a team is steered on, and what it may move, is known only where nothing that says so is broken.
    if !model.knows_goals() || model.touchpoints.iter().any(|it| it.broken) {
        return;
    }
    let mut kpis: Vec<KpiId> = model.drivers.iter().filter_map(|it| it.outcome.as_ref()).map(|it| it.kpi).collect();
    kpis.sort();
    kpis.dedup();
    for kpi in kpis {
        let Some((owners, outcome)) = owners(model, kpi) else { continue };
        let mut seen: Vec<TeamId> = Vec::new();
        for it in steered(model, kpi) {
            if seen.contains(&it.team) || owners.contains(&it.team) {
                continue;
            }
            seen.push(it.team);
            if !has_second(model, it.team, kpi) {
                out.push(finding(model, &it, kpi, outcome));
            }
        }
    }
}

/// The teams whose touchpoints ask what drives a KPI, where that is known of every item, and where a model says so.
fn owners(model: &Model, kpi: KpiId) -> Option<(Vec<TeamId>, Span)> {
    let mut owners = Vec::new();
    let mut place = None;
    for id in model.drivers_of(kpi) {
        let drivers = &model.drivers[id.index()];
        let (false, Ok(answer)) = (drivers.broken, drivers.answer) else { return None };
        // Whose a stated reason is, nothing tells.
        if drivers.method == Method::Stated {
            continue;
        }
        for item in &drivers.items {
            let before = owners.len();
            owners.extend(asked_at(model, answer.source, item.column).filter_map(|it| model.touchpoints[it.index()].owner));
            if owners.len() == before {
                return None;
            }
        }
        place = place.or(drivers.outcome.as_ref().map(|it| it.span));
    }
    place.map(|it| (owners, it))
}

/// The goals that a team owns and that a KPI measures, its touchpoints where the KPI is primary, and what it is paid on.
pub fn steered(model: &Model, kpi: KpiId) -> Vec<Steered> {
    let place = |list: &[KpiRef]| list.iter().find(|it| it.kpi == kpi).map(|it| it.span);
    let goals = model
        .goals
        .iter()
        .filter_map(|it| Some(Steered { team: it.owner?, span: place(&it.measured_by)?, about: format!("goal:{}", it.name), by: "goal" }));
    // A touchpoint judged by a question that only others ask is `asked-elsewhere`.
    let asked: Vec<usize> =
        answer_of(model, kpi).map_or(Vec::new(), |it| asked_at(model, it.source, it.column).map(|it| it.index()).collect());
    let here = model.touchpoints.iter().enumerate().filter(|it| asked.is_empty() || asked.contains(&it.0));
    let touchpoints = here.filter_map(|(_, it)| {
        Some(Steered { team: it.owner?, span: place(&it.kpis.primary)?, about: format!("touchpoint:{}", it.name), by: "touchpoint" })
    });
    let paid = model.incentives.iter().filter_map(|it| {
        let part = it.parts.iter().find(|it| it.of.kpi == kpi)?;
        Some(Steered { team: it.team?, span: part.of.span, about: format!("incentive:{}", it.name), by: "incentive" })
    });
    goals.chain(touchpoints).chain(paid).collect()
}

fn touchpoints_of(model: &Model, team: TeamId) -> impl Iterator<Item = TouchpointId> {
    let owned = move |it: &usize| model.touchpoints[*it].owner == Some(team);
    (0..model.touchpoints.len()).filter(owned).map(|it| TouchpointId(it as u32))
}

/// Whether a KPI's answer is asked at a touchpoint of a team.
fn asks(model: &Model, team: TeamId, answer: Answer) -> bool {
    asked_at(model, answer.source, answer.column).any(|it| model.touchpoints[it.index()].owner == Some(team))
}

/// Whether a team is steered on another KPI too, which it can move.
fn has_second(model: &Model, team: TeamId, first: KpiId) -> bool {
    let answer = answer_of(model, first).ok();
    let other = |it: &&KpiRef| it.kpi != first && (answer.is_none() || answer_of(model, it.kpi).ok() != answer);
    let at_own = touchpoints_of(model, team).any(|it| model.touchpoints[it.index()].kpis.primary.iter().any(|it| other(&it)));
    let goals = model.goals.iter().filter(|it| it.owner == Some(team)).flat_map(|it| &it.measured_by);
    let paid = model.incentives.iter().filter(|it| it.team == Some(team)).flat_map(|it| &it.parts).map(|it| &it.of);
    at_own || goals.chain(paid).filter(other).any(|it| answer_of(model, it.kpi).is_ok_and(|it| asks(model, team, it)))
}

fn finding(model: &Model, steered: &Steered, kpi: KpiId, outcome: Span) -> Fact {
    let team = &model.project.teams[steered.team.index()].name;
    let fact = Fact::at(Code::TeamWithoutDriver, steered.span).with("team", team).with("kpi", &model.kpis[kpi.index()].name);
    let fact = fact.with("by", steered.by).about(steered.about.clone()).label(outcome, "drivers");
    propose(model, fact, second(model, steered.team, kpi, &[]))
}

/// Says what is proposed in place of a KPI, if anything is.
pub fn propose(model: &Model, fact: Fact, second: Option<Second>) -> Fact {
    match second {
        Some(Second::Kpi(second)) => {
            let second = &model.kpis[second.index()];
            fact.with("second", &second.name).label(second.span, "second")
        }
        Some(Second::New { touchpoint, proposal }) => {
            fact.with("touchpoint", &model.touchpoints[touchpoint.index()].name).with("proposal", proposal)
        }
        None => fact,
    }
}

/// What a team could be steered on instead of a KPI: what the touchpoints measure that ask these columns, else any
/// touchpoint of its own.
pub fn second(model: &Model, team: TeamId, kpi: KpiId, at: &[Answer]) -> Option<Second> {
    let answer = answer_of(model, kpi).ok();
    // A KPI of the very touchpoint where the team meets the customer who answers.
    let here = at.iter().flat_map(|it| asked_at(model, it.source, it.column));
    for touchpoint in here.filter(|it| model.touchpoints[it.index()].owner == Some(team)) {
        let own = |it: &&KpiRef| {
            let of = answer_of(model, it.kpi).ok();
            of != answer && of.is_some_and(|it| asked_at(model, it.source, it.column).any(|it| it == touchpoint))
        };
        if let Some(it) = model.touchpoints[touchpoint.index()].kpis.all().find(own) {
            return Some(Second::Kpi(it.kpi));
        }
    }
    // A KPI that is there already goes before one that is to be made.
    let known = model.kpis.iter().enumerate().position(|(at, it)| {
        let own = answer_of(model, KpiId(at as u32)).ok();
        !it.pattern && own != answer && own.is_some_and(|it| asks(model, team, it))
    });
    if let Some(known) = known {
        return Some(Second::Kpi(KpiId(known as u32)));
    }
    let touchpoint = touchpoints_of(model, team).max_by_key(|it| {
        let touchpoint = &model.touchpoints[it.index()];
        let outcome_here = touchpoint.kpis.all().any(|it| it.kpi == kpi);
        (!outcome_here, touchpoint.moment_of_truth, std::cmp::Reverse(it.0))
    });
    touchpoint.map(|touchpoint| Second::New { touchpoint, proposal: proposal(model, touchpoint) })
}

/// The first KPI that fits what is asked at a touchpoint: after a contact how easy it was, after a visit how good.
fn proposal(model: &Model, touchpoint: TouchpointId) -> &'static str {
    const CONTACTS: [&str; 9] = ["phone", "telefoon", "call", "bellen", "chat", "mail", "whatsapp", "sms", "online"];
    let touchpoint = &model.touchpoints[touchpoint.index()];
    let channel = touchpoint.channel.as_deref().unwrap_or_default().to_lowercase();
    let survey = touchpoint.asks.iter().find_map(|it| model.sources[it.source.index()].survey);
    let contact = CONTACTS.iter().any(|it| channel.contains(it));
    match survey {
        Some(SurveyKind::Transactional | SurveyKind::Relational) if !contact => "CSAT",
        None if !contact && !channel.is_empty() => "CSAT",
        _ => "CES",
    }
}
