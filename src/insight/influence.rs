//! What does a team move? What it owns, what its questions measure, and where that leads: through formulas, goals and
//! enablers of others, with the strengths along the way.

use crate::check::Checked;
use crate::model::{EnablerId, GoalId, GoalKind, Indicator, KpiExpr, KpiId, KpiKind, Model, TeamId, TouchpointId, answer_of, asked_at};

/// Something on the way from a team to a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    Kpi(KpiId),
    Goal(GoalId),
    Enabler(EnablerId),
    Touchpoint(TouchpointId),
}

impl Thing {
    /// The word and the name of it.
    pub fn name(self, model: &Model) -> (&'static str, &str) {
        match self {
            Thing::Kpi(it) => ("kpi", &model.kpis[it.index()].name),
            Thing::Goal(it) => ("goal", &model.goals[it.index()].name),
            Thing::Enabler(it) => ("enabler", &model.enablers[it.index()].name),
            Thing::Touchpoint(it) => ("touchpoint", &model.touchpoints[it.index()].name),
        }
    }

    /// Who owns it.
    pub fn owner(self, model: &Model) -> Option<TeamId> {
        match self {
            Thing::Kpi(it) => model.kpis[it.index()].owner,
            Thing::Goal(it) => model.goals[it.index()].owner,
            Thing::Enabler(it) => model.enablers[it.index()].owner,
            Thing::Touchpoint(it) => model.touchpoints[it.index()].owner,
        }
    }
}

/// How one thing moves the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// A touchpoint asks what a KPI measures.
    Asks,
    /// A formula names it.
    Formula,
    /// It measures a goal.
    Measures,
    /// It is part of a goal.
    PartOf,
    /// It serves a customer goal.
    Serves,
    /// It lifts a business goal.
    Lifts,
    /// A customer goal is served by what lifts a business goal.
    ServedBy,
}

impl Link {
    /// The word of machine output.
    pub fn name(self) -> &'static str {
        match self {
            Link::Asks => "asks",
            Link::Formula => "formula",
            Link::Measures => "measures",
            Link::PartOf => "part_of",
            Link::Serves => "serves",
            Link::Lifts => "lifts",
            Link::ServedBy => "served_by",
        }
    }
}

/// A step of a way: how, how strongly where that is said, and to what. Weights are shares of 1; strengths -1 to 1.
#[derive(Clone, Copy, Debug)]
pub struct Hop {
    pub link: Link,
    pub strength: Option<f64>,
    pub to: Thing,
}

/// A goal of others that a team moves, by the shortest way.
#[derive(Clone, Debug)]
pub struct Through {
    pub goal: GoalId,
    pub from: Thing,
    pub hops: Vec<Hop>,
}

/// What a team moves.
#[derive(Clone, Debug)]
pub struct Influence {
    pub team: TeamId,
    /// What it owns.
    pub goals: Vec<GoalId>,
    pub kpis: Vec<KpiId>,
    pub enablers: Vec<EnablerId>,
    pub touchpoints: Vec<TouchpointId>,
    /// KPIs of others that its touchpoints ask for.
    pub asked: Vec<(TouchpointId, KpiId)>,
    pub through: Vec<Through>,
    /// Goals that nothing of it leads to.
    pub beyond: Vec<GoalId>,
    /// KPIs that nobody can influence.
    pub fixed: Vec<KpiId>,
    /// Goals and KPIs that nobody owns.
    pub unowned: Vec<Thing>,
}

/// Finds what a team moves; definitions are all that it takes.
pub fn influence(checked: &Checked, team: TeamId) -> Influence {
    let model = &checked.model;
    let own = |thing: &Thing| thing.owner(model) == Some(team);
    let all = |count: usize, of: &dyn Fn(u32) -> Thing| (0..count as u32).map(of).filter(own).collect::<Vec<_>>();
    let kpis = all(model.kpis.len(), &|it| Thing::Kpi(KpiId(it)));
    let kpis: Vec<Thing> = kpis.into_iter().filter(|it| !matches!(it, Thing::Kpi(id) if model.kpis[id.index()].pattern)).collect();
    let goals = all(model.goals.len(), &|it| Thing::Goal(GoalId(it)));
    let enablers = all(model.enablers.len(), &|it| Thing::Enabler(EnablerId(it)));
    let touchpoints = all(model.touchpoints.len(), &|it| Thing::Touchpoint(TouchpointId(it)));
    let mut asked = Vec::new();
    for it in &touchpoints {
        let Thing::Touchpoint(id) = it else { continue };
        for hop in next(model, *it) {
            if let Thing::Kpi(kpi) = hop.to
                && !own(&hop.to)
            {
                asked.push((*id, kpi));
            }
        }
    }
    // The nearest things first, so that each goal is reached by a shortest way.
    let mut ways: Vec<(Thing, Thing, Vec<Hop>)> = Vec::new();
    for start in goals.iter().chain(&enablers).chain(&kpis).chain(&touchpoints) {
        ways.push((*start, *start, Vec::new()));
    }
    // An enabler of others that serves a goal of the team leads to what it lifts, not to the other goals that it serves.
    let mut seen: Vec<(Thing, bool)> = ways.iter().map(|it| (it.1, false)).collect();
    let mut at = 0;
    while at < ways.len() {
        let (from, here, hops) = ways[at].clone();
        let lifts_only = hops.last().is_some_and(|it| it.link == Link::ServedBy);
        for hop in next(model, here).into_iter().filter(|it| !lifts_only || it.link == Link::Lifts) {
            let place = (hop.to, hop.link == Link::ServedBy);
            if !seen.contains(&place) && !seen.contains(&(hop.to, false)) {
                seen.push(place);
                let mut hops = hops.clone();
                hops.push(hop);
                ways.push((from, hop.to, hops));
            }
        }
        at += 1;
    }
    let through = ways.into_iter().filter_map(|(from, here, hops)| match here {
        Thing::Goal(goal) if !hops.is_empty() => Some(Through { goal, from, hops }),
        _ => None,
    });
    let through: Vec<Through> = through.collect();
    let every = (0..model.goals.len() as u32).map(GoalId);
    let beyond = every.filter(|it| !seen.contains(&(Thing::Goal(*it), false))).collect();
    let fixed = checked.figures().into_iter().filter(|it| is_fixed(model, *it)).collect();
    let unowned = (0..model.goals.len() as u32).map(|it| Thing::Goal(GoalId(it)));
    let unowned = unowned.chain(checked.figures().into_iter().map(Thing::Kpi)).filter(|it| it.owner(model).is_none()).collect();
    let kpi = |it: Thing| if let Thing::Kpi(it) = it { Some(it) } else { None };
    let goal = |it: Thing| if let Thing::Goal(it) = it { Some(it) } else { None };
    let enabler = |it: Thing| if let Thing::Enabler(it) = it { Some(it) } else { None };
    let touchpoint = |it: Thing| if let Thing::Touchpoint(it) = it { Some(it) } else { None };
    Influence {
        team,
        goals: goals.into_iter().filter_map(goal).collect(),
        kpis: kpis.into_iter().filter_map(kpi).collect(),
        enablers: enablers.into_iter().filter_map(enabler).collect(),
        touchpoints: touchpoints.into_iter().filter_map(touchpoint).collect(),
        asked,
        through,
        beyond,
        fixed,
        unowned,
    }
}

/// Whether nobody can influence a KPI: it says so, or it is context.
pub fn is_fixed(model: &Model, kpi: KpiId) -> bool {
    let kpi = &model.kpis[kpi.index()];
    kpi.influenceable == Some(false) || (kpi.influenceable.is_none() && kpi.indicator == Indicator::Context)
}

/// What something moves next.
fn next(model: &Model, from: Thing) -> Vec<Hop> {
    let mut hops = Vec::new();
    match from {
        Thing::Touchpoint(id) => {
            for at in 0..model.kpis.len() as u32 {
                let kpi = KpiId(at);
                let answer = answer_of(model, kpi).ok();
                if !model.kpis[kpi.index()].pattern && answer.is_some_and(|it| asked_at(model, it.source, it.column).any(|it| it == id)) {
                    hops.push(Hop { link: Link::Asks, strength: None, to: Thing::Kpi(kpi) });
                }
            }
        }
        // What nobody can influence leads nowhere.
        Thing::Kpi(id) if is_fixed(model, id) => {}
        Thing::Kpi(id) => {
            for (at, goal) in model.goals.iter().enumerate() {
                if let Some(it) = goal.measured_by.iter().find(|it| it.kpi == id) {
                    let to = Thing::Goal(GoalId(at as u32));
                    hops.push(Hop { link: Link::Measures, strength: weight(model, GoalId(at as u32), it.weight), to });
                }
            }
            for (at, enabler) in model.enablers.iter().enumerate() {
                if enabler.measured_by.iter().any(|it| it.kpi == id) {
                    hops.push(Hop { link: Link::Measures, strength: None, to: Thing::Enabler(EnablerId(at as u32)) });
                }
            }
            for (at, kpi) in model.kpis.iter().enumerate().filter(|it| !it.1.pattern) {
                if let Some(strength) = kpi.formula.as_ref().and_then(|it| names(it, id)) {
                    hops.push(Hop { link: Link::Formula, strength, to: Thing::Kpi(KpiId(at as u32)) });
                }
            }
        }
        Thing::Enabler(id) => {
            let enabler = &model.enablers[id.index()];
            let hop = |link, it: &crate::model::Influence| Hop { link, strength: Some(it.strength), to: Thing::Goal(it.goal) };
            hops.extend(enabler.serves.iter().map(|it| hop(Link::Serves, it)));
            hops.extend(enabler.lifts.iter().map(|it| hop(Link::Lifts, it)));
        }
        Thing::Goal(id) => {
            let goal = &model.goals[id.index()];
            for (parent, own) in &goal.part_of {
                hops.push(Hop { link: Link::PartOf, strength: weight(model, parent.value, *own), to: Thing::Goal(parent.value) });
            }
            if goal.kind == GoalKind::Customer {
                for (at, enabler) in model.enablers.iter().enumerate() {
                    if let Some(it) = enabler.serves.iter().find(|it| it.goal == id) {
                        hops.push(Hop { link: Link::ServedBy, strength: Some(it.strength), to: Thing::Enabler(EnablerId(at as u32)) });
                    }
                }
            }
        }
    }
    hops
}

/// The share of a weight among all that a goal is rolled up from; none where one of them decides.
fn weight(model: &Model, goal: GoalId, own: f64) -> Option<f64> {
    let it = &model.goals[goal.index()];
    if it.roll_up != crate::model::RollUp::Weighted {
        return None;
    }
    let kpis: f64 = it.measured_by.iter().map(|it| it.weight).sum();
    let parts = model.goals.iter().flat_map(|it| &it.part_of).filter(|it| it.0.value == goal).map(|it| it.1);
    Some(own / (kpis + parts.sum::<f64>()))
}

/// Whether a formula names a KPI; with its weight where the formula is an index of it.
fn names(formula: &KpiExpr, id: KpiId) -> Option<Option<f64>> {
    let mut found = None;
    formula.walk(&mut |it| {
        if matches!(&it.kind, KpiKind::Kpi { kpi, .. } if *kpi == id) {
            found = Some(None);
        }
    });
    if let KpiKind::Index { parts, .. } = &formula.kind {
        let total: f64 = parts.iter().map(|it| it.1).sum();
        let own = parts.iter().find(|it| matches!(&it.0.kind, KpiKind::Kpi { kpi, .. } if *kpi == id));
        found = own.map(|it| Some(it.1 / total)).or(found);
    }
    found
}
