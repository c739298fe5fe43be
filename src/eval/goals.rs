//! How far is each goal? Satisfaction rolled up from KPIs and parts, with what is unknown left unknown (R18).

use super::Status;
use crate::calendar::Period;
use crate::check::Checked;
use crate::model::{EnablerId, GoalId, GoalKind, KpiRef, RollUp};

/// How far a goal is in a period.
#[derive(Clone, Debug)]
pub struct GoalFigure {
    pub goal: GoalId,
    pub period: Period,
    /// 0-100; none where too little is known to tell.
    pub satisfaction: Option<f64>,
    /// The least and most that it can be: what is unknown counts as 0 and as 100, the rest at the ends of intervals.
    pub low: f64,
    pub high: f64,
    /// The share of the weight that is known, in percent.
    pub coverage: f64,
    /// The same from its KPIs alone, and from its parts alone.
    pub own: Option<f64>,
    pub below: Option<f64>,
    pub status: Status,
    pub proven: Option<bool>,
}

/// What a KPI, or a part, adds to a goal.
#[derive(Clone, Copy, Debug)]
pub struct Contribution {
    pub satisfaction: Option<f64>,
    pub low: f64,
    pub high: f64,
    /// The share of it that is known, 0-1.
    pub known: f64,
}

impl Contribution {
    /// Of what nothing is known.
    pub const UNKNOWN: Contribution = Contribution { satisfaction: None, low: 0.0, high: 100.0, known: 0.0 };
}

/// The path from the least satisfied business goal to the customer goal that holds it back (R18).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Critical {
    pub goals: Vec<GoalId>,
    pub enabler: Option<EnablerId>,
    pub customer: Option<GoalId>,
}

/// Rolls all goals up for a period. `of` tells what a KPI adds; hidden and missing figures are unknown.
pub fn goals(checked: &Checked, period: Period, of: &dyn Fn(&KpiRef) -> Contribution) -> (Vec<GoalFigure>, Critical) {
    let model = &checked.model;
    let mut figures: Vec<Option<GoalFigure>> = vec![None; model.goals.len()];
    let parts = parts(checked);
    for id in checked.graph.goal_order() {
        let goal = &model.goals[id.index()];
        let own: Vec<(Contribution, f64)> = goal.measured_by.iter().map(|it| (of(it), it.weight)).collect();
        let below: Vec<(Contribution, f64)> = parts[id.index()]
            .iter()
            .map(|(part, weight)| {
                let contribution = figures[part.index()].as_ref().map_or(Contribution::UNKNOWN, |it| Contribution {
                    satisfaction: it.satisfaction,
                    low: it.low,
                    high: it.high,
                    known: it.coverage / 100.0,
                });
                (contribution, *weight)
            })
            .collect();
        let all: Vec<(Contribution, f64)> = own.iter().chain(&below).copied().collect();
        let whole = roll_up(&all, goal.roll_up);
        let status = match whole.satisfaction {
            Some(it) => Status::of(it),
            // What is unknown may not matter: both ends in one band tell the band.
            None if !all.is_empty() && whole.known > 0.0 && Status::of(whole.low) == Status::of(whole.high) => Status::of(whole.low),
            None => Status::NoData,
        };
        let proven = match status {
            Status::NoData => None,
            _ => Some(Status::of(whole.low) == status && Status::of(whole.high) == status),
        };
        figures[id.index()] = Some(GoalFigure {
            goal: *id,
            period,
            satisfaction: whole.satisfaction,
            low: whole.low,
            high: whole.high,
            coverage: whole.known * 100.0,
            own: roll_up(&own, goal.roll_up).satisfaction.filter(|_| !own.is_empty()),
            below: roll_up(&below, goal.roll_up).satisfaction.filter(|_| !below.is_empty()),
            status,
            proven,
        });
    }
    let figures: Vec<GoalFigure> = figures.into_iter().flatten().collect();
    let critical = critical(checked, &figures, &parts);
    (figures, critical)
}

/// The parts of every goal with their weights, in the order of writing.
fn parts(checked: &Checked) -> Vec<Vec<(GoalId, f64)>> {
    let goals = &checked.model.goals;
    let mut parts = vec![Vec::new(); goals.len()];
    for (at, goal) in goals.iter().enumerate() {
        for (parent, weight) in &goal.part_of {
            parts[parent.value.index()].push((GoalId(at as u32), *weight));
        }
    }
    parts
}

fn roll_up(all: &[(Contribution, f64)], how: RollUp) -> Contribution {
    if all.is_empty() {
        return Contribution::UNKNOWN;
    }
    let total: f64 = all.iter().map(|it| it.1).sum();
    let known = all.iter().map(|(it, weight)| it.known * weight).sum::<f64>() / total;
    let complete = all.iter().all(|it| it.0.satisfaction.is_some());
    let fold = |pick: fn(&Contribution) -> f64| match how {
        RollUp::Weighted => all.iter().map(|(it, weight)| pick(it) * weight).sum::<f64>() / total,
        RollUp::All => all.iter().map(|it| pick(&it.0)).fold(f64::INFINITY, f64::min),
        RollUp::Any => all.iter().map(|it| pick(&it.0)).fold(f64::NEG_INFINITY, f64::max),
    };
    Contribution {
        satisfaction: complete.then(|| fold(|it| it.satisfaction.unwrap_or(0.0))),
        low: fold(|it| it.low),
        high: fold(|it| it.high),
        known,
    }
}

fn critical(checked: &Checked, figures: &[GoalFigure], parts: &[Vec<(GoalId, f64)>]) -> Critical {
    let model = &checked.model;
    let satisfaction = |id: GoalId| figures.iter().find(|it| it.goal == id).and_then(|it| it.satisfaction);
    let least = |ids: &mut dyn Iterator<Item = GoalId>| -> Option<GoalId> {
        let mut found: Option<(f64, GoalId)> = None;
        for id in ids {
            if let Some(it) = satisfaction(id)
                && found.is_none_or(|known| it < known.0)
            {
                found = Some((it, id));
            }
        }
        found.map(|it| it.1)
    };
    let is_business = |id: &GoalId| model.goals[id.index()].kind == GoalKind::Business;
    let mut critical = Critical::default();
    let Some(mut at) = least(&mut (0..model.goals.len() as u32).map(GoalId).filter(is_business)) else { return critical };
    critical.goals.push(at);
    // The way down to it, from a goal that is part of none.
    let mut above = at;
    loop {
        let parents: Vec<GoalId> = model.goals[above.index()].part_of.iter().map(|it| it.0.value).collect();
        let Some(parent) = least(&mut parents.iter().copied()).or(parents.first().copied()) else { break };
        critical.goals.insert(0, parent);
        above = parent;
    }
    while let Some(next) = least(&mut parts[at.index()].iter().map(|it| it.0)) {
        critical.goals.push(next);
        at = next;
    }
    // Of the enablers that lift the goal, the one whose customer goal is least satisfied.
    let mut found: Option<(f64, usize, GoalId)> = None;
    for (place, enabler) in model.enablers.iter().enumerate() {
        if !enabler.lifts.iter().any(|it| it.goal == at) {
            continue;
        }
        if let Some(goal) = least(&mut enabler.serves.iter().map(|it| it.goal)) {
            let it = satisfaction(goal).unwrap_or(100.0);
            if found.is_none_or(|known| it < known.0) {
                found = Some((it, place, goal));
            }
        }
    }
    if let Some((_, enabler, goal)) = found {
        critical.enabler = Some(EnablerId(enabler as u32));
        critical.customer = Some(goal);
    }
    critical
}
