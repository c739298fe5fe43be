//! Which rules are there? One file a rule, named for its code; each looks at the whole project.
//!
//! A new rule is a file here, a line in the list below, a line in `value/fact.rs`, a page in `specs/diagnostics/` and a
//! case in `tests/cases/`. What follows from units, names and syntax alone is found where these are settled, not here.

mod measure;
mod name_words;
mod over_answers;

use super::Traits;
use super::benchmarks::MadeOtherwise;
use super::kept::Keeper;
use crate::graph::Graph;
use crate::model::{Answer, Drivers, Kpi, KpiId, Model, Source};
use crate::source::Span;
use crate::value::{Code, Diagnostics, Fact};
use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a rule looks at.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub model: &'a Model,
    pub graph: &'a Graph,
    pub traits: &'a [Traits],
    /// The answer that each driver model explains, where it can be computed.
    pub explained: &'a [Option<Answer>],
    pub keeper: &'a Keeper,
}

impl Subject<'_> {
    /// Asks a rule of every KPI, one by one: what it says follows from that KPI alone, from those that its formula names,
    /// and from sources and dimensions. A formula that several KPIs share is spoken of once.
    fn each_kpi(self, out: &mut Diagnostics, rule: impl Fn(&Model, KpiId, &mut Diagnostics)) {
        let mut said = HashSet::new();
        for at in (0..self.model.kpis.len()).filter(|it| self.keeper.known(*it).is_none()) {
            let mut found = Diagnostics::default();
            rule(self.model, KpiId(at as u32), &mut found);
            if !found.is_empty() {
                self.keeper.speaks(at);
                found.retain(|it| it.span.is_none_or(|span| said.insert(span)));
                out.append(found);
            }
        }
    }
}

/// What a KPI means, as a number that is equal where meanings are.
pub(super) fn meaning_of(model: &Model, kpi: KpiId) -> Option<u64> {
    same_meaning::meaning(model, kpi).map(|it| same_meaning::number(&it))
}

/// How a KPI is titled, as numbers that are equal where titles are.
pub(super) fn titles_of(kpi: &Kpi) -> Vec<u64> {
    same_title::titles(kpi).map(|it| same_meaning::number(&it)).collect()
}

/// What an outside figure does not say of where it comes from.
pub(super) fn missing_origin_of(model: &Model, benchmark: &crate::model::Benchmark) -> Option<(&'static str, Option<String>)> {
    missing_origin::of_benchmark(model, benchmark)
}

/// In what an outside figure was made otherwise than its KPI.
pub(super) fn made_otherwise(model: &Model, benchmark: &crate::model::Benchmark) -> Vec<MadeOtherwise> {
    benchmark_not_comparable::differences(model, benchmark).into_iter().map(|it| it.1).collect()
}

macro_rules! rules {
    ($($file:ident,)*) => {
        $(mod $file;)*

        /// Every rule; `tests/it/rules.rs` reads the list.
        const RULES: &[fn(Subject<'_>, &mut Diagnostics)] = &[$($file::check,)*];
    };
}

rules! {
    missing_owner,
    missing_norms,
    kpi_without_goal,
    goal_without_kpi,
    goal_without_customer,
    business_goal_in_disguise,
    counted_twice,
    enabler_one_sided,
    touchpoint_without_kpi,
    touchpoint_without_stage,
    stage_without_kpi,
    asked_elsewhere,
    survey_without_trigger,
    same_meaning,
    same_title,
    variants_side_by_side,
    misnamed_measure,
    themes_alike,
    empty_section,
    missing_translation,
    survey_kinds_pooled,
    unfit_for_survey,
    relational_per_employee,
    effort_or_ease,
    constant_condition,
    overlapping_shares,
    code_conflict,
    unmarked_break,
    norm_across_break,
    window_across_break,
    undeclared_weight,
    identifier_as_dimension,
    free_text_as_dimension,
    missing_origin,
    assumption_without_range,
    assumption_gap,
    unused_assumption,
    benchmark_not_comparable,
    unsigned_finding,
    finding_never_lapses,
    finding_without_decision,
    written_out_figure,
    action_not_measurable,
    effect_elsewhere,
    effect_worsens,
    single_item,
    mixed_directions,
    item_without_owner,
    evidence_without_source,
    edge_without_evidence,
    incentive_without_counter,
    incentive_on_chance,
    incentive_without_influence,
}

/// As many KPIs as it takes before a second thread is worth its start.
const MANY: usize = 300;

/// Runs every rule; of a large project by two threads, each taking the next rule that is left. What they find stands in
/// the order of the rules.
pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(rule) = RULES.get(at) else { break done };
            let mut found = Diagnostics::default();
            rule(subject, &mut found);
            done.push((at, found));
        }
    };
    let mut all = std::thread::scope(|scope| {
        let second = (subject.model.kpis.len() >= MANY).then(|| scope.spawn(work));
        let mut all = work();
        // A panic of a rule is a fault of ours: it goes on here.
        all.extend(second.into_iter().flat_map(|it| it.join().unwrap_or_else(|it| std::panic::resume_unwind(it))));
        all
    });
    all.sort_by_key(|it| it.0);
    all.into_iter().for_each(|it| out.append(it.1));
}

/// Whether a column holds who persons are, or what they wrote in their own words.
pub(super) fn holds_persons(source: &Source, column: usize) -> bool {
    let declared = &source.columns[column];
    let identifies = !source.no_persons && name_words::column_holds(declared, &identifier_as_dimension::IDENTIFIERS);
    source.customer == Some(column) || identifies || name_words::column_holds(declared, &free_text_as_dimension::FREE_TEXT)
}

/// A finding about an item of the project, at its name.
fn about(code: Code, word: &str, name: &str, span: Span) -> Fact {
    Fact::at(code, span).with("name", name).about(format!("{word}:{name}"))
}

/// The driver models that can be computed, each with the answer that it explains.
fn driver_models(subject: Subject<'_>) -> impl Iterator<Item = (&Drivers, Answer)> {
    subject.model.drivers.iter().zip(subject.explained).filter_map(|(it, answer)| Some((it, (*answer)?)))
}

/// A finding about a driver model.
fn of_drivers(code: Code, drivers: &Drivers, span: Span) -> Fact {
    Fact::at(code, span).with("drivers", &drivers.name).about(format!("drivers:{}", drivers.name))
}
