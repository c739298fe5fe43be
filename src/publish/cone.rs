//! Which sums the scores of some answers can have.
//!
//! Who knows how many answered, and their scores, knows of what answers these can be made. Where all of one region say that
//! it was easy, and nobody of another does, the scores by channel tell how many of each channel are of which region. So what
//! is moved from one cell to another are answers, and what a cell keeps must still be sums that answers can have. Several
//! scores of one question are sums over the same answers: what one leaves open another may close.
//!
//! The sums that answers can have, with how many there are, are a cone: all that its answers add up to. It has a side for
//! each way of telling the most of the one score that the others allow.

use super::counted::evenly;

/// What the scores that are told of a question take of each answer that it may have.
pub(super) struct Answers {
    /// Where its scores are among the sums of a cell.
    pub scores: Vec<usize>,
    /// What they take of each answer, in the order of the scores.
    pub takes: Vec<Vec<f64>>,
    /// The answers that are moved: some of these, where there are many.
    pub moved: Vec<usize>,
}

/// A side of the cone: what of the answers in a cell is left before it is reached.
pub(super) struct Side {
    /// By how many answers, and by each score.
    by: Vec<f64>,
    /// What each answer takes of what is left: nothing, or more.
    pub spent: Vec<f64>,
}

/// What is no more than rounding, where the answers that take most take 1.
const NOTHING: f64 = 1e-9;

impl Answers {
    /// Of which at most so many are moved.
    pub fn new(scores: Vec<usize>, takes: Vec<Vec<f64>>, most: usize) -> Answers {
        let moved = evenly(&(0..takes.len()).collect::<Vec<usize>>(), most);
        Answers { scores, takes, moved }
    }

    /// The sides of the cone of those scores that are told.
    pub fn sides(&self, told: &[bool]) -> Vec<Side> {
        let rows: Vec<Vec<f64>> = self.takes.iter().map(|it| [&[1.0], it.as_slice()].concat()).collect();
        // Of scores that follow from others nothing more is said.
        let mut kept = vec![0];
        for score in (1..=told.len()).filter(|it| told[it - 1]) {
            let with = [kept.as_slice(), &[score]].concat();
            if rank(&rows, &with) == with.len() {
                kept = with;
            }
        }
        let mut points: Vec<Vec<f64>> = rows.iter().map(|row| kept.iter().map(|it| row[*it]).collect()).collect();
        points.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        points.dedup();
        let mut sides: Vec<Side> = Vec::new();
        each_choice(points.len(), kept.len() - 1, &mut |chosen| {
            let Some(across) = across(&chosen.iter().map(|it| points[*it].clone()).collect::<Vec<_>>(), kept.len()) else { return };
            let mut by = vec![0.0; 1 + told.len()];
            kept.iter().zip(&across).for_each(|(at, it)| by[*at] = *it);
            let mut spent: Vec<f64> = rows.iter().map(|row| dot(row, &by)).collect();
            let most = spent.iter().copied().max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap_or(0.0);
            spent.iter_mut().chain(&mut by).for_each(|it| *it /= most);
            if spent.iter().any(|it| *it < -NOTHING) {
                return;
            }
            spent.iter_mut().filter(|it| **it < NOTHING).for_each(|it| *it = 0.0);
            let same = |it: &Side| it.spent.iter().zip(&spent).all(|(a, b)| (a - b).abs() < NOTHING);
            if !sides.iter().any(same) {
                sides.push(Side { by, spent });
            }
        });
        sides
    }
}

impl Side {
    /// How much is left of so many answers with these sums; nothing where it is no more than rounding.
    pub fn left(&self, n: f64, sums: impl Iterator<Item = f64>) -> f64 {
        // What is not told has no weight.
        let of_scores = self.by[1..].iter().zip(sums).filter(|it| *it.0 != 0.0).map(|(by, sum)| by * sum);
        self.by[0] * n + of_scores.sum::<f64>()
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Calls `take` with every choice of so many of some places, in order.
fn each_choice(among: usize, many: usize, take: &mut impl FnMut(&[usize])) {
    if many > among {
        return;
    }
    let mut chosen: Vec<usize> = (0..many).collect();
    loop {
        take(&chosen);
        let Some(next) = (0..many).rev().find(|it| chosen[*it] < among - many + it) else { return };
        chosen[next] += 1;
        for at in next + 1..many {
            chosen[at] = chosen[at - 1] + 1;
        }
    }
}

/// How many of some columns say something of their own.
fn rank(rows: &[Vec<f64>], columns: &[usize]) -> usize {
    let mut rows: Vec<Vec<f64>> = rows.iter().map(|row| columns.iter().map(|it| row[*it]).collect()).collect();
    reduce(&mut rows, columns.len()).len()
}

/// What is nothing for each of some points, one fewer than they have numbers; `None` where that is not one thing.
fn across(points: &[Vec<f64>], width: usize) -> Option<Vec<f64>> {
    let mut rows = points.to_vec();
    let leading = reduce(&mut rows, width);
    if leading.len() + 1 != width {
        return None;
    }
    let free = (0..width).find(|it| !leading.contains(it))?;
    let mut found = vec![0.0; width];
    found[free] = 1.0;
    leading.iter().zip(&rows).for_each(|(column, row)| found[*column] = -row[free]);
    Some(found)
}

/// Solves rows for one another (Gauss and Jordan); returns the leading columns, row by row.
fn reduce(rows: &mut [Vec<f64>], width: usize) -> Vec<usize> {
    let mut leading = Vec::new();
    for column in 0..width {
        let at = leading.len();
        let Some(largest) = (at..rows.len()).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs())) else { break };
        if rows[largest][column].abs() < NOTHING {
            continue;
        }
        rows.swap(at, largest);
        let by = rows[at][column];
        rows[at].iter_mut().for_each(|it| *it /= by);
        let pivot = rows[at].clone();
        for (other, row) in rows.iter_mut().enumerate().filter(|it| it.0 != at) {
            let by = row[column];
            if other != at && by != 0.0 {
                row.iter_mut().zip(&pivot).for_each(|(it, own)| *it -= by * own);
            }
        }
        leading.push(column);
    }
    leading
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of marks from 1 to 5.
    fn marks(takes: &[fn(f64) -> f64]) -> Answers {
        let takes: Vec<Vec<f64>> = (1..=5).map(|it| takes.iter().map(|take| take(f64::from(it))).collect()).collect();
        Answers::new((0..takes[0].len()).collect(), takes, 5)
    }

    const MEAN: fn(f64) -> f64 = |it| it;
    const EASY: fn(f64) -> f64 = |it| if it >= 4.0 { 1.0 } else { 0.0 };
    const HARD: fn(f64) -> f64 = |it| 1.0 - EASY(it);

    /// Whether so many answers can have these sums.
    fn can_be(answers: &Answers, n: f64, sums: &[f64]) -> bool {
        answers.sides(&vec![true; sums.len()]).iter().all(|it| it.left(n, sums.iter().copied()) > -NOTHING)
    }

    #[test]
    fn a_mean_lies_between_the_ends_of_its_scale() {
        let answers = marks(&[MEAN]);
        assert_eq!(answers.sides(&[true]).len(), 2);
        assert_eq!([9.0, 10.0, 50.0, 51.0].map(|it| can_be(&answers, 10.0, &[it])), [false, true, true, false]);
        // What is not told leaves all open.
        assert!(answers.sides(&[false]).iter().all(|it| it.left(10.0, [f64::NAN].into_iter()) > 0.0));
    }

    #[test]
    fn several_scores_are_of_the_same_answers() {
        let answers = marks(&[EASY, MEAN]);
        // Four easy ones of ten are at least 4, and the others at most 3: together 22 to 38.
        assert_eq!([21.0, 22.0, 38.0, 39.0].map(|it| can_be(&answers, 10.0, &[4.0, it])), [false, true, true, false]);
        assert!(!can_be(&answers, 10.0, &[11.0, 50.0]));
    }

    #[test]
    fn a_score_that_follows_says_nothing_more() {
        let answers = marks(&[EASY, HARD]);
        assert_eq!(answers.sides(&[true, true]).len(), 2);
        assert_eq!(answers.sides(&[true, false]).len(), 2);
    }

    #[test]
    fn every_choice_is_there_once() {
        let mut found = Vec::new();
        each_choice(4, 2, &mut |it| found.push(it.to_vec()));
        assert_eq!(found, [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]);
        let mut found = 0;
        each_choice(2, 3, &mut |_| found += 1);
        each_choice(3, 0, &mut |_| found += 1);
        assert_eq!(found, 1);
    }
}
