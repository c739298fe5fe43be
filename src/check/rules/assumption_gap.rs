//! Values of a dimension of which an assumption says nothing.

use super::{Subject, about};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let lang = subject.model.project.language;
    for it in subject.model.assumptions.iter().filter(|it| !it.broken) {
        let Some((by, _)) = &it.by else { continue };
        let dimension = &subject.model.dimensions[by.index()];
        let missing = dimension.values.iter().filter(|value| it.estimate(Some(&value.0)).is_none());
        let missing: Vec<String> = missing.map(|(code, title)| format!("`{}`", title.get(lang).unwrap_or(code))).collect();
        if !missing.is_empty() {
            let fact = about(Code::AssumptionGap, "assumption", &it.name, it.span).with("values", missing.join(", "));
            out.push(fact.with("dimension", &dimension.name).label(dimension.span, "dimension"));
        }
    }
}
