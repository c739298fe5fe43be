//! A finding without a condition: its words stay when its figures move.

use super::{Subject, about};
use crate::value::{Code, Diagnostics};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    for finding in subject.model.findings.iter().filter(|it| !it.broken && !it.while_said) {
        if let Some(kpi) = finding.kpis().first() {
            let fact = about(Code::FindingNeverLapses, "finding", &finding.name, finding.span);
            out.push(fact.with("kpi", &subject.model.kpis[kpi.index()].name));
        }
    }
}
