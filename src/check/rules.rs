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

macro_rules! rules {
    ($($file:ident $code:ident,)*) => {
        $(mod $file;)*

        /// Every rule: the code that it raises, its file, and what finds it.
        const RULES: &[(Code, &str, fn(Subject<'_>, &mut Diagnostics))] =
            &[$((Code::$code, stringify!($file), $file::check),)*];
    };
}

rules! {
    missing_owner MissingOwner,
    missing_norms MissingNorms,
    kpi_without_goal KpiWithoutGoal,
    goal_without_kpi GoalWithoutKpi,
    goal_without_customer GoalWithoutCustomer,
    business_goal_in_disguise BusinessGoalInDisguise,
    counted_twice CountedTwice,
    enabler_one_sided EnablerOneSided,
    touchpoint_without_kpi TouchpointWithoutKpi,
    touchpoint_without_stage TouchpointWithoutStage,
    stage_without_kpi StageWithoutKpi,
    asked_elsewhere AskedElsewhere,
    survey_without_trigger SurveyWithoutTrigger,
    same_meaning SameMeaning,
    same_title SameTitle,
    variants_side_by_side VariantsSideBySide,
    misnamed_measure MisnamedMeasure,
    themes_alike ThemesAlike,
    empty_section EmptySection,
    survey_kinds_pooled SurveyKindsPooled,
    unfit_for_survey UnfitForSurvey,
    relational_per_employee RelationalPerEmployee,
    effort_or_ease EffortOrEase,
    constant_condition ConstantCondition,
    overlapping_shares OverlappingShares,
    unmarked_break UnmarkedBreak,
    norm_across_break NormAcrossBreak,
    window_across_break WindowAcrossBreak,
    undeclared_weight UndeclaredWeight,
    identifier_as_dimension IdentifierAsDimension,
    free_text_as_dimension FreeTextAsDimension,
}

/// Runs every rule.
pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for (_, _, rule) in RULES {
        rule(subject, out);
    }
}

/// A finding about an item of the project, at its name.
fn about(code: Code, word: &str, name: &str, span: Span) -> Fact {
    Fact::at(code, span).with("name", name).about(format!("{word}:{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// Files that rules share.
    const SHARED: [&str; 3] = ["measure", "name_words", "over_answers"];

    #[test]
    fn every_file_is_a_rule_with_a_case() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files: Vec<String> = std::fs::read_dir(root.join("src/check/rules"))
            .expect("the folder of rules")
            .map(|it| it.expect("a file").path().file_stem().expect("a name").to_string_lossy().into_owned())
            .filter(|it| !SHARED.contains(&it.as_str()))
            .collect();
        files.sort();
        let mut listed: Vec<String> = RULES.iter().map(|it| it.1.to_owned()).collect();
        listed.sort();
        assert_eq!(files, listed, "a file a rule, and each is listed");
        let cases = cases(&root.join("tests/cases"));
        for (code, file, _) in RULES {
            assert_eq!(file.replace('_', "-"), code.name(), "a file is named for its code");
            assert!(cases.contains(&format!("[{}]", code.name())), "{}: no case in tests/cases raises it", code.name());
        }
    }

    /// The text of all cases.
    fn cases(folder: &Path) -> String {
        let mut text = String::new();
        for entry in std::fs::read_dir(folder).expect("a folder of cases") {
            let path = entry.expect("an entry").path();
            text += &if path.is_dir() { cases(&path) } else { std::fs::read_to_string(&path).expect("a page") };
        }
        text
    }
}
