//! What is done about it, by whom, and what is expected of it?

use crate::calendar::Period;
use crate::insight::Unmeasured;
use crate::model::{Action, ActionId, Control, Expected, FindingId, Subject};
use crate::publish::{ActionResult, ControlResult, EffectResult, EffectVerdict, FindingState, NotMeasured, Stage};
use crate::report::numbers::Numbers;
use crate::report::told;
use crate::report::view::more::{ActionRow, Actions, Effect};
use crate::report::view::{Head, Tone};

use super::{Context, part_words};
use crate::report::words::capital;

/// Makes the section.
pub(super) fn actions(context: &Context<'_>) -> Actions {
    let say = context.say;
    let shown = shown(context);
    let count = |of: &[usize]| shown.iter().filter(|it| of.contains(&rank(it.1))).count();
    let measured = || shown.iter().flat_map(|it| &it.1.effects).filter_map(|it| it.measured.as_ref().ok());
    let controlled = measured().any(|it| matches!(it.control, Some(ControlResult::Beside { .. })));
    let (overdue, running) = (count(&[0]), count(&[0, 1]));
    let done: Vec<&ActionResult> = shown.iter().map(|it| it.1).filter(|it| it.stage == Stage::Done).collect();
    let worked = |of: &&&ActionResult| of.effects.iter().any(|it| it.measured.as_ref().is_ok_and(|found| found.has_worked(it.expected)));
    let counts = say.actions_counted(running, count(&[2]), count(&[3]), count(&[4]), count(&[5]));
    let how = say.actions_dek(shown.is_empty(), measured().next().is_some(), controlled);
    let head = match shown.is_empty() {
        true => Head::new(counts, Some(how.to_owned())),
        false => {
            let worked = done.iter().filter(worked).count();
            let asked = shown.iter().filter(|it| asks(context, it.0, it.1)).count();
            let one = only_effect(context, &done);
            let heading = say.actions_heading(asked, running, overdue, done.len(), worked, one.as_ref().map(|it| it.0));
            // Figures that a heading has no room for go on with it.
            let figures = one.map(|(_, figures)| (format!("{heading}: {figures}"), format!("{} ", say.of_the_done(&figures))));
            match figures {
                Some((whole, _)) if whole.chars().count() <= HEADING => Head::new(whole, Some(format!("{counts}. {how}"))),
                Some((_, apart)) => Head::new(heading, Some(format!("{counts}. {apart}{how}"))),
                None => Head::new(heading, Some(format!("{counts}. {how}"))),
            }
        }
    };
    Actions { head, rows: shown.into_iter().map(|(action, found)| row(context, action, found)).collect() }
}

/// So many letters are two lines of a heading.
const HEADING: usize = 75;

/// What came of the one action that is done, where it is one and expects one thing; with what was measured and expected.
fn only_effect(context: &Context<'_>, done: &[&ActionResult]) -> Option<(EffectVerdict, String)> {
    let [one] = done else { return None };
    let [effect] = one.effects.as_slice() else { return None };
    let measured = effect.measured.as_ref().ok()?;
    let expected = context.checked().model.actions[one.action.index()].expects.first()?;
    let change = measured.effect().value;
    let kpi = &context.checked().model.kpis[expected.kpi.kpi.index()];
    let numbers = Numbers::new(context.lang(), kpi, &[change, expected.change]);
    Some((measured.verdict, context.say.done_figures(&numbers.change(change), &numbers.change(expected.change))))
}

fn rank(of: &ActionResult) -> usize {
    match of.stage {
        Stage::Overdue => 0,
        Stage::Running => 1,
        Stage::Planned => 2,
        Stage::Idea => 3,
        Stage::Done => 4,
        Stage::Stopped => 5,
    }
}

/// The actions that a report tells, those that run first.
pub(super) fn shown<'a>(context: &Context<'a>) -> Vec<(&'a Action, &'a ActionResult)> {
    let all = &context.checked().model.actions;
    let audience = context.sources.report.audience;
    let found = |at: usize| context.told.actions.iter().find(|it| it.action == ActionId(at as u32));
    let every = all.iter().enumerate().filter_map(|(at, it)| Some((it, found(at)?)));
    let mut shown: Vec<(&'a Action, &'a ActionResult)> = every.clone().filter(|it| audience.is_some() && it.0.owner == audience).collect();
    // Who has none of its own sees those of all.
    if shown.is_empty() {
        shown = every.collect();
    }
    shown.sort_by_key(|it| rank(it.1));
    shown
}

fn row(context: &Context<'_>, of: &Action, found: &ActionResult) -> ActionRow {
    let say = context.say;
    let lang = context.lang();
    let model = &context.checked().model;
    let on: Vec<String> = of.acts_on.iter().map(|it| subject(context, &it.value)).collect();
    let mut scope: Vec<String> = Vec::new();
    if let Some(part) = &of.part {
        let rest = matches!(of.control.as_ref().map(|it| &it.value), Some(Control::Rest));
        scope.push(say.only_for(&part_words(model, part, lang), rest));
    }
    if let Some(Control::Part(part)) = of.control.as_ref().map(|it| &it.value) {
        scope.push(say.compared_with(&part_words(model, part, lang)));
    }
    let asks = asks(context, of, found);
    let stage = told::action_stage(found.stage, lang);
    let note = of.status.as_ref().and_then(|it| it.1.clone());
    let (state, note) = match asks {
        true => (say.decision_needed().to_owned(), Some(stage.to_owned()).into_iter().chain(note).collect::<Vec<_>>().join("; ")),
        false => (capital(stage), note.unwrap_or_default()),
    };
    let effects = of
        .expects
        .iter()
        .zip(&found.effects)
        .flat_map(|(expects, found)| [Some(expected(context, expects)), measured(context, found)].into_iter().flatten());
    ActionRow {
        title: of.title.get(lang).unwrap_or(&of.name).to_owned(),
        scope: scope.join("; "),
        on: on.join("; "),
        owner: context.team(of.owner).unwrap_or_default().to_owned(),
        when: of.start.or(of.due).map_or_else(String::new, |_| say.from_to_days(of.start, of.due.and_then(|it| it.plus_days(-1)))),
        effects: effects.collect(),
        tone: match found.stage {
            Stage::Overdue => Tone::Worse,
            Stage::Idea | Stage::Planned | Stage::Running | Stage::Done | Stage::Stopped => Tone::Plain,
        },
        asks,
        state,
        note: (!note.is_empty()).then_some(note),
    }
}

/// Whether an action has not begun and follows from a finding that asks for a decision.
fn asks(context: &Context<'_>, of: &Action, found: &ActionResult) -> bool {
    matches!(found.stage, Stage::Planned | Stage::Idea) && of.findings.iter().any(|it| is_asked(context, *it))
}

/// Whether a finding asks for a decision, and has not lapsed.
fn is_asked(context: &Context<'_>, finding: FindingId) -> bool {
    let holds = context.told.findings.iter().any(|it| it.finding == finding && it.state != FindingState::Lapsed);
    holds && context.checked().model.findings[finding.index()].decision.get(context.lang()).is_some()
}

/// What was measured of an effect, or why nothing was; that it has not begun is said already.
fn measured(context: &Context<'_>, of: &EffectResult) -> Option<Effect> {
    if matches!(of.measured, Err(NotMeasured::Waits(Unmeasured::NotBegun | Unmeasured::Later(_)))) {
        return None;
    }
    let tone = match &of.measured {
        Ok(it) if it.has_worked(of.expected) => Tone::Better,
        Ok(it) if it.verdict == EffectVerdict::Contrary => Tone::Worse,
        _ => Tone::Plain,
    };
    let told::EffectText { figure, text, notes } = told::effect_text(context.checked(), of, context.lang());
    Some(Effect { figure, text, notes, measured: true, tone })
}

/// Of which KPI a change is expected, and by how much; the part that the whole action is for is named beside it.
fn expected_change(context: &Context<'_>, of: &Expected) -> (String, String) {
    let kpi = &context.checked().model.kpis[of.kpi.kpi.index()];
    let title = context.part_title(kpi.title.get(context.lang()).unwrap_or(&kpi.name), &of.kpi);
    (title, Numbers::new(context.lang(), kpi, &[of.change]).change(of.change))
}

fn expected(context: &Context<'_>, of: &Expected) -> Effect {
    let (title, change) = expected_change(context, of);
    let text = context.say.expected_effect(&title, of.by.as_ref().map(|it| it.value));
    Effect { figure: change, text, notes: String::new(), measured: false, tone: Tone::Plain }
}

/// What is expected of an action where its part is named already: by when, each change with where the figure stands now, and
/// its target.
pub(super) fn expectations(context: &Context<'_>, action: &Action) -> Vec<Expectation> {
    let mut all: Vec<Expectation> = Vec::new();
    let place = action.part.as_ref().map(|it| part_words(&context.checked().model, it, context.lang()));
    for of in &action.expects {
        let by = of.by.as_ref().map(|it| it.value);
        let reading = context.sources.read(of.kpi.kpi, action.part_of(of).as_ref());
        let (title, change) = expected_change(context, of);
        let now = reading.value().map(|_| reading.text());
        let target = reading.target(context.checked()).map(|it| reading.numbers.norm(it));
        let said = context.say.change_from(&title, &change, now.as_deref().map(|it| (place.as_deref(), it)), target.as_deref());
        match all.iter_mut().find(|it| it.by == by) {
            Some(it) => it.changes.push(said),
            None => all.push(Expectation { by, changes: vec![said] }),
        }
    }
    all
}

/// What is expected to have changed by the end of a period.
pub(super) struct Expectation {
    pub(super) by: Option<Period>,
    /// "CES afspraak +0,40 (nu 5,12; doel 5,6)".
    pub(super) changes: Vec<String>,
}

/// What an action acts on, or a finding is about, by its title.
pub(super) fn subject(context: &Context<'_>, of: &Subject) -> String {
    let model = &context.checked().model;
    let lang = context.lang();
    let titled = |title: &crate::model::Text, name: &str| title.get(lang).unwrap_or(name).to_owned();
    match of {
        Subject::Kpi(it) => {
            let kpi = &model.kpis[it.kpi.index()];
            context.part_title(kpi.title.get(lang).unwrap_or(&kpi.name), it)
        }
        Subject::Goal(it) => context.goal_title(*it),
        Subject::Enabler(it) => titled(&model.enablers[it.index()].title, &model.enablers[it.index()].name),
        Subject::Touchpoint(it) => titled(&model.touchpoints[it.index()].title, &model.touchpoints[it.index()].name),
        Subject::Journey(it) => titled(&model.journeys[it.index()].title, &model.journeys[it.index()].name),
        Subject::Drivers(it) => titled(&model.drivers[it.index()].title, &model.drivers[it.index()].name),
        Subject::Column(source, column) => {
            let declared = &model.sources[source.index()].columns[*column];
            declared.title.get(lang).or(declared.headers.first().map(String::as_str)).unwrap_or(&declared.name).to_owned()
        }
    }
}
