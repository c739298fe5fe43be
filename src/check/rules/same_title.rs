//! Two KPIs with one title and different formulas: readers see one figure with two values.

use super::name_words::texts;
use super::same_meaning::meaning;
use super::{Subject, about, titles_of};
use crate::model::{Kpi, KpiId};
use crate::value::{Code, Diagnostics};
use foldhash::{HashMap, HashMapExt};
use std::borrow::Cow;
use std::collections::hash_map::Entry;

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    // The KPIs that were the first to have a title, by the numbers of their titles.
    let mut firsts: HashMap<u64, (usize, Vec<usize>)> = HashMap::with_capacity(model.kpis.len());
    for (at, kpi) in model.kpis.iter().enumerate().filter(|it| !it.1.pattern && !it.1.broken) {
        let numbers = match subject.keeper.known(at) {
            Some(known) => Cow::Borrowed(known.titles.as_slice()),
            None => Cow::Owned(titles_of(kpi)),
        };
        let mut clash = None;
        for (nth, number) in numbers.iter().enumerate() {
            let (first, others) = match firsts.entry(*number) {
                Entry::Vacant(entry) => {
                    entry.insert((at, Vec::new()));
                    continue;
                }
                Entry::Occupied(entry) => entry.into_mut(),
            };
            let Some(own) = titles(kpi).nth(nth) else { continue };
            let known = std::iter::once(*first).chain(others.iter().copied()).find(|it| titles(&model.kpis[*it]).any(|it| it == own));
            match known {
                Some(known) if known != at => clash = clash.or_else(|| Some((known, texts(&kpi.title).nth(nth)?))),
                Some(_) => {}
                None => others.push(at),
            }
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

/// The titles of a KPI as they are compared: in small letters.
pub(super) fn titles(kpi: &Kpi) -> impl Iterator<Item = String> {
    texts(&kpi.title).map(|it| it.trim().to_lowercase())
}
