//! How much does each finding weigh in this project? Severities of lints, as the project, its files and its items set
//! them.

use crate::model::{LintSetting, Model};
use crate::value::Diagnostics;

/// Sets the severities; what an item says of itself wins over what its file says, and that over the project.
pub(super) fn weigh(model: &Model, out: &mut Diagnostics) {
    for fact in out.iter_mut().filter(|it| it.code.is_lint()) {
        let of = |it: &[LintSetting]| it.iter().find(|it| it.code == fact.code).map(|it| it.severity);
        let about = fact.about.as_deref();
        // What a journey says holds for its stages.
        let journey = about.and_then(|it| it.strip_prefix("stage:")?.split_once('.')).map(|it| format!("journey:{}", it.0));
        let items = about.into_iter().chain(journey.as_deref());
        let item = items.filter_map(|it| model.item_lints.get(it)).find_map(|it| of(it));
        let file = || fact.span.and_then(|it| model.file_lints.get(&it.file)).and_then(|it| of(it));
        if let Some(severity) = item.or_else(file).or_else(|| of(&model.project.lints)) {
            fact.severity = severity;
        }
    }
}
