//! Which rows of which tables are hidden: the pattern of every base, brought back to the figures that rest on it.

use super::comparison::Allowed;
use super::conditions::{System, Systems};
use super::cone::Answers;
use super::counted::{Counted, Scores};
use super::nested::Bounds;
use super::pattern::{self, Cell, Known};
use super::spans::Days;
use crate::calendar::{Date, Grain, Period};
use crate::check::Checked;
use crate::engine::{KeyValue, Table};
use crate::eval::{Figure, bases};
use crate::model::{DimensionId, KpiId, KpiKind, Model, Rows, SourceId};
use crate::plan::{Against, Base, Condition, LeafAt, Leafed, Measure, Placed, Plan, Planned, Window, answered, base};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// What may not be shown of the tables of a plan.
#[derive(Debug, Default)]
pub struct Hidden {
    /// For each ask of the plan the base below which nothing is shown.
    least: Vec<u64>,
    /// For each ask the rows that are hidden.
    rows: Vec<TableRows>,
    /// For each ask the rows whose figure may be shown, and what it is held against may not.
    beside: Vec<TableRows>,
    /// The sources of which it is not told how many rows they have.
    rows_of: BTreeSet<SourceId>,
    /// For each ask that counts answers by code the rows in which something is hidden of these answers.
    holding: Vec<TableRows>,
    /// For each ask over a question of which something is hidden, what its table parts the answers by.
    parting: BTreeMap<usize, Parting>,
}

/// What a table parts the answers to a question by.
#[derive(Debug, Default)]
pub(super) struct Parting {
    over: BTreeSet<Over>,
    dimensions: BTreeSet<DimensionId>,
    conditions: BTreeSet<Condition>,
    /// Whether a score of these answers is no count of some of them, as a mean is not.
    has_mean: bool,
}

impl Parting {
    pub fn has_mean(&self) -> bool {
        self.has_mean
    }

    /// Whether it parts answers to the same question by no more than another does.
    pub fn is_coarser(&self, other: &Parting) -> bool {
        self.dimensions.is_subset(&other.dimensions) && self.conditions.is_subset(&other.conditions)
    }

    /// Whether it is of the same answers as another.
    pub fn is_of_same(&self, other: &Parting) -> bool {
        !self.over.is_disjoint(&other.over)
    }
}

/// Rows of a table.
type TableRows = HashSet<(Period, Arc<[KeyValue]>)>;

impl Hidden {
    /// What may be shown of a figure of an ask.
    pub(super) fn allows(&self, ask: usize, figure: &Figure) -> Allowed {
        let small = |base: Option<u64>| base.is_some_and(|it| it > 0 && it < self.least[ask]);
        let among =
            |rows: &[TableRows]| rows.get(ask).is_some_and(|it| !it.is_empty() && it.contains(&(figure.period, figure.key.clone())));
        let other = || figure.compared.as_ref().is_some_and(|it| small(it.protected_base));
        match () {
            () if small(figure.protected_base) || among(&self.rows) => Allowed::Nothing,
            () if other() || among(&self.beside) => Allowed::Figure,
            () => Allowed::All,
        }
    }

    /// Whether a row of an ask is hidden: it is too small, or would tell of one that is.
    pub(super) fn hides(&self, ask: usize, period: Period, key: &[KeyValue]) -> bool {
        self.rows.get(ask).is_some_and(|it| !it.is_empty() && it.contains(&(period, Arc::from(key))))
    }

    /// Whether it may be told how many rows a source has.
    pub(super) fn tells_rows(&self, source: SourceId) -> bool {
        !self.rows_of.contains(&source)
    }

    /// Whether something is hidden of the answers in a row of an ask that counts them by code.
    pub(super) fn holds_hidden(&self, ask: usize, period: Period, key: &[KeyValue]) -> bool {
        self.holding.get(ask).is_some_and(|it| !it.is_empty() && it.contains(&(period, Arc::from(key))))
    }

    /// What the table of an ask parts the answers by; none where nothing of them is hidden.
    pub(super) fn parting(&self, ask: usize) -> Option<&Parting> {
        self.parting.get(&ask)
    }

    /// Finds what may not be shown.
    pub fn of(checked: &Checked, plan: &Plan, table: &Table, today: Date) -> Hidden {
        let least: Vec<u64> = plan.asks.iter().map(|it| least_base(checked, it.ask.kpi)).collect();
        let mut small = false;
        bases(checked, plan, table, today, &mut |at, _, _, found| {
            // What a condition leaves may be small where no figure is.
            let may_leave = |it: &crate::eval::Base| it.protected > 0 && plan.arena.leaf(it.leaf).filter.is_some();
            small |= plan.asks[at].told && found.iter().any(|it| (it.protected > 0 && it.protected < least[at]) || may_leave(it));
        });
        if !small {
            return Hidden { least, ..Hidden::default() };
        }
        let mut gathered = Gathered::default();
        // Of which rows a leaf speaks is the same in all of its rows.
        let mut known: BTreeMap<LeafAt, Spoken> = BTreeMap::new();
        bases(checked, plan, table, today, &mut |at, period, key, found| {
            let asked = &plan.asks[at].ask;
            let is_rest = plan.asks[at].against == Some(Against::Rest);
            let mut row = Row { ask: at, period, key: key.clone(), own: Vec::new(), other: Vec::new(), also: Vec::new() };
            for it in found {
                let leaf = plan.arena.leaf(it.leaf);
                let spoken = known.entry(it.leaf).or_insert_with(|| {
                    leaf.filter.iter().for_each(|it| gathered.bounds.add(&checked.model, it));
                    Spoken::of(checked, leaf)
                });
                let fixed = &spoken.fixed;
                // Who is there at the start of a quarter is not the sum of who is at those of its months.
                let walks = matches!(leaf.measure, Measure::Customer { .. });
                let alone = if walks { Some(it.days) } else { moment(checked, table, leaf, period, it.days) };
                let (stretch, days) = alone.map_or((None, it.days), |alone| (Some(alone), (0, 1)));
                let of = (spoken.base.clone(), least[at], stretch);
                // `ces[channel = "phone"]` by channel has no answers on the web: that is no cell of what is asked there.
                let cut = || asked.cut.iter().zip(key.iter());
                if cut().any(|(dimension, value)| fixed.get(dimension).is_some_and(|it| it != value)) {
                    continue;
                }
                if !plan.asks[at].told {
                    let at =
                        fixed.clone().into_iter().chain(asked.cut.iter().copied().zip(key.iter().cloned())).collect::<BTreeMap<_, _>>();
                    let place = Place { at: at.into_iter().collect(), days };
                    let counted = gathered.scores.counted(checked, leaf, it);
                    let content = Content { n: it.n, protected: it.protected, counted, kept: BTreeSet::new() };
                    put(gathered.cells.entry(of).or_default(), place, content);
                    continue;
                }
                if is_rest {
                    // A segment and the rest of the population are the population.
                    let all = Place { at: fixed.clone().into_iter().collect(), days };
                    row.other.push((of.clone(), all));
                }
                let mut place = fixed.clone();
                place.extend(asked.cut.iter().copied().zip(key.iter().cloned()));
                let place = Place { at: place.into_iter().collect(), days };
                let counted = gathered.scores.counted(checked, leaf, it);
                let kept: Vec<DimensionId> = fixed.keys().copied().collect();
                if let Some(((base, others), sums)) = spoken.answered.as_ref().zip(it.sums) {
                    let n = if *others { it.n.saturating_sub(sums.0 as u64) } else { sums.0 as u64 };
                    let content =
                        Content { n, protected: it.protected.min(n), counted: Counted::default(), kept: BTreeSet::from([kept.clone()]) };
                    let of = (base.clone(), of.1, of.2);
                    gathered.shares.push(ShareTold { row: gathered.rows.len(), own: it.own, of, place: place.clone(), content });
                }
                gathered.add(of.clone(), place.clone(), it, counted, kept);
                let to = if it.own { &mut row.own } else { &mut row.other };
                to.push((of, place));
            }
            if plan.asks[at].told {
                gathered.rows.push(row);
            }
        });
        gathered.join(&checked.model);
        let counts = |it: &Placed| matches!(plan.arena.leaf(it.at).measure, Measure::Frequency(_));
        let counting = plan.asks.iter().map(|it| it.leaves.iter().any(counts)).collect();
        let totals = plan.asks.iter().map(|it| total_of(checked, plan, it)).collect();
        gathered.hidden(checked, least, &Kinds { counting, totals })
    }
}

/// Of which rows a leaf speaks.
struct Spoken {
    base: Base,
    /// The values that it is kept to.
    fixed: BTreeMap<DimensionId, KeyValue>,
    /// Of a share that tells how many answered: their base, and whether it is the share of the others.
    answered: Option<(Base, bool)>,
}

impl Spoken {
    fn of(checked: &Checked, leaf: &Leafed) -> Spoken {
        let (base, fixed) = base(checked, leaf);
        let fixed = fixed.into_iter().map(|it| (it.0, KeyValue::Value(it.1.into()))).collect();
        Spoken { base, fixed, answered: answered(checked, leaf) }
    }
}

/// Where a cell is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Place {
    pub at: Vec<(DimensionId, KeyValue)>,
    pub days: Days,
}

impl Place {
    /// Whether there may be answers in both.
    fn meets(&self, other: &Place) -> bool {
        let apart = |it: &(DimensionId, KeyValue)| other.at.iter().any(|of| of.0 == it.0 && of.1 != it.1);
        self.days.0 < other.days.1 && other.days.0 < self.days.1 && !self.at.iter().any(apart)
    }
}

/// How much there is in a cell.
#[derive(Clone, Debug)]
pub(super) struct Content {
    /// Answers.
    pub n: u64,
    /// Persons, else answers.
    pub protected: u64,
    /// What scores tell of the answers.
    pub counted: Counted,
    /// For each table that tells it, the dimensions of which the table is kept to one value: of a whole table, none. Where
    /// nobody is told it, there is no table.
    pub kept: BTreeSet<Vec<DimensionId>>,
}

impl Content {
    /// What a whole table tells.
    pub fn whole(n: u64, protected: u64) -> Content {
        Content { n, protected, counted: Counted::default(), kept: BTreeSet::from([Vec::new()]) }
    }
}

/// What is protected together, and the minimum base for it; the days, where what holds over days is no sum.
pub(super) type Question = (Base, u64, Option<Days>);

/// Questions that differ by their conditions and their minimum base alone.
type Over = (Base, Option<Days>);

/// What a share tells of those who answered.
struct ShareTold {
    /// The place of its row.
    row: usize,
    own: bool,
    of: Question,
    place: Place,
    content: Content,
}

/// A row of a table, with the cells that its figure rests on, and those of what it is held against.
struct Row {
    ask: usize,
    period: Period,
    key: Arc<[KeyValue]>,
    own: Vec<(Question, Place)>,
    other: Vec<(Question, Place)>,
    /// What it tells of other questions; whether its figure does, or what that is held against.
    also: Vec<(bool, Question, Place)>,
}

/// Adds what there is in a cell. Items of one base may differ by rows without a weight: the smallest counts.
pub(super) fn put(cells: &mut BTreeMap<Place, Content>, place: Place, content: Content) {
    let there = cells.entry(place).or_insert_with(|| content.clone());
    let (mut told, mut also) = (std::mem::take(&mut there.counted), content.counted);
    if content.n < there.n {
        std::mem::swap(&mut told, &mut also);
    }
    told.also(also);
    there.counted = told;
    there.n = there.n.min(content.n);
    there.protected = there.protected.min(content.protected);
    there.kept.extend(content.kept);
}

/// The cells of every base, and the rows that rest on them.
#[derive(Default)]
struct Gathered {
    cells: BTreeMap<Question, BTreeMap<Place, Content>>,
    /// The scores that are told.
    scores: Scores,
    /// What the conditions of bases say.
    bounds: Bounds,
    rows: Vec<Row>,
    /// What shares tell of those who answered.
    shares: Vec<ShareTold>,
    /// Of each question the one that stands for all that the same people answered.
    same: BTreeMap<Over, Over>,
}

impl Gathered {
    fn add(&mut self, of: Question, place: Place, found: &crate::eval::Base, counted: Counted, kept: Vec<DimensionId>) {
        let content = Content { n: found.n, protected: found.protected, counted, kept: BTreeSet::from([kept]) };
        put(self.cells.entry(of).or_default(), place, content);
    }

    /// Joins what tells of the same answers.
    fn join(&mut self, model: &Model) {
        let told: BTreeSet<Over> = self.cells.keys().map(over).collect();
        for it in std::mem::take(&mut self.shares).into_iter().filter(|it| told.contains(&over(&it.of))) {
            put(self.cells.entry(it.of.clone()).or_default(), it.place.clone(), it.content);
            self.rows[it.row].also.push((it.own, it.of, it.place));
        }
        self.join_blanks(model);
        self.same = self.answered_by_the_same();
        for (of, cells) in std::mem::take(&mut self.cells) {
            let all = self.cells.entry(same(&self.same, &of)).or_default();
            cells.into_iter().for_each(|(place, content)| put(all, place, content));
        }
    }

    /// Those who answered are what those leave who did not, where these are told.
    fn join_blanks(&mut self, model: &Model) {
        let mut blanks: BTreeMap<Over, BTreeSet<String>> = BTreeMap::new();
        for of in self.cells.keys() {
            blanks.entry(over(of)).or_default().extend(of.0.conditions.iter().map(|it| it.text.clone()));
        }
        let mut found: BTreeMap<Question, Vec<Question>> = BTreeMap::new();
        for of in self.cells.keys() {
            for (base, condition) in of.0.as_conditions(model) {
                let other = (base, of.1, of.2);
                if blanks.get(&over(&other)).is_some_and(|it| condition.contrary.is_subset(it)) {
                    found.entry(of.clone()).or_default().push(other);
                }
            }
        }
        for (of, others) in &found {
            let cells = self.cells[of].clone();
            for other in others {
                let all = self.cells.entry(other.clone()).or_default();
                cells.iter().for_each(|(place, content)| put(all, place.clone(), content.clone()));
            }
        }
        for row in &mut self.rows {
            let told = |is_own: bool, of: &Question, place: &Place| {
                let others = found.get(of).into_iter().flatten();
                others.map(|it| (is_own, it.clone(), place.clone())).collect::<Vec<_>>()
            };
            let own = row.own.iter().map(|it| (true, &it.0, &it.1));
            let other = row.other.iter().map(|it| (false, &it.0, &it.1));
            let also = row.also.iter().map(|it| (it.0, &it.1, &it.2));
            let more: Vec<_> = own.chain(other).chain(also).flat_map(|it| told(it.0, it.1, it.2)).collect();
            row.also.extend(more);
        }
    }

    /// Questions that the same people answered: in every total that two tell, as many answered both.
    fn answered_by_the_same(&self) -> BTreeMap<Over, Over> {
        let mut totals: BTreeMap<Over, BTreeMap<(&BTreeSet<Condition>, Days), u64>> = BTreeMap::new();
        for (of, cells) in &self.cells {
            let own = totals.entry(over(of)).or_default();
            // A total that is too small is not told.
            let told = cells.iter().filter(|it| it.0.at.is_empty() && it.1.protected >= of.1 && !it.1.kept.is_empty());
            own.extend(told.map(|(place, content)| ((&of.0.conditions, place.days), content.n)));
        }
        let is_same = |a: &Over, b: &Over| {
            let mut both = totals[a].iter().filter_map(|(place, n)| Some(*n == *totals[b].get(place)?)).peekable();
            a.1 == b.1 && a.0.is_beside(&b.0) && both.peek().is_some() && both.all(|it| it)
        };
        let mut found: BTreeMap<Over, Over> = BTreeMap::new();
        for of in totals.keys() {
            let mut next = vec![of];
            while let Some(it) = next.pop() {
                if !found.contains_key(it) {
                    found.insert(it.clone(), of.clone());
                    next.extend(totals.keys().filter(|other| is_same(it, other)));
                }
            }
        }
        found
    }

    /// Gives every minimum base of KPIs over one question all their cells: what the one hides may stand in the table of
    /// another. Returns these minimum bases.
    fn share(&mut self) -> BTreeMap<Over, BTreeSet<u64>> {
        let mut least: BTreeMap<Over, BTreeSet<u64>> = BTreeMap::new();
        self.cells.keys().for_each(|it| _ = least.entry(over(it)).or_default().insert(it.1));
        if least.values().all(|it| it.len() == 1) {
            return least;
        }
        let mut all: BTreeMap<Question, BTreeMap<Place, Content>> = BTreeMap::new();
        for (of, cells) in std::mem::take(&mut self.cells) {
            for least in &least[&over(&of)] {
                let shared = all.entry((of.0.clone(), *least, of.2)).or_default();
                cells.iter().for_each(|(place, content)| put(shared, place.clone(), content.clone()));
            }
        }
        self.cells = all;
        least
    }

    fn hidden(mut self, checked: &Checked, least: Vec<u64>, kinds: &Kinds) -> Hidden {
        let shared = self.share();
        let is_mean = |it: &Content| it.counted.scores().any(|it| !self.scores.is_count(it));
        let means: BTreeSet<Over> = self.cells.iter().filter(|it| it.1.values().any(is_mean)).map(|it| over(it.0)).collect();
        let systems = Systems::of(checked, std::mem::take(&mut self.cells), &self.bounds);
        let declared = known(checked);
        let answers = |of: &[u32]| self.scores.answers(checked, of);
        let hidden = |it: &System| -> HashSet<Place> {
            let known = Known { within: [declared.within.as_slice(), &it.within].concat(), conditions: it.conditions() };
            hidden_places(&known, &it.cells, it.least, &answers).into_iter().cloned().collect()
        };
        let places: Vec<HashSet<Place>> = systems.iter().map(hidden).collect();
        let is_hidden = |of: &Question, place: &Place| systems.places(of, place).any(|(at, place)| places[at].contains(&place));
        let is_told = |of: &Question, place: &Place| {
            let of = &same(&self.same, of);
            // Who asks for more hides what those hide who ask for less.
            let smaller = shared.get(&over(of)).into_iter().flatten().filter(|it| **it < of.1);
            !is_hidden(of, place) && !smaller.copied().any(|it| is_hidden(&(of.0.clone(), it, of.2), place))
        };
        let any = |cells: &[(Question, Place)], also: &[(bool, Question, Place)], is_own: bool| {
            let more = also.iter().filter(|it| it.0 == is_own).map(|it| (&it.1, &it.2));
            !cells.iter().map(|it| (&it.0, &it.1)).chain(more).all(|it| is_told(it.0, it.1))
        };
        let mut rows = vec![TableRows::new(); least.len()];
        let mut beside = rows.clone();
        for row in &self.rows {
            if any(&row.own, &row.also, true) {
                rows[row.ask].insert((row.period, row.key.clone()));
            } else if any(&row.other, &row.also, false) {
                beside[row.ask].insert((row.period, row.key.clone()));
            }
        }
        let holding = self.holding(&rows, &kinds.counting);
        let rows_of = self.rows_of(&rows, &kinds.totals);
        let mut parting = parting(checked, &self.rows, &rows);
        for it in parting.values_mut() {
            it.has_mean = it.over.iter().any(|it| means.contains(self.same.get(it).unwrap_or(it)));
        }
        Hidden { least, parting, rows, beside, holding, rows_of }
    }

    /// The sources whose rows less those in all figures of a table would be what it hides: where something of them is hidden,
    /// and no table tells all of them, period by period.
    fn rows_of(&self, hidden: &[TableRows], totals: &[Option<SourceId>]) -> BTreeSet<SourceId> {
        let is_hidden = |it: &&Row| hidden[it.ask].contains(&(it.period, it.key.clone()));
        let mut found: BTreeSet<SourceId> = self.rows.iter().filter(is_hidden).flat_map(|it| &it.own).map(|it| it.0.0.source).collect();
        let asked: BTreeSet<usize> = self.rows.iter().map(|it| it.ask).collect();
        for source in asked.into_iter().filter(|it| hidden[*it].is_empty()).filter_map(|it| totals[it]) {
            found.remove(&source);
        }
        found
    }

    /// The rows of some asks in which something is hidden of the same answers.
    fn holding(&self, hidden: &[TableRows], asks: &[bool]) -> Vec<TableRows> {
        let question = |of: &Question| over(&same(&self.same, of));
        let mut places: BTreeMap<Over, BTreeSet<&Place>> = BTreeMap::new();
        for row in self.rows.iter().filter(|it| hidden[it.ask].contains(&(it.period, it.key.clone()))) {
            row.own.iter().for_each(|(of, place)| _ = places.entry(question(of)).or_default().insert(place));
        }
        let mut found = vec![TableRows::new(); asks.len()];
        for row in self.rows.iter().filter(|it| asks[it.ask]) {
            let holds = |(of, place): &(Question, Place)| places.get(&question(of)).is_some_and(|it| it.iter().any(|it| it.meets(place)));
            if row.own.iter().any(holds) {
                found[row.ask].insert((row.period, row.key.clone()));
            }
        }
        found
    }
}

/// What the asks of a plan are, one by one.
struct Kinds {
    /// Whether they count answers by code.
    counting: Vec<bool>,
    /// Of which source they tell all rows that answered, each in one period.
    totals: Vec<Option<SourceId>>,
}

/// The source of which an ask tells all rows that answered, each in one period.
fn total_of(checked: &Checked, plan: &Plan, of: &Planned) -> Option<SourceId> {
    let ([it], true) = (of.leaves.as_slice(), of.told) else { return None };
    let leaf = plan.arena.leaf(it.at);
    let is_whole = of.ask.cut.is_empty() && of.ask.part.is_none() && leaf.filter.is_none() && leaf.window == Window::default();
    let events = checked.model.sources[leaf.source.index()].rows == Rows::Events;
    (is_whole && events && !matches!(leaf.measure, Measure::Customer { .. })).then_some(leaf.source)
}

/// The base below which nothing is shown of a KPI: of one that is made of others the largest of theirs, or it and the others
/// would tell what the strictest hides.
pub(super) fn least_base(checked: &Checked, kpi: KpiId) -> u64 {
    let (mut seen, mut next) = (BTreeSet::from([kpi]), vec![kpi]);
    while let Some(of) = next.pop() {
        let Some(formula) = &checked.model.kpis[of.index()].formula else { continue };
        formula.walk(&mut |it| {
            if let KpiKind::Kpi { kpi, .. } = &it.kind
                && seen.insert(*kpi)
            {
                next.push(*kpi);
            }
        });
    }
    seen.into_iter().map(|it| checked.model.minimum_base(it)).max().unwrap_or(0)
}

/// The day that spans are counted on over some days: at the end of a quarter as at the end of its last month. None where rows
/// are no spans.
fn moment(checked: &Checked, table: &Table, leaf: &Leafed, period: Period, days: Days) -> Option<Days> {
    if checked.model.sources[leaf.source.index()].rows != Rows::Spans {
        return None;
    }
    if period.grain() == Grain::All || leaf.window.rolling.is_some() {
        return Some(days);
    }
    let read = table.reads.iter().find(|it| it.source == Some(leaf.source));
    let last = read.and_then(|it| it.last).map_or(i32::MAX, Date::days);
    let day = (days.1 - 1).min(last);
    Some((day, day.saturating_add(1)))
}

/// What the tables part the answers by, of questions of which a row is hidden.
fn parting(checked: &Checked, rows: &[Row], hidden: &[TableRows]) -> BTreeMap<usize, Parting> {
    let is_hidden = |it: &&Row| hidden[it.ask].contains(&(it.period, it.key.clone()));
    let questions: BTreeSet<Over> = rows.iter().filter(is_hidden).flat_map(|it| &it.own).map(|it| over(&it.0)).collect();
    let mut found: BTreeMap<usize, Parting> = BTreeMap::new();
    for row in rows {
        for (of, place) in row.own.iter().filter(|it| questions.contains(&over(&it.0))) {
            let own = found.entry(row.ask).or_default();
            own.over.insert(over(of));
            own.conditions.extend(of.0.conditions.iter().cloned());
            let mut at: Option<DimensionId>;
            for (dimension, _) in &place.at {
                // A value tells what it lies in.
                at = Some(*dimension);
                while let Some(it) = at.filter(|it| own.dimensions.insert(*it)) {
                    at = checked.model.dimensions[it.index()].within;
                }
            }
        }
    }
    found
}

/// A question, whatever its conditions and its minimum base.
fn over(of: &Question) -> Over {
    (of.0.with(BTreeSet::new()), of.2)
}

/// The question that stands for all that the same people answered.
fn same(same: &BTreeMap<Over, Over>, of: &Question) -> Question {
    match same.get(&over(of)) {
        Some((base, _)) => (base.with(of.0.conditions.clone()), of.1, of.2),
        None => of.clone(),
    }
}

/// What a project declares of its dimensions.
pub(super) fn known(checked: &Checked) -> Known {
    let dimensions = checked.model.dimensions.iter().enumerate();
    Known { within: dimensions.filter_map(|(at, it)| Some((at as u32, it.within?.0))).collect(), ..Known::default() }
}

/// What scores take of the answers that there may be, by their numbers.
type AnswersOf<'a> = &'a dyn Fn(&[u32]) -> Vec<Answers>;

/// Which cells of a base are hidden, where so many answers are the least.
pub(super) fn hidden_places<'c>(
    known: &Known,
    cells: &'c BTreeMap<Place, Content>,
    least: u64,
    answers: AnswersOf<'_>,
) -> HashSet<&'c Place> {
    let (cells_of, scores) = numbered(cells);
    let hidden = pattern::hidden(&cells_of, known, answers(&scores), least);
    cells.keys().zip(hidden).filter(|it| it.1).map(|it| it.0).collect()
}

/// Which cells are hidden beside those that are, so that it does not follow what was answered in the targets among them.
pub(super) fn hidden_answers<'c>(
    known: &Known,
    cells: &'c BTreeMap<Place, Content>,
    hidden: &BTreeSet<Place>,
    targets: &BTreeSet<Place>,
) -> HashSet<&'c Place> {
    let among = |of: &BTreeSet<Place>| cells.keys().map(|it| of.contains(it)).collect::<Vec<bool>>();
    let hidden = pattern::hidden_answers(&numbered(cells).0, known, among(hidden), &among(targets));
    cells.keys().zip(hidden).filter(|it| it.1).map(|it| it.0).collect()
}

/// Cells with numbers for values, in their order, and the scores that are told of them.
fn numbered(cells: &BTreeMap<Place, Content>) -> (Vec<Cell>, Vec<u32>) {
    let mut values: BTreeMap<(DimensionId, &KeyValue), u32> = cells.keys().flat_map(|it| &it.at).map(|it| ((it.0, &it.1), 0)).collect();
    values.values_mut().enumerate().for_each(|(at, it)| *it = at as u32);
    let scores: BTreeSet<u32> = cells.values().flat_map(|it| it.counted.scores()).collect();
    let scores: Vec<u32> = scores.into_iter().collect();
    let numbered = |(place, content): (&Place, &Content)| Cell {
        at: place.at.iter().map(|it| (it.0.0, values[&(it.0, &it.1)])).collect(),
        days: place.days,
        n: content.n,
        protected: content.protected,
        sums: content.counted.flat(&scores),
        kept: content.kept.iter().map(|it| it.iter().map(|it| it.0).collect()).collect(),
    };
    (cells.iter().map(numbered).collect(), scores)
}
