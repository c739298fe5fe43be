//! What was settled of plain KPIs, kept from one check to the next.
//!
//! A KPI is plain where its formula is one aggregate that keeps its own unit, and nothing was said of it. Its unit, its
//! direction, what it is made of, and what the rules of one KPI say, follow then from itself and from the ground that all
//! KPIs stand on: sources, dimensions, assumptions, the project. Where both are the same (their stamps tell), what was
//! settled is taken over. KPIs that are made of KPIs, and all of which something was said, are settled anew each time.

use super::{Traits, rules};
use crate::model::{Kpi, KpiExpr, KpiId, KpiKind, Model, Stamps};
use crate::value::Unit;
use foldhash::{HashMap, HashMapExt};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What was settled, for the next check.
#[derive(Default)]
pub struct Kept {
    ground: u64,
    plain: HashMap<u64, Plain>,
}

/// A KPI of which nothing was said.
pub(super) struct Plain {
    /// As the check left it.
    pub kpi: Arc<Kpi>,
    pub traits: Traits,
    /// What it means and how it is titled, as numbers that are equal where these are.
    pub meaning: Option<u64>,
    pub titles: Vec<u64>,
}

/// What is taken over and kept while a project is checked.
pub(super) struct Keeper {
    keeps: bool,
    known: Vec<Option<Plain>>,
    /// What each is made of that is plain as far as its formula goes, and was not known.
    new: Vec<Option<Traits>>,
    spoken_of: Vec<AtomicBool>,
}

impl Keeper {
    /// Begins: with what the last check kept, if anything is to be kept.
    pub fn new(kept: Option<(&mut Kept, Stamps<'_>)>, kpis: usize) -> Keeper {
        let mut keeper = Keeper { keeps: kept.is_some(), known: Vec::new(), new: Vec::new(), spoken_of: Vec::new() };
        if let Some((kept, stamps)) = kept {
            if kept.ground != stamps.ground {
                kept.plain.clear();
            }
            keeper.known = stamps.kpis.iter().map(|it| kept.plain.remove(it)).collect();
            keeper.new.resize_with(kpis, || None);
            keeper.spoken_of.resize_with(kpis, AtomicBool::default);
        }
        keeper
    }

    /// What is known of a KPI: it is plain, and nothing is to be said of it.
    pub fn known(&self, kpi: usize) -> Option<&Plain> {
        self.known.get(kpi)?.as_ref()
    }

    /// Takes a KPI for plain, if it is, as long as nothing is said of it.
    pub fn settled(&mut self, model: &Model, id: KpiId, formula: &KpiExpr, unit: Option<&Unit>, traits: &Traits) {
        let kpi = &model.kpis[id.index()];
        let plain = matches!(formula.kind, KpiKind::Aggregate(_)) && kpi.written_unit.is_none() && !kpi.broken && !kpi.pattern;
        if self.keeps && plain && unit.is_some() {
            self.new[id.index()] = Some(traits.clone());
        }
    }

    /// Something is said of a KPI: it is not plain.
    pub fn speaks(&self, kpi: usize) {
        if let Some(it) = self.spoken_of.get(kpi) {
            it.store(true, Ordering::Relaxed);
        }
    }

    /// Hands over what is kept, when all is checked.
    pub fn done(self, model: &Model, kept: &mut Kept, stamps: Stamps<'_>) {
        let Keeper { known, new, spoken_of, .. } = self;
        let mut plain = HashMap::with_capacity(stamps.kpis.len());
        for (at, ((known, new), spoken_of)) in known.into_iter().zip(new).zip(spoken_of).enumerate() {
            let silent = !spoken_of.load(Ordering::Relaxed) && !model.kpis[at].broken;
            let new = new.filter(|_| silent).map(|traits| {
                let kpi = Arc::clone(&model.kpis[at]);
                Plain { meaning: rules::meaning_of(model, KpiId(at as u32)), titles: rules::titles_of(&kpi), traits, kpi }
            });
            if let Some(it) = known.or(new) {
                plain.insert(stamps.kpis[at], it);
            }
        }
        *kept = Kept { ground: stamps.ground, plain };
    }
}
