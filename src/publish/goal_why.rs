//! What moved a goal between two periods: its KPIs and sub-goals, each by as much as it moved the roll-up; of a KPI what its
//! figure did, and what its norms did. From what may be shown alone.

use super::{ResultRow, ResultTable, Results, contribution, row_in};
use crate::calendar::{Date, Period};
use crate::check::Checked;
use crate::eval::judged_grain;
use crate::model::{GoalId, KpiRef, RollUp, breaks};
use crate::stats::satisfaction;
use std::cell::RefCell;

/// Children beyond which the share of each in a weakest or strongest one is not told: there are too many orders.
const MOST_CHILDREN: usize = 12;

/// Why a goal moved.
#[derive(Clone, Debug)]
pub struct GoalWhy {
    pub before: Period,
    pub after: Period,
    /// The goal itself, with what it is made of.
    pub goal: MovedChild,
}

/// A goal or a KPI of one, between two periods.
#[derive(Clone, Debug)]
pub struct MovedChild {
    pub what: ChildOf,
    /// Its part of the goal that it belongs to, in percent; 100 of the goal that was asked for.
    pub weight: f64,
    /// Satisfaction, 0 to 100, in both periods; none where it is not known.
    pub satisfaction: [Option<f64>; 2],
    /// By how much it moved the satisfaction of the goal that it belongs to: those of all siblings add up to that goal's
    /// change. None where a sibling is not known in both periods.
    pub contribution: Option<f64>,
    /// Of a KPI its figures and their periods.
    pub figure: Option<MovedFigure>,
    /// Of a goal how it is rolled up, and its KPIs and sub-goals.
    pub roll_up: Option<RollUp>,
    pub children: Vec<MovedChild>,
}

/// What moved.
#[derive(Clone, Debug)]
pub enum ChildOf {
    Goal(GoalId),
    Kpi(KpiRef),
}

/// The figures of a KPI in two periods.
#[derive(Clone, Copy, Debug)]
pub struct MovedFigure {
    pub periods: [Option<Period>; 2],
    pub values: [Option<f64>; 2],
    pub targets: [Option<f64>; 2],
    /// The change of satisfaction that the figure makes, and that other norms make: both in the middle between the two
    /// periods, so that they add up.
    pub by_figure: Option<f64>,
    pub by_norms: Option<f64>,
    /// The day between the two since when it, or what it is made of, is defined in a way that does not compare.
    pub changed: Option<Date>,
}

impl MovedChild {
    /// By how much its own satisfaction changed.
    pub fn change(&self) -> Option<f64> {
        Some(self.satisfaction[1]? - self.satisfaction[0]?)
    }
}

/// What moved a goal between two periods, or where none is named between the last that is over and the one before;
/// `results` hold the figures that goals are rolled up from.
///
/// # Errors
/// Why it cannot be told, in a sentence.
pub fn goal_why(
    checked: &Checked,
    results: &Results,
    goal: GoalId,
    (from, to): (Option<Period>, Option<Period>),
    today: Date,
) -> Result<GoalWhy, String> {
    let known: Vec<Period> = results.goals.iter().map(|it| it.period).collect();
    let name = &checked.model.goals[goal.index()].name;
    let Some(last) = results.goals_last_over(checked, today) else { return Err(format!("`{name}` has no figures")) };
    let after = to.unwrap_or(last.period);
    let before = match from.or(after.previous()) {
        Some(it) => it,
        None => return Err(format!("`{name}` has no periods to compare: its data tell no time")),
    };
    for it in [before, after] {
        if !known.contains(&it) {
            let listed = known.iter().map(Period::to_string).collect::<Vec<_>>().join(", ");
            return Err(format!("goals have no figures in {it}; they have in {listed}"));
        }
    }
    if before >= after {
        return Err(format!("{before} is not before {after}"));
    }
    let totals: Vec<&ResultTable> = results.tables.iter().filter(|it| it.cut.is_empty()).collect();
    let teller = Teller { checked, results, totals, periods: [before, after], told: RefCell::default() };
    Ok(GoalWhy { before, after, goal: teller.goal(goal, 100.0) })
}

struct Teller<'r> {
    checked: &'r Checked,
    results: &'r Results,
    totals: Vec<&'r ResultTable>,
    periods: [Period; 2],
    /// The goals whose parts were told: one that is part of several is told once.
    told: RefCell<Vec<GoalId>>,
}

impl Teller<'_> {
    fn goal(&self, id: GoalId, weight: f64) -> MovedChild {
        let model = &self.checked.model;
        let goal = &model.goals[id.index()];
        let of = |period: Period| {
            let at = self.results.goals.iter().find(|it| it.period == period)?;
            at.figures.iter().find(|it| it.goal == id)?.satisfaction
        };
        let satisfaction = self.periods.map(of);
        let contribution = satisfaction[0].zip(satisfaction[1]).map(|it| it.1 - it.0);
        let what = ChildOf::Goal(id);
        let alone = MovedChild { what, weight, satisfaction, contribution, figure: None, roll_up: None, children: Vec::new() };
        if self.told.borrow().contains(&id) {
            return alone;
        }
        self.told.borrow_mut().push(id);
        let below = model.goals.iter().enumerate();
        let below: Vec<(GoalId, f64)> =
            below.filter_map(|(at, it)| Some((GoalId(at as u32), it.part_of.iter().find(|it| it.0.value == id)?.1))).collect();
        let total: f64 = goal.measured_by.iter().map(|it| it.weight).chain(below.iter().map(|it| it.1)).sum();
        let mut children: Vec<MovedChild> = goal.measured_by.iter().map(|it| self.kpi(it, it.weight / total * 100.0)).collect();
        children.extend(below.iter().map(|(part, weight)| self.goal(*part, weight / total * 100.0)));
        let contributions = contributions(&children, goal.roll_up);
        children.iter_mut().zip(contributions).for_each(|(child, it)| child.contribution = it);
        MovedChild { roll_up: Some(goal.roll_up), children, ..alone }
    }

    fn kpi(&self, of: &KpiRef, weight: f64) -> MovedChild {
        let judged = judged_grain(self.checked, of.kpi);
        let table = self.totals.iter().find(|it| it.kpi == of.kpi && it.part == of.part && it.grain == judged);
        let rows = self.periods.map(|period| table.and_then(|it| row_in(self.checked, it, period)));
        let satisfaction = self.periods.map(|period| contribution(self.checked, of, period, &self.totals).satisfaction);
        let at = |value: usize, norms: usize| {
            let judged = &rows[norms]?.judged;
            self::satisfaction(rows[value]?.value?, judged.worst?, judged.threshold?, judged.target?)
        };
        // Half of the way by the old norms, half by the new ones.
        let by_figure = || Some((at(1, 0)? - at(0, 0)? + at(1, 1)? - at(0, 1)?) / 2.0);
        let by_norms = || Some((at(0, 1)? - at(0, 0)? + at(1, 1)? - at(1, 0)?) / 2.0);
        let both = satisfaction[0].is_some() && satisfaction[1].is_some();
        let of_row = |take: fn(&ResultRow) -> Option<f64>| rows.map(|it| it.and_then(take));
        let calendar = &self.checked.model.project.calendar;
        let [from, to] = self.periods.map(|it| (it.start(calendar), it.end(calendar)));
        let within = |on: &Date| *on > from.0 && *on < to.1;
        let figure = MovedFigure {
            changed: breaks(&self.checked.model, of.kpi).into_iter().map(|it| it.1).rfind(within),
            periods: rows.map(|it| it.map(|it| it.period)),
            values: of_row(|it| it.value),
            targets: of_row(|it| it.judged.target),
            by_figure: by_figure().filter(|_| both),
            by_norms: by_norms().filter(|_| both),
        };
        let what = ChildOf::Kpi(of.clone());
        MovedChild { what, weight, satisfaction, contribution: None, figure: Some(figure), roll_up: None, children: Vec::new() }
    }
}

/// By how much each child moved the roll-up: its weight times its change; of a weakest or strongest one its mean over all
/// orders in which the children may have moved (Shapley), which adds up too.
fn contributions(children: &[MovedChild], how: RollUp) -> Vec<Option<f64>> {
    let known: Option<Vec<[f64; 2]>> = children.iter().map(|it| Some([it.satisfaction[0]?, it.satisfaction[1]?])).collect();
    let Some(known) = known else { return vec![None; children.len()] };
    let fold = match how {
        RollUp::Weighted => {
            return children.iter().zip(&known).map(|(it, [a, b])| Some(it.weight / 100.0 * (b - a))).collect();
        }
        RollUp::All => f64::min,
        RollUp::Any => f64::max,
    };
    let n = known.len();
    if n > MOST_CHILDREN {
        return vec![None; n];
    }
    let value = |moved: usize| known.iter().enumerate().map(|(at, it)| it[moved >> at & 1]).reduce(fold).unwrap_or(0.0);
    let factorial = |of: usize| (1..=of).map(|it| it as f64).product::<f64>();
    let share = |child: usize| {
        let without = (0..1usize << n).filter(|it| it >> child & 1 == 0);
        let orders = |set: usize| {
            let size = set.count_ones() as usize;
            factorial(size) * factorial(n - size - 1) / factorial(n)
        };
        without.map(|set| orders(set) * (value(set | 1 << child) - value(set))).sum::<f64>()
    };
    (0..n).map(|it| Some(share(it))).collect()
}
