//! Which rules are there? One file a rule, named for its code; each looks at the whole project.
//!
//! A new rule is a file here, a line in the list below, a line in `value/fact.rs`, a page in `specs/diagnostics/` and a
//! case in `tests/cases/`. What follows from units, names and syntax alone is found where these are settled, not here.

mod measure;
mod name_words;
mod over_answers;

use super::Traits;
use crate::graph::Graph;
use crate::model::Model;
use crate::source::Span;
use crate::value::{Code, Diagnostics, Fact};

/// What a rule looks at.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub model: &'a Model,
    pub graph: &'a Graph,
    pub traits: &'a [Traits],
}

/// Why an outside figure cannot be held beside its KPI, in words; `None` where it can.
pub(super) fn benchmark_differs(model: &Model, benchmark: &crate::model::Benchmark) -> Option<String> {
    benchmark_not_comparable::reason(model, benchmark)
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
    incentive_without_counter,
    incentive_on_chance,
    incentive_without_influence,
}

/// Runs every rule.
pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for rule in RULES {
        rule(subject, out);
    }
}

/// A finding about an item of the project, at its name.
fn about(code: Code, word: &str, name: &str, span: Span) -> Fact {
    Fact::at(code, span).with("name", name).about(format!("{word}:{name}"))
}
