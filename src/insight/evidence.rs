//! Is a claim of cause and effect borne out (R19, R25)? Where its evidence is a correlation: by the series that it names,
//! at its lag; or by the driver model that it names.

use super::drivers::{Window, needs as needs_of_drivers};
use crate::calendar::{Grain, Period};
use crate::check::Checked;
use crate::eval::drivers::{DriverFigure, DriverTable, ItemFigure, least_rows};
use crate::eval::{Figures, Note, reporting_grain};
use crate::model::{Answer, Claim, DriversId, Evidence, Goal, KpiId, Method, RowExpr, Support, TeamId, answer_of, asked_at, breaks};
use crate::plan::{Ask, DriverAsk, Request};
use crate::source::Span;
use crate::stats::distribution::t_two_sided;
use crate::stats::holm;
use crate::stats::lag::{FEWEST_PERIODS, lagged, shared};
use crate::value::Direction;
use std::collections::BTreeMap;

/// The lags that are tried where none is claimed: up to half a year of months.
const MOST_LAGS: usize = 6;

/// A claim that rests on a correlation.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub span: Span,
    /// The item that claims it: `enabler:lanes`.
    pub about: String,
    /// What is claimed to act, and on what.
    pub name: String,
    pub to: String,
    test: Test,
}

#[derive(Clone, Debug)]
enum Test {
    /// A series that another follows.
    Series { cause: Ask, effect: Ask, after: Option<usize>, sign: f64 },
    /// The items of a model that belong to what acts.
    Model { ask: DriverAsk, columns: Vec<usize>, sign: f64 },
    /// The model is not about it.
    Silent(DriversId),
    /// The data are too coarse for what is claimed.
    Coarse(Grain),
}

/// What the data say of a claim.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    Shown(Shown),
    /// It may be so; these data do not show it.
    NotShown(Shown),
    /// They show the contrary.
    Contrary(Shown),
    TooLittle(Little),
    /// The model that is named does not hold what acts, or does not explain what is acted on.
    Silent(DriversId),
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    Series {
        r: f64,
        lag: usize,
        grain: Grain,
        periods: usize,
        n_effective: f64,
        p: f64,
        tried: usize,
    },
    /// The item whose coefficient is surest: its column, its part of R² in percent, its coefficient with interval.
    Model {
        drivers: DriversId,
        column: usize,
        share: f64,
        coefficient: f64,
        low: f64,
        high: f64,
        n: u64,
        /// Of the coefficient, corrected for the items that were looked at.
        p: f64,
        /// How many items belong to what acts: this is the surest of them.
        among: usize,
    },
}

/// Why too little is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Little {
    Periods {
        shared: usize,
        least: usize,
        grain: Grain,
    },
    Rows {
        n: u64,
        least: u64,
    },
    /// Periods of the data are longer than the lag.
    Coarse(Grain),
    /// A series does not vary.
    Flat,
}

/// The claims of a project that a correlation is to show; with `hypotheses` those too that nothing supports yet: of them the
/// series itself is looked at.
pub fn claims(checked: &Checked, hypotheses: bool) -> Vec<Claimed> {
    let model = &checked.model;
    let correlation = |claim: &Claim| basis(claim, hypotheses);
    let mut claims = Vec::new();
    for enabler in &model.enablers {
        for edge in enabler.serves.iter().chain(&enabler.lifts) {
            let Some(support) = correlation(&edge.claim) else { continue };
            let goal = &model.goals[edge.goal.index()];
            let sign = if edge.strength < 0.0 { -1.0 } else { 1.0 };
            let test = match support {
                Basis::Drivers(id) => {
                    let measures = |kpi: KpiId| goal.measured_by.iter().any(|it| it.kpi == kpi);
                    let own: Vec<Answer> = enabler.measured_by.iter().filter_map(|it| answer_of(model, it.kpi).ok()).collect();
                    by_model(checked, id, &measures, &own, enabler.owner, sign)
                }
                Basis::Kpi(cause) => of_goal(checked, goal, (cause, None), sign),
                Basis::Own => enabler.measured_by.first().and_then(|it| of_goal(checked, goal, (it.kpi, it.part.clone()), sign)),
            };
            let Some(test) = test else { continue };
            let (name, to) = (enabler.name.clone(), goal.name.clone());
            claims.push(Claimed { span: edge.span, about: format!("enabler:{name}"), name, to, test });
        }
    }
    for (at, kpi) in model.kpis.iter().enumerate() {
        let id = KpiId(at as u32);
        for lead in kpi.leads.iter().filter(|it| it.kpi != id) {
            let Some(support) = correlation(&lead.evidence) else { continue };
            let effect = &model.kpis[lead.kpi.index()];
            let test = match support {
                Basis::Drivers(drivers) => {
                    let own: Vec<Answer> = answer_of(model, id).into_iter().collect();
                    by_model(checked, drivers, &|it| it == lead.kpi, &own, None, 1.0)
                }
                Basis::Kpi(_) | Basis::Own => series(checked, (id, None), (lead.kpi, None), lead.after, 1.0),
            };
            let Some(test) = test else { continue };
            let (name, to) = (kpi.name.clone(), effect.name.clone());
            claims.push(Claimed { span: lead.span, about: format!("kpi:{name}"), name, to, test });
        }
    }
    claims
}

/// What a claim is held against.
enum Basis {
    Drivers(DriversId),
    Kpi(KpiId),
    /// The figures of what claims.
    Own,
}

/// What a claim is held against, where a correlation is to show it, or nothing yet.
fn basis(claim: &Claim, hypotheses: bool) -> Option<Basis> {
    if claim.broken {
        return None;
    }
    match (claim.counts_as(), claim.support) {
        (Evidence::Correlation, Some(Support::Drivers(it))) => Some(Basis::Drivers(it)),
        (Evidence::Correlation, Some(Support::Kpi(it))) => Some(Basis::Kpi(it)),
        (Evidence::Hypothesis, _) if hypotheses => Some(Basis::Own),
        _ => None,
    }
}

/// A test by the series of a cause and of the first other KPI that measures a goal.
fn of_goal(checked: &Checked, goal: &Goal, cause: Of, sign: f64) -> Option<Test> {
    let effect = goal.measured_by.iter().find(|it| it.kpi != cause.0)?;
    series(checked, cause, (effect.kpi, effect.part.clone()), None, sign)
}

/// A test by a model, of the items that are the answers of what acts, or that its owner asks.
fn by_model(
    checked: &Checked,
    id: DriversId,
    explains: &dyn Fn(KpiId) -> bool,
    own: &[Answer],
    owner: Option<TeamId>,
    sign: f64,
) -> Option<Test> {
    let model = &checked.model;
    let drivers = &model.drivers[id.index()];
    let (Some(outcome), Ok(answer)) = (&drivers.outcome, drivers.answer) else { return None };
    if drivers.method == Method::Stated {
        return None;
    }
    let is_own = |column: usize| own.contains(&Answer { source: answer.source, column });
    let is_owners = |column: usize| {
        let mut touchpoints = asked_at(model, answer.source, column);
        owner.is_some() && touchpoints.any(|it| model.touchpoints[it.index()].owner == owner)
    };
    let columns = drivers.items.iter().map(|it| it.column);
    let columns: Vec<usize> = columns.filter(|it| is_own(*it) || is_owners(*it)).collect();
    if columns.is_empty() || !explains(outcome.kpi) {
        return Some(Test::Silent(id));
    }
    let (asks, _) = needs_of_drivers(checked, &[id], &Window { cuts: vec![Vec::new()], ..Window::default() }).ok()?;
    Some(Test::Model { ask: asks.into_iter().next()?, columns, sign })
}

type Of = (KpiId, Option<RowExpr>);

/// A test by series, at the finest grain up to a month that both have.
fn series(checked: &Checked, cause: Of, effect: Of, after: Option<crate::calendar::Length>, sign: f64) -> Option<Test> {
    let model = &checked.model;
    let grains = [cause.0, effect.0].map(|it| reporting_grain(checked, it, Some(Grain::Month)));
    if grains.contains(&Grain::All) {
        return None;
    }
    let [a, b] = grains;
    let grain = if b.is_coarser_than(a) { b } else { a };
    let after = match after.map(|it| it.periods_of(grain)) {
        None => None,
        Some(Some(periods)) => Some(periods as usize),
        Some(None) => return Some(Test::Coarse(grain)),
    };
    let towards = |kpi: KpiId| if model.kpis[kpi.index()].direction == Some(Direction::Down) { -1.0 } else { 1.0 };
    let sign = sign * towards(cause.0) * towards(effect.0);
    let ask = |of: Of| Ask { kpi: of.0, part: of.1, cut: Vec::new(), grain };
    Some(Test::Series { cause: ask(cause), effect: ask(effect), after, sign })
}

/// What the claims need.
pub fn needs(claims: &[Claimed]) -> Request {
    let mut request = Request { variances: false, ..Request::new() };
    for claim in claims {
        match &claim.test {
            Test::Series { cause, effect, .. } => {
                request.add(cause.clone());
                request.add(effect.clone());
            }
            Test::Model { ask, .. } if !request.drivers.contains(ask) => request.drivers.push(ask.clone()),
            Test::Model { .. } | Test::Silent(_) | Test::Coarse(_) => {}
        }
    }
    request
}

/// Figures that claims are held against.
pub struct Given<'g> {
    /// The finished periods of a figure.
    pub values: &'g dyn Fn(&Ask) -> Option<BTreeMap<Period, f64>>,
    /// The driver models of an ask.
    pub drivers: &'g dyn Fn(&DriverAsk) -> Option<&'g DriverTable>,
}

impl Claimed {
    /// The KPIs that are looked at, where series are: what is claimed to act, and what follows.
    pub fn series(&self) -> Option<(&Ask, &Ask)> {
        match &self.test {
            Test::Series { cause, effect, .. } => Some((cause, effect)),
            Test::Model { .. } | Test::Silent(_) | Test::Coarse(_) => None,
        }
    }
}

/// What figures say of a claim, hidden ones too: for a judgement that shows none of them.
pub fn test(checked: &Checked, figures: &Figures, claim: &Claimed) -> Option<Verdict> {
    let values = |it: &Ask| values(figures, it);
    let drivers = |it: &DriverAsk| figures.drivers.iter().find(|table| table.ask == *it);
    test_by(checked, &Given { values: &values, drivers: &drivers }, claim)
}

/// What figures say of a claim; `None` where they are not there.
pub fn test_by(checked: &Checked, given: &Given<'_>, claim: &Claimed) -> Option<Verdict> {
    match &claim.test {
        Test::Silent(id) => Some(Verdict::Silent(*id)),
        Test::Coarse(grain) => Some(Verdict::TooLittle(Little::Coarse(*grain))),
        Test::Series { cause, effect, after, sign } => {
            let since = |of: &Ask| {
                // Of two definitions no series is one.
                let calendar = &checked.model.project.calendar;
                let last = breaks(&checked.model, of.kpi).last().map(|it| it.1);
                let mut values = (given.values)(of)?;
                values.retain(|period, _| last.is_none_or(|on| period.start(calendar) >= on));
                Some(values)
            };
            let (_, [a, b]) = aligned(checked, &since(cause)?, &since(effect)?);
            let periods = shared(&a, &b);
            let grain = cause.grain;
            let least = FEWEST_PERIODS.max(after.unwrap_or(0) + 10);
            if periods < least {
                return Some(Verdict::TooLittle(Little::Periods { shared: periods, least, grain }));
            }
            let found = lagged(&a, &b, MOST_LAGS.max(after.unwrap_or(0)));
            // A lag that was claimed is one test; where none was, the best of several is looked for, and they are corrected for.
            let lags = found.len();
            let of = match after {
                Some(lag) => found.into_iter().find(|it| it.lag == *lag).map(|it| (it.p, 1, it)),
                None => {
                    let best = found.into_iter().min_by(|a, b| a.adjusted.total_cmp(&b.adjusted).then(a.lag.cmp(&b.lag)));
                    best.map(|it| (it.adjusted, lags, it))
                }
            };
            let Some((p, tried, it)) = of else { return Some(Verdict::TooLittle(Little::Flat)) };
            let shown = Shown::Series { r: it.r, lag: it.lag, grain, periods, n_effective: it.n_effective, p, tried };
            let proven = p < 1.0 - checked.model.project.confidence;
            Some(verdict(shown, proven, it.r * sign > 0.0))
        }
        Test::Model { ask, columns, sign } => {
            let table = (given.drivers)(ask)?;
            let figure: &DriverFigure = table.models.first()?;
            let least = least_rows(figure.items.len());
            if figure.n < least {
                return Some(Verdict::TooLittle(Little::Rows { n: figure.n, least }));
            }
            let own: Vec<&ItemFigure> =
                figure.items.iter().filter(|it| columns.contains(&it.column) && it.coefficient.value.is_some()).collect();
            let among = own.len();
            let Some((best, p)) = strongest(&own) else { return Some(Verdict::TooLittle(Little::Flat)) };
            let of = best.coefficient;
            let (Some(coefficient), Some(low), Some(high)) = (of.value, of.low, of.high) else {
                return Some(Verdict::TooLittle(Little::Flat));
            };
            let share = best.share.value.unwrap_or(0.0);
            let shown = Shown::Model { drivers: ask.drivers, column: best.column, share, coefficient, low, high, n: figure.n, p, among };
            // Coefficients are told towards the good ends.
            Some(verdict(shown, p < 1.0 - checked.model.project.confidence, coefficient * sign > 0.0))
        }
    }
}

/// The item whose coefficient is surest to be there, with its p by Holm: one claim hangs on whichever of them is found, so
/// all that were looked at count. Of equally sure ones that with the largest part of R². Nothing where none has an error.
fn strongest<'f>(items: &[&'f ItemFigure]) -> Option<(&'f ItemFigure, f64)> {
    let p = |it: &ItemFigure| {
        let of = it.coefficient;
        t_two_sided(of.value? / of.se.filter(|se| *se > 0.0)?, of.df?)
    };
    let raw: Vec<f64> = items.iter().map(|it| p(it).unwrap_or(1.0)).collect();
    let share = |it: &ItemFigure| it.share.value.unwrap_or(0.0);
    let found = items.iter().copied().zip(holm(&raw)).filter(|it| p(it.0).is_some());
    found.min_by(|a, b| a.1.total_cmp(&b.1).then(share(b.0).total_cmp(&share(a.0))))
}

fn verdict(shown: Shown, proven: bool, as_claimed: bool) -> Verdict {
    match (proven, as_claimed) {
        (true, true) => Verdict::Shown(shown),
        (true, false) => Verdict::Contrary(shown),
        (false, _) => Verdict::NotShown(shown),
    }
}

/// The finished periods of a figure.
fn values(figures: &Figures, ask: &Ask) -> Option<BTreeMap<Period, f64>> {
    let table = figures.tables.iter().find(|it| it.ask == *ask)?;
    let finished = table.rows.iter().filter(|it| !it.notes.contains(&Note::Unfinished));
    Some(finished.filter_map(|it| Some((it.period, it.value?))).collect())
}

/// All periods from the first to the last that either of two series has, and what each has of them.
pub fn aligned(checked: &Checked, a: &BTreeMap<Period, f64>, b: &BTreeMap<Period, f64>) -> (Vec<Period>, [Vec<Option<f64>>; 2]) {
    let calendar = &checked.model.project.calendar;
    let first = a.keys().chain(b.keys()).min().copied();
    let last = a.keys().chain(b.keys()).max().copied();
    let periods: Vec<Period> = match first.zip(last) {
        Some((first, last)) => Period::over(first.start(calendar), last.end(calendar), first.grain(), calendar).collect(),
        None => Vec::new(),
    };
    let found = [a, b].map(|series| periods.iter().map(|it| series.get(it).copied()).collect());
    (periods, found)
}
