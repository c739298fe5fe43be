//! How the answers behind a score are spread, as it may be shown: nothing of a base that is too small, or of one that
//! would give such a base away (R22).

use super::hidden::Parting;
use super::{Hidden, comparison::Allowed};
use crate::calendar::{Calendar, Date, Grain, Period};
use crate::engine::{KeyValue, Table};
use crate::eval::{AnswerClass, Figure, Note, Periods, Stated, class_of, stated};
use crate::insight::{Counting, Spread, codes};
use crate::model::{Answer, DimensionId, KpiId, RowExpr, Text};
use crate::plan::Plan;
use crate::state::{Seen, State};
use std::sync::Arc;

/// The answers behind the figures of one table: those of a KPI, or a part of one, by period and cut.
#[derive(Clone, Debug)]
pub struct Distribution {
    pub kpi: KpiId,
    pub part: Option<RowExpr>,
    pub cut: Vec<DimensionId>,
    pub grain: Grain,
    /// The question that was answered.
    pub answer: Answer,
    /// The codes in the order of the scale, or of the labels; behind them those that were given besides.
    pub codes: Vec<AnswerCode>,
    pub rows: Vec<DistributionRow>,
}

/// A code that an answer may have.
#[derive(Clone, Debug)]
pub struct AnswerCode {
    /// As it stands in the data: `9`.
    pub code: String,
    /// What it is called; empty where nothing was declared.
    pub label: Text,
    /// How the score counts it: promoters are `For`, passives `Between`, detractors `Against`. None where the score is a
    /// mean or a percentile.
    pub class: Option<AnswerClass>,
}

/// The answers behind a figure.
#[derive(Clone, Debug)]
pub struct DistributionRow {
    pub period: Period,
    pub key: Arc<[KeyValue]>,
    /// How many answered; none where that is hidden.
    pub n: Option<u64>,
    /// One for each of the codes, in their order; empty where hidden or where nobody answered.
    pub shares: Vec<AnswerShare>,
    pub notes: Vec<Note>,
}

/// How many gave an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AnswerShare {
    /// In rows, whatever they weigh.
    pub count: u64,
    /// In percent of all who answered, by the weights that the score has.
    pub share: f64,
}

impl Distribution {
    /// The answers behind a figure of this table.
    pub fn row(&self, period: Period, key: &[KeyValue]) -> Option<&DistributionRow> {
        self.rows.iter().find(|it| it.period == period && *it.key == *key)
    }
}

/// The distributions behind the tables that [`crate::insight::spread`] counts, from the read that their request was added
/// to; in the order of those tables.
pub fn distributions(spread: &Spread, plan: &Plan, table: &Table, hidden: &Hidden, periods: Periods, today: Date) -> Vec<Distribution> {
    let checked = &spread.checked;
    let calendar = &checked.model.project.calendar;
    let place = |of: &Counting| plan.asks.iter().take(plan.asked).position(|it| it.ask == of.counted && it.against.is_none());
    let places: Vec<Option<usize>> = spread.of.iter().map(place).collect();
    let mut all = stated(checked, plan, table, today, &|ask, period| places.contains(&Some(ask)) && periods.hold(period, calendar));
    let mut found = Vec::new();
    let mut told: Vec<(Grain, &Parting)> = Vec::new();
    for (of, place) in spread.of.iter().zip(&places) {
        let Some(place) = *place else { continue };
        let rows = std::mem::take(&mut all[place]);
        let own = hidden.parting(place).map(|it| (of.ask.grain, it));
        // Where each kind of answers that scores tell apart is open, tables that lie within one another are told by code; where
        // there is a mean, what holds nothing that is hidden.
        let has_mean = own.is_some_and(|it| it.1.has_mean());
        let is_across = |own: (Grain, &Parting)| told.iter().any(|it| it.1.is_of_same(own.1) && crosses(*it, own, calendar));
        let crosses = !has_mean && own.is_some_and(is_across);
        told.extend(own.filter(|_| !crosses && !has_mean));
        let holds = |it: &Figure| has_mean && hidden.holds_hidden(place, it.period, &it.key);
        found.push(distribution(spread, of, &rows, &|it| {
            crosses || holds(&it.figure) || hidden.allows(place, &it.figure) == Allowed::Nothing
        }));
    }
    found
}

/// Whether the cells of two tables lie across one another, where something of these answers is hidden.
///
/// What is hidden is wide enough by how many answered, and by what scores take of them (R22). Code by code it need not be:
/// where each mark is told by region and by channel, only one mark may be left for a cell. Of tables whose cells lie within
/// one another nothing more follows, for whatever counts a whole has by code, they can be given to its parts in any way.
fn crosses(a: (Grain, &Parting), b: (Grain, &Parting), calendar: &Calendar) -> bool {
    let holds = |whole: (Grain, &Parting), part: (Grain, &Parting)| part.0.nests_in(whole.0, calendar) && whole.1.is_coarser(part.1);
    !holds(a, b) && !holds(b, a)
}

fn distribution(spread: &Spread, of: &Counting, rows: &[Stated], is_hidden: &dyn Fn(&Stated) -> bool) -> Distribution {
    let column = &spread.checked.model.sources[of.answer.source.index()].columns[of.answer.column];
    let declared = codes(column, spread.checked.model.project.language);
    let mut seen: Vec<Seen> = declared.iter().map(|it| it.0.clone()).collect();
    let counts = |it: &Stated| {
        let cell = it.cells.first()?.as_ref()?;
        let State::Frequencies { table, .. } = &cell.state else { return None };
        Some(table.iter().map(|(code, (n, weight))| (code.clone(), *n, weight.to_f64())).collect::<Vec<_>>())
    };
    let shown: Vec<Option<Vec<(Seen, u64, f64)>>> =
        rows.iter().map(|it| if is_hidden(it) { None } else { Some(counts(it).unwrap_or_default()) }).collect();
    // What is given besides the declared codes, where it may be shown.
    for (code, _, _) in shown.iter().flatten().flatten() {
        if !seen.contains(code) {
            seen.push(code.clone());
        }
    }
    seen[declared.len()..].sort();
    let rows = rows.iter().zip(shown).map(|(row, counts)| {
        let (period, key) = (row.figure.period, row.figure.key.clone());
        let Some(counts) = counts else {
            return DistributionRow { period, key, n: None, shares: Vec::new(), notes: vec![Note::Hidden] };
        };
        let n = counts.iter().map(|it| it.1).sum();
        let whole: f64 = counts.iter().map(|it| it.2).sum();
        let share = |code: &Seen| {
            let (count, weight) = counts.iter().find(|it| it.0 == *code).map_or((0, 0.0), |it| (it.1, it.2));
            AnswerShare { count, share: weight / whole * 100.0 }
        };
        let shares = if whole > 0.0 { seen.iter().map(share).collect() } else { Vec::new() };
        let said = |it: &Note| matches!(it, Note::Unfinished | Note::EmptyBase | Note::BeginsLate);
        DistributionRow { period, key, n: Some(n), shares, notes: row.figure.notes.iter().copied().filter(said).collect() }
    });
    let rows = rows.collect();
    let codes = seen.iter().map(|it| {
        let plain = || match it {
            Seen::Number(number) => number.to_string(),
            Seen::Text(text) => text.to_string(),
            Seen::Date(date) => date.to_string(),
        };
        let known = declared.iter().find(|code| code.0 == *it);
        let (code, label) = known.map_or_else(|| (plain(), Text::default()), |it| (it.1.clone(), it.2.clone()));
        AnswerCode { code, label, class: class_of(&of.function, of.column, it) }
    });
    let codes = codes.collect();
    let ask = &of.ask;
    Distribution { kpi: ask.kpi, part: ask.part.clone(), cut: ask.cut.clone(), grain: ask.grain, answer: of.answer, codes, rows }
}
