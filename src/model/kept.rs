//! What was resolved of each KPI, kept from one build to the next: an edit of one item leaves most KPIs as they were.
//!
//! What a KPI resolves to follows from four things, and from nothing else. It is taken over only where all four are the
//! same, so that a build with what was kept gives the model that one without it gives:
//!
//! - its own item and those that it is like: the same `Arc`, so the same text at the same place;
//! - what is built before KPIs, from the items of [`FIRST`] words: the same items, in projects that use each other the
//!   same way, with the same answers to the names that they asked for;
//! - the names that it asked for itself: each has the same place, or the same lack of one;
//! - what earlier KPIs settled of columns, as the first use of a column tells what its values are.
//!
//! What it did beside giving a KPI is kept with it and done again: columns settled, texts compared, libraries used, lints.
//! A KPI of which anything was said is not kept: messages speak of other items, and are made anew.

use super::build::Builder;
use super::names::{Asked, Named};
use super::types::*;
use crate::library;
use crate::source::{FileId, Span};
use crate::syntax::{Item, Word};
use foldhash::{HashMap, HashSet};
use std::sync::Arc;

/// The words whose items are built before KPIs, and which KPIs look at.
const FIRST: [Word; 4] = [Word::Project, Word::Source, Word::Dimension, Word::Assumption];

/// Among how many of the last texts one is looked for that may stand there already.
const RECENT: usize = 64;

/// What was resolved, for the next build.
#[derive(Default)]
pub struct Kept {
    before: Option<Before>,
    /// By the address of their items, which are kept with them.
    kpis: HashMap<usize, Box<KeptKpi>>,
    states: HashSet<State>,
    /// What the values of columns were taken to be when all was built.
    last: Vec<u8>,
    ground: u64,
    stamps: Vec<u64>,
    next: u64,
    anew: usize,
}

/// Numbers that tell later stages what is the same as in another build: equal numbers, equal things.
#[derive(Clone, Copy, Debug)]
pub struct Stamps<'k> {
    /// Of what all KPIs stand on: the project, sources with their columns, dimensions, assumptions.
    pub ground: u64,
    /// Of each KPI, by its place.
    pub kpis: &'k [u64],
}

/// What the values of every column are taken to be, one byte a column.
type State = Arc<[u8]>;

/// What KPIs rest on.
struct Before {
    homes: Vec<Home>,
    items: Vec<Arc<Item>>,
    asked: Asked,
}

/// A project among the others.
#[derive(PartialEq)]
struct Home {
    place: library::Place,
    prefix: String,
    files: Vec<FileId>,
    uses: Vec<library::Use>,
    lost: Vec<String>,
}

/// A KPI with all that it rests on, and all that resolving it did.
struct KeptKpi {
    /// Its own item, then those that it is like.
    items: Vec<Arc<Item>>,
    like: Vec<KpiId>,
    asked: Asked,
    state: State,
    did: Vec<Effect>,
    lints: Vec<LintSetting>,
    stamp: u64,
    kpi: Arc<Kpi>,
}

/// What resolving does to the model, beside giving what is resolved.
#[derive(Clone)]
pub(super) enum Effect {
    /// A column was used, and its use tells what its values are.
    Settled {
        source: SourceId,
        column: usize,
        of: Option<ColumnType>,
        span: Span,
    },
    Compared(Compared),
}

impl Kept {
    /// How many KPIs the last build resolved, rather than took over.
    pub fn anew(&self) -> usize {
        self.anew
    }

    /// The stamps of the last build.
    pub fn stamps(&self) -> Stamps<'_> {
        Stamps { ground: self.ground, kpis: &self.stamps }
    }

    fn stamp(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}

impl Before {
    fn of(projects: &[library::Project], asked: Asked) -> Before {
        let home = |it: &library::Project| Home {
            place: it.place.clone(),
            prefix: it.prefix.clone(),
            files: it.files.clone(),
            uses: it.uses.clone(),
            lost: it.lost.clone(),
        };
        let items = projects.iter().flat_map(|it| &it.documents).flat_map(|it| &it.items);
        let items = items.filter(|it| FIRST.contains(&it.word)).cloned().collect();
        Before { homes: projects.iter().map(home).collect(), items, asked }
    }

    fn is(&self, other: &Before) -> bool {
        let same = |it: (&Arc<Item>, &Arc<Item>)| Arc::ptr_eq(it.0, it.1);
        self.homes == other.homes && self.items.len() == other.items.len() && self.items.iter().zip(&other.items).all(same)
    }
}

/// What is taken over and kept while KPIs are built.
pub(super) struct Keeper {
    known: Kept,
    now: Kept,
    /// Whether KPIs rest on what they rested on.
    same: bool,
    state: State,
    /// The place of the first column of each source in the state.
    starts: Vec<usize>,
}

impl Keeper {
    /// Begins, when all that comes before KPIs is built, and has been listened to.
    pub fn new(kept: Kept, projects: &[library::Project], builder: &Builder<'_>) -> Keeper {
        let before = Before::of(projects, builder.names.heard());
        let same = kept.before.as_ref().is_some_and(|it| it.is(&before) && builder.names.answers(&it.asked));
        let mut starts = Vec::new();
        let mut columns = 0;
        for source in &builder.model.sources {
            starts.push(columns);
            columns += source.columns.len();
        }
        let now = Kept { before: Some(before), next: kept.next, ..Kept::default() };
        let known = if same { kept } else { Kept::default() };
        let mut keeper = Keeper { known, now, same, state: Arc::default(), starts };
        keeper.turn(state(&builder.model));
        keeper
    }

    /// What is kept, when all is built.
    pub fn done(mut self, model: &Model) -> Kept {
        // Columns are settled by what comes after KPIs too.
        self.now.last = state(model);
        let same = self.same && self.now.last == self.known.last;
        self.now.ground = if same { self.known.ground } else { self.now.stamp() };
        self.now
    }

    /// The KPI that was kept, if it would be resolved to the same; what resolving it did is done again.
    pub fn again(&mut self, builder: &mut Builder<'_>, chain: &[Named<'_>], like: &[KpiId]) -> Option<Arc<Kpi>> {
        let known = self.known.kpis.remove(&address(chain.first()?)?)?;
        let same = known.items.len() == chain.len()
            && known.items.iter().zip(chain).all(|(known, now)| now.item.is_some_and(|it| Arc::ptr_eq(known, it)))
            && known.like == like
            && Arc::ptr_eq(&known.state, &self.state)
            && builder.names.answers(&known.asked);
        if !same {
            return None;
        }
        builder.names.asked_again(&known.asked);
        for effect in &known.did {
            match effect {
                Effect::Settled { source, column, of, span } => builder.use_column(*source, *column, *of, *span),
                Effect::Compared(it) => builder.compare(it.clone()),
            }
        }
        self.settled(&known.did);
        builder.keep_lints(Word::Kpi, chain[0], known.lints.clone());
        let kpi = Arc::clone(&known.kpi);
        self.now.stamps.push(known.stamp);
        self.now.kpis.insert(address(&chain[0])?, known);
        Some(kpi)
    }

    /// Begins to listen to how a KPI is resolved.
    pub fn listen(&mut self, builder: &mut Builder<'_>) {
        builder.names.listen();
        builder.effects = Some(Vec::new());
    }

    /// Keeps a KPI that was listened to; one of which something was said is not kept.
    pub fn keep(
        &mut self,
        builder: &mut Builder<'_>,
        chain: &[Named<'_>],
        like: &[KpiId],
        kpi: &Arc<Kpi>,
        lints: &[LintSetting],
        said: bool,
    ) {
        self.now.anew += 1;
        let stamp = self.now.stamp();
        self.now.stamps.push(stamp);
        let asked = builder.names.heard();
        let did = builder.effects.take().unwrap_or_default();
        let state = Arc::clone(&self.state);
        self.settled(&did);
        let items: Option<Vec<Arc<Item>>> = chain.iter().map(|it| it.item.cloned()).collect();
        let (Some(items), false) = (items, said) else { return };
        let kept = KeptKpi { like: like.to_vec(), asked, state, did, lints: lints.to_vec(), stamp, kpi: Arc::clone(kpi), items };
        self.now.kpis.insert(Arc::as_ptr(&kept.items[0]) as usize, Box::new(kept));
    }

    /// Follows what a KPI settled of columns.
    fn settled(&mut self, did: &[Effect]) {
        let mut state: Option<Vec<u8>> = None;
        for effect in did {
            if let Effect::Settled { source, column, of, .. } = effect {
                state.get_or_insert_with(|| self.state.to_vec())[self.starts[source.index()] + column] = byte(*of);
            }
        }
        if let Some(state) = state {
            self.turn(state);
        }
    }

    /// Equal states are one `Arc`, in this build and in the one before.
    fn turn(&mut self, state: Vec<u8>) {
        let known = self.known.states.get(state.as_slice()).or_else(|| self.now.states.get(state.as_slice()));
        self.state = known.cloned().unwrap_or_else(|| state.into());
        self.now.states.insert(Arc::clone(&self.state));
    }
}

fn address(named: &Named<'_>) -> Option<usize> {
    named.item.map(|it| Arc::as_ptr(it) as usize)
}

/// What the values of every column are taken to be.
fn state(model: &Model) -> Vec<u8> {
    model.sources.iter().flat_map(|it| &it.columns).map(|it| byte(it.of)).collect()
}

fn byte(of: Option<ColumnType>) -> u8 {
    of.map_or(0, |it| it as u8 + 1)
}

impl Builder<'_> {
    /// Takes the values of a column for what this use of it needs: of the uses, the first decides.
    pub fn use_column(&mut self, source: SourceId, column: usize, of: Option<ColumnType>, span: Span) {
        let place = &mut self.model.sources[source.index()].columns[column];
        if place.of.is_none() {
            place.of = of;
            place.settled = span;
            self.effect(|| Effect::Settled { source, column, of, span });
        }
    }

    /// Adds a text that values of rows are compared with.
    pub fn compare(&mut self, it: Compared) {
        self.effect(|| Effect::Compared(it.clone()));
        let compared = &mut self.model.compared;
        // A pattern is resolved once for each KPI that is like it. What stands below all of the last ones is none of them.
        let below = self.compared_from + RECENT <= compared.len() && compared.last().is_some_and(|last| last.span < it.span);
        if !below && compared.iter().rev().take(RECENT).any(|known| *known == it) {
            return;
        }
        if compared.last().is_none_or(|last| last.span >= it.span) {
            self.compared_from = compared.len();
        }
        compared.push(it);
    }

    fn effect(&mut self, effect: impl FnOnce() -> Effect) {
        if let Some(effects) = &mut self.effects {
            effects.push(effect());
        }
    }
}
