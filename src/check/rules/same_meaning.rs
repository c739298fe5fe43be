//! Two KPIs with one formula: one figure under two names.

use super::{Subject, about};
use crate::model::{KpiExpr, KpiId, KpiKind, Model, print_formula};
use crate::value::{Code, Diagnostics};
use foldhash::{HashMap, HashMapExt};
use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    // The first KPIs by the numbers of their meanings; other meanings with the same number stand behind the first.
    let mut firsts: HashMap<u64, (usize, Vec<usize>)> = HashMap::with_capacity(model.kpis.len());
    for (at, kpi) in model.kpis.iter().enumerate().filter(|it| !it.1.pattern && !it.1.broken) {
        let number = match subject.keeper.known(at) {
            Some(known) => known.meaning,
            None => meaning(model, KpiId(at as u32)).map(|it| number(&it)),
        };
        let Some(number) = number else { continue };
        let (first, others) = match firsts.entry(number) {
            Entry::Vacant(entry) => {
                entry.insert((at, Vec::new()));
                continue;
            }
            Entry::Occupied(entry) => entry.into_mut(),
        };
        let own = meaning(model, KpiId(at as u32));
        let known = std::iter::once(*first).chain(others.iter().copied()).find(|it| meaning(model, KpiId(*it as u32)) == own);
        match known {
            Some(known) => {
                let other = &model.kpis[known];
                let fact = about(Code::SameMeaning, "kpi", &kpi.name, kpi.span).with("other", &other.name);
                out.push(fact.label(other.span, "other"));
            }
            None => others.push(at),
        }
    }
}

/// A number that is equal where two things are; where they are not, it hardly ever is.
pub(super) fn number(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// What a KPI means, without its name: its formula in canonical form, and all that changes the figure beside it.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Meaning<'m> {
    formula: Cow<'m, str>,
    unit: String,
    /// The columns that weigh, cluster and date the rows of each aggregate.
    columns: Vec<[Option<usize>; 3]>,
}

/// The meaning of a KPI; `None` where its formula or its unit is not known.
pub(super) fn meaning(model: &Model, kpi: KpiId) -> Option<Meaning<'_>> {
    let mut kpi = &model.kpis[kpi.index()];
    let mut formula: &KpiExpr = kpi.formula.as_ref()?;
    // A KPI that only names another one means what that one means.
    for _ in 0..=model.kpis.len() {
        let KpiKind::Kpi { kpi: named, part: None } = &formula.kind else { break };
        kpi = &model.kpis[named.index()];
        formula = kpi.formula.as_ref()?;
    }
    let unit = kpi.unit.as_ref()?.name();
    // Which rows count stands in the formula; how they are weighted, clustered and dated does not.
    let mut columns = Vec::new();
    formula.walk(&mut |it| {
        if let KpiKind::Aggregate(of) = &it.kind {
            columns.push([of.weight, of.cluster, of.time]);
        }
    });
    let formula = match &formula.kind {
        // An aggregate is printed as its text.
        KpiKind::Aggregate(it) => Cow::Borrowed(it.text.as_str()),
        _ => Cow::Owned(print_formula(model, formula)),
    };
    Some(Meaning { formula, unit, columns })
}
