//! What the scores tell that are published of the answers in a cell: the sum of what each takes of them.

use super::cone::Answers;
use crate::calendar::Date;
use crate::check::Checked;
use crate::eval::{Base, taken};
use crate::insight::codes;
use crate::model::{Column, ColumnRef, Model, RowExpr, print_row};
use crate::plan::{Estimator, Leafed, Measure};
use crate::state::Seen;
use crate::value::Num;
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
    of: RowExpr,
    /// From where to where that goes.
    ends: (f64, f64),
    /// Whether it takes the square.
    squared: bool,
    /// The one column that it looks at; none where it looks at several, or at a column with several answers.
    column: Option<ColumnRef>,
}

/// So many answers of one question are told apart, at most; scores that would need more are looked at in turns.
const MOST_ANSWERS: usize = 14;

impl Scores {
    /// What a leaf tells of a cell beside how many there are; where its scores have no ends, nothing follows.
    pub fn counted(&mut self, checked: &Checked, leaf: &Leafed, found: &Base) -> Counted {
        let Some(((ends, of), (sum, squares))) = ends(&checked.model, leaf).zip(found.sums) else { return Counted::default() };
        let mut told = vec![(self.number(&checked.model, of, ends, false), sum)];
        // Where no squares are kept, nobody can tell how many are neither for nor against.
        if leaf.estimator == Estimator::Net && (squares > 0.0 || found.n == 0) {
            told.push((self.number(&checked.model, of, (0.0, 1.0), true), squares));
        }
        Counted(told.into_iter().collect())
    }

    fn number(&mut self, model: &Model, of: &RowExpr, ends: (f64, f64), squared: bool) -> u32 {
        let text = format!("{}{}", print_row(model, of), if squared { " squared" } else { "" });
        if let Some(it) = self.known.get(&text) {
            return *it;
        }
        let number = self.all.len() as u32;
        let column = if let [it] = of.columns()[..] { Some(it).filter(|it| column(model, *it).several.is_none()) } else { None };
        self.all.push(Score { of: of.clone(), ends, squared, column });
        self.known.insert(text, number);
        number
    }

    /// Whether a score counts answers of one question, so that it tells them apart by what they are.
    pub fn is_count(&self, score: u32) -> bool {
        self.all[score as usize].column.is_some() && self.all[score as usize].is_class()
    }

    /// What some scores take of the answers that there may be, question by question.
    pub fn answers(&self, checked: &Checked, scores: &[u32]) -> Vec<Answers> {
        let mut found: Vec<Answers> = Vec::new();
        let mut questions: BTreeMap<ColumnRef, Vec<usize>> = BTreeMap::new();
        for (at, score) in scores.iter().enumerate() {
            match self.all[*score as usize].column {
                Some(it) => questions.entry(it).or_default().push(at),
                None => found.push(self.alone(at, scores)),
            }
        }
        for (column, own) in questions {
            let scales: Vec<&Score> = own.iter().map(|it| &self.all[scores[*it] as usize]).collect();
            let values = values(checked, column, &scales);
            let mut together: Vec<usize> = Vec::new();
            for at in own {
                let with = [together.as_slice(), &[at]].concat();
                if self.takes(&with, scores, column, &values).is_some() {
                    together = with;
                } else if together.is_empty() {
                    found.push(self.alone(at, scores));
                } else {
                    found.extend(self.told(std::mem::replace(&mut together, vec![at]), scores, column, &values));
                }
            }
            found.extend(self.told(together, scores, column, &values));
        }
        found
    }

    /// A score of which no more is known than its ends.
    fn alone(&self, at: usize, scores: &[u32]) -> Answers {
        let (low, high) = self.all[scores[at] as usize].ends;
        Answers { scores: vec![at], takes: vec![vec![low], vec![high]] }
    }

    fn told(&self, of: Vec<usize>, scores: &[u32], column: ColumnRef, values: &[Option<Seen>]) -> Option<Answers> {
        if of.is_empty() {
            return None;
        }
        let takes = self.takes(&of, scores, column, values);
        Some(match takes {
            Some(takes) => Answers { scores: of, takes },
            None => self.alone(of[0], scores),
        })
    }

    /// What scores take of each answer; `None` where that are too many to tell apart.
    fn takes(&self, of: &[usize], scores: &[u32], column: ColumnRef, values: &[Option<Seen>]) -> Option<Vec<Vec<f64>>> {
        let of: Vec<&Score> = of.iter().map(|it| &self.all[scores[*it] as usize]).collect();
        // What one of them says nothing of is in the base of none.
        let mut all: Vec<Vec<f64>> = Vec::new();
        for value in values {
            let takes = of.iter().map(|it| it.takes(column, value.as_ref())).collect::<Option<Vec<f64>>>();
            all.extend(takes.filter(|it| !all.contains(it)));
        }
        if all.len() <= MOST_ANSWERS {
            return Some(all).filter(|it| !it.is_empty());
        }
        let is_mean: Vec<bool> = of.iter().map(|it| !it.is_class()).collect();
        // Of the answers that are alike but for one mean, those at the ends are enough: the others lie between them.
        let mut alike: Vec<(Vec<f64>, Vec<Vec<f64>>)> = Vec::new();
        for takes in all {
            let class: Vec<f64> = takes.iter().zip(&is_mean).filter(|it| !it.1).map(|it| *it.0).collect();
            match alike.iter_mut().find(|it| it.0 == class) {
                Some(it) => it.1.push(takes),
                None => alike.push((class, vec![takes])),
            }
        }
        let mean = is_mean.iter().position(|it| *it).filter(|_| is_mean.iter().filter(|it| **it).count() < 2);
        let mut found: Vec<Vec<f64>> = Vec::new();
        for (_, mut own) in alike {
            if let Some(mean) = mean {
                own.sort_by(|a, b| a[mean].total_cmp(&b[mean]));
                let last = own.pop();
                own.truncate(1);
                own.extend(last);
            }
            own.into_iter().for_each(|it| {
                if !found.contains(&it) {
                    found.push(it)
                }
            });
        }
        (!found.is_empty() && found.len() <= MOST_ANSWERS).then_some(found)
    }
}

impl Score {
    /// Whether it counts answers, whatever they are.
    fn is_class(&self) -> bool {
        self.squared || !matches!(self.of, RowExpr::Column(_))
    }

    fn takes(&self, column: ColumnRef, value: Option<&Seen>) -> Option<f64> {
        let taken = taken(&self.of, column, value)?;
        Some(if self.squared { taken * taken } else { taken })
    }
}

/// From where to where what a leaf takes of an answer goes, where it has ends.
fn ends<'l>(model: &Model, leaf: &'l Leafed) -> Option<((f64, f64), &'l RowExpr)> {
    match (&leaf.measure, leaf.estimator) {
        (Measure::Score(of), Estimator::Share) => Some(((0.0, 1.0), of)),
        (Measure::Score(of), Estimator::Net) => Some(((-1.0, 1.0), of)),
        (Measure::Score(of @ RowExpr::Column(at)), Estimator::Mean { .. } | Estimator::Total) => {
            let scale = column(model, *at).scale.filter(|it| it.low < it.high)?;
            Some(((scale.low, scale.high), of))
        }
        _ => None,
    }
}

fn column(model: &Model, at: ColumnRef) -> &Column {
    let source = at.through.map_or(at.source, |it| model.sources[at.source.index()].references[it as usize].to);
    &model.sources[source.index()].columns[at.column as usize]
}

/// The answers that a question may have, as far as scores tell them apart: its codes; else what they are held against, and
/// what lies between.
fn values(checked: &Checked, at: ColumnRef, scores: &[&Score]) -> Vec<Option<Seen>> {
    let column = column(&checked.model, at);
    let mut found: Vec<Option<Seen>> = codes(column, checked.model.project.language).into_iter().map(|it| Some(it.0)).collect();
    if found.is_empty() {
        let (mut numbers, mut days, mut texts) = (Vec::new(), BTreeSet::new(), BTreeSet::from([""]));
        numbers.extend(column.scale.iter().flat_map(|it| [it.low, it.high]));
        for score in scores {
            score.of.walk(&mut |it| match it {
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
