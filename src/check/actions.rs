//! Can an action's effect be seen? An effect in the figure's unit, on a figure that it acts on, from a start.

use super::Traits;
use super::types::{check_part, seconds};
use crate::graph::{Edge, Graph, Node};
use crate::model::{Action, Control, Expected, KpiId, Model, RowExpr, SourceId, Subject, TouchpointId, answer_of};
use crate::source::Span;
use crate::value::{Code, Diagnostics, Direction, Fact, Unit};
use crate::words::tidy_number;
use std::collections::{BTreeMap, BTreeSet};

/// Puts expected changes into the unit of their figure, and reports what cannot be measured.
pub(super) fn check(model: &mut Model, graph: &Graph, traits: &[Traits], out: &mut Diagnostics) {
    let mut actions = std::mem::take(&mut model.actions);
    for action in &mut actions {
        for expected in &mut action.expects {
            fit(model, expected, out);
            parts(model, traits, &action.part, action.control.as_ref().map(|it| &it.value), expected, out);
        }
    }
    model.actions = actions;
    if model.actions.is_empty() {
        return;
    }
    let answers = answers(model);
    for action in &model.actions {
        lints(model, graph, &answers, action, out);
    }
}

/// The KPIs that each answer makes.
type Answers = BTreeMap<(SourceId, usize), Vec<KpiId>>;

fn answers(model: &Model) -> Answers {
    let mut answers = Answers::new();
    for kpi in (0..model.kpis.len() as u32).map(KpiId) {
        if let Ok(answer) = answer_of(model, kpi) {
            answers.entry((answer.source, answer.column)).or_default().push(kpi);
        }
    }
    answers
}

/// The rows of the action and of its control are rows of the figure.
fn parts(model: &Model, traits: &[Traits], part: &Option<RowExpr>, control: Option<&Control>, expected: &Expected, out: &mut Diagnostics) {
    let before = out.len();
    let control = match control {
        Some(Control::Part(it)) => Some(it),
        Some(Control::Rest) | None => None,
    };
    for it in part.iter().chain(control) {
        // One dimension that the figure lacks is one mistake, said once.
        if out.len() == before {
            check_part(model, traits, expected.kpi.kpi, it, expected.kpi.span, out);
        }
    }
}

/// Puts a change into the unit of its figure.
fn fit(model: &Model, expected: &mut Expected, out: &mut Diagnostics) {
    let kpi = &model.kpis[expected.kpi.kpi.index()];
    let Some(unit) = &kpi.unit else { return };
    let written = expected.unit.as_deref();
    let plain = kpi.written_unit.as_ref().and_then(|it| seconds(it.value.trim()));
    match (unit, written) {
        (Unit::Percent | Unit::PercentOfStart | Unit::PercentagePoints | Unit::Points | Unit::Difference(_), None | Some("points")) => {}
        (Unit::Duration, None) => expected.change *= plain.unwrap_or(1.0),
        (Unit::Duration, Some(written)) if seconds(written).is_some() => expected.change *= seconds(written).unwrap_or(1.0),
        (Unit::Money(currency), Some(written)) if currency == written => {}
        (unit, None) if *unit != Unit::Percent => {}
        _ => {
            let fact = Fact::at(Code::UnitConflict, expected.span).with("effect", "yes").with("found", unit.name());
            out.push(fact.with("written", written.unwrap_or("a number")).label(kpi.span, "kpi"));
            return;
        }
    }
    if let Some((low, high)) = unit.range().filter(|it| expected.change.abs() > it.1 - it.0) {
        let fact = Fact::at(Code::NormOutOfRange, expected.span).with("value", tidy_number(expected.change)).with("effect", "yes");
        let width = high - low;
        out.push(fact.with("unit", unit.name()).with("low", tidy_number(-width)).with("high", tidy_number(width)));
    }
}

fn lints(model: &Model, graph: &Graph, answers: &Answers, action: &Action, out: &mut Diagnostics) {
    let lint = |code: Code, span: Span| Fact::at(code, span).with("name", &action.name).about(format!("action:{}", action.name));
    if !action.owner_said {
        out.push(lint(Code::MissingOwner, action.span).with("word", "action"));
    }
    let begun = action.status.as_ref().is_none_or(|it| it.0 != "idea");
    let missing = match (action.expects_said, action.start_said || !begun) {
        (false, false) => Some("both"),
        (false, true) => Some("expects"),
        (true, false) => Some("start"),
        (true, true) => None,
    };
    if let Some(missing) = missing {
        out.push(lint(Code::ActionNotMeasurable, action.span).with("missing", missing));
    }
    if action.broken {
        return;
    }
    let reached = reached(model, graph, answers, action);
    for expected in &action.expects {
        let kpi = &model.kpis[expected.kpi.kpi.index()];
        if !reached.contains(&expected.kpi.kpi) && !kpi.broken {
            out.push(lint(Code::EffectElsewhere, expected.kpi.span).with("kpi", &kpi.name));
        }
    }
    worsens(model, action, &lint, out);
}

/// An effect the wrong way, where no other makes up for it: a sign was forgotten, or the direction is another.
fn worsens(model: &Model, action: &Action, lint: &dyn Fn(Code, Span) -> Fact, out: &mut Diagnostics) {
    let worse = |it: &&Expected| match model.kpis[it.kpi.kpi.index()].direction {
        Some(Direction::Up) => it.change < 0.0,
        Some(Direction::Down) => it.change > 0.0,
        None => false,
    };
    if !action.expects.is_empty()
        && action.expects.iter().all(|it| worse(&it))
        && let Some(first) = action.expects.first()
    {
        let kpi = &model.kpis[first.kpi.kpi.index()];
        let better = if kpi.direction == Some(Direction::Up) { "up" } else { "down" };
        out.push(lint(Code::EffectWorsens, first.span).with("kpi", &kpi.name).with("better", better).label(kpi.span, "kpi"));
    }
}

/// The KPIs that an action may move, by what it acts on.
fn reached(model: &Model, graph: &Graph, answers: &Answers, action: &Action) -> BTreeSet<KpiId> {
    let mut kpis: Vec<KpiId> = Vec::new();
    for subject in &action.acts_on {
        match &subject.value {
            Subject::Kpi(it) => kpis.push(it.kpi),
            Subject::Goal(it) => of_goals(model, graph, Node::Goal(it.0), &mut kpis),
            Subject::Enabler(it) => {
                let enabler = &model.enablers[it.index()];
                kpis.extend(enabler.measured_by.iter().map(|it| it.kpi));
                for edge in enabler.serves.iter().chain(&enabler.lifts) {
                    of_goals(model, graph, Node::Goal(edge.goal.0), &mut kpis);
                }
            }
            Subject::Touchpoint(it) => at_touchpoint(model, answers, *it, &mut kpis),
            Subject::Journey(it) => {
                let journey = &model.journeys[it.index()];
                kpis.extend(journey.kpis.all().chain(journey.stages.iter().flat_map(|it| it.kpis.all())).map(|it| it.kpi));
                for touchpoint in journey.stages.iter().flat_map(|it| &it.touchpoints) {
                    at_touchpoint(model, answers, *touchpoint, &mut kpis);
                }
            }
            Subject::Drivers(it) => {
                let drivers = &model.drivers[it.index()];
                kpis.extend(drivers.outcome.as_ref().map(|it| it.kpi));
                if let Ok(answer) = drivers.answer {
                    drivers.items.iter().for_each(|it| of_column(model, answers, (answer.source, it.column), &mut kpis));
                }
            }
            Subject::Column(source, column) => of_column(model, answers, (*source, *column), &mut kpis),
        }
    }
    // What a figure is made of, what is made of it, what it drives, and what it leads.
    let mut reached = BTreeSet::new();
    while let Some(kpi) = kpis.pop() {
        if !reached.insert(kpi) {
            continue;
        }
        let node = Node::Kpi(kpi.0);
        let up = graph.needed_by(node).into_iter().filter(|it| matches!(it.1, Edge::Uses | Edge::LedBy));
        let down = graph.needs(node).into_iter().filter(|it| it.1 == Edge::Uses);
        kpis.extend(up.chain(down).filter_map(|it| if let Node::Kpi(at) = it.0 { Some(KpiId(at)) } else { None }));
        if let Ok(answer) = answer_of(model, kpi) {
            of_column(model, answers, (answer.source, answer.column), &mut kpis);
        }
    }
    reached
}

/// The KPIs of a goal, of its parts and of the goals above it.
fn of_goals(model: &Model, graph: &Graph, goal: Node, kpis: &mut Vec<KpiId>) {
    let below = graph.reach(goal, |it| it == Edge::HasPart);
    let above = graph.reaching([goal], |it| it == Edge::HasPart);
    for node in below.into_iter().chain(above) {
        if let Node::Goal(at) = node {
            kpis.extend(model.goals[at as usize].measured_by.iter().map(|it| it.kpi));
        }
    }
}

fn at_touchpoint(model: &Model, answers: &Answers, touchpoint: TouchpointId, kpis: &mut Vec<KpiId>) {
    let touchpoint = &model.touchpoints[touchpoint.index()];
    kpis.extend(touchpoint.kpis.all().map(|it| it.kpi));
    for it in &touchpoint.asks {
        of_column(model, answers, (it.source, it.column), kpis);
    }
}

/// The KPIs that an answer makes, and those that it drives.
fn of_column(model: &Model, answers: &Answers, (source, column): (SourceId, usize), kpis: &mut Vec<KpiId>) {
    kpis.extend(answers.get(&(source, column)).into_iter().flatten());
    for drivers in &model.drivers {
        let item = drivers.answer.is_ok_and(|it| it.source == source) && drivers.items.iter().any(|it| it.column == column);
        if item {
            kpis.extend(drivers.outcome.as_ref().map(|it| it.kpi));
        }
    }
}
