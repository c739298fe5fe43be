//! What do the reports of one run need, and what do they tell beside figures? Findings with their figures put in, effects
//! of actions, and how the answers behind scores are spread: all from the one read.

use super::assemble::{Assembly, MOST, Mover, movers, parted, tells};
use super::needs::{amounts, cuts, figure_grain, kpis, lifecycle_grain, needs, responses, shows};
use super::view::SectionName;
use crate::calendar::{Date, Period};
use crate::check::Checked;
use crate::engine::Table;
use crate::eval::Periods;
use crate::insight::lifecycle::{Lived, declared, lived};
use crate::insight::{Chained, FindingsWatched, IndexQuestion, Measuring, Spread};
use crate::insight::{Question, chain, index_question, measure_actions, spread, watch_findings};
use crate::model::{ActionId, DimensionId, FindingId, KpiId, Report, RowExpr};
use crate::plan::{Ask, Plan, Request};
use crate::publish::{self, ActionResult, Chain, Distribution, FindingResult, IndexResult, Lifecycle, ReasonTable, Results, WhyResult};
use crate::stats::mix::Method;
use crate::words::Lang;
use std::sync::Arc;

/// What is asked for the reports of a run.
pub struct Gathered {
    /// Everything that they need of the one read.
    pub request: Request,
    findings: FindingsWatched,
    actions: Measuring,
    indices: Vec<IndexQuestion>,
    chains: Vec<(Arc<Chained>, Option<Period>)>,
    lives: Vec<Lived>,
    /// The reports that take apart what moved, with the KPIs that they are about.
    whys: Vec<Report>,
    /// The widest project: with a figure for each change and formula of findings and actions, and for the answers of scores.
    spread: Spread,
}

/// What reports tell beside figures.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Findings with their figures put in, and whether they hold.
    pub findings: Vec<FindingResult>,
    /// Actions with the effects that were expected and measured.
    pub actions: Vec<ActionResult>,
    /// The answers behind scores.
    pub distributions: Vec<Distribution>,
    /// What indices would be by other weights.
    pub indices: Vec<IndexResult>,
    /// The chains from what is measured to an amount.
    pub chains: Vec<ToldChain>,
    /// Customers by the phase of their life.
    pub lifecycles: Vec<Lifecycle>,
    /// What moved, taken apart.
    pub whys: Vec<ToldWhy>,
    /// What each reason does to a score.
    pub reasons: Vec<ReasonTable>,
}

/// Why a figure of a report moved.
#[derive(Clone, Debug)]
pub struct ToldWhy {
    /// The report.
    pub report: String,
    /// The change, with its parts and its segments.
    pub result: WhyResult,
    /// The same of parts of it, each with its place among them.
    pub parts: Vec<(usize, WhyResult)>,
}

/// So many of what moved are tried, where what is tried cannot be taken apart.
const TRIED: usize = 8;

/// A chain that reports of a period tell, or those that name none.
#[derive(Clone, Debug)]
pub struct ToldChain {
    /// Its steps, with the project in which each has a figure.
    pub chained: Arc<Chained>,
    /// The period that its reports name.
    pub period: Option<Period>,
    /// Its figures.
    pub chain: Chain,
}

/// Gathers what reports need.
pub fn gather(checked: &Checked, reports: &[Report], today: Date) -> Gathered {
    let any = |section: SectionName| reports.iter().any(|it| shows(it, section));
    let model = &checked.model;
    let findings = model.findings.iter().enumerate().filter(|it| !it.1.broken && any(SectionName::Brief));
    let findings: Vec<FindingId> = findings.map(|it| FindingId(it.0 as u32)).collect();
    let actions = model.actions.iter().enumerate().filter(|it| !it.1.broken && any(SectionName::Actions));
    let actions: Vec<ActionId> = actions.map(|it| ActionId(it.0 as u32)).collect();
    // Findings are read in the period that all reports are about, where they say one.
    let periods: Vec<Option<Period>> = reports.iter().map(|it| it.period).collect();
    let period = periods.first().copied().flatten().filter(|first| periods.iter().all(|it| *it == Some(*first)));
    let findings = watch_findings(checked, &findings, period);
    let actions = measure_actions(&findings.checked, &actions, today);
    let mut indices: Vec<IndexQuestion> = Vec::new();
    for report in reports.iter().filter(|it| shows(it, SectionName::Index)) {
        for kpi in kpis(checked, report) {
            if indices.iter().any(|it| (it.kpi, it.period) == (kpi, report.period)) {
                continue;
            }
            // Each question widens the project of the one before; of what is no index there is none.
            let widest = indices.last().map_or(&actions.checked, |it| &it.checked);
            indices.extend(index_question(widest, kpi, Vec::new(), report.period, Some(Vec::new()), 0));
        }
    }
    let widest = indices.last().map_or(&actions.checked, |it| &it.checked);
    let chains = chains(checked, reports, widest);
    let widest = chains.last().map_or(widest, |it| &it.0.checked);
    let lives = lives(checked, reports, widest);
    let widest = lives.last().map_or(widest, |it| &it.checked);
    let spread = spread(widest, &scores(checked, reports));
    let mut request = Request::new();
    for report in reports {
        request.take(needs(checked, report));
        responses(checked, report, today, &mut request);
    }
    findings.add_to(&mut request);
    actions.add_to(&mut request);
    spread.add_to(&mut request);
    indices.iter().for_each(|it| it.add_to(&mut request));
    chains.iter().for_each(|it| request.take(it.0.needs()));
    lives.iter().for_each(|it| request.take(it.needs()));
    // Which of them moved is known when they are read.
    let told = |it: &&Report| shows(it, SectionName::Why);
    let whys = reports.iter().filter(told).map(|it| Report { kpis: kpis(checked, it), ..it.clone() }).collect();
    Gathered { request, findings, actions, indices, chains, lives, whys, spread }
}

/// The chains that reports tell, each in the project of the one before, widened.
fn chains(checked: &Checked, reports: &[Report], widest: &Checked) -> Vec<(Arc<Chained>, Option<Period>)> {
    let mut chains: Vec<(Arc<Chained>, Option<Period>)> = Vec::new();
    for report in reports.iter().filter(|it| shows(it, SectionName::Money)) {
        for kpi in amounts(checked, report) {
            let grain = figure_grain(checked, report, kpi);
            if chains.iter().any(|(it, period)| (it.kpi, it.grain, *period) == (kpi, grain, report.period)) {
                continue;
            }
            let widest = chains.last().map_or(widest, |it| &it.0.checked);
            let found = chain(widest, kpi, &told_by(checked, kpi), Some(grain)).ok();
            chains.extend(found.map(|it| (Arc::new(it), report.period)));
        }
    }
    chains
}

/// The dimension by which an amount is told: it rests on what is assumed by its values.
fn told_by(checked: &Checked, kpi: KpiId) -> Vec<DimensionId> {
    let own = &checked.model.kpis[kpi.index()];
    let assumed = checked.assumptions_of(kpi).iter().map(|it| &checked.model.assumptions[it.index()]);
    assumed.filter_map(|it| it.by.as_ref()).map(|it| it.0).find(|it| own.cuts.contains(it)).into_iter().collect()
}

/// The lifecycles that reports tell, likewise.
fn lives(checked: &Checked, reports: &[Report], widest: &Checked) -> Vec<Lived> {
    let mut lives: Vec<Lived> = Vec::new();
    for report in reports.iter().filter(|it| shows(it, SectionName::Lifecycle)) {
        for dimension in declared(checked) {
            let widest = lives.last().map_or(widest, |it| &it.checked);
            let found = lived(widest, dimension, lifecycle_grain(report));
            lives.extend(found.filter(|it| !lives.iter().any(|other| (other.dimension, other.grain) == (dimension, it.grain))));
        }
    }
    lives
}

/// The figures of which reports tell how their answers are spread.
fn scores(checked: &Checked, reports: &[Report]) -> Vec<Ask> {
    let mut asks: Vec<Ask> = Vec::new();
    for report in reports.iter().filter(|it| shows(it, SectionName::Scorecards) || shows(it, SectionName::Definitions)) {
        for kpi in kpis(checked, report) {
            let ask = Ask { kpi, part: None, cut: Vec::new(), grain: figure_grain(checked, report, kpi) };
            if !asks.contains(&ask) {
                asks.push(ask);
            }
        }
    }
    asks
}

impl Gathered {
    /// The project that is to be read. Ids of the one that it was made from stay.
    pub fn checked(&self) -> &Checked {
        &self.spread.checked
    }

    /// What may be told of what was read.
    pub fn told(&self, plan: &Plan, table: &Table, results: &Results, today: Date) -> Told {
        Told {
            findings: publish::findings(&self.findings, results),
            actions: publish::actions(&self.actions, results, today),
            indices: self.indices.iter().filter_map(|it| publish::index(it, results).ok()).collect(),
            chains: self
                .chains
                .iter()
                .filter_map(|(chained, period)| {
                    let chain = publish::chain_in(chained, results, *period)?;
                    Some(ToldChain { chained: chained.clone(), period: *period, chain })
                })
                .collect(),
            lifecycles: self.lives.iter().map(|it| publish::lifecycle(it, results)).collect(),
            whys: self.whys.iter().flat_map(|it| self.whys_of(it, plan, table, results, today)).collect(),
            reasons: publish::reasons(self.checked(), results),
            distributions: match self.spread.of.is_empty() {
                true => Vec::new(),
                false => publish::distributions(&self.spread, plan, table, &results.hidden, Periods::default(), today),
            },
        }
    }

    /// Takes apart what moved of a report's figures, until there is as much as it tells.
    fn whys_of(&self, report: &Report, plan: &Plan, table: &Table, results: &Results, today: Date) -> Vec<ToldWhy> {
        let checked = self.checked();
        let nothing = Told::default();
        let from = Assembly { checked, results, report, lang: Lang::Nl, today, told: &nothing, others: &[] };
        let ask = |moved: &Mover, kpi: KpiId, part: Option<RowExpr>| {
            let cuts = cuts(checked, report, kpi).into_iter().map(|it| vec![it]).collect();
            let periods = (Some(moved.from), Some(moved.to));
            let question = Question { kpi, part, grain: moved.to.grain(), cuts, periods, method: Method::Midpoint };
            let found = crate::insight::why(checked, &question, plan, table, today).ok()?;
            Some(publish::why(checked, plan, found, &results.hidden))
        };
        let mut whys: Vec<ToldWhy> = Vec::new();
        for moved in movers(&from).into_iter().take(TRIED) {
            if whys.iter().filter(|it| tells(&it.result)).count() == MOST {
                break;
            }
            let Some(result) = ask(&moved, moved.kpi, None) else { continue };
            let parts = parted(&result).into_iter().filter_map(|at| {
                let (kpi, part) = result.parts[at].own.clone()?;
                Some((at, ask(&moved, kpi, part)?))
            });
            let parts = parts.collect();
            whys.push(ToldWhy { report: report.name.clone(), result, parts });
        }
        whys
    }
}
