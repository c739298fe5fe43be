//! How many answers can be moved between cells, so that all sums stay such as answers can have?

use super::cone::{Answers, Side};
use super::pattern::Cell;
use foldhash::HashMap;
use std::collections::BTreeMap;

/// Cells that change, each once and in order, with by how much for each answer that is moved.
pub(super) type Changes = Vec<(usize, i64)>;

/// The scores of a question, with what they leave open in each cell.
pub(super) struct Scored {
    answers: Answers,
    /// The sides of what the sums of a cell may be, by which of the scores are told.
    sides: Vec<Vec<Side>>,
    /// Which of them hold for each cell.
    of: Vec<usize>,
}

impl Scored {
    pub fn new(answers: Answers, cells: &[Cell]) -> Scored {
        let mut known: BTreeMap<Vec<bool>, usize> = BTreeMap::new();
        let mut sides = Vec::new();
        let mut side = |cell: &Cell| {
            let told: Vec<bool> = answers.scores.iter().map(|it| !cell.sums[*it].is_nan()).collect();
            *known.entry(told).or_insert_with_key(|told| {
                sides.push(answers.sides(told));
                sides.len() - 1
            })
        };
        let of = cells.iter().map(&mut side).collect();
        Scored { answers, sides, of }
    }
}

/// What has been moved so far, to the target (`more`) and, the other way about, from it (`less`): what each cell gave.
pub(super) struct Carried<'a> {
    cells: &'a [Cell],
    questions: &'a [Scored],
    more: Given,
    less: Given,
}

/// How many answers each cell gave, and the sums of what scores take of these.
#[derive(Default)]
struct Given {
    all: HashMap<usize, u64>,
    sums: HashMap<usize, Vec<f64>>,
}

/// Answers that can be moved: how many, and how many of each, question by question.
struct Room {
    n: u64,
    of: Vec<Vec<u64>>,
}

impl<'a> Carried<'a> {
    pub fn new(cells: &'a [Cell], questions: &'a [Scored]) -> Carried<'a> {
        Carried { cells, questions, more: Given::default(), less: Given::default() }
    }

    /// How many answers a move can still bring to the target or, turned round, take from it.
    pub fn room(&self, of: &Changes) -> u64 {
        self.room_of(of, true).n.saturating_add(self.room_of(of, false).n)
    }

    /// Moves as many.
    pub fn carry(&mut self, of: &Changes) {
        for to_target in [true, false] {
            let room = self.room_of(of, to_target);
            let given = if to_target { &mut self.more } else { &mut self.less };
            for (at, by) in giving(of, to_target) {
                *given.all.entry(at).or_default() += room.n.saturating_mul(by);
                let sums = given.sums.entry(at).or_insert_with(|| vec![0.0; self.cells[at].sums.len()]);
                for (question, many) in self.questions.iter().zip(&room.of) {
                    for (takes, many) in question.answers.takes.iter().zip(many) {
                        let many = many.saturating_mul(by) as f64;
                        question.answers.scores.iter().zip(takes).for_each(|(score, it)| sums[*score] += many * it);
                    }
                }
            }
        }
    }

    fn room_of(&self, of: &Changes, to_target: bool) -> Room {
        let given = if to_target { &self.more } else { &self.less };
        let left = |(at, by): (usize, u64)| self.cells[at].protected.saturating_sub(given.all.get(&at).copied().unwrap_or(0)) / by;
        let mut n = giving(of, to_target).map(left).min().unwrap_or(u64::MAX);
        let mut many = Vec::new();
        for question in self.questions {
            let own = if n == 0 { Vec::new() } else { self.of_question(question, of, given, to_target, n) };
            n = n.min(own.iter().fold(0, |a: u64, it| a.saturating_add(*it)));
            many.push(own);
        }
        // By each question as many are moved.
        for own in &mut many {
            let mut left = n;
            for it in own {
                *it = left.min(*it);
                left -= *it;
            }
        }
        Room { n, of: many }
    }

    /// How many of each answer can be moved, by the scores of a question, and not more than `most` together.
    fn of_question(&self, question: &Scored, of: &Changes, given: &Given, to_target: bool, most: u64) -> Vec<u64> {
        // What each answer takes of what is left, side by side.
        let mut sides: Vec<(f64, u64, &[f64])> = Vec::new();
        for (at, by) in giving(of, to_target) {
            let cell = &self.cells[at];
            let n = cell.n.saturating_sub(given.all.get(&at).copied().unwrap_or(0)) as f64;
            let gave = given.sums.get(&at);
            for side in &question.sides[question.of[at]] {
                let sums = question.answers.scores.iter().map(|it| cell.sums[*it] - gave.map_or(0.0, |gave| gave[*it]));
                sides.push((side.left(n, sums), by, &side.spent));
            }
        }
        let answers = &question.answers.moved;
        let none = vec![0; question.answers.takes.len()];
        let mut best = (0, none.clone());
        // Which answers are moved first makes a difference, but where each side is of one: they are tried in turn.
        let is_one = |spent: &[f64]| spent.iter().filter(|it| **it > 0.0).count() < 2;
        let tried = if sides.iter().all(|it| is_one(it.2)) { 1 } else { answers.len() };
        for first in (0..tried).step_by(tried.div_ceil(MOST_FIRST).max(1)) {
            let mut left: Vec<f64> = sides.iter().map(|it| it.0).collect();
            let (mut all, mut many) = (0, none.clone());
            for answer in (0..answers.len()).map(|it| answers[(first + it) % answers.len()]) {
                let of_side = |(left, (_, by, spent)): (&f64, &(f64, u64, &[f64]))| match spent[answer] * *by as f64 {
                    0.0 => u64::MAX,
                    spent => (left / spent + ROUNDING).max(0.0) as u64,
                };
                let moved = left.iter().zip(&sides).map(of_side).min().unwrap_or(u64::MAX).min(most - all);
                left.iter_mut().zip(&sides).for_each(|(left, (_, by, spent))| *left -= spent[answer] * *by as f64 * moved as f64);
                (all, many[answer]) = (all + moved, moved);
            }
            if all > best.0 {
                best = (all, many);
            }
            if all == most {
                break;
            }
        }
        best.1
    }
}

/// With so many answers it is tried to begin, at most.
const MOST_FIRST: usize = 14;

/// What is no more than rounding of a number of answers.
const ROUNDING: f64 = 1e-6;

/// The cells that give answers where a move brings them to the target, or takes them from it; and how many for each.
fn giving(of: &Changes, to_target: bool) -> impl Iterator<Item = (usize, u64)> + '_ {
    of.iter().filter(move |it| (it.1 < 0) == to_target).map(|it| (it.0, it.1.unsigned_abs()))
}
