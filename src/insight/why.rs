//! Why did a figure move between two periods? What is needed to tell, and what was found, before anything is hidden.

use super::cuttable;
use super::parts::{Part, Sides, parts, values};
use super::segments::{Atoms, Stratum, Whole};
use crate::calendar::{Date, Grain, Length, Period};
use crate::check::Checked;
use crate::engine::{KeyValue, Table};
use crate::eval::{Compared, Figure, Note, Stated, reporting_grain, stated};
use crate::model::{DimensionId, KpiId, RowExpr, SourceId};
use crate::plan::{Against, Ask, LeafAt, Plan, Request};
use crate::state::Cell;
use crate::stats::mix::Method;
use crate::stats::{self, Interval};

/// A figure, and the ways in which it is to be cut.
#[derive(Clone, Debug)]
pub struct Question {
    pub kpi: KpiId,
    pub part: Option<RowExpr>,
    pub grain: Grain,
    /// Each a dimension, or several crossed.
    pub cuts: Vec<Vec<DimensionId>>,
    /// The two periods, where they are named; else the last that is over, and the one before it.
    pub periods: (Option<Period>, Option<Period>),
    pub method: Method,
}

impl Question {
    /// The question why a KPI, or a part of one, moved between two periods, where they are named: cut `by` these
    /// dimensions crossed, else by each that it has.
    ///
    /// # Errors
    /// Why it cannot be asked, in a sentence.
    pub fn new(
        checked: &Checked,
        kpi: KpiId,
        part: Option<RowExpr>,
        (from, to): (Option<Period>, Option<Period>),
        by: Option<Vec<DimensionId>>,
    ) -> Result<Question, String> {
        let name = &checked.model.kpis[kpi.index()].name;
        if !checked.has_time(kpi) {
            return Err(format!("`{name}` has no periods to compare: its data tell no time"));
        }
        if let (Some(from), Some(to)) = (from, to)
            && from.grain() != to.grain()
        {
            return Err(format!("{from} is a {}, {to} a {}: compare two of a kind", from.grain(), to.grain()));
        }
        let wanted = to.or(from).map(Period::grain);
        let grain = reporting_grain(checked, kpi, wanted);
        if let Some(wanted) = wanted.filter(|it| *it != grain) {
            return Err(format!("`{name}` has no figures by {wanted}: its data are by {grain}"));
        }
        let cuts = match by {
            Some(by) => vec![by],
            None => every_cut(checked, kpi).into_iter().map(|it| vec![it]).collect(),
        };
        cuts.iter().try_for_each(|it| cuttable(checked, kpi, it))?;
        Ok(Question { kpi, part, grain, cuts, periods: (from, to), method: Method::Midpoint })
    }
}

/// The dimensions that a KPI has, its own cuts first; those within another are looked at within it.
fn every_cut(checked: &Checked, kpi: KpiId) -> Vec<DimensionId> {
    let model = &checked.model;
    let has = |it: DimensionId| checked.lacks(kpi, it).is_none();
    let mut cuts: Vec<DimensionId> = Vec::new();
    for it in model.kpis[kpi.index()].cuts.iter().copied().chain((0..model.dimensions.len() as u32).map(DimensionId)) {
        let mut top = it;
        // A dimension lies within another one level or more up; rings are errors of the check.
        while let Some(above) = model.dimensions[top.index()].within.filter(|it| has(*it)) {
            top = above;
        }
        if has(top) && !cuts.contains(&top) {
            cuts.push(top);
        }
    }
    cuts
}

/// What was found.
pub struct Why {
    pub question: Question,
    /// The figure in both periods.
    pub before: Figure,
    pub after: Figure,
    pub tested: Tested,
    pub parts: Vec<Part>,
    /// The leaves of the figure, with what they keep in both periods.
    pub leaves: Vec<LeafAt>,
    pub cells: [Vec<Option<Cell>>; 2],
    /// For each leaf, whether it is about people, and up to how many of them are told apart where that is known.
    pub people: Vec<(bool, Option<usize>)>,
    /// How the figure adds up; `None` where segments do not add up to it.
    pub atoms: Option<Atoms>,
    pub cuts: Vec<Cut>,
}

/// What chance does to the change: what the comparison of both figures says of it, as `eval --compare` tells it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tested {
    /// The interval of the change.
    pub ends: Option<(f64, f64)>,
    /// Of the test.
    pub p: Option<f64>,
}

/// The segments of a cut.
pub struct Cut {
    pub cut: Vec<DimensionId>,
    pub strata: Vec<Stratum>,
    /// The dimensions below it, where it is one dimension.
    pub inner: Vec<Inner>,
    /// Whether the segments add up to the whole: answers that count in several do not.
    pub adds_up: bool,
}

/// A dimension below another: for each segment of that, in its order, the segments within.
pub struct Inner {
    pub dimension: DimensionId,
    pub strata: Vec<Vec<Stratum>>,
}

/// What must be read to answer.
pub fn needs(checked: &Checked, question: &Question) -> Request {
    let ask = |cut: Vec<DimensionId>| Ask { kpi: question.kpi, part: question.part.clone(), cut, grain: question.grain };
    let mut request = Request::new();
    let total = request.add(ask(Vec::new()));
    request.compare(total, against(question));
    for cut in &question.cuts {
        request.add(ask(cut.clone()));
        for child in children(checked, question, cut) {
            request.add(ask(vec![cut[0], child]));
        }
    }
    request
}

/// What tests the change: two periods that are named are so long apart; else they mostly follow each other.
fn against(question: &Question) -> Against {
    let (Some(from), Some(to)) = question.periods else { return Against::Previous };
    let apart = u32::try_from(from.up_to(to).count().saturating_sub(1)).unwrap_or(0);
    match to.grain() {
        Grain::Day => Against::Earlier(Length::Days(apart)),
        Grain::Week => Against::Earlier(Length::Weeks(apart)),
        Grain::Month => Against::Earlier(Length::Months(apart)),
        Grain::Quarter | Grain::FiscalQuarter => Against::Earlier(Length::Quarters(apart)),
        Grain::Year | Grain::FiscalYear => Against::Earlier(Length::Years(apart)),
        Grain::All => Against::Previous,
    }
}

/// The dimensions below a cut of one dimension, that the KPI has.
fn children(checked: &Checked, question: &Question, cut: &[DimensionId]) -> Vec<DimensionId> {
    let [only] = cut else { return Vec::new() };
    let all = (0..checked.model.dimensions.len() as u32).map(DimensionId);
    all.filter(|it| checked.model.dimensions[it.index()].within == Some(*only) && checked.lacks(question.kpi, *it).is_none()).collect()
}

/// Which periods are compared: those that were named, else the last that is over, and the one before it.
///
/// # Errors
/// What is wrong, in a sentence.
fn periods(rows: &[Stated], (before, after): (Option<Period>, Option<Period>)) -> Result<(usize, usize), String> {
    let place = |period: Period| {
        let found = rows.iter().position(|it| it.figure.period == period);
        found.ok_or_else(|| match (rows.first(), rows.last()) {
            (Some(first), Some(last)) => {
                format!("no data in {period}: there are from {} to {}", first.figure.period, last.figure.period)
            }
            _ => "no data".to_owned(),
        })
    };
    let has = |it: &Stated| it.figure.value.is_some();
    let after = match after {
        Some(it) => place(it)?,
        None => {
            let over = rows.iter().rposition(|it| has(it) && !it.figure.notes.contains(&Note::Unfinished));
            over.or_else(|| rows.iter().rposition(has)).ok_or("no period has a figure")?
        }
    };
    let before = match before {
        Some(it) => place(it)?,
        None => rows[..after].iter().rposition(has).ok_or_else(|| format!("no figure before {}", rows[after].figure.period))?,
    };
    if rows[before].figure.period >= rows[after].figure.period {
        return Err(format!("{} is not before {}", rows[before].figure.period, rows[after].figure.period));
    }
    Ok((before, after))
}

/// Answers a question from what was read.
///
/// # Errors
/// Why it cannot be answered, in a sentence.
pub fn why(checked: &Checked, question: &Question, plan: &Plan, table: &Table, today: Date) -> Result<Why, String> {
    // Figures of several grains may be asked for at once, and held against others.
    let (kpi, part, grain) = (question.kpi, &question.part, question.grain);
    let ask = |cut: &[DimensionId]| Ask { kpi, part: part.clone(), cut: cut.to_vec(), grain };
    let place = |cut: &[DimensionId]| plan.places(&ask(cut)).next();
    let total = place(&[]).ok_or("this figure cannot be computed")?;
    let series = stated(checked, plan, table, today, &|ask, _| ask == total).swap_remove(total);
    let (from, to) = periods(&series, question.periods)?;
    let (before, after) = (series[from].figure.period, series[to].figure.period);
    let mut rows = stated(checked, plan, table, today, &|ask, period| ask != total && (period == before || period == after));
    let planned = &plan.asks[total];
    // What it is held against has leaves of its own behind these.
    let own = planned.own;
    let leaves: Vec<LeafAt> = planned.leaves[..own].iter().map(|it| it.at).collect();
    let order = plan.arena.reached(planned.root);
    let cells = [from, to].map(|at| series[at].cells[..own].to_vec());
    let model = &checked.model;
    let found = [&cells[0], &cells[1]].map(|it| values(model, &plan.arena, &order, &leaves, it));
    let known = |at: &[Option<f64>]| at.last().copied().flatten().is_some();
    let both = known(&found[0]) && known(&found[1]);
    let windowed = checked.is_windowed(question.kpi);
    let whole = Whole { arena: &plan.arena, order: &order, leaves: &leaves, values: [&found[0], &found[1]], windowed };
    let atoms = if both { Atoms::of(&whole) } else { None };
    let sides = Sides { arena: &plan.arena, order: &order, leaves: &leaves, values: [&found[0], &found[1]], cells: [&cells[0], &cells[1]] };
    let parts = if both { parts(&sides) } else { Vec::new() };
    let mut cuts = Vec::new();
    for cut in &question.cuts {
        let Some(at) = place(cut).filter(|_| atoms.is_some()) else { continue };
        let strata = strata(std::mem::take(&mut rows[at]), before, leaves.len());
        let mut inner = Vec::new();
        for child in children(checked, question, cut) {
            let Some(at) = place(&[cut[0], child]) else { continue };
            let crossed = self::strata(std::mem::take(&mut rows[at]), before, leaves.len());
            let within = strata.iter().map(|parent| {
                let own = crossed.iter().filter(|it| it.key.first() == parent.key.first());
                let own: Vec<Stratum> = own.map(|it| Stratum { key: child_key(&it.key), ..it.clone() }).collect();
                own
            });
            inner.push(Inner { dimension: child, strata: within.collect() });
        }
        let adds_up = adds_up(&strata, &cells);
        cuts.push(Cut { cut: cut.clone(), strata, inner, adds_up });
    }
    let people = planned.leaves[..own].iter().map(|it| {
        let source: SourceId = plan.arena.leaf(it.at).source;
        let protects = !model.sources[source.index()].no_persons;
        (protects, plan.reads[it.read].leaves[it.leaf].persons.map(|it| it.1))
    });
    let people = people.collect();
    let whole = ask(&[]);
    let others = plan.places(&whole).flat_map(|it| &rows[it]).filter(|it| it.figure.period == after);
    let mut compared = std::iter::once(&series[to]).chain(others).filter_map(|it| it.figure.compared.as_deref());
    let compared = compared.find(|it| it.period == Some(before)).cloned();
    let mut series = series;
    let after = series.swap_remove(to).figure;
    let before = series.swap_remove(from).figure;
    let tested = tested(checked, kpi, [&before, &after], compared.as_ref());
    Ok(Why { question: question.clone(), before, after, tested, parts, leaves, cells, people, atoms, cuts })
}

/// What chance does to the change of a figure. Of two periods that are not so far apart as was asked, it is told by the
/// interval of each: of shares by Newcombe's, else by the errors.
fn tested(checked: &Checked, kpi: KpiId, [a, b]: [&Figure; 2], compared: Option<&Compared>) -> Tested {
    match compared {
        Some(it) if it.refused.is_some() => return Tested::default(),
        Some(it) => return Tested { ends: it.low.zip(it.high), p: it.p },
        None => {}
    }
    if checked.is_windowed(kpi) || a.assumed.is_some() || b.assumed.is_some() {
        return Tested::default();
    }
    let share = checked.model.kpis[kpi.index()].unit == Some(crate::value::Unit::Percent);
    let interval = || match a.se.zip(b.se).filter(|_| !share) {
        Some((first, second)) => {
            let se = (first * first + second * second).sqrt();
            stats::wald(b.value? - a.value?, se, checked.model.project.confidence)
        }
        None if share => {
            let of = |it: &Figure| Some((it.value?, Interval { low: it.low?, high: it.high? }));
            stats::difference::newcombe(of(b)?, of(a)?)
        }
        None => None,
    };
    Tested { ends: interval().map(|it| (it.low, it.high)), p: None }
}

fn child_key(key: &[KeyValue]) -> std::sync::Arc<[KeyValue]> {
    key[1..].into()
}

/// The rows of two periods by key, in the order in which keys come.
fn strata(rows: Vec<Stated>, before: Period, leaves: usize) -> Vec<Stratum> {
    let mut strata: Vec<Stratum> = Vec::new();
    let of = |mut cells: Vec<Option<Cell>>| {
        cells.truncate(leaves);
        cells
    };
    let (first, second): (Vec<Stated>, Vec<Stated>) = rows.into_iter().partition(|it| it.figure.period == before);
    for it in first {
        strata.push(Stratum { key: it.figure.key, before: of(it.cells), after: vec![None; leaves] });
    }
    for it in second {
        match strata.iter_mut().find(|known| known.key == it.figure.key) {
            Some(known) => known.after = of(it.cells),
            None => strata.push(Stratum { key: it.figure.key, before: vec![None; leaves], after: of(it.cells) }),
        }
    }
    strata
}

/// Whether every row of the whole is in one segment.
fn adds_up(strata: &[Stratum], cells: &[Vec<Option<Cell>>; 2]) -> bool {
    let n = |it: Option<&Cell>| it.map_or(0, Cell::n);
    let sum = |at: usize, after: bool| -> u64 { strata.iter().map(|it| n(if after { &it.after } else { &it.before }[at].as_ref())).sum() };
    (0..cells[0].len()).all(|at| sum(at, false) == n(cells[0][at].as_ref()) && sum(at, true) == n(cells[1][at].as_ref()))
}
