//! On which scale are these answers, and which codes beside it mean that there is none?

use super::profile::{Column, number};
use super::words::{self, Words};
use std::collections::BTreeMap;

/// A scale that a column may have.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    pub low: i64,
    pub high: i64,
    /// False where the low end is the good one.
    pub best_high: bool,
    /// Decimals of the answers, where they have any.
    pub decimals: u8,
    /// Codes beside the scale that seem to mean no answer, with their rows.
    pub blank: Vec<(String, u64)>,
    /// Those that seem to mean that the question did not apply.
    pub not_applicable: Vec<(String, u64)>,
    /// Answers in words, with the codes that they get.
    pub recode: Vec<(String, i64)>,
    /// Rungs of the ladder of words that nobody chose.
    pub absent: usize,
    /// What else stands there, and is no answer that is known.
    pub odd: Vec<(String, u64)>,
    /// The lowest and the highest code of the scale that occur.
    pub seen: (i64, i64),
    /// Rows on the scale.
    pub answers: u64,
    pub form: Form,
    /// Questions in the same block that are on this scale, this one too.
    pub block: usize,
}

/// How answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Numbers,
    /// Some with their label: `10 - Extremely likely`.
    Labelled,
    /// `A1` to `A5`.
    Letters,
    /// `Very satisfied`.
    Words,
}

/// The scale that a column's answers would be on if it is a rating at all.
pub fn candidate(column: &Column) -> Option<Scale> {
    let mut scale = empty();
    if column.more || column.filled == 0 {
        return None;
    }
    let mut codes: BTreeMap<i64, u64> = BTreeMap::new();
    let mut texts: Vec<(&String, u64)> = Vec::new();
    let mut halves = 0;
    for (text, count) in &column.values {
        if words::says_blank(text) {
            scale.blank.push((text.clone(), *count));
        } else if words::says_not_applicable(text) {
            scale.not_applicable.push((text.clone(), *count));
        } else if let Some((value, _)) = number(text) {
            if value.fract() == 0.0 && value.abs() < 1e6 {
                *codes.entry(value as i64).or_default() += count;
            } else {
                halves += count;
                *codes.entry(value.floor() as i64).or_default() += count;
            }
        } else {
            texts.push((text, *count));
        }
    }
    // `10 - Extremely likely`: a code with its label.
    for (text, count) in std::mem::take(&mut texts) {
        match labelled(text) {
            Some(code) => {
                scale.form = Form::Labelled;
                scale.recode.push((text.clone(), code));
                *codes.entry(code).or_default() += count;
            }
            None => texts.push((text, count)),
        }
    }
    if codes.is_empty() {
        return lettered(&scale, &texts, column).or_else(|| ladder(scale, &texts));
    }
    let total: u64 = codes.values().sum::<u64>() + texts.iter().map(|it| it.1).sum::<u64>();
    let worded: u64 = texts.iter().map(|it| it.1).sum();
    if texts.len() > 3 || worded * 5 > total || texts.iter().any(|it| it.0.chars().count() > 40) {
        return None;
    }
    scale.odd.extend(texts.iter().map(|it| (it.0.clone(), it.1)));
    // Labels may say that 1 is the good end: `1 (very satisfied)`.
    let said = |it: &&(String, i64)| words::rung(it.0.trim_start_matches(|it: char| !it.is_alphabetic())).map(|it| it.1);
    let (first, last) = (scale.recode.iter().min_by_key(|it| it.1), scale.recode.iter().max_by_key(|it| it.1));
    if let (Some(first), Some(last)) = (first.as_ref().and_then(said), last.as_ref().and_then(said)) {
        scale.best_high = first <= last;
    }
    fit(scale, &codes, column, halves)
}

fn empty() -> Scale {
    Scale {
        low: 0,
        high: 0,
        best_high: true,
        decimals: 0,
        blank: Vec::new(),
        not_applicable: Vec::new(),
        recode: Vec::new(),
        absent: 0,
        odd: Vec::new(),
        seen: (0, 0),
        answers: 0,
        form: Form::Numbers,
        block: 1,
    }
}

/// `A1` to `A5`, `AO01` to `AO05`: codes with letters of the tool before them.
fn lettered(scale: &Scale, texts: &[(&String, u64)], column: &Column) -> Option<Scale> {
    let cut = |it: &str| {
        let letters = it.chars().take_while(char::is_ascii_alphabetic).count();
        let number: Option<i64> = Some(&it[letters..]).filter(|it| (1..=2).contains(&it.len())).and_then(|it| it.parse().ok());
        number.filter(|_| (1..=2).contains(&letters)).map(|number| (it[..letters].to_owned(), number))
    };
    let found = texts.iter().map(|it| cut(it.0)).collect::<Option<Vec<_>>>()?;
    if found.iter().any(|it| it.0 != found[0].0) {
        return None;
    }
    let mut codes: BTreeMap<i64, u64> = BTreeMap::new();
    let mut scale = Scale { form: Form::Letters, ..scale.clone() };
    for ((_, number), (text, count)) in found.iter().zip(texts) {
        *codes.entry(*number).or_default() += count;
        scale.recode.push(((*text).clone(), *number));
    }
    // What stands beside the scale would need a code of its own.
    let beside = scale.blank.len() + scale.not_applicable.len();
    fit(scale, &codes, column, 0).filter(|it| it.low == 1 && it.blank.len() + it.not_applicable.len() == beside)
}

/// The code that a text such as `9 - Very likely` or `1 (zeer ontevreden)` begins with.
fn labelled(text: &str) -> Option<i64> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let rest = text[digits.len()..].trim_start();
    let marked = rest.starts_with(['-', '–', '—', '=', ':', '(', '.', ')']);
    let worded = rest.chars().any(char::is_alphabetic);
    if digits.is_empty() || digits.len() > 2 || !marked || !worded || rest.contains(|it: char| it.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// Chooses among the scales of the field the one with the fewest codes beside it and the fewest missing on it.
fn fit(mut scale: Scale, codes: &BTreeMap<i64, u64>, column: &Column, halves: u64) -> Option<Scale> {
    let words = &column.words;
    let total: u64 = codes.values().sum();
    let recommend = words.has(words::RECOMMEND);
    let grade = words.has(words::GRADE);
    let hinted = hinted(words);
    let many = total >= 100;
    let mut best: Option<(u64, (i64, i64))> = None;
    for (low, high) in [(1, 5), (0, 10), (1, 7), (1, 10), (1, 4), (0, 100)] {
        if (low, high) == (1, 4) && !hinted || halves > 0 && high != 10 {
            continue;
        }
        let inside = |it: &i64| (low..=high).contains(it);
        let on: u64 = codes.iter().filter(|it| inside(it.0)).map(|it| it.1).sum();
        let seen = codes.keys().filter(|it| inside(it)).count() as i64;
        let size = high - low + 1;
        let beside: Vec<i64> = codes.keys().filter(|it| !inside(it)).copied().collect();
        let coded = [8, 9, 77, 88, 96, 97, 98, 99, 777, 888, 997, 998, 999];
        let special = |it: i64| it == low - 1 || it == high + 1 || it < 0 || it > high && coded.contains(&it);
        if on * 10 < total || seen < 2 || beside.len() > 3 || !beside.iter().all(|it| special(*it)) {
            continue;
        }
        if (low, high) == (0, 100) && (!hinted || seen < 15) {
            continue;
        }
        let missing = if high == 100 { 0 } else { size - seen };
        let ends = u64::from(many && !codes.contains_key(&high)) * 10;
        // Behind a gap at the top another kind of code begins.
        let on_it: Vec<i64> = codes.keys().filter(|it| inside(it)).copied().collect();
        let gap = on_it.len() >= 2 && high != 100 && on_it[on_it.len() - 1] - on_it[on_it.len() - 2] > 1;
        let mut cost = beside.len() as u64 * 2 + missing as u64 + u64::from(gap) + ends;
        // The question itself says the scale.
        if recommend && (low, high) == (0, 10) && codes.keys().any(|it| (8..=10).contains(it)) {
            cost = cost.saturating_sub(8);
        }
        if (grade || halves > 0) && (low, high) == (1, 10) {
            cost = cost.saturating_sub(4);
        }
        if high == 100 {
            cost += 1;
        }
        if best.is_none_or(|it| cost < it.0) {
            best = Some((cost, (low, high)));
        }
    }
    let (cost, (low, high)) = best?;
    // A few answers tell little of a scale; what is asked then tells more.
    let few = !many && (cost <= 8 || hinted);
    if cost > 6 && !few {
        return None;
    }
    (scale.low, scale.high) = (low, high);
    let inside = |it: i64| (low..=high).contains(&it);
    let mut on_it = codes.keys().filter(|it| inside(**it)).copied();
    let first = on_it.next().unwrap_or(low);
    scale.seen = (first, on_it.next_back().unwrap_or(first));
    scale.answers = codes.iter().filter(|it| inside(*it.0)).map(|it| it.1).sum();
    scale.decimals = if halves > 0 { column.numbers.decimals.max(1) } else { 0 };
    let below = codes.contains_key(&(low - 1));
    for (code, count) in codes.iter().filter(|it| !inside(*it.0)) {
        // 0 below and 6 above: nothing was ticked, and "does not apply". Alone, and for a question that everybody can
        // answer, the code above is an empty answer.
        let above = *code == high + 1 && (below || !recommend) || matches!(code, 8 | 77 | 88 | 97 | 98 | 777 | 888 | 997 | 998);
        let list = if above { &mut scale.not_applicable } else { &mut scale.blank };
        list.push((code.to_string(), *count));
    }
    Some(scale)
}

/// Whether a header says that a column is a rating.
pub fn hinted(words: &Words) -> bool {
    words.has(words::RECOMMEND) || words.has(words::EASE) || words.has(words::EFFORT) || words.has(words::RATED)
}

/// Words from bad to good: `Very dissatisfied` to `Very satisfied`.
fn ladder(mut scale: Scale, texts: &[(&String, u64)]) -> Option<Scale> {
    let rungs: Vec<(&String, u64, &'static str, f64)> =
        texts.iter().map(|it| words::rung(it.0).map(|(family, value)| (it.0, it.1, family, value))).collect::<Option<_>>()?;
    let family = rungs.iter().map(|it| it.2).find(|it| *it != "neutral")?;
    if rungs.iter().any(|it| it.2 != family && it.2 != "neutral") {
        return None;
    }
    let same = |a: f64, b: f64| (a - b).abs() < 1e-9;
    // From "not at all" upward, "somewhat" is the middle, and has no like below it.
    let upward = rungs.iter().any(|it| {
        let text = it.0.to_lowercase();
        text.contains("helemaal niet") || text.contains("not at all")
    });
    let mirrored = |value: f64| value.abs() < 3.0 && !(upward && same(value, 0.5));
    let mut values: Vec<f64> = Vec::new();
    for it in &rungs {
        if !values.iter().any(|known| same(*known, it.3)) {
            values.push(it.3);
        }
        // What was seen at one end has its like at the other, seen or not.
        if !values.iter().any(|known| same(*known, -it.3)) && mirrored(it.3) {
            values.push(-it.3);
        }
    }
    if values.len() != rungs.len()
        && rungs
            .iter()
            .enumerate()
            .any(|(at, it)| rungs[..at].iter().any(|other| same(other.3, it.3) && other.0.to_lowercase() != it.0.to_lowercase()))
    {
        return None;
    }
    // Without a middle four rungs are a ladder; three or two are five of which some were not chosen.
    if values.len() < 4 && !values.contains(&0.0) && !upward {
        return None;
    }
    if !values.iter().any(|it| it.abs() > 1.0) {
        values.extend([2.0, -2.0]);
    }
    values.sort_by(f64::total_cmp);
    let place = |value: f64| values.iter().position(|it| same(*it, value)).unwrap_or(0) as i64 + 1;
    if !(4..=7).contains(&values.len()) {
        return None;
    }
    let mut codes: Vec<(String, i64)> = rungs.iter().map(|it| (it.0.clone(), place(it.3))).collect();
    codes.sort_by_key(|it| it.1);
    (scale.low, scale.high) = (1, values.len() as i64);
    scale.absent = values.len().saturating_sub(codes.len());
    scale.answers = rungs.iter().map(|it| it.1).sum();
    scale.recode = codes;
    scale.form = Form::Words;
    Some(scale)
}

/// Whether answers lie as ratings do: one peak, and more of them in the upper half.
pub fn rating_shape(column: &Column, scale: &Scale) -> bool {
    let count =
        |code: i64| -> u64 { column.values.iter().filter(|it| number(it.0).is_some_and(|it| it.0 == code as f64)).map(|it| *it.1).sum() };
    let counts: Vec<u64> = (scale.low..=scale.high).map(count).collect();
    let total: u64 = counts.iter().sum();
    if total < 50 {
        return false;
    }
    let half = counts.len() / 2;
    let (lower, upper): (u64, u64) = (counts[..half].iter().sum(), counts[counts.len() - half..].iter().sum());
    // A dip of a few per cent of all answers is chance.
    let slack = total / 50;
    let mut falling = false;
    for pair in counts.windows(2) {
        if pair[1] + slack < pair[0] {
            falling = true;
        } else if falling && pair[1] > pair[0] + slack {
            return false;
        }
    }
    upper > lower && counts.iter().filter(|it| **it > 0).count() + 1 >= counts.len()
}
