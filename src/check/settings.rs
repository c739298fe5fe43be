//! How much does each finding weigh in this project? Severities of lints, as the project, its files and its items set
//! them.

use crate::model::{LintSetting, Model};
use crate::value::{Code, Diagnostics, Family};

/// Sets the severities; what an item says of itself wins over what its file says, and that over the project it stands in.
pub(super) fn weigh(model: &Model, out: &mut Diagnostics) {
    // What of a library nobody uses here, and whose it is, is for its own project to say; not so whether what a goal of
    // this project is measured by has norms.
    out.retain(|fact| {
        let lent = fact.span.is_some_and(|it| model.libraries.at(it).is_some());
        let own = matches!(fact.code.family(), Family::Coverage | Family::Governance) && fact.code != Code::MissingNorms;
        !(lent && own && fact.code.is_lint())
    });
    for fact in out.iter_mut().filter(|it| it.code.is_lint()) {
        let of = |it: &[LintSetting]| it.iter().find(|it| it.code == fact.code).map(|it| it.severity);
        let about = fact.about.as_deref();
        // What a journey says holds for its stages.
        let journey = about.and_then(|it| it.strip_prefix("stage:")?.split_once('.')).map(|it| format!("journey:{}", it.0));
        let items = about.into_iter().chain(journey.as_deref());
        let item = items.filter_map(|it| model.item_lints.get(it)).find_map(|it| of(it));
        let file = || fact.span.and_then(|it| model.file_lints.get(&it.file)).and_then(|it| of(it));
        let library = fact.span.and_then(|it| model.libraries.at(it));
        let project = library.map_or(&model.project.lints, |it| &it.lints);
        if let Some(severity) = item.or_else(file).or_else(|| of(project)) {
            fact.severity = severity;
        }
    }
}
