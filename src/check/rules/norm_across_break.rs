//! A norm that begins before a change of definition and holds after it: what it was set for is no longer measured.

use super::{Subject, about};
use crate::model::Norms;
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for kpi in subject.model.kpis.iter().filter(|it| !it.pattern && !it.broken) {
        let Some(changed) = kpi.changed.as_ref().filter(|it| !it.comparable) else { continue };
        let spans = |norms: &&Norms| {
            let lines = [&norms.worst, &norms.threshold, &norms.target].into_iter().flatten().filter_map(|it| it.line);
            // A norm without a first day claims nothing of the time before.
            let begun = norms.from.is_some_and(|it| it < changed.on) || lines.clone().any(|it| it.0 < changed.on && it.2 > changed.on);
            begun && norms.until.is_none_or(|it| it > changed.on)
        };
        // Later norms take over from earlier ones for the same rows.
        let holds_on = |norms: &&Norms| {
            !kpi.norms.iter().any(|it| it.filter == norms.filter && it.from > norms.from && it.from.is_some_and(|it| it <= changed.on))
        };
        if let Some(norms) = kpi.norms.iter().filter(spans).find(holds_on) {
            let fact = about(Code::NormAcrossBreak, "kpi", &kpi.name, norms.span).with("on", changed.on);
            out.push(fact.label(kpi.span, "kpi"));
        }
    }
}
