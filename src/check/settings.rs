//! How much does each finding weigh in this project? Severities of lints, as the project and its items set them.

use crate::model::Model;
use crate::value::Diagnostics;

/// Sets the severities; an item's setting wins over that of the project it stands in.
pub(super) fn apply(model: &Model, out: &mut Diagnostics) {
    for fact in out.iter_mut().filter(|it| it.code.is_lint()) {
        let own = fact.about.as_ref().and_then(|it| model.item_lints.get(it));
        let own = own.and_then(|it| it.iter().find(|it| it.code == fact.code));
        let library = fact.span.and_then(|it| model.libraries.at(it));
        let project = library.map_or(&model.project.lints, |it| &it.lints).iter().find(|it| it.code == fact.code);
        if let Some(setting) = own.or(project) {
            fact.severity = setting.severity;
        }
    }
}
