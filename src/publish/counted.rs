//! What the scores tell that are published of the answers in a cell: the sum of what each takes of them.

use super::cone::Answers;
use crate::calendar::Date;
use crate::check::Checked;
use crate::eval::{Base, taken};
use crate::insight::codes;
use crate::model::{ColumnRef, Model, RowExpr, print_row};
use crate::plan::{Estimator, Leafed, Measure, ordered};
use crate::state::Seen;
use crate::value::Num;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// For each score that is told of a cell, by its number, the sum of what it takes of the answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Counted(BTreeMap<u32, f64>);

/// What is not told, in [`flat`](Counted::flat).
pub(super) const UNTOLD: f64 = f64::NAN;

impl Counted {
    /// Takes in what another table tells of the same cell; of what both tell its own stands.
    pub fn also(&mut self, other: Counted) {
        other.0.into_iter().for_each(|(score, sum)| _ = self.0.entry(score).or_insert(sum));
    }

    /// Adds what a part holds: of parts no more is known together than of each.
    pub fn plus(self, part: &Counted) -> Counted {
        Counted(self.0.into_iter().filter_map(|(score, sum)| Some((score, sum + part.0.get(&score)?))).collect())
    }

    /// What is left of it beside a part.
    pub fn less(&self, part: &Counted) -> Counted {
        Counted(self.0.iter().filter_map(|(score, sum)| Some((*score, sum - part.0.get(score)?))).collect())
    }

    /// Which scores are told.
    pub fn scores(&self) -> impl Iterator<Item = u32> {
        self.0.keys().copied()
    }

    /// One number for each of these scores.
    pub fn flat(&self, scores: &[u32]) -> Vec<f64> {
        scores.iter().map(|it| self.0.get(it).copied().unwrap_or(UNTOLD)).collect()
    }
}

/// The scores that are told, by number.
#[derive(Debug, Default)]
pub(super) struct Scores {
    known: BTreeMap<String, u32>,
    all: Vec<Score>,
}

/// What a score takes of an answer.
#[derive(Debug)]
struct Score {
    takes: Takes,
    /// From where to where that goes.
    ends: (f64, f64),
    /// Whether it is a mean or a sum, or the squares of one: no count of some answers.
    is_mean: bool,
    /// The one column that it looks at; none where it looks at several, or at a column with several answers.
    column: Option<ColumnRef>,
}

#[derive(Debug)]
enum Takes {
    /// What an expression gives, or the square of that.
    Of { of: RowExpr, squared: bool },
    /// 1 of one answer, 0 of all others.
    Code(Seen),
}

/// The most ways of choosing answers for the sides of what their sums may be: where there are more, some answers are left
/// out. Who knows of fewer answers finds fewer moves, and hides more.
const MOST_CHOICES: u64 = 3_500;
/// So many answers of one question are moved, at most.
const MOST_MOVED: usize = 24;

impl Scores {
    /// What a leaf tells of a cell beside how many there are; where its scores have no ends, nothing follows.
    pub fn counted(&mut self, checked: &Checked, leaf: &Leafed, found: &Base) -> Counted {
        if let Some(of) = ordered(&checked.model, leaf).filter(|_| matches!(leaf.measure, Measure::Frequency(_))) {
            return self.by_code(checked, of, found);
        }
        let Some((ends, of)) = ends(checked, leaf) else { return Counted::default() };
        let Some((sum, squares)) = found.sums else { return Counted::default() };
        let is_mean = !matches!(leaf.estimator, Estimator::Share | Estimator::Net);
        let mut score = |ends, squared| self.number(&checked.model, of, squared, ends, is_mean);
        let mut told = vec![(score(ends, false), sum)];
        // The error of a mean tells its squares, that of a net how many are neither for nor against. A share takes 1 or 0.
        let has_error = !leaf.complete && matches!(leaf.estimator, Estimator::Mean { .. } | Estimator::Net);
        if has_error || leaf.estimator == Estimator::Stddev {
            told.push((score(squares_of(ends), true), squares));
        }
        Counted(told.into_iter().collect())
    }

    /// How many gave each answer: a median, and what else follows from their order, stays as it is where these do.
    fn by_code(&mut self, checked: &Checked, of: ColumnRef, found: &Base) -> Counted {
        let Some(counts) = &found.counts else { return Counted::default() };
        let codes = codes(checked.model.declared(of), checked.model.project.language);
        let told = codes.into_iter().map(|(code, ..)| {
            let n = counts.iter().find(|it| it.0 == code).map_or(0, |it| it.1);
            (self.number_of(format!("{of:?} {code:?}"), Takes::Code(code), (0.0, 1.0), false, Some(of)), n as f64)
        });
        Counted(told.collect())
    }

    fn number(&mut self, model: &Model, of: &RowExpr, squared: bool, ends: (f64, f64), is_mean: bool) -> u32 {
        let text = format!("{}{}", print_row(model, of), if squared { " squared" } else { "" });
        let takes = Takes::Of { of: of.clone(), squared };
        self.number_of(text, takes, ends, is_mean, column_of(model, of))
    }

    fn number_of(&mut self, text: String, takes: Takes, ends: (f64, f64), is_mean: bool, column: Option<ColumnRef>) -> u32 {
        if let Some(it) = self.known.get(&text) {
            return *it;
        }
        let number = self.all.len() as u32;
        self.all.push(Score { takes, ends, is_mean, column });
        self.known.insert(text, number);
        number
    }

    /// Whether a score counts answers of one question, so that it tells them apart by what they are.
    pub fn is_count(&self, score: u32) -> bool {
        self.all[score as usize].column.is_some() && !self.all[score as usize].is_mean
    }

    /// What some scores take of the answers that there may be, question by question.
    pub fn answers(&self, checked: &Checked, scores: &[u32]) -> Vec<Answers> {
        let mut found: Vec<Answers> = Vec::new();
        let mut questions: BTreeMap<ColumnRef, Vec<usize>> = BTreeMap::new();
        for (at, score) in scores.iter().enumerate() {
            match self.all[*score as usize].column {
                Some(it) => questions.entry(it).or_default().push(at),
                // No more is known of it than its ends.
                None => {
                    let (low, high) = self.all[*score as usize].ends;
                    found.push(Answers::new(vec![at], vec![vec![low], vec![high]], 2));
                }
            }
        }
        for (column, own) in questions {
            let scores: Vec<&Score> = own.iter().map(|it| &self.all[scores[*it] as usize]).collect();
            let values = values(checked, column, &scores);
            found.push(Answers::new(own, takes(&scores, column, &values), MOST_MOVED));
        }
        found
    }
}

/// What scores of one question take of each answer that they tell apart; of too many answers, some.
fn takes(of: &[&Score], column: ColumnRef, values: &[Option<Seen>]) -> Vec<Vec<f64>> {
    // What one of them says nothing of is in the base of none.
    let mut all: Vec<Vec<f64>> = Vec::new();
    for value in values {
        let takes = of.iter().map(|it| it.takes(column, value.as_ref())).collect::<Option<Vec<f64>>>();
        all.extend(takes.filter(|it| !all.contains(it)));
    }
    let is_mean: Vec<bool> = of.iter().map(|it| it.is_mean).collect();
    // The answers that all counts count alike, by their means.
    let mut alike: Vec<(Vec<f64>, Vec<Vec<f64>>)> = Vec::new();
    for takes in &all {
        let class: Vec<f64> = takes.iter().zip(&is_mean).filter(|it| !it.1).map(|it| *it.0).collect();
        match alike.iter_mut().find(|it| it.0 == class) {
            Some(it) => it.1.push(takes.clone()),
            None => alike.push((class, vec![takes.clone()])),
        }
    }
    alike.iter_mut().for_each(|it| it.1.sort_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal)));
    let most = (1..=all.len()).rev().find(|it| choices(*it, of.len().min(it - 1)) <= MOST_CHOICES).unwrap_or(0);
    if is_mean.iter().filter(|it| **it).count() == 1 {
        // Those between the ends of one mean add up to no more than these do.
        alike.iter_mut().for_each(|it| it.1 = evenly(&it.1, 2));
    } else if all.len() > most {
        let each = (most / alike.len()).max(2);
        alike.iter_mut().for_each(|it| it.1 = evenly(&it.1, each));
    }
    let found: Vec<Vec<f64>> = alike.into_iter().flat_map(|it| it.1).collect();
    evenly(&found, most)
}

/// So many ways there are of choosing some of many.
fn choices(among: usize, some: usize) -> u64 {
    let some = some.min(among - some) as u64;
    (1..=some).fold(1, |all: u64, it| all.saturating_mul(among as u64 + 1 - it) / it)
}

/// At most so many of a list, its ends among them.
pub(super) fn evenly<T: Clone>(of: &[T], most: usize) -> Vec<T> {
    if of.len() <= most {
        return of.to_vec();
    }
    (0..most).map(|it| of[it * (of.len() - 1) / (most - 1).max(1)].clone()).collect()
}

impl Score {
    fn takes(&self, column: ColumnRef, value: Option<&Seen>) -> Option<f64> {
        match &self.takes {
            Takes::Of { of, squared } => taken(of, column, value).map(|it| if *squared { it * it } else { it }),
            Takes::Code(code) => Some(f64::from(u8::from(value? == code))),
        }
    }
}

/// From where to where what a leaf takes of an answer goes, where it has ends.
fn ends<'l>(checked: &Checked, leaf: &'l Leafed) -> Option<((f64, f64), &'l RowExpr)> {
    match (&leaf.measure, leaf.estimator) {
        (Measure::Score(of), Estimator::Share) => Some(((0.0, 1.0), of)),
        (Measure::Score(of), Estimator::Net) => Some(((-1.0, 1.0), of)),
        (Measure::Score(of), Estimator::Mean { .. } | Estimator::Total | Estimator::Stddev) => {
            let at = column_of(&checked.model, of)?;
            let column = checked.model.declared(at);
            let takes: Vec<f64> = match (of, column.scale) {
                (RowExpr::Column(_), Some(scale)) => vec![scale.low, scale.high],
                (RowExpr::Column(_), None) => return None,
                _ => codes(column, checked.model.project.language).into_iter().filter_map(|it| taken(of, at, Some(&it.0))).collect(),
            };
            let (low, high) = (takes.iter().copied().reduce(f64::min)?, takes.iter().copied().reduce(f64::max)?);
            (low < high).then_some(((low, high), of))
        }
        _ => None,
    }
}

fn squares_of((low, high): (f64, f64)) -> (f64, f64) {
    let least = if low <= 0.0 && high >= 0.0 { 0.0 } else { (low * low).min(high * high) };
    (least, (low * low).max(high * high))
}

/// The one column that an expression looks at, where that has one answer.
fn column_of(model: &Model, of: &RowExpr) -> Option<ColumnRef> {
    if let [it] = of.columns()[..] { Some(it).filter(|it| model.declared(*it).several.is_none()) } else { None }
}

/// The answers that a question may have, as far as scores tell them apart: its codes; else what they are held against, and
/// what lies between.
fn values(checked: &Checked, at: ColumnRef, scores: &[&Score]) -> Vec<Option<Seen>> {
    let column = checked.model.declared(at);
    let mut found: Vec<Option<Seen>> = codes(column, checked.model.project.language).into_iter().map(|it| Some(it.0)).collect();
    if found.is_empty() {
        let (mut numbers, mut days, mut texts) = (Vec::new(), BTreeSet::new(), BTreeSet::from([""]));
        numbers.extend(column.scale.iter().flat_map(|it| [it.low, it.high]));
        for score in scores {
            let Takes::Of { of, .. } = &score.takes else { continue };
            of.walk(&mut |it| match it {
                RowExpr::Number(it) => numbers.push(it.0.to_f64()),
                RowExpr::Date(it) => days.extend([-1, 0, 1].map(|by| it.days() + by)),
                RowExpr::Text(it) => _ = texts.insert(it.as_str()),
                _ => {}
            });
        }
        numbers.sort_by(f64::total_cmp);
        numbers.dedup();
        let ends = [numbers.first().map(|it| it - 1.0), numbers.last().map(|it| it + 1.0)];
        numbers.extend(numbers.windows(2).map(|it| f64::midpoint(it[0], it[1])).collect::<Vec<_>>());
        numbers.extend(ends.into_iter().flatten().filter(|_| column.scale.is_none()));
        found.extend(numbers.into_iter().map(|it| Some(Seen::Number(Num::Float(it).normal()))));
        found.extend(days.into_iter().filter_map(Date::from_days).map(|it| Some(Seen::Date(it))));
        found.extend(texts.into_iter().map(|it| Some(Seen::Text(it.into()))));
    }
    // In a base that asks for it, no answer is an answer too.
    found.push(None);
    found
}
