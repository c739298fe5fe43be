//! Two KPIs with one title and different formulas: readers see one figure with two values.

use super::name_words::texts;
use super::same_meaning::meaning;
use super::{Subject, about};
use crate::model::KpiId;
use crate::value::{Code, Diagnostics};
use std::collections::HashMap;

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    let mut first: HashMap<String, usize> = HashMap::with_capacity(model.kpis.len());
    for (at, kpi) in model.kpis.iter().enumerate().filter(|it| !it.1.pattern && !it.1.broken) {
        let titles: Vec<&str> = texts(&kpi.title).collect();
        let mut clash = None;
        for title in titles {
            let known = *first.entry(title.trim().to_lowercase()).or_insert(at);
            clash = clash.or((known != at).then_some((known, title)));
        }
        if let Some((known, title)) = clash {
            let ids = (KpiId(known as u32), KpiId(at as u32));
            // One formula under two names is another rule's.
            if meaning(model, ids.0) != meaning(model, ids.1) {
                let fact = about(Code::SameTitle, "kpi", &kpi.name, kpi.span).with("title", title.trim());
                let other = &model.kpis[known];
                out.push(fact.with("other", &other.name).label(other.span, "other"));
            }
        }
    }
}
